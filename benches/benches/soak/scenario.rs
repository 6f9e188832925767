//! Random small territories and scenarios, as files.

use maillage_benches::next;
use serde_json::{Value, json};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A programme with every kind of rule, goal and money, to take parts of.
const PROGRAMME: &str = include_str!("../../../crates/scenario/tests/support/full-programme.json");

/// Draws: one seed gives one scenario.
pub(crate) struct Draw(u64);

impl Draw {
    pub(crate) fn new(seed: u64) -> Draw {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        next(&mut state, 2);
        Draw(state)
    }

    fn below(&mut self, n: u64) -> u64 {
        next(&mut self.0, n)
    }

    fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high - low + 1)
    }

    /// True so many times in a hundred.
    fn percent(&mut self, p: u64) -> bool {
        self.below(100) < p
    }

    fn keep(&mut self, list: &mut Vec<Value>, percent: u64) {
        list.retain(|_| self.percent(percent));
    }
}

/// Writes a territory and a scenario into a folder; gives the scenario's path.
pub(crate) fn write(folder: &Path, seed: u64) -> io::Result<PathBuf> {
    let mut draw = Draw::new(seed);
    let places = draw.between(4, 12);
    territory(folder, places, &mut draw)?;
    let scenario = match draw.below(10) {
        0..4 => programme(&mut draw),
        4..7 => siting(places, &mut draw),
        _ => plain(&mut draw),
    };
    let path = folder.join("scenario.json");
    fs::write(&path, format!("{scenario:#}"))?;
    Ok(path)
}

fn territory(folder: &Path, places: u64, draw: &mut Draw) -> io::Result<()> {
    let file = json!({
        "schema_version": 1, "name": "Random", "geography_year": 2026,
        "places": { "file": "p.csv", "supply": "counted", "source": { "fr": "hasard", "en": "random" } },
        "structures": { "file": "s.csv" },
        "travel": { "kind": "table", "file": "t.csv", "max_min": 45, "source": "random", "date": "2026" },
        "sources": []
    });
    let mut rows = "code_commune,name,population,code_epci,epci,lon,lat,core,gps\n".to_owned();
    for i in 1..=places {
        let people = [0, draw.below(30), draw.below(1500), draw.below(20_000)][draw.below(4) as usize];
        let (epci, core) = if draw.percent(50) { ("E1,Ouest", 1) } else { ("E2,Est", u64::from(i < 4)) };
        let gps = if i > 1 && draw.percent(50) { 0 } else { draw.between(1, 3) };
        let (x, y) = (draw.below(60), draw.below(60));
        rows.push_str(&format!("{},Lieu {i},{people},{epci},4.{x:02},46.{y:02},{core},{gps}\n", 42000 + i));
    }
    let structures = "site_id,structure_id,name,kind,code_commune,lon,lat,emergency\n\
        msp-un,msp-un,MSP,msp,42001,4.0,46.0,\n\
        pole-deux,pole-x,Pôle,pole,42002,4.1,46.0,\npole-trois,pole-x,Pôle,pole,42003,4.2,46.0,\n";
    let mut times = "from_id,to_id,minutes\n".to_owned();
    let far = draw.between(5, 60);
    for from in 1..=places {
        for to in (1..=places).filter(|&to| to != from) {
            if draw.percent(85) {
                times.push_str(&format!("{},{},{}\n", 42000 + from, 42000 + to, draw.below(far)));
            }
        }
    }
    let files = [
        ("territory.json", file.to_string()),
        ("p.csv", rows),
        ("s.csv", structures.into()),
        ("t.csv", times),
    ];
    files.iter().try_for_each(|(name, text)| fs::write(folder.join(name), text))
}

fn scenario(problem: Value, draw: &mut Draw) -> Value {
    let percent = [100, 100, 120, 70][draw.below(4) as usize];
    let departures = [0, 40][draw.below(2) as usize];
    json!({
        "schema_version": 1, "name": "random", "title": { "fr": "Hasard", "en": "Random" },
        "territory": "territory.json", "problem": problem,
        "travel_times_percent": percent,
        "scope": if draw.percent(80) { "all" } else { "core" },
        "people": { "attachable_percent": draw.between(1, 100) },
        "supply": { "patients_per_gp": draw.between(1, 2500), "departures_percent": departures }
    })
}

