//! Tables of travel times.

use crate::background::run;
use crate::errors::{Fault, json};
use maillage_input::Problems;
use maillage_travel::calibrate::calibrate as fit;
use maillage_travel::import::{Format, ImportOptions, Unit};
use maillage_travel::run::{self as tables, Built, ImportJob, RoadJob};
use maillage_travel::snap::SnapLimits;
use maillage_travel::table::{TableOptions, write};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::path::{Path, PathBuf};

/// What was made of what, the text of it in both languages, and the warnings, as JSON.
type Said = (String, (String, String), String);

/// Makes a table from an extract of OpenStreetMap.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "as many as the command has options")]
pub(crate) fn travel(
    py: Python<'_>,
    extract: PathBuf,
    places: PathBuf,
    to: Option<PathBuf>,
    profile: String,
    max_min: u16,
    far_m: u32,
    most_m: u32,
    prepared: Option<PathBuf>,
    threads: Option<usize>,
    output: PathBuf,
) -> PyResult<Said> {
    let all = || std::thread::available_parallelism().map_or(1, usize::from);
    let options = TableOptions {
        max_minutes: max_min,
        limits: SnapLimits { far_m: far_m.into(), most_m: most_m.into() },
        threads: threads.unwrap_or_else(all),
    };
    let job = RoadJob { extract, places, to, profile, prepared, options };
    run(py, None, false, move |_| {
        let (built, warnings) = tables::from_roads(&job)?;
        finish(&built, &warnings, &output)
    })
}

/// Makes a table from that of another engine.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "as many as the command has options")]
pub(crate) fn travel_import(
    py: Python<'_>,
    file: PathBuf,
    engine: &str,
    unit: Option<&str>,
    places: Option<PathBuf>,
    to: Option<PathBuf>,
    columns: Option<[String; 3]>,
    max_min: Option<u16>,
    output: PathBuf,
) -> PyResult<Said> {
    let format = match engine {
        "osrm" => Format::Osrm,
        "valhalla" => Format::Valhalla,
        "metric" => Format::Metric,
        "r5" => Format::R5,
        "access" => Format::Access,
        _ => return Err(PyValueError::new_err("osrm | valhalla | metric | r5 | access")),
    };
    let unit = match unit {
        None => None,
        Some("seconds") => Some(Unit::Seconds),
        Some("minutes") => Some(Unit::Minutes),
        Some("hours") => Some(Unit::Hours),
        Some(_) => return Err(PyValueError::new_err("seconds | minutes | hours")),
    };
    let options = ImportOptions { format, unit, codes: None, columns, max_minutes: max_min };
    let job = ImportJob { file, places, to, options };
    run(py, None, false, move |_| {
        let (built, warnings) = tables::from_import(&job)?;
        finish(&built, &warnings, &output)
    })
}

/// Fits the speeds of the proxy on a table: what was found, and the warnings, as JSON.
#[pyfunction]
pub(crate) fn calibrate(py: Python<'_>, table: PathBuf, places: PathBuf) -> PyResult<(String, String)> {
    run(py, None, false, move |_| {
        let (found, warnings) = fit(&table, &places)?;
        Ok((serde_json::json!(found).to_string(), json(&warnings)))
    })
}

fn finish(built: &Built, warnings: &Problems, output: &Path) -> Result<Said, Fault> {
    write(output, &built.table, &built.made, &built.coverage)?;
    let text = built.text();
    let made = serde_json::json!({ "made": built.made, "coverage": built.coverage }).to_string();
    Ok((made, (text.fr, text.en), json(warnings)))
}
