//! Posts by profession and year; what pools offer and what one more recruit would bring.

use super::chart::{Series, stacked};
use super::fte;
use super::names::Names;
use super::table::{Block, Cell, Line, Table};
use crate::rows::NOTHING;
use maillage_programme::health::{PoolRecord, WorthRecord};
use std::collections::{BTreeMap, BTreeSet};

/// Headings of a table with a column for every planned year.
pub(super) fn years_head(n: Names<'_>, first: String) -> Vec<Cell> {
    std::iter::once(Cell::text(first)).chain(n.programme.years.iter().map(Cell::number)).collect()
}

/// Posts filled in structures.
pub(super) fn posts(n: Names<'_>) -> Option<Block> {
    let (w, years) = (n.w, &n.programme.years);
    let posts = &n.first()?.posts;
    let mut filled: BTreeMap<(usize, &str), BTreeMap<u16, i128>> = BTreeMap::new();
    let mut opened: BTreeMap<u16, i128> = BTreeMap::new();
    for p in posts {
        let of = filled.entry((n.profession_order(&p.profession), &p.profession)).or_default();
        *of.entry(p.year).or_default() += i128::from(p.filled.0);
        *opened.entry(p.year).or_default() += i128::from(p.opened.0);
    }
    if filled.is_empty() {
        return None;
    }
    let line = |label: String, of: &BTreeMap<u16, i128>| {
        let cells = years.iter().map(|y| Cell::number(fte(w, of.get(y).copied().unwrap_or_default())));
        std::iter::once(Cell::text(label)).chain(cells).collect::<Vec<_>>()
    };
    let mut lines: Vec<Line> =
        filled.iter().map(|((_, id), of)| Line::new(line(n.profession(id), of))).collect();
    let mut all: BTreeMap<u16, i128> = BTreeMap::new();
    for (year, sum) in filled.values().flatten() {
        *all.entry(*year).or_default() += sum;
    }
    lines.push(Line::total(line(w.t("Postes pourvus", "Posts filled"), &all)));
    lines.push(Line::new(line(
        w.t("Postes ouverts, vacants compris", "Posts opened, vacant ones included"),
        &opened,
    )));
    if let Some(gps) = practices(n) {
        lines.push(Line::new(line(
            w.t("Médecins des cabinets d'aujourd'hui", "GPs of today's practices"),
            &gps,
        )));
    }
    let series: Vec<Series> = filled
        .iter()
        .map(|((_, id), of)| Series {
            name: n.profession(id),
            values: years.iter().map(|y| of.get(y).copied().unwrap_or_default()).collect(),
        })
        .collect();
    let title = w.t("Postes pourvus en structure, par année", "Posts filled in structures, by year");
    let head = years_head(n, w.t("Profession", "Profession"));
    Some(Block {
        id: "posts",
        chart: stacked(w, &title, years, &series, &|n| fte(w, n)),
        tables: vec![Table { caption: title.clone(), head, lines }],
        title,
        notes: vec![w.t(
            "Équivalents temps plein, structures d'aujourd'hui comprises.",
            "Full-time equivalents, today's structures included.",
        )],
        ..Block::default()
    })
}

/// GPs of today's practices by planned year.
fn practices(n: Names<'_>) -> Option<BTreeMap<u16, i128>> {
    let future = n.view.health?.futures.first()?;
    let at = |year: usize| future.practices.values().filter_map(move |p| p.get(year));
    let sum = |year: usize| at(year).map(|p| i128::from(p.gps.hundredths())).sum();
    Some(n.programme.years.iter().zip(1..).map(|(year, i)| (*year, sum(i))).collect())
}

/// What pools offered and what was taken; then what one more full post would bring.
pub(super) fn pools(n: Names<'_>) -> Option<Block> {
    let w = n.w;
    let pools = &n.first()?.pools;
    if pools.is_empty() && n.programme.worth.is_empty() {
        return None;
    }
    let offered = |p: &PoolRecord| {
        let cell = Cell::number(format!("{} / {}", w.decimal(p.taken), w.decimal(p.offered)));
        cell.small(if binding(p) { w.t("épuisé", "binding") } else { String::new() })
    };
    let worth = |p: &WorthRecord| {
        let plus = if p.person_years > 0 { "+" } else { "" };
        let cell = Cell::number(format!("{plus}{}", w.int(p.person_years)));
        cell.small(p.site_id.as_ref().map(|id| n.site(id)).unwrap_or_default())
    };
    let taken = w.t("Pris / offert", "Taken / offered");
    let gain = w.t(
        "Années-personnes de plus si le vivier offrait un poste de plus",
        "Person-years more if the pool offered one post more",
    );
    let all = [
        matrix(n, taken, pools, |p| (&p.pool, p.year), offered),
        matrix(n, gain, &n.programme.worth, |p| (&p.pool, p.year), worth),
    ];
    let mut notes = vec![w.t(
        "« Épuisé » : tout ce que le vivier offrait cette année-là est recruté ; c'est lui qui limite le plan.",
        "“Binding”: all that the pool offered in that year is recruited; it is what limits the plan.",
    )];
    if !n.programme.worth.is_empty() {
        notes.push(w.t(
            "Un poste de plus est compté au meilleur site ouvert qui a de la place, nommé à côté, ouvertures inchangées.",
            "One post more counts at the best open site with room, named beside it, openings unchanged.",
        ));
    }
    Some(Block {
        id: "pools",
        title: w.t(
            "Professionnels à recruter : ce qui limite le plan",
            "Professionals to recruit: what limits the plan",
        ),
        tables: all.into_iter().flatten().collect(),
        notes,
        ..Block::default()
    })
}

/// Whether all that a pool offered is taken.
pub(super) fn binding(p: &PoolRecord) -> bool {
    p.offered.0 > 0 && p.taken >= p.offered
}

/// One line per pool, one column per year.
fn matrix<'a, T: 'a>(
    n: Names<'_>,
    caption: String,
    rows: &'a [T],
    key: fn(&'a T) -> (&'a String, u16),
    cell: impl Fn(&'a T) -> Cell,
) -> Option<Table> {
    let ids: BTreeSet<&String> = rows.iter().map(|r| key(r).0).collect();
    let line = |id: &'a String| {
        let of = |year: u16| rows.iter().find(|r| key(r) == (id, year));
        let cells = n.programme.years.iter().map(|y| of(*y).map_or(Cell::number(NOTHING), &cell));
        Line::new(std::iter::once(pool(n, id)).chain(cells).collect())
    };
    let lines: Vec<Line> = ids.into_iter().map(line).collect();
    let head = years_head(n, n.w.t("Vivier", "Pool"));
    (!lines.is_empty()).then_some(Table { caption, head, lines })
}

/// The name of a pool: its profession and its identifier.
fn pool(n: Names<'_>, id: &str) -> Cell {
    let health = n.view.health;
    let known = health.and_then(|h| h.pools.iter().find(|p| p.id == id).zip(Some(h)));
    match known.and_then(|(p, h)| h.professions.get(usize::from(p.profession.0))) {
        Some(profession) => Cell::text(n.w.title(&profession.name)).small(id),
        None => Cell::text(id),
    }
}
