//! Tests of the pages and tables on a territory of five places.

mod access;
mod export;
mod frontier_page;
mod health;
mod html;
mod page;
mod programme;
mod scatter;
mod suite;
mod tables;

use crate::View;
use geo::{LineString, MultiPolygon, Polygon};
use maillage_input::{InputRecord, Text};
use maillage_programme::*;
use maillage_territory::*;
use std::collections::BTreeMap;

/// A name that would break out of a page that does not escape.
pub const EVIL: &str = "</script><script>alert(1)</script>\"'<!-- & co";

/// A scenario with its parts, owned.
pub struct Sample {
    pub territory: Territory,
    pub record: ResultRecord,
    pub assignments: Vec<AssignmentRow>,
    pub people: Vec<Persons>,
    pub access: AccessBasis,
    pub candidates: Vec<PlaceIx>,
    pub types: Vec<StructureType>,
    pub health: Option<maillage_programme::health::Health>,
}

impl Sample {
    pub fn view(&self) -> View<'_> {
        View {
            territory: &self.territory,
            record: &self.record,
            assignments: &self.assignments,
            people: &self.people,
            access: Some(&self.access),
            candidates: &self.candidates,
            types: &self.types,
            health: self.health.as_ref(),
        }
    }
}

fn site(id: &str) -> SiteId {
    SiteId::new(id).unwrap()
}

fn square(west: f64, south: f64) -> MultiPolygon<f64> {
    let (east, north) = (west + 0.1, south + 0.1);
    let ring = vec![(west, south), (east, south), (east, north), (west, north), (west, south)];
    MultiPolygon(vec![Polygon::new(LineString::from(ring), Vec::new())])
}

fn titles(fr: &str, en: &str) -> Text {
    Text { fr: fr.to_owned(), en: en.to_owned() }
}

