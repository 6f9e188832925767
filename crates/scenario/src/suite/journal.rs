//! What the processes of one run of a suite have begun and ended: when one dies, the next goes on.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file with a line for each event: `begun NAME`, `ended NAME`, `alone NAME`, `crashed NAME WHY`.
#[derive(Debug, Clone)]
pub struct Journal {
    path: PathBuf,
    /// Begun and not ended.
    running: BTreeSet<String>,
    ended: BTreeSet<String>,
    alone: BTreeSet<String>,
    crashed: BTreeMap<String, String>,
}

/// What follows the death of a process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// It died during this scenario, which has failed. The others go on.
    Failed(String),
    /// It died during one of these, which are to be solved again one by one.
    Alone(Vec<String>),
    /// It died outside any scenario: another process would do the same.
    GiveUp,
}

impl Journal {
    /// The journal that the processes of the run of `supervisor`, a process number, keep in the folder of a suite.
    pub fn of(dir: &Path, supervisor: u32) -> Self {
        let path = dir.join(format!(".suite.run-{supervisor}"));
        let mut journal = Journal {
            running: BTreeSet::new(),
            ended: BTreeSet::new(),
            alone: BTreeSet::new(),
            crashed: BTreeMap::new(),
            path,
        };
        // Absent until the first scenario begins. A process that dies may leave half a line, which says nothing.
        for line in fs::read_to_string(&journal.path).unwrap_or_default().lines() {
            journal.read(line);
        }
        journal
    }

    fn read(&mut self, line: &str) {
        let mut words = line.splitn(3, ' ');
        let (Some(word), Some(name)) = (words.next(), words.next().map(str::to_owned)) else { return };
        if word == "begun" {
            self.running.insert(name);
            return;
        }
        self.running.remove(&name);
        if word == "crashed" {
            self.crashed.insert(name, words.next().unwrap_or_default().to_owned());
        } else if word == "alone" {
            self.alone.insert(name);
        } else if word == "ended" {
            self.ended.insert(name);
        }
    }

    /// Why a scenario is not to be tried again.
    pub(super) fn crashed(&self, name: &str) -> Option<&str> {
        self.crashed.get(name).map(String::as_str)
    }

    /// Whether this run has solved a scenario already.
    pub(super) fn ended(&self, name: &str) -> bool {
        self.ended.contains(name)
    }

    /// Whether a scenario is to be solved without others beside it.
    pub(super) fn alone(&self, name: &str) -> bool {
        self.alone.contains(name)
    }

    /// Notes that a scenario begins, and that it ended once what is returned is dropped, by a panic too.
    pub(super) fn begin<'a>(&'a self, name: &'a str) -> Running<'a> {
        // Where nothing can be written the run goes on: a journal is of use when a process dies, and only then.
        let _ = self.note(&format!("begun {name}"));
        Running { journal: self, name }
    }

    fn note(&self, line: &str) -> io::Result<()> {
        let mut file: File = OpenOptions::new().create(true).append(true).open(&self.path)?;
        // At once, so that lines of several threads do not mix.
        file.write_all(format!("{line}\n").as_bytes())
    }

    /// Notes that a process died, and why, and says what is to be done.
    pub fn died(self, why: &str) -> Next {
        let running: Vec<String> = self.running.iter().cloned().collect();
        let noted = |lines: Vec<String>| lines.iter().all(|line| self.note(line).is_ok());
        match &running[..] {
            [] => Next::GiveUp,
            [one] if noted(vec![format!("crashed {one} {why}")]) => Next::Failed(one.clone()),
            [_, _, ..] if noted(running.iter().map(|name| format!("alone {name}")).collect()) => {
                Next::Alone(running)
            }
            // The next process would know nothing of it, and die again.
            _ => Next::GiveUp,
        }
    }

    /// Removes the file when the run is over.
    pub fn remove(self) {
        // It may never have been written.
        let _ = fs::remove_file(self.path);
    }
}

/// A scenario that is being solved.
pub(super) struct Running<'a> {
    journal: &'a Journal,
    name: &'a str,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let _ = self.journal.note(&format!("ended {}", self.name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_goes_on_after_the_dead() {
        let dir = tempfile::tempdir().unwrap();
        let journal = || Journal::of(dir.path(), 7);
        assert_eq!(journal().died("signal 11"), Next::GiveUp, "nothing has begun");
        let first = journal();
        let [a, b, c] = ["a", "b", "c"].map(|name| first.begin(name));
        drop(a);
        // A process that dies drops nothing.
        std::mem::forget((b, c));
        assert_eq!(journal().died("signal 11"), Next::Alone(vec!["b".to_owned(), "c".to_owned()]));
        let second = journal();
        assert!(second.ended("a") && !second.ended("b") && second.alone("b") && second.alone("c"));
        assert_eq!(second.clone().died("signal 11"), Next::GiveUp, "neither has begun again");
        std::mem::forget(second.begin("b"));
        assert_eq!(journal().died("signal 11 (SIGSEGV)"), Next::Failed("b".to_owned()));
        assert_eq!(journal().crashed("b"), Some("signal 11 (SIGSEGV)"));
        assert_eq!(journal().died("signal 11"), Next::GiveUp);
        fs::write(dir.path().join(".suite.run-8"), "begun a\nbegu").unwrap();
        assert_eq!(Journal::of(dir.path(), 8).died("signal 9"), Next::Failed("a".to_owned()));
        journal().remove();
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn without_a_journal_a_run_does_not_die_for_ever() {
        let dir = tempfile::tempdir().unwrap();
        let journal = Journal::of(dir.path(), 7);
        std::mem::forget(journal.begin("a"));
        let read = Journal::of(dir.path(), 7);
        fs::remove_dir_all(dir.path()).unwrap();
        assert_eq!(read.died("signal 9"), Next::GiveUp);
    }
}
