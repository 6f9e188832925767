//! Who could still be on a list: simple plans that refute a claim, and bounds that need no solver.

use crate::rows::Trip;
use maillage_input::Text;
use maillage_programme::{Programme, Role, Site, StructureType};
use maillage_territory::{Minutes, Persons, PlaceIx, Territory};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The lists of one state: open sites with what they hold, and who is on them.
pub(crate) struct Lists<'a> {
    pub territory: &'a Territory,
    pub people: &'a [Persons],
    pub sites: &'a [&'a Site],
    pub limit: Minutes,
    /// People that each open site holds.
    pub capacity: &'a BTreeMap<usize, u128>,
    pub trips: &'a [Trip],
}

impl Lists<'_> {
    fn load(&self) -> BTreeMap<usize, u128> {
        let mut load = BTreeMap::new();
        for trip in self.trips {
            *load.entry(trip.site).or_default() += trip.people;
        }
        load
    }

    fn open_at(&self) -> BTreeMap<PlaceIx, Vec<usize>> {
        let mut at: BTreeMap<PlaceIx, Vec<usize>> = BTreeMap::new();
        for (&site, _) in self.capacity.iter().filter(|(_, capacity)| **capacity > 0) {
            at.entry(self.sites[site].place).or_default().push(site);
        }
        at
    }

    /// Whether one more person could be on a list, the others moving between open sites if need be: an
    /// augmenting path in the flow of people to sites. Without one no way to fill these lists attaches more.
    pub fn can_attach_more(&self) -> bool {
        let (load, open_at) = (self.load(), self.open_at());
        let mut sent: BTreeMap<PlaceIx, u128> = BTreeMap::new();
        let mut on_list: BTreeMap<usize, Vec<PlaceIx>> = BTreeMap::new();
        for trip in self.trips {
            *sent.entry(trip.from).or_default() += trip.people;
            on_list.entry(trip.site).or_default().push(trip.from);
        }
        let unlisted = |ix: PlaceIx| {
            let live = self.people.get(ix.0 as usize).map_or(0, |p| u128::from(p.0));
            live > sent.get(&ix).copied().unwrap_or(0)
        };
        let mut queue: VecDeque<PlaceIx> =
            self.territory.iter().map(|(ix, _)| ix).filter(|&ix| unlisted(ix)).collect();
        let mut places: BTreeSet<PlaceIx> = queue.iter().copied().collect();
        let mut seen = BTreeSet::new();
        while let Some(from) = queue.pop_front() {
            let near = self.territory.travel.from(from).iter().filter(|(_, t)| *t <= self.limit);
            for site in near.filter_map(|(to, _)| open_at.get(to)).flatten() {
                if !seen.insert(*site) {
                    continue;
                }
                if load.get(site).copied().unwrap_or(0) < self.capacity[site] {
                    return true;
                }
                for place in on_list.get(site).into_iter().flatten() {
                    if places.insert(*place) {
                        queue.push_back(*place);
                    }
                }
            }
        }
        false
    }

    /// The most that one person saves by moving to a nearer site with room, in hundredths of a minute.
    pub fn best_shift(&self) -> Option<u128> {
        let (load, open_at) = (self.load(), self.open_at());
        let room = |site: &usize| load.get(site).copied().unwrap_or(0) < self.capacity[site];
        let saved = self.trips.iter().filter_map(|trip| {
            let near = self.territory.travel.from(trip.from).iter().filter(|(_, t)| *t < trip.minutes);
            let free = near.filter(|(to, _)| open_at.get(to).is_some_and(|sites| sites.iter().any(room)));
            free.map(|(_, t)| u128::from(trip.minutes.hundredths() - t.hundredths())).max()
        });
        saved.max()
    }
}

/// A number of people that no plan can exceed, by a cut: everyone outside a set of places who can reach a
/// site, and of those inside no more than the lists within their reach can hold.
pub(crate) fn most_attachable(
    territory: &Territory,
    programme: &Programme,
    inside: &dyn Fn(PlaceIx) -> bool,
) -> u128 {
    let places: BTreeSet<PlaceIx> = programme.sites.iter().map(|s| s.place).collect();
    let (mut outside, mut within) = (0u128, 0u128);
    let mut reached: BTreeSet<PlaceIx> = BTreeSet::new();
    for ((ix, _), people) in territory.iter().zip(&programme.people).filter(|(_, people)| people.0 > 0) {
        let trips = territory
            .travel
            .from(ix)
            .iter()
            .filter(|(to, t)| *t <= programme.max_time && places.contains(to));
        let near: Vec<PlaceIx> = trips.map(|(to, _)| *to).collect();
        let here = if near.is_empty() { 0 } else { u128::from(people.0) };
        if inside(ix) {
            within += here;
            reached.extend(near);
        } else {
            outside += here;
        }
    }
    outside + within.min(lists_at(programme, &reached))
}

