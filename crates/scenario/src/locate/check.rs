//! A result of `locate` held against its instance, without a solver.

use super::instance::{self, Data, Instance};
use super::proof::Terms;
use super::{LocateOptions, LocateProblem, Located, Radius, Rounding, alternatives, proof, worth};
use crate::Verdict;
use crate::run::RunOptions;
use crate::versions::RESULT;
use maillage_check::{Report, Rule};
use maillage_input::{Code, InputRecord, Lang, Place, Problem, Problems, Text, later};
use maillage_location::SiteIx;
use maillage_programme::{Status as Claim, seal_of};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Checks a file written by `locate` against its instance: the objective of the open sites, their number and cost, who is
/// served, the claims, and the bound that the multipliers prove.
pub(crate) fn check_located(file: &Path, text: &str, moved: Option<&Path>) -> Result<Verdict, Problems> {
    let unreadable = |e: serde_json::Error| {
        Problem::error(
            Code::ResultUnreadable,
            Text::new("ce n'est pas un résultat de maillage", "this is not a maillage result"),
        )
        .value(e.to_string())
        .remedy(Text::new("résoudre à nouveau", "solve again"))
    };
    let value: serde_json::Value = serde_json::from_str(text).map_err(unreadable)?;
    let claimed: Located = serde_json::from_value(value.clone()).map_err(|e| {
        let problem = later(&value, RESULT).unwrap_or_else(|| unreadable(e));
        problem.at(Place::file(file.display().to_string()))
    })?;
    let mut report = Report::default();
    sealed(&value, &claimed, &mut report);
    let beside = |named: &str| file.parent().unwrap_or(Path::new("")).join(named);
    let options = claimed.options(claimed.weights.as_deref().map(beside));
    if instance::asked(&options).is_err() {
        report.violation(
            Rule::TaskMismatch,
            "/problem",
            claimed.problem.as_str(),
            format!("{} …", claimed.format.as_str()),
        );
    } else {
        let path = moved.map_or_else(|| beside(&claimed.instance), Path::to_owned);
        let instance = instance::open(&path, &options)?;
        facts(&instance, &options, &claimed, &mut report);
        plan(&instance, &claimed, &mut report);
        bounds(&claimed, &mut report);
        certificate(&instance, &claimed, &mut report);
        status(&instance, &claimed, &mut report);
        alternatives::check(&instance, &claimed, &mut report);
    }
    Ok(Verdict { scenario: claimed.instance, report })
}

impl Located {
    /// What was asked, as far as the instance and the worth of a plan depend on it.
    fn options(&self, weights: Option<PathBuf>) -> LocateOptions {
        LocateOptions {
            format: self.format,
            problem: self.problem,
            // Where another option takes its place the file may still say a number.
            p: self.p,
            radius: self.radius.map(|units| Radius { units, scale: self.radius_scale }),
            budget: self.budget,
            demand: self.demand,
            times: self.times,
            capacity: self.capacity,
            plans: self.asked.map(|a| a.plans),
            apart: self.asked.map(|a| a.apart),
            within: self.asked.map(|a| a.within),
            weights,
            rounding: None,
            memory_mb: None,
            run: RunOptions { gap: Some(self.solver.gap), ..RunOptions::default() },
        }
    }
}

pub(super) fn or_dash<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "—".to_owned(), |v| v.to_string())
}

fn sealed(value: &serde_json::Value, claimed: &Located, report: &mut Report) {
    let seal = seal_of(value);
    for field in seal.keys().chain(claimed.seal.keys().filter(|k| !seal.contains_key(*k))) {
        let (stands, follows) = (claimed.seal.get(field), seal.get(field));
        if stands != follows {
            report.violation(Rule::Seal, format!("/{field}"), or_dash(stands), or_dash(follows));
        }
    }
    if claimed.schema_version != 1 {
        report.violation(Rule::SchemaVersion, "/schema_version", claimed.schema_version, 1);
    }
}

