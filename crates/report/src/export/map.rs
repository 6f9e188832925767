//! Maps that stand alone, for annexes and notes: SVG with title, legend, scale and sources.

use super::geometry::{Shape, joined};
use super::measure::{Measure, NOTHING};
use super::sites::Site;
use super::table::Table;
use crate::View;
use crate::figures::{decided, drawn};
use crate::map::{KM_PER_DEGREE, escape, path, rings, round_km};
use crate::words::Words;
use geo::MultiPolygon;
use maillage_programme::State;
use maillage_territory::{LonLat, SiteId};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Width of the map itself and of the legend, in pixels.
const WIDE: f64 = 760.0;
const SIDE: f64 = 300.0;
/// Height of the title and of the foot.
const HEAD: f64 = 56.0;
const FOOT: f64 = 82.0;
/// Units of the drawing in a pixel: shapes are whole numbers of them.
const FINE: f64 = 4.0;

/// What every map of a plan shows.
pub(super) struct Scene<'a> {
    pub w: Words,
    pub view: &'a View<'a>,
    pub places: &'a Table,
    pub sites: &'a [Site],
}

/// Part of the world that is drawn: true to scale at its middle.
struct Window {
    west: f64,
    north: f64,
    per_lon: f64,
    per_lat: f64,
    high: f64,
}

impl Window {
    /// West, south, east, north with a margin, neither a ribbon nor a tower.
    fn new([west, south, east, north]: [f64; 4]) -> Window {
        let squeeze = ((south + north) / 2.0).to_radians().cos().max(0.05);
        let (middle_x, middle_y) = ((west + east) / 2.0, (south + north) / 2.0);
        let wide = ((east - west) * squeeze).max(0.02) * 1.08;
        let high = (north - south).max(0.02) * 1.08;
        let (wide, high) = (wide.max(high), high.max(wide * 0.6));
        let per_lat = WIDE / wide;
        Window {
            west: middle_x - wide / squeeze / 2.0,
            north: middle_y + high / 2.0,
            per_lon: per_lat * squeeze,
            per_lat,
            high: (high * per_lat).round(),
        }
    }

    fn dot(&self, p: LonLat) -> (f64, f64) {
        ((p.lon - self.west) * self.per_lon, (self.north - p.lat) * self.per_lat)
    }

    fn shows(&self, [west, south, east, north]: [f64; 4]) -> bool {
        let (left, top) = self.dot(LonLat { lon: west, lat: north });
        let (right, bottom) = self.dot(LonLat { lon: east, lat: south });
        right >= 0.0 && left <= WIDE && bottom >= 0.0 && top <= self.high
    }

    /// The rings of a shape as a path in whole fine units.
    fn path(&self, areas: &MultiPolygon<f64>) -> String {
        let fine = |p| {
            let (x, y) = self.dot(p);
            ((x * FINE).round() as i32, (y * FINE).round() as i32)
        };
        path(&rings(areas, fine), true)
    }
}

/// West, south, east, north of the territory itself, or of everything.
fn territory_bounds(view: &View<'_>) -> Option<[f64; 4]> {
    let of = |core: bool| {
        let places = view.territory.places.iter().zip(&view.territory.contours);
        places.filter(|(p, _)| p.core || !core).fold(None, |all, (place, contour)| {
            let shape = contour.as_ref().map_or(Shape::point(place.point), Shape::Areas);
            joined(all, shape.bounds())
        })
    };
    of(true).or_else(|| of(false))
}

/// The whole territory; `None` when nothing has a position.
pub(super) fn whole(scene: &Scene<'_>, measure: &Measure) -> Option<String> {
    let window = Window::new(territory_bounds(scene.view)?);
    Some(draw(scene, measure, &window, None))
}

/// The surroundings of a site, with lines to those who are attached to it; `None` when it has no position.
pub(super) fn around(scene: &Scene<'_>, measure: &Measure, site: &Site) -> Option<String> {
    let at = |code| scene.view.territory.ix(code).and_then(|ix| scene.view.territory.place(ix).point);
    let own = at(&site.code)?;
    // Some ten kilometres each way at least.
    let near = [own.lon - 0.12, own.lat - 0.08, own.lon + 0.12, own.lat + 0.08];
    let bounds = flows(scene, &site.id).filter_map(|(from, _)| Shape::point(Some(from)).bounds());
    let window = Window::new(bounds.fold(near, |all, b| joined(Some(all), Some(b)).unwrap_or(all)));
    Some(draw(scene, measure, &window, Some((site, own))))
}

/// Where those come from whom the plan attaches to a site, and how many.
fn flows<'a>(scene: &'a Scene<'_>, id: &'a SiteId) -> impl Iterator<Item = (LonLat, u64)> + 'a {
    let rows = drawn(scene.view).filter(move |r| r.state == State::After && r.site_id == *id);
    rows.filter_map(|r| {
        let ix = scene.view.territory.ix(&r.from_id)?;
        Some((scene.view.territory.place(ix).point?, r.people.0))
    })
}

