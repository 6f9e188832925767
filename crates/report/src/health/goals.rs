//! Goals in words.

use crate::words::Words;
use maillage_input::Lang;
use maillage_programme::{Euros, GoalRecord, Hundredths};

/// A goal in words, as the middle of a sentence.
pub fn goal_text(goal: &GoalRecord, lang: Lang) -> String {
    let w = Words(lang);
    match (goal.goal.as_str(), goal.unit.as_str()) {
        ("people-attached", "people") => {
            w.t("personnes sur la liste d'un médecin", "people on the list of a GP")
        }
        (name, _) => goal_label(w, name),
    }
}

/// A value of a goal in its unit.
pub fn goal_figure(goal: &GoalRecord, value: Hundredths, lang: Lang) -> String {
    goal_value(Words(lang), goal, value)
}

/// A goal, or a weighted sum of goals, as the middle of a sentence.
pub(crate) fn goal_label(w: Words, name: &str) -> String {
    let one = |term: &str| match term.split_once('*') {
        Some((weight, goal)) => format!("{weight} × {}", single(w, goal)),
        None => single(w, term),
    };
    name.split('+').map(one).collect::<Vec<_>>().join(" + ")
}

fn single(w: Words, name: &str) -> String {
    let local = |n: &str| if w.0 == Lang::Fr { n.replace('.', ",") } else { n.to_owned() };
    if let Some(minutes) = name.strip_prefix("people-within-").map(local) {
        return w.t(
            &format!("années-personnes à {minutes} min ou moins d'une adresse ouverte"),
            &format!("person-years within {minutes} min of an open address"),
        );
    }
    if let Some(floor) = name.strip_prefix("people-under-apl-").map(local) {
        return w.t(
            &format!("habitants sous {floor} d'APL la dernière année"),
            &format!("inhabitants under an APL of {floor} in the last year"),
        );
    }
    if let Some(kind) = name.strip_prefix("balance-") {
        let (fr, en) = match kind {
            "epci" => ("l'intercommunalité", "inter-municipal body"),
            "living-area" => ("le bassin de vie", "living area"),
            "department" => ("le département", "department"),
            other => (other, other),
        };
        return w.t(
            &format!("part de personnes sans médecin dans {fr} qui en a le plus, la dernière année"),
            &format!("share of people without a GP in the worst {en}, last year"),
        );
    }
    match name {
        "people-attached" => w.t("années-personnes de rattachement", "person-years on the list of a GP"),
        "travel-time" => w.t("temps de trajet des personnes rattachées", "travel time of attached people"),
        "apl-worst-tenth" => w.t(
            "accessibilité (APL) du dixième le moins bien desservi, la dernière année",
            "accessibility (APL) of the worst-served tenth, last year",
        ),
        "cost" => w.t("dépense de tous, recettes déduites", "money of all payers, net of income"),
        "sites" => w.t("nombre d'ouvertures", "number of openings"),
        "people-near-duty" => w.t(
            "personnes à portée d'un point de garde la dernière année",
            "people within reach of a duty point in the last year",
        ),
        other => other.to_owned(),
    }
}

/// A value of a goal with its unit.
pub(crate) fn goal_value(w: Words, goal: &GoalRecord, value: Hundredths) -> String {
    match goal_number(w, goal, value) {
        (number, Some(unit)) => format!("{number} {unit}"),
        (number, None) => number,
    }
}

/// A value of a goal, and its unit where the value does not show it.
pub(crate) fn goal_number(w: Words, goal: &GoalRecord, value: Hundredths) -> (String, Option<String>) {
    let over = |parts: i64| w.figure(Hundredths(value.0 / parts));
    let minutes = || Some(w.t("personnes × minutes", "people × minutes"));
    match goal.unit.as_str() {
        "person-years" => (w.figure(value), Some(w.t("années-personnes", "person-years"))),
        "person-min/100" => (over(100), minutes()),
        "person-acts/1000000" => (over(1_000_000), Some(w.t("personnes × actes", "people × acts"))),
        "people" => (w.figure(value), Some(w.t("personnes", "people"))),
        "person-min" => (w.figure(value), minutes()),
        // Whole euros: what is expected over futures may have cents.
        "eur" => (w.euros(Euros((value.0.saturating_add(50)).div_euclid(100))), None),
        "sites" => (w.figure(value), None),
        "per-10000" => (w.percent(&w.decimal(Hundredths(value.0 / 100))), None),
        unit => (w.figure(value), Some(unit.to_owned())),
    }
}
