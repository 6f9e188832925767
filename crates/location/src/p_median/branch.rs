//! From the first plan to the proof: ascents, swaps, and branching on sites where the bound falls short.

use super::dual::{Ascent, Dual};
use super::groups::Group;
use super::inst::{Inst, Scaled};
use super::swap::Plan;
use super::tree::{End, Tree};
use maillage_milp::{LimitReached, Limits, Progress, SolverFailure};
use std::rc::Rc;
use std::time::Instant;

/// Most steps of the ascent.
const ROOT_STEPS: usize = 3000;
/// Pairs beyond which plans are sought among few sites before the LP of all.
const MANY: usize = 400_000;
/// Steps spent on a certificate.
const CERTIFICATE_STEPS: usize = 400;
/// Clients a site up to which cuts of groups of clients may be worth their time; and clients over which LPs of nodes go without
/// them first.
const CROWD: usize = 10;
const PLAIN_CLIENTS: usize = 150_000;
/// Nodes spent on plans near the relaxation.
const PART_NODES: u64 = 60;
/// Pairs looked at, for each pair of the lists, before plans sought by moving sites at random must have come nearer to the bound,
/// by one part in so many of what is left.
const SHAKES: u64 = 200;
const WORTH: Scaled = 100;

/// Sites to open up to which nodes without an LP come first, their steps, and the work that they may take, in pairs.
const FEW: usize = 30;
const NODE_STEPS: usize = 60;
const WORK: u64 = 1_200_000_000;

/// The search for one problem.
pub(crate) struct Search<'a> {
    pub limits: &'a Limits,
    pub started: Instant,
    /// What a plan costs in full, in units of the objective; `None` if it leaves someone without.
    pub price: &'a dyn Fn(&[u32]) -> Option<u64>,
    pub watch: &'a mut dyn FnMut(&Progress),
    /// Only plans that cost less are asked for.
    pub below: Option<u64>,
    /// Best plan, as sites of the lists, and its price.
    pub best: Option<(Vec<u32>, u64)>,
    pub nodes: u64,
    /// Whether only a part of the plans is searched: its bounds bound nothing else.
    pub partial: bool,
    /// Proven so far.
    pub bound: u64,
    /// Multipliers before any site was decided: they count for the lists as they came.
    pub first_u: Option<Vec<Scaled>>,
}

/// A part of the plans: sites decided, multipliers, what is proven for it.
struct Node {
    inst: Inst,
    u: Vec<Scaled>,
    bound: i128,
    /// Whether its bound is that of all plans.
    is_root: bool,
}

/// A node to come: its parent with one more site decided.
struct Child {
    parent: Rc<Node>,
    site: usize,
    stands: bool,
}

