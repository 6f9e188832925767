//! The note to be edited: what is claimed, and for each site why, with its figures and its map.

use super::map::{Scene, around};
use super::measure::measures;
use super::odt::Odt;
use super::places::Trips;
use super::png::Painter;
use super::sites::Site;
use super::table::Table;
use super::{Unmade, measure::Measure};
use crate::View;
use crate::figures::{Figures, decided, drawn, has_plan, last_year, zones};
use crate::health::names::Names;
use crate::rows::{NOTHING, rows};
use crate::verdict::verdict;
use crate::words::Words;
use maillage_input::{Lang, Text};
use maillage_programme::{Euros, SiteRecord, SiteStatus, State, Zone};
use maillage_territory::SupplyQuality;
use std::collections::BTreeMap;

/// Communes of a catchment that are named.
const NAMED: usize = 6;

/// The note as an OpenDocument text.
pub(super) fn note(view: &View<'_>, lang: Lang, places: &Table, sites: &[Site]) -> Result<Vec<u8>, Unmade> {
    let w = Words(lang);
    let record = view.record;
    let scene = Scene { w, view, places, sites };
    let measures = measures(places);
    let figures = Figures::of(view);
    let mut out = Odt::new();
    let title = w.title(&record.title).to_owned();
    out.title(&title);
    out.note(&w.t(
        &format!("Territoire : {} ; scénario : {}", record.territory, record.scenario),
        &format!("Territory: {}; scenario: {}", record.territory, record.scenario),
    ));
    out.heading(1, &w.t("Conclusion", "Conclusion"));
    let said = verdict(w, record);
    out.paragraph(&format!("{}. {}", said.badge, said.claim));
    said.more.iter().for_each(|more| out.paragraph(more));
    for clash in &record.clash {
        out.paragraph(&format!("– {}", w.title(&clash.text)));
    }
    key_figures(w, view, &mut out);
    let chosen: Vec<(&SiteRecord, &Site)> = decided(record)
        .into_iter()
        .filter_map(|record| Some((record, sites.iter().find(|s| s.id == record.site_id)?)))
        .collect();
    if has_plan(record) && !chosen.is_empty() {
        out.heading(1, &w.t("Les sites", "The sites"));
        overview(w, &chosen, &mut out);
        let about = About {
            w,
            view,
            figures: &figures,
            scene: &scene,
            measure: measures.first(),
            painter: Painter::new(),
        };
        for (number, (record, site)) in chosen.iter().enumerate() {
            about.site(number + 1, record, site, &mut out)?;
        }
    }
    sources(w, view, &mut out);
    out.finish(lang, &title)
}

fn key_figures(w: Words, view: &View<'_>, out: &mut Odt) {
    let zones = zones(view.record);
    let Some(zone) = zones.get(&Zone::Core).or(zones.get(&Zone::All)) else { return };
    let year = last_year(view.record).map(|y| format!(", {y}")).unwrap_or_default();
    let head = [
        format!("{}{year}", view.record.territory),
        w.t("Avant", "Before"),
        w.t("Après", "After"),
        w.t("Écart", "Change"),
    ];
    let lines: Vec<Vec<String>> =
        rows(w, zone).into_iter().map(|r| vec![r.label, r.before, r.after, r.change]).collect();
    out.heading(1, &w.t("Chiffres clés", "Key figures"));
    out.table("figures", &head, &lines);
}

fn overview(w: Words, chosen: &[(&SiteRecord, &Site)], out: &mut Odt) {
    let head = [
        w.t("Site", "Site"),
        w.t("Décision", "Decision"),
        w.t("Médecins", "GPs"),
        w.t("Rattachés", "Attached"),
        w.t("Coût HT", "Cost excl. tax"),
    ];
    let lines: Vec<Vec<String>> = chosen
        .iter()
        .zip(1..)
        .map(|((record, site), number)| {
            vec![
                format!("{number}. {}", site.name),
                decision(w, record, site),
                site.gps.map_or(NOTHING.to_owned(), |h| w.decimal(h)),
                w.int(site.attached),
                site.cost.map_or(NOTHING.to_owned(), |c| w.euros(Euros(c))),
            ]
        })
        .collect();
    out.table("sites", &head, &lines);
}

/// Opened or extended, and when.
fn decision(w: Words, record: &SiteRecord, site: &Site) -> String {
    let opened = record.status == SiteStatus::Opened;
    match (opened, site.opens) {
        (true, Some(year)) => w.t(&format!("ouvre en {year}"), &format!("opens in {year}")),
        (true, None) => w.t("ouvre", "opens"),
        (false, _) => w.t("agrandi", "extended"),
    }
}

