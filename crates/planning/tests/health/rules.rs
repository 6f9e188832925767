//! Rules of a programme.

use crate::support::*;
use maillage_planning::HealthClash;
use maillage_programme::health::*;
use maillage_programme::{Euros, SiteIx};
use maillage_territory::{Fte, Minutes, PlaceIx};

/// Two villages where each centre holds one GP: 80 people in two centres. The rules are added last.
fn single(years: u8) -> Health {
    let (_, mut h) = villages(years);
    h.types[0].posts[0].most = Fte::whole(1);
    h
}

/// What two villages come to under rules.
fn under(h: &Health, rules: &[HealthRule]) -> i128 {
    best(&road(&[10]), &Health { rules: rules.to_vec(), ..h.clone() })
}

fn count(what: CountWhat, least: Option<u32>, most: Option<u32>) -> HealthRule {
    HealthRule::Count { places: Places::All, types: Vec::new(), what, least, most, years: (1, 9) }
}

fn at(place: u32) -> Places {
    Places::Some(vec![PlaceIx(place)])
}

#[test]
fn exclusive() {
    let h = single(1);
    let of = |sites: &[u32], most| HealthRule::Exclusive {
        sites: sites.iter().map(|s| SiteIx(*s)).collect(),
        most,
    };
    assert_eq!(under(&h, &[]), 80);
    assert_eq!(under(&h, &[of(&[0, 1], 1)]), 40);
    assert_eq!(under(&h, &[of(&[0, 1], 2)]), 80);
    assert_eq!(under(&h, &[of(&[1], 1)]), 80, "the other is not meant");
    assert_eq!(under(&h, &[of(&[0, 1], 0)]), 0);
}

#[test]
fn what_stands_is_exclusive_too() {
    let mut h = single(1);
    h.sites[0] = existing("b", 0, FIRST, &[1]);
    let rule = [HealthRule::Exclusive { sites: vec![SiteIx(0), SiteIx(1)], most: 1 }];
    assert_eq!((under(&h, &[]), under(&h, &rule)), (80, 40));
    // It makes room by closing: two GPs in the other instead of the one who was here.
    if let Standing::Existing(e) = &mut h.sites[0].standing {
        e.may_close = true;
    }
    h.types[0].posts[0].most = Fte::whole(2);
    assert_eq!((under(&h, &[]), under(&h, &rule)), (120, 80));
}

#[test]
fn spacing() {
    let h = single(1);
    let apart = |least| [HealthRule::Spacing { types: Vec::new(), least: Minutes::whole(least) }];
    assert_eq!((under(&h, &apart(10)), under(&h, &apart(11))), (80, 40));
    let mut two = h.clone();
    two.types.push(kind("other", vec![gps(40, 1, 1)]));
    two.sites[1] = candidate("c", 1, &[SECOND]);
    let of_first = [HealthRule::Spacing { types: vec![FIRST], least: Minutes::whole(11) }];
    assert_eq!((under(&two, &apart(11)), under(&two, &of_first)), (40, 80), "only one is of that type");
}

#[test]
fn spacing_counts_the_shorter_way_and_not_what_stands() {
    let mut h = single(1);
    h.rules = vec![HealthRule::Spacing { types: Vec::new(), least: Minutes::whole(11) }];
    assert_eq!(best(&territory(&[&[0, 20], &[10, 0]]), &h), 40);
    assert_eq!(best(&territory(&[&[0, 20], &[11, 0]]), &h), 80);
    h.sites[0] = existing("b", 0, FIRST, &[1]);
    assert_eq!(best(&road(&[10]), &h), 40, "nothing new beside what stands");
    h.sites[1] = existing("c", 1, FIRST, &[1]);
    assert_eq!(best(&road(&[10]), &h), 80);
}

#[test]
fn spacing_lets_one_follow_another_that_closes() {
    let mut h = single(2);
    let standing = Standing::Existing(Existing { kind: FIRST, posts: vec![Fte::whole(1)], may_close: true });
    h.sites[0] = site("b", &[0], standing);
    h.types[0].posts[0] = gps(40, 0, 2);
    h.pools = vec![pool(&[0, 2])];
    let rule = [HealthRule::Spacing { types: Vec::new(), least: Minutes::whole(11) }];
    // 40 today; then two GPs in the second village instead, or besides.
    assert_eq!((under(&h, &[]), under(&h, &rule)), (40 + 120, 40 + 80));
}

#[test]
fn most_of_a_count() {
    let h = single(1);
    assert_eq!(under(&h, &[count(CountWhat::Open, None, Some(1))]), 40);
    assert_eq!(under(&h, &[count(CountWhat::New, None, Some(1))]), 40);
    let here = |places| HealthRule::Count {
        places,
        types: Vec::new(),
        what: CountWhat::New,
        least: None,
        most: Some(0),
        years: (1, 1),
    };
    assert_eq!((under(&h, &[here(at(0))]), under(&h, &[here(Places::All)])), (40, 0));
}

