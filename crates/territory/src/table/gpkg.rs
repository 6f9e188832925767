//! GeoPackage layers: tables of an SQLite database, read from the bytes that were hashed.

use super::columns::{Want, brief};
use super::layout::Layout;
use super::{Builder, Cell, Form, Table, choose, unreadable};
use crate::reader::Reader;
use crate::refuse;
use maillage_input::{Code, InputFile, Place as At, Problem, Text};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row};
use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

/// Most layers that one may choose among.
const MOST_LAYERS: usize = 10_000;

pub(super) fn read(input: &InputFile, want: &Want, reader: &mut Reader) -> Option<Table> {
    let file = &input.record.path;
    if Path::new(&format!("{file}-wal")).metadata().is_ok_and(|m| m.len() > 0) {
        let problem = Problem::error(
            Code::TableFormat,
            Text::new(
                "GeoPackage ouvert ailleurs (fichier « -wal »)",
                "GeoPackage open elsewhere (file `-wal`)",
            ),
        );
        let remedy = Text::new("fermer le logiciel qui le modifie", "close the software that edits it");
        return refuse(&mut reader.problems, problem.at(At::file(file)).remedy(remedy));
    }
    let bad = |e: rusqlite::Error| {
        unreadable(file, "GeoPackage illisible", "unreadable GeoPackage", &e.to_string())
    };
    let read = open(input).and_then(|db| Ok((layers(&db)?, db)));
    let (names, db) = match read {
        Ok(read) => read,
        Err(e) => return refuse(&mut reader.problems, bad(e)),
    };
    let layer = choose(&names, want.spec.layer.as_deref(), "layer", want, reader)?;
    let shown = format!("{file} ({})", brief(layer));
    let (headers, shape) = match fields(&db, layer) {
        Ok(fields) => fields,
        Err(e) => return refuse(&mut reader.problems, bad(e)),
    };
    let layout = Layout::find(&headers, &shown, None, want, reader)?;
    let shape = shape.filter(|_| want.preset.forms);
    if let Some(shape) = &shape
        && !shape.degrees
    {
        return refuse(&mut reader.problems, wrong_system(&shown, &brief(&shape.system)));
    }
    match rows(&db, layer, &headers, layout, shape.as_ref(), &shown, reader) {
        Ok(table) => table,
        Err(e) => refuse(&mut reader.problems, bad(e)),
    }
}

/// Opens the database in memory, read-only.
fn open(input: &InputFile) -> rusqlite::Result<Connection> {
    let bytes = &input.content;
    let mut db = Connection::open_in_memory()?;
    // A database in memory has no write-ahead log: bytes 18 and 19 say that none is used.
    let (head, tail) = bytes.split_at(bytes.len().min(18));
    let mut bytes_read = head.chain(&[1u8, 1][..]).chain(tail.get(2..).unwrap_or_default());
    db.deserialize_read_exact("main", &mut bytes_read, bytes.len().max(20), true)?;
    db.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;")?;
    Ok(db)
}

/// The layers and plain tables that the GeoPackage lists; views are not run.
fn layers(db: &Connection) -> rusqlite::Result<Vec<String>> {
    let plain = plain_tables(db)?;
    if !plain.contains("gpkg_contents") {
        return Ok(Vec::new());
    }
    let sql = "SELECT table_name FROM gpkg_contents
        WHERE data_type IN ('features', 'attributes') AND typeof(table_name) = 'text' ORDER BY 1";
    let mut listed = db.prepare(sql)?;
    let names = listed.query_map([], |row| row.get::<_, String>(0))?;
    let there = |name: &rusqlite::Result<String>| {
        name.as_ref().map_or(true, |name| plain.contains(&name.to_ascii_lowercase()))
    };
    names.filter(there).take(MOST_LAYERS).collect()
}

/// The names of the plain tables, in lower case: a view could run without end.
fn plain_tables(db: &Connection) -> rusqlite::Result<BTreeSet<String>> {
    let sql = "SELECT lower(name) FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'";
    db.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
}

/// The column of shapes of a layer.
struct Shape {
    column: String,
    /// Whether its coordinates are longitude and latitude in WGS84.
    degrees: bool,
    /// Name of its reference system.
    system: String,
}

