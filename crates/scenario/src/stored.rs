//! A result read back from its folder.

use crate::folder::{ASSIGNMENTS, RESULT};
use crate::versions::RESULT as RESULT_VERSION;
use crate::{Finished, Loaded};
use maillage_check::parse_assignments;
use maillage_input::{
    Code, InputFile, MAX_JSON_BYTES, MAX_TABLE_BYTES, Place, Problem, Text, later, sha256_hex,
};
use maillage_programme::{ResultRecord, seal_of};
use std::path::Path;

/// The result in a folder, if its seal holds and its assignments are those it lists.
///
/// # Errors
/// E208 when it has a later format, E501 when it cannot be read or was altered, and those of reading its files.
pub(crate) fn stored(dir: &Path) -> Result<Finished, Problem> {
    let unreadable = || {
        Problem::error(
            Code::ResultUnreadable,
            Text::new("résultat de maillage illisible ou modifié", "maillage result unreadable or altered"),
        )
        .at(Place::file(dir.display().to_string()))
        .remedy(Text::new("résoudre à nouveau le scénario", "solve the scenario again"))
    };
    let file = InputFile::read(&dir.join(RESULT), MAX_JSON_BYTES)?;
    let value: serde_json::Value = serde_json::from_slice(&file.content).map_err(|_| unreadable())?;
    let at = || Place::file(dir.display().to_string());
    let unknown = |_| later(&value, RESULT_VERSION).map_or_else(unreadable, |p| p.at(at()));
    let record: ResultRecord = serde_json::from_slice(&file.content).map_err(unknown)?;
    let table = InputFile::read(&dir.join(ASSIGNMENTS), MAX_TABLE_BYTES)?;
    let same =
        |path: &str| record.files.iter().any(|f| f.path == path && f.sha256 == sha256_hex(&table.content));
    let (rows, violations) = parse_assignments(table.utf8()?);
    if seal_of(&value) != record.seal || !same(ASSIGNMENTS) || !violations.is_empty() {
        return Err(unreadable());
    }
    Ok(Finished { record, assignments: rows.into_iter().map(|(_, row)| row).collect() })
}

/// That the scenario of a result is where the result, or the user, says.
///
/// # Errors
/// E101.
pub(crate) fn is_there(scenario: &Path) -> Result<(), Problem> {
    if scenario.is_file() {
        return Ok(());
    }
    Err(Problem::error(
        Code::FileNotFound,
        Text::new("le scénario du résultat est introuvable", "the scenario of the result is not found"),
    )
    .at(Place::file(scenario.display().to_string()))
    .remedy(Text::new("le nommer avec --scenario FICHIER", "name it with --scenario FILE")))
}

/// That a result comes from a scenario and its data as they are; else `remedy` says what to do.
///
/// # Errors
/// E502.
pub(crate) fn comes_from(
    dir: &Path,
    record: &ResultRecord,
    loaded: &Loaded,
    remedy: Text,
) -> Result<(), Problem> {
    // A scenario that has moved may bear another name: what counts is what it says.
    let bytes = |inputs: &[maillage_input::InputRecord]| -> Vec<String> {
        inputs.iter().map(|i| i.sha256.clone()).collect()
    };
    if bytes(&record.inputs) == bytes(&loaded.inputs) && record.scenario == loaded.file.name.to_string() {
        return Ok(());
    }
    Err(Problem::error(
        Code::OtherScenario,
        Text::new(
            "le résultat ne vient pas de ce scénario et de ses données tels qu'ils sont",
            "the result does not come from this scenario and its data as they are",
        ),
    )
    .at(Place::file(dir.display().to_string()))
    .value(&record.scenario)
    .remedy(remedy))
}
