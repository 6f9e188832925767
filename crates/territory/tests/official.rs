//! Tables as their producers publish them: INSEE, DREES, FINESS, Annuaire santé. Small, with the real headings.
#![allow(clippy::unwrap_used, reason = "a test that panics fails")]

mod support;

use maillage_territory::{Need, Persons, Profession, StructureKind, Territory};
use support::*;

fn professionals(profession: &str, format: &str, more: &str) -> String {
    format!(
        r#""professionals":[{{"profession":"{profession}","format":"{format}","file":"g","supply":"counted",
        "source":{{"fr":"f","en":"e"}}{more}}}]"#
    )
}

/// Hundredths by place.
fn numbers(t: &Territory, profession: &str) -> Vec<Option<u32>> {
    let profession = Profession::new(profession).unwrap();
    let mut all: Vec<_> = t.professions[&profession].known.iter().map(|k| k.then_some(0)).collect();
    for p in t.practitioners.iter().filter(|p| p.profession == profession) {
        *all[p.place.0 as usize].as_mut().unwrap() += p.number.hundredths();
    }
    all
}

#[test]
fn insee_ages() {
    let csv =
        b"CODGEO;P21_POP;P21_POP0014;P21_POP1529;P21_POP3044;P21_POP4559;P21_POP6074;P21_POP7589;P21_POP90P
42187;34000.2;5000.4;6000.6;7000;8000;5000;3000.3;200.3\n01004;1;1;1;1;1;1;1;1\n";
    let section = r#""population_by_age":{"format":"insee","year":2021,"file":"a"}"#;
    let (t, warnings) = good(with(section, &[("a", csv)]));
    assert_eq!(warnings, [""; 0]);
    // 75 and over: 3000.3 + 200.3 = 3200.6.
    assert_eq!(t.places[2].need, Need::Ages([5000, 6001, 7000, 8000, 5000, 3201].map(Persons)));
    let no_year = section.replace(r#""year":2021,"#, "");
    assert_eq!(refused(with(&no_year, &[("a", csv)])).0, ["E203"]);
    let other_year = section.replace("2021", "2022");
    assert_eq!(refused(with(&other_year, &[("a", csv)])).0, ["E301"; 7]);
}

#[test]
fn insee_bpe() {
    // The counts of before 2024, by district too, then the list of since: one row for each equipment.
    let counted = b"AN;DEP;DEPCOM;DCIRIS;TYPEQU;NB_EQUIP\n2020;42;42187;42187_0101;D201;3\n2020;42;42187;42187_0102;D201;4\n2020;42;42187;x;D232;9\n2020;01;01004;x;D201;1\n";
    let listed = b"AN;NOMRS;DEPCOM;TYPEQU\n2024;A;42187;D265\n2024;B;42187;D265\n2024;B;42071;D281\n";
    let gp = professionals("gp", "bpe", r#","complete":true"#);
    assert_eq!(numbers(&good(with(&gp, &[("g", counted)])).0, "gp"), [Some(0), Some(0), Some(700)]);
    assert_eq!(numbers(&good(with(&gp, &[("g", listed)])).0, "gp"), [Some(0), Some(0), Some(200)]);
    let nurse = professionals("nurse", "bpe", "");
    assert_eq!(numbers(&good(with(&nurse, &[("g", counted)])).0, "nurse"), [None, None, Some(900)]);
    assert_eq!(numbers(&good(with(&nurse, &[("g", listed)])).0, "nurse"), [None, Some(100), None]);
    // Another profession needs its own rows.
    assert_eq!(refused(with(&professionals("podiatrist", "bpe", ""), &[("g", listed)])).0, ["E203"]);
    let own = professionals("podiatrist", "bpe", r#","where":{"TYPEQU":["D265"]}"#);
    assert_eq!(numbers(&good(with(&own, &[("g", listed)])).0, "podiatrist"), [None, None, Some(200)]);
}

#[test]
fn annuaire_sante() {
    let header = "Type d'identifiant PP|Identifiant PP|Identification nationale PP|Nom d'exercice|Code profession|Code savoir-faire|Code mode exercice|Raison sociale site|Code commune (coord. structure)|\n";
    let row = |person: &str, profession: &str, skill: &str, mode: &str, commune: &str| {
        format!("8|{person}|8{person}|N|{profession}|{skill}|{mode}|\"LE PARC|{commune}|\n")
    };
    let csv = header.to_owned()
        + &row("1", "10", "SM26", "L", "42187")
        + &row("1", "10", "SM26", "L", "42187")
        + &row("2", "10", "SM54", "L", "42187")
        + &row("2", "10", "SM54", "L", "01001")
        + &row("2", "10", "SM54", "L", "69123")
        + &row("3", "10", "SM04", "L", "42187")
        + &row("4", "10", "SM26", "S", "42187")
        + &row("5", "60", "", "L", "42187")
        + &row("6", "10", "SM53", "L", "")
        + &(10..30).map(|n| row(&n.to_string(), "10", "SM53", "L", "75056")).collect::<String>();
    let gp = professionals("gp", "rpps", r#","complete":true"#);
    let (t, warnings) = good(with(&gp, &[("g", csv.as_bytes())]));
    assert_eq!(warnings, ["W310"], "one person without a commune");
    // Person 2 practises at three places: 34 hundredths at the first code, 33 at the others, one of them elsewhere.
    assert_eq!(numbers(&t, "gp"), [Some(34), Some(0), Some(133)]);
    // Two more: 3 of 28 rows are above 5 %.
    let holes = csv.clone() + &row("7", "10", "SM53", "L", "") + &row("8", "10", "SM53", "L", "x");
    let (codes, shown) = refused(with(&gp, &[("g", holes.as_bytes())]));
    assert_eq!(codes, ["E315"], "{shown}");
    assert!(shown.contains("not read: 3 of 28"), "{shown}");
    // Salaried GPs too: person 4.
    let all = professionals("gp", "rpps", r#","where":{"Code mode exercice":["L","S"]}"#);
    assert_eq!(numbers(&good(with(&all, &[("g", csv.as_bytes())])).0, "gp"), [Some(34), None, Some(233)]);
    // The former heading of the identifier.
    let former = csv.replace("Identification nationale PP", "Autre");
    assert_eq!(
        numbers(&good(with(&gp, &[("g", former.as_bytes())])).0, "gp"),
        [Some(34), Some(0), Some(133)]
    );
    let nurse = professionals("nurse", "rpps", "");
    assert_eq!(numbers(&good(with(&nurse, &[("g", csv.as_bytes())])).0, "nurse"), [None, None, Some(100)]);
}

#[test]
fn annuaire_sante_without_students_and_nobody() {
    let header = "Identification nationale PP|Code profession|Code savoir-faire|Code catégorie professionnelle|Code mode exercice|Code commune (coord. structure)\n";
    let row =
        |person: &str, category: &str, commune: &str| format!("{person}|10|SM26|{category}|L|{commune}\n");
    let csv = header.to_owned()
        + &row("1", "C", "42187")
        + &row("2", "M", "42187")
        + &row("3", "E", "42187")
        + &row("", "C", "42187")
        + &row("", "C", "42071")
        + &row("", "C", "75056")
        + &row("", "E", "42071");
    let read = |more: &str| with(&professionals("gp", "rpps", more), &[("g", csv.as_bytes())]).unwrap();
    let (t, warnings) = read("");
    assert_eq!(numbers(&t, "gp"), [None, None, Some(200)], "nobody is no person, and leaves 42071 unknown");
    let nobody: Vec<_> = warnings.iter().filter(|p| p.code.as_str() == "W314").collect();
    assert_eq!(nobody.len(), 1);
    assert!(nobody[0].cause.en.contains("3 of 5"), "{}", nobody[0].cause.en);
    let (t, _) = read(r#","where":{"Code catégorie professionnelle":["C","M","E"]}"#);
    let none = header.to_owned() + &row("", "C", "42187");
    let complete = professionals("gp", "rpps", r#","complete":true"#);
    assert_eq!(
        refused(with(&complete, &[("g", none.as_bytes())])).0,
        ["E312", "W314"],
        "not zero everywhere"
    );
    assert_eq!(numbers(&t, "gp")[2], Some(300));
}

#[test]
fn drees_apl() {
    let header = &[
        "Code commune INSEE",
        "Commune",
        "APL aux médecins\ngénéralistes ",
        "APL aux médecins généralistes de 65 ans ou moins",
        "Population standardisée 2021 pour la médecine générale",
        "Population totale 2021",
    ][..];
    let rows: &[&[&str]] = &[
        &["Indicateur d'accessibilité potentielle localisée"],
        &[],
        &["Champ : France"],
        &[],
        &[],
        &[],
        &[],
        &[],
        header,
        &["", "", "consultations", "consultations", "habitants"],
        &["42187", "Roanne", "#3.1", "#2.9", "#100", "#90"],
        &["42999", "Ancienne", "#4.1", "#2.9", "#300", "#90"],
        &["75056", "Paris", "#3.3", "#3", "#2000000", "#2000000"],
    ];
    let book = xlsx(&[("Lisez-moi", &[&["x"]]), ("APL 2022", &[]), ("APL 2023", rows)]);
    let section = |more: &str| {
        format!(
            r#""passage":{{"file":"x"}},
            "published":[{{"name":"APL","year":2023,"format":"drees-apl","file":"a.xlsx"{more}}}]"#
        )
    };
    let files: &[(&str, &[u8])] = &[("a.xlsx", &book), ("x", b"former,current\n42999,42187\n")];
    let (t, warnings) = good(with(&section(""), files));
    assert_eq!(warnings, [""; 0]);
    // (3.1 × 100 + 4.1 × 300) / 400 = 3.85.
    assert_eq!(t.published[0].values, [None, None, Some((310.0 + 4.1 * 300.0) / 400.0)]);
    let younger = section(r#","columns":{"value":"APL aux médecins généralistes de 65 ans ou moins"}"#);
    let (t, _) = good(with(&younger, files));
    assert_eq!(t.published[0].values[2], Some((2.9 * 100.0 + 2.9 * 300.0) / 400.0));
    assert_eq!(refused(with(&section(r#","sheet":"APL 2021""#), files)).0, ["E310"]);
}

const FINESS: &str = "finess;etalab;111;2026-05-12
structureet;420000001;420000009;MSP DU CENTRE;MSP;;;1;R;X;;;187;42;LOIRE;42300 ROANNE;;;603;Maison de santé;1;x;;;;;;;;;;
structureet;420000002;420000009;CDS \"\"X\"\";CDS;;;1;R;X;;;071;42;LOIRE;42120 LE COTEAU;;;124;Centre de santé;1;x;;;;;;;;;;
structureet;010000003;010000009;CH;CH;;;1;R;X;;;001;01;AIN;01001 SAIL;;;355;Centre hospitalier;1;x;;;;;;;;;;
structureet;420000004;420000009;PHARMACIE;PH;;;1;R;X;;;187;42;LOIRE;42300 ROANNE;;;620;Pharmacie;1;x;;;;;;;;;;
structureet;970000005;970000009;MSP;MSP;;;1;R;X;;;105;9A;GUADELOUPE;97100 BASSE TERRE;;;603;Maison de santé;1;x;;;;;;;;;;
geolocalisation;420000001;780000.1;6550000.2;1,ATLASANTE,100,IGN,BD_ADRESSE,V2.2,LAMBERT_93;2026-05-12
";

#[test]
fn finess_extract() {
    let section = r#""structures":{"format":"finess","file":"f"}"#;
    let (t, warnings) = good(with(section, &[("f", FINESS.as_bytes())]));
    assert_eq!(warnings, [""; 0]);
    let all: Vec<_> =
        t.structures.iter().map(|s| (s.site_id.as_str(), s.kind, s.place.map(|p| p.0))).collect();
    let expected = [
        ("010000003", StructureKind::Hospital, Some(0)),
        ("420000001", StructureKind::Msp, Some(2)),
        ("420000002", StructureKind::Centre, Some(1)),
    ];
    assert_eq!(all, expected);
    assert_eq!(t.structures[1].structure_id, t.structures[1].site_id);
    // With names of columns, and other kinds.
    let named = FINESS.replace("finess;etalab;111;2026-05-12", "finess;nofinesset;nofinessej;rs;rslongue;complrs;compldistrib;numvoie;typvoie;voie;compvoie;lieuditbp;commune;departement;libdepartement;ligneacheminement;telephone;telecopie;categetab;libcategetab");
    let kinds = r#""structures":[{"format":"finess","file":"f","kinds":{"620":"pole"}},{"file":"s"}]"#;
    let own = b"site_id,structure_id,name,kind,code_commune\nx,x,X,msp,42187\n";
    let (t, _) = good(with(kinds, &[("f", named.as_bytes()), ("s", own)]));
    let all: Vec<_> = t.structures.iter().map(|s| (s.site_id.as_str(), s.kind)).collect();
    assert_eq!(all, [("420000004", StructureKind::Pole), ("x", StructureKind::Msp)]);
    let abroad =
        FINESS.lines().filter(|l| !l.contains(";42;") && !l.contains(";01;")).collect::<Vec<_>>().join("\n");
    assert_eq!(refused(with(section, &[("f", abroad.as_bytes())])).0, ["E312"]);
}

#[test]
fn finess_with_a_former_code_of_several_places() {
    let section = r#""structures":{"format":"finess","file":"f"},"passage":{"file":"x"}"#;
    let extract = FINESS.replace(";187;42;LOIRE;42300 ROANNE;;;603;", ";903;42;LOIRE;42300 ROANNE;;;603;");
    let files: &[(&str, &[u8])] =
        &[("f", extract.as_bytes()), ("x", b"former,current\n42903,42187\n42903,42071\n")];
    let (t, warnings) = with(section, files).unwrap();
    assert_eq!(
        t.structures.iter().map(|s| s.site_id.as_str()).collect::<Vec<_>>(),
        ["010000003", "420000002"]
    );
    let split: Vec<_> = warnings.iter().filter(|p| p.code.as_str() == "W308").collect();
    assert_eq!((split.len(), split[0].value.as_deref()), (1, Some("42903")));
}

#[test]
fn structures_keep_their_strictness() {
    let own =
        b"site_id,structure_id,name,kind,code_commune\nx,x,X,msp,75056\ny,y,Y,cabinet,42187\nz,z,Z,msp,\n";
    assert_eq!(refused(with(r#""structures":{"file":"s"}"#, &[("s", own)])).0, ["E306", "E207"]);
}
