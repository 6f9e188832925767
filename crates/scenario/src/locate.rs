//! A pure location problem from a benchmark file or a cost table, solved and checked again.

mod alternatives;
mod check;
mod covering;
mod instance;
mod memory;
mod options;
mod proof;
mod solve;
#[cfg(test)]
mod tests;
mod worth;

pub(crate) use check::check_located;
pub use options::{LocateFormat, LocateOptions, LocateProblem, Radius, Rounding};
pub use proof::{LocateCertificate, ProofKind};
pub use solve::locate;

use crate::folder::{path_from, unwritable};
use alternatives::{Alternative, Asked};
use maillage_input::{Code, InputRecord, Lang, Place, Problem, Text, folder_of, tidy, write_whole};
use maillage_programme::{SolverRecord, Status as Claim, seal_of};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

/// A client and a site that serves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Served {
    client: String,
    site: String,
    /// How much of its demand; absent where there are no capacities.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    amount: Option<u64>,
}

/// The result of a pure location problem: what `locate` prints and writes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Located {
    schema_version: u32,
    maillage_version: String,
    instance: String,
    format: LocateFormat,
    problem: LocateProblem,
    p: Option<u32>,
    /// In parts of `1 / radius_scale`.
    radius: Option<u64>,
    #[serde(default = "one")]
    radius_scale: u32,
    #[serde(default)]
    demand: Option<u64>,
    #[serde(default)]
    times: Option<u32>,
    #[serde(default)]
    budget: Option<u64>,
    #[serde(default)]
    capacity: Option<u64>,
    weights: Option<String>,
    /// How distances on a plane are rounded, where there is one.
    #[serde(default)]
    rounding: Option<Rounding>,
    status: Claim,
    limit: Option<String>,
    /// Why, when infeasible or left unproven though no limit was reached.
    reason: Option<Text>,
    /// Objective and bound are in parts of `1 / scale` of the unit of the instance.
    #[serde(default = "one")]
    scale: u32,
    /// Whether objective and bound are squares of distances, in parts of `1 / scale²`.
    #[serde(default)]
    squared: bool,
    objective: Option<u64>,
    bound: Option<u64>,
    gap: Option<f64>,
    cpu_seconds: Option<f64>,
    wall_seconds: f64,
    peak_memory_mb: Option<f64>,
    solver: SolverRecord,
    seed: u32,
    inputs: Vec<InputRecord>,
    open: Vec<String>,
    /// Who is served from where, client by client, where opening and service are paid for; elsewhere the nearest open
    /// site serves.
    #[serde(default)]
    assignment: Vec<Served>,
    certificate: Option<LocateCertificate>,
    #[serde(default)]
    asked: Option<Asked>,
    /// The second and later plans, where such were asked for.
    #[serde(default)]
    alternatives: Vec<Alternative>,
    /// Why there are fewer than asked, or why the last is not proven: `none-left` or a limit.
    #[serde(default)]
    alternatives_stop: Option<String>,
    seal: BTreeMap<String, String>,
}

fn one() -> u32 {
    1
}

impl Located {
    /// What is claimed.
    pub fn status(&self) -> Claim {
        self.status
    }

    /// As JSON, sealed.
    pub fn json(&self) -> String {
        let unsealed = serde_json::to_string(self).expect("a result has text keys only");
        let read_back = serde_json::from_str(&unsealed).expect("what was written reads back");
        let sealed = Located { seal: seal_of(&read_back), ..self.clone() };
        let mut text = serde_json::to_string_pretty(&sealed).expect("a result has text keys only");
        text.push('\n');
        text
    }

    /// A few lines for people.
    pub fn summary(&self, lang: Lang) -> String {
        let number = |n: Option<u64>| n.map_or_else(|| "–".to_owned(), |n| self.shown(n, lang));
        let gap = self.gap.map_or_else(|| "–".to_owned(), |g| format!("{:.4} %", g * 100.0));
        let gap = if lang == Lang::Fr { gap.replace('.', ",") } else { gap };
        let (objective, bound) = (number(self.objective), number(self.bound));
        let status = self.status.as_str();
        let sites = self.open.join(" ");
        let limit = self.limit.as_ref().map_or_else(String::new, |limit| match lang {
            Lang::Fr => format!(" (arrêt : {})", limit_shown(limit, lang)),
            Lang::En => format!(" (stopped: {})", limit_shown(limit, lang)),
        });
        let proven = self.certificate.as_ref().map_or_else(String::new, |c| match lang {
            Lang::Fr => format!("   borne certifiée {}", self.shown(c.bound, lang)),
            Lang::En => format!("   certified bound {}", self.shown(c.bound, lang)),
        });
        let told = match lang {
            Lang::Fr => format!(
                "  état {status}{limit}   objectif {objective}   borne {bound}   écart {gap}{proven}\n  sites ouverts ({}) : {sites}",
                self.open.len()
            ),
            Lang::En => format!(
                "  status {status}{limit}   objective {objective}   bound {bound}   gap {gap}{proven}\n  open sites ({}): {sites}",
                self.open.len()
            ),
        };
        let remarks = self.rounding().into_iter().chain(self.reason.clone());
        let remarks: String = remarks.map(|t| format!("\n  {}", t.get(lang))).collect();
        format!("{}\n{told}{remarks}{}", self.instance, self.told_further(lang))
    }

