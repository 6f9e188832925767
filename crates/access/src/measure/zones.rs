//! Classes of zones of a territory.

use super::{Catchment, Work};
use crate::equity::Distribution;
use crate::zoning::{ThresholdSet, ZoneApl, ZoneClass, Zoning, eligible, shipped};
use crate::{Weighting, Zone};
use maillage_input::Text;
use maillage_territory::Persons;
use std::collections::BTreeMap;

impl Work<'_> {
    pub(super) fn zoning(&mut self, catchments: &[Catchment]) -> Option<Zoning> {
        let settings = self.settings.zoning.as_ref()?;
        let known: Vec<&ThresholdSet> = settings.sets.iter().chain(&shipped().sets).collect();
        let Some(set) = known.iter().find(|s| s.id == settings.set) else {
            let names = known.iter().map(|s| s.id.as_str()).collect::<Vec<_>>().join(", ");
            self.refuse(
                "/zoning/set".to_owned(),
                Text::new("jeu de seuils inconnu", "unknown set of thresholds"),
                &settings.set,
                Text::new(format!("jeux connus : {names}"), format!("known sets: {names}")),
            );
            return None;
        };
        let Some(catchment) = catchments.iter().find(|c| c.id == settings.measure) else {
            self.refuse(
                "/zoning/measure".to_owned(),
                Text::new("mesure inconnue", "unknown measure"),
                &settings.measure,
                Text::new("nommer une mesure de « catchments »", "name a measure of `catchments`"),
            );
            return None;
        };
        if catchment.age_bound != set.apl_age_max_years {
            let age = |bound: Option<u8>| bound.map_or("–".to_owned(), |b| b.to_string());
            self.refuse(
                "/zoning/measure".to_owned(),
                Text::new(
                    "la limite d'âge de la mesure n'est pas celle des seuils : deux variantes ne se comparent pas",
                    "the age bound of the measure is not that of the thresholds: two variants must not be compared",
                ),
                format!("{} / {}", age(catchment.age_bound), age(set.apl_age_max_years)),
                Text::new("donner la même limite (age_bound)", "give the same bound (age_bound)"),
            );
            return None;
        }
        let kind = settings.unit.unwrap_or(set.stand_in);
        let mut zones = Vec::new();
        for (zone, places) in &self.zones {
            let Zone::Area(_, code) = zone else { continue };
            if !matches!(zone, Zone::Area(k, _) if *k == kind) {
                continue;
            }
            let mut people: BTreeMap<String, Persons> = BTreeMap::new();
            for p in places {
                let region =
                    self.territory.place(*p).region.as_ref().map_or_else(String::new, |r| r.code.clone());
                let sum = people.entry(region).or_default();
                *sum = *sum + self.inhabitants[p.0 as usize];
            }
            let weight = |i: usize| match settings.weighting {
                Weighting::StandardPeople => catchment.standard.by_place[i],
                Weighting::Population => self.inhabitants[i].0 as f64,
            };
            let pairs = places.iter().map(|p| p.0 as usize).map(|i| (catchment.by_place[i], weight(i)));
            let apl = Distribution::new(pairs).ok().and_then(|d| d.mean());
            zones.push(ZoneApl { code: code.clone(), apl, people });
        }
        let zoning = match set.classify(&zones, &settings.whole_regions) {
            Ok(zoning) => zoning,
            Err(bad) => {
                let remedy = Text::new("corriger ou choisir un autre jeu", "mend it or choose another set");
                self.refuse("/zoning/set".to_owned(), bad.text(), &set.id, remedy);
                return None;
            }
        };
        for (class, indicator) in CLASSES {
            let of_class = |z: &&crate::zoning::Classified| z.class == Some(class);
            let people: u64 = zoning.zones.iter().filter(of_class).map(|z| z.people.0).sum();
            self.figures.of("zoning", &Zone::Core).maybe(indicator, "people", Some(people as f64));
        }
        let class_of: BTreeMap<&str, ZoneClass> =
            zoning.zones.iter().filter_map(|z| Some((z.code.as_str(), z.class?))).collect();
        let aids: Vec<_> = settings.aids.iter().chain(&shipped().aids).cloned().collect();
        let of_place = |place: &maillage_territory::Place| {
            place.area(kind).filter(|_| place.core).and_then(|a| class_of.get(a.code.as_str())).copied()
        };
        let classes =
            self.territory.places.iter().map(|p| of_place(p).map(word).unwrap_or_default().to_owned());
        let open = self.territory.places.iter().map(|p| {
            let open = of_place(p).map(|class| eligible(&aids, class, settings.date)).unwrap_or_default();
            open.iter().map(|a| a.id.as_str()).collect::<Vec<_>>().join(" ")
        });
        let (classes, open) = (classes.collect(), open.collect());
        self.by_place.push(("zone_class".to_owned(), classes));
        self.by_place.push(("aids".to_owned(), open));
        self.note(
            format!("zonage {} ({}) : {} ; zones : {}", set.id, set.from, set.source.fr, set.unit.fr),
            format!("zoning {} ({}): {}; zones: {}", set.id, set.from, set.source.en, set.unit.en),
        );
        Some(zoning)
    }
}

const CLASSES: [(ZoneClass, &str); 7] = [
    (ZoneClass::ZipA, "people_in_zip_a"),
    (ZoneClass::ZipB, "people_in_zip_b"),
    (ZoneClass::Zip, "people_in_zip"),
    (ZoneClass::Zac, "people_in_zac"),
    (ZoneClass::Zv, "people_in_zv"),
    (ZoneClass::Vivier, "people_in_vivier"),
    (ZoneClass::HorsVivier, "people_in_hors_vivier"),
];

/// The word of a class in tables.
fn word(class: ZoneClass) -> &'static str {
    let found = CLASSES.iter().find(|(c, _)| *c == class);
    found.map_or("", |(_, indicator)| indicator.trim_start_matches("people_in_"))
}
