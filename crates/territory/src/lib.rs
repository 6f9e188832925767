//! Places, people, existing supply and structures, and the time to travel between places.
//!
//! * [`Territory::read`] reads a `territory.json` and the tables it names, and reports all problems at once.
//! * [`Place`], [`Structure`], [`PlaceIx`]: what a territory holds.
//! * [`TravelTimes`]: sparse lists sorted by time, from a table or from the labelled proxy.
//! * [`Persons`], [`Minutes`], [`Fte`]: quantities as exact integers.
//!
//! It knows nothing of optimisation.

mod contours;
mod file;
mod ids;
mod places;
mod structures;
mod table;
mod travel;
mod units;

pub use file::{ContoursFile, PlacesFile, Source, StructuresFile, SupplyQuality, TerritoryFile, TravelFile};
pub use ids::{BadId, PlaceId, PlaceIx, ScenarioId, SiteId, TypeId};
pub use structures::{Structure, StructureKind};
pub use travel::{ProxySpeed, TravelSource, TravelTimes};
pub use units::{BadQuantity, Fte, Minutes, Persons};

use geo::MultiPolygon;
use maillage_input::{Document, InputFile, InputRecord, MAX_JSON_BYTES, Problem, Problems, Text};
use std::collections::BTreeMap;
use std::path::Path;

/// A point in WGS84 degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LonLat {
    /// Longitude, degrees east.
    pub lon: f64,
    /// Latitude, degrees north.
    pub lat: f64,
}

/// An inter-municipal body.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Epci {
    /// SIREN code, text.
    pub code: String,
    /// Name.
    pub name: String,
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
    pub epci: Option<Epci>,
    /// Main point (town hall); absent when the source has none.
    pub point: Option<LonLat>,
    /// Area in km², for the proxy travel time.
    pub area_km2: Option<f64>,
    /// Whether the place belongs to the territory itself, not to its surroundings.
    pub core: bool,
    /// Self-employed GPs who practise there; `None` is unknown, never zero.
    pub gps: Option<Fte>,
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
    /// Sources of the data.
    pub sources: Vec<Source>,
    /// Every file that was read, with its hash.
    pub inputs: Vec<InputRecord>,
    index: BTreeMap<PlaceId, PlaceIx>,
}

impl Territory {
    /// Reads `territory.json` and every table it names, by paths relative to it. Returns the territory
    /// with its warnings.
    ///
    /// # Errors
    /// All problems of all files together.
    pub fn read(path: &Path) -> Result<(Territory, Problems), Problems> {
        let file = InputFile::read(path, MAX_JSON_BYTES)?;
        let spec: TerritoryFile = Document::new(&file)?.decode()?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let mut problems = Problems::new();
        let mut inputs = vec![file.record];

        let (places, index) = places::read(&folder.join(&spec.places.file), &mut inputs, &mut problems);
        let contours = match &spec.contours {
            Some(c) => contours::read(&folder.join(&c.file), &index, &mut inputs, &mut problems),
            None => vec![None; places.len()],
        };
        let structures = match &spec.structures {
            Some(s) => structures::read(&folder.join(&s.file), &index, &mut inputs, &mut problems),
            None => Vec::new(),
        };
        let travel = match &spec.travel {
            TravelFile::Proxy { max_min, speed } => travel::proxy(&places, *max_min, *speed, &mut problems),
            TravelFile::Table { file, max_min, source, date } => travel::table(
                &folder.join(file),
                *max_min,
                TravelSource::Table { source: source.clone(), date: date.clone() },
                &places,
                &index,
                &mut inputs,
                &mut problems,
            ),
        };
        problems.or_value(()).map(|((), warnings)| {
            let territory = Territory {
                name: spec.name,
                geography_year: spec.geography_year,
                places,
                contours,
                structures,
                supply: spec.places.supply,
                supply_source: spec.places.source,
                travel,
                sources: spec.sources,
                inputs,
                index,
            };
            (territory, warnings)
        })
    }

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

    /// Every place with its index, in the order of codes.
    pub fn iter(&self) -> impl Iterator<Item = (PlaceIx, &Place)> {
        (0..).map(PlaceIx).zip(&self.places)
    }
}

/// Reads a file or records why not.
fn read_or_push(
    path: &Path,
    max: u64,
    inputs: &mut Vec<InputRecord>,
    problems: &mut Problems,
) -> Option<InputFile> {
    match InputFile::read(path, max) {
        Ok(file) => {
            inputs.push(file.record.clone());
            Some(file)
        }
        Err(problem) => {
            problems.push(problem);
            None
        }
    }
}

/// Records a problem and gives nothing: for use where a value was expected.
fn refuse<T>(problems: &mut Problems, problem: Problem) -> Option<T> {
    problems.push(problem);
    None
}
