//! Page one of a workbook: what is claimed, the main figures, where everything comes from.

use super::table::{Cell, Column, Kind, Table};
use crate::View;
use crate::figures::{has_plan, last_year, zones};
use crate::health::goal_label;
use crate::rows::label;
use crate::verdict::verdict;
use crate::words::Words;
use maillage_programme::{Hundredths, IndicatorName, ResultRecord, Zone};

/// One row per item.
pub(super) fn summary(w: Words, view: &View<'_>) -> Table {
    let record = view.record;
    let said = verdict(w, record);
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut put = |item: String, values: [Cell; 4]| {
        rows.push(std::iter::once(Cell::text(item)).chain(values).collect());
    };
    let one = |value: Cell| [value, Cell::Empty, Cell::Empty, Cell::Empty];
    let text = |value: &str| one(Cell::text(value));
    put(w.t("Titre", "Title"), text(w.title(&record.title)));
    put(w.t("Territoire", "Territory"), text(&record.territory));
    put(w.t("Conclusion", "Claim"), text(&said.badge));
    for claim in std::iter::once(&said.claim).chain(&said.more) {
        put(w.t("En clair", "In words"), text(claim));
    }
    for goal in &record.goals {
        let (name, unit) = (goal_name(w, record, &goal.goal), unit(w, &goal.unit));
        let [objective, bound] = [w.t("objectif", "objective"), w.t("borne", "bound")];
        put(format!("{name} ({objective}, {unit})"), one(Cell::exact(goal.objective)));
        put(format!("{name} ({bound}, {unit})"), one(Cell::exact(goal.bound)));
    }
    let whole = |n: i64| one(Cell::Whole(n));
    if let Some(cost) = record.cost_eur {
        put(w.t("Coût du plan, HT (EUR)", "Cost of the plan, excl. tax (EUR)"), whole(cost.0));
    }
    if let Some(budget) = record.budget_eur {
        put(w.t("Budget, HT (EUR)", "Budget, excl. tax (EUR)"), whole(budget.0));
    }
    if let Some(year) = last_year(record) {
        put(w.t("Année des chiffres", "Year of the figures"), text(&year.to_string()));
    }
    let zones = zones(record);
    for (name, [before, after]) in zones.get(&Zone::Core).or(zones.get(&Zone::All)).into_iter().flatten() {
        let after = after.filter(|_| has_plan(record));
        let gap = before.zip(after).map(|(b, a)| Hundredths(a.0.saturating_sub(b.0)));
        let [before, after, gap] = [*before, after, gap].map(Cell::exact);
        put(label(w, *name), [Cell::Empty, before, after, gap]);
    }
    for clash in &record.clash {
        put(w.t("Règle en conflit", "Rule that clashes"), text(w.title(&clash.text)));
    }
    put(w.t("Temps de trajet", "Travel times"), text(w.title(&record.travel.label)));
    put(w.t("Offre de soins", "Supply of care"), text(w.title(&record.supply_source)));
    for source in &view.territory.sources {
        let parts =
            [w.title(&source.data), w.title(&source.producer), w.title(&source.vintage), &source.licence];
        put(w.t("Source", "Source"), text(&parts.join(", ")));
    }
    for value in &record.unsourced {
        put(w.t("Valeur sans source", "Value without a source"), text(w.title(value)));
    }
    put(w.t("Logiciel", "Software"), text(&format!("maillage {}", record.maillage_version)));
    put(w.t("Solveur", "Solver"), text(&record.solver.name));
    put(w.t("Graine", "Seed"), text(&record.seed.to_string()));
    for input in &record.inputs {
        put(
            w.t("Fichier lu (SHA-256)", "File read (SHA-256)"),
            text(&format!("{} {}", input.path, input.sha256)),
        );
    }
    let column = |name, label: [&str; 2], doc| Column::new(name, Kind::Text, label, doc);
    let columns = vec![
        column("item", ["Quoi", "What"], ["ce qui est dit", "what is told"]),
        column("value", ["Valeur", "Value"], ["valeur", "value"]),
        column("before", ["Avant", "Before"], ["sans rien décider", "with nothing decided"]),
        column("after", ["Après", "After"], ["avec le plan", "with the plan"]),
        column("difference", ["Écart", "Difference"], ["après moins avant", "after less before"]),
    ];
    Table::new("summary", ["Synthèse", "Summary"], columns, &record.scenario, rows.into_iter())
}

/// A goal in words: those of one year are not counted in years.
fn goal_name(w: Words, record: &ResultRecord, goal: &str) -> String {
    match goal {
        _ if record.programme.is_some() => goal_label(w, goal),
        "people-attached" => label(w, IndicatorName::PeopleAttached),
        "travel-time" => w.t("Temps de trajet en tout", "Travel time in all"),
        other => other.to_owned(),
    }
}

/// A unit of goals in words.
fn unit(w: Words, unit: &str) -> String {
    match unit {
        "people" => w.t("personnes", "people"),
        "person-years" => w.t("années-personnes", "person-years"),
        "person-min" => w.t("personnes × minutes", "people × minutes"),
        "person-min/100" => w.t("centièmes de personne × minute", "hundredths of person × minute"),
        "person-acts/1000000" => w.t("millionièmes de personne × acte", "millionths of person × act"),
        "per-10000" => w.t("pour 10 000", "per 10,000"),
        "weighted" => w.t("somme pondérée", "weighted sum"),
        "eur" => w.t("euros HT", "euros excluding tax"),
        other => other.to_owned(),
    }
}
