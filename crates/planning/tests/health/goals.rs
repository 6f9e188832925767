//! Goals, one after the other and together.

use crate::support::*;
use maillage_planning::GoalStatus;
use maillage_programme::health::*;
use maillage_programme::{AccessBasis, Euros, SiteIx};
use maillage_territory::{Area, AreaKind, Fte, Minutes, Persons, Territory};

fn with_goals(h: &mut Health, goals: &[HealthGoal]) {
    h.goals = goals.iter().map(|g| seek(*g, 0)).collect();
}

/// One opening in the villages, the first with 60 people and the second with 100.
fn one_opening(years: u8) -> (Territory, Health) {
    let (t, mut h) = villages(years);
    h.people = programme(years, &[60, 100]).people;
    h.rules = vec![HealthRule::Exclusive { sites: vec![SiteIx(0), SiteIx(1)], most: 1 }];
    (t, h)
}

fn opened(s: &maillage_planning::SolvedHealth) -> Vec<u32> {
    s.plan.openings.iter().map(|o| o.site.0).collect()
}

#[test]
fn people_within_a_time() {
    let (t, mut h) = one_opening(2);
    let with = |h: &mut Health, minutes| {
        with_goals(h, &[HealthGoal::PeopleWithin(Minutes::whole(minutes))]);
        let s = proven(&t, h);
        (s.goals[0].objective / 100, opened(&s))
    };
    assert_eq!(with(&mut h, 9), (200, vec![1]), "100 people in two years");
    assert_eq!(with(&mut h, 10).0, 320);
    // A practice in the second village, with a GP in year 1 only: the first village for 60 · 2, or the second for 100.
    add_practice(&mut h, "d", 1, &[50, 50, 0]);
    assert_eq!(with(&mut h, 9), (60 * 2 + 100, vec![0]));
    h.futures[0].practices.clear();
    assert_eq!(with(&mut h, 9), (200, vec![1]), "no GP, no address");
}

#[test]
fn least_travel() {
    // One opening holds 80: in the second village nobody has to travel, in the first 20 would.
    let (t, mut h) = one_opening(1);
    with_goals(&mut h, &[HealthGoal::PeopleAttached, HealthGoal::TravelTime]);
    let s = proven(&t, &h);
    assert_eq!((s.goals[1].objective, opened(&s)), (0, vec![1]));
    h.sites.pop();
    assert_eq!(values(&t, &h), [80, 20 * 1000]);
}

/// Two places too far apart for any catchment, 100 people each; a practice of 300 acts in the first; one GP who gives
/// 400 acts in either.
fn acts(inhabitants: [u64; 2]) -> (Territory, Health) {
    let (_, mut h) = villages(1);
    h.types[0].posts[0] = PostKind { acts: 400, ..gps(40, 1, 1) };
    h.pools = vec![pool(&[1])];
    let a = add_practice(&mut h, "d", 0, &[0]);
    h.futures[0].practices.get_mut(&a).unwrap().iter_mut().for_each(|p| p.acts = 300);
    h.access = Some(AccessBasis {
        inhabitants: inhabitants.iter().map(|n| Persons(*n)).collect(),
        standard_people: vec![10_000, 10_000],
        known: vec![true, true],
        acts_per_gp: 4000,
    });
    (road(&[30]), h)
}

/// The plan reaches the value, and the bound is hardly beyond: what whole numbers round away is not proven.
fn reaches(t: &Territory, h: &Health, value: i128) -> Vec<u32> {
    let s = plan(t, h);
    let g = s.goals[0];
    assert_eq!(g.objective, value * 100);
    assert!((g.bound - g.objective).abs() <= 1_000_000, "{g:?}");
    opened(&s)
}

#[test]
fn accessibility_of_the_worst_tenth() {
    // The worst 20 of 200 people. The GP in the second place: 300 / 100 = 3 acts there and 4 here, so 20 · 3 million
    // millionths. In the first place: 7 and none.
    let (t, mut h) = acts([100, 100]);
    with_goals(&mut h, &[HealthGoal::AplWorstTenth]);
    assert_eq!(reaches(&t, &h, 60_000_000), [1]);
    // Of the second place nothing is known: it is 10 · 7 million.
    h.access.as_mut().unwrap().known[1] = false;
    assert_eq!(reaches(&t, &h, 70_000_000), [0]);
    // Without the GP nobody helps the second place.
    let (t, mut h) = acts([100, 100]);
    with_goals(&mut h, &[HealthGoal::AplWorstTenth]);
    h.pools = vec![pool(&[0])];
    assert_eq!(reaches(&t, &h, 0), [0; 0]);
}

