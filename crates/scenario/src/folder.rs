//! The result folder: written whole or not at all.

use crate::{Finished, Loaded};
use maillage_input::{Code, Lang, Place, Problem, Text, folder_of, sha256_hex, tidy, turn, unfinished};
use maillage_programme::{AssignmentRow, FileRecord, ResultRecord, Task, seal_of};
use maillage_report::{EXPORT_FILES, Export, Unmade, View, exports};
use std::fs;
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

/// The file that makes a folder a result.
pub(crate) const RESULT: &str = "result.json";
/// The file that holds who is attached where.
pub(crate) const ASSIGNMENTS: &str = "assignments.csv";
/// The file of payments; only of health programmes.
const MONEY: &str = "money.csv";
/// The log, whose times differ from run to run: neither hashed nor compared.
pub(crate) const LOG: &str = "log.jsonl";

/// The files that every result folder may hold.
const OURS: [&str; 9] = [
    RESULT,
    ASSIGNMENTS,
    LOG,
    MONEY,
    "indicators.csv",
    "plan.geojson",
    "posts.csv",
    "report.html",
    "sites.csv",
];

/// Whether a result can be written to `dir`, asked before a long solve. A result that an earlier run was
/// moving aside when it was killed is put back.
///
/// # Errors
/// E107 when the folder cannot be written, E108 when it holds anything but the files of a result.
pub fn ready(dir: &Path) -> Result<(), Problem> {
    ready_for(dir, RESULT, &names())
}

/// The files of a result folder, those made on demand among them: no other is ever replaced or removed.
fn names() -> Vec<&'static str> {
    OURS.into_iter().chain(EXPORT_FILES).collect()
}

/// Writes to `dir` the files of a result that was solved where `dir` is not seen, all of them or none; no other file.
///
/// # Errors
/// As [`ready`].
pub fn receive(dir: &Path, files: &[(&str, String)]) -> Result<(), Problem> {
    let files: Vec<_> = files.iter().filter(|(name, _)| OURS.contains(name)).cloned().collect();
    write_files(dir, RESULT, &names(), &files)
}

/// Writes files to a folder that holds nothing but `names`, `main` last of all, all of them or none.
pub(crate) fn write_files(
    dir: &Path,
    main: &str,
    names: &[&str],
    files: &[(&str, String)],
) -> Result<(), Problem> {
    ready_for(dir, main, names)?;
    let dir = &target(dir).map_err(|e| unwritable(dir, &e))?;
    replace(dir, main, files).map_err(|e| unwritable(dir, &e))
}

/// A folder is ours when it is empty, or holds our main file and no file but ours.
fn ready_for(dir: &Path, main: &str, names: &[&str]) -> Result<(), Problem> {
    let unwritable = |e: io::Error| unwritable(dir, &e);
    let parent = folder_of(dir);
    fs::create_dir_all(parent).map_err(unwritable)?;
    let target = target(dir).map_err(unwritable)?;
    tidy(folder_of(&target), &name_of(&target)).map_err(unwritable)?;
    match fs::read_dir(&target) {
        Ok(entries) => {
            let found: Vec<_> = entries.flatten().map(|e| e.file_name()).collect();
            let unknown = found.iter().find(|n| !names.iter().any(|name| n == name)).cloned();
            let foreign = unknown.or_else(|| found.first().filter(|_| !is_ours(&target.join(main))).cloned());
            if let Some(name) = foreign {
                return Err(Problem::error(
                    Code::OutputForeign,
                    Text::new(
                        "ce dossier contient autre chose qu'un résultat de maillage",
                        "this folder holds something else than a maillage result",
                    ),
                )
                .at(Place::file(dir.display().to_string()))
                .value(name.to_string_lossy())
                .remedy(Text::new("choisir un autre dossier", "choose another folder")));
            }
        }
        Err(e) if e.kind() == io::ErrorKind::NotFound => {}
        Err(e) => return Err(unwritable(e)),
    }
    // Named after the folder: a suite asks for several at once.
    let probe = unfinished(folder_of(&target), &name_of(&target), "probe");
    fs::write(&probe, b"").and_then(|()| fs::remove_file(&probe)).map_err(unwritable)
}

/// Whether a file is a record of maillage: other programs and users name files alike.
fn is_ours(main: &Path) -> bool {
    let read = fs::read(main).ok().and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok());
    read.is_some_and(|record| record["maillage_version"].is_string())
}

/// The folder itself, whatever name it was given: `.`, a link, a trailing slash.
fn target(dir: &Path) -> io::Result<PathBuf> {
    match dir.canonicalize() {
        Ok(path) => Ok(path),
        Err(_) => {
            let name = dir.file_name().ok_or_else(|| io::Error::other("not a folder name"))?;
            Ok(folder_of(dir).canonicalize()?.join(name))
        }
    }
}

