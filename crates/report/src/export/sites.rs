//! Tables of sites, of who is attached to them, of posts and of payments.

use super::places::{Trips, year_column};
use super::table::{Cell, Column, Kind, Table};
use crate::View;
use crate::figures::{closed, drawn, has_plan, last_year};
use crate::health::names::{Names, what};
use crate::tables::mode;
use crate::words::Words;
use maillage_programme::health::{FutureRecord, Mode};
use maillage_programme::{AssignmentRow, Hundredths, SiteStatus, State, StructureForm};
use maillage_territory::{PlaceId, SiteId};
use std::collections::BTreeMap;

/// A site as tables, maps and notes tell of it.
#[derive(Debug, Clone)]
pub(super) struct Site {
    pub id: SiteId,
    pub code: PlaceId,
    pub name: String,
    /// `kept`, `extended`, `opened` or `closed`.
    pub state: &'static str,
    pub kind_id: String,
    pub kind: String,
    pub opens: Option<u16>,
    pub closes: Option<u16>,
    pub gps: Option<Hundredths>,
    pub capacity: Option<u64>,
    pub attached: u64,
    pub minutes: Option<Hundredths>,
    pub cost: Option<i64>,
}

/// The sites of a plan, those that close after those that work.
pub(super) fn sites(w: Words, view: &View<'_>) -> Vec<Site> {
    let record = view.record;
    let names = record.programme.as_ref().map(|programme| Names { w, view, programme });
    let mut trips: BTreeMap<&SiteId, Trips> = BTreeMap::new();
    let rows: Vec<&AssignmentRow> = drawn(view).filter(|r| r.state == State::After).collect();
    for row in rows {
        trips.entry(&row.site_id).or_default().add(row.people.0, row.minutes.hundredths());
    }
    let structure = |id: &SiteId| names.and_then(|n| n.structure(id));
    let kind = |id: Option<&maillage_territory::TypeId>| match (id, names) {
        (Some(id), Some(n)) => (id.to_string(), n.kind(id)),
        (Some(id), None) => {
            let form = view.types.iter().find(|t| t.id == *id).map(|t| match t.form {
                StructureForm::Msp => {
                    w.t("maison de santé pluriprofessionnelle", "multi-professional health house")
                }
                StructureForm::Centre => w.t("centre de santé", "salaried health centre"),
            });
            (id.to_string(), form.unwrap_or_else(|| id.to_string()))
        }
        (None, _) => (String::new(), String::new()),
    };
    let mut out: Vec<Site> = record
        .sites
        .iter()
        .map(|s| {
            let known = structure(&s.site_id);
            let (kind_id, kind) = kind(s.structure_type.as_ref());
            Site {
                id: s.site_id.clone(),
                code: s.code_commune.clone(),
                name: s.name.clone(),
                state: match s.status {
                    SiteStatus::Existing => "kept",
                    SiteStatus::Extended => "extended",
                    SiteStatus::Opened => "opened",
                },
                kind_id,
                kind,
                opens: known.and_then(|k| k.opens),
                closes: known.and_then(|k| k.closes),
                gps: Some(s.gps).filter(|_| crate::figures::staffed(record)),
                capacity: s.capacity,
                attached: s.attached,
                minutes: trips.get(&s.site_id).and_then(Trips::mean),
                cost: Some(s.cost_eur.0).filter(|_| record.cost_eur.is_some()),
            }
        })
        .collect();
    out.extend(closed(record).filter_map(|s| {
        let code = s.addresses.first()?;
        let (kind_id, kind) = kind(Some(&s.structure_type));
        Some(Site {
            id: s.site_id.clone(),
            code: code.clone(),
            name: view
                .territory
                .ix(code)
                .map_or(code.to_string(), |ix| view.territory.place(ix).name.clone()),
            state: "closed",
            kind_id,
            kind,
            opens: s.opens,
            closes: s.closes,
            gps: None,
            capacity: None,
            attached: 0,
            minutes: None,
            cost: None,
        })
    }));
    out
}

