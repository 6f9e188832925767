//! Backup covering: clients within the radius of more than one open site, for the day when one is away.
//!
//! * [`most`]: with at most `p` sites, every client covered once, and most weight covered twice (BACOP1
//!   of Hogan and ReVelle, Concepts and applications of backup coverage, Management Science 32 (1986)
//!   1434–1444);
//! * [`fewest`]: fewest sites such that every client is covered at least so many times.
//!
//! ```text
//! most    max Σ_i w_i u_i     Σ_{j: c_ij ≤ R} y_j ≥ 1 + u_i,  Σ_j y_j ≤ p,  0 ≤ u_i ≤ 1
//! fewest  min Σ_j y_j         Σ_{j: c_ij ≤ R} y_j ≥ k
//! ```
//!
//! Clients covered by the same sites are one, and of those that must merely be covered, one whose sites
//! hold all those of another needs no row. Dominated sites stay: as a second cover they count.

mod certificate;

use crate::cover::{Csr, Signatures, implied, scale};
use crate::lists::{ClientIx, CostLists};
use crate::outcome::{Checked, Goal, Impossible, Outcome, Plan, ProblemError, Rules};
use certificate::relaxed;
use maillage_milp::{
    Expression, Limits, Model, Progress, Reason, Sense, SolverFailure, Variable, solve as solve_milp,
    variable, whole_bound,
};
use std::time::Instant;

pub use certificate::{Certificate, certified_bound_fewest, certified_bound_most};

/// Who must be covered from where.
#[derive(Debug, Clone)]
pub struct Problem<'a> {
    lists: &'a CostLists,
    rules: Checked,
    radius: u32,
}

impl<'a> Problem<'a> {
    /// A client at exactly `radius` is covered.
    ///
    /// # Errors
    /// [`ProblemError`].
    pub fn new(lists: &'a CostLists, radius: u32, rules: Rules<'_>) -> Result<Self, ProblemError> {
        Ok(Problem { lists, rules: Checked::new(lists, rules)?, radius })
    }

    /// How many open sites cover a client.
    fn times(&self, client: ClientIx, open: &[bool]) -> u32 {
        let near = self.lists.list(client).take_while(|&(_, cost)| cost <= self.radius);
        near.filter(|(site, _)| open[site.0 as usize]).count() as u32
    }

    /// Clients that the allowed sites cover fewer than `times` times.
    fn unreachable(&self, times: u32) -> Vec<ClientIx> {
        self.lists.clients().filter(|&c| self.times(c, &self.rules.allowed) < times).collect()
    }

    fn plan(&self, open: Vec<bool>, objective: u64) -> Plan {
        let within = |a: Option<(_, u32)>| a.filter(|&(_, cost)| cost <= self.radius);
        Plan { assignment: self.lists.assign(&open).into_iter().map(within).collect(), open, objective }
    }

    /// Distinct sets of allowed sites that cover clients, with their weights; and the set of each client.
    fn classes(&self) -> (Csr, Vec<u64>, Vec<u32>) {
        let mut classes = Signatures::new(self.lists.num_sites());
        let mut of = Vec::new();
        for client in self.lists.clients() {
            let near = self.lists.list(client).take_while(|&(_, cost)| cost <= self.radius);
            let mut near: Vec<u32> =
                near.map(|(s, _)| s.0).filter(|&j| self.rules.allowed[j as usize]).collect();
            near.sort_unstable();
            of.push(classes.take(self.lists.weight(client), &near));
        }
        let (rows, weight) = classes.into_parts();
        (rows, weight, of)
    }
}

/// Rows that another row implies when all must be met as often.
fn redundant(rows: &Csr, width: usize) -> Vec<bool> {
    implied(rows, &rows.transposed(width))
}

/// Most weight covered at least twice, with at most `p` sites, fixed ones included, and every client
/// covered.
///
/// ```
/// use maillage_location::{CostLists, Limits, Rules, SiteIx, backup_cover};
/// let rows = [vec![Some(1), Some(1), None], vec![Some(1), None, Some(1)], vec![None, Some(1), Some(1)]];
/// let lists = CostLists::from_dense(&rows, vec![10, 20, 40])?;
/// let problem = backup_cover::Problem::new(&lists, 1, Rules::default())?;
/// let outcome = backup_cover::most(&problem, 2, &Limits::default(), &mut |_| ())?;
/// assert_eq!((outcome.open, outcome.objective), (vec![SiteIx(1), SiteIx(2)], Some(40)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`SolverFailure`]; an infeasible problem or a limit is no error.
pub fn most(
    problem: &Problem<'_>,
    p: u32,
    limits: &Limits,
    watch: &mut dyn FnMut(&Progress),
) -> Result<Outcome, SolverFailure> {
    Ok(most_with_certificate(problem, p, limits, watch)?.0)
}

