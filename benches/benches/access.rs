//! Floating catchments over a million pairs and over a country.
//!
//! `./dev bench --bench access` measures maillage alone. `./dev bench --bench access -- --beside` measures
//! maillage and PySAL's `access` in turn, on the same pairs, in CPU seconds; `./dev peers` installs `access`.

use criterion::{Criterion, criterion_group};
use maillage_access::{Catchments, Decay};
use maillage_territory::{Minutes, PlaceIx, TravelSource, TravelTimes};
use std::fmt::Write as _;
use std::hint::black_box;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

type Triple = (PlaceIx, PlaceIx, Minutes);

/// A synthetic territory: everyone's pairs lie within the last step of the decay, so none is skipped for free.
struct Synthetic {
    people: Vec<f64>,
    supply: Vec<f64>,
    triples: Vec<Triple>,
}

impl Synthetic {
    /// `places` places that reach `near` places each, themselves among them, far apart in memory.
    fn new(places: u32, near: u32) -> Synthetic {
        let mut state = 7;
        let mut below = |n: u64| random(&mut state) % n;
        let people = (0..places).map(|_| below(3000) as f64).collect();
        let supply = (0..places).map(|_| below(3) as f64 * 4500.0).collect();
        let mut triples = Vec::new();
        for i in 0..places {
            triples.push((PlaceIx(i), PlaceIx(i), Minutes::ZERO));
            for k in 1..near {
                let to = PlaceIx((i + k * 397) % places);
                triples.push((PlaceIx(i), to, Minutes::from_hundredths(below(2001) as u32)));
            }
        }
        Synthetic { people, supply, triples }
    }

    fn million() -> Synthetic {
        Synthetic::new(20_000, 50)
    }

    fn france() -> Synthetic {
        Synthetic::new(35_000, 60)
    }

    fn lists(&self) -> TravelTimes {
        let source = TravelSource::Table { source: "synthetic".into(), date: "2026".into() };
        TravelTimes::new(self.people.len(), Minutes::whole(60), source, self.triples.iter().copied())
    }

    fn apl(&self, lists: &TravelTimes, decay: &Decay) -> Vec<f64> {
        Catchments::new(lists, decay, black_box(&self.people)).accessibility(black_box(&self.supply)).by_place
    }
}

/// SplitMix64.
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn catchments(c: &mut Criterion) {
    let decay = Decay::drees_2015();
    for (name, data) in [("million-pairs", Synthetic::million()), ("france", Synthetic::france())] {
        let lists = data.lists();
        let mut group = c.benchmark_group(name);
        group
            .sample_size(20)
            .warm_up_time(Duration::from_millis(500))
            .measurement_time(Duration::from_secs(3));
        group.bench_function("lists", |b| b.iter_with_large_drop(|| data.lists()));
        group.bench_function("prepare-and-apl", |b| b.iter(|| data.apl(&lists, &decay)));
        let prepared = Catchments::new(&lists, &decay, &data.people);
        group.bench_function("apl", |b| b.iter(|| prepared.accessibility(black_box(&data.supply))));
        group.finish();
    }
}

// ---- Beside `access`.

const ROUNDS: usize = 7;

/// CPU seconds of this thread so far.
fn thread_cpu() -> f64 {
    let t = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    t.tv_sec as f64 + t.tv_nsec as f64 / 1e9
}

fn timed<T>(run: impl FnOnce() -> T) -> (T, f64) {
    let start = thread_cpu();
    let value = run();
    (value, thread_cpu() - start)
}

fn write_tables(data: &Synthetic, folder: &Path) -> std::io::Result<()> {
    let values = |head: &str, values: &[f64]| {
        values.iter().enumerate().fold(format!("{head}\n"), |mut text, (i, v)| {
            let _ = writeln!(text, "{i},{v}");
            text
        })
    };
    std::fs::write(folder.join("people.csv"), values("id,people", &data.people))?;
    std::fs::write(folder.join("supply.csv"), values("id,supply", &data.supply))?;
    let mut cost = String::from("origin,dest,minutes\n");
    for (from, to, minutes) in &data.triples {
        let _ = writeln!(cost, "{},{},{minutes}", from.0, to.0);
    }
    std::fs::write(folder.join("cost.csv"), cost)
}

