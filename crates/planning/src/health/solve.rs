//! Goals one after the other, each with its bound.

use super::clash::{HealthClash, decide};
use super::formulation::Decisions;
use super::goals::{needs_times, row_unit, seek_expression, unit_of};
use super::people::LeftOut;
use super::trips::{Detail, Trips, attached_rows};
use super::world::World;
use super::worth::{Delay, Order, Worth, worth};
use crate::{GoalStatus, Options};
use good_lp::{Constraint, Solution as _};
use maillage_milp::{LimitReached, Model, Outcome, Progress, Sense, SolverFailure};
use maillage_programme::health::{
    Attached, Health, HealthGoal, HealthPlan, HealthRule, HealthSite, HealthType, Outlook, Seek,
};
use maillage_territory::{PlaceIx, Territory};
use std::time::{Duration, Instant};

/// One step of a solve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeekOutcome {
    /// Claim.
    pub status: GoalStatus,
    /// Value of the plan, in hundredths.
    pub objective: i128,
    /// What no plan can beat, given the earlier steps, in hundredths.
    pub bound: i128,
}

/// A plan with its proof and what follows from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SolvedHealth {
    /// The plan.
    pub plan: HealthPlan,
    /// Who is on whose list today.
    pub base: Vec<Attached>,
    /// The planned years of each future with nothing decided.
    pub before: Vec<Vec<Attached>>,
    /// Steps in order.
    pub goals: Vec<SeekOutcome>,
    /// What one more recruit would bring.
    pub worth: Vec<Worth>,
    /// What each opening brings, most per GP first.
    pub order: Vec<Order>,
    /// What a year's delay of each opening loses.
    pub delay: Vec<Delay>,
    /// What stopped the solver, if anything did.
    pub limit: Option<LimitReached>,
}

/// What came of a programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HealthSolved {
    /// A plan that keeps every rule.
    Plan(Box<SolvedHealth>),
    /// Proven: these rules clash, and no fewer of them do.
    Infeasible(Vec<HealthClash>),
}

pub(crate) use crate::solve::failure;

/// Solves a health programme: each step in turn, without giving up more of any earlier one than its tolerance.
///
/// # Errors
/// When the solver fails or returns what exact arithmetic refuses.
pub fn solve_health(
    territory: &Territory,
    health: &Health,
    options: &Options,
    watch: &mut dyn FnMut(&str, &Progress),
) -> Result<HealthSolved, SolverFailure> {
    let started = Instant::now();
    let world = World::new(territory, health);
    let base = world.base();
    let first = match decide(&world, &base, options)? {
        Ok(plan) => plan,
        Err(rules) => return Ok(HealthSolved::Infeasible(rules)),
    };
    let mut search =
        Search { world: &world, base: &base, options, started, best: first, found: Vec::new(), limit: None };
    for (k, seek) in health.goals.iter().enumerate() {
        let left = options.time.map(|t| t.saturating_sub(started.elapsed()));
        // Later steps get their share.
        let share = if k + 1 < health.goals.len() { left.map(|t| t.mul_f64(0.5)) } else { left };
        search.step(seek, share, watch)?;
    }
    let Search { best: plan, found, mut limit, .. } = search;
    let steps = health.goals.iter().zip(&found);
    let goals = steps
        .map(|(seek, bound)| claim(&world, seek, &plan, bound.1, options.gap))
        .collect::<Result<Vec<_>, _>>()?;
    if goals.iter().all(|g| g.status == GoalStatus::Optimal) {
        limit = None;
    } else if limit.is_none() && goals.iter().any(|g| g.status == GoalStatus::Feasible) {
        limit = Some(LimitReached::Other("the bound of the solver is too coarse to prove more".to_owned()));
    }
    let before = health.futures().map(|(f, _)| world.before(&base, f)).collect();
    let (worth, order, delay) = worth(&world, &plan, &base);
    Ok(HealthSolved::Plan(Box::new(SolvedHealth { plan, base, before, goals, worth, order, delay, limit })))
}

/// The model of the first step as it is written down, every place for itself: what a solver is given without what this
/// crate adds. For comparisons in benches; a solution of it is no verified plan.
pub fn plain_model(territory: &Territory, health: &Health) -> Model {
    let world = World::new(territory, health);
    let base = world.base();
    let best = HealthPlan::default();
    let options = Options::default();
    let search = Search {
        world: &world,
        base: &base,
        options: &options,
        started: Instant::now(),
        best,
        found: Vec::new(),
        limit: None,
    };
    search.stage(&health.goals[0], true).model
}

/// The search so far.
pub(crate) struct Search<'s> {
    pub(crate) world: &'s World<'s>,
    pub(crate) base: &'s [Attached],
    pub(crate) options: &'s Options,
    started: Instant,
    pub(crate) best: HealthPlan,
    /// Value reached and bound of the steps done, in hundredths.
    pub(crate) found: Vec<(i128, i128)>,
    pub(crate) limit: Option<LimitReached>,
}

