//! The covering problems on thousands of small random instances against enumeration of all site sets:
//! ties, weights of 0, clients that nothing covers, fixed, forbidden, free and unaffordable sites.
#![allow(clippy::unwrap_used, reason = "a helper of a test may fail it")]

use maillage_location::cover::{SHARE, Signatures};
use maillage_location::*;

/// Random numbers that are the same everywhere (SplitMix64).
struct Rng(u64);

impl Rng {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }
}

struct Case {
    lists: CostLists,
    fixed: Vec<SiteIx>,
    forbidden: Vec<SiteIx>,
    costs: Vec<u64>,
    p: u32,
    budget: u64,
    radius: u32,
}

fn case(seed: u64) -> Case {
    let mut rng = Rng(seed);
    let (n, m) = (1 + rng.below(14) as usize, 1 + rng.below(8) as usize);
    let absent = rng.below(5);
    let mut cell = || (rng.below(8) > absent).then(|| rng.below(7) as u32);
    let rows: Vec<Vec<Option<u32>>> = (0..n).map(|_| (0..m).map(|_| cell()).collect()).collect();
    let heavy = [4, 100, 1 << 30][rng.below(3) as usize];
    let weights = (0..n).map(|_| if rng.below(5) == 0 { 0 } else { rng.below(heavy) }).collect();
    let (mut fixed, mut forbidden) = (Vec::new(), Vec::new());
    for j in 0..m as u32 {
        match rng.below(10) {
            0 => fixed.push(SiteIx(j)),
            1 => forbidden.push(SiteIx(j)),
            _ => {}
        }
    }
    let dear = [2, 6, 1 << 25][rng.below(3) as usize];
    let costs: Vec<u64> = (0..m).map(|_| rng.below(dear)).collect();
    let budget = rng.below(1 + costs.iter().sum::<u64>());
    Case {
        lists: CostLists::from_dense(&rows, weights).unwrap(),
        fixed,
        forbidden,
        costs,
        p: 1 + rng.below(m as u64) as u32,
        budget,
        radius: rng.below(7) as u32,
    }
}

impl Case {
    fn rules(&self) -> Rules<'_> {
        Rules { fixed_open: &self.fixed, forbidden: &self.forbidden }
    }

    /// Every set of allowed sites that holds the fixed ones.
    fn sets(&self) -> impl Iterator<Item = Vec<bool>> {
        let m = self.lists.num_sites();
        let all = (0..1u32 << m).map(move |bits| (0..m).map(|j| bits >> j & 1 == 1).collect::<Vec<bool>>());
        all.filter(|open| {
            self.fixed.iter().all(|s| open[s.0 as usize])
                && self.forbidden.iter().all(|s| !open[s.0 as usize])
        })
    }

    /// How many open sites cover each client.
    fn times(&self, open: &[bool]) -> Vec<usize> {
        let near = |c| self.lists.list(c).filter(|&(s, d)| d <= self.radius && open[s.0 as usize]).count();
        self.lists.clients().map(near).collect()
    }

    fn covered(&self, open: &[bool], least: usize) -> u64 {
        let times = self.times(open);
        self.lists.clients().zip(times).filter(|(_, t)| *t >= least).map(|(c, _)| self.lists.weight(c)).sum()
    }

    fn open(&self, out: &Outcome) -> Vec<bool> {
        let mut open = vec![false; self.costs.len()];
        out.open.iter().for_each(|s| open[s.0 as usize] = true);
        open
    }
}

fn cost(costs: &[u64], open: &[bool]) -> u64 {
    open.iter().zip(costs).filter(|(o, _)| **o).map(|(_, c)| c).sum()
}

fn size(open: &[bool]) -> u64 {
    open.iter().filter(|o| **o).count() as u64
}

const CASES: u64 = 3000;

