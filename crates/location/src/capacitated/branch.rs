//! Branch and bound over the sites of single-site problems: the bound at a node is that of its multipliers, in integers. Where
//! all sites are decided, the assignment that is left goes to the solver, over the few pairs that a better plan may use.

use super::anneal::{LONG, SHORT};
use super::ascent::{Top, ascend};
use super::certificate::{Proof, in_parts};
use super::first::assign;
use super::mip::{Task, nearly};
use super::residual::{Pairs, Residual, Role, pairs};
use super::tree::doubtful;
use super::{Run, Sharing};
use crate::fixed_charge::MULTIPLIER_PARTS;
use maillage_milp::{Limits, SolverFailure};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// First pace and steps of multipliers at a node, and at a leaf.
const NODE: (f64, usize) = (0.2, 60);
const LEAF: (f64, usize) = (0.2, 120);
/// Exchanges of sites that are tried without success.
const EXCHANGES: usize = 300;
/// How often a leaf is given to the solver again, for twice as long.
const RETRIES: u32 = 8;

/// A part of the search.
struct Node {
    roles: Vec<Role>,
    u: Vec<f64>,
    /// The site to decide next; none at a leaf.
    next: Option<usize>,
    /// How often a limit left it unsolved.
    tries: u32,
}

pub(super) struct Search<'r, 'a> {
    run: &'r mut Run<'a>,
    pairs: Pairs,
    root: Vec<u64>,
    /// By bound, then the deepest, then the latest.
    queue: BTreeMap<(u64, Reverse<usize>, Reverse<u64>), Node>,
    /// Sets of sites to which clients were assigned with care, and in haste.
    tried: BTreeSet<Vec<bool>>,
    glanced: BTreeSet<Vec<bool>>,
    /// Plans that cost as much are left aside.
    cap: u64,
    /// What pairs were last pruned for.
    worth: u64,
    nodes: u64,
}

impl<'r, 'a> Search<'r, 'a> {
    /// Searches all plans that cost less than `cap`, from multipliers of the clients, until the best plan is proven or a
    /// limit comes. Says whether there is no plan below `cap`, nor any other known.
    pub fn below(
        cap: u64,
        run: &'r mut Run<'a>,
        tight: &[(usize, usize)],
        root: &[u64],
    ) -> Result<bool, SolverFailure> {
        let problem = run.problem;
        let mut search = Search {
            run,
            pairs: pairs(problem, |_, _| true),
            root: root.to_vec(),
            queue: BTreeMap::new(),
            tried: BTreeSet::new(),
            glanced: BTreeSet::new(),
            cap,
            worth: u64::MAX,
            nodes: 0,
        };
        search.begin(tight)?;
        let u: Vec<f64> = root.iter().map(|u| *u as f64 / MULTIPLIER_PARTS as f64).collect();
        search.look(vec![Role::Free; problem.capacity.len()], &u, 0);
        while let Some(((bound, ..), node)) = search.queue.pop_first() {
            search.run.reach(bound, search.nodes);
            if search.run.done() {
                return Ok(false);
            }
            if bound >= search.worth() {
                break;
            }
            if node.tries > RETRIES {
                return Ok(false);
            }
            let Some(j) = node.next else {
                search.leaf(node, bound)?;
                continue;
            };
            for role in [Role::Open, Role::Closed] {
                let mut roles = node.roles.clone();
                roles[j] = role;
                search.look(roles, &node.u, bound);
            }
        }
        let worth = search.worth();
        let known = search.run.best.is_some();
        if known || cap < u64::MAX {
            search.run.reach(worth, search.nodes);
        }
        Ok(!known)
    }

    /// Plans that cost as much are not sought.
    fn worth(&self) -> u64 {
        self.run.best.as_ref().map_or(u64::MAX, |b| b.value).min(self.cap)
    }

    /// A plan on the sites that would be best if clients could be split, nearly.
    fn begin(&mut self, tight: &[(usize, usize)]) -> Result<(), SolverFailure> {
        let problem = self.run.problem;
        let roles = vec![Role::Free; problem.capacity.len()];
        let residual = Residual { problem, pairs: &self.pairs, roles: &roles };
        let Some(proof) = Proof::new(residual, &self.root) else { return Ok(()) };
        let clock = self.run.clock;
        let limits = Limits { rel_gap: 2e-3, ..clock.part(0.1, Some(Duration::from_secs(30))) };
        let solution = nearly(&proof, tight, &limits)?.and_then(|a| a.solution);
        if let Some((open, most)) = solution {
            let plan = assign(problem, &open, &most, LONG, clock.limits.seed);
            self.tried.insert(open);
            self.run.take(plan);
        }
        self.exchange();
        self.prune();
        Ok(())
    }

    /// Drops pairs that no better plan uses.
    fn prune(&mut self) {
        if self.worth() == self.worth {
            return;
        }
        self.worth = self.worth();
        let problem = self.run.problem;
        let roles = vec![Role::Free; problem.capacity.len()];
        let residual = Residual { problem, pairs: &self.pairs, roles: &roles };
        if let Some(proof) = Proof::new(residual, &self.root) {
            let may = proof.may_serve(self.worth);
            let kept = self.pairs.iter().enumerate();
            self.pairs =
                kept.map(|(j, own)| own.iter().copied().filter(|s| may[j][s.client]).collect()).collect();
        }
    }

