//! A command that solves runs in a process of its own, so that a crash of the solver, or memory that runs out, ends in an error
//! and not in silence; a suite goes on without the scenario that it happened in.
//!
//! The supervisor starts this program again with `--supervisor PID` and waits. Standard input of the other process is its line
//! from the supervisor: a byte is an interrupt, its end is the end of the supervisor, who is not survived.

use crate::args::{Args, Command};
use crate::{Exit, console, interrupt};
use maillage_input::{Code, Lang, Place, Problem, Problems, Text};
use maillage_scenario::{Journal, Next};
use rustix::process::{Resource, Rlimit, Signal, getpid, getrlimit, kill_process, setrlimit};
use std::io::{Read, Write};
use std::os::unix::process::{ExitStatusExt, parent_id};
use std::path::Path;
use std::process::{self, ChildStdin, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Runs the command in a process of its own until it ends. Returns its exit code; `None` where no process can be started.
pub(crate) fn supervised(args: &Args) -> Option<u8> {
    let lang = Lang::from(args.common.lang);
    let line = Line::default();
    let told = line.clone();
    // Where there can be no handler an interrupt ends this process, and so the other.
    let _ = ctrlc::set_handler(move || told.interrupt());
    loop {
        let signal = match line.run()? {
            End::Code(code) => return Some(code),
            End::Signal(signal) => signal,
        };
        if interrupts().contains(&signal) {
            // 128 and the signal, as shells say it.
            return u8::try_from(128 + signal).ok();
        }
        if line.interrupted() || !goes_on(args, signal, lang) {
            let problem = crashed(args.command.input(), signal, args.command.memory_mb());
            console::problems(&Problems::from(problem), lang, args.common.json);
            return Some(Exit::Internal as u8);
        }
    }
}

/// How the other process ended.
enum End {
    Code(u8),
    Signal(i32),
}

/// What the supervisor holds of the other process.
#[derive(Clone, Default)]
struct Line {
    stdin: Arc<Mutex<Option<ChildStdin>>>,
    interrupted: Arc<AtomicBool>,
}

impl Line {
    /// Starts the process and waits for its end.
    fn run(&self) -> Option<End> {
        let mut process = process::Command::new(std::env::current_exe().ok()?);
        process.arg("--supervisor").arg(process::id().to_string()).args(std::env::args_os().skip(1));
        let mut stdin = self.stdin.lock().unwrap_or_else(PoisonError::into_inner);
        let mut child = process.stdin(Stdio::piped()).spawn().ok()?;
        *stdin = child.stdin.take();
        drop(stdin);
        let status = child.wait().ok()?;
        *self.stdin.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Some(end(status))
    }

    fn interrupt(&self) {
        self.interrupted.store(true, Ordering::Relaxed);
        let mut stdin = self.stdin.lock().unwrap_or_else(PoisonError::into_inner);
        match stdin.as_mut() {
            // One that is just ending needs no telling.
            Some(line) => drop(line.write_all(b"!")),
            None => interrupt::raise(),
        }
    }

    fn interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }
}

fn end(status: ExitStatus) -> End {
    match (status.code(), status.signal()) {
        (Some(code), _) => End::Code(u8::try_from(code).unwrap_or(Exit::Internal as u8)),
        (None, signal) => End::Signal(signal.unwrap_or_default()),
    }
}

fn interrupts() -> [i32; 3] {
    [Signal::INT, Signal::TERM, Signal::HUP].map(Signal::as_raw)
}

/// Whether a suite goes on in another process, without the scenario during which this one ended.
fn goes_on(args: &Args, signal: i32, lang: Lang) -> bool {
    let Command::Suite(suite) = &args.command else { return false };
    let why = cause(signal);
    let journal = Journal::of(&suite.folder(), process::id());
    let said = match journal.died(why.get(lang)) {
        Next::GiveUp => return false,
        Next::Failed(name) => Text::new(
            format!("— {name} : {}. La suite continue sans ce scénario.", why.fr),
            format!("— {name}: {}. The suite goes on without this scenario.", why.en),
        ),
        Next::Alone(names) => {
            let names = names.join(", ");
            Text::new(
                format!("{}. Reprise, un scénario à la fois pour : {names}", why.fr),
                format!("{}. Going on, one scenario at a time for: {names}", why.en),
            )
        }
    };
    console::error(said.get(lang));
    true
}

/// Removes what a run of a suite keeps for its processes.
pub(crate) fn forget(args: &Args) {
    if let Command::Suite(suite) = &args.command {
        Journal::of(&suite.folder(), process::id()).remove();
    }
}

