//! Numbers as integers: exactly where they are decimals, else rounded down as finely as fits.

use maillage_location::LARGEST_TOTAL;
use pyo3::PyErr;
use pyo3::exceptions::PyValueError;

/// Most decimals that are kept.
const DECIMALS: i32 = 9;
/// Parts that rounded weights have at most: the rest of the room is for costs.
const FINEST_WEIGHT: f64 = 67_108_864.0;

/// How numbers become integers: `floor(x · parts)`, or `x · parts` itself where all of them are whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Whole {
    /// Parts of 1: a power of ten, or what the caller wants.
    pub parts: f64,
    /// Whether nothing is lost.
    pub exact: bool,
}

impl Whole {
    /// In these parts.
    pub fn of(parts: f64, values: impl Iterator<Item = f64>) -> Self {
        Whole { parts, exact: all_whole(values, parts) }
    }

    /// The fewest decimals that hold all values, none above `most` in parts; `None` where more than nine are needed.
    pub fn decimal<I: Iterator<Item = f64> + Clone>(values: I, most: f64) -> Option<Self> {
        let largest = values.clone().fold(0.0, f64::max);
        (0..=DECIMALS)
            .map(|k| 10f64.powi(k))
            .take_while(|parts| largest * parts <= most)
            .find(|parts| all_whole(values.clone(), *parts))
            .map(|parts| Whole { parts, exact: true })
    }

    /// The finest power of ten with which the largest value has at most `most` parts; not exact.
    pub fn finest(largest: f64, most: f64) -> Self {
        let fits = |k: &i32| largest * 10f64.powi(*k) <= most;
        let k = (-300..=DECIMALS).rev().find(fits).unwrap_or(-300);
        Whole { parts: 10f64.powi(k), exact: false }
    }

    /// One number, which is neither negative nor too large.
    pub fn parts_of(self, x: f64) -> u64 {
        let scaled = x * self.parts;
        (if self.exact { scaled.round() } else { scaled.floor() }) as u64
    }

    /// Back again.
    pub fn units(self, parts: f64) -> f64 {
        parts / self.parts
    }
}

/// Whether each value is the double nearest to a whole number of parts.
fn all_whole(mut values: impl Iterator<Item = f64>, parts: f64) -> bool {
    values.all(|x| {
        let whole = (x * parts).round();
        whole.abs() <= 9e15 && whole / parts == x
    })
}

/// Weights as integers: exact where they are decimals.
pub(super) fn weights(values: &[f64]) -> Result<(Whole, Vec<u64>), PyErr> {
    if values.iter().any(|w| !w.is_finite() || *w < 0.0) {
        return Err(PyValueError::new_err("weights are finite numbers, 0 or more"));
    }
    let largest = values.iter().copied().fold(0.0, f64::max);
    let whole = Whole::decimal(values.iter().copied(), LARGEST_TOTAL as f64)
        .filter(|w| values.iter().sum::<f64>() * w.parts <= LARGEST_TOTAL as f64)
        .unwrap_or_else(|| Whole::finest(largest, FINEST_WEIGHT));
    Ok((whole, values.iter().map(|w| whole.parts_of(*w)).collect()))
}

/// Costs as integers. `rows` gives for each client its whole weight and its dearest cost: all totals must stay exact.
pub(super) fn costs<I: Iterator<Item = f64> + Clone>(
    values: I,
    precision: Option<f64>,
    rows: &[(u64, f64)],
) -> Result<Whole, PyErr> {
    let largest = rows.iter().map(|r| r.1).fold(0.0, f64::max);
    let total: f64 = rows.iter().map(|(w, c)| *w as f64 * c).sum();
    // A little less than 2^53, as this sum is rounded.
    let room = |parts: f64| {
        largest * parts <= f64::from(u32::MAX - 1) && total * parts <= 0.999 * LARGEST_TOTAL as f64
    };
    if let Some(precision) = precision {
        if !(precision.is_finite() && precision > 0.0) {
            return Err(PyValueError::new_err("precision is a number above 0"));
        }
        let parts = if precision < 1.0 { (1.0 / precision).round() } else { 1.0 / precision };
        if !room(parts) {
            return Err(PyValueError::new_err(
                "with this precision costs do not fit: largest below 2^32, weights times costs below 2^53 in all",
            ));
        }
        return Ok(Whole::of(parts, values));
    }
    let decimal = Whole::decimal(values, f64::from(u32::MAX - 1)).filter(|w| room(w.parts));
    Ok(decimal.unwrap_or_else(|| {
        let k = (-300..=DECIMALS).rev().find(|k| room(10f64.powi(*k))).unwrap_or(-300);
        Whole { parts: 10f64.powi(k), exact: false }
    }))
}
