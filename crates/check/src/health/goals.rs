//! What the decisions are worth, goal by goal, and a bound that needs no solver.

use super::ledger::Ledger;
use super::money::{self, Payments};
use super::people::People;
use super::{bound, duty, supply};
use crate::status::Aim;
use maillage_programme::State;
use maillage_programme::health::{HealthGoal, Outlook, Seek};
use maillage_territory::{AreaKind, Minutes};
use std::collections::BTreeMap;

/// The largest value that a record holds, in hundredths: what a double holds.
const MOST: i128 = 8_000_000_000_000_000;

/// One aim for each step of the search, in order.
pub(super) fn aims(ledger: &Ledger<'_>, people: &People, payments: Option<&[Payments]>) -> Vec<Aim> {
    let seeks = &ledger.world.health.goals;
    let aim = |seek: &Seek| Aim {
        name: seek.name(),
        max: made_large(seek),
        unit: unit(seek),
        objective: payments.map(|payments| {
            let of = |goal, future: usize| value(ledger, people, &payments[future], goal, future);
            combined(ledger, seek, of).clamp(-MOST, MOST)
        }),
        own_bound: own_bound(ledger, seek),
        better: None,
        tolerance_bp: seek.tolerance_bp,
    };
    seeks.iter().map(aim).collect()
}

/// What a goal counts; a sum of several counts nothing that has a name.
fn unit(seek: &Seek) -> &'static str {
    let [term] = seek.terms.as_slice() else { return "weighted" };
    match term.goal {
        HealthGoal::PeopleAttached | HealthGoal::PeopleWithin(_) => "person-years",
        HealthGoal::TravelTime => "person-min/100",
        HealthGoal::AplWorstTenth => "person-acts/1000000",
        HealthGoal::PeopleUnderApl(_) | HealthGoal::PeopleNearDuty => "people",
        HealthGoal::Cost => "eur",
        HealthGoal::Sites => "sites",
        HealthGoal::Balance(_) => "per-10000",
    }
}

/// A sum is made large; a goal alone keeps its own sense.
fn made_large(seek: &Seek) -> bool {
    match seek.terms.as_slice() {
        [alone] => alone.goal.is_max(),
        _ => true,
    }
}

/// The value of a step over all futures, in hundredths.
fn combined(ledger: &Ledger<'_>, seek: &Seek, value: impl Fn(HealthGoal, usize) -> i128) -> i128 {
    let alone = seek.terms.len() == 1;
    let mut sum = 0i128;
    let mut worst: Option<i128> = None;
    for (i, future) in ledger.world.health.futures.iter().enumerate() {
        let mut here = 0i128;
        for term in &seek.terms {
            let n = value(term.goal, i).saturating_mul(term.weight.into());
            here = if alone || term.goal.is_max() { here.saturating_add(n) } else { here.saturating_sub(n) };
        }
        sum = sum.saturating_add(here.saturating_mul(future.probability_percent.into()));
        let worse = |w: i128| if made_large(seek) { w.min(here) } else { w.max(here) };
        worst = Some(worst.map_or(here, worse));
    }
    match ledger.world.health.outlook {
        Outlook::Expected => sum,
        Outlook::Worst => worst.unwrap_or(0).saturating_mul(100),
    }
}

/// A bound on a goal sought alone, where counting gives one.
fn own_bound(ledger: &Ledger<'_>, seek: &Seek) -> Option<i128> {
    let [term] = seek.terms.as_slice() else { return None };
    let world = ledger.world;
    let everyone = |year| world.places().map(|p| world.people(year, p)).sum::<i128>();
    match term.goal {
        HealthGoal::PeopleAttached => {
            let most: Vec<i128> = world.futures().map(|f| bound::most_attached(world, f)).collect();
            Some(combined(ledger, seek, |_, future| most[future]))
        }
        HealthGoal::PeopleWithin(_) => {
            Some(combined(ledger, seek, |_, _| world.planned().map(everyone).sum()))
        }
        HealthGoal::PeopleNearDuty => Some(combined(ledger, seek, |_, _| everyone(world.last()))),
        HealthGoal::TravelTime
        | HealthGoal::PeopleUnderApl(_)
        | HealthGoal::Sites
        | HealthGoal::Balance(_) => Some(0),
        HealthGoal::AplWorstTenth | HealthGoal::Cost => None,
    }
}

