//! Swap search on sparse lists: a site in, another out, as long as it pays.
//!
//! Every client keeps its nearest and second nearest open site; what a swap brings is summed over the clients that the new
//! site is nearer to. Whitaker 1983, Resende and Werneck 2007; eager swaps as in FasterPAM (Schubert and Rousseeuw 2021). Then
//! a few sites are moved at random in one neighbourhood after another, and what costs more is taken back, as in the
//! neighbourhood decomposition of Hansen, Mladenović and Perez-Brito (2001).

use super::inst::{Inst, Scaled, Unlike};
use maillage_milp::Limits;
use std::collections::BTreeSet;
use std::time::Instant;

const FAR: usize = usize::MAX;

fn tight<'a>(inst: &'a Inst, open: &[bool]) -> Vec<&'a Unlike> {
    inst.unlike.iter().filter(|r| r.held(open) >= r.most).collect()
}

/// A plan under search.
pub(crate) struct Plan<'a> {
    inst: &'a Inst,
    pub open: Vec<bool>,
    /// Nearest and second nearest open site of each client, with costs.
    near: Vec<[(usize, Scaled); 2]>,
    /// What closing each open site loses, and all of them in order.
    loss: Vec<Scaled>,
    order: BTreeSet<(Scaled, usize)>,
    /// Plans that it differs from as little as it may.
    tight: Vec<&'a Unlike>,
    pub total: Scaled,
}

impl<'a> Plan<'a> {
    pub fn new(inst: &'a Inst, open: Vec<bool>) -> Self {
        let mut plan = Plan {
            inst,
            near: vec![[(FAR, 0); 2]; inst.clients()],
            loss: vec![0; open.len()],
            order: BTreeSet::new(),
            tight: tight(inst, &open),
            total: 0,
            open,
        };
        for i in 0..inst.clients() {
            plan.near[i] = plan.nearest(i);
            plan.total += plan.near[i][0].1;
            plan.add_loss(i, 1);
        }
        plan.order = (0..plan.open.len()).filter(|k| plan.open[*k]).map(|k| (plan.loss[k], k)).collect();
        plan
    }

    /// Beyond the list: its cap, or far more than its last cost where nothing else serves.
    fn beyond(&self, i: usize) -> Scaled {
        let cap = self.inst.cap[i];
        if cap < Scaled::MAX / 4 {
            return cap + cap / 8;
        }
        let last = self.inst.list(i).last().map_or(0, |(_, c)| c);
        (last + self.inst.scale).saturating_mul(8)
    }

    fn nearest(&self, i: usize) -> [(usize, Scaled); 2] {
        let mut open = self.inst.list(i).filter(|(k, _)| self.open[*k]);
        let far = (FAR, self.beyond(i));
        let first = open.next().unwrap_or(far);
        [first, open.next().unwrap_or((FAR, far.1.max(first.1)))]
    }

    /// Between the costs of the nearest and the second nearest: first multipliers.
    pub fn between(&self) -> Vec<Scaled> {
        self.near.iter().map(|[(_, a), (_, b)]| a + (b - a) / 2).collect()
    }

    fn add_loss(&mut self, i: usize, sign: Scaled) {
        let [(a, d1), (_, d2)] = self.near[i];
        if a != FAR {
            self.loss[a] += sign * (d2 - d1);
        }
    }

