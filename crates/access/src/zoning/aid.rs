//! Aids that the class of a zone opens.

use super::{Date, ZoneClass};
use crate::Basis;
use maillage_input::{ID_PATTERN, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An aid to doctors, with the classes that open it and the days on which it can be had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Aid {
    /// Identifier.
    #[schemars(extend("pattern" = ID_PATTERN))]
    pub id: String,
    /// Name.
    pub name: Text,
    /// First day.
    pub from: Date,
    /// Last day, itself included; left out, none is known.
    pub until: Option<Date>,
    /// Classes of zone that open it; `zip` holds ZIP-A and ZIP-B.
    #[schemars(length(min = 1))]
    pub classes: Vec<ZoneClass>,
    /// Amount paid once, in euros; left out where there is none or none is stated.
    #[schemars(range(min = 0, max = 1000000000000i64))]
    pub amount_eur: Option<u64>,
    /// What it adds to the list-size payment (forfait médecin traitant), in percent, by year since the doctor
    /// came; the last goes on.
    #[serde(default)]
    #[schemars(inner(range(min = 0, max = 1000)))]
    pub list_payment_percent_by_year: Vec<u32>,
    /// What else it takes: not computed.
    pub condition: Text,
    /// Who says so.
    pub source: Text,
    /// Sourced or assumed.
    pub basis: Basis,
}

/// The aids that a class of zone opens on a day, in their order. Conditions other than class and day are for
/// people to read.
pub fn eligible(aids: &[Aid], class: ZoneClass, day: Date) -> Vec<&Aid> {
    let held = |a: &&Aid| a.from <= day && a.until.is_none_or(|last| day <= last);
    aids.iter().filter(held).filter(|a| a.classes.iter().any(|&c| class.is(c))).collect()
}
