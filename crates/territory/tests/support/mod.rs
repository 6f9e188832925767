//! Folders of small files, workbooks and GeoPackages made in the tests.
#![allow(dead_code, reason = "each test file uses a part")]

use maillage_input::{Lang, Problems};
use maillage_territory::{PlaceId, PlaceIx, Territory};
use rusqlite::Connection;
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

/// Two places of Loire and Rhône, and their neighbour.
pub const PLACES: &str =
    "code_commune,name,population\n01001,Sail,100\n42187,Roanne,34366\n42071,Le Coteau,6829\n";

/// A `territory.json` over `p.csv` with more keys.
pub fn json(more: &str) -> String {
    format!(
        r#"{{"schema_version":1,"name":"T","geography_year":2025,"places":{{"file":"p.csv"}},
        "travel":{{"kind":"proxy","max_min":30}}{}{more}}}"#,
        if more.is_empty() { "" } else { "," }
    )
}

pub fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        fs::write(dir.path().join(name), bytes).unwrap();
    }
    dir
}

pub fn read(dir: &TempDir) -> Result<(Territory, Problems), Problems> {
    Territory::read(&dir.path().join("territory.json"))
}

/// Reads a territory made of `p.csv`, more keys and more files.
pub fn with(more: &str, files: &[(&str, &[u8])]) -> Result<(Territory, Problems), Problems> {
    let json = json(more);
    let mut all = vec![("territory.json", json.as_bytes()), ("p.csv", PLACES.as_bytes())];
    all.extend(files);
    read(&folder(&all))
}

/// The territory and the codes of its warnings, but those of missing coordinates.
pub fn good(result: Result<(Territory, Problems), Problems>) -> (Territory, Vec<&'static str>) {
    let (territory, warnings) = result.unwrap_or_else(|all| panic!("{}", all.render(Lang::En)));
    let codes = warnings.iter().map(|p| p.code.as_str()).filter(|c| *c != "W301").collect();
    (territory, codes)
}

/// The codes of a refusal, but those of missing coordinates, and the whole of it as text.
pub fn refused(result: Result<(Territory, Problems), Problems>) -> (Vec<&'static str>, String) {
    let all = result.map(|_| ()).expect_err("must be refused").sorted();
    let codes = all.iter().map(|p| p.code.as_str()).filter(|c| *c != "W301").collect();
    (codes, all.render(Lang::En))
}

pub fn ix(territory: &Territory, code: &str) -> PlaceIx {
    territory.ix(&PlaceId::new(code).unwrap()).unwrap()
}

/// The folder of real data; says so where it is absent, and fails if that is not allowed.
pub fn shared() -> Option<PathBuf> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if data.is_dir() {
        return Some(data);
    }
    assert!(std::env::var_os("MAILLAGE_NO_SKIP").is_none(), "no shared data");
    println!("skipped: no shared data");
    None
}

/// A zip of named parts.
pub fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook of sheets of rows of cells; a cell that begins with `#` is a number. Texts are shared.
pub fn xlsx(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut shared = Vec::new();
    let mut parts: Vec<(String, String)> = Vec::new();
    let (mut list, mut relations) = (String::new(), String::new());
    for (i, (name, rows)) in sheets.iter().enumerate() {
        list += &format!(r#"<sheet name="{name}" sheetId="{i}" r:id="rId{i}"/>"#);
        relations +=
            &format!(r#"<Relationship Id="rId{i}" Type="http://x/worksheet" Target="worksheets/s{i}.xml"/>"#);
        let mut data = String::new();
        for (r, row) in (1..).zip(*rows) {
            data += &format!(r#"<row r="{r}">"#);
            for (c, cell) in (b'A'..).zip(*row).filter(|(_, cell)| !cell.is_empty()) {
                data += &match cell.strip_prefix('#') {
                    Some(number) => format!(r#"<c r="{}{r}"><v>{number}</v></c>"#, char::from(c)),
                    None => {
                        shared.push(format!("<si><t>{cell}</t></si>"));
                        format!(r#"<c r="{}{r}" t="s"><v>{}</v></c>"#, char::from(c), shared.len() - 1)
                    }
                };
            }
            data += "</row>";
        }
        parts.push((
            format!("xl/worksheets/s{i}.xml"),
            format!(r#"<?xml version="1.0"?><worksheet><dimension ref="A1"/><sheetData>{data}</sheetData></worksheet>"#),
        ));
    }
    relations += r#"<Relationship Id="s" Type="http://x/sharedStrings" Target="/xl/sharedStrings.xml"/>"#;
    parts.push(("xl/sharedStrings.xml".into(), format!("<sst>{}</sst>", shared.concat())));
    parts.push(("xl/workbook.xml".into(), format!("<workbook><sheets>{list}</sheets></workbook>")));
    parts.push(("xl/_rels/workbook.xml.rels".into(), format!("<Relationships>{relations}</Relationships>")));
    let root = r#"<Relationships><Relationship Id="r" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    parts.push(("_rels/.rels".into(), root.into()));
    zipped(&parts.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect::<Vec<_>>())
}

/// A GeoPackage made by SQL; the layer `communes` is listed, in a reference system.
pub fn gpkg(system: i64, sql: &str) -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("g.gpkg");
    let db = Connection::open(&path).unwrap();
    db.execute_batch(&format!(
        "CREATE TABLE gpkg_spatial_ref_sys(srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT, organization_coordsys_id INTEGER);
        INSERT INTO gpkg_spatial_ref_sys VALUES('WGS 84', 4326, 'EPSG', 4326), ('RGF93 / Lambert-93', 2154, 'EPSG', 2154);
        CREATE TABLE gpkg_contents(table_name TEXT PRIMARY KEY, data_type TEXT, srs_id INTEGER);
        CREATE TABLE gpkg_geometry_columns(table_name TEXT, column_name TEXT, srs_id INTEGER);
        INSERT INTO gpkg_contents VALUES('communes', 'features', {system});
        INSERT INTO gpkg_geometry_columns VALUES('communes', 'geom', {system});
        {sql}"
    ))
    .unwrap();
    db.close().unwrap();
    fs::read(path).unwrap()
}

/// A GeoPackage point, as SQL.
pub fn point(lon: f64, lat: f64) -> String {
    blob(&[&[1, 1, 0, 0, 0][..], &lon.to_le_bytes(), &lat.to_le_bytes()].concat())
}

/// A GeoPackage triangle at a corner, as SQL.
pub fn triangle(lon: f64, lat: f64) -> String {
    let mut wkb = vec![1, 3, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0];
    for (dx, dy) in [(0.0, 0.0), (0.1, 0.0), (0.1, 0.1), (0.0, 0.0)] {
        wkb.extend((lon + dx).to_le_bytes());
        wkb.extend((lat + dy).to_le_bytes());
    }
    blob(&wkb)
}

fn blob(wkb: &[u8]) -> String {
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    format!("x'47500001e6100000{}'", hex(wkb))
}
