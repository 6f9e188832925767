//! p-medians on a plane: lists no longer than the answer needs.

use super::inst::Inst;
use super::swap::Plan;
use super::{Problem, marked, search, starts};
use crate::lists::ListError;
use crate::nearest::NearLists;
use crate::outcome::{Outcome, ProblemError, Rules};
use crate::points::Points;
use maillage_milp::{Limits, Progress, SolverFailure};
use std::time::Instant;

/// Solves a p-median on a plane, every point a client and a site, costs rounded down Euclidean distances. Lists reach as far as
/// the third nearest site of a first plan, so that memory follows the number of clients of a site, not the number of points.
///
/// # Errors
/// [`PlaneFailure`].
pub fn solve_plane(
    points: &Points,
    weights: Vec<u64>,
    p: u32,
    limits: &Limits,
    watch: &mut dyn FnMut(&Progress),
) -> Result<Outcome, PlaneFailure> {
    let started = Instant::now();
    let n = points.len();
    let few = (3 * n / (p as usize).max(1) + 24).min(n);
    let first = NearLists::new(points, weights.clone(), few)?;
    let problem = Problem::on_plane(&first, p, Rules::default())?;
    let inst = Inst::new(&first.lists, &problem.rules.allowed, &problem.rules.fixed, p, true);
    let open = starts(&problem, &inst, limits.seed).pop().unwrap_or_default();
    let mut plan = Plan::new(&inst, open);
    plan.improve(0, limits, started);
    let open: Vec<u32> = (0..n as u32).filter(|k| plan.open[*k as usize]).collect();
    let radius = first.ranks(&plan.open, &open, 3);
    drop(plan);
    drop(inst);
    let marks = marked(&first.lists, &open);
    drop(problem);
    drop(first);
    let near = NearLists::within(points, weights, &radius)?;
    let problem = Problem::on_plane(&near, p, Rules::default())?;
    Ok(search(&problem, limits, started, watch, vec![marks], false)?.0)
}

/// Why a problem on a plane was not solved.
#[derive(Debug)]
pub enum PlaneFailure {
    /// Points or weights do not fit.
    Lists(ListError),
    /// No such problem.
    Problem(ProblemError),
    /// The solver failed.
    Solver(SolverFailure),
}

impl From<ListError> for PlaneFailure {
    fn from(e: ListError) -> Self {
        PlaneFailure::Lists(e)
    }
}

impl From<ProblemError> for PlaneFailure {
    fn from(e: ProblemError) -> Self {
        PlaneFailure::Problem(e)
    }
}

impl From<SolverFailure> for PlaneFailure {
    fn from(e: SolverFailure) -> Self {
        PlaneFailure::Solver(e)
    }
}

impl std::fmt::Display for PlaneFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            PlaneFailure::Lists(e) => e.fmt(f),
            PlaneFailure::Problem(e) => e.fmt(f),
            PlaneFailure::Solver(e) => e.fmt(f),
        }
    }
}

impl std::error::Error for PlaneFailure {}
