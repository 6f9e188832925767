//! The linear relaxation where each client has one site, grown by rows as they are found violated:
//!
//! * `x_ij ≤ y_j`, of which a few in a hundred are needed;
//! * with multipliers `u` of the clients and gains `g_ij = max(0, u_i − c_ij)`, that no site
//!   gains more than its knapsack of whole clients holds: `Σ_i g_ij x_ij ≤ k_j y_j`. With these rows at the best multipliers
//!   the relaxation is as strong as the Lagrangian one with whole clients;
//! * with what is left of the openings, `l_j = max(0, f_j − k_j)`, that open sites hold all demand: `Σ_j l_j y_j ≥` the least
//!   such sum of sites that hold it. The same with `k_j` where clients pay less, by a price of capacity: that price falls
//!   once these rows say what capacity costs in whole sites.

use super::Problem;
use super::knapsack::{Item, ROUGH, Table, pick};
use super::residual::Pairs;
use crate::charges::Clock;
use maillage_milp::{Lp, LpRow, Reason, Sense, SolverFailure};

/// What the relaxation says.
pub(super) struct Relaxed {
    /// Share of each site.
    pub y: Vec<f64>,
    /// The site that serves most of each client.
    pub most: Vec<usize>,
    /// In units, as a float.
    pub value: f64,
    /// What each client pays, in units.
    pub multipliers: Vec<f64>,
}

pub(super) struct Relaxation<'a> {
    problem: &'a Problem<'a>,
    lp: Lp,
    /// By site: client, column, cost in the solver's unit, whether the row `x_ij ≤ y_j` is written.
    pairs: Vec<Vec<(usize, usize, f64, bool)>>,
    /// For each row whether it may go.
    passing: Vec<bool>,
}

impl<'a> Relaxation<'a> {
    /// The relaxation over some pairs, given by client, site and cost; those that are `tight` with the row `x_ij ≤ y_j`.
    pub fn new(
        problem: &'a Problem<'a>,
        kept: &Pairs,
        tight: impl Fn(usize, usize, u64) -> bool,
        seed: u32,
    ) -> Result<Self, SolverFailure> {
        let (m, n, divisor) = (problem.capacity.len(), problem.demand.len(), problem.charges.divisor());
        let unit = problem.amount_unit();
        let mut lp = Lp::new(Sense::Minimise, seed)?;
        let mut columns: Vec<(f64, f64, f64)> =
            problem.charges.opening().iter().map(|f| (*f as f64 / divisor, 0.0, 1.0)).collect();
        let mut serve = vec![LpRow { lower: 1.0, upper: 1.0, terms: Vec::new() }; n];
        let mut hold: Vec<LpRow> = (0..m)
            .map(|j| LpRow {
                lower: f64::NEG_INFINITY,
                upper: 0.0,
                terms: vec![(j, -(problem.capacity[j] as f64) / unit)],
            })
            .collect();
        let mut within = Vec::new();
        let mut pairs: Vec<Vec<(usize, usize, f64, bool)>> = vec![Vec::new(); m];
        for (j, served) in kept.iter().enumerate() {
            for served in served {
                let (column, i, cost) = (columns.len(), served.client, served.cost as f64 / divisor);
                columns.push((cost, 0.0, f64::INFINITY));
                serve[i].terms.push((column, 1.0));
                if served.demand > 0 {
                    hold[j].terms.push((column, served.demand as f64 / unit));
                }
                let written = tight(i, j, served.cost);
                if written {
                    within.push(at_most(column, j));
                }
                pairs[j].push((i, column, cost, written));
            }
        }
        lp.add_columns(&columns)?;
        lp.add_rows(&serve)?;
        lp.add_rows(&hold)?;
        lp.add_rows(&within)?;
        let passing = vec![false; n + m + within.len()];
        Ok(Relaxation { problem, lp, pairs, passing })
    }

    /// Pairs, client first, whose row `x_ij ≤ y_j` was needed.
    pub fn tight(&self) -> Vec<(usize, usize)> {
        let sites = self.pairs.iter().enumerate();
        sites.flat_map(|(j, own)| own.iter().filter(|p| p.3).map(move |p| (p.0, j))).collect()
    }

    /// Solves the relaxation. `None` when it has no solution or a limit came before the first.
    pub fn solve(&mut self, clock: &Clock<'_>) -> Result<Option<Relaxed>, SolverFailure> {
        let (n, divisor) = (self.problem.demand.len(), self.problem.charges.divisor());
        let mut last: Option<Relaxed> = None;
        let (mut before, mut stalled) = (f64::NEG_INFINITY, 0);
        loop {
            let out = self.lp.solve(&clock.part(1.0, None))?;
            match out.reason {
                Reason::Optimal => {}
                Reason::Infeasible => return Ok(None),
                _ if out.limit.is_some() => return Ok(last),
                other => return Err(SolverFailure::Solver(format!("a relaxation ended with {other:?}"))),
            }
            let u = &out.row_duals[..n];
            let mut rows = self.violated(&out.values);
            let firm = rows.len();
            rows.extend(self.whole(&out.values, u));
            stalled = if out.objective > before + 1e-4 * before.abs() { 0 } else { stalled + 1 };
            before = before.max(out.objective);
            last = Some(Relaxed {
                y: out.values[..self.pairs.len()].to_vec(),
                most: self.most(&out.values),
                value: out.objective * divisor,
                multipliers: u.iter().map(|u| u * divisor).collect(),
            });
            if rows.is_empty() || stalled >= 4 || clock.reached().is_some() {
                return Ok(last);
            }
            self.purge(&out.row_duals)?;
            self.lp.add_rows(&rows)?;
            self.passing.extend((0..rows.len()).map(|k| k >= firm));
        }
    }

