//! Files made to harm, and files made carelessly: an error with a code, in little time and memory, and nothing written.
#![allow(clippy::unwrap_used, reason = "a test that panics fails")]

#[path = "hostile/files.rs"]
mod files;
#[path = "hostile/names.rs"]
mod names;
#[path = "hostile/sizes.rs"]
mod sizes;

use maillage_tests::{Ran, command, finished, maillage};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::{TempDir, tempdir};

/// Four communes: two with GPs.
const COMMUNES: &str = "code_commune,name,population,lon,lat,area_km2,core,gps
01001,Amont,900,5.0,46.0,10,1,1
01002,Bourg,400,5.1,46.0,10,1,0
01003,Coteau,2500,5.0,46.1,20,1,2.5
01004,Détroit,120,5.1,46.1,20,1,0
";

/// A small territory with a plain problem.
struct Small {
    dir: TempDir,
}

impl Small {
    fn new() -> Small {
        let small = Small { dir: tempdir().unwrap() };
        small.put("communes.csv", COMMUNES.as_bytes());
        small.territory(|_| {});
        small.scenario(|_| {});
        small
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).unwrap();
    }

    fn territory(&self, change: impl FnOnce(&mut Value)) {
        let mut territory = json!({
            "schema_version": 1, "name": "T", "geography_year": 2025,
            "places": { "file": "communes.csv", "supply": "counted", "source": { "fr": "s", "en": "s" } },
            "travel": { "kind": "proxy", "max_min": 45 },
        });
        change(&mut territory);
        self.put("territory.json", territory.to_string().as_bytes());
    }

    fn scenario(&self, change: impl FnOnce(&mut Value)) {
        let mut scenario = json!({
            "schema_version": 1, "name": "two", "title": { "fr": "essai", "en": "test" },
            "territory": "territory.json", "scope": "core", "people": { "attachable_percent": 100 },
            "problem": { "kind": "p-median", "p": 2, "candidates": { "places": "core" } },
        });
        change(&mut scenario);
        self.put("two.json", scenario.to_string().as_bytes());
    }

    fn solve(&self) -> Ran {
        maillage(&[
            "solve",
            &text(&self.path("two.json")),
            "-o",
            &text(&self.path("r")),
            "--quiet",
            "--lang",
            "en",
        ])
    }

    /// That solving ends with an error of this code, and writes nothing.
    fn refused(&self, code: &str) -> String {
        let ran = bounded(&["solve", &text(&self.path("two.json")), "-o", &text(&self.path("r"))]);
        assert!(ran.code == 3 && ran.err.contains(code), "{code}: {ran:?}");
        assert!(!self.path("r").exists(), "{code}");
        ran.err
    }
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// A run that may take half a minute of processor time and 700 MB of addresses, no more.
fn bounded(args: &[&str]) -> Ran {
    let program = command(&[]).get_program().to_owned();
    let mut run = std::process::Command::new("sh");
    run.args(["-c", "ulimit -t 30; ulimit -v 700000; exec \"$0\" \"$@\" --lang en"]).arg(program).args(args);
    let ran = finished(run.output().unwrap());
    assert!(!ran.err.contains("E701"), "{args:?}: {ran:?}");
    ran
}
