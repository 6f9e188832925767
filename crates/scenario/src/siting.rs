//! A programme solved, as a result.

use crate::Loaded;
use crate::run::{Answer, Event, RunFailure};
use maillage_input::{Lang, Text, grouped, plural};
use maillage_planning::{Aside, GoalOutcome, GoalStatus, Options, Rule, Solved, SolvedPlan};
use maillage_programme::{
    Assignment, AssignmentRow, Certificate, Clash, Euros, Goal, GoalRecord, Hundredths, Plan, Programme,
    Role, SiteRecord, SiteStatus, Snapshot, State, Status, indicators,
};
use maillage_territory::{Fte, Persons, PlaceIx};
use std::collections::BTreeMap;

pub(crate) fn solve(
    loaded: &Loaded,
    programme: &Programme,
    aside: &Aside,
    options: &Options,
    watch: &mut dyn FnMut(&Event),
) -> Result<Answer, RunFailure> {
    // A watcher sees people × minutes, as the result does.
    let unit = |goal| if goal == Goal::TravelTime { 100.0 } else { 1.0 };
    let mut on = |goal: Goal, p: &maillage_milp::Progress| {
        watch(&Event {
            goal: GoalRecord::name(goal).to_owned(),
            elapsed: p.elapsed,
            incumbent: p.incumbent.map(|v| v / unit(goal)),
            bound: p.bound.map(|v| v / unit(goal)),
            gap: p.gap,
        });
    };
    let solved = maillage_planning::solve_aside(&loaded.territory, programme, aside, options, &mut on)?;
    let mut answer = Answer {
        status: Status::NoPlan,
        limit: None,
        goals: Vec::new(),
        cost: None,
        budget: programme.limits.budget,
        sites: Vec::new(),
        indicators: Vec::new(),
        clash: Vec::new(),
        assignments: Vec::new(),
        certificate: None,
        max_time: programme.max_time,
        programme: None,
    };
    match solved {
        Solved::Plan(plan) => with_plan(loaded, programme, &plan, &mut answer),
        Solved::Infeasible(rules) => {
            answer.status = Status::Infeasible;
            answer.clash = rules.iter().map(|&rule| clash(loaded, programme, rule)).collect();
        }
    }
    Ok(answer)
}

/// The word for a limit in files.
pub(crate) fn limit_name(limit: &maillage_milp::LimitReached) -> String {
    use maillage_milp::LimitReached::*;
    match limit {
        Time => "time".to_owned(),
        Interrupted => "interrupted".to_owned(),
        Memory => "memory".to_owned(),
        Iterations => "iterations".to_owned(),
        Other(what) => what.clone(),
    }
}

fn with_plan(loaded: &Loaded, programme: &Programme, solved: &SolvedPlan, answer: &mut Answer) {
    let SolvedPlan { plan, before, goals, cut, limit } = solved;
    let places = cut.iter().map(|&ix| loaded.territory.place(ix).id.clone()).collect();
    answer.certificate = Some(Certificate::PeopleAttachedCut { places });
    answer.status =
        goals.iter().map(|g| status(g.status)).max_by_key(|s| *s as u8).unwrap_or(Status::Optimal);
    answer.limit = limit.as_ref().map(limit_name);
    answer.goals = goals.iter().map(goal_record).collect();
    answer.cost = Some(plan.cost(programme));
    answer.sites = sites(loaded, programme, plan);
    let mut rows = rows(loaded, programme, State::Before, &before.assignments);
    rows.extend(self::rows(loaded, programme, State::After, &plan.assignments));
    answer.assignments = rows;
    let (open_before, open_after) = (open(programme, before), open(programme, plan));
    let acts = |open| programme.access.as_ref().map(|basis| basis.acts(open)).unwrap_or_default();
    let (acts_before, acts_after) = (acts(&open_before), acts(&open_after));
    let snapshot =
        |state, open, acts, attached| Snapshot { state, year: None, acts, open, attached: Some(attached) };
    answer.indicators = indicators(
        &loaded.territory,
        &programme.people,
        programme.access.as_ref(),
        &[
            snapshot(State::Before, &open_before, &acts_before, before.assignments.as_slice()),
            snapshot(State::After, &open_after, &acts_after, plan.assignments.as_slice()),
        ],
    );
}

pub(crate) fn status(status: GoalStatus) -> Status {
    match status {
        GoalStatus::Optimal => Status::Optimal,
        GoalStatus::WithinGap => Status::WithinGap,
        GoalStatus::Feasible => Status::Feasible,
    }
}

fn goal_record(g: &GoalOutcome) -> GoalRecord {
    // Travel is counted in hundredths of a minute already.
    let (sense, unit, scale) = match g.goal {
        Goal::PeopleAttached => ("max", "people", 100),
        Goal::TravelTime => ("min", "person-min", 1),
    };
    let (objective, bound) = (Hundredths(g.objective * scale), Hundredths(g.bound * scale));
    GoalRecord {
        goal: GoalRecord::name(g.goal).to_owned(),
        sense: sense.to_owned(),
        unit: unit.to_owned(),
        status: status(g.status),
        objective: Some(objective),
        bound: Some(bound),
        gap: Some(GoalRecord::gap_of(objective, bound)),
    }
}

/// GPs at every open site, by place.
fn open(programme: &Programme, plan: &Plan) -> BTreeMap<PlaceIx, Fte> {
    let mut hundredths: BTreeMap<PlaceIx, u32> = BTreeMap::new();
    for (_, s) in programme.sites() {
        if let Role::Practice { gps, .. } = s.role {
            *hundredths.entry(s.place).or_default() += gps.hundredths();
        }
    }
    for s in &plan.staffed {
        *hundredths.entry(programme.site(s.site).place).or_default() += Fte::whole(s.gps).hundredths();
    }
    hundredths.retain(|_, h| *h > 0);
    hundredths.into_iter().map(|(place, h)| (place, Fte::from_hundredths(h))).collect()
}

