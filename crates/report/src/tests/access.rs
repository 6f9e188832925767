//! Measures of access as tables and one screen.

use super::*;
use crate::{Against, access_places_csv, access_summary, access_zones_csv, trajectory_csv};
use maillage_access::{Access, AccessSettings, Figure, measure};
use maillage_input::Lang;
use serde_json::{Value, json};

const BOTH: [Lang; 2] = [Lang::Fr, Lang::En];

/// The sample with these GPs at Ville and nurses at Bourg; the GPs of 42004 are unknown.
fn staffed(gps: u32) -> Territory {
    let mut t = sample().territory;
    let group = |profession: &str, place, number, acts| Practitioners {
        profession: Profession::new(profession).unwrap(),
        place: PlaceIx(place),
        number: Fte::from_hundredths(number),
        age: Some(60),
        acts,
    };
    t.practitioners = vec![group("gp", 0, gps, Some(5000)), group("nurse", 1, 600, None)];
    for (word, known) in [("gp", [true, true, true, false, true]), ("nurse", [true; 5])] {
        let source = ProfessionSource {
            source: titles("à la main", "by hand"),
            quality: SupplyQuality::Counted,
            heads: true,
            known: known.to_vec(),
        };
        t.professions.insert(Profession::new(word).unwrap(), source);
    }
    t.published = vec![Published {
        name: EVIL.to_owned(),
        year: 2018,
        values: vec![Some(4.0), Some(2.0), Some(1.0), None, None],
    }];
    for (place, standard) in t.places.iter_mut().zip([6200.0, 2400.0, 1600.0, 800.0, 0.0]) {
        place.need = Need::Standard(standard);
    }
    t
}

/// Everything that can be asked for.
fn everything() -> AccessSettings {
    let all = json!({
        "schema_version": 1,
        "catchments": [
            { "id": "apl" },
            { "id": "apl-65", "age_bound": 65 },
            { "id": "nurses", "profession": "nurse" }
        ],
        "compare": [{ "published": EVIL, "catchment": "apl" }],
        "zoning": { "set": "fr-2017", "measure": "apl-65", "unit": "epci", "date": "2026-01-01" },
        "trajectory": {
            "first_year": 2025, "horizon_years": 2, "basis": "assumed",
            "lists": { "people_per_gp": 1000, "within_min": 20 },
            "stress": { "kind": "total", "years": 2, "basis_points_in_all": 5000 },
            "source": { "fr": "essai", "en": "test" }
        }
    });
    serde_json::from_value(all).unwrap()
}

fn measured(t: &Territory) -> Access {
    measure(t, &everything()).unwrap()
}

fn parsed(text: &str) -> Vec<csv::StringRecord> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes())
        .records()
        .collect::<Result<_, _>>()
        .unwrap()
}

#[test]
fn tables_as_written() {
    let (t, later) = (staffed(300), staffed(150));
    let (now, after) = (measured(&t), measured(&later));
    let places: Vec<Option<usize>> = vec![Some(0), Some(1), None, Some(3), Some(4)];
    let against = Against { access: &after, places: &places };
    insta::assert_snapshot!("access_places_csv", access_places_csv(&t, &now, Some(against)));
    insta::assert_snapshot!("trajectory_csv", trajectory_csv(&t, &now.trajectory));
    let zones = access_zones_csv(&t, &now.figures);
    let shown =
        |line: &&str| line.contains(",core,") || line.contains("by-place") || line.starts_with("terr");
    insta::assert_snapshot!("access_zones_csv", zones.lines().filter(shown).collect::<Vec<_>>().join("\n"));
}

/// By hand: 3 GPs of 5,000 acts at Ville; 2,400 standardised people at 9.5 min weigh 1, nobody else is near.
#[test]
fn a_place_has_its_accessibility() {
    let t = staffed(300);
    let rows = parsed(&access_places_csv(&t, &measured(&t), None));
    let at = |name: &str| rows[0].iter().position(|h| h == name).unwrap();
    let column = |name: &str| rows[1..].iter().map(|r| r[at(name)].to_owned()).collect::<Vec<_>>();
    // 15,000 / 8,600 = 1.744.
    assert_eq!(column("apl")[..2], ["1.744", "1.744"]);
    // 42003 reaches 42001 in 21 min, too far; 42004 has an unknown supply, 42005 no position.
    assert_eq!(column("apl:near_unknown_supply"), ["0", "0", "0", "1", "1"]);
    assert_eq!(column("apl")[2], "0.000");
    // Where a supply or a position is unknown, there is no time.
    assert_eq!(column("minutes_nearest"), ["0", "9.5", "21", "", ""]);
    assert_eq!(column("zone_class"), ["zip_a", "zip_a", "zip_a", "", ""]);
}

#[test]
fn every_figure_is_a_row_of_zones() {
    let t = staffed(300);
    let a = measured(&t);
    let rows = parsed(&access_zones_csv(&t, &a.figures));
    assert_eq!(rows.len(), a.figures.len() + 1);
    for (row, f) in rows[1..].iter().zip(&a.figures) {
        let number = |cell: &str| (!cell.is_empty()).then(|| cell.parse::<f64>().unwrap());
        assert_eq!((&row[1], &row[2], &row[7]), (f.measure.as_str(), f.indicator, f.unit));
        assert_eq!((number(&row[3]), number(&row[6])), (f.limit, Some(f.value)), "{f:?}");
        assert_eq!((&row[4], number(&row[5])), (f.zone.to_string().as_str(), f.year.map(f64::from)));
    }
}

