//! What is claimed of the plan: goals, bounds, gaps, status. And plans that refute a claim.

use crate::violation::{Findings, Rule, decimal, or_dash};
use maillage_input::Text;
use maillage_programme::{GoalRecord, ResultRecord, Status};

/// What a goal must say, from the inputs and the decisions. Values in hundredths of its unit.
#[derive(Debug, Clone)]
pub(crate) struct Aim {
    pub name: String,
    pub max: bool,
    pub unit: &'static str,
    /// Value of the decisions; `None` without a plan.
    pub objective: Option<i128>,
    /// A bound that needs no solver, if one is at hand.
    pub own_bound: Option<i128>,
    /// A value that some plan reaches, better than the decisions and no worse on any earlier goal.
    pub better: Option<i128>,
    /// Share of the value that may be given up for later goals, in hundredths of a percent.
    pub tolerance_bp: u32,
}

/// Whether the result claims a plan.
pub(crate) fn has_plan(status: Status) -> bool {
    matches!(status, Status::Optimal | Status::WithinGap | Status::Feasible)
}

/// From the strongest claim to the weakest.
fn rank(status: Status) -> u8 {
    match status {
        Status::Optimal => 0,
        Status::WithinGap => 1,
        Status::Feasible => 2,
        Status::NoPlan => 3,
        Status::Infeasible => 4,
    }
}

/// Two gaps are the same when they differ by less than the last digits of a double.
fn same_gap(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-12 * a.abs().max(1.0)
}

/// |objective − bound| / max(1, |objective|), both in hundredths.
fn gap(objective: i128, bound: i128) -> f64 {
    objective.saturating_sub(bound).unsigned_abs() as f64 / objective.unsigned_abs().max(100) as f64
}

/// Goals in order, then the summary.
pub(crate) fn check(record: &ResultRecord, aims: &[Aim], found: &mut Findings) {
    let names = |goals: Vec<String>| format!("[{}]", goals.join(", "));
    let claimed: Vec<String> =
        record.goals.iter().map(|g| format!("{} {} {}", g.sense, g.goal, g.unit)).collect();
    let sense = |aim: &Aim| if aim.max { "max" } else { "min" };
    let wanted: Vec<String> = aims.iter().map(|a| format!("{} {} {}", sense(a), a.name, a.unit)).collect();
    // Without a plan the later goals may never have been reached.
    let complete = if has_plan(record.status) { claimed == wanted } else { wanted.starts_with(&claimed) };
    if !complete {
        found.add(Rule::Goals, "result.json /goals", names(claimed), names(wanted));
    }
    for (i, goal) in record.goals.iter().enumerate() {
        let named = |a: &&Aim| a.name == goal.goal;
        let aim = aims.get(i).filter(named).or_else(|| aims.iter().find(named));
        if has_plan(record.status) {
            check_goal(i, goal, aim, record.solver.gap, found);
        } else {
            check_no_goal(i, goal, record.status, found);
        }
    }
    check_summary(record, found);
    check_clash(record, found);
}

fn check_goal(i: usize, goal: &GoalRecord, aim: Option<&Aim>, asked: f64, found: &mut Findings) {
    let at = |field: &str| format!("result.json /goals/{i}/{field}");
    let value = |h: Option<i128>| h.map_or_else(|| "—".to_owned(), decimal);
    let objective = goal.objective.map(|h| i128::from(h.0));
    let bound = goal.bound.map(|h| i128::from(h.0));
    if let Some(aim) = aim
        && aim.objective != objective
    {
        found.add(Rule::Objective, at("objective"), value(objective), value(aim.objective));
    }
    // Everything below is judged on what the decisions are worth, not on what is claimed.
    let objective = aim.map_or(objective, |a| a.objective);
    let gap = objective.zip(bound).map(|(objective, bound)| gap(objective, bound));
    if let (Some(aim), Some(objective), Some(bound)) = (aim, objective, bound) {
        if aim.own_bound.is_some_and(|own| if aim.max { objective > own } else { objective < own }) {
            let limit = format!("{} {}", if aim.max { "≤" } else { "≥" }, value(aim.own_bound));
            found.add(Rule::Objective, at("objective"), decimal(objective), limit);
        }
        if (aim.max && bound < objective) || (!aim.max && bound > objective) {
            let limit = format!("{} {}", if aim.max { "≥" } else { "≤" }, decimal(objective));
            found.add(Rule::BoundSide, at("bound"), decimal(bound), limit);
        } else if let Some(better) = aim.better
            && ((aim.max && better > bound) || (!aim.max && better < bound))
        {
            let limit = format!("{} {}", if aim.max { "≥" } else { "≤" }, decimal(better));
            found.add(Rule::BoundRefuted, at("bound"), decimal(bound), limit);
        }
    }
    let right = match (goal.gap, gap) {
        (Some(claimed), Some(gap)) => same_gap(claimed, gap),
        (claimed, gap) => claimed.is_none() && gap.is_none(),
    };
    if !right {
        found.add(Rule::Gap, at("gap"), or_dash(goal.gap), or_dash(gap));
    }
    let earned = match goal.status {
        Status::Optimal => objective.is_some() && objective == bound,
        Status::WithinGap => {
            // What the user gives up for later goals is no lack of proof.
            let given_up = aim.zip(objective.zip(bound)).map_or(0.0, |(aim, (objective, bound))| {
                let most = objective.unsigned_abs().max(bound.unsigned_abs()) as f64;
                let value = (objective.unsigned_abs() as f64).max(100.0);
                most * f64::from(aim.tolerance_bp) / 10_000.0 / value
            });
            gap.is_some_and(|gap| gap <= asked + given_up || same_gap(gap, asked + given_up))
        }
        Status::Feasible => true,
        Status::Infeasible | Status::NoPlan => false,
    };
    if !earned {
        let proof = format!("{} {}, {} {asked}", "gap", or_dash(gap), "solver.gap");
        found.add(Rule::StatusClaim, at("status"), goal.status.as_str(), proof);
    }
}

