//! A health programme of two years and two futures, by hand.

use super::*;
use maillage_programme::health::{
    Behaviour, DelayRecord, Envelope, Existing, Funder, Future, FutureRecord, Health, HealthRecord,
    HealthSite, HealthSiteRecord, HealthType, HealthTypeIx, Lever, LeverRecord, Mode, MoneyRecord,
    OrderRecord, Outlook, Places, Pool, PoolRecord, PostKind, PostRecord, Practice, Profession, ProfessionIx,
    Rank, SessionRecord, SessionRule, Standing, StructureKind, WorthRecord,
};

fn gp(list: u32, acts: u32) -> PostKind {
    PostKind {
        profession: ProfessionIx(0),
        mode: Mode::Salaried,
        step: Fte::whole(1),
        least: Fte::whole(0),
        most: Fte::whole(4),
        rooms: 100,
        list,
        acts,
        ramp: Vec::new(),
        attrition_percent: 0,
        capital: Euros(0),
        yearly: Euros(0),
        income: Euros(0),
    }
}

fn kind(id: &str, name: &str, posts: Vec<PostKind>, sessions: Option<SessionRule>) -> HealthType {
    HealthType {
        id: TypeId::new(id).unwrap(),
        name: titles(name, &format!("{name}, in English")),
        kind: StructureKind::Centre,
        posts,
        rooms: 400,
        area_m2: 1200,
        hours_week: 50,
        unscheduled_week: 6,
        capital: Euros(900_000),
        yearly: Euros(0),
        income: Euros(0),
        lead: None,
        sessions,
        attracts: Vec::new(),
        interns: false,
    }
}

/// Practices at 42001 (3 GPs left in the last year), a pôle at 42002 and 42004 that grows, a centre that opens at 42003.
fn programme() -> Health {
    let session =
        SessionRule { most: 10, list: 60, lead_list: 80, acts: 200, lead_acts: 300, most_percent: 50 };
    let practice =
        |gps: u32, acts| Practice { gps: Fte::whole(gps), list: Persons(u64::from(gps) * 1000), acts };
    let future = |id: &str, p, refused| Future {
        id: id.to_owned(),
        probability_percent: p,
        pool_percent: 100,
        ramp_percent: 100,
        refused,
        practices: BTreeMap::from([(
            SiteIx(0),
            vec![practice(5, 20_000), practice(4, 16_000), practice(3, 12_000)],
        )]),
    };
    let list = |id: &str, addresses: &[u32], standing| HealthSite {
        id: site(id),
        addresses: addresses.iter().map(|p| PlaceIx(*p)).collect(),
        standing,
    };
    let stands = Existing { kind: HealthTypeIx(1), posts: vec![Fte::whole(1)], may_close: false };
    let opens = Standing::Candidate { types: vec![HealthTypeIx(0)], from: 1, committed: None };
    let people: Vec<Persons> = sample().people;
    Health {
        years: 2,
        first_year: 2026,
        professions: vec![
            Profession { id: "gp".into(), name: titles("médecins", "doctors"), rank: Rank::Gp },
            Profession { id: "nurse".into(), name: titles(EVIL, EVIL), rank: Rank::Carer },
        ],
        types: vec![
            kind("centre-4", EVIL, vec![gp(1000, 4000)], Some(session)),
            kind("pole-2", "pôle", vec![gp(1000, 4001)], None),
        ],
        sites: vec![
            list("cabinet-42001", &[0], Standing::Practice),
            list("candidat-42003", &[2], opens),
            list("pole", &[1, 3], Standing::Existing(stands)),
        ],
        people: vec![people.clone(), people.clone(), people],
        max_time: Minutes::whole(30),
        behaviour: Behaviour::Fill,
        attachments_kept: false,
        pools: vec![Pool {
            id: "mg".into(),
            profession: ProfessionIx(0),
            mode: None,
            places: Places::All,
            by_year: vec![Fte::whole(2), Fte::whole(2)],
            carry_over: false,
        }],
        levers: vec![Lever {
            id: "internat".into(),
            name: titles("maison des internes <b>", "intern house <b>"),
            capital: Euros(50_000),
            yearly: Euros(0),
            from: 1,
            by: None,
            delay: 0,
            adds: Vec::new(),
        }],
        funders: vec![
            Funder {
                id: "dsil".into(),
                name: titles("DSIL", "DSIL"),
                rules: vec![],
                envelope: Envelope::default(),
            },
            Funder {
                id: "ars".into(),
                name: titles(EVIL, EVIL),
                rules: vec![],
                envelope: Envelope::default(),
            },
        ],
        grants_ceiling_percent: 80,
        owner: Envelope { by_year: Vec::new(), total: Some(Euros(500_000)) },
        rules: Vec::new(),
        duty: None,
        goals: Vec::new(),
        outlook: Outlook::Expected,
        futures: vec![future("central", 60, vec![]), future("bas", 40, vec![SiteIx(1)])],
        access: None,
    }
}

