//! Branch and bound on openings. Every bound is counted in integers from the relaxation's multipliers, so that no float
//! of the solver is believed.

use super::certificate::{Proof, Role, in_parts};
use super::instance::Instance;
use super::master::{Effort, Master, Relaxed};
use crate::charges::Clock;
use maillage_milp::SolverFailure;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A part of the search that is not explored yet: its bound, then how deep it is, then its number.
type Node = (Reverse<i64>, usize, Reverse<usize>);

pub(super) struct Tree<'a> {
    instance: &'a Instance,
    heap: BinaryHeap<Node>,
    /// Roles of the nodes that wait, by number.
    roles: Vec<Vec<Role>>,
    /// Least bound of all parts given up before their end.
    abandoned: i64,
    pub explored: u64,
}

/// What is told of the search on the way: its best plan and bound.
pub(super) struct Standing {
    pub open: Vec<bool>,
    pub value: i64,
    pub bound: i64,
}

/// What a relaxation says of a node.
struct Looked {
    roles: Vec<Role>,
    relaxed: Relaxed,
    bound: i64,
}

impl<'a> Tree<'a> {
    /// Starts where `roles` are decided and `bound` is known.
    pub fn new(instance: &'a Instance, roles: Vec<Role>, bound: i64) -> Self {
        let heap = BinaryHeap::from([(Reverse(bound), 0, Reverse(0))]);
        Tree { instance, heap, roles: vec![roles], abandoned: i64::MAX, explored: 0 }
    }

    /// Explores until nothing is left or a limit comes; betters `best` on the way.
    pub fn explore(
        &mut self,
        master: &mut Master<'_>,
        best: &mut Standing,
        clock: &Clock<'_>,
        tell: &mut dyn FnMut(&Standing, u64),
    ) -> Result<(), SolverFailure> {
        while let Some((Reverse(bound), depth, Reverse(number))) = self.heap.pop() {
            let lowest = bound.min(self.abandoned).min(best.value);
            if lowest > best.bound {
                best.bound = lowest;
                tell(best, self.explored);
            }
            if bound >= best.value {
                break;
            }
            if clock.reached().is_some() || clock.is_near(best.value as f64, lowest as f64) {
                self.abandoned = self.abandoned.min(bound);
                break;
            }
            let roles = std::mem::take(&mut self.roles[number]);
            self.explored += 1;
            let Some(looked) = self.look(roles, bound, master, best, clock)? else { continue };
            tell(best, self.explored);
            self.split(looked, depth, best.value);
        }
        best.bound = best.bound.max(self.abandoned.min(best.value));
        Ok(())
    }

    /// Solves the relaxation of a node; `None` when nothing better than the best plan is in it.
    fn look(
        &mut self,
        mut roles: Vec<Role>,
        mut bound: i64,
        master: &mut Master<'_>,
        best: &mut Standing,
        clock: &Clock<'_>,
    ) -> Result<Option<Looked>, SolverFailure> {
        loop {
            master.set_roles(&roles)?;
            let allowed: Vec<bool> = roles.iter().map(|r| *r != Role::Closed).collect();
            if (0..self.instance.clients).any(|i| self.instance.serve(i, &allowed).is_none()) {
                return Ok(None);
            }
            let Some(relaxed) = master.relax(Effort::Node, best.value, clock)? else {
                // A limit: nothing was learnt. Otherwise the solver finds no solution where there is one.
                if clock.reached().is_none() {
                    return Err(SolverFailure::Contradiction("a relaxation with a solution has none".into()));
                }
                self.abandoned = self.abandoned.min(bound);
                return Ok(None);
            };
            let parts = in_parts(self.instance, relaxed.multipliers.iter().copied());
            let proof = Proof::new(self.instance, &parts, &roles);
            bound = bound.max(proof.bound());
            let rounded = relaxed.y.iter().map(|y| *y > 0.5).collect();
            better(self.instance, rounded, best);
            if bound >= best.value {
                return Ok(None);
            }
            let undecided = |roles: &[Role]| roles.iter().filter(|r| **r == Role::Free).count();
            let before = undecided(&roles);
            proof.decide(&mut roles, best.value);
            let after = undecided(&roles);
            if after == 0 {
                // One plan is left.
                better(self.instance, roles.iter().map(|r| *r == Role::Open).collect(), best);
                return Ok(None);
            }
            // Much was decided: the relaxation is worth another look.
            if 10 * after > 9 * before {
                return Ok(Some(Looked { roles, relaxed, bound }));
            }
        }
    }

    /// Splits on the site that is least decided.
    fn split(&mut self, looked: Looked, depth: usize, worth: i64) {
        let Looked { roles, relaxed, bound } = looked;
        let doubt = |j: &usize| (relaxed.y[*j].min(1.0 - relaxed.y[*j]), Reverse(*j));
        let free = (0..roles.len()).filter(|j| roles[*j] == Role::Free);
        let Some(site) =
            free.max_by(|a, b| doubt(a).partial_cmp(&doubt(b)).unwrap_or(std::cmp::Ordering::Equal))
        else {
            return;
        };
        if bound >= worth {
            return;
        }
        for role in [Role::Closed, Role::Open] {
            let mut child = roles.clone();
            child[site] = role;
            self.heap.push((Reverse(bound), depth + 1, Reverse(self.roles.len())));
            self.roles.push(child);
        }
    }
}

/// Takes a plan if it is better.
pub(super) fn better(instance: &Instance, open: Vec<bool>, best: &mut Standing) {
    if let Some(value) = instance.value(&open).filter(|v| *v < best.value) {
        best.open = open;
        best.value = value;
    }
}
