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
//! Multipliers of the clients prove bounds in integers ([`certified_bound`]), and which sites and pairs no plan uses that
//! costs less than something.
//!
//! * Split: branch and bound over the sites; the multipliers of each part are climbed to from those of the part it comes from,
//!   and the cheapest service of decided sites is a flow. No solver is used.
//! * Single: the relaxation is solved with the rows that it needs (Avella, Boccia, Comput. Optim. Appl. 43 (2009) 39–65). Branch
//!   and bound over the sites. The bound of each part is that of its multipliers, in integers, with whole clients
//!   in the knapsack of each site and whole sites in that of all demand. Where all sites are decided the branching goes on over
//!   the site of a client; once few pairs are left they go to the solver. Plans come from annealed assignments to the sites that
//!   a part opens, from exchanges of sites, and from exact search around a few sites at once.
//!
//! With split clients a plan's cost is a fraction: it is rounded up to a whole unit, bounds too, and an optimum is one in
//! whole units. Costs in a finer unit give finer claims.

mod anneal;
mod ascent;
mod branch;
mod certificate;
mod first;
mod knapsack;
mod mip;
mod plan;
mod relaxation;
mod residual;
mod resplit;
mod transport;
mod tree;

pub use certificate::certified_bound;

use crate::charges::{ChargeError, ChargeOutcome, Charges, Clock, Multipliers};
use crate::fixed_charge;
use crate::lists::{ClientIx, SiteIx};
use crate::outcome::{Impossible, Status};
use ascent::climb;
use branch::Search;
use certificate::{Proof, in_parts};
use maillage_milp::{Limits, Progress, SolverFailure};
use mip::{Task, answer};
use plan::Plan;
use relaxation::Relaxation;
use residual::{Pairs, Residual, Role};
use std::time::Duration;
use tree::Tree;

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

    /// A single site must hold all of the client.
    fn fits(&self, i: usize, j: usize) -> bool {
        self.sharing == Sharing::Split || self.demand[i] <= self.capacity[j]
    }

    /// The pairs of a client that can be used: client, site, cost.
    fn served_by(&self, i: usize) -> impl Iterator<Item = (usize, usize, u64)> + '_ {
        (0..self.capacity.len())
            .filter(move |j| self.fits(i, *j))
            .filter_map(move |j| Some((i, j, self.charges.cost(i, j)?)))
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
    let all = residual::pairs(problem, |_, _| true);
    let mut run = Run { problem, clock: &clock, best: None, bound: 0, watch };
    let (certificate, proven_none) = match problem.sharing {
        Sharing::Split => Tree::new(&mut run, &all).explore(),
        Sharing::Single => run.single(&all)?,
    };
    let (best, bound) = (run.best, run.bound);
    match best {
        Some(best) => {
            let bound = bound.min(best.value);
            ChargeOutcome::plan(&best.open, best.served, best.value, bound, certificate, &clock)
        }
        None if proven_none => infeasible(),
        None => {
            let none = Outcome::without(Status::NoPlan, Some(bound), clock.reached(), &clock);
            Ok(Outcome { certificate, ..none })
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

impl<'a> Run<'a> {
    fn tell(&mut self, nodes: u64) {
        let (incumbent, bound) = (self.best.as_ref().map(|b| b.value as f64), self.bound as f64);
        let gap = incumbent.map(|v| (v - bound) / v.max(1.0));
        (self.watch)(&Progress { elapsed: self.clock.seconds(), incumbent, bound: Some(bound), gap, nodes });
    }

    fn done(&self) -> bool {
        let near = |best: &Plan| {
            best.value <= self.bound || self.clock.is_near(best.value as f64, self.bound as f64)
        };
        self.clock.reached().is_some() || self.best.as_ref().is_some_and(near)
    }

    /// Keeps a plan if it is the best so far, and says whether it is.
    fn take(&mut self, plan: Option<Plan>) -> bool {
        let Some(plan) = plan.filter(|p| self.best.as_ref().is_none_or(|b| p.value < b.value)) else {
            return false;
        };
        self.best = Some(plan);
        self.tell(0);
        true
    }

    /// Takes a bound.
    fn reach(&mut self, bound: u64, nodes: u64) {
        let bound = bound.min(self.best.as_ref().map_or(u64::MAX, |b| b.value));
        if bound > self.bound {
            self.bound = bound;
            self.tell(nodes);
        }
    }

    /// Where each client has one site: the root's multipliers, and whether there is no plan at all.
    fn single(&mut self, all: &Pairs) -> Result<Ended, SolverFailure> {
        let (problem, clock) = (self.problem, self.clock);
        let roles = vec![Role::Free; problem.capacity.len()];
        let paid = fixed_charge::paid(problem.charges);
        let cheap = |i: usize, _: usize, cost: u64| paid.get(i).is_some_and(|most| cost < *most);
        let mut relaxation = Relaxation::new(problem, all, cheap, clock.limits.seed)?;
        let Some(relaxed) = relaxation.solve(clock)? else {
            return Ok((None, clock.reached().is_none()));
        };
        let residual = Residual { problem, pairs: all, roles: &roles };
        let (u, near) = (relaxed.multipliers.clone(), relaxed.value * 1.01);
        let values = in_parts(&climb(residual, u, near, 500, clock));
        let Some(proof) = Proof::new(residual, &values) else { return Ok((None, true)) };
        let certificate = Multipliers { bound: proof.bound(), values };
        self.reach(proof.bound(), 0);
        self.take(first::first_plan(problem, &relaxed, clock));
        let none = !self.done() && self.search(&relaxation.tight(), &certificate)?;
        Ok((Some(certificate), none))
    }

    /// Searches plans a little above the bound, where little may be done, then all that are better than the best. Says
    /// whether there is no plan at all.
    fn search(&mut self, tight: &[(usize, usize)], root: &Multipliers) -> Result<bool, SolverFailure> {
        let cap = self.bound.saturating_add(self.bound / 80 + 1);
        Search::below(cap, self, tight, &root.values)?;
        if self.done() || self.bound < cap {
            return Ok(false);
        }
        Search::below(u64::MAX, self, tight, &root.values)
    }

    /// Solves a part of the problem. Gives what all plans in it cost at least that cost less than the task's worth: the largest
    /// number if there are none. "No solution" and a bound that a known plan of the part beats are asked again.
    fn part(&mut self, task: &Task<'_>) -> Result<u64, SolverFailure> {
        let problem = self.problem;
        let known = self.best.as_ref().map(|b| b.value).filter(|v| *v < task.worth);
        let mut reached = 0;
        for cautious in [false, true] {
            let seconds = task.seconds.map(Duration::from_secs_f64);
            let limits = Limits { cautious, ..self.clock.part(1.0, seconds) };
            let asked = answer(problem, task, &limits)?;
            let plan = asked.solution.as_ref().and_then(|(_, site)| plan::single(problem, site));
            self.take(plan);
            let bound = asked.outcome.bound.map_or(0, |b| problem.charges.integer_bound(b));
            reached = if asked.infeasible() { u64::MAX } else { bound };
            if !asked.infeasible() && known.is_none_or(|v| bound <= v) {
                return Ok(reached);
            }
        }
        match known {
            None => Ok(reached),
            Some(_) => {
                let why = "the solver rules out a plan that there is";
                Err(SolverFailure::Contradiction(why.into()))
            }
        }
    }
}

/// Multipliers of the root, and whether there is no plan at all.
type Ended = (Option<Multipliers>, bool);