/// 2026 then 2027, in euros: what for, of what, who pays.
fn money() -> Vec<MoneyRecord> {
    let row = |year, what: &str, of: &str, payer: &str, euros| MoneyRecord {
        year,
        what: what.into(),
        of: of.into(),
        payer: payer.into(),
        euros: Euros(euros),
    };
    vec![
        row(2026, "capital", "candidat-42003", "ars", 300_000),
        row(2026, "capital", "candidat-42003", "dsil", 200_000),
        row(2026, "capital", "candidat-42003", "owner", 400_000),
        row(2026, "equipment", "candidat-42003", "owner", 20_000),
        row(2026, "running", "candidat-42003", "income", 120_000),
        row(2026, "running", "candidat-42003", "ars", 10_000),
        row(2026, "running", "candidat-42003", "owner", 20_000),
        row(2026, "lever", "internat", "owner", 50_000),
        row(2027, "running", "candidat-42003", "income", 330_000),
        row(2027, "running", "candidat-42003", "owner", -30_000),
    ]
}

fn futures() -> Vec<FutureRecord> {
    let post = |year, id: &str, profession: &str, hired: i64, filled: i64| PostRecord {
        year,
        site_id: site(id),
        profession: profession.into(),
        mode: Mode::Salaried,
        hired: Hundredths(hired),
        opened: Hundredths(filled + 10),
        filled: Hundredths(filled),
        list: 10 * filled as u64,
        acts: 40 * filled as u64 + 1,
    };
    let pool = |year, offered, taken| PoolRecord {
        year,
        pool: "mg".into(),
        offered: Hundredths::whole(offered),
        taken: Hundredths::whole(taken),
    };
    let central = FutureRecord {
        future: "central".into(),
        probability_percent: 60,
        posts: vec![
            post(2026, "candidat-42003", "gp", 100, 100),
            post(2026, "candidat-42003", "nurse", 50, 50),
            post(2026, "pole", "gp", 0, 100),
            post(2027, "candidat-42003", "gp", 100, 190),
            post(2027, "candidat-42003", "nurse", 0, 45),
            post(2027, "pole", "gp", 100, 200),
        ],
        sessions: vec![SessionRecord {
            year: 2027,
            site_id: site("candidat-42003"),
            lead: site("cabinet-42001"),
            sessions: 4,
        }],
        money: money(),
        pools: vec![pool(2026, 2, 1), pool(2027, 2, 2)],
    };
    let low = FutureRecord {
        future: "bas".into(),
        probability_percent: 40,
        posts: vec![post(2027, "pole", "gp", 100, 777)],
        sessions: Vec::new(),
        money: Vec::new(),
        pools: vec![pool(2026, 1, 1)],
    };
    vec![central, low]
}

/// Who is attached, in each year and future, as (from, site, people).
fn attached(year: u16, state: State, future: &str) -> Vec<(u32, u32, u64)> {
    match (year, state, future) {
        (2025, ..) => vec![(0, 0, 5000)],
        (2026, State::Before, _) => vec![(0, 0, 4000), (1, 2, 900)],
        (2026, State::After, "central") => vec![(0, 0, 4000), (1, 2, 900), (2, 1, 600)],
        (2027, State::Before, _) => vec![(0, 0, 3000), (1, 2, 1000)],
        (2027, State::After, "central") => vec![(0, 0, 3000), (1, 2, 2000), (2, 1, 1400), (3, 1, 300)],
        _ => vec![(1, 2, 2222)],
    }
}

