//! p-center: open at most `p` sites so that the dearest cost of a client to its nearest open site is
//! smallest. Weights do not count.
//!
//! The answer is one of the costs. Whether `p` sites reach every client within a radius is a set
//! covering problem; few clients decide it. A small set of representatives is kept: when `p` sites
//! cannot reach these, they cannot reach all; when a plan reaches these and not all, the farthest
//! clients it misses join them. The radius is bisected over the costs of the representatives. Minieka,
//! The m-center problem, SIAM Review 12 (1970) 138–139; Chen and Chen, New relaxation-based algorithms
//! for the optimal solution of the continuous and discrete p-center problems, Computers & Operations
//! Research 36 (2009) 1646–1655.

use crate::cover::{Ask, Csr, fewest};
use crate::lists::{ClientIx, CostLists, SiteIx};
use crate::outcome::{Checked, Goal, Impossible, Outcome, Plan, ProblemError, Rules, Status};
use crate::points::Points;
use maillage_milp::{LimitReached, Limits, Progress, SolverFailure};
use std::fmt;
use std::time::Instant;

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
    let started = Instant::now();
    let (lists, rules) = (problem.lists, &problem.rules);
    let unreachable = rules.unreachable(lists, u32::MAX);
    if !unreachable.is_empty() {
        return Ok(Outcome::infeasible(Impossible::Unreachable(unreachable), started));
    }
    // No plan beats the dearest of the nearest costs.
    let floor =
        lists.clients().filter_map(|c| lists.nearest(c, &rules.allowed)).map(|(_, d)| d).max().unwrap_or(0);
    let end = Run::new(problem, rules, problem.p, u64::from(floor), limits, started, watch).solve()?;
    let Some(open) = end.open else {
        let why = Impossible::NotWith { p: problem.p };
        return Ok(match end.limit {
            None => Outcome::infeasible(why, started),
            limit => Outcome::no_plan(Some(end.low), limit, started),
        });
    };
    let mut is_open = vec![false; lists.num_sites() as usize];
    open.iter().for_each(|&j| is_open[j as usize] = true);
    let plan = Plan { assignment: lists.assign(&is_open), open: is_open, objective: end.high };
    Outcome::plan(plan, Goal::Small, end.low, limits, end.limit, started)
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
    let started = Instant::now();
    let end = Run::new(problem, &problem.rules, problem.p, 0, limits, started, watch).solve()?;
    let squared = end.open.is_some().then_some(end.high);
    let status = match squared {
        None => Status::NoPlan,
        Some(s) if s == end.low => Status::Optimal,
        Some(s) if problem.near(end.low, s, limits.rel_gap) => Status::WithinGap,
        Some(_) => Status::Feasible,
    };
    Ok(PointsOutcome {
        status,
        squared,
        squared_bound: end.low,
        distance: squared.map(|s| problem.length(s)),
        open: end.open.unwrap_or_default().into_iter().map(SiteIx).collect(),
        limit: end.limit.filter(|_| squared != Some(end.low)),
        seconds: started.elapsed().as_secs_f64(),
    })
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

struct Run<'a, M> {
    metric: &'a M,
    rules: &'a Checked,
    /// Sites to open beside the fixed ones.
    choose: u64,
    limits: &'a Limits,
    started: Instant,
    watch: &'a mut dyn FnMut(&Progress),
    /// Representatives, each once.
    some: Vec<u32>,
    is_some: Vec<bool>,
    low: u64,
    best: Option<(u64, Vec<u32>)>,
}

struct End {
    open: Option<Vec<u32>>,
    high: u64,
    low: u64,
    limit: Option<LimitReached>,
}

enum Answer {
    Yes,
    No,
    Unknown(Option<LimitReached>),
}

/// How near to the least radius in doubt the bound is brought before the solver is asked.
const NEAR: f64 = 0.03;

impl<'a, M: Metric> Run<'a, M> {
    fn new(
        metric: &'a M,
        rules: &'a Checked,
        p: u32,
        floor: u64,
        limits: &'a Limits,
        started: Instant,
        watch: &'a mut dyn FnMut(&Progress),
    ) -> Self {
        let (some, is_some) = (Vec::new(), vec![false; metric.num_clients()]);
        let choose = u64::from(p - rules.num_fixed.min(p));
        Run { metric, rules, choose, limits, started, watch, some, is_some, low: floor, best: None }
    }