/// What is told of each site.
struct About<'a> {
    w: Words,
    view: &'a View<'a>,
    figures: &'a Figures,
    scene: &'a Scene<'a>,
    measure: Option<&'a Measure>,
    painter: Painter,
}

/// Width of a picture in pixels: 15.5 cm at 200 dots an inch.
const PIXELS: u32 = 1220;

impl About<'_> {
    fn site(&self, number: usize, record: &SiteRecord, site: &Site, out: &mut Odt) -> Result<(), Unmade> {
        let w = self.w;
        out.heading(2, &format!("{number}. {} ({})", site.name, site.code));
        let what = decision(w, record, site);
        let kind = if site.kind.is_empty() { String::new() } else { format!(", {}", site.kind) };
        out.paragraph(&w.t(&format!("Décision : {what}{kind}."), &format!("Decision: {what}{kind}.")));
        self.people(site, out);
        self.worth(site, out);
        self.money(site, out);
        let drawn = self.measure.and_then(|m| around(self.scene, m, site));
        if let Some(svg) = drawn {
            let ratio = ratio(&svg);
            let label = w.t(&format!("Carte : {}", site.name), &format!("Map: {}", site.name));
            let png = self.painter.png(&svg, PIXELS)?;
            out.picture(svg, png, ratio, &label);
        }
        Ok(())
    }

    /// Who is attached to it, from where, and what changes for them.
    fn people(&self, site: &Site, out: &mut Odt) {
        let (w, territory) = (self.w, self.view.territory);
        let mut from: BTreeMap<_, u64> = BTreeMap::new();
        let mut trips = Trips::default();
        for row in drawn(self.view).filter(|r| r.state == State::After && r.site_id == site.id) {
            *from.entry(&row.from_id).or_default() += row.people.0;
            trips.add(row.people.0, row.minutes.hundredths());
        }
        if from.is_empty() {
            return;
        }
        let mut most: Vec<_> = from.iter().map(|(code, people)| (*people, *code)).collect();
        most.sort_by_key(|&(people, code)| (std::cmp::Reverse(people), code.clone()));
        let name = |code| territory.ix(code).map_or(code.to_string(), |ix| territory.place(ix).name.clone());
        let list: Vec<String> = most
            .iter()
            .take(NAMED)
            .map(|(people, code)| format!("{} ({})", name(code), w.int(*people)))
            .collect();
        let people = w.int(u64::try_from(trips.people).unwrap_or(u64::MAX));
        let count = from.len() as u64;
        let minutes = trips.mean().map_or(NOTHING.to_owned(), |m| w.decimal(m));
        let places = w.count(count, ("commune", "communes"), ("commune", "communes"));
        let list = list.join(", ");
        out.paragraph(&w.t(
            &format!("Avec le plan, {people} personnes de {places} y ont leur médecin traitant, à {minutes}\u{a0}min en moyenne : {list}{}.", if most.len() > NAMED { "…" } else { "" }),
            &format!("With the plan {people} people of {places} are on its lists, {minutes}\u{a0}min away on average: {list}{}.", if most.len() > NAMED { "…" } else { "" }),
        ));
        if self.figures.lists {
            let of = |s: usize| {
                let each = from.keys().filter_map(|code| territory.ix(code)).map(|ix| self.figures.at(ix));
                w.int(each.map(|f| f.people.saturating_sub(f.attached[s])).sum::<u64>())
            };
            let (before, after) = (of(0), of(1));
            out.paragraph(&w.t(
                &format!(
                    "Dans ces communes, les personnes sans médecin traitant passent de {before} à {after}."
                ),
                &format!("In these communes people without a GP go from {before} to {after}."),
            ));
        }
        if let Some(ix) = territory.ix(&site.code)
            && let [Some(before), Some(after)] = self.figures.at(ix).apl
        {
            let (b, a) = (w.decimal(before), w.decimal(after));
            out.paragraph(&w.t(
                &format!("Accessibilité (APL) de la commune : {b} avant, {a} après, en actes par an et habitant."),
                &format!("Accessibility (APL) of the commune: {b} before, {a} after, in acts a year per inhabitant."),
            ));
        }
    }

    /// What would be lost without it, where the result says so.
    fn worth(&self, site: &Site, out: &mut Odt) {
        let w = self.w;
        let Some(programme) = &self.view.record.programme else { return };
        if let Some(order) = programme.order.iter().find(|o| o.site_id == site.id) {
            let n = w.int(order.person_years);
            out.paragraph(&w.t(
                &format!("Sans elle, le reste du plan inchangé, {n} années-personnes de suivi par un médecin seraient perdues."),
                &format!("Without it, the rest of the plan unchanged, {n} person-years on the list of a GP would be lost."),
            ));
        }
        if let Some(delay) = programme.delay.iter().find(|d| d.site_id == site.id) {
            let n = w.int(delay.person_years);
            out.paragraph(&w.t(
                &format!("Un an de retard en ferait perdre {n}."),
                &format!("A year's delay would lose {n} of them."),
            ));
        }
    }

    /// What it costs and who pays.
    fn money(&self, site: &Site, out: &mut Odt) {
        let (w, record) = (self.w, self.view.record);
        let Some(programme) = &record.programme else {
            if let Some(cost) = site.cost {
                let cost = w.euros(Euros(cost));
                out.paragraph(&w.t(&format!("Coût : {cost} HT."), &format!("Cost: {cost} excluding tax.")));
            }
            return;
        };
        let names = Names { w, view: self.view, programme };
        let mut paid: BTreeMap<_, i128> = BTreeMap::new();
        let rows = programme.futures.first().into_iter().flat_map(|f| &f.money);
        for m in rows.filter(|m| m.of == site.id.as_str() && m.what != "lever") {
            *paid.entry((names.payer_order(&m.payer), &m.payer)).or_default() += i128::from(m.euros.0);
        }
        if paid.is_empty() {
            return;
        }
        let head = [
            w.t("Qui paie, toutes les années", "Who pays, all years"),
            w.t("Euros HT", "Euros excluding tax"),
        ];
        let euros = |sum: i128| w.euros(Euros(i64::try_from(sum).unwrap_or(i64::MAX)));
        let mut lines: Vec<Vec<String>> =
            paid.iter().map(|((_, payer), sum)| vec![names.payer(payer), euros(*sum)]).collect();
        lines.push(vec![w.t("Total", "Total"), euros(paid.values().sum())]);
        out.table(&format!("money-{}", site.id), &head, &lines);
    }
}

