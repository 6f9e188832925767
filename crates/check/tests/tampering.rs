//! A correct siting result, and everything a forger may do to it.

#![allow(clippy::unwrap_used, reason = "a test that cannot build its case fails")]

mod support;

use maillage_programme::{Euros, Limits, Role, Status, Task};
use maillage_territory::{Persons, PlaceIx};
use serde_json::{Value, json};
use support::{Case, goal, has, lines, siting};

#[test]
fn an_honest_result_holds() {
    let report = siting().check();
    assert!(report.holds(), "{}", lines(&report));
    assert!(report.verified.len() >= 5, "{:?}", report.verified);
    let said = |word: &str| report.unverified.iter().any(|t| t.en.contains(word));
    assert!(said("bound of `people-attached`") && said("reading of scenario and territory"));
    assert!(report.verified.iter().any(|t| t.en.starts_with("state `before`: nobody more")));
}

/// What is done, the code and the place it must give. The seal is made anew each time.
type Tampering = (&'static str, fn(&mut Case), &'static str, &'static str);

const TAMPERINGS: &[Tampering] = &[
    ("field dropped", |c| drop(c.result.as_object_mut().unwrap().remove("seed")), "C101", "result.json"),
    ("unknown field", |c| c.result["sites"][0]["x"] = json!(1), "C101", "result.json"),
    ("unknown version", |c| c.set("/schema_version", json!(2)), "C102", "result.json /schema_version"),
    ("other hash", |c| c.inputs[1].sha256 = "cd".repeat(32), "C104", "result.json /inputs/1/sha256"),
    ("other size", |c| c.inputs[1].bytes = 1, "C104", "result.json /inputs/1/bytes"),
    ("file not read", |c| drop(c.inputs.pop()), "C104", "result.json /inputs/1/path"),
    ("file not named", |c| drop(c.list("/inputs").pop()), "C104", "result.json /inputs"),
    ("other problem", |c| c.set("/problem", json!("p-median")), "C105", "result.json /problem"),
    ("other territory", |c| c.set("/territory", json!("Brest")), "C105", "result.json /territory"),
    ("supply said estimated", |c| c.set("/supply", json!("estimated")), "C105", "result.json /supply"),
    ("more budget", |c| c.set("/budget_eur", json!(3_000_000)), "C105", "result.json /budget_eur"),
    ("longer trips", |c| c.set("/travel/max_min", json!(25)), "C105", "result.json /travel/max_min"),
    ("proxy said measured", |c| c.set("/travel/kind", json!("proxy")), "C105", "result.json /travel/kind"),
    ("time runs back", |c| c.set("/wall_seconds", json!(-1)), "C106", "result.json /wall_seconds"),
    (
        "a moment before the start",
        |c| c.set("/progress/0/seconds", json!(-1)),
        "C106",
        "result.json /progress/0/seconds",
    ),
    ("a moment of no goal", |c| c.set("/progress/0/goal", json!(9)), "C106", "result.json /progress/0/goal"),
    ("goals swapped", |c| c.list("/goals").reverse(), "C201", "result.json /goals"),
    ("goal dropped", |c| drop(c.list("/goals").pop()), "C201", "result.json /goals"),
    ("other unit", |c| c.set("/goals/0/unit", json!("person-min")), "C201", "result.json /goals"),
    (
        "objective raised",
        |c| c.set("/goals/0/objective", json!(6900)),
        "C202",
        "result.json /goals/0/objective",
    ),
    (
        "travel lowered",
        |c| c.set("/goals/1/objective", json!(6000)),
        "C202",
        "result.json /goals/1/objective",
    ),
    ("no objective", |c| c.set("/goals/1/objective", Value::Null), "C202", "result.json /goals/1/objective"),
    ("bound below", |c| c.set("/goals/0/bound", json!(6799)), "C203", "result.json /goals/0/bound"),
    ("bound above", |c| c.set("/goals/1/bound", json!(6656)), "C203", "result.json /goals/1/bound"),
    ("smaller gap", |c| c.set("/goals/0/gap", json!(0.001)), "C204", "result.json /goals/0/gap"),
    ("said optimal", |c| c.set("/goals/0/status", json!("optimal")), "C205", "result.json /goals/0/status"),
    ("gap not reached", |c| c.set("/solver/gap", json!(0.01)), "C205", "result.json /goals/0/status"),
    ("summary optimal", |c| c.set("/status", json!("optimal")), "C206", "result.json /status"),
    ("summary objective", |c| c.set("/objective", json!(1)), "C206", "result.json /objective"),
    ("summary bound", |c| c.set("/bound", Value::Null), "C206", "result.json /bound"),
    ("summary gap", |c| c.set("/gap", json!(0)), "C206", "result.json /gap"),
    ("plan denied", |c| c.set("/status", json!("no_plan")), "C207", "result.json /sites"),
    ("said infeasible", |c| c.set("/status", json!("infeasible")), "C208", "result.json /clash"),
    ("infeasible with a plan", |c| c.set("/status", json!("infeasible")), "C210", "result.json /status"),
    ("unknown site", |c| c.set("/sites/0/site_id", json!("c-0")), "C301", "result.json /sites/0/site_id"),
    (
        "site twice",
        |c| {
            let s = c.get("/sites/0").clone();
            c.list("/sites").insert(0, s)
        },
        "C302",
        "result.json /sites/1/site_id",
    ),
    ("sites reversed", |c| c.list("/sites").reverse(), "C303", "result.json /sites/1/site_id"),
    ("practice gone", |c| drop(c.list("/sites").remove(3)), "C304", "result.json /sites"),
    ("structure gone", |c| drop(c.list("/sites").remove(4)), "C304", "result.json /sites"),
    (
        "other place",
        |c| c.set("/sites/0/code_commune", json!("01001")),
        "C305",
        "result.json /sites/0/code_commune",
    ),
    ("other name", |c| c.set("/sites/0/name", json!("Lyon")), "C305", "result.json /sites/0/name"),
    ("practice opened", |c| c.set("/sites/2/status", json!("opened")), "C306", "result.json /sites/2/status"),
    (
        "opening hidden",
        |c| c.set("/sites/1/status", json!("existing")),
        "C306",
        "result.json /sites/1/status",
    ),
    (
        "other type",
        |c| c.set("/sites/1/structure_type", json!("msp")),
        "C307",
        "result.json /sites/1/structure_type",
    ),
    (
        "practice has a type",
        |c| c.result["sites"][2]["structure_type"] = json!("msp"),
        "C307",
        "result.json /sites/2/structure_type",
    ),
    ("team of one", |c| c.set("/sites/0/gps", json!(1)), "C308", "result.json /sites/0/gps"),
    ("team of seven", |c| c.set("/sites/0/gps", json!(7)), "C308", "result.json /sites/0/gps"),
    ("half a post", |c| c.set("/sites/0/gps", json!(2.5)), "C308", "result.json /sites/0/gps"),
    ("more than rooms", |c| c.set("/sites/4/gps", json!(3)), "C308", "result.json /sites/4/gps"),
    ("practice grows", |c| c.set("/sites/2/gps", json!(3)), "C308", "result.json /sites/2/gps"),
    ("forced site gone", |c| drop(c.list("/sites").remove(0)), "C309", "result.json /sites"),
    ("larger lists", |c| c.set("/sites/0/capacity", json!(2100)), "C310", "result.json /sites/0/capacity"),
    ("no capacity", |c| c.set("/sites/0/capacity", Value::Null), "C310", "result.json /sites/0/capacity"),
    ("more attached", |c| c.set("/sites/0/attached", json!(2001)), "C311", "result.json /sites/0/attached"),
    (
        "list too long",
        |c| c.csv_replace("01003,c-01003,1900", "01003,c-01003,1901"),
        "C312",
        "result.json /sites/0/attached",
    ),
    (
        "list too long before",
        |c| c.csv_replace("before,01002,p-01002,400", "before,01002,p-01002,401"),
        "C312",
        "assignments.csv:4 people",
    ),
    ("cheaper site", |c| c.set("/sites/0/cost_eur", json!(1)), "C313", "result.json /sites/0/cost_eur"),
    ("cheaper plan", |c| c.set("/cost_eur", json!(1_000_000)), "C314", "result.json /cost_eur"),
    ("no cost", |c| c.set("/cost_eur", Value::Null), "C314", "result.json /cost_eur"),
    (
        "smaller budget",
        |c| c.programme().limits.budget = Some(Euros(1_329_999)),
        "C315",
        "result.json /cost_eur",
    ),
    ("fewer openings", |c| c.programme().limits.max_new_sites = Some(1), "C316", "result.json /sites"),
    ("fewer GPs", |c| c.programme().limits.gp_pool = Some(3), "C317", "result.json /sites"),
    ("table gone", |c| c.csv.clear(), "C401", "assignments.csv:1"),
    ("other header", |c| c.csv_replace("from_id", "from"), "C401", "assignments.csv:1"),
    (
        "extra cell",
        |c| c.csv_replace("01004,c-01004,800,0", "01004,c-01004,800,0,"),
        "C401",
        "assignments.csv:12",
    ),
    ("fraction of a person", |c| c.csv_replace(",1900,", ",1900.5,"), "C402", "assignments.csv:10 people"),
    (
        "other scenario",
        |c| c.csv_replace("essai,after,01004", "autre,after,01004"),
        "C403",
        "assignments.csv:12 scenario",
    ),
    ("rows swapped", |c| swap_rows(c, 1, 2), "C404", "assignments.csv:3"),
    (
        "row twice",
        |c| {
            let r = row(c, 4);
            c.csv += &r
        },
        "C405",
        "assignments.csv:13",
    ),
    ("unknown place", |c| c.csv_replace("after,01004", "after,99999"), "C406", "assignments.csv:12 from_id"),
    ("closed site", |c| c.csv_replace("01002,x-01001", "01002,c-01002"), "C407", "assignments.csv:9 site_id"),
    (
        "not there before",
        |c| c.csv_replace("before,01002,p-01002", "before,01002,x-01001"),
        "C407",
        "assignments.csv:4 site_id",
    ),
    ("shorter trip", |c| c.csv_replace(",100,15", ",100,5"), "C408", "assignments.csv:7 minutes"),
    (
        "unreachable",
        |c| c.csv_replace("after,01004,c-01004", "after,01005,c-01004"),
        "C408",
        "assignments.csv:12 minutes",
    ),
    (
        "too far",
        |c| c.csv_replace("after,01002,x-01001,500,8.5", "after,01002,c-01004,500,22"),
        "C409",
        "assignments.csv:9 minutes",
    ),
    ("fewer people", |c| c.programme().people[3] = Persons(799), "C410", "assignments.csv:12 people"),
    ("no row wanted", |c| c.set("/status", json!("no_plan")), "C413", "assignments.csv:5 state"),
    ("indicator gone", |c| drop(c.list("/indicators").remove(5)), "C501", "result.json /indicators"),
    (
        "indicator of nobody",
        |c| c.set("/indicators/0/zone", json!("epci:E3")),
        "C502",
        "result.json /indicators/0",
    ),
    (
        "indicator twice",
        |c| {
            let i = c.get("/indicators/7").clone();
            c.list("/indicators").push(i)
        },
        "C503",
        "result.json /indicators/",
    ),
    (
        "better indicator",
        |c| c.set("/indicators/3/value", json!(12.34)),
        "C504",
        "result.json /indicators/3/value",
    ),
    (
        "other indicator unit",
        |c| c.set("/indicators/3/unit", json!("h")),
        "C505",
        "result.json /indicators/3/unit",
    ),
    (
        "other place in the task",
        |c| c.programme().sites[3].place = PlaceIx(99),
        "C107",
        "result.json /territory",
    ),
];

fn row(case: &Case, n: usize) -> String {
    format!("{}\n", case.csv.lines().nth(n).unwrap())
}

fn swap_rows(case: &mut Case, a: usize, b: usize) {
    let mut rows: Vec<String> = (0..case.csv.lines().count()).map(|n| row(case, n)).collect();
    rows.swap(a, b);
    case.csv = rows.concat();
}

#[test]
fn every_tampering_is_found_where_it_is() {
    for (name, tamper, code, at) in TAMPERINGS {
        let mut case = siting();
        tamper(&mut case);
        case.reseal();
        let report = case.check();
        assert!(has(&report, code, at), "{name}: no {code} at {at} in\n{}", lines(&report));
        assert!(!has(&report, "C103", ""), "{name}: the seal was made anew");
    }
}

#[test]
fn every_rule_of_siting_is_tried() {
    // C211 is of `locate`: its tamperings are end-to-end tests.
    let elsewhere = ["C103", "C108", "C209", "C211", "C318", "C411", "C412"];
    // Rules of health programmes are tried in `health.rs`.
    let programmes =
        |code: &str| code.starts_with("C6") || code.starts_with("C7") || ("C414"..="C416").contains(&code);
    for rule in maillage_check::Rule::ALL.iter().map(|r| r.as_str()).filter(|code| !programmes(code)) {
        let tried = TAMPERINGS.iter().any(|t| t.2 == rule);
        assert!(tried || elsewhere.contains(&rule), "{rule} is never tried");
    }
}

/// JSON pointers of all leaves.
fn leaves(value: &Value, at: String, out: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(k, v)| leaves(v, format!("{at}/{k}"), out)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, v)| leaves(v, format!("{at}/{i}"), out))
        }
        _ => out.push(at),
    }
}

