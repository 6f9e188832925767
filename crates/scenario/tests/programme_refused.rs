//! Health programmes from JSON: what is refused, with its place and a remedy in both languages.
#![allow(clippy::unwrap_used, reason = "a test that panics fails")]

mod support;

use maillage_input::Lang;
use maillage_scenario::load;
use serde_json::{Value, json};
use std::fs;
use support::{full, push, read, territory};
use tempfile::tempdir;

/// Codes and pointers of what is wrong once `change` is made.
fn wrong(change: impl FnOnce(&mut Value)) -> Vec<(String, String)> {
    let mut scenario = full();
    change(&mut scenario);
    let (Ok((_, problems)) | Err(problems)) = read(&scenario);
    for p in problems.iter() {
        assert!(!p.remedy.fr.is_empty() && !p.remedy.en.is_empty(), "{} has no remedy", p.render(Lang::En));
    }
    problems
        .iter()
        .map(|p| (p.code.as_str().to_owned(), p.place.pointer.clone().unwrap_or_default()))
        .collect()
}

/// That exactly one thing is wrong.
fn refused(code: &str, pointer: &str, change: impl FnOnce(&mut Value)) {
    assert_eq!(wrong(change), [(code.to_owned(), pointer.to_owned())]);
}

#[test]
fn names_must_be_known_and_said_once() {
    refused("E402", "/problem/candidates/0/types/1", |s| {
        s["problem"]["candidates"][0]["types"][1] = "sat".into()
    });
    refused("E402", "/problem/pools/1/profession", |s| {
        s["problem"]["pools"][1]["profession"] = "doctor".into()
    });
    refused("E402", "/problem/levers/0/adds/0/pool", |s| {
        s["problem"]["levers"][0]["adds"][0]["pool"] = "x".into()
    });
    refused("E402", "/problem/rules/1/sites/1", |s| s["problem"]["rules"][1]["sites"][1] = "pole-sud".into());
    refused("E402", "/problem/futures/1/refused/0", |s| {
        s["problem"]["futures"][1]["refused"][0] = "new-1".into()
    });
    refused("E402", "/problem/existing/0/site", |s| s["problem"]["existing"][0]["site"] = "pole-y".into());
    refused("E402", "/problem/existing/0/posts/0", |s| {
        s["problem"]["existing"][0]["posts"][0]["profession"] = "nurse".into()
    });
    refused("E402", "/problem/candidates/2/places/areas/0", |s| {
        s["problem"]["candidates"][2]["places"]["areas"] = json!(["epci:E9", "epci:E1"]);
    });
    refused("E306", "/problem/forbidden/0", |s| s["problem"]["forbidden"] = json!(["99999"]));
    refused("E403", "/problem/structure_types/4/id", |s| {
        let mut twin = s["problem"]["structure_types"][1].clone();
        twin["id"] = "pole".into();
        s["problem"]["structure_types"].as_array_mut().unwrap().insert(4, twin);
        s["problem"]["structure_types"][5]["id"] = "pole2".into();
        s["problem"]["existing"][0]["type"] = "pole2".into();
        s["problem"]["structure_types"][4]["id"] = "tele".into();
        s["problem"]["sites"][0]["types"][0] = "pole2".into();
        s["problem"]["sites"][0]["committed"]["type"] = "pole2".into();
        s["problem"]["structure_types"][3]["lead"]["types"] = json!(["msp"]);
    });
    refused("E403", "/problem/futures/1/id", |s| s["problem"]["futures"][1]["id"] = "likely".into());
    refused("E403", "/problem/funders/0/id", |s| s["problem"]["funders"][0]["id"] = "owner".into());
    refused("E403", "/problem/sites/0/id", |s| {
        s["problem"]["sites"][0]["id"] = "centre-deux".into();
        s["problem"]["rules"][1]["sites"][1] = "new-42003".into();
    });
    refused("E403", "/problem/committed/1", |s| {
        push(&mut s["problem"]["committed"], json!({ "place": "42004", "type": "msp" }))
    });
    refused("E403", "/problem/goals/8", |s| push(&mut s["problem"]["goals"], json!("sites")));
    refused("E403", "/problem/structure_types/0/posts/2", |s| {
        let posts = &mut s["problem"]["structure_types"][0]["posts"];
        let nurse = posts[1].clone();
        push(posts, nurse);
    });
}

#[test]
fn remedies_list_the_names_there_are() {
    let mut scenario = full();
    scenario["problem"]["candidates"][0]["types"][1] = "sat".into();
    let Err(problems) = read(&scenario) else { panic!("accepted") };
    let said = problems.render(Lang::En);
    assert!(said.contains("names defined: centre, msp, pole, satellite, tele"), "{said}");
    assert!(said.contains("s.json:"), "{said}");
    assert!(problems.render(Lang::Fr).contains("noms définis : centre"));
}

