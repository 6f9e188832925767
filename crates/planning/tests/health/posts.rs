//! Posts and pools.

use crate::support::*;
use maillage_programme::Euros;
use maillage_programme::health::*;
use maillage_territory::{Fte, PlaceIx};

/// What two villages come to after a change.
fn attached(years: u8, change: &dyn Fn(&mut Health)) -> i128 {
    let (t, mut h) = villages(years);
    change(&mut h);
    best(&t, &h)
}

#[test]
fn team_minimum() {
    // One GP in the pool: 40 people, or no team at all.
    let with =
        |least| attached(1, &|h| (h.types[0].posts[0].least, h.pools[0]) = (Fte::whole(least), pool(&[1])));
    assert_eq!((with(1), with(2)), (40, 0));
}

#[test]
fn what_stands_has_its_team() {
    // One GP stands where a new centre needs two: it stays as it is, and may grow by one.
    let with = |gp, least| {
        attached(1, &|h| {
            h.types[0].posts[0] = gps(40, least, 2);
            h.sites = vec![existing("b", 0, FIRST, &[1])];
            h.pools = vec![pool(&[gp])];
        })
    };
    assert_eq!((with(0, 2), with(1, 2)), (40, 80));
}

#[test]
fn rooms() {
    // One post takes a room; one site.
    let with = |rooms: u32| {
        attached(1, &|h| {
            h.sites.truncate(1);
            h.types[0].posts[0].rooms = 100;
            h.types[0].rooms = rooms;
        })
    };
    assert_eq!((with(200), with(199), with(100), with(99)), (80, 40, 40, 0));
    let no_room_needed = attached(1, &|h| h.sites.truncate(1));
    assert_eq!(no_room_needed, 80);
}

#[test]
fn rooms_are_shared_among_posts() {
    // Three quarters of a room for a GP, half for a nurse with a list of 10; one and a quarter in all.
    let (t, mut h) = villages(1);
    h.sites.truncate(1);
    h.types[0].posts = vec![
        PostKind { rooms: 75, ..gps(40, 0, 2) },
        PostKind { rooms: 50, most: Fte::whole(2), ..post(NURSE, 10) },
    ];
    h.types[0].rooms = 125;
    assert_eq!(best(&t, &h), 50, "one of each");
    h.types[0].rooms = 124;
    assert_eq!(best(&t, &h), 40, "a GP alone");
    h.types[0].rooms = 1000;
    assert_eq!(best(&t, &h), 100, "two of each");
}

#[test]
fn most_posts() {
    let with = |most| {
        attached(1, &|h| {
            h.sites.truncate(1);
            h.types[0].posts[0].most = Fte::whole(most);
        })
    };
    assert_eq!((with(1), with(2), with(3)), (40, 80, 80), "two GPs in the pool");
}

#[test]
fn posts_come_in_steps() {
    // One and a half GPs in the pool: whole posts use one, half posts three halves of 40.
    let with = |step| {
        attached(1, &|h| {
            h.pools[0].by_year = vec![Fte::from_hundredths(150)];
            h.types[0].posts[0].step = Fte::from_hundredths(step);
        })
    };
    assert_eq!((with(100), with(50)), (40, 60));
}

#[test]
fn pool_by_year() {
    let with = |by_year: &[u32]| attached(2, &|h| h.pools = vec![pool(by_year)]);
    assert_eq!(with(&[2, 0]), 160, "80 in both years");
    assert_eq!(with(&[1, 1]), 120, "40, then 80");
    assert_eq!(with(&[0, 2]), 80);
    assert_eq!(with(&[1]), 80, "nobody beyond the list");
    // Without the pool: two posts in either village in each year, 160, twice.
    assert_eq!(attached(2, &|h| h.pools.clear()), 320);
}

#[test]
fn pool_by_area() {
    let with = |places: Places| {
        attached(1, &|h| {
            h.pools = vec![Pool { places: places.clone(), ..pool(&[1]) }];
        })
    };
    assert_eq!(with(Places::All), 40);
    // The first village is not limited: two posts there and one in the second.
    assert_eq!(with(Places::Some(vec![PlaceIx(1)])), 120);
}

#[test]
fn pools_of_other_professions_limit_nothing() {
    let with = |profession| attached(1, &|h| h.pools = vec![Pool { profession, ..pool(&[1]) }]);
    assert_eq!((with(GP), with(NURSE)), (40, 160));
}

#[test]
fn pool_carried_over() {
    // Nothing opens before year 2.
    let with = |carry_over| {
        attached(2, &|h| {
            h.pools = vec![Pool { carry_over, ..pool(&[1, 1]) }];
            (0..2).for_each(|s| settle(h, s, 2, None));
        })
    };
    assert_eq!((with(false), with(true)), (40, 80));
    // The other way it cannot be borrowed.
    assert_eq!(attached(2, &|h| h.pools = vec![Pool { carry_over: true, ..pool(&[0, 2]) }]), 80);
}

