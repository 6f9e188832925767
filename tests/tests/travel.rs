//! Travel times by the real binary: from an extract to a solved and checked scenario, and tables of other engines.
#![allow(clippy::unwrap_used, reason = "a test that panics fails")]

use maillage_tests::{maillage, shared};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use tempfile::tempdir;

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Codes, people and positions of six communes around Monaco (INSEE 2023, IGN 2023).
const COMMUNES: &str = "code_commune,name,population,lon,lat,area_km2,core,gps
06012,Beausoleil,11936,7.42558,43.7435,2.79,1,1
06032,Cap-d'Ail,4482,7.40678,43.7223,2.04,1,1
06059,Èze,2144,7.36149,43.7292,9.47,1,1
06092,Peillon,1408,7.36712,43.7685,8.7,1,1
06104,Roquebrune-Cap-Martin,12037,7.47372,43.7578,9.33,1,1
06150,La Turbie,3045,7.39968,43.7453,7.42,1,1
";

/// Two sites closest to everyone, by trying every two: people times hundredths of a minute.
fn best_two(times: &str) -> u64 {
    let people: BTreeMap<&str, u64> = COMMUNES
        .lines()
        .skip(1)
        .map(|line| line.split(',').collect::<Vec<_>>())
        .map(|cells| (cells[0], cells[2].parse().unwrap()))
        .collect();
    let time: BTreeMap<(&str, &str), u64> = times
        .lines()
        .skip(1)
        .map(|line| line.split(',').collect::<Vec<_>>())
        .map(|cells| ((cells[0], cells[1]), cells[2].replace('.', "").parse().unwrap()))
        .collect();
    let cost = |a: &str, b: &str| people.iter().map(|(i, n)| n * time[&(*i, a)].min(time[&(*i, b)])).sum();
    people.keys().flat_map(|a| people.keys().map(move |b| (a, b))).map(|(a, b)| cost(a, b)).min().unwrap()
}

#[test]
fn from_an_extract_to_a_checked_plan() {
    let Some(extract) = shared("data/osm/monaco.osm.pbf") else { return };
    let dir = tempdir().unwrap();
    let path = |name: &str| text(&dir.path().join(name));
    fs::write(path("communes.csv"), COMMUNES).unwrap();
    let ran = maillage(&[
        "travel",
        &text(&extract),
        "--places",
        &path("communes.csv"),
        "-o",
        &path("times.csv"),
        "--lang",
        "en",
    ]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("trips: 30 of 30 possible"), "{}", ran.out);
    // Peillon lies by a road that leads on only outside the extract.
    assert!(ran.err.contains("W603") && ran.err.contains("06092"), "{}", ran.err);
    let times = fs::read_to_string(path("times.csv")).unwrap();
    let solved = solve(dir.path(), "times.csv", false);
    let objective = solved["objective"].as_f64().unwrap();
    assert_eq!((objective * 100.0).round() as u64, best_two(&times));
    // Source and date come from what `travel` wrote beside the table, which is an input like the table itself.
    let label = solved["travel"]["label"]["en"].as_str().unwrap();
    assert!(label.contains("monaco.osm.pbf (car), © OpenStreetMap contributors, ODbL 1.0, 2016-"), "{label}");
    let inputs: Vec<_> = solved["inputs"].as_array().unwrap().iter().map(|i| &i["path"]).collect();
    assert!(
        inputs.contains(&&json!("times.csv")) && inputs.contains(&&json!("times.csv.json")),
        "{inputs:?}"
    );
    assert_eq!(maillage(&["check", &path("out")]).code, 0);

    // The same table in binary gives the same plan; without what stands beside it, it is said to be unsourced.
    let binary = ["--places", &path("communes.csv"), "-o", &path("times.mtt"), "--quiet"];
    assert_eq!(maillage(&[&["travel", &text(&extract)][..], &binary].concat()).code, 0);
    fs::remove_file(path("times.mtt.json")).unwrap();
    let again = solve(dir.path(), "times.mtt", true);
    for key in ["objective", "bound", "sites", "indicators"] {
        assert_eq!(solved[key], again[key], "{key}");
    }
    assert_eq!(again["travel"]["label"]["en"], "table whose source is not said, undated");
    let granted = |result: &Value| result["unsourced"].to_string().contains("source is not said");
    assert!(granted(&again) && !granted(&solved), "{}", again["unsourced"]);
    assert_eq!(maillage(&["check", &path("out")]).code, 0);
    let mut bytes = fs::read(path("times.mtt")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path("times.mtt"), bytes).unwrap();
    assert_ne!(maillage(&["check", &path("out")]).code, 0);
    let ran = maillage(&["validate", &path("two.json")]);
    assert_eq!((ran.code, ran.err.contains("E310")), (3, true), "{ran:?}");
}

