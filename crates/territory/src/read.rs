//! Puts a territory together from its `territory.json` and the tables it names.

use crate::file::{PlacesFile, STEPS, TravelFile};
use crate::join::Codes;
use crate::need::{Needs, missing_key};
use crate::passage::Passage;
use crate::places::Places;
use crate::professionals::Supply;
use crate::reader::Reader;
use crate::{
    Profession, ProfessionSource, SupplyQuality, Territory, TerritoryFile, contours, duty, passage, places,
    published, structures, travel,
};
use maillage_input::{Code, Document, InputFile, MAX_JSON_BYTES, Problem, Problems, Text};
use std::path::Path;

impl Territory {
    /// Reads `territory.json` and every table it names, by paths relative to it. Returns the territory
    /// with its warnings.
    ///
    /// # Errors
    /// All problems of all files together.
    pub fn read(path: &Path) -> Result<(Territory, Problems), Problems> {
        let file = InputFile::read(path, MAX_JSON_BYTES)?;
        let document = Document::new(&file)?.current(&STEPS)?;
        let spec: TerritoryFile = document.decode()?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let mut reader = Reader::new(&document, folder, file.record);
        let reader = &mut reader;

        let (mut places, mut needs) = places::read(&spec.places, reader);
        let passage = spec
            .passage
            .as_ref()
            .map_or_else(Passage::new, |file| passage::read(file, &places.index, reader));
        if let Some(file) = &spec.contours {
            places.contours = contours::read(file, &places.index, reader);
        }
        let codes = Codes { places: &places.places, index: &places.index, passage: &passage };
        let structures =
            spec.structures.as_ref().map_or_else(Vec::new, |files| structures::read(files, &codes, reader));
        let travel = match &spec.travel {
            TravelFile::Proxy { max_min, speed } => {
                travel::proxy(&places.places, *max_min, *speed, &mut reader.problems)
            }
            TravelFile::Table { table, max_min, source, date } => {
                let said = (source.as_deref(), date.as_deref());
                travel::table::read(table, *max_min, said, &codes, reader)
            }
        };
        read_need(&spec, &places, &codes, &mut needs, reader);
        let supply = read_supply(&spec, &places, &codes, reader);
        let published = published::read(&spec.published, &codes, reader);
        let (duty_points, rotas) =
            spec.duty.as_ref().map_or_else(Default::default, |file| duty::read(file, &codes, reader));

        for (i, place) in places.places.iter_mut().enumerate() {
            place.need = needs.of(i);
        }
        let gp = Profession::gp();
        if let Some(totals) = supply.totals(&gp) {
            places.places.iter_mut().zip(totals).for_each(|(place, gps)| place.gps = gps);
        }
        let (quality, source) = match supply.professions.get(&gp) {
            Some(known) => (known.quality, known.source.clone()),
            None => (
                spec.places.supply.unwrap_or(SupplyQuality::Counted),
                spec.places.source.clone().unwrap_or_else(|| Text::new("aucune source", "no source")),
            ),
        };
        let problems = std::mem::take(&mut reader.problems);
        problems.or_value(()).map(|((), warnings)| {
            let territory = Territory {
                name: spec.name,
                geography_year: spec.geography_year,
                places: places.places,
                contours: places.contours,
                structures,
                supply: quality,
                supply_source: source,
                travel,
                practitioners: supply.practitioners,
                professions: supply.professions,
                published,
                duty_points,
                rotas,
                sources: spec.sources,
                inputs: std::mem::take(&mut reader.inputs),
                index: places.index,
            };
            (territory, warnings)
        })
    }
}

/// The sections on need, which may not repeat what the table of places says.
fn read_need(spec: &TerritoryFile, places: &Places, codes: &Codes, needs: &mut Needs, reader: &mut Reader) {
    if let Some(file) = &spec.need {
        if places.need {
            let problem = two_sources(reader, "/need", "standard_population, need_factor");
            reader.problems.push(problem);
        } else {
            needs.read(file, codes, reader);
        }
    }
    if let Some(file) = &spec.population_by_age {
        needs.read_ages(file, codes, reader);
    }
}

/// GPs from the table of places, and every profession that has a table.
fn read_supply(spec: &TerritoryFile, places: &Places, codes: &Codes, reader: &mut Reader) -> Supply {
    let mut supply = Supply::default();
    if places.gps
        && let Some(source) = source_of_gps(&spec.places, places, reader)
    {
        let numbers: Vec<_> = places.places.iter().map(|p| p.gps).collect();
        supply.of_places(Profession::gp(), &numbers, source);
    }
    if let Some(i) = spec.professionals.iter().position(|file| file.profession == Profession::gp())
        && places.gps
    {
        let problem = two_sources(reader, &format!("/professionals/{i}"), "gps");
        reader.problems.push(problem);
        return supply;
    }
    supply.read(&spec.professionals, codes, reader);
    supply
}

fn source_of_gps(file: &PlacesFile, places: &Places, reader: &mut Reader) -> Option<ProfessionSource> {
    if file.supply.is_none() {
        let problem = missing_key(reader, "/places", "supply");
        reader.problems.push(problem);
    }
    if file.source.is_none() {
        let problem = missing_key(reader, "/places", "source");
        reader.problems.push(problem);
    }
    let known = places.places.iter().map(|p| p.gps.is_some()).collect();
    Some(ProfessionSource { source: file.source.clone()?, quality: file.supply?, heads: true, known })
}

fn two_sources(reader: &Reader, pointer: &str, columns: &str) -> Problem {
    Problem::error(
        Code::TwoSources,
        Text::new(
            format!("la table des lieux donne déjà : {columns}"),
            format!("the table of places gives already: {columns}"),
        ),
    )
    .at(reader.at(pointer))
    .remedy(Text::new(
        "ôter cette section, ou ne pas lire la colonne : \"columns\": {\"gps\": \"\"} dans « places »",
        "drop this section, or do not read the column: \"columns\": {\"gps\": \"\"} in `places`",
    ))
}
