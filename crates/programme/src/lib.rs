//! What may be decided and what was decided, as plain types.
//!
//! * [`Task`]: a [`Programme`] of structures and posts, or a plain [`LocationTask`].
//! * [`Plan`]: what was decided; [`ResultRecord`]: what a result says of it.
//! * [`indicators`]: the figures of a plan, before and after.
//! * [`Euros`], [`Hundredths`]: money and figures as exact integers.
//!
//! No solver and no file is known here.

mod access;
pub mod health;
mod indicators;
mod plan;
mod record;
mod task;
mod units;

pub use access::{AccessBasis, apl};
pub use indicators::{Indicator, IndicatorName, Snapshot, State, indicators};
pub use maillage_access::Zone;
pub use plan::{Assignment, LocationPlan, Plan, Staffed};
pub use record::{
    AssignmentRow, Certificate, Clash, FileRecord, GoalRecord, ProgressRecord, ResultRecord, SiteRecord,
    SiteStatus, SolverRecord, Status, TravelRecord, seal_of,
};
pub use task::{
    Goal, Limits, LocationProblem, LocationTask, Programme, Role, Site, SiteIx, StructureForm, StructureType,
    Task, TypeIx,
};
pub use units::{Euros, Hundredths};
