//! The `maillage` command: reads arguments, calls one library function, prints, and maps what came of it to
//! an exit code. No logic of its own.

mod about;
mod alternatives;
mod args;
mod commands;
mod console;
mod explain;
mod frontier;
mod interrupt;
mod locate_args;
#[cfg(test)]
mod reference;
mod report;
mod suite;
mod suite_board;
#[cfg(unix)]
mod supervise;
mod travel;

use clap::Parser;
use std::process::ExitCode;

/// Exit codes: stable, documented in the README.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Exit {
    /// Solved to the asked gap; or the check, the file, is in order.
    Done = 0,
    /// A fault of the program.
    Internal = 1,
    /// Invalid input.
    BadInput = 3,
    /// Proven infeasible.
    Infeasible = 4,
    /// A limit was reached; a plan is written.
    LimitWithPlan = 5,
    /// A limit was reached; there is no plan.
    LimitWithoutPlan = 6,
    /// The check found a violation.
    Violation = 7,
}

fn main() -> ExitCode {
    // Usage errors leave here with code 2.
    let args = args::Args::parse();
    let lang = args.common.lang.into();
    let done = std::panic::catch_unwind(|| run(args));
    ExitCode::from(done.unwrap_or_else(|_| {
        console::error(match lang {
            maillage_input::Lang::Fr => {
                "erreur interne : ce défaut est le nôtre, merci de le signaler avec le fichier"
            }
            maillage_input::Lang::En => "internal error: this fault is ours, please report it with the file",
        });
        Exit::Internal as u8
    }))
}

/// The command in a process of its own if it solves, and this one if not.
#[cfg(unix)]
fn run(args: args::Args) -> u8 {
    let lang = args.common.lang.into();
    let memory_mb = args.command.memory_mb();
    let ready = match args.common.supervisor {
        Some(supervisor) => supervise::serve(supervisor, memory_mb),
        None if args.command.limits().is_some() => {
            let code = supervise::supervised(&args);
            supervise::forget(&args);
            if let Some(code) = code {
                return code;
            }
            // The system starts no other process: this one does the work.
            supervise::bound(memory_mb)
        }
        None => Ok(()),
    };
    match ready {
        Ok(()) => commands::dispatch(args) as u8,
        Err(problem) => {
            console::problems(&problem.into(), lang, args.common.json);
            Exit::Internal as u8
        }
    }
}

/// Elsewhere there are neither signals to tell a crash by nor a bound on memory: everything runs in this process.
#[cfg(not(unix))]
fn run(args: args::Args) -> u8 {
    commands::dispatch(args) as u8
}
