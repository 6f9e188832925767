//! p-median: open exactly `p` sites so that the weighted cost of serving every client from its nearest
//! open site is smallest.
//!
//! | | |
//! | --- | --- |
//! | `y[j]` | 1 when site `j` is open |
//! | `x[i,j]` | share of client `i` served by site `j` |
//!
//! ```text
//! min  Σ_i w_i Σ_j c_ij x_ij
//!      Σ_j x_ij = 1       every client is served, whatever its weight
//!      x_ij ≤ y_j         from an open site only
//!      Σ_j y_j  = p
//!      y_j ∈ {0, 1},  x_ij ≥ 0
//! ```
//!
//! ReVelle and Swain, Central facilities location, Geographical Analysis 2 (1970) 30–42.
//!
//! Since `p` of the `m` allowed sites are open, one of the `m − p + 1` nearest allowed sites of a client
//! is; further pairs are left out, as are those beyond its nearest fixed site.
//!
//! The way to the proof, all bounds in exact integers:
//! 1. `swap`: first plans, a site in and another out as long as it pays;
//! 2. `dual`: multipliers raised by a subgradient; sites that no better plan holds, or that all do, are decided and the lists
//!    compressed as they go (`inst`);
//! 3. `branch`: where few sites are to open, branching on sites with those multipliers alone; lists are long there and LPs slow;
//! 4. `benders`, `groups`, `tree`: an LP by cuts that starts from those multipliers, of single clients and of groups of clients
//!    among which it splits sites, then branching on sites. The solver's LP only says which multipliers to use: the bound of
//!    every node is counted again from them ([`certified_bound`] is that of the first, without groups).

use crate::greedy;
use crate::lists::{ClientIx, CostLists, SiteIx};
use crate::nearest::NearLists;
use crate::outcome::{Checked, Goal, Impossible, Outcome, Plan, ProblemError, Rules};
use branch::Search;
use inst::{Inst, Unlike};
use maillage_milp::{Limits, Progress, SolverFailure};
use std::time::Instant;

mod alternatives;
mod benders;
mod branch;
mod dual;
mod groups;
mod inst;
mod plane;
mod swap;
mod tree;

pub use alternatives::alternatives;
pub use plane::{PlaneFailure, certified_bound_plane, solve_plane, solve_plane_with_certificate};

/// A p-median problem.
#[derive(Debug, Clone)]
pub struct Problem<'a> {
    lists: &'a CostLists,
    /// Where the lists do not end with what can be reached.
    plane: Option<&'a NearLists<'a>>,
    rules: Checked,
    p: u32,
    /// Plans to differ from, each with how many of its sites may stay.
    unlike: Vec<(Vec<SiteIx>, u32)>,
    /// Only plans that cost less are asked for.
    below: Option<u64>,
}

impl<'a> Problem<'a> {
    /// Exactly `p` sites, those fixed open included.
    ///
    /// # Errors
    /// [`ProblemError`].
    pub fn new(lists: &'a CostLists, p: u32, rules: Rules<'_>) -> Result<Self, ProblemError> {
        let rules = Checked::new(lists, rules)?;
        rules.exactly(p)?;
        Ok(Problem { lists, plane: None, rules, p, unlike: Vec::new(), below: None })
    }

    /// The same on a plane: lists may be cut short, the plan is worth its true distances and the bound holds for them. With
    /// lists that are too short for the proof the gap stays open: some ten times as many sites as clients of a site do.
    ///
    /// # Errors
    /// [`ProblemError`].
    pub fn on_plane(near: &'a NearLists<'a>, p: u32, rules: Rules<'_>) -> Result<Self, ProblemError> {
        Ok(Problem { plane: Some(near), ..Problem::new(near.lists(), p, rules)? })
    }

