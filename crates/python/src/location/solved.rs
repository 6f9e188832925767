//! The end of a search, as Python reads it.

use super::whole::Whole;
use maillage_location::{Impossible, LimitReached, Outcome, Status};
use numpy::{PyArray1, ToPyArray};
use pyo3::prelude::*;

/// Multipliers from which the bound can be counted again.
#[derive(Debug, Clone)]
pub(crate) struct Certificate {
    /// Parts of a multiplier.
    pub scale: u64,
    /// One a client.
    pub values: Vec<u64>,
    /// What they prove, in parts.
    pub bound: u64,
}

/// The end of a search. Objective and bound are in whole parts of the caller's unit.
#[pyclass(frozen, module = "maillage._maillage")]
pub(crate) struct Solved {
    /// `optimal`, `within_gap`, `feasible`, `infeasible` or `no_plan`, of the whole numbers.
    #[pyo3(get)]
    pub status: &'static str,
    /// What stopped the search.
    #[pyo3(get)]
    pub limit: Option<&'static str>,
    /// Value of the plan, in parts.
    #[pyo3(get)]
    pub objective: Option<u64>,
    /// What no plan can beat, in parts.
    #[pyo3(get)]
    pub bound: Option<u64>,
    /// Parts of a unit of the caller.
    #[pyo3(get)]
    pub parts: f64,
    /// Whether costs and weights are exactly those that were given.
    #[pyo3(get)]
    pub exact: bool,
    /// Parts by which the bound may be too high, as places were rounded.
    #[pyo3(get)]
    pub slack: u64,
    /// Wall-clock seconds of the search.
    #[pyo3(get)]
    pub seconds: f64,
    /// Number of sites that no plan can do with, where that is why there is none.
    #[pyo3(get)]
    pub not_with: Option<u32>,
    /// Whether a certificate came with it.
    #[pyo3(get)]
    pub certified: bool,
    pub(super) open: Vec<i64>,
    pub(super) site: Vec<i64>,
    pub(super) unreachable: Vec<i64>,
    pub(super) shares: Vec<(i64, i64, f64)>,
    pub(super) certificate: Option<Certificate>,
}

impl Solved {
    /// From an outcome of the engine.
    pub(super) fn new(
        out: &Outcome,
        certificate: Option<Certificate>,
        (cost, weight): (Whole, Whole),
    ) -> Self {
        let (unreachable, not_with) = match &out.status {
            Status::Infeasible(Impossible::Unreachable(clients)) => {
                (clients.iter().map(|c| i64::from(c.0)).collect(), None)
            }
            Status::Infeasible(Impossible::NotWith { p }) => (Vec::new(), Some(*p)),
            _ => (Vec::new(), None),
        };
        let site =
            |served: &Option<(maillage_location::SiteIx, u32)>| served.map_or(-1, |(s, _)| i64::from(s.0));
        Solved {
            status: word(&out.status),
            limit: out.limit.as_ref().map(limit_word),
            objective: out.objective,
            bound: out.bound,
            parts: cost.parts * weight.parts,
            exact: cost.exact && weight.exact,
            slack: 0,
            seconds: out.seconds,
            not_with,
            certified: certificate.is_some(),
            open: out.open.iter().map(|s| i64::from(s.0)).collect(),
            site: out.assignment.iter().map(site).collect(),
            unreachable,
            shares: Vec::new(),
            certificate,
        }
    }
}

#[pymethods]
impl Solved {
    /// Open sites, rising.
    #[getter]
    fn open<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<i64>> {
        self.open.to_pyarray(py)
    }

    /// Of each client the site that serves it, −1 where none does.
    #[getter]
    fn site<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<i64>> {
        self.site.to_pyarray(py)
    }

    /// Clients that no site can serve, where that is why there is no plan.
    #[getter]
    fn unreachable<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<i64>> {
        self.unreachable.to_pyarray(py)
    }

    /// Where clients are shared among sites: client, site and how much, row by row.
    #[getter]
    fn shares(&self) -> Vec<(i64, i64, f64)> {
        self.shares.clone()
    }

    /// Parts of a multiplier, the multipliers, and the bound that they prove, in parts.
    #[getter]
    fn certificate<'py>(&self, py: Python<'py>) -> Option<(u64, Bound<'py, PyArray1<u64>>, u64)> {
        self.certificate.as_ref().map(|c| (c.scale, c.values.to_pyarray(py), c.bound))
    }
}

/// The word of a status.
pub(super) fn word(status: &Status) -> &'static str {
    match status {
        Status::Optimal => "optimal",
        Status::WithinGap => "within_gap",
        Status::Feasible => "feasible",
        Status::Infeasible(_) => "infeasible",
        Status::NoPlan => "no_plan",
    }
}

/// The word of a limit.
pub(super) fn limit_word(limit: &LimitReached) -> &'static str {
    match limit {
        LimitReached::Time => "time",
        LimitReached::Interrupted => "interrupted",
        LimitReached::Memory => "memory",
        LimitReached::Iterations => "iterations",
        LimitReached::Other(_) => "unproven",
    }
}
