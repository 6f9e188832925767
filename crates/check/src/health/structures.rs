//! Structures of a plan: as which type, in which years, led by whom.

use super::ledger::Ledger;
use super::plan::at;
use crate::violation::{Findings, Rule, or_dash};
use maillage_programme::SiteStatus;
use maillage_programme::health::{HealthRecord, HealthSiteRecord, LeadRule, Standing};
use maillage_territory::Minutes;

/// Everything that is said of structures and levers.
pub(super) fn check(ledger: &Ledger<'_>, record: &HealthRecord, found: &mut Findings) {
    for (i, claim) in record.structures.iter().enumerate() {
        let Some(site) = ledger.world.site(&claim.site_id) else { continue };
        check_standing(ledger, i, claim, site, found);
        check_claims(ledger, i, claim, site, found);
    }
    for site in ledger.world.sites() {
        check_commitment(ledger, site, found);
        check_lead(ledger, site, found);
    }
    check_levers(ledger, record, found);
}

/// Type, first year, closing.
fn check_standing(
    ledger: &Ledger<'_>,
    i: usize,
    claim: &HealthSiteRecord,
    site: usize,
    found: &mut Findings,
) {
    let world = ledger.world;
    let at = |field: &str| at(format!("structures/{i}/{field}"));
    let id = |kind: usize| world.kind(kind).id.as_str();
    match &world.spec(site).standing {
        Standing::Practice => {}
        Standing::Existing(existing) => {
            let kind = id(usize::from(existing.kind.0));
            found.equal(Rule::StructureType, at("structure_type"), claim.structure_type.as_str(), kind);
            if let Some(year) = claim.opens {
                found.add(Rule::Opening, at("opens"), year, "—");
            }
            if let Some(year) = claim.closes.filter(|_| !existing.may_close) {
                found.add(Rule::Closing, at("closes"), year, "—");
            }
        }
        Standing::Candidate { types, from, .. } => {
            let ids: Vec<&str> = types.iter().map(|t| id(usize::from(t.0))).collect();
            if !ids.contains(&claim.structure_type.as_str()) {
                found.add(Rule::StructureType, at("structure_type"), &claim.structure_type, ids.join(" | "));
            }
            if ledger.plan.openings.get(&site).is_some_and(|(_, year)| *year < usize::from(*from)) {
                let first = world.calendar(usize::from(*from));
                found.add(Rule::Opening, at("opens"), or_dash(claim.opens), format!("≥ {first}"));
            }
            if let Some(year) = claim.closes {
                found.add(Rule::Closing, at("closes"), year, "—");
            }
        }
    }
}

/// Status, addresses, lead: what follows from the decisions.
fn check_claims(ledger: &Ledger<'_>, i: usize, claim: &HealthSiteRecord, site: usize, found: &mut Findings) {
    let world = ledger.world;
    let at = |field: &str| at(format!("structures/{i}/{field}"));
    let status = status(ledger, site);
    found.equal(Rule::SiteStanding, at("status"), claim.status.as_str(), status.as_str());
    let codes = |list: Vec<&str>| list.join(" ");
    let claimed = codes(claim.addresses.iter().map(|a| a.as_str()).collect());
    let addresses = world.spec(site).addresses.iter();
    let wanted = codes(addresses.map(|a| world.territory.place(*a).id.as_str()).collect());
    found.equal(Rule::Addresses, at("addresses"), claimed, wanted);
    let first = world.planned().find(|y| ledger.open(*y, site).is_some());
    let lead = first.and_then(|year| nearest_lead(ledger, site, year)).map(|lead| world.id(lead));
    found.equal(Rule::LeadClaim, at("lead"), or_dash(claim.lead.as_ref()), or_dash(lead));
}

/// How a structure stands in a plan.
pub(super) fn status(ledger: &Ledger<'_>, site: usize) -> SiteStatus {
    if ledger.world.is_candidate(site) {
        return SiteStatus::Opened;
    }
    let grows = ledger.plan.courses.iter().any(|c| c.hires.keys().any(|(s, _, _)| *s == site));
    if grows { SiteStatus::Extended } else { SiteStatus::Existing }
}

