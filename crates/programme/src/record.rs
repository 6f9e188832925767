//! What a result says: the content of `result.json`.

use crate::health::HealthRecord;
use crate::{Euros, Goal, Hundredths, Indicator, State};
use maillage_input::{InputRecord, Text, comma, sha256_hex};
use maillage_territory::{
    Minutes, Persons, PlaceId, SiteId, SupplyQuality, TravelSource, TravelTimes, TypeId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is claimed of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// No plan is better: for every goal the bound equals the objective.
    Optimal,
    /// No plan is better by more than the gap that was asked.
    WithinGap,
    /// A plan that keeps every rule, stopped by a limit before the asked gap.
    Feasible,
    /// Proven: no plan keeps every rule.
    Infeasible,
    /// Stopped by a limit before any plan was found.
    NoPlan,
}

impl Status {
    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Optimal => "optimal",
            Status::WithinGap => "within_gap",
            Status::Feasible => "feasible",
            Status::Infeasible => "infeasible",
            Status::NoPlan => "no_plan",
        }
    }
}

/// One goal of a solve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GoalRecord {
    /// The goal: one of [`Goal`], or the name of a plain location problem.
    pub goal: String,
    /// `max` or `min`.
    pub sense: String,
    /// Unit of objective and bound.
    pub unit: String,
    /// Status of this goal alone.
    pub status: Status,
    /// Value of the plan.
    pub objective: Option<Hundredths>,
    /// What no plan can beat, given the earlier goals.
    pub bound: Option<Hundredths>,
    /// |objective − bound| / max(1, |objective|).
    pub gap: Option<f64>,
}

impl GoalRecord {
    /// The gap between an objective and its bound, relative to the objective.
    pub fn gap_of(objective: Hundredths, bound: Hundredths) -> f64 {
        let difference = (objective.0 - bound.0).unsigned_abs() as f64;
        difference / (objective.0.unsigned_abs() as f64).max(100.0)
    }

    /// The name of a goal in files.
    pub fn name(goal: Goal) -> &'static str {
        match goal {
            Goal::PeopleAttached => "people-attached",
            Goal::TravelTime => "travel-time",
        }
    }
}

/// How a site stands in a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SiteStatus {
    /// It was there and stays as it is.
    Existing,
    /// It was there and posts are added.
    Extended,
    /// It opens.
    Opened,
}

impl SiteStatus {
    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            SiteStatus::Existing => "existing",
            SiteStatus::Extended => "extended",
            SiteStatus::Opened => "opened",
        }
    }
}

/// One site of a plan. Candidates that do not open are not listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SiteRecord {
    /// Identifier.
    pub site_id: SiteId,
    /// Code of its place.
    pub code_commune: PlaceId,
    /// Name of its place.
    pub name: String,
    /// How it stands.
    pub status: SiteStatus,
    /// Type of structure, when one opens or grows.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub structure_type: Option<TypeId>,
    /// GPs: whole posts added where it opens or grows, GPs of today where it exists. 0 in plain problems.
    pub gps: Hundredths,
    /// People its lists can hold; absent in plain problems.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub capacity: Option<u64>,
    /// People attached to it.
    pub attached: u64,
    /// What it costs the budget.
    pub cost_eur: Euros,
}

/// How it was solved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SolverRecord {
    /// Name and version.
    pub name: String,
    /// Threads.
    pub threads: u32,
    /// Relative gap that was asked.
    pub gap: f64,
    /// Time limit in seconds.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub time_limit_s: Option<f64>,
}

/// Where travel times come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TravelRecord {
    /// `proxy` or `table`.
    pub kind: String,
    /// In words, for every output.
    pub label: Text,
    /// People attach within this time, in minutes.
    pub max_min: Hundredths,
}

impl TravelRecord {
    /// The record of times, used as far as `max_min`.
    pub fn new(travel: &TravelTimes, max_min: Hundredths) -> Self {
        let percent = travel.percent();
        let mut record = TravelRecord::of_source(travel.source(), max_min);
        if percent != 100 {
            record.label.fr += &format!(", pris à {percent} %");
            record.label.en += &format!(", taken at {percent} %");
        }
        record
    }

    fn of_source(source: &TravelSource, max_min: Hundredths) -> Self {
        match source {
            TravelSource::Proxy { speed } => TravelRecord {
                kind: "proxy".to_owned(),
                label: Text {
                    fr: format!(
                        "temps estimés (proxy : vol d'oiseau × {}, {} à {} km/h selon la densité), non mesurés sur route",
                        comma(speed.detour),
                        comma(speed.rural_kmh),
                        comma(speed.urban_kmh)
                    ),
                    en: format!(
                        "estimated times (proxy: straight line × {}, {} to {} km/h by density), not measured on roads",
                        speed.detour, speed.rural_kmh, speed.urban_kmh
                    ),
                },
                max_min,
            },
            TravelSource::Table { source, date } => {
                let said = |text: &str, unknown: &str| {
                    if text.is_empty() { unknown.to_owned() } else { text.to_owned() }
                };
                let fr = [said(source, "table dont la source n'est pas dite"), said(date, "sans date")];
                let en = [said(source, "table whose source is not said"), said(date, "undated")];
                let label = Text { fr: fr.join(", "), en: en.join(", ") };
                TravelRecord { kind: "table".to_owned(), label, max_min }
            }
        }
    }
}

