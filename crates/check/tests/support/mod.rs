//! Small results, correct by construction: what the tests tamper with.
#![allow(dead_code, missing_docs)]

pub mod health;

use maillage_check::{Dossier, Report, check};
use maillage_input::{InputRecord, Text};
use maillage_programme::*;
use maillage_territory::{
    Area, Fte, Minutes, Persons, Place, PlaceId, PlaceIx, SiteId, Territory, TravelSource, TravelTimes,
    TypeId,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A result with everything it follows from.
#[derive(Clone)]
pub struct Case {
    pub territory: Territory,
    pub task: Task,
    pub result: Value,
    pub csv: String,
    pub inputs: Vec<InputRecord>,
}

impl Case {
    pub fn check(&self) -> Report {
        check(&Dossier {
            territory: &self.territory,
            task: &self.task,
            result: &self.result,
            assignments_csv: &self.csv,
            inputs: &self.inputs,
        })
    }

    /// Gives the result the seal of what it now says, as a patient forger would.
    pub fn reseal(&mut self) {
        if self.result.is_object() {
            self.result["seal"] = json!(seal_of(&self.result));
        }
    }

    pub fn set(&mut self, pointer: &str, value: Value) {
        *self.result.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer} is nowhere")) = value;
    }

    pub fn get(&self, pointer: &str) -> &Value {
        self.result.pointer(pointer).unwrap_or_else(|| panic!("{pointer} is nowhere"))
    }

    pub fn list(&mut self, pointer: &str) -> &mut Vec<Value> {
        self.result.pointer_mut(pointer).and_then(Value::as_array_mut).expect("a list")
    }

    pub fn programme(&mut self) -> &mut Programme {
        let Task::Siting(programme) = &mut self.task else { panic!("not a programme") };
        programme
    }

    pub fn health(&mut self) -> &mut maillage_programme::health::Health {
        let Task::Health(health) = &mut self.task else { panic!("not a health programme") };
        health
    }

    pub fn csv_replace(&mut self, from: &str, to: &str) {
        assert!(self.csv.contains(from), "{from} is nowhere");
        self.csv = self.csv.replace(from, to);
    }
}

pub fn site_id(text: &str) -> SiteId {
    SiteId::new(text).unwrap()
}

pub fn place(id: &str, epci: Option<&str>, core: bool, people: u64) -> Place {
    Place {
        epci: epci.map(|code| Area { code: code.to_owned(), name: code.to_owned() }),
        core,
        ..Place::new(PlaceId::new(id).unwrap(), &format!("Commune {id}"), Persons(people))
    }
}

pub fn travel(n: usize, pairs: &[(u32, u32, u32)]) -> TravelTimes {
    let source = TravelSource::Table { source: "essai".into(), date: "2025".into() };
    let both = pairs.iter().flat_map(|&(a, b, t)| [(a, b, t), (b, a, t)]);
    let triples = both.map(|(a, b, t)| (PlaceIx(a), PlaceIx(b), Minutes::from_hundredths(t)));
    TravelTimes::new(n, Minutes::whole(30), source, triples)
}

/// Five communes: two inter-municipal bodies, one commune around, one where nobody is in scope.
pub fn territory() -> Territory {
    let places = vec![
        place("01001", Some("E1"), true, 3000),
        place("01002", Some("E1"), true, 1500),
        place("01003", Some("E2"), true, 2000),
        place("01004", Some("E3"), false, 800),
        place("01005", None, true, 70),
    ];
    let pairs =
        [(0, 1, 850), (0, 2, 1225), (1, 2, 1500), (2, 3, 905), (1, 3, 2200), (0, 3, 1999), (0, 4, 1800)];
    Territory::from_parts("Bresse", places, travel(5, &pairs)).unwrap()
}

pub fn people() -> Vec<Persons> {
    [3000, 1500, 2000, 800, 0].map(Persons).to_vec()
}

pub fn programme() -> Programme {
    let kind = |id: &str, form, min_gps, max_gps, patients_per_gp, opening, per_gp| StructureType {
        id: TypeId::new(id).unwrap(),
        form,
        min_gps,
        max_gps,
        patients_per_gp,
        opening_eur: Euros(opening),
        per_gp_eur: Euros(per_gp),
    };
    let site = |id: &str, place, role| Site { id: site_id(id), place: PlaceIx(place), role };
    let practice =
        |gps, capacity| Role::Practice { gps: Fte::from_hundredths(gps), capacity: Persons(capacity) };
    let candidate =
        |types: &[u16], forced| Role::Candidate { types: types.iter().map(|t| TypeIx(*t)).collect(), forced };
    Programme {
        types: vec![
            kind("msp", StructureForm::Msp, 2, 6, 1000, 800_000, 50_000),
            kind("centre", StructureForm::Centre, 1, 4, 900, 300_000, 80_000),
        ],
        sites: vec![
            site("c-01002", 1, candidate(&[0], false)),
            site("c-01003", 2, candidate(&[0, 1], true)),
            site("c-01004", 3, candidate(&[1], false)),
            site("p-01001", 0, practice(250, 2500)),
            site("p-01002", 1, practice(50, 400)),
            site("x-01001", 0, Role::Extension { kind: TypeIx(0), free_rooms: 2 }),
        ],
        people: people(),
        limits: Limits { budget: Some(Euros(2_000_000)), max_new_sites: Some(2), gp_pool: Some(6) },
        max_time: Minutes::whole(20),
        goals: vec![Goal::PeopleAttached, Goal::TravelTime],
        access: Some(AccessBasis {
            inhabitants: [3800, 1900, 2500, 1000, 0].map(Persons).to_vec(),
            standard_people: vec![361_000, 199_550, 250_000, 104_007, 0],
            known: vec![true; 5],
            acts_per_gp: 4380,
        }),
    }
}