#[test]
fn least_of_a_count_by_zone() {
    // Lists of 60 in the first village and of 40 in the second; one GP.
    let mut h = single(1);
    h.types.push(kind("large", vec![gps(60, 1, 1)]));
    h.sites[0] = candidate("b", 0, &[SECOND]);
    h.pools = vec![pool(&[1])];
    let least = |places, types: &[HealthTypeIx], n| HealthRule::Count {
        places,
        types: types.to_vec(),
        what: CountWhat::New,
        least: Some(n),
        most: None,
        years: (1, 1),
    };
    assert_eq!(under(&h, &[]), 60);
    assert_eq!(under(&h, &[least(at(0), &[], 1)]), 60);
    assert_eq!(under(&h, &[least(at(1), &[], 1)]), 40);
    assert_eq!(under(&h, &[least(Places::All, &[FIRST], 1)]), 40);
    let (t, two) = (road(&[10]), [least(Places::All, &[], 2)]);
    let rules = clash(&t, &Health { rules: two.to_vec(), ..h });
    assert_eq!(
        rules,
        [
            HealthClash::Rule(0),
            HealthClash::Team(FIRST),
            HealthClash::Team(SECOND),
            HealthClash::Pool(PoolIx(0))
        ]
    );
}

#[test]
fn counts_tell_what_stands_from_what_is_new() {
    let mut h = single(1);
    h.sites[0] = existing("b", 0, FIRST, &[1]);
    assert_eq!(under(&h, &[count(CountWhat::Open, None, Some(1))]), 40);
    assert_eq!(under(&h, &[count(CountWhat::New, None, Some(1))]), 80);
    assert_eq!(under(&h, &[count(CountWhat::Opening, None, Some(0))]), 40);
}

#[test]
fn openings_of_a_year() {
    // Two GPs in year 1, two in year 2: both centres from year 1 on, or one a year.
    let mut h = single(2);
    h.pools = vec![pool(&[2, 2])];
    assert_eq!(under(&h, &[]), 160);
    assert_eq!(under(&h, &[count(CountWhat::Opening, None, Some(1))]), 40 + 80);
    assert_eq!(under(&h, &[count(CountWhat::New, None, Some(1))]), 80);
    let first_year = HealthRule::Count {
        places: Places::All,
        types: Vec::new(),
        what: CountWhat::New,
        least: None,
        most: Some(0),
        years: (1, 1),
    };
    assert_eq!(under(&h, &[first_year]), 80, "both in year 2");
}

#[test]
fn interns() {
    // The type that takes interns has lists of 10.
    let mut h = single(1);
    h.types.push(HealthType { interns: true, ..kind("teaching", vec![gps(10, 1, 1)]) });
    h.sites[1] = candidate("c", 1, &[FIRST, SECOND]);
    assert_eq!(under(&h, &[]), 80);
    assert_eq!(under(&h, &[count(CountWhat::Interns, Some(1), None)]), 50);
    assert_eq!(under(&h, &[count(CountWhat::Interns, None, Some(0))]), 80);
    h.types[0].interns = true;
    assert_eq!(under(&h, &[count(CountWhat::Interns, None, Some(1))]), 40);
}

#[test]
fn coverage_floor() {
    // 60 and 40 people; one GP: a list of 40 in the second village, of 10 in the first.
    let mut h = single(1);
    h.people = programme(1, &[60, 40]).people;
    h.types.push(kind("small", vec![gps(10, 1, 1)]));
    h.sites[0] = candidate("b", 0, &[SECOND]);
    h.pools = vec![pool(&[1])];
    let cover = |places, practices, within, percent| HealthRule::Coverage {
        places,
        types: Vec::new(),
        practices,
        within: Minutes::whole(within),
        percent,
        years: (1, 1),
    };
    let near = |percent| cover(Places::All, false, 9, percent);
    assert_eq!(
        (under(&h, &[]), under(&h, &[near(40)]), under(&h, &[near(41)]), under(&h, &[near(60)])),
        (40, 40, 10, 10)
    );
    assert_eq!(under(&h, &[cover(at(0), false, 9, 100)]), 10);
    assert_eq!(under(&h, &[cover(Places::All, false, 10, 100)]), 40);
    let mut with = h.clone();
    add_practice(&mut with, "d", 0, &[5]);
    assert_eq!(under(&with, &[near(60)]), 10 + 5);
    assert_eq!(under(&with, &[cover(Places::All, true, 9, 60)]), 40 + 5, "the practice covers them");
    let (t, rules) = (road(&[10]), vec![near(61)]);
    assert!(clash(&t, &Health { rules, ..h }).contains(&HealthClash::Rule(0)));
}

