//! Pure location problems on small public instances, from file to proof: a group a problem.

use criterion::{Criterion, criterion_group, criterion_main};
use maillage_scenario::LocateFormat::{Grid, Holmberg, OrlibCap, OrlibPmed};
use maillage_scenario::LocateProblem::{
    Capacitated, FixedCharge, MaxCover, PCenter, PMedian, SetCover, SingleSource,
};
use maillage_scenario::{LocateFormat, LocateOptions, LocateProblem};
use std::hint::black_box;
use std::time::Duration;

/// File, format, number of sites and radius.
type Instance = (&'static str, LocateFormat, Option<u32>, Option<&'static str>);

const PMED: [Instance; 3] = [
    ("pmed/pmed3.txt.gz", OrlibPmed, None, None),
    ("pmed/pmed5.txt.gz", OrlibPmed, None, None),
    ("pmed/pmed9.txt.gz", OrlibPmed, None, None),
];
const CAPACITATED: [Instance; 2] =
    [("cfl/holmberg/p1.gz", Holmberg, None, None), ("cfl/holmberg/p13.gz", Holmberg, None, None)];

const GROUPS: [(LocateProblem, &[Instance]); 7] = [
    (PMedian, &PMED),
    (PCenter, &PMED),
    (
        MaxCover,
        &[
            ("grid/GRID_MCLP_n100_m1000_d1_100_f1_1_s1.dat.gz", Grid, Some(15), Some("4")),
            ("grid/GRID_MCLP_n100_m100000_d1_100_f1_1_s1.dat.gz", Grid, Some(15), Some("4")),
        ],
    ),
    (SetCover, &[("pmed/pmed11.txt.gz", OrlibPmed, None, Some("40"))]),
    (
        FixedCharge,
        &[("ufl/orlib/cap133.txt.gz", OrlibCap, None, None), ("ufl/m/Kcapmo5.txt.gz", OrlibCap, None, None)],
    ),
    (Capacitated, &CAPACITATED),
    (SingleSource, &CAPACITATED),
];

fn location(c: &mut Criterion) {
    for (problem, instances) in GROUPS {
        let mut group = c.benchmark_group(problem.as_str());
        group.sample_size(10).warm_up_time(Duration::from_millis(1)).measurement_time(Duration::from_secs(5));
        for &(file, format, p, radius) in instances {
            let Some(path) = maillage_benches::instance(file) else { continue };
            let radius = radius.map(|r| r.parse().expect("a radius"));
            let options = LocateOptions { p, radius, ..LocateOptions::new(format, problem) };
            let name = file.trim_end_matches(".gz").rsplit('/').next().unwrap_or(file);
            group.bench_function(name, |b| {
                b.iter(|| maillage_benches::locate(black_box(&path), &options));
            });
        }
        group.finish();
    }
}

criterion_group!(benches, location);
criterion_main!(benches);