    /// Clients left without.
    pub fn unserved(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.near.len()).filter(|i| self.near[*i][0].0 == FAR)
    }

    /// The best site to take out for `new`, and what the swap changes.
    fn best_out(
        &self,
        new: usize,
        delta: &mut [Scaled],
        touched: &mut Vec<usize>,
    ) -> Option<(usize, Scaled)> {
        let mut all = 0;
        for (i, c) in self.inst.reach(new) {
            let [(a, d1), (_, d2)] = self.near[i];
            if c >= d2 {
                continue;
            }
            let mut less = d2 - c;
            if c < d1 {
                all -= d1 - c;
                less = d2 - d1;
            }
            if a != FAR {
                if delta[a] == 0 {
                    touched.push(a);
                }
                delta[a] -= less;
            }
        }
        let tight: Vec<_> = self.tight.iter().filter(|r| r.sites[new]).collect();
        let may = |a: usize| !self.inst.one[a] && tight.iter().all(|r| r.sites[a]);
        let mut best: Option<(Scaled, usize)> = None;
        for &a in touched.iter().filter(|a| may(**a)) {
            let value = (self.loss[a] + delta[a], a);
            best = Some(best.map_or(value, |b| b.min(value)));
        }
        let mut least = self.order.iter().filter(|(_, a)| delta[*a] == 0 && may(*a));
        if let Some(&value) = least.next() {
            best = Some(best.map_or(value, |b| b.min(value)));
        }
        touched.drain(..).for_each(|a| delta[a] = 0);
        best.map(|(loss, a)| (a, loss + all))
    }

    /// The clients whose nearest sites change.
    fn swap(&mut self, new: usize, old: usize) -> Vec<usize> {
        self.open[new] = true;
        self.open[old] = false;
        self.tight = tight(self.inst, &self.open);
        let mut changed: Vec<usize> = self
            .inst
            .reach(old)
            .filter(|(i, _)| self.near[*i].iter().any(|(k, _)| *k == old))
            .map(|(i, _)| i)
            .collect();
        changed.extend(self.inst.reach(new).filter(|(i, c)| *c < self.near[*i][1].1).map(|(i, _)| i));
        changed.sort_unstable();
        changed.dedup();
        let after: Vec<_> = changed.iter().map(|&i| self.nearest(i)).collect();
        let mut sites: Vec<usize> = vec![new, old];
        for (&i, new) in changed.iter().zip(&after) {
            sites.extend([self.near[i][0].0, new[0].0]);
        }
        sites.sort_unstable();
        sites.dedup();
        sites.retain(|k| *k != FAR);
        for k in &sites {
            self.order.remove(&(self.loss[*k], *k));
        }
        for (&i, new) in changed.iter().zip(after) {
            self.add_loss(i, -1);
            self.total += new[0].1 - self.near[i][0].1;
            self.near[i] = new;
            self.add_loss(i, 1);
        }
        for &k in sites.iter().filter(|k| self.open[**k]) {
            self.order.insert((self.loss[k], k));
        }
        changed
    }

    /// Swaps as long as one pays, trying sites from `seed` on.
    pub fn improve(&mut self, seed: usize, limits: &Limits, started: Instant) {
        let m = self.open.len();
        let mut delta = vec![0; m];
        let mut touched = Vec::new();
        let (mut k, mut idle) = (seed % m.max(1), 0);
        while idle < m {
            if k % 256 == 0 && (limits.stopped() || limits.time.is_some_and(|t| started.elapsed() >= t)) {
                return;
            }
            idle += 1;
            if !self.open[k]
                && let Some((old, change)) = self.best_out(k, &mut delta, &mut touched)
                && change < 0
            {
                self.swap(k, old);
                idle = 0;
            }
            k = (k + 1) % m;
        }
    }

    /// Moves two to four sites around a client drawn at random, swaps around them as long as it pays, and takes back what
    /// costs more; until so many pairs were looked at.
    pub fn shake(&mut self, seed: u64, mut work: u64, limits: &Limits, started: Instant) {
        let m = self.open.len();
        let (mut delta, mut touched) = (vec![0; m], Vec::new());
        let (mut queue, mut queued) = (Vec::new(), vec![false; m]);
        let mut state = seed.wrapping_mul(2).wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut draw = |n: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % n.max(1)
        };
        while work > 0 && !limits.stopped() && limits.time.is_none_or(|t| started.elapsed() < t) {
            let (client, moves) = (draw(self.inst.clients()), 2 + draw(3));
            let around = || self.inst.list(client).map(|(k, _)| k);
            let old: Vec<usize> =
                around().filter(|k| self.open[*k] && !self.inst.one[*k]).take(moves).collect();
            let Some(last) = old.last() else {
                work = work.saturating_sub(1000);
                continue;
            };
            let mut new: Vec<usize> = around().take_while(|k| k != last).filter(|k| !self.open[*k]).collect();
            let (before, mut done) = (self.total, Vec::new());
            for &old in &old {
                if new.is_empty() {
                    break;
                }
                let new = new.swap_remove(draw(new.len()));
                done.push((new, old));
            }
            for &(new, old) in &done {
                let changed = self.swap(new, old);
                self.queue(&changed, &mut queue, &mut queued);
            }
            while let Some(k) = queue.pop() {
                queued[k] = false;
                work = work.saturating_sub((self.inst.by_site[k + 1] - self.inst.by_site[k]) as u64);
                if !self.open[k]
                    && let Some((old, change)) = self.best_out(k, &mut delta, &mut touched)
                    && change < 0
                {
                    let changed = self.swap(k, old);
                    self.queue(&changed, &mut queue, &mut queued);
                    done.push((k, old));
                }
            }
            work = work.saturating_sub(1000);
            if self.total > before {
                for (new, old) in done.into_iter().rev() {
                    self.swap(old, new);
                }
            }
        }
    }

    /// The sites nearer to a client than its nearest open one.
    fn queue(&self, clients: &[usize], queue: &mut Vec<usize>, queued: &mut [bool]) {
        for &i in clients {
            let nearest = self.near[i][0].1;
            for (k, _) in self.inst.list(i).take_while(|(_, c)| *c < nearest) {
                if !std::mem::replace(&mut queued[k], true) {
                    queue.push(k);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CostLists;

    #[test]
    fn totals_stay_true() {
        // A pseudo-random table; after many swaps what is kept by and by equals what is computed anew.
        let mut x = 7u64;
        let mut next = |n: u64| {
            x = x.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (x >> 33) % n
        };
        let rows: Vec<Vec<Option<u32>>> =
            (0..60).map(|_| (0..40).map(|_| (next(4) > 0).then(|| next(50) as u32)).collect()).collect();
        let weights = (0..60).map(|_| next(5)).collect();
        let lists = CostLists::from_dense(&rows, weights).unwrap();
        let inst = Inst::new(&lists, &[true; 40], &[false; 40], 6, false);
        let mut plan = Plan::new(&inst, (0..40).map(|k| k < 6).collect());
        let first = plan.total;
        plan.improve(3, &Limits::default(), Instant::now());
        let again = Plan::new(&inst, plan.open.clone());
        assert!(plan.total < first);
        // Ties may be kept in another order: costs, and what closing a site loses in all, are the same.
        let costs = |p: &Plan<'_>| p.near.iter().map(|[a, b]| (a.1, b.1)).collect::<Vec<_>>();
        let losses = |p: &Plan<'_>| p.order.iter().map(|(l, _)| *l).sum::<Scaled>();
        assert_eq!((plan.total, costs(&plan), losses(&plan)), (again.total, costs(&again), losses(&again)));
        assert!(plan.order.iter().all(|(l, k)| *l == plan.loss[*k] && plan.open[*k]));
        assert_eq!(plan.open.iter().filter(|o| **o).count(), 6);
        // No swap pays any more.
        for new in (0..40).filter(|k| !plan.open[*k]) {
            for old in (0..40).filter(|k| plan.open[*k]) {
                let mut open = plan.open.clone();
                (open[new], open[old]) = (true, false);
                assert!(Plan::new(&inst, open).total >= plan.total);
            }
        }
    }
}