#[test]
fn what_the_law_asks_of_structures() {
    let types = "/problem/structure_types";
    refused("E205", &format!("{types}/0/posts"), |s| {
        s["problem"]["structure_types"][0]["posts"][0]["min_fte"] = 1.into()
    });
    refused("E205", &format!("{types}/0/posts"), |s| {
        s["problem"]["structure_types"][0]["posts"][1]["min_fte"] = 0.5.into()
    });
    refused("E401", &format!("{types}/0/posts/1/mode"), |s| {
        s["problem"]["structure_types"][0]["posts"][1]["mode"] = "salaried".into();
    });
    refused("E203", &format!("{types}/2"), |s| {
        s["problem"]["structure_types"][2].as_object_mut().unwrap().remove("lead");
    });
    refused("E203", &format!("{types}/3"), |s| {
        s["problem"]["structure_types"][3].as_object_mut().unwrap().remove("sessions");
    });
    refused("E203", &format!("{types}/1"), |s| {
        s["problem"]["structure_types"][1]["sessions"] = json!({ "max_per_week": 1, "list_people": 10 });
    });
    refused("E203", &format!("{types}/3/lead"), |s| {
        s["problem"]["structure_types"][3]["lead"]["types"] = json!([])
    });
    refused("E401", &format!("{types}/3/lead/types/0"), |s| {
        s["problem"]["structure_types"][3]["lead"]["types"] = json!(["satellite"]);
    });
    // Warnings: beyond the ceiling of the agreement, premises of a pôle.
    refused("W404", &format!("{types}/3/sessions/max_lead_percent"), |s| {
        s["problem"]["structure_types"][3]["sessions"]["max_lead_percent"] = 25.into();
    });
    refused("W404", &format!("{types}/4"), |s| s["problem"]["structure_types"][4]["area_m2"] = 5.into());
}

#[test]
fn teams_fit_their_posts_and_rooms() {
    let types = "/problem/structure_types";
    refused("E401", &format!("{types}/1/posts/0/min_fte"), |s| {
        s["problem"]["structure_types"][1]["posts"][0]["min_fte"] = 4.into();
        s["problem"]["structure_types"][1]["rooms"] = 9.into();
    });
    // Steps of 2 make a team of 3 one of 4, beyond 3.5.
    refused("E401", &format!("{types}/1/posts/0/min_fte"), |s| {
        let post = &mut s["problem"]["structure_types"][1]["posts"][0];
        (post["min_fte"], post["step_fte"]) = (3.into(), 2.into());
    });
    // 2 GPs × 1 + 1 nurse × 0.5.
    refused("E401", &format!("{types}/0/rooms"), |s| {
        s["problem"]["structure_types"][0]["rooms"] = 2.4.into()
    });
    refused("E203", &format!("{types}/1/posts/0"), |s| {
        s["problem"]["structure_types"][1]["posts"][0].as_object_mut().unwrap().remove("list_people");
    });
    refused("E401", "/problem/existing/0/posts/0/fte", |s| {
        s["problem"]["existing"][0]["posts"][0]["fte"] = 2.5.into();
        s["problem"]["structure_types"][4]["rooms"] = 3.into();
    });
    refused("E401", "/problem/existing/1/posts", |s| {
        s["problem"]["existing"][1]["posts"] = json!([{ "profession": "gp", "fte": 3.5 }]);
        s["problem"]["structure_types"][1]["rooms"] = 3.into();
    });
}

#[test]
fn numbers_and_years_must_make_sense() {
    refused("E205", "/problem/years", |s| s["problem"]["years"] = 11.into());
    refused("E205", "/problem/rules/0/from_year", |s| s["problem"]["rules"][0]["from_year"] = 2030.into());
    refused("E205", "/problem/pools/0/fte_by_year", |s| s["problem"]["pools"][0]["fte_by_year"] = json!([2]));
    refused("E205", "/problem/pools/0/fte_by_year/1", |s| {
        s["problem"]["pools"][0]["fte_by_year"][1] = 1.234.into()
    });
    refused("E205", "/problem/funders/0/rules/0/rate_percent", |s| {
        s["problem"]["funders"][0]["rules"][0]["rate_percent"] = 12.505.into();
    });
    refused("E205", "/problem/owner/total_eur", |s| s["problem"]["owner"]["total_eur"] = (-5).into());
    refused("E205", "/problem/owner/by_year_eur", |s| s["problem"]["owner"]["by_year_eur"] = json!([1, 2]));
    refused("E205", "/problem/departures_percent_by_year", |s| {
        s["problem"]["departures_percent_by_year"] = json!([1, 2])
    });
    refused("E401", "/problem/departures_percent_by_year", |s| {
        s["problem"]["departures_percent_by_year"] = json!([10, 5, 20]);
    });
    refused("E401", "/problem/departures/0/gps_fte", |s| {
        s["problem"]["departures"][0]["gps_fte"] = 2.5.into()
    });
    refused("E401", "/problem/futures", |s| s["problem"]["futures"][0]["probability_percent"] = 70.into());
    refused("E401", "/problem/behaviour/steps/1", |s| {
        s["problem"]["behaviour"]["steps"][1]["people_percent"] = 70.into()
    });
    refused("E205", "/problem/max_min", |s| s["problem"]["max_min"] = 60.into());
    refused("E205", "/problem/structure_types/2/lead/within_min", |s| {
        s["problem"]["structure_types"][2]["lead"]["within_min"] = 50.into();
    });
    refused("E401", "/problem/levers/0/by_year", |s| s["problem"]["levers"][0]["by_year"] = 2027.into());
    refused("E401", "/problem/sites/0/committed/by_year", |s| {
        s["problem"]["sites"][0]["committed"]["by_year"] = 2027.into();
    });
}

