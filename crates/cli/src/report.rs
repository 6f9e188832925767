//! `maillage report`: pages, tables and files of other tools from results, without solving.

use crate::Exit;
use crate::args::Common;
use crate::console;
use clap::{Args, ValueEnum};
use maillage_input::{Lang, Problems};
use maillage_report::Export;
use maillage_scenario::{RebuildOptions, rebuild};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// Dossier de résultats d'un scénario ou d'une suite · result folder of a scenario or of a suite
    dir: PathBuf,
    /// Fichiers à produire en plus, séparés par des virgules · files to make besides, separated by commas
    #[arg(long, value_name = "FILES", value_enum, value_delimiter = ',')]
    with: Vec<With>,
    /// Le scénario, s'il a été déplacé · the scenario, if it has moved
    #[arg(long)]
    scenario: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum With {
    /// GeoPackage pour QGIS · GeoPackage for QGIS
    Gpkg,
    /// Classeur · workbook
    Xlsx,
    /// Note à modifier (ODT) · note to be edited (ODT)
    Note,
    /// Cartes et graphiques (SVG et PNG) · maps and charts (SVG and PNG)
    Maps,
}

impl From<With> for Export {
    fn from(with: With) -> Export {
        match with {
            With::Gpkg => Export::Gpkg,
            With::Xlsx => Export::Xlsx,
            With::Note => Export::Note,
            With::Maps => Export::Maps,
        }
    }
}

pub(crate) fn report(args: ReportArgs, common: Common) -> Result<Exit, Problems> {
    let exports = args.with.into_iter().map(Export::from).collect();
    let options = RebuildOptions { scenario: args.scenario, exports, lang: Lang::from(common.lang) };
    let files = rebuild(&args.dir, &options)?;
    let shown: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    if common.json {
        console::print(&serde_json::json!({ "files": shown }).to_string());
    } else if !common.quiet {
        console::print(&shown.join("\n"));
    }
    Ok(Exit::Done)
}
