//! Sites of a health programme: practices, existing structures, candidates.

use super::file_types::{CommitmentFile, ExistingFile, SiteFile};
use super::load::Loader;
use maillage_input::{Code, Text};
use maillage_programme::SiteIx;
use maillage_programme::health::{Commitment, Existing, HealthSite, HealthType, HealthTypeIx, Standing};
use maillage_territory::{Fte, PlaceId, PlaceIx, SiteId, TypeId};
use std::collections::{BTreeMap, BTreeSet};

/// What a place may hold, and where that was said first.
struct Offer {
    types: BTreeSet<HealthTypeIx>,
    from: u8,
    committed: Option<(Commitment, String)>,
}

/// Sites by identifier; those that must open with their place in the file.
#[derive(Default)]
struct Sites {
    by_id: BTreeMap<SiteId, HealthSite>,
    committed: BTreeMap<SiteId, String>,
}

impl Loader<'_, '_> {
    /// Every site in the order of identifiers, and where each committed one stands in the file.
    pub(super) fn sites(&mut self, types: &[HealthType]) -> (Vec<HealthSite>, BTreeMap<SiteIx, String>) {
        let mut sites = Sites::default();
        if self.base.file.supply.is_some() {
            for (place, _) in self.base.practices() {
                self.add_at("practice", place, Standing::Practice, &mut sites);
            }
        }
        let file = self.file;
        for (i, existing) in file.existing.iter().enumerate() {
            self.existing(existing, types, &format!("/problem/existing/{i}"), &mut sites);
        }
        let mut forbidden = BTreeSet::new();
        for (i, id) in file.forbidden.iter().enumerate() {
            forbidden.extend(self.base.place(id, &format!("/problem/forbidden/{i}")));
        }
        for (i, site) in file.sites.iter().enumerate() {
            self.site(site, &forbidden, &format!("/problem/sites/{i}"), &mut sites);
        }
        let mut offers = self.candidates(&forbidden);
        self.committed(&forbidden, &mut offers);
        for (place, offer) in offers {
            let standing = Standing::Candidate {
                types: offer.types.into_iter().collect(),
                from: offer.from,
                committed: offer.committed.as_ref().map(|c| c.0),
            };
            if let Some(id) = self.add_at("new", place, standing, &mut sites) {
                sites.committed.extend(offer.committed.map(|c| (id, c.1)));
            }
        }
        let all: Vec<HealthSite> = sites.by_id.into_values().collect();
        let at = |(ix, s): (SiteIx, &HealthSite)| Some((ix, sites.committed.get(&s.id)?.clone()));
        let committed = (0..).map(SiteIx).zip(&all).filter_map(at).collect();
        (all, committed)
    }

    /// The site of a place; one that a site with a name of its own has taken is a problem.
    fn add_at(
        &mut self,
        prefix: &str,
        place: PlaceIx,
        standing: Standing,
        sites: &mut Sites,
    ) -> Option<SiteId> {
        let id = SiteId::new(&format!("{prefix}-{}", self.base.territory.place(place).id)).ok()?;
        self.add(id, vec![place], standing, "/problem", sites)
    }

    fn add(
        &mut self,
        id: SiteId,
        addresses: Vec<PlaceIx>,
        standing: Standing,
        pointer: &str,
        sites: &mut Sites,
    ) -> Option<SiteId> {
        if sites.by_id.contains_key(&id) {
            self.base.duplicate(pointer, id.as_str());
            return None;
        }
        sites.by_id.insert(id.clone(), HealthSite { id: id.clone(), addresses, standing });
        Some(id)
    }

    fn existing(&mut self, file: &ExistingFile, types: &[HealthType], pointer: &str, sites: &mut Sites) {
        let kind = self.type_ix(file.kind.as_str(), &format!("{pointer}/type"));
        let stands = match (&file.site, &file.id, &file.addresses) {
            (Some(site), None, None) => {
                let addresses = self.structure(site, &format!("{pointer}/site"));
                addresses.map(|a| (site.clone(), a))
            }
            (None, Some(id), Some(codes)) => {
                self.addresses(codes, &format!("{pointer}/addresses")).map(|a| (id.clone(), a))
            }
            _ => {
                self.base.error(
                    Code::Contradiction,
                    pointer,
                    Text::new(
                        "une structure a « site », ou « id » et « addresses »",
                        "a structure has `site`, or `id` and `addresses`",
                    ),
                    "",
                    Text::new("donner l'un ou l'autre", "give one or the other"),
                );
                None
            }
        };
        let Some(kind) = kind else { return };
        let Some(t) = types.get(usize::from(kind.0)) else { return };
        let posts = self.posts_today(file, t, pointer);
        if let Some((id, addresses)) = stands {
            let existing = Existing { kind, posts, may_close: file.may_close };
            self.add(id, addresses, Standing::Existing(existing), pointer, sites);
        }
    }

