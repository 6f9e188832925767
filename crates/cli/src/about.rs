//! What the program says of itself: version, completions, manual.

use crate::Exit;
use crate::args::Args;
use crate::console;
use clap::{CommandFactory, ValueEnum};
use clap_complete::Shell;
use maillage_input::{Code, Place, Problem, Problems, Text};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// What `--version` says: the version, the solver and what the binary was built from.
pub(crate) fn version() -> &'static str {
    static TOLD: LazyLock<String> = LazyLock::new(|| {
        let commit = option_env!("MAILLAGE_COMMIT").unwrap_or("inconnu · unknown");
        format!(
            "{}\nsolveur · solver: {}\ncommit: {commit}\ncible · target: {} ({})",
            env!("CARGO_PKG_VERSION"),
            maillage_scenario::solver_name(),
            env!("MAILLAGE_TARGET"),
            env!("MAILLAGE_PROFILE"),
        )
    });
    &TOLD
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ShellArg {
    Bash,
    Elvish,
    Fish,
    Powershell,
    Zsh,
}

impl From<ShellArg> for Shell {
    fn from(shell: ShellArg) -> Shell {
        match shell {
            ShellArg::Bash => Shell::Bash,
            ShellArg::Elvish => Shell::Elvish,
            ShellArg::Fish => Shell::Fish,
            ShellArg::Powershell => Shell::PowerShell,
            ShellArg::Zsh => Shell::Zsh,
        }
    }
}

/// A script that completes command lines, on standard output.
pub(crate) fn completions(shell: ShellArg) -> Result<Exit, Problems> {
    let mut script = Vec::new();
    clap_complete::generate(Shell::from(shell), &mut Args::command(), "maillage", &mut script);
    console::print(&String::from_utf8_lossy(&script));
    Ok(Exit::Done)
}

/// A manual page for the program and for each command, in a folder.
pub(crate) fn manual(folder: &Path) -> Result<Exit, Problems> {
    let written = std::fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(Args::command().disable_help_subcommand(true), folder));
    written.map_err(|e| {
        Problem::error(
            Code::OutputUnwritable,
            Text::new("les pages de manuel ne s'écrivent pas", "the manual pages cannot be written"),
        )
        .at(Place::file(folder.display().to_string()))
        .value(e.to_string())
        .remedy(Text::new("choisir un autre dossier", "choose another folder"))
    })?;
    Ok(Exit::Done)
}

/// What may be typed after `maillage man`.
#[derive(Debug, clap::Args)]
pub(crate) struct ManualArgs {
    /// Dossier où les écrire · folder to write them to
    pub(crate) folder: PathBuf,
}
