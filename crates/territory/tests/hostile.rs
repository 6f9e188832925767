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
    for cell in ["0.0000000001", "0.009", "100.01"] {
        assert_eq!(codes(format!("code_commune,need_factor\n01001,{cell}\n").as_bytes()), ["E303"], "{cell}");
    }
    let tiny = format!("0.{}1", "0".repeat(39));
    for cell in [tiny.as_str(), "0.009", "2000000001"] {
        let csv = format!("code_commune,standard_population\n01001,{cell}\n");
        assert_eq!(codes(csv.as_bytes()), ["E303"], "{cell}");
    }
    for (columns, row) in [
        ("age", "0"),
        ("age", "17"),
        ("birth_year", "2007"),
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
fn ages_of_practitioners_begin_at_18() {
    let section = r#""professionals":[{"profession":"nurse","file":"n","supply":"counted","year":2024,
        "source":{"fr":"s","en":"s"}}]"#;
    let csv = b"code_commune,age,birth_year\n01001,18,\n01001,,2006\n01001,120,\n";
    assert!(with(section, &[("n", csv)]).is_ok());
    let (_, shown) = refused(with(section, &[("n", b"code_commune,age\n01001,0\n")]));
    assert!(shown.contains("leave it empty if unknown"), "{shown}");
}

#[test]
fn wide_rows_are_refused() {
    // 16,384 cells are as many as a workbook has.
    let header = |cells: usize| "code_commune;need_factor".to_owned() + &";".repeat(cells - 2) + "\n";
    let row = |cells: usize| "01001;1".to_owned() + &";".repeat(cells - 2) + "\n";
    let read = |text: String| with(NEED, &[("n", text.as_bytes())]);
    assert!(read(header(16_384) + &row(16_384)).is_ok());
    let (codes, shown) = refused(read(header(16_385)));
    assert_eq!(codes, ["E302"]);
    assert!(shown.contains("n:1\n") && shown.contains("16384"), "{shown}");
    let (codes, shown) = refused(read(header(2) + &row(2) + "\n" + &row(16_385)));
    assert_eq!(codes, ["E302"]);
    assert!(shown.contains("n:4\n"), "{shown}");
    // Separators inside quotes, doubled quotes among them, over several lines, make no cells.
    let text = format!("\"{}\"\"{}\n{}\"", ";".repeat(9000), ";".repeat(9000), ";".repeat(9000));
    assert!(read(format!("code_commune;need_factor;note\n01001;1;{text}\n")).is_ok());
}

#[test]
fn many_layers_are_listed_at_once() {
    let many: String = (0..4000)
        .map(|i| format!("CREATE TABLE T{i}(a); INSERT INTO gpkg_contents VALUES('t{i}', 'attributes', 0);"))
        .collect();
    let start = std::time::Instant::now();
    let file = gpkg(4326, &format!("BEGIN; CREATE TABLE communes(a); {many} COMMIT;"));
    let made = start.elapsed();
    let (codes, shown) = refused(with(NEED, &[("n", &file)]));
    assert_eq!(codes, ["E310"]);
    assert!(shown.contains("choose among: communes, t0, t1, t10,"), "{shown}");
    // Comparing each with each took seconds.
    assert!(start.elapsed() - made < std::time::Duration::from_secs(1), "{:?}", start.elapsed() - made);
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
