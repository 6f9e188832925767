//! From a model to an honest outcome.

use crate::ffi::{Run, Solved, Status, Watcher, Why, inside_callback};
use crate::limits::Limits;
use crate::model::{Compact, Model, ModelError, Sense};
use crate::outcome::{Duals, LimitReached, Outcome, Progress, Reason, Solution, SolverFailure};
use crate::verify::TOLERANCE;
use good_lp::Variable;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Solves a model with HiGHS.
///
/// `start` is a starting solution, in part or whole: values of a MIP's integer variables are tried and
/// what is missing is completed by the solver (never taken as 0); values outside their bounds are
/// ignored; an LP ignores it. Values set with `VariableDefinition::initial` count as part of it. A
/// whole start that satisfies the model is never lost: the outcome is at least as good, whatever the
/// limits.
///
/// `watch` is told of bounds and incumbents of a MIP, at most about ten times a second besides new
/// incumbents. It runs inside the solver: it must not wait for other threads that solve, and must not
/// call `rayon` (a waiting worker could steal another solve). A solve started inside it is refused.
///
/// A panic of the watcher stops the solver and goes on from here.
///
/// # Errors
/// [`SolverFailure`]: the model is unfit, or the solver failed, returned a solution that does not
/// satisfy the model, or contradicted itself. An infeasible model or a limit is no error.
pub fn solve(
    model: Model,
    limits: &Limits,
    start: Option<&[(Variable, f64)]>,
    watch: &mut dyn FnMut(&Progress),
) -> Result<Outcome, SolverFailure> {
    if inside_callback() {
        return Err(SolverFailure::Nested);
    }
    limits.validate()?;
    let started = Instant::now();
    let compact = Compact::new(&model)?;
    if compact.lower.is_empty() {
        return Ok(no_variable(compact, started));
    }
    let start = Start::new(&compact, &model, start.unwrap_or_default())?;

    let problem = model.hand_over(good_lp::solvers::highs::highs);
    let mut run = Run::new(problem).map_err(SolverFailure::Solver)?;
    let left = limits.time.map(|t| t.saturating_sub(started.elapsed()));
    let late = if limits.stopped() {
        Some(LimitReached::Interrupted)
    } else {
        (left == Some(Duration::ZERO)).then_some(LimitReached::Time)
    };
    if let Some(limit) = late {
        drop(run);
        let told = Told { claim: Claim::Stopped(limit), best: None, bound: None, duals: None, nodes: 0 };
        return conclude(compact, limits, start, told, started);
    }
    run.set_options(limits, left).map_err(SolverFailure::Solver)?;
    run.set_offset(compact.offset).map_err(SolverFailure::Solver)?;
    let (index, value) = start.for_solver(&compact);
    if !index.is_empty() {
        run.set_start(&index, &value).map_err(SolverFailure::Solver)?;
    }
    let watcher = Watcher::new(started, limits, index.is_empty() || start.exact, watch);
    let (mut solved, status) = run.solve(&watcher).map_err(SolverFailure::Solver)?;
    let why = watcher.why();
    if let Some(payload) = watcher.into_panic() {
        drop(solved);
        std::panic::resume_unwind(payload);
    }
    let told = Told::read(&mut solved, status, why, &compact)?;
    drop(solved);
    conclude(compact, limits, start, told, started)
}

/// A model without variables: its rows are plain statements.
fn no_variable(compact: Compact, started: Instant) -> Outcome {
    let seconds = started.elapsed().as_secs_f64();
    if compact.violation(&[], TOLERANCE).is_some() {
        return Outcome::without_values(Reason::Infeasible, None, seconds);
    }
    let positions = Arc::new(compact.positions);
    Outcome {
        objective: Some(compact.offset),
        bound: Some(compact.offset),
        values: Some(Solution { values: Vec::new(), positions, proven: true }),
        ..Outcome::without_values(Reason::Optimal, None, seconds)
    }
}

