//! The results of a suite shown again.

use super::run::{Shared, mapped};
use super::units::{UNITS, put_bytes};
use super::{Comparison, End, Row, Unit};
use crate::RebuildOptions;
use crate::folder::{RESULT, unmade, with_view, write_again};
use crate::load::load_sharing;
use crate::rebuild::same;
use crate::stored::stored;
use maillage_input::{Code, InputFile, MAX_JSON_BYTES, Place, Problem, Problems, Text};
use maillage_report::{Export, SUITE_EXPORT_FILES, SuiteExports, Unmade};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The comparison, whose order of scenarios and title are kept.
const COMPARISON: &str = "comparison.json";

/// The title and units of the suite in a folder; `None` where there is none.
///
/// # Errors
/// E501 when its comparison cannot be read.
pub(crate) fn units_of(dir: &Path) -> Result<Option<(String, Vec<Unit>)>, Problem> {
    let file = dir.join(COMPARISON);
    if !file.is_file() || !dir.join(UNITS).is_dir() {
        return Ok(None);
    }
    let text = InputFile::read(&file, MAX_JSON_BYTES)?;
    let value: serde_json::Value = serde_json::from_slice(&text.content).unwrap_or_default();
    let scenarios = value["scenarios"].as_array().map(Vec::as_slice).unwrap_or_default();
    // Names of scenarios are safe names of files: anything else was not written here.
    let safe = |name: &&str| maillage_territory::ScenarioId::new(name).is_ok();
    let names: Option<Vec<&str>> =
        scenarios.iter().map(|row| row["scenario"].as_str().filter(safe)).collect();
    let (Some(names), Some(title)) = (names.filter(|n| !n.is_empty()), value["suite"].as_str()) else {
        return Err(Problem::error(
            Code::ResultUnreadable,
            Text::new(
                "comparaison illisible ou d'une autre version",
                "comparison unreadable or of another version",
            ),
        )
        .at(Place::file(file.display().to_string()))
        .remedy(Text::new("relancer « maillage suite --resume »", "run `maillage suite --resume` again")));
    };
    let unit = |name: &str| Unit {
        name: name.to_owned(),
        scenario: dir.join(UNITS).join(format!("{name}.json")),
        folder: dir.join(name),
    };
    Ok(Some((title.to_owned(), names.into_iter().map(unit).collect())))
}

/// Every scenario, then the comparison with its own files made on demand: what compares is one file for the suite, what
/// belongs to a plan stands in its folder.
///
/// # Errors
/// As [`crate::rebuild()`].
pub(crate) fn rebuild(
    dir: &Path,
    title: &str,
    units: &[Unit],
    options: &RebuildOptions,
) -> Result<Vec<PathBuf>, Problems> {
    let shared = Shared::new(None, Arc::default());
    let solved = |unit: &&Unit| unit.folder.join(RESULT).is_file();
    // All of them are looked at before anything is written.
    let mut problems = Problems::new();
    for unit in units.iter().filter(solved) {
        let usable = stored(&unit.folder)
            .map_err(Problems::from)
            .and_then(|finished| same(&unit.folder, &finished, &unit.scenario, &shared.territories));
        if let Err(found) = usable {
            problems.extend(found);
        }
    }
    if problems.has_errors() {
        return Err(problems);
    }
    let lang = options.lang;
    let of_plans: Vec<Export> =
        options.exports.iter().copied().filter(|e| matches!(e, Export::Note | Export::Maps)).collect();
    let failed = |e: Unmade| unmade(dir, &e);
    let stands = |kind: Export, file: &str| options.exports.contains(&kind) || dir.join(file).is_file();
    let [gpkg, xlsx] = SUITE_EXPORT_FILES;
    let kinds = [(Export::Gpkg, gpkg), (Export::Xlsx, xlsx)];
    let of_suite: Vec<Export> = kinds.into_iter().filter(|(k, f)| stands(*k, f)).map(|(k, _)| k).collect();
    let mut exports = SuiteExports::new(&of_suite, title, lang).map_err(failed)?;
    let mut written = Vec::new();
    let mut rows = Vec::new();
    for (i, unit) in units.iter().enumerate() {
        if !solved(&unit) {
            rows.push(match load_sharing(&unit.scenario, &shared.territories) {
                Ok((loaded, _)) => {
                    shared.note(&loaded);
                    Row::without(&unit.name, End::NotRun)
                }
                Err(problems) => Row::without(&unit.name, End::BadInput(problems.sorted())),
            });
            continue;
        }
        let finished = stored(&unit.folder)?;
        let loaded = same(&unit.folder, &finished, &unit.scenario, &shared.territories)?;
        shared.note(&loaded);
        let files = write_again(&unit.folder, &loaded, &finished, &of_plans, lang)?;
        written.extend(files.into_iter().map(|file| unit.folder.join(file)));
        with_view(&loaded, &finished.assignments, &finished.record, |view| exports.add(view))
            .map_err(failed)?;
        let end = End::Kept(finished.record.status);
        rows.push(mapped(i, end, &loaded, &finished.assignments, &finished.record));
    }
    let compared = Comparison::new(rows, shared.names());
    written.extend(compared.write(dir, title, lang)?);
    let made =
        exports.finish(&compared.rows_csv(), &compared.sites_csv(), &compared.zones_csv()).map_err(failed)?;
    for (name, bytes) in made {
        put_bytes(&dir.join(name), &bytes)?;
        written.push(dir.join(name));
    }
    Ok(written)
}
