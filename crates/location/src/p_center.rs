//! p-center: open at most `p` sites so that the dearest cost of a client to its nearest open site is
//! smallest. Weights do not count.
//!
//! The answer is one of the costs. Whether `p` sites reach every client within a radius is a set
//! covering problem; few clients decide it. A small set of representatives is kept: when `p` sites
//! cannot reach these, they cannot reach all; when a plan reaches these and not all, the farthest
//! clients it misses join them. The radius is bisected over the costs of the representatives; search and
//! relaxation come first, then sweeps and branching on the covering problem: half-way between bound and plan
//! where few sites may open, as these then end, just below the plan otherwise. Minieka,
//! The m-center problem, SIAM Review 12 (1970) 138–139; Chen and Chen, New relaxation-based algorithms
//! for the optimal solution of the continuous and discrete p-center problems, Computers & Operations
//! Research 36 (2009) 1646–1655.

mod certificate;
mod run;

use crate::lists::{ClientIx, CostLists, SiteIx};
use crate::outcome::{Checked, Goal, Impossible, Outcome, Plan, ProblemError, Rules, Status};
use crate::points::Points;
use maillage_milp::{LimitReached, Limits, Progress, SolverFailure};
use run::Run;
use std::fmt;
use std::time::Instant;

pub use certificate::{Certificate, certified_bound, certified_bound_points};

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
}

/// Solves a p-center problem. The objective is the dearest cost.
///
/// The watcher is told after each radius tried, in units of cost.
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
    Ok(solve_with_certificate(problem, limits, watch)?.0)
}

/// As [`solve`], with payments that prove a bound without a solver, where there is a plan and the bound is more than 0: the
/// bound of the relaxation, which may be weaker than that of the outcome, where branching had the last word.
///
/// # Errors
/// [`SolverFailure`]; an infeasible problem or a limit is no error.
pub fn solve_with_certificate(
    problem: &Problem<'_>,
    limits: &Limits,
    watch: &mut dyn FnMut(&Progress),
) -> Result<(Outcome, Option<Certificate>), SolverFailure> {
    let started = Instant::now();
    let (lists, rules) = (problem.lists, &problem.rules);
    let unreachable = rules.unreachable(lists, u32::MAX);
    if !unreachable.is_empty() {
        return Ok((Outcome::infeasible(Impossible::Unreachable(unreachable), started), None));
    }
    // No plan beats the dearest of the nearest costs.
    let nearest = |c| lists.nearest(c, &rules.allowed).map(|(_, d)| (d, c));
    let floor = lists.clients().filter_map(nearest).max();
    let mut run = Run::new(problem, rules, problem.p, limits, started, watch);
    floor.into_iter().for_each(|(d, client)| run.floor(u64::from(d), &[client.0]));
    let end = run.solve()?;
    let Some(open) = end.open else {
        let why = Impossible::NotWith { p: problem.p };
        let out = match end.limit {
            None => Outcome::infeasible(why, started),
            limit => Outcome::no_plan(Some(end.low), limit, started),
        };
        return Ok((out, None));
    };
    let mut is_open = vec![false; lists.num_sites() as usize];
    open.iter().for_each(|&j| is_open[j as usize] = true);
    let plan = Plan { assignment: lists.assign(&is_open), open: is_open, objective: end.high };
    Ok((Outcome::plan(plan, Goal::Small, end.low, limits, end.limit, started)?, end.certificate))
}

/// Why points cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PointsError {
    /// There is no point, or not as many `x` as `y`, or more than `u32::MAX`.
    Count,
    /// The scale is 0.
    Scale,
    /// `p` is 0.
    NoSiteToOpen,
    /// Points lie more than 2^31 units apart along an axis, so that squares might not fit.
    TooWide,
}

impl fmt::Display for PointsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PointsError::Count => f.write_str("there is no point, or not as many x as y"),
            PointsError::Scale => f.write_str("the scale of the points is 0"),
            PointsError::NoSiteToOpen => f.write_str("no site may be opened"),
            PointsError::TooWide => f.write_str("points lie more than 2^31 units apart along an axis"),
        }
    }
}

impl std::error::Error for PointsError {}

/// A p-center problem on points of the plane, each a client and a site; distances are Euclidean, not
/// rounded, and computed when they are needed.
#[derive(Debug, Clone)]
pub struct PointsProblem<'a> {
    points: &'a Points,
    rules: Checked,
    p: u32,
}

impl<'a> PointsProblem<'a> {
    /// At most `p` of the points.
    ///
    /// # Errors
    /// [`PointsError`].
    pub fn new(points: &'a Points, p: u32) -> Result<Self, PointsError> {
        let n = u32::try_from(points.x.len()).map_err(|_| PointsError::Count)?;
        if n == 0 || points.y.len() != points.x.len() {
            return Err(PointsError::Count);
        }
        if points.scale == 0 {
            return Err(PointsError::Scale);
        }
        if p == 0 {
            return Err(PointsError::NoSiteToOpen);
        }
        let wide =
            |v: &[i64]| v.iter().max().zip(v.iter().min()).is_some_and(|(a, b)| a.abs_diff(*b) > 1 << 31);
        if wide(&points.x) || wide(&points.y) {
            return Err(PointsError::TooWide);
        }
        let all = points.x.len();
        let rules =
            Checked { fixed: vec![false; all], allowed: vec![true; all], num_fixed: 0, num_allowed: n };
        Ok(PointsProblem { points, rules, p })
    }
}

