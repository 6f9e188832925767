//! Further plans of covering problems.

use super::{Away, Sought, Told, ask, binaries};
use crate::cover::{Coefficients, Csr, Signatures, covered, implied};
use crate::lists::CostLists;
use maillage_milp::{Expression, Limits, Model, Progress, Sense, SolverFailure, Variable, whole_bound};

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

    /// The model, its openings, and the unit of its objective.
    fn model(&self, away: &Away) -> (Model, Vec<Variable>, f64) {
        let large = matches!(self.kind, Kind::Most(_));
        let cost =
            if large { Coefficients::of_row(&self.costs) } else { Coefficients::of_objective(&self.costs) };
        let mut model = Model::new(if large { Sense::Maximise } else { Sense::Minimise });
        let y = binaries(&mut model, self.costs.len());
        away.rows(&mut model, &y);
        let mut spent = Expression::with_capacity(y.len());
        y.iter().zip(&self.costs).for_each(|(y, &c)| spent.add_mul(cost.down(c), *y));
        match self.kind {
            Kind::All => self.all(&mut model, &y),
            Kind::Most(budget) => {
                // Half a unit more than may be: whole numbers are told apart all the same.
                model.subject_to(spent.leq(cost.down(budget.min(1 << 50)) + 0.5 * cost.unit));
                let weight = Coefficients::of_objective(&self.weight);
                let covered = covered(&mut model, &y, self.counted(), &weight);
                model.set_objective(covered);
                return (model, y, weight.unit);
            }
            Kind::AtLeast(least) => {
                let weight = Coefficients::of_row(&self.weight);
                let covered = covered(&mut model, &y, self.counted(), &weight);
                model.subject_to(covered.geq(weight.down(least) - 0.5 * weight.unit));
            }
        }
        model.set_objective(spent);
        (model, y, cost.unit)
    }

    /// Everyone is covered.
    fn all(&self, model: &mut Model, y: &[Variable]) {
        let implied = implied(&self.rows, &self.rows.transposed(y.len()));
        for (row, _) in self.rows.rows().zip(&implied).filter(|(_, gone)| !**gone) {
            let near: Expression = row.iter().map(|&j| y[j as usize]).sum();
            model.subject_to(near.geq(1));
        }
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
