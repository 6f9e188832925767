//! The shape of people who can be recruited, money, duty and futures of a health programme.

use super::file::Where;
use super::file_types::AddFile;
use maillage_input::{ID_PATTERN, Text};
use maillage_programme::health::Mode;
use maillage_territory::{PlaceId, Profession, SiteId, TypeId};
use schemars::JsonSchema;
use serde::Deserialize;

/// Professionals who can be recruited.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PoolFile {
    /// Identifier.
    #[schemars(extend("pattern" = ID_PATTERN))]
    pub id: String,
    /// Whom.
    pub profession: Profession,
    /// Only posts of this mode; any when left out.
    pub mode: Option<Mode>,
    /// Only sites whose main address is here; everywhere when left out.
    #[serde(default, rename = "where")]
    pub places: Where,
    /// Posts of each planned year.
    #[schemars(inner(range(min = 0, max = 100000)))]
    pub fte_by_year: Vec<f64>,
    /// Whether what was not recruited one year can be the next.
    #[serde(default)]
    pub carry_over: bool,
}

/// Something bought once that raises pools: an intern house, help with housing.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeverFile {
    /// Identifier.
    #[schemars(extend("pattern" = ID_PATTERN))]
    pub id: String,
    /// Name.
    pub name: Text,
    /// Paid once, by the owner, euros excluding tax.
    #[serde(default)]
    #[schemars(range(max = 1000000000000u64))]
    pub capital_eur: u64,
    /// Paid every year from the year it starts.
    #[serde(default)]
    #[schemars(range(max = 1000000000000u64))]
    pub cost_eur_per_year: u64,
    /// First year in which it may start; the first planned when left out.
    pub from_year: Option<u16>,
    /// It must have started by this year; it need not start when left out.
    pub by_year: Option<u16>,
    /// Years between its start and its effect.
    #[serde(default)]
    #[schemars(range(min = 0, max = 10))]
    pub delay_years: u8,
    /// What it adds to pools every year once it has an effect.
    #[schemars(length(min = 1))]
    pub adds: Vec<AddFile>,
}

/// Limits on money; what is left out is no limit.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnvelopeFile {
    /// All years together, euros excluding tax.
    #[schemars(range(max = 1000000000000u64))]
    pub total_eur: Option<u64>,
    /// Each planned year; `null` is no limit.
    #[schemars(inner(range(max = 1000000000000u64)))]
    pub by_year_eur: Option<Vec<Option<u64>>>,
}

/// A funder.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FunderFile {
    /// Identifier; `owner` and `income` are taken.
    #[schemars(extend("pattern" = ID_PATTERN))]
    pub id: String,
    /// Name.
    pub name: Text,
    /// The first rule that fits a project applies; none gives nothing.
    #[serde(default)]
    pub rules: Vec<FundingRuleFile>,
    /// What it can pay, capital and yearly sums together.
    #[serde(default)]
    pub envelope: EnvelopeFile,
}

/// One rule of a funder.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FundingRuleFile {
    /// Projects of these types; all when left out.
    #[serde(default)]
    pub types: Vec<TypeId>,
    /// Projects whose main address is here; everywhere when left out.
    #[serde(default, rename = "where")]
    pub places: Where,
    /// Only types whose team minimum has at least this many posts, all professions.
    #[serde(default)]
    #[schemars(range(min = 0, max = 1000))]
    pub min_team_fte: f64,
    /// Share of the capital.
    #[serde(default)]
    #[schemars(range(min = 0, max = 100))]
    pub rate_percent: f64,
    /// The rate is raised by this for every whole room of the type beyond `rooms_from`.
    #[serde(default)]
    #[schemars(range(min = 0, max = 100))]
    pub rate_more_percent_per_room: f64,
    /// Rooms from which the rate is raised.
    #[serde(default)]
    #[schemars(range(min = 0, max = 1000))]
    pub rooms_from: u32,
    /// Most the rate is raised by; 100 when left out.
    #[serde(default = "hundred")]
    #[schemars(range(min = 0, max = 100))]
    pub rate_more_max_percent: f64,
    /// The rate applies to at most this much capital.
    #[schemars(range(max = 1000000000000u64))]
    pub base_cap_eur: Option<u64>,
    /// The share is at most this.
    #[schemars(range(max = 1000000000000u64))]
    pub cap_eur: Option<u64>,
    /// A fixed sum besides, within the same ceiling of public grants.
    #[serde(default)]
    #[schemars(range(max = 1000000000000u64))]
    pub fixed_eur: u64,
    /// Paid every year in which the structure is open, towards its running cost; outside the ceiling.
    #[serde(default)]
    #[schemars(range(max = 1000000000000u64))]
    pub running_eur_per_year: u64,
}

fn hundred() -> f64 {
    100.0
}

/// Night and week-end duty in the last year.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DutyFile {
    /// Types whose structures may host a point.
    #[schemars(length(min = 1))]
    pub types: Vec<TypeId>,
    /// People are served within this time.
    #[schemars(range(min = 0, max = 600))]
    pub people_within_min: f64,
    /// GPs volunteer within this time of the point.
    #[schemars(range(min = 0, max = 600))]
    pub volunteers_within_min: f64,
    /// Share of the GPs of a site who volunteer.
    #[schemars(range(min = 0, max = 100))]
    pub participation_percent: u8,
    /// Fewest volunteers of a point, in full-time equivalents; nobody volunteers twice.
    #[schemars(range(min = 0, max = 1000))]
    pub min_volunteers_fte: f64,
    /// Most points.
    #[schemars(range(min = 0, max = 10000))]
    pub max_points: u32,
    /// Places that are served in any case, such as those of emergency units.
    #[serde(default)]
    pub fixed: Vec<PlaceId>,
}

/// One way the years may turn out.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FutureFile {
    /// Identifier.
    #[schemars(extend("pattern" = ID_PATTERN))]
    pub id: String,
    /// How likely, in percent; all together 100.
    #[schemars(range(min = 0, max = 100))]
    pub probability_percent: u8,
    /// What is left of every pool, in percent, rounded down to a hundredth of a post.
    #[serde(default = "all_of_it")]
    #[schemars(range(min = 0, max = 1000))]
    pub pool_percent: u16,
    /// Mature lists that recruits reach, in percent.
    #[serde(default = "all_of_them")]
    #[schemars(range(min = 0, max = 200))]
    pub ramp_percent: u8,
    /// Sites whose opening fails: they hold no posts, no list and cost nothing.
    #[serde(default)]
    pub refused: Vec<SiteId>,
    /// In place of the programme's `departures_percent_by_year`.
    #[schemars(inner(range(min = 0, max = 100)))]
    pub departures_percent_by_year: Option<Vec<u8>>,
}

fn all_of_it() -> u16 {
    100
}

fn all_of_them() -> u8 {
    100
}
