//! Branch and bound on openings. Every bound is counted in integers from multipliers, so that no float of the solver is
//! believed. Multipliers come from the relaxation while few parts seem left, then from climbs that begin where those of the
//! part before ended: worse bounds, but hundreds of times as many parts (Posta, Ferland, Michelon, Math. Program. Comput. 6
//! (2014) 199–231).

use super::certificate::{Proof, Role, in_parts};
use super::climb::{Pace, climb};
use super::instance::Instance;
use super::master::{Effort, Master};
use super::search::{Random, Search};
use crate::charges::Clock;
use maillage_milp::SolverFailure;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A part of the search that is not explored yet: roles, and what clients pay in the part that it comes from.
struct Part {
    roles: Vec<Role>,
    pays: Rc<Vec<f64>>,
    /// The site that was decided last, and which way.
    last: Option<(usize, Role)>,
}

/// Parts by bound, then the deepest, then by number.
type Queue = BTreeMap<(i64, Reverse<usize>, usize), Part>;

pub(super) struct Tree<'a> {
    instance: &'a Instance,
    queue: Queue,
    /// Least bound of all parts given up before their end.
    abandoned: i64,
    pub explored: u64,
    numbered: usize,
    /// By site, how much opening and closing it has raised bounds: sums, and how often.
    raised: Vec<[(f64, f64); 2]>,
    /// Parts that are still bounded by the relaxation.
    exact: u64,
}

/// What is told of the search on the way: its best plan and bound.
pub(super) struct Standing {
    pub open: Vec<bool>,
    pub value: i64,
    pub bound: i64,
}

/// What bounds a part: what clients pay, the share of each site, a plan.
struct Looked {
    roles: Vec<Role>,
    pays: Vec<f64>,
    share: Vec<f64>,
    bound: i64,
}

/// Parts bounded by the relaxation where the root's gap is small: few parts are left there.
const EXACT: u64 = 64;
const SMALL: f64 = 0.01;
/// Steps of multipliers at a part, and to probe a site.
const NODE: Pace = (0.3, 60);
const PROBE: Pace = (0.3, 10);
/// Sites that may be probed at a part, and how often each at most.
const PROBES: usize = 8;
const TRUSTED: f64 = 2.0;
/// Parts between two local searches.
const REST: u64 = 64;
/// Waiting parts beyond which those with the highest bounds, nearly done, go first.
const MANY: usize = 200_000;

impl<'a> Tree<'a> {
    /// Starts where `roles` are decided, `bound` is known and clients pay the multipliers that prove it.
    pub fn new(instance: &'a Instance, roles: Vec<Role>, bound: i64, pays: Vec<f64>, gap: f64) -> Self {
        let raised = vec![[(0.0, 0.0); 2]; instance.sites];
        let first = Part { roles, pays: Rc::new(pays), last: None };
        let queue = BTreeMap::from([((bound, Reverse(0), 0), first)]);
        let exact = if gap < SMALL { EXACT } else { 0 };
        Tree { instance, queue, abandoned: i64::MAX, explored: 0, numbered: 0, raised, exact }
    }

    /// Explores until nothing is left or a limit comes; betters `best` on the way.
    pub fn explore(
        &mut self,
        master: &mut Master<'_>,
        best: &mut Standing,
        clock: &Clock<'_>,
        tell: &mut dyn FnMut(&Standing, u64),
    ) -> Result<(), SolverFailure> {
        while let Some((&(least, ..), _)) = self.queue.first_key_value() {
            let lowest = least.min(self.abandoned).min(best.value);
            if lowest > best.bound {
                best.bound = lowest;
                tell(best, self.explored);
            }
            if least >= best.value {
                break;
            }
            if clock.reached().is_some() || clock.is_near(best.value as f64, lowest as f64) {
                self.abandoned = self.abandoned.min(least);
                break;
            }
            let many = self.queue.len() > MANY;
            let next = if many { self.queue.pop_last() } else { self.queue.pop_first() };
            let Some(((bound, Reverse(depth), _), part)) = next else { break };
            if bound >= best.value {
                continue;
            }
            self.explored += 1;
            let value = best.value;
            let looked = match self.explored <= self.exact {
                true => self.relax(part.roles, bound, master, best, clock)?,
                false => self.climb(part, bound, best),
            };
            if best.value < value || self.explored.is_multiple_of(1024) {
                tell(best, self.explored);
            }
            if let Some(looked) = looked {
                self.split(looked, depth, best.value);
            }
        }
        best.bound = best.bound.max(self.abandoned.min(best.value));
        Ok(())
    }

