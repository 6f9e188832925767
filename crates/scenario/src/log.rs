//! The log of a run: one JSON object a line.

use crate::{Event, Loaded};
use maillage_programme::ResultRecord;
use serde_json::json;

/// Lines as they come; the only part of a result, with the times in `result.json`, that differs from run to run.
#[derive(Debug)]
pub struct Log {
    text: String,
    /// The last progress told.
    last: Option<Event>,
}

/// Seconds between two lines that say the same.
const QUIET_S: f64 = 5.0;

impl Log {
    /// Starts with what is run.
    pub fn new(loaded: &Loaded) -> Self {
        let mut log = Log { text: String::new(), last: None };
        log.line(&json!({
            "event": "started",
            "maillage_version": env!("CARGO_PKG_VERSION"),
            "scenario": loaded.file.name,
            "inputs": loaded.inputs,
        }));
        log
    }

    /// Adds progress: what is new, or that nothing is, now and then.
    pub fn progress(&mut self, event: &Event) {
        let told = |e: &Event| {
            e.goal == event.goal
                && (e.incumbent, e.bound) == (event.incumbent, event.bound)
                && event.elapsed - e.elapsed < QUIET_S
        };
        if self.last.as_ref().is_some_and(told) {
            return;
        }
        self.last = Some(event.clone());
        self.line(&json!({
            "event": "progress",
            "goal": event.goal,
            "elapsed_s": event.elapsed,
            "incumbent": event.incumbent,
            "bound": event.bound,
            "gap": event.gap,
        }));
    }

    /// Adds how it ended.
    pub fn finished(&mut self, record: &ResultRecord) {
        self.line(&json!({
            "event": "finished",
            "status": record.status,
            "limit": record.limit,
            "goals": record.goals,
            "cpu_seconds": record.cpu_seconds,
            "wall_seconds": record.wall_seconds,
        }));
    }

    /// The lines.
    pub fn text(&self) -> &str {
        &self.text
    }

    fn line(&mut self, value: &serde_json::Value) {
        self.text.push_str(&value.to_string());
        self.text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_twice_is_said_once() {
        let mut log = Log { text: String::new(), last: None };
        let event = |elapsed, incumbent| Event {
            goal: "cost".into(),
            elapsed,
            incumbent: Some(incumbent),
            bound: None,
            gap: None,
        };
        for (at, value) in [(0.0, 5.0), (0.1, 5.0), (0.2, 4.0), (0.3, 4.0), (5.3, 4.0)] {
            log.progress(&event(at, value));
        }
        let lines: Vec<&str> = log.text().lines().collect();
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert!(lines[2].contains("5.3"));
    }
}
