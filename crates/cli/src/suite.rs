//! `maillage suite`: many scenarios made of one base.

use crate::Exit;
use crate::args::{Common, LimitArgs};
use crate::commands::{exit_of, run_options};
use crate::console;
use crate::suite_board::Board;
use clap::Args;
use maillage_input::{Lang, Problems};
use maillage_scenario::{
    Baseline, Comparison, End, Journal, MOST_EVALUATIONS, Names, Row, SuiteOptions, Unit, collect_suite,
    estimates, junit, load_suite, regrets, run_suite, write_file,
};
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(crate) struct SuiteArgs {
    /// Fichier de suite · suite file
    pub(crate) suite: PathBuf,
    /// Dossier des résultats ; par défaut out/FICHIER · folder of results; out/FILE by default
    #[arg(short, long)]
    output: Option<PathBuf>,
    /// Scénarios à la fois ; par défaut un par cœur · scenarios at once; one per core by default
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1024))]
    jobs: Option<u32>,
    /// Mémoire pour ce qui est résolu à la fois, en Mo · memory for what is solved at once, MB
    #[arg(long, value_name = "MB", value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    memory_mb: Option<u64>,
    /// Ne pas résoudre à nouveau ce qui n'a pas changé · do not solve again what has not changed
    #[arg(long)]
    resume: bool,
    /// Évaluer chaque plan sous chaque autre scénario · evaluate each plan under every other scenario
    #[arg(long)]
    regret: bool,
    /// Écrire les scénarios et les lister, sans résoudre · write the scenarios and list them, solve nothing
    #[arg(long, conflicts_with_all = ["resume", "collect", "compare_to", "junit", "regret"])]
    plan: bool,
    /// Comparer les résultats de ce dossier, résolus ailleurs · compare the results of this folder, solved elsewhere
    #[arg(long, value_name = "DIR", conflicts_with_all = ["output", "resume"])]
    collect: Option<PathBuf>,
    /// Échouer (code 7) si un plan est moins bon qu'ici · fail (code 7) where a plan is worse than in this folder
    #[arg(long, value_name = "DIR")]
    compare_to: Option<PathBuf>,
    /// Écrire aussi un fichier JUnit · write a JUnit file too
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
}

impl SuiteArgs {
    /// The folder of the results.
    pub(crate) fn folder(&self) -> PathBuf {
        let default = || Path::new("out").join(self.suite.file_stem().unwrap_or_default());
        self.collect.clone().or(self.output.clone()).unwrap_or_else(default)
    }
}

pub(crate) fn suite(args: SuiteArgs, common: Common) -> Result<Exit, Problems> {
    let lang = Lang::from(common.lang);
    let suite = load_suite(&args.suite)?;
    let dir = args.folder();
    let units = suite.prepare(&dir)?;
    if args.plan {
        let lines: Vec<String> = units.iter().zip(estimates(&units)).map(|(u, e)| u.json(&e)).collect();
        console::print(&lines.join("\n"));
        return Ok(Exit::Done);
    }
    let journal = common.supervisor.map(|supervisor| Journal::of(&dir, supervisor));
    let options = options(&args, units.len(), journal, lang);
    let (rows, names) = rows(&args, &units, &options, common);
    let compared = Comparison::new(rows, names);
    let title = args.suite.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    compared.write(&dir, &title, lang)?;
    tell(&compared, lang, common);
    if args.regret {
        match regrets(&units, &compared.rows, &options) {
            Some(regrets) => regrets.write(&dir)?,
            None => console::error(&too_many(lang)),
        }
    }
    let baseline = args.compare_to.as_deref().map(|dir| Baseline::new(&compared, dir)).transpose()?;
    if let Some(baseline) = &baseline {
        let text = baseline.text();
        console::error(text.get(lang).trim_end());
    }
    if let Some(file) = &args.junit {
        write_file(file, &junit(&compared, baseline.as_ref(), lang))?;
    }
    let violated = baseline.filter(|b| !b.worse.is_empty()).map(|_| Exit::Violation);
    let exits = compared.rows.iter().map(exit).chain(violated);
    Ok(exits.max_by_key(|exit| severity(*exit)).unwrap_or(Exit::Done))
}

fn options(args: &SuiteArgs, units: usize, journal: Option<Journal>, lang: Lang) -> SuiteOptions {
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    SuiteOptions {
        run: run_options(args.limits),
        jobs: args.jobs.map_or_else(cores, |n| n as usize).min(units.max(1)),
        memory_mb: args.memory_mb.or(args.limits.memory_mb()),
        resume: args.resume,
        journal,
        lang,
    }
}

fn rows(args: &SuiteArgs, units: &[Unit], options: &SuiteOptions, common: Common) -> (Vec<Row>, Names) {
    if args.collect.is_some() {
        return collect_suite(units, options.jobs);
    }
    let board = Board::new(units, common.quiet, options.lang);
    let done = run_suite(units, options, &|i, told| board.told(i, told));
    board.clear();
    done
}

fn too_many(lang: Lang) -> String {
    match lang {
        Lang::Fr => {
            format!("regrets non calculés : plus de {MOST_EVALUATIONS} paires de plans et de scénarios")
        }
        Lang::En => {
            format!("regrets not computed: more than {MOST_EVALUATIONS} pairs of plans and scenarios")
        }
    }
}

/// What went wrong, scenario by scenario, then the comparison.
fn tell(compared: &Comparison, lang: Lang, common: Common) {
    for row in &compared.rows {
        match &row.end {
            End::BadInput(problems) => {
                console::error(&format!("— {}\n{}", row.scenario, problems.render(lang)));
            }
            End::Failed(why) => console::error(&format!("— {}\n{}: {why}", row.scenario, row.word(lang))),
            End::Solved(_) | End::Kept(_) | End::NotRun => {}
        }
    }
    console::print(&if common.json { compared.json() } else { compared.summary(lang) });
}

fn exit(row: &Row) -> Exit {
    match &row.end {
        End::Solved(status) | End::Kept(status) => exit_of(*status),
        End::BadInput(_) => Exit::BadInput,
        End::Failed(_) => Exit::Internal,
        End::NotRun => Exit::LimitWithoutPlan,
    }
}

/// The worst of several ends: what says least about the plans first.
fn severity(exit: Exit) -> u8 {
    match exit {
        Exit::Done => 0,
        Exit::LimitWithPlan => 1,
        Exit::LimitWithoutPlan => 2,
        Exit::Infeasible => 3,
        Exit::Violation => 4,
        Exit::BadInput => 5,
        Exit::Internal => 6,
    }
}
