//! Real data: the whole of France with every section, and a region's FINESS.
#![allow(clippy::unwrap_used, reason = "a test that panics fails")]

mod support;

use maillage_territory::{AreaKind, Need, Profession, StructureKind, Territory};
use std::path::Path;
use support::*;

/// Places of a table of communes, by its own names of columns.
const COLUMNS: &str = r#"{"code_commune":"code_insee","name":"nom","population":"pop_mun_2023","code_epci":"epci",
    "epci":"epci_nom","canton":"canton_ville","canton_name":"canton_ville_nom","living_area":"bv2022",
    "living_area_name":"bv2022_nom","department":"dep","department_name":"dep_nom"}"#;

fn france(data: &Path) -> String {
    let file = |name: &str| json_text(&data.join("national").join(name));
    let (communes, care) = (file("communes.csv.gz"), file("primary_care.csv.gz"));
    let (ages, contours) = (file("age_bands_large_communes.csv"), file("communes_contours.geojson.gz"));
    format!(
        r#"{{"schema_version":1,"name":"France","geography_year":2025,
        "places":{{"file":{communes},"columns":{COLUMNS}}},
        "contours":{{"file":{contours}}},
        "travel":{{"kind":"proxy","max_min":10}},
        "need":{{"file":{care},"columns":{{"code_commune":"code_insee","standard_population":"pop_std_2016","need_factor":""}}}},
        "population_by_age":{{"file":{ages},"columns":{{"code_commune":"code_insee","age_0_14":"pop_0_14",
            "age_15_29":"pop_15_29","age_30_44":"pop_30_44","age_45_59":"pop_45_59","age_60_74":"pop_60_74","age_75p":"pop_75p"}}}},
        "professionals":[{{"profession":"gp","file":{care},"columns":{{"code_commune":"code_insee","number":"gp_lib_2020"}},
            "supply":"counted","source":{{"fr":"BPE 2020","en":"BPE 2020"}},"year":2020}}],
        "published":[{{"name":"DREES APL","year":2018,"file":{care},"columns":{{"code_commune":"code_insee","value":"apl_mg_2018"}}}}]}}"#
    )
}

/// A path as a JSON string.
fn json_text(path: &Path) -> String {
    format!("\"{}\"", path.canonicalize().unwrap().display().to_string().replace('\\', "/"))
}

#[test]
fn the_whole_of_france() {
    let Some(data) = shared() else { return };
    let dir = folder(&[("territory.json", france(&data).as_bytes())]);
    let (t, warnings) = good(read(&dir));
    // Polygons of Mayotte and of communes merged since may be without a place; seven communes have less than half or
    // more than twice as many standardised people (2016) as people.
    assert!(warnings.iter().all(|w| ["W303", "W305", "W312"].contains(w)), "{warnings:?}");
    assert_eq!(t.places.len(), 34_875);
    let place = |code: &str| t.place(ix(&t, code));
    let area = |code: &str, kind| place(code).area(kind).map(|a| (a.code.as_str(), a.name.as_str()));
    assert_eq!(area("01001", AreaKind::Canton), Some(("0108", "Châtillon-sur-Chalaronne")));
    assert_eq!(area("01001", AreaKind::LivingArea), Some(("01093", "Châtillon-sur-Chalaronne")));
    assert_eq!(area("01001", AreaKind::Department), Some(("01", "Ain")));
    assert_eq!(area("01001", AreaKind::Epci), Some(("200069193", "CC de la Dombes")));
    // From the first row of the file on primary care, with no GP; a place without a row is unknown.
    assert_eq!(place("01001").need, Need::Standard(761.7));
    assert_eq!(t.published[0].values[ix(&t, "01001").0 as usize], Some(2.396));
    assert_eq!(place("01001").gps.map(|g| g.hundredths()), Some(0));
    assert_eq!(place("22001").gps, None, "Côtes-d'Armor are left out of that file");
    // Bourg-en-Bresse (01053) has standardised people and ages: the former count.
    assert!(matches!(place("01053").need, Need::Standard(_)));
    let counts = |f: fn(&Need) -> bool| t.places.iter().filter(|p| f(&p.need)).count();
    assert!(counts(|n| matches!(n, Need::Standard(_))) > 30_000);
    assert!(counts(|n| matches!(n, Need::Ages(_))) > 10, "large communes of the departments left out");
    assert!(t.contours.iter().flatten().count() > 31_000);
    let gps: u32 = t.practitioners.iter().map(|p| p.number.hundredths() / 100).sum();
    assert!((40_000..70_000).contains(&gps), "{gps} self-employed GPs");
    assert_eq!(t.professions[&Profession::gp()].known.iter().filter(|k| **k).count(), known_gps(&t));
    // territory.json, and four files although two are read for three sections each.
    assert_eq!(t.inputs.len(), 5);
}

fn known_gps(t: &Territory) -> usize {
    t.places.iter().filter(|p| p.gps.is_some()).count()
}

#[test]
fn structures_of_occitanie() {
    let Some(data) = shared() else { return };
    let folder_of = data.join("territories/occitanie");
    let communes = json_text(&folder_of.join("communes.csv"));
    let structures = json_text(&folder_of.join("structures.csv"));
    let read_with = |passage: &str| {
        let json = format!(
            r#"{{"schema_version":1,"name":"Occitanie","geography_year":2025,
            "places":{{"file":{communes},"columns":{{"code_commune":"code_insee","name":"nom",
                "population":"pop_mun_2023","need_factor":""}}}},
            "travel":{{"kind":"proxy","max_min":5}},{passage}
            "structures":{{"format":"finess","file":{structures},
                "columns":{{"site_id":"finess","name":"name","kind":"cat_code","code_commune":"code_insee"}},
                "kinds":{{"603":"msp","124":"centre","620":"pole","355":"hospital","101":"hospital","106":"hospital"}}}}}}"#
        );
        good(read(&folder(&[
            ("territory.json", json.as_bytes()),
            ("x.csv", b"former,current\n12076,12218\n"),
        ])))
        .0
    };
    let count = |t: &Territory, kind| t.structures.iter().filter(|s| s.kind == kind).count();
    let t = read_with(r#""passage":{"file":"x.csv"},"#);
    // Counted in the file by category: 372 health houses, 280 centres, 1,888 pharmacies (standing in for another
    // kind), 150 + 57 + 34 hospitals.
    let kinds = [StructureKind::Msp, StructureKind::Centre, StructureKind::Pole, StructureKind::Hospital];
    assert_eq!(kinds.map(|k| count(&t, k)), [372, 280, 1888, 241]);
    // One pharmacy stands under the former code 12076, now in 12218.
    let moved = t.structures.iter().find(|s| s.site_id.as_str() == "120003926").unwrap();
    assert_eq!(moved.place, Some(ix(&t, "12218")));
    assert!(moved.point.is_some());
    assert_eq!(count(&read_with(""), StructureKind::Pole), 1887);
}
