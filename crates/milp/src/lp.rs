//! An LP that grows row by row and keeps its basis: for loops that add cuts.
//!
//! Beside `ffi`, the only unsafe code of the workspace. What must hold, and does: the handle is made by
//! `Highs_create`, used from one thread (`Lp` is neither `Send` nor `Sync`), and destroyed once; every
//! array handed over has the length that the call reads or writes.

use crate::ffi::{finite, inside_callback};
use crate::limits::Limits;
use crate::model::Sense;
use crate::outcome::{LimitReached, Reason, SolverFailure};
use std::ffi::{CStr, c_int, c_void};
use std::ptr::NonNull;

/// A linear programme under construction. Columns and rows are numbered from 0 in the order in which
/// they were added; deleting rows moves later ones up.
///
/// ```
/// use maillage_milp::{Limits, Lp, LpRow, Reason, Sense};
/// let mut lp = Lp::new(Sense::Minimise, 0)?;
/// lp.add_columns(&[(1.0, 0.0, 4.0), (2.0, 0.0, f64::INFINITY)])?;
/// lp.add_rows(&[LpRow { lower: 6.0, upper: f64::INFINITY, terms: vec![(0, 1.0), (1, 1.0)] }])?;
/// let first = lp.solve(&Limits::default())?;
/// assert_eq!((first.reason, first.objective), (Reason::Optimal, 8.0));
/// // A cut later, from the same basis.
/// lp.add_rows(&[LpRow { lower: f64::NEG_INFINITY, upper: 3.0, terms: vec![(0, 1.0)] }])?;
/// assert_eq!(lp.solve(&Limits::default())?.objective, 9.0);
/// # Ok::<(), maillage_milp::SolverFailure>(())
/// ```
#[derive(Debug)]
pub struct Lp {
    highs: NonNull<c_void>,
    columns: usize,
    rows: usize,
}

/// A row: `lower ≤ Σ coefficient × column ≤ upper`, infinities where there is no limit.
#[derive(Debug, Clone, PartialEq)]
pub struct LpRow {
    /// Least value.
    pub lower: f64,
    /// Greatest value.
    pub upper: f64,
    /// Columns, each at most once, with their coefficients.
    pub terms: Vec<(usize, f64)>,
}

/// The end of one solve. The vectors are empty unless `reason` is [`Reason::Optimal`].
#[derive(Debug, Clone, PartialEq)]
pub struct LpOutcome {
    /// Why it ended.
    pub reason: Reason,
    /// What limit stopped it.
    pub limit: Option<LimitReached>,
    /// Objective, within the solver's tolerances.
    pub objective: f64,
    /// Values of the columns.
    pub values: Vec<f64>,
    /// Reduced costs of the columns: cost less what the rows' duals give.
    pub reduced_costs: Vec<f64>,
    /// Duals of the rows.
    pub row_duals: Vec<f64>,
}

fn int(n: usize) -> Result<c_int, SolverFailure> {
    c_int::try_from(n).map_err(|_| SolverFailure::Solver("the LP has too many entries".into()))
}

fn ok(status: c_int, what: &str) -> Result<(), SolverFailure> {
    if status == highs_sys::STATUS_ERROR {
        return Err(SolverFailure::Solver(format!("{what} was refused")));
    }
    Ok(())
}

#[allow(unsafe_code)]
impl Lp {
    /// An LP without columns and rows.
    ///
    /// # Errors
    /// Inside a watcher of [`crate::solve`], or when the solver refuses.
    pub fn new(sense: Sense, seed: u32) -> Result<Self, SolverFailure> {
        if inside_callback() {
            return Err(SolverFailure::Nested);
        }
        // SAFETY: no argument; a null pointer is refused below.
        let highs = NonNull::new(unsafe { highs_sys::Highs_create() })
            .ok_or_else(|| SolverFailure::Solver("out of memory".into()))?;
        let lp = Lp { highs, columns: 0, rows: 0 };
        lp.set_int(c"random_seed", (seed & 0x7fff_ffff) as c_int)?;
        lp.set_int(c"threads", 1)?;
        lp.set_int(c"simplex_strategy", 1)?; // dual, serial
        // SAFETY: the handle is live and the name nul-terminated.
        ok(unsafe { highs_sys::Highs_setBoolOptionValue(lp.raw(), c"output_flag".as_ptr(), 0) }, "output")?;
        if sense == Sense::Maximise {
            // SAFETY: the handle is live.
            ok(unsafe { highs_sys::Highs_changeObjectiveSense(lp.raw(), -1) }, "the sense")?;
        }
        Ok(lp)
    }

