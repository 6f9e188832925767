//! The result folder: written whole or not at all.

use crate::{Finished, Loaded};
use maillage_input::{Code, Lang, Place, Problem, Text, sha256_hex};
use maillage_programme::{FileRecord, ResultRecord, Task, seal_of};
use maillage_report::View;
use std::fs;
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

/// The file that makes a folder a result.
pub(crate) const RESULT: &str = "result.json";
/// The file that holds who is attached where.
pub(crate) const ASSIGNMENTS: &str = "assignments.csv";
/// The log, whose times differ from run to run: neither hashed nor compared.
const LOG: &str = "log.jsonl";

/// Whether a result can be written to `dir`, asked before a long solve.
///
/// # Errors
/// E107 when the folder cannot be written, E108 when it holds something that is not a result.
pub fn ready(dir: &Path) -> Result<(), Problem> {
    let unwritable = |e: io::Error| unwritable(dir, &e);
    match fs::read_dir(dir) {
        Ok(mut entries) => {
            if entries.next().is_some() && !dir.join(RESULT).is_file() {
                return Err(Problem::error(
                    Code::OutputForeign,
                    Text::new(
                        "ce dossier n'est pas vide et n'est pas un résultat de maillage",
                        "this folder is not empty and is not a maillage result",
                    ),
                )
                .at(Place::file(dir.display().to_string()))
                .remedy(Text::new("choisir un autre dossier", "choose another folder")));
            }
        }
        Err(e) if e.kind() == io::ErrorKind::NotFound => {}
        Err(e) => return Err(unwritable(e)),
    }
    let parent = parent_of(dir);
    fs::create_dir_all(&parent).map_err(unwritable)?;
    let probe = parent.join(format!(".maillage-{}", std::process::id()));
    fs::write(&probe, b"").and_then(|()| fs::remove_file(&probe)).map_err(unwritable)
}

/// Writes a result to `dir`, in place of an earlier one, which stays untouched if anything fails.
/// `log` holds the lines of the log. Returns the record as written.
///
/// # Errors
/// As [`ready`].
pub fn write(
    dir: &Path,
    loaded: &Loaded,
    finished: &Finished,
    log: &str,
    lang: Lang,
) -> Result<ResultRecord, Problem> {
    ready(dir)?;
    let mut record = finished.record.clone();
    record.scenario_file = path_from(dir, &loaded.path).map_err(|e| unwritable(dir, &e))?;
    let derived = render(loaded, finished, &record, lang);
    record.files = derived
        .iter()
        .map(|(name, text)| FileRecord {
            path: (*name).to_owned(),
            bytes: text.len() as u64,
            sha256: sha256_hex(text.as_bytes()),
        })
        .collect();
    let sealed = seal(&mut record);
    let mut files = derived;
    files.push((RESULT, sealed));
    files.push((LOG, log.to_owned()));
    replace(dir, &files).map_err(|e| unwritable(dir, &e))?;
    Ok(record)
}

/// Every file of the folder but `result.json` and the log.
pub(crate) fn render(
    loaded: &Loaded,
    finished: &Finished,
    record: &ResultRecord,
    lang: Lang,
) -> Vec<(&'static str, String)> {
    let (people, types): (_, &[_]) = match &loaded.task {
        Task::Siting(programme) => (&programme.people, &programme.types),
        Task::Location(task) => (&task.people, &[]),
    };
    let view = View {
        territory: &loaded.territory,
        record,
        assignments: &finished.assignments,
        people,
        candidates: &loaded.task.candidates(),
        types,
    };
    vec![
        (ASSIGNMENTS, maillage_report::assignments_csv(&record.scenario, &finished.assignments)),
        ("indicators.csv", maillage_report::indicators_csv(&view)),
        ("plan.geojson", maillage_report::plan_geojson(&view)),
        ("posts.csv", maillage_report::posts_csv(&view)),
        ("report.html", maillage_report::report_html(&view, lang)),
        ("sites.csv", maillage_report::sites_csv(&view)),
    ]
}

/// Fills in the seal and gives the text of `result.json`.
fn seal(record: &mut ResultRecord) -> String {
    record.seal = seal_of(&value_of(record));
    let mut text = serde_json::to_string_pretty(record).expect("a record has text keys only");
    text.push('\n');
    text
}

