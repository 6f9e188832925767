//! What is said of bad input: exit 3, one clear message per problem, no panic, earlier results untouched.
#![allow(clippy::unwrap_used, reason = "a test that panics fails")]

use maillage_tests::{Ran, maillage, roannais, scenario, shared};
use serde_json::json;
use std::fs;
use std::path::Path;
use tempfile::tempdir;

fn solve(file: &str, out: &Path) -> Ran {
    maillage(&["solve", file, "-o", &out.to_string_lossy(), "--lang", "en", "--quiet"])
}

#[test]
fn a_misspelt_key_gets_a_suggestion_and_all_problems_come_at_once() {
    let dir = tempdir().unwrap();
    let file = scenario(dir.path(), "three-sites", |s| {
        s["problem"]["limits"]["budjet_eur"] = 5.into();
        s["problem"]["max_min"] = "15".into();
        s["people"]["attachable_percent"] = 300.into();
        s["problem"]["goals"] = json!(["people-atached"]);
    });
    let ran = solve(&file, &dir.path().join("r"));
    assert_eq!(ran.code, 3);
    for said in [
        "E202",
        "write `budget_eur`",
        "/problem/limits/budjet_eur",
        "E204",
        "/problem/max_min",
        "E205",
        "/people/attachable_percent",
        "write `people-attached`",
    ] {
        assert!(ran.err.contains(said), "{said} is missing from {}", ran.err);
    }
    assert!(ran.err.contains(".json:1:"), "positions: {}", ran.err);
    let french = maillage(&["solve", &file, "--quiet"]);
    assert!(french.err.contains("écrire « budget_eur »"), "{}", french.err);
}

#[test]
fn a_broken_scenario_and_a_broken_territory_are_told_together() {
    let dir = tempdir().unwrap();
    let file = scenario(dir.path(), "three-sites", |s| {
        s["budget"] = 5.into();
        s["territory"] = "nowhere.json".into();
    });
    let ran = solve(&file, &dir.path().join("r"));
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("E202") && ran.err.contains("E101"), "{}", ran.err);
}

#[test]
fn what_a_scenario_may_not_say() {
    let dir = tempdir().unwrap();
    let said = |change: fn(&mut serde_json::Value)| {
        let file = scenario(dir.path(), "three-sites", change);
        let ran = solve(&file, &dir.path().join("r"));
        assert_eq!(ran.code, 3, "{}", ran.err);
        ran.err
    };
    let err =
        said(|s| s["problem"]["forced"] = json!([{"place": "99999"}, {"place": "42187", "type": "mps"}]));
    assert!(err.contains("E306") && err.contains("/problem/forced/0/place"), "{err}");
    assert!(err.contains("E402") && err.contains("types defined: centre, msp"), "{err}");
    let err = said(|s| {
        s["problem"]["forced"] = json!([{"place": "42187"}]);
        s["problem"]["forbidden"] = json!(["42187"]);
    });
    assert!(err.contains("E401"), "{err}");
    let err = said(|s| s["problem"]["structure_types"][0]["min_gps"] = 1.into());
    assert!(err.contains("L6323-3"), "{err}");
    let err = said(|s| s["problem"]["structure_types"][1]["min_gps"] = 9.into());
    assert!(err.contains("E401"), "{err}");
    let err = said(|s| s["problem"]["max_min"] = 500.into());
    assert!(err.contains("45"), "the largest useful time is named: {err}");
    let err = said(|s| s["problem"]["goals"] = json!(["travel-time"]));
    assert!(err.contains("/problem/goals"), "{err}");
    let err = said(|s| s["supply"] = serde_json::Value::Null);
    assert!(err.contains("supply"), "{err}");
    let err =
        said(|s| s["problem"]["extensions"] = json!([{"site": "pole-lyon", "type": "msp", "free_rooms": 1}]));
    assert!(err.contains("E402") && err.contains("pole-lyon"), "{err}");
    let err =
        said(|s| s["problem"] = json!({"kind": "p-median", "p": 400, "candidates": {"places": "core"}}));
    assert!(err.contains("/problem/p"), "{err}");
    let err = said(|s| s["name"] = "../../etc".into());
    assert!(err.contains("E304") && err.contains("/name"), "{err}");
}