#[test]
fn accessibility_of_almost_nobody() {
    // A catchment that weighs a fifth of a person has 300 / 0.2 = 1,500 acts, or 2,000: there is no most.
    let (t, mut h) = acts([100, 100]);
    h.access.as_mut().unwrap().standard_people = vec![20, 20];
    with_goals(&mut h, &[HealthGoal::AplWorstTenth]);
    assert_eq!(plan(&t, &h).goals[0].objective, 20 * 1_500_000_000 * 100);
}

#[test]
fn catchments_weigh_trips() {
    // 15 minutes apart: weight 4/6. Each place weighs 100 + 66.67 people on either. Acts 300 and 400:
    // R0 = 600·10⁹·300 / 100000 = 18·10⁸, R1 = 24·10⁸ (demand 6·10000 + 4·10000 in sixths of hundredths).
    // Second place: (6·24 + 4·18)·10⁸ / 6000 = 3,600,000; first: (6·18 + 4·24)·10⁸ / 6000 = 3,400,000.
    let (_, mut h) = acts([100, 100]);
    with_goals(&mut h, &[HealthGoal::AplWorstTenth]);
    assert_eq!(reaches(&road(&[15]), &h, 20 * 3_400_000), [1]);
    // At 16 minutes 2/6: demand 80000, R0 = 22.5·10⁸, R1 = 30·10⁸; first (6·22.5 + 2·30)·10⁸ / 6000 = 3,250,000.
    assert_eq!(reaches(&road(&[16]), &h, 20 * 3_250_000), [1]);
}

#[test]
fn people_under_a_floor_of_accessibility() {
    let (t, mut h) = acts([100, 150]);
    let with = |h: &mut Health, floor| {
        with_goals(h, &[HealthGoal::PeopleUnderApl(floor)]);
        let s = plan(&t, h);
        (s.goals[0].objective / 100, s.plan.openings.iter().map(|o| o.site.0).collect::<Vec<_>>())
    };
    // The GP in the second place: 3 and 4 acts; in the first: 7 and 0.
    assert_eq!(with(&mut h, 350), (100, vec![1]), "the 100 of the first place, not the 150 of the second");
    assert_eq!(with(&mut h, 300), (0, vec![1]), "3 acts are not under 3");
    assert_eq!(with(&mut h, 401).0, 150, "7 in the first place, or all 250");
    assert_eq!(with(&mut h, 701).0, 250);
}

#[test]
fn acts_move_with_sessions() {
    // The practice gives three weekly sessions: 50 acts each arrive, 60 leave. 300 - 180 = 120 and 150 for 100 people.
    let (_, mut h) = acts([100, 100]);
    h.types[0].posts.clear();
    h.types[0].lead = Some(LeadRule { types: vec![], practices: true, within: Minutes::whole(30) });
    h.types[0].sessions =
        Some(SessionRule { most: 9, list: 0, lead_list: 0, acts: 50, lead_acts: 60, most_percent: 100 });
    h.sites.remove(0);
    let practices = h.futures[0].practices.remove(&SiteIx(2)).unwrap();
    let one = practices.into_iter().map(|p| Practice { gps: Fte::whole(1), ..p }).collect();
    h.futures[0].practices.insert(SiteIx(1), one);
    with_goals(&mut h, &[HealthGoal::AplWorstTenth]);
    // Two sessions: 1.8 and 1.0 acts; three: 1.2 and 1.5.
    assert_eq!(reaches(&road(&[30]), &h, 20 * 1_200_000), [0]);
}

#[test]
fn acts_of_a_pole_are_shared_by_its_addresses() {
    // 401 acts over two addresses: 201 and 200; 300 of the practice in the first.
    let (t, mut h) = acts([100, 100]);
    h.types[0].posts[0].acts = 401;
    h.sites[1].addresses.push(maillage_territory::PlaceIx(0));
    h.sites.remove(0);
    let practices = h.futures[0].practices.remove(&SiteIx(2)).unwrap();
    h.futures[0].practices.insert(SiteIx(1), practices);
    with_goals(&mut h, &[HealthGoal::AplWorstTenth]);
    // The main address is in the second place: 201 acts for 100 people.
    assert_eq!(reaches(&t, &h, 20 * 2_010_000), [0]);
}

