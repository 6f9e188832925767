//! What is wrong, where, and what to do about it.

use crate::{Code, Lang, Text};
use serde::Serialize;
use std::fmt::Write as _;

/// Whether a problem stops the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The input cannot be used.
    Error,
    /// The input is used, and the user is told.
    Warning,
}

/// Where a problem stands. Every part is optional: a missing file has no line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize)]
pub struct Place {
    /// Path of the file as the user named it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Column in characters, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u64>,
    /// JSON pointer, or column name of a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
}

impl Place {
    /// A whole file.
    pub fn file(file: impl Into<String>) -> Self {
        Place { file: Some(file.into()), ..Place::default() }
    }

    /// A line of a file.
    pub fn line(file: impl Into<String>, line: u64) -> Self {
        Place { line: Some(line), ..Place::file(file) }
    }

    /// A named cell of a table row.
    pub fn cell(file: impl Into<String>, line: u64, column_name: impl Into<String>) -> Self {
        Place { pointer: Some(column_name.into()), ..Place::line(file, line) }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut sep = "";
        if let Some(file) = &self.file {
            f.write_str(file)?;
            sep = " ";
        }
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
            if let Some(column) = self.column {
                write!(f, ":{column}")?;
            }
        }
        if let Some(pointer) = &self.pointer {
            write!(f, "{sep}[{pointer}]")?;
        }
        Ok(())
    }
}

/// One problem with an input: code, cause, place, offending value, remedy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Stable code.
    pub code: Code,
    /// Whether it stops the run.
    pub severity: Severity,
    /// What is wrong.
    pub cause: Text,
    /// Where.
    pub place: Place,
    /// The offending value as written, shortened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What to do.
    pub remedy: Text,
}

impl Problem {
    /// An error; add [`Problem::at`], [`Problem::value`] and [`Problem::remedy`].
    pub fn error(code: Code, cause: Text) -> Self {
        Problem {
            code,
            severity: Severity::Error,
            cause,
            place: Place::default(),
            value: None,
            remedy: Text::default(),
        }
    }

    /// A warning.
    pub fn warning(code: Code, cause: Text) -> Self {
        Problem { severity: Severity::Warning, ..Problem::error(code, cause) }
    }

    /// Says where.
    pub fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    /// Shows the offending value, shortened to 60 characters and stripped of control characters.
    pub fn value(mut self, value: impl AsRef<str>) -> Self {
        let clean: String = value.as_ref().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let short: String = clean.chars().take(60).collect();
        self.value = Some(if short.len() < clean.len() { format!("{short}…") } else { short });
        self
    }

    /// Says what to do.
    pub fn remedy(mut self, remedy: Text) -> Self {
        self.remedy = remedy;
        self
    }

    /// The problem as lines of text.
    pub fn render(&self, lang: Lang) -> String {
        let word = match (self.severity, lang) {
            (Severity::Error, Lang::Fr) => "erreur",
            (Severity::Error, Lang::En) => "error",
            (Severity::Warning, Lang::Fr) => "avertissement",
            (Severity::Warning, Lang::En) => "warning",
        };
        let colon = if lang == Lang::Fr { " :" } else { ":" };
        let mut out = format!("{word} {}{colon} {}", self.code.as_str(), self.cause.get(lang));
        let place = self.place.to_string();
        if !place.is_empty() {
            let _ = write!(out, "\n  {} {place}", if lang == Lang::Fr { "où      " } else { "where " });
        }
        if let Some(value) = &self.value {
            let _ = write!(out, "\n  {} {value}", if lang == Lang::Fr { "valeur  " } else { "value " });
        }
        if !self.remedy.get(lang).is_empty() {
            let _ = write!(
                out,
                "\n  {} {}",
                if lang == Lang::Fr { "remède  " } else { "remedy" },
                self.remedy.get(lang)
            );
        }
        out
    }
}

/// Problems gathered while reading: all of them, not just the first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct Problems {
    list: Vec<Problem>,
}

/// How many problems of one input are kept: a table whose every row is wrong says so once per row
/// up to here, then stops.
const MOST: usize = 100;

impl Problems {
    /// Nothing wrong so far.
    pub fn new() -> Self {
        Problems::default()
    }

    /// Adds a problem; beyond one hundred of one code in one file, further ones are dropped.
    pub fn push(&mut self, problem: Problem) {
        let alike =
            self.list.iter().filter(|p| p.code == problem.code && p.place.file == problem.place.file).count();
        if alike < MOST {
            self.list.push(problem);
        }
    }

    /// Adds all of `other`.
    pub fn extend(&mut self, other: Problems) {
        self.list.extend(other.list);
    }

    /// Whether anything stops the run.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|p| p.severity == Severity::Error)
    }

    /// `Err(self)` when anything stops the run, else the value with the warnings.
    pub fn or_value<T>(self, value: T) -> Result<(T, Problems), Problems> {
        if self.has_errors() { Err(self) } else { Ok((value, self)) }
    }

    /// In order of file, line and column; errors and warnings together.
    pub fn sorted(mut self) -> Self {
        self.list.sort_by(|a, b| a.place.cmp(&b.place).then(a.code.cmp(&b.code)));
        self
    }

    /// Each in turn.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.list.iter()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All as text, one block each.
    pub fn render(&self, lang: Lang) -> String {
        self.list.iter().map(|p| p.render(lang)).collect::<Vec<_>>().join("\n")
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Problems { list: vec![problem] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renders_in_both_languages() {
        let p = Problem::error(Code::UnknownKey, Text::new("clé inconnue", "unknown key"))
            .at(Place {
                column: Some(3),
                pointer: Some("/limits/budjet_eur".into()),
                ..Place::line("a.json", 2)
            })
            .value("budjet_eur")
            .remedy(Text::new("écrire « budget_eur »", "write `budget_eur`"));
        assert_eq!(
            p.render(Lang::Fr),
            "erreur E202 : clé inconnue\n  où       a.json:2:3 [/limits/budjet_eur]\n  valeur   budjet_eur\n  remède   écrire « budget_eur »"
        );
        assert!(p.render(Lang::En).starts_with("error E202: unknown key\n  where  a.json:2:3"));
    }

    #[test]
    fn long_values_are_cut() {
        let p = Problem::error(Code::BadNumber, Text::default()).value("9".repeat(1000));
        assert_eq!(p.value.unwrap().chars().count(), 61);
    }

    #[test]
    fn repeated_problems_are_bounded() {
        let mut all = Problems::new();
        for _ in 0..1000 {
            all.push(Problem::error(Code::BadNumber, Text::default()));
        }
        assert_eq!(all.len(), MOST);
    }
}
