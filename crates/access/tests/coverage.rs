//! Coverage: cases by hand, then against people written out one by one.
#![allow(clippy::unwrap_used, reason = "a helper of a test may fail it")]

use maillage_access::attach;
use maillage_access::coverage::{PeopleTimes, PlaceTimes, available, nearest};
use maillage_territory::{Minutes, Persons, PlaceIx, TravelSource, TravelTimes};
use proptest::prelude::*;

fn m(minutes: u16) -> Minutes {
    Minutes::whole(minutes)
}

fn h(hundredths: u32) -> Minutes {
    Minutes::from_hundredths(hundredths)
}

/// A table over `n` places, cut at 30 minutes.
fn table(n: usize, triples: &[(u32, u32, Minutes)]) -> TravelTimes {
    let source = TravelSource::Table { source: "test".to_owned(), date: "2026".to_owned() };
    TravelTimes::new(n, m(30), source, triples.iter().map(|&(i, j, t)| (PlaceIx(i), PlaceIx(j), t)))
}

/// Villages on a road at these minutes.
fn road(at: &[u16]) -> TravelTimes {
    let mut triples = Vec::new();
    for (i, a) in (0..).zip(at) {
        for (j, b) in (0..).zip(at) {
            triples.push((i, j, m(a.abs_diff(*b))));
        }
    }
    table(at.len(), &triples)
}

#[test]
fn nearest_open_place_or_beyond() {
    // 0 ─5─ 1 ─20─ 2 ─45─ 3; open: 1 only. From 3 the way is 65 min, beyond the 30 of the table.
    let travel = road(&[0, 5, 25, 70]);
    assert_eq!(nearest(&travel, &[false, true, false, false]), [Some(m(5)), Some(m(0)), Some(m(20)), None]);
    assert_eq!(nearest(&travel, &[false; 4]), [None; 4]);
    assert_eq!(nearest(&travel, &[true; 4]), [Some(m(0)); 4]);
    // Times are from people to care: the way back does not count.
    let one_way = table(2, &[(0, 1, m(7))]);
    assert_eq!(nearest(&one_way, &[false, true]), [Some(m(7)), Some(m(0))]);
    assert_eq!(nearest(&one_way, &[true, false]), [Some(m(0)), None]);
}

#[test]
fn people_and_places_are_two_counts() {
    // Times 0, 10, 10.01, 20, none; people 100, 50, 30, 0, 20.
    let times = [Some(m(0)), Some(m(10)), Some(h(1001)), Some(m(20)), None];
    let people = [100, 50, 30, 0, 20].map(Persons);
    let zone = PeopleTimes::new(times.into_iter().zip(people), &[m(10), m(15), m(30), m(40)], m(30));
    assert_eq!(zone.people, Persons(200));
    let within: Vec<_> = zone.people_within.iter().map(|w| w.people).collect();
    // The 20 without answer may or may not be within 40 min: the table stops at 30.
    assert_eq!(within, [Some(Persons(150)), Some(Persons(180)), Some(Persons(180)), None]);
    assert_eq!(zone.people_reaching_none, Persons(20));
    // (100·0 + 50·10 + 30·10.01) / 180 = 800.3 / 180 = 4.446
    assert_eq!(zone.people_mean, Some(h(445)));
    // Half of 180 is 90: 0 min. 95 % is 171: 10.01 min. At 20 min nobody lives.
    assert_eq!(
        (zone.people_median, zone.people_p95, zone.people_longest),
        (Some(m(0)), Some(h(1001)), Some(h(1001)))
    );

    let places = PlaceTimes::new(times, &[m(10), m(40)], m(30));
    assert_eq!((places.places, places.places_reaching_none), (5, 1));
    assert_eq!(places.places_within.iter().map(|w| w.places).collect::<Vec<_>>(), [Some(2), None]);
    // (0 + 10 + 10.01 + 20) / 4 = 10.0025; half of 4 is 2: 10 min; 95 % is 3.8: 20 min.
    assert_eq!(places.place_mean, Some(m(10)));
    assert_eq!(
        (places.place_median, places.place_p95, places.place_longest),
        (Some(m(10)), Some(m(20)), Some(m(20)))
    );
}

#[test]
fn the_mean_is_rounded_half_up() {
    let mean = |times: &[(u32, u64)]| {
        let pairs = times.iter().map(|&(t, n)| (Some(h(t)), Persons(n)));
        PeopleTimes::new(pairs, &[], m(30)).people_mean
    };
    assert_eq!(mean(&[(0, 1), (1, 1)]), Some(h(1)), "0.5 hundredths");
    assert_eq!(mean(&[(0, 2), (1, 1)]), Some(h(0)), "0.33 hundredths");
    assert_eq!(mean(&[(0, 1), (1, 2)]), Some(h(1)), "0.67 hundredths");
}

