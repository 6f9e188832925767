//! HiGHS alone on the textbook formulations, every pair a variable.

use crate::Fallible;
use crate::files::{self, is_pmed};
use crate::rows::{Found, Row};
use maillage_location::Limits;
use maillage_milp::{Expression, Model, Sense, Variable, variable, whole_bound};

/// Most pairs of a model with fixed charges.
const MOST_PAIRS: usize = 10_000;

pub fn fits(row: &Row) -> bool {
    match row.problem.as_str() {
        "pmedian" => is_pmed(row) || row.name == "random-1000",
        "ufl" | "cfl" | "sscfl" => row.sites * row.clients <= MOST_PAIRS,
        _ => false,
    }
}

pub fn solve(row: &Row, limits: &Limits) -> Fallible<Found> {
    match row.problem.as_str() {
        "pmedian" => median(row, limits),
        _ => charges(row, limits),
    }
}

/// A client is served once, by open sites; gives what each serves.
fn serve(model: &mut Model, open: &[Variable], costs: &[f64], whole: bool) -> Vec<Variable> {
    let mut served = Expression::default();
    let mut all = Vec::new();
    for (cost, y) in costs.iter().zip(open) {
        let x = model.add(if whole { variable().binary() } else { variable().clamp(0, 1) });
        model.add_to_objective(*cost, x);
        model.subject_to((x - *y).leq(0));
        served += x;
        all.push(x);
    }
    model.subject_to(served.eq(1));
    all
}

fn median(row: &Row, limits: &Limits) -> Fallible<Found> {
    let (costs, weights) = files::dense(row)?;
    let mut model = Model::new(Sense::Minimise);
    let open: Vec<_> = costs.iter().map(|_| model.add(variable().binary())).collect();
    model.subject_to(open.iter().sum::<Expression>().eq(row.p.parse::<f64>()?));
    for (costs, weight) in costs.iter().zip(weights) {
        let costs: Vec<f64> = costs.iter().map(|c| c * weight as f64).collect();
        serve(&mut model, &open, &costs, false);
    }
    let out = maillage_milp::solve(model, limits, None, &mut |_| ())?;
    let bound = out.bound.map(|b| whole_bound(Sense::Minimise, b, costs.len() as f64) as f64);
    Ok(Found { plan: out.objective.map(f64::round), bound, ..Found::default() })
}

fn charges(row: &Row, limits: &Limits) -> Fallible<Found> {
    let read = files::charges(row)?;
    let unit = f64::from(read.scale);
    let decimals = read.scale.max(1000).ilog10() as usize;
    let amounts = read.amounts.filter(|_| row.problem != "ufl");
    let mut model = Model::new(Sense::Minimise);
    let open: Vec<_> = read.charges.opening().iter().map(|_| model.add(variable().binary())).collect();
    for (y, cost) in open.iter().zip(read.charges.opening()) {
        model.add_to_objective(*cost as f64 / unit, *y);
    }
    let mut load = vec![Expression::default(); open.len()];
    for i in 0..read.charges.num_clients() {
        let cost = |j| read.charges.cost(i, j).map(|c| c as f64 / unit).ok_or("a cost is missing");
        let costs = (0..open.len()).map(cost).collect::<Result<Vec<f64>, _>>()?;
        let served = serve(&mut model, &open, &costs, row.problem == "sscfl");
        if let Some(amounts) = &amounts {
            load.iter_mut().zip(served).for_each(|(load, x)| *load += amounts.demand[i] as f64 * x);
        }
    }
    if let Some(amounts) = amounts {
        for ((load, y), room) in load.into_iter().zip(&open).zip(amounts.capacity) {
            model.subject_to((load - room as f64 * *y).leq(0));
        }
    }
    let out = maillage_milp::solve(model, limits, None, &mut |_| ())?;
    Ok(Found { plan: out.objective, bound: out.bound, decimals, ..Found::default() })
}
