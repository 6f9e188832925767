//! The relaxation of a covering problem by cuts on groups of classes.
//!
//! `θ_g` is the weight covered in group `g`. At a point `y`, a class is saturated when the sites that
//! cover it add up to 1 or more; whatever set of classes is called saturated,
//!
//! ```text
//! θ_g ≤ Σ_{i in g, saturated} w_i + Σ_j (Σ_{i in g, not saturated, covered by j} w_i) y_j
//! ```
//!
//! holds for every plan and is tight at `y`. A class that one site alone covers needs no cut: it counts
//! with its site. Cordeau, Furini and Ljubić, Benders decomposition for very large scale partial set
//! covering and maximal covering location problems, EJOR 275 (2019) 882–896, with one `θ`; many, on
//! classes near each other, converge in far fewer rounds.
//!
//! The dual values of the cuts say which share of each class is charged to sites: all that is kept, for
//! a bound that counting confirms ([`super::knapsack`]).

use super::coefficients::scale;
use super::instance::Instance;
use super::knapsack::SHARE;
use super::search::{Aim, Search};
use maillage_milp::{Limits, Lp, LpRow, Reason, Sense, SolverFailure};
use std::time::{Duration, Instant};

/// What the relaxation says.
pub(crate) struct Relaxed {
    /// The share of each class that is charged to sites, out of [`SHARE`].
    pub share: Vec<u64>,
    /// Cost of a unit of weight at the end, in [`Aim::Cheapest`].
    pub price: f64,
}

struct Cut {
    group: usize,
    /// Which classes of the group, in its order, are not saturated.
    charged: Vec<bool>,
}

struct Master<'a> {
    it: &'a Instance,
    groups: Vec<Vec<u32>>,
    /// Column of each group's `θ`, after those of the sites.
    lp: Lp,
    cuts: Vec<Cut>,
    scale: f64,
    own: Vec<u64>,
    work: Vec<f64>,
}

/// Solves the relaxation, beginning at the cuts of a plan; `None` when a limit came before the first
/// solution.
///
/// # Errors
/// [`SolverFailure`].
pub(crate) fn relax(
    it: &Instance,
    aim: Aim,
    plan: &[u32],
    limits: &Limits,
    started: Instant,
) -> Result<Option<Relaxed>, SolverFailure> {
    let mut master = Master::new(it, aim, plan, limits.seed)?;
    let mut at: Vec<f64> = vec![0.0; it.num_sites()];
    plan.iter().for_each(|&j| at[j as usize] = 1.0);
    let no_theta = vec![f64::INFINITY; master.groups.len()];
    master.separate(&at, &no_theta)?;
    at.fill(0.0);
    master.separate(&at, &no_theta)?;
    let mut last = None;
    loop {
        let left = limits.time.map(|t| t.saturating_sub(started.elapsed()));
        if limits.stopped() || left == Some(Duration::ZERO) {
            break;
        }
        let out = master.lp.solve(&Limits { time: left, ..limits.clone() })?;
        if out.reason != Reason::Optimal {
            break;
        }
        let (y, theta) = out.values.split_at(it.num_sites());
        let added = master.separate(y, theta)?;
        last = Some(out);
        if added == 0 {
            break;
        }
    }
    let Some(out) = last else { return Ok(None) };
    // The last cuts have no dual yet.
    let (share, price) = master.shares(&out.row_duals, aim);
    Ok(Some(Relaxed { share, price }))
}

impl<'a> Master<'a> {
    fn new(it: &'a Instance, aim: Aim, plan: &[u32], seed: u32) -> Result<Self, SolverFailure> {
        let mut own = vec![0u64; it.num_sites()];
        for (row, weight) in it.by_class.rows().zip(&it.weight).filter(|(row, _)| row.len() == 1) {
            own[row[0] as usize] += weight;
        }
        let groups = groups(it, plan);
        let total = |group: &Vec<u32>| group.iter().map(|&i| it.weight[i as usize]).sum::<u64>();
        let heaviest = groups.iter().map(total).chain(own.iter().copied()).max().unwrap_or(1);
        let scale = scale(heaviest);
        let sense = if aim == Aim::Most { Sense::Maximise } else { Sense::Minimise };
        let mut master =
            Master { it, groups, lp: Lp::new(sense, seed)?, cuts: Vec::new(), scale, own, work: Vec::new() };
        let cost_scale = self::scale(it.cost.iter().copied().max().unwrap_or(1));
        let n = it.num_sites();
        let weights: Vec<f64> = master.own.iter().map(|&w| w as f64 * scale).collect();
        let costs: Vec<f64> = it.cost.iter().map(|&c| c as f64 * cost_scale).collect();
        let objective = if aim == Aim::Most { &weights } else { &costs };
        let mut columns: Vec<(f64, f64, f64)> = objective.iter().map(|&c| (c, 0.0, 1.0)).collect();
        let of_theta = if aim == Aim::Most { 1.0 } else { 0.0 };
        columns.extend(master.groups.iter().map(|g| (of_theta, 0.0, total(g) as f64 * scale)));
        master.lp.add_columns(&columns)?;
        let row = match aim {
            Aim::Most => LpRow {
                lower: f64::NEG_INFINITY,
                upper: it.budget.min(1 << 50) as f64 * cost_scale,
                terms: costs.iter().copied().enumerate().collect(),
            },
            Aim::Cheapest(least) => LpRow {
                lower: least.saturating_sub(it.base) as f64 * scale,
                upper: f64::INFINITY,
                terms: (weights.iter().copied().enumerate().filter(|(_, w)| *w > 0.0))
                    .chain((n..n + master.groups.len()).map(|g| (g, 1.0)))
                    .collect(),
            },
        };
        master.lp.add_rows(&[row])?;
        Ok(master)
    }

