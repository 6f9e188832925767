//! All measures of small territories at once: what is unknown is not none, and no figure is without meaning.
#![allow(clippy::unwrap_used, reason = "a test that panics fails")]

use maillage_access::{Access, AccessSettings, BadSetting, Zone, measure};
use maillage_input::Text;
use maillage_territory::{
    Area, Fte, LonLat, Minutes, Need, Persons, Place, PlaceId, PlaceIx, Practitioners, Profession,
    ProfessionSource, Published, SupplyQuality, Territory, TravelSource, TravelTimes,
};
use serde_json::json;
use std::collections::BTreeSet;

#[path = "measure/any.rs"]
mod any;

/// `(from, to, hundredths of a minute)`.
type Trip = (u32, u32, u32);

/// Places `01001`, `01002`... with these inhabitants; times up to `max` minutes.
fn world(people: &[u64], max: u16, trips: &[Trip]) -> Territory {
    let place = |(i, &n): (usize, &u64)| {
        Place::new(PlaceId::new(&format!("010{:02}", i + 1)).unwrap(), &format!("Place {i}"), Persons(n))
    };
    let source = TravelSource::Table { source: "hand".into(), date: "2026".into() };
    let triples = trips.iter().map(|&(i, j, t)| (PlaceIx(i), PlaceIx(j), Minutes::from_hundredths(t)));
    let travel = TravelTimes::new(people.len(), Minutes::whole(max), source, triples);
    Territory::from_parts("T", people.iter().enumerate().map(place).collect(), travel).unwrap()
}

fn both_ways(i: u32, j: u32, minutes: u32) -> [Trip; 2] {
    [(i, j, minutes * 100), (j, i, minutes * 100)]
}

/// Adds a profession: groups of place, hundredths of practitioners, age, acts; and where the number is known.
fn staff(t: &mut Territory, word: &str, known: &[bool], groups: &[(u32, u32, Option<u8>, Option<u32>)]) {
    let profession = Profession::new(word).unwrap();
    let source = ProfessionSource {
        source: Text::new("à la main", "by hand"),
        quality: SupplyQuality::Counted,
        heads: true,
        known: known.to_vec(),
    };
    t.professions.insert(profession.clone(), source);
    t.practitioners.extend(groups.iter().map(|&(place, number, age, acts)| Practitioners {
        profession: profession.clone(),
        place: PlaceIx(place),
        number: Fte::from_hundredths(number),
        age,
        acts,
    }));
}

fn settings(value: serde_json::Value) -> AccessSettings {
    let mut all = json!({ "schema_version": 1 });
    all.as_object_mut().unwrap().extend(value.as_object().unwrap().clone());
    serde_json::from_value(all).unwrap()
}

fn measured(t: &Territory) -> Access {
    measure(t, &AccessSettings::default()).unwrap()
}

/// A figure over places of the territory itself.
fn core(a: &Access, measure: &str, indicator: &str, limit: Option<f64>) -> Option<f64> {
    let mut found = a.figures.iter().filter(|f| {
        f.measure == measure && f.indicator == indicator && f.limit == limit && f.zone == Zone::Core
    });
    let value = found.next().map(|f| f.value);
    assert!(found.next().is_none(), "{measure} {indicator} stands twice");
    value
}

fn noted(a: &Access, word: &str) -> bool {
    a.notes.iter().any(|n| n.en.contains(word))
}

