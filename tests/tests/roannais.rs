//! The main job on the shipped territory: every scenario solved, proven, checked, replayed.
#![allow(clippy::unwrap_used, reason = "a test that panics fails")]

use maillage_tests::{Ran, finished, maillage, roannais, scenario, timeless, timeless_page};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use tempfile::tempdir;

const SCENARIOS: [&str; 9] = [
    "present",
    "three-sites",
    "half-budget",
    "departures",
    "departures-new-sites",
    "p-median",
    "max-cover",
    "set-cover",
    "p-center",
];
const FILES: [&str; 8] = [
    "result.json",
    "sites.csv",
    "posts.csv",
    "assignments.csv",
    "indicators.csv",
    "plan.geojson",
    "report.html",
    "log.jsonl",
];

fn shipped(name: &str) -> String {
    roannais().join(format!("{name}.json")).to_string_lossy().into_owned()
}

fn solve(scenario: &str, out: &Path) -> Ran {
    maillage(&["solve", scenario, "-o", &out.to_string_lossy(), "--json", "--quiet"])
}

fn check(out: &Path) -> Ran {
    maillage(&["check", &out.to_string_lossy(), "--lang", "en"])
}

fn attached(result: &Value, state: &str, zone: &str) -> f64 {
    let found = result["indicators"]
        .as_array()
        .unwrap()
        .iter()
        .find(|i| i["indicator"] == "people_attached" && i["state"] == state && i["zone"] == zone);
    found.unwrap()["value"].as_f64().unwrap()
}

#[test]
fn every_scenario_is_proven_and_checked() {
    let dir = tempdir().unwrap();
    for name in SCENARIOS {
        let out = dir.path().join(name);
        let ran = solve(&shipped(name), &out);
        assert_eq!(ran.code, 0, "{name}: {}", ran.err);
        let result = ran.json();
        assert_eq!(result["status"], "optimal", "{name}");
        assert!(result["gap"].as_f64().unwrap() <= 1e-4, "{name}");
        for goal in result["goals"].as_array().unwrap() {
            assert_eq!(goal["objective"], goal["bound"], "{name}");
        }
        for file in FILES {
            assert!(out.join(file).is_file(), "{name}: {file}");
        }
        let checked = check(&out);
        assert_eq!(checked.code, 0, "{name}: {}", checked.out);
        if result["problem"] == "siting" {
            let proven = "bound of `people-attached`: found again without a solver";
            assert!(checked.out.contains(proven), "{name}: {}", checked.out);
        }
    }
}

#[test]
fn the_scenarios_tell_a_story() {
    let dir = tempdir().unwrap();
    let result = |name: &str| {
        let ran = solve(&shipped(name), &dir.path().join(name));
        assert_eq!(ran.code, 0, "{name}: {}", ran.err);
        ran.json()
    };
    let (present, three, half) = (result("present"), result("three-sites"), result("half-budget"));
    let (gone, answered) = (result("departures"), result("departures-new-sites"));
    let after = |r: &Value| attached(r, "after", "all");
    assert_eq!(attached(&present, "before", "all"), after(&present), "nothing is decided");
    assert_eq!(attached(&three, "before", "all"), after(&present), "before a plan is the present");
    assert!(after(&half) > after(&present), "new sites attach people");
    // The eight GPs are what is scarce: half the money attaches as many people, who travel more.
    assert_eq!(after(&three), after(&half));
    let travel = |r: &Value| r["goals"][1]["objective"].as_f64().unwrap();
    assert!(travel(&three) < travel(&half));
    assert!(after(&gone) < after(&present) && after(&answered) > after(&gone));
    let opened =
        |r: &Value| r["sites"].as_array().unwrap().iter().filter(|s| s["status"] == "opened").count();
    assert_eq!((opened(&present), opened(&gone)), (0, 0));
    assert!((1..=3).contains(&opened(&three)) && (1..=6).contains(&opened(&answered)));
    assert!(three["cost_eur"].as_i64().unwrap() <= 1_000_000);
    assert!(half["cost_eur"].as_i64().unwrap() <= 500_000);
}

#[test]
fn equal_runs_give_equal_files() {
    let dir = tempdir().unwrap();
    let (a, b) = (dir.path().join("a"), dir.path().join("b"));
    solve(&shipped("three-sites"), &a);
    solve(&shipped("three-sites"), &b);
    let text = |folder: &Path, file: &str| fs::read_to_string(folder.join(file)).unwrap();
    for file in FILES.iter().filter(|f| !["result.json", "log.jsonl", "report.html"].contains(f)) {
        assert_eq!(text(&a, file), text(&b, file), "{file}");
    }
    let page = |folder: &Path| text(folder, "report.html");
    assert!(page(&a).contains("<section data-times"));
    assert_eq!(timeless_page(&page(&a)), timeless_page(&page(&b)));
    let result = |folder: &Path| {
        let mut v: Value = serde_json::from_str(&text(folder, "result.json")).unwrap();
        assert!(!v["progress"].as_array().unwrap().is_empty());
        timeless(&mut v);
        v
    };
    assert_eq!(result(&a), result(&b));
}

