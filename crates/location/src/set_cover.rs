//! Set covering: open as few sites as possible so that every client is within the radius of an open
//! site.
//!
//! ```text
//! min  Σ_j y_j
//!      Σ_{j: c_ij ≤ R} y_j ≥ 1     for every client i, whatever its weight
//!      y_j ∈ {0, 1}                1 when site j is open
//! ```
//!
//! Toregas, Swain, ReVelle and Bergman, The location of emergency service facilities, Operations
//! Research 19 (1971) 1363–1373.

use crate::greedy;
use crate::lists::CostLists;
use crate::outcome::{Checked, Goal, Impossible, Outcome, Plan, ProblemError, Rules, integer_bound};
use maillage_milp::{
    Expression, Limits, Model, Progress, Sense, SolverFailure, Variable, solve as solve_milp,
};
use std::time::Instant;

/// A set covering problem.
#[derive(Debug, Clone)]
pub struct Problem<'a> {
    pub(crate) lists: &'a CostLists,
    pub(crate) rules: Checked,
    pub(crate) radius: u32,
}

impl<'a> Problem<'a> {
    /// A client at exactly `radius` is covered. Fixed sites count in the objective.
    ///
    /// # Errors
    /// [`ProblemError`].
    pub fn new(lists: &'a CostLists, radius: u32, rules: Rules<'_>) -> Result<Self, ProblemError> {
        Ok(Problem { lists, rules: Checked::new(lists, rules)?, radius })
    }

    /// The plan with these sites, if they cover every client.
    fn plan(&self, open: Vec<bool>) -> Option<Plan> {
        let assignment = self.lists.assign(&open);
        let covers = assignment.iter().all(|a| a.is_some_and(|(_, cost)| cost <= self.radius));
        let objective = open.iter().filter(|o| **o).count() as u64;
        covers.then_some(Plan { open, assignment, objective })
    }
}

/// Solves a set covering problem. The objective is the number of open sites; clients that no allowed
/// site covers are named in the reason of infeasibility.
///
/// ```
/// use maillage_location::{ClientIx, CostLists, Impossible, Limits, Rules, Status, set_cover};
/// let rows = [vec![Some(1), None], vec![Some(4), Some(2)], vec![None, Some(9)]];
/// let lists = CostLists::from_dense(&rows, vec![1, 1, 1])?;
/// let at = |radius| set_cover::solve(
///     &set_cover::Problem::new(&lists, radius, Rules::default()).expect("a sound problem"),
///     &Limits::default(),
///     &mut |_| (),
/// );
/// assert_eq!(at(9)?.objective, Some(2));
/// assert_eq!(at(8)?.status, Status::Infeasible(Impossible::Unreachable(vec![ClientIx(2)])));
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
    let unreachable = rules.unreachable(lists, problem.radius);
    if !unreachable.is_empty() {
        return Ok(Outcome::infeasible(Impossible::Unreachable(unreachable), started));
    }
    let first = problem.plan(greedy::cover(lists, rules, problem.radius, u32::MAX, |_| 1));
    let floor = u64::from(rules.num_fixed.max(1));

    let mut model = Model::new(Sense::Minimise);
    let y = rules.variables(&mut model);
    model.set_objective(y.iter().flatten().sum::<Expression>());
    for client in lists.clients() {
        let near = lists.list(client).take_while(|&(_, cost)| cost <= problem.radius);
        model.subject_to(near.filter_map(|(site, _)| y[site.0 as usize]).sum::<Expression>().geq(1));
    }
    let start: Vec<(Variable, f64)> = first
        .iter()
        .flat_map(|f| y.iter().zip(&f.open))
        .filter_map(|(y, o)| Some(((*y)?, f64::from(*o))))
        .collect();
    let out = solve_milp(model, limits, Some(&start), watch)?;
    let bound = out.bound.map_or(floor, |b| integer_bound(lists, Goal::Small, b).max(floor));
    let found =
        out.values.and_then(|v| problem.plan(y.iter().map(|y| y.is_some_and(|y| v.is_on(y))).collect()));
    let best = match (found, first) {
        (Some(a), Some(b)) => Some(if a.objective <= b.objective { a } else { b }),
        (a, b) => a.or(b),
    };
    match best {
        Some(plan) => Outcome::plan(plan, Goal::Small, bound, limits, out.limit, started),
        None => Ok(Outcome::no_plan(Some(bound), out.limit, started)),
    }
}
