//! The map: an SVG drawn here, which the page's script colours, moves and asks.

mod cells;
mod classes;
mod frame;
mod labels;
mod marks;
mod outline;
mod plain;
mod plan;

pub(crate) use classes::{Legend, Measure, Scale};
pub(crate) use frame::{Dot, KM_PER_DEGREE, path, rings, round_km};
pub(crate) use plain::Plain;
pub(crate) use plan::plan_json;

use crate::View;
use crate::figures::Figures;
use crate::words::Words;
use frame::Frame;
use maillage_territory::{PlaceIx, Territory};
use outline::{Member, borders};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// What the page shows of the map.
#[derive(Debug)]
pub(crate) struct Map {
    /// Content of the `<svg>` element.
    pub inside: String,
    /// Its first view.
    pub view: String,
    /// Width over height of the first view.
    pub ratio: String,
    /// What is drawn first.
    pub legend: Legend,
    /// Whether that is before or after the plan, in words.
    pub when: String,
    /// Length of the scale bar, such as `10 km`.
    pub scale_text: String,
    /// Its share of the width, in per cent.
    pub scale_percent: String,
    /// What the script needs.
    pub data: Value,
    /// Kinds of marks that occur.
    pub marks: marks::Kinds,
    /// Whether what lies overseas stands in boxes.
    pub insets: bool,
    /// Its classes, by how many places there are.
    pub crowd: &'static str,
}

/// Places beyond which borders are thin, and the drawing holds no name for each: the script has them anyway.
const MANY: usize = 1500;
/// Places beyond which there are no borders until the map is near.
const VAST: usize = 10_000;

/// Classes of a map with so many places.
fn crowd(places: usize) -> &'static str {
    if places <= MANY {
        ""
    } else if places <= VAST {
        " many"
    } else {
        " many vast"
    }
}

/// Text or attribute of SVG.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() && c != '\n' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

impl Map {
    /// Draws the territory; `None` when no place has a position.
    pub fn draw(view: &View<'_>, w: Words, figures: &Figures) -> Option<Map> {
        let frame = Frame::new(view.territory)?;
        let measures = Measure::all(figures);
        let first = *measures.first()?;
        let s = usize::from(figures.after);
        let mut inside = String::new();
        let drawn = draw_places(view.territory, &frame, &mut inside, &|ix| first.class(figures.at(ix), s));
        inside.push_str("<g class=\"flows\"></g>");
        let kinds = marks::draw(view, w, &frame, &mut inside);
        let (km, hundredths) = frame.scale_bar();
        let mut data = sheet_json(view.territory, &frame, &drawn, w);
        data["measures"] = measures.iter().map(|m| m.json(w)).collect();
        data["plans"] = json!([plan_json(view, Some(w))]);
        Some(Map {
            inside,
            view: format!("0 0 {} {}", frame::WIDTH, frame.height),
            ratio: format!("{} / {}", frame::WIDTH, frame.height),
            legend: first.legend(w, figures, s),
            when: if figures.after {
                w.t("avec le plan", "with the plan")
            } else {
                w.t("situation du scénario, sans décision", "the scenario with nothing decided")
            },
            scale_text: format!("{km}\u{a0}km"),
            scale_percent: format!("{}.{:02}", hundredths / 100, hundredths % 100),
            data,
            marks: kinds,
            insets: !frame.insets.is_empty(),
            crowd: crowd(drawn.len()),
        })
    }
}

/// The measures that a suite's map can show: those that every place of a territory has, and lists where plans have them.
pub(crate) fn suite_measures(w: Words, lists: bool, apl: bool) -> Value {
    let known = [(lists, Measure::Attached), (true, Measure::Minutes), (apl, Measure::Apl)];
    known.into_iter().filter(|k| k.0).map(|k| k.1.json(w)).collect()
}