    fn raw(&self) -> *mut c_void {
        self.highs.as_ptr()
    }

    fn set_int(&self, name: &CStr, value: c_int) -> Result<(), SolverFailure> {
        // SAFETY: the handle is live and the name nul-terminated.
        ok(unsafe { highs_sys::Highs_setIntOptionValue(self.raw(), name.as_ptr(), value) }, "an option")
    }

    /// Number of columns.
    pub fn num_columns(&self) -> usize {
        self.columns
    }

    /// Number of rows.
    pub fn num_rows(&self) -> usize {
        self.rows
    }

    /// Adds columns, given by cost, lower and upper bound, that stand in no row yet.
    ///
    /// # Errors
    /// When the solver refuses them.
    pub fn add_columns(&mut self, columns: &[(f64, f64, f64)]) -> Result<(), SolverFailure> {
        if columns.is_empty() {
            return Ok(());
        }
        let cost: Vec<f64> = columns.iter().map(|c| c.0).collect();
        let lower: Vec<f64> = columns.iter().map(|c| c.1).collect();
        let upper: Vec<f64> = columns.iter().map(|c| c.2).collect();
        let none = std::ptr::null();
        // SAFETY: the three arrays have one entry a column; without nonzeros the others are not read.
        let status = unsafe {
            highs_sys::Highs_addCols(
                self.raw(),
                int(columns.len())?,
                cost.as_ptr(),
                lower.as_ptr(),
                upper.as_ptr(),
                0,
                none,
                none,
                std::ptr::null(),
            )
        };
        ok(status, "a column")?;
        self.columns += columns.len();
        Ok(())
    }

    /// Adds rows.
    ///
    /// # Errors
    /// A row names a column that is not there, or the solver refuses.
    pub fn add_rows(&mut self, rows: &[LpRow]) -> Result<(), SolverFailure> {
        if rows.is_empty() {
            return Ok(());
        }
        let lower: Vec<f64> = rows.iter().map(|r| r.lower).collect();
        let upper: Vec<f64> = rows.iter().map(|r| r.upper).collect();
        let mut starts = Vec::with_capacity(rows.len());
        let (mut index, mut value) = (Vec::new(), Vec::new());
        for row in rows {
            starts.push(int(index.len())?);
            for &(column, coefficient) in &row.terms {
                if column >= self.columns {
                    return Err(SolverFailure::Solver(format!("there is no column {column}")));
                }
                index.push(int(column)?);
                value.push(coefficient);
            }
        }
        // SAFETY: one bound and one start a row, as many indices as values, all indices below the number of columns.
        let status = unsafe {
            highs_sys::Highs_addRows(
                self.raw(),
                int(rows.len())?,
                lower.as_ptr(),
                upper.as_ptr(),
                int(index.len())?,
                starts.as_ptr(),
                index.as_ptr(),
                value.as_ptr(),
            )
        };
        ok(status, "a row")?;
        self.rows += rows.len();
        Ok(())
    }

    /// Deletes the rows marked `true`.
    ///
    /// # Errors
    /// There are not as many marks as rows, or the solver refuses.
    pub fn delete_rows(&mut self, gone: &[bool]) -> Result<(), SolverFailure> {
        if gone.len() != self.rows {
            return Err(SolverFailure::Solver("there are not as many marks as rows".into()));
        }
        let mut mask: Vec<c_int> = gone.iter().map(|g| c_int::from(*g)).collect();
        // SAFETY: one entry a row; the call overwrites them with the new positions.
        ok(unsafe { highs_sys::Highs_deleteRowsByMask(self.raw(), mask.as_mut_ptr()) }, "deleting rows")?;
        self.rows -= gone.iter().filter(|g| **g).count();
        Ok(())
    }

    /// New bounds of a column.
    ///
    /// # Errors
    /// There is no such column.
    pub fn set_bounds(&mut self, column: usize, lower: f64, upper: f64) -> Result<(), SolverFailure> {
        // SAFETY: the handle is live; a column that is not there is refused by the call.
        let status = unsafe { highs_sys::Highs_changeColBounds(self.raw(), int(column)?, lower, upper) };
        ok(status, "a bound")
    }

