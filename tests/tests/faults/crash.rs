//! The solver crashes, or memory runs out.

use super::{SLOW, files, names, shipped, signal, solve, solving, started, suite_with_slow, within};
use maillage_tests::{Ran, finished, maillage};
use serde_json::Value;
use std::fs;
use std::path::Path;
use tempfile::tempdir;

#[test]
fn a_crash_is_an_error_with_a_code_and_earlier_results_stay() {
    let dir = tempdir().unwrap();
    let out = dir.path().join("r");
    assert_eq!(solve(&shipped("p-median"), &out, &[]).code, 0);
    let before = files(&out);
    for (name, said, remedy) in [
        ("SEGV", "signal 11 (SIGSEGV)", "report this fault"),
        ("ABRT", "signal 6 (SIGABRT)", "memory has probably run out"),
        ("KILL", "signal 9 (SIGKILL)", "memory has probably run out"),
    ] {
        let run = started(&["solve", &shipped(SLOW), "--json"], &out);
        let solver = solving(run.id());
        std::thread::sleep(std::time::Duration::from_millis(300));
        signal(name, solver);
        let ran = finished(run.wait_with_output().unwrap());
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(
            ran.err.contains("error E701") && ran.err.contains(said) && ran.err.contains(remedy),
            "{ran:?}"
        );
        assert_eq!(ran.json()["problems"][0]["code"], "E701");
        assert_eq!(files(&out), before, "the earlier result stays");
    }
    assert_eq!(solve(&shipped("p-median"), &out, &[]).code, 0);
    assert_eq!(names(dir.path()), ["r"], "and nothing is left beside it");
}

/// Every command that solves is watched.
#[test]
fn a_crash_of_any_command_is_told() {
    let dir = tempdir().unwrap();
    let slow = shipped(SLOW);
    for args in [
        &["frontier", &slow, "--budget", "100000:900000:9"][..],
        &["explain", &slow, "--prices"],
        &["alternatives", &slow],
    ] {
        let run = started(args, &dir.path().join("r"));
        let solver = solving(run.id());
        std::thread::sleep(std::time::Duration::from_millis(200));
        signal("SEGV", solver);
        let ran = finished(run.wait_with_output().unwrap());
        assert!(ran.code == 1 && ran.err.contains("E701"), "{args:?}: {ran:?}");
    }
    let left = fs::read_dir(dir.path().join("r")).into_iter().flatten().count();
    assert_eq!(left, 0, "nothing is written");
}

#[test]
fn memory_that_runs_out_is_told() {
    let dir = tempdir().unwrap();
    let out = dir.path().join("r");
    assert_eq!(solve(&shipped("p-median"), &out, &["--memory", "4000"]).code, 0);
    let before = files(&out);
    // From nothing at all to what is enough to begin with.
    for memory in ["1", "60", "90"] {
        let ran = solve(&shipped(SLOW), &out, &["--memory", memory]);
        assert_eq!(ran.code, 1, "{memory} MB: {ran:?}");
        let told = ran.err.contains("E701") && ran.err.contains("--memory");
        assert!(told || ran.err.contains("E109"), "{memory} MB: {ran:?}");
        assert_eq!(files(&out), before);
    }
    assert_eq!(maillage(&["solve", "x.json", "--memory", "0"]).code, 2);
}

fn statuses(out: &Path) -> Vec<(String, String)> {
    let text = fs::read_to_string(out.join("comparison.json")).unwrap();
    let compared: Value = serde_json::from_str(&text).unwrap();
    let word = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
    let rows = compared["scenarios"].as_array().unwrap();
    rows.iter().map(|row| (word(row, "scenario"), word(row, "status"))).collect()
}

fn owned(statuses: &[(&str, &str)]) -> Vec<(String, String)> {
    statuses.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

#[test]
fn a_suite_goes_on_without_the_scenario_that_crashed() {
    let dir = tempdir().unwrap();
    let file = suite_with_slow(dir.path(), &["slow"]);
    let out = dir.path().join("r");
    let run = started(&["suite", &file, "--jobs", "1"], &out);
    within(60, || out.join("five/result.json").exists().then_some(()));
    let solver = solving(run.id());
    std::thread::sleep(std::time::Duration::from_millis(700));
    signal("SEGV", solver);
    let ran = finished(run.wait_with_output().unwrap());
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.contains("slow: the solving process was ended by signal 11"), "{ran:?}");
    let want = [("five", "optimal"), ("slow", "internal_error"), ("seven", "optimal")];
    assert_eq!(statuses(&out), owned(&want));
    assert!(ran.err.contains("five: optimal (kept)"), "what was solved is not solved again: {ran:?}");
    let hidden: Vec<String> = names(&out).into_iter().filter(|n| n.starts_with('.')).collect();
    assert!(hidden.is_empty(), "{hidden:?}");
    let text = fs::read_to_string(out.join("comparison.json")).unwrap();
    assert!(text.contains("SIGSEGV"), "the comparison says why");
    assert_eq!(maillage(&["check", out.to_str().unwrap()]).code, 0);
}

/// Of several that ran at once nobody knows whose fault it was: each is tried alone.
#[test]
fn suspects_are_solved_one_by_one() {
    let dir = tempdir().unwrap();
    let file = suite_with_slow(dir.path(), &["slow", "slower"]);
    let out = dir.path().join("r");
    let run = started(&["suite", &file, "--jobs", "2", "--time-limit", "4"], &out);
    within(60, || out.join("five/result.json").exists().then_some(()));
    let journal = out.join(format!(".suite.run-{}", run.id()));
    let begun = |n: usize| {
        let text = fs::read_to_string(&journal).unwrap_or_default();
        let running = |name: &str| text.matches(&format!("begun {name}\n")).count() >= n;
        (running("slow") && running("slower")).then_some(())
    };
    within(60, || begun(1));
    signal("KILL", solving(run.id()));
    // The one that is tried first crashes again, the other does not.
    within(60, || fs::read_to_string(&journal).unwrap().contains("alone slower\nbegun slow\n").then_some(()));
    signal("KILL", solving(run.id()));
    let ran: Ran = finished(run.wait_with_output().unwrap());
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.contains("one scenario at a time for: slow, slower"), "{ran:?}");
    assert!(ran.err.contains("— slow: the solving process was ended by signal 9"), "{ran:?}");
    let got = statuses(&out);
    assert_eq!(got[1], ("slow".to_owned(), "internal_error".to_owned()));
    assert!(["feasible", "optimal", "no_plan"].contains(&got[2].1.as_str()), "{got:?}");
    assert_eq!([&got[0].1, &got[3].1], ["optimal", "optimal"]);
}
