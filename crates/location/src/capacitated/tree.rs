//! Branch and bound over the sites where clients may be split, without a solver: the bound of each part is climbed to from
//! the multipliers of the part that it comes from (Beasley, EJOR 33 (1988) 314–325), and counted in integers. Where all sites
//! are decided, the cheapest service is found and proven.

use super::ascent::{Top, ascend};
use super::branch::neighbours;
use super::certificate::{Proof, in_parts};
use super::plan::{Plan, counted};
use super::residual::{Pairs, Residual, Role};
use super::transport::{proven, serve};
use super::{Ended, Problem, Run};
use crate::charges::Multipliers;
use crate::fixed_charge::{self, MULTIPLIER_PARTS};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Steps towards the root's multipliers, near them, at a part, and at a part where much was decided.
const FAR: (f64, usize) = (1.0, 1000);
const ROOT: (f64, usize) = (0.3, 300);
const NODE: (f64, usize) = (0.2, 80);
const AGAIN: (f64, usize) = (0.05, 40);

/// A part of the search that waits: its sites, multipliers, and the site to decide next.
struct Part {
    roles: Vec<Role>,
    u: Vec<f64>,
    next: usize,
}

pub(super) struct Tree<'r, 'a> {
    run: &'r mut Run<'a>,
    pairs: &'r Pairs,
    /// By bound, then the deepest, then the latest.
    queue: BTreeMap<(u64, Reverse<usize>, Reverse<u64>), Part>,
    /// Sets of sites whose service is known.
    tried: BTreeSet<Vec<bool>>,
    /// Least bound of all parts given up before their end.
    abandoned: u64,
    nodes: u64,
}

impl<'r, 'a> Tree<'r, 'a> {
    pub fn new(run: &'r mut Run<'a>, pairs: &'r Pairs) -> Self {
        Tree { run, pairs, queue: BTreeMap::new(), tried: BTreeSet::new(), abandoned: u64::MAX, nodes: 0 }
    }

    /// Searches all plans until the best is proven or a limit comes. Gives the root's multipliers, and whether there is no
    /// plan at all.
    pub fn explore(&mut self) -> Ended {
        let problem = self.run.problem;
        // Where not even all sites can serve everyone, bounds would rise for ever.
        let all = vec![true; problem.capacity.len()];
        let service = serve(problem, &all, self.run.clock);
        if service.is_none() && self.run.clock.reached().is_none() {
            return (None, true);
        }
        self.run.take(service.and_then(|s| counted(problem, s.served)));
        let Some(certificate) = self.root() else { return (None, true) };
        let u: Vec<f64> = certificate.values.iter().map(|u| *u as f64 / MULTIPLIER_PARTS as f64).collect();
        // A site that costs nothing to open may as well be open.
        let role = |f: &u64| if *f == 0 { Role::Open } else { Role::Free };
        self.look(problem.charges.opening().iter().map(role).collect(), &u, 0, AGAIN);
        while let Some(((bound, ..), part)) = self.queue.pop_first() {
            self.run.reach(bound.min(self.abandoned), self.nodes);
            if bound >= self.worth() {
                break;
            }
            if self.run.done() {
                return (Some(certificate), false);
            }
            for role in [Role::Open, Role::Closed] {
                let mut roles = part.roles.clone();
                roles[part.next] = role;
                self.look(roles, &part.u, bound, NODE);
            }
        }
        if self.run.best.is_some() {
            self.run.reach(self.worth().min(self.abandoned), self.nodes);
        }
        (Some(certificate), self.run.best.is_none() && self.abandoned == u64::MAX)
    }

    /// Multipliers of the root, from those that pay for sites without capacities, and the bound that they prove; plans on the
    /// way. `None`: capacities cannot hold all demand.
    fn root(&mut self) -> Option<Multipliers> {
        let problem = self.run.problem;
        let roles = vec![Role::Free; problem.capacity.len()];
        let residual = Residual { problem, pairs: self.pairs, roles: &roles };
        let mut u: Vec<f64> = fixed_charge::paid(problem.charges).iter().map(|u| *u as f64).collect();
        u.resize(problem.demand.len(), 0.0);
        let mut proof = None;
        for how in [FAR, ROOT] {
            let top = ascend(residual, u, self.worth() as f64, how, self.run.clock);
            let proof = proof.insert(Proof::new(residual, &in_parts(&top.u))?);
            self.run.reach(proof.bound(), 0);
            self.try_sites(&top, proof);
            u = top.u;
        }
        Some(Multipliers { bound: proof?.bound(), values: in_parts(&u) })
    }

    fn worth(&self) -> u64 {
        self.run.best.as_ref().map_or(u64::MAX, |b| b.value)
    }

