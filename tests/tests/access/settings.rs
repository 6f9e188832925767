//! Settings: what is said of bad ones, and the format.

use super::*;

// ---- Bad settings.

type Change = fn(&mut Value);

#[test]
fn settings_that_cannot_be_used_say_where() {
    let add = |s: &mut Value, one: Value| s["catchments"].as_array_mut().unwrap().push(one);
    let cases: [(&str, Change, &str, &str, [&str; 2]); 9] = [
        (
            "unknown key",
            |s| s["catchment"] = json!([]),
            "E202",
            "/catchment",
            ["`catchments`", "« catchments »"],
        ),
        (
            "set of thresholds",
            |s| s["zoning"]["set"] = "fr-2018".into(),
            "E405",
            "/zoning/set",
            ["unknown set of thresholds", "jeu de seuils inconnu"],
        ),
        (
            "a set without thresholds",
            |s| s["zoning"]["set"] = "fr-2025".into(),
            "E405",
            "/zoning/set",
            ["states no threshold", "n'en donne aucun"],
        ),
        (
            "another variant",
            |s| s["zoning"]["measure"] = "apl".into(),
            "E405",
            "/zoning/measure",
            ["two variants must not be compared", "deux variantes ne se comparent pas"],
        ),
        (
            "negative threshold",
            |s| s["thresholds"] = json!([2.5, -1]),
            "E405",
            "/thresholds/1",
            ["unusable threshold", "seuil inutilisable"],
        ),
        (
            "place of an installation",
            |s| s["trajectory"]["installations"] = json!([{ "year": 2027, "place": "99999", "gps": 1 }]),
            "E405",
            "/trajectory",
            ["place 99999 is not in the territory", "le lieu 99999 n'est pas dans le territoire"],
        ),
        (
            "time",
            |s| s["coverage"] = json!({ "within_min": [10, -3] }),
            "E405",
            "/coverage/within_min/1",
            ["unusable time", "durée inutilisable"],
        ),
        (
            "published",
            |s| s["compare"] = json!([{ "published": "DREES", "catchment": "apl" }]),
            "E405",
            "/compare/0/published",
            ["unknown name", "nom inconnu"],
        ),
        (
            "duty",
            |s| s["continuity"] = json!({ "within_min": 60 }),
            "E405",
            "/continuity",
            ["stops at 45 min", "s'arrête à 45 min"],
        ),
    ];
    let catchments = [
        (
            json!({ "id": "n", "profession": "nurse" }),
            "/profession",
            ["known professions: gp", "professions connues : gp"],
        ),
        (
            json!({ "id": "far", "decay": { "kind": "within", "minutes": 46 } }),
            "/decay",
            ["the table of times stops at 45", "la table de trajets s'arrête à 45"],
        ),
        (
            json!({ "id": "back", "decay": { "kind": "steps", "steps": [[10, 1], [5, 0.5]] } }),
            "/decay",
            ["times must rise", "les temps doivent croître"],
        ),
        (json!({ "id": "old", "age_bound": 65 }), "/age_bound", ["unknown ages", "âges inconnus"]),
        (json!({ "id": "apl" }), "/id", ["measure defined twice", "mesure définie deux fois"]),
    ];
    let dir = tempdir().unwrap();
    let said = |name: &str, file: &str, code: &str, pointer: &str, words: [&str; 2]| {
        for (lang, word) in ["en", "fr"].into_iter().zip(words) {
            let ran = access(&[&shipped("territory.json"), "--settings", file, "--lang", lang]);
            assert_eq!((ran.code, ran.out.as_str()), (3, ""), "{name}: {}", ran.err);
            let place = ran.err.lines().find(|l| l.contains("settings.json:")).unwrap_or_default();
            let told =
                ran.err.contains(code) && ran.err.contains(word) && place.ends_with(&format!("[{pointer}]"));
            assert!(told, "{name}: {code}, {pointer}, {word} in\n{}", ran.err);
        }
        let json = access(&[&shipped("territory.json"), "--settings", file, "--json"]).json();
        let problem = &json["problems"][0];
        assert_eq!(
            (&problem["code"], &problem["place"]["pointer"]),
            (&json!(code), &json!(pointer)),
            "{name}"
        );
        assert!(problem["place"]["line"].as_u64().unwrap() > 1, "{name}");
    };
    for (name, change, code, pointer, words) in cases {
        said(name, &settings(dir.path(), change), code, pointer, words);
    }
    for (one, field, words) in catchments {
        let name = one.to_string();
        said(&name, &settings(dir.path(), |s| add(s, one)), "E405", &format!("/catchments/3{field}"), words);
    }
}

