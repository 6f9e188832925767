//! Random tiny programmes: what is solved is the best of all plans.

use crate::brute::{Worth, brute, decisions_of, doing, together, trip};
use crate::second::opinion;
use crate::support::*;
use maillage_planning::{GoalStatus, HealthClash, HealthSolved, plain_model};
use maillage_programme::health::*;
use maillage_programme::{Euros, SiteIx};
use maillage_territory::{Fte, Minutes, Persons, PlaceIx, Territory};
use proptest::prelude::*;
use proptest::{collection, option, sample};

/// A programme and those who stay: `kept[year - 1][place][site]`.
type Case = (Territory, Health, Vec<Vec<Vec<u64>>>);

fn posts() -> impl Strategy<Value = PostKind> {
    let team = (0u32..2, 1u32..3, sample::select(vec![50u32, 100]), 0u32..2);
    let list =
        (0u32..20, sample::select(vec![vec![], vec![50, 100], vec![40]]), sample::select(vec![0u8, 30, 50]));
    let euros = (0i64..3, 0i64..5, 0i64..4);
    (team, list, euros).prop_map(
        |((least, most, step, rooms), (list, ramp, attrition_percent), (capital, yearly, income))| PostKind {
            step: Fte::from_hundredths(step),
            rooms: rooms * 100,
            ramp,
            attrition_percent,
            capital: Euros(capital),
            yearly: Euros(yearly),
            income: Euros(income),
            ..gps(list, least, most)
        },
    )
}

fn types() -> impl Strategy<Value = Vec<HealthType>> {
    let one = (collection::vec(posts(), 1..3), 0i64..20, 0i64..4, 0i64..3, 1u32..4, 0u32..2);
    let of =
        |(mut posts, capital, yearly, income, rooms, attracts): (Vec<PostKind>, i64, i64, i64, u32, u32)| {
            // The second post is no GP: the pool does not hold it.
            posts.iter_mut().skip(1).for_each(|p| p.profession = NURSE);
            HealthType {
                capital: Euros(capital),
                yearly: Euros(yearly),
                income: Euros(income),
                rooms: rooms * 100,
                attracts: if attracts > 0 { vec![(PoolIx(0), Fte::whole(1))] } else { Vec::new() },
                ..kind("t", posts)
            }
        };
    collection::vec(one.prop_map(of), 1..3)
}

fn envelopes() -> impl Strategy<Value = Envelope> {
    (collection::vec(option::of(0i64..25), 0..3), option::of(0i64..45)).prop_map(|(by_year, total)| {
        Envelope { by_year: by_year.into_iter().map(|e| e.map(Euros)).collect(), total: total.map(Euros) }
    })
}

fn funders() -> impl Strategy<Value = Vec<Funder>> {
    let rule = (0u32..9000, option::of(0i64..15), option::of(0i64..10), 0i64..4, 0i64..3, any::<bool>());
    let of = |((rate_bp, base_cap, cap, fixed, yearly, here), envelope)| {
        let places = if here { Places::Some(vec![PlaceIx(0)]) } else { Places::All };
        let rule = FundingRule {
            places,
            base_cap: Option::map(base_cap, Euros),
            cap: Option::map(cap, Euros),
            fixed: Euros(fixed),
            yearly: Euros(yearly),
            ..share(rate_bp)
        };
        Funder { envelope, ..funder("state", rule) }
    };
    collection::vec((rule, envelopes()).prop_map(of), 0..2)
}

/// Every euro so many times: what is one short stays one short.
fn in_millions(h: &mut Health, price: i64) {
    let times = |e: &mut Euros| e.0 *= price;
    let limit = |e: &mut Envelope| e.by_year.iter_mut().chain([&mut e.total]).flatten().for_each(times);
    for t in &mut h.types {
        [&mut t.capital, &mut t.yearly, &mut t.income].into_iter().for_each(times);
        let posts = t.posts.iter_mut();
        posts.flat_map(|p| [&mut p.capital, &mut p.yearly, &mut p.income]).for_each(times);
    }
    for f in &mut h.funders {
        let r = &mut f.rules[0];
        [&mut r.fixed, &mut r.yearly].into_iter().chain(&mut r.base_cap).chain(&mut r.cap).for_each(times);
        limit(&mut f.envelope);
    }
    limit(&mut h.owner);
    if price > 1 {
        h.owner.by_year.iter_mut().chain([&mut h.owner.total]).flatten().for_each(|e| e.0 -= 1);
    }
}

