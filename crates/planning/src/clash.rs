//! Why no plan keeps every rule: a smallest set of rules that clash, by deletion.
//!
//! Nobody has to be attached, so people never make a programme infeasible: only the decisions matter, and
//! each test is a tiny model. The set is irreducible: drop any one of its rules and the others can be kept
//! (Chinneck and Dravnieks 1991, the deletion filter).

use crate::formulation::{Decisions, keeps_every_rule};
use crate::solve::{Options, failure};
use good_lp::Solution as _;
use maillage_milp::{Model, Reason, Sense, SolverFailure};
use maillage_programme::{Programme, Role, SiteIx, Staffed, TypeIx};

/// A rule that a programme may break when it clashes with others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// The budget.
    Budget,
    /// The most structures that open.
    MaxNewSites,
    /// The GPs that can be recruited.
    GpPool,
    /// The fewest GPs of a type.
    Team(TypeIx),
    /// A site that must open.
    Forced(SiteIx),
}

/// Every rule that a programme may break.
pub fn rules(programme: &Programme) -> Vec<Rule> {
    let mut rules = Vec::new();
    let forced = programme.sites().filter(|(_, s)| matches!(s.role, Role::Candidate { forced: true, .. }));
    // Deleted first, so that the rules a user can most easily change are those that remain.
    rules.extend(
        (0..).map(TypeIx).zip(&programme.types).filter(|(_, t)| t.min_gps > 0).map(|(t, _)| Rule::Team(t)),
    );
    rules.extend(programme.limits.max_new_sites.map(|_| Rule::MaxNewSites));
    rules.extend(programme.limits.gp_pool.map(|_| Rule::GpPool));
    rules.extend(forced.map(|(site, _)| Rule::Forced(site)));
    rules.extend(programme.limits.budget.map(|_| Rule::Budget));
    rules
}

/// Decisions that keep every rule, verified in whole numbers; `None` when it is proven that there are none. People
/// count for nothing here.
///
/// # Errors
/// When the solver fails.
pub fn decisions(programme: &Programme, options: &Options) -> Result<Option<Vec<Staffed>>, SolverFailure> {
    let found = possible(programme, &rules(programme), options)?;
    if found.as_ref().is_some_and(|staffed| !keeps_every_rule(programme, staffed)) {
        return Err(failure("the solver's decisions break a rule"));
    }
    Ok(found)
}

/// Decisions that keep every rule, or a smallest set of rules that clash.
///
/// # Errors
/// When the solver fails.
pub fn decide(
    programme: &Programme,
    options: &Options,
) -> Result<Result<Vec<Staffed>, Vec<Rule>>, SolverFailure> {
    if let Some(staffed) = decisions(programme, options)? {
        return Ok(Ok(staffed));
    }
    let rules = rules(programme);
    let mut kept = rules.clone();
    for rule in rules {
        let without: Vec<Rule> = kept.iter().copied().filter(|r| *r != rule).collect();
        if possible(programme, &without, options)?.is_none() {
            kept = without;
        }
    }
    kept.sort_unstable();
    Ok(Err(kept))
}

/// Decisions that keep the given rules; `None` when there are none.
fn possible(
    programme: &Programme,
    rules: &[Rule],
    options: &Options,
) -> Result<Option<Vec<Staffed>>, SolverFailure> {
    let mut model = Model::new(Sense::Minimise);
    let decisions = Decisions::new(programme, &mut model);
    for row in decisions.rules(programme, &|rule| rules.contains(&rule)) {
        model.subject_to(row);
    }
    let outcome = maillage_milp::solve(model, &options.exact(), None, &mut |_| {})?;
    match (outcome.reason, outcome.values) {
        (Reason::Optimal | Reason::Feasible, Some(values)) => Ok(Some(decisions.read(&|v| values.value(v)))),
        (Reason::Infeasible, _) => Ok(None),
        _ => Err(failure("the rules could not be tested")),
    }
}
