//! Real data: the country against what DREES publishes, two states of a territory, plans.

use super::*;
use maillage_tests::{scenario, shared};

// ---- Real data.

#[test]
fn france_ranks_as_drees_does() {
    let needed = ["communes.csv.gz", "primary_care.csv.gz"].map(|f| shared(&format!("data/national/{f}")));
    let [Some(communes), Some(care)] = needed else { return };
    let dir = tempdir().unwrap();
    let name = "DREES, APL aux médecins généralistes";
    let area = |key: &str, code: &str| {
        [(key.to_owned(), code.into()), (format!("{key}_name"), format!("{code}_nom").into())]
    };
    let mut places: serde_json::Map<String, Value> = [
        ("code_commune", "code_insee"),
        ("name", "nom"),
        ("population", "pop_mun_2023"),
        ("code_epci", "epci"),
        ("epci", "epci_nom"),
    ]
    .map(|(ours, theirs)| (ours.to_owned(), theirs.into()))
    .into_iter()
    .collect();
    for (ours, theirs) in [("living_area", "bv2022"), ("department", "dep"), ("region", "reg")] {
        places.extend(area(ours, theirs));
    }
    let care = text(&care);
    let read = |ours: &str, theirs: &str| json!({ "code_commune": "code_insee", ours: theirs });
    let territory = json!({
        "schema_version": 1, "name": "France", "geography_year": 2025,
        "places": { "file": text(&communes), "columns": places },
        "need": { "file": care, "columns": read("standard_population", "pop_std_2016") },
        "professionals": [{
            "profession": "gp", "file": care, "columns": read("number", "gp_lib_2020"), "supply": "counted",
            "source": { "fr": "INSEE, BPE 2020", "en": "INSEE, BPE 2020" }
        }],
        "published": [{ "name": name, "year": 2018, "file": care, "columns": read("value", "apl_mg_2018") }],
        "travel": { "kind": "proxy", "max_min": 30 }
    });
    let territory = write(dir.path(), "france.json", &territory.to_string());
    let compared = |decay: &str| {
        let wanted = json!({
            "schema_version": 1,
            "catchments": [{ "id": "apl", "decay": { "kind": decay } }],
            "compare": [{ "published": name, "catchment": "apl" }]
        });
        let wanted = write(dir.path(), "s.json", &wanted.to_string());
        let out = dir.path().join(decay);
        let ran = access(&[&territory, "--settings", &wanted, "-o", &text(&out), "--quiet", "--lang", "en"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        (record(&out), out)
    };
    let levels = [("place", 0.53, 30_000.0), ("living-area", 0.72, 1_400.0), ("department", 0.90, 86.0)];
    let value = |record: &Value, level: &str, indicator: &str| {
        let rows = record["figures"].as_array().unwrap().iter();
        let mut rows =
            rows.filter(|f| f["measure"] == format!("apl:by-{level}") && f["indicator"] == indicator);
        rows.next().unwrap()["value"].as_f64().unwrap()
    };
    let (now, out) = compared("drees-2015");
    let (before, _) = compared("drees-2012");
    for (level, least, points) in levels {
        let r = value(&now, level, "correlation");
        assert!((least..1.0).contains(&r), "{level}: {r}");
        assert!(value(&now, level, "compared") >= points, "{level}");
        assert!(value(&before, level, "correlation") < r, "the steps of 2012 rank {level}s worse");
    }
    assert!((3.6..4.2).contains(&figure(&now, "apl", "mean_by_standard_people", None, "all").unwrap()));
    // Ten departments have no data: their people are near an unknown supply, not badly served.
    assert!(figure(&now, "apl", "people_near_unknown_supply", None, "all").unwrap() > 6e6);
    for department in ["2A", "29", "974"] {
        let zone = format!("department:{department}");
        assert_eq!(figure(&now, "apl", "mean_by_standard_people", None, &zone), None, "{department}");
    }
    let svg = fs::read_to_string(out.join("comparison.svg")).unwrap();
    let mut open = Vec::new();
    for tag in svg.split('<').skip(1).map(|t| t.split_once('>').expect("every tag is closed").0) {
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name)),
            None if tag.ends_with('/') => {}
            None => open.push(tag.split_whitespace().next().unwrap()),
        }
    }
    assert!(open.is_empty() && svg.starts_with("<svg ") && svg.contains(name));
    assert!(!svg.contains("NaN") && !svg.contains("inf"));
}

// ---- Two states.

/// The shipped territory with other numbers of GPs at some communes.
fn with_gps(dir: &Path, change: &[(&str, u32)]) -> String {
    let table = fs::read_to_string(shipped("communes.csv")).unwrap();
    let row = |line: &str| match change.iter().find(|(code, _)| line.starts_with(&format!("{code},"))) {
        // The last column.
        Some((_, gps)) => format!("{},{gps}\n", line.rsplit_once(',').unwrap().0),
        None => format!("{line}\n"),
    };
    write(dir, "communes.csv", &table.lines().map(row).collect::<String>());
    let mut territory: Value =
        serde_json::from_str(&fs::read_to_string(shipped("territory.json")).unwrap()).unwrap();
    territory["contours"]["file"] = shipped("contours.geojson").into();
    territory["structures"]["file"] = shipped("structures.csv").into();
    write(dir, "territory.json", &territory.to_string())
}