/// Places, years, and what stands: a practice with its lists, an existing structure with its posts, candidates.
fn sites() -> impl Strategy<Value = (u8, usize, Vec<HealthSite>, Option<Vec<u64>>)> {
    let practice = option::of((0u32..2, collection::vec(0u64..25, 3)));
    let standing = option::weighted(0.3, (0u32..2, collection::vec(0u32..3, 2)));
    let settled = option::weighted(0.25, (1u8..3, option::weighted(0.3, 0u16..2)));
    let candidates = collection::vec((0u32..3, 1u8..3, any::<bool>(), settled), 1..3);
    (1u8..3, 2usize..4, practice, standing, candidates).prop_map(
        |(years, places, practice, standing, candidates)| {
            let mut sites = Vec::new();
            sites.extend(practice.iter().map(|(at, _)| site("a", &[*at], Standing::Practice)));
            if let Some((at, posts)) = &standing {
                let posts = posts.iter().map(|n| Fte::from_hundredths(50 * *n)).collect();
                sites.push(site(
                    "b",
                    &[*at],
                    Standing::Existing(Existing { kind: FIRST, posts, may_close: false }),
                ));
            }
            let one = standing.is_some();
            for ((at, from, both, settled), id) in
                candidates.into_iter().take(if one { 1 } else { 2 }).zip(["c", "d"])
            {
                let types = if both { vec![FIRST, SECOND] } else { vec![FIRST] };
                let committed =
                    settled.map(|(by, kind)| Commitment { kind: kind.map(HealthTypeIx), by: by.min(years) });
                let from = from.min(years);
                sites.push(site(id, &[at % places as u32], Standing::Candidate { types, from, committed }));
            }
            (years, places, sites, practice.map(|(_, lists)| lists))
        },
    )
}

fn cases() -> impl Strategy<Value = Case> {
    let pools = option::of((collection::vec(0u32..7, 2), any::<bool>()));
    let people = (
        collection::vec(collection::vec(0u64..30, 3), 3),
        collection::vec(collection::vec(0u32..25, 3), 3),
        any::<bool>(),
        option::weighted(0.4, (0u16..15, 0u8..101)),
    );
    let money = (
        envelopes(),
        funders(),
        sample::select(vec![1i64, 1_000_003]),
        30u8..101,
        option::weighted(0.2, 0u32..2),
    );
    (sites(), types(), pools, people, money).prop_map(
        |((years, places, sites, lists), types, pools, people, money)| {
            let (people, times, kept, decay) = people;
            let mut h = programme(years, &[0, 0, 0][..places]);
            h.people = people[..=usize::from(years)]
                .iter()
                .map(|p| p[..places].iter().map(|n| Persons(*n)).collect())
                .collect();
            h.types = types;
            if h.types.len() == 1 {
                h.types.push(h.types[0].clone());
            }
            // Few enough plans to look at them all.
            h.types
                .iter_mut()
                .flat_map(|t| &mut t.posts)
                .filter(|_| years > 1)
                .for_each(|p| p.step = Fte::whole(1));
            h.sites = sites;
            for s in &mut h.sites {
                if let Standing::Existing(e) = &mut s.standing {
                    e.posts.resize(h.types[0].posts.len(), Fte::whole(0));
                    e.posts.truncate(h.types[0].posts.len());
                    // What stands fits.
                    h.types[0].rooms = h.types[0].rooms.max(200);
                    for (p, today) in h.types[0].posts.iter_mut().zip(&e.posts) {
                        p.most = p.most.max(*today);
                    }
                }
            }
            if let Some(lists) = &lists {
                let of = |n: &u64| Practice { gps: Fte::whole(1), list: Persons(*n), acts: 0 };
                h.futures[0]
                    .practices
                    .insert(SiteIx(0), lists[..=usize::from(years)].iter().map(of).collect());
            }
            if let Some((by_year, carry_over)) = pools {
                let by_year = by_year.into_iter().map(|n| Fte::from_hundredths(50 * n)).collect();
                h.pools = vec![Pool { by_year, carry_over, ..pool(&[]) }];
            } else {
                h.types.iter_mut().for_each(|t| t.attracts.clear());
            }
            h.behaviour =
                decay.map_or(Behaviour::Fill, |(t, w)| Behaviour::Decay(vec![(Minutes::whole(t), w)]));
            let (owner, funders, price, ceiling, most) = money;
            (h.owner, h.funders, h.grants_ceiling_percent) = (owner, funders, ceiling);
            in_millions(&mut h, price);
            h.rules.extend(most.map(|most| HealthRule::Count {
                places: Places::All,
                types: Vec::new(),
                what: CountWhat::New,
                least: None,
                most: Some(most),
                years: (1, 2),
            }));
            // No two trips last as long: who is on a single list today is certain.
            let row = |i: usize| (0..places).map(move |j| (i, j));
            let time = |(i, j): (usize, usize)| {
                if i == j { i as u32 } else { times[i][j] * 100 + 10 + (i * 3 + j) as u32 }
            };
            let t = fine_territory(&(0..places).map(|i| row(i).map(time).collect()).collect::<Vec<_>>());
            h.attachments_kept = kept && !h.sites.iter().any(|s| matches!(s.standing, Standing::Existing(_)));
            let kept = stay(&t, &h);
            (t, h, kept)
        },
    )
}

