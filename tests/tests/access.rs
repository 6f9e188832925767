//! Measures of access by the real binary: the shipped territory, worked examples, real data, bad input.
#![allow(clippy::unwrap_used, reason = "a test that panics fails")]

use maillage_tests::{Ran, maillage, roannais};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use tempfile::tempdir;

#[path = "access/data.rs"]
mod data;
#[path = "access/settings.rs"]
mod settings;

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn shipped(name: &str) -> String {
    text(&roannais().join(name))
}

fn write(dir: &Path, name: &str, content: &str) -> String {
    let path = dir.join(name);
    fs::write(&path, content).unwrap();
    text(&path)
}

fn access(args: &[&str]) -> Ran {
    maillage(&[&["access"], args].concat())
}

/// The shipped Roannais with the shipped settings, written to a folder.
fn shipped_to(out: &Path, lang: &str) -> Ran {
    let (territory, settings, out) = (shipped("territory.json"), shipped("access.json"), text(out));
    access(&[&territory, "--settings", &settings, "-o", &out, "--lang", lang])
}

/// A shipped file of settings with one change.
fn settings(dir: &Path, change: impl FnOnce(&mut Value)) -> String {
    let mut value: Value =
        serde_json::from_str(&fs::read_to_string(shipped("access.json")).unwrap()).unwrap();
    change(&mut value);
    write(dir, "settings.json", &serde_json::to_string_pretty(&value).unwrap())
}

fn record(out: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(out.join("access.json")).unwrap()).unwrap()
}

/// The value of a figure without a year; `None` where there is none.
fn figure(record: &Value, measure: &str, indicator: &str, limit: Option<f64>, zone: &str) -> Option<f64> {
    let found = record["figures"].as_array().unwrap().iter().find(|f| {
        f["measure"] == measure
            && f["indicator"] == indicator
            && f["limit"].as_f64() == limit
            && f["zone"] == zone
    });
    found.map(|f| f["value"].as_f64().unwrap())
}

/// A column of a table of places by commune; no cell of these tables holds a comma.
fn column(out: &Path, name: &str) -> BTreeMap<String, String> {
    let table = fs::read_to_string(out.join("places.csv")).unwrap();
    let mut rows = table.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = rows.next().unwrap();
    let at = header.iter().position(|h| *h == name).unwrap_or_else(|| panic!("no {name} in {header:?}"));
    rows.map(|row| (row[1].to_owned(), row[at].to_owned())).collect()
}

// ---- The shipped territory.

#[test]
fn the_roannais_on_one_screen() {
    let dir = tempdir().unwrap();
    for lang in ["fr", "en"] {
        let ran = shipped_to(&dir.path().join(lang), lang);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        assert!(ran.out.lines().all(|line| line.chars().count() <= 90), "{}", ran.out);
        insta::assert_snapshot!(format!("roannais_{lang}"), ran.out);
    }
}

#[test]
fn equal_runs_give_equal_files() {
    let dir = tempdir().unwrap();
    let (a, b) = (dir.path().join("a"), dir.path().join("b"));
    assert_eq!((shipped_to(&a, "fr").code, shipped_to(&b, "en").code), (0, 0));
    // Over an earlier result too.
    assert_eq!(shipped_to(&b, "fr").code, 0);
    let mut names: Vec<String> =
        fs::read_dir(&a).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    assert_eq!(names, ["access.json", "places.csv", "trajectory.csv", "zones.csv", "zoning.csv"]);
    for name in &names[1..] {
        assert_eq!(fs::read(a.join(name)).unwrap(), fs::read(b.join(name)).unwrap(), "{name}");
    }
    let timeless = |out: &Path| {
        let mut record = record(out);
        for key in ["wall_seconds", "cpu_seconds", "peak_memory_mb"] {
            assert!(record[key].as_f64().unwrap() >= 0.0, "{key}");
            record[key] = Value::Null;
        }
        record
    };
    assert_eq!(timeless(&a), timeless(&b));
    let inputs = timeless(&a)["inputs"].as_array().unwrap().clone();
    let paths: Vec<&str> = inputs.iter().map(|i| i["path"].as_str().unwrap()).collect();
    assert_eq!(
        paths,
        ["territory.json", "communes.csv", "contours.geojson", "structures.csv", "access.json"]
    );
}

