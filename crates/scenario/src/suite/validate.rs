//! Every scenario of a suite validated, none written or solved.

use super::Suite;
use crate::load::load_document;
use crate::territories::Territories;
use maillage_input::{Document, InputRecord, Problems};
use std::path::Path;

impl Suite {
    /// Validates every scenario without writing or solving any. Returns the warnings.
    ///
    /// # Errors
    /// All problems of all scenarios; what stands in no file is placed by the suite, the scenario and a pointer.
    pub fn validate(&self) -> Result<Problems, Problems> {
        let mut all = Problems::new();
        let known = Territories::default();
        for (name, value) in &self.scenarios {
            let shown = format!("{} → {name}", self.file);
            let doc = Document::parse(&shown, &value.to_string())?;
            let record = InputRecord { path: shown.clone(), bytes: 0, sha256: String::new() };
            let problems = match load_document(&doc, Path::new(&self.file), record, &known) {
                Ok((_, warnings)) => warnings,
                Err(problems) => problems,
            };
            for problem in problems.iter() {
                let mut problem = problem.clone();
                if problem.place.file.as_ref() == Some(&shown) {
                    (problem.place.line, problem.place.column) = (None, None);
                } else if all.iter().any(|told| *told == problem) {
                    // Scenarios share a territory: what is wrong with it is said once.
                    continue;
                }
                all.push(problem);
            }
        }
        all.or_value(()).map(|((), warnings)| warnings)
    }
}
