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
    let x = w.figure(value);
    match goal.unit.as_str() {
        "person-years" => w.t(&format!("{x} années-personnes"), &format!("{x} person-years")),
        "person-min/100" => {
            let x = w.figure(Hundredths(value.0 / 100));
            w.t(&format!("{x} personnes × minutes"), &format!("{x} people × minutes"))
        }
        "person-acts/1000000" => {
            let x = w.figure(Hundredths(value.0 / 1_000_000));
            w.t(&format!("{x} personnes × actes"), &format!("{x} people × acts"))
        }
        "people" => w.t(&format!("{x} personnes"), &format!("{x} people")),
        "person-min" => w.t(&format!("{x} personnes × minutes"), &format!("{x} people × minutes")),
        // Whole euros: what is expected over futures may have cents.
        "eur" => w.euros(Euros((value.0.saturating_add(50)).div_euclid(100))),
        "sites" => x,
        "per-10000" => w.percent(&w.decimal(Hundredths(value.0 / 100))),
        unit => format!("{x} {unit}"),
    }
}
