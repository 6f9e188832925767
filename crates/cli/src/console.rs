//! Standard output and error. A closed pipe is a reader who has seen enough, not an error.

use maillage_input::{Lang, Problems};
use maillage_scenario::Event;
use std::io::{IsTerminal, Write};

/// A text on standard output. Where it cannot be written (a full disk) the program ends with code 1: silence
/// would look like success.
pub(crate) fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let end = if text.ends_with('\n') { "" } else { "\n" };
    let written = out
        .write_all(text.as_bytes())
        .and_then(|()| out.write_all(end.as_bytes()))
        .and_then(|()| out.flush());
    match written {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            error(&format!("sortie standard · standard output: {e}"));
            std::process::exit(1);
        }
        _ => {}
    }
}

/// A text on standard error.
pub(crate) fn error(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Problems: as text on standard error, and as JSON on standard output when asked.
pub(crate) fn problems(problems: &Problems, lang: Lang, json: bool) {
    error(&problems.render(lang));
    if json && problems.has_errors() {
        print(&serde_json::json!({ "problems": problems }).to_string());
    }
}

/// One line that tells how a solve goes, on a terminal only.
pub(crate) struct ProgressLine {
    on: bool,
    lang: Lang,
    width: usize,
    last: Option<std::time::Instant>,
}

impl ProgressLine {
    pub(crate) fn new(quiet: bool, lang: Lang) -> Self {
        ProgressLine { on: !quiet && std::io::stderr().is_terminal(), lang, width: 0, last: None }
    }

    pub(crate) fn show(&mut self, event: &Event) {
        let recent = self.last.is_some_and(|t| t.elapsed().as_millis() < 100);
        if !self.on || recent {
            return;
        }
        self.last = Some(std::time::Instant::now());
        let number = |x: Option<f64>| x.map_or_else(|| "–".to_owned(), |x| format!("{x:.0}"));
        let gap = event.gap.map_or_else(|| "–".to_owned(), |g| format!("{:.2} %", g * 100.0));
        let line = match self.lang {
            Lang::Fr => format!(
                "{} : meilleur plan {}, borne {}, écart {}, {:.0} s",
                event.goal,
                number(event.incumbent),
                number(event.bound),
                gap.replace('.', ","),
                event.elapsed
            ),
            Lang::En => format!(
                "{}: best plan {}, bound {}, gap {gap}, {:.0} s",
                event.goal,
                number(event.incumbent),
                number(event.bound),
                event.elapsed
            ),
        };
        let width = line.chars().count();
        let blank = " ".repeat(self.width.saturating_sub(width));
        let _ = write!(std::io::stderr().lock(), "\r{line}{blank}");
        self.width = width;
    }

    /// Wipes the line.
    pub(crate) fn clear(&mut self) {
        if self.width > 0 {
            let _ = write!(std::io::stderr().lock(), "\r{}\r", " ".repeat(self.width));
            self.width = 0;
        }
    }
}
