//! Files of other tools.

use super::{EVIL, sample};
use crate::{EXPORT_FILES, Export, SuiteExports, exports};
use maillage_input::Lang;
use rusqlite::Connection;
use std::io::{Cursor, Read};

fn made(kind: Export, lang: Lang) -> Vec<(&'static str, Vec<u8>)> {
    exports(&sample().view(), lang, kind).unwrap()
}

fn open(bytes: &[u8]) -> Connection {
    let mut db = Connection::open_in_memory().unwrap();
    db.deserialize_read_exact("main", bytes, bytes.len(), true).unwrap();
    db
}

/// One part of a zip file as text.
fn part(bytes: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn equal_plans_give_equal_bytes_under_known_names() {
    for lang in [Lang::Fr, Lang::En] {
        for kind in Export::ALL {
            let first = made(kind, lang);
            assert!(!first.is_empty());
            assert!(first == made(kind, lang), "{kind:?}");
            for (name, bytes) in &first {
                assert!(!bytes.is_empty() && EXPORT_FILES.contains(name), "{name}");
                assert_eq!(Export::of_file(name), Some(kind));
            }
        }
    }
    assert_eq!(Export::of_file("report.html"), None);
}

#[test]
fn a_geopackage_holds_places_sites_and_assignments() {
    let file = made(Export::Gpkg, Lang::Fr).remove(0).1;
    // The number of the application, at byte 68 of an SQLite file, big-endian.
    assert_eq!(&file[68..72], b"GPKG");
    let db = open(&file);
    let one = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(one("PRAGMA user_version"), 10_300);
    // Three contours; one place with a point alone and one without anything.
    assert_eq!(one("SELECT count(*) FROM places"), 3);
    assert_eq!(one("SELECT count(*) FROM places_points"), 2);
    assert_eq!(one("SELECT count(*) FROM places_points WHERE geom IS NULL"), 1);
    assert_eq!(one("SELECT count(*) FROM sites"), 3);
    // One row before and five after; two of the six lead elsewhere: 42001 to 42002, 42004 to 42003.
    assert_eq!(one("SELECT count(*) FROM assignments"), 6);
    assert_eq!(one("SELECT count(geom) FROM assignments"), 2);
    assert_eq!(one("SELECT sum(people) FROM assignments WHERE state = 'after'"), 8500);
    // 42001: 4500 then 5400 of 6000.
    let (share, gain): (f64, f64) = db
        .query_row(
            "SELECT attached_percent_before, attached_percent_difference FROM places WHERE code_commune = '42001'",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    assert_eq!((share, gain), (75.0, 15.0));
    let name: String =
        db.query_row("SELECT name FROM places WHERE code_commune = '42003'", [], |row| row.get(0)).unwrap();
    assert_eq!(name, EVIL);
    // Every layer is listed with the box that holds it, every column told of.
    for table in ["places", "places_points", "sites", "assignments"] {
        let sql = "SELECT min_x, max_y FROM gpkg_contents JOIN gpkg_geometry_columns USING (table_name) WHERE table_name = ?";
        let (west, north): (f64, f64) = db.query_row(sql, [table], |r| Ok((r.get(0)?, r.get(1)?))).unwrap();
        assert!((4.0..4.4).contains(&west) && (46.0..46.2).contains(&north), "{table}");
        let sql = "SELECT count(*) FROM pragma_table_info(?1) WHERE name NOT IN ('fid', 'geom') AND name NOT IN \
                   (SELECT column_name FROM dictionary WHERE table_name = ?1)";
        let untold: i64 = db.query_row(sql, [table], |row| row.get(0)).unwrap();
        assert_eq!(untold, 0, "{table}");
    }
    assert_eq!(one("SELECT count(*) FROM layer_styles WHERE f_table_name = 'places' AND useAsDefault"), 1);
    // A style colours by a column that is there.
    let qml: String = db
        .query_row(
            "SELECT styleQML FROM layer_styles WHERE f_table_name = 'places' AND useAsDefault",
            [],
            |r| r.get(0),
        )
        .unwrap();
    assert!(qml.contains("attr=\"&quot;attached_percent_after&quot;\""));
}

#[test]
fn a_suite_has_one_file_for_all() {
    let (first, mut second) = (sample(), sample());
    second.record.scenario = "autre".to_owned();
    let mut all = SuiteExports::new(&[Export::Gpkg, Export::Xlsx, Export::Note], "suite", Lang::En).unwrap();
    for sample in [&first, &second] {
        all.add(&sample.view()).unwrap();
    }
    let files = all.finish("scenario,status\nessai,optimal\nautre,optimal\n", "", "").unwrap();
    assert_eq!(files.iter().map(|(name, _)| *name).collect::<Vec<_>>(), crate::SUITE_EXPORT_FILES);
    let db = open(&files[0].1);
    let places: i64 = db
        .query_row("SELECT count(*) FROM places WHERE scenario IN ('essai', 'autre')", [], |row| row.get(0))
        .unwrap();
    assert_eq!(places, 6);
    let qml: String = db
        .query_row("SELECT styleQML FROM layer_styles WHERE f_table_name = 'sites'", [], |row| row.get(0))
        .unwrap();
    assert!(qml.contains("&#39;essai&#39; THEN"), "the first scenario is drawn at once");
    let sheets = part(&files[1].1, "xl/workbook.xml");
    assert!(sheets.contains("name=\"Comparison\"") && sheets.contains("name=\"Dictionary\""), "{sheets}");
}

#[test]
fn a_workbook_holds_texts_as_texts() {
    let book = made(Export::Xlsx, Lang::Fr).remove(0).1;
    let names = part(&book, "xl/workbook.xml");
    for sheet in ["Synthèse", "EPCI", "Communes", "Sites", "Postes", "Rattachements", "Dictionnaire"] {
        assert!(names.contains(&format!("name=\"{sheet}\"")), "{sheet}: {names}");
    }
    assert!(!names.contains("Argent"), "no payments, no sheet");
    let texts = part(&book, "xl/sharedStrings.xml");
    for text in ["42001", "-Bourg, le", "=Monts &amp; \"Vaux\"", "&lt;/script&gt;&lt;script&gt;"] {
        assert!(texts.contains(text), "{text}");
    }
    for n in 1..=7 {
        let sheet = part(&book, &format!("xl/worksheets/sheet{n}.xml"));
        assert!(!sheet.contains("<f>"), "no formula");
        assert!(sheet.contains("<autoFilter ") && sheet.contains("state=\"frozen\""), "{n}");
    }
    assert!(part(&book, "xl/styles.xml").contains("[$-40C]#,##0"));
    assert!(part(&book, "docProps/core.xml").contains("2000-01-01T00:00:00Z"));
}

#[test]
fn a_note_tells_of_each_site_with_its_map() {
    for (lang, people) in [
        (Lang::Fr, "2\u{202f}000 personnes de 2\u{a0}communes"),
        (Lang::En, "2,000 people of 2\u{a0}communes"),
    ] {
        let note = made(Export::Note, lang).remove(0).1;
        // The type stands first and is not packed.
        assert_eq!(&note[30..38], b"mimetype");
        assert_eq!(&note[38..77], b"application/vnd.oasis.opendocument.text");
        let content = part(&note, "content.xml");
        // The structure at 42003 serves its commune (1500) and 42004 (500).
        assert!(content.contains(people), "{content}");
        assert!(content.contains("&lt;script&gt;") && !content.contains("<script"));
        assert_eq!(content.matches("<draw:frame ").count(), 2, "one opened, one extended");
        // The first image that a program can draw is shown.
        assert!(content.contains("map-1.svg") && content.find("map-1.svg") < content.find("map-1.png"));
        let map = part(&note, "Pictures/map-1.svg");
        assert!(map.contains("<line ") && !map.contains("<script"));
        let manifest = part(&note, "META-INF/manifest.xml");
        assert!(manifest.contains("Pictures/map-2.svg") && !manifest.contains("map-3"));
        assert!(manifest.contains("Pictures/map-2.png\" manifest:media-type=\"image/png\""));
    }
}

#[test]
fn drawings_are_svg_of_their_own() {
    let files = made(Export::Maps, Lang::En);
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    assert!(names.contains(&"map-attached-change.svg") && names.contains(&"chart-people.svg"), "{names:?}");
    assert!(!names.contains(&"chart-money.svg"), "no payments");
    assert_eq!(files.len() % 2, 0);
    for (name, bytes) in files.iter().filter(|(name, _)| name.ends_with(".svg")) {
        // Each has its picture of pixels: 2,000 wide, as the head of a PNG says.
        let png = files.iter().find(|(png, _)| png.strip_suffix("png") == name.strip_suffix("svg"));
        let (_, png) = png.unwrap();
        assert_eq!((&png[1..4], &png[16..20]), (&b"PNG"[..], &2000_u32.to_be_bytes()[..]), "{name}");
        let svg = std::str::from_utf8(bytes).unwrap();
        assert!(
            svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\"") && svg.ends_with("</svg>\n"),
            "{name}"
        );
        assert!(!svg.contains("<script") && !svg.contains("class="), "{name}");
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{name}");
    }
}

#[test]
fn a_scenario_without_a_plan_has_its_files_too() {
    let mut sample = sample();
    sample.record.status = maillage_programme::Status::Infeasible;
    sample.record.sites.clear();
    sample.assignments.clear();
    sample.record.indicators.clear();
    for kind in Export::ALL {
        exports(&sample.view(), Lang::Fr, kind).unwrap();
    }
}
