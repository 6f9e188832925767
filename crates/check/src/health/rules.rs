//! The rules of a programme, one by one.

use super::ledger::{Ledger, Stock};
use super::people::People;
use super::plan::{at, in_future};
use crate::violation::{Findings, Rule, decimal};
use maillage_programme::health::{CountWhat, HealthRule, HealthTypeIx, ProfessionIx};
use maillage_territory::Minutes;
use std::collections::BTreeSet;

/// Every rule: on decisions, or in every future on what works.
pub(super) fn check(ledger: &Ledger<'_>, people: &People, found: &mut Findings) {
    for (i, rule) in ledger.world.health.rules.iter().enumerate() {
        let name = format!("rules/{i}");
        match rule {
            HealthRule::Count { .. } => count(ledger, &name, rule, found),
            HealthRule::Exclusive { sites, most } => {
                let sites: BTreeSet<usize> = sites.iter().map(|s| s.0 as usize).collect();
                let n = sites.iter().filter(|s| ever_open(ledger, **s)).count();
                if n > *most as usize {
                    found.add(
                        Rule::RuleExclusive,
                        at("structures"),
                        format!("{name}: {n}"),
                        format!("≤ {most}"),
                    );
                }
            }
            HealthRule::Spacing { types, least } => spacing(ledger, &name, types, *least, found),
            HealthRule::Coverage { .. } => coverage(ledger, &name, rule, found),
            HealthRule::Posts { .. } => posts(ledger, &name, rule, found),
            HealthRule::Ratio { .. } => ratio(ledger, &name, rule, found),
            HealthRule::Attached { places, percent, years } => {
                for (future, year) in futures_and_years(ledger, *years) {
                    let here = ledger.world.places().filter(|p| places.contains(*p));
                    let all: i128 = here.map(|p| ledger.world.people(year, p)).sum();
                    let attached = people.attached(future, year, |p| places.contains(p));
                    share(ledger, Rule::RuleAttached, &name, (year, *percent), (attached, all), found);
                }
            }
        }
    }
}

fn futures_and_years(ledger: &Ledger<'_>, years: (u8, u8)) -> Vec<(usize, usize)> {
    let years: Vec<usize> = ledger.world.within(years).collect();
    ledger.world.futures().flat_map(|f| years.iter().map(move |y| (f, *y))).collect()
}

/// Whether a type is among some; none named is all.
fn among(types: &[HealthTypeIx], kind: usize) -> bool {
    types.is_empty() || types.iter().any(|t| usize::from(t.0) == kind)
}

/// Existing structures count as open unless they close.
fn ever_open(ledger: &Ledger<'_>, site: usize) -> bool {
    let stays = ledger.world.existing(site).is_some() && !ledger.plan.closings.contains_key(&site);
    stays || ledger.plan.openings.contains_key(&site)
}

fn limits(
    rule: Rule,
    at: String,
    who: String,
    (least, most): (Option<u32>, Option<u32>),
    (low, high): (i128, i128),
    found: &mut Findings,
) {
    if let Some(least) = least.filter(|l| low < i128::from(*l)) {
        found.add(rule, at.as_str(), format!("{who}: {low}"), format!("≥ {least}"));
    }
    if let Some(most) = most.filter(|m| high > i128::from(*m)) {
        found.add(rule, at, format!("{who}: {high}"), format!("≤ {most}"));
    }
}

fn count(ledger: &Ledger<'_>, name: &str, rule: &HealthRule, found: &mut Findings) {
    let HealthRule::Count { places, types, what, least, most, years } = rule else { return };
    let world = ledger.world;
    for year in world.within(*years) {
        let counts = |site: usize| {
            let Some(kind) = ledger.open(year, site) else { return false };
            let this = match what {
                CountWhat::Open => true,
                CountWhat::New => world.is_candidate(site),
                CountWhat::Opening => ledger.plan.openings.get(&site).is_some_and(|(_, y)| *y == year),
                CountWhat::Interns => world.kind(kind).interns,
            };
            this && among(types, kind) && places.contains(world.main(site))
        };
        let n = world.sites().filter(|s| counts(*s)).count() as i128;
        let who = format!("{name} ({})", world.calendar(year));
        limits(Rule::RuleCount, at("structures"), who, (*least, *most), (n, n), found);
    }
}

