//! The command `travel`: its arguments and what it calls.

use crate::Exit;
use crate::args::Common;
use crate::console;
use clap::{Args, Subcommand, ValueEnum};
use maillage_input::{Lang, Problems};
use maillage_travel::calibrate::calibrate;
use maillage_travel::import::{Format, ImportOptions, Unit};
use maillage_travel::run::{self, Built, ImportJob, RoadJob};
use maillage_travel::snap::SnapLimits;
use maillage_travel::table::{TableOptions, write};
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct TravelArgs {
    #[command(subcommand)]
    command: Option<TravelCommand>,
    #[command(flatten)]
    roads: Option<RoadArgs>,
}

#[derive(Debug, Args)]
struct RoadArgs {
    /// Extrait OpenStreetMap (.osm.pbf) · OpenStreetMap extract (.osm.pbf)
    extract: PathBuf,
    /// Table id,lat,lon des lieux de départ · table id,lat,lon of the places one leaves
    #[arg(long)]
    places: PathBuf,
    /// Table id,lat,lon des lieux d'arrivée ; par défaut les mêmes · of the places one reaches; the same by default
    #[arg(long)]
    to: Option<PathBuf>,
    /// car | foot | bicycle | fichier de profil · profile file
    #[arg(long, default_value = "car")]
    profile: String,
    /// Temps le plus long, en minutes · longest time, minutes
    #[arg(long, value_name = "MIN", default_value_t = 60, value_parser = clap::value_parser!(u16).range(1..=1440))]
    max_min: u16,
    /// Lieux signalés comme loin d'une route, en mètres · places said to be far from a road, metres
    #[arg(long, value_name = "M", default_value_t = 1_000)]
    far_m: u32,
    /// Lieux laissés sans route, en mètres · places left without a road, metres
    #[arg(long, value_name = "M", default_value_t = 10_000)]
    most_m: u32,
    /// Fichier où garder le graphe préparé · file where the prepared graph is kept
    #[arg(long)]
    prepared: Option<PathBuf>,
    /// Fils d'exécution ; par défaut tous · threads; all by default
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1024))]
    threads: Option<u32>,
    /// Table écrite : from_id,to_id,minutes ; .mtt : binaire ; .parquet · table to write; .mtt: binary; .parquet
    #[arg(short, long)]
    output: PathBuf,
}

#[derive(Debug, Subcommand)]
enum TravelCommand {
    /// Reprend la table d'un autre outil · read the table of another engine
    Import(ImportArgs),
    /// Cale les vitesses du proxy sur une table, et dit l'écart · fit the proxy's speeds on a table, say how far off it is
    Calibrate(CalibrateArgs),
}

