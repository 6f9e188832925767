//! What a plan changes, for whom: in a few sentences, then commune by commune.

use crate::View;
use crate::charts::enumerated;
use crate::figures::{Figures, PlaceFigures, has_plan, last_year, zones};
use crate::health::{Block, Cell, Line, Table};
use crate::rows::NOTHING;
use crate::words::{Words, sort_key};
use maillage_programme::{IndicatorName, ResultRecord, SiteStatus, Zone};
use maillage_territory::Minutes;

/// Most communes in a table of winners or losers.
const MOST: usize = 10;

/// What the plan does, what it changes and for whom: one sentence each, none without a plan.
pub(crate) fn brief(w: Words, view: &View<'_>, figures: &Figures) -> Vec<String> {
    if !has_plan(view.record) {
        return Vec::new();
    }
    let who = who(w, figures)
        .map(|who| w.t(&format!("Qui gagne, qui perd : {who}."), &format!("Who gains, who loses: {who}.")));
    let all = [does(w, view.record), share(w, view.record), who];
    all.into_iter().flatten().collect()
}

/// What opens and grows, and what it costs.
fn does(w: Words, record: &ResultRecord) -> Option<String> {
    let count = |status| record.sites.iter().filter(|s| s.status == status).count() as u64;
    let (opened, extended) = (count(SiteStatus::Opened), count(SiteStatus::Extended));
    let mut parts = Vec::new();
    if opened > 0 {
        let n = w.count(opened, ("site", "sites"), ("site", "sites"));
        parts.push(w.t(&format!("ouvre {n}"), &format!("opens {n}")));
    }
    if extended > 0 {
        let n = w.count(extended, ("site existant", "sites existants"), ("existing site", "existing sites"));
        parts.push(w.t(&format!("agrandit {n}"), &format!("extends {n}")));
    }
    if parts.is_empty() {
        parts.push(w.t("n'ouvre ni n'agrandit aucun site", "neither opens nor extends any site"));
    }
    if let Some(cost) = record.cost_eur {
        let cost = w.euros(cost);
        parts.push(w.t(&format!("coûte {cost} HT"), &format!("costs {cost} excluding tax")));
    }
    let parts = enumerated(w, &parts);
    Some(w.t(&format!("Le plan {parts}."), &format!("The plan {parts}.")))
}

/// Of a hundred people of the territory.
fn share(w: Words, record: &ResultRecord) -> Option<String> {
    use IndicatorName::*;
    let zones = zones(record);
    let figures = zones.get(&Zone::Core).or_else(|| zones.get(&Zone::All))?;
    let of = |name| -> Option<[String; 2]> {
        let (part, whole) = (figures.get(&name)?, figures.get(&PeopleCounted)?);
        let one = |s: usize| {
            let whole = whole[s].or(whole[1 - s])?;
            w.share(u64::try_from(part[s]?.0).ok()?, u64::try_from(whole.0).ok()?)
        };
        Some([one(0)?, one(1)?])
    };
    let year = last_year(record).map(|y| (format!(" en {y}"), format!(" in {y}"))).unwrap_or_default();
    if let Some([before, after]) = of(PeopleAttached) {
        return Some(w.t(
            &format!("Dans le territoire{}, {after} des personnes comptées ont un médecin traitant avec le plan, {before} sans lui.", year.0),
            &format!("In the territory{}, {after} of the people counted are on the list of a GP with the plan, {before} without it.", year.1),
        ));
    }
    let [before, after] = of(PeopleWithin15Min)?;
    Some(w.t(
        &format!("Dans le territoire, {after} des personnes comptées sont à 15 min ou moins d'un site avec le plan, {before} sans lui."),
        &format!("In the territory, {after} of the people counted are within 15 min of a site with the plan, {before} without it."),
    ))
}

/// What a commune gains, in people: more of them attached or, without lists, with a shorter trip.
fn gain(figures: &Figures, f: &PlaceFigures) -> i64 {
    let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    if figures.lists {
        return count(f.attached[1]).saturating_sub(count(f.attached[0]));
    }
    let far = |t: Option<Minutes>| t.map_or(u32::MAX, |t| t.hundredths());
    match far(f.nearest[0]).cmp(&far(f.nearest[1])) {
        std::cmp::Ordering::Greater => count(f.people),
        std::cmp::Ordering::Equal => 0,
        std::cmp::Ordering::Less => -count(f.people),
    }
}

