//! Units of suites one by one, for engines that spread them over machines.

use crate::background::run;
use crate::errors::{json, lang};
use crate::limits::Limits;
use crate::suite::{UnitPaths, ended, units};
use maillage_scenario::{SuiteOptions, Territories, Unit, kept_unit, run_unit};
use pyo3::prelude::*;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// The run of which this process did the last unit, and the territories that its units read.
static KNOWN: Mutex<Option<(String, Arc<Territories>)>> = Mutex::new(None);

/// The territories of a run. Those of another run go: the next one sees files as they are then.
fn known(of: &str) -> Arc<Territories> {
    let mut kept = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    match &*kept {
        Some((name, territories)) if name == of => Arc::clone(territories),
        _ => {
            let fresh: Arc<Territories> = Arc::default();
            *kept = Some((of.to_owned(), Arc::clone(&fresh)));
            fresh
        }
    }
}

/// Solves a unit of the run `of` into its folder; with `resume`, a result that stands is kept. A territory is read once for all
/// units of a run that this process solves, some at once unless `alone`. Returns how it ended, as JSON.
#[pyfunction]
pub(crate) fn unit_run(
    py: Python<'_>,
    of: &str,
    path: UnitPaths,
    alone: bool,
    resume: bool,
    limits: Limits,
    language: &str,
) -> PyResult<String> {
    let (lang, known) = (lang(language), known(of));
    run(py, None, true, move |teller| {
        let (name, scenario, folder) = path;
        // With several at once the time of the process is not that of one.
        let jobs = if alone { 1 } else { 2 };
        let run = limits.options(teller);
        let options = SuiteOptions { run, jobs, memory_mb: None, resume, journal: None, lang };
        Ok(ended(&run_unit(&Unit { name, scenario, folder }, &options, &known)).to_string())
    })
}

/// How each unit whose result a run with these limits would give again ended, as JSON; nothing for the others.
#[pyfunction]
pub(crate) fn units_kept(
    py: Python<'_>,
    paths: Vec<UnitPaths>,
    limits: Limits,
    language: &str,
) -> PyResult<Vec<Option<String>>> {
    let lang = lang(language);
    run(py, None, false, move |teller| {
        let run = limits.options(teller);
        let options = SuiteOptions { run, jobs: 1, memory_mb: None, resume: true, journal: None, lang };
        let known = Territories::default();
        let kept = |unit: &Unit| kept_unit(unit, &options, &known).map(|row| ended(&row).to_string());
        Ok(units(paths).iter().map(kept).collect())
    })
}

/// The files that each unit reads, its scenario first, or what is wrong with them, as JSON.
#[pyfunction]
pub(crate) fn unit_files(
    py: Python<'_>,
    paths: Vec<UnitPaths>,
) -> PyResult<Vec<(Vec<PathBuf>, Option<String>)>> {
    run(py, None, false, move |_| {
        let found = maillage_scenario::unit_files(&units(paths)).into_iter().map(|found| match found {
            Ok(files) => (files, None),
            Err(problems) => (Vec::new(), Some(json(&problems.sorted()))),
        });
        Ok(found.collect())
    })
}

/// Writes the files of a result that was sent back to its folder, all of them or none.
#[pyfunction]
pub(crate) fn unit_receive(py: Python<'_>, folder: PathBuf, files: Vec<(String, String)>) -> PyResult<()> {
    run(py, None, false, move |_| {
        let files: Vec<_> = files.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
        Ok(maillage_scenario::receive(&folder, &files)?)
    })
}
