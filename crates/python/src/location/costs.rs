//! Location problems on a matrix of costs, one row a client, one column a site. What is not a finite number cannot be used.

use super::solved::{Certificate, Solved};
use super::whole::{self, Whole};
use super::{limits, watch};
use crate::background::{Teller, run};
use crate::errors::Fault;
use crate::limits::Limits;
use maillage_location::capacitated::{self, Sharing};
use maillage_location::{
    Charges, ClientIx, CostLists, Outcome, Progress, Rules, SiteIx, backup_cover, cover, max_cover, p_center,
    p_median, set_cover,
};
use numpy::ndarray::{ArrayView1, ArrayView2};
use numpy::{PyReadonlyArray1, PyReadonlyArray2};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::sync::Arc;

/// Costs as the engine holds them.
#[pyclass(frozen, module = "maillage._maillage")]
pub(crate) struct Costs {
    lists: Arc<CostLists>,
    cost: Whole,
    weight: Whole,
}

/// What is sought, with the sites that are open anyway.
#[derive(Debug, Clone)]
struct Sought {
    problem: String,
    p: u32,
    fixed: Vec<SiteIx>,
}

#[pymethods]
impl Costs {
    /// Costs and weights, to be multiplied; costs are counted in whole parts of `precision`.
    #[staticmethod]
    fn weighted(
        py: Python<'_>,
        costs: PyReadonlyArray2<'_, f64>,
        weights: PyReadonlyArray1<'_, f64>,
        precision: Option<f64>,
    ) -> PyResult<Self> {
        let (costs, weights) = (costs.as_array(), weights.as_array());
        py.detach(|| {
            sound(costs)?;
            let (weight, weights) = whole_weights(costs, weights)?;
            let dearest = |row: ArrayView1<'_, f64>| usable(row).map(|(_, c)| c).fold(0.0, f64::max);
            let rows: Vec<(u64, f64)> =
                weights.iter().copied().zip(costs.rows().into_iter().map(dearest)).collect();
            let all = costs.iter().copied().filter(|c| c.is_finite());
            let cost = whole::costs(all, precision, &rows)?;
            Costs::new(costs, weights, weight, cost, |c| Some(cost.parts_of(c) as u32))
        })
    }

    /// Costs of which only the order counts: they become ranks, so that nothing is lost. `values` are all costs, rising, each
    /// once.
    #[staticmethod]
    fn ranked(
        py: Python<'_>,
        costs: PyReadonlyArray2<'_, f64>,
        values: PyReadonlyArray1<'_, f64>,
    ) -> PyResult<Self> {
        let costs = costs.as_array();
        let values = values.as_array().to_vec();
        py.detach(|| {
            let whole = Whole { parts: 1.0, exact: true };
            let rank = |c: f64| {
                values.binary_search_by(|v| v.total_cmp(&c)).ok().and_then(|r| u32::try_from(r).ok())
            };
            Costs::new(costs, vec![1; costs.nrows()], whole, whole, rank)
        })
    }

    /// Who is within a radius of what: those at exactly the radius are.
    #[staticmethod]
    fn within(
        py: Python<'_>,
        costs: PyReadonlyArray2<'_, f64>,
        weights: PyReadonlyArray1<'_, f64>,
        radius: f64,
    ) -> PyResult<Self> {
        let (costs, weights) = (costs.as_array(), weights.as_array());
        py.detach(|| {
            let (weight, weights) = whole_weights(costs, weights)?;
            let whole = Whole { parts: 1.0, exact: true };
            Costs::new(costs, weights, weight, whole, |c| (c <= radius).then_some(0))
        })
    }

