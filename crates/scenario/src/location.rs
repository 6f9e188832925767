//! A plain location problem on a territory solved, as a result.

use crate::Loaded;
use crate::run::{Answer, Event, RunFailure};
use crate::siting::limit_name;
use maillage_input::{Lang, Text, grouped};
use maillage_location::{
    ClientIx, CostLists, Impossible, Limits, Outcome, ProblemError, Progress, Rules, SiteIx, SolverFailure,
    max_cover, p_center, p_median, set_cover,
};
use maillage_planning::Options;
use maillage_programme::{
    Assignment, AssignmentRow, Clash, Euros, GoalRecord, Hundredths, LocationPlan, LocationProblem,
    LocationTask, SiteRecord, SiteStatus, Snapshot, State, Status, indicators,
};
use maillage_territory::{Fte, Minutes, Persons, PlaceIx};
use std::collections::BTreeMap;

pub(crate) fn solve(
    loaded: &Loaded,
    task: &LocationTask,
    options: &Options,
    watch: &mut dyn FnMut(&Event),
) -> Result<Answer, RunFailure> {
    let kept: Vec<SiteIx> =
        (0..).map(SiteIx).zip(&task.sites).filter(|(_, (_, kept))| *kept).map(|(ix, _)| ix).collect();
    // Places where people live; the others ask for nothing.
    let clients: Vec<PlaceIx> =
        (0..).map(PlaceIx).zip(&task.people).filter(|(_, n)| n.0 > 0).map(|(ix, _)| ix).collect();
    let lists = lists(loaded, task, &clients)?;
    let goal = Goal::of(task.problem, kept.len() as u64);
    let mut on = |p: &Progress| {
        watch(&Event {
            goal: task.problem.as_str().to_owned(),
            elapsed: p.elapsed,
            incumbent: p.incumbent.map(|v| goal.shown(v)),
            bound: p.bound.map(|v| goal.shown(v)),
            gap: p.gap,
        });
    };
    let limits = Limits {
        time: options.time,
        rel_gap: options.gap,
        threads: options.threads,
        seed: options.seed,
        stop: options.stop.clone(),
        ..Limits::default()
    };
    let rules = Rules { fixed_open: &kept, forbidden: &[] };
    let all = |p: u32| p + kept.len() as u32;
    let unfit = |e: ProblemError| SolverFailure::Contradiction(e.to_string());
    let outcome = match task.problem {
        LocationProblem::PMedian { p } => {
            p_median::solve(&p_median::Problem::new(&lists, all(p), rules).map_err(unfit)?, &limits, &mut on)?
        }
        LocationProblem::PCenter { p } => {
            p_center::solve(&p_center::Problem::new(&lists, all(p), rules).map_err(unfit)?, &limits, &mut on)?
        }
        LocationProblem::MaxCover { p, radius } => {
            let problem =
                max_cover::Problem::new(&lists, all(p), radius.hundredths(), rules).map_err(unfit)?;
            max_cover::solve(&problem, &limits, &mut on)?
        }
        LocationProblem::SetCover { radius } => {
            let problem = set_cover::Problem::new(&lists, radius.hundredths(), rules).map_err(unfit)?;
            set_cover::solve(&problem, &limits, &mut on)?
        }
    };
    Ok(answer(loaded, task, &clients, &outcome, goal, options.gap))
}

/// Times as costs, people as weights.
fn lists(loaded: &Loaded, task: &LocationTask, clients: &[PlaceIx]) -> Result<CostLists, SolverFailure> {
    let mut at: BTreeMap<PlaceIx, SiteIx> = BTreeMap::new();
    for ((site, _), ix) in task.sites.iter().zip(0..) {
        at.insert(site.place, SiteIx(ix));
    }
    let weights = clients.iter().map(|p| task.people[p.0 as usize].0).collect();
    let mut pairs = Vec::new();
    for (client, &place) in clients.iter().enumerate() {
        for (to, minutes) in loaded.territory.travel.from(place) {
            if let Some(&site) = at.get(to) {
                pairs.push((ClientIx(client as u32), site, minutes.hundredths()));
            }
        }
    }
    CostLists::from_pairs(task.sites.len() as u32, weights, pairs)
        .map_err(|e| SolverFailure::Contradiction(e.to_string()))
}

