//! The lists that the engine works on: sites still in play only, costs in exact integers.

use super::{ClientIx, CostLists};

/// Costs of the engine: weight × cost × [`Inst::scale`].
pub(crate) type Scaled = i64;

/// No plan serves this client beyond its list.
pub(crate) const NONE: Scaled = Scaled::MAX / 4;

/// Clients and the sites in play, nearest first, with the same pairs by site. Sites have dense numbers; `id` gives those of the lists.
#[derive(Debug, Clone)]
pub(crate) struct Inst {
    pub p: usize,
    /// Units of one unit of the objective.
    pub scale: Scaled,
    pub start: Vec<usize>,
    pub site: Vec<u32>,
    pub cost: Vec<u32>,
    /// Weight × scale.
    pub weight: Vec<Scaled>,
    /// No plan that matters costs a client more or, past the end of a list that was cut, all do cost as much.
    pub cap: Vec<Scaled>,
    pub by_site: Vec<usize>,
    pub client: Vec<u32>,
    pub client_cost: Vec<u32>,
    pub id: Vec<u32>,
    /// Sites that stand in every plan that matters.
    pub one: Vec<bool>,
    /// Plans to differ from.
    pub unlike: Vec<Unlike>,
}

/// Of these sites not all may stand.
#[derive(Debug, Clone)]
pub(crate) struct Unlike {
    pub sites: Vec<bool>,
    /// So many at most.
    pub most: usize,
}

impl Inst {
    /// Allowed sites only. `cut`: sites beyond a list cost at least its last cost, instead of being out of reach.
    pub fn new(lists: &CostLists, allowed: &[bool], fixed: &[bool], p: u32, cut: bool) -> Self {
        let id: Vec<u32> = (0..lists.num_sites()).filter(|j| allowed[*j as usize]).collect();
        let mut dense = vec![u32::MAX; allowed.len()];
        (0u32..).zip(&id).for_each(|(k, j)| dense[*j as usize] = k);
        let one: Vec<bool> = id.iter().map(|j| fixed[*j as usize]).collect();
        // One of the m - p + 1 nearest allowed sites is open, and nobody passes by a fixed one.
        let most = id.len() + 1 - p as usize;
        let dearest =
            |c: ClientIx| u128::from(lists.weight(c)) * lists.list(c).last().map_or(0, |(_, d)| d) as u128;
        let total: u128 = lists.clients().map(dearest).sum::<u128>().max(1);
        // Room for sums of all costs and some more: below 2^59.
        let scale = 1 << (59u32.saturating_sub(128 - total.leading_zeros())).min(20);
        let mut inst = Inst {
            p: p as usize,
            scale,
            start: vec![0],
            site: Vec::new(),
            cost: Vec::new(),
            weight: Vec::with_capacity(lists.num_clients() as usize),
            cap: Vec::with_capacity(lists.num_clients() as usize),
            by_site: Vec::new(),
            client: Vec::new(),
            client_cost: Vec::new(),
            id,
            one,
            unlike: Vec::new(),
        };
        for client in lists.clients() {
            let weight = lists.weight(client) as Scaled * scale;
            let mut last = None;
            for (site, cost) in lists.list(client) {
                let k = dense[site.0 as usize];
                if k == u32::MAX {
                    continue;
                }
                inst.site.push(k);
                inst.cost.push(cost);
                last = Some(cost);
                if inst.one[k as usize] || inst.site.len() - inst.start[inst.weight.len()] == most {
                    break;
                }
            }
            let here = inst.site.len() - inst.start[inst.weight.len()];
            let ends = inst.site.last().is_some_and(|k| inst.one[*k as usize]) || here == most || cut;
            inst.start.push(inst.site.len());
            inst.cap.push(last.filter(|_| ends).map_or(NONE, |d| weight * Scaled::from(d)));
            inst.weight.push(weight);
        }
        inst.turn();
        inst
    }

    /// The same pairs by site.
    fn turn(&mut self) {
        let m = self.id.len();
        self.by_site = vec![0; m + 1];
        self.site.iter().for_each(|k| self.by_site[*k as usize + 1] += 1);
        (0..m).for_each(|k| self.by_site[k + 1] += self.by_site[k]);
        let mut at = self.by_site.clone();
        self.client = vec![0; self.site.len()];
        self.client_cost = vec![0; self.site.len()];
        for i in 0..self.weight.len() {
            for e in self.start[i]..self.start[i + 1] {
                let slot = &mut at[self.site[e] as usize];
                self.client[*slot] = i as u32;
                self.client_cost[*slot] = self.cost[e];
                *slot += 1;
            }
        }
    }

