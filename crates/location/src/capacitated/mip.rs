//! A part of the problem, or all of it, as a model for the solver.

use super::certificate::Proof;
use super::residual::Role;
use super::{Problem, Sharing};
use maillage_milp::{
    Expression, Limits, Model, Outcome, Reason, Sense, SolverFailure, Variable, solve, variable,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// What of a problem is left to decide.
pub(super) struct Task<'a> {
    pub may_open: &'a dyn Fn(usize) -> bool,
    pub may_close: &'a dyn Fn(usize) -> bool,
    pub may_serve: &'a dyn Fn(usize, usize) -> bool,
    /// Pairs, client first, whose row `x_ij ≤ y_j` is written out.
    pub tight: &'a [(usize, usize)],
    /// Whether clients have one site in the model.
    pub sharing: Sharing,
    /// Plans are sought that cost less.
    pub worth: u64,
    /// Seconds that may be used, if limited.
    pub seconds: Option<f64>,
}

/// What the solver says, in units.
pub(super) struct Answer {
    pub outcome: Outcome,
    /// Open sites of its solution, and the site that serves most of each client.
    pub solution: Option<(Vec<bool>, Vec<usize>)>,
}

impl Answer {
    /// Whether the solver says that there is no solution.
    pub fn infeasible(&self) -> bool {
        matches!(self.outcome.reason, Reason::Infeasible | Reason::InfeasibleOrUnbounded)
    }
}

/// Solves a part, without a start: solvers prove wrong things around those.
pub(super) fn answer(
    problem: &Problem<'_>,
    task: &Task<'_>,
    limits: &Limits,
) -> Result<Answer, SolverFailure> {
    let (m, n, divisor, unit) =
        (problem.capacity.len(), problem.demand.len(), problem.charges.divisor(), problem.amount_unit());
    let user = limits.stop.clone();
    let user = user.as_deref();
    let mut model = Model::new(Sense::Minimise);
    let mut objective = Expression::with_capacity(m + n);
    let y: Vec<Option<Variable>> = (0..m)
        .map(|j| {
            let least = if (task.may_close)(j) { 0 } else { 1 };
            (task.may_open)(j).then(|| {
                let y = model.add(variable().integer().clamp(least, 1));
                objective.add_mul(problem.charges.opening()[j] as f64 / divisor, y);
                y
            })
        })
        .collect();
    let mut held: Vec<Expression> = vec![Expression::default(); m];
    let mut x: Vec<Vec<(usize, Variable)>> = Vec::with_capacity(n);
    for i in 0..n {
        let mut own = Vec::new();
        let mut all = Expression::default();
        for (_, j, cost) in problem.served_by(i).filter(|p| y[p.1].is_some() && (task.may_serve)(i, p.1)) {
            let definition = variable().clamp(0, 1);
            let v = model.add(match task.sharing {
                Sharing::Split => definition,
                Sharing::Single => definition.integer(),
            });
            objective.add_mul(cost as f64 / divisor, v);
            held[j].add_mul(problem.demand[i] as f64 / unit, v);
            all.add_mul(1.0, v);
            own.push((j, v));
        }
        model.subject_to(all.eq(1.0));
        x.push(own);
    }
    let mut total = Expression::default();
    for (j, mut held) in held.into_iter().enumerate() {
        if let Some(y) = y[j] {
            let capacity = problem.capacity[j] as f64 / unit;
            held.add_mul(-capacity, y);
            model.subject_to(held.leq(0.0));
            total.add_mul(capacity, y);
        }
    }
    model.subject_to(total.geq(problem.total_demand() as f64 / unit));
    let pair = |i: usize, j: usize| x[i].binary_search_by_key(&j, |p| p.0).ok().map(|k| x[i][k].1);
    for &(i, j) in task.tight {
        if let (Some(y), Some(v)) = (y[j], pair(i, j)) {
            model.subject_to((v - y).leq(0.0));
        }
    }
    // Clients of no demand take no capacity: a site must be open for them all the same.
    for i in (0..n).filter(|i| problem.demand[*i] == 0) {
        for &(j, v) in &x[i] {
            if let Some(y) = y[j] {
                model.subject_to((v - y).leq(0.0));
            }
        }
    }
    model.set_objective(objective);
    // Ends as well where the bound reaches what plans are to be worth.
    let stop = Arc::new(AtomicBool::new(false));
    let worth = task.worth as f64 / divisor;
    let mut limits = Limits { stop: Some(stop.clone()), ..limits.clone() };
    if task.sharing == Sharing::Single {
        // Costs are whole: nothing lies between.
        limits.abs_gap = limits.abs_gap.max(0.99 / divisor);
    }
    let outcome = solve(model, &limits, None, &mut |p| {
        if user.is_some_and(|u| u.load(Relaxed)) || p.bound.is_some_and(|b| b > worth) {
            stop.store(true, Relaxed);
        }
    })?;
    let solution = outcome.values.as_ref().map(|values| {
        let open = y.iter().map(|y| y.is_some_and(|y| values.is_on(y))).collect();
        let most = |own: &Vec<(usize, Variable)>| {
            let share = |v: Variable| values.get(v).unwrap_or(0.0);
            own.iter().max_by(|a, b| share(a.1).total_cmp(&share(b.1))).map_or(0, |p| p.0)
        };
        (open, x.iter().map(most).collect())
    });
    Ok(Answer { outcome, solution })
}

/// Solves the split problem over the sites and pairs that a plan within a fiftieth of the bound may use for all of a client: not
/// all plans, but good ones.
pub(super) fn nearly(
    proof: &Proof<'_>,
    tight: &[(usize, usize)],
    limits: &Limits,
) -> Result<Option<Answer>, SolverFailure> {
    let near = proof.bound().saturating_add(proof.bound() / 50 + 1);
    let may = proof.may_serve(near);
    let Some(roles) = proof.decided(near) else { return Ok(None) };
    let task = Task {
        may_open: &|j| roles[j] != Role::Closed,
        may_close: &|j| roles[j] != Role::Open,
        may_serve: &|i, j| may[j][i],
        tight,
        sharing: Sharing::Split,
        worth: u64::MAX,
        seconds: None,
    };
    answer(proof.problem(), &task, limits).map(Some)
}
