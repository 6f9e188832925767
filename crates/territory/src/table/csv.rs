//! CSV as French offices write it: `;`, `,`, tabulation or `|`, UTF-8 or Windows-1252, decimal comma.

use super::columns::Want;
use super::layout::Layout;
use super::{Builder, Cell, Table};
use crate::reader::Reader;
use crate::refuse;
use csv::StringRecord;
use maillage_input::{Code, InputFile, Place as At, Problem, Text};
use std::borrow::Cow;

/// Most columns, as in a workbook.
const MAX_COLUMNS: u32 = 1 << 14;

/// Reads a table; rows of another length than the header are problems, but in official files.
pub(super) fn read(input: &InputFile, want: &Want, reader: &mut Reader) -> Option<Table> {
    let file = input.record.path.clone();
    let text = decode(input, reader)?;
    // Rows without names of columns are read from the first line on.
    let unnamed = want.preset.unnamed.filter(|u| names_nothing(&text, u.mark));
    let header_line = if unnamed.is_some() { 0 } else { u64::from(want.header_row()) };
    let body = after_lines(&text, header_line.saturating_sub(1));
    let header = body.lines().find(|l| !l.trim().is_empty()).unwrap_or_default();
    let delimiter = [b'|', b';', b'\t', b',']
        .into_iter()
        .max_by_key(|d| header.bytes().filter(|b| b == d).count())
        .unwrap_or(b',');
    // The registers that use `|` write quotes as they are.
    let quoted = delimiter != b'|' || header.contains('"');
    if let Some(line) = too_wide(body, delimiter, quoted) {
        return refuse(&mut reader.problems, wide(&file, header_line.max(1) + line));
    }
    let mut rows = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .quoting(quoted)
        .flexible(true)
        .has_headers(false)
        .from_reader(body.as_bytes());
    let mut record = StringRecord::new();
    let headers: Vec<String> = match unnamed {
        Some(u) => std::iter::once(u.mark).chain(u.names.iter().copied()).map(str::to_owned).collect(),
        None => match rows.read_record(&mut record) {
            Ok(_) => record.iter().map(str::to_owned).collect(),
            Err(e) => return refuse(&mut reader.problems, broken(&file, header_line, &e.to_string())),
        },
    };
    let layout = Layout::find(&headers, &file, Some(header_line.max(1)), want, reader)?;
    let mut builder = Builder::new(file.clone(), layout);
    loop {
        match rows.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {
                let line = record.position().map_or(0, csv::Position::line) + header_line.saturating_sub(1);
                if unnamed.is_some_and(|u| record.get(0) != Some(u.mark)) {
                    continue;
                }
                if record.len() == headers.len() || want.preset.official {
                    let cell = |ix| Cell { text: record.get(ix).unwrap_or_default(), number: false };
                    if let Err(problem) = builder.push(line, cell) {
                        return refuse(&mut reader.problems, problem);
                    }
                } else if !record.iter().all(|cell| cell.trim().is_empty()) {
                    let detail = format!("{} / {}", record.len(), headers.len());
                    reader.problems.push(broken(&file, line, &detail));
                }
            }
            Err(e) => {
                let line = e.position().map_or(0, csv::Position::line) + header_line.saturating_sub(1);
                reader.problems.push(broken(&file, line, &e.to_string()));
            }
        }
    }
    Some(builder.finish(reader))
}

fn decode<'a>(input: &'a InputFile, reader: &mut Reader) -> Option<Cow<'a, str>> {
    if let Ok(text) = input.utf8() {
        return Some(Cow::Borrowed(text));
    }
    match input.french_text() {
        Ok((text, _)) => {
            reader.problems.push(
                Problem::warning(
                    Code::Latin1,
                    Text::new(
                        "table lue comme Latin-1 (Windows-1252)",
                        "table read as Latin-1 (Windows-1252)",
                    ),
                )
                .at(At::file(&input.record.path))
                .remedy(Text::new(
                    "vérifier les accents, ou enregistrer en UTF-8",
                    "check the accents, or save as UTF-8",
                )),
            );
            Some(Cow::Owned(text))
        }
        Err(problem) => refuse(&mut reader.problems, problem),
    }
}

/// Whether the first two lines hold a row that begins with the mark, and no line of names.
fn names_nothing(text: &str, mark: &str) -> bool {
    let first: Vec<&str> = text.lines().take(2).collect();
    let is_row =
        |line: &&str| line.strip_prefix(mark).is_some_and(|rest| rest.starts_with([';', ',', '|', '\t']));
    match first[..] {
        [line] => is_row(&line),
        // The first line of the extract says what it is; a line of names has as many cells as a row.
        [head, row] => is_row(&head) || (is_row(&row) && head.matches(';').count() < 8),
        _ => false,
    }
}

/// The text after its first lines.
fn after_lines(text: &str, lines: u64) -> &str {
    let mut rest = text;
    for _ in 0..lines {
        rest = rest.split_once('\n').map_or("", |(_, after)| after);
    }
    rest
}

/// The first line, from 0, on which a row has too many cells: found before any cell takes memory.
fn too_wide(body: &str, delimiter: u8, quoted: bool) -> Option<u64> {
    let (mut cells, mut line, mut inside, mut before) = (1, 0, false, b'\n');
    for byte in body.bytes() {
        match byte {
            b'"' if quoted && inside => inside = false,
            // A quote opens a cell, or follows the one that seemed to close it.
            b'"' if quoted => inside = before == delimiter || matches!(before, b'\n' | b'\r' | b'"'),
            b'\n' => {
                line += 1;
                cells = if inside { cells } else { 1 };
            }
            _ if byte == delimiter && !inside => cells += 1,
            _ => {}
        }
        if cells > MAX_COLUMNS {
            return Some(line);
        }
        before = byte;
    }
    None
}

fn wide(file: &str, line: u64) -> Problem {
    Problem::error(
        Code::TableSyntax,
        Text::new(
            format!("ligne de plus de {MAX_COLUMNS} cellules"),
            format!("row of more than {MAX_COLUMNS} cells"),
        ),
    )
    .at(At::line(file, line))
    .remedy(Text::new("vérifier les séparateurs", "check the separators"))
}

fn broken(file: &str, line: u64, detail: &str) -> Problem {
    Problem::error(
        Code::TableSyntax,
        Text::new(
            "ligne dont le nombre de cellules n'est pas celui de l'en-tête, ou illisible",
            "row whose number of cells differs from the header's, or unreadable",
        ),
    )
    .at(At::line(file, line))
    .value(detail)
    .remedy(Text::new("vérifier guillemets et séparateurs", "check quotes and separators"))
}
