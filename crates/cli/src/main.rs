//! The `maillage` command: reads arguments, calls one library function, prints, and maps what came of it to
//! an exit code. No logic of its own.

mod alternatives;
mod args;
mod commands;
mod console;
mod explain;
mod frontier;
mod locate_args;
mod report;
mod suite;
mod suite_board;
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
    let done = std::panic::catch_unwind(|| commands::dispatch(args));
    let exit = done.unwrap_or_else(|_| {
        console::error(match lang {
            maillage_input::Lang::Fr => {
                "erreur interne : ce défaut est le nôtre, merci de le signaler avec le fichier"
            }
            maillage_input::Lang::En => "internal error: this fault is ours, please report it with the file",
        });
        Exit::Internal
    });
    ExitCode::from(exit as u8)
}
