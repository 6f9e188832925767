//! What of a problem is left to decide.

use super::Problem;

/// What a site may still do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Free,
    Open,
    Closed,
}

/// A client that a site may serve.
#[derive(Clone, Copy)]
pub(super) struct Served {
    pub client: usize,
    pub cost: u64,
    pub demand: u64,
}

/// The clients that each site may serve.
pub(super) type Pairs = Vec<Vec<Served>>;

/// A problem with some sites decided and some pairs gone.
#[derive(Clone, Copy)]
pub(super) struct Residual<'a> {
    pub problem: &'a Problem<'a>,
    pub pairs: &'a Pairs,
    pub roles: &'a [Role],
}

impl Residual<'_> {
    /// Capacity of the sites that are not closed, beyond all demand; `None` if there is too little.
    pub fn spare(&self) -> Option<u64> {
        let sites = self.roles.iter().zip(&self.problem.capacity).filter(|(r, _)| **r != Role::Closed);
        let held = sites.fold(0u128, |a, (_, s)| a + u128::from(*s));
        let spare = held.checked_sub(u128::from(self.problem.total_demand()))?;
        Some(u64::try_from(spare).unwrap_or(u64::MAX))
    }
}

/// The pairs of a problem that `keep`.
pub(super) fn pairs(problem: &Problem<'_>, keep: impl Fn(usize, usize) -> bool) -> Pairs {
    let mut pairs: Pairs = vec![Vec::new(); problem.capacity.len()];
    for (client, j, cost) in (0..problem.demand.len()).flat_map(|i| problem.served_by(i)) {
        if keep(client, j) {
            pairs[j].push(Served { client, cost, demand: problem.demand[client] });
        }
    }
    pairs
}
