//! Renders a made-up plan of a real territory, to look at the page: nothing is solved here.
//!
//! `cargo run --release -p maillage-report --example roannais -- scenarios/roannais/territory.json OUT [fr|en]`

use maillage_input::{Lang, Text};
use maillage_programme::*;
use maillage_report::*;
use maillage_territory::{Fte, Minutes, Persons, PlaceIx, SiteId, Territory};
use std::collections::BTreeMap;
use std::path::Path;

/// People a GP lists, for the demonstration.
const LIST: u32 = 950;

/// A site of the demonstration.
struct Spot {
    id: SiteId,
    place: PlaceIx,
    gps: Fte,
    status: SiteStatus,
    kind: Option<usize>,
}

/// Nearest first, while lists have room.
fn attach(territory: &Territory, people: &[Persons], spots: &[Spot], max: Minutes) -> Vec<Assignment> {
    let mut room: Vec<u64> = spots.iter().map(|s| s.gps.people_at(LIST).0).collect();
    let mut left: Vec<u64> = people.iter().map(|p| p.0).collect();
    let mut trips: Vec<(Minutes, PlaceIx, usize)> = Vec::new();
    for (from, _) in territory.iter() {
        for (k, spot) in spots.iter().enumerate() {
            if let Some(t) = territory.travel.minutes(from, spot.place).filter(|t| *t <= max) {
                trips.push((t, from, k));
            }
        }
    }
    trips.sort();
    let mut out = Vec::new();
    for (minutes, from, k) in trips {
        let n = room[k].min(left[from.0 as usize]);
        if n > 0 {
            room[k] -= n;
            left[from.0 as usize] -= n;
            out.push(Assignment { from, site: SiteIx(k as u32), people: Persons(n), minutes });
        }
    }
    out.sort();
    out
}

fn open(spots: &[Spot]) -> BTreeMap<PlaceIx, Fte> {
    let mut open: BTreeMap<PlaceIx, Fte> = BTreeMap::new();
    for s in spots {
        let at = open.entry(s.place).or_default();
        *at = [*at, s.gps].into_iter().sum();
    }
    open
}

