//! Futures, and duty points.

use crate::support::*;
use maillage_programme::health::*;
use maillage_programme::{Euros, SiteIx};
use maillage_territory::{Fte, Minutes, Persons, PlaceIx, Territory};

/// One GP in one opening: a list of 50 in the first village, of 40 in the second. In a second future the first is
/// refused.
fn refusal(likely: u8, outlook: Outlook) -> (Territory, Health) {
    let (t, mut h) = villages(1);
    h.types = vec![kind("large", vec![gps(50, 1, 1)]), kind("small", vec![gps(40, 1, 1)])];
    h.sites[1] = candidate("c", 1, &[SECOND]);
    h.rules = vec![HealthRule::Exclusive { sites: vec![SiteIx(0), SiteIx(1)], most: 1 }];
    h.futures = vec![
        future("granted", likely),
        Future { refused: vec![SiteIx(0)], ..future("refused", 100 - likely) },
    ];
    h.outlook = outlook;
    (t, h)
}

fn chosen((t, h): (Territory, Health)) -> (i128, u32) {
    let s = proven(&t, &h);
    (s.goals[0].objective, s.plan.openings[0].site.0)
}

#[test]
fn expected_value_over_a_refusal() {
    // 50 in 90 % of cases against 40: 45; at 60 % 30.
    assert_eq!(chosen(refusal(90, Outlook::Expected)), (90 * 50, 0));
    assert_eq!(chosen(refusal(60, Outlook::Expected)), (100 * 40, 1));
}

#[test]
fn worst_case_over_a_refusal() {
    assert_eq!(chosen(refusal(90, Outlook::Worst)), (100 * 40, 1));
    let (t, mut h) = refusal(90, Outlook::Worst);
    h.futures[1].refused.clear();
    assert_eq!(chosen((t, h)), (100 * 50, 0));
}

#[test]
fn what_is_refused_holds_nobody_and_costs_nothing() {
    let (t, mut h) = refusal(50, Outlook::Expected);
    h.types[0].capital = Euros(100);
    h.types[0].yearly = Euros(10);
    settle(&mut h, 0, 1, by(1));
    h.goals = vec![seek(HealthGoal::Cost, 0)];
    assert_eq!(hundredths(&t, &h), [50 * 110]);
    h.outlook = Outlook::Worst;
    assert_eq!(hundredths(&t, &h), [100 * 110], "the worst cost is the greatest");
    let s = proven(&t, &h);
    assert!(s.plan.futures[1].hires.is_empty() && s.plan.futures[1].attached.is_empty());
    // Owners need the money in the future where it opens.
    h.owner.total = Some(Euros(109));
    assert!(!clash(&t, &h).is_empty());
}

#[test]
fn levers_cost_in_every_future() {
    let (t, mut h) = refusal(50, Outlook::Expected);
    h.levers = vec![Lever { capital: Euros(7), by: Some(1), ..lever(0, 1) }];
    h.goals = vec![seek(HealthGoal::Cost, 0)];
    assert_eq!(hundredths(&t, &h), [100 * 7]);
}

#[test]
fn a_smaller_pool() {
    // Two GPs or one: posts adapt to each future. Hundredths of a post are rounded down.
    let team = |least, percent, outlook| {
        let (t, mut h) = villages(1);
        h.types[0].posts[0].least = Fte::whole(least);
        h.futures = vec![future("as-planned", 75), Future { pool_percent: percent, ..future("few", 25) }];
        h.outlook = outlook;
        hundredths(&t, &h)
    };
    let with = |percent, outlook| team(1, percent, outlook);
    assert_eq!(with(100, Outlook::Expected), [8000]);
    assert_eq!(with(50, Outlook::Expected), [75 * 80 + 25 * 40]);
    assert_eq!(team(0, 49, Outlook::Expected), [75 * 80], "0.98 of a post is none");
    assert_eq!(with(49, Outlook::Expected), [0], "and no team in that future: nothing opens");
    assert_eq!(with(50, Outlook::Worst), [4000]);
    assert_eq!(with(150, Outlook::Expected), [75 * 80 + 25 * 120]);
}

/// A team of two in every future: the pool of the poorer one decides what may open.
#[test]
fn teams_hold_in_every_future() {
    let (t, mut h) = villages(1);
    h.types[0].posts[0] = gps(40, 2, 2);
    h.futures = vec![future("as-planned", 75), Future { pool_percent: 99, ..future("few", 25) }];
    assert_eq!(best(&t, &h), 0);
    h.futures[1].pool_percent = 100;
    assert_eq!(best(&t, &h), 80);
}

#[test]
fn lower_lists_in_a_future() {
    let (t, mut h) = villages(1);
    h.futures = vec![future("as-planned", 50), Future { ramp_percent: 50, ..future("slow", 50) }];
    assert_eq!(hundredths(&t, &h), [50 * 80 + 50 * 40]);
}

