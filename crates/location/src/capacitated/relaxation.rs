//! The linear relaxation, in which the rows `x_ij ≤ y_j` come as they are found violated: a few in a hundred are needed.

use super::Problem;
use crate::charges::Clock;
use maillage_milp::{Lp, LpRow, Reason, Sense, SolverFailure};

/// What the relaxation says.
pub(super) struct Relaxed {
    /// Share of each site.
    pub y: Vec<f64>,
    /// Pairs whose row `x_ij ≤ y_j` was needed, client first.
    pub tight: Vec<(usize, usize)>,
    /// What each client pays, in units.
    pub multipliers: Vec<f64>,
}

/// That a client is served from an open site only.
fn within(pair: usize, site: usize) -> LpRow {
    LpRow { lower: f64::NEG_INFINITY, upper: 0.0, terms: vec![(pair, 1.0), (site, -1.0)] }
}

/// Solves the relaxation, beginning with the rows of pairs cheaper than `first` of the client; `None` when it has no solution or a limit came before the first.
pub(super) fn relax(
    problem: &Problem<'_>,
    first: &[u64],
    clock: &Clock<'_>,
) -> Result<Option<Relaxed>, SolverFailure> {
    let (m, n, divisor) = (problem.capacity.len(), problem.demand.len(), problem.charges.divisor());
    let mut lp = Lp::new(Sense::Minimise, clock.limits.seed)?;
    let mut columns: Vec<(f64, f64, f64)> =
        problem.charges.opening().iter().map(|f| (*f as f64 / divisor, 0.0, 1.0)).collect();
    let pairs: Vec<(usize, usize, u64)> = (0..n).flat_map(|i| problem.served_by(i)).collect();
    columns.extend(pairs.iter().map(|p| (p.2 as f64 / divisor, 0.0, f64::INFINITY)));
    lp.add_columns(&columns)?;
    let mut serve = vec![LpRow { lower: 1.0, upper: 1.0, terms: Vec::new() }; n];
    let unit = problem.amount_unit();
    let mut hold: Vec<LpRow> = (0..m)
        .map(|j| LpRow {
            lower: f64::NEG_INFINITY,
            upper: 0.0,
            terms: vec![(j, -(problem.capacity[j] as f64) / unit)],
        })
        .collect();
    for (k, &(i, j, _)) in pairs.iter().enumerate() {
        serve[i].terms.push((m + k, 1.0));
        if problem.demand[i] > 0 {
            hold[j].terms.push((m + k, problem.demand[i] as f64 / unit));
        }
    }
    lp.add_rows(&serve)?;
    lp.add_rows(&hold)?;
    let mut tight: Vec<(usize, usize)> = Vec::new();
    let mut rows = Vec::new();
    for (k, &(i, j, cost)) in pairs.iter().enumerate() {
        if first.get(i).is_some_and(|most| cost < *most) {
            rows.push(within(m + k, j));
            tight.push((i, j));
        }
    }
    lp.add_rows(&rows)?;
    let mut last: Option<Relaxed> = None;
    loop {
        let out = lp.solve(&clock.part(1.0, None))?;
        match out.reason {
            Reason::Optimal => {}
            Reason::Infeasible => return Ok(None),
            _ if out.limit.is_some() => return Ok(last),
            other => return Err(SolverFailure::Solver(format!("a relaxation ended with {other:?}"))),
        }
        let mut rows = Vec::new();
        for (k, &(i, j, _)) in
            pairs.iter().enumerate().filter(|(k, p)| out.values[m + *k] > out.values[p.1] + 1e-6)
        {
            rows.push(within(m + k, j));
            tight.push((i, j));
        }
        let multipliers = out.row_duals[..n].iter().map(|u| u * divisor).collect();
        last = Some(Relaxed { y: out.values[..m].to_vec(), tight: tight.clone(), multipliers });
        if rows.is_empty() || clock.reached().is_some() {
            return Ok(last);
        }
        lp.add_rows(&rows)?;
    }
}
