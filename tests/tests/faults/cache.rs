//! Prepared graphs and binary tables that were damaged.

use super::{Draw, text};
use maillage_tests::{maillage, shared};
use std::fs;
use std::path::Path;
use tempfile::tempdir;

/// Communes around Monaco (INSEE 2023, IGN 2023).
pub(crate) const PLACES: &str = "code_commune,name,population,lon,lat,area_km2,core,gps
06012,Beausoleil,11936,7.42558,43.7435,2.79,1,1
06032,Cap-d'Ail,4482,7.40678,43.7223,2.04,1,1
06104,Roquebrune-Cap-Martin,12037,7.47372,43.7578,9.33,1,1
06150,La Turbie,3045,7.39968,43.7453,7.42,1,1
";

/// Bytes cut off, flipped, or all replaced.
fn damaged(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut draw = Draw(7);
    let mut out =
        vec![bytes[..1].to_vec(), bytes[..bytes.len() / 2].to_vec(), bytes[..bytes.len() - 1].to_vec()];
    for _ in 0..8 {
        let mut flipped = bytes.to_vec();
        flipped[draw.below(bytes.len() as u64) as usize] ^= 1 << draw.below(8);
        out.push(flipped);
    }
    out.push([bytes, b"more"].concat());
    out
}

#[test]
fn a_damaged_prepared_graph_is_told_and_prepared_again() {
    let Some(extract) = shared("data/osm/monaco.osm.pbf") else { return };
    let dir = tempdir().unwrap();
    let path = |name: &str| text(&dir.path().join(name));
    fs::write(path("places.csv"), PLACES).unwrap();
    let run = || {
        let (places, table, kept) = (path("places.csv"), path("t.csv"), path("graph.ch"));
        let args = [
            "travel",
            &text(&extract),
            "--places",
            &places,
            "-o",
            &table,
            "--prepared",
            &kept,
            "--lang",
            "en",
        ];
        let ran = maillage(&args);
        assert_eq!(ran.code, 0, "{ran:?}");
        (ran.err, fs::read(path("t.csv")).unwrap())
    };
    let (said, table) = run();
    assert!(!said.contains("prepared"), "{said}");
    let graph = fs::read(path("graph.ch")).unwrap();
    for bytes in damaged(&graph) {
        fs::write(path("graph.ch"), &bytes).unwrap();
        let (said, again) = run();
        assert!(said.contains("W404") && said.contains("prepared graph"), "{said}");
        assert_eq!(again, table);
        // A file that does not begin as ours does is somebody's, and stays.
        let ours = bytes.len() < 8 || bytes[..8] == graph[..8];
        assert_eq!(fs::read(path("graph.ch")).unwrap() == graph, ours);
    }
    // Neither a folder nor a pipe is read or waited for.
    fs::remove_file(path("graph.ch")).unwrap();
    fs::create_dir(path("graph.ch")).unwrap();
    assert!(run().0.contains("W404") && Path::new(&path("graph.ch")).is_dir());
    fs::remove_dir(path("graph.ch")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(path("graph.ch")).status().unwrap().success());
    assert!(run().0.contains("W404"));
}

#[test]
fn a_damaged_binary_table_is_refused() {
    let Some(extract) = shared("data/osm/monaco.osm.pbf") else { return };
    let dir = tempdir().unwrap();
    let path = |name: &str| text(&dir.path().join(name));
    fs::write(path("places.csv"), PLACES).unwrap();
    let args = ["travel", &text(&extract), "--places", &path("places.csv"), "-o", &path("t.mtt"), "--quiet"];
    assert_eq!(maillage(&args).code, 0);
    let both = serde_json::json!({ "fr": "essai", "en": "test" });
    let territory = serde_json::json!({
        "schema_version": 1, "name": "Monaco", "geography_year": 2025,
        "places": { "file": "places.csv", "supply": "counted", "source": both },
        "travel": { "kind": "table", "file": "t.mtt", "max_min": 60 },
    });
    fs::write(path("territory.json"), territory.to_string()).unwrap();
    let good = maillage(&["validate", &path("territory.json"), "--lang", "en"]);
    assert_eq!(good.code, 0, "{good:?}");
    for bytes in damaged(&fs::read(path("t.mtt")).unwrap()) {
        fs::write(path("t.mtt"), bytes).unwrap();
        let ran = maillage(&["validate", &path("territory.json"), "--lang", "en"]);
        assert!(ran.code == 3 && ran.err.contains("t.mtt"), "{ran:?}");
    }
}