fn all_leaves(case: &Case) -> Vec<String> {
    let mut out = Vec::new();
    leaves(&case.result, String::new(), &mut out);
    out
}

#[test]
fn every_number_is_guarded() {
    let honest = siting();
    let mut numbers = 0;
    for leaf in all_leaves(&honest) {
        let raised = match honest.get(&leaf) {
            Value::Number(n) => n.as_i64().map_or_else(|| json!(n.as_f64().unwrap() + 1.0), |n| json!(n + 1)),
            _ => continue,
        };
        numbers += 1;
        let mut case = honest.clone();
        case.set(&leaf, raised.clone());
        let report = case.check();
        let top = leaf.split('/').nth(1).unwrap();
        assert!(has(&report, "C103", &format!("result.json /{top}")), "{leaf}\n{}", lines(&report));

        // Sealed anew, what follows from the inputs is still found; the rest is said to be on trust.
        case.reseal();
        let trusted = ["/cpu_seconds", "/wall_seconds", "/progress", "/solver/", "/seed", "/files"];
        if !trusted.iter().any(|t| leaf.starts_with(t)) {
            let report = case.check();
            let named = report.violations.iter().any(|v| v.at.starts_with(&format!("result.json /{top}")));
            assert!(named, "{leaf} = {raised}\n{}", lines(&report));
        }
    }
    assert!(numbers >= 150, "{numbers}");
}

