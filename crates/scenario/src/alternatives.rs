//! Other plans that are nearly as good: each the best of those that differ enough from all before it.

use crate::run::run_aside;
use crate::suite::{line, shown, write_file};
use crate::{Event, Finished, Loaded, Log, RunFailure, RunOptions, Status, ready, write};
use maillage_input::{Code, Lang, Place, Problem, Problems, Text, grouped};
use maillage_planning::{Apart, Aside};
use maillage_programme::{GoalRecord, Hundredths, Programme, ResultRecord, SiteIx, SiteStatus, Task};
use serde_json::json;
use std::collections::BTreeSet;
use std::path::Path;

/// Which plans are sought.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AlternativesOptions {
    /// How many, the best one among them.
    pub plans: u32,
    /// Fewest sites that are open in one of two plans and not in the other.
    pub apart: u32,
    /// Most that may be lost on the first goal, in percent of the best plan.
    pub within_percent: f64,
}

/// One plan among several.
#[derive(Debug, Clone, PartialEq)]
pub struct AlternativePlan {
    /// Name of its folder.
    pub folder: String,
    /// What is claimed of it among the plans that differ enough from those before: `optimal` if none of them is better.
    pub status: Status,
    /// Value of the first goal.
    pub objective: Option<Hundredths>,
    /// What no plan that differs enough from those before can beat.
    pub bound: Option<Hundredths>,
    /// Fewest sites in which it differs from any before; `None` for the first.
    pub differs_by: Option<usize>,
    /// Its result, as written.
    pub record: ResultRecord,
}

/// Plans, and why there are no more.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternatives {
    /// The best first.
    pub plans: Vec<AlternativePlan>,
    /// Proven: no other plan differs enough and stays within the loss.
    pub complete: bool,
}

/// Solves a siting scenario for several plans, each into a folder `plan-N` of `dir` with a result of its own, and writes
/// `alternatives.csv`.
///
/// # Errors
/// Outside, a problem where the scenario is no siting scenario, E107 and E108 as for any result; inside, a fault of the program or
/// of the solver.
pub fn alternatives(
    loaded: &Loaded,
    asked: AlternativesOptions,
    options: &RunOptions,
    dir: &Path,
    lang: Lang,
    watch: &mut dyn FnMut(&Event),
) -> Result<Result<Alternatives, RunFailure>, Problems> {
    let Task::Siting(programme) = &loaded.task else { return Err(unfit(loaded).into()) };
    let mut out = Alternatives { plans: Vec::new(), complete: false };
    let mut aside = Aside::default();
    let mut earlier: Vec<BTreeSet<SiteIx>> = Vec::new();
    for n in 1..=asked.plans {
        let folder = format!("plan-{n}");
        ready(&dir.join(&folder))?;
        let mut log = Log::new(loaded);
        let finished = run_aside(loaded, &aside, options, &mut |event| {
            log.progress(event);
            watch(event);
        });
        let mut finished = match finished {
            Ok(finished) => finished,
            Err(failure) => return Ok(Err(failure)),
        };
        let opened = opened(programme, &finished.record);
        let (status, objective, bound) = (
            finished.record.goals.first().map_or(finished.record.status, |g| g.status),
            finished.record.objective,
            finished.record.bound,
        );
        if let Some(best) = out.plans.first() {
            let least = least(best.record.objective, asked.within_percent);
            if finished.record.status == Status::Infeasible || bound.is_some_and(|b| b.0 < least) {
                out.complete = true;
                break;
            }
            if objective.is_none_or(|o| o.0 < least) {
                break;
            }
            as_one_of_all(&mut finished, &best.record);
        }
        log.finished(&finished.record);
        let record = write(&dir.join(&folder), loaded, &finished, log.text(), lang)?;
        let differs_by = earlier.iter().map(|e| e.symmetric_difference(&opened).count()).min();
        let planned = record.objective.is_some();
        out.plans.push(AlternativePlan { folder, status, objective, bound, differs_by, record });
        if !planned {
            break;
        }
        // The first plan is a start for none of the others, but its bound holds for all.
        aside.bound = out.plans[0].bound.map(|b| b.0 / 100);
        aside.apart.push(Apart { opened: opened.clone(), by: asked.apart });
        earlier.push(opened);
    }
    write_file(&dir.join("alternatives.csv"), &out.csv())?;
    Ok(Ok(out))
}

/// Least hundredths of people that are still within the loss.
fn least(best: Option<Hundredths>, within_percent: f64) -> i64 {
    let best = best.map_or(0, |b| b.0);
    // Rounded up to whole people: a loss is never more than was asked.
    let lost = (best as f64 / 100.0 * within_percent / 100.0).floor() as i64 * 100;
    best - lost
}

fn opened(programme: &Programme, record: &ResultRecord) -> BTreeSet<SiteIx> {
    let ids: BTreeSet<&str> =
        record.sites.iter().filter(|s| s.status == SiteStatus::Opened).map(|s| s.site_id.as_str()).collect();
    programme.sites().filter(|(_, s)| ids.contains(s.id.as_str())).map(|(ix, _)| ix).collect()
}