/// Winners and losers of the territory itself, in one sentence; `None` where there is no state before.
fn who(w: Words, figures: &Figures) -> Option<String> {
    if !figures.before && !figures.lists {
        return None;
    }
    let gains: Vec<i64> = figures.places.iter().filter(|f| f.core).map(|f| gain(figures, f)).collect();
    let sum = |sign: i64| {
        let of = gains.iter().filter(|g| g.signum() == sign);
        let (people, n) = of.fold((0u64, 0u64), |(p, n), g| (p.saturating_add(g.unsigned_abs()), n + 1));
        (people, w.count(n, ("commune", "communes"), ("commune", "communes")), n)
    };
    let ((up, where_up, n_up), (down, where_down, n_down)) = (sum(1), sum(-1));
    let (up, down) = (w.int(up), w.int(down));
    if n_up + n_down == 0 {
        return Some(w.t(
            "aucune commune du territoire n'y gagne ni n'y perd",
            "no commune of the territory gains or loses",
        ));
    }
    let (won, lost) = if figures.lists {
        (
            w.t(
                &format!("{up} personnes de plus ont un médecin traitant dans {where_up}"),
                &format!("{up} more people are on a list in {where_up}"),
            ),
            w.t(&format!("{down} de moins dans {where_down}"), &format!("{down} fewer in {where_down}")),
        )
    } else {
        (
            w.t(
                &format!("le trajet raccourcit pour {up} personnes dans {where_up}"),
                &format!("trips are shorter for {up} people in {where_up}"),
            ),
            w.t(
                &format!("s'allonge pour {down} dans {where_down}"),
                &format!("longer for {down} in {where_down}"),
            ),
        )
    };
    let lost = if n_down == 0 { w.t("aucune commune n'y perd", "no commune loses") } else { lost };
    Some(w.t(&format!("{won} ; {lost}"), &format!("{won}; {lost}")))
}

/// The communes that gain and lose most; `None` where nothing changes or there is no state before.
pub(crate) fn winners(w: Words, view: &View<'_>, figures: &Figures) -> Option<Block> {
    if !has_plan(view.record) || (!figures.before && !figures.lists) {
        return None;
    }
    let who = who(w, figures)?;
    let sentence = w.t(&format!("Avec le plan, {who}."), &format!("With the plan, {who}."));
    let mut changed: Vec<(i64, String, usize)> = view
        .territory
        .iter()
        .map(|(ix, place)| (ix.0 as usize, place))
        .filter(|(i, place)| place.core && gain(figures, &figures.places[*i]) != 0)
        .map(|(i, place)| (gain(figures, &figures.places[i]), sort_key(&place.name), i))
        .collect();
    changed.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| (&a.1, a.2).cmp(&(&b.1, b.2))));
    let up: Vec<usize> = changed.iter().take_while(|c| c.0 > 0).take(MOST).map(|c| c.2).collect();
    let down: Vec<usize> = changed.iter().rev().take_while(|c| c.0 < 0).take(MOST).map(|c| c.2).collect();
    let year = last_year(view.record).map(|y| format!(", {y}")).unwrap_or_default();
    let tables: Vec<Table> = [
        (w.t(&format!("Les plus forts gains{year}"), &format!("Largest gains{year}")), up),
        (w.t(&format!("Les plus fortes pertes{year}"), &format!("Largest losses{year}")), down),
    ]
    .into_iter()
    .filter(|(_, list)| !list.is_empty())
    .map(|(caption, list)| table(w, view, figures, caption, &list))
    .collect();
    let title = w.t("Qui gagne, qui perd", "Who gains, who loses");
    (!tables.is_empty()).then(|| Block { id: "who", title, said: vec![sentence], tables, ..Block::default() })
}

fn table(w: Words, view: &View<'_>, figures: &Figures, caption: String, list: &[usize]) -> Table {
    let time = |t: Option<Minutes>| {
        Cell::number(t.map_or(w.t("hors de portée", "out of reach"), |t| {
            format!("{}\u{a0}min", w.tenths(i64::from(t.hundredths() + 5) / 10))
        }))
    };
    let line = |&i: &usize| {
        let (place, f) = (&view.territory.places[i], &figures.places[i]);
        let epci = place.epci.as_ref().map_or(NOTHING.to_owned(), |e| e.name.clone());
        let mut cells = vec![
            Cell::text(&place.name).small(place.id.as_str()),
            Cell::text(epci),
            Cell::number(w.int(f.people)),
        ];
        if figures.lists {
            let by = gain(figures, f);
            cells.extend(f.attached.map(|n| Cell::number(w.int(n))));
            cells.push(Cell::number(w.signed(by, w.int(by))));
        }
        cells.extend(f.nearest.map(time));
        Line::new(cells)
    };
    let mut head = vec![
        Cell::text(w.t("Commune", "Commune")),
        Cell::text(w.t("Intercommunalité", "Inter-municipal body")),
        Cell::number(w.t("Personnes comptées", "People counted")),
    ];
    if figures.lists {
        head.extend([
            Cell::number(w.t("Rattachées sans plan", "Attached without a plan")),
            Cell::number(w.t("avec le plan", "with the plan")),
            Cell::number(w.t("Écart", "Change")),
        ]);
    }
    head.extend([
        Cell::number(w.t("Trajet sans plan", "Trip without a plan")),
        Cell::number(w.t("avec le plan", "with the plan")),
    ]);
    Table { caption, head, lines: list.iter().map(line).collect() }
}