fn name_of(dir: &Path) -> String {
    dir.file_name().map_or_else(|| "result".into(), |n| n.to_string_lossy().into_owned())
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
    let dir = &target(dir).map_err(|e| unwritable(dir, &e))?;
    let mut record = finished.record.clone();
    record.scenario_file = path_from(dir, &loaded.path).map_err(|e| unwritable(dir, &e))?;
    let derived = render(loaded, finished, &record, lang);
    let files = derived.into_iter().map(|(name, text)| (name, text.into_bytes())).collect();
    put(dir, record, files, log.to_owned().into_bytes())
}

/// Writes derived files anew in a result folder, and those made on demand: those that stand there, and those of the
/// `wanted` kinds. The decisions stay as they are. Returns the names of what was written.
///
/// # Errors
/// As [`ready`]; E503 when a file cannot be made.
pub(crate) fn write_again(
    dir: &Path,
    loaded: &Loaded,
    finished: &Finished,
    wanted: &[Export],
    lang: Lang,
) -> Result<Vec<String>, Problem> {
    ready(dir)?;
    let dir = &target(dir).map_err(|e| unwritable(dir, &e))?;
    let mut record = finished.record.clone();
    record.scenario_file = path_from(dir, &loaded.path).map_err(|e| unwritable(dir, &e))?;
    let log = fs::read(dir.join(LOG)).unwrap_or_default();
    let mut files: Vec<(&str, Vec<u8>)> = render(loaded, finished, &record, lang)
        .into_iter()
        .map(|(name, text)| (name, text.into_bytes()))
        .collect();
    let stand = exports_of(&record);
    for kind in Export::ALL.into_iter().filter(|kind| wanted.contains(kind) || stand.contains(kind)) {
        let made = with_view(loaded, &finished.assignments, &record, |view| exports(view, lang, kind));
        files.extend(made.map_err(|e| unmade(dir, &e))?);
    }
    let record = put(dir, record, files, log)?;
    Ok(record.files.into_iter().map(|file| file.path).collect())
}

/// The kinds of files made on demand that stand in a folder.
pub(crate) fn exports_of(record: &ResultRecord) -> Vec<Export> {
    let stands = |kind: &Export| record.files.iter().any(|f| Export::of_file(&f.path) == Some(*kind));
    Export::ALL.into_iter().filter(stands).collect()
}

/// What a file of another tool could not be made for.
pub(crate) fn unmade(dir: &Path, e: &Unmade) -> Problem {
    let cause = Text::new(
        format!("un fichier n'a pas pu être produit ({e})"),
        format!("a file could not be made ({e})"),
    );
    let remedy = Text::new("demander d'autres fichiers avec --with", "ask for other files with --with");
    Problem::error(Code::ExportFailed, cause).at(Place::file(dir.display().to_string())).remedy(remedy)
}

/// Lists and seals the files, then writes them with the record and the log.
fn put(
    dir: &Path,
    mut record: ResultRecord,
    mut files: Vec<(&str, Vec<u8>)>,
    log: Vec<u8>,
) -> Result<ResultRecord, Problem> {
    let listed = |(name, bytes): &(&str, Vec<u8>)| FileRecord {
        path: (*name).to_owned(),
        bytes: bytes.len() as u64,
        sha256: sha256_hex(bytes),
    };
    record.files = files.iter().map(listed).collect();
    files.push((RESULT, seal(&mut record).into_bytes()));
    files.push((LOG, log));
    replace(dir, RESULT, &files).map_err(|e| unwritable(dir, &e))?;
    Ok(record)
}

