//! Plans beside the best one: the best of those that differ from it, then the best of those that differ from both, and so on.
//!
//! A further plan closes at least `apart` sites of every plan before it,
//!
//! ```text
//! Σ_{j open in an earlier plan} y_j ≤ (sites of that plan) − apart
//! ```
//!
//! and is worth no less than the best plan and a share allow. Rows of single sites make sites unlike, so that nothing is
//! merged but clients with the same sites; the whole model goes to the MILP solver (for a p-center, one model for each radius
//! tried), and every plan is counted again in integers. A plan of fewer than `apart` sites leaves no further one.
//!
//! No plan keeps a site that can be closed without a loss: without that, a plan with an idle site would pass for many.
//! p-medians have a search of their own: [`p_median::alternatives`](crate::p_median::alternatives).

mod center;
mod charge;
mod cover;

use crate::charges::Charges;
use crate::lists::{CostLists, SiteIx};
use crate::outcome::Alternatives;
use center::Center;
use charge::Service;
use cover::{Cover, Kind};
use maillage_milp::{
    Expression, LimitReached, Limits, Model, Progress, Reason, SolverFailure, Variable, solve as solve_milp,
    variable,
};
use std::time::Instant;

/// Whose plans are sought, without rules on sites. Costs are one a site.
#[derive(Debug, Clone, Copy)]
pub enum Problem<'a> {
    /// Fewest sites, every client within the radius.
    SetCover {
        /// Who is covered from where.
        lists: &'a CostLists,
        /// A client at exactly the radius is covered.
        radius: u32,
    },
    /// Most weight within the radius, sites within a budget; with `p` sites, costs of 1 and a budget of `p`.
    MaxCover {
        /// Who is covered from where.
        lists: &'a CostLists,
        /// A client at exactly the radius is covered.
        radius: u32,
        /// Of each site.
        costs: &'a [u64],
        /// What open sites may cost.
        budget: u64,
    },
    /// Cheapest sites with so much weight within the radius.
    PartialCover {
        /// Who is covered from where.
        lists: &'a CostLists,
        /// A client at exactly the radius is covered.
        radius: u32,
        /// Of each site.
        costs: &'a [u64],
        /// Weight to cover.
        least: u64,
    },
    /// Smallest of the dearest costs with at most `p` sites.
    Center {
        /// Costs.
        lists: &'a CostLists,
        /// Most sites.
        p: u32,
    },
    /// Openings and service at least cost.
    FixedCharge(&'a Charges),
}

impl<'a> Problem<'a> {
    fn sought(self) -> Box<dyn Sought + 'a> {
        match self {
            Problem::SetCover { lists, radius } => Box::new(Cover::new(lists, radius, &[], Kind::All)),
            Problem::MaxCover { lists, radius, costs, budget } => {
                Box::new(Cover::new(lists, radius, costs, Kind::Most(budget)))
            }
            Problem::PartialCover { lists, radius, costs, least } => {
                Box::new(Cover::new(lists, radius, costs, Kind::AtLeast(least)))
            }
            Problem::Center { lists, p } => Box::new(Center { lists, p }),
            Problem::FixedCharge(charges) => Box::new(Service { charges }),
        }
    }

    fn num_sites(&self) -> usize {
        match self {
            Problem::SetCover { lists, .. }
            | Problem::MaxCover { lists, .. }
            | Problem::PartialCover { lists, .. }
            | Problem::Center { lists, .. } => lists.num_sites() as usize,
            Problem::FixedCharge(charges) => charges.num_sites(),
        }
    }

    fn is_large(&self) -> bool {
        matches!(self, Problem::MaxCover { .. })
    }
}

/// A further plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What it is worth, counted from its sites.
    pub objective: u64,
    /// What no plan that differs as asked from those before it can beat; equal to the objective where that is proven.
    pub bound: u64,
    /// Open sites in increasing order.
    pub open: Vec<SiteIx>,
}

/// Further plans, best first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// All proven but perhaps the last.
    pub plans: Vec<Plan>,
    /// What stopped the search. Without it, fewer plans than asked are all there are.
    pub limit: Option<LimitReached>,
}

