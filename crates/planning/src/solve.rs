//! Goals one after the other, each with its bound.

use crate::aside::Aside;
use crate::assign::assign;
use crate::clash::Rule;
use crate::cut::cut;
use crate::formulation::{Decisions, People, keeps_every_rule};
use good_lp::Solution as _;
use maillage_milp::{LimitReached, Limits, Model, Progress, Reason, Sense, SolverFailure, whole_bound};
use maillage_programme::{Goal, Plan, Programme};
use maillage_territory::{PlaceIx, Territory};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// How to solve.
#[derive(Debug, Clone)]
pub struct Options {
    /// Time to search for better plans, all goals together. The people of a plan that was found are always
    /// assigned to the end: a small linear programme, which neither this nor `stop` cuts short.
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
        Limits {
            time: None,
            rel_gap: 0.0,
            abs_gap: 0.0,
            threads: self.threads,
            seed: self.seed,
            heuristics: None,
            cautious: false,
            stop: None,
        }
    }

    fn within(&self, left: Option<Duration>) -> Limits {
        // Objectives are whole numbers: less than one apart, rounding of the bound included, is proven.
        Limits {
            time: left,
            rel_gap: self.gap,
            abs_gap: 0.5,
            threads: self.threads,
            seed: self.seed,
            heuristics: None,
            cautious: false,
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
    solve_aside(territory, programme, &Aside::default(), options, watch)
}

/// The same with what is known of it from elsewhere, or asked of it besides. Infeasible without a rule: it can be met, but
/// not apart from the given plans.
///
/// # Errors
/// As [`solve`].
pub fn solve_aside(
    territory: &Territory,
    programme: &Programme,
    aside: &Aside,
    options: &Options,
    watch: &mut Watch<'_>,
) -> Result<Solved, SolverFailure> {
    let started = Instant::now();
    let left = || options.time.map(|t| t.saturating_sub(started.elapsed()));
    // A first plan, so that a limit never leaves the user with nothing; or the proof that there is none.
    let mut best = match aside.first(territory, programme, options)? {
        Ok(plan) => plan,
        Err(rules) => return Ok(Solved::Infeasible(rules)),
    };
    let everyone: u64 = programme.people.iter().map(|p| p.0).sum();
    let mut limit = None;
    let mut bounds: Vec<(Goal, i64)> = Vec::new();
    for (earlier, &goal) in programme.goals.iter().enumerate() {
        // True whatever the solver says: at most everyone is attached, and no trip takes less than no time.
        let trivial = match goal {
            Goal::PeopleAttached => aside.bound.map_or(everyone as i64, |known| known.min(everyone as i64)),
            Goal::TravelTime => 0,
        };
        if limit.is_some() {
            bounds.push((goal, trivial));
            continue;
        }
        let floor = (earlier > 0).then(|| best.attached().0);
        let (mut model, decisions, people) = stage(territory, programme, goal, floor);
        for row in aside.rows(&decisions) {
            model.subject_to(row);
        }
        if goal == Goal::PeopleAttached && aside.bound.is_some() {
            model.subject_to(people.attached().leq(trivial as f64));
        }
        let start = people.start(programme, &decisions, &best);
        let outcome =
            maillage_milp::solve(model, &options.within(left()), Some(&start), &mut |p| watch(goal, p))?;
        if outcome.reason == Reason::Infeasible {
            return Err(failure("the solver calls infeasible what a plan keeps"));
        }
        let used = everyone as f64 + programme.sites.len() as f64;
        let bound = outcome.bound.map_or(trivial, |b| whole_bound(sense(goal), b, used));
        bounds
            .push((goal, if goal == Goal::PeopleAttached { bound.min(trivial) } else { bound.max(trivial) }));
        limit = outcome.limit;
        if let Some(values) = &outcome.values {
            let staffed = decisions.read(&|v| values.value(v));
            if !keeps_every_rule(programme, &staffed) || !aside.keeps(programme, &staffed) {
                return Err(failure("the solver's decisions break a rule"));
            }
            let plan = assign(territory, programme, staffed, floor, options)?;
            if better(programme, &plan, &best) {
                best = plan;
            }
        }
    }
    let plan = best;
    let goals = bounds
        .into_iter()
        .map(|(goal, bound)| outcome_of(goal, &plan, bound, options.gap))
        .collect::<Result<Vec<_>, _>>()?;
    if goals.iter().all(|g| g.status == GoalStatus::Optimal) {
        limit = None;
    } else if limit.is_none() && goals.iter().any(|g| g.status == GoalStatus::Feasible) {
        limit = Some(LimitReached::Other("the bound of the solver is too coarse to prove more".to_owned()));
    }
    let before = assign(territory, programme, Vec::new(), None, options)?;
    let cut = cut(territory, programme, &plan);
    Ok(Solved::Plan(Box::new(SolvedPlan { plan, before, goals, cut, limit })))
}

/// The model of a goal; `floor` people at least are attached.
fn stage(
    territory: &Territory,
    programme: &Programme,
    goal: Goal,
    floor: Option<u64>,
) -> (Model, Decisions, People) {
    let mut model = Model::new(sense(goal));
    let decisions = Decisions::new(programme, &mut model);
    let mut people = People::new(territory, programme, &decisions, &mut model);
    model.set_objective(match goal {
        Goal::PeopleAttached => people.attached(),
        Goal::TravelTime => people.travel(),
    });
    if let Some(n) = floor {
        model.subject_to(people.attached().geq(n as f64));
    }
    for row in decisions.rules(programme, &|_| true).into_iter().chain(std::mem::take(&mut people.rows)) {
        model.subject_to(row);
    }
    (model, decisions, people)
}

/// The model of a goal as it is written down, with `floor` people attached at least: what any solver may be given. For
/// comparisons; a solution of it is no verified plan.
pub fn siting_model(territory: &Territory, programme: &Programme, goal: Goal, floor: Option<u64>) -> Model {
    stage(territory, programme, goal, floor).0
}

fn sense(goal: Goal) -> Sense {
    match goal {
        Goal::PeopleAttached => Sense::Maximise,
        Goal::TravelTime => Sense::Minimise,
    }
}

/// Whether a plan is better, goal by goal.
pub(crate) fn better(programme: &Programme, plan: &Plan, than: &Plan) -> bool {
    let value = |p: &Plan, goal| match goal {
        Goal::PeopleAttached => -i128::from(p.attached().0),
        Goal::TravelTime => p.travel() as i128,
    };
    let key = |p: &Plan| programme.goals.iter().map(|&g| value(p, g)).collect::<Vec<_>>();
    key(plan) < key(than)
}

/// A goal's claim.
///
/// # Errors
/// When the plan beats what no plan can beat.
pub(crate) fn outcome_of(
    goal: Goal,
    plan: &Plan,
    bound: i64,
    gap: f64,
) -> Result<GoalOutcome, SolverFailure> {
    let objective = match goal {
        Goal::PeopleAttached => plan.attached().0 as i64,
        Goal::TravelTime => plan.travel() as i64,
    };
    let beaten = match sense(goal) {
        Sense::Maximise => objective > bound,
        Sense::Minimise => objective < bound,
    };
    if beaten {
        return Err(failure("a plan beats the bound of the solver"));
    }
    let difference = objective.abs_diff(bound) as f64;
    let status = if objective == bound {
        GoalStatus::Optimal
    } else if difference <= gap * (objective.unsigned_abs() as f64).max(1.0) {
        GoalStatus::WithinGap
    } else {
        GoalStatus::Feasible
    };
    Ok(GoalOutcome { goal, status, objective, bound })
}
