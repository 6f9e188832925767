//! Sessions that leads give: to whom, from whom, and how many.

use super::ledger::Ledger;
use super::plan::in_future;
use crate::violation::{Findings, Rule};
use maillage_programme::health::LeadRule;
use std::collections::{BTreeMap, BTreeSet};

/// Sessions in every future.
pub(super) fn check(ledger: &Ledger<'_>, found: &mut Findings) {
    for future in ledger.world.futures() {
        check_each(ledger, future, found);
        check_received(ledger, future, found);
        check_given(ledger, future, found);
    }
}

/// Each gift goes to a structure that takes sessions, from a lead that its type allows.
fn check_each(ledger: &Ledger<'_>, future: usize, found: &mut Findings) {
    let world = ledger.world;
    let course = &ledger.plan.courses[future];
    for (&(site, lead, year), &n) in &course.sessions {
        let kind = ledger.works(future, year, site).map(|k| world.kind(k));
        let takes = kind.is_some_and(|k| k.sessions.is_some());
        let rule = kind.and_then(|k| k.lead.as_ref());
        if n == 0 || !takes || !rule.is_some_and(|rule| allows(ledger, future, rule, (site, lead, year))) {
            let words = format!("{} → {} {}: {n}", world.id(lead), world.id(site), world.calendar(year));
            found.add(Rule::SessionWhere, in_future(course.listed, "sessions"), words, "—");
        }
    }
}

fn allows(
    ledger: &Ledger<'_>,
    future: usize,
    rule: &LeadRule,
    (site, lead, year): (usize, usize, usize),
) -> bool {
    let kind = ledger.works(future, year, lead);
    let works = kind.is_some_and(|k| rule.types.iter().any(|t| usize::from(t.0) == k))
        || (rule.practices && ledger.world.practises(future, year, lead));
    let near = || ledger.world.between(lead, site).is_some_and(|t| t <= rule.within);
    site != lead && works && near()
}

fn check_received(ledger: &Ledger<'_>, future: usize, found: &mut Findings) {
    let world = ledger.world;
    let course = &ledger.plan.courses[future];
    let mut received: BTreeMap<(usize, usize), i128> = BTreeMap::new();
    for ((site, _, year), n) in &course.sessions {
        *received.entry((*site, *year)).or_default() += n;
    }
    for ((site, year), n) in received {
        let kind = ledger.works(future, year, site);
        let Some(rule) = kind.and_then(|k| world.kind(k).sessions) else { continue };
        if n > i128::from(rule.most) {
            let words = format!("{} {}: {n}", world.id(site), world.calendar(year));
            found.add(
                Rule::SessionsReceived,
                in_future(course.listed, "sessions"),
                words,
                format!("≤ {}", rule.most),
            );
        }
    }
}

/// A lead gives to each type no more than a share of its list, and in all no more than its list and its acts.
fn check_given(ledger: &Ledger<'_>, future: usize, found: &mut Findings) {
    let world = ledger.world;
    let course = &ledger.plan.courses[future];
    // By lead, year and type: people taken from the lead's list.
    let mut given: BTreeMap<(usize, usize, usize), i128> = BTreeMap::new();
    for ((site, lead, year), n) in &course.sessions {
        let Some(kind) = ledger.works(future, *year, *site) else { continue };
        if let Some(rule) = world.kind(kind).sessions {
            *given.entry((*lead, *year, kind)).or_default() += n * i128::from(rule.lead_list);
        }
    }
    let mut most = |lead: usize, year: usize, claimed: i128, limit: i128| {
        if claimed > limit {
            let words = format!("{} {}: {claimed}", world.id(lead), world.calendar(year));
            found.add(Rule::SessionsGiven, in_future(course.listed, "sessions"), words, format!("≤ {limit}"));
        }
    };
    for ((lead, year, kind), people) in &given {
        let Some(rule) = world.kind(*kind).sessions else { continue };
        let list = ledger.own_list(future, *year, *lead);
        if people * 100 > i128::from(rule.most_percent) * list {
            most(*lead, *year, *people, i128::from(rule.most_percent) * list / 100);
        }
    }
    let leads: BTreeSet<(usize, usize)> = given.keys().map(|(l, y, _)| (*l, *y)).collect();
    for (lead, year) in leads {
        let exchange = ledger.exchange(future, year, lead);
        most(lead, year, exchange.list_out, ledger.own_list(future, year, lead));
        most(lead, year, exchange.acts_out, ledger.acts(future, year, lead));
    }
}
