//! Stocks by hand, the stress of the Roannais, and balances that hold whatever is asked.
#![allow(clippy::unwrap_used, reason = "a test stops where its own data are wrong")]

use maillage_access::Basis;
use maillage_access::trajectory::{
    BadTrajectory, ExitStep, Exits, GpFigures, Inflow, Installation, Lists, Model, PlaceWeight, Stress,
    TrajectorySettings, Year,
};
use maillage_input::{Document, Text};
use maillage_territory::{
    Fte, Minutes, Persons, PlaceId, PlaceIx, Practitioners, Profession, TravelSource, TravelTimes,
};
use proptest::prelude::*;

fn id(i: usize) -> PlaceId {
    PlaceId::new(&format!("p{i}")).unwrap()
}

fn ix(id: &PlaceId) -> Option<PlaceIx> {
    id.as_str().strip_prefix('p')?.parse().ok().filter(|&i| i < 3).map(PlaceIx)
}

/// Places on a road, 10 minutes from each to the next, known up to 60.
fn road(n: u32) -> TravelTimes {
    let source = TravelSource::Table { source: "test".to_owned(), date: "2025".to_owned() };
    let triples = (0..n).flat_map(|i| {
        (0..n).map(move |j| (PlaceIx(i), PlaceIx(j), Minutes::whole(10 * i.abs_diff(j) as u16)))
    });
    TravelTimes::new(n as usize, Minutes::whole(60), source, triples)
}

fn gps(list: &[(u32, Option<u8>, u32)]) -> Vec<Practitioners> {
    let gp = |&(place, age, hundredths): &(u32, Option<u8>, u32)| Practitioners {
        profession: Profession::gp(),
        place: PlaceIx(place),
        number: Fte::from_hundredths(hundredths),
        age,
        acts: None,
    };
    list.iter().map(gp).collect()
}

/// Nobody leaves and nobody comes.
fn still(horizon_years: u8) -> TrajectorySettings {
    TrajectorySettings {
        first_year: 2025,
        horizon_years,
        exits: Exits { by_age: vec![], unknown_age_basis_points_per_year: 0, ..Exits::default() },
        stress: None,
        inflow: vec![],
        installations: vec![],
        lists: Lists { people_per_gp: 1_000, ramp_up_percent: vec![], within_min: 15.0 },
        source: Text::new("essai", "test"),
        basis: Basis::Assumed,
    }
}

fn newcomers(gps_per_year: f64) -> Inflow {
    Inflow {
        from_year: None,
        until_year: None,
        gps_per_year,
        stay_percent: 100,
        age_years: Some(30),
        weights: None,
    }
}

fn run(settings: &TrajectorySettings, people: &[u64], gps: &[Practitioners]) -> Vec<Year> {
    let people: Vec<Persons> = people.iter().map(|&p| Persons(p)).collect();
    Model::new(settings, &road(people.len() as u32), ix).unwrap().run(&people, gps)
}

fn totals(years: &[Year]) -> Vec<u64> {
    years.iter().map(|y| y.total.gps_hundredths).collect()
}

/// 123 GPs, 40 % of them gone in four years.
/// In all: 49.2 leave, 12.3 a year: 110.7, 98.4, 86.1, 73.8, then no more.
/// At 12 % a year, compound: 108.24; less 12.9888 → 12.99: 95.25; less 11.43: 83.82; less 10.0584 → 10.06: 73.76.
/// 0.88^4 = 0.5997, so both say the same.
#[test]
fn the_stress_of_the_roannais() {
    let practices = gps(&[(0, None, 4_200), (1, None, 1_000), (2, None, 7_100)]);
    let total = Stress::Total { from_year: None, years: 4, basis_points_in_all: 4_000 };
    let years = run(&TrajectorySettings { stress: Some(total), ..still(5) }, &[0, 0, 0], &practices);
    assert_eq!(totals(&years), [12_300, 11_070, 9_840, 8_610, 7_380, 7_380]);
    // Ages are unknown: pro rata, 42 × 0.6 = 25.2, 10 × 0.6 = 6, 71 × 0.6 = 42.6.
    let places: Vec<u64> = years[4].places.iter().map(|p| p.gps_hundredths).collect();
    assert_eq!(places, [2_520, 600, 4_260]);
    assert_eq!(years[4].total.stress_hundredths, 1_230);

    let yearly = Stress::Yearly { from_year: Some(2026), years: 4, basis_points_per_year: 1_200 };
    let years = run(&TrajectorySettings { stress: Some(yearly), ..still(4) }, &[0, 0, 0], &practices);
    assert_eq!(totals(&years), [12_300, 10_824, 9_525, 8_382, 7_376]);
    assert!((0.88f64.powi(4) - 0.60).abs() < 0.001);
    assert!((years[4].total.gps_hundredths as f64 / 12_300.0 - 0.60).abs() < 0.001);
}

