//! What may be asked of `locate`.

use crate::run::RunOptions;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::str::FromStr;

/// Format of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LocateFormat {
    /// OR-Library p-median: a graph, all nodes clients and sites.
    OrlibPmed,
    /// Columns `from_id`, `to_id`, `cost`.
    Csv,
    /// TSPLIB: points of a plane, all clients and sites.
    Tsplib,
    /// Sites with costs and clients with demands on a plane.
    Grid,
    /// OR-Library `cap`: opening costs, capacities, demands, costs of service.
    OrlibCap,
    /// UflLib's simple format: opening costs and costs of service.
    Uflib,
    /// Holmberg, and TB4: as `orlib-cap`, in another order.
    Holmberg,
    /// Yang: read as `holmberg`.
    Yang,
    /// TBED1: costs of service for one unit of demand.
    Tbed1,
}

impl LocateFormat {
    /// The name on the command line and in results.
    pub fn as_str(self) -> &'static str {
        match self {
            LocateFormat::OrlibPmed => "orlib-pmed",
            LocateFormat::Csv => "csv",
            LocateFormat::Tsplib => "tsplib",
            LocateFormat::Grid => "grid",
            LocateFormat::OrlibCap => "orlib-cap",
            LocateFormat::Uflib => "uflib",
            LocateFormat::Holmberg => "holmberg",
            LocateFormat::Yang => "yang",
            LocateFormat::Tbed1 => "tbed1",
        }
    }
}

/// Which problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LocateProblem {
    /// Exactly p sites, least weighted cost.
    PMedian,
    /// At most p sites, least longest cost.
    PCenter,
    /// At most p sites or within a budget, most weight within the radius.
    MaxCover,
    /// Fewest sites, everyone within the radius.
    SetCover,
    /// Cheapest sites with so much weight within the radius.
    PartialCover,
    /// Everyone within the radius, as much weight as possible twice with p sites; or everyone so many times with fewest.
    BackupCover,
    /// Openings and service at least cost.
    FixedCharge,
    /// The same under capacities, clients split between sites.
    Capacitated,
    /// The same under capacities, each client from one site.
    SingleSource,
}

impl LocateProblem {
    /// The name on the command line and in results.
    pub fn as_str(self) -> &'static str {
        match self {
            LocateProblem::PMedian => "p-median",
            LocateProblem::PCenter => "p-center",
            LocateProblem::MaxCover => "max-cover",
            LocateProblem::SetCover => "set-cover",
            LocateProblem::PartialCover => "partial-cover",
            LocateProblem::BackupCover => "backup-cover",
            LocateProblem::FixedCharge => "fixed-charge",
            LocateProblem::Capacitated => "capacitated",
            LocateProblem::SingleSource => "single-source",
        }
    }

    pub(super) fn is_cover(self) -> bool {
        use LocateProblem::*;
        matches!(self, MaxCover | SetCover | PartialCover | BackupCover)
    }

    pub(super) fn has_capacities(self) -> bool {
        matches!(self, LocateProblem::Capacitated | LocateProblem::SingleSource)
    }
}

/// What becomes of distances on a plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Rounding {
    /// Rounded down to whole units.
    Floor,
    /// Compared as they are, by their squares.
    Exact,
}

impl Rounding {
    /// That of a format and a problem; `None` where there is no plane.
    pub(super) fn of(format: LocateFormat, problem: LocateProblem) -> Option<Self> {
        match format {
            LocateFormat::Tsplib if problem == LocateProblem::PMedian => Some(Rounding::Floor),
            LocateFormat::Tsplib | LocateFormat::Grid => Some(Rounding::Exact),
            _ => None,
        }
    }
}

/// A radius as typed: `units / scale`, the scale a power of ten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Radius {
    /// Parts.
    pub units: u64,
    /// Parts of 1.
    pub scale: u32,
}

impl FromStr for Radius {
    type Err = String;

    /// Reads `12` or `5.75`: at most 6 decimals, exactly.
    fn from_str(text: &str) -> Result<Self, String> {
        let refused = || {
            format!("nombre d'au plus 6 décimales attendu · a number of at most 6 decimals expected: {text}")
        };
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = format!("{whole}{fraction}");
        if whole.is_empty() || fraction.len() > 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(refused());
        }
        let units = digits.parse().map_err(|_| refused())?;
        Ok(Radius { units, scale: 10u32.pow(fraction.len() as u32) })
    }
}

/// What to solve and how.
#[derive(Debug, Clone)]
pub struct LocateOptions {
    /// Format of the instance.
    pub format: LocateFormat,
    /// Problem.
    pub problem: LocateProblem,
    /// Number of sites; the instance's when it has one.
    pub p: Option<u32>,
    /// Covering radius, in the units of the costs or coordinates.
    pub radius: Option<Radius>,
    /// What the open sites may cost (maximal covering, in place of `p`).
    pub budget: Option<u64>,
    /// Weight to cover (partial covering).
    pub demand: Option<u64>,
    /// How many times everyone is covered (backup covering without `p`).
    pub times: Option<u32>,
    /// Capacity of every site, in place of those of the instance (`orlib-cap`).
    pub capacity: Option<u64>,
    /// How many of the best plans that differ; one when not said.
    pub plans: Option<u32>,
    /// How many sites of each plan are closed in every later one, with `plans`; 1 when not said.
    pub apart: Option<u32>,
    /// How much worse than the best a plan may be, in percent of it, with `plans`; 5 when not said.
    pub within: Option<f64>,
    /// Table `id,weight` beside a CSV instance.
    pub weights: Option<PathBuf>,
    /// How distances are rounded, for those who want to be sure; anything else than what is done is refused.
    pub rounding: Option<Rounding>,
    /// Memory that may be used, in MB (10⁶ bytes); nine tenths of what the machine has left when not said.
    pub memory_mb: Option<u64>,
    /// Limits.
    pub run: RunOptions,
}

impl LocateOptions {
    /// Nothing but a format and a problem.
    pub fn new(format: LocateFormat, problem: LocateProblem) -> Self {
        LocateOptions {
            format,
            problem,
            p: None,
            radius: None,
            budget: None,
            demand: None,
            times: None,
            capacity: None,
            plans: None,
            apart: None,
            within: None,
            weights: None,
            rounding: None,
            memory_mb: None,
            run: RunOptions::default(),
        }
    }
}
