//! What holds of the measures of any territory.

use super::*;
use maillage_access::Catchment;
use maillage_territory::{DutyKind, DutyPoint, PeriodId, Rota, SiteId, Structure, StructureKind};
use proptest::prelude::*;

#[derive(Debug, Clone)]
struct Case {
    people: Vec<u64>,
    need: Vec<(u8, f64)>,
    core: Vec<bool>,
    area: Vec<u8>,
    max: u16,
    trips: Vec<Trip>,
    /// By profession: whether each place is known, and groups of place, hundredths, age, acts.
    staff: [(Vec<bool>, Vec<Group>); 2],
    duty: Vec<(u32, u8)>,
    volunteers: u32,
    published: Vec<Option<f64>>,
    settings: usize,
}

type Group = (u32, u32, Option<u8>, Option<u32>);

fn professions(n: u32) -> impl Strategy<Value = (Vec<bool>, Vec<Group>)> {
    let group = (
        0..n,
        0u32..400,
        proptest::option::of(25u8..80),
        proptest::option::of(prop_oneof![Just(0), Just(1_000_000), 3000u32..7000]),
    );
    let known = proptest::collection::vec(proptest::bool::weighted(0.8), n as usize);
    (known, proptest::collection::vec(group, 0..6))
}

fn case() -> impl Strategy<Value = Case> {
    (1u32..7).prop_flat_map(|n| {
        let each = n as usize;
        let people = prop_oneof![Just(0u64), Just(1), 2..4000u64, Just(3_000_000)];
        let first = (
            proptest::collection::vec(people, each),
            proptest::collection::vec((0u8..4, 0.0..3.0f64), each),
            proptest::collection::vec(proptest::bool::weighted(0.7), each),
            proptest::collection::vec(0u8..3, each),
            prop_oneof![Just(5u16), Just(20), Just(30), Just(60)],
            proptest::collection::vec((0..n, 0..n, 0u32..7000), 0..24),
        );
        let second = (
            [professions(n), professions(n)],
            proptest::collection::vec((0..n, 0u8..3), 0..4),
            0u32..8,
            proptest::collection::vec(proptest::option::of(0.0..9.0f64), each),
            0usize..4,
        );
        (first, second).prop_map(|(f, s)| Case {
            people: f.0,
            need: f.1,
            core: f.2,
            area: f.3,
            max: f.4,
            trips: f.5,
            staff: s.0,
            duty: s.1,
            volunteers: s.2,
            published: s.3,
            settings: s.4,
        })
    })
}

impl Case {
    fn territory(&self) -> Territory {
        let mut t = world(&self.people, self.max, &self.trips);
        for (i, place) in t.places.iter_mut().enumerate() {
            let (kind, factor) = self.need[i];
            let n = place.population.0;
            place.need = match kind {
                0 => Need::Unknown,
                1 => Need::Factor(factor),
                2 => Need::Standard(factor * n as f64),
                _ => Need::Ages([n / 3, n / 4, n / 5, 0, 1, n / 7].map(Persons)),
            };
            place.core = self.core[i];
            let area = |name: &str| Area { code: format!("{name}{}", self.area[i]), name: name.to_owned() };
            place.epci = (self.area[i] > 0).then(|| area("E"));
            place.living_area = Some(area("B"));
            place.region = (self.area[i] > 1).then(|| area("R"));
        }
        for (word, (known, groups)) in ["gp", "nurse"].into_iter().zip(&self.staff) {
            let there: Vec<Group> = groups.iter().copied().filter(|g| known[g.0 as usize]).collect();
            staff(&mut t, word, known, &there);
        }
        t.practitioners.sort_by_key(|g| (g.profession.clone(), g.place));
        let site = |text: String| SiteId::new(&text).unwrap();
        let evening = PeriodId::new("evening").unwrap();
        for (k, &(place, kind)) in self.duty.iter().enumerate() {
            let kind = [DutyKind::Practice, DutyKind::DutyHouse, DutyKind::Emergency][kind as usize];
            t.duty_points.push(DutyPoint {
                id: site(format!("p{k}")),
                name: format!("Point {k}"),
                kind,
                place: PlaceIx(place),
                periods: if kind == DutyKind::Emergency { Vec::new() } else { vec![evening.clone()] },
                rota: (kind == DutyKind::DutyHouse).then(|| site("r".to_owned())),
            });
        }
        t.rotas.push(Rota {
            id: site("r".to_owned()),
            name: "Rota".to_owned(),
            volunteers: self.volunteers,
            lines: 1,
            periods: vec![evening],
        });
        t.structures.push(Structure {
            site_id: site("h".to_owned()),
            structure_id: site("h".to_owned()),
            name: "Hospital".to_owned(),
            kind: StructureKind::Hospital,
            place: Some(PlaceIx(0)),
            point: None,
            emergency: [None, Some(true), Some(false)][self.volunteers as usize % 3],
        });
        t.published =
            vec![Published { name: "Office".to_owned(), year: 2018, values: self.published.clone() }];
        t
    }