/// A model of one step.
pub(crate) struct Stage<'w> {
    pub(crate) model: Model,
    pub(crate) decisions: Decisions<'w>,
    /// Rows over decisions alone: a plan is held against them.
    pub(crate) rules: Vec<Constraint>,
    /// People on lists, by block then year.
    pub(crate) flows: Vec<Vec<Trips>>,
    /// Most that people can move: what a bound may lose.
    pub(crate) used: f64,
}

impl<'s> Search<'s> {
    fn step(
        &mut self,
        seek: &Seek,
        left: Option<Duration>,
        watch: &mut dyn FnMut(&str, &Progress),
    ) -> Result<(), SolverFailure> {
        let trivial = trivial_bound(self.world, seek);
        let stage = self.stage(seek, false);
        if !stage.decisions.keeps(&self.best, &stage.rules) {
            return Err(failure("a plan breaks a rule"));
        }
        let name = seek.name();
        let (unit, started) = (unit_of(seek), self.started);
        let mut tell = |p: &Progress| {
            let value = |v: Option<f64>| v.map(|v| v * unit);
            let elapsed = started.elapsed().as_secs_f64();
            watch(
                &name,
                &Progress { elapsed, incumbent: value(p.incumbent), bound: value(p.bound), ..p.clone() },
            );
        };
        let found = self.search(seek, &stage, left, &mut tell)?;
        let bound = if seek.is_max() { found.min(trivial) } else { found.max(trivial) };
        self.found.push((self.world.seek(&self.best, seek), bound));
        Ok(())
    }

    /// The model of a step; `apart` keeps places apart even where they are alike.
    fn stage(&self, seek: &Seek, apart: bool) -> Stage<'s> {
        let world = self.world;
        let health = world.health;
        let mut model = Model::new(if seek.is_max() { Sense::Maximise } else { Sense::Minimise });
        let decisions = Decisions::new(world, &mut model);
        let coverage = |r: HealthClash| matches!(r, HealthClash::Rule(i) if matches!(health.rules[i], HealthRule::Coverage { .. }));
        let mut rules = decisions.rules(&mut model, &|r| !coverage(r));
        decisions.money_rows(&|_| true, &mut rules);
        decisions.giving_rows(self.base, &mut rules);
        let mut rows = Vec::new();
        for rule in health.rules.iter().filter(|r| matches!(r, HealthRule::Coverage { .. })) {
            decisions.rule_rows(rule, &mut model, &mut rows);
        }
        let done = &health.goals[..self.found.len()];
        let mut sets: Vec<Vec<PlaceIx>> = decisions.left_out().into_iter().map(|l| l.places).collect();
        for term in done.iter().chain([seek]).flat_map(|s| &s.terms) {
            if let HealthGoal::Balance(kind) = term.goal {
                sets.extend(world.areas(kind).into_iter().map(|(places, _)| places));
            }
        }
        let detail = Detail { times: apart || done.iter().chain([seek]).any(needs_times), sets: &sets };
        let mut used = 0.0;
        let mut flows = Vec::new();
        for block in &decisions.blocks {
            let mut by_year = Vec::new();
            for year in health.planned() {
                let trips = Trips::new(&decisions, block, self.base, year, &detail, &mut model, &mut rows);
                health.rules.iter().for_each(|rule| attached_rows(rule, &decisions, &trips, &mut rows));
                used += trips.people();
                by_year.push(trips);
            }
            flows.push(by_year);
        }
        for (earlier, (reached, _)) in done.iter().zip(&self.found) {
            let value = kept_value(earlier, *reached);
            let scale = 100.0 * unit_of(earlier) * row_unit(earlier);
            let e = seek_expression(&decisions, &flows, earlier, &mut model, &mut rows) / row_unit(earlier);
            let least = value as f64 / scale;
            rows.push(if earlier.is_max() { e.geq(least) } else { e.leq(least) });
        }
        let objective = seek_expression(&decisions, &flows, seek, &mut model, &mut rows);
        model.set_objective(objective);
        for row in rules.iter().cloned().chain(rows) {
            model.subject_to(row);
        }
        used += decisions.choices.len() as f64 * f64::from(health.years);
        Stage { model, decisions, rules, flows, used }
    }

    /// The plan of a solution, if it keeps every rule and every earlier step.
    pub(crate) fn read(
        &self,
        seek: &Seek,
        d: &Decisions<'_>,
        rules: &[Constraint],
        outcome: &Outcome,
    ) -> Option<HealthPlan> {
        let values = outcome.values.as_ref()?;
        let mut left_out = d.left_out();
        let health = self.world.health;
        // A step that balances areas leaves each at most its share without.
        for s in health.goals[..self.found.len()].iter().chain([seek]) {
            for term in &s.terms {
                if let HealthGoal::Balance(kind) = term.goal
                    && let Some(share) = self.share_left(s, seek, outcome)
                {
                    let limit =
                        |(places, _)| LeftOut { places, most_bp: share, years: (health.years, health.years) };
                    left_out.extend(self.world.areas(kind).into_iter().map(limit));
                }
            }
        }
        let plan = d.read(&|v| values.value(v), self.base, &left_out)?;
        let earlier = health.goals.iter().zip(&self.found).all(|(s, (reached, _))| {
            let (now, least) = (self.world.seek(&plan, s), kept_value(s, *reached));
            if s.is_max() { now >= least } else { now <= least }
        });
        (earlier && d.keeps(&plan, rules)).then_some(plan)
    }

    /// The worst share of an area left out, per 10,000: what the solution reaches, or what an earlier step reached.
    fn share_left(&self, step: &Seek, now: &Seek, outcome: &Outcome) -> Option<u32> {
        if step.terms.len() > 1 {
            return None;
        }
        let value = if step == now {
            outcome.objective? + 1e-6
        } else {
            let done = self.world.health.goals.iter().zip(&self.found).find(|(s, _)| *s == step)?;
            kept_value(step, done.1.0) as f64 / 100.0
        };
        Some(value.ceil().clamp(0.0, 10_000.0) as u32)
    }

    /// Whether a plan is better for a step.
    pub(crate) fn better(&self, plan: &HealthPlan, seek: &Seek) -> bool {
        let (new, old) = (self.world.seek(plan, seek), self.world.seek(&self.best, seek));
        if seek.is_max() { new > old } else { new < old }
    }
}

