//! Tiny territories and programmes, and what comes of them.

use maillage_planning::{GoalStatus, HealthClash, HealthSolved, Options, SolvedHealth, solve_health};
use maillage_programme::health::*;
use maillage_programme::{Euros, SiteIx};
use maillage_territory::{
    Fte, Minutes, Persons, Place, PlaceId, PlaceIx, SiteId, Territory, TravelSource, TravelTimes, TypeId,
};
use std::collections::BTreeMap;

pub const GP: ProfessionIx = ProfessionIx(0);
pub const NURSE: ProfessionIx = ProfessionIx(1);
pub const ASSISTANT: ProfessionIx = ProfessionIx(2);
pub const FIRST: HealthTypeIx = HealthTypeIx(0);
pub const SECOND: HealthTypeIx = HealthTypeIx(1);

/// A territory with whole minutes from each place (row) to each (column).
pub fn territory(times: &[&[u16]]) -> Territory {
    let hundredths: Vec<Vec<u32>> =
        times.iter().map(|row| row.iter().map(|t| u32::from(*t) * 100).collect()).collect();
    fine_territory(&hundredths)
}

/// A territory with times in hundredths of a minute.
pub fn fine_territory(times: &[Vec<u32>]) -> Territory {
    let ix = |i: usize| PlaceIx(i as u32);
    let triples = times.iter().enumerate().flat_map(|(i, row)| {
        row.iter().enumerate().map(move |(j, t)| (ix(i), ix(j), Minutes::from_hundredths(*t)))
    });
    let source = TravelSource::Table { source: "hand".into(), date: "2026".into() };
    let travel = TravelTimes::new(times.len(), Minutes::whole(60), source, triples);
    let place =
        |i: usize| Place::new(PlaceId::new(&format!("{i:05}")).unwrap(), &format!("Place {i}"), Persons(0));
    Territory::from_parts("toy", (0..times.len()).map(place).collect(), travel).unwrap()
}

