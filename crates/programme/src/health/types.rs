//! Types of structure and the posts they hold.

use super::PoolIx as Pool;
use crate::Euros;
use maillage_input::Text;
use maillage_territory::{Fte, Minutes, TypeId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! index {
    ($($name:ident($of:ty), $doc:literal;)*) => {$(
        #[doc = $doc]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $of);
    )*};
}

index! {
    ProfessionIx(u16), "Dense index of a profession.";
    HealthTypeIx(u16), "Dense index of a type of structure.";
    PostIx(u16), "Dense index of a kind of post within its type.";
    PoolIx(u16), "Dense index of a pool.";
    LeverIx(u16), "Dense index of a lever.";
    FutureIx(u16), "Dense index of a future.";
}

/// What a profession counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Rank {
    /// General practitioner: the GPs of indicators and rules.
    Gp,
    /// Other carer: nurse, physiotherapist, midwife, dentist, pharmacist.
    Carer,
    /// Secretary, medical assistant.
    Support,
}

/// A profession.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profession {
    /// Identifier, such as `gp` or `nurse`.
    pub id: String,
    /// Name.
    pub name: Text,
    /// What it counts as.
    pub rank: Rank,
}

/// How a post is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Libéral.
    SelfEmployed,
    /// Salarié: only in a salaried centre, or a site led by one.
    Salaried,
}

/// What a structure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StructureKind {
    /// Multi-professional health house (CSP L6323-3): at least 2 GPs and 1 paramedic, self-employed.
    Msp,
    /// Salaried health centre (CSP L6323-1).
    Centre,
    /// Pôle de santé: one list and one budget over several addresses, no premises.
    Pole,
    /// Satellite of a lead structure.
    Satellite,
    /// Outreach consultations of GPs of a lead.
    Outreach,
    /// Telemedicine room, served by GPs of leads.
    Telemedicine,
}

/// A kind of post within a type. Quantities are of one full post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostKind {
    /// Who.
    pub profession: ProfessionIx,
    /// How paid.
    pub mode: Mode,
    /// Posts come in multiples of this.
    pub step: Fte,
    /// Team minimum of a new structure: fewest posts opened in every year in which it is open. What stands today has
    /// its team already, often counted among the practices of its place.
    pub least: Fte,
    /// Most posts filled.
    pub most: Fte,
    /// Rooms one takes, in hundredths.
    pub rooms: u32,
    /// People a mature post adds to the list.
    pub list: u32,
    /// Acts a year (consultations and visits) once mature: for accessibility and consultations.
    pub acts: u32,
    /// Percent of list and acts in each year since hiring, first year first; the last holds on. Empty is 100.
    pub ramp: Vec<u8>,
    /// Share of posts that fall vacant each year.
    pub attrition_percent: u8,
    /// Equipment, paid by the owner when the post is opened.
    pub capital: Euros,
    /// Cost of a year.
    pub yearly: Euros,
    /// Income of a year: fees, insurance, rent.
    pub income: Euros,
}

/// What a site without a team of its own depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadRule {
    /// Types that can lead.
    pub types: Vec<HealthTypeIx>,
    /// Whether today's practices can.
    pub practices: bool,
    /// Between the nearest addresses, from lead to site.
    pub within: Minutes,
}

/// Weekly sessions given to a site by the GPs of leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionRule {
    /// Most weekly sessions the site can hold in a year.
    pub most: u32,
    /// People that one weekly session adds to the site's list.
    pub list: u32,
    /// People that one weekly session takes from the lead's list: more, since GPs travel.
    pub lead_list: u32,
    /// Acts a year that one weekly session brings to the site.
    pub acts: u32,
    /// Acts a year that it takes from the lead.
    pub lead_acts: u32,
    /// Of its list of the year (before giving), a lead gives at most this percentage to sites of this type.
    pub most_percent: u8,
}

/// A type of structure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthType {
    /// Identifier.
    pub id: TypeId,
    /// Name.
    pub name: Text,
    /// What it is.
    pub kind: StructureKind,
    /// Posts it can hold.
    pub posts: Vec<PostKind>,
    /// Rooms, in hundredths.
    pub rooms: u32,
    /// Area, m², for reports.
    pub area_m2: u32,
    /// Opening hours a week, for reports.
    pub hours_week: u16,
    /// Unscheduled consultations a week that one filled GP post keeps free, for reports.
    pub unscheduled_week: u16,
    /// Capital of a new one, in euros: what grants are shares of.
    pub capital: Euros,
    /// Cost of a year, without posts.
    pub yearly: Euros,
    /// Income of a year, without posts.
    pub income: Euros,
    /// Lead it needs, open in every year it is open; `None` if it stands alone.
    pub lead: Option<LeadRule>,
    /// Sessions it can receive, from sites that may lead it.
    pub sessions: Option<SessionRule>,
    /// What an open one adds to a pool every year from the year after its opening (existing ones: from year 1).
    pub attracts: Vec<(Pool, Fte)>,
    /// Whether it takes interns.
    pub interns: bool,
}

impl HealthType {
    /// Posts of the team minimum, all professions.
    pub fn least_posts(&self) -> u32 {
        self.posts.iter().map(|p| p.least.hundredths()).sum()
    }
}
