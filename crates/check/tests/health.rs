//! A right result of a health programme, and everything a forger may do to it.

#![allow(clippy::unwrap_used, reason = "a test that cannot build its case fails")]

mod support;

use maillage_programme::health::*;
use maillage_programme::{Euros, SiteIx, Status};
use maillage_territory::{Fte, Minutes, Persons, PlaceIx};
use serde_json::{Value, json};
use support::health::result::case;
use support::{Case, goal, has, lines};

#[test]
fn an_honest_result_holds() {
    let report = case().check();
    assert!(report.holds(), "{}", lines(&report));
    let says = |word: &str| report.verified.iter().any(|t| t.en.contains(word));
    assert!(says("payments to the euro") && says("indicators (288)") && says("assignments (37 rows)"));
    assert!(says("bound of `people-near-duty`: found again"), "everyone is near");
    let doubts = |word: &str| report.unverified.iter().any(|t| t.en.contains(word));
    assert!(doubts("worth of one recruit more") && doubts("state `before`") && doubts("bound of `cost`"));
}

fn set(c: &mut Case, pointer: &str, value: Value) {
    c.set(&format!("/programme/{pointer}"), value);
}

fn remove(c: &mut Case, pointer: &str, i: usize) {
    drop(c.list(&format!("/programme/{pointer}")).remove(i));
}

/// JSON pointers of all leaves outside the indicators.
fn leaves(case: &Case) -> Vec<String> {
    fn walk(value: &Value, at: String, out: &mut Vec<String>) {
        match value {
            Value::Object(fields) => fields.iter().for_each(|(k, v)| walk(v, format!("{at}/{k}"), out)),
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(i, v)| walk(v, format!("{at}/{i}"), out))
            }
            _ => out.push(at),
        }
    }
    let mut out = Vec::new();
    walk(&case.result, String::new(), &mut out);
    out.retain(|leaf| !leaf.starts_with("/indicators/"));
    out
}

#[test]
fn every_number_of_the_programme_is_guarded() {
    let honest = case();
    let on_trust = ["/programme/worth/0/person_years", "/programme/order", "/programme/delay"];
    let mut numbers = 0;
    for leaf in leaves(&honest).iter().filter(|l| l.starts_with("/programme/")) {
        let Value::Number(n) = honest.get(leaf) else { continue };
        let raised = n.as_i64().map_or_else(|| json!(n.as_f64().unwrap() + 1.0), |n| json!(n + 1));
        numbers += 1;
        let mut case = honest.clone();
        case.set(leaf, raised);
        case.reseal();
        let report = case.check();
        let trusted = on_trust.iter().any(|t| leaf.starts_with(t));
        assert!(!report.holds() || trusted, "{leaf}\n{}", lines(&report));
    }
    assert!(numbers >= 150, "{numbers}");
}

#[test]
fn every_row_is_guarded() {
    let honest = case();
    let rows: Vec<Vec<&str>> = honest.csv.lines().map(|l| l.split(',').collect()).collect();
    let edited = |n: usize, row: Option<Vec<String>>| {
        let mut all: Vec<String> = rows.iter().map(|r| r.join(",")).collect();
        match row {
            Some(row) => all[n] = row.join(","),
            None => drop(all.remove(n)),
        }
        Case { csv: all.join("\n") + "\n", ..honest.clone() }.check()
    };
    for (n, row) in rows.iter().enumerate().skip(1) {
        let cell = |i: usize, text: &str| {
            let mut row: Vec<String> = row.iter().map(|c| (*c).to_owned()).collect();
            row[i] = text.to_owned();
            Some(row)
        };
        let people: u64 = row[4].parse().unwrap();
        let other = if row[7] == "slow" { "central" } else { "slow" };
        let edits = [
            None,
            cell(0, "autre"),
            cell(4, &(people + 1).to_string()),
            cell(4, &(people - 1).to_string()),
            cell(5, "3"),
            cell(6, if row[6] == "2027" { "2026" } else { "2027" }),
            cell(7, other),
        ];
        for edit in edits {
            // That today's lists could hold more is not looked for: fewer people on them are not found.
            let fewer = edit.as_ref().is_none_or(|row| row[4].parse::<u64>().unwrap() < people);
            let report = edited(n, edit.clone());
            assert!(!report.holds() || (row[6] == "2025" && fewer), "row {n}: {edit:?}");
        }
    }
}

