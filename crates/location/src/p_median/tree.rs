//! Branching on sites, each node an LP by cuts whose bound is computed again in exact integers.

use super::benders::{Master, Relaxed, Solved};
use super::branch::{Search, units};
use super::dual::Dual;
use super::inst::{Inst, Scaled};
use maillage_milp::{LimitReached, SolverFailure};

/// How a tree ended.
pub(crate) enum End {
    /// Nothing better than the plan at hand is left.
    Done,
    /// At the first node most sites were decided: worth starting anew on the rest.
    Smaller,
    /// The gap is what was asked.
    Near,
    Limit(LimitReached),
}

/// The search on the sites left.
pub(crate) struct Tree<'t, 's> {
    inst: &'t Inst,
    search: &'t mut Search<'s>,
    master: Master<'t>,
    /// Sites in play, and those that stand, in all plans better than the one at hand.
    pub keep: Vec<bool>,
    pub one: Vec<bool>,
}

/// Plans that are left: sites decided, and what is proven for them.
struct Open {
    decided: Vec<(u32, bool)>,
    bound: i128,
}

impl<'t, 's> Tree<'t, 's> {
    pub fn new(inst: &'t Inst, u: &[Scaled], search: &'t mut Search<'s>) -> Result<Self, SolverFailure> {
        let master = Master::new(inst, u, search.limits.seed)?;
        Ok(Tree { inst, master, keep: vec![true; inst.sites()], one: inst.one.clone(), search })
    }

    /// The end, the bound for all plans, and the multipliers of the first node.
    pub fn run(&mut self, bound: i128, most: u64) -> Result<(End, i128, Vec<Scaled>), SolverFailure> {
        let mut first: Option<Vec<Scaled>> = None;
        let before = self.search.nodes;
        let mut open = vec![Open { decided: Vec::new(), bound }];
        while let Some(node) = open.pop() {
            if self.search.is_done(self.inst, node.bound) {
                continue;
            }
            let least = open.iter().map(|n| n.bound).fold(node.bound, i128::min);
            let root = first.clone().unwrap_or_default();
            if self.search.is_near(self.inst, least) && !root.is_empty() {
                return Ok((End::Near, least, root));
            }
            if let Some(limit) = self.search.late() {
                return Ok((End::Limit(limit), least, root));
            }
            if self.search.nodes - before >= most {
                return Ok((End::Near, least, root));
            }
            self.search.bound =
                self.search.bound.max(units(self.inst, least.min(self.search.known(self.inst))));
            self.search.nodes += 1;
            if self.search.nodes.is_multiple_of(16) {
                self.search.tell();
            }
            let (mut keep, mut one) = (self.keep.clone(), self.one.clone());
            for &(k, stands) in &node.decided {
                if stands { one[k as usize] = true } else { keep[k as usize] = false }
            }
            let is_first = first.is_none();
            let (bound, at, u) = self.bound(node.bound, &mut keep, &mut one, is_first)?;
            if is_first {
                first = Some(u);
                (self.keep, self.one) = (keep.clone(), one.clone());
                let left = keep.iter().filter(|k| **k).count();
                if most == u64::MAX
                    && !self.search.is_done(self.inst, bound)
                    && left * 4 < self.inst.sites() * 3
                    && left >= self.inst.p
                {
                    return Ok((End::Smaller, bound, first.unwrap_or_default()));
                }
            }
            if self.search.is_done(self.inst, bound) {
                continue;
            }
            let Some(at) = at else {
                let limit = self.search.late().unwrap_or(LimitReached::Time);
                return Ok((End::Limit(limit), least, first.unwrap_or_default()));
            };
            let Some(k) = self.choose(&at, &keep, &one) else {
                // All is decided.
                let standing = if one.iter().filter(|o| **o).count() == self.inst.p { one } else { keep };
                self.search.offer(self.inst, standing, false);
                continue;
            };
            let mut decided: Vec<(u32, bool)> = Vec::new();
            for k in 0..keep.len() {
                if !keep[k] && self.keep[k] {
                    decided.push((k as u32, false));
                } else if one[k] && !self.one[k] {
                    decided.push((k as u32, true));
                }
            }
            let stands_first = at.y[k] >= 0.5;
            for stands in [!stands_first, stands_first] {
                let mut decided = decided.clone();
                decided.push((k as u32, stands));
                open.push(Open { decided, bound });
            }
        }
        Ok((End::Done, self.search.known(self.inst), first.unwrap_or_default()))
    }

