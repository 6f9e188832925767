//! Lists of pairs in CSV.

use super::{Format, ImportOptions, Pairs, Unit};
use crate::problem::{error, remedy};
use crate::rows::{Rows, number};
use maillage_input::{Code, Place, Problem, Problems, Text};
use std::path::Path;

/// Names of the columns of each format, in small letters: the first that is there is read.
const METRIC: [&[&str]; 3] = [
    &["idsrc", "depcom_depart", "code_depart", "origine", "from_id", "from"],
    &["iddst", "depcom_arrivee", "code_arrivee", "destination", "to_id", "to"],
    &["duree", "temps", "minutes"],
];
const R5: [&[&str]; 3] = [&["from_id", "fromid"], &["to_id", "toid"], &["travel_time_p50", "travel_time"]];
const ACCESS: [&[&str]; 3] = [&["origin"], &["dest", "destination"], &["cost"]];

/// What engines write where there is no time.
const NONE: [&str; 7] = ["", "na", "nan", "null", "none", "inf", "infinity"];

/// Reads a list. Cells that say "none", and negative times, are no times.
pub(super) fn read(path: &Path, options: &ImportOptions) -> Result<(Pairs, Unit), Problems> {
    let rows = Rows::open(path)?;
    let (names, unit) = match options.format {
        Format::R5 => (R5, Some(Unit::Minutes)),
        Format::Access => (ACCESS, None),
        _ => (METRIC, Some(Unit::Minutes)),
    };
    let Some(unit) = options.unit.or(unit) else { return Err(no_unit(&rows.file).into()) };
    let columns = match &options.columns {
        Some(named) => named.each_ref().map(|name| rows.column(&[name.to_lowercase().as_str()])),
        None => names.map(|names| rows.column(names)),
    };
    let [from, to, time] = columns;
    let (from, to, time) = (from?, to?, time?);
    let (mut pairs, mut problems) = (Pairs::default(), Problems::new());
    rows.each(|line, row| {
        let cell = |column: usize| row.get(column).unwrap_or_default();
        let text = cell(time);
        let minutes = if NONE.contains(&text.to_lowercase().as_str()) {
            None
        } else {
            let read = number(text);
            if read.is_none() {
                let problem = error(Code::BadNumber, "ce n'est pas un nombre", "not a number");
                let problem = problem.at(Place::line(&rows.file, line)).value(text);
                problems.push(remedy(problem, "corriger la cellule", "mend the cell"));
            }
            read
        };
        if cell(from).is_empty() || cell(to).is_empty() {
            let problem = error(Code::BadCode, "code vide", "empty code").at(Place::line(&rows.file, line));
            problems.push(remedy(problem, "donner les deux codes", "give both codes"));
            return;
        }
        let (from, to) = (pairs.from.ix(cell(from)), pairs.to.ix(cell(to)));
        pairs.list.push((from, to, minutes));
    })?;
    if pairs.list.is_empty() && !problems.has_errors() {
        let problem = error(Code::NoPlaces, "aucune paire dans la table", "no pair in the table");
        problems.push(remedy(problem.at(Place::file(&rows.file)), "ajouter des lignes", "add rows"));
    }
    problems.or_value((pairs, unit)).map(|(found, _)| found)
}

fn no_unit(file: &str) -> Problem {
    error(Code::MatrixFormat, "unité des temps inconnue", "unit of the times unknown")
        .at(Place::file(file))
        .remedy(Text::new(
            "préciser l'unité : secondes, minutes ou heures",
            "say which unit: seconds, minutes or hours",
        ))
}
