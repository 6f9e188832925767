//! What a site may be, where it is, and on whom it depends.

use crate::support::*;
use maillage_programme::health::*;
use maillage_programme::{Euros, SiteIx};
use maillage_territory::{Minutes, Persons, PlaceIx, Territory};

/// A centre with lists of 40 in the first village, a satellite with lists of 60 in the second; people go nowhere
/// else. One GP.
fn satellite(rule: Option<LeadRule>, t: &Territory, gp: u32) -> i128 {
    let mut h = programme(1, &[100, 100]);
    h.max_time = Minutes::whole(5);
    h.types = vec![kind("centre", vec![gps(40, 1, 1)]), kind("satellite", vec![gps(60, 0, 1)])];
    h.types[1].kind = StructureKind::Satellite;
    h.types[1].lead = rule;
    h.sites = vec![candidate("b", 0, &[FIRST]), candidate("c", 1, &[SECOND])];
    h.pools = vec![pool(&[gp])];
    best(t, &h)
}

fn lead(types: &[HealthTypeIx], practices: bool, within: u16) -> Option<LeadRule> {
    Some(LeadRule { types: types.to_vec(), practices, within: Minutes::whole(within) })
}

#[test]
fn satellite_needs_its_lead() {
    let t = road(&[10]);
    let with = |rule, gp| satellite(rule, &t, gp);
    assert_eq!((with(None, 1), with(None, 2)), (60, 100));
    // The centre takes the only GP for its team.
    assert_eq!((with(lead(&[FIRST], false, 10), 1), with(lead(&[FIRST], false, 10), 2)), (40, 100));
    assert_eq!(with(lead(&[FIRST], false, 9), 2), 40, "too far to lead");
    assert_eq!(with(lead(&[SECOND], false, 10), 2), 40, "nothing leads itself");
    assert_eq!(with(lead(&[], true, 10), 2), 40, "no practice");
}

#[test]
fn the_lead_travels_to_the_satellite() {
    let there_in_10 = territory(&[&[0, 10], &[12, 0]]);
    let there_in_12 = territory(&[&[0, 12], &[10, 0]]);
    let rule = lead(&[FIRST], false, 10);
    assert_eq!((satellite(rule.clone(), &there_in_10, 2), satellite(rule, &there_in_12, 2)), (100, 40));
}

#[test]
fn a_practice_leads_while_it_has_a_gp() {
    let t = road(&[10]);
    let with = |lists: &[u64]| {
        let mut h = programme(2, &[0, 100]);
        h.max_time = Minutes::whole(5);
        h.types = vec![kind("satellite", vec![gps(60, 0, 1)])];
        h.types[0].lead = lead(&[], true, 10);
        add_practice(&mut h, "a", 0, lists);
        h.sites.push(candidate("c", 1, &[FIRST]));
        best(&t, &h)
    };
    assert_eq!(with(&[50]), 120);
    assert_eq!(with(&[50, 50, 0]), 0, "in year 2 nobody leads, and what opens stays open");
    assert_eq!(with(&[50, 0, 50]), 60, "from year 2 on");
}

#[test]
fn a_satellite_waits_for_its_lead() {
    let mut h = programme(2, &[0, 100]);
    h.types = vec![kind("centre", vec![gps(0, 0, 0)]), kind("satellite", vec![gps(60, 0, 1)])];
    h.types[1].lead = lead(&[FIRST], false, 10);
    h.sites = vec![candidate("b", 0, &[FIRST]), candidate("c", 1, &[SECOND])];
    assert_eq!(best(&road(&[10]), &h), 120);
    settle(&mut h, 0, 2, None);
    assert_eq!(best(&road(&[10]), &h), 60);
}

/// Two villages ten minutes apart whose people go nowhere else: a practice with a list of 100 for 50 people, and 100
/// people without; GPs of the practice may come: a weekly session brings 10 people, and takes 15.
fn outreach() -> Health {
    let mut h = programme(1, &[50, 100]);
    h.max_time = Minutes::whole(5);
    h.types = vec![kind("outreach", Vec::new())];
    h.types[0].lead = lead(&[], true, 10);
    let rule = SessionRule { most: 2, list: 10, lead_list: 15, acts: 0, lead_acts: 0, most_percent: 100 };
    h.types[0].sessions = Some(rule);
    add_practice(&mut h, "a", 0, &[100]);
    h.sites.push(candidate("c", 1, &[FIRST]));
    h
}

