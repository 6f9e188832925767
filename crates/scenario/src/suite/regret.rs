//! Each plan of a suite under the data of every other scenario: what one loses by having chosen it.

use super::compare::{line, shown};
use super::run::spread;
use super::units::write_file;
use super::{Row, SuiteOptions, Unit};
use crate::folder::RESULT;
use crate::load::load_sharing;
use crate::territories::Territories;
use crate::{Loaded, run};
use maillage_input::{InputFile, MAX_JSON_BYTES, Problem};
use maillage_programme::health::{Commitment, Standing};
use maillage_programme::{Hundredths, ResultRecord, Role, SiteStatus, Task};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Most plans times futures that are evaluated.
pub const MOST_EVALUATIONS: usize = 2500;

/// Sites that open, with their types.
type Openings = BTreeMap<String, Option<String>>;

/// A plan under the data of a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegretCell {
    /// Scenario whose plan it is.
    pub plan: String,
    /// Scenario under whose data it is put.
    pub future: String,
    /// A [`Status`](crate::Status): `infeasible` where the plan breaks a rule of the future; `no_site` where the future has no such
    /// candidate, or is a plain problem.
    pub status: &'static str,
    /// Value of the first goal with the plan's openings, and with the best posts and lists for them.
    pub value: Option<Hundredths>,
    /// The best value met under these data.
    pub best: Option<Hundredths>,
    /// How far the first is from the second: never negative.
    pub regret: Option<Hundredths>,
}

/// Regrets: every plan under every future.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Regrets {
    /// By plan, then future, in the order of the suite.
    pub cells: Vec<RegretCell>,
}

