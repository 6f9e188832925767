//! What `locate` refuses, and in which words.

use super::{Small, locate};
use maillage_tests::{maillage, shared};
use serde_json::Value;

#[test]
fn what_makes_no_sense_is_refused_with_what_does() {
    let small = Small::new();
    let out = small.dir.path().join("r.json");
    for (file, how, said) in [
        ("costs.csv", "--format csv --problem fixed-charge", "orlib-cap, uflib, holmberg, yang, tbed1"),
        ("small.ufl", "--format uflib --problem capacitated", "orlib-cap, holmberg, yang, tbed1"),
        ("small.grid", "--format grid --problem p-median --p 2", "orlib-pmed, csv, tsplib"),
        (
            "costs.csv",
            "--format csv --problem max-cover --budget 3 --radius 1",
            "--budget is of no use with this format",
        ),
        (
            "small.grid",
            "--format grid --problem max-cover --budget 3 --p 1 --radius 1",
            "--p is of no use with --budget",
        ),
        ("small.grid", "--format grid --problem max-cover --radius 1", "add --p N or --budget B"),
        ("costs.csv", "--format csv --problem backup-cover --radius 1", "add --p N or --times K"),
        ("costs.csv", "--format csv --problem partial-cover --radius 1", "option --demand is missing"),
        ("costs.csv", "--format csv --problem p-median --p 1 --radius 1", "--radius is of no use"),
        ("road.tsp", "--format tsplib --problem p-center --p 1 --rounding floor", "--rounding is of no use"),
        (
            "small.plc",
            "--format tbed1 --problem capacitated --capacity 5",
            "--capacity is of no use with this format",
        ),
        (
            "costs.csv",
            "--format csv --problem p-median --p 3",
            "3 sites must be open, but only 2 are allowed",
        ),
        ("costs.csv", "--format tsplib --problem p-median --p 1", "E309"),
        (
            "road.tsp",
            "--format tsplib --problem p-median --p 2 --plans 3",
            "--plans goes with problem p-median in formats orlib-pmed, csv",
        ),
        (
            "costs.csv",
            "--format csv --problem backup-cover --p 1 --radius 4 --plans 3",
            "--plans does not go with problem backup-cover in format csv",
        ),
        (
            "small.plc",
            "--format tbed1 --problem capacitated --plans 3",
            "--plans goes with p-median, p-center, max-cover, set-cover, partial-cover and fixed-charge",
        ),
        (
            "road.tsp",
            "--format tsplib --problem p-center --p 1 --plans 3",
            "--plans goes with problem p-center in formats orlib-pmed, csv",
        ),
        (
            "costs.csv",
            "--format csv --problem max-cover --p 1 --radius 4 --plans 2 --apart 2",
            "--apart 2 is more than the sites of a plan, 1",
        ),
        (
            "costs.csv",
            "--format csv --problem p-median --p 1 --apart 1",
            "--apart is of no use without --plans",
        ),
        (
            "costs.csv",
            "--format csv --problem p-median --p 1 --within 1",
            "--within is of no use without --plans",
        ),
        (
            "costs.csv",
            "--format csv --problem p-median --p 1 --plans 2 --gap 0.1",
            "--gap is of no use with --plans",
        ),
        (
            "costs.csv",
            "--format csv --problem p-median --p 1 --plans 2 --apart 2",
            "--apart 2 is more than the sites of a plan, 1",
        ),
    ] {
        let ran = locate(&small.path(file), how, &out);
        assert!(ran.code == 3 && ran.err.contains(said), "{how}: {} {}", ran.code, ran.err);
        assert!(!out.exists());
    }
    for how in [
        "--radius 0.1234567",
        "--radius -1",
        "--rounding nearest",
        "--times 0",
        "--problem p-hub",
        "--plans 0",
        "--plans 2 --apart 0",
        "--plans 2 --within -1",
        "--plans 2 --within nan",
    ] {
        let ran =
            locate(&small.path("road.tsp"), &format!("--format tsplib --problem set-cover {how}"), &out);
        assert_eq!(ran.code, 2, "{how}: {}", ran.err);
    }
}

#[test]
fn capacities_that_a_file_does_not_give_are_asked_for() {
    let Some(file) = shared("bench/ufl/orlib/capc.txt.gz") else { return };
    let file = file.to_string_lossy();
    let ran =
        maillage(&["locate", &file, "--format", "orlib-cap", "--problem", "capacitated", "--lang", "fr"]);
    assert!(ran.code == 3 && ran.err.contains("--capacity N"), "{}", ran.err);
}

#[test]
fn what_does_not_fit_into_memory_is_refused_beforehand() {
    let small = Small::new();
    let out = small.dir.path().join("r.json");
    let row = |i: usize| format!("c{},s{},{}\n", i / 100, i % 100, i % 7);
    let rows: String = (0..20_000).map(row).collect();
    small.write("long.csv", &format!("from_id,to_id,cost\n{rows}"));
    let point = |i: usize| format!("{i} {} {}\n", i * 7919 % 5000, i * 104_729 % 5000);
    let points: String = (1..=3000).map(point).collect();
    small.write("wide.tsp", &format!("DIMENSION: 3000\nNODE_COORD_SECTION\n{points}EOF\n"));
    for (file, how, mb) in [
        ("long.csv", "--format csv --problem p-median --p 5 --memory-mb 16", "18"),
        ("wide.tsp", "--format tsplib --problem p-median --p 2 --memory-mb 100", "377"),
        // 20,000 pairs in a model of the solver.
        ("long.csv", "--format csv --problem p-center --p 5 --plans 2 --memory-mb 20", "35"),
    ] {
        let ran = locate(&small.path(file), how, &out);
        assert!(ran.code == 3 && ran.err.contains("E109"), "{how}: {}", ran.err);
        assert!(ran.err.contains(&format!("needs about {mb} MB")), "{how}: {}", ran.err);
        let told: Value = ran.json();
        assert!(told["problems"][0]["cause"]["fr"].as_str().unwrap().contains("Mo de mémoire"), "{told}");
    }
    // Whom a site of 3,000 covers is only known as the distances are counted: all 3,000 within 8,000.
    let how = "--format tsplib --problem set-cover --radius 8000 --memory-mb 17";
    let ran = locate(&small.path("wide.tsp"), how, &out);
    assert_eq!(ran.code, 0, "all points are one class: {}", ran.err);
    let how = "--format tsplib --problem set-cover --radius 1500 --memory-mb 17";
    let ran = locate(&small.path("wide.tsp"), how, &out);
    assert!(ran.code == 3 && ran.err.contains("E109"), "{}", ran.err);
}