fn cause(signal: i32) -> Text {
    let named = [
        (Signal::ABORT, "SIGABRT"),
        (Signal::BUS, "SIGBUS"),
        (Signal::FPE, "SIGFPE"),
        (Signal::ILL, "SIGILL"),
        (Signal::KILL, "SIGKILL"),
        (Signal::SEGV, "SIGSEGV"),
        (Signal::XCPU, "SIGXCPU"),
        (Signal::XFSZ, "SIGXFSZ"),
    ];
    let name = named.iter().find(|(s, _)| s.as_raw() == signal).map_or("?", |(_, name)| name);
    Text::new(
        format!("le processus de calcul a été arrêté par le signal {signal} ({name})"),
        format!("the solving process was ended by signal {signal} ({name})"),
    )
}

/// What is said of a crash. Only the signal is known: which allocation failed, or that the system took the memory, is not told.
fn crashed(input: &Path, signal: i32, memory_mb: Option<u64>) -> Problem {
    let short = [Signal::ABORT, Signal::KILL, Signal::BUS].iter().any(|s| s.as_raw() == signal);
    let remedy = match memory_mb {
        Some(mb) => Text::new(
            format!(
                "relever --memory ({mb} Mo) ou réduire le problème ; sinon, signaler ce défaut avec le fichier"
            ),
            format!(
                "raise --memory ({mb} MB) or make the problem smaller; else report this fault with the file"
            ),
        ),
        None if short => Text::new(
            "la mémoire a sans doute manqué : en donner plus, réduire le problème, ou la borner par --memory ; sinon, signaler ce défaut avec le fichier",
            "memory has probably run out: give more, make the problem smaller, or bound it with --memory; else report this fault with the file",
        ),
        None => Text::new(
            "signaler ce défaut avec le fichier ; les résultats antérieurs sont intacts",
            "report this fault with the file; earlier results are untouched",
        ),
    };
    Problem::error(Code::Crashed, cause(signal)).at(Place::file(input.display().to_string())).remedy(remedy)
}

/// Makes this process one that a supervisor watches: bounded in memory, told of interrupts, ended with its supervisor.
///
/// # Errors
/// E109 where the system refuses the bound or has no room for the thread that listens.
pub(crate) fn serve(supervisor: u32, memory_mb: Option<u64>) -> Result<(), Problem> {
    // A thread needs memory to begin with, and ends the program where there is none: both stand before the bound does.
    let (up, standing) = channel();
    let listening = up.clone();
    // A terminal interrupts both processes: the supervisor tells this one.
    let handler = move || {
        let _ = up.send(());
    };
    if ctrlc::set_handler(handler).is_ok() {
        // The handler's thread says that it is there when it has an interrupt to handle; it waits in vain where they are blocked.
        let _ = kill_process(getpid(), Signal::INT);
        let _ = standing.recv_timeout(Duration::from_secs(1));
    }
    let listener = std::thread::Builder::new().stack_size(256 << 10).spawn(move || {
        let _ = listening.send(());
        let mut byte = [0];
        while std::io::stdin().read(&mut byte).is_ok_and(|n| n > 0) {
            interrupt::raise();
        }
        leave();
    });
    listener.map_err(|e| refused(&e))?;
    let _ = standing.recv_timeout(Duration::from_secs(1));
    if parent_id() != supervisor {
        leave();
    }
    bound(memory_mb)
}

/// Ends this process at once, without what C++ does at an orderly end while its threads still run.
fn leave() {
    let _ = kill_process(getpid(), Signal::KILL);
}

/// Bounds the address space of this process, which holds more than the memory it uses.
///
/// # Errors
/// E109 where the system refuses.
pub(crate) fn bound(memory_mb: Option<u64>) -> Result<(), Problem> {
    let Some(mb) = memory_mb else { return Ok(()) };
    let Rlimit { current, maximum } = getrlimit(Resource::As);
    let least = [Some(mb.saturating_mul(1_000_000)), current].into_iter().flatten().min();
    setrlimit(Resource::As, Rlimit { current: least, maximum }).map_err(|e| refused(&e.into()))
}

fn refused(e: &std::io::Error) -> Problem {
    Problem::error(
        Code::Memory,
        Text::new(format!("le système refuse ({e})"), format!("the system refuses ({e})")),
    )
    .remedy(Text::new("vérifier les limites du système (ulimit)", "check the system's limits (ulimit)"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crash_has_a_code_a_cause_and_a_remedy() {
        let said =
            |signal: Signal, memory| crashed(Path::new("s.json"), signal.as_raw(), memory).render(Lang::En);
        let segv = said(Signal::SEGV, None);
        assert!(
            segv.starts_with("error E701: the solving process was ended by signal 11 (SIGSEGV)"),
            "{segv}"
        );
        assert!(segv.contains("report this fault") && !segv.contains("--memory"), "{segv}");
        assert!(said(Signal::KILL, None).contains("memory has probably run out"));
        assert!(said(Signal::ABORT, Some(500)).contains("raise --memory (500 MB)"));
        assert!(cause(99).en.contains("99 (?)"));
    }
}
