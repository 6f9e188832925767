//! Every shipped scenario, from file to proven plan.

use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use std::time::Duration;

fn scenarios(c: &mut Criterion) {
    let mut group = c.benchmark_group("roannais");
    group.sample_size(10).warm_up_time(Duration::from_millis(1)).measurement_time(Duration::from_secs(10));
    for (name, path) in maillage_benches::scenarios() {
        group.bench_function(name, |b| b.iter(|| maillage_benches::solve(black_box(&path))));
    }
    group.finish();
}

criterion_group!(benches, scenarios);
criterion_main!(benches);
