//! A workbook: one sheet per table, with headings, filters, widths and formats of the language.

use super::summary::summary;
use super::table::{Cell, Column, Kind, Table};
use super::{Unmade, comparison, dictionary, places, sites};
use crate::View;
use crate::figures::{Figures, drawn};
use crate::words::Words;
use maillage_input::{Lang, Text};
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError,
};

/// Rows of a sheet below its heading.
const MOST_ROWS: usize = 1_048_575;
/// Characters of a cell.
const MOST_CHARACTERS: usize = 32_767;
/// Narrowest and widest columns, in characters.
const WIDTHS: (usize, usize) = (8, 60);

/// A workbook being filled.
pub(super) struct Xlsx {
    w: Words,
    title: String,
    tables: Vec<Table>,
}

impl Xlsx {
    pub(super) fn new(lang: Lang, title: &str) -> Xlsx {
        Xlsx { w: Words(lang), title: title.to_owned(), tables: Vec::new() }
    }

    /// Adds the rows of a scenario.
    pub(super) fn add(&mut self, view: &View<'_>) {
        let w = self.w;
        let figures = Figures::of(view);
        let all = sites::sites(w, view);
        let rows: Vec<_> = drawn(view).collect();
        for table in [
            summary(w, view),
            places::bodies(view),
            places::places(view, &figures),
            sites::table(view, &all),
            sites::posts(w, view, &all),
            sites::money(w, view),
            sites::assignments(view, &rows),
        ] {
            match self.tables.iter_mut().find(|t| t.name == table.name) {
                Some(known) => known.rows.extend(table.rows),
                None => self.tables.push(table),
            }
        }
    }

    /// Adds a table of the comparison of a suite: the CSV text of that name.
    pub(super) fn add_comparison(&mut self, name: &'static str, title: Text, csv: &str) {
        let at = self.tables.iter().take_while(|t| t.name.starts_with("comparison")).count();
        self.tables.insert(at, comparison::table(name, title, csv));
    }

