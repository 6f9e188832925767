//! A loaded scenario, solved.

use crate::progress::Progress;
use crate::{Loaded, health, location, machine, siting};
use maillage_milp::SolverFailure;
use maillage_planning::{Aside, Options};
use maillage_programme::health::HealthRecord;
use maillage_programme::{
    AssignmentRow, Certificate, Clash, Euros, GoalRecord, Hundredths, Indicator, ResultRecord, SiteRecord,
    SolverRecord, Status, Task, TravelRecord,
};
use maillage_territory::Minutes;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// What the command line may say; `None` leaves it to the scenario file, then to the default.
#[derive(Debug, Clone, Default)]
pub struct RunOptions {
    /// Seconds for the whole solve. Default: no limit.
    pub time_limit_s: Option<f64>,
    /// Relative gap that is good enough. Default 0: a proof.
    pub gap: Option<f64>,
    /// Threads of the solver. Default 1.
    pub threads: Option<u32>,
    /// Seed of the solver. Default 0.
    pub seed: Option<u32>,
    /// Set to stop and keep the best plan.
    pub stop: Option<Arc<AtomicBool>>,
}

/// Progress of a solve.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The goal being sought.
    pub goal: String,
    /// Seconds since its start.
    pub elapsed: f64,
    /// Best value so far, in the units of the goal.
    pub incumbent: Option<f64>,
    /// What no plan can beat.
    pub bound: Option<f64>,
    /// Relative gap between the two.
    pub gap: Option<f64>,
}

/// A run that came to an end, with or without a plan.
#[derive(Debug, Clone)]
pub struct Finished {
    /// The result; its list of files and its seal are filled in when it is written.
    pub record: ResultRecord,
    /// Who is attached where, sorted.
    pub assignments: Vec<AssignmentRow>,
}

/// Why a run came to no end: a fault of the program or of the solver.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct RunFailure(#[from] pub SolverFailure);

/// What a kind of task contributes to a result.
pub(crate) struct Answer {
    pub(crate) status: Status,
    pub(crate) limit: Option<String>,
    pub(crate) goals: Vec<GoalRecord>,
    pub(crate) cost: Option<Euros>,
    pub(crate) budget: Option<Euros>,
    pub(crate) sites: Vec<SiteRecord>,
    pub(crate) indicators: Vec<Indicator>,
    pub(crate) clash: Vec<Clash>,
    pub(crate) assignments: Vec<AssignmentRow>,
    pub(crate) certificate: Option<Certificate>,
    pub(crate) max_time: Minutes,
    pub(crate) programme: Option<HealthRecord>,
}

/// Solves a scenario.
///
/// # Errors
/// When the solver fails; a limit that is reached or an infeasible scenario is a result, not an error.
pub fn run(
    loaded: &Loaded,
    options: &RunOptions,
    watch: &mut dyn FnMut(&Event),
) -> Result<Finished, RunFailure> {
    run_aside(loaded, &Aside::default(), options, watch)
}

/// The same; a siting scenario with what is known of it from elsewhere, or asked of it besides.
pub(crate) fn run_aside(
    loaded: &Loaded,
    aside: &Aside,
    options: &RunOptions,
    watch: &mut dyn FnMut(&Event),
) -> Result<Finished, RunFailure> {
    let started = Instant::now();
    let cpu_before = machine::cpu_seconds();
    let (settings, time_limit_s) = settings(loaded, options);
    let mut progress = Progress::default();
    let watch = &mut |event: &Event| {
        progress.note(started.elapsed().as_secs_f64(), event);
        watch(event);
    };
    let (problem, answer) = match &loaded.task {
        Task::Siting(programme) => ("siting", siting::solve(loaded, programme, aside, &settings, watch)?),
        Task::Health(programme) => ("programme", health::solve(loaded, programme, &settings, watch)?),
        Task::Location(task) => (task.problem.as_str(), location::solve(loaded, task, &settings, watch)?),
    };
    let wall_seconds = round_ms(started.elapsed().as_secs_f64());
    let first = answer.goals.first();
    let gap = answer.goals.iter().map(|g| g.gap).collect::<Option<Vec<f64>>>();
    let record = ResultRecord {
        schema_version: 1,
        maillage_version: env!("CARGO_PKG_VERSION").to_owned(),
        scenario: loaded.file.name.to_string(),
        scenario_file: String::new(),
        title: loaded.file.title.clone(),
        problem: problem.to_owned(),
        status: answer.status,
        limit: answer.limit,
        objective: first.and_then(|g| g.objective),
        bound: first.and_then(|g| g.bound),
        gap: gap.filter(|g| !g.is_empty()).map(|g| g.into_iter().fold(0.0, f64::max)),
        progress: progress.finish(wall_seconds, &answer.goals),
        goals: answer.goals,
        cpu_seconds: machine::cpu_seconds().zip(cpu_before).map(|(now, then)| round_ms(now - then)),
        wall_seconds,
        peak_memory_mb: machine::peak_memory_mb(),
        solver: SolverRecord {
            name: maillage_milp::solver_name(),
            threads: settings.threads,
            gap: settings.gap,
            time_limit_s,
        },
        seed: settings.seed,
        inputs: loaded.inputs.clone(),
        territory: loaded.territory.name.clone(),
        travel: TravelRecord::new(
            &loaded.territory.travel,
            Hundredths(i64::from(answer.max_time.hundredths())),
        ),
        supply: loaded.territory.supply,
        supply_source: loaded.territory.supply_source.clone(),
        cost_eur: answer.cost,
        budget_eur: answer.budget,
        sites: answer.sites,
        programme: answer.programme,
        indicators: answer.indicators,
        clash: answer.clash,
        unsourced: loaded.assumptions.clone(),
        certificate: answer.certificate,
        files: Vec::new(),
        seal: Default::default(),
    };
    Ok(Finished { record, assignments: answer.assignments })
}

/// What the solver is asked, and the time limit in seconds: the command line, then the file, then the default.
pub(crate) fn settings(loaded: &Loaded, options: &RunOptions) -> (Options, Option<f64>) {
    let solve = loaded.file.solve;
    let time_limit_s = options.time_limit_s.or(solve.time_limit_s);
    let settings = Options {
        time: time_limit_s.and_then(|s| Duration::try_from_secs_f64(s).ok()),
        gap: options.gap.or(solve.gap).unwrap_or(0.0),
        threads: options.threads.or(solve.threads).unwrap_or(1),
        seed: options.seed.or(solve.seed).unwrap_or(0),
        stop: options.stop.clone(),
    };
    (settings, time_limit_s)
}

fn round_ms(seconds: f64) -> f64 {
    (seconds * 1000.0).round() / 1000.0
}