/// Height over width of a drawing of ours.
fn ratio(svg: &str) -> f64 {
    let view = svg.split_once("viewBox=\"").and_then(|(_, rest)| rest.split_once('"'));
    let numbers: Vec<f64> =
        view.map(|(v, _)| v.split(' ').filter_map(|n| n.parse().ok()).collect()).unwrap_or_default();
    match numbers[..] {
        [_, _, wide, high] if wide > 0.0 => high / wide,
        _ => 0.7,
    }
}

/// Where everything comes from, and what no source backs.
fn sources(w: Words, view: &View<'_>, out: &mut Odt) {
    let record = view.record;
    out.heading(1, &w.t("Sources et limites", "Sources and limits"));
    if record.supply == SupplyQuality::Estimated {
        out.note(&w.t(
            "L'offre de soins est estimée, non comptée.",
            "The supply of care is estimated, not counted.",
        ));
    }
    let mut list: Vec<String> = vec![
        w.t(
            &format!("Temps de trajet : {}", w.title(&record.travel.label)),
            &format!("Travel times: {}", w.title(&record.travel.label)),
        ),
        w.t(
            &format!("Offre de soins : {}", w.title(&record.supply_source)),
            &format!("Supply of care: {}", w.title(&record.supply_source)),
        ),
    ];
    for s in &view.territory.sources {
        let said = |t: &Text| w.title(t).to_owned();
        list.push([said(&s.data), said(&s.producer), said(&s.vintage), s.licence.clone()].join(", "));
    }
    list.iter().for_each(|line| out.note(line));
    if !record.unsourced.is_empty() {
        out.heading(2, &w.t("Valeurs sans source, à vérifier", "Values without a source, to be checked"));
        record.unsourced.iter().for_each(|value| out.note(w.title(value)));
    }
    let version = &record.maillage_version;
    let (solver, seed) = (&record.solver.name, record.seed);
    out.note(&w.t(
        &format!("Calcul : maillage {version}, {solver}, graine {seed}. Les fichiers lus et leurs empreintes sont dans result.json."),
        &format!("Computed by maillage {version}, {solver}, seed {seed}. Files read and their hashes are in result.json."),
    ));
}
