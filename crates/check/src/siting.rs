//! Structures, posts, money and lists of a programme.

use crate::Verdict;
use crate::figures::{self, Scene};
use crate::lists::{Lists, cheapest_forced, most_attachable};
use crate::rows::{self, Row, Trip};
use crate::sites::{at, check_none, identify, named};
use crate::status::{Aim, has_plan};
use crate::violation::{Findings, Rule, or_dash};
use maillage_input::Text;
use maillage_programme::{
    Certificate, Goal, Hundredths, Programme, ResultRecord, Role, Site, SiteRecord, SiteStatus, State,
    StructureType,
};
use maillage_territory::{PlaceIx, Territory};
use std::collections::{BTreeMap, BTreeSet};

/// A listed site as the decisions make it.
#[derive(Debug, Clone, Copy, Default)]
struct Standing {
    /// Its index in the result.
    listed: usize,
    /// People its lists hold.
    capacity: u128,
    /// GPs there, in hundredths.
    gps: u128,
    /// Whole posts added by the plan.
    posts: u128,
    /// Euros.
    cost: i128,
    /// Whether it opens.
    opens: bool,
}

/// Everything a siting result claims but its status.
pub(crate) fn check(
    territory: &Territory,
    programme: &Programme,
    record: &ResultRecord,
    rows: &[Row],
    found: &mut Findings,
) -> Verdict {
    let sites: Vec<&Site> = programme.sites.iter().collect();
    let planned = has_plan(record.status);
    let mut standings = BTreeMap::new();
    let earlier = found.list.len();
    if planned {
        for (listed, site) in identify(record, territory, &named(&sites), found) {
            let claim = &record.sites[listed];
            standings.insert(site, standing(programme, listed, claim, sites[site], found));
        }
        check_kept(&sites, &standings, found);
        check_limits(programme, record, &standings, found);
    } else {
        check_none(record, found);
    }

    let practice = |site: usize| matches!(sites[site].role, Role::Practice { .. });
    let staffed =
        |site: usize| standings.get(&site).is_some_and(|s| s.posts > 0 || s.opens || practice(site));
    let open = |state, site| match state {
        State::Before => practice(site),
        State::After => staffed(site),
    };
    for row in rows.iter().filter(|r| !planned && r.row.state == State::After) {
        found.add(Rule::RowState, row.at("state"), row.row.state.as_str(), "—");
    }
    let trips = rows::locate(rows, territory, &sites, open, Some(programme.max_time), found);
    rows::check_people(&trips, &programme.people, found);
    let (before, after): (Vec<Trip>, Vec<Trip>) = trips.iter().partition(|t| t.state == State::Before);

    let today: BTreeMap<usize, u128> =
        (0..).zip(&sites).filter_map(|(i, s)| practice_of(s).map(|p| (i, p.0))).collect();
    let tomorrow: BTreeMap<usize, u128> = standings.iter().map(|(site, s)| (*site, s.capacity)).collect();
    check_before(&before, &today, found);
    check_attached(record, &after, &standings, found);
    let sound = found.list.len() == earlier;

    let lists = |trips, capacity| Lists {
        territory,
        people: &programme.people,
        sites: &sites,
        limit: programme.max_time,
        capacity,
        trips,
    };
    let mut notes = (Vec::new(), Vec::new());
    if sound && (planned || !before.is_empty()) {
        baseline(lists(&before, &today).can_attach_more(), &mut notes);
    }
    let after_lists = lists(&after, &tomorrow);
    let cut = certificate(territory, record, planned, found);
    let aims = programme.goals.iter().enumerate().map(|(i, goal)| {
        let mut aim = aim(territory, programme, *goal, planned.then_some(&after));
        if let (Goal::PeopleAttached, Some(cut)) = (goal, &cut) {
            let own =
                signed(most_attachable(territory, programme, &|ix| cut.contains(&ix)).saturating_mul(100));
            aim.own_bound = aim.own_bound.map(|all| all.min(own));
        }
        if let Some(objective) = aim.objective.filter(|_| sound) {
            aim.better = match goal {
                Goal::PeopleAttached => {
                    (i == 0 && after_lists.can_attach_more()).then(|| objective.saturating_add(100))
                }
                Goal::TravelTime => {
                    after_lists.best_shift().map(|saved| objective.saturating_sub(signed(saved)))
                }
            };
        }
        aim
    });
    let aims = aims.collect();

    let mut scenes = vec![scene(State::Before, &before, open_before(&sites))];
    if planned {
        scenes.push(scene(State::After, &after, open_after(&sites, &standings)));
    }
    let access = programme.access.as_ref();
    if let Some(basis) = access {
        let acts = |gps: u128| gps.saturating_mul(u128::from(basis.acts_per_gp));
        for scene in &mut scenes {
            scene.acts = scene.open.iter().map(|(place, gps)| (*place, acts(*gps))).collect();
        }
    }
    let figures = figures::figures(territory, &programme.people, access, &scenes);
    Verdict { aims, figures, witness: cheapest_forced(programme), proven: notes.0, trusted: notes.1 }
}

