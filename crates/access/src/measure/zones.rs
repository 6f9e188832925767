//! Classes of zones of a territory.

use super::{Catchment, Work};
use crate::equity::Distribution;
use crate::zoning::{ThresholdSet, ZoneApl, ZoneClass, Zoning, eligible, in_force, shipped};
use crate::{Count, DecayFile, Weighting, Zone, ZoningSettings};
use maillage_input::Text;
use maillage_territory::{AreaKind, Persons, Place, Profession};
use std::collections::BTreeMap;

impl Work<'_> {
    pub(super) fn zoning(&mut self, catchments: &[Catchment]) -> Option<Zoning> {
        let settings = self.settings.zoning.as_ref()?;
        let (set, catchment) = self.thresholds_and_measure(settings, catchments)?;
        let kind = settings.unit.unwrap_or(set.stand_in);
        let zones = self.zone_apls(settings, kind, catchment);
        if zones.is_empty() {
            self.refuse(
                "/zoning/unit".to_owned(),
                Text::new(
                    "aucune zone de ce type dans la table des lieux",
                    "no zone of this kind in the table of places",
                ),
                kind.as_str(),
                Text::new(
                    "compléter la table, ou choisir un autre type (unit)",
                    "fill in the table, or choose another kind (unit)",
                ),
            );
            return None;
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
        self.classes_by_place(settings, kind, &zoning);
        let unknown = zoning.zones.iter().filter(|z| z.class.is_none()).count();
        if unknown > 0 {
            self.note(
                format!("zonage : zones dont l'APL est inconnue, sans classe : {unknown}"),
                format!("zoning: zones of unknown APL, without a class: {unknown}"),
            );
        }
        self.note(
            format!("zonage {} ({}) : {} ; zones : {}", set.id, set.from, set.source.fr, set.unit.fr),
            format!("zoning {} ({}): {}; zones: {}", set.id, set.from, set.source.en, set.unit.en),
        );
        Some(zoning)
    }

    /// The set of thresholds asked for and the measure that suits it.
    fn thresholds_and_measure<'c>(
        &mut self,
        settings: &ZoningSettings,
        catchments: &'c [Catchment],
    ) -> Option<(ThresholdSet, &'c Catchment)> {
        let known: Vec<&ThresholdSet> = settings.sets.iter().chain(&shipped().sets).collect();
        let Some(&set) = known.iter().find(|s| s.id == settings.set) else {
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
            // A measure that was refused is not unknown too.
            if !self.bad.is_empty() {
                return None;
            }
            self.refuse(
                "/zoning/measure".to_owned(),
                Text::new("mesure inconnue", "unknown measure"),
                &settings.measure,
                Text::new("nommer une mesure de « catchments »", "name a measure of `catchments`"),
            );
            return None;
        };
        let measured = &catchment.settings;
        if measured.profession != Profession::gp() || measured.counted() == (Count::Posts {}) {
            self.refuse(
                "/zoning/measure".to_owned(),
                Text::new(
                    "les seuils portent sur les actes des médecins généralistes",
                    "the thresholds are on acts of GPs",
                ),
                &settings.measure,
                Text::new("nommer une telle mesure", "name such a measure"),
            );
            return None;
        }
        if measured.age_bound != set.apl_age_max_years {
            let age = |bound: Option<u8>| bound.map_or("–".to_owned(), |b| b.to_string());
            self.refuse(
                "/zoning/measure".to_owned(),
                Text::new(
                    "la limite d'âge de la mesure n'est pas celle des seuils : deux variantes ne se comparent pas",
                    "the age bound of the measure is not that of the thresholds: two variants must not be compared",
                ),
                format!("{} / {}", age(measured.age_bound), age(set.apl_age_max_years)),
                Text::new("donner la même limite (age_bound)", "give the same bound (age_bound)"),
            );
            return None;
        }
        if settings.date < set.from {
            self.refuse(
                "/zoning/date".to_owned(),
                Text::new(
                    format!("ce jeu de seuils ne vaut qu'à partir du {}", set.from),
                    format!("this set of thresholds holds only from {}", set.from),
                ),
                settings.date,
                Text::new(
                    "donner une date plus tardive, ou un autre jeu",
                    "give a later day, or another set",
                ),
            );
            return None;
        }
        let notes = [
            in_force(known.iter().copied(), settings.date).filter(|now| now.id != set.id).map(|now| {
                Text::new(
                    format!("zonage : à la date donnée vaut {} ({}), non {}", now.id, now.from, set.id),
                    format!("zoning: on the day given {} ({}) holds, not {}", now.id, now.from, set.id),
                )
            }),
            (measured.decay != (DecayFile::Drees2015 {})).then(|| {
                Text::new(
                    "zonage : décroissance autre que celle de la méthode depuis 2015",
                    "zoning: another decay than that of the method since 2015",
                )
            }),
        ];
        for note in notes.into_iter().flatten() {
            self.note(note.fr, note.en);
        }
        Some((set.clone(), catchment))
    }

    /// Accessibility of every zone of a kind.
    fn zone_apls(&self, settings: &ZoningSettings, kind: AreaKind, catchment: &Catchment) -> Vec<ZoneApl> {
        let mut zones = Vec::new();
        for (zone, places) in &self.zones {
            let Zone::Area(k, code) = zone else { continue };
            if *k != kind {
                continue;
            }
            let mut people: BTreeMap<String, Persons> = BTreeMap::new();
            let mut elsewhere = Persons(0);
            for p in places {
                let sum = match &self.territory.place(*p).region {
                    Some(region) => people.entry(region.code.clone()).or_default(),
                    None => &mut elsewhere,
                };
                *sum = *sum + self.inhabitants[p.0 as usize];
            }
            let weight = |i: usize| match settings.weighting {
                Weighting::StandardPeople => catchment.standard.by_place[i],
                Weighting::Population => self.inhabitants[i].0 as f64,
            };
            let pairs = places.iter().map(|p| p.0 as usize).map(|i| (catchment.by_place[i], weight(i)));
            // One place of unknown accessibility, and the zone's is unknown: no class, no aid.
            let unknown =
                places.iter().any(|p| catchment.uncertain[p.0 as usize] && weight(p.0 as usize) > 0.0);
            let apl = Distribution::new(pairs).ok().and_then(|d| d.mean()).filter(|_| !unknown);
            zones.push(ZoneApl { code: code.clone(), apl, people, elsewhere });
        }
        zones
    }

    /// The class of each place and the aids it opens. A published class wins over a computed one.
    fn classes_by_place(&mut self, settings: &ZoningSettings, kind: AreaKind, zoning: &Zoning) {
        let class_of: BTreeMap<&str, ZoneClass> =
            zoning.zones.iter().filter_map(|z| Some((z.code.as_str(), z.class?))).collect();
        let aids: Vec<_> = settings.aids.iter().chain(&shipped().aids).cloned().collect();
        let published = |place: &Place| {
            let code = place.zone_class.as_ref()?.code.to_lowercase();
            CLASSES.into_iter().map(|(class, _)| class).find(|class| word(*class).replace('_', "-") == code)
        };
        let of_place = |place: &Place| {
            let computed = || {
                place.area(kind).filter(|_| place.core).and_then(|a| class_of.get(a.code.as_str())).copied()
            };
            published(place).or_else(computed)
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
        let told = self.territory.places.iter().filter(|p| published(p).is_some()).count();
        if told > 0 {
            self.note(
                format!("zonage : classe publiée de {told} lieux, gardée pour les aides"),
                format!("zoning: published class of {told} places, kept for the aids"),
            );
        }
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
