//! Periods, time and floor, with what can be wrong with them.

use crate::Basis;
use maillage_input::Text;
use maillage_territory::{DutyPoint, Minutes, PeriodId, Rota, SiteId, TravelTimes};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A duty period: hours of the year outside opening hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// Identifier: points and rotas name it.
    pub id: PeriodId,
    /// Name.
    pub name: Text,
    /// Shifts that one line fills in a year.
    #[schemars(range(min = 1, max = 10000))]
    pub shifts_per_year: u32,
}

/// How continuity is measured. The defaults are assumptions but for the 30 minutes, the usual limit for emergency
/// care: four periods (evening 20-24 h and deep night 0-8 h, 365 shifts each; Saturday afternoon, 52; Sunday and
/// holiday by day, 63) and a floor of 5 volunteers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ContinuitySettings {
    /// People are served within this many minutes, itself included.
    #[schemars(range(min = 1, max = 600))]
    pub within_min: f64,
    /// Fewest volunteers of a rota that counts as staffed.
    #[schemars(range(min = 1, max = 1000))]
    pub volunteers_floor: u32,
    /// Duty periods.
    #[schemars(length(min = 1))]
    pub periods: Vec<Period>,
    /// Who says so: change it together with the values.
    pub source: Text,
    /// Sourced or assumed.
    pub basis: Basis,
}

impl Default for ContinuitySettings {
    fn default() -> Self {
        let known = [
            ("evening", "soirée, 20 h - 24 h", "evening, 20-24 h", 365),
            ("deep-night", "nuit profonde, 0 h - 8 h", "deep night, 0-8 h", 365),
            ("saturday-afternoon", "samedi après-midi", "Saturday afternoon", 52),
            ("sunday-holiday", "dimanche et jour férié", "Sunday and holiday", 63),
        ];
        let period = |&(id, fr, en, shifts_per_year): &(&str, &str, &str, u32)| {
            let id = PeriodId::new(id).ok()?;
            Some(Period { id, name: Text::new(fr, en), shifts_per_year })
        };
        ContinuitySettings {
            within_min: 30.0,
            volunteers_floor: 5,
            periods: known.iter().filter_map(period).collect(),
            source: Text::new(
                "valeurs par défaut : nombre de gardes par an et minimum de 5 volontaires supposés ; 30 minutes, limite d'usage pour les soins urgents",
                "default values: shifts a year and floor of 5 volunteers assumed; 30 minutes, the usual limit for emergency care",
            ),
            basis: Basis::Assumed,
        }
    }
}

/// What is wrong with settings, points or rotas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadContinuity {
    /// The time is no number of minutes above 0.
    Within,
    /// The time is beyond the largest of the table of times.
    BeyondTravel {
        /// That largest time.
        most: Minutes,
    },
    /// There is no period.
    NoPeriod,
    /// A period is defined twice.
    PeriodTwice(PeriodId),
    /// A rota is defined twice.
    RotaTwice(SiteId),
    /// A point or rota names a period that is not defined.
    UnknownPeriod {
        /// The point or rota.
        of: SiteId,
        /// The period.
        period: PeriodId,
    },
    /// A point names a rota that is not defined.
    UnknownRota {
        /// The point.
        point: SiteId,
        /// The rota.
        rota: SiteId,
    },
    /// A point stands at no place of the territory.
    NoPlace(SiteId),
}

impl BadContinuity {
    /// The reason, for users.
    pub fn text(&self) -> Text {
        match self {
            BadContinuity::Within => Text::new(
                "« within_min » doit être un nombre de minutes positif",
                "`within_min` must be a number of minutes above 0",
            ),
            BadContinuity::BeyondTravel { most } => Text::new(
                format!("« within_min » dépasse la table des temps, qui s'arrête à {most} min"),
                format!("`within_min` is beyond the table of times, which stops at {most} min"),
            ),
            BadContinuity::NoPeriod => Text::new("aucune période de garde", "no duty period"),
            BadContinuity::PeriodTwice(id) => Text::new(
                format!("période « {id} » définie deux fois"),
                format!("period `{id}` defined twice"),
            ),
            BadContinuity::RotaTwice(id) => Text::new(
                format!("liste de garde « {id} » définie deux fois"),
                format!("rota `{id}` defined twice"),
            ),
            BadContinuity::UnknownPeriod { of, period } => Text::new(
                format!("« {of} » nomme la période « {period} », qui n'est pas définie"),
                format!("`{of}` names the period `{period}`, which is not defined"),
            ),
            BadContinuity::UnknownRota { point, rota } => Text::new(
                format!("le point « {point} » nomme la liste « {rota} », qui n'est pas définie"),
                format!("point `{point}` names the rota `{rota}`, which is not defined"),
            ),
            BadContinuity::NoPlace(id) => Text::new(
                format!("le point « {id} » n'est dans aucun lieu du territoire"),
                format!("point `{id}` is at no place of the territory"),
            ),
        }
    }
}

impl fmt::Display for BadContinuity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().fmt(f)
    }
}

impl std::error::Error for BadContinuity {}

impl ContinuitySettings {
    /// The time, once everything is right.
    pub(super) fn check(
        &self,
        travel: &TravelTimes,
        places: usize,
        points: &[DutyPoint],
        rotas: &[Rota],
    ) -> Result<Minutes, Vec<BadContinuity>> {
        let mut wrong = Vec::new();
        let within = Minutes::round(self.within_min).filter(|&t| t > Minutes::ZERO);
        match within {
            None => wrong.push(BadContinuity::Within),
            Some(t) if t > travel.max() => wrong.push(BadContinuity::BeyondTravel { most: travel.max() }),
            Some(_) => {}
        }
        if self.periods.is_empty() {
            wrong.push(BadContinuity::NoPeriod);
        }
        let twice = |i: usize| self.periods[..i].iter().any(|p| p.id == self.periods[i].id);
        let again = (0..self.periods.len()).filter(|&i| twice(i));
        wrong.extend(again.map(|i| BadContinuity::PeriodTwice(self.periods[i].id.clone())));
        for (i, rota) in rotas.iter().enumerate() {
            if rotas[..i].iter().any(|r| r.id == rota.id) {
                wrong.push(BadContinuity::RotaTwice(rota.id.clone()));
            }
            wrong.extend(self.unknown(&rota.id, &rota.periods));
        }
        for point in points {
            wrong.extend(self.unknown(&point.id, &point.periods));
            if let Some(rota) = point.rota.as_ref().filter(|id| !rotas.iter().any(|r| r.id == **id)) {
                let (point, rota) = (point.id.clone(), rota.clone());
                wrong.push(BadContinuity::UnknownRota { point, rota });
            }
            if point.place.0 as usize >= places {
                wrong.push(BadContinuity::NoPlace(point.id.clone()));
            }
        }
        within.filter(|_| wrong.is_empty()).ok_or(wrong)
    }

    fn unknown(&self, of: &SiteId, named: &[PeriodId]) -> Vec<BadContinuity> {
        let known = |id: &PeriodId| self.periods.iter().any(|p| p.id == *id);
        let unknown = named.iter().filter(|id| !known(id));
        unknown.map(|id| BadContinuity::UnknownPeriod { of: of.clone(), period: id.clone() }).collect()
    }
}