/// The set of places of a cut; a certificate of nothing or with unknown places is a violation.
fn certificate(
    territory: &Territory,
    record: &ResultRecord,
    planned: bool,
    found: &mut Findings,
) -> Option<BTreeSet<PlaceIx>> {
    let Certificate::PeopleAttachedCut { places } = record.certificate.as_ref()?;
    if !planned {
        found.add(Rule::PlanWithoutPlan, "result.json /certificate", "people-attached-cut", "—");
        return None;
    }
    let mut cut = BTreeSet::new();
    for (i, code) in places.iter().enumerate() {
        let known = territory.ix(code);
        if known.is_none_or(|ix| !cut.insert(ix)) {
            found.add(Rule::RowPlace, format!("result.json /certificate/places/{i}"), code, "—");
        }
    }
    Some(cut)
}

/// A count as a signed number.
fn signed(n: u128) -> i128 {
    i128::try_from(n).unwrap_or(i128::MAX)
}

/// Capacity and GPs (hundredths) of a practice.
fn practice_of(site: &Site) -> Option<(u128, u128)> {
    match site.role {
        Role::Practice { gps, capacity } => Some((u128::from(capacity.0), u128::from(gps.hundredths()))),
        _ => None,
    }
}

/// What a listed site is by the task and the posts it claims, and whether it says so.
fn standing(
    programme: &Programme,
    listed: usize,
    claim: &SiteRecord,
    site: &Site,
    found: &mut Findings,
) -> Standing {
    let staffed = |kind: Option<&StructureType>, opens: bool| {
        let posts = u128::try_from(claim.gps.0 / 100).unwrap_or(0);
        let per_post = kind.map_or(0, |k| i128::from(k.per_gp_eur.0));
        let opening = kind.filter(|_| opens).map_or(0, |k| i128::from(k.opening_eur.0));
        Standing {
            listed,
            capacity: posts * kind.map_or(0, |k| u128::from(k.patients_per_gp)),
            gps: posts * 100,
            posts,
            cost: opening + per_post * signed(posts),
            opens,
        }
    };
    let none = |found: &mut Findings| {
        if let Some(kind) = &claim.structure_type {
            found.add(Rule::StructureType, at(listed, "structure_type"), kind, "—");
        }
    };
    let stands = |word: &str, found: &mut Findings| {
        found.add(Rule::SiteStanding, at(listed, "status"), claim.status.as_str(), word);
    };
    let standing = match (&site.role, claim.status) {
        (Role::Practice { gps, capacity }, status) => {
            if status != SiteStatus::Existing {
                stands("existing", found);
            }
            none(found);
            let gps = Hundredths(i64::from(gps.hundredths()));
            found.equal(Rule::Posts, at(listed, "gps"), claim.gps, gps);
            let (capacity, gps) = (u128::from(capacity.0), u128::from(gps.0.unsigned_abs()));
            Standing { listed, capacity, gps, ..Standing::default() }
        }
        (Role::Extension { .. }, SiteStatus::Existing) => {
            none(found);
            found.equal(Rule::Posts, at(listed, "gps"), claim.gps, Hundredths(0));
            Standing { listed, ..Standing::default() }
        }
        (Role::Extension { kind, free_rooms }, status) => {
            if status != SiteStatus::Extended {
                stands("existing | extended", found);
            }
            let kind = programme.kind(*kind);
            if claim.structure_type.as_ref() != Some(&kind.id) {
                let claimed = or_dash(claim.structure_type.as_ref());
                found.add(Rule::StructureType, at(listed, "structure_type"), claimed, &kind.id);
            }
            check_posts(listed, claim.gps, 1, *free_rooms, found);
            staffed(Some(kind), false)
        }
        (Role::Candidate { types, .. }, status) => {
            if status != SiteStatus::Opened {
                stands("opened", found);
            }
            let named = |k: &&StructureType| claim.structure_type.as_ref() == Some(&k.id);
            let kind = types.iter().map(|t| programme.kind(*t)).find(named);
            match kind {
                Some(kind) => check_posts(listed, claim.gps, kind.min_gps, kind.max_gps, found),
                None => {
                    let ids: Vec<&str> = types.iter().map(|t| programme.kind(*t).id.as_str()).collect();
                    let claimed = or_dash(claim.structure_type.as_ref());
                    found.add(Rule::StructureType, at(listed, "structure_type"), claimed, ids.join(" | "));
                }
            }
            // A type that exists but is not allowed here still has its price.
            staffed(kind.or_else(|| programme.types.iter().find(named)), true)
        }
    };
    let capacity = or_dash(claim.capacity);
    found.equal(Rule::Capacity, at(listed, "capacity"), capacity, standing.capacity.to_string());
    found.equal(Rule::SiteCost, at(listed, "cost_eur"), i128::from(claim.cost_eur.0), standing.cost);
    standing
}

