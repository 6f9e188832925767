//! p-medians on a plane: lists no longer than the answer needs.

use super::inst::Inst;
use super::swap::Plan;
use super::{Certificate, Problem, marked, search, starts};
use crate::lists::ListError;
use crate::nearest::NearLists;
use crate::outcome::{Outcome, ProblemError, Rules};
use crate::points::Points;
use maillage_milp::{Limits, Progress, SolverFailure};
use std::time::Instant;

/// Solves a p-median on a plane, every point a client and a site, costs rounded down Euclidean distances. Lists reach as far as
/// the third nearest site of a first plan, so that memory follows the number of clients of a site, not the number of points.
///
/// ```
/// use maillage_location::{Limits, Points, p_median};
/// // Two towns, 10 km apart, with a hamlet beside each.
/// let points = Points { x: vec![0, 300, 10_000, 9_600], y: vec![0; 4], scale: 1 };
/// let weights = vec![5000, 80, 7000, 60];
/// let outcome = p_median::solve_plane(&points, weights, 2, &Limits::default(), &mut |_| ())?;
/// assert_eq!((outcome.objective, outcome.bound), (Some(300 * 80 + 400 * 60), Some(48_000)));
/// # Ok::<(), p_median::PlaneFailure>(())
/// ```
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
    Ok(on_plane(points, weights, p, limits, watch, false)?.0)
}

/// As [`solve_plane`], with a certificate for [`certified_bound_plane`].
///
/// # Errors
/// [`PlaneFailure`].
pub fn solve_plane_with_certificate(
    points: &Points,
    weights: Vec<u64>,
    p: u32,
    limits: &Limits,
    watch: &mut dyn FnMut(&Progress),
) -> Result<(Outcome, Option<Certificate>), PlaneFailure> {
    on_plane(points, weights, p, limits, watch, true)
}

fn on_plane(
    points: &Points,
    weights: Vec<u64>,
    p: u32,
    limits: &Limits,
    watch: &mut dyn FnMut(&Progress),
    certify: bool,
) -> Result<(Outcome, Option<Certificate>), PlaneFailure> {
    let started = Instant::now();
    let (marks, radius) = {
        let n = points.len();
        let few = (3 * n / (p as usize).max(1) + 24).min(n);
        let first = NearLists::new(points, weights.clone(), few)?;
        let problem = Problem::on_plane(&first, p, Rules::default())?;
        let inst = Inst::new(&first.lists, &problem.rules.allowed, &problem.rules.fixed, p, true);
        let open = starts(&problem, &inst, limits.seed).pop().unwrap_or_default();
        let mut plan = Plan::new(&inst, open);
        plan.improve(0, limits, started);
        let open: Vec<u32> = (0..n as u32).filter(|k| plan.open[*k as usize]).collect();
        (marked(&first.lists, &open), first.ranks(&plan.open, &open, 3))
    };
    let near = NearLists::within(points, weights, &radius)?;
    let problem = Problem::on_plane(&near, p, Rules::default())?;
    let (outcome, mut certificate) = search(&problem, limits, started, watch, vec![marks], certify)?;
    if let Some(c) = &mut certificate {
        let weights: Vec<u64> = near.lists.clients().map(|i| near.lists.weight(i)).collect();
        c.bound = certified_bound_plane(points, &weights, p, c).unwrap_or(0);
    }
    Ok((outcome, certificate))
}

/// What the multipliers of a certificate prove for a plane, counted from the points: see
/// [`certified_bound`](super::certified_bound). `None` when there are not as many multipliers as points, or they are too large.
/// No list is made: whatever multipliers claim takes time, not memory.
pub fn certified_bound_plane(
    points: &Points,
    weights: &[u64],
    p: u32,
    certificate: &Certificate,
) -> Option<u64> {
    let (n, p, scale) = (points.len(), p as usize, certificate.scale);
    if certificate.values.len() != n || weights.len() != n || p == 0 || p > n || scale == 0 {
        return None;
    }
    let mut by_x: Vec<(i64, usize)> = points.x.iter().copied().zip(0..).collect();
    by_x.sort_unstable();
    let unit = u128::from(points.scale.max(1));
    let (mut saved, mut sum) = (vec![0i128; n], 0i128);
    for (client, (&u, &weight)) in certificate.values.iter().zip(weights).enumerate() {
        // For weight 0 all sites cost nothing: its multiplier proves nothing and is left out.
        let price = u128::from(scale) * u128::from(weight);
        let Some(far) = u128::from(u).checked_div(price) else { continue };
        sum += i128::from(u);
        // Beyond so many parts a distance costs more than the multiplier.
        let far = (far + 1) * unit;
        let (below, reach) = (far.saturating_mul(far), i64::try_from(far).unwrap_or(i64::MAX));
        let (low, high) = (points.x[client].saturating_sub(reach), points.x[client].saturating_add(reach));
        let strip = by_x.partition_point(|s| s.0 < low)..by_x.partition_point(|s| s.0 <= high);
        for &(_, site) in &by_x[strip] {
            let squared = points.squared(client, points, site)?;
            if squared < below {
                let cost = price.checked_mul(root(squared) / unit)?;
                saved[site] += (i128::try_from(cost).ok()? - i128::from(u)).min(0);
            }
        }
    }
    saved.sort_unstable();
    let bound = sum + saved[..p].iter().sum::<i128>();
    u64::try_from(bound.max(0).unsigned_abs().div_ceil(u128::from(scale))).ok()
}

/// The root rounded down; in 64 bits where they do, which is much faster.
fn root(squared: u128) -> u128 {
    u64::try_from(squared).map_or_else(|_| squared.isqrt(), |s| u128::from(s.isqrt()))
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
