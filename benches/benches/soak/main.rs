//! A long run: random small scenarios, each loaded, solved, written and checked, in one process whose memory is
//! watched. `./dev bench --bench soak -- --scenarios 10000 --seed 1 [--keep FOLDER]`
//!
//! Ends with 1 when anything was lost or wrong: a panic, a run that failed, a check that found something, memory that
//! grows. The files of each such scenario are kept in FOLDER; the same seed makes them again.

mod scenario;

use maillage_input::Lang;
use maillage_scenario::{Log, RunOptions};
use std::collections::BTreeMap;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Memory after the first tenth, which fills caches, may grow by this factor and no more.
const GROWTH: f64 = 1.5;

struct Asked {
    scenarios: u64,
    seed: u64,
    keep: PathBuf,
}

fn asked() -> Asked {
    let mut asked = Asked { scenarios: 200, seed: 1, keep: std::env::temp_dir().join("maillage-soak") };
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut value = || args.next().unwrap_or_default();
        match arg.as_str() {
            "--scenarios" => asked.scenarios = value().parse().expect("--scenarios takes a number"),
            "--seed" => asked.seed = value().parse().expect("--seed takes a number"),
            "--keep" => asked.keep = value().into(),
            _ => {} // what `cargo bench` adds
        }
    }
    asked
}

/// How one scenario ended: a status, or `refused`; an error is a fault.
fn one(folder: &Path, seed: u64) -> Result<String, String> {
    let path = scenario::write(folder, seed).map_err(|e| e.to_string())?;
    let Ok((loaded, _)) = maillage_scenario::load(&path) else { return Ok("refused".into()) };
    let options = RunOptions { time_limit_s: Some(20.0), ..RunOptions::default() };
    let mut log = Log::new(&loaded);
    let finished =
        maillage_scenario::run(&loaded, &options, &mut |e| log.progress(e)).map_err(|e| e.to_string())?;
    log.finished(&finished.record);
    let status = finished.record.status.as_str().to_owned();
    let output = folder.join("result");
    maillage_scenario::write(&output, &loaded, &finished, log.text(), Lang::En)
        .map_err(|e| format!("{e:?}"))?;
    match maillage_scenario::check(&output, None) {
        Ok(verdict) if verdict.report.holds() => Ok(status),
        Ok(verdict) => Err(format!("check: {:?}", verdict.report.violations)),
        Err(problems) => Err(format!("check: {problems:?}")),
    }
}

fn keep(folder: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            keep(&entry.path(), &target)?
        } else {
            std::fs::copy(entry.path(), target).map(drop)?
        }
    }
    Ok(())
}

fn main() -> ExitCode {
    let asked = asked();
    let (mut ends, mut faults, mut early) = (BTreeMap::<String, u64>::new(), 0, 0.0);
    let tenth = (asked.scenarios / 10).max(1);
    for i in 0..asked.scenarios {
        let seed = asked.seed.wrapping_add(i);
        let folder = tempfile::tempdir().expect("a temporary folder");
        let end = catch_unwind(|| one(folder.path(), seed)).unwrap_or_else(|_| Err("panic".into()));
        match end {
            Ok(status) => *ends.entry(status).or_default() += 1,
            Err(why) => {
                faults += 1;
                println!("FAULT seed {seed}: {why}");
                let _ = keep(folder.path(), &asked.keep.join(seed.to_string()));
            }
        }
        if (i + 1) % tenth == 0 {
            let held = maillage_benches::held_mb();
            println!(
                "{:>8} scenarios, {:>7.1} MB held, {:>8.1} CPU s, {faults} faults",
                i + 1,
                held,
                maillage_benches::cpu()
            );
            if early == 0.0 {
                early = held;
            } else if held > early * GROWTH {
                faults += 1;
                println!("FAULT memory grew from {early:.1} to {held:.1} MB");
                early = held;
            }
        }
    }
    for (end, count) in ends {
        println!("{count:>8} {end}");
    }
    println!("{faults:>8} faults");
    ExitCode::from(u8::from(faults > 0))
}
