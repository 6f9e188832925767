//! The shape of `territory.json`.

use maillage_input::Text;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A territory: which tables to read, how long it takes to travel, where the data come from.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TerritoryFile {
    /// Address of the JSON Schema, for editors; not read.
    #[serde(rename = "$schema", default)]
    #[allow(dead_code)]
    schema: Option<String>,
    /// Version of this format.
    #[schemars(range(min = 1, max = 1))]
    #[allow(dead_code)]
    schema_version: u32,
    /// Name of the territory.
    #[schemars(length(min = 1))]
    pub name: String,
    /// Year of the commune geography (1 January).
    #[schemars(range(min = 1900, max = 2200))]
    pub geography_year: u16,
    /// The table of places.
    pub places: PlacesFile,
    /// Contours of the places, for maps.
    pub contours: Option<ContoursFile>,
    /// Existing structures: pôles, health houses, centres, hospitals.
    pub structures: Option<StructuresFile>,
    /// Times between places.
    pub travel: TravelFile,
    /// Producers, vintages and licences of the data.
    #[serde(default)]
    pub sources: Vec<Source>,
}

/// The table of places: a CSV file with columns `code_commune`, `name`, `population` and, where known,
/// `code_epci`, `epci`, `lon`, `lat`, `area_km2`, `core` (1 or 0), `gps`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlacesFile {
    /// Path, relative to this file.
    #[schemars(length(min = 1))]
    pub file: String,
    /// Whether the GPs by place were counted or estimated.
    pub supply: SupplyQuality,
    /// Where the GPs by place come from.
    pub source: Text,
}

/// How the supply by place is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SupplyQuality {
    /// Counted by a register.
    Counted,
    /// Spread over places by a rule: results say so.
    Estimated,
}

/// A GeoJSON file of polygons with a `code_commune` (or `code`) property.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContoursFile {
    /// Path, relative to this file.
    #[schemars(length(min = 1))]
    pub file: String,
}

/// A CSV file with columns `site_id`, `structure_id`, `name`, `kind`, `code_commune`, `lon`, `lat`, `emergency`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StructuresFile {
    /// Path, relative to this file.
    #[schemars(length(min = 1))]
    pub file: String,
}

/// Where travel times come from.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum TravelFile {
    /// Estimated from straight lines and density; every output says so.
    Proxy {
        /// Times beyond this are never used.
        #[schemars(range(min = 1, max = 600))]
        max_min: u16,
        /// Speeds; the defaults are fitted values (see the documentation of the proxy).
        #[serde(default)]
        speed: crate::ProxySpeed,
    },
    /// A CSV file `from_id,to_id,minutes`.
    Table {
        /// Path, relative to this file.
        #[schemars(length(min = 1))]
        file: String,
        /// Times beyond this are never used.
        #[schemars(range(min = 1, max = 600))]
        max_min: u16,
        /// Who made the table, with which tool.
        #[schemars(length(min = 1))]
        source: String,
        /// When.
        #[schemars(length(min = 1))]
        date: String,
    },
}

/// One source of data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What.
    pub data: Text,
    /// Who produced it.
    pub producer: Text,
    /// Year.
    pub vintage: Text,
    /// Licence.
    pub licence: String,
}
