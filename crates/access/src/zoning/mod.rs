//! Zoning: dated sets of thresholds that class zones by their accessibility, and the aids that each class opens.
//!
//! Thresholds and ceilings are inputs with a year, never constants: a [`ThresholdSet`] is data, one's own or one
//! of [`shipped()`]. What a source does not state is absent there, and a set without thresholds classes nothing.
//!
//! What is modelled is the method for doctors of CSP L1434-4: a zone at or below the first threshold is of
//! priority (ZIP-A) wherever it is; among those up to the second (the vivier) the regional agency chooses under
//! ceilings on population. The agency's own choice, additions outside the vivier (up to 5 % of its population in
//! 2017) and agreements between regions are not: a published zoning always wins over this computation.
//!
//! A priority urban district (QPV) that lies partly inside a zone of the vivier can be ZIP or ZAC by itself.
//! That needs people and a class by district, which no table of a territory holds: [`ThresholdSet::classify`]
//! leaves it out.

mod aid;
mod classify;
mod date;
mod set;

pub use aid::{Aid, eligible};
pub use classify::{Classified, RegionUse, Share, Why, ZoneApl, Zoning};
pub use date::{BadDate, Date};
pub use set::{BadSet, Ceiling, Threshold, ThresholdSet, ZoneClass, in_force};

use maillage_input::Document;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// Sets of thresholds and aids, as a file holds them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ZoningFile {
    /// Sets of thresholds.
    #[serde(default)]
    pub sets: Vec<ThresholdSet>,
    /// Aids.
    #[serde(default)]
    pub aids: Vec<Aid>,
}

/// What is known of French zonings of doctors and their aids: the methods of 2017, 2021 and 2025. Each entry
/// names its source.
pub fn shipped() -> &'static ZoningFile {
    static SHIPPED: LazyLock<ZoningFile> = LazyLock::new(|| {
        let document = Document::parse("zoning.json", include_str!("../../data/zoning.json")).ok();
        // A test reads the same file and would fail first.
        document.and_then(|d| d.decode().ok()).unwrap_or_default()
    });
    &SHIPPED
}
