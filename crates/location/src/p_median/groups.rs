//! Cuts over the few clients among which the relaxation splits sites.
//!
//! For clients `C`, levels `L_i` and prices `b_k ≥ 0`, every plan has
//! ```text
//! Σ_{i∈C} θ_i ≥ a - Σ_k b_k y_k,   a = min over sets T of sites of  Σ_{i∈C} min(L_i, min_{k∈T} c_ik) + Σ_{k∈T} b_k
//! ```
//! Cuts of single clients are of this kind, but together clients are worth more: no set of sites suits all of them as the split
//! ones do. The price of a site may be as much as it can save alone, `Σ_i (L_i - c_ik)⁺`: it then never pays, whatever else is
//! open, and drops out of the minimum. All sets of the other sites, a dozen, are priced in exact integers, so that `a` is proven
//! whatever the prices. Those of the split sites are the ones that cut most (an LP over the sets that matter); those of a few
//! more are lifted one after another. Local cuts of Applegate, Bixby, Chvátal and Cook (2001), for the p-median.

use super::benders::Relaxed;
use super::inst::{Inst, NONE, Scaled};
use maillage_milp::{Limits, Lp, LpRow, Reason, Sense, SolverFailure};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

/// Split sites of a group at first and at most, and further sites whose sets are priced.
const SPLIT: usize = 10;
const LARGEST: usize = 16;
const MORE: usize = 4;
/// Steps that pricing all sets of a group may take, as a power of two.
const STEPS: u32 = 21;
/// Parts of the table of sets of which each may give a row at a time.
const PARTS: usize = 16;
/// Pairs of a client and a site beyond which a group takes too long.
const PAIRS: usize = 50_000;
/// Groups remembered.
const REMEMBERED: usize = 100_000;
/// What a value of the relaxation counts as 0.
const TINY: f64 = 1e-6;
/// Least violation worth a row, in units of the LP.
const WORTH: f64 = 1e-3;

/// A cut: what the clients cost together, at least, less what open sites save.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    pub clients: Vec<u32>,
    /// Sites with their prices, none of them 0.
    pub sites: Vec<(u32, Scaled)>,
    pub least: Scaled,
}

impl Group {
    /// The same cut where only some sites are left.
    pub fn moved(&self, from: &Inst, to: &Inst) -> Self {
        let place = |(k, b): &(u32, Scaled)| {
            let at = to.id.binary_search(&from.id[*k as usize]).ok()?;
            Some((at as u32, *b))
        };
        Group { sites: self.sites.iter().filter_map(place).collect(), ..self.clone() }
    }
}

/// Looks for groups, small ones first.
#[derive(Debug)]
pub(crate) struct Finder {
    /// Split sites of a group.
    size: usize,
    largest: usize,
    /// Those looked at, with what the relaxation said of them.
    tried: BTreeSet<Vec<(u32, u32)>>,
}

/// A client with the split sites that it sees before the relaxation has served it.
struct Seen {
    client: usize,
    split: Vec<u32>,
    /// Where it is served in full.
    level: Scaled,
}

impl Finder {
    pub fn new(inst: &Inst) -> Self {
        // A site serves so many clients, about: they are walked through for every set.
        let served = (inst.clients() / inst.p.max(1)).max(1).ilog2();
        let largest = (STEPS.saturating_sub(served) as usize).clamp(4, LARGEST);
        Finder { size: SPLIT.min(largest), largest, tried: BTreeSet::new() }
    }

    /// Larger groups from now on, if there are any.
    pub fn grow(&mut self) -> bool {
        let grows = self.size < self.largest;
        self.size = (self.size + 3).min(self.largest);
        grows
    }

