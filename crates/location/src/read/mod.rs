//! Readers of public formats and of plain cost tables. A malformed file is refused with every line
//! that is wrong (up to a hundred) and why.

mod orlib;
mod table;

pub use orlib::{MAX_EDGES, MAX_NODES, OrlibPmed, orlib_pmed};
pub use table::{CsvLists, MAX_IDS, MAX_ROWS, csv_lists};

use maillage_input::{Code, InputFile, Place, Problem, Text};

/// A problem of a benchmark or cost file.
fn wrong(file: &InputFile, line: u64, french: impl Into<String>, english: impl Into<String>) -> Problem {
    Problem::error(Code::Instance, Text::new(french, english))
        .at(Place::line(file.record.path.clone(), line))
        .remedy(Text::new("corriger la ligne", "correct the line"))
}