/// No value is without meaning, and no row stands twice.
fn sound(a: &Access, places: usize) {
    let mut seen = BTreeSet::new();
    for f in &a.figures {
        assert!(f.value.is_finite() && f.limit.is_none_or(f64::is_finite), "{f:?}");
        let below = f.indicator == "correlation" || f.indicator.ends_with("_more");
        assert!(below || f.value >= 0.0, "{f:?}");
        if ["people", "places", "count"].contains(&f.unit) {
            assert_eq!(f.value.fract(), 0.0, "{f:?}");
        }
        let limit = f.limit.map(f64::to_bits);
        assert!(seen.insert((&f.measure, f.indicator, limit, &f.zone, f.year)), "stands twice: {f:?}");
    }
    for c in &a.catchments {
        assert!([c.by_place.len(), c.uncertain.len(), c.supply.by_place.len()] == [places; 3]);
        assert!(c.by_place.iter().all(|x| x.is_finite() && *x >= 0.0 && x.is_sign_positive()), "{c:?}");
    }
    assert!(a.by_place.iter().all(|(_, cells)| cells.len() == places));
    assert!(a.notes.iter().all(|n| !n.fr.is_empty() && !n.en.is_empty()));
    // Both sides of the balance in acts or posts.
    for c in &a.catchments {
        let scale = if c.unit.starts_with("posts") { 1e5 } else { 1.0 };
        let received: f64 = c.standard.by_place.iter().zip(&c.by_place).map(|(p, x)| p * x / scale).sum();
        let supplied: f64 = c.supply.by_place.iter().sum();
        let gap = (received + c.unused - supplied).abs();
        assert!(gap <= 1e-9 * supplied.max(1.0), "{}: {received} + {} ≠ {supplied}", c.id, c.unused);
    }
}

// ---- Published figures.

#[test]
fn computed_is_held_against_published() {
    // Far from each other, so that each has what its own GPs do for it. Of the last four one lies around the territory, of one
    // the need is unknown, of one the supply, and one was not published.
    let mut t = world(&[1000, 500, 800, 0, 300, 400, 700, 600], 30, &[]);
    let acts = [(0, 4500), (1, 4200), (2, 4000), (4, 3600), (5, 4000), (7, 3000)];
    let groups = acts.map(|(place, acts)| (place, 100, Some(50), Some(acts)));
    staff(&mut t, "gp", &[true, true, true, true, true, true, false, true], &groups);
    let area = |code: &str| Some(Area { code: code.to_owned(), name: code.to_owned() });
    for (i, place) in t.places.iter_mut().enumerate() {
        place.need = Need::Factor(if i == 1 { 3.0 } else { 1.0 });
        place.living_area = area(if i < 2 {
            "B1"
        } else if i == 3 {
            "B3"
        } else {
            "B2"
        });
    }
    t.places[0].department = area("01");
    (t.places[4].core, t.places[5].need) = (false, Need::Unknown);
    let values = [Some(4.0), Some(7.0), Some(5.5), Some(2.0), Some(12.0), Some(3.0), Some(1.0), None];
    t.published = vec![Published { name: "Office".to_owned(), year: 2018, values: values.to_vec() }];
    let asked = json!({ "catchments": [{ "id": "apl" }], "compare": [{ "published": "Office", "catchment": "apl" }] });
    let a = measure(&t, &settings(asked)).unwrap();
    let [comparison] = &a.comparisons[..] else { panic!("{:?}", a.comparisons) };
    assert_eq!((&comparison.published[..], &comparison.measure[..]), ("Office (2018)", "apl"));
    let close = |x: f64, y: f64| (x - y).abs() < 1e-9;
    let held = |level: &maillage_access::Level, points: &[(f64, f64)]| {
        let same = level.points.iter().zip(points).all(|(x, y)| close(x.0, y.0) && close(x.1, y.1));
        assert!(same && level.points.len() == points.len(), "{level:?} ≠ {points:?}");
    };
    let [place, living_area, department] = &comparison.levels[..] else { panic!("{:?}", comparison.levels) };
    // The second's 500 people count as 1,500: 4,200 acts are 2.8 each. Nobody lives in the fourth.
    held(place, &[(4.0, 4.5), (7.0, 2.8), (5.5, 5.0), (2.0, 0.0)]);
    assert!(close(place.mean_absolute_difference.unwrap(), (0.5 + 4.2 + 0.5 + 2.0) / 4.0));
    // (1,000 · 4 + 1,500 · 7) / 2,500 published, (1,000 · 4.5 + 1,500 · 2.8) / 2,500 computed.
    held(living_area, &[(5.8, 3.48), (5.5, 5.0)]);
    assert!(close(living_area.correlation.unwrap(), -1.0));
    held(department, &[(4.0, 4.5)]);
    assert_eq!(department.correlation, None);
    let figure = |measure: &str, indicator: &str| core(&a, measure, indicator, None);
    assert_eq!(figure("apl:by-place", "compared"), Some(4.0));
    assert!(close(figure("apl:by-living-area", "mean_absolute_difference").unwrap(), (2.32 + 0.5) / 2.0));
    assert!(a.titles["apl:by-living-area"].fr.contains("par bassin de vie"));
}

