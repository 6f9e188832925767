//! Suites: the units made, solved here or elsewhere, compared.

use crate::background::{Teller, Told, run};
use crate::errors::{Fault, lang};
use crate::limits::Limits;
use maillage_scenario::{
    Comparison, End, Names, Row, SuiteOptions, Told as UnitTold, Unit, collect_suite, estimates, load_suite,
    regrets, run_suite,
};
use pyo3::prelude::*;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// A unit as Python holds it: name, scenario file, result folder.
pub(crate) type UnitPaths = (String, PathBuf, PathBuf);

pub(crate) fn units(paths: Vec<UnitPaths>) -> Vec<Unit> {
    paths.into_iter().map(|(name, scenario, folder)| Unit { name, scenario, folder }).collect()
}

/// Writes every scenario of a suite into `folder/units`. Returns a line of JSON for each: `name`, `scenario`, `folder`,
/// `memory_mb`, `seconds`.
#[pyfunction]
pub(crate) fn suite_prepare(py: Python<'_>, suite: PathBuf, folder: PathBuf) -> PyResult<Vec<String>> {
    run(py, None, false, move |_| {
        let units = load_suite(&suite)?.prepare(&folder)?;
        Ok(units.iter().zip(estimates(&units)).map(|(unit, e)| unit.json(&e)).collect())
    })
}

/// Solves units, each into its folder; with `resume`, those whose result stands are kept. Returns for each how it ended, as
/// JSON.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "as many as the command has options")]
pub(crate) fn suite_run(
    py: Python<'_>,
    paths: Vec<UnitPaths>,
    jobs: Option<usize>,
    memory_mb: Option<u64>,
    resume: bool,
    limits: Limits,
    language: &str,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<Vec<String>> {
    let lang = lang(language);
    run(py, progress, true, move |teller: &Teller| {
        let units = units(paths);
        let options = SuiteOptions {
            run: limits.options(teller),
            jobs: jobs.unwrap_or_else(cores).clamp(1, units.len().max(1)),
            memory_mb,
            resume,
            journal: None,
            lang,
        };
        let (rows, _) = run_suite(&units, &options, &|i, told| teller.tell(of_unit(&units[i], told)));
        Ok(rows.iter().map(|row| ended(row).to_string()).collect())
    })
}

/// Compares the results of units, solved here or elsewhere, and writes the comparison into `folder`; with `regret`, every plan
/// under every other scenario too, where there are not too many. Of units `failed` without a result, it is said why. Returns the
/// comparison and how each unit ended, as JSON.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "as many as the function in Python has")]
pub(crate) fn suite_compare(
    py: Python<'_>,
    paths: Vec<UnitPaths>,
    failed: HashMap<String, String>,
    folder: PathBuf,
    title: String,
    regret: bool,
    limits: Limits,
    language: &str,
) -> PyResult<(String, Vec<String>)> {
    let lang = lang(language);
    run(py, None, true, move |teller| {
        let units = units(paths);
        let jobs = cores().clamp(1, units.len().max(1));
        let (mut rows, names) = collect_suite(&units, jobs);
        for row in rows.iter_mut().filter(|row| matches!(row.end, End::NotRun)) {
            if let Some(why) = failed.get(&row.scenario) {
                row.end = End::Failed(why.clone());
            }
        }
        let ends = rows.iter().map(|row| ended(row).to_string()).collect();
        let compared = compare(&folder, &title, rows, names, lang)?;
        if regret {
            let run = limits.options(teller);
            let options = SuiteOptions { run, jobs, memory_mb: None, resume: true, journal: None, lang };
            if let Some(regrets) = regrets(&units, &compared.rows, &options) {
                regrets.write(&folder)?;
            }
        }
        Ok((compared.json(), ends))
    })
}

fn compare(
    folder: &Path,
    title: &str,
    rows: Vec<Row>,
    names: Names,
    lang: maillage_input::Lang,
) -> Result<Comparison, Fault> {
    let compared = Comparison::new(rows, names);
    compared.write(folder, title, lang)?;
    Ok(compared)
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn of_unit(unit: &Unit, told: UnitTold) -> Told {
    let told = match told {
        UnitTold::Began => Told { what: "began", ..Told::default() },
        UnitTold::Progress(event) => Told { what: "progress", event: Some(event.clone()), ..Told::default() },
        UnitTold::Ended(row) => Told { what: "ended", status: Some(row.end.as_str()), ..Told::default() },
    };
    Told { scenario: Some(unit.name.clone()), ..told }
}

/// How a unit ended; why, where it did not end well.
pub(crate) fn ended(row: &Row) -> serde_json::Value {
    let (problems, why) = match &row.end {
        End::BadInput(problems) => (Some(problems), None),
        End::Failed(why) => (None, Some(why)),
        End::Solved(_) | End::Kept(_) | End::NotRun => (None, None),
    };
    serde_json::json!({
        "scenario": row.scenario,
        "status": row.end.as_str(),
        "kept": matches!(row.end, End::Kept(_)),
        "limit": row.limit,
        "wall_seconds": row.wall_seconds,
        "problems": problems,
        "why": why,
    })
}