    fn settings(&self) -> AccessSettings {
        let both = json!([
            { "id": "apl" },
            { "id": "apl-65", "age_bound": 65, "unknown_older_percent": 12.5 },
            { "id": "near", "decay": { "kind": "within", "minutes": 5 }, "count": { "kind": "posts" } },
            { "id": "nurse", "profession": "nurse", "decay": { "kind": "gaussian", "bandwidth_min": 8, "until_min": 20 } }
        ]);
        let lists = json!({ "people_per_gp": 1000, "ramp_up_percent": [50], "within_min": 5 });
        settings(match self.settings {
            0 => json!({}),
            1 => json!({ "catchments": both, "continuity": { "within_min": 5 } }),
            2 => json!({
                "catchments": both,
                "thresholds": [0, 3.25],
                "zoning": { "set": "fr-2017", "measure": "apl-65", "date": "2026-01-01", "whole_regions": ["R2"] },
                "compare": [{ "published": "Office", "catchment": "apl" }],
                "continuity": { "within_min": 5, "volunteers_floor": 3 }
            }),
            _ => json!({
                "catchments": [],
                "coverage": { "within_min": [0, 5, 600], "attachable_percent": 50, "available_within_min": 600 },
                "continuity": { "within_min": 5 },
                "trajectory": {
                    "first_year": 2026, "horizon_years": 3, "lists": lists, "basis": "assumed",
                    "inflow": [{ "gps_per_year": 1.5 }],
                    "stress": { "kind": "yearly", "years": 2, "basis_points_per_year": 1500 },
                    "source": { "fr": "essai", "en": "test" }
                }
            }),
        })
    }
}

/// Of figures over all places, the core and its surroundings: the first is the sum of the others.
fn adds_up(a: &Access, indicator: &str) {
    let of = |zone: &Zone| {
        let rows = a.figures.iter().filter(|f| f.indicator == indicator && f.zone == *zone);
        rows.map(|f| (f.measure.clone(), f.limit.map(f64::to_bits), f.year, f.value)).collect::<Vec<_>>()
    };
    let (inside, outside) = (of(&Zone::Core), of(&Zone::Around));
    for all in of(&Zone::All) {
        let same = |rows: &[(String, Option<u64>, Option<u16>, f64)]| {
            rows.iter().filter(|r| (&r.0, r.1, r.2) == (&all.0, all.1, all.2)).map(|r| r.3).sum::<f64>()
        };
        assert_eq!(all.3, same(&inside) + same(&outside), "{indicator} of {all:?}");
    }
}

/// What holds of every measure of a territory.
fn holds(case: &Case) {
    let (t, settings) = (case.territory(), case.settings());
    let a = match measure(&t, &settings) {
        Ok(a) => a,
        Err(bad) => {
            let told = |b: &BadSetting| {
                b.pointer.starts_with('/') && !b.cause.fr.is_empty() && !b.cause.en.is_empty()
            };
            assert!(!bad.is_empty() && bad.iter().all(told), "{bad:?}");
            // Only a table of times that ends too soon makes these settings unusable: before a decay, or before
            // the 30 minutes of continuity where there are duty points.
            // Or there is no zone to class.
            let zoned = t.places.iter().any(|p| p.core && p.living_area.is_some());
            let unzoned = !zoned && bad.iter().all(|b| b.pointer == "/zoning/unit");
            assert!(case.max < 20 || (case.max < 30 && case.settings == 0) || unzoned, "{bad:?}");
            return;
        }
    };
    sound(&a, t.places.len());
    a.catchments.iter().for_each(|c| means(case, &t, &a, c));
    times(case, &t, &a);
    for indicator in SUMS {
        adds_up(&a, indicator);
    }
    duty(case, &a);
    let again = measure(&t, &settings).unwrap();
    assert_eq!((&again.figures, &again.notes), (&a.figures, &a.notes));
}