#[test]
fn most_weight_with_p_sites_or_a_budget() {
    let mut refused = 0;
    for seed in 0..CASES {
        let case = case(seed);
        for with_p in [true, false] {
            let (problem, costs, budget) = if with_p {
                let problem = max_cover::Problem::new(&case.lists, case.p, case.radius, case.rules());
                (problem.map_err(cover::CostError::Problem), vec![1; case.costs.len()], u64::from(case.p))
            } else {
                let (costs, budget) = (case.costs.clone(), case.budget);
                let problem =
                    max_cover::Problem::with_budget(&case.lists, costs, budget, case.radius, case.rules());
                (problem, case.costs.clone(), case.budget)
            };
            let spent =
                |open: &[bool]| open.iter().zip(&costs).filter(|(o, _)| **o).map(|(_, c)| c).sum::<u64>();
            let sets: Vec<_> = case.sets().filter(|open| spent(open) <= budget).collect();
            let truth = sets.iter().map(|open| case.covered(open, 1)).max();
            let Ok(problem) = problem else {
                assert_eq!(truth, None, "seed {seed}");
                refused += 1;
                continue;
            };
            let (out, shares) =
                max_cover::solve_with_shares(&problem, &Limits::default(), &mut |_| ()).unwrap();
            assert_eq!(
                (&out.status, out.objective, out.bound),
                (&Status::Optimal, truth, truth),
                "seed {seed}"
            );
            let open = case.open(&out);
            assert!(sets.contains(&open), "seed {seed}");
            assert_eq!(Some(case.covered(&open, 1)), truth, "seed {seed}");
            for ((client, a), times) in case.lists.clients().zip(&out.assignment).zip(case.times(&open)) {
                assert_eq!(a.is_some(), times > 0);
                assert_eq!(*a, case.lists.nearest(client, &open).filter(|_| times > 0));
            }
            // Any shares give a true bound: the solver's, none, all, random ones, too many, too few.
            let mut rng = Rng(seed);
            let n = case.lists.num_clients() as usize;
            let random: Vec<u64> = (0..n).map(|_| rng.below(SHARE + 2)).collect();
            for shares in [shares.clone(), vec![], vec![u64::MAX; n + 3], random] {
                let bound = max_cover::certified_bound(&problem, &shares);
                assert!(Some(bound) >= truth, "seed {seed}: {bound} {truth:?}");
            }
            // The classes say the same as the lists.
            let (classes, _) = Signatures::within(&case.lists, case.radius);
            let problem = max_cover::Problem::of_classes(&classes, costs, budget, case.rules()).unwrap();
            let out = max_cover::solve(&problem, &Limits::default(), &mut |_| ()).unwrap();
            assert_eq!((out.objective, out.bound), (truth, truth), "seed {seed}");
        }
    }
    assert!(refused > 0 && refused < CASES);
}

#[test]
fn least_cost_of_a_weight() {
    let mut none = 0;
    let (mut priced, mut proven, mut tight) = (0, 0, 0);
    for seed in 0..CASES {
        let case = case(seed);
        let mut rng = Rng(seed);
        let least = rng.below(case.lists.total_weight() + 2);
        let sets: Vec<_> = case.sets().filter(|open| case.covered(open, 1) >= least).collect();
        for costs in [vec![1; case.costs.len()], case.costs.clone()] {
            let truth = sets.iter().map(|open| cost(&costs, open)).min();
            let problem = partial_cover::Problem::with_costs(
                &case.lists,
                costs.clone(),
                least,
                case.radius,
                case.rules(),
            );
            let problem = problem.unwrap();
            let (out, prices) =
                partial_cover::solve_with_prices(&problem, &Limits::default(), &mut |_| ()).unwrap();
            let Some(truth) = truth else {
                assert!(matches!(out.status, Status::Infeasible(Impossible::Unreachable(_))), "seed {seed}");
                none += 1;
                continue;
            };
            assert_eq!(
                (&out.status, out.objective, out.bound),
                (&Status::Optimal, Some(truth), Some(truth)),
                "seed {seed}"
            );
            let open = case.open(&out);
            assert!(sets.contains(&open) && cost(&costs, &open) == truth, "seed {seed}");
            // Whatever prices are, they prove nothing false; those of the solve prove something.
            let n = case.lists.num_clients() as usize;
            let certified = |prices: &[u64]| partial_cover::certified_bound(&problem, prices);
            if let Some(prices) = prices {
                priced += 1;
                proven += u64::from(certified(&prices).unwrap() > 0);
                tight += u64::from(certified(&prices).unwrap() == truth);
                assert!(certified(&prices).unwrap() <= truth, "seed {seed}");
            }
            let random: Vec<u64> = (0..=n).map(|_| rng.below(SHARE)).collect();
            for prices in [vec![u64::MAX; n + 1], vec![0; n + 1], random] {
                assert!(certified(&prices).unwrap() <= truth, "seed {seed}");
            }
            assert_eq!((certified(&[]), certified(&vec![0; n])), (None, None));
        }
    }
    assert!(none > 0 && none < CASES);
    assert!(priced > 100 && proven * 2 > priced && tight * 3 > priced, "{priced} {proven} {tight}");
}