    fn solve(mut self) -> Result<End, SolverFailure> {
        self.spread();
        let (mut limit, mut hoped, mut doubt) = (None, self.low, u64::MAX);
        if self.best.is_none() {
            // Nothing is known to reach everyone: perhaps nothing does.
            match self.reach(u64::MAX, false)? {
                Answer::No => return Ok(End { open: None, high: 0, low: self.low, limit: None }),
                Answer::Unknown(l) => {
                    let limit = l.or_else(|| Some(LimitReached::Other("undecided".into())));
                    return Ok(End { open: None, high: 0, low: self.low, limit });
                }
                Answer::Yes => {}
            }
        }
        while let Some(high) = self.high().filter(|&high| self.low < high) {
            self.tell(high);
            if self.metric.near(self.low, high, self.limits.rel_gap) {
                break;
            }
            // First what search and relaxation can tell of plans, then of bounds, then the solver just below the plan.
            doubt = doubt.min(high);
            let below = hoped >= high;
            let quick = !below || self.low < doubt && !self.metric.near(self.low, doubt, NEAR);
            let radius = match (below, quick) {
                (false, _) => self.middle(hoped, high),
                (true, true) => self.middle(self.low, doubt),
                (true, false) => self.last(high),
            };
            match self.reach(radius, quick)? {
                Answer::Yes => {}
                Answer::No => {
                    self.low = self.next(radius, self.high().unwrap_or(high));
                    hoped = hoped.max(self.low);
                }
                Answer::Unknown(None) if quick => {
                    hoped = hoped.max(self.next(radius, self.high().unwrap_or(high)));
                    doubt = doubt.min(radius);
                }
                Answer::Unknown(l) => {
                    limit = l;
                    break;
                }
            }
        }
        self.high().into_iter().for_each(|high| self.tell(high));
        let (low, best) = (self.low, self.best);
        let high = best.as_ref().map_or(0, |b| b.0);
        Ok(End { open: best.map(|b| b.1), high, low: low.min(high), limit })
    }

    fn high(&self) -> Option<u64> {
        self.best.as_ref().map(|b| b.0)
    }

    fn tell(&mut self, high: u64) {
        let (incumbent, bound) = (self.metric.length(high), self.metric.length(self.low.min(high)));
        (self.watch)(&Progress {
            elapsed: self.started.elapsed().as_secs_f64(),
            incumbent: Some(incumbent),
            bound: Some(bound),
            gap: Some(if incumbent > bound { (incumbent - bound) / incumbent } else { 0.0 }),
            nodes: 0,
        });
    }

    /// The plan at hand, if it is better; who it does not reach within the radius, farthest of each site.
    fn judge(&mut self, open: Vec<u32>, radius: u64) -> Vec<u32> {
        let nearest = self.metric.nearest(&open);
        let mut farthest: Vec<Option<(u64, u32)>> = vec![None; self.metric.num_sites() + 1];
        for (i, near) in (0u32..).zip(&nearest) {
            let (site, key) = near.map_or((self.metric.num_sites(), u64::MAX), |(j, k)| (j as usize, k));
            if (near.is_none() || key > radius) && farthest[site].is_none_or(|(k, _)| k < key) {
                farthest[site] = Some((key, i));
            }
        }
        let dearest = nearest.iter().map(|n| n.map(|(_, k)| k)).collect::<Option<Vec<u64>>>();
        let value = dearest.and_then(|keys| keys.into_iter().max());
        if let Some(value) = value.filter(|v| self.high().is_none_or(|h| *v < h)) {
            self.best = Some((value, open));
        }
        farthest.into_iter().flatten().map(|(_, i)| i).collect()
    }

    fn join(&mut self, clients: &[u32]) {
        for &i in clients {
            if !std::mem::replace(&mut self.is_some[i as usize], true) {
                self.some.push(i);
            }
        }
    }

