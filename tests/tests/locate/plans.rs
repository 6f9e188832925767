//! `maillage locate --plans`: the best plans that differ.

use super::{Small, locate, solved, text};
use maillage_tests::{maillage, shared};
use serde_json::{Value, json};
use std::fs;

/// Five villages on a road, 10 apart, with weights 1, 10, 1, 10, 1. Two sites cost, by which villages have them:
/// 1 and 3: 30; 0 and 3, 1 and 4: 120; 1 and 2, 2 and 3: 130; 0 and 2, 0 and 4, 2 and 4: 220; the two at an end: 240.
fn road() -> (Small, String) {
    let small = Small::new();
    let pairs = (0..5i32).flat_map(|i| (0..5i32).map(move |j| (i, j)));
    let rows: String = pairs.map(|(i, j)| format!("v{i},v{j},{}\n", 10 * i.abs_diff(j))).collect();
    small.write("road.csv", &format!("from_id,to_id,cost\n{rows}"));
    small.write("road-weights.csv", "id,weight\nv0,1\nv1,10\nv2,1\nv3,10\nv4,1\n");
    let how = format!("--format csv --problem p-median --p 2 --weights {}", small.path("road-weights.csv"));
    (small, how)
}

fn objectives(result: &Value) -> Vec<u64> {
    result["alternatives"].as_array().unwrap().iter().map(|a| a["objective"].as_u64().unwrap()).collect()
}

#[test]
fn the_best_plans_by_hand() {
    let (small, how) = road();
    let none = json!("none-left");
    for (asked, objectives_by_hand, stop) in [
        ("--plans 1", &[][..], &Value::Null),
        ("--plans 3", &[], &none),
        ("--plans 3 --within 300", &[120, 120], &Value::Null),
        // 30 and 299.9 % are 119.97.
        ("--plans 3 --within 299.9", &[], &none),
        ("--plans 9 --within 300", &[120, 120], &none),
        ("--plans 5 --within 334", &[120, 120, 130, 130], &Value::Null),
        ("--plans 11 --within 1000", &[120, 120, 130, 130, 220, 220, 220, 240, 240], &none),
        // Without 1 and 3 all plans cost 220, and three villages hold one plan of two.
        ("--plans 4 --apart 2 --within 1000", &[220], &none),
    ] {
        let (result, said) = solved(&small.path("road.csv"), &format!("{how} {asked}"));
        assert_eq!((&result["objective"], &result["open"]), (&json!(30), &json!(["v1", "v3"])), "{asked}");
        assert_eq!(
            (&objectives(&result)[..], &result["alternatives_stop"]),
            (objectives_by_hand, stop),
            "{asked}"
        );
        assert!(result["certificate"]["bound"].is_u64(), "{asked}");
        let claimed = said.contains("bounds of further plans: claimed by the search, without a certificate");
        assert_eq!(claimed, !objectives_by_hand.is_empty(), "{said}");
        assert_eq!(said.contains("no further plan that differs as asked"), *stop == none, "{said}");
    }
    let (result, _) = solved(&small.path("road.csv"), &format!("{how} --plans 4 --apart 2 --within 1000"));
    assert_eq!(result["asked"], json!({"plans": 4, "apart": 2, "within": 1000.0}));
    assert_eq!(result["alternatives"][0]["closed_of_best"], json!(["v1", "v3"]));
    assert_eq!(result["alternatives"][0]["bound"], json!(220));
}

#[test]
fn plans_are_told_in_both_languages() {
    let (small, how) = road();
    let file = small.path("road.csv");
    let how = format!("{how} --plans 3 --apart 2 --within 633.4");
    for (lang, lines) in [
        (
            "fr",
            [
                "plans : 2 sur 3 demandés, chacun ferme au moins 2 sites de chaque plan précédent et coûte au plus 633,4 % de plus",
                "2. objectif 220, +190 (+633,3333 %), optimal   ferme v1 v3 ; ouvre v",
                "aucun autre plan de ce coût ne diffère comme demandé",
            ],
        ),
        (
            "en",
            [
                "plans: 2 of 3 asked, each closes at least 2 sites of every earlier plan and costs at most 633.4 % more",
                "2. objective 220, +190 (+633.3333 %), optimal   closes v1 v3; opens v",
                "no further plan of that cost differs as asked",
            ],
        ),
    ] {
        let mut args = vec!["locate", &file, "--quiet", "--lang", lang];
        args.extend(how.split_whitespace());
        let ran = maillage(&args);
        assert_eq!(ran.code, 0, "{}", ran.err);
        for line in lines {
            assert!(ran.out.contains(line), "{line} is missing from {}", ran.out);
        }
    }
}

#[test]
fn plans_of_a_public_instance() {
    let Some(file) = shared("bench/pmed/pmed5.txt.gz") else { return };
    let how = "--format orlib-pmed --problem p-median --plans 5 --apart 2 --within 1";
    let (result, said) = solved(&text(&file), how);
    assert_eq!(result["objective"], json!(1355));
    let further = objectives(&result);
    assert!(further.len() == 4 && further.is_sorted() && further[3] <= 1368, "{further:?}");
    assert!(said.contains("further plans (4): objectives counted again from the instance"), "{said}");
}

#[test]
fn a_limit_before_all_plans_is_said() {
    let Some(file) = shared("bench/pmed/pmed5.txt.gz") else { return };
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("r.json");
    // There are millions of plans of this cost.
    let how = "--format orlib-pmed --problem p-median --plans 1000000 --within 50 --time-limit 1";
    let ran = locate(&text(&file), how, &out);
    let result = ran.json();
    assert_eq!((ran.code, &result["status"]), (5, &json!("optimal")), "{}", ran.err);
    assert_eq!((&result["limit"], &result["alternatives_stop"]), (&Value::Null, &json!("time")));
    assert!(!objectives(&result).is_empty());
    let check = maillage(&["check", &text(&out), "--lang", "en"]);
    assert!(check.code == 0 && !check.out.contains("no further plan"), "{}", check.out);
}

#[test]
fn changed_plans_are_found() {
    let (small, how) = road();
    let out = small.dir.path().join("r.json");
    let ran = locate(&small.path("road.csv"), &format!("{how} --plans 5 --within 334"), &out);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for (change, said) in [
        (&(|v: &mut Value| v["alternatives"][0]["objective"] = json!(119)) as &dyn Fn(&mut Value), "C202"),
        (&|v| v["alternatives"][0]["open"] = json!(["v1", "v3"]), "C604"),
        (&|v| v["alternatives"][1] = v["alternatives"][0].clone(), "C604"),
        (&|v| v["alternatives"].as_array_mut().unwrap().swap(1, 2), "C209"),
        (&|v| v["asked"]["within"] = json!(333), "C315"),
        (&|v| v["alternatives"][3]["bound"] = json!(129), "C205"),
        (&|v| v["alternatives"] = json!([]), "C205"),
    ] {
        let mut value = ran.json();
        change(&mut value);
        fs::write(&out, value.to_string()).unwrap();
        let check = maillage(&["check", &text(&out), "--lang", "en"]);
        assert!(
            check.code == 7 && check.out.contains(said) && check.out.contains("C103"),
            "{said}: {}",
            check.out
        );
    }
}
