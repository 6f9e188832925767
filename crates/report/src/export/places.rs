//! Tables of communes and of inter-municipal bodies.

use super::table::{Cell, Column, Kind, Table, change, count_change};
use crate::View;
use crate::figures::{Figures, ZoneFigures, drawn, has_plan, last_year, state, zones};
use crate::rows::{FIGURES, label};
use crate::words::Words;
use maillage_input::Lang;
use maillage_programme::{Hundredths, Zone};
use maillage_territory::{AreaKind, PlaceId, PlaceIx};
use std::collections::BTreeMap;

/// One row per place, in the order of the territory.
pub(super) fn places(view: &View<'_>, figures: &Figures) -> Table {
    let year = last_year(view.record);
    let trips = trips(view);
    let row = |(ix, place): (PlaceIx, &maillage_territory::Place)| {
        let f = figures.at(ix);
        // Without a plan there is no after.
        let states = |before: Option<Hundredths>, after: Option<Hundredths>| {
            change([before, after.filter(|_| figures.after)])
        };
        let counts = |n: [u64; 2]| {
            let [before, after] = n.map(|n| Some(n).filter(|_| figures.lists));
            count_change([before, after.filter(|_| figures.after)])
        };
        let share = |s: usize| {
            let part = Some(f.attached[s]).filter(|_| figures.lists)?;
            percent(part, f.people)
        };
        let minutes = |s: usize| f.nearest[s].map(|t| Hundredths(i64::from(t.hundredths())));
        let mean = |s: usize| trips.get(&place.id).and_then(|t| t[s].mean());
        let mut cells = vec![
            Cell::year(year),
            Cell::text(&place.id),
            Cell::text(&place.name),
            Cell::Word(if place.core { "yes" } else { "no" }),
            place.epci.as_ref().map_or(Cell::Empty, |e| Cell::text(&e.code)),
            place.epci.as_ref().map_or(Cell::Empty, |e| Cell::text(&e.name)),
            Cell::count(Some(f.people)),
        ];
        cells.extend(counts(f.attached));
        cells.extend(counts(f.attached.map(|n| f.people.saturating_sub(n))));
        cells.extend(states(share(0), share(1)));
        cells.extend(states(mean(0), mean(1)));
        cells.extend(states(minutes(0), minutes(1)));
        cells.extend(states(f.apl[0], f.apl[1]));
        cells
    };
    let rows = view.territory.iter().map(row);
    Table::new("places", ["Communes", "Communes"], place_columns(), &view.record.scenario, rows)
}

fn place_columns() -> Vec<Column> {
    use Kind::*;
    let mut all = vec![
        year_column(),
        Column::new(
            "code_commune",
            Text,
            ["Code commune", "Commune code"],
            ["code officiel (INSEE)", "official code"],
        ),
        Column::new("name", Text, ["Commune", "Commune"], ["nom de la commune", "name of the commune"]),
        Column::new(
            "core",
            Text,
            ["Dans le territoire", "In the territory"],
            [
                "« yes » : du territoire lui-même ; « no » : alentours",
                "`yes`: the territory itself; `no`: around",
            ],
        ),
        Column::new("code_epci", Text, ["Code EPCI", "EPCI code"], ["SIREN de l'EPCI", "code of the EPCI"]),
        Column::new("epci", Text, ["EPCI", "EPCI"], ["nom de l'EPCI", "inter-municipal body"]),
        Column::new(
            "people",
            Count,
            ["Personnes comptées", "People counted"],
            ["personnes que le scénario compte", "people whom the scenario counts"],
        ),
    ];
    let changes = [
        (
            "attached",
            Count,
            ["Rattachés", "Attached"],
            ["personnes sur la liste d'un médecin", "people on a list"],
        ),
        (
            "unattached",
            Count,
            ["Sans médecin", "Without a GP"],
            ["personnes sur aucune liste", "people on no list"],
        ),
        (
            "attached_percent",
            Percent,
            ["Part rattachée (%)", "Share attached (%)"],
            ["rattachés sur personnes comptées", "attached of people counted"],
        ),
        (
            "minutes_attached",
            Minutes,
            ["Trajet moyen des rattachés (min)", "Mean time of attached (min)"],
            [
                "temps moyen vers son médecin, pondéré par les personnes",
                "mean time to one's GP, weighted by people",
            ],
        ),
        (
            "minutes_nearest",
            Minutes,
            ["Trajet au plus proche (min)", "Time to nearest (min)"],
            [
                "temps vers le site ouvert le plus proche ; vide : hors de portée",
                "time to the nearest open site; empty: out of reach",
            ],
        ),
        (
            "apl",
            Ratio,
            ["APL", "APL"],
            [
                "accessibilité potentielle localisée, actes par an et habitant standardisé",
                "accessibility: acts a year per standardised inhabitant",
            ],
        ),
    ];
    all.extend(
        changes.into_iter().flat_map(|(name, kind, label, doc)| Column::change(name, kind, label, doc)),
    );
    all
}

