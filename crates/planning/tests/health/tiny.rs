//! Cases that random programmes found.

use crate::support::*;
use maillage_programme::Euros;
use maillage_programme::health::*;
use maillage_territory::{Fte, Minutes, Persons};

/// One euro, and a centre for eleven: nothing opens, and no bound says otherwise.
#[test]
fn euros_are_not_lost_among_thousands() {
    let mut h = programme(2, &[0, 0]);
    h.people[2][1] = Persons(1);
    h.types = vec![HealthType {
        capital: Euros(9),
        yearly: Euros(1),
        rooms: 100,
        ..kind(
            "t",
            vec![
                gps(0, 1, 1),
                PostKind { yearly: Euros(1), ..PostKind { most: Fte::whole(1), ..post(NURSE, 3) } },
            ],
        )
    }];
    h.sites = vec![candidate("c", 0, &[FIRST])];
    h.funders = vec![Funder {
        envelope: Envelope { by_year: vec![Some(Euros(10))], total: None },
        ..funder("state", FundingRule { yearly: Euros(1), ..share(0) })
    }];
    h.owner = Envelope { by_year: vec![Some(Euros(1))], total: Some(Euros(1)) };
    let t = fine_territory(&[vec![0, 11], vec![13, 1]]);
    assert_eq!(best(&t, &h), 0);
    h.goals.push(seek(HealthGoal::Cost, 0));
    assert_eq!(values(&t, &h), [0, 0]);
}

/// A post where there is room costs 2 euros less than a new structure.
#[test]
fn two_euros_less() {
    let mut h = programme(1, &[22, 0, 14]);
    h.people[0] = vec![Persons(0); 3];
    h.behaviour = Behaviour::Decay(vec![(Minutes::ZERO, 50)]);
    add_practice(&mut h, "a", 1, &[0, 8]);
    let centre = HealthType {
        yearly: Euros(2),
        rooms: 200,
        attracts: vec![(PoolIx(0), Fte::whole(1))],
        ..kind("t", vec![gps(14, 0, 2)])
    };
    h.types = vec![centre];
    h.sites.push(existing("b", 0, FIRST, &[1]));
    h.sites.push(candidate("c", 0, &[FIRST]));
    h.pools = vec![pool(&[0, 0])];
    h.goals.push(seek(HealthGoal::Cost, 0));
    let t = fine_territory(&[vec![0, 11, 12], vec![13, 1, 15], vec![916, 17, 2]]);
    assert_eq!(values(&t, &h), [29, 2]);
}

/// Nobody to attach: nothing is the cheapest, not a structure for 14 euros that earns one.
#[test]
fn nothing_is_cheapest() {
    let mut h = programme(2, &[0, 0]);
    add_practice(&mut h, "a", 1, &[0, 1]);
    let nurse = PostKind { most: Fte::whole(1), income: Euros(1), ..post(NURSE, 0) };
    h.types = vec![HealthType { capital: Euros(14), rooms: 100, ..kind("t", vec![gps(0, 1, 1), nurse]) }];
    h.sites.push(candidate("c", 1, &[FIRST]));
    h.funders = vec![Funder {
        envelope: Envelope { by_year: vec![Some(Euros(14))], total: None },
        ..funder("state", FundingRule { yearly: Euros(1), ..share(0) })
    }];
    h.owner.by_year = vec![Some(Euros(0))];
    h.goals.push(seek(HealthGoal::Cost, 0));
    let t = fine_territory(&[vec![0, 11], vec![13, 1]]);
    assert_eq!(values(&t, &h), [0, 0]);
    h.behaviour = Behaviour::Nearest;
    assert_eq!(values(&t, &h), [0, 0]);
}