#[test]
fn departures_make_losers_only() {
    let dir = tempdir().unwrap();
    let later = with_gps(dir.path(), &[("42187", 20), ("42052", 0), ("42071", 0)]);
    let run = |name: &str, args: &[&str]| {
        let out = dir.path().join(name);
        let ran = access(&[args, &["-o", &text(&out), "--quiet", "--lang", "en"]].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        (record(&out), out, ran.out)
    };
    let now = shipped("territory.json");
    let (lost, out, screen) = run("lost", &[&now, "--against", &later]);
    let (found, ..) = run("found", &[&later, "--against", &now]);
    let (alone, after, _) = run("alone", &[&later]);
    assert!(screen.contains("winners and losers"), "{screen}");
    let figures = lost["figures"].as_array().unwrap();
    let zones: Vec<&str> = figures
        .iter()
        .filter(|f| f["measure"] == "apl:change" && f["indicator"] == "people_losing")
        .map(|f| f["zone"].as_str().unwrap())
        .collect();
    assert_eq!(zones.len(), 3 + 6 + 2, "all, core, around, six EPCI, a department, a region");
    for zone in zones {
        let of = |record: &Value, indicator: &str| figure(record, "apl:change", indicator, None, zone);
        let count = |indicator: &str| of(&lost, indicator).unwrap();
        assert_eq!((count("people_gaining"), count("people_unknown")), (0.0, 0.0), "{zone}");
        assert_eq!((of(&lost, "mean_gain"), of(&found, "people_losing")), (None, Some(0.0)), "{zone}");
        assert_eq!(of(&found, "people_gaining"), of(&lost, "people_losing"), "{zone}");
        let people = count("people_losing") + count("people_unchanged");
        let within = figure(&lost, "nearest", "people_within", Some(30.0), zone).unwrap();
        let none = figure(&lost, "nearest", "people_reaching_none", None, zone).unwrap();
        assert_eq!(people, within + none, "everyone in {zone}");
        for limit in [2.5, 4.0] {
            let at_most =
                |record: &Value| figure(record, "apl", "people_at_most", Some(limit), zone).unwrap();
            let fallen = figure(&lost, "apl:change", "people_entering_band", Some(limit), zone).unwrap();
            assert_eq!(at_most(&alone) - at_most(&lost), fallen, "{zone} at {limit}");
            assert_eq!(figure(&lost, "apl:change", "people_leaving_band", Some(limit), zone), Some(0.0));
        }
    }
    assert!(figure(&lost, "apl:change", "people_losing", None, "core").unwrap() > 100_000.0);
    assert_eq!(column(&out, "apl:after"), column(&after, "apl"));
    assert_eq!(lost["inputs"].as_array().unwrap().len(), 8, "both territories, four files each");
}

// ---- Plans.

#[test]
fn a_plan_tells_its_accessibility_and_is_held_to_it() {
    let dir = tempdir().unwrap();
    let (plan, measured) = (dir.path().join("plan"), dir.path().join("measured"));
    assert_eq!(shipped_to(&measured, "fr").code, 0);
    let solved =
        maillage(&["solve", &shipped("three-sites.json"), "-o", &text(&plan), "--quiet", "--lang", "en"]);
    assert_eq!(solved.code, 0, "{}", solved.err);
    assert!(solved.out.contains("Mean accessibility (APL)"), "{}", solved.out);
    let check = || maillage(&["check", &text(&plan), "--lang", "en"]);
    assert_eq!(check().code, 0, "{}", check().out);

    let table = fs::read_to_string(plan.join("indicators.csv")).unwrap();
    let cell = |indicator: &str, state: &str| {
        let start = format!("three-sites,{indicator},core,{state},");
        let row = table.lines().find(|l| l.starts_with(&start)).unwrap_or_else(|| panic!("no {start}"));
        row.split(',').nth(5).unwrap().parse::<f64>().unwrap()
    };
    let now = record(&measured);
    for (ours, theirs, limit, within) in [
        ("apl_mean", "mean_by_standard_people", None, 0.01),
        ("apl_worst_tenth", "worst_tenth", None, 0.01),
        ("apl_best_tenth", "best_tenth", None, 0.01),
        ("apl_gini", "gini", None, 0.01),
        ("people_apl_at_most_2_5", "people_at_most", Some(2.5), 0.0),
        ("people_apl_at_most_4", "people_at_most", Some(4.0), 0.0),
    ] {
        let (plan, now) = (cell(ours, "before"), figure(&now, "apl", theirs, limit, "core").unwrap());
        assert!((plan - now).abs() <= within, "{ours}: {plan} ≠ {now}");
        cell(ours, "after");
    }
    // Eight GPs more: someone gains, and nobody loses.
    assert!(cell("apl_mean", "after") > cell("apl_mean", "before"));
    assert!(cell("people_apl_gain", "after") > 0.0 && cell("people_apl_loss", "after") == 0.0);
    let places = column(&measured, "apl");
    let layers = fs::read_to_string(plan.join("plan.geojson")).unwrap();
    let layers: Value = serde_json::from_str(&layers).unwrap();
    let communes = layers["features"].as_array().unwrap().iter().map(|f| &f["properties"]);
    let mut seen = 0;
    for commune in communes.filter(|p| p["layer"] == "commune") {
        let apl: f64 = places[commune["code_commune"].as_str().unwrap()].parse().unwrap();
        assert!((commune["apl_before"].as_f64().unwrap() - apl).abs() < 0.0056, "{commune} ≠ {apl}");
        seen += 1;
    }
    assert_eq!(seen, places.len());

    let file = plan.join("result.json");
    let good = fs::read_to_string(&file).unwrap();
    let mut result: Value = serde_json::from_str(&good).unwrap();
    for name in ["apl_mean", "apl_gini", "people_apl_gain"] {
        let list = result["indicators"].as_array_mut().unwrap();
        let at = list.iter().position(|i| i["indicator"] == name && i["state"] == "after").unwrap();
        let honest = list[at]["value"].clone();
        list[at]["value"] = json!(honest.as_f64().unwrap() + 1.0);
        fs::write(&file, serde_json::to_string_pretty(&result).unwrap()).unwrap();
        result["indicators"][at]["value"] = honest;
        let ran = check();
        let told = ran.out.contains("C504") && ran.out.contains(&format!("/indicators/{at}/value"));
        assert!(ran.code == 7 && told, "{name}: {}", ran.out);
    }
    fs::write(&file, good).unwrap();
    assert_eq!(check().code, 0);
}

#[test]
fn a_table_of_short_times_has_no_accessibility_in_a_plan() {
    let dir = tempdir().unwrap();
    let path = with_gps(dir.path(), &[]);
    let mut territory: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    territory["travel"]["max_min"] = 19.into();
    fs::write(&path, territory.to_string()).unwrap();
    let file = scenario(dir.path(), "present", |s| s["territory"] = "territory.json".into());
    let out = dir.path().join("r");
    let ran = maillage(&["solve", &file, "-o", &text(&out), "--quiet", "--lang", "en"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(!fs::read_to_string(out.join("indicators.csv")).unwrap().contains("apl"));
    let ran = maillage(&["check", &text(&out), "--lang", "en"]);
    assert_eq!(ran.code, 0, "{}", ran.out);
    let ran = access(&[&path, "--lang", "en"]);
    assert!(ran.code == 0 && ran.out.contains("APL not computed"), "{}", ran.out);
}

/// A number of GPs that is unknown is not none, in a plan as in the measures.
#[test]
fn unknown_gps_are_not_none_in_a_plan() {
    let dir = tempdir().unwrap();
    let roanne = |line: &str| match line.rsplit_once(',') {
        Some((rest, _)) if line.starts_with("42187,") => format!("{rest},\n"),
        _ => format!("{line}\n"),
    };
    let table: String = fs::read_to_string(shipped("communes.csv")).unwrap().lines().map(roanne).collect();
    write(dir.path(), "communes.csv", &table);
    let mut territory: Value =
        serde_json::from_str(&fs::read_to_string(shipped("territory.json")).unwrap()).unwrap();
    for (key, file) in [("contours", "contours.geojson"), ("structures", "structures.csv")] {
        territory[key]["file"] = shipped(file).into();
    }
    let file = write(dir.path(), "territory.json", &territory.to_string());
    let measured = access(&[&file, "--json", "-q"]);
    let measured: Value = serde_json::from_str(&measured.out).unwrap_or_else(|e| panic!("{e}: {measured:?}"));
    let known = figure(&measured, "apl", "mean_by_standard_people", None, "core").unwrap();
    let present = scenario(dir.path(), "present", |s| s["territory"] = "territory.json".into());
    let out = dir.path().join("plan");
    let solved = maillage(&["solve", &present, "-o", &out.to_string_lossy(), "-q", "--json"]).json();
    let figures = solved["indicators"].as_array().unwrap();
    let mean = figures
        .iter()
        .find(|i| i["indicator"] == "apl_mean" && i["zone"] == "core" && i["state"] == "before");
    let planned = mean.unwrap()["value"].as_f64().unwrap();
    assert!((known - planned).abs() <= 0.01, "{known} and {planned}");
    let checked = maillage(&["check", &out.to_string_lossy()]);
    assert_eq!(checked.code, 0, "{}", checked.out);
}
