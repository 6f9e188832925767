//! p-median: open exactly `p` sites so that the weighted cost of serving every client from its nearest
//! open site is smallest.
//!
//! | | |
//! | --- | --- |
//! | `y[j]` | 1 when site `j` is open |
//! | `x[i,j]` | share of client `i` served by site `j` |
//!
//! ```text
//! min  Σ_i w_i Σ_j c_ij x_ij
//!      Σ_j x_ij = 1       every client is served, whatever its weight
//!      x_ij ≤ y_j         from an open site only
//!      Σ_j y_j  = p
//!      y_j ∈ {0, 1},  x_ij ≥ 0
//! ```
//!
//! ReVelle and Swain, Central facilities location, Geographical Analysis 2 (1970) 30–42.
//!
//! Since `p` of the `m` allowed sites are open, one of the `m − p + 1` nearest allowed sites of a client
//! is; further pairs are left out, as are those beyond its nearest fixed site.

use crate::greedy;
use crate::lists::{ClientIx, CostLists, SiteIx};
use crate::outcome::{Checked, Goal, Impossible, Outcome, Plan, ProblemError, Rules, integer_bound};
use maillage_milp::{
    Expression, Limits, Model, Progress, Reason, Sense, SolverFailure, Variable, solve as solve_milp,
    variable,
};
use std::time::Instant;

/// A p-median problem.
#[derive(Debug, Clone)]
pub struct Problem<'a> {
    lists: &'a CostLists,
    rules: Checked,
    p: u32,
}

impl<'a> Problem<'a> {
    /// Exactly `p` sites, those fixed open included.
    ///
    /// # Errors
    /// [`ProblemError`].
    pub fn new(lists: &'a CostLists, p: u32, rules: Rules<'_>) -> Result<Self, ProblemError> {
        let rules = Checked::new(lists, rules)?;
        rules.exactly(p)?;
        Ok(Problem { lists, rules, p })
    }

    /// The pairs that can be part of an optimal plan.
    fn useful(&self, client: ClientIx) -> impl Iterator<Item = (SiteIx, u32)> + '_ {
        let most = (self.rules.num_allowed - self.p + 1) as usize;
        let allowed = self.lists.list(client).filter(|(s, _)| self.rules.allowed[s.0 as usize]);
        allowed.take(most).scan(false, |past_fixed, (site, cost)| {
            let keep = !*past_fixed;
            *past_fixed |= self.rules.fixed[site.0 as usize];
            keep.then_some((site, cost))
        })
    }

    /// The plan with these sites, if they serve every client.
    fn plan(&self, open: Vec<bool>) -> Option<Plan> {
        let assignment = self.lists.assign(&open);
        let mut objective = 0;
        for (client, served) in self.lists.clients().zip(&assignment) {
            objective += self.lists.weight(client) * u64::from((*served)?.1);
        }
        Some(Plan { open, assignment, objective })
    }
}

/// Solves a p-median problem.
///
/// ```
/// use maillage_location::{CostLists, Limits, Rules, SiteIx, Status, p_median};
/// // Three villages on a road, 5 km apart, each also a site; the last one has most inhabitants.
/// let rows: Vec<Vec<Option<u32>>> =
///     (0..3i32).map(|i| (0..3i32).map(|j| Some(5 * i.abs_diff(j))).collect()).collect();
/// let lists = CostLists::from_dense(&rows, vec![100, 100, 900])?;
/// let problem = p_median::Problem::new(&lists, 1, Rules::default())?;
/// let outcome = p_median::solve(&problem, &Limits::default(), &mut |_| ())?;
/// assert_eq!(outcome.status, Status::Optimal);
/// assert_eq!((outcome.open, outcome.objective), (vec![SiteIx(2)], Some(1500)));
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
    // What no plan can beat, whatever a solver says: everyone at the nearest allowed site.
    let floor: u64 = lists
        .clients()
        .map(|c| lists.weight(c) * lists.nearest(c, &rules.allowed).map_or(0, |(_, d)| u64::from(d)))
        .sum();

    let mut model = Model::new(Sense::Minimise);
    let y = rules.variables(&mut model);
    model.subject_to(y.iter().flatten().sum::<Expression>().eq(f64::from(problem.p)));
    let first = problem.plan(greedy::median(lists, rules, problem.p));
    let mut start: Vec<(Variable, f64)> = Vec::new();
    if let Some(first) = &first {
        start.extend(y.iter().zip(&first.open).filter_map(|(y, o)| Some(((*y)?, f64::from(*o)))));
    }
    for client in lists.clients() {
        let mut served = Expression::with_capacity(8);
        for (site, cost) in problem.useful(client) {
            let Some(y) = y[site.0 as usize] else { continue };
            let x = model.add(variable().clamp(0, 1));
            served.add_mul(1, x);
            model.subject_to((x - y).leq(0));
            model.add_to_objective(lists.weight(client) as f64 * f64::from(cost), x);
            if let Some(first) = &first {
                let here = first.assignment[client.0 as usize].is_some_and(|(s, _)| s == site);
                start.push((x, f64::from(here)));
            }
        }
        model.subject_to(served.eq(1));
    }
    let out = solve_milp(model, limits, Some(&start), watch)?;
    if out.reason == Reason::Infeasible {
        if first.is_some() {
            return Err(SolverFailure::Contradiction("a plan is called infeasible".into()));
        }
        return Ok(Outcome::infeasible(Impossible::NotWith { p: problem.p }, started));
    }
    let open = out.values.map(|v| y.iter().map(|y| y.is_some_and(|y| v.is_on(y))).collect::<Vec<bool>>());
    let bound = out.bound.map_or(floor, |b| integer_bound(lists, Goal::Small, b).max(floor));
    let found = open.and_then(|open| problem.plan(open)).or(first);
    match found {
        Some(plan) => Outcome::plan(plan, Goal::Small, bound, limits, out.limit, started),
        None => Ok(Outcome::no_plan(Some(bound), out.limit, started)),
    }
}
