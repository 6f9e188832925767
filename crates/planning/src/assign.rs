//! People to lists once the decisions are whole: a transportation problem with a whole answer.

use crate::formulation::arcs;
use crate::solve::{Options, failure};
use good_lp::Solution as _;
use good_lp::{Expression, variable};
use maillage_milp::{Model, Reason, Sense, SolverFailure};
use maillage_programme::{Assignment, Plan, Programme, Role, SiteIx, Staffed};
use maillage_territory::{Minutes, Persons, PlaceIx, Territory};
use std::collections::BTreeMap;

/// The best assignment for given posts: most people attached, then least travel; or least travel with a
/// given number attached, which must be possible. Exact: the rounded solution is verified in integers.
pub(crate) fn assign(
    territory: &Territory,
    programme: &Programme,
    staffed: Vec<Staffed>,
    given: Option<u64>,
    options: &Options,
) -> Result<Plan, SolverFailure> {
    let capacity = capacities(programme, &staffed);
    let mut by_place: BTreeMap<PlaceIx, u64> = BTreeMap::new();
    for (site, people) in &capacity {
        *by_place.entry(programme.site(*site).place).or_default() += people.0;
    }
    by_place.retain(|_, c| *c > 0);
    let arcs = arcs(territory, programme, &by_place);
    if arcs.is_empty() {
        return Ok(Plan { staffed, assignments: Vec::new() });
    }
    let people = |from: PlaceIx| programme.people[from.0 as usize].0;

    let build = |attached: Option<u64>| {
        let mut model = Model::new(if attached.is_none() { Sense::Maximise } else { Sense::Minimise });
        let mut by_from: BTreeMap<PlaceIx, Expression> = BTreeMap::new();
        let mut by_to: BTreeMap<PlaceIx, Expression> = BTreeMap::new();
        let (mut total, mut travel) = (Expression::default(), Expression::default());
        let mut x = Vec::with_capacity(arcs.len());
        for a in &arcs {
            let v = model.add(variable().min(0).max(people(a.from) as f64));
            *by_from.entry(a.from).or_default() += v;
            *by_to.entry(a.to).or_default() += v;
            total += v;
            travel.add_mul(f64::from(a.minutes.hundredths()), v);
            x.push(v);
        }
        for (from, sum) in by_from {
            model.subject_to(sum.leq(people(from) as f64));
        }
        for (to, sum) in by_to {
            model.subject_to(sum.leq(by_place[&to] as f64));
        }
        match attached {
            None => model.set_objective(total),
            Some(n) => {
                // No more either: where trips cost nothing they would not be told apart.
                model.subject_to(total.eq(n as f64));
                model.set_objective(travel);
            }
        }
        (model, x)
    };

    let attached = match given {
        Some(n) => n,
        None => {
            let outcome = maillage_milp::solve(build(None).0, &options.exact(), None, &mut |_| {})?;
            match (outcome.reason, outcome.objective) {
                (Reason::Optimal, Some(n)) => n.round() as u64,
                _ => return Err(failure("the assignment of people was not solved")),
            }
        }
    };
    let (second, x) = build(Some(attached));
    let outcome = maillage_milp::solve(second, &options.exact(), None, &mut |_| {})?;
    let Some(values) = outcome.values.filter(|_| outcome.reason == Reason::Optimal) else {
        return Err(failure("the assignment of people was not solved"));
    };

    let mut flows = Vec::new();
    for (a, &v) in arcs.iter().zip(&x) {
        let value = values.value(v);
        let whole = value.round();
        if (value - whole).abs() > 1e-4 {
            return Err(failure("the assignment of people is not whole"));
        }
        if whole > 0.0 {
            flows.push((a.from, a.to, whole as u64, a.minutes));
        }
    }
    let assignments = share(programme, &capacity, flows)?;
    let plan = Plan { staffed, assignments };
    if plan.attached() != Persons(attached) {
        return Err(failure("the assignment of people does not add up"));
    }
    let mut left: Vec<u64> = programme.people.iter().map(|n| n.0).collect();
    for a in &plan.assignments {
        let here = &mut left[a.from.0 as usize];
        *here =
            here.checked_sub(a.people.0).ok_or_else(|| failure("more people attached than live there"))?;
    }
    Ok(plan)
}

/// Lists of every open site: practices as they are, posts at the list of their type.
pub(crate) fn capacities(programme: &Programme, staffed: &[Staffed]) -> BTreeMap<SiteIx, Persons> {
    let mut out = BTreeMap::new();
    for (site, s) in programme.sites() {
        if let Role::Practice { capacity, .. } = s.role {
            out.insert(site, capacity);
        }
    }
    for s in staffed {
        let list = u64::from(programme.kind(s.kind).patients_per_gp) * u64::from(s.gps);
        out.insert(s.site, Persons(list));
    }
    out
}

/// Shares the people who go to a place among its sites, practices first, in the order of sites.
fn share(
    programme: &Programme,
    capacity: &BTreeMap<SiteIx, Persons>,
    flows: Vec<(PlaceIx, PlaceIx, u64, Minutes)>,
) -> Result<Vec<Assignment>, SolverFailure> {
    let practice = |site: &SiteIx| matches!(programme.site(*site).role, Role::Practice { .. });
    let mut room: BTreeMap<PlaceIx, Vec<(SiteIx, u64)>> = BTreeMap::new();
    for (site, people) in capacity {
        room.entry(programme.site(*site).place).or_default().push((*site, people.0));
    }
    for sites in room.values_mut() {
        sites.sort_by_key(|(site, _)| (!practice(site), *site));
    }
    let mut out = Vec::new();
    for (from, to, mut people, minutes) in flows {
        for (site, left) in room.get_mut(&to).into_iter().flatten() {
            let here = people.min(*left);
            if here > 0 {
                *left -= here;
                people -= here;
                out.push(Assignment { from, site: *site, people: Persons(here), minutes });
            }
        }
        if people > 0 {
            return Err(failure("lists hold fewer people than were attached"));
        }
    }
    out.sort_unstable();
    Ok(out)
}
