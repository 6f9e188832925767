//! The location engine on public and made instances: one row each, as a table for `benches/README.md`.
//!
//! `./dev bench --bench engine` runs every row of `instances.csv` and some more. `-- --problem P,…` only those problems
//! (pmedian, pcenter, mclp, psclp, lscp, ufl, cfl, sscfl); `-- --only TEXT,…` only rows of which `problem instance p` holds a text;
//! `-- --seconds N` limits each solve (300 s of wall-clock time); `-- --plain` adds HiGHS alone on the dense textbook formulation
//! where that fits; `-- --spopt` adds PySAL's spopt on some p-medians (`./dev peers` installs it); `-- --list` only names the rows.
//!
//! Every row is a process of its own, one thread: CPU seconds with reading and lists, peak memory. `WRONG` stands where a plan
//! is better than a proven optimum or a bound worse than what it claims to prove; when that is ours, the run fails at its end.

mod files;
mod made;
mod ours;
mod plain;
mod rows;
mod spopt;

use maillage_benches::{cpu, peak_mb};
use maillage_location::Limits;
use rows::{Found, Row};
use std::error::Error;
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

/// What may go wrong in a row, in words.
type Fallible<T> = Result<T, Box<dyn Error>>;

/// What the command line asks for.
#[derive(Default)]
struct Args {
    only: Vec<String>,
    problems: Vec<String>,
    seconds: f64,
    plain: bool,
    spopt: bool,
    list: bool,
    /// In a child: the number of its row.
    row: Option<usize>,
}

impl Args {
    fn read() -> Fallible<Args> {
        let mut args = Args { seconds: 300.0, ..Args::default() };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word} lacks its value"));
            let list = |text: String| text.split(',').map(str::to_owned).collect();
            match word.as_str() {
                "--only" => args.only = list(value()?),
                "--problem" => args.problems = list(value()?),
                "--seconds" => args.seconds = value()?.parse()?,
                "--row" => args.row = Some(value()?.parse()?),
                "--plain" => args.plain = true,
                "--spopt" => args.spopt = true,
                "--list" => args.list = true,
                "--bench" => (), // cargo says it
                _ => return Err(format!("{word}: no such option").into()),
            }
        }
        Ok(args)
    }

    fn wants(&self, row: &Row) -> bool {
        let text = format!("{} {} {}", row.problem, row.name, row.p);
        (self.only.is_empty() || self.only.iter().any(|o| text.contains(o)))
            && (self.problems.is_empty() || self.problems.contains(&row.problem))
    }

    /// Runs a row in a process of its own.
    fn child(&self, number: usize, plain: bool) -> Fallible<Found> {
        let mut child = Command::new(std::env::current_exe()?);
        child.args(["--row", &number.to_string(), "--seconds", &self.seconds.to_string()]);
        if plain {
            child.arg("--plain");
        }
        let out = child.stderr(Stdio::inherit()).output()?;
        let text = String::from_utf8_lossy(&out.stdout);
        let last = text.lines().last().filter(|_| out.status.success());
        last.and_then(Found::from_line).ok_or_else(|| format!("the process ended with {}", out.status).into())
    }
}

/// Prints a row of the table; says whether something is wrong with it.
fn show(row: &Row, method: &str, end: Fallible<Found>, exact: bool) -> bool {
    match end {
        Ok(found) => {
            let wrong = row.wrong(&found, exact);
            println!("{}", row.line(method, &found, wrong));
            wrong.is_some()
        }
        Err(e) => {
            println!("| {} | {} | {} | {method} | WRONG: {e} |", row.name, row.problem, row.p);
            true
        }
    }
}

/// Runs a row in this process and prints what its parent reads.
fn one(row: &Row, args: &Args) -> Fallible<()> {
    let limits = Limits { time: Some(Duration::try_from_secs_f64(args.seconds)?), ..Limits::default() };
    let found = if args.plain { plain::solve(row, &limits)? } else { ours::solve(row, limits)? };
    println!("{}", Found { cpu: cpu(), mb: peak_mb(), ..found }.to_line());
    Ok(())
}

fn run() -> Fallible<bool> {
    let args = Args::read()?;
    let rows = rows::all()?;
    if let Some(number) = args.row {
        return one(rows.get(number).ok_or("no such row")?, &args).map(|()| true);
    }
    let mut right = true;
    println!("{}", rows::HEAD);
    for (number, row) in rows.iter().enumerate().filter(|(_, r)| args.wants(r)) {
        if args.list {
            println!("{}", row.line("", &Found::default(), None));
            continue;
        }
        let end = args.child(number, false);
        // What is proven here stands in for a published optimum beside the others.
        let mut beside = row.clone();
        if let (Ok(found), None) = (&end, row.known) {
            beside.known = found.plan.filter(|_| found.plan == found.bound);
            beside.proven = true;
        }
        right &= !show(row, "maillage", end, true);
        if args.plain && plain::fits(row) {
            show(&beside, "HiGHS, dense", args.child(number, true), false);
        }
        if args.spopt && spopt::fits(row) {
            show(&beside, "spopt 0.7, CBC", spopt::solve(row, args.seconds), false);
        }
    }
    Ok(right)
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("WRONG: see the rows that say so");
            ExitCode::FAILURE
        }
        Err(e) => {
            eprintln!("{e}");
            ExitCode::FAILURE
        }
    }
}
