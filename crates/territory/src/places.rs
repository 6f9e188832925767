//! The table of places.

use crate::contours::Contours;
use crate::file::PlacesFile;
use crate::insee::{lost_zeros, with_zero};
use crate::join::{bad_code, twice};
use crate::need::{Needs, need_factor, standard_population};
use crate::reader::Reader;
use crate::table::{Column, Form, Preset, Row, Table, Want};
use crate::units::square_km;
use crate::{Area, BadQuantity, Fte, Persons, Place, PlaceId, PlaceIx, refuse};
use geo::MultiPolygon;
use maillage_input::{Code, Place as At, Problem, Text};
use std::collections::BTreeMap;

/// More people than live on Earth: beyond it sums of people × time could leave the whole numbers of a double.
const MOST_PEOPLE: u64 = 10_000_000_000;
/// More GPs than any country has: their sum stays far from the end of the whole numbers.
const MOST_GPS: u64 = 10_000_000;

/// What the table of places gives.
#[derive(Default)]
pub(crate) struct Places {
    pub(crate) places: Vec<Place>,
    pub(crate) index: BTreeMap<PlaceId, PlaceIx>,
    /// One entry per place, where the table has polygons.
    pub(crate) contours: Contours,
    /// Whether the table has GPs.
    pub(crate) gps: bool,
    /// Whether the table has standardised people or factors.
    pub(crate) need: bool,
}

/// What a row says.
struct Read {
    place: Place,
    standard: Option<f64>,
    factor: Option<f64>,
    contour: Option<MultiPolygon<f64>>,
    line: u64,
}

pub(crate) fn read(file: &PlacesFile, reader: &mut Reader) -> (Places, Needs) {
    let named = |column: &str| file.table.columns.contains_key(column);
    let preset = Preset { forms: !(named("lon") && named("lat")), ..Preset::default() };
    let want = Want::new(&file.table, "/places", columns()).preset(preset);
    let mut by_id: BTreeMap<PlaceId, Read> = BTreeMap::new();
    let (mut all, mut shown) = (Places::default(), String::new());
    if let Some(table) = reader.table(&want) {
        let lost = lost_zeros(table.rows().map(|row| row.get("code_commune")));
        for row in table.rows() {
            if lost && with_zero(row.get("code_commune")).is_some() {
                reader.problems.push(bad_code(&row, "code_commune", true));
                continue;
            }
            let Some(read) = place(&table, &row, reader) else { continue };
            match by_id.get(&read.place.id) {
                Some(first) => reader.problems.push(twice(&row, first.line)),
                None => drop(by_id.insert(read.place.id.clone(), read)),
            }
        }
        check_sums(&by_id, &table, reader);
        table.file().clone_into(&mut shown);
        all.gps = table.has("gps");
        all.need = table.has("standard_population") || table.has("need_factor");
    }
    let mut needs = Needs::unknown(by_id.len());
    for (i, (id, read)) in by_id.into_iter().enumerate() {
        needs.standard[i] = read.standard;
        needs.factor[i] = read.factor;
        all.index.insert(id, PlaceIx(i as u32));
        all.places.push(read.place);
        all.contours.push(read.contour);
    }
    needs.hold_standard(&all.places, &shown, reader);
    (all, needs)
}

fn columns() -> Vec<Column> {
    let mut columns = vec![Column::commune(), Column::required("name"), Column::required("population")];
    let codes = [("code_epci", 9), ("canton", 4), ("living_area", 5), ("department", 2), ("region", 2)];
    columns.extend(codes.map(|(name, digits)| Column::optional(name).digits(digits)));
    let names = ["epci", "canton_name", "living_area_name", "department_name", "region_name", "zone_class"];
    columns.extend(names.map(Column::optional));
    let figures = ["lon", "lat", "area_km2", "core", "gps", "standard_population", "need_factor"];
    columns.extend(figures.map(Column::optional));
    columns
}