    fn cost_scale(&self, aim: Aim) -> f64 {
        match aim {
            Aim::Most => 1.0,
            Aim::Cheapest(_) => scale(self.it.cost.iter().copied().max().unwrap_or(1)),
        }
    }

    /// Adds the cuts that a point violates; how many there are.
    fn separate(&mut self, y: &[f64], theta: &[f64]) -> Result<usize, SolverFailure> {
        let it = self.it;
        self.work.resize(it.num_sites(), 0.0);
        let mut rows = Vec::new();
        for (g, group) in self.groups.iter().enumerate() {
            let mut charged = Vec::with_capacity(group.len());
            let (mut worth, mut saturated) = (0.0, 0.0);
            for &i in group {
                let sum: f64 = it.by_class.row(i as usize).iter().map(|&j| y[j as usize]).sum();
                let weight = it.weight[i as usize] as f64 * self.scale;
                worth += weight * sum.min(1.0);
                charged.push(sum < 1.0 - 1e-9);
                if sum >= 1.0 - 1e-9 {
                    saturated += weight;
                }
            }
            if theta[g] <= worth + 1e-7 * (1.0 + worth) {
                continue;
            }
            let mut touched = Vec::new();
            for (&i, _) in group.iter().zip(&charged).filter(|(_, c)| **c) {
                let weight = it.weight[i as usize] as f64 * self.scale;
                for &j in it.by_class.row(i as usize) {
                    if self.work[j as usize] == 0.0 {
                        touched.push(j);
                    }
                    self.work[j as usize] += weight;
                }
            }
            touched.sort_unstable();
            let mut terms = vec![(it.num_sites() + g, 1.0)];
            for j in touched {
                terms.push((j as usize, -std::mem::take(&mut self.work[j as usize])));
            }
            rows.push(LpRow { lower: f64::NEG_INFINITY, upper: saturated, terms });
            self.cuts.push(Cut { group: g, charged });
        }
        self.lp.add_rows(&rows)?;
        Ok(rows.len())
    }

    /// Shares from the duals of the cuts. In [`Aim::Cheapest`] they are per unit of the price of weight.
    fn shares(&self, duals: &[f64], aim: Aim) -> (Vec<u64>, f64) {
        let price = if aim == Aim::Most { 1.0 } else { duals.first().map_or(0.0, |d| d.abs()) };
        let mut share = vec![0.0; self.it.num_classes()];
        for (cut, dual) in self.cuts.iter().zip(duals.get(1..).unwrap_or_default()) {
            for (&i, _) in self.groups[cut.group].iter().zip(&cut.charged).filter(|(_, c)| **c) {
                share[i as usize] += dual.abs();
            }
        }
        let whole = |(i, s): (usize, &f64)| {
            if self.it.by_class.row(i).len() == 1 {
                return SHARE;
            }
            let part = if price > 0.0 { (s / price).clamp(0.0, 1.0) } else { 0.0 };
            (part * SHARE as f64) as u64
        };
        (share.iter().enumerate().map(whole).collect(), price * self.scale / self.cost_scale(aim))
    }
}

/// Classes near each other: each goes with the first of about a hundred sites that covers it, those of
/// the plan first, then the ones that cover most of the rest. Classes that one site covers are left out.
fn groups(it: &Instance, plan: &[u32]) -> Vec<Vec<u32>> {
    let most = plan.len().clamp(120, 400);
    let mut search = Search::new(it, Aim::Cheapest(u64::MAX));
    let mut seeds = plan.to_vec();
    plan.iter().for_each(|&j| search.add(j));
    let mut more = Vec::new();
    if seeds.len() < most {
        search.fill(None, &mut more);
    }
    seeds.extend(more);
    seeds.truncate(most);
    let mut group = vec![usize::MAX; it.num_classes()];
    for (g, &j) in seeds.iter().enumerate() {
        for &i in it.by_site.row(j as usize) {
            if group[i as usize] == usize::MAX {
                group[i as usize] = g;
            }
        }
    }
    let mut all = vec![Vec::new(); seeds.len() + 1];
    for (i, row) in it.by_class.rows().enumerate().filter(|(_, row)| row.len() > 1) {
        debug_assert!(!row.is_empty());
        all[group[i].min(seeds.len())].push(i as u32);
    }
    all.retain(|g| !g.is_empty());
    all
}
