//! Files of other tools, and results shown again without solving. GDAL's tools and LibreOffice open them; where those are not
//! installed the tests that need them are skipped, and say so.

#![allow(clippy::unwrap_used, reason = "a test that panics fails")]

use maillage_tests::{Ran, maillage, roannais, skip};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::{TempDir, tempdir};

/// A commune whose name breaks what does not escape.
const EVIL: &str = "<script>alert('L’Été & \"Cie\"')</script>";

/// The shipped Roannais scenario on a territory where one commune bears that name and one begins like a formula.
fn hostile() -> (TempDir, String) {
    let dir = tempdir().unwrap();
    for file in ["three-sites.json", "territory.json", "contours.geojson", "structures.csv"] {
        fs::copy(roannais().join(file), dir.path().join(file)).unwrap();
    }
    let quoted = format!("42187,\"{}\",", EVIL.replace('"', "\"\""));
    let csv = fs::read_to_string(roannais().join("communes.csv")).unwrap();
    let named: Vec<String> = csv
        .lines()
        .map(|line| match line.split_once(',').map(|(code, rest)| (code, rest.split_once(',').unwrap())) {
            Some(("42187", (_, rest))) => format!("{quoted}{rest}"),
            Some(("42003", (_, rest))) => format!("42003,=1+1,{rest}"),
            _ => line.to_owned(),
        })
        .collect();
    fs::write(dir.path().join("communes.csv"), named.join("\n") + "\n").unwrap();
    let scenario = dir.path().join("three-sites.json").to_string_lossy().into_owned();
    (dir, scenario)
}

fn solve(scenario: &str, out: &Path) {
    let ran = maillage(&["solve", scenario, "-o", out.to_str().unwrap(), "--quiet"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
}

fn report(dir: &Path, extra: &[&str]) -> Ran {
    let mut args = vec!["report", dir.to_str().unwrap()];
    args.extend(extra);
    maillage(&args)
}

fn rebuilt(dir: &Path, extra: &[&str]) {
    let ran = report(dir, extra);
    assert_eq!(ran.code, 0, "{} {}", ran.out, ran.err);
}

fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_file());
    entries.map(|p| (p.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&p).unwrap())).collect()
}

fn refused(ran: &Ran, code: &str) {
    assert!(ran.code == 3 && ran.err.contains(code), "{code}: {ran:?}");
}

/// A program that the test needs.
fn tool(name: &str) -> bool {
    let found = Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if found.is_err() {
        skip(&format!("no {name}"));
    }
    found.is_ok()
}

#[test]
fn a_result_is_shown_again_without_solving() {
    let (dir, scenario) = hostile();
    let out = dir.path().join("out");
    solve(&scenario, &out);
    let solved = files(&out);
    rebuilt(&out, &[]);
    assert!(files(&out) == solved, "the same language gives the same bytes");

    rebuilt(&out, &["--with", "gpkg,xlsx,note,maps"]);
    let all = files(&out);
    for file in ["plan.gpkg", "plan.xlsx", "note.odt", "map-attached-after.svg", "chart-people.svg"] {
        assert!(all.contains_key(file), "{file}");
    }
    for (file, bytes) in solved.iter().filter(|(file, _)| *file != "result.json") {
        assert!(all[file] == *bytes, "{file}");
    }
    let check = maillage(&["check", out.to_str().unwrap()]);
    assert_eq!(check.code, 0, "{}", check.out);
    // What stands is made anew with the rest, in the language that is asked.
    rebuilt(&out, &["--lang", "en"]);
    let english = files(&out);
    assert!(all.keys().eq(english.keys()));
    for file in ["report.html", "plan.xlsx", "note.odt", "map-attached-after.svg"] {
        assert!(all[file] != english[file], "{file}");
    }
    rebuilt(&out, &[]);
    assert!(files(&out) == all);
    // A byte that is not what the result gives is found.
    let mut torn = all["plan.gpkg"].clone();
    *torn.last_mut().unwrap() ^= 1;
    fs::write(out.join("plan.gpkg"), torn).unwrap();
    let check = maillage(&["check", out.to_str().unwrap()]);
    assert!(check.code == 7 && check.out.contains("plan.gpkg"), "{}", check.out);
    rebuilt(&out, &["--quiet"]);
    assert!(files(&out) == all);
    // Solving again leaves no file of an earlier plan behind.
    solve(&scenario, &out);
    assert!(files(&out).keys().eq(solved.keys()));
}