#[test]
fn parts_must_not_contradict_each_other() {
    refused("E401", "/supply/departures_percent", |s| s["supply"]["departures_percent"] = 10.into());
    refused("E401", "/problem/committed/0/place", |s| {
        s["problem"]["forbidden"] = json!(["42004"]);
        s["problem"]["sites"][0]["addresses"] = json!(["42003", "42002"]);
    });
    refused("E401", "/problem/sites/0/addresses/1", |s| s["problem"]["forbidden"] = json!(["42003"]));
    refused("E401", "/problem/sites/0/committed/type", |s| {
        s["problem"]["sites"][0]["committed"]["type"] = "msp".into()
    });
    refused("E401", "/problem/candidates/1/from_year", |s| {
        s["problem"]["candidates"][1]["from_year"] = 2027.into();
    });
    refused("E401", "/problem/existing/0", |s| s["problem"]["existing"][0]["id"] = "x".into());
    refused("E401", "/problem/futures/1/refused/0", |s| {
        s["problem"]["futures"][1]["refused"][0] = "pole-x".into()
    });
    refused("E401", "/problem/rules/0/min", |s| s["problem"]["rules"][0]["min"] = 3.into());
    refused("E203", "/problem/rules/4", |s| {
        s["problem"]["rules"][4].as_object_mut().unwrap().remove("max_fte");
    });
    refused("E401", "/problem/rules/3/to_year", |s| s["problem"]["rules"][3]["to_year"] = 2028.into());
    refused("E203", "/problem/rules/3/where", |s| s["problem"]["rules"][3]["where"] = json!({}));
    refused("E203", "", |s| {
        s.as_object_mut().unwrap().remove("supply");
        s["problem"]["departures"] = json!([]);
    });
}

#[test]
fn goals_have_what_they_need() {
    refused("E203", "/problem/goals/1", |s| s["problem"]["goals"][1] = "people-within".into());
    refused("E401", "/problem/goals/1", |s| s["problem"]["goals"][1]["area"] = "epci".into());
    refused("E401", "/problem/goals/4", |s| s["problem"]["goals"][4]["goal"] = "cost".into());
    refused("E402", "/problem/goals/3/area", |s| s["problem"]["goals"][3]["area"] = "canton".into());
    refused("E203", "/problem/goals/4/sum/0", |s| {
        s["problem"].as_object_mut().unwrap().remove("duty");
    });
    refused("E207", "/problem/goals/0", |s| s["problem"]["goals"][0] = "people-atached".into());
    refused("E205", "/problem/goals", |s| s["problem"]["goals"] = json!([]));
}

#[test]
fn an_unknown_rule_or_key_is_named() {
    refused("E207", "/problem/rules/0/rule", |s| s["problem"]["rules"][0]["rule"] = "cuont".into());
    refused("E202", "/problem/pools/0/fte", |s| s["problem"]["pools"][0]["fte"] = 3.into());
    refused("E204", "/problem/rules/0/where", |s| s["problem"]["rules"][0]["where"] = 7.into());
    refused("E304", "/problem/pools/0/id", |s| s["problem"]["pools"][0]["id"] = "a b".into());
}

#[test]
fn everything_wrong_is_told_at_once() {
    let all = wrong(|s| {
        s["problem"]["candidates"][0]["types"][1] = "sat".into();
        s["problem"]["pools"][0]["fte_by_year"] = json!([2]);
        s["problem"]["rules"][0]["min"] = 3.into();
        s["problem"]["futures"][0]["probability_percent"] = 70.into();
    });
    assert_eq!(all.len(), 4, "{all:?}");
}

#[test]
fn accessibility_needs_times_that_reach() {
    let dir = tempdir().unwrap();
    territory(dir.path());
    let file = dir.path().join("territory.json");
    let short = fs::read_to_string(&file).unwrap().replace("\"max_min\":45", "\"max_min\":15");
    fs::write(&file, short).unwrap();
    let mut scenario = full();
    scenario["problem"] = json!({
        "kind": "programme", "first_year": 2027, "years": 1, "max_min": 15, "goals": ["apl-worst-tenth"],
        "candidates": [{ "places": { "max_apl": 2.5 } }],
        "structure_types": [{ "id": "c", "name": { "fr": "c", "en": "c" }, "kind": "centre" }]
    });
    fs::write(dir.path().join("s.json"), scenario.to_string()).unwrap();
    let Err(problems) = load(&dir.path().join("s.json")) else { panic!("accepted") };
    let pointers: Vec<_> = problems.iter().filter_map(|p| p.place.pointer.clone()).collect();
    assert_eq!(pointers, ["/problem/candidates/0/places/max_apl", "/problem/goals/0"]);
}
