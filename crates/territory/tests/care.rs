//! Need, practitioners, published figures, former codes.
#![allow(clippy::unwrap_used, reason = "a test that panics fails")]

mod support;

use maillage_territory::{Fte, Need, Persons, Practitioners, Profession, SupplyQuality, Territory};
use support::*;

const SOURCE: &str = r#""supply":"counted","source":{"fr":"f","en":"e"}"#;

fn professionals(profession: &str, more: &str) -> String {
    format!(r#""professionals":[{{"profession":"{profession}","file":"g.csv",{SOURCE}{more}}}]"#)
}

fn people(ages: [u64; 6]) -> Need {
    Need::Ages(ages.map(Persons))
}

fn needs(t: &Territory) -> Vec<Need> {
    t.places.iter().map(|p| p.need).collect()
}

/// Practitioners as (place, hundredths, age, acts).
fn groups(t: &Territory, profession: &str) -> Vec<(u32, u32, Option<u8>, Option<u32>)> {
    let profession = Profession::new(profession).unwrap();
    let of = |p: &Practitioners| (p.place.0, p.number.hundredths(), p.age, p.acts);
    t.practitioners.iter().filter(|p| p.profession == profession).map(of).collect()
}

fn known(t: &Territory, profession: &str) -> Vec<bool> {
    t.professions[&Profession::new(profession).unwrap()].known.clone()
}

#[test]
fn need_is_used_in_one_order() {
    let need = b"code_commune,standard_population,need_factor\n01001,,1.2\n42071,,0.8\n42187,35000.5,0.9\n";
    let ages = b"code_commune,age_0_14,age_15_29,age_30_44,age_45_59,age_60_74,age_75p\n42071,1000,1000,1000,1000,1000,1006\n42187,1,1,1,1,1,34000\n";
    let sections = r#""need":{"file":"n.csv"},"population_by_age":{"file":"a.csv"}"#;
    let (t, warnings) = good(with(sections, &[("n.csv", need), ("a.csv", ages)]));
    assert_eq!(warnings, [""; 0]);
    assert_eq!(
        needs(&t),
        [Need::Factor(1.2), people([1000, 1000, 1000, 1000, 1000, 1006]), Need::Standard(35000.5)]
    );
}

#[test]
fn need_may_stand_in_the_table_of_places() {
    let places = "code_commune,name,population,need_factor,standard_population\n01001,A,0,1.1,0\n01002,B,9,1.1,\n01003,C,9,,\n";
    let json = json("");
    let dir = folder(&[("territory.json", json.as_bytes()), ("p.csv", places.as_bytes())]);
    assert_eq!(needs(&good(read(&dir)).0), [Need::Standard(0.0), Need::Factor(1.1), Need::Unknown]);
    let nobody = places.replace("01001,A,0", "01001,A,5");
    let dir = folder(&[("territory.json", json.as_bytes()), ("p.csv", nobody.as_bytes())]);
    assert_eq!(refused(read(&dir)).0, ["E303"], "0 standardised people where 5 live");
    let twice = support::json(r#""need":{"file":"p.csv"}"#);
    let dir = folder(&[("territory.json", twice.as_bytes()), ("p.csv", places.as_bytes())]);
    assert_eq!(refused(read(&dir)).0, ["E313"]);
}

/// 99001 and 01001 became 01001; 99002 became 99001 first; 99009 was split between 42071 and 42187.
const PASSAGE: &[u8] =
    b"former,current\n01001,01001\n99001,01001\n99002,99001\n99009,42071\n99009,42187\n98000,98001\n";

#[test]
fn merged_communes_add_up() {
    let ages = b"code_commune,age_0_14,age_15_29,age_30_44,age_45_59,age_60_74,age_75p
99001,0.4,1,1,1,1,20\n99002,0.4,1,1,1,1,20\n01001,0.4,1,1,1,1,20.5\n42187,2.5,,1,1,1,34000\n42071,0.4,0.5,0.6,1,1,7000\n";
    let need = b"code_commune,standard_population,need_factor,weight
99001,50.5,1,100\n01001,60,2,300\n42187,,1.5,\n";
    let apl = b"code_commune,value,weight\n99001,2,100\n99002,4,300\n42071,3.25,\n98000,1,1\n";
    let sections = r#""passage":{"file":"x.csv"},"population_by_age":{"file":"a.csv"},
        "published":[{"name":"APL","year":2018,"file":"v.csv"}]"#;
    let files: &[(&str, &[u8])] = &[("x.csv", PASSAGE), ("a.csv", ages), ("n.csv", need), ("v.csv", apl)];
    let (t, warnings) = good(with(sections, files));
    assert_eq!(warnings, [""; 0]);
    // 3 × 0.4 = 1.2 rounds to 1 where three times 0.4 rounded would be 0; 60.5 rounds to 61. An unknown band leaves
    // the place unknown.
    let expected = [people([1, 3, 3, 3, 3, 61]), people([0, 1, 1, 1, 1, 7000]), Need::Unknown];
    assert_eq!(needs(&t), expected);
    // (2 × 100 + 4 × 300) / 400 = 3.5; a single row needs no weight.
    assert_eq!(t.published[0].values, [Some(3.5), Some(3.25), None]);
    let (t, warnings) = good(with(r#""passage":{"file":"x.csv"},"need":{"file":"n.csv"}"#, files));
    assert_eq!(warnings, [""; 0]);
    assert_eq!(needs(&t), [Need::Standard(110.5), Need::Unknown, Need::Factor(1.5)]);
}

#[test]
fn a_mean_without_weights_is_unknown() {
    let apl = "code_commune,value\n99001,2\n01001,4\n42187,3\n";
    let sections = r#""passage":{"file":"x.csv"},"published":[{"name":"APL","year":2018,"file":"v.csv"}]"#;
    let read = |apl: &str| good(with(sections, &[("x.csv", PASSAGE), ("v.csv", apl.as_bytes())]));
    let (t, warnings) = read(apl);
    assert_eq!((t.published[0].values.clone(), warnings), (vec![None, None, Some(3.0)], vec!["W309"]));
    let (t, warnings) = read("code_commune,value,weight\n99001,2,1\n01001,,1\n42187,3,1\n");
    assert_eq!((t.published[0].values.clone(), warnings), (vec![None, None, Some(3.0)], vec!["W309"]));
    // Merged factors need weights too, whatever the order: (1 × 100 + 2 × 300) / 400 = 1.75.
    let need = r#""passage":{"file":"x.csv"},"need":{"file":"v.csv"}"#;
    let csv = b"code_commune,need_factor,weight\n99001,1,100\n01001,2,300\n";
    let (t, _) = good(with(need, &[("x.csv", PASSAGE), ("v.csv", csv)]));
    assert_eq!(t.places[0].need, Need::Factor(1.75));
}

#[test]
fn split_codes_leave_places_unknown() {
    let sections = r#""passage":{"file":"x.csv"},"published":[{"name":"APL","year":2018,"file":"v.csv"}],"#
        .to_owned()
        + &professionals("gp", r#","complete":true"#);
    let apl = b"code_commune,value,weight\n01001,1,1\n99009,3,1\n42187,2,1\n";
    let gps = b"code_commune\n99009\n42187\n01001\n01001\n";
    let (t, warnings) = good(with(&sections, &[("x.csv", PASSAGE), ("v.csv", apl), ("g.csv", gps)]));
    assert_eq!(warnings, ["W308", "W308"]);
    assert_eq!(t.published[0].values, [Some(1.0), None, None]);
    assert_eq!(known(&t, "gp"), [true, false, false]);
    assert_eq!(t.places.iter().map(|p| p.gps).collect::<Vec<_>>(), [Some(Fte::whole(2)), None, None]);
    assert_eq!(groups(&t, "gp"), [(0, 200, None, None)]);
}

#[test]
fn cycles_are_refused() {
    let passage = b"former,current\n99001,99002\n99002,99003\n99003,99001\n";
    let (codes, shown) = refused(with(r#""passage":{"file":"x.csv"}"#, &[("x.csv", passage)]));
    assert_eq!(codes, ["E314"], "{shown}");
}

#[test]
fn practitioners_are_grouped_by_what_is_known() {
    let gps = "code_commune,number,age,birth_year,acts\n42187,1,61,,4000\n42187,2,61,,4000\n42187,,,,\n42071,1.5,,1960,\n42071,1,,,\n33063,9,,,\n";
    let read = |csv: &str, more: &str| good(with(&professionals("gp", more), &[("g.csv", csv.as_bytes())])).0;
    let t = read(gps, r#","year":2025"#);
    // One row of Roanne has no number: the place is unknown, not a partial sum. Born in 1960: 65 in 2025.
    assert_eq!(groups(&t, "gp"), [(1, 100, None, None), (1, 150, Some(65), None)]);
    assert_eq!(known(&t, "gp"), [false, true, false]);
    assert_eq!(
        t.places.iter().map(|p| p.gps).collect::<Vec<_>>(),
        [None, Some(Fte::from_hundredths(250)), None]
    );
    let t = read(&gps.replace("42187,,,,\n", ""), r#","year":2025,"complete":true,"heads":false"#);
    assert_eq!(groups(&t, "gp")[2..], [(2, 300, Some(61), Some(4000))]);
    assert_eq!((known(&t, "gp"), t.places[0].gps), (vec![true; 3], Some(Fte::default())), "no row: none");
    assert!(!t.professions[&Profession::gp()].heads);
    assert_eq!((t.supply, t.supply_source.en.as_str()), (SupplyQuality::Counted, "e"));
    let (codes, shown) = refused(with(&professionals("gp", ""), &[("g.csv", gps.as_bytes())]));
    assert_eq!(codes, ["E203"], "a year of birth needs the year of the data: {shown}");
}

#[test]
fn gps_of_the_table_of_places_are_practitioners() {
    let places = "code_commune,name,population,gps\n01001,A,9,0\n01002,B,9,2.5\n01003,C,9,\n";
    let of = |places_keys: &str, more: &str| {
        let json = json(more).replace(r#""file":"p.csv""#, &format!(r#""file":"p.csv"{places_keys}"#));
        read(&folder(&[
            ("territory.json", json.as_bytes()),
            ("p.csv", places.as_bytes()),
            ("g.csv", b"code_commune\n01001\n"),
        ]))
    };
    let said = format!(",{SOURCE}");
    let (t, _) = good(of(&said, ""));
    assert_eq!(groups(&t, "gp"), [(1, 250, None, None)]);
    assert_eq!(known(&t, "gp"), [true, true, false]);
    let gps: Vec<_> = t.places.iter().map(|p| p.gps.map(Fte::hundredths)).collect();
    assert_eq!(gps, [Some(0), Some(250), None]);
    assert_eq!(refused(of("", "")).0, ["E203", "E203"], "gps without supply and source");
    let table = professionals("gp", "");
    assert_eq!(refused(of(&said, &table)).0, ["E313"]);
    // The way out that the message names: not reading the column.
    let (t, _) = good(of(r#","columns":{"gps":""}"#, &table));
    assert_eq!(groups(&t, "gp"), [(0, 100, None, None)]);
}

#[test]
fn a_profession_or_a_figure_is_read_once() {
    let one = professionals("nurse", "");
    let entry = one.trim_start_matches(r#""professionals":["#).trim_end_matches(']');
    let twice = format!(r#""professionals":[{entry},{entry}]"#);
    assert_eq!(refused(with(&twice, &[("g.csv", b"code_commune\n01001\n")])).0, ["E403"]);
    let apl = r#"{"name":"APL","year":2018,"file":"v.csv"}"#;
    let twice = format!(r#""published":[{apl},{apl}]"#);
    assert_eq!(refused(with(&twice, &[("v.csv", b"code_commune,value\n01001,1\n")])).0, ["E403"]);
    let other = format!(r#""published":[{apl},{}]"#, apl.replace("2018", "2019"));
    assert!(with(&other, &[("v.csv", b"code_commune,value\n01001,1\n")]).is_ok());
}

#[test]
fn national_files_are_wider_and_strange_codes_are_said() {
    let read = |csv: &str| with(&professionals("nurse", ""), &[("g.csv", csv.as_bytes())]);
    assert_eq!(good(read("code_commune\n75056\n2A004\n97411\n42187\n")).1, [""; 0]);
    assert_eq!(refused(read("code_commune\n75056\n2A004\n")).0, ["E312"]);
    assert_eq!(refused(read("code_commune\n1001\n42187\n")).0, ["E304"]);
    assert_eq!(refused(read("code_commune\nROANNE\n42187\n")).0, ["E304"]);
}

#[test]
fn practitioners_stand_in_order() {
    let sections = format!(
        r#""professionals":[{{"profession":"nurse","file":"n.csv",{SOURCE}}},{{"profession":"gp","file":"g.csv",{SOURCE}}}]"#
    );
    let files: &[(&str, &[u8])] = &[
        ("n.csv", b"code_commune\n42187\n01001\n"),
        ("g.csv", b"code_commune,age\n42187,60\n42187,\n01001,50\n"),
    ];
    let (t, _) = good(with(&sections, files));
    let all: Vec<_> = t.practitioners.iter().map(|p| (p.profession.as_str(), p.place.0, p.age)).collect();
    let expected =
        [("gp", 0, Some(50)), ("gp", 2, None), ("gp", 2, Some(60)), ("nurse", 0, None), ("nurse", 2, None)];
    assert_eq!(all, expected);
}

#[test]
fn a_part_of_a_merged_commune_cannot_stand_for_it() {
    let header = "code_commune,age_0_14,age_15_29,age_30_44,age_45_59,age_60_74,age_75p\n";
    let read = |ages: &str, more: &str| {
        let section = format!(r#""passage":{{"file":"x.csv"}},"population_by_age":{{"file":"a.csv"}}{more}"#);
        let ages = header.to_owned() + ages;
        let need = b"code_commune,standard_population\n01001,49\n42071,13659\n42187,17183\n";
        let files: &[(&str, &[u8])] =
            &[("x.csv", b"former,current\n42900,42187\n"), ("a.csv", ages.as_bytes()), ("n.csv", need)];
        with(&section, files).unwrap()
    };
    // The people of one former commune of Roanne, 6,000 of 34,366.
    let (t, warnings) = read("42900,1000,1000,1000,1000,1000,1000\n01001,50,0,0,0,0,0\n", "");
    assert_eq!(needs(&t), [people([50, 0, 0, 0, 0, 0]), Need::Unknown, Need::Unknown]);
    let all: Vec<_> = warnings.iter().filter(|p| p.code.as_str() == "W312").collect();
    assert_eq!((all.len(), all[0].value.as_deref()), (1, Some("42187")));
    assert!(all[0].cause.en.contains("(1 places)"));
    // Twice 6,829 is 13,658, half of 34,366 is 17,183, half of 100 is 50: one too many or too few.
    let (t, warnings) = read("42187,17183,0,0,0,0,0\n42071,13658,0,0,0,0,0\n", r#","need":{"file":"n.csv"}"#);
    assert_eq!(needs(&t), [Need::Unknown, people([13658, 0, 0, 0, 0, 0]), Need::Standard(17183.0)]);
    let shown: Vec<_> =
        warnings.iter().filter(|p| p.code.as_str() == "W312").map(|p| p.value.clone()).collect();
    assert_eq!(shown, [Some("01001, 42071".to_owned())]);
}

#[test]
fn few_people_may_need_much() {
    let places = "code_commune,name,population,standard_population\n01001,A,49,200\n01002,B,50,101\n";
    let json = json("");
    let dir = folder(&[("territory.json", json.as_bytes()), ("p.csv", places.as_bytes())]);
    let (t, warnings) = good(read(&dir));
    assert_eq!((needs(&t), warnings), (vec![Need::Standard(200.0), Need::Unknown], vec!["W312"]));
}

#[test]
fn lost_zeros_of_places_and_passage_are_refused() {
    let places = |rows: &str, more: &str, passage: &str| {
        let (json, rows) = (json(more), format!("code_commune,name,population\n{rows}"));
        read(&folder(&[
            ("territory.json", json.as_bytes()),
            ("p.csv", rows.as_bytes()),
            ("x.csv", format!("former,current\n{passage}").as_bytes()),
        ]))
    };
    let (codes, shown) = refused(places("3004,A,9\n42187,B,9\n42071,C,9\n", "", ""));
    assert_eq!(codes, ["E304"], "{shown}");
    assert!(shown.contains("put the leading zero back: `03004`, as text"), "{shown}");
    assert_eq!(good(places("1234,A,9\na,B,9\nc1,C,9\n", "", "")).1, [""; 0], "identifiers of one's own");
    let passage = r#""passage":{"file":"x.csv"}"#;
    let (codes, shown) = refused(places("03066,A,9\n42187,B,9\n", passage, "3900,3066\n"));
    assert_eq!(codes, ["E304", "E304"], "{shown}");
    assert!(shown.contains("`03900`") && shown.contains("`03066`"), "{shown}");
    assert_eq!(good(places("1234,A,9\na,B,9\n", passage, "1235,1234\nb,a\n")).1, [""; 0]);
}

/// A table over Lyon as one place, or as three of its arrondissements.
#[test]
fn arrondissements_are_parts_of_their_city() {
    let read = |places: &str, more: &str, table: &str| {
        let (json, places) = (json(more), format!("code_commune,name,population\n{places}"));
        read(&folder(&[
            ("territory.json", json.as_bytes()),
            ("p.csv", places.as_bytes()),
            ("g.csv", table.as_bytes()),
            ("x.csv", b"former,current\n69385,69386\n"),
        ]))
    };
    let gps = professionals("gp", r#","complete":true"#);
    let (lyon, parts) =
        ("69123,Lyon,520000\n69029,Bron,43000\n", "69381,1er,29000\n69382,2e,31000\n69029,Bron,43000\n");
    let rows = "code_commune,number\n69381,10\n69389,20\n69123,1\n69029,5\n13201,7\n";
    let (t, warnings) = good(read(lyon, &gps, rows));
    assert_eq!(warnings, [""; 0]);
    // Bron 5; Lyon 10 + 20 + 1.
    assert_eq!(groups(&t, "gp"), [(0, 500, None, None), (1, 3100, None, None)]);
    let (t, warnings) = good(read(parts, &gps, rows));
    assert_eq!((known(&t, "gp"), warnings), (vec![true, false, false], vec!["W308"]));
    // A former code that leads to a part leads to the city.
    let passage = format!(r#"{gps},"passage":{{"file":"x.csv"}}"#);
    let (t, _) = good(read(lyon, &passage, "code_commune,number\n69385,3\n69029,5\n"));
    assert_eq!(groups(&t, "gp")[1], (1, 300, None, None));
    // Where a code has one figure, that of the city holds its parts already.
    let ages =
        "code_commune,age_0_14,age_15_29,age_30_44,age_45_59,age_60_74,age_75p\n69381,29000,0,0,0,0,0\n";
    let section = r#""population_by_age":{"file":"g.csv"}"#;
    let city = format!("{ages}69123,500000,0,0,0,0,0\n");
    assert_eq!(good(read(lyon, section, &city)).0.places[1].need, people([500_000, 0, 0, 0, 0, 0]));
    let both = format!("{ages}69382,310000,0,0,0,0,0\n");
    assert_eq!(good(read(lyon, section, &both)).0.places[1].need, people([339_000, 0, 0, 0, 0, 0]));
}
