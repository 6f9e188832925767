//! A result folder held against its inputs, without a solver.

use crate::Finished;
use crate::folder::{ASSIGNMENTS, RESULT, exports_of, render, with_view};
use crate::load::load_sharing;
use crate::locate::check_located;
use crate::stored::is_there;
use crate::territories::Territories;
use crate::versions::RESULT as RESULT_VERSION;
use maillage_check::{Dossier, Report, Rule, parse_assignments};
use maillage_input::{
    Code, Document, InputFile, Lang, MAX_JSON_BYTES, MAX_TABLE_BYTES, Place, Problem, Problems, Text, later,
    plural, sha256_hex,
};
use maillage_programme::{FileRecord, ResultRecord};
use std::path::{Path, PathBuf};

/// What a check says.
#[derive(Debug)]
pub struct Verdict {
    /// Name of the scenario.
    pub scenario: String,
    /// Violations, and what was and was not verified.
    pub report: Report,
}

impl Verdict {
    /// What a user reads: the violations, or that there are none, and what was and was not verified.
    pub fn render(&self, lang: Lang) -> String {
        let list = |texts: &[Text]| {
            texts.iter().map(|t| format!("\n  - {}", t.get(lang))).collect::<Vec<_>>().join("")
        };
        let (verified, unverified) = (list(&self.report.verified), list(&self.report.unverified));
        let n = self.report.violations.len();
        let mut out = match (lang, n) {
            (Lang::Fr, 0) => format!("{} : aucune violation", self.scenario),
            (Lang::En, 0) => format!("{}: no violation", self.scenario),
            (Lang::Fr, _) => {
                format!("{} : {n} {}", self.scenario, plural(lang, n as u64, "violation", "violations"))
            }
            (Lang::En, _) => {
                format!("{}: {n} {}", self.scenario, plural(lang, n as u64, "violation", "violations"))
            }
        };
        if n > 0 {
            out = format!("{}\n{out}", self.report.render(lang));
        }
        let (did, did_not) = match lang {
            Lang::Fr => ("vérifié", "non vérifié"),
            Lang::En => ("verified", "not verified"),
        };
        let colon = if lang == Lang::Fr { " :" } else { ":" };
        if !verified.is_empty() {
            out = format!("{out}\n{did}{colon}{verified}");
        }
        if !unverified.is_empty() {
            out = format!("{out}\n{did_not}{colon}{unverified}");
        }
        out
    }
}

/// Checks a result against its inputs, without a solver: a folder written by `solve`, or a file written by
/// `locate`. `input` names the scenario or the instance when it has moved.
///
/// # Errors
/// When the result or its inputs cannot be read at all.
pub fn check(result: &Path, input: Option<&Path>) -> Result<Verdict, Problems> {
    check_sharing(result, input, &Territories::default())
}

/// The folders of results right under a folder that is none itself, as suites and alternatives write them, by name.
pub fn results_in(folder: &Path) -> Vec<PathBuf> {
    if folder.join(RESULT).is_file() {
        return Vec::new();
    }
    let inside = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut found: Vec<PathBuf> = inside.filter(|path| path.join(RESULT).is_file()).collect();
    found.sort();
    found
}

/// Checks many results; territories that several of them name are read once.
pub fn check_all(results: &[PathBuf]) -> Vec<Result<Verdict, Problems>> {
    let known = Territories::default();
    results.iter().map(|result| check_sharing(result, None, &known)).collect()
}

fn check_sharing(result: &Path, input: Option<&Path>, known: &Territories) -> Result<Verdict, Problems> {
    if result.is_file() {
        let file = InputFile::read(result, MAX_JSON_BYTES)?;
        let doc = Document::new(&file)?;
        doc.unique_keys()?;
        return check_located(result, doc.text(), input);
    }
    check_folder(result, input, known)
}