/// Places 42001 and 42002 in one body, 42003 (hostile name) in another, 42004 around and without a contour,
/// 42005 around without a position. GPs at 42001; a structure opens at 42003 and one grows at 42002.
pub fn sample() -> Sample {
    let place = |code: &str, name: &str, people, epci: Option<(&str, &str)>, lon: Option<f64>, core| Place {
        epci: epci.map(|(code, name)| Area { code: code.to_owned(), name: name.to_owned() }),
        point: lon.map(|lon| LonLat { lon, lat: 46.05 }),
        area_km2: Some(10.0),
        core,
        ..Place::new(PlaceId::new(code).unwrap(), name, Persons(people))
    };
    let (a, b) = (Some(("200000001", "Plaine")), Some(("200000002", "=Monts & \"Vaux\"")));
    let places = vec![
        place("42001", "Ville", 6000, a, Some(4.05), true),
        place("42002", "-Bourg, le", 2500, a, Some(4.15), true),
        place("42003", EVIL, 1500, b, Some(4.25), true),
        place("42004", "Ailleurs", 800, None, Some(4.35), false),
        place("42005", "Nulle part", 0, None, None, false),
    ];
    let minutes = [(0, 1, 9.5), (1, 0, 9.5), (1, 2, 12.0), (2, 1, 12.0), (2, 0, 21.0), (3, 2, 11.25)];
    let trips = minutes.map(|(a, b, m)| (PlaceIx(a), PlaceIx(b), Minutes::round(m).unwrap()));
    let travel =
        TravelTimes::new(5, Minutes::whole(30), TravelSource::Proxy { speed: ProxySpeed::default() }, trips);
    let mut territory = Territory::from_parts("Pays d'essai", places, travel).unwrap();
    territory.contours =
        vec![Some(square(4.0, 46.0)), Some(square(4.1, 46.0)), Some(square(4.2, 46.0)), None, None];
    territory.supply_source = titles("registre des essais", "register of the tests");
    territory.structures = vec![
        Structure {
            site_id: site("hopital"),
            structure_id: site("hopital"),
            name: "Hôpital d'essai".to_owned(),
            kind: StructureKind::Hospital,
            place: Some(PlaceIx(0)),
            point: Some(LonLat { lon: 4.06, lat: 46.06 }),
            emergency: Some(true),
        },
        Structure {
            site_id: site("pole"),
            structure_id: site("pole"),
            name: "Pôle".to_owned(),
            kind: StructureKind::Pole,
            place: Some(PlaceIx(1)),
            point: None,
            emergency: None,
        },
    ];
    territory.sources = vec![Source {
        data: titles("lieux", "places"),
        producer: titles("essais", "tests"),
        vintage: titles("2026", "2026"),
        licence: "none".to_owned(),
    }];
    let people: Vec<Persons> = territory.places.iter().map(|p| p.population).collect();
    let access = AccessBasis {
        inhabitants: people.clone(),
        standard_people: people.iter().map(|p| p.0 * 100).collect(),
        known: vec![true; people.len()],
        acts_per_gp: 4380,
    };
    let assign = |list: &[(u32, u32, u64, f64)]| -> Vec<Assignment> {
        let one = |&(from, site, people, m): &(u32, u32, u64, f64)| Assignment {
            from: PlaceIx(from),
            site: SiteIx(site),
            people: Persons(people),
            minutes: Minutes::round(m).unwrap(),
        };
        list.iter().map(one).collect()
    };
    let before = assign(&[(0, 0, 4500, 0.0)]);
    let after = assign(&[
        (0, 0, 4500, 0.0),
        (0, 1, 900, 9.5),
        (1, 1, 1100, 0.0),
        (2, 2, 1500, 0.0),
        (3, 2, 500, 11.25),
    ]);
    let today = BTreeMap::from([(PlaceIx(0), Fte::from_hundredths(450))]);
    let mut tomorrow = today.clone();
    tomorrow.extend([(PlaceIx(1), Fte::whole(2)), (PlaceIx(2), Fte::whole(2))]);
    let acts = [access.acts(&today), access.acts(&tomorrow)];
    let snapshot = |state, acts, open, attached| Snapshot { state, year: None, acts, open, attached };
    let states = [
        snapshot(State::Before, &acts[0], &today, Some(&before[..])),
        snapshot(State::After, &acts[1], &tomorrow, Some(&after[..])),
    ];
    let figures = indicators(&territory, &people, Some(&access), &states);
    let ids = ["cabinet-42001", "pole", "candidat-42003"];
    let rows = |state, list: &[Assignment]| -> Vec<AssignmentRow> {
        let row = |a: &Assignment| AssignmentRow {
            state,
            from_id: territory.place(a.from).id.clone(),
            site_id: site(ids[a.site.0 as usize]),
            people: a.people,
            minutes: a.minutes,
            year: None,
            future: None,
        };
        list.iter().map(row).collect()
    };
    let mut assignments = rows(State::Before, &before);
    assignments.extend(rows(State::After, &after));
    let record_of = |k: usize, status, kind: Option<&str>, gps, attached, cost| SiteRecord {
        site_id: site(ids[k]),
        code_commune: territory.places[k].id.clone(),
        name: territory.places[k].name.clone(),
        status,
        structure_type: kind.map(|k| TypeId::new(k).expect("an identifier")),
        gps: Hundredths(gps),
        capacity: Some((gps * 10) as u64),
        attached,
        cost_eur: Euros(cost),
    };
    let goal = |goal: &str, sense: &str, unit: &str, value, status, bound| GoalRecord {
        goal: goal.to_owned(),
        sense: sense.to_owned(),
        unit: unit.to_owned(),
        status,
        objective: Some(Hundredths::whole(value)),
        bound: Some(Hundredths::whole(bound)),
        gap: None,
    };
    let moment = |seconds, goal, people: Option<i64>, bound| ProgressRecord {
        seconds,
        goal,
        objective: people.map(Hundredths::whole),
        bound: Some(Hundredths::whole(bound)),
    };
    let record = ResultRecord {
        schema_version: 1,
        maillage_version: "0.1.0".to_owned(),
        scenario: "essai".to_owned(),
        scenario_file: "../essai.json".to_owned(),
        title: titles("Essai : <b>deux</b> ouvertures", "Test: <b>two</b> openings"),
        problem: "siting".to_owned(),
        status: Status::Optimal,
        limit: None,
        objective: Some(Hundredths::whole(8500)),
        bound: Some(Hundredths::whole(8500)),
        gap: Some(0.0),
        goals: vec![
            goal("people-attached", "max", "people", 8500, Status::Optimal, 8500),
            goal("travel-time", "min", "person-min", 14_175, Status::Optimal, 14_175),
        ],
        cpu_seconds: Some(1.25),
        wall_seconds: 0.75,
        progress: vec![moment(0.25, 0, Some(8000), 8700), moment(0.5, 0, Some(8500), 8500)],
        peak_memory_mb: None,
        solver: SolverRecord {
            name: "HiGHS 1.15.0".to_owned(),
            threads: 1,
            gap: 0.0001,
            time_limit_s: Some(60.0),
        },
        seed: 7,
        inputs: vec![InputRecord { path: "communes.csv".to_owned(), bytes: 1234, sha256: "ab".repeat(32) }],
        territory: territory.name.clone(),
        travel: TravelRecord::new(&territory.travel, Hundredths::whole(30)),
        supply: SupplyQuality::Counted,
        supply_source: territory.supply_source.clone(),
        cost_eur: Some(Euros(1_020_000)),
        budget_eur: Some(Euros(1_500_000)),
        sites: vec![
            record_of(0, SiteStatus::Existing, None, 450, 4500, 0),
            record_of(2, SiteStatus::Opened, Some("msp-2"), 200, 2000, 900_000),
            record_of(1, SiteStatus::Extended, Some("centre-2"), 200, 2000, 120_000),
        ],
        programme: None,
        indicators: figures,
        clash: Vec::new(),
        unsourced: vec![titles("coût d'un poste : hypothèse", "cost of a post: assumption")],
        certificate: None,
        files: Vec::new(),
        seal: BTreeMap::new(),
    };
    let kind = |id: &str, form| StructureType {
        id: TypeId::new(id).expect("an identifier"),
        form,
        min_gps: 1,
        max_gps: 2,
        patients_per_gp: 1000,
        opening_eur: Euros(780_000),
        per_gp_eur: Euros(60_000),
    };
    let types = vec![kind("msp-2", StructureForm::Msp), kind("centre-2", StructureForm::Centre)];
    Sample {
        territory,
        record,
        assignments,
        people,
        access,
        candidates: vec![PlaceIx(1), PlaceIx(2), PlaceIx(3)],
        types,
        health: None,
    }
}