impl Search<'_> {
    pub fn late(&self) -> Option<LimitReached> {
        if self.limits.stopped() {
            return Some(LimitReached::Interrupted);
        }
        self.limits.time.filter(|t| self.started.elapsed() >= *t).map(|_| LimitReached::Time)
    }

    /// What plans must beat, scaled; far away without a plan.
    fn target(&self, inst: &Inst, bound: i128) -> i128 {
        let known = self.known(inst);
        if known < i128::MAX / 4 { known } else { bound.max(i128::from(inst.scale)) * 2 }
    }

    /// What plans that matter cost less than.
    pub fn known(&self, inst: &Inst) -> i128 {
        let below = self.best.as_ref().map(|(_, p)| *p).into_iter().chain(self.below).min();
        below.map_or(i128::MAX / 4, |p| i128::from(p) * i128::from(inst.scale))
    }

    /// Plans around the best one.
    fn shake(&mut self, inst: &Inst, bound: i128) {
        let Some((ids, _)) = &self.best else { return };
        if self.is_done(inst, bound) || self.is_near(inst, bound) || !inst.unlike.is_empty() {
            return;
        }
        let mine = |k: &usize| ids.binary_search(&inst.id[*k]).is_ok();
        let (mine, others): (Vec<usize>, Vec<usize>) = (0..inst.sites()).partition(mine);
        let mut plan = Plan::new(inst, inst.pick(mine.into_iter().chain(others)));
        plan.improve(0, self.limits, self.started);
        let mut seed = u64::from(self.limits.seed);
        let mut before = Scaled::MAX;
        while self.late().is_none() && before - plan.total > (plan.total - bound as Scaled) / WORTH {
            before = plan.total;
            plan.shake(seed, SHAKES * inst.site.len() as u64, self.limits, self.started);
            seed = seed.wrapping_add(1 << 32);
        }
        let open = plan.open;
        self.offer(inst, open, false);
    }

    /// Improves a plan and keeps it if it is the best.
    pub fn offer(&mut self, inst: &Inst, open: Vec<bool>, improve: bool) {
        if !inst.permits(&open) {
            return;
        }
        let mut plan = Plan::new(inst, open);
        if improve {
            plan.improve(self.nodes as usize, self.limits, self.started);
        }
        let served = plan.unserved().next().is_none();
        if served && i128::from(plan.total) >= self.known(inst) {
            return;
        }
        let ids: Vec<u32> = (0..inst.sites()).filter(|k| plan.open[*k]).map(|k| inst.id[k]).collect();
        let priced = if served { Some((plan.total / inst.scale) as u64) } else { (self.price)(&ids) };
        if let Some(price) = priced
            && i128::from(price) * i128::from(inst.scale) < self.known(inst)
        {
            self.best = Some((ids, price));
            self.tell();
        }
    }

    pub fn tell(&mut self) {
        let incumbent = self.best.as_ref().map(|(_, p)| *p as f64);
        let bound = self.bound as f64;
        (self.watch)(&Progress {
            elapsed: self.started.elapsed().as_secs_f64(),
            incumbent,
            bound: (!self.partial).then_some(bound),
            gap: incumbent.map(|i| (i - bound) / i.max(1e-10)),
            nodes: self.nodes,
        });
    }

    pub fn is_near(&self, inst: &Inst, bound: i128) -> bool {
        self.best.as_ref().is_some_and(|(_, p)| {
            let left = *p as f64 - bound as f64 / inst.scale as f64;
            left <= self.limits.rel_gap * *p as f64
        })
    }

    /// Whether nothing below the best plan is left where this bound holds.
    pub fn is_done(&self, inst: &Inst, bound: i128) -> bool {
        bound > self.known(inst) - i128::from(inst.scale)
    }

    /// Raises the multipliers of a node, dropping sites on the way; the bound is that of the node.
    fn ascend(&mut self, mut node: Node, steps: usize, lambda: f64) -> (Node, Vec<f64>) {
        let mut ascent = Ascent::new(&node.inst, std::mem::take(&mut node.u), lambda);
        let mut next_plan = 10;
        for step in 0..steps {
            let best = ascent.best.bound;
            let here = ascent.step(&node.inst, self.target(&node.inst, best));
            if best < ascent.best.bound && node.is_root {
                self.bound = self.bound.max(units(&node.inst, ascent.best.bound));
            }
            if self.is_done(&node.inst, ascent.best.bound) || !ascent.is_alive() {
                break;
            }
            if step % 16 == 15 {
                if self.late().is_some() || self.is_near(&node.inst, ascent.best.bound) {
                    break;
                }
                self.tell();
            }
            if step == next_plan && node.is_root {
                next_plan += (next_plan / 3).max(10);
                let mut order: Vec<usize> = (0..node.inst.sites()).collect();
                order.sort_by_key(|k| here.rho[*k]);
                self.offer(&node.inst, node.inst.pick(order.into_iter()), true);
                self.offer(&node.inst, often(&node.inst, &ascent.share), true);
            }
            if step % 8 == 7 || step + 1 == steps {
                let mut keep = vec![true; node.inst.sites()];
                let mut one = node.inst.one.clone();
                ascent.best.decide(&node.inst, self.known(&node.inst), &mut keep, &mut one);
                let kept = keep.iter().filter(|k| **k).count();
                let ones = one.iter().filter(|o| **o).count();
                let shrunk = kept * 10 < node.inst.sites() * 9
                    || ones > node.inst.one.iter().filter(|o| **o).count()
                    || step + 1 == steps && kept < node.inst.sites();
                if ones > node.inst.p || kept < node.inst.p {
                    // Nothing better than the plan at hand is left.
                    ascent.best.bound = self.known(&node.inst);
                    break;
                }
                if shrunk {
                    self.first_u.get_or_insert_with(|| ascent.best.u.clone());
                    node.inst = node.inst.compressed(&keep, &one);
                    ascent.moved(&node.inst, &keep);
                }
            }
        }
        node.bound = node.bound.max(ascent.best.bound);
        if !self.is_done(&node.inst, node.bound) && (node.is_root || self.nodes.is_multiple_of(16)) {
            self.offer(&node.inst, often(&node.inst, &ascent.share), true);
        }
        node.u = ascent.best.u.clone();
        (node, ascent.share)
    }

    /// Multipliers for the lists as they came, raised with the best plan in hand.
    pub fn multipliers(&mut self, inst: &Inst) -> Vec<Scaled> {
        let mut ascent =
            Ascent::new(inst, self.first_u.take().unwrap_or_else(|| vec![0; inst.clients()]), 0.1);
        for step in 0..CERTIFICATE_STEPS {
            let best = ascent.best.bound;
            ascent.step(inst, self.target(inst, best));
            if self.is_done(inst, ascent.best.bound) || step % 16 == 15 && self.late().is_some() {
                break;
            }
        }
        ascent.best.u
    }

    /// Proves what it can; the limit that stopped it, if one did.
    pub fn run(&mut self, inst: &Inst) -> Result<Option<LimitReached>, SolverFailure> {
        let first = match &self.best {
            Some((ids, _)) => {
                let open: Vec<bool> = inst.id.iter().map(|j| ids.binary_search(j).is_ok()).collect();
                Plan::new(inst, open).between()
            }
            None => (0..inst.clients()).map(|i| inst.list(i).nth(1).map_or(0, |(_, c)| c)).collect(),
        };
        let root = Node { inst: inst.clone(), u: first, bound: 0, is_root: true };
        let (mut root, share) = self.ascend(root, ROOT_STEPS, 0.3);
        self.bound = self.bound.max(units(inst, root.bound));
        if root.inst.site.len() > MANY
            && root.inst.sites() > 3 * inst.p
            && !self.is_done(&root.inst, root.bound)
            && self.late().is_none()
        {
            self.near_relaxation(&root, &share)?;
        }
        self.shake(&root.inst, root.bound);
        if root.inst.p <= FEW && self.late().is_none() && !self.is_done(&root.inst, root.bound) {
            root.bound =
                self.by_multipliers(Node { inst: root.inst.clone(), u: root.u.clone(), ..root }, share);
            self.bound = self.bound.max(units(inst, root.bound.min(self.known(inst))));
        }
        let mut limit = self.late();
        // Without cuts of groups at first: where these are not needed they take far longer.
        let mut groups: Option<Vec<Group>> = None;
        while limit.is_none()
            && !self.is_done(&root.inst, root.bound)
            && !self.is_near(&root.inst, root.bound)
        {
            // Where half of the sites have gone, what is left is written down anew.
            let small = root.inst;
            let plain = groups.is_none() && small.clients() <= CROWD * small.p;
            let mut tree = Tree::new(&small, &root.u, groups.clone(), self)?;
            let (end, bound, u) = tree.run(
                root.bound,
                if plain { (PLAIN_CLIENTS / small.clients().max(1)).max(1) as u64 } else { u64::MAX },
            )?;
            let keep = tree.keep.clone();
            let one = tree.one.clone();
            let found = tree.groups();
            root.bound = root.bound.max(bound);
            self.bound = self.bound.max(units(inst, root.bound.min(self.known(inst))));
            if !u.is_empty() {
                root.u = u;
            }
            match end {
                End::Smaller => {
                    root.inst = small.compressed(&keep, &one);
                    groups = groups.map(|_| found.iter().map(|g| g.moved(&small, &root.inst)).collect());
                }
                End::Done => {
                    root.bound = i128::MAX / 4;
                    root.inst = small;
                }
                End::Limit(l) => {
                    limit = Some(l);
                    root.inst = small;
                }
                End::Near => {
                    root.inst = small;
                    if !plain {
                        break;
                    }
                    groups = Some(Vec::new());
                }
            }
        }
        if let Some((_, price)) = &self.best
            && self.is_done(inst, root.bound)
        {
            self.bound = *price;
        }
        if self.first_u.is_none() {
            self.first_u = Some(root.u);
        }
        Ok(limit)
    }

    /// Branches on sites with no LP, deepest first, as long as it takes little work: the bound for all plans.
    fn by_multipliers(&mut self, root: Node, share: Vec<f64>) -> i128 {
        // LPs of very many pairs take longer than any number of nodes.
        let mut left = if root.inst.site.len() > MANY { u64::MAX } else { WORK };
        let root = Rc::new(root);
        let mut stack = Vec::new();
        split(&root, &share, &mut stack);
        while let Some(child) = stack.pop() {
            let Node { inst, u, bound, .. } = &*child.parent;
            if self.is_done(inst, *bound) {
                continue;
            }
            if self.nodes.is_multiple_of(64) {
                self.tell();
            }
            if left == 0 || self.late().is_some() || self.is_near(inst, root.bound) {
                let open = stack.iter().map(|c| c.parent.bound).chain([*bound]).min().unwrap_or(*bound);
                return open.max(root.bound);
            }
            self.nodes += 1;
            let (mut keep, mut one) = (vec![true; inst.sites()], inst.one.clone());
            if child.stands {
                one[child.site] = true
            } else {
                keep[child.site] = false
            }
            let count = |v: &[bool]| v.iter().filter(|b| **b).count();
            if count(&keep) < inst.p || count(&one) > inst.p {
                continue;
            }
            let inst = inst.compressed(&keep, &one);
            left = left.saturating_sub((inst.site.len() + inst.clients()) as u64 * NODE_STEPS as u64);
            let u = u.iter().zip(&inst.cap).map(|(u, cap)| *u.min(cap)).collect();
            let (node, share) = self.ascend(Node { inst, u, bound: *bound, is_root: false }, NODE_STEPS, 0.3);
            if self.is_done(&node.inst, node.bound) {
                continue;
            }
            let standing = count(&node.inst.one);
            if standing == node.inst.p || node.inst.sites() == node.inst.p {
                let open = if standing == node.inst.p {
                    node.inst.one.clone()
                } else {
                    vec![true; standing.max(node.inst.p)]
                };
                self.offer(&node.inst, open, false);
                continue;
            }
            split(&Rc::new(node), &share, &mut stack);
        }
        self.known(&root.inst)
    }

    /// Better plans from the sites that the ascent chose, even seldom, and those of the best plan; then what the better plan
    /// decides.
    fn near_relaxation(&mut self, root: &Node, share: &[f64]) -> Result<(), SolverFailure> {
        let mine =
            |k: usize| self.best.as_ref().is_some_and(|(ids, _)| ids.binary_search(&root.inst.id[k]).is_ok());
        let keep: Vec<bool> =
            (0..root.inst.sites()).map(|k| share[k] > 0.01 || root.inst.one[k] || mine(k)).collect();
        let part = root.inst.compressed(&keep, &root.inst.one);
        let bound = std::mem::replace(&mut self.bound, 0);
        self.partial = true;
        let end = Tree::new(&part, &root.u, None, self)?.run(root.bound, PART_NODES).map(|_| ());
        self.partial = false;
        self.bound = bound;
        end
    }
}