/// A stress states departures in all: those of age count towards it. 10 GPs of 60 of whom 10 % leave each year, and
/// 40 % in two years: 1 + 1 the first year; 0.8 + 1.2 the second; then 0.6 of the 6 that stay.
#[test]
fn a_stress_counts_exits_and_takes_the_oldest() {
    let exits = Exits {
        by_age: vec![ExitStep { from_age_years: 55, basis_points_per_year: 1_000 }],
        ..Exits::default()
    };
    let stress = Some(Stress::Total { from_year: None, years: 2, basis_points_in_all: 4_000 });
    let years = run(
        &TrajectorySettings { exits: exits.clone(), stress, ..still(3) },
        &[0],
        &gps(&[(0, Some(60), 1_000)]),
    );
    assert_eq!(totals(&years), [1_000, 800, 600, 540]);
    let took: Vec<_> = years.iter().map(|y| (y.total.exits_hundredths, y.total.stress_hundredths)).collect();
    assert_eq!(took, [(0, 0), (100, 100), (80, 120), (60, 0)]);
    // A stress below what leaves anyway changes nothing.
    let weak = Some(Stress::Yearly { from_year: None, years: 3, basis_points_per_year: 500 });
    let with = run(
        &TrajectorySettings { exits: exits.clone(), stress: weak, ..still(3) },
        &[0],
        &gps(&[(0, Some(60), 1_000)]),
    );
    let without = run(&TrajectorySettings { exits, ..still(3) }, &[0], &gps(&[(0, Some(60), 1_000)]));
    assert_eq!(with, without);
    // Oldest first over all places: the 64-year-olds go, the others stay.
    let stress = Some(Stress::Total { from_year: Some(2027), years: 1, basis_points_in_all: 5_000 });
    let old = gps(&[(0, Some(64), 200), (1, Some(40), 300), (2, Some(64), 100)]);
    let years = run(&TrajectorySettings { stress, ..still(2) }, &[0, 0, 0], &old);
    let places: Vec<u64> = years[2].places.iter().map(|p| p.gps_hundredths).collect();
    assert_eq!((totals(&years), places), (vec![600, 600, 300], vec![0, 300, 0]));
}

/// Two GPs, one of 74 at place 0 and one of 40 at place 1. Default hazards: 0.35 of the first leaves, the rest the
/// year after, at 75.
#[test]
fn ages_pass() {
    let settings = TrajectorySettings { exits: Exits::default(), ..still(3) };
    let years = run(&settings, &[1_000, 1_000], &gps(&[(0, Some(74), 100), (1, Some(40), 100)]));
    assert_eq!(totals(&years), [200, 165, 100, 100]);
    // Place 0 loses its list: 1,000 people, all on a list at first; in 2026 650 are; in 2027 nobody, as the list next
    // door is full.
    let left: Vec<_> = years.iter().map(|y| (y.total.people_left.0, y.places[0].people_left_more)).collect();
    assert_eq!(left, [(0, 0), (350, 350), (1_000, 1_000), (1_000, 1_000)]);
    assert_eq!(years.iter().map(|y| y.year).collect::<Vec<_>>(), [2025, 2026, 2027, 2028]);
}

/// 4 trained a year, three quarters stay: 3, in proportion to the 3 GPs and the 1 there: 2.25 and 0.75.
/// By weights 1 to 2 over places 1 and 2: 1 and 2.
#[test]
fn inflow_goes_where_gps_are_or_where_weights_say() {
    let inflow = Inflow { stay_percent: 75, ..newcomers(4.0) };
    let practices = gps(&[(0, Some(40), 300), (1, Some(40), 100)]);
    let years = run(&TrajectorySettings { inflow: vec![inflow.clone()], ..still(1) }, &[0, 0, 0], &practices);
    let came: Vec<u64> = years[1].places.iter().map(|p| p.inflow_hundredths).collect();
    assert_eq!(came, [225, 75, 0]);
    let weight = |place, weight| PlaceWeight { place: id(place), weight };
    let weighted = Inflow {
        weights: Some(vec![weight(1, 1), weight(2, 2)]),
        from_year: Some(2027),
        until_year: Some(2028),
        ..inflow
    };
    let years = run(&TrajectorySettings { inflow: vec![weighted], ..still(4) }, &[0, 0, 0], &practices);
    assert_eq!(totals(&years), [400, 400, 700, 1_000, 1_000]);
    assert_eq!(years[4].places[2].gps_hundredths, 400);
    // Nobody is there to join.
    let years = run(&TrajectorySettings { inflow: vec![newcomers(4.0)], ..still(1) }, &[0], &[]);
    assert_eq!(totals(&years), [0, 0]);
}