#[test]
fn bad_tables_say_where_and_leave_earlier_results() {
    let dir = tempdir().unwrap();
    let folder = dir.path().join("t");
    fs::create_dir(&folder).unwrap();
    for file in ["territory.json", "communes.csv", "contours.geojson", "structures.csv", "present.json"] {
        fs::copy(roannais().join(file), folder.join(file)).unwrap();
    }
    let file = folder.join("present.json").to_string_lossy().into_owned();
    let out = dir.path().join("r");
    assert_eq!(solve(&file, &out).code, 0);
    let earlier = fs::read(out.join("result.json")).unwrap();

    let good = fs::read_to_string(folder.join("communes.csv")).unwrap();
    let header = good.lines().next().unwrap();
    let with = |bytes: &[u8], expected: &[&str]| {
        fs::write(folder.join("communes.csv"), bytes).unwrap();
        let ran = solve(&file, &out);
        assert_eq!(ran.code, 3, "{}", ran.err);
        for code in expected {
            assert!(ran.err.contains(code), "{code} is missing from {}", ran.err);
        }
        assert_eq!(fs::read(out.join("result.json")).unwrap(), earlier, "earlier results are untouched");
    };
    with(b"", &["E103"]);
    with(b"\xff\xfe\x00\x00c\x00", &["E104"]);
    with(format!("{good}{}\n", good.lines().nth(1).unwrap()).as_bytes(), &["E305"]);
    with(good.replacen(",258,", ",-258,", 1).as_bytes(), &["E303", "negative", "communes.csv:2"]);
    with(
        good.replacen(",258,", &format!(",{},", "2".repeat(2_000_000)), 1).as_bytes(),
        &["E303", "too large"],
    );
    with(format!("{header}\n").as_bytes(), &["E308"]);
    with(good.replacen("population", "habitants", 1).as_bytes(), &["E301", "population"]);
    fs::write(folder.join("communes.csv"), &good).unwrap();

    let structures = fs::read_to_string(folder.join("structures.csv")).unwrap();
    fs::write(folder.join("structures.csv"), structures.replace(",42289,", ",42999,")).unwrap();
    let ran = solve(&file, &out);
    assert!(ran.code == 3 && ran.err.contains("E306") && ran.err.contains("42999"), "{}", ran.err);
    fs::write(folder.join("structures.csv"), structures).unwrap();

    let territory = fs::read_to_string(folder.join("territory.json")).unwrap();
    let mut table: serde_json::Value = serde_json::from_str(&territory).unwrap();
    table["travel"] =
        json!({"kind": "table", "file": "t.csv", "max_min": 45, "source": "hand", "date": "2026"});
    fs::write(folder.join("territory.json"), table.to_string()).unwrap();
    fs::write(folder.join("t.csv"), "from_id,to_id,minutes\n42187,42071,NaN\n42187,1,5\n").unwrap();
    let ran = solve(&file, &out);
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("t.csv:2 [minutes]") && ran.err.contains("t.csv:3 [to_id]"), "{}", ran.err);
    assert_eq!(fs::read(out.join("result.json")).unwrap(), earlier);

    fs::write(folder.join("t.csv"), "from_id,to_id,minutes\n42187,42071,4.5\n42071,42187,5\n").unwrap();
    let ran = solve(&file, &out);
    assert_eq!(ran.code, 0, "a given table solves: {}", ran.err);
    assert!(fs::read_to_string(out.join("result.json")).unwrap().contains("\"kind\": \"table\""));
}

#[test]
fn bad_scenario_files() {
    let dir = tempdir().unwrap();
    for (bytes, code) in [
        (&b""[..], "E103"),
        (b"{", "E201"),
        (b"[]", "E204"),
        (b"{\"name\": \"\xff\"}", "E104"),
        ("[".repeat(500_000).as_bytes(), "E201"),
    ] {
        let file = dir.path().join("s.json");
        fs::write(&file, bytes).unwrap();
        let ran = solve(&file.to_string_lossy(), &dir.path().join("r"));
        assert!(ran.code == 3 && ran.err.contains(code), "{code}: {}", ran.err);
    }
    let ran = solve("no-such-file.json", &dir.path().join("r"));
    assert!(ran.code == 3 && ran.err.contains("E101"), "{}", ran.err);
    let json = maillage(&["solve", "no-such-file.json", "--json", "--quiet"]).json();
    assert_eq!(json["problems"][0]["code"], "E101");
}

#[test]
fn foreign_folders_are_refused() {
    let dir = tempdir().unwrap();
    let present = roannais().join("present.json").to_string_lossy().into_owned();
    fs::write(dir.path().join("thesis.docx"), "x").unwrap();
    let ran = solve(&present, dir.path());
    assert!(ran.code == 3 && ran.err.contains("E108"), "{}", ran.err);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    // Notes beside a result are not ours either.
    let out = dir.path().join("r");
    assert_eq!(solve(&present, &out).code, 0);
    fs::write(out.join("notes.txt"), "x").unwrap();
    assert_eq!(solve(&present, &out).code, 3);
    assert!(out.join("notes.txt").is_file() && out.join("result.json").is_file());
    // The current folder, by its shortest name.
    let here = dir.path().join("here");
    fs::create_dir(&here).unwrap();
    let ran = maillage_tests::command(&["solve", &present, "-o", ".", "--quiet"])
        .current_dir(&here)
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
    assert!(here.join("result.json").is_file());
}

