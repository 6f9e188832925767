//! How a table is named: the same for every table of `territory.json`.

use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A table: CSV, XLSX or GeoPackage, recognised by content; gzip is read as it is.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct TableFile {
    /// Path, relative to this file: CSV (`;`, `,`, tabulation or `|`), XLSX or GeoPackage, gzip or not.
    #[schemars(length(min = 1))]
    pub file: String,
    /// Sheet of an XLSX workbook; needed where it has several.
    pub sheet: Option<String>,
    /// Layer of a GeoPackage; needed where it has several.
    pub layer: Option<String>,
    /// Row that holds the names of the columns in a CSV or XLSX file, from 1; 1 unless the format says otherwise.
    #[schemars(range(min = 1, max = 1000))]
    pub header_row: Option<u32>,
    /// From the name of a column as documented here to its name in the file, such as `"code_commune": "INSEE_COM"`.
    /// An empty name: the column is not read.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    /// From the name of a column of the file to the texts allowed there, such as `"TYPEQU": ["D201", "D265"]`: only
    /// rows that fit every column named are read.
    #[serde(default, rename = "where")]
    pub rows: BTreeMap<String, Vec<String>>,
}
