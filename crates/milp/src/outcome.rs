//! What a solve says.

use crate::model::{ModelError, Positions, RowIx, Sense};
use crate::verify::Violation;
use good_lp::Variable;
use good_lp::solvers::SolutionStatus;
use std::fmt;
use std::sync::Arc;

/// What is known at the end of a solve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// `values` is a solution and `bound` agrees with its objective within the asked gap.
    Optimal,
    /// `values` is a solution; `bound`, if any, is further away than the asked gap.
    Feasible,
    /// A limit came before any solution; nothing says whether there is one. `bound` may be known.
    NoSolution,
    /// There is no solution.
    Infeasible,
    /// There are solutions of any quality.
    Unbounded,
    /// Presolve found the model infeasible or unbounded and does not know which.
    InfeasibleOrUnbounded,
}

/// What stopped a solve before its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LimitReached {
    /// [`Limits::time`](crate::Limits::time).
    Time,
    /// [`Limits::stop`](crate::Limits::stop).
    Interrupted,
    /// Memory ran out.
    Memory,
    /// The solver's own limit on iterations.
    Iterations,
    /// Something else, in the solver's words.
    Other(String),
}

/// A bound on the way, told to the watcher of [`solve`](crate::solve).
///
/// Both figures are in the sense and units of the objective, its constant included.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// Seconds since the call.
    pub elapsed: f64,
    /// Objective of the best solution so far.
    pub incumbent: Option<f64>,
    /// What no solution can beat. Not told while a partial starting solution may be being completed,
    /// since the solver then speaks of a restricted model.
    pub bound: Option<f64>,
    /// Relative gap between the two.
    pub gap: Option<f64>,
    /// Nodes of the search tree so far.
    pub nodes: u64,
}

/// Values of the variables, verified against the model.
///
/// It is a [`good_lp::Solution`]: `expression.eval_with(&solution)` works.
#[derive(Clone)]
pub struct Solution {
    pub(crate) values: Vec<f64>,
    pub(crate) positions: Arc<Positions>,
    pub(crate) proven: bool,
}

impl Solution {
    /// Value of a variable, `None` if the model does not have it.
    pub fn get(&self, variable: Variable) -> Option<f64> {
        self.positions.get(&variable).map(|&i| self.values[i as usize])
    }

    /// Whether a binary or integer variable is at 1 or more.
    pub fn is_on(&self, variable: Variable) -> bool {
        self.get(variable).is_some_and(|v| v > 0.5)
    }

    /// All values, in the order in which the variables were added.
    pub fn values(&self) -> &[f64] {
        &self.values
    }
}

impl fmt::Debug for Solution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Solution").field(&self.values).finish()
    }
}

impl good_lp::Solution for Solution {
    fn status(&self) -> SolutionStatus {
        if self.proven { SolutionStatus::Optimal } else { SolutionStatus::TimeLimit }
    }

    /// NaN for a variable that the model does not have.
    fn value(&self, variable: Variable) -> f64 {
        self.get(variable).unwrap_or(f64::NAN)
    }
}

/// Dual values of an LP solved to optimality.
#[derive(Clone)]
pub struct Duals {
    pub(crate) rows: Vec<f64>,
    pub(crate) columns: Vec<f64>,
    pub(crate) positions: Arc<Positions>,
}

impl Duals {
    /// Change of the objective per unit of the right-hand side of a row as it was written; `None`
    /// if the model does not have the row.
    pub fn row(&self, row: RowIx) -> Option<f64> {
        self.rows.get(row.0 as usize).copied()
    }

    /// Change of the objective per unit of a variable moved away from its bound; `None` if the model
    /// does not have the variable.
    pub fn reduced_cost(&self, variable: Variable) -> Option<f64> {
        self.positions.get(&variable).map(|&i| self.columns[i as usize])
    }
}

impl fmt::Debug for Duals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Duals").field("rows", &self.rows).field("columns", &self.columns).finish()
    }
}