/// Whole posts between two limits.
fn check_posts(listed: usize, gps: Hundredths, least: u32, most: u32, found: &mut Findings) {
    let (least, most) = (i64::from(least), i64::from(most));
    if gps.0 % 100 != 0 || !(least * 100..=most * 100).contains(&gps.0) {
        found.add(Rule::Posts, at(listed, "gps"), gps, format!("{least}, {}…, {most}", least + 1));
    }
}

/// Every practice and every existing structure is listed; every forced site opens.
fn check_kept(sites: &[&Site], standings: &BTreeMap<usize, Standing>, found: &mut Findings) {
    for (_, site) in (0..).zip(sites).filter(|(i, _)| !standings.contains_key(i)) {
        match site.role {
            Role::Practice { .. } | Role::Extension { .. } => {
                found.add(Rule::SiteMissing, "result.json /sites", "—", &site.id);
            }
            Role::Candidate { forced: true, .. } => {
                found.add(Rule::Forced, "result.json /sites", "—", &site.id);
            }
            Role::Candidate { forced: false, .. } => {}
        }
    }
}

/// Total cost, budget, number of structures, pool of GPs.
fn check_limits(
    programme: &Programme,
    record: &ResultRecord,
    standings: &BTreeMap<usize, Standing>,
    found: &mut Findings,
) {
    let cost: i128 = standings.values().map(|s| s.cost).sum();
    let claimed = or_dash(record.cost_eur);
    found.equal(Rule::TotalCost, "result.json /cost_eur", claimed, cost.to_string());
    if let Some(budget) = programme.limits.budget.filter(|b| cost > i128::from(b.0)) {
        found.add(Rule::Budget, "result.json /cost_eur", cost, format!("≤ {budget}"));
    }
    let opened = standings.values().filter(|s| s.opens).count() as u128;
    let posts: u128 = standings.values().map(|s| s.posts).sum();
    for (rule, limit, n) in [
        (Rule::MaxNewSites, programme.limits.max_new_sites, opened),
        (Rule::GpPool, programme.limits.gp_pool, posts),
    ] {
        if let Some(limit) = limit.filter(|&limit| n > u128::from(limit)) {
            found.add(rule, "result.json /sites", n, format!("≤ {limit}"));
        }
    }
}

