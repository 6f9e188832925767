//! The bound that multipliers prove under capacities, in integers.

use super::Problem;
use crate::fixed_charge::MULTIPLIER_PARTS;
use std::cmp::Reverse;

const PARTS: i128 = MULTIPLIER_PARTS as i128;

/// What `multipliers`, one a client in units of `1 / MULTIPLIER_PARTS` of a cost, prove that every plan costs at least,
/// whether clients may be split or not:
///
/// ```text
/// Σ_i u_i + Σ_j min(0, f_j − max { Σ_i (u_i − c_ij) x_i : Σ_i d_i x_i ≤ s_j, 0 ≤ x_i ≤ 1 })
/// ```
///
/// The inner maximum is a knapsack with fractions: clients in order of `(u_i − c_ij) / d_i` until the capacity is used.
/// The sum is rounded up, plans counting in whole units. `None` if there are not as many multipliers as clients.
pub fn certified_bound(problem: &Problem<'_>, multipliers: &[u64]) -> Option<u64> {
    (multipliers.len() == problem.demand.len()).then(|| Proof::new(problem, multipliers).bound())
}

/// The bound in its terms, in parts.
pub(super) struct Proof {
    total: i128,
    sites: Vec<Filled>,
}

/// A site's knapsack.
struct Filled {
    /// Opening cost less the value of the knapsack.
    left: i128,
    /// What one more unit of capacity is worth, as gain over demand of the client that is cut.
    price: (i128, i128),
}

impl Proof {
    pub fn new(problem: &Problem<'_>, multipliers: &[u64]) -> Self {
        let mut total: i128 = multipliers.iter().map(|u| i128::from(*u)).sum();
        let sites: Vec<Filled> = (0..problem.capacity.len()).map(|j| fill(problem, multipliers, j)).collect();
        total += sites.iter().map(|s| s.left.min(0)).sum::<i128>();
        Proof { total, sites }
    }

    /// The bound, rounded up.
    pub fn bound(&self) -> u64 {
        whole(self.total)
    }

    /// Whether a plan with this site costs less than `worth`, as far as is known.
    pub fn may_open(&self, site: usize, worth: u64) -> bool {
        whole(self.total + self.sites[site].left.max(0)) < worth
    }

    /// Whether a plan without this site costs less than `worth`, as far as is known.
    pub fn may_close(&self, site: usize, worth: u64) -> bool {
        whole(self.total - self.sites[site].left.min(0)) < worth
    }

    /// Whether a plan in which the site serves all of the client costs less than `worth`, as far as is known.
    pub fn may_serve(
        &self,
        problem: &Problem<'_>,
        multipliers: &[u64],
        client: usize,
        site: usize,
        worth: u64,
    ) -> bool {
        let Some(cost) = problem.charges.cost(client, site) else { return false };
        let (gain, demand) = self.sites[site].price;
        // cost − u + price × demand, rounded down.
        let paid = gain * i128::from(problem.demand[client]) / demand;
        let reduced = i128::from(cost) * PARTS - i128::from(multipliers[client]) + paid;
        whole(self.total + self.sites[site].left.max(0) + reduced.max(0)) < worth
    }
}

fn fill(problem: &Problem<'_>, multipliers: &[u64], site: usize) -> Filled {
    let mut room = i128::from(problem.capacity[site]);
    let mut left = i128::from(problem.charges.opening()[site]) * PARTS;
    let mut clients: Vec<(i128, i128)> = Vec::new();
    for (i, (&u, &d)) in multipliers.iter().zip(&problem.demand).enumerate() {
        let gain = problem.charges.cost(i, site).map_or(0, |c| i128::from(u) - i128::from(c) * PARTS);
        if gain > 0 && d == 0 {
            left -= gain;
        } else if gain > 0 {
            clients.push((gain, i128::from(d)));
        }
    }
    // Gains below 2^64 times demands below 2^41 fit.
    clients.sort_by(|a, b| (b.0 * a.1).cmp(&(a.0 * b.1)).then(Reverse(a.1).cmp(&Reverse(b.1))));
    for (gain, demand) in clients {
        if demand <= room {
            room -= demand;
            left -= gain;
        } else {
            // Rounded up: the bound stays one.
            left -= (gain * room + demand - 1) / demand;
            return Filled { left, price: (gain, demand) };
        }
    }
    Filled { left, price: (0, 1) }
}

/// Parts rounded up to units; below 0 says nothing.
fn whole(parts: i128) -> u64 {
    u64::try_from((parts.max(0) + PARTS - 1) / PARTS).unwrap_or(u64::MAX)
}
