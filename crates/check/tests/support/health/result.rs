//! The plan, and every figure of it worked out by hand.

use super::{A, B, C, CENTRE, IDS, MSP, PRACTICE, ROOM, fte, programme, territory};
use crate::support::{self, Case, site_id};
use maillage_programme::health::*;
use maillage_programme::*;
use maillage_territory::{Minutes, Persons, PlaceId, PlaceIx, Territory, TypeId};
use std::collections::BTreeMap;

/// Posts: 1.5 GPs and a nurse at the MSP in year 1; in year 2 one GP more, half a GP in the slow future.
///
/// Half a GP in the year of hiring (ramp 50 %): list 0.5 · 1000 · 0.5 = 250, acts 1000. A year later 0.45 are left
/// (attrition 10 %), mature: list 450, acts 1800. In the slow future lists and acts are half of that.
///
/// * central: 3 · 250 = 750, 3 · 1000 = 3000; then 3 · 450 + 2 · 250 = 1850, 3 · 1800 + 2 · 1000 = 7400, filled
///   3 · 0.45 + 1 = 2.35
/// * slow: 375, 1500; then 3 · 225 + 125 = 800, 3 · 900 + 500 = 3200, filled 1.35 + 0.5 = 1.85
fn posts(slow: bool) -> Vec<PostRecord> {
    let row = |year, site: SiteIx, profession: &str, mode, [hired, opened, filled]: [i64; 3], list, acts| {
        PostRecord {
            year,
            site_id: site_id(IDS[site.0 as usize]),
            profession: profession.into(),
            mode,
            hired: Hundredths(hired),
            opened: Hundredths(opened),
            filled: Hundredths(filled),
            list,
            acts,
        }
    };
    let free = Mode::SelfEmployed;
    let gps = if slow {
        [
            row(2026, MSP, "gp", free, [150, 150, 150], 375, 1500),
            row(2027, MSP, "gp", free, [50, 200, 185], 800, 3200),
        ]
    } else {
        [
            row(2026, MSP, "gp", free, [150, 150, 150], 750, 3000),
            row(2027, MSP, "gp", free, [100, 250, 235], 1850, 7400),
        ]
    };
    let mut rows = gps.to_vec();
    for year in [2026, 2027] {
        let hired = if year == 2026 { 100 } else { 0 };
        rows.push(row(year, MSP, "nurse", free, [hired, 100, 100], 0, 0));
        rows.push(row(year, CENTRE, "gp", Mode::Salaried, [0, 100, 100], 900, 3600));
    }
    rows
}

/// Money. Year 1, both futures:
///
/// * capital of the MSP 400,000: the State 125,000 by its rules, of which its envelope of 100,000 leaves 98,000 after
///   2,000 for running; the region half, 200,000, cut to 195,000 by the ceiling (80 % = 320,000 − 125,000)
/// * equipment: 3 · 5,000 + 5,000 = 20,000
/// * running: 30,000 + 1.5 · 20,000 = 60,000; income 6,000 + 1.5 · 15,000 + 4,000 = 32,500
/// * the centre: 40,000 + 110,000; income 10,000 + 80,000
///
/// Year 2: filled 2.35 GPs (1.85 in the slow future): running 30,000 + 47,000 (37,000), income 6,000 + 35,250
/// (27,750) + 4,000; the room: 20,000, half of it from the region, and 5,000 a year; not in the slow future.
fn money(slow: bool) -> Vec<MoneyRecord> {
    let row = |year, what: &str, of: &str, payer: &str, euros| MoneyRecord {
        year,
        what: what.into(),
        of: of.into(),
        payer: payer.into(),
        euros: Euros(euros),
    };
    let mut rows = vec![
        row(2026, "capital", IDS[0], "state", 98_000),
        row(2026, "capital", IDS[0], "region", 195_000),
        row(2026, "capital", IDS[0], "owner", 107_000),
        row(2026, "equipment", IDS[0], "owner", 20_000),
        row(2026, "running", IDS[0], "income", 32_500),
        row(2026, "running", IDS[0], "state", 2_000),
        row(2026, "running", IDS[0], "owner", 25_500),
        row(2026, "running", IDS[3], "income", 90_000),
        row(2026, "running", IDS[3], "owner", 60_000),
        row(2026, "lever", "housing", "owner", 11_000),
        row(2027, "equipment", IDS[0], "owner", if slow { 5_000 } else { 10_000 }),
        row(2027, "running", IDS[0], "income", if slow { 37_750 } else { 45_250 }),
        row(2027, "running", IDS[0], "state", 2_000),
        row(2027, "running", IDS[0], "owner", if slow { 27_250 } else { 29_750 }),
        row(2027, "running", IDS[3], "income", 90_000),
        row(2027, "running", IDS[3], "owner", 60_000),
        row(2027, "lever", "housing", "owner", 1_000),
    ];
    if !slow {
        rows.push(row(2027, "capital", IDS[2], "region", 10_000));
        rows.push(row(2027, "capital", IDS[2], "owner", 10_000));
        rows.push(row(2027, "running", IDS[2], "owner", 5_000));
    }
    rows
}

