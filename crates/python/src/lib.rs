//! The Python package `maillage`: scenarios, territories and plain location problems from notebooks, by the same engine.
//!
//! What crosses is paths, JSON and arrays; tables and objects are made in Python (`python/maillage`), which is what users see.
//! * `background`: work in a thread of its own, the interpreter free meanwhile; progress told, Ctrl-C heard.
//! * `errors`: problems as exceptions, with the same codes, places and remedies.
//! * `scenario`, `suite`, `travel`, `locate`: what the commands of these names do.
//! * `units`: units of suites one by one, for engines that spread them over machines.
//! * `times`: lists of travel times from and to arrays.
//! * `location`: location problems on arrays.

mod background;
mod errors;
mod limits;
mod locate;
mod location;
mod scenario;
mod suite;
mod times;
mod travel;
mod units;

use pyo3::prelude::*;

/// What Python imports.
#[pymodule]
mod _maillage {
    #[pymodule_export]
    use crate::locate::locate;
    #[pymodule_export]
    use crate::location::{Costs, Plane, Solved};
    #[pymodule_export]
    use crate::scenario::{
        access, alternatives, check, explain, frontier, read_territory, report, schema, solve, solver,
        validate, version,
    };
    #[pymodule_export]
    use crate::suite::{suite_compare, suite_prepare, suite_run};
    #[pymodule_export]
    use crate::times::{read_times, write_times};
    #[pymodule_export]
    use crate::travel::{calibrate, travel, travel_import};
    #[pymodule_export]
    use crate::units::{unit_files, unit_receive, unit_run, units_kept};
}
