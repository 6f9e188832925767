//! The bound that multipliers prove under capacities, in integers.
//!
//! Clients pay multipliers `u` instead of having to be served. What is left falls apart: each open site serves whom it gains
//! most from, a knapsack; and the open sites must hold all demand, a knapsack of the sites that stay closed.

use super::knapsack::{FINE, Item, Table, cut};
use super::residual::{Residual, Role, pairs};
use super::{Problem, Sharing};
use crate::fixed_charge::MULTIPLIER_PARTS;

const PARTS: i128 = MULTIPLIER_PARTS as i128;

/// What `multipliers`, one a client in units of `1 / MULTIPLIER_PARTS` of a cost, prove that every plan costs at least:
///
/// ```text
/// Σ_i u_i + min { Σ_j (f_j − k_j) y_j : Σ_j s_j y_j ≥ D,  y_j ∈ {0, 1} }
/// k_j = max { Σ_i (u_i − c_ij) x_i : Σ_i d_i x_i ≤ s_j }
/// ```
///
/// with `x_i` 0 or 1 where each client has one site, in between where clients may be split. Capacities count as at most
/// `D`, all demand. Knapsacks of whole items are solved exactly, or in steps of room with all sizes rounded down where
/// exact tables would have more than 2^20 cells; that of the sites counts as no more than if they could be cut. The sum is
/// rounded up, plans counting in whole units. `None` if there are
/// not as many multipliers as clients, or if capacities cannot hold all demand.
pub fn certified_bound(problem: &Problem<'_>, multipliers: &[u64]) -> Option<u64> {
    if multipliers.len() != problem.demand.len() {
        return None;
    }
    let (pairs, roles) = (pairs(problem, |_, _| true), vec![Role::Free; problem.capacity.len()]);
    Some(Proof::new(Residual { problem, pairs: &pairs, roles: &roles }, multipliers)?.bound())
}

/// The bound in its terms, in parts.
pub(super) struct Proof<'a> {
    residual: Residual<'a>,
    multipliers: Vec<u64>,
    total: i128,
    /// Opening cost less the value of the knapsack, by site that is not closed; 0 for others.
    left: Vec<i128>,
}

/// Bounds with a site open, and with it closed. `None`: there is no plan.
type Forced = (Option<i128>, Option<i128>);

impl<'a> Proof<'a> {
    /// `None` if capacities cannot hold all demand.
    pub fn new(residual: Residual<'a>, multipliers: &[u64]) -> Option<Self> {
        let spare = residual.spare()?;
        let mut proof = Proof { residual, multipliers: multipliers.to_vec(), total: 0, left: Vec::new() };
        let sites = residual.roles.iter().enumerate();
        proof.left = sites.map(|(j, role)| if *role == Role::Closed { 0 } else { proof.left(j) }).collect();
        let closed = proof.closed();
        let most = Table::new(&closed, spare, FINE).most().min(Price::new(&closed, spare).most);
        proof.total = proof.all() - most;
        Some(proof)
    }

    fn left(&self, j: usize) -> i128 {
        let problem = self.residual.problem;
        let (items, _) = self.items(j);
        let value = match problem.sharing {
            Sharing::Split => cut(&items, problem.capacity[j]).0,
            Sharing::Single => Table::new(&items, problem.capacity[j], FINE).most(),
        };
        i128::from(problem.charges.opening()[j]) * PARTS - value
    }

    /// Clients from whom a site gains.
    fn items(&self, j: usize) -> (Vec<Item<i128>>, Vec<usize>) {
        let served = self.residual.pairs[j].iter();
        let gains = served.map(|s| ((self.gain(s.client, s.cost), s.demand), s.client));
        gains.filter(|g| g.0.0 > 0).unzip()
    }

    fn gain(&self, client: usize, cost: u64) -> i128 {
        i128::from(self.multipliers[client]) - i128::from(cost) * PARTS
    }

    /// The cost with all sites open that may be.
    fn all(&self) -> i128 {
        self.multipliers.iter().map(|u| i128::from(*u)).sum::<i128>() + self.left.iter().sum::<i128>()
    }

    /// Whether a site is in the knapsack of those that stay closed.
    fn is_item(&self, j: usize) -> bool {
        self.residual.roles[j] == Role::Free && self.left[j] > 0
    }

    fn closed(&self) -> Vec<Item<i128>> {
        let sites = (0..self.left.len()).filter(|j| self.is_item(*j));
        sites.map(|j| (self.left[j], self.residual.problem.capacity[j])).collect()
    }

    pub fn problem(&self) -> &'a Problem<'a> {
        self.residual.problem
    }

    /// The bound, rounded up.
    pub fn bound(&self) -> u64 {
        whole(self.total)
    }

    /// For sets of open sites that differ from one in some sites: what no plan with exactly that set undercuts.
    pub fn changed<'s>(&'s self, open: &'s [bool]) -> impl Fn(&[usize]) -> u64 + 's {
        let left = self.left.iter().zip(open).filter(|(_, o)| **o).map(|(l, _)| l);
        let base = self.multipliers.iter().map(|u| i128::from(*u)).sum::<i128>() + left.sum::<i128>();
        let sign = |j: usize| if open[j] { -1 } else { 1 };
        move |sites| whole(base + sites.iter().map(|j| sign(*j) * self.left[*j]).sum::<i128>())
    }

