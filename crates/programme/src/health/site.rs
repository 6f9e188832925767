//! Sites: where lists are or could be.

use super::HealthTypeIx;
use maillage_territory::{Fte, Persons, PlaceIx, SiteId};

/// GPs who practise in a place in one year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Practice {
    /// How many.
    pub gps: Fte,
    /// People their lists hold.
    pub list: Persons,
    /// Acts of the year.
    pub acts: u64,
}

/// A structure that stands today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Existing {
    /// Its type.
    pub kind: HealthTypeIx,
    /// Posts filled today, for each kind of post of its type: they stay, mature, without attrition, and are not
    /// taken from a pool. They count as opened and filled in every year in which the structure is open.
    pub posts: Vec<Fte>,
    /// Whether it may close: from a year on, for good. It then takes no recruits in any year.
    pub may_close: bool,
}

/// An opening that is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Commitment {
    /// As which type; any of the candidate's when `None`.
    pub kind: Option<HealthTypeIx>,
    /// Open by this year at the latest.
    pub by: u8,
}

/// What a site is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Today's practices of one place; their numbers are in each [`super::Future`].
    Practice,
    /// A structure that stands today; it may grow within its rooms.
    Existing(Existing),
    /// One structure of one of these types may open.
    Candidate {
        /// Types, sorted.
        types: Vec<HealthTypeIx>,
        /// First year in which it may open.
        from: u8,
        /// Settled already.
        committed: Option<Commitment>,
    },
}

/// A list of people and its addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthSite {
    /// Identifier, unique.
    pub id: SiteId,
    /// Addresses, the main one first; more than one for a pôle. No place twice.
    pub addresses: Vec<PlaceIx>,
    /// What it is.
    pub standing: Standing,
}

impl HealthSite {
    /// The main address.
    pub fn main(&self) -> PlaceIx {
        self.addresses[0]
    }

    /// Types it has or may take.
    pub fn types(&self) -> &[HealthTypeIx] {
        match &self.standing {
            Standing::Practice => &[],
            Standing::Existing(e) => std::slice::from_ref(&e.kind),
            Standing::Candidate { types, .. } => types,
        }
    }
}
