//! A second opinion on the models: microlp, a solver in pure Rust that shares nothing with HiGHS.

use good_lp::{ResolutionError, Solution as _, SolverModel as _};
use maillage_milp::Model;

/// The best value, counted from the values of the variables; `None` where microlp proves that there is none.
pub fn opinion(model: Model) -> Option<f64> {
    let objective = model.objective().clone();
    match model.into_good_lp(good_lp::microlp).unwrap().solve() {
        Ok(solution) => {
            assert!(matches!(solution.status(), good_lp::SolutionStatus::Optimal), "not to its end");
            Some(objective.eval_with(&solution))
        }
        Err(ResolutionError::Infeasible) => None,
        Err(e) => panic!("{e}"),
    }
}
