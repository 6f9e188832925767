//! Goals one after the other, each with its bound.

use crate::assign::assign;
use crate::clash::{Rule, clash};
use crate::cut::cut;
use crate::formulation::{Decisions, People};
use good_lp::Solution as _;
use maillage_milp::{LimitReached, Limits, Model, Outcome, Progress, Reason, Sense, SolverFailure};
use maillage_programme::{Goal, Plan, Programme};
use maillage_territory::{PlaceIx, Territory};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// How to solve.
#[derive(Debug, Clone)]
pub struct Options {
    /// Time for all goals together.
    pub time: Option<Duration>,
    /// Relative gap at which a goal is good enough; 0 asks for a proof.
    pub gap: f64,
    /// Threads of the solver.
    pub threads: u32,
    /// Seed of the solver.
    pub seed: u32,
    /// Set to stop and keep the best plan.
    pub stop: Option<Arc<AtomicBool>>,
}

impl Default for Options {
    fn default() -> Self {
        Options { time: None, gap: 0.0, threads: 1, seed: 0, stop: None }
    }
}

impl Options {
    /// For small models that are solved to the end: no limit, no gap.
    pub(crate) fn exact(&self) -> Limits {
        Limits { time: None, rel_gap: 0.0, abs_gap: 0.0, threads: self.threads, seed: self.seed, stop: None }
    }

    fn within(&self, left: Option<Duration>) -> Limits {
        // Objectives are whole numbers: less than one apart is proven.
        Limits {
            time: left,
            rel_gap: self.gap,
            abs_gap: 0.99,
            threads: self.threads,
            seed: self.seed,
            stop: self.stop.clone(),
        }
    }
}

/// Told of progress on each goal.
pub type Watch<'a> = dyn FnMut(Goal, &Progress) + 'a;

/// What is claimed of one goal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GoalStatus {
    /// The bound equals the objective.
    Optimal,
    /// The gap is at most the one asked.
    WithinGap,
    /// Stopped before.
    Feasible,
}

/// One goal: its value and what no plan can beat, given the earlier goals. People, or people × hundredths
/// of a minute: whole numbers both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GoalOutcome {
    /// Which.
    pub goal: Goal,
    /// Claim.
    pub status: GoalStatus,
    /// Value of the plan.
    pub objective: i64,
    /// Bound.
    pub bound: i64,
}

/// A plan with its proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SolvedPlan {
    /// The plan.
    pub plan: Plan,
    /// The same programme with nothing decided.
    pub before: Plan,
    /// Goals in order.
    pub goals: Vec<GoalOutcome>,
    /// Certificate of people attached: see [`maillage_programme::Certificate::PeopleAttachedCut`].
    pub cut: Vec<PlaceIx>,
    /// What stopped the solver, if anything did.
    pub limit: Option<LimitReached>,
}

/// What came of a programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Solved {
    /// A plan that keeps every rule.
    Plan(Box<SolvedPlan>),
    /// Proven: these rules clash, and no fewer of them do.
    Infeasible(Vec<Rule>),
    /// A limit came before any plan.
    NoPlan(Option<LimitReached>),
}

pub(crate) fn failure(what: &str) -> SolverFailure {
    SolverFailure::Contradiction(what.to_owned())
}