#[test]
fn pool_by_mode() {
    // No self-employed GPs; salaried posts are not theirs.
    let with = |mode, post_mode| {
        attached(1, &|h| {
            h.sites.truncate(1);
            h.pools = vec![Pool { mode, ..pool(&[0]) }];
            h.types[0].posts[0].mode = post_mode;
        })
    };
    assert_eq!(with(Some(Mode::SelfEmployed), Mode::Salaried), 80);
    assert_eq!(with(Some(Mode::SelfEmployed), Mode::SelfEmployed), 0);
    assert_eq!(with(None, Mode::Salaried), 0);
}

#[test]
fn two_pools_both_hold() {
    // Two GPs everywhere, one of them in the first village at most.
    let pools =
        vec![pool(&[2]), Pool { id: "first".into(), places: Places::Some(vec![PlaceIx(0)]), ..pool(&[1]) }];
    let one = |h: &mut Health| {
        h.sites.truncate(1);
        h.pools = pools.clone();
    };
    assert_eq!(attached(1, &one), 40);
    assert_eq!(attached(1, &|h| h.pools = pools.clone()), 80);
}

#[test]
fn lever_raises_a_pool() {
    let with = |delay: u8, change: &dyn Fn(&mut Health)| {
        attached(3, &|h| {
            h.sites.truncate(1);
            h.pools = vec![pool(&[0, 0, 0])];
            h.levers = vec![lever(delay, 1)];
            change(h);
        })
    };
    // One GP more every year from its effect on, two at most: 40, 80, 80; a year later 0, 40, 80.
    assert_eq!((with(0, &|_| {}), with(1, &|_| {}), with(2, &|_| {}), with(3, &|_| {})), (200, 120, 40, 0));
    assert_eq!(with(0, &|h| h.levers.clear()), 0, "no lever, no GPs");
    assert_eq!(with(0, &|h| h.levers[0].from = 2), 120);
    let dear = |owner: i64| {
        with(0, &|h| {
            (h.levers[0].capital, h.levers[0].yearly) = (Euros(100), Euros(10));
            h.owner.total = Some(Euros(owner));
        })
    };
    // 100 once and 10 a year: 130 over three years, 120 from year 2, 110 in year 3.
    assert_eq!((dear(130), dear(129), dear(119), dear(109)), (200, 120, 40, 0));
}

#[test]
fn lever_that_must_start() {
    let (t, mut h) = villages(2);
    h.goals = vec![seek(HealthGoal::Cost, 0)];
    h.levers = vec![Lever { capital: Euros(100), yearly: Euros(10), ..lever(0, 1) }];
    assert_eq!(best(&t, &h), 0);
    h.levers[0].by = Some(2);
    assert_eq!(best(&t, &h), 110, "as late as it may");
    h.levers[0].by = Some(1);
    let s = proven(&t, &h);
    assert_eq!((s.goals[0].objective, s.plan.levers), (12_000, vec![(LeverIx(0), 1)]));
}

#[test]
fn open_structures_attract() {
    // One GP in year 1; a centre that is open brings another the year after: 40, then 80.
    let with = |attracts: bool, standing: bool| {
        attached(2, &|h| {
            h.sites.truncate(1);
            h.types[0].posts[0].most = Fte::whole(3);
            if attracts {
                h.types[0].attracts = vec![(PoolIx(0), Fte::whole(1))];
            }
            h.pools = vec![pool(&[u32::from(!standing), 0])];
            if standing {
                h.sites = vec![existing("b", 0, FIRST, &[1])];
            }
        })
    };
    assert_eq!((with(false, false), with(true, false)), (80, 120));
    // One that stands brings one from year 1 on: 80, then 120.
    assert_eq!((with(false, true), with(true, true)), (80, 200));
}

#[test]
fn ramp_up() {
    let with = |ramp: &[u8], future: u8| {
        attached(3, &|h| {
            h.types[0].posts[0].ramp = ramp.to_vec();
            h.pools = vec![pool(&[1])];
            h.futures[0].ramp_percent = future;
        })
    };
    assert_eq!(with(&[], 100), 120, "40 a year");
    assert_eq!(with(&[50, 75], 100), 20 + 30 + 30, "the last share holds on");
    assert_eq!(with(&[50, 75], 50), 10 + 15 + 15);
}

