//! Capacitated location: open sites at a cost each, none serving more than its capacity, so that openings and service
//! together cost least. Clients may be split between sites (CFL), or each has one site (SSCFL).
//!
//! ```text
//! min  Σ_j f_j y_j + Σ_ij c_ij x_ij        c_ij: cost of serving all of client i from j
//!      Σ_j x_ij = 1
//!      Σ_i d_i x_ij ≤ s_j y_j
//!      x_ij ≤ y_j                          implied, but not in the relaxation
//!      y_j ∈ {0, 1},  x_ij ≥ 0 (split) or x_ij ∈ {0, 1} (single)
//! ```
//!
//! The relaxation is solved with the rows `x_ij ≤ y_j` that it needs (Avella, Boccia, Comput. Optim. Appl. 43 (2009)
//! 39–65); its multipliers prove a bound in integers ([`certified_bound`]). Plans come from a model of the sites that
//! the relaxation opens, and for single sites from the assignment to the sites of the split plan. What the bound leaves
//! undecided is given to the solver, whose bound is rounded to the safe side.
//!
//! With split clients a plan's cost is a fraction: it is rounded up to a whole unit, bounds too, and an optimum is one in
//! whole units. Costs in a finer unit give finer claims.

mod certificate;
mod first;
mod mip;
mod plan;
mod relaxation;

pub use certificate::certified_bound;

use crate::charges::{ChargeError, ChargeOutcome, Charges, Clock, Multipliers};
use crate::fixed_charge::{self, MULTIPLIER_PARTS};
use crate::lists::{ClientIx, SiteIx};
use crate::outcome::{Impossible, Status};
use certificate::Proof;
use maillage_milp::{Limits, Progress, SolverFailure};
use mip::{Answer, Part, answer};
use plan::Plan;
use relaxation::Relaxed;
use std::time::Duration;

/// The end of a solve: for each client the sites that serve it and how much of its demand. Clients of no demand have one
/// site.
pub type Outcome = ChargeOutcome<Vec<(SiteIx, u64)>>;

/// Whether a client may be served by several sites.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing {
    /// Several sites may share a client (CFL).
    Split,
    /// Each client has one site (SSCFL).
    Single,
}

/// A capacitated problem.
#[derive(Debug, Clone)]
pub struct Problem<'a> {
    charges: &'a Charges,
    /// At most the total demand.
    capacity: Vec<u64>,
    demand: Vec<u64>,
    sharing: Sharing,
}

impl<'a> Problem<'a> {
    /// Capacities and demands are in one unit of the caller's choice.
    ///
    /// # Errors
    /// [`ChargeError::Lengths`], [`ChargeError::AmountTooLarge`].
    pub fn new(
        charges: &'a Charges,
        capacity: &[u64],
        demand: &[u64],
        sharing: Sharing,
    ) -> Result<Self, ChargeError> {
        if capacity.len() != charges.num_sites() || demand.len() != charges.num_clients() {
            return Err(ChargeError::Lengths);
        }
        let total: u128 = demand.iter().map(|d| u128::from(*d)).sum();
        let total = u64::try_from(total).ok().filter(|t| *t <= 1 << 40).ok_or(ChargeError::AmountTooLarge)?;
        let capacity = capacity.iter().map(|s| (*s).min(total)).collect();
        Ok(Problem { charges, capacity, demand: demand.to_vec(), sharing })
    }

    fn total_demand(&self) -> u64 {
        self.demand.iter().sum()
    }

    /// The pairs of a client that can be used: client, site, cost. A single site must hold all of the client.
    fn served_by(&self, i: usize) -> impl Iterator<Item = (usize, usize, u64)> + '_ {
        let fits = move |j: &usize| self.sharing == Sharing::Split || self.demand[i] <= self.capacity[*j];
        (0..self.capacity.len()).filter(fits).filter_map(move |j| Some((i, j, self.charges.cost(i, j)?)))
    }

    /// A power of two by which amounts are divided before a solver sees them.
    fn amount_unit(&self) -> f64 {
        let bits = 64 - self.total_demand().leading_zeros();
        f64::from(bits.saturating_sub(20)).exp2()
    }

    fn unreachable(&self) -> Vec<ClientIx> {
        let alone = |i: &u32| self.served_by(*i as usize).next().is_none();
        (0..self.demand.len() as u32).filter(alone).map(ClientIx).collect()
    }
}

