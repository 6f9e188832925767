//! The unit of work: one scenario file in, one result folder out.

use super::Suite;
use super::memory::megabytes;
use crate::folder::{RESULT, unwritable};
use crate::load::load_sharing;
use crate::territories::Territories;
use maillage_input::{Code, Place, Problem, Problems, Text, tidy_all, write_whole};
use std::fs;
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

/// The folder of the scenario files.
pub(super) const UNITS: &str = "units";

/// One scenario of a suite: `maillage solve SCENARIO -o FOLDER` is all there is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Name of the scenario.
    pub name: String,
    /// The scenario file that was written.
    pub scenario: PathBuf,
    /// Its result folder.
    pub folder: PathBuf,
}

impl Suite {
    /// Writes every scenario to `dir/units/NAME.json`, and leaves alone those that say the same already. Its result folder is
    /// to be `dir/NAME`.
    ///
    /// # Errors
    /// E107 when the folder cannot be written, E108 when it holds something else than a suite.
    pub fn prepare(&self, dir: &Path) -> Result<Vec<Unit>, Problem> {
        let units = dir.join(UNITS);
        let taken = fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some());
        if taken && !units.is_dir() {
            return Err(Problem::error(
                Code::OutputForeign,
                Text::new(
                    "ce dossier contient autre chose que les résultats d'une suite",
                    "this folder holds something else than the results of a suite",
                ),
            )
            .at(Place::file(dir.display().to_string()))
            .remedy(Text::new("choisir un autre dossier", "choose another folder")));
        }
        let bad = |e: io::Error| unwritable(&units, &e);
        fs::create_dir_all(&units).map_err(bad)?;
        // What killed runs were about to write.
        tidy_all(dir).and_then(|()| tidy_all(&units)).map_err(bad)?;
        let real = units.canonicalize().map_err(bad)?;
        let mut out = Vec::new();
        for (name, value) in &self.scenarios {
            let mut value = value.clone();
            if let Some(territory) = value["territory"].as_str() {
                value["territory"] = seen_from(&real, Path::new(territory)).into();
            }
            let scenario = units.join(format!("{name}.json"));
            write_file(&scenario, &format!("{value:#}\n"))?;
            out.push(Unit { name: name.clone(), scenario, folder: dir.join(name) });
        }
        Ok(out)
    }
}

/// A path as seen from a folder, so that a suite says the same on every machine.
fn seen_from(folder: &Path, path: &Path) -> String {
    // The folder of the file, not the file: a link to a territory stays one.
    let real = path.parent().and_then(|p| p.canonicalize().ok()).zip(path.file_name());
    let path = real.map_or_else(|| path.to_owned(), |(parent, name)| parent.join(name));
    let common = folder.components().zip(path.components()).take_while(|(a, b)| a == b).count();
    let up = folder.components().skip(common).map(|_| "..".to_owned());
    let down = path.components().skip(common).filter(|c| !matches!(c, Component::CurDir));
    let down = down.map(|c| c.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}

/// Writes a file whole or not at all; one that says the same already is left alone.
///
/// # Errors
/// E107.
pub fn write_file(path: &Path, text: &str) -> Result<(), Problem> {
    put_bytes(path, text.as_bytes())
}

/// The same with bytes.
pub(super) fn put_bytes(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    write_whole(path, |out| out.write_all(bytes)).map_err(|e| unwritable(path, &e))
}

/// About what a unit takes.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Estimate {
    /// Memory of its solve in MB, counted on its model; `None` when its inputs cannot be used.
    pub memory_mb: Option<u64>,
    /// Elapsed seconds of the result that its folder holds, whatever it was made from; `None` without one.
    pub seconds: Option<f64>,
}

/// What each unit will take, as far as it is known.
pub fn estimates(units: &[Unit]) -> Vec<Estimate> {
    let known = Territories::default();
    let one = |unit: &Unit| Estimate {
        memory_mb: load_sharing(&unit.scenario, &known).ok().map(|(loaded, _)| megabytes(&loaded)),
        seconds: fs::read(unit.folder.join(RESULT)).ok().and_then(|text| {
            let result: serde_json::Value = serde_json::from_slice(&text).ok()?;
            result["wall_seconds"].as_f64()
        }),
    };
    units.iter().map(one).collect()
}

/// Every file that each unit reads, its scenario first, so that they can be brought to where it is solved; or all that is wrong
/// with them.
pub fn unit_files(units: &[Unit]) -> Vec<Result<Vec<PathBuf>, Problems>> {
    let known = Territories::default();
    let one = |unit: &Unit| {
        let (loaded, _) = load_sharing(&unit.scenario, &known)?;
        let folder = unit.scenario.parent().unwrap_or(Path::new(""));
        Ok(loaded.inputs.iter().map(|input| folder.join(&input.path)).collect())
    };
    units.iter().map(one).collect()
}

impl Unit {
    /// The unit as one line of JSON: `name`, `scenario`, `folder`, `memory_mb`, `seconds`.
    pub fn json(&self, estimate: &Estimate) -> String {
        let Unit { name, scenario, folder } = self;
        let Estimate { memory_mb, seconds } = estimate;
        serde_json::json!({
            "name": name, "scenario": scenario, "folder": folder, "memory_mb": memory_mb, "seconds": seconds,
        })
        .to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_seen_from_the_units() {
        let root = tempfile::tempdir().unwrap();
        let real = root.path().canonicalize().unwrap();
        fs::create_dir_all(real.join("a/units")).unwrap();
        let seen = |path: &str| seen_from(&real.join("a/units"), &real.join(path));
        assert_eq!(seen("t.json"), "../../t.json");
        assert_eq!(seen("a/../t.json"), "../../t.json");
        assert_eq!(seen("absent/t.json"), "../../absent/t.json");
    }

    #[test]
    fn folders_of_others_are_not_touched() {
        let root = tempfile::tempdir().unwrap();
        let suite = Suite { file: String::new(), scenarios: vec![("a".to_owned(), serde_json::json!({}))] };
        fs::write(root.path().join("thesis.docx"), "x").unwrap();
        assert_eq!(suite.prepare(root.path()).unwrap_err().code, Code::OutputForeign);
        let fresh = root.path().join("out");
        let first = suite.prepare(&fresh).unwrap();
        assert_eq!(first, suite.prepare(&fresh).unwrap(), "twice is once");
        assert_eq!(fs::read_to_string(&first[0].scenario).unwrap(), "{}\n");
    }
}