    fn forced(&self) -> Vec<Forced> {
        let Some(spare) = self.residual.spare() else { return Vec::new() };
        let items = self.closed();
        let (table, all) = (Table::new(&items, spare, FINE), self.all());
        let price = Price::new(&items, spare);
        let mut others = table.others(&items).into_iter().zip(&items);
        (0..self.left.len())
            .map(|j| {
                let (left, size) = (self.left[j], self.residual.problem.capacity[j]);
                let fits = size <= spare;
                match self.residual.roles[j] {
                    Role::Open => (Some(self.total), None),
                    Role::Closed => (None, Some(self.total)),
                    Role::Free if left <= 0 => (
                        Some(self.total),
                        fits.then(|| {
                            all - left - table.within(spare - size).min(price.most - price.of(size))
                        }),
                    ),
                    Role::Free => {
                        let Some(((beside, alone), item)) = others.next() else { return (None, None) };
                        let without = price.most - price.gain(item);
                        let beside = beside.min(without - price.of(size));
                        (Some(all - alone.min(without)), fits.then(|| all - left - beside))
                    }
                }
            })
            .collect()
    }

    /// Decides the sites whose other choice costs at least `worth`; `None` if a site has no choice left.
    pub fn decided(&self, worth: u64) -> Option<Vec<Role>> {
        let near = |total: Option<i128>| total.is_some_and(|t| whole(t.max(self.total)) < worth);
        self.forced()
            .into_iter()
            .map(|(open, closed)| match (near(open), near(closed)) {
                (true, true) => Some(Role::Free),
                (true, false) => Some(Role::Open),
                (false, true) => Some(Role::Closed),
                (false, false) => None,
            })
            .collect()
    }

    /// By site and client, whether a plan that costs less than `worth` may serve all of the client from there.
    pub fn may_serve(&self, worth: u64) -> Vec<Vec<bool>> {
        let n = self.multipliers.len();
        let site = |(j, forced): (usize, Forced)| {
            let mut may = vec![false; n];
            if let Some(open) = forced.0 {
                for (i, lost) in self.losses(j) {
                    may[i] = whole(open.max(self.total) + lost.max(0)) < worth;
                }
            }
            may
        };
        self.forced().into_iter().enumerate().map(site).collect()
    }

    /// How much less a site gains when it serves all of a client.
    fn losses(&self, j: usize) -> Vec<(usize, i128)> {
        let problem = self.residual.problem;
        let (room, served) = (problem.capacity[j], self.residual.pairs[j].iter());
        let (items, _) = self.items(j);
        if problem.sharing == Sharing::Split {
            // What one more unit of room is worth, rounded down: the best item that is not whole.
            let (_, share) = cut(&items, room);
            let cut_off = items.iter().zip(&share).filter(|(_, s)| **s < 1.0);
            let price = cut_off.map(|(item, _)| item.0 / i128::from(item.1.max(1))).max().unwrap_or(0);
            return served
                .map(|s| (s.client, price * i128::from(s.demand) - self.gain(s.client, s.cost)))
                .collect();
        }
        let table = Table::new(&items, room, FINE);
        let mut others = table.others(&items).into_iter();
        served
            .map(|s| {
                let gain = self.gain(s.client, s.cost);
                let rest = match gain > 0 {
                    true => others.next().unwrap_or_default().0,
                    false => table.within(room - s.demand.min(room)),
                };
                (s.client, table.most() - rest - gain)
            })
            .collect()
    }
}

/// A knapsack whose room is paid for: no choice of items gains more than `most`, whole or cut. Where a table is too coarse for
/// the sizes, this is finer.
struct Price {
    /// What a unit of room costs, times `2^SHIFT`.
    price: i128,
    most: i128,
}

const SHIFT: u32 = 20;

impl Price {
    /// At the price of the first item, by gain for size, that does not fit.
    fn new(items: &[Item<i128>], room: u64) -> Self {
        let (_, share) = cut(items, room);
        let left_out = items.iter().zip(&share).filter(|(item, s)| **s < 1.0 && item.1 > 0);
        let price = left_out.map(|(item, _)| (item.0 << SHIFT) / i128::from(item.1)).max().unwrap_or(0);
        let mut knapsack = Price { price, most: 0 };
        knapsack.most = knapsack.of(room) + 1 + items.iter().map(|item| knapsack.gain(item)).sum::<i128>();
        knapsack
    }

    /// What some room costs, rounded down.
    fn of(&self, room: u64) -> i128 {
        (self.price * i128::from(room)) >> SHIFT
    }

    /// What an item gains beyond the price of its room, rounded up.
    fn gain(&self, item: &Item<i128>) -> i128 {
        (item.0 - self.of(item.1)).max(0)
    }
}

/// Parts rounded up to units; below 0 says nothing.
fn whole(parts: i128) -> u64 {
    u64::try_from((parts.max(0) + PARTS - 1) / PARTS).unwrap_or(u64::MAX)
}

/// Multipliers in parts from floats in units.
pub(super) fn in_parts(units: &[f64]) -> Vec<u64> {
    units.iter().map(|u| (u * MULTIPLIER_PARTS as f64).round().clamp(0.0, 1e18) as u64).collect()
}
