//! What opens, grows and closes, when; which openings matter most; levers and duty points.

use super::names::Names;
use super::table::{Block, Cell, Line, Table};
use super::{euros, fte};
use crate::rows::NOTHING;
use crate::words::sort_key;
use maillage_programme::SiteStatus;
use maillage_programme::health::{HealthSiteRecord, HealthType};
use maillage_territory::SiteId;
use std::collections::BTreeSet;

/// Structures that open, grow or close, by year.
pub(super) fn openings(n: Names<'_>) -> Option<Block> {
    let w = n.w;
    let decided = |s: &&HealthSiteRecord| s.status != SiteStatus::Existing || s.closes.is_some();
    let mut all: Vec<&HealthSiteRecord> = n.programme.structures.iter().filter(decided).collect();
    all.sort_by_cached_key(|s| {
        (s.opens.or(s.closes).unwrap_or(u16::MAX), sort_key(&n.site(&s.site_id)), s.site_id.clone())
    });
    let title = w.t("Ce que le plan ouvre, agrandit et ferme", "What the plan opens, extends and closes");
    let stay = n.programme.structures.len() - all.len();
    let mut notes = vec![w.t(
        "Postes, vacations et personnes : dernière année ; coût : toutes les années, porteur et financeurs, recettes déduites, HT.",
        "Posts, sessions and people: last year; cost: all years, owner and funders, net of income, excluding tax.",
    )];
    if stay > 0 {
        let count = w.count(stay as u64, ("structure", "structures"), ("structure", "structures"));
        notes.push(w.t(&format!("Reste en l'état : {count}."), &format!("Stays as it is: {count}.")));
    }
    if all.is_empty() {
        let said = w.t(
            "Rien : le plan n'ouvre, n'agrandit ni ne ferme rien.",
            "Nothing: the plan opens, extends and closes nothing.",
        );
        return Some(Block {
            id: "sites",
            title,
            said: vec![said],
            notes: notes.split_off(1),
            ..Block::default()
        });
    }
    let sessions = n.first().is_some_and(|f| !f.sessions.is_empty());
    let mut head = vec![
        Cell::text(w.t("Commune", "Commune")),
        Cell::text(w.t("Année", "Year")),
        Cell::text(w.t("Décision", "Decision")),
        Cell::text(w.t("Type", "Type")),
        Cell::number(w.t("Médecins", "GPs")),
        Cell::number(w.t("Autres postes", "Other posts")),
    ];
    if sessions {
        head.push(Cell::number(w.t("Vacations reçues par semaine", "Sessions received a week")));
    }
    head.push(Cell::number(w.t("Rattachés", "Attached")));
    head.push(Cell::number(w.t("Coût", "Cost")));
    let lines = all.into_iter().map(|s| opening(n, s, sessions)).collect();
    let table = Table { caption: title.clone(), head, lines };
    Some(Block { id: "sites", title, tables: vec![table], notes, ..Block::default() })
}

fn opening(n: Names<'_>, s: &HealthSiteRecord, sessions: bool) -> Line {
    let w = n.w;
    let here = |id: &SiteId| *id == s.site_id;
    let last = n.last();
    let posts = |gps: bool| {
        let of = n.first().into_iter().flat_map(|f| &f.posts);
        let of = of.filter(|p| here(&p.site_id) && Some(p.year) == last && n.is_gp(&p.profession) == gps);
        of.map(|p| i128::from(p.filled.0)).sum::<i128>()
    };
    let cost = n.first().into_iter().flat_map(|f| &f.money);
    let cost = cost.filter(|m| m.of == s.site_id.as_str() && m.what != "lever" && m.payer != "income");
    let decision = match (s.closes, s.status) {
        (Some(_), _) => w.t("ferme", "closes"),
        (None, SiteStatus::Opened) => w.t("ouvre", "opens"),
        (None, _) => w.t("agrandie", "extended"),
    };
    let refused = n.view.health.into_iter().flat_map(|h| h.futures.iter().map(move |f| (h, f)));
    let refused: Vec<&str> = refused
        .filter(|(h, f)| f.refused.iter().any(|ix| h.sites.get(ix.0 as usize).is_some_and(|x| here(&x.id))))
        .map(|(_, f)| f.id.as_str())
        .collect();
    let refused = if refused.is_empty() {
        String::new()
    } else {
        let list = refused.join(", ");
        w.t(&format!("refusée dans l'avenir {list}"), &format!("refused in future {list}"))
    };
    let addresses: Vec<String> = s
        .addresses
        .iter()
        .skip(1)
        .map(|code| match n.view.territory.ix(code) {
            Some(ix) => n.view.territory.place(ix).name.clone(),
            None => code.to_string(),
        })
        .collect();
    let lead = s.lead.as_ref().map(|id| {
        let name = n.site(id);
        w.t(&format!("adossée à {name}"), &format!("led by {name}"))
    });
    let offer = n.kind_of(&s.structure_type).and_then(|t| offer(n, t, posts(true)));
    let more: Vec<String> = lead.into_iter().chain(offer).collect();
    let mut cells = vec![
        Cell { pin: n.pin(&s.site_id), ..Cell::text(n.site(&s.site_id)).small(addresses.join(", ")) },
        Cell::text(s.closes.or(s.opens).map_or(NOTHING.to_owned(), |y| y.to_string())),
        Cell::text(decision).small(refused),
        Cell::text(n.kind(&s.structure_type)).small(more.join(" · ")),
        Cell::number(fte(w, posts(true))),
        Cell::number(fte(w, posts(false))),
    ];
    if sessions {
        let given = n.first().into_iter().flat_map(|f| &f.sessions);
        let given = given.filter(|x| here(&x.site_id) && Some(x.year) == last);
        cells.push(Cell::number(w.int(given.map(|x| i128::from(x.sessions)).sum::<i128>())));
    }
    cells.push(Cell::number(n.site_record(&s.site_id).map_or(NOTHING.to_owned(), |r| w.int(r.attached))));
    cells.push(Cell::number(euros(w, cost.map(|m| i128::from(m.euros.0)).sum())));
    Line::new(cells)
}