/// HiGHS ends the LP of these weights as "unknown", and loses a weight of 1 beside 3·10^10 in its tolerances.
#[test]
fn weights_far_apart() {
    let (near, far) = (Some(0), Some(4));
    let rows = [
        vec![near, near, near, far, far],
        vec![near; 5],
        vec![near, None, near, near, near],
        vec![None, far, None, near, near],
        vec![far, far, far, None, None],
    ];
    let lists = CostLists::from_dense(&rows, vec![1, 1_000_000, 1_000_000, 30_000_000_000, 0]).unwrap();
    let costs = vec![3, 1, 2, 1, 1];
    let least = lists.total_weight();
    let problem = partial_cover::Problem::with_costs(&lists, costs, least, 1, Rules::default()).unwrap();
    let out = partial_cover::solve(&problem, &Limits::default(), &mut |_| ()).unwrap();
    // Site 1 for the first, 3 or 4 for the fourth.
    assert_eq!((out.objective, out.bound, out.status), (Some(2), Some(2), Status::Optimal));
}

#[test]
fn fewest_sites_for_all() {
    let mut none = 0;
    for seed in 0..CASES {
        let case = case(seed);
        let sets: Vec<_> = case.sets().filter(|open| case.times(open).iter().all(|t| *t > 0)).collect();
        let truth = sets.iter().map(|open| size(open)).min();
        let problem = set_cover::Problem::new(&case.lists, case.radius, case.rules()).unwrap();
        let (out, pays) = set_cover::solve_with_payments(&problem, &Limits::default(), &mut |_| ()).unwrap();
        let Some(truth) = truth else {
            assert!(matches!(out.status, Status::Infeasible(Impossible::Unreachable(_))), "seed {seed}");
            none += 1;
            continue;
        };
        assert_eq!(
            (&out.status, out.objective, out.bound),
            (&Status::Optimal, Some(truth), Some(truth)),
            "seed {seed}"
        );
        assert!(sets.contains(&case.open(&out)), "seed {seed}");
        let mut rng = Rng(seed);
        let n = case.lists.num_clients() as usize;
        let random: Vec<u64> = (0..n).map(|_| rng.below(SHARE + 2)).collect();
        for pays in [pays, vec![], vec![u64::MAX; n + 3], random] {
            assert!(set_cover::certified_bound(&problem, &pays) <= truth, "seed {seed}");
        }
    }
    assert!(none > 0 && none < CASES);
}

#[test]
fn dearest_cost() {
    let (mut none, mut tight) = (0, 0);
    for seed in 0..CASES {
        let case = case(seed);
        let value = |open: &[bool]| {
            case.lists
                .assign(open)
                .into_iter()
                .map(|a| a.map(|(_, d)| u64::from(d)))
                .collect::<Option<Vec<_>>>()
        };
        let few = case.sets().filter(|open| size(open) <= u64::from(case.p));
        let truth = few.filter_map(|open| value(&open)?.into_iter().max()).min();
        let Ok(problem) = p_center::Problem::new(&case.lists, case.p, case.rules()) else {
            assert_eq!(truth, None);
            continue;
        };
        let (out, certificate) =
            p_center::solve_with_certificate(&problem, &Limits::default(), &mut |_| ()).unwrap();
        let Some(truth) = truth else {
            assert!(matches!(out.status, Status::Infeasible(_)), "seed {seed}");
            none += 1;
            continue;
        };
        assert_eq!(certificate.is_some(), truth > 0, "seed {seed}");
        let certified = |c: &p_center::Certificate| p_center::certified_bound(&problem, c);
        if let Some(c) = certificate {
            assert!(c.bound > 0 && c.bound <= truth && certified(&c) == Some(c.bound), "seed {seed}");
            tight += u64::from(c.bound == truth);
            for bound in [c.bound - 1, c.bound + 1, u64::MAX] {
                assert_eq!(certified(&p_center::Certificate { bound, ..c.clone() }), None, "seed {seed}");
            }
        }
        let n = case.lists.num_clients() as usize;
        let mut rng = Rng(seed);
        let random: Vec<u64> = (0..n).map(|_| rng.below(SHARE)).collect();
        for payments in [vec![u64::MAX; n], random] {
            let c = p_center::Certificate { payments, bound: truth + 1 };
            assert_eq!(certified(&c), None, "seed {seed}");
        }
        assert_eq!(
            (&out.status, out.objective, out.bound),
            (&Status::Optimal, Some(truth), Some(truth)),
            "seed {seed}"
        );
        let open = case.open(&out);
        assert!(case.sets().any(|set| set == open) && size(&open) <= u64::from(case.p), "seed {seed}");
        assert_eq!(value(&open).and_then(|v| v.into_iter().max()), Some(truth), "seed {seed}");
    }
    assert!(none > 0 && none < CASES && tight > 500, "{tight}");
}

