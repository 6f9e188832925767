//! Duty points of the last year, and whether enough GPs around can volunteer.

use super::ledger::Ledger;
use super::plan::at;
use crate::violation::{Findings, Rule, decimal};
use maillage_programme::health::{Duty, HealthRecord};
use maillage_territory::PlaceIx;
use std::collections::{BTreeMap, VecDeque};

/// Where duty points stand, how many, and that volunteers can be found for all of them.
pub(super) fn check(ledger: &Ledger<'_>, record: &HealthRecord, found: &mut Findings) {
    let world = ledger.world;
    let points: Vec<usize> = ledger.plan.duty.iter().copied().collect();
    let Some(duty) = &world.health.duty else {
        if !record.duty.is_empty() {
            found.add(Rule::DutySite, at("duty"), record.duty.len(), 0);
        }
        return;
    };
    for site in &points {
        let hosts = |kind: usize| duty.types.iter().any(|t| usize::from(t.0) == kind);
        if !ledger.open(world.last(), *site).is_some_and(hosts) {
            found.add(Rule::DutySite, at("duty"), world.id(*site), "—");
        }
    }
    if points.len() > duty.max_points as usize {
        found.add(Rule::DutySite, at("duty"), points.len(), format!("≤ {}", duty.max_points));
    }
    let wanted = i128::from(duty.least_volunteers.hundredths()) * points.len() as i128;
    let most = volunteers(ledger, duty, &points);
    if most < wanted {
        found.add(
            Rule::Volunteers,
            at("duty"),
            format!("{} ×", points.len()),
            format!("{} < {}", decimal(most), decimal(wanted)),
        );
    }
}

/// The most hundredths of GPs that can volunteer, none beyond what a point needs.
fn volunteers(ledger: &Ledger<'_>, duty: &Duty, points: &[usize]) -> i128 {
    let world = ledger.world;
    let at_home = |site| ledger.gps(0, world.last(), site) * i128::from(duty.participation_percent) / 100;
    let spare: Vec<i128> = world.sites().map(at_home).collect();
    let near = |point: usize, home: usize| {
        let time = world.territory.travel.minutes(world.main(home), world.main(point));
        time.is_some_and(|t| t <= duty.volunteers_within)
    };
    let homes =
        |point: &usize| world.sites().filter(|home| spare[*home] > 0 && near(*point, *home)).collect();
    let homes: Vec<Vec<usize>> = points.iter().map(homes).collect();
    most(&homes, i128::from(duty.least_volunteers.hundredths()), spare)
}

/// A flow from points, each in need of so much, to the homes around that have some to spare, along shortest augmenting
/// paths: nobody volunteers twice.
fn most(homes: &[Vec<usize>], least: i128, mut spare: Vec<i128>) -> i128 {
    let mut need = vec![least; homes.len()];
    let mut given: BTreeMap<(usize, usize), i128> = BTreeMap::new();
    while let Some(path) = path(homes, &need, &spare, &given) {
        // Each step: a point takes from a home, which the next point gives back.
        let back = path.windows(2).map(|w| given.get(&(w[1].0, w[0].1)).copied().unwrap_or(0));
        let (first, last) = (path[0].0, path[path.len() - 1].1);
        let n = back.chain([need[first], spare[last]]).min().unwrap_or(0);
        for (i, (point, home)) in path.iter().enumerate() {
            *given.entry((*point, *home)).or_default() += n;
            if let Some((next, _)) = path.get(i + 1) {
                *given.entry((*next, *home)).or_default() -= n;
            }
        }
        need[first] -= n;
        spare[last] -= n;
    }
    least * homes.len() as i128 - need.iter().sum::<i128>()
}

/// A shortest path from a point in need to a home with volunteers to spare, as pairs of point and home.
fn path(
    homes: &[Vec<usize>],
    need: &[i128],
    spare: &[i128],
    given: &BTreeMap<(usize, usize), i128>,
) -> Option<Vec<(usize, usize)>> {
    let mut seen_homes = vec![false; spare.len()];
    let mut seen_points: Vec<bool> = need.iter().map(|n| *n > 0).collect();
    let mut ends: VecDeque<(usize, Vec<(usize, usize)>)> =
        (0..need.len()).filter(|p| seen_points[*p]).map(|p| (p, Vec::new())).collect();
    while let Some((point, so_far)) = ends.pop_front() {
        for home in homes[point].iter().filter(|h| !std::mem::replace(&mut seen_homes[**h], true)) {
            let mut path = so_far.clone();
            path.push((point, *home));
            if spare[*home] > 0 {
                return Some(path);
            }
            for (other, seen) in seen_points.iter_mut().enumerate().filter(|(_, seen)| !**seen) {
                if given.get(&(other, *home)).is_some_and(|n| *n > 0) {
                    *seen = true;
                    ends.push_back((other, path.clone()));
                }
            }
        }
    }
    None
}

/// People who have a duty point within reach in a future's last year.
pub(super) fn people_near(ledger: &Ledger<'_>, future: usize) -> i128 {
    let world = ledger.world;
    let Some(duty) = &world.health.duty else { return 0 };
    let last = world.last();
    let works = |site: usize| ledger.plan.duty.contains(&site) && ledger.works(future, last, site).is_some();
    let near = |place: &PlaceIx| {
        let fixed = duty.fixed.iter().filter_map(|to| world.territory.travel.minutes(*place, *to)).min();
        let point = world.nearest(*place, works).map(|(t, _)| t);
        fixed.into_iter().chain(point).min().is_some_and(|t| t <= duty.people_within)
    };
    world.places().filter(near).map(|place| world.people(last, place)).sum()
}

#[cfg(test)]
mod tests {
    use super::most;

    #[test]
    fn volunteers_give_way_to_each_other() {
        // The first point takes from the home it shares; only when it moves to its own is there enough for both.
        let homes = [vec![0, 1], vec![0]];
        assert_eq!(most(&homes, 10, vec![10, 10]), 20);
        assert_eq!(most(&homes, 10, vec![10, 9]), 19);
        assert_eq!(most(&homes, 10, vec![4, 30]), 14);
        // A chain of three: 2 has only home 0, 1 moves to home 1, 0 to home 2.
        let chain = [vec![0, 1, 2], vec![0, 1], vec![0]];
        assert_eq!(most(&chain, 5, vec![5, 5, 5]), 15);
        assert_eq!(most(&[vec![]], 5, vec![5]), 0);
    }
}