/// Solves a problem. `watch` is told of better plans and bounds.
///
/// ```
/// use maillage_location::{Charges, Limits, SiteIx, Status, capacitated::{self, Sharing}};
/// // Two villages of 2 and 3; each site holds 4, the second is 6 away from everyone and so costs 6 for all of a client.
/// let cost = [[0, 6], [0, 6]];
/// let charges = Charges::new(vec![1, 1], 2, |client, site| Some(cost[client][site]))?;
/// // Split: 1 of the 3 goes to the second site, a third of 6.
/// let problem = capacitated::Problem::new(&charges, &[4, 4], &[2, 3], Sharing::Split)?;
/// let outcome = capacitated::solve(&problem, &Limits::default(), &mut |_| ())?;
/// assert_eq!((outcome.status, outcome.objective), (Status::Optimal, Some(4)));
/// assert_eq!(outcome.assignment[1], [(SiteIx(0), 2), (SiteIx(1), 1)]);
/// // Single: one of them goes there altogether.
/// let problem = capacitated::Problem::new(&charges, &[4, 4], &[2, 3], Sharing::Single)?;
/// let outcome = capacitated::solve(&problem, &Limits::default(), &mut |_| ())?;
/// assert_eq!((outcome.status, outcome.objective), (Status::Optimal, Some(8)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`SolverFailure`]. A limit is no error.
pub fn solve(
    problem: &Problem<'_>,
    limits: &Limits,
    watch: &mut dyn FnMut(&Progress),
) -> Result<Outcome, SolverFailure> {
    let clock = Clock::new(limits);
    let unreachable = problem.unreachable();
    if !unreachable.is_empty() {
        let why = Impossible::Unreachable(unreachable);
        return Ok(Outcome::without(Status::Infeasible(why), None, None, &clock));
    }
    let infeasible = || {
        let why = Impossible::NotWith { p: problem.capacity.len() as u32 };
        Ok(Outcome::without(Status::Infeasible(why), None, None, &clock))
    };
    if problem.capacity.iter().map(|s| u128::from(*s)).sum::<u128>() < u128::from(problem.total_demand()) {
        return infeasible();
    }
    let Some(relaxed) = relaxation::relax(problem, &fixed_charge::paid(problem.charges), &clock)? else {
        let limit = clock.reached();
        return match limit {
            None => infeasible(),
            limit => Ok(Outcome::without(Status::NoPlan, Some(0), limit, &clock)),
        };
    };
    let values: Vec<u64> = relaxed
        .multipliers
        .iter()
        .map(|u| (u * MULTIPLIER_PARTS as f64).round().clamp(0.0, 1e18) as u64)
        .collect();
    let proof = Proof::new(problem, &values);
    let certificate = Multipliers { bound: proof.bound(), values };
    let mut run = Run { problem, clock: &clock, best: None, bound: proof.bound(), watch };
    run.tell(0);
    run.first_plans(&relaxed, &proof, &certificate.values)?;
    let proven_none = run.finish(&relaxed, &proof, &certificate.values)?;
    let (best, bound) = (run.best, run.bound);
    match best {
        Some(best) => {
            let bound = bound.min(best.value);
            ChargeOutcome::plan(&best.open, best.served, best.value, bound, Some(certificate), &clock)
        }
        None if proven_none => infeasible(),
        None => {
            let none = Outcome::without(Status::NoPlan, Some(bound), clock.reached(), &clock);
            Ok(Outcome { certificate: Some(certificate), ..none })
        }
    }
}

/// A solve under way.
struct Run<'a> {
    problem: &'a Problem<'a>,
    clock: &'a Clock<'a>,
    best: Option<Plan>,
    bound: u64,
    watch: &'a mut dyn FnMut(&Progress),
}