#[test]
fn coverage_by_types_and_years() {
    // Two years, one GP each: which village first.
    let mut h = single(2);
    h.people = programme(2, &[30, 100]).people;
    h.max_time = Minutes::whole(5);
    h.pools = vec![pool(&[1, 1])];
    let cover = |types: &[HealthTypeIx], years| HealthRule::Coverage {
        places: at(0),
        types: types.to_vec(),
        practices: false,
        within: Minutes::whole(5),
        percent: 100,
        years,
    };
    // 40 twice in the second village, 30 in the first in year 2; or 30 twice and 40.
    assert_eq!(
        (under(&h, &[]), under(&h, &[cover(&[], (2, 2))]), under(&h, &[cover(&[], (1, 2))])),
        (110, 110, 100)
    );
    assert_eq!(under(&h, &[cover(&[FIRST], (1, 1))]), 100);
    h.types.push(kind("other", vec![gps(1, 1, 1)]));
    h.sites[0] = candidate("b", 0, &[FIRST, SECOND]);
    assert_eq!(under(&h, &[cover(&[SECOND], (1, 1))]), 1 + 1 + 40);
}

#[test]
fn posts_rule() {
    let posts = |places, professions: &[ProfessionIx], least, most| HealthRule::Posts {
        places,
        types: Vec::new(),
        professions: professions.to_vec(),
        least,
        most,
        years: (1, 1),
    };
    let h = single(1);
    assert_eq!(under(&h, &[posts(Places::All, &[GP], None, Some(100))]), 40);
    assert_eq!(under(&h, &[posts(Places::All, &[NURSE], None, Some(100))]), 80);
    assert_eq!(under(&h, &[posts(at(1), &[], None, Some(0))]), 40);
    // Money for one GP or one nurse.
    let mut h = single(1);
    h.types[0].posts[0] = PostKind { yearly: Euros(60), ..gps(40, 0, 1) };
    h.types[0].posts.push(PostKind { yearly: Euros(60), ..post(NURSE, 0) });
    h.owner.total = Some(Euros(119));
    assert_eq!(under(&h, &[]), 40);
    assert_eq!(under(&h, &[posts(Places::All, &[NURSE], Some(100), None)]), 0);
    h.owner.total = Some(Euros(120));
    assert_eq!(under(&h, &[posts(Places::All, &[NURSE], Some(100), None)]), 40);
    assert_eq!(under(&h, &[posts(Places::All, &[NURSE], Some(101), None)]), 0, "posts are whole");
}

#[test]
fn posts_of_today_count() {
    let mut h = single(1);
    h.sites[0] = existing("b", 0, FIRST, &[1]);
    let most = |n| HealthRule::Posts {
        places: Places::All,
        types: vec![FIRST],
        professions: vec![GP],
        least: None,
        most: Some(n),
        years: (1, 1),
    };
    assert_eq!((under(&h, &[most(100)]), under(&h, &[most(200)])), (40, 80));
}

#[test]
fn attached_floor() {
    // One GP: a list of 40 in the first village or of 30 in the second; people stay in their village.
    let mut h = single(1);
    h.max_time = Minutes::whole(5);
    h.types.push(kind("small", vec![gps(30, 1, 1)]));
    h.sites[1] = candidate("c", 1, &[SECOND]);
    h.pools = vec![pool(&[1])];
    let floor = |percent, years| HealthRule::Attached { places: at(1), percent, years };
    assert_eq!(under(&h, &[]), 40);
    assert_eq!(under(&h, &[floor(30, (1, 1))]), 30);
    assert_eq!(under(&h, &[floor(30, (2, 2))]), 40, "beyond the last year");
    let rules = vec![floor(31, (1, 1))];
    assert_eq!(clash(&road(&[10]), &Health { rules, ..h }), [HealthClash::Rule(0)]);
}

#[test]
fn attached_floor_shares_a_list() {
    // One list of 80 in the first village: without a rule nobody travels.
    let (t, mut h) = villages(1);
    h.sites.truncate(1);
    h.goals.push(seek(HealthGoal::TravelTime, 0));
    let floor = |place, percent| HealthRule::Attached { places: at(place), percent, years: (1, 1) };
    assert_eq!(values(&t, &h), [80, 0]);
    h.rules = vec![floor(1, 20)];
    assert_eq!(values(&t, &h), [80, 20 * 1000]);
    h.rules = vec![floor(1, 20), floor(0, 60)];
    assert_eq!(values(&t, &h), [80, 20 * 1000]);
    h.rules = vec![floor(1, 21), floor(0, 60)];
    let mut rules = clash(&t, &h);
    rules.retain(|r| matches!(r, HealthClash::Rule(_)));
    assert_eq!(rules, [HealthClash::Rule(0), HealthClash::Rule(1)]);
}

/// A floor for one village and one for both, in either order.
#[test]
fn attached_floors_that_overlap() {
    let (t, mut h) = villages(1);
    h.sites.truncate(1);
    h.goals.push(seek(HealthGoal::TravelTime, 0));
    let floor = |places, percent| HealthRule::Attached { places, percent, years: (1, 1) };
    h.rules = vec![floor(Places::All, 30), floor(at(1), 20)];
    assert_eq!(values(&t, &h), [80, 20 * 1000]);
    h.rules.reverse();
    assert_eq!(values(&t, &h), [80, 20 * 1000]);
}
