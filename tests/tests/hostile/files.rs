//! What stands where a file is expected, and what stands in it.

use super::{COMMUNES, Small, bounded, text};
use serde_json::json;
use std::fs;

#[test]
fn careless_files_are_read_alike() {
    let small = Small::new();
    let plans = |communes: &[u8]| {
        small.put("communes.csv", communes);
        let ran = small.solve();
        assert_eq!(ran.code, 0, "{ran:?}");
        let sites = fs::read_to_string(small.path("r/sites.csv")).unwrap();
        fs::remove_dir_all(small.path("r")).unwrap();
        sites
    };
    let calm = plans(COMMUNES.as_bytes());
    assert!(calm.contains("Coteau"), "{calm}");
    let crlf = COMMUNES.replace('\n', "\r\n");
    let latin1: Vec<u8> = COMMUNES.chars().map(|c| c as u8).collect();
    for (name, bytes) in [
        ("a byte-order mark", [b"\xef\xbb\xbf", COMMUNES.as_bytes()].concat()),
        ("CRLF", crlf.into_bytes()),
        ("no last line feed", COMMUNES.trim_end().as_bytes().to_vec()),
        ("Latin-1", latin1),
        ("semicolons", COMMUNES.replace(',', ";").into_bytes()),
        ("blank lines", COMMUNES.replace('\n', "\n\n").into_bytes()),
    ] {
        assert_eq!(plans(&bytes), calm, "{name}");
    }
}

#[test]
fn what_is_no_table_is_told() {
    let small = Small::new();
    for (code, bytes) in [
        ("E103", &b""[..]),
        ("E103", b" \r\n\t\n"),
        ("E103", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00"),
        ("E104", b"code_commune,name\n01001,a\0b\n"),
        ("E104", b"\xff\xfec\x00o\x00d\x00e\x00"),
        ("E106", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x03\x00\x00"),
        ("E310", b"PK\x03\x04 not a workbook"),
        ("E310", b"SQLite format 3\0not a database"),
        ("E301", b"\x89PNG\r\n\x1a\nnot a picture"),
    ] {
        small.put("communes.csv", bytes);
        small.refused(code);
    }
}

#[test]
fn numbers_that_are_none_are_told() {
    for number in
        ["NaN", "nan", "inf", "Infinity", "-Infinity", "1e999", "-1e999", "0x10", "--1", "1e", "9e99", "١"]
    {
        let small = Small::new();
        for (was, now) in [
            ("Amont,900,", format!("Amont,{number},")),
            (",5.0,46.0,10,", format!(",{number},46.0,10,")),
            (",10,1,1\n", format!(",{number},1,1\n")),
            (",10,1,1\n", format!(",10,1,{number}\n")),
        ] {
            assert!(COMMUNES.contains(was));
            small.put("communes.csv", COMMUNES.replacen(was, &now, 1).as_bytes());
            small.refused("E303");
        }
        // JSON has no such words; a number that no double holds is refused too.
        small.put("communes.csv", COMMUNES.as_bytes());
        let text = fs::read_to_string(small.path("two.json")).unwrap();
        small.put("two.json", text.replace("\"p\":2", &format!("\"p\":{number}")).as_bytes());
        let err = small.refused("error E2");
        assert!(err.contains("two.json"), "{err}");
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_told_at_once() {
    let small = Small::new();
    let replace = |name: &str, how: &[&str]| {
        let path = text(&small.path(name));
        fs::remove_file(small.path(name)).unwrap();
        let mut run = std::process::Command::new(how[0]);
        assert!(run.args(&how[1..]).arg(path).status().unwrap().success());
    };
    for (how, code) in [
        (&["mkfifo"][..], "E102"),
        (&["mkdir"], "E102"),
        (&["ln", "-s", "/dev/zero"], "E102"),
        (&["ln", "-s", "communes.csv"], "E102"),
        (&["ln", "-s", "nowhere"], "E101"),
    ] {
        replace("communes.csv", how);
        small.refused(code);
        fs::remove_dir(small.path("communes.csv"))
            .or_else(|_| fs::remove_file(small.path("communes.csv")))
            .unwrap();
        small.put("communes.csv", COMMUNES.as_bytes());
    }
    for command in [&["mkfifo"][..], &["mkdir"]] {
        replace("two.json", command);
        let file = text(&small.path("two.json"));
        for args in [
            &["solve", &file][..],
            &["validate", &file],
            &["suite", &file],
            &["explain", &file],
            &["locate", &file, "--format", "csv", "--problem", "p-median", "--p", "1"],
            &["access", &file],
            &["travel", &file, "--places", &file, "-o", "x.csv"],
        ] {
            let ran = bounded(args);
            assert!(ran.code == 3 && ran.err.contains("E102"), "{args:?}: {ran:?}");
        }
        let _ = fs::remove_dir(&file).or_else(|_| fs::remove_file(&file));
        small.scenario(|_| {});
    }
}

/// A folder of links that lead back to themselves as the place of results.
#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_are_no_place_for_results() {
    let small = Small::new();
    std::os::unix::fs::symlink("b", small.path("a")).unwrap();
    std::os::unix::fs::symlink("a", small.path("b")).unwrap();
    for out in ["a", "a/r"] {
        let (file, out) = (text(&small.path("two.json")), text(&small.path(out)));
        let ran = bounded(&["solve", &file, "-o", &out]);
        assert!(ran.code == 3 && ran.err.contains("E107"), "{ran:?}");
    }
}

/// A file may name any other that its user may read, and is told by its format alone; nothing is ever written but where the
/// command says.
#[test]
fn files_may_be_anywhere_and_results_only_where_they_are_asked_for() {
    let small = Small::new();
    fs::create_dir(small.path("data")).unwrap();
    fs::rename(small.path("communes.csv"), small.path("data/communes.csv")).unwrap();
    small.territory(|t| t["places"]["file"] = "../elsewhere/../data/./communes.csv".into());
    fs::create_dir(small.path("elsewhere")).unwrap();
    fs::rename(small.path("territory.json"), small.path("elsewhere/territory.json")).unwrap();
    small.scenario(|s| s["territory"] = "elsewhere/territory.json".into());
    assert_eq!(small.solve().code, 0);
    fs::remove_dir_all(small.path("r")).unwrap();
    // What is no table of communes is not shown.
    fs::write(small.path("secret"), "root:x:0:0:secret-of-the-second-line\nsecret-of-the-third\n").unwrap();
    fs::rename(small.path("elsewhere/territory.json"), small.path("territory.json")).unwrap();
    small.territory(|t| t["places"]["file"] = json!(text(&small.path("secret"))));
    small.scenario(|_| {});
    let err = small.refused("E301");
    assert!(!err.contains("secret-of-the-third"), "{err}");
    small.territory(|_| {});
    small.put("communes.csv", COMMUNES.as_bytes());
    for name in ["../two", "/etc/two", "..", "a/b", ""] {
        small.scenario(|s| s["name"] = name.into());
        small.refused("E304");
    }
}
