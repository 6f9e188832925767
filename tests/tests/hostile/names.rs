//! Names that a spreadsheet would calculate and a browser would run.

use super::{COMMUNES, Small, text};
use maillage_tests::maillage;
use std::fs;
use std::path::Path;

const FORMULA: &str = "=cmd|' /C calc'!A0";
const SCRIPT: &str = "</script><script>alert(1)</script><img src=x onerror=alert(1)>";

/// Every file below a folder.
fn all(dir: &Path) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for path in fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()) {
        match path.is_dir() {
            true => out.extend(all(&path)),
            false => {
                let bytes = fs::read(&path).unwrap();
                out.push((text(&path), String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
    }
    out
}

/// Cells of a table as a spreadsheet sees them: quotes taken off.
fn cells(csv: &str) -> Vec<String> {
    let (mut out, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    for c in csv.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' | '\n' if !quoted => out.push(std::mem::take(&mut cell)),
            _ => cell.push(c),
        }
    }
    out
}

#[test]
fn no_table_holds_a_formula_and_no_page_a_script() {
    let small = Small::new();
    let evil = COMMUNES
        .replace("Amont", FORMULA)
        .replace("Bourg", "@SUM(1)")
        .replace("Détroit", "-2+3")
        .replace("Coteau", SCRIPT);
    small.put("communes.csv", evil.as_bytes());
    small.scenario(|s| s["problem"]["p"] = 4.into());
    let suite = serde_json::json!({
        "schema_version": 1, "base": "two.json", "overrides": { "one": { "problem": { "p": 1 } } },
        "scenarios": { "two": [], "one": ["one"] },
    });
    small.put("suite.json", suite.to_string().as_bytes());
    let run = |args: &[&str]| {
        let ran = maillage(args);
        assert_eq!(ran.code, 0, "{args:?}: {ran:?}");
    };
    let (r, s) = (text(&small.path("r")), text(&small.path("s")));
    run(&["solve", &text(&small.path("two.json")), "-o", &r, "--quiet"]);
    run(&["suite", &text(&small.path("suite.json")), "-o", &s, "--quiet"]);
    run(&["report", &r, "--with", "xlsx,gpkg,note,maps"]);
    run(&["access", &text(&small.path("territory.json")), "-o", &text(&small.path("a")), "--quiet"]);
    run(&["check", &r]);
    run(&["check", &s]);
    let (mut tables, mut pages, mut named) = (0, 0, 0);
    for (name, content) in all(small.dir.path()) {
        if name.ends_with("/communes.csv") {
            continue;
        }
        if name.ends_with(".csv") {
            tables += 1;
            for cell in cells(&content) {
                let starts = cell.starts_with(['=', '+', '-', '@', '\t']);
                assert!(!starts || cell.parse::<f64>().is_ok(), "{name}: {cell}");
                named += usize::from(cell.contains("cmd|"));
            }
        }
        if name.ends_with(".html") || name.ends_with(".svg") {
            pages += 1;
            assert!(!content.contains("<script>alert") && !content.contains("<img src=x"), "{name}");
        }
        // A workbook is a zip; what it holds is tried in crates/report, which can open it.
        assert!(!content.contains("<f>"), "{name}");
    }
    assert!(tables >= 8 && pages >= 4 && named >= 4, "{tables} tables, {pages} pages, {named} names");
}
