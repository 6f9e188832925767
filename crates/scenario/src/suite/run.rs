//! The units of a suite, solved side by side.

use super::journal::Journal;
use super::kept::{standing, unchanged};
use super::memory::{Room, megabytes};
use super::{End, Row, Unit};
use crate::folder::with_view;
use crate::load::load_sharing;
use crate::stored::stored;
use crate::territories::Territories;
use crate::{Event, Loaded, Log, RunOptions, Status, ready, run, write};
use maillage_access::Zone;
use maillage_input::{Lang, Problems};
use maillage_programme::{AssignmentRow, ResultRecord};
use maillage_report::plan_data;
use maillage_territory::{AreaKind, Territory};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

/// Stack of a worker: that of a main thread, in which the solvers are tried.
const STACK: usize = 8 << 20;

/// Most scenarios on the maps of the page of a suite: it must open in a moment.
const MAPPED: usize = 12;

/// How to run a suite.
#[derive(Debug, Clone)]
pub struct SuiteOptions {
    /// For every scenario; `stop` stops them all.
    pub run: RunOptions,
    /// Scenarios at once; each has the threads that `run` gives it.
    pub jobs: usize,
    /// Megabytes for all scenarios that are solved at once; one that alone needs more is solved alone. `None`: no limit.
    pub memory_mb: Option<u64>,
    /// Keep the results that a run would give again.
    pub resume: bool,
    /// What processes that died before this one say of the run, and where this one says it.
    pub journal: Option<Journal>,
    /// Language of the reports.
    pub lang: Lang,
}

/// What a watcher is told of a unit.
#[derive(Debug, Clone, Copy)]
pub enum Told<'a> {
    /// It is being solved.
    Began,
    /// How its solve goes.
    Progress(&'a Event),
    /// It ended.
    Ended(&'a Row),
}

/// Told of each unit by its position, from several threads.
pub type WatchUnits<'a> = dyn Fn(usize, Told) + Sync + 'a;

/// What the scenarios of a suite name.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Candidate communes of any scenario: names by code.
    pub candidates: BTreeMap<String, String>,
    /// Zones of any territory.
    pub zones: BTreeMap<Zone, String>,
    /// The territory, if all draw the same: travel times may differ.
    pub territory: Option<Arc<Territory>>,
}

/// Solves the units, each into its folder, some at once; those during which an earlier process died, with others, first and one
/// by one. What becomes of one does not touch the others. The rows are in the order of the units, whatever the number of jobs.
pub fn run_suite(units: &[Unit], options: &SuiteOptions, watch: &WatchUnits) -> (Vec<Row>, Names) {
    let shared = Shared::new(options.memory_mb, Arc::default());
    let job = |i: usize, unit: &Unit| {
        let mut on = |told: Told| watch(i, told);
        let Some(journal) = &options.journal else {
            return solved(unit, i, options, options.resume, &shared, &mut on);
        };
        if let Some(why) = journal.crashed(&unit.name) {
            return Ok(Row::without(&unit.name, End::Failed(why.to_owned())));
        }
        let _running = journal.begin(&unit.name);
        solved(unit, i, options, options.resume || journal.ended(&unit.name), &shared, &mut on)
    };
    let suspect = |unit: &Unit| options.journal.as_ref().is_some_and(|journal| journal.alone(&unit.name));
    let (alone, others): (Vec<usize>, Vec<usize>) = (0..units.len()).partition(|i| suspect(&units[*i]));
    let mut rows: Vec<(usize, Row)> = Vec::new();
    for (some, jobs) in [(alone, 1), (others, options.jobs)] {
        rows.extend(some.iter().copied().zip(each(units, &some, jobs, watch, &job)));
    }
    rows.sort_by_key(|(i, _)| *i);
    (rows.into_iter().map(|(_, row)| row).collect(), shared.names())
}

/// Solves one unit of a run of which this process does a part, with the territories that its other units read; none is mapped.
pub fn run_unit(unit: &Unit, options: &SuiteOptions, known: &Arc<Territories>) -> Row {
    let shared = Shared::new(options.memory_mb, Arc::clone(known));
    let job =
        |_: usize, unit: &Unit| solved(unit, MAPPED, options, options.resume, &shared, &mut |_: Told| {});
    attempt(unit, 0, &job)
}