#[test]
fn a_percentile_is_reached_exactly() {
    // 95 of 100 people at 5 min: 95 % are within 5. With 94, the next time is needed.
    let p95 = |near: u64| {
        let pairs = [(Some(m(5)), Persons(near)), (Some(m(9)), Persons(100 - near))];
        PeopleTimes::new(pairs, &[], m(30)).people_p95
    };
    assert_eq!((p95(95), p95(94)), (Some(m(5)), Some(m(9))));
}

#[test]
fn nobody_has_no_time() {
    for times in [vec![], vec![(Some(m(5)), Persons(0))], vec![(None, Persons(7))]] {
        let none: u64 = times.iter().filter(|(t, _)| t.is_none()).map(|(_, p)| p.0).sum();
        let zone = PeopleTimes::new(times, &[m(10)], m(30));
        assert_eq!(zone.people_within[0].people, Some(Persons(0)));
        assert_eq!(zone.people_reaching_none, Persons(none));
        assert_eq!(
            (zone.people_mean, zone.people_median, zone.people_p95, zone.people_longest),
            (None, None, None, None)
        );
    }
    let places = PlaceTimes::new([], &[], m(30));
    assert_eq!((places.places, places.place_mean, places.place_longest), (0, None, None));
}

#[test]
fn a_limit_beyond_the_table_is_known_when_everybody_reaches_one() {
    let within =
        |times: &[Option<Minutes>]| PlaceTimes::new(times.to_vec(), &[m(60)], m(30)).places_within[0];
    assert_eq!(within(&[Some(m(5)), Some(m(30))]).places, Some(2));
    assert_eq!(within(&[Some(m(5)), None]).places, None);
}

#[test]
fn json_gives_minutes() {
    let zone = PeopleTimes::new([(Some(h(1250)), Persons(2))], &[m(10)], m(30));
    let json = serde_json::to_string(&zone).unwrap();
    assert_eq!(
        json,
        r#"{"people":2,"people_within":[{"limit_min":10,"people":0}],"people_reaching_none":0,"people_mean_min":12.5,"people_median_min":12.5,"people_p95_min":12.5,"people_longest_min":12.5}"#
    );
    let places = PlaceTimes::new([None], &[m(10)], m(5));
    let json = serde_json::to_string(&places).unwrap();
    assert_eq!(
        json,
        r#"{"places":1,"places_within":[{"limit_min":10,"places":null}],"places_reaching_none":1,"place_mean_min":null,"place_median_min":null,"place_p95_min":null,"place_longest_min":null}"#
    );
}

#[test]
fn an_available_list_may_be_farther_than_the_nearest() {
    // 0 ─8─ 1 ─12─ 2; 100 people each; room for 150 at 0 and 100 at 2.
    // Both 100 at 0 and 100 at 2 stay; 50 of place 1 find room at 0 in 8 min; 50 of them have no list.
    let travel = road(&[0, 8, 20]);
    let lists = attach(&travel, &[100, 100, 100].map(Persons), &[150, 0, 100].map(Persons), m(20));
    let by_place = available(&lists);
    assert_eq!(by_place[0], [(Some(m(0)), Persons(100))]);
    assert_eq!(by_place[1], [(Some(m(8)), Persons(50)), (None, Persons(50))]);
    let zone = |places: &[usize]| {
        let times = places.iter().flat_map(|&i| by_place[i].iter().copied());
        PeopleTimes::new(times, &[m(5), m(10)], m(20))
    };
    let all = zone(&[0, 1, 2]);
    assert_eq!(all.people, Persons(300));
    assert_eq!(
        all.people_within.iter().map(|w| w.people).collect::<Vec<_>>(),
        [Some(Persons(200)), Some(Persons(250))]
    );
    // 50·8 / 250 = 1.6
    assert_eq!((all.people_reaching_none, all.people_mean), (Persons(50), Some(h(160))));
    assert_eq!((zone(&[1]).people_mean, zone(&[1]).people_reaching_none), (Some(m(8)), Persons(50)));
    // Whatever the room, all are within 8 min of a GP.
    assert_eq!(nearest(&travel, &[true, false, true]), [Some(m(0)), Some(m(8)), Some(m(0))]);
}