    /// The plan with these sites, if they serve every client.
    fn plan(&self, open: Vec<bool>) -> Option<Plan> {
        let mut assignment = self.lists.assign(&open);
        if let Some(plane) = self.plane {
            let sites: Vec<SiteIx> = self.lists.sites().filter(|s| open[s.0 as usize]).collect();
            for (client, served) in assignment.iter_mut().enumerate().filter(|(_, s)| s.is_none()) {
                let cost = |s: &SiteIx| Some((plane.cost(client, s.0 as usize)?, *s));
                *served = sites.iter().filter_map(cost).min().map(|(cost, site)| (site, cost));
            }
        }
        let mut objective = 0;
        for (client, served) in self.lists.clients().zip(&assignment) {
            objective += self.lists.weight(client) * u64::from((*served)?.1);
        }
        Some(Plan { open, assignment, objective })
    }
}

/// Solves a p-median problem.
///
/// ```
/// use maillage_location::{CostLists, Limits, Rules, SiteIx, Status, p_median};
/// // Three villages on a road, 5 km apart, each also a site; the last one has most inhabitants.
/// let rows: Vec<Vec<Option<u32>>> =
///     (0..3i32).map(|i| (0..3i32).map(|j| Some(5 * i.abs_diff(j))).collect()).collect();
/// let lists = CostLists::from_dense(&rows, vec![100, 100, 900])?;
/// let problem = p_median::Problem::new(&lists, 1, Rules::default())?;
/// let outcome = p_median::solve(&problem, &Limits::default(), &mut |_| ())?;
/// assert_eq!(outcome.status, Status::Optimal);
/// assert_eq!((outcome.open, outcome.objective), (vec![SiteIx(2)], Some(1500)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`SolverFailure`]; an infeasible problem or a limit is no error.
pub fn solve(
    problem: &Problem<'_>,
    limits: &Limits,
    watch: &mut dyn FnMut(&Progress),
) -> Result<Outcome, SolverFailure> {
    let started = Instant::now();
    Ok(search(problem, limits, started, watch, Vec::new(), false)?.0)
}

/// What anyone can count again without a solver: multipliers in units of `1 / scale`, one a client, and the bound that they
/// prove. It is that of the relaxation, at the first node: branching may have proven more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Units of 1 of the objective.
    pub scale: u64,
    /// Multipliers.
    pub values: Vec<u64>,
    /// What they prove: see [`certified_bound`].
    pub bound: u64,
}

/// `⌈(Σ_i u_i + the p smallest of Σ_i min(0, scale w_i c_ij - u_i)) / scale⌉`, fixed sites among the `p`: no plan costs less,
/// whatever the multipliers `u`. On a plane a multiplier counts at most for what the last site of a list costs. `None` when
/// there are not as many multipliers as clients, or none of them fits.
pub fn certified_bound(problem: &Problem<'_>, certificate: &Certificate) -> Option<u64> {
    let (lists, rules) = (problem.lists, &problem.rules);
    let inst = Inst::new(lists, &rules.allowed, &rules.fixed, problem.p, problem.plane.is_some());
    let fits = certificate.values.len() == inst.clients() && certificate.scale == inst.scale.unsigned_abs();
    let multiplier = |(i, u): (usize, &u64)| i64::try_from(*u).unwrap_or(i64::MAX).min(inst.most(i));
    fits.then(|| branch::certified(&inst, certificate.values.iter().enumerate().map(multiplier).collect()))
}

/// As [`solve`], with the certificate of the first bound, unless the answer needed none.
///
/// # Errors
/// [`SolverFailure`]; an infeasible problem or a limit is no error.
pub fn solve_with_certificate(
    problem: &Problem<'_>,
    limits: &Limits,
    watch: &mut dyn FnMut(&Progress),
) -> Result<(Outcome, Option<Certificate>), SolverFailure> {
    let started = Instant::now();
    search(problem, limits, started, watch, Vec::new(), true)
}