/// The row of a unit whose result stands, if a run with these options would give it again.
pub fn kept_unit(unit: &Unit, options: &SuiteOptions, known: &Territories) -> Option<Row> {
    let (loaded, _) = load_sharing(&unit.scenario, known).ok()?;
    let record = unchanged(&unit.folder, &loaded, &options.run, options.lang)?;
    Some(kept_row(unit, MAPPED, &loaded, &record))
}

/// Reads the results of units that were solved elsewhere. One that is absent, torn, or made from other inputs is
/// [`End::NotRun`].
pub fn collect_suite(units: &[Unit], jobs: usize) -> (Vec<Row>, Names) {
    let shared = Shared::new(None, Arc::default());
    let all: Vec<usize> = (0..units.len()).collect();
    let rows = each(units, &all, jobs, &|_, _| {}, &|i, unit| {
        let (loaded, _) = load_sharing(&unit.scenario, &shared.territories)?;
        shared.note(&loaded);
        Ok(match standing(&unit.folder, &loaded) {
            Some(record) => kept_row(unit, i, &loaded, &record),
            None => Row::without(&unit.name, End::NotRun),
        })
    });
    (rows, shared.names())
}

/// What the units of one run share.
pub(super) struct Shared {
    pub(super) territories: Arc<Territories>,
    /// And the territories whose zones are named.
    names: Mutex<(Names, Vec<Weak<Territory>>)>,
    room: Room,
}

/// Whether a map of one shows the other.
fn drawn_alike(a: &Territory, b: &Territory) -> bool {
    a.places == b.places && a.contours == b.contours && a.structures == b.structures
}

impl Shared {
    pub(super) fn new(memory_mb: Option<u64>, territories: Arc<Territories>) -> Self {
        Shared { territories, names: Mutex::default(), room: Room::new(memory_mb) }
    }

    pub(super) fn note(&self, loaded: &Loaded) {
        let (Names { candidates, zones, territory: only }, read) =
            &mut *self.names.lock().unwrap_or_else(PoisonError::into_inner);
        for ix in loaded.task.candidates() {
            let place = loaded.territory.place(ix);
            if !candidates.contains_key(place.id.as_str()) {
                candidates.insert(place.id.to_string(), place.name.clone());
            }
        }
        let territory = Arc::downgrade(&loaded.territory);
        if read.iter().any(|known| known.ptr_eq(&territory)) {
            return;
        }
        *only = match only.take() {
            None if read.is_empty() => Some(Arc::clone(&loaded.territory)),
            shown => shown.filter(|shown| drawn_alike(shown, &loaded.territory)),
        };
        read.push(territory);
        for place in &loaded.territory.places {
            for (kind, area) in AreaKind::ALL.into_iter().filter_map(|k| Some((k, place.area(k)?))) {
                zones.entry(Zone::Area(kind, area.code.clone())).or_insert_with(|| area.name.clone());
            }
        }
    }

    pub(super) fn names(self) -> Names {
        self.names.into_inner().unwrap_or_else(PoisonError::into_inner).0
    }
}

/// What is done with one unit.
type Job<'a> = dyn Fn(usize, &Unit) -> Result<Row, Problems> + Sync + 'a;

/// One job for each of `some` units; panics and problems end in the row of their unit.
fn each(units: &[Unit], some: &[usize], jobs: usize, watch: &WatchUnits, job: &Job) -> Vec<Row> {
    spread(some.len(), jobs, &|k| {
        let (i, unit) = (some[k], &units[some[k]]);
        let row = attempt(unit, i, job);
        watch(i, Told::Ended(&row));
        row
    })
}

/// A job; its panic or its problems are the row of its unit.
fn attempt(unit: &Unit, i: usize, job: &Job) -> Row {
    match catch_unwind(AssertUnwindSafe(|| job(i, unit))) {
        Ok(Ok(row)) => row,
        Ok(Err(problems)) => Row::without(&unit.name, End::BadInput(problems.sorted())),
        Err(panic) => Row::without(&unit.name, End::Failed(said(panic.as_ref()))),
    }
}