/// Places along one road, with the minutes from each to the next.
pub fn road(gaps: &[u16]) -> Territory {
    let mut at = vec![0u16];
    gaps.iter().for_each(|gap| at.push(at[at.len() - 1] + gap));
    let rows: Vec<Vec<u16>> = at.iter().map(|a| at.iter().map(|b| a.abs_diff(*b)).collect()).collect();
    territory(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

/// Whole salaried posts, at most two, that cost nothing and need no room.
pub fn post(profession: ProfessionIx, list: u32) -> PostKind {
    PostKind {
        profession,
        mode: Mode::Salaried,
        step: Fte::whole(1),
        least: Fte::whole(0),
        most: Fte::whole(2),
        rooms: 0,
        list,
        acts: 0,
        ramp: Vec::new(),
        attrition_percent: 0,
        capital: Euros(0),
        yearly: Euros(0),
        income: Euros(0),
    }
}

/// GPs with this list, at least and at most so many.
pub fn gps(list: u32, least: u32, most: u32) -> PostKind {
    PostKind { least: Fte::whole(least), most: Fte::whole(most), ..post(GP, list) }
}

/// A type that costs nothing.
pub fn kind(id: &str, posts: Vec<PostKind>) -> HealthType {
    HealthType {
        id: TypeId::new(id).unwrap(),
        name: Default::default(),
        kind: StructureKind::Centre,
        posts,
        rooms: 0,
        area_m2: 0,
        hours_week: 0,
        unscheduled_week: 0,
        capital: Euros(0),
        yearly: Euros(0),
        income: Euros(0),
        lead: None,
        sessions: None,
        attracts: Vec::new(),
        interns: false,
    }
}

pub fn site(id: &str, addresses: &[u32], standing: Standing) -> HealthSite {
    let addresses = addresses.iter().map(|p| PlaceIx(*p)).collect();
    HealthSite { id: SiteId::new(id).unwrap(), addresses, standing }
}

/// A candidate of some types from year 1.
pub fn candidate(id: &str, at: u32, types: &[HealthTypeIx]) -> HealthSite {
    site(id, &[at], Standing::Candidate { types: types.to_vec(), from: 1, committed: None })
}

/// A structure that stands, with whole posts, and stays.
pub fn existing(id: &str, at: u32, kind: HealthTypeIx, posts: &[u32]) -> HealthSite {
    let posts = posts.iter().map(|n| Fte::whole(*n)).collect();
    site(id, &[at], Standing::Existing(Existing { kind, posts, may_close: false }))
}

/// GPs of every place, by year.
pub fn pool(by_year: &[u32]) -> Pool {
    Pool {
        id: "gp".into(),
        profession: GP,
        mode: None,
        places: Places::All,
        by_year: by_year.iter().map(|n| Fte::whole(*n)).collect(),
        carry_over: false,
    }
}

pub fn lever(delay: u8, adds: u32) -> Lever {
    Lever {
        id: "intern-house".into(),
        name: Default::default(),
        capital: Euros(0),
        yearly: Euros(0),
        from: 1,
        by: None,
        delay,
        adds: vec![(PoolIx(0), Fte::whole(adds))],
    }
}

/// A rule that gives a share of the capital everywhere.
pub fn share(rate_bp: u32) -> FundingRule {
    FundingRule {
        types: Vec::new(),
        places: Places::All,
        least_posts: 0,
        rate_bp,
        rate_more_bp: 0,
        rooms_from: 0,
        rate_more_most_bp: 0,
        base_cap: None,
        cap: None,
        fixed: Euros(0),
        yearly: Euros(0),
    }
}

pub fn funder(id: &str, rule: FundingRule) -> Funder {
    Funder { id: id.into(), name: Default::default(), rules: vec![rule], envelope: Envelope::default() }
}

pub fn future(id: &str, probability_percent: u8) -> Future {
    Future {
        id: id.into(),
        probability_percent,
        pool_percent: 100,
        ramp_percent: 100,
        refused: Vec::new(),
        practices: BTreeMap::new(),
    }
}

/// One goal, with a tolerance.
pub fn seek(goal: HealthGoal, tolerance_bp: u32) -> Seek {
    Seek { terms: vec![GoalTerm { weight: 1, goal }], tolerance_bp }
}

/// A programme with nothing in it that counts the same people in every year.
pub fn programme(years: u8, people: &[u64]) -> Health {
    let profession = |id: &str, rank| Profession { id: id.into(), name: Default::default(), rank };
    Health {
        years,
        first_year: 2027,
        professions: vec![
            profession("gp", Rank::Gp),
            profession("nurse", Rank::Carer),
            profession("assistant", Rank::Support),
        ],
        types: Vec::new(),
        sites: Vec::new(),
        people: vec![people.iter().map(|n| Persons(*n)).collect(); usize::from(years) + 1],
        max_time: Minutes::whole(15),
        behaviour: Behaviour::Fill,
        attachments_kept: false,
        pools: Vec::new(),
        levers: Vec::new(),
        funders: Vec::new(),
        grants_ceiling_percent: 80,
        owner: Envelope::default(),
        rules: Vec::new(),
        duty: None,
        goals: vec![seek(HealthGoal::PeopleAttached, 0)],
        outlook: Outlook::Expected,
        futures: vec![future("only", 100)],
        access: None,
    }
}

/// Adds a practice of one GP whose list holds so many people in each year, year 0 first; the last holds on.
pub fn add_practice(health: &mut Health, id: &str, at: u32, lists: &[u64]) -> SiteIx {
    health.sites.push(site(id, &[at], Standing::Practice));
    let ix = SiteIx(health.sites.len() as u32 - 1);
    let of = |year: usize| {
        let list = lists[year.min(lists.len() - 1)];
        Practice { gps: Fte::whole(u32::from(list > 0)), list: Persons(list), acts: 0 }
    };
    let years: Vec<Practice> = (0..=usize::from(health.years)).map(of).collect();
    for f in &mut health.futures {
        f.practices.insert(ix, years.clone());
    }
    ix
}

/// The settings of a candidate.
pub fn settle(health: &mut Health, site: usize, year: u8, settled: Option<Commitment>) {
    if let Standing::Candidate { from, committed, .. } = &mut health.sites[site].standing {
        (*from, *committed) = (year, settled);
    }
}

/// Open by a year, as any type.
pub fn by(year: u8) -> Option<Commitment> {
    Some(Commitment { kind: None, by: year })
}

/// Two villages ten minutes apart with 100 people each; a centre of one or two GPs with lists of 40 may open in
/// either; two GPs can be found in year 1. Most: 80 people.
pub fn villages(years: u8) -> (Territory, Health) {
    let mut h = programme(years, &[100, 100]);
    h.types = vec![kind("centre", vec![gps(40, 1, 2)])];
    h.sites = vec![candidate("b", 0, &[FIRST]), candidate("c", 1, &[FIRST])];
    h.pools = vec![pool(&[2])];
    (road(&[10]), h)
}

pub fn solve(t: &Territory, h: &Health) -> HealthSolved {
    solve_health(t, h, &Options::default(), &mut |_, _| {}).unwrap()
}

pub fn plan(t: &Territory, h: &Health) -> SolvedHealth {
    match solve(t, h) {
        HealthSolved::Plan(s) => *s,
        other => panic!("{other:?}"),
    }
}

/// A plan whose every step is proven.
pub fn proven(t: &Territory, h: &Health) -> SolvedHealth {
    let s = plan(t, h);
    for g in &s.goals {
        assert_eq!((g.status, g.objective), (GoalStatus::Optimal, g.bound), "{s:?}");
    }
    assert_eq!(s.limit, None);
    s
}

/// Values of the steps of a proven plan, in hundredths.
pub fn hundredths(t: &Territory, h: &Health) -> Vec<i128> {
    proven(t, h).goals.iter().map(|g| g.objective).collect()
}

/// Values of the steps of a proven plan, whole.
pub fn values(t: &Territory, h: &Health) -> Vec<i128> {
    hundredths(t, h).into_iter().map(|v| if v % 100 == 0 { v / 100 } else { panic!("{v}") }).collect()
}

/// Value of the first step of a proven plan.
pub fn best(t: &Territory, h: &Health) -> i128 {
    values(t, h)[0]
}

pub fn clash(t: &Territory, h: &Health) -> Vec<HealthClash> {
    match solve(t, h) {
        HealthSolved::Infeasible(rules) => rules,
        other => panic!("{other:?}"),
    }
}

/// People of a place attached in a year of the first future.
pub fn on_lists(s: &SolvedHealth, year: u8, place: u32) -> u64 {
    let rows = s.plan.futures[0].attached.iter();
    rows.filter(|a| a.year == year && a.from == PlaceIx(place)).map(|a| a.people.0).sum()
}
