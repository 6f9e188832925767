//! Maximal covering: open sites within a budget (or at most `p` of them) so that the weight of the
//! clients within the radius of an open site is largest.
//!
//! ```text
//! max  Σ_i w_i z_i
//!      z_i ≤ Σ_{j: c_ij ≤ R} y_j
//!      Σ_j cost_j y_j ≤ B     fixed sites included; with p sites, every cost is 1 and B = p
//!      y_j ∈ {0, 1},  0 ≤ z_i ≤ 1
//! ```
//!
//! Clients covered by the same sites are one ([`crate::cover::Signatures`]) and dominated sites are dropped. A
//! search gives plans, a relaxation by cuts gives a bound that counting confirms and that fixes sites,
//! and the MILP solver decides what is left.
//!
//! Church and ReVelle, The maximal covering location problem, Papers in Regional Science 32 (1974)
//! 101–118.

use crate::cover::{
    Aim, CostError, Fate, Instance, Rng, SHARE, Search, Signatures, bound, check_costs, check_rules, finish,
    largest, relax, tidy,
};
use crate::lists::{CostLists, SiteIx};
use crate::outcome::{Checked, Goal, Outcome, Plan, ProblemError, Rules};
use maillage_milp::{LimitReached, Limits, Progress, SolverFailure};
use std::time::Instant;

/// A maximal covering problem. It always has a plan.
#[derive(Debug, Clone)]
pub struct Problem<'a> {
    clients: Clients<'a>,
    rules: Checked,
    costs: Vec<u64>,
    budget: u64,
}