/// The caller's starting solution.
struct Start {
    entries: Vec<(u32, f64)>,
    /// All values, when they satisfy the model.
    whole: Option<Vec<f64>>,
    /// Whether they do so with next to no tolerance, so that no solver may disagree.
    exact: bool,
}

impl Start {
    fn new(compact: &Compact, model: &Model, given: &[(Variable, f64)]) -> Result<Self, ModelError> {
        let n = compact.lower.len();
        let mut all = vec![f64::NAN; n];
        for ((_, definition), slot) in model.variables.iter_variables_with_def().zip(&mut all) {
            *slot = definition.get_initial().unwrap_or(f64::NAN);
        }
        for (variable, value) in given {
            let position = compact.positions.get(variable).ok_or(ModelError::ForeignVariable)?;
            all[*position as usize] = *value;
        }
        let entries: Vec<(u32, f64)> = (0u32..)
            .zip(&all)
            .filter(|&(j, &v)| {
                let j = j as usize;
                v.is_finite() && v >= compact.lower[j] && v <= compact.upper[j]
            })
            .map(|(j, &v)| (j, v))
            .collect();
        let whole = if entries.len() == n { compact.verified(all).ok() } else { None };
        let exact = whole.as_ref().is_some_and(|w| compact.violation(w, 1e-9).is_none());
        Ok(Start { entries, whole, exact })
    }

    /// What HiGHS can use: nothing for an LP, nothing without a whole value of an integer variable.
    fn for_solver(&self, compact: &Compact) -> (Vec<i32>, Vec<f64>) {
        if let Some(whole) = self.whole.as_ref().filter(|_| compact.is_mip()) {
            return ((0..whole.len() as i32).collect(), whole.clone());
        }
        let useful = |&(j, v): &(u32, f64)| compact.integer[j as usize] && v.fract() == 0.0;
        if !self.entries.iter().any(useful) {
            return (Vec::new(), Vec::new());
        }
        self.entries.iter().map(|&(j, v)| (j as i32, v)).unzip()
    }
}

/// What the solver claims.
#[derive(Debug, Clone, PartialEq)]
enum Claim {
    Optimal,
    Infeasible,
    Unbounded,
    InfeasibleOrUnbounded,
    Stopped(LimitReached),
}

/// What was read back from the solver.
struct Told {
    claim: Claim,
    best: Option<Vec<f64>>,
    bound: Option<f64>,
    duals: Option<(Vec<f64>, Vec<f64>)>,
    nodes: u64,
}

impl Told {
    fn read(
        solved: &mut Solved,
        status: Status,
        why: Option<Why>,
        compact: &Compact,
    ) -> Result<Self, SolverFailure> {
        let claim = claim(status, why)?;
        let mip = compact.is_mip();
        if mip && claim == Claim::Infeasible && status.has_values {
            // HiGHS says so of a MIP whose only solutions it found to be beyond its tolerance.
            return Err(SolverFailure::Contradiction(
                "the model is called infeasible, but a solution beyond tolerance was found".into(),
            ));
        }
        let open = matches!(claim, Claim::Optimal | Claim::Stopped(_));
        let (mut best, mut duals) = (None, None);
        if open && status.has_solution {
            let v = solved.vectors();
            best = Some(compact.verified(v.columns).map_err(SolverFailure::WrongSolution)?);
            if !mip && claim == Claim::Optimal {
                duals = Some((v.row_duals, v.column_duals));
            }
        }
        if claim == Claim::Optimal && best.is_none() {
            return Err(SolverFailure::Contradiction("an optimum is claimed without a solution".into()));
        }
        let bound = match (&claim, mip) {
            (Claim::Optimal | Claim::Stopped(_), true) => solved.mip_dual_bound(),
            (Claim::Optimal, false) => best.as_ref().map(|x| compact.objective(x)),
            _ => None,
        };
        Ok(Told { claim, best, bound, duals, nodes: if mip { solved.nodes() } else { 0 } })
    }
}