/// One GP settles at place 2 in 2027; lists of 1,000 fill at 35 %, 60 %, then whole. 1,000 people live there.
/// Place 0 has 500 people and a GP whose list is whole from the start.
#[test]
fn lists_of_newcomers_fill() {
    let settings = TrajectorySettings {
        installations: vec![Installation { year: 2027, place: id(2), gps: 1.0, age_years: Some(60) }],
        lists: Lists { people_per_gp: 1_000, ramp_up_percent: vec![35, 60], within_min: 5.0 },
        ..still(5)
    };
    let years = run(&settings, &[500, 0, 1_000], &gps(&[(0, Some(40), 100)]));
    let there: Vec<_> = years
        .iter()
        .map(|y| {
            (
                y.places[2].installed_hundredths,
                y.places[2].list_room.0,
                y.places[2].people_left.0,
                y.total.people_left_more,
            )
        })
        .collect();
    let expected = [
        (0, 0, 1_000, 0),
        (0, 0, 1_000, 0),
        (100, 350, 650, -350),
        (0, 600, 400, -600),
        (0, 1_000, 0, -1_000),
        (0, 1_000, 0, -1_000),
    ];
    assert_eq!(there, expected);
    assert_eq!(years[0].places[0].list_room, Persons(1_000));
}

/// An intern house from 2028 on adds an inflow: nothing changes before, and the gain is what it brings.
#[test]
fn inflows_add_up() {
    let practices = gps(&[(0, Some(50), 500), (1, None, 500)]);
    let house = Inflow { from_year: Some(2028), ..newcomers(1.0) };
    let without = run(&TrajectorySettings { inflow: vec![newcomers(0.5)], ..still(4) }, &[0, 0], &practices);
    let with =
        run(&TrajectorySettings { inflow: vec![newcomers(0.5), house], ..still(4) }, &[0, 0], &practices);
    let gain: Vec<u64> = totals(&with).iter().zip(totals(&without)).map(|(w, o)| w - o).collect();
    assert_eq!(gain, [0, 0, 0, 100, 200]);
}

#[test]
fn other_professions_do_not_count() {
    let mut practices = gps(&[(0, None, 100), (0, None, 100)]);
    practices[1].profession = Profession::new("nurse").unwrap();
    assert_eq!(totals(&run(&still(1), &[0], &practices)), [100, 100]);
}

#[test]
fn everything_wrong_is_said_at_once() {
    let step = |from_age_years| ExitStep { from_age_years, basis_points_per_year: 10_001 };
    let ghost = PlaceId::new("ghost").unwrap();
    let settings = TrajectorySettings {
        horizon_years: 31,
        exits: Exits { by_age: vec![step(60), step(60)], ..Exits::default() },
        stress: Some(Stress::Yearly { from_year: Some(2025), years: 0, basis_points_per_year: 1 }),
        inflow: vec![Inflow {
            from_year: Some(2030),
            until_year: Some(2029),
            weights: Some(vec![PlaceWeight { place: id(0), weight: 0 }]),
            ..newcomers(f64::NAN)
        }],
        installations: vec![Installation { year: 2057, place: ghost.clone(), gps: -1.0, age_years: None }],
        lists: Lists { people_per_gp: 0, ramp_up_percent: vec![], within_min: 61.0 },
        ..still(1)
    };
    let wrong = Model::new(&settings, &road(3), ix).unwrap_err();
    let (first, last) = (2026, 2056);
    let expected = [
        BadTrajectory::Horizon,
        BadTrajectory::Ages,
        BadTrajectory::Share,
        BadTrajectory::Year { year: 2057, first, last },
        BadTrajectory::Year { year: 2025, first, last },
        BadTrajectory::NoYear,
        BadTrajectory::Backwards { from: 2030, until: 2029 },
        BadTrajectory::NoWeight,
        BadTrajectory::Gps,
        BadTrajectory::Gps,
        BadTrajectory::List,
        BadTrajectory::BeyondTravel { most: Minutes::whole(60) },
        BadTrajectory::UnknownPlace(ghost),
    ];
    assert_eq!(wrong, expected);
    let mut settings = still(1);
    settings.lists.within_min = f64::NAN;
    settings.lists.ramp_up_percent = vec![101];
    let wrong = Model::new(&settings, &road(3), ix).unwrap_err();
    assert_eq!(wrong, [BadTrajectory::Share, BadTrajectory::Within]);
}