/// An MSP of two at 01003, a centre of one at 01004, one more post at 01001; every list is full.
pub fn siting() -> Case {
    let staffed = |site, kind, gps| Staffed { site: SiteIx(site), kind: TypeIx(kind), gps };
    let plan = Plan {
        staffed: vec![staffed(1, 0, 2), staffed(2, 1, 1), staffed(5, 0, 1)],
        assignments: assignments(&[
            (0, 3, 2500, 0),
            (0, 5, 500, 0),
            (1, 1, 100, 1500),
            (1, 4, 400, 0),
            (1, 5, 500, 850),
            (2, 1, 1900, 0),
            (2, 2, 100, 905),
            (3, 2, 800, 0),
        ]),
    };
    let before = assignments(&[(0, 3, 2400, 0), (1, 3, 100, 850), (1, 4, 400, 0)]);
    let goals = vec![
        goal("people-attached", "max", "people", Status::WithinGap, 680_000, 700_000),
        goal("travel-time", "min", "person-min", Status::Optimal, 665_500, 665_500),
    ];
    siting_result(territory(), programme(), &plan, &before, goals)
}

pub fn assignments(list: &[(u32, u32, u64, u32)]) -> Vec<Assignment> {
    list.iter()
        .map(|&(from, site, people, minutes)| Assignment {
            from: PlaceIx(from),
            site: SiteIx(site),
            people: Persons(people),
            minutes: Minutes::from_hundredths(minutes),
        })
        .collect()
}

pub fn goal(goal: &str, sense: &str, unit: &str, status: Status, objective: i64, bound: i64) -> GoalRecord {
    let (objective, bound) = (Hundredths(objective), Hundredths(bound));
    GoalRecord {
        goal: goal.to_owned(),
        sense: sense.to_owned(),
        unit: unit.to_owned(),
        status,
        objective: Some(objective),
        bound: Some(bound),
        gap: Some(GoalRecord::gap_of(objective, bound)),
    }
}

/// The result of a plan, written with the code that writes results.
pub fn siting_result(
    territory: Territory,
    programme: Programme,
    plan: &Plan,
    before: &[Assignment],
    goals: Vec<GoalRecord>,
) -> Case {
    let staffed: BTreeMap<SiteIx, &Staffed> = plan.staffed.iter().map(|s| (s.site, s)).collect();
    let mut sites = Vec::new();
    let (mut open_before, mut open_after) = (BTreeMap::new(), BTreeMap::new());
    for (ix, site) in programme.sites() {
        let here = staffed.get(&ix);
        let kind = here.map(|s| programme.kind(s.kind));
        let posts = here.map_or(0, |s| s.gps);
        let (status, gps, capacity) = match (&site.role, here) {
            (Role::Practice { gps, capacity }, _) => (SiteStatus::Existing, *gps, capacity.0),
            (Role::Candidate { .. }, None) => continue,
            (Role::Extension { .. }, None) => (SiteStatus::Existing, Fte::whole(0), 0),
            (role, Some(s)) => {
                let list = u64::from(programme.kind(s.kind).patients_per_gp) * u64::from(posts);
                let opens = matches!(role, Role::Candidate { .. });
                (if opens { SiteStatus::Opened } else { SiteStatus::Extended }, Fte::whole(posts), list)
            }
        };
        if gps > Fte::whole(0) {
            let sum = |open: &mut BTreeMap<PlaceIx, Fte>| {
                let old = open.entry(site.place).or_default();
                *old = Fte::from_hundredths(old.hundredths() + gps.hundredths());
            };
            sum(&mut open_after);
            if matches!(site.role, Role::Practice { .. }) {
                sum(&mut open_before);
            }
        }
        let place = territory.place(site.place);
        sites.push(SiteRecord {
            site_id: site.id.clone(),
            code_commune: place.id.clone(),
            name: place.name.clone(),
            status,
            structure_type: kind.map(|k| k.id.clone()),
            gps: Hundredths(i64::from(gps.hundredths())),
            capacity: Some(capacity),
            attached: plan.assignments.iter().filter(|a| a.site == ix).map(|a| a.people.0).sum(),
            cost_eur: Plan { staffed: here.into_iter().map(|s| **s).collect(), ..Plan::default() }
                .cost(&programme),
        });
    }
    let acts = |open: &BTreeMap<PlaceIx, Fte>| {
        programme.access.as_ref().map_or_else(BTreeMap::new, |a| a.acts(open))
    };
    let indicators = indicators(
        &territory,
        &programme.people,
        programme.access.as_ref(),
        &[
            Snapshot {
                state: State::Before,
                year: None,
                acts: &acts(&open_before),
                open: &open_before,
                attached: Some(before),
            },
            Snapshot {
                state: State::After,
                year: None,
                acts: &acts(&open_after),
                open: &open_after,
                attached: Some(&plan.assignments),
            },
        ],
    );
    let ids: Vec<&Site> = programme.sites.iter().collect();
    let csv = table(&territory, &ids, &[(State::Before, before), (State::After, &plan.assignments)]);
    let mut record = record(&territory, "siting", programme.max_time, goals);
    record.cost_eur = Some(plan.cost(&programme));
    record.budget_eur = programme.limits.budget;
    record.sites = sites;
    record.indicators = indicators;
    case(territory, Task::Siting(programme), &record, csv)
}

