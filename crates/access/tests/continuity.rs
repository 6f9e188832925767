//! Periods, points and rotas by hand, and against a search of every pair.
#![allow(clippy::unwrap_used, reason = "a test stops where its own data are wrong")]

use maillage_access::Basis;
use maillage_access::continuity::{
    BadContinuity, Continuity, ContinuitySettings, PlaceAccess, Reach, Reached, continuity,
};
use maillage_input::{Document, Lang};
use maillage_territory::{
    DutyKind, DutyPoint, Minutes, PeriodId, Persons, PlaceIx, Rota, SiteId, TravelSource, TravelTimes,
};
use proptest::prelude::*;

fn period(id: &str) -> PeriodId {
    PeriodId::new(id).unwrap()
}

fn periods(ids: &[&str]) -> Vec<PeriodId> {
    ids.iter().map(|id| period(id)).collect()
}

fn site(id: &str) -> SiteId {
    SiteId::new(id).unwrap()
}

fn rota(id: &str, volunteers: u32, lines: u32, of: &[&str]) -> Rota {
    Rota { id: site(id), name: format!("Garde {id}"), volunteers, lines, periods: periods(of) }
}

fn point(id: &str, kind: DutyKind, place: u32, of: &[&str], rota: Option<&str>) -> DutyPoint {
    let periods = periods(of);
    DutyPoint {
        id: site(id),
        name: id.to_owned(),
        kind,
        place: PlaceIx(place),
        periods,
        rota: rota.map(site),
    }
}

/// Places on a road, 10 minutes from each to the next, known up to 60.
fn road(n: u32) -> TravelTimes {
    let source = TravelSource::Table { source: "test".to_owned(), date: "2025".to_owned() };
    let triples = (0..n).flat_map(|i| {
        (0..n).map(move |j| (PlaceIx(i), PlaceIx(j), Minutes::whole(10 * i.abs_diff(j) as u16)))
    });
    TravelTimes::new(n as usize, Minutes::whole(60), source, triples)
}

fn people(list: &[u64]) -> Vec<Persons> {
    list.iter().map(|&p| Persons(p)).collect()
}

fn count(within: u64, care: u64, emergency: u64, beyond: u64) -> Reached {
    Reached {
        people: Persons(within + beyond),
        people_within: Persons(within),
        people_within_care: Persons(care),
        people_emergency_only: Persons(emergency),
        people_beyond: Persons(beyond),
    }
}

/// One line over evenings (365), Saturday afternoons (52), Sundays and holidays (63): 480 shifts a year; 48 for each
/// of 10 volunteers, 96 for each of 5.
#[test]
fn the_arithmetic_of_rotas() {
    let three = ["evening", "saturday-afternoon", "sunday-holiday"];
    let rotas = [
        rota("ten", 10, 1, &three),
        rota("five", 5, 1, &three),
        rota("four", 4, 1, &three),
        rota("none", 0, 1, &three),
        rota("no-line", 9, 0, &three),
        // 365 × 2 / 7 = 104.2857
        rota("two-lines", 7, 2, &["evening"]),
        rota("idle", 6, 1, &[]),
    ];
    let result = continuity(&ContinuitySettings::default(), &road(1), &people(&[1]), &[], &rotas).unwrap();
    let load: Vec<_> = result
        .rotas
        .iter()
        .map(|r| (r.shifts_per_year, r.shifts_per_volunteer_hundredths, r.missing_volunteers))
        .collect();
    let expected = [
        (480, Some(4_800), 0),
        (480, Some(9_600), 0),
        (480, Some(12_000), 1),
        (480, None, 5),
        (0, Some(0), 0),
        (730, Some(10_429), 0),
        (0, Some(0), 0),
    ];
    assert_eq!(load, expected);
    let refused: Vec<bool> = result.rotas.iter().map(|r| r.refused.is_some()).collect();
    assert_eq!(refused, [false, false, true, true, true, false, false]);
    let falls: Vec<bool> = result.rotas.iter().map(|r| r.falls_if_one_leaves).collect();
    assert_eq!(falls, [false, true, false, false, false, false, false]);
    let why = result.rotas[2].refused.as_ref().unwrap();
    assert_eq!(why.get(Lang::Fr), "liste « Garde four » refusée : 4 volontaires, moins que le minimum de 5");
    assert_eq!(why.get(Lang::En), "rota \"Garde four\" refused: 4 volunteers, fewer than the floor of 5");
    assert_eq!(
        result.rotas[3].refused.as_ref().unwrap().fr,
        "liste « Garde none » refusée : 0 volontaire, moins que le minimum de 5"
    );
}

