//! What all problems of this crate share: rules on sites, the outcome, rounding of bounds.

use crate::lists::{ClientIx, CostLists, SiteIx};
use maillage_milp::{LimitReached, Limits, Model, SolverFailure, Variable, variable};
use std::fmt;
use std::time::Instant;

/// How good the plan of an [`Outcome`] is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// The plan is optimal: its objective equals the bound, in integers.
    Optimal,
    /// The relative gap between plan and bound is at most what was asked.
    WithinGap,
    /// There is a plan; the gap is larger than what was asked.
    Feasible,
    /// There is no plan, and why.
    Infeasible(Impossible),
    /// A limit came before any plan.
    NoPlan,
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Impossible {
    /// These clients cannot be served by any site that is allowed (within the radius, if there is one).
    Unreachable(Vec<ClientIx>),
    /// Every client has a site, but this many sites cannot serve them all at once.
    NotWith {
        /// The number of sites.
        p: u32,
    },
}

/// The end of a solve. `objective`, `open` and `assignment` speak of one and the same plan, recomputed
/// in integers from the open sites.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// How good the plan is.
    pub status: Status,
    /// Objective of the plan.
    pub objective: Option<u64>,
    /// What no plan can beat: from below when the objective is to be small, from above when large.
    pub bound: Option<u64>,
    /// Open sites in increasing order, fixed ones included; empty without a plan.
    pub open: Vec<SiteIx>,
    /// For every client the nearest open site and its cost; `None` where no open site serves it (within
    /// the radius, if there is one). Empty without a plan.
    pub assignment: Vec<Option<(SiteIx, u32)>>,
    /// What stopped the solve, if something did.
    pub limit: Option<LimitReached>,
    /// Wall-clock seconds.
    pub seconds: f64,
}

impl Outcome {
    /// Relative gap between objective and bound, 0 when they are equal.
    pub fn gap(&self) -> Option<f64> {
        let (o, b) = (self.objective?, self.bound?);
        Some(if o == b { 0.0 } else { o.abs_diff(b) as f64 / o.max(1) as f64 })
    }

    pub(crate) fn infeasible(why: Impossible, started: Instant) -> Self {
        Outcome { status: Status::Infeasible(why), ..Outcome::no_plan(None, None, started) }
    }

    pub(crate) fn no_plan(bound: Option<u64>, limit: Option<LimitReached>, started: Instant) -> Self {
        Outcome {
            status: Status::NoPlan,
            objective: None,
            bound,
            open: Vec::new(),
            assignment: Vec::new(),
            limit,
            seconds: started.elapsed().as_secs_f64(),
        }
    }

    /// A plan and its bound side by side.
    pub(crate) fn plan(
        plan: Plan,
        goal: Goal,
        bound: u64,
        limits: &Limits,
        limit: Option<LimitReached>,
        started: Instant,
    ) -> Result<Self, SolverFailure> {
        let objective = plan.objective;
        let beaten = match goal {
            Goal::Small => objective < bound,
            Goal::Large => objective > bound,
        };
        if beaten {
            return Err(SolverFailure::Contradiction(format!(
                "a plan of {objective} beats the bound {bound}"
            )));
        }
        let mut out = Outcome {
            status: Status::Optimal,
            objective: Some(objective),
            bound: Some(bound),
            open: (0u32..).zip(&plan.open).filter(|(_, o)| **o).map(|(j, _)| SiteIx(j)).collect(),
            assignment: plan.assignment,
            limit: None,
            seconds: started.elapsed().as_secs_f64(),
        };
        if objective != bound {
            let near = out.gap().is_some_and(|g| g <= limits.rel_gap);
            out.status = if near { Status::WithinGap } else { Status::Feasible };
            out.limit = limit.or_else(|| {
                (!near).then(|| LimitReached::Other("the float bound is too coarse to prove more".into()))
            });
        }
        Ok(out)
    }
}

/// Whether a small or a large objective is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Goal {
    Small,
    Large,
}

/// Open sites, who goes where, what it is worth.
pub(crate) struct Plan {
    pub open: Vec<bool>,
    pub assignment: Vec<Option<(SiteIx, u32)>>,
    pub objective: u64,
}

/// Why a problem could not be built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemError {
    /// There is no client.
    NoClient,
    /// A rule names a site that the lists do not have.
    NoSuchSite(SiteIx),
    /// A site is both fixed open and forbidden.
    FixedAndForbidden(SiteIx),
    /// `p` is 0.
    NoSiteToOpen,
    /// More sites are fixed open than may be open.
    TooManyFixed {
        /// Fixed sites.
        fixed: u32,
        /// Sites that may be open.
        p: u32,
    },
    /// Fewer sites are allowed than must be open.
    TooFewAllowed {
        /// Sites that are not forbidden.
        allowed: u32,
        /// Sites that must be open.
        p: u32,
    },
}

