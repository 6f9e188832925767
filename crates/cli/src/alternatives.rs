//! `maillage alternatives`: plans that are nearly as good as the best one, and differ.

use crate::Exit;
use crate::args::{Common, LimitArgs};
use crate::commands::{exit_of, internal, run_options};
use crate::console::{self, ProgressLine};
use clap::Args;
use maillage_input::{Lang, Problems};
use maillage_scenario::AlternativesOptions;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(crate) struct AlternativesArgs {
    /// Fichier de scénario · scenario file
    pub(crate) scenario: PathBuf,
    /// Plans voulus, le meilleur compris · plans wanted, the best one included
    #[arg(long, value_name = "K", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100))]
    plans: u32,
    /// Sites ouverts dans un plan et non dans l'autre, au moins · sites open in one plan and not in the other, at least
    #[arg(long, value_name = "M", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    apart: u32,
    /// Perte acceptée, en % du meilleur plan · accepted loss, % of the best plan
    #[arg(long, value_name = "PERCENT", default_value_t = 5.0, value_parser = percent)]
    within: f64,
    /// Dossier : plan-1, plan-2…, alternatives.csv ; par défaut out/NOM-plans · folder; out/NAME-plans by default
    #[arg(short, long)]
    output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
}

fn percent(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(x) if (0.0..=100.0).contains(&x) => Ok(x),
        _ => Err("nombre attendu entre 0 et 100 · number expected between 0 and 100".to_owned()),
    }
}

pub(crate) fn alternatives(args: AlternativesArgs, common: Common) -> Result<Exit, Problems> {
    let lang = Lang::from(common.lang);
    let (loaded, warnings) = maillage_scenario::load(&args.scenario)?;
    if !common.quiet && !warnings.is_empty() {
        console::problems(&warnings, lang, false);
    }
    let default = || Path::new("out").join(format!("{}-plans", loaded.file.name));
    let dir = args.output.clone().unwrap_or_else(default);
    let asked = AlternativesOptions { plans: args.plans, apart: args.apart, within_percent: args.within };
    let mut line = ProgressLine::new(common.quiet, lang);
    let mut watch = |event: &maillage_scenario::Event| line.show(event);
    let found =
        maillage_scenario::alternatives(&loaded, asked, &run_options(args.limits), &dir, lang, &mut watch);
    line.clear();
    let found = match found? {
        Ok(found) => found,
        Err(failure) => return Ok(internal(&failure.to_string(), lang)),
    };
    console::print(&if common.json { found.json() } else { found.summary(lang) });
    let worst = found.plans.iter().map(|p| p.status).max_by_key(|s| *s as u8);
    Ok(worst.map_or(Exit::Done, exit_of))
}
