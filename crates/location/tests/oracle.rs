//! Small random instances against enumeration of all site sets: ties, weights of 0, absent pairs, fixed
//! and forbidden sites, `p` from 1 to all, radii too small.
#![allow(clippy::unwrap_used, reason = "a helper of a test may fail it")]

use maillage_location::*;
use proptest::prelude::*;

#[derive(Debug, Clone)]
struct Case {
    lists: CostLists,
    fixed: Vec<SiteIx>,
    forbidden: Vec<SiteIx>,
    p: u32,
    radius: u32,
}

fn case() -> impl Strategy<Value = Case> {
    (1usize..=7, 1usize..=7).prop_flat_map(|(n, m)| {
        // Few distinct costs make ties; one cell in four or so is absent.
        let cell = prop_oneof![3 => (0u32..=6).prop_map(Some), 1 => Just(None)];
        let role = prop_oneof![6 => Just(0u8), 1 => Just(1), 1 => Just(2)];
        (
            prop::collection::vec(prop::collection::vec(cell, m), n),
            prop::collection::vec(prop_oneof![Just(0u64), 1u64..5, Just(1_000_000)], n),
            prop::collection::vec(role, m),
            1..=m as u32,
            0u32..=6,
        )
            .prop_map(|(rows, weights, roles, p, radius)| {
                let with =
                    |r: u8| (0u32..).zip(&roles).filter(|(_, x)| **x == r).map(|(j, _)| SiteIx(j)).collect();
                let lists = CostLists::from_dense(&rows, weights).unwrap();
                Case { lists, fixed: with(1), forbidden: with(2), p, radius }
            })
    })
}

impl Case {
    fn rules(&self) -> Rules<'_> {
        Rules { fixed_open: &self.fixed, forbidden: &self.forbidden }
    }

    /// Every set of allowed sites that holds the fixed ones.
    fn sets(&self) -> Vec<Vec<bool>> {
        let m = self.lists.num_sites();
        (0..1u32 << m)
            .map(|bits| (0..m).map(|j| bits >> j & 1 == 1).collect::<Vec<bool>>())
            .filter(|open| {
                self.fixed.iter().all(|s| open[s.0 as usize])
                    && self.forbidden.iter().all(|s| !open[s.0 as usize])
            })
            .collect()
    }

    /// Nearest open costs without the sorted lists.
    fn costs(&self, open: &[bool]) -> Vec<Option<u32>> {
        self.lists
            .clients()
            .map(|c| self.lists.list(c).filter(|(s, _)| open[s.0 as usize]).map(|(_, d)| d).min())
            .collect()
    }
}

fn size(open: &[bool]) -> u32 {
    open.iter().filter(|o| **o).count() as u32
}

/// The plan that an outcome shows is the one that its objective speaks of.
fn check(case: &Case, out: &Outcome, truth: Option<u64>, value: impl Fn(&[Option<u32>], u32) -> Option<u64>) {
    match truth {
        None => {
            assert!(matches!(out.status, Status::Infeasible(_)), "{out:?}");
            assert!(out.open.is_empty() && out.assignment.is_empty() && out.objective.is_none());
        }
        Some(v) => {
            assert_eq!(
                (&out.status, out.objective, out.bound),
                (&Status::Optimal, Some(v), Some(v)),
                "{out:?}"
            );
            let mut open = vec![false; case.lists.num_sites() as usize];
            out.open.iter().for_each(|s| open[s.0 as usize] = true);
            assert!(case.sets().contains(&open));
            assert_eq!(value(&case.costs(&open), size(&open)), Some(v));
            assert_eq!(out.assignment.len(), case.lists.num_clients() as usize);
            for (client, a) in case.lists.clients().zip(&out.assignment) {
                if let Some(a) = a {
                    assert!(open[a.0.0 as usize] && case.lists.list(client).any(|pair| pair == *a));
                }
            }
        }
    }
}

