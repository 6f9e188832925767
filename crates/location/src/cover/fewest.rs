//! The fewest columns that meet every row: set covering on a matrix of zeros and ones.
//!
//! A row that holds another is met with it and goes; so does a column within another. What is left gets
//! a plan by search, a bound by the relaxation that counting confirms, a sweep from end to end, branching, and the MILP solver last.

use super::branch::{Decision, decide};
use super::csr::{Csr, Subsets};
use super::instance::{Instance, dominated};
use super::knapsack::SHARE;
use super::rng::Rng;
use super::search::{Aim, Search};
use super::signatures::Signatures;
use super::sweep::sweep;
use super::weighting::meet_all;
use maillage_milp::{
    Expression, LimitReached, Limits, Lp, LpRow, Model, Reason, Sense, SolverFailure, solve as solve_milp,
    variable, whole_bound,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// What is known of a matrix.
pub(crate) struct Fewest {
    /// Columns that meet every row, increasing.
    pub chosen: Vec<u32>,
    /// No fewer columns do.
    pub bound: u64,
    /// What each row pays for the bound, out of [`SHARE`] a column: see [`packed`].
    pub pays: Vec<u64>,
    pub limit: Option<LimitReached>,
}

/// The bound on the number of columns that payments of rows give: what they pay, less what they pay
/// to any column beyond 1. With no column overpaid this is a packing, the dual of the covering.
pub(crate) fn packed<'a>(pays: impl Iterator<Item = u64>, columns: impl Iterator<Item = u128> + 'a) -> u64 {
    let paid: u128 = pays.map(u128::from).sum();
    let over: u128 = columns.map(|load| load.saturating_sub(u128::from(SHARE))).sum();
    u64::try_from(paid.saturating_sub(over).div_ceil(u128::from(SHARE))).unwrap_or(0)
}

/// What reduction leaves.
struct Kernel {
    /// Columns that are in some best plan.
    forced: Vec<u32>,
    rows: Csr,
    columns: Csr,
    row_name: Vec<u32>,
    column_name: Vec<u32>,
    /// Rows, one for each forced column, that no other column met.
    forcing: Vec<u32>,
}

fn reduce(rows: &Csr, width: usize) -> Kernel {
    let mut live: Vec<u32> = (0..rows.len() as u32).collect();
    let mut column_name: Vec<u32> = (0..width as u32).collect();
    let mut now = rows.clone();
    let (mut forced, mut forcing) = (Vec::new(), Vec::new());
    loop {
        let columns = now.transposed(column_name.len());
        // Equal columns first: far fewer are left to compare.
        let mut distinct = Signatures::new(live.len() as u32);
        let first: Vec<bool> = (0..columns.len())
            .map(|j| {
                let before = distinct.num_classes();
                !columns.row(j).is_empty() && distinct.take(0, columns.row(j)) as usize == before
            })
            .collect();
        let keep: Vec<u32> = (0..columns.len() as u32).filter(|&j| first[j as usize]).collect();
        let (classes, _) = distinct.into_parts();
        let by_row = classes.transposed(live.len());
        let mut met = implied(&by_row, &classes);
        let gone = dominated(&by_row, &classes, &vec![1; classes.len()]);
        let mut stays = vec![false; columns.len()];
        keep.iter().zip(&gone).for_each(|(&j, gone)| stays[j as usize] = !gone);
        let alone = (0..now.len()).filter(|&i| !met[i]).find_map(|i| {
            let mut left = now.row(i).iter().filter(|j| stays[**j as usize]);
            let j = *left.next()?;
            left.next().is_none().then_some((i, j))
        });
        let changed = met.contains(&true) || stays.contains(&false) || alone.is_some();
        if !changed {
            return Kernel { forced, rows: now, columns, row_name: live, column_name, forcing };
        }
        if let Some((i, j)) = alone {
            forced.push(column_name[j as usize]);
            forcing.push(live[i]);
            columns.row(j as usize).iter().for_each(|&i| met[i as usize] = true);
            stays[j as usize] = false;
        }
        let mut short = vec![u32::MAX; columns.len()];
        let kept = (0..columns.len()).filter(|&j| stays[j]);
        (0u32..).zip(kept).for_each(|(new, old)| short[old] = new);
        column_name = column_name.iter().zip(&stays).filter(|(_, s)| **s).map(|(j, _)| *j).collect();
        let mut next = Csr::new();
        for i in (0..now.len()).filter(|&i| !met[i]) {
            next.push(now.row(i).iter().map(|&j| short[j as usize]).filter(|&j| j != u32::MAX));
        }
        live = live.iter().zip(&met).filter(|(_, m)| !**m).map(|(i, _)| *i).collect();
        now = next;
    }
}

