//! The pages in a real headless browser, from disk and with the network cut: they draw, their controls work, their
//! figures are those of the result, and nothing goes wrong on the console.
//! Skipped, and said so, where no Chromium is installed; the audit also where axe is not.

#![allow(clippy::unwrap_used, reason = "a test that panics fails")]

#[path = "page/browser.rs"]
mod browser;

use browser::{Driven, Phone, axe, browse, chromium};
use maillage_tests::{maillage, roannais};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::tempdir;

const REPORT: &str = include_str!("page/report.js");
const FRONTIER: &str = include_str!("page/frontier.js");
const SUITE: &str = include_str!("page/suite.js");
const AUDIT: &str = include_str!("page/audit.js");

/// Solves a scenario into a folder of its name.
fn solved(scenario: &Path, to: &Path, lang: &str) -> PathBuf {
    let out = to.join(format!("{}-{lang}", scenario.file_stem().unwrap().to_string_lossy()));
    let args = ["solve", &scenario.to_string_lossy(), "-o", &out.to_string_lossy(), "--lang", lang];
    let ran = maillage(&[&args[..], &["--gap", "0.05", "--quiet"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    out
}

fn shipped(name: &str) -> PathBuf {
    roannais().join(format!("{name}.json"))
}

/// Classes of the communes in a page that no script has touched.
fn drawn(html: &str) -> String {
    let shapes = html.split(" class=\"c").filter(|c| c.starts_with(" k") || c.starts_with(" a k"));
    shapes.filter_map(|c| c.split_once('"')?.0.chars().last()).collect()
}

/// A figure of the territory itself with the plan, in the last year.
fn figure(result: &Value, name: &str) -> f64 {
    let all = result["indicators"].as_array().unwrap();
    let of = all.iter().filter(|i| i["indicator"] == name && i["zone"] == "core" && i["state"] == "after");
    of.max_by_key(|i| i["year"].as_u64()).unwrap()["value"].as_f64().unwrap()
}

#[test]
fn a_report_works_in_a_browser() {
    let Some(browser) = chromium() else { return };
    let dir = tempdir().unwrap();
    // Measures × states × years; a plain problem has nothing before, and lists or accessibility only where posts are.
    for (scenario, lang, legends) in
        [("three-sites", "fr", 9), ("three-sites", "en", 9), ("poles", "fr", 36), ("p-median", "fr", 1)]
    {
        let out = solved(&shipped(scenario), dir.path(), lang);
        let (page, result) = (out.join("report.html"), fs::read_to_string(out.join("result.json")).unwrap());
        let (html, result): (String, Value) =
            (fs::read_to_string(&page).unwrap(), serde_json::from_str(&result).unwrap());
        assert!(html.len() < 3_000_000, "{} bytes", html.len());
        for width in [1280, 500] {
            let what = format!("{scenario} {lang} {width}");
            let driven = Driven::new(browser, &page, REPORT, width, &what);
            driven.says(&[
                ("first", &drawn(&html)),
                ("waits", "0 0"),
                ("offered", "Roanne (42187)"),
                ("legends", &legends.to_string()),
                ("again", "true"),
                ("zoomed", "true"),
                ("home", "true"),
                ("panned", "true"),
                ("aimed", "true"),
                ("dragged", "true"),
                ("found", "Saint-Germain-Laval (42230)"),
                ("cleared", "0"),
                ("pressed", "true"),
                ("sorted", "true"),
                ("aria", "ascending"),
                ("filtered", "Saint-Léger-sur-Roanne 42253|Roanne 42187"),
                ("unfolded", "true"),
                ("wide", "false"),
                ("ran", "no"),
            ]);
            // Years may look alike, most do not.
            let colourings: usize = driven.said("colourings").parse().unwrap();
            assert!(colourings > legends / 2 && colourings <= legends, "{what}: {colourings}");
            assert!(driven.said("flows").parse::<u32>().unwrap() > 0, "{what}");
            assert!(driven.said("inside").parse::<u32>().unwrap() > 1, "{what}");
            assert!(driven.said("tip").contains('('), "{what}: {}", driven.said("tip"));
            assert!(!driven.said("missing").is_empty() && driven.said("hostile").is_empty(), "{what}");
            figures_are_those_of_the_result(&driven, &result, &what);
        }
    }
}

/// The cards of page one, and the catchment of the first site.
fn figures_are_those_of_the_result(driven: &Driven, result: &Value, what: &str) {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let cards = driven.said("cards");
    let cards: Vec<&str> = cards.split('|').collect();
    let wanted = match result["problem"].as_str().unwrap() {
        "p-median" => ["people_within_10_min", "people_within_20_min", "", ""],
        _ => ["people_attached", "people_unattached", "", "people_within_15_min"],
    };
    for (card, name) in cards.iter().zip(wanted).filter(|(_, name)| !name.is_empty()) {
        let people = card.split('(').next().unwrap();
        assert_eq!(digits(people), format!("{}", figure(result, name)), "{what}: {name}: {card}");
    }
    // The pin is the first site by number; its name stands after the number.
    let catchment = driven.said("catchment").replace(['\u{a0}', '\u{202f}'], "").replace(',', "");
    let sites = result["sites"].as_array().unwrap().iter();
    let mut named = sites.filter(|s| {
        let name = s["name"].as_str().unwrap().replace(',', "");
        s["status"] != "existing" && catchment.contains(&format!(". {name}"))
    });
    assert!(named.any(|s| catchment.contains(&s["attached"].to_string())), "{what}: {catchment}");
}

#[test]
fn names_are_text_and_places_without_contours_get_cells() {
    let Some(browser) = chromium() else { return };
    let dir = tempdir().unwrap();
    let read = |name: &str| fs::read_to_string(roannais().join(name)).unwrap();
    let hostile = "\"L'Été & <script>window.ran='yes'</script>\"";
    fs::write(
        dir.path().join("communes.csv"),
        read("communes.csv").replace(",Ambierle,", &format!(",{hostile},")),
    )
    .unwrap();
    fs::write(dir.path().join("structures.csv"), read("structures.csv")).unwrap();
    let mut territory: Value = serde_json::from_str(&read("territory.json")).unwrap();
    territory.as_object_mut().unwrap().remove("contours");
    fs::write(dir.path().join("territory.json"), territory.to_string()).unwrap();
    fs::write(dir.path().join("three-sites.json"), read("three-sites.json")).unwrap();
    let out = solved(&dir.path().join("three-sites.json"), dir.path(), "fr");
    let html = fs::read_to_string(out.join("report.html")).unwrap();
    let driven = Driven::new(browser, &out.join("report.html"), REPORT, 1280, "hostile");
    driven.says(&[
        ("hostile", "L'Été & <script>window.ran='yes'</script> (42003)"),
        ("ran", "no"),
        ("first", &drawn(&html)),
        ("wide", "false"),
    ]);
    // As many cells as places with a point, all drawn with corners.
    let places = read("communes.csv").lines().count() - 1;
    assert_eq!(drawn(&html).len(), places);
}

#[test]
fn two_scenarios_side_by_side() {
    let Some(browser) = chromium() else { return };
    let dir = tempdir().unwrap();
    let (suite, out) = (shipped("suite"), dir.path().join("suite"));
    for (lang, compared, only) in [
        ("fr", "departures par rapport à three-sites", "Dans three-sites seulement"),
        ("en", "departures compared with three-sites", "In three-sites only"),
    ] {
        let args = ["suite", &suite.to_string_lossy(), "-o", &out.to_string_lossy(), "--lang", lang];
        let ran = maillage(&[&args[..], &["--gap", "0.05", "--quiet"]].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        let page = out.join("comparison.html");
        let html = fs::read_to_string(&page).unwrap();
        let shapes = drawn(&html).len();
        for width in [1280, 500] {
            let driven = Driven::new(browser, &page, SUITE, width, &format!("suite {lang} {width}"));
            driven.says(&[
                ("plans", "4"),
                ("shapes", &format!("{shapes} {shapes}")),
                ("names", "three-sites|departures"),
                ("differ", "true"),
                ("equal", "true"),
                ("stable", "true"),
                ("worse", "true"),
                ("linked", "true"),
                ("selected", "1 1"),
                ("again", "1 4"),
                ("years", ""),
                ("compared", compared),
                ("wide", "false"),
            ]);
            assert!(driven.said("panel").contains("Ambierle (42003)"), "{}", driven.said("panel"));
            assert!(driven.said("only").contains(only), "{}", driven.said("only"));
        }
        // What stands in the folder gives the same page again.
        let args = ["suite", &suite.to_string_lossy(), "--collect", &out.to_string_lossy(), "--lang", lang];
        let ran = maillage(&[&args[..], &["--quiet"]].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert_eq!(fs::read_to_string(&page).unwrap(), html, "collected");
    }
}

/// The shipped scenario under five budgets, in a folder of `dir`; a commune's name breaks what does not escape.
fn frontier(dir: &Path, lang: &str) -> PathBuf {
    for file in ["territory.json", "contours.geojson", "structures.csv"] {
        fs::copy(roannais().join(file), dir.join(file)).unwrap();
    }
    let csv = fs::read_to_string(roannais().join("communes.csv")).unwrap();
    let hostile = "\"Ville & <script>window.ran='yes'</script>\"";
    fs::write(dir.join("communes.csv"), csv.replace(",Charlieu,", &format!(",{hostile},"))).unwrap();
    let text = fs::read_to_string(shipped("three-sites")).unwrap();
    let mut scenario: Value = serde_json::from_str(&text).unwrap();
    scenario["problem"]["candidates"]["min_population"] = 2500.into();
    scenario["problem"]["goals"] = serde_json::json!(["people-attached"]);
    let file = dir.join("frontier.json");
    fs::write(&file, scenario.to_string()).unwrap();
    let out = dir.join(format!("frontier-{lang}"));
    let budgets = ["--budget", "0:2000000:5", "--lang", lang, "--quiet"];
    let args = ["frontier", &file.to_string_lossy(), "-o", &out.to_string_lossy()];
    let ran = maillage(&[&args[..], &budgets].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    out
}

#[test]
fn a_frontier_works_in_a_browser() {
    let Some(browser) = chromium() else { return };
    let dir = tempdir().unwrap();
    for (lang, claim) in [
        (
            "fr",
            "De 0\u{a0}€ à 2\u{202f}000\u{202f}000\u{a0}€\u{a0}: personnes sur la liste d'un médecin, de ",
        ),
        ("en", "From €0 to €2,000,000: people on the list of a GP, from "),
    ] {
        let out = frontier(dir.path(), lang);
        let text = fs::read_to_string(out.join("frontier.json")).unwrap();
        let frontier: Value = serde_json::from_str(&text).unwrap();
        let points = frontier["points"].as_array().unwrap();
        let plans: Vec<String> = points.iter().map(|p| p["objective"].to_string()).collect();
        let sites = frontier["sites"].as_array().unwrap().len().to_string();
        for width in [1280, 500] {
            let page = out.join("frontier.html");
            let driven = Driven::new(browser, &page, FRONTIER, width, &format!("frontier {lang} {width}"));
            driven.says(&[
                ("points", "5"),
                ("plans", &plans.join("|")),
                ("dots", "5"),
                ("inside", "true"),
                ("sites", &sites),
                ("turned", "true"),
                ("again", "true"),
                ("wide", "false"),
                ("ran", "no"),
            ]);
            assert!(driven.said("claim").starts_with(claim), "{}", driven.said("claim"));
            // Something opens at the first step that gains.
            assert!(driven.said("enter").split('|').any(|names| names != "–"), "{}", driven.said("enter"));
        }
    }
}

#[test]
fn plans_over_years_side_by_side() {
    let Some(browser) = chromium() else { return };
    let dir = tempdir().unwrap();
    let (file, out) = (dir.path().join("years.json"), dir.path().join("years"));
    let suite = json!({
        "schema_version": 1,
        "base": shipped("poles"),
        "overrides": { "more": { "people": { "attachable_percent": 85 } } },
        "scenarios": { "poles": [], "again": [], "more": ["more"], "less": ["more"] },
    });
    fs::write(&file, suite.to_string()).unwrap();
    let args = ["suite", &file.to_string_lossy(), "-o", &out.to_string_lossy(), "--gap", "0.5", "--quiet"];
    let ran = maillage(&args);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let driven = Driven::new(browser, &out.join("comparison.html"), SUITE, 1280, "years");
    driven.says(&[
        ("years", "2027,2028,2029,2030"),
        ("dated", "poles · 2030|poles · 2027"),
        ("earlier", "true"),
        ("wide", "false"),
    ]);
}

#[test]
fn pages_fit_a_phone_and_follow_fingers() {
    let Some(browser) = chromium() else { return };
    let dir = tempdir().unwrap();
    let out = solved(&shipped("three-sites"), dir.path(), "fr");
    let mut phone = Phone::new(browser, &out.join("report.html"));
    // What is wider than the screen scrolls in a frame of its own; nothing else reaches beyond it.
    let cut = "[...document.querySelectorAll('main *, header *, footer *')].filter((e) => {
        const r = e.getBoundingClientRect();
        return r.width > 1 && (r.right > innerWidth + 1 || r.left < -1) && !e.closest('.scroll, svg, .skip');
    }).map((e) => e.tagName + ' ' + e.className + ' ' + e.textContent.slice(0, 40)).join()";
    assert_eq!(phone.says(cut), "");
    assert_eq!(phone.says("document.documentElement.scrollWidth"), 390);
    phone.says("document.querySelectorAll('details').forEach((d) => { d.open = true; })");
    phone.says("new Promise((done) => setTimeout(done, 200))");
    assert_eq!(phone.says("document.querySelectorAll('.long tbody tr').length > 50"), true);
    assert_eq!(phone.says(cut), "", "unfolded");
    // A finger on the map tells a commune; two fingers zoom; then one moves.
    let place = "(() => { const m = document.getElementById('map'); m.scrollIntoView({ block: 'center' });
        const r = m.getBoundingClientRect(); return [r.left + r.width / 2, r.top + r.height / 2]; })()";
    let at = phone.says(place);
    let (x, y) = (at[0].as_f64().unwrap(), at[1].as_f64().unwrap());
    let view = "document.getElementById('map').getAttribute('viewBox').split(' ').map(Number)";
    let home = phone.says(view);
    phone.touch(&[&[(x, y)]]);
    assert_eq!(phone.says("document.querySelector('#panel h3') !== null"), true);
    let spread = |by: f64| [(x - by, y), (x + by, y)];
    phone.touch(&[&spread(30.0), &spread(45.0), &spread(60.0), &spread(90.0)]);
    let near = phone.says(view);
    assert!(near[2].as_f64().unwrap() < 0.6 * home[2].as_f64().unwrap(), "{home} {near}");
    phone.touch(&[&[(x, y)], &[(x - 20.0, y)], &[(x - 60.0, y)], &[(x - 100.0, y)]]);
    let moved = phone.says(view);
    assert!(moved[0].as_f64().unwrap() > near[0].as_f64().unwrap(), "{near} {moved}");
    assert_eq!(moved[2], near[2]);
    phone.ends();
}

#[test]
fn pages_print() {
    let Some(browser) = chromium() else { return };
    let dir = tempdir().unwrap();
    let out = solved(&shipped("three-sites"), dir.path(), "fr");
    let pdf = dir.path().join("report.pdf");
    let to = format!("--print-to-pdf={}", pdf.display());
    browse(browser, &out.join("report.html"), 1280, &[&to, "--no-pdf-header-footer"]);
    let bytes = fs::read(pdf).unwrap();
    assert!(bytes.starts_with(b"%PDF"));
    // An A4 leaf in points, and few of them: long lists stay on the screen.
    let text = String::from_utf8_lossy(&bytes);
    let leaves = text.matches("/MediaBox [").count();
    let a4 = text.matches("/MediaBox [0 0 59").count();
    assert_eq!(leaves, a4, "not A4");
    assert!((2..=10).contains(&leaves), "{leaves} pages");
}

#[test]
fn axe_finds_nothing_serious() {
    let (Some(browser), Some(axe)) = (chromium(), axe()) else { return };
    let dir = tempdir().unwrap();
    let driver = format!("{axe}\n{AUDIT}");
    let mut pages: Vec<PathBuf> =
        ["three-sites", "poles"].map(|s| solved(&shipped(s), dir.path(), "fr").join("report.html")).into();
    let (suite, out) = (shipped("suite"), dir.path().join("suite"));
    let args = ["suite", &suite.to_string_lossy(), "-o", &out.to_string_lossy(), "--quiet"];
    assert_eq!(maillage(&args).code, 0);
    pages.push(out.join("comparison.html"));
    pages.push(frontier(dir.path(), "fr").join("frontier.html"));
    for page in pages {
        for width in [1280, 500] {
            let what = format!("{} {width}", page.display());
            Driven::new(browser, &page, &driver, width, &what).says(&[("axe", "[]")]);
        }
    }
}
