//! The shape of a suite file.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A suite: a base, what may change in it, and the scenarios made of both.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SuiteFile {
    /// Address of the JSON Schema, for editors; not read.
    #[serde(rename = "$schema", default)]
    #[allow(dead_code)]
    schema: Option<String>,
    /// Version of this format.
    #[schemars(range(min = 1, max = 1))]
    #[allow(dead_code)]
    schema_version: u32,
    /// The scenario that all others change: the path of its file, relative to this one, or the scenario itself.
    pub base: Base,
    /// Parts of scenarios by name. Objects merge key by key, lists of objects with an `id` merge by `id`, anything
    /// else replaces what was there; `null` removes a key; an object whose `kind` changes is replaced whole.
    #[serde(default)]
    pub overrides: BTreeMap<String, Map<String, Value>>,
    /// Scenarios by name: the overrides to apply to the base, in turn. Without it the base alone, as `base`. The first is
    /// the one that all are compared with.
    #[serde(default)]
    pub scenarios: BTreeMap<String, Vec<String>>,
    /// Values to try in every scenario: each gives a scenario of its own; several sweeps give every combination.
    pub sweep: Option<Sweeps>,
    /// Values to try one at a time: each gives a scenario of its own beside the one it changes.
    #[serde(default)]
    pub vary: Vec<VaryFile>,
    /// Scenarios with values drawn at random, beside those they change.
    pub sample: Option<SampleFile>,
}

/// A scenario, here or in a file.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Base {
    /// Path of a scenario file.
    Path(String),
    /// The scenario itself.
    Inline(Map<String, Value>),
}

/// One sweep or several.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Sweeps {
    /// One.
    One(SweepFile),
    /// Several: every combination.
    Many(Vec<SweepFile>),
}

/// A value of a scenario and what to try in its place.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SweepFile {
    /// Short name: stands in the names of the scenarios, as `SCENARIO.NAME-VALUE`.
    pub name: String,
    /// Where the value stands in the scenario: a JSON pointer (`/problem/limits/budget_eur`) or keys with dots
    /// (`problem.limits.budget_eur`). In a list a step is a position from 0 or an `id`.
    #[schemars(length(min = 1))]
    pub pointer: String,
    /// The values.
    #[schemars(length(min = 1))]
    pub values: Vec<Value>,
}

/// A value of a scenario and what it may be instead, all else unchanged.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VaryFile {
    /// Short name: stands in the names of the scenarios, as `SCENARIO.NAME-VALUE`.
    pub name: String,
    /// Where the value stands, as in a sweep.
    #[schemars(length(min = 1))]
    pub pointer: String,
    /// Values in its place.
    #[serde(default)]
    pub values: Vec<Value>,
    /// Factors of the number that stands there: `[0.8, 1.2]` for 20 % less and more. Whole numbers stay whole.
    #[serde(default)]
    pub factors: Vec<f64>,
}

/// Scenarios with values drawn at random: the same draws for every scenario.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SampleFile {
    /// How many for each scenario.
    #[schemars(range(min = 1, max = 9999))]
    pub n: u16,
    /// Seed of the draws.
    #[serde(default)]
    pub seed: u32,
    /// What is drawn.
    #[schemars(length(min = 1))]
    pub ranges: Vec<RangeFile>,
}

/// A value drawn uniformly between two others: a whole number where both are whole.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RangeFile {
    /// Where the value stands, as in a sweep.
    #[schemars(length(min = 1))]
    pub pointer: String,
    /// Least.
    pub from: serde_json::Number,
    /// Most.
    pub to: serde_json::Number,
}
