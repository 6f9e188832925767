//! `maillage locate` on every format and problem, `maillage check` of what it writes, and what is refused.
#![allow(clippy::unwrap_used, reason = "a test that panics fails")]

use maillage_tests::{Ran, maillage, shared};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use tempfile::{TempDir, tempdir};

#[path = "locate/plans.rs"]
mod plans;
#[path = "locate/refused.rs"]
mod refused;
#[path = "locate/tampered.rs"]
mod tampered;

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Runs `locate` on a file, with the words of `how` after it.
fn locate(file: &str, how: &str, out: &Path) -> Ran {
    let out = text(out);
    let mut args = vec!["locate", file, "-o", &out, "--json", "--quiet", "--lang", "en"];
    args.extend(how.split_whitespace());
    maillage(&args)
}

/// Solves, checks the result and gives it with the words of the check.
fn solved(file: &str, how: &str) -> (Value, String) {
    let dir = tempdir().unwrap();
    let out = dir.path().join("r.json");
    let ran = locate(file, how, &out);
    assert_eq!(ran.code, 0, "{how}: {}", ran.err);
    let check = maillage(&["check", &text(&out), "--lang", "en"]);
    assert_eq!(check.code, 0, "{how}: {}", check.out);
    (ran.json(), check.out)
}

/// Published optima on public instances: file, options, objective in parts, parts of 1, what is certified of it.
#[test]
fn published_optima_in_every_format() {
    for (file, how, objective, scale, certified) in [
        ("pmed/pmed5.txt.gz", "--format orlib-pmed --problem p-median", 1355, 1, Some(1355)),
        ("tsp/rat783.tsp.gz", "--format tsplib --problem max-cover --p 20 --radius 60", 783, 1, Some(783)),
        (
            "grid/GRID_MCLP_n100_m1000_d1_100_f1_1_s1.dat.gz",
            "--format grid --problem max-cover --p 10 --radius 5.5",
            44731,
            1,
            None,
        ),
        (
            "grid/GRID_INST_n100_m1000_d1_100_f10_100_s1.dat.gz",
            "--format grid --problem partial-cover --demand 24958 --radius 5.5",
            73,
            1,
            None,
        ),
        (
            "ufl/orlib/cap71.txt.gz",
            "--format orlib-cap --problem fixed-charge",
            93_261_575,
            100,
            Some(93_261_575),
        ),
        ("cfl/orlib/cap41.txt.gz", "--format orlib-cap --problem capacitated", 1_040_444_375, 1000, None),
        ("cfl/holmberg/p1.gz", "--format holmberg --problem single-source", 8848, 1, None),
        // 8772.098… by its published value: rounded up to the unit of the file.
        ("cfl/holmberg/p1.gz", "--format holmberg --problem cfl", 8773, 1, None),
    ] {
        let Some(path) = shared(&format!("bench/{file}")) else { return };
        let (result, said) = solved(&text(&path), how);
        let (found, unit) = (result["objective"].as_u64().unwrap(), result["scale"].as_u64().unwrap());
        assert_eq!(found * scale, objective * unit, "{file} {how}: {found}/{unit}");
        assert_eq!((&result["status"], &result["bound"]), (&json!("optimal"), &json!(found)), "{file}");
        assert!(said.contains("counted again from the instance"), "{said}");
        if let Some(certified) = certified {
            let bound = result["certificate"]["bound"].as_u64().unwrap();
            assert_eq!(bound * scale, certified * unit, "{file}");
            assert!(said.contains("the plan reaches it"), "{said}");
        }
    }
}

#[test]
fn a_center_on_a_plane_is_exact() {
    let Some(path) = shared("bench/tsp/rat783.tsp.gz") else { return };
    let (result, _) = solved(&text(&path), "--format tsplib --problem p-center --p 10");
    // 83.4865 in the literature: the root of a whole number.
    let far = (result["objective"].as_f64().unwrap()).sqrt() / result["scale"].as_f64().unwrap();
    assert!((far - 83.4865).abs() < 1e-4, "{far}");
    assert_eq!((&result["squared"], &result["rounding"]), (&json!(true), &json!("exact")));
}