/// Sums that must hold whatever the figures are.
#[test]
fn the_tables_of_the_roannais_add_up() {
    let dir = tempdir().unwrap();
    let out = dir.path().join("r");
    assert_eq!(shipped_to(&out, "fr").code, 0);
    let record = record(&out);
    let number = |name: &str| {
        let cells = column(&out, name);
        cells.into_iter().map(|(k, v)| (k, v.parse::<f64>().unwrap())).collect::<BTreeMap<_, _>>()
    };
    let (people, core) = (number("population"), number("core"));
    for (measure, gps) in [("apl", 378.0), ("apl-65", 378.0 * 0.966), ("2sfca-15", 378.0)] {
        let values = number(measure);
        let received: f64 = values.iter().map(|(k, apl)| apl * people[k]).sum();
        // A cell is rounded to thousandths, and 524,778 people live there: ± 262 acts.
        let supplied = gps * 4380.0;
        assert!((received - supplied).abs() < 263.0, "{measure}: {received} ≠ {supplied}");
        for limit in [2.5, 4.0] {
            let here = |k: &str| core[k] == 1.0 && values[k] <= limit;
            let counted: f64 = values.keys().filter(|k| here(k)).map(|k| people[k]).sum();
            assert_eq!(
                figure(&record, measure, "people_at_most", Some(limit), "core"),
                Some(counted),
                "{measure}"
            );
        }
    }
    // The territory is its six inter-municipal bodies, and all is the territory with its surroundings.
    let epci: Vec<String> = record["figures"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|f| Some(f["zone"].as_str()?.to_owned()))
        .collect();
    let epci: std::collections::BTreeSet<&String> = epci.iter().filter(|z| z.starts_with("epci:")).collect();
    assert_eq!(epci.len(), 6);
    for (measure, indicator, limit) in [
        ("apl", "people_at_most", Some(2.5)),
        ("nearest", "people_within", Some(10.0)),
        ("available", "people_reaching_none", None),
        ("continuity:evening", "people_beyond", Some(30.0)),
    ] {
        let over = |zone: &str| figure(&record, measure, indicator, limit, zone).unwrap();
        assert_eq!(over("core"), epci.iter().map(|zone| over(zone)).sum::<f64>(), "{measure} {indicator}");
        assert_eq!(over("all"), over("core") + over("around"), "{measure} {indicator}");
    }
    // 40 % of 123 GPs leave in four years: 49.2, but for what exits round up.
    let years = fs::read_to_string(out.join("trajectory.csv")).unwrap();
    let leaving = years.lines().skip(1).map(|l| l.split(',').collect::<Vec<_>>());
    let leaving = leaving.filter(|r| core[r[2]] == 1.0 && ("2026"..="2029").contains(&r[1]));
    let gone: f64 = leaving.map(|r| r[5].parse::<f64>().unwrap()).sum();
    assert!((49.2..50.0).contains(&gone), "{gone}");
}

#[test]
fn foreign_folders_are_refused_and_earlier_results_kept() {
    let dir = tempdir().unwrap();
    write(dir.path(), "thesis.docx", "x");
    let ran = shipped_to(dir.path(), "en");
    assert!(ran.code == 3 && ran.err.contains("E108") && ran.err.contains("thesis.docx"), "{}", ran.err);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);

    let out = dir.path().join("r");
    assert_eq!(shipped_to(&out, "fr").code, 0);
    let earlier = fs::read(out.join("access.json")).unwrap();
    let bad = settings(dir.path(), |s| s["zoning"]["set"] = "fr-1999".into());
    for args in [["no-such-file.json", "--settings", &bad], [&shipped("territory.json"), "--settings", &bad]]
    {
        let ran = access(&[&args[..], &["-o", &text(&out)]].concat());
        assert_eq!(ran.code, 3, "{}", ran.err);
    }
    assert_eq!(fs::read(out.join("access.json")).unwrap(), earlier);
    // A plan and measures do not take each other's folder.
    let ran = maillage(&["solve", &shipped("present.json"), "-o", &text(&out), "--quiet"]);
    assert!(ran.code == 3 && ran.err.contains("E108"), "{}", ran.err);
}

// ---- By hand.

