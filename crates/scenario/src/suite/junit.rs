//! A suite as JUnit XML, for continuous integration.

use super::{Baseline, Comparison, End, Row};
use maillage_input::Lang;
use maillage_programme::Status;

/// One test case a scenario: an error where it could not be solved, a failure where there is no plan or where it is worse
/// than a stored result.
pub fn junit(compared: &Comparison, baseline: Option<&Baseline>, lang: Lang) -> String {
    let cases: Vec<(Option<(&str, String)>, &Row)> =
        compared.rows.iter().map(|row| (trouble(row, baseline, lang), row)).collect();
    let count =
        |kind: &str| cases.iter().filter(|(t, _)| t.as_ref().is_some_and(|(k, _)| *k == kind)).count();
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"maillage suite\" tests=\"{}\" errors=\"{}\" failures=\"{}\" skipped=\"{}\">\n",
        cases.len(),
        count("error"),
        count("failure"),
        count("skipped"),
    );
    for (trouble, row) in &cases {
        let seconds = row.wall_seconds.unwrap_or(0.0);
        let name = escaped(&row.scenario);
        out.push_str(&format!("  <testcase classname=\"maillage\" name=\"{name}\" time=\"{seconds:.3}\""));
        match trouble {
            None => out.push_str("/>\n"),
            Some((kind, text)) => {
                let text = escaped(text);
                out.push_str(&format!(">\n    <{kind} message=\"{text}\"/>\n  </testcase>\n"));
            }
        }
    }
    out + "</testsuite>\n"
}

fn trouble(row: &Row, baseline: Option<&Baseline>, lang: Lang) -> Option<(&'static str, String)> {
    let worse = baseline.and_then(|b| b.worse.iter().find(|w| w.scenario == row.scenario));
    match &row.end {
        End::BadInput(problems) => Some(("error", problems.render(lang))),
        End::Failed(why) => Some(("error", why.clone())),
        End::NotRun => Some(("skipped", row.end.as_str().to_owned())),
        _ if worse.is_some() => worse.map(|w| ("failure", w.what.get(lang).to_owned())),
        End::Solved(Status::Infeasible | Status::NoPlan) | End::Kept(Status::Infeasible | Status::NoPlan) => {
            Some(("failure", row.end.as_str().to_owned()))
        }
        End::Solved(_) | End::Kept(_) => None,
    }
}

/// Text for an attribute. Line breaks become references; other control characters have no place in XML.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn troubles_are_told_and_escaped() {
        let rows = vec![
            Row::without("fine", End::Solved(Status::Optimal)),
            Row::without("none", End::Solved(Status::Infeasible)),
            Row::without("bad", End::Failed("a <b> & \"c\"\u{1}".to_owned())),
            Row::without("later", End::NotRun),
        ];
        let xml = junit(&Comparison::new(rows, Default::default()), None, Lang::En);
        assert!(xml.contains("tests=\"4\" errors=\"1\" failures=\"1\" skipped=\"1\""), "{xml}");
        assert!(xml.contains("name=\"fine\" time=\"0.000\"/>"), "{xml}");
        assert!(xml.contains("<error message=\"a &lt;b&gt; &amp; &quot;c&quot; \"/>"), "{xml}");
    }
}
