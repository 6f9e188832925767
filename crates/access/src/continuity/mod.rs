//! Continuity: for each duty period, who is within reach of an open, staffed point, and who depends on an
//! emergency unit only.
//!
//! A point is open in a period when it and its rota both serve it, and staffed when the rota is not refused: a
//! rota must have volunteers enough, for one that rests on few doctors stops with one of them ([`RotaLoad`]).
//! All numbers of people are exact.

mod rota;
mod settings;

pub use rota::RotaLoad;
pub use settings::{BadContinuity, ContinuitySettings, Period};

use maillage_input::Text;
use maillage_territory::{DutyKind, DutyPoint, Minutes, PeriodId, Persons, PlaceIx, Rota, TravelTimes};
use serde::{Serialize, Serializer};

/// How the people of a place are served in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// A point other than an emergency unit is within the time.
    Care,
    /// An emergency unit is within the time, and nothing else.
    EmergencyOnly,
    /// Nothing is within the time.
    Beyond,
}

/// One place in one period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PlaceAccess {
    /// How its people are served.
    pub reach: Reach,
    /// Time to the nearest point that is open and staffed, beyond the limit too; `None` is out of reach of the
    /// table of times. JSON gives minutes.
    #[serde(rename = "nearest_min", serialize_with = "minutes")]
    pub nearest: Option<Minutes>,
    /// What that point is; at equal times a practice goes before a duty house, and it before an emergency unit.
    #[serde(serialize_with = "kind")]
    pub kind: Option<DutyKind>,
}

/// People of some places in one period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Reached {
    /// All of them.
    pub people: Persons,
    /// Within the time of a point that is open and staffed.
    pub people_within: Persons,
    /// Within the time of such a point that is no emergency unit.
    pub people_within_care: Persons,
    /// Within the time of an emergency unit, and of no other such point.
    pub people_emergency_only: Persons,
    /// Within the time of none.
    pub people_beyond: Persons,
}

/// One period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PeriodAccess {
    /// Identifier.
    pub id: PeriodId,
    /// Name.
    pub name: Text,
    /// People of all places.
    pub total: Reached,
    /// One entry per place.
    pub places: Vec<PlaceAccess>,
}

/// Every period and every rota.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Continuity {
    /// In the order of the settings.
    pub periods: Vec<PeriodAccess>,
    /// In the order given, those refused among them.
    pub rotas: Vec<RotaLoad>,
}

impl PeriodAccess {
    /// Sums over some places, each counted as often as it is named. `people` has one entry per place.
    pub fn over(&self, people: &[Persons], places: impl IntoIterator<Item = PlaceIx>) -> Reached {
        let mut sum = Reached::default();
        for ix in places {
            let i = ix.0 as usize;
            if let (Some(&here), Some(place)) = (people.get(i), self.places.get(i)) {
                sum.add(here, place.reach);
            }
        }
        sum
    }
}

impl Reached {
    fn add(&mut self, people: Persons, reach: Reach) {
        self.people = self.people + people;
        if reach == Reach::Beyond {
            self.people_beyond = self.people_beyond + people;
            return;
        }
        self.people_within = self.people_within + people;
        let part = match reach {
            Reach::Care => &mut self.people_within_care,
            _ => &mut self.people_emergency_only,
        };
        *part = *part + people;
    }
}

/// Continuity in every period of the settings. `people` has one entry per place; times are from people to points.
///
/// # Errors
/// Everything that is wrong with settings, points and rotas: periods and rotas that nobody defines, identifiers
/// that stand twice, a time beyond the table of times, which would take those beyond for unreached.
pub fn continuity(
    settings: &ContinuitySettings,
    travel: &TravelTimes,
    people: &[Persons],
    points: &[DutyPoint],
    rotas: &[Rota],
) -> Result<Continuity, Vec<BadContinuity>> {
    let within = settings.check(travel, people.len(), points, rotas)?;
    let rotas: Vec<RotaLoad> = rotas.iter().map(|r| RotaLoad::new(r, settings)).collect();
    let period = |period: &Period| {
        let open = open_points(&period.id, people.len(), points, &rotas);
        let places: Vec<PlaceAccess> =
            (0..people.len()).map(|i| access(travel, PlaceIx(i as u32), within, &open)).collect();
        let mut total = Reached::default();
        people.iter().zip(&places).for_each(|(&p, place)| total.add(p, place.reach));
        PeriodAccess { id: period.id.clone(), name: period.name.clone(), total, places }
    };
    Ok(Continuity { periods: settings.periods.iter().map(period).collect(), rotas })
}

/// What is open and staffed at a place: the kind that comes first, so an emergency unit only where it stands
/// alone.
fn open_points(
    period: &PeriodId,
    places: usize,
    points: &[DutyPoint],
    rotas: &[RotaLoad],
) -> Vec<Option<DutyKind>> {
    let mut open: Vec<Option<DutyKind>> = vec![None; places];
    for point in points {
        let own = point.periods.is_empty() || point.periods.contains(period);
        let staffed = match &point.rota {
            None => true,
            Some(id) => {
                rotas.iter().any(|r| r.id == *id && r.refused.is_none() && r.periods.contains(period))
            }
        };
        let slot = &mut open[point.place.0 as usize];
        if own && staffed && slot.is_none_or(|k| point.kind < k) {
            *slot = Some(point.kind);
        }
    }
    open
}

fn access(travel: &TravelTimes, from: PlaceIx, within: Minutes, open: &[Option<DutyKind>]) -> PlaceAccess {
    let reached = || {
        let list = travel.from(from).iter();
        list.filter_map(|&(to, t)| open.get(to.0 as usize).copied().flatten().map(|kind| (t, kind)))
    };
    // The list rises in time: the nearest is first, but for others at the same time.
    let first = reached().next();
    let nearest = first.and_then(|(t, _)| reached().take_while(|&(u, _)| u == t).min_by_key(|&(_, k)| k));
    let mut near = reached().take_while(|&(t, _)| t <= within);
    let reach = if near.any(|(_, kind)| kind != DutyKind::Emergency) {
        Reach::Care
    } else if nearest.is_some_and(|(t, _)| t <= within) {
        Reach::EmergencyOnly
    } else {
        Reach::Beyond
    };
    PlaceAccess { reach, nearest: nearest.map(|(t, _)| t), kind: nearest.map(|(_, k)| k) }
}

fn minutes<S: Serializer>(time: &Option<Minutes>, s: S) -> Result<S::Ok, S::Error> {
    match time.map(Minutes::hundredths) {
        None => s.serialize_none(),
        Some(h) if h % 100 == 0 => s.serialize_u32(h / 100),
        Some(h) => s.serialize_f64(f64::from(h) / 100.0),
    }
}

fn kind<S: Serializer>(kind: &Option<DutyKind>, s: S) -> Result<S::Ok, S::Error> {
    kind.map(DutyKind::as_str).serialize(s)
}
