//! Partial set covering: the cheapest sites (or the fewest) such that the clients within the radius of
//! an open site weigh at least so much.
//!
//! ```text
//! min  Σ_j cost_j y_j
//!      Σ_i w_i z_i ≥ D
//!      z_i ≤ Σ_{j: c_ij ≤ R} y_j
//!      y_j ∈ {0, 1},  0 ≤ z_i ≤ 1
//! ```
//!
//! Clients covered by the same sites are one, dominated sites are dropped, a search gives plans, a
//! relaxation by cuts fixes sites, and the MILP solver decides what is left. Daskin and Owen, Two new
//! location covering problems, Geographical Analysis 31 (1999) 217–235; Cordeau, Furini and Ljubić, EJOR
//! 275 (2019) 882–896.

use crate::cover::{
    Aim, CostError, Fate, Instance, Rng, SHARE, Search, Signatures, check_costs, finish, priced, relax, tidy,
};
use crate::lists::{ClientIx, CostLists};
use crate::outcome::{Checked, Goal, Impossible, Outcome, Plan, Rules};
use maillage_milp::{Limits, Progress, SolverFailure};
use std::time::Instant;

/// A partial set covering problem.
#[derive(Debug, Clone)]
pub struct Problem<'a> {
    lists: &'a CostLists,
    rules: Checked,
    costs: Vec<u64>,
    least: u64,
    radius: u32,
}

impl<'a> Problem<'a> {
    /// Fewest sites, fixed ones included, that cover at least the weight `least`. A client at exactly
    /// `radius` is covered.
    ///
    /// # Errors
    /// [`CostError`].
    pub fn new(lists: &'a CostLists, least: u64, radius: u32, rules: Rules<'_>) -> Result<Self, CostError> {
        Problem::with_costs(lists, vec![1; lists.num_sites() as usize], least, radius, rules)
    }

    /// Least cost, with one cost a site; fixed sites count.
    ///
    /// # Errors
    /// [`CostError`].
    pub fn with_costs(
        lists: &'a CostLists,
        costs: Vec<u64>,
        least: u64,
        radius: u32,
        rules: Rules<'_>,
    ) -> Result<Self, CostError> {
        let rules = Checked::new(lists, rules)?;
        check_costs(&costs, lists.num_sites())?;
        Ok(Problem { lists, rules, costs, least, radius })
    }

    fn plan(&self, open: Vec<bool>) -> Plan {
        let near = |a: Option<(_, u32)>| a.filter(|&(_, cost)| cost <= self.radius);
        let assignment = self.lists.assign(&open).into_iter().map(near).collect();
        let objective = self.costs.iter().zip(&open).filter(|(_, o)| **o).map(|(c, _)| c).sum();
        Plan { open, assignment, objective }
    }
}

/// Steps of search before the relaxation.
const SEARCH: u64 = 100_000_000;

/// Solves a partial set covering problem. The objective is the cost of the open sites. When all allowed
/// sites together cover too little, the clients that none covers are named.
///
/// ```
/// use maillage_location::{CostLists, Limits, Rules, SiteIx, partial_cover};
/// let rows = [vec![Some(1), None], vec![Some(4), Some(2)], vec![None, Some(9)]];
/// let lists = CostLists::from_dense(&rows, vec![10, 20, 40])?;
/// let problem = partial_cover::Problem::new(&lists, 60, 9, Rules::default())?;
/// let outcome = partial_cover::solve(&problem, &Limits::default(), &mut |_| ())?;
/// assert_eq!((outcome.open, outcome.objective), (vec![SiteIx(1)], Some(1)));
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
    Ok(solve_with_prices(problem, limits, watch)?.0)
}