/// One row per site.
pub(super) fn table(view: &View<'_>, sites: &[Site]) -> Table {
    let year = last_year(view.record);
    let rows = sites.iter().map(|s| {
        vec![
            Cell::year(year),
            Cell::text(&s.id),
            Cell::text(&s.code),
            Cell::text(&s.name),
            Cell::Word(s.state),
            Cell::text(&s.kind_id),
            Cell::text(&s.kind),
            Cell::year(s.opens),
            Cell::year(s.closes),
            Cell::exact(s.gps),
            Cell::count(s.capacity),
            Cell::count(Some(s.attached)),
            Cell::exact(s.minutes),
            s.cost.map_or(Cell::Empty, Cell::Whole),
        ]
    });
    use Kind::*;
    let columns = vec![
        year_column(),
        id_column(),
        Column::new(
            "code_commune",
            Text,
            ["Code commune", "Commune code"],
            ["commune du site", "commune of the site"],
        ),
        Column::new(
            "name",
            Text,
            ["Commune", "Commune"],
            ["nom de la commune du site", "name of its commune"],
        ),
        Column::new(
            "state",
            Text,
            ["Décision", "Decision"],
            [
                "kept : maintenu ; extended : agrandi ; opened : ouvert ; closed : fermé",
                "kept, extended (posts are added), opened or closed by the plan",
            ],
        ),
        Column::new(
            "structure_type",
            Text,
            ["Type (code)", "Type (code)"],
            ["type de structure", "type of structure"],
        ),
        Column::new(
            "type_name",
            Text,
            ["Type", "Type"],
            ["type de structure, en clair", "type of structure in words"],
        ),
        Column::new("opens", Year, ["Ouvre en", "Opens in"], ["année d'ouverture", "year of opening"]),
        Column::new("closes", Year, ["Ferme en", "Closes in"], ["année de fermeture", "year of closure"]),
        Column::new(
            "gps",
            Posts,
            ["Médecins généralistes", "GPs"],
            ["postes de médecins : ajoutés, ou d'aujourd'hui", "posts of GPs: those added, or today's"],
        ),
        Column::new(
            "capacity",
            Count,
            ["Capacité des listes", "Room on lists"],
            ["personnes que ses listes peuvent tenir", "people its lists can hold"],
        ),
        Column::new(
            "attached",
            Count,
            ["Rattachés", "Attached"],
            ["personnes rattachées avec le plan", "people attached with the plan"],
        ),
        Column::new(
            "minutes_attached",
            Minutes,
            ["Trajet moyen (min)", "Mean time (min)"],
            ["temps moyen de ses rattachés", "mean time of people attached to it"],
        ),
        Column::new(
            "cost_eur",
            Euros,
            ["Coût HT (EUR)", "Cost excl. tax (EUR)"],
            ["coût du site, hors taxes", "what it costs, excluding tax"],
        ),
    ];
    Table::new("sites", ["Sites", "Sites"], columns, &view.record.scenario, rows)
}

fn id_column() -> Column {
    Column::new("site_id", Kind::Text, ["Site", "Site"], ["identifiant du site", "identifier of the site"])
}

fn future_column() -> Column {
    Column::new(
        "future",
        Kind::Text,
        ["Avenir", "Future"],
        ["avenir étudié, s'il y en a", "future, where there are several"],
    )
}

/// One row per place and site with people of the one on lists of the other: in programmes those of the last year.
pub(super) fn assignments(view: &View<'_>, rows: &[&AssignmentRow]) -> Table {
    let name = |code: &PlaceId| {
        let ix = view.territory.ix(code);
        ix.map_or(Cell::Empty, |ix| Cell::text(&view.territory.place(ix).name))
    };
    let rows = rows.iter().map(|row| {
        vec![
            Cell::year(row.year),
            Cell::Word(row.state.as_str()),
            Cell::text(&row.from_id),
            name(&row.from_id),
            Cell::text(&row.site_id),
            Cell::count(Some(row.people.0)),
            Cell::Exact(Hundredths(i64::from(row.minutes.hundredths()))),
        ]
    });
    use Kind::*;
    let columns = vec![
        year_column(),
        Column::new(
            "state",
            Text,
            ["État", "State"],
            ["before : avant ; after : après le plan", "before or after the plan"],
        ),
        Column::new(
            "code_commune",
            Text,
            ["Code commune", "Commune code"],
            ["commune de résidence", "where they live"],
        ),
        Column::new("name", Text, ["Commune", "Commune"], ["commune de résidence", "where they live"]),
        id_column(),
        Column::new("people", Count, ["Personnes", "People"], ["personnes rattachées", "people attached"]),
        Column::new(
            "minutes",
            Minutes,
            ["Trajet (min)", "Time (min)"],
            ["temps de trajet", "time of travel"],
        ),
    ];
    Table::new("assignments", ["Rattachements", "Assignments"], columns, &view.record.scenario, rows)
}

