//! Cells as quantities, words and codes.

use super::Table;
use crate::{BadQuantity, LonLat, refuse};
use maillage_input::{Code, Place as At, Problem, Problems, Text};

/// A row that remembers where it stands.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    pub(super) table: &'a Table,
    pub(super) ix: usize,
}

impl<'a> Row<'a> {
    /// Where a cell stands: file, row, and the column as the file names it.
    pub(crate) fn at(&self, column: &str) -> At {
        let named = self.table.columns.iter().find(|(name, _)| *name == column);
        let shown = named.and_then(|(_, shown)| shown.as_deref()).unwrap_or(column);
        At::cell(&self.table.shown, self.line(), shown)
    }

    /// The row in the file, from 1.
    pub(crate) fn line(&self) -> u64 {
        self.table.lines[self.ix].into()
    }

    /// The row in the table.
    pub(crate) fn ix(&self) -> usize {
        self.ix
    }

    /// The cell; empty when the column is absent.
    pub(crate) fn get(&self, column: &str) -> &'a str {
        let table = self.table;
        let Some(position) = table.columns.iter().position(|(name, _)| *name == column) else { return "" };
        let cell = self.ix * table.columns.len() + position;
        let start = if cell == 0 { 0 } else { table.ends[cell - 1] };
        &table.text[start as usize..table.ends[cell] as usize]
    }

    /// The cell as a quantity that must be there.
    pub(crate) fn need<T>(
        &self,
        column: &str,
        parse: fn(&str) -> Result<T, BadQuantity>,
        problems: &mut Problems,
    ) -> Option<T> {
        match parse(self.get(column)) {
            Ok(v) => Some(v),
            Err(why) => refuse(problems, self.bad_number(column, why)),
        }
    }

    /// The cell as a quantity; empty is unknown.
    pub(crate) fn maybe<T>(
        &self,
        column: &str,
        parse: fn(&str) -> Result<T, BadQuantity>,
        problems: &mut Problems,
    ) -> Option<T> {
        if self.get(column).is_empty() { None } else { self.need(column, parse, problems) }
    }

    /// A number that is not allowed there.
    pub(crate) fn bad_number(&self, column: &str, why: BadQuantity) -> Problem {
        let (fr, en) = match why {
            BadQuantity::NotANumber => ("ce n'est pas un nombre", "not a number"),
            BadQuantity::Negative => ("nombre négatif", "negative number"),
            BadQuantity::TooSmall => ("nombre trop petit", "number too small"),
            BadQuantity::TooLarge => ("nombre trop grand", "number too large"),
            BadQuantity::NotWhole => ("nombre non entier", "not a whole number"),
        };
        Problem::error(Code::BadNumber, Text::new(fr, en)).at(self.at(column)).value(self.get(column)).remedy(
            Text::new("corriger la cellule ; vide si inconnu", "mend the cell; leave it empty if unknown"),
        )
    }

    /// A code or identifier that is empty or malformed.
    pub(crate) fn bad_code(&self, column: &str, remedy: Text) -> Problem {
        Problem::error(Code::BadCode, Text::new("code vide ou mal formé", "empty or malformed code"))
            .at(self.at(column))
            .value(self.get(column))
            .remedy(remedy)
    }

    /// A word that is none of those known.
    pub(crate) fn bad_word(&self, column: &str, words: &str) -> Problem {
        Problem::error(Code::UnknownVariant, Text::new("mot inconnu", "unknown word"))
            .at(self.at(column))
            .value(self.get(column))
            .remedy(Text::new(format!("choisir parmi {words}"), format!("choose among {words}")))
    }

    /// The columns `lon` and `lat` as a point.
    pub(crate) fn point(&self, problems: &mut Problems) -> Option<LonLat> {
        match (self.degrees("lon", 180.0, problems), self.degrees("lat", 90.0, problems)) {
            (Some(lon), Some(lat)) => Some(LonLat { lon, lat }),
            _ => None,
        }
    }

    /// The cell as a degree within ±`limit`; empty is unknown.
    fn degrees(&self, column: &str, limit: f64, problems: &mut Problems) -> Option<f64> {
        let text = self.get(column);
        if text.is_empty() {
            return None;
        }
        match text.replace(',', ".").parse::<f64>() {
            Ok(x) if x.abs() <= limit => Some(x),
            _ => refuse(
                problems,
                Problem::error(
                    Code::BadNumber,
                    Text::new("coordonnée hors limites", "coordinate out of range"),
                )
                .at(self.at(column))
                .value(text)
                .remedy(Text::new("degrés WGS84 attendus", "WGS84 degrees expected")),
            ),
        }
    }
}
