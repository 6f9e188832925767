//! The shape of a scenario file.

use crate::health::ProgrammeFile;
use maillage_access::ActsRule;
use maillage_input::Text;
use maillage_programme::{Euros, Goal, StructureType};
use maillage_territory::{PlaceId, ScenarioId, SiteId, TypeId};
use schemars::JsonSchema;
use serde::Deserialize;

/// A scenario: a territory, its people and supply, a problem, and how to solve it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScenarioFile {
    /// Address of the JSON Schema, for editors; not read.
    #[serde(rename = "$schema", default)]
    #[allow(dead_code)]
    schema: Option<String>,
    /// Version of this format.
    #[schemars(range(min = 1, max = 1))]
    #[allow(dead_code)]
    schema_version: u32,
    /// Short name: stands in every file and row of the result.
    pub name: ScenarioId,
    /// Title for people.
    pub title: Text,
    /// Path of the territory file, relative to this one.
    #[schemars(length(min = 1))]
    pub territory: String,
    /// Every travel time in percent of the territory's, rounded to hundredths of a minute: with 120 all trips take a fifth longer.
    #[serde(default = "as_they_are")]
    #[schemars(range(min = 25, max = 400))]
    pub travel_times_percent: u16,
    /// Which places count, as demand and as supply.
    #[serde(default)]
    pub scope: Scope,
    /// Who needs a GP of record.
    pub people: PeopleFile,
    /// The GPs of today. Needed by the problems `siting` and `programme`.
    pub supply: Option<SupplyFile>,
    /// What is to be decided.
    pub problem: ProblemFile,
    /// How to solve; flags of the command line win.
    #[serde(default)]
    pub solve: SolveFile,
    /// Assumptions in words, repeated in the result: every value above that no source backs.
    #[serde(default)]
    pub assumptions: Vec<Text>,
}

fn as_they_are() -> u16 {
    100
}

/// Which places count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// The territory and its surroundings: people and GPs cross the border.
    #[default]
    All,
    /// The territory alone, as if nobody crossed the border.
    Core,
}

/// Who needs a GP of record.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PeopleFile {
    /// Share of the population to attach, in percent, rounded to whole people by place.
    #[schemars(range(min = 1, max = 100))]
    pub attachable_percent: u8,
}

/// The GPs of today.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SupplyFile {
    /// People on the list of one GP who practises today.
    #[schemars(range(min = 1, max = 10000))]
    pub patients_per_gp: u32,
    /// Share of today's GPs who leave and are not replaced, in percent, pro rata in every place; what stays is
    /// rounded down to a hundredth of a post. 0 in the problem `programme`, which has departures by year.
    #[serde(default)]
    #[schemars(range(min = 0, max = 100))]
    pub departures_percent: u8,
    /// Acts (consultations and visits) of one GP in a year, for accessibility (APL). The default reproduces the mean
    /// of 2018 on counts of listed GPs: fitted, not sourced.
    #[serde(default = "acts_per_gp")]
    #[schemars(range(min = 1, max = 100000))]
    pub acts_per_gp: u32,
}

fn acts_per_gp() -> u32 {
    ActsRule::default().unknown
}

/// What is to be decided.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum ProblemFile {
    /// Structures and GP posts under a budget and a pool; people attached to lists they can reach.
    Siting(SitingFile),
    /// Structures, posts of several professions, money and people over years.
    Programme(Box<ProgrammeFile>),
    /// Open p sites so that people travel least in all.
    PMedian {
        /// Sites to open besides those kept.
        #[schemars(range(min = 1))]
        p: u32,
        /// Where a site may open.
        candidates: CandidatesFile,
        /// Sites that are open already.
        #[serde(default)]
        keep: Keep,
    },
    /// Open at most p sites so that most people are within the radius.
    MaxCover {
        /// Sites to open besides those kept.
        #[schemars(range(min = 1))]
        p: u32,
        /// Minutes within which people are covered.
        #[schemars(range(min = 0, max = 600))]
        radius_min: f64,
        /// Where a site may open.
        candidates: CandidatesFile,
        /// Sites that are open already.
        #[serde(default)]
        keep: Keep,
    },
    /// Open fewest sites so that all people are within the radius.
    SetCover {
        /// Minutes within which people are covered.
        #[schemars(range(min = 0, max = 600))]
        radius_min: f64,
        /// Where a site may open.
        candidates: CandidatesFile,
        /// Sites that are open already.
        #[serde(default)]
        keep: Keep,
    },
    /// Open at most p sites so that the longest trip is shortest.
    PCenter {
        /// Sites to open besides those kept.
        #[schemars(range(min = 1))]
        p: u32,
        /// Where a site may open.
        candidates: CandidatesFile,
        /// Sites that are open already.
        #[serde(default)]
        keep: Keep,
    },
}