/// How integers of the engine become figures of the result.
#[derive(Clone, Copy)]
struct Goal {
    sense: &'static str,
    unit: &'static str,
    /// Hundredths of the unit in one unit of the engine.
    scale: i64,
    /// What the engine counts and the result does not: kept sites in a set cover.
    less: i64,
}

impl Goal {
    fn of(problem: LocationProblem, kept: u64) -> Self {
        let (sense, unit, scale, less) = match problem {
            LocationProblem::PMedian { .. } => ("min", "person-min", 1, 0),
            LocationProblem::PCenter { .. } => ("min", "min", 1, 0),
            LocationProblem::MaxCover { .. } => ("max", "people", 100, 0),
            LocationProblem::SetCover { .. } => ("min", "sites", 100, kept as i64),
        };
        Goal { sense, unit, scale, less }
    }

    fn figure(self, value: u64) -> Hundredths {
        Hundredths((value as i64 - self.less) * self.scale)
    }

    fn shown(self, value: f64) -> f64 {
        (value - self.less as f64) * self.scale as f64 / 100.0
    }
}

fn answer(
    loaded: &Loaded,
    task: &LocationTask,
    clients: &[PlaceIx],
    outcome: &Outcome,
    goal: Goal,
    asked: f64,
) -> Answer {
    use maillage_location::Status as Engine;
    let mut answer = Answer {
        status: match &outcome.status {
            Engine::Optimal => Status::Optimal,
            Engine::WithinGap => Status::WithinGap,
            Engine::Feasible => Status::Feasible,
            Engine::Infeasible(_) => Status::Infeasible,
            Engine::NoPlan => Status::NoPlan,
        },
        limit: outcome.limit.as_ref().map(limit_name),
        goals: Vec::new(),
        cost: None,
        budget: None,
        sites: Vec::new(),
        indicators: Vec::new(),
        clash: Vec::new(),
        assignments: Vec::new(),
        certificate: None,
        max_time: match task.problem {
            LocationProblem::MaxCover { radius, .. } | LocationProblem::SetCover { radius } => radius,
            LocationProblem::PMedian { .. } | LocationProblem::PCenter { .. } => {
                loaded.territory.travel.max()
            }
        },
        programme: None,
    };
    if let Engine::Infeasible(why) = &outcome.status {
        answer.clash = vec![clash(loaded, clients, task.problem, why)];
    }
    let Some(objective) = outcome.objective else { return answer };
    let (objective, bound) = (goal.figure(objective), outcome.bound.map(|b| goal.figure(b)));
    let gap = bound.map(|b| GoalRecord::gap_of(objective, b));
    if answer.status == Status::WithinGap && gap.is_none_or(|g| g > asked) {
        // The engine counts kept sites, the result does not: the same distance is a wider gap.
        answer.status = Status::Feasible;
    }
    answer.goals = vec![GoalRecord {
        goal: task.problem.as_str().to_owned(),
        sense: goal.sense.to_owned(),
        unit: goal.unit.to_owned(),
        status: answer.status,
        objective: Some(objective),
        bound,
        gap,
    }];
    let plan = plan(task, clients, outcome);
    answer.sites = sites(loaded, task, &plan);
    answer.assignments = plan
        .assignments
        .iter()
        .map(|a| AssignmentRow {
            state: State::After,
            from_id: loaded.territory.place(a.from).id.clone(),
            site_id: task.sites[a.site.0 as usize].0.id.clone(),
            people: a.people,
            minutes: a.minutes,
            year: None,
            future: None,
        })
        .collect();
    let open = |opened: &[maillage_programme::SiteIx]| -> BTreeMap<PlaceIx, Fte> {
        let kept = task.sites.iter().filter(|(_, kept)| *kept).map(|(s, _)| s.place);
        let opened = opened.iter().map(|ix| task.sites[ix.0 as usize].0.place);
        kept.chain(opened).map(|place| (place, Fte::default())).collect()
    };
    let (before, after) = (open(&[]), open(&plan.opened));
    // Nobody knows what care a plain site gives.
    let acts = BTreeMap::new();
    let snapshot = |state, open| Snapshot { state, year: None, acts: &acts, open, attached: None };
    let mut states = Vec::new();
    if !before.is_empty() {
        states.push(snapshot(State::Before, &before));
    }
    states.push(snapshot(State::After, &after));
    answer.indicators = indicators(&loaded.territory, &task.people, None, &states);
    answer
}

