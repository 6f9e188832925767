//! Programmes that cannot be met, and the rules that clash: no fewer of them do.

use crate::support::*;
use maillage_planning::HealthClash::{self, *};
use maillage_programme::health::*;
use maillage_programme::{Euros, SiteIx};
use maillage_territory::{Minutes, PlaceIx};

/// Two villages whose second centre is settled, for 100 euros; many rules that clash with nothing besides.
fn settled(change: &dyn Fn(&mut Health)) -> Vec<HealthClash> {
    let (t, mut h) = villages(2);
    h.types[0].capital = Euros(100);
    h.owner.total = Some(Euros(1000));
    h.rules = vec![HealthRule::Spacing { types: Vec::new(), least: Minutes::whole(5) }];
    h.levers = vec![lever(0, 1)];
    settle(&mut h, 1, 1, by(1));
    assert_eq!(best(&t, &h), 120 + 160, "with the lever three GPs, then four");
    change(&mut h);
    clash(&t, &h)
}

#[test]
fn money_and_a_commitment() {
    assert_eq!(settled(&|h| h.owner.total = Some(Euros(99))), [Owner, Committed(SiteIx(1))]);
    assert_eq!(settled(&|h| h.owner.by_year = vec![Some(Euros(99))]), [Owner, Committed(SiteIx(1))]);
}

#[test]
fn a_team_and_a_pool() {
    let no_gp = |h: &mut Health| {
        h.pools = vec![pool(&[0, 9])];
        h.levers.clear();
    };
    assert_eq!(settled(&no_gp), [Team(FIRST), Pool(PoolIx(0)), Committed(SiteIx(1))]);
}

#[test]
fn a_lead_that_cannot_be() {
    let lead = |h: &mut Health| {
        h.types[0].lead = Some(LeadRule { types: vec![], practices: true, within: Minutes::whole(60) });
    };
    assert_eq!(settled(&lead), [Committed(SiteIx(1)), Lead(FIRST)]);
}

#[test]
fn a_lever_that_must_start() {
    let lever = |h: &mut Health| {
        h.levers[0].by = Some(1);
        h.levers[0].capital = Euros(901);
    };
    assert_eq!(settled(&lever), [Owner, Committed(SiteIx(1)), Lever(LeverIx(0))]);
    let late = |h: &mut Health| (h.levers[0].by, h.levers[0].from) = (Some(1), 2);
    assert_eq!(settled(&late), [Lever(LeverIx(0))]);
}

#[test]
fn rules_and_commitments() {
    let count = |what, least, most| HealthRule::Count {
        places: Places::Some(vec![PlaceIx(1)]),
        types: Vec::new(),
        what,
        least,
        most,
        years: (1, 1),
    };
    assert_eq!(
        settled(&|h| h.rules.push(count(CountWhat::Open, None, Some(0)))),
        [Rule(1), Committed(SiteIx(1))]
    );
    let rules = settled(&|h| {
        h.rules.extend([count(CountWhat::Open, Some(2), None), count(CountWhat::New, None, Some(1))])
    });
    assert_eq!(rules, [Rule(1)], "there is one site");
    let both = |h: &mut Health| {
        settle(h, 0, 1, by(2));
        h.rules.push(HealthRule::Exclusive { sites: vec![SiteIx(0), SiteIx(1)], most: 1 });
    };
    assert_eq!(settled(&both), [Rule(1), Committed(SiteIx(0)), Committed(SiteIx(1))]);
    let apart = |h: &mut Health| {
        settle(h, 0, 1, by(2));
        h.rules[0] = HealthRule::Spacing { types: Vec::new(), least: Minutes::whole(11) };
    };
    assert_eq!(settled(&apart), [Rule(0), Committed(SiteIx(0)), Committed(SiteIx(1))]);
}

#[test]
fn a_commitment_against_its_own_site() {
    assert_eq!(settled(&|h| settle(h, 1, 2, by(1))), [Committed(SiteIx(1))]);
    let other = Some(Commitment { kind: Some(SECOND), by: 1 });
    let wrong_type = |h: &mut Health| {
        h.types.push(kind("other", vec![]));
        settle(h, 1, 1, other);
    };
    assert_eq!(settled(&wrong_type), [Committed(SiteIx(1))]);
}

#[test]
fn floors() {
    let floor = |percent| HealthRule::Attached { places: Places::All, percent, years: (1, 1) };
    // Three GPs in year 1 with the lever: 120 of 200.
    assert_eq!(settled(&|h| h.rules.push(floor(61))), [Rule(1), Pool(PoolIx(0))]);
    let cover = HealthRule::Coverage {
        places: Places::All,
        types: Vec::new(),
        practices: true,
        within: Minutes::whole(5),
        percent: 51,
        years: (1, 1),
    };
    assert_eq!(settled(&|h| (h.rules, h.sites) = (vec![cover.clone()], vec![h.sites[1].clone()])), [Rule(0)]);
    let posts = HealthRule::Posts {
        places: Places::All,
        types: Vec::new(),
        professions: vec![GP],
        least: Some(301),
        most: None,
        years: (1, 1),
    };
    assert_eq!(settled(&|h| h.rules.push(posts.clone())), [Rule(1), Pool(PoolIx(0))]);
}

#[test]
fn a_team_that_does_not_fit() {
    // Three GPs are the team, there is room for two: without the team it could open.
    let team = |h: &mut Health| {
        h.types[0].posts[0] = PostKind { rooms: 100, ..gps(40, 3, 3) };
        h.types[0].rooms = 200;
        h.pools.clear();
        h.levers.clear();
    };
    assert_eq!(settled(&team), [Team(FIRST), Committed(SiteIx(1))]);
}