/// A share in per cent; never 0 or 100 when it is not.
fn percent(part: u64, whole: u64) -> Option<Hundredths> {
    let rounded = Hundredths::ratio(u128::from(part) * 100, u128::from(whole))?;
    Some(match rounded.0 {
        0 if part > 0 => Hundredths(1),
        10_000 if part < whole => Hundredths(9_999),
        _ => rounded,
    })
}

pub(super) fn year_column() -> Column {
    Column::new(
        "year",
        Kind::Year,
        ["Année", "Year"],
        [
            "année des chiffres ; vide quand le scénario est une seule situation",
            "year of the figures; empty where a scenario is one situation",
        ],
    )
}

/// People and their hundredths of minutes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Trips {
    pub people: u128,
    hundredths: u128,
}

impl Trips {
    pub(super) fn add(&mut self, people: u64, hundredths: u32) {
        self.people += u128::from(people);
        self.hundredths += u128::from(people) * u128::from(hundredths);
    }

    /// Mean minutes, rounded half up; nothing without people.
    pub(super) fn mean(&self) -> Option<Hundredths> {
        Hundredths::ratio(self.hundredths, self.people * 100)
    }
}

/// Trips of attached people by place, before and after.
fn trips(view: &View<'_>) -> BTreeMap<PlaceId, [Trips; 2]> {
    let mut out: BTreeMap<PlaceId, [Trips; 2]> = BTreeMap::new();
    for row in drawn(view) {
        let at = &mut out.entry(row.from_id.clone()).or_default()[state(row.state)];
        at.add(row.people.0, row.minutes.hundredths());
    }
    out
}

fn figure_columns() -> impl Iterator<Item = Column> {
    let (fr, en) = (Words(Lang::Fr), Words(Lang::En));
    FIGURES.into_iter().flat_map(move |name| {
        let kind = match name.unit() {
            "min" => Kind::Minutes,
            "fte" => Kind::Posts,
            "people" => Kind::Count,
            _ => Kind::Ratio,
        };
        let said = [label(fr, name), label(en, name)];
        let said = [said[0].as_str(), said[1].as_str()];
        Column::change(name.as_str(), kind, said, said)
    })
}

fn figure_cells(zone: &ZoneFigures, planned: bool) -> impl Iterator<Item = Cell> {
    FIGURES.into_iter().flat_map(move |name| {
        let [before, after] = zone.get(&name).copied().unwrap_or_default();
        change([before, after.filter(|_| planned)])
    })
}

/// One row for the territory, its surroundings and both, then one per inter-municipal body.
pub(super) fn bodies(view: &View<'_>) -> Table {
    let (record, territory) = (view.record, view.territory);
    let mut names: BTreeMap<&str, &str> = BTreeMap::new();
    for epci in territory.places.iter().filter_map(|p| p.epci.as_ref()) {
        names.entry(&epci.code).or_insert(&epci.name);
    }
    let year = last_year(record);
    let row = |(zone, figures): (&Zone, &ZoneFigures)| {
        let (word, code, name) = match zone {
            Zone::Core => ("core", Cell::Empty, Cell::text(&territory.name)),
            Zone::Around => ("around", Cell::Empty, Cell::Empty),
            Zone::All => ("all", Cell::Empty, Cell::Empty),
            Zone::Area(AreaKind::Epci, code) => {
                ("epci", Cell::text(code), Cell::text(names.get(code.as_str()).unwrap_or(&code.as_str())))
            }
            Zone::Area(..) => return None,
        };
        let start = [Cell::year(year), Cell::Word(word), code, name];
        Some(start.into_iter().chain(figure_cells(figures, has_plan(record))).collect())
    };
    let zones = zones(record);
    let mut columns = vec![
        year_column(),
        Column::new(
            "zone",
            Kind::Text,
            ["Zone", "Zone"],
            ["territoire, alentours, les deux, ou EPCI", "the territory, around it, both, or an EPCI"],
        ),
        Column::new(
            "code_epci",
            Kind::Text,
            ["Code EPCI", "EPCI code"],
            ["SIREN de l'EPCI", "code of the EPCI"],
        ),
        Column::new("name", Kind::Text, ["Nom", "Name"], ["nom de la zone", "name of the zone"]),
    ];
    columns.extend(figure_columns());
    Table::new("zones", ["EPCI", "EPCI"], columns, &record.scenario, zones.iter().filter_map(row))
}