/// The record as it reads back: what goes through a file and what does not are sealed alike.
fn value_of(record: &ResultRecord) -> serde_json::Value {
    let text = serde_json::to_string(record).expect("a record has text keys only");
    serde_json::from_str(&text).expect("what was written reads back")
}

/// Writes the files beside `dir`, then swaps the folders.
fn replace(dir: &Path, files: &[(&str, String)]) -> io::Result<()> {
    let parent = parent_of(dir);
    let name = dir.file_name().map_or_else(|| "result".into(), |n| n.to_string_lossy().into_owned());
    let fresh = parent.join(format!(".{name}.new-{}", std::process::id()));
    let old = parent.join(format!(".{name}.old-{}", std::process::id()));
    let written = (|| {
        fs::create_dir(&fresh)?;
        for (file, text) in files {
            let mut out = fs::File::create(fresh.join(file))?;
            out.write_all(text.as_bytes())?;
            out.sync_all()?;
        }
        if dir.exists() {
            fs::rename(dir, &old)?;
            if let Err(e) = fs::rename(&fresh, dir) {
                fs::rename(&old, dir)?;
                return Err(e);
            }
            fs::remove_dir_all(&old)
        } else {
            fs::rename(&fresh, dir)
        }
    })();
    if written.is_err() {
        // The fresh folder is ours alone; if it cannot be removed the first error says why.
        let _ = fs::remove_dir_all(&fresh);
    }
    written
}

fn parent_of(dir: &Path) -> PathBuf {
    match dir.parent() {
        Some(p) if !p.as_os_str().is_empty() => p.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn unwritable(dir: &Path, e: &io::Error) -> Problem {
    Problem::error(
        Code::OutputUnwritable,
        Text::new(format!("écriture impossible ({e})"), format!("cannot be written ({e})")),
    )
    .at(Place::file(dir.display().to_string()))
    .remedy(Text::new("vérifier les droits et la place libre", "check permissions and free space"))
}

/// `file` as seen from `dir`, so that a result says the same on every machine.
fn path_from(dir: &Path, file: &Path) -> io::Result<String> {
    let dir = parent_of(dir).canonicalize()?.join(dir.file_name().unwrap_or_default());
    let file = file.canonicalize()?;
    let common = dir.components().zip(file.components()).take_while(|(a, b)| a == b).count();
    let up = dir.components().skip(common).map(|_| "..".to_owned());
    let down = file.components().skip(common).map(|c| match c {
        Component::Normal(name) => name.to_string_lossy().into_owned(),
        other => other.as_os_str().to_string_lossy().into_owned(),
    });
    Ok(up.chain(down).collect::<Vec<_>>().join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("a/b")).unwrap();
        fs::write(root.path().join("a/s.json"), "{}").unwrap();
        let from = |dir: &str| path_from(&root.path().join(dir), &root.path().join("a/s.json")).unwrap();
        assert_eq!(from("a/b/r"), "../../s.json");
        assert_eq!(from("r"), "../a/s.json");
    }

    #[test]
    fn an_earlier_result_survives_a_failure() {
        let root = tempfile::tempdir().unwrap();
        let dir = root.path().join("r");
        replace(&dir, &[(RESULT, "1".to_owned())]).unwrap();
        // A file name with a separator that leads nowhere cannot be created.
        assert!(replace(&dir, &[("x/y", "2".to_owned())]).is_err());
        assert_eq!(fs::read_to_string(dir.join(RESULT)).unwrap(), "1");
        replace(&dir, &[(RESULT, "3".to_owned())]).unwrap();
        assert_eq!(fs::read_to_string(dir.join(RESULT)).unwrap(), "3");
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn foreign_folders_are_not_touched() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("thesis.docx"), "x").unwrap();
        assert_eq!(ready(root.path()).unwrap_err().code, Code::OutputForeign);
        fs::write(root.path().join(RESULT), "{}").unwrap();
        assert!(ready(root.path()).is_ok());
        assert_eq!(ready(&root.path().join("thesis.docx/r")).unwrap_err().code, Code::OutputUnwritable);
    }
}