/// Solves a programme: each goal in turn, without giving up any earlier one.
///
/// # Errors
/// When the solver fails or returns what exact arithmetic refuses.
pub fn solve(
    territory: &Territory,
    programme: &Programme,
    options: &Options,
    watch: &mut Watch<'_>,
) -> Result<Solved, SolverFailure> {
    let started = Instant::now();
    let left = || options.time.map(|t| t.saturating_sub(started.elapsed()));
    if let Some(rules) = clash(programme, options)? {
        return Ok(Solved::Infeasible(rules));
    }
    let everyone: u64 = programme.people.iter().map(|p| p.0).sum();
    let mut best: Option<Plan> = None;
    let mut floor = None;
    let mut limit = None;
    let mut bounds: Vec<(Goal, i64)> = Vec::new();
    for &goal in &programme.goals {
        // True whatever the solver says: at most everyone is attached, and no trip takes less than no time.
        let trivial = if goal == Goal::PeopleAttached { everyone as i64 } else { 0 };
        if limit.is_some() && best.is_some() {
            bounds.push((goal, trivial));
            continue;
        }
        let mut model =
            Model::new(if goal == Goal::PeopleAttached { Sense::Maximise } else { Sense::Minimise });
        let decisions = Decisions::new(programme, &mut model);
        let people = People::new(territory, programme, &decisions, &mut model);
        model.set_objective(match goal {
            Goal::PeopleAttached => people.attached(),
            Goal::TravelTime => people.travel(),
        });
        if let Some(n) = floor {
            model.subject_to(people.attached().geq(n as f64));
        }
        for row in decisions.rules(programme, &|_| true).into_iter().chain(people.rows) {
            model.subject_to(row);
        }
        let outcome = maillage_milp::solve(model, &options.within(left()), None, &mut |p| watch(goal, p))?;
        if outcome.reason == Reason::Infeasible && best.is_none() {
            return Err(failure("the solver calls infeasible what can be kept"));
        }
        let bound = outcome.bound.map_or(trivial, |b| safe(goal, b));
        bounds
            .push((goal, if goal == Goal::PeopleAttached { bound.min(trivial) } else { bound.max(trivial) }));
        limit = outcome.limit.clone();
        if let Some(plan) = whole(territory, programme, &decisions, &outcome, options)? {
            if better(programme, &plan, best.as_ref()) {
                best = Some(plan);
            }
        } else if best.is_none() {
            return Ok(Solved::NoPlan(outcome.limit));
        }
        floor = best.as_ref().map(|plan| plan.attached().0);
    }
    let Some(plan) = best else { return Ok(Solved::NoPlan(limit)) };
    let goals = bounds.into_iter().map(|(goal, bound)| outcome_of(goal, &plan, bound, options.gap)).collect();
    let before = assign(territory, programme, Vec::new(), options)?;
    let cut = cut(territory, programme, &plan);
    Ok(Solved::Plan(Box::new(SolvedPlan { plan, before, goals, cut, limit })))
}

/// The plan of a solution, with the assignment solved again for its decisions.
fn whole(
    territory: &Territory,
    programme: &Programme,
    decisions: &Decisions,
    outcome: &Outcome,
    options: &Options,
) -> Result<Option<Plan>, SolverFailure> {
    let Some(values) = &outcome.values else { return Ok(None) };
    let staffed = decisions.read(&|v| values.value(v));
    assign(territory, programme, staffed, options).map(Some)
}

/// Whether a plan is better, goal by goal.
fn better(programme: &Programme, plan: &Plan, than: Option<&Plan>) -> bool {
    let Some(than) = than else { return true };
    let value = |p: &Plan, goal| match goal {
        Goal::PeopleAttached => -i128::from(p.attached().0),
        Goal::TravelTime => p.travel() as i128,
    };
    let key = |p: &Plan| programme.goals.iter().map(|&g| value(p, g)).collect::<Vec<_>>();
    key(plan) < key(than)
}

/// A bound of the solver, rounded to the safe side: a floating-point bound may be off in its last digits.
fn safe(goal: Goal, bound: f64) -> i64 {
    let margin = 1e-6 + 1e-9 * bound.abs();
    match goal {
        Goal::PeopleAttached => (bound + margin).floor() as i64,
        Goal::TravelTime => (bound - margin).ceil() as i64,
    }
}

fn outcome_of(goal: Goal, plan: &Plan, bound: i64, gap: f64) -> GoalOutcome {
    let objective = match goal {
        Goal::PeopleAttached => plan.attached().0 as i64,
        Goal::TravelTime => plan.travel() as i64,
    };
    let difference = objective.abs_diff(bound) as f64;
    let status = if objective == bound {
        GoalStatus::Optimal
    } else if difference <= gap * (objective.unsigned_abs() as f64).max(1.0) {
        GoalStatus::WithinGap
    } else {
        GoalStatus::Feasible
    };
    GoalOutcome { goal, status, objective, bound }
}
