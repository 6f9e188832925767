//! Health programmes from JSON: what is read.
#![allow(clippy::unwrap_used, reason = "a test that panics fails")]

mod support;

use maillage_input::Lang;
use maillage_programme::health::{
    Behaviour, Commitment, CountWhat, Health, HealthGoal, HealthRule, HealthTypeIx, Mode, Outlook, Places,
    PoolIx, Practice, Rank, Standing, StructureKind,
};
use maillage_programme::{Euros, SiteIx, Task};
use maillage_scenario::{Loaded, schema};
use maillage_territory::{AreaKind, Fte, Minutes, Persons, PlaceIx};
use serde_json::{Value, json};
use support::{full, read};

fn health(scenario: &Value) -> Health {
    match read(scenario) {
        Ok((Loaded { task: Task::Health(health), .. }, _)) => *health,
        Ok(_) => panic!("not a programme"),
        Err(problems) => panic!("{}", problems.render(Lang::En)),
    }
}

fn site(health: &Health, id: &str) -> (SiteIx, Standing) {
    let (ix, s) = health.sites().find(|(_, s)| s.id.as_str() == id).unwrap_or_else(|| panic!("{id}"));
    (ix, s.standing.clone())
}

fn fte(x: u32) -> Fte {
    Fte::from_hundredths(x)
}

#[test]
fn a_full_programme_is_read_as_written() {
    let h = health(&full());
    assert_eq!((h.years, h.first_year, h.max_time), (3, 2027, Minutes::whole(30)));
    assert_eq!(
        h.professions.iter().map(|p| p.rank).collect::<Vec<_>>(),
        [Rank::Gp, Rank::Carer, Rank::Support]
    );
    assert_eq!(h.behaviour, Behaviour::Decay(vec![(Minutes::whole(10), 60), (Minutes::whole(20), 25)]));
    assert!(!h.attachments_kept);
    assert_eq!((h.grants_ceiling_percent, h.outlook), (70, Outlook::Worst));
    assert_eq!(h.owner.total, Some(Euros(3_000_000)));
    let ids: Vec<&str> = h.sites.iter().map(|s| s.id.as_str()).collect();
    let all = [
        "centre-deux",
        "new-42001",
        "new-42003",
        "new-42004",
        "pole-nord",
        "pole-x",
        "practice-42001",
        "practice-42003",
    ];
    assert_eq!(ids, all);
}

#[test]
fn people_grow_in_whole_numbers() {
    let h = health(&full());
    // 80 % of 3000, 1000, 2000, 500; then × 0.995, 0.990025, 0.985074875: 2400 → 2388, 2376.06, 2364.18.
    let of = |place: usize| h.people.iter().map(|p| p[place].0).collect::<Vec<_>>();
    assert_eq!(of(0), [2400, 2388, 2376, 2364]);
    // 800 → 796, 792.02, 788.06.
    assert_eq!(of(1), [800, 796, 792, 788]);
    // 400 → 398, 396.01, 394.03.
    assert_eq!(of(3), [400, 398, 396, 394]);
}

#[test]
fn practices_lose_gps_by_year() {
    let h = health(&full());
    let (un, _) = site(&h, "practice-42001");
    let (trois, _) = site(&h, "practice-42003");
    let practice =
        |gps: u32| Practice { gps: fte(gps), list: Persons(u64::from(gps) * 10), acts: u64::from(gps) * 50 };
    // 2.00; 0 % gone; 20 % gone and 0.50 more: 1.10; 50 % gone and 0.50 more: 0.50.
    assert_eq!(h.futures[0].practices[&un], [200, 200, 110, 50].map(practice));
    assert_eq!(h.futures[0].practices[&trois], [100, 100, 80, 50].map(practice));
    // 10, 40, 60 % gone, and 0.50 more from 2028 on: 1.80, 0.70, 0.30.
    assert_eq!(h.futures[1].practices[&un], [200, 180, 70, 30].map(practice));
    assert_eq!(
        (h.futures[1].pool_percent, h.futures[1].ramp_percent, h.futures[1].probability_percent),
        (50, 80, 25)
    );
    assert_eq!(h.futures[1].refused, [site(&h, "new-42001").0]);
    assert_eq!((h.futures[0].pool_percent, h.futures[0].ramp_percent), (100, 100));
}