    /// Bounds a part and queues it if a better plan may be in it.
    fn look(&mut self, mut roles: Vec<Role>, u: &[f64], mut bound: u64, mut how: (f64, usize)) {
        let problem = self.run.problem;
        let mut u = u.to_vec();
        self.nodes += 1;
        loop {
            let residual = Residual { problem, pairs: self.pairs, roles: &roles };
            let top = ascend(residual, u, self.worth() as f64, how, self.run.clock);
            let Some(proof) = Proof::new(residual, &in_parts(&top.u)) else { return };
            bound = bound.max(proof.bound());
            if bound < self.worth() {
                self.try_sites(&top, &proof);
            }
            if bound >= self.worth() {
                return;
            }
            let Some(decided) = proof.decided(self.worth()) else { return };
            let free = |roles: &[Role]| roles.iter().filter(|r| **r == Role::Free).count();
            let (before, after) = (free(&roles), free(&decided));
            if after == 0 {
                return self.leaf(&decided, bound);
            }
            roles = decided;
            if 10 * after > 9 * before {
                return self.push(roles, top, bound);
            }
            u = top.u;
            how = AGAIN;
        }
    }

    /// Plans on the sites that the multipliers open, and on those open most of late.
    fn try_sites(&mut self, top: &Top, proof: &Proof<'_>) {
        let mut often: Vec<usize> = (0..top.share.len()).collect();
        often.sort_by(|a, b| top.share[*b].total_cmp(&top.share[*a]));
        let problem = self.run.problem;
        let (mut held, mut open) = (0u64, vec![false; often.len()]);
        let mut sets = vec![top.open.clone()];
        for j in often {
            if held >= problem.total_demand() && top.share[j] < 0.5 {
                break;
            }
            held = held.saturating_add(problem.capacity[j]);
            open[j] = true;
        }
        sets.push(open);
        for open in sets {
            if self.try_set(open.clone(), proof) {
                self.exchange(open, proof);
            }
        }
    }

    /// Says whether a plan on these sites is the best so far.
    fn try_set(&mut self, open: Vec<bool>, proof: &Proof<'_>) -> bool {
        if proof.changed(&open)(&[]) >= self.worth() || !self.tried.insert(open.clone()) {
            return false;
        }
        let plan = serve(self.run.problem, &open, self.run.clock);
        let plan = plan.and_then(|s| counted(self.run.problem, s.served));
        self.run.take(plan)
    }

    /// Opens, closes and exchanges sites, those first from which most may come, as long as that gains.
    fn exchange(&mut self, mut open: Vec<bool>, proof: &Proof<'_>) {
        loop {
            let mut tries: Vec<(u64, Vec<usize>)> = {
                let least = proof.changed(&open);
                neighbours(&open).map(|sites| (least(&sites), sites)).collect()
            };
            let worth = self.worth();
            tries.retain(|t| t.0 < worth);
            tries.sort();
            tries.truncate(EXCHANGES);
            let better = tries.into_iter().find_map(|(_, sites)| {
                let mut other = open.clone();
                sites.iter().for_each(|j| other[*j] = !other[*j]);
                (self.run.clock.reached().is_none() && self.try_set(other.clone(), proof)).then_some(other)
            });
            match better {
                Some(other) => open = other,
                None => return,
            }
        }
    }

    /// All sites are decided: the cheapest service is the best plan of the part.
    fn leaf(&mut self, roles: &[Role], bound: u64) {
        let problem = self.run.problem;
        let open: Vec<bool> = roles.iter().map(|r| *r == Role::Open).collect();
        let Some(service) = serve(problem, &open, self.run.clock) else {
            if self.run.clock.reached().is_some() {
                self.abandoned = self.abandoned.min(bound);
            }
            return;
        };
        let reached = proven(problem, roles, &service).max(bound);
        let plan: Option<Plan> = counted(problem, service.served);
        self.run.take(plan);
        if reached < self.worth() {
            self.abandoned = self.abandoned.min(reached);
        }
    }

    /// Queues a part, to be split on the site that is least decided, for its capacity.
    fn push(&mut self, roles: Vec<Role>, top: Top, bound: u64) {
        let Some(next) = doubtful(self.run.problem, &roles, &top) else { return };
        let depth = roles.iter().filter(|r| **r != Role::Free).count();
        self.queue.insert((bound, Reverse(depth), Reverse(self.nodes)), Part { roles, u: top.u, next });
    }
}

/// The free site that is least decided, for its capacity.
pub(super) fn doubtful(problem: &Problem<'_>, roles: &[Role], top: &Top) -> Option<usize> {
    let doubt = |j: usize| top.share[j].min(1.0 - top.share[j]) * problem.capacity[j] as f64;
    let free = (0..roles.len()).filter(|j| roles[*j] == Role::Free);
    free.max_by(|a, b| doubt(*a).total_cmp(&doubt(*b)))
}

/// Exchanges of sites that are tried without success.
const EXCHANGES: usize = 60;