/// Pools. Year 2 offers 1 GP, 0.5 by the lever started a year before and 0.5 by the MSP open a year before; nothing was
/// left of year 1.
fn pools(slow: bool) -> Vec<PoolRecord> {
    let row = |year, pool: &str, offered, taken| PoolRecord {
        year,
        pool: pool.into(),
        offered: Hundredths(offered),
        taken: Hundredths(taken),
    };
    vec![
        row(2026, "gps", 150, 150),
        row(2027, "gps", 200, if slow { 50 } else { 100 }),
        row(2026, "nurses", 100, 100),
        row(2027, "nurses", 0, 0),
    ]
}

fn section(territory: &Territory) -> HealthRecord {
    let codes =
        |places: &[PlaceIx]| places.iter().map(|p| territory.place(*p).id.clone()).collect::<Vec<PlaceId>>();
    let structure = |site: SiteIx, kind: &str, status, places: &[PlaceIx], opens, lead: Option<SiteIx>| {
        HealthSiteRecord {
            site_id: site_id(IDS[site.0 as usize]),
            structure_type: TypeId::new(kind).unwrap(),
            status,
            addresses: codes(places),
            opens,
            closes: None,
            lead: lead.map(|l| site_id(IDS[l.0 as usize])),
        }
    };
    let session = SessionRecord { year: 2027, site_id: site_id(IDS[2]), lead: site_id(IDS[0]), sessions: 3 };
    let future = |id: &str, probability_percent, slow| FutureRecord {
        future: id.into(),
        probability_percent,
        posts: posts(slow),
        sessions: if slow { vec![] } else { vec![session.clone()] },
        money: money(slow),
        pools: pools(slow),
    };
    let order = |site: SiteIx, person_years, gp_years| OrderRecord {
        site_id: site_id(IDS[site.0 as usize]),
        person_years,
        gp_years: Hundredths(gp_years),
        per_gp_year: Hundredths::ratio(u128::from(person_years) * 100, u128::from(gp_years as u64)),
    };
    HealthRecord {
        years: vec![2026, 2027],
        structures: vec![
            structure(MSP, "msp", SiteStatus::Opened, &[B, A], Some(2026), None),
            // The practice of A is 18 min away, the MSP 12 min from its address at B.
            structure(ROOM, "room", SiteStatus::Opened, &[C], Some(2027), Some(MSP)),
            structure(CENTRE, "centre", SiteStatus::Existing, &[C], None, None),
        ],
        levers: vec![LeverRecord { lever: "housing".into(), starts: 2026 }],
        // GPs of the last year: half of 1 within 8 min and half of 2.35 there: 0.5 + 1.17 = 1.67 volunteers.
        duty: vec![site_id(IDS[0])],
        futures: vec![future("central", 60, false), future("slow", 40, true)],
        worth: vec![WorthRecord {
            pool: "gps".into(),
            year: 2027,
            site_id: Some(site_id(IDS[0])),
            person_years: 200,
        }],
        order: vec![order(MSP, 2360, 385), order(ROOM, 180, 0)],
        delay: vec![DelayRecord { site_id: site_id(IDS[0]), person_years: 750 }],
    }
}

