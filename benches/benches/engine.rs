//! The location engine on public instances: one row each, as a table for `benches/README.md`.
//!
//! `./dev bench --bench engine` runs the p-medians of the OR-Library, planes of TSPLIB, random communes and all of France;
//! `-- --only TEXT` those whose name holds a text, `-- --seconds N` limits each (300 s), `-- --plain` adds HiGHS alone on the dense
//! formulation where that fits. Every row is a process of its own, one thread: CPU seconds with reading and lists, peak memory.

use maillage_input::InputFile;
use maillage_location::{ClientIx, Limits, Outcome, Points, Rules, p_median, read};
use maillage_milp::{Expression, Model, Sense, variable};
use rustix::time::{ClockId, clock_gettime};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

fn cpu() -> f64 {
    let t = clock_gettime(ClockId::ProcessCPUTime);
    t.tv_sec as f64 + t.tv_nsec as f64 / 1e9
}

fn peak_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.and_then(|l| l.split_whitespace().next()?.parse::<u64>().ok()).map_or(0, |kb| kb / 1024)
}

fn shared() -> PathBuf {
    maillage_benches::root().join("../shared")
}

/// A number from 0 below `n`, the same on every machine.
fn next(state: &mut u64, n: u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) % n
}

/// Places like communes: anywhere on a square of 1,000 km (metres), few large, many small.
fn random(n: usize) -> (Points, Vec<u64>) {
    let mut state = 12_345;
    let mut at = || (0..n).map(|_| next(&mut state, 1_000_000) as i64).collect();
    let points = Points { x: at(), y: at(), scale: 1 };
    let people = |_| {
        let u = next(&mut state, 1_000_000) as f64 / 1e6;
        (100.0 * (1.0 - u).powf(-0.8)).min(200_000.0) as u64
    };
    (points, (0..n).map(people).collect())
}

/// Communes of metropolitan France on a plane in metres (sinusoidal at 46.5° N), with their inhabitants.
fn france() -> Option<(Points, Vec<u64>)> {
    let file = InputFile::read(&shared().join("data/national/communes.csv.gz"), 1 << 30).ok()?;
    let text = file.utf8().ok()?;
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next()?.split(',').collect();
    let column = |name: &str| head.iter().position(|c| *c == name);
    let (lon, lat, people) = (column("lon")?, column("lat")?, column("pop_mun_2023")?);
    let (mut points, mut weights) = (Points { x: Vec::new(), y: Vec::new(), scale: 1 }, Vec::new());
    for line in lines {
        let f: Vec<&str> = line.split(',').collect();
        let number = |k: usize| f.get(k).and_then(|v| v.parse::<f64>().ok());
        if let (Some(x), Some(y)) = (number(lon), number(lat))
            && (41.0..52.0).contains(&y)
        {
            points.x.push((x * 111_320.0 * 46.5f64.to_radians().cos()) as i64);
            points.y.push((y * 110_574.0) as i64);
            weights.push(number(people).unwrap_or(0.0) as u64);
        }
    }
    Some((points, weights))
}

fn plane(name: &str) -> Option<(Points, Vec<u64>)> {
    if let Some(n) = name.strip_prefix("random-") {
        return Some(random(n.parse().ok()?));
    }
    if name == "france" {
        return france();
    }
    let file = InputFile::read(&shared().join(format!("bench/tsp/{name}.tsp.gz")), 1 << 30).ok()?;
    let points = read::tsplib(&file).ok()?;
    let weights = vec![1; points.len()];
    Some((points, weights))
}

fn row(name: &str, p: u32, known: &str, method: &str, objective: Option<u64>, bound: Option<u64>) {
    let shown = |v: Option<u64>| v.map_or("–".to_owned(), |v| v.to_string());
    let gap = match (objective, bound) {
        (Some(o), Some(b)) if o == b => "0".to_owned(),
        (Some(o), Some(b)) => format!("{:.4} %", 100.0 * o.abs_diff(b) as f64 / o.max(1) as f64),
        _ => "–".to_owned(),
    };
    println!(
        "| {name} | {p} | {method} | {} | {} | {gap} | {known} | {:.2} | {} |",
        shown(objective),
        shown(bound),
        cpu(),
        peak_mb()
    );
}

fn ours(name: &str, p: u32, limits: &Limits) -> Option<Outcome> {
    if name.starts_with("pmed") {
        let file = InputFile::read(&shared().join(format!("bench/pmed/{name}.txt.gz")), 1 << 30).ok()?;
        let pmed = read::orlib_pmed(&file).ok()?;
        let problem = p_median::Problem::new(&pmed.lists, p, Rules::default()).ok()?;
        return p_median::solve(&problem, limits, &mut |_| ()).ok();
    }
    let (points, weights) = plane(name)?;
    p_median::solve_plane(&points, weights, p, limits, &mut |_| ()).ok()
}

