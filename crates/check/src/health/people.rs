//! Who is on which list, in every state, year and future.

use super::ledger::Ledger;
use super::world::World;
use crate::rows::Row;
use crate::violation::{Findings, Rule, or_dash};
use maillage_programme::State;
use maillage_programme::health::{Behaviour, Standing};
use maillage_territory::{Minutes, PlaceIx};
use std::collections::BTreeMap;

/// People of one place on one list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trip {
    pub line: u64,
    pub from: PlaceIx,
    pub site: usize,
    pub people: i128,
    /// The territory's time; the row's own where the territory has none.
    pub minutes: Minutes,
}

/// State, year, future; today is the year 0 of the state before, in the first future.
type Group = (State, usize, usize);

/// Everyone on a list.
#[derive(Debug, Default)]
pub(super) struct People {
    groups: BTreeMap<Group, Vec<Trip>>,
}

impl People {
    /// The trips of a state, year and future.
    pub fn trips(&self, state: State, year: usize, future: usize) -> &[Trip] {
        self.groups.get(&(state, year, future)).map_or(&[], Vec::as_slice)
    }

    /// People attached by the plan who live in some places.
    pub fn attached(&self, future: usize, year: usize, lives: impl Fn(PlaceIx) -> bool) -> i128 {
        let trips = self.trips(State::After, year, future).iter();
        trips.filter(|t| lives(t.from)).map(|t| t.people).sum()
    }
}

/// The table, row by row: known year and future, place, site with a list, the territory's time.
pub(super) fn read(ledger: &Ledger<'_>, rows: &[Row], planned: bool, found: &mut Findings) -> People {
    let world = ledger.world;
    let mut people = People::default();
    for row in rows {
        let group = group(world, row, found);
        let from = world.territory.ix(&row.row.from_id);
        let site = world.site(&row.row.site_id);
        if from.is_none() {
            found.add(Rule::RowPlace, row.at("from_id"), &row.row.from_id, "—");
        }
        if site.is_none() {
            found.add(Rule::RowSite, row.at("site_id"), &row.row.site_id, "—");
        }
        let (Some(group), Some(from), Some(site)) = (group, from, site) else { continue };
        if group.0 == State::After && !planned {
            found.add(Rule::RowState, row.at("state"), "after", "—");
            continue;
        }
        if !has_list(ledger, group, site) {
            let words = format!("{} ({} {})", row.row.site_id, group.0.as_str(), world.calendar(group.1));
            found.add(Rule::RowSite, row.at("site_id"), words, "—");
        }
        let time = world.minutes(from, site);
        if time != Some(row.row.minutes) {
            found.add(Rule::RowMinutes, row.at("minutes"), row.row.minutes, or_dash(time));
        }
        let minutes = time.unwrap_or(row.row.minutes);
        if minutes > world.health.max_time {
            found.add(Rule::TooFar, row.at("minutes"), minutes, format!("≤ {}", world.health.max_time));
        }
        let trip = Trip { line: row.line, from, site, people: row.row.people.0.into(), minutes };
        people.groups.entry(group).or_default().push(trip);
    }
    people
}

fn group(world: &World<'_>, row: &Row, found: &mut Findings) -> Option<Group> {
    let year = row.row.year.and_then(|y| world.year(y));
    let Some(year) = year else {
        let claimed = or_dash(row.row.year);
        found.add(Rule::RowYear, row.at("year"), claimed, world.years_in_words());
        return None;
    };
    if year == 0 {
        if row.row.state == State::After {
            found.add(Rule::RowState, row.at("state"), "after", "before");
            return None;
        }
        if let Some(future) = &row.row.future {
            found.add(Rule::RowYear, row.at("future"), future, "");
        }
        return Some((State::Before, 0, 0));
    }
    let ids: Vec<&str> = world.health.futures.iter().map(|f| f.id.as_str()).collect();
    let Some(future) = ids.iter().position(|f| row.row.future.as_deref() == Some(*f)) else {
        found.add(Rule::RowYear, row.at("future"), or_dash(row.row.future.as_ref()), ids.join(" | "));
        return None;
    };
    Some((row.row.state, year, future))
}

