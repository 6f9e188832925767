//! What to measure, and how: the file that `maillage access` reads beside a territory.

use crate::continuity::ContinuitySettings;
use crate::trajectory::TrajectorySettings;
use crate::zoning::{Aid, Date, ThresholdSet};
use crate::{ActsRule, AgeWeights, DecayFile};
use maillage_territory::{AreaKind, Profession, TypeId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Settings of the measures of access. Everything has a default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccessSettings {
    /// Address of the JSON Schema, for editors; not read.
    #[serde(rename = "$schema", default, skip_serializing_if = "Option::is_none")]
    schema: Option<String>,
    /// Version of this format.
    #[schemars(range(min = 1, max = 1))]
    schema_version: u32,
    /// Floating catchments. Without it: the APL of GPs, that of GPs up to 65 where every age is known, and one for
    /// every other profession of the territory.
    #[serde(default)]
    pub catchments: Option<Vec<CatchmentSettings>>,
    /// People whose accessibility to GPs is at most this are counted.
    #[serde(default = "thresholds")]
    pub thresholds: Vec<f64>,
    /// Least change of accessibility that makes a winner or a loser.
    #[serde(default = "least_change")]
    #[schemars(range(min = 0, max = 1000))]
    pub least_change: f64,
    /// Times to GPs.
    #[serde(default)]
    pub coverage: CoverageSettings,
    /// Published figures of the territory to hold against measures.
    #[serde(default)]
    pub compare: Vec<CompareSettings>,
    /// Classes of zones by accessibility.
    #[serde(default)]
    pub zoning: Option<ZoningSettings>,
    /// Out-of-hours care; measured where the territory has duty points or emergency units.
    #[serde(default)]
    pub continuity: ContinuitySettings,
    /// GPs year by year.
    #[serde(default)]
    pub trajectory: Option<TrajectorySettings>,
}

impl Default for AccessSettings {
    fn default() -> Self {
        AccessSettings {
            schema: None,
            schema_version: 1,
            catchments: None,
            thresholds: thresholds(),
            least_change: least_change(),
            coverage: CoverageSettings::default(),
            compare: Vec::new(),
            zoning: None,
            continuity: ContinuitySettings::default(),
            trajectory: None,
        }
    }
}

impl AccessSettings {
    /// Of a second state only what two states are compared by: no published series, zoning or trajectory.
    pub fn compared(&self) -> AccessSettings {
        AccessSettings { compare: Vec::new(), zoning: None, trajectory: None, ..self.clone() }
    }
}

fn thresholds() -> Vec<f64> {
    vec![2.5, 4.0]
}

fn least_change() -> f64 {
    0.01
}

/// One floating catchment area.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CatchmentSettings {
    /// Name of the measure in every output.
    pub id: TypeId,
    /// Profession.
    #[serde(default = "Profession::gp")]
    pub profession: Profession,
    /// How much a supply counts at a distance.
    #[serde(default = "drees_2015")]
    pub decay: DecayFile,
    /// Only practitioners up to and including this age.
    #[serde(default)]
    #[schemars(range(min = 18, max = 120))]
    pub age_bound: Option<u8>,
    /// Share of practitioners of unknown age who are older than the bound; without it an age bound needs every age.
    #[serde(default)]
    #[schemars(range(min = 0, max = 100))]
    pub unknown_older_percent: Option<f64>,
    /// What counts of a practitioner. Without it: acts for GPs, posts for others.
    #[serde(default)]
    pub count: Option<Count>,
    /// Need for care by age: 0-14, 15-29, 30-44, 45-59, 60-74, 75 and more. Without it: estimates for GPs, even for
    /// other professions. Only where ages are known.
    #[serde(default)]
    pub age_weights: Option<AgeWeights>,
}

fn drees_2015() -> DecayFile {
    DecayFile::Drees2015 {}
}

impl CatchmentSettings {
    /// The APL of a profession by the steps since 2015.
    pub fn apl(id: TypeId, profession: Profession, age_bound: Option<u8>) -> CatchmentSettings {
        CatchmentSettings {
            id,
            profession,
            decay: drees_2015(),
            age_bound,
            unknown_older_percent: None,
            count: None,
            age_weights: None,
        }
    }

    /// What counts of a practitioner.
    pub fn counted(&self) -> Count {
        let usual = if self.profession == Profession::gp() {
            Count::Acts(ActsRule::default())
        } else {
            Count::Posts {}
        };
        self.count.unwrap_or(usual)
    }
}

/// What counts of a practitioner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Count {
    /// Acts in a year: accessibility is in acts a year for each standardised person.
    Acts(ActsRule),
    /// Posts or heads, as the territory counts: accessibility is per 100,000 standardised people.
    Posts {},
}

/// Classes of zones by accessibility.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ZoningSettings {
    /// Identifier of a set of thresholds: one of `sets`, or a shipped one such as `fr-2017`.
    pub set: String,
    /// Name of the catchment, of the same age bound as the set.
    pub measure: TypeId,
    /// Day on which aids are asked for, YYYY-MM-DD.
    pub date: Date,
    /// Zones to class; without it those that stand in for the set's.
    #[serde(default)]
    pub unit: Option<AreaKind>,
    /// How a zone's accessibility is averaged: texts differ.
    #[serde(default)]
    pub weighting: Weighting,
    /// INSEE codes of regions that lie whole in the territory: only there ceilings are shared out.
    #[serde(default)]
    pub whole_regions: BTreeSet<String>,
    /// Sets of thresholds of one's own.
    #[serde(default)]
    pub sets: Vec<ThresholdSet>,
    /// Aids besides those shipped.
    #[serde(default)]
    pub aids: Vec<Aid>,
}

/// By what the places of a zone are averaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Weighting {
    /// People standardised by need, as DREES says.
    #[default]
    StandardPeople,
    /// Inhabitants, as the order on zoning says.
    Population,
}

/// A published series and the measure it is held against.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CompareSettings {
    /// Name in the territory's `published`.
    pub published: String,
    /// Its year, where several series have the name.
    #[serde(default)]
    pub year: Option<u16>,
    /// Name of the catchment. Two variants (age bounds, decays) must never be compared.
    pub catchment: TypeId,
}

/// Times to the nearest GP and to one with room.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CoverageSettings {
    /// Profession.
    pub profession: Profession,
    /// People within each of these times are counted.
    pub within_min: Vec<f64>,
    /// People on the list of one practitioner. The default is the mean of 2021 (CNAM).
    #[schemars(range(min = 1, max = 100000))]
    pub patients_per_post: u32,
    /// Share of inhabitants who need a place on a list, in percent: an assumption, as ages are seldom known.
    #[schemars(range(min = 1, max = 100))]
    pub attachable_percent: u8,
    /// Nobody goes farther to a practitioner with room: an assumption.
    #[schemars(range(min = 0, max = 600))]
    pub available_within_min: f64,
}

impl Default for CoverageSettings {
    fn default() -> Self {
        CoverageSettings {
            profession: Profession::gp(),
            within_min: vec![10.0, 15.0, 20.0, 30.0],
            patients_per_post: 1001,
            attachable_percent: 79,
            available_within_min: 30.0,
        }
    }
}
