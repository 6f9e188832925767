//! What is known of a programme before it is solved, and asked of its plan besides its rules.

use crate::assign::assign;
use crate::clash::{Rule, decide};
use crate::formulation::{Decisions, keeps_every_rule};
use crate::solve::{Options, better, failure};
use good_lp::{Constraint, Expression, Solution as _};
use maillage_milp::{Model, Reason, Sense, SolverFailure};
use maillage_programme::{Plan, Programme, Role, SiteIx, Staffed};
use maillage_territory::Territory;
use std::collections::BTreeSet;

/// What is known of a programme, or asked besides its rules.
#[derive(Debug, Clone, Default)]
pub struct Aside {
    /// Decisions from which the search may start; those that break a rule are passed over.
    pub starts: Vec<Vec<Staffed>>,
    /// A number of people that no plan attaches more than.
    pub bound: Option<i64>,
    /// Plans to keep away from.
    pub apart: Vec<Apart>,
}

/// A plan to keep away from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apart {
    /// Sites that it opens.
    pub opened: BTreeSet<SiteIx>,
    /// Fewest sites that are open in one of the two plans and not in the other.
    pub by: u32,
}

impl Apart {
    /// Keeps `by` sites away from a plan.
    pub fn from(programme: &Programme, plan: &Plan, by: u32) -> Self {
        Apart { opened: opened(programme, &plan.staffed), by }
    }
}

/// Sites that open.
pub(crate) fn opened(programme: &Programme, staffed: &[Staffed]) -> BTreeSet<SiteIx> {
    let candidate = |s: &&Staffed| matches!(programme.site(s.site).role, Role::Candidate { .. });
    staffed.iter().filter(candidate).map(|s| s.site).collect()
}

impl Aside {
    /// The best of the starts; without any that will do, some plan, or the rules that clash.
    pub(crate) fn first(
        &self,
        territory: &Territory,
        programme: &Programme,
        options: &Options,
    ) -> Result<Result<Plan, Vec<Rule>>, SolverFailure> {
        let mut best: Option<Plan> = None;
        for staffed in
            self.starts.iter().filter(|s| keeps_every_rule(programme, s) && self.keeps(programme, s))
        {
            let plan = assign(territory, programme, staffed.clone(), None, options)?;
            if best.as_ref().is_none_or(|best| better(programme, &plan, best)) {
                best = Some(plan);
            }
        }
        if let Some(best) = best {
            return Ok(Ok(best));
        }
        let staffed = if self.apart.is_empty() {
            decide(programme, options)?
        } else {
            self.decide(programme, options)?
        };
        match staffed {
            Ok(staffed) => assign(territory, programme, staffed, None, options).map(Ok),
            Err(rules) => Ok(Err(rules)),
        }
    }

    /// Decisions that keep every rule and stay apart.
    fn decide(
        &self,
        programme: &Programme,
        options: &Options,
    ) -> Result<Result<Vec<Staffed>, Vec<Rule>>, SolverFailure> {
        let mut model = Model::new(Sense::Minimise);
        let decisions = Decisions::new(programme, &mut model);
        let rules = decisions.rules(programme, &|_| true);
        for row in rules.into_iter().chain(self.rows(&decisions)) {
            model.subject_to(row);
        }
        let outcome = maillage_milp::solve(model, &options.exact(), None, &mut |_| {})?;
        match (outcome.reason, outcome.values) {
            (Reason::Infeasible, _) => Ok(Err(Vec::new())),
            (_, Some(values)) => {
                let staffed = decisions.read(&|v| values.value(v));
                match keeps_every_rule(programme, &staffed) && self.keeps(programme, &staffed) {
                    true => Ok(Ok(staffed)),
                    false => Err(failure("the solver's decisions break a rule")),
                }
            }
            _ => Err(failure("the rules could not be tested")),
        }
    }

    /// Whether decisions stay apart.
    pub(crate) fn keeps(&self, programme: &Programme, staffed: &[Staffed]) -> bool {
        let here = opened(programme, staffed);
        self.apart.iter().all(|a| a.opened.symmetric_difference(&here).count() >= a.by as usize)
    }

    /// The same as rows: `Σ_{open there} (1 − y) + Σ_{not open there} y ≥ by`.
    pub(crate) fn rows(&self, decisions: &Decisions) -> Vec<Constraint> {
        let row = |a: &Apart| {
            let mut sum = Expression::from(a.opened.len() as f64);
            for (c, open) in decisions.choices.iter().filter_map(|c| Some((c, c.open?))) {
                sum.add_mul(if a.opened.contains(&c.site) { -1.0 } else { 1.0 }, open);
            }
            sum.geq(f64::from(a.by))
        };
        self.apart.iter().map(row).collect()
    }
}
