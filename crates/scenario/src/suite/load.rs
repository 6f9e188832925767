//! A suite file, merged into scenarios.

use super::file::{Base, SuiteFile, SweepFile, Sweeps};
use super::merge::{merge, put, steps};
use super::vary::{sampled, varied};
use crate::versions::{SCENARIO, SUITE};
use maillage_input::{Code, Document, InputFile, MAX_JSON_BYTES, Problem, Problems, Text, is_identifier};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

/// Most scenarios of one suite: a slip in a sweep should not fill a disk.
const MOST: usize = 10_000;

/// The scenarios of a suite, merged but not yet validated.
#[derive(Debug, Clone)]
pub struct Suite {
    /// Path of the suite file, as shown.
    pub(super) file: String,
    /// Name and content of each, in the order of the file; the first is what the others are compared with.
    pub(super) scenarios: Vec<(String, Value)>,
}

/// Reads a suite file and merges its scenarios. What each scenario holds is validated when it is solved, so that one with
/// errors does not stop the others.
///
/// # Errors
/// All problems of the suite itself: its shape, names that are no safe file names or stand twice, overrides that are not
/// defined, sweeps that lead nowhere, a base that cannot be read.
pub fn load_suite(path: &Path) -> Result<Suite, Problems> {
    let input = InputFile::read(path, MAX_JSON_BYTES)?;
    let doc = Document::new(&input)?.current(&SUITE)?;
    let file: SuiteFile = doc.decode()?;
    let raw: Value = serde_json::from_str(doc.text()).unwrap_or_default();
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut reader = Reader { doc: &doc, file: &file, folder, problems: Problems::new() };
    let base = reader.base();
    let mut scenarios = reader.scenarios(&raw, base);
    let sweeps = match &file.sweep {
        None => Vec::new(),
        Some(Sweeps::One(sweep)) => vec![(sweep, "/sweep".to_owned())],
        Some(Sweeps::Many(list)) => {
            list.iter().enumerate().map(|(i, sweep)| (sweep, format!("/sweep/{i}"))).collect()
        }
    };
    for (sweep, pointer) in sweeps {
        scenarios = reader.swept(scenarios, sweep, &pointer);
    }
    let scenarios = reader.variations(scenarios);
    reader.names(&scenarios);
    let ((), _) = reader.problems.or_value(()).map_err(Problems::sorted)?;
    let named = |(name, mut value): (String, Value)| {
        value["name"] = name.as_str().into();
        (name, value)
    };
    let scenarios = scenarios.into_iter().map(named).collect();
    Ok(Suite { file: doc.file().to_owned(), scenarios })
}

struct Reader<'a> {
    doc: &'a Document,
    file: &'a SuiteFile,
    folder: &'a Path,
    problems: Problems,
}

