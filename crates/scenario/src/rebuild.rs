//! A result shown again: its page, its tables and files of other tools, from what was solved, without solving.

use crate::folder::{RESULT, write_again};
use crate::stored::{comes_from, is_there, stored};
use crate::territories::Territories;
use crate::verify::joined;
use crate::{Finished, Loaded, load::load_sharing, suite};
use maillage_input::{Code, Lang, Place, Problem, Problems, Text};
use maillage_report::Export;
use std::path::{Path, PathBuf};

/// What is asked of a result that is shown again.
#[derive(Debug, Clone, Default)]
pub struct RebuildOptions {
    /// The scenario file, when it has moved; not of a suite.
    pub scenario: Option<PathBuf>,
    /// Files to make besides those that stand.
    pub exports: Vec<Export>,
    /// Language of all of them.
    pub lang: Lang,
}

/// Writes the page and the tables of the result in `dir` anew, and the files made on demand: those that stand there and
/// those that are asked. Where `dir` holds a suite, those of every scenario and the comparison. Returns every file
/// written. The folder of a scenario is replaced whole; nothing is written unless every result can be used.
///
/// # Errors
/// E504 when `dir` holds no result; E501 for a result that cannot be read or was altered, E502 for one of other inputs
/// than those of today; problems of the inputs; E107, E108, E503.
pub fn rebuild(dir: &Path, options: &RebuildOptions) -> Result<Vec<PathBuf>, Problems> {
    if dir.join(RESULT).is_file() {
        return one(dir, options);
    }
    if let Some((title, units)) = suite::units_of(dir)?
        && options.scenario.is_none()
    {
        return suite::rebuild(dir, &title, &units, options);
    }
    Err(Problem::error(
        Code::NoResult,
        Text::new(
            "ce dossier n'est ni celui d'un résultat ni celui d'une suite",
            "this folder holds neither a result nor the results of a suite",
        ),
    )
    .at(Place::file(dir.display().to_string()))
    .remedy(Text::new(
        "donner le dossier écrit par « maillage solve » ou « maillage suite »",
        "give the folder written by `maillage solve` or `maillage suite`",
    ))
    .into())
}

fn one(dir: &Path, options: &RebuildOptions) -> Result<Vec<PathBuf>, Problems> {
    let finished = stored(dir)?;
    let path = options.scenario.clone().unwrap_or_else(|| joined(dir, &finished.record.scenario_file));
    is_there(&path)?;
    let loaded = same(dir, &finished, &path, &Territories::default())?;
    let files = write_again(dir, &loaded, &finished, &options.exports, options.lang)?;
    Ok(files.into_iter().map(|file| dir.join(file)).collect())
}

/// The scenario of a result, if the result comes from it as it is.
pub(crate) fn same(
    dir: &Path,
    finished: &Finished,
    scenario: &Path,
    known: &Territories,
) -> Result<Loaded, Problems> {
    let (loaded, _) = load_sharing(scenario, known)?;
    let remedy = Text::new("résoudre à nouveau le scénario", "solve the scenario again");
    comes_from(dir, &finished.record, &loaded, remedy)?;
    Ok(loaded)
}