/// The result of two sites for the communes on this table, and whether anything unusual (W404) is said.
fn solve(dir: &Path, table: &str, unusual: bool) -> Value {
    let path = |name: &str| text(&dir.join(name));
    let both = json!({ "fr": "essai", "en": "test" });
    let territory = json!({
        "schema_version": 1, "name": "Monaco", "geography_year": 2025,
        "places": { "file": "communes.csv", "supply": "counted", "source": both },
        "travel": { "kind": "table", "file": table, "max_min": 60 },
    });
    let scenario = json!({
        "schema_version": 1, "name": "two", "title": both, "territory": "territory.json", "scope": "core",
        "people": { "attachable_percent": 100 },
        "problem": { "kind": "p-median", "p": 2, "candidates": { "places": "core" } },
    });
    fs::write(path("territory.json"), territory.to_string()).unwrap();
    fs::write(path("two.json"), scenario.to_string()).unwrap();
    let ran = maillage(&["solve", &path("two.json"), "-o", &path("out"), "--json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.err.contains("W404"), unusual, "{}", ran.err);
    ran.json()
}

#[test]
fn the_proxy_held_against_a_table() {
    let Some(table) = shared("data/matrices/grand_paris_car_minutes.csv.gz") else { return };
    let Some(points) = shared("data/matrices/grand_paris_points.csv") else { return };
    let dir = tempdir().unwrap();
    let out = text(&dir.path().join("proxy.json"));
    let args = ["travel", "calibrate", &text(&table), "--places", &text(&points), "-o", &out, "--json"];
    let ran = maillage(&args);
    // No area in this table of points: every place counts as rural, and that is said.
    assert_eq!((ran.code, ran.err.matches("W404").count() >= 2), (0, true), "{ran:?}");
    let said = ran.json();
    assert_eq!((&said["together"], &said["all"]["trips"]), (&json!(true), &json!(22_350)));
    let off = |of: &str, speeds: &str| said[of][speeds]["median_min"].as_f64().unwrap();
    assert!(off("held_out", "fitted") < off("held_out", "default"), "{said}");
    let written: Value = serde_json::from_str(&fs::read_to_string(&out).unwrap()).unwrap();
    assert_eq!(written["speed"], said["speed"]);
    // What it gives is what a territory takes.
    let schema = maillage(&["schema", "territory"]).json();
    let known = schema["$defs"]["ProxySpeed"]["properties"].as_object().unwrap();
    assert!(said["speed"].as_object().unwrap().keys().all(|key| known.contains_key(key)));
}

#[test]
fn a_profile_of_ones_own_is_validated() {
    let dir = tempdir().unwrap();
    let path = text(&dir.path().join("mine.json"));
    let shipped = fs::read_to_string(maillage_tests::root().join("crates/travel/profiles/car.json")).unwrap();
    fs::write(&path, &shipped).unwrap();
    assert_eq!(maillage(&["validate", &path]).code, 0);
    fs::write(&path, shipped.replace("\"junction_s\": 2,", "\"junction_s\": -2,")).unwrap();
    let ran = maillage(&["validate", &path]);
    assert_eq!((ran.code, ran.err.contains("E205")), (3, true), "{ran:?}");
    assert!(maillage(&["schema", "profile"]).json()["properties"]["roads"].is_object());
}

#[test]
fn tables_of_other_engines() {
    let dir = tempdir().unwrap();
    let path = |name: &str| text(&dir.path().join(name));
    fs::write(path("a.csv"), "origin,dest,cost\na,b,600\nb,a,\n").unwrap();
    let ran = maillage(&["travel", "import", &path("a.csv"), "--from", "access", "-o", &path("t.csv")]);
    assert_eq!((ran.code, ran.err.contains("E603")), (3, true), "{ran:?}");
    let ran = maillage(&[
        "travel",
        "import",
        &path("a.csv"),
        "--from",
        "access",
        "--unit",
        "seconds",
        "-o",
        &path("t.csv"),
        "--json",
    ]);
    assert_eq!((ran.code, ran.err.contains("W604")), (0, true), "{ran:?}");
    assert_eq!((&ran.json()["made"]["unit"], &ran.json()["made"]["absent"]), (&json!("seconds"), &json!(1)));
    assert_eq!(fs::read_to_string(path("t.csv")).unwrap(), "from_id,to_id,minutes\na,b,10.00\n");
}

#[test]
fn what_is_no_extract_is_said_and_nothing_is_written() {
    let dir = tempdir().unwrap();
    let path = |name: &str| text(&dir.path().join(name));
    fs::write(path("p.csv"), "id,lat,lon\na,0,0\n").unwrap();
    let ran = maillage(&["travel", &path("p.csv"), "--places", &path("p.csv"), "-o", &path("t.csv")]);
    assert_eq!((ran.code, ran.err.contains("E601")), (3, true), "{ran:?}");
    assert!(!dir.path().join("t.csv").exists());
    assert_eq!(maillage(&["travel"]).code, 2);
}