#[test]
fn types_hold_what_is_said_of_them() {
    let h = health(&full());
    let [msp, centre, satellite, tele, pole] = &h.types[..] else { panic!() };
    assert_eq!(
        (msp.kind, msp.rooms, msp.area_m2, msp.hours_week, msp.unscheduled_week),
        (StructureKind::Msp, 600, 400, 50, 10)
    );
    assert_eq!(
        (msp.capital, msp.yearly, msp.income, msp.interns),
        (Euros(1_000_000), Euros(20_000), Euros(5_000), true)
    );
    assert_eq!(msp.attracts, [(PoolIx(0), fte(25))]);
    let gp = &msp.posts[0];
    assert_eq!((gp.step, gp.least, gp.most, gp.rooms, gp.list), (fte(100), fte(200), fte(400), 100, 1200));
    assert_eq!(
        (gp.acts, gp.attrition_percent, gp.capital),
        (5000, 5, Euros(8_000)),
        "acts of supply by default"
    );
    assert_eq!(gp.ramp, [40, 80, 100]);
    let nurse = &msp.posts[1];
    assert_eq!((nurse.step, nurse.least, nurse.rooms, nurse.list, nurse.acts), (fte(50), fte(100), 50, 0, 0));
    assert_eq!(
        (centre.posts[0].mode, centre.posts[0].acts, centre.posts[0].yearly),
        (Mode::Salaried, 4000, Euros(130_000))
    );
    assert_eq!(centre.rooms, 500, "3.5 × 1 + 1 × 1.5 rooms by default");
    let lead = satellite.lead.clone().unwrap();
    assert_eq!((lead.types, lead.practices, lead.within), (vec![HealthTypeIx(0)], true, Minutes::whole(20)));
    let s = satellite.sessions.unwrap();
    assert_eq!(
        (s.most, s.list, s.lead_list, s.acts, s.lead_acts, s.most_percent),
        (6, 90, 100, 400, 400, 30)
    );
    assert_eq!(tele.sessions.unwrap().most_percent, 20, "by default");
    assert_eq!(tele.sessions.unwrap().lead_list, 50, "as many by default");
    assert_eq!(pole.rooms, 200);
}

#[test]
fn sites_are_what_the_file_makes_of_them() {
    let h = health(&full());
    let types = |ix: &[u16]| ix.iter().map(|i| HealthTypeIx(*i)).collect::<Vec<_>>();
    let (pole_x, standing) = site(&h, "pole-x");
    let Standing::Existing(existing) = standing else { panic!() };
    assert_eq!((existing.kind, existing.posts, existing.may_close), (HealthTypeIx(4), vec![fte(125)], true));
    assert_eq!(h.site(pole_x).addresses, [PlaceIx(1), PlaceIx(2)], "both addresses of the structure");
    let Standing::Existing(existing) = site(&h, "centre-deux").1 else { panic!() };
    assert_eq!((existing.posts, existing.may_close), (vec![fte(0); 2], false));
    let candidate = |id: &str| match site(&h, id).1 {
        Standing::Candidate { types, from, committed } => (types, from, committed),
        other => panic!("{other:?}"),
    };
    assert_eq!(candidate("new-42001"), (types(&[1, 2]), 2, None));
    assert_eq!(candidate("new-42003"), (types(&[1, 2, 3]), 2, None), "two groups");
    let settled = |kind, by| Some(Commitment { kind: Some(HealthTypeIx(kind)), by });
    assert_eq!(candidate("new-42004"), (types(&[0]), 1, settled(0, 2)), "committed, no candidate otherwise");
    assert_eq!(candidate("pole-nord"), (types(&[4]), 2, settled(4, 3)));
    assert_eq!(h.site(site(&h, "pole-nord").0).addresses, [PlaceIx(3), PlaceIx(2)], "main address first");
}

#[test]
fn means_are_read() {
    let h = health(&full());
    assert_eq!(h.pools[0].by_year, [fte(400), fte(250), fte(100)]);
    assert_eq!(
        (h.pools[0].mode, h.pools[0].places.clone(), h.pools[0].carry_over),
        (None, Places::All, true)
    );
    // APL today, acts over people at 1, 2/3, 1/3: 42001 10000/(3000+1000+2000/3) = 2.14, 42003
    // 5000/(2000+1000·2/3+500+3000/3) = 1.2; so 42001 2.54, 42002 2.94, 42003 1.91, 42004 1.20.
    assert_eq!(h.pools[1].places, Places::Some(vec![PlaceIx(2), PlaceIx(3)]));
    let lever = &h.levers[0];
    assert_eq!((lever.from, lever.by, lever.delay, lever.yearly), (2, Some(3), 1, Euros(5_000)));
    assert_eq!(lever.adds, [(PoolIx(0), fte(100))]);
    let funder = &h.funders[0];
    assert_eq!(funder.envelope.by_year, [None, Some(Euros(250_000)), Some(Euros(250_000))]);
    let r = &funder.rules[0];
    assert_eq!(
        (r.rate_bp, r.rate_more_bp, r.rooms_from, r.rate_more_most_bp, r.least_posts),
        (1250, 250, 4, 1000, 300)
    );
    assert_eq!(
        (r.base_cap, r.cap, r.fixed, r.yearly),
        (Some(Euros(900_000)), Some(Euros(200_000)), Euros(10_000), Euros(3_000))
    );
    assert_eq!(r.places, Places::Some(vec![PlaceIx(0), PlaceIx(1), PlaceIx(2)]));
    let duty = h.duty.unwrap();
    assert_eq!((duty.fixed, duty.least_volunteers, duty.max_points), (vec![PlaceIx(2)], fte(80), 1));
}