    /// The file.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, Unmade> {
        for table in &mut self.tables {
            without_empty_columns(table);
        }
        let held: Vec<(String, Vec<Column>)> = self
            .tables
            .iter()
            .filter(|t| !t.rows.is_empty())
            .map(|t| (self.w.title(&t.title).to_owned(), t.columns.clone()))
            .collect();
        self.tables.push(dictionary::table(self.w, &held));
        Ok(self.written()?)
    }

    fn written(&self) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        // The same plan gives the same bytes, whenever it is written.
        let date = ExcelDateTime::from_ymd(2000, 1, 1)?;
        let properties = DocProperties::new().set_title(&self.title).set_author("maillage");
        book.set_properties(&properties.set_creation_datetime(&date));
        let formats = Formats::new(self.w.0);
        for table in self.tables.iter().filter(|t| !t.rows.is_empty()) {
            for (part, rows) in table.rows.chunks(MOST_ROWS).enumerate() {
                let title = self.w.title(&table.title);
                let name = if part == 0 { title.to_owned() } else { format!("{title} {}", part + 1) };
                let sheet = book.add_worksheet();
                sheet.set_name(name)?;
                self.sheet(sheet, table, rows, &formats)?;
            }
        }
        book.save_to_buffer()
    }

    fn sheet(
        &self,
        sheet: &mut Worksheet,
        table: &Table,
        rows: &[Vec<Cell>],
        formats: &Formats,
    ) -> Result<(), XlsxError> {
        let last = u16::try_from(table.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
        for (column, at) in table.columns.iter().zip(0u16..) {
            let label = self.w.t(&column.label.fr, &column.label.en);
            sheet.write_string_with_format(0, at, &label, &formats.head)?;
            let wide = self.width(&label, rows, usize::from(at));
            sheet.set_column_width(at, wide as f64)?;
            sheet.set_column_format(at, formats.of(column.kind))?;
        }
        for (row, at) in rows.iter().zip(1u32..) {
            for ((cell, column), k) in row.iter().zip(&table.columns).zip(0u16..) {
                self.cell(sheet, (at, k), cell, column.kind, formats)?;
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        sheet.autofilter(0, 0, u32::try_from(rows.len()).unwrap_or(u32::MAX), last)?;
        sheet.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
        Ok(())
    }

    /// Texts are written as texts: none is ever a formula, and codes keep their zeros.
    fn cell(
        &self,
        sheet: &mut Worksheet,
        (row, column): (u32, u16),
        cell: &Cell,
        kind: Kind,
        formats: &Formats,
    ) -> Result<(), XlsxError> {
        match cell {
            Cell::Empty => return Ok(()),
            Cell::Text(text) => {
                let text: String = text.chars().take(MOST_CHARACTERS).collect();
                sheet.write_string_with_format(row, column, text, formats.of(Kind::Text))?
            }
            Cell::Word(word) => {
                sheet.write_string_with_format(row, column, self.said(word), formats.of(Kind::Text))?
            }
            Cell::Whole(n) => {
                let kind = if kind == Kind::Text { Kind::Count } else { kind };
                sheet.write_number_with_format(row, column, *n as f64, formats.of(kind))?
            }
            Cell::Exact(h) => {
                let kind = match kind {
                    Kind::Text if h.0 % 100 == 0 => Kind::Count,
                    Kind::Text => Kind::Ratio,
                    kind => kind,
                };
                sheet.write_number_with_format(row, column, h.to_f64(), formats.of(kind))?
            }
        };
        Ok(())
    }

    /// A word of ours in the language of the workbook.
    fn said(&self, word: &str) -> String {
        let w = self.w;
        match word {
            "yes" => w.t("oui", "yes"),
            "no" => w.t("non", "no"),
            "kept" => w.t("maintenu", "kept"),
            "extended" => w.t("agrandi", "extended"),
            "opened" => w.t("ouvert", "opened"),
            "closed" => w.t("fermé", "closed"),
            "before" => w.t("avant", "before"),
            "after" => w.t("après", "after"),
            "core" => w.t("territoire", "territory"),
            "around" => w.t("alentours", "surroundings"),
            "all" => w.t("territoire et alentours", "territory and surroundings"),
            "epci" => w.t("EPCI", "EPCI"),
            "self-employed" => w.t("libéral", "self-employed"),
            "salaried" => w.t("salarié", "salaried"),
            other => other.to_owned(),
        }
    }

    /// Wide enough for the longest word of the heading, and for most cells.
    fn width(&self, label: &str, rows: &[Vec<Cell>], column: usize) -> usize {
        let word = label.split(' ').map(|word| word.chars().count()).max().unwrap_or(0);
        let cell = |row: &Vec<Cell>| match row.get(column) {
            Some(Cell::Text(text)) => text.chars().count(),
            Some(Cell::Word(word)) => self.said(word).chars().count(),
            Some(Cell::Whole(n)) => n.to_string().len() * 4 / 3 + 2,
            Some(Cell::Exact(h)) => h.to_string().len() + 2,
            Some(Cell::Empty) | None => 0,
        };
        // Two for the button of the filter.
        let widest = rows.iter().take(2000).map(cell).max().unwrap_or(0).max(word + 1);
        (widest + 2).clamp(WIDTHS.0, WIDTHS.1)
    }
}

/// Takes out columns that are empty in every row.
fn without_empty_columns(table: &mut Table) {
    let used: Vec<bool> = (0..table.columns.len())
        .map(|k| table.rows.iter().any(|row| row.get(k).is_some_and(|cell| *cell != Cell::Empty)))
        .collect();
    let mut keep = used.iter();
    table.columns.retain(|_| *keep.next().unwrap_or(&false));
    for row in &mut table.rows {
        let mut keep = used.iter();
        row.retain(|_| *keep.next().unwrap_or(&false));
    }
}

struct Formats {
    head: Format,
    text: Format,
    year: Format,
    count: Format,
    euros: Format,
    posts: Format,
    minutes: Format,
}

impl Formats {
    /// Formats are stored as every spreadsheet reads them; the mark of the language says how they are shown.
    fn new(lang: Lang) -> Formats {
        let (mark, euros) = match lang {
            Lang::Fr => ("[$-40C]", "#,##0\\ \"€\""),
            Lang::En => ("[$-809]", "\"€\"#,##0"),
        };
        let number = |format: &str| Format::new().set_num_format(format!("{mark}{format}"));
        Formats {
            head: Format::new()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::Top)
                .set_font_color(Color::White)
                .set_background_color(Color::RGB(0x0012_3A6B)),
            text: Format::new().set_num_format("@"),
            year: Format::new().set_num_format("0"),
            count: number("#,##0"),
            euros: number(euros),
            posts: number("#,##0.00"),
            minutes: number("#,##0.0"),
        }
    }

    fn of(&self, kind: Kind) -> &Format {
        match kind {
            Kind::Text => &self.text,
            Kind::Year => &self.year,
            Kind::Count => &self.count,
            Kind::Euros => &self.euros,
            Kind::Posts | Kind::Ratio => &self.posts,
            Kind::Minutes | Kind::Percent => &self.minutes,
        }
    }
}