/// What outreach comes to under a rule.
fn sessions(change: &dyn Fn(&mut SessionRule)) -> i128 {
    let mut h = outreach();
    change(h.types[0].sessions.as_mut().unwrap());
    best(&road(&[10]), &h)
}

#[test]
fn sessions_move_lists_with_a_loss() {
    assert_eq!(sessions(&|r| r.most = 0), 50, "nobody comes");
    assert_eq!(sessions(&|_| {}), 70, "50 and two sessions of 10");
    // Three sessions take 45 of 100: 55 for 50 people. A fourth would take 10 from them for the 10 it brings.
    assert_eq!(sessions(&|r| r.most = 3), 80);
    assert_eq!(sessions(&|r| r.most = 9), 80);
    // Each takes 30: two would leave 40 for 50 people, 60 in all.
    assert_eq!(sessions(&|r| r.lead_list = 30), 60);
    assert_eq!(sessions(&|r| r.lead_list = 101), 50);
}

#[test]
fn sessions_take_acts() {
    let with = |acts: u64| {
        let mut h = outreach();
        h.types[0].sessions.as_mut().unwrap().lead_acts = 10;
        for p in h.futures[0].practices.get_mut(&SiteIx(0)).unwrap() {
            p.acts = acts;
        }
        best(&road(&[10]), &h)
    };
    assert_eq!((with(20), with(19), with(9)), (70, 60, 50));
}

#[test]
fn sessions_need_someone_who_gives_and_something_that_receives() {
    let mut h = outreach();
    h.sites.pop();
    assert_eq!(best(&road(&[10]), &h), 50);
    let mut h = outreach();
    assert_eq!(best(&road(&[11]), &h), 50, "too far for the lead");
    h.owner.total = Some(Euros(0));
    h.types[0].capital = Euros(1);
    assert_eq!(best(&road(&[10]), &h), 50, "no room to receive");
}

#[test]
fn telemedicine_takes_a_capped_share() {
    // A session takes 15 of a list of 100.
    let with = |percent: u8| sessions(&|r| r.most_percent = percent);
    assert_eq!((with(14), with(15), with(29), with(30)), (50, 60, 60, 70));
}

#[test]
fn sessions_come_from_recruits_too() {
    // No practice: a centre in the first village, one GP with a list of 100.
    let mut h = outreach();
    h.types.push(kind("centre", vec![gps(100, 1, 1)]));
    h.sites[0] = candidate("a", 0, &[SECOND]);
    h.futures[0].practices.clear();
    h.types[0].lead = lead(&[SECOND], false, 10);
    h.pools = vec![pool(&[1])];
    assert_eq!(best(&road(&[10]), &h), 70);
    h.types[0].sessions.as_mut().unwrap().most_percent = 29;
    assert_eq!(best(&road(&[10]), &h), 60);
    h.pools = vec![pool(&[0])];
    assert_eq!(best(&road(&[10]), &h), 0);
}

/// Two lists at one address, and sessions for two types: the lead gives no more than its own list.
#[test]
fn a_lead_gives_no_more_than_its_own_list() {
    let mut h = programme(1, &[50, 100, 100]);
    h.max_time = Minutes::whole(5);
    let rule = SessionRule { most: 9, list: 20, lead_list: 20, acts: 0, lead_acts: 0, most_percent: 60 };
    h.types =
        vec![kind("outreach", vec![]), kind("telemedicine", vec![]), kind("centre", vec![gps(100, 0, 1)])];
    for t in &mut h.types[..2] {
        t.lead = lead(&[], true, 10);
        t.sessions = Some(rule);
    }
    add_practice(&mut h, "a", 0, &[100]);
    h.sites.extend([
        existing("b", 0, HealthTypeIx(2), &[1]),
        candidate("c", 1, &[FIRST]),
        candidate("d", 2, &[SECOND]),
    ]);
    let t = territory(&[&[0, 10, 10], &[10, 0, 20], &[10, 20, 0]]);
    // 50 at home; three sessions for either type, but five in all: 100 people.
    assert_eq!(best(&t, &h), 150);
    h.types[1].sessions = None;
    assert_eq!(best(&t, &h), 110, "three sessions");
}

