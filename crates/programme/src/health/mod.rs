//! The health programme: structures, posts, money and years.
//!
//! * [`Health`]: what may be decided. Dense indices inside; every quantity an exact integer.
//! * [`HealthPlan`]: what was decided.
//! * [`Tables`]: what one post is worth by years since it was hired.
//! * [`grants`], [`money`]: who pays what, to the euro.
//! * [`HealthRecord`]: what `result.json` says of a plan.
//!
//! # Years
//! Year 0 is today, years 1 to `years` are planned. Openings and recruitments of a year count from that year on.
//!
//! # Lists
//! Every [`HealthSite`] has one list of people, whatever the number of its addresses: the practices of a place, an
//! existing structure, or one that may open. People attach to a list, not to a doctor; their trip is to the nearest
//! address.
//!
//! # Minimum and maximum
//! A post that was opened may stand vacant for a time: attrition is the share of posts that empty every year. What
//! has to be at least something is counted on posts opened; what may be at most something on posts filled.

mod goal;
mod grants;
mod money;
mod plan;
mod record;
mod rule;
mod site;
mod tables;
mod types;

pub use goal::{GoalTerm, HealthGoal, Outlook, Seek};
pub use grants::{Envelope, Funder, FundingRule, grants};
pub use money::{MoneyRow, MoneyUse, Payer, entitled, money};
pub use plan::{Attached, FuturePlan, HealthPlan, Hire, Opening, PostStock, Session, stocks};
pub use record::{
    DelayRecord, FutureRecord, HealthRecord, HealthSiteRecord, LeverRecord, MoneyRecord, OrderRecord,
    PoolRecord, PostRecord, SessionRecord, WorthRecord,
};
pub use rule::{CountWhat, HealthRule, Places};
pub use site::{Commitment, Existing, HealthSite, Practice, Standing};
pub use tables::{PostTable, Tables};
pub use types::{
    FutureIx, HealthType, HealthTypeIx, LeadRule, LeverIx, Mode, PoolIx, PostIx, PostKind, Profession,
    ProfessionIx, Rank, SessionRule, StructureKind,
};

use crate::{AccessBasis, SiteIx};
use maillage_territory::{Fte, Minutes, Persons, PlaceIx};
use std::collections::BTreeMap;

/// How people choose among lists they can reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Behaviour {
    /// People go wherever there is room, as the goals like it best.
    Fill,
    /// People go to the list nearest to them among all open ones, or to none (ties: the site that comes first).
    Nearest,
    /// At most this percentage of the people of a place accept a trip longer than this: sorted by time, shares falling.
    Decay(Vec<(Minutes, u8)>),
}

/// Professionals who can be recruited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pool {
    /// Identifier, for levers and reports.
    pub id: String,
    /// Whom.
    pub profession: ProfessionIx,
    /// Only posts of this mode; any when `None`.
    pub mode: Option<Mode>,
    /// Only sites whose main address is here.
    pub places: Places,
    /// Posts of each planned year, in full-time equivalents. A site outside every pool of a profession is not limited.
    pub by_year: Vec<Fte>,
    /// Whether what was not recruited one year can be the next.
    pub carry_over: bool,
}

/// Something bought once that raises a pool: an intern house, help with housing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lever {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: maillage_input::Text,
    /// Paid once, by the owner, in euros.
    pub capital: crate::Euros,
    /// Paid every year from the year it starts.
    pub yearly: crate::Euros,
    /// Years in which it may start: from this one.
    pub from: u8,
    /// It must have started by this year.
    pub by: Option<u8>,
    /// Years between its start and its effect.
    pub delay: u8,
    /// What it adds to pools every year once it has an effect.
    pub adds: Vec<(PoolIx, Fte)>,
}

/// Night and week-end duty: where the last year's plan may hold a duty point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// Types whose structures may host one.
    pub types: Vec<HealthTypeIx>,
    /// People are served within this time.
    pub people_within: Minutes,
    /// GPs volunteer within this time of the point.
    pub volunteers_within: Minutes,
    /// Share of the GPs of an address who volunteer.
    pub participation_percent: u8,
    /// Fewest volunteers, in full-time equivalents. Nobody volunteers twice.
    pub least_volunteers: Fte,
    /// Most points.
    pub max_points: u32,
    /// Points that are served in any case, such as emergency units.
    pub fixed: Vec<PlaceIx>,
}

