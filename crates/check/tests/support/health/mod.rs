//! A small health programme of two years and two futures, its plan and every figure worked out by hand.

pub mod result;

use super::{place, site_id, travel};
use maillage_input::Text;
use maillage_programme::health::*;
use maillage_programme::*;
use maillage_territory::{AreaKind, Fte, Minutes, Persons, PlaceIx, Territory, TypeId};
use std::collections::BTreeMap;

/// Communes A, B (one inter-municipal body) and C: A–B 8 min, B–C 12, A–C 18.
pub const A: PlaceIx = PlaceIx(0);
pub const B: PlaceIx = PlaceIx(1);
pub const C: PlaceIx = PlaceIx(2);
/// An MSP that may open at B with a second address at A; the practice of A; an outreach room that may open at C; the
/// centre of C.
pub const MSP: SiteIx = SiteIx(0);
pub const PRACTICE: SiteIx = SiteIx(1);
pub const ROOM: SiteIx = SiteIx(2);
pub const CENTRE: SiteIx = SiteIx(3);
const IDS: [&str; 4] = ["c-01002", "p-01001", "s-01003", "x-01003"];

fn fte(hundredths: u32) -> Fte {
    Fte::from_hundredths(hundredths)
}

fn text(word: &str) -> Text {
    Text::new(word, word)
}

pub fn territory() -> Territory {
    let places = vec![
        place("01001", Some("E1"), true, 1500),
        place("01002", Some("E1"), true, 900),
        place("01003", Some("E2"), true, 1200),
    ];
    let times = travel(3, &[(0, 1, 800), (1, 2, 1200), (0, 2, 1800)]);
    Territory::from_parts("Bresse", places, times).unwrap()
}

fn types() -> Vec<HealthType> {
    let post = |profession, mode, step| PostKind {
        profession: ProfessionIx(profession),
        mode,
        step: fte(step),
        least: fte(100),
        most: fte(200),
        rooms: 100,
        list: 0,
        acts: 0,
        ramp: vec![],
        attrition_percent: 0,
        capital: Euros(0),
        yearly: Euros(0),
        income: Euros(0),
    };
    let kind = |id: &str, kind, rooms, posts| HealthType {
        id: TypeId::new(id).unwrap(),
        name: text(id),
        kind,
        posts,
        rooms,
        area_m2: 100,
        hours_week: 40,
        unscheduled_week: 5,
        capital: Euros(0),
        yearly: Euros(0),
        income: Euros(0),
        lead: None,
        sessions: None,
        attracts: vec![],
        interns: false,
    };
    let gp = PostKind {
        most: fte(300),
        list: 1000,
        acts: 4000,
        ramp: vec![50, 100],
        attrition_percent: 10,
        capital: Euros(10_000),
        yearly: Euros(20_000),
        income: Euros(15_000),
        ..post(0, Mode::SelfEmployed, 50)
    };
    let nurse = PostKind {
        rooms: 50,
        capital: Euros(5_000),
        income: Euros(4_000),
        ..post(1, Mode::SelfEmployed, 100)
    };
    let salaried = PostKind {
        list: 900,
        acts: 3600,
        capital: Euros(8_000),
        yearly: Euros(110_000),
        income: Euros(80_000),
        ..post(0, Mode::Salaried, 100)
    };
    let lead = LeadRule { types: vec![HealthTypeIx(0)], practices: true, within: Minutes::whole(15) };
    let sessions =
        SessionRule { most: 4, list: 60, lead_list: 80, acts: 200, lead_acts: 250, most_percent: 20 };
    vec![
        HealthType {
            capital: Euros(400_000),
            yearly: Euros(30_000),
            income: Euros(6_000),
            attracts: vec![(PoolIx(0), fte(50))],
            interns: true,
            ..kind("msp", StructureKind::Msp, 400, vec![gp, nurse])
        },
        HealthType {
            capital: Euros(20_000),
            yearly: Euros(5_000),
            lead: Some(lead),
            sessions: Some(sessions),
            ..kind("room", StructureKind::Outreach, 100, vec![])
        },
        HealthType {
            yearly: Euros(40_000),
            income: Euros(10_000),
            ..kind("centre", StructureKind::Centre, 200, vec![salaried])
        },
    ]
}

