//! HiGHS through its C interface: with `lp`, the only unsafe code of the workspace.
//!
//! What must hold, and does:
//! * A [`Run`] is built, run, read and dropped on one thread (`highs::Model` is `!Send`).
//! * Inside a callback no HiGHS object is built, solved or dropped: HiGHS resets the scheduler of the
//!   thread and crashes. [`inside_callback`] lets the caller refuse.
//! * A panic does not cross the C++ frames: it is caught, kept, and resumed after the solver returned.
//! * HiGHS may call back on a worker thread. There only atomics are touched; the watcher runs on the
//!   thread that called [`Run::solve`].

use crate::limits::Limits;
use crate::outcome::{Progress, relative_gap};
use good_lp::solvers::highs::HighsProblem;
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::ffi::{CStr, c_char, c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::thread::ThreadId;
use std::time::{Duration, Instant};

thread_local! {
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is inside a watcher, hence inside HiGHS.
pub(crate) fn inside_callback() -> bool {
    INSIDE.with(Cell::get)
}

/// Why the callback asked the solver to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    Time,
    Stop,
    Panic,
}

/// The watcher is told at least this far apart, except for new incumbents.
const EVERY: Duration = Duration::from_millis(100);

/// What a callback may see.
pub(crate) struct Watcher<'a> {
    started: Instant,
    deadline: Option<Instant>,
    stop: Option<Arc<AtomicBool>>,
    owner: ThreadId,
    why: AtomicU8,
    bounds_hold: bool,
    state: RefCell<State<'a>>,
}

struct State<'a> {
    watch: &'a mut dyn FnMut(&Progress),
    told: Option<Instant>,
    incumbent: Option<f64>,
    panic: Option<Box<dyn Any + Send>>,
}

impl<'a> Watcher<'a> {
    pub fn new(
        started: Instant,
        limits: &Limits,
        bounds_hold: bool,
        watch: &'a mut dyn FnMut(&Progress),
    ) -> Self {
        Watcher {
            started,
            deadline: limits.time.and_then(|t| started.checked_add(t)),
            stop: limits.stop.clone(),
            owner: std::thread::current().id(),
            why: AtomicU8::new(0),
            bounds_hold,
            state: RefCell::new(State { watch, told: None, incumbent: None, panic: None }),
        }
    }

    pub fn why(&self) -> Option<Why> {
        match self.why.load(Ordering::Relaxed) {
            1 => Some(Why::Time),
            2 => Some(Why::Stop),
            3 => Some(Why::Panic),
            _ => None,
        }
    }

    /// The panic of the watcher, if it had one.
    pub fn into_panic(self) -> Option<Box<dyn Any + Send>> {
        self.state.into_inner().panic
    }

    /// Whether the solver must stop now. Touches atomics and constants only.
    fn must_stop(&self) -> bool {
        if self.why.load(Ordering::Relaxed) != 0 {
            return true;
        }
        let why = if self.stop.as_ref().is_some_and(|s| s.load(Ordering::Relaxed)) {
            2
        } else if self.deadline.is_some_and(|d| Instant::now() >= d) {
            1
        } else {
            return false;
        };
        self.why.store(why, Ordering::Relaxed);
        true
    }

    /// Tells the watcher. Only on the owner's thread.
    fn tell(&self, incumbent: f64, bound: f64, nodes: i64) {
        let Ok(mut state) = self.state.try_borrow_mut() else { return };
        let state = &mut *state;
        if state.panic.is_some() {
            return;
        }
        let incumbent = finite(incumbent);
        let now = Instant::now();
        let new = incumbent.is_some() && incumbent != state.incumbent;
        if !new && state.told.is_some_and(|t| now < t + EVERY) {
            return;
        }
        state.told = Some(now);
        state.incumbent = incumbent;
        let bound = if self.bounds_hold { finite(bound) } else { None };
        let progress = Progress {
            elapsed: (now - self.started).as_secs_f64(),
            incumbent,
            bound,
            gap: relative_gap(incumbent, bound),
            nodes: u64::try_from(nodes).unwrap_or(0),
        };
        INSIDE.with(|i| i.set(true));
        let done = catch_unwind(AssertUnwindSafe(|| (state.watch)(&progress)));
        INSIDE.with(|i| i.set(false));
        if let Err(payload) = done {
            state.panic = Some(payload);
            self.why.store(3, Ordering::Relaxed);
        }
    }
}

/// `None` for what HiGHS means by "nothing known".
pub(crate) fn finite(v: f64) -> Option<f64> {
    (v.is_finite() && v.abs() < 1e100).then_some(v)
}