/// Whether a site has a list: practices, what stands today before, what works after.
fn has_list(ledger: &Ledger<'_>, (state, year, future): Group, site: usize) -> bool {
    let world = ledger.world;
    let structure = match state {
        State::Before => world.existing(site).is_some(),
        State::After => ledger.works(future, year, site).is_some(),
    };
    structure || world.is_practice(site)
}

/// People a site can hold in a group.
fn list(ledger: &Ledger<'_>, (state, year, future): Group, site: usize) -> i128 {
    match state {
        State::Before => ledger.list_undecided(future, year, site),
        State::After => ledger.list(future, year, site),
    }
}

/// Lists and people of every group, those who stay, and how the others choose.
pub(super) fn check(ledger: &Ledger<'_>, people: &People, planned: bool, found: &mut Findings) {
    let world = ledger.world;
    let mut groups = vec![(State::Before, 0, 0)];
    // Without a plan nothing needs to be said of the years to come.
    let states = if planned { &[State::Before, State::After][..] } else { &[] };
    for state in states {
        let years = |f| world.planned().map(move |y| (*state, y, f));
        groups.extend(world.futures().flat_map(years));
    }
    groups.extend(people.groups.keys().copied().filter(|_| !planned));
    groups.dedup();
    for group in groups {
        let trips = people.trips(group.0, group.1, group.2);
        check_rooms(ledger, group, trips, found);
        let kept = kept(ledger, people.trips(State::Before, 0, 0), group);
        check_kept(ledger, group, trips, &kept, found);
        match &world.health.behaviour {
            Behaviour::Fill => {}
            Behaviour::Nearest => check_nearest(ledger, group, trips, &kept, found),
            Behaviour::Decay(steps) => {
                for (limit, percent) in steps {
                    check_decay(ledger, group, trips, &kept, (*limit, *percent), found);
                }
            }
        }
    }
}

fn words(world: &World<'_>, (state, year, future): Group) -> String {
    let future = if year > 0 { world.future(future).id.as_str() } else { "" };
    format!("{} {} {future}", state.as_str(), world.calendar(year))
}

/// No list holds more people than it can, no place sends more than live there.
fn check_rooms(ledger: &Ledger<'_>, group: Group, trips: &[Trip], found: &mut Findings) {
    let world = ledger.world;
    let (mut loads, mut sent) = (BTreeMap::new(), BTreeMap::new());
    for trip in trips {
        let add = |sum: &mut (i128, u64)| *sum = (sum.0 + trip.people, trip.line);
        add(loads.entry(trip.site).or_insert((0, 0)));
        add(sent.entry(trip.from).or_insert((0, 0)));
    }
    for (site, (load, line)) in loads {
        let most = list(ledger, group, site).max(0);
        if load > most {
            let who = format!("{} ({}): {load}", world.id(site), words(world, group));
            found.add(Rule::Overfull, format!("assignments.csv:{line} people"), who, format!("≤ {most}"));
        }
    }
    for (from, (total, line)) in sent {
        let live = world.people(group.1, from);
        if total > live {
            let who = format!("{} ({}): {total}", world.territory.place(from).id, words(world, group));
            found.add(Rule::Overdrawn, format!("assignments.csv:{line} people"), who, format!("≤ {live}"));
        }
    }
}

/// People by place and list, and the time between.
type Kept = BTreeMap<(PlaceIx, usize), (i128, Minutes)>;

