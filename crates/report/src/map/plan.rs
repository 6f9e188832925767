//! What the script of a page knows of one plan: figures by place and year, sites, who goes where.

use crate::View;
use crate::figures::{Figures, PlaceFigures, decided, has_plan, listed, state, years};
use crate::words::Words;
use maillage_programme::{SiteRecord, SiteStatus, State, StructureForm};
use maillage_territory::{PlaceIx, SiteId};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Stands for what is not known: all figures are counts, times and rates, none below 0.
const UNKNOWN: i64 = -1;

/// Figures by place of one year.
type Column = fn(&PlaceFigures) -> i64;

fn count(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// The columns of a plan: name, whether it is known here, before and after. What is the same before and after, such as
/// people, has one column alone.
fn columns(figures: &Figures) -> Vec<(&'static str, Vec<Column>)> {
    let minutes: [Column; 2] = [
        |f| f.nearest[0].map_or(UNKNOWN, |t| i64::from(t.hundredths())),
        |f| f.nearest[1].map_or(UNKNOWN, |t| i64::from(t.hundredths())),
    ];
    let apl: [Column; 2] = [|f| f.apl[0].map_or(UNKNOWN, |a| a.0), |f| f.apl[1].map_or(UNKNOWN, |a| a.0)];
    let people: Column = |f| count(f.people);
    let mut out: Vec<(&'static str, Vec<Column>)> =
        vec![("people", vec![people]), ("minutes", minutes.to_vec())];
    if figures.lists {
        let attached: [Column; 2] = [|f| count(f.attached[0]), |f| count(f.attached[1])];
        out.push(("attached", attached.to_vec()));
    }
    if figures.places.iter().any(|f| f.apl[0].is_some()) {
        out.push(("apl", apl.to_vec()));
    }
    out
}

/// A plan in all its years with what is told of its sites; without words, only what a suite compares: what is so with the
/// plan, and the sites it decides. Lists by place are in the order of the territory; a list that is the same as the year
/// before is `null`.
pub(crate) fn plan_json(view: &View<'_>, w: Option<Words>) -> Value {
    let shown = years(view);
    let all: Vec<Figures> = shown.iter().map(|y| Figures::of_year(view, *y)).collect();
    let mut out = json!({
        "years": shown.iter().flatten().collect::<Vec<_>>(),
        "before": all.iter().any(|f| f.before),
        "after": has_plan(view.record),
    });
    for (name, sides) in columns(&all[all.len() - 1]) {
        let side = |column: &Column| -> Vec<Value> {
            let lists: Vec<Vec<i64>> = all.iter().map(|f| f.places.iter().map(column).collect()).collect();
            let same = |i: usize| i > 0 && lists[i] == lists[i - 1];
            (0..lists.len()).map(|i| if same(i) { Value::Null } else { json!(lists[i]) }).collect()
        };
        let mut lists: Vec<Value> = sides.iter().map(|s| side(s).into()).collect();
        if w.is_none() && lists.len() > 1 {
            lists[0] = json!([]);
        }
        out[name] = lists.into();
    }
    let sites = Sites::of(view);
    if w.is_none() {
        let decided = sites.list.iter().filter(|s| s.number.is_some());
        out["sites"] = decided.map(|site| site.json(view, None)).collect();
        return out;
    }
    out["flows"] = [State::Before, State::After]
        .map(|s| shown.iter().map(|y| sites.flows(view, s, *y)).collect::<Vec<_>>())
        .into_iter()
        .collect();
    out["sites"] = sites.list.iter().map(|site| site.json(view, w)).collect();
    out
}

/// Every site that people go to, or that the plan decides.
pub(crate) struct Sites {
    list: Vec<Site>,
    by_id: BTreeMap<SiteId, usize>,
}

struct Site {
    id: SiteId,
    place: Option<PlaceIx>,
    /// Its number on the map, if the plan decides it.
    number: Option<usize>,
}

impl Sites {
    pub fn of(view: &View<'_>) -> Sites {
        let mut places: BTreeMap<&SiteId, Option<PlaceIx>> = BTreeMap::new();
        for site in view.health.into_iter().flat_map(|h| &h.sites) {
            places.insert(&site.id, Some(site.main()));
        }
        for site in &view.record.sites {
            places.insert(&site.site_id, view.territory.ix(&site.code_commune));
        }
        for row in view.assignments {
            places.entry(&row.site_id).or_insert(None);
        }
        // Those that open nowhere in the plan would only be noise.
        let used: std::collections::BTreeSet<&SiteId> = view
            .assignments
            .iter()
            .map(|r| &r.site_id)
            .chain(view.record.sites.iter().map(|s| &s.site_id))
            .collect();
        let numbers: BTreeMap<&SiteId, usize> =
            decided(view.record).into_iter().map(|s| &s.site_id).zip(1..).collect();
        let list: Vec<Site> = places
            .into_iter()
            .filter(|(id, _)| used.contains(id))
            .map(|(id, place)| Site { id: id.clone(), place, number: numbers.get(id).copied() })
            .collect();
        let by_id = list.iter().enumerate().map(|(i, s)| (s.id.clone(), i)).collect();
        Sites { list, by_id }
    }

    /// The position of a site in the script's list.
    pub fn position(&self, id: &SiteId) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// By site: its position, then place, people and tenths of a minute, one after the other.
    fn flows(&self, view: &View<'_>, which: State, year: Option<u16>) -> Value {
        let mut by_site: BTreeMap<usize, Vec<[i64; 3]>> = BTreeMap::new();
        for row in listed(view, year).filter(|r| state(r.state) == state(which)) {
            let Some((site, from)) = self.position(&row.site_id).zip(view.territory.ix(&row.from_id)) else {
                continue;
            };
            let tenths = (i64::from(row.minutes.hundredths()) + 5) / 10;
            by_site.entry(site).or_default().push([i64::from(from.0), count(row.people.0), tenths]);
        }
        let sorted = |(site, mut list): (usize, Vec<[i64; 3]>)| {
            list.sort_unstable();
            json!([site, list.concat()])
        };
        by_site.into_iter().map(sorted).collect()
    }
}

impl Site {
    fn json(&self, view: &View<'_>, w: Option<Words>) -> Value {
        let record = view.record.sites.iter().find(|s| s.site_id == self.id);
        let structure =
            view.record.programme.iter().flat_map(|p| &p.structures).find(|s| s.site_id == self.id);
        let place = self.place.map(|ix| view.territory.place(ix));
        let name = record.map(|s| s.name.clone()).or_else(|| place.map(|p| p.name.clone()));
        let mut out = json!({
            "place": self.place.map(|ix| ix.0),
            "name": name.unwrap_or_else(|| self.id.to_string()),
        });
        if let Some(number) = self.number {
            out["number"] = number.into();
            out["class"] = status(record.map(|s| s.status)).into();
        }
        if let Some(year) = structure.and_then(|s| s.opens) {
            out["opens"] = year.into();
        }
        if let Some(w) = w {
            out["lines"] = lines(view, w, record, structure.and_then(|s| s.opens)).into();
        }
        out
    }
}

fn status(status: Option<SiteStatus>) -> &'static str {
    match status {
        Some(SiteStatus::Opened) => "opened",
        Some(SiteStatus::Extended) => "extended",
        _ => "existing",
    }
}

/// What is told of a site, one line each.
fn lines(view: &View<'_>, w: Words, record: Option<&SiteRecord>, opens: Option<u16>) -> Vec<String> {
    let Some(site) = record else { return Vec::new() };
    let mut out = Vec::new();
    match (site.status, opens) {
        (SiteStatus::Opened, Some(year)) => {
            out.push(
                w.t(&format!("ouverte par le plan en {year}"), &format!("opened by the plan in {year}")),
            );
        }
        (SiteStatus::Opened, None) => out.push(w.t("ouvert par le plan", "opened by the plan")),
        (SiteStatus::Extended, _) => out.push(w.t("agrandi par le plan", "extended by the plan")),
        (SiteStatus::Existing, _) => out.push(w.t("site existant", "existing site")),
    }
    out.extend(site.structure_type.as_ref().map(|id| {
        let health = view.health.and_then(|h| h.types.iter().find(|t| t.id == *id));
        let plain = view.types.iter().find(|t| t.id == *id).map(|t| match t.form {
            StructureForm::Msp => w.t("maison de santé", "health house"),
            StructureForm::Centre => w.t("centre de santé", "salaried health centre"),
        });
        health.map(|t| w.title(&t.name).to_owned()).or(plain).unwrap_or_else(|| id.to_string())
    }));
    if site.gps.0 > 0 {
        let n = w.decimal(site.gps);
        // Over years all GPs there are told, else those that the plan adds.
        let plus =
            if view.record.programme.is_some() || site.status == SiteStatus::Existing { "" } else { "+" };
        out.push(w.t(&format!("médecins généralistes : {plus}{n}"), &format!("GPs: {plus}{n}")));
    }
    if let Some(capacity) = site.capacity {
        let n = w.int(capacity);
        out.push(w.t(&format!("places de patients : {n}"), &format!("list places: {n}")));
    }
    if site.cost_eur.0 != 0 {
        let n = w.euros(site.cost_eur);
        out.push(w.t(&format!("coût : {n} HT"), &format!("cost: {n} excl. tax")));
    }
    out
}
