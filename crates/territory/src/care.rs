//! Who needs care, who gives it, and when: what measures of access are computed from.

use crate::{Fte, PeriodId, Persons, PlaceIx, Profession, SiteId, SupplyQuality};
use maillage_input::Text;

/// Bands of age by which the need for care is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AgeBand {
    /// 0 to 14 years.
    Under15,
    /// 15 to 29 years.
    From15,
    /// 30 to 44 years.
    From30,
    /// 45 to 59 years.
    From45,
    /// 60 to 74 years.
    From60,
    /// 75 years and more.
    From75,
}

impl AgeBand {
    /// From the youngest to the oldest: the order of [`Need::Ages`].
    pub const ALL: [AgeBand; 6] = [
        AgeBand::Under15,
        AgeBand::From15,
        AgeBand::From30,
        AgeBand::From45,
        AgeBand::From60,
        AgeBand::From75,
    ];
}

/// What is known of the need for care of the people of one place.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Need {
    /// Nothing: each person counts for one.
    #[default]
    Unknown,
    /// Standardised people over people.
    Factor(f64),
    /// Standardised people, as published.
    Standard(f64),
    /// People by band of age, in the order of [`AgeBand::ALL`].
    Ages([Persons; 6]),
}

/// Practitioners of one profession at one place who share what is known of them: one person, or a count.
#[derive(Debug, Clone, PartialEq)]
pub struct Practitioners {
    /// Profession.
    pub profession: Profession,
    /// Where they practise.
    pub place: PlaceIx,
    /// How many: heads or full-time equivalents, as [`ProfessionSource::heads`] says.
    pub number: Fte,
    /// Age in years; `None` is unknown.
    pub age: Option<u8>,
    /// Acts (consultations and visits) of each in a year; `None` is unknown.
    pub acts: Option<u32>,
}

/// What is known of one profession.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfessionSource {
    /// Where the numbers come from.
    pub source: Text,
    /// Counted, or estimated by a rule.
    pub quality: SupplyQuality,
    /// Heads, not full-time equivalents.
    pub heads: bool,
    /// For each place whether its number is known; a place that is known and has no practitioner has none.
    pub known: Vec<bool>,
}

/// Figures published by place, to compare with what is computed.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    /// What: producer, indicator, variant.
    pub name: String,
    /// Year of the data.
    pub year: u16,
    /// One entry per place; `None` where nothing is published.
    pub values: Vec<Option<f64>>,
}

/// What an out-of-hours point is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DutyKind {
    /// A practice or centre with longer hours.
    Practice,
    /// A duty house (maison médicale de garde).
    DutyHouse,
    /// An emergency unit.
    Emergency,
}

impl DutyKind {
    /// The word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            DutyKind::Practice => "practice",
            DutyKind::DutyHouse => "duty-house",
            DutyKind::Emergency => "emergency",
        }
    }
}

/// A point open for out-of-hours care.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyPoint {
    /// Identifier.
    pub id: SiteId,
    /// Name.
    pub name: String,
    /// What it is.
    pub kind: DutyKind,
    /// Where it stands.
    pub place: PlaceIx,
    /// Periods during which it is open; empty means all of them (an emergency unit).
    pub periods: Vec<PeriodId>,
    /// The rota that staffs it; `None` is a staff of its own.
    pub rota: Option<SiteId>,
}

/// A rota: volunteers who share the shifts of some periods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rota {
    /// Identifier.
    pub id: SiteId,
    /// Name.
    pub name: String,
    /// Doctors who take part; a rota may have lost all of them.
    pub volunteers: u32,
    /// Doctors on duty at the same time.
    pub lines: u32,
    /// Periods it serves.
    pub periods: Vec<PeriodId>,
}