impl Reader<'_> {
    fn error(&mut self, code: Code, pointer: &str, cause: Text, value: &str, remedy: Text) {
        let problem = Problem::error(code, cause).at(self.doc.place(pointer)).value(value).remedy(remedy);
        self.problems.push(problem);
    }

    /// The base, its paths made absolute. An empty object after a problem.
    fn base(&mut self) -> Value {
        let empty = || Value::Object(Default::default());
        let mut base = match &self.file.base {
            Base::Inline(object) => rooted(&Value::Object(object.clone()), self.folder),
            Base::Path(named) => {
                let path = self.folder.join(named);
                match read_object(&path) {
                    Ok(value) => rooted(&value, path.parent().unwrap_or(Path::new(""))),
                    Err(problems) => {
                        self.problems.extend(problems);
                        empty()
                    }
                }
            }
        };
        if let Some(keys) = base.as_object_mut() {
            // A relative address of a schema would not be true of the merged file.
            keys.shift_remove("$schema");
        }
        base
    }

    /// The scenarios in the order of the file.
    fn scenarios(&mut self, raw: &Value, base: Value) -> Vec<(String, Value)> {
        let Some(named) = raw["scenarios"].as_object().filter(|named| !named.is_empty()) else {
            return vec![("base".to_owned(), base)];
        };
        let mut out = Vec::new();
        for name in named.keys() {
            let mut value = base.clone();
            for (i, part) in self.file.scenarios.get(name).into_iter().flatten().enumerate() {
                match self.file.overrides.get(part) {
                    Some(part) => merge(&mut value, &rooted(&Value::Object(part.clone()), self.folder)),
                    None => {
                        let known: Vec<&str> = self.file.overrides.keys().map(String::as_str).collect();
                        let known = known.join(", ");
                        self.error(
                            Code::UnknownId,
                            &format!("/scenarios/{}/{i}", escaped(name)),
                            Text::new(
                                "« overrides » ne définit pas ce nom",
                                "`overrides` does not define this name",
                            ),
                            part,
                            Text::new(format!("noms définis : {known}"), format!("names defined: {known}")),
                        );
                    }
                }
            }
            out.push((name.clone(), value));
        }
        out
    }

    /// Every scenario with every value of a sweep.
    fn swept(
        &mut self,
        scenarios: Vec<(String, Value)>,
        sweep: &SweepFile,
        pointer: &str,
    ) -> Vec<(String, Value)> {
        if scenarios.len().saturating_mul(sweep.values.len()) > MOST {
            self.too_many(pointer, sweep.values.len());
            return scenarios;
        }
        let steps = steps(&sweep.pointer);
        let mut out = Vec::new();
        let mut lost = None;
        for (name, value) in &scenarios {
            for (i, tried) in sweep.values.iter().enumerate() {
                let mut value = value.clone();
                if !put(&mut value, &steps, tried) {
                    lost.get_or_insert_with(|| name.clone());
                }
                if steps == ["territory"] {
                    value = rooted(&value, self.folder);
                }
                out.push((format!("{name}.{}-{}", sweep.name, word(tried, i)), value));
            }
        }
        if let Some(name) = lost {
            self.leads_nowhere(&format!("{pointer}/pointer"), &name, &sweep.pointer);
        }
        out
    }

    /// The scenarios, then what `vary` and `sample` make of them.
    fn variations(&mut self, mut scenarios: Vec<(String, Value)>) -> Vec<(String, Value)> {
        let tried = self.file.vary.iter().map(|v| v.values.len() + v.factors.len()).sum::<usize>();
        let drawn = self.file.sample.as_ref().map_or(0, |s| usize::from(s.n));
        if scenarios.len().saturating_mul(1 + tried + drawn) > MOST {
            self.too_many(if drawn > tried { "/sample/n" } else { "/vary" }, tried + drawn);
            return scenarios;
        }
        let sampled = self.file.sample.as_ref().map(|sample| sampled(&scenarios, sample));
        for made in [Some(varied(&scenarios, &self.file.vary)), sampled].into_iter().flatten() {
            match made {
                Ok(made) => scenarios.extend(made),
                Err((pointer, name)) => self.leads_nowhere(&pointer, &name, ""),
            }
        }
        scenarios
    }

    fn too_many(&mut self, pointer: &str, values: usize) {
        self.error(
            Code::OutOfRange,
            pointer,
            Text::new(
                format!("plus de {MOST} scénarios en tout"),
                format!("more than {MOST} scenarios in all"),
            ),
            &values.to_string(),
            Text::new("donner moins de valeurs", "give fewer values"),
        );
    }

    fn leads_nowhere(&mut self, pointer: &str, scenario: &str, value: &str) {
        self.error(
            Code::UnknownId,
            pointer,
            Text::new(
                format!("ne mène nulle part dans le scénario « {scenario} », ou n'y trouve aucun nombre"),
                format!("leads nowhere in scenario `{scenario}`, or to no number"),
            ),
            value,
            Text::new(
                "donner des clés, et dans une liste une position ou un « id » ; des bornes dans l'ordre",
                "give keys, and in a list a position or an `id`; limits in order",
            ),
        );
    }

    /// That names are safe as names of files and folders, and differ, even where case does not count.
    fn names(&mut self, scenarios: &[(String, Value)]) {
        let mut seen = BTreeSet::new();
        for (name, _) in scenarios {
            let pointer = match self.file.scenarios.contains_key(name) {
                true => format!("/scenarios/{}", escaped(name)),
                false if self.file.sweep.is_some() => "/sweep".to_owned(),
                false => "/vary".to_owned(),
            };
            if !is_identifier(name) {
                self.error(
                    Code::BadCode,
                    &pointer,
                    Text::new("ce n'est pas un nom de scénario", "this is not the name of a scenario"),
                    name,
                    Text::new(
                        "lettres sans accent, chiffres et « -_.: », 64 au plus, une lettre ou un chiffre d'abord",
                        "letters without accents, digits and `-_.:`, 64 at most, a letter or digit first",
                    ),
                );
            } else if name == super::units::UNITS || name.starts_with("comparison") {
                self.error(
                    Code::BadCode,
                    &pointer,
                    Text::new("nom réservé aux fichiers de la suite", "a name kept for files of the suite"),
                    name,
                    Text::new("choisir un autre nom", "choose another name"),
                );
            } else if !seen.insert(name.to_ascii_lowercase()) {
                self.error(
                    Code::DuplicateId,
                    &pointer,
                    Text::new(
                        "deux scénarios de ce nom (majuscules ou minuscules)",
                        "two scenarios of this name (whatever the case)",
                    ),
                    name,
                    Text::new("en renommer un", "rename one of them"),
                );
            }
        }
    }
}

