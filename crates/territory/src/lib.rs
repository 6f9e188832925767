//! Places, people, existing supply and structures, and the time to travel between places.
//!
//! * [`Territory::read`] reads a `territory.json` and the tables it names (CSV, XLSX, GeoPackage), and reports all
//!   problems at once. [`TerritoryFile`] is its shape, [`TableFile`] how it names a table.
//! * [`Place`], [`Structure`], [`PlaceIx`]: what a territory holds; [`Need`], [`Practitioners`], [`Published`],
//!   [`DutyPoint`], [`Rota`]: what measures of access need.
//! * [`TravelTimes`]: sparse lists sorted by time, from a table or from the labelled proxy; [`lists`] is the binary file.
//! * [`Persons`], [`Minutes`], [`Fte`]: quantities as exact integers.
//!
//! It knows nothing of optimisation.

mod care;
mod contours;
mod duty;
mod file;
mod finess;
mod ids;
mod insee;
mod join;
pub mod lists;
mod need;
mod official;
mod passage;
mod places;
mod professionals;
mod published;
mod read;
mod reader;
mod structures;
mod table;
mod travel;
mod units;

pub use care::{AgeBand, DutyKind, DutyPoint, Need, Practitioners, ProfessionSource, Published, Rota};
pub use file::{
    AgesFile, AgesFormat, ContoursFile, DutyFile, DutyPointsFile, NeedFile, PassageFile, PlacesFile,
    ProfessionalsFile, ProfessionalsFormat, PublishedFile, PublishedFormat, RotasFile, Source,
    StructuresFile, StructuresFiles, StructuresFormat, SupplyQuality, TableFile, TerritoryFile, TravelFile,
};
pub use ids::{BadId, PeriodId, PlaceId, PlaceIx, Profession, ScenarioId, SiteId, TypeId};
pub use structures::{Structure, StructureKind};
pub use travel::{ProxySpeed, TravelSource, TravelTimes, crow_km};
pub use units::{BadQuantity, Fte, Minutes, Persons};

use geo::MultiPolygon;
use maillage_input::{InputRecord, Problem, Problems, Text};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A point in WGS84 degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LonLat {
    /// Longitude, degrees east.
    pub lon: f64,
    /// Latitude, degrees north.
    pub lat: f64,
}

/// A zone that places belong to: an EPCI, a canton, a living area, a department, a class.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Area {
    /// Code, text.
    pub code: String,
    /// Name; the code again where the source gives none.
    pub name: String,
}

/// How places are grouped.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum AreaKind {
    /// Inter-municipal body.
    Epci,
    /// Canton.
    Canton,
    /// Living area (bassin de vie); stands in for the territoire de vie-santé.
    LivingArea,
    /// Department.
    Department,
    /// Region.
    Region,
    /// Class of a zoning, as published by the agency.
    ZoneClass,
}

impl AreaKind {
    /// Every kind.
    pub const ALL: [AreaKind; 6] = [
        AreaKind::Epci,
        AreaKind::Canton,
        AreaKind::LivingArea,
        AreaKind::Department,
        AreaKind::Region,
        AreaKind::ZoneClass,
    ];

    /// The word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            AreaKind::Epci => "epci",
            AreaKind::Canton => "canton",
            AreaKind::LivingArea => "living-area",
            AreaKind::Department => "department",
            AreaKind::Region => "region",
            AreaKind::ZoneClass => "zone-class",
        }
    }
}

/// A place where people live: a commune, or any other demand point.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// INSEE code, or any other identifier: text.
    pub id: PlaceId,
    /// Name.
    pub name: String,
    /// People who live there.
    pub population: Persons,
    /// Inter-municipal body; islands may have none.
    pub epci: Option<Area>,
    /// Canton.
    pub canton: Option<Area>,
    /// Living area.
    pub living_area: Option<Area>,
    /// Department.
    pub department: Option<Area>,
    /// Region.
    pub region: Option<Area>,
    /// Class of the zone in a published zoning.
    pub zone_class: Option<Area>,
    /// Main point (town hall); absent when the source has none.
    pub point: Option<LonLat>,
    /// Area in km², for the proxy travel time.
    pub area_km2: Option<f64>,
    /// Whether the place belongs to the territory itself, not to its surroundings.
    pub core: bool,
    /// Self-employed GPs who practise there; `None` is unknown, never zero.
    pub gps: Option<Fte>,
    /// What is known of the need for care of those who live there.
    pub need: Need,
}