#[test]
fn least_cost() {
    // A centre is settled: the cheaper type, at 90, and a post for 10 that its team needs.
    let (t, mut h) = villages(1);
    h.types = vec![
        kind("dear", vec![gps(40, 1, 2)]),
        kind("cheap", vec![PostKind { yearly: Euros(30), income: Euros(20), ..gps(40, 1, 2) }]),
    ];
    (h.types[0].capital, h.types[1].capital) = (Euros(101), Euros(90));
    h.sites[0] = candidate("b", 0, &[FIRST, SECOND]);
    with_goals(&mut h, &[HealthGoal::Cost]);
    assert_eq!(best(&t, &h), 0);
    settle(&mut h, 0, 1, by(1));
    assert_eq!(best(&t, &h), 100);
    h.types[1].capital = Euros(92);
    assert_eq!(best(&t, &h), 101);
    h.types[1].posts[0].income = Euros(1000);
    assert_eq!(best(&t, &h), 92 + 2 * (30 - 1000), "it earns");
}

#[test]
fn fewest_structures() {
    // 80 people with two GPs, in one village or in both.
    let (t, mut h) = villages(1);
    with_goals(&mut h, &[HealthGoal::PeopleAttached, HealthGoal::Sites]);
    assert_eq!(values(&t, &h), [80, 1]);
    h.types[0].posts[0].most = Fte::whole(1);
    assert_eq!(values(&t, &h), [80, 2]);
    h.sites[0] = existing("b", 0, FIRST, &[1]);
    assert_eq!(values(&t, &h), [80, 1], "what stands is not new");
}

/// The villages in two inter-municipal bodies; a list of 100 in the first village.
fn bodies(people: [u64; 2]) -> (Territory, Health) {
    let mut t = road(&[10]);
    for (place, code) in t.places.iter_mut().zip(["A", "B"]) {
        place.epci = Some(Area { code: code.into(), name: code.into() });
    }
    let mut h = programme(1, &people);
    add_practice(&mut h, "a", 0, &[100]);
    (t, h)
}

#[test]
fn balance_of_areas() {
    let balance = HealthGoal::Balance(AreaKind::Epci);
    let (t, mut h) = bodies([100, 100]);
    with_goals(&mut h, &[HealthGoal::PeopleAttached, balance]);
    let s = proven(&t, &h);
    assert_eq!(s.goals[1].objective, 5000 * 100, "half of either");
    assert_eq!((on_lists(&s, 1, 0), on_lists(&s, 1, 1)), (50, 50));
    with_goals(&mut h, &[balance, HealthGoal::TravelTime]);
    assert_eq!(values(&t, &h), [5000, 50 * 1000]);
    // Without the goal the first village has it all.
    with_goals(&mut h, &[HealthGoal::PeopleAttached, HealthGoal::TravelTime]);
    assert_eq!(values(&t, &h), [100, 0]);
    // In one body, or around it, nothing is to be balanced between them.
    let (mut t, mut h) = bodies([100, 100]);
    with_goals(&mut h, &[balance]);
    t.places[1].core = false;
    assert_eq!(values(&t, &h), [0], "all 100 of the first village");
    t.places[1].core = true;
    t.places[1].epci = t.places[0].epci.clone();
    assert_eq!(values(&t, &h), [5000]);
    t.places[1].epci = None;
    assert_eq!(values(&t, &h), [0]);
}

/// 100 and 200 people, 100 places: 34 and 66 leave 6600 and 6700 of 10,000 without, 33 and 67 leave 6700 and 6650.
/// Shares of people would leave 6667.
#[test]
fn balance_is_counted_in_whole_people() {
    let (t, mut h) = bodies([100, 200]);
    with_goals(&mut h, &[HealthGoal::Balance(AreaKind::Epci)]);
    let s = plan(&t, &h);
    assert_eq!(s.goals[0].objective, 6700 * 100);
    assert!(s.goals[0].bound >= 6667 * 100, "{:?}", s.goals);
}

