//! What is left when the machine, the user or another run gets in the way. docs/trust.md has a row for each.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that panics fails")]

#[path = "faults/cache.rs"]
mod cache;
#[path = "faults/crash.rs"]
mod crash;
#[path = "faults/disk.rs"]
mod disk;
#[path = "faults/interrupt.rs"]
mod interrupt;
#[path = "faults/kill.rs"]
mod kill;
#[path = "faults/pipe.rs"]
mod pipe;

use maillage_tests::{Ran, maillage, roannais, timeless, timeless_page};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// A shipped scenario of the Roannais.
fn shipped(name: &str) -> String {
    text(&roannais().join(format!("{name}.json")))
}

/// One that takes more than ten seconds of processor time.
const SLOW: &str = "departures-new-sites";

fn solve(scenario: &str, out: &Path, extra: &[&str]) -> Ran {
    let out = text(out);
    maillage(&[&["solve", scenario, "-o", &out, "--quiet", "--lang", "en"][..], extra].concat())
}

/// A run that goes on beside the test.
fn started(args: &[&str], out: &Path) -> Child {
    let mut run = maillage_tests::command(args);
    run.arg("-o").arg(out).args(["--lang", "en"]);
    run.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Through the system's own command: no other way without unsafe code. Twice for SIGSEGV: Rust looks at the first for an overflow
/// of the stack, and leaves the next to the system.
fn signal(name: &str, pid: u32) {
    for _ in 0..if name == "SEGV" { 2 } else { 1 } {
        Command::new("kill")
            .args([&format!("-{name}"), &pid.to_string()])
            .stderr(Stdio::null())
            .status()
            .unwrap();
        std::thread::sleep(Duration::from_millis(if name == "SEGV" { 50 } else { 0 }));
    }
}

/// The process that a supervisor watches, once it is there.
fn solving(supervisor: u32) -> u32 {
    within(30, || {
        let processes = fs::read_dir("/proc").unwrap().flatten();
        let mut pids = processes.filter_map(|p| p.file_name().to_str()?.parse::<u32>().ok());
        pids.find(|pid| {
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            let mut fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
            fields.next() != Some("Z") && fields.next() == Some(&supervisor.to_string())
        })
    })
}

/// What is there at last; a test that waits in vain fails.
fn within<T>(seconds: u64, mut there: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = there() {
            return found;
        }
        assert!(begun.elapsed() < Duration::from_secs(seconds), "waited {seconds} s in vain");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Names and contents of the files of a folder, without the times and the log.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut out = BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let mut bytes = fs::read(entry.path()).unwrap();
        if name == "result.json" {
            let mut value: Value = serde_json::from_slice(&bytes).unwrap();
            timeless(&mut value);
            bytes = value.to_string().into_bytes();
        } else if name == "report.html" {
            bytes = timeless_page(&String::from_utf8(bytes).unwrap()).into_bytes();
        }
        if name != "log.jsonl" {
            out.insert(name, bytes);
        }
    }
    out
}

/// Names in a folder, hidden ones too.
fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(dir).unwrap().flatten().map(|e| e.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Numbers drawn from a seed: Knuth's MMIX generator.
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// A suite of plain problems, which take milliseconds, and the slow one under the names that are asked for.
fn suite_with_slow(folder: &Path, slow: &[&str]) -> String {
    let mut other: Value = serde_json::from_str(&fs::read_to_string(shipped(SLOW)).unwrap()).unwrap();
    other.as_object_mut().unwrap().remove("$schema");
    other["territory"] = text(&roannais().join("territory.json")).into();
    let mut suite = json!({
        "schema_version": 1,
        "base": roannais().join("p-median.json"),
        "overrides": { "more": { "problem": { "p": 7 } }, "slow": other },
        "scenarios": { "five": [] },
    });
    for name in slow {
        suite["scenarios"][name] = json!(["slow"]);
    }
    suite["scenarios"]["seven"] = json!(["more"]);
    let path = folder.join("suite.json");
    fs::write(&path, suite.to_string()).unwrap();
    text(&path)
}

/// Time limits are counted on a clock that never jumps: the calendar's is asked for nowhere.
#[test]
fn no_limit_hangs_on_the_calendar() {
    let mut folders = vec![maillage_tests::root().join("crates")];
    let mut read = 0;
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                read += 1;
                assert!(!fs::read_to_string(&path).unwrap().contains("SystemTime"), "{}", path.display());
            }
        }
    }
    assert!(read > 100, "{read} files");
}