/// Puts every plan under the data of every scenario that was solved: openings stay, posts and lists adapt. `None` when there
/// are more than [`MOST_EVALUATIONS`] pairs.
pub fn regrets(units: &[Unit], rows: &[Row], options: &SuiteOptions) -> Option<Regrets> {
    let plans: Vec<(&str, Openings)> = units
        .iter()
        .zip(rows)
        .filter_map(|(unit, row)| Some((unit.name.as_str(), openings(unit, row)?)))
        .collect();
    let futures: Vec<(&Unit, &Row)> =
        units.iter().zip(rows).filter(|(_, row)| row.end.status().is_some()).collect();
    if plans.len().saturating_mul(futures.len()) > MOST_EVALUATIONS {
        return None;
    }
    let different: Vec<&Openings> =
        plans.iter().map(|(_, o)| o).collect::<BTreeSet<_>>().into_iter().collect();
    let known = Territories::default();
    let pairs: Vec<(usize, usize)> =
        (0..futures.len()).flat_map(|f| (0..different.len()).map(move |o| (f, o))).collect();
    let found = spread(pairs.len(), options.jobs, &|i| {
        let (f, o) = pairs[i];
        let value = load_sharing(&futures[f].0.scenario, &known)
            .ok()
            .map(|(loaded, _)| under(loaded, different[o], options));
        value.unwrap_or(("bad_input", None))
    });
    let at: BTreeMap<(usize, &Openings), (&'static str, Option<Hundredths>)> =
        pairs.iter().zip(found).map(|(&(f, o), value)| ((f, different[o]), value)).collect();
    let mut cells = Vec::new();
    for (plan, openings) in &plans {
        for (f, (unit, row)) in futures.iter().enumerate() {
            let first = row.goals.first();
            let sign = if first.is_some_and(|g| g.sense == "min") { -1 } else { 1 };
            let met = different.iter().filter_map(|o| at.get(&(f, *o))?.1);
            let best = met.chain(first.and_then(|g| g.objective)).max_by_key(|h| sign * h.0);
            let (status, value) = at.get(&(f, openings)).copied().unwrap_or(("bad_input", None));
            let regret = best.zip(value).map(|(best, value)| Hundredths(sign * (best.0 - value.0)));
            let (plan, future) = ((*plan).to_owned(), unit.name.clone());
            cells.push(RegretCell { plan, future, status, value, best, regret });
        }
    }
    Some(Regrets { cells })
}

fn openings(unit: &Unit, row: &Row) -> Option<Openings> {
    row.opened.as_ref()?;
    let file = InputFile::read(&unit.folder.join(RESULT), MAX_JSON_BYTES).ok()?;
    let record: ResultRecord = serde_json::from_slice(&file.content).ok()?;
    let opened = record.sites.into_iter().filter(|s| s.status == SiteStatus::Opened);
    Some(opened.map(|s| (s.site_id.to_string(), s.structure_type.map(|t| t.to_string()))).collect())
}

/// The first goal under a scenario whose openings are given.
fn under(
    mut loaded: Loaded,
    openings: &Openings,
    options: &SuiteOptions,
) -> (&'static str, Option<Hundredths>) {
    if !fix(&mut loaded.task, openings) {
        return ("no_site", None);
    }
    match run(&loaded, &options.run, &mut |_| {}) {
        Ok(finished) => (finished.record.status.as_str(), finished.record.objective),
        Err(_) => ("internal_error", None),
    }
}

/// Forces the openings and forbids all others. `false` where a site or its type is no candidate.
fn fix(task: &mut Task, openings: &Openings) -> bool {
    let mut placed = 0;
    match task {
        Task::Siting(programme) => {
            programme.goals.truncate(1);
            let kinds: Vec<String> = programme.types.iter().map(|t| t.id.to_string()).collect();
            for site in &mut programme.sites {
                let Role::Candidate { types, forced } = &mut site.role else { continue };
                let asked = openings.get(site.id.as_str());
                types.retain(|t| {
                    asked.is_some_and(|kind| {
                        kind.as_deref() == kinds.get(usize::from(t.0)).map(String::as_str)
                    })
                });
                *forced = asked.is_some();
                placed += usize::from(!types.is_empty());
            }
        }
        Task::Health(health) => {
            health.goals.truncate(1);
            let kinds: Vec<String> = health.types.iter().map(|t| t.id.to_string()).collect();
            let years = health.years;
            for site in &mut health.sites {
                let Standing::Candidate { types, committed, .. } = &mut site.standing else { continue };
                let asked = openings.get(site.id.as_str());
                types.retain(|t| {
                    asked.is_some_and(|kind| {
                        kind.as_deref() == kinds.get(usize::from(t.0)).map(String::as_str)
                    })
                });
                *committed = types.first().map(|kind| Commitment { kind: Some(*kind), by: years });
                placed += usize::from(!types.is_empty());
            }
        }
        // A plain problem opens a given number of sites: none can stay closed.
        Task::Location(_) => return false,
    }
    placed == openings.len()
}

impl Regrets {
    /// One row a plan and future.
    pub fn csv(&self) -> String {
        let mut out = line(["plan", "future", "status", "value", "best", "regret"].map(str::to_owned).into());
        for c in &self.cells {
            let numbers = [c.value, c.best, c.regret].map(|h| shown(h.as_ref()));
            out.push_str(&line([[c.plan.clone(), c.future.clone(), c.status.to_owned()], numbers].concat()));
        }
        out
    }

    /// One row a plan, least regret first: in how many futures it can be kept, the worst regret of those, and their sum.
    pub fn plans_csv(&self) -> String {
        let mut plans: BTreeMap<&str, (usize, usize, i64, i64)> = BTreeMap::new();
        for c in &self.cells {
            let (of, kept, worst, sum) = plans.entry(&c.plan).or_default();
            *of += 1;
            if let Some(regret) = c.regret {
                *kept += 1;
                *worst = (*worst).max(regret.0);
                *sum += regret.0;
            }
        }
        let mut plans: Vec<_> = plans.into_iter().collect();
        // A plan that cannot be kept somewhere comes after all that can; equals stay in the order of names.
        plans.sort_by_key(|(_, (of, kept, worst, sum))| (of - kept, *worst, *sum));
        let mut out =
            line(["plan", "kept", "of", "worst_regret", "sum_of_regrets"].map(str::to_owned).into());
        for (plan, (of, kept, worst, sum)) in plans {
            let [worst, sum] = [worst, sum].map(|h| Hundredths(h).to_string());
            out.push_str(&line(vec![plan.to_owned(), kept.to_string(), of.to_string(), worst, sum]));
        }
        out
    }

    /// Writes `comparison-regret.csv` and `comparison-regret-plans.csv`, each whole or not at all.
    ///
    /// # Errors
    /// E107.
    pub fn write(&self, dir: &Path) -> Result<(), Problem> {
        write_file(&dir.join("comparison-regret.csv"), &self.csv())?;
        write_file(&dir.join("comparison-regret-plans.csv"), &self.plans_csv())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Status;

    #[test]
    fn plans_are_ranked_by_their_worst_regret() {
        let cell = |plan: &str, regret: Option<i64>| RegretCell {
            plan: plan.to_owned(),
            future: "f".to_owned(),
            status: Status::Optimal.as_str(),
            value: None,
            best: None,
            regret: regret.map(Hundredths::whole),
        };
        let cells = vec![
            cell("a", Some(0)),
            cell("a", Some(9)),
            cell("b", Some(5)),
            cell("b", Some(6)),
            cell("c", Some(0)),
            cell("c", None),
        ];
        let csv = Regrets { cells }.plans_csv();
        let lines: Vec<&str> = csv.lines().skip(1).collect();
        assert_eq!(lines, ["b,2,2,6,11", "a,2,2,9,9", "c,1,2,0,0"]);
    }
}