#[allow(unsafe_code)]
unsafe extern "C" fn callback(
    kind: c_int,
    _message: *const c_char,
    out: *const highs_sys::HighsCallbackDataOut,
    input: *mut highs_sys::HighsCallbackDataIn,
    watcher: *mut c_void,
) {
    // Nothing here panics but the watcher, which `tell` guards; this is the belt to those braces.
    let _ = catch_unwind(AssertUnwindSafe(|| {
        // SAFETY: `Run::solve` passed a pointer to a `Watcher` that outlives the solver's run. It is
        // only ever shared, never borrowed mutably, and off the owner's thread only its constants
        // and atomics are read. The lifetime of the watcher is erased, not extended.
        let watcher = unsafe { &*(watcher.cast::<Watcher<'_>>()) };
        let mip = kind == highs_sys::kHighsCallbackMipInterrupt
            || kind == highs_sys::kHighsCallbackMipImprovingSolution;
        if mip && !out.is_null() && std::thread::current().id() == watcher.owner {
            // SAFETY: HiGHS passes a valid structure for the duration of the call; only plain numbers
            // are copied out of it.
            let (primal, dual, nodes) =
                unsafe { ((*out).mip_primal_bound, (*out).mip_dual_bound, (*out).mip_node_count) };
            watcher.tell(primal, dual, nodes);
        }
        let may_interrupt = kind != highs_sys::kHighsCallbackMipImprovingSolution;
        if watcher.must_stop() && may_interrupt && !input.is_null() {
            // SAFETY: HiGHS passes a valid structure of its own frame and reads this field back.
            unsafe { (*input).user_interrupt = 1 };
        }
    }));
}

/// A model inside HiGHS.
pub(crate) struct Run {
    model: highs::Model,
}

/// What HiGHS says, as it says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Status {
    pub model: c_int,
    pub failed: bool,
    /// Values that satisfy the model within the solver's tolerances.
    pub has_solution: bool,
    /// Values of any kind.
    pub has_values: bool,
}

type Refusal = String;

#[allow(unsafe_code)]
impl Run {
    pub fn new(problem: HighsProblem) -> Result<Self, Refusal> {
        problem.try_into_inner().map(|model| Run { model }).map_err(|e| e.to_string())
    }

    /// good_lp and `highs` lose the options set before `into_inner`: they are set here.
    pub fn set_options(&mut self, limits: &Limits, left: Option<Duration>) -> Result<(), Refusal> {
        let refused = |name: &str| format!("option {name} was refused");
        let m = &mut self.model;
        m.try_set_option("output_flag", false).map_err(|_| refused("output_flag"))?;
        m.try_set_option("threads", limits.threads as i32).map_err(|_| refused("threads"))?;
        let seed = (limits.seed & 0x7fff_ffff) as i32;
        m.try_set_option("random_seed", seed).map_err(|_| refused("random_seed"))?;
        // The rule for parallel rows and columns calls feasible models infeasible where coefficients differ by orders of
        // magnitude (1.15.0 and 1.15.1): see the test `parallel_rows_are_left_alone`.
        let unused = if limits.cautious { 0b1111 << 12 } else { 1 << 13 };
        m.try_set_option("presolve_rule_off", unused).map_err(|_| refused("presolve_rule_off"))?;
        if let Some(share) = limits.heuristics {
            m.try_set_option("mip_heuristic_effort", share.clamp(0.0, 1.0))
                .map_err(|_| refused("mip_heuristic_effort"))?;
        }
        // Rows hold euros: at the default of 1e-6 a "whole" post may be worth some euros more than it costs.
        m.try_set_option("mip_feasibility_tolerance", 1e-9)
            .map_err(|_| refused("mip_feasibility_tolerance"))?;
        m.try_set_option("mip_rel_gap", limits.rel_gap).map_err(|_| refused("mip_rel_gap"))?;
        m.try_set_option("mip_abs_gap", limits.abs_gap).map_err(|_| refused("mip_abs_gap"))?;
        if let Some(left) = left {
            m.try_set_option("time_limit", left.as_secs_f64()).map_err(|_| refused("time_limit"))?;
        }
        Ok(())
    }

    /// good_lp drops the constant of the objective.
    pub fn set_offset(&mut self, offset: f64) -> Result<(), Refusal> {
        // SAFETY: the pointer is that of the live model.
        ok(unsafe { highs_sys::Highs_changeObjectiveOffset(self.model.as_mut_ptr(), offset) }, "offset")
    }

    /// A starting solution, in part or whole; what is missing is completed by the solver, not 0.
    pub fn set_start(&mut self, index: &[i32], value: &[f64]) -> Result<(), Refusal> {
        assert_eq!(index.len(), value.len());
        let n = i32::try_from(index.len()).map_err(|e| e.to_string())?;
        // SAFETY: both arrays hold `n` entries and are copied by the call.
        let status = unsafe {
            highs_sys::Highs_setSparseSolution(self.model.as_mut_ptr(), n, index.as_ptr(), value.as_ptr())
        };
        ok(status, "starting solution")
    }

    /// Runs the solver. Once only: the callback is left pointing at a watcher that is gone.
    pub fn solve(mut self, watcher: &Watcher<'_>) -> Result<(Solved, Status), Refusal> {
        let data = std::ptr::from_ref(watcher).cast_mut().cast::<c_void>();
        let h = self.model.as_mut_ptr();
        // SAFETY: `h` is the live model; `data` points to a watcher that outlives `Highs_run` below,
        // and the model cannot run again since `self` is consumed.
        ok(unsafe { highs_sys::Highs_setCallback(h, Some(callback), data) }, "callback")?;
        for kind in [
            highs_sys::kHighsCallbackSimplexInterrupt,
            highs_sys::kHighsCallbackIpmInterrupt,
            highs_sys::kHighsCallbackMipInterrupt,
            highs_sys::kHighsCallbackMipImprovingSolution,
        ] {
            // SAFETY: as above.
            ok(unsafe { highs_sys::Highs_startCallback(h, kind) }, "callback")?;
        }
        // SAFETY: as above; the run happens on this thread, which is not inside a callback.
        let failed = unsafe { highs_sys::Highs_run(h) } == highs_sys::STATUS_ERROR;
        // SAFETY: the model is live; this only reads.
        let model = unsafe { highs_sys::Highs_getModelStatus(h) };
        let mut solved = Solved { model: self.model };
        let primal = solved.int(c"primal_solution_status").unwrap_or(highs_sys::SOLUTION_STATUS_NONE);
        let has_solution = primal == highs_sys::SOLUTION_STATUS_FEASIBLE;
        let has_values = primal != highs_sys::SOLUTION_STATUS_NONE;
        Ok((solved, Status { model, failed, has_solution, has_values }))
    }
}

/// A model after its run, to be read.
pub(crate) struct Solved {
    model: highs::Model,
}

/// Values and duals as HiGHS keeps them.
pub(crate) struct Vectors {
    pub columns: Vec<f64>,
    pub column_duals: Vec<f64>,
    pub row_duals: Vec<f64>,
}

#[allow(unsafe_code)]
impl Solved {
    fn int(&mut self, name: &CStr) -> Option<c_int> {
        let mut v: c_int = 0;
        // SAFETY: the model is live, the name is nul-terminated, `v` has the type of the item.
        let s = unsafe { highs_sys::Highs_getIntInfoValue(self.model.as_ptr(), name.as_ptr(), &mut v) };
        (s == highs_sys::STATUS_OK).then_some(v)
    }

    /// The bound of a MIP, constant included.
    pub fn mip_dual_bound(&mut self) -> Option<f64> {
        let mut v: f64 = 0.0;
        let name = c"mip_dual_bound";
        // SAFETY: as for `int`.
        let s = unsafe { highs_sys::Highs_getDoubleInfoValue(self.model.as_ptr(), name.as_ptr(), &mut v) };
        if s == highs_sys::STATUS_OK { finite(v) } else { None }
    }

    pub fn nodes(&mut self) -> u64 {
        let mut v: i64 = 0;
        let name = c"mip_node_count";
        // SAFETY: as for `int`.
        let s = unsafe { highs_sys::Highs_getInt64InfoValue(self.model.as_ptr(), name.as_ptr(), &mut v) };
        if s == highs_sys::STATUS_OK { u64::try_from(v).unwrap_or(0) } else { 0 }
    }

    pub fn vectors(&mut self) -> Vectors {
        let (n, m) = (self.model.num_cols(), self.model.num_rows());
        let mut v = Vectors { columns: vec![0.0; n], column_duals: vec![0.0; n], row_duals: vec![0.0; m] };
        let mut rows = vec![0.0; m];
        // SAFETY: the four arrays have the lengths of the model's columns and rows, which is all that
        // HiGHS writes to.
        unsafe {
            highs_sys::Highs_getSolution(
                self.model.as_ptr(),
                v.columns.as_mut_ptr(),
                v.column_duals.as_mut_ptr(),
                rows.as_mut_ptr(),
                v.row_duals.as_mut_ptr(),
            );
        }
        v
    }
}

fn ok(status: c_int, what: &str) -> Result<(), Refusal> {
    if status == highs_sys::STATUS_ERROR { Err(format!("{what} was refused")) } else { Ok(()) }
}

/// The version of HiGHS that is linked in.
#[allow(unsafe_code)]
pub(crate) fn version() -> String {
    // SAFETY: HiGHS returns a pointer to a constant, null-terminated string that lives for ever.
    unsafe { CStr::from_ptr(highs_sys::Highs_version()) }.to_string_lossy().into_owned()
}
