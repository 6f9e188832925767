//! Who pays what, and what it allows.

use crate::support::*;
use maillage_programme::Euros;
use maillage_programme::health::*;
use maillage_territory::{Fte, PlaceIx};

fn euros(n: i64) -> Option<Euros> {
    Some(Euros(n))
}

/// One centre for 100 euros that one GP may open.
fn centre(years: u8) -> Health {
    let (_, mut h) = villages(years);
    h.sites.truncate(1);
    h.types[0].capital = Euros(100);
    h.types[0].posts[0].most = Fte::whole(1);
    h.pools = vec![pool(&[1, 1, 1])];
    h
}

fn value(h: &Health) -> i128 {
    best(&road(&[10]), h)
}

/// The programme attaches someone when owners have so many euros, and nobody with one less.
fn needs(h: &Health, owner: i64) {
    let with = |total| {
        value(&Health { owner: Envelope { by_year: vec![], total: Some(Euros(total)) }, ..h.clone() })
    };
    assert!(with(owner) > 0, "{owner} are not enough");
    assert_eq!(with(owner - 1), 0, "one euro less than {owner} is enough");
}

#[test]
fn owners_in_all_and_by_year() {
    let mut h = centre(2);
    h.types[0].yearly = Euros(10);
    let with = |by_year: &[i64], total| {
        let by_year = by_year.iter().map(|n| euros(*n)).collect();
        value(&Health { owner: Envelope { by_year, total }, ..h.clone() })
    };
    // 110 and 10; or 110 in year 2 alone.
    assert_eq!(with(&[], None), 80);
    assert_eq!((with(&[], euros(120)), with(&[], euros(119)), with(&[], euros(109))), (80, 40, 0));
    assert_eq!((with(&[110], None), with(&[109], None), with(&[109, 109], None)), (80, 40, 0));
    assert_eq!((with(&[110, 10], euros(120)), with(&[110, 9], euros(120))), (80, 0));
}

#[test]
fn equipment_running_cost_and_income() {
    let mut h = centre(1);
    needs(&h, 100);
    h.types[0].posts[0].capital = Euros(7);
    needs(&h, 107);
    h.types[0].yearly = Euros(20);
    h.types[0].posts[0].yearly = Euros(50);
    needs(&h, 177);
    h.types[0].income = Euros(5);
    h.types[0].posts[0].income = Euros(30);
    needs(&h, 142);
    // Half posts of 7 euros cost 3 each, rounded down; two for the team.
    h.types[0].posts[0].step = Fte::from_hundredths(50);
    needs(&h, 141);
}

#[test]
fn vacant_posts_cost_nothing() {
    // 100, then 60 for the post; in year 2 half of it is vacant: 30.
    let mut h = centre(2);
    h.types[0].posts[0].yearly = Euros(60);
    h.types[0].posts[0].attrition_percent = 50;
    h.pools = vec![pool(&[1])];
    needs(&h, 190);
}

#[test]
fn what_earns_pays_for_others() {
    // The second village earns 100 a year, and a centre in the first costs 100.
    let (t, mut h) = villages(1);
    h.types[0].posts[0].most = Fte::whole(1);
    h.types[0].capital = Euros(100);
    h.types.push(kind("earns", vec![PostKind { income: Euros(100), ..gps(40, 1, 1) }]));
    h.owner.total = euros(0);
    assert_eq!(best(&t, &h), 0);
    h.sites[1] = candidate("c", 1, &[SECOND]);
    assert_eq!(best(&t, &h), 80);
    h.types[1].posts[0].income = Euros(99);
    assert_eq!(best(&t, &h), 40);
}

/// Works of 1,500,000: State 25 %, region 25 % up to 150,000, department 25 % up to 100,000, Europe a fixed sum.
fn works(europe: i64) -> Health {
    let mut h = centre(1);
    h.types[0].capital = Euros(1_500_000);
    h.funders = vec![
        funder("state", share(2500)),
        funder("region", FundingRule { cap: euros(150_000), ..share(2500) }),
        funder("department", FundingRule { cap: euros(100_000), ..share(2500) }),
        funder("europe", FundingRule { fixed: Euros(europe), ..share(0) }),
    ];
    h
}

fn granted(h: &Health) -> Vec<i64> {
    grants(h, FIRST, PlaceIx(0)).iter().map(|e| e.0).collect()
}

#[test]
fn grants_with_caps_stack() {
    let h = works(300_000);
    // 375,000 + 150,000 + 100,000 + 300,000 = 925,000 of 1,500,000.
    assert_eq!(granted(&h), [375_000, 150_000, 100_000, 300_000]);
    needs(&h, 575_000);
}

#[test]
fn the_ceiling_cuts_the_last_first() {
    // 1,325,000 would be granted; 80 % are 1,200,000: 125,000 are cut.
    let mut h = works(700_000);
    assert_eq!(granted(&h), [375_000, 150_000, 100_000, 575_000]);
    needs(&h, 300_000);
    h.grants_ceiling_percent = 100;
    needs(&h, 175_000);
    // The order counts: Europe first is whole, 500,000 are left for the State, the region and the department.
    h.grants_ceiling_percent = 80;
    h.funders.rotate_right(1);
    assert_eq!(granted(&h), [700_000, 375_000, 125_000, 0]);
    needs(&h, 300_000);
}

