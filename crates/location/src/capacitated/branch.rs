//! Branch and bound over the sites of single-site problems: the bound at a node is that of its multipliers, in integers. Where
//! all sites are decided, clients are sent to sites one by one, until few pairs are left that a better plan may use: those go
//! to the solver.

use super::anneal::{LONG, SHORT};
use super::ascent::{Top, ascend};
use super::certificate::{Proof, in_parts};
use super::first::assign;
use super::mip::{Task, nearly};
use super::plan::{self, Plan};
use super::residual::{Pairs, Residual, Role, Served, pairs};
use super::resplit::{ALL, Groups, SMALL};
use super::tree::doubtful;
use super::{Run, Sharing};
use crate::fixed_charge::MULTIPLIER_PARTS;
use maillage_milp::{Limits, SolverFailure};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

/// First pace and steps of multipliers at a node, and at a leaf.
const NODE: (f64, usize) = (0.2, 60);
const LEAF: (f64, usize) = (0.2, 120);
/// Exchanges of sites that are tried without success.
const EXCHANGES: usize = 300;
/// Plans on other sites than the best that are bettered by groups.
const STARTS: u32 = 20;
/// The solver assigns clients that have at most so many sites to choose from, beside one each.
const FEW: usize = 150;

/// A part of the search.
struct Node {
    roles: Vec<Role>,
    u: Vec<f64>,
    /// The site to decide next; none at a leaf.
    next: Option<usize>,
    /// At a leaf where clients were sent to sites: the last of them.
    sent: Option<Sent>,
}

/// A client of some pairs that is sent to a site.
struct Sent {
    pairs: Rc<Pairs>,
    client: usize,
    site: usize,
}

