//! Each problem by the engine.

use crate::Fallible;
use crate::files::{self, is_pmed};
use crate::made;
use crate::rows::{Found, Row};
use maillage_location::capacitated::{self, Sharing};
use maillage_location::{
    Charges, Limits, Outcome, Rules, fixed_charge, max_cover, p_center, p_median, partial_cover, set_cover,
};

pub fn solve(row: &Row, limits: Limits) -> Fallible<Found> {
    match row.problem.as_str() {
        "pmedian" => median(row, &limits),
        "pcenter" => center(row, &limits),
        "mclp" => most(row, limits),
        "psclp" => {
            let cover = files::cover(row)?;
            let least = row.parameter("D")?.parse()?;
            let rules = Rules::default();
            let problem =
                partial_cover::Problem::with_costs(&cover.lists, cover.cost, least, cover.radius, rules)?;
            Ok(whole(&partial_cover::solve(&problem, &limits, &mut |_| ())?))
        }
        "lscp" => {
            let cover = files::cover(row)?;
            let problem = set_cover::Problem::new(&cover.lists, cover.radius, Rules::default())?;
            Ok(whole(&set_cover::solve(&problem, &limits, &mut |_| ())?))
        }
        "ufl" => {
            let read = files::charges(row)?;
            let problem = fixed_charge::Problem::new(&read.charges)?;
            let out = fixed_charge::solve(&problem, &limits, &mut |_| ())?;
            Ok(parts(out.objective, out.bound, u64::from(read.scale)))
        }
        "cfl" => capacities(row, Sharing::Split, &limits),
        "sscfl" => capacities(row, Sharing::Single, &limits),
        other => Err(format!("no problem {other}").into()),
    }
}

/// Values counted in parts of 1.
fn parts(plan: Option<u64>, bound: Option<u64>, scale: u64) -> Found {
    let value = |v: Option<u64>| v.map(|v| v as f64 / scale as f64);
    let decimals = scale.max(1).ilog10() as usize;
    Found { plan: value(plan), bound: value(bound), decimals, ..Found::default() }
}

fn whole(out: &Outcome) -> Found {
    parts(out.objective, out.bound, 1)
}

fn median(row: &Row, limits: &Limits) -> Fallible<Found> {
    let p = row.p.parse()?;
    if is_pmed(row) {
        let lists = files::pmed(row)?;
        let problem = p_median::Problem::new(&lists, p, Rules::default())?;
        return Ok(whole(&p_median::solve(&problem, limits, &mut |_| ())?));
    }
    let (points, weights) = files::plane(row)?;
    let out = p_median::solve_plane(&points, weights, p, limits, &mut |_| ());
    Ok(whole(&out.map_err(|e| format!("{e:?}"))?))
}

fn center(row: &Row, limits: &Limits) -> Fallible<Found> {
    let p = row.p.parse()?;
    if is_pmed(row) {
        let lists = files::pmed(row)?;
        let problem = p_center::Problem::new(&lists, p, Rules::default())?;
        return Ok(whole(&p_center::solve(&problem, limits, &mut |_| ())?));
    }
    let (points, _) = files::plane(row)?;
    let problem = p_center::PointsProblem::new(&points, p)?;
    let out = p_center::solve_points(&problem, limits, &mut |_| ())?;
    let distance = |squared: u64| (squared as f64).sqrt() / f64::from(points.scale);
    let (plan, bound) = (out.squared.map(distance), Some(distance(out.squared_bound)));
    Ok(Found { plan, bound, decimals: 6, ..Found::default() })
}

/// Maximal covering; cells within a thousandth, as their bar asks.
fn most(row: &Row, limits: Limits) -> Fallible<Found> {
    let rules = Rules::default();
    let radius = || Fallible::Ok((row.parameter("S")?.parse::<f64>()? * 1e6).round() as i64);
    let out = if row.name.starts_with("clients-") {
        let classes = made::clients(row.clients, row.sites, radius()?)?;
        let p = row.parameter("p")?.parse()?;
        let problem = max_cover::Problem::of_classes(&classes, vec![1; row.sites], p, rules)?;
        max_cover::solve(&problem, &limits, &mut |_| ())?
    } else if row.name.starts_with("cells-") {
        let (classes, costs) = made::cells(row.sites, radius()?)?;
        let budget = row.parameter("budget")?.parse()?;
        let problem = max_cover::Problem::of_classes(&classes, costs, budget, rules)?;
        max_cover::solve(&problem, &Limits { rel_gap: 0.001, ..limits }, &mut |_| ())?
    } else {
        let cover = files::cover(row)?;
        let p = row.parameter("p")?.parse()?;
        let problem = max_cover::Problem::new(&cover.lists, p, cover.radius, rules)?;
        max_cover::solve(&problem, &limits, &mut |_| ())?
    };
    Ok(whole(&out))
}

/// With capacities. Split demand has optima between whole costs: they are counted in thousandths at least, rounded up.
fn capacities(row: &Row, sharing: Sharing, limits: &Limits) -> Fallible<Found> {
    let read = files::charges(row)?;
    let amounts = read.amounts.ok_or("no capacities")?;
    let scale = u64::from(read.scale);
    let finer = if sharing == Sharing::Split { 1000u64.div_ceil(scale) } else { 1 };
    let opening = read.charges.opening().iter().map(|f| f * finer).collect();
    let cost = |i: usize, j: usize| read.charges.cost(i, j).map(|c| c * finer);
    let charges = Charges::new(opening, read.charges.num_clients(), cost)?;
    let problem = capacitated::Problem::new(&charges, &amounts.capacity, &amounts.demand, sharing)?;
    let out = capacitated::solve(&problem, limits, &mut |_| ())?;
    Ok(parts(out.objective, out.bound, scale * finer))
}