fn sites() -> Vec<HealthSite> {
    let candidate =
        |kind, from, committed| Standing::Candidate { types: vec![HealthTypeIx(kind)], from, committed };
    let settled = Commitment { kind: Some(HealthTypeIx(0)), by: 1 };
    let centre = Existing { kind: HealthTypeIx(2), posts: vec![fte(100)], may_close: false };
    let all = [
        (vec![B, A], candidate(0, 1, Some(settled))),
        (vec![A], Standing::Practice),
        (vec![C], candidate(1, 2, None)),
        (vec![C], Standing::Existing(centre)),
    ];
    let site = |(id, (addresses, standing)): (&str, (Vec<PlaceIx>, Standing))| HealthSite {
        id: site_id(id),
        addresses,
        standing,
    };
    IDS.into_iter().zip(all).map(site).collect()
}

/// The State gives 30 % and 5 points for each room beyond two, at most 8 points, of at most 300,000: 38 % of 300,000
/// = 114,000, at most 110,000, and 15,000 besides: 125,000. The region gives half of any capital.
fn funders() -> Vec<Funder> {
    let half = FundingRule {
        types: vec![],
        places: Places::All,
        least_posts: 0,
        rate_bp: 5_000,
        rate_more_bp: 0,
        rooms_from: 0,
        rate_more_most_bp: 0,
        base_cap: None,
        cap: None,
        fixed: Euros(0),
        yearly: Euros(0),
    };
    let msp = FundingRule {
        types: vec![HealthTypeIx(0)],
        least_posts: 200,
        rate_bp: 3_000,
        rate_more_bp: 500,
        rooms_from: 2,
        rate_more_most_bp: 800,
        base_cap: Some(Euros(300_000)),
        cap: Some(Euros(110_000)),
        fixed: Euros(15_000),
        yearly: Euros(2_000),
        ..half.clone()
    };
    let funder =
        |id: &str, rule, envelope| Funder { id: id.into(), name: text(id), rules: vec![rule], envelope };
    let limited =
        Envelope { by_year: vec![Some(Euros(100_000)), Some(Euros(50_000))], total: Some(Euros(120_000)) };
    vec![funder("state", msp, limited), funder("region", half, Envelope::default())]
}

fn rules() -> Vec<HealthRule> {
    let (gp, nurse, msp, centre) = (ProfessionIx(0), ProfessionIx(1), HealthTypeIx(0), HealthTypeIx(2));
    vec![
        HealthRule::Count {
            places: Places::All,
            types: vec![msp],
            what: CountWhat::Open,
            least: Some(1),
            most: Some(1),
            years: (1, 2),
        },
        HealthRule::Exclusive { sites: vec![MSP, ROOM], most: 2 },
        // B–C: 12 min.
        HealthRule::Spacing { types: vec![msp, centre], least: Minutes::whole(12) },
        HealthRule::Coverage {
            places: Places::All,
            types: vec![],
            practices: true,
            within: Minutes::whole(10),
            percent: 100,
            years: (1, 2),
        },
        // Opened 2.5 in year 1; filled at most 2.35 + 1 in year 2.
        HealthRule::Posts {
            places: Places::All,
            types: vec![],
            professions: vec![gp],
            least: Some(250),
            most: Some(335),
            years: (1, 2),
        },
        // One nurse for 1.5 to 2.5 GPs: 100 · 100 ≥ 42 · 235 = 9,870 and 100 · 100 ≤ 67 · 150 = 10,050.
        HealthRule::Ratio {
            types: vec![msp],
            of: vec![nurse],
            per: vec![gp],
            least: Some(42),
            most: Some(67),
        },
        // 2,100 of 3,700 in the slow future's year 2: 56.7 %.
        HealthRule::Attached { places: Places::All, percent: 56, years: (1, 2) },
    ]
}

