//! Further plans of every problem against enumeration of all site sets: ties, weights and costs of 0, absent pairs.
#![allow(clippy::unwrap_used, reason = "a helper of a test may fail it")]

use maillage_location::*;
use proptest::prelude::*;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

#[derive(Debug, Clone)]
struct Case {
    lists: CostLists,
    costs: Vec<u64>,
    p: u32,
    radius: u32,
    /// Weight to cover, or a budget.
    amount: u64,
}

fn case() -> impl Strategy<Value = Case> {
    (1usize..=6, 1usize..=6).prop_flat_map(|(n, m)| {
        // Few distinct costs make ties; one cell in five or so is absent.
        let cell = prop_oneof![4 => (0u32..=5).prop_map(Some), 1 => Just(None)];
        let weight =
            prop_oneof![3 => Just(0u64), 6 => 1u64..5, 3 => Just(1_000_000), 1 => Just(30_000_000_000)];
        (
            prop::collection::vec(prop::collection::vec(cell, m), n),
            prop::collection::vec(weight, n),
            prop::collection::vec(prop_oneof![1 => Just(0u64), 4 => 1u64..6], m),
            1..=m as u32,
            1u32..=5,
            0u64..=14,
        )
            .prop_map(|(rows, weights, costs, p, radius, amount)| {
                let lists = CostLists::from_dense(&rows, weights).unwrap();
                Case { lists, costs, p, radius, amount }
            })
    })
}

/// How many, within how many quarters of the best, how far apart.
fn asked() -> impl Strategy<Value = (Alternatives, u64)> {
    (1u32..7, 0u32..5, 1u32..4).prop_map(|(count, quarters, apart)| {
        (Alternatives { count, within: f64::from(quarters) * 0.25, apart }, u64::from(quarters))
    })
}

fn sets(sites: usize) -> impl Iterator<Item = Vec<bool>> {
    (0..1u32 << sites).map(move |bits| (0..sites).map(|j| bits >> j & 1 == 1).collect())
}

fn marked(sites: usize, open: &[SiteIx]) -> Vec<bool> {
    (0..sites as u32).map(|j| open.contains(&SiteIx(j))).collect()
}

fn size(open: &[bool]) -> u32 {
    open.iter().filter(|o| **o).count() as u32
}

fn cost(costs: &[u64], open: &[bool]) -> u64 {
    costs.iter().zip(open).filter(|(_, o)| **o).map(|(c, _)| c).sum()
}

impl Case {
    /// Nearest open costs without the sorted lists.
    fn nearest(&self, open: &[bool]) -> Vec<Option<u32>> {
        let least = |c| self.lists.list(c).filter(|(s, _)| open[s.0 as usize]).map(|(_, d)| d).min();
        self.lists.clients().map(least).collect()
    }

    fn is_small(&self) -> bool {
        self.lists.clients().all(|c| self.lists.weight(c) <= 1_000_000)
    }

    fn covered(&self, open: &[bool]) -> u64 {
        let near = self.lists.clients().zip(self.nearest(open));
        near.filter(|(_, d)| d.is_some_and(|d| d <= self.radius)).map(|(c, _)| self.lists.weight(c)).sum()
    }
}

