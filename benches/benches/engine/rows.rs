//! The rows of the table: which instances, what is known of them, what was found.

use crate::Fallible;
use std::path::PathBuf;

pub const HEAD: &str = "\
| instance | problem | p | method | plan | bound | gap | best known | ratio | CPU s | MB |
| --- | --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |";

/// An instance of a problem.
#[derive(Clone)]
pub struct Row {
    pub name: String,
    pub problem: String,
    pub sites: usize,
    pub clients: usize,
    /// Number of sites, or `key=value` joined by `;`, or nothing.
    pub p: String,
    pub known: Option<f64>,
    /// Decimals with which the value is known.
    pub digits: usize,
    /// Whether it is known to be optimal.
    pub proven: bool,
    pub file: PathBuf,
}

/// What a method found, in the units of the file.
#[derive(Default)]
pub struct Found {
    pub plan: Option<f64>,
    pub bound: Option<f64>,
    /// Decimals of both.
    pub decimals: usize,
    pub cpu: f64,
    pub mb: u64,
}

impl Found {
    pub fn to_line(&self) -> String {
        let value = |v: Option<f64>| v.map_or("-".to_owned(), |v| v.to_string());
        format!("{} {} {} {} {}", value(self.plan), value(self.bound), self.decimals, self.cpu, self.mb)
    }

    pub fn from_line(line: &str) -> Option<Found> {
        let [plan, bound, decimals, cpu, mb] = line.split(' ').collect::<Vec<_>>()[..] else { return None };
        Some(Found {
            plan: plan.parse().ok(),
            bound: bound.parse().ok(),
            decimals: decimals.parse().ok()?,
            cpu: cpu.parse().ok()?,
            mb: mb.parse().ok()?,
        })
    }
}

impl Row {
    /// A value of `p` by its key.
    pub fn parameter(&self, key: &str) -> Fallible<&str> {
        let value = self.p.split(';').find_map(|part| part.strip_prefix(key)?.strip_prefix('='));
        value.ok_or_else(|| format!("{} lacks {key}", self.name).into())
    }

    /// The last decimal of what is known, to which values are compared.
    fn rounding(&self) -> f64 {
        if self.digits > 0 { 0.1f64.powi(self.digits as i32) } else { 0.0 }
    }

    /// What cannot be true. Methods that count in floats are given a millionth; all are given the last decimal of what
    /// is known, and bounds that of theirs where it is coarser.
    pub fn wrong(&self, found: &Found, exact: bool) -> Option<&'static str> {
        let known = self.known.filter(|_| self.proven)?;
        let slack = self.rounding() + known.abs() * if exact { 1e-12 } else { 1e-6 };
        let coarser = if self.digits > found.decimals { 0.1f64.powi(found.decimals as i32) } else { 0.0 };
        let sign = if self.problem == "mclp" { -1.0 } else { 1.0 };
        if found.plan.is_some_and(|plan| sign * (plan - known) < -slack) {
            Some("the plan beats the optimum")
        } else if found.bound.is_some_and(|bound| sign * (bound - known) > slack + coarser) {
            Some("the optimum beats the bound")
        } else {
            None
        }
    }

    pub fn line(&self, method: &str, found: &Found, wrong: Option<&str>) -> String {
        let value = |v: Option<f64>, d: usize| v.map_or("–".to_owned(), |v| format!("{v:.d$}"));
        let gap = match (found.plan, found.bound) {
            (Some(p), Some(b)) if p == b => "0".to_owned(),
            (Some(p), Some(b)) => format!("{:.4} %", 100.0 * (p - b).abs() / p.abs().max(1.0)),
            _ => "–".to_owned(),
        };
        let ratio = match (found.plan, self.known) {
            (Some(p), Some(k)) if (p - k).abs() <= self.rounding() => "1".to_owned(),
            (Some(p), Some(k)) => format!("{:.6}", p / k),
            _ => "–".to_owned(),
        };
        let open = if self.known.is_some() && !self.proven { " (open)" } else { "" };
        let p = if self.p.is_empty() { "–" } else { &self.p };
        format!(
            "| {} | {} | {p} | {method} | {} | {} | {gap} | {}{open} | {ratio} | {:.2} | {} |{}",
            self.name,
            self.problem,
            value(found.plan, found.decimals),
            value(found.bound, found.decimals),
            value(self.known, self.digits),
            found.cpu,
            found.mb,
            wrong.map_or(String::new(), |w| format!(" WRONG: {w}"))
        )
    }

    fn from_line(line: &str) -> Option<Row> {
        let f: Vec<&str> = line.split(',').collect();
        let [name, problem, clients, sites, p, known, proven, .., file] = f[..] else { return None };
        Some(Row {
            name: name.to_owned(),
            problem: problem.to_owned(),
            sites: sites.parse().ok()?,
            clients: clients.parse().ok()?,
            p: p.to_owned(),
            known: known.parse().ok(),
            digits: known.split_once('.').map_or(0, |(_, digits)| digits.len()),
            proven: proven == "y" && !BEATEN.contains(&(name, problem, p)),
            file: crate::files::shared().join("bench").join(file),
        })
    }
}

/// Published as optimal by a solver that stops within 1e-4: plans found here cost less, by exact integers.
const BEATEN: [(&str, &str, &str); 1] = [("d2103", "pmedian", "50")];

/// What the index does not name: instances that are made, France, p-centers without a published value.
const MORE: [&str; 10] = [
    "random-1000,pmedian,1000,1000,50,,n,",
    "random-10000,pmedian,10000,10000,200,,n,",
    "france,pmedian,34827,34827,200,,n,",
    "france,pmedian,34827,34827,1000,,n,",
    "usa13509,pcenter,13509,13509,10,,n,tsp/usa13509.tsp.gz",
    "usa13509,pcenter,13509,13509,25,,n,tsp/usa13509.tsp.gz",
    "clients-1000000,mclp,1000000,100,p=10;S=5.5,44433492,y,",
    "clients-20000000,mclp,20000000,100,p=10;S=5.5,888211777,y,",
    "clients-100000000,mclp,100000000,100,p=10;S=5.5,,n,",
    "cells-1000000,mclp,1000000,1000,budget=201;S=1.24,,n,",
];

pub fn all() -> Fallible<Vec<Row>> {
    let index = crate::files::shared().join("bench/instances.csv");
    let text = std::fs::read_to_string(&index).map_err(|e| format!("{}: {e}", index.display()))?;
    let lines = text.lines().skip(1).chain(MORE);
    lines.map(|line| Row::from_line(line).ok_or_else(|| format!("no row: {line}").into())).collect()
}
