//! The shape of rules and goals of a health programme.

use super::file::Where;
use maillage_territory::{AreaKind, Profession, SiteId, TypeId};
use schemars::JsonSchema;
use serde::Deserialize;

/// A rule. Types and professions left out are all of them; a rule with years holds in every planned year from
/// `from_year` to `to_year`, all when left out.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(tag = "rule", rename_all = "kebab-case", deny_unknown_fields)]
pub enum RuleFile {
    /// Least and most structures in a set of places, in each of the years.
    Count {
        /// Where; everywhere when left out.
        #[serde(default, rename = "where")]
        places: Where,
        /// Of which types.
        #[serde(default)]
        types: Vec<TypeId>,
        /// What is counted.
        #[serde(default)]
        what: Counted,
        /// At least.
        #[schemars(range(min = 0, max = 100000))]
        min: Option<u32>,
        /// At most.
        #[schemars(range(min = 0, max = 100000))]
        max: Option<u32>,
        /// First year.
        from_year: Option<u16>,
        /// Last year.
        to_year: Option<u16>,
    },
    /// Of these sites at most so many ever open; existing ones count as open until they close.
    Exclusive {
        /// Which: `new-CODE` for the candidate of a place, or the site's own identifier.
        #[schemars(length(min = 2))]
        sites: Vec<SiteId>,
        /// At most.
        #[serde(default = "one")]
        #[schemars(range(min = 0, max = 100000))]
        max: u32,
    },
    /// Open structures stand apart from each other, between main addresses, the shorter way counting; two existing ones
    /// may be closer.
    Spacing {
        /// Of which types.
        #[serde(default)]
        types: Vec<TypeId>,
        /// At least this many minutes apart.
        #[schemars(range(min = 0, max = 600))]
        apart_min: f64,
    },
    /// Of the people of a set of places, at least a share is near an open address, in each of the years.
    Coverage {
        /// Whose; everyone's when left out.
        #[serde(default, rename = "where")]
        places: Where,
        /// Structures of which types.
        #[serde(default)]
        types: Vec<TypeId>,
        /// Whether today's practices count too, as long as they have a GP.
        #[serde(default)]
        practices: bool,
        /// How near.
        #[schemars(range(min = 0, max = 600))]
        within_min: f64,
        /// Least share of the people.
        #[schemars(range(min = 0, max = 100))]
        min_percent: u8,
        /// First year.
        from_year: Option<u16>,
        /// Last year.
        to_year: Option<u16>,
    },
    /// Least posts opened and most posts filled, existing structures' included, in each of the years.
    Posts {
        /// Where; everywhere when left out.
        #[serde(default, rename = "where")]
        places: Where,
        /// In which types.
        #[serde(default)]
        types: Vec<TypeId>,
        /// Of which professions.
        #[serde(default)]
        professions: Vec<Profession>,
        /// At least.
        #[schemars(range(min = 0, max = 100000))]
        min_fte: Option<f64>,
        /// At most.
        #[schemars(range(min = 0, max = 100000))]
        max_fte: Option<f64>,
        /// First year.
        from_year: Option<u16>,
        /// Last year.
        to_year: Option<u16>,
    },
    /// In every open structure: posts of some professions for each post of others.
    Ratio {
        /// In which types.
        #[serde(default)]
        types: Vec<TypeId>,
        /// Posts of these…
        #[schemars(length(min = 1))]
        of: Vec<Profession>,
        /// …for each post of these.
        #[schemars(length(min = 1))]
        per: Vec<Profession>,
        /// At least.
        #[schemars(range(min = 0, max = 1000))]
        min: Option<f64>,
        /// At most.
        #[schemars(range(min = 0, max = 1000))]
        max: Option<f64>,
    },
    /// Of the people of a set of places, at least a share is attached, in each of the years, in every future.
    Attached {
        /// Whose; everyone's when left out.
        #[serde(default, rename = "where")]
        places: Where,
        /// Least share of the people.
        #[schemars(range(min = 0, max = 100))]
        min_percent: u8,
        /// First year.
        from_year: Option<u16>,
        /// Last year.
        to_year: Option<u16>,
    },
}

fn one() -> u32 {
    1
}

/// What a rule counts.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Counted {
    /// Structures open in the year, existing ones included.
    Open,
    /// Structures opened up to the year, existing ones left out.
    #[default]
    New,
    /// Structures opened in the year itself.
    Opening,
    /// Structures open in the year whose type takes interns.
    Interns,
}

/// One step of the search.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum GoalFile {
    /// A goal that needs nothing more.
    Named(GoalWord),
    /// A goal with its settings, or a weighted sum.
    Step(StepFile),
}

/// A goal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GoalWord {
    /// Most person-years on a list.
    PeopleAttached,
    /// Most person-years within `within_min` of an open address.
    PeopleWithin,
    /// Least travel of attached people.
    TravelTime,
    /// Highest accessibility (APL) of the tenth of inhabitants who have least, last year.
    AplWorstTenth,
    /// Fewest inhabitants whose accessibility is under `floor_apl`, last year.
    PeopleUnderApl,
    /// Least money of owners and funders, all years.
    Cost,
    /// Fewest new structures.
    Sites,
    /// Smallest worst share of people on no list among the areas of a kind, `area`, last year.
    Balance,
    /// Most people near a duty point, last year.
    PeopleNearDuty,
}

/// A goal with its settings, or a weighted sum of goals.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StepFile {
    /// The goal; left out when `sum` is there.
    pub goal: Option<GoalWord>,
    /// For `people-within`: how near.
    #[schemars(range(min = 0, max = 600))]
    pub within_min: Option<f64>,
    /// For `people-under-apl`: the floor, in acts a year.
    #[schemars(range(min = 0, max = 1000))]
    pub floor_apl: Option<f64>,
    /// For `balance`: the kind of area.
    pub area: Option<AreaKind>,
    /// Goals added up, the sum made large: those that are to be small count against.
    #[schemars(length(min = 2))]
    pub sum: Option<Vec<TermFile>>,
    /// How much of the value found may be given up for later goals.
    #[serde(default)]
    #[schemars(range(min = 0, max = 100))]
    pub tolerance_percent: f64,
}

/// A goal in a sum.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TermFile {
    /// The goal.
    pub goal: GoalWord,
    /// How much one unit of it counts.
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 10000))]
    pub weight: u32,
    /// For `people-within`: how near.
    #[schemars(range(min = 0, max = 600))]
    pub within_min: Option<f64>,
    /// For `people-under-apl`: the floor, in acts a year.
    #[schemars(range(min = 0, max = 1000))]
    pub floor_apl: Option<f64>,
    /// For `balance`: the kind of area.
    pub area: Option<AreaKind>,
}

/// How the values in several futures make one.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OutlookFile {
    /// Their mean, weighted by probability.
    #[default]
    Expected,
    /// The worst.
    Worst,
}
