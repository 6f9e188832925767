//! XLSX workbooks: a zip of XML parts, of which one sheet is read as a stream.
//!
//! Nothing is allocated on the word of the file: parts are bounded by the sizes that the zip declares, added up
//! before anything is read, and cells outside the columns asked for are not kept.

use super::columns::{Want, brief};
use super::layout::Layout;
use super::sheet::{self, Strings};
use super::{Builder, Cell, Table, choose, too_large, unreadable};
use crate::reader::Reader;
use crate::refuse;
use maillage_input::{InputFile, MAX_TABLE_BYTES, Problem};
use quick_xml::events::Event;
use std::io::{BufReader, Cursor, Read};
use zip::ZipArchive;

/// Largest part that is read whole: lists of sheets and relations.
const MAX_LIST_BYTES: u64 = 4 << 20;

/// A workbook that was opened.
struct Workbook<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// Names of sheets, with their parts.
    sheets: Vec<(String, String)>,
    /// The part of shared texts.
    strings: Option<String>,
}

pub(super) fn read(input: &InputFile, want: &Want, reader: &mut Reader) -> Option<Table> {
    let file = &input.record.path;
    let bad =
        |detail: String| unreadable(file, "classeur XLSX illisible", "unreadable XLSX workbook", &detail);
    let mut book = match open(&input.content, file) {
        Ok(book) => book,
        Err(problem) => return refuse(&mut reader.problems, problem),
    };
    let names: Vec<String> = book.sheets.iter().map(|(name, _)| name.clone()).collect();
    let named = want.spec.sheet.as_deref().or(want.preset.sheet.as_deref());
    let name = choose(&names, named, "sheet", want, reader)?;
    let part = book.sheets.iter().find(|(n, _)| n == name).map(|(_, part)| part.clone())?;
    let shown = format!("{file} ({})", brief(name));
    let strings = match book.strings.take().map(|part| book.part(&part).and_then(Strings::read)) {
        None => Strings::default(),
        Some(Ok(strings)) => strings,
        Some(Err(detail)) => return refuse(&mut reader.problems, bad(detail)),
    };
    let stream = match book.part(&part) {
        Ok(stream) => stream,
        Err(detail) => return refuse(&mut reader.problems, bad(detail)),
    };
    let mut rows = sheet::Rows::new(stream, &strings);
    let header_row = want.header_row();
    let layout = loop {
        match rows.next(None) {
            Err(detail) => return refuse(&mut reader.problems, bad(detail)),
            Ok(Some(row)) if row < header_row => {}
            Ok(row) => {
                let header: &[sheet::Value] = if row == Some(header_row) { rows.cells() } else { &[] };
                let headers: Vec<String> = header.iter().map(|v| v.text.clone()).collect();
                break Layout::find(&headers, &shown, Some(header_row.into()), want, reader)?;
            }
        }
    };
    let needed = layout.needed();
    let mut builder = Builder::new(shown, layout);
    loop {
        match rows.next(Some(&needed)) {
            Ok(None) => break,
            Ok(Some(row)) => {
                let cells = rows.cells();
                let cell = |ix: usize| {
                    cells.get(ix).map_or(Cell::default(), |v| Cell { text: &v.text, number: v.number })
                };
                if let Err(problem) = builder.push(row.into(), cell) {
                    return refuse(&mut reader.problems, problem);
                }
            }
            Err(detail) => return refuse(&mut reader.problems, bad(detail)),
        }
    }
    Some(builder.finish(reader))
}

fn open<'a>(content: &'a [u8], file: &str) -> Result<Workbook<'a>, Problem> {
    let bad =
        |detail: String| unreadable(file, "classeur XLSX illisible", "unreadable XLSX workbook", &detail);
    let mut zip = ZipArchive::new(Cursor::new(content)).map_err(|e| bad(e.to_string()))?;
    let mut declared = 0u64;
    for ix in 0..zip.len() {
        declared = declared.saturating_add(zip.by_index_raw(ix).map_err(|e| bad(e.to_string()))?.size());
    }
    if declared > MAX_TABLE_BYTES {
        return Err(too_large(file));
    }
    let mut book = Workbook { zip, sheets: Vec::new(), strings: None };
    book.list().map_err(bad)?;
    Ok(book)
}

