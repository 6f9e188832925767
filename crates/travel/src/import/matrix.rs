//! Matrices in JSON.

use super::{Codes, ImportOptions, Pairs, Unit};
use crate::problem::error;
use maillage_input::{Code, InputFile, Place, Problem, Text};
use serde::Deserialize;
use serde::de::DeserializeOwned;

type Cells = Vec<Vec<Option<f64>>>;

#[derive(Deserialize)]
struct Osrm {
    code: Option<String>,
    message: Option<String>,
    durations: Option<Cells>,
    /// Before version 5.
    distance_table: Option<Cells>,
    #[serde(default)]
    fallback_speed_cells: Vec<(usize, usize)>,
}

#[derive(Deserialize)]
struct Valhalla {
    error: Option<String>,
    sources_to_targets: Option<ValhallaCells>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum ValhallaCells {
    Verbose(Vec<Vec<Cell>>),
    Brief { durations: Cells },
}

#[derive(Deserialize)]
struct Cell {
    time: Option<f64>,
    from_index: Option<usize>,
    to_index: Option<usize>,
}

/// A matrix of OSRM. Cells filled with its `fallback_speed` are guesses: absent.
pub(super) fn osrm(file: &InputFile, options: &ImportOptions) -> Result<(Pairs, Unit), Problem> {
    let read: Osrm = parse(file)?;
    if let Some(code) = read.code.filter(|code| code != "Ok") {
        return Err(refused(file, &format!("{code} {}", read.message.unwrap_or_default())));
    }
    let (mut cells, unit) = match (read.durations, read.distance_table) {
        (Some(cells), _) => (cells, Unit::Seconds),
        (None, Some(cells)) => (cells, Unit::TenthsOfSeconds),
        (None, None) => return Err(lacks(file, "durations")),
    };
    // Before version 5 the largest number of 32 bits stood for "unreachable".
    for time in cells.iter_mut().flatten() {
        *time = time.filter(|&t| t < 2_147_483_647.0);
    }
    let mut guessed = 0;
    for (i, j) in read.fallback_speed_cells {
        if let Some(cell) = cells.get_mut(i).and_then(|row| row.get_mut(j))
            && cell.take().is_some()
        {
            guessed += 1;
        }
    }
    Ok((Pairs { guessed, ..square(file, options, &cells)? }, unit))
}

/// A matrix of Valhalla, in either of its two shapes.
pub(super) fn valhalla(file: &InputFile, options: &ImportOptions) -> Result<(Pairs, Unit), Problem> {
    let read: Valhalla = parse(file)?;
    if let Some(message) = read.error {
        return Err(refused(file, &message));
    }
    let cells = match read.sources_to_targets {
        None => return Err(lacks(file, "sources_to_targets")),
        Some(ValhallaCells::Brief { durations }) => durations,
        Some(ValhallaCells::Verbose(rows)) => {
            let in_order = rows.iter().enumerate().all(|(i, row)| {
                row.iter().enumerate().all(|(j, cell)| {
                    cell.from_index.is_none_or(|f| f == i) && cell.to_index.is_none_or(|t| t == j)
                })
            });
            if !in_order {
                return Err(malformed(
                    file,
                    "cellules dans un autre ordre que leurs indices",
                    "cells in another order than their indices",
                ));
            }
            rows.into_iter().map(|row| row.into_iter().map(|cell| cell.time).collect()).collect()
        }
    };
    Ok((square(file, options, &cells)?, Unit::Seconds))
}

fn square(file: &InputFile, options: &ImportOptions, cells: &Cells) -> Result<Pairs, Problem> {
    let Some((from, to)) = &options.codes else {
        return Err(malformed(
            file,
            "une matrice ne porte pas les codes des lieux",
            "a matrix does not bear the codes of places",
        )
        .remedy(Text::new(
            "donner la table des lieux, dans l'ordre de la matrice",
            "give the table of the places, in the order of the matrix",
        )));
    };
    if cells.len() != from.len() || cells.iter().any(|row| row.len() != to.len()) {
        let columns = cells.first().map_or(0, Vec::len);
        return Err(malformed(
            file,
            &format!("matrice de {} × {columns} pour {} × {} lieux", cells.len(), from.len(), to.len()),
            &format!("matrix of {} × {columns} for {} × {} places", cells.len(), from.len(), to.len()),
        ));
    }
    let (mut of_from, mut of_to) = (Codes::default(), Codes::default());
    let from: Vec<u32> = from.iter().map(|code| of_from.ix(code)).collect();
    let to: Vec<u32> = to.iter().map(|code| of_to.ix(code)).collect();
    let mut list = Vec::new();
    for (row, &i) in cells.iter().zip(&from) {
        list.extend(row.iter().zip(&to).map(|(&time, &j)| (i, j, time)));
    }
    Ok(Pairs { from: of_from, to: of_to, list, guessed: 0 })
}

fn parse<T: DeserializeOwned>(file: &InputFile) -> Result<T, Problem> {
    serde_json::from_str(file.utf8()?).map_err(|e| {
        let place =
            Place { column: Some(e.column() as u64), ..Place::line(&file.record.path, e.line() as u64) };
        malformed(
            file,
            &format!("ce n'est pas la matrice attendue ({e})"),
            &format!("not the matrix that was expected ({e})"),
        )
        .at(place)
    })
}

fn malformed(file: &InputFile, fr: &str, en: &str) -> Problem {
    error(Code::MatrixFormat, fr, en)
        .at(Place::file(&file.record.path))
        .remedy(Text::new("vérifier le format et les lieux donnés", "check the format and the places given"))
}

fn refused(file: &InputFile, message: &str) -> Problem {
    malformed(file, "l'outil a répondu par une erreur", "the engine answered with an error").value(message)
}

fn lacks(file: &InputFile, key: &str) -> Problem {
    malformed(file, &format!("« {key} » absent"), &format!("`{key}` is missing"))
}
