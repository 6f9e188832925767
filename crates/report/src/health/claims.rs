//! What is claimed of a plan over years, in plain language.

use super::{goal_label, goal_value};
use crate::figures::last_year;
use crate::verdict::{gap, next_goals, proven, split, stopped, unknown};
use crate::words::Words;
use maillage_programme::{GoalRecord, Hundredths, IndicatorName, ResultRecord, State, Zone};
use std::collections::BTreeMap;

/// One figure of a zone by year, before and after.
pub(super) fn yearly(
    record: &ResultRecord,
    zone: &Zone,
    name: IndicatorName,
) -> BTreeMap<u16, [Option<Hundredths>; 2]> {
    let mut out: BTreeMap<u16, [Option<Hundredths>; 2]> = BTreeMap::new();
    for i in record.indicators.iter().filter(|i| i.zone == *zone && i.indicator == name) {
        if let Some(year) = i.year {
            let state = usize::from(i.state == State::After);
            out.entry(year).or_default()[state] = Some(i.value);
        }
    }
    out
}

/// What the plan brings and what no plan can beat; then what else there is to know.
pub(crate) fn claims(w: Words, record: &ResultRecord) -> (String, Vec<String>) {
    let claim = [people(w, record), record.goals.first().map(|goal| bound(w, record, goal))];
    let claim: Vec<String> = claim.into_iter().flatten().collect();
    let claim = match claim.is_empty() {
        true => w.t("Ce plan respecte toutes les règles.", "This plan keeps all the rules."),
        false => format!("{}{}", stopped(w, record), claim.join(" ")),
    };
    let more = split(w, record).into_iter().chain(futures(w, record)).chain(next_goals(w, record));
    (claim, more.collect())
}

/// People attached in the last year, against before, and in all years.
fn people(w: Words, record: &ResultRecord) -> Option<String> {
    let years = yearly(record, &Zone::All, IndicatorName::PeopleAttached);
    let (first, last) = (years.keys().next()?, last_year(record)?);
    let [Some(before), Some(after)] = *years.get(&last)? else { return None };
    let all: i128 = years.values().filter_map(|v| v[1]).map(|v| i128::from(v.0)).sum();
    let (b, a, all) = (w.figure(before), w.figure(after), w.figure(Hundredths(super::clamped(all))));
    Some(w.t(
        &format!("En {last}, ce plan rattache {a} personnes à un médecin traitant, contre {b} sans lui ; de {first} à {last}, cela fait {all} années-personnes."),
        &format!("In {last}, this plan puts {a} people on the list of a GP, against {b} without it; from {first} to {last}, that is {all} person-years."),
    ))
}

/// How much better any plan could be on the first goal.
fn bound(w: Words, record: &ResultRecord, goal: &GoalRecord) -> String {
    let label = goal_label(w, &goal.goal);
    let (Some(objective), Some(bound)) = (goal.objective, goal.bound) else { return unknown(w) };
    if proven(record) {
        return w.t(
            &format!("Aucun plan ne peut faire mieux, c'est prouvé ({label})."),
            &format!("No plan can do better, and that is proven ({label})."),
        );
    }
    let g = w.gap(gap(objective, bound));
    let (x, b) = (goal_value(w, goal, objective), goal_value(w, goal, bound));
    w.t(
        &format!("Aucun plan ne peut faire mieux de plus de {g} ({label} : ce plan {x}, borne {b})."),
        &format!("No plan can do better by more than {g} ({label}: this plan {x}, bound {b})."),
    )
}

/// Of which future the figures are, where there are several.
fn futures(w: Words, record: &ResultRecord) -> Option<String> {
    let all = &record.programme.as_ref()?.futures;
    let (first, n) = (&all.first()?.future, all.len());
    (n > 1).then(|| {
        w.t(
            &format!("Le plan tient compte de {n} avenirs ; les chiffres par année sont ceux du premier, « {first} »."),
            &format!("The plan reckons with {n} futures; figures by year are those of the first, “{first}”."),
        )
    })
}
