//! Pure location problems from files of benchmarks and cost tables.

use crate::background::run;
use crate::limits::Limits;
use maillage_scenario::{LocateFormat, LocateOptions, LocateProblem, write_located};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use serde::de::DeserializeOwned;
use std::path::PathBuf;

/// The options of a problem as Python gives them: a dictionary with all of these keys.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Asked {
    format: String,
    problem: String,
    p: Option<u32>,
    radius: Option<String>,
    budget: Option<u64>,
    demand: Option<u64>,
    times: Option<u32>,
    capacity: Option<u64>,
    plans: Option<u32>,
    apart: Option<u32>,
    within: Option<f64>,
    weights: Option<PathBuf>,
    memory_mb: Option<u64>,
}

/// A word of the library.
fn word<T: DeserializeOwned>(text: &str) -> PyResult<T> {
    serde_json::from_value(text.into()).map_err(|e| PyValueError::new_err(e.to_string()))
}

/// Solves an instance; writes the result to `output`, if there is one. Returns it as JSON.
#[pyfunction]
pub(crate) fn locate(
    py: Python<'_>,
    instance: PathBuf,
    asked: Asked,
    output: Option<PathBuf>,
    limits: Limits,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<String> {
    let format: LocateFormat = word(&asked.format)?;
    let problem: LocateProblem = word(&asked.problem)?;
    let radius = asked.radius.as_deref().map(str::parse).transpose().map_err(PyValueError::new_err)?;
    run(py, progress, true, move |teller| {
        let options = LocateOptions {
            p: asked.p,
            radius,
            budget: asked.budget,
            demand: asked.demand,
            times: asked.times,
            capacity: asked.capacity,
            plans: asked.plans,
            apart: asked.apart,
            within: asked.within,
            weights: asked.weights,
            memory_mb: asked.memory_mb,
            run: limits.options(teller),
            ..LocateOptions::new(format, problem)
        };
        let mut watch = |event: &_| teller.progress(event);
        let located = maillage_scenario::locate(&instance, &options, &mut watch)??;
        Ok(match &output {
            Some(file) => write_located(file, &located)?,
            None => located,
        }
        .json())
    })
}