/// The end of a solve.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// What is known.
    pub reason: Reason,
    /// What stopped the solve, if something did.
    pub limit: Option<LimitReached>,
    /// Objective of `values`, recomputed from them, constant included.
    pub objective: Option<f64>,
    /// What no solution can beat, constant included; `None` when nothing finite is known. It is a
    /// float: subtract a margin before drawing an integer conclusion.
    pub bound: Option<f64>,
    /// The best solution, verified.
    pub values: Option<Solution>,
    /// Dual values, for an optimal LP.
    pub duals: Option<Duals>,
    /// Nodes of the search tree.
    pub nodes: u64,
    /// Wall-clock seconds, building of the model included.
    pub seconds: f64,
}

impl Outcome {
    /// Relative gap between objective and bound.
    pub fn gap(&self) -> Option<f64> {
        relative_gap(self.objective, self.bound)
    }

    pub(crate) fn without_values(reason: Reason, limit: Option<LimitReached>, seconds: f64) -> Self {
        Outcome { reason, limit, objective: None, bound: None, values: None, duals: None, nodes: 0, seconds }
    }
}

/// Rounds a float bound on an objective that is a whole number to a whole number that is still a bound.
///
/// `used` is how much all variables of any solution move from their bounds, in sum (people on lists and
/// posts, or clients and sites): the solver's reduced costs may be off by its dual tolerance, 1e-7, for each
/// unit. To that comes rounding, 1e-11 of the bound: thousands of times what one sum loses, far from a proof all
/// the same, which is what certificates are for.
///
/// ```
/// use maillage_milp::{Sense, whole_bound};
/// assert_eq!(whole_bound(Sense::Minimise, 41.3, 10.0), 42);
/// assert_eq!(whole_bound(Sense::Minimise, 42.0000001, 10.0), 42);
/// assert_eq!(whole_bound(Sense::Maximise, 41.9999999, 10.0), 42);
/// ```
pub fn whole_bound(sense: Sense, float: f64, used: f64) -> i64 {
    let margin = 1e-6 + 1e-7 * used + 1e-11 * float.abs();
    // A float to integer cast saturates.
    match sense {
        Sense::Minimise => (float - margin).ceil() as i64,
        Sense::Maximise => (float + margin).floor() as i64,
    }
}

pub(crate) fn relative_gap(objective: Option<f64>, bound: Option<f64>) -> Option<f64> {
    let (o, b) = (objective?, bound?);
    Some(if o == b { 0.0 } else { (o - b).abs() / o.abs().max(1e-10) })
}

/// The solve itself went wrong: nothing can be said of the model.
#[derive(Debug, Clone, PartialEq)]
pub enum SolverFailure {
    /// The model is unfit.
    Model(ModelError),
    /// A limit makes no sense.
    BadLimit(&'static str),
    /// A solve was started inside a watcher, which would crash HiGHS.
    Nested,
    /// The solver refused or gave up, in its words.
    Solver(String),
    /// The solver called something a solution that is none.
    WrongSolution(Violation),
    /// Two claims of the solver contradict each other, or a verified solution contradicts one.
    Contradiction(String),
}

impl fmt::Display for SolverFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SolverFailure::Model(e) => write!(f, "the model cannot be solved: {e}"),
            SolverFailure::BadLimit(what) => f.write_str(what),
            SolverFailure::Nested => f.write_str("a solve was started inside the watcher of another"),
            SolverFailure::Solver(what) => write!(f, "the solver failed: {what}"),
            SolverFailure::WrongSolution(v) => write!(f, "the solver's solution is none: {v}"),
            SolverFailure::Contradiction(what) => write!(f, "the solver contradicts itself: {what}"),
        }
    }
}

impl std::error::Error for SolverFailure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            SolverFailure::Model(e) => Some(e),
            _ => None,
        }
    }
}

impl From<ModelError> for SolverFailure {
    fn from(e: ModelError) -> Self {
        SolverFailure::Model(e)
    }
}
