//! What the program says of itself, and what it says of files of a later version.
#![allow(clippy::unwrap_used, reason = "a test that panics fails")]

use maillage_tests::{maillage, roannais, scenario};
use serde_json::{Value, json};
use std::fs;
use tempfile::tempdir;

#[test]
fn the_version_names_solver_and_target() {
    let (short, long) = (maillage(&["-V"]), maillage(&["--version"]));
    assert_eq!((short.code, short.out.lines().count()), (0, 1), "{short:?}");
    assert!(long.out.starts_with(short.out.trim_end()), "{long:?}");
    for part in ["HiGHS 1.15.0", "commit: ", "linux", "(release)"] {
        assert!(cfg!(debug_assertions) || long.out.contains(part), "{part} is missing from {}", long.out);
    }
}

#[test]
fn completions_and_manual_know_every_command() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = maillage(&["completions", shell]);
        assert!(ran.code == 0 && ran.out.contains("frontier") && ran.out.contains("time-limit"), "{shell}");
    }
    let dir = tempdir().unwrap();
    let folder = dir.path().join("man");
    assert_eq!(maillage(&["man", folder.to_str().unwrap()]).code, 0);
    for page in ["maillage.1", "maillage-solve.1", "maillage-locate.1", "maillage-travel-import.1"] {
        assert!(fs::read_to_string(folder.join(page)).unwrap().contains(".SH"), "{page}");
    }
    // A file is in the way.
    let taken = dir.path().join("taken");
    fs::write(&taken, "").unwrap();
    let ran = maillage(&["man", taken.to_str().unwrap(), "--lang", "en"]);
    assert!(ran.code == 3 && ran.err.contains("E107"), "{ran:?}");
}

#[test]
fn files_of_a_later_version_are_refused_as_such() {
    let dir = tempdir().unwrap();
    let later = |value: &mut Value| {
        value["schema_version"] = json!(2);
        value["what_is_new"] = json!(true);
    };
    let file = scenario(dir.path(), "three-sites", later);
    let territory = dir.path().join("territory.json");
    let text = fs::read_to_string(roannais().join("territory.json")).unwrap();
    let mut value: Value = serde_json::from_str(&text).unwrap();
    later(&mut value);
    fs::write(&territory, value.to_string()).unwrap();
    let suite = dir.path().join("suite.json");
    fs::write(&suite, json!({"schema_version": 2, "base": {}, "new": 1}).to_string()).unwrap();
    for file in [file.as_str(), territory.to_str().unwrap(), suite.to_str().unwrap()] {
        let ran = maillage(&["validate", file, "--lang", "en"]);
        // That alone: what follows from it is not told.
        assert!(ran.code == 3 && ran.err.contains("E208") && !ran.err.contains("E202"), "{ran:?}");
        assert!(ran.err.contains("update maillage") && ran.err.contains("/schema_version"), "{ran:?}");
    }
}

#[test]
fn results_of_a_later_version_are_refused_as_such() {
    let dir = tempdir().unwrap();
    let (costs, out) = (dir.path().join("c.csv"), dir.path().join("r.json"));
    fs::write(&costs, "from_id,to_id,cost\na,x,1\n").unwrap();
    let (costs, out) = (costs.to_str().unwrap(), out.to_str().unwrap());
    let how = ["--format", "csv", "--problem", "p-median", "--p", "1", "-o", out];
    assert_eq!(maillage(&[&["locate", costs][..], &how].concat()).code, 0);
    let mut value: Value = serde_json::from_str(&fs::read_to_string(out).unwrap()).unwrap();
    value["schema_version"] = json!(2);
    value["what_is_new"] = json!(true);
    fs::write(out, value.to_string()).unwrap();
    let ran = maillage(&["check", out, "--lang", "en"]);
    assert!(ran.code == 3 && ran.err.contains("E208"), "{ran:?}");
    // The same without a later version is no result at all.
    value["schema_version"] = json!(1);
    fs::write(out, value.to_string()).unwrap();
    let ran = maillage(&["check", out, "--lang", "en"]);
    assert!(ran.code == 3 && ran.err.contains("E501"), "{ran:?}");
}
