//! Tables that other engines made.
//!
//! A pair without a time is absent, never zero: `null`, `NaN`, negative times, the numbers that engines write for
//! "unreachable", and the cells that OSRM filled with a guess.

mod list;
mod matrix;

use crate::problem::{remedy, warning};
use crate::table::{Made, Table};
use maillage_input::{Code, InputFile, MAX_TABLE_BYTES, Place, Problems, Text};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// What made a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// JSON of OSRM's `table` service: seconds (tenths of seconds before version 5).
    Osrm,
    /// JSON of Valhalla's `sources_to_targets`: seconds.
    Valhalla,
    /// CSV like those of INSEE's METRIC and METRIC-OSRM (`idSrc;idDst;duree`): minutes.
    Metric,
    /// CSV of r5 (`from_id,to_id,travel_time_p50`): minutes.
    R5,
    /// CSV for PySAL `access` (`origin,dest,cost`): the unit must be said.
    Access,
}

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Tenths of seconds.
    TenthsOfSeconds,
    /// Seconds.
    Seconds,
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
}

impl Unit {
    fn per_minute(self) -> f64 {
        match self {
            Unit::TenthsOfSeconds => 600.0,
            Unit::Seconds => 60.0,
            Unit::Minutes => 1.0,
            Unit::Hours => 1.0 / 60.0,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Unit::TenthsOfSeconds => "tenths_of_seconds",
            Unit::Seconds => "seconds",
            Unit::Minutes => "minutes",
            Unit::Hours => "hours",
        }
    }
}

impl Format {
    fn name(self) -> &'static str {
        match self {
            Format::Osrm => "osrm",
            Format::Valhalla => "valhalla",
            Format::Metric => "metric",
            Format::R5 => "r5",
            Format::Access => "access",
        }
    }
}

/// How to read a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportOptions {
    /// What made it.
    pub format: Format,
    /// Unit of its times, where it is not that of the format.
    pub unit: Option<Unit>,
    /// For a matrix: codes of the places one leaves and of those one reaches, in its order.
    pub codes: Option<(Vec<String>, Vec<String>)>,
    /// For a list: names of the columns of the place one leaves, the place one reaches and the time, where they are not
    /// those of the format.
    pub columns: Option<[String; 3]>,
    /// Longest time that is kept, in minutes.
    pub max_minutes: Option<u16>,
}

/// A table and what is known of it.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The times.
    pub table: Table,
    /// Where they come from.
    pub made: Made,
}

/// Longest time that is believed, in minutes: a week. Engines write larger numbers for "unreachable".
const BELIEVED_MIN: f64 = 10_080.0;
/// Medians outside this range, in minutes, are likely to be another unit.
const LIKELY_MEDIAN_MIN: std::ops::RangeInclusive<f64> = 0.5..=240.0;

/// The pairs of a file.
#[derive(Default)]
struct Pairs {
    from: Codes,
    to: Codes,
    /// Positions of the two codes and the time in the file's unit; `None` where there is none.
    list: Vec<(u32, u32, Option<f64>)>,
    /// Times that the engine guessed.
    guessed: u64,
}

/// Codes in the order they were first seen.
#[derive(Default)]
struct Codes {
    list: Vec<String>,
    index: BTreeMap<String, u32>,
}

impl Codes {
    fn ix(&mut self, code: &str) -> u32 {
        if let Some(&ix) = self.index.get(code) {
            return ix;
        }
        let ix = self.list.len() as u32;
        self.list.push(code.to_owned());
        self.index.insert(code.to_owned(), ix);
        ix
    }
}