// ---- Missing is never zero.

/// A and B 12 minutes apart; C, whose supply is unknown, 8 minutes from B and 20.01 from A; D on its own.
fn with_unknown() -> Territory {
    let mut trips = [both_ways(0, 1, 12), both_ways(1, 2, 8)].concat();
    trips.extend([(0, 2, 2001), (2, 0, 2001)]);
    let mut t = world(&[1000, 500, 800, 300], 30, &trips);
    let groups = [(0, 100, Some(50), Some(4500)), (3, 100, Some(40), Some(3600))];
    staff(&mut t, "gp", &[true, true, false, true], &groups);
    t
}

#[test]
fn an_unknown_supply_makes_its_surroundings_unknown() {
    let t = with_unknown();
    let a = measured(&t);
    sound(&a, 4);
    let apl = &a.catchments[0];
    // C is beyond A's catchment by a hundredth of a minute.
    assert_eq!(apl.uncertain, [false, true, true, false]);
    // A: 4,500 / (1,000 + 2/3 · 500) = 3.375; D: 3,600 / 300 = 12; B and C are left out of every mean.
    let mean = (1000.0 * 3.375 + 300.0 * 12.0) / 1300.0;
    let close = |x: Option<f64>, y: f64| assert!((x.unwrap() - y).abs() < 1e-6, "{x:?} ≠ {y}");
    close(core(&a, "apl", "mean_by_standard_people", None), mean);
    close(core(&a, "apl", "mean_by_population", None), mean);
    assert_eq!(core(&a, "apl", "people_near_unknown_supply", None), Some(1300.0));
    // B's lower bound is 2.25 and C's is 0: neither is counted as badly served.
    assert_eq!(core(&a, "apl", "people_at_most", Some(2.5)), Some(0.0));
    assert_eq!(core(&a, "apl", "people_at_most", Some(4.0)), Some(1000.0));
    assert!(noted(&a, "places of unknown supply"));
}

#[test]
fn the_last_step_is_within_reach() {
    for (hundredths, uncertain) in [(2000, true), (2001, false)] {
        let mut t = world(&[10, 10], 30, &[(0, 1, hundredths)]);
        staff(&mut t, "gp", &[true, false], &[]);
        assert_eq!(measured(&t).catchments[0].uncertain, [uncertain, true], "{hundredths}");
    }
}

#[test]
fn an_unknown_supply_in_reach_makes_times_unknown() {
    let a = measured(&with_unknown());
    let coverage = a.coverage.as_ref().unwrap();
    // C is within the 30 minutes of the table of A and B; D reaches only itself.
    assert_eq!(coverage.unknown, [true, true, true, false]);
    assert_eq!(core(&a, "nearest", "people_of_unknown_time", None), Some(2300.0));
    assert_eq!(core(&a, "nearest", "people_within", Some(10.0)), Some(300.0));
    assert_eq!(core(&a, "nearest", "people_reaching_none", None), Some(0.0));
    assert_eq!(core(&a, "available", "people_reaching_none", None), Some(0.0), "D's GP has room");
    // Beyond the table nothing is known of the trip, and it changes nothing.
    let mut t = world(&[10, 10, 10], 30, &[(0, 1, 500), (0, 2, 3001)]);
    staff(&mut t, "gp", &[true, true, false], &[(1, 100, None, None)]);
    assert_eq!(measured(&t).coverage.unwrap().unknown, [false, false, true]);
}