/// Those who stay on the only list of today, nearest first.
fn stay(t: &Territory, h: &Health) -> Vec<Vec<Vec<u64>>> {
    let places = h.people[0].len();
    let mut kept = vec![vec![vec![0; h.sites.len()]; places]; usize::from(h.years)];
    let Some(years) = h.futures[0].practices.get(&SiteIx(0)).filter(|_| h.attachments_kept) else {
        return kept;
    };
    let mut near: Vec<_> = (0..places).filter_map(|i| trip(t, h, i, 0).map(|t| (t, i))).collect();
    near.sort_unstable();
    let (all, mut room) = (years[0].list.0, years[0].list.0);
    for (time, i) in near {
        let here = h.people[0][i].0;
        let willing = match &h.behaviour {
            Behaviour::Decay(steps) if time > steps[0].0 => here * u64::from(steps[0].1) / 100,
            _ => here,
        };
        let on = willing.min(room);
        room -= on;
        for (y, of) in kept.iter_mut().enumerate() {
            let stays = (on * years[y + 1].list.0.min(all)).checked_div(all).unwrap_or(0);
            of[i][0] = stays.min(h.people[y + 1][i].0);
        }
    }
    kept
}

fn without(h: &Health, rule: HealthClash) -> Health {
    let mut h = h.clone();
    match rule {
        HealthClash::Rule(i) => drop(h.rules.remove(i)),
        HealthClash::Team(k) => {
            h.types[usize::from(k.0)].posts.iter_mut().for_each(|p| p.least = Fte::whole(0))
        }
        HealthClash::Pool(_) => h.pools.clear(),
        HealthClash::Owner => h.owner = Envelope::default(),
        HealthClash::Committed(s) => {
            if let Standing::Candidate { committed, .. } = &mut h.sites[s.0 as usize].standing {
                *committed = None;
            }
        }
        HealthClash::Lead(_) | HealthClash::Lever(_) => panic!("there is none"),
    }
    h
}

/// What a plan comes to, counted anew.
fn worth_of(t: &Territory, h: &Health, kept: &[Vec<Vec<u64>>], plan: &HealthPlan) -> Option<Worth> {
    let of = decisions_of(h, plan);
    let doings: Option<Vec<_>> = of.iter().enumerate().map(|(s, d)| doing(h, s, d)).collect();
    together(t, h, &doings?.iter().collect::<Vec<_>>(), kept)
}

