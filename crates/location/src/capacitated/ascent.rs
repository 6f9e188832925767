//! Better multipliers than those of the relaxation: steps along deflected subgradients of the bound that they prove.

use super::Sharing;
use super::knapsack::{Item, ROUGH, Table, cut};
use super::residual::{Residual, Role};
use crate::charges::Clock;

/// The bound at some multipliers, and how much each client is served there.
fn look(residual: Residual<'_>, spare: u64, u: &[f64]) -> (f64, Vec<f64>) {
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
                let table = Table::new(&items, problem.capacity[j], ROUGH);
                (table.most(), table.picked().into_iter().map(|p| f64::from(u8::from(p))).collect())
            }
        };
        left[j] = problem.charges.opening()[j] as f64 - value;
        takes[j] = clients.into_iter().zip(share).filter(|t| t.1 > 0.0).collect();
    }
    let free = (0..m).filter(|j| residual.roles[*j] == Role::Free && left[*j] > 0.0);
    let (items, indices): (Vec<Item<f64>>, Vec<usize>) =
        free.map(|j| ((left[j], problem.capacity[j]), j)).unzip();
    for (j, closed) in indices.into_iter().zip(Table::new(&items, spare, ROUGH).picked()) {
        open[j] = !closed;
    }
    let mut served = vec![0.0; u.len()];
    let mut bound: f64 = u.iter().sum();
    for j in (0..m).filter(|j| open[*j]) {
        bound += left[j];
        takes[j].iter().for_each(|(i, share)| served[*i] += share);
    }
    (bound, served)
}

/// Climbs from `u` towards `target`, at most `steps` steps. All in units of a cost.
pub(super) fn climb(
    residual: Residual<'_>,
    mut u: Vec<f64>,
    target: f64,
    steps: usize,
    clock: &Clock<'_>,
) -> Vec<f64> {
    let Some(spare) = residual.spare() else { return u };
    let mut best = (f64::NEG_INFINITY, u.clone());
    let mut direction = vec![0.0; u.len()];
    let (mut pace, mut stalled) = (0.05, 0);
    for step in 0..steps {
        let (bound, served) = look(residual, spare, &u);
        stalled = if bound > best.0 + 1e-6 * best.0.abs() { 0 } else { stalled + 1 };
        if bound > best.0 {
            best = (bound, u.clone());
        }
        if bound >= target || clock.reached().is_some() {
            break;
        }
        if stalled >= 6 {
            (pace, stalled) = (pace * 0.5, 0);
            if pace < 2e-3 {
                break;
            }
            u.clone_from(&best.1);
            direction.fill(0.0);
            continue;
        }
        let keep = if step == 0 { 0.0 } else { 0.7 };
        for (d, s) in direction.iter_mut().zip(&served) {
            *d = (1.0 - keep) * (1.0 - s) + keep * *d;
        }
        let length: f64 = direction.iter().map(|d| d * d).sum();
        if length < 1e-9 {
            break;
        }
        let step = pace * (target - bound) / length;
        u.iter_mut().zip(&direction).for_each(|(u, d)| *u = (*u + step * d).max(0.0));
    }
    best.1
}