#[test]
fn rules_and_goals_are_read() {
    let h = health(&full());
    let core = Places::Some(vec![PlaceIx(0), PlaceIx(1), PlaceIx(2)]);
    let msp = vec![HealthTypeIx(0)];
    let count = HealthRule::Count {
        places: core,
        types: vec![HealthTypeIx(1)],
        what: CountWhat::Open,
        least: Some(1),
        most: Some(2),
        years: (2, 3),
    };
    assert_eq!(h.rules[0], count);
    let sites = vec![site(&h, "new-42001").0, site(&h, "pole-nord").0];
    assert_eq!(h.rules[1], HealthRule::Exclusive { sites, most: 1 });
    assert_eq!(
        h.rules[2],
        HealthRule::Spacing { types: vec![HealthTypeIx(1)], least: Minutes::from_hundredths(1250) }
    );
    let HealthRule::Coverage { places, within, percent, years, practices, types } = &h.rules[3] else {
        panic!()
    };
    assert_eq!(*places, Places::Some(vec![PlaceIx(2)]), "in the core and scarce");
    assert_eq!(
        (*within, *percent, *years, *practices, types.len()),
        (Minutes::whole(15), 90, (3, 3), true, 0)
    );
    let HealthRule::Posts { places, professions, least, most, years, .. } = &h.rules[4] else { panic!() };
    assert_eq!(
        (places, professions.len(), *least, *most, *years),
        (&Places::All, 1, None, Some(750), (1, 3))
    );
    let HealthRule::Ratio { least, most, types, .. } = &h.rules[5] else { panic!() };
    assert_eq!((*least, *most, types), (Some(50), Some(200), &msp));
    let attached = HealthRule::Attached {
        places: Places::Some(vec![PlaceIx(0), PlaceIx(2)]),
        percent: 50,
        years: (1, 2),
    };
    assert_eq!(h.rules[6], attached);

    let names: Vec<String> = h.goals.iter().map(|g| g.name()).collect();
    let wanted = [
        "people-attached",
        "people-within-15",
        "people-under-apl-2.5",
        "balance-epci",
        "people-near-duty+3*cost",
        "apl-worst-tenth",
        "travel-time",
        "sites",
    ];
    assert_eq!(names, wanted);
    assert_eq!(h.goals.iter().map(|g| g.tolerance_bp).collect::<Vec<_>>(), [0, 50, 0, 0, 200, 0, 0, 0]);
    assert_eq!(h.goals[2].terms[0].goal, HealthGoal::PeopleUnderApl(250));
    assert_eq!(h.goals[3].terms[0].goal, HealthGoal::Balance(AreaKind::Epci));
}

#[test]
fn little_is_needed() {
    let mut scenario = full();
    scenario["problem"] = json!({
        "kind": "programme", "first_year": 2027, "years": 1, "max_min": 30, "goals": ["people-attached"]
    });
    let h = health(&scenario);
    assert_eq!(h.professions[0].id, "gp");
    assert_eq!(
        (h.futures.len(), h.futures[0].id.as_str(), h.futures[0].probability_percent),
        (1, "base", 100)
    );
    assert_eq!((h.behaviour, h.attachments_kept, h.grants_ceiling_percent), (Behaviour::Fill, true, 80));
    assert_eq!(h.people[1], h.people[0]);
    assert_eq!(h.sites.len(), 2);
    assert_eq!((h.owner.total, h.outlook), (None, Outlook::Expected));
}

#[test]
fn the_schema_has_programmes() {
    let schema = schema("scenario").unwrap();
    let text = schema.to_string();
    for word in [
        "\"const\":\"programme\"",
        "people_growth_percent_per_year",
        "grants_ceiling_percent",
        "\"const\":\"coverage\"",
    ] {
        assert!(text.contains(word), "{word}");
    }
}

#[test]
fn assumptions_are_said() {
    let (loaded, _) = read(&full()).map_err(|p| p.render(Lang::En)).unwrap();
    let said: Vec<&str> = loaded.assumptions.iter().map(|t| t.en.as_str()).collect();
    for word in ["attrition of recruits", "everyone may change GP", "accept a long trip", "probabilities"] {
        assert!(said.iter().any(|t| t.contains(word)), "{word} in {said:?}");
    }
}