#[test]
fn a_place_without_a_position_is_unknown_not_unserved() {
    let mut t = world(&[1000, 500], 30, &both_ways(0, 1, 5));
    t.travel = TravelTimes::new(2, Minutes::whole(30), TravelSource::Proxy { speed: Default::default() }, []);
    t.places[0].point = Some(LonLat { lon: 4.0, lat: 46.0 });
    staff(&mut t, "gp", &[true, true], &[(0, 100, None, Some(4000))]);
    let a = measured(&t);
    sound(&a, 2);
    assert_eq!(a.catchments[0].uncertain, [false, true]);
    assert_eq!(core(&a, "apl", "mean_by_population", None), Some(4.0));
    assert_eq!(core(&a, "apl", "people_at_most", Some(2.5)), Some(0.0));
    assert_eq!(core(&a, "nearest", "people_reaching_none", None), Some(0.0));
}

#[test]
fn a_zone_with_a_place_of_unknown_accessibility_has_no_class() {
    let mut t = with_unknown();
    let zone = |code: &str| Some(Area { code: code.to_owned(), name: code.to_owned() });
    for (place, code) in t.places.iter_mut().zip(["N", "N", "U", "S"]) {
        place.living_area = zone(code);
    }
    let wanted = settings(json!({
        "catchments": [{ "id": "apl-65", "age_bound": 65 }],
        "zoning": { "set": "fr-2017", "measure": "apl-65", "date": "2018-01-01" }
    }));
    let a = measure(&t, &wanted).unwrap();
    sound(&a, 4);
    // N holds B, whose catchment holds C; S is D, at 12 consultations a year.
    let classes: Vec<bool> = a.zoning.as_ref().unwrap().zones.iter().map(|z| z.class.is_some()).collect();
    assert_eq!(classes, [false, true, false]);
    assert_eq!(core(&a, "zoning", "people_in_zip_a", None), Some(0.0));
    assert_eq!(core(&a, "zoning", "people_in_hors_vivier", None), Some(300.0));
    let (_, aids) = a.by_place.iter().find(|(name, _)| name == "aids").unwrap();
    assert!(aids.iter().all(String::is_empty), "{aids:?}");
}

#[test]
fn nothing_known_at_all_gives_no_figure_of_accessibility() {
    let mut t = world(&[100, 50], 30, &both_ways(0, 1, 5));
    staff(&mut t, "gp", &[false, false], &[]);
    let a = measured(&t);
    sound(&a, 2);
    assert_eq!(core(&a, "apl", "mean_by_standard_people", None), None);
    assert_eq!(core(&a, "apl", "people_near_unknown_supply", None), Some(150.0));
    assert_eq!(core(&a, "nearest", "people_of_unknown_time", None), Some(150.0));
    assert_eq!(core(&a, "nearest", "people_mean_min", None), None);
}

// ---- Defined figures.

#[test]
fn a_place_that_nobody_serves_has_none() {
    // B reaches no GP within 20 minutes, but within 30.
    let mut t = world(&[1000, 400], 30, &both_ways(0, 1, 25));
    staff(&mut t, "gp", &[true, true], &[(0, 100, None, Some(4000))]);
    let a = measured(&t);
    sound(&a, 2);
    assert_eq!(a.catchments[0].by_place, [4.0, 0.0]);
    assert_eq!(core(&a, "apl", "worst_tenth", None), Some(0.0));
    assert_eq!(core(&a, "apl", "best_over_worst_tenth", None), None, "nothing over 0");
    assert_eq!(core(&a, "apl", "people_at_most", Some(2.5)), Some(400.0));
    assert_eq!(core(&a, "nearest", "people_longest_min", None), Some(25.0));
}

