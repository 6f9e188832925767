//! p-center: open at most `p` sites so that the dearest cost of a client to its nearest open site is
//! smallest. Weights do not count.
//!
//! The answer is one of the costs in the lists. With `k(R)` the fewest sites that cover every client
//! within `R` ([`set_cover`]), it is the smallest cost `R` for which `k(R) ≤ p`; `k` never grows with
//! `R`, so bisection finds it. Minieka, The m-center problem, SIAM Review 12 (1970) 138–139.

use crate::lists::CostLists;
use crate::outcome::{Checked, Goal, Impossible, Outcome, Plan, ProblemError, Rules};
use crate::{greedy, set_cover};
use maillage_milp::{Limits, Progress, SolverFailure};
use std::time::{Duration, Instant};

/// A p-center problem.
#[derive(Debug, Clone)]
pub struct Problem<'a> {
    lists: &'a CostLists,
    rules: Checked,
    p: u32,
}

impl<'a> Problem<'a> {
    /// At most `p` sites, those fixed open included. More sites never harm, so this is also the answer
    /// for exactly `p` sites when as many are allowed.
    ///
    /// # Errors
    /// [`ProblemError`].
    pub fn new(lists: &'a CostLists, p: u32, rules: Rules<'_>) -> Result<Self, ProblemError> {
        let rules = Checked::new(lists, rules)?;
        rules.at_most(p)?;
        Ok(Problem { lists, rules, p })
    }

    /// The plan with these sites, if they serve every client.
    fn plan(&self, open: Vec<bool>) -> Option<Plan> {
        let assignment = self.lists.assign(&open);
        let mut objective = 0;
        for served in &assignment {
            objective = objective.max(u64::from((*served)?.1));
        }
        Some(Plan { open, assignment, objective })
    }
}

/// Solves a p-center problem. The objective is the dearest cost.
///
/// The watcher is told once per radius tried, in units of cost.
///
/// ```
/// use maillage_location::{CostLists, Limits, Rules, p_center};
/// // Five villages on a road, 1 km apart, each also a site.
/// let rows: Vec<Vec<Option<u32>>> =
///     (0..5u32).map(|i| (0..5u32).map(|j| Some(i.abs_diff(j))).collect()).collect();
/// let lists = CostLists::from_dense(&rows, vec![1; 5])?;
/// let problem = p_center::Problem::new(&lists, 2, Rules::default())?;
/// assert_eq!(p_center::solve(&problem, &Limits::default(), &mut |_| ())?.objective, Some(1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`SolverFailure`]; an infeasible problem or a limit is no error.
pub fn solve(
    problem: &Problem<'_>,
    limits: &Limits,
    watch: &mut dyn FnMut(&Progress),
) -> Result<Outcome, SolverFailure> {
    let started = Instant::now();
    let (lists, rules) = (problem.lists, &problem.rules);
    let unreachable = rules.unreachable(lists, u32::MAX);
    if !unreachable.is_empty() {
        return Ok(Outcome::infeasible(Impossible::Unreachable(unreachable), started));
    }
    // No plan beats the dearest of the nearest costs.
    let floor =
        lists.clients().filter_map(|c| lists.nearest(c, &rules.allowed)).map(|(_, d)| d).max().unwrap_or(0);
    let mut radii: Vec<u32> = lists
        .clients()
        .flat_map(|c| lists.list(c))
        .filter(|&(site, cost)| cost >= floor && rules.allowed[site.0 as usize])
        .map(|(_, cost)| cost)
        .collect();
    radii.sort_unstable();
    radii.dedup();

    // Every radius before `low` is proven too small; the plan at hand, if any, is worth `radii[high]`.
    let (mut low, mut high) = (0, radii.len());
    let mut best: Option<Plan> = None;
    let mut limit = None;
    while low < high {
        // The largest radius comes first: it tells whether there is a plan at all.
        let middle = if best.is_none() { high - 1 } else { (low + high) / 2 };
        let (plan, proven_too_few, stopped) = cover_within(problem, radii[middle], limits, started)?;
        if let Some(plan) = plan {
            high = radii.partition_point(|&r| u64::from(r) < plan.objective);
            best = Some(plan);
        } else if proven_too_few {
            low = middle + 1;
        } else {
            limit = stopped;
            break;
        }
        let bound = radii.get(low).map(|&r| f64::from(r));
        let incumbent = best.as_ref().map(|b| b.objective as f64);
        watch(&Progress {
            elapsed: started.elapsed().as_secs_f64(),
            incumbent,
            bound,
            gap: incumbent.zip(bound).map(|(i, b)| if i == b { 0.0 } else { (i - b).abs() / i.max(1e-10) }),
            nodes: 0,
        });
        let met =
            |best: &Plan, bound: f64| best.objective as f64 - bound <= limits.rel_gap * best.objective as f64;
        if best.as_ref().zip(bound).is_some_and(|(best, bound)| met(best, bound)) {
            break;
        }
    }
    match (best, radii.get(low)) {
        (Some(plan), Some(&bound)) => {
            Outcome::plan(plan, Goal::Small, u64::from(bound), limits, limit, started)
        }
        (None, None) => Ok(Outcome::infeasible(Impossible::NotWith { p: problem.p }, started)),
        (_, bound) => Ok(Outcome::no_plan(bound.map(|&b| u64::from(b)), limit, started)),
    }
}

type Answer = (Option<Plan>, bool, Option<maillage_milp::LimitReached>);

/// Whether `p` sites cover every client within `radius`: a plan, or a proof that they do not, or
/// neither and the limit that was reached.
fn cover_within(
    problem: &Problem<'_>,
    radius: u32,
    limits: &Limits,
    started: Instant,
) -> Result<Answer, SolverFailure> {
    let within = |plan: &Plan| plan.objective <= u64::from(radius);
    let quick = greedy::cover(problem.lists, &problem.rules, radius, problem.p, |_| 1);
    if let Some(plan) = problem.plan(quick).filter(within) {
        return Ok((Some(plan), false, None));
    }
    let left = limits.time.map(|t| t.saturating_sub(started.elapsed()).max(Duration::ZERO));
    let limits = Limits { time: left, rel_gap: 0.0, ..limits.clone() };
    let cover = set_cover::Problem { lists: problem.lists, rules: problem.rules.clone(), radius };
    let out = set_cover::solve(&cover, &limits, &mut |_| ())?;
    let few = out.objective.is_some_and(|k| k <= u64::from(problem.p));
    if few {
        let mut open = vec![false; problem.lists.num_sites() as usize];
        out.open.iter().for_each(|s| open[s.0 as usize] = true);
        return Ok((problem.plan(open).filter(within), false, out.limit));
    }
    let too_few = out.bound.is_some_and(|k| k > u64::from(problem.p));
    Ok((None, too_few, out.limit))
}
