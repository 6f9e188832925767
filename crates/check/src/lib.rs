//! Recomputes every rule, figure and euro of a plan from the inputs, in exact arithmetic, without a solver.
//!
//! * [`check`]: everything a result claims against its [`Dossier`] → a [`Report`] with all violations.
//! * [`parse_assignments`]: the table of assignments, read strictly.
//! * [`Violation`], [`Rule`]: where, what was claimed, what was recomputed.
//!
//! It knows neither solver nor formulation: costs, indicators and objectives are computed again, naively. What
//! it shares with the run is the reading of scenario and territory files, and says so. No content of a result makes it panic.

#![forbid(unsafe_code)]

mod access;
mod coherence;
mod figures;
mod health;
mod lists;
mod location;
mod rows;
mod sites;
mod siting;
mod status;
mod violation;

pub use rows::{COLUMNS, YEAR_COLUMNS, parse_assignments};
pub use violation::{Rule, Violation};

use figures::Key;
use maillage_input::{InputRecord, Lang, Text};
use maillage_programme::{ResultRecord, Task};
use maillage_territory::Territory;
use serde::Serialize;
use status::Aim;
use std::collections::BTreeMap;
use violation::Findings;

/// The version of `result.json` that is checked.
pub const SCHEMA_VERSION: u32 = 1;

/// A result and what it must follow from.
#[derive(Debug, Clone, Copy)]
pub struct Dossier<'a> {
    /// The territory, read now.
    pub territory: &'a Territory,
    /// What was to be decided, read now.
    pub task: &'a Task,
    /// The content of `result.json`.
    pub result: &'a serde_json::Value,
    /// The text of `assignments.csv`; may be empty when there is no plan.
    pub assignments_csv: &'a str,
    /// The input files, read now.
    pub inputs: &'a [InputRecord],
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Report {
    /// Every claim that does not hold.
    pub violations: Vec<Violation>,
    /// What was verified and holds.
    pub verified: Vec<Text>,
    /// What could not be verified, and why.
    pub unverified: Vec<Text>,
}

impl Report {
    /// Whether nothing was found wrong.
    pub fn holds(&self) -> bool {
        self.violations.is_empty()
    }

    /// Adds what a caller found wrong where this crate does not look, such as the files of the folder.
    pub fn violation(
        &mut self,
        rule: Rule,
        at: impl Into<String>,
        claimed: impl std::fmt::Display,
        recomputed: impl std::fmt::Display,
    ) {
        let mut found = Findings::default();
        found.add(rule, at, claimed, recomputed);
        self.violations.append(&mut found.list);
    }

    /// All violations as text, one block each.
    pub fn render(&self, lang: Lang) -> String {
        self.violations.iter().map(|v| v.render(lang)).collect::<Vec<_>>().join("\n")
    }
}

/// What the decisions are worth, and what stands or falls with them.
struct Verdict {
    aims: Vec<Aim>,
    /// What the indicators must be.
    figures: BTreeMap<Key, i128>,
    /// A plan in words, when one plainly exists.
    witness: Option<Text>,
    proven: Vec<Text>,
    trusted: Vec<Text>,
}

/// Re-derives everything a result claims. The list of files of the result folder (`files`) is left to the
/// caller, who has the folder.
pub fn check(dossier: &Dossier<'_>) -> Report {
    let mut found = Findings::default();
    let (mut verified, mut unverified) = (Vec::new(), Vec::new());
    if let Some(record) = coherence::decode(dossier.result, &mut found) {
        coherence::check_inputs(&record.inputs, dossier.inputs, &mut found);
        coherence::check_facts(dossier, &record, &mut found);
        if coherence::task_fits(dossier, &mut found) {
            let verdict = check_plan(dossier, &record, &mut found);
            let (proven, trusted) = status::bounds_in_words(&record, &verdict.aims);
            verified = families(dossier, &record, &found);
            verified.extend(verdict.proven.into_iter().chain(proven));
            unverified.extend(verdict.trusted.into_iter().chain(trusted));
        }
        unverified.extend(on_trust(&record));
    }
    Report { violations: found.list, verified, unverified }
}