    /// Most that a multiplier may be: all of them together stay below 2^61.
    pub fn most(&self, i: usize) -> Scaled {
        if self.cap[i] == NONE { (1 << 60) / self.clients() as Scaled } else { self.cap[i] }
    }

    pub fn clients(&self) -> usize {
        self.weight.len()
    }

    pub fn sites(&self) -> usize {
        self.id.len()
    }

    /// The first `p` sites of an order that may stand together, those that must before all.
    pub fn pick(&self, order: impl Iterator<Item = usize>) -> Vec<bool> {
        let mut open = self.one.clone();
        let mut more = self.p.saturating_sub(open.iter().filter(|o| **o).count());
        let mut held: Vec<usize> = self.unlike.iter().map(|r| r.held(&open)).collect();
        for k in order {
            let fits = |(r, held): (&Unlike, &usize)| !r.sites[k] || *held < r.most;
            if more > 0 && !open[k] && self.unlike.iter().zip(&held).all(fits) {
                open[k] = true;
                more -= 1;
                self.unlike.iter().zip(&mut held).for_each(|(r, h)| *h += usize::from(r.sites[k]));
            }
        }
        open
    }

    /// Whether a plan has `p` sites and differs from those that it must differ from.
    pub fn permits(&self, open: &[bool]) -> bool {
        open.iter().filter(|o| **o).count() == self.p && self.unlike.iter().all(|r| r.held(open) <= r.most)
    }

    /// Whether some client could be left without.
    pub fn is_hard(&self) -> bool {
        self.cap.contains(&NONE)
    }

    /// Pairs of a client, nearest first: site and scaled cost.
    pub fn list(&self, i: usize) -> impl Iterator<Item = (usize, Scaled)> + '_ {
        let range = self.start[i]..self.start[i + 1];
        let w = self.weight[i];
        self.site[range.clone()]
            .iter()
            .zip(&self.cost[range])
            .map(move |(k, d)| (*k as usize, w * Scaled::from(*d)))
    }

    /// Clients of a site with their scaled costs.
    pub fn reach(&self, k: usize) -> impl Iterator<Item = (usize, Scaled)> + '_ {
        let range = self.by_site[k]..self.by_site[k + 1];
        let pairs = self.client[range.clone()].iter().zip(&self.client_cost[range]);
        pairs.map(|(i, d)| (*i as usize, self.weight[*i as usize] * Scaled::from(*d)))
    }

    /// The sites for which `keep` holds, those of `one` among them; lists end at the nearest site of `one`.
    pub fn compressed(&self, keep: &[bool], one: &[bool]) -> Self {
        let mut dense = vec![u32::MAX; self.sites()];
        let kept: Vec<usize> = (0..self.sites()).filter(|k| keep[*k]).collect();
        (0u32..).zip(&kept).for_each(|(new, k)| dense[*k] = new);
        let mut out = Inst {
            start: vec![0],
            site: Vec::new(),
            cost: Vec::new(),
            weight: self.weight.clone(),
            cap: self.cap.clone(),
            by_site: Vec::new(),
            client: Vec::new(),
            client_cost: Vec::new(),
            id: kept.iter().map(|k| self.id[*k]).collect(),
            one: kept.iter().map(|k| one[*k]).collect(),
            unlike: self
                .unlike
                .iter()
                .map(|r| Unlike { sites: kept.iter().map(|k| r.sites[*k]).collect(), most: r.most })
                .collect(),
            ..*self
        };
        for i in 0..self.clients() {
            for e in self.start[i]..self.start[i + 1] {
                let k = self.site[e] as usize;
                if dense[k] != u32::MAX {
                    out.site.push(dense[k]);
                    out.cost.push(self.cost[e]);
                    if one[k] {
                        out.cap[i] = out.cap[i].min(self.weight[i] * Scaled::from(self.cost[e]));
                        break;
                    }
                }
            }
            out.start.push(out.site.len());
        }
        out.turn();
        out
    }
}

impl Unlike {
    /// How many of its sites stand.
    pub fn held(&self, open: &[bool]) -> usize {
        self.sites.iter().zip(open).filter(|(s, o)| **s && **o).count()
    }
}
