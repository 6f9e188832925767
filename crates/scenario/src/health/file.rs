//! The shape of a health programme in a scenario file.

use super::file_means::{DutyFile, EnvelopeFile, FunderFile, FutureFile, LeverFile, PoolFile};
use super::file_rules::{GoalFile, OutlookFile, RuleFile};
use super::file_types::{
    CandidateGroup, CommittedFile, ExistingFile, ProfessionFile, SiteFile, TypeFile, general_practitioners,
};
use crate::file::PlaceSet;
use maillage_territory::PlaceId;
use schemars::JsonSchema;
use serde::Deserialize;

/// Structures, posts, money and people over years. Quantities have at most two decimals; a list by year has one entry
/// for each planned year; every year in a key named `…_year` is a calendar year.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProgrammeFile {
    /// Calendar year of the first planned year; the year before it is today.
    #[schemars(range(min = 1900, max = 2200))]
    pub first_year: u16,
    /// Planned years.
    #[schemars(range(min = 1, max = 10))]
    pub years: u8,
    /// People attach only to lists within this many minutes of an address.
    #[schemars(range(min = 1, max = 600))]
    pub max_min: f64,
    /// Growth of the people to attach, the same in every place, percent a year. Of every place, people × factor rounded
    /// to whole people; the factor of a year is that of the year before × (100 + growth) / 100, rounded down to 10⁻¹².
    #[serde(default)]
    #[schemars(range(min = -10, max = 10))]
    pub people_growth_percent_per_year: f64,
    /// What becomes of the people on the lists of today.
    #[serde(default)]
    pub attachments: Attachments,
    /// How people choose among lists they can reach.
    #[serde(default)]
    pub behaviour: BehaviourFile,
    /// Share of today's GPs who have left by each planned year, in percent, pro rata in every place; what stays is
    /// rounded down to a hundredth of a post. Left out: nobody leaves. Futures may differ.
    #[schemars(inner(range(min = 0, max = 100)))]
    pub departures_percent_by_year: Option<Vec<u8>>,
    /// Departures that are known, beyond those pro rata; in every future.
    #[serde(default)]
    pub departures: Vec<DepartureFile>,
    /// Professions. Left out: general practitioners alone, as `gp`.
    #[serde(default = "general_practitioners")]
    #[schemars(length(min = 1))]
    pub professions: Vec<ProfessionFile>,
    /// Types of structure that may open or stand already.
    #[serde(default)]
    pub structure_types: Vec<TypeFile>,
    /// Structures that stand today. GPs counted in the table of places are practices: those of a structure are named
    /// here only if they are not counted there.
    #[serde(default)]
    pub existing: Vec<ExistingFile>,
    /// Groups of places where one structure may open. A place in several groups takes the types of all.
    #[serde(default)]
    pub candidates: Vec<CandidateGroup>,
    /// Sites with a name of their own, over one or several addresses.
    #[serde(default)]
    pub sites: Vec<SiteFile>,
    /// Places where a structure must open; they need not be candidates.
    #[serde(default)]
    pub committed: Vec<CommittedFile>,
    /// Places where none may open.
    #[serde(default)]
    pub forbidden: Vec<PlaceId>,
    /// Professionals who can be recruited. A site outside every pool of a profession is not limited.
    #[serde(default)]
    pub pools: Vec<PoolFile>,
    /// What can be bought to raise pools.
    #[serde(default)]
    pub levers: Vec<LeverFile>,
    /// Funders, in the order in which their grants stack.
    #[serde(default)]
    pub funders: Vec<FunderFile>,
    /// Public grants at most this share of the capital of a project; the excess is cut from the last funder first.
    #[serde(default = "eighty")]
    #[schemars(range(min = 0, max = 100))]
    pub grants_ceiling_percent: u8,
    /// What owners can pay, net of grants and income. Left out: no limit.
    #[serde(default)]
    pub owner: EnvelopeFile,
    /// Rules that a plan must keep.
    #[serde(default)]
    pub rules: Vec<RuleFile>,
    /// Duty points of the last year. Left out: none are planned.
    pub duty: Option<DutyFile>,
    /// Goals, first things first: names, or objects where a goal needs a time, a floor, a kind of area, a tolerance or
    /// is a weighted sum.
    #[schemars(length(min = 1))]
    pub goals: Vec<GoalFile>,
    /// How the values in several futures make one.
    #[serde(default)]
    pub outlook: OutlookFile,
    /// Ways the years may turn out: openings, closings and levers are the same in all, posts adapt. Left out: one,
    /// `base`, in which everything is as said above. Its first entry gives the indicators.
    #[schemars(length(min = 1))]
    pub futures: Option<Vec<FutureFile>>,
}

fn eighty() -> u8 {
    80
}

/// What becomes of the people on the lists of today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Attachments {
    /// They stay on a list as long as it has room for them.
    #[default]
    Kept,
    /// Everyone is assigned anew every year.
    Free,
}

/// How people choose among lists they can reach.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum BehaviourFile {
    /// They go wherever there is room, as the goals like it best.
    #[default]
    Fill,
    /// They go to the list nearest to them among all open ones, or to none.
    Nearest,
    /// They accept long trips less and less.
    Decay {
        /// Steps, times rising and shares falling.
        #[schemars(length(min = 1))]
        steps: Vec<DecayStep>,
    },
}

/// One step of the acceptance of trips.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DecayStep {
    /// Trips longer than this…
    #[schemars(range(min = 0, max = 600))]
    pub beyond_min: f64,
    /// …are accepted by at most this share of the people of a place.
    #[schemars(range(min = 0, max = 100))]
    pub people_percent: u8,
}

/// GPs of one place who leave.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DepartureFile {
    /// Where they practise.
    pub place: PlaceId,
    /// How many, in full-time equivalents.
    #[schemars(range(min = 0.01, max = 1000))]
    pub gps_fte: f64,
    /// From which year on they are gone.
    pub year: u16,
}

/// A set of places.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Where {
    /// `core` or `all`.
    Named(PlaceSet),
    /// Codes.
    Codes(Vec<PlaceId>),
    /// What places have in common.
    Having(Having),
}

impl Default for Where {
    fn default() -> Self {
        Where::Named(PlaceSet::All)
    }
}

/// What places have in common. Where both are said, both hold.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Having {
    /// In one of these zones: `core`, `around`, or the kind and code of an area, such as `epci:200035731` or
    /// `canton:4201`. Areas hold places of the territory itself only.
    #[schemars(length(min = 1))]
    pub areas: Option<Vec<String>>,
    /// Accessibility (APL) of today at most this, in acts a year: places where care is scarce. Those whose
    /// accessibility is unknown do not count.
    #[schemars(range(min = 0, max = 1000))]
    pub max_apl: Option<f64>,
}
