//! The linear relaxation by cuts.
//!
//! One column `θ_i` for what a client costs. For any level `D`
//! ```text
//! θ_i ≥ D - Σ_{k: c_ik < D} (D - c_ik) y_k
//! ```
//! holds for every plan; the levels that cut most at a point are found in one walk of each list (Cornuéjols, Nemhauser and
//! Wolsey 1980; Duran-Mateluna, Ales and Elloumi 2023). The multipliers of the Lagrangian bound are levels too: with them the
//! first LP is as good as that bound. The other way round, the duals of an LP give multipliers, `u_i = Σ π D` over the cuts of a
//! client, whose bound in exact integers is no worse than the LP's: floats of the solver are never believed.

use super::dual::{Multipliers, WHOLE};
use super::groups::{Finder, Group};
use super::inst::{Inst, NONE, Scaled, Unlike};
use maillage_milp::{Limits, Lp, LpRow, Reason, Sense, SolverFailure};
use std::rc::Rc;

/// A cut: a client and a level; [`NONE`] says that one of its sites must stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Cut {
    client: u32,
    level: Scaled,
}

/// A row of the LP.
enum Row {
    Cut(Cut),
    Group(Rc<Group>),
}

/// Cuts on the sites that are left.
pub(crate) struct Master<'a> {
    inst: &'a Inst,
    lp: Lp,
    rows: Vec<Row>,
    pub finder: Finder,
    /// Scaled units of 1 in the LP: a power of two.
    unit: f64,
    /// What the LP knows of each site: may stand, must stand.
    state: Vec<(bool, bool)>,
}

/// The end of an LP.
pub(crate) enum Solved {
    At(Relaxed),
    /// No plan is left.
    Nothing,
    /// A limit came first.
    Stopped,
}

/// A solved LP.
pub(crate) struct Relaxed {
    pub y: Vec<f64>,
    pub theta: Vec<f64>,
    /// From its duals.
    pub multipliers: Multipliers,
}

impl<'a> Master<'a> {
    /// With the cuts of these multipliers.
    pub fn new(inst: &'a Inst, u: &[Scaled], seed: u32) -> Result<Self, SolverFailure> {
        let mean = u.iter().map(|u| *u as f64).sum::<f64>() / inst.clients().max(1) as f64;
        let unit = (mean / 64.0).max(1.0).log2().floor().exp2();
        let mut lp = Lp::new(Sense::Minimise, seed)?;
        let m = inst.sites();
        let mut columns: Vec<(f64, f64, f64)> =
            inst.one.iter().map(|one| (0.0, f64::from(u8::from(*one)), 1.0)).collect();
        columns.extend((0..inst.clients()).map(|i| (1.0, least(inst, i) as f64 / unit, f64::INFINITY)));
        lp.add_columns(&columns)?;
        let p = inst.p as f64;
        lp.add_rows(&[LpRow { lower: p, upper: p, terms: (0..m).map(|k| (k, 1.0)).collect() }])?;
        let differ = |r: &Unlike| LpRow {
            lower: f64::NEG_INFINITY,
            upper: r.most as f64,
            terms: (0..m).filter(|k| r.sites[*k]).map(|k| (k, 1.0)).collect(),
        };
        lp.add_rows(&inst.unlike.iter().map(differ).collect::<Vec<_>>())?;
        let mut master = Master {
            inst,
            lp,
            rows: Vec::new(),
            finder: Finder::new(inst),
            unit,
            state: inst.one.iter().map(|one| (true, *one)).collect(),
        };
        let first = (0u32..).zip(u).map(|(client, level)| Cut { client, level: *level });
        master.add(first.filter(|c| c.level > least(inst, c.client as usize)).collect())?;
        Ok(master)
    }

    fn add(&mut self, cuts: Vec<Cut>) -> Result<(), SolverFailure> {
        let rows: Vec<LpRow> = cuts
            .iter()
            .map(|cut| {
                let i = cut.client as usize;
                if cut.level == NONE {
                    let terms = self.inst.list(i).map(|(k, _)| (k, 1.0)).collect();
                    return LpRow { lower: 1.0, upper: f64::INFINITY, terms };
                }
                let mut terms: Vec<(usize, f64)> = self
                    .inst
                    .list(i)
                    .take_while(|(_, c)| *c < cut.level)
                    .map(|(k, c)| (k, (cut.level - c) as f64 / self.unit))
                    .collect();
                terms.push((self.inst.sites() + i, 1.0));
                LpRow { lower: cut.level as f64 / self.unit, upper: f64::INFINITY, terms }
            })
            .collect();
        self.lp.add_rows(&rows)?;
        self.rows.extend(cuts.into_iter().map(Row::Cut));
        Ok(())
    }