/// Those who stay on a list are not given away, though another list at the address has room.
#[test]
fn a_lead_keeps_the_people_who_stay() {
    let mut h = outreach();
    h.people = vec![vec![Persons(100), Persons(100)]; 2];
    h.types.push(kind("centre", vec![gps(45, 0, 1)]));
    h.sites = vec![h.sites[0].clone(), candidate("b", 0, &[SECOND]), h.sites[1].clone()];
    let t = road(&[10]);
    // 100 with the practice and the centre together, 45 of them with the centre: two sessions can be given.
    assert_eq!(best(&t, &h), 120);
    h.attachments_kept = true;
    assert_eq!(best(&t, &h), 100, "all 100 stay with the practice");
}

#[test]
fn a_pole_is_one_list_over_its_addresses() {
    let with = |addresses: &[u32], people: &[u64]| {
        let mut h = programme(1, people);
        h.max_time = Minutes::whole(5);
        h.types = vec![kind("pole", vec![gps(80, 0, 1)])];
        h.types[0].kind = StructureKind::Pole;
        h.sites = vec![HealthSite {
            addresses: addresses.iter().map(|p| PlaceIx(*p)).collect(),
            ..candidate("b", 0, &[FIRST])
        }];
        h.goals.push(seek(HealthGoal::TravelTime, 0));
        values(&territory(&[&[0, 10, 20], &[10, 0, 10], &[4, 10, 0]]), &h)
    };
    assert_eq!(with(&[1], &[0, 0, 100]), [0, 0]);
    // Four minutes to the first address, none to the second: the nearest counts.
    assert_eq!(with(&[0], &[0, 0, 100]), [80, 80 * 400]);
    assert_eq!(with(&[0, 2], &[0, 0, 100]), [80, 0]);
    assert_eq!(with(&[0, 2], &[100, 0, 100]), [80, 0], "one list for both");
}

#[test]
fn a_pole_leads_from_its_nearest_address() {
    let with = |addresses: &[u32]| {
        let mut h = programme(1, &[0, 0, 100]);
        h.types = vec![kind("pole", vec![]), kind("satellite", vec![gps(60, 0, 1)])];
        h.types[1].lead = lead(&[FIRST], false, 10);
        h.sites = vec![
            HealthSite {
                addresses: addresses.iter().map(|p| PlaceIx(*p)).collect(),
                ..candidate("b", 0, &[FIRST])
            },
            candidate("c", 2, &[SECOND]),
        ];
        best(&road(&[10, 10]), &h)
    };
    assert_eq!((with(&[0]), with(&[0, 1])), (0, 60));
}

#[test]
fn an_existing_structure_grows() {
    let with = |pooled: u32, most: u32, least: u32| {
        let (t, mut h) = villages(1);
        h.types[0].capital = Euros(100);
        h.owner.total = Some(Euros(0));
        h.types[0].posts[0] = gps(40, least, most);
        h.sites[0] = existing("b", 0, FIRST, &[1]);
        h.pools = vec![pool(&[pooled])];
        best(&t, &h)
    };
    // It stands and needs no capital; the other cannot be paid.
    assert_eq!((with(0, 3, 0), with(1, 3, 0), with(2, 3, 0)), (40, 80, 120));
    assert_eq!(with(2, 2, 0), 80, "the post of today counts among the most");
    assert_eq!(with(0, 3, 1), 40, "and for the team");
}

