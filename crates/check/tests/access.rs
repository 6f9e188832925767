//! Accessibility in a result: every figure follows from the basis, and from nothing else.

#![allow(clippy::unwrap_used, reason = "a test that cannot build its case fails")]

mod support;

use maillage_programme::AccessBasis;
use serde_json::json;
use support::{Case, has, lines, siting};

/// Figures of accessibility, of both states where not said otherwise.
const FIGURES: [&str; 8] = [
    "apl_mean",
    "apl_worst_tenth",
    "apl_best_tenth",
    "apl_gini",
    "people_apl_at_most_2_5",
    "people_apl_at_most_4",
    "people_apl_gain",
    "people_apl_loss",
];

/// Where a figure stands in the list, and its name.
fn indicators(case: &Case) -> Vec<(usize, String)> {
    let list = case.get("/indicators").as_array().unwrap();
    list.iter().map(|i| i["indicator"].as_str().unwrap().to_owned()).enumerate().collect()
}

fn basis(case: &mut Case) -> &mut AccessBasis {
    case.programme().access.as_mut().unwrap()
}

#[test]
fn every_figure_is_there_and_no_other_may_be() {
    let honest = siting();
    assert!(honest.check().holds(), "{}", lines(&honest.check()));
    for name in FIGURES {
        let found: Vec<usize> =
            indicators(&honest).into_iter().filter(|i| i.1 == name).map(|i| i.0).collect();
        assert!(found.len() >= 3, "{name}: over all places, inside, around");
        for at in found {
            let mut case = honest.clone();
            drop(case.list("/indicators").remove(at));
            case.reseal();
            assert!(has(&case.check(), "C501", "result.json /indicators"), "{name} is missed");
            // By a hundredth either way; one person more or less.
            for step in if name.starts_with("people") { [1.0, -1.0] } else { [0.01, -0.01] } {
                let mut case = honest.clone();
                let value = case.get(&format!("/indicators/{at}/value")).as_f64().unwrap();
                if value + step >= 0.0 {
                    case.set(
                        &format!("/indicators/{at}/value"),
                        json!(((value + step) * 100.0).round() / 100.0),
                    );
                    case.reseal();
                    let report = case.check();
                    assert!(
                        has(&report, "C504", &format!("result.json /indicators/{at}/value")),
                        "{name} {value}"
                    );
                    assert_eq!(report.violations.len(), 1, "{}", lines(&report));
                }
            }
        }
    }
    // A result of a table of times too short to measure it claims none.
    let mut case = honest.clone();
    case.programme().access = None;
    let report = case.check();
    for (at, name) in indicators(&case) {
        let here = format!("result.json /indicators/{at}");
        let extra = report.violations.iter().any(|v| v.rule.as_str() == "C502" && v.at == here);
        assert_eq!(extra, FIGURES.contains(&name.as_str()), "{name}");
    }
}

/// What is done to the basis, and a figure that it must move.
type Change = (&'static str, fn(&mut AccessBasis), &'static str);

/// The basis comes from the inputs: a change of it shows in accessibility, and in nothing else.
#[test]
fn figures_follow_from_the_basis() {
    let changes: [Change; 4] = [
        ("more acts", |b| b.acts_per_gp += 100, "apl_mean"),
        ("more need", |b| b.standard_people[2] += 90_000, "apl_mean"),
        ("need out of scope", |b| b.standard_people[4] = 50_000, "apl_mean"),
        ("fewer inhabitants", |b| b.inhabitants[0].0 -= 1, "people_apl_at_most_4"),
    ];
    for (name, change, moved) in changes {
        let mut case = siting();
        change(basis(&mut case));
        let report = case.check();
        assert!(report.violations.iter().all(|v| v.rule.as_str() == "C504"), "{name}\n{}", lines(&report));
        let mut seen = Vec::new();
        for (at, indicator) in indicators(&case) {
            if has(&report, "C504", &format!("result.json /indicators/{at}/value")) {
                assert!(FIGURES.contains(&indicator.as_str()), "{name} moves {indicator}");
                seen.push(indicator);
            }
        }
        assert!(seen.iter().any(|i| i == moved), "{name} moves only {seen:?}");
    }
}
