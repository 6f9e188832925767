//! Files made to break a reader.
#![allow(clippy::unwrap_used, reason = "a test that panics fails")]

mod support;

use proptest::prelude::*;
use std::sync::LazyLock;
use support::*;

const NEED: &str = r#""need":{"file":"n"}"#;

fn codes(n: &[u8]) -> Vec<&'static str> {
    refused(with(NEED, &[("n", n)])).0
}

fn book() -> Vec<u8> {
    xlsx(&[("F", &[&["code_commune", "need_factor"], &["01001", "#1"], &["42187", "#1.5"]])])
}

fn layer() -> Vec<u8> {
    gpkg(
        4326,
        "CREATE TABLE communes(fid INTEGER PRIMARY KEY, geom BLOB, code_commune TEXT, need_factor REAL);
         INSERT INTO communes VALUES(1, NULL, '01001', 1), (2, NULL, '42187', 1.5);",
    )
}

#[test]
fn broken_workbooks_are_refused() {
    let good = book();
    assert_eq!(codes(&good[..good.len() / 2]), ["E310"], "truncated");
    assert_eq!(codes(&good[..30]), ["E310"], "cut in its first header");
    assert_eq!(codes(&zipped(&[("mimetype", "application/epub")])), ["E310"], "a zip of something else");
    // The sizes that the central directory declares: 2 GiB each, then less than there is.
    let declaring = |size: [u8; 4]| {
        let mut lies = good.clone();
        for at in 0..lies.len() - 46 {
            if lies[at..].starts_with(b"PK\x01\x02") {
                lies[at + 24..at + 28].copy_from_slice(&size);
            }
        }
        codes(&lies)
    };
    assert_eq!(declaring([0, 0, 0, 0x80]), ["E105"]);
    assert_eq!(declaring([10, 0, 0, 0]), ["E310"]);
    let sheet = |sheet: &str, strings: &str| {
        zipped(&[
            ("_rels/.rels", "<Relationships/>"),
            ("xl/workbook.xml", r#"<workbook><sheets><sheet name="F" r:id="a"/></sheets></workbook>"#),
            (
                "xl/_rels/workbook.xml.rels",
                r#"<Relationships><Relationship Id="a" Type="x/worksheet" Target="s.xml"/>
                <Relationship Id="b" Type="x/sharedStrings" Target="t.xml"/></Relationships>"#,
            ),
            ("xl/s.xml", sheet),
            ("xl/t.xml", strings),
        ])
    };
    let header = r#"<row r="1"><c t="inlineStr"><is><t>code_commune</t></is></c>
        <c t="inlineStr"><is><t>need_factor</t></is></c></row>"#;
    let rows = |rows: &str| format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
    let sst = "<sst uniqueCount='9999999999999' count='9999999999999'><si><t>a</t></si></sst>";
    assert_eq!(codes(&sheet(&rows(""), sst)), ["E301"], "no header, and no memory taken on its word");
    for bad in [
        r#"<row r="99999999999"/>"#,
        r#"<row r="2"/><row r="2"/>"#,
        r#"<row r="9999999"/>"#,
        r#"<row><c r="ZZZZZZ1"><v>1</v></c></row>"#,
        r#"<row><c t="s"><v>99</v></c></row>"#,
        "<row><c><v>1</c></row>",
    ] {
        assert_eq!(codes(&sheet(&rows(&format!("{header}{bad}")), sst)), ["E310"], "{bad}");
    }
    assert_eq!(codes(&sheet("<worksheet><sheetData><row>", sst)), ["E310"]);
    assert_eq!(codes(&sheet(&rows(""), "<sst><si>")), ["E310"]);
}

#[test]
fn broken_databases_are_refused() {
    let good = layer();
    let mut garbage = good.clone();
    garbage[100..].fill(0xa5);
    assert_eq!(codes(&garbage), ["E310"]);
    assert_eq!(codes(b"SQLite format 3\0"), ["E310"]);
    assert_eq!(codes(&good[..1000]), ["E310"]);
    // A database that is no GeoPackage, and a layer that is a query without end.
    let endless = "CREATE VIEW communes AS WITH RECURSIVE r(code_commune, need_factor) AS (
        VALUES('01001', 1) UNION ALL SELECT code_commune, need_factor FROM r) SELECT * FROM r;";
    assert_eq!(codes(&gpkg(4326, endless)), ["E310"]);
    assert_eq!(codes(&gpkg(4326, "DROP TABLE gpkg_contents;")), ["E310"]);
    // A write-ahead log that was put away leaves its mark in the header.
    let mut logged = good;
    logged[18..20].fill(2);
    assert!(with(NEED, &[("n", &logged)]).is_ok());
    assert_eq!(refused(with(NEED, &[("n", &logged), ("n-wal", b"rows")])).0, ["E310"]);
}

#[test]
fn cells_that_are_no_numbers_are_refused() {
    for cell in ["NaN", "inf", "-inf", "-1", "0", "1e3", "0x10", "1 000 000 000 000 000", "beaucoup"] {
        let csv = format!("code_commune,need_factor\n01001,{cell}\n");
        assert_eq!(codes(csv.as_bytes()), ["E303"], "{cell}");
    }
    for (columns, row) in [
        ("number", "-1"),
        ("number", "NaN"),
        ("number", "99999999"),
        ("age", "121"),
        ("age", "40.5"),
        ("birth_year", "2025"),
        ("birth_year", "1900"),
        ("acts", "-5"),
        ("acts", "inf"),
    ] {
        let csv = format!("code_commune,{columns}\n01001,{row}\n");
        let section = r#""professionals":[{"profession":"nurse","file":"n","supply":"counted","year":2024,
            "source":{"fr":"s","en":"s"}}]"#;
        assert_eq!(refused(with(section, &[("n", csv.as_bytes())])).0, ["E303"], "{columns} {row}");
    }
    let many = "code_commune,number\n".to_owned() + &"01001,100000\n".repeat(101);
    let section = r#""professionals":[{"profession":"nurse","file":"n","supply":"counted","source":{"fr":"s","en":"s"}}]"#;
    assert_eq!(refused(with(section, &[("n", many.as_bytes())])).0, ["E303"], "more than ten million");
}

#[test]
fn bounded_problems() {
    let csv = "code_commune,need_factor\n".to_owned() + &"1001,x\n".repeat(5000);
    assert!(codes(csv.as_bytes()).len() <= 200);
}

static FILES: LazyLock<[Vec<u8>; 3]> =
    LazyLock::new(|| [book(), layer(), b"code_commune;need_factor\n01001;1,5\n42187;\"1\"\n".to_vec()]);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Workbooks, layers and text with bytes changed: an answer, never a panic.
    #[test]
    fn changed_bytes_never_panic(kind in 0usize..3, at: usize, byte: u8, cut in 0usize..20) {
        let mut bytes = FILES[kind].clone();
        let ix = at % bytes.len();
        bytes[ix] = byte;
        if cut == 0 {
            bytes.truncate(ix);
        }
        let _ = with(NEED, &[("n", &bytes)]);
    }
}