#[test]
fn a_supply_with_no_one_around_is_said_to_be_unused() {
    // Nobody lives at B, nor within 20 minutes of it.
    let mut t = world(&[1000, 0], 30, &both_ways(0, 1, 21));
    staff(&mut t, "gp", &[true, true], &[(0, 100, None, Some(4000)), (1, 200, None, None)]);
    let a = measured(&t);
    sound(&a, 2);
    assert_eq!(a.catchments[0].unused, 8760.0);
    assert!(noted(&a, "supply that nobody reaches: 8,760"), "{:?}", a.notes);
    assert_eq!(core(&a, "apl", "mean_by_population", None), Some(4.0), "nobody's 0 weighs nothing");
    assert!(!noted(&measured(&with_unknown()), "nobody reaches"));
}

#[test]
fn territories_of_nobody() {
    let mut t = world(&[0, 0], 30, &both_ways(0, 1, 5));
    staff(&mut t, "gp", &[true, true], &[(0, 100, Some(40), None)]);
    let a = measured(&t);
    sound(&a, 2);
    for indicator in ["mean_by_standard_people", "mean_by_population", "median", "worst_tenth", "gini"] {
        assert_eq!(core(&a, "apl", indicator, None), None, "{indicator}");
    }
    assert_eq!(core(&a, "apl", "people_at_most", Some(2.5)), Some(0.0));
    assert_eq!(core(&a, "nearest", "people_mean_min", None), None);
    assert_eq!(core(&a, "nearest", "place_mean_min", None), Some(2.5), "places count, people do not");
    let empty = measured(&world(&[], 30, &[]));
    sound(&empty, 0);
    assert!(empty.figures.is_empty());
}

#[test]
fn an_island_keeps_to_itself() {
    let mut t = world(&[1000, 500, 200], 30, &both_ways(0, 1, 5));
    staff(&mut t, "gp", &[true; 3], &[(0, 100, None, None), (2, 50, None, Some(4000))]);
    let a = measured(&t);
    sound(&a, 3);
    // Half of 4,000 acts for 200 people.
    assert_eq!(a.catchments[0].by_place[2], 10.0);
    assert_eq!(a.coverage.unwrap().nearest[2], Some(Minutes::ZERO));
}

#[test]
fn a_known_supply_of_none_is_zero() {
    let mut t = world(&[1000, 500], 30, &both_ways(0, 1, 5));
    staff(&mut t, "gp", &[true, true], &[]);
    let a = measured(&t);
    sound(&a, 2);
    assert_eq!(core(&a, "apl", "mean_by_standard_people", None), Some(0.0));
    assert_eq!(core(&a, "apl", "people_at_most", Some(2.5)), Some(1500.0));
    assert_eq!(core(&a, "apl", "people_near_unknown_supply", None), Some(0.0));
    assert_eq!(core(&a, "apl", "gini", None), None, "nothing to share");
    assert_eq!(core(&a, "nearest", "people_reaching_none", None), Some(1500.0));
    assert_eq!(core(&a, "available", "people_reaching_none", None), Some(1185.0), "79 % of 1,500");
}

#[test]
fn without_a_table_of_gps_nothing_is_said_of_them() {
    let mut t = world(&[1000, 500], 30, &both_ways(0, 1, 5));
    let a = measured(&t);
    sound(&a, 2);
    assert!(a.catchments.is_empty() && a.coverage.is_none() && a.figures.is_empty(), "{:?}", a.figures);
    assert!(noted(&a, "no number of practitioners") && noted(&a, "no number of GPs"), "{:?}", a.notes);
    staff(&mut t, "nurse", &[true, true], &[(0, 300, None, None)]);
    // However old: the weights by age are those of GPs.
    t.places[0].need = Need::Ages([0, 0, 0, 0, 0, 1000].map(Persons));
    let a = measured(&t);
    sound(&a, 2);
    // 3 / 1,500 · 100,000.
    assert_eq!(core(&a, "apl-nurse", "mean_by_population", None), Some(200.0));
    assert_eq!(
        core(&a, "apl-nurse", "people_at_most", Some(2.5)),
        None,
        "a threshold of acts is not of posts"
    );
    let asked = measure(&t, &settings(json!({ "catchments": [{ "id": "apl" }] })));
    assert_eq!(asked.unwrap_err()[0].pointer, "/catchments/0/profession");
}