/// Two nodes to come: with and without the site of which the ascent was least sure, the likelier first.
fn split(node: &Rc<Node>, share: &[f64], stack: &mut Vec<Child>) {
    let doubt = |k: &usize| (share[*k] - 0.5).abs();
    let free = (0..node.inst.sites()).filter(|k| !node.inst.one[*k]);
    if let Some(site) = free.min_by(|a, b| doubt(a).total_cmp(&doubt(b))) {
        let likely = share[site] >= 0.5;
        for stands in [!likely, likely] {
            stack.push(Child { parent: node.clone(), site, stands });
        }
    }
}

/// The sites chosen most often.
fn often(inst: &Inst, share: &[f64]) -> Vec<bool> {
    let mut order: Vec<usize> = (0..inst.sites()).collect();
    order.sort_by(|a, b| share[*b].total_cmp(&share[*a]));
    inst.pick(order.into_iter())
}

/// A scaled bound in units of the objective, rounded up: objectives are whole.
pub(crate) fn units(inst: &Inst, bound: i128) -> u64 {
    let scale = i128::from(inst.scale);
    u64::try_from((bound.max(0) + scale - 1) / scale).unwrap_or(u64::MAX)
}

/// What integer multipliers prove on the lists as they are.
pub(crate) fn certified(inst: &Inst, u: Vec<Scaled>) -> u64 {
    units(inst, Dual::new(inst, u).bound)
}
