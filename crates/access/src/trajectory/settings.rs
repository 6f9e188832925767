//! Hazards, inflow, stress, installations and lists, as a file states them.

use crate::Basis;
use maillage_input::Text;
use maillage_territory::{Minutes, PlaceId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Longest horizon, in years.
pub const MOST_YEARS: u8 = 30;

/// A trajectory: the stock of GPs on 1 January of every year from the first on. What a year brings (departures,
/// newcomers, installations) is counted in the stock of the next 1 January and bears that year: the first year that
/// can change is the one after `first_year`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrajectorySettings {
    /// Year of the stock that is known.
    #[schemars(range(min = 1900, max = 2200))]
    pub first_year: u16,
    /// How many years beyond it.
    #[schemars(range(min = 1, max = 30))]
    pub horizon_years: u8,
    /// Who leaves for good.
    #[serde(default)]
    pub exits: Exits,
    /// Departures beyond those.
    pub stress: Option<Stress>,
    /// Newcomers year after year; entries add up.
    #[serde(default)]
    pub inflow: Vec<Inflow>,
    /// Newcomers at a named place in a named year.
    #[serde(default)]
    pub installations: Vec<Installation>,
    /// How many people GPs have on their lists.
    pub lists: Lists,
    /// Who says so, but for `exits`, which have their own.
    pub source: Text,
    /// Sourced or assumed.
    pub basis: Basis,
}

/// Yearly chance to leave, by age. The default is an assumption: nobody before 60, then 5 % a year, 20 % from 65,
/// 35 % from 70, everyone at 75; 3 % a year of those whose age is unknown, about one career of 33 years.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exits {
    /// Steps in rising ages: each holds from its age to the next; before the first nobody leaves.
    pub by_age: Vec<ExitStep>,
    /// Of those whose age is unknown, each year, in hundredths of a percent.
    #[schemars(range(min = 0, max = 10000))]
    pub unknown_age_basis_points_per_year: u32,
    /// Who says so.
    pub source: Text,
    /// Sourced or assumed.
    pub basis: Basis,
}

/// Chance to leave from an age on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExitStep {
    /// Age on 1 January from which it holds.
    #[schemars(range(min = 20, max = 120))]
    pub from_age_years: u8,
    /// Share that leaves within the year, in hundredths of a percent.
    #[schemars(range(min = 0, max = 10000))]
    pub basis_points_per_year: u32,
}

impl Default for Exits {
    fn default() -> Self {
        let step = |&(from_age_years, basis_points_per_year): &(u8, u32)| ExitStep {
            from_age_years,
            basis_points_per_year,
        };
        Exits {
            by_age: [(60, 500), (65, 2_000), (70, 3_500), (75, 10_000)].iter().map(step).collect(),
            unknown_age_basis_points_per_year: 300,
            source: Text::new(
                "valeurs par défaut supposées : départs de 5 % par an dès 60 ans, 20 % dès 65, 35 % dès 70, tous à 75 ; 3 % par an si l'âge est inconnu",
                "assumed default values: 5 % a year leave from 60, 20 % from 65, 35 % from 70, all at 75; 3 % a year where the age is unknown",
            ),
            basis: Basis::Assumed,
        }
    }
}

/// Departures of a crisis over all places: a least, which exits count towards, so that a stress states a loss in
/// all and never lowers it. Oldest first where ages are known, pro rata where not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Stress {
    /// Each year at least this share of the stock of the year leaves: compound.
    Yearly {
        /// First year it shows; the first that can change when left out.
        from_year: Option<u16>,
        /// For how many years.
        #[schemars(range(min = 1, max = 30))]
        years: u8,
        /// The share, in hundredths of a percent.
        #[schemars(range(min = 0, max = 10000))]
        basis_points_per_year: u32,
    },
    /// Over the years at least this share of the stock at their start leaves, the same number each year.
    Total {
        /// First year it shows; the first that can change when left out.
        from_year: Option<u16>,
        /// Over how many years.
        #[schemars(range(min = 1, max = 30))]
        years: u8,
        /// The share in all, in hundredths of a percent.
        #[schemars(range(min = 0, max = 10000))]
        basis_points_in_all: u32,
    },
}