type Rows = Vec<(State, Option<&'static str>, u16, PlaceIx, SiteIx, u64, u32)>;

/// Who is on which list. Today 1600 on the practice of A, 900 at the centre. Of those on the practice's list, 1200 /
/// 1600 stay in year 1 and 800 / 1600 in year 2 (400 / 1600 in the slow future); at the centre all stay.
///
/// The MSP holds 750, then 1850 less 3 sessions · 80 = 1610, and the room 3 · 60 = 180; in the slow future 375 and 800.
pub fn rows() -> Rows {
    use State::{After, Before};
    let mut rows: Rows = vec![
        (Before, None, 2025, A, PRACTICE, 1400, 0),
        (Before, None, 2025, B, PRACTICE, 200, 800),
        (Before, None, 2025, C, CENTRE, 900, 0),
    ];
    for (future, second) in [("central", (700, 100)), ("slow", (350, 50))] {
        for (year, (a, b)) in [(2026, (1050, 150)), (2027, second)] {
            for state in [Before, After] {
                rows.push((state, Some(future), year, A, PRACTICE, a, 0));
                rows.push((state, Some(future), year, B, PRACTICE, b, 800));
                rows.push((state, Some(future), year, C, CENTRE, 900, 0));
            }
        }
    }
    rows.extend([
        (After, Some("central"), 2026, A, MSP, 250, 0),
        (After, Some("central"), 2026, B, MSP, 500, 0),
        (After, Some("central"), 2027, A, MSP, 800, 0),
        (After, Some("central"), 2027, B, MSP, 800, 0),
        (After, Some("central"), 2027, C, MSP, 10, 1200),
        (After, Some("central"), 2027, C, ROOM, 180, 0),
        (After, Some("slow"), 2026, A, MSP, 200, 0),
        (After, Some("slow"), 2026, B, MSP, 175, 0),
        (After, Some("slow"), 2027, A, MSP, 500, 0),
        (After, Some("slow"), 2027, B, MSP, 300, 0),
    ]);
    rows
}

pub fn csv(territory: &Territory) -> String {
    let mut csv = "scenario,state,from_id,site_id,people,minutes,year,future\n".to_owned();
    for (state, future, year, from, site, people, minutes) in rows() {
        let (from, site) = (&territory.place(from).id, IDS[site.0 as usize]);
        let minutes = Minutes::from_hundredths(minutes);
        let (state, future) = (state.as_str(), future.unwrap_or(""));
        csv += &format!("essai,{state},{from},{site},{people},{minutes},{year},{future}\n");
    }
    csv
}

fn sites_of_result(territory: &Territory) -> Vec<SiteRecord> {
    let row = |site: SiteIx, at: PlaceIx, status, kind: Option<&str>, gps, capacity, cost| SiteRecord {
        site_id: site_id(IDS[site.0 as usize]),
        code_commune: territory.place(at).id.clone(),
        name: territory.place(at).name.clone(),
        status,
        structure_type: kind.map(|k| TypeId::new(k).unwrap()),
        gps: Hundredths(gps),
        capacity: Some(capacity),
        attached: capacity,
        cost_eur: Euros(cost),
    };
    vec![
        // 400,000 + 20,000 + 10,000 + (60,000 − 32,500) + (77,000 − 45,250).
        row(MSP, B, SiteStatus::Opened, Some("msp"), 235, 1610, 489_250),
        row(PRACTICE, A, SiteStatus::Existing, None, 100, 800, 0),
        row(ROOM, C, SiteStatus::Opened, Some("room"), 0, 180, 25_000),
        row(CENTRE, C, SiteStatus::Existing, Some("centre"), 100, 900, 120_000),
    ]
}

/// GPs in hundredths and acts of a place with an open site.
type Offer = Option<(u32, u64)>;

/// GPs in hundredths and acts at A, B and C in the two years, before and after. The MSP's 1.5 GPs and 3000 acts are
/// split in two, then 2.35 into 1.18 at B, its main address, and 1.17; of its 7400 acts in year 2, 3 · 250 leave B for
/// 3 · 200 more at C.
const OPEN: [[[Offer; 3]; 2]; 2] = [
    [[Some((150, 6000)), None, Some((100, 3600))], [Some((225, 7500)), Some((75, 1500)), Some((100, 3600))]],
    [[Some((100, 4000)), None, Some((100, 3600))], [Some((217, 7700)), Some((118, 2950)), Some((100, 4200))]],
];

fn indicators_of(territory: &Territory, health: &Health) -> Vec<Indicator> {
    let mut out = Vec::new();
    for (i, year) in [2026u16, 2027].into_iter().enumerate() {
        let places = |s: usize| (0..).map(PlaceIx).zip(OPEN[i][s]).filter_map(|(p, o)| o.map(|o| (p, o)));
        let open = [0, 1].map(|s| places(s).map(|(p, (gps, _))| (p, fte(gps))).collect::<BTreeMap<_, _>>());
        let acts = [0, 1].map(|s| places(s).map(|(p, (_, n))| (p, n * 100)).collect::<BTreeMap<_, _>>());
        let states = [State::Before, State::After];
        let of = |state| {
            let here = rows().into_iter().filter(move |r| (r.0, r.1, r.2) == (state, Some("central"), year));
            let trip = |r: (_, _, _, PlaceIx, SiteIx, u64, u32)| Assignment {
                from: r.3,
                site: r.4,
                people: Persons(r.5),
                minutes: Minutes::from_hundredths(r.6),
            };
            here.map(trip).collect::<Vec<_>>()
        };
        let attached = states.map(of);
        let snapshot = |s: usize| Snapshot {
            state: states[s],
            year: Some(year),
            acts: &acts[s],
            open: &open[s],
            attached: Some(&attached[s]),
        };
        let snapshots = [snapshot(0), snapshot(1)];
        out.extend(indicators(territory, &health.people[i + 1], health.access.as_ref(), &snapshots));
    }
    out
}

/// The goals, in hundredths: 60 · central + 40 · slow.
fn goals_of_result() -> Vec<GoalRecord> {
    let goal = |name, sense, unit, value| support::goal(name, sense, unit, Status::Optimal, value, value);
    vec![
        // 2850 + 3490 = 6340 and 2475 + 2100 = 4575.
        goal("people-attached", "max", "person-years", 60 * 6340 + 40 * 4575),
        // Owners 223,500 + 115,750 and 223,500 + 93,250; the State 102,000; the region 205,000 and 195,000.
        goal("cost", "min", "eur", 60 * 646_250 + 40 * 613_750),
        // Everyone, 3600 + 3700, less 100 · 2.
        goal("people-within-10+100*sites", "max", "weighted", 100 * 7100),
        // (150 + 100) · 8 + 10 · 12 min and (150 + 50) · 8 min.
        goal("travel-time", "min", "person-min/100", 60 * 212_000 + 40 * 160_000),
        // Around A, B, C in sixths of hundredths: 1,820,000, 2,080,000, 1,500,000. Central acts 7700, 2950, 4200:
        // rates 2.538461538, 0.850961538, 1.68; C has least: (2 · 2.538… + 4 · 0.850… + 6 · 1.68) / 6 = 3.093461.
        // Slow acts 3600, 1600, 3600: rates 1.186813186, 0.461538461, 1.44; A has least:
        // (6 · 1.186… + 6 · 0.461… + 2 · 1.44) / 6 = 2.128351. A tenth of 3900 people is 390.
        goal("apl-worst-tenth", "max", "person-acts/1000000", 390 * (60 * 3_093_461 + 40 * 2_128_351)),
        // Slow: A 2.128351 and C 2.143296, B 2.608351; central none.
        goal("people-under-apl-2.5", "min", "people", 40 * (1600 + 1300)),
        // Central: E2 110 of 1200 = 916.7; slow: E1 1300 of 2500 = 5200.
        goal("balance-epci", "min", "per-10000", 60 * 917 + 40 * 5200),
        // C by the fixed point, A and B by the MSP.
        goal("people-near-duty", "max", "people", 100 * 3700),
    ]
}

/// The right result.
pub fn case() -> Case {
    let (territory, health) = (territory(), programme());
    let mut record = support::record(&territory, "programme", health.max_time, goals_of_result());
    record.cost_eur = Some(Euros(646_250));
    record.budget_eur = health.owner.total;
    record.sites = sites_of_result(&territory);
    record.indicators = indicators_of(&territory, &health);
    record.programme = Some(section(&territory));
    let csv = csv(&territory);
    support::case(territory, Task::Health(Box::new(health)), &record, csv)
}
