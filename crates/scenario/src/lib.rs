//! Scenario files: shape, validation with positions, solving into a result folder, checking it again.
//!
//! * [`load`]: a scenario file and all it names, or every problem in them.
//! * [`run`]: the task solved, as a [`Finished`] run.
//! * [`write()`]: the result folder, all of it or nothing.
//! * [`rebuild()`]: its page and tables written anew, and files of other tools, without solving.
//! * [`explain()`]: why a plan is as it is, or why there is none, by solving scenarios beside it.
//! * [`check()`]: a result held against its inputs, without a solver.
//! * [`load_suite`], [`run_suite`]: many scenarios made of one base, solved side by side and compared.
//! * [`frontier()`]: one scenario under many values of one limit.
//! * [`alternatives()`]: other plans that are nearly as good.
//! * [`locate()`]: a pure location problem from a benchmark file or a cost table.
//! * [`access()`]: measures of access over a territory.
//! * [`schema`]: the published JSON Schemas.

mod access;
mod alternatives;
mod between;
mod explain;
mod file;
mod folder;
mod frontier;
mod granted;
mod health;
mod load;
mod load_siting;
mod locate;
mod location;
mod log;
mod machine;
mod progress;
mod rebuild;
mod run;
mod siting;
mod stored;
mod suite;
mod territories;
mod verify;
mod versions;

pub use access::{Measured, access, write_access};
pub use alternatives::{AlternativePlan, Alternatives, AlternativesOptions, alternatives};
pub use explain::{
    Beyond, Change, Decision, Difference, ExplainOptions, Explanation, Figure, Moves, NumberChange, OneMore,
    Outcome, PlaceMove, Price, Relaxation, SiteExplanation, Unit as FigureUnit, WayOut, explain,
};
pub use file::ScenarioFile;
pub use folder::{ready, receive, write};
pub use frontier::{
    DeployedSite, FrontierPointRecord, FrontierRecord, MOST_POINTS, Vary, frontier, write_frontier,
};
pub use load::{Loaded, load, validate};
pub use locate::{
    LocateCertificate, LocateFormat, LocateOptions, LocateProblem, Located, ProofKind, Radius, Rounding,
    locate, write_located,
};
pub use log::Log;
pub use maillage_milp::solver_name;
pub use maillage_programme::Status;
pub use rebuild::{RebuildOptions, rebuild};
pub use run::{Event, Finished, RunFailure, RunOptions, run};
pub use suite::{
    Baseline, Comparison, End, Estimate, Journal, MOST_EVALUATIONS, Names, Next, RegretCell, Regrets, Row,
    Served, SiteCount, Suite, SuiteFile, SuiteOptions, Told, Unit, WatchUnits, Worse, collect_suite,
    estimates, junit, kept_unit, load_suite, regrets, run_suite, run_unit, unit_files, write_file,
};
pub use territories::Territories;
pub use verify::{Verdict, check, check_all, results_in};

/// Kinds of file that have a published schema.
pub const SCHEMAS: [&str; 7] =
    ["scenario", "suite", "territory", "access", "profile", "result", "locate-result"];

/// The JSON Schema of a kind of file; `None` for an unknown kind.
///
/// ```
/// let schema = maillage_scenario::schema("scenario").unwrap();
/// assert!(schema["properties"]["problem"].is_object());
/// ```
pub fn schema(kind: &str) -> Option<serde_json::Value> {
    match kind {
        "scenario" => Some(schemars::schema_for!(ScenarioFile).to_value()),
        "suite" => Some(schemars::schema_for!(SuiteFile).to_value()),
        "access" => Some(schemars::schema_for!(maillage_access::AccessSettings).to_value()),
        "profile" => Some(schemars::schema_for!(maillage_travel::profile::Profile).to_value()),
        "result" => Some(schemars::schema_for!(maillage_programme::ResultRecord).to_value()),
        "locate-result" => Some(schemars::schema_for!(Located).to_value()),
        "territory" => Some(schemars::schema_for!(maillage_territory::TerritoryFile).to_value()),
        _ => None,
    }
}
