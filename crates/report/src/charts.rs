//! Bars before and after, with the same figures as a table.

use crate::View;
use crate::figures::Figures;
use crate::health::{Block, Cell, Line, Table};
use crate::map::{Measure, escape};
use crate::words::Words;
use maillage_input::Lang;
use std::fmt::Write as _;

/// Width of the drawing, where bars begin and how long they are, in pixels.
const WIDTH: f64 = 480.0;
const LEFT: f64 = 132.0;
const LONG: f64 = 268.0;
/// Height of a bar and of a class with its two bars.
const BAR: f64 = 13.0;
const ROW: f64 = 36.0;
/// Space above the bars, for the legend.
const TOP: f64 = 26.0;

/// One class or one year: its name and people before and after.
pub(crate) struct Class {
    pub name: String,
    pub people: [u64; 2],
}

/// People by travel time, then inhabitants by accessibility: of the territory itself.
pub(crate) fn distributions(w: Words, view: &View<'_>, figures: &Figures, year: Option<u16>) -> Vec<Block> {
    let when = year.map(|y| format!(", {y}")).unwrap_or_default();
    let times = figures.before || figures.after;
    let time = times.then(|| {
        let classes = classes(w, figures, Measure::Minutes, w.t("hors de portée", "out of reach"), &|i| {
            figures.places[i].people
        });
        let title = w.t("À combien de minutes d'un site", "How many minutes from a site");
        let unit = w.t(
            &format!("Personnes comptées du territoire, selon le trajet au site ouvert le plus proche{when}"),
            &format!("People counted in the territory, by travel time to the nearest open site{when}"),
        );
        block(w, "times", title, unit, &classes, figures)
    });
    let apl = view.access.map(|basis| {
        let classes = classes(w, figures, Measure::Apl, w.t("inconnue", "unknown"), &|i| {
            basis.inhabitants.get(i).map_or(0, |p| p.0)
        });
        let title = w.t("Combien de consultations sont accessibles", "How many consultations are within reach");
        let unit = w.t(
            &format!("Habitants du territoire selon l'accessibilité (APL), en consultations par an et par habitant{when}"),
            &format!("Inhabitants of the territory by accessibility (APL), in consultations a year per inhabitant{when}"),
        );
        block(w, "apl", title, unit, &classes, figures)
    });
    time.into_iter().chain(apl).flatten().collect()
}

fn classes(
    w: Words,
    figures: &Figures,
    measure: Measure,
    absent: String,
    people: &dyn Fn(usize) -> u64,
) -> Vec<Class> {
    let names = measure.scale(w).names.into_iter().chain([absent]);
    let mut out: Vec<Class> = names.map(|name| Class { name, people: [0; 2] }).collect();
    for (i, f) in figures.places.iter().enumerate().filter(|(_, f)| f.core) {
        for s in [0, 1] {
            out[measure.number(f, s)].people[s] += people(i);
        }
    }
    // The last class says what is missing: only where something is.
    if out.last().is_some_and(|c| c.people == [0; 2]) {
        out.pop();
    }
    out
}

fn block(
    w: Words,
    id: &'static str,
    title: String,
    unit: String,
    classes: &[Class],
    figures: &Figures,
) -> Option<Block> {
    let known = [figures.before || figures.lists, figures.after];
    let sides: Vec<usize> = (0..2).filter(|&s| known[s]).collect();
    let chart = bars(w, &title, classes, &sides)?;
    let names = sides_in_words(w);
    let head = std::iter::once(Cell::text(w.t("Classe", "Class")))
        .chain(sides.iter().map(|&s| Cell::number(&names[s])))
        .collect();
    let line = |c: &Class| {
        let cells = sides.iter().map(|&s| Cell::number(w.int(c.people[s])));
        Line::new(std::iter::once(Cell::text(&c.name)).chain(cells).collect())
    };
    let table = Table { caption: unit.clone(), head, lines: classes.iter().map(line).collect() };
    Some(Block {
        id,
        title,
        said: vec![format!("{unit}.")],
        chart: Some(chart),
        tables: vec![table],
        folded: true,
        ..Block::default()
    })
}

fn sides_in_words(w: Words) -> [String; 2] {
    [w.t("sans le plan", "without the plan"), w.t("avec le plan", "with the plan")]
}

/// An `<svg>` of bars on the sides that are known; `None` where there is nothing to draw.
pub(crate) fn bars(w: Words, title: &str, classes: &[Class], sides: &[usize]) -> Option<String> {
    let values = |c: &Class| sides.iter().map(|&s| c.people[s]).collect::<Vec<_>>();
    let most = classes.iter().flat_map(values).max().filter(|&most| most > 0)?;
    let height = TOP + ROW * classes.len() as f64 + 4.0;
    let mut out = format!(
        "<svg class=\"chart small-chart\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{}\">",
        escape(title)
    );
    let names = sides_in_words(w);
    let mut x = LEFT;
    for &s in sides {
        // Writing to a string does not fail.
        let _ = write!(
            out,
            "<rect class=\"{}\" x=\"{x}\" y=\"4\" width=\"12\" height=\"12\"/><text x=\"{}\" y=\"14.5\">{}</text>",
            colour(s),
            x + 18.0,
            escape(&names[s])
        );
        x += 160.0;
    }
    for (i, class) in classes.iter().enumerate() {
        let y = TOP + ROW * i as f64 + (ROW - BAR * sides.len() as f64) / 2.0;
        let middle = TOP + ROW * (i as f64 + 0.5) + 4.5;
        let _ = write!(
            out,
            "<text x=\"{}\" y=\"{middle:.1}\" text-anchor=\"end\">{}</text>",
            LEFT - 8.0,
            escape(&class.name)
        );
        for (k, &s) in sides.iter().enumerate() {
            let wide = LONG * class.people[s] as f64 / most as f64;
            let y = y + BAR * k as f64;
            let _ = write!(
                out,
                "<rect class=\"{}\" x=\"{LEFT}\" y=\"{y:.1}\" width=\"{wide:.1}\" height=\"{:.1}\"/><text class=\"n-small\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                colour(s),
                BAR - 1.0,
                LEFT + wide + 5.0,
                y + 10.0,
                w.int(class.people[s])
            );
        }
    }
    out.push_str("</svg>");
    Some(out)
}

fn colour(side: usize) -> &'static str {
    if side == 0 { "p4" } else { "p0" }
}

/// A sentence's list: `a, b et c`.
pub(crate) fn enumerated(w: Words, parts: &[String]) -> String {
    let and = match w.0 {
        Lang::Fr => " et ",
        Lang::En => " and ",
    };
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{}{and}{last}", first.join(", ")),
    }
}
