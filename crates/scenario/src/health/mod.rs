//! Health programmes: the shape of the file, validation, solving, and what a result says.
//!
//! * `file*`: what may be written; `load*`: names to indices, all problems at once.
//! * `run`, `record`, `state`: a plan as a result; `clash`: why there is none; `granted`: what was assumed.

mod clash;
mod file;
mod file_means;
mod file_rules;
mod file_types;
mod granted;
mod load;
mod load_means;
mod load_rules;
mod load_sites;
mod load_types;
mod places;
mod record;
mod run;
mod state;

pub(crate) use clash::clash;
pub(crate) use file::ProgrammeFile;
pub(crate) use file_types::CommittedFile;
pub(crate) use granted::assumptions;
pub(crate) use load::load;
pub(crate) use run::solve;
pub(crate) use state::calendar;