/// What a result says of this plan among all plans, near the others or not: the bound of the best one holds for it, and
/// nothing is known of later goals.
fn as_one_of_all(finished: &mut Finished, best: &ResultRecord) {
    let record = &mut finished.record;
    let asked = record.solver.gap;
    for (i, goal) in record.goals.iter_mut().enumerate() {
        let known = best.goals.first().and_then(|g| g.bound).filter(|_| i == 0);
        goal.bound = Some(known.unwrap_or(Hundredths(0)));
        goal.gap = goal.objective.zip(goal.bound).map(|(o, b)| GoalRecord::gap_of(o, b));
        goal.status = match goal.gap {
            Some(0.0) => Status::Optimal,
            Some(gap) if gap <= asked => Status::WithinGap,
            _ => Status::Feasible,
        };
    }
    record.status = record.goals.iter().map(|g| g.status).max_by_key(|s| *s as u8).unwrap_or(record.status);
    record.bound = record.goals.first().and_then(|g| g.bound);
    record.gap = record
        .goals
        .iter()
        .map(|g| g.gap)
        .collect::<Option<Vec<_>>>()
        .map(|g| g.into_iter().fold(0.0, f64::max));
    let open = record.status == Status::Feasible;
    record.limit =
        record.limit.take().filter(|_| open).or(open.then(|| "an alternative to the best plan".to_owned()));
}

fn unfit(loaded: &Loaded) -> Problem {
    Problem::error(
        Code::Contradiction,
        Text::new("ce n'est pas un scénario « siting »", "this is not a `siting` scenario"),
    )
    .at(Place::file(loaded.path.display().to_string()))
    .remedy(Text::new(
        "donner un scénario d'implantation d'une seule année",
        "give a scenario that sites structures in one year",
    ))
}

impl Alternatives {
    /// One row a plan.
    pub fn csv(&self) -> String {
        let header = [
            "plan",
            "status",
            "objective",
            "bound",
            "lost",
            "lost_percent",
            "differs_by",
            "cost_eur",
            "opened",
        ];
        let mut out = line(header.map(str::to_owned).into());
        for p in &self.plans {
            let lost = self.lost(p);
            let percent =
                lost.zip(self.best()).map(|(l, b)| (l.0 as f64 / b.0.max(1) as f64 * 1e4).round() / 100.0);
            let cells = [
                p.folder.clone(),
                p.status.as_str().to_owned(),
                shown(p.objective.as_ref()),
                shown(p.bound.as_ref()),
                shown(lost.as_ref()),
                shown(percent.as_ref()),
                shown(p.differs_by.as_ref()),
                shown(p.record.cost_eur.as_ref()),
                p.opened().map(|(code, _)| code).collect::<Vec<_>>().join(" "),
            ];
            out.push_str(&line(cells.into()));
        }
        out
    }

    /// The same as JSON.
    pub fn json(&self) -> String {
        let plan = |p: &AlternativePlan| {
            let opened: Vec<_> =
                p.opened().map(|(code, name)| json!({"code_commune": code, "name": name})).collect();
            json!({
                "plan": p.folder, "status": p.status, "objective": p.objective, "bound": p.bound,
                "lost": self.lost(p), "differs_by": p.differs_by, "cost_eur": p.record.cost_eur, "opened": opened,
            })
        };
        let plans: Vec<_> = self.plans.iter().map(plan).collect();
        format!("{:#}\n", json!({"schema_version": 1, "complete": self.complete, "plans": plans}))
    }

    /// What a user reads.
    pub fn summary(&self, lang: Lang) -> String {
        let number = |h: Option<Hundredths>| h.map_or_else(|| "–".to_owned(), |h| grouped(lang, h.0 / 100));
        let mut out = String::new();
        for p in &self.plans {
            let names: Vec<&str> = p.opened().map(|(_, name)| name).collect();
            let (lost, differs) = (number(self.lost(p)), p.differs_by.unwrap_or(0));
            let (objective, names, status) = (number(p.objective), names.join(", "), p.status.as_str());
            out.push_str(&match (lang, p.differs_by) {
                (Lang::Fr, None) => format!("{} : {objective} ({status}) ; {names}\n", p.folder),
                (Lang::En, None) => format!("{}: {objective} ({status}); {names}\n", p.folder),
                (Lang::Fr, _) => format!(
                    "{} : {objective} ({status}), soit {lost} de moins ; {differs} sites d'écart ; {names}\n",
                    p.folder
                ),
                (Lang::En, _) => format!(
                    "{}: {objective} ({status}), {lost} less; {differs} sites apart; {names}\n",
                    p.folder
                ),
            });
        }
        if self.complete {
            out.push_str(match lang {
                Lang::Fr => "aucun autre plan aussi proche et aussi différent : c'est prouvé\n",
                Lang::En => "no other plan is as good and as different: proven\n",
            });
        }
        out
    }

    fn best(&self) -> Option<Hundredths> {
        self.plans.first().and_then(|p| p.objective)
    }

    fn lost(&self, plan: &AlternativePlan) -> Option<Hundredths> {
        Some(Hundredths(self.best()?.0 - plan.objective?.0))
    }
}

impl AlternativePlan {
    fn opened(&self) -> impl Iterator<Item = (&str, &str)> {
        let opened = self.record.sites.iter().filter(|s| s.status == SiteStatus::Opened);
        opened.map(|s| (s.code_commune.as_str(), s.name.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_is_never_more_than_was_asked() {
        // 5 % of 1,010 people are 50.5: 50 may be lost.
        assert_eq!(least(Some(Hundredths::whole(1010)), 5.0), 96_000);
        assert_eq!(least(Some(Hundredths::whole(1010)), 0.0), 101_000);
        assert_eq!(least(None, 5.0), 0);
    }
}
