//! Charts that stand alone: stacked bars as SVG.

use super::table::{Cell, Table};
use crate::View;
use crate::figures::zones;
use crate::map::escape;
use crate::words::{Words, sort_key};
use maillage_programme::{Hundredths, IndicatorName, Zone};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Light to dark, told apart without red and green; the seventh is for all others.
const COLOURS: [&str; 7] = ["#0b4083", "#e08a00", "#5ab4ac", "#7251a0", "#8c510a", "#66a5d2", "#9aa0aa"];
const WIDE: f64 = 900.0;
const HIGH: f64 = 320.0;
const TOP: f64 = 70.0;
const LINE: f64 = 24.0;

/// One layer of the bars: its name and its length in each bar.
struct Layer {
    name: String,
    values: Vec<i128>,
}

/// Charts of a plan: the name without its ending, and the drawing.
pub(super) fn charts(w: Words, view: &View<'_>, posts: &Table, money: &Table) -> Vec<(&'static str, String)> {
    let years =
        w.t("postes pourvus en structure, par année (ETP)", "posts filled in structures, by year (FTE)");
    let paid = w.t("argent par année et financeur (EUR HT)", "money by year and payer (EUR excl. tax)");
    let all = [
        ("chart-people", people(w, view)),
        ("chart-posts", by_year(w, view, posts, "profession", "filled", &years)),
        ("chart-money", by_year(w, view, money, "payer", "euros", &paid)),
    ];
    all.into_iter().filter_map(|(name, chart)| Some((name, chart?))).collect()
}

/// People by time to the nearest site, before and after.
fn people(w: Words, view: &View<'_>) -> Option<String> {
    use IndicatorName::*;
    let zones = zones(view.record);
    let figures = zones.get(&Zone::Core).or(zones.get(&Zone::All))?;
    let planned = crate::figures::has_plan(view.record);
    let states: Vec<usize> = if planned { vec![0, 1] } else { vec![0] };
    let value = |name, s: usize| figures.get(&name).and_then(|v| v[s]).map(|h: Hundredths| i128::from(h.0));
    let limits = [PeopleWithin10Min, PeopleWithin15Min, PeopleWithin20Min, PeopleCounted];
    let names = [
        w.t("10 min ou moins", "10 min or less"),
        w.t("10 à 15 min", "10 to 15 min"),
        w.t("15 à 20 min", "15 to 20 min"),
        w.t("plus de 20 min ou hors de portée", "over 20 min or out of reach"),
    ];
    let mut layers = Vec::new();
    for (i, name) in names.into_iter().enumerate() {
        let band = |s: usize| {
            let below = if i == 0 { Some(0) } else { value(limits[i - 1], s) };
            Some((value(limits[i], s)? - below?).max(0))
        };
        layers.push(Layer { name, values: states.iter().map(|s| band(*s)).collect::<Option<_>>()? });
    }
    let bars = [w.t("avant", "before"), w.t("après", "after")];
    let title = w.t("personnes selon le trajet au site le plus proche", "people by time to the nearest site");
    stacked(w, view, &title, &bars[..states.len()], layers)
}

/// The rows of the first future by year, stacked by a column.
fn by_year(w: Words, view: &View<'_>, table: &Table, by: &str, of: &str, title: &str) -> Option<String> {
    let future = &view.record.programme.as_ref()?.futures.first()?.future;
    let at = |name: &str| table.columns.iter().position(|c| c.name == name);
    let (future_at, year_at, by_at, of_at) = (at("future")?, at("year")?, at(by)?, at(of)?);
    let mut sums: BTreeMap<&str, BTreeMap<i64, i128>> = BTreeMap::new();
    let mut years: BTreeMap<i64, ()> = BTreeMap::new();
    for row in table.rows.iter().filter(|row| row[future_at] == Cell::text(future)) {
        let (Cell::Whole(year), Cell::Text(by)) = (&row[year_at], &row[by_at]) else { continue };
        let value = match &row[of_at] {
            Cell::Whole(n) => i128::from(*n) * 100,
            Cell::Exact(h) => i128::from(h.0),
            Cell::Empty | Cell::Text(_) | Cell::Word(_) => continue,
        };
        *sums.entry(by).or_default().entry(*year).or_default() += value;
        years.insert(*year, ());
    }
    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_by_cached_key(|(name, _)| sort_key(name));
    let layers = sums.into_iter().map(|(name, of)| Layer {
        name: name.to_owned(),
        values: years.keys().map(|y| of.get(y).copied().unwrap_or(0)).collect(),
    });
    let bars: Vec<String> = years.keys().map(ToString::to_string).collect();
    stacked(w, view, title, &bars, layers.collect())
}

