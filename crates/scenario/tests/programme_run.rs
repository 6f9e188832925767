//! Health programmes solved, written and checked.
#![allow(clippy::unwrap_used, reason = "a test that panics fails")]

mod support;

use maillage_input::Lang;
use maillage_programme::{ResultRecord, State, Status};
use maillage_scenario::{Event, Finished, Loaded, Log, RunOptions, check, load, run, write};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use support::{full, territory};
use tempfile::tempdir;

fn solved(dir: &Path, scenario: &Value, watch: &mut dyn FnMut(&Event)) -> (Loaded, Finished) {
    territory(dir);
    let file = dir.join("s.json");
    fs::write(&file, serde_json::to_string_pretty(scenario).unwrap()).unwrap();
    let (loaded, _) = load(&file).map_err(|p| p.render(Lang::En)).unwrap();
    let finished = run(&loaded, &RunOptions::default(), watch).unwrap();
    (loaded, finished)
}

fn written(dir: &Path, scenario: &Value) -> ResultRecord {
    let (loaded, finished) = solved(dir, scenario, &mut |_| {});
    let log = Log::new(&loaded);
    write(&dir.join("r"), &loaded, &finished, log.text(), Lang::En).unwrap()
}

fn violations(dir: &Path) -> String {
    let verdict = check(&dir.join("r"), None).map_err(|p| p.render(Lang::En)).unwrap();
    verdict.report.violations.iter().map(|v| format!("{v:?}\n")).collect()
}

#[test]
fn a_full_programme_is_solved_written_and_found_right() {
    let dir = tempdir().unwrap();
    let record = written(dir.path(), &full());
    // Proofs are the solver's business: accessibility in whole numbers leaves a bound a little off.
    assert!(matches!(record.status, Status::Optimal | Status::Feasible), "{:?}", record.clash);
    assert_eq!(record.problem, "programme");
    assert_eq!(record.goals.len(), 8);
    let programme = record.programme.unwrap();
    assert_eq!(programme.years, [2027, 2028, 2029]);
    assert_eq!(programme.futures.iter().map(|f| f.future.as_str()).collect::<Vec<_>>(), ["likely", "hard"]);
    let new = programme.structures.iter().find(|s| s.site_id.as_str() == "new-42004").unwrap();
    assert!(new.opens.is_some_and(|y| y <= 2028) && new.structure_type.as_str() == "msp");
    assert!(programme.levers.iter().any(|l| l.lever == "interns" && (2028..=2029).contains(&l.starts)));
    // Every planned year, without and with the plan.
    let years: std::collections::BTreeSet<_> = record.indicators.iter().map(|i| (i.year, i.state)).collect();
    assert_eq!(years.len(), 6);
    assert!(years.contains(&(Some(2027), State::Before)) && !years.contains(&(None, State::After)));
    assert_eq!(violations(dir.path()), "");
}

#[test]
fn a_changed_payment_is_found() {
    let dir = tempdir().unwrap();
    written(dir.path(), &full());
    let file = dir.path().join("r/money.csv");
    let money = fs::read_to_string(&file).unwrap();
    assert!(
        money.lines().count() > 1 && money.starts_with("scenario,future,year,what,of,payer,euros\n"),
        "{money}"
    );
    fs::write(&file, money.replacen("capital", "running", 1)).unwrap();
    let found = violations(dir.path());
    assert!(found.contains("money.csv"), "{found}");
}

#[test]
fn rules_that_clash_are_named_with_their_place() {
    let dir = tempdir().unwrap();
    let mut scenario = full();
    scenario["problem"]["owner"] = json!({ "total_eur": 1000 });
    let (_, finished) = solved(dir.path(), &scenario, &mut |_| {});
    let record = finished.record;
    assert_eq!(record.status, Status::Infeasible);
    let pointers: Vec<&str> = record.clash.iter().map(|c| c.pointer.as_str()).collect();
    assert!(pointers.contains(&"/problem/owner"), "{:?}", record.clash);
    for c in &record.clash {
        assert!(!c.text.fr.is_empty() && !c.text.en.is_empty(), "{c:?}");
    }
    let owner = record.clash.iter().find(|c| c.rule == "owner").unwrap();
    assert_eq!(owner.text.en, "owners pay at most in all 1,000 EUR");
    assert!(record.programme.is_none() && finished.assignments.is_empty());
}

#[test]
fn a_watcher_is_told_of_every_goal() {
    let dir = tempdir().unwrap();
    let mut goals = std::collections::BTreeSet::new();
    let mut scenario = full();
    scenario["problem"]["goals"] = json!(["people-attached", "cost"]);
    let (_, finished) = solved(dir.path(), &scenario, &mut |e| {
        goals.insert(e.goal.clone());
    });
    assert_eq!(finished.record.status, Status::Optimal);
    assert!(goals.iter().all(|g| ["people-attached", "cost"].contains(&g.as_str())), "{goals:?}");
}