    /// Cuts that a point violates. `rho`: what each site counts in the bound, the least the likeliest.
    pub fn find(
        &mut self,
        inst: &Inst,
        at: &Relaxed,
        rho: &[Scaled],
        unit: f64,
        limits: &Limits,
    ) -> Result<Vec<Group>, SolverFailure> {
        let started = Instant::now();
        let seen = seen(inst, &at.y);
        let mut of: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (s, client) in seen.iter().enumerate() {
            client.split.iter().for_each(|k| of.entry(*k).or_default().push(s));
        }
        let mut out = Vec::new();
        if self.tried.len() > REMEMBERED {
            self.tried.clear();
        }
        let mut cut = BTreeSet::new();
        for first in of.keys() {
            if limits.stopped() || limits.time.is_some_and(|t| started.elapsed() >= t) {
                break;
            }
            // The same split sites are not cut twice over before the next LP.
            if cut.contains(first) {
                continue;
            }
            let sites = cluster(*first, &seen, &of, self.size);
            let here = sites.iter().map(|k| (*k, (at.y[*k as usize] * 1e4) as u32)).collect();
            if !self.tried.insert(here) {
                continue;
            }
            let mut near: Vec<usize> = sites.iter().flat_map(|k| &of[k]).copied().collect();
            near.sort_unstable();
            near.dedup();
            let near = near.iter().map(|s| &seen[*s]);
            let Some(cluster) = Cluster::new(inst, &at.y, rho, sites, self.largest + 1, near) else {
                continue;
            };
            if let Some(group) = cluster.cut(at, unit, limits.seed)? {
                cut.extend(cluster.sites);
                out.push(group);
            }
        }
        Ok(out)
    }
}

/// Whether the relaxation splits a site.
pub(crate) fn is_split(y: f64) -> bool {
    y > TINY && y < 1.0 - TINY
}

fn seen(inst: &Inst, y: &[f64]) -> Vec<Seen> {
    let mut out = Vec::new();
    for client in 0..inst.clients() {
        let (mut open, mut split) = (0.0, Vec::new());
        let mut level = inst.cap[client];
        for (k, c) in inst.list(client) {
            if is_split(y[k]) {
                split.push(k as u32);
            }
            open += y[k];
            if open >= 1.0 - TINY {
                level = level.min(c);
                break;
            }
        }
        if !split.is_empty() && level < NONE {
            out.push(Seen { client, split, level });
        }
    }
    out
}

/// The split sites that clients see together with a first one, directly or through others, closest ones first.
fn cluster(first: u32, seen: &[Seen], of: &BTreeMap<u32, Vec<usize>>, size: usize) -> Vec<u32> {
    let mut sites = vec![first];
    let mut ties: BTreeMap<u32, usize> = BTreeMap::new();
    let mut last = first;
    while sites.len() < size {
        for &s in &of[&last] {
            for k in seen[s].split.iter().filter(|k| !sites.contains(k)) {
                *ties.entry(*k).or_default() += 1;
            }
        }
        let Some((&next, _)) = ties.iter().max_by_key(|(k, ties)| (**ties, std::cmp::Reverse(**k))) else {
            break;
        };
        ties.remove(&next);
        sites.push(next);
        last = next;
    }
    sites.sort_unstable();
    sites
}

/// Clients, the sites whose sets are priced, split ones first, and what others may save.
struct Cluster {
    clients: Vec<(usize, Scaled)>,
    sites: Vec<u32>,
    split: usize,
    others: Vec<(u32, Scaled)>,
    /// What the clients cost with each set of `sites`.
    cost: Vec<Scaled>,
}