/// The end of [`solve_points`].
#[derive(Debug, Clone, PartialEq)]
pub struct PointsOutcome {
    /// How good the plan is.
    pub status: Status,
    /// The square of the largest distance, in units of the points (before division by the scale): exact.
    pub squared: Option<u64>,
    /// No plan has a smaller one.
    pub squared_bound: u64,
    /// The largest distance, its root divided by the scale.
    pub distance: Option<f64>,
    /// Open points in increasing order.
    pub open: Vec<SiteIx>,
    /// What stopped the solve, if something did.
    pub limit: Option<LimitReached>,
    /// Wall-clock seconds.
    pub seconds: f64,
}

/// Solves a p-center problem on points. The watcher is told distances.
///
/// ```
/// use maillage_location::{Limits, p_center, Points};
/// // Four corners of a square of side 1.5 and its middle.
/// let points = Points { x: vec![0, 30, 0, 30, 15], y: vec![0, 0, 30, 30, 15], scale: 20 };
/// let problem = p_center::PointsProblem::new(&points, 1)?;
/// let out = p_center::solve_points(&problem, &Limits::default(), &mut |_| ())?;
/// assert_eq!((out.squared, out.squared_bound), (Some(2 * 15 * 15), 450));
/// assert!((out.distance.unwrap_or(0.0) - 1.0607).abs() < 1e-4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`SolverFailure`]; a limit is no error.
pub fn solve_points(
    problem: &PointsProblem<'_>,
    limits: &Limits,
    watch: &mut dyn FnMut(&Progress),
) -> Result<PointsOutcome, SolverFailure> {
    Ok(solve_points_with_certificate(problem, limits, watch)?.0)
}

/// As [`solve_points`], with payments as in [`solve_with_certificate`].
///
/// # Errors
/// [`SolverFailure`]; a limit is no error.
pub fn solve_points_with_certificate(
    problem: &PointsProblem<'_>,
    limits: &Limits,
    watch: &mut dyn FnMut(&Progress),
) -> Result<(PointsOutcome, Option<Certificate>), SolverFailure> {
    let started = Instant::now();
    let end = Run::new(problem, &problem.rules, problem.p, limits, started, watch).solve()?;
    let squared = end.open.is_some().then_some(end.high);
    let status = match squared {
        None => Status::NoPlan,
        Some(s) if s == end.low => Status::Optimal,
        Some(s) if problem.near(end.low, s, limits.rel_gap) => Status::WithinGap,
        Some(_) => Status::Feasible,
    };
    let out = PointsOutcome {
        status,
        squared,
        squared_bound: end.low,
        distance: squared.map(|s| problem.length(s)),
        open: end.open.unwrap_or_default().into_iter().map(SiteIx).collect(),
        limit: end.limit.filter(|_| squared != Some(end.low)),
        seconds: started.elapsed().as_secs_f64(),
    };
    Ok((out, end.certificate))
}

/// Where the clients and sites of a problem are: only the order of the keys counts.
trait Metric {
    fn num_sites(&self) -> usize;
    fn num_clients(&self) -> usize;
    /// The nearest of these sites to each client, with its key.
    fn nearest(&self, open: &[u32]) -> Vec<Option<(u32, u64)>>;
    /// Tells the sites that may open with their keys; nearest first only where that comes for free.
    fn each(&self, client: u32, tell: &mut dyn FnMut(u32, u64));
    fn length(&self, key: u64) -> f64;
    /// No client is nearer than this to both of two clients that are so far from each other.
    fn half(&self, _: u64) -> u64 {
        0
    }

    fn near(&self, low: u64, high: u64, rel_gap: f64) -> bool {
        self.length(high) - self.length(low) <= rel_gap * self.length(high)
    }
}

impl Metric for Problem<'_> {
    fn num_sites(&self) -> usize {
        self.lists.num_sites() as usize
    }

    fn num_clients(&self) -> usize {
        self.lists.num_clients() as usize
    }

    fn nearest(&self, open: &[u32]) -> Vec<Option<(u32, u64)>> {
        let mut is_open = vec![false; self.num_sites()];
        open.iter().for_each(|&j| is_open[j as usize] = true);
        let key = |c| self.lists.nearest(c, &is_open).map(|(s, d)| (s.0, u64::from(d)));
        self.lists.clients().map(key).collect()
    }

    fn each(&self, client: u32, tell: &mut dyn FnMut(u32, u64)) {
        let allowed = self.lists.list(ClientIx(client)).filter(|(s, _)| self.rules.allowed[s.0 as usize]);
        allowed.for_each(|(s, d)| tell(s.0, u64::from(d)));
    }

    fn length(&self, key: u64) -> f64 {
        key as f64
    }
}

impl PointsProblem<'_> {
    /// Differences are at most 2^31, so a square is at most 2^63.
    fn square(&self, a: usize, b: usize) -> u64 {
        let x = self.points.x[a].abs_diff(self.points.x[b]);
        let y = self.points.y[a].abs_diff(self.points.y[b]);
        x * x + y * y
    }
}

impl Metric for PointsProblem<'_> {
    fn num_sites(&self) -> usize {
        self.points.x.len()
    }

    fn num_clients(&self) -> usize {
        self.points.x.len()
    }

    fn nearest(&self, open: &[u32]) -> Vec<Option<(u32, u64)>> {
        let key = |i: usize| open.iter().map(|&j| (self.square(i, j as usize), j)).min();
        (0..self.num_clients()).map(|i| key(i).map(|(d, j)| (j, d))).collect()
    }

    fn each(&self, client: u32, tell: &mut dyn FnMut(u32, u64)) {
        (0..self.num_sites()).for_each(|j| tell(j as u32, self.square(client as usize, j)));
    }

    fn length(&self, key: u64) -> f64 {
        (key as f64).sqrt() / f64::from(self.points.scale)
    }

    fn half(&self, key: u64) -> u64 {
        key.div_ceil(4)
    }
}
