//! Branching on sites, each node an LP by cuts whose bound is computed again in exact integers.

use super::benders::{Master, Relaxed, Solved};
use super::branch::{Search, units};
use super::dual::Dual;
use super::groups::{Group, is_split};
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
    /// The best bound of the first node.
    root: Option<Dual>,
    /// What shutting and opening each site brought where it was tried, for each unit of its value in the LP.
    gains: Vec<Option<[f64; 2]>>,
    /// Whether groups of clients are cut together, and sites tried before one is branched on.
    grouping: bool,
}

/// Sites tried at a node before one of them is branched on.
const TRIALS: usize = 8;

/// Plans that are left: sites decided, and what is proven for them.
struct Open {
    decided: Vec<(u32, bool)>,
    bound: i128,
}

impl<'t, 's> Tree<'t, 's> {
    pub fn new(
        inst: &'t Inst,
        u: &[Scaled],
        groups: Option<Vec<Group>>,
        search: &'t mut Search<'s>,
    ) -> Result<Self, SolverFailure> {
        let mut master = Master::new(inst, u, search.limits.seed)?;
        let grouping = groups.is_some();
        master.add_groups(groups.into_iter().flatten())?;
        let (keep, one) = (vec![true; inst.sites()], inst.one.clone());
        Ok(Tree { inst, master, keep, one, root: None, gains: vec![None; inst.sites()], grouping, search })
    }

    /// Cuts to start anew with.
    pub fn groups(&self) -> Vec<Group> {
        self.master.groups().cloned().collect()
    }

    /// The end, the bound for all plans, and the multipliers of the first node.
    pub fn run(&mut self, bound: i128, most: u64) -> Result<(End, i128, Vec<Scaled>), SolverFailure> {
        let mut first: Option<Vec<Scaled>> = None;
        let before = self.search.nodes;
        let mut known = i128::MAX;
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
            // A better plan may since have decided otherwise for all.
            let clash = |&(k, stands): &(u32, bool)| {
                if stands { !self.keep[k as usize] } else { self.one[k as usize] }
            };
            if node.decided.iter().any(clash) {
                continue;
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
                known = i128::MAX;
            }
            // What the first bound decides beside a better plan.
            if self.search.known(self.inst) < known {
                known = self.search.known(self.inst);
                let first_bound = self.root.as_ref().map_or(0, |r| r.bound);
                if let Some(root) = &self.root {
                    root.decide(self.inst, known, &mut self.keep, &mut self.one);
                }
                let count = |v: &[bool]| v.iter().filter(|k| **k).count();
                let left = count(&self.keep);
                let fits = left >= self.inst.p && count(&self.one) <= self.inst.p;
                if !self.search.partial
                    && !self.search.is_done(self.inst, first_bound)
                    && left * 4 < self.inst.sites() * 3
                    && fits
                {
                    return Ok((End::Smaller, first_bound.max(least), first.unwrap_or_default()));
                }
            }
            if self.search.is_done(self.inst, bound) {
                continue;
            }
            let Some(at) = at else {
                let limit = self.search.late().unwrap_or(LimitReached::Time);
                let least = open.iter().map(|n| n.bound).fold(bound, i128::min);
                return Ok((End::Limit(limit), least, first.unwrap_or_default()));
            };
            let Some(k) = self.choose(&at, bound, &mut keep, &mut one)? else {
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
            let limits = self.limits();
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
            let dual = Dual::within(self.inst, at.multipliers.clone(), keep, one);
            if at.multipliers.groups.is_empty() && dual.bound > bound || best_u.is_empty() {
                best_u.clone_from(&dual.u);
            }
            bound = bound.max(dual.bound);
            if root && self.root.as_ref().is_none_or(|r| r.bound < dual.bound) {
                self.root = Some(dual.clone());
            }
            if root {
                self.search.bound =
                    self.search.bound.max(units(self.inst, bound.min(self.search.known(self.inst))));
                self.search.tell();
            }
            if root || round == 0 && self.search.nodes.is_multiple_of(8) {
                let mut order: Vec<usize> = (0..keep.len()).filter(|k| keep[*k]).collect();
                order.sort_by(|a, b| at.y[*b].total_cmp(&at.y[*a]));
                self.search.offer(self.inst, self.inst.pick(order.into_iter()), true);
            }
            dual.decide(self.inst, self.search.known(self.inst), keep, one);
            let near = root && self.search.is_near(self.inst, bound);
            if self.search.is_done(self.inst, bound) || near || self.search.late().is_some() {
                return Ok((bound, Some(at), best_u));
            }
            let left = (self.search.known(self.inst) - bound).max(1) as f64;
            let gained = (bound - last) as f64 / left;
            last = bound;
            idle = if gained < if root { 1e-3 } else { 0.02 } { idle + 1 } else { 0 };
            // Where no site is split there is nothing to branch on before the clients cost what they do.
            let patient = root || !at.y.iter().any(|y| is_split(*y));
            if idle >= if patient { 12 } else { 2 } || root && count(keep) * 2 < keep.len() {
                return Ok((bound, Some(at), best_u));
            }
            let mut cuts = self.master.separate(&at)?;
            if self.grouping && cuts * 100 < self.inst.clients() {
                cuts += self.master.separate_groups(&at, &dual.rho, &self.limits())?;
            }
            if self.grouping && root && (cuts == 0 || idle >= 4) && self.master.finder.grow() {
                idle = 0;
                self.dive(at.y, one)?;
            } else if cuts == 0 {
                return Ok((bound, Some(at), best_u));
            }
        }
        Ok((bound, None, best_u))
    }

