//! The result as a document: readable, sealed, and true to its inputs.

use crate::violation::{Findings, Rule, decimal, or_dash};
use crate::{Dossier, SCHEMA_VERSION};
use maillage_input::{InputRecord, Text};
use maillage_programme::{ResultRecord, Role, Site, Task, TravelRecord, seal_of};
use maillage_territory::SupplyQuality;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Each field against its seal, then the record itself when it can be read.
pub(crate) fn decode(result: &Value, found: &mut Findings) -> Option<ResultRecord> {
    check_seal(result, found);
    match serde_json::from_value::<ResultRecord>(result.clone()) {
        Ok(record) => {
            if record.schema_version != SCHEMA_VERSION {
                let at = "result.json /schema_version";
                found.add(Rule::SchemaVersion, at, record.schema_version, SCHEMA_VERSION);
            }
            Some(record)
        }
        Err(error) => {
            found.add(Rule::Unreadable, "result.json", error, "—");
            None
        }
    }
}

fn check_seal(result: &Value, found: &mut Findings) {
    let none = serde_json::Map::new();
    let claimed = result.get("seal").and_then(Value::as_object).unwrap_or(&none);
    let recomputed = seal_of(result);
    for (field, hash) in &recomputed {
        match claimed.get(field) {
            Some(Value::String(seal)) if seal == hash => {}
            seal => {
                found.add(Rule::Seal, format!("result.json /{}", pointer(field)), or_dash(seal), hash);
            }
        }
    }
    for (field, seal) in claimed.iter().filter(|(field, _)| !recomputed.contains_key(*field)) {
        found.because(
            Rule::Seal,
            format!("result.json /seal/{}", pointer(field)),
            seal,
            "—",
            Text::new("un champ scellé a disparu", "a sealed field is gone"),
        );
    }
}

