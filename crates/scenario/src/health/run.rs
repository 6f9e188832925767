//! A health programme solved, as a result.

use super::clash::clash;
use super::record::record;
use super::state::{State as Year, calendar, open};
use crate::Loaded;
use crate::run::{Answer, Event, RunFailure};
use crate::siting::{limit_name, status};
use maillage_planning::{HealthSolved, Options, SeekOutcome, SolvedHealth, solve_health};
use maillage_programme::health::{
    Attached, Health, HealthGoal, MoneyUse, Payer, Rank, Seek, Standing, Tables, money, stocks,
};
use maillage_programme::{
    Assignment, AssignmentRow, Euros, GoalRecord, Hundredths, Indicator, SiteIx, SiteRecord, SiteStatus,
    Snapshot, State, Status, indicators,
};
use std::collections::BTreeMap;

pub(crate) fn solve(
    loaded: &Loaded,
    health: &Health,
    options: &Options,
    watch: &mut dyn FnMut(&Event),
) -> Result<Answer, RunFailure> {
    let mut on = |goal: &str, p: &maillage_milp::Progress| {
        watch(&Event {
            goal: goal.to_owned(),
            elapsed: p.elapsed,
            incumbent: p.incumbent,
            bound: p.bound,
            gap: p.gap,
        });
    };
    let solved = solve_health(&loaded.territory, health, options, &mut on)?;
    let mut answer = Answer {
        status: Status::NoPlan,
        limit: None,
        goals: Vec::new(),
        cost: None,
        budget: health.owner.total,
        sites: Vec::new(),
        indicators: Vec::new(),
        clash: Vec::new(),
        assignments: Vec::new(),
        certificate: None,
        max_time: health.max_time,
        programme: None,
    };
    match solved {
        HealthSolved::Plan(plan) => with_plan(loaded, health, &plan, &mut answer),
        HealthSolved::Infeasible(rules) => {
            answer.status = Status::Infeasible;
            answer.clash = rules.iter().map(|rule| clash(loaded, health, rule)).collect();
        }
    }
    Ok(answer)
}

fn with_plan(loaded: &Loaded, health: &Health, solved: &SolvedHealth, answer: &mut Answer) {
    answer.status =
        solved.goals.iter().map(|g| status(g.status)).max_by_key(|s| *s as u8).unwrap_or(Status::Optimal);
    answer.limit = solved.limit.as_ref().map(limit_name);
    answer.goals =
        health.goals.iter().zip(&solved.goals).map(|(seek, found)| goal_record(seek, found)).collect();
    let spent = spent(health, solved);
    answer.cost = Some(spent.values().copied().sum());
    answer.sites = sites(loaded, health, solved, &spent);
    answer.assignments = rows(loaded, health, solved);
    answer.indicators = figures(loaded, health, solved);
    answer.programme = Some(record(loaded, health, solved));
}

/// What a goal counts: for a sum, nothing that has a name.
fn unit(seek: &Seek) -> &'static str {
    let [term] = &seek.terms[..] else { return "weighted" };
    match term.goal {
        HealthGoal::PeopleAttached | HealthGoal::PeopleWithin(_) => "person-years",
        HealthGoal::TravelTime => "person-min/100",
        HealthGoal::AplWorstTenth => "person-acts/1000000",
        HealthGoal::PeopleUnderApl(_) | HealthGoal::PeopleNearDuty => "people",
        HealthGoal::Cost => "eur",
        HealthGoal::Sites => "sites",
        HealthGoal::Balance(_) => "per-10000",
    }
}

fn goal_record(seek: &Seek, found: &SeekOutcome) -> GoalRecord {
    // A record holds what a double holds.
    let figure = |value: i128| Hundredths(value.clamp(-8_000_000_000_000_000, 9_000_000_000_000_000) as i64);
    let (objective, bound) = (figure(found.objective), figure(found.bound));
    GoalRecord {
        goal: seek.name(),
        sense: if seek.is_max() { "max" } else { "min" }.to_owned(),
        unit: unit(seek).to_owned(),
        status: status(found.status),
        objective: Some(objective),
        bound: Some(bound),
        gap: Some(GoalRecord::gap_of(objective, bound)),
    }
}

/// What owners and funders pay in the first future, by use.
fn spent(health: &Health, solved: &SolvedHealth) -> BTreeMap<MoneyUse, Euros> {
    let tables = Tables::new(health, &health.futures[0]);
    let mut out: BTreeMap<MoneyUse, Euros> = BTreeMap::new();
    for row in money(health, &tables, &solved.plan, 0).into_iter().filter(|r| r.payer != Payer::Income) {
        let sum = out.entry(row.what).or_default();
        *sum = *sum + row.euros;
    }
    out
}