/// Places 0 to 7 at 10 min, 1, 2, 4, ... 128 people; 30 minutes. A duty house at 1 (evening, rota of 6), an
/// emergency unit at 4 (always), a practice at 7 (Saturday afternoon by a staff of its own).
/// Evening: the house reaches 0..=4 = 31; the unit 1..=7; so 5, 6, 7 = 32 + 64 + 128 by the unit only.
/// Deep night: the unit reaches 1..=7 = 254, place 0 at 40 min is beyond.
/// Saturday: the practice reaches 4..=7 = 240; by the unit only 1, 2, 3 = 14; beyond 0 = 1.
#[test]
fn a_road_with_three_points() {
    let points = [
        point("mmg", DutyKind::DutyHouse, 1, &["evening", "saturday-afternoon"], Some("team")),
        point("su", DutyKind::Emergency, 4, &[], None),
        point("cds", DutyKind::Practice, 7, &["saturday-afternoon"], None),
    ];
    let people = people(&[1, 2, 4, 8, 16, 32, 64, 128]);
    let run = |volunteers| {
        let rotas = [rota("team", volunteers, 1, &["evening", "deep-night"])];
        continuity(&ContinuitySettings::default(), &road(8), &people, &points, &rotas).unwrap()
    };
    let total = |c: &Continuity| c.periods.iter().map(|p| p.total).collect::<Vec<_>>();
    let held = run(6);
    // The house keeps to the periods that it and its rota both serve: neither deep night nor Saturday.
    assert_eq!(
        total(&held),
        [count(255, 31, 224, 0), count(254, 0, 254, 1), count(254, 240, 14, 1), count(254, 0, 254, 1)]
    );
    let evening = &held.periods[0];
    assert_eq!(evening.id, period("evening"));
    let at = |i: usize| {
        (evening.places[i].nearest.map(|m| m.hundredths()), evening.places[i].kind, evening.places[i].reach)
    };
    assert_eq!(at(0), (Some(1_000), Some(DutyKind::DutyHouse), Reach::Care));
    assert_eq!(at(3), (Some(1_000), Some(DutyKind::Emergency), Reach::Care));
    assert_eq!(at(7), (Some(3_000), Some(DutyKind::Emergency), Reach::EmergencyOnly));
    let night = held.periods[1].places[0];
    assert_eq!(
        night,
        PlaceAccess {
            reach: Reach::Beyond,
            nearest: Some(Minutes::whole(40)),
            kind: Some(DutyKind::Emergency)
        }
    );
    assert_eq!(evening.over(&people, [PlaceIx(4), PlaceIx(5), PlaceIx(99)]), count(48, 16, 32, 0));
    assert_eq!(evening.over(&people, (0..8).map(PlaceIx)), evening.total);
    // With one volunteer too few the evening depends on the unit as the night does.
    let refused = run(4);
    assert_eq!(total(&refused)[0], count(254, 0, 254, 1));
    assert!(!refused.rotas[0].falls_if_one_leaves);
    let json = serde_json::to_value(held.periods[1].places[0]).unwrap();
    assert_eq!(json, serde_json::json!({"reach": "beyond", "nearest_min": 40, "kind": "emergency"}));
    let parts = PlaceAccess {
        reach: Reach::Care,
        nearest: Some(Minutes::from_hundredths(1205)),
        kind: Some(DutyKind::Practice),
    };
    let json = serde_json::to_value(parts).unwrap();
    assert_eq!(json, serde_json::json!({"reach": "care", "nearest_min": 12.05, "kind": "practice"}));
}

