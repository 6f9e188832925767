//! A certificate for people attached: a set of places whose lists are all full.

use maillage_programme::{Plan, Programme};
use maillage_territory::{PlaceIx, Territory};
use std::collections::{BTreeMap, BTreeSet};

/// The places from which someone unattached could be reached by moving people between lists: the source
/// side of a minimum cut of the assignment. Every list within their reach is full of their own people, and
/// everyone who lives elsewhere is attached. What follows for every plan is written at
/// [`maillage_programme::Certificate::PeopleAttachedCut`].
pub(crate) fn cut(territory: &Territory, programme: &Programme, plan: &Plan) -> Vec<PlaceIx> {
    let mut left: BTreeMap<PlaceIx, u64> =
        (0..).map(PlaceIx).zip(programme.people.iter().map(|n| n.0)).collect();
    let mut listed_at: BTreeMap<PlaceIx, Vec<PlaceIx>> = BTreeMap::new();
    for a in &plan.assignments {
        if let Some(people) = left.get_mut(&a.from) {
            *people -= a.people.0;
        }
        listed_at.entry(programme.site(a.site).place).or_default().push(a.from);
    }
    let mut queue: Vec<PlaceIx> = left.into_iter().filter(|(_, n)| *n > 0).map(|(ix, _)| ix).collect();
    let mut cut: BTreeSet<PlaceIx> = queue.iter().copied().collect();
    while let Some(from) = queue.pop() {
        for (to, _) in territory.travel.from(from).iter().take_while(|(_, t)| *t <= programme.max_time) {
            for place in listed_at.remove(to).into_iter().flatten() {
                if cut.insert(place) {
                    queue.push(place);
                }
            }
        }
    }
    cut.into_iter().collect()
}