    /// Solves a problem: `p-median`, `p-center`, `max-cover`, `set-cover` or `backup-cover`, with these sites open anyway.
    fn solve(
        &self,
        py: Python<'_>,
        problem: String,
        p: u32,
        fixed: Vec<u32>,
        limits: Limits,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Solved> {
        let (lists, whole) = (Arc::clone(&self.lists), (self.cost, self.weight));
        let sought = Sought { problem, p, fixed: fixed.into_iter().map(SiteIx).collect() };
        run(py, progress, true, move |teller| sought.solve(&lists, whole, &limits, teller))
    }

    /// What multipliers prove, in parts, counted without a solver; nothing where they do not fit. A certificate is the parts
    /// of a multiplier, the multipliers and the bound they claim.
    fn recount(
        &self,
        py: Python<'_>,
        problem: String,
        p: u32,
        fixed: Vec<u32>,
        certificate: (u64, Vec<u64>, u64),
    ) -> PyResult<Option<u64>> {
        let lists = Arc::clone(&self.lists);
        let sought = Sought { problem, p, fixed: fixed.into_iter().map(SiteIx).collect() };
        run(py, None, false, move |_| sought.recount(&lists, certificate))
    }

    /// Fewest sites that hold all demands within the radius, clients shared among sites.
    fn hold(
        &self,
        py: Python<'_>,
        demand: PyReadonlyArray1<'_, f64>,
        capacity: PyReadonlyArray1<'_, f64>,
        fixed: Vec<u32>,
        limits: Limits,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Solved> {
        let (demand, capacity) = (demand.as_array().to_vec(), capacity.as_array().to_vec());
        let lists = Arc::clone(&self.lists);
        run(py, progress, true, move |teller| hold(&lists, &demand, &capacity, &fixed, &limits, teller))
    }
}

impl Costs {
    /// Lists of the pairs that have a cost in parts.
    fn new(
        costs: ArrayView2<'_, f64>,
        weights: Vec<u64>,
        weight: Whole,
        cost: Whole,
        parts: impl Fn(f64) -> Option<u32>,
    ) -> PyResult<Self> {
        let bad = |e: &dyn std::fmt::Display| PyValueError::new_err(e.to_string());
        let sites = u32::try_from(costs.ncols()).map_err(|e| bad(&e))?;
        let pairs = costs.rows().into_iter().zip(0u32..).flat_map(|(row, client)| {
            let parts = &parts;
            usable(row)
                .filter_map(move |(site, c)| Some((ClientIx(client), SiteIx(site), parts(c)?)))
                .collect::<Vec<_>>()
        });
        let lists = CostLists::from_pairs(sites, weights, pairs).map_err(|e| bad(&e))?;
        Ok(Costs { lists: Arc::new(lists), cost, weight })
    }
}

/// Sites and costs of a row that can be used.
fn usable(row: ArrayView1<'_, f64>) -> impl Iterator<Item = (u32, f64)> {
    (0u32..).zip(row.into_iter().copied()).filter(|(_, c)| c.is_finite())
}

fn sound(costs: ArrayView2<'_, f64>) -> PyResult<()> {
    if costs.iter().any(|c| *c < 0.0) {
        return Err(PyValueError::new_err("costs are 0 or more; what cannot be used is nan or inf"));
    }
    Ok(())
}

fn whole_weights(costs: ArrayView2<'_, f64>, weights: ArrayView1<'_, f64>) -> PyResult<(Whole, Vec<u64>)> {
    if weights.len() != costs.nrows() {
        return Err(PyValueError::new_err("as many weights as rows of the cost matrix"));
    }
    whole::weights(&weights.to_vec())
}

/// A problem that cannot be built.
fn unfit(e: impl std::fmt::Display) -> Fault {
    Fault::Value(e.to_string())
}

fn of_cover(values: Vec<u64>, bound: u64) -> Option<Certificate> {
    (!values.is_empty()).then_some(Certificate { scale: cover::SHARE, values, bound })
}

impl Sought {
    fn rules(&self) -> Rules<'_> {
        Rules { fixed_open: &self.fixed, forbidden: &[] }
    }

    fn solve(
        &self,
        lists: &CostLists,
        whole: (Whole, Whole),
        asked: &Limits,
        teller: &Teller,
    ) -> Result<Solved, Fault> {
        let limits = limits(asked, teller);
        let unit = 1.0 / (whole.0.parts * whole.1.parts);
        let mut on = watch(&self.problem, teller, |v| v * unit);
        let (out, certificate) = self.search(lists, &limits, &mut on)?;
        Ok(Solved::new(&out, certificate, whole))
    }

    fn search(
        &self,
        lists: &CostLists,
        limits: &maillage_location::Limits,
        on: &mut dyn FnMut(&Progress),
    ) -> Result<(Outcome, Option<Certificate>), Fault> {
        let (p, rules) = (self.p, self.rules());
        Ok(match self.problem.as_str() {
            "p-median" => {
                let problem = p_median::Problem::new(lists, p, rules).map_err(unfit)?;
                let (out, c) = p_median::solve_with_certificate(&problem, limits, on)?;
                (out, c.map(|c| Certificate { scale: c.scale, values: c.values, bound: c.bound }))
            }
            "p-center" => {
                let problem = p_center::Problem::new(lists, p, rules).map_err(unfit)?;
                let (out, c) = p_center::solve_with_certificate(&problem, limits, on)?;
                (out, c.and_then(|c| of_cover(c.payments, c.bound)))
            }
            "max-cover" => {
                let problem = max_cover::Problem::new(lists, p, 0, rules).map_err(unfit)?;
                let (out, shares) = max_cover::solve_with_shares(&problem, limits, on)?;
                let bound = max_cover::certified_bound(&problem, &shares);
                (out, of_cover(shares, bound))
            }
            "set-cover" => {
                let problem = set_cover::Problem::new(lists, 0, rules).map_err(unfit)?;
                let (out, pays) = set_cover::solve_with_payments(&problem, limits, on)?;
                // Nothing is paid when there is no plan.
                let bound = if pays.is_empty() { 0 } else { set_cover::certified_bound(&problem, &pays) };
                (out, of_cover(pays, bound))
            }
            "backup-cover" => {
                let problem = backup_cover::Problem::new(lists, 0, rules).map_err(unfit)?;
                let (out, c) = backup_cover::most_with_certificate(&problem, p, limits, on)?;
                let certificate = c.and_then(|c| {
                    let bound = backup_cover::certified_bound_most(&problem, p, &c)?;
                    Some(Certificate { scale: c.scale, values: c.values, bound })
                });
                (out, certificate)
            }
            other => return Err(unfit(format!("unknown problem {other}"))),
        })
    }

    fn recount(
        &self,
        lists: &CostLists,
        (scale, values, bound): (u64, Vec<u64>, u64),
    ) -> Result<Option<u64>, Fault> {
        let (p, rules) = (self.p, self.rules());
        let fits = scale == cover::SHARE && values.len() == lists.num_clients() as usize;
        Ok(match self.problem.as_str() {
            "p-median" => {
                let problem = p_median::Problem::new(lists, p, rules).map_err(unfit)?;
                p_median::certified_bound(&problem, &p_median::Certificate { scale, values, bound: 0 })
            }
            "p-center" => {
                let problem = p_center::Problem::new(lists, p, rules).map_err(unfit)?;
                // Payments prove that a radius is not enough: the bound is part of what they say.
                let certificate = p_center::Certificate { payments: values, bound };
                p_center::certified_bound(&problem, &certificate).filter(|_| scale == cover::SHARE)
            }
            "max-cover" => {
                let problem = max_cover::Problem::new(lists, p, 0, rules).map_err(unfit)?;
                fits.then(|| max_cover::certified_bound(&problem, &values))
            }
            "set-cover" => {
                let problem = set_cover::Problem::new(lists, 0, rules).map_err(unfit)?;
                fits.then(|| set_cover::certified_bound(&problem, &values))
            }
            "backup-cover" => {
                let problem = backup_cover::Problem::new(lists, 0, rules).map_err(unfit)?;
                backup_cover::certified_bound_most(&problem, p, &backup_cover::Certificate { scale, values })
            }
            other => return Err(unfit(format!("unknown problem {other}"))),
        })
    }
}

/// Set covering under capacities: a site that is open anyway costs nothing, any other 1, service nothing.
fn hold(
    lists: &CostLists,
    demand: &[f64],
    capacity: &[f64],
    fixed: &[u32],
    asked: &Limits,
    teller: &Teller,
) -> Result<Solved, Fault> {
    let both = || demand.iter().chain(capacity).copied();
    if both().any(|v| !v.is_finite() || v < 0.0) {
        return Err(unfit("demands and capacities are finite numbers, 0 or more"));
    }
    let whole = Whole::decimal(both(), (1u64 << 40) as f64).ok_or_else(|| {
        unfit("demands and capacities are decimals: round them, as nothing is rounded here")
    })?;
    let parts = |v: &[f64]| v.iter().map(|v| whole.parts_of(*v)).collect::<Vec<u64>>();
    let (demand, capacity) = (parts(demand), parts(capacity));
    let opening: Vec<u64> = lists.sites().map(|s| u64::from(!fixed.contains(&s.0))).collect();
    let reach: Vec<Vec<bool>> = lists
        .clients()
        .map(|c| {
            let mut row = vec![false; opening.len()];
            lists.list(c).for_each(|(site, _)| row[site.0 as usize] = true);
            row
        })
        .collect();
    let charges =
        Charges::new(opening, reach.len(), |client, site| reach[client][site].then_some(0)).map_err(unfit)?;
    let problem = capacitated::Problem::new(&charges, &capacity, &demand, Sharing::Split).map_err(unfit)?;
    let limits = limits(asked, teller);
    let held = fixed.len() as u64;
    let out = capacitated::solve(&problem, &limits, &mut watch("set-cover", teller, |v| v + held as f64))?;
    let mut open: Vec<SiteIx> = out.open.clone();
    if out.objective.is_some() {
        open.extend(fixed.iter().map(|s| SiteIx(*s)));
    }
    open.sort_unstable();
    open.dedup();
    let one = Whole { parts: 1.0, exact: true };
    let plain = Outcome {
        status: out.status,
        objective: out.objective.map(|o| o + held),
        bound: out.bound.map(|b| b + held),
        open,
        assignment: Vec::new(),
        limit: out.limit,
        seconds: out.seconds,
    };
    let shares = (0i64..).zip(&out.assignment).flat_map(|(client, rows)| {
        rows.iter().map(move |(site, amount)| (client, i64::from(site.0), whole.units(*amount as f64)))
    });
    Ok(Solved { shares: shares.collect(), ..Solved::new(&plain, None, (one, one)) })
}