/// Points, with duplicates, against the same squares in lists.
#[test]
fn dearest_distance_of_points() {
    let mut proven = 0;
    for seed in 0..CASES / 3 {
        let mut rng = Rng(seed);
        let n = 1 + rng.below(9) as usize;
        let wide = [3, 10, 1000][rng.below(3) as usize];
        let mut at = || (0..n).map(|_| rng.below(wide) as i64 - 1).collect::<Vec<i64>>();
        let points = Points { x: at(), y: at(), scale: 10 };
        let square =
            |i: usize, j: usize| (points.x[i] - points.x[j]).pow(2) + (points.y[i] - points.y[j]).pow(2);
        let rows: Vec<Vec<Option<u32>>> =
            (0..n).map(|i| (0..n).map(|j| Some(square(i, j) as u32)).collect()).collect();
        let lists = CostLists::from_dense(&rows, vec![1; n]).unwrap();
        let p = 1 + rng.below(n as u64 + 1) as u32;
        let plane = p_center::PointsProblem::new(&points, p).unwrap();
        let (of_points, certificate) =
            p_center::solve_points_with_certificate(&plane, &Limits::default(), &mut |_| ()).unwrap();
        if let Some(c) = certificate {
            assert_eq!(p_center::certified_bound_points(&plane, &c), Some(c.bound), "seed {seed}");
            assert!(of_points.squared >= Some(c.bound), "seed {seed}");
            proven += 1;
        }
        let sets = (0..1u32 << n).filter(|bits| bits.count_ones() <= p && *bits > 0);
        let dearest = |bits: u32| {
            let near = |i: usize| (0..n).filter(|j| bits >> j & 1 == 1).map(|j| square(i, j) as u64).min();
            (0..n).filter_map(near).max()
        };
        let truth = sets.filter_map(dearest).min();
        assert_eq!((&of_points.status, of_points.squared), (&Status::Optimal, truth), "seed {seed}");
        let problem = p_center::Problem::new(&lists, p, Rules::default()).unwrap();
        let of_lists = p_center::solve(&problem, &Limits::default(), &mut |_| ()).unwrap();
        assert_eq!((of_lists.objective, of_lists.bound), (truth, truth), "seed {seed}");
    }
    assert!(proven > 300, "{proven}");
}

