//! The cheapest service of split clients from decided sites, and prices of capacity that prove it.
//!
//! Every client begins at its nearest open site; what overloads sites moves on along the cheapest chains of moves to
//! sites with room (successive shortest paths, over the sites alone). Costs of a unit are integers, in parts of 2^-40: in
//! floats a ring of moves that costs nothing may look like a gain.

use super::Problem;
use super::residual::Role;
use crate::charges::Clock;
use crate::lists::SiteIx;

/// How much of each client's demand each site serves, and what one more unit of capacity would save, by open site, in [`PARTS`].
pub(super) struct Service {
    pub served: Vec<Vec<(SiteIx, u64)>>,
    price: Vec<(usize, i128)>,
}

/// Parts of a cost of one unit of demand, as a power of two; and the cost where a site does not serve a client.
const PARTS: u32 = 40;
const NEVER: i128 = i128::MAX / 4;

/// A sum of costs, one of which may be [`NEVER`].
fn plus(a: i128, b: i128) -> i128 {
    if a == NEVER || b == NEVER { NEVER } else { a + b }
}

/// A service under way, over the open sites.
struct Flow<'a> {
    problem: &'a Problem<'a>,
    sites: Vec<usize>,
    /// Cost of one unit of demand, client by client.
    unit: Vec<i128>,
    /// By site: clients and amounts.
    at: Vec<Vec<(usize, u64)>>,
    load: Vec<u64>,
    /// By site: what moving one unit on to each other costs at least, and of which client.
    step: Vec<Vec<(i128, usize)>>,
}

/// The cheapest service from these sites. `None`: there is none, or a limit came.
pub(super) fn serve(problem: &Problem<'_>, open: &[bool], clock: &Clock<'_>) -> Option<Service> {
    let mut flow = Flow::new(problem, open)?;
    while let Some(path) = flow.relieve() {
        if clock.reached().is_some() {
            return None;
        }
        flow.push(&path?);
    }
    Some(flow.finish())
}

/// What all plans cost at least whose sites are these (none is free), from prices of a service, in integers: for any
/// prices `w ≥ 0`, `Σ_j f_j + Σ_i min_j (c_ij + d_i w_j) − Σ_j s_j w_j`, rounded up.
pub(super) fn proven(problem: &Problem<'_>, roles: &[Role], service: &Service) -> u64 {
    // As fine, and as high, as products of costs and amounts leave room for.
    let all = problem.total_demand();
    let bits = 64 - all.leading_zeros();
    let shift = PARTS.min(60u32.saturating_sub(bits));
    let price = |w: i128| (w >> (PARTS - shift)).clamp(0, 1 << (120 - bits));
    let sites: Vec<(usize, i128)> = service.price.iter().map(|(j, w)| (*j, price(*w))).collect();
    let mut total = 0i128;
    for (i, demand) in problem.demand.iter().enumerate() {
        let from = |&(j, w): &(usize, i128)| {
            Some((i128::from(problem.charges.cost(i, j)?) << shift) + i128::from(*demand) * w)
        };
        total += sites.iter().filter_map(from).min().unwrap_or(0);
    }
    for (j, w) in &sites {
        // No site serves more than all there is.
        total -= i128::from(problem.capacity[*j].min(all)) * w;
    }
    let opening = problem.charges.opening().iter().zip(roles).filter(|(_, r)| **r == Role::Open);
    total += opening.map(|(f, _)| i128::from(*f) << shift).sum::<i128>();
    let up = (total.max(0) + (1 << shift) - 1) >> shift;
    u64::try_from(up).unwrap_or(u64::MAX)
}

impl<'a> Flow<'a> {
    fn new(problem: &'a Problem<'a>, open: &[bool]) -> Option<Self> {
        let sites: Vec<usize> = (0..open.len()).filter(|j| open[*j]).collect();
        let (n, k) = (problem.demand.len(), sites.len());
        let mut flow = Flow {
            problem,
            unit: Vec::with_capacity(n * k),
            at: vec![Vec::new(); k],
            load: vec![0; k],
            step: vec![vec![(NEVER, 0); k]; k],
            sites,
        };
        for (i, demand) in problem.demand.iter().enumerate() {
            let per = |j: &usize| {
                problem
                    .charges
                    .cost(i, *j)
                    .map_or(NEVER, |c| (i128::from(c) << PARTS) / i128::from((*demand).max(1)))
            };
            flow.unit.extend(flow.sites.iter().map(per));
            let own = &flow.unit[i * k..];
            let a = (0..k).filter(|a| own[*a] < NEVER).min_by_key(|a| own[*a])?;
            flow.at[a].push((i, *demand));
            flow.load[a] += demand;
        }
        (0..k).for_each(|a| flow.refresh(a));
        Some(flow)
    }