/// HiGHS on the textbook formulation, whole.
fn plain(name: &str, p: u32, limits: &Limits) -> Option<(Option<u64>, Option<u64>)> {
    let rows: Vec<Vec<f64>> = if name.starts_with("pmed") {
        let file = InputFile::read(&shared().join(format!("bench/pmed/{name}.txt.gz")), 1 << 30).ok()?;
        let lists = read::orlib_pmed(&file).ok()?.lists;
        let of = |i: ClientIx| {
            let mut row = vec![0.0; lists.num_sites() as usize];
            lists.list(i).for_each(|(s, c)| row[s.0 as usize] = f64::from(c));
            row
        };
        lists.clients().map(of).collect()
    } else {
        let (points, weights) = plane(name)?;
        let cost = |i, j| points.floor_distance(i, j).unwrap_or(0) as f64 * weights[i] as f64;
        (0..points.len()).map(|i| (0..points.len()).map(|j| cost(i, j)).collect()).collect()
    };
    let mut model = Model::new(Sense::Minimise);
    let y: Vec<_> = rows.iter().map(|_| model.add(variable().binary())).collect();
    model.subject_to(y.iter().sum::<Expression>().eq(f64::from(p)));
    for row in &rows {
        let mut served = Expression::default();
        for (cost, y) in row.iter().zip(&y) {
            let x = model.add(variable().clamp(0, 1));
            model.add_to_objective(*cost, x);
            model.subject_to((x - *y).leq(0));
            served += x;
        }
        model.subject_to(served.eq(1));
    }
    let out = maillage_milp::solve(model, limits, None, &mut |_| ()).ok()?;
    let bound = out.bound.map(|b| maillage_milp::whole_bound(Sense::Minimise, b, rows.len() as f64));
    Some((out.objective.map(|o| o.round() as u64), bound.and_then(|b| u64::try_from(b).ok())))
}

/// Name, p and best known value of all rows.
fn all() -> Vec<(String, u32, String)> {
    let index = std::fs::read_to_string(shared().join("bench/instances.csv")).unwrap_or_default();
    let planes = [
        ("rl1304", 10),
        ("rl1304", 100),
        ("u1432", 100),
        ("rl5934", 1500),
        ("usa13509", 300),
        ("usa13509", 1000),
        ("usa13509", 3000),
        ("usa13509", 5000),
        ("ch71009", 60_000),
        ("ch71009", 10_000),
    ];
    let mut rows = Vec::new();
    for line in index.lines() {
        let f: Vec<&str> = line.split(',').collect();
        let (Some("pmedian"), Some(Ok(p))) = (f.get(1).copied(), f.get(4).map(|p| p.parse::<u32>())) else {
            continue;
        };
        if f[0].starts_with("pmed") || planes.contains(&(f[0], p)) {
            rows.push((f[0].to_owned(), p, f[5].to_owned() + if f[6] == "y" { "" } else { " (open)" }));
        }
    }
    for (name, p) in [("random-1000", 50), ("random-10000", 200), ("france", 200), ("france", 1000)] {
        rows.push((name.to_owned(), p, "–".to_owned()));
    }
    rows
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let after = |name: &str| args.iter().position(|a| a == name).and_then(|i| args.get(i + 1));
    let seconds = after("--seconds").and_then(|s| s.parse().ok()).unwrap_or(300.0);
    let limits = Limits { time: Duration::try_from_secs_f64(seconds).ok(), ..Limits::default() };
    if let (Some(name), Some(p), Some(known)) = (after("--row"), after("--p"), after("--known")) {
        let p = p.parse().expect("a number of sites");
        if args.iter().any(|a| a == "--plain") {
            if let Some((objective, bound)) = plain(name, p, &limits) {
                row(name, p, known, "HiGHS, dense", objective, bound);
            }
        } else if let Some(out) = ours(name, p, &limits) {
            row(name, p, known, "maillage", out.objective, out.bound);
        }
        return;
    }
    println!("| instance | p | method | plan | bound | gap | best known | CPU s | MB |");
    println!("| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    let program = std::env::current_exe().unwrap_or_else(|_| Path::new(&args[0]).to_owned());
    for (name, p, known) in
        all().into_iter().filter(|r| after("--only").is_none_or(|only| r.0.contains(only)))
    {
        let run = |plain: bool| {
            let mut child = Command::new(&program);
            child.args([
                "--row",
                &name,
                "--p",
                &p.to_string(),
                "--known",
                &known,
                "--seconds",
                &seconds.to_string(),
            ]);
            if plain {
                child.arg("--plain");
            }
            child.status().expect("a row runs")
        };
        run(false);
        if args.iter().any(|a| a == "--plain") && (name.starts_with("pmed") || name == "random-1000") {
            run(true);
        }
    }
}