pub fn health() -> Sample {
    let mut s = sample();
    let programme = programme();
    let ids = ["cabinet-42001", "candidat-42003", "pole"];
    let mut indicators = Vec::new();
    s.assignments.clear();
    for (year, state, future) in [
        (2025, State::Before, ""),
        (2026, State::Before, "central"),
        (2026, State::After, "central"),
        (2027, State::Before, "central"),
        (2027, State::After, "central"),
        (2026, State::Before, "bas"),
        (2026, State::After, "bas"),
        (2027, State::Before, "bas"),
        (2027, State::After, "bas"),
    ] {
        let rows: Vec<Assignment> = attached(year, state, future)
            .into_iter()
            .map(|(from, to, n)| Assignment {
                from: PlaceIx(from),
                site: SiteIx(to),
                people: Persons(n),
                minutes: Minutes::whole(0),
            })
            .collect();
        s.assignments.extend(rows.iter().map(|a| AssignmentRow {
            state,
            from_id: s.territory.place(a.from).id.clone(),
            site_id: site(ids[a.site.0 as usize]),
            people: a.people,
            minutes: a.minutes,
            year: Some(year),
            future: (!future.is_empty()).then(|| future.to_owned()),
        }));
        if future == "central" {
            let open = BTreeMap::from([(PlaceIx(0), Fte::whole(3)), (PlaceIx(1), Fte::whole(1))]);
            let acts = BTreeMap::new();
            let snapshot =
                Snapshot { state, year: Some(year), acts: &acts, open: &open, attached: Some(&rows) };
            indicators.extend(maillage_programme::indicators(&s.territory, &s.people, None, &[snapshot]));
        }
    }
    let structure =
        |id: &str, kind: &str, status, places: &[&str], opens, lead: Option<&str>| HealthSiteRecord {
            site_id: site(id),
            structure_type: TypeId::new(kind).unwrap(),
            status,
            addresses: places.iter().map(|p| PlaceId::new(p).unwrap()).collect(),
            opens,
            closes: None,
            lead: lead.map(site),
        };
    let r = &mut s.record;
    r.problem = "programme".into();
    r.status = Status::WithinGap;
    r.indicators = indicators;
    (r.cost_eur, r.budget_eur) = (Some(Euros(970_000)), Some(Euros(500_000)));
    // 5,500 + 6,700 = 12,200 person-years; the bound is 1 % above.
    (r.objective, r.bound) = (Some(Hundredths::whole(12_200)), Some(Hundredths::whole(12_322)));
    for (goal, name, sense, unit, value, bound) in [
        (0, "people-attached", "max", "person-years", 12_200, 12_322),
        (1, "cost", "min", "eur", 970_000, 970_000),
    ] {
        r.goals[goal].goal = name.into();
        r.goals[goal].sense = sense.into();
        r.goals[goal].unit = unit.into();
        r.goals[goal].status = if value == bound { Status::Optimal } else { Status::WithinGap };
        r.goals[goal].objective = Some(Hundredths::whole(value));
        r.goals[goal].bound = Some(Hundredths::whole(bound));
    }
    for (i, (status, kind, gps, people)) in [
        (SiteStatus::Existing, None, 300, 3000),
        (SiteStatus::Opened, Some("centre-4"), 190, 1700),
        (SiteStatus::Extended, Some("pole-2"), 200, 2000),
    ]
    .into_iter()
    .enumerate()
    {
        r.sites[i].status = status;
        r.sites[i].structure_type = kind.map(|k| TypeId::new(k).unwrap());
        (r.sites[i].gps, r.sites[i].attached) = (Hundredths(gps), people);
    }
    let worth = |year, id: Option<&str>, n| WorthRecord {
        pool: "mg".into(),
        year,
        site_id: id.map(site),
        person_years: n,
    };
    r.programme = Some(HealthRecord {
        years: vec![2026, 2027],
        structures: vec![
            structure(
                "candidat-42003",
                "centre-4",
                SiteStatus::Opened,
                &["42003"],
                Some(2026),
                Some("cabinet-42001"),
            ),
            structure("pole", "pole-2", SiteStatus::Extended, &["42002", "42004"], None, None),
        ],
        levers: vec![LeverRecord { lever: "internat".into(), starts: 2026 }],
        duty: vec![site("pole")],
        futures: futures(),
        worth: vec![worth(2026, Some("pole"), 850), worth(2027, None, 0)],
        order: vec![OrderRecord {
            site_id: site("candidat-42003"),
            person_years: 2300,
            gp_years: Hundredths(290),
            per_gp_year: Some(Hundredths(79_310)),
        }],
        delay: vec![DelayRecord { site_id: site("candidat-42003"), person_years: 610 }],
    });
    s.types.clear();
    s.health = Some(programme);
    s
}
