//! Plain location problems: which sites open, and everyone at the nearest.

use crate::Verdict;
use crate::figures::{self, Scene};
use crate::rows::{self, Row, Trip};
use crate::sites::{at, check_none, identify, named};
use crate::status::{Aim, has_plan};
use crate::violation::{Findings, Rule};
use maillage_input::Text;
use maillage_programme::{
    Euros, Hundredths, LocationProblem, LocationTask, ResultRecord, Site, SiteStatus, State,
};
use maillage_territory::{Minutes, PlaceIx, Territory};
use std::collections::{BTreeMap, BTreeSet};

/// The time within which a problem counts people as served, if it has one.
pub(crate) fn radius(problem: LocationProblem) -> Option<Minutes> {
    match problem {
        LocationProblem::MaxCover { radius, .. } | LocationProblem::SetCover { radius } => Some(radius),
        LocationProblem::PMedian { .. } | LocationProblem::PCenter { .. } => None,
    }
}

/// Where the people of one place go.
#[derive(Debug, Clone, Copy)]
struct Served {
    from: PlaceIx,
    people: u128,
    /// Nearest open site within the radius and its time.
    by: Option<(usize, Minutes)>,
}

/// Everything the result of a plain problem claims but its status.
pub(crate) fn check(
    territory: &Territory,
    task: &LocationTask,
    record: &ResultRecord,
    rows: &[Row],
    found: &mut Findings,
) -> Verdict {
    let sites: Vec<&Site> = task.sites.iter().map(|(site, _)| site).collect();
    let kept: BTreeSet<usize> =
        (0..).zip(&task.sites).filter(|(_, (_, kept))| *kept).map(|(i, _)| i).collect();
    let planned = has_plan(record.status);
    if record.certificate.is_some() {
        found.add(Rule::Facts, "result.json /certificate", "people-attached-cut", "—");
    }
    let pairs = if planned {
        identify(record, territory, &named(&sites), found)
    } else {
        check_none(record, found);
        Vec::new()
    };
    let mut open = kept.clone();
    open.extend(pairs.iter().map(|(_, site)| *site));
    let served = serve(territory, task, &sites, &open);

    let loads = loads(&served);
    for (listed, site) in &pairs {
        let attached = loads.get(site).copied().unwrap_or(0);
        check_site(*listed, record, kept.contains(site), attached, found);
    }
    if planned {
        let listed: BTreeSet<usize> = pairs.iter().map(|(_, site)| *site).collect();
        for site in kept.difference(&listed) {
            found.add(Rule::SiteMissing, "result.json /sites", "—", &sites[*site].id);
        }
        if let Some(cost) = record.cost_eur {
            found.add(Rule::TotalCost, "result.json /cost_eur", cost, "—");
        }
    }
    let opened = open.len() - kept.len();
    if planned {
        check_opened(task.problem, opened, found);
    }

    let wanted = |row: &&Row| planned && row.row.state == State::After;
    for row in rows.iter().filter(|r| !wanted(r)) {
        found.add(Rule::RowState, row.at("state"), row.row.state.as_str(), "—");
    }
    let rows: Vec<Row> = rows.iter().filter(wanted).cloned().collect();
    let trips =
        rows::locate(&rows, territory, &sites, |_, site| open.contains(&site), radius(task.problem), found);
    rows::check_people(&trips, &task.people, found);
    if planned {
        let must = !matches!(task.problem, LocationProblem::MaxCover { .. });
        check_served(territory, &sites, &served, &trips, must, found);
    }

    let mut scenes = Vec::new();
    if !kept.is_empty() {
        scenes.push(scene(State::Before, &sites, &kept));
    }
    if planned {
        scenes.push(scene(State::After, &sites, &open));
    }
    let all = serve(territory, task, &sites, &(0..sites.len()).collect());
    let today = serve(territory, task, &sites, &kept);
    let aim = aim(task.problem, planned.then(|| value(task.problem, &served, opened)), &all, &today);
    let witness = witness(task, sites.len() - kept.len(), &all, &today);
    let figures = figures::figures(territory, &task.people, None, &scenes);
    Verdict { aims: vec![aim], figures, witness, proven: Vec::new(), trusted: Vec::new() }
}

