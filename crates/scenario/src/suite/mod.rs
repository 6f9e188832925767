//! Suites: many scenarios made of one base, solved side by side, compared.
//!
//! * [`load_suite`]: the suite file merged into scenarios, or every problem in it.
//! * [`Suite::prepare`]: each scenario written as a file of its own, the unit of work.
//! * [`run_suite`]: the units solved in parallel; [`collect_suite`]: the units solved elsewhere.
//! * [`Comparison`]: one row a scenario, one row a site; [`Baseline`]: held against stored results.

mod against;
mod compare;
mod file;
mod journal;
mod junit;
mod kept;
mod load;
mod memory;
mod merge;
mod page;
mod rebuild;
mod regret;
mod row;
mod run;
mod table;
mod units;
mod validate;
mod vary;
mod zones;

pub use against::{Baseline, Worse};
pub use compare::{Comparison, SiteCount};
pub(crate) use compare::{line, shown};
pub use file::SuiteFile;
pub use journal::{Journal, Next};
pub use junit::junit;
pub use load::{Suite, load_suite};
pub(crate) use merge::{put, steps};
pub(crate) use rebuild::{rebuild, units_of};
pub use regret::{MOST_EVALUATIONS, RegretCell, Regrets, regrets};
pub use row::{End, Row, Served};
pub use run::{Names, SuiteOptions, Told, WatchUnits, collect_suite, kept_unit, run_suite, run_unit};
pub use units::{Estimate, Unit, estimates, unit_files, write_file};
