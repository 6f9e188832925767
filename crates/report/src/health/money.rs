//! Who pays what, to the euro.

use super::chart::{Series, stacked};
use super::names::{Names, what};
use super::table::{Block, Cell, Line, Table};
use super::{clamped, euros};
use maillage_input::grouped;
use maillage_programme::health::MoneyRecord;
use std::collections::{BTreeMap, BTreeSet};

/// Uses and sources by year, then the capital of each project.
pub(super) fn money(n: Names<'_>) -> Option<Block> {
    let w = n.w;
    let rows = &n.first()?.money;
    if rows.is_empty() {
        return None;
    }
    let rank = |id: &str| ["capital", "equipment", "running", "lever"].iter().position(|k| *k == id);
    let uses = by_year(n, rows, |m| &m.what, |id| (0, rank(id).unwrap_or(usize::MAX)), |id| what(w, id));
    let sources = by_year(n, rows, |m| &m.payer, |id| n.payer_order(id), |id| n.payer(id));
    let head = |first: String, years: &BTreeSet<u16>| {
        let years = years.iter().map(Cell::number);
        std::iter::once(Cell::text(first)).chain(years).chain([Cell::number(w.t("Total", "Total"))]).collect()
    };
    let mut tables = vec![
        Table {
            caption: w.t("Emplois, en euros HT", "Uses, in euros excluding tax"),
            head: head(w.t("À quoi sert l'argent", "What money is for"), &uses.0),
            lines: uses.1,
        },
        Table {
            caption: w.t("Ressources, en euros HT", "Sources, in euros excluding tax"),
            head: head(w.t("Qui paie", "Who pays"), &sources.0),
            lines: sources.1,
        },
    ];
    tables.extend(projects(n, rows));
    let paid = |payer: &dyn Fn(&str) -> bool| {
        euros(w, rows.iter().filter(|m| payer(&m.payer)).map(|m| i128::from(m.euros.0)).sum())
    };
    let (owner, funders) = (paid(&|p| p == "owner"), paid(&|p| p != "owner" && p != "income"));
    let said = match n.view.record.budget_eur {
        Some(most) => {
            let most = w.euros(most);
            w.t(
                &format!("Le porteur paie {owner} en tout, sur {most} au plus ; les financeurs, {funders}."),
                &format!("The owner pays {owner} in all, of {most} at most; funders pay {funders}."),
            )
        }
        None => w.t(
            &format!("Le porteur paie {owner} en tout ; les financeurs, {funders}."),
            &format!("The owner pays {owner} in all; funders pay {funders}."),
        ),
    };
    Some(Block {
        id: "money",
        title: w.t("L'argent : qui paie quoi", "Money: who pays what"),
        said: vec![said],
        chart: chart(n, rows),
        tables,
        notes: vec![w.t(
            "Emplois et ressources s'équilibrent à l'euro, chaque année. Un montant négatif du porteur est un excédent : il n'a pas de barre.",
            "Uses equal sources to the euro in every year. A negative sum of the owner is a surplus: it has no bar.",
        )],
        ..Block::default()
    })
}

/// Bars by year, one layer a payer.
fn chart(n: Names<'_>, rows: &[MoneyRecord]) -> Option<String> {
    let w = n.w;
    let years: BTreeSet<u16> = n.programme.years.iter().copied().chain(rows.iter().map(|m| m.year)).collect();
    let years: Vec<u16> = years.into_iter().collect();
    let payers: BTreeSet<_> = rows.iter().map(|m| (n.payer_order(&m.payer), &m.payer)).collect();
    let paid = |payer: &str, year: u16| {
        rows.iter().filter(|m| m.payer == payer && m.year == year).map(|m| i128::from(m.euros.0)).sum()
    };
    let series: Vec<Series> = payers
        .iter()
        .map(|(_, id)| Series { name: n.payer(id), values: years.iter().map(|y| paid(id, *y)).collect() })
        .collect();
    let title = w.t("Qui paie, par année, en euros HT", "Who pays, by year, in euros excluding tax");
    stacked(w, &title, &years, &series, &|sum| euros(w, sum))
}