/// The value of a goal in a future.
fn value(ledger: &Ledger<'_>, people: &People, payments: &Payments, goal: HealthGoal, future: usize) -> i128 {
    let world = ledger.world;
    let trips = || world.planned().flat_map(|y| people.trips(State::After, y, future));
    match goal {
        HealthGoal::PeopleAttached => trips().map(|t| t.people).sum(),
        HealthGoal::TravelTime => trips().map(|t| t.people * i128::from(t.minutes.hundredths())).sum(),
        HealthGoal::PeopleWithin(limit) => {
            world.planned().map(|year| people_within(ledger, future, year, limit)).sum()
        }
        HealthGoal::AplWorstTenth => worst_tenth(apl(ledger, future)),
        HealthGoal::PeopleUnderApl(floor) => {
            let floor = i128::from(floor) * 10_000;
            apl(ledger, future).iter().filter(|(apl, _)| *apl < floor).map(|(_, people)| people).sum()
        }
        HealthGoal::Cost => money::net(payments, |_| true),
        HealthGoal::Sites => ledger.plan.openings.len() as i128,
        HealthGoal::Balance(kind) => worst_area(ledger, people, kind, future),
        HealthGoal::PeopleNearDuty => duty::people_near(ledger, future),
    }
}

/// People within a time of an open address.
fn people_within(ledger: &Ledger<'_>, future: usize, year: usize, limit: Minutes) -> i128 {
    let world = ledger.world;
    let open = |site| ledger.works(future, year, site).is_some() || world.practises(future, year, site);
    let near = |place: &_| world.nearest(*place, open).is_some_and(|(t, _)| t <= limit);
    world.places().filter(near).map(|place| world.people(year, place)).sum()
}

/// Accessibility in the last year and inhabitants, of places where both are known.
fn apl(ledger: &Ledger<'_>, future: usize) -> Vec<(i128, i128)> {
    let world = ledger.world;
    let Some(basis) = &world.health.access else { return Vec::new() };
    let acts = supply::acts(ledger, State::After, future, world.last());
    let all = supply::accessibility(world.territory, basis, &acts);
    let lots = all.into_iter().zip(&basis.inhabitants).zip(&basis.known);
    lots.filter(|((_, people), known)| **known && people.0 > 0)
        .map(|((apl, people), _)| (apl, i128::from(people.0)))
        .collect()
}

/// Accessibility summed over the tenth of people who have least, rounded up to a whole person.
fn worst_tenth(mut lots: Vec<(i128, i128)>) -> i128 {
    lots.sort_unstable();
    let all: i128 = lots.iter().map(|(_, people)| people).sum();
    let mut left = all / 10 + i128::from(all % 10 > 0);
    let mut sum = 0i128;
    for (apl, people) in lots {
        let taken = people.min(left);
        sum = sum.saturating_add(apl.saturating_mul(taken));
        left -= taken;
    }
    sum
}

/// The largest share of people on no list among areas of a kind, per 10,000, rounded up.
fn worst_area(ledger: &Ledger<'_>, people: &People, kind: AreaKind, future: usize) -> i128 {
    let world = ledger.world;
    let last = world.last();
    // People and those attached, by area.
    let mut areas: BTreeMap<&str, (i128, i128)> = BTreeMap::new();
    for (ix, place) in world.territory.iter().filter(|(_, place)| place.core) {
        if let Some(area) = place.area(kind) {
            areas.entry(&area.code).or_default().0 += world.people(last, ix);
        }
    }
    for trip in people.trips(State::After, last, future) {
        let place = world.territory.place(trip.from);
        if let Some(area) = place.area(kind).filter(|_| place.core) {
            areas.entry(&area.code).or_default().1 += trip.people;
        }
    }
    let unattached = |(all, attached): &(i128, i128)| {
        let of = (all - attached).saturating_mul(10_000);
        of.div_euclid(*all) + i128::from(of.rem_euclid(*all) > 0)
    };
    areas.values().filter(|(all, _)| *all > 0).map(unattached).max().unwrap_or(0)
}