/// People who stay on the list they are on today: as many as the list has room for, and no more of a place than live
/// there, those on the first sites first.
fn kept(ledger: &Ledger<'_>, base: &[Trip], (_, year, future): Group) -> Kept {
    let world = ledger.world;
    let mut kept = Kept::new();
    if !world.health.attachments_kept || year == 0 {
        return kept;
    }
    for trip in base {
        let stay = match &world.spec(trip.site).standing {
            Standing::Practice => {
                let list = |future, year| ledger.list_undecided(future, year, trip.site);
                let (then, now) = (list(0, 0), list(future, year));
                if then > 0 { trip.people.saturating_mul(now.min(then)) / then } else { 0 }
            }
            Standing::Existing(existing) if !existing.may_close => trip.people,
            Standing::Existing(_) | Standing::Candidate { .. } => 0,
        };
        kept.entry((trip.from, trip.site)).or_insert((0, trip.minutes)).0 += stay;
    }
    let mut staying: Option<(PlaceIx, i128)> = None;
    for ((from, _), (stay, _)) in &mut kept {
        let before = staying.filter(|(place, _)| place == from).map_or(0, |(_, n)| n);
        *stay = (*stay).min(world.people(year, *from) - before);
        staying = Some((*from, before + *stay));
    }
    kept
}

/// Those who stay are on their list.
fn check_kept(ledger: &Ledger<'_>, group: Group, trips: &[Trip], kept: &Kept, found: &mut Findings) {
    let world = ledger.world;
    let mut attached: BTreeMap<(PlaceIx, usize), i128> = BTreeMap::new();
    for trip in trips {
        *attached.entry((trip.from, trip.site)).or_default() += trip.people;
    }
    for (key, (stay, _)) in kept {
        let n = attached.get(key).copied().unwrap_or(0);
        if n < *stay {
            let (from, site) = (&world.territory.place(key.0).id, world.id(key.1));
            let who = format!("{from} → {site} ({}): {n}", words(world, group));
            found.add(Rule::Kept, "assignments.csv", who, format!("≥ {stay}"));
        }
    }
}

/// Beyond those who stay, people go to their nearest list or to none.
fn check_nearest(ledger: &Ledger<'_>, group: Group, trips: &[Trip], kept: &Kept, found: &mut Findings) {
    let (state, year, future) = group;
    let world = ledger.world;
    let open = |site: usize| match world.practice(future, year, site) {
        Some(practice) => practice.list.0 > 0,
        None => has_list(ledger, (state, year, future), site),
    };
    let mut nearest: BTreeMap<PlaceIx, Option<usize>> = BTreeMap::new();
    for trip in trips {
        let stay = kept.get(&(trip.from, trip.site)).map_or(0, |k| k.0);
        if trip.people <= stay {
            continue;
        }
        let wanted =
            *nearest.entry(trip.from).or_insert_with(|| world.nearest(trip.from, open).map(|(_, site)| site));
        if wanted != Some(trip.site) {
            let at = format!("assignments.csv:{} site_id", trip.line);
            let more = format!("{}: {} − {stay}", world.id(trip.site), trip.people);
            found.add(Rule::NotNearest, at, more, or_dash(wanted.map(|s| world.id(s))));
        }
    }
}

/// Of the people of a place no more than a share goes further than a time, or those who stay there.
fn check_decay(
    ledger: &Ledger<'_>,
    group: Group,
    trips: &[Trip],
    kept: &Kept,
    (limit, percent): (Minutes, u8),
    found: &mut Findings,
) {
    let world = ledger.world;
    let mut far: BTreeMap<PlaceIx, (i128, u64)> = BTreeMap::new();
    for trip in trips.iter().filter(|t| t.minutes > limit) {
        let sum = far.entry(trip.from).or_default();
        *sum = (sum.0 + trip.people, trip.line);
    }
    for (from, (n, line)) in far {
        let here = kept.range((from, 0)..=(from, usize::MAX));
        let stay: i128 = here.filter(|(_, (_, t))| *t > limit).map(|(_, (stay, _))| stay).sum();
        let accept = world.people(group.1, from) * i128::from(percent) / 100;
        let most = stay.max(accept);
        if n > most {
            let who =
                format!("{} ({}) > {limit} min: {n}", world.territory.place(from).id, words(world, group));
            found.add(Rule::LongTrips, format!("assignments.csv:{line} people"), who, format!("≤ {most}"));
        }
    }
}