/// Everyone at the nearest of some sites: smallest time, then smallest identifier.
fn serve(territory: &Territory, task: &LocationTask, sites: &[&Site], open: &BTreeSet<usize>) -> Vec<Served> {
    let mut first_at: BTreeMap<PlaceIx, usize> = BTreeMap::new();
    for &site in open {
        let first = first_at.entry(sites[site].place).or_insert(site);
        if sites[site].id < sites[*first].id {
            *first = site;
        }
    }
    let radius = radius(task.problem);
    let lives = territory.iter().zip(&task.people).filter(|(_, people)| people.0 > 0);
    lives
        .map(|((from, _), people)| {
            let reached =
                territory.travel.from(from).iter().filter_map(|(to, t)| Some((*first_at.get(to)?, *t)));
            let nearest = reached.min_by_key(|(site, t)| (*t, &sites[*site].id));
            let by = nearest.filter(|(_, t)| radius.is_none_or(|radius| *t <= radius));
            Served { from, people: u128::from(people.0), by }
        })
        .collect()
}

/// People whom each site serves.
fn loads(served: &[Served]) -> BTreeMap<usize, u128> {
    let mut loads = BTreeMap::new();
    for (s, (site, _)) in served.iter().filter_map(|s| s.by.map(|by| (s, by))) {
        *loads.entry(site).or_default() += s.people;
    }
    loads
}

/// A listed site is kept or opens, and carries nothing of a programme.
fn check_site(listed: usize, record: &ResultRecord, kept: bool, attached: u128, found: &mut Findings) {
    let claim = &record.sites[listed];
    let status = if kept { SiteStatus::Existing } else { SiteStatus::Opened };
    found.equal(Rule::SiteStanding, at(listed, "status"), claim.status.as_str(), status.as_str());
    if let Some(kind) = &claim.structure_type {
        found.add(Rule::StructureType, at(listed, "structure_type"), kind, "—");
    }
    found.equal(Rule::Posts, at(listed, "gps"), claim.gps, Hundredths(0));
    if let Some(capacity) = claim.capacity {
        found.add(Rule::Capacity, at(listed, "capacity"), capacity, "—");
    }
    found.equal(Rule::SiteCost, at(listed, "cost_eur"), claim.cost_eur, Euros(0));
    found.equal(Rule::Attached, at(listed, "attached"), u128::from(claim.attached), attached);
}

/// Exactly p sites for p-median and p-center, at most p for max-cover, besides the kept ones.
fn check_opened(problem: LocationProblem, opened: usize, found: &mut Findings) {
    let n = opened as u128;
    let (right, wants) = match problem {
        LocationProblem::PMedian { p } => (n == u128::from(p), format!("{p}")),
        LocationProblem::PCenter { p } | LocationProblem::MaxCover { p, .. } => {
            (n <= u128::from(p), format!("≤ {p}"))
        }
        LocationProblem::SetCover { .. } => (true, String::new()),
    };
    if !right {
        found.add(Rule::OpenedCount, "result.json /sites", n, wants);
    }
}