/// What the script needs of the drawing and its places, whatever the plan. Places are in the order of the territory;
/// `drawn` says which of them each shape is.
fn sheet_json(territory: &Territory, frame: &Frame, drawn: &[PlaceIx], w: Words) -> Value {
    let epcis: std::collections::BTreeMap<&str, &str> = territory
        .places
        .iter()
        .filter_map(|p| p.epci.as_ref())
        .map(|e| (e.code.as_str(), e.name.as_str()))
        .collect();
    let position: std::collections::BTreeMap<&str, usize> = epcis.keys().copied().zip(0..).collect();
    let places: Vec<Value> = territory
        .places
        .iter()
        .map(|p| {
            let epci = p.epci.as_ref().and_then(|e| position.get(e.code.as_str()).copied());
            let (x, y) = p.point.map(|point| frame.dot(point)).unzip();
            json!([p.name, p.id, epci, u8::from(p.core), x, y])
        })
        .collect();
    json!({
        "lang": w.code(),
        "home": [0, 0, frame::WIDTH, frame.height],
        "all": frame.all,
        "km": (frame.per_km * 1000.0).round() / 1000.0,
        "epcis": epcis.values().collect::<Vec<_>>(),
        "places": places,
        "drawn": drawn.iter().map(|ix| ix.0).collect::<Vec<_>>(),
        "nobody": classes::nobody(w),
    })
}

/// Draws every place and the borders over them: contours, or cells around the points of places without one. Gives the
/// places in the order they are drawn.
fn draw_places(
    territory: &Territory,
    frame: &Frame,
    out: &mut String,
    class: &dyn Fn(PlaceIx) -> char,
) -> Vec<PlaceIx> {
    let rings = all_rings(territory, frame);
    let dots: Vec<Option<Dot>> = territory.places.iter().map(|p| p.point.map(|p| frame.dot(p))).collect();
    let bare: Vec<bool> = rings.iter().map(Vec::is_empty).collect();
    let around = cells::cells(&dots, &bare, reach(frame, territory.places.len()));
    // Cells first, then surroundings: contours lie over what was guessed, borders of the territory over all.
    let mut drawn: Vec<PlaceIx> = territory.iter().map(|(ix, _)| ix).collect();
    drawn.retain(|ix| !bare[ix.0 as usize] || around[ix.0 as usize].len() > 3);
    drawn.sort_by_key(|ix| (!bare[ix.0 as usize], territory.place(*ix).core));
    out.push_str("<g class=\"places\">");
    for ix in &drawn {
        let place = territory.place(*ix);
        let i = ix.0 as usize;
        let d = if bare[i] { path(std::slice::from_ref(&around[i]), true) } else { path(&rings[i], true) };
        let outside = if place.core { "" } else { " a" };
        // Writing to a string does not fail.
        let _ = write!(out, "<path d=\"{d}\" class=\"c{outside} k{}\"", class(*ix));
        if drawn.len() > MANY {
            out.push_str("/>");
        } else {
            let (name, code) = (escape(&place.name), escape(place.id.as_str()));
            let _ = write!(out, "><title>{name} ({code})</title></path>");
        }
    }
    out.push_str("</g><g class=\"borders\">");
    draw_borders(territory, &rings, out);
    for i in &frame.insets {
        let (x, y, side, name) = (i.left, i.top, i.side, escape(&i.name));
        let _ = write!(
            out,
            "<rect class=\"inset\" x=\"{x}\" y=\"{y}\" width=\"{side}\" height=\"{side}\"/><g transform=\"translate({x} {y})\"><g class=\"t\"><text class=\"town\" x=\"4\" y=\"13\">{name}</text></g></g>"
        );
    }
    out.push_str("</g>");
    drawn
}

/// The rings of every place; none where it has no contour.
fn all_rings(territory: &Territory, frame: &Frame) -> Vec<Vec<Vec<Dot>>> {
    territory.contours.iter().map(|s| s.as_ref().map(|s| frame.rings(s)).unwrap_or_default()).collect()
}

/// Borders of inter-municipal bodies, and that of the territory over them.
fn draw_borders(territory: &Territory, rings: &[Vec<Vec<Dot>>], out: &mut String) {
    let members: Vec<Member<'_>> = territory
        .places
        .iter()
        .zip(rings)
        .map(|(p, rings)| Member { core: p.core, epci: p.epci.as_ref().map(|e| e.code.as_str()), rings })
        .collect();
    let (around, between) = borders(&members);
    for (class, lines) in [("epci", between), ("core", around)] {
        if !lines.is_empty() {
            // Writing to a string does not fail.
            let _ = write!(out, "<path class=\"{class}\" d=\"{}\"/>", path(&lines, false));
        }
    }
}

/// How far a cell may reach: somewhat more than the distance between places when spread evenly.
fn reach(frame: &Frame, places: usize) -> f64 {
    let each = f64::from(frame.all[2]) * f64::from(frame.all[3]) / places.max(1) as f64;
    (each.sqrt() * 0.9).clamp(8.0, 400.0)
}
