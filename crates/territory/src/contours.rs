//! Contours of places, from GeoJSON or a GeoPackage layer.

use crate::file::{ContoursFile, TableFile};
use crate::reader::Reader;
use crate::table::{Column, Form, Preset, Want};
use crate::{PlaceId, PlaceIx};
use geo::MultiPolygon;
use geojson::{FeatureCollection, GeoJson, JsonValue};
use maillage_input::{Code, InputFile, Place as At, Problem, Text};
use std::collections::BTreeMap;

/// The names that the property or column of codes goes by, unless `columns` says otherwise.
const CODE: [&str; 2] = ["code_commune", "code"];

/// One entry per place; `None` where no contour is known.
pub(crate) type Contours = Vec<Option<MultiPolygon<f64>>>;

/// A shape that belongs to a code.
struct Feature {
    /// Where it stands in the file.
    at: At,
    /// What it is called in messages.
    name: String,
    code: Option<String>,
    shape: Option<MultiPolygon<f64>>,
}

pub(crate) fn read(file: &ContoursFile, index: &BTreeMap<PlaceId, PlaceIx>, reader: &mut Reader) -> Contours {
    let mut contours = vec![None; index.len()];
    let Some(input) = reader.file(&file.file) else { return contours };
    let features = if input.content.starts_with(b"SQLite format 3\0") {
        of_layer(file, reader)
    } else {
        of_geojson(&input, file, reader)
    };
    let mut strangers: Vec<(At, String)> = Vec::new();
    for feature in features {
        let Some(code) = feature.code else {
            let value = format!("{}: no code_commune", feature.name);
            reader.problems.push(bad(feature.at, &value));
            continue;
        };
        let Some(&ix) = PlaceId::new(&code).ok().and_then(|id| index.get(&id)) else {
            strangers.push((feature.at, code));
            continue;
        };
        let contour: &mut Option<_> = &mut contours[ix.0 as usize];
        match feature.shape {
            None => reader.problems.push(bad(feature.at, &format!("{} ({code})", feature.name))),
            Some(_) if contour.is_some() => {
                reader.problems.push(bad(feature.at, &format!("{} ({code}): 2 ×", feature.name)))
            }
            shape => *contour = shape,
        }
    }
    if let Some((at, code)) = strangers.first() {
        let n = strangers.len();
        reader.problems.push(
            Problem::warning(
                Code::IgnoredFeature,
                Text::new(
                    format!("contours de lieux absents de la table, non lus : {n}, le premier ici"),
                    format!("contours of places absent from the table, not read: {n}, the first one here"),
                ),
            )
            .at(at.clone())
            .value(code)
            .remedy(Text::new(
                "rien à faire si le fichier est plus large que le territoire",
                "nothing to do if the file is wider than the territory",
            )),
        );
    }
    contours
}

fn bad(at: At, detail: &str) -> Problem {
    Problem::error(Code::BadGeometry, Text::new("contour inutilisable", "unusable contour"))
        .at(at)
        .value(detail)
        .remedy(Text::new(
            "Polygon ou MultiPolygon en WGS84, un par lieu, avec « code_commune » (GeoJSON : une FeatureCollection)",
            "Polygon or MultiPolygon in WGS84, one for each place, with `code_commune` (GeoJSON: a FeatureCollection)",
        ))
}

fn of_layer(file: &ContoursFile, reader: &mut Reader) -> Vec<Feature> {
    let spec = TableFile {
        file: file.file.clone(),
        layer: file.layer.clone(),
        columns: file.columns.clone(),
        ..TableFile::default()
    };
    let columns = vec![Column::commune().called(CODE)];
    let want = Want::new(&spec, "/contours", columns).preset(Preset { forms: true, ..Preset::default() });
    let Some(table) = reader.table(&want) else { return Vec::new() };
    let feature = |row: crate::table::Row| Feature {
        at: row.at("code_commune"),
        name: format!("feature {}", row.line()),
        code: Some(row.get("code_commune").to_owned()).filter(|code| !code.is_empty()),
        shape: match table.form(row.ix()) {
            Some(Form::Polygons(shape)) => Some(shape.clone()),
            _ => None,
        },
    };
    table.rows().map(feature).collect()
}

fn of_geojson(input: &InputFile, file: &ContoursFile, reader: &mut Reader) -> Vec<Feature> {
    let at = || At::file(&input.record.path);
    let text = match input.utf8() {
        Ok(text) => text,
        Err(problem) => {
            reader.problems.push(problem);
            return Vec::new();
        }
    };
    let collection: FeatureCollection = match text.parse::<GeoJson>() {
        Ok(GeoJson::FeatureCollection(collection)) => collection,
        Ok(_) => {
            reader.problems.push(bad(at(), "not a FeatureCollection"));
            return Vec::new();
        }
        Err(e) => {
            reader.problems.push(bad(at(), &e.to_string()));
            return Vec::new();
        }
    };
    let keys: Vec<&str> = match file.columns.get("code_commune") {
        Some(key) => vec![key],
        None => CODE.to_vec(),
    };
    let feature = |(i, feature): (usize, geojson::Feature)| Feature {
        at: at(),
        name: format!("feature {i}"),
        code: keys.iter().find_map(|key| match feature.property(key) {
            Some(JsonValue::String(code)) => Some(code.clone()),
            _ => None,
        }),
        shape: match feature.geometry.map(geo::Geometry::<f64>::try_from) {
            Some(Ok(geo::Geometry::Polygon(p))) => Some(MultiPolygon(vec![p])).filter(usable),
            Some(Ok(geo::Geometry::MultiPolygon(m))) => Some(m).filter(usable),
            _ => None,
        },
    };
    collection.features.into_iter().enumerate().map(feature).collect()
}

/// Rings with an inside, in degrees.
pub(crate) fn usable(shape: &MultiPolygon<f64>) -> bool {
    let on_earth = |c: &geo::Coord<f64>| c.x.abs() <= 180.0 && c.y.abs() <= 90.0;
    let ring = |r: &geo::LineString<f64>| r.0.len() >= 4 && r.is_closed() && r.0.iter().all(on_earth);
    !shape.0.is_empty() && shape.iter().all(|p| ring(p.exterior()) && p.interiors().iter().all(ring))
}