/// From these plans, or some of its own.
fn search(
    problem: &Problem<'_>,
    limits: &Limits,
    started: Instant,
    watch: &mut dyn FnMut(&Progress),
    first: Vec<Vec<bool>>,
    certify: bool,
) -> Result<(Outcome, Option<Certificate>), SolverFailure> {
    let (lists, rules) = (problem.lists, &problem.rules);
    let unreachable = rules.unreachable(lists, u32::MAX);
    if !unreachable.is_empty() && problem.plane.is_none() {
        return Ok((Outcome::infeasible(Impossible::Unreachable(unreachable), started), None));
    }
    let mut inst = Inst::new(lists, &rules.allowed, &rules.fixed, problem.p, problem.plane.is_some());
    inst.unlike = problem
        .unlike
        .iter()
        .map(|(sites, most)| {
            let sites = inst.id.iter().map(|j| sites.binary_search(&SiteIx(*j)).is_ok()).collect();
            Unlike { sites, most: *most as usize }
        })
        .collect();
    let price = |ids: &[u32]| problem.plan(marked(lists, ids)).map(|p| p.objective);
    let mut search = Search {
        limits,
        started,
        price: &price,
        watch,
        below: problem.below,
        best: None,
        nodes: 0,
        partial: false,
        first_u: None,
        bound: 0,
    };
    let own = if first.is_empty() { starts(problem, &inst, limits.seed) } else { Vec::new() };
    let first = first.into_iter().map(|open| inst.id.iter().map(|j| open[*j as usize]).collect());
    for open in first.map(|open: Vec<bool>| preferred(&inst, &open)).chain(own) {
        search.offer(&inst, open, true);
    }
    let limit = search.run(&inst)?;
    let multipliers = if certify { search.multipliers(&inst) } else { Vec::new() };
    let (best, mut bound) = (search.best, search.bound);
    let certificate = certify.then(|| Certificate {
        scale: inst.scale.unsigned_abs(),
        bound: branch::certified(&inst, multipliers.clone()),
        values: multipliers.iter().map(|u| u.unsigned_abs()).collect(),
    });
    // A run cut short may have proven less than its certificate does.
    bound = bound.max(certificate.as_ref().map_or(0, |c| c.bound));
    let outcome = match best.and_then(|(ids, _)| problem.plan(marked(lists, &ids))) {
        Some(plan) => Outcome::plan(plan, Goal::Small, bound, limits, limit, started)?,
        None if limit.is_none() => Outcome::infeasible(Impossible::NotWith { p: problem.p }, started),
        None => Outcome::no_plan(Some(bound), limit, started),
    };
    Ok((outcome, certificate))
}

fn marked(lists: &CostLists, ids: &[u32]) -> Vec<bool> {
    let mut open = vec![false; lists.num_sites() as usize];
    ids.iter().for_each(|j| open[*j as usize] = true);
    open
}

/// As many of these sites as may stand together, and others for the rest.
fn preferred(inst: &Inst, open: &[bool]) -> Vec<bool> {
    let sites = |wanted: bool| (0..inst.sites()).filter(move |k| open[*k] == wanted);
    inst.pick(sites(true).chain(sites(false)))
}

/// First plans, before any swap.
fn starts(problem: &Problem<'_>, inst: &Inst, seed: u32) -> Vec<Vec<bool>> {
    let mut out = Vec::new();
    if inst.is_hard() {
        let open = greedy::median(problem.lists, &problem.rules, problem.p);
        let open: Vec<bool> = inst.id.iter().map(|j| open[*j as usize]).collect();
        out.push(preferred(inst, &open));
    }
    let small = (inst.site.len() as u64) < 2_000_000;
    let mut state = u64::from(seed).wrapping_mul(2).wrapping_add(0x9E37_79B9_7F4A_7C15);
    for _ in 0..if small { 3 } else { 1 } {
        let mut order: Vec<usize> = (0..inst.sites()).collect();
        for k in (1..order.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            order.swap(k, ((state >> 33) % (k as u64 + 1)) as usize);
        }
        out.push(inst.pick(order.into_iter()));
    }
    out
}
