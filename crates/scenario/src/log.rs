//! The log of a run: one JSON object a line.

use crate::{Event, Loaded};
use maillage_programme::ResultRecord;
use serde_json::json;

/// Lines as they come; the only part of a result, with the times in `result.json`, that differs from run to run.
#[derive(Debug)]
pub struct Log {
    text: String,
}

impl Log {
    /// Starts with what is run.
    pub fn new(loaded: &Loaded) -> Self {
        let mut log = Log { text: String::new() };
        log.line(&json!({
            "event": "started",
            "maillage_version": env!("CARGO_PKG_VERSION"),
            "scenario": loaded.file.name,
            "inputs": loaded.inputs,
        }));
        log
    }

    /// Adds progress.
    pub fn progress(&mut self, event: &Event) {
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