/// What pages, tables and other files are made from.
pub(crate) fn with_view<T>(
    loaded: &Loaded,
    assignments: &[AssignmentRow],
    record: &ResultRecord,
    make: impl FnOnce(&View<'_>) -> T,
) -> T {
    let (people, access, types, health): (_, _, &[_], _) = match &loaded.task {
        Task::Siting(programme) => (&programme.people, programme.access.as_ref(), &programme.types, None),
        Task::Location(task) => (&task.people, None, &[], None),
        Task::Health(health) => {
            let last = &health.people[usize::from(health.years)];
            (last, health.access.as_ref(), &[], Some(health.as_ref()))
        }
    };
    make(&View {
        territory: &loaded.territory,
        record,
        assignments,
        people,
        access,
        candidates: &loaded.task.candidates(),
        types,
        health,
    })
}

/// Every file that each folder holds, but `result.json` and the log.
pub(crate) fn render(
    loaded: &Loaded,
    finished: &Finished,
    record: &ResultRecord,
    lang: Lang,
) -> Vec<(&'static str, String)> {
    with_view(loaded, &finished.assignments, record, |view| files(view, lang))
}

fn files(view: &View<'_>, lang: Lang) -> Vec<(&'static str, String)> {
    let mut files = vec![
        (ASSIGNMENTS, maillage_report::assignments_csv(view)),
        ("indicators.csv", maillage_report::indicators_csv(view)),
        ("plan.geojson", maillage_report::plan_geojson(view)),
        ("posts.csv", maillage_report::posts_csv(view)),
        ("report.html", maillage_report::report_html(view, lang)),
        ("sites.csv", maillage_report::sites_csv(view)),
    ];
    if view.health.is_some() {
        files.push((MONEY, maillage_report::money_csv(view.record)));
    }
    files
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

/// Writes the files beside `dir`, then swaps the folders. A folder that cannot be moved (a mount point) gets
/// its files one by one, the main one last: a result without it is no result.
fn replace<T: AsRef<[u8]>>(dir: &Path, main: &str, files: &[(&str, T)]) -> io::Result<()> {
    let (parent, name) = (folder_of(dir), name_of(dir));
    let (fresh, old) = (unfinished(parent, &name, "new"), unfinished(parent, &name, "old"));
    let written = (|| {
        fs::create_dir(&fresh)?;
        for (file, bytes) in files {
            write_synced(&fresh.join(file), bytes.as_ref())?;
        }
        // Another run may be doing the same.
        let _turn = turn(parent);
        if !dir.exists() {
            return fs::rename(&fresh, dir);
        }
        if fs::rename(dir, &old).is_err() {
            return overwrite(dir, main, files);
        }
        if let Err(e) = fs::rename(&fresh, dir) {
            fs::rename(&old, dir)?;
            return Err(e);
        }
        fs::remove_dir_all(&old)
    })();
    // The fresh folder is ours alone, and gone if all went well; if it cannot be removed the first error says why.
    let _ = fs::remove_dir_all(&fresh);
    written
}

fn overwrite<T: AsRef<[u8]>>(dir: &Path, main: &str, files: &[(&str, T)]) -> io::Result<()> {
    let mut files: Vec<_> = files.iter().collect();
    files.sort_by_key(|(name, _)| *name == main);
    match fs::remove_file(dir.join(main)) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    files.into_iter().try_for_each(|(name, bytes)| write_synced(&dir.join(name), bytes.as_ref()))
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut out = fs::File::create(path)?;
    out.write_all(bytes)?;
    out.sync_all()
}

pub(crate) fn unwritable(dir: &Path, e: &io::Error) -> Problem {
    Problem::error(
        Code::OutputUnwritable,
        Text::new(format!("écriture impossible ({e})"), format!("cannot be written ({e})")),
    )
    .at(Place::file(dir.display().to_string()))
    .remedy(Text::new("vérifier les droits et la place libre", "check permissions and free space"))
}

/// `file` as seen from `dir`, so that a result says the same on every machine.
pub(crate) fn path_from(dir: &Path, file: &Path) -> io::Result<String> {
    let dir = folder_of(dir).canonicalize()?.join(dir.file_name().unwrap_or_default());
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
        replace(&dir, RESULT, &[(RESULT, "1".to_owned())]).unwrap();
        // A file name with a separator that leads nowhere cannot be created.
        assert!(replace(&dir, RESULT, &[("x/y", "2".to_owned())]).is_err());
        assert_eq!(fs::read_to_string(dir.join(RESULT)).unwrap(), "1");
        replace(&dir, RESULT, &[(RESULT, "3".to_owned())]).unwrap();
        assert_eq!(fs::read_to_string(dir.join(RESULT)).unwrap(), "3");
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn foreign_folders_are_not_touched() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("thesis.docx"), "x").unwrap();
        assert_eq!(ready(root.path()).unwrap_err().code, Code::OutputForeign);
        fs::write(root.path().join(RESULT), "{}").unwrap();
        assert_eq!(ready(root.path()).unwrap_err().code, Code::OutputForeign, "beside a result too");
        fs::remove_file(root.path().join("thesis.docx")).unwrap();
        assert_eq!(
            ready(root.path()).unwrap_err().code,
            Code::OutputForeign,
            "another program's result.json"
        );
        fs::remove_file(root.path().join(RESULT)).unwrap();
        fs::write(root.path().join("sites.csv"), "mine").unwrap();
        assert_eq!(ready(root.path()).unwrap_err().code, Code::OutputForeign, "one's own sites.csv");
        fs::write(root.path().join(RESULT), r#"{"maillage_version":"0"}"#).unwrap();
        ready(root.path()).unwrap();
        fs::write(root.path().join("thesis.docx"), "x").unwrap();
        assert_eq!(ready(&root.path().join("thesis.docx/r")).unwrap_err().code, Code::OutputUnwritable);
    }

    #[test]
    fn a_folder_that_cannot_move_gets_its_files() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join(RESULT), "1").unwrap();
        overwrite(root.path(), RESULT, &[(RESULT, "2".to_owned()), ("sites.csv", "s".to_owned())]).unwrap();
        assert_eq!(fs::read_to_string(root.path().join(RESULT)).unwrap(), "2");
    }
}
