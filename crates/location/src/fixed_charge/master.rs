//! The relaxation over openings alone, grown cut by cut.
//!
//! ```text
//! min  Σ_j f_j y_j + Σ_i t_i
//!      t_i ≥ D − Σ_j max(0, D − c_ij) y_j      for levels D of client i, as they are found violated
//!      Σ_j y_j ≥ 1                             over the sites that can serve client i, as found violated
//!      0 ≤ y_j ≤ 1
//! ```
//!
//! For given openings the strongest level is where the openings of nearer sites reach 1 (Duran-Mateluna, Ales, Elloumi,
//! EJOR 308 (2023) 84–96). At the root, cuts are sought between the solution and a point behind it that moves slowly, which takes
//! far fewer rounds (Fischetti, Ljubić, Sinnl, Management Science 63 (2017) 2146–2162).

use super::certificate::Role;
use super::instance::Instance;
use crate::charges::Clock;
use maillage_milp::{Lp, LpRow, Reason, Sense, SolverFailure};

/// Which client and level a row is for; no level: that a site is open at all.
type Cut = (usize, Option<i64>);

pub(super) struct Master<'a> {
    instance: &'a Instance,
    lp: Lp,
    /// Units in which the solver sees costs.
    divisor: f64,
    cuts: Vec<Cut>,
    roles: Vec<Role>,
}

/// A solved relaxation.
pub(super) struct Relaxed {
    pub y: Vec<f64>,
    /// What clients pay, in units.
    pub multipliers: Vec<f64>,
}

/// How far cuts are sought.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Effort {
    /// Until none is violated.
    Root,
    /// A few rounds.
    Node,
}

impl<'a> Master<'a> {
    pub fn new(instance: &'a Instance, divisor: f64, seed: u32) -> Result<Self, SolverFailure> {
        let mut lp = Lp::new(Sense::Minimise, seed)?;
        let opening = instance.opening.iter().map(|f| (*f as f64 / divisor, 0.0, 1.0));
        let service = (0..instance.clients).map(|_| (1.0, 0.0, f64::INFINITY));
        lp.add_columns(&opening.chain(service).collect::<Vec<_>>())?;
        Ok(Master { instance, lp, divisor, cuts: Vec::new(), roles: vec![Role::Free; instance.sites] })
    }

    pub fn add(&mut self, cuts: &[Cut]) -> Result<(), SolverFailure> {
        let rows: Vec<LpRow> = cuts.iter().map(|cut| self.row(*cut)).collect();
        self.cuts.extend_from_slice(cuts);
        self.lp.add_rows(&rows)
    }

    fn row(&self, (i, level): Cut) -> LpRow {
        let nearest = self.instance.nearest(i);
        let (lower, terms) = match level {
            None => (1.0, nearest.map(|(j, _)| (j, 1.0)).collect()),
            Some(level) => {
                let saved = nearest.take_while(|&(_, c)| c < level);
                let mut terms: Vec<_> = saved.map(|(j, c)| (j, (level - c) as f64 / self.divisor)).collect();
                terms.push((self.instance.sites + i, 1.0));
                (level as f64 / self.divisor, terms)
            }
        };
        LpRow { lower, upper: f64::INFINITY, terms }
    }

    pub fn set_roles(&mut self, roles: &[Role]) -> Result<(), SolverFailure> {
        for (j, (now, &role)) in self.roles.iter_mut().zip(roles).enumerate().filter(|(_, (n, r))| *n != *r) {
            let (lower, upper) = match role {
                Role::Free => (0.0, 1.0),
                Role::Open => (1.0, 1.0),
                Role::Closed => (0.0, 0.0),
            };
            self.lp.set_bounds(j, lower, upper)?;
            *now = role;
        }
        Ok(())
    }

    /// The strongest cut of each client at `openings`, if it is violated at the solution `values`.
    fn violated(&self, openings: &[f64], values: &[f64]) -> Vec<Cut> {
        let mut found = Vec::new();
        for i in 0..self.instance.clients {
            let mut reached = 0.0;
            let mut level = None;
            for (j, c) in self.instance.nearest(i) {
                reached += openings[j];
                if reached >= 1.0 - 1e-9 {
                    level = Some(c);
                    break;
                }
            }
            let violation = match level {
                Some(level) => {
                    let saved = self.instance.nearest(i).take_while(|&(_, c)| c < level);
                    let least =
                        level as f64 - saved.map(|(j, c)| (level - c) as f64 * values[j]).sum::<f64>();
                    least / self.divisor - values[self.instance.sites + i]
                }
                None => 1.0 - self.instance.nearest(i).map(|(j, _)| values[j]).sum::<f64>(),
            };
            let scale = level.map_or(1.0, |l| (l as f64 / self.divisor).max(1.0));
            if violation > 1e-7 * scale {
                found.push((i, level));
            }
        }
        found
    }