impl Place {
    /// A place of the territory itself of which nothing else is known.
    pub fn new(id: PlaceId, name: &str, population: Persons) -> Place {
        Place {
            id,
            name: name.to_owned(),
            population,
            epci: None,
            canton: None,
            living_area: None,
            department: None,
            region: None,
            zone_class: None,
            point: None,
            area_km2: None,
            core: true,
            gps: None,
            need: Need::Unknown,
        }
    }

    /// The zone of a kind that the place belongs to.
    pub fn area(&self, kind: AreaKind) -> Option<&Area> {
        match kind {
            AreaKind::Epci => self.epci.as_ref(),
            AreaKind::Canton => self.canton.as_ref(),
            AreaKind::LivingArea => self.living_area.as_ref(),
            AreaKind::Department => self.department.as_ref(),
            AreaKind::Region => self.region.as_ref(),
            AreaKind::ZoneClass => self.zone_class.as_ref(),
        }
    }
}

/// A territory ready for use: places in the order of their codes.
#[derive(Debug, Clone)]
pub struct Territory {
    /// Name.
    pub name: String,
    /// Year of the commune geography.
    pub geography_year: u16,
    /// Places sorted by code.
    pub places: Vec<Place>,
    /// One entry per place; `None` where no contour is known.
    pub contours: Vec<Option<MultiPolygon<f64>>>,
    /// Existing structures, in the order of their site identifiers.
    pub structures: Vec<Structure>,
    /// Whether the GPs by place were counted or estimated.
    pub supply: SupplyQuality,
    /// Where the GPs by place come from.
    pub supply_source: Text,
    /// Times between places.
    pub travel: TravelTimes,
    /// Who practises where, all professions, in the order of profession and place.
    pub practitioners: Vec<Practitioners>,
    /// What is known of each profession that a table names.
    pub professions: BTreeMap<Profession, ProfessionSource>,
    /// Accessibility published by place, to compare with.
    pub published: Vec<Published>,
    /// Points open for out-of-hours care.
    pub duty_points: Vec<DutyPoint>,
    /// Rotas that staff them.
    pub rotas: Vec<Rota>,
    /// Sources of the data.
    pub sources: Vec<Source>,
    /// Every file that was read, with its hash.
    pub inputs: Vec<InputRecord>,
    index: BTreeMap<PlaceId, PlaceIx>,
}

impl Territory {
    /// A territory made in memory, without files: for tests and for callers that hold their own data.
    ///
    /// # Errors
    /// The identifier that stands twice.
    pub fn from_parts(name: &str, mut places: Vec<Place>, travel: TravelTimes) -> Result<Territory, PlaceId> {
        places.sort_by(|a, b| a.id.cmp(&b.id));
        let index: BTreeMap<_, _> = places.iter().zip(0..).map(|(p, i)| (p.id.clone(), PlaceIx(i))).collect();
        if let Some(twice) = places.windows(2).find(|w| w[0].id == w[1].id) {
            return Err(twice[0].id.clone());
        }
        Ok(Territory {
            name: name.to_owned(),
            geography_year: 2025,
            contours: vec![None; places.len()],
            structures: Vec::new(),
            supply: SupplyQuality::Counted,
            supply_source: Text::default(),
            travel,
            practitioners: Vec::new(),
            professions: BTreeMap::new(),
            published: Vec::new(),
            duty_points: Vec::new(),
            rotas: Vec::new(),
            sources: Vec::new(),
            inputs: Vec::new(),
            places,
            index,
        })
    }

    /// The index of a place by its code.
    pub fn ix(&self, id: &PlaceId) -> Option<PlaceIx> {
        self.index.get(id).copied()
    }

    /// The place at an index of this territory.
    pub fn place(&self, ix: PlaceIx) -> &Place {
        &self.places[ix.0 as usize]
    }

    /// Whether nothing is known of the trips from and to a place: times are estimated, and it has no point. It is
    /// then in no list but its own, and that says nothing: its times are unknown, not beyond reach.
    pub fn has_no_times(&self, ix: PlaceIx) -> bool {
        matches!(self.travel.source(), TravelSource::Proxy { .. }) && self.place(ix).point.is_none()
    }

    /// Every place with its index, in the order of codes.
    pub fn iter(&self) -> impl Iterator<Item = (PlaceIx, &Place)> {
        (0..).map(PlaceIx).zip(&self.places)
    }
}

/// Records a problem and gives nothing: for use where a value was expected.
fn refuse<T>(problems: &mut Problems, problem: Problem) -> Option<T> {
    problems.push(problem);
    None
}
