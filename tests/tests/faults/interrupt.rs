//! Ctrl-C, once, twice, and at both processes; a supervisor that is killed.

use super::{SLOW, names, shipped, signal, solving, started, within};
use maillage_tests::{finished, maillage};
use std::time::Duration;
use tempfile::tempdir;

/// The process that solves is held still until all interrupts have reached it, so that between two of them no solve can end.
#[test]
fn a_second_interrupt_leaves_at_once_and_writes_nothing() {
    let dir = tempdir().unwrap();
    for (interrupts, code) in [(1, 5), (2, 130)] {
        let out = dir.path().join(interrupts.to_string());
        let run = started(&["solve", &shipped(SLOW)], &out);
        let solver = solving(run.id());
        // Reading takes a fraction of that.
        within(60, || (processor_seconds(solver) > 2.0).then_some(()));
        signal("STOP", solver);
        within(10, || (state(solver) == "T").then_some(()));
        let line = std::fs::File::open(format!("/proc/{solver}/fd/0")).unwrap();
        for n in 1..=interrupts {
            signal("INT", run.id());
            within(10, || (rustix::io::ioctl_fionread(&line).unwrap() == n).then_some(()));
        }
        drop(line);
        signal("CONT", solver);
        let ran = finished(run.wait_with_output().unwrap());
        assert_eq!(ran.code, code, "{ran:?}");
        assert_eq!(out.join("result.json").exists(), interrupts == 1, "{ran:?}");
    }
    assert_eq!(names(dir.path()), ["1"], "the second interrupt leaves nothing behind");
}

/// Fields of `/proc/PID/stat` from the third, the state, on.
fn stat(pid: u32) -> Vec<String> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    text.rsplit(") ").next().unwrap().split(' ').map(str::to_owned).collect()
}

fn state(pid: u32) -> String {
    stat(pid).swap_remove(0)
}

/// Of the program itself; Linux counts in hundredths for all that asks.
fn processor_seconds(pid: u32) -> f64 {
    stat(pid)[11].parse::<f64>().unwrap() / 100.0
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