#[test]
fn both_languages_check() {
    let dir = tempdir().unwrap();
    let out = dir.path().join("r");
    let ran =
        maillage(&["solve", &shipped("present"), "-o", &out.to_string_lossy(), "--lang", "en", "--quiet"]);
    assert_eq!(ran.code, 0);
    assert!(fs::read_to_string(out.join("report.html")).unwrap().contains("lang=\"en\""));
    assert_eq!(check(&out).code, 0);
}

#[test]
fn infeasible_names_the_rules_that_clash() {
    let dir = tempdir().unwrap();
    let file = scenario(dir.path(), "three-sites", |s| {
        s["problem"]["limits"]["budget_eur"] = 0.into();
        s["problem"]["forced"] = json!([{"place": "42248", "type": "msp"}]);
    });
    let out = dir.path().join("r");
    let ran = solve(&file, &out);
    assert_eq!(ran.code, 4, "{}", ran.err);
    let result = ran.json();
    assert_eq!(result["status"], "infeasible");
    let rules: Vec<&str> =
        result["clash"].as_array().unwrap().iter().map(|c| c["rule"].as_str().unwrap()).collect();
    assert_eq!(rules, ["budget", "forced-site"]);
    let shown = maillage(&["solve", &file, "-o", &out.to_string_lossy(), "--lang", "en"]);
    assert_eq!(shown.code, 4);
    assert!(shown.out.contains("the budget is 0 EUR"), "{}", shown.out);
    assert!(shown.out.contains("Saint-Just-en-Chevalet"), "{}", shown.out);
    assert_eq!(check(&out).code, 0, "an infeasible result is coherent too");
}

#[test]
fn a_tiny_time_limit_is_never_called_optimal() {
    let dir = tempdir().unwrap();
    for name in ["three-sites", "p-median"] {
        let out = dir.path().join(name);
        let ran = maillage(&[
            "solve",
            &shipped(name),
            "-o",
            &out.to_string_lossy(),
            "--time-limit",
            "0.001",
            "--json",
            "--quiet",
        ]);
        let result = ran.json();
        assert_eq!(
            (ran.code, &result["status"], &result["limit"]),
            (5, &json!("feasible"), &json!("time")),
            "{name}"
        );
        assert!(
            result["objective"].as_f64().unwrap() < result["bound"].as_f64().unwrap() || name == "p-median"
        );
        assert_eq!(check(&out).code, 0, "{name}");
    }
}

/// Each a fault found in review: a gap, a budget one euro short, fewer centres than allowed.
#[test]
fn variants_keep_their_word() {
    let dir = tempdir().unwrap();
    let run = |name: &str, base: &str, extra: &[&str], change: &dyn Fn(&mut Value)| {
        let file = scenario(dir.path(), base, change);
        let out = dir.path().join(name);
        let mut args = vec!["solve", &file, "-o", out.to_str().unwrap(), "--json", "--quiet"];
        args.extend(extra);
        let ran = maillage(&args);
        assert_eq!(ran.code, 0, "{name}: {}", ran.err);
        let checked = check(&out);
        assert_eq!(checked.code, 0, "{name}: {}", checked.out);
        ran.json()
    };
    for gap in ["0.05", "0.01"] {
        let result = run("gap", "three-sites", &["--gap", gap], &|_| {});
        assert!(result["gap"].as_f64().unwrap() <= gap.parse().unwrap(), "{result}");
    }
    for (opening, budget) in [(2_500_000, 4_999_999), (1_200_000, 3_599_999), (50_000_000, 149_999_999)] {
        let result = run("short", "three-sites", &[], &|s| {
            s["problem"]["structure_types"].as_array_mut().unwrap().truncate(1);
            s["problem"]["structure_types"][0]["opening_eur"] = opening.into();
            s["problem"]["limits"]["budget_eur"] = budget.into();
        });
        assert_eq!(result["cost_eur"], budget / opening * opening, "one euro short of one more");
    }
    let many = |s: &mut Value| s["problem"]["p"] = 40.into();
    assert_eq!(run("many", "p-center", &[], &many)["status"], "optimal");
    let kept = |s: &mut Value| {
        s["problem"]["keep"] = "practices".into();
        s["problem"]["radius_min"] = 10.into();
        s["scope"] = "core".into();
    };
    assert_eq!(run("kept", "max-cover", &[], &kept)["status"], "optimal");
    let grown = |s: &mut Value| {
        s["problem"]["extensions"] = json!([{"site": "centre-le-coteau", "type": "centre", "free_rooms": 3}]);
        s["problem"]["forbidden"] = json!(["42300"]);
        s["supply"]["departures_percent"] = 10.into();
        s["scope"] = "core".into();
    };
    assert_eq!(run("grown", "three-sites", &[], &grown)["status"], "optimal");
}

