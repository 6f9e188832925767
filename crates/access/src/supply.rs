//! What practitioners offer in a year.

use maillage_territory::{Profession, Territory};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Acts (consultations and visits) of one practitioner in a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ActsRule {
    /// Where the acts of a practitioner are unknown. The default reproduces the mean APL of 2018 on counts of
    /// listed GPs (heads, part-time and special practice included): fitted, not sourced.
    #[schemars(range(min = 1, max = 100000))]
    pub unknown: u32,
    /// Fewer count as this many (rules of 2017); none when null.
    #[schemars(range(min = 0, max = 100000))]
    pub floor: Option<u32>,
    /// More count as this many (rules of 2017, per practice); none when null.
    #[schemars(range(min = 1, max = 100000))]
    pub cap: Option<u32>,
}

impl Default for ActsRule {
    fn default() -> Self {
        ActsRule { unknown: 4380, floor: Some(3600), cap: Some(6000) }
    }
}

impl ActsRule {
    /// What counts of known or unknown acts. A floor above the cap gives the cap.
    ///
    /// ```
    /// use maillage_access::ActsRule;
    /// let rule = ActsRule::default();
    /// assert_eq!([Some(9000), Some(4500), Some(100), None].map(|a| rule.counted(a)), [6000, 4500, 3600, 4380]);
    /// ```
    pub fn counted(&self, acts: Option<u32>) -> u32 {
        let acts = acts.unwrap_or(self.unknown).max(self.floor.unwrap_or(0));
        acts.min(self.cap.unwrap_or(u32::MAX))
    }
}

/// Which practitioners count, and for how much.
#[derive(Debug, Clone, PartialEq)]
pub struct SupplyRule {
    /// Profession.
    pub profession: Profession,
    /// Only practitioners up to and including this age; `None` is no bound.
    pub age_bound: Option<u8>,
    /// Share of practitioners of unknown age who are older than the bound, in percent; `None` refuses them.
    pub unknown_older_percent: Option<f64>,
    /// Acts in a year; `None` counts practitioners instead.
    pub acts: Option<ActsRule>,
}

/// Why a supply cannot be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoSupply {
    /// The territory has no table of the profession.
    UnknownProfession,
    /// An age bound is asked for, ages are unknown, and no share of older ones is given.
    UnknownAges,
}

/// The supply of every place.
#[derive(Debug, Clone, PartialEq)]
pub struct Supply {
    /// One entry per place: acts in a year, or practitioners. 0 where there is none and where it is unknown.
    pub by_place: Vec<f64>,
    /// One entry per place: whether it is known. What is unknown is not zero: figures of places around are then
    /// lower bounds.
    pub known: Vec<bool>,
    /// Practitioners who count before any age bound.
    pub practitioners: f64,
    /// Those whose acts are unknown, where acts are counted.
    pub acts_unknown: f64,
    /// Those whose age is unknown.
    pub age_unknown: f64,
}

impl Supply {
    /// The supply of a territory under a rule.
    ///
    /// # Errors
    /// When the profession is unknown, or ages are needed and unknown.
    pub fn new(territory: &Territory, rule: &SupplyRule) -> Result<Supply, NoSupply> {
        let source = territory.professions.get(&rule.profession).ok_or(NoSupply::UnknownProfession)?;
        let mut supply = Supply {
            by_place: vec![0.0; territory.places.len()],
            known: source.known.clone(),
            practitioners: 0.0,
            acts_unknown: 0.0,
            age_unknown: 0.0,
        };
        for group in territory.practitioners.iter().filter(|g| g.profession == rule.profession) {
            let number = f64::from(group.number.hundredths()) / 100.0;
            supply.practitioners += number;
            supply.acts_unknown += if group.acts.is_none() { number } else { 0.0 };
            supply.age_unknown += if group.age.is_none() { number } else { 0.0 };
            let share = match (rule.age_bound, group.age) {
                (None, _) => 1.0,
                (Some(bound), Some(age)) => f64::from(u8::from(age <= bound)),
                (Some(_), None) => match rule.unknown_older_percent {
                    Some(older) => 1.0 - older / 100.0,
                    None => return Err(NoSupply::UnknownAges),
                },
            };
            let each = rule.acts.map_or(1.0, |acts| f64::from(acts.counted(group.acts)));
            supply.by_place[group.place.0 as usize] += number * share * each;
        }
        Ok(supply)
    }
}
