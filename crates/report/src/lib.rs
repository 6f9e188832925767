//! Plans as pages, tables and files of other tools, in French and English.
//!
//! * [`View`]: everything a page needs of one solved scenario.
//! * [`report_html`]: one self-contained page, readable offline; [`summary`]: one screen of terminal.
//! * [`access_summary`], [`access_zones_csv`], [`access_places_csv`]: measures of access to care.
//! * [`sites_csv`], [`posts_csv`], [`money_csv`], [`assignments_csv`], [`indicators_csv`], [`plan_geojson`]: the
//!   tables.
//! * [`frontier_html`]: what each value of a limit buys.
//! * [`exports`], [`SuiteExports`]: GeoPackage, workbook, note, maps and charts, on demand.
//!
//! All but [`summary`] depend only on what was decided, never on how long it took: equal plans give equal bytes, but for
//! the section of a page that is marked `data-times` and the times in `result.json` that it shows. Nothing here solves, and
//! nothing here reads or writes a file.

#![forbid(unsafe_code)]

mod access;
mod changes;
mod charts;
mod curve;
mod export;
mod figures;
mod frontier;
mod frontier_page;
mod health;
mod layers;
mod map;
mod page;
mod progress;
mod rows;
mod scatter;
mod suite;
mod summary;
mod tables;
#[cfg(test)]
mod tests;
mod verdict;
mod words;

pub use access::{Against, access_places_csv, access_summary, access_zones_csv, trajectory_csv, zoning_csv};
pub use export::{EXPORT_FILES, Export, SUITE_EXPORT_FILES, SuiteExports, Unmade, exports};
pub use frontier_page::{FrontierPoint, FrontierSite, FrontierView, frontier_html};
pub use health::{goal_figure, goal_text};
pub use layers::plan_geojson;
pub use page::report_html;
pub use scatter::comparison_svg;
pub use suite::{SuiteScenario, SuiteSite, SuiteTable, SuiteView, plan_data, suite_html};
pub use summary::summary;
pub use tables::{assignments_csv, indicators_csv, money_csv, posts_csv, sites_csv};

use maillage_programme::health::Health;
use maillage_programme::{AccessBasis, AssignmentRow, ResultRecord, StructureType};
use maillage_territory::{Persons, PlaceIx, Territory};

/// One solved scenario, ready to be shown.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The territory.
    pub territory: &'a Territory,
    /// What the result says.
    pub record: &'a ResultRecord,
    /// Who is listed where, before and after.
    pub assignments: &'a [AssignmentRow],
    /// People in the scope of the scenario, one entry per place of the territory: the same as given to
    /// [`maillage_programme::indicators`]. In a health programme those of the last year.
    pub people: &'a [Persons],
    /// Places where something could open.
    pub candidates: &'a [PlaceIx],
    /// On what accessibility is measured; `None` in plain location problems.
    pub access: Option<&'a AccessBasis>,
    /// Types of structure of the programme; empty in plain location problems.
    pub types: &'a [StructureType],
    /// The health programme, for names and supply; `None` in every other problem.
    pub health: Option<&'a Health>,
}
