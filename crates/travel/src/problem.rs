//! Problems in few words.

use maillage_input::{Code, Problem, Text};

pub(crate) fn error(code: Code, fr: impl Into<String>, en: impl Into<String>) -> Problem {
    Problem::error(code, Text::new(fr, en))
}

pub(crate) fn warning(code: Code, fr: impl Into<String>, en: impl Into<String>) -> Problem {
    Problem::warning(code, Text::new(fr, en))
}

pub(crate) fn remedy(problem: Problem, fr: &str, en: &str) -> Problem {
    problem.remedy(Text::new(fr, en))
}
