//! Opening costs and service costs: the data of location with fixed charges, and how its solves end.

use crate::lists::{ClientIx, LARGEST_TOTAL, SiteIx};
use crate::outcome::Status;
use maillage_milp::{LimitReached, Limits, Sense, SolverFailure, whole_bound};
use std::fmt;
use std::time::{Duration, Instant};

/// Most pairs of client and site.
pub const MAX_PAIRS: u64 = 100_000_000;

/// What it costs to open each site and to serve the whole demand of each client from it. A pair that is absent cannot
/// be used. Costs are integers in one unit of the caller's choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charges {
    clients: u32,
    opening: Vec<u64>,
    /// Client by client; [`ABSENT`] where the site cannot serve.
    cost: Vec<u64>,
}

/// Stands in a row of costs for a site that cannot serve. No cost is as large.
pub(crate) const ABSENT: u64 = u64::MAX;

/// Why data with fixed charges were refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChargeError {
    /// There is no client.
    NoClient,
    /// More than [`MAX_PAIRS`] pairs, or 2^32 - 1 clients or sites.
    TooMany,
    /// All openings and the dearest service of every client total more than [`LARGEST_TOTAL`].
    TotalTooLarge,
    /// There are not as many capacities as sites, or demands as clients.
    Lengths,
    /// All demands total more than 2^40.
    AmountTooLarge,
}

impl fmt::Display for ChargeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ChargeError::NoClient => f.write_str("there is no client"),
            ChargeError::TooMany => write!(f, "there are more than {MAX_PAIRS} pairs"),
            ChargeError::TotalTooLarge => f.write_str("openings and dearest services total more than 2^53"),
            ChargeError::Lengths => {
                f.write_str("there are not as many capacities as sites, or demands as clients")
            }
            ChargeError::AmountTooLarge => f.write_str("demands total more than 2^40"),
        }
    }
}

impl std::error::Error for ChargeError {}

impl Charges {
    /// From the opening cost of each site and the cost of each pair, `None` where the site cannot serve.
    ///
    /// ```
    /// use maillage_location::Charges;
    /// let cost = [[Some(1), Some(4)], [Some(5), None]];
    /// let charges = Charges::new(vec![10, 3], 2, |client, site| cost[client][site])?;
    /// assert_eq!(charges.cost(1, 0), Some(5));
    /// # Ok::<(), maillage_location::ChargeError>(())
    /// ```
    ///
    /// # Errors
    /// [`ChargeError`].
    pub fn new(
        opening: Vec<u64>,
        clients: usize,
        cost: impl Fn(usize, usize) -> Option<u64>,
    ) -> Result<Self, ChargeError> {
        let sites = opening.len();
        if clients == 0 {
            return Err(ChargeError::NoClient);
        }
        let pairs = (clients as u64).saturating_mul(sites.max(1) as u64);
        let (Ok(count), Ok(_)) = (u32::try_from(clients), u32::try_from(sites)) else {
            return Err(ChargeError::TooMany);
        };
        if pairs > MAX_PAIRS {
            return Err(ChargeError::TooMany);
        }
        let mut total: u128 = opening.iter().map(|f| u128::from(*f)).sum();
        let mut all = Vec::with_capacity(clients * sites);
        for client in 0..clients {
            let mut dearest = 0;
            for site in 0..sites {
                let cost = cost(client, site);
                dearest = dearest.max(cost.unwrap_or(0));
                // A cost that looks like an absence is refused for its size just below.
                all.push(cost.unwrap_or(ABSENT));
            }
            total += u128::from(dearest);
        }
        if total > u128::from(LARGEST_TOTAL) {
            return Err(ChargeError::TotalTooLarge);
        }
        Ok(Charges { clients: count, opening, cost: all })
    }

    /// Number of clients.
    pub fn num_clients(&self) -> usize {
        self.clients as usize
    }

    /// Number of candidate sites.
    pub fn num_sites(&self) -> usize {
        self.opening.len()
    }

    /// Cost of opening each site.
    pub fn opening(&self) -> &[u64] {
        &self.opening
    }

    /// Cost of serving the whole demand of a client from a site.
    ///
    /// # Panics
    /// If there is no such client or site.
    pub fn cost(&self, client: usize, site: usize) -> Option<u64> {
        Some(self.row(client)[site]).filter(|c| *c != ABSENT)
    }

    /// The costs of a client by site.
    pub(crate) fn row(&self, client: usize) -> &[u64] {
        let m = self.opening.len();
        &self.cost[client * m..(client + 1) * m]
    }

    /// Clients that no site can serve.
    pub(crate) fn unreachable(&self) -> Vec<ClientIx> {
        (0..self.clients)
            .filter(|&i| self.row(i as usize).iter().all(|c| *c == ABSENT))
            .map(ClientIx)
            .collect()
    }

    /// Power of two by which costs are divided before a solver sees them: its tolerances are made for numbers below a
    /// million or so. The division is exact.
    pub(crate) fn divisor(&self) -> f64 {
        let largest =
            self.cost.iter().filter(|c| **c != ABSENT).chain(&self.opening).copied().max().unwrap_or(0);
        let bits = 64 - largest.leading_zeros();
        f64::from(bits.saturating_sub(20)).exp2()
    }

    /// Rounds a solver's bound, in units of the divisor, to an integer that is still a bound.
    pub(crate) fn integer_bound(&self, float: f64) -> u64 {
        let (divisor, used) = (self.divisor(), (self.num_clients() + self.num_sites()) as f64);
        // Dual tolerance 1e-7 for each unit that a variable may move, in units of the divisor.
        let margin = (divisor - 1.0) * (1e-6 + 1e-7 * used);
        u64::try_from(whole_bound(Sense::Minimise, float * divisor - margin, used)).unwrap_or(0)
    }
}

