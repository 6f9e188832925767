//! A table before it is written to any format: typed cells under documented columns.

use maillage_input::Text;
use maillage_programme::Hundredths;

/// What a column holds: decides of its type in a database and of its format in a workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Names, codes, words: never a number, never a formula.
    Text,
    /// A calendar year.
    Year,
    /// A whole number of people, acts, sites.
    Count,
    /// Whole euros.
    Euros,
    /// Full-time equivalents.
    Posts,
    /// Minutes.
    Minutes,
    /// Per cent.
    Percent,
    /// Accessibility, ratios: two decimals.
    Ratio,
}

impl Kind {
    /// The unit in words that both languages share.
    pub(super) fn unit(self) -> &'static str {
        match self {
            Kind::Text | Kind::Year | Kind::Count | Kind::Ratio => "",
            Kind::Euros => "EUR",
            Kind::Posts => "ETP / FTE",
            Kind::Minutes => "min",
            Kind::Percent => "%",
        }
    }
}

/// One cell. What is not known is empty, never zero.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    /// Nothing is known, or nothing applies.
    Empty,
    /// A text that came with the data.
    Text(String),
    /// A word of ours as files have it; a workbook says it in its language.
    Word(&'static str),
    /// A whole number.
    Whole(i64),
    /// A number with two decimals.
    Exact(Hundredths),
}

impl Cell {
    /// A text; an empty one is no cell.
    pub(super) fn text(text: impl ToString) -> Cell {
        let text = text.to_string();
        if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
    }

    /// A count that may be unknown.
    pub(super) fn count(n: Option<u64>) -> Cell {
        n.and_then(|n| i64::try_from(n).ok()).map_or(Cell::Empty, Cell::Whole)
    }

    /// A figure that may be unknown.
    pub(super) fn exact(h: Option<Hundredths>) -> Cell {
        h.map_or(Cell::Empty, Cell::Exact)
    }

    /// A year that may not apply.
    pub(super) fn year(year: Option<u16>) -> Cell {
        Cell::count(year.map(u64::from))
    }
}

/// One column.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Column {
    /// Its name in databases and files: the same in both languages.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Its heading.
    pub label: Text,
    /// What it means.
    pub doc: Text,
}

impl Column {
    /// A column with its heading and meaning in French and English.
    pub(super) fn new(name: &str, kind: Kind, label: [&str; 2], doc: [&str; 2]) -> Column {
        let text = |[fr, en]: [&str; 2]| Text::new(fr, en);
        Column { name: name.to_owned(), kind, label: text(label), doc: text(doc) }
    }

    /// A figure before the plan, after it, and the difference.
    pub(super) fn change(name: &str, kind: Kind, label: [&str; 2], doc: [&str; 2]) -> [Column; 3] {
        let states = [
            ("before", ["avant", "before"], ["sans rien décider", "with nothing decided"]),
            ("after", ["après", "after"], ["avec le plan", "with the plan"]),
            ("difference", ["écart", "difference"], ["après moins avant", "after less before"]),
        ];
        states.map(|(state, [fr, en], [said_fr, said_en])| {
            let label = [format!("{}, {fr}", label[0]), format!("{}, {en}", label[1])];
            let doc = [format!("{} ({said_fr})", doc[0]), format!("{} ({said_en})", doc[1])];
            let both = |t: &[String; 2]| Text::new(&t[0], &t[1]);
            Column { name: format!("{name}_{state}"), kind, label: both(&label), doc: both(&doc) }
        })
    }
}

/// Cells of a figure before, after, and the difference where both are known.
pub(super) fn change([before, after]: [Option<Hundredths>; 2]) -> [Cell; 3] {
    let difference = before.zip(after).map(|(b, a)| Hundredths(a.0.saturating_sub(b.0)));
    [before, after, difference].map(Cell::exact)
}

/// The same for whole numbers.
pub(super) fn count_change(counts: [Option<u64>; 2]) -> [Cell; 3] {
    let [before, after] = counts.map(|n| n.and_then(|n| i64::try_from(n).ok()));
    let difference = before.zip(after).map(|(b, a)| a - b);
    [before, after, difference].map(|n| n.map_or(Cell::Empty, Cell::Whole))
}

/// A table: its rows are as long as its columns.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Table {
    /// Its name in databases.
    pub name: &'static str,
    /// Its name in a workbook.
    pub title: Text,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A table of one scenario: its name stands first in every row.
    pub(super) fn new(
        name: &'static str,
        title: [&str; 2],
        columns: Vec<Column>,
        scenario: &str,
        rows: impl Iterator<Item = Vec<Cell>>,
    ) -> Table {
        let first = Column::new(
            "scenario",
            Kind::Text,
            ["Scénario", "Scenario"],
            ["nom du scénario", "name of the scenario"],
        );
        let rows = rows.map(|row| std::iter::once(Cell::text(scenario)).chain(row).collect()).collect();
        Table {
            name,
            title: Text::new(title[0], title[1]),
            columns: std::iter::once(first).chain(columns).collect(),
            rows,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_need_both_figures() {
        let h = |n| Some(Hundredths(n));
        assert_eq!(change([h(150), h(100)])[2], Cell::Exact(Hundredths(-50)));
        assert_eq!(change([None, h(100)])[2], Cell::Empty);
        assert_eq!(count_change([Some(3), Some(1)]), [3, 1, -2].map(Cell::Whole));
        assert_eq!(count_change([Some(3), None])[2], Cell::Empty);
    }
}