/// As [`most`], with multipliers for [`certified_bound_most`], where there is a plan and the relaxation was solved.
///
/// # Errors
/// [`SolverFailure`]; an infeasible problem or a limit is no error.
pub fn most_with_certificate(
    problem: &Problem<'_>,
    p: u32,
    limits: &Limits,
    watch: &mut dyn FnMut(&Progress),
) -> Result<(Outcome, Option<Certificate>), SolverFailure> {
    let started = Instant::now();
    let unreachable = problem.unreachable(1);
    if !unreachable.is_empty() {
        return Ok((Outcome::infeasible(Impossible::Unreachable(unreachable), started), None));
    }
    if problem.rules.num_fixed > p {
        return Ok((Outcome::infeasible(Impossible::NotWith { p }, started), None));
    }
    let (rows, weight, of) = problem.classes();
    let unit = scale(weight.iter().copied().max().unwrap_or(1));
    let mut model = Model::new(Sense::Maximise);
    let y = problem.rules.variables(&mut model);
    let implied = redundant(&rows, problem.lists.num_sites() as usize);
    let mut ceiling = 0;
    for (i, row) in rows.rows().enumerate() {
        let near = |row: &[u32]| row.iter().filter_map(|&j| y[j as usize]).sum::<Expression>();
        if weight[i] > 0 && row.len() > 1 {
            ceiling += weight[i];
            let u = model.add(variable().clamp(0, 1));
            model.add_to_objective(weight[i] as f64 * unit, u);
            model.subject_to((near(row) - u).geq(1));
        } else if !implied[i] {
            model.subject_to(near(row).geq(1));
        }
    }
    model.subject_to(y.iter().flatten().sum::<Expression>().leq(f64::from(p)));
    let told = ask(model, &y, limits, started, watch, unit)?;
    let twice = |open: &[bool]| {
        let covered = problem.lists.clients().filter(|&c| problem.times(c, open) > 1);
        covered.map(|c| problem.lists.weight(c)).sum::<u64>()
    };
    let used = (rows.len() + y.len() + 10) as f64;
    let whole = |b: f64| u64::try_from(whole_bound(Sense::Maximise, b / unit, used / unit)).unwrap_or(0);
    let bound = told.bound.map_or(ceiling, whole).min(ceiling);
    match told.open {
        _ if told.infeasible => Ok((Outcome::infeasible(Impossible::NotWith { p }, started), None)),
        None => Ok((Outcome::no_plan(Some(bound), told.limit, started), None)),
        Some(open) => {
            if problem.lists.clients().any(|c| problem.times(c, &open) == 0) {
                return Err(SolverFailure::Contradiction("the plan leaves a client uncovered".into()));
            }
            let objective = twice(&open);
            let multipliers = relaxed(problem, Wanted::Most(p), &rows, &weight, &of, limits, started)?;
            // What multipliers prove is proven, whatever the solver says.
            let certified = multipliers.as_ref().and_then(|c| certified_bound_most(problem, p, c));
            let bound = certified.map_or(bound, |c| c.min(bound));
            let plan = problem.plan(open, objective);
            let out = Outcome::plan(plan, Goal::Large, bound, limits, told.limit, started)?;
            Ok((out, multipliers))
        }
    }
}

/// Fewest sites, fixed ones included, that cover every client at least `times` times. Clients that the
/// allowed sites cover less often are named.
///
/// ```
/// use maillage_location::{CostLists, Limits, Rules, backup_cover};
/// let rows = [vec![Some(1), Some(1), None], vec![Some(1), None, Some(1)], vec![None, Some(1), Some(1)]];
/// let lists = CostLists::from_dense(&rows, vec![1; 3])?;
/// let problem = backup_cover::Problem::new(&lists, 1, Rules::default())?;
/// let fewest = |times| backup_cover::fewest(&problem, times, &Limits::default(), &mut |_| ());
/// assert_eq!((fewest(1)?.objective, fewest(2)?.objective), (Some(2), Some(3)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`SolverFailure`]; an infeasible problem or a limit is no error.
pub fn fewest(
    problem: &Problem<'_>,
    times: u32,
    limits: &Limits,
    watch: &mut dyn FnMut(&Progress),
) -> Result<Outcome, SolverFailure> {
    Ok(fewest_with_certificate(problem, times, limits, watch)?.0)
}

