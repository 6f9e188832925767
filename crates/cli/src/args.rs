//! What may be typed. Help is in both languages, French first.

use crate::locate_args::LocateArgs;
use clap::{Args as Group, Parser, Subcommand, ValueEnum};
use maillage_input::Lang;
use std::path::{Path, PathBuf};

/// Où ouvrir les prochains centres de santé, qui y exerce, qui paie ?
/// Where should the next health centres go, who should staff them, and who pays?
#[derive(Debug, Parser)]
#[command(name = "maillage", version, long_version = crate::about::version(), max_term_width = 100)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Debug, Clone, Copy, Group)]
pub(crate) struct Common {
    /// Langue des messages et du rapport · language of messages and report
    #[arg(long, global = true, value_enum, default_value_t = LangArg::Fr)]
    pub(crate) lang: LangArg,
    /// JSON sur la sortie standard, messages sur la sortie d'erreur · JSON on stdout, messages on stderr
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Ni progression ni avertissements · no progress, no warnings
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// The process that watches this one; only it says so.
    #[arg(long, global = true, hide = true, value_name = "PID")]
    pub(crate) supervisor: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LangArg {
    /// Français
    Fr,
    /// English
    En,
}

impl From<LangArg> for Lang {
    fn from(lang: LangArg) -> Lang {
        match lang {
            LangArg::Fr => Lang::Fr,
            LangArg::En => Lang::En,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Résout un scénario : dossier de résultats et résumé · solve a scenario: result folder and summary
    Solve {
        /// Fichier de scénario · scenario file
        scenario: PathBuf,
        /// Dossier de résultats ; par défaut out/NOM · result folder; out/NAME by default
        #[arg(short, long)]
        output: Option<PathBuf>,
        #[command(flatten)]
        limits: LimitArgs,
    },
    /// Résout et compare tous les scénarios d'une suite · solve and compare all scenarios of a suite
    Suite(Box<crate::suite::SuiteArgs>),
    /// Ce qu'apporte chaque budget, ou chaque poste, avec sa borne · what each budget or post brings, with its bound
    Frontier(Box<crate::frontier::FrontierArgs>),
    /// D'autres plans presque aussi bons, et différents · other plans, nearly as good and different
    Alternatives(Box<crate::alternatives::AlternativesArgs>),
    /// Vérifie un résultat sans solveur, à partir des données · check a result without a solver, from the inputs
    Check {
        /// Dossier de résultats, de plusieurs (suite), ou fichier de « locate » · folder of a result, of several, or file of `locate`
        result: PathBuf,
        /// Le scénario (ou l'instance), s'il a été déplacé · the scenario (or instance), if it has moved
        #[arg(long)]
        scenario: Option<PathBuf>,
    },
    /// Refait la page, les tableaux et d'autres fichiers, sans résoudre · rebuild page, tables, other files
    Report(crate::report::ReportArgs),
    /// Pourquoi un site ouvre ou non, ce que coûtent les règles, pourquoi aucun plan · why a plan, or none
    Explain(Box<crate::explain::ExplainArgs>),
    /// Résout un problème de localisation pur · solve a pure location problem
    Locate(Box<LocateArgs>),
    /// Temps de trajet par la route, d'un extrait OpenStreetMap · travel times by road, from an OpenStreetMap extract
    Travel(crate::travel::TravelArgs),
    /// Mesure l'accès aux soins d'un territoire : APL, trajets, inégalités · measure access to care
    Access {
        /// Fichier de territoire · territory file
        territory: PathBuf,
        /// Réglages des mesures (schéma « access ») · settings of the measures (schema `access`)
        #[arg(long)]
        settings: Option<PathBuf>,
        /// Un second état du territoire : qui gagne, qui perd · a second state: who gains, who loses
        #[arg(long, value_name = "TERRITORY")]
        against: Option<PathBuf>,
        /// Dossier où écrire access.json, zones.csv, places.csv · folder for access.json, zones.csv, places.csv
        #[arg(short, long)]
        output: Option<PathBuf>,
    },
    /// Vérifie un scénario, un territoire, un profil sans rien résoudre · check a file without solving
    Validate {
        /// Fichier · file
        file: PathBuf,
    },
    /// Affiche le schéma JSON d'un type de fichier · print the JSON Schema of a kind of file
    Schema {
        /// Type de fichier · kind of file
        #[arg(value_parser = clap::builder::PossibleValuesParser::new(maillage_scenario::SCHEMAS))]
        kind: String,
    },
    /// Complétion des commandes, pour un shell · completions of command lines, for a shell
    Completions {
        /// Shell · shell
        #[arg(value_enum)]
        shell: crate::about::ShellArg,
    },
    /// Pages de manuel, dans un dossier · manual pages, in a folder
    Man(crate::about::ManualArgs),
}

impl Command {
    /// The limits of a command that solves.
    pub(crate) fn limits(&self) -> Option<&LimitArgs> {
        match self {
            Command::Solve { limits, .. } => Some(limits),
            Command::Suite(args) => Some(&args.limits),
            Command::Frontier(args) => Some(&args.limits),
            Command::Alternatives(args) => Some(&args.limits),
            Command::Explain(args) => Some(&args.limits),
            Command::Locate(args) => Some(&args.limits),
            Command::Check { .. }
            | Command::Report(_)
            | Command::Travel(_)
            | Command::Access { .. }
            | Command::Validate { .. }
            | Command::Schema { .. }
            | Command::Completions { .. }
            | Command::Man(_) => None,
        }
    }

    /// Megabytes that a command that solves may take.
    pub(crate) fn memory_mb(&self) -> Option<u64> {
        self.limits().and_then(LimitArgs::memory_mb)
    }

    /// The file that a command that solves reads first.
    pub(crate) fn input(&self) -> &Path {
        match self {
            Command::Solve { scenario, .. } => scenario,
            Command::Suite(args) => &args.suite,
            Command::Frontier(args) => &args.scenario,
            Command::Alternatives(args) => &args.scenario,
            Command::Explain(args) => &args.scenario,
            Command::Locate(args) => &args.instance,
            _ => Path::new(""),
        }
    }
}

#[derive(Debug, Clone, Copy, Group)]
pub(crate) struct LimitArgs {
    /// Temps maximal, en secondes · time limit, seconds
    #[arg(long, value_name = "S", value_parser = seconds)]
    pub(crate) time_limit: Option<f64>,
    /// Écart relatif accepté ; 0 : preuve · relative gap accepted; 0: a proof
    #[arg(long, value_name = "G", value_parser = share)]
    pub(crate) gap: Option<f64>,
    /// Fils d'exécution du solveur · solver threads
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub(crate) threads: Option<u32>,
    /// Graine du solveur · solver seed
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=2_147_483_647))]
    pub(crate) seed: Option<u32>,
    /// Mémoire permise (espace d'adressage), en Mo · memory allowed (address space), MB
    #[cfg(unix)]
    #[arg(long, value_name = "MB", value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    pub(crate) memory: Option<u64>,
}

impl LimitArgs {
    /// Megabytes that may be taken; not to be asked for where the system has no such limit.
    pub(crate) fn memory_mb(&self) -> Option<u64> {
        #[cfg(unix)]
        return self.memory;
        #[cfg(not(unix))]
        return None;
    }
}

fn seconds(text: &str) -> Result<f64, String> {
    bounded(text, 0.0, 1e9)
}

fn share(text: &str) -> Result<f64, String> {
    bounded(text, 0.0, 1.0)
}

fn bounded(text: &str, low: f64, high: f64) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(x) if (low..=high).contains(&x) => Ok(x),
        _ => Err(format!("nombre attendu entre {low} et {high} · number expected between {low} and {high}")),
    }
}
