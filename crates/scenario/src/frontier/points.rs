//! The points of a frontier, solved with what they have in common.

use crate::run::{Event, RunFailure, RunOptions, run, settings};
use crate::siting::{limit_name, status};
use crate::{Loaded, Status};
use maillage_planning::{differ_in_limits_only, frontier};
use maillage_programme::{Euros, GoalRecord, Hundredths, Programme, Role, SiteStatus, Task};
use std::collections::BTreeMap;

/// What is known of one point.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Point {
    pub(super) status: Option<Status>,
    pub(super) objective: Option<Hundredths>,
    pub(super) bound: Option<Hundredths>,
    pub(super) cost: Option<Euros>,
    /// Communes where a site opens: names by code.
    pub(super) opened: BTreeMap<String, String>,
}

/// All points, and what they took.
pub(super) struct Points {
    pub(super) goal: String,
    pub(super) unit: String,
    /// `max` or `min`.
    pub(super) sense: String,
    pub(super) points: Vec<Point>,
    pub(super) solves: usize,
    pub(super) rounds: usize,
    pub(super) limit: Option<String>,
}

pub(super) fn solve(
    points: &[Loaded],
    frees: bool,
    options: &RunOptions,
    watch: &mut dyn FnMut(&Event),
) -> Result<Points, RunFailure> {
    let siting = |loaded: &Loaded| match &loaded.task {
        Task::Siting(programme) => Some(programme.clone()),
        Task::Location(_) | Task::Health(_) => None,
    };
    match points.iter().map(siting).collect::<Option<Vec<_>>>() {
        Some(all) if all.windows(2).all(|w| differ_in_limits_only(&w[0], &w[1])) => {
            together(&points[0], &all, options, watch)
        }
        _ => apart(points, frees, options, watch),
    }
}

/// Siting scenarios that differ in limits only: cuts, plans and bounds are shared.
fn together(
    first: &Loaded,
    programmes: &[Programme],
    options: &RunOptions,
    watch: &mut dyn FnMut(&Event),
) -> Result<Points, RunFailure> {
    let mut on = |goal, p: &maillage_milp::Progress| {
        watch(&Event {
            goal: GoalRecord::name(goal).to_owned(),
            elapsed: p.elapsed,
            incumbent: p.incumbent,
            bound: p.bound,
            gap: p.gap,
        });
    };
    let found = frontier(&first.territory, programmes, &settings(first, options).0, &mut on)?;
    let points =
        found.points.iter().zip(programmes).zip(&found.infeasible).map(|((point, programme), none)| {
            let Some(point) = point else {
                let status = if *none { Status::Infeasible } else { Status::NoPlan };
                return Point { status: Some(status), ..Point::default() };
            };
            let candidates = point
                .plan
                .staffed
                .iter()
                .map(|s| programme.site(s.site))
                .filter(|s| matches!(s.role, Role::Candidate { .. }));
            let place = |site: &maillage_programme::Site| first.territory.place(site.place);
            Point {
                status: Some(status(point.people.status)),
                objective: Some(Hundredths::whole(point.people.objective)),
                bound: Some(Hundredths::whole(point.people.bound)),
                cost: Some(point.plan.cost(programme)),
                opened: candidates.map(place).map(|p| (p.id.to_string(), p.name.clone())).collect(),
            }
        });
    Ok(Points {
        goal: "people-attached".to_owned(),
        unit: "people".to_owned(),
        sense: "max".to_owned(),
        points: points.collect(),
        solves: found.solves,
        rounds: found.rounds,
        limit: found.limit.as_ref().map(limit_name),
    })
}