#[test]
fn settings_in_json() {
    let decode = |text: &str| Document::parse("t.json", text).unwrap().decode::<TrajectorySettings>();
    let text = r#"{
        "first_year": 2025, "horizon_years": 10,
        "stress": {"kind": "total", "years": 4, "basis_points_in_all": 4000},
        "inflow": [{"gps_per_year": 2.5, "age_years": 33, "weights": [{"place": "42187", "weight": 1}]}],
        "installations": [{"year": 2027, "place": "42052", "gps": 1}],
        "lists": {"people_per_gp": 1000, "ramp_up_percent": [35, 60, 80], "within_min": 20},
        "source": {"fr": "essai", "en": "test"}, "basis": "assumed"
    }"#;
    let settings = decode(text).unwrap();
    assert_eq!(settings.exits, Exits::default());
    assert_eq!((settings.inflow[0].stay_percent, settings.exits.basis), (100, Basis::Assumed));
    assert_eq!(decode(&serde_json::to_string(&settings).unwrap()).unwrap(), settings);
    for (good, bad) in [
        ("\"horizon_years\": 10", "\"horizon_years\": 31"),
        ("\"horizon_years\": 10", "\"horizon_years\": 0"),
        ("\"gps_per_year\"", "\"gps\""),
        ("[35, 60, 80]", "[35, 101]"),
        ("\"basis_points_in_all\": 4000", "\"basis_points_in_all\": 10001"),
        ("\"kind\": \"total\"", "\"kind\": \"sudden\""),
        ("\"42187\"", "\"42 187\""),
    ] {
        assert!(decode(&text.replace(good, bad)).is_err(), "{bad}");
    }
}

fn any_settings() -> impl Strategy<Value = TrajectorySettings> {
    let stress = prop::option::of((0u16..4, 1u8..6, 0u32..10_001, any::<bool>()));
    let inflow = prop::collection::vec(
        (0u32..500, 0u8..101, prop::option::of(25u8..80), prop::option::of(1u32..9)),
        0..3,
    );
    let installations = prop::collection::vec((1u16..6, 0usize..3, 0u32..300), 0..3);
    let hazards = prop::array::uniform3(0u32..10_001);
    (1u8..6, hazards, stress, inflow, installations).prop_map(
        |(horizon, h, stress, inflow, installations)| {
            let steps = [(50, h[0]), (65, h[1])];
            let step = |&(from_age_years, basis_points_per_year): &(u8, u32)| ExitStep {
                from_age_years,
                basis_points_per_year,
            };
            let last = 2025 + u16::from(horizon);
            TrajectorySettings {
                exits: Exits {
                    by_age: steps.iter().map(step).collect(),
                    unknown_age_basis_points_per_year: h[2],
                    ..Exits::default()
                },
                stress: stress.map(|(from, years, share, total)| {
                    let from_year = Some((2026 + from).min(last));
                    if total {
                        Stress::Total { from_year, years, basis_points_in_all: share }
                    } else {
                        Stress::Yearly { from_year, years, basis_points_per_year: share }
                    }
                }),
                inflow: inflow
                    .into_iter()
                    .map(|(gps, stay_percent, age_years, weight)| Inflow {
                        stay_percent,
                        age_years,
                        weights: weight.map(|weight| {
                            vec![
                                PlaceWeight { place: id(2), weight },
                                PlaceWeight { place: id(0), weight: 3 },
                            ]
                        }),
                        ..newcomers(f64::from(gps) / 100.0)
                    })
                    .collect(),
                installations: installations
                    .into_iter()
                    .map(|(year, place, gps)| Installation {
                        year: (2025 + year).min(last),
                        place: id(place),
                        gps: f64::from(gps) / 100.0,
                        age_years: None,
                    })
                    .collect(),
                ..still(horizon)
            }
        },
    )
}

/// What the stock of a place or of all must be, from the year before.
fn balance(before: &GpFigures, f: &GpFigures) -> u64 {
    before.gps_hundredths + f.inflow_hundredths + f.installed_hundredths
        - f.exits_hundredths
        - f.stress_hundredths
}