/// Structures and posts.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SitingFile {
    /// People attach only to lists within this many minutes.
    #[schemars(range(min = 1, max = 600))]
    pub max_min: f64,
    /// Types of structure that may open.
    #[serde(default)]
    pub structure_types: Vec<StructureType>,
    /// Where one may open; without it, only forced sites.
    pub candidates: Option<CandidatesFile>,
    /// Sites that must open.
    #[serde(default)]
    pub forced: Vec<ForcedFile>,
    /// Places where none may open.
    #[serde(default)]
    pub forbidden: Vec<PlaceId>,
    /// Existing structures with free rooms.
    #[serde(default)]
    pub extensions: Vec<ExtensionFile>,
    /// Limits.
    #[serde(default)]
    pub limits: LimitsFile,
    /// Goals, first things first; `people-attached` comes first.
    #[schemars(length(min = 1))]
    pub goals: Vec<Goal>,
}

/// Places where a site may open.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CandidatesFile {
    /// `core`, `all`, or a list of codes.
    pub places: Places,
    /// Only places with at least this many inhabitants, listed codes included.
    #[serde(default)]
    #[schemars(range(min = 0))]
    pub min_population: u32,
    /// Types that may open there; all when left out. Only in the problem `siting`.
    pub types: Option<Vec<TypeId>>,
}

/// A choice of places.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Places {
    /// A set with a name.
    Named(PlaceSet),
    /// Codes.
    Codes(Vec<PlaceId>),
}

/// A set of places with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PlaceSet {
    /// Places of the territory itself.
    Core,
    /// Every place in scope.
    All,
}

/// A site that must open.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ForcedFile {
    /// Where.
    pub place: PlaceId,
    /// As which type; any when left out.
    #[serde(rename = "type")]
    pub kind: Option<TypeId>,
}

/// An existing structure with free rooms.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtensionFile {
    /// `site_id` of the structure in the territory.
    pub site: SiteId,
    /// The type whose list and post cost apply.
    #[serde(rename = "type")]
    pub kind: TypeId,
    /// Most posts to add.
    #[schemars(range(min = 1, max = 100))]
    pub free_rooms: u32,
}

/// Limits; what is left out is no limit.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitsFile {
    /// Money for openings and posts, euros excluding tax.
    #[schemars(range(min = 0, max = 1000000000000i64))]
    pub budget_eur: Option<Euros>,
    /// Most structures that open.
    #[schemars(range(min = 0))]
    pub max_new_sites: Option<u32>,
    /// GPs that can be recruited.
    #[schemars(range(min = 0))]
    pub gp_pool: Option<u32>,
}

/// Which existing sites a plain location problem keeps open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Keep {
    /// None: a blank sheet.
    #[default]
    None,
    /// Places where at least one GP practises today.
    Practices,
}

/// How to solve.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SolveFile {
    /// Seconds for the whole solve.
    #[schemars(range(min = 0, max = 1e9))]
    pub time_limit_s: Option<f64>,
    /// Relative gap that is good enough; 0 asks for a proof.
    #[schemars(range(min = 0, max = 1))]
    pub gap: Option<f64>,
    /// Threads of the solver.
    #[schemars(range(min = 1, max = 1024))]
    pub threads: Option<u32>,
    /// Seed of the solver.
    #[schemars(range(min = 0, max = 2147483647))]
    pub seed: Option<u32>,
}