#[test]
fn names_are_texts_in_every_drawing() {
    let (dir, scenario) = hostile();
    let out = dir.path().join("out");
    solve(&scenario, &out);
    rebuilt(&out, &["--with", "maps"]);
    for (name, bytes) in files(&out).iter().filter(|(name, _)| name.ends_with(".svg")) {
        let svg = String::from_utf8(bytes.clone()).unwrap();
        assert!(!svg.contains("<script"), "{name}");
        if name.starts_with("map-") {
            assert!(svg.contains("&lt;script&gt;alert(&#39;L’Été &amp; &quot;Cie&quot;&#39;)"), "{name}");
        }
    }
}

#[test]
fn what_cannot_be_shown_again_is_refused() {
    let (dir, scenario) = hostile();
    let empty = dir.path().join("empty");
    refused(&report(&empty, &[]), "E504");
    fs::create_dir(&empty).unwrap();
    fs::write(empty.join("thesis.docx"), "x").unwrap();
    refused(&report(&empty, &[]), "E504");
    assert_eq!(report(&empty, &["--with", "pdf"]).code, 2);

    let out = dir.path().join("out");
    solve(&scenario, &out);
    let solved = files(&out);
    fs::write(out.join("mine.txt"), "x").unwrap();
    refused(&report(&out, &["--with", "gpkg"]), "E108");
    fs::remove_file(out.join("mine.txt")).unwrap();

    // A figure altered by hand.
    let text = String::from_utf8(solved["result.json"].clone()).unwrap();
    let mut value: Value = serde_json::from_str(&text).unwrap();
    value["sites"][0]["attached"] = json!(1);
    fs::write(out.join("result.json"), value.to_string()).unwrap();
    refused(&report(&out, &[]), "E501");
    fs::write(out.join("result.json"), &text).unwrap();

    // Inputs that are no longer those of the result, in both languages.
    let places = dir.path().join("communes.csv");
    let csv = fs::read_to_string(&places).unwrap();
    fs::write(&places, csv.replace("Andelaroche", "Andelaroche-la-Neuve")).unwrap();
    let french = report(&out, &[]);
    let english = report(&out, &["--lang", "en"]);
    refused(&french, "E502");
    refused(&english, "E502");
    assert!(french.err.contains("tels qu'ils sont") && english.err.contains("as they are"));
    fs::write(&places, csv).unwrap();

    // A scenario that has moved.
    let moved = dir.path().join("moved.json");
    fs::rename(&scenario, &moved).unwrap();
    refused(&report(&out, &[]), "E101");
    assert!(files(&out) == solved, "nothing that is refused changes anything");
    rebuilt(&out, &["--scenario", moved.to_str().unwrap()]);
    rebuilt(&out, &[]);
}