#[test]
fn every_row_is_guarded() {
    let honest = siting();
    let rows: Vec<Vec<String>> =
        honest.csv.lines().skip(1).map(|l| l.split(',').map(str::to_owned).collect()).collect();
    let sites = ["c-01003", "c-01004", "p-01001", "p-01002", "x-01001"];
    let edit = |n: usize, row: Option<Vec<String>>| {
        let mut all = rows.clone();
        match row {
            Some(row) => all[n] = row,
            None => drop(all.remove(n)),
        }
        let mut case = honest.clone();
        case.csv = format!("{}\n", honest.csv.lines().next().unwrap());
        case.csv.extend(all.iter().map(|r| r.join(",") + "\n"));
        case.check()
    };
    assert!(edit(0, Some(rows[0].clone())).holds());
    for (n, row) in rows.iter().enumerate() {
        let cell = |i: usize, text: String| {
            let mut row = row.clone();
            row[i] = text;
            Some(row)
        };
        let people: u64 = row[4].parse().unwrap();
        let minutes: f64 = row[5].parse().unwrap();
        let mut edits = vec![None, cell(4, (people + 1).to_string()), cell(4, (people - 1).to_string())];
        edits.push(cell(5, (minutes + 1.0).to_string()));
        edits.push(cell(0, "autre".to_owned()));
        edits.push(cell(2, "01005".to_owned()));
        edits.extend(sites.iter().filter(|s| **s != row[3]).map(|s| cell(3, (*s).to_owned())));
        for edited in edits {
            assert!(!edit(n, edited.clone()).holds(), "row {n}: {edited:?}");
        }
    }
}

