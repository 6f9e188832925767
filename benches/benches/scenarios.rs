//! Every shipped scenario, from file to proven plan.

use criterion::{Criterion, criterion_group, criterion_main};
use maillage_scenario::{RunOptions, Vary};
use serde_json::{Value, json};
use std::fs;
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

/// Twenty budgets as one frontier, and as twenty scenarios.
fn frontier(c: &mut Criterion) {
    let shipped = maillage_benches::root().join("scenarios/roannais");
    let text = fs::read_to_string(shipped.join("three-sites.json")).expect("it is shipped");
    let mut base: Value = serde_json::from_str(&text).expect("it is JSON");
    base["territory"] = json!(shipped.join("territory.json"));
    base["problem"]["goals"] = json!(["people-attached"]);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let budgets = Vary::range(0, 2_000_000, 20);
    let write = |name: &str, budget: Option<i64>| {
        let mut scenario = base.clone();
        if let Some(budget) = budget {
            scenario["problem"]["limits"]["budget_eur"] = budget.into();
        }
        let path = folder.path().join(format!("{name}.json"));
        fs::write(&path, scenario.to_string()).expect("the folder can be written");
        path
    };
    let all = write("all", None);
    let each: Vec<_> = budgets.iter().map(|&b| write(&b.to_string(), Some(b))).collect();
    let mut group = c.benchmark_group("twenty-budgets");
    group.sample_size(10).warm_up_time(Duration::from_millis(1)).measurement_time(Duration::from_secs(30));
    let vary = Vary::Budget(budgets);
    group.bench_function("one-frontier", |b| {
        b.iter(|| maillage_scenario::frontier(black_box(&all), &vary, &RunOptions::default(), &mut |_| {}));
    });
    group.bench_function("separate-solves", |b| {
        b.iter(|| each.iter().map(|path| maillage_benches::solve(black_box(path))).collect::<Vec<_>>());
    });
    group.finish();
}

criterion_group!(benches, scenarios, frontier);
criterion_main!(benches);
