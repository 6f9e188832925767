//! `docs/certificates.md` suffices to write another checker: one in plain Python accepts what the engine writes, refuses
//! it when it was tampered with, and counts the page's examples as the page and `maillage check` do.
#![allow(clippy::unwrap_used, reason = "a test that panics fails")]

use maillage_tests::{maillage, root, shared, skip};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::tempdir;

/// What the second checker says of a result: whether it accepts it, and its words.
fn second(result: &Path) -> Option<(bool, String)> {
    let checker = root().join("tests/second_checker/checker.py");
    let Ok(out) = Command::new("python3").arg("-B").arg(checker).arg(result).output() else {
        skip("no python3");
        return None;
    };
    let said = String::from_utf8_lossy(&out.stdout) + String::from_utf8_lossy(&out.stderr);
    assert!(!said.contains("Traceback"), "{said}");
    Some((out.status.success(), said.into_owned()))
}

/// Solves into `folder`; what stands in the file.
fn solve(folder: &Path, instance: &Path, how: &str) -> Value {
    let (file, out) = (instance.to_string_lossy(), folder.join("r.json"));
    let mut args = vec!["locate", &*file, "--quiet", "-o", out.to_str().unwrap()];
    args.extend(how.split_whitespace());
    let ran = maillage(&args);
    assert_eq!(ran.code, 0, "{how}: {}", ran.err);
    serde_json::from_str(&fs::read_to_string(out).unwrap()).unwrap()
}

fn write(folder: &Path, value: &Value) -> PathBuf {
    let file = folder.join("changed.json");
    fs::write(&file, value.to_string()).unwrap();
    file
}

#[test]
fn it_accepts_the_engine_and_refuses_what_was_tampered_with() {
    for (file, how) in [
        ("pmed/pmed1.txt.gz", "--format orlib-pmed --problem p-median"),
        ("pmed/pmed1.txt.gz", "--format orlib-pmed --problem p-center --p 12"),
        ("pmed/pmed1.txt.gz", "--format orlib-pmed --problem set-cover --radius 60"),
        ("pmed/pmed1.txt.gz", "--format orlib-pmed --problem max-cover --p 4 --radius 60"),
        ("pmed/pmed1.txt.gz", "--format orlib-pmed --problem backup-cover --times 2 --radius 80"),
        ("pmed/pmed1.txt.gz", "--format orlib-pmed --problem backup-cover --p 24 --radius 80"),
        ("tsp/rat783.tsp.gz", "--format tsplib --problem p-median --p 100"),
        ("tsp/rat783.tsp.gz", "--format tsplib --problem p-center --p 10"),
        (
            "grid/GRID_MCLP_n100_m1000_d1_100_f1_1_s1.dat.gz",
            "--format grid --problem max-cover --budget 10 --radius 5.5",
        ),
        (
            "grid/GRID_INST_n100_m1000_d1_100_f10_100_s1.dat.gz",
            "--format grid --problem partial-cover --demand 24958 --radius 5.5",
        ),
    ] {
        let Some(instance) = shared(&format!("bench/{file}")) else { return };
        let dir = tempdir().unwrap();
        let honest = solve(dir.path(), &instance, how);
        assert!(honest["certificate"]["bound"].as_u64().unwrap() > 0, "{how}");
        let Some((accepted, said)) = second(&dir.path().join("r.json")) else { return };
        assert!(accepted, "{how}: {said}");
        let number = |at: &str| honest.pointer(at).unwrap().as_u64().unwrap();
        let (bound, objective) = (number("/certificate/bound"), number("/objective"));
        let optimal = said.contains("proven optimal");
        assert_eq!(optimal, bound == objective, "{how}: {said}");
        for (at, value) in [
            ("/certificate/bound", json!(bound + 1)),
            ("/certificate/bound", json!(bound - 1)),
            ("/certificate/multipliers", json!([1])),
            ("/objective", json!(objective + 1)),
            ("/open/0", json!("nowhere")),
            ("/inputs/0/sha256", json!("0")),
        ] {
            let mut changed = honest.clone();
            *changed.pointer_mut(at).unwrap() = value;
            let (accepted, said) = second(&write(dir.path(), &changed)).unwrap();
            assert!(!accepted && said.contains("refused"), "{how} {at}: {said}");
        }
        // A bound that follows from no multipliers at all.
        let mut changed = honest.clone();
        let multipliers = changed.pointer_mut("/certificate/multipliers").unwrap().as_array_mut().unwrap();
        multipliers.fill(json!(0));
        let (accepted, said) = second(&write(dir.path(), &changed)).unwrap();
        assert!(!accepted && said.contains("the multipliers prove"), "{how}: {said}");
    }
}