fn claim(status: Status, why: Option<Why>) -> Result<Claim, SolverFailure> {
    use highs_sys as h;
    let other = |what: &str| Ok(Claim::Stopped(LimitReached::Other(what.to_owned())));
    let failed = |what: &str| Err(SolverFailure::Solver(what.to_owned()));
    match status.model {
        h::MODEL_STATUS_REACHED_TIME_LIMIT => Ok(Claim::Stopped(LimitReached::Time)),
        h::MODEL_STATUS_REACHED_INTERRUPT => Ok(Claim::Stopped(match why {
            Some(Why::Time) => LimitReached::Time,
            _ => LimitReached::Interrupted,
        })),
        h::MODEL_STATUS_REACHED_ITERATION_LIMIT => Ok(Claim::Stopped(LimitReached::Iterations)),
        h::MODEL_STATUS_REACHED_MEMORY_LIMIT => Ok(Claim::Stopped(LimitReached::Memory)),
        h::MODEL_STATUS_REACHED_SOLUTION_LIMIT => other("solution limit"),
        h::MODEL_STATUS_OBJECTIVE_BOUND => other("objective bound"),
        h::MODEL_STATUS_OBJECTIVE_TARGET => other("objective target"),
        h::MODEL_STATUS_LOAD_ERROR => failed("load error"),
        h::MODEL_STATUS_MODEL_ERROR => failed("model error"),
        h::MODEL_STATUS_PRESOLVE_ERROR => failed("presolve error"),
        h::MODEL_STATUS_SOLVE_ERROR => failed("solve error"),
        h::MODEL_STATUS_POSTSOLVE_ERROR => failed("postsolve error"),
        h::MODEL_STATUS_NOTSET => failed("no status"),
        _ if status.failed => failed("the run returned an error"),
        h::MODEL_STATUS_OPTIMAL => Ok(Claim::Optimal),
        h::MODEL_STATUS_INFEASIBLE => Ok(Claim::Infeasible),
        h::MODEL_STATUS_UNBOUNDED => Ok(Claim::Unbounded),
        h::MODEL_STATUS_UNBOUNDED_OR_INFEASIBLE => Ok(Claim::InfeasibleOrUnbounded),
        h::MODEL_STATUS_UNKNOWN => other("unknown status"),
        n => failed(&format!("status {n}")),
    }
}