/// One row for each place that is served, to the nearest site, with everyone; nobody left out where all
/// must be served.
fn check_served(
    territory: &Territory,
    sites: &[&Site],
    served: &[Served],
    trips: &[Trip],
    must: bool,
    found: &mut Findings,
) {
    let mut of_place: BTreeMap<PlaceIx, Vec<&Trip>> = BTreeMap::new();
    for trip in trips {
        of_place.entry(trip.from).or_default().push(trip);
    }
    for Served { from, people, by } in served {
        let id = &territory.place(*from).id;
        let trips = of_place.get(from).map_or(&[][..], Vec::as_slice);
        let Some((nearest, time)) = by else {
            if must {
                let who = format!("{id}: {people}");
                found.add(Rule::NotServed, "result.json /sites", "—", who);
            }
            continue;
        };
        let wants = format!("{} ({time} min)", sites[*nearest].id);
        for trip in trips.iter().filter(|t| t.site != *nearest) {
            let claimed = format!("{} ({} min)", sites[trip.site].id, trip.minutes);
            found.add(Rule::NotNearest, format!("assignments.csv:{} site_id", trip.line), claimed, &wants);
        }
        match trips.iter().find(|t| t.site == *nearest) {
            Some(trip) if trip.people < *people => {
                found.add(
                    Rule::NotServed,
                    format!("assignments.csv:{} people", trip.line),
                    trip.people,
                    people,
                );
            }
            Some(_) => {}
            None => {
                let row = format!("{id} → {wants}: {people}");
                found.add(Rule::NotServed, "assignments.csv", "—", row);
            }
        }
    }
}

/// The value of the decisions, in hundredths.
fn value(problem: LocationProblem, served: &[Served], opened: usize) -> i128 {
    let trips = || served.iter().filter_map(|s| s.by.map(|(_, t)| (s.people, u128::from(t.hundredths()))));
    let value = match problem {
        LocationProblem::PMedian { .. } => trips().map(|(people, t)| people * t).sum(),
        LocationProblem::MaxCover { .. } => trips().map(|(people, _)| people).sum::<u128>() * 100,
        LocationProblem::SetCover { .. } => opened as u128 * 100,
        LocationProblem::PCenter { .. } => trips().map(|(_, t)| t).max().unwrap_or(0),
    };
    i128::try_from(value).unwrap_or(i128::MAX)
}

/// The one goal of a plain problem; its own bound is what opening every site would give, or, for
/// set-cover, one site as soon as the kept ones leave somebody out.
fn aim(problem: LocationProblem, objective: Option<i128>, all: &[Served], today: &[Served]) -> Aim {
    let (max, unit) = match problem {
        LocationProblem::PMedian { .. } => (false, "person-min"),
        LocationProblem::MaxCover { .. } => (true, "people"),
        LocationProblem::SetCover { .. } => (false, "sites"),
        LocationProblem::PCenter { .. } => (false, "min"),
    };
    let least = usize::from(!everyone(today));
    Aim {
        name: problem.as_str().to_owned(),
        max,
        unit,
        objective,
        own_bound: Some(value(problem, all, least)),
        better: None,
        tolerance_bp: 0,
    }
}

fn everyone(served: &[Served]) -> bool {
    served.iter().all(|s| s.by.is_some())
}

/// A plan in words when one plainly exists.
fn witness(task: &LocationTask, candidates: usize, all: &[Served], today: &[Served]) -> Option<Text> {
    let nothing = || Text::new("n'ouvrir aucun site", "open no site");
    let every = || Text::new("ouvrir tous les sites", "open every site");
    match task.problem {
        LocationProblem::MaxCover { .. } => Some(nothing()),
        LocationProblem::SetCover { .. } => everyone(all).then(every),
        LocationProblem::PMedian { p } | LocationProblem::PCenter { p } => {
            let any = Text::new("ouvrir n'importe quels sites", "open any sites");
            match (p as usize).cmp(&candidates) {
                std::cmp::Ordering::Less => everyone(today).then_some(any),
                std::cmp::Ordering::Equal => everyone(all).then(every),
                std::cmp::Ordering::Greater => None,
            }
        }
    }
}

fn scene(state: State, sites: &[&Site], open: &BTreeSet<usize>) -> Scene {
    let open = open.iter().map(|site| (sites[*site].place, 0)).collect();
    Scene { state, year: None, acts: BTreeMap::new(), open, listed: None }
}