/// The same scenario as it stands when its rules clash.
pub fn infeasible() -> Sample {
    let mut s = sample();
    s.record.status = Status::Infeasible;
    (s.record.objective, s.record.bound, s.record.gap) = (None, None, None);
    s.record.goals.clear();
    s.record.cost_eur = None;
    s.record.sites.clear();
    s.record.indicators.clear();
    s.assignments.clear();
    let clash = |rule: &str, fr: &str, en: &str| Clash {
        rule: rule.to_owned(),
        pointer: format!("/limits/{rule}"),
        text: titles(fr, en),
    };
    s.record.clash = vec![
        clash("budget", "le budget est de 10 000 €", "the budget is €10,000"),
        clash("forced-site", "une structure doit ouvrir à Ville", "a structure must open in Ville"),
    ];
    s
}

/// The same territory under a plain location problem.
pub fn location(problem: &str, objective: i64, bound: i64) -> Sample {
    let mut s = sample();
    s.record.problem = problem.to_owned();
    s.record.objective = Some(Hundredths::whole(objective));
    s.record.bound = Some(Hundredths::whole(bound));
    s.record.status = if objective == bound { Status::Optimal } else { Status::WithinGap };
    s.record.goals.truncate(1);
    s.record.goals[0].sense = if problem == "max-cover" { "max" } else { "min" }.to_owned();
    (s.record.cost_eur, s.record.budget_eur) = (None, None);
    use IndicatorName::*;
    s.record
        .indicators
        .retain(|i| !matches!(i.indicator, PeopleAttached | PeopleUnattached | MinutesAttachedMean | Gps));
    for site in &mut s.record.sites {
        (site.gps, site.capacity, site.structure_type) = (Hundredths(0), None, None);
    }
    s.types.clear();
    s
}