/// What the lists at some places can hold at most: those of today, and all posts that could be added there.
fn lists_at(programme: &Programme, places: &BTreeSet<PlaceIx>) -> u128 {
    let (mut today, mut rooms, mut largest_list) = (0u128, 0u128, 0u128);
    let mut openings: Vec<u128> = Vec::new();
    // People on lists for the euros spent: the best rate of any type, as a fraction; `None` when free.
    let mut best_rate: Option<(u128, u128)> = Some((0, 1));
    for site in programme.sites.iter().filter(|s| places.contains(&s.place)) {
        let mut offer = |posts: u32, kind: &StructureType, opens: bool| {
            let list = kind.patients_per_gp;
            let opening = if opens { i128::from(kind.opening_eur.0) } else { 0 };
            let cost = opening + i128::from(kind.per_gp_eur.0) * i128::from(posts);
            let people = u128::from(posts) * u128::from(list);
            largest_list = largest_list.max(if posts > 0 { u128::from(list) } else { 0 });
            let euros = u128::try_from(cost).unwrap_or(0);
            best_rate = match best_rate {
                Some((p, e)) if euros > 0 => match (people.checked_mul(e), p.checked_mul(euros)) {
                    (Some(new), Some(old)) => Some(if new > old { (people, euros) } else { (p, e) }),
                    _ => None,
                },
                other => other.filter(|_| people == 0),
            };
            people
        };
        match &site.role {
            Role::Practice { capacity, .. } => today += u128::from(capacity.0),
            Role::Extension { kind, free_rooms } => {
                rooms += offer(*free_rooms, programme.kind(*kind), false);
            }
            Role::Candidate { types, .. } => {
                let kinds = types.iter().map(|t| programme.kind(*t));
                openings.push(kinds.map(|k| offer(k.max_gps, k, true)).max().unwrap_or(0));
            }
        }
    }
    openings.sort_unstable_by(|a, b| b.cmp(a));
    let most = programme.limits.max_new_sites.map_or(openings.len(), |n| n as usize);
    let mut added = rooms + openings.iter().take(most).sum::<u128>();
    if let Some(pool) = programme.limits.gp_pool {
        added = added.min(u128::from(pool) * largest_list);
    }
    if let (Some(budget), Some((people, euros))) = (programme.limits.budget, best_rate) {
        // Opening is paid in full and posts are added to it: no type gives more for its money than when full.
        added = added.min(u128::try_from(budget.0).unwrap_or(0).saturating_mul(people) / euros);
    }
    today + added
}

/// A plan that opens the forced sites only, each at its cheapest or at its smallest, when one of the two
/// keeps every limit: then the programme is not infeasible.
pub(crate) fn cheapest_forced(programme: &Programme) -> Option<Text> {
    let mut totals = [(0i128, 0u128); 2];
    let mut opened = 0u32;
    for site in &programme.sites {
        let Role::Candidate { types, forced: true } = &site.role else { continue };
        let kinds = types.iter().map(|t| programme.kind(*t)).filter(|k| k.min_gps <= k.max_gps);
        let options: Vec<(i128, u128)> = kinds
            .map(|k| {
                let posts = i128::from(k.per_gp_eur.0) * i128::from(k.min_gps);
                (i128::from(k.opening_eur.0) + posts, u128::from(k.min_gps))
            })
            .collect();
        let cheapest = options.iter().min()?;
        let smallest = options.iter().min_by_key(|(cost, gps)| (*gps, *cost))?;
        for (total, option) in totals.iter_mut().zip([cheapest, smallest]) {
            *total = (total.0 + option.0, total.1 + option.1);
        }
        opened = opened.saturating_add(1);
    }
    let limits = &programme.limits;
    let keeps = |(cost, gps): &&(i128, u128)| {
        limits.budget.is_none_or(|b| *cost <= i128::from(b.0))
            && limits.gp_pool.is_none_or(|pool| *gps <= u128::from(pool))
            && limits.max_new_sites.is_none_or(|most| opened <= most)
    };
    let (cost, gps) = totals.iter().find(keeps)?;
    Some(Text::new(
        format!("ouvrir les seuls sites imposés ({opened}) demande {gps} médecins et {cost} €"),
        format!("opening the forced sites alone ({opened}) takes {gps} GPs and {cost} €"),
    ))
}
