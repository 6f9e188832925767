//! `maillage frontier`: one scenario under many budgets, or many values of something else.

use crate::Exit;
use crate::args::{Common, LimitArgs};
use crate::commands::{exit_of, internal, run_options};
use crate::console::{self, ProgressLine};
use clap::Args;
use maillage_input::{Lang, Problems};
use maillage_scenario::{MOST_POINTS, Status, Vary, write_frontier};
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("vary").required(true))]
pub(crate) struct FrontierArgs {
    /// Fichier de scénario · scenario file
    pub(crate) scenario: PathBuf,
    /// Budgets en euros, de DE à À en N points · budgets in euros, N points
    #[arg(long, value_name = "FROM:TO:N", group = "vary", value_parser = range)]
    budget: Option<Range>,
    /// Médecins recrutables, de DE à À en N points · GPs that can be recruited, N points
    #[arg(long, value_name = "FROM:TO:N", group = "vary", value_parser = range)]
    posts: Option<Range>,
    /// Où se trouve la valeur à varier, comme dans une suite · where the value stands, as in a suite
    #[arg(long, value_name = "P", group = "vary", requires = "values")]
    pointer: Option<String>,
    /// Ses valeurs (JSON, sinon du texte) · its values (JSON, else text)
    #[arg(long, value_name = "V", num_args = 1.., requires = "pointer")]
    values: Vec<String>,
    /// Dossier où écrire frontier.html, frontier.csv, frontier-sites.csv, frontier.json · folder for the files
    #[arg(short, long)]
    output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
}

/// Values of a range, at least two.
#[derive(Debug, Clone)]
struct Range(Vec<i64>);

fn range(text: &str) -> Result<Range, String> {
    let parts: Option<Vec<i64>> = text.split(':').map(|part| part.parse().ok()).collect();
    match parts.as_deref() {
        Some(&[from, to, n]) if from >= 0 && to > from && n >= 2 && n <= MOST_POINTS as i64 => {
            Ok(Range(Vary::range(from, to, n as usize)))
        }
        _ => Err(format!("FROM:TO:N, 0 ≤ FROM < TO, 2 ≤ N ≤ {MOST_POINTS}")),
    }
}

pub(crate) fn frontier(args: FrontierArgs, common: Common) -> Result<Exit, Problems> {
    let lang = Lang::from(common.lang);
    let json = |text: &String| serde_json::from_str(text).unwrap_or_else(|_| text.as_str().into());
    let vary = match (&args.budget, &args.posts, &args.pointer) {
        (Some(Range(values)), ..) => Vary::Budget(values.clone()),
        (_, Some(Range(values)), _) => Vary::Posts(values.clone()),
        (.., pointer) => {
            Vary::Pointer(pointer.clone().unwrap_or_default(), args.values.iter().map(json).collect())
        }
    };
    let mut line = ProgressLine::new(common.quiet, lang);
    let found = maillage_scenario::frontier(&args.scenario, &vary, &run_options(args.limits), &mut |event| {
        line.show(event);
    });
    line.clear();
    let record = match found? {
        Ok(record) => record,
        Err(failure) => return Ok(internal(&failure.to_string(), lang)),
    };
    if let Some(dir) = &args.output {
        write_frontier(dir, &record, lang)?;
    }
    console::print(&if common.json { record.json() } else { record.summary(lang) });
    // That too little money allows nothing is an answer; that nothing does, is not.
    let statuses = || record.points.iter().map(|p| p.status);
    let worst = statuses().filter(|s| *s != Status::Infeasible).max_by_key(|s| *s as u8);
    Ok(exit_of(worst.unwrap_or(Status::Infeasible)))
}