/// A key as part of a JSON pointer.
fn pointer(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The files that the run read are those that were read now: same paths, same sizes, same hashes.
pub(crate) fn check_inputs(claimed: &[InputRecord], now: &[InputRecord], found: &mut Findings) {
    let by_path: BTreeMap<&str, &InputRecord> = now.iter().map(|r| (r.path.as_str(), r)).collect();
    let mut seen = BTreeSet::new();
    for (i, input) in claimed.iter().enumerate() {
        let at = |field: &str| format!("result.json /inputs/{i}/{field}");
        if !seen.insert(input.path.as_str()) {
            let cause = Text::new("fichier cité deux fois", "file named twice");
            found.because(Rule::Inputs, at("path"), &input.path, "1 ×", cause);
        }
        match by_path.get(input.path.as_str()) {
            None => {
                let cause = Text::new("fichier qui n'a pas été relu", "file that was not read again");
                found.because(Rule::Inputs, at("path"), &input.path, "—", cause);
            }
            Some(read) => {
                let changed = || {
                    let path = &input.path;
                    Text::new(
                        format!("« {path} » n'est plus le même"),
                        format!("`{path}` is no longer the same"),
                    )
                };
                if input.bytes != read.bytes {
                    found.because(Rule::Inputs, at("bytes"), input.bytes, read.bytes, changed());
                }
                if input.sha256 != read.sha256 {
                    found.because(Rule::Inputs, at("sha256"), &input.sha256, &read.sha256, changed());
                }
            }
        }
    }
    for path in by_path.keys().filter(|path| !seen.contains(**path)) {
        let cause =
            Text::new("fichier lu que le résultat ne cite pas", "file read that the result does not name");
        found.because(Rule::Inputs, "result.json /inputs", "—", path, cause);
    }
}

/// What the result repeats of its inputs, and measures that no run can have.
pub(crate) fn check_facts(dossier: &Dossier<'_>, record: &ResultRecord, found: &mut Findings) {
    let at = |field: &str| format!("result.json /{field}");
    let territory = dossier.territory;
    let supply = |quality: &SupplyQuality| match quality {
        SupplyQuality::Counted => "counted",
        SupplyQuality::Estimated => "estimated",
    };
    let (problem, budget) = match dossier.task {
        Task::Siting(programme) => ("siting", programme.limits.budget),
        Task::Location(task) => (task.problem.as_str(), None),
        Task::Health(health) => ("programme", health.owner.total),
    };
    found.equal(Rule::Facts, at("problem"), record.problem.as_str(), problem);
    found.equal(Rule::Facts, at("territory"), &record.territory, &territory.name);
    found.equal(Rule::Facts, at("supply"), supply(&record.supply), supply(&territory.supply));
    found.equal(Rule::Facts, at("supply_source"), &record.supply_source, &territory.supply_source);
    found.equal(Rule::Facts, at("budget_eur"), or_dash(record.budget_eur), or_dash(budget));

    let travel = TravelRecord::new(&territory.travel, record.travel.max_min);
    found.equal(Rule::Facts, at("travel/kind"), &record.travel.kind, &travel.kind);
    found.equal(Rule::Facts, at("travel/label/fr"), &record.travel.label.fr, &travel.label.fr);
    found.equal(Rule::Facts, at("travel/label/en"), &record.travel.label.en, &travel.label.en);
    // A plain problem has its radius as limit, or else that of the travel table: both are true of it.
    let limits = match dossier.task {
        Task::Siting(programme) => vec![programme.max_time],
        Task::Health(health) => vec![health.max_time],
        Task::Location(task) => {
            std::iter::once(territory.travel.max()).chain(crate::location::radius(task.problem)).collect()
        }
    };
    if !limits.iter().any(|l| i64::from(l.hundredths()) == record.travel.max_min.0) {
        let limits = limits.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ");
        found.add(Rule::Facts, at("travel/max_min"), decimal(record.travel.max_min.0.into()), limits);
    }

    let measures = [
        ("cpu_seconds", record.cpu_seconds),
        ("wall_seconds", Some(record.wall_seconds)),
        ("peak_memory_mb", record.peak_memory_mb),
        ("solver/gap", Some(record.solver.gap)),
        ("solver/time_limit_s", record.solver.time_limit_s),
    ];
    for (field, measure) in measures {
        if let Some(wrong) = measure.filter(|m| !(*m >= 0.0 && m.is_finite())) {
            found.add(Rule::Measure, at(field), wrong, "≥ 0");
        }
    }
    let mut earlier = 0.0;
    for (i, moment) in record.progress.iter().enumerate() {
        // Written so that what is no number is found too.
        if !(moment.seconds >= earlier && moment.seconds.is_finite()) {
            found.add(
                Rule::Measure,
                at(&format!("progress/{i}/seconds")),
                moment.seconds,
                format!("≥ {earlier}"),
            );
        }
        if moment.goal >= record.goals.len() {
            let most = format!("< {}", record.goals.len());
            found.add(Rule::Measure, at(&format!("progress/{i}/goal")), moment.goal, most);
        }
        earlier = moment.seconds;
    }
}

/// Whether the task speaks of this territory; every later index relies on it.
pub(crate) fn task_fits(dossier: &Dossier<'_>, found: &mut Findings) -> bool {
    let places = dossier.territory.places.len();
    let (people, sites, types): (_, Vec<&Site>, _) = match dossier.task {
        Task::Siting(p) => (&p.people, p.sites.iter().collect(), p.types.len()),
        Task::Location(t) => (&t.people, t.sites.iter().map(|(s, _)| s).collect(), usize::MAX),
        Task::Health(health) => return crate::health::fits(dossier.territory, health, found),
    };
    let known = |site: &&Site| {
        let role = match &site.role {
            Role::Practice { .. } => true,
            Role::Extension { kind, .. } => usize::from(kind.0) < types,
            Role::Candidate { types: allowed, .. } => allowed.iter().all(|t| usize::from(t.0) < types),
        };
        role && (site.place.0 as usize) < places
    };
    let ids: BTreeSet<_> = sites.iter().map(|s| &s.id).collect();
    let fits = people.len() == places && sites.iter().all(known) && ids.len() == sites.len();
    if !fits {
        let size = format!("{} × {}", people.len(), sites.len());
        found.add(Rule::TaskMismatch, "result.json /territory", size, places);
    }
    fits
}
