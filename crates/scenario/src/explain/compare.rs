//! Two solved plans side by side.

use super::record::{Change, Decision, Difference, Moves, Outcome, PlaceMove};
use crate::{Finished, Loaded};
use maillage_programme::{GoalRecord, Hundredths, ResultRecord, SiteStatus, State};
use maillage_territory::{PlaceId, SiteId};
use std::collections::{BTreeMap, BTreeSet};

/// Most places that are named.
pub(super) const MOST_PLACES: usize = 10;

/// How the plans of a changed scenario stand to those of the scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plans {
    /// All of them are plans of the scenario.
    Fewer,
    /// All plans of the scenario are plans of it.
    More,
    /// Neither.
    Other,
}

/// What a changed scenario gives, against the plan that is explained.
pub(super) fn outcome(loaded: &Loaded, base: &Finished, changed: &Finished, plans: Plans) -> Outcome {
    let cost = changed.record.cost_eur.zip(base.record.cost_eur);
    let has_plan = !changed.record.goals.is_empty();
    let (losing, gaining) =
        if has_plan { moves(loaded, base, changed) } else { (Moves::default(), Moves::default()) };
    Outcome {
        status: changed.record.status,
        goals: differences(&base.record.goals, &changed.record.goals, plans),
        cost_difference_eur: cost.map(|(then, now)| then - now),
        changes: if has_plan { changes(&base.record, &changed.record) } else { Vec::new() },
        losing,
        gaining,
        clash: changed.record.clash.clone(),
    }
}

/// What is decided in a plan: structures that open or grow, and in programmes those that stand.
pub(super) fn decisions(record: &ResultRecord) -> Vec<Decision> {
    let structures = record.programme.as_ref().map_or(&[][..], |p| &p.structures);
    let opens: BTreeMap<&SiteId, Option<u16>> = structures.iter().map(|s| (&s.site_id, s.opens)).collect();
    let decided =
        record.sites.iter().filter(|s| s.status != SiteStatus::Existing || opens.contains_key(&s.site_id));
    decided
        .map(|s| Decision {
            site_id: s.site_id.clone(),
            code_commune: s.code_commune.clone(),
            name: s.name.clone(),
            status: s.status,
            structure_type: s.structure_type.clone(),
            gps: s.gps,
            opens: opens.get(&s.site_id).copied().flatten(),
        })
        .collect()
}

fn changes(base: &ResultRecord, changed: &ResultRecord) -> Vec<Change> {
    let by_site = |record| -> BTreeMap<SiteId, Decision> {
        decisions(record).into_iter().map(|d| (d.site_id.clone(), d)).collect()
    };
    let (mut before, mut after) = (by_site(base), by_site(changed));
    let sites: BTreeSet<SiteId> = before.keys().chain(after.keys()).cloned().collect();
    let change = |id: &SiteId| Change { before: before.remove(id), after: after.remove(id) };
    sites.iter().map(change).filter(|c| c.before != c.after).collect()
}

/// People on a list by place: in a programme those of the last year of the first future.
pub(super) fn attached(finished: &Finished) -> BTreeMap<PlaceId, u64> {
    let after = || finished.assignments.iter().filter(|a| a.state == State::After);
    let last = after().map(|a| a.year).max().flatten();
    let first = after().next().and_then(|a| a.future.clone());
    let mut out = BTreeMap::new();
    for a in after().filter(|a| a.year == last && a.future == first) {
        *out.entry(a.from_id.clone()).or_default() += a.people.0;
    }
    out
}

fn moves(loaded: &Loaded, base: &Finished, changed: &Finished) -> (Moves, Moves) {
    let (before, after) = (attached(base), attached(changed));
    let of = |map: &BTreeMap<PlaceId, u64>, id| map.get(id).copied().unwrap_or(0);
    let (mut losing, mut gaining) = (Moves::default(), Moves::default());
    for place in &loaded.territory.places {
        let (one, two) = (of(&before, &place.id), of(&after, &place.id));
        let side = if two < one { &mut losing } else { &mut gaining };
        let people = one.abs_diff(two);
        if people > 0 {
            side.people += people;
            side.places.push(PlaceMove { code_commune: place.id.clone(), name: place.name.clone(), people });
        }
    }
    for side in [&mut losing, &mut gaining] {
        side.places.sort_by(|a, b| b.people.cmp(&a.people).then(a.code_commune.cmp(&b.code_commune)));
        side.places.truncate(MOST_PLACES);
    }
    (losing, gaining)
}

