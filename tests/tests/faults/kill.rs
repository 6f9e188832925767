//! Killed at any moment; a suite is in `suite.rs`.

use super::{Draw, files, names, shipped, text};
use maillage_tests::{command, maillage, shared};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tempfile::tempdir;

/// Runs a command to its end once, kills it twenty times at moments drawn from a seed, looks at what each left, and runs it to
/// its end again.
fn struck(args: &[&str], whole: &dyn Fn() -> bool) {
    let run = || {
        let mut run = command(args);
        run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    let begun = Instant::now();
    assert_eq!(run().wait().unwrap().code(), Some(0), "{args:?}");
    let mut time = begun.elapsed().as_micros() as u64;
    assert!(whole());
    let (mut draw, mut dead) = (Draw(20_261_124), 0);
    for _ in 0..20 {
        let mut child = run();
        let after = draw.below(time);
        std::thread::sleep(Duration::from_micros(after));
        child.kill().unwrap();
        match child.wait().unwrap().code() {
            None => dead += 1,
            // A run takes less than the first did, on a machine that had more to do then.
            Some(_) => time = time.min(after.max(1000)),
        }
        maillage_tests::buried(child.id());
        assert!(whole(), "{args:?}");
    }
    assert!(dead >= 5, "{dead} of 20 runs were killed before they ended");
    assert_eq!(run().wait().unwrap().code(), Some(0), "{args:?}");
    assert!(whole());
}

/// A folder is as a calm run leaves it, or absent.
fn same(dir: &Path, calm: &BTreeMap<String, Vec<u8>>) -> bool {
    !dir.exists() || files(dir) == *calm
}

#[test]
fn a_solve_that_is_killed_leaves_a_whole_folder_or_none() {
    let dir = tempdir().unwrap();
    let (out, calm) = (dir.path().join("r"), dir.path().join("calm"));
    let scenario = shipped("p-median");
    assert_eq!(maillage(&["solve", &scenario, "-o", &text(&calm)]).code, 0);
    let calm = files(&calm);
    struck(&["solve", &scenario, "-o", &text(&out)], &|| same(&out, &calm));
    assert!(out.exists());
    assert_eq!(names(dir.path()), ["calm", "r"], "nothing is left beside it");
}

#[test]
fn a_report_that_is_killed_leaves_a_whole_folder_or_none() {
    let dir = tempdir().unwrap();
    let out = dir.path().join("r");
    assert_eq!(maillage(&["solve", &shipped("p-median"), "-o", &text(&out)]).code, 0);
    assert_eq!(maillage(&["report", &text(&out), "--with", "xlsx,gpkg"]).code, 0);
    let calm = files(&out);
    struck(&["report", &text(&out), "--with", "xlsx,gpkg"], &|| same(&out, &calm));
    assert_eq!(names(dir.path()), ["r"], "nothing is left beside it");
}

#[test]
fn a_plain_problem_that_is_killed_leaves_a_whole_file_or_none() {
    let dir = tempdir().unwrap();
    let costs: String = (0..60)
        .flat_map(|i| (0..60).map(move |j| format!("c{i},s{j},{}\n", (i * 37 + j * 61) % 101 + 1)))
        .collect();
    let table = dir.path().join("costs.csv");
    std::fs::write(&table, format!("from_id,to_id,cost\n{costs}")).unwrap();
    let out = dir.path().join("r.json");
    let args =
        ["locate", &text(&table), "--format", "csv", "--problem", "p-median", "--p", "9", "-o", &text(&out)];
    let holds = || !out.exists() || maillage(&["check", &text(&out)]).code == 0;
    struck(&args, &holds);
    assert_eq!(names(dir.path()), ["costs.csv", "r.json"]);
}

#[test]
fn a_travel_table_that_is_killed_is_whole_or_absent() {
    let Some(extract) = shared("data/osm/monaco.osm.pbf") else { return };
    let dir = tempdir().unwrap();
    let path = |name: &str| text(&dir.path().join(name));
    std::fs::write(path("places.csv"), super::cache::PLACES).unwrap();
    let (extract, places) = (text(&extract), path("places.csv"));
    let made = |table: &str| ["travel", &extract, "--places", &places, "-o", table].map(str::to_owned);
    assert_eq!(maillage(&made(&path("t.csv")).each_ref().map(String::as_str)).code, 0);
    let calm = ["t.csv", "t.csv.json"].map(|name| std::fs::read(path(name)).unwrap());
    let whole = || {
        let same =
            |(name, calm): (&str, &Vec<u8>)| std::fs::read(path(name)).map_or(true, |now| now == *calm);
        ["t.csv", "t.csv.json"].into_iter().zip(&calm).all(same)
    };
    struck(&made(&path("t.csv")).each_ref().map(String::as_str), &whole);
    assert_eq!(names(dir.path()), ["places.csv", "t.csv", "t.csv.json"], "nothing is left beside them");
}