#[test]
fn covered_more_than_once() {
    let (mut none, mut few, mut tight) = (0, 0, (0, 0));
    for seed in 0..CASES {
        let case = case(seed);
        let problem = backup_cover::Problem::new(&case.lists, case.radius, case.rules()).unwrap();
        let met = |open: &[bool], least: usize| case.times(open).iter().all(|t| *t >= least);
        let sets: Vec<_> =
            case.sets().filter(|open| met(open, 1) && size(open) <= u64::from(case.p)).collect();
        let truth = sets.iter().map(|open| case.covered(open, 2)).max();
        let (out, certificate) =
            backup_cover::most_with_certificate(&problem, case.p, &Limits::default(), &mut |_| ()).unwrap();
        let n = case.lists.num_clients() as usize;
        let mut rng = Rng(seed);
        let random =
            || backup_cover::Certificate { scale: 7, values: (0..n).map(|_| rng.below(30)).collect() };
        let any: Vec<_> = std::iter::repeat_with(random).take(3).collect();
        if let Some(truth) = truth {
            let certified = |c| backup_cover::certified_bound_most(&problem, case.p, c).unwrap();
            let c = certificate.unwrap();
            tight.0 += u64::from(certified(&c) == truth);
            assert!(any.iter().chain([&c]).all(|c| certified(c) >= truth), "seed {seed}");
            assert_eq!(
                (&out.status, out.objective, out.bound),
                (&Status::Optimal, Some(truth), Some(truth)),
                "seed {seed}"
            );
            let open = case.open(&out);
            assert!(sets.contains(&open) && case.covered(&open, 2) == truth, "seed {seed}");
        } else {
            assert!(matches!(out.status, Status::Infeasible(_)), "seed {seed}");
            none += 1;
        }
        let times = 1 + (seed % 3) as u32;
        let truth = case.sets().filter(|open| met(open, times as usize)).map(|open| size(&open)).min();
        let (out, certificate) =
            backup_cover::fewest_with_certificate(&problem, times, &Limits::default(), &mut |_| ()).unwrap();
        if let Some(truth) = truth {
            let certified = |c| backup_cover::certified_bound_fewest(&problem, times, c).unwrap();
            let c = certificate.unwrap();
            tight.1 += u64::from(certified(&c) == truth);
            assert!(any.iter().chain([&c]).all(|c| certified(c) <= truth), "seed {seed}");
            assert_eq!(
                (&out.status, out.objective, out.bound),
                (&Status::Optimal, Some(truth), Some(truth)),
                "seed {seed}"
            );
            assert!(met(&case.open(&out), times as usize), "seed {seed}");
            few += 1;
        } else {
            assert!(matches!(out.status, Status::Infeasible(Impossible::Unreachable(_))), "seed {seed}");
        }
    }
    assert!(none > 0 && none < CASES && few > 100);
    // The relaxation is tight on most of these.
    assert!(tight.0 * 2 > CASES - none && tight.1 * 2 > few, "{tight:?} {none} {few}");
}

/// Stopped at once or soon, every problem still tells the truth.
#[test]
fn limits_keep_bounds_true() {
    use std::sync::{Arc, atomic::AtomicBool};
    for seed in 0..CASES / 3 {
        let case = case(seed);
        let stop = (seed % 4 == 0).then(|| Arc::new(AtomicBool::new(true)));
        let time = Some(std::time::Duration::from_micros(seed % 7 * 100));
        let limits = Limits { time, stop, ..Limits::default() };
        let full = Limits::default();
        let holds = |cut: &Outcome, whole: &Outcome, large: bool| {
            let (better, worse) =
                if large { (&cut.bound, &cut.objective) } else { (&cut.objective, &cut.bound) };
            assert!(
                better.is_none_or(|b| whole.objective.is_none_or(|w| w <= b)),
                "seed {seed} {cut:?} {whole:?}"
            );
            assert!(
                worse.is_none_or(|b| whole.objective.is_none_or(|w| b <= w)),
                "seed {seed} {cut:?} {whole:?}"
            );
        };
        let (lists, radius) = (&case.lists, case.radius);
        if let Ok(p) =
            max_cover::Problem::with_budget(lists, case.costs.clone(), case.budget, radius, case.rules())
        {
            let solve = |limits| max_cover::solve(&p, limits, &mut |_| ()).unwrap();
            holds(&solve(&limits), &solve(&full), true);
        }
        let half = lists.total_weight() / 2;
        if let Ok(p) = partial_cover::Problem::new(lists, half, radius, case.rules()) {
            let solve = |limits| partial_cover::solve(&p, limits, &mut |_| ()).unwrap();
            holds(&solve(&limits), &solve(&full), false);
        }
        if let Ok(p) = set_cover::Problem::new(lists, radius, case.rules()) {
            let solve = |limits| set_cover::solve(&p, limits, &mut |_| ()).unwrap();
            holds(&solve(&limits), &solve(&full), false);
        }
        if let Ok(p) = backup_cover::Problem::new(lists, radius, case.rules()) {
            let solve = |limits| backup_cover::most(&p, case.p, limits, &mut |_| ()).unwrap();
            holds(&solve(&limits), &solve(&full), true);
        }
        if let Ok(p) = p_center::Problem::new(lists, case.p, case.rules()) {
            let solve = |limits| p_center::solve(&p, limits, &mut |_| ()).unwrap();
            holds(&solve(&limits), &solve(&full), false);
        }
    }
}
