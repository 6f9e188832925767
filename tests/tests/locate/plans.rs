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

/// Problem, file and options; worth of the best plan and of all others within the share, by hand.
type ByHand = (&'static str, &'static str, u64, &'static [u64]);

const OTHERS: [ByHand; 10] = [
    // Two sites hold the road: 1 and 3, 1 and 4, 0 and 3.
    ("road.csv", "--format csv --problem set-cover --radius 10 --within 0", 2, &[2, 2]),
    // Of three, only 0, 2 and 4 hold none of these.
    ("road.csv", "--format csv --problem set-cover --radius 10 --within 50", 2, &[2, 2, 3]),
    // 2 holds 21 alone, its neighbours 12, the ends 11; 47 % of 21 are 9 whole.
    ("road.csv", "--format csv --problem max-cover --p 1 --radius 10 --within 47", 21, &[12, 12]),
    ("road.csv", "--format csv --problem max-cover --p 1 --radius 10 --within 50", 21, &[12, 12, 11, 11]),
    // Each village alone holds 11 or more.
    ("road.csv", "--format csv --problem partial-cover --demand 11 --radius 10 --within 0", 1, &[1; 4]),
    // As in the set covering; within 20 also 2 alone, and both ends.
    ("road.csv", "--format csv --problem p-center --p 2 --within 99", 10, &[10, 10]),
    ("road.csv", "--format csv --problem p-center --p 2 --within 100", 10, &[10, 10, 20, 20]),
    // The first and third cover 60 for 10, the second and third 50 for 8, the first or the third alone 30.
    ("small.grid", "--format grid --problem max-cover --budget 10 --radius 1 --within 50", 60, &[50, 30, 30]),
    // Ends and middle are held by the second and fourth only.
    ("road.tsp", "--format tsplib --problem set-cover --radius 2.5 --within 0", 2, &[2, 2]),
    // The second site alone: 190 tenths; the first 235, and 25 % are 47.
    ("small.ufl", "--format uflib --problem fixed-charge --within 25", 190, &[235]),
];

/// What is asked of a case by hand, for all the plans there are.
fn in_full(small: &Small, (file, how, ..): &ByHand) -> (String, String) {
    let weighted = *file == "road.csv" && (how.contains("max-cover") || how.contains("partial-cover"));
    let weights =
        if weighted { format!("--weights {}", small.path("road-weights.csv")) } else { String::new() };
    (small.path(file), format!("{how} --plans 9 {weights}"))
}

#[test]
fn the_best_plans_of_other_problems_by_hand() {
    let (small, _) = road();
    for case in &OTHERS {
        let (file, how) = in_full(&small, case);
        let (result, said) = solved(&file, &how);
        assert_eq!((result["objective"].as_u64(), &objectives(&result)[..]), (Some(case.2), case.3), "{how}");
        assert_eq!(result["alternatives_stop"], json!("none-left"), "{how}");
        assert!(said.contains("each closes at least 1 site of every earlier plan"), "{said}");
        let large = how.contains("max-cover");
        assert_eq!(said.contains("none over the one before"), large, "{said}");
    }
}

/// What a user reads holds these lines.
fn says(file: &str, how: &str, lang: &str, lines: &[&str]) {
    let mut args = vec!["locate", file, "--quiet", "--lang", lang];
    args.extend(how.split_whitespace());
    let ran = maillage(&args);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for line in lines {
        assert!(ran.out.contains(line), "{line} is missing from {}", ran.out);
    }
}

#[test]
fn the_share_is_told_in_terms_of_the_problem() {
    let (small, _) = road();
    let file = small.path("road.csv");
    for (how, lang, lines) in [
        (
            "--problem max-cover --p 1 --radius 10 --within 34",
            "fr",
            [
                "et couvre au plus 34 % de moins que le meilleur",
                "4. objectif 2, −1 (−33,3333 %), optimal",
                "aucun autre plan de cette couverture",
            ],
        ),
        (
            "--problem set-cover --radius 10 --within 50",
            "en",
            [
                "and opens at most 50 % more sites than the best",
                "4. objective 3, +1 (+50 %), optimal",
                "no further plan of that cost",
            ],
        ),
        (
            "--problem p-center --p 2 --within 100",
            "en",
            [
                "and has a dearest cost at most 100 % above that of the best",
                "+10 (+100 %)",
                "no further plan",
            ],
        ),
    ] {
        says(&file, &format!("--format csv --plans 9 {how}"), lang, &lines);
    }
}

#[test]
fn changed_plans_of_other_problems_are_found() {
    let (small, _) = road();
    let out = small.dir.path().join("r.json");
    for case in &OTHERS {
        let (file, how) = in_full(&small, case);
        let honest = locate(&file, &how, &out).json();
        let large = how.contains("max-cover");
        let finds = |said: &str, change: &dyn Fn(&mut Value)| {
            let mut value = honest.clone();
            change(&mut value);
            fs::write(&out, value.to_string()).unwrap();
            let check = maillage(&["check", &text(&out), "--lang", "en"]);
            assert!(check.code == 7 && check.out.contains(said), "{how}, {said}: {}", check.out);
        };
        let last = case.3.len() - 1;
        let (better, worse) = if large { (1, -1) } else { (-1, 1) };
        let moved = |by: i64| json!(case.3[last].checked_add_signed(by).unwrap());
        finds("C202", &|v| v["alternatives"][last]["objective"] = moved(better));
        finds("C203", &|v| v["alternatives"][last]["bound"] = moved(worse));
        finds("C205", &|v| v["alternatives"][last]["bound"] = moved(better));
        finds("C604", &|v| v["alternatives"][last]["open"] = v["open"].clone());
        finds("C604", &|v| v["asked"]["apart"] = json!(4));
        if case.3[last] != case.2 {
            finds("C315", &|v| v["asked"]["within"] = json!(0));
        }
        if case.3[last] != case.3[0] {
            finds("C209", &|v| v["alternatives"].as_array_mut().unwrap().swap(0, last));
        }
        if how.contains("--budget") {
            finds("C315", &|v| v["alternatives"][0]["open"] = json!(["0", "1", "2"]));
        }
    }
}

#[test]
fn plans_of_public_instances() {
    for (file, how, best) in [
        ("pmed/pmed1.txt.gz", "--format orlib-pmed --problem p-center --within 5", 127),
        ("pmed/pmed1.txt.gz", "--format orlib-pmed --problem max-cover --radius 80 --within 2", 0),
        ("ufl/orlib/cap71.txt.gz", "--format orlib-cap --problem fixed-charge --within 2", 0),
    ] {
        let Some(path) = shared(&format!("bench/{file}")) else { return };
        let (result, said) = solved(&text(&path), &format!("{how} --plans 4 --apart 2"));
        assert!(best == 0 || result["objective"] == json!(best), "{how}: {}", result["objective"]);
        let further = objectives(&result);
        let large = how.contains("max-cover");
        let in_order = if large { further.is_sorted_by(|a, b| a >= b) } else { further.is_sorted() };
        assert!(further.len() == 3 && in_order, "{how}: {further:?}");
        assert!(said.contains("further plans (3): objectives counted again from the instance"), "{said}");
    }
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
        says(&file, &how, lang, &lines);
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