impl Cluster {
    fn new<'s>(
        inst: &Inst,
        y: &[f64],
        rho: &[Scaled],
        split: Vec<u32>,
        priced: usize,
        near: impl Iterator<Item = &'s Seen>,
    ) -> Option<Self> {
        let clients: Vec<(usize, Scaled)> = near.map(|s| (s.client, further(inst, y, s, &split))).collect();
        let mut saved: BTreeMap<u32, Scaled> = BTreeMap::new();
        let mut left = PAIRS;
        for &(i, level) in &clients {
            for (k, c) in inst.list(i).take_while(|(_, c)| *c < level) {
                *saved.entry(k as u32).or_default() += level - c;
                left = left.checked_sub(1)?;
            }
        }
        let mut more: Vec<u32> = saved
            .keys()
            .copied()
            .filter(|k| split.binary_search(k).is_err() && y[*k as usize] <= TINY)
            .collect();
        more.sort_by_key(|k| (rho[*k as usize], *k));
        more.truncate((split.len() + MORE).min(priced) - split.len());
        let (few, mut sites) = (split.len(), split);
        sites.extend(more);
        let others = saved.into_iter().filter(|(k, _)| !sites.contains(k)).collect();
        let cost = costs(inst, &clients, &sites);
        Some(Cluster { clients, sites, split: few, others, cost })
    }

    /// The cut of the prices that cut most, if it cuts.
    fn cut(&self, at: &Relaxed, unit: f64, seed: u32) -> Result<Option<Group>, SolverFailure> {
        let theta = self.clients.iter().map(|(i, _)| at.theta[*i]).sum::<f64>();
        let others = self.others.iter().map(|(k, b)| at.y[*k as usize] * *b as f64 / unit).sum::<f64>();
        let worth = theta + others + WORTH;
        let y: Vec<f64> = self.sites[..self.split].iter().map(|k| at.y[*k as usize]).collect();
        let Some(mut price) = self.prices(&y, worth, unit, seed)? else {
            return Ok(None);
        };
        let mut paid = paid(&price);
        let least = paid.iter().zip(&self.cost).map(|(p, c)| p + c).min().unwrap_or(0);
        let value = least as f64 - price.iter().zip(&y).map(|(b, y)| *b as f64 * y).sum::<f64>();
        if value / unit <= worth {
            return Ok(None);
        }
        for _ in self.split..self.sites.len() {
            let sets = paid.len();
            let with = paid.iter().zip(&self.cost[sets..]).map(|(p, c)| p + c).min().unwrap_or(0);
            let more = (least - with).max(0);
            price.push(more);
            paid.extend_from_within(..);
            paid[sets..].iter_mut().for_each(|p| *p += more);
        }
        let priced = self.sites.iter().copied().zip(price);
        let sites = priced.chain(self.others.iter().copied()).filter(|(_, b)| *b > 0).collect();
        Ok(Some(Group { clients: self.clients.iter().map(|(i, _)| *i as u32).collect(), sites, least }))
    }

    /// Prices of the split sites for which `a - Σ b y` is largest, if it is worth so much.
    fn prices(
        &self,
        y: &[f64],
        worth: f64,
        unit: f64,
        seed: u32,
    ) -> Result<Option<Vec<Scaled>>, SolverFailure> {
        let mut lp = Lp::new(Sense::Maximise, seed)?;
        let alone = |k: usize| (self.cost[0] - self.cost[1 << k]) as f64 / unit;
        let mut columns = vec![(1.0, 0.0, self.cost[0] as f64 / unit)];
        columns.extend(y.iter().enumerate().map(|(k, y)| (-y, 0.0, alone(k))));
        lp.add_columns(&columns)?;
        let row = |t: usize| {
            let paid = (0..y.len()).filter(|k| t >> k & 1 == 1).map(|k| (k + 1, -1.0));
            let upper = self.cost[t] as f64 / unit;
            LpRow { lower: f64::NEG_INFINITY, upper, terms: std::iter::once((0, 1.0)).chain(paid).collect() }
        };
        // All sites, none, each alone; then the sets that are too cheap, the worst of each part of the table.
        let all = (1 << y.len()) - 1;
        let mut sets: BTreeSet<usize> = (0..y.len()).map(|k| 1 << k).chain([0, all]).collect();
        loop {
            lp.add_rows(&sets.iter().map(|t| row(*t)).collect::<Vec<_>>())?;
            let out = lp.solve(&Limits::default())?;
            if out.reason != Reason::Optimal || out.objective <= worth {
                return Ok(None);
            }
            let price: Vec<Scaled> =
                out.values[1..].iter().map(|b| (b * unit).max(0.0).round() as Scaled).collect();
            let paid = paid(&price);
            let part = paid.len().div_ceil(PARTS);
            let value = |t: &usize| paid[*t] + self.cost[*t];
            let worst = |from: usize| (from..(from + part).min(paid.len())).min_by_key(value);
            let cheap = |t: &usize| (value(t) as f64 / unit) < out.values[0] - WORTH / 4.0;
            let next: BTreeSet<usize> =
                (0..paid.len()).step_by(part).filter_map(worst).filter(cheap).collect();
            if next.is_empty() || next == sets {
                return Ok(Some(price));
            }
            sets = next;
        }
    }
}