/// What the result repeats of its instance.
fn facts(instance: &Instance, options: &LocateOptions, claimed: &Located, report: &mut Report) {
    let hashes =
        |inputs: &[InputRecord]| inputs.iter().map(|i| i.sha256.clone()).collect::<Vec<_>>().join(" ");
    let (said, found) = (hashes(&claimed.inputs), hashes(&instance.inputs));
    if said != found {
        report.violation(Rule::Inputs, "/inputs", said, found);
    }
    match instance::number_of_sites(options, instance) {
        Ok(p) if p == claimed.p => {}
        Ok(p) => report.violation(Rule::Facts, "/p", or_dash(claimed.p), or_dash(p)),
        // The problem takes a number and neither result nor instance says one.
        Err(_) => report.violation(Rule::Facts, "/p", "—", "≥ 1"),
    }
    let (scale, squared) = instance.unit(claimed.problem);
    if (scale, squared) != (claimed.scale, claimed.squared) {
        let told = |scale: u32, squared: bool| format!("1/{scale}{}", if squared { " ²" } else { "" });
        report.violation(Rule::Facts, "/scale", told(claimed.scale, claimed.squared), told(scale, squared));
    }
    let rounding = Rounding::of(claimed.format, claimed.problem);
    if rounding != claimed.rounding {
        let told = |r: Option<Rounding>| r.map_or_else(|| "—".to_owned(), |r| format!("{r:?}"));
        report.violation(Rule::Facts, "/rounding", told(claimed.rounding), told(rounding));
    }
}

/// Sites that are said to be open, and whether they are known and as many as the problem takes.
pub(super) fn opened(
    instance: &Instance,
    claimed: &Located,
    at: &str,
    names: &[String],
    report: &mut Report,
) -> BTreeSet<SiteIx> {
    let named: BTreeMap<&str, u32> = instance.sites.iter().map(String::as_str).zip(0..).collect();
    let known = |name: &String| named.get(name.as_str()).copied().map(SiteIx);
    let open: BTreeSet<SiteIx> = names.iter().filter_map(known).collect();
    if open.len() != names.len() {
        report.violation(Rule::SiteUnknown, at, names.len(), open.len());
    }
    let most = claimed.p.map_or(usize::MAX, |p| p as usize);
    let median = claimed.problem == LocateProblem::PMedian;
    if open.len() > most || (median && open.len() != most) {
        report.violation(Rule::OpenedCount, at, open.len(), most);
    }
    open
}

/// What open sites cost, where there is a budget for them.
pub(super) fn within_budget(
    instance: &Instance,
    claimed: &Located,
    at: &str,
    open: &BTreeSet<SiteIx>,
    report: &mut Report,
) {
    let (Data::Lists { costs, .. }, Some(budget)) = (&instance.data, claimed.budget) else { return };
    let cost: u128 = open.iter().map(|s| u128::from(costs[s.0 as usize])).sum();
    if cost > u128::from(budget) {
        report.violation(Rule::Budget, at, cost, budget);
    }
}

/// The open sites, who is served and what that is worth.
fn plan(instance: &Instance, claimed: &Located, report: &mut Report) {
    let Some(objective) = claimed.objective else {
        if !claimed.open.is_empty() || !claimed.assignment.is_empty() {
            report.violation(Rule::PlanWithoutPlan, "/open", claimed.open.len(), "—");
        }
        return;
    };
    let before = report.violations.len();
    let open = opened(instance, claimed, "/open", &claimed.open, report);
    let worth = match &instance.data {
        Data::Charges(file) => worth::charged(instance, file, claimed, &open, report),
        Data::Lists { .. } | Data::Plane(_) => worth::worth(instance, claimed, &open),
    };
    within_budget(instance, claimed, "/open", &open, report);
    if !matches!(instance.data, Data::Charges(_)) && !claimed.assignment.is_empty() {
        report.violation(Rule::Facts, "/assignment", claimed.assignment.len(), "—");
    }
    if worth != Some(objective) {
        report.violation(Rule::Objective, "/objective", objective, or_dash(worth));
    }
    if report.violations.len() == before {
        let (n, shown) = (open.len(), |lang| claimed.shown(objective, lang));
        report.verified.push(Text::new(
            format!("plan : {n} sites ouverts, objectif {} recompté sur l'instance", shown(Lang::Fr)),
            format!("plan: {n} open sites, objective {} counted again from the instance", shown(Lang::En)),
        ));
    }
}

