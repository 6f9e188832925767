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
pub fn certified_bound_plane(
    points: &Points,
    weights: &[u64],
    p: u32,
    certificate: &Certificate,
) -> Option<u64> {
    let n = points.len();
    let scale = u128::from(certificate.scale);
    if certificate.values.len() != n || weights.len() != n || p == 0 || p as usize > n || scale == 0 {
        return None;
    }
    // Sites that cost less than its multiplier: no other counts for a client.
    let reach = |(u, w): (&u64, &u64)| {
        let far = u128::from(*u).checked_div(scale * u128::from(*w));
        // For weight 0 all sites cost nothing: its multiplier proves nothing and is left out.
        far.map_or(0, |d| u32::try_from(d).unwrap_or(u32::MAX))
    };
    let radius: Vec<u32> = certificate.values.iter().zip(weights).map(reach).collect();
    let near = NearLists::within(points, weights.to_vec(), &radius).ok()?;
    let mut rho = vec![0i128; n];
    let mut sum = 0i128;
    for (client, (u, w)) in near.lists.clients().zip(certificate.values.iter().zip(weights)) {
        if *w == 0 {
            continue;
        }
        sum += i128::from(*u);
        for (site, cost) in near.lists.list(client) {
            let less = i128::try_from(scale * u128::from(*w) * u128::from(cost)).ok()? - i128::from(*u);
            rho[site.0 as usize] += less.min(0);
        }
    }
    rho.sort_unstable();
    let bound = sum + rho[..p as usize].iter().sum::<i128>();
    u64::try_from((bound.max(0) as u128).div_ceil(scale)).ok()
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