/// Millions: half a nurse stands with 2 people, another there adds 4, two in a new centre 8.
#[test]
fn posts_among_millions() {
    let million = |n: i64| Euros(n * 1_000_003);
    let mut h = programme(1, &[11, 0]);
    let half = Fte::from_hundredths(50);
    let gp =
        PostKind { step: half, capital: million(1), yearly: million(4), income: million(3), ..gps(0, 1, 1) };
    let nurse = PostKind { capital: million(1), yearly: million(3), income: million(3), ..post(NURSE, 4) };
    let other =
        PostKind { step: half, capital: million(1), yearly: million(1), income: million(2), ..gps(0, 0, 1) };
    h.types = vec![
        HealthType {
            capital: million(11),
            yearly: million(1),
            income: million(1),
            ..kind("t", vec![gp, nurse])
        },
        HealthType { capital: million(10), yearly: million(1), income: million(2), ..kind("u", vec![other]) },
    ];
    let standing = Existing { kind: FIRST, posts: vec![Fte::whole(1), half], may_close: false };
    h.sites = vec![site("b", &[0], Standing::Existing(standing)), candidate("c", 0, &[FIRST, SECOND])];
    h.owner.total = Some(Euros(25_000_074));
    let t = fine_territory(&[vec![0, 11], vec![13, 1]]);
    assert_eq!(best(&t, &h), 11);
}

/// Decay, attrition and what earns in year 2.
#[test]
fn what_must_earn_in_year_2() {
    let million = |n: i64| Euros(n * 1_000_003);
    let mut h = programme(2, &[25, 28, 20]);
    h.people[1] = [23, 23, 12].map(Persons).to_vec();
    let first = PostKind { capital: million(1), yearly: million(2), income: million(1), ..gps(7, 0, 2) };
    let gp = PostKind {
        attrition_percent: 50,
        capital: million(2),
        yearly: million(2),
        income: million(1),
        ..gps(1, 1, 2)
    };
    let nurse = PostKind {
        least: Fte::whole(1),
        ramp: vec![40],
        attrition_percent: 50,
        income: million(3),
        ..post(NURSE, 8)
    };
    h.types = vec![
        HealthType { capital: million(7), yearly: million(3), income: million(2), ..kind("t", vec![first]) },
        HealthType {
            capital: million(1),
            income: million(1),
            attracts: vec![(PoolIx(0), Fte::whole(1))],
            ..kind("u", vec![gp, nurse])
        },
    ];
    h.sites = vec![candidate("c", 2, &[FIRST, SECOND]), candidate("d", 2, &[FIRST, SECOND])];
    h.behaviour = Behaviour::Decay(vec![(Minutes::whole(1), 20)]);
    h.pools = vec![pool(&[2, 2])];
    h.owner.by_year = vec![None, Some(Euros(-1))];
    let t = fine_territory(&[vec![0, 11, 112], vec![13, 1, 115], vec![16, 17, 2]]);
    let kept = vec![vec![vec![0; 2]; 3]; 2];
    let expected = crate::brute::brute(&t, &h, &kept).unwrap();
    assert_eq!((expected.people, best(&t, &h)), (33, 33));
}
/// Two centres of two GPs in half posts: 6,000,018 euros less 3,260,609 of grants, and 6,000,018.
#[test]
fn half_posts_among_millions() {
    let million = |n: i64| Euros(n * 1_000_003);
    let mut h = programme(1, &[5, 4]);
    h.people[0] = vec![Persons(0); 2];
    let half = Fte::from_hundredths(50);
    let first = PostKind { step: half, yearly: million(4), income: million(2), ..gps(2, 1, 2) };
    let second =
        PostKind { step: half, capital: million(2), yearly: million(1), income: million(3), ..gps(6, 0, 1) };
    h.types = vec![
        HealthType { capital: million(3), yearly: million(1), income: million(2), ..kind("t", vec![first]) },
        HealthType { capital: million(14), ..kind("u", vec![second]) },
    ];
    h.sites = vec![candidate("c", 0, &[FIRST, SECOND]), candidate("d", 1, &[FIRST])];
    let rule = FundingRule {
        places: Places::Some(vec![maillage_territory::PlaceIx(0)]),
        base_cap: Some(million(7)),
        fixed: million(1),
        yearly: million(1),
        ..share(4202)
    };
    h.funders = vec![Funder {
        envelope: Envelope { by_year: vec![Some(million(9))], total: None },
        ..funder("state", rule)
    }];
    h.grants_ceiling_percent = 76;
    h.owner.by_year = vec![Some(Euros(10_000_029))];
    assert_eq!(best(&fine_territory(&[vec![0, 11], vec![13, 1]]), &h), 8);
}