fn draw(scene: &Scene<'_>, measure: &Measure, window: &Window, focus: Option<(&Site, LonLat)>) -> String {
    let (w, record) = (scene.w, scene.view.record);
    let (wide, high) = (WIDE + SIDE, HEAD + window.high + FOOT);
    let label = w.t(&measure.label.fr, &measure.label.en);
    let title = match focus {
        Some((site, _)) => format!("{} – {label}", site.name),
        None => format!("{} – {label}", record.territory),
    };
    let title = crate::summary::clip(&title, 84);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide} {high}\" width=\"{wide}\" height=\"{high}\" \
         font-family=\"sans-serif\" font-size=\"17\" fill=\"#1b1f27\">\n<title>{0}</title>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
         <text x=\"10\" y=\"34\" font-size=\"21\" font-weight=\"bold\">{0}</text>\n\
         <clipPath id=\"frame\"><rect width=\"{WIDE}\" height=\"{1}\"/></clipPath>\n\
         <g transform=\"translate(0 {HEAD})\"><g clip-path=\"url(#frame)\">\n",
        escape(&title),
        window.high
    );
    areas(scene, measure, window, &mut out);
    if let Some((site, own)) = focus {
        lines(scene, site, own, window, &mut out);
    }
    marks(scene, window, &mut out);
    out.push_str("</g>\n");
    let _ =
        writeln!(out, "<rect width=\"{WIDE}\" height=\"{}\" fill=\"none\" stroke=\"#80868f\"/>", window.high);
    scale(window, &mut out);
    legend(scene, measure, focus.is_some(), &mut out);
    out.push_str("</g>\n");
    let scenario = format!("{} ({})", w.title(&record.title), record.scenario);
    let lines = [scenario.as_str(), w.title(&record.travel.label), w.title(&record.supply_source)];
    for (line, y) in lines.into_iter().zip([24.0, 46.0, 68.0]) {
        let line = crate::summary::clip(line, 150);
        let y = HEAD + window.high + y;
        let _ = writeln!(
            out,
            "<text x=\"10\" y=\"{y}\" font-size=\"13\" fill=\"#515866\">{}</text>",
            escape(&line)
        );
    }
    out.push_str("</svg>\n");
    out
}

fn areas(scene: &Scene<'_>, measure: &Measure, window: &Window, out: &mut String) {
    let territory = scene.view.territory;
    let _ = writeln!(out, "<g stroke=\"#fff\" stroke-width=\"1\">");
    // Surroundings first and lighter.
    for core in [false, true] {
        let places = territory.places.iter().zip(&territory.contours).zip(&scene.places.rows);
        for ((place, contour), row) in places.filter(|((p, _), _)| p.core == core) {
            let shape = contour.as_ref().map_or(Shape::point(place.point), Shape::Areas);
            if !shape.bounds().is_some_and(|b| window.shows(b)) {
                continue;
            }
            let figure = measure.figure(scene.places, row);
            let fill = figure.and_then(|f| measure.class(f)).map_or(NOTHING, |c| c.colour);
            let light = if core { "" } else { " fill-opacity=\"0.45\"" };
            let name = escape(&format!("{} ({})", place.name, place.id));
            let _ = match shape {
                Shape::Areas(areas) => writeln!(
                    out,
                    "<path transform=\"scale({})\" stroke-width=\"{FINE}\" d=\"{}\" fill=\"{fill}\"{light}><title>{name}</title></path>",
                    1.0 / FINE,
                    window.path(areas)
                ),
                Shape::Point(at) => {
                    let (x, y) = window.dot(at);
                    writeln!(
                        out,
                        "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"9\" fill=\"{fill}\"{light}><title>{name}</title></circle>"
                    )
                }
                Shape::None | Shape::Line(..) => Ok(()),
            };
        }
    }
    out.push_str("</g>\n");
}

fn lines(scene: &Scene<'_>, site: &Site, own: LonLat, window: &Window, out: &mut String) {
    let (x, y) = window.dot(own);
    for (from, people) in flows(scene, &site.id).filter(|(from, _)| *from != own) {
        let (a, b) = window.dot(from);
        let thick = ((people as f64).sqrt() / 12.0).clamp(1.0, 8.0);
        let _ = writeln!(
            out,
            "<line x1=\"{a:.1}\" y1=\"{b:.1}\" x2=\"{x:.1}\" y2=\"{y:.1}\" stroke=\"#e08a00\" stroke-opacity=\"0.9\" stroke-width=\"{thick:.1}\"/>"
        );
    }
}