#[derive(Debug, Args)]
struct CalibrateArgs {
    /// Table from_id,to_id,minutes, CSV ou .mtt · table, CSV or .mtt
    table: PathBuf,
    /// Table de ses lieux : id,lat,lon,population,area_km2 · table of its places
    #[arg(long)]
    places: PathBuf,
    /// Fichier JSON à écrire · JSON file to write
    #[arg(short, long)]
    output: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct ImportArgs {
    /// Fichier · file
    file: PathBuf,
    /// Outil · engine
    #[arg(long, value_enum)]
    from: FormatArg,
    /// Unité des temps, si ce n'est pas celle de l'outil · unit of the times, where it is not the engine's
    #[arg(long, value_enum)]
    unit: Option<UnitArg>,
    /// Pour une matrice : table id,lat,lon de ses lieux, dans son ordre · for a matrix: its places, in its order
    #[arg(long)]
    places: Option<PathBuf>,
    /// Pour une matrice : ses lieux d'arrivée · for a matrix: the places one reaches
    #[arg(long)]
    to: Option<PathBuf>,
    /// Colonnes de départ, d'arrivée et de temps, s'il le faut · columns of both places and the time, if need be
    #[arg(long, num_args = 3, value_names = ["FROM", "TO", "TIME"])]
    columns: Option<Vec<String>>,
    /// Temps le plus long, en minutes · longest time, minutes
    #[arg(long, value_name = "MIN")]
    max_min: Option<u16>,
    /// Table écrite : from_id,to_id,minutes ; .mtt : binaire ; .parquet · table to write; .mtt: binary; .parquet
    #[arg(short, long)]
    output: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatArg {
    /// Service « table » d'OSRM, JSON · OSRM's table service, JSON
    Osrm,
    /// « sources_to_targets » de Valhalla, JSON · Valhalla's, JSON
    Valhalla,
    /// Distancier METRIC, CSV · METRIC distance tables, CSV
    Metric,
    /// r5r, r5py, CSV
    R5,
    /// PySAL access, CSV
    Access,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum UnitArg {
    /// Secondes
    Seconds,
    /// Minutes
    Minutes,
    /// Heures
    Hours,
}

impl ImportArgs {
    fn job(self) -> (ImportJob, PathBuf) {
        let format = match self.from {
            FormatArg::Osrm => Format::Osrm,
            FormatArg::Valhalla => Format::Valhalla,
            FormatArg::Metric => Format::Metric,
            FormatArg::R5 => Format::R5,
            FormatArg::Access => Format::Access,
        };
        let unit = self.unit.map(|unit| match unit {
            UnitArg::Seconds => Unit::Seconds,
            UnitArg::Minutes => Unit::Minutes,
            UnitArg::Hours => Unit::Hours,
        });
        let columns = self.columns.and_then(|names| names.try_into().ok());
        let options = ImportOptions { format, unit, codes: None, columns, max_minutes: self.max_min };
        (ImportJob { file: self.file, places: self.places, to: self.to, options }, self.output)
    }
}

impl RoadArgs {
    fn job(self) -> (RoadJob, PathBuf) {
        let all = || std::thread::available_parallelism().map_or(1, usize::from);
        let options = TableOptions {
            max_minutes: self.max_min,
            limits: SnapLimits { far_m: self.far_m.into(), most_m: self.most_m.into() },
            threads: self.threads.map_or_else(all, |n| n as usize),
        };
        let job = RoadJob {
            extract: self.extract,
            places: self.places,
            to: self.to,
            profile: self.profile,
            prepared: self.prepared,
            options,
        };
        (job, self.output)
    }
}

pub(crate) fn travel(args: TravelArgs, common: Common) -> Result<Exit, Problems> {
    let (built, warnings, output) = match (args.command, args.roads) {
        (Some(TravelCommand::Calibrate(args)), _) => return fit(&args, common),
        (Some(TravelCommand::Import(args)), _) => {
            let (job, output) = args.job();
            let (built, warnings) = run::from_import(&job)?;
            (built, warnings, output)
        }
        (None, Some(args)) => {
            let (job, output) = args.job();
            let (built, warnings) = run::from_roads(&job)?;
            (built, warnings, output)
        }
        // clap asks for one or the other.
        (None, None) => return Ok(Exit::Internal),
    };
    finish(&built, &warnings, &output, common)
}

fn fit(args: &CalibrateArgs, common: Common) -> Result<Exit, Problems> {
    let (found, warnings) = calibrate(&args.table, &args.places)?;
    warn(&warnings, common);
    if let Some(output) = &args.output {
        found.write(output)?;
    }
    if common.json {
        console::print(&format!("{:#}", serde_json::json!(found)));
    } else {
        console::print(found.text().get(Lang::from(common.lang)));
    }
    Ok(Exit::Done)
}

fn warn(warnings: &Problems, common: Common) {
    if !common.quiet && !warnings.is_empty() {
        console::problems(warnings, Lang::from(common.lang), false);
    }
}

fn finish(built: &Built, warnings: &Problems, output: &Path, common: Common) -> Result<Exit, Problems> {
    let lang = Lang::from(common.lang);
    warn(warnings, common);
    write(output, &built.table, &built.made, &built.coverage)?;
    if common.json {
        let json = serde_json::json!({ "made": built.made, "coverage": built.coverage });
        console::print(&format!("{json:#}"));
    } else {
        console::print(built.text().get(lang));
    }
    Ok(Exit::Done)
}