/// Puts the solver's claim, its bound, its solution and the caller's start side by side.
fn conclude(
    compact: Compact,
    limits: &Limits,
    start: Start,
    told: Told,
    started: Instant,
) -> Result<Outcome, SolverFailure> {
    let seconds = started.elapsed().as_secs_f64();
    let better = |a: f64, b: f64| match compact.sense {
        Sense::Minimise => a < b,
        Sense::Maximise => a > b,
    };
    let limit = match &told.claim {
        Claim::Stopped(limit) => Some(limit.clone()),
        Claim::Optimal => None,
        closed => {
            if start.exact && *closed == Claim::Infeasible {
                return Err(SolverFailure::Contradiction(
                    "the model is called infeasible, but the starting solution satisfies it".into(),
                ));
            }
            let reason = match closed {
                Claim::Infeasible => Reason::Infeasible,
                Claim::Unbounded => Reason::Unbounded,
                _ if start.exact => Reason::Unbounded,
                _ => Reason::InfeasibleOrUnbounded,
            };
            return Ok(Outcome { nodes: told.nodes, ..Outcome::without_values(reason, None, seconds) });
        }
    };
    let mut best = told.best.map(|x| (compact.objective(&x), x));
    let mut from_start = false;
    if let Some(x) = start.whole {
        let objective = compact.objective(&x);
        if best.as_ref().is_none_or(|(o, _)| better(objective, *o)) {
            best = Some((objective, x));
            from_start = true;
        }
    }
    let Some((objective, values)) = best else {
        return Ok(Outcome {
            bound: told.bound,
            nodes: told.nodes,
            ..Outcome::without_values(Reason::NoSolution, limit, seconds)
        });
    };
    let slack = TOLERANCE * objective.abs().max(1.0);
    if let Some(bound) = told.bound {
        // A start that satisfies the model only within tolerance may well beat the bound.
        if better(objective, bound) && (objective - bound).abs() > slack && (start.exact || !from_start) {
            return Err(SolverFailure::Contradiction(format!(
                "a solution of {objective} beats the bound {bound}"
            )));
        }
    }
    let asked = limits.abs_gap.max(limits.rel_gap * objective.abs()) + slack;
    let proven = told.claim == Claim::Optimal
        && told.bound.is_some_and(|b| (objective - b).abs() <= asked || better(objective, b));
    let reason = if proven { Reason::Optimal } else { Reason::Feasible };
    let limit = limit
        .or_else(|| (!proven).then(|| LimitReached::Other("the bound does not confirm the optimum".into())));
    let positions = Arc::new(compact.positions);
    Ok(Outcome {
        reason,
        limit,
        objective: Some(objective),
        bound: told.bound,
        duals: told.duals.filter(|_| proven).map(|(rows, columns)| Duals {
            rows,
            columns,
            positions: Arc::clone(&positions),
        }),
        values: Some(Solution { values, positions, proven }),
        nodes: told.nodes,
        seconds,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{constraint, variable};

    /// Smallest x + 7 with integer x >= 3, and what a solver may claim of it.
    fn end(
        claim: Claim,
        best: Option<f64>,
        bound: Option<f64>,
        start: Option<f64>,
    ) -> Result<Outcome, SolverFailure> {
        let mut m = Model::new(Sense::Minimise);
        let x = m.add(variable().clamp(0, 10).integer());
        m.set_objective(x + 7);
        m.subject_to(constraint!(2 * x >= 5));
        let compact = Compact::new(&m)?;
        let given: Vec<_> = start.map(|v| (x, v)).into_iter().collect();
        let start = Start::new(&compact, &m, &given)?;
        let told = Told { claim, best: best.map(|x| vec![x]), bound, duals: None, nodes: 1 };
        conclude(compact, &Limits::default(), start, told, Instant::now())
    }

    #[test]
    fn optimal_needs_a_bound_that_agrees() {
        let said = |bound| end(Claim::Optimal, Some(3.0), bound, None).unwrap();
        assert_eq!(said(Some(10.0)).reason, Reason::Optimal);
        for weak in [None, Some(9.0)] {
            let o = said(weak);
            assert_eq!((o.reason, o.objective, o.bound), (Reason::Feasible, Some(10.0), weak));
            assert!(matches!(o.limit, Some(LimitReached::Other(_))));
        }
    }

    #[test]
    fn lies_are_failures() {
        let lie = |r: Result<Outcome, SolverFailure>| matches!(r, Err(SolverFailure::Contradiction(_)));
        // A bound above a solution, an optimum worse than the start, a feasible model called infeasible.
        assert!(lie(end(Claim::Optimal, Some(3.0), Some(11.0), None)));
        assert!(lie(end(Claim::Optimal, Some(4.0), Some(11.0), Some(3.0))));
        assert!(lie(end(Claim::Infeasible, None, None, Some(3.0))));
        assert_eq!(end(Claim::Infeasible, None, None, Some(2.0)).unwrap().reason, Reason::Infeasible);
        let either = |start| end(Claim::InfeasibleOrUnbounded, None, None, start).unwrap().reason;
        assert_eq!((either(None), either(Some(3.0))), (Reason::InfeasibleOrUnbounded, Reason::Unbounded));
    }

    #[test]
    fn limits_keep_their_names() {
        for limit in [LimitReached::Time, LimitReached::Memory, LimitReached::Iterations] {
            let stopped = Claim::Stopped(limit.clone());
            let o = end(stopped.clone(), None, Some(9.5), None).unwrap();
            assert_eq!((o.reason, o.bound, o.limit), (Reason::NoSolution, Some(9.5), Some(limit.clone())));
            // The better of the solver's solution and the start; never optimal without the claim.
            let o = end(stopped, Some(5.0), Some(10.0), Some(3.0)).unwrap();
            assert_eq!((o.reason, o.objective, o.limit), (Reason::Feasible, Some(10.0), Some(limit)));
        }
    }
}