/// What later steps must keep of a value that was reached.
fn kept_value(seek: &Seek, reached: i128) -> i128 {
    let given_up = reached.abs() * i128::from(seek.tolerance_bp) / 10_000;
    if seek.is_max() { reached - given_up } else { reached + given_up }
}

/// Values of a step are multiples of this, in hundredths.
pub(crate) fn granularity(health: &Health) -> i128 {
    let gcd = |mut a: i128, mut b: i128| {
        while b != 0 {
            (a, b) = (b, a % b);
        }
        a
    };
    match health.outlook {
        Outlook::Expected => {
            health.futures.iter().fold(0, |g, f| gcd(g, i128::from(f.probability_percent))).max(1)
        }
        Outlook::Worst => 100,
    }
}

/// A float bound as a whole one that is still a bound: see [`maillage_milp::whole_bound`] for the margin.
pub(crate) fn whole(health: &Health, seek: &Seek, bound: f64, used: f64) -> i128 {
    let margin = 1e-6 + 1e-7 * used + 1e-11 * bound.abs();
    let step = granularity(health);
    let scale = 100.0 * unit_of(seek) / step as f64;
    let whole =
        if seek.is_max() { ((bound + margin) * scale).floor() } else { ((bound - margin) * scale).ceil() };
    whole as i128 * step
}

/// True whatever the solver says.
fn trivial_bound(world: &World<'_>, seek: &Seek) -> i128 {
    let health = world.health;
    let all = || health.people[1..].iter().flatten().map(|n| i128::from(n.0)).sum::<i128>() * 100;
    match seek.terms.as_slice() {
        [one] => match one.goal {
            HealthGoal::PeopleAttached | HealthGoal::PeopleWithin(_) => all(),
            HealthGoal::PeopleNearDuty => {
                health.people[usize::from(health.years)].iter().map(|n| i128::from(n.0)).sum::<i128>() * 100
            }
            HealthGoal::AplWorstTenth => i128::from(u64::MAX),
            HealthGoal::Cost => -100 * most_income(health),
            _ => 0,
        },
        _ => i128::from(u64::MAX),
    }
}

/// More than every structure could earn in all years.
fn most_income(health: &Health) -> i128 {
    let of = |t: &HealthType| {
        let posts = t.posts.iter().map(|p| i128::from(p.income.0) * i128::from(p.most.hundredths()) / 100);
        i128::from(t.income.0) + posts.sum::<i128>()
    };
    let kinds = |s: &HealthSite| s.types().iter().map(|k| of(health.kind(*k)).max(0)).max().unwrap_or(0);
    health.sites.iter().map(kinds).sum::<i128>() * i128::from(health.years)
}

/// A step's claim.
///
/// # Errors
/// When the plan beats what no plan can beat.
fn claim(
    world: &World<'_>,
    seek: &Seek,
    plan: &HealthPlan,
    bound: i128,
    gap: f64,
) -> Result<SeekOutcome, SolverFailure> {
    let objective = world.seek(plan, seek);
    if if seek.is_max() { objective > bound } else { objective < bound } {
        return Err(failure("a plan beats the bound of the solver"));
    }
    // What the user gives up for later steps is no lack of proof.
    let (value, most) =
        (objective.unsigned_abs() as f64, objective.unsigned_abs().max(bound.unsigned_abs()) as f64);
    let allowed = gap * value.max(100.0) + most * f64::from(seek.tolerance_bp) / 10_000.0;
    let status = if objective == bound {
        GoalStatus::Optimal
    } else if (objective - bound).unsigned_abs() as f64 <= allowed {
        GoalStatus::WithinGap
    } else {
        GoalStatus::Feasible
    };
    Ok(SeekOutcome { status, objective, bound })
}
