//! Published p-medians, where the benchmark files are at hand: every optimum is met and proven, and its certificate counted again.
#![allow(clippy::unwrap_used, reason = "a helper of a test may fail it")]

use maillage_input::InputFile;
use maillage_location::*;
use std::path::{Path, PathBuf};

/// Instance, p, published optimum and file of the p-medians for which `wanted` holds.
fn instances(wanted: impl Fn(&str, u32) -> bool) -> Vec<(String, u32, u64, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/bench");
    let Ok(index) = std::fs::read_to_string(folder.join("instances.csv")) else {
        println!("skipped: no benchmark files");
        return Vec::new();
    };
    let row = |line: &str| {
        let f: Vec<&str> = line.split(',').collect();
        let file = folder.join(*f.last()?);
        (f[1] == "pmedian" && f[6] == "y").then_some(())?;
        Some((f[0].to_owned(), f[4].parse().ok()?, f[5].parse().ok()?, file))
    };
    let all: Vec<_> = index.lines().filter_map(row).filter(|(name, p, ..)| wanted(name, *p)).collect();
    assert!(!all.is_empty());
    all
}

fn proven(outcome: &Outcome, name: &str, optimum: u64) {
    let found = (outcome.status.clone(), outcome.objective, outcome.bound);
    assert_eq!(found, (Status::Optimal, Some(optimum), Some(optimum)), "{name}");
}

#[test]
fn every_pmed_is_proven_and_certified() {
    for (name, p, optimum, file) in instances(|name, _| name.starts_with("pmed")) {
        let pmed = read::orlib_pmed(&InputFile::read(&file, 1 << 28).unwrap()).unwrap();
        let problem = p_median::Problem::new(&pmed.lists, p, Rules::default()).unwrap();
        let (outcome, certificate) =
            p_median::solve_with_certificate(&problem, &Limits::default(), &mut |_| ()).unwrap();
        proven(&outcome, &name, optimum);
        let certificate = certificate.unwrap();
        let bound = p_median::certified_bound(&problem, &certificate).unwrap();
        assert_eq!(bound, certificate.bound, "{name}");
        // The relaxation of these is within 2 % of the optimum; no multipliers prove more than it.
        assert!(bound <= optimum && bound * 100 >= optimum * 98, "{name}: {bound} of {optimum}");
        let tampered = certificate.values.iter().enumerate();
        let values = tampered.map(|(i, u)| if i % 3 == 0 { u * 2 } else { u / 2 }).collect();
        let tampered = p_median::Certificate { values, ..certificate };
        assert!(p_median::certified_bound(&problem, &tampered).unwrap() < bound, "{name}");
    }
}

fn on_planes(wanted: impl Fn(&str, u32) -> bool) {
    for (name, p, optimum, file) in instances(wanted) {
        let points = read::tsplib(&InputFile::read(&file, 1 << 28).unwrap()).unwrap();
        let weights = vec![1; points.len()];
        let outcome = p_median::solve_plane(&points, weights, p, &Limits::default(), &mut |_| ()).unwrap();
        proven(&outcome, &format!("{name} p = {p}"), optimum);
    }
}

#[test]
fn medians_of_a_plane() {
    let quick = [("rl1304", 10), ("rl1304", 100), ("u1432", 100), ("rl5934", 1500)];
    on_planes(|name, p| quick.contains(&(name, p)));
}

/// Some minutes.
#[test]
#[ignore = "long"]
fn medians_of_a_large_plane() {
    let long = [("rl5934", 700), ("usa13509", 4000), ("usa13509", 5000)];
    on_planes(|name, p| long.contains(&(name, p)));
}
