//! How people choose, who stays, who leaves.

use crate::support::*;
use maillage_planning::HealthClash;
use maillage_programme::SiteIx;
use maillage_programme::health::*;
use maillage_territory::{Minutes, Persons, PlaceIx};

/// A centre for 40 people in the first village and one for 200 in the second; 100 people live in the first.
fn choice() -> Health {
    let mut h = programme(1, &[100, 0]);
    h.types = vec![kind("small", vec![gps(40, 0, 1)]), kind("large", vec![gps(200, 0, 1)])];
    h.sites = vec![candidate("b", 0, &[FIRST]), candidate("c", 1, &[SECOND])];
    h
}

/// The steps of 5 minutes and of 12, with what is left of people beyond.
fn decay(beyond_5: u8, beyond_12: u8) -> Behaviour {
    Behaviour::Decay(vec![(Minutes::whole(5), beyond_5), (Minutes::whole(12), beyond_12)])
}

#[test]
fn filling_takes_every_room() {
    let h = choice();
    assert_eq!(best(&road(&[10]), &h), 100);
    assert_eq!(best(&road(&[16]), &h), 40, "beyond the longest trip");
}

#[test]
fn the_nearest_open_list_or_none() {
    let mut h = choice();
    h.behaviour = Behaviour::Nearest;
    let t = road(&[10]);
    assert_eq!(best(&t, &h), 100, "the near one stays closed: all go to the far one");
    settle(&mut h, 0, 1, by(1));
    assert_eq!(best(&t, &h), 40, "the near one is open and holds 40");
    h.behaviour = Behaviour::Fill;
    assert_eq!(best(&t, &h), 100);
}

#[test]
fn an_open_list_is_nearest_even_without_posts() {
    let mut h = choice();
    h.behaviour = Behaviour::Nearest;
    h.pools = vec![Pool { places: Places::Some(vec![PlaceIx(0)]), ..pool(&[0]) }];
    assert_eq!(best(&road(&[10]), &h), 100);
    settle(&mut h, 0, 1, by(1));
    assert_eq!(best(&road(&[10]), &h), 0);
}

#[test]
fn nearest_of_equals_is_the_first() {
    // Both in one village: the first in the list of sites holds 40, the second 200.
    let mut h = choice();
    h.behaviour = Behaviour::Nearest;
    h.sites[1].addresses = vec![PlaceIx(0)];
    for site in 0..2 {
        settle(&mut h, site, 1, by(1));
    }
    assert_eq!(best(&road(&[10]), &h), 40);
    h.types.swap(0, 1);
    assert_eq!(best(&road(&[10]), &h), 100);
}

#[test]
fn a_practice_is_nearest_while_it_has_a_list() {
    let with = |lists: &[u64]| {
        let mut h = choice();
        h.sites.clear();
        h.behaviour = Behaviour::Nearest;
        add_practice(&mut h, "a", 0, lists);
        h.sites.push(candidate("c", 1, &[SECOND]));
        best(&road(&[10]), &h)
    };
    assert_eq!(with(&[40, 0]), 100, "it is gone in year 1");
    assert_eq!(with(&[40]), 40, "nobody passes it by");
}

/// All who can be on the practice's list stay on it: the list is full, and still the nearest.
#[test]
fn a_full_practice_is_nearest_too() {
    let mut h = choice();
    h.sites.clear();
    h.behaviour = Behaviour::Nearest;
    h.attachments_kept = true;
    add_practice(&mut h, "a", 0, &[40]);
    h.sites.push(candidate("c", 1, &[SECOND]));
    assert_eq!(best(&road(&[10]), &h), 40);
}

#[test]
fn fewer_accept_longer_trips() {
    let with = |gap: u16, behaviour| best(&road(&[gap]), &Health { behaviour, ..choice() });
    // 40 at home; of 100 people 30 accept more than 5 minutes, 10 more than 12.
    assert_eq!((with(10, decay(30, 10)), with(13, decay(30, 10)), with(5, decay(30, 10))), (70, 50, 100));
    assert_eq!((with(10, decay(0, 0)), with(10, decay(100, 0)), with(13, decay(100, 0))), (40, 100, 40));
    assert_eq!(with(12, decay(30, 10)), 70, "beyond is beyond: 12 minutes are not");
}

#[test]
fn shares_of_small_places_are_rounded_down() {
    // Two hamlets at the same distance of 13 and 9 people: a third of each, 4 + 2, not a third of 22.
    let mut h = programme(1, &[13, 9, 0]);
    h.types = vec![kind("large", vec![gps(200, 0, 1)])];
    h.sites = vec![candidate("c", 2, &[FIRST])];
    h.behaviour = decay(33, 33);
    let t = territory(&[&[0, 30, 10], &[30, 0, 10], &[10, 10, 0]]);
    assert_eq!(best(&t, &h), 4 + 2);
    h.behaviour = decay(34, 33);
    assert_eq!(best(&t, &h), 4 + 3);
}

/// A practice of 100 in the first village, and 100 people in either.
fn practice(lists: &[u64], kept: bool) -> Health {
    let mut h = programme(lists.len() as u8 - 1, &[100, 100]);
    h.attachments_kept = kept;
    add_practice(&mut h, "a", 0, lists);
    h
}

