//! What the commands on scenarios and territories do.

use crate::background::{Teller, run};
use crate::errors::{Fault, json, lang};
use crate::limits::Limits;
use maillage_scenario::{
    AlternativesOptions, ExplainOptions, Log, RebuildOptions, Status, Vary, write_access, write_file,
    write_frontier,
};
use maillage_territory::Territory;
use pyo3::prelude::*;
use std::path::PathBuf;

/// A result and the warnings, both as JSON.
type Said = (String, String);

/// The version of the package.
#[pyfunction]
pub(crate) fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// The solver and its version.
#[pyfunction]
pub(crate) fn solver() -> String {
    maillage_scenario::solver_name()
}

/// The JSON Schema of a kind of file; nothing for an unknown kind.
#[pyfunction]
pub(crate) fn schema(kind: &str) -> Option<String> {
    maillage_scenario::schema(kind).map(|schema| schema.to_string())
}

/// Solves a scenario into a folder. A run that found nothing does not take the place of one that did.
#[pyfunction]
pub(crate) fn solve(
    py: Python<'_>,
    scenario: PathBuf,
    output: PathBuf,
    limits: Limits,
    language: &str,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<Said> {
    let lang = lang(language);
    run(py, progress, true, move |teller: &Teller| {
        let (loaded, warnings) = maillage_scenario::load(&scenario)?;
        maillage_scenario::ready(&output)?;
        let mut log = Log::new(&loaded);
        let finished = maillage_scenario::run(&loaded, &limits.options(teller), &mut |event| {
            log.progress(event);
            teller.progress(event);
        })?;
        log.finished(&finished.record);
        let keeps = finished.record.status == Status::NoPlan && output.join("result.json").is_file();
        let record = if keeps {
            finished.record
        } else {
            maillage_scenario::write(&output, &loaded, &finished, log.text(), lang)?
        };
        Ok((serde_json::json!(record).to_string(), json(&warnings)))
    })
}

/// A result held against its inputs: what the scenario is called, whether it holds, the report as JSON and as text.
#[pyfunction]
pub(crate) fn check(
    py: Python<'_>,
    result: PathBuf,
    scenario: Option<PathBuf>,
    language: &str,
) -> PyResult<(String, bool, String, String)> {
    let lang = lang(language);
    run(py, None, false, move |_| {
        let verdict = maillage_scenario::check(&result, scenario.as_deref())?;
        let (holds, text) = (verdict.report.holds(), verdict.render(lang));
        let report = serde_json::json!(verdict.report).to_string();
        Ok((verdict.scenario, holds, report, text))
    })
}

/// Holds any file against its format. Returns the warnings.
#[pyfunction]
pub(crate) fn validate(py: Python<'_>, file: PathBuf) -> PyResult<String> {
    run(py, None, false, move |_| Ok(json(&maillage_scenario::validate(&file)?)))
}

/// Reads a territory: its name, how many places it has, how many pairs have a time, and the warnings.
#[pyfunction]
pub(crate) fn read_territory(py: Python<'_>, file: PathBuf) -> PyResult<(String, usize, usize, String)> {
    run(py, None, false, move |_| {
        let (territory, warnings) = Territory::read(&file)?;
        let pairs = territory.iter().map(|(ix, _)| territory.travel.from(ix).len()).sum();
        Ok((territory.name.clone(), territory.places.len(), pairs, json(&warnings.sorted())))
    })
}

/// Measures access over a territory, into a folder.
#[pyfunction]
pub(crate) fn access(
    py: Python<'_>,
    territory: PathBuf,
    settings: Option<PathBuf>,
    against: Option<PathBuf>,
    output: PathBuf,
    language: &str,
) -> PyResult<Said> {
    let lang = lang(language);
    run(py, None, false, move |_| {
        let (measured, warnings) =
            maillage_scenario::access(&territory, settings.as_deref(), against.as_deref())?;
        write_access(&output, &measured, lang)?;
        Ok((measured.json(), json(&warnings)))
    })
}

/// Explains the plan of a scenario, or why it has none: as JSON and as text, with the warnings.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "as many as the command has options")]
pub(crate) fn explain(
    py: Python<'_>,
    scenario: PathBuf,
    sites: Vec<String>,
    prices: bool,
    step_eur: u32,
    result: Option<PathBuf>,
    output: Option<PathBuf>,
    limits: Limits,
    language: &str,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<(String, String, String)> {
    let lang = lang(language);
    run(py, progress, true, move |teller| {
        let (loaded, warnings) = maillage_scenario::load(&scenario)?;
        let asked = ExplainOptions { sites, prices, result, step_eur };
        let mut watch = |event: &_| teller.progress(event);
        let explanation = maillage_scenario::explain(&loaded, &asked, &limits.options(teller), &mut watch)??;
        if let Some(file) = &output {
            write_file(file, &format!("{}\n", explanation.json()))?;
        }
        Ok((explanation.json(), explanation.summary(lang), json(&warnings)))
    })
}

/// A scenario under many values of one limit: `vary` is `budget`, `posts` or a JSON pointer; the values are JSON.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "as many as the command has options")]
pub(crate) fn frontier(
    py: Python<'_>,
    scenario: PathBuf,
    vary: String,
    values: &str,
    output: Option<PathBuf>,
    limits: Limits,
    language: &str,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<String> {
    let bad = |e: serde_json::Error| Fault::Internal(e.to_string());
    let vary = match vary.as_str() {
        "budget" => Vary::Budget(serde_json::from_str(values).map_err(bad)?),
        "posts" => Vary::Posts(serde_json::from_str(values).map_err(bad)?),
        _ => Vary::Pointer(vary, serde_json::from_str(values).map_err(bad)?),
    };
    let lang = lang(language);
    run(py, progress, true, move |teller| {
        let mut watch = |event: &_| teller.progress(event);
        let record = maillage_scenario::frontier(&scenario, &vary, &limits.options(teller), &mut watch)??;
        if let Some(dir) = &output {
            write_frontier(dir, &record, lang)?;
        }
        Ok(record.json())
    })
}

/// Several plans of a siting scenario, each into a folder of its own.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "as many as the command has options")]
pub(crate) fn alternatives(
    py: Python<'_>,
    scenario: PathBuf,
    output: PathBuf,
    plans: u32,
    apart: u32,
    within_percent: f64,
    limits: Limits,
    language: &str,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<Said> {
    let lang = lang(language);
    run(py, progress, true, move |teller| {
        let (loaded, warnings) = maillage_scenario::load(&scenario)?;
        let asked = AlternativesOptions { plans, apart, within_percent };
        let options = limits.options(teller);
        let mut watch = |event: &_| teller.progress(event);
        let found = maillage_scenario::alternatives(&loaded, asked, &options, &output, lang, &mut watch)??;
        Ok((found.json(), json(&warnings)))
    })
}

/// Writes page and tables of a result or a suite anew, and files of other tools. Returns what was written.
#[pyfunction]
pub(crate) fn report(
    py: Python<'_>,
    folder: PathBuf,
    exports: Vec<String>,
    scenario: Option<PathBuf>,
    language: &str,
) -> PyResult<Vec<PathBuf>> {
    let exports =
        maillage_report::Export::ALL.into_iter().filter(|e| exports.iter().any(|n| n == e.as_str()));
    let options = RebuildOptions { scenario, exports: exports.collect(), lang: lang(language) };
    run(py, None, false, move |_| Ok(maillage_scenario::rebuild(&folder, &options)?))
}
