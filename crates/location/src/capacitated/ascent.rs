//! Better multipliers than those of the relaxation: steps along deflected subgradients of the bound that they prove.
//!
//! Multipliers contain a price of capacity, the same for each unit of demand. What sites are decided changes it more
//! than anything else, and steps of single clients hardly move it: it is searched first, and steps along it are longer.

use super::Sharing;
use super::knapsack::{Item, cut, pick};
use super::residual::{Residual, Role};
use crate::charges::Clock;

/// The bound at some multipliers, how much each client is served there, and the sites open.
struct Look {
    bound: f64,
    served: Vec<f64>,
    open: Vec<bool>,
    site: Vec<usize>,
}

fn look(residual: Residual<'_>, spare: u64, u: &[f64]) -> Look {
    let problem = residual.problem;
    let m = problem.capacity.len();
    let mut left = vec![0.0; m];
    let mut takes: Vec<Vec<(usize, f64)>> = vec![Vec::new(); m];
    let mut open: Vec<bool> = residual.roles.iter().map(|r| *r != Role::Closed).collect();
    for j in (0..m).filter(|j| open[*j]) {
        let gains = residual.pairs[j].iter().map(|s| ((u[s.client] - s.cost as f64, s.demand), s.client));
        let (items, clients): (Vec<Item<f64>>, Vec<usize>) = gains.filter(|g| g.0.0 > 0.0).unzip();
        let (value, share) = match problem.sharing {
            Sharing::Split => cut(&items, problem.capacity[j]),
            Sharing::Single => {
                let (value, picked) = pick(&items, problem.capacity[j]);
                (value, picked.into_iter().map(|p| f64::from(u8::from(p))).collect())
            }
        };
        left[j] = problem.charges.opening()[j] as f64 - value;
        takes[j] = clients.into_iter().zip(share).filter(|t| t.1 > 0.0).collect();
    }
    let free = (0..m).filter(|j| residual.roles[*j] == Role::Free && left[*j] > 0.0);
    let (items, indices): (Vec<Item<f64>>, Vec<usize>) =
        free.map(|j| ((left[j], problem.capacity[j]), j)).unzip();
    for (j, closed) in indices.into_iter().zip(pick(&items, spare).1) {
        open[j] = !closed;
    }
    let (mut served, mut site) = (vec![0.0; u.len()], vec![0; u.len()]);
    let mut bound: f64 = u.iter().sum();
    for j in (0..m).filter(|j| open[*j]) {
        bound += left[j];
        for &(i, share) in &takes[j] {
            served[i] += share;
            site[i] = j;
        }
    }
    Look { bound, served, open, site }
}

/// Where a climb ends.
pub(super) struct Top {
    pub u: Vec<f64>,
    /// What `u` proves, as a float; minus infinity where nothing was looked at.
    pub bound: f64,
    /// Sites that are open at `u`.
    pub open: Vec<bool>,
    /// How often each site was open of late.
    pub share: Vec<f64>,
    /// A site that serves each client at `u`, or the first; and how much of it all sites serve.
    pub site: Vec<usize>,
    pub served: Vec<f64>,
}

/// Climbs from `u` towards `target`, at most `steps` steps. All in units of a cost.
pub(super) fn climb(
    residual: Residual<'_>,
    u: Vec<f64>,
    target: f64,
    steps: usize,
    clock: &Clock<'_>,
) -> Vec<f64> {
    ascend(residual, u, target, (0.05, steps), clock).u
}

/// The same with the first pace beside the number of steps.
pub(super) fn ascend(
    residual: Residual<'_>,
    mut u: Vec<f64>,
    target: f64,
    (mut pace, steps): (f64, usize),
    clock: &Clock<'_>,
) -> Top {
    let m = residual.roles.len();
    let mut top = Top {
        u: u.clone(),
        bound: f64::NEG_INFINITY,
        open: vec![false; m],
        share: vec![0.5; m],
        site: vec![0; u.len()],
        served: vec![0.0; u.len()],
    };
    let Some(spare) = residual.spare() else { return top };
    u = repriced(residual, spare, u, clock);
    let demand: Vec<f64> = residual.problem.demand.iter().map(|d| *d as f64).collect();
    let along = ALONG / demand.iter().map(|d| d * d).sum::<f64>().max(1.0);
    let mut direction = vec![0.0; u.len()];
    let mut stalled = 0;
    for step in 0..steps {
        let Look { bound, served, open, site } = look(residual, spare, &u);
        stalled = if bound > top.bound + 1e-6 * top.bound.abs() { 0 } else { stalled + 1 };
        let keep = if step == 0 { 0.0 } else { 0.9 };
        for (share, open) in top.share.iter_mut().zip(&open) {
            *share = keep * *share + (1.0 - keep) * f64::from(u8::from(*open));
        }
        if bound > top.bound {
            top.bound = bound;
            top.u.clone_from(&u);
            (top.open, top.site) = (open, site);
            top.served.clone_from(&served);
        }
        if bound >= target || clock.reached().is_some() {
            break;
        }
        if stalled >= 6 {
            (pace, stalled) = (pace * 0.5, 0);
            if pace < 2e-3 {
                break;
            }
            u.clone_from(&top.u);
            direction.fill(0.0);
            continue;
        }
        let keep = if step == 0 { 0.0 } else { 0.7 };
        for (d, s) in direction.iter_mut().zip(&served) {
            *d = (1.0 - keep) * (1.0 - s) + keep * *d;
        }
        let unit: f64 = direction.iter().zip(&demand).map(|(d, q)| d * q).sum();
        let length = direction.iter().map(|d| d * d).sum::<f64>() + along * unit * unit;
        if length < 1e-9 {
            break;
        }
        // The target may be far above what can be reached.
        let aim = target.min(top.bound + 0.2 * top.bound.abs() + 1.0);
        let step = pace * (aim - bound) / length;
        let moves = direction.iter().zip(&demand).map(|(d, q)| d + along * unit * q);
        u.iter_mut().zip(moves).for_each(|(u, d)| *u = (*u + step * d).max(0.0));
    }
    top
}

/// How much longer steps along the price of capacity are.
const ALONG: f64 = 10.0;
/// Prices that are tried.
const REPRICED: usize = 9;

/// `u` and the price of capacity, above or below 0, with which it proves most, about.
fn repriced(residual: Residual<'_>, spare: u64, u: Vec<f64>, clock: &Clock<'_>) -> Vec<f64> {
    let demand = &residual.problem.demand;
    let all = residual.problem.total_demand() as f64;
    let at = |price: f64| -> Vec<f64> {
        u.iter().zip(demand).map(|(u, d)| (u + price * *d as f64).max(0.0)).collect()
    };
    let Look { bound: mut best, served, .. } = look(residual, spare, &u);
    let used: f64 = served.iter().zip(demand).map(|(s, d)| s * *d as f64).sum();
    let mut step = (all - used).signum() * u.iter().sum::<f64>() / all.max(1.0) / 64.0;
    let mut price = 0.0;
    for _ in 0..REPRICED {
        if clock.reached().is_some() {
            break;
        }
        let bound = look(residual, spare, &at(price + step)).bound;
        if bound > best {
            (best, price, step) = (bound, price + step, 2.0 * step);
        } else {
            step *= if price == 0.0 { 0.25 } else { -0.25 };
        }
    }
    at(price)
}
