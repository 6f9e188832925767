//! A plan over years on one screen of terminal. Names of types, professions and payers are not in the record: their
//! identifiers stand for them.

use super::claims::yearly;
use super::names::payer;
use super::posts::binding;
use super::{euros, fte};
use crate::rows::NOTHING;
use crate::summary::{WIDTH, clip, printable, wrap};
use crate::words::{Words, sort_key};
use maillage_programme::health::{FutureRecord, HealthRecord, HealthSiteRecord};
use maillage_programme::{IndicatorName, ResultRecord, SiteStatus, Zone};
use maillage_territory::SiteId;
use std::collections::BTreeMap;

/// Most openings that are listed one by one.
const MOST: usize = 12;

/// Openings, people by year, posts, money and pools of the first future.
pub(crate) fn screen(w: Words, record: &ResultRecord, programme: &HealthRecord, line: &mut dyn FnMut(&str)) {
    openings(w, record, programme, line);
    people(w, record, line);
    let Some(future) = programme.futures.first() else { return };
    let last = programme.years.last().copied();
    listed(
        line,
        &w.t("Postes pourvus la dernière année :", "Posts filled in the last year:"),
        posts(w, future, last),
    );
    listed(
        line,
        &w.t("Argent, toutes les années, HT :", "Money, all years, excluding tax:"),
        money(w, future),
    );
    listed(line, &w.t("Viviers :", "Pools:"), pools(w, future));
}

/// A heading and a list on as few lines as it takes, at most three.
fn listed(line: &mut dyn FnMut(&str), head: &str, items: Vec<String>) {
    if !items.is_empty() {
        let text = printable(&format!("{head} {}", items.join(" · ")));
        wrap(&text, WIDTH).iter().take(3).for_each(|part| line(part));
    }
}

fn openings(w: Words, record: &ResultRecord, programme: &HealthRecord, line: &mut dyn FnMut(&str)) {
    let name = |id: &SiteId| {
        let site = record.sites.iter().find(|s| s.site_id == *id);
        printable(site.map_or(id.as_str(), |s| &s.name))
    };
    let decided = |s: &&HealthSiteRecord| s.status != SiteStatus::Existing || s.closes.is_some();
    let mut all: Vec<&HealthSiteRecord> = programme.structures.iter().filter(decided).collect();
    all.sort_by_cached_key(|s| {
        (s.closes.or(s.opens).unwrap_or(u16::MAX), sort_key(&name(&s.site_id)), s.site_id.clone())
    });
    line(&w.count(all.len() as u64, ("décision", "décisions"), ("decision", "decisions")));
    for s in all.iter().take(MOST) {
        let decision = match (s.closes, s.status) {
            (Some(_), _) => w.t("ferme", "closes"),
            (None, SiteStatus::Opened) => w.t("ouvre", "opens"),
            (None, _) => w.t("agrandie", "extended"),
        };
        let year = s.closes.or(s.opens).map_or(NOTHING.to_owned(), |y| y.to_string());
        let site = record.sites.iter().find(|r| r.site_id == s.site_id);
        let people = site.map_or(String::new(), |r| {
            format!(
                "{:>6} {:<4}{:>8} {}",
                w.decimal(r.gps),
                if r.gps.0 == 100 { w.t("MG", "GP") } else { w.t("MG", "GPs") },
                w.int(r.attached),
                w.t("rattachés", "attached")
            )
        });
        let kind = clip(s.structure_type.as_str(), 15);
        line(&format!("  {year:<6}{decision:<9}{:<26}{kind:<16}{people}", clip(&name(&s.site_id), 25)));
    }
    if all.len() > MOST {
        let n = all.len() - MOST;
        line(&w.t(&format!("  … et {n} de plus (report.html)"), &format!("  … {n} more (report.html)")));
    }
    line("");
}

fn people(w: Words, record: &ResultRecord, line: &mut dyn FnMut(&str)) {
    let attached = yearly(record, &Zone::All, IndicatorName::PeopleAttached);
    let left = yearly(record, &Zone::All, IndicatorName::PeopleUnattached);
    if attached.is_empty() {
        return;
    }
    let head = [
        w.t("rattachées avant", "attached before"),
        w.t("rattachées après", "attached after"),
        w.t("sans médecin avant", "no GP before"),
        w.t("sans médecin après", "no GP after"),
    ];
    let row = |first: &str, cells: [String; 4]| {
        let [a, b, c, d] = cells;
        format!("{first:<12}{a:>19}{b:>19}{c:>20}{d:>20}")
    };
    line(&row(&w.t("Personnes", "People"), head));
    for (year, [before, after]) in attached {
        let [without, with] = left.get(&year).copied().unwrap_or_default();
        let cells = [before, after, without, with].map(|v| v.map_or(NOTHING.to_owned(), |v| w.decimal(v)));
        line(&row(&format!("  {year}"), cells));
    }
    line("");
}

/// Posts by profession: GPs first.
fn posts(w: Words, future: &FutureRecord, last: Option<u16>) -> Vec<String> {
    let mut sums: BTreeMap<(bool, &str), i128> = BTreeMap::new();
    for p in future.posts.iter().filter(|p| Some(p.year) == last) {
        *sums.entry((p.profession != "gp", &p.profession)).or_default() += i128::from(p.filled.0);
    }
    let name = |id: &str| if id == "gp" { w.t("MG", "GPs") } else { id.to_owned() };
    sums.into_iter().map(|((_, id), sum)| format!("{} {}", name(id), fte(w, sum))).collect()
}

/// Money by payer: income, funders, owner.
fn money(w: Words, future: &FutureRecord) -> Vec<String> {
    let mut sums: BTreeMap<(u8, &str), i128> = BTreeMap::new();
    for m in &future.money {
        let order = match m.payer.as_str() {
            "income" => 0,
            "owner" => 2,
            _ => 1,
        };
        *sums.entry((order, &m.payer)).or_default() += i128::from(m.euros.0);
    }
    sums.into_iter().map(|((_, id), sum)| format!("{} {}", payer(w, id), euros(w, sum))).collect()
}

/// What was taken from each pool, and in how many years it was all taken.
fn pools(w: Words, future: &FutureRecord) -> Vec<String> {
    let mut by_pool: BTreeMap<&str, (i128, u64, u64)> = BTreeMap::new();
    for p in &future.pools {
        let (taken, all_taken, years) = by_pool.entry(&p.pool).or_default();
        *taken += i128::from(p.taken.0);
        *all_taken += u64::from(binding(p));
        *years += 1;
    }
    let text = |(id, (taken, all_taken, years)): (&str, (i128, u64, u64))| {
        let taken = fte(w, taken);
        let all_taken = w.count(all_taken, ("an", "ans"), ("year", "years"));
        w.t(
            &format!("{id} {taken} pris (épuisé {all_taken} sur {years})"),
            &format!("{id} {taken} taken (binding in {all_taken} of {years})"),
        )
    };
    by_pool.into_iter().map(text).collect()
}
