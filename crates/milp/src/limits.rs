//! When to stop.

use crate::SolverFailure;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// When a solve may stop, and what it may use.
///
/// ```
/// use maillage_milp::Limits;
/// use std::time::Duration;
/// let limits = Limits { time: Some(Duration::from_secs(10)), rel_gap: 0.01, ..Limits::default() };
/// assert_eq!(limits.threads, 1);
/// ```
#[derive(Debug, Clone)]
pub struct Limits {
    /// Wall-clock time from the call, building of the model included. `None`: no limit.
    pub time: Option<Duration>,
    /// Asked relative gap, `|objective - bound| / |objective|`. Default 0: proven optimal.
    pub rel_gap: f64,
    /// Asked absolute gap, in units of the objective. Default 1e-6.
    pub abs_gap: f64,
    /// Threads of this solve, at least 1. Default 1, which is also the repeatable choice.
    pub threads: u32,
    /// Seed of the solver's random choices. Default 0.
    pub seed: u32,
    /// Share of its work that the solver gives to the search of better solutions, 0 to 1; `None`: the solver's own.
    pub heuristics: Option<f64>,
    /// Whether more of the rules by which the solver simplifies a model stay unused: slower, a second opinion. (Without any
    /// simplification HiGHS 1.15 has crashed.)
    pub cautious: bool,
    /// Set it to `true`, from any thread, to stop; the best solution so far is kept.
    pub stop: Option<Arc<AtomicBool>>,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            time: None,
            rel_gap: 0.0,
            abs_gap: 1e-6,
            threads: 1,
            seed: 0,
            heuristics: None,
            cautious: false,
            stop: None,
        }
    }
}

impl Limits {
    /// Whether the stop flag is up.
    pub fn stopped(&self) -> bool {
        self.stop.as_ref().is_some_and(|s| s.load(std::sync::atomic::Ordering::Relaxed))
    }

    pub(crate) fn validate(&self) -> Result<(), SolverFailure> {
        if self.rel_gap.is_nan() || self.rel_gap < 0.0 {
            return Err(SolverFailure::BadLimit("the relative gap is negative or not a number"));
        }
        if self.abs_gap.is_nan() || self.abs_gap < 0.0 {
            return Err(SolverFailure::BadLimit("the absolute gap is negative or not a number"));
        }
        if self.threads == 0 || self.threads > 1024 {
            return Err(SolverFailure::BadLimit("the number of threads is not in 1..=1024"));
        }
        Ok(())
    }
}