fn place(table: &Table, row: &Row, reader: &mut Reader) -> Option<Read> {
    let Ok(id) = PlaceId::new(row.get("code_commune")) else {
        return refuse(&mut reader.problems, bad_code(row, "code_commune", false));
    };
    let (form_point, contour) = match table.form(row.ix()) {
        Some(Form::Point(point)) => (Some(*point), None),
        Some(Form::Polygons(shape)) => (None, Some(shape.clone())),
        Some(Form::Unusable) => refuse(&mut reader.problems, bad_form(row)).unwrap_or_default(),
        None => (None, None),
    };
    let columns = table.has("lon") || table.has("lat");
    let point = if columns { row.point(&mut reader.problems) } else { form_point };
    let population = if row.get("population").is_empty() {
        reader.problems.push(unknown_population(row, id.as_str()));
        Persons(0)
    } else {
        row.need("population", Persons::parse, &mut reader.problems)?
    };
    let standard = standard_population(row, reader);
    if standard == Some(0.0) && population > Persons(0) {
        reader.problems.push(row.bad_number("standard_population", BadQuantity::TooSmall));
    }
    let place = Place {
        epci: area(row, "code_epci", "epci"),
        canton: area(row, "canton", "canton_name"),
        living_area: area(row, "living_area", "living_area_name"),
        department: area(row, "department", "department_name"),
        region: area(row, "region", "region_name"),
        zone_class: area(row, "zone_class", ""),
        point,
        area_km2: row.maybe("area_km2", square_km, &mut reader.problems).filter(|&a| a > 0.0),
        core: match row.get("core") {
            "" | "1" => true,
            "0" => false,
            _ => refuse(&mut reader.problems, bad_core(row)).unwrap_or_default(),
        },
        gps: row.maybe("gps", Fte::parse, &mut reader.problems),
        ..Place::new(id, row.get("name"), population)
    };
    let factor = need_factor(row, "need_factor", reader);
    Some(Read { place, standard, factor, contour, line: row.line() })
}

/// A zone by its code; the code is its name where it has no other.
fn area(row: &Row, code: &str, name: &str) -> Option<Area> {
    let (code, name) = (row.get(code), row.get(name));
    let name = if name.is_empty() { code } else { name };
    (!code.is_empty()).then(|| Area { code: code.to_owned(), name: name.to_owned() })
}

fn check_sums(by_id: &BTreeMap<PlaceId, Read>, table: &Table, reader: &mut Reader) {
    let mut refuse = |column: &str, fr: &str, en: &str| {
        reader.problems.push(
            Problem::error(Code::BadNumber, Text::new(fr, en))
                .at(At { pointer: Some(column.to_owned()), ..At::file(table.file()) })
                .remedy(Text::new("vérifier la colonne", "check the column")),
        );
    };
    if by_id.values().map(|r| r.place.population.0).sum::<u64>() > MOST_PEOPLE {
        refuse(
            "population",
            "plus de dix milliards d'habitants en tout",
            "more than ten billion people in all",
        );
    }
    let gps = by_id.values().filter_map(|r| r.place.gps).map(|gps| u64::from(gps.hundredths())).sum::<u64>();
    if gps > MOST_GPS * 100 {
        refuse("gps", "plus de dix millions de médecins en tout", "more than ten million GPs in all");
    }
    if by_id.is_empty() && !reader.problems.has_errors() {
        reader.problems.push(
            Problem::error(Code::NoPlaces, Text::new("aucun lieu dans la table", "no place in the table"))
                .at(At::file(table.file()))
                .remedy(Text::new("ajouter des lieux", "add places")),
        );
    }
}

fn unknown_population(row: &Row, code: &str) -> Problem {
    Problem::warning(
        Code::UnknownPopulation,
        Text::new(
            "population inconnue : personne n'y est compté",
            "population unknown: nobody is counted there",
        ),
    )
    .at(row.at("population"))
    .value(code)
    .remedy(Text::new("compléter la cellule", "fill in the cell"))
}

fn bad_core(row: &Row) -> Problem {
    Problem::error(Code::BadNumber, Text::new("« core » vaut 1 ou 0", "`core` is 1 or 0"))
        .at(row.at("core"))
        .value(row.get("core"))
        .remedy(Text::new("1 : dans le territoire ; 0 : autour", "1: in the territory; 0: around it"))
}

fn bad_form(row: &Row) -> Problem {
    Problem::error(Code::BadGeometry, Text::new("géométrie inutilisable", "unusable geometry"))
        .at(row.at("code_commune"))
        .value(row.get("code_commune"))
        .remedy(Text::new(
            "Point, Polygon ou MultiPolygon en WGS84",
            "Point, Polygon or MultiPolygon in WGS84",
        ))
}
