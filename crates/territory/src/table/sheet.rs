//! The rows of one XLSX sheet, as a stream.

use quick_xml::Reader as Xml;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use std::io::{self, BufRead, Read};

/// Rows and columns that the format allows.
const MAX_ROWS: u32 = 1 << 20;
const MAX_COLUMNS: usize = 1 << 14;
/// Characters of a cell that the format allows.
const MAX_CHARS: usize = 32_767;
/// Bytes of one tag, or of one text between tags: above any cell.
const MAX_EVENT: usize = 1 << 20;

/// The texts that cells share, one after the other.
#[derive(Default)]
pub(super) struct Strings {
    text: String,
    ends: Vec<u32>,
}

impl Strings {
    /// Reads the part of shared texts.
    pub(super) fn read(part: impl BufRead) -> Result<Strings, String> {
        let mut strings = Strings::default();
        let mut parser = Parser::new(part);
        while parser.step()? {
            match parser.at {
                At::End("sst") => return Ok(strings),
                At::Start("si") => parser.clear(),
                At::End("si") => {
                    strings.text.push_str(&parser.text);
                    strings.ends.push(u32::try_from(strings.text.len()).map_err(|e| e.to_string())?);
                }
                _ => {}
            }
        }
        Err("shared texts end too early".to_owned())
    }

    fn get(&self, ix: usize) -> Option<&str> {
        let end = *self.ends.get(ix)?;
        let start = if ix == 0 { 0 } else { self.ends[ix - 1] };
        self.text.get(start as usize..end as usize)
    }
}

/// A cell: its text, and whether it is stored as a number.
#[derive(Default)]
pub(super) struct Value {
    pub(super) text: String,
    pub(super) number: bool,
}

/// Reads row after row.
pub(super) struct Rows<'a, R: BufRead> {
    parser: Parser<R>,
    strings: &'a Strings,
    row: u32,
    cells: Vec<Value>,
}

impl<'a, R: BufRead> Rows<'a, R> {
    pub(super) fn new(part: R, strings: &'a Strings) -> Self {
        Rows { parser: Parser::new(part), strings, row: 0, cells: Vec::new() }
    }

    /// The cells of the row just read, by column.
    pub(super) fn cells(&self) -> &[Value] {
        &self.cells
    }

    /// Reads the next row and gives its number, from 1; only the columns listed in order are kept.
    ///
    /// # Errors
    /// What is wrong with the sheet.
    pub(super) fn next(&mut self, needed: Option<&[usize]>) -> Result<Option<u32>, String> {
        for cell in &mut self.cells {
            cell.text.clear();
            cell.number = false;
        }
        let mut column = 0;
        while self.parser.step()? {
            match self.parser.at {
                At::Start("row") => {
                    let number = match self.parser.attributes[0].as_deref() {
                        Some(r) => r.parse().map_err(|_| format!("row {r}"))?,
                        None => self.row + 1,
                    };
                    if number <= self.row || number > MAX_ROWS {
                        return Err(format!("row {number} after row {}", self.row));
                    }
                    self.row = number;
                    column = 0;
                }
                At::End("row") => return Ok(Some(self.row)),
                At::Start("c") => {
                    if let Some(r) = self.parser.attributes[0].as_deref() {
                        column = column_of(r).ok_or_else(|| format!("cell {r}"))?;
                    }
                    self.parser.clear();
                }
                At::End("c") => {
                    if column >= MAX_COLUMNS {
                        return Err(format!("column {}", column + 1));
                    }
                    if needed.is_none_or(|list| list.binary_search(&column).is_ok()) {
                        self.keep(column)?;
                    }
                    column += 1;
                }
                At::End("sheetData") => return Ok(None),
                _ => {}
            }
        }
        Err("the sheet ends too early".to_owned())
    }

    fn keep(&mut self, column: usize) -> Result<(), String> {
        if self.cells.len() <= column {
            self.cells.resize_with(column + 1, Value::default);
        }
        let raw = self.parser.text.as_str();
        let value = &mut self.cells[column];
        match self.parser.attributes[1].as_deref().unwrap_or("n") {
            "s" if raw.trim().is_empty() => {}
            "s" => {
                let shared = raw.trim().parse().ok().and_then(|ix| self.strings.get(ix));
                value.text.push_str(shared.ok_or_else(|| format!("shared text {raw}"))?);
            }
            // A number is shown as the shortest decimal that stands for it: 1001, not 1001.0.
            "n" => match raw.trim().parse::<f64>() {
                Ok(x) if x.is_finite() => {
                    value.text.push_str(&x.to_string());
                    value.number = true;
                }
                _ => value.text.push_str(raw),
            },
            _ => value.text.push_str(raw),
        }
        Ok(())
    }
}