#[test]
fn goals_one_after_the_other() {
    // 80 people in one centre of 10 euros: which goal comes first decides.
    let (t, mut h) = villages(1);
    h.types[0].capital = Euros(10);
    with_goals(&mut h, &[HealthGoal::PeopleAttached, HealthGoal::Cost]);
    assert_eq!(values(&t, &h), [80, 10]);
    with_goals(&mut h, &[HealthGoal::Cost, HealthGoal::PeopleAttached]);
    assert_eq!(values(&t, &h), [0, 0]);
}

#[test]
fn weighted_sum() {
    // Each centre holds one GP, 40 people: worth opening while it counts less than 40.
    let (t, mut h) = villages(1);
    h.types[0].posts[0].most = Fte::whole(1);
    let mut with = |people, sites| {
        let term = |weight, goal| GoalTerm { weight, goal };
        let terms = vec![term(people, HealthGoal::PeopleAttached), term(sites, HealthGoal::Sites)];
        h.goals = vec![Seek { terms, tolerance_bp: 0 }];
        let s = proven(&t, &h);
        (s.goals[0].objective / 100, s.plan.openings.len())
    };
    assert_eq!(with(1, 39), (2, 2), "80 - 78");
    assert_eq!(with(1, 41), (0, 0));
    assert_eq!(with(2, 41), (160 - 82, 2));
}

#[test]
fn tolerance() {
    // 40 people for 100 euros, 80 for 200.
    let (t, mut h) = villages(1);
    h.types[0].posts[0].yearly = Euros(100);
    let mut with = |tolerance_bp| {
        h.goals = vec![seek(HealthGoal::PeopleAttached, tolerance_bp), seek(HealthGoal::Cost, 0)];
        let s = plan(&t, &h);
        assert_eq!(s.goals[1].status, GoalStatus::Optimal, "{s:?}");
        (s.plan.futures[0].attached.iter().map(|a| a.people.0).sum::<u64>(), s.goals[1].objective / 100)
    };
    assert_eq!(with(0), (80, 200));
    assert_eq!(with(4999), (80, 200), "8000 - 3999 hundredths are more than 40 people");
    assert_eq!(with(5000), (40, 100));
    assert_eq!(with(10_000), (0, 0));
}

/// What was given up on purpose is no limit of the solver.
#[test]
fn a_tolerance_is_no_limit() {
    let (t, mut h) = villages(1);
    h.types[0].posts[0].yearly = Euros(100);
    h.goals = vec![seek(HealthGoal::PeopleAttached, 5000), seek(HealthGoal::Cost, 0)];
    let s = plan(&t, &h);
    assert_eq!((s.goals[0].bound, s.limit), (8000, None));
}

/// Lists fill up whatever the goals say: nobody is left without to spare a trip, and no proof is claimed of it.
#[test]
fn people_attach_where_there_is_room() {
    let (t, mut h) = villages(1);
    h.people = programme(1, &[60, 100]).people;
    h.sites.truncate(1);
    // 60 at home and 20 who travel ten minutes, though a quarter of the people may be given up.
    let goals = vec![seek(HealthGoal::PeopleAttached, 2500), seek(HealthGoal::TravelTime, 0)];
    let s = plan(&t, &Health { goals, ..h.clone() });
    assert_eq!((s.goals[0].objective, s.goals[1].objective), (8000, 100 * 20 * 1000));
    let honest =
        |g: &maillage_planning::SeekOutcome| (g.status == GoalStatus::Optimal) == (g.objective == g.bound);
    assert!(s.goals.iter().all(honest), "{:?}", s.goals);
    // The same where a person counts less than the trip.
    let term = |weight, goal| GoalTerm { weight, goal };
    let mut sum = |people| {
        let terms = vec![term(people, HealthGoal::PeopleAttached), term(1, HealthGoal::TravelTime)];
        h.goals = vec![Seek { terms, tolerance_bp: 0 }];
        plan(&t, &h).goals[0]
    };
    let (more, less) = (sum(1001), sum(999));
    assert_eq!((more.objective, more.bound), (100 * (80 * 1001 - 20 * 1000), 100 * (80 * 1001 - 20 * 1000)));
    assert_eq!(less.objective, 100 * (80 * 999 - 20 * 1000));
    assert!(honest(&less) && less.bound >= 100 * 60 * 999);
}