/// Sums by a key and a year, with totals both ways. Every row counts, whatever its year.
fn by_year<O: Ord>(
    n: Names<'_>,
    rows: &[MoneyRecord],
    key: fn(&MoneyRecord) -> &String,
    order: impl Fn(&str) -> O,
    name: impl Fn(&str) -> String,
) -> (BTreeSet<u16>, Vec<Line>) {
    let years: BTreeSet<u16> = n.programme.years.iter().copied().chain(rows.iter().map(|m| m.year)).collect();
    let mut sums: BTreeMap<(O, &str), BTreeMap<u16, i128>> = BTreeMap::new();
    let mut all: BTreeMap<u16, i128> = BTreeMap::new();
    for m in rows {
        let of = sums.entry((order(key(m)), key(m))).or_default();
        *of.entry(m.year).or_default() += i128::from(m.euros.0);
        *all.entry(m.year).or_default() += i128::from(m.euros.0);
    }
    let cells = |label: String, of: &BTreeMap<u16, i128>| {
        let each = years.iter().map(|y| of.get(y).copied().unwrap_or_default());
        let each = each.chain([of.values().sum()]).map(|sum| Cell::number(number(n, sum)));
        std::iter::once(Cell::text(label)).chain(each).collect::<Vec<_>>()
    };
    let mut lines: Vec<Line> = sums.iter().map(|((_, id), of)| Line::new(cells(name(id), of))).collect();
    lines.push(Line::total(cells(n.w.t("Total", "Total"), &all)));
    (years, lines)
}

/// Euros without their sign: tables say so once.
fn number(n: Names<'_>, sum: i128) -> String {
    grouped(n.w.0, clamped(sum))
}

/// The capital of each opening by payer.
fn projects(n: Names<'_>, rows: &[MoneyRecord]) -> Option<Table> {
    let w = n.w;
    let capital = || rows.iter().filter(|m| m.what == "capital");
    let payers: BTreeSet<_> = capital().map(|m| (n.payer_order(&m.payer), &m.payer)).collect();
    let mut sites: BTreeMap<&str, BTreeMap<&str, i128>> = BTreeMap::new();
    let mut all: BTreeMap<&str, i128> = BTreeMap::new();
    for m in capital() {
        *sites.entry(&m.of).or_default().entry(&m.payer).or_default() += i128::from(m.euros.0);
        *all.entry(&m.payer).or_default() += i128::from(m.euros.0);
    }
    if sites.is_empty() {
        return None;
    }
    let cells = |first: Cell, of: &BTreeMap<&str, i128>| {
        let each = payers.iter().map(|(_, p)| of.get(p.as_str()).copied().unwrap_or_default());
        let each = std::iter::once(of.values().sum()).chain(each);
        std::iter::once(first).chain(each.map(|sum| Cell::number(number(n, sum)))).collect::<Vec<_>>()
    };
    let site = |id: &str| match n.programme.structures.iter().find(|s| s.site_id.as_str() == id) {
        Some(s) => {
            Cell { pin: n.pin(&s.site_id), ..Cell::text(n.site(&s.site_id)).small(n.kind(&s.structure_type)) }
        }
        None => Cell::text(id),
    };
    let mut lines: Vec<Line> = sites.iter().map(|(id, of)| Line::new(cells(site(id), of))).collect();
    lines.push(Line::total(cells(Cell::text(w.t("Total", "Total")), &all)));
    let head = payers.iter().map(|(_, p)| Cell::number(n.payer(p)));
    let head = [Cell::text(w.t("Projet", "Project")), Cell::number(w.t("Investissement", "Capital"))]
        .into_iter()
        .chain(head);
    let caption = w.t("Investissement par projet, en euros HT", "Capital by project, in euros excluding tax");
    Some(Table { caption, head: head.collect(), lines })
}
