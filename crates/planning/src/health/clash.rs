//! A first plan, or why there is none: a smallest set of rules that clash, by deletion (Chinneck and Dravnieks 1991).

use super::formulation::{Decisions, Keep};
use super::solve::failure;
use super::trips::{Detail, Trips, attached_rows};
use super::world::World;
use crate::Options;
use good_lp::Solution as _;
use maillage_milp::{Limits, Model, Reason, Sense, SolverFailure};
use maillage_programme::SiteIx;
use maillage_programme::health::{
    Attached, Health, HealthPlan, HealthRule, HealthTypeIx, LeverIx, PoolIx, Standing,
};
use maillage_territory::{PlaceIx, Territory};

/// A rule that may clash with others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HealthClash {
    /// A rule, by its place in the list.
    Rule(usize),
    /// The team minimum of a type.
    Team(HealthTypeIx),
    /// A pool.
    Pool(PoolIx),
    /// What owners can pay.
    Owner,
    /// A settled opening.
    Committed(SiteIx),
    /// The lead that a type needs.
    Lead(HealthTypeIx),
    /// A lever that must start.
    Lever(LeverIx),
}

/// A plan that keeps every rule; `None` when it is proven that there is none. No goal is sought.
///
/// # Errors
/// When the solver fails.
pub fn health_decisions(
    territory: &Territory,
    health: &Health,
    options: &Options,
) -> Result<Option<HealthPlan>, SolverFailure> {
    let world = World::new(territory, health);
    possible(&world, &world.base(), &|_| true, options)
}

/// A smallest set of rules that clash; empty when a plan keeps them all.
///
/// # Errors
/// When the solver fails.
pub fn health_clash(
    territory: &Territory,
    health: &Health,
    options: &Options,
) -> Result<Vec<HealthClash>, SolverFailure> {
    let world = World::new(territory, health);
    Ok(decide(&world, &world.base(), options)?.err().unwrap_or_default())
}

/// Decisions that keep every rule, or the rules that clash.
pub(crate) fn decide(
    world: &World<'_>,
    base: &[Attached],
    options: &Options,
) -> Result<Result<HealthPlan, Vec<HealthClash>>, SolverFailure> {
    if let Some(plan) = possible(world, base, &|_| true, options)? {
        return Ok(Ok(plan));
    }
    let rules = health_rules(world.health);
    let mut kept = rules.clone();
    for rule in rules {
        let without: Vec<HealthClash> = kept.iter().copied().filter(|r| *r != rule).collect();
        if possible(world, base, &|r| without.contains(&r), options)?.is_none() {
            kept = without;
        }
    }
    kept.sort_unstable();
    Ok(Err(kept))
}

/// Every rule that may clash with others.
pub fn health_rules(health: &Health) -> Vec<HealthClash> {
    let types = || (0..).map(HealthTypeIx).zip(&health.types);
    let mut rules: Vec<HealthClash> = Vec::new();
    // Deleted first, so that the rules a user can most easily change are those that remain.
    rules.extend(types().filter(|(_, t)| t.least_posts() > 0).map(|(t, _)| HealthClash::Team(t)));
    rules.extend(types().filter(|(_, t)| t.lead.is_some()).map(|(t, _)| HealthClash::Lead(t)));
    rules.extend((0..).map(PoolIx).zip(&health.pools).map(|(p, _)| HealthClash::Pool(p)));
    rules.extend(
        health
            .levers
            .iter()
            .enumerate()
            .filter(|(_, l)| l.by.is_some())
            .map(|(i, _)| HealthClash::Lever(LeverIx(i as u16))),
    );
    let committed =
        health.sites().filter(|(_, s)| matches!(s.standing, Standing::Candidate { committed: Some(_), .. }));
    rules.extend(committed.map(|(ix, _)| HealthClash::Committed(ix)));
    rules.extend((0..health.rules.len()).map(HealthClash::Rule));
    let owner = &health.owner;
    if owner.total.is_some() || owner.by_year.iter().any(Option::is_some) {
        rules.push(HealthClash::Owner);
    }
    rules
}

/// A plan that keeps the given rules; `None` when there is none.
fn possible(
    world: &World<'_>,
    base: &[Attached],
    keep: Keep<'_>,
    options: &Options,
) -> Result<Option<HealthPlan>, SolverFailure> {
    let mut model = Model::new(Sense::Minimise);
    let d = Decisions::new(world, &mut model);
    let mut rows = d.rules(&mut model, keep);
    d.money_rows(keep, &mut rows);
    d.giving_rows(base, &mut rows);
    let floors: Vec<&HealthRule> = world
        .health
        .rules
        .iter()
        .enumerate()
        .filter(|(i, r)| matches!(r, HealthRule::Attached { .. }) && keep(HealthClash::Rule(*i)))
        .map(|(_, r)| r)
        .collect();
    if !floors.is_empty() {
        let sets: Vec<Vec<PlaceIx>> = d.left_out().into_iter().map(|l| l.places).collect();
        let detail = Detail { times: false, sets: &sets };
        for block in &d.blocks {
            for year in world.health.planned() {
                let trips = Trips::new(&d, block, base, year, &detail, &mut model, &mut rows);
                floors.iter().for_each(|rule| attached_rows(rule, &d, &trips, &mut rows));
            }
        }
    }
    rows.into_iter().for_each(|row| {
        model.subject_to(row);
    });
    let limits = options.exact();
    let mut outcome = maillage_milp::solve(model.clone(), &limits, None, &mut |_| {})?;
    if outcome.reason == Reason::Infeasible {
        // A grave claim: asked twice.
        outcome = maillage_milp::solve(model, &Limits { cautious: true, ..limits }, None, &mut |_| {})?;
    }
    match (outcome.reason, outcome.values) {
        (Reason::Optimal | Reason::Feasible, Some(values)) => {
            let left_out = if floors.is_empty() { Vec::new() } else { d.left_out() };
            let plan = d.read(&|v| values.value(v), base, &left_out);
            plan.map(Some).ok_or_else(|| failure("people cannot be assigned to a plan that keeps every rule"))
        }
        (Reason::Infeasible, _) => Ok(None),
        _ => Err(failure("the rules could not be tested")),
    }
}