fn times() -> impl Strategy<Value = Vec<(Option<u32>, u64)>> {
    prop::collection::vec((prop::option::weighted(0.8, 0u32..30), 0u64..6), 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_people_one_by_one(times in times(), limit in 0u32..35) {
        let pairs = times.iter().map(|&(t, n)| (t.map(h), Persons(n)));
        let zone = PeopleTimes::new(pairs, &[h(limit)], h(29));
        let mut known: Vec<u32> = Vec::new();
        let mut none = 0;
        for &(t, n) in &times {
            for _ in 0..n {
                match t {
                    Some(t) => known.push(t),
                    None => none += 1,
                }
            }
        }
        known.sort_unstable();
        prop_assert_eq!(zone.people, Persons(known.len() as u64 + none));
        prop_assert_eq!(zone.people_reaching_none, Persons(none));
        let within = known.iter().filter(|&&t| t <= limit).count() as u64;
        let answer = (limit <= 29 || none == 0).then_some(Persons(within));
        prop_assert_eq!(zone.people_within[0].people, answer);
        // The k-th person in order of time, k = ⌈share · n⌉.
        let nth = |percent: usize| {
            let k = (known.len() * percent).div_ceil(100);
            k.checked_sub(1).map(|k| h(known[k]))
        };
        prop_assert_eq!(zone.people_median, nth(50));
        prop_assert_eq!(zone.people_p95, nth(95));
        prop_assert_eq!(zone.people_longest, known.last().copied().map(h));
        let (sum, n) = (known.iter().sum::<u32>(), known.len() as u32);
        let mean = sum.checked_div(n).map(|whole| h(whole + u32::from(2 * (sum % n) >= n)));
        prop_assert_eq!(zone.people_mean, mean);
    }

    #[test]
    fn places_are_people_who_live_one_by_one(times in times()) {
        let limits = [h(5), h(12)];
        let people = PeopleTimes::new(times.iter().map(|&(t, _)| (t.map(h), Persons(1))), &limits, h(29));
        let places = PlaceTimes::new(times.iter().map(|&(t, _)| t.map(h)), &limits, h(29));
        prop_assert_eq!(people.people.0, places.places);
        prop_assert_eq!(people.people_reaching_none.0, places.places_reaching_none);
        for (a, b) in people.people_within.iter().zip(&places.places_within) {
            prop_assert_eq!(a.people.map(|p| p.0), b.places);
        }
        prop_assert_eq!(
            (people.people_mean, people.people_median, people.people_p95, people.people_longest),
            (places.place_mean, places.place_median, places.place_p95, places.place_longest)
        );
    }

    #[test]
    fn one_more_open_place_is_never_farther(
        pairs in prop::collection::vec((0u32..8, 0u32..8, 0u32..4000), 0..40),
        open in prop::collection::vec(any::<bool>(), 8),
        more in 0usize..8,
    ) {
        let travel = table(8, &pairs.iter().map(|&(i, j, t)| (i, j, h(t))).collect::<Vec<_>>());
        let before = nearest(&travel, &open);
        for (i, time) in (0..).zip(&before) {
            let best = (0..8).filter(|&j| open[j as usize]).filter_map(|j| travel.minutes(PlaceIx(i), PlaceIx(j)));
            prop_assert_eq!(*time, best.min());
        }
        let mut wider = open;
        wider[more] = true;
        for (a, b) in before.iter().zip(nearest(&travel, &wider)) {
            prop_assert!(b.unwrap_or(Minutes::whole(600)) <= a.unwrap_or(Minutes::whole(600)));
        }
    }

    #[test]
    fn nobody_on_a_list_goes_nearer_than_the_nearest(
        people in prop::collection::vec(0u64..50, 6),
        room in prop::collection::vec(0u64..50, 6),
        pairs in prop::collection::vec((0u32..6, 0u32..6, 0u32..3000), 0..30),
    ) {
        let travel = table(6, &pairs.iter().map(|&(i, j, t)| (i, j, h(t))).collect::<Vec<_>>());
        let people: Vec<Persons> = people.into_iter().map(Persons).collect();
        let room: Vec<Persons> = room.into_iter().map(Persons).collect();
        let open: Vec<bool> = room.iter().map(|r| r.0 > 0).collect();
        let near = nearest(&travel, &open);
        for ((list, near), all) in available(&attach(&travel, &people, &room, m(20))).iter().zip(near).zip(people) {
            prop_assert_eq!(list.iter().map(|&(_, p)| p).sum::<Persons>(), all);
            let times: Vec<_> = list.iter().filter_map(|&(t, _)| t).collect();
            prop_assert!(times.is_sorted() && times.iter().all(|&t| t >= near.unwrap() && t <= m(20)));
        }
    }
}
