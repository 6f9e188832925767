//! Thresholds and ceilings, with the day from which they hold.

use super::Date;
use crate::Basis;
use maillage_input::{ID_PATTERN, Text, is_identifier};
use maillage_territory::AreaKind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Class of a zone, worst served first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ZoneClass {
    /// Priority, by the national selection: mandatory.
    ZipA,
    /// Priority, chosen by the regional agency within the vivier.
    ZipB,
    /// Priority (zone d'intervention prioritaire), without saying A or B: as agencies publish it.
    Zip,
    /// Complementary (zone d'action complémentaire).
    Zac,
    /// Watch (zone de vigilance): in the vivier, not chosen.
    Zv,
    /// In the vivier; which class the agency chooses is not known.
    Vivier,
    /// Outside the vivier.
    HorsVivier,
}

impl ZoneClass {
    /// Whether a zone of this class is of `class` too: ZIP-A and ZIP-B are ZIP.
    pub fn is(self, class: ZoneClass) -> bool {
        self == class || (class == ZoneClass::Zip && matches!(self, ZoneClass::ZipA | ZoneClass::ZipB))
    }

    /// The class in words.
    pub fn text(self) -> Text {
        match self {
            ZoneClass::ZipA => Text::new("ZIP-A, d'intervention prioritaire", "ZIP-A, priority"),
            ZoneClass::ZipB => Text::new("ZIP-B, d'intervention prioritaire", "ZIP-B, priority"),
            ZoneClass::Zip => Text::new("ZIP, d'intervention prioritaire", "ZIP, priority"),
            ZoneClass::Zac => Text::new("ZAC, d'action complémentaire", "ZAC, complementary"),
            ZoneClass::Zv => Text::new("ZV, de vigilance", "ZV, watch"),
            ZoneClass::Vivier => Text::new("vivier", "vivier (pool of eligible zones)"),
            ZoneClass::HorsVivier => Text::new("hors vivier", "outside the vivier"),
        }
    }
}

/// Zones whose accessibility is at most a value, and above the threshold before.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// Largest accessibility of the class, itself included, in consultations a year and standardised
    /// inhabitant.
    #[schemars(range(min = 0, max = 100))]
    pub apl_max: f64,
    /// The class.
    pub class: ZoneClass,
}

/// Most people of a region that its zones of a class may hold; what is left out is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ceiling {
    /// INSEE code of the region.
    #[schemars(length(min = 1))]
    pub region: String,
    /// Share of the region's population in ZIP, in hundredths of a percent; ZIP-A counts in it (our reading: it
    /// is never what a ceiling refuses).
    #[schemars(range(min = 0, max = 10000))]
    pub zip_basis_points: Option<u32>,
    /// Share of the region's population in ZAC, besides ZIP, in hundredths of a percent.
    #[schemars(range(min = 0, max = 10000))]
    pub zac_basis_points: Option<u32>,
}

/// Thresholds and ceilings that hold from a day on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ThresholdSet {
    /// Identifier: stands in every result.
    #[schemars(extend("pattern" = ID_PATTERN))]
    pub id: String,
    /// First day on which it holds; it holds until the next set does.
    pub from: Date,
    /// The accessibility that thresholds apply to counts GPs up to this age; left out, GPs of any age. Never
    /// hold one variant against the thresholds of another.
    #[schemars(range(min = 50, max = 100))]
    pub apl_age_max_years: Option<u8>,
    /// The zones it is meant for, in words.
    pub unit: Text,
    /// The grouping of places that stands in for them.
    pub stand_in: AreaKind,
    /// Rising thresholds; above the last a zone is outside the vivier. Empty: not known, and nothing can be
    /// classed.
    #[serde(default)]
    pub thresholds: Vec<Threshold>,
    /// Ceilings by region. A region that is left out has none that is known: its vivier is not divided.
    #[serde(default)]
    pub ceilings: Vec<Ceiling>,
    /// Who says so.
    pub source: Text,
    /// Sourced or assumed.
    pub basis: Basis,
}