/// Bars of hundredths, one above the other; negative ones are left out, and said so. `None` without anything to draw.
fn stacked(w: Words, view: &View<'_>, title: &str, bars: &[String], layers: Vec<Layer>) -> Option<String> {
    let negative = layers.iter().flat_map(|l| &l.values).any(|v| *v < 0);
    let layers = few(w, layers);
    let total = |i: usize| layers.iter().map(|l| l.values[i].max(0)).sum::<i128>();
    let most = (0..bars.len()).map(total).max().filter(|most| *most > 0)?;
    let bottom = TOP + HIGH;
    let high = bottom + 50.0 + LINE * (layers.len() + usize::from(negative)) as f64;
    let title = escape(&format!("{} – {title}", view.record.territory));
    let scenario = escape(&format!("{} ({})", w.title(&view.record.title), view.record.scenario));
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDE} {high}\" width=\"{WIDE}\" height=\"{high}\" \
         font-family=\"sans-serif\" font-size=\"14\" fill=\"#1b1f27\">\n<title>{title}</title>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
         <text x=\"10\" y=\"24\" font-size=\"17\" font-weight=\"bold\">{title}</text>\n\
         <text x=\"10\" y=\"44\" font-size=\"13\" fill=\"#515866\">{scenario}</text>\n"
    );
    let said = |sum: i128| w.figure(Hundredths(i64::try_from(sum).unwrap_or(i64::MAX)));
    let each = WIDE / bars.len() as f64;
    for (i, bar) in bars.iter().enumerate() {
        let (wide, middle) = ((each * 0.7).min(110.0), each * (i as f64 + 0.5));
        let mut y = bottom;
        for (layer, colour) in layers.iter().zip(COLOURS).filter(|(l, _)| l.values[i] > 0) {
            let tall = HIGH * layer.values[i] as f64 / most as f64;
            y -= tall;
            let tip = escape(&format!("{bar} – {} – {}", layer.name, said(layer.values[i])));
            // Writing to a string does not fail.
            let _ = writeln!(
                out,
                "<rect x=\"{:.1}\" y=\"{y:.1}\" width=\"{wide:.1}\" height=\"{tall:.1}\" fill=\"{colour}\" stroke=\"#fff\"><title>{tip}</title></rect>",
                middle - wide / 2.0
            );
        }
        let _ = writeln!(
            out,
            "<text x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text><text x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{bar}</text>",
            y - 6.0,
            said(total(i)),
            bottom + 20.0
        );
    }
    for ((layer, colour), k) in layers.iter().zip(COLOURS).zip(0..) {
        let y = bottom + 40.0 + LINE * f64::from(k);
        let _ = writeln!(
            out,
            "<rect x=\"10\" y=\"{y:.1}\" width=\"16\" height=\"16\" fill=\"{colour}\"/><text x=\"34\" y=\"{:.1}\">{}</text>",
            y + 13.0,
            escape(&layer.name)
        );
    }
    if negative {
        let text = w.t(
            "Les montants négatifs (excédents) ne sont pas dessinés.",
            "Negative sums (surpluses) are not drawn.",
        );
        let y = bottom + 53.0 + LINE * layers.len() as f64;
        let _ = writeln!(out, "<text x=\"10\" y=\"{y:.1}\" font-size=\"13\" fill=\"#515866\">{text}</text>");
    }
    out.push_str("</svg>\n");
    Some(out)
}

/// The first layers, then all others as one.
fn few(w: Words, mut layers: Vec<Layer>) -> Vec<Layer> {
    let most = COLOURS.len();
    if layers.len() > most {
        let rest = layers.split_off(most - 1);
        let bars = rest.first().map_or(0, |l| l.values.len());
        let sum = |i: usize| rest.iter().map(|l| l.values[i]).sum();
        layers.push(Layer { name: w.t("autres", "others"), values: (0..bars).map(sum).collect() });
    }
    layers
}