/// Reads a table that another engine made. Of a repeated pair the shortest time is kept.
///
/// # Errors
/// E1xx for the file; E3xx for its rows; E603 when it is not what it is said to be, or needs a unit or codes.
/// Warnings: W604 for pairs without a time, W404 for times that look like another unit, or zeros between two places.
pub fn read(path: &Path, options: &ImportOptions) -> Result<(Imported, Problems), Problems> {
    let file = InputFile::read(path, MAX_TABLE_BYTES)?;
    let (pairs, unit) = match options.format {
        Format::Osrm => matrix::osrm(&file, options)?,
        Format::Valhalla => matrix::valhalla(&file, options)?,
        Format::Metric | Format::R5 | Format::Access => list::read(path, options)?,
    };
    let unit = options.unit.unwrap_or(unit);
    let mut problems = Problems::new();
    let shown = file.record.path.clone();
    let (table, absent, zeros) = assemble(&pairs, unit, options.max_minutes);
    // A guess was taken out of its cell.
    let absent = absent.saturating_sub(pairs.guessed);
    say_absent(absent, pairs.guessed, pairs.list.len(), &shown, &mut problems);
    say_unlikely(&table, zeros, &shown, &mut problems);
    let made = Made::Import {
        file: file.record,
        format: options.format.name(),
        unit: unit.name(),
        absent: absent + pairs.guessed,
        max_minutes: options.max_minutes,
    };
    problems.or_value(Imported { table, made })
}

/// The table, the number of pairs without a time, and that of zeros between two places.
fn assemble(pairs: &Pairs, unit: Unit, max_minutes: Option<u16>) -> (Table, u64, u64) {
    let (mut absent, mut zeros) = (0, 0);
    let mut rows = vec![Vec::new(); pairs.from.list.len()];
    let most = max_minutes.map_or(BELIEVED_MIN, f64::from);
    for &(from, to, time) in &pairs.list {
        let minutes = time.map(|t| t / unit.per_minute()).filter(|m| (0.0..=BELIEVED_MIN).contains(m));
        let Some(minutes) = minutes else {
            absent += 1;
            continue;
        };
        let hundredths = (minutes * 100.0).round() as u32;
        if hundredths == 0 && pairs.from.list[from as usize] != pairs.to.list[to as usize] {
            zeros += 1;
        }
        if minutes <= most {
            rows[from as usize].push((to, hundredths));
        }
    }
    for row in &mut rows {
        row.sort_unstable();
        row.dedup_by_key(|&mut (to, _)| to);
    }
    (Table { from: pairs.from.list.clone(), to: pairs.to.list.clone(), rows }, absent, zeros)
}

fn say_absent(absent: u64, guessed: u64, all: usize, file: &str, problems: &mut Problems) {
    let found = [
        (absent, "paires sans temps utilisable", "pairs without a time that can be used"),
        (guessed, "paires au temps estimé à vol d'oiseau", "pairs whose time was guessed as the crow flies"),
    ];
    for (count, fr, en) in found {
        if count > 0 {
            let (fr, en) =
                (format!("{fr}, absentes : {count} sur {all}"), format!("{en}, absent: {count} of {all}"));
            let problem = warning(Code::PairsAbsent, fr, en).at(Place::file(file));
            problems.push(remedy(
                problem,
                "rien à faire si ces lieux ne sont pas reliés",
                "nothing to do if these places are not connected",
            ));
        }
    }
}

fn say_unlikely(table: &Table, zeros: u64, file: &str, problems: &mut Problems) {
    if zeros > 0 {
        let problem = warning(
            Code::Unusual,
            format!("temps nul entre deux lieux différents : {zeros} paires"),
            format!("no time between two different places: {zeros} pairs"),
        );
        problems.push(problem.at(Place::file(file)).remedy(Text::new(
            "vérifier que l'outil n'a pas rattaché ces lieux au même point",
            "check that the engine did not put these places on the same point",
        )));
    }
    let mut times: Vec<u32> = table.rows.iter().flatten().map(|p| p.1).filter(|&t| t > 0).collect();
    times.sort_unstable();
    let Some(&median) = times.get(times.len() / 2) else { return };
    let median = f64::from(median) / 100.0;
    if !LIKELY_MEDIAN_MIN.contains(&median) {
        let problem = warning(
            Code::Unusual,
            format!("temps médian de {median:.2} min : autre unité ?"),
            format!("median time of {median:.2} min: another unit?"),
        );
        problems.push(remedy(problem.at(Place::file(file)), "préciser l'unité", "say which unit it is"));
    }
}

#[cfg(test)]
mod tests;