/// Whoever lives in a zone is within reach of open care, of an emergency unit only, or of nothing.
fn duty(case: &Case, a: &Access) {
    for (zone, places) in &a.zones {
        let inside = |i: usize| match zone {
            Zone::All => true,
            Zone::Core => case.core[i],
            Zone::Around => !case.core[i],
            Zone::Area(..) => places.contains(&PlaceIx(i as u32)),
        };
        let everyone: u64 = (0..case.people.len()).filter(|&i| inside(i)).map(|i| case.people[i]).sum();
        for period in a.titles.keys().filter(|m| m.starts_with("continuity:")) {
            let people = |indicator: &str| {
                let mut rows = a.figures.iter().filter(|f| f.measure == *period && f.zone == *zone);
                rows.find(|f| f.indicator == indicator).unwrap_or_else(|| panic!("no {indicator}")).value
            };
            let within = people("people_within_of_open_point");
            assert_eq!(people("people_within_of_open_care") + people("people_on_emergency_only"), within);
            assert_eq!(within + people("people_beyond"), everyone as f64, "{period} over {zone}");
        }
    }
}

/// Counts of people: what is over all places is the sum of inside and around.
const SUMS: [&str; 10] = [
    "people_near_unknown_supply",
    "people_at_most",
    "people_reaching_none",
    "people_of_unknown_time",
    "people_within_of_open_point",
    "people_within_of_open_care",
    "people_on_emergency_only",
    "people_beyond",
    "people_without_gp",
    "people_without_gp_more",
];

/// Places whose catchment holds an unknown supply, and no other, are left out of means, and counted.
fn means(case: &Case, t: &Territory, a: &Access, c: &Catchment) {
    let known = &case.staff[usize::from(c.id.as_str().ends_with("nurse"))].0;
    for (from, _) in t.iter() {
        let near = t.travel.from(from).iter();
        let mut near =
            near.filter(|(_, t)| t.hundredths() <= if c.id.as_str() == "near" { 500 } else { 2000 });
        assert_eq!(
            c.uncertain[from.0 as usize],
            near.any(|(to, _)| !known[to.0 as usize]),
            "{} {from:?}",
            c.id
        );
    }
    for (zone, places) in &a.zones {
        let value = |indicator: &str| {
            let mut rows = a.figures.iter().filter(|f| f.measure == c.id.as_str() && f.zone == *zone);
            rows.find(|f| f.indicator == indicator).map(|f| f.value)
        };
        let people = |i: &usize| case.people[*i] as f64;
        let (lost, sure): (Vec<usize>, Vec<usize>) =
            places.iter().map(|p| p.0 as usize).partition(|&i| c.uncertain[i]);
        let (weight, sum) =
            sure.iter().fold((0.0, 0.0), |(w, s), i| (w + people(i), s + people(i) * c.by_place[*i]));
        let mean = value("mean_by_population");
        assert_eq!(mean.is_some(), weight > 0.0, "{} over {zone}", c.id);
        assert!(
            mean.is_none_or(|m| (m - sum / weight).abs() <= 1e-6 + 1e-9 * m),
            "{mean:?} ≠ {sum} / {weight}"
        );
        assert_eq!(value("people_near_unknown_supply"), Some(lost.iter().map(people).sum::<f64>()));
    }
}

/// The nearest is the least time to a place with a GP; it is unknown where an unknown supply is in reach.
fn times(case: &Case, t: &Territory, a: &Access) {
    let Some(coverage) = &a.coverage else { return };
    let gps = || t.practitioners.iter().filter(|g| g.profession == Profession::gp());
    let open = |to: PlaceIx| gps().any(|g| g.place == to && g.number > Fte::default());
    for (from, _) in t.iter() {
        let (i, reached) = (from.0 as usize, t.travel.from(from));
        let least = reached.iter().filter(|(to, _)| open(*to)).map(|&(_, t)| t).min();
        assert_eq!(coverage.nearest[i], least);
        assert_eq!(coverage.unknown[i], reached.iter().any(|(to, _)| !case.staff[0].0[to.0 as usize]));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_figure_has_a_meaning(case in case()) {
        holds(&case);
    }
}
