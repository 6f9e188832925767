//! Sections and tables, ready to be printed.

/// One section of the page.
#[derive(Debug, Default)]
pub(crate) struct Block {
    /// Name of its heading in the page.
    pub id: &'static str,
    /// Heading.
    pub title: String,
    /// Sentences above its tables.
    pub said: Vec<String>,
    /// An `<svg>` element.
    pub chart: Option<String>,
    /// Tables.
    pub tables: Vec<Table>,
    /// Whether its tables say again what the chart shows: then they are folded.
    pub folded: bool,
    /// How to read them.
    pub notes: Vec<String>,
}

/// One table.
#[derive(Debug)]
pub(crate) struct Table {
    /// What it shows.
    pub caption: String,
    /// Headings of the columns.
    pub head: Vec<Cell>,
    /// Lines as long as the heading.
    pub lines: Vec<Line>,
}

/// One line.
#[derive(Debug)]
pub(crate) struct Line {
    /// Cells; the first names the line.
    pub cells: Vec<Cell>,
    /// Whether it adds up the lines above.
    pub total: bool,
}

/// One cell.
#[derive(Debug, Default)]
pub(crate) struct Cell {
    /// Its text.
    pub text: String,
    /// What stands smaller beside it.
    pub small: String,
    /// Whether it is a figure.
    pub number: bool,
    /// The mark of a site on the map: its number and its class.
    pub pin: Option<(usize, &'static str)>,
}

impl Cell {
    /// A text.
    pub fn text(text: impl ToString) -> Cell {
        Cell { text: text.to_string(), ..Cell::default() }
    }

    /// A figure.
    pub fn number(text: impl ToString) -> Cell {
        Cell { number: true, ..Cell::text(text) }
    }

    /// The same with something smaller beside it.
    pub fn small(self, small: impl ToString) -> Cell {
        Cell { small: small.to_string(), ..self }
    }
}

impl Line {
    /// A plain line.
    pub fn new(cells: Vec<Cell>) -> Line {
        Line { cells, total: false }
    }

    /// A line of totals.
    pub fn total(cells: Vec<Cell>) -> Line {
        Line { cells, total: true }
    }
}