/// Practices and structures that work, in the last year of the first future.
fn sites(
    loaded: &Loaded,
    health: &Health,
    solved: &SolvedHealth,
    spent: &BTreeMap<MoneyUse, Euros>,
) -> Vec<SiteRecord> {
    let (plan, future, year) = (&solved.plan, &health.futures[0], health.years);
    let tables = Tables::new(health, future);
    let mut attached: BTreeMap<SiteIx, u64> = BTreeMap::new();
    for a in plan.futures[0].attached.iter().filter(|a| a.year == year) {
        *attached.entry(a.site).or_default() += a.people.0;
    }
    let last = Year::after(health, plan, &tables, year);
    let mut out = Vec::new();
    for (ix, site) in health.sites() {
        let kind = plan.works(health, future, ix, year);
        let hired = plan.futures.iter().any(|f| f.hires.iter().any(|h| h.site == ix));
        let (status, gps) = match (&site.standing, kind) {
            (Standing::Practice, _) => {
                (SiteStatus::Existing, i64::from(future.practices[&ix][usize::from(year)].gps.hundredths()))
            }
            (_, None) => continue,
            (standing, Some(kind)) => {
                let posts = health.kind(kind).posts.iter().zip(stocks(health, &tables, plan, 0, ix, year));
                let gps =
                    posts.filter(|(p, _)| health.professions[usize::from(p.profession.0)].rank == Rank::Gp);
                let status = match standing {
                    Standing::Existing(_) if hired => SiteStatus::Extended,
                    Standing::Existing(_) => SiteStatus::Existing,
                    _ => SiteStatus::Opened,
                };
                (status, gps.map(|(_, s)| s.filled as i64).sum())
            }
        };
        let uses = [MoneyUse::Capital(ix), MoneyUse::Equipment(ix), MoneyUse::Running(ix)];
        let place = loaded.territory.place(site.main());
        out.push(SiteRecord {
            site_id: site.id.clone(),
            code_commune: place.id.clone(),
            name: place.name.clone(),
            status,
            structure_type: kind.map(|k| health.kind(k).id.clone()),
            gps: Hundredths(gps),
            capacity: Some(last.list(ix)),
            attached: attached.get(&ix).copied().unwrap_or(0),
            cost_eur: uses.iter().filter_map(|u| spent.get(u)).copied().sum(),
        });
    }
    out
}

/// Who is attached where: today, then every future without and with the plan.
fn rows(loaded: &Loaded, health: &Health, solved: &SolvedHealth) -> Vec<AssignmentRow> {
    let row = |state, future: Option<&str>, a: &Attached| AssignmentRow {
        state,
        from_id: loaded.territory.place(a.from).id.clone(),
        site_id: health.site(a.site).id.clone(),
        people: a.people,
        minutes: a.minutes,
        year: Some(calendar(health, a.year)),
        future: future.map(str::to_owned),
    };
    let mut out: Vec<_> = solved.base.iter().map(|a| row(State::Before, None, a)).collect();
    for (future, before) in health.futures.iter().zip(&solved.before) {
        out.extend(before.iter().map(|a| row(State::Before, Some(&future.id), a)));
    }
    for (future, plan) in health.futures.iter().zip(&solved.plan.futures) {
        out.extend(plan.attached.iter().map(|a| row(State::After, Some(&future.id), a)));
    }
    out
}

/// Figures of every planned year of the first future, without and with the plan.
fn figures(loaded: &Loaded, health: &Health, solved: &SolvedHealth) -> Vec<Indicator> {
    let plan = &solved.plan;
    let tables = Tables::new(health, &health.futures[0]);
    let of = |list: &[Attached], year: u8| -> Vec<Assignment> {
        let one =
            |a: &Attached| Assignment { from: a.from, site: a.site, people: a.people, minutes: a.minutes };
        list.iter().filter(|a| a.year == year).map(one).collect()
    };
    let mut out = Vec::new();
    for year in health.planned() {
        let before = Year::before(health, year);
        let after = Year::after(health, plan, &tables, year);
        let lists =
            [of(solved.before.first().map_or(&[], Vec::as_slice), year), of(&plan.futures[0].attached, year)];
        let at = [(&before, State::Before), (&after, State::After)];
        let open = at.map(|(s, _)| open(health, s));
        let snapshots: Vec<Snapshot<'_>> = at
            .iter()
            .zip(&open)
            .zip(&lists)
            .map(|(((_, state), open), list)| Snapshot {
                state: *state,
                year: Some(calendar(health, year)),
                acts: &open.acts,
                open: &open.gps,
                attached: Some(list),
            })
            .collect();
        let people = &health.people[usize::from(year)];
        out.extend(indicators(&loaded.territory, people, health.access.as_ref(), &snapshots));
    }
    out
}
