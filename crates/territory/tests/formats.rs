//! One way to name a table, whatever its format.
#![allow(clippy::unwrap_used, reason = "a test that panics fails")]

mod support;

use flate2::write::GzEncoder;
use maillage_territory::{LonLat, Need, Persons, Territory, TerritoryFile};
use std::io::Write;
use support::*;

const NEED: &str = r#""need":{"file":"n","columns":{"code_commune":"INSEE","need_factor":"besoin"}"#;

fn factor(need: Need) -> Option<f64> {
    match need {
        Need::Factor(f) => Some(f),
        _ => None,
    }
}

/// The factors of the three places, whatever the format of `n`.
fn factors(more: &str, n: &[u8]) -> Vec<Option<f64>> {
    let (t, warnings) = good(with(&format!("{NEED}{more}}}"), &[("n", n)]));
    assert_eq!(warnings, [""; 0]);
    t.places.iter().map(|p| factor(p.need)).collect()
}

#[test]
fn four_formats_say_the_same() {
    let csv = "INSEE;nom;besoin\n01001;Sail;0,9\n42187;Roanne;1,25\n99999;Ailleurs;2\n";
    let expected = vec![Some(0.9), None, Some(1.25)];
    assert_eq!(factors("", csv.as_bytes()), expected);
    assert_eq!(factors("", csv.replace(';', "|").as_bytes()), expected);
    let mut gz = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(csv.as_bytes()).unwrap();
    assert_eq!(factors("", &gz.finish().unwrap()), expected);
    let sheet: &[&[&str]] =
        &[&["INSEE", "nom", "besoin"], &["01001", "Sail", "#0.9"], &["42187", "Roanne", "#1.25"]];
    assert_eq!(factors("", &xlsx(&[("Feuil1", sheet)])), expected);
    let layer = gpkg(
        2154,
        "CREATE TABLE communes(fid INTEGER PRIMARY KEY, geom BLOB, INSEE TEXT, nom TEXT, besoin REAL);
         INSERT INTO communes VALUES(1, NULL, '01001', 'Sail', 0.9), (2, NULL, '42187', 'Roanne', 1.25);",
    );
    assert_eq!(factors("", &layer), expected, "the reference system matters to shapes only");
}

#[test]
fn rows_and_headers_are_chosen() {
    let csv = "Titre\n\nINSEE,besoin,annee,sexe\n01001,0.9,2020,T\n01001,0.8,2021,T\n01001,0.7,2021,F\n42187,1,2021,T\n";
    let chosen = r#","header_row":3,"where":{"annee":["2021"],"sexe":["T","X"]}"#;
    assert_eq!(factors(chosen, csv.as_bytes()), [Some(0.8), None, Some(1.0)]);
    let sheet: &[&[&str]] = &[
        &["Titre"],
        &["INSEE", "besoin", "annee"],
        &["", "", "en part"],
        &["01001", "#0.9", "#2020"],
        &["01001", "#0.8", "#2021"],
    ];
    let book = xlsx(&[("Lisez-moi", &[&["texte"]]), ("COM 2021", sheet)]);
    let chosen = r#","sheet":"COM  2021","header_row":2,"where":{"annee":["2021"]}"#;
    assert_eq!(factors(chosen, &book), [Some(0.8), None, None]);
}

#[test]
fn problems_point_into_the_file() {
    let sheet: &[&[&str]] =
        &[&["INSEE", "besoin"], &["01001", "beaucoup"], &["42187", "#-1"], &["42187", "#0"]];
    let (codes, shown) = refused(with(&format!("{NEED}}}"), &[("n", &xlsx(&[("Feuil1", sheet)]))]));
    assert_eq!(codes, ["E303", "E303", "E305"], "{shown}");
    assert!(shown.contains("n (Feuil1):2 [besoin]") && shown.contains("n (Feuil1):4 [INSEE]"), "{shown}");
    let layer = gpkg(
        4326,
        "CREATE TABLE communes(fid INTEGER PRIMARY KEY, geom BLOB, INSEE TEXT, besoin TEXT);
        INSERT INTO communes VALUES(7, NULL, '01001', 'NaN');",
    );
    let (codes, shown) = refused(with(&format!("{NEED}}}"), &[("n", &layer)]));
    assert_eq!(codes, ["E303"], "{shown}");
    assert!(shown.contains("n (communes):7 [besoin]"), "{shown}");
}

