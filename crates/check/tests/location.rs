//! Plain location problems on the same five communes, and programmes at random.

#![allow(clippy::unwrap_used, reason = "a test that cannot build its case fails")]

mod support;

use maillage_check::Rule;
use maillage_programme::*;
use maillage_territory::{Fte, Minutes, Persons, PlaceIx, Territory};
use serde_json::json;
use std::collections::BTreeMap;
use support::{Case, goal, has, lines, site_id, siting_result, table, territory};

/// One site at each of the first four communes; those at `kept` stay.
fn task(problem: LocationProblem, kept: &[u32]) -> LocationTask {
    let role = Role::Candidate { types: Vec::new(), forced: false };
    let site = |i: u32| Site { id: site_id(&format!("s{i}")), place: PlaceIx(i), role: role.clone() };
    let sites = (0..4).map(|i| (site(i), kept.contains(&i))).collect();
    LocationTask { problem, sites, people: support::people() }
}

/// The result of opening these sites, everyone at the nearest by hand.
fn located(
    problem: LocationProblem,
    kept: &[u32],
    opened: &[u32],
    rows: &[(u32, u32, u64, u32)],
    unit: &str,
    (objective, bound): (i64, i64),
) -> Case {
    let (territory, task) = (territory(), task(problem, kept));
    let sites: Vec<Site> = task.sites.iter().map(|(s, _)| s.clone()).collect();
    let sense = if matches!(problem, LocationProblem::MaxCover { .. }) { "max" } else { "min" };
    let status = if objective == bound { Status::Optimal } else { Status::Feasible };
    let goals = vec![goal(problem.as_str(), sense, unit, status, objective, bound)];
    let mut record = support::record(&territory, problem.as_str(), territory.travel.max(), goals);
    let rows = support::assignments(rows);
    let mut open = BTreeMap::new();
    let mut snapshots = BTreeMap::new();
    for (i, site) in (0..).zip(&sites).filter(|(i, _)| kept.contains(i) || opened.contains(i)) {
        let place = territory.place(site.place);
        open.insert(site.place, Fte::whole(0));
        if kept.contains(&i) {
            snapshots.insert(site.place, Fte::whole(0));
        }
        record.sites.push(SiteRecord {
            site_id: site.id.clone(),
            code_commune: place.id.clone(),
            name: place.name.clone(),
            status: if kept.contains(&i) { SiteStatus::Existing } else { SiteStatus::Opened },
            structure_type: None,
            gps: Hundredths(0),
            capacity: None,
            attached: rows.iter().filter(|a| a.site.0 == i).map(|a| a.people.0).sum(),
            cost_eur: Euros(0),
        });
    }
    let acts = BTreeMap::new();
    let snapshot = |state, open| Snapshot { state, year: None, acts: &acts, open, attached: None };
    let (before, after) = (snapshot(State::Before, &snapshots), snapshot(State::After, &open));
    let states = if kept.is_empty() { vec![after] } else { vec![before, after] };
    record.indicators = indicators(&territory, &task.people, None, &states);
    let by_ix: Vec<&Site> = sites.iter().collect();
    let csv = table(&territory, &by_ix, &[(State::After, &rows)]);
    support::case(territory, Task::Location(task), &record, csv)
}

/// Opening 01001 and 01003: 01002 goes to 01001 (8.5 min), 01004 to 01003 (9.05 min).
fn p_median() -> Case {
    let rows = [(0, 0, 3000, 0), (1, 0, 1500, 850), (2, 2, 2000, 0), (3, 2, 800, 905)];
    let problem = LocationProblem::PMedian { p: 2 };
    located(problem, &[], &[0, 2], &rows, "person-min", (1_999_000, 1_999_000))
}

/// 01003 kept, 01002 opens: 01001 and 01004 are within 10 minutes of one of them.
fn max_cover() -> Case {
    let rows = [(0, 1, 3000, 850), (1, 1, 1500, 0), (2, 2, 2000, 0), (3, 2, 800, 905)];
    let problem = LocationProblem::MaxCover { p: 1, radius: Minutes::whole(10) };
    located(problem, &[2], &[1], &rows, "people", (730_000, 730_000))
}

fn set_cover() -> Case {
    let rows = [(0, 0, 3000, 0), (1, 0, 1500, 850), (2, 2, 2000, 0), (3, 2, 800, 905)];
    let problem = LocationProblem::SetCover { radius: Minutes::whole(10) };
    located(problem, &[], &[0, 2], &rows, "sites", (200, 200))
}

fn p_center() -> Case {
    let rows = [(0, 0, 3000, 0), (1, 0, 1500, 850), (2, 2, 2000, 0), (3, 2, 800, 905)];
    located(LocationProblem::PCenter { p: 1 }, &[0], &[2], &rows, "min", (905, 850))
}