/// As [`fewest`], with multipliers for [`certified_bound_fewest`], where there is a plan and the relaxation was solved.
///
/// # Errors
/// [`SolverFailure`]; an infeasible problem or a limit is no error.
pub fn fewest_with_certificate(
    problem: &Problem<'_>,
    times: u32,
    limits: &Limits,
    watch: &mut dyn FnMut(&Progress),
) -> Result<(Outcome, Option<Certificate>), SolverFailure> {
    let started = Instant::now();
    let unreachable = problem.unreachable(times);
    if !unreachable.is_empty() {
        return Ok((Outcome::infeasible(Impossible::Unreachable(unreachable), started), None));
    }
    let (rows, weight, of) = problem.classes();
    let mut model = Model::new(Sense::Minimise);
    let y = problem.rules.variables(&mut model);
    model.set_objective(y.iter().flatten().sum::<Expression>());
    let implied = redundant(&rows, problem.lists.num_sites() as usize);
    for row in rows.rows().zip(&implied).filter(|(_, gone)| !**gone).map(|(row, _)| row) {
        let near: Expression = row.iter().filter_map(|&j| y[j as usize]).sum();
        model.subject_to(near.geq(f64::from(times)));
    }
    let told = ask(model, &y, limits, started, watch, 1.0)?;
    if told.infeasible {
        return Err(SolverFailure::Contradiction("all allowed sites together are a plan".into()));
    }
    let floor = u64::from(problem.rules.num_fixed.max(times));
    let used = (rows.len() + y.len()) as f64;
    let whole = |b: f64| u64::try_from(whole_bound(Sense::Minimise, b, used)).unwrap_or(0);
    let bound = told.bound.map_or(floor, whole).max(floor);
    // Without better, all allowed sites are a plan.
    let open = told.open.unwrap_or_else(|| problem.rules.allowed.clone());
    if problem.lists.clients().any(|c| problem.times(c, &open) < times) {
        return Err(SolverFailure::Contradiction("the plan covers a client too seldom".into()));
    }
    let objective = open.iter().filter(|o| **o).count() as u64;
    let multipliers = relaxed(problem, Wanted::Times(times), &rows, &weight, &of, limits, started)?;
    let certified = multipliers.as_ref().and_then(|c| certified_bound_fewest(problem, times, c));
    let bound = certified.map_or(bound, |c| c.max(bound));
    let out = Outcome::plan(problem.plan(open, objective), Goal::Small, bound, limits, told.limit, started)?;
    Ok((out, multipliers))
}

/// What is asked of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// Most weight twice with so many sites.
    Most(u32),
    /// Everyone so many times.
    Times(u32),
}

struct Told {
    open: Option<Vec<bool>>,
    bound: Option<f64>,
    infeasible: bool,
    limit: Option<maillage_milp::LimitReached>,
}

/// Solves a model; what is called infeasible is asked again.
fn ask(
    model: Model,
    y: &[Option<Variable>],
    limits: &Limits,
    started: Instant,
    watch: &mut dyn FnMut(&Progress),
    unit: f64,
) -> Result<Told, SolverFailure> {
    let time = limits.time.map(|t| t.saturating_sub(started.elapsed()));
    let mut limits = Limits { time, abs_gap: limits.abs_gap.max(0.9 * unit), ..limits.clone() };
    let mut on = |p: &Progress| {
        let real = |v: Option<f64>| v.map(|v| v / unit);
        watch(&Progress { incumbent: real(p.incumbent), bound: real(p.bound), ..p.clone() });
    };
    let closed = |r: Reason| matches!(r, Reason::Infeasible | Reason::InfeasibleOrUnbounded);
    let mut out = solve_milp(model.clone(), &limits, None, &mut on)?;
    if closed(out.reason) {
        limits.cautious = true;
        out = solve_milp(model, &limits, None, &mut on)?;
    }
    let is_open = |v: maillage_milp::Solution| y.iter().map(|y| y.is_some_and(|y| v.is_on(y))).collect();
    Ok(Told {
        infeasible: closed(out.reason),
        open: out.values.map(is_open),
        bound: out.bound,
        limit: out.limit,
    })
}
