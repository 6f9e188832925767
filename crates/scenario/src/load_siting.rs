//! The problem `siting` of a scenario file, validated, as a task.

use crate::file::SitingFile;
use crate::granted::accessibility;
use crate::load::Builder;
use maillage_input::{Code, Text};
use maillage_programme::{
    Goal, Limits, Programme, Role, Site, SiteIx, StructureForm, StructureType, Task, TypeIx,
};
use maillage_territory::{Persons, PlaceIx, SiteId, TypeId};
use std::collections::{BTreeMap, BTreeSet};

impl Builder<'_> {
    pub(crate) fn siting(
        &mut self,
        file: &SitingFile,
        people: Vec<Persons>,
    ) -> (Task, BTreeMap<SiteIx, String>) {
        let max_time = self.minutes(file.max_min, "/problem/max_min");
        self.structure_types(&file.structure_types);
        let types: BTreeMap<&TypeId, TypeIx> =
            file.structure_types.iter().zip(0..).map(|(t, i)| (&t.id, TypeIx(i))).collect();
        let mut sites: BTreeMap<SiteId, Site> = BTreeMap::new();

        if let Some(supply) = self.supply() {
            for (place, gps) in self.practices() {
                let capacity = gps.people_at(supply.patients_per_gp);
                let site = self.site("practice", place, Role::Practice { gps, capacity });
                sites.extend(site.map(|s| (s.id.clone(), s)));
            }
        }
        let mut options: BTreeMap<PlaceIx, (BTreeSet<TypeIx>, Option<String>)> = BTreeMap::new();
        let mut forbidden = BTreeSet::new();
        for (i, id) in file.forbidden.iter().enumerate() {
            forbidden.extend(self.place(id, &format!("/problem/forbidden/{i}")));
        }
        if let Some(candidates) = &file.candidates {
            let pointer = "/problem/candidates";
            let allowed: BTreeSet<TypeIx> = match &candidates.types {
                None => types.values().copied().collect(),
                Some(ids) => {
                    let at = |i| format!("{pointer}/types/{i}");
                    ids.iter().enumerate().filter_map(|(i, id)| self.type_of(&types, id, &at(i))).collect()
                }
            };
            let places = self.candidates(candidates, pointer);
            if places.is_empty() || allowed.is_empty() {
                self.no_candidate(pointer);
            }
            for place in places {
                if !forbidden.contains(&place) && !allowed.is_empty() {
                    options.entry(place).or_insert_with(|| (allowed.clone(), None));
                }
            }
        }
        for (i, forced) in file.forced.iter().enumerate() {
            let pointer = format!("/problem/forced/{i}");
            let Some(place) = self.place(&forced.place, &format!("{pointer}/place")) else { continue };
            if forbidden.contains(&place) {
                self.error(
                    Code::Contradiction,
                    &pointer,
                    Text::new("site à la fois imposé et interdit", "site both forced and forbidden"),
                    forced.place.as_str(),
                    Text::new(
                        "l'ôter de « forced » ou de « forbidden »",
                        "drop it from `forced` or `forbidden`",
                    ),
                );
                continue;
            }
            let kinds: BTreeSet<TypeIx> = match &forced.kind {
                Some(id) => self.type_of(&types, id, &format!("{pointer}/type")).into_iter().collect(),
                None => types.values().copied().collect(),
            };
            if kinds.is_empty() {
                if forced.kind.is_none() {
                    self.error(
                        Code::UnknownId,
                        &pointer,
                        Text::new("aucun type de structure n'est défini", "no structure type is defined"),
                        "",
                        Text::new("compléter « structure_types »", "fill in `structure_types`"),
                    );
                }
                continue;
            }
            if options.get(&place).is_some_and(|(_, at)| at.is_some()) {
                self.duplicate(&pointer, forced.place.as_str());
                continue;
            }
            options.insert(place, (kinds, Some(pointer)));
        }
        let mut forced_at: BTreeMap<SiteId, String> = BTreeMap::new();
        for (place, (kinds, forced)) in options {
            let role = Role::Candidate { types: kinds.into_iter().collect(), forced: forced.is_some() };
            if let Some(site) = self.site("new", place, role) {
                forced_at.extend(forced.map(|pointer| (site.id.clone(), pointer)));
                sites.insert(site.id.clone(), site);
            }
        }
        for (i, extension) in file.extensions.iter().enumerate() {
            let pointer = format!("/problem/extensions/{i}");
            let kind = self.type_of(&types, &extension.kind, &format!("{pointer}/type"));
            let structure = self.territory.structures.iter().find(|s| s.site_id == extension.site);
            let place = structure.and_then(|s| s.place).filter(|&ix| self.in_scope(self.territory.place(ix)));
            let Some(place) = place else {
                self.error(
                    Code::UnknownId,
                    &format!("{pointer}/site"),
                    Text::new("structure absente du territoire", "structure absent from the territory"),
                    extension.site.as_str(),
                    Text::new(
                        "donner un « site_id » de la table des structures",
                        "give a `site_id` of the table of structures",
                    ),
                );
                continue;
            };
            let Some(kind) = kind else { continue };
            let role = Role::Extension { kind, free_rooms: extension.free_rooms };
            let site = Site { id: extension.site.clone(), place, role };
            if sites.insert(extension.site.clone(), site).is_some() {
                self.duplicate(&pointer, extension.site.as_str());
            }
        }
        if file.goals.first() != Some(&Goal::PeopleAttached) || file.goals.len() > 2 || repeated(&file.goals)
        {
            self.error(
                Code::Contradiction,
                "/problem/goals",
                Text::new("ordre des buts inutilisable", "unusable order of goals"),
                "",
                Text::new(
                    "[\"people-attached\"] ou [\"people-attached\", \"travel-time\"]",
                    "[\"people-attached\"] or [\"people-attached\", \"travel-time\"]",
                ),
            );
        }
        let limits = Limits {
            budget: file.limits.budget_eur,
            max_new_sites: file.limits.max_new_sites,
            gp_pool: file.limits.gp_pool,
        };
        let sites: Vec<Site> = sites.into_values().collect();
        let forced = (0..)
            .map(SiteIx)
            .zip(&sites)
            .filter_map(|(ix, s)| forced_at.get(&s.id).map(|pointer| (ix, pointer.clone())))
            .collect();
        let programme = Programme {
            types: file.structure_types.clone(),
            sites,
            people,
            limits,
            max_time,
            goals: file.goals.clone(),
            access: accessibility(self.file, self.territory),
        };
        (Task::Siting(programme), forced)
    }

    fn type_of(&mut self, types: &BTreeMap<&TypeId, TypeIx>, id: &TypeId, pointer: &str) -> Option<TypeIx> {
        let found = types.get(id).copied();
        if found.is_none() {
            let names = types.keys().map(|t| t.as_str()).collect::<Vec<_>>().join(", ");
            self.error(
                Code::UnknownId,
                pointer,
                Text::new("type de structure non défini", "structure type not defined"),
                id.as_str(),
                Text::new(format!("types définis : {names}"), format!("types defined: {names}")),
            );
        }
        found
    }

    fn structure_types(&mut self, types: &[StructureType]) {
        let mut seen = BTreeSet::new();
        for (i, t) in types.iter().enumerate() {
            let pointer = format!("/problem/structure_types/{i}");
            if !seen.insert(&t.id) {
                self.duplicate(&format!("{pointer}/id"), t.id.as_str());
            }
            if t.min_gps > t.max_gps {
                self.error(
                    Code::Contradiction,
                    &format!("{pointer}/min_gps"),
                    Text::new("équipe minimale au-delà des bureaux", "minimum team beyond the rooms"),
                    &format!("{} > {}", t.min_gps, t.max_gps),
                    Text::new("min_gps ≤ max_gps", "min_gps ≤ max_gps"),
                );
            }
            if t.form == StructureForm::Msp && t.min_gps < 2 {
                self.error(
                    Code::OutOfRange,
                    &format!("{pointer}/min_gps"),
                    Text::new(
                        "une MSP compte au moins 2 médecins généralistes (CSP L6323-3)",
                        "an MSP has at least 2 GPs (CSP L6323-3)",
                    ),
                    &t.min_gps.to_string(),
                    Text::new("min_gps ≥ 2, ou une autre forme", "min_gps ≥ 2, or another form"),
                );
            }
        }
    }
}

fn repeated(goals: &[Goal]) -> bool {
    goals.iter().collect::<BTreeSet<_>>().len() < goals.len()
}