/// What the first bound leaves open is at most 5 %, so the exit code is 0.
#[test]
fn larger_instances_within_a_gap() {
    for (file, how) in [
        ("sscfl/yang/30-200-1.dat.gz", "--format yang --problem fixed-charge --gap 0.05"),
        ("sscfl/tb4/50-100-2_1.dat.gz", "--format holmberg --problem capacitated --gap 0.05"),
        ("cfl/tbed1/i300_1.plc.gz", "--format tbed1 --problem fixed-charge --gap 0.05"),
        ("ufl/euclid/3011EuclS.txt.gz", "--format uflib --problem ufl --gap 0.05"),
    ] {
        let Some(path) = shared(&format!("bench/{file}")) else { return };
        let (result, said) = solved(&text(&path), how);
        assert!(result["gap"].as_f64().unwrap() <= 0.05, "{file}");
        assert!(result["certificate"]["bound"].as_u64().unwrap() > 0, "{file}");
        assert!(said.contains("the multipliers prove it"), "{said}");
    }
}

/// Small instances written here, one of each format that has no small public one, with answers by hand.
struct Small {
    dir: TempDir,
}

impl Small {
    fn new() -> Self {
        let small = Small { dir: tempdir().unwrap() };
        small.write("costs.csv", "from_id,to_id,cost\na,x,3\na,y,1\nb,x,1\nb,y,4\nc,y,2\nc,x,9\n");
        small.write("weights.csv", "id,weight\na,10\nb,20\nc,40\n");
        // Five villages on a road, 2.5 km apart.
        small.write(
            "road.tsp",
            "DIMENSION: 5\nEDGE_WEIGHT_TYPE: EUC_2D\nNODE_COORD_SECTION\n1 0 0\n2 2.5 0\n3 5 0\n4 7.5 0\n5 10 0\nEOF\n",
        );
        // Three sites at 0, 2 and 4 that cost 5, 3 and 5; clients of 10, 20, 30 and 1 at 0, 1, 4 and 9.
        small.write(
            "small.grid",
            "3 4\nF 0 0 0 5\nF 1 2 0 3\nF 2 4 0 5\nC 0 0 0 10\nC 1 1 0 20\nC 2 4 0 30\nC 3 9 0 1\n",
        );
        // Openings 10.5 and 8; costs by site.
        small.write("small.ufl", "FILE: small\n2 3 0\n1 10.5 1 5 7\n2 8 6 2 3\n");
        // The same sites and costs by client, without capacities; demands 2, 3 and 4.
        small.write("small.cap", "2 3\ncapacity 10\ncapacity 8\n2\n1 6\n3\n5 2\n4\n7 3\n");
        // Demands 2, 3 and 4; capacities 6 and 7; unit costs by site.
        small.write("small.plc", "3 2\n2 3 4\n6 7\n10 8\n1 1 1\n2 1 1\n");
        small
    }

    fn write(&self, name: &str, content: &str) {
        fs::write(self.dir.path().join(name), content).unwrap();
    }

    fn path(&self, name: &str) -> String {
        text(&self.dir.path().join(name))
    }
}

