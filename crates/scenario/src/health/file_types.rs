//! The shape of professions, types of structure and sites of a health programme.

use super::file::Where;
use maillage_input::Text;
use maillage_programme::health::{Mode, Rank, StructureKind};
use maillage_territory::{PlaceId, Profession, SiteId, TypeId};
use schemars::JsonSchema;
use serde::Deserialize;

/// A profession.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfessionFile {
    /// Identifier within the scenario.
    pub id: Profession,
    /// Name.
    pub name: Text,
    /// What it counts as.
    pub rank: Rank,
}

pub(crate) fn general_practitioners() -> Vec<ProfessionFile> {
    let name = Text::new("médecin généraliste", "general practitioner");
    vec![ProfessionFile { id: Profession::gp(), name, rank: Rank::Gp }]
}

/// A type of structure.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TypeFile {
    /// Identifier within the scenario.
    pub id: TypeId,
    /// Name.
    pub name: Text,
    /// What it is. An MSP has at least 2 full posts of GPs and 1 of another carer (CSP L6323-3); satellites, outreach
    /// consultations and telemedicine rooms need a `lead`, telemedicine rooms `sessions` too.
    pub kind: StructureKind,
    /// Posts it can hold.
    #[serde(default)]
    pub posts: Vec<PostFile>,
    /// Rooms, which posts share. Left out: enough for all posts.
    #[schemars(range(min = 0, max = 1000))]
    pub rooms: Option<f64>,
    /// Area, m², for reports.
    #[serde(default)]
    #[schemars(range(min = 0, max = 1000000))]
    pub area_m2: u32,
    /// Opening hours a week, for reports.
    #[serde(default)]
    #[schemars(range(min = 0, max = 168))]
    pub hours_per_week: u16,
    /// Unscheduled consultations a week that one filled GP post keeps free, for reports.
    #[serde(default)]
    #[schemars(range(min = 0, max = 1000))]
    pub unscheduled_per_gp_week: u16,
    /// Capital of a new one, euros excluding tax: what grants are shares of.
    #[serde(default)]
    #[schemars(range(max = 1000000000000u64))]
    pub capital_eur: u64,
    /// Cost of a year, without posts.
    #[serde(default)]
    #[schemars(range(max = 1000000000000u64))]
    pub running_eur_per_year: u64,
    /// Income of a year, without posts: rents, subsidies that are not a funder's.
    #[serde(default)]
    #[schemars(range(max = 1000000000000u64))]
    pub income_eur_per_year: u64,
    /// What it depends on: open near it in every year in which it is open. Left out: it stands alone.
    pub lead: Option<LeadFile>,
    /// Weekly sessions it can receive from the GPs of its leads.
    pub sessions: Option<SessionsFile>,
    /// What an open one adds to pools, every year from the year after its opening.
    #[serde(default)]
    pub attracts: Vec<AddFile>,
    /// Whether it takes interns.
    #[serde(default)]
    pub interns: bool,
}

/// A kind of post. Quantities are of one full post.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostFile {
    /// Who.
    pub profession: Profession,
    /// How paid: salaried posts stand in a centre, or in a satellite, outreach consultations or a telemedicine room.
    pub mode: Mode,
    /// Posts come in multiples of this.
    #[serde(default = "one")]
    #[schemars(range(min = 0.01, max = 100))]
    pub step_fte: f64,
    /// Team minimum of a new structure: fewest posts opened in every year in which it is open. A structure that stands
    /// today has its team already.
    #[serde(default)]
    #[schemars(range(min = 0, max = 1000))]
    pub min_fte: f64,
    /// Most posts filled.
    #[schemars(range(min = 0, max = 1000))]
    pub max_fte: f64,
    /// Rooms it takes.
    #[serde(default = "one")]
    #[schemars(range(min = 0, max = 100))]
    pub rooms: f64,
    /// People a mature post adds to the list. A profession of rank `gp` must say so, others default to 0.
    #[schemars(range(min = 0, max = 10000))]
    pub list_people: Option<u32>,
    /// Acts (consultations and visits) a year of a mature post, for accessibility. Left out: `supply.acts_per_gp` for
    /// a profession of rank `gp`, 0 for others.
    #[schemars(range(min = 0, max = 100000))]
    pub acts_per_year: Option<u32>,
    /// Share of list and acts in each year since hiring, the first first; the last holds on. Left out: 100.
    #[serde(default)]
    #[schemars(inner(range(min = 0, max = 100)))]
    pub ramp_percent: Vec<u8>,
    /// Share of posts that fall vacant each year.
    #[serde(default)]
    #[schemars(range(min = 0, max = 100))]
    pub attrition_percent: u8,
    /// Equipment, paid by the owner when the post is opened.
    #[serde(default)]
    #[schemars(range(max = 1000000000000u64))]
    pub equipment_eur: u64,
    /// Cost of a year of a filled post: salary and charges; what the owner pays for a self-employed one.
    #[serde(default)]
    #[schemars(range(max = 1000000000000u64))]
    pub cost_eur_per_year: u64,
    /// Income of a year of a filled post: fees, insurance, rent.
    #[serde(default)]
    #[schemars(range(max = 1000000000000u64))]
    pub income_eur_per_year: u64,
}

