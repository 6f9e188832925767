//! No solution leaves without having been put back into the model.

use crate::model::{Compact, RowIx};
use std::fmt;

/// Tolerance on bounds and rows, relative to the largest term of the row, its right-hand side or 1,
/// and absolute tolerance on integrality. Ten times HiGHS's own feasibility tolerance on rows.
pub const TOLERANCE: f64 = 1e-6;

/// Where a solution breaks the model.
#[derive(Debug, Clone, PartialEq)]
pub enum Violation {
    /// A value is not finite.
    NotFinite {
        /// Position of the variable.
        variable: u32,
    },
    /// A value is outside its bounds.
    Bound {
        /// Position of the variable.
        variable: u32,
        /// Its value.
        value: f64,
    },
    /// An integer variable has another value.
    Integrality {
        /// Position of the variable.
        variable: u32,
        /// Its value.
        value: f64,
    },
    /// A row is broken.
    Row {
        /// The row.
        row: RowIx,
        /// By how much, in units of the row.
        excess: f64,
    },
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Violation::NotFinite { variable } => write!(f, "variable {variable} has no finite value"),
            Violation::Bound { variable, value } => {
                write!(f, "variable {variable} = {value} is outside its bounds")
            }
            Violation::Integrality { variable, value } => {
                write!(f, "variable {variable} = {value} is not an integer")
            }
            Violation::Row { row, excess } => write!(f, "row {} is broken by {excess:e}", row.0),
        }
    }
}

impl Compact {
    /// The first violation beyond `tolerance`.
    pub fn violation(&self, x: &[f64], tolerance: f64) -> Option<Violation> {
        for (j, &v) in x.iter().enumerate() {
            let variable = j as u32;
            if !v.is_finite() {
                return Some(Violation::NotFinite { variable });
            }
            let (lower, upper) = (self.lower[j], self.upper[j]);
            let below = lower.is_finite() && v < lower - tolerance * lower.abs().max(1.0);
            let above = upper.is_finite() && v > upper + tolerance * upper.abs().max(1.0);
            if below || above {
                return Some(Violation::Bound { variable, value: v });
            }
            if self.integer[j] && (v - v.round()).abs() > tolerance {
                return Some(Violation::Integrality { variable, value: v });
            }
        }
        for r in 0..self.rhs.len() {
            let (mut activity, mut scale) = (0.0, self.rhs[r].abs().max(1.0));
            for (j, a) in self.row(r) {
                activity += a * x[j];
                scale = f64::max(scale, (a * x[j]).abs());
            }
            let over = activity - self.rhs[r];
            let excess = if self.equality[r] { over.abs() } else { over };
            if excess.is_nan() || excess > tolerance * scale {
                return Some(Violation::Row { row: RowIx(r as u32), excess });
            }
        }
        None
    }

    /// The solution that is handed out: integers exactly integer and values exactly inside their
    /// bounds when the rows allow it, else as the solver left it.
    ///
    /// # Errors
    /// The violation, when the values are no solution within [`TOLERANCE`].
    pub fn verified(&self, raw: Vec<f64>) -> Result<Vec<f64>, Violation> {
        let tidy: Vec<f64> = raw
            .iter()
            .enumerate()
            .map(|(j, &v)| {
                let v = if self.integer[j] && (v - v.round()).abs() <= TOLERANCE { v.round() } else { v };
                let near = TOLERANCE * v.abs().max(1.0);
                let v = if v < self.lower[j] && v >= self.lower[j] - near { self.lower[j] } else { v };
                let v = if v > self.upper[j] && v <= self.upper[j] + near { self.upper[j] } else { v };
                v + 0.0
            })
            .collect();
        if self.violation(&tidy, TOLERANCE).is_none() {
            return Ok(tidy);
        }
        match self.violation(&raw, TOLERANCE) {
            None => Ok(raw),
            Some(v) => Err(v),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Model, Sense, constraint, variable};

    /// x integer in 0..=10, y in 0..=10, x + y >= 4, x - y = 1.
    fn compact() -> Compact {
        let mut m = Model::new(Sense::Minimise);
        let x = m.add(variable().clamp(0, 10).integer());
        let y = m.add(variable().clamp(0, 10));
        m.set_objective(x + y);
        m.subject_to(constraint!(x + y >= 4));
        m.subject_to(constraint!(x - y == 1));
        Compact::new(&m).unwrap()
    }

    #[test]
    fn every_kind_of_violation_is_seen() {
        let c = compact();
        let at = |x: f64, y: f64| c.violation(&[x, y], TOLERANCE);
        assert_eq!(at(3.0, 2.0), None);
        assert_eq!(at(f64::NAN, 2.0), Some(Violation::NotFinite { variable: 0 }));
        assert_eq!(at(11.0, 10.0), Some(Violation::Bound { variable: 0, value: 11.0 }));
        assert_eq!(at(3.0, -1e-3), Some(Violation::Bound { variable: 1, value: -1e-3 }));
        assert_eq!(at(2.5, 1.5), Some(Violation::Integrality { variable: 0, value: 2.5 }));
        assert_eq!(at(2.0, 1.0), Some(Violation::Row { row: RowIx(0), excess: 1.0 }));
        assert_eq!(at(3.0, 1.0), Some(Violation::Row { row: RowIx(1), excess: 1.0 }));
        assert!(at(3.0, 2.0 + 1e-7).is_none() && at(3.0, 2.0 + 1e-4).is_some());
    }

    #[test]
    fn noise_is_tidied_and_wrong_values_are_refused() {
        let c = compact();
        assert_eq!(c.verified(vec![2.999_999_9, 2.0]), Ok(vec![3.0, 2.0]));
        assert!(c.verified(vec![2.9, 1.9]).is_err());
    }
}