/// Rows that hold another row; of equals the first stays.
pub(crate) fn implied(rows: &Csr, columns: &Csr) -> Vec<bool> {
    let mut gone = vec![false; rows.len()];
    let sets = Subsets::new(rows, columns.len());
    for i in 0..rows.len() {
        let mine = rows.row(i);
        let Some(rarest) = mine.iter().min_by_key(|j| columns.row(**j as usize).len()) else { continue };
        if gone[i] {
            continue;
        }
        for &k in columns.row(*rarest as usize) {
            let later = (mine.len(), i) < (rows.row(k as usize).len(), k as usize);
            if later && !gone[k as usize] && sets.within(i, k as usize) {
                gone[k as usize] = true;
            }
        }
    }
    gone
}

/// What is asked of a matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ask {
    /// The fewest columns.
    Fewest,
    /// Whether so many columns do: either `chosen` has no more, or `bound` is larger, or a limit came.
    Whether(u64),
    /// The same within little time, without the MILP solver: perhaps neither.
    Perhaps(u64),
}

/// Steps of search for the fewest columns, and for a given number of them; there no more than some for each pair.
const SEARCH: u64 = 100_000_000;
const SEARCH_GIVEN: u64 = 60_000_000;
const SEARCH_FIRST: u64 = 20_000_000;
/// Short searches, each with its own random numbers, before few columns are asked for in earnest.
const TURNS: u32 = 4;
/// Steps of branching: before the MILP solver, where few columns are wanted, and when asked for little.
const BRANCH: u64 = 500_000_000;
const BRANCH_FEW: u64 = 200_000_000_000;
const BRANCH_PERHAPS: u64 = 150_000_000;
const BRANCH_PERHAPS_FEW: u64 = 20_000_000;
/// Steps of the sweep before branching, likewise.
const SWEEP: u64 = 300_000_000;
const SWEEP_FEW: u64 = 50_000_000_000;
const SWEEP_PERHAPS: u64 = 100_000_000;
const SWEEP_PERHAPS_FEW: u64 = 200_000_000;
/// So few columns: branching alone then ends sooner than the MILP solver.
pub(crate) const FEW: u64 = 30;