#[test]
fn honest_results_hold() {
    for case in [p_median(), max_cover(), set_cover(), p_center()] {
        let report = case.check();
        assert!(report.holds(), "{}", lines(&report));
    }
    // Everybody is covered: no plan covers more, and no solver is needed to know it.
    assert!(max_cover().check().verified.iter().any(|t| t.en.starts_with("bound of `max-cover`")));
    assert!(p_median().check().unverified.iter().any(|t| t.en.starts_with("bound of `p-median`")));
}

#[test]
fn every_tampering_is_found_where_it_is() {
    type Tampering = (fn() -> Case, fn(&mut Case), &'static str, &'static str);
    let tamperings: &[Tampering] = &[
        (p_median, |c| drop(c.list("/sites").remove(0)), "C318", "result.json /sites"),
        (p_median, |c| c.set("/sites/0/attached", json!(4499)), "C311", "result.json /sites/0/attached"),
        (p_median, |c| c.set("/sites/0/gps", json!(1)), "C308", "result.json /sites/0/gps"),
        (p_median, |c| c.result["sites"][0]["capacity"] = json!(1), "C310", "result.json /sites/0/capacity"),
        (p_median, |c| c.result["sites"][0]["structure_type"] = json!("msp"), "C307", "result.json /sites/0"),
        (p_median, |c| c.set("/sites/0/cost_eur", json!(1)), "C313", "result.json /sites/0/cost_eur"),
        (p_median, |c| c.set("/cost_eur", json!(0)), "C314", "result.json /cost_eur"),
        (p_median, |c| c.set("/sites/0/status", json!("existing")), "C306", "result.json /sites/0/status"),
        (p_median, |c| c.set("/sites/1/site_id", json!("s1")), "C411", "assignments.csv"),
        (p_median, |c| c.set("/goals/0/objective", json!(19_000)), "C202", "result.json /goals/0/objective"),
        (
            p_median,
            |c| c.csv_replace("01002,s0,1500,8.5", "01002,s2,1500,15"),
            "C411",
            "assignments.csv:3 site_id",
        ),
        (p_median, |c| c.csv_replace("s0,1500", "s0,1499"), "C412", "assignments.csv:3 people"),
        (p_median, |c| c.csv_replace("s0,1500", "s0,1501"), "C410", "assignments.csv:3 people"),
        (p_median, |c| c.csv_replace("essai,after,01003,s2,2000,0\n", ""), "C412", "assignments.csv"),
        (p_median, |c| c.csv_replace("after,01001", "before,01001"), "C413", "assignments.csv:2 state"),
        (p_median, |c| c.csv_replace(",9.05", ",9"), "C408", "assignments.csv:5 minutes"),
        (p_median, |c| c.set("/indicators/0/value", json!(1)), "C504", "result.json /indicators/0/value"),
        (p_median, |c| c.set("/indicators/0/indicator", json!("gps")), "C502", "result.json /indicators/0"),
        (max_cover, |c| drop(c.list("/sites").remove(1)), "C304", "result.json /sites"),
        (max_cover, |c| c.set("/sites/1/status", json!("opened")), "C306", "result.json /sites/1/status"),
        (max_cover, |c| c.set("/goals/0/objective", json!(7301)), "C202", "result.json /goals/0/objective"),
        (
            max_cover,
            |c| c.csv_replace("01001,s1,3000,8.5", "01001,s2,3000,12.25"),
            "C409",
            "assignments.csv:2 minutes",
        ),
        (max_cover, |c| c.set("/indicators/0/state", json!("after")), "C503", "result.json /indicators/"),
        (set_cover, |c| drop(c.list("/sites").remove(1)), "C412", "result.json /sites"),
        (set_cover, |c| c.set("/goals/0/objective", json!(1)), "C202", "result.json /goals/0/objective"),
        (set_cover, |c| c.set("/status", json!("infeasible")), "C210", "result.json /status"),
        (p_center, |c| c.set("/goals/0/objective", json!(9)), "C202", "result.json /goals/0/objective"),
        (p_center, |c| c.set("/goals/0/status", json!("optimal")), "C205", "result.json /goals/0/status"),
        (p_center, |c| c.set("/goals/0/bound", json!(9.06)), "C203", "result.json /goals/0/bound"),
    ];
    for (i, (honest, tamper, code, at)) in tamperings.iter().enumerate() {
        let mut case = honest();
        tamper(&mut case);
        case.reseal();
        let report = case.check();
        assert!(has(&report, code, at), "tampering {i}: no {code} at {at} in\n{}", lines(&report));
    }
}

#[test]
fn every_row_is_guarded() {
    for honest in [p_median(), max_cover(), set_cover(), p_center()] {
        let rows: Vec<&str> = honest.csv.lines().collect();
        for n in 1..rows.len() {
            let mut without = rows.clone();
            without.remove(n);
            let mut case = honest.clone();
            case.csv = without.join("\n");
            assert!(has(&case.check(), "C412", "assignments.csv"), "{}", rows[n]);
        }
    }
}

