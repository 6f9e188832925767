//! The sites of a result: how they stand in the last year of the first future. And its indicators by year.

use super::ledger::Ledger;
use super::money::{self, Payments, Use};
use super::people::{People, Trip};
use super::structures::status;
use super::supply;
use crate::figures::{Key, Scene, figures};
use crate::sites::{at, identify};
use crate::violation::{Findings, Rule, decimal, or_dash};
use maillage_programme::{ResultRecord, SiteStatus, State};
use std::collections::{BTreeMap, BTreeSet};

/// Every listed site, and what the plan costs.
pub(super) fn check(
    ledger: &Ledger<'_>,
    record: &ResultRecord,
    people: &People,
    payments: &Payments,
    found: &mut Findings,
) {
    let world = ledger.world;
    let last = world.last();
    let sites: Vec<_> = world.sites().map(|s| (world.id(s), world.main(s))).collect();
    let mut listed = BTreeSet::new();
    for (i, site) in identify(record, world.territory, &sites, found) {
        listed.insert(site);
        check_site(ledger, record, i, site, people, payments, found);
    }
    let stands = |site: &usize| world.is_practice(*site) || ledger.works(0, last, *site).is_some();
    for site in world.sites().filter(|s| stands(s) && !listed.contains(s)) {
        found.add(Rule::SiteMissing, "result.json /sites", "—", world.id(site));
    }
    let cost = money::net(payments, |_| true).to_string();
    found.equal(Rule::TotalCost, "result.json /cost_eur", or_dash(record.cost_eur), cost);
}

fn check_site(
    ledger: &Ledger<'_>,
    record: &ResultRecord,
    i: usize,
    site: usize,
    people: &People,
    payments: &Payments,
    found: &mut Findings,
) {
    let (world, claim) = (ledger.world, &record.sites[i]);
    let last = world.last();
    let kind = ledger.works(0, last, site).map(|k| &world.kind(k).id);
    let stands =
        if world.is_practice(site) { Some(SiteStatus::Existing) } else { kind.map(|_| status(ledger, site)) };
    let stands = or_dash(stands.map(SiteStatus::as_str));
    found.equal(Rule::SiteStanding, at(i, "status"), claim.status.as_str(), stands.as_str());
    // A structure that stays as it is may name its type or not.
    let silent = claim.structure_type.is_none() && claim.status == SiteStatus::Existing;
    if claim.structure_type.as_ref() != kind && !silent {
        let claimed = or_dash(claim.structure_type.as_ref());
        found.add(Rule::StructureType, at(i, "structure_type"), claimed, or_dash(kind));
    }
    let gps = ledger.gps(0, last, site);
    found.equal(Rule::Posts, at(i, "gps"), decimal(claim.gps.0.into()), decimal(gps));
    let list = ledger.list(0, last, site);
    found.equal(Rule::Capacity, at(i, "capacity"), or_dash(claim.capacity), list.to_string());
    let here = people.trips(State::After, last, 0).iter().filter(|t| t.site == site);
    let attached: i128 = here.map(|t| t.people).sum();
    found.equal(Rule::Attached, at(i, "attached"), i128::from(claim.attached), attached);
    let of_site = [Use::Capital(site), Use::Equipment(site), Use::Running(site)];
    let cost = money::net(payments, |what| of_site.contains(&what));
    found.equal(Rule::SiteCost, at(i, "cost_eur"), i128::from(claim.cost_eur.0), cost);
}

/// The indicators of every planned year of the first future, before and, with a plan, after.
pub(super) fn indicators(ledger: &Ledger<'_>, people: &People, planned: bool) -> BTreeMap<Key, i128> {
    let world = ledger.world;
    let states = if planned { &[State::Before, State::After][..] } else { &[State::Before] };
    let mut all = BTreeMap::new();
    for year in world.planned() {
        let scenes: Vec<Scene> = states.iter().map(|state| scene(ledger, people, *state, year)).collect();
        let lives = &world.health.people[year];
        all.append(&mut figures(world.territory, lives, world.health.access.as_ref(), &scenes));
    }
    all
}

fn scene(ledger: &Ledger<'_>, people: &People, state: State, year: usize) -> Scene {
    let positive = |n: i128| u128::try_from(n).unwrap_or(0);
    let trip = |t: &Trip| (t.from, positive(t.people), u128::from(t.minutes.hundredths()));
    let open = supply::open(ledger, state, 0, year);
    let acts = supply::acts(ledger, state, 0, year);
    Scene {
        state,
        year: Some(ledger.world.calendar(year)),
        // From whole acts to hundredths.
        acts: acts.into_iter().map(|(place, n)| (place, positive(n.saturating_mul(100)))).collect(),
        open: open.into_iter().map(|(place, gps)| (place, positive(gps))).collect(),
        listed: Some(people.trips(state, year, 0).iter().map(trip).collect()),
    }
}
