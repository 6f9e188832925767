//! How a suite goes: one line a scenario that ended and, on a terminal, one that is rewritten for those being solved.

use crate::console;
use maillage_input::Lang;
use maillage_scenario::{End, Row, Told, Unit};
use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Longest line on a terminal, in characters.
const WIDTH: usize = 100;

pub(crate) struct Board<'a> {
    units: &'a [Unit],
    quiet: bool,
    live: bool,
    lang: Lang,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    ended: usize,
    /// Those being solved, with the gap of each where it is known.
    running: BTreeMap<usize, Option<f64>>,
    /// Characters of the line that is there now.
    width: usize,
    drawn: Option<Instant>,
}

impl<'a> Board<'a> {
    pub(crate) fn new(units: &'a [Unit], quiet: bool, lang: Lang) -> Self {
        let live = !quiet && std::io::stderr().is_terminal();
        Board { units, quiet, live, lang, state: Mutex::default() }
    }

    pub(crate) fn told(&self, unit: usize, told: Told) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match told {
            Told::Began => {
                state.running.insert(unit, None);
            }
            Told::Progress(event) => {
                state.running.insert(unit, event.gap);
                if state.drawn.is_some_and(|t| t.elapsed().as_millis() < 200) {
                    return;
                }
            }
            Told::Ended(row) => {
                state.running.remove(&unit);
                state.ended += 1;
                if !self.quiet {
                    wipe(&mut state);
                    console::error(&self.ended(state.ended, row));
                }
            }
        }
        if self.live {
            wipe(&mut state);
            self.draw(&mut state);
        }
    }

    /// Wipes the line.
    pub(crate) fn clear(&self) {
        wipe(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn draw(&self, state: &mut State) {
        if state.running.is_empty() {
            return;
        }
        let line = line(state, self.units, self.lang);
        let _ = write!(std::io::stderr().lock(), "{line}");
        state.width = line.chars().count();
        state.drawn = Some(Instant::now());
    }

    fn ended(&self, n: usize, row: &Row) -> String {
        let how = match (&row.end, self.lang) {
            (End::Kept(_), Lang::Fr) => " (gardé)".to_owned(),
            (End::Kept(_), Lang::En) => " (kept)".to_owned(),
            _ => row.wall_seconds.map(|s| format!(" ({s:.1} s)")).unwrap_or_default(),
        };
        let colon = if self.lang == Lang::Fr { " :" } else { ":" };
        format!("[{n}/{}] {}{colon} {}{how}", self.units.len(), row.scenario, row.word(self.lang))
    }
}

fn line(state: &State, units: &[Unit], lang: Lang) -> String {
    let one = |(&i, gap): (&usize, &Option<f64>)| {
        let name = units.get(i).map_or("", |u| u.name.as_str());
        let gap = gap.map_or_else(|| "–".to_owned(), |g| format!("{:.2} %", g * 100.0));
        format!("{name} {}", if lang == Lang::Fr { gap.replace('.', ",") } else { gap })
    };
    let word = if lang == Lang::Fr { "en cours" } else { "running" };
    let running: Vec<String> = state.running.iter().map(one).collect();
    let line = format!("{}/{} · {word} : {}", state.ended, units.len(), running.join(" · "));
    line.chars().take(WIDTH).collect()
}

fn wipe(state: &mut State) {
    if state.width > 0 {
        let _ = write!(std::io::stderr().lock(), "\r{}\r", " ".repeat(state.width));
        state.width = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_who_runs_and_how_far_they_are() {
        let unit = |name: &str| Unit { name: name.to_owned(), scenario: "s".into(), folder: "f".into() };
        let units = [unit("a"), unit("b"), unit("c")];
        let running = [(1, Some(0.0125)), (2, None)].into();
        let state = State { ended: 1, running, ..State::default() };
        assert_eq!(line(&state, &units, Lang::En), "1/3 · running : b 1.25 % · c –");
        assert_eq!(line(&state, &units, Lang::Fr), "1/3 · en cours : b 1,25 % · c –");
    }
}