impl fmt::Display for ProblemError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProblemError::NoClient => f.write_str("there is no client"),
            ProblemError::NoSuchSite(s) => write!(f, "{s} does not exist"),
            ProblemError::FixedAndForbidden(s) => write!(f, "{s} is both fixed open and forbidden"),
            ProblemError::NoSiteToOpen => f.write_str("no site may be opened"),
            ProblemError::TooManyFixed { fixed, p } => {
                write!(f, "{fixed} sites are fixed open, but only {p} may be open")
            }
            ProblemError::TooFewAllowed { allowed, p } => {
                write!(f, "{p} sites must be open, but only {allowed} are allowed")
            }
        }
    }
}

impl std::error::Error for ProblemError {}

/// What must and must not be opened.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rules<'a> {
    /// Sites that stay open whatever happens. They count among the sites that are opened.
    pub fixed_open: &'a [SiteIx],
    /// Sites that may not be opened.
    pub forbidden: &'a [SiteIx],
}

/// Further plans beside the best one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alternatives {
    /// How many plans, the best among them.
    pub count: u32,
    /// How much dearer than the best a plan may be, as a share of it.
    pub within: f64,
    /// How many sites of each plan are closed in every later one: 1 or more.
    pub apart: u32,
}

impl Alternatives {
    /// What a plan may cost beside the best.
    pub(crate) fn most(&self, best: u64) -> u64 {
        // Exact to a billionth, whatever the size of the objective.
        let share = (self.within.clamp(0.0, 1e6) * 1e9).round() as u128;
        let more = u128::from(best) * share / 1_000_000_000;
        best.saturating_add(u64::try_from(more).unwrap_or(u64::MAX))
    }
}

/// [`Rules`] once checked.
#[derive(Debug, Clone)]
pub(crate) struct Checked {
    pub fixed: Vec<bool>,
    pub allowed: Vec<bool>,
    pub num_fixed: u32,
    pub num_allowed: u32,
}

impl Checked {
    pub fn new(lists: &CostLists, rules: Rules<'_>) -> Result<Self, ProblemError> {
        if lists.num_clients() == 0 {
            return Err(ProblemError::NoClient);
        }
        let n = lists.num_sites() as usize;
        let (mut fixed, mut allowed) = (vec![false; n], vec![true; n]);
        for &site in rules.forbidden {
            *allowed.get_mut(site.0 as usize).ok_or(ProblemError::NoSuchSite(site))? = false;
        }
        for &site in rules.fixed_open {
            *fixed.get_mut(site.0 as usize).ok_or(ProblemError::NoSuchSite(site))? = true;
            if !allowed[site.0 as usize] {
                return Err(ProblemError::FixedAndForbidden(site));
            }
        }
        let count = |v: &[bool]| v.iter().filter(|b| **b).count() as u32;
        Ok(Checked { num_fixed: count(&fixed), num_allowed: count(&allowed), fixed, allowed })
    }

    /// That `p` sites may be open.
    pub fn at_most(&self, p: u32) -> Result<(), ProblemError> {
        if p == 0 {
            return Err(ProblemError::NoSiteToOpen);
        }
        if self.num_fixed > p {
            return Err(ProblemError::TooManyFixed { fixed: self.num_fixed, p });
        }
        Ok(())
    }

    /// That `p` sites can be open.
    pub fn exactly(&self, p: u32) -> Result<(), ProblemError> {
        self.at_most(p)?;
        if self.num_allowed < p {
            return Err(ProblemError::TooFewAllowed { allowed: self.num_allowed, p });
        }
        Ok(())
    }

    /// For every allowed site a variable that is 1 where it is open; at 1 where it is fixed.
    pub fn variables(&self, model: &mut Model) -> Vec<Option<Variable>> {
        let open = |(fixed, allowed): (&bool, &bool)| {
            allowed.then(|| model.add(variable().clamp(f64::from(*fixed), 1).integer()))
        };
        self.fixed.iter().zip(&self.allowed).map(open).collect()
    }

    /// Clients that no allowed site serves within `radius`.
    pub fn unreachable(&self, lists: &CostLists, radius: u32) -> Vec<ClientIx> {
        lists.clients().filter(|&c| lists.nearest(c, &self.allowed).is_none_or(|(_, d)| d > radius)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_that_beats_its_bound_is_a_failure() {
        let plan = |objective| Plan { open: vec![true], assignment: vec![None], objective };
        let end = |objective, goal, bound| {
            Outcome::plan(plan(objective), goal, bound, &Limits::default(), None, Instant::now())
        };
        assert!(matches!(end(4, Goal::Small, 5), Err(SolverFailure::Contradiction(_))));
        assert!(matches!(end(5, Goal::Large, 4), Err(SolverFailure::Contradiction(_))));
        assert_eq!(end(5, Goal::Small, 5).unwrap().status, Status::Optimal);
        let open = end(5, Goal::Small, 4).unwrap();
        assert_eq!(open.status, Status::Feasible);
        assert!(matches!(open.limit, Some(LimitReached::Other(_))));
    }
}