    /// Solves the relaxation with the roles set. `None`: it has no solution, or a limit came; the clock tells which.
    pub fn relax(
        &mut self,
        effort: Effort,
        worth: i64,
        clock: &Clock<'_>,
    ) -> Result<Option<Relaxed>, SolverFailure> {
        let mut behind: Option<Vec<f64>> = None;
        let mut solved = None;
        let (mut best, mut stalled) = (f64::NEG_INFINITY, 0);
        for round in 0.. {
            let out = self.lp.solve(&clock.part(1.0, None))?;
            match out.reason {
                Reason::Optimal => {}
                Reason::Infeasible => return Ok(None),
                _ if clock.reached().is_some() || out.limit.is_some() => break,
                other => return Err(SolverFailure::Solver(format!("a relaxation ended with {other:?}"))),
            }
            let (values, objective) = (&out.values, out.objective * self.divisor);
            let gained = objective - best > 1e-5 * objective.abs();
            stalled = if gained { 0 } else { stalled + 1 };
            let mut found = Vec::new();
            if effort == Effort::Root {
                let core = behind.get_or_insert_with(|| values[..self.instance.sites].to_vec());
                // After rounds without progress, at the solution itself.
                if stalled < 3 {
                    core.iter_mut().zip(values).for_each(|(c, v)| *c = 0.5 * *c + 0.5 * v);
                    found = self.violated(core, values);
                }
            }
            if found.is_empty() {
                found = self.violated(values, values);
            }
            let enough = found.is_empty()
                || clock.reached().is_some()
                || objective > worth as f64 + 1.0
                || (effort == Effort::Node && (round >= 20 || stalled >= 2));
            if gained && round % 5 == 4 {
                self.purge(&out.row_duals, values)?;
            }
            best = best.max(objective);
            let multipliers = enough.then(|| self.multipliers(&out.row_duals));
            solved = Some(Relaxed { y: out.values[..self.instance.sites].to_vec(), multipliers: Vec::new() });
            if let (Some(multipliers), Some(solved)) = (multipliers, &mut solved) {
                solved.multipliers = multipliers;
                break;
            }
            self.add(&found)?;
        }
        // Stopped inside a solve: the last solution has no multipliers and proves nothing.
        Ok(solved.filter(|s| !s.multipliers.is_empty()))
    }

    /// What each client pays: the levels of its cuts, weighted by their duals.
    fn multipliers(&self, duals: &[f64]) -> Vec<f64> {
        let mut pays = vec![0.0; self.instance.clients];
        for (&(i, level), dual) in self.cuts.iter().zip(duals) {
            if let Some(level) = level {
                pays[i] += level as f64 * dual.max(0.0);
            }
        }
        pays
    }

    /// Drops cuts that do nothing and are far from it.
    fn purge(&mut self, duals: &[f64], values: &[f64]) -> Result<(), SolverFailure> {
        if self.cuts.len() < 6 * self.instance.clients {
            return Ok(());
        }
        let idle = |&(cut, dual): &(&Cut, &f64)| {
            let &(i, Some(level)) = cut else { return false };
            if *dual > 1e-9 {
                return false;
            }
            let saved = self.instance.nearest(i).take_while(|&(_, c)| c < level);
            let least = level as f64 - saved.map(|(j, c)| (level - c) as f64 * values[j]).sum::<f64>();
            values[self.instance.sites + i] - least / self.divisor > 1e-3 * (level as f64 / self.divisor)
        };
        let gone: Vec<bool> = self.cuts.iter().zip(duals).map(|row| idle(&row)).collect();
        self.lp.delete_rows(&gone)?;
        let mut kept = gone.iter();
        self.cuts.retain(|_| kept.next().is_some_and(|g| !g));
        Ok(())
    }
}