/// A goal of a result without a plan: no value, and the same status as the whole.
fn check_no_goal(i: usize, goal: &GoalRecord, status: Status, found: &mut Findings) {
    let at = |field: &str| format!("result.json /goals/{i}/{field}");
    if let Some(objective) = goal.objective {
        found.add(Rule::PlanWithoutPlan, at("objective"), objective, "—");
    }
    if let Some(gap) = goal.gap {
        found.add(Rule::PlanWithoutPlan, at("gap"), gap, "—");
    }
    if let Some(bound) = goal.bound.filter(|_| status == Status::Infeasible) {
        found.add(Rule::PlanWithoutPlan, at("bound"), bound, "—");
    }
    found.equal(Rule::StatusClaim, at("status"), goal.status.as_str(), status.as_str());
}

/// Objective and bound of the first goal, largest gap, worst status.
fn check_summary(record: &ResultRecord, found: &mut Findings) {
    let at = |field: &str| format!("result.json /{field}");
    let first = record.goals.first();
    let objective = first.and_then(|g| g.objective);
    found.equal(Rule::Summary, at("objective"), or_dash(record.objective), or_dash(objective));
    let bound = first.and_then(|g| g.bound);
    found.equal(Rule::Summary, at("bound"), or_dash(record.bound), or_dash(bound));
    let known = record.goals.iter().filter_map(|g| g.gap);
    let largest = known.fold(None, |most: Option<f64>, gap| Some(most.map_or(gap, |m| m.max(gap))));
    // A goal without a bound leaves the largest gap unknown: both ways of saying it are accepted.
    let some_unknown = record.goals.iter().any(|g| g.gap.is_none());
    let right = match (record.gap, largest) {
        (Some(claimed), Some(largest)) => same_gap(claimed, largest),
        (None, None) => true,
        (None, Some(_)) => some_unknown,
        (Some(_), None) => false,
    };
    if !right {
        found.add(Rule::Summary, at("gap"), or_dash(record.gap), or_dash(largest));
    }
    // A proof was not cut short, and what was not proven was.
    match (record.status, &record.limit) {
        (Status::Feasible | Status::NoPlan, None) => found.add(Rule::Summary, at("limit"), "—", "≠ null"),
        (Status::Optimal | Status::Infeasible, Some(limit)) => {
            found.add(Rule::Summary, at("limit"), limit, "—")
        }
        _ => {}
    }
    if let Some(worst) = record.goals.iter().map(|g| g.status).max_by_key(|s| rank(*s)) {
        found.equal(Rule::Summary, at("status"), record.status.as_str(), worst.as_str());
    }
}

/// Infeasible says which rules clash; nothing else does.
fn check_clash(record: &ResultRecord, found: &mut Findings) {
    let (at, n) = ("result.json /clash", record.clash.len());
    if record.status == Status::Infeasible && n == 0 {
        found.add(Rule::Clash, at, n, "≥ 1");
    } else if record.status != Status::Infeasible && n > 0 {
        found.add(Rule::Clash, at, n, 0);
    }
}

/// A claim of infeasibility beside a plan that keeps every rule.
pub(crate) fn check_infeasible(record: &ResultRecord, witness: Option<Text>, found: &mut Findings) {
    if record.status == Status::Infeasible
        && let Some(plan) = witness
    {
        let cause = Text::new(
            format!("{} : {}", Rule::InfeasibleRefuted.meaning().fr, plan.fr),
            format!("{}: {}", Rule::InfeasibleRefuted.meaning().en, plan.en),
        );
        found.because(Rule::InfeasibleRefuted, "result.json /status", "infeasible", "feasible", cause);
    }
}

/// Where the bounds stand: those that no solver is needed for, and those taken on trust.
pub(crate) fn bounds_in_words(record: &ResultRecord, aims: &[Aim]) -> (Vec<Text>, Vec<Text>) {
    let (mut proven, mut trusted) = (Vec::new(), Vec::new());
    for goal in record.goals.iter().filter(|g| g.bound.is_some()) {
        let aim = aims.iter().find(|a| a.name == goal.goal);
        let bound = goal.bound.map(|h| i128::from(h.0));
        let holds = aim
            .and_then(|a| a.own_bound)
            .zip(bound)
            .is_some_and(|(own, bound)| aim.is_some_and(|a| if a.max { own <= bound } else { own >= bound }));
        if holds {
            proven.push(Text::new(
                format!("borne de « {} » : retrouvée sans solveur", goal.goal),
                format!("bound of `{}`: found again without a solver", goal.goal),
            ));
        } else {
            trusted.push(Text::new(
                format!("borne de « {} » : sa valeur vient du solveur, sans certificat relu", goal.goal),
                format!(
                    "bound of `{}`: its value comes from the solver, no certificate was re-checked",
                    goal.goal
                ),
            ));
        }
    }
    if record.status == Status::Infeasible {
        trusted.push(Text::new(
            "infaisabilité : la preuve vient du solveur",
            "infeasibility: the proof comes from the solver",
        ));
    }
    (proven, trusted)
}
