//! People by year, and futures side by side.

use super::claims::yearly;
use super::names::Names;
use super::table::{Block, Cell, Line, Table};
use super::{clamped, euros, fte};
use crate::charts::{Class, bars};
use crate::rows::NOTHING;
use maillage_programme::health::FutureRecord;
use maillage_programme::{Hundredths, IndicatorName, State, Zone};

/// Who is attached and who is left without, year by year.
pub(super) fn by_year(n: Names<'_>) -> Option<Block> {
    let w = n.w;
    let around = n.view.record.indicators.iter().any(|i| i.zone == Zone::Around);
    let mut zones = vec![(Zone::All, w.t("Personnes par année", "People by year"))];
    if around {
        zones = vec![
            (Zone::Core, w.t("Le territoire", "The territory")),
            (Zone::All, w.t("Territoire et alentours", "Territory and surroundings")),
        ];
    }
    let tables: Vec<Table> =
        zones.into_iter().filter_map(|(zone, caption)| table(n, &zone, caption)).collect();
    if tables.is_empty() {
        return None;
    }
    let note = w.t(
        "« Sans plan » : mêmes personnes et mêmes départs de médecins, sans aucune décision. Une année-personne est une personne rattachée pendant un an.",
        "“Without a plan”: same people and same departures of GPs, with nothing decided. A person-year is one person on a list for one year.",
    );
    let title = w.t("Qui a un médecin traitant, année par année", "Who has a GP, year by year");
    let shown = if around { Zone::Core } else { Zone::All };
    let classes: Vec<Class> = yearly(n.view.record, &shown, IndicatorName::PeopleAttached)
        .into_iter()
        .map(|(year, pair)| Class { name: year.to_string(), people: pair.map(whole) })
        .collect();
    Some(Block {
        id: "people",
        chart: bars(w, &title, &classes, &[0, 1]),
        title,
        said: vec![w.t(
            "Personnes du territoire qui ont un médecin traitant, sans le plan et avec lui.",
            "People of the territory on the list of a GP, without the plan and with it.",
        )],
        tables,
        notes: vec![note],
        ..Block::default()
    })
}

/// People, whole; nothing where they are not known.
fn whole(people: Option<Hundredths>) -> u64 {
    people.map_or(0, |h| u64::try_from(h.0 / 100).unwrap_or(0))
}

fn table(n: Names<'_>, zone: &Zone, caption: String) -> Option<Table> {
    use IndicatorName::*;
    let w = n.w;
    let of = |name| yearly(n.view.record, zone, name);
    let (counted, attached, left) = (of(PeopleCounted), of(PeopleAttached), of(PeopleUnattached));
    let show = |v: Option<Hundredths>| Cell::number(v.map_or(NOTHING.to_owned(), |v| w.decimal(v)));
    let change = |pair: [Option<Hundredths>; 2]| match pair {
        [Some(before), Some(after)] => {
            let d = Hundredths(after.0.saturating_sub(before.0));
            Cell::number(w.signed(d.0, w.decimal(d)))
        }
        _ => show(None),
    };
    let line = |(year, &pair): (&u16, &[Option<Hundredths>; 2])| {
        let [before, after] = left.get(year).copied().unwrap_or_default();
        let people = counted.get(year).copied().unwrap_or_default();
        let cells = [
            show(people[1].or(people[0])),
            show(pair[0]),
            show(pair[1]),
            change(pair),
            show(before),
            show(after),
        ];
        Line::new(std::iter::once(Cell::text(year)).chain(cells).collect())
    };
    let mut lines: Vec<Line> = attached.iter().map(line).collect();
    if lines.is_empty() {
        return None;
    }
    // Person-years, where every year is known.
    let sum = |values: Vec<Option<Hundredths>>| {
        let all: Option<i128> = values.into_iter().map(|v| v.map(|v| i128::from(v.0))).sum();
        all.map(|all| Hundredths(clamped(all)))
    };
    let total = |from: &std::collections::BTreeMap<u16, [Option<Hundredths>; 2]>, s: usize| {
        sum(attached.keys().map(|year| from.get(year).and_then(|v| v[s])).collect())
    };
    let pair = [total(&attached, 0), total(&attached, 1)];
    let ends = [show(total(&left, 0)), show(total(&left, 1))];
    let all = [
        Cell::text(w.t("Années-personnes", "Person-years")),
        show(total(&counted, 1)),
        show(pair[0]),
        show(pair[1]),
    ];
    lines.push(Line::total(all.into_iter().chain([change(pair)]).chain(ends).collect()));
    let head = [
        w.t("Personnes comptées", "People counted"),
        w.t("Rattachées sans plan", "Attached without a plan"),
        w.t("Rattachées avec le plan", "Attached with the plan"),
        w.t("Écart", "Change"),
        w.t("Sans médecin, sans plan", "Without a GP, no plan"),
        w.t("Sans médecin, avec le plan", "Without a GP, with the plan"),
    ];
    let head = std::iter::once(Cell::text(w.t("Année", "Year"))).chain(head.map(Cell::number)).collect();
    Some(Table { caption, head, lines })
}

/// Every future beside the others, where there are several.
pub(super) fn futures(n: Names<'_>) -> Option<Block> {
    let w = n.w;
    if n.programme.futures.len() < 2 {
        return None;
    }
    let head = [
        w.t("Probabilité", "Probability"),
        w.t("Années-personnes sans plan", "Person-years without a plan"),
        w.t("Années-personnes avec le plan", "Person-years with the plan"),
        w.t("Rattachées la dernière année", "Attached in the last year"),
        w.t("Médecins en structure, dernière année", "GPs in structures, last year"),
        w.t("Porteur", "Owner"),
        w.t("Financeurs", "Funders"),
    ];
    let head = std::iter::once(Cell::text(w.t("Avenir", "Future"))).chain(head.map(Cell::number)).collect();
    let lines = n.programme.futures.iter().map(|future| line(n, future)).collect();
    let title = w.t("Les avenirs côte à côte", "Futures side by side");
    let note = w.t(
        "Ouvertures, fermetures et leviers sont les mêmes dans tous les avenirs ; les postes s'y adaptent.",
        "Openings, closings and levers are the same in every future; posts adapt.",
    );
    let table = Table { caption: title.clone(), head, lines };
    Some(Block { id: "futures", title, tables: vec![table], notes: vec![note], ..Block::default() })
}

fn line(n: Names<'_>, future: &FutureRecord) -> Line {
    let w = n.w;
    let rows = n.view.assignments.iter().filter(|r| r.future.as_deref() == Some(&future.future));
    let planned = |y: Option<u16>| y.is_some_and(|y| n.programme.years.contains(&y));
    let people = |state: State, last: bool| {
        let of = rows.clone().filter(|r| r.state == state && planned(r.year));
        let of = of.filter(|r| !last || r.year == n.last());
        w.int(of.map(|r| i128::from(r.people.0)).sum::<i128>())
    };
    let gps = future.posts.iter().filter(|p| Some(p.year) == n.last() && n.is_gp(&p.profession));
    let paid = |owner: bool| {
        let of = future.money.iter().filter(|m| m.payer != "income" && (m.payer == "owner") == owner);
        euros(w, of.map(|m| i128::from(m.euros.0)).sum())
    };
    let numbers = [
        w.percent(&future.probability_percent.to_string()),
        people(State::Before, false),
        people(State::After, false),
        people(State::After, true),
        fte(w, gps.map(|p| i128::from(p.filled.0)).sum()),
        paid(true),
        paid(false),
    ];
    Line::new(std::iter::once(Cell::text(&future.future)).chain(numbers.map(Cell::number)).collect())
}