    fn capacity(&self, a: usize) -> u64 {
        self.problem.capacity[self.sites[a]]
    }

    fn refresh(&mut self, a: usize) {
        let k = self.sites.len();
        let row = &mut self.step[a];
        row.fill((NEVER, 0));
        for &(i, _) in self.at[a].iter().filter(|p| p.1 > 0) {
            let own = &self.unit[i * k..(i + 1) * k];
            for (best, cost) in row.iter_mut().zip(own) {
                let more = plus(*cost, -own[a]);
                if more < best.0 {
                    *best = (more, i);
                }
            }
        }
        row[a] = (NEVER, 0);
    }

    /// The cheapest chain of moves from an overloaded site to one with room. `None`: no site is overloaded;
    /// `Some(None)`: there is no chain.
    #[allow(clippy::option_option, reason = "the two ends of the search differ")]
    fn relieve(&self) -> Option<Option<Vec<usize>>> {
        let k = self.sites.len();
        let over = |a: &usize| self.load[*a] > self.capacity(*a);
        (0..k).find(over)?;
        let mut far: Vec<i128> = (0..k).map(|a| if over(&a) { 0 } else { NEVER }).collect();
        let mut from = vec![usize::MAX; k];
        for _ in 0..k {
            let mut any = false;
            for a in 0..k {
                if far[a] == NEVER {
                    continue;
                }
                for b in 0..k {
                    let by = plus(far[a], self.step[a][b].0);
                    if by < far[b] {
                        (far[b], from[b], any) = (by, a, true);
                    }
                }
            }
            if !any {
                break;
            }
        }
        let room = (0..k).filter(|a| self.load[*a] < self.capacity(*a) && far[*a] < NEVER);
        let Some(end) = room.min_by_key(|a| far[*a]) else { return Some(None) };
        let mut path = vec![end];
        while let Some(&a) = path.last().filter(|a| from[**a] != usize::MAX) {
            if path.len() > k {
                return Some(None);
            }
            path.push(from[a]);
        }
        path.reverse();
        Some(Some(path))
    }

    /// Moves as much as can be along a chain.
    fn push(&mut self, path: &[usize]) {
        let (first, last) = (path[0], path[path.len() - 1]);
        let moves: Vec<(usize, usize, usize)> =
            path.windows(2).map(|w| (w[0], w[1], self.step[w[0]][w[1]].1)).collect();
        let held =
            |&(a, _, i): &(usize, usize, usize)| self.at[a].iter().find(|p| p.0 == i).map_or(0, |p| p.1);
        let most = moves.iter().map(held).min().unwrap_or(0);
        let most =
            most.min(self.load[first] - self.capacity(first)).min(self.capacity(last) - self.load[last]);
        for (a, b, i) in moves {
            if let Some(at) = self.at[a].iter().position(|p| p.0 == i) {
                self.at[a][at].1 -= most;
                if self.at[a][at].1 == 0 {
                    self.at[a].swap_remove(at);
                }
            }
            match self.at[b].iter_mut().find(|p| p.0 == i) {
                Some(there) => there.1 += most,
                None => self.at[b].push((i, most)),
            }
        }
        self.load[first] -= most;
        self.load[last] += most;
        path.iter().for_each(|a| self.refresh(*a));
    }

    fn finish(self) -> Service {
        let mut served = vec![Vec::new(); self.problem.demand.len()];
        for (a, own) in self.at.iter().enumerate() {
            own.iter().for_each(|(i, amount)| served[*i].push((SiteIx(self.sites[a] as u32), *amount)));
        }
        let price = self.sites.iter().copied().zip(self.prices()).collect();
        Service { served, price }
    }