#[test]
fn all_bad_settings_come_at_once() {
    let dir = tempdir().unwrap();
    let file = settings(dir.path(), |s| {
        s["catchments"].as_array_mut().unwrap().push(json!({ "id": "n", "profession": "nurse" }));
        s["zoning"]["set"] = "fr-2018".into();
        s["thresholds"] = json!([-1]);
        s["trajectory"]["installations"] = json!([{ "year": 1999, "place": "99999", "gps": 1 }]);
    });
    let problems = access(&[&shipped("territory.json"), "--settings", &file, "--json"]).json();
    let pointers: Vec<&str> = problems["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["place"]["pointer"].as_str().unwrap())
        .collect();
    // In the order of the file; both faults of the trajectory.
    assert_eq!(
        pointers,
        ["/catchments/3/profession", "/zoning/set", "/trajectory", "/trajectory", "/thresholds/0"]
    );
    // A territory and a file of settings, each with its problems.
    let shape = settings(dir.path(), |s| s["zonning"] = json!({}));
    let ran = access(&["nowhere.json", "--settings", &shape, "--against", "elsewhere.json", "--lang", "en"]);
    let told = ["E101", "nowhere.json", "elsewhere.json", "E202", "/zonning"];
    assert!(ran.code == 3 && told.iter().all(|t| ran.err.contains(t)), "{}", ran.err);
}

// ---- The format.

/// Every reference leads somewhere, and every key says what it is.
fn described(node: &Value, defs: &serde_json::Map<String, Value>, at: &str) {
    if let Some(reference) = node["$ref"].as_str() {
        let name = reference.strip_prefix("#/$defs/").unwrap_or_else(|| panic!("{at}: {reference}"));
        assert!(defs.contains_key(name), "{at}: {reference}");
    }
    for (key, property) in node["properties"].as_object().into_iter().flatten() {
        let said = property.get("description").or(property.get("const")).is_some();
        assert!(said, "{at}/{key} says nothing of itself");
    }
    for required in node["required"].as_array().into_iter().flatten() {
        assert!(node["properties"].get(required.as_str().unwrap()).is_some(), "{at}: {required}");
    }
    match node {
        Value::Object(fields) => fields.iter().for_each(|(k, v)| described(v, defs, &format!("{at}/{k}"))),
        Value::Array(items) => items.iter().for_each(|v| described(v, defs, at)),
        _ => {}
    }
}

#[test]
fn settings_have_a_schema_and_can_be_validated() {
    let ran = maillage(&["validate", &shipped("access.json")]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let dir = tempdir().unwrap();
    let bad = settings(dir.path(), |s| s["coverage"] = json!({ "attachable_percent": 101 }));
    let ran = maillage(&["validate", &bad, "--lang", "en"]);
    assert!(ran.code == 3 && ran.err.contains("[/coverage/attachable_percent]"), "{}", ran.err);

    let schema = maillage(&["schema", "access"]).json();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!((&schema["type"], &schema["additionalProperties"]), (&json!("object"), &json!(false)));
    let defs = schema["$defs"].as_object().unwrap();
    assert!(defs.values().all(|d| d["description"].is_string()));
    described(&schema, defs, "");
    let written: Value = serde_json::from_str(&fs::read_to_string(shipped("access.json")).unwrap()).unwrap();
    for key in written.as_object().unwrap().keys() {
        assert!(schema["properties"].get(key).is_some(), "{key}");
    }
}