    /// Climbs from multipliers of the part before.
    fn climb(&self, roles: &[Role], u: &[f64], how: (f64, usize)) -> Top {
        let residual = Residual { problem: self.run.problem, pairs: &self.pairs, roles };
        ascend(residual, u.to_vec(), self.worth() as f64, how, self.run.clock)
    }

    /// Bounds a part and queues it if a better plan may be in it.
    fn look(&mut self, roles: Vec<Role>, u: &[f64], bound: u64) {
        let problem = self.run.problem;
        let top = self.climb(&roles, u, NODE);
        let residual = Residual { problem, pairs: &self.pairs, roles: &roles };
        let Some(proof) = Proof::new(residual, &in_parts(&top.u)) else { return };
        let bound = bound.max(proof.bound());
        let decided = proof.decided(self.worth());
        let Some(roles) = decided.filter(|_| bound < self.worth()) else { return };
        let mut better = false;
        let often = top.share.iter().map(|y| *y > 0.5).collect();
        for open in [top.open.clone(), often] {
            let least = proof.changed(&open)(&[]);
            if least < self.worth() && self.tried.insert(open.clone()) {
                let plan = assign(problem, &open, &top.site, LONG, self.nodes as u32);
                if self.run.take(plan) {
                    better = true;
                }
            }
        }
        if better {
            self.exchange();
            self.prune();
        }
        let next = doubtful(problem, &roles, &top);
        self.push(bound, Node { roles, u: top.u, next, tries: 0 });
    }

    /// Opens, closes and exchanges sites of the best plan, those first from which most may come, until none of some gains.
    fn exchange(&mut self) {
        let problem = self.run.problem;
        let all = pairs(problem, |_, _| true);
        let roles = vec![Role::Free; problem.capacity.len()];
        let residual = Residual { problem, pairs: &all, roles: &roles };
        let Some(proof) = Proof::new(residual, &self.root) else { return };
        'better: while let Some(best) = self.run.best.clone() {
            let near: Vec<usize> = best.served.iter().map(|s| s[0].0.0 as usize).collect();
            let least = proof.changed(&best.open);
            let mut tries: Vec<(u64, Vec<usize>)> =
                neighbours(&best.open).map(|sites| (least(&sites), sites)).collect();
            tries.retain(|t| t.0 < best.value);
            tries.sort();
            let mut left = EXCHANGES;
            for (_, sites) in tries {
                let mut open = best.open.clone();
                sites.iter().for_each(|j| open[*j] = !open[*j]);
                let holds = open.iter().zip(&problem.capacity).filter(|(o, _)| **o);
                let held: u128 = holds.map(|(_, s)| u128::from(*s)).sum();
                if held < u128::from(problem.total_demand()) || self.glanced.contains(&open) {
                    continue;
                }
                if left == 0 {
                    return;
                }
                left -= 1;
                if self.run.clock.reached().is_some() {
                    return;
                }
                let plan = assign(problem, &open, &near, SHORT, self.glanced.len() as u32);
                self.glanced.insert(open);
                if plan.as_ref().is_some_and(|p| p.value < best.value) {
                    self.run.take(plan);
                    continue 'better;
                }
            }
            return;
        }
    }

    /// Solves a leaf, or queues it again with the bound that a limit allowed.
    fn leaf(&mut self, node: Node, bound: u64) -> Result<(), SolverFailure> {
        let problem = self.run.problem;
        let top = self.climb(&node.roles, &node.u, LEAF);
        let open: Vec<bool> = node.roles.iter().map(|r| *r == Role::Open).collect();
        for seed in 0..5 {
            let plan = assign(problem, &open, &top.site, LONG, seed + 5 * node.tries);
            self.run.take(plan);
        }
        let residual = Residual { problem, pairs: &self.pairs, roles: &node.roles };
        let Some(proof) = Proof::new(residual, &in_parts(&top.u)) else { return Ok(()) };
        let best = self.worth();
        let proven = proof.bound().max(bound);
        if proven >= best {
            return Ok(());
        }
        let may = proof.may_serve(best);
        let task = Task {
            may_open: &|j| open[j],
            may_close: &|_| false,
            may_serve: &|i, j| may[j][i],
            tight: &[],
            sharing: Sharing::Single,
            worth: best,
            seconds: Some(10.0 * f64::from(1u32 << node.tries.min(10))),
        };
        let solved = self.run.part(&task)?;
        self.prune();
        let reached = solved.max(proven);
        if reached < self.worth() {
            self.push(reached, Node { tries: node.tries + 1, ..node });
        }
        Ok(())
    }

    fn push(&mut self, bound: u64, node: Node) {
        let depth = node.roles.iter().filter(|r| **r != Role::Free).count();
        self.nodes += 1;
        self.queue.insert((bound, Reverse(depth), Reverse(self.nodes)), node);
    }
}

/// Sites to open or close: one, or one in place of another.
pub(super) fn neighbours(open: &[bool]) -> impl Iterator<Item = Vec<usize>> + '_ {
    let free = move || (0..open.len()).filter(|b| !open[*b]);
    let other = move |a: usize| free().filter(move |_| open[a]).map(move |b| vec![a, b]);
    (0..open.len()).flat_map(move |a| std::iter::once(vec![a]).chain(other(a)))
}
