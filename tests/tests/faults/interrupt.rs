//! Ctrl-C, once, twice, and at both processes; a supervisor that is killed.

use super::{SLOW, names, shipped, signal, solving, started, within};
use maillage_tests::{finished, maillage};
use std::time::{Duration, Instant};
use tempfile::tempdir;

#[test]
fn a_second_interrupt_leaves_at_once_and_writes_nothing() {
    let dir = tempdir().unwrap();
    let run = started(&["solve", &shipped(SLOW)], &dir.path().join("r"));
    solving(run.id());
    std::thread::sleep(Duration::from_millis(500));
    for _ in 0..2 {
        signal("INT", run.id());
        std::thread::sleep(Duration::from_millis(2));
    }
    let begun = Instant::now();
    let ran = finished(run.wait_with_output().unwrap());
    // The first alone may have ended the solve, where the machine is that fast.
    assert!([130, 5, 6].contains(&ran.code) && begun.elapsed() < Duration::from_secs(20), "{ran:?}");
    assert!(!ran.err.contains("E701"), "{ran:?}");
}

/// As a terminal does it: both processes get the signal, and it counts once.
#[test]
fn an_interrupt_of_both_processes_counts_once() {
    let dir = tempdir().unwrap();
    let out = dir.path().join("r");
    for name in ["INT", "TERM", "HUP"] {
        let run = started(&["solve", &shipped(SLOW), "--quiet", "--json"], &out);
        let solver = solving(run.id());
        std::thread::sleep(Duration::from_secs(3));
        signal(name, solver);
        signal(name, run.id());
        let ran = finished(run.wait_with_output().unwrap());
        assert_eq!(ran.code, 5, "{name}: {ran:?}");
        assert_eq!(ran.json()["limit"], "interrupted");
        assert_eq!(maillage(&["check", &super::text(&out)]).code, 0);
    }
}

#[test]
fn nothing_survives_its_supervisor() {
    let dir = tempdir().unwrap();
    let mut run = started(&["solve", &shipped(SLOW)], &dir.path().join("r"));
    let solver = solving(run.id());
    std::thread::sleep(Duration::from_millis(300));
    run.kill().unwrap();
    run.wait().unwrap();
    within(10, || {
        let stat = std::fs::read_to_string(format!("/proc/{solver}/stat")).unwrap_or_default();
        (stat.is_empty() || stat.contains(") Z ")).then_some(())
    });
    assert!(names(dir.path()).is_empty());
}