#[test]
fn nothing_in_a_result_makes_it_panic() {
    let honest = case();
    let odd = [
        json!(i64::MAX),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(u32::MAX),
        json!(-1),
        json!(89_999_999_999_999i64),
        json!(0.001),
        Value::Null,
        json!("x-01003"),
        json!([]),
    ];
    for leaf in leaves(&honest) {
        for value in &odd {
            let mut case = honest.clone();
            case.set(&leaf, value.clone());
            case.reseal();
            case.check();
        }
    }
    for from in ["c-01002,10,12", "p-01001,1400,0"] {
        for to in [format!("c-01002,{},12", u64::MAX), "s-01003,1,0".into(), "x-01003,1,99999999".into()] {
            let mut case = honest.clone();
            case.csv_replace(from, &to);
            assert!(!case.check().holds());
        }
    }
}

#[test]
fn a_programme_that_does_not_fit_is_said_so() {
    let changes: [fn(&mut Health); 15] = [
        |h| h.years = 0,
        |h| h.years = 3,
        |h| h.first_year = 0,
        |h| h.first_year = u16::MAX,
        |h| h.people[1].truncate(2),
        |h| h.sites[0].addresses = vec![PlaceIx(3)],
        |h| h.sites[0].addresses.clear(),
        |h| h.sites[1].id = h.sites[0].id.clone(),
        |h| {
            h.sites[2].standing =
                Standing::Candidate { types: vec![HealthTypeIx(3)], from: 1, committed: None }
        },
        |h| h.types[0].posts[1] = h.types[0].posts[0].clone(),
        |h| h.types[0].posts[0].step = Fte::whole(0),
        |h| h.levers[0].adds[0].0 = PoolIx(2),
        |h| h.futures.clear(),
        |h| h.futures[1].practices.clear(),
        |h| h.goals[0].terms.clear(),
    ];
    for (i, change) in changes.into_iter().enumerate() {
        let mut case = case();
        change(case.health());
        assert!(has(&case.check(), "C107", "result.json /territory"), "{i}");
    }
}

#[test]
fn the_worst_future_counts_alone() {
    let mut case = case();
    case.health().outlook = Outlook::Worst;
    let report = case.check();
    let of = |i: usize| {
        let at = format!("result.json /goals/{i}/objective");
        let found = report
            .violations
            .iter()
            .find(|v| v.at == at && v.recomputed.starts_with(|c: char| c.is_ascii_digit()));
        found.map(|v| v.recomputed.clone())
    };
    let worst = ["4575", "646250", "", "212000", "830056890", "2900", "5200", ""];
    for (i, value) in worst.into_iter().enumerate() {
        assert_eq!(of(i).unwrap_or_default(), value, "{i}\n{}", lines(&report));
    }
}

#[test]
fn a_bound_of_its_own() {
    // Nobody can be recruited: lists hold 1200 + 900 and 800 + 900, in the slow future 400 + 900 in the end.
    // 60 · 3800 + 40 · 3400 hundredths.
    let mut case = case();
    for pool in &mut case.health().pools {
        pool.by_year.clear();
    }
    case.health().levers[0].adds.clear();
    case.health().types[0].attracts.clear();
    let report = case.check();
    let limit = report.violations.iter().find(|v| v.recomputed == "≤ 3640");
    assert_eq!(limit.map(|v| v.at.as_str()), Some("result.json /goals/0/objective"), "{}", lines(&report));

    // As it is lists could hold everyone: that bound is found again.
    let mut case = support::health::result::case();
    let first = goal("people-attached", "max", "person-years", Status::Feasible, 563_400, 730_000);
    for (field, value) in [("/limit", json!("time")), ("/status", json!("feasible")), ("/bound", json!(7300))]
    {
        case.set(field, value);
    }
    case.set("/gap", json!(first.gap));
    case.set("/goals/0", serde_json::to_value(first).unwrap());
    case.reseal();
    let report = case.check();
    assert!(report.holds(), "{}", lines(&report));
    assert!(report.verified.iter().any(|t| t.en.starts_with("bound of `people-attached`: found again")));
}