/// A settled opening takes place in time and as settled.
fn check_commitment(ledger: &Ledger<'_>, site: usize, found: &mut Findings) {
    let Standing::Candidate { committed: Some(commitment), .. } = &ledger.world.spec(site).standing else {
        return;
    };
    let world = ledger.world;
    let opening = ledger.plan.openings.get(&site);
    let kind = commitment.kind.map(|k| usize::from(k.0));
    let kept = |(k, year): &(usize, usize)| {
        *year <= usize::from(commitment.by) && kind.is_none_or(|settled| settled == *k)
    };
    if !opening.is_some_and(kept) {
        let words = |kind: Option<usize>, year| {
            let kind = kind.map_or("", |k| world.kind(k).id.as_str());
            format!("{} {kind} {year}", world.id(site))
        };
        let claimed = opening.map(|(k, y)| words(Some(*k), world.calendar(*y)));
        let wanted = words(kind, world.calendar(usize::from(commitment.by)));
        found.add(Rule::Commitment, at("structures"), or_dash(claimed), format!("≤ {wanted}"));
    }
}

/// Whether a site may lead by a rule, as the decisions stand in a year.
fn may_lead(ledger: &Ledger<'_>, rule: &LeadRule, lead: usize, year: usize) -> bool {
    let of_type = ledger.open(year, lead).is_some_and(|k| rule.types.iter().any(|t| usize::from(t.0) == k));
    of_type || (rule.practices && ledger.world.practises(0, year, lead))
}

/// The nearest other site that may lead a structure, within the time of its rule.
fn nearest_lead(ledger: &Ledger<'_>, site: usize, year: usize) -> Option<usize> {
    let rule = ledger.world.kind(ledger.open(year, site)?).lead.as_ref()?;
    let leads = ledger.world.sites().filter(|lead| *lead != site && may_lead(ledger, rule, *lead, year));
    let near = leads.filter_map(|lead| Some((ledger.world.between(lead, site)?, lead)));
    near.filter(|(t, _)| *t <= rule.within).min().map(|(_, lead)| lead)
}

/// In every year in which a structure is open it has a lead.
fn check_lead(ledger: &Ledger<'_>, site: usize, found: &mut Findings) {
    let world = ledger.world;
    let first = world.planned().find_map(|y| ledger.open(y, site));
    let Some(rule) = first.and_then(|k| world.kind(k).lead.as_ref()) else { return };
    let others = world.sites().filter(|lead| *lead != site);
    let near: Vec<usize> =
        others.filter(|lead| world.between(*lead, site).is_some_and(|t: Minutes| t <= rule.within)).collect();
    for year in world.planned().filter(|y| ledger.open(*y, site).is_some()) {
        if !near.iter().any(|lead| may_lead(ledger, rule, *lead, year)) {
            let who = format!("{} ({})", world.id(site), world.calendar(year));
            found.add(Rule::Lead, at("structures"), who, format!("≤ {} min", rule.within));
        }
    }
}

/// A lever starts in a year in which it may, and by the year in which it must.
fn check_levers(ledger: &Ledger<'_>, record: &HealthRecord, found: &mut Findings) {
    let world = ledger.world;
    for (i, lever) in world.health.levers.iter().enumerate() {
        let start = ledger.plan.levers.get(&i).copied();
        let listed = record.levers.iter().position(|l| l.lever == lever.id);
        let at = listed.map_or_else(|| at("levers"), |l| at(format!("levers/{l}/starts")));
        if let Some(year) = start.filter(|y| *y < usize::from(lever.from)) {
            let first = world.calendar(usize::from(lever.from));
            found.add(Rule::LeverYear, at.as_str(), world.calendar(year), format!("≥ {first}"));
        }
        if let Some(by) = lever.by.filter(|by| start.is_none_or(|y| y > usize::from(*by))) {
            let claimed = or_dash(start.map(|y| world.calendar(y)));
            let wanted = format!("{} ≤ {}", lever.id, world.calendar(usize::from(by)));
            found.add(Rule::LeverDue, at, claimed, wanted);
        }
    }
}