    fn most(&self, values: &[f64]) -> Vec<usize> {
        let mut most = vec![(f64::NEG_INFINITY, 0); self.problem.demand.len()];
        for (j, own) in self.pairs.iter().enumerate() {
            for pair in own {
                if values[pair.1] > most[pair.0].0 {
                    most[pair.0] = (values[pair.1], j);
                }
            }
        }
        most.into_iter().map(|m| m.1).collect()
    }

    /// Rows `x_ij ≤ y_j` that are violated.
    fn violated(&mut self, values: &[f64]) -> Vec<LpRow> {
        let mut rows = Vec::new();
        for (j, own) in self.pairs.iter_mut().enumerate() {
            for pair in own.iter_mut().filter(|p| !p.3 && values[p.1] > values[j] + 1e-5) {
                rows.push(at_most(pair.1, j));
                pair.3 = true;
            }
        }
        rows
    }

    /// The rows of knapsacks that are violated, at the gains that multipliers give.
    fn whole(&self, values: &[f64], u: &[f64]) -> Vec<LpRow> {
        let problem = self.problem;
        let mut rows = Vec::new();
        let mut left = Vec::with_capacity(self.pairs.len());
        for (j, own) in self.pairs.iter().enumerate() {
            let near: Vec<_> = own.iter().filter(|p| u[p.0] > p.2 + 1e-9).collect();
            let items: Vec<Item<f64>> = near.iter().map(|p| (u[p.0] - p.2, problem.demand[p.0])).collect();
            let most = Table::new(&items, problem.capacity[j], ROUGH).most();
            left.push((problem.charges.opening()[j] as f64 / problem.charges.divisor() - most).max(0.0));
            if values[j] < 1e-6 || most <= 0.0 {
                continue;
            }
            let gained: f64 = near.iter().zip(&items).map(|(p, item)| item.0 * values[p.1]).sum();
            if gained > most * values[j] * (1.0 + 1e-5) + 1e-6 {
                let mut terms: Vec<_> =
                    near.iter().zip(&items).map(|(p, item)| (p.1, item.0 / most)).collect();
                terms.push((j, -1.0));
                rows.push(LpRow { lower: f64::NEG_INFINITY, upper: 0.0, terms });
            }
        }
        rows.extend(self.held(values, &left));
        let price = u.iter().sum::<f64>() / problem.total_demand().max(1) as f64;
        for part in [0.25, 0.5, 0.75, 1.0] {
            rows.extend(self.held(values, &self.left(u, part * price)));
        }
        rows
    }

    /// What is left of openings where clients pay less, by a price for each unit of demand.
    fn left(&self, u: &[f64], price: f64) -> Vec<f64> {
        let (problem, divisor) = (self.problem, self.problem.charges.divisor());
        let left = |(j, own): (usize, &Vec<(usize, usize, f64, bool)>)| {
            let gain = |i: usize, cost: f64| u[i] - price * problem.demand[i] as f64 - cost;
            let items = own.iter().map(|p| (gain(p.0, p.2), problem.demand[p.0])).filter(|p| p.0 > 1e-9);
            let most = pick(&items.collect::<Vec<Item<f64>>>(), problem.capacity[j]).0;
            (problem.charges.opening()[j] as f64 / divisor - most).max(0.0)
        };
        self.pairs.iter().enumerate().map(left).collect()
    }

    /// That open sites hold all demand, weighted by what is left of openings, if violated.
    fn held(&self, values: &[f64], left: &[f64]) -> Option<LpRow> {
        let sites = || (0..left.len()).filter(|j| left[*j] > 1e-9);
        let items: Vec<Item<f64>> = sites().map(|j| (left[j], self.problem.capacity[j])).collect();
        let held: u64 = self.problem.capacity.iter().fold(0, |a, s| a.saturating_add(*s));
        let closed = Table::new(&items, held.saturating_sub(self.problem.total_demand()), ROUGH).most();
        let least = left.iter().sum::<f64>() - closed;
        let now: f64 = sites().map(|j| left[j] * values[j]).sum();
        (least > 1e-6 && now < least * (1.0 - 1e-5)).then(|| LpRow {
            lower: 1.0,
            upper: f64::INFINITY,
            terms: sites().map(|j| (j, left[j] / least)).collect(),
        })
    }

    /// Drops rows of knapsacks that do nothing, when there are many.
    fn purge(&mut self, duals: &[f64]) -> Result<(), SolverFailure> {
        let many = 8 * self.pairs.len() + 100;
        if self.passing.iter().filter(|p| **p).count() < many {
            return Ok(());
        }
        let gone: Vec<bool> = self.passing.iter().zip(duals).map(|(p, d)| *p && d.abs() < 1e-9).collect();
        self.lp.delete_rows(&gone)?;
        let mut marks = gone.iter();
        self.passing.retain(|_| marks.next().is_some_and(|g| !g));
        Ok(())
    }
}

/// That a client is served from an open site only.
fn at_most(pair: usize, site: usize) -> LpRow {
    LpRow { lower: f64::NEG_INFINITY, upper: 0.0, terms: vec![(pair, 1.0), (site, -1.0)] }
}
