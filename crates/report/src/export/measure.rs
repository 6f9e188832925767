//! What communes are coloured by in maps and styles: columns of the table of places in the classes of the page.

use super::table::{Cell, Table};
use crate::map;
use crate::words::Words;
use maillage_input::{Lang, Text};

/// Colours of the six classes of a scale, chosen to be told apart without telling red from green.
type Palette = [&'static str; 6];
const SHARE: Palette = ["#fdf0d9", "#dceaf6", "#a9cde6", "#66a5d2", "#2a72b4", "#0b4083"];
const CHANGE: Palette = ["#8c510a", "#d8b365", "#f3f3f0", "#b7e0d9", "#5ab4ac", "#01665e"];
const TIME: Palette = ["#f7f4fa", "#dcd6ea", "#bcb0d8", "#9583bd", "#7251a0", "#4c1d80"];
/// Colour of places without a figure.
pub(super) const NOTHING: &str = "#e6e6e2";

/// Figures from `low` to `high`, both included, in hundredths: the figures have two decimals.
#[derive(Debug, Clone)]
pub(super) struct Class {
    pub low: i64,
    pub high: i64,
    pub colour: &'static str,
    pub label: Text,
}

/// A column of the table of places with its classes.
#[derive(Debug, Clone)]
pub(super) struct Measure {
    /// Its name in file names.
    pub id: &'static str,
    /// Its column.
    pub column: &'static str,
    /// In words.
    pub label: Text,
    pub classes: Vec<Class>,
    /// What an empty figure means.
    pub empty: Text,
}

impl Measure {
    /// The class of a figure.
    pub(super) fn class(&self, hundredths: i64) -> Option<&Class> {
        self.classes.iter().find(|c| (c.low..=c.high).contains(&hundredths))
    }

    /// The figure of a row of places, in hundredths.
    pub(super) fn figure(&self, places: &Table, row: &[Cell]) -> Option<i64> {
        let at = places.columns.iter().position(|c| c.name == self.column)?;
        match row.get(at)? {
            Cell::Exact(h) => Some(h.0),
            Cell::Whole(n) => n.checked_mul(100),
            Cell::Empty | Cell::Text(_) | Cell::Word(_) => None,
        }
    }
}

/// The measures that have a figure in the table, the one to show first coming first.
pub(super) fn measures(places: &Table) -> Vec<Measure> {
    let known = |m: &Measure| places.rows.iter().any(|row| m.figure(places, row).is_some());
    every().into_iter().filter(known).collect()
}

/// Every measure.
pub(super) fn every() -> Vec<Measure> {
    use map::Measure::{Apl, Attached, Minutes};
    let far = || Text::new("aucun site à portée", "no site within reach");
    let unknown = || Text::new("inconnu ou hors du calcul", "unknown or not in the scope");
    let one = |id, column, of: map::Measure, [fr, en]: [&str; 2]| Measure {
        id,
        column,
        label: Text::new(fr, en),
        classes: classes(of, |w| if id == GAIN { of.change(w) } else { of.scale(w) }),
        empty: if of == Minutes { far() } else { unknown() },
    };
    vec![
        one(
            "attached-after",
            "attached_percent_after",
            Attached,
            ["Part de personnes rattachées, après", "Share of people attached, after"],
        ),
        one(
            "attached-before",
            "attached_percent_before",
            Attached,
            ["Part de personnes rattachées, avant", "Share of people attached, before"],
        ),
        one(
            GAIN,
            "attached_percent_difference",
            Attached,
            ["Part de personnes rattachées, évolution", "Share of people attached, change"],
        ),
        one(
            "minutes-after",
            "minutes_nearest_after",
            Minutes,
            ["Trajet au site le plus proche, après", "Time to the nearest site, after"],
        ),
        one(
            "minutes-before",
            "minutes_nearest_before",
            Minutes,
            ["Trajet au site le plus proche, avant", "Time to the nearest site, before"],
        ),
        one("apl-after", "apl_after", Apl, ["Accessibilité (APL), après", "Accessibility (APL), after"]),
        one("apl-before", "apl_before", Apl, ["Accessibilité (APL), avant", "Accessibility (APL), before"]),
    ]
}

/// The measure that shows a change.
const GAIN: &str = "attached-change";
/// More than any figure.
const MOST: i64 = 100_000_000;

/// The classes of the page, in hundredths.
fn classes(of: map::Measure, scale: impl Fn(Words) -> map::Scale) -> Vec<Class> {
    let [fr, en] = [Lang::Fr, Lang::En].map(|lang| scale(Words(lang)));
    let limit = |least: i64| if of == map::Measure::Attached { percent(least) } else { least };
    let palette = match fr.palette {
        "share" => SHARE,
        "change" => CHANGE,
        _ => TIME,
    };
    // Below the first limit there is a change downwards, or nothing less than 0.
    let first = if fr.palette == "change" { -MOST } else { 0 };
    let lows: Vec<i64> = std::iter::once(first).chain(fr.limits.into_iter().map(limit)).collect();
    let highs = lows.iter().skip(1).map(|low| low - 1).chain([MOST]);
    let labels = fr.names.into_iter().zip(en.names).map(|(fr, en)| Text { fr, en });
    let all = lows.iter().zip(highs).zip(palette).zip(labels);
    all.map(|(((&low, high), colour), label)| Class { low, high, colour, label }).collect()
}

/// The least of a class in hundredths of a per cent, from thousandths: a class that begins right above a round limit does
/// so in the finer unit too.
fn percent(least: i64) -> i64 {
    if least <= 1 { (least - 1) * 10 + 1 } else { least * 10 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_those_of_the_page() {
        let page = include_str!("../../templates/map.css");
        for (name, palette) in [("share", SHARE), ("change", CHANGE), ("time", TIME)] {
            for (k, colour) in palette.into_iter().enumerate() {
                assert!(page.contains(&format!(".{name} .k{k}{{fill:{colour}}}")), "{name} {k}");
            }
        }
    }

    #[test]
    fn classes_leave_no_hundredth_out() {
        for m in every() {
            assert_eq!(m.classes.len(), 6);
            for pair in m.classes.windows(2) {
                assert!(pair[0].low <= pair[0].high, "{}", m.id);
                assert_eq!(pair[0].high + 1, pair[1].low, "{}", m.id);
            }
        }
        let ids: std::collections::BTreeSet<_> = every().iter().map(|m| m.id).collect();
        assert_eq!(ids.len(), every().len());
    }

    #[test]
    fn a_figure_falls_in_the_class_that_its_words_say() {
        let all = every();
        let class = |id: &str, hundredths: i64| {
            let m = all.iter().find(|m| m.id == id).unwrap();
            m.class(hundredths).unwrap().label.en.clone()
        };
        let shares = [0, 1, 4_999, 5_000, 9_000, 9_999, 10_000].map(|h| class("attached-after", h));
        let names = ["nobody", "below 50%", "below 50%", "50 to 75%", "90 to under 100%", "90 to under 100%"];
        assert_eq!(shares[..6], names);
        assert_eq!(shares[6], "everyone (100%)");
        // Down by 20 points or more, less, hardly at all, up.
        let changes = [-2_000, -1_999, -100, -99, 99, 100, 2_000].map(|h| class("attached-change", h));
        let stable = "stable (under 1 point)";
        let names = ["down by 20 points or more", "down", "down", stable, stable, "up"];
        assert_eq!(changes[..6], names);
        assert_eq!(changes[6], "up by 20 points or more");
        assert_eq!((class("minutes-after", 500), class("apl-after", 251)).1, "2.5 to 3.25");
    }
}