    /// A plan: LP after LP some of the split sites open, those first of which it is surest.
    fn dive(&mut self, mut y: Vec<f64>, one: &[bool]) -> Result<(), SolverFailure> {
        let mut one = one.to_vec();
        loop {
            let mut split: Vec<usize> = (0..y.len()).filter(|k| is_split(y[*k]) && !one[*k]).collect();
            if split.is_empty() {
                break;
            }
            split.sort_by(|a, b| y[*b].total_cmp(&y[*a]));
            for &k in &split[..split.len().div_ceil(8)] {
                one[k] = true;
                self.master.decide(k, true, true)?;
            }
            let Solved::At(at) = self.master.solve(&self.limits())? else {
                break;
            };
            self.master.separate(&at)?;
            y = at.y;
        }
        let mut order: Vec<usize> = (0..y.len()).collect();
        order.sort_by(|a, b| y[*b].total_cmp(&y[*a]));
        self.search.offer(self.inst, self.inst.pick(order.into_iter()), true);
        Ok(())
    }

    /// What is left of the limits.
    fn limits(&self) -> maillage_milp::Limits {
        let time = self.search.limits.time.map(|t| t.saturating_sub(self.search.started.elapsed()));
        maillage_milp::Limits { time, ..self.search.limits.clone() }
    }

    /// The split site of which both branches promise most, else any that is not decided.
    fn choose(
        &mut self,
        at: &Relaxed,
        bound: i128,
        keep: &mut [bool],
        one: &mut [bool],
    ) -> Result<Option<usize>, SolverFailure> {
        let standing = one.iter().filter(|o| **o).count();
        let left = keep.iter().filter(|k| **k).count();
        if standing == self.inst.p || left == self.inst.p {
            return Ok(None);
        }
        let doubt = |k: &usize| (at.y[*k] - 0.5).abs();
        let mut order: Vec<usize> = (0..keep.len()).filter(|k| keep[*k] && !one[*k]).collect();
        order.sort_by(|a, b| doubt(a).total_cmp(&doubt(b)));
        let most_in_doubt = order.first().copied();
        order.retain(|k| is_split(at.y[*k]));
        let trials = if self.grouping { TRIALS } else { 0 };
        let unknown = order.iter().filter(|k| self.gains[**k].is_none()).take(trials);
        for k in unknown.copied().collect::<Vec<_>>() {
            self.gains[k] = self.trial(k, at.y[k], bound, keep, one)?;
        }
        let promise = |k: &usize| {
            let [shut, opened] = self.gains[*k].unwrap_or_default();
            (shut * at.y[*k]).max(1e-6) * (opened * (1.0 - at.y[*k])).max(1e-6)
        };
        // The first of equals is the one most in doubt.
        let best = order.iter().rev().max_by(|a, b| promise(a).total_cmp(&promise(b)));
        Ok(best.copied().or(most_in_doubt))
    }

    /// What an LP without and with a site brings, in units of the objective for each unit of its value.
    fn trial(
        &mut self,
        k: usize,
        y: f64,
        bound: i128,
        keep: &mut [bool],
        one: &mut [bool],
    ) -> Result<Option<[f64; 2]>, SolverFailure> {
        let mut gains = [0.0; 2];
        let left = (self.search.known(self.inst) - bound) as f64;
        for (stands, gain) in [false, true].into_iter().zip(&mut gains) {
            (keep[k], one[k]) = (stands, stands);
            self.master.decide(k, keep[k], one[k])?;
            let solved = self.master.solve(&self.limits())?;
            let brought = match solved {
                Solved::At(at) => Dual::within(self.inst, at.multipliers, keep, one).bound - bound,
                Solved::Nothing => left as i128,
                Solved::Stopped => 0,
            };
            *gain = (brought as f64).clamp(0.0, left) / self.inst.scale as f64;
            *gain /= if stands { 1.0 - y } else { y };
        }
        (keep[k], one[k]) = (true, false);
        self.master.decide(k, true, false)?;
        Ok(Some(gains))
    }
}