/// Area, opening hours and unscheduled consultations of a structure of a type with so many hundredths of GPs.
fn offer(n: Names<'_>, t: &HealthType, gps: i128) -> Option<String> {
    let w = n.w;
    let mut parts = Vec::new();
    if t.area_m2 > 0 {
        parts.push(format!("{}\u{a0}m²", w.int(t.area_m2)));
    }
    if t.hours_week > 0 {
        let hours = w.int(t.hours_week);
        parts.push(w.t(&format!("{hours}\u{a0}h par semaine"), &format!("{hours}\u{a0}h a week")));
    }
    let free = gps * i128::from(t.unscheduled_week) / 100;
    if free > 0 {
        let free = w.int(free);
        parts.push(w.t(
            &format!("{free} consultations non programmées par semaine"),
            &format!("{free} unscheduled consultations a week"),
        ));
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Openings by what they bring for each GP, and what a year's delay loses.
pub(super) fn order(n: Names<'_>) -> Option<Block> {
    let (w, p) = (n.w, n.programme);
    let late = |id: &SiteId| p.delay.iter().find(|d| d.site_id == *id).map(|d| d.person_years);
    let known: BTreeSet<_> = p.order.iter().map(|o| &o.site_id).collect();
    let rest = p.delay.iter().filter(|d| !known.contains(&d.site_id)).map(|d| (&d.site_id, None));
    let rows = p.order.iter().map(|o| (&o.site_id, Some(o))).chain(rest);
    let or_nothing = |text: Option<String>| Cell::number(text.unwrap_or(NOTHING.to_owned()));
    let lines: Vec<Line> = rows
        .map(|(id, o)| {
            let s = n.structure(id);
            let kind = s.map(|s| n.kind(&s.structure_type)).unwrap_or_default();
            let opens = s.and_then(|s| s.opens);
            Line::new(vec![
                Cell { pin: n.pin(id), ..Cell::text(n.site(id)).small(kind) },
                Cell::text(opens.map_or(NOTHING.to_owned(), |y| y.to_string())),
                or_nothing(o.and_then(|o| o.per_gp_year).map(|h| w.decimal(h))),
                or_nothing(o.map(|o| w.int(o.person_years))),
                or_nothing(o.map(|o| w.decimal(o.gp_years))),
                or_nothing(late(id).map(|lost| w.int(lost))),
            ])
        })
        .collect();
    if lines.is_empty() {
        return None;
    }
    let title = w.t("Par où commencer", "Where to begin");
    let head = vec![
        Cell::text(w.t("Ouverture", "Opening")),
        Cell::text(w.t("Année", "Year")),
        Cell::number(w.t("Années-personnes par année de médecin", "Person-years per GP-year")),
        Cell::number(w.t("Années-personnes perdues sans elle", "Person-years lost without it")),
        Cell::number(w.t("Années de médecin", "GP-years")),
        Cell::number(w.t("Perdues si elle tarde d'un an", "Lost if it comes a year late")),
    ];
    let note = w.t(
        "Les ouvertures qui rattachent le plus de monde par médecin viennent en premier.",
        "Openings that put most people on a list for each GP come first.",
    );
    let table = Table { caption: title.clone(), head, lines };
    Some(Block { id: "order", title, tables: vec![table], notes: vec![note], ..Block::default() })
}

/// Levers that start.
pub(super) fn levers(n: Names<'_>) -> Option<Block> {
    let w = n.w;
    let paid = |id: &str| {
        let of = n.first().into_iter().flat_map(|f| &f.money).filter(|m| m.what == "lever" && m.of == id);
        euros(w, of.map(|m| i128::from(m.euros.0)).sum())
    };
    let line = |l: &maillage_programme::health::LeverRecord| {
        Line::new(vec![Cell::text(n.lever(&l.lever)), Cell::text(l.starts), Cell::number(paid(&l.lever))])
    };
    let lines: Vec<Line> = n.programme.levers.iter().map(line).collect();
    if lines.is_empty() {
        return None;
    }
    let title = w.t("Leviers d'attractivité", "Levers of attraction");
    let head = vec![
        Cell::text(w.t("Levier", "Lever")),
        Cell::text(w.t("Démarre en", "Starts in")),
        Cell::number(w.t("Coût, toutes les années", "Cost, all years")),
    ];
    let table = Table { caption: title.clone(), head, lines };
    Some(Block { id: "levers", title, tables: vec![table], ..Block::default() })
}

/// Duty points of the last year.
pub(super) fn duty(n: Names<'_>) -> Option<Block> {
    let (w, last) = (n.w, n.last()?);
    let names: Vec<String> = n.programme.duty.iter().map(|id| n.site(id)).collect();
    if names.is_empty() {
        return None;
    }
    let (count, list) = (
        w.count(names.len() as u64, ("point de garde", "points de garde"), ("duty point", "duty points")),
        names.join(", "),
    );
    Some(Block {
        id: "duty",
        title: w.t("Garde", "Night and week-end duty"),
        said: vec![w.t(&format!("En {last}, {count} : {list}."), &format!("In {last}, {count}: {list}."))],
        ..Block::default()
    })
}