/// Settings and results may have the same name: what a user wrote is never replaced.
#[test]
fn a_users_own_files_are_not_replaced() {
    let dir = tempdir().unwrap();
    let own = write(dir.path(), "access.json", &fs::read_to_string(shipped("access.json")).unwrap());
    let before = fs::read_to_string(&own).unwrap();
    let out = dir.path().to_string_lossy().into_owned();
    let ran = maillage(&["access", &shipped("territory.json"), "--settings", &own, "-o", &out]);
    assert_eq!((ran.code, fs::read_to_string(&own).unwrap() == before), (3, true), "{}", ran.err);
    fs::remove_file(&own).unwrap();
    let table = write(dir.path(), "places.csv", "mine");
    let ran = maillage(&["access", &shipped("territory.json"), "-o", &out]);
    assert_eq!((ran.code, fs::read_to_string(&table).unwrap().as_str()), (3, "mine"), "{}", ran.err);
}

/// A (900 people, 1,000 standardised) and B (600, 500) some minutes apart, with GPs at A: `age,acts` each.
fn two(dir: &Path, minutes: u32, gps: &[&str]) -> String {
    write(
        dir,
        "p.csv",
        "code_commune,name,population,standard_population\n01001,A,900,1000\n01002,B,600,500\n",
    );
    write(dir, "t.csv", &format!("from_id,to_id,minutes\n01001,01002,{minutes}\n01002,01001,{minutes}\n"));
    let rows: String = gps.iter().map(|gp| format!("01001,{gp}\n")).collect();
    write(dir, "gps.csv", &format!("code_commune,age,acts\n{rows}"));
    let source = json!({ "fr": "essai", "en": "test" });
    let territory = json!({
        "schema_version": 1, "name": "Two", "geography_year": 2025,
        "places": { "file": "p.csv" },
        "travel": { "kind": "table", "file": "t.csv", "max_min": 30, "source": "hand", "date": "2026" },
        "professionals": [
            { "profession": "gp", "file": "gps.csv", "supply": "counted", "complete": true, "source": source }
        ]
    });
    write(dir, "territory.json", &territory.to_string())
}

