//! Tables as offices publish them: CSV, XLSX sheets and GeoPackage layers, read by column name.
//!
//! A table is read once, and only the columns asked for are kept, so that a register of 60 columns and two million
//! rows stays small.

mod cells;
mod columns;
mod csv;
mod geometry;
mod gpkg;
mod layout;
mod sheet;
mod xlsx;

pub(crate) use cells::Row;
pub(crate) use columns::{Column, Preset, Unnamed, Want};
pub(crate) use geometry::Form;

use crate::reader::Reader;
use layout::Layout;
use maillage_input::{Code, MAX_TABLE_BYTES, Place as At, Problem, Text};

/// A table whose columns are found by name.
pub(crate) struct Table {
    /// The file, with its sheet or layer, as shown in problems.
    shown: String,
    /// Our name of each column asked for, and its name in the file where it is there.
    columns: Vec<(&'static str, Option<String>)>,
    /// The cells of all rows one after the other, row by row, in the order of `columns`.
    text: String,
    ends: Vec<u32>,
    lines: Vec<u32>,
    forms: Vec<Option<Form>>,
}

/// One cell as it stands in the file.
#[derive(Clone, Copy, Default)]
struct Cell<'a> {
    text: &'a str,
    /// Stored as a number: XLSX and GeoPackage only.
    number: bool,
}

impl Reader<'_> {
    /// Reads a table; all that is wrong with it is recorded.
    pub(crate) fn table(&mut self, want: &Want) -> Option<Table> {
        let file = self.file(&want.spec.file)?;
        let spec = want.spec;
        if file.content.starts_with(b"\xd0\xcf\x11\xe0") {
            let problem = unreadable(
                &file.record.path,
                "ancien classeur .xls, ou classeur protégé par un mot de passe",
                "old .xls workbook, or workbook protected by a password",
                &spec.file,
            );
            return crate::refuse(&mut self.problems, problem);
        }
        let (format, unfit) = if file.content.starts_with(b"PK\x03\x04") {
            ("XLSX", spec.layer.as_ref().map(|_| "layer"))
        } else if file.content.starts_with(b"SQLite format 3\0") {
            let unfit = spec.sheet.as_ref().map(|_| "sheet");
            ("GeoPackage", unfit.or(spec.header_row.map(|_| "header_row")))
        } else {
            let unfit = spec.sheet.as_ref().map(|_| "sheet");
            ("CSV", unfit.or(spec.layer.as_ref().map(|_| "layer")))
        };
        if let Some(key) = unfit {
            self.problems.push(
                Problem::error(
                    Code::TableFormat,
                    Text::new(
                        format!("« {key} » ne convient pas à un fichier {format}"),
                        format!("`{key}` does not suit a {format} file"),
                    ),
                )
                .at(self.at(&format!("{}/{key}", want.pointer)))
                .value(&spec.file)
                .remedy(Text::new("ôter cette clé", "drop that key")),
            );
            return None;
        }
        match format {
            "XLSX" => xlsx::read(&file, want, self),
            "GeoPackage" => gpkg::read(&file, want, self),
            _ => csv::read(&file, want, self),
        }
    }
}

impl Table {
    /// The file, with its sheet or layer, as shown in problems.
    pub(crate) fn file(&self) -> &str {
        &self.shown
    }

    /// Whether a column asked for is there.
    pub(crate) fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|(name, there)| *name == column && there.is_some())
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.lines.len()).map(|ix| self.row(ix))
    }

    pub(crate) fn row(&self, ix: usize) -> Row<'_> {
        Row { table: self, ix }
    }

    /// The shape of a row of a layer, where shapes were asked for.
    pub(crate) fn form(&self, row: usize) -> Option<&Form> {
        self.forms.get(row).and_then(Option::as_ref)
    }
}

/// Fills a table row by row.
struct Builder {
    table: Table,
    layout: Layout,
    /// For each column of codes, the first row and value of a number that lost digits.
    lost: Vec<Option<(u32, String)>>,
}

impl Builder {
    fn new(shown: String, layout: Layout) -> Builder {
        let columns = layout.columns.iter().map(|c| (c.name, c.shown.clone())).collect();
        let lost = vec![None; layout.columns.len()];
        let empty = (String::new(), Vec::new(), Vec::new(), Vec::new());
        let (text, ends, lines, forms) = empty;
        Builder { table: Table { shown, columns, text, ends, lines, forms }, layout, lost }
    }