    /// Solves it.
    pub fn solve(&mut self, limits: &Limits) -> Result<Solved, SolverFailure> {
        let out = self.lp.solve(limits)?;
        match out.reason {
            Reason::Optimal => {}
            Reason::Infeasible => return Ok(Solved::Nothing),
            _ if out.limit.is_some() => return Ok(Solved::Stopped),
            other => return Err(SolverFailure::Solver(format!("the LP ended as {other:?}"))),
        }
        let m = self.inst.sites();
        let (rules, rows) = out.row_duals[1..].split_at(self.inst.unlike.len());
        let multipliers = self.multipliers(rules, rows);
        Ok(Solved::At(Relaxed { y: out.values[..m].to_vec(), theta: out.values[m..].to_vec(), multipliers }))
    }

    fn multipliers(&self, rules: &[f64], rows: &[f64]) -> Multipliers {
        let n = self.inst.clients();
        // Together small beside what sums of multipliers have room for.
        let most = (1 << 58) / rules.len().max(1) as Scaled;
        let mu = rules.iter().map(|dual| ((-dual * self.unit).max(0.0) as Scaled).min(most)).collect();
        let (mut share, mut grouped, mut u) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
        let mut groups = Vec::new();
        for (row, dual) in self.rows.iter().zip(rows) {
            let dual = dual.max(0.0);
            match row {
                Row::Cut(cut) if cut.level == NONE => u[cut.client as usize] += dual * self.unit,
                Row::Cut(cut) => {
                    share[cut.client as usize] += dual;
                    u[cut.client as usize] += dual * cut.level as f64;
                }
                Row::Group(group) if dual > 0.0 => {
                    group.clients.iter().for_each(|i| grouped[*i as usize] += dual);
                    groups.push((group.clone(), (dual.min(1.0) * WHOLE as f64) as i64));
                }
                Row::Group(_) => {}
            }
        }
        let multiplier = |i: usize| {
            let own = (1.0 - grouped[i]).max(0.0);
            let rest = (own - share[i]).max(0.0) * least(self.inst, i) as f64;
            let all = share[i].max(own);
            let u = if all > 1e-9 { (u[i] + rest) / all } else { least(self.inst, i) as f64 };
            (u as Scaled).min(self.inst.cap[i])
        };
        Multipliers { u: (0..n).map(multiplier).collect(), mu, groups }
    }

    /// Adds cuts of groups of clients that a point violates; how many.
    pub fn separate_groups(
        &mut self,
        at: &Relaxed,
        rho: &[Scaled],
        limits: &Limits,
    ) -> Result<usize, SolverFailure> {
        let groups = self.finder.find(self.inst, at, rho, self.unit, limits)?;
        self.add_groups(groups.iter().cloned())?;
        Ok(groups.len())
    }

    pub fn add_groups(&mut self, groups: impl Iterator<Item = Group>) -> Result<(), SolverFailure> {
        let groups: Vec<Rc<Group>> = groups.map(Rc::new).collect();
        let (m, unit) = (self.inst.sites(), self.unit);
        let row = |group: &Rc<Group>| {
            let sites = group.sites.iter().map(|(k, price)| (*k as usize, *price as f64 / unit));
            let terms = sites.chain(group.clients.iter().map(|i| (m + *i as usize, 1.0))).collect();
            LpRow { lower: group.least as f64 / unit, upper: f64::INFINITY, terms }
        };
        self.lp.add_rows(&groups.iter().map(row).collect::<Vec<_>>())?;
        self.rows.extend(groups.into_iter().map(Row::Group));
        Ok(())
    }

    /// The groups of its cuts.
    pub fn groups(&self) -> impl Iterator<Item = &Group> {
        self.rows.iter().filter_map(|r| if let Row::Group(g) = r { Some(&**g) } else { None })
    }

    /// Adds the cuts that a point violates; how many.
    pub fn separate(&mut self, at: &Relaxed) -> Result<usize, SolverFailure> {
        let mut cuts = Vec::new();
        for i in 0..self.inst.clients() {
            let (mut open, mut value, mut level) = (0.0, 0.0, self.inst.cap[i]);
            for (k, c) in self.inst.list(i) {
                if open + at.y[k] >= 1.0 - 1e-9 {
                    level = level.min(c);
                    break;
                }
                open += at.y[k];
                value += at.y[k] * c as f64;
            }
            if level == NONE {
                if open < 1.0 - 1e-6 {
                    cuts.push(Cut { client: i as u32, level });
                    continue;
                }
                level = self.inst.list(i).last().map_or(0, |(_, c)| c);
            }
            let cost = value + (1.0 - open) * level as f64;
            if cost / self.unit > at.theta[i] + 1e-6 + 1e-9 * at.theta[i].abs() {
                cuts.push(Cut { client: i as u32, level });
            }
        }
        let n = cuts.len();
        self.add(cuts)?;
        Ok(n)
    }

    /// Says whether a site may stand and whether it must.
    pub fn decide(&mut self, k: usize, keep: bool, one: bool) -> Result<(), SolverFailure> {
        if self.state[k] == (keep, one) {
            return Ok(());
        }
        self.state[k] = (keep, one);
        self.lp.set_bounds(k, f64::from(u8::from(one)), f64::from(u8::from(keep)))
    }
}

/// What a client costs at least.
fn least(inst: &Inst, i: usize) -> Scaled {
    inst.list(i).next().map_or(inst.cap[i], |(_, c)| c).min(inst.cap[i])
}
