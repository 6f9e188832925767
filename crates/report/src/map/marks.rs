//! Marks on the map: practices, structures, candidates, and the sites the plan opens or extends.

use super::escape;
use super::frame::{Dot, Frame, WIDTH};
use super::labels::{Board, Spot};
use super::plan::Sites;
use crate::View;
use crate::figures::{decided, has_plan};
use crate::words::Words;
use maillage_programme::{Hundredths, SiteStatus};
use maillage_territory::{PlaceIx, Structure, StructureKind};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Width in pixels for which names are placed: that of the map on a desk.
const PIXELS: f64 = 820.0;
/// Radius of the mark of a site that opens or grows, in pixels.
const PIN: f64 = 11.0;
/// Most towns named for orientation.
const TOWNS: usize = 8;

/// Which marks occur, for the legend.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Kinds {
    /// GPs of today.
    pub practices: bool,
    /// Pôles, health houses, centres.
    pub structures: bool,
    /// Hospitals.
    pub hospitals: bool,
    /// Places where something could open and does not.
    pub candidates: bool,
    /// Sites that open.
    pub opened: bool,
    /// Sites that grow.
    pub extended: bool,
}

/// Draws all marks, the most important last.
pub(crate) fn draw(view: &View<'_>, w: Words, frame: &Frame, out: &mut String) -> Kinds {
    let mut kinds = Kinds::default();
    let mut board = Board::new(PIXELS, frame.height * PIXELS / WIDTH);
    let pins = pins(view, frame);
    candidates(view, w, frame, &pins, out, &mut kinds);
    practices(view, w, frame, out, &mut kinds, &mut board);
    structures(view, w, frame, out, &mut kinds, &mut board);
    // Pins choose their place first and lie on top.
    let mut top = String::new();
    draw_pins(view, w, &pins, &mut top, &mut kinds, &mut board);
    towns(view, frame, &pins, out, &mut board);
    out.push_str(&top);
    kinds
}

/// A drawing in pixels at a point of the map, that keeps its size when the map is zoomed. `more` are attributes for the
/// script: the site, or the place where sites are.
fn mark(out: &mut String, at: Dot, class: &str, more: &str, title: &str, drawing: &str) {
    // Writing to a string does not fail.
    let _ = write!(
        out,
        "<g transform=\"translate({} {})\"><g class=\"m {class}\"{more}><title>{}</title>{drawing}</g></g>",
        at.0,
        at.1,
        escape(title)
    );
}

fn screen(at: Dot) -> (f64, f64) {
    (f64::from(at.0) * PIXELS / WIDTH, f64::from(at.1) * PIXELS / WIDTH)
}

fn at(view: &View<'_>, frame: &Frame, ix: PlaceIx) -> Option<Dot> {
    view.territory.place(ix).point.map(|p| frame.dot(p))
}

/// A site of the plan with its number and where it is drawn.
struct Pin {
    number: usize,
    place: PlaceIx,
    status: SiteStatus,
    dot: Dot,
    /// Steps aside from an earlier pin at the same place, in pixels.
    aside: f64,
    title: String,
    name: String,
}

fn pins(view: &View<'_>, frame: &Frame) -> Vec<Pin> {
    let mut seen: BTreeMap<PlaceIx, usize> = BTreeMap::new();
    let mut pins = Vec::new();
    for (site, number) in decided(view.record).into_iter().zip(1..) {
        let Some(place) = view.territory.ix(&site.code_commune) else { continue };
        let Some(dot) = at(view, frame, place) else { continue };
        let before = seen.entry(place).or_default();
        pins.push(Pin {
            number,
            place,
            status: site.status,
            dot,
            aside: *before as f64 * (2.0 * PIN + 2.0),
            title: format!("{number}. {}", site.name),
            name: site.name.clone(),
        });
        *before += 1;
    }
    pins
}