#[test]
fn departures() {
    let t = road(&[10]);
    let h = practice(&[100, 60, 30, 0], true);
    let s = proven(&t, &h);
    assert_eq!(s.goals[0].objective, 100 * (60 + 30));
    let base = [Attached {
        year: 0,
        from: PlaceIx(0),
        site: SiteIx(0),
        people: Persons(100),
        minutes: Minutes::ZERO,
    }];
    assert_eq!(s.base, base);
    let before: Vec<_> = s.before[0].iter().map(|a| (a.year, a.people.0)).collect();
    assert_eq!(before, [(1, 60), (2, 30)]);
    assert_eq!(s.plan.futures[0].attached, s.before[0], "nothing can be decided");
}

#[test]
fn people_stay_on_their_list() {
    // Those of the first village are on the list today: a floor for the second finds room only when all are free.
    let t = road(&[10]);
    let floor = |percent| {
        vec![HealthRule::Attached { places: Places::Some(vec![PlaceIx(1)]), percent, years: (1, 1) }]
    };
    let free = Health { rules: floor(50), ..practice(&[100, 50], false) };
    assert_eq!(best(&t, &free), 50);
    let kept = Health { rules: floor(50), ..practice(&[100, 50], true) };
    assert_eq!(clash(&t, &kept), [HealthClash::Rule(0)], "floor(100 · 50 / 100) stay");
    // 99 on a list of 99 stay on one of 100: one place is free.
    let grown = Health { rules: floor(1), ..practice(&[99, 100], true) };
    let s = proven(&t, &grown);
    assert_eq!((on_lists(&s, 1, 0), on_lists(&s, 1, 1)), (99, 1), "a list that grows keeps everyone");
}

#[test]
fn those_who_stay_are_rounded_down_by_place() {
    // 3 people of each of two villages on a list of 6; of 5 places floor(3 · 5 / 6) = 2 of each are kept: one is free.
    let mut h = practice(&[6, 5], true);
    h.people = vec![vec![Persons(3), Persons(3)]; 2];
    let t = road(&[10]);
    let floor = |place, percent| HealthRule::Attached {
        places: Places::Some(vec![PlaceIx(place)]),
        percent,
        years: (1, 1),
    };
    let with = |rule| {
        let s = proven(&t, &Health { rules: vec![rule], ..h.clone() });
        (on_lists(&s, 1, 0), on_lists(&s, 1, 1))
    };
    assert_eq!(with(floor(0, 100)), (3, 2));
    assert_eq!(with(floor(1, 100)), (2, 3));
}

#[test]
fn people_of_a_structure_stay_unless_it_may_close() {
    let with = |may_close| {
        let mut h = programme(1, &[100, 100]);
        h.attachments_kept = true;
        h.types = vec![kind("centre", vec![gps(100, 0, 1)])];
        h.sites = vec![site(
            "b",
            &[0],
            Standing::Existing(Existing {
                kind: FIRST,
                posts: vec![maillage_territory::Fte::whole(1)],
                may_close,
            }),
        )];
        h.rules =
            vec![HealthRule::Attached { places: Places::Some(vec![PlaceIx(1)]), percent: 1, years: (1, 1) }];
        solve(&road(&[10]), &h)
    };
    let clashes = maillage_planning::HealthSolved::Infeasible(vec![HealthClash::Rule(0)]);
    assert_eq!(with(false), clashes, "all 100 of the first village stay");
    assert!(matches!(with(true), maillage_planning::HealthSolved::Plan(_)));
}

#[test]
fn those_who_leave_the_place_are_not_kept() {
    // 100 on the list today, 80 people next year.
    let mut h = practice(&[100, 100], true);
    h.people[1][0] = Persons(80);
    let s = proven(&road(&[10]), &h);
    assert_eq!((on_lists(&s, 1, 0), on_lists(&s, 1, 1)), (80, 20));
}

/// Those who already travel far stay, though fewer accept it; nobody joins them.
#[test]
fn long_trips_of_those_who_stay_are_kept() {
    let mut h = programme(1, &[0, 100]);
    h.attachments_kept = true;
    h.behaviour = decay(50, 0);
    add_practice(&mut h, "a", 0, &[50]);
    h.types = vec![kind("centre", vec![gps(30, 0, 1)])];
    h.sites.push(candidate("b", 0, &[FIRST]));
    // Half of 100 are on the practice's list; nobody else accepts 10 minutes.
    assert_eq!(best(&road(&[10]), &h), 50);
    h.behaviour = decay(70, 0);
    assert_eq!(best(&road(&[10]), &h), 70);
    h.behaviour = Behaviour::Fill;
    assert_eq!(best(&road(&[10]), &h), 80);
    // Of 60 people 30 would accept; the 50 stay all the same.
    h.behaviour = decay(50, 0);
    h.people[1][1] = Persons(60);
    assert_eq!(best(&road(&[10]), &h), 50);
}

/// Two places alike but for those who stay: what one does not accept the other may not use.
#[test]
fn places_that_are_alike_accept_trips_each_for_itself() {
    // From either hamlet: the practice at 8 minutes, the centre at 13. 50 of the first are with the practice today:
    // nobody else of them goes beyond 5 minutes, of the second 50 beyond 5, and 40 of each beyond 12.
    let mut h = programme(1, &[0, 0, 100, 100]);
    h.people[0][3] = Persons(0);
    h.attachments_kept = true;
    h.behaviour = decay(50, 40);
    h.types = vec![kind("centre", vec![gps(200, 0, 1)])];
    add_practice(&mut h, "a", 0, &[50]);
    h.sites.push(candidate("b", 1, &[FIRST]));
    let t = territory(&[&[0, 20, 8, 8], &[20, 0, 13, 13], &[8, 13, 0, 30], &[8, 13, 30, 0]]);
    let s = proven(&t, &h);
    assert_eq!(s.goals[0].objective, 100 * (50 + 40));
}
