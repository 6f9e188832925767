//! Plain location problems as another program solves them: spopt of PySAL with CBC, which `./dev peers` installs, on the cases of
//! its own tests and all others of their kind on the same points. Skipped, and said so, where it is not installed.
//!
//! Not compared: what spopt alone has (p-dispersion, capacities in a p-median, capacities in a set cover, nearest candidates).

#![allow(clippy::unwrap_used, reason = "a test that panics fails")]

use maillage_tests::{maillage, peers, root};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// One that spopt solved: the table, the problem, what is asked of it, and the best value; `None` where there is no plan.
struct Case {
    table: String,
    problem: String,
    asked: Vec<String>,
    best: Option<f64>,
}

fn case(line: &str) -> Case {
    let words: Vec<&str> = line.split(' ').collect();
    let [table, problem, asked @ .., best] = words.as_slice() else { panic!("{line}") };
    // Tables are in millionths.
    let asked = asked.iter().map(|a| {
        let radius = if a.starts_with("radius") { "000000" } else { "" };
        format!("--{a}{radius}")
    });
    Case {
        table: (*table).into(),
        problem: (*problem).into(),
        asked: asked.collect(),
        best: (*best != "infeasible").then(|| best.parse().unwrap()),
    }
}

/// The same by maillage; the result is checked again without a solver.
fn ours(folder: &Path, case: &Case) -> Option<f64> {
    let text = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let (table, result) = (text(&format!("{}.csv", case.table)), text("result.json"));
    let weights = text(if case.table.ends_with("forced") { "weights-forced.csv" } else { "weights.csv" });
    let mut args = vec!["locate", &table, "--format", "csv", "--problem", &case.problem, "-o", &result];
    args.extend(case.asked.iter().map(String::as_str));
    // The others count sites or clients.
    if ["p-median", "max-cover"].contains(&case.problem.as_str()) {
        args.extend(["--weights", &weights]);
    }
    let ran = maillage(&args);
    if ran.code == 4 {
        return None;
    }
    assert_eq!(ran.code, 0, "{ran:?}");
    let found: serde_json::Value = serde_json::from_str(&fs::read_to_string(&result).unwrap()).unwrap();
    assert_eq!((&found["status"], &found["objective"]), (&"optimal".into(), &found["bound"]));
    let checked = maillage(&["check", &result]);
    assert_eq!(checked.code, 0, "{checked:?}");
    assert_eq!(found["scale"], 1);
    let value = found["objective"].as_f64().unwrap();
    Some(if case.problem.starts_with("p-") { value / 1e6 } else { value })
}

#[test]
fn spopt_of_pysal_finds_the_same_optima() {
    let Some(python) = peers() else { return };
    let dir = tempfile::tempdir().unwrap();
    let mut command = Command::new(python);
    command.arg(root().join("tests/peers/spopt_cases.py")).arg(dir.path()).stdin(Stdio::null());
    let ran = command.output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let cases: Vec<Case> = String::from_utf8(ran.stdout).unwrap().lines().map(case).collect();

    let mut compared: BTreeMap<(&str, bool), usize> = BTreeMap::new();
    for case in &cases {
        let found = ours(dir.path(), case);
        let what = format!("{} {} {:?}", case.table, case.problem, case.asked);
        assert_eq!(found.is_some(), case.best.is_some(), "{what}");
        if let (Some(ours), Some(theirs)) = (found, case.best) {
            // Tables are rounded, and some 600 people travel; the others count.
            let rounding = match case.problem.as_str() {
                "p-median" => 600e-6,
                "p-center" => 1e-6,
                _ => 1e-9,
            };
            assert!((ours - theirs).abs() < rounding, "{what}: {ours}, spopt {theirs}");
        }
        *compared.entry((&case.problem, case.best.is_some())).or_default() += 1;
    }
    println!("{} cases agree: {compared:?}", cases.len());
    // The two values that the tests of spopt publish, where two sites must open.
    let published = |problem: &str| {
        let of = |c: &&Case| c.table == "air-forced" && c.problem == problem;
        cases.iter().find(of).unwrap().best.unwrap()
    };
    assert!((published("p-median") - 1_872.509_326_463_081_8).abs() < 1e-9);
    assert!((published("p-center") - 6.252_043_2).abs() < 1e-9);
    assert!(cases.len() > 190 && compared.len() == 7, "{compared:?}");
}