/// Why a set of thresholds classes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadSet {
    /// Its identifier is malformed.
    Id(String),
    /// It states no threshold.
    NoThreshold,
    /// A threshold that is no number from 0 to 100, or not above the one before by a millionth.
    Order,
    /// Classes must go from the worst served to the vivier, each once.
    Classes,
    /// A region whose ceilings stand twice.
    Twice(String),
    /// A ceiling above the whole of a region.
    Share(String),
}

impl BadSet {
    /// The reason, for users.
    pub fn text(&self) -> Text {
        match self {
            BadSet::Id(id) => {
                Text::new(format!("identifiant mal formé « {id} »"), format!("malformed identifier `{id}`"))
            }
            BadSet::NoThreshold => Text::new(
                "ce jeu de seuils n'en donne aucun : compléter « thresholds » ou en choisir un autre",
                "this set states no threshold: fill in `thresholds` or choose another",
            ),
            BadSet::Order => Text::new(
                "les seuils « apl_max » doivent croître, de 0 à 100",
                "thresholds `apl_max` must rise, from 0 to 100",
            ),
            BadSet::Classes => Text::new(
                "les classes vont dans l'ordre zip-a, zip-b, zip, zac, zv, vivier, chacune une fois au plus",
                "classes go in the order zip-a, zip-b, zip, zac, zv, vivier, each once at most",
            ),
            BadSet::Twice(region) => Text::new(
                format!("plafonds de la région {region} répétés"),
                format!("ceilings of region {region} stand twice"),
            ),
            BadSet::Share(region) => Text::new(
                format!("un plafond de la région {region} dépasse 10 000 points de base"),
                format!("a ceiling of region {region} is above 10,000 basis points"),
            ),
        }
    }
}

impl fmt::Display for BadSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().fmt(f)
    }
}

impl std::error::Error for BadSet {}

impl ThresholdSet {
    /// That the set can class zones.
    ///
    /// # Errors
    /// The first reason why not.
    pub fn check(&self) -> Result<(), BadSet> {
        if !is_identifier(&self.id) {
            return Err(BadSet::Id(self.id.clone()));
        }
        if self.thresholds.is_empty() {
            return Err(BadSet::NoThreshold);
        }
        let limits: Option<Vec<u64>> = self.thresholds.iter().map(|t| millionths(t.apl_max)).collect();
        let rising = |l: Vec<u64>| l.iter().all(|&m| m <= 100_000_000) && l.windows(2).all(|w| w[0] < w[1]);
        if !limits.is_some_and(rising) {
            return Err(BadSet::Order);
        }
        let classes: Vec<ZoneClass> = self.thresholds.iter().map(|t| t.class).collect();
        if classes.contains(&ZoneClass::HorsVivier) || classes.windows(2).any(|w| w[0] >= w[1]) {
            return Err(BadSet::Classes);
        }
        for (i, ceiling) in self.ceilings.iter().enumerate() {
            if self.ceilings[..i].iter().any(|c| c.region == ceiling.region) {
                return Err(BadSet::Twice(ceiling.region.clone()));
            }
            if [ceiling.zip_basis_points, ceiling.zac_basis_points].iter().flatten().any(|&b| b > 10_000) {
                return Err(BadSet::Share(ceiling.region.clone()));
            }
        }
        Ok(())
    }
}

/// The set that holds on a day: the one with the latest start, of equals the last; `None` before the first.
pub fn in_force<'s>(sets: impl IntoIterator<Item = &'s ThresholdSet>, day: Date) -> Option<&'s ThresholdSet> {
    sets.into_iter().filter(|s| s.from <= day).max_by_key(|s| s.from)
}

/// An accessibility in millionths: thresholds are met exactly, whatever the last bits of a sum. `None` for
/// anything but a number from 0 to a million.
pub(super) fn millionths(apl: f64) -> Option<u64> {
    (0.0..=1e6).contains(&apl).then(|| (apl * 1e6).round() as u64)
}
