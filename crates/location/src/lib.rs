//! Pure location problems on sorted integer cost lists, solved exactly.
//!
//! * Data: [`CostLists`], clients by sites, nearest first; [`Rules`], sites that must or must not open; [`Points`] of a plane and
//!   [`NearLists`] of them; [`Charges`], costs with opening charges; [`cover::Signatures`], clients by what covers them.
//! * [`p_median`]: smallest weighted cost with exactly `p` sites, on lists or on a plane.
//! * [`p_center`]: smallest of the dearest costs with at most `p` sites.
//! * [`max_cover`]: most weight within a radius with at most `p` sites or a budget; [`partial_cover`]: the cheapest sites for a
//!   given weight; [`set_cover`]: fewest sites such that every client is within a radius; [`backup_cover`]: twice.
//! * [`fixed_charge`]: openings and service at least cost; [`capacitated`]: the same with capacities, demand split or not.
//! * [`further`]: plans beside the best one that differ from it; p-medians have their own, [`p_median::alternatives`].
//! * Readers of benchmark formats: [`read`].
//!
//! Each problem has a `Problem` that is checked when built and a `solve(&problem, &limits, watch)` that
//! gives one [`Outcome`] (or [`ChargeOutcome`]). Objectives and bounds are integers: objectives are recomputed from the open
//! sites, float bounds of the solver are rounded to the safe side, and [`Status::Optimal`] says that the
//! two are equal. All clients must be served where coverage is not what is counted, those of weight 0 too.
//!
//! p-medians, fixed charges, p-centers and set coverings are proven by branching of their own, every bound counted in integers
//! from multipliers, as are capacities with demand split; the others, and set coverings that are too large, leave their last word to
//! the MILP solver.
//! `certified_bound` of the module of each problem counts again what multipliers prove, without a solver: the bound of the
//! relaxation.

pub mod backup_cover;
pub mod capacitated;
mod charges;
pub mod cover;
pub mod fixed_charge;
pub mod further;
mod greedy;
mod lists;
pub mod max_cover;
mod nearest;
mod outcome;
pub mod p_center;
pub mod p_median;
pub mod partial_cover;
mod points;
pub mod read;
pub mod set_cover;

pub use charges::{ChargeError, ChargeOutcome, Charges, MAX_PAIRS, Multipliers};
pub use lists::{ClientIx, CostLists, LARGEST_TOTAL, ListError, SiteIx};
pub use maillage_milp::{LimitReached, Limits, Progress, SolverFailure};
pub use nearest::NearLists;
pub use outcome::{Alternatives, Impossible, Outcome, ProblemError, Rules, Status};
pub use points::Points;
