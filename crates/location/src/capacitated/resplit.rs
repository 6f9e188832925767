//! Better plans by exact search around a few sites at once: some open sites near each other with all their clients, and the
//! closed sites near them, are a problem of their own, searched like the whole from the multipliers of the whole. Little of
//! it can beat a good plan, so that most groups are settled in milliseconds.

use super::branch::Search;
use super::plan;
use super::{Problem, Run};
use crate::charges::{Charges, Clock};
use crate::fixed_charge::MULTIPLIER_PARTS;
use maillage_milp::{Limits, SolverFailure};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// Open and closed sites of a group, by turns.
pub(super) const ALL: &[(usize, usize)] = &[(2, 1), (3, 2), (4, 3), (5, 4), (6, 4), (7, 4)];
/// The same for plans that may not deserve more.
pub(super) const SMALL: &[(usize, usize)] = &[(2, 1), (3, 2), (4, 3)];
/// Parts that the search of a group has at most, about.
const NODES: u64 = 400;

/// The groups that were searched: sites and clients.
#[derive(Default)]
pub(super) struct Groups(BTreeSet<(Vec<usize>, Vec<usize>)>);

impl Groups {
    /// Searches groups around each open site of the best plan, small ones first, until none of these sizes holds a
    /// better plan. `u`: multipliers of the clients, in parts.
    pub fn improve(
        &mut self,
        run: &mut Run<'_>,
        u: &[u64],
        sizes: &[(usize, usize)],
    ) -> Result<(), SolverFailure> {
        let mut turn = 0;
        while turn < sizes.len() {
            let mut better = false;
            for a in 0..run.problem.capacity.len() {
                if run.done() {
                    return Ok(());
                }
                better |= self.search(run, a, sizes[turn], u)?;
            }
            turn = if better { 0 } else { turn + 1 };
        }
        Ok(())
    }

    /// Searches the group around an open site, and says whether the best plan is better now.
    fn search(
        &mut self,
        run: &mut Run<'_>,
        a: usize,
        size: (usize, usize),
        u: &[u64],
    ) -> Result<bool, SolverFailure> {
        let problem = run.problem;
        let Some(best) = run.best.as_ref().filter(|b| b.open[a]) else { return Ok(false) };
        let sites = around(problem, &best.open, a, size, u);
        let mut site: Vec<usize> = best.served.iter().map(|s| s[0].0.0 as usize).collect();
        let clients: Vec<usize> = (0..site.len()).filter(|i| sites.contains(&site[*i])).collect();
        if !self.0.insert((sites.clone(), clients.clone())) {
            return Ok(false);
        }
        let opening = sites.iter().map(|j| problem.charges.opening()[*j]).collect();
        let cost = |i: usize, j: usize| problem.charges.cost(clients[i], sites[j]);
        let capacity: Vec<u64> = sites.iter().map(|j| problem.capacity[*j]).collect();
        let demand: Vec<u64> = clients.iter().map(|i| problem.demand[*i]).collect();
        // What is a part of a problem is one.
        let Ok(charges) = Charges::new(opening, clients.len(), cost) else { return Ok(false) };
        let Ok(part) = Problem::new(&charges, &capacity, &demand, problem.sharing) else { return Ok(false) };
        let now: Option<Vec<usize>> =
            clients.iter().map(|i| sites.iter().position(|j| *j == site[*i])).collect();
        let now = now.and_then(|now| plan::single(&part, &now));

        // The gap that was asked for is one of the whole.
        let limits = Limits { rel_gap: 0.0, ..run.clock.part(1.0, None) };
        let clock = Clock::new(&limits);
        let multipliers: Vec<u64> = clients.iter().map(|i| u[*i]).collect();
        let mut inner = Run { problem: &part, clock: &clock, best: now, bound: 0, watch: &mut |_| () };
        Search::group(NODES, &mut inner, &multipliers)?;
        let Some(found) = inner.best else { return Ok(false) };
        for (i, served) in clients.iter().zip(&found.served) {
            site[*i] = sites[served[0].0.0 as usize];
        }
        Ok(run.take(plan::single(problem, &site)))
    }
}

