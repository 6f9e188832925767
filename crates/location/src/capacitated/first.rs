//! A first plan on the sites that the relaxation opens most.

use super::Problem;
use super::anneal::{Heat, LONG, anneal};
use super::plan::{Plan, single};
use super::relaxation::Relaxed;
use crate::charges::Clock;

/// Opens sites in order of their share in the relaxation until all clients can be served; the better of that plan and a
/// few with more sites. `None` where nothing is found.
pub(super) fn first_plan(problem: &Problem<'_>, relaxed: &Relaxed, clock: &Clock<'_>) -> Option<Plan> {
    let mut order: Vec<usize> = (0..relaxed.y.len()).collect();
    order.sort_by(|a, b| relaxed.y[*b].total_cmp(&relaxed.y[*a]));
    let mut open = vec![false; order.len()];
    let (mut held, mut best, mut tried) = (0u64, None::<Plan>, 0);
    for j in order {
        open[j] = true;
        held = held.saturating_add(problem.capacity[j]);
        if held < problem.total_demand() {
            continue;
        }
        if let Some(plan) = assign(problem, &open, &relaxed.most, LONG, clock.limits.seed) {
            tried += 1;
            best = Some(best.filter(|b| b.value <= plan.value).unwrap_or(plan));
        }
        if tried == 4 || clock.reached().is_some() {
            break;
        }
    }
    best
}

/// Assigns each client to one of the open sites, beginning with the one in `near` where that is open.
pub(super) fn assign(
    problem: &Problem<'_>,
    open: &[bool],
    near: &[usize],
    how: Heat,
    seed: u32,
) -> Option<Plan> {
    let nearest = |i: usize| {
        let own = problem.served_by(i).filter(|p| open[p.1]);
        own.min_by_key(|p| (p.1 != near[i], p.2, p.1)).map(|p| p.1)
    };
    let start = (0..problem.demand.len()).map(nearest).collect::<Option<Vec<_>>>()?;
    single(problem, &anneal(problem, open, start, how, seed)?)
}
