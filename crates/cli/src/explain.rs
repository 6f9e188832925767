//! `maillage explain`: why a site is in or out, what rules cost, why there is no plan.

use crate::Exit;
use crate::args::{Common, LimitArgs};
use crate::commands::{exit_of, internal, run_options};
use crate::console::{self, ProgressLine};
use clap::Args;
use maillage_input::{Lang, Problems};
use maillage_scenario::{ExplainOptions, write_file};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// Fichier de scénario · scenario file
    pub(crate) scenario: PathBuf,
    /// Pourquoi ce site ouvre ou non : code de commune ou identifiant · why this site opens or not: commune code or identifier
    #[arg(long, value_name = "CODE")]
    site: Vec<String>,
    /// Ce que coûte chaque règle, ce que vaut un peu plus · what each rule costs, what a little more is worth
    #[arg(long)]
    prices: bool,
    /// Un peu plus d'argent, en euros · a little more money, in euros
    #[arg(long, value_name = "EUR", default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000_000))]
    step_eur: u32,
    /// Dossier du résultat de ce scénario, à ne pas résoudre à nouveau · folder of its result, not to be solved again
    #[arg(long, value_name = "DIR")]
    result: Option<PathBuf>,
    /// Fichier JSON à écrire · JSON file to write
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
}

pub(crate) fn explain(args: ExplainArgs, common: Common) -> Result<Exit, Problems> {
    let lang = Lang::from(common.lang);
    let (loaded, warnings) = maillage_scenario::load(&args.scenario)?;
    if !common.quiet && !warnings.is_empty() {
        console::problems(&warnings, lang, false);
    }
    let asked = ExplainOptions {
        sites: args.site,
        prices: args.prices,
        result: args.result,
        step_eur: args.step_eur,
    };
    let mut line = ProgressLine::new(common.quiet, lang);
    let explained =
        maillage_scenario::explain(&loaded, &asked, &run_options(args.limits), &mut |event| line.show(event));
    line.clear();
    let explanation = match explained? {
        Ok(explanation) => explanation,
        Err(failure) => return Ok(internal(&failure.to_string(), lang)),
    };
    if let Some(file) = &args.output {
        write_file(file, &format!("{}\n", explanation.json()))?;
    }
    console::print(&if common.json { explanation.json() } else { explanation.summary(lang) });
    Ok(exit_of(explanation.status()))
}
