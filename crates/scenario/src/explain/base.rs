//! The plan that is explained, from a result folder.

use crate::{Finished, Loaded, stored};
use maillage_input::{Code, Place, Problem, Text};
use std::path::Path;

/// The result in a folder, if it is whole and comes from the scenario and its data as they are.
///
/// # Errors
/// E501 when it cannot be read or was altered, E502 when it is of another scenario or version.
pub(super) fn stored(dir: &Path, loaded: &Loaded) -> Result<Finished, Problem> {
    let finished = stored::stored(dir)?;
    let record = &finished.record;
    let remedy = Text::new(
        "résoudre à nouveau le scénario, ou se passer de --result",
        "solve the scenario again, or do without --result",
    );
    stored::comes_from(dir, record, loaded, remedy.clone())?;
    if record.maillage_version != env!("CARGO_PKG_VERSION") {
        return Err(Problem::error(
            Code::OtherScenario,
            Text::new("le résultat vient d'une autre version", "the result comes from another version"),
        )
        .at(Place::file(dir.display().to_string()))
        .value(&record.maillage_version)
        .remedy(remedy));
    }
    Ok(finished)
}