/// A JSON file that holds an object.
fn read_object(path: &Path) -> Result<Value, Problems> {
    let input = InputFile::read(path, MAX_JSON_BYTES)?;
    let doc = Document::new(&input)?;
    doc.unique_keys()?;
    let doc = doc.current(&SCENARIO)?;
    let object: serde_json::Map<String, Value> = doc.decode()?;
    Ok(Value::Object(object))
}

/// A value swept, as part of a name: itself if it can be, else its position.
pub(super) fn word(value: &Value, position: usize) -> String {
    let text = match value {
        Value::String(s) => s.clone(),
        Value::Number(_) | Value::Bool(_) | Value::Null => value.to_string(),
        Value::Array(_) | Value::Object(_) => String::new(),
    };
    // A sign or a dot may not begin an identifier but may stand within one.
    if is_identifier(&format!("x{text}")) && !text.is_empty() { text } else { format!("v{}", position + 1) }
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The scenario with its paths absolute, as named in a file of `folder`. `territory` is the only path of a scenario.
fn rooted(scenario: &Value, folder: &Path) -> Value {
    let mut out = scenario.clone();
    if let Some(named) = scenario["territory"].as_str() {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        out["territory"] = folder.join(named).to_string_lossy().into();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    type Pairs<T> = Vec<(String, T)>;

    fn load(suite: Value) -> Result<Pairs<Value>, Pairs<String>> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("s.json");
        std::fs::write(&path, suite.to_string()).unwrap();
        match load_suite(&path) {
            Ok(suite) => Ok(suite.scenarios),
            Err(all) => Err(all
                .iter()
                .map(|p| (p.code.as_str().to_owned(), p.place.pointer.clone().unwrap_or_default()))
                .collect()),
        }
    }

    #[test]
    fn scenarios_keep_the_order_of_the_file() {
        let got = load(json!({
            "schema_version": 1, "base": {"a": 1}, "overrides": {"x": {"a": 2}, "y": {"b": 3}},
            "scenarios": {"z": [], "m": ["x", "y"]},
            "sweep": [{"name": "c", "pointer": "c", "values": [0.5, "u", [1]]}],
        }));
        let got: Vec<String> = got.unwrap().into_iter().map(|(_, v)| v.to_string()).collect();
        assert_eq!(got[0], r#"{"a":1,"c":0.5,"name":"z.c-0.5"}"#);
        assert_eq!(got[2], r#"{"a":1,"c":[1],"name":"z.c-v3"}"#);
        assert_eq!(got[4], r#"{"a":2,"b":3,"c":"u","name":"m.c-u"}"#);
        assert_eq!(got.len(), 6);
    }

    #[test]
    fn all_problems_at_once() {
        let got = load(json!({
            "schema_version": 1, "base": {"a": [1]}, "overrides": {},
            "scenarios": {"../up": [], "one": ["nix"], "ONE": [], "units": [], "comparison.csv": []},
        }));
        let has = |code: &str, at: &str| (code.to_owned(), at.to_owned());
        let mut got = got.unwrap_err();
        got.sort();
        assert_eq!(
            got,
            [
                has("E304", "/scenarios/..~1up"),
                has("E304", "/scenarios/comparison.csv"),
                has("E304", "/scenarios/units"),
                has("E402", "/scenarios/one/0"),
                has("E403", "/scenarios/ONE"),
            ]
        );
        let lost = json!({"schema_version": 1, "base": {"a": [1]},
            "sweep": {"name": "n", "pointer": "a.7", "values": [1]}});
        assert_eq!(load(lost).unwrap_err(), [has("E402", "/sweep/pointer")]);
        let shape =
            json!({"schema_version": 1, "bose": {}, "sweep": {"name": "n", "pointer": "", "values": []}});
        let got = load(shape).unwrap_err();
        assert!(
            got.contains(&has("E202", "/bose")) && got.contains(&has("E205", "/sweep/values")),
            "{got:?}"
        );
    }

    #[test]
    fn a_suite_has_a_largest_size() {
        let values: Vec<u32> = (0..101).collect();
        let sweep = |name: &str| json!({"name": name, "pointer": name, "values": values});
        let got = load(json!({"schema_version": 1, "base": {}, "sweep": [sweep("a"), sweep("b")]}));
        assert_eq!(got.unwrap_err()[0], ("E205".to_owned(), "/sweep/1".to_owned()));
    }
}
