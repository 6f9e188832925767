//! Many budgets at once, several plans, variations and regrets: the real binary on the Roannais.
#![allow(clippy::unwrap_used, reason = "a test that panics fails")]

use maillage_tests::{maillage, roannais, scenario};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use tempfile::tempdir;

/// Three sites at most among the larger communes: solved in a moment.
fn quick(dir: &Path) -> String {
    scenario(dir, "three-sites", |s| {
        s["problem"]["candidates"]["min_population"] = 2500.into();
        s["problem"]["goals"] = json!(["people-attached"]);
    })
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

#[test]
fn a_frontier_is_what_separate_solves_give() {
    let dir = tempdir().unwrap();
    let file = quick(dir.path());
    let out = dir.path().join("f");
    let ran = maillage(&["frontier", &file, "--posts", "0:8:5", "-o", out.to_str().unwrap(), "--lang", "en"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let frontier: Value =
        serde_json::from_str(&fs::read_to_string(out.join("frontier.json")).unwrap()).unwrap();
    let points = frontier["points"].as_array().unwrap();
    assert_eq!(points.iter().map(|p| p["value"].as_i64().unwrap()).collect::<Vec<_>>(), [0, 2, 4, 6, 8]);
    for (k, p) in points.iter().enumerate() {
        let alone = scenario(dir.path(), "three-sites", |s| {
            s["problem"]["candidates"]["min_population"] = 2500.into();
            s["problem"]["goals"] = json!(["people-attached"]);
            s["problem"]["limits"]["gp_pool"] = p["value"].clone();
        });
        let folder = dir.path().join(format!("alone-{k}"));
        let ran = maillage(&["solve", &alone, "-o", folder.to_str().unwrap(), "--json", "--quiet"]);
        assert_eq!(ran.json()["objective"], p["objective"], "{p}");
        assert_eq!(p["bound"], p["objective"]);
        assert_eq!(p["status"], "optimal");
    }
    let csv = fs::read_to_string(out.join("frontier.csv")).unwrap();
    assert_eq!(csv.lines().count(), 6);
    assert!(frontier["solves"].as_u64().unwrap() <= 3, "cuts prove most points: {}", ran.out);
    assert!(ran.out.contains("order of opening:"), "{}", ran.out);
    let page = fs::read_to_string(out.join("frontier.html")).unwrap();
    assert!(
        page.contains("<html lang=\"en\">")
            && page.contains("At each of the 5\u{a0}points no plan does better")
    );
    assert!(fs::read_to_string(out.join("frontier-sites.csv")).unwrap().contains("code_commune"));
}

#[test]
fn more_money_is_never_worse() {
    let dir = tempdir().unwrap();
    let file = quick(dir.path());
    let run = || maillage(&["frontier", &file, "--budget", "0:1200000:13", "--json", "--quiet"]);
    let (ran, again) = (run(), run());
    assert_eq!((ran.code, &ran.out), (0, &again.out), "twice the same");
    let frontier = ran.json();
    let points = frontier["points"].as_array().unwrap();
    assert_eq!(points.len(), 13);
    for pair in points.windows(2) {
        assert!(number(&pair[0]["objective"]) <= number(&pair[1]["objective"]));
        assert!(number(&pair[0]["bound"]) <= number(&pair[1]["bound"]));
        // The price of a person: money since the last gain over people gained.
        let gained = number(&pair[1]["objective"]) - number(&pair[0]["objective"]);
        assert_eq!(pair[1]["marginal"].is_null(), gained == 0.0, "{pair:?}");
    }
    for p in points {
        assert!(number(&p["cost_eur"]) <= number(&p["value"]));
    }
    let plain = roannais().join("p-median.json");
    let ran = maillage(&[
        "frontier",
        plain.to_str().unwrap(),
        "--pointer",
        "problem.p",
        "--values",
        "2",
        "3",
        "--json",
    ]);
    let got: Vec<bool> =
        ran.json()["points"].as_array().unwrap().iter().map(|p| p["status"] == "optimal").collect();
    assert_eq!((ran.code, got), (0, vec![true, true]), "{}", ran.err);
    for bad in [["--budget", "5:1:3"], ["--budget", "0:x:9:2"], ["--posts", "0:4:1"]] {
        assert_eq!(maillage(&["frontier", &file, bad[0], bad[1]]).code, 2, "{bad:?}");
    }
    let lost =
        maillage(&["frontier", &file, "--pointer", "problem.structure_types.9.min_gps", "--values", "1"]);
    assert_eq!(lost.code, 3, "{}", lost.err);
}

#[test]
fn alternatives_differ_and_hold() {
    let dir = tempdir().unwrap();
    let file = quick(dir.path());
    let out = dir.path().join("plans");
    let args =
        ["alternatives", &file, "--plans", "3", "--apart", "2", "--within", "10", "--json", "--quiet", "-o"];
    let ran = maillage(&[&args[..], &[out.to_str().unwrap()]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let found = ran.json();
    let plans = found["plans"].as_array().unwrap();
    assert!(plans.len() > 1, "{found}");
    let opened = |p: &Value| -> Vec<String> {
        p["opened"]
            .as_array()
            .unwrap()
            .iter()
            .map(|s| s["code_commune"].as_str().unwrap().to_owned())
            .collect()
    };
    let best = number(&plans[0]["objective"]);
    for (i, p) in plans.iter().enumerate() {
        assert!(number(&p["objective"]) >= 0.9 * best && p["status"] == "optimal", "{p}");
        for earlier in &plans[..i] {
            let (a, b) = (opened(p), opened(earlier));
            let differ =
                a.iter().filter(|c| !b.contains(c)).count() + b.iter().filter(|c| !a.contains(c)).count();
            assert!(differ >= 2, "{a:?} {b:?}");
        }
        let folder = out.join(p["plan"].as_str().unwrap());
        let checked = maillage(&["check", folder.to_str().unwrap(), "--lang", "en"]);
        assert_eq!(checked.code, 0, "{}", checked.out);
    }
    assert_eq!(fs::read_to_string(out.join("alternatives.csv")).unwrap().lines().count(), 1 + plans.len());
    // All at once: a line each, and what is wrong with the one that is tampered with.
    let all = maillage(&["check", out.to_str().unwrap(), "--lang", "en"]);
    assert_eq!((all.code, all.out.matches("no violation").count()), (0, plans.len()), "{}", all.out);
    let money = out.join("plan-1/sites.csv");
    fs::write(&money, fs::read_to_string(&money).unwrap() + "x").unwrap();
    let all = maillage(&["check", out.to_str().unwrap(), "--lang", "en"]);
    assert_eq!((all.code, all.out.matches("no violation").count()), (7, plans.len() - 1), "{}", all.out);
    fs::remove_file(out.join("plan-2/assignments.csv")).unwrap();
    fs::write(out.join("plan-2/result.json"), "{").unwrap();
    let all = maillage(&["check", out.to_str().unwrap(), "--lang", "en"]);
    assert_eq!((all.code, all.out.matches("no violation").count()), (3, plans.len() - 2), "{}", all.out);
    let plain = roannais().join("p-median.json");
    let ran = maillage(&["alternatives", plain.to_str().unwrap(), "-o", out.to_str().unwrap()]);
    assert_eq!(ran.code, 3, "{}", ran.err);
}

#[test]
fn variations_and_regrets() {
    let dir = tempdir().unwrap();
    let suite = dir.path().join("s.json");
    let text = json!({
        "schema_version": 1,
        "base": quick(dir.path()),
        "vary": [
            {"name": "pool", "pointer": "problem.limits.gp_pool", "factors": [0.5]},
            {"name": "leave", "pointer": "supply.departures_percent", "values": [40]},
            {"name": "slow", "pointer": "travel_times_percent", "values": [120]},
        ],
        "sample": {"n": 2, "seed": 7, "ranges": [{"pointer": "problem.limits.gp_pool", "from": 2, "to": 8}]},
    });
    fs::write(&suite, text.to_string()).unwrap();
    let out = dir.path().join("r");
    let ran = maillage(&[
        "suite",
        suite.to_str().unwrap(),
        "-o",
        out.to_str().unwrap(),
        "--regret",
        "--lang",
        "en",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let compared: Value =
        serde_json::from_str(&fs::read_to_string(out.join("comparison.json")).unwrap()).unwrap();
    let names: Vec<&str> =
        compared["scenarios"].as_array().unwrap().iter().map(|r| r["scenario"].as_str().unwrap()).collect();
    let varied = ["base.pool-4", "base.leave-40", "base.slow-120"];
    assert_eq!(names, [&["base"][..], &varied, &["base.sample-0001", "base.sample-0002"]].concat());
    let csv = fs::read_to_string(out.join("comparison-regret.csv")).unwrap();
    let rows: Vec<Vec<&str>> = csv.lines().skip(1).map(|l| l.split(',').collect()).collect();
    assert_eq!(rows.len(), 36);
    for row in &rows {
        if row[0] == row[1] {
            assert_eq!(row[5], "0", "a plan has no regret at home: {row:?}");
        }
        assert!(row[5].is_empty() || row[5].parse::<f64>().unwrap() >= 0.0, "{row:?}");
    }
    assert_eq!(fs::read_to_string(out.join("comparison-regret-plans.csv")).unwrap().lines().count(), 7);
    // Travel times do not change what a map draws.
    assert!(fs::read_to_string(out.join("comparison.html")).unwrap().contains("id=\"map-data\""));
    // Zones: those of the base against itself neither gain nor lose.
    let zones = fs::read_to_string(out.join("comparison-zones.csv")).unwrap();
    let all = |name: &str| {
        let found = zones.lines().find(|l| l.starts_with(&format!("{name},all,")));
        found.unwrap().rsplit(',').take(2).map(|n| n.parse::<f64>().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(all("base"), [0.0, 0.0]);
    let half = all("base.pool-4");
    assert!(half[0] > 0.0 && half[1] == 0.0, "with half the GPs fewer are attached: {half:?}");
    assert!(zones.lines().any(|l| l.starts_with("base,epci:")), "zones by their codes");
    // Times a fifth longer: fewer are reached, the result says so, and its check takes the same times.
    let slow = all("base.slow-120");
    assert!(slow[0] > slow[1], "{slow:?}");
    let folder = out.join("base.slow-120");
    let record: Value =
        serde_json::from_str(&fs::read_to_string(folder.join("result.json")).unwrap()).unwrap();
    assert!(record["travel"]["label"]["en"].as_str().unwrap().ends_with("taken at 120 %"), "{record}");
    let checked = maillage(&["check", folder.to_str().unwrap(), "--lang", "en"]);
    assert_eq!(checked.code, 0, "{}", checked.out);
    let rows = fs::read_to_string(out.join("comparison.csv")).unwrap();
    assert!(rows.lines().next().unwrap().contains("apl_worst_tenth,apl_worst_tenth_difference,apl_gini"));
}
