//! p-medians of points of a plane: never a full matrix.

use super::solved::{Certificate, Solved};
use super::watch;
use super::whole::{self, Whole};
use crate::background::run;
use crate::errors::Fault;
use crate::limits::Limits;
use maillage_location::{Points, p_median};
use numpy::PyReadonlyArray1;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::sync::Arc;

/// Points that are all clients and sites; costs are Euclidean distances, rounded down to whole parts.
#[pyclass(frozen, module = "maillage._maillage")]
pub(crate) struct Plane {
    points: Arc<Points>,
    weights: Arc<Vec<u64>>,
    /// Of bounds, in parts.
    slack: u64,
    cost: Whole,
    weight: Whole,
}

/// Coordinates in parts of distances. Decimal ones stay exact; others are taken from the corner of all and rounded to a
/// thousandth of a part, so that a distance is off by less than a part.
fn place(at: [&[f64]; 2], corner: [f64; 2], parts: f64) -> (Points, bool) {
    let all = at[0].iter().chain(at[1]).map(|v| v.abs());
    let most = Points::LARGEST as f64 / 2.0;
    let decimal = Whole::decimal(all, most).map(|w| (w.parts.max(parts), (w.parts / parts).max(1.0)));
    let fits = |(fine, scale): &(f64, f64)| {
        let whole = |v: &f64| (v * fine).round() / fine == *v && v.abs() * fine <= most;
        scale.fract() == 0.0 && *scale <= 1e9 && at.iter().all(|v| v.iter().all(whole))
    };
    if let Some((fine, scale)) = decimal.filter(fits) {
        let [x, y] = at.map(|v| v.iter().map(|v| (v * fine).round() as i64).collect());
        return (Points { x, y, scale: scale as u32 }, true);
    }
    let from = |k: usize| at[k].iter().map(|v| ((v - corner[k]) * parts * 1000.0).round() as i64).collect();
    (Points { x: from(0), y: from(1), scale: 1000 }, false)
}

#[pymethods]
impl Plane {
    /// Coordinates and weights; distances are counted in whole parts of `precision`.
    #[new]
    fn new(
        x: PyReadonlyArray1<'_, f64>,
        y: PyReadonlyArray1<'_, f64>,
        weights: PyReadonlyArray1<'_, f64>,
        precision: Option<f64>,
    ) -> PyResult<Self> {
        let all =
            |values: &PyReadonlyArray1<'_, f64>| values.as_array().iter().copied().collect::<Vec<f64>>();
        let (x, y) = (all(&x), all(&y));
        let (weight, weights) = whole::weights(&all(&weights))?;
        if x.len() != y.len() || x.len() != weights.len() || x.is_empty() {
            return Err(PyValueError::new_err("as many abscissas, ordinates and weights, at least one"));
        }
        if x.iter().chain(&y).any(|v| !v.is_finite()) {
            return Err(PyValueError::new_err("coordinates are finite numbers"));
        }
        let span = |v: &[f64]| {
            let (low, high) = v.iter().fold((f64::MAX, f64::MIN), |(l, h), x| (l.min(*x), h.max(*x)));
            (low, high - low)
        };
        let ((left, width), (low, height)) = (span(&x), span(&y));
        let rows: Vec<(u64, f64)> = weights.iter().map(|w| (*w, width.hypot(height))).collect();
        // Distances are no decimals: only what precision says, or as finely as fits.
        let cost = whole::costs(std::iter::once(0.1234567891), precision, &rows)?;
        let (points, exact) = place([&x, &y], [left, low], cost.parts);
        let slack = if exact { 0 } else { weights.iter().sum() };
        let cost = Whole { exact: false, ..cost };
        Ok(Plane { points: Arc::new(points), weights: Arc::new(weights), slack, cost, weight })
    }

    /// Exactly `p` sites, least weighted distance.
    fn p_median(
        &self,
        py: Python<'_>,
        p: u32,
        limits: Limits,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Solved> {
        let (points, weights) = (Arc::clone(&self.points), Arc::clone(&self.weights));
        let (whole, slack) = ((self.cost, self.weight), self.slack);
        let unit = 1.0 / (self.cost.parts * self.weight.parts);
        run(py, progress, true, move |teller| {
            let limits = super::limits(&limits, teller);
            let mut on = watch("p-median", teller, |v| v * unit);
            let solved =
                p_median::solve_plane_with_certificate(&points, weights.to_vec(), p, &limits, &mut on);
            let (out, certificate) = solved.map_err(|e| match e {
                p_median::PlaneFailure::Solver(failure) => Fault::from(failure),
                other => Fault::Value(other.to_string()),
            })?;
            let certificate =
                certificate.map(|c| Certificate { scale: c.scale, values: c.values, bound: c.bound });
            Ok(Solved { slack, ..Solved::new(&out, certificate, whole) })
        })
    }

    /// What multipliers prove, in parts, counted from the points; nothing where they do not fit.
    fn recount(&self, py: Python<'_>, p: u32, scale: u64, values: Vec<u64>) -> PyResult<Option<u64>> {
        let (points, weights) = (Arc::clone(&self.points), Arc::clone(&self.weights));
        run(py, None, false, move |_| {
            let certificate = p_median::Certificate { scale, values, bound: 0 };
            Ok(p_median::certified_bound_plane(&points, &weights, p, &certificate))
        })
    }
}
