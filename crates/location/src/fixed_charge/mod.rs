//! Simple plant location (uncapacitated facility location): open sites at a cost each and serve every client from the
//! open site that is cheapest for it, so that all costs together are smallest.
//!
//! ```text
//! min  Σ_j f_j y_j + Σ_ij c_ij x_ij
//!      Σ_j x_ij = 1       every client is served
//!      x_ij ≤ y_j         from an open site only
//!      y_j ∈ {0, 1},  x_ij ≥ 0
//! ```
//!
//! Dual ascent gives a bound and a plan at once; local search betters the plan; the relaxation over openings alone is
//! solved by cuts; what its multipliers leave undecided is searched by branch and bound. All bounds are counted in
//! integers ([`certified_bound`]), so an optimum is proven without a float being believed.

mod ascent;
mod branch;
mod certificate;
mod climb;
mod instance;
mod master;
mod search;

pub use certificate::{MULTIPLIER_PARTS, certified_bound};

use crate::charges::{ChargeError, ChargeOutcome, Charges, Clock, Multipliers};
use crate::lists::SiteIx;
use crate::outcome::{Impossible, Status};
use branch::{Standing, Tree, better};
use certificate::{Proof, Role, in_parts};
use instance::Instance;
use maillage_milp::{Limits, Progress, SolverFailure};
use master::{Effort, Master};
use search::{Random, Search, wander};

/// The end of a solve: each client has one site.
pub type Outcome = ChargeOutcome<SiteIx>;

/// A problem of simple plant location.
#[derive(Debug, Clone)]
pub struct Problem<'a> {
    charges: &'a Charges,
    never: i64,
}

impl<'a> Problem<'a> {
    /// Checks that the largest cost of all times the number of clients can be counted.
    ///
    /// # Errors
    /// [`ChargeError::TotalTooLarge`]: clients times the dearest plan exceed 2^62.
    pub fn new(charges: &'a Charges) -> Result<Self, ChargeError> {
        let dearest =
            |i: usize| (0..charges.num_sites()).filter_map(|j| charges.cost(i, j)).max().unwrap_or(0);
        let n = charges.num_clients();
        let total: u64 = (0..n).map(dearest).sum::<u64>() + charges.opening().iter().sum::<u64>();
        let never = i64::try_from(total).map_err(|_| ChargeError::TotalTooLarge)? + 1;
        let fits = never.checked_mul(n as i64).is_some_and(|all| all <= 1 << 62);
        if fits { Ok(Problem { charges, never }) } else { Err(ChargeError::TotalTooLarge) }
    }
}

/// Solves a problem. `watch` is told of better plans and bounds.
///
/// ```
/// use maillage_location::{Charges, Limits, SiteIx, Status, fixed_charge};
/// // Two villages with a site each; either site alone costs 3 more in travel, a second one 5 more to open.
/// let cost = [[0, 3], [3, 0]];
/// let charges = Charges::new(vec![5, 6], 2, |client, site| Some(cost[client][site]))?;
/// let problem = fixed_charge::Problem::new(&charges)?;
/// let outcome = fixed_charge::solve(&problem, &Limits::default(), &mut |_| ())?;
/// assert_eq!((outcome.status, outcome.objective), (Status::Optimal, Some(8)));
/// assert_eq!(outcome.open, [SiteIx(0)]);
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
    let unreachable = problem.charges.unreachable();
    if !unreachable.is_empty() {
        let status = Status::Infeasible(Impossible::Unreachable(unreachable));
        return Ok(Outcome::without(status, None, None, &clock));
    }
    let instance = Instance::new(problem.charges, problem.never);
    let mut tell = |best: &Standing, nodes: u64| {
        let (value, bound) = (best.value as f64, best.bound as f64);
        let gap = Some((value - bound) / value.max(1.0));
        watch(&Progress { elapsed: clock.seconds(), incumbent: Some(value), bound: Some(bound), gap, nodes });
    };
    let ascent = ascent::Ascent::new(&instance);
    let mut random = Random::new(limits.seed);
    let mut search = Search::new(&instance, ascent.open(&instance));
    search.descend(&mut random);
    let rounds = 8 * instance.sites.min(250);
    let search = wander(search, rounds, &mut random, || clock.reached().is_some());
    let mut parts: Vec<i64> = ascent.multipliers.iter().map(|v| v * MULTIPLIER_PARTS as i64).collect();
    let mut roles = vec![Role::Free; instance.sites];
    let bound = Proof::new(&instance, &parts, &roles).bound();
    let mut best = Standing { open: search.open, value: search.value, bound };
    tell(&best, 0);
    if best.bound < best.value && clock.reached().is_none() {
        let mut master = Master::new(&instance, problem.charges.divisor(), limits.seed)?;
        let first = (0..instance.clients).map(|i| (i, Some(ascent.multipliers[i])));
        let served = (0..instance.clients).filter_map(|i| Some((i, Some(instance.serve(i, &best.open)?.1))));
        master.add(&first.chain(served).collect::<Vec<_>>())?;
        if let Some(root) = master.relax(Effort::Root, best.value, &clock)? {
            let relaxed = in_parts(&instance, root.multipliers.iter().copied());
            let proof = Proof::new(&instance, &relaxed, &roles);
            if proof.bound() > best.bound {
                (best.bound, parts) = (proof.bound(), relaxed);
            }
            let mut near = Search::new(&instance, root.y.iter().map(|y| *y > 0.5).collect());
            near.descend(&mut random);
            let near = wander(near, rounds, &mut random, || clock.reached().is_some());
            better(&instance, near.open, &mut best);
            best.bound = best.bound.min(best.value);
            tell(&best, 0);
            proof.decide(&mut roles, best.value);
            let gap = (best.value - best.bound) as f64 / best.value.max(1) as f64;
            let mut tree = Tree::new(&instance, roles, best.bound, root.multipliers, gap);
            tree.explore(&mut master, &mut best, &clock, &mut tell)?;
        }
    }
    let values: Vec<u64> = parts.iter().map(|v| v.unsigned_abs()).collect();
    let proven = certified_bound(problem.charges, &values);
    let certificate = proven.map(|bound| Multipliers { values, bound });
    conclude(&instance, &best, certificate, &clock)
}

/// What clients pay in the dual ascent, capacities or none. Empty where that cannot be counted.
pub(crate) fn paid(charges: &Charges) -> Vec<u64> {
    let Ok(problem) = Problem::new(charges) else { return Vec::new() };
    let ascent = ascent::Ascent::new(&Instance::new(charges, problem.never));
    ascent.multipliers.iter().map(|v| v.unsigned_abs()).collect()
}

fn conclude(
    instance: &Instance,
    best: &Standing,
    certificate: Option<Multipliers>,
    clock: &Clock<'_>,
) -> Result<Outcome, SolverFailure> {
    let served: Option<Vec<SiteIx>> =
        (0..instance.clients).map(|i| instance.serve(i, &best.open).map(|(j, _)| SiteIx(j as u32))).collect();
    let (Some(served), Some(value)) = (served, instance.value(&best.open)) else {
        return Err(SolverFailure::Contradiction("a plan leaves a client without a site".into()));
    };
    let bound = best.bound.max(0).unsigned_abs();
    ChargeOutcome::plan(&best.open, served, value.unsigned_abs(), bound, certificate, clock)
}