/// Checks the result in `dir` against its inputs: every rule, figure and euro, the seal, and that every
/// derived file is what the result gives. `scenario` names the scenario file when it has moved.
///
/// # Errors
/// When the result or its inputs cannot be read at all.
fn check_folder(dir: &Path, scenario: Option<&Path>, known: &Territories) -> Result<Verdict, Problems> {
    let file = InputFile::read(&dir.join(RESULT), MAX_JSON_BYTES)?;
    let doc = Document::new(&file)?;
    let unreadable = |detail: String| {
        Problem::error(
            Code::ResultUnreadable,
            Text::new("ce n'est pas un résultat de maillage", "this is not a maillage result"),
        )
        .at(Place::file(doc.file()))
        .value(detail)
        .remedy(Text::new("résoudre à nouveau le scénario", "solve the scenario again"))
    };
    let result: serde_json::Value =
        serde_json::from_str(doc.text()).map_err(|e| unreadable(e.to_string()))?;
    if serde_json::from_value::<ResultRecord>(result.clone()).is_err()
        && let Some(problem) = later(&result, RESULT_VERSION)
    {
        return Err(problem.at(doc.place("/schema_version")).into());
    }
    let named = result["scenario_file"].as_str().ok_or_else(|| unreadable("scenario_file".to_owned()))?;
    let path = scenario.map_or_else(|| joined(dir, named), Path::to_owned);
    doc.unique_keys()?;
    is_there(&path)?;
    let (loaded, _) = load_sharing(&path, known)?;

    let assignments = match InputFile::read(&dir.join(ASSIGNMENTS), MAX_TABLE_BYTES) {
        Ok(f) => f.utf8().map(str::to_owned).unwrap_or_default(),
        Err(_) => String::new(),
    };
    let mut report = maillage_check::check(&Dossier {
        territory: &loaded.territory,
        task: &loaded.task,
        result: &result,
        assignments_csv: &assignments,
        inputs: &loaded.inputs,
    });
    let name = result["scenario"].as_str().unwrap_or_default().to_owned();
    if let Ok(record) = serde_json::from_value::<ResultRecord>(result) {
        let rows = parse_assignments(&assignments).0.into_iter().map(|(_, row)| row).collect();
        let finished = Finished { record, assignments: rows };
        files(dir, &loaded, &finished, &mut report);
    }
    Ok(Verdict { scenario: name, report })
}

/// Every derived file: listed, as listed, and as the result gives it; nothing else is listed.
fn files(dir: &Path, loaded: &crate::Loaded, finished: &Finished, report: &mut Report) {
    let record = &finished.record;
    let french = derived(loaded, finished, Lang::Fr);
    let english = std::cell::LazyCell::new(|| derived(loaded, finished, Lang::En));
    let earlier = report.violations.len();
    for (i, (name, fr)) in french.iter().enumerate() {
        let found = std::fs::read(dir.join(name)).unwrap_or_default();
        let listed = record.files.iter().find(|f| f.path == *name);
        let is =
            FileRecord { path: (*name).to_owned(), bytes: found.len() as u64, sha256: sha256_hex(&found) };
        if listed != Some(&is) {
            let claimed = listed.map_or_else(|| "—".to_owned(), |f| format!("{} {}", f.bytes, f.sha256));
            report.violation(Rule::Files, (*name).to_owned(), claimed, format!("{} {}", is.bytes, is.sha256));
        }
        if found != *fr && found != english[i].1 {
            let text = |bytes| String::from_utf8(bytes).ok();
            match text(found.clone()).zip(text(fr.clone())) {
                Some((found, fr)) => {
                    let (line, stands, should) = first_difference(&found, &fr);
                    report.violation(Rule::Files, format!("{name}:{line}"), stands, should);
                }
                None => report.violation(Rule::Files, (*name).to_owned(), is.sha256, sha256_hex(fr)),
            }
        }
    }
    for (i, listed) in record.files.iter().enumerate() {
        let before = &record.files[..i];
        let known = french.iter().any(|(name, _)| *name == listed.path);
        if !known || before.iter().any(|f| f.path == listed.path) {
            report.violation(Rule::Files, format!("result.json /files/{i}/path"), listed.path.clone(), "—");
        }
    }
    if report.violations.len() == earlier {
        let n = french.len();
        report.verified.push(Text::new(
            format!("fichiers du dossier ({n}) : ceux que le résultat donne"),
            format!("files of the folder ({n}): those the result gives"),
        ));
    }
}

/// Every file of a folder as the result gives it: those that each folder holds, and those made on demand of which it
/// lists one.
fn derived(loaded: &crate::Loaded, finished: &Finished, lang: Lang) -> Vec<(&'static str, Vec<u8>)> {
    let record = &finished.record;
    let always = render(loaded, finished, record, lang);
    let mut all: Vec<_> = always.into_iter().map(|(name, text)| (name, text.into_bytes())).collect();
    for kind in exports_of(record) {
        // What cannot be made is listed and not given: a violation.
        let made = with_view(loaded, &finished.assignments, record, |view| {
            maillage_report::exports(view, lang, kind)
        });
        all.extend(made.unwrap_or_default());
    }
    all
}

/// The first line that differs: its number, what stands, what should stand.
fn first_difference(found: &str, expected: &str) -> (usize, String, String) {
    let short = |line: Option<&str>| line.map_or_else(|| "-".to_owned(), |l| l.chars().take(120).collect());
    let (mut a, mut b) = (found.lines(), expected.lines());
    let mut number = 1;
    loop {
        match (a.next(), b.next()) {
            (Some(x), Some(y)) if x == y => number += 1,
            (x, y) => return (number, short(x), short(y)),
        }
    }
}

pub(crate) fn joined(dir: &Path, named: &str) -> PathBuf {
    let path = Path::new(named);
    if path.is_absolute() { path.to_owned() } else { dir.join(path) }
}