    /// What became of distances, where that matters.
    fn rounding(&self) -> Option<Text> {
        Some(match self.rounding? {
            Rounding::Floor => Text::new(
                "distances arrondies à l'unité inférieure",
                "distances are rounded down to whole units",
            ),
            Rounding::Exact => Text::new("distances non arrondies", "distances are not rounded"),
        })
    }

    /// An objective or bound in the units of the instance. Roots are rounded, decimals are not.
    fn shown(&self, value: u64, lang: Lang) -> String {
        let scale = u64::from(self.scale.max(1));
        let text = if self.squared {
            format!("{:.6}", (value as f64).sqrt() / scale as f64)
        } else if scale == 1 {
            value.to_string()
        } else {
            let text =
                format!("{}.{:0width$}", value / scale, value % scale, width = scale.ilog10() as usize);
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        };
        if lang == Lang::Fr { text.replace('.', ",") } else { text }
    }

    /// Relative gap between objective and bound, of distances where these are squares.
    fn gap_between(objective: u64, bound: u64, squared: bool) -> f64 {
        if objective == bound {
            0.0
        } else if squared {
            let (far, near) = ((objective as f64).sqrt(), (bound as f64).sqrt());
            (far - near).abs() / far.max(1.0)
        } else {
            objective.abs_diff(bound) as f64 / objective.max(1) as f64
        }
    }

    /// Whether a large objective is wanted.
    fn is_large(&self) -> bool {
        self.problem == LocateProblem::MaxCover
            || (self.problem == LocateProblem::BackupCover && self.times.is_none())
    }
}

/// The word of a limit, for people.
fn limit_shown(limit: &str, lang: Lang) -> &str {
    match (limit, lang) {
        ("time", Lang::Fr) => "temps",
        ("interrupted", Lang::Fr) => "interruption",
        ("memory", Lang::Fr) => "mémoire",
        ("iterations", Lang::Fr) => "itérations",
        ("unproven", Lang::Fr) => "sans preuve",
        ("unproven", Lang::En) => "without proof",
        _ => limit,
    }
}

/// Writes a located result to a file, with its paths as seen from there. Only a file that `locate` wrote is
/// ever replaced.
///
/// # Errors
/// E107 when the file cannot be written, E108 when another file stands there.
pub fn write_located(path: &Path, located: &Located) -> Result<Located, Problem> {
    let earlier = std::fs::read_to_string(path).ok().and_then(|t| serde_json::from_str::<Located>(&t).ok());
    if path.exists() && earlier.is_none() {
        return Err(Problem::error(
            Code::OutputForeign,
            Text::new(
                "ce fichier n'est pas un résultat de « locate »",
                "this file is not a result of `locate`",
            ),
        )
        .at(Place::file(path.display().to_string()))
        .remedy(Text::new("choisir un autre nom", "choose another name")));
    }
    let unwritable = |e: std::io::Error| unwritable(path, &e);
    let mut seen = located.clone();
    seen.instance = from_file(path, &located.instance).map_err(unwritable)?;
    seen.weights = located.weights.as_deref().map(|w| from_file(path, w)).transpose().map_err(unwritable)?;
    for input in &mut seen.inputs {
        input.path = from_file(path, &input.path).map_err(unwritable)?;
    }
    tidy(folder_of(path), &path.file_name().unwrap_or_default().to_string_lossy()).map_err(unwritable)?;
    write_whole(path, |out| out.write_all(seen.json().as_bytes())).map_err(unwritable)?;
    Ok(seen)
}

/// `file` as seen from the folder that holds `result`.
fn from_file(result: &Path, file: &str) -> std::io::Result<String> {
    // Seen from a folder of that name every path climbs one step more.
    let seen = path_from(result, Path::new(file))?;
    Ok(seen.strip_prefix("../").map_or(seen.clone(), str::to_owned))
}