    /// What moving one unit on from each site to one with room costs. Where none can be reached, prices count from a
    /// site so far above all others that no chain of moves leads below 0.
    fn prices(&self) -> Vec<i128> {
        let k = self.sites.len();
        let mut price: Vec<i128> =
            (0..k).map(|a| if self.load[a] < self.capacity(a) { 0 } else { NEVER }).collect();
        loop {
            for _ in 0..k {
                let mut any = false;
                for a in 0..k {
                    let by = self.step[a].iter().zip(&price).map(|(s, p)| plus(s.0, *p));
                    let by = by.fold(NEVER, i128::min);
                    if by < price[a] {
                        (price[a], any) = (by, true);
                    }
                }
                if !any {
                    break;
                }
            }
            let Some(a) = (0..k).find(|a| price[*a] == NEVER) else { break };
            let finite = |all: &mut dyn Iterator<Item = i128>| {
                all.filter(|v| *v < NEVER).map(i128::abs).max().unwrap_or(0)
            };
            let highest = finite(&mut price.iter().copied());
            price[a] = highest + k as i128 * finite(&mut self.step.iter().flatten().map(|s| s.0));
        }
        price.iter_mut().for_each(|p| *p = (*p).max(0));
        price
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capacitated::Sharing;
    use crate::charges::Charges;
    use maillage_milp::Limits;

    /// Rings of moves of thirds cost 0 but for rounding, which must not hide the way out.
    #[test]
    fn rounding_is_no_gain() {
        let cost = [[2, 0, 0], [5, 5, 0], [0, 0, 0], [2, 5, 3], [0, 0, 0], [1, 2, 2]];
        let charges = Charges::new(vec![0; 3], 6, |i, j| Some(cost[i][j])).unwrap();
        let problem = Problem::new(&charges, &[0, 6, 3], &[0, 1, 0, 3, 0, 1], Sharing::Split).unwrap();
        let limits = Limits::default();
        let clock = Clock::new(&limits);
        let service = serve(&problem, &[true; 3], &clock).unwrap();
        // Client 3 is cheapest at site 2, client 1 too: of 3 places there one of its units goes to site 1.
        // 0 for client 1, 2 · 1 + 5/3 for client 3, 2 for client 5: 5 2/3, rounded up.
        assert_eq!(proven(&problem, &[Role::Open; 3], &service), 6);
    }

    /// Where all capacity is used, prices of several moves in a row must not fall below 0.
    #[test]
    fn full_sites_are_proven_too() {
        let cost = [
            [148_048_327, 2_620_469, 14_319_410],
            [22_167_445, 30_813_034, 137_531_323],
            [322_507_269, 900_000_000, 322_507_270],
            [354_795_407, 607_014_163, 354_795_407],
        ];
        let charges = Charges::new(vec![0; 3], 4, |i, j| Some(cost[i][j])).unwrap();
        let problem = Problem::new(&charges, &[3, 4, 4], &[3, 0, 4, 4], Sharing::Split).unwrap();
        let limits = Limits::default();
        let clock = Clock::new(&limits);
        let service = serve(&problem, &[true; 3], &clock).unwrap();
        let amount = |i: usize, j: u32| {
            service.served[i].iter().filter(|s| s.0.0 == j).map(|s| u128::from(s.1)).sum::<u128>()
        };
        // In twelfths, so that each part of a client is a whole number.
        let worth: u128 = [(0, 4u128), (2, 3), (3, 3)]
            .iter()
            .flat_map(|&(i, parts)| (0..3u32).map(move |j| (i, j, parts)))
            .map(|(i, j, parts)| amount(i, j) * parts * cost[i][j as usize] as u128)
            .sum::<u128>()
            + 12 * 22_167_445;
        assert_eq!(u128::from(proven(&problem, &[Role::Open; 3], &service)), worth.div_ceil(12));
    }

    #[test]
    fn served_and_proven_by_hand() {
        // Clients of 4, 2 and 0; sites that hold 3, 2 and 9 at 10, 20 and 30.
        let cost = [[4, 8, 40], [2, 3, 20], [1, 0, 5]];
        let charges = Charges::new(vec![10, 20, 30], 3, |i, j| Some(cost[i][j])).unwrap();
        let problem = Problem::new(&charges, &[3, 2, 9], &[4, 2, 0], Sharing::Split).unwrap();
        let limits = Limits::default();
        let clock = Clock::new(&limits);
        // Per unit 1, 2, 10 and 1, 1.5, 10: both clients begin at site 0, 3 over. Two units of the second go to site 1
        // for 0.5 each, then one of the first to site 2 for 9: 3 + 3 + 10. The third, of no demand, is at site 1 for 0.
        let service = serve(&problem, &[true; 3], &clock).unwrap();
        let amounts = |i: usize| {
            let mut own: Vec<_> = service.served[i].iter().map(|s| (s.0.0, s.1)).collect();
            own.sort_unstable();
            own
        };
        assert_eq!((amounts(0), amounts(1), amounts(2)), (vec![(0, 3), (2, 1)], vec![(1, 2)], vec![(1, 0)]));
        // One more unit of room at site 0 saves 9, at site 1 8.5 for the second client, 8 for the first.
        assert_eq!(service.price, [(0, 9 << PARTS), (1, 17 << (PARTS - 1)), (2, 0)]);
        assert_eq!(proven(&problem, &[Role::Open; 3], &service), 60 + 16);
        // The two others hold 5 of 6.
        assert!(serve(&problem, &[true, true, false], &clock).is_none());
        // At other prices less is proven: 0 everywhere, all at their nearest sites.
        let free = Service { served: Vec::new(), price: vec![(0, 0), (1, 0), (2, 0)] };
        assert_eq!(proven(&problem, &[Role::Open; 3], &free), 60 + 6);
    }
}