/// Posts: by future, year and site in programmes, else the GPs of each site.
pub(super) fn posts(w: Words, view: &View<'_>, sites: &[Site]) -> Table {
    let record = view.record;
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    if let Some(programme) = &record.programme {
        let names = Names { w, view, programme };
        let of = |f: &FutureRecord| {
            let one = |p: &maillage_programme::health::PostRecord| {
                let mode = if p.mode == Mode::Salaried { "salaried" } else { "self-employed" };
                vec![
                    Cell::text(&f.future),
                    Cell::year(Some(p.year)),
                    Cell::text(&p.site_id),
                    Cell::text(names.site(&p.site_id)),
                    Cell::text(names.profession(&p.profession)),
                    Cell::Word(mode),
                    Cell::Exact(p.hired),
                    Cell::Exact(p.opened),
                    Cell::Exact(p.filled),
                    Cell::count(Some(p.list)),
                    Cell::count(Some(p.acts)),
                ]
            };
            f.posts.iter().map(one).collect::<Vec<_>>()
        };
        rows.extend(programme.futures.iter().flat_map(of));
    } else {
        let gp = w.t("médecin généraliste", "GP");
        for (site, s) in record.sites.iter().zip(sites).filter(|(site, _)| site.gps.0 > 0) {
            let mode = match mode(view, site) {
                "" => Cell::Empty,
                word => Cell::Word(word),
            };
            let hired = Some(site.gps).filter(|_| site.status != SiteStatus::Existing);
            let (empty, id, name) = (Cell::Empty, Cell::text(&s.id), Cell::text(&s.name));
            let [list, acts] = [Cell::count(s.capacity), Cell::Empty];
            let filled = Cell::Exact(site.gps);
            rows.push(vec![
                empty.clone(),
                empty,
                id,
                name,
                Cell::text(&gp),
                mode,
                Cell::exact(hired),
                filled.clone(),
                filled,
                list,
                acts,
            ]);
        }
    }
    use Kind::*;
    let columns = vec![
        future_column(),
        year_column(),
        id_column(),
        Column::new("name", Text, ["Commune", "Commune"], ["commune du site", "commune of the site"]),
        Column::new("profession", Text, ["Profession", "Profession"], ["profession", "profession"]),
        Column::new("mode", Text, ["Exercice", "Mode"], ["libéral ou salarié", "self-employed or salaried"]),
        Column::new(
            "hired",
            Posts,
            ["Postes créés", "Posts created"],
            ["postes ouverts dans l'année", "posts opened in the year"],
        ),
        Column::new(
            "opened",
            Posts,
            ["Postes ouverts", "Posts open"],
            ["postes ouverts à ce jour, vacants compris", "posts opened up to now, vacant ones included"],
        ),
        Column::new("filled", Posts, ["Postes pourvus", "Posts filled"], ["postes pourvus", "posts filled"]),
        Column::new(
            "list",
            Count,
            ["Places sur liste", "Room on lists"],
            ["personnes ajoutées aux listes", "people they add to lists"],
        ),
        Column::new("acts", Count, ["Actes", "Acts"], ["actes de l'année", "acts of the year"]),
    ];
    Table::new("posts", ["Postes", "Posts"], columns, &record.scenario, rows.into_iter())
}

/// Every payment of a programme.
pub(super) fn money(w: Words, view: &View<'_>) -> Table {
    let record = view.record;
    let names = record.programme.as_ref().map(|programme| Names { w, view, programme });
    let of = |(n, f): (Names<'_>, &FutureRecord)| {
        let one = |m: &maillage_programme::health::MoneyRecord| {
            let site = n.programme.structures.iter().find(|s| s.site_id.as_str() == m.of);
            let name = match site {
                Some(s) => n.site(&s.site_id),
                None => n.lever(&m.of),
            };
            vec![
                Cell::text(&f.future),
                Cell::year(Some(m.year)),
                Cell::text(what(w, &m.what)),
                Cell::text(&m.of),
                Cell::text(name),
                Cell::text(n.payer(&m.payer)),
                Cell::Whole(m.euros.0),
            ]
        };
        f.money.iter().map(one).collect::<Vec<_>>()
    };
    let futures = names.into_iter().flat_map(|n| n.programme.futures.iter().map(move |f| (n, f)));
    let rows = futures.flat_map(of).filter(|_| has_plan(record));
    use Kind::*;
    let columns = vec![
        future_column(),
        year_column(),
        Column::new("what", Text, ["Emploi", "Use"], ["à quoi sert l'argent", "what the money is for"]),
        Column::new("of", Text, ["Objet", "Of"], ["site ou levier", "site or lever"]),
        Column::new(
            "name",
            Text,
            ["Nom", "Name"],
            ["commune du site, ou levier", "commune of the site, or lever"],
        ),
        Column::new("payer", Text, ["Financeur", "Payer"], ["qui paie", "who pays"]),
        Column::new(
            "euros",
            Euros,
            ["Montant HT (EUR)", "Sum excl. tax (EUR)"],
            ["euros hors taxes ; négatif : excédent", "euros excluding tax; negative: surplus"],
        ),
    ];
    Table::new("money", ["Argent", "Money"], columns, &record.scenario, rows)
}