fn agrees((t, h, kept): &Case, goals: &[HealthGoal]) -> Result<(), TestCaseError> {
    let h = &Health { goals: goals.iter().map(|g| seek(*g, 0)).collect(), ..h.clone() };
    let expected = brute(t, h, kept);
    match solve(t, h) {
        HealthSolved::Plan(s) => {
            let best = expected.ok_or_else(|| TestCaseError::fail("no plan keeps every rule"))?;
            let values = [i128::from(best.people), i128::from(best.cost)];
            for (g, value) in s.goals.iter().zip(values) {
                prop_assert_eq!((g.objective, g.bound), (100 * value, 100 * value));
                prop_assert_eq!(g.status, GoalStatus::Optimal);
            }
            let found = worth_of(t, h, kept, &s.plan);
            prop_assert_eq!(found.map(|w| w.people), Some(best.people));
            if goals.len() > 1 {
                prop_assert_eq!(found, expected);
            }
        }
        HealthSolved::Infeasible(rules) => {
            prop_assert_eq!(expected, None);
            prop_assert!(!rules.is_empty());
            // None of them can be left out: without it there are plans.
            for rule in rules.iter().filter(|_| rules.len() < 4) {
                let mut h = h.clone();
                for other in everything(&h).into_iter().filter(|r| !rules.contains(r)) {
                    h = without(&h, other);
                }
                prop_assert!(brute(t, &h, kept).is_none(), "{rules:?} do not clash");
                prop_assert!(brute(t, &without(&h, *rule), kept).is_some(), "{rule:?} of {rules:?}");
            }
        }
    }
    Ok(())
}

/// Every rule that may be named, the last of the list first, so that indices hold while they are taken away.
fn everything(h: &Health) -> Vec<HealthClash> {
    let mut out: Vec<_> = (0..h.rules.len()).rev().map(HealthClash::Rule).collect();
    out.extend((0..h.types.len() as u16).map(|k| HealthClash::Team(HealthTypeIx(k))));
    out.extend(h.pools.first().map(|_| HealthClash::Pool(PoolIx(0))));
    out.push(HealthClash::Owner);
    out.extend((0..h.sites.len() as u32).map(|s| HealthClash::Committed(SiteIx(s))));
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn most_people_of_all_plans(case in cases()) {
        agrees(&case, &[HealthGoal::PeopleAttached])?;
    }

    #[test]
    fn then_the_cheapest(case in cases()) {
        agrees(&case, &[HealthGoal::PeopleAttached, HealthGoal::Cost])?;
    }

    /// The plain model, every place for itself, solved by microlp: each goal, and that there is no plan. No travel
    /// time: a model that seeks it alone leaves everyone out, and a plan attaches as many as lists hold.
    #[test]
    fn microlp_agrees((t, h, _) in cases(), goal in sample::select(vec![
        HealthGoal::PeopleAttached,
        HealthGoal::Cost,
        HealthGoal::PeopleWithin(Minutes::whole(10)),
    ])) {
        let h = Health { goals: vec![seek(goal, 0)], ..h };
        let theirs = opinion(plain_model(&t, &h));
        match solve(&t, &h) {
            HealthSolved::Plan(s) => {
                prop_assert_eq!(s.goals[0].status, GoalStatus::Optimal);
                let ours = s.goals[0].objective as f64 / 100.0;
                prop_assert!(theirs.is_some_and(|v| (v - ours).abs() < 1e-4), "{ours}, microlp {theirs:?}");
            }
            HealthSolved::Infeasible(_) => prop_assert_eq!(theirs, None),
        }
    }

    #[test]
    fn when_everyone_goes_to_the_nearest((t, mut h, _) in cases()) {
        h.behaviour = Behaviour::Nearest;
        let kept = stay(&t, &h);
        agrees(&(t, h, kept), &[HealthGoal::PeopleAttached, HealthGoal::Cost])?;
    }
}