#[test]
fn attrition_and_refill() {
    let with = |percent: u8, by_year: &[u32]| {
        let (t, mut h) = villages(2);
        h.sites.truncate(1);
        h.types[0].posts[0].attrition_percent = percent;
        h.pools = vec![pool(by_year)];
        let s = proven(&t, &h);
        let hired: u32 = s.plan.futures[0].hires.iter().map(|h| h.steps).sum();
        (s.goals[0].objective / 100, hired)
    };
    // Half of two posts leave: one more brings the list back to 80; three were opened, two are filled.
    assert_eq!(with(50, &[2, 1]), (160, 3));
    assert_eq!(with(50, &[2, 0]), (120, 2), "80, then 40");
    // At 40 % there is no room for a whole one: 2 · 0.6 + 1 > 2. So 2 · 24 are left; one at a time, 40 + 24 + 40, is less.
    assert_eq!(with(40, &[2, 1]).0, 80 + 48);
    assert_eq!(with(0, &[2, 1]).0, 160);
}

#[test]
fn a_post_that_empties_still_counts_for_the_team() {
    // Two GPs are the minimum; half leave, and nobody else is found.
    let (t, mut h) = villages(2);
    h.types[0].posts[0] = PostKind { attrition_percent: 50, ..gps(40, 2, 2) };
    assert_eq!(best(&t, &h), 80 + 40);
}

#[test]
fn assistants_raise_the_list_up_to_a_ratio() {
    // One GP with 40 people; each assistant adds 10.
    let with = |most: Option<u32>| {
        attached(1, &|h| {
            h.sites.truncate(1);
            h.pools = vec![pool(&[1])];
            h.types[0].posts.push(PostKind { most: Fte::whole(5), ..post(ASSISTANT, 10) });
            if most.is_some() {
                h.rules = vec![HealthRule::Ratio {
                    types: vec![FIRST],
                    of: vec![ASSISTANT],
                    per: vec![GP],
                    least: None,
                    most,
                }];
            }
        })
    };
    assert_eq!(with(None), 90, "five assistants");
    assert_eq!(with(Some(200)), 60, "two for a GP");
    assert_eq!(with(Some(199)), 50);
    assert_eq!(with(Some(99)), 40);
}

#[test]
fn a_ratio_holds_in_its_types_only() {
    let (t, mut h) = villages(1);
    h.types[0].posts.push(PostKind { most: Fte::whole(1), ..post(ASSISTANT, 10) });
    h.types.push(kind("other", h.types[0].posts.clone()));
    h.sites[1] = candidate("c", 1, &[SECOND]);
    let ratio =
        |types| HealthRule::Ratio { types, of: vec![ASSISTANT], per: vec![GP], least: None, most: Some(0) };
    h.rules = vec![ratio(Vec::new())];
    assert_eq!(best(&t, &h), 80, "no assistant anywhere");
    h.rules = vec![ratio(vec![FIRST])];
    assert_eq!(best(&t, &h), 90);
    h.rules.clear();
    assert_eq!(best(&t, &h), 100);
}

#[test]
fn secretaries_for_gps() {
    // One secretary for two GPs at least.
    let with = |secretaries: u32, least: Option<u32>| {
        attached(1, &|h| {
            h.types[0].posts.push(post(ASSISTANT, 0));
            h.pools.push(Pool { id: "secretary".into(), profession: ASSISTANT, ..pool(&[secretaries]) });
            if least.is_some() {
                h.rules = vec![HealthRule::Ratio {
                    types: Vec::new(),
                    of: vec![ASSISTANT],
                    per: vec![GP],
                    least,
                    most: None,
                }];
            }
        })
    };
    assert_eq!((with(0, None), with(0, Some(50)), with(1, Some(50))), (80, 0, 80));
    assert_eq!(with(1, Some(51)), 40, "1 < 2 · 0.51");
}

#[test]
fn a_ratio_counts_opened_for_least_and_filled_for_most() {
    // At least one secretary opened for each GP filled; half of the secretaries leave each year, no GP does.
    let with = |assistant_leaves: u8, gp_leaves: u8| {
        attached(2, &|h| {
            h.sites.truncate(1);
            h.types[0].posts[0].attrition_percent = gp_leaves;
            h.types[0].posts.push(PostKind { attrition_percent: assistant_leaves, ..post(ASSISTANT, 0) });
            h.pools = vec![pool(&[1]), Pool { profession: ASSISTANT, ..pool(&[1]) }];
            let ratio = |least, most| HealthRule::Ratio {
                types: vec![],
                of: vec![ASSISTANT],
                per: vec![GP],
                least,
                most,
            };
            h.rules = vec![ratio(Some(100), None), ratio(None, Some(100))];
        })
    };
    // The vacant post still counts: 1 opened ≥ 1 filled.
    assert_eq!(with(50, 0), 80);
    // 1 filled secretary ≤ 1 opened GP, though half of him left: 40, then 20.
    assert_eq!(with(0, 50), 60);
}