fn candidates(view: &View<'_>, w: Words, frame: &Frame, pins: &[Pin], out: &mut String, kinds: &mut Kinds) {
    let taken: BTreeSet<PlaceIx> = pins.iter().map(|p| p.place).collect();
    let free: BTreeSet<PlaceIx> = view.candidates.iter().copied().filter(|c| !taken.contains(c)).collect();
    let word = if has_plan(view.record) {
        w.t("lieu possible, non retenu", "possible place, not chosen")
    } else {
        w.t("lieu possible", "possible place")
    };
    out.push_str("<g class=\"candidates\">");
    for ix in free {
        let Some(dot) = at(view, frame, ix) else { continue };
        let name = &view.territory.place(ix).name;
        let title = format!("{name}\n{word}");
        mark(out, dot, "candidate", "", &title, "<path d=\"M-3.5 0h7M0-3.5v7\"/>");
        kinds.candidates = true;
    }
    out.push_str("</g>");
}

fn practices(
    view: &View<'_>,
    w: Words,
    frame: &Frame,
    out: &mut String,
    kinds: &mut Kinds,
    board: &mut Board,
) {
    let mut by_place: BTreeMap<PlaceIx, i64> = BTreeMap::new();
    for site in view.record.sites.iter().filter(|s| s.status == SiteStatus::Existing) {
        if let Some(ix) = view.territory.ix(&site.code_commune) {
            *by_place.entry(ix).or_default() += site.gps.0;
        }
    }
    let mut all: Vec<(i64, PlaceIx)> = by_place.into_iter().map(|(ix, gps)| (gps, ix)).collect();
    // Large ones below small ones.
    all.sort_by_key(|&(gps, ix)| (-gps, ix));
    for (gps, ix) in all {
        let Some(dot) = at(view, frame, ix) else { continue };
        let radius = if gps > 0 { 1.2 + 1.7 * (gps as f64 / 100.0).sqrt() } else { 3.0 };
        let radius = (radius.min(16.0) * 10.0).round() / 10.0;
        let name = &view.territory.place(ix).name;
        let title = match gps {
            0 => name.clone(),
            _ => {
                let n = w.decimal(Hundredths(gps));
                w.t(&format!("{name}\nmédecins généralistes : {n}"), &format!("{name}\nGPs: {n}"))
            }
        };
        mark(
            out,
            dot,
            "practice",
            &format!(" data-p=\"{}\"", ix.0),
            &title,
            &format!("<circle r=\"{radius}\"/>"),
        );
        if radius > 5.0 {
            let (x, y) = screen(dot);
            board.block(x, y, radius * 0.8);
        }
        kinds.practices = true;
    }
}

fn structures(
    view: &View<'_>,
    w: Words,
    frame: &Frame,
    out: &mut String,
    kinds: &mut Kinds,
    board: &mut Board,
) {
    let mut seen: BTreeMap<Dot, usize> = BTreeMap::new();
    let hospitals_last = |s: &&Structure| s.kind == StructureKind::Hospital;
    let mut all: Vec<&Structure> = view.territory.structures.iter().collect();
    all.sort_by_key(hospitals_last);
    for structure in all {
        let own = structure.point.map(|p| frame.dot(p));
        let Some(dot) = own.or_else(|| structure.place.and_then(|ix| at(view, frame, ix))) else { continue };
        let rank = seen.entry(dot).or_default();
        let aside = 10 + *rank * 12;
        *rank += 1;
        let (class, word, drawing) = match structure.kind {
            StructureKind::Hospital => {
                kinds.hospitals = true;
                let emergency = match structure.emergency {
                    Some(true) => w.t("hôpital, avec service d'urgences", "hospital, with emergency unit"),
                    Some(false) => w.t("hôpital, sans service d'urgences", "hospital, no emergency unit"),
                    None => w.t("hôpital", "hospital"),
                };
                let cross = "<rect x=\"-7\" y=\"-7\" width=\"14\" height=\"14\" rx=\"2\"/><path d=\"M-2.5-4v8M2.5-4v8M-2.5 0h5\"/>";
                ("hospital", emergency, cross.to_owned())
            }
            kind => {
                kinds.structures = true;
                let word = match kind {
                    StructureKind::Pole => w.t("pôle de santé existant", "existing multi-site team"),
                    StructureKind::Msp => w.t("maison de santé existante", "existing health house"),
                    _ => w.t("centre de santé existant", "existing health centre"),
                };
                // Beside the dot of the practice, which stands at the same town hall.
                let drawing = format!("<path d=\"M{} -9l6 6-6 6-6-6z\"/>", -(aside as i64));
                ("structure", word, drawing)
            }
        };
        mark(out, dot, class, "", &format!("{}\n{word}", structure.name), &drawing);
        let (x, y) = screen(dot);
        if class == "hospital" {
            board.block(x, y, 8.0);
        } else {
            board.block(x - aside as f64, y - 3.0, 6.0);
        }
    }
}