fn plain(draw: &mut Draw) -> Value {
    let kind = ["p-median", "max-cover", "set-cover", "p-center"][draw.below(4) as usize];
    let mut problem = json!({
        "kind": kind,
        "candidates": { "places": if draw.percent(50) { "core" } else { "all" }, "min_population": draw.below(200) },
        "keep": if draw.percent(70) { "none" } else { "practices" }
    });
    if kind != "set-cover" {
        problem["p"] = draw.between(1, 2).into();
    }
    if kind.ends_with("cover") {
        problem["radius_min"] = draw.below(31).into();
    }
    scenario(problem, draw)
}

fn siting(places: u64, draw: &mut Draw) -> Value {
    let mut kind = |id: &str, form: &str, fewest: u64| {
        let least = draw.between(fewest, 3);
        json!({
            "id": id, "form": form, "min_gps": least, "max_gps": (least + draw.below(4)).max(1),
            "patients_per_gp": draw.between(1, 2500), "opening_eur": draw.below(500) * 1000,
            "per_gp_eur": draw.below(200) * 1000
        })
    };
    let kinds = [kind("msp", "msp", 2), kind("centre", "centre", 0)];
    let mut problem = json!({
        "kind": "siting", "max_min": draw.between(1, 31), "structure_types": kinds,
        "candidates": { "places": if draw.percent(70) { "core" } else { "all" } },
        "limits": {}, "goals": ["people-attached"]
    });
    if draw.percent(60) {
        problem["limits"]["budget_eur"] = (draw.below(30) * 50_000).into();
    }
    if draw.percent(60) {
        problem["limits"]["max_new_sites"] = draw.below(4).into();
    }
    if draw.percent(60) {
        problem["limits"]["gp_pool"] = draw.below(12).into();
    }
    if draw.percent(50) {
        problem["goals"] = json!(["people-attached", "travel-time"]);
    }
    if draw.percent(25) {
        problem["forced"] =
            json!([{ "place": (42000 + draw.between(1, places)).to_string(), "type": "msp" }]);
    }
    if draw.percent(25) {
        problem["extensions"] =
            json!([{ "site": "msp-un", "type": "centre", "free_rooms": draw.between(1, 3) }]);
    }
    scenario(problem, draw)
}

/// Parts of the full programme, with other numbers.
fn programme(draw: &mut Draw) -> Value {
    let mut whole: Value = serde_json::from_str(PROGRAMME).expect("it is JSON");
    let problem = whole["problem"].as_object_mut().expect("it has a problem");
    for key in [
        "people_growth_percent_per_year",
        "attachments",
        "behaviour",
        "departures",
        "levers",
        "owner",
        "duty",
        "outlook",
        "committed",
        "forbidden",
        "grants_ceiling_percent",
        "futures",
    ] {
        if draw.percent(55) {
            problem.remove(key);
        }
    }
    for (key, percent) in [("rules", 35), ("goals", 35), ("funders", 50), ("candidates", 80)] {
        if let Some(list) = problem.get_mut(key).and_then(Value::as_array_mut) {
            let first = list[0].clone();
            draw.keep(list, percent);
            if key == "goals" && list.is_empty() {
                list.push(first);
            }
        }
    }
    for pool in problem["pools"].as_array_mut().into_iter().flatten() {
        for fte in pool["fte_by_year"].as_array_mut().into_iter().flatten() {
            *fte = (draw.below(13) as f64 / 2.0).into();
        }
    }
    for kind in problem["structure_types"].as_array_mut().into_iter().flatten() {
        for post in kind.get_mut("posts").and_then(Value::as_array_mut).into_iter().flatten() {
            if post.get("list_people").is_some() {
                post["list_people"] = draw.between(1, 2000).into();
            }
        }
        if kind.get("capital_eur").is_some() {
            kind["capital_eur"] = (draw.below(40) * 50_000).into();
        }
    }
    for rule in problem["rules"].as_array_mut().into_iter().flatten() {
        if rule.get("min_percent").is_some() {
            rule["min_percent"] = draw.below(80).into();
        }
    }
    for future in problem.get_mut("futures").and_then(Value::as_array_mut).into_iter().flatten() {
        future.as_object_mut().expect("it is one").remove("refused");
    }
    whole["name"] = "random".into();
    whole["people"]["attachable_percent"] = draw.between(1, 100).into();
    whole["supply"]["patients_per_gp"] = draw.between(1, 2500).into();
    whole
}