/// Goal by goal. The best value of a goal lies between objective and bound; that of a later goal only where the earlier
/// ones are proven in both, as its bound holds for the values that they reached.
fn differences(base: &[GoalRecord], changed: &[GoalRecord], plans: Plans) -> Vec<Difference> {
    let mut out = Vec::new();
    let (mut proven, mut equal) = (true, true);
    for (one, two) in base.iter().zip(changed) {
        let (Some(before), Some(after)) = (one.objective, two.objective) else { continue };
        let max = two.sense == "max";
        let best = |g: &GoalRecord, value: Hundredths| -> Option<(i64, i64)> {
            let bound = g.bound.filter(|_| proven)?.0;
            Some((value.0.min(bound), value.0.max(bound)))
        };
        let mut range = best(one, before).zip(best(two, after)).map(|(a, b)| (b.0 - a.1, b.1 - a.0));
        if let Some((low, high)) = range.as_mut().filter(|_| equal) {
            // Fewer plans are never better, more are never worse.
            match plans {
                Plans::Fewer if max => *high = (*high).min(0),
                Plans::Fewer => *low = (*low).max(0),
                Plans::More if max => *low = (*low).max(0),
                Plans::More => *high = (*high).min(0),
                Plans::Other => {}
            }
        }
        out.push(Difference {
            goal: two.clone(),
            before,
            after,
            difference: Hundredths(after.0 - before.0),
            low: range.map(|r| Hundredths(r.0)),
            high: range.map(|r| Hundredths(r.1)),
        });
        proven &= one.bound == one.objective && two.bound == two.objective;
        equal &= before == after;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use maillage_programme::Status;

    fn goal(sense: &str, objective: i64, bound: i64) -> GoalRecord {
        GoalRecord {
            goal: "people-attached".to_owned(),
            sense: sense.to_owned(),
            unit: "people".to_owned(),
            status: Status::Feasible,
            objective: Some(Hundredths(objective)),
            bound: Some(Hundredths(bound)),
            gap: None,
        }
    }

    fn ranges(base: &[GoalRecord], changed: &[GoalRecord], plans: Plans) -> Vec<(i64, Option<(i64, i64)>)> {
        let all = differences(base, changed, plans);
        all.iter().map(|d| (d.difference.0, d.low.zip(d.high).map(|(l, h)| (l.0, h.0)))).collect()
    }

    #[test]
    fn proven_goals_differ_exactly() {
        let (base, changed) =
            ([goal("max", 900, 900), goal("min", 50, 50)], [goal("max", 700, 700), goal("min", 40, 40)]);
        assert_eq!(
            ranges(&base, &changed, Plans::Fewer),
            [(-200, Some((-200, -200))), (-10, Some((-10, -10)))]
        );
    }

    #[test]
    fn a_gap_makes_an_interval() {
        // The best of the first lies in 900..1000, of the second in 850..980: between 850 - 1000 and 980 - 900.
        let (base, changed) = ([goal("max", 900, 1000)], [goal("max", 850, 980)]);
        assert_eq!(ranges(&base, &changed, Plans::Other), [(-50, Some((-150, 80)))]);
        assert_eq!(ranges(&base, &changed, Plans::Fewer), [(-50, Some((-150, 0)))]);
        // Small is better: the best lie in 80..100 and 90..110.
        let (base, changed) = ([goal("min", 100, 80)], [goal("min", 110, 90)]);
        assert_eq!(ranges(&base, &changed, Plans::Other), [(10, Some((-10, 30)))]);
        assert_eq!(ranges(&base, &changed, Plans::Fewer), [(10, Some((0, 30)))]);
        assert_eq!(ranges(&base, &changed, Plans::More), [(10, Some((-10, 0)))]);
    }

    #[test]
    fn nothing_is_proven_after_an_open_goal() {
        let (base, changed) =
            ([goal("max", 900, 901), goal("min", 50, 50)], [goal("max", 900, 900), goal("min", 40, 40)]);
        let both = ranges(&base, &changed, Plans::Other);
        assert_eq!(both, [(0, Some((-1, 0))), (-10, None)]);
    }

    #[test]
    fn a_later_goal_may_gain_what_an_earlier_one_lost() {
        let base = [goal("max", 900, 900), goal("min", 50, 40)];
        let changed = [goal("max", 800, 800), goal("min", 45, 30)];
        // Fewer people travel less: the sign of the second difference is open.
        assert_eq!(ranges(&base, &changed, Plans::Fewer)[1], (-5, Some((-20, 5))));
    }
}