    /// Adds a row if it fits `where` and has anything to read.
    ///
    /// # Errors
    /// E105 when what is kept is too large.
    fn push<'a>(&mut self, line: u64, cell: impl Fn(usize) -> Cell<'a>) -> Result<bool, Problem> {
        let keeps = |(ix, allowed): &(usize, Vec<String>)| {
            let text = cell(*ix).text.trim();
            allowed.iter().any(|a| a == text)
        };
        if !self.layout.keep.iter().all(keeps) {
            return Ok(false);
        }
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        let (texts, before) = (&mut self.table.text, self.table.ends.len());
        let start = texts.len();
        for (column, lost) in self.layout.columns.iter().zip(&mut self.lost) {
            if let Some(ix) = column.ix {
                let Cell { text, number } = cell(ix);
                let text = text.trim();
                texts.push_str(text);
                let digits = text.bytes().all(|b| b.is_ascii_digit()) && !text.is_empty();
                if number && digits && text.len() < column.digits && lost.is_none() {
                    *lost = Some((line, text.to_owned()));
                }
            }
            self.table.ends.push(u32::try_from(texts.len()).unwrap_or(u32::MAX));
        }
        if texts.len() == start {
            self.table.ends.truncate(before);
            return Ok(false);
        }
        if texts.len() as u64 > MAX_TABLE_BYTES {
            return Err(too_large(&self.table.shown));
        }
        self.table.lines.push(line);
        Ok(true)
    }

    fn finish(self, reader: &mut Reader) -> Table {
        for (column, lost) in self.layout.columns.iter().zip(self.lost) {
            let (Some((line, value)), Some(name)) = (lost, &column.shown) else { continue };
            reader.problems.push(
                Problem::warning(
                    Code::LostZero,
                    Text::new(
                        "code enregistré comme nombre : un zéro initial a pu se perdre",
                        "code stored as a number: a leading zero may be lost",
                    ),
                )
                .at(At::cell(&self.table.shown, line.into(), name))
                .value(value)
                .remedy(Text::new(
                    "mettre la colonne au format texte et rétablir les zéros (« 01001 », pas 1001)",
                    "format the column as text and put the zeros back (`01001`, not 1001)",
                )),
            );
        }
        self.table
    }
}

fn too_large(shown: &str) -> Problem {
    let mib = MAX_TABLE_BYTES >> 20;
    Problem::error(
        Code::FileTooLarge,
        Text::new(format!("table de plus de {mib} Mo"), format!("table larger than {mib} MB")),
    )
    .at(At::file(shown))
    .remedy(Text::new("découper ou filtrer le fichier", "split or filter the file"))
}

/// A workbook or GeoPackage that cannot be read.
fn unreadable(shown: &str, fr: &str, en: &str, detail: &str) -> Problem {
    Problem::error(Code::TableFormat, Text::new(fr, en))
        .at(At::file(shown))
        .value(detail)
        .remedy(Text::new("l'enregistrer à nouveau en XLSX ou en CSV", "save it again as XLSX or CSV"))
}

/// The one sheet or layer of a file, or the one named.
fn choose<'a>(
    names: &'a [String],
    named: Option<&str>,
    key: &str,
    want: &Want,
    reader: &mut Reader,
) -> Option<&'a str> {
    let list = || names.iter().take(40).map(|n| columns::brief(n)).collect::<Vec<_>>().join(", ");
    let (fr, en) = match (named, names) {
        (Some(name), _) => match names.iter().find(|n| columns::same(n, name)) {
            Some(found) => return Some(found),
            None => (format!("« {name} » absent du fichier"), format!("`{name}` is absent from the file")),
        },
        (None, [only]) => return Some(only),
        (None, []) => ("aucune table dans le fichier".to_owned(), "no table in the file".to_owned()),
        (None, _) => (
            format!("plusieurs tables : dire laquelle (« {key} »)"),
            format!("several tables: say which (`{key}`)"),
        ),
    };
    reader.problems.push(
        Problem::error(Code::TableFormat, Text::new(fr, en))
            .at(reader.at(&format!("{}/{key}", want.pointer)))
            .value(&want.spec.file)
            .remedy(Text::new(format!("choisir parmi : {}", list()), format!("choose among: {}", list()))),
    );
    None
}