/// The examples of the page: five villages on a road. Capacities are for `maillage check` alone.
#[test]
fn it_counts_the_examples_of_the_page() {
    let dir = tempdir().unwrap();
    let (one, third) = (1u64 << 32, (1u64 << 32) / 3);
    for (how, kind, scale, multipliers, bound) in [
        ("p-median --p 2", "p-median", 1 << 20, vec![1 << 20; 5], 3),
        ("p-center --p 2", "p-center", one, vec![1, 1, 1, 0, 0], 1),
        ("max-cover --p 1 --radius 1", "max-cover", one, vec![one; 5], 3),
        ("set-cover --radius 1", "set-cover", one, vec![one, 0, 0, one, 0], 2),
        ("partial-cover --demand 4 --radius 1", "partial-cover", one, vec![third; 6], 2),
        ("backup-cover --times 2 --radius 1", "backup-cover", 1, vec![1, 0, 0, 0, 1], 4),
        ("backup-cover --p 3 --radius 1", "backup-cover", 1, vec![1; 5], 4),
        ("fixed-charge", "fixed-charge", 256, vec![341; 5], 7),
        ("capacitated", "capacitated", 256, vec![341; 5], 7),
        ("single-source", "capacitated", 256, vec![341; 5], 7),
    ] {
        let (file, format) = road(dir.path(), kind);
        let mut result = solve(dir.path(), &file, &format!("--format {format} --problem {how}"));
        let certificate =
            |bound: u64| json!({"kind": kind, "scale": scale, "bound": bound, "multipliers": multipliers});
        result["certificate"] = certificate(bound);
        let changed = write(dir.path(), &result);
        // The bound holds; only the seal may be that of another certificate.
        let check = maillage(&["check", changed.to_str().unwrap(), "--lang", "en"]);
        assert!(
            !check.out.contains("C211") && check.out.contains("the multipliers prove"),
            "{how}: {}",
            check.out
        );
        if kind != "capacitated" {
            let Some((accepted, said)) = second(&changed) else { return };
            assert!(accepted, "{how}: {said}");
            assert_eq!(said.contains("proven optimal"), !how.contains("--p 3"), "{how}: {said}");
        }
        // One more is not proven.
        result["certificate"] = certificate(bound + 1);
        let changed = write(dir.path(), &result);
        let check = maillage(&["check", changed.to_str().unwrap(), "--lang", "en"]);
        assert!(check.code == 7 && check.out.contains("C211"), "{how}: {}", check.out);
        assert!(kind == "capacitated" || !second(&changed).unwrap().0, "{how}");
    }
}

/// The five villages, with openings of 2, and capacities of 3 for demands of 1 where they count; and the format.
fn road(folder: &Path, kind: &str) -> (PathBuf, &'static str) {
    let costs = |j: u64| (0..5u64).map(|i| i.abs_diff(j).to_string()).collect::<Vec<_>>().join(" ");
    let (format, text) = match kind {
        "fixed-charge" => {
            let sites = (0..5).map(|j| format!("{} 2 {}\n", j + 1, costs(j))).collect::<String>();
            ("uflib", format!("FILE: road\n5 5 0\n{sites}"))
        }
        "capacitated" => {
            let sites = (0..5).map(|j| costs(j) + "\n").collect::<String>();
            ("tbed1", format!("5 5\n1 1 1 1 1\n3 3 3 3 3\n2 2 2 2 2\n{sites}"))
        }
        _ => {
            let pair = |k: u64| format!("{},{},{}\n", k / 5, k % 5, (k / 5).abs_diff(k % 5));
            ("csv", "from_id,to_id,cost\n".to_owned() + &(0..25).map(pair).collect::<String>())
        }
    };
    let file = folder.join(format);
    fs::write(&file, text).unwrap();
    (file, format)
}
