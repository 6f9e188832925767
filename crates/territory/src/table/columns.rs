//! What a section asks of its table.

use crate::file::TableFile;
use std::collections::BTreeMap;

/// A column that a section reads.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    /// Name in the documentation.
    pub(crate) name: &'static str,
    /// Names in the file, the first that is there; the name itself unless a preset says otherwise.
    pub(crate) called: Vec<String>,
    /// Whether the name in the file only begins like this.
    pub(crate) begins: bool,
    pub(crate) required: bool,
    /// Digits of a code made of digits; 0 for anything else.
    pub(crate) digits: usize,
}

impl Column {
    /// A column that must be there.
    pub(crate) fn required(name: &'static str) -> Column {
        Column { name, called: vec![name.to_owned()], begins: false, required: true, digits: 0 }
    }

    /// A column that may be absent.
    pub(crate) fn optional(name: &'static str) -> Column {
        Column { required: false, ..Column::required(name) }
    }

    /// The code of a commune.
    pub(crate) fn commune() -> Column {
        Column::required("code_commune").digits(5)
    }

    /// Other names in the file.
    pub(crate) fn called<S: Into<String>>(self, names: impl IntoIterator<Item = S>) -> Column {
        Column { called: names.into_iter().map(Into::into).collect(), ..self }
    }

    /// The name in the file begins with this.
    pub(crate) fn beginning(self, start: &str) -> Column {
        Column { begins: true, ..self.called([start]) }
    }

    /// The number of digits of a code.
    pub(crate) fn digits(self, digits: usize) -> Column {
        Column { digits, ..self }
    }
}

/// What an official format says beyond the names of its columns.
#[derive(Default)]
pub(crate) struct Preset {
    /// Whether the file is as its producer made it: rows of odd length are no problem, and names close to ours
    /// mean nothing.
    pub(crate) official: bool,
    /// Row of the names of columns.
    pub(crate) header_row: Option<u32>,
    /// Sheet.
    pub(crate) sheet: Option<String>,
    /// Rows kept; `where` replaces it column by column.
    pub(crate) keep: BTreeMap<String, Vec<String>>,
    /// Rows kept by columns that the file may lack; `where` replaces it too.
    pub(crate) keep_if_there: BTreeMap<String, Vec<String>>,
    /// Names of the columns of a file that does not name them.
    pub(crate) unnamed: Option<Unnamed>,
    /// Whether the shapes of a layer are wanted.
    pub(crate) forms: bool,
}

/// A CSV file without names of columns.
#[derive(Clone, Copy)]
pub(crate) struct Unnamed {
    /// What the rows that are read begin with.
    pub(crate) mark: &'static str,
    /// Names of the columns after that first one.
    pub(crate) names: &'static [&'static str],
}

/// A table to read: where it stands, and what is wanted of it.
pub(crate) struct Want<'a> {
    pub(crate) spec: &'a TableFile,
    /// JSON pointer of the section in `territory.json`.
    pub(crate) pointer: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) preset: Preset,
}

impl<'a> Want<'a> {
    /// A table with our own names of columns.
    pub(crate) fn new(spec: &'a TableFile, pointer: &str, columns: Vec<Column>) -> Want<'a> {
        Want { spec, pointer: pointer.to_owned(), columns, preset: Preset::default() }
    }

    /// A table in an official format.
    pub(crate) fn preset(self, preset: Preset) -> Want<'a> {
        Want { preset, ..self }
    }

    /// Row of the names of columns, from 1.
    pub(crate) fn header_row(&self) -> u32 {
        self.spec.header_row.or(self.preset.header_row).unwrap_or(1)
    }

    /// The rows kept, by column of the file: those of the format, replaced column by column by `where`.
    pub(crate) fn keep(&self) -> BTreeMap<&str, &Vec<String>> {
        let all = self.preset.keep_if_there.iter().chain(&self.preset.keep).chain(&self.spec.rows);
        all.map(|(column, allowed)| (column.as_str(), allowed)).collect()
    }

    /// Whether the file may lack a column by which rows are kept.
    pub(crate) fn may_lack(&self, column: &str) -> bool {
        let named = [&self.preset.keep, &self.spec.rows].iter().any(|keep| keep.contains_key(column));
        !named && self.preset.keep_if_there.contains_key(column)
    }
}

/// A name with its runs of white space (line ends, no-break spaces) and control characters made one space.
pub(crate) fn tidy(name: &str) -> String {
    words(name).collect::<Vec<_>>().join(" ")
}

/// A name from a file as it may stand in a message: one line, not too long.
pub(crate) fn brief(name: &str) -> String {
    tidy(name).chars().take(60).collect()
}

/// Whether two names are the same but for white space.
pub(crate) fn same(a: &str, b: &str) -> bool {
    words(a).eq(words(b))
}

fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty())
}

/// Longest name, in bytes, that is compared with others.
pub(crate) const MAX_COMPARED: usize = 100;

/// The closest of some names, when one is close; of many names the first ones are compared.
pub(crate) fn closest<'n>(got: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let got = got.to_lowercase();
    let names = names.into_iter().filter(|name| name.len().max(got.len()) <= MAX_COMPARED).take(1000);
    names
        .map(|name| (strsim::damerau_levenshtein(&got, &name.to_lowercase()), name))
        .min_by_key(|&(distance, name)| (distance, name))
        .filter(|(distance, name)| *distance <= 1 + name.chars().count() / 4)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_tidied_and_suggested() {
        assert_eq!(tidy(" APL aux\r\nmédecins\u{a0}généralistes "), "APL aux médecins généralistes");
        assert_eq!(brief(&"a\u{1b}[31m ".repeat(50)).chars().filter(|c| c.is_control()).count(), 0);
        assert!(same("Code  commune", "Code\ncommune") && !same("Code", "code"));
        assert_eq!(closest("INSEE_CON", ["INSEE_COM", "NOM"]), Some("INSEE_COM"));
        assert_eq!(closest("population", ["gps", "name"]), None);
    }
}