    fn can_serve(&self, roles: &[Role]) -> bool {
        let allowed: Vec<bool> = roles.iter().map(|r| *r != Role::Closed).collect();
        (0..self.instance.clients).all(|i| self.instance.serve(i, &allowed).is_some())
    }

    /// Solves the relaxation of a part; `None` when nothing better than the best plan is in it.
    fn relax(
        &mut self,
        mut roles: Vec<Role>,
        mut bound: i64,
        master: &mut Master<'_>,
        best: &mut Standing,
        clock: &Clock<'_>,
    ) -> Result<Option<Looked>, SolverFailure> {
        loop {
            if !self.can_serve(&roles) {
                return Ok(None);
            }
            master.set_roles(&roles)?;
            let Some(relaxed) = master.relax(Effort::Node, best.value, clock)? else {
                // A limit: nothing was learnt. Otherwise the solver finds no solution where there is one.
                if clock.reached().is_none() {
                    return Err(SolverFailure::Contradiction("a relaxation with a solution has none".into()));
                }
                self.abandoned = self.abandoned.min(bound);
                return Ok(None);
            };
            let (pays, share) = (relaxed.multipliers, relaxed.y);
            better(self.instance, share.iter().map(|y| *y > 0.5).collect(), best);
            match self.decide(Looked { roles, pays, share, bound }, best) {
                None => return Ok(None),
                Some((looked, false)) => return Ok(Some(looked)),
                // Much was decided: the relaxation is worth another look.
                Some((looked, true)) => (roles, bound) = (looked.roles, looked.bound),
            }
        }
    }

    /// Climbs from the multipliers of the part before; `None` when nothing better than the best plan is in it.
    fn climb(&mut self, part: Part, mut bound: i64, best: &mut Standing) -> Option<Looked> {
        let before = bound;
        let (mut roles, mut pays) = (part.roles, part.pays.to_vec());
        loop {
            if !self.can_serve(&roles) {
                return None;
            }
            let top = climb(self.instance, &roles, &pays, best.value as f64, NODE);
            if self.explored.is_multiple_of(REST) {
                let mut near = Search::new(self.instance, top.open);
                near.descend(&mut Random::new(self.explored as u32));
                better(self.instance, near.open, best);
            } else {
                better(self.instance, top.open, best);
            }
            if let Some((j, role)) = part.last {
                self.learn(j, role, top.bound - before as f64);
            }
            let looked = Looked { roles, pays: top.pays, share: top.share, bound };
            let (looked, again) = self.decide(looked, best)?;
            if !again {
                return Some(looked);
            }
            (roles, pays, bound) = (looked.roles, looked.pays, looked.bound);
        }
    }

    /// Counts the bound of a part and decides the sites whose other choice costs too much. `None` when nothing better than
    /// the best plan is left; otherwise whether much was decided.
    fn decide(&self, mut looked: Looked, best: &mut Standing) -> Option<(Looked, bool)> {
        let parts = in_parts(self.instance, looked.pays.iter().copied());
        let proof = Proof::new(self.instance, &parts, &looked.roles);
        looked.bound = looked.bound.max(proof.bound());
        if looked.bound >= best.value {
            return None;
        }
        let undecided = |roles: &[Role]| roles.iter().filter(|r| **r == Role::Free).count();
        let before = undecided(&looked.roles);
        proof.decide(&mut looked.roles, best.value);
        let after = undecided(&looked.roles);
        if after == 0 {
            // One plan is left.
            better(self.instance, looked.roles.iter().map(|r| *r == Role::Open).collect(), best);
            return None;
        }
        Some((looked, 10 * after <= 9 * before))
    }