/// What each set of sites pays at these prices.
fn paid(price: &[Scaled]) -> Vec<Scaled> {
    let mut paid = vec![0; 1];
    for b in price {
        let sets = paid.len();
        paid.extend_from_within(..);
        paid[sets..].iter_mut().for_each(|p| *p += b);
    }
    paid
}

/// How far a client may have to go when the sites that it sees are shut: as far as the relaxation serves it twice, but not past
/// sites split elsewhere.
fn further(inst: &Inst, y: &[f64], seen: &Seen, split: &[u32]) -> Scaled {
    let mut open = 0.0;
    for (k, c) in inst.list(seen.client) {
        let elsewhere = is_split(y[k]) && split.binary_search(&(k as u32)).is_err();
        open += y[k];
        if elsewhere || y[k] >= 1.0 - TINY || open >= 2.0 - TINY {
            return c.max(seen.level);
        }
    }
    let last = inst.list(seen.client).last().map_or(seen.level, |(_, c)| c.max(seen.level));
    if inst.cap[seen.client] == NONE { last } else { inst.cap[seen.client] }
}

/// What clients cost with each set of sites, a bit each.
fn costs(inst: &Inst, clients: &[(usize, Scaled)], sites: &[u32]) -> Vec<Scaled> {
    let mut reach: Vec<Vec<(usize, Scaled)>> = vec![Vec::new(); sites.len()];
    for (place, &(i, level)) in clients.iter().enumerate() {
        for (k, c) in inst.list(i).take_while(|(_, c)| *c < level) {
            if let Some(s) = sites.iter().position(|site| *site == k as u32) {
                reach[s].push((place, c));
            }
        }
    }
    let mut now: Vec<Scaled> = clients.iter().map(|(_, level)| *level).collect();
    let mut out = vec![0; 1 << sites.len()];
    let total = now.iter().sum();
    fill(&reach, sites.len(), 0, total, &mut now, &mut out);
    out
}

/// All sets of the first `left` sites beside those of `set`, which are open.
fn fill(
    reach: &[Vec<(usize, Scaled)>],
    left: usize,
    set: usize,
    total: Scaled,
    now: &mut [Scaled],
    out: &mut [Scaled],
) {
    let Some(k) = left.checked_sub(1) else {
        out[set] = total;
        return;
    };
    fill(reach, k, set, total, now, out);
    let before: Vec<Scaled> = reach[k].iter().map(|(i, _)| now[*i]).collect();
    let mut less = 0;
    for &(i, c) in &reach[k] {
        less += (now[i] - c).max(0);
        now[i] = now[i].min(c);
    }
    fill(reach, k, set | 1 << k, total - less, now, out);
    reach[k].iter().zip(before).for_each(|((i, _), cost)| now[*i] = cost);
}

#[cfg(test)]
mod tests {
    use super::super::dual::{Dual, Multipliers, WHOLE};
    use super::*;
    use crate::CostLists;
    use std::rc::Rc;

    fn relaxed(y: Vec<f64>, theta: Vec<f64>) -> Relaxed {
        Relaxed { y, theta, multipliers: Multipliers::default() }
    }

    fn find(inst: &Inst, at: &Relaxed) -> Vec<Group> {
        Finder::new(inst)
            .find(inst, at, &vec![0; inst.sites()], inst.scale as f64, &Limits::default())
            .unwrap()
    }

