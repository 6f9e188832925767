//! Contours of places, from GeoJSON.

use crate::{PlaceId, PlaceIx, read_or_push};
use geo::MultiPolygon;
use geojson::{FeatureCollection, GeoJson, JsonValue};
use maillage_input::{Code, InputRecord, MAX_TABLE_BYTES, Place as At, Problem, Problems, Text};
use std::collections::BTreeMap;
use std::path::Path;

pub(crate) fn read(
    path: &Path,
    index: &BTreeMap<PlaceId, PlaceIx>,
    inputs: &mut Vec<InputRecord>,
    problems: &mut Problems,
) -> Vec<Option<MultiPolygon<f64>>> {
    let mut contours = vec![None; index.len()];
    let Some(file) = read_or_push(path, MAX_TABLE_BYTES, inputs, problems) else { return contours };
    let name = file.record.path.clone();
    let bad = |detail: String| {
        Problem::error(Code::BadGeometry, Text::new("GeoJSON inutilisable", "unusable GeoJSON"))
            .at(At::file(&name))
            .value(detail)
            .remedy(Text::new(
                "une FeatureCollection de Polygon ou MultiPolygon en WGS84, avec la propriété « code_commune »",
                "a FeatureCollection of Polygon or MultiPolygon in WGS84, with the property `code_commune`",
            ))
    };
    let text = match file.utf8() {
        Ok(text) => text,
        Err(problem) => {
            problems.push(problem);
            return contours;
        }
    };
    let features: FeatureCollection = match text.parse::<GeoJson>() {
        Ok(GeoJson::FeatureCollection(fc)) => fc,
        Ok(_) => {
            problems.push(bad("not a FeatureCollection".to_owned()));
            return contours;
        }
        Err(e) => {
            problems.push(bad(e.to_string()));
            return contours;
        }
    };
    for (i, feature) in features.features.into_iter().enumerate() {
        let code = ["code_commune", "code"].iter().find_map(|key| match feature.property(key) {
            Some(JsonValue::String(s)) => Some(s.clone()),
            _ => None,
        });
        let Some(code) = code else {
            problems.push(bad(format!("feature {i}: no code_commune")));
            continue;
        };
        let Some(&ix) = PlaceId::new(&code).ok().and_then(|id| index.get(&id)) else {
            problems.push(
                Problem::warning(
                    Code::IgnoredFeature,
                    Text::new(
                        "contour d'un lieu absent de la table",
                        "contour of a place absent from the table",
                    ),
                )
                .at(At::file(&name))
                .value(&code)
                .remedy(Text::new("ajouter le lieu ou ôter le contour", "add the place or drop the contour")),
            );
            continue;
        };
        let shape = feature.geometry.map(geo::Geometry::<f64>::try_from);
        let shape = match shape {
            Some(Ok(geo::Geometry::Polygon(p))) => Some(MultiPolygon(vec![p])),
            Some(Ok(geo::Geometry::MultiPolygon(m))) => Some(m),
            _ => None,
        };
        match shape.filter(usable) {
            None => problems.push(bad(format!("feature {i} ({code})"))),
            Some(_) if contours[ix.0 as usize].is_some() => {
                problems.push(bad(format!("feature {i} ({code}): 2 ×")))
            }
            shape => contours[ix.0 as usize] = shape,
        }
    }
    contours
}

/// Rings with an inside, in degrees.
fn usable(shape: &MultiPolygon<f64>) -> bool {
    let on_earth = |c: &geo::Coord<f64>| c.x.abs() <= 180.0 && c.y.abs() <= 90.0;
    let ring = |r: &geo::LineString<f64>| r.0.len() >= 4 && r.is_closed() && r.0.iter().all(on_earth);
    !shape.0.is_empty() && shape.iter().all(|p| ring(p.exterior()) && p.interiors().iter().all(ring))
}
