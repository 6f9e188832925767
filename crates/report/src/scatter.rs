//! Computed against published, as a picture.

use crate::words::Words;
use maillage_access::{Comparison, Level};
use maillage_input::Lang;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Side of a panel and space around, in pixels.
const SIDE: f64 = 260.0;
const LEFT: f64 = 48.0;
const TOP: f64 = 54.0;
/// Cells across a panel: so many points are drawn as squares, darker where there are more.
const CELLS: f64 = 52.0;
/// Points beyond this many are drawn as squares.
const MOST: usize = 2000;

/// One row of panels per comparison, one panel per level: what is published across, what is computed up.
pub fn comparison_svg(comparisons: &[Comparison], lang: Lang) -> String {
    let w = Words(lang);
    let columns = comparisons.iter().map(|c| c.levels.len()).max().unwrap_or(0) as f64;
    let (width, height) = (LEFT + columns * (SIDE + LEFT), comparisons.len() as f64 * (SIDE + 2.0 * TOP));
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
    );
    for (row, comparison) in comparisons.iter().enumerate() {
        for (column, level) in comparison.levels.iter().enumerate() {
            let x = LEFT + column as f64 * (SIDE + LEFT);
            let y = TOP + row as f64 * (SIDE + 2.0 * TOP);
            panel(w, &mut out, comparison, level, x, y);
        }
    }
    out.push_str("</svg>\n");
    out
}

fn panel(w: Words, out: &mut String, comparison: &Comparison, level: &Level, x: f64, y: f64) {
    // Up to the 99.5th percentile of both: a few extremes must not flatten the rest.
    let mut all: Vec<f64> = level.points.iter().flat_map(|&(p, c)| [p, c]).collect();
    all.sort_by(f64::total_cmp);
    let top = all.get((all.len() * 199 / 200).min(all.len().saturating_sub(1))).copied().unwrap_or(1.0);
    let top = top.max(1e-9);
    let step = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0].into_iter().find(|s| top / s <= 6.0);
    let step = step.unwrap_or(top / 4.0);
    let at = |v: f64| (v / top * SIDE).min(SIDE);
    let bottom = y + SIDE;
    let mut put = |text: std::fmt::Arguments<'_>| {
        // Writing to a string does not fail.
        let _ = out.write_fmt(text);
        out.push('\n');
    };
    let name = match level.name {
        "place" => w.t("communes", "communes"),
        "living-area" => w.t("bassins de vie", "living areas"),
        "department" => w.t("départements", "departments"),
        other => other.to_owned(),
    };
    let r = level.correlation.map_or("–".to_owned(), |r| w.number(r, 3));
    put(format_args!(
        "<text x=\"{x}\" y=\"{}\" font-weight=\"bold\">{name} ({}), r = {r}</text>",
        y - 12.0,
        w.int(level.points.len() as u64)
    ));
    put(format_args!(
        "<rect x=\"{x}\" y=\"{y}\" width=\"{SIDE}\" height=\"{SIDE}\" fill=\"#f7f7f5\" stroke=\"#999\"/>"
    ));
    let mut tick = 0.0;
    while tick <= top {
        let label = w.number(tick, usize::from(step < 1.0));
        put(format_args!(
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#555\">{label}</text>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#555\">{label}</text>",
            x + at(tick),
            bottom + 16.0,
            x - 5.0,
            bottom - at(tick) + 4.0
        ));
        tick += step;
    }
    put(format_args!(
        "<line x1=\"{x}\" y1=\"{bottom}\" x2=\"{}\" y2=\"{y}\" stroke=\"#c0392b\" stroke-dasharray=\"4 3\"/>",
        x + SIDE
    ));
    if level.points.len() > MOST {
        let mut cells: BTreeMap<(u32, u32), u32> = BTreeMap::new();
        let size = SIDE / CELLS;
        for &(p, c) in &level.points {
            let cell = |v: f64| (at(v) / size).min(CELLS - 1.0) as u32;
            *cells.entry((cell(p), cell(c))).or_default() += 1;
        }
        let most = cells.values().copied().max().unwrap_or(1);
        for ((i, j), n) in cells {
            let shade = 0.12 + 0.88 * f64::from(n).ln_1p() / f64::from(most).ln_1p();
            put(format_args!(
                "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{size}\" height=\"{size}\" fill=\"#1f4e79\" fill-opacity=\"{shade:.2}\"/>",
                x + f64::from(i) * size,
                bottom - f64::from(j + 1) * size
            ));
        }
    } else {
        for &(p, c) in &level.points {
            put(format_args!(
                "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"2.2\" fill=\"#1f4e79\" fill-opacity=\"0.45\"/>",
                x + at(p),
                bottom - at(c)
            ));
        }
    }
    let published: String = crate::summary::printable(&comparison.published);
    put(format_args!(
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
        x + SIDE / 2.0,
        bottom + 34.0,
        escape(&published)
    ));
    put(format_args!(
        "<text transform=\"translate({:.1} {:.1}) rotate(-90)\" text-anchor=\"middle\">{}, {}</text>",
        x - 30.0,
        y + SIDE / 2.0,
        escape(&comparison.measure),
        w.t("calculée", "computed")
    ));
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
