//! Health programmes of regions, against the solver alone on the plain formulation.
//!
//! `./dev bench --bench programme` prints, for each programme, the plan, bound and gap after the same time for both,
//! with the CPU seconds that each had. `-- --seconds N` changes the time (60), `-- --founding` solves the founding
//! scenarios in full instead.

use maillage_benches::cpu;
use maillage_milp::Limits;
use maillage_programme::Task;
use maillage_scenario::RunOptions;
use std::path::{Path, PathBuf};
use std::time::Duration;

const FOUNDING: [&str; 8] = [
    "roannais/poles",
    "roannais/poles-intern-house",
    "roannais/mg-france",
    "occitanie/first-two-years",
    "occitanie/ma-sante-ma-region",
    "occitanie/half-pool",
    "centre-val-de-loire/maillage-125",
    "provence-alpes-cote-d-azur/feuille-de-route",
];

fn ours(path: &Path, seconds: Option<f64>) {
    let (loaded, _) = maillage_scenario::load(path).expect("a shipped scenario loads");
    let before = cpu();
    let gap = path.ends_with("roannais/poles.json").then_some(0.0001);
    let options = RunOptions { time_limit_s: seconds, gap, ..RunOptions::default() };
    let run = maillage_scenario::run(&loaded, &options, &mut |_| {}).expect("it solves");
    let r = run.record;
    for g in &r.goals {
        println!(
            "{:32} {:18} {:10} plan {:>16} bound {:>16} gap {:.5}  {:.1} CPU s, {:?} MB",
            r.scenario,
            g.goal,
            g.status.as_str(),
            g.objective.map_or_else(String::new, |o| o.to_string()),
            g.bound.map_or_else(String::new, |o| o.to_string()),
            g.gap.unwrap_or(f64::NAN),
            cpu() - before,
            r.peak_memory_mb,
        );
    }
}

fn plain(path: &Path, seconds: f64) {
    let (loaded, _) = maillage_scenario::load(path).expect("a shipped scenario loads");
    let Task::Health(health) = &loaded.task else { panic!("a health programme") };
    let before = cpu();
    let model = maillage_planning::plain_model(&loaded.territory, health);
    let limits = Limits { time: Duration::try_from_secs_f64(seconds).ok(), ..Limits::default() };
    let outcome = maillage_milp::solve(model, &limits, None, &mut |_| {}).expect("it solves");
    println!(
        "{:32} plain formulation             plan {:>16} bound {:>16} gap {:.5}  {:.1} CPU s",
        loaded.file.name.to_string(),
        outcome.objective.map_or_else(|| "none".to_owned(), |o| format!("{o:.0}")),
        outcome.bound.map_or_else(|| "none".to_owned(), |b| format!("{b:.0}")),
        outcome.gap().unwrap_or(f64::NAN),
        cpu() - before,
    );
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let root = maillage_benches::root();
    if args.iter().any(|a| a == "--founding") {
        for name in FOUNDING {
            ours(&root.join(format!("scenarios/{name}.json")), None);
        }
        return;
    }
    let after = args.iter().position(|a| a == "--seconds").and_then(|i| args.get(i + 1));
    let seconds = after.and_then(|s| s.parse().ok()).unwrap_or(60.0);
    ours(&root.join("scenarios/roannais/poles.json"), Some(seconds));
    let programmes: [PathBuf; 2] = ["region", "large-region"].map(|n| root.join(format!("benches/{n}.json")));
    for path in programmes {
        ours(&path, Some(seconds));
        plain(&path, seconds);
    }
}
