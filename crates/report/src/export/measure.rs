//! What communes are coloured by in maps and styles: classes of a column of the table of places, and their colours.
//!
//! The cuts and colours are those of the page.

use super::table::{Cell, Table};
use maillage_input::Text;

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
    let far = Text::new("aucun site à portée", "no site within reach");
    let unknown = Text::new("inconnu ou hors du calcul", "unknown or not in the scope");
    let shares = |id, column, fr, en| Measure {
        id,
        column,
        label: Text::new(fr, en),
        classes: classes(
            SHARE,
            &[(0, 0), (1, 4999), (5000, 7499), (7500, 8999), (9000, 9999), (10_000, 10_000)],
            [
                ["personne", "nobody"],
                ["moins de 50 %", "below 50%"],
                ["50 à 75 %", "50 to 75%"],
                ["75 à 90 %", "75 to 90%"],
                ["90 à moins de 100 %", "90 to under 100%"],
                ["tous", "everyone"],
            ],
        ),
        empty: unknown.clone(),
    };
    let times = |id, column, fr, en| Measure {
        id,
        column,
        label: Text::new(fr, en),
        classes: classes(
            TIME,
            &[(0, 500), (501, 1000), (1001, 1500), (1501, 2000), (2001, 3000), (3001, MOST)],
            [
                ["5 min ou moins", "5 min or less"],
                ["5 à 10 min", "5 to 10 min"],
                ["10 à 15 min", "10 to 15 min"],
                ["15 à 20 min", "15 to 20 min"],
                ["20 à 30 min", "20 to 30 min"],
                ["plus de 30 min", "over 30 min"],
            ],
        ),
        empty: far.clone(),
    };
    let apl = |id, column, fr, en| Measure {
        id,
        column,
        label: Text::new(fr, en),
        classes: classes(
            SHARE,
            &[(0, 150), (151, 250), (251, 325), (326, 400), (401, 500), (501, MOST)],
            [
                ["1,5 ou moins", "1.5 or less"],
                ["1,5 à 2,5", "1.5 to 2.5"],
                ["2,5 à 3,25", "2.5 to 3.25"],
                ["3,25 à 4", "3.25 to 4"],
                ["4 à 5", "4 to 5"],
                ["plus de 5", "over 5"],
            ],
        ),
        empty: unknown.clone(),
    };
    let gain = Measure {
        id: "attached-change",
        column: "attached_percent_difference",
        label: Text::new("Part de personnes rattachées, évolution", "Share of people attached, change"),
        classes: classes(
            CHANGE,
            &[(-10_000, -2000), (-1999, -100), (-99, 99), (100, 1999), (2000, 4999), (5000, 10_000)],
            [
                ["recul de 20 points et plus", "down by 20 points or more"],
                ["recul", "down"],
                ["stable (± 1 point)", "stable (± 1 point)"],
                ["hausse", "up"],
                ["hausse de 20 points et plus", "up by 20 points or more"],
                ["hausse de 50 points et plus", "up by 50 points or more"],
            ],
        ),
        empty: unknown.clone(),
    };
    vec![
        shares(
            "attached-after",
            "attached_percent_after",
            "Part de personnes rattachées, après",
            "Share of people attached, after",
        ),
        shares(
            "attached-before",
            "attached_percent_before",
            "Part de personnes rattachées, avant",
            "Share of people attached, before",
        ),
        gain,
        times(
            "minutes-after",
            "minutes_nearest_after",
            "Trajet au site le plus proche, après",
            "Time to the nearest site, after",
        ),
        times(
            "minutes-before",
            "minutes_nearest_before",
            "Trajet au site le plus proche, avant",
            "Time to the nearest site, before",
        ),
        apl("apl-after", "apl_after", "Accessibilité (APL), après", "Accessibility (APL), after"),
        apl("apl-before", "apl_before", "Accessibilité (APL), avant", "Accessibility (APL), before"),
    ]
}

/// More than any figure.
const MOST: i64 = 100_000_000;

fn classes(palette: Palette, limits: &[(i64, i64); 6], labels: [[&str; 2]; 6]) -> Vec<Class> {
    let one = |((&(low, high), colour), [fr, en]): ((&(i64, i64), &'static str), [&str; 2])| Class {
        low,
        high,
        colour,
        label: Text::new(fr, en),
    };
    limits.iter().zip(palette).zip(labels).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_leave_no_hundredth_out() {
        for m in every() {
            assert_eq!(m.classes.len(), 6);
            for pair in m.classes.windows(2) {
                assert_eq!(pair[0].high + 1, pair[1].low, "{}", m.id);
            }
        }
        let ids: std::collections::BTreeSet<_> = every().iter().map(|m| m.id).collect();
        assert_eq!(ids.len(), every().len());
    }
}