/// As [`solve`], with prices for [`certified_bound`], where the relaxation was needed. The bound that they give may be weaker
/// than that of the outcome, where the MILP solver had the last word.
///
/// # Errors
/// [`SolverFailure`]; an infeasible problem or a limit is no error.
pub fn solve_with_prices(
    problem: &Problem<'_>,
    limits: &Limits,
    watch: &mut dyn FnMut(&Progress),
) -> Result<(Outcome, Option<Vec<u64>>), SolverFailure> {
    let started = Instant::now();
    let Problem { lists, rules, costs, least, radius } = problem;
    let (classes, class_of) = Signatures::within(lists, *radius);
    let contradiction = || SolverFailure::Contradiction("an unlimited budget is exceeded".into());
    let it = Instance::new(&classes, costs, rules, u64::MAX).ok_or_else(contradiction)?;
    if it.ceiling() < *least {
        let out = rules.unreachable(lists, *radius);
        return Ok((Outcome::infeasible(Impossible::Unreachable(out), started), None));
    }
    let mut prices = None;
    let aim = Aim::Cheapest(*least);
    let mut search = Search::new(&it, aim);
    search.fill(None, &mut Vec::new());
    let stop = || limits.stopped() || limits.time.is_some_and(|t| started.elapsed() >= t);
    let near = |value: u64, bound: u64| (value.saturating_sub(bound)) as f64 <= limits.rel_gap * value as f64;
    let value = |search: &Search<'_>| it.spent + search.value();
    let mut bound = it.spent;
    if !near(value(&search), bound) {
        search.improve(SEARCH, &mut Rng::new(limits.seed), &stop);
    }
    let mut open = it.open(&search.chosen());
    let mut limit = None;
    if !near(value(&search), bound) {
        let mut rest_rules = rules.clone();
        if let Some(relaxed) = relax(&it, aim, &search.chosen(), limits, started)? {
            let told = priced(&it, &relaxed.share, relaxed.price, *least);
            bound = bound.max(it.spent.saturating_add(told.cost));
            prices = Some(whole_prices(&it, &class_of, &relaxed.share, relaxed.price));
            for (k, &j) in it.name.iter().enumerate() {
                if it.spent.saturating_add(told.otherwise[k]) > value(&search) {
                    let j = j as usize;
                    rest_rules.fixed[j] |= told.picked[k];
                    rest_rules.allowed[j] &= told.picked[k];
                }
            }
        }
        let mut candidate = it.anyway.clone();
        it.name.iter().for_each(|&j| candidate[j as usize] = true);
        rest_rules.allowed.iter_mut().zip(candidate).for_each(|(a, c)| *a &= c);
        if !near(value(&search), bound) {
            let rest = Instance::new(&classes, costs, &rest_rules, u64::MAX).ok_or_else(contradiction)?;
            let end = finish(&rest, aim, value(&search), limits, started, watch)?;
            bound = end.bound.map_or(bound, |b| b.clamp(bound, value(&search).max(bound)));
            limit = end.limit;
            if let Some(chosen) = end.chosen {
                let mut other = Search::new(&rest, aim);
                chosen.iter().for_each(|&j| other.add(j));
                if other.is_plan() && rest.spent + other.value() < value(&search) {
                    open = rest.open(&chosen);
                }
            }
        }
    }
    tidy(&classes, &rules.fixed, &mut open);
    let plan = problem.plan(open);
    let bound = bound.min(plan.objective);
    Ok((Outcome::plan(plan, Goal::Small, bound, limits, limit, started)?, prices))
}

/// Prices of each client and of the demand, out of [`SHARE`] a unit of cost.
fn whole_prices(it: &Instance, class_of: &[u32], share: &[u64], price: f64) -> Vec<u64> {
    // A cast saturates.
    let demand = (price.max(0.0) * SHARE as f64) as u64;
    let of_client = |class: &u32| match it.fate[*class as usize] {
        Fate::Covered => 0,
        Fate::Hopeless => demand,
        Fate::In(c) => (u128::from(share[c as usize]) * u128::from(demand) / u128::from(SHARE)) as u64,
    };
    class_of.iter().map(of_client).chain([demand]).collect()
}

/// The bound on the cost that prices give by counting alone, whatever they are. With `m_i` the price that client `i` pays for
/// a unit of its weight and `π` that of the demand, the last, all out of [`SHARE`] a unit of cost and `m_i ≤ π` (larger ones
/// count as `π`), every plan costs at least
///
/// ```text
/// π D − Σ_i w_i (π − m_i) + Σ_j min(0, cost_j − Σ_{i: c_ij ≤ R} w_i m_i)
/// ```
///
/// rounded up, where a fixed site counts whole and a forbidden one not at all. `None` if there is not one price a client and
/// one more, or if sums leave 128 bits. It says nothing of an infeasible problem.
pub fn certified_bound(problem: &Problem<'_>, prices: &[u64]) -> Option<u64> {
    let Problem { lists, rules, costs, least, radius } = problem;
    let (&demand, of_clients) = prices.split_last()?;
    if of_clients.len() != lists.num_clients() as usize {
        return None;
    }
    // Weights total at most 2^53, so that a sum over clients is below 2^117.
    let mut sum = i128::from(demand).checked_mul(i128::from(*least))?;
    let mut left: Vec<i128> = costs.iter().map(|&c| i128::from(c) * i128::from(SHARE)).collect();
    for (i, &price) in (0u32..).zip(of_clients) {
        let (weight, price) = (i128::from(lists.weight(ClientIx(i))), price.min(demand));
        sum = sum.checked_sub(weight * i128::from(demand - price))?;
        for (site, _) in lists.list(ClientIx(i)).take_while(|&(_, cost)| cost <= *radius) {
            left[site.0 as usize] -= weight * i128::from(price);
        }
    }
    for (j, left) in left.into_iter().enumerate().filter(|&(j, _)| rules.allowed[j]) {
        sum = sum.checked_add(if rules.fixed[j] { left } else { left.min(0) })?;
    }
    u64::try_from(sum.max(0).unsigned_abs().div_ceil(u128::from(SHARE))).ok()
}