fn limits() -> Limits {
    Limits::default()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn p_median_is_exact(case in case()) {
        let value = |costs: &[Option<u32>], open: u32| {
            if open != case.p { return None; }
            case.lists.clients().zip(costs).map(|(c, d)| Some(case.lists.weight(c) * u64::from((*d)?))).sum()
        };
        let truth = case.sets().iter().filter_map(|o| value(&case.costs(o), size(o))).min();
        match p_median::Problem::new(&case.lists, case.p, case.rules()) {
            Ok(problem) => check(&case, &p_median::solve(&problem, &limits(), &mut |_| ()).unwrap(), truth, value),
            Err(_) => prop_assert!(case.sets().iter().all(|o| size(o) != case.p)),
        }
    }

    /// One after the other the best plan that closes so many sites of each before, none too dear, none left out.
    #[test]
    fn alternatives_are_the_best_that_differ(case in case(), apart in 1u32..4, within in 0u32..4, count in 1u32..6) {
        let within = f64::from(within) * 0.25;
        let asked = Alternatives { count, within, apart };
        let Ok(problem) = p_median::Problem::new(&case.lists, case.p, case.rules()) else { return Ok(()) };
        let plans = p_median::alternatives(&problem, asked, &limits(), &mut |_| ()).unwrap();
        let value = |open: &Vec<bool>| -> Option<u64> {
            let costs = case.costs(open);
            (size(open) == case.p)
                .then(|| case.lists.clients().zip(costs).map(|(c, d)| Some(case.lists.weight(c) * u64::from(d?))).sum())?
        };
        let mut left: Vec<(u64, Vec<bool>)> = case.sets().into_iter().filter_map(|o| Some((value(&o)?, o))).collect();
        let best = left.iter().map(|(v, _)| *v).min();
        left.retain(|(v, _)| 4 * v <= best.unwrap_or(0) * (4 + (within * 4.0) as u64));
        for plan in plans.iter().filter(|p| p.objective.is_some()) {
            let next = left.iter().map(|(v, _)| *v).min();
            prop_assert_eq!((&plan.status, plan.objective, plan.bound), (&Status::Optimal, next, next));
            let open: Vec<bool> = case.lists.sites().map(|s| plan.open.contains(&s)).collect();
            prop_assert!(left.iter().any(|(v, o)| Some(*v) == next && *o == open));
            left.retain(|(_, o)| o.iter().zip(&open).filter(|(new, old)| !**new && **old).count() as u32 >= apart);
        }
        prop_assert!(plans.len() as u32 == count || left.is_empty());
    }

    #[test]
    fn max_cover_is_exact(case in case()) {
        let value = |costs: &[Option<u32>], open: u32| (open <= case.p).then(|| {
            case.lists.clients().zip(costs).filter(|(_, d)| d.is_some_and(|d| d <= case.radius))
                .map(|(c, _)| case.lists.weight(c)).sum()
        });
        let truth = case.sets().iter().filter_map(|o| value(&case.costs(o), size(o))).max();
        match max_cover::Problem::new(&case.lists, case.p, case.radius, case.rules()) {
            Ok(problem) => check(&case, &max_cover::solve(&problem, &limits(), &mut |_| ()).unwrap(), truth, value),
            Err(_) => prop_assert!(truth.is_none()),
        }
    }

    #[test]
    fn set_cover_is_exact(case in case()) {
        let value = |costs: &[Option<u32>], open: u32| {
            costs.iter().all(|d| d.is_some_and(|d| d <= case.radius)).then_some(u64::from(open))
        };
        let truth = case.sets().iter().filter_map(|o| value(&case.costs(o), size(o))).min();
        let problem = set_cover::Problem::new(&case.lists, case.radius, case.rules()).unwrap();
        let out = set_cover::solve(&problem, &limits(), &mut |_| ()).unwrap();
        if let Status::Infeasible(Impossible::Unreachable(named)) = &out.status {
            let all: Vec<bool> = case.lists.sites().map(|s| !case.forbidden.contains(&s)).collect();
            let expected: Vec<ClientIx> = case.lists.clients().zip(case.costs(&all))
                .filter(|(_, d)| d.is_none_or(|d| d > case.radius)).map(|(c, _)| c).collect();
            prop_assert_eq!(named, &expected);
        }
        check(&case, &out, truth, value);
    }

    #[test]
    fn p_center_is_exact(case in case()) {
        let value = |costs: &[Option<u32>], open: u32| {
            if open > case.p { return None; }
            costs.iter().copied().collect::<Option<Vec<u32>>>().map(|d| d.into_iter().max().map_or(0, u64::from))
        };
        let truth = case.sets().iter().filter_map(|o| value(&case.costs(o), size(o))).min();
        match p_center::Problem::new(&case.lists, case.p, case.rules()) {
            Ok(problem) => check(&case, &p_center::solve(&problem, &limits(), &mut |_| ()).unwrap(), truth, value),
            Err(_) => prop_assert!(truth.is_none()),
        }
    }

    /// Stopped at once or after a moment, every problem still tells the truth.
    #[test]
    fn limits_keep_bounds_true(case in case(), micros in 0u64..2000) {
        let limits = Limits { time: Some(std::time::Duration::from_micros(micros)), ..Limits::default() };
        if let Ok(problem) = p_median::Problem::new(&case.lists, case.p, case.rules()) {
            let cut = p_median::solve(&problem, &limits, &mut |_| ()).unwrap();
            let full = p_median::solve(&problem, &Limits::default(), &mut |_| ()).unwrap();
            prop_assert!(cut.objective.is_none_or(|o| full.objective.is_some_and(|f| f <= o)));
            prop_assert!(cut.bound.is_none_or(|b| full.objective.is_none_or(|f| b <= f)));
        }
        if let Ok(problem) = p_center::Problem::new(&case.lists, case.p, case.rules()) {
            let cut = p_center::solve(&problem, &limits, &mut |_| ()).unwrap();
            let full = p_center::solve(&problem, &Limits::default(), &mut |_| ()).unwrap();
            prop_assert!(cut.objective.is_none_or(|o| full.objective.is_some_and(|f| f <= o)));
            prop_assert!(cut.bound.is_none_or(|b| full.objective.is_none_or(|f| b <= f)));
        }
    }
}