impl<'a> Workbook<'a> {
    /// A part as a stream, never longer than the zip declares.
    fn part(&mut self, name: &str) -> Result<BufReader<impl Read + use<'_, 'a>>, String> {
        let part = self.zip.by_name(name).map_err(|e| format!("{name}: {e}"))?;
        let size = part.size();
        Ok(BufReader::new(part.take(size)))
    }

    /// Finds the sheets and the shared texts.
    fn list(&mut self) -> Result<(), String> {
        let root = self.relations("")?;
        let office = root.iter().find(|r| r.kind.ends_with("/officeDocument"));
        let book = office.map_or_else(|| "xl/workbook.xml".to_owned(), |r| r.target.clone());
        let relations = self.relations(&book)?;
        self.strings =
            relations.iter().find(|r| r.kind.ends_with("/sharedStrings")).map(|r| r.target.clone());
        let mut sheets = Vec::new();
        elements(self.part(&book)?, |name, get| {
            if name == "sheet"
                && let (Some(title), Some(id)) = (get("name"), get("id"))
                && let Some(relation) = relations.iter().find(|r| r.id == id)
            {
                sheets.push((title, relation.target.clone()));
            }
        })?;
        self.sheets = sheets;
        Ok(())
    }

    /// What a part refers to; the empty name is the package.
    fn relations(&mut self, of: &str) -> Result<Vec<Relation>, String> {
        let (folder, base) = of.rsplit_once('/').unwrap_or(("", of));
        let mut path = vec![folder, "_rels"];
        path.retain(|p| !p.is_empty());
        let name = format!("{}/{base}.rels", path.join("/"));
        let mut found = Vec::new();
        if self.zip.index_for_name(&name).is_none() {
            return Ok(found);
        }
        elements(self.part(&name)?, |element, get| {
            if element == "Relationship"
                && let (Some(id), Some(kind), Some(target)) = (get("Id"), get("Type"), get("Target"))
            {
                found.push(Relation { id, kind, target: resolve(folder, &target) });
            }
        })?;
        Ok(found)
    }
}

/// From one part to another.
struct Relation {
    id: String,
    kind: String,
    target: String,
}

/// The part that a target names: from the root when it begins with `/`, else from the folder of its origin.
fn resolve(folder: &str, target: &str) -> String {
    let from = if target.starts_with('/') { "" } else { folder };
    let mut path: Vec<&str> = Vec::new();
    for step in from.split('/').chain(target.split('/')) {
        match step {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            step => path.push(step),
        }
    }
    path.join("/")
}

/// Calls back with every element of a small part and a look-up of its attributes by local name.
fn elements(
    part: impl std::io::BufRead,
    mut call: impl FnMut(&str, &dyn Fn(&str) -> Option<String>),
) -> Result<(), String> {
    let mut xml = quick_xml::Reader::from_reader(part.take(MAX_LIST_BYTES));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|e| e.to_string())? {
            Event::Start(e) | Event::Empty(e) => {
                let get = |key: &str| {
                    let all = e.attributes().filter_map(Result::ok);
                    let mut alike = all.filter(|a| a.key.local_name().as_ref() == key);
                    alike
                        .next()
                        .and_then(|a| a.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok())
                        .map(|v| v.into_owned())
                };
                call(e.local_name().as_ref(), &get);
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::resolve;

    #[test]
    fn targets_are_relative_or_absolute() {
        assert_eq!(resolve("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolve("xl", "/xl/worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolve("xl/a", "../b.xml"), "xl/b.xml");
        assert_eq!(resolve("", "../../b.xml"), "b.xml");
    }
}