/// The column of a reference such as `AB12`, from 0.
fn column_of(reference: &str) -> Option<usize> {
    let letters: &str = reference.trim_end_matches(|c: char| c.is_ascii_digit());
    if letters.is_empty() || letters.len() > 3 || letters.len() == reference.len() {
        return None;
    }
    let mut column = 0;
    for b in letters.bytes() {
        if !b.is_ascii_alphabetic() {
            return None;
        }
        column = column * 26 + usize::from(b.to_ascii_uppercase() - b'A') + 1;
    }
    (column <= MAX_COLUMNS).then(|| column - 1)
}

/// Where a parser stands.
#[derive(Clone, Copy, PartialEq)]
enum At {
    Start(&'static str),
    End(&'static str),
    Other,
}

/// Walks the elements of a part and gathers the text of `t` and `v`.
struct Parser<R: BufRead> {
    xml: Xml<Bounded<R>>,
    buffer: Vec<u8>,
    at: At,
    /// Attributes `r` and `t` of the element just opened.
    attributes: [Option<String>; 2],
    text: String,
    /// Characters in it.
    chars: usize,
    /// Whether text counts: inside `t` or `v`, but not in a phonetic guide.
    counts: bool,
    guide: bool,
}

/// Elements that matter.
const NAMES: [&str; 8] = ["sst", "si", "row", "c", "sheetData", "t", "v", "rPh"];

impl<R: BufRead> Parser<R> {
    fn new(part: R) -> Self {
        let mut xml = Xml::from_reader(Bounded { inner: part, left: MAX_EVENT });
        xml.config_mut().expand_empty_elements = true;
        Parser {
            xml,
            buffer: Vec::new(),
            at: At::Other,
            attributes: [None, None],
            text: String::new(),
            chars: 0,
            counts: false,
            guide: false,
        }
    }

    /// Forgets the text gathered.
    fn clear(&mut self) {
        self.text.clear();
        self.chars = 0;
    }

    /// Goes to the next event; false at the end of the part.
    fn step(&mut self) -> Result<bool, String> {
        self.buffer.clear();
        self.xml.get_mut().left = MAX_EVENT;
        self.at = At::Other;
        match self.xml.read_event_into(&mut self.buffer).map_err(|e| e.to_string())? {
            Event::Start(e) => {
                if let Some(name) = known(e.local_name().as_ref()) {
                    self.at = At::Start(name);
                    if matches!(name, "row" | "c") {
                        self.attributes = attributes(&e);
                    }
                    self.counts |= matches!(name, "t" | "v");
                    self.guide |= name == "rPh";
                }
            }
            Event::End(e) => {
                if let Some(name) = known(e.local_name().as_ref()) {
                    self.at = At::End(name);
                    self.counts &= !matches!(name, "t" | "v");
                    self.guide &= name != "rPh";
                }
            }
            Event::Text(t) if self.counts && !self.guide => {
                add(&mut self.text, &mut self.chars, &t.xml10_content())?
            }
            Event::CData(t) if self.counts && !self.guide => {
                add(&mut self.text, &mut self.chars, &t.xml10_content())?
            }
            Event::GeneralRef(r) if self.counts && !self.guide => {
                let mut one = [0; 4];
                let text = match r.resolve_char_ref().map_err(|e| e.to_string())? {
                    Some(c) => c.encode_utf8(&mut one),
                    None => resolve_predefined_entity(&r).ok_or_else(|| format!("entity &{};", &*r))?,
                };
                add(&mut self.text, &mut self.chars, text)?;
            }
            Event::Eof => return Ok(false),
            _ => {}
        }
        Ok(true)
    }
}

/// Adds to the text of a cell.
fn add(text: &mut String, chars: &mut usize, more: &str) -> Result<(), String> {
    *chars += more.chars().count();
    if *chars > MAX_CHARS {
        return Err(format!("cell of more than {MAX_CHARS} characters"));
    }
    text.push_str(more);
    Ok(())
}

/// Gives no more than some bytes until it is told that an event is done: an event is gathered whole before it is
/// seen.
struct Bounded<R> {
    inner: R,
    left: usize,
}

impl<R: BufRead> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            return Err(io::Error::other(format!("cell of more than {MAX_CHARS} characters")));
        }
        let bytes = self.inner.fill_buf()?;
        Ok(&bytes[..bytes.len().min(self.left)])
    }

    fn consume(&mut self, n: usize) {
        self.left = self.left.saturating_sub(n);
        self.inner.consume(n);
    }
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.fill_buf()?.read(out)?;
        self.consume(n);
        Ok(n)
    }
}

fn known(name: &str) -> Option<&'static str> {
    NAMES.into_iter().find(|n| *n == name)
}