/// An open site, and the open and the closed sites that compete most with it for clients, in increasing order.
fn around(
    problem: &Problem<'_>,
    open: &[bool],
    a: usize,
    (most_open, most_closed): (usize, usize),
    u: &[u64],
) -> Vec<usize> {
    let gain = |i: usize, j: usize| {
        let cost = problem.charges.cost(i, j).filter(|_| problem.fits(i, j))?;
        (u[i] / MULTIPLIER_PARTS).checked_sub(cost)
    };
    let mut shared = vec![0u64; open.len()];
    for (i, own) in (0..u.len()).filter_map(|i| Some((i, gain(i, a)?))) {
        for (j, shared) in shared.iter_mut().enumerate() {
            *shared = shared.saturating_add(gain(i, j).map_or(0, |g| g.min(own)));
        }
    }
    let mut order: Vec<usize> = (0..open.len()).filter(|j| *j != a).collect();
    order.sort_by_key(|j| (Reverse(shared[*j]), *j));
    let nearest = |is: bool, most: usize| order.iter().copied().filter(move |j| open[*j] == is).take(most);
    let mut sites = vec![a];
    sites.extend(nearest(true, most_open - 1).chain(nearest(false, most_closed)));
    sites.sort_unstable();
    sites
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capacitated::Sharing;
    use crate::cover::Rng;

    /// Groups that hold all sites hold the optimum.
    #[test]
    fn small_problems_end_at_the_optimum() {
        let mut random = Rng::new(7);
        for _ in 0..100 {
            let (m, n) = (2 + random.below(3), 3 + random.below(4));
            let mut some = |most: usize| random.below(most) as u64;
            let cost: Vec<Vec<u64>> = (0..n).map(|_| (0..m).map(|_| some(30)).collect()).collect();
            let charges =
                Charges::new((0..m).map(|_| some(20)).collect(), n, |i, j| Some(cost[i][j])).unwrap();
            let demand: Vec<u64> = (0..n).map(|_| some(6)).collect();
            let capacity: Vec<u64> = (0..m).map(|_| 4 + some(12)).collect();
            let problem = Problem::new(&charges, &capacity, &demand, Sharing::Single).unwrap();
            let all = (0..m.pow(n as u32)).filter_map(|k| {
                let site: Vec<usize> = (0..n).map(|i| k / m.pow(i as u32) % m).collect();
                plan::single(&problem, &site)
            });
            let plans: Vec<_> = all.collect();
            let Some(least) = plans.iter().map(|p| p.value).min() else { continue };
            let worst = plans.into_iter().max_by_key(|p| p.value);
            let limits = Limits::default();
            let clock = Clock::new(&limits);
            let mut run = Run { problem: &problem, clock: &clock, best: worst, bound: 0, watch: &mut |_| () };
            let u: Vec<u64> = (0..n).map(|_| some(40) * MULTIPLIER_PARTS).collect();
            Groups::default().improve(&mut run, &u, ALL).unwrap();
            assert_eq!(run.best.map(|b| b.value), Some(least));
        }
    }

    /// Sites 0 and 1 gain 6 and 5 from the first client, 2 nothing; 3 gains 4 from it, but cannot hold it.
    #[test]
    fn near_sites_compete_for_clients() {
        let cost = [[4, 5, 20, 6], [30, 0, 8, 0]];
        let charges = Charges::new(vec![1; 4], 2, |i, j| Some(cost[i][j])).unwrap();
        let problem = Problem::new(&charges, &[9, 9, 9, 2], &[3, 2], Sharing::Single).unwrap();
        let u = [10 * MULTIPLIER_PARTS; 2];
        let near = |open: [bool; 4], a, size| around(&problem, &open, a, size, &u);
        assert_eq!(near([true; 4], 0, (2, 1)), [0, 1]);
        assert_eq!(near([true, false, true, false], 0, (2, 1)), [0, 1, 2]);
        assert_eq!(near([true, false, true, false], 2, (1, 1)), [1, 2]);
    }
}