fn plan(task: &LocationTask, clients: &[PlaceIx], outcome: &Outcome) -> LocationPlan {
    let opened = outcome
        .open
        .iter()
        .filter(|s| !task.sites[s.0 as usize].1)
        .map(|s| maillage_programme::SiteIx(s.0))
        .collect();
    let assignments = clients
        .iter()
        .zip(&outcome.assignment)
        .filter_map(|(&from, served)| {
            let (site, cost) = (*served)?;
            Some(Assignment {
                from,
                site: maillage_programme::SiteIx(site.0),
                people: task.people[from.0 as usize],
                minutes: Minutes::from_hundredths(cost),
            })
        })
        .collect();
    LocationPlan { opened, assignments }
}

fn sites(loaded: &Loaded, task: &LocationTask, plan: &LocationPlan) -> Vec<SiteRecord> {
    let mut attached: BTreeMap<maillage_programme::SiteIx, Persons> = BTreeMap::new();
    for a in &plan.assignments {
        let sum = attached.entry(a.site).or_default();
        *sum = *sum + a.people;
    }
    (0..)
        .map(maillage_programme::SiteIx)
        .zip(&task.sites)
        .filter(|(ix, (_, kept))| *kept || plan.opened.contains(ix))
        .map(|(ix, (site, kept))| {
            let place = loaded.territory.place(site.place);
            SiteRecord {
                site_id: site.id.clone(),
                code_commune: place.id.clone(),
                name: place.name.clone(),
                status: if *kept { SiteStatus::Existing } else { SiteStatus::Opened },
                structure_type: None,
                gps: Hundredths(0),
                capacity: None,
                attached: attached.get(&ix).map_or(0, |p| p.0),
                cost_eur: Euros(0),
            }
        })
        .collect()
}

/// Why nothing serves everyone, with the names of some places.
fn clash(loaded: &Loaded, clients: &[PlaceIx], problem: LocationProblem, why: &Impossible) -> Clash {
    match why {
        Impossible::Unreachable(lost) => {
            let people: u64 =
                lost.iter().map(|c| loaded.territory.place(clients[c.0 as usize]).population.0).sum();
            let names: Vec<String> = lost
                .iter()
                .take(5)
                .map(|c| loaded.territory.place(clients[c.0 as usize]))
                .map(|p| format!("{} ({})", p.name, p.id))
                .collect();
            let more = if lost.len() > names.len() { ", …" } else { "" };
            let (pointer, fr, en) = match problem {
                LocationProblem::SetCover { radius } => (
                    "/problem/radius_min",
                    format!("à moins de {radius} min"),
                    format!("within {radius} min"),
                ),
                _ => {
                    let max = loaded.territory.travel.max();
                    ("/problem/candidates", format!("à moins de {max} min"), format!("within {max} min"))
                }
            };
            let list = names.join(", ");
            Clash {
                rule: "reach".to_owned(),
                pointer: pointer.to_owned(),
                text: Text {
                    fr: format!(
                        "{} lieux ({} habitants) n'ont aucun site possible {fr} : {list}{more}",
                        lost.len(),
                        grouped(Lang::Fr, people)
                    ),
                    en: format!(
                        "{} places ({} people) have no possible site {en}: {list}{more}",
                        lost.len(),
                        grouped(Lang::En, people)
                    ),
                },
            }
        }
        Impossible::NotWith { p } => Clash {
            rule: "number-of-sites".to_owned(),
            pointer: "/problem/p".to_owned(),
            text: Text {
                fr: format!("{p} site(s) en tout ne peuvent pas desservir tout le monde"),
                en: format!("{p} site(s) in all cannot serve everyone"),
            },
        },
    }
}