/// Newcomers year after year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Inflow {
    /// First year in which they are counted; the first that can change when left out.
    pub from_year: Option<u16>,
    /// Last year; the last of the horizon when left out.
    pub until_year: Option<u16>,
    /// New GPs a year, trained here or drawn from elsewhere, rounded to hundredths.
    #[schemars(range(min = 0, max = 10000))]
    pub gps_per_year: f64,
    /// Share of them that stays to practise here, in percent, rounded to hundredths of a GP.
    #[serde(default = "all")]
    #[schemars(range(min = 0, max = 100))]
    pub stay_percent: u8,
    /// Their age on arrival; unknown when left out.
    #[schemars(range(min = 20, max = 120))]
    pub age_years: Option<u8>,
    /// Where they go, in proportion; in proportion to the GPs who are there when left out, as newcomers join
    /// practices that exist: an assumption, under which a place without a GP gets none.
    pub weights: Option<Vec<PlaceWeight>>,
}

fn all() -> u8 {
    100
}

/// How much a place draws newcomers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceWeight {
    /// The place.
    pub place: PlaceId,
    /// Its weight.
    #[schemars(range(min = 0, max = 1000000000))]
    pub weight: u32,
}

/// GPs who settle at a place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Installation {
    /// First year in which they are counted.
    pub year: u16,
    /// Where.
    pub place: PlaceId,
    /// How many, rounded to hundredths.
    #[schemars(range(min = 0, max = 10000))]
    pub gps: f64,
    /// Their age on arrival; unknown when left out.
    #[schemars(range(min = 20, max = 120))]
    pub age_years: Option<u8>,
}

/// Lists of people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lists {
    /// People on the list of one full GP.
    #[schemars(range(min = 1, max = 10000))]
    pub people_per_gp: u32,
    /// Share of that list which a newcomer has, in percent, in the first stock that counts them, in the next, and so
    /// on; 100 beyond the last, and at once when left out: an assumption (salaried centres have seen 35, 60, 80, 100
    /// supposed and less observed).
    #[serde(default)]
    #[schemars(inner(range(min = 0, max = 100)))]
    pub ramp_up_percent: Vec<u8>,
    /// People attach only to lists within this many minutes.
    #[schemars(range(min = 1, max = 600))]
    pub within_min: f64,
}

/// What is wrong with the settings of a trajectory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadTrajectory {
    /// The horizon is not from 1 to 30 years.
    Horizon,
    /// Ages of exit that do not rise.
    Ages,
    /// A share above the whole.
    Share,
    /// A number of GPs that is none, or is beyond 10,000.
    Gps,
    /// A list that is not from 1 to 10,000 people.
    List,
    /// A time that is no number of minutes above 0.
    Within,
    /// The time is beyond the largest of the table of times.
    BeyondTravel {
        /// That largest time.
        most: Minutes,
    },
    /// A year outside those that can change.
    Year {
        /// The year.
        year: u16,
        /// The first that can change.
        first: u16,
        /// The last.
        last: u16,
    },
    /// An inflow that ends before it starts.
    Backwards {
        /// Its first year.
        from: u16,
        /// Its last.
        until: u16,
    },
    /// A stress of no year.
    NoYear,
    /// Weights that are all 0.
    NoWeight,
    /// A place that the territory does not have.
    UnknownPlace(PlaceId),
}

impl BadTrajectory {
    /// The reason, for users.
    pub fn text(&self) -> Text {
        match self {
            BadTrajectory::Horizon => {
                Text::new("l'horizon va de 1 à 30 ans", "the horizon is from 1 to 30 years")
            }
            BadTrajectory::Ages => Text::new(
                "les âges « from_age_years » doivent croître",
                "the ages `from_age_years` must rise",
            ),
            BadTrajectory::Share => Text::new(
                "une part dépasse 100 % (10 000 points de base)",
                "a share is above 100 % (10,000 basis points)",
            ),
            BadTrajectory::Gps => {
                Text::new("un nombre de médecins va de 0 à 10 000", "a number of GPs is from 0 to 10,000")
            }
            BadTrajectory::List => {
                Text::new("« people_per_gp » va de 1 à 10 000", "`people_per_gp` is from 1 to 10,000")
            }
            BadTrajectory::Within => Text::new(
                "« within_min » doit être un nombre de minutes positif",
                "`within_min` must be a number of minutes above 0",
            ),
            BadTrajectory::BeyondTravel { most } => Text::new(
                format!("« within_min » dépasse la table des temps, qui s'arrête à {most} min"),
                format!("`within_min` is beyond the table of times, which stops at {most} min"),
            ),
            BadTrajectory::Year { year, first, last } => Text::new(
                format!("l'année {year} est hors de la projection, de {first} à {last}"),
                format!("the year {year} is outside the trajectory, from {first} to {last}"),
            ),
            BadTrajectory::Backwards { from, until } => Text::new(
                format!("l'apport finit en {until}, avant de commencer en {from}"),
                format!("the inflow ends in {until}, before it starts in {from}"),
            ),
            BadTrajectory::NoYear => {
                Text::new("une crise dure au moins un an", "a stress lasts at least one year")
            }
            BadTrajectory::NoWeight => Text::new(
                "des poids tous nuls ne répartissent rien",
                "weights that are all 0 share out nothing",
            ),
            BadTrajectory::UnknownPlace(id) => Text::new(
                format!("le lieu {id} n'est pas dans le territoire"),
                format!("place {id} is not in the territory"),
            ),
        }
    }
}

