//! spopt of PySAL, which `./dev peers` installs, on some p-medians. It gives no bound: the value it calls optimal stands for one.

use crate::Fallible;
use crate::files;
use crate::rows::{Found, Row};
use std::process::{Command, Stdio};

pub fn fits(row: &Row) -> bool {
    row.problem == "pmedian" && ["pmed1", "pmed3", "pmed5", "random-1000"].contains(&row.name.as_str())
}

/// The plan is priced again from its open sites. Seconds are those of Python and CBC, memory that of the larger.
pub fn solve(row: &Row, seconds: f64) -> Fallible<Found> {
    let root = maillage_benches::root();
    let python = root.join(".tools/peers/bin/python");
    if !python.exists() {
        return Err("no .tools/peers; `./dev peers` makes it".into());
    }
    let (costs, weights) = files::dense(row)?;
    let folder = tempfile::tempdir()?;
    let write = |name: &str, values: &mut dyn Iterator<Item = f64>| -> Fallible<_> {
        let path = folder.path().join(name);
        std::fs::write(&path, values.flat_map(f64::to_le_bytes).collect::<Vec<u8>>())?;
        Ok(path)
    };
    let out = Command::new(python)
        .arg(root.join("benches/spopt_median.py"))
        .arg(write("costs", &mut costs.iter().flatten().copied())?)
        .arg(write("weights", &mut weights.iter().map(|w| *w as f64))?)
        .args([&row.p, &seconds.to_string()])
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()?;
    let text = String::from_utf8_lossy(&out.stdout);
    let field = |name: &str| text.lines().find_map(|l| l.strip_prefix(name)?.strip_prefix(' '));
    let number = |name: &str| field(name).and_then(|v| v.parse::<f64>().ok());
    let (Some(cpu), Some(mb)) = (number("cpu"), number("mb")) else {
        return Err(format!("the process ended with {}", out.status).into());
    };
    if let Some(failure) = field("failure") {
        eprintln!("spopt on {}: {failure}", row.name);
    }
    let open: Option<Vec<usize>> = field("open").and_then(|v| v.split(' ').map(|j| j.parse().ok()).collect());
    let nearest =
        |costs: &Vec<f64>, open: &[usize]| open.iter().map(|j| costs[*j]).fold(f64::INFINITY, f64::min);
    let price = |open: Vec<usize>| -> f64 {
        costs.iter().zip(&weights).map(|(c, w)| nearest(c, &open) * *w as f64).sum()
    };
    Ok(Found { plan: open.map(price), bound: number("optimal"), decimals: 0, cpu, mb: mb as u64 })
}