/// Data from which a bound follows by counting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Certificate {
    /// A bound on people attached, by a cut (Ford and Fulkerson 1956): for any set of places, no plan
    /// attaches more than everyone who lives elsewhere and can reach a site, plus what the lists within
    /// reach of the set can hold: those of today, and the largest lists of all posts that the pool, the
    /// rooms, the number of sites and the budget allow.
    PeopleAttachedCut {
        /// The set, by codes, sorted.
        places: Vec<PlaceId>,
    },
}

/// One rule of a smallest set of rules that clash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Clash {
    /// Name of the rule, such as `budget` or `forced-site`.
    pub rule: String,
    /// JSON pointer of the rule in the scenario file.
    pub pointer: String,
    /// The rule in words, with its numbers.
    pub text: Text,
}

/// One row of `assignments.csv`: people of a place on the lists of a site.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AssignmentRow {
    /// Before or after the plan.
    pub state: State,
    /// Where they live.
    pub from_id: PlaceId,
    /// Where they are listed.
    pub site_id: SiteId,
    /// How many.
    pub people: Persons,
    /// Time of travel.
    pub minutes: Minutes,
    /// Calendar year; only in health programmes.
    pub year: Option<u16>,
    /// Future; only in health programmes, and not today.
    pub future: Option<String>,
}

/// A file of the result folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FileRecord {
    /// Name within the folder.
    pub path: String,
    /// Size.
    pub bytes: u64,
    /// SHA-256.
    pub sha256: String,
}

/// What was known at one moment of a solve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProgressRecord {
    /// Seconds since the start of the run.
    pub seconds: f64,
    /// Position of the goal that was sought.
    pub goal: usize,
    /// Value of the best plan so far, in the unit of the goal.
    pub objective: Option<Hundredths>,
    /// What no plan can beat, as far as was known.
    pub bound: Option<Hundredths>,
}

/// The content of `result.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResultRecord {
    /// Version of this format.
    pub schema_version: u32,
    /// Version of the program.
    pub maillage_version: String,
    /// Name of the scenario.
    pub scenario: String,
    /// Path of the scenario file, from the result folder.
    pub scenario_file: String,
    /// Its title.
    pub title: Text,
    /// `siting`, or the name of a plain location problem.
    pub problem: String,
    /// What is claimed: the worst of the goals'.
    pub status: Status,
    /// The limit that stopped the solve, if one did.
    pub limit: Option<String>,
    /// Value of the plan for the first goal.
    pub objective: Option<Hundredths>,
    /// Bound of the first goal.
    pub bound: Option<Hundredths>,
    /// The largest gap of all goals.
    pub gap: Option<f64>,
    /// Every goal in order.
    pub goals: Vec<GoalRecord>,
    /// Processor time, seconds; `null` where the system does not tell.
    pub cpu_seconds: Option<f64>,
    /// Elapsed time, seconds.
    pub wall_seconds: f64,
    /// How plan and bound came closer, goal after goal: at most some fifty moments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub progress: Vec<ProgressRecord>,
    /// Peak memory of the process, MB; `null` where the system does not tell.
    pub peak_memory_mb: Option<f64>,
    /// How it was solved.
    pub solver: SolverRecord,
    /// Seed.
    pub seed: u32,
    /// Files that were read.
    pub inputs: Vec<InputRecord>,
    /// Territory.
    pub territory: String,
    /// Where travel times come from.
    pub travel: TravelRecord,
    /// Whether supply was counted or estimated, and by whom.
    pub supply: SupplyQuality,
    /// Source of the supply.
    pub supply_source: Text,
    /// Money spent, of the budget if there is one. Absent without a plan and in plain problems.
    pub cost_eur: Option<Euros>,
    /// The budget.
    pub budget_eur: Option<Euros>,
    /// The sites of the plan, by identifier.
    pub sites: Vec<SiteRecord>,
    /// Years, posts and payments of a health programme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub programme: Option<HealthRecord>,
    /// Figures before and after.
    pub indicators: Vec<Indicator>,
    /// Rules that clash, when infeasible.
    pub clash: Vec<Clash>,
    /// Values used that no source backs, in words: parameters to be edited.
    pub unsourced: Vec<Text>,
    /// Data from which a checker re-derives a bound without a solver; `null` while there is none.
    pub certificate: Option<Certificate>,
    /// The other files of the folder.
    pub files: Vec<FileRecord>,
    /// SHA-256 of each field above, as written: tells which field was altered. A seal, not a signature.
    pub seal: std::collections::BTreeMap<String, String>,
}

/// The seal of a result: SHA-256 of the compact JSON of each top-level field but the seal itself.
///
/// ```
/// let result = serde_json::json!({"gap": 0, "seal": {}});
/// let seal = maillage_programme::seal_of(&result);
/// assert_eq!(seal.keys().collect::<Vec<_>>(), ["gap"]);
/// ```
pub fn seal_of(result: &serde_json::Value) -> std::collections::BTreeMap<String, String> {
    let fields = result.as_object().into_iter().flatten().filter(|(key, _)| *key != "seal");
    fields.map(|(key, value)| (key.clone(), sha256_hex(value.to_string().as_bytes()))).collect()
}