#[test]
fn the_seal_itself_is_guarded() {
    let mut case = siting();
    case.result["seal"]["seed"] = json!("0");
    assert!(has(&case.check(), "C103", "result.json /seed"));
    case.result["seal"] = json!({});
    let fields = case.result.as_object().unwrap().len() - 1;
    assert_eq!(case.check().violations.len(), fields);
    let mut case = siting();
    case.result["seal"]["a/b"] = json!("0");
    assert!(has(&case.check(), "C103", "result.json /seal/a~1b"));
}

#[test]
fn nothing_in_a_result_makes_it_panic() {
    let honest = siting();
    let odd = [
        json!(i64::MAX),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(-1),
        json!(89_999_999_999_999i64),
        json!(1e300),
        json!(0.001),
        Value::Null,
        json!(true),
        json!("\u{0}<x>"),
        json!([]),
        json!({}),
    ];
    for leaf in all_leaves(&honest) {
        for value in &odd {
            let mut case = honest.clone();
            if case.get(&leaf) == value {
                continue;
            }
            case.set(&leaf, value.clone());
            assert!(!case.check().holds(), "{leaf} = {value}");
            case.reseal();
            case.check();
        }
    }
    for result in odd.iter().cloned().chain([json!({"seal": 3}), json!({"seal": {"x": {}}})]) {
        let report = Case { result, ..honest.clone() }.check();
        assert!(has(&report, "C101", "result.json"));
    }
}

#[test]
fn nothing_in_a_table_makes_it_panic() {
    let honest = siting();
    let huge = format!("essai,after,01001,p-01001,{},0\n", u64::MAX);
    let long = format!("essai,after,01001,p-01001,1,{}\n", "9".repeat(9));
    for tail in
        [huge.clone(), huge.repeat(50), long, "\"".into(), "\0\n".into(), ",,,,,\n".into(), "é".repeat(9)]
    {
        let report = Case { csv: honest.csv.clone() + &tail, ..honest.clone() }.check();
        assert!(!report.holds(), "{tail:?}");
        assert!(report.violations.iter().any(|v| v.at.starts_with("assignments.csv:1")), "{tail:?}");
    }
}