/// Solves a matrix in which every row has a column. Search begins at `near`, columns that meet most rows, if there are any.
///
/// # Errors
/// [`SolverFailure`].
pub(crate) fn fewest(
    rows: &Csr,
    width: usize,
    ask: Ask,
    near: &[u32],
    limits: &Limits,
    started: Instant,
) -> Result<Fewest, SolverFailure> {
    let enough = match ask {
        Ask::Fewest => None,
        Ask::Whether(p) | Ask::Perhaps(p) => Some(p),
    };
    let kernel = reduce(rows, width);
    let forced = kernel.forced.len() as u64;
    let it = kernel.instance();
    let mut search = Search::new(&it, Aim::Cheapest(it.num_classes() as u64));
    search.fill(None, &mut Vec::new());
    let stop = || limits.stopped() || limits.time.is_some_and(|t| started.elapsed() >= t);
    let mut pays = vec![0; rows.len()];
    kernel.forcing.iter().for_each(|&i| pays[i as usize] = SHARE);
    let mut end = Fewest { chosen: kernel.named(&search.chosen()), bound: forced, pays, limit: None };
    let settled = |end: &Fewest| {
        let found = end.chosen.len() as u64;
        found <= end.bound || enough.is_some_and(|p| found <= p || end.bound > p)
    };
    if settled(&end) {
        return Ok(end);
    }
    let few = enough.map(|p| p.saturating_sub(forced) as usize);
    let start = if near.is_empty() { search.chosen() } else { kernel.known(near) };
    let pairs = kernel.rows.rows().map(<[u32]>::len).sum::<usize>() as u64;
    let look = |p: usize, most: u64, each: u64, turn: u32| {
        let seed = limits.seed.wrapping_add(turn);
        meet_all(&kernel.rows, &kernel.columns, p, &start, most.min(each * pairs), seed, &stop)
    };
    // A short search takes a hundredth of what the relaxation does, several less than a long sweep.
    let turns = if matches!(ask, Ask::Whether(p) if p <= FEW) { TURNS } else { 1 };
    if let Some(found) = few.and_then(|p| (0..turns).find_map(|turn| look(p, SEARCH_FIRST, 100, turn))) {
        end.chosen = kernel.named(&found);
        return Ok(end);
    }
    let Some(duals) = kernel.duals(limits, started)? else {
        end.limit = stopped(limits, started);
        return Ok(end);
    };
    (0..duals.len()).for_each(|i| end.pays[kernel.row_name[i] as usize] = duals[i]);
    let load: Vec<u128> =
        kernel.columns.rows().map(|rows| rows.iter().map(|&i| u128::from(duals[i as usize])).sum()).collect();
    end.bound = forced + packed(duals.iter().copied(), load.iter().copied());
    if settled(&end) {
        return Ok(end);
    }
    match few {
        None => {
            search.improve(SEARCH, &mut Rng::new(limits.seed), &stop);
            end.chosen = kernel.named(&search.chosen());
        }
        Some(p) => {
            if let Some(found) = look(p, SEARCH_GIVEN, 6000, 0) {
                end.chosen = kernel.named(&found);
            }
        }
    }
    // Only plans with at most `target` columns matter now, of the kernel's.
    let wanted = |end: &Fewest| enough.unwrap_or(end.chosen.len() as u64 - 1) - forced;
    let (most_swept, most) = match ask {
        Ask::Perhaps(_) if wanted(&end) <= FEW => (SWEEP_PERHAPS_FEW, BRANCH_PERHAPS_FEW),
        Ask::Perhaps(_) => (SWEEP_PERHAPS, BRANCH_PERHAPS),
        Ask::Whether(_) if wanted(&end) <= FEW => (SWEEP_FEW, BRANCH_FEW),
        _ => (SWEEP, BRANCH),
    };
    while !settled(&end) && !stop() {
        let target = wanted(&end);
        let swept = sweep(&kernel.rows, &kernel.columns, target as usize, &duals, most_swept, &stop);
        match swept {
            Decision::Columns(found) => {
                end.chosen = kernel.named(&found);
                continue;
            }
            Decision::No => {
                end.bound = end.bound.max(forced + target + 1);
                continue;
            }
            Decision::Unknown => {}
        }
        match decide(&kernel.rows, &kernel.columns, target as usize, &duals, most, &stop) {
            Decision::Columns(found) => end.chosen = kernel.named(&found),
            Decision::No => end.bound = end.bound.max(forced + target + 1),
            Decision::Unknown => break,
        }
    }
    if settled(&end) || stop() || matches!(ask, Ask::Perhaps(_)) {
        end.limit = stopped(limits, started);
        return Ok(end);
    }
    let target = wanted(&end);
    let paid: u128 = duals.iter().map(|&d| u128::from(d)).sum();
    let over: u128 = load.iter().map(|l| l.saturating_sub(u128::from(SHARE))).sum();
    let most = u128::from(target) * u128::from(SHARE);
    let may_open = |load: &u128| paid + u128::from(SHARE).saturating_sub(*load) <= most + over;
    let open: Vec<bool> = load.iter().map(may_open).collect();
    kernel.finish(&open, target, enough.is_some(), limits, started, &mut end)?;
    Ok(end)
}

fn stopped(limits: &Limits, started: Instant) -> Option<LimitReached> {
    if limits.stopped() {
        return Some(LimitReached::Interrupted);
    }
    limits.time.filter(|t| started.elapsed() >= *t).map(|_| LimitReached::Time)
}

impl Kernel {
    fn instance(&self) -> Instance {
        Instance {
            by_class: self.rows.clone(),
            by_site: self.columns.clone(),
            weight: vec![1; self.rows.len()],
            cost: vec![1; self.columns.len()],
            name: self.column_name.clone(),
            base: 0,
            spent: 0,
            budget: u64::MAX,
            anyway: Vec::new(),
            fate: Vec::new(),
        }
    }