    /// New cost of a column.
    ///
    /// # Errors
    /// There is no such column.
    pub fn set_cost(&mut self, column: usize, cost: f64) -> Result<(), SolverFailure> {
        // SAFETY: as for `set_bounds`.
        ok(unsafe { highs_sys::Highs_changeColCost(self.raw(), int(column)?, cost) }, "a cost")
    }

    /// Solves it, from the last basis. Of the limits, the time counts from this call; the stop flag is looked at before.
    ///
    /// # Errors
    /// When the solver fails; an infeasible LP or a limit is no error.
    pub fn solve(&mut self, limits: &Limits) -> Result<LpOutcome, SolverFailure> {
        limits.validate()?;
        if inside_callback() {
            return Err(SolverFailure::Nested);
        }
        let ended = |reason, limit| LpOutcome {
            reason,
            limit,
            objective: f64::NAN,
            values: Vec::new(),
            reduced_costs: Vec::new(),
            row_duals: Vec::new(),
        };
        if limits.stopped() {
            return Ok(ended(Reason::NoSolution, Some(LimitReached::Interrupted)));
        }
        if limits.time.is_some_and(|t| t.is_zero()) {
            return Ok(ended(Reason::NoSolution, Some(LimitReached::Time)));
        }
        let left = limits.time.map_or(f64::INFINITY, |t| t.as_secs_f64());
        // SAFETY: the handle is live and the name nul-terminated. The clock of the solver runs on from solve to solve.
        unsafe {
            highs_sys::Highs_zeroAllClocks(self.raw());
            ok(highs_sys::Highs_setDoubleOptionValue(self.raw(), c"time_limit".as_ptr(), left), "a limit")?;
        }
        // SAFETY: the handle is live and this is not inside a callback; the status is only read.
        let run = || unsafe {
            let failed = highs_sys::Highs_run(self.raw()) == highs_sys::STATUS_ERROR;
            (failed, highs_sys::Highs_getModelStatus(self.raw()))
        };
        let (mut failed, mut status) = run();
        if status == highs_sys::MODEL_STATUS_UNKNOWN {
            // A basis that has become too inaccurate to go on from: once more without it.
            // SAFETY: as above.
            unsafe { highs_sys::Highs_clearSolver(self.raw()) };
            (failed, status) = run();
        }
        match status {
            highs_sys::MODEL_STATUS_OPTIMAL if !failed => {}
            highs_sys::MODEL_STATUS_INFEASIBLE => return Ok(ended(Reason::Infeasible, None)),
            highs_sys::MODEL_STATUS_UNBOUNDED => return Ok(ended(Reason::Unbounded, None)),
            highs_sys::MODEL_STATUS_UNBOUNDED_OR_INFEASIBLE => {
                return Ok(ended(Reason::InfeasibleOrUnbounded, None));
            }
            highs_sys::MODEL_STATUS_REACHED_TIME_LIMIT => {
                return Ok(ended(Reason::NoSolution, Some(LimitReached::Time)));
            }
            // Numbers too far apart for floats: nothing is known, nothing is broken.
            highs_sys::MODEL_STATUS_UNKNOWN => {
                let limit = LimitReached::Other("the solver lost its way in an LP".into());
                return Ok(ended(Reason::NoSolution, Some(limit)));
            }
            other => return Err(SolverFailure::Solver(format!("the LP ended with status {other}"))),
        }
        let mut out = LpOutcome {
            values: vec![0.0; self.columns],
            reduced_costs: vec![0.0; self.columns],
            row_duals: vec![0.0; self.rows],
            ..ended(Reason::Optimal, None)
        };
        let mut rows = vec![0.0; self.rows];
        // SAFETY: the arrays have the lengths of the columns and rows, which is all that is written.
        unsafe {
            highs_sys::Highs_getSolution(
                self.raw(),
                out.values.as_mut_ptr(),
                out.reduced_costs.as_mut_ptr(),
                rows.as_mut_ptr(),
                out.row_duals.as_mut_ptr(),
            );
            out.objective = highs_sys::Highs_getObjectiveValue(self.raw());
        }
        if finite(out.objective).is_none() {
            return Err(SolverFailure::Solver("the objective of an LP is no number".into()));
        }
        Ok(out)
    }
}

#[allow(unsafe_code)]
impl Drop for Lp {
    fn drop(&mut self) {
        // SAFETY: made by `Highs_create`, dropped once.
        unsafe { highs_sys::Highs_destroy(self.raw()) };
    }
}
