//! Who attaches where once the lists are known: most people, then least travel. Exact.

use super::world::World;
use crate::flow::Network;
use maillage_programme::SiteIx;
use maillage_programme::health::{Attached, Behaviour, FutureIx, HealthPlan};
use maillage_territory::{Minutes, Persons, PlaceIx};
use std::collections::BTreeMap;

/// Worth of a person attached: more than any chain of trips can cost.
const GAIN: i64 = 1_000_000_000;
/// Cost of someone left without beyond what an area allows: worse than anyone left without.
const PENALTY: i64 = 1_000_000_000_000;

/// At most so many people of these places, taken together, stay without a list.
#[derive(Debug, Clone)]
pub(crate) struct LeftOut {
    pub(crate) places: Vec<PlaceIx>,
    /// Per 10,000 of them, rounded down.
    pub(crate) most_bp: u32,
    /// First and last year.
    pub(crate) years: (u8, u8),
}

impl World<'_> {
    /// Who is on whose list today.
    pub(crate) fn base(&self) -> Vec<Attached> {
        self.attach(0, &self.lists(None, FutureIx(0), 0), &[], &[])
    }

    /// Every planned year with nothing decided.
    pub(crate) fn before(&self, base: &[Attached], f: FutureIx) -> Vec<Attached> {
        let year = |y| self.attach(y, &self.lists(None, f, y), &self.kept(base, f, y), &[]);
        self.health.planned().flat_map(year).collect()
    }

    /// Every planned year of a plan; `None` when lists cannot hold those who stay, or leads give what they have not.
    pub(crate) fn after(
        &self,
        plan: &HealthPlan,
        base: &[Attached],
        f: FutureIx,
        left_out: &[LeftOut],
    ) -> Option<Vec<Attached>> {
        let mut out = Vec::new();
        for year in self.health.planned() {
            let lists = self.lists_with_sessions(plan, f, year)?;
            let kept = self.kept(base, f, year);
            let mut on: BTreeMap<SiteIx, u64> = BTreeMap::new();
            for k in &kept {
                *on.entry(k.site).or_default() += k.people.0;
            }
            if on.iter().any(|(site, n)| *n > lists[site.0 as usize].0) {
                return None;
            }
            out.extend(self.attach(year, &lists, &kept, left_out));
        }
        Some(out)
    }

    /// People to lists in one year, given who stays; sorted by place and site.
    pub(crate) fn attach(
        &self,
        year: u8,
        lists: &[(u64, bool)],
        kept: &[Attached],
        left_out: &[LeftOut],
    ) -> Vec<Attached> {
        let people = &self.health.people[usize::from(year)];
        let mut room: Vec<u64> = lists.iter().map(|(list, _)| *list).collect();
        let mut left: Vec<u64> = people.iter().map(|p| p.0).collect();
        let mut far: BTreeMap<PlaceIx, Vec<(Minutes, u64)>> = BTreeMap::new();
        let mut on: BTreeMap<(PlaceIx, SiteIx), (u64, Minutes)> = BTreeMap::new();
        for k in kept {
            let here = &mut room[k.site.0 as usize];
            *here = here.saturating_sub(k.people.0);
            left[k.from.0 as usize] = left[k.from.0 as usize].saturating_sub(k.people.0);
            far.entry(k.from).or_default().push((k.minutes, k.people.0));
            on.insert((k.from, k.site), (k.people.0, k.minutes));
        }
        let mut net = Network::new();
        // A place in several sets counts for the smallest: the others are verified afterwards.
        let mut left_out: Vec<&LeftOut> =
            left_out.iter().filter(|a| (a.years.0..=a.years.1).contains(&year)).collect();
        left_out.sort_by_key(|a| std::cmp::Reverse(a.places.len()));
        let most: Vec<u64> = left_out
            .iter()
            .map(|a| {
                a.places.iter().map(|p| people[p.0 as usize].0).sum::<u64>() * u64::from(a.most_bp) / 10_000
            })
            .collect();
        let areas: Vec<u32> = most.iter().map(|most| net.drain((*most).max(1))).collect();
        let area_of: BTreeMap<PlaceIx, usize> =
            left_out.iter().enumerate().flat_map(|(i, a)| a.places.iter().map(move |p| (*p, i))).collect();
        let mut drains: BTreeMap<SiteIx, u32> = BTreeMap::new();
        let mut trips = Vec::new();
        for (from, _) in self.territory.iter() {
            let n = left[from.0 as usize];
            if n == 0 {
                continue;
            }
            let area = area_of.get(&from);
            let node = net.source(n, if area.is_some() { PENALTY } else { 0 });
            if let Some(&a) = area.filter(|a| most[**a] > 0) {
                net.arc(node, areas[a], n, 0);
            }
            let mut bands =
                Bands::new(&self.health.behaviour, people[from.0 as usize].0, far.get(&from), node);
            let mut reach = self.reach[from.0 as usize].iter().filter(|(s, _)| lists[s.0 as usize].1);
            let nearest = self.health.behaviour == Behaviour::Nearest;
            for &(site, minutes) in reach.by_ref() {
                let space = room[site.0 as usize];
                if space > 0 {
                    let drain = *drains.entry(site).or_insert_with(|| net.drain(space));
                    let tail = bands.tail(minutes, &mut net);
                    let arc = net.arc(tail, drain, n, i64::from(minutes.hundredths()) - GAIN);
                    trips.push((arc, from, site, minutes));
                }
                if nearest {
                    break;
                }
            }
        }
        let flow = net.solve();
        for (arc, from, site, minutes) in trips {
            if flow[arc] > 0 {
                on.entry((from, site)).or_insert((0, minutes)).0 += flow[arc];
            }
        }
        on.into_iter()
            .map(|((from, site), (n, minutes))| Attached { year, from, site, people: Persons(n), minutes })
            .collect()
    }
}

/// How many people of a place accept longer trips: nodes one behind the other, each letting fewer pass.
struct Bands<'a> {
    steps: &'a [(Minutes, u8)],
    people: u64,
    kept: &'a [(Minutes, u64)],
    node: u32,
}

impl<'a> Bands<'a> {
    fn new(behaviour: &'a Behaviour, people: u64, kept: Option<&'a Vec<(Minutes, u64)>>, node: u32) -> Self {
        let steps: &[_] = if let Behaviour::Decay(steps) = behaviour { steps } else { &[] };
        Bands { steps, people, kept: kept.map_or(&[], |k| k.as_slice()), node }
    }

    /// The node from which a trip of this time starts; times come in rising order.
    fn tail(&mut self, minutes: Minutes, net: &mut Network) -> u32 {
        while let Some(&(beyond, percent)) = self.steps.first().filter(|(t, _)| minutes > *t) {
            let next = net.source(0, PENALTY);
            net.arc(self.node, next, willing(self.people, percent, beyond, self.kept), 0);
            self.node = next;
            self.steps = &self.steps[1..];
        }
        self.node
    }
}

/// People of a place who may still accept a trip beyond a time.
pub(crate) fn willing(people: u64, percent: u8, beyond: Minutes, kept: &[(Minutes, u64)]) -> u64 {
    let there: u64 = kept.iter().filter(|(t, _)| *t > beyond).map(|(_, n)| n).sum();
    (people * u64::from(percent) / 100).saturating_sub(there)
}