/// Two structures open in one year, not both existing, stand far enough apart.
fn spacing(ledger: &Ledger<'_>, name: &str, types: &[HealthTypeIx], least: Minutes, found: &mut Findings) {
    let world = ledger.world;
    let open = |site: usize, year| ledger.open(year, site).is_some_and(|k| among(types, k));
    for new in ledger.plan.openings.keys() {
        for other in world.sites().filter(|o| o != new) {
            // Two new ones are met twice.
            if world.is_candidate(other) && other < *new {
                continue;
            }
            let Some(year) = world.planned().find(|y| open(*new, *y) && open(other, *y)) else { continue };
            let (a, b) = (world.main(*new), world.main(other));
            let travel = &world.territory.travel;
            let apart = travel.minutes(a, b).into_iter().chain(travel.minutes(b, a)).min();
            if let Some(apart) = apart.filter(|t| *t < least) {
                let (a, b) = (world.id(*new), world.id(other));
                let who = format!("{name} {a}, {b} ({}): {apart} min", world.calendar(year));
                found.add(Rule::RuleSpacing, at("structures"), who, format!("≥ {least} min"));
            }
        }
    }
}

fn coverage(ledger: &Ledger<'_>, name: &str, rule: &HealthRule, found: &mut Findings) {
    let HealthRule::Coverage { places, types, practices, within, percent, years } = rule else { return };
    let world = ledger.world;
    for year in world.within(*years) {
        let counts = |site: usize| {
            ledger.open(year, site).is_some_and(|k| among(types, k))
                || (*practices && world.practises(0, year, site))
        };
        let (mut covered, mut all) = (0, 0);
        for place in world.places().filter(|p| places.contains(*p)) {
            all += world.people(year, place);
            if world.nearest(place, counts).is_some_and(|(t, _)| t <= *within) {
                covered += world.people(year, place);
            }
        }
        share(ledger, Rule::RuleCoverage, name, (year, *percent), (covered, all), found);
    }
}

/// `100 · some ≥ percent · all`.
fn share(
    ledger: &Ledger<'_>,
    rule: Rule,
    name: &str,
    (year, percent): (usize, u8),
    (some, all): (i128, i128),
    found: &mut Findings,
) {
    if some.saturating_mul(100) < all.saturating_mul(percent.into()) {
        let who = format!("{name} ({}): {some}", ledger.world.calendar(year));
        found.add(rule, at("structures"), who, format!("≥ {percent} % · {all}"));
    }
}

/// Posts opened and filled at a site, of some professions.
fn sums(ledger: &Ledger<'_>, kind: usize, stocks: &[Stock], professions: &[ProfessionIx]) -> (i128, i128) {
    let posts = ledger.world.kind(kind).posts.iter().zip(stocks);
    let counted = posts.filter(|(p, _)| professions.is_empty() || professions.contains(&p.profession));
    counted.fold((0, 0), |(opened, filled), (_, s)| (opened + s.opened, filled + s.filled))
}

fn posts(ledger: &Ledger<'_>, name: &str, rule: &HealthRule, found: &mut Findings) {
    let HealthRule::Posts { places, types, professions, least, most, years } = rule else { return };
    let world = ledger.world;
    for (future, year) in futures_and_years(ledger, *years) {
        let (mut opened, mut filled) = (0, 0);
        for site in world.sites().filter(|s| places.contains(world.main(*s))) {
            let Some(kind) = ledger.works(future, year, site).filter(|k| among(types, *k)) else { continue };
            let (o, f) = sums(ledger, kind, ledger.stocks(future, year, site), professions);
            (opened, filled) = (opened + o, filled + f);
        }
        let who = format!("{name} ({})", world.calendar(year));
        let at = in_future(ledger.plan.courses[future].listed, "posts");
        limits(Rule::RulePosts, at, who, (*least, *most), (opened, filled), found);
    }
}

fn ratio(ledger: &Ledger<'_>, name: &str, rule: &HealthRule, found: &mut Findings) {
    let HealthRule::Ratio { types, of, per, least, most } = rule else { return };
    let world = ledger.world;
    for (future, year) in futures_and_years(ledger, (1, u8::MAX)) {
        for site in world.sites() {
            let Some(kind) = ledger.works(future, year, site).filter(|k| among(types, *k)) else { continue };
            let stocks = ledger.stocks(future, year, site);
            let (of, per) = (sums(ledger, kind, stocks, of), sums(ledger, kind, stocks, per));
            let wrong = [
                least.filter(|l| 100 * of.0 < i128::from(*l) * per.1).map(|l| (of.0, per.1, "≥", l)),
                most.filter(|m| 100 * of.1 > i128::from(*m) * per.0).map(|m| (of.1, per.0, "≤", m)),
            ];
            for (of, per, sign, limit) in wrong.into_iter().flatten() {
                let (id, year) = (world.id(site), world.calendar(year));
                let who = format!("{name} {id} ({year}): {} / {}", decimal(of), decimal(per));
                let at = in_future(ledger.plan.courses[future].listed, "posts");
                found.add(Rule::RuleRatio, at, who, format!("{sign} {}", decimal(limit.into())));
            }
        }
    }
}