    /// Addresses of a structure of the territory, by `site_id` or else by `structure_id`.
    fn structure(&mut self, id: &SiteId, pointer: &str) -> Option<Vec<PlaceIx>> {
        let all = &self.base.territory.structures;
        let mut of: Vec<_> = all.iter().filter(|s| s.site_id == *id).collect();
        if of.is_empty() {
            of = all.iter().filter(|s| s.structure_id == *id).collect();
        }
        let mut out: Vec<PlaceIx> = Vec::new();
        for place in of.iter().filter_map(|s| s.place) {
            if self.base.in_scope(self.base.territory.place(place)) && !out.contains(&place) {
                out.push(place);
            }
        }
        if out.is_empty() {
            self.base.error(
                Code::UnknownId,
                pointer,
                Text::new("structure absente du territoire", "structure absent from the territory"),
                id.as_str(),
                Text::new(
                    "donner un « site_id » ou un « structure_id » de la table des structures, ou « id » et « addresses »",
                    "give a `site_id` or a `structure_id` of the table of structures, or `id` and `addresses`",
                ),
            );
            return None;
        }
        Some(out)
    }

    fn addresses(&mut self, codes: &[PlaceId], pointer: &str) -> Option<Vec<PlaceIx>> {
        let mut out = Vec::new();
        for (i, code) in codes.iter().enumerate() {
            let pointer = format!("{pointer}/{i}");
            match self.base.place(code, &pointer) {
                Some(place) if out.contains(&place) => self.base.duplicate(&pointer, code.as_str()),
                place => out.extend(place),
            }
        }
        if codes.is_empty() {
            self.base.error(
                Code::OutOfRange,
                pointer,
                Text::new("aucune adresse", "no address"),
                "",
                Text::new("donner au moins un code", "give at least one code"),
            );
        }
        (!out.is_empty() && out.len() == codes.len()).then_some(out)
    }

    fn posts_today(&mut self, file: &ExistingFile, kind: &HealthType, pointer: &str) -> Vec<Fte> {
        let mut out = vec![Fte::default(); kind.posts.len()];
        let mut seen = BTreeSet::new();
        for (i, post) in file.posts.iter().enumerate() {
            let pointer = format!("{pointer}/posts/{i}");
            let Some(profession) =
                self.profession_ix(post.profession.as_str(), &format!("{pointer}/profession"))
            else {
                continue;
            };
            let fits = |p: &maillage_programme::health::PostKind| {
                p.profession == profession && post.mode.is_none_or(|m| m == p.mode)
            };
            let found: Vec<usize> = (0..kind.posts.len()).filter(|&i| fits(&kind.posts[i])).collect();
            let [post_ix] = found[..] else {
                self.no_post(found.len(), post.profession.as_str(), &pointer);
                continue;
            };
            if !seen.insert(post_ix) {
                self.base.duplicate(&pointer, post.profession.as_str());
            }
            out[post_ix] = self.fte(post.fte, &format!("{pointer}/fte"));
            self.at_most(out[post_ix], kind.posts[post_ix].most, &format!("{pointer}/fte"), "fte ≤ max_fte");
        }
        let taken: u64 =
            kind.posts.iter().zip(&out).map(|(p, f)| u64::from(p.rooms) * u64::from(f.hundredths())).sum();
        if taken > 100 * u64::from(kind.rooms) {
            self.base.error(
                Code::Contradiction,
                &format!("{pointer}/posts"),
                Text::new(
                    "les postes d'aujourd'hui dépassent les locaux du type",
                    "posts of today are beyond the rooms of the type",
                ),
                kind.id.as_str(),
                Text::new("augmenter « rooms » du type", "raise `rooms` of the type"),
            );
        }
        out
    }

    fn no_post(&mut self, found: usize, profession: &str, pointer: &str) {
        let (code, cause, remedy) = match found {
            0 => (
                Code::UnknownId,
                Text::new("ce type n'a pas un tel poste", "this type has no such post"),
                Text::new("l'ajouter aux « posts » du type", "add it to the `posts` of the type"),
            ),
            _ => (
                Code::MissingKey,
                Text::new(
                    "ce type a deux postes de cette profession",
                    "this type has two posts of this profession",
                ),
                Text::new("dire « mode »", "say `mode`"),
            ),
        };
        self.base.error(code, pointer, cause, profession, remedy);
    }

    fn site(&mut self, file: &SiteFile, forbidden: &BTreeSet<PlaceIx>, pointer: &str, sites: &mut Sites) {
        let addresses = self.addresses(&file.addresses, &format!("{pointer}/addresses"));
        let types = self.allowed(file.types.as_deref(), pointer);
        let from = self.year(file.from_year, 1, &format!("{pointer}/from_year"));
        let at = format!("{pointer}/committed");
        let committed = file.committed.as_ref().and_then(|c| self.commitment(c, &types, from, &at));
        let Some(addresses) = addresses else { return };
        if let Some(i) = addresses.iter().position(|p| forbidden.contains(p)) {
            self.forbidden(&format!("{pointer}/addresses/{i}"), file.addresses[i].as_str());
        }
        let standing = Standing::Candidate { types: types.into_iter().collect(), from, committed };
        let id = self.add(file.id.clone(), addresses, standing, &format!("{pointer}/id"), sites);
        sites.committed.extend(id.filter(|_| committed.is_some()).map(|id| (id, at)));
    }

