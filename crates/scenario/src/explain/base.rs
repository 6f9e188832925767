//! The plan that is explained, from a result folder.

use crate::folder::{ASSIGNMENTS, RESULT};
use crate::{Finished, Loaded};
use maillage_check::parse_assignments;
use maillage_input::{Code, InputFile, MAX_JSON_BYTES, MAX_TABLE_BYTES, Place, Problem, Text, sha256_hex};
use maillage_programme::{ResultRecord, seal_of};
use std::path::Path;

/// The result in a folder, if it is whole and comes from the scenario and its data as they are.
///
/// # Errors
/// E501 when it cannot be read or was altered, E502 when it is of another scenario or version.
pub(super) fn stored(dir: &Path, loaded: &Loaded) -> Result<Finished, Problem> {
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
    let record: ResultRecord = serde_json::from_slice(&file.content).map_err(|_| unreadable())?;
    let table = InputFile::read(&dir.join(ASSIGNMENTS), MAX_TABLE_BYTES)?;
    let same =
        |path: &str| record.files.iter().any(|f| f.path == path && f.sha256 == sha256_hex(&table.content));
    let (rows, violations) = parse_assignments(table.utf8()?);
    if seal_of(&value) != record.seal || !same(ASSIGNMENTS) || !violations.is_empty() {
        return Err(unreadable());
    }
    let here = record.inputs == loaded.inputs
        && record.scenario == loaded.file.name.to_string()
        && record.maillage_version == env!("CARGO_PKG_VERSION");
    if !here {
        return Err(Problem::error(
            Code::OtherScenario,
            Text::new(
                "le résultat ne vient pas de ce scénario et de ses données tels qu'ils sont",
                "the result does not come from this scenario and its data as they are",
            ),
        )
        .at(Place::file(dir.display().to_string()))
        .value(&record.scenario)
        .remedy(Text::new(
            "résoudre à nouveau le scénario, ou se passer de --result",
            "solve the scenario again, or do without --result",
        )));
    }
    Ok(Finished { record, assignments: rows.into_iter().map(|(_, row)| row).collect() })
}