#[test]
fn no_cell_is_a_formula() {
    let mut t = staffed(300);
    t.name = "=cmd()".to_owned();
    let a = measured(&t);
    let against = Against { access: &a, places: &[Some(0), Some(1), Some(2), Some(3), Some(4)] };
    let tables = [
        access_places_csv(&t, &a, Some(against)),
        access_zones_csv(&t, &a.figures),
        trajectory_csv(&t, &a.trajectory),
    ];
    for record in tables.iter().flat_map(|table| parsed(table)) {
        for cell in record.iter().filter(|cell| cell.parse::<f64>().is_err()) {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
        }
    }
}

#[test]
fn one_screen_in_both_languages() {
    let t = staffed(300);
    let a = measured(&t);
    insta::assert_snapshot!("access_summary_fr", access_summary(&t, &a, Lang::Fr));
    insta::assert_snapshot!("access_summary_en", access_summary(&t, &a, Lang::En));
}

/// Lines with a figure, as label and value.
fn lines(text: &str) -> Vec<(String, String)> {
    let body = text.split("\n\n").nth(1).unwrap();
    let figures = body.lines().filter(|l| l.starts_with("  "));
    figures.map(|l| l.trim().rsplit_once("  ").unwrap()).map(|(a, b)| (a.trim().into(), b.into())).collect()
}

#[test]
fn every_line_is_said_in_both_languages() {
    let t = staffed(300);
    let mut a = measured(&t);
    // What two states add, and every class.
    let change = ["people_gaining", "people_losing", "people_unchanged", "people_unknown"];
    let change = change.map(|i| ("apl:change", i, None, 12_345.0, "people"));
    let more = [
        ("apl:change", "mean_gain", None, 1234.5, "acts_per_standard_person"),
        ("apl:change", "mean_loss", None, 0.5, "acts_per_standard_person"),
        ("apl:change", "people_leaving_band", Some(2.5), 12_345.0, "people"),
        ("apl:change", "people_entering_band", Some(2.5), 12_345.0, "people"),
        ("zoning", "people_in_zip_b", None, 1.0, "people"),
        ("zoning", "people_in_zip", None, 1.0, "people"),
        ("zoning", "people_in_zac", None, 1.0, "people"),
        ("zoning", "people_in_zv", None, 1.0, "people"),
        ("zoning", "people_in_vivier", None, 1.0, "people"),
        ("zoning", "people_in_hors_vivier", None, 1.0, "people"),
    ];
    for (measure, indicator, limit, value, unit) in change.into_iter().chain(more) {
        let zone = maillage_access::Zone::Core;
        a.figures.extend(Figure::new(measure.to_owned(), indicator, limit, zone, Some(value), unit));
    }
    let [fr, en] = BOTH.map(|lang| lines(&access_summary(&t, &a, lang)));
    assert_eq!(fr.len(), en.len());
    assert!(fr.len() > 50, "{}", fr.len());
    for ((french, value), (english, same)) in fr.iter().zip(&en) {
        // A line of a trajectory begins with its year.
        assert!(french != english || french.starts_with("20"), "{french} is not translated");
        assert!(!french.contains('_') && !english.contains('_') && !french.ends_with('…'), "{french}");
        assert!(!value.contains('.') && !same.contains("\u{202f}"), "{value} | {same}");
    }
    let value = |list: &[(String, String)], label: &str| {
        list.iter()
            .find(|l| l.0.contains(label))
            .unwrap_or_else(|| panic!("no {label} in {list:?}"))
            .1
            .clone()
    };
    assert_eq!(value(&fr, "habitants qui perdent"), "12\u{202f}345");
    assert_eq!(value(&en, "inhabitants who lose"), "12,345");
    assert_eq!(value(&fr, "perte moyenne"), "0,50");
    assert!(lines(&access_summary(&t, &a, Lang::Fr)).iter().any(|l| l.0.contains("au-dessus de 2,5")));
}

#[test]
fn a_screen_holds_what_it_is_given() {
    let mut t = staffed(300);
    t.name = "\u{1b}[31mRouge\nligne".to_owned();
    let mut a = measured(&t);
    a.notes = (0..20).map(|i| titles(&format!("note {i}"), &format!("remark {i}"))).collect();
    for lang in BOTH {
        let text = access_summary(&t, &a, lang);
        assert!(!text.contains('\u{1b}') && text.starts_with(" [31mRouge ligne ·"), "{text}");
        assert!(text.lines().all(|l| l.chars().count() <= 90), "{text}");
        assert_eq!(text.lines().filter(|l| l.starts_with("- ")).count(), 13, "twelve and where the rest is");
        assert!(text.contains("access.json"));
    }
    // Without a territory of its own, everything.
    let mut around = staffed(300);
    around.places.iter_mut().for_each(|p| p.core = false);
    let a =
        measure(&around, &serde_json::from_value::<AccessSettings>(json!({"schema_version": 1})).unwrap());
    assert!(access_summary(&around, &a.unwrap(), Lang::En).contains("inhabitants at 2.5 or less"));
    let nothing = Territory::from_parts("Nulle part", Vec::new(), sample_travel()).unwrap();
    let a = measure(&nothing, &AccessSettings::default()).unwrap();
    assert!(access_summary(&nothing, &a, Lang::Fr).starts_with("Nulle part · accès aux soins\n"));
    assert_eq!(access_zones_csv(&nothing, &a.figures).lines().count(), 1);
    assert_eq!(access_places_csv(&nothing, &a, None).lines().count(), 1);
}

fn sample_travel() -> TravelTimes {
    let source = TravelSource::Table { source: "essai".into(), date: "2026".into() };
    TravelTimes::new(0, Minutes::whole(30), source, [])
}

#[test]
fn settings_are_read_as_written() {
    let written: Value = serde_json::to_value(everything()).unwrap();
    assert_eq!(serde_json::from_value::<AccessSettings>(written).unwrap(), everything());
}