fn draw_pins(
    view: &View<'_>,
    w: Words,
    pins: &[Pin],
    out: &mut String,
    kinds: &mut Kinds,
    board: &mut Board,
) {
    for pin in pins {
        let (x, y) = screen(pin.dot);
        board.block(x + pin.aside, y, PIN);
    }
    let (sites, known) = (decided(view.record), Sites::of(view));
    let mut named = BTreeSet::new();
    for pin in pins {
        let site = sites[pin.number - 1];
        let (class, shape, word) = match pin.status {
            SiteStatus::Extended => {
                kinds.extended = true;
                let square = "<rect x=\"-10\" y=\"-10\" width=\"20\" height=\"20\" rx=\"3\"/>";
                ("extended", square, w.t("agrandi", "extended"))
            }
            _ => {
                kinds.opened = true;
                ("opened", "<circle r=\"11\"/>", w.t("ouvert", "opened"))
            }
        };
        let mut title = format!("{}\n{word}", pin.title);
        if site.gps.0 > 0 {
            let n = w.decimal(site.gps);
            // Over years all GPs there are told, else those that the plan adds.
            let plus = if view.record.programme.is_some() { "" } else { "+" };
            title += &w.t(&format!("\nmédecins généralistes : {plus}{n}"), &format!("\nGPs: {plus}{n}"));
        }
        if site.capacity.is_some() {
            let n = w.int(site.attached);
            title += &w.t(&format!("\npersonnes rattachées : {n}"), &format!("\npeople attached: {n}"));
        }
        let mut drawing = format!("{shape}<text class=\"n\" y=\"4.2\">{}</text>", pin.number);
        if pin.aside > 0.0 {
            drawing = format!("<g transform=\"translate({} 0)\">{drawing}</g>", pin.aside);
        }
        let (x, y) = screen(pin.dot);
        // Two pins at one place share one name, unless their sites have names of their own.
        if named.insert((pin.place, pin.name.as_str())) {
            let spot = board.place(x + pin.aside, y, PIN, &pin.name, 13.0);
            let late = if spot.is_some() { "" } else { " late" };
            let Spot { x, y, anchor } = spot.unwrap_or(Spot { x: 15.0, y: 4.5, anchor: "start" });
            let _ = write!(
                drawing,
                "<text class=\"name{late}\" x=\"{:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>",
                x + pin.aside,
                escape(&pin.name)
            );
        }
        let at = known.position(&site.site_id).map(|at| format!(" data-s=\"{at}\"")).unwrap_or_default();
        mark(out, pin.dot, class, &at, &title, &drawing);
    }
}

/// Names of the largest towns, for orientation, where there is room.
fn towns(view: &View<'_>, frame: &Frame, pins: &[Pin], out: &mut String, board: &mut Board) {
    let named: BTreeSet<PlaceIx> = pins.iter().map(|p| p.place).collect();
    let mut towns: Vec<_> = view.territory.iter().filter(|(_, p)| p.core).collect();
    towns.sort_by_key(|(ix, p)| (std::cmp::Reverse(p.population), *ix));
    let ranks = [" first"].into_iter().chain(std::iter::repeat(""));
    for ((ix, place), rank) in towns.into_iter().filter(|(ix, _)| !named.contains(ix)).take(TOWNS).zip(ranks)
    {
        let Some(dot) = at(view, frame, ix) else { continue };
        let (x, y) = screen(dot);
        // Beyond the dot of the practices when that is large.
        let spot = [6.0, 14.0].into_iter().find_map(|r| board.place(x, y, r, &place.name, 11.5));
        let Some(spot) = spot else { continue };
        let _ = write!(
            out,
            "<g transform=\"translate({} {})\"><g class=\"t\"><text class=\"town{rank}\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"{}\">{}</text></g></g>",
            dot.0,
            dot.1,
            spot.x,
            spot.y,
            spot.anchor,
            escape(&place.name)
        );
    }
}
