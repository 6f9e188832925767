//! Sets of places of a health programme.

use super::file::{Having, Where};
use super::load::{Loader, listed};
use crate::file::PlaceSet;
use maillage_access::{Zone, zones};
use maillage_input::{Code, Text};
use maillage_programme::apl;
use maillage_programme::health::Places;
use maillage_territory::PlaceIx;
use std::collections::{BTreeMap, BTreeSet};

impl Loader<'_, '_> {
    /// Where a rule, a pool or a funder applies.
    pub(super) fn places(&mut self, file: &Where, pointer: &str) -> Places {
        match file {
            Where::Named(PlaceSet::All) => Places::All,
            other => Places::Some(self.chosen(other, pointer).into_iter().collect()),
        }
    }

    /// The places in scope of a set.
    pub(super) fn chosen(&mut self, file: &Where, pointer: &str) -> BTreeSet<PlaceIx> {
        let base = &*self.base;
        let inside = |core: bool| {
            let counts = base.territory.iter().filter(|(_, p)| base.in_scope(p) && (p.core || !core));
            counts.map(|(ix, _)| ix).collect()
        };
        match file {
            Where::Named(set) => inside(*set == PlaceSet::Core),
            Where::Codes(codes) => {
                let at = |i| format!("{pointer}/{i}");
                codes.iter().enumerate().filter_map(|(i, id)| self.base.place(id, &at(i))).collect()
            }
            Where::Having(having) => {
                let mut out: BTreeSet<PlaceIx> = inside(false);
                if having.areas.is_none() && having.max_apl.is_none() {
                    self.base.error(
                        Code::MissingKey,
                        pointer,
                        Text::new("ensemble de lieux sans condition", "set of places without a condition"),
                        "",
                        Text::new("ajouter « areas » ou « max_apl »", "add `areas` or `max_apl`"),
                    );
                }
                if let Some(areas) = &having.areas {
                    let areas = self.areas(areas, &format!("{pointer}/areas"));
                    out.retain(|p| areas.contains(p));
                }
                self.scarce(having, pointer, &mut out);
                out
            }
        }
    }

    fn areas(&mut self, names: &[String], pointer: &str) -> BTreeSet<PlaceIx> {
        let zones: BTreeMap<String, Vec<PlaceIx>> =
            zones(self.base.territory).into_iter().map(|(zone, places)| (zone.to_string(), places)).collect();
        let mut out = BTreeSet::new();
        for (i, name) in names.iter().enumerate() {
            if let Some(places) = zones.get(name) {
                out.extend(places);
                continue;
            }
            // Of the kind that was meant if it is one.
            let kind = name.split(':').next().unwrap_or_default();
            let mut alike: Vec<&str> =
                zones.keys().map(String::as_str).filter(|z| z.starts_with(kind)).collect();
            if alike.is_empty() {
                alike = zones.keys().map(String::as_str).collect();
            }
            let known = listed(alike.into_iter());
            self.base.error(
                Code::UnknownId,
                &format!("{pointer}/{i}"),
                Text::new("zone absente du territoire", "zone absent from the territory"),
                name,
                Text::new(format!("zones connues : {known}"), format!("known zones: {known}")),
            );
        }
        out
    }

    /// Keeps places whose accessibility of today is known and at most what is asked.
    fn scarce(&mut self, having: &Having, pointer: &str, places: &mut BTreeSet<PlaceIx>) {
        let Some(most) = having.max_apl else { return };
        let pointer = format!("{pointer}/max_apl");
        let most = i64::from(self.hundredths(most, &pointer));
        let Some(basis) = self.access else { return self.no_access(&pointer) };
        let base = &*self.base;
        let today = self
            .apl
            .get_or_init(|| apl(base.territory, basis, &basis.acts(&base.practices().into_iter().collect())));
        places.retain(|p| basis.known[p.0 as usize] && today[p.0 as usize].0 <= most);
    }

    /// Accessibility is asked for and cannot be measured.
    pub(super) fn no_access(&mut self, pointer: &str) {
        if self.base.file.supply.is_none() {
            // Said already.
            return;
        }
        let until = maillage_access::Decay::drees_2015().until();
        self.base.error(
            Code::Contradiction,
            pointer,
            Text::new(
                format!("pas d'accessibilité (APL) : les temps du territoire s'arrêtent avant {until} min"),
                format!("no accessibility (APL): times of the territory end before {until} min"),
            ),
            "",
            Text::new(
                "augmenter « max_min » dans le fichier du territoire",
                "raise `max_min` in the territory file",
            ),
        );
    }
}

/// The zone of a kind of area that some place of the territory has.
pub(super) fn has_areas(
    territory: &maillage_territory::Territory,
    kind: maillage_territory::AreaKind,
) -> bool {
    zones(territory).keys().any(|z| matches!(z, Zone::Area(k, _) if *k == kind))
}