#[test]
fn ties_go_to_the_smaller_identifier() {
    let mut case = p_median();
    let Task::Location(task) = &mut case.task else { panic!("not a location task") };
    task.sites[3].0.place = PlaceIx(0);
    // s3 now stands beside s0; opening it too changes nothing for anyone.
    task.problem = LocationProblem::PMedian { p: 3 };
    let mut extra = case.get("/sites/0").clone();
    (extra["site_id"], extra["attached"]) = (json!("s3"), json!(0));
    case.list("/sites").push(extra);
    case.reseal();
    assert!(case.check().holds(), "{}", lines(&case.check()));
    case.csv_replace("01001,s0", "01001,s3");
    assert!(case.check().violations.iter().any(|v| v.rule == Rule::NotNearest));
}

/// A sequence of numbers that only looks random.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// Fills lists in the order of places, nearest site first: rarely best, always allowed.
fn fill(territory: &Territory, programme: &Programme, room: &mut BTreeMap<SiteIx, u64>) -> Vec<Assignment> {
    let mut out = Vec::new();
    for (from, _) in territory.iter() {
        let mut left = programme.people[from.0 as usize].0;
        for (to, minutes) in territory.travel.from(from).iter().filter(|(_, t)| *t <= programme.max_time) {
            for (site, _) in programme.sites().filter(|(_, s)| s.place == *to) {
                let people = left.min(room.get(&site).copied().unwrap_or(0));
                if people > 0 {
                    left -= people;
                    *room.get_mut(&site).unwrap() -= people;
                    out.push(Assignment { from, site, people: Persons(people), minutes: *minutes });
                }
            }
        }
    }
    out.sort();
    out
}

/// What is written with the code of results and what is computed here agree on a thousand programmes.
#[test]
fn two_computations_agree() {
    let mut dice = Dice(1);
    for _ in 0..1000 {
        let mut programme = support::programme();
        programme.limits = Limits::default();
        programme.people = (0..5).map(|_| Persons(dice.below(3) * dice.below(3000))).collect();
        programme.max_time = Minutes::whole(5 + dice.below(20) as u16);
        let mut territory = territory();
        let pairs: Vec<_> =
            (0..8).map(|_| (dice.below(5) as u32, dice.below(5) as u32, dice.below(3200) as u32)).collect();
        territory.travel = support::travel(5, &pairs);
        for site in &mut programme.sites {
            if let Role::Practice { gps, capacity } = &mut site.role {
                *gps = Fte::from_hundredths((dice.below(4) * dice.below(150)) as u32);
                *capacity = gps.people_at(1100);
            }
        }
        let mut staffed = Vec::new();
        for (site, s) in programme.sites() {
            let pick = match &s.role {
                Role::Practice { .. } => None,
                Role::Extension { kind, free_rooms } => {
                    let gps = dice.below(u64::from(*free_rooms) + 1) as u32;
                    (gps > 0).then_some((*kind, gps))
                }
                Role::Candidate { types, forced } => (*forced || dice.below(2) == 0).then(|| {
                    let kind = types[dice.below(types.len() as u64) as usize];
                    let t = programme.kind(kind);
                    (kind, t.min_gps + dice.below(u64::from(t.max_gps - t.min_gps + 1)) as u32)
                }),
            };
            staffed.extend(pick.map(|(kind, gps)| Staffed { site, kind, gps }));
        }
        let mut today = BTreeMap::new();
        for (site, s) in programme.sites() {
            if let Role::Practice { capacity, .. } = s.role {
                today.insert(site, capacity.0);
            }
        }
        let mut tomorrow = today.clone();
        for s in &staffed {
            tomorrow.insert(s.site, u64::from(programme.kind(s.kind).patients_per_gp * s.gps));
        }
        let before = fill(&territory, &programme, &mut today);
        let plan = Plan { staffed, assignments: fill(&territory, &programme, &mut tomorrow) };
        let everyone: u64 = programme.people.iter().map(|p| p.0).sum();
        let (attached, travel) = (plan.attached().0 as i64 * 100, plan.travel() as i64);
        let status = |objective, bound| if objective == bound { Status::Optimal } else { Status::Feasible };
        let everyone = everyone as i64 * 100;
        let goals = vec![
            goal("people-attached", "max", "people", status(attached, everyone), attached, everyone),
            goal("travel-time", "min", "person-min", status(travel, 0), travel, 0),
        ];
        let case = siting_result(territory, programme, &plan, &before, goals);
        let report = case.check();
        assert!(report.holds(), "{}\n{}", lines(&report), case.csv);
    }
}
