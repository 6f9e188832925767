//! The plan as GeoJSON layers.

use crate::View;
use crate::figures::{Figures, closed, last_year};
use geo::MultiPolygon;
use maillage_programme::Hundredths;
use maillage_programme::health::HealthSiteRecord;
use maillage_territory::{LonLat, Minutes};
use serde_json::{Map, Value, json};

/// `plan.geojson`: communes (contours where known, else points), sites of the plan and existing structures,
/// one feature per line, told apart by the property `layer`: `commune`, `site` or `structure`.
pub fn plan_geojson(view: &View<'_>) -> String {
    let figures = Figures::of(view);
    let territory = view.territory;
    // In a health programme figures are those of its last year.
    let year = last_year(view.record);
    let mut lines = Vec::new();
    let mut push = |layer: &str, geometry: Value, properties: Value| {
        let mut all = Map::new();
        all.insert("scenario".into(), view.record.scenario.clone().into());
        all.insert("layer".into(), layer.into());
        if let Value::Object(more) = properties {
            all.extend(more);
        }
        lines.push(json!({"type": "Feature", "geometry": geometry, "properties": all}).to_string());
    };
    for (ix, place) in territory.iter() {
        let geometry = match &territory.contours[ix.0 as usize] {
            Some(shape) => polygons(shape),
            None => point(place.point),
        };
        let f = figures.at(ix);
        let minutes = |t: Option<Minutes>| t.map(|t| number(Hundredths(i64::from(t.hundredths()))));
        let mut properties = json!({
            "code_commune": place.id,
            "name": place.name,
            "core": place.core,
            "code_epci": place.epci.as_ref().map(|e| &e.code),
            "people_counted": f.people,
        });
        if let Some(year) = year {
            properties["year"] = year.into();
        }
        for (s, state) in ["before", "after"].into_iter().enumerate() {
            if s == 1 && !figures.after {
                continue;
            }
            if figures.lists {
                properties[format!("attached_{state}")] = f.attached[s].into();
                properties[format!("unattached_{state}")] = f.people.saturating_sub(f.attached[s]).into();
            }
            properties[format!("minutes_nearest_{state}")] = minutes(f.nearest[s]).into();
            if let Some(apl) = f.apl[s] {
                properties[format!("apl_{state}")] = number(apl);
            }
        }
        push("commune", geometry, properties);
    }
    for site in &view.record.sites {
        let at = territory.ix(&site.code_commune).and_then(|ix| territory.place(ix).point);
        let mut properties = json!({
                "site_id": site.site_id,
                "code_commune": site.code_commune,
                "name": site.name,
                "status": site.status,
                "structure_type": site.structure_type,
                "gps": number(site.gps),
                "capacity": site.capacity,
                "attached": site.attached,
                "cost_eur": site.cost_eur,
        });
        let mut structures = view.record.programme.iter().flat_map(|p| &p.structures);
        if let Some(structure) = structures.find(|s| s.site_id == site.site_id) {
            years(structure, &mut properties);
        }
        push("site", point(at), properties);
    }
    for structure in closed(view.record) {
        let place =
            structure.addresses.first().and_then(|code| territory.ix(code)).map(|ix| territory.place(ix));
        let mut properties = json!({
            "site_id": structure.site_id,
            "code_commune": place.map(|p| &p.id),
            "name": place.map(|p| &p.name),
            "status": "closed",
            "structure_type": structure.structure_type,
        });
        years(structure, &mut properties);
        push("site", point(place.and_then(|p| p.point)), properties);
    }
    for structure in &territory.structures {
        let place = structure.place.map(|ix| territory.place(ix));
        push(
            "structure",
            point(structure.point.or(place.and_then(|p| p.point))),
            json!({
                "site_id": structure.site_id,
                "structure_id": structure.structure_id,
                "code_commune": place.map(|p| &p.id),
                "name": structure.name,
                "kind": structure.kind.as_str(),
                "emergency": structure.emergency,
            }),
        );
    }
    format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}\n", lines.join(",\n"))
}

/// When a structure of a programme opens and closes, if it does.
fn years(structure: &HealthSiteRecord, properties: &mut Value) {
    for (name, year) in [("opens", structure.opens), ("closes", structure.closes)] {
        if let Some(year) = year {
            properties[name] = year.into();
        }
    }
}

/// An exact figure as a JSON number.
fn number(h: Hundredths) -> Value {
    serde_json::to_value(h).unwrap_or_default()
}

fn point(at: Option<LonLat>) -> Value {
    at.map_or(Value::Null, |p| json!({"type": "Point", "coordinates": [p.lon, p.lat]}))
}

fn polygons(shape: &MultiPolygon<f64>) -> Value {
    let value = match shape.0.as_slice() {
        [one] => geojson::GeometryValue::from(one),
        _ => geojson::GeometryValue::from(shape),
    };
    serde_json::to_value(geojson::Geometry::new(value)).unwrap_or_default()
}