impl fmt::Display for BadTrajectory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().fmt(f)
    }
}

impl std::error::Error for BadTrajectory {}

impl TrajectorySettings {
    /// The years that can change.
    pub(super) fn years(&self) -> (u16, u16) {
        (self.first_year.saturating_add(1), self.first_year.saturating_add(self.horizon_years.into()))
    }

    /// All that is wrong, but for places that do not exist. `longest` is the largest time of the table.
    pub(super) fn problems(&self, longest: Minutes) -> Vec<BadTrajectory> {
        let mut wrong = Vec::new();
        if !(1..=MOST_YEARS).contains(&self.horizon_years) {
            wrong.push(BadTrajectory::Horizon);
        }
        if self.exits.by_age.windows(2).any(|w| w[0].from_age_years >= w[1].from_age_years) {
            wrong.push(BadTrajectory::Ages);
        }
        if self.shares().any(|s| s > 10_000) {
            wrong.push(BadTrajectory::Share);
        }
        let (first, last) = self.years();
        let flows = self.inflow.iter().flat_map(|i| [i.from_year, i.until_year]).flatten();
        let stress = self.stress.map(|s| s.span(first));
        let years = self.installations.iter().map(|i| i.year).chain(flows).chain(stress.map(|s| s.0));
        let outside = years.filter(|y| !(first..=last).contains(y));
        wrong.extend(outside.map(|year| BadTrajectory::Year { year, first, last }));
        if stress.is_some_and(|s| s.1 == 0) {
            wrong.push(BadTrajectory::NoYear);
        }
        for inflow in &self.inflow {
            if let (Some(from), Some(until)) = (inflow.from_year, inflow.until_year)
                && until < from
            {
                wrong.push(BadTrajectory::Backwards { from, until });
            }
            if inflow.weights.as_ref().is_some_and(|w| w.iter().all(|w| w.weight == 0)) {
                wrong.push(BadTrajectory::NoWeight);
            }
        }
        let new = self.installations.iter().map(|i| i.gps).chain(self.inflow.iter().map(|i| i.gps_per_year));
        let bad = new.filter(|gps| !(0.0..=10_000.0).contains(gps));
        wrong.extend(bad.map(|_| BadTrajectory::Gps));
        if !(1..=10_000).contains(&self.lists.people_per_gp) {
            wrong.push(BadTrajectory::List);
        }
        match Minutes::round(self.lists.within_min).filter(|&t| t > Minutes::ZERO) {
            None => wrong.push(BadTrajectory::Within),
            Some(t) if t > longest => wrong.push(BadTrajectory::BeyondTravel { most: longest }),
            Some(_) => {}
        }
        wrong
    }

    /// Every share, in hundredths of a percent.
    fn shares(&self) -> impl Iterator<Item = u32> {
        let percent = self.inflow.iter().map(|i| &i.stay_percent).chain(&self.lists.ramp_up_percent);
        let stress = self.stress.map(|s| match s {
            Stress::Yearly { basis_points_per_year: share, .. }
            | Stress::Total { basis_points_in_all: share, .. } => share,
        });
        let exits = self.exits.by_age.iter().map(|s| s.basis_points_per_year);
        exits
            .chain([self.exits.unknown_age_basis_points_per_year])
            .chain(stress)
            .chain(percent.map(|&p| u32::from(p) * 100))
    }
}

impl Stress {
    /// First year, and how many; `first` is the first that can change.
    pub(super) fn span(self, first: u16) -> (u16, u8) {
        match self {
            Stress::Yearly { from_year, years, .. } | Stress::Total { from_year, years, .. } => {
                (from_year.unwrap_or(first), years)
            }
        }
    }
}

impl Inflow {
    /// Whether newcomers of this inflow are first counted in a year.
    pub(super) fn comes_in(&self, year: u16) -> bool {
        self.from_year.is_none_or(|y| y <= year) && self.until_year.is_none_or(|y| year <= y)
    }
}