/// The bound and the gap beside the objective.
fn bounds(claimed: &Located, report: &mut Report) {
    let both = claimed.objective.zip(claimed.bound);
    if let Some((objective, bound)) = both {
        let beaten = if claimed.is_large() { bound < objective } else { bound > objective };
        if beaten {
            report.violation(Rule::BoundSide, "/bound", bound, objective);
        }
    }
    let gap = both.map(|(o, b)| Located::gap_between(o, b, claimed.squared));
    let alike = match (claimed.gap, gap) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-9,
        (a, b) => a.is_none() && b.is_none(),
    };
    if !alike {
        report.violation(Rule::Gap, "/gap", or_dash(claimed.gap), or_dash(gap));
    }
}

/// What the multipliers prove, beside the bound that is claimed.
fn certificate(instance: &Instance, claimed: &Located, report: &mut Report) {
    let certified = claimed.certificate.as_ref().and_then(|c| {
        let Located { p, budget, demand, times, .. } = *claimed;
        let counted = proof::recount(instance, claimed.problem, Terms { p, budget, demand, times }, c);
        if counted != Some(c.bound) {
            report.violation(Rule::Certificate, "/certificate/bound", c.bound, or_dash(counted));
        }
        counted.filter(|b| *b == c.bound)
    });
    if let Some(bound) = certified {
        let (fr, en) = (claimed.shown(bound, Lang::Fr), claimed.shown(bound, Lang::En));
        let optimal = claimed.objective == Some(bound);
        report.verified.push(if optimal {
            Text::new(
                format!("borne {fr} : les multiplicateurs la prouvent par comptage, et le plan l'atteint"),
                format!("bound {en}: the multipliers prove it by counting, and the plan reaches it"),
            )
        } else {
            Text::new(
                format!("borne certifiée {fr} : les multiplicateurs la prouvent par comptage"),
                format!("certified bound {en}: the multipliers prove it by counting"),
            )
        });
    }
    let Some(bound) = claimed.bound.filter(|b| certified != Some(*b)) else { return };
    let stronger = certified.is_none_or(|c| if claimed.is_large() { bound < c } else { bound > c });
    if stronger {
        let (fr, en) = (claimed.shown(bound, Lang::Fr), claimed.shown(bound, Lang::En));
        report.unverified.push(match certified {
            Some(_) => Text::new(
                format!("borne annoncée {fr} : ce qui dépasse la borne certifiée vient de la recherche"),
                format!("claimed bound {en}: what goes beyond the certified bound comes from the search"),
            ),
            None => Text::new(
                format!("borne annoncée {fr} : elle vient de la recherche, sans certificat"),
                format!("claimed bound {en}: it comes from the search, without a certificate"),
            ),
        });
    }
}

/// The status beside what was counted.
fn status(instance: &Instance, claimed: &Located, report: &mut Report) {
    let planned = claimed.objective.is_some();
    let near = claimed.gap.is_some_and(|g| g <= claimed.solver.gap + 1e-12);
    let borne_out = match claimed.status {
        Claim::Optimal => planned && claimed.objective == claimed.bound && claimed.limit.is_none(),
        Claim::WithinGap => planned && near,
        Claim::Feasible => planned && claimed.limit.is_some(),
        Claim::Infeasible => !planned && claimed.reason.is_some(),
        Claim::NoPlan => !planned && claimed.limit.is_some(),
    };
    if !borne_out {
        report.violation(Rule::StatusClaim, "/status", claimed.status.as_str(), "—");
    }
    if claimed.status != Claim::Infeasible {
        return;
    }
    match worth::has_plan(instance, claimed) {
        Some(true) => report.violation(Rule::InfeasibleRefuted, "/status", claimed.status.as_str(), "—"),
        Some(false) => report.verified.push(Text::new(
            "aucun plan : il se compte sur l'instance, tous les sites ouverts",
            "no plan: counted from the instance with every site open",
        )),
        None => report.unverified.push(Text::new(
            "aucun plan : c'est la recherche qui le dit, sans certificat",
            "no plan: the search says so, without a certificate",
        )),
    }
}
