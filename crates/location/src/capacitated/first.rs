//! A first plan on the sites that the relaxation opens most, without the solver where clients have one site.

use super::plan::{Plan, single, split};
use super::relaxation::Relaxed;
use super::{Problem, Sharing};
use crate::charges::Clock;
use maillage_milp::SolverFailure;

/// Opens sites in order of their share in the relaxation until all clients can be served; the better of that plan and a
/// few with more sites. `None` where nothing is found.
pub(super) fn first_plan(
    problem: &Problem<'_>,
    relaxed: &Relaxed,
    clock: &Clock<'_>,
) -> Result<Option<Plan>, SolverFailure> {
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
        let plan = match problem.sharing {
            Sharing::Single => assign(problem, &open).and_then(|site| single(problem, &site)),
            Sharing::Split => split(problem, &open, clock)?,
        };
        if let Some(plan) = plan {
            tried += 1;
            best = Some(best.filter(|b| b.value <= plan.value).unwrap_or(plan));
        }
        if tried == 4 || clock.reached().is_some() {
            break;
        }
    }
    Ok(best)
}

/// Gives each client a site, first those that would lose most by their second choice, then moves and exchanges clients as
/// long as that gains.
fn assign(problem: &Problem<'_>, open: &[bool]) -> Option<Vec<usize>> {
    let n = problem.demand.len();
    let mut room = problem.capacity.clone();
    let choices: Vec<Vec<(u64, usize)>> = (0..n)
        .map(|i| {
            let mut own: Vec<(u64, usize)> =
                problem.served_by(i).filter(|p| open[p.1]).map(|p| (p.2, p.1)).collect();
            own.sort_unstable();
            own
        })
        .collect();
    let mut site = vec![usize::MAX; n];
    let mut left: Vec<usize> = (0..n).collect();
    while !left.is_empty() {
        // Regret over the sites that still have room; a client with one choice goes first.
        let regret = |&i: &usize| {
            let mut free = choices[i].iter().filter(|(_, j)| room[*j] >= problem.demand[i]);
            let first = free.next().map_or(0, |c| c.0);
            (free.next().map_or(u64::MAX, |c| c.0 - first), problem.demand[i])
        };
        let (at, &i) = left.iter().enumerate().max_by_key(|(_, i)| regret(i))?;
        let &(_, j) = choices[i].iter().find(|(_, j)| room[*j] >= problem.demand[i])?;
        room[j] -= problem.demand[i];
        site[i] = j;
        left.swap_remove(at);
    }
    improve(problem, &choices, &mut site, &mut room);
    Some(site)
}

fn improve(problem: &Problem<'_>, choices: &[Vec<(u64, usize)>], site: &mut [usize], room: &mut [u64]) {
    let n = site.len();
    let cost = |i: usize, j: usize| problem.charges.cost(i, j);
    for _ in 0..50 {
        let mut gained = false;
        for i in 0..n {
            let d = problem.demand[i];
            let Some(now) = cost(i, site[i]) else { return };
            // The cheapest site with room.
            let cheaper = choices[i].iter().take_while(|c| c.0 < now).find(|(_, j)| room[*j] >= d);
            if let Some(&(_, j)) = cheaper {
                room[site[i]] += d;
                room[j] -= d;
                site[i] = j;
                gained = true;
            }
            for k in i + 1..n {
                let (a, b, e) = (site[i], site[k], problem.demand[k]);
                let fits = a != b && room[a] + d >= e && room[b] + e >= d;
                let before = cost(i, a).zip(cost(k, b)).map(|(x, y)| x + y);
                let after = cost(i, b).zip(cost(k, a)).map(|(x, y)| x + y);
                let open = d <= problem.capacity[b] && e <= problem.capacity[a];
                if fits && open && after.zip(before).is_some_and(|(x, y)| x < y) {
                    room[a] = room[a] + d - e;
                    room[b] = room[b] + e - d;
                    (site[i], site[k], gained) = (b, a, true);
                }
            }
        }
        if !gained {
            break;
        }
    }
}