#[test]
fn every_problem_by_hand() {
    let small = Small::new();
    let weights = small.path("weights.csv");
    for (file, how, objective) in [
        // y: 1 + 4 + 2.
        ("costs.csv", "--format csv --problem p-median --p 1", 7),
        // x serves b, y the others: 10 + 20 + 80.
        ("costs.csv", &format!("--format csv --problem p-median --p 2 --weights {weights}"), 110),
        ("costs.csv", "--format csv --problem p-center --p 1", 4),
        ("costs.csv", "--format csv --problem max-cover --p 1 --radius 2", 2),
        ("costs.csv", "--format csv --problem set-cover --radius 3", 2),
        // x and y both within 3 of a only.
        ("costs.csv", "--format csv --problem backup-cover --p 2 --radius 3.9", 1),
        (
            "costs.csv",
            &format!("--format csv --problem partial-cover --demand 50 --radius 2 --weights {weights}"),
            1,
        ),
        // The second and fourth: ⌊2.5⌋ three times.
        ("road.tsp", "--format tsplib --problem p-median --p 2 --rounding floor", 6),
        // At most 2.5 from the second and fourth: 25² in tenths.
        ("road.tsp", "--format tsplib --problem p-center --p 2", 625),
        ("road.tsp", "--format tsplib --problem set-cover --radius 2.5", 2),
        ("road.tsp", "--format tsplib --problem set-cover --radius 2.499999", 5),
        // Ends have two villages within 2.5, which open; the others then have two as well.
        ("road.tsp", "--format tsplib --problem backup-cover --times 2 --radius 2.5", 4),
        // The second site reaches 10, 20 and 30 for 3; within 1 the first and third reach them for 10, either half for 5.
        ("small.grid", "--format grid --problem max-cover --budget 4 --radius 2", 60),
        ("small.grid", "--format grid --problem max-cover --budget 10 --radius 1", 60),
        ("small.grid", "--format grid --problem max-cover --budget 9 --radius 1", 50),
        ("small.grid", "--format grid --problem partial-cover --demand 30 --radius 1", 5),
        ("small.grid", "--format grid --problem max-cover --p 1 --radius 1", 30),
        ("small.grid", "--format grid --problem set-cover --radius 5", 1),
        ("small.ufl", "--format uflib --problem fixed-charge", 190),
        ("small.cap", "--format orlib-cap --problem fixed-charge", 19),
        // Both open: 18. At best 1 + 2 + 3, but the second site then serves 7; 2 of them cost 1 more each at the first.
        ("small.cap", "--format orlib-cap --problem capacitated --capacity 5", 26),
        // Whole clients: the first two at the first site, 18 + 1 + 5 + 3.
        ("small.cap", "--format orlib-cap --problem sscfl --capacity 5", 27),
        // Both sites open: 18, and each unit of demand costs 1 where there is room.
        ("small.plc", "--format tbed1 --problem capacitated", 27),
        ("small.plc", "--format tbed1 --problem single-source", 27),
        ("small.plc", "--format tbed1 --problem fixed-charge", 19),
    ] {
        let (result, _) = solved(&small.path(file), how);
        assert_eq!(
            (&result["objective"], &result["status"]),
            (&json!(objective), &json!("optimal")),
            "{how}"
        );
    }
}

#[test]
fn what_has_no_plan_exits_with_4() {
    let small = Small::new();
    small.write("short.plc", "1 1\n5\n4\n1\n1\n");
    for (file, how, said) in [
        ("costs.csv", "--format csv --problem set-cover --radius 1", "counted from the instance"),
        ("small.grid", "--format grid --problem set-cover --radius 4", "counted from the instance"),
        (
            "small.grid",
            "--format grid --problem partial-cover --demand 61 --radius 4",
            "counted from the instance",
        ),
        ("costs.csv", "--format csv --problem backup-cover --p 1 --radius 2", "the search says so"),
        ("short.plc", "--format tbed1 --problem capacitated", "counted from the instance"),
    ] {
        let out = small.dir.path().join("none.json");
        let ran = locate(&small.path(file), how, &out);
        assert_eq!((ran.code, &ran.json()["status"]), (4, &json!("infeasible")), "{how}: {}", ran.err);
        assert!(ran.json()["reason"]["en"].is_string(), "{how}");
        let check = maillage(&["check", &text(&out), "--lang", "en"]);
        assert!(check.code == 0 && check.out.contains(said), "{how}: {}", check.out);
    }
}

#[test]
fn a_limit_is_said() {
    let Some(file) = shared("bench/tsp/rl1304.tsp.gz") else { return };
    let dir = tempdir().unwrap();
    let out = dir.path().join("r.json");
    let ran = locate(&text(&file), "--format tsplib --problem p-median --p 10 --time-limit 0.2", &out);
    assert_eq!((ran.code, &ran.json()["limit"]), (5, &json!("time")), "{}", ran.err);
    assert_eq!(maillage(&["check", &text(&out)]).code, 0);
    let file = shared("bench/cfl/tbed1/i500_1.plc.gz").unwrap();
    let ran = locate(&text(&file), "--format tbed1 --problem single-source --time-limit 0", &out);
    assert_eq!((ran.code, &ran.json()["limit"]), (6, &json!("time")), "{}", ran.err);
    assert_eq!(maillage(&["check", &text(&out)]).code, 0);
}

#[cfg(unix)]
#[test]
fn an_interruption_is_said() {
    use std::process::{Command, Stdio};
    let Some(file) = shared("bench/tsp/usa13509.tsp.gz") else { return };
    let mut run =
        maillage_tests::command(&["locate", &text(&file), "--json", "--quiet", "--format", "tsplib"]);
    let run = run.args(["--problem", "p-center", "--p", "50", "--time-limit", "60"]);
    let child = run.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(700));
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let ran = maillage_tests::finished(child.wait_with_output().unwrap());
    assert_eq!((ran.code, &ran.json()["limit"]), (5, &json!("interrupted")), "{}", ran.err);
}