/// The plan without the sites that can be closed without a loss, tried in their order: what [`seek`] takes as the best one.
pub fn tidy(problem: Problem<'_>, open: &[SiteIx]) -> Vec<SiteIx> {
    let mut is_open = marked(problem.num_sites(), open);
    close_idle(problem.sought().as_ref(), problem.is_large(), &mut is_open);
    listed(&is_open)
}

fn close_idle(sought: &dyn Sought, is_large: bool, open: &mut [bool]) {
    let mut best = sought.worth(open);
    for j in 0..open.len() {
        if std::mem::take(&mut open[j]) {
            let worth = sought.worth(open);
            let as_good = worth.zip(best).is_some_and(|(w, b)| if is_large { w >= b } else { w <= b });
            open[j] = !as_good;
            best = if as_good { worth } else { best };
        }
    }
}

/// The second plan to the `count`-th beside the best, which the caller has proven. Where a large objective is wanted, `within`
/// is the share that a plan may fall short of the best.
///
/// ```
/// use maillage_location::{Alternatives, CostLists, Limits, SiteIx, further};
/// // Four villages on a road, 5 km apart; which two hold everyone within 5 km?
/// let rows: Vec<Vec<Option<u32>>> =
///     (0..4i32).map(|i| (0..4i32).map(|j| Some(5 * i.abs_diff(j))).collect()).collect();
/// let lists = CostLists::from_dense(&rows, vec![100; 4])?;
/// let problem = further::Problem::SetCover { lists: &lists, radius: 5 };
/// let asked = Alternatives { count: 9, within: 0.0, apart: 2 };
/// let found = further::seek(problem, &[SiteIx(0), SiteIx(2)], asked, &Limits::default(), &mut |_| ())?;
/// // 0 and 2 closed, only 1 and 3 are left.
/// assert_eq!(found.plans.iter().map(|p| p.open.clone()).collect::<Vec<_>>(), [[SiteIx(1), SiteIx(3)]]);
/// assert_eq!(found.limit, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`SolverFailure`], also where `best` is no plan or is beaten; a limit is no error.
pub fn seek(
    problem: Problem<'_>,
    best: &[SiteIx],
    asked: Alternatives,
    limits: &Limits,
    watch: &mut dyn FnMut(&Progress),
) -> Result<Found, SolverFailure> {
    let started = Instant::now();
    let (sought, is_large) = (problem.sought(), problem.is_large());
    let Some(first) = sought.worth(&marked(problem.num_sites(), best)) else {
        return Err(SolverFailure::Contradiction("the best plan is none".into()));
    };
    let more = asked.most(first) - first;
    let worst = if is_large { first.saturating_sub(more) } else { first + more };
    let apart = asked.apart.max(1) as usize;
    let mut away = Away { earlier: vec![best.to_vec()], apart, known: first, worst };
    let mut found = Found::default();
    while found.plans.len() + 1 < asked.count as usize && away.earlier.iter().all(|e| e.len() >= apart) {
        let left = limits.time.map(|t| t.saturating_sub(started.elapsed()));
        let limits = Limits { time: left, ..limits.clone() };
        found.limit = reached(&limits);
        if found.limit.is_some() {
            break;
        }
        let told = sought.next(&away, &limits, watch)?;
        let Told::Open { open, bound, limit } = told else { break };
        let plan = open.and_then(|mut open| {
            close_idle(sought.as_ref(), is_large, &mut open);
            away.holds(sought.worth(&open)?, &open, is_large)
        });
        // What was proven of the plan before holds for this one.
        let least = bound.unwrap_or(away.known);
        let least = if is_large { least.min(away.known) } else { least.max(away.known) };
        if if is_large { least < worst } else { least > worst } {
            break;
        }
        let coarse = || LimitReached::Other("the float bound is too coarse to prove more".into());
        let Some((objective, open)) = plan else {
            found.limit = Some(limit.unwrap_or_else(coarse));
            break;
        };
        let beats = |bound: u64| if is_large { objective > bound } else { objective < bound };
        if beats(away.known) {
            let why = format!("a plan of {objective} beats the proven {}", away.known);
            return Err(SolverFailure::Contradiction(why));
        }
        // A claim that a plan beats proves nothing.
        let least = if beats(least) { away.known } else { least };
        found.plans.push(Plan { objective, bound: least, open: open.clone() });
        if objective != least {
            found.limit = Some(limit.unwrap_or_else(coarse));
            break;
        }
        away.known = objective;
        away.earlier.push(open);
    }
    Ok(found)
}

