//! What may be typed after `maillage locate`.

use crate::args::LimitArgs;
use clap::{Args, ValueEnum};
use maillage_scenario::{LocateFormat, LocateOptions, LocateProblem, Radius, Rounding, RunOptions};
use std::path::PathBuf;

#[derive(Debug, Clone, Args)]
pub(crate) struct LocateArgs {
    /// Instance (.gz accepté) · instance (.gz read)
    pub(crate) instance: PathBuf,
    /// Format de l'instance · format of the instance
    #[arg(long, value_enum)]
    format: FormatArg,
    /// Problème · problem
    #[arg(long, value_enum)]
    problem: ProblemArg,
    /// Nombre de sites ; par défaut celui de l'instance · number of sites; the instance's by default
    #[arg(long, value_name = "N")]
    p: Option<u32>,
    /// Rayon de couverture, atteint compris ; 6 décimales au plus · covering radius, reached included; 6 decimals at most
    #[arg(long, value_name = "R")]
    radius: Option<Radius>,
    /// Budget pour les sites, au lieu de --p (max-cover, grid) · budget for sites, instead of --p (max-cover, grid)
    #[arg(long, value_name = "B")]
    budget: Option<u64>,
    /// Poids à couvrir (partial-cover) · weight to cover (partial-cover)
    #[arg(long, value_name = "D")]
    demand: Option<u64>,
    /// Couvrir chacun K fois au moins de sites, au lieu de --p (backup-cover) · cover everyone K times with the fewest
    /// sites, instead of --p (backup-cover)
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(1..))]
    times: Option<u32>,
    /// Capacité de chaque site (orlib-cap ; capa, capb et capc n'en donnent pas) · capacity of every site (orlib-cap;
    /// capa, capb and capc give none)
    #[arg(long, value_name = "C")]
    capacity: Option<u64>,
    /// Les K meilleurs plans qui diffèrent (p-median et p-center en listes, max-cover, set-cover, partial-cover,
    /// fixed-charge) · the K best plans that differ (p-median and p-center on lists, max-cover, set-cover, partial-cover,
    /// fixed-charge)
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(1..))]
    plans: Option<u32>,
    /// Avec --plans : sites de chaque plan que tout plan suivant ferme, au moins ; 1 par défaut · with --plans: least number of
    /// sites of each plan that every later one closes; 1 by default
    #[arg(long, value_name = "M", value_parser = clap::value_parser!(u32).range(1..))]
    apart: Option<u32>,
    /// Avec --plans : surcoût permis (max-cover : couverture en moins), en pour cent du meilleur ; 5 par défaut · with --plans:
    /// extra cost allowed (max-cover: coverage forgone), in percent of the best; 5 by default
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    within: Option<f64>,
    /// Table id,weight des poids (csv) · table id,weight (csv)
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,
    /// Arrondi des distances d'un p-médian tsplib : toujours vers le bas ; ailleurs, aucun · rounding of the distances of
    /// a tsplib p-median: always down; none elsewhere
    #[arg(long, value_enum)]
    rounding: Option<RoundingArg>,
    /// Mémoire permise, en Mo ; par défaut 90 % de ce que la machine a de libre · memory allowed, in MB; 90 % of what the
    /// machine has left by default
    #[arg(long, value_name = "MB")]
    memory_mb: Option<u64>,
    /// Fichier de résultat, avec son certificat : « maillage check » le vérifie · result file with its certificate:
    /// `maillage check` verifies it
    #[arg(short, long)]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
}

impl LocateArgs {
    /// What the library takes.
    pub(crate) fn options(&self, run: RunOptions) -> LocateOptions {
        LocateOptions {
            format: self.format.into(),
            problem: self.problem.into(),
            p: self.p,
            radius: self.radius,
            budget: self.budget,
            demand: self.demand,
            times: self.times,
            capacity: self.capacity,
            plans: self.plans,
            apart: self.apart,
            within: self.within,
            weights: self.weights.clone(),
            rounding: self.rounding.map(|RoundingArg::Floor| Rounding::Floor),
            memory_mb: self.memory_mb.or(self.limits.memory_mb()),
            run,
        }
    }
}

fn percent(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(x) if (0.0..=1e6).contains(&x) => Ok(x),
        _ => Err("nombre attendu entre 0 et 1000000 · number expected between 0 and 1000000".to_owned()),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatArg {
    /// OR-Library, p-médiane · OR-Library p-median
    OrlibPmed,
    /// OR-Library, capacités (cap41 … capc) · OR-Library capacitated (cap41 … capc)
    OrlibCap,
    /// UflLib, format simple · UflLib, simple format
    Uflib,
    /// TSPLIB, points du plan · TSPLIB, points of a plane
    Tsplib,
    /// Holmberg, et TB4 · Holmberg, and TB4
    Holmberg,
    /// TBED1
    Tbed1,
    /// Yang
    Yang,
    /// Sites et clients du plan (Cordeau, Furini, Ljubić) · sites and clients of a plane (Cordeau, Furini, Ljubić)
    Grid,
    /// Table from_id,to_id,cost · table from_id,to_id,cost
    Csv,
}

impl From<FormatArg> for LocateFormat {
    fn from(format: FormatArg) -> Self {
        match format {
            FormatArg::OrlibPmed => LocateFormat::OrlibPmed,
            FormatArg::OrlibCap => LocateFormat::OrlibCap,
            FormatArg::Uflib => LocateFormat::Uflib,
            FormatArg::Tsplib => LocateFormat::Tsplib,
            FormatArg::Holmberg => LocateFormat::Holmberg,
            FormatArg::Tbed1 => LocateFormat::Tbed1,
            FormatArg::Yang => LocateFormat::Yang,
            FormatArg::Grid => LocateFormat::Grid,
            FormatArg::Csv => LocateFormat::Csv,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ProblemArg {
    /// p-médiane · p-median
    PMedian,
    /// p-centre · p-center
    PCenter,
    /// Couverture maximale, avec p sites ou un budget · maximal covering, with p sites or a budget
    MaxCover,
    /// Couverture totale au moins de sites · set covering
    SetCover,
    /// Couverture d'un poids donné au moindre coût · partial covering: a given weight at least cost
    PartialCover,
    /// Couverture de secours : deux fois le plus possible, ou K fois tous · backup covering: most twice, or all K times
    BackupCover,
    /// Ouvertures et service au moindre coût (UFL) · openings and service at least cost (UFL)
    #[value(alias = "ufl")]
    FixedCharge,
    /// Avec capacités, clients partagés (CFL) · with capacities, clients split (CFL)
    #[value(alias = "cfl")]
    Capacitated,
    /// Avec capacités, un site par client (SSCFL) · with capacities, a single site a client (SSCFL)
    #[value(alias = "sscfl")]
    SingleSource,
}

impl From<ProblemArg> for LocateProblem {
    fn from(problem: ProblemArg) -> Self {
        match problem {
            ProblemArg::PMedian => LocateProblem::PMedian,
            ProblemArg::PCenter => LocateProblem::PCenter,
            ProblemArg::MaxCover => LocateProblem::MaxCover,
            ProblemArg::SetCover => LocateProblem::SetCover,
            ProblemArg::PartialCover => LocateProblem::PartialCover,
            ProblemArg::BackupCover => LocateProblem::BackupCover,
            ProblemArg::FixedCharge => LocateProblem::FixedCharge,
            ProblemArg::Capacitated => LocateProblem::Capacitated,
            ProblemArg::SingleSource => LocateProblem::SingleSource,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RoundingArg {
    /// Vers le bas, à l'unité · down, to whole units
    Floor,
}
