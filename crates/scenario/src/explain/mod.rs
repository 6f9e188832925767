//! Why a plan is as it is: what a site is worth or would cost, what each rule costs, why there is no plan and what the
//! smallest changes are that make one. Whatever is said of another scenario was found by solving that scenario.
//!
//! * `spot`: what a user asks about; `site`, `prices`, `relax`: the three questions.
//! * `knob*`: rules as numbers that can be changed; `compare`: two plans side by side.
//! * `coverage`: who stays far from care once a rule is loosened.
//! * `record`: what is said; `text`, `words`: the same for a reader; `base`: the plan that is explained.

mod base;
mod compare;
mod coverage;
mod knob;
mod knob_health;
mod knob_siting;
mod prices;
mod record;
mod relax;
mod site;
mod spot;
mod text;
mod words;

pub use record::{
    Beyond, Change, Decision, Difference, Explanation, Figure, Moves, NumberChange, OneMore, Outcome,
    PlaceMove, Price, Relaxation, SiteExplanation, Unit, WayOut,
};

use crate::run::{Event, RunFailure, RunOptions, run, settings};
use crate::{Finished, Loaded};
use maillage_input::{Code, Problem, Problems, Text};
use maillage_milp::SolverFailure;
use maillage_planning::Options;
use maillage_programme::{Status, Task};
use std::path::PathBuf;
use std::sync::atomic::Ordering;

/// What is asked.
#[derive(Debug, Clone)]
pub struct ExplainOptions {
    /// Sites, by identifier, or by the code of their commune.
    pub sites: Vec<String>,
    /// Whether every rule is priced.
    pub prices: bool,
    /// The folder of the scenario's result, which is then not solved again.
    pub result: Option<PathBuf>,
    /// What counts as one more step of money, in euros.
    pub step_eur: u32,
}

impl Default for ExplainOptions {
    fn default() -> Self {
        ExplainOptions { sites: Vec::new(), prices: false, result: None, step_eur: 100_000 }
    }
}

/// Why an explanation stops.
pub(crate) enum Halt {
    Interrupted,
    Failed(RunFailure),
}

impl From<SolverFailure> for Halt {
    fn from(failure: SolverFailure) -> Halt {
        Halt::Failed(failure.into())
    }
}

/// Scenarios like one, solved.
struct Session<'a> {
    loaded: &'a Loaded,
    options: &'a RunOptions,
    planning: Options,
    watch: &'a mut dyn FnMut(&Event),
    solves: u32,
}

impl Session<'_> {
    /// Nothing, unless the user wants to stop.
    fn go_on(&self) -> Result<(), Halt> {
        let stop = self.options.stop.as_ref().is_some_and(|s| s.load(Ordering::Relaxed));
        if stop { Err(Halt::Interrupted) } else { Ok(()) }
    }

    fn solve(&mut self, loaded: &Loaded) -> Result<Finished, Halt> {
        self.go_on()?;
        self.solves += 1;
        run(loaded, self.options, self.watch).map_err(Halt::Failed)
    }

    fn solve_task(&mut self, task: Task) -> Result<Finished, Halt> {
        self.solve(&Loaded { task, ..self.loaded.clone() })
    }
}

/// Explains the plan of a scenario, or why it has none. Every scenario that is solved on the way has the limits of `options`
/// to itself.
///
/// # Errors
/// When a site is unknown, the scenario is a plain location problem, or the stored result is of another scenario. The
/// inner error is a failure of the solver.
pub fn explain(
    loaded: &Loaded,
    asked: &ExplainOptions,
    options: &RunOptions,
    watch: &mut dyn FnMut(&Event),
) -> Result<Result<Explanation, RunFailure>, Problems> {
    if let Task::Location(task) = &loaded.task {
        return Err(Problem::error(
            Code::NotDecided,
            Text::new(
                "seuls les scénarios « siting » et « programme » sont expliqués",
                "only scenarios of kind `siting` and `programme` are explained",
            ),
        )
        .at(maillage_input::Place::file(loaded.path.display().to_string()))
        .value(task.problem.as_str())
        .into());
    }
    let mut problems = Problems::new();
    let mut spots = Vec::new();
    for text in &asked.sites {
        match spot::find(loaded, text) {
            Ok(spot) if spots.contains(&spot) => {}
            Ok(spot) => spots.push(spot),
            Err(problem) => problems.push(problem),
        }
    }
    let stored = asked.result.as_ref().map(|dir| base::stored(dir, loaded)).transpose();
    let stored = stored.unwrap_or_else(|problem| {
        problems.push(problem);
        None
    });
    let ((), _) = problems.or_value(())?;
    let planning = settings(loaded, options).0;
    let mut session = Session { loaded, options, planning, watch, solves: 0 };
    let base = match stored {
        Some(base) => base,
        None => {
            session.solves += 1;
            match run(loaded, options, session.watch) {
                Ok(base) => base,
                Err(failure) => return Ok(Err(failure)),
            }
        }
    };
    let mut out = Explanation {
        schema_version: 1,
        maillage_version: env!("CARGO_PKG_VERSION").to_owned(),
        scenario: loaded.file.name.to_string(),
        title: loaded.file.title.clone(),
        problem: base.record.problem.clone(),
        status: base.record.status,
        goals: base.record.goals.clone(),
        sites: compare::decisions(&base.record),
        explained: Vec::new(),
        prices: Vec::new(),
        infeasible: None,
        solves: 0,
        interrupted: false,
    };
    let done = answer(&mut session, &base, &spots, asked, &mut out);
    out.solves = session.solves;
    match done {
        Err(Halt::Failed(failure)) => return Ok(Err(failure)),
        Err(Halt::Interrupted) => out.interrupted = true,
        Ok(()) => {}
    }
    Ok(Ok(out))
}

fn answer(
    session: &mut Session<'_>,
    base: &Finished,
    spots: &[spot::Spot],
    asked: &ExplainOptions,
    out: &mut Explanation,
) -> Result<(), Halt> {
    match base.record.status {
        Status::NoPlan => return Ok(()),
        Status::Infeasible => {
            out.infeasible = Some(relax::way_out(session)?);
            return Ok(());
        }
        Status::Optimal | Status::WithinGap | Status::Feasible => {}
    }
    for &spot in spots {
        out.explained.push(site::explained(session, base, spot)?);
    }
    if asked.prices {
        prices::priced(session, base, asked.step_eur, &mut out.prices)?;
    }
    Ok(())
}

impl Explanation {
    /// What is claimed of everything that was solved: the worst of it.
    pub fn status(&self) -> Status {
        let outcomes = self.explained.iter().filter_map(|e| e.outcome.as_ref());
        let without = self.prices.iter().filter_map(|p| p.without.as_ref());
        let more = self.prices.iter().filter_map(|p| p.one_more.as_ref()).map(|m| &m.outcome);
        let others = outcomes.chain(without).chain(more).map(|o| match o.status {
            // That a change has no plan is an answer; that none was found in time is none.
            Status::Infeasible => Status::Optimal,
            Status::NoPlan => Status::Feasible,
            status => status,
        });
        let cut = self.interrupted.then_some(Status::Feasible);
        match self.status {
            Status::Infeasible | Status::NoPlan => self.status,
            status => others.chain(cut).fold(status, |a, b| if b as u8 > a as u8 { b } else { a }),
        }
    }
}