#[test]
fn names_that_are_wrong_are_said_with_the_right_one() {
    let csv = b"INSEE_COM,besoin,annee\n01001,1,2021\n".as_slice();
    let need = |inner: &str| refused(with(&format!(r#""need":{{"file":"n",{inner}}}"#), &[("n", csv)]));
    let (codes, shown) = need(r#""columns":{"code_commune":"INSEE_CON","need_factor":"besoin"}"#);
    assert_eq!(codes, ["E301"], "{shown}");
    assert!(shown.contains("[/need/columns/code_commune]"), "{shown}");
    assert!(shown.contains("write `INSEE_COM`? columns of the file: INSEE_COM, besoin, annee"), "{shown}");
    let (codes, shown) = need(r#""columns":{"code_comune":"INSEE_COM","need_factor":"besoin"}"#);
    assert_eq!(codes, ["E301", "E202"], "{shown}");
    assert!(shown.contains("write `code_commune`"), "{shown}");
    let (codes, shown) =
        need(r#""columns":{"code_commune":"INSEE_COM","need_factor":"besoin"},"where":{"anee":["2021"]}"#);
    assert_eq!(codes, ["E301"], "{shown}");
    assert!(shown.contains("[/need/where/anee]") && shown.contains("write `annee`?"), "{shown}");
    let (codes, shown) = need(r#""columns":{"code_commune":"INSEE_COM"},"heder_row":1"#);
    assert_eq!(codes, ["E202"], "{shown}");
}

#[test]
fn sheets_and_layers_are_said_when_several() {
    let sheet: &[&[&str]] = &[&["INSEE", "besoin"], &["01001", "#1"]];
    let book = xlsx(&[("A", sheet), ("B", sheet)]);
    let (codes, shown) = refused(with(&format!("{NEED}}}"), &[("n", &book)]));
    assert_eq!(codes, ["E310"], "{shown}");
    assert!(shown.contains("[/need/sheet]") && shown.contains("choose among: A, B"), "{shown}");
    for unfit in [r#","sheet":"C""#, r#","layer":"A""#] {
        assert_eq!(refused(with(&format!("{NEED}{unfit}}}"), &[("n", &book)])).0, ["E310"], "{unfit}");
    }
    for unfit in [r#","sheet":"C""#, r#","layer":"A""#] {
        assert_eq!(
            refused(with(&format!("{NEED}{unfit}}}"), &[("n", b"INSEE,besoin\n01001,1\n")])).0,
            ["E310"]
        );
    }
}

#[test]
fn lost_zeros_are_said() {
    let places: &[&[&str]] =
        &[&["code_commune", "name", "population", "department"], &["#1001", "Sail", "#100", "#1"]];
    let json = json("").replace("p.csv", "p.xlsx");
    let dir = folder(&[("territory.json", json.as_bytes()), ("p.xlsx", &xlsx(&[("F", places)]))]);
    let (t, warnings) = good(read(&dir));
    assert_eq!(warnings, ["W307", "W307"]);
    assert_eq!((t.places[0].id.as_str(), t.places[0].population), ("1001", Persons(100)), "not 1001.0");
    let need: &[&[&str]] = &[&["INSEE", "besoin"], &["#1001", "#1"], &["#42187", "#1"]];
    let (codes, shown) = refused(with(&format!("{NEED}}}"), &[("n", &xlsx(&[("F", need)]))]));
    assert_eq!(codes, ["E304", "W307"], "{shown}");
    assert!(shown.contains("put the leading zero back"), "{shown}");
}

#[test]
fn a_layer_gives_points_or_polygons() {
    let places = |forms: [String; 2], system| {
        let sql = format!(
            "CREATE TABLE communes(fid INTEGER PRIMARY KEY, geom BLOB, code TEXT, nom TEXT, pop INTEGER);
             INSERT INTO communes VALUES(1, {}, '01001', 'Sail', 100), (2, {}, '42187', 'Roanne', 34366);",
            forms[0], forms[1]
        );
        let columns =
            r#"{"file":"p.gpkg","columns":{"code_commune":"code","name":"nom","population":"pop"}}"#;
        let json = json("").replace(r#"{"file":"p.csv"}"#, columns);
        let dir = folder(&[("territory.json", json.as_bytes()), ("p.gpkg", &gpkg(system, &sql))]);
        read(&dir)
    };
    let (t, warnings) = good(places([point(4.07, 46.03), "NULL".into()], 4326));
    assert_eq!(warnings, [""; 0]);
    assert_eq!(t.places[0].point, Some(LonLat { lon: 4.07, lat: 46.03 }));
    assert_eq!((t.places[1].point, t.contours[0].is_some()), (None, false));
    let (t, _) = good(places([triangle(4.0, 46.0), "NULL".into()], 4326));
    assert!(t.contours[0].is_some() && t.contours[1].is_none() && t.places[0].point.is_none());
    let (codes, shown) = refused(places([point(600_000.0, 6_800_000.0), "NULL".into()], 2154));
    assert_eq!(codes, ["E311"], "{shown}");
    assert!(shown.contains("EPSG:2154 RGF93 / Lambert-93") && shown.contains("EPSG:4326"), "{shown}");
    let (codes, _) = refused(places([point(600_000.0, 6_800_000.0), "x'4750'".into()], 4326));
    assert_eq!(codes, ["E307", "E307"]);
}

#[test]
fn contours_come_from_a_layer() {
    let sql = format!(
        "CREATE TABLE communes(fid INTEGER PRIMARY KEY, geom BLOB, INSEE_COM TEXT);
         INSERT INTO communes VALUES(1, {}, '42187'), (2, {}, '99999'), (3, {}, '01001');",
        triangle(4.0, 46.0),
        triangle(5.0, 46.0),
        triangle(3.0, 46.0)
    );
    let file = gpkg(4326, &sql);
    let section = r#""contours":{"file":"c.gpkg","layer":"communes","columns":{"code_commune":"INSEE_COM"}}"#;
    let (t, warnings) = good(with(section, &[("c.gpkg", &file)]));
    assert_eq!(warnings, ["W303"]);
    assert_eq!(t.contours.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false, true]);
}

#[test]
fn one_file_is_recorded_once() {
    let csv = b"code_commune,need_factor,value\n01001,1.1,2.5\n".as_slice();
    let sections = r#""need":{"file":"a.csv"},"published":[{"name":"APL","year":2018,"file":"a.csv"}]"#;
    let (t, _) = good(with(sections, &[("a.csv", csv)]));
    assert_eq!(t.inputs.len(), 3);
    assert_eq!((factor(t.places[0].need), t.published[0].values[0]), (Some(1.1), Some(2.5)));
}

#[test]
fn shipped_territory_reads_as_before() {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/roannais/territory.json");
    let (t, warnings) = Territory::read(&path).unwrap();
    assert!(warnings.is_empty());
    let gps: u32 = t.places.iter().filter_map(|p| p.gps).map(|g| g.hundredths()).sum();
    let listed: u32 = t.practitioners.iter().map(|p| p.number.hundredths()).sum();
    assert_eq!(gps, listed);
    assert!(t.structures.len() > 1 && t.contours.iter().all(Option::is_some));
    assert_eq!(t.inputs.len(), 4);
}

#[test]
fn keys_of_one_table_or_a_list_are_checked() {
    let one = r#""structures":{"file":"s","formt":"csv"}"#;
    let (codes, shown) = refused(with(one, &[]));
    assert_eq!(codes, ["E202"]);
    assert!(shown.contains("[/structures/formt]") && shown.contains("write `format`"), "{shown}");
    let list = r#""structures":[{"file":"s"},{"file":"s","format":"finesse"}]"#;
    let (codes, shown) = refused(with(list, &[]));
    assert_eq!(codes, ["E207"]);
    assert!(shown.contains("[/structures/1/format]"), "{shown}");
    assert_eq!(refused(with(r#""structures":"s.csv""#, &[])).0, ["E204"]);
    assert_eq!(refused(with(r#""need":{"file":"n","header_row":0}"#, &[])).0, ["E205"]);
}

#[test]
fn old_workbooks_are_told() {
    let (codes, shown) =
        refused(with(&format!("{NEED}}}"), &[("n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0")]));
    assert_eq!(codes, ["E310"]);
    assert!(shown.contains(".xls"), "{shown}");
}

/// Every key of the published schema is explained.
#[test]
fn keys_have_descriptions() {
    fn walk(value: &serde_json::Value, path: &str, bare: &mut Vec<String>) {
        for (key, property) in value.get("properties").and_then(|p| p.as_object()).into_iter().flatten() {
            let tag = property.get("const").is_some();
            if !tag && property.get("description").is_none() && property.get("$ref").is_none() {
                bare.push(format!("{path}/{key}"));
            }
        }
        match value {
            serde_json::Value::Object(inner) => {
                inner.iter().for_each(|(k, v)| walk(v, &format!("{path}/{k}"), bare))
            }
            serde_json::Value::Array(inner) => inner.iter().for_each(|v| walk(v, path, bare)),
            _ => {}
        }
    }
    let mut bare = Vec::new();
    walk(schemars::schema_for!(TerritoryFile).as_value(), "", &mut bare);
    assert_eq!(bare, [""; 0]);
}