/// Two plans of the Roannais, solved.
fn suite(dir: &Path) -> PathBuf {
    let suite = json!({
        "schema_version": 1,
        "base": roannais().join("three-sites.json"),
        "overrides": { "one": { "problem": { "limits": { "max_new_sites": 1 } } } },
        "scenarios": { "three": [], "one": ["one"] },
    });
    let file = dir.join("small.json");
    fs::write(&file, suite.to_string()).unwrap();
    let out = dir.join("suite");
    let ran = maillage(&["suite", file.to_str().unwrap(), "-o", out.to_str().unwrap(), "--quiet"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    out
}

#[test]
fn a_suite_is_shown_again_with_one_file_for_all() {
    let dir = tempdir().unwrap();
    let out = suite(dir.path());
    let solved = [files(&out), files(&out.join("three")), files(&out.join("one"))];
    rebuilt(&out, &[]);
    assert!([files(&out), files(&out.join("three")), files(&out.join("one"))] == solved);
    rebuilt(&out, &["--with", "gpkg,xlsx,note"]);
    let all = files(&out);
    assert!(all.contains_key("comparison.gpkg") && all.contains_key("comparison.xlsx"));
    for folder in ["three", "one"] {
        let plan = files(&out.join(folder));
        assert!(plan.contains_key("note.odt") && !plan.contains_key("plan.gpkg"), "{folder}");
        let check = maillage(&["check", out.join(folder).to_str().unwrap()]);
        assert_eq!(check.code, 0, "{}", check.out);
    }
    rebuilt(&out, &[]);
    assert!(files(&out) == all);
    // A result that cannot be used stops the whole, before anything is written.
    let result = out.join("one/result.json");
    let text = fs::read_to_string(&result).unwrap();
    fs::write(&result, text.replacen("\"seed\": 0", "\"seed\": 1", 1)).unwrap();
    refused(&report(&out, &["--lang", "en"]), "E501");
    assert!(files(&out) == all);
    fs::write(&result, text).unwrap();
    let file = dir.path().join("small.json");
    let ran =
        maillage(&["suite", file.to_str().unwrap(), "-o", out.to_str().unwrap(), "--quiet", "--resume"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        files(&out).keys().eq(solved[0].keys()),
        "a suite that is run again drops files of an earlier one"
    );
}

/// What `ogrinfo` says of a file; it must open it without a warning.
fn ogrinfo(args: &[&str], file: &Path) -> String {
    let ran = Command::new("ogrinfo").args(["-ro"]).args(args).arg(file).output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success() && !err.contains("Warning") && !err.contains("ERROR"), "{err}");
    out.into_owned()
}

#[test]
fn gdal_opens_the_geopackage() {
    if !tool("ogrinfo") {
        return;
    }
    let (dir, scenario) = hostile();
    let out = dir.path().join("out");
    solve(&scenario, &out);
    rebuilt(&out, &["--with", "gpkg"]);
    let file = out.join("plan.gpkg");
    let said = ogrinfo(&["-al", "-so"], &file);
    let territory = fs::read_to_string(dir.path().join("communes.csv")).unwrap().lines().count() - 1;
    for line in [
        "Layer name: places\n",
        "Layer name: sites\n",
        "Layer name: assignments\n",
        "Geometry: Multi Polygon",
        "Geometry: Line String",
        "WGS 84",
        "attached_percent_difference: Real",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    let count = |layer: &str| {
        let (_, rest) = said.split_once(&format!("Layer name: {layer}\n"))?;
        rest.lines().find_map(|l| l.strip_prefix("Feature Count: ")?.parse::<usize>().ok())
    };
    assert_eq!(count("places").unwrap() + count("places_points").unwrap_or(0), territory);
    let result: Value = serde_json::from_slice(&fs::read(out.join("result.json")).unwrap()).unwrap();
    assert_eq!(count("sites").unwrap(), result["sites"].as_array().unwrap().len());
    let one = ogrinfo(&["-sql", "SELECT name FROM places WHERE code_commune = '42187'"], &file);
    assert!(one.contains(&format!("name (String) = {EVIL}")), "{one}");
    // Every shape is one that GDAL calls valid.
    let sql = "SELECT count(*) AS bad FROM places WHERE NOT ST_IsValid(geom)";
    let bad = ogrinfo(&["-dialect", "SQLite", "-sql", sql], &file);
    assert!(bad.contains("bad (Integer) = 0"), "{bad}");
}

#[test]
fn gdal_opens_the_geopackage_of_a_suite() {
    if !tool("ogrinfo") {
        return;
    }
    let dir = tempdir().unwrap();
    let out = suite(dir.path());
    rebuilt(&out, &["--with", "gpkg"]);
    let sql = "SELECT scenario, count(*) AS n FROM places GROUP BY scenario ORDER BY scenario";
    let said = ogrinfo(&["-sql", sql], &out.join("comparison.gpkg"));
    assert!(said.contains("scenario (String) = one") && said.contains("scenario (String) = three"), "{said}");
}

/// A file converted by LibreOffice.
fn converted(file: &Path, to: &str, dir: &Path) {
    let profile = tempdir().unwrap();
    let ran = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}", profile.path().display()))
        .args(["--headless", "--convert-to", to, "--outdir"])
        .arg(dir)
        .arg(file)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
}

#[test]
fn libreoffice_opens_the_workbook_and_the_note() {
    if !tool("soffice") {
        return;
    }
    let (dir, scenario) = hostile();
    let out = dir.path().join("out");
    solve(&scenario, &out);
    rebuilt(&out, &["--with", "xlsx,note"]);
    let texts = dir.path().join("texts");
    fs::create_dir(&texts).unwrap();
    // Every sheet as a CSV file of its own, in UTF-8, as shown.
    converted(
        &out.join("plan.xlsx"),
        "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1",
        &texts,
    );
    let sheet = |name: &str| fs::read_to_string(texts.join(format!("plan-{name}.csv"))).unwrap();
    let communes = sheet("Communes");
    assert!(communes.contains(&EVIL.replace('"', "\"\"")), "{communes}");
    assert!(communes.contains(",03004,Andelaroche,"), "codes keep their zeros");
    assert!(communes.contains(",42003,=1+1,"), "no text is a formula");
    // 35,200 people as French writes it, with a narrow no-break space; shares with a decimal comma.
    let summary = sheet("Synthèse");
    assert!(summary.lines().any(|l| l.contains('\u{202f}') || l.contains('\u{a0}')), "{summary}");
    assert!(sheet("Dictionnaire").contains("attached_percent_after"));
    converted(&out.join("note.odt"), "txt:Text (encoded):UTF8", &texts);
    let note = fs::read_to_string(texts.join("note.txt")).unwrap();
    assert!(note.contains("Conclusion") && note.contains("Sources et limites"), "{note}");
    assert!(note.contains("médecin traitant"), "{note}");
    converted(&out.join("note.odt"), "pdf", &texts);
    assert!(fs::read(texts.join("note.pdf")).unwrap().starts_with(b"%PDF"));
}
