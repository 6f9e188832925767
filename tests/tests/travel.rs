//! Travel times by the real binary: from an extract to a solved and checked scenario, and tables of other engines.
#![allow(clippy::unwrap_used, reason = "a test that panics fails")]

use maillage_tests::{maillage, shared};
use serde_json::json;
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
    let both = json!({ "fr": "essai", "en": "test" });
    let territory = json!({
        "schema_version": 1, "name": "Monaco", "geography_year": 2025,
        "places": { "file": "communes.csv", "supply": "counted", "source": both },
        "travel": { "kind": "table", "file": "times.csv", "max_min": 60, "source": "OpenStreetMap", "date": "2016-03-05" },
    });
    let scenario = json!({
        "schema_version": 1, "name": "two", "title": both, "territory": "territory.json", "scope": "core",
        "people": { "attachable_percent": 100 },
        "problem": { "kind": "p-median", "p": 2, "candidates": { "places": "core" } },
    });
    fs::write(path("territory.json"), territory.to_string()).unwrap();
    fs::write(path("two.json"), scenario.to_string()).unwrap();
    let ran = maillage(&["solve", &path("two.json"), "-o", &path("out"), "--json", "--quiet"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let objective = ran.json()["objective"].as_f64().unwrap();
    assert_eq!((objective * 100.0).round() as u64, best_two(&times));
    assert_eq!(maillage(&["check", &path("out")]).code, 0);
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
