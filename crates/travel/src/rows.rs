//! Rows of a CSV file by the names of its columns.

use crate::problem::{error, remedy};
use csv::StringRecord;
use maillage_input::{Code, InputFile, MAX_TABLE_BYTES, Place, Problem, Problems, Text};
use std::path::Path;

/// A CSV file, whose delimiter is the one of `,`, `;` and tab that its first line has most of.
pub(crate) struct Rows {
    pub(crate) file: String,
    pub(crate) header: StringRecord,
    text: String,
    delimiter: u8,
}

impl Rows {
    /// Reads the file and its first line. Column names are compared in small letters.
    pub(crate) fn open(path: &Path) -> Result<Rows, Problems> {
        let input = InputFile::read(path, MAX_TABLE_BYTES)?;
        let (text, _) = input.french_text()?;
        let first = text.lines().next().unwrap_or_default();
        let count = |d: u8| first.bytes().filter(|&b| b == d).count();
        let delimiter = [b',', b';', b'\t'].into_iter().rev().max_by_key(|&d| count(d)).unwrap_or(b',');
        let mut rows = Rows { file: input.record.path, header: StringRecord::new(), text, delimiter };
        let mut reader = rows.reader();
        let header = reader.headers().map_err(|e| rows.fault(&e))?;
        let header = header.iter().map(|name| name.trim().to_lowercase()).collect();
        drop(reader);
        rows.header = header;
        Ok(rows)
    }

    fn reader(&self) -> csv::Reader<&[u8]> {
        csv::ReaderBuilder::new()
            .delimiter(self.delimiter)
            .trim(csv::Trim::All)
            .from_reader(self.text.as_bytes())
    }

    /// The column that has one of these names, the first that is there.
    pub(crate) fn column(&self, names: &[&str]) -> Result<usize, Problem> {
        names.iter().find_map(|name| self.header.iter().position(|h| h == *name)).ok_or_else(|| {
            let wanted = names.join(", ");
            error(
                Code::MissingColumn,
                format!("colonne absente ({wanted})"),
                format!("missing column ({wanted})"),
            )
            .at(Place::line(&self.file, 1))
            .value(self.header.iter().collect::<Vec<_>>().join(","))
            .remedy(Text::new(
                "nommer ainsi la colonne dans la première ligne",
                "name the column so in the first line",
            ))
        })
    }

    /// Calls for each row and its line; stops at the first that cannot be read.
    pub(crate) fn each(&self, mut see: impl FnMut(u64, &StringRecord)) -> Result<(), Problem> {
        let mut reader = self.reader();
        let mut record = StringRecord::new();
        while reader.read_record(&mut record).map_err(|e| self.fault(&e))? {
            see(record.position().map_or(0, csv::Position::line), &record);
        }
        Ok(())
    }

    fn fault(&self, e: &csv::Error) -> Problem {
        let line = e.position().map_or(1, csv::Position::line);
        remedy(
            error(
                Code::TableSyntax,
                format!("ligne illisible ({e})"),
                format!("row that cannot be read ({e})"),
            )
            .at(Place::line(&self.file, line)),
            "corriger cette ligne",
            "mend that row",
        )
    }
}

/// A number, with a point or a comma.
pub(crate) fn number(text: &str) -> Option<f64> {
    text.replace(',', ".").parse().ok().filter(|x: &f64| x.is_finite())
}