#[test]
fn edits_are_found_and_named() {
    let dir = tempdir().unwrap();
    let out = dir.path().join("r");
    assert_eq!(solve(&shipped("three-sites"), &out).code, 0);
    let good = |file: &str| fs::read_to_string(out.join(file)).unwrap();
    let tampered = |file: &str, from: &str, to: &str| {
        let text = good(file);
        assert!(text.contains(from), "{file} holds {from}");
        fs::write(out.join(file), text.replacen(from, to, 1)).unwrap();
        let ran = check(&out);
        fs::write(out.join(file), text).unwrap();
        assert_eq!(ran.code, 7, "{file}: {from} → {to}: {}", ran.out);
        ran.out
    };
    assert_eq!(check(&out).code, 0);
    let result: Value = serde_json::from_str(&good("result.json")).unwrap();
    let objective = result["objective"].to_string();
    let said = tampered("result.json", &format!("\"objective\": {objective}"), "\"objective\": 1");
    assert!(said.contains("/objective"), "{said}");
    let said = tampered("result.json", "\"seed\": 0", "\"seed\": 1");
    assert!(said.contains("seed"), "{said}");
    let row = good("assignments.csv").lines().nth(40).unwrap().to_owned();
    let mut cells: Vec<String> = row.split(',').map(str::to_owned).collect();
    cells[4] = (cells[4].parse::<u64>().unwrap() + 1).to_string();
    let said = tampered("assignments.csv", &row, &cells.join(","));
    assert!(said.contains("assignments.csv:41"), "{said}");
    let row = good("indicators.csv").lines().nth(3).unwrap().to_owned();
    let said = tampered("indicators.csv", &row, &row.replace(',', ",,"));
    assert!(said.contains("indicators.csv:4"), "{said}");
    let said = tampered("report.html", "</title>", " !</title>");
    assert!(said.contains("report.html"), "{said}");
    fs::remove_file(out.join("sites.csv")).unwrap();
    assert_eq!(check(&out).code, 7, "a missing file");
}

#[test]
fn changed_inputs_are_found() {
    let dir = tempdir().unwrap();
    let copy = |name: &str| fs::copy(roannais().join(name), dir.path().join(name)).unwrap();
    for file in ["territory.json", "communes.csv", "contours.geojson", "structures.csv", "present.json"] {
        copy(file);
    }
    let out = dir.path().join("r");
    assert_eq!(solve(&dir.path().join("present.json").to_string_lossy(), &out).code, 0);
    assert_eq!(check(&out).code, 0);
    let communes = dir.path().join("communes.csv");
    let text = fs::read_to_string(&communes).unwrap();
    assert!(text.contains(",34366,"), "the people of Roanne");
    fs::write(&communes, text.replacen(",34366,", ",34367,", 1)).unwrap();
    let ran = check(&out);
    assert_eq!(ran.code, 7, "{}", ran.out);
    assert!(ran.out.contains("communes.csv"), "{}", ran.out);
}

/// Interrupts a solve that takes more than ten seconds of processor time, three seconds after its start.
#[cfg(unix)]
#[test]
fn an_interrupt_still_writes_a_true_result() {
    let dir = tempdir().unwrap();
    let out = dir.path().join("r");
    let mut run = maillage_tests::command(&["solve", &shipped("departures-new-sites"), "-o"]);
    run.arg(&out).arg("--quiet").arg("--json");
    run.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let child = run.spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_secs(3));
    // Through the shell's own kill: no other way without unsafe code.
    std::process::Command::new("sh").args(["-c", &format!("kill -INT {}", child.id())]).status().unwrap();
    let ran = finished(child.wait_with_output().unwrap());
    assert_eq!(ran.code, 5, "{ran:?}");
    let result = ran.json();
    assert_eq!((&result["status"], &result["limit"]), (&json!("feasible"), &json!("interrupted")));
    assert_eq!(check(&out).code, 0);
}