/// Every plan found is the best of those that the enumeration has left, and nothing is left where fewer are found.
fn check(
    problem: further::Problem<'_>,
    sites: usize,
    best: &[SiteIx],
    ((asked, quarters), small): ((Alternatives, u64), bool),
    worth: impl Fn(&[bool]) -> Option<u64>,
) {
    let large = matches!(problem, further::Problem::MaxCover { .. });
    let first = further::tidy(problem, best);
    let found = further::seek(problem, &first, asked, &Limits::default(), &mut |_| ()).unwrap();
    // Beyond a million the solver's tolerances may be too coarse for a proof: that is said, and what is claimed holds.
    let coarse = matches!(found.limit, Some(LimitReached::Other(_)));
    assert!(found.limit.is_none() || coarse && !small, "{found:?}");
    let mut left: Vec<(u64, Vec<bool>)> = sets(sites).filter_map(|o| Some((worth(&o)?, o))).collect();
    let values = || left.iter().map(|(v, _)| *v);
    let top = if large { values().max() } else { values().min() }.unwrap();
    assert_eq!((worth(&marked(sites, best)), worth(&marked(sites, &first))), (Some(top), Some(top)));
    left.retain(|(v, _)| if large { 4 * v >= top * (4 - quarters) } else { 4 * v <= top * (4 + quarters) });
    let without = |left: &mut Vec<(u64, Vec<bool>)>, open: &[bool]| {
        left.retain(|(_, o)| {
            o.iter().zip(open).filter(|(new, old)| !**new && **old).count() as u32 >= asked.apart
        });
    };
    without(&mut left, &marked(sites, &first));
    for plan in &found.plans {
        let values = left.iter().map(|(v, _)| *v);
        let next = if large { values.max() } else { values.min() };
        if coarse && Some(plan) == found.plans.last() {
            let next = next.unwrap();
            assert!(if large { plan.bound >= next } else { plan.bound <= next }, "{plan:?} {next}");
        } else {
            assert_eq!((Some(plan.objective), Some(plan.bound)), (next, next));
        }
        let open = marked(sites, &plan.open);
        assert!(left.contains(&(plan.objective, open.clone())));
        // No site of it is idle.
        for s in &plan.open {
            let mut fewer = open.clone();
            fewer[s.0 as usize] = false;
            assert_ne!(worth(&fewer), Some(plan.objective), "{s} of {plan:?}");
        }
        without(&mut left, &open);
    }
    assert!(coarse || found.plans.len() as u32 + 1 == asked.count || left.is_empty(), "{left:?}");
    assert!(found.plans.len() < asked.count as usize);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn set_cover((case, asked) in (case(), asked())) {
        let Case { lists, radius, .. } = &case;
        let problem = set_cover::Problem::new(lists, *radius, Rules::default()).unwrap();
        let best = set_cover::solve(&problem, &Limits::default(), &mut |_| ()).unwrap();
        if best.status == Status::Optimal {
            let worth = |open: &[bool]| {
                case.nearest(open).iter().all(|d| d.is_some_and(|d| d <= *radius)).then(|| size(open).into())
            };
            let problem = further::Problem::SetCover { lists, radius: *radius };
            check(problem, lists.num_sites() as usize, &best.open, (asked, true), worth);
        }
    }

    #[test]
    fn max_cover_with_p_sites((case, asked) in (case(), asked())) {
        let Case { lists, radius, p, .. } = &case;
        let problem = max_cover::Problem::new(lists, *p, *radius, Rules::default()).unwrap();
        let best = max_cover::solve(&problem, &Limits::default(), &mut |_| ()).unwrap();
        let sites = lists.num_sites() as usize;
        let costs = vec![1; sites];
        let problem =
            further::Problem::MaxCover { lists, radius: *radius, costs: &costs, budget: u64::from(*p) };
        check(problem, sites, &best.open, (asked, case.is_small()), |open| (size(open) <= *p).then(|| case.covered(open)));
    }

    #[test]
    fn max_cover_within_a_budget((case, asked) in (case(), asked())) {
        let Case { lists, radius, costs, amount, .. } = &case;
        let (radius, budget) = (*radius, *amount);
        let problem =
            max_cover::Problem::with_budget(lists, costs.clone(), budget, radius, Rules::default()).unwrap();
        let best = max_cover::solve(&problem, &Limits::default(), &mut |_| ()).unwrap();
        let problem = further::Problem::MaxCover { lists, radius, costs, budget };
        let worth = |open: &[bool]| (cost(costs, open) <= budget).then(|| case.covered(open));
        check(problem, lists.num_sites() as usize, &best.open, (asked, case.is_small()), worth);
    }

    #[test]
    fn partial_cover((case, asked) in (case(), asked())) {
        let Case { lists, radius, costs, amount, .. } = &case;
        // Fourteenths of all weight.
        let (radius, least) = (*radius, lists.total_weight() * amount / 14);
        let problem =
            partial_cover::Problem::with_costs(lists, costs.clone(), least, radius, Rules::default()).unwrap();
        let best = partial_cover::solve(&problem, &Limits::default(), &mut |_| ()).unwrap();
        if best.status == Status::Optimal {
            let problem = further::Problem::PartialCover { lists, radius, costs, least };
            let worth = |open: &[bool]| (case.covered(open) >= least).then(|| cost(costs, open));
            check(problem, lists.num_sites() as usize, &best.open, (asked, case.is_small()), worth);
        }
    }

    #[test]
    fn p_center((case, asked) in (case(), asked())) {
        let Case { lists, p, .. } = &case;
        let problem = p_center::Problem::new(lists, *p, Rules::default()).unwrap();
        let best = p_center::solve(&problem, &Limits::default(), &mut |_| ()).unwrap();
        if best.status == Status::Optimal {
            let worth = |open: &[bool]| {
                let near: Option<Vec<u32>> = case.nearest(open).into_iter().collect();
                near.filter(|_| size(open) <= *p).map(|d| d.into_iter().max().unwrap().into())
            };
            let problem = further::Problem::Center { lists, p: *p };
            check(problem, lists.num_sites() as usize, &best.open, (asked, case.is_small()), worth);
        }
    }

    #[test]
    fn fixed_charge((case, asked, parts) in (case(), asked(), prop_oneof![Just(1u64), Just(500_000), Just(2_000_000_000)])) {
        // Large costs are divided before the solver sees them.
        let Case { lists, costs, .. } = &case;
        let pair = |i: usize, j: usize| {
            let found = lists.list(ClientIx(i as u32)).find(|(s, _)| s.0 as usize == j);
            found.map(|(_, d)| u64::from(d) * parts + u64::from(parts > 1))
        };
        let opening: Vec<u64> = costs.iter().map(|c| c * parts).collect();
        let n = lists.num_clients() as usize;
        let charges = Charges::new(opening.clone(), n, pair).unwrap();
        let problem = fixed_charge::Problem::new(&charges).unwrap();
        let best = fixed_charge::solve(&problem, &Limits::default(), &mut |_| ()).unwrap();
        if best.status == Status::Optimal {
            let worth = |open: &[bool]| {
                let near = |i| (0..open.len()).filter(|j| open[*j]).filter_map(|j| pair(i, j)).min();
                Some(cost(&opening, open) + (0..n).map(near).sum::<Option<u64>>()?)
            };
            check(further::Problem::FixedCharge(&charges), costs.len(), &best.open, (asked, parts < 1_000_000_000), worth);
        }
    }
}