proptest! {
    #[test]
    fn every_stock_balances(
        settings in any_settings(),
        practices in prop::collection::vec((0u32..3, prop::option::of(30u8..90), 0u32..2_000), 0..12),
        people in prop::array::uniform3(0u64..5_000),
    ) {
        let years = run(&settings, &people, &gps(&practices));
        prop_assert_eq!(years.len(), usize::from(settings.horizon_years) + 1);
        prop_assert_eq!(years[0].total.gps_hundredths, practices.iter().map(|p| u64::from(p.2)).sum::<u64>());
        for pair in years.windows(2) {
            let (before, after) = (&pair[0], &pair[1]);
            prop_assert_eq!(after.total.gps_hundredths, balance(&before.total, &after.total));
            for (b, a) in before.places.iter().zip(&after.places) {
                prop_assert_eq!(a.gps_hundredths, balance(b, a));
            }
            let asked: u64 = settings.installations.iter().filter(|i| i.year == after.year).map(|i| (i.gps * 100.0).round() as u64).sum();
            prop_assert_eq!(after.total.installed_hundredths, asked);
        }
        for year in &years {
            let sum = |f: fn(&GpFigures) -> u64| year.places.iter().map(f).sum::<u64>();
            prop_assert_eq!(year.total.gps_hundredths, sum(|f| f.gps_hundredths));
            prop_assert_eq!(year.total.exits_hundredths, sum(|f| f.exits_hundredths));
            prop_assert_eq!(year.total.people_left.0, sum(|f| f.people_left.0));
            for (f, &p) in year.places.iter().zip(&people) {
                prop_assert!(f.people_left.0 <= p);
                prop_assert_eq!(f.list_room.0, f.gps_hundredths * 10);
            }
            let more = year.total.people_left.0 as i64 - years[0].total.people_left.0 as i64;
            prop_assert_eq!(year.total.people_left_more, more);
        }
    }

    /// Each year at least what the stress says, and never fewer departures than without it.
    #[test]
    fn a_stress_is_a_least(settings in any_settings(), practices in prop::collection::vec((0u32..3, prop::option::of(30u8..90), 0u32..2_000), 1..12)) {
        let years = run(&settings, &[0, 0, 0], &gps(&practices));
        let gone = |y: &Year| y.total.exits_hundredths + y.total.stress_hundredths;
        match settings.stress {
            None => prop_assert!(years.iter().all(|y| y.total.stress_hundredths == 0)),
            Some(Stress::Yearly { from_year, years: n, basis_points_per_year }) => {
                let from = from_year.unwrap();
                for pair in years.windows(2).filter(|p| (from..from + u16::from(n)).contains(&p[1].year)) {
                    let share = pair[0].total.gps_hundredths as f64 * f64::from(basis_points_per_year) / 10_000.0;
                    prop_assert!(gone(&pair[1]) as f64 >= share - 0.5);
                }
            }
            Some(Stress::Total { from_year, years: n, basis_points_in_all }) => {
                let from = from_year.unwrap();
                let at = usize::from(from - 2026);
                let base = years[at].total.gps_hundredths as f64;
                let mut sum = 0;
                for (k, year) in years[at + 1..].iter().take(usize::from(n)).enumerate() {
                    sum += gone(year);
                    let share = base * f64::from(basis_points_in_all) / 10_000.0 * (k + 1) as f64 / f64::from(n);
                    // Nobody can leave who is not there.
                    prop_assert!(sum as f64 >= share - 0.5 || year.total.gps_hundredths == year.total.inflow_hundredths + year.total.installed_hundredths);
                }
            }
        }
    }

    /// One cohort: the expected number in reals, within the half hundredth that each year's rounding may add.
    #[test]
    fn one_cohort_follows_its_chance(number in 0u32..100_000, hazard in 0u32..10_001, horizon in 1u8..31) {
        let exits = Exits { by_age: vec![ExitStep { from_age_years: 20, basis_points_per_year: hazard }], ..Exits::default() };
        let years = run(&TrajectorySettings { exits, ..still(horizon) }, &[0], &gps(&[(0, Some(30), number)]));
        for (k, year) in years.iter().enumerate() {
            let expected = f64::from(number) * (1.0 - f64::from(hazard) / 10_000.0).powi(k as i32);
            prop_assert!((year.total.gps_hundredths as f64 - expected).abs() <= 0.5 * k as f64 + 1e-6);
        }
    }
}
