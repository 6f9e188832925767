//! The one door to MILP solvers: models written with good_lp, solved with honest statuses and bounds.
//!
//! * Write: [`Model`], with good_lp's [`variable()`], [`Expression`] and [`constraint!`].
//! * Say when to stop: [`Limits`] (time, gaps, threads, seed, a stop flag).
//! * Solve: [`solve`], with a starting solution and a watcher of [`Progress`] if wanted.
//! * Read: [`Outcome`]: a [`Reason`], what limit stopped it, objective and bound, a verified
//!   [`Solution`], [`Duals`] of an LP.
//! * Ask someone else: [`Model::into_good_lp`] gives the same model to any good_lp solver.
//!
//! ```
//! use maillage_milp::{Limits, Model, Reason, Sense, constraint, solve, variable};
//!
//! // Two sites at 3 and 4 per year, a village that either can serve, another that only the second can.
//! let mut model = Model::new(Sense::Minimise);
//! let first = model.add(variable().binary());
//! let second = model.add(variable().binary());
//! model.set_objective(3 * first + 4 * second + 10);
//! model.subject_to(constraint!(first + second >= 1));
//! model.subject_to(constraint!(second >= 1));
//!
//! let outcome = solve(model, &Limits::default(), None, &mut |_| ())?;
//! assert_eq!(outcome.reason, Reason::Optimal);
//! assert_eq!((outcome.objective, outcome.bound), (Some(14.0), Some(14.0)));
//! let values = outcome.values.expect("an optimum has values");
//! assert!(values.is_on(second) && !values.is_on(first));
//! # Ok::<(), maillage_milp::SolverFailure>(())
//! ```
//!
//! # What is promised
//! * [`Reason::Optimal`] is said only when the solver says so *and* its bound agrees with the objective
//!   recomputed here, within the asked gap.
//! * Every solution is put back into the model (rows, bounds, integrality, [`TOLERANCE`]) before it is
//!   handed out; one that fails is a [`SolverFailure`], not a plan.
//! * "Infeasible or unbounded" stays so, and limits keep their names.
//! * One solver thread unless asked otherwise; same model, seed and threads: same solution, as long as
//!   no time limit or stop flag cuts it short.
//!
//! # What is not
//! Bounds are floats of HiGHS, good to its tolerances; they are no certificate. While HiGHS is in
//! presolve or in the first relaxation of a MIP, the stop flag is not looked at; the time limit is.
//!
//! HiGHS is pinned to 1.15: 1.14.0 returned wrong optima, see the test `highs_1_14_wrong_optimum`.

mod ffi;
mod limits;
mod lp;
mod model;
mod outcome;
mod solve;
mod verify;

pub use good_lp::{
    Constraint, Expression, IntoAffineExpression, ProblemVariables, Variable, VariableDefinition, constraint,
    variable,
};
pub use limits::Limits;
pub use lp::{Lp, LpOutcome, LpRow};
pub use model::{Model, ModelError, RowIx, Sense};
pub use outcome::{Duals, LimitReached, Outcome, Progress, Reason, Solution, SolverFailure, whole_bound};
pub use solve::solve;
pub use verify::{TOLERANCE, Violation};

/// Name and version of the solver, as results state it: `HiGHS 1.15.0`.
pub fn solver_name() -> String {
    format!("HiGHS {}", ffi::version())
}
