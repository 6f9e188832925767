//! Further plans of a p-center: the radius is bisected over the costs that may be the answer.

use super::{Away, Sought, Told, ask, binaries};
use crate::cover::{Signatures, implied};
use crate::lists::CostLists;
use maillage_milp::{Expression, Limits, Model, Progress, Sense, SolverFailure};
use std::time::Instant;

pub(super) struct Center<'a> {
    pub lists: &'a CostLists,
    pub p: u32,
}

impl Center<'_> {
    /// Any plan that reaches everyone within the radius.
    fn reach(
        &self,
        radius: u32,
        away: &Away,
        limits: &Limits,
        watch: &mut dyn FnMut(&Progress),
    ) -> Result<Told, SolverFailure> {
        let rows = Signatures::within(self.lists, radius).0.into_parts().0;
        let mut model = Model::new(Sense::Minimise);
        let y = binaries(&mut model, self.lists.num_sites() as usize);
        away.rows(&mut model, &y);
        model.subject_to(y.iter().sum::<Expression>().leq(f64::from(self.p)));
        let implied = implied(&rows, &rows.transposed(y.len()));
        for (row, _) in rows.rows().zip(&implied).filter(|(_, gone)| !**gone) {
            let near: Expression = row.iter().map(|&j| y[j as usize]).sum();
            model.subject_to(near.geq(1));
        }
        // The objective of this model says nothing.
        let mut on = |p: &Progress| watch(&Progress { incumbent: None, bound: None, gap: None, ..p.clone() });
        ask(model, &y, 1.0, limits, &mut on, |_| 0)
    }
}

impl Sought for Center<'_> {
    fn worth(&self, open: &[bool]) -> Option<u64> {
        if open.iter().filter(|o| **o).count() > self.p as usize {
            return None;
        }
        let nearest = self.lists.assign(open).into_iter();
        nearest.map(|a| a.map(|(_, d)| u64::from(d))).try_fold(0, |worst, d| Some(worst.max(d?)))
    }

    fn next(
        &self,
        away: &Away,
        limits: &Limits,
        watch: &mut dyn FnMut(&Progress),
    ) -> Result<Told, SolverFailure> {
        let started = Instant::now();
        let within = away.known..=away.worst;
        let all = self.lists.clients().flat_map(|c| self.lists.list(c).map(|(_, d)| d));
        let mut costs: Vec<u32> = all.filter(|d| within.contains(&u64::from(*d))).collect();
        costs.sort_unstable();
        costs.dedup();
        // No plan below `low`; one at `high`, if one is known.
        let (mut low, mut high, mut best) = (0, costs.len(), None);
        while low < high {
            // Ties are common.
            let at = if low == 0 { 0 } else { low.midpoint(high) };
            let left = limits.time.map(|t| t.saturating_sub(started.elapsed()));
            let limits = Limits { time: left, ..limits.clone() };
            match self.reach(costs[at], away, &limits, watch)? {
                Told::None => low = at + 1,
                Told::Open { open: Some(open), .. } => {
                    let value = self.worth(&open).filter(|v| *v <= u64::from(costs[at]));
                    let Some(value) = value else {
                        return Err(SolverFailure::Contradiction(
                            "the plan leaves a client uncovered".into(),
                        ));
                    };
                    high = costs.partition_point(|c| u64::from(*c) < value).max(low);
                    best = Some(open);
                }
                Told::Open { limit, .. } => {
                    return Ok(Told::Open { open: best, bound: Some(u64::from(costs[low])), limit });
                }
            }
        }
        Ok(match best {
            None => Told::None,
            open => Told::Open { open, bound: costs.get(low).map(|c| u64::from(*c)), limit: None },
        })
    }
}