fn attributes(e: &BytesStart) -> [Option<String>; 2] {
    let mut found = [None, None];
    for a in e.attributes().filter_map(Result::ok) {
        match a.key.as_ref() {
            "r" => found[0] = Some(a.value.into_owned()),
            "t" => found[1] = Some(a.value.into_owned()),
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(sheet: &str, strings: &Strings) -> Result<Vec<(u32, Vec<String>)>, String> {
        let mut rows = Rows::new(sheet.as_bytes(), strings);
        let mut all = Vec::new();
        while let Some(row) = rows.next(None)? {
            all.push((row, rows.cells().iter().map(|c| c.text.clone()).collect()));
        }
        Ok(all)
    }

    #[test]
    fn references_are_columns() {
        assert_eq!(
            ["A1", "Z9", "AA10", "XFD1048576"].map(column_of),
            [Some(0), Some(25), Some(26), Some(16383)]
        );
        assert_eq!(["", "1", "A", "XFE1", "AAAA1", "é1", "A-1"].map(column_of), [None; 7]);
    }

    #[test]
    fn cells_of_every_kind() {
        let shared = "<sst><si><t>R&#233;gny &amp; co</t></si><si><r><t>a</t></r><r><t xml:space='preserve'> b</t></r><rPh><t>x</t></rPh></si></sst>";
        let strings = Strings::read(shared.as_bytes()).unwrap();
        let sheet = r#"<worksheet><sheetData><row r="2"><c r="A2" t="s"><v>0</v></c><c t="s"><v>1</v></c>
            <c r="E2"><f>1000+1</f><v>1.001E3</v></c><c t="inlineStr"><is><t>01001</t></is></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c></row>
            <row><c><v>0.1</v></c></row></sheetData></worksheet>"#;
        let text = |cells: &[&str]| cells.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            rows(sheet, &strings).unwrap(),
            [
                (2, text(&["Régny & co", "a b", "", "", "1001", "01001", "1", "#N/A"])),
                (3, text(&["0.1", "", "", "", "", "", "", ""])),
            ]
        );
    }

    #[test]
    fn long_cells_are_refused() {
        let none = Strings::default();
        let cell = |text: &str| {
            let cell = format!(
                "<worksheet><sheetData><row><c t='inlineStr'><is>{text}</is></c></row></sheetData></worksheet>"
            );
            rows(&cell, &none)
        };
        let text = |n: usize| format!("<t>{}</t>", "é".repeat(n));
        assert!(cell(&text(MAX_CHARS)).is_ok());
        assert_eq!(cell(&text(MAX_CHARS + 1)), Err("cell of more than 32767 characters".to_owned()));
        assert!(cell(&(text(MAX_CHARS) + "<t>&amp;</t>")).is_err(), "in several pieces");
        assert!(cell(&format!("<!--{}-->", "<".repeat(MAX_EVENT))).is_err(), "not gathered whole");
        assert!(Strings::read(format!("<sst><si>{}</si></sst>", text(MAX_CHARS + 1)).as_bytes()).is_err());
        // The count starts again with each cell.
        let many = format!("<sst>{}</sst>", format!("<si>{}</si>", text(20_000)).repeat(3));
        assert!(Strings::read(many.as_bytes()).is_ok());
    }

    #[test]
    fn hostile_sheets_are_refused() {
        let none = Strings::default();
        let sheet =
            |inner: &str| rows(&format!("<worksheet><sheetData>{inner}</sheetData></worksheet>"), &none);
        assert!(sheet(r#"<row r="99999999999"/>"#).is_err());
        assert!(sheet(r#"<row r="2"/><row r="1"/>"#).is_err());
        assert!(
            sheet(r#"<row><c r="A99999999999999999999"><v>1</v></c></row>"#).is_ok(),
            "the row is already known"
        );
        assert!(sheet(r#"<row><c r="ZZZZZZ1"><v>1</v></c></row>"#).is_err());
        assert!(sheet(r#"<row><c t="s"><v>7</v></c></row>"#).is_err());
        assert!(sheet("<row><c>").is_err());
        assert!(Strings::read(&b"<sst uniqueCount='99999999999999'><si><t>a</t></si></sst>"[..]).is_ok());
    }

    proptest! {
        #[test]
        fn no_bytes_panic(at in 0usize..400, byte: u8, cut in 0usize..8) {
            let mut sheet = br#"<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="AB1" t="inlineStr">
                <is><t>a&amp;b&#65;</t></is></c></row><row><c><f>1+1</f><v>1.5E3</v></c></row></sheetData></worksheet>"#.to_vec();
            let ix = at % sheet.len();
            sheet[ix] = byte;
            if cut == 0 {
                sheet.truncate(ix);
            }
            let strings = Strings::default();
            let mut rows = Rows::new(sheet.as_slice(), &strings);
            while let Ok(Some(_)) = rows.next(None) {}
            let _ = Strings::read(sheet.as_slice());
        }
    }
}
