//! Pure location problems on sorted integer cost lists: p-median, p-center, maximal and set covering.
//!
//! * Data: [`CostLists`], clients by sites, nearest first; [`Rules`], sites that must or must not open.
//! * [`p_median`]: smallest weighted cost with exactly `p` sites.
//! * [`p_center`]: smallest of the dearest costs with at most `p` sites.
//! * [`max_cover`]: most weight within a radius with at most `p` sites.
//! * [`set_cover`]: fewest sites such that every client is within a radius.
//! * Readers: [`read::orlib_pmed`], [`read::csv_lists`].
//!
//! Each problem has a `Problem` that is checked when built and a `solve(&problem, &limits, watch)` that
//! gives one [`Outcome`]. Objectives and bounds are integers: objectives are recomputed from the open
//! sites, float bounds of the solver are rounded to the safe side, and [`Status::Optimal`] says that the
//! two are equal. All clients must be served (all but in [`max_cover`]), those of weight 0 too.
//!
//! The problems are written as plain MILPs, whole in memory: a p-median has 3 coefficients and takes up
//! to 3 kB a pair, so some hundreds of clients and sites are within reach, not thousands.

mod greedy;
mod lists;
pub mod max_cover;
mod outcome;
pub mod p_center;
pub mod p_median;
pub mod read;
pub mod set_cover;

pub use lists::{ClientIx, CostLists, LARGEST_TOTAL, ListError, SiteIx};
pub use maillage_milp::{LimitReached, Limits, Progress, SolverFailure};
pub use outcome::{Impossible, Outcome, ProblemError, Rules, Status};