fn one() -> f64 {
    1.0
}

/// What a site without a team of its own depends on.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeadFile {
    /// Types of structure that can lead it.
    #[serde(default)]
    pub types: Vec<TypeId>,
    /// Whether today's practices can, as long as they have a GP.
    #[serde(default)]
    pub practices: bool,
    /// Longest time from the lead to it, between the nearest addresses.
    #[schemars(range(min = 0, max = 600))]
    pub within_min: f64,
}

/// Weekly sessions of GPs of leads.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionsFile {
    /// Most weekly sessions it can hold.
    #[schemars(range(min = 1, max = 1000))]
    pub max_per_week: u32,
    /// People that one weekly session adds to its list.
    #[schemars(range(min = 0, max = 10000))]
    pub list_people: u32,
    /// People that one weekly session takes from the list of the lead: more, since GPs travel. Left out: as many.
    #[schemars(range(min = 0, max = 10000))]
    pub lead_list_people: Option<u32>,
    /// Acts a year that one weekly session brings.
    #[serde(default)]
    #[schemars(range(min = 0, max = 100000))]
    pub acts_per_year: u32,
    /// Acts a year that it takes from the lead. Left out: as many.
    #[schemars(range(min = 0, max = 100000))]
    pub lead_acts_per_year: Option<u32>,
    /// Of its list of the year, a lead gives at most this share to sites of this type. Left out: 20 for telemedicine
    /// rooms, 100 for others.
    #[schemars(range(min = 0, max = 100))]
    pub max_lead_percent: Option<u8>,
}

/// Posts added to a pool every year.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddFile {
    /// Which pool.
    pub pool: String,
    /// How many.
    #[schemars(range(min = 0.01, max = 1000))]
    pub fte_per_year: f64,
}

/// A structure that stands today.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExistingFile {
    /// `site_id` of the territory's table of structures, or its `structure_id` for all addresses of a pôle. Left out:
    /// `id` and `addresses` say what and where.
    pub site: Option<SiteId>,
    /// Identifier; only without `site`.
    pub id: Option<SiteId>,
    /// Codes of its places, the main one first; only without `site`.
    pub addresses: Option<Vec<PlaceId>>,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: TypeId,
    /// Posts filled today, besides GPs of the table of places: they stay, without attrition. The team minimum of its
    /// type holds for it too.
    #[serde(default)]
    pub posts: Vec<ExistingPostFile>,
    /// Whether it may close, for good; it then takes no recruits.
    #[serde(default)]
    pub may_close: bool,
}

/// Posts filled today.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExistingPostFile {
    /// Who.
    pub profession: Profession,
    /// How paid; needed where the type has both.
    pub mode: Option<Mode>,
    /// How many.
    #[schemars(range(min = 0, max = 1000))]
    pub fte: f64,
}

/// A group of places where one structure each may open; the site of a place is `new-CODE`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CandidateGroup {
    /// `core`, `all`, a list of codes, or what places have in common.
    pub places: Where,
    /// Only places with at least this many inhabitants, listed codes included.
    #[serde(default)]
    #[schemars(range(min = 0))]
    pub min_population: u32,
    /// Types that may open there; all when left out.
    pub types: Option<Vec<TypeId>>,
    /// First year in which one may open; the first planned when left out.
    pub from_year: Option<u16>,
}

/// A site with a name of its own, such as a pôle over several addresses.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SiteFile {
    /// Identifier.
    pub id: SiteId,
    /// Codes of its places, the main one first.
    #[schemars(length(min = 1))]
    pub addresses: Vec<PlaceId>,
    /// Types that may open there; all when left out.
    pub types: Option<Vec<TypeId>>,
    /// First year in which it may open; the first planned when left out.
    pub from_year: Option<u16>,
    /// That it opens is settled.
    pub committed: Option<CommitmentFile>,
}

/// An opening that is settled.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CommitmentFile {
    /// As which type; any of the site's when left out.
    #[serde(rename = "type")]
    pub kind: Option<TypeId>,
    /// Open by this year at the latest; the last planned when left out.
    pub by_year: Option<u16>,
}

/// A place where a structure must open.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CommittedFile {
    /// Where.
    pub place: PlaceId,
    /// As which type; any when left out.
    #[serde(rename = "type")]
    pub kind: Option<TypeId>,
    /// Open by this year at the latest; the last planned when left out.
    pub by_year: Option<u16>,
}