#[test]
fn practices_differ_by_future() {
    // The practice of the second future goes in year 1. Those who stay are those of the list of today.
    let mut h = programme(1, &[100, 100]);
    h.futures = vec![future("stays", 30), future("goes", 70)];
    h.attachments_kept = true;
    let a = add_practice(&mut h, "a", 0, &[60]);
    h.futures[1].practices.get_mut(&a).unwrap()[1] = Practice::default();
    let t = road(&[10]);
    assert_eq!(hundredths(&t, &h), [30 * 60]);
    let s = proven(&t, &h);
    let before: Vec<usize> = s.before.iter().map(Vec::len).collect();
    assert_eq!(before, [1, 0]);
}

#[test]
fn floors_hold_in_every_future() {
    let (t, mut h) = villages(1);
    h.futures = vec![future("as-planned", 99), Future { pool_percent: 50, ..future("few", 1) }];
    let floor = |percent| vec![HealthRule::Attached { places: Places::All, percent, years: (1, 1) }];
    h.rules = floor(20);
    assert_eq!(hundredths(&t, &h), [99 * 80 + 40], "40 of 200");
    h.rules = floor(21);
    assert!(!clash(&t, &h).is_empty());
}

/// A centre of two GPs in the first village; half of them volunteer; one full volunteer is needed.
fn duty() -> (Territory, Health) {
    let (t, mut h) = villages(1);
    h.sites.truncate(1);
    h.duty = Some(Duty {
        types: vec![FIRST],
        people_within: Minutes::whole(5),
        volunteers_within: Minutes::whole(10),
        participation_percent: 50,
        least_volunteers: Fte::whole(1),
        max_points: 1,
        fixed: Vec::new(),
    });
    h.goals = vec![seek(HealthGoal::PeopleNearDuty, 0)];
    (t, h)
}

fn near_duty(change: &dyn Fn(&mut Health, &mut Duty)) -> i128 {
    let (t, mut h) = duty();
    let mut d = h.duty.take().unwrap();
    change(&mut h, &mut d);
    h.duty = Some(d);
    best(&t, &h)
}

#[test]
fn duty_points_need_volunteers() {
    assert_eq!(near_duty(&|_, _| {}), 100);
    assert_eq!(near_duty(&|_, d| d.people_within = Minutes::whole(10)), 200);
    assert_eq!(near_duty(&|_, d| d.participation_percent = 49), 0, "0.98 volunteers");
    assert_eq!(near_duty(&|h, _| h.pools = vec![pool(&[1])]), 0, "half a volunteer");
    assert_eq!(near_duty(&|_, d| d.max_points = 0), 0);
    assert_eq!(near_duty(&|_, d| d.types = vec![SECOND]), 0, "no type that may host one");
    assert_eq!(near_duty(&|_, d| d.fixed = vec![PlaceIx(1)]), 200, "the second village has its own");
    assert_eq!(near_duty(&|h, _| h.types[0].posts[0].profession = NURSE), 0, "GPs volunteer");
}

#[test]
fn nobody_volunteers_twice() {
    // Four GPs in two centres make two volunteers, for two points; three GPs are enough for one.
    let two = |gp, points| {
        near_duty(&|h, d| {
            h.sites.push(candidate("c", 1, &[FIRST]));
            h.pools = vec![pool(&[gp])];
            d.max_points = points;
        })
    };
    assert_eq!((two(4, 2), two(3, 2), two(4, 1)), (200, 100, 100));
}

#[test]
fn practices_volunteer_where_they_are_near() {
    let with = |volunteers_within| {
        near_duty(&|h, d| {
            h.pools = vec![pool(&[1])];
            d.volunteers_within = Minutes::whole(volunteers_within);
            add_practice(h, "d", 1, &[50]);
        })
    };
    // Half a volunteer here, half from the practice ten minutes away.
    assert_eq!((with(10), with(9)), (100, 0));
    let gone = near_duty(&|h, _| {
        h.pools = vec![pool(&[1])];
        add_practice(h, "d", 1, &[50, 0]);
    });
    assert_eq!(gone, 0);
}

#[test]
fn duty_counts_the_last_year() {
    let (t, mut h) = duty();
    h.years = 2;
    h.people = programme(2, &[100, 100]).people;
    h.people[2][0] = Persons(70);
    h.pools = vec![pool(&[0, 2])];
    assert_eq!(best(&t, &h), 70);
    h.pools = vec![pool(&[2, 0])];
    assert_eq!(best(&t, &h), 70);
    h.types[0].posts[0].attrition_percent = 1;
    assert_eq!(best(&t, &h), 0, "two GPs of year 1 are 1.98 in year 2");
}

#[test]
fn a_refused_duty_point_serves_nobody() {
    let (t, mut h) = duty();
    h.futures = vec![future("granted", 60), Future { refused: vec![SiteIx(0)], ..future("refused", 40) }];
    assert_eq!(hundredths(&t, &h), [60 * 100]);
    h.outlook = Outlook::Worst;
    assert_eq!(hundredths(&t, &h), [0]);
}
