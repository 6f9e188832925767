//! Pure location problems on small public instances, from file to proof.

use criterion::{Criterion, criterion_group, criterion_main};
use maillage_scenario::LocateProblem;
use std::hint::black_box;
use std::time::Duration;

fn pmed(c: &mut Criterion) {
    for (problem, word) in [(LocateProblem::PMedian, "p-median"), (LocateProblem::PCenter, "p-center")] {
        let mut group = c.benchmark_group(word);
        group
            .sample_size(10)
            .warm_up_time(Duration::from_millis(1))
            .measurement_time(Duration::from_secs(10));
        for (name, path) in maillage_benches::pmed() {
            group.bench_function(name, |b| b.iter(|| maillage_benches::locate(black_box(&path), problem)));
        }
        group.finish();
    }
}

criterion_group!(benches, pmed);
criterion_main!(benches);
