//! Whole numbers as coefficients of the MILP solver's models.

use maillage_milp::{Expression, Model, Variable, variable};

/// A power of two that brings `largest` to at most 2^20.
pub(crate) fn scale(largest: u64) -> f64 {
    let bits = 64 - largest.leading_zeros();
    f64::powi(0.5, bits.saturating_sub(20) as i32)
}

/// What weights or costs are counted in.
pub(crate) struct Coefficients {
    /// Last bits that are left out.
    bits: u32,
    /// A coefficient of one of what is left.
    pub unit: f64,
}

impl Coefficients {
    /// Of an objective: exact, as the bound's rounding allows for their spread.
    pub fn of_objective(values: &[u64]) -> Self {
        Coefficients { bits: 0, unit: scale(largest(values)) }
    }

    /// Of a row: 28 bits of the largest. Where they lie further apart, HiGHS loses the small ones in its tolerances and calls rows
    /// unmet that are met. Cut to the side that lets more plans pass, a row proves what it proves; a plan is counted in full.
    pub fn of_row(values: &[u64]) -> Self {
        let bits = (64 - largest(values).leading_zeros()).saturating_sub(28);
        Coefficients { bits, unit: scale(largest(values) >> bits) }
    }

    /// What is wanted: rounded up.
    pub fn up(&self, value: u64) -> f64 {
        value.div_ceil(1 << self.bits) as f64 * self.unit
    }

    /// What is spent, or limits: rounded down.
    pub fn down(&self, value: u64) -> f64 {
        (value >> self.bits) as f64 * self.unit
    }
}

fn largest(of: &[u64]) -> u64 {
    of.iter().copied().max().unwrap_or(1)
}

/// Covered weight: `z_i ≤ Σ y_j` by class; a class that one site covers counts with it.
pub(crate) fn covered<'r>(
    model: &mut Model,
    y: &[Variable],
    classes: impl Iterator<Item = (&'r [u32], u64)>,
    weight: &Coefficients,
) -> Expression {
    let mut own = vec![0u64; y.len()];
    let mut covered = Expression::with_capacity(y.len());
    for (row, of) in classes {
        match row {
            [] => {}
            [j] => own[*j as usize] += of,
            _ => {
                let z = model.add(variable().clamp(0, 1));
                let near: Expression = row.iter().map(|&j| y[j as usize]).sum();
                model.subject_to((z - near).leq(0));
                covered.add_mul(weight.up(of), z);
            }
        }
    }
    let owned = y.iter().zip(own).filter(|(_, own)| *own > 0);
    owned.for_each(|(y, own)| covered.add_mul(weight.up(own), *y));
    covered
}