/// Multipliers of the clients and the bound that they prove, which anyone can count again without a solver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Multipliers {
    /// One a client, in the unit of costs.
    pub values: Vec<u64>,
    /// What they prove; see `certified_bound` of the problem.
    pub bound: u64,
}

/// The end of a solve with fixed charges. `A` says how a client is served.
#[derive(Debug, Clone, PartialEq)]
pub struct ChargeOutcome<A> {
    /// How good the plan is.
    pub status: Status,
    /// Cost of the plan, openings and service, recomputed in integers.
    pub objective: Option<u64>,
    /// What no plan can undercut.
    pub bound: Option<u64>,
    /// A bound that can be checked by counting; it may be below `bound`.
    pub certificate: Option<Multipliers>,
    /// Open sites in increasing order; empty without a plan.
    pub open: Vec<SiteIx>,
    /// How each client is served; empty without a plan.
    pub assignment: Vec<A>,
    /// What stopped the solve, if something did.
    pub limit: Option<LimitReached>,
    /// Wall-clock seconds.
    pub seconds: f64,
}

impl<A> ChargeOutcome<A> {
    /// Relative gap between objective and bound, 0 when they are equal.
    pub fn gap(&self) -> Option<f64> {
        let (o, b) = (self.objective?, self.bound?);
        Some(if o == b { 0.0 } else { o.abs_diff(b) as f64 / o.max(1) as f64 })
    }

    /// Without a plan.
    pub(crate) fn without(
        status: Status,
        bound: Option<u64>,
        limit: Option<LimitReached>,
        clock: &Clock<'_>,
    ) -> Self {
        ChargeOutcome {
            status,
            objective: None,
            bound,
            certificate: None,
            open: Vec::new(),
            assignment: Vec::new(),
            limit,
            seconds: clock.seconds(),
        }
    }

    /// A plan beside its bound.
    pub(crate) fn plan(
        open: &[bool],
        assignment: Vec<A>,
        objective: u64,
        bound: u64,
        certificate: Option<Multipliers>,
        clock: &Clock<'_>,
    ) -> Result<Self, SolverFailure> {
        if objective < bound {
            return Err(SolverFailure::Contradiction(format!(
                "a plan of {objective} beats the bound {bound}"
            )));
        }
        let mut out = ChargeOutcome {
            objective: Some(objective),
            certificate,
            open: (0u32..).zip(open).filter(|(_, o)| **o).map(|(j, _)| SiteIx(j)).collect(),
            assignment,
            ..ChargeOutcome::without(Status::Optimal, Some(bound), None, clock)
        };
        if objective != bound {
            let near = out.gap().is_some_and(|g| g <= clock.limits.rel_gap);
            out.status = if near { Status::WithinGap } else { Status::Feasible };
            out.limit = clock.reached().or_else(|| {
                (!near).then(|| LimitReached::Other("the float bound is too coarse to prove more".into()))
            });
        }
        Ok(out)
    }
}

/// The limits of a solve and the time since its start.
pub(crate) struct Clock<'a> {
    pub limits: &'a Limits,
    started: Instant,
}

impl<'a> Clock<'a> {
    pub fn new(limits: &'a Limits) -> Self {
        Clock { limits, started: Instant::now() }
    }

    pub fn seconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }

    /// Which limit is reached.
    pub fn reached(&self) -> Option<LimitReached> {
        if self.limits.stopped() {
            return Some(LimitReached::Interrupted);
        }
        self.limits.time.filter(|t| self.started.elapsed() >= *t).map(|_| LimitReached::Time)
    }

    /// Whether a plan is as near to the bound as asked.
    pub fn is_near(&self, value: f64, bound: f64) -> bool {
        value - bound <= self.limits.rel_gap * value
    }

    /// Limits for a part of the solve: at most `share` of what is left of the time, and at most `most`.
    pub fn part(&self, share: f64, most: Option<Duration>) -> Limits {
        let left = self.limits.time.map(|t| t.saturating_sub(self.started.elapsed()).mul_f64(share));
        let time = match (left, most) {
            (Some(left), Some(most)) => Some(left.min(most)),
            (left, most) => left.or(most),
        };
        Limits { time, ..self.limits.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refused() {
        let new = |opening, clients, cost| Charges::new(opening, clients, move |_, _| cost);
        assert_eq!(new(vec![1], 0, Some(1)), Err(ChargeError::NoClient));
        assert_eq!(new(vec![1 << 53], 1, Some(1)), Err(ChargeError::TotalTooLarge));
        assert_eq!(new(vec![0], 1, Some(u64::MAX)), Err(ChargeError::TotalTooLarge));
        assert_eq!(new(vec![0; 2], 50_000_001, None), Err(ChargeError::TooMany));
        assert!(new(vec![(1 << 53) - 2], 2, Some(1)).is_ok());
    }

    #[test]
    fn float_bounds_are_rounded_down_enough() {
        // The largest number, 2^21, needs 22 bits: divided by 4. One site and one client: the margin is
        // 3 (1e-6 + 2e-7) and a little more.
        let charges = Charges::new(vec![1 << 21], 1, |_, _| Some(3)).unwrap();
        assert_eq!(charges.divisor(), 4.0);
        assert_eq!(charges.integer_bound(10.0), 40);
        assert_eq!(charges.integer_bound(10.000001), 40);
        assert_eq!(charges.integer_bound(10.00001), 41);
        assert_eq!(charges.integer_bound(-1.0), 0);
    }
}