/// What a further plan must be.
struct Away {
    /// Plans to differ from.
    earlier: Vec<Vec<SiteIx>>,
    apart: usize,
    /// No plan is better.
    known: u64,
    /// None may be worse.
    worst: u64,
}

impl Away {
    /// The rows of the plans before.
    fn rows(&self, model: &mut Model, y: &[Variable]) {
        for plan in &self.earlier {
            let open: Expression = plan.iter().map(|s| y[s.0 as usize]).sum();
            model.subject_to(open.leq(plan.len() as f64 - self.apart as f64));
        }
    }

    /// The plan, if it is what was asked for.
    fn holds(&self, worth: u64, open: &[bool], is_large: bool) -> Option<(u64, Vec<SiteIx>)> {
        let closed = |plan: &Vec<SiteIx>| plan.iter().filter(|s| !open[s.0 as usize]).count();
        let differs = self.earlier.iter().all(|plan| closed(plan) >= self.apart);
        let within = if is_large { worth >= self.worst } else { worth <= self.worst };
        (differs && within).then(|| (worth, listed(open)))
    }
}

/// What the search for one plan says. Whether a plan is worth enough is for the caller to see: a row on the objective would
/// lead the solver to values within its tolerances of that row.
enum Told {
    /// There is none.
    None,
    /// There may be one.
    Open { open: Option<Vec<bool>>, bound: Option<u64>, limit: Option<LimitReached> },
}

/// A problem as it is searched.
trait Sought {
    /// What open sites are worth, `None` when they are no plan.
    fn worth(&self, open: &[bool]) -> Option<u64>;
    /// The best plan that differs as asked.
    fn next(
        &self,
        away: &Away,
        limits: &Limits,
        watch: &mut dyn FnMut(&Progress),
    ) -> Result<Told, SolverFailure>;
}

fn marked(sites: usize, open: &[SiteIx]) -> Vec<bool> {
    let mut is_open = vec![false; sites];
    open.iter().for_each(|s| is_open[s.0 as usize] = true);
    is_open
}

fn listed(open: &[bool]) -> Vec<SiteIx> {
    (0u32..).zip(open).filter(|(_, o)| **o).map(|(j, _)| SiteIx(j)).collect()
}

fn reached(limits: &Limits) -> Option<LimitReached> {
    if limits.stopped() {
        return Some(LimitReached::Interrupted);
    }
    limits.time.filter(|t| t.is_zero()).map(|_| LimitReached::Time)
}

fn binaries(model: &mut Model, sites: usize) -> Vec<Variable> {
    (0..sites).map(|_| model.add(variable().binary())).collect()
}

/// Solves a model whose objective is a whole number of units; what is called infeasible is asked again. `whole` makes a bound
/// of what the solver says.
fn ask(
    model: Model,
    y: &[Variable],
    unit: f64,
    limits: &Limits,
    watch: &mut dyn FnMut(&Progress),
    whole: impl Fn(f64) -> u64,
) -> Result<Told, SolverFailure> {
    let started = Instant::now();
    let closed = |r: Reason| matches!(r, Reason::Infeasible | Reason::InfeasibleOrUnbounded);
    // Nearer than one unit, nothing is left to find.
    let mut limits = Limits { abs_gap: limits.abs_gap.max(0.9 * unit), ..limits.clone() };
    let mut on = |p: &Progress| {
        let real = |v: Option<f64>| v.map(|v| v / unit);
        watch(&Progress { incumbent: real(p.incumbent), bound: real(p.bound), ..p.clone() });
    };
    let mut out = solve_milp(model.clone(), &limits, None, &mut on)?;
    if closed(out.reason) {
        limits.time = limits.time.map(|t| t.saturating_sub(started.elapsed()));
        limits.cautious = true;
        out = solve_milp(model, &limits, None, &mut on)?;
    }
    if closed(out.reason) {
        return Ok(Told::None);
    }
    let open = out.values.map(|v| y.iter().map(|y| v.is_on(*y)).collect());
    Ok(Told::Open { open, bound: out.bound.map(whole), limit: out.limit })
}