impl Run<'_> {
    fn tell(&mut self, nodes: u64) {
        let (incumbent, bound) = (self.best.as_ref().map(|b| b.value as f64), self.bound as f64);
        let gap = incumbent.map(|v| (v - bound) / v.max(1.0));
        (self.watch)(&Progress { elapsed: self.clock.seconds(), incumbent, bound: Some(bound), gap, nodes });
    }

    fn done(&self) -> bool {
        self.clock.reached().is_some() || self.best.as_ref().is_some_and(|b| b.value <= self.bound)
    }

    fn take(&mut self, plan: Option<Plan>) {
        if let Some(plan) = plan.filter(|p| self.best.as_ref().is_none_or(|b| p.value < b.value)) {
            self.best = Some(plan);
            self.tell(0);
        }
    }

    /// Counts the plan of a solution.
    fn count(&mut self, answer: &Answer) -> Result<(), SolverFailure> {
        if let Some((open, site)) = &answer.solution {
            let plan = match self.problem.sharing {
                Sharing::Single => plan::single(self.problem, site),
                Sharing::Split => plan::split(self.problem, open, self.clock)?,
            };
            self.take(plan);
        }
        Ok(())
    }

    /// Plans on the sites of the relaxation, over pairs that a plan within a fiftieth of the bound may use.
    fn first_plans(&mut self, relaxed: &Relaxed, proof: &Proof, values: &[u64]) -> Result<(), SolverFailure> {
        if self.done() {
            return Ok(());
        }
        let problem = self.problem;
        let first = first::first_plan(problem, relaxed, self.clock)?;
        self.take(first);
        if self.done() {
            return Ok(());
        }
        let near = self.bound.saturating_add(self.bound / 50);
        let serves = |i: usize, j: usize| proof.may_serve(problem, values, i, j, near);
        let used = |j: usize| relaxed.y[j] > 1e-6;
        let whole = |j: usize| relaxed.y[j] < 1.0 - 1e-6;
        let part = Part {
            may_open: &used,
            may_close: &whole,
            may_serve: &serves,
            tight: &relaxed.tight,
            sharing: Sharing::Split,
        };
        let limits = Limits { rel_gap: 2e-4, ..self.clock.part(0.25, None) };
        let split = answer(problem, &part, &limits, &mut |_| ())?;
        if problem.sharing == Sharing::Split {
            return self.count(&split);
        }
        let Some((open, _)) = split.solution else { return Ok(()) };
        let is_open = |j: usize| open[j];
        let part = Part {
            may_open: &is_open,
            may_close: &|_| true,
            may_serve: &serves,
            tight: &[],
            sharing: Sharing::Single,
        };
        let limits = Limits { rel_gap: 1e-4, ..self.clock.part(0.25, Some(Duration::from_secs(60))) };
        let single = answer(problem, &part, &limits, &mut |_| ())?;
        self.count(&single)
    }

    /// The model of all that is undecided; says whether there is no plan at all.
    fn finish(&mut self, relaxed: &Relaxed, proof: &Proof, values: &[u64]) -> Result<bool, SolverFailure> {
        if self.done() {
            return Ok(false);
        }
        let problem = self.problem;
        // Plans as good as the best one stay in the model, which so has a solution.
        let worth = self.best.as_ref().map_or(u64::MAX, |b| b.value + 1);
        let single = problem.sharing == Sharing::Single;
        let part = Part {
            may_open: &|j| proof.may_open(j, worth),
            may_close: &|j| proof.may_close(j, worth),
            may_serve: &|i, j| !single || proof.may_serve(problem, values, i, j, worth),
            tight: &relaxed.tight,
            sharing: problem.sharing,
        };
        let mut limits = self.clock.part(1.0, None);
        let divisor = problem.charges.divisor();
        if single {
            // Costs are whole: nothing lies between.
            limits.abs_gap = limits.abs_gap.max(0.99 / divisor);
        }
        for cautious in [false, true] {
            let limits = Limits { cautious, ..limits.clone() };
            let asked = answer(problem, &part, &limits, &mut |p| {
                let known = p.bound.map_or(self.bound, |b| problem.charges.integer_bound(b).max(self.bound));
                let bound = self.best.as_ref().map_or(known, |b| known.min(b.value));
                let found = p.incumbent.map(|v| v * divisor);
                let best = self.best.as_ref().map(|b| b.value as f64);
                let incumbent = best.into_iter().chain(found).reduce(f64::min);
                let gap = incumbent.map(|v| (v - bound as f64).max(0.0) / v.max(1.0));
                (self.watch)(&Progress { incumbent, bound: Some(bound as f64), gap, ..p.clone() });
            })?;
            self.count(&asked)?;
            let bound = asked.outcome.bound.map(|b| problem.charges.integer_bound(b));
            let best = self.best.as_ref().map(|b| b.value);
            let wrong = best.is_some_and(|b| asked.infeasible() || bound.is_some_and(|x| x > b));
            if !wrong {
                self.bound = self.bound.max(bound.unwrap_or(0));
                if !asked.infeasible() {
                    return Ok(false);
                }
                if cautious {
                    return Ok(true);
                }
            }
            // "No solution" is asked twice, whether or not a plan is known.
        }
        Err(SolverFailure::Contradiction("the solver rules out a plan that there is".into()))
    }
}