/// Two villages with a site each, and one in the middle.
fn villages() -> CostLists {
    CostLists::from_dense(&[vec![Some(0), Some(9), Some(4)], vec![Some(9), Some(0), Some(4)]], vec![1, 1])
        .unwrap()
}

#[test]
fn limits_are_said() {
    let lists = villages();
    let problem = further::Problem::Center { lists: &lists, p: 1 };
    let asked = Alternatives { count: 3, within: 9.0, apart: 1 };
    let seek = |limits: Limits| further::seek(problem, &[SiteIx(2)], asked, &limits, &mut |_| ()).unwrap();
    // 4 in the middle; 9 at either end.
    let all = seek(Limits::default());
    assert_eq!(all.plans.iter().map(|p| p.objective).collect::<Vec<_>>(), [9, 9]);
    let none = seek(Limits { time: Some(Duration::ZERO), ..Limits::default() });
    assert_eq!((none.plans, none.limit), (vec![], Some(LimitReached::Time)));
    let stopped = Limits { stop: Some(Arc::new(AtomicBool::new(true))), ..Limits::default() };
    assert_eq!(seek(stopped).limit, Some(LimitReached::Interrupted));
}

#[test]
fn what_is_not_the_best_is_found_out() {
    let lists = villages();
    let asked = Alternatives { count: 2, within: 1.0, apart: 1 };
    let seek =
        |problem, open: &[SiteIx]| further::seek(problem, open, asked, &Limits::default(), &mut |_| ());
    // Sites at the ends are two where the middle is enough; one end alone is no plan.
    let cover = further::Problem::SetCover { lists: &lists, radius: 4 };
    assert!(matches!(seek(cover, &[SiteIx(0), SiteIx(1)]), Err(SolverFailure::Contradiction(_))));
    assert!(matches!(seek(cover, &[SiteIx(0)]), Err(SolverFailure::Contradiction(_))));
    // A plan of one site has no two to close.
    let far = Alternatives { apart: 2, ..asked };
    let found = further::seek(cover, &[SiteIx(2)], far, &Limits::default(), &mut |_| ()).unwrap();
    assert_eq!((found.plans.len(), found.limit), (0, None));
}
