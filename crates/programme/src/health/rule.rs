//! Rules a plan must keep.

use super::{HealthTypeIx, ProfessionIx};
use crate::SiteIx;
use maillage_territory::{Minutes, PlaceIx};

/// Where a rule applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Places {
    /// Everywhere.
    All,
    /// In these places, sorted. A site counts where its main address is.
    Some(Vec<PlaceIx>),
}

impl Places {
    /// Whether a place counts.
    pub fn contains(&self, place: PlaceIx) -> bool {
        match self {
            Places::All => true,
            Places::Some(places) => places.binary_search(&place).is_ok(),
        }
    }
}

/// What a [`HealthRule::Count`] counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountWhat {
    /// Structures open in the year, existing ones included.
    Open,
    /// Structures opened up to the year, existing ones left out.
    New,
    /// Structures opened in the year itself.
    Opening,
    /// Structures open in the year whose type takes interns.
    Interns,
}

/// A rule. Empty `types` or `professions` are all of them. `years` are the first and last year in which it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HealthRule {
    /// Least and most structures in a set of places, in each of the years.
    Count {
        /// Where.
        places: Places,
        /// Of which types.
        types: Vec<HealthTypeIx>,
        /// What.
        what: CountWhat,
        /// At least.
        least: Option<u32>,
        /// At most.
        most: Option<u32>,
        /// When.
        years: (u8, u8),
    },
    /// Of these sites at most so many ever open (existing ones count as open when not closed).
    Exclusive {
        /// Which.
        sites: Vec<SiteIx>,
        /// How many.
        most: u32,
    },
    /// Two open structures of these types stand at least this far apart, from main address to main address, the
    /// shorter way counting; two existing ones may be closer.
    Spacing {
        /// Of which types.
        types: Vec<HealthTypeIx>,
        /// How far.
        least: Minutes,
    },
    /// Of the people of a set of places, at least this share is within a time of an open address, in each year.
    Coverage {
        /// Whose.
        places: Places,
        /// Addresses of structures of which types.
        types: Vec<HealthTypeIx>,
        /// Whether today's practices count too, where they still have a GP.
        practices: bool,
        /// How near.
        within: Minutes,
        /// How many, in percent: `100 · covered ≥ percent · people`.
        percent: u8,
        /// When.
        years: (u8, u8),
    },
    /// Posts, existing structures' included, in hundredths of full-time equivalents.
    Posts {
        /// Where.
        places: Places,
        /// In which types.
        types: Vec<HealthTypeIx>,
        /// Of which professions.
        professions: Vec<ProfessionIx>,
        /// Fewest opened.
        least: Option<u32>,
        /// Most filled.
        most: Option<u32>,
        /// When.
        years: (u8, u8),
    },
    /// In every open structure of these types: posts of some professions for each post of others.
    Ratio {
        /// In which types.
        types: Vec<HealthTypeIx>,
        /// Posts of these…
        of: Vec<ProfessionIx>,
        /// …for each post of these.
        per: Vec<ProfessionIx>,
        /// At least so many hundredths: `100 · opened(of) ≥ least · filled(per)`.
        least: Option<u32>,
        /// At most so many hundredths: `100 · filled(of) ≤ most · opened(per)`.
        most: Option<u32>,
    },
    /// Of the people of a set of places, at least this share is attached, in each of the years, in every future.
    Attached {
        /// Whose.
        places: Places,
        /// How many, in percent.
        percent: u8,
        /// When.
        years: (u8, u8),
    },
}