#[test]
fn a_huge_programme_does_not_panic() {
    let mut case = siting();
    let programme = case.programme();
    programme.people = vec![Persons(u64::MAX); 5];
    for kind in &mut programme.types {
        (kind.max_gps, kind.patients_per_gp) = (u32::MAX, u32::MAX);
        (kind.opening_eur, kind.per_gp_eur) = (Euros(i64::MAX), Euros(i64::MAX));
    }
    for site in &mut programme.sites {
        if let Role::Practice { capacity, .. } = &mut site.role {
            *capacity = Persons(u64::MAX);
        }
    }
    case.set("/sites/0/gps", json!(89_999_999_999_999i64));
    assert!(!case.check().holds());
}

#[test]
fn a_better_plan_refutes_a_bound() {
    // One person fewer on a list: said optimal, and the list has room for someone nobody takes.
    let mut case = siting();
    case.csv_replace("after,01004,c-01004,800", "after,01004,c-01004,799");
    case.set("/sites/1/attached", json!(899));
    case.set(
        "/goals/0",
        serde_json::to_value(goal("people-attached", "max", "people", Status::Optimal, 679_900, 679_900))
            .unwrap(),
    );
    case.reseal();
    assert!(has(&case.check(), "C209", "result.json /goals/0/bound"), "{}", lines(&case.check()));

    // Room at a nearer site: said optimal, and the trip could be shorter.
    let mut case = siting();
    case.csv_replace("after,01003,c-01003,1900", "after,01003,c-01003,1899");
    case.set("/sites/0/attached", json!(1999));
    case.reseal();
    assert!(has(&case.check(), "C209", "result.json /goals/1/bound"), "{}", lines(&case.check()));
}

#[test]
fn before_is_told_when_it_could_be_better() {
    let mut case = siting();
    case.csv_replace("before,01001,p-01001,2400", "before,01001,p-01001,2399");
    let report = case.check();
    assert!(report.violations.iter().all(|v| v.rule.as_str() == "C504"), "{}", lines(&report));
    assert!(report.unverified.iter().any(|t| t.en.contains("could attach more people")));
}

#[test]
fn results_without_a_plan() {
    let honest = siting();
    let without = |status: Status, limits: Limits, clash: Value| {
        let mut case = honest.clone();
        case.csv = String::new();
        case.programme().limits = limits;
        let max_time = case.programme().max_time;
        let record = support::record(&case.territory, "siting", max_time, Vec::new());
        let mut case = support::case(case.territory.clone(), case.task.clone(), &record, String::new());
        case.set("/status", json!(status.as_str()));
        case.set("/budget_eur", json!(limits.budget));
        case.set("/clash", clash);
        if matches!(status, Status::Infeasible | Status::Optimal) {
            case.set("/limit", Value::Null);
        }
        case.reseal();
        case.check()
    };
    let none = Limits::default();
    assert!(without(Status::NoPlan, none, json!([])).holds());
    let poor = Limits { budget: Some(Euros(379_999)), ..none };
    let clash = json!([{"rule": "budget", "pointer": "/problem/limits", "text": {"fr": "x", "en": "x"}}]);
    let report = without(Status::Infeasible, poor, clash.clone());
    assert!(report.holds(), "{}", lines(&report));
    assert!(report.unverified.iter().any(|t| t.en.starts_with("infeasibility")));
    assert!(has(&without(Status::Infeasible, poor, json!([])), "C208", "result.json /clash"));
    assert!(has(&without(Status::NoPlan, poor, clash.clone()), "C208", "result.json /clash"));
    let enough = Limits { budget: Some(Euros(380_000)), ..none };
    assert!(has(&without(Status::Infeasible, enough, clash), "C210", "result.json /status"));
    assert!(has(&without(Status::Optimal, none, json!([])), "C201", "result.json /goals"));
}

#[test]
fn opened_without_gps_is_not_open() {
    let mut case = siting();
    case.programme().types[1].min_gps = 0;
    case.set("/sites/1/gps", json!(0));
    case.reseal();
    let report = case.check();
    // Its people have no list any more, and the place no open site.
    assert!(has(&report, "C312", "result.json /sites/1/attached"), "{}", lines(&report));
    assert!(has(&report, "C504", "result.json /indicators"));
    assert!(matches!(case.task, Task::Siting(_)));
}