#[test]
fn usage_schema_and_validate() {
    assert_eq!(maillage(&["solve"]).code, 2);
    assert_eq!(maillage(&["solve", "x.json", "--gap", "NaN"]).code, 2);
    assert_eq!(maillage(&["schema", "horoscope"]).code, 2);
    let schema = maillage(&["schema", "scenario"]).json();
    assert!(schema["properties"]["problem"].is_object());
    for entry in fs::read_dir(roannais()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.ends_with(".json") && name != "facts.json" {
            let ran = maillage(&["validate", &path.to_string_lossy()]);
            assert_eq!(ran.code, 0, "{name}: {}", ran.err);
        }
    }
    let ran = maillage(&["validate", &roannais().join("facts.json").to_string_lossy()]);
    assert_eq!(ran.code, 3);
    let ran = maillage(&["check", &roannais().to_string_lossy()]);
    assert_eq!(ran.code, 3, "no result there");
}

#[test]
fn help_is_in_both_languages() {
    let ran = maillage(&["--help"]);
    assert_eq!(ran.code, 0);
    insta::assert_snapshot!(ran.out);
}

#[test]
fn locates_published_optima() {
    for (instance, problem, optimum) in [
        ("pmed1", "p-median", 5819),
        ("pmed3", "p-median", 4250),
        ("pmed5", "p-median", 1355),
        ("pmed1", "p-center", 127),
        ("pmed3", "p-center", 93),
        ("pmed5", "p-center", 48),
    ] {
        let Some(file) = shared(&format!("bench/pmed/{instance}.txt.gz")) else { return };
        let file = file.to_string_lossy();
        let ran = maillage(&["locate", &file, "--format", "orlib-pmed", "--problem", problem, "--json"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let result = ran.json();
        assert_eq!(result["objective"], optimum, "{instance} {problem}");
        assert_eq!((&result["status"], &result["bound"]), (&json!("optimal"), &json!(optimum)));
    }
}

#[test]
fn locate_writes_a_result_that_checks() {
    let dir = tempdir().unwrap();
    let csv = dir.path().join("costs.csv");
    fs::write(&csv, "from_id,to_id,cost\na,x,3\na,y,1\nb,x,1\nb,y,4\nc,y,2\n").unwrap();
    let out = dir.path().join("r.json");
    let (csv, out) = (csv.to_string_lossy(), out.to_string_lossy());
    let run = |extra: &[&str]| {
        let mut args = vec!["locate", &csv, "--format", "csv", "-o", &out, "--json"];
        args.extend(extra);
        maillage(&args)
    };
    let ran = run(&["--problem", "p-median", "--p", "2"]);
    assert_eq!((ran.code, &ran.json()["objective"]), (0, &json!(4)));
    assert_eq!(maillage(&["check", &out]).code, 0);
    let text = fs::read_to_string(&*out).unwrap();
    fs::write(&*out, text.replace("\"objective\": 4", "\"objective\": 3")).unwrap();
    let ran = maillage(&["check", &out, "--lang", "en"]);
    assert!(ran.code == 7 && ran.out.contains("objective"), "{}", ran.out);
    let ran = run(&["--problem", "p-median", "--p", "1"]);
    assert_eq!((ran.code, &ran.json()["objective"]), (0, &json!(7)));
    let ran = run(&["--problem", "set-cover", "--radius", "1"]);
    assert_eq!(ran.code, 4, "nothing covers c within 1: {}", ran.out);
    let ran = run(&["--problem", "p-median"]);
    assert_eq!(ran.code, 3, "p is missing: {}", ran.err);
    let costs = fs::read_to_string(&*csv).unwrap();
    let ran = maillage(&["locate", &csv, "--format", "csv", "--problem", "p-median", "--p", "1", "-o", &csv]);
    assert_eq!(ran.code, 3, "an instance is not overwritten");
    assert_eq!(fs::read_to_string(&*csv).unwrap(), costs);
    assert_eq!(run(&["--problem", "p-median", "--p", "1", "--radius", "3"]).code, 3, "a useless option");
    fs::write(&*csv, "from_id,to_id,cost\na,x,-3\na,y,1e9\n").unwrap();
    let ran = run(&["--problem", "p-median", "--p", "1"]);
    assert!(ran.code == 3 && ran.err.contains(":2"), "{}", ran.err);
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_not_an_error() {
    let mut run = maillage_tests::command(&["schema", "scenario"]);
    let mut child =
        run.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ran = maillage_tests::finished(child.wait_with_output().unwrap());
    assert_eq!(ran.code, 0, "{ran:?}");
}