#[test]
fn a_rate_on_a_capped_base() {
    let mut h = centre(1);
    h.types[0].capital = Euros(1_000_001);
    h.funders = vec![funder("state", FundingRule { base_cap: euros(400_000), ..share(2500) })];
    needs(&h, 900_001);
    h.funders[0].rules[0].base_cap = None;
    // A quarter of 1,000,001 is 250,000.25: rounded down.
    needs(&h, 750_001);
}

#[test]
fn grants_by_zone_type_and_team() {
    let mut h = centre(1);
    let given = |h: &Health, rule| granted(&Health { funders: vec![funder("state", rule)], ..h.clone() })[0];
    let zone = |place| FundingRule { places: Places::Some(vec![PlaceIx(place)]), ..share(5000) };
    assert_eq!((given(&h, share(5000)), given(&h, zone(0)), given(&h, zone(1))), (50, 50, 0));
    let types = |kind| FundingRule { types: vec![kind], ..share(5000) };
    assert_eq!((given(&h, types(FIRST)), given(&h, types(SECOND))), (50, 0));
    let team = |least_posts| FundingRule { least_posts, ..share(5000) };
    assert_eq!((given(&h, team(100)), given(&h, team(101))), (50, 0), "one GP is the team");
    // The first rule that fits: 10 % here, 30 % elsewhere.
    h.funders = vec![Funder {
        rules: vec![FundingRule { rate_bp: 1000, ..zone(1) }, share(3000), share(4000)],
        ..funder("state", share(0))
    }];
    needs(&h, 70);
    h.funders[0].rules[0].places = Places::Some(vec![PlaceIx(0)]);
    needs(&h, 90);
}

#[test]
fn more_for_more_rooms() {
    let mut h = centre(1);
    h.types[0].rooms = 560;
    let rule = FundingRule { rate_more_bp: 200, rooms_from: 2, rate_more_most_bp: 500, ..share(3000) };
    h.funders = vec![funder("state", rule)];
    // Five whole rooms, three beyond two: 6 % more, at most 5: 35 %.
    needs(&h, 65);
    h.funders[0].rules[0].rate_more_most_bp = 2000;
    needs(&h, 64);
}

/// Two centres of 100 euros, half of it from the State.
fn two_centres(years: u8, by_year: &[i64], total: Option<i64>) -> Health {
    let mut h = centre(years);
    h.sites.push(candidate("c", 1, &[FIRST]));
    h.pools = vec![pool(&[2, 2])];
    let by_year = by_year.iter().map(|n| euros(*n)).collect();
    let envelope = Envelope { by_year, total: total.map(Euros) };
    h.funders = vec![Funder { envelope, ..funder("state", share(5000)) }];
    h
}

#[test]
fn a_funders_envelope_by_year() {
    let with = |by_year: &[i64], owner| {
        let mut h = two_centres(2, by_year, None);
        h.owner.total = euros(owner);
        value(&h)
    };
    // Two centres for two years: 160. Owners pay 100 when the State pays both halves.
    assert_eq!((with(&[], 100), with(&[100], 100), with(&[99], 101)), (160, 160, 160));
    // 50 a year: one opens in year 1, one in year 2; or both at once for 150.
    assert_eq!((with(&[50, 50], 100), with(&[50, 50], 149), with(&[50, 50], 150)), (120, 120, 160));
    assert_eq!((with(&[50, 0], 100), with(&[0, 0], 199), with(&[0, 0], 200)), (80, 80, 160));
}

#[test]
fn a_funders_envelope_in_all() {
    let with = |total, owner| {
        let mut h = two_centres(2, &[], Some(total));
        h.owner.total = euros(owner);
        value(&h)
    };
    assert_eq!((with(100, 100), with(99, 101)), (160, 160));
    assert_eq!((with(99, 100), with(50, 149), with(50, 150), with(0, 199)), (80, 80, 160, 80));
}

#[test]
fn an_envelope_is_spent_where_it_is_needed() {
    // Owners have 100 in year 1 and 50 in year 2; the State 50 in all: the second centre opens with its help.
    let mut h = two_centres(2, &[], Some(50));
    h.owner.by_year = vec![euros(100), euros(50)];
    let s = proven(&road(&[10]), &h);
    assert_eq!(s.goals[0].objective, 12_000);
    assert_eq!(s.plan.futures[0].paid, [[Euros(0), Euros(50)]]);
}

#[test]
fn funders_help_with_running_costs() {
    let mut h = centre(2);
    h.types[0].capital = Euros(0);
    h.types[0].yearly = Euros(30);
    h.pools = vec![pool(&[1])];
    needs(&h, 60);
    h.funders = vec![funder("insurance", FundingRule { yearly: Euros(20), ..share(0) })];
    needs(&h, 20);
    h.funders[0].envelope.total = euros(15);
    needs(&h, 45);
    // It is beside the ceiling of grants.
    h.funders[0].envelope.total = None;
    h.grants_ceiling_percent = 0;
    needs(&h, 20);
}

#[test]
fn structures_that_stand_cost_and_are_helped() {
    let mut h = centre(1);
    h.types[0].yearly = Euros(30);
    h.sites = vec![existing("b", 0, FIRST, &[1])];
    h.goals = vec![seek(HealthGoal::Cost, 0)];
    assert_eq!(value(&h), 30, "no capital");
    h.funders = vec![funder("insurance", FundingRule { yearly: Euros(20), ..share(5000) })];
    h.owner.total = euros(10);
    assert_eq!(value(&h), 30, "all payers together");
    h.owner.total = euros(9);
    assert_eq!(clash(&road(&[10]), &h), [maillage_planning::HealthClash::Owner]);
}