fn goals() -> Vec<Seek> {
    let term = |weight, goal| GoalTerm { weight, goal };
    let alone = |goal| Seek { terms: vec![term(1, goal)], tolerance_bp: 0 };
    let sum = [term(1, HealthGoal::PeopleWithin(Minutes::whole(10))), term(100, HealthGoal::Sites)];
    vec![
        alone(HealthGoal::PeopleAttached),
        alone(HealthGoal::Cost),
        Seek { terms: sum.to_vec(), tolerance_bp: 100 },
        alone(HealthGoal::TravelTime),
        alone(HealthGoal::AplWorstTenth),
        alone(HealthGoal::PeopleUnderApl(250)),
        alone(HealthGoal::Balance(AreaKind::Epci)),
        alone(HealthGoal::PeopleNearDuty),
    ]
}

fn future(
    id: &str,
    probability_percent: u8,
    ramp_percent: u8,
    refused: Vec<SiteIx>,
    last: Practice,
) -> Future {
    let practice = |gps, list, acts| Practice { gps: fte(gps), list: Persons(list), acts };
    let years = vec![practice(200, 1600, 8000), practice(150, 1200, 6000), last];
    let practices = BTreeMap::from([(PRACTICE, years)]);
    Future { id: id.into(), probability_percent, pool_percent: 100, ramp_percent, refused, practices }
}

pub fn programme() -> Health {
    let profession = |id: &str, rank| Profession { id: id.into(), name: text(id), rank };
    let pool = |id: &str, profession, by_year: [u32; 2], carry_over| Pool {
        id: id.into(),
        profession: ProfessionIx(profession),
        mode: None,
        places: Places::All,
        by_year: by_year.map(fte).to_vec(),
        carry_over,
    };
    let lever = Lever {
        id: "housing".into(),
        name: text("housing"),
        capital: Euros(10_000),
        yearly: Euros(1_000),
        from: 1,
        by: Some(2),
        delay: 1,
        adds: vec![(PoolIx(0), fte(50))],
    };
    let duty = Duty {
        types: vec![HealthTypeIx(0)],
        people_within: Minutes::whole(10),
        volunteers_within: Minutes::whole(10),
        participation_percent: 50,
        least_volunteers: fte(167),
        max_points: 1,
        fixed: vec![C],
    };
    let people = |b: u64| [1500, b, 1200].map(Persons).to_vec();
    let central = Practice { gps: fte(100), list: Persons(800), acts: 4000 };
    let slow = Practice { gps: fte(50), list: Persons(400), acts: 2000 };
    Health {
        years: 2,
        first_year: 2026,
        professions: vec![profession("gp", Rank::Gp), profession("nurse", Rank::Carer)],
        types: types(),
        sites: sites(),
        people: vec![people(900), people(900), people(1000)],
        max_time: Minutes::whole(15),
        behaviour: Behaviour::Fill,
        attachments_kept: true,
        pools: vec![pool("gps", 0, [150, 100], true), pool("nurses", 1, [100, 0], false)],
        levers: vec![lever],
        funders: funders(),
        grants_ceiling_percent: 80,
        owner: Envelope { by_year: vec![Some(Euros(223_500)), None], total: Some(Euros(339_250)) },
        rules: rules(),
        duty: Some(duty),
        goals: goals(),
        outlook: Outlook::Expected,
        futures: vec![future("central", 60, 100, vec![], central), future("slow", 40, 50, vec![ROOM], slow)],
        access: Some(AccessBasis {
            inhabitants: [1600, 1000, 1300].map(Persons).to_vec(),
            standard_people: vec![160_000, 100_000, 130_000],
            known: vec![true; 3],
            acts_per_gp: 4000,
        }),
    }
}