fn rows(territory: &Territory, spots: &[Spot], list: &[Assignment], state: State) -> Vec<AssignmentRow> {
    let row = |a: &Assignment| AssignmentRow {
        state,
        from_id: territory.place(a.from).id.clone(),
        site_id: spots[a.site.0 as usize].id.clone(),
        people: a.people,
        minutes: a.minutes,
    };
    list.iter().map(row).collect()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().collect();
    let [_, file, out, rest @ ..] = args.as_slice() else { return Err("TERRITORY.json OUT [fr|en]".into()) };
    let lang = if rest.first().is_some_and(|l| l == "en") { Lang::En } else { Lang::Fr };
    let (territory, _) = Territory::read(Path::new(file)).map_err(|p| format!("{p:?}"))?;
    let people: Vec<Persons> = territory.places.iter().map(|p| p.population).collect();
    let kind = |id: &str, form, max_gps, opening| -> Result<StructureType, maillage_territory::BadId> {
        let id = SiteId::new(id)?;
        let (opening_eur, per_gp_eur) = (Euros(opening), Euros(60_000));
        Ok(StructureType { id, form, min_gps: 2, max_gps, patients_per_gp: LIST, opening_eur, per_gp_eur })
    };
    let types = vec![
        kind("msp-6", StructureForm::Msp, 6, 900_000)?,
        kind("centre-4", StructureForm::Centre, 4, 650_000)?,
    ];

    // Today, after the departure of three GPs in ten.
    let mut spots: Vec<Spot> = Vec::new();
    for (place, p) in territory.iter() {
        let gps = p.gps.unwrap_or_default().less_percent(30);
        if gps > Fte::default() {
            let id = SiteId::new(&format!("cabinet-{}", p.id))?;
            spots.push(Spot { id, place, gps, status: SiteStatus::Existing, kind: None });
        }
    }
    let max = Minutes::whole(30);
    let before = attach(&territory, &people, &spots, max);
    let state_before = indicators(
        &territory,
        &people,
        &[Snapshot { state: State::Before, open: &open(&spots), attached: Some(&before) }],
    );
    let kept = spots.len();

    // Where most people around lack a list, one after the other.
    let mut lacking: Vec<u64> = people.iter().map(|p| p.0).collect();
    for a in &before {
        lacking[a.from.0 as usize] -= a.people.0;
    }
    let core: Vec<PlaceIx> = territory.iter().filter(|(_, p)| p.core).map(|(ix, _)| ix).collect();
    let candidates: Vec<PlaceIx> =
        core.iter().copied().filter(|ix| territory.place(*ix).population >= Persons(900)).collect();
    for n in 0..7 {
        let near = |c: PlaceIx| -> u64 {
            let reach = territory.travel.from(c).iter().filter(|(_, t)| *t <= Minutes::whole(15));
            reach.map(|(p, _)| lacking[p.0 as usize]).sum()
        };
        let free = candidates.iter().copied().filter(|c| spots[kept..].iter().all(|s| s.place != *c));
        let pole =
            territory.structures.iter().filter_map(|s| s.place).find(|p| free.clone().any(|c| c == *p));
        let best = free.max_by_key(|c| (near(*c), std::cmp::Reverse(*c)));
        let Some(place) = pole.filter(|_| n == 6).or(best) else { break };
        let gps = (near(place) / u64::from(LIST)).clamp(2, if n % 3 == 2 { 4 } else { 6 }) as u32;
        let mut taken = u64::from(gps * LIST);
        for &(p, _) in territory.travel.from(place) {
            let some = lacking[p.0 as usize].min(taken);
            lacking[p.0 as usize] -= some;
            taken -= some;
        }
        let grown = territory.structures.iter().any(|s| s.place == Some(place));
        let status = if grown { SiteStatus::Extended } else { SiteStatus::Opened };
        let id = SiteId::new(&format!("candidat-{}", territory.place(place).id))?;
        spots.push(Spot { id, place, gps: Fte::whole(gps), status, kind: Some(usize::from(n % 3 == 2)) });
    }
    let after = attach(&territory, &people, &spots, max);
    let mut figures = state_before;
    figures.extend(indicators(
        &territory,
        &people,
        &[Snapshot { state: State::After, open: &open(&spots), attached: Some(&after) }],
    ));
    let listed = |k: usize| after.iter().filter(|a| a.site.0 as usize == k).map(|a| a.people.0).sum();
    let mut sites: Vec<SiteRecord> = spots
        .iter()
        .enumerate()
        .map(|(k, s)| SiteRecord {
            site_id: s.id.clone(),
            code_commune: territory.place(s.place).id.clone(),
            name: territory.place(s.place).name.clone(),
            status: s.status,
            structure_type: s.kind.map(|t| types[t].id.clone()),
            gps: Hundredths(i64::from(s.gps.hundredths())),
            capacity: Some(s.gps.people_at(LIST).0),
            attached: listed(k),
            cost_eur: s.kind.map_or(Euros(0), |t| {
                let opening = if s.status == SiteStatus::Opened { types[t].opening_eur } else { Euros(0) };
                opening + types[t].per_gp_eur * (s.gps.hundredths() / 100)
            }),
        })
        .collect();
    sites.sort_by(|a, b| a.site_id.cmp(&b.site_id));
    let total: u64 = after.iter().map(|a| a.people.0).sum();
    let objective = Some(Hundredths::whole(total as i64));
    let goal = |goal: &str, sense: &str, unit: &str, value: Hundredths, status, bound| GoalRecord {
        goal: goal.to_owned(),
        sense: sense.to_owned(),
        unit: unit.to_owned(),
        status,
        objective: Some(value),
        bound: Some(bound),
        gap: Some(GoalRecord::gap_of(value, bound)),
    };
    let value = Hundredths::whole(total as i64);
    let trips =
        Hundredths(after.iter().map(|a| a.people.0 * u64::from(a.minutes.hundredths())).sum::<u64>() as i64);
    let spent: Euros = sites.iter().map(|s| s.cost_eur).sum();
    let titles = |fr: &str, en: &str| Text { fr: fr.to_owned(), en: en.to_owned() };
    let record = ResultRecord {
        schema_version: 1,
        maillage_version: "0.1.0".to_owned(),
        scenario: "demonstration".to_owned(),
        scenario_file: "demonstration.json".to_owned(),
        title: titles(
            "Roannais : rouvrir des listes de médecin traitant d'ici 2030",
            "Roannais: lists open to new patients again by 2030",
        ),
        problem: "siting".to_owned(),
        status: Status::WithinGap,
        limit: None,
        objective,
        bound: objective,
        gap: Some(0.0),
        goals: vec![
            goal("people-attached", "max", "people", value, Status::Optimal, value),
            goal(
                "travel-time",
                "min",
                "people*min",
                trips,
                Status::WithinGap,
                Hundredths(trips.0 - trips.0 / 700),
            ),
        ],
        cpu_seconds: Some(8.4),
        wall_seconds: 4.2,
        peak_memory_mb: Some(120.0),
        solver: SolverRecord {
            name: "none (demonstration)".to_owned(),
            threads: 1,
            gap: 0.0001,
            time_limit_s: Some(600.0),
        },
        seed: 1,
        inputs: territory.inputs.clone(),
        territory: territory.name.clone(),
        travel: TravelRecord::new(territory.travel.source(), Hundredths::whole(30)),
        supply: territory.supply,
        supply_source: territory.supply_source.clone(),
        cost_eur: Some(spent),
        budget_eur: Some(Euros(9_000_000)),
        sites,
        indicators: figures,
        clash: Vec::new(),
        unsourced: vec![titles(
            "60 000 € par poste de médecin : hypothèse de démonstration",
            "€60,000 per GP post: assumption of the demonstration",
        )],
        certificate: None,
        files: Vec::new(),
        seal: BTreeMap::new(),
    };
    let mut all = rows(&territory, &spots, &before, State::Before);
    all.extend(rows(&territory, &spots, &after, State::After));
    let view = View {
        territory: &territory,
        record: &record,
        assignments: &all,
        people: &people,
        candidates: &candidates,
        types: &types,
    };
    let out = Path::new(out);
    std::fs::create_dir_all(out)?;
    std::fs::write(out.join("report.html"), report_html(&view, lang))?;
    std::fs::write(out.join("plan.geojson"), plan_geojson(&view))?;
    std::fs::write(out.join("sites.csv"), sites_csv(&view))?;
    std::fs::write(out.join("posts.csv"), posts_csv(&view))?;
    std::fs::write(out.join("assignments.csv"), assignments_csv(&record.scenario, &all))?;
    std::fs::write(out.join("indicators.csv"), indicators_csv(&view))?;
    print!("{}", summary(&record, lang));
    Ok(())
}
