//! What may be decided, and under which limits.

use crate::health::{Health, Standing};
use crate::{AccessBasis, Euros};
use maillage_territory::{Fte, Minutes, Persons, PlaceIx, SiteId, TypeId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Dense index of a site within one task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SiteIx(pub u32);

/// Dense index of a structure type within one programme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeIx(pub u16);

/// What is to be solved.
#[derive(Debug, Clone)]
pub enum Task {
    /// Structures, posts and people under a budget and a pool.
    Siting(Programme),
    /// A plain location problem on the territory.
    Location(LocationTask),
    /// Structures, posts, money and people over years.
    Health(Box<Health>),
}

impl Task {
    /// Places where something could open.
    pub fn candidates(&self) -> Vec<PlaceIx> {
        match self {
            Task::Siting(programme) => {
                let candidate = |s: &&Site| matches!(s.role, Role::Candidate { .. });
                programme.sites.iter().filter(candidate).map(|s| s.place).collect()
            }
            Task::Location(task) => {
                task.sites.iter().filter(|(_, kept)| !kept).map(|(s, _)| s.place).collect()
            }
            Task::Health(health) => {
                let candidate =
                    health.sites.iter().filter(|s| matches!(s.standing, Standing::Candidate { .. }));
                candidate.flat_map(|s| s.addresses.iter().copied()).collect()
            }
        }
    }
}

/// Legal form of a structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StructureForm {
    /// Multi-professional health house, self-employed team (CSP L6323-3).
    Msp,
    /// Salaried health centre (CSP L6323-1).
    Centre,
}

/// A type of structure that may open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StructureType {
    /// Identifier within the scenario.
    pub id: TypeId,
    /// Legal form.
    pub form: StructureForm,
    /// Fewest GP posts that make a team (an MSP has at least 2).
    #[schemars(range(min = 0, max = 100))]
    pub min_gps: u32,
    /// Rooms for GPs: most posts.
    #[schemars(range(min = 1, max = 100))]
    pub max_gps: u32,
    /// People on the list of one GP in this structure.
    #[schemars(range(min = 1, max = 10000))]
    pub patients_per_gp: u32,
    /// What opening one costs the budget, in euros excluding tax.
    #[schemars(range(min = 0, max = 1000000000000i64))]
    pub opening_eur: Euros,
    /// What each GP post in it costs the budget, in euros excluding tax.
    #[schemars(range(min = 0, max = 1000000000000i64))]
    pub per_gp_eur: Euros,
}

/// An address where people are or could be on a GP's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Identifier, unique in the task.
    pub id: SiteId,
    /// Where it stands.
    pub place: PlaceIx,
    /// What it is.
    pub role: Role,
}

/// What a site is in a programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// GPs who practise there today: kept as they are.
    Practice {
        /// How many.
        gps: Fte,
        /// People their lists hold.
        capacity: Persons,
    },
    /// An existing structure with free rooms, kept; posts may be added, nothing is opened.
    Extension {
        /// The type whose post cost and list apply.
        kind: TypeIx,
        /// Most posts to add.
        free_rooms: u32,
    },
    /// A place where one structure of one of these types may open.
    Candidate {
        /// Types allowed.
        types: Vec<TypeIx>,
        /// Whether one must open here.
        forced: bool,
    },
}

/// Limits of a programme; `None` is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// Money for openings and posts.
    pub budget: Option<Euros>,
    /// Most structures that open.
    pub max_new_sites: Option<u32>,
    /// GPs that can be recruited.
    pub gp_pool: Option<u32>,
}

/// What is sought, first things first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Goal {
    /// Most people on the list of a GP whom they can reach.
    PeopleAttached,
    /// Least time of travel of attached people, in people × minutes.
    TravelTime,
}

/// A programme: choose structures, post GPs, attach people.
#[derive(Debug, Clone)]
pub struct Programme {
    /// Types of structure.
    pub types: Vec<StructureType>,
    /// Sites, in the order of their identifiers.
    pub sites: Vec<Site>,
    /// People to attach, one entry per place of the territory; 0 outside the scope of the scenario.
    pub people: Vec<Persons>,
    /// Limits.
    pub limits: Limits,
    /// People attach only to sites within this time.
    pub max_time: Minutes,
    /// Goals in order; each later one is sought without giving up any earlier one.
    pub goals: Vec<Goal>,
    /// On what accessibility is measured; `None` where the table of times is too short for it.
    pub access: Option<AccessBasis>,
}

impl Programme {
    /// The site at an index.
    pub fn site(&self, ix: SiteIx) -> &Site {
        &self.sites[ix.0 as usize]
    }

    /// The type at an index.
    pub fn kind(&self, ix: TypeIx) -> &StructureType {
        &self.types[usize::from(ix.0)]
    }

    /// Every site with its index.
    pub fn sites(&self) -> impl Iterator<Item = (SiteIx, &Site)> {
        (0..).map(SiteIx).zip(&self.sites)
    }
}

/// Which plain problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocationProblem {
    /// Open `p` sites so that people travel least in all (Hakimi 1964).
    PMedian {
        /// Number of sites to open besides those kept.
        p: u32,
    },
    /// Open at most `p` sites so that most people are within the radius (Church and ReVelle 1974).
    MaxCover {
        /// Number of sites to open besides those kept.
        p: u32,
        /// Time within which people are covered.
        radius: Minutes,
    },
    /// Open fewest sites so that all people are within the radius (Toregas et al. 1971).
    SetCover {
        /// Time within which people are covered.
        radius: Minutes,
    },
    /// Open at most `p` sites so that the longest trip is shortest (Hakimi 1964).
    PCenter {
        /// Number of sites to open besides those kept.
        p: u32,
    },
}

impl LocationProblem {
    /// The word used in files and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            LocationProblem::PMedian { .. } => "p-median",
            LocationProblem::MaxCover { .. } => "max-cover",
            LocationProblem::SetCover { .. } => "set-cover",
            LocationProblem::PCenter { .. } => "p-center",
        }
    }
}

/// A plain location problem on a territory.
#[derive(Debug, Clone)]
pub struct LocationTask {
    /// Which problem.
    pub problem: LocationProblem,
    /// Candidate sites, and kept ones.
    pub sites: Vec<(Site, bool)>,
    /// People by place; places with nobody ask for nothing.
    pub people: Vec<Persons>,
}
