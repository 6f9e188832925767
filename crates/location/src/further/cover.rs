//! Further plans of covering problems.

use super::{Away, Sought, Told, ask, binaries};
use crate::cover::{Csr, Signatures, excess_bits, implied, scale};
use crate::lists::CostLists;
use maillage_milp::{
    Expression, Limits, Model, Progress, Sense, SolverFailure, Variable, variable, whole_bound,
};

/// What is asked of covering sites.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Every client covered, fewest sites.
    All,
    /// Most weight within a budget.
    Most(u64),
    /// So much weight at least cost.
    AtLeast(u64),
}

/// A covering problem: clients with the same sites are one.
pub(super) struct Cover {
    rows: Csr,
    weight: Vec<u64>,
    costs: Vec<u64>,
    kind: Kind,
}

impl Cover {
    /// Costs are of no use where sites are counted.
    pub fn new(lists: &CostLists, radius: u32, costs: &[u64], kind: Kind) -> Self {
        let (rows, weight) = Signatures::within(lists, radius).0.into_parts();
        let costs = if kind == Kind::All { vec![1; lists.num_sites() as usize] } else { costs.to_vec() };
        Cover { rows, weight, costs, kind }
    }

    /// Rows of classes that count, with their weights.
    fn counted(&self) -> impl Iterator<Item = (&[u32], u64)> {
        let all = self.kind == Kind::All;
        self.rows.rows().zip(self.weight.iter().copied()).filter(move |(_, weight)| all || *weight > 0)
    }

    fn cost(&self, open: &[bool]) -> u64 {
        self.costs.iter().zip(open).filter(|(_, o)| **o).map(|(c, _)| c).sum()
    }

    /// The model, its openings, and the unit of its objective. Rows are cut to a spread that floats bear, to the side that lets
    /// more plans pass.
    fn model(&self, away: &Away) -> (Model, Vec<Variable>, f64) {
        let large = matches!(self.kind, Kind::Most(_));
        let dearest = self.costs.iter().copied().max().unwrap_or(1);
        let bits = if large { excess_bits(dearest) } else { 0 };
        let cost_unit = scale(dearest >> bits);
        let mut model = Model::new(if large { Sense::Maximise } else { Sense::Minimise });
        let y = binaries(&mut model, self.costs.len());
        away.rows(&mut model, &y);
        let mut cost = Expression::with_capacity(y.len());
        y.iter().zip(&self.costs).for_each(|(y, &c)| cost.add_mul((c >> bits) as f64 * cost_unit, *y));
        match self.kind {
            Kind::All => self.all(&mut model, &y),
            Kind::Most(budget) => {
                // Half a unit more than may be: whole numbers are told apart all the same.
                model.subject_to(cost.leq(((budget.min(1 << 50) >> bits) as f64 + 0.5) * cost_unit));
                let (covered, unit) = self.covered(&mut model, &y, 0);
                model.set_objective(covered);
                return (model, y, unit);
            }
            Kind::AtLeast(least) => {
                let bits = excess_bits(self.weight.iter().copied().max().unwrap_or(1));
                let (covered, unit) = self.covered(&mut model, &y, bits);
                model.subject_to(covered.geq(((least >> bits) as f64 - 0.5) * unit));
            }
        }
        model.set_objective(cost);
        (model, y, cost_unit)
    }

    /// Everyone is covered.
    fn all(&self, model: &mut Model, y: &[Variable]) {
        let implied = implied(&self.rows, &self.rows.transposed(y.len()));
        for (row, _) in self.rows.rows().zip(&implied).filter(|(_, gone)| !**gone) {
            let near: Expression = row.iter().map(|&j| y[j as usize]).sum();
            model.subject_to(near.geq(1));
        }
    }

    /// Covered weight without its last `bits`, rounded up, and its unit. A class that one site covers counts with it.
    fn covered(&self, model: &mut Model, y: &[Variable], bits: u32) -> (Expression, f64) {
        let unit = scale(self.weight.iter().copied().max().unwrap_or(1) >> bits);
        let worth = |weight: u64| weight.div_ceil(1 << bits) as f64 * unit;
        let mut own = vec![0u64; y.len()];
        let mut covered = Expression::with_capacity(self.weight.len());
        for (row, weight) in self.counted() {
            match row {
                [] => {}
                [j] => own[*j as usize] += weight,
                _ => {
                    let z = model.add(variable().clamp(0, 1));
                    let near: Expression = row.iter().map(|&j| y[j as usize]).sum();
                    model.subject_to((z - near).leq(0));
                    covered.add_mul(worth(weight), z);
                }
            }
        }
        y.iter().zip(own).for_each(|(y, own)| covered.add_mul(worth(own), *y));
        (covered, unit)
    }
}

impl Sought for Cover {
    fn worth(&self, open: &[bool]) -> Option<u64> {
        let is_covered = |row: &[u32]| row.iter().any(|&j| open[j as usize]);
        let weight = || self.counted().filter(|(row, _)| is_covered(row)).map(|(_, weight)| weight).sum();
        match self.kind {
            Kind::All => self.rows.rows().all(is_covered).then(|| self.cost(open)),
            Kind::Most(budget) => (self.cost(open) <= budget).then(weight),
            Kind::AtLeast(least) => (weight() >= least).then(|| self.cost(open)),
        }
    }

    fn next(
        &self,
        away: &Away,
        limits: &Limits,
        watch: &mut dyn FnMut(&Progress),
    ) -> Result<Told, SolverFailure> {
        let (model, y, unit) = self.model(away);
        let sense = model.sense();
        let used = (self.rows.len() + y.len() + 10) as f64;
        let whole = |b: f64| u64::try_from(whole_bound(sense, b / unit, used / unit)).unwrap_or(0);
        ask(model, &y, unit, limits, watch, whole)
    }
}
