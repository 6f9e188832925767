//! Set covering: open as few sites as possible so that every client is within the radius of an open
//! site.
//!
//! ```text
//! min  Σ_j y_j
//!      Σ_{j: c_ij ≤ R} y_j ≥ 1     for every client i, whatever its weight
//!      y_j ∈ {0, 1}                1 when site j is open
//! ```
//!
//! A client whose sites hold all those of another needs no row, a site that covers a part of what another
//! covers no column. Toregas, Swain, ReVelle and Bergman, The location of emergency service facilities,
//! Operations Research 19 (1971) 1363–1373; Toregas and ReVelle, Binary logic solutions to a class of
//! location problem, Geographical Analysis 5 (1973) 145–155, for the reductions.

use crate::cover::{Ask, Csr, SHARE, fewest, packed};
use crate::lists::CostLists;
use crate::outcome::{Checked, Goal, Impossible, Outcome, Plan, ProblemError, Rules};
use maillage_milp::{Limits, Progress, SolverFailure};
use std::time::Instant;

/// A set covering problem.
#[derive(Debug, Clone)]
pub struct Problem<'a> {
    lists: &'a CostLists,
    rules: Checked,
    radius: u32,
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

    /// For each client the allowed sites that cover it; none for one that a fixed site covers.
    fn near(&self) -> impl Iterator<Item = Vec<u32>> + '_ {
        self.lists.clients().map(|client| {
            let within = self.lists.list(client).take_while(|&(_, cost)| cost <= self.radius);
            let mut near: Vec<u32> =
                within.map(|(s, _)| s.0).filter(|&j| self.rules.allowed[j as usize]).collect();
            if near.iter().any(|&j| self.rules.fixed[j as usize]) {
                near.clear();
            }
            near.sort_unstable();
            near
        })
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
    Ok(solve_with_payments(problem, limits, watch)?.0)
}

/// As [`solve`], with what each client pays for [`certified_bound`]; nothing when there is no plan. The
/// bound that the payments give is that of the relaxation, rounded up.
///
/// # Errors
/// [`SolverFailure`]; an infeasible problem or a limit is no error.
pub fn solve_with_payments(
    problem: &Problem<'_>,
    limits: &Limits,
    watch: &mut dyn FnMut(&Progress),
) -> Result<(Outcome, Vec<u64>), SolverFailure> {
    let started = Instant::now();
    let (lists, rules) = (problem.lists, &problem.rules);
    let unreachable = rules.unreachable(lists, problem.radius);
    if !unreachable.is_empty() {
        return Ok((Outcome::infeasible(Impossible::Unreachable(unreachable), started), Vec::new()));
    }
    let (mut rows, mut client) = (Csr::new(), Vec::new());
    for (i, near) in problem.near().enumerate().filter(|(_, near)| !near.is_empty()) {
        rows.push(near);
        client.push(i);
    }
    let found = fewest(&rows, lists.num_sites() as usize, Ask::Fewest, &[], limits, started)?;
    let mut open = rules.fixed.clone();
    found.chosen.iter().for_each(|&j| open[j as usize] = true);
    let bound = u64::from(rules.num_fixed) + found.bound;
    let Some(plan) = problem.plan(open) else {
        return Err(SolverFailure::Contradiction("the plan leaves a client uncovered".into()));
    };
    let mut pays = vec![0; lists.num_clients() as usize];
    client.iter().zip(&found.pays).for_each(|(&i, &paid)| pays[i] = paid);
    let out = Outcome::plan(plan, Goal::Small, bound, limits, found.limit, started)?;
    watch(&Progress {
        elapsed: started.elapsed().as_secs_f64(),
        incumbent: out.objective.map(|o| o as f64),
        bound: out.bound.map(|b| b as f64),
        gap: out.gap(),
        nodes: 0,
    });
    Ok((out, pays))
}

/// A bound on the number of open sites by counting alone: the fixed sites, and what the clients that no
/// fixed site covers pay, out of [`SHARE`] a site, less what any other site gets beyond [`SHARE`]. True
/// for any payments; missing ones count 0. It says nothing of an infeasible problem.
pub fn certified_bound(problem: &Problem<'_>, pays: &[u64]) -> u64 {
    let mut load = vec![0u128; problem.lists.num_sites() as usize];
    let mut paid = Vec::new();
    for (near, &pays) in problem.near().zip(pays).filter(|(near, _)| !near.is_empty()) {
        let pays = pays.min(SHARE);
        paid.push(pays);
        near.iter().for_each(|&j| load[j as usize] += u128::from(pays));
    }
    u64::from(problem.rules.num_fixed) + packed(paid.into_iter(), load.into_iter())
}