#[test]
fn worked_examples_through_files() {
    for (minutes, gps, all, up_to_65) in [
        // 4,500 / (1,000 + 2/3 · 500) = 3.375; 2/3 of it at B.
        (12, &["50,4500"][..], ["3.375", "2.250"], ["3.375", "2.250"]),
        // 4,500 / (1,000 + 1/3 · 500) = 3.857; a third at B.
        (17, &["50,4500"], ["3.857", "1.286"], ["3.857", "1.286"]),
        // 9,000 acts count as 6,000: 6,000 / 1,333.3; 100 as 3,600.
        (12, &["50,9000"], ["4.500", "3.000"], ["4.500", "3.000"]),
        (12, &["50,100"], ["2.700", "1.800"], ["2.700", "1.800"]),
        // The bound of 65 is included.
        (12, &["67,4500"], ["3.375", "2.250"], ["0.000", "0.000"]),
        (12, &["66,4500", "65,4500"], ["6.750", "4.500"], ["3.375", "2.250"]),
        // Beyond the last step B has none, and leaves all to A.
        (21, &["50,4500"], ["4.500", "0.000"], ["4.500", "0.000"]),
    ] {
        let dir = tempdir().unwrap();
        let out = dir.path().join("r");
        let ran = access(&[&two(dir.path(), minutes, gps), "-o", &text(&out)]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        for (measure, expected) in [("apl", all), ("apl-65", up_to_65)] {
            let cells: Vec<String> = column(&out, measure).into_values().collect();
            assert_eq!(cells, expected, "{measure} at {minutes} min with {gps:?}");
        }
        let record = record(&out);
        let mean = |measure: &str, by: &str| figure(&record, measure, by, None, "core").unwrap();
        if (minutes, gps) == (12, &["50,4500"][..]) {
            assert_eq!(mean("apl", "mean_by_standard_people"), 3.0);
            // (900 · 3.375 + 600 · 2.25) / 1,500.
            assert_eq!(mean("apl", "mean_by_population"), 2.925);
            assert_eq!(figure(&record, "apl", "people_at_most", Some(2.5), "core"), Some(600.0));
        }
    }
}

/// A rota of these volunteers serves a duty house at A for all but the deep night; the emergency unit at C is 25
/// minutes from B and 35 from A.
fn duty(dir: &Path, volunteers: u32) -> Value {
    two(dir, 12, &["50,4500"]);
    write(dir, "p.csv", "code_commune,name,population\n01001,A,900\n01002,B,600\n01003,C,300\n");
    let trips = [(1, 2, 12), (2, 3, 25), (1, 3, 35)];
    let both: String =
        trips.iter().map(|(a, b, t)| format!("0100{a},0100{b},{t}\n0100{b},0100{a},{t}\n")).collect();
    write(dir, "t.csv", &format!("from_id,to_id,minutes\n{both}"));
    let periods = "evening saturday-afternoon sunday-holiday";
    write(
        dir,
        "rotas.csv",
        &format!("rota_id,name,volunteers,periods\nsector,Secteur,{volunteers},{periods}\n"),
    );
    let points =
        format!("mmg,Maison,duty-house,01001,{periods},sector\nurgences,Urgences,emergency,01003,all,\n");
    write(dir, "points.csv", &format!("point_id,name,kind,code_commune,periods,rota\n{points}"));
    let mut territory: Value =
        serde_json::from_str(&fs::read_to_string(dir.join("territory.json")).unwrap()).unwrap();
    territory["travel"]["max_min"] = 60.into();
    territory["duty"] = json!({ "points": { "file": "points.csv" }, "rotas": { "file": "rotas.csv" } });
    let path = write(dir, "territory.json", &territory.to_string());
    let out = dir.join("r");
    let ran = access(&[&path, "-o", &text(&out), "--lang", "en"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let mut record = record(&out);
    record["screen"] = ran.out.into();
    record
}

#[test]
fn a_rota_of_four_is_refused_and_one_of_five_holds() {
    let dir = tempdir().unwrap();
    let cells = |name: &str| column(&dir.path().join("r"), name).into_values().collect::<Vec<_>>();
    let share = |record: &Value, period: &str, indicator: &str| {
        figure(record, &format!("continuity:{period}"), indicator, Some(30.0), "core").unwrap()
    };
    // 365 + 52 + 63 = 480 shifts, 120 for each of four: refused, and only the emergency unit counts.
    let four = duty(dir.path(), 4);
    let rota = &four["rotas"][0];
    assert_eq!(
        (&rota["shifts_per_year"], &rota["shifts_per_volunteer_hundredths"]),
        (&json!(480), &json!(12_000))
    );
    assert_eq!((&rota["missing_volunteers"], &rota["falls_if_one_leaves"]), (&json!(1), &json!(false)));
    let refused = "rota \"Secteur\" refused: 4 volunteers, fewer than the floor of 5";
    assert_eq!(rota["refused"]["en"], refused);
    assert!(rota["refused"]["fr"].as_str().unwrap().contains("refusée : 4 volontaires"), "{rota}");
    assert!(four["screen"].as_str().unwrap().contains(refused), "{}", four["screen"]);
    assert_eq!(cells("minutes_open_point:evening"), ["35", "25", "0"]);
    for period in ["evening", "deep-night", "sunday-holiday"] {
        // B and C, 900 of 1,800.
        assert_eq!(share(&four, period, "share_within_of_open_point"), 0.5, "{period}");
        assert_eq!(share(&four, period, "share_on_emergency_only"), 0.5, "{period}");
        assert_eq!(share(&four, period, "people_beyond"), 900.0, "{period}");
    }
    // 96 shifts for each of five. C alone is left to the emergency unit: 300 of 1,800.
    let five = duty(dir.path(), 5);
    let rota = &five["rotas"][0];
    assert_eq!((&rota["shifts_per_volunteer_hundredths"], &rota["refused"]), (&json!(9_600), &Value::Null));
    assert_eq!(rota["falls_if_one_leaves"], true);
    assert!(!five["screen"].as_str().unwrap().contains("refused"));
    assert_eq!(cells("minutes_open_point:evening"), ["0", "12", "0"]);
    assert_eq!(cells("minutes_open_point:deep-night"), ["35", "25", "0"]);
    assert_eq!(share(&five, "evening", "share_within_of_open_point"), 1.0);
    assert_eq!(share(&five, "evening", "share_on_emergency_only"), 0.166667);
    assert_eq!(share(&five, "evening", "people_within_of_open_care"), 1500.0);
    assert_eq!(share(&five, "deep-night", "share_on_emergency_only"), 0.5);
}