    fn forbidden(&mut self, pointer: &str, value: &str) {
        self.base.error(
            Code::Contradiction,
            pointer,
            Text::new("lieu à la fois voulu et interdit", "place both wanted and forbidden"),
            value,
            Text::new("l'ôter d'ici ou de « forbidden »", "drop it here or from `forbidden`"),
        );
    }

    /// Types that are named, or all.
    fn allowed(&mut self, ids: Option<&[TypeId]>, pointer: &str) -> BTreeSet<HealthTypeIx> {
        let types: BTreeSet<HealthTypeIx> = match ids {
            None => self.names.types.values().copied().collect(),
            Some(ids) => self.type_set(ids, &format!("{pointer}/types")).into_iter().collect(),
        };
        if types.is_empty() && ids.is_none_or(<[_]>::is_empty) {
            self.base.error(
                Code::UnknownId,
                pointer,
                Text::new("aucun type de structure", "no structure type"),
                "",
                Text::new(
                    "compléter « structure_types » ou « types »",
                    "fill in `structure_types` or `types`",
                ),
            );
        }
        types
    }

    fn commitment(
        &mut self,
        file: &CommitmentFile,
        types: &BTreeSet<HealthTypeIx>,
        from: u8,
        pointer: &str,
    ) -> Option<Commitment> {
        let by = self.year(file.by_year, self.file.years, &format!("{pointer}/by_year"));
        self.at_most(from, by, &format!("{pointer}/by_year"), "from_year ≤ by_year");
        let Some(id) = &file.kind else { return Some(Commitment { kind: None, by }) };
        let kind = self.type_ix(id.as_str(), &format!("{pointer}/type"))?;
        if !types.contains(&kind) {
            self.base.error(
                Code::Contradiction,
                &format!("{pointer}/type"),
                Text::new("ce type n'est pas permis sur ce site", "this type is not allowed at this site"),
                id.as_str(),
                Text::new("l'ajouter aux « types » du site", "add it to the `types` of the site"),
            );
        }
        Some(Commitment { kind: Some(kind), by })
    }

    /// Candidates by place.
    fn candidates(&mut self, forbidden: &BTreeSet<PlaceIx>) -> BTreeMap<PlaceIx, Offer> {
        let mut out: BTreeMap<PlaceIx, Offer> = BTreeMap::new();
        for (i, group) in self.file.candidates.iter().enumerate() {
            let pointer = format!("/problem/candidates/{i}");
            let types = self.allowed(group.types.as_deref(), &pointer);
            let from = self.year(group.from_year, 1, &format!("{pointer}/from_year"));
            let mut places = self.chosen(&group.places, &format!("{pointer}/places"));
            let territory = self.base.territory;
            places.retain(|p| territory.place(*p).population.0 >= u64::from(group.min_population));
            if places.is_empty() {
                self.base.no_candidate(&pointer);
            }
            let mut clash = None;
            for place in places.difference(forbidden) {
                let at = out.entry(*place).or_insert(Offer { types: BTreeSet::new(), from, committed: None });
                at.types.extend(&types);
                if at.from != from {
                    clash = Some(*place);
                }
            }
            if let Some(place) = clash {
                self.base.error(
                    Code::Contradiction,
                    &format!("{pointer}/from_year"),
                    Text::new(
                        "un lieu est dans deux groupes dont la première année diffère",
                        "a place is in two groups whose first years differ",
                    ),
                    territory.place(place).id.as_str(),
                    Text::new(
                        "séparer les groupes, ou décrire ce lieu dans « sites »",
                        "keep the groups apart, or describe that place in `sites`",
                    ),
                );
            }
        }
        out
    }

    /// Commitments by place; they narrow a candidate to their type, or make one.
    fn committed(&mut self, forbidden: &BTreeSet<PlaceIx>, offers: &mut BTreeMap<PlaceIx, Offer>) {
        for (i, file) in self.file.committed.iter().enumerate() {
            let pointer = format!("/problem/committed/{i}");
            let Some(place) = self.base.place(&file.place, &format!("{pointer}/place")) else { continue };
            if forbidden.contains(&place) {
                self.forbidden(&format!("{pointer}/place"), file.place.as_str());
                continue;
            }
            let (mut types, from) = match offers.get(&place) {
                Some(offer) if offer.committed.is_some() => {
                    self.base.duplicate(&pointer, file.place.as_str());
                    continue;
                }
                Some(offer) => (offer.types.clone(), offer.from),
                None => (BTreeSet::new(), 1),
            };
            match &file.kind {
                Some(id) => {
                    let kind = self.type_ix(id.as_str(), &format!("{pointer}/type"));
                    types = kind.into_iter().collect();
                }
                None if types.is_empty() => types = self.allowed(None, &pointer),
                None => {}
            }
            let commitment = CommitmentFile { kind: file.kind.clone(), by_year: file.by_year };
            if types.is_empty() {
                continue;
            }
            if let Some(committed) = self.commitment(&commitment, &types, from, &pointer) {
                offers.insert(place, Offer { types, from, committed: Some((committed, pointer)) });
            }
        }
    }
}