    fn named(&self, chosen: &[u32]) -> Vec<u32> {
        let named = chosen.iter().map(|&j| self.column_name[j as usize]);
        let mut all: Vec<u32> = self.forced.iter().copied().chain(named).collect();
        all.sort_unstable();
        all
    }

    /// Columns of the kernel by their names.
    fn known(&self, names: &[u32]) -> Vec<u32> {
        let at = |j: &u32| self.column_name.binary_search(j).ok();
        names.iter().filter_map(at).map(|at| at as u32).collect()
    }

    /// What the rows pay in the relaxation, out of [`SHARE`].
    fn duals(&self, limits: &Limits, started: Instant) -> Result<Option<Vec<u64>>, SolverFailure> {
        let mut lp = Lp::new(Sense::Minimise, limits.seed)?;
        lp.add_columns(&vec![(1.0, 0.0, f64::INFINITY); self.columns.len()])?;
        let row = |row: &[u32]| LpRow {
            lower: 1.0,
            upper: f64::INFINITY,
            terms: row.iter().map(|&j| (j as usize, 1.0)).collect(),
        };
        lp.add_rows(&self.rows.rows().map(row).collect::<Vec<_>>())?;
        let time = limits.time.map(|t| t.saturating_sub(started.elapsed()));
        let out = lp.solve(&Limits { time, ..limits.clone() })?;
        let whole = |d: &f64| (d.clamp(0.0, 1.0) * SHARE as f64) as u64;
        Ok((out.reason == Reason::Optimal).then(|| out.row_duals.iter().map(whole).collect()))
    }

    /// The MILP solver on the columns that may open, beside one of cost `target + 1` that meets all rows:
    /// it stands for every plan that is not wanted, so that the model has a solution.
    fn finish(
        &self,
        open: &[bool],
        target: u64,
        decide: bool,
        limits: &Limits,
        started: Instant,
        end: &mut Fewest,
    ) -> Result<(), SolverFailure> {
        let mut model = Model::new(Sense::Minimise);
        let y: Vec<_> = open.iter().map(|o| o.then(|| model.add(variable().binary()))).collect();
        let other = model.add(variable().binary());
        for row in self.rows.rows() {
            let near: Expression = row.iter().filter_map(|&j| y[j as usize]).sum();
            model.subject_to((near + other).geq(1));
        }
        let few: Expression = y.iter().flatten().sum();
        model.set_objective(few + (target + 1) as f64 * other);
        let enough = Arc::new(AtomicBool::new(false));
        let time = limits.time.map(|t| t.saturating_sub(started.elapsed()));
        let asked = Limits { time, abs_gap: 0.9, stop: Some(Arc::clone(&enough)), ..limits.clone() };
        let mut on = |p: &maillage_milp::Progress| {
            let found = p.incumbent.is_some_and(|i| i < target as f64 + 0.5);
            let none = p.bound.is_some_and(|b| b > target as f64 + 0.01);
            if limits.stopped() || (decide && (found || none)) {
                enough.store(true, Ordering::Relaxed);
            }
        };
        let out = solve_milp(model, &asked, None, &mut on)?;
        let forced = self.forced.len() as u64;
        let used = (self.rows.len() + self.columns.len()) as f64;
        if let Some(bound) = out.bound {
            let whole = u64::try_from(whole_bound(Sense::Minimise, bound, used)).unwrap_or(0);
            end.bound = end.bound.max(forced + whole.min(target + 1));
        }
        end.limit = out.limit.and_then(|limit| stopped(limits, started).or(Some(limit)));
        let Some(values) = out.values.filter(|v| !v.is_on(other)) else { return Ok(()) };
        let chosen: Vec<u32> =
            (0u32..).zip(&y).filter(|(_, y)| y.is_some_and(|y| values.is_on(y))).map(|(j, _)| j).collect();
        let mut met = vec![false; self.rows.len()];
        for &j in &chosen {
            self.columns.row(j as usize).iter().for_each(|&i| met[i as usize] = true);
        }
        if met.contains(&false) {
            return Err(SolverFailure::Contradiction("the solver's columns do not meet every row".into()));
        }
        if chosen.len() as u64 + forced < end.chosen.len() as u64 {
            end.chosen = self.named(&chosen);
        }
        Ok(())
    }
}