/// Something for each of the numbers below `n`, which are handed out in turn, on workers of their own: broadcast, so that a
/// worker of rayon that waits inside a job does not take up another one.
pub(super) fn spread<T: Send + Sync>(n: usize, jobs: usize, one: &(dyn Fn(usize) -> T + Sync)) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let done: Vec<OnceLock<T>> = (0..n).map(|_| OnceLock::new()).collect();
    let work = || {
        loop {
            let i = next.fetch_add(1, Ordering::Relaxed);
            let Some(cell) = done.get(i) else { return };
            // Each number is handed out once.
            let _ = cell.set(one(i));
        }
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs.clamp(1, n.max(1))).stack_size(STACK).build();
    match pool {
        Ok(pool) => {
            pool.broadcast(|_| work());
        }
        // The system gives no more threads: one after the other.
        Err(_) => work(),
    }
    done.into_iter().filter_map(OnceLock::into_inner).collect()
}

/// What a panic said.
fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|s| (*s).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "panic".to_owned())
}

/// The row of a result that stands.
fn kept_row(unit: &Unit, i: usize, loaded: &Loaded, record: &ResultRecord) -> Row {
    // Who goes where is read for the maps alone.
    let found = if i < MAPPED { stored(&unit.folder).ok() } else { None };
    let assignments = found.map(|f| f.assignments).unwrap_or_default();
    mapped(i, End::Kept(record.status), loaded, &assignments, record)
}

/// The row of a result, with its map if it is one of the first.
pub(super) fn mapped(
    i: usize,
    end: End,
    loaded: &Loaded,
    assignments: &[AssignmentRow],
    record: &ResultRecord,
) -> Row {
    let map = if i < MAPPED { map(loaded, assignments, record) } else { None };
    Row { map, ..Row::new(record, end) }
}

/// What the maps of the suite's page say of a plan.
fn map(loaded: &Loaded, assignments: &[AssignmentRow], record: &ResultRecord) -> Option<String> {
    let planned = matches!(record.status, Status::Optimal | Status::WithinGap | Status::Feasible);
    planned.then(|| with_view(loaded, assignments, record, plan_data))
}

fn solved(
    unit: &Unit,
    i: usize,
    options: &SuiteOptions,
    resume: bool,
    shared: &Shared,
    on: &mut dyn FnMut(Told),
) -> Result<Row, Problems> {
    let stopped = || options.run.stop.as_ref().is_some_and(|stop| stop.load(Ordering::Relaxed));
    if stopped() {
        return Ok(Row::without(&unit.name, End::NotRun));
    }
    let (loaded, _) = load_sharing(&unit.scenario, &shared.territories)?;
    shared.note(&loaded);
    if resume && let Some(record) = unchanged(&unit.folder, &loaded, &options.run, options.lang) {
        return Ok(kept_row(unit, i, &loaded, &record));
    }
    ready(&unit.folder)?;
    let _held = shared.room.enter(megabytes(&loaded));
    if stopped() {
        return Ok(Row::without(&unit.name, End::NotRun));
    }
    on(Told::Began);
    let mut log = Log::new(&loaded);
    let mut watch = |event: &Event| {
        log.progress(event);
        on(Told::Progress(event));
    };
    let mut finished = match run(&loaded, &options.run, &mut watch) {
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
    Ok(mapped(i, End::Solved(status), &loaded, &finished.assignments, &record))
}

#[cfg(test)]
mod tests {
    use super::*;
    use maillage_input::{Code, Problem, Text};

    #[test]
    fn a_panic_or_a_problem_stays_in_its_row() {
        let unit = |name: &str| Unit { name: name.to_owned(), scenario: "s".into(), folder: "f".into() };
        let units: Vec<Unit> = ["a", "panics", "b", "wrong", "c"].map(unit).into();
        let job = |_: usize, unit: &Unit| match unit.name.as_str() {
            "panics" => panic!("on purpose"),
            "wrong" => Err(Problem::error(Code::WrongType, Text::new("x", "x")).into()),
            name => Ok(Row::without(name, End::Solved(Status::Optimal))),
        };
        for jobs in [1, 3] {
            let told = Mutex::new(Vec::new());
            let rows = each(&units, &[0, 1, 2, 3, 4], jobs, &|i, _| told.lock().unwrap().push(i), &job);
            let got: Vec<_> = rows.iter().map(|r| (r.scenario.as_str(), r.end.as_str())).collect();
            let fine = |name| (name, "optimal");
            assert_eq!(
                got,
                [fine("a"), ("panics", "internal_error"), fine("b"), ("wrong", "bad_input"), fine("c")]
            );
            assert_eq!(rows[1].end, End::Failed("on purpose".to_owned()));
            let mut told = told.into_inner().unwrap();
            told.sort_unstable();
            assert_eq!(told, [0, 1, 2, 3, 4]);
        }
    }
}