/// The text of `assignments.csv`.
pub fn table(territory: &Territory, sites: &[&Site], states: &[(State, &[Assignment])]) -> String {
    let mut csv = "scenario,state,from_id,site_id,people,minutes\n".to_owned();
    for (state, list) in states {
        for a in *list {
            let (from, site) = (&territory.place(a.from).id, &sites[a.site.0 as usize].id);
            csv += &format!("essai,{},{from},{site},{},{}\n", state.as_str(), a.people, a.minutes);
        }
    }
    csv
}

/// A record with its goals summed up, and no plan yet.
pub fn record(
    territory: &Territory,
    problem: &str,
    max_time: Minutes,
    goals: Vec<GoalRecord>,
) -> ResultRecord {
    let max_min = Hundredths(i64::from(max_time.hundredths()));
    let titles = Text { fr: "Essai".into(), en: "Test".into() };
    let moment =
        |g: &GoalRecord| ProgressRecord { seconds: 0.25, goal: 0, objective: g.objective, bound: g.bound };
    let progress = goals.first().map(moment).into_iter().collect();
    let proven = !goals.is_empty() && goals.iter().all(|g| g.status == Status::Optimal);
    ResultRecord {
        schema_version: 1,
        maillage_version: "0.1.0".into(),
        scenario: "essai".into(),
        scenario_file: "essai.json".into(),
        title: titles.clone(),
        problem: problem.into(),
        status: goals.iter().map(|g| g.status).max_by_key(|s| *s as u8).unwrap_or(Status::NoPlan),
        limit: (!proven).then(|| "time".into()),
        objective: goals.first().and_then(|g| g.objective),
        bound: goals.first().and_then(|g| g.bound),
        gap: goals.iter().filter_map(|g| g.gap).reduce(f64::max),
        goals,
        cpu_seconds: Some(1.234),
        wall_seconds: 0.1 + 0.2,
        progress,
        peak_memory_mb: None,
        solver: SolverRecord { name: "HiGHS".into(), threads: 1, gap: 0.05, time_limit_s: Some(60.0) },
        seed: 7,
        inputs: inputs(),
        territory: territory.name.clone(),
        travel: TravelRecord::new(&territory.travel, max_min),
        supply: territory.supply,
        supply_source: territory.supply_source.clone(),
        cost_eur: None,
        budget_eur: None,
        sites: Vec::new(),
        programme: None,
        indicators: Vec::new(),
        clash: Vec::new(),
        unsourced: vec![titles],
        certificate: None,
        files: vec![FileRecord { path: "sites.csv".into(), bytes: 12, sha256: "00".into() }],
        seal: BTreeMap::new(),
    }
}

fn inputs() -> Vec<InputRecord> {
    let input = |path: &str, bytes| InputRecord { path: path.into(), bytes, sha256: "ab".repeat(32) };
    vec![input("essai.json", 900), input("places.csv", 400)]
}

/// Sealed, written as text and read back, as a file is.
pub fn case(territory: Territory, task: Task, record: &ResultRecord, csv: String) -> Case {
    let text = serde_json::to_string_pretty(record).unwrap();
    let mut case =
        Case { territory, task, result: serde_json::from_str(&text).unwrap(), csv, inputs: inputs() };
    case.reseal();
    let text = serde_json::to_string_pretty(&case.result).unwrap();
    case.result = serde_json::from_str(&text).unwrap();
    case
}

/// Whether some violation has this code and stands here.
pub fn has(report: &Report, code: &str, at: &str) -> bool {
    report.violations.iter().any(|v| v.rule.as_str() == code && v.at.starts_with(at))
}

/// Every violation on one line, for messages.
pub fn lines(report: &Report) -> String {
    let line = |v: &maillage_check::Violation| {
        format!("{} {} claimed {} recomputed {}", v.rule.as_str(), v.at, v.claimed, v.recomputed)
    };
    report.violations.iter().map(line).collect::<Vec<_>>().join("\n")
}
