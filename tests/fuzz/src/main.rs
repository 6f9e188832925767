//! Reads random changes of good files with every reader, guided by which parts of the readers they reach.
//!
//! `maillage-fuzz TARGET SECONDS FOLDER [FILE]...`: seeds from `seeds/TARGET` beside the sources and what earlier runs kept in
//! `FOLDER/TARGET`, where finds are kept too. With files it reads these and no other. A reader that panics, or takes more than
//! twenty seconds, ends the program with code 1; one that ends the program itself leaves its input in `FOLDER/TARGET/current`.

mod change;
mod coverage;
mod targets;

use change::{Random, changed};
use coverage::Coverage;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use targets::{Bench, TARGETS, Target};

/// Longest time for one input.
const MOST: Duration = Duration::from_secs(20);
/// Inputs read so far: a watcher sees whether it grows.
static READ: AtomicU64 = AtomicU64::new(0);

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let known = |name: &String| TARGETS.iter().find(|t| t.name == name.as_str());
    let (Some(target), Some(seconds)) =
        (args.first().and_then(known), args.get(1).and_then(|s| s.parse().ok()))
    else {
        for target in &TARGETS {
            println!("{}", target.name);
        }
        std::process::exit(i32::from(!args.is_empty()) * 2);
    };
    let folder = Path::new(args.get(2).map_or("target/fuzz", String::as_str)).join(target.name);
    fs::create_dir_all(&folder).expect("the folder of finds can be written");
    std::thread::spawn(watch);
    let mut run = Run {
        target,
        bench: Bench::new(),
        current: folder.join("current"),
        folder,
        coverage: Coverage::default(),
        kept: Vec::new(),
    };
    Coverage::forget();
    match &args[3.min(args.len())..] {
        [] => run.search(Duration::from_secs(seconds)),
        files => files.iter().for_each(|file| run.read(&fs::read(file).expect("a file to read"))),
    }
    let read = READ.load(Ordering::Relaxed);
    println!(
        "{}: {read} inputs, {} edges, {} kept, nothing found",
        target.name,
        run.coverage.edges(),
        run.kept.len()
    );
}

struct Run {
    target: &'static Target,
    bench: Bench,
    folder: PathBuf,
    /// The input that is being read.
    current: PathBuf,
    coverage: Coverage,
    /// Inputs that showed something new.
    kept: Vec<Vec<u8>>,
}

impl Run {
    fn search(&mut self, time: Duration) {
        let begun = Instant::now();
        let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(self.target.name);
        let mut files: Vec<PathBuf> = [seeds.as_path(), &self.folder]
            .into_iter()
            .flat_map(|dir| fs::read_dir(dir).into_iter().flatten().flatten())
            .map(|entry| entry.path())
            .filter(|path| *path != self.current)
            .collect();
        files.sort();
        for file in files {
            self.read(&fs::read(file).unwrap_or_default());
        }
        for seed in self.bench.seeds(self.target.name) {
            self.read(&seed);
        }
        assert!(!self.kept.is_empty(), "a target has seeds");
        let mut random = Random(begun.elapsed().subsec_nanos().into());
        while begun.elapsed() < time {
            // The newest are the least explored.
            let n = self.kept.len();
            let from = n - 1 - random.below(n).min(random.below(n));
            let other = random.below(n);
            let input = changed(&self.kept[from], &self.kept[other], &mut random);
            self.read(&input);
        }
        let _ = fs::remove_file(&self.current);
    }

    fn read(&mut self, input: &[u8]) {
        fs::write(&self.current, input).expect("the folder of finds can be written");
        let (target, bench) = (self.target, &self.bench);
        if std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| (target.read)(bench, input))).is_err() {
            eprintln!("{} panics on {}", target.name, self.current.display());
            std::process::exit(1);
        }
        let read = READ.fetch_add(1, Ordering::Relaxed);
        // Without counters the seeds alone are changed.
        if self.coverage.is_new() || (self.coverage.edges() == 0 && read < 64) {
            fs::write(self.folder.join(format!("{:016x}", hash(input))), input)
                .expect("the folder of finds can be written");
            self.kept.push(input.to_vec());
        }
    }
}

/// Ends the program when an input takes too long.
fn watch() {
    let mut last = (READ.load(Ordering::Relaxed), Instant::now());
    loop {
        std::thread::sleep(Duration::from_millis(200));
        let read = READ.load(Ordering::Relaxed);
        if read != last.0 {
            last = (read, Instant::now());
        } else if last.1.elapsed() > MOST {
            eprintln!("an input takes more than {} s: see `current`", MOST.as_secs());
            std::process::exit(1);
        }
    }
}

/// FNV-1a: names files.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3))
}