/// The columns of a layer, and which of them holds shapes.
fn fields(db: &Connection, layer: &str) -> rusqlite::Result<(Vec<String>, Option<Shape>)> {
    let headers = db
        .prepare("SELECT name FROM pragma_table_info(?1)")?
        .query_map([layer], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let plain = plain_tables(db)?;
    if !["gpkg_geometry_columns", "gpkg_spatial_ref_sys"].iter().all(|name| plain.contains(*name)) {
        return Ok((headers, None));
    }
    let sql = "SELECT g.column_name, s.organization, s.organization_coordsys_id, s.srs_name
        FROM gpkg_geometry_columns g LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id
        WHERE lower(g.table_name) = lower(?1)";
    let shape = db
        .query_row(sql, [layer], |row| {
            let text = |ix| row.get::<_, Option<String>>(ix).map(Option::unwrap_or_default);
            let (organisation, code) = (text(1)?.to_uppercase(), row.get::<_, Option<i64>>(2)?);
            let degrees = code == Some(4326) && organisation == "EPSG"
                || organisation == "OGC" && (code == Some(84) || text(3)?.to_uppercase().contains("CRS84"));
            let code = code.map_or("?".to_owned(), |c| c.to_string());
            Ok(Shape { column: text(0)?, degrees, system: format!("{organisation}:{code} {}", text(3)?) })
        })
        .optional()?;
    Ok((headers, shape))
}

fn rows(
    db: &Connection,
    layer: &str,
    headers: &[String],
    layout: Layout,
    shape: Option<&Shape>,
    shown: &str,
    reader: &mut Reader,
) -> rusqlite::Result<Option<Table>> {
    let needed = layout.needed();
    let mut columns = vec!["rowid".to_owned()];
    columns.extend(needed.iter().map(|&ix| quoted(&headers[ix])));
    columns.extend(shape.map(|s| quoted(&s.column)));
    let mut statement = db.prepare(&format!("SELECT {} FROM {}", columns.join(", "), quoted(layer)))?;
    let mut found = statement.query([])?;
    let mut builder = Builder::new(shown.to_owned(), layout);
    while let Some(row) = found.next()? {
        let cells =
            needed.iter().zip(1..).map(|(_, ix)| text(row, ix)).collect::<rusqlite::Result<Vec<_>>>()?;
        let cell = |ix: usize| {
            let at = needed.binary_search(&ix).ok().and_then(|at| cells.get(at));
            at.map_or(Cell::default(), |(text, number)| Cell { text, number: *number })
        };
        let line = u64::try_from(row.get::<_, i64>(0)?).unwrap_or(0);
        match builder.push(line, cell) {
            Err(problem) => return Ok(refuse(&mut reader.problems, problem)),
            Ok(true) if shape.is_some() => builder.table.forms.push(match row.get_ref(needed.len() + 1)? {
                ValueRef::Null => None,
                ValueRef::Blob(blob) => Some(Form::of(blob)),
                _ => Some(Form::Unusable),
            }),
            Ok(_) => {}
        }
    }
    Ok(Some(builder.finish(reader)))
}

/// A cell as text, and whether it is a number.
fn text(row: &Row, ix: usize) -> rusqlite::Result<(String, bool)> {
    Ok(match row.get_ref(ix)? {
        ValueRef::Null | ValueRef::Blob(_) => (String::new(), false),
        ValueRef::Integer(i) => (i.to_string(), true),
        ValueRef::Real(x) => (x.to_string(), true),
        ValueRef::Text(bytes) => (String::from_utf8_lossy(bytes).into_owned(), false),
    })
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn wrong_system(shown: &str, system: &str) -> Problem {
    Problem::error(
        Code::ReferenceSystem,
        Text::new(
            format!("coordonnées dans le système {system}"),
            format!("coordinates in the reference system {system}"),
        ),
    )
    .at(At::file(shown))
    .value(system)
    .remedy(Text::new(
        "reprojeter la couche en WGS84 (EPSG:4326)",
        "reproject the layer to WGS84 (EPSG:4326)",
    ))
}
