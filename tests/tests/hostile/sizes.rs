//! Files that announce, nest or unfold to more than there is.

use super::{Small, bounded, text};
use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

/// `megabytes` of one byte, packed.
fn packed(byte: u8, megabytes: usize) -> Vec<u8> {
    let mut gzip =
        Command::new("gzip").arg("-c").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = gzip.stdin.take().unwrap();
    let writer = std::thread::spawn(move || {
        (0..megabytes).for_each(|_| stdin.write_all(&vec![byte; 1 << 20]).unwrap());
    });
    let out = gzip.wait_with_output().unwrap().stdout;
    writer.join().unwrap();
    out
}

#[test]
fn what_unfolds_without_end_is_refused() {
    let small = Small::new();
    let bomb = packed(b'[', 80);
    assert!(bomb.len() < 1 << 20);
    small.put("two.json", &bomb);
    small.refused("E105");
    small.scenario(|_| {});
    small.put("territory.json", &bomb);
    small.refused("E105");
}

/// A zip whose directory says that a part is `size` bytes long; the part itself is empty.
fn zip(name: &str, size: u32) -> Vec<u8> {
    let name = name.as_bytes();
    let len = (name.len() as u16).to_le_bytes();
    let sizes = [[0; 4], size.to_le_bytes()].concat();
    let common = [&[20, 0, 0, 0, 8, 0, 0, 0, 0, 0][..], &[0; 4], &sizes, &len, &[0, 0]].concat();
    let local = [&b"PK\x03\x04"[..], &common, name].concat();
    let central = [&b"PK\x01\x02\x14\x00"[..], &common, &[0; 14], name].concat();
    let end = [
        &b"PK\x05\x06\0\0\0\0\x01\0\x01\0"[..],
        &(central.len() as u32).to_le_bytes(),
        &(local.len() as u32).to_le_bytes(),
        &[0, 0],
    ];
    [local, central, end.concat()].concat()
}

#[test]
fn workbooks_that_announce_too_much_are_refused() {
    let small = Small::new();
    small.put("communes.csv", &zip("xl/workbook.xml", u32::MAX - 1));
    small.refused("E105");
    small.put("communes.csv", &zip("xl/workbook.xml", 1 << 20));
    small.refused("E310");
}

#[test]
fn deep_nesting_is_refused() {
    let small = Small::new();
    for open in ["[", "{\"a\":", "{\"problem\":["] {
        small.put("two.json", open.repeat(1_000_000).as_bytes());
        small.refused("error E2");
        let whole = [
            open.repeat(200),
            "1".to_owned(),
            open.chars()
                .rev()
                .map(|c| {
                    if c == '[' {
                        ']'
                    } else if c == '{' {
                        '}'
                    } else {
                        ' '
                    }
                })
                .collect::<String>()
                .repeat(200),
        ]
        .concat();
        small.put("two.json", whole.as_bytes());
        small.refused("error E2");
    }
    small.scenario(|_| {});
    // A contour nested as deeply as it is long.
    let deep = format!(
        "{{\"type\":\"FeatureCollection\",\"features\":[{{\"type\":\"Feature\",\"properties\":{{\"code\":\"01001\"}},\"geometry\":{}null{}}}]}}",
        "{\"type\":\"GeometryCollection\",\"geometries\":[".repeat(100_000),
        "]}".repeat(100_000)
    );
    small.put("c.geojson", deep.as_bytes());
    small.territory(|t| t["contours"] = serde_json::json!({ "file": "c.geojson" }));
    small.refused("error E");
}

#[test]
fn headers_that_announce_too_much_are_refused() {
    let small = Small::new();
    let file = small.path("instance");
    let huge = "1000000000000";
    for (format, problem, head) in [
        ("orlib-pmed", "p-median", format!("{huge} 3 5\n1 2 3\n")),
        ("orlib-pmed", "p-median", format!("4 {huge} 5\n1 2 3\n")),
        ("orlib-cap", "fixed-charge", format!("{huge} {huge}\n1 2\n")),
        ("uflib", "fixed-charge", format!("FILE: a\n{huge} {huge} 0\n1 2\n")),
        ("holmberg", "capacitated", format!("{huge} 20000\n1 2\n")),
        ("holmberg", "capacitated", "20000 20000\n1 2\n".to_owned()),
        ("yang", "capacitated", format!("20000 {huge}\n1 2\n")),
        ("tbed1", "single-source", format!("{huge} 2\n1 2\n")),
        (
            "tsplib",
            "p-median",
            format!("NAME: a\nDIMENSION: {huge}\nEDGE_WEIGHT_TYPE: EUC_2D\nNODE_COORD_SECTION\n1 0 0\n"),
        ),
        (
            "tsplib",
            "p-center",
            "NAME: a\nDIMENSION: 2000000\nEDGE_WEIGHT_TYPE: EUC_2D\nNODE_COORD_SECTION\n1 0 0\n".to_owned(),
        ),
        ("grid", "set-cover", format!("{huge} 20000000\nF 0 0 0 1\n")),
    ] {
        fs::write(&file, head).unwrap();
        let path = text(&file);
        let mut args = vec!["locate", path.as_str(), "--format", format, "--problem", problem];
        args.extend(match problem {
            "p-median" | "p-center" => &["--p", "1"][..],
            "set-cover" => &["--radius", "1"],
            _ => &[],
        });
        let ran = bounded(&args);
        assert!(
            ran.code == 3 && ["E309", "E205", "E109"].iter().any(|c| ran.err.contains(c)),
            "{format} {ran:?}"
        );
    }
}

/// Codes, rows and cells without end.
#[test]
fn endless_cells_and_columns_are_refused() {
    let small = Small::new();
    small.put("communes.csv", format!("code_commune,name\n01001,{}\n", "x".repeat(50 << 20)).as_bytes());
    small.refused("error E");
    small.put("communes.csv", format!("{}\n", "a,".repeat(1_000_000)).as_bytes());
    small.refused("error E");
    small.put(
        "communes.csv",
        format!("code_commune,name,population\n{}", "x,y,z\n".repeat(1_000_000)).as_bytes(),
    );
    let err = small.refused("error E");
    assert!(err.len() < 200_000, "problems are told a hundred times at most: {}", err.len());
}