/// Any other scenarios: each is solved, unless two around it tell it. Where a larger value only allows more, a plan holds
/// for all larger values and a bound for all smaller ones.
fn apart(
    points: &[Loaded],
    frees: bool,
    options: &RunOptions,
    watch: &mut dyn FnMut(&Event),
) -> Result<Points, RunFailure> {
    let mut out = Points {
        goal: String::new(),
        unit: String::new(),
        sense: "max".to_owned(),
        points: vec![Point::default(); points.len()],
        solves: 0,
        rounds: 0,
        limit: None,
    };
    let mut solved = vec![false; points.len()];
    let gap = points.first().map_or(0.0, |loaded| settings(loaded, options).0.gap);
    for k in ends_then_middles(points.len()) {
        if frees {
            out.carry(gap);
        }
        if solved[k] || out.points[k].status.is_some_and(|s| s != Status::Feasible) {
            continue;
        }
        let record = run(&points[k], options, watch)?.record;
        solved[k] = true;
        out.solves += 1;
        out.limit = out.limit.take().or(record.limit);
        if let Some(goal) = record.goals.first() {
            (out.goal, out.unit, out.sense) = (goal.goal.clone(), goal.unit.clone(), goal.sense.clone());
        }
        let opened = record.sites.iter().filter(|s| s.status == SiteStatus::Opened);
        out.points[k] = Point {
            // Of the first goal alone: the others follow it.
            status: Some(record.goals.first().map_or(record.status, |g| g.status)),
            objective: record.objective,
            bound: record.bound,
            cost: record.cost_eur,
            opened: opened.map(|s| (s.code_commune.to_string(), s.name.clone())).collect(),
        };
    }
    if frees {
        out.carry(gap);
    }
    Ok(out)
}

/// Every position once: the ends, then the middles of what lies between.
fn ends_then_middles(n: usize) -> Vec<usize> {
    let mut out: Vec<usize> = n.checked_sub(1).into_iter().chain((n > 1).then_some(0)).collect();
    let mut runs = std::collections::VecDeque::from([(0, n.saturating_sub(1))]);
    while let Some((low, high)) = runs.pop_front() {
        if high > low + 1 {
            let middle = low + (high - low) / 2;
            out.push(middle);
            runs.extend([(low, middle), (middle, high)]);
        }
    }
    out
}

impl Points {
    /// Plans upwards, bounds downwards.
    fn carry(&mut self, gap: f64) {
        let sign = if self.sense == "min" { -1 } else { 1 };
        let points = &mut self.points;
        for k in 1..points.len() {
            let (below, here) = (points[k - 1].clone(), &mut points[k]);
            let value = |p: &Point| p.objective.map(|o| sign * o.0);
            if value(&below) > value(here) {
                (here.objective, here.cost, here.opened) = (below.objective, below.cost, below.opened);
            }
        }
        for k in (0..points.len().saturating_sub(1)).rev() {
            let (above, here) = (points[k + 1].clone(), &mut points[k]);
            if above.status == Some(Status::Infeasible) {
                here.status = Some(Status::Infeasible);
            }
            let tighter = above.bound.filter(|a| here.bound.is_none_or(|h| sign * a.0 < sign * h.0));
            here.bound = tighter.or(here.bound);
        }
        for here in points.iter_mut() {
            if let (Some(objective), Some(bound)) = (here.objective, here.bound) {
                let share = GoalRecord::gap_of(objective, bound);
                here.status = Some(match objective == bound {
                    true => Status::Optimal,
                    false if share <= gap => Status::WithinGap,
                    false => Status::Feasible,
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_point_has_its_turn() {
        assert_eq!(ends_then_middles(5), [4, 0, 2, 1, 3]);
        for n in 0..40 {
            let mut order = ends_then_middles(n);
            order.sort_unstable();
            assert_eq!(order, (0..n).collect::<Vec<_>>());
        }
    }

    #[test]
    fn what_holds_at_two_points_holds_between() {
        let point = |objective: Option<i64>, bound: Option<i64>| Point {
            objective: objective.map(Hundredths),
            bound: bound.map(Hundredths),
            ..Point::default()
        };
        let all = |sense: &str, points: Vec<Point>| {
            let mut all = Points {
                goal: String::new(),
                unit: String::new(),
                sense: sense.to_owned(),
                points,
                solves: 0,
                rounds: 0,
                limit: None,
            };
            all.carry(0.0);
            all.points.iter().map(|p| (p.objective.map(|o| o.0), p.bound.map(|b| b.0))).collect::<Vec<_>>()
        };
        let got = all("max", vec![point(Some(5), Some(5)), point(None, None), point(Some(4), Some(6))]);
        // 5 is reached from the first on; no more than 6 anywhere.
        assert_eq!(got, [(Some(5), Some(5)), (Some(5), Some(6)), (Some(5), Some(6))]);
        let got = all("min", vec![point(Some(9), Some(7)), point(None, None), point(Some(8), Some(8))]);
        assert_eq!(got, [(Some(9), Some(8)), (Some(9), Some(8)), (Some(8), Some(8))]);
    }
}