impl Sent {
    fn pairs(&self) -> Pairs {
        let may = |j: usize, client: usize| client != self.client || j == self.site;
        let own =
            |(j, own): (usize, &Vec<Served>)| own.iter().copied().filter(|s| may(j, s.client)).collect();
        self.pairs.iter().enumerate().map(own).collect()
    }
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
    /// Those around which the best plan was searched; none in the search of a group, which uses neither exchanges nor the
    /// solver.
    groups: Option<Groups>,
    /// How many more plans on other sites are bettered beside the best.
    starts: u32,
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
        let mut search = Search::new(cap, run, root, Some(Groups::default()));
        search.begin(tight)?;
        search.explore(u64::MAX)
    }

    /// Searches plans that cost less than the best for so many parts, about.
    pub fn group(nodes: u64, run: &'r mut Run<'a>, root: &[u64]) -> Result<(), SolverFailure> {
        let mut search = Search::new(u64::MAX, run, root, None);
        search.prune();
        search.explore(nodes)?;
        Ok(())
    }

    fn new(cap: u64, run: &'r mut Run<'a>, root: &[u64], groups: Option<Groups>) -> Self {
        Search {
            pairs: pairs(run.problem, |_, _| true),
            run,
            root: root.to_vec(),
            queue: BTreeMap::new(),
            tried: BTreeSet::new(),
            glanced: BTreeSet::new(),
            cap,
            worth: u64::MAX,
            nodes: 0,
            groups,
            starts: STARTS,
        }
    }

    /// Branches until the best plan is proven, a limit comes or there are too many parts. Says as `below` does.
    fn explore(&mut self, most: u64) -> Result<bool, SolverFailure> {
        let u: Vec<f64> = self.root.iter().map(|u| *u as f64 / MULTIPLIER_PARTS as f64).collect();
        self.look(vec![Role::Free; self.run.problem.capacity.len()], &u, 0)?;
        while let Some(((bound, ..), node)) = self.queue.pop_first() {
            self.run.reach(bound, self.nodes);
            if self.run.done() || self.nodes >= most {
                return Ok(false);
            }
            if bound >= self.worth() {
                break;
            }
            let Some(j) = node.next else {
                self.leaf(node, bound)?;
                continue;
            };
            for role in [Role::Open, Role::Closed] {
                let mut roles = node.roles.clone();
                roles[j] = role;
                self.look(roles, &node.u, bound)?;
            }
        }
        let worth = self.worth();
        let known = self.run.best.is_some();
        if known || self.cap < u64::MAX {
            self.run.reach(worth, self.nodes);
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
        self.polish()
    }

    /// Betters the best plan as long as exchanges or groups do, and drops what cannot beat it.
    fn polish(&mut self) -> Result<(), SolverFailure> {
        if let Some(mut groups) = self.groups.take() {
            loop {
                self.exchange();
                let value = |run: &Run<'_>| run.best.as_ref().map(|b| b.value);
                let before = value(self.run);
                groups.improve(self.run, &self.root, ALL)?;
                if value(self.run) == before {
                    break;
                }
            }
            self.groups = Some(groups);
        }
        self.prune();
        Ok(())
    }

    /// Betters a plan that is about as good as the best, which may be worse only for its assignment.
    fn alternative(&mut self, plan: Plan) -> Result<bool, SolverFailure> {
        let Some(best) = &self.run.best else { return Ok(false) };
        if self.groups.is_none() || self.starts == 0 || plan.value > best.value + best.value / 100 {
            return Ok(false);
        }
        self.starts -= 1;
        let (problem, clock, bound) = (self.run.problem, self.run.clock, self.run.bound);
        let mut other = Run { problem, clock, best: Some(plan), bound, watch: &mut |_| () };
        Groups::default().improve(&mut other, &self.root, SMALL)?;
        let found = other.best;
        Ok(self.run.take(found))
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
    fn look(&mut self, roles: Vec<Role>, u: &[f64], bound: u64) -> Result<(), SolverFailure> {
        let problem = self.run.problem;
        let top = self.climb(&roles, u, NODE);
        let residual = Residual { problem, pairs: &self.pairs, roles: &roles };
        let Some(proof) = Proof::new(residual, &in_parts(&top.u)) else { return Ok(()) };
        let bound = bound.max(proof.bound());
        let decided = proof.decided(self.worth());
        let Some(roles) = decided.filter(|_| bound < self.worth()) else { return Ok(()) };
        let mut better = false;
        let often = top.share.iter().map(|y| *y > 0.5).collect();
        let sets = [top.open.clone(), often];
        let least = [0, 1].map(|k: usize| proof.changed(&sets[k])(&[]));
        for (open, least) in sets.into_iter().zip(least) {
            if least < self.worth() && self.tried.insert(open.clone()) {
                let Some(plan) = assign(problem, &open, &top.site, LONG, self.nodes as u32) else { continue };
                better |= self.run.take(Some(plan.clone())) || self.alternative(plan)?;
            }
        }
        if better {
            self.polish()?;
        }
        let next = doubtful(problem, &roles, &top);
        self.push(bound, Node { roles, u: top.u, next, sent: None });
        Ok(())
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

    /// Searches assignments to decided sites: the solver does where few pairs are left, otherwise one client is sent to each of
    /// the sites that may serve it.
    fn leaf(&mut self, node: Node, bound: u64) -> Result<(), SolverFailure> {
        let (problem, clock) = (self.run.problem, self.run.clock);
        let open: Vec<bool> = node.roles.iter().map(|r| *r == Role::Open).collect();
        let mut pairs = node.sent.as_ref().map_or_else(|| self.pairs.clone(), Sent::pairs);
        let residual = Residual { problem, pairs: &pairs, roles: &node.roles };
        let top = ascend(residual, node.u, self.worth() as f64, LEAF, clock);
        let (tries, how) = if node.sent.is_none() { (5, LONG) } else { (1, SHORT) };
        for seed in 0..tries {
            let plan = assign(problem, &open, &top.site, how, seed);
            self.run.take(plan);
        }
        let Some(proof) = Proof::new(residual, &in_parts(&top.u)) else { return Ok(()) };
        let (worth, proven) = (self.worth(), proof.bound().max(bound));
        if proven >= worth {
            return Ok(());
        }
        let may = proof.may_serve(worth);
        pairs.iter_mut().enumerate().for_each(|(j, own)| own.retain(|s| may[j][s.client]));
        let mut sites = vec![Vec::new(); problem.demand.len()];
        pairs.iter().enumerate().for_each(|(j, own)| own.iter().for_each(|s| sites[s.client].push(j)));
        if sites.iter().any(Vec::is_empty) {
            return Ok(());
        }
        let choices: usize = sites.iter().map(|s| s.len() - 1).sum();
        if choices <= FEW && self.groups.is_some() {
            let task = Task {
                may_open: &|j| open[j],
                may_close: &|_| false,
                may_serve: &|i, j| sites[i].contains(&j),
                tight: &[],
                sharing: Sharing::Single,
                worth,
                seconds: Some(3.0),
            };
            let solved = self.run.part(&task)?;
            self.prune();
            if solved >= self.worth() {
                return Ok(());
            }
        }
        let doubt = |i: &usize| (sites[*i].len() > 1, (top.served[*i] - 1.0).abs() > 0.5, problem.demand[*i]);
        let Some(client) = (0..sites.len()).max_by_key(doubt) else { return Ok(()) };
        if choices == 0 {
            let only: Vec<usize> = sites.iter().map(|s| s[0]).collect();
            self.run.take(plan::single(problem, &only));
            return Ok(());
        }
        let pairs = Rc::new(pairs);
        for &site in &sites[client] {
            let sent = Some(Sent { pairs: pairs.clone(), client, site });
            self.push(proven, Node { roles: node.roles.clone(), u: top.u.clone(), next: None, sent });
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