fn sites(loaded: &Loaded, programme: &Programme, plan: &Plan) -> Vec<SiteRecord> {
    let staffed: BTreeMap<_, _> = plan.staffed.iter().map(|s| (s.site, s)).collect();
    let mut attached: BTreeMap<_, Persons> = BTreeMap::new();
    for a in &plan.assignments {
        let sum = attached.entry(a.site).or_default();
        *sum = *sum + a.people;
    }
    let mut out = Vec::new();
    for (ix, s) in programme.sites() {
        let place = loaded.territory.place(s.place);
        let here = staffed.get(&ix);
        let posts = here.map_or(0, |p| p.gps);
        let post_cost = here.map_or(Euros(0), |p| programme.kind(p.kind).per_gp_eur * posts);
        let lists = here.map_or(0, |p| u64::from(programme.kind(p.kind).patients_per_gp) * u64::from(posts));
        let (status, gps, capacity, cost) = match (&s.role, here) {
            (Role::Practice { gps, capacity }, _) => {
                (SiteStatus::Existing, i64::from(gps.hundredths()), capacity.0, Euros(0))
            }
            (Role::Extension { .. }, None) => (SiteStatus::Existing, 0, 0, Euros(0)),
            (Role::Extension { .. }, Some(_)) => {
                (SiteStatus::Extended, i64::from(posts) * 100, lists, post_cost)
            }
            (Role::Candidate { .. }, None) => continue,
            (Role::Candidate { .. }, Some(p)) => {
                let cost = programme.kind(p.kind).opening_eur + post_cost;
                (SiteStatus::Opened, i64::from(posts) * 100, lists, cost)
            }
        };
        out.push(SiteRecord {
            site_id: s.id.clone(),
            code_commune: place.id.clone(),
            name: place.name.clone(),
            status,
            structure_type: here.map(|p| programme.kind(p.kind).id.clone()),
            gps: Hundredths(gps),
            capacity: Some(capacity),
            attached: attached.get(&ix).map_or(0, |p| p.0),
            cost_eur: cost,
        });
    }
    out
}

fn rows(
    loaded: &Loaded,
    programme: &Programme,
    state: State,
    assignments: &[Assignment],
) -> Vec<AssignmentRow> {
    assignments
        .iter()
        .map(|a| AssignmentRow {
            state,
            from_id: loaded.territory.place(a.from).id.clone(),
            site_id: programme.site(a.site).id.clone(),
            people: a.people,
            minutes: a.minutes,
            year: None,
            future: None,
        })
        .collect()
}

/// A rule in words, with its numbers and its place in the scenario file.
pub(crate) fn clash(loaded: &Loaded, programme: &Programme, rule: Rule) -> Clash {
    let limits = programme.limits;
    let number = |n: Option<i64>| n.unwrap_or_default();
    let (name, pointer, fr, en) = match rule {
        Rule::Budget => {
            let e = number(limits.budget.map(|e| e.0));
            (
                "budget",
                "/problem/limits/budget_eur".to_owned(),
                format!("le budget est de {} EUR", grouped(Lang::Fr, e)),
                format!("the budget is {} EUR", grouped(Lang::En, e)),
            )
        }
        Rule::MaxNewSites => {
            let n = number(limits.max_new_sites.map(i64::from));
            (
                "max-new-sites",
                "/problem/limits/max_new_sites".to_owned(),
                format!("au plus {n} {}", plural(Lang::Fr, n as u64, "nouveau site", "nouveaux sites")),
                format!("at most {n} new {}", plural(Lang::En, n as u64, "site", "sites")),
            )
        }
        Rule::GpPool => {
            let n = number(limits.gp_pool.map(i64::from));
            (
                "gp-pool",
                "/problem/limits/gp_pool".to_owned(),
                format!("{n} {}", plural(Lang::Fr, n as u64, "médecin recrutable", "médecins recrutables")),
                format!("{n} {} can be recruited", plural(Lang::En, n as u64, "GP", "GPs")),
            )
        }
        Rule::Team(kind) => {
            let t = programme.kind(kind);
            (
                "team",
                format!("/problem/structure_types/{}/min_gps", kind.0),
                format!("une structure « {} » compte au moins {} médecins", t.id, t.min_gps),
                format!("a structure `{}` has at least {} GPs", t.id, t.min_gps),
            )
        }
        Rule::Forced(site) => {
            let s = programme.site(site);
            let place = loaded.territory.place(s.place);
            let kinds = match &s.role {
                Role::Candidate { types, .. } => types.as_slice(),
                Role::Practice { .. } | Role::Extension { .. } => &[],
            };
            let least = |lang| {
                let cost = kinds.iter().map(|t| programme.kind(*t)).map(|t| {
                    let cost = t.opening_eur + t.per_gp_eur * t.min_gps;
                    format!("{} {} EUR", t.id, grouped(lang, cost.0))
                });
                cost.collect::<Vec<_>>().join(", ")
            };
            (
                "forced-site",
                loaded.forced.get(&site).cloned().unwrap_or_default(),
                format!(
                    "une structure est imposée à {} ({}), au moins : {}",
                    place.name,
                    place.id,
                    least(Lang::Fr)
                ),
                format!(
                    "a structure is forced at {} ({}), at least: {}",
                    place.name,
                    place.id,
                    least(Lang::En)
                ),
            )
        }
    };
    Clash { rule: name.to_owned(), pointer, text: Text { fr, en } }
}
