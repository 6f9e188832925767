//! Readers of public formats and of plain cost tables. A malformed file is refused with every line
//! that is wrong (up to a hundred) and why.

mod cfl;
mod decimal;
mod grid;
mod orlib;
mod table;
mod tsplib;
mod ufl;

pub use cfl::{holmberg, tbed1};
pub use decimal::MAX_DECIMALS;
pub use grid::{Grid, MAX_GRID_CLIENTS, MAX_GRID_SITES, grid};
pub use orlib::{MAX_EDGES, MAX_NODES, OrlibPmed, orlib_pmed};
pub use table::{CsvLists, MAX_IDS, MAX_ROWS, csv_lists};
pub use tsplib::{MAX_POINTS, tsplib};
pub use ufl::{Amounts, ChargeFile, MAX_CHARGE_SIDE, orlib_cap, ufl_simple};

use maillage_input::{Code, InputFile, Place, Problem, Text};

/// A problem of a benchmark or cost file.
fn wrong(file: &InputFile, line: u64, french: impl Into<String>, english: impl Into<String>) -> Problem {
    Problem::error(Code::Instance, Text::new(french, english))
        .at(Place::line(file.record.path.clone(), line))
        .remedy(Text::new("corriger la ligne", "correct the line"))
}