/// No practice of today holds more people than its lists.
fn check_before(before: &[Trip], today: &BTreeMap<usize, u128>, found: &mut Findings) {
    let mut loads: BTreeMap<usize, (u128, u64)> = BTreeMap::new();
    for trip in before {
        let load = loads.entry(trip.site).or_default();
        *load = (load.0 + trip.people, trip.line);
    }
    for (site, (load, line)) in loads {
        if let Some(capacity) = today.get(&site).filter(|&&capacity| load > capacity) {
            found.add(
                Rule::Overfull,
                format!("assignments.csv:{line} people"),
                load,
                format!("≤ {capacity}"),
            );
        }
    }
}

/// The people attached to each listed site are those of its rows, and fit on its lists.
fn check_attached(
    record: &ResultRecord,
    after: &[Trip],
    standings: &BTreeMap<usize, Standing>,
    found: &mut Findings,
) {
    let mut loads: BTreeMap<usize, u128> = BTreeMap::new();
    for trip in after {
        *loads.entry(trip.site).or_default() += trip.people;
    }
    for (site, standing) in standings {
        let load = loads.get(site).copied().unwrap_or(0);
        let claimed = u128::from(record.sites[standing.listed].attached);
        found.equal(Rule::Attached, at(standing.listed, "attached"), claimed, load);
        let most = load.max(claimed);
        if most > standing.capacity {
            found.add(
                Rule::Overfull,
                at(standing.listed, "attached"),
                most,
                format!("≤ {}", standing.capacity),
            );
        }
    }
}

/// What a goal must say of the people on lists after the plan.
fn aim(territory: &Territory, programme: &Programme, goal: Goal, after: Option<&Vec<Trip>>) -> Aim {
    match goal {
        Goal::PeopleAttached => Aim {
            name: "people-attached".to_owned(),
            max: true,
            unit: "people",
            objective: after.map(|t| signed(t.iter().map(|t| t.people).sum::<u128>().saturating_mul(100))),
            own_bound: Some(signed(most_attachable(territory, programme, &|_| true).saturating_mul(100))),
            better: None,
            tolerance_bp: 0,
        },
        Goal::TravelTime => Aim {
            name: "travel-time".to_owned(),
            max: false,
            unit: "person-min",
            objective: after
                .map(|t| signed(t.iter().map(|t| t.people * u128::from(t.minutes.hundredths())).sum())),
            own_bound: Some(0),
            better: None,
            tolerance_bp: 0,
        },
    }
}

/// Whether "before" is the best that today's practices can do: else the gain of the plan is overstated.
fn baseline(more: bool, notes: &mut (Vec<Text>, Vec<Text>)) {
    if more {
        notes.1.push(Text::new(
            "état « before » : les cabinets d'aujourd'hui pourraient rattacher plus de monde que les lignes ne le disent",
            "state `before`: the practices of today could attach more people than the rows say",
        ));
    } else {
        notes.0.push(Text::new(
            "état « before » : personne de plus ne pourrait être rattaché aux cabinets d'aujourd'hui",
            "state `before`: nobody more could be attached to the practices of today",
        ));
    }
}

/// GPs by place, over sites that have any.
fn by_place(gps: impl Iterator<Item = (PlaceIx, u128)>) -> BTreeMap<PlaceIx, u128> {
    let mut open = BTreeMap::new();
    for (place, gps) in gps.filter(|(_, gps)| *gps > 0) {
        *open.entry(place).or_default() += gps;
    }
    open
}

fn open_before(sites: &[&Site]) -> BTreeMap<PlaceIx, u128> {
    by_place(sites.iter().filter_map(|s| practice_of(s).map(|(_, gps)| (s.place, gps))))
}

fn open_after(sites: &[&Site], standings: &BTreeMap<usize, Standing>) -> BTreeMap<PlaceIx, u128> {
    by_place(standings.iter().map(|(site, s)| (sites[*site].place, s.gps)))
}

fn scene(state: State, trips: &[Trip], open: BTreeMap<PlaceIx, u128>) -> Scene {
    let listed = trips.iter().map(|t| (t.from, t.people, u128::from(t.minutes.hundredths()))).collect();
    Scene { state, year: None, acts: BTreeMap::new(), open, listed: Some(listed) }
}