#[test]
fn an_existing_structure_closes_for_good() {
    let (t, mut h) = villages(3);
    h.types[0].yearly = Euros(100);
    h.sites = vec![existing("b", 0, FIRST, &[1])];
    h.goals = vec![seek(HealthGoal::Cost, 0)];
    let close = |h: &mut Health| {
        if let Standing::Existing(e) = &mut h.sites[0].standing {
            e.may_close = true;
        }
    };
    assert_eq!(best(&t, &h), 300);
    close(&mut h);
    let s = proven(&t, &h);
    assert_eq!((s.goals[0].objective, &s.plan.closings), (0, &vec![(SiteIx(0), 1)]));
    // None open in year 2: it cannot be back in year 3.
    h.goals = vec![seek(HealthGoal::PeopleAttached, 0)];
    assert_eq!(best(&t, &h), 120);
    h.rules = vec![HealthRule::Count {
        places: Places::All,
        types: Vec::new(),
        what: CountWhat::Open,
        least: None,
        most: Some(0),
        years: (2, 2),
    }];
    assert_eq!(best(&t, &h), 40);
}

#[test]
fn what_may_close_takes_no_recruits() {
    let with = |may_close| {
        let (t, mut h) = villages(1);
        let standing = Standing::Existing(Existing {
            kind: FIRST,
            posts: vec![maillage_territory::Fte::whole(1)],
            may_close,
        });
        h.sites = vec![site("b", &[0], standing)];
        best(&t, &h)
    };
    assert_eq!((with(false), with(true)), (80, 40));
}

#[test]
fn commitments() {
    let with = |settled: Option<Commitment>| {
        let (t, mut h) = villages(2);
        h.types.push(kind("small", vec![gps(40, 1, 1)]));
        h.sites[1] = candidate("c", 1, &[FIRST, SECOND]);
        settle(&mut h, 1, 1, settled);
        h.goals = vec![seek(HealthGoal::Sites, 0)];
        proven(&t, &h).plan.openings
    };
    let at = SiteIx(1);
    assert_eq!(with(None), []);
    let s = with(by(1));
    assert_eq!(s.iter().map(|o| (o.site, o.year)).collect::<Vec<_>>(), [(at, 1)]);
    for k in [FIRST, SECOND] {
        let s = with(Some(Commitment { kind: Some(k), by: 1 }));
        assert_eq!(s, [Opening { site: at, kind: k, year: 1 }]);
    }
    let s = with(by(2));
    assert_eq!(s.iter().map(|o| o.site).collect::<Vec<_>>(), [at]);
}

#[test]
fn a_commitment_takes_from_others() {
    // One GP; the centre of the first village has lists of 60, that of the second, with 40, is settled.
    let (t, mut h) = villages(1);
    h.types.push(kind("large", vec![gps(60, 1, 2)]));
    h.sites[0] = candidate("b", 0, &[SECOND]);
    h.pools = vec![pool(&[1])];
    assert_eq!(best(&t, &h), 60);
    settle(&mut h, 1, 1, by(1));
    assert_eq!(best(&t, &h), 40);
}

#[test]
fn not_before_its_year() {
    let with = |year| {
        let (t, mut h) = villages(3);
        h.sites.truncate(1);
        settle(&mut h, 0, year, None);
        h.pools = vec![pool(&[2, 2, 2])];
        best(&t, &h)
    };
    assert_eq!((with(1), with(2), with(3), with(4)), (240, 160, 80, 0));
}

#[test]
fn forbidden_is_absent() {
    let with = |types: &[HealthTypeIx], sites: usize| {
        let (t, mut h) = villages(1);
        h.types.push(kind("small", vec![gps(10, 0, 2)]));
        h.sites = vec![candidate("b", 0, types)];
        h.sites.truncate(sites);
        best(&t, &h)
    };
    assert_eq!((with(&[FIRST, SECOND], 1), with(&[SECOND], 1), with(&[FIRST], 0)), (80, 20, 0));
}

#[test]
fn one_structure_of_one_type_at_a_site() {
    // Two types, one GP each at most.
    let (t, mut h) = villages(2);
    h.types = vec![kind("one", vec![gps(40, 1, 1)]), kind("other", vec![gps(40, 1, 1)])];
    h.sites = vec![candidate("b", 0, &[FIRST, SECOND])];
    h.pools = vec![pool(&[2, 2])];
    assert_eq!(best(&t, &h), 80);
    h.sites.push(candidate("c", 0, &[FIRST, SECOND]));
    assert_eq!(best(&t, &h), 160);
}