    /// Cuts at a node until they bring no more.
    fn bound(
        &mut self,
        mut bound: i128,
        keep: &mut [bool],
        one: &mut [bool],
        root: bool,
    ) -> Result<(i128, Option<Relaxed>, Vec<Scaled>), SolverFailure> {
        let mut best_u = Vec::new();
        let mut last = bound;
        let mut idle = 0;
        for round in 0.. {
            let count = |v: &[bool]| v.iter().filter(|b| **b).count();
            if count(keep) < self.inst.p || count(one) > self.inst.p {
                return Ok((self.search.known(self.inst), None, best_u));
            }
            for k in 0..keep.len() {
                self.master.decide(k, keep[k], one[k])?;
            }
            let limits = maillage_milp::Limits {
                time: self.search.limits.time.map(|t| t.saturating_sub(self.search.started.elapsed())),
                ..self.search.limits.clone()
            };
            let at = match self.master.solve(&limits)? {
                Solved::At(at) => at,
                Solved::Nothing if !self.inst.is_hard() && self.inst.unlike.is_empty() => {
                    return Err(SolverFailure::Contradiction(
                        "an LP that has a plan is called infeasible".into(),
                    ));
                }
                Solved::Nothing => return Ok((self.search.known(self.inst), None, best_u)),
                Solved::Stopped => return Ok((bound, None, best_u)),
            };
            let dual = Dual::within(self.inst, at.u.clone(), &at.mu, keep, one);
            if dual.bound > bound || best_u.is_empty() {
                bound = bound.max(dual.bound);
                best_u.clone_from(&dual.u);
            }
            if root || round == 0 && self.search.nodes.is_multiple_of(8) {
                let mut order: Vec<usize> = (0..keep.len()).filter(|k| keep[*k]).collect();
                order.sort_by(|a, b| at.y[*b].total_cmp(&at.y[*a]));
                self.search.offer(self.inst, self.inst.pick(order.into_iter()), true);
            }
            dual.decide(self.inst, self.search.known(self.inst), keep, one);
            if self.search.is_done(self.inst, bound) || self.search.late().is_some() {
                return Ok((bound, Some(at), best_u));
            }
            let left = (self.search.known(self.inst) - bound).max(1) as f64;
            let gained = (bound - last) as f64 / left;
            last = bound;
            idle = if gained < if root { 1e-3 } else { 0.02 } { idle + 1 } else { 0 };
            let enough = idle >= if root { 12 } else { 2 };
            let shrunk = root && count(keep) * 2 < keep.len();
            if enough || shrunk || self.master.separate(&at)? == 0 {
                return Ok((bound, Some(at), best_u));
            }
        }
        Ok((bound, None, best_u))
    }

    /// The site about which the LP is most in doubt, else any that is not decided.
    fn choose(&self, at: &Relaxed, keep: &[bool], one: &[bool]) -> Option<usize> {
        let standing = one.iter().filter(|o| **o).count();
        let left = keep.iter().filter(|k| **k).count();
        if standing == self.inst.p || left == self.inst.p {
            return None;
        }
        let doubt = |k: usize| (at.y[k] - 0.5).abs();
        (0..keep.len()).filter(|k| keep[*k] && !one[*k]).min_by(|a, b| doubt(*a).total_cmp(&doubt(*b)))
    }
}