/// At the same place and at the same time a practice goes before an emergency unit, whatever the order given.
#[test]
fn a_practice_goes_before_a_unit_at_equal_times() {
    let unit = |place| point("su", DutyKind::Emergency, place, &[], None);
    let practice = |place| point("cds", DutyKind::Practice, place, &[], None);
    for points in [[unit(1), practice(1)], [practice(1), unit(1)], [unit(0), practice(2)]] {
        let result =
            continuity(&ContinuitySettings::default(), &road(3), &people(&[0, 7, 0]), &points, &[]).unwrap();
        assert_eq!(result.periods[0].places[1].kind, Some(DutyKind::Practice));
        assert_eq!(result.periods[0].total, count(7, 7, 0, 0));
    }
    let nothing = continuity(&ContinuitySettings::default(), &road(1), &people(&[7]), &[], &[]).unwrap();
    assert_eq!(nothing.periods[3].places[0], PlaceAccess { reach: Reach::Beyond, nearest: None, kind: None });
}

#[test]
fn everything_wrong_is_said_at_once() {
    let mut settings = ContinuitySettings { within_min: 61.0, ..ContinuitySettings::default() };
    settings.periods.push(settings.periods[0].clone());
    let points = [
        point("a", DutyKind::Practice, 0, &["lunch"], Some("ghost")),
        point("b", DutyKind::Practice, 3, &[], None),
    ];
    let rotas = [rota("r", 5, 1, &["evening"]), rota("r", 5, 1, &["brunch"])];
    let wrong = continuity(&settings, &road(3), &people(&[1, 1, 1]), &points, &rotas).unwrap_err();
    let expected = [
        BadContinuity::BeyondTravel { most: Minutes::whole(60) },
        BadContinuity::PeriodTwice(period("evening")),
        BadContinuity::RotaTwice(site("r")),
        BadContinuity::UnknownPeriod { of: site("r"), period: period("brunch") },
        BadContinuity::UnknownPeriod { of: site("a"), period: period("lunch") },
        BadContinuity::UnknownRota { point: site("a"), rota: site("ghost") },
        BadContinuity::NoPlace(site("b")),
    ];
    assert_eq!(wrong, expected);
    for within_min in [f64::NAN, 0.0, -1.0, f64::INFINITY] {
        let settings = ContinuitySettings { within_min, ..ContinuitySettings::default() };
        let wrong = continuity(&settings, &road(1), &people(&[1]), &[], &[]).unwrap_err();
        assert_eq!(wrong, [BadContinuity::Within], "{within_min}");
    }
    let settings = ContinuitySettings { periods: vec![], ..ContinuitySettings::default() };
    assert_eq!(
        continuity(&settings, &road(1), &people(&[1]), &[], &[]).unwrap_err(),
        [BadContinuity::NoPeriod]
    );
}

