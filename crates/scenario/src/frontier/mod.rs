//! One scenario under many values of one limit: what each value buys, with its bound.

mod points;
mod record;

pub use record::{DeployedSite, FrontierPointRecord, FrontierRecord, write_frontier};

use crate::load::load_document;
use crate::suite::{put, steps};
use crate::territories::Territories;
use crate::versions::SCENARIO;
use crate::{Event, Loaded, RunFailure, RunOptions};
use maillage_input::{Code, Document, InputFile, MAX_JSON_BYTES, Place, Problem, Problems, Text};
use serde_json::Value;
use std::path::Path;

/// Most points of a frontier.
pub const MOST_POINTS: usize = 1000;

/// What varies.
#[derive(Debug, Clone, PartialEq)]
pub enum Vary {
    /// The budget of a siting scenario, or the owner's money in all of a programme, in euros.
    Budget(Vec<i64>),
    /// GPs that can be recruited in a siting scenario.
    Posts(Vec<i64>),
    /// Anything else: where it stands, as in a suite, and its values.
    Pointer(String, Vec<Value>),
}

impl Vary {
    /// `steps` values from one to another, both included, evenly spread and rounded down; sorted and without repetition.
    ///
    /// ```
    /// assert_eq!(maillage_scenario::Vary::range(0, 10, 4), [0, 3, 6, 10]);
    /// ```
    pub fn range(from: i64, to: i64, steps: usize) -> Vec<i64> {
        let span = i128::from(to) - i128::from(from);
        let last = steps.saturating_sub(1).max(1) as i128;
        let at = |i: usize| i128::from(from) + span * i as i128 / last;
        let mut out: Vec<i64> = (0..steps).filter_map(|i| i64::try_from(at(i)).ok()).collect();
        out.sort_unstable();
        out.dedup();
        out
    }

    /// Whether a larger value only allows more.
    fn frees(&self) -> bool {
        !matches!(self, Vary::Pointer(..))
    }

    fn values(&self) -> Vec<Value> {
        match self {
            Vary::Budget(values) | Vary::Posts(values) => values.iter().map(|v| (*v).into()).collect(),
            Vary::Pointer(_, values) => values.clone(),
        }
    }

    fn pointer(&self, kind: &str) -> &str {
        match self {
            Vary::Budget(_) if kind == "programme" => "/problem/owner/total_eur",
            Vary::Budget(_) => "/problem/limits/budget_eur",
            Vary::Posts(_) => "/problem/limits/gp_pool",
            Vary::Pointer(pointer, _) => pointer,
        }
    }
}

/// Solves a scenario under every value.
///
/// # Errors
/// Outside, all problems of the first value with any; inside, a fault of the program or of the solver.
pub fn frontier(
    path: &Path,
    vary: &Vary,
    options: &RunOptions,
    watch: &mut dyn FnMut(&Event),
) -> Result<Result<FrontierRecord, RunFailure>, Problems> {
    let input = InputFile::read(path, MAX_JSON_BYTES)?;
    let doc = Document::new(&input)?.current(&SCENARIO)?;
    doc.unique_keys()?;
    let base: Value = serde_json::from_str(doc.text()).unwrap_or_default();
    let pointer = vary.pointer(base["problem"]["kind"].as_str().unwrap_or_default()).to_owned();
    let values = vary.values();
    if values.is_empty() || values.len() > MOST_POINTS {
        return Err(refused(path, &pointer, &values.len().to_string()).into());
    }
    let known = Territories::default();
    let mut points: Vec<Loaded> = Vec::new();
    for value in &values {
        let mut scenario = base.clone();
        if !put(&mut scenario, &steps(&pointer), value) {
            return Err(refused(path, &pointer, &value.to_string()).into());
        }
        let doc = Document::parse(doc.file(), &format!("{scenario:#}"))?;
        points.push(load_document(&doc, path, input.record.clone(), &known)?.0);
    }
    let solved = points::solve(&points, vary.frees(), options, watch);
    Ok(solved.map(|solved| FrontierRecord::new(&points, pointer, &values, solved)))
}

fn refused(path: &Path, pointer: &str, value: &str) -> Problem {
    Problem::error(
        Code::OutOfRange,
        Text::new(
            format!("« {pointer} » ne mène nulle part, ou il n'y a pas entre 1 et {MOST_POINTS} valeurs"),
            format!("`{pointer}` leads nowhere, or there are not between 1 and {MOST_POINTS} values"),
        ),
    )
    .at(Place::file(path.display().to_string()))
    .value(value)
    .remedy(Text::new(
        "donner des clés, et dans une liste une position ou un « id »",
        "give keys, and in a list a position or an `id`",
    ))
}