/// One way the years may turn out. Openings, closings and levers are the same in all; posts adapt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Future {
    /// Identifier.
    pub id: String,
    /// How likely, in percent; all together 100.
    pub probability_percent: u8,
    /// What is left of every pool, in percent (may exceed 100); rounded down to a hundredth of a post.
    pub pool_percent: u16,
    /// Mature lists that recruits reach, in percent.
    pub ramp_percent: u8,
    /// Sites whose opening fails: they hold no posts, no list and cost nothing.
    pub refused: Vec<SiteIx>,
    /// Today's practices by year, year 0 first, for each site that is a practice.
    pub practices: BTreeMap<SiteIx, Vec<Practice>>,
}

/// A programme over years. `years` is 1 to 10; lists by year start with year 1 unless said.
#[derive(Debug, Clone)]
pub struct Health {
    /// Planned years.
    pub years: u8,
    /// Calendar year of year 1.
    pub first_year: u16,
    /// Professions.
    pub professions: Vec<Profession>,
    /// Types of structure.
    pub types: Vec<HealthType>,
    /// Lists: practices, existing structures, candidates; sorted by identifier.
    pub sites: Vec<HealthSite>,
    /// People to attach: by year, year 0 first, then by place.
    pub people: Vec<Vec<Persons>>,
    /// Longest trip of attached people.
    pub max_time: Minutes,
    /// How they choose.
    pub behaviour: Behaviour,
    /// Whether people on a practice's list today stay on it as long as the list has room for them: of the people of a
    /// place on the list of a practice today, `floor(people · list of the year / list of today)` stay, at least. When
    /// false everyone is assigned anew every year.
    pub attachments_kept: bool,
    /// Pools.
    pub pools: Vec<Pool>,
    /// Levers.
    pub levers: Vec<Lever>,
    /// Funders, in the order in which their grants stack.
    pub funders: Vec<Funder>,
    /// Public grants at most this share of a project's capital; the excess is cut from the last funder first.
    pub grants_ceiling_percent: u8,
    /// What owners can pay, net of grants and income.
    pub owner: Envelope,
    /// Rules.
    pub rules: Vec<HealthRule>,
    /// Duty points; `None` where they are not planned.
    pub duty: Option<Duty>,
    /// Goals, first things first.
    pub goals: Vec<Seek>,
    /// Over futures: expected value or worst case.
    pub outlook: Outlook,
    /// Futures: at least one.
    pub futures: Vec<Future>,
    /// On what accessibility is measured.
    pub access: Option<AccessBasis>,
}

impl Health {
    /// The site at an index.
    pub fn site(&self, ix: SiteIx) -> &HealthSite {
        &self.sites[ix.0 as usize]
    }

    /// Every site with its index.
    pub fn sites(&self) -> impl Iterator<Item = (SiteIx, &HealthSite)> {
        (0..).map(SiteIx).zip(&self.sites)
    }

    /// The type at an index.
    pub fn kind(&self, ix: HealthTypeIx) -> &HealthType {
        &self.types[usize::from(ix.0)]
    }

    /// Planned years, 1 to the last.
    pub fn planned(&self) -> std::ops::RangeInclusive<u8> {
        1..=self.years
    }

    /// Every future with its index.
    pub fn futures(&self) -> impl Iterator<Item = (FutureIx, &Future)> {
        (0..).map(FutureIx).zip(&self.futures)
    }

    /// Posts of a pool that a year offers in a future, before levers and attraction.
    pub fn pool_of(&self, pool: &Pool, future: &Future, year: u8) -> Fte {
        let base = pool.by_year.get(usize::from(year) - 1).map_or(0, |f| u64::from(f.hundredths()));
        Fte::from_hundredths((base * u64::from(future.pool_percent) / 100) as u32)
    }
}
