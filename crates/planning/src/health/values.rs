//! What a plan is worth for each goal, in whole numbers.

use super::world::World;
use maillage_programme::SiteIx;
use maillage_programme::health::{
    Attached, FutureIx, HealthGoal, HealthPlan, Payer, Seek, Standing, money, stocks,
};
use maillage_territory::{AreaKind, Minutes, PlaceIx};
use std::collections::{BTreeMap, BTreeSet};

/// Denominators and weights of accessibility: the steps of 2015 in sixths.
pub(crate) struct Reach {
    /// Standardised people (hundredths) in the catchment of each place, by weight in sixths.
    pub(crate) demand: Vec<u128>,
}

/// Weight of a trip in sixths.
pub(crate) fn sixths(minutes: Minutes) -> u128 {
    match minutes.hundredths() {
        0..=1000 => 6,
        1001..=1500 => 4,
        1501..=2000 => 2,
        _ => 0,
    }
}

impl World<'_> {
    pub(crate) fn catchments(&self) -> Option<Reach> {
        let basis = self.health.access.as_ref()?;
        let mut demand = vec![0; basis.standard_people.len()];
        for (from, _) in self.territory.iter() {
            for &(to, t) in self.territory.travel.from(from) {
                demand[to.0 as usize] += sixths(t) * u128::from(basis.standard_people[from.0 as usize]);
            }
        }
        Some(Reach { demand })
    }

    /// Acts of the last year by place.
    pub(crate) fn acts(&self, plan: &HealthPlan, f: FutureIx, year: u8) -> BTreeMap<PlaceIx, u64> {
        let mut acts: BTreeMap<PlaceIx, i64> = BTreeMap::new();
        for (ix, site) in self.health.sites() {
            let here = match site.standing {
                Standing::Practice => self.practice(f, ix, year).acts,
                _ => stocks(self.health, &self.tables[usize::from(f.0)], plan, usize::from(f.0), ix, year)
                    .iter()
                    .map(|s| s.acts)
                    .sum(),
            };
            for (place, share) in split(here, &site.addresses) {
                *acts.entry(place).or_default() += share as i64;
            }
        }
        for s in plan.futures[usize::from(f.0)].sessions.iter().filter(|s| s.year == year) {
            let kind = plan.works(self.health, self.future(f), s.site, year);
            if let Some(rule) = kind.and_then(|k| self.health.kind(k).sessions) {
                *acts.entry(self.health.site(s.site).main()).or_default() +=
                    i64::from(s.sessions) * i64::from(rule.acts);
                *acts.entry(self.health.site(s.lead).main()).or_default() -=
                    i64::from(s.sessions) * i64::from(rule.lead_acts);
            }
        }
        acts.into_iter().filter(|(_, n)| *n > 0).map(|(p, n)| (p, n as u64)).collect()
    }

    /// Accessibility of every known inhabited place, in millionths, with its inhabitants; lowest first.
    fn apl(&self, plan: &HealthPlan, f: FutureIx) -> Vec<(u128, u64)> {
        let (Some(basis), Some(reach)) = (&self.health.access, self.catchments()) else { return Vec::new() };
        let acts = self.acts(plan, f, self.health.years);
        let per_person = |place: PlaceIx| {
            let acts = u128::from(*acts.get(&place).unwrap_or(&0));
            (600_000_000_000 * acts).checked_div(reach.demand[place.0 as usize]).unwrap_or(0)
        };
        let mut out: Vec<(u128, u64)> = self
            .territory
            .iter()
            .filter(|(ix, _)| basis.known[ix.0 as usize] && basis.inhabitants[ix.0 as usize].0 > 0)
            .map(|(ix, _)| {
                let sum: u128 = trips(self.territory.travel.from(ix)).map(|(to, w)| w * per_person(to)).sum();
                (sum / 6000, basis.inhabitants[ix.0 as usize].0)
            })
            .collect();
        out.sort_unstable();
        out
    }

    /// Places within a time of any of these.
    pub(crate) fn within(&self, of: &BTreeSet<PlaceIx>, time: Minutes) -> Vec<bool> {
        let near = |ix| {
            self.territory
                .travel
                .from(ix)
                .iter()
                .take_while(|(_, t)| *t <= time)
                .any(|(to, _)| of.contains(to))
        };
        self.territory.iter().map(|(ix, _)| near(ix)).collect()
    }

    /// Addresses of practices that still have a GP and of structures that work.
    fn addresses(&self, plan: &HealthPlan, f: FutureIx, year: u8) -> BTreeSet<PlaceIx> {
        let open = |ix: SiteIx, standing: &Standing| match standing {
            Standing::Practice => self.practice(f, ix, year).gps.hundredths() > 0,
            _ => plan.works(self.health, self.future(f), ix, year).is_some(),
        };
        let open = self.health.sites().filter(|(ix, s)| open(*ix, &s.standing));
        open.flat_map(|(_, s)| s.addresses.iter().copied()).collect()
    }

    /// Unattached people of each area of a kind in the last year: `(places, people, unattached)`.
    pub(crate) fn areas(&self, kind: AreaKind) -> Vec<(Vec<PlaceIx>, u64)> {
        let people = &self.health.people[usize::from(self.health.years)];
        let mut areas: BTreeMap<&str, (Vec<PlaceIx>, u64)> = BTreeMap::new();
        for (ix, place) in self.territory.iter().filter(|(_, p)| p.core) {
            if let Some(area) = place.area(kind) {
                let here = areas.entry(area.code.as_str()).or_default();
                here.0.push(ix);
                here.1 += people[ix.0 as usize].0;
            }
        }
        areas.into_values().filter(|(_, n)| *n > 0).collect()
    }

    /// The value of a goal in a future.
    pub(crate) fn value(&self, plan: &HealthPlan, f: FutureIx, goal: HealthGoal) -> i128 {
        let attached: &[Attached] = &plan.futures[usize::from(f.0)].attached;
        let last = self.health.years;
        match goal {
            HealthGoal::PeopleAttached => attached.iter().map(|a| i128::from(a.people.0)).sum(),
            HealthGoal::TravelTime => {
                attached.iter().map(|a| i128::from(a.people.0) * i128::from(a.minutes.hundredths())).sum()
            }
            HealthGoal::PeopleWithin(time) => self
                .health
                .planned()
                .map(|y| self.count(y, &self.within(&self.addresses(plan, f, y), time)))
                .sum(),
            HealthGoal::AplWorstTenth => {
                let all = self.apl(plan, f);
                let mut room = all.iter().map(|(_, n)| n).sum::<u64>().div_ceil(10);
                let mut sum = 0;
                for (apl, n) in all {
                    let taken = room.min(n);
                    sum += i128::from(taken) * apl as i128;
                    room -= taken;
                }
                sum
            }
            HealthGoal::PeopleUnderApl(floor) => {
                let under = |(apl, _): &(u128, u64)| *apl < u128::from(floor) * 10_000;
                self.apl(plan, f).into_iter().filter(under).map(|(_, n)| i128::from(n)).sum()
            }
            HealthGoal::Cost => {
                let rows = money(self.health, &self.tables[usize::from(f.0)], plan, usize::from(f.0));
                rows.iter().filter(|r| r.payer != Payer::Income).map(|r| i128::from(r.euros.0)).sum()
            }
            HealthGoal::Sites => plan.openings.len() as i128,
            HealthGoal::Balance(kind) => {
                let mut listed: BTreeMap<PlaceIx, u64> = BTreeMap::new();
                for a in attached.iter().filter(|a| a.year == last) {
                    *listed.entry(a.from).or_default() += a.people.0;
                }
                let share = |(places, n): (Vec<PlaceIx>, u64)| {
                    let on: u64 = places.iter().filter_map(|p| listed.get(p)).sum();
                    i128::from((10_000 * (n - on.min(n))).div_ceil(n))
                };
                self.areas(kind).into_iter().map(share).max().unwrap_or(0)
            }
            HealthGoal::PeopleNearDuty => {
                let Some(duty) = &self.health.duty else { return 0 };
                let mut of: BTreeSet<PlaceIx> = duty.fixed.iter().copied().collect();
                for s in &plan.duty {
                    if plan.works(self.health, self.future(f), *s, last).is_some() {
                        of.extend(&self.health.site(*s).addresses);
                    }
                }
                self.count(last, &self.within(&of, duty.people_within))
            }
        }
    }

    fn count(&self, year: u8, inside: &[bool]) -> i128 {
        let people = &self.health.people[usize::from(year)];
        people.iter().zip(inside).filter(|(_, inside)| **inside).map(|(n, _)| i128::from(n.0)).sum()
    }

    /// The value of a step over all futures, in hundredths.
    pub(crate) fn seek(&self, plan: &HealthPlan, seek: &Seek) -> i128 {
        let in_future = |(f, future): (FutureIx, &maillage_programme::health::Future)| {
            let values: Vec<i128> = seek.terms.iter().map(|t| self.value(plan, f, t.goal)).collect();
            (future.probability_percent, seek.value(&values))
        };
        let values: Vec<(u8, i128)> = self.health.futures().map(in_future).collect();
        self.health.outlook.combine(seek.is_max(), &values)
    }
}

/// Trips that count for accessibility, with their weight in sixths.
pub(crate) fn trips(list: &[(PlaceIx, Minutes)]) -> impl Iterator<Item = (PlaceIx, u128)> {
    list.iter().map(|&(to, t)| (to, sixths(t))).filter(|(_, w)| *w > 0)
}

/// A whole number over addresses: the quotient to each, the remainder one by one to the first.
pub(crate) fn split(n: u64, over: &[PlaceIx]) -> impl Iterator<Item = (PlaceIx, u64)> {
    let k = over.len() as u64;
    (0..).zip(over).map(move |(i, p)| (*p, n / k + u64::from(i < n % k)))
}