    fn learn(&mut self, j: usize, role: Role, raised: f64) {
        let side = &mut self.raised[j][usize::from(role == Role::Closed)];
        *side = (side.0 + raised.max(0.0), side.1 + 1.0);
    }

    /// Splits on the site that raises the bounds of both sides most, as far as is known; sites of which little is known are
    /// probed.
    fn split(&mut self, looked: Looked, depth: usize, worth: i64) {
        let Some(site) = self.choose(&looked, worth) else { return };
        let pays = Rc::new(looked.pays);
        for role in [Role::Closed, Role::Open] {
            let mut roles = looked.roles.clone();
            roles[site] = role;
            self.numbered += 1;
            let key = (looked.bound, Reverse(depth + 1), self.numbered);
            self.queue.insert(key, Part { roles, pays: pays.clone(), last: Some((site, role)) });
        }
    }

    fn choose(&mut self, looked: &Looked, worth: i64) -> Option<usize> {
        let doubt = |j: usize| looked.share[j].min(1.0 - looked.share[j]);
        let mut free: Vec<usize> =
            (0..looked.roles.len()).filter(|j| looked.roles[*j] == Role::Free).collect();
        free.sort_by(|a, b| doubt(*b).total_cmp(&doubt(*a)).then(a.cmp(b)));
        if self.explored <= self.exact {
            return free.first().copied();
        }
        free.truncate(PROBES);
        for &j in &free {
            if self.raised[j].iter().any(|side| side.1 < TRUSTED) {
                for role in [Role::Open, Role::Closed] {
                    let mut roles = looked.roles.clone();
                    roles[j] = role;
                    let top = climb(self.instance, &roles, &looked.pays, worth as f64, PROBE);
                    self.learn(j, role, top.bound - looked.bound as f64);
                }
            }
        }
        let mean = |side: (f64, f64)| side.0 / side.1.max(1.0) + 1.0;
        let worth = |j: usize| mean(self.raised[j][0]) * mean(self.raised[j][1]);
        free.into_iter().max_by(|a, b| worth(*a).total_cmp(&worth(*b)).then(b.cmp(a)))
    }
}

/// Takes a plan if it is better.
pub(super) fn better(instance: &Instance, open: Vec<bool>, best: &mut Standing) {
    if let Some(value) = instance.value(&open).filter(|v| *v < best.value) {
        best.open = open;
        best.value = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charges::Charges;
    use maillage_milp::Limits;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn climbs_alone_prove_the_best_plan(
            opening in prop::collection::vec(0u64..300, 1..8),
            rows in prop::collection::vec(prop::collection::vec(0u64..100, 8), 1..10),
        ) {
            let charges = Charges::new(opening.clone(), rows.len(), |i, j| Some(rows[i][j])).unwrap();
            let instance = Instance::new(&charges, 10_000);
            let m = instance.sites;
            let sets = (1u32..1 << m).map(|set| (0..m).map(|j| set >> j & 1 == 1).collect::<Vec<_>>());
            let truth = sets.filter_map(|open| instance.value(&open)).min().unwrap();
            let open = vec![true; m];
            let mut best = Standing { value: instance.value(&open).unwrap(), open, bound: 0 };
            let limits = Limits::default();
            let mut master = Master::new(&instance, 1.0, 0).unwrap();
            let mut tree = Tree::new(&instance, vec![Role::Free; m], 0, vec![0.0; rows.len()], 1.0);
            let mut bounds = Vec::new();
            tree.explore(&mut master, &mut best, &Clock::new(&limits), &mut |s, _| bounds.push(s.bound)).unwrap();
            prop_assert_eq!((best.value, best.bound), (truth, truth));
            prop_assert!(bounds.iter().all(|b| *b <= truth));
        }
    }
}