    /// First representatives: the farthest client from the sites so far, again and again, each time with
    /// the site nearest to it opened. Gonzalez, Theoretical Computer Science 38 (1985) 293–306.
    fn spread(&mut self) {
        let mut open: Vec<u32> =
            (0u32..).zip(&self.rules.fixed).filter(|(_, f)| **f).map(|(j, _)| j).collect();
        for _ in 0..=self.choose {
            let near = self.metric.nearest(&open);
            let far = |i: &u32| near[*i as usize].map_or(u64::MAX, |(_, k)| k);
            let Some(i) = (0..near.len() as u32).rev().max_by_key(far) else { break };
            self.join(&[i]);
            let mut best: Option<(u64, u32)> = None;
            self.metric.each(i, &mut |j, key| best = Some(best.map_or((key, j), |b| b.min((key, j)))));
            let Some((_, j)) =
                best.filter(|_| open.len() as u64 <= self.choose + u64::from(self.rules.num_fixed))
            else {
                break;
            };
            if open.len() as u64 == self.choose + u64::from(self.rules.num_fixed) || self.limits.stopped() {
                // One more client than sites, each so far from all others: two share a site.
                self.low = self.low.max(near[i as usize].map_or(0, |(_, far)| self.metric.half(far)));
                break;
            }
            open.push(j);
        }
        open.sort_unstable();
        open.dedup();
        self.judge(open, u64::MAX);
    }

    /// The last key of a representative from `low` to below `high`; `low` if there is none.
    fn last(&self, high: u64) -> u64 {
        let mut last = self.low;
        for &i in &self.some {
            self.metric.each(i, &mut |_, key| {
                if key < high {
                    last = last.max(key);
                }
            });
        }
        last
    }

    /// The middle of the keys of representatives from `low` to below `high`; `low` if there is none.
    fn middle(&self, low: u64, high: u64) -> u64 {
        let mut keys = Vec::new();
        for &i in &self.some {
            self.metric.each(i, &mut |_, key| {
                if key >= low && key < high {
                    keys.push(key);
                }
            });
        }
        keys.sort_unstable();
        keys.dedup();
        keys.get(keys.len() / 2).copied().unwrap_or(low)
    }

    /// The least key of a representative beyond a radius that is too small, at most `high`.
    fn next(&self, radius: u64, high: u64) -> u64 {
        let mut least = high;
        for &i in &self.some {
            self.metric.each(i, &mut |_, key| {
                if key > radius {
                    least = least.min(key);
                }
            });
        }
        least
    }

    /// Whether the sites reach every client within a radius; `quick`: unless that takes the MILP solver.
    fn reach(&mut self, radius: u64, quick: bool) -> Result<Answer, SolverFailure> {
        loop {
            if self.limits.stopped() {
                return Ok(Answer::Unknown(Some(LimitReached::Interrupted)));
            }
            if self.limits.time.is_some_and(|t| self.started.elapsed() >= t) {
                return Ok(Answer::Unknown(Some(LimitReached::Time)));
            }
            let mut rows = Csr::new();
            for &i in &self.some {
                let mut near = Vec::new();
                self.metric.each(i, &mut |j, key| {
                    if key <= radius {
                        near.push(j);
                    }
                });
                if near.is_empty() {
                    return Ok(Answer::No);
                }
                if near.iter().any(|&j| self.rules.fixed[j as usize]) {
                    continue;
                }
                near.sort_unstable();
                rows.push(near);
            }
            let ask = if quick { Ask::Perhaps(self.choose) } else { Ask::Whether(self.choose) };
            let found = fewest(&rows, self.metric.num_sites(), ask, self.limits, self.started)?;
            if found.chosen.len() as u64 > self.choose {
                let no = found.bound > self.choose;
                return Ok(if no { Answer::No } else { Answer::Unknown(found.limit) });
            }
            let fixed = (0u32..).zip(&self.rules.fixed).filter(|(_, f)| **f).map(|(j, _)| j);
            let mut open: Vec<u32> = fixed.chain(found.chosen).collect();
            open.sort_unstable();
            let missed = self.judge(open, radius);
            if missed.is_empty() {
                return Ok(Answer::Yes);
            }
            self.join(&missed);
        }
    }
}
