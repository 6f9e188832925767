//! The bound that payments prove, in integers.
//!
//! Clients pay the sites within a radius. A plan that reaches every client within it collects from each
//! at least what it pays, and no `p` sites collect more than the `p` that collect most. So when clients
//! pay more than these, no plan is that good. Clients that a fixed site reaches pay nothing.

use super::{Metric, PointsProblem, Problem};
use crate::outcome::Checked;

/// Payments of clients and what they prove.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// One a client, of any scale.
    pub payments: Vec<u64>,
    /// No plan has a smaller objective (the square of the distance on points).
    pub bound: u64,
}

/// The bound of a certificate, if its payments prove it and no larger one. `None` also if there are not
/// as many payments as clients.
pub fn certified_bound(problem: &Problem<'_>, certificate: &Certificate) -> Option<u64> {
    let choose = u64::from(problem.p - problem.rules.num_fixed);
    counted(problem, &problem.rules, choose, certificate)
}

/// The same on points.
pub fn certified_bound_points(problem: &PointsProblem<'_>, certificate: &Certificate) -> Option<u64> {
    counted(problem, &problem.rules, u64::from(problem.p), certificate)
}

fn counted<M: Metric>(
    metric: &M,
    rules: &Checked,
    choose: u64,
    Certificate { payments, bound }: &Certificate,
) -> Option<u64> {
    if payments.len() != metric.num_clients() {
        return None;
    }
    let pays: Vec<(u32, u64)> = (0u32..).zip(payments.iter().copied()).filter(|(_, p)| *p > 0).collect();
    let below = bound.checked_sub(1).is_none_or(|radius| proves(metric, rules, choose, &pays, radius));
    (below && !proves(metric, rules, choose, &pays, *bound)).then_some(*bound)
}

/// What sites within some radius are paid.
struct Tally {
    load: Vec<u128>,
    paid: u128,
}

impl Tally {
    fn new(sites: usize) -> Self {
        Tally { load: vec![0; sites], paid: 0 }
    }

    /// One client and the sites that reach it.
    fn add(&mut self, rules: &Checked, pays: u64, near: &[u32]) {
        if near.iter().any(|&j| rules.fixed[j as usize]) {
            return;
        }
        self.paid += u128::from(pays);
        near.iter().for_each(|&j| self.load[j as usize] += u128::from(pays));
    }

    /// Whether more is paid than the `choose` best paid sites get.
    fn excludes(mut self, choose: u64) -> bool {
        let choose = usize::try_from(choose).unwrap_or(usize::MAX).min(self.load.len());
        if (1..self.load.len()).contains(&choose) {
            self.load.select_nth_unstable_by(choose - 1, |a, b| b.cmp(a));
        }
        self.paid > self.load[..choose].iter().sum()
    }
}

/// Whether payments prove that `choose` sites, beside the fixed ones, do not reach all within `radius`. Whatever payments
/// claim takes time, not memory.
pub(super) fn proves<M: Metric>(
    metric: &M,
    rules: &Checked,
    choose: u64,
    pays: &[(u32, u64)],
    radius: u64,
) -> bool {
    let (mut tally, mut near) = (Tally::new(metric.num_sites()), Vec::new());
    for &(client, pays) in pays {
        near.clear();
        metric.each(client, &mut |j, key| {
            if key <= radius {
                near.push(j);
            }
        });
        tally.add(rules, pays, &near);
    }
    tally.excludes(choose)
}

/// What payments prove that exclude `radius`, when they do not exclude `high`.
pub(super) fn strongest<M: Metric>(
    metric: &M,
    rules: &Checked,
    choose: u64,
    pays: &[(u32, u64)],
    (mut radius, mut high): (u64, u64),
) -> u64 {
    let mut lists: Vec<(u64, Vec<(u64, u32)>)> = Vec::with_capacity(pays.len());
    for &(client, pays) in pays {
        let mut list = Vec::new();
        metric.each(client, &mut |j, key| {
            if key <= high {
                list.push((key, j));
            }
        });
        list.sort_unstable();
        lists.push((pays, list));
    }
    let mut near = Vec::new();
    while high.saturating_sub(radius) > 1 {
        let middle = radius + (high - radius) / 2;
        let mut tally = Tally::new(metric.num_sites());
        for (pays, list) in &lists {
            near.clear();
            near.extend(list.iter().take_while(|(key, _)| *key <= middle).map(|(_, j)| *j));
            tally.add(rules, *pays, &near);
        }
        if tally.excludes(choose) { radius = middle } else { high = middle }
    }
    high
}
