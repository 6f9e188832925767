//! Results that stand: what is whole and comes from the same inputs is not computed again.

use crate::Loaded;
use crate::folder::{LOG, RESULT};
use crate::run::{RunOptions, settings};
use maillage_input::{InputFile, Lang, MAX_JSON_BYTES, MAX_TABLE_BYTES, sha256_hex};
use maillage_programme::{ResultRecord, seal_of};
use std::path::Path;

/// The result in a folder, if it is whole: sealed, with every file as it was written.
pub(super) fn whole(dir: &Path) -> Option<ResultRecord> {
    let text = InputFile::read(&dir.join(RESULT), MAX_JSON_BYTES).ok()?;
    let value: serde_json::Value = serde_json::from_slice(&text.content).ok()?;
    let record: ResultRecord = serde_json::from_slice(&text.content).ok()?;
    let same = |path: &str, sha256: &str| {
        let file = InputFile::read(&dir.join(path), MAX_TABLE_BYTES);
        file.is_ok_and(|f| sha256_hex(&f.content) == sha256)
    };
    let complete = seal_of(&value) == record.seal
        && record.files.iter().all(|f| same(&f.path, &f.sha256))
        && dir.join(LOG).is_file();
    complete.then_some(record)
}

/// The whole result of a scenario, if it comes from the files as they are now and from this version.
pub(super) fn standing(dir: &Path, loaded: &Loaded) -> Option<ResultRecord> {
    whole(dir).filter(|record| {
        record.inputs == loaded.inputs
            && record.scenario == loaded.file.name.to_string()
            && record.maillage_version == env!("CARGO_PKG_VERSION")
    })
}

/// The result that a run with these options would give again. One that was interrupted is not.
pub(super) fn unchanged(
    dir: &Path,
    loaded: &Loaded,
    options: &RunOptions,
    lang: Lang,
) -> Option<ResultRecord> {
    let (asked, time_limit_s) = settings(loaded, options);
    let record = standing(dir, loaded).filter(|record| {
        let solver = &record.solver;
        record.limit.as_deref() != Some("interrupted")
            && solver.name == maillage_milp::solver_name()
            && (solver.threads, solver.gap) == (asked.threads, asked.gap)
            && solver.time_limit_s == time_limit_s
            && record.seed == asked.seed
    })?;
    let page = std::fs::read_to_string(dir.join("report.html")).ok()?;
    let word = match lang {
        Lang::Fr => "lang=\"fr\"",
        Lang::En => "lang=\"en\"",
    };
    page.contains(word).then_some(record)
}