#[test]
fn settings_in_json() {
    let decode = |text: &str| Document::parse("c.json", text).unwrap().decode::<ContinuitySettings>();
    let defaults = decode("{}").unwrap();
    assert_eq!(defaults, ContinuitySettings::default());
    assert_eq!((defaults.within_min, defaults.volunteers_floor, defaults.basis), (30.0, 5, Basis::Assumed));
    let shifts: Vec<_> = defaults.periods.iter().map(|p| (p.id.as_str(), p.shifts_per_year)).collect();
    let known = [("evening", 365), ("deep-night", 365), ("saturday-afternoon", 52), ("sunday-holiday", 63)];
    assert_eq!(shifts, known);
    let text = serde_json::to_string(&defaults).unwrap();
    assert_eq!(decode(&text).unwrap(), defaults);
    assert!(decode(r#"{"within": 30}"#).is_err());
    assert!(decode(r#"{"within_min": 0}"#).is_err());
    assert!(decode(r#"{"volunteers_floor": 0}"#).is_err());
    assert!(decode(r#"{"periods": []}"#).is_err());
}

const WORDS: [&str; 2] = ["evening", "deep-night"];
const KINDS: [DutyKind; 3] = [DutyKind::Practice, DutyKind::DutyHouse, DutyKind::Emergency];

/// Subsets of the two words by the bits of a number.
fn some(bits: u8) -> Vec<&'static str> {
    (0..2).filter(|i| bits >> i & 1 == 1).map(|i| WORDS[i]).collect()
}

type RawPoint = (usize, u32, u8, Option<u8>);

fn raw_points() -> impl Strategy<Value = Vec<RawPoint>> {
    prop::collection::vec((0usize..3, 0u32..5, 0u8..4, prop::option::of(0u8..2)), 0..6)
}

proptest! {
    /// Every pair of place and point looked at, without sorted lists.
    #[test]
    fn as_a_search_of_every_pair(
        raw in raw_points(),
        volunteers in prop::array::uniform2(3u32..8),
        serve in prop::array::uniform2(0u8..4),
        times in prop::collection::vec(prop::option::of(0u32..8), 25),
    ) {
        let names = ["r0", "r1"];
        let rotas: Vec<Rota> =
            (0..2).map(|i| rota(names[i], volunteers[i], 1, &some(serve[i]))).collect();
        let points: Vec<DutyPoint> = raw
            .iter()
            .enumerate()
            .map(|(i, &(k, place, bits, r))| {
                point(&format!("p{i}"), KINDS[k], place, &some(bits), r.map(|r| names[r as usize]))
            })
            .collect();
        let source = TravelSource::Table { source: String::new(), date: String::new() };
        let triples = times.iter().enumerate().filter_map(|(n, t)| {
            let time = Minutes::whole(10 * (*t)? as u16);
            Some((PlaceIx(n as u32 / 5), PlaceIx(n as u32 % 5), time))
        });
        let travel = TravelTimes::new(5, Minutes::whole(60), source, triples);
        let people = people(&[1, 10, 100, 1_000, 10_000]);
        let result = continuity(&ContinuitySettings::default(), &travel, &people, &points, &rotas).unwrap();
        for (w, word) in WORDS.iter().enumerate() {
            let open = |p: &&DutyPoint| {
                let own = p.periods.is_empty() || p.periods.contains(&period(word));
                own && p.rota.as_ref().is_none_or(|id| {
                    let r = rotas.iter().find(|r| r.id == *id).unwrap();
                    r.volunteers >= 5 && r.periods.contains(&period(word))
                })
            };
            let mut expected = Reached::default();
            for (i, &here) in people.iter().enumerate() {
                let mut times: Vec<(Minutes, DutyKind)> = points
                    .iter()
                    .filter(open)
                    .filter_map(|p| travel.minutes(PlaceIx(i as u32), p.place).map(|t| (t, p.kind)))
                    .collect();
                times.sort();
                let near = |emergency: bool| {
                    times.iter().any(|&(t, k)| t <= Minutes::whole(30) && (k == DutyKind::Emergency) == emergency)
                };
                let place = &result.periods[w].places[i];
                prop_assert_eq!(place.nearest.zip(place.kind), times.first().copied());
                expected.people = expected.people + here;
                let part = match (near(false), near(true)) {
                    (true, _) => &mut expected.people_within_care,
                    (false, true) => &mut expected.people_emergency_only,
                    _ => &mut expected.people_beyond,
                };
                *part = *part + here;
            }
            expected.people_within = expected.people_within_care + expected.people_emergency_only;
            prop_assert_eq!(result.periods[w].total, expected);
        }
    }
}