/// The other program, its tables loaded: it answers every line with the CPU seconds of a run.
struct Peer {
    process: Child,
    answers: std::io::Lines<BufReader<std::process::ChildStdout>>,
}

impl Peer {
    fn start(python: &Path, folder: &Path) -> Peer {
        let mut process = Command::new(python)
            .arg(maillage_benches::root().join("tests/peers/fca.py"))
            .arg(folder)
            .envs(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"].map(|name| (name, "1")))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python starts");
        let answers = BufReader::new(process.stdout.take().expect("its output is piped")).lines();
        let mut peer = Peer { process, answers };
        assert_eq!(peer.answer(), "ready");
        peer
    }

    fn answer(&mut self) -> String {
        self.answers.next().expect("the script answers").expect("in text")
    }

    /// CPU seconds of E2SFCA by the steps of DREES, and of 2SFCA.
    fn round(&mut self) -> [f64; 2] {
        writeln!(self.process.stdin.as_mut().expect("its input is piped"), "go").expect("it listens");
        let answer = self.answer();
        ["steps=", "two="].map(|name| {
            let word = answer.split(' ').find_map(|word| word.strip_prefix(name));
            word.and_then(|seconds| seconds.parse().ok()).expect("seconds of each method")
        })
    }

    /// Accessibility by the steps of DREES; 0 where `access` gives none.
    fn result(mut self, folder: &Path) -> Vec<f64> {
        drop(self.process.stdin.take());
        assert!(self.process.wait().expect("it ends").success());
        let text = std::fs::read_to_string(folder.join("result.csv")).expect("it writes its result");
        let steps = text.lines().skip(1).map(|line| line.split(',').nth(1).unwrap_or_default());
        steps.map(|value| value.parse().unwrap_or(0.0)).collect()
    }
}

fn beside() {
    let peers = maillage_benches::root().join(".tools/peers");
    if !peers.join("requirements.txt").exists() {
        println!("skipped: no .tools/peers; `./dev peers` makes it");
        return;
    }
    let (data, decay) = (Synthetic::million(), Decay::drees_2015());
    let folder = tempfile::tempdir().expect("a temporary folder");
    write_tables(&data, folder.path()).expect("a temporary folder can be written");
    let mut peer = Peer::start(&peers.join("bin/python"), folder.path());
    let lists = data.lists();
    let mut columns: [Vec<f64>; 4] = Default::default();
    for round in 0..=ROUNDS {
        let ready = timed(|| data.apl(&lists, &decay)).1;
        let triples = timed(|| data.apl(&data.lists(), &decay)).1;
        let [steps, two] = peer.round();
        // The first round only warms up.
        if round > 0 {
            columns.iter_mut().zip([ready, triples, steps, two]).for_each(|(column, s)| column.push(s));
        }
    }
    let ours = data.apl(&lists, &decay);
    let theirs = peer.result(folder.path());
    assert_eq!(ours.len(), theirs.len());
    for (i, (a, b)) in ours.iter().zip(&theirs).enumerate() {
        assert!((a - b).abs() <= 1e-9 * b.abs(), "place {i}: maillage {a}, access {b}");
    }
    println!("{} pairs, {ROUNDS} rounds in turn, same figures to 1e-9. CPU seconds:", lists.pairs());
    println!("{:<42}{:>9}{:>9}{:>9}", "", "min", "median", "max");
    let names =
        ["maillage, lists ready", "maillage, from triples", "access, E2SFCA", "access, 2SFCA (no weights)"];
    let medians: Vec<f64> = names
        .iter()
        .zip(&mut columns)
        .map(|(name, column)| {
            column.sort_by(f64::total_cmp);
            let (min, median, max) = (column[0], column[ROUNDS / 2], column[ROUNDS - 1]);
            println!("{name:<42}{min:>9.4}{median:>9.4}{max:>9.4}");
            median
        })
        .collect();
    for peer in 2..4 {
        for own in 0..2 {
            println!("{} / {}: {:.1}", names[peer], names[own], medians[peer] / medians[own]);
        }
    }
    assert!(medians[0] < 0.1 && 3.0 * medians[0] <= medians[2], "slower than promised");
}

criterion_group!(benches, catchments);

fn main() {
    if std::env::args().any(|arg| arg == "--beside") {
        beside();
    } else {
        benches();
        Criterion::default().configure_from_args().final_summary();
    }
}
