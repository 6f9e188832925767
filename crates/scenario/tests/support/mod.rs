//! A small territory and a programme that uses everything.
#![allow(dead_code, reason = "each test file uses its part")]

use maillage_input::Problems;
use maillage_scenario::{Loaded, load};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use tempfile::tempdir;

/// Four communes: 42001 with 2 GPs, 42003 with 1, 42004 around. Times are the same both ways.
pub fn territory(dir: &Path) {
    let territory = json!({
        "schema_version": 1, "name": "Four", "geography_year": 2026,
        "places": { "file": "p.csv", "supply": "counted", "source": { "fr": "main", "en": "hand" } },
        "structures": { "file": "s.csv" },
        "travel": { "kind": "table", "file": "t.csv", "max_min": 45, "source": "hand", "date": "2026" },
        "sources": []
    });
    let places = "code_commune,name,population,code_epci,epci,lon,lat,core,gps\n\
        42001,Un,3000,E1,Ouest,4.0,46.0,1,2\n42002,Deux,1000,E1,Ouest,4.1,46.0,1,0\n\
        42003,Trois,2000,E2,Est,4.2,46.0,1,1\n42004,Quatre,500,E2,Est,4.3,46.0,0,0\n";
    let structures = "site_id,structure_id,name,kind,code_commune,lon,lat,emergency\n\
        msp-un,msp-un,MSP,msp,42001,4.0,46.0,\n\
        pole-deux,pole-x,Pôle,pole,42002,4.1,46.0,\npole-trois,pole-x,Pôle,pole,42003,4.2,46.0,\n";
    let pairs = [(1, 2, 10), (1, 3, 20), (1, 4, 25), (2, 3, 12), (2, 4, 30), (3, 4, 8)];
    let mut times = "from_id,to_id,minutes\n".to_owned();
    for (a, b, t) in pairs {
        times.push_str(&format!("4200{a},4200{b},{t}\n4200{b},4200{a},{t}\n"));
    }
    for (name, text) in [
        ("territory.json", territory.to_string().as_str()),
        ("p.csv", places),
        ("s.csv", structures),
        ("t.csv", &times),
    ] {
        fs::write(dir.join(name), text).unwrap();
    }
}

/// A programme that uses everything.
pub fn full() -> Value {
    serde_json::from_str(include_str!("full-programme.json")).unwrap()
}

/// Loads a scenario on the territory.
pub fn read(scenario: &Value) -> Result<(Loaded, Problems), Problems> {
    let dir = tempdir().unwrap();
    territory(dir.path());
    let file = dir.path().join("s.json");
    fs::write(&file, serde_json::to_string_pretty(scenario).unwrap()).unwrap();
    load(&file)
}

pub fn push(list: &mut Value, entry: Value) {
    list.as_array_mut().unwrap().push(entry);
}
