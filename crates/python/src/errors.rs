//! Problems as exceptions of the package, warnings as texts.

use maillage_input::{Lang, Problem, Problems};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// The language that Python names.
pub(crate) fn lang(name: &str) -> Lang {
    if name == "en" { Lang::En } else { Lang::Fr }
}

/// What ends a call.
pub(crate) enum Fault {
    /// The input cannot be used.
    Input(Problems),
    /// Arguments that do not go together.
    Value(String),
    /// A fault of the program or of the solver.
    Internal(String),
}

impl From<Problems> for Fault {
    fn from(problems: Problems) -> Self {
        Fault::Input(problems)
    }
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Fault::Input(problem.into())
    }
}

impl From<maillage_scenario::RunFailure> for Fault {
    fn from(failure: maillage_scenario::RunFailure) -> Self {
        Fault::Internal(failure.to_string())
    }
}

impl From<maillage_location::SolverFailure> for Fault {
    fn from(failure: maillage_location::SolverFailure) -> Self {
        Fault::Internal(failure.to_string())
    }
}

impl From<Fault> for PyErr {
    fn from(fault: Fault) -> PyErr {
        let (class, said) = match fault {
            Fault::Input(problems) => ("MaillageError", json(&problems.sorted())),
            Fault::Value(what) => return PyValueError::new_err(what),
            Fault::Internal(what) => ("InternalError", what),
        };
        Python::attach(|py| exception(py, class, &said).unwrap_or_else(|e| e))
    }
}

/// An exception of `maillage.errors`.
fn exception(py: Python<'_>, class: &str, said: &str) -> PyResult<PyErr> {
    let class = py.import("maillage.errors")?.getattr(class)?;
    Ok(PyErr::from_value(class.call1((said,))?))
}

/// Problems as JSON.
pub(crate) fn json(problems: &Problems) -> String {
    serde_json::json!(problems).to_string()
}