    #[test]
    fn three_towns_cannot_share_one_site_and_a_half() {
        // Each client is beside two of three sites, 10 from the third. Half of each site serves all for nothing; but sets of
        // 0, 1, 2 and 3 sites cost 30, 10, 0 and 0, so at a price of 10 a site none costs less than 20.
        let rows = [[0, 0, 10], [10, 0, 0], [0, 10, 0]].map(|r| r.map(Some).to_vec());
        let lists = CostLists::from_dense(&rows, vec![1; 3]).unwrap();
        let inst = Inst::new(&lists, &[true; 3], &[false; 3], 1, false);
        let groups = find(&inst, &relaxed(vec![0.5; 3], vec![0.0; 3]));
        let ten = 10 * inst.scale;
        let cut = Group { clients: vec![0, 1, 2], sites: vec![(0, ten), (1, ten), (2, ten)], least: 2 * ten };
        assert_eq!(groups, std::slice::from_ref(&cut));
        // One site saves 10 of the 20; half of the cut proves half of that; no client counts twice.
        let bound = |shares: &[i64]| {
            let groups = shares.iter().map(|s| (Rc::new(cut.clone()), *s)).collect();
            let multipliers = Multipliers { u: vec![0; 3], mu: Vec::new(), groups };
            Dual::within(&inst, multipliers, &[true; 3], &inst.one).bound
        };
        let ten = i128::from(ten);
        assert_eq!([bound(&[WHOLE]), bound(&[WHOLE / 2]), bound(&[WHOLE, WHOLE])], [ten, ten / 2, ten]);
        // Where the point costs what the cut asks for there is none: 20 - 3 × 10 / 2 = 5.
        assert!(find(&inst, &relaxed(vec![0.5; 3], vec![5.0 / 3.0; 3])).is_empty());
        // The same cut without the second site.
        let less = inst.compressed(&[true, false, true], &[false; 3]);
        assert_eq!(cut.moved(&inst, &less).sites, [(0, 10 * inst.scale), (1, 10 * inst.scale)]);
    }

    /// No plan costs less than a cut says, and no share of cuts proves more than the best plan.
    #[test]
    fn no_plan_is_cut_off() {
        const SITES: usize = 13;
        let mut x = 5u64;
        let mut next = |n: u64| {
            x = x.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (x >> 33) % n
        };
        let mut found = [0; 2];
        for trial in 0..300 {
            let cell =
                |next: &mut dyn FnMut(u64) -> u64| (trial % 3 > 0 || next(5) > 0).then(|| next(30) as u32);
            let rows: Vec<Vec<Option<u32>>> =
                (0..12).map(|_| (0..SITES).map(|_| cell(&mut next)).collect()).collect();
            let lists = CostLists::from_dense(&rows, (0..12).map(|_| 1 + next(3)).collect()).unwrap();
            let p = 1 + next(4) as u32;
            let inst = Inst::new(&lists, &[true; SITES], &[false; SITES], p, false);
            let y = (0..SITES).map(|_| [0.0, 0.0, 0.25, 0.5, 0.5, 1.0][next(6) as usize]).collect();
            let groups = find(&inst, &relaxed(y, vec![0.0; 12]));
            found[0] += groups.len();
            found[1] += groups.iter().filter(|g| g.sites.len() > 8).count();
            let cost = |i: usize, set: usize| inst.list(i).find(|(k, _)| set >> k & 1 == 1).map(|(_, c)| c);
            let mut best = i128::MAX;
            for set in 0..1usize << SITES {
                for group in &groups {
                    let costs = group.clients.iter().map(|i| {
                        let cap = inst.cap[*i as usize];
                        cost(*i as usize, set).or((cap < NONE).then_some(cap))
                    });
                    let saved = group.sites.iter().filter(|(k, _)| set >> k & 1 == 1).map(|(_, b)| b);
                    let costs: Option<Scaled> = costs.sum();
                    assert!(costs.is_none_or(|c| c + saved.sum::<Scaled>() >= group.least), "{group:?}");
                }
                if set.count_ones() == p {
                    let all: Option<Scaled> = (0..12).map(|i| cost(i, set)).sum();
                    best = best.min(all.map_or(i128::MAX, i128::from));
                }
            }
            let shares =
                groups.into_iter().map(|g| (Rc::new(g), next(WHOLE as u64 * 3 / 2) as i64)).collect();
            let u = (0..12).map(|i| inst.most(i).min(next(60) as Scaled * inst.scale)).collect();
            let multipliers = Multipliers { u, mu: Vec::new(), groups: shares };
            assert!(Dual::within(&inst, multipliers, &[true; SITES], &inst.one).bound <= best);
        }
        assert!(found[0] > 300 && found[1] > 100, "{found:?}");
    }
}