fn check_plan(dossier: &Dossier<'_>, record: &ResultRecord, found: &mut Findings) -> Verdict {
    let planned = status::has_plan(record.status);
    let columns = rows::columns(matches!(dossier.task, Task::Health(_)));
    if planned && dossier.assignments_csv.is_empty() {
        found.add(Rule::TableSyntax, "assignments.csv:1", "—", columns.join(","));
    }
    let rows = rows::parse(dossier.assignments_csv, columns, found);
    rows::check_form(&rows, &record.scenario, found);
    let verdict = match dossier.task {
        Task::Siting(programme) => siting::check(dossier.territory, programme, record, &rows, found),
        Task::Location(task) => location::check(dossier.territory, task, record, &rows, found),
        Task::Health(health) => health::check(dossier.territory, health, record, &rows, found),
    };
    if record.programme.is_some() && !matches!(dossier.task, Task::Health(_)) {
        found.add(Rule::Programme, "result.json /programme", "{…}", "—");
    }
    status::check(record, &verdict.aims, found);
    status::check_infeasible(record, verdict.witness.clone(), found);
    // Without a plan the figures of today may be given or not.
    if planned || !record.indicators.is_empty() {
        figures::compare(&record.indicators, &verdict.figures, found);
    }
    verdict
}

/// The families of rules that hold, in words.
fn families(dossier: &Dossier<'_>, record: &ResultRecord, found: &Findings) -> Vec<Text> {
    let rows = dossier.assignments_csv.lines().count().saturating_sub(1);
    let (inputs, sites, figures) = (record.inputs.len(), record.sites.len(), record.indicators.len());
    let families = [
        (
            "C1",
            Text::new(
                format!(
                    "format, sceau de chaque champ, fichiers d'entrée ({inputs}), territoire, budget repris"
                ),
                format!("format, seal of every field, input files ({inputs}), territory, budget as given"),
            ),
        ),
        (
            "C2",
            Text::new(
                format!("objectifs ({}), côté des bornes, écarts, statut", record.goals.len()),
                format!("goals ({}), side of the bounds, gaps, status", record.goals.len()),
            ),
        ),
        (
            "C3",
            Text::new(
                format!("sites ({sites}) : types, postes, capacités, coûts, limites"),
                format!("sites ({sites}): types, posts, capacities, costs, limits"),
            ),
        ),
        (
            "C4",
            Text::new(
                format!("affectations ({rows} lignes) : lieux, sites, temps, habitants"),
                format!("assignments ({rows} rows): places, sites, times, people"),
            ),
        ),
        ("C5", Text::new(format!("indicateurs ({figures})"), format!("indicators ({figures})"))),
    ];
    let programme = [
        (
            "C6",
            Text::new(
                "années, ouvertures, postes, équipes, viviers, vacations, leviers, règles, garde",
                "years, openings, posts, teams, pools, sessions, levers, rules, duty",
            ),
        ),
        (
            "C7",
            Text::new(
                "paiements à l'euro près : subventions, enveloppes, recettes, reste à charge",
                "payments to the euro: grants, envelopes, income, what is left to owners",
            ),
        ),
    ];
    let families = families.into_iter().chain(programme.into_iter().filter(|_| record.programme.is_some()));
    let broken = |family: &str| found.list.iter().any(|v| v.rule.as_str().starts_with(family));
    families.filter(|(family, _)| !broken(family)).map(|(_, text)| text).collect()
}

/// What a result says that nothing here can re-derive.
fn on_trust(record: &ResultRecord) -> Vec<Text> {
    let mut texts = vec![
        Text::new(
            "nom, titre et chemin du scénario ; version, solveur, options, graine, limite atteinte",
            "name, title and path of the scenario; version, solver, options, seed, limit reached",
        ),
        Text::new(
            "durées, mémoire et marche du calcul : seuls leur signe et leur ordre sont vérifiés",
            "times, memory and progress: only their sign and order are verified",
        ),
        Text::new(
            "paramètres sans source : la liste n'est pas recalculée",
            "values without a source: the list is not recomputed",
        ),
        Text::new(
            "lecture du scénario et du territoire (capacités, personnes, départs) : la même que celle du calcul",
            "reading of scenario and territory (capacities, people, departures): the same as the run's",
        ),
    ];
    if !record.clash.is_empty() {
        texts.push(Text::new(
            "règles en conflit : leur liste vient du solveur",
            "clashing rules: their list comes from the solver",
        ));
    }
    texts
}