/// Sites: those that stay small and grey, those that open or grow with their number and name.
fn marks(scene: &Scene<'_>, window: &Window, out: &mut String) {
    let at = |code| scene.view.territory.ix(code).and_then(|ix| scene.view.territory.place(ix).point);
    let shown = |p: LonLat| window.shows([p.lon, p.lat, p.lon, p.lat]);
    let mut steps: BTreeMap<&str, f64> = BTreeMap::new();
    for site in scene.sites.iter().filter(|s| matches!(s.state, "kept" | "closed")) {
        let Some((x, y)) = at(&site.code).filter(|p| shown(*p)).map(|p| window.dot(p)) else { continue };
        let name = escape(&site.name);
        let _ = match site.state {
            "closed" => writeln!(
                out,
                "<path d=\"M{0:.1} {1:.1}l10 10m-10 0l10-10\" stroke=\"#000\" stroke-width=\"3\"><title>{name}</title></path>",
                x - 5.0,
                y - 5.0
            ),
            _ => writeln!(
                out,
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"#515866\" stroke=\"#fff\"><title>{name}</title></circle>"
            ),
        };
    }
    for (site, number) in decided(scene.view.record).into_iter().zip(1..) {
        let Some(p) = at(&site.code_commune).filter(|p| shown(*p)) else { continue };
        let aside = steps.entry(site.code_commune.as_str()).or_default();
        let (x, y) = (window.dot(p).0 + *aside, window.dot(p).1);
        *aside += 26.0;
        let pin = match site.status {
            maillage_programme::SiteStatus::Extended => format!(
                "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"22\" height=\"22\" rx=\"3\" fill=\"#123a6b\" stroke=\"#fff\" stroke-width=\"2\"/>",
                x - 11.0,
                y - 11.0
            ),
            _ => format!(
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"12\" fill=\"#c4370b\" stroke=\"#fff\" stroke-width=\"2\"/>"
            ),
        };
        // Near the right edge a name stands on the left, so that it is not cut off.
        let name = match x > WIDE * 0.72 {
            true => haloed(x - 16.0, y + 5.0, "end", &site.name),
            false => haloed(x + 16.0, y + 5.0, "start", &site.name),
        };
        let _ = writeln!(
            out,
            "{pin}<text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\" font-size=\"13\" font-weight=\"bold\" fill=\"#fff\">{number}</text>{}",
            y + 4.6,
            name
        );
    }
}

/// A text that is read on any ground: twice, as some programs draw the outline over the letters.
fn haloed(x: f64, y: f64, anchor: &str, text: &str) -> String {
    let text = escape(text);
    let at = format!("x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\"");
    format!(
        "<text {at} fill=\"none\" stroke=\"#fff\" stroke-width=\"4\" stroke-linejoin=\"round\">{text}</text><text {at}>{text}</text>"
    )
}

/// A length of 1, 2 or 5 times a power of ten km, at most a quarter of the width.
fn scale(window: &Window, out: &mut String) {
    let per_km = window.per_lat / KM_PER_DEGREE;
    let km = round_km(WIDE / 4.0 / per_km);
    let (x, y, long) = (16.0, window.high - 16.0, km * per_km);
    let _ = writeln!(
        out,
        "<path d=\"M{x} {0}v8h{long:.1}v-8\" fill=\"none\" stroke=\"#fff\" stroke-width=\"5\"/><path d=\"M{x} {0}v8h{long:.1}v-8\" fill=\"none\" stroke=\"#1b1f27\" stroke-width=\"2\"/>\
         {1}",
        y - 8.0,
        haloed(x + 6.0, y - 6.0, "start", &format!("{km}\u{a0}km"))
    );
}

fn legend(scene: &Scene<'_>, measure: &Measure, flows: bool, out: &mut String) {
    let w = scene.w;
    let x = WIDE + 16.0;
    let mut y = 18.0;
    let mut line = |drawing: String, text: &str| {
        let _ = writeln!(
            out,
            "<g transform=\"translate({x} {y})\">{drawing}<text x=\"36\" y=\"14\">{}</text></g>",
            escape(text)
        );
        y += 27.0;
    };
    let swatch = |colour: &str| {
        format!(
            "<rect width=\"26\" height=\"18\" fill=\"{colour}\" stroke=\"#80868f\" stroke-width=\"0.5\"/>"
        )
    };
    for class in &measure.classes {
        line(swatch(class.colour), &w.t(&class.label.fr, &class.label.en));
    }
    line(swatch(NOTHING), &w.t(&measure.empty.fr, &measure.empty.en));
    let has = |state: &str| scene.sites.iter().any(|s| s.state == state);
    let marks = [
        (
            "opened",
            "<circle cx=\"13\" cy=\"9\" r=\"9\" fill=\"#c4370b\"/>",
            w.t("site ouvert", "site opened"),
        ),
        (
            "extended",
            "<rect x=\"4\" width=\"18\" height=\"18\" rx=\"3\" fill=\"#123a6b\"/>",
            w.t("site agrandi", "site extended"),
        ),
        ("kept", "<circle cx=\"13\" cy=\"9\" r=\"4\" fill=\"#515866\"/>", w.t("site maintenu", "site kept")),
        (
            "closed",
            "<path d=\"M8 4l10 10m-10 0l10-10\" stroke=\"#000\" stroke-width=\"3\"/>",
            w.t("site fermé", "site closed"),
        ),
    ];
    for (state, drawing, text) in marks {
        if has(state) {
            line(drawing.to_owned(), &text);
        }
    }
    if flows {
        let stroke = "<path d=\"M0 9h26\" stroke=\"#e08a00\" stroke-opacity=\"0.9\" stroke-width=\"4\"/>";
        line(stroke.to_owned(), &w.t("personnes rattachées au site", "people attached to the site"));
    }
    line(String::new(), &w.t("alentours en clair", "surroundings lighter"));
}
