//! The map: an SVG drawn here, coloured by classes that the page's script may change.

mod classes;
mod frame;
mod labels;
mod marks;
mod outline;
mod plain;

pub(crate) use classes::Legend;
pub(crate) use plain::Plain;

use crate::View;
use crate::figures::{Figures, PlaceFigures};
use crate::words::Words;
use classes::Shade;
use frame::{Dot, Frame, path};
use maillage_programme::Hundredths;
use maillage_territory::{Minutes, Place, PlaceIx, Territory};
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
    /// Indicators; the first is drawn.
    pub legends: Vec<Legend>,
    /// Length of the scale bar, such as `10 km`.
    pub scale_text: String,
    /// Its share of the width, in per cent.
    pub scale_percent: String,
    /// What the script needs.
    pub data: Value,
    /// Kinds of marks that occur.
    pub marks: marks::Kinds,
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
        let shades = Shade::all(figures);
        let first = *shades.first()?;

        // Surroundings first, so that the borders of the territory itself are drawn over them.
        let mut order: Vec<PlaceIx> = view.territory.iter().map(|(ix, _)| ix).collect();
        order.sort_by_key(|ix| view.territory.place(*ix).core);
        let rings = all_rings(view.territory, &frame);

        let mut inside = String::from("<g class=\"places\">");
        let mut drawn = Vec::new();
        let blob = blob_radius(&frame, view.territory.places.len());
        for ix in order {
            let place = view.territory.place(ix);
            let shape = match (&rings[ix.0 as usize], place.point) {
                (rings, _) if !rings.is_empty() => format!("<path d=\"{}\"", path(rings, true)),
                (_, Some(point)) => {
                    let (x, y) = frame.dot(point);
                    format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{blob}\"")
                }
                _ => continue,
            };
            let around = if place.core { "" } else { " a" };
            let class = first.class(figures.at(ix));
            let tip = escape(&tip(w, place, figures.at(ix), figures));
            let end = if shape.starts_with("<path") { "</path>" } else { "</circle>" };
            let _ = write!(inside, "{shape} class=\"c{around} k{class}\"><title>{tip}</title>{end}");
            drawn.push(ix);
        }
        inside.push_str("</g>");
        draw_borders(view.territory, &rings, &mut inside);
        let kinds = marks::draw(view, w, &frame, &mut inside);

        let classes: serde_json::Map<String, Value> = shades
            .iter()
            .map(|shade| {
                let all: String = drawn.iter().map(|ix| shade.class(figures.at(*ix))).collect();
                (shade.legend(w, figures).id.to_owned(), all.into())
            })
            .collect();
        let names: Vec<String> = drawn
            .iter()
            .map(|ix| view.territory.place(*ix))
            .map(|p| format!("{} ({})", p.name, p.id))
            .collect();
        let (km, hundredths) = frame.scale_bar();
        Some(Map {
            inside,
            view: format!("0 0 {} {}", frame::WIDTH, frame.height),
            ratio: format!("{} / {}", frame::WIDTH, frame.height),
            legends: shades.iter().map(|s| s.legend(w, figures)).collect(),
            scale_text: format!("{km}\u{a0}km"),
            scale_percent: format!("{}.{:02}", hundredths / 100, hundredths % 100),
            data: json!({
                "home": [0, 0, frame::WIDTH, frame.height],
                "all": frame.all,
                "km": (frame.per_km * 1000.0).round() / 1000.0,
                "classes": classes,
                "names": names,
            }),
            marks: kinds,
        })
    }
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

/// Size of a place without a contour: discs that nearly touch when spread evenly.
fn blob_radius(frame: &Frame, places: usize) -> u32 {
    let each = f64::from(frame.all[2]) * f64::from(frame.all[3]) / places.max(1) as f64;
    (each.sqrt() * 0.35).clamp(8.0, 200.0) as u32
}

/// What is told of a place under the pointer, one line each.
fn tip(w: Words, place: &Place, f: &PlaceFigures, figures: &Figures) -> String {
    let mut lines = vec![format!("{} ({})", place.name, place.id)];
    lines.extend(place.epci.as_ref().map(|e| e.name.clone()));
    if f.people == 0 {
        lines.push(w.t("hors du calcul ou inhabité", "not in the scope or uninhabited"));
        return lines.join("\n");
    }
    lines.push(w.count(f.people, ("personne", "personnes"), ("person", "people")));
    if figures.lists {
        let one = |s: usize| w.int(f.attached[s]);
        let label = w.t("Rattachés :", "Attached:");
        lines.push(if figures.after {
            let share = w.share(f.attached[1], f.people).unwrap_or_default();
            format!("{label} {} → {} ({share})", one(0), one(1))
        } else {
            format!("{label} {}", one(0))
        });
    }
    if let [Some(before), after] = f.apl {
        let number = |apl: Hundredths| w.number(apl.to_f64(), 2);
        let after = after.filter(|_| figures.after).map(|a| format!(" → {}", number(a))).unwrap_or_default();
        lines.push(format!("{} {}{after}", w.t("APL :", "APL:"), number(before)));
    }
    let time = |t: Option<Minutes>| match t {
        Some(t) => format!("{}\u{a0}min", w.tenths(i64::from(t.hundredths() + 5) / 10)),
        None => w.t("hors de portée", "out of reach"),
    };
    let label = w.t("Site le plus proche :", "Nearest site:");
    lines.push(match (figures.before, figures.after) {
        (true, true) => format!("{label} {} → {}", time(f.nearest[0]), time(f.nearest[1])),
        (false, true) => format!("{label} {}", time(f.nearest[1])),
        (true, false) => format!("{label} {}", time(f.nearest[0])),
        (false, false) => return lines.join("\n"),
    });
    lines.join("\n")
}