#[test]
fn results_without_a_plan() {
    let honest = case();
    let max_time = support::health::programme().max_time;
    let mut record = support::record(&honest.territory, "programme", max_time, Vec::new());
    record.budget_eur = Some(Euros(339_250));
    let none = support::case(honest.territory.clone(), honest.task.clone(), &record, String::new());
    assert!(none.check().holds(), "{}", lines(&none.check()));
    let mut denied = honest.clone();
    denied.set("/status", json!("no_plan"));
    denied.reseal();
    assert!(has(&denied.check(), "C207", "result.json /programme"));
    assert!(has(&denied.check(), "C413", "assignments.csv:"));

    // A programme in the result of another problem.
    let mut siting = support::siting();
    siting.result["programme"] = honest.get("/programme").clone();
    siting.reseal();
    assert!(has(&siting.check(), "C601", "result.json /programme"));
    siting.csv = honest.csv.clone();
    assert!(has(&siting.check(), "C401", "assignments.csv:1"));
}

#[test]
fn shares_of_long_trips() {
    // Today 200 of the 900 at B are on a list 8 min away, 22.2 %; later no more than those.
    let with = |percent| {
        let mut case = case();
        case.health().behaviour = Behaviour::Decay(vec![(Minutes::whole(5), percent)]);
        case.check()
    };
    assert!(with(23).holds(), "{}", lines(&with(23)));
    let report = with(22);
    assert_eq!(report.violations.len(), 1, "{}", lines(&report));
    assert!(has(&report, "C416", "assignments.csv:3 people"));
    // Of fewer than 900 in year 1 those who stay may still go: 150 of 200, where 23 % would be 46.
    let mut case = case();
    case.health().behaviour = Behaviour::Decay(vec![(Minutes::whole(5), 23)]);
    case.health().people[1][1] = Persons(200);
    assert!(!has(&case.check(), "C416", ""), "{}", lines(&case.check()));
}

#[test]
fn a_closing_that_is_right() {
    // The centre may close and does in year 2: its people lose their list, its posts and its money are gone.
    let mut case = case();
    let Standing::Existing(e) = &mut case.health().sites[3].standing else { unreachable!() };
    e.may_close = true;
    set(&mut case, "structures/2/closes", json!(2027));
    for f in 0..2 {
        remove(&mut case, &format!("futures/{f}/posts"), 5);
        remove(&mut case, &format!("futures/{f}/money"), 15);
        remove(&mut case, &format!("futures/{f}/money"), 14);
    }
    let gone = |line: &&str| !(line.starts_with("essai,after,01003,x-01003,900,0,2027"));
    case.csv = case.csv.lines().filter(gone).map(|l| format!("{l}\n")).collect();
    drop(case.list("/sites").pop());
    case.set("/cost_eur", json!(586_250));
    case.health().rules.clear();
    case.reseal();
    let report = case.check();
    // The goals and the indicators were those of before; nothing else is wrong.
    let other =
        |v: &&maillage_check::Violation| !(v.rule.as_str().starts_with("C2") || v.rule.as_str() == "C504");
    assert_eq!(report.violations.iter().filter(other).count(), 0, "{}", lines(&report));
    assert!(has(&report, "C202", "result.json /goals/1"), "60,000 a year less");
}

#[test]
fn lists_that_grow_keep_no_more_than_they_had() {
    // The practice of A holds more than today: 1400 and 200 stay, though 2100 / 1600 of them would be more.
    let mut case = case();
    for future in &mut case.health().futures {
        future.practices.get_mut(&SiteIx(1)).unwrap()[1].list = Persons(2100);
    }
    let report = case.check();
    let kept: Vec<&str> = report
        .violations
        .iter()
        .filter(|v| v.rule.as_str() == "C415")
        .map(|v| v.recomputed.as_str())
        .collect();
    assert_eq!(kept.iter().filter(|k| **k == "≥ 1400").count(), 4, "{}", lines(&report));
    assert_eq!(kept.iter().filter(|k| **k == "≥ 200").count(), 4, "{}", lines(&report));
    // Fewer live at A than would stay.
    let mut case = support::health::result::case();
    case.health().people[1][0] = Persons(1049);
    let report = case.check();
    assert!(has(&report, "C410", "assignments.csv:"));
    assert!(!has(&report, "C415", ""), "{}", lines(&report));
}
