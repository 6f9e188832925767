//! What bounds a solve.

use crate::background::Teller;
use maillage_scenario::RunOptions;
use pyo3::prelude::*;

/// Limits as Python gives them: a dictionary with all of these keys.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Limits {
    time_limit: Option<f64>,
    gap: Option<f64>,
    threads: Option<u32>,
    seed: Option<u32>,
}

impl Limits {
    /// As the library takes them, stopped with `teller`.
    pub(crate) fn options(&self, teller: &Teller) -> RunOptions {
        RunOptions {
            time_limit_s: self.time_limit,
            gap: self.gap,
            threads: self.threads,
            seed: self.seed,
            stop: Some(teller.stop()),
        }
    }
}
