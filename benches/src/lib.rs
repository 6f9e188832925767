//! What the benches measure: shipped scenarios and public instances, whole runs without writing files.

use maillage_scenario::{LocateOptions, RunOptions};
use rustix::time::{ClockId, clock_gettime};
use std::path::{Path, PathBuf};

/// The top folder of the project.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("benches stand in a folder of the project")
}

/// Every shipped scenario of one year, by name: health programmes have a bench of their own.
pub fn scenarios() -> Vec<(String, PathBuf)> {
    let folder = root().join("scenarios/roannais");
    let mut found: Vec<(String, PathBuf)> = std::fs::read_dir(folder)
        .expect("the Roannais is shipped")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .filter(|path| {
            let text = std::fs::read_to_string(path).unwrap_or_default();
            text.contains("\"problem\"") && !text.contains("\"kind\": \"programme\"")
        })
        .filter_map(|path| Some((path.file_stem()?.to_str()?.to_owned(), path.clone())))
        .collect();
    found.sort();
    found
}

/// Loads and solves a scenario; gives its objective.
///
/// # Panics
/// When the scenario does not load or the solver fails: then there is nothing to measure.
pub fn solve(path: &Path) -> String {
    let (loaded, _) = maillage_scenario::load(path).expect("a shipped scenario loads");
    let finished = maillage_scenario::run(&loaded, &RunOptions::default(), &mut |_| {}).expect("it solves");
    assert_eq!(finished.record.status.as_str(), "optimal");
    finished.record.objective.map(|o| o.to_string()).unwrap_or_default()
}

/// A public instance beside the checkout; said on standard output when it is absent.
pub fn instance(file: &str) -> Option<PathBuf> {
    let path = root().join("../shared/bench").join(file);
    if !path.exists() {
        println!("skipped: no shared/bench/{file}");
        return None;
    }
    Some(path)
}

/// Reads and solves an instance; gives the result as JSON.
///
/// # Panics
/// When the instance does not read, the solver fails or the plan is not proven.
pub fn locate(path: &Path, options: &LocateOptions) -> String {
    let solved = maillage_scenario::locate(path, options, &mut |_| {}).expect("the instance reads");
    let solved = solved.expect("it solves");
    assert_eq!(solved.status().as_str(), "optimal");
    solved.json()
}

/// CPU seconds of this process so far.
pub fn cpu() -> f64 {
    let t = clock_gettime(ClockId::ProcessCPUTime);
    t.tv_sec as f64 + t.tv_nsec as f64 / 1e9
}

/// Most memory that this process has held, in MB; 0 where the system does not say.
pub fn peak_mb() -> u64 {
    status_kb("VmHWM:") / 1024
}

/// Memory that this process holds now, in MB; 0 where the system does not say.
pub fn held_mb() -> f64 {
    status_kb("VmRSS:") as f64 / 1024.0
}

fn status_kb(key: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix(key));
    line.and_then(|l| l.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// A number from 0 below `n`, the same on every machine.
pub fn next(state: &mut u64, n: u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) % n
}
