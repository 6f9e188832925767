//! Maximal covering: open at most `p` sites so that the weight of the clients within the radius of an
//! open site is largest.
//!
//! | | |
//! | --- | --- |
//! | `y[j]` | 1 when site `j` is open |
//! | `z[i]` | 1 when client `i` is covered |
//!
//! ```text
//! max  Σ_i w_i z_i
//!      z_i ≤ Σ_{j: c_ij ≤ R} y_j
//!      Σ_j y_j ≤ p            fixed sites included
//!      y_j ∈ {0, 1},  0 ≤ z_i ≤ 1
//! ```
//!
//! Church and ReVelle, The maximal covering location problem, Papers in Regional Science 32 (1974)
//! 101–118.

use crate::greedy;
use crate::lists::CostLists;
use crate::outcome::{Checked, Goal, Outcome, Plan, ProblemError, Rules, integer_bound};
use maillage_milp::{
    Expression, Limits, Model, Progress, Sense, SolverFailure, Variable, solve as solve_milp, variable,
};
use std::time::Instant;

/// A maximal covering problem. It always has a plan.
#[derive(Debug, Clone)]
pub struct Problem<'a> {
    lists: &'a CostLists,
    rules: Checked,
    p: u32,
    radius: u32,
}

impl<'a> Problem<'a> {
    /// At most `p` sites, those fixed open included: with 2 fixed sites and `p` = 5, three are chosen.
    /// A client at exactly `radius` is covered.
    ///
    /// # Errors
    /// [`ProblemError`].
    pub fn new(lists: &'a CostLists, p: u32, radius: u32, rules: Rules<'_>) -> Result<Self, ProblemError> {
        let rules = Checked::new(lists, rules)?;
        rules.at_most(p)?;
        Ok(Problem { lists, rules, p, radius })
    }

    fn plan(&self, open: Vec<bool>) -> Plan {
        let mut assignment = self.lists.assign(&open);
        let mut objective = 0;
        for (client, served) in self.lists.clients().zip(&mut assignment) {
            *served = served.filter(|&(_, cost)| cost <= self.radius);
            if served.is_some() {
                objective += self.lists.weight(client);
            }
        }
        Plan { open, assignment, objective }
    }
}

/// Solves a maximal covering problem. The objective is the covered weight.
///
/// ```
/// use maillage_location::{CostLists, Limits, Rules, SiteIx, max_cover};
/// let rows = [vec![Some(1), None], vec![Some(4), Some(2)], vec![None, Some(9)]];
/// let lists = CostLists::from_dense(&rows, vec![10, 20, 40])?;
/// let problem = max_cover::Problem::new(&lists, 1, 4, Rules::default())?;
/// let outcome = max_cover::solve(&problem, &Limits::default(), &mut |_| ())?;
/// assert_eq!((outcome.open, outcome.objective), (vec![SiteIx(0)], Some(30)));
/// assert_eq!(outcome.assignment[2], None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`SolverFailure`]; a limit is no error.
pub fn solve(
    problem: &Problem<'_>,
    limits: &Limits,
    watch: &mut dyn FnMut(&Progress),
) -> Result<Outcome, SolverFailure> {
    let started = Instant::now();
    let (lists, rules) = (problem.lists, &problem.rules);
    let first = problem
        .plan(greedy::cover(lists, rules, problem.radius, problem.p, |c| lists.weight(crate::ClientIx(c))));

    let mut model = Model::new(Sense::Maximise);
    let y = rules.variables(&mut model);
    model.subject_to(y.iter().flatten().sum::<Expression>().leq(f64::from(problem.p)));
    let mut start: Vec<(Variable, f64)> =
        y.iter().zip(&first.open).filter_map(|(y, o)| Some(((*y)?, f64::from(*o)))).collect();
    let mut ceiling = 0;
    for client in lists.clients().filter(|&c| lists.weight(c) > 0) {
        let mut near = lists
            .list(client)
            .take_while(|&(_, cost)| cost <= problem.radius)
            .filter_map(|(site, _)| y[site.0 as usize])
            .peekable();
        if near.peek().is_none() {
            continue;
        }
        ceiling += lists.weight(client);
        let z = model.add(variable().clamp(0, 1));
        model.add_to_objective(lists.weight(client) as f64, z);
        model.subject_to((z - near.sum::<Expression>()).leq(0));
        start.push((z, f64::from(first.assignment[client.0 as usize].is_some())));
    }
    let out = solve_milp(model, limits, Some(&start), watch)?;
    let bound = out.bound.map_or(ceiling, |b| integer_bound(lists, Goal::Large, b).min(ceiling));
    let found = out.values.map(|v| problem.plan(y.iter().map(|y| y.is_some_and(|y| v.is_on(y))).collect()));
    let best = found.filter(|f| f.objective >= first.objective).unwrap_or(first);
    Outcome::plan(best, Goal::Large, bound, limits, out.limit, started)
}
