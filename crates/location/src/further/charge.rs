//! Further plans where openings and service are paid for.

use super::{Away, Sought, Told, ask, binaries};
use crate::charges::{ABSENT, Charges};
use crate::fixed_charge::{MULTIPLIER_PARTS, certified_bound, paid};
use maillage_milp::{Expression, Limits, Model, Progress, Sense, SolverFailure, Variable, variable};

pub(super) struct Service<'a> {
    pub charges: &'a Charges,
}

impl Service<'_> {
    /// What the cheapest open site of a client asks.
    fn serve(&self, client: usize, open: &[bool]) -> Option<u64> {
        let row = self.charges.row(client).iter().zip(open);
        row.filter(|(cost, open)| **open && **cost != ABSENT).map(|(cost, _)| *cost).min()
    }

    /// What each client may pay in a plan of at most `worst`, in parts. Multipliers prove a bound on all plans, and a client
    /// that pays more than its multiplier raises it by as much.
    fn reach(&self, worst: u64) -> Option<Vec<u128>> {
        let multipliers = paid(self.charges);
        let slack = worst.checked_sub(certified_bound(self.charges, &multipliers)?)?;
        // The bound was rounded up by less than one.
        let slack = (u128::from(slack) + 1) * u128::from(MULTIPLIER_PARTS);
        Some(multipliers.into_iter().map(|v| u128::from(v) + slack).collect())
    }

    /// `x_ij ≤ y_j` for the pairs that may be used.
    fn model(&self, away: &Away) -> (Model, Vec<Variable>, f64) {
        let unit = 1.0 / self.charges.divisor();
        let reach = self.reach(away.worst);
        let mut model = Model::new(Sense::Minimise);
        let y = binaries(&mut model, self.charges.num_sites());
        away.rows(&mut model, &y);
        let mut total = Expression::with_capacity(y.len());
        y.iter().zip(self.charges.opening()).for_each(|(y, &f)| total.add_mul(f as f64 * unit, *y));
        for i in 0..self.charges.num_clients() {
            let near = |cost: u64| {
                let most = reach.as_ref().map_or(u128::MAX, |reach| reach[i]);
                cost != ABSENT && u128::from(cost) * u128::from(MULTIPLIER_PARTS) <= most
            };
            let mut served = Expression::with_capacity(y.len());
            for (y, &cost) in y.iter().zip(self.charges.row(i)).filter(|(_, c)| near(**c)) {
                let x = model.add(variable().clamp(0, 1));
                served.add_mul(1.0, x);
                total.add_mul(cost as f64 * unit, x);
                model.subject_to((x - *y).leq(0));
            }
            model.subject_to(served.eq(1));
        }
        model.set_objective(total);
        (model, y, unit)
    }
}

impl Sought for Service<'_> {
    fn worth(&self, open: &[bool]) -> Option<u64> {
        let opening = self.charges.opening().iter().zip(open).filter(|(_, o)| **o);
        let opening: u64 = opening.map(|(f, _)| f).sum();
        let mut served = (0..self.charges.num_clients()).map(|i| self.serve(i, open));
        served.try_fold(opening, |sum, cost| Some(sum + cost?))
    }

    fn next(
        &self,
        away: &Away,
        limits: &Limits,
        watch: &mut dyn FnMut(&Progress),
    ) -> Result<Told, SolverFailure> {
        let (model, y, unit) = self.model(away);
        ask(model, &y, unit, limits, watch, |b| self.charges.integer_bound(b))
    }
}
