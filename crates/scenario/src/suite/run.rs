//! The units of a suite, solved side by side.

use super::kept::{standing, unchanged};
use super::{End, Row, Unit};
use crate::{Loaded, Log, RunOptions, Status, load, ready, run, write};
use maillage_input::{Lang, Problems};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::Ordering;

/// Stack of a worker: that of a main thread, in which the solvers are tried.
const STACK: usize = 8 << 20;

/// How to run a suite.
#[derive(Debug, Clone)]
pub struct SuiteOptions {
    /// For every scenario; `stop` stops them all.
    pub run: RunOptions,
    /// Scenarios at once; each has the threads that `run` gives it.
    pub jobs: usize,
    /// Keep the results that a run would give again.
    pub resume: bool,
    /// Language of the reports.
    pub lang: Lang,
}

/// Candidate communes of any scenario: names by code.
pub type Candidates = BTreeMap<String, String>;

/// Solves the units, each into its folder, some at once. What becomes of one does not touch the others; `watch` is
/// told as each ends. The rows are in the order of the units, whatever the number of jobs.
pub fn run_suite(
    units: &[Unit],
    options: &SuiteOptions,
    watch: &(dyn Fn(&Row) + Sync),
) -> (Vec<Row>, Candidates) {
    each(units, options.jobs, watch, &|unit, candidates| solved(unit, options, candidates))
}

/// Reads the results of units that were solved elsewhere. One that is absent, torn, or made from other inputs is
/// [`End::NotRun`].
pub fn collect_suite(units: &[Unit], jobs: usize) -> (Vec<Row>, Candidates) {
    each(units, jobs, &|_| {}, &|unit, candidates| {
        let (loaded, _) = load(&unit.scenario)?;
        note(&loaded, candidates);
        Ok(match standing(&unit.folder, &loaded) {
            Some(record) => Row::new(&record, End::Kept(record.status)),
            None => Row::without(&unit.name, End::NotRun),
        })
    })
}

/// What is done with one unit.
type Job<'a> = dyn Fn(&Unit, &Mutex<Candidates>) -> Result<Row, Problems> + Sync + 'a;

/// One job for each unit, on workers of their own; panics and problems end in the row of their unit.
fn each(units: &[Unit], jobs: usize, watch: &(dyn Fn(&Row) + Sync), job: &Job) -> (Vec<Row>, Candidates) {
    let candidates = Mutex::new(Candidates::new());
    let one = |unit: &Unit| {
        let row = match catch_unwind(AssertUnwindSafe(|| job(unit, &candidates))) {
            Ok(Ok(row)) => row,
            Ok(Err(problems)) => Row::without(&unit.name, End::BadInput(problems.sorted())),
            Err(panic) => Row::without(&unit.name, End::Failed(said(panic.as_ref()))),
        };
        watch(&row);
        row
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs.max(1)).stack_size(STACK).build();
    let rows = match pool {
        Ok(pool) => pool.install(|| units.par_iter().with_max_len(1).map(one).collect()),
        // The system gives no more threads: one after the other.
        Err(_) => units.iter().map(one).collect(),
    };
    (rows, candidates.into_inner().unwrap_or_else(|e| e.into_inner()))
}

/// What a panic said.
fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|s| (*s).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "panic".to_owned())
}

fn solved(unit: &Unit, options: &SuiteOptions, candidates: &Mutex<Candidates>) -> Result<Row, Problems> {
    let stopped = || options.run.stop.as_ref().is_some_and(|stop| stop.load(Ordering::Relaxed));
    if stopped() {
        return Ok(Row::without(&unit.name, End::NotRun));
    }
    let (loaded, _) = load(&unit.scenario)?;
    note(&loaded, candidates);
    if options.resume
        && let Some(record) = unchanged(&unit.folder, &loaded, &options.run, options.lang)
    {
        return Ok(Row::new(&record, End::Kept(record.status)));
    }
    ready(&unit.folder)?;
    let mut log = Log::new(&loaded);
    let mut finished = match run(&loaded, &options.run, &mut |event| log.progress(event)) {
        Ok(finished) => finished,
        Err(failure) => return Ok(Row::without(&unit.name, End::Failed(failure.to_string()))),
    };
    if options.jobs > 1 {
        // The system counts the process: the time of other scenarios would be in it.
        finished.record.cpu_seconds = None;
    }
    log.finished(&finished.record);
    let status = finished.record.status;
    // A run that found nothing does not take the place of one that did, nor one that was cut short.
    let nothing_better = status == Status::NoPlan || finished.record.limit.as_deref() == Some("interrupted");
    if nothing_better && unit.folder.join(crate::folder::RESULT).is_file() {
        return Ok(Row::new(&finished.record, End::Solved(status)));
    }
    let record = write(&unit.folder, &loaded, &finished, log.text(), options.lang)?;
    Ok(Row::new(&record, End::Solved(status)))
}

fn note(loaded: &Loaded, candidates: &Mutex<Candidates>) {
    let mut known = candidates.lock().unwrap_or_else(|e| e.into_inner());
    for ix in loaded.task.candidates() {
        let place = loaded.territory.place(ix);
        known.entry(place.id.to_string()).or_insert_with(|| place.name.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use maillage_input::{Code, Problem, Text};

    #[test]
    fn a_panic_or_a_problem_stays_in_its_row() {
        let unit = |name: &str| Unit { name: name.to_owned(), scenario: "s".into(), folder: "f".into() };
        let units: Vec<Unit> = ["a", "panics", "b", "wrong", "c"].map(unit).into();
        let job = |unit: &Unit, _: &Mutex<Candidates>| match unit.name.as_str() {
            "panics" => panic!("on purpose"),
            "wrong" => Err(Problem::error(Code::WrongType, Text::new("x", "x")).into()),
            name => Ok(Row::without(name, End::Solved(Status::Optimal))),
        };
        for jobs in [1, 3] {
            let told = Mutex::new(0);
            let (rows, _) = each(&units, jobs, &|_| *told.lock().unwrap() += 1, &job);
            let got: Vec<_> = rows.iter().map(|r| (r.scenario.as_str(), r.end.as_str())).collect();
            let fine = |name| (name, "optimal");
            assert_eq!(
                got,
                [fine("a"), ("panics", "internal_error"), fine("b"), ("wrong", "bad_input"), fine("c")]
            );
            assert_eq!(rows[1].end, End::Failed("on purpose".to_owned()));
            assert_eq!(told.into_inner().unwrap(), 5);
        }
    }
}