#[derive(Debug, Clone)]
enum Clients<'a> {
    Lists { lists: &'a CostLists, radius: u32 },
    Classes(&'a Signatures),
}

impl<'a> Problem<'a> {
    /// At most `p` sites, those fixed open included: with 2 fixed sites and `p` = 5, three are chosen.
    /// A client at exactly `radius` is covered.
    ///
    /// # Errors
    /// [`ProblemError`].
    pub fn new(lists: &'a CostLists, p: u32, radius: u32, rules: Rules<'_>) -> Result<Self, ProblemError> {
        let rules = Checked::new(lists, rules)?;
        rules.at_most(p)?;
        let costs = vec![1; lists.num_sites() as usize];
        Ok(Problem { clients: Clients::Lists { lists, radius }, rules, costs, budget: u64::from(p) })
    }

    /// Sites whose costs, one a site, total at most `budget`, those fixed open included.
    ///
    /// # Errors
    /// [`CostError`].
    pub fn with_budget(
        lists: &'a CostLists,
        costs: Vec<u64>,
        budget: u64,
        radius: u32,
        rules: Rules<'_>,
    ) -> Result<Self, CostError> {
        Problem::build(Clients::Lists { lists, radius }, Checked::new(lists, rules)?, costs, budget)
    }

    /// The same for clients that were told one by one. The outcome has no assignment.
    ///
    /// # Errors
    /// [`CostError`].
    pub fn of_classes(
        classes: &'a Signatures,
        costs: Vec<u64>,
        budget: u64,
        rules: Rules<'_>,
    ) -> Result<Self, CostError> {
        if classes.num_clients() == 0 {
            return Err(ProblemError::NoClient.into());
        }
        let rules = check_rules(classes.num_sites(), rules)?;
        Problem::build(Clients::Classes(classes), rules, costs, budget)
    }

    fn build(clients: Clients<'a>, rules: Checked, costs: Vec<u64>, budget: u64) -> Result<Self, CostError> {
        check_costs(&costs, rules.fixed.len() as u32)?;
        let cost = costs.iter().zip(&rules.fixed).filter(|(_, f)| **f).map(|(c, _)| c).sum();
        if cost > budget {
            return Err(CostError::FixedOverBudget { cost, budget });
        }
        Ok(Problem { clients, rules, costs, budget })
    }

    fn plan(&self, open: Vec<bool>, classes: &Signatures) -> Plan {
        let covered = |class: &usize| classes.sites(*class).any(|SiteIx(j)| open[j as usize]);
        let objective = (0..classes.num_classes()).filter(covered).map(|c| classes.weight(c)).sum();
        let assignment = match self.clients {
            Clients::Classes(_) => Vec::new(),
            Clients::Lists { lists, radius } => {
                lists.assign(&open).into_iter().map(|a| a.filter(|&(_, cost)| cost <= radius)).collect()
            }
        };
        Plan { open, assignment, objective }
    }
}

/// Solves a maximal covering problem. The objective is the covered weight.
///
/// ```
/// use maillage_location::{CostLists, Limits, Rules, SiteIx, max_cover};
/// let rows = [vec![Some(1), None], vec![Some(4), Some(2)], vec![None, Some(9)]];
/// let lists = CostLists::from_dense(&rows, vec![10, 20, 40])?;
/// let problem = max_cover::Problem::new(&lists, 1, 4, Rules::default())?;
/// let outcome = max_cover::solve(&problem, &Limits::default(), &mut |_| ())?;
/// assert_eq!((outcome.open, outcome.objective), (vec![SiteIx(0)], Some(30)));
/// assert_eq!(outcome.assignment[2], None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`SolverFailure`]; a limit is no error.
pub fn solve(
    problem: &Problem<'_>,
    limits: &Limits,
    watch: &mut dyn FnMut(&Progress),
) -> Result<Outcome, SolverFailure> {
    Ok(solve_with_shares(problem, limits, watch)?.0)
}

/// As [`solve`], with the share of each client (of each class, if clients were told one by one) for
/// [`certified_bound`]. The bound that these give may be weaker than that of the outcome, where the
/// MILP solver had the last word.
///
/// # Errors
/// [`SolverFailure`]; a limit is no error.
pub fn solve_with_shares(
    problem: &Problem<'_>,
    limits: &Limits,
    watch: &mut dyn FnMut(&Progress),
) -> Result<(Outcome, Vec<u64>), SolverFailure> {
    let started = Instant::now();
    let (built, of_client);
    let (classes, class_of) = match problem.clients {
        Clients::Classes(classes) => (classes, None),
        Clients::Lists { lists, radius } => {
            (built, of_client) = Signatures::within(lists, radius);
            (&built, Some(&of_client))
        }
    };
    let mut run = Run { problem, classes, limits, started, watch };
    let found = run.solve()?;
    let mut open = found.open;
    tidy(classes, &problem.rules.fixed, &mut open);
    let plan = problem.plan(open, classes);
    let share = match class_of {
        Some(of) => of.iter().map(|&c| found.share[c as usize]).collect(),
        None => found.share,
    };
    let bound = found.bound.max(plan.objective);
    Ok((Outcome::plan(plan, Goal::Large, bound, limits, found.limit, started)?, share))
}

struct Found {
    open: Vec<bool>,
    bound: u64,
    /// By class of the problem.
    share: Vec<u64>,
    limit: Option<LimitReached>,
}

struct Run<'a, 'b> {
    problem: &'a Problem<'b>,
    classes: &'a Signatures,
    limits: &'a Limits,
    started: Instant,
    watch: &'a mut dyn FnMut(&Progress),
}

/// Steps of search before the relaxation, and after it.
const FIRST_SEARCH: u64 = 30_000_000;
const SECOND_SEARCH: u64 = 1_000_000_000;
/// Pairs of classes and sites beyond which the second search is made: fewer are soon solved whole.
const LARGE: usize = 50_000;

impl Run<'_, '_> {
    fn stopped(&self) -> Option<LimitReached> {
        if self.limits.stopped() {
            return Some(LimitReached::Interrupted);
        }
        self.limits.time.filter(|t| self.started.elapsed() >= *t).map(|_| LimitReached::Time)
    }

    fn near(&self, value: u64, bound: u64) -> bool {
        let gap = bound.saturating_sub(value) as f64;
        gap <= self.limits.rel_gap * value as f64
    }

    fn tell(&mut self, value: u64, bound: u64) {
        let gap = bound.saturating_sub(value) as f64 / value.max(1) as f64;
        (self.watch)(&Progress {
            elapsed: self.started.elapsed().as_secs_f64(),
            incumbent: Some(value as f64),
            bound: Some(bound as f64),
            gap: Some(gap),
            nodes: 0,
        });
    }

    fn solve(&mut self) -> Result<Found, SolverFailure> {
        let Problem { rules, costs, budget, .. } = self.problem;
        // `build` refused fixed sites beyond the budget.
        let Some(it) = Instance::new(self.classes, costs, rules, *budget) else {
            return Err(SolverFailure::Contradiction("fixed sites cost more than the budget".into()));
        };
        let mut rng = Rng::new(self.limits.seed);
        let mut search = Search::new(&it, Aim::Most);
        search.fill(None, &mut Vec::new());
        let mut bound = it.ceiling();
        let mut share = vec![0; it.num_classes()];
        let (limits, started) = (self.limits, self.started);
        let stop = || limits.stopped() || limits.time.is_some_and(|t| started.elapsed() >= t);
        let mut limit = None;
        if !self.near(search.value(), bound) {
            search.improve(FIRST_SEARCH, &mut rng, &stop);
            self.tell(search.value(), bound);
        }
        if !self.near(search.value(), bound)
            && let Some(relaxed) = relax(&it, Aim::Most, &search.chosen(), limits, started)?
        {
            share = relaxed.share;
            let first = self::bound(&it, &share);
            bound = bound.min(first.weight);
            self.tell(search.value(), bound);
            if !self.near(search.value(), bound) && it.by_class.num_items() > LARGE {
                search.improve(SECOND_SEARCH, &mut rng, &stop);
                self.tell(search.value(), bound);
            }
        }
        let mut open = it.open(&search.chosen());
        if !self.near(search.value(), bound) {
            limit = self.stopped();
            if limit.is_none() {
                let rest = self.rest(&it, &share, search.value())?;
                let end = finish(&rest, Aim::Most, search.value(), limits, started, self.watch)?;
                // A fixed site is fixed since every better plan agrees.
                bound = end.bound.map_or(bound, |b| b.clamp(search.value(), bound));
                limit = end.limit;
                if let Some(chosen) = end.chosen {
                    let mut better = Search::new(&rest, Aim::Most);
                    chosen.iter().for_each(|&j| better.add(j));
                    if better.is_plan() && better.value() > search.value() {
                        open = rest.open(&chosen);
                    }
                }
            }
        }
        let share = it.fate.iter().map(|f| match f {
            Fate::Covered => 0,
            Fate::Hopeless => SHARE,
            Fate::In(c) => share[*c as usize],
        });
        Ok(Found { open, bound, share: share.collect(), limit })
    }

    /// The instance without the sites that no plan as good as `value` opens, and with those open that
    /// every such plan opens.
    fn rest(&self, it: &Instance, share: &[u64], value: u64) -> Result<Instance, SolverFailure> {
        let Problem { rules, costs, budget, .. } = self.problem;
        let told = bound(it, share);
        let mut rules = rules.clone();
        let mut candidate = vec![false; costs.len()];
        for (k, &j) in it.name.iter().enumerate() {
            let decided = told.otherwise[k] < value;
            candidate[j as usize] = !decided || told.picked[k];
            rules.fixed[j as usize] |= decided && told.picked[k];
        }
        for (j, candidate) in candidate.iter().enumerate() {
            rules.allowed[j] &= *candidate || it.anyway[j];
        }
        Instance::new(self.classes, costs, &rules, *budget)
            .ok_or_else(|| SolverFailure::Contradiction("sites fixed by the bound cost too much".into()))
    }
}

/// The bound that shares give, by counting alone; see [`crate::cover`] for the formula. Any shares give
/// a true bound; those above [`SHARE`] count as [`SHARE`], missing ones as 0.
pub fn certified_bound(problem: &Problem<'_>, shares: &[u64]) -> u64 {
    let num_sites = problem.costs.len();
    let mut value = vec![0u128; num_sites];
    let mut kept = 0u128;
    let mut client = |weight: u64, share: Option<&u64>, near: &mut dyn Iterator<Item = SiteIx>| {
        let share = share.map_or(0, |s| (*s).min(SHARE));
        let charged = u128::from(weight) * u128::from(share);
        kept += u128::from(weight) * u128::from(SHARE) - charged;
        near.for_each(|SiteIx(j)| value[j as usize] += charged);
    };
    match problem.clients {
        Clients::Lists { lists, radius } => {
            for c in lists.clients() {
                let mut near = lists.list(c).take_while(|&(_, cost)| cost <= radius).map(|(site, _)| site);
                client(lists.weight(c), shares.get(c.0 as usize), &mut near);
            }
        }
        Clients::Classes(classes) => {
            for c in 0..classes.num_classes() {
                client(classes.weight(c), shares.get(c), &mut classes.sites(c));
            }
        }
    }
    let Checked { fixed, allowed, .. } = &problem.rules;
    let fixed_cost: u64 = problem.costs.iter().zip(fixed).filter(|(_, f)| **f).map(|(c, _)| c).sum();
    let of_fixed: u128 = value.iter().zip(fixed).filter(|(_, f)| **f).map(|(v, _)| v).sum();
    let free = (0..num_sites).filter(|&j| allowed[j] && !fixed[j]).map(|j| (value[j], problem.costs[j]));
    let best = largest(free, problem.budget.saturating_sub(fixed_cost));
    u64::try_from((kept + of_fixed + best) / u128::from(SHARE)).unwrap_or(u64::MAX)
}
