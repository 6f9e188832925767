//! Results that were changed after they were written: `check` finds each change.

use super::{Small, locate, text};
use maillage_tests::maillage;
use serde_json::{Value, json};
use std::fs;

/// Writes a result with one change and gives what the check says, which must be a violation.
fn changed(small: &Small, honest: &Value, change: impl Fn(&mut Value)) -> String {
    let mut value = honest.clone();
    change(&mut value);
    let out = small.dir.path().join("r.json");
    fs::write(&out, value.to_string()).unwrap();
    let check = maillage(&["check", &text(&out), "--lang", "en"]);
    assert_eq!(check.code, 7, "{} {}", check.out, check.err);
    check.out
}

#[test]
fn every_change_is_found() {
    let small = Small::new();
    for (file, how) in [
        ("costs.csv", "--format csv --problem p-median --p 1"),
        ("road.tsp", "--format tsplib --problem p-median --p 2"),
        ("costs.csv", "--format csv --problem set-cover --radius 3"),
        ("small.grid", "--format grid --problem max-cover --p 1 --radius 1"),
        ("costs.csv", "--format csv --problem p-center --p 1"),
        ("road.tsp", "--format tsplib --problem p-center --p 2"),
        ("small.grid", "--format grid --problem partial-cover --demand 30 --radius 1"),
        ("road.tsp", "--format tsplib --problem backup-cover --times 2 --radius 2.5"),
        ("small.ufl", "--format uflib --problem fixed-charge"),
        ("small.plc", "--format tbed1 --problem capacitated"),
    ] {
        let ran = locate(&small.path(file), how, &small.dir.path().join("r.json"));
        assert_eq!(ran.code, 0, "{how}: {}", ran.err);
        let honest = ran.json();
        let multipliers = honest["certificate"]["multipliers"].as_array().unwrap().len();
        assert!(multipliers > 1, "{how}");
        let bound = honest["bound"].as_u64().unwrap();
        let raised = if how.contains("max-cover") { bound - 1 } else { bound + 1 };
        for (change, said) in [
            (&(|v: &mut Value| v["certificate"]["multipliers"] = json!([0])) as &dyn Fn(&mut Value), "C211"),
            (&|v| v["certificate"]["multipliers"] = json!(vec![u64::MAX; multipliers + 1]), "C211"),
            (&|v| v["certificate"]["bound"] = json!(u64::MAX), "C211"),
            (&|v| v["certificate"]["multipliers"] = json!(vec![u64::MAX; multipliers]), "C103"),
            (&|v| v["bound"] = json!(raised), "C203"),
            (&|v| v["objective"] = json!(u64::MAX), "C202"),
            (&|v| v["open"] = json!(["nowhere"]), "C301"),
            (&|v| v["inputs"][0]["sha256"] = json!("0"), "C104"),
        ] {
            let found = changed(&small, &honest, change);
            assert!(found.contains(said), "{how}: {said} is missing from {found}");
        }
        if honest["assignment"].as_array().is_some_and(|rows| !rows.is_empty()) {
            let found = changed(&small, &honest, |v| v["assignment"][0]["site"] = json!("nowhere"));
            assert!(found.contains("C407"), "{found}");
        }
    }
}

#[test]
fn another_instance_is_found() {
    let small = Small::new();
    let out = small.dir.path().join("r.json");
    assert_eq!(locate(&small.path("small.ufl"), "--format uflib --problem fixed-charge", &out).code, 0);
    small.write("small.ufl", "FILE: small\n2 3 0\n1 10.5 1 5 7\n2 9 6 2 3\n");
    let check = maillage(&["check", &text(&out), "--lang", "en"]);
    assert!(check.code == 7 && check.out.contains("C104") && check.out.contains("C202"), "{}", check.out);
    // A file of another format is no instance at all.
    let ran = maillage(&["check", &text(&out), "--scenario", &small.path("costs.csv"), "--lang", "en"]);
    assert_eq!(ran.code, 3, "{}", ran.out);
}
