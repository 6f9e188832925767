//! The shape of `territory.json`.

mod care;
mod table;

pub use care::{
    AgesFile, AgesFormat, DutyFile, DutyPointsFile, NeedFile, PassageFile, ProfessionalsFile,
    ProfessionalsFormat, PublishedFile, PublishedFormat, RotasFile,
};
pub use table::TableFile;

use crate::StructureKind;
use maillage_input::{Step, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How files of older versions become those of today: there is one version so far.
pub(crate) const STEPS: [Step; 0] = [];

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
    /// Former commune codes, for tables of another year than the places.
    pub passage: Option<PassageFile>,
    /// Contours of the places, for maps.
    pub contours: Option<ContoursFile>,
    /// Existing structures: pôles, health houses, centres, hospitals. One table or a list of tables.
    pub structures: Option<StructuresFiles>,
    /// Times between places.
    pub travel: TravelFile,
    /// Need for care by place.
    pub need: Option<NeedFile>,
    /// People by place and age.
    pub population_by_age: Option<AgesFile>,
    /// Practitioners by place, one table for each profession.
    #[serde(default)]
    pub professionals: Vec<ProfessionalsFile>,
    /// Accessibility published by place, to compare with.
    #[serde(default)]
    pub published: Vec<PublishedFile>,
    /// Out-of-hours care.
    pub duty: Option<DutyFile>,
    /// Producers, vintages and licences of the data.
    #[serde(default)]
    pub sources: Vec<Source>,
}

/// The table of places: columns `code_commune`, `name`, `population` and, where known, `code_epci`, `epci`, `canton`,
/// `canton_name`, `living_area`, `living_area_name`, `department`, `department_name`, `region`, `region_name`, `zone_class`, `lon`, `lat`,
/// `area_km2`, `core` (1 or 0), `gps`, `standard_population`, `need_factor`. Unless `columns` names `lon` and `lat`, a
/// GeoPackage layer gives them by its points, and contours by its polygons.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlacesFile {
    #[serde(flatten)]
    pub(crate) table: TableFile,
    /// Whether the GPs of the column `gps` were counted or estimated; needed with that column.
    pub supply: Option<SupplyQuality>,
    /// Where the GPs of the column `gps` come from; needed with that column.
    pub source: Option<Text>,
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

/// Polygons in WGS84: a GeoJSON file with a `code_commune` (or `code`) property, or a GeoPackage layer with such a
/// column. Former codes are not looked up.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContoursFile {
    /// Path, relative to this file.
    #[schemars(length(min = 1))]
    pub file: String,
    /// Layer of a GeoPackage; needed where it has several.
    pub layer: Option<String>,
    /// From `code_commune` to its name in the file.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
}

/// One table of structures, or several.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum StructuresFiles {
    /// One table.
    One(Box<StructuresFile>),
    /// Several tables.
    Several(Vec<StructuresFile>),
}

/// Existing structures: columns `site_id`, `structure_id`, `name`, `kind`, `code_commune` and, where known, `lon`,
/// `lat`, `emergency` (1 or 0).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StructuresFile {
    #[serde(flatten)]
    pub(crate) table: TableFile,
    /// Whose columns the file has.
    #[serde(default)]
    pub format: StructuresFormat,
    /// From a word of the column `kind` to what it is here; rows with another word are not read. Unless given, the
    /// words are `pole`, `msp`, `centre`, `hospital`, and in `finess` the categories 603 (msp), 124 (centre), 101,
    /// 106 and 355 (hospital).
    #[serde(default)]
    pub kinds: BTreeMap<String, StructureKind>,
}

/// Columns of a table of structures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StructuresFormat {
    /// The columns named here.
    #[default]
    Csv,
    /// FINESS, list of establishments: the extract `etalab-cs1100502` (no names of columns, record type
    /// `structureet`) or a table with the names `nofinesset`, `rs`, `categetab`, `departement`, `commune`. The
    /// commune is found in the column `code_commune`, else by `department` and `commune`. Each establishment is a
    /// structure; those outside the territory are not read. The extract has no coordinates in degrees; `lon` and
    /// `lat` are read where the table has them.
    Finess,
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
    /// A table with the columns `from_id`, `to_id`, `minutes`, or a binary one (`.mtt`) as `maillage travel` writes it.
    Table {
        /// The table. What `maillage travel` wrote beside it (`FILE.json`) is read with it.
        #[serde(flatten)]
        table: TableFile,
        /// Times beyond this are never used.
        #[schemars(range(min = 1, max = 600))]
        max_min: u16,
        /// Who made the table, with which tool; unless given, what stands beside the table.
        #[schemars(length(min = 1))]
        source: Option<String>,
        /// When; unless given, what stands beside the table.
        #[schemars(length(min = 1))]
        date: Option<String>,
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
