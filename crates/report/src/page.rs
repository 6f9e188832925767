//! The page: one HTML file that needs nothing else.

use crate::View;
use crate::changes::{brief, winners};
use crate::charts::distributions;
use crate::figures::{Figures, decided, has_plan, last_year, staffed, years, zones};
use crate::health::{Block, blocks};
use crate::map::Map;
use crate::progress::{PROGRESS, progress};
use crate::rows::{NOTHING, Row, rows};
use crate::verdict::{Verdict, verdict};
use crate::words::{Words, sort_key};
use askama::Template;
use maillage_input::Lang;
use maillage_programme::{IndicatorName, ResultRecord, SiteStatus, StructureForm, Zone};
use maillage_territory::{Area, AreaKind, Minutes, SupplyQuality, Territory};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The script of a page: what all share, then its own part.
macro_rules! script {
    ($own:literal) => {
        concat!(
            "\"use strict\";\n(() => {\n",
            include_str!("../templates/base.js"),
            include_str!("../templates/tables.js"),
            include_str!("../templates/sheet.js"),
            include_str!("../templates/figures.js"),
            include_str!(concat!("../templates/", $own)),
            "})();"
        )
    };
}
pub(crate) use script;

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    w: Words,
    record: &'a ResultRecord,
    territory: &'a Territory,
    verdict: Verdict,
    planned: bool,
    /// Whether there are lists and posts: not in plain location problems.
    siting: bool,
    /// What the plan does and for whom, one sentence each.
    brief: Vec<String>,
    /// Winners and losers, charts; then what is told of years, posts and money of a health programme.
    blocks: Vec<Block>,
    /// How the gap closed, where that was told: the only part that tells of time.
    last: Vec<Block>,
    /// Calendar years that the map can show.
    years: Vec<u16>,
    style: &'static str,
    script: &'static str,
    map: Option<Map>,
    data: String,
    cards: Vec<Row>,
    zones: Vec<ZoneTable>,
    sites: Vec<SiteLine>,
    money: Option<Money>,
    epcis: Vec<EpciLine>,
    communes: Vec<CommuneLine>,
    /// Whether accessibility is shown.
    apl: bool,
    figures: Figures,
}

/// Figures of one zone.
struct ZoneTable {
    title: String,
    rows: Vec<Row>,
    /// Whether it is shown at once, not folded.
    open: bool,
}

/// A site that opens or grows.
struct SiteLine {
    number: usize,
    name: String,
    code: String,
    status: String,
    class: &'static str,
    kind: String,
    /// The type's identifier, where `kind` says it in words.
    id: String,
    gps: String,
    capacity: String,
    attached: String,
    cost: String,
}

/// The money, and how much of the budget it is.
struct Money {
    spent: String,
    budget: Option<String>,
    /// Of the budget, in whole per cent for the bar.
    percent: u32,
    left: Option<String>,
}

/// One inter-municipal body.
struct EpciLine {
    name: String,
    people: String,
    before: String,
    after: String,
    change: String,
    trend: &'static str,
    minutes: String,
    /// Lengths of the shorter and the longer bar, in per cent.
    bars: Option<(u32, u32)>,
    /// Whether the longer bar is the one before.
    lost: bool,
}

/// One commune.
struct CommuneLine {
    name: String,
    code: String,
    people: String,
    attached: [String; 2],
    minutes: [String; 2],
    apl: [String; 2],
}

/// `report.html`: what a council reads, self-contained and readable offline.
pub fn report_html(view: &View<'_>, lang: Lang) -> String {
    let w = Words(lang);
    let record = view.record;
    let figures = Figures::of(view);
    let map = Map::draw(view, w, &figures);
    let tables = zone_tables(w, record);
    let cards = tables.first().map(|z| cards(&z.rows)).unwrap_or_default();
    let early = winners(w, view, &figures).into_iter();
    let early = early.chain(distributions(w, view, &figures, last_year(record)));
    let page = Page {
        w,
        record,
        territory: view.territory,
        verdict: verdict(w, record),
        planned: has_plan(record),
        siting: staffed(record),
        brief: brief(w, view, &figures),
        blocks: early.chain(blocks(w, view)).collect(),
        last: progress(w, record).into_iter().collect(),
        years: years(view).into_iter().flatten().collect(),
        style: STYLE,
        script: script!("atlas.js"),
        data: map.as_ref().map(|m| data(w, m.data.clone())).unwrap_or_default(),
        map,
        cards,
        zones: tables,
        sites: site_lines(w, view),
        money: money(w, record),
        epcis: epci_lines(w, view),
        communes: commune_lines(w, view, &figures),
        apl: view.access.is_some(),
        figures,
    };
    // Writing to a string fails only if a template does, and these do not.
    page.render().unwrap_or_default()
}

/// How every page looks.
pub(crate) const STYLE: &str = concat!(
    include_str!("../templates/map.css"),
    include_str!("../templates/style.css"),
    include_str!("../templates/print.css")
);

/// The data of a page with the words of its script, as text that stands in a script element.
pub(crate) fn data(w: Words, mut data: Value) -> String {
    data["words"] = json!({
        "people": w.t("Personnes comptées :", "People counted:"),
        "attached": w.t("Ont un médecin traitant :", "On the list of a GP:"),
        "minutes": w.t("Site le plus proche :", "Nearest site:"),
        "apl": w.t("Accessibilité (APL) :", "Accessibility (APL):"),
        "far": w.t("hors de portée", "out of reach"),
        "to": w.t("Où vont ses habitants", "Where its people go"),
        "more": w.t("et # autres communes", "and # more communes"),
        "catchment": w.t(
            "Bassin : # personnes (communes : #), à # min en moyenne.",
            "Catchment: # people (communes: #), # min away on average.",
        ),
        "empty": w.t("Personne n'y est rattaché dans cet état.", "Nobody is attached there in this state."),
        "unknown": w.t("Aucune commune de ce nom.", "No commune of this name."),
        "figure": w.t("Chiffre", "Figure"),
        "less": w.t("# par rapport à #", "# compared with #"),
        "both": w.t("Ouverts ou agrandis dans les deux :", "Opened or extended in both:"),
        "only": w.t("Dans # seulement :", "In # only:"),
        "map": w.t(
            "Flèches : déplacer ; plus et moins : zoomer ; zéro : revenir.",
            "Arrows: move; plus and minus: zoom; zero: back.",
        ),
    });
    inert(&data.to_string())
}

/// JSON that cannot end the script element it stands in.
fn inert(json: &str) -> String {
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

fn zone_tables(w: Words, record: &ResultRecord) -> Vec<ZoneTable> {
    let zones = zones(record);
    let wanted = [
        (Zone::Core, w.t("Le territoire", "The territory")),
        (Zone::Around, w.t("Autour du territoire", "Around the territory")),
        (Zone::All, w.t("Territoire et alentours", "Territory and surroundings")),
    ];
    let mut out: Vec<ZoneTable> = Vec::new();
    for (zone, title) in wanted {
        let Some(figures) = zones.get(&zone) else { continue };
        // Nothing around: all is the territory itself.
        if zone == Zone::All && out.len() == 1 {
            continue;
        }
        // Where there are years, those of the last one.
        let title = last_year(record).map_or(title.clone(), |year| format!("{title}, {year}"));
        out.push(ZoneTable { title, rows: rows(w, figures), open: out.is_empty() });
    }
    out
}

/// The four figures that a reader wants first.
fn cards(rows: &[Row]) -> Vec<Row> {
    use IndicatorName::*;
    let lists = rows.iter().any(|r| r.name == PeopleAttached);
    let wanted = if lists {
        [PeopleAttached, PeopleUnattached, MinutesAttachedMean, PeopleWithin15Min]
    } else {
        [PeopleWithin10Min, PeopleWithin20Min, MinutesNearestMean, MinutesNearestMax]
    };
    wanted.iter().filter_map(|name| rows.iter().find(|r| r.name == *name).cloned()).collect()
}

fn site_lines(w: Words, view: &View<'_>) -> Vec<SiteLine> {
    let sites = decided(view.record).into_iter().zip(1..);
    sites
        .map(|(site, number)| {
            let (class, status) = match site.status {
                SiteStatus::Extended => ("extended", w.t("agrandi", "extended")),
                _ => ("opened", w.t("ouvert", "opened")),
            };
            let form = site.structure_type.as_ref().and_then(|id| view.types.iter().find(|t| t.id == *id));
            let form = form.map(|t| match t.form {
                StructureForm::Msp => {
                    w.t("maison de santé pluriprofessionnelle", "multi-professional health house")
                }
                StructureForm::Centre => w.t("centre de santé", "salaried health centre"),
            });
            let (kind, id) = match (form, &site.structure_type) {
                (Some(form), Some(id)) => (form, id.to_string()),
                (None, Some(id)) => (id.to_string(), String::new()),
                _ => (NOTHING.to_owned(), String::new()),
            };
            SiteLine {
                number,
                name: site.name.clone(),
                code: site.code_commune.to_string(),
                status,
                class,
                kind,
                id,
                gps: w.decimal(site.gps),
                capacity: site.capacity.map_or(NOTHING.to_owned(), |c| w.int(c)),
                attached: w.int(site.attached),
                cost: w.euros(site.cost_eur),
            }
        })
        .collect()
}

fn money(w: Words, record: &ResultRecord) -> Option<Money> {
    let spent = record.cost_eur?;
    let budget = record.budget_eur;
    let percent = budget.filter(|b| b.0 > 0).map_or(0, |b| {
        u32::try_from((i128::from(spent.0.max(0)) * 100 / i128::from(b.0)).clamp(0, 100)).unwrap_or(100)
    });
    Some(Money {
        spent: w.euros(spent),
        budget: budget.map(|b| w.euros(b)),
        percent,
        left: budget.map(|b| w.euros(b - spent)),
    })
}

fn epci_lines(w: Words, view: &View<'_>) -> Vec<EpciLine> {
    use IndicatorName::*;
    let known: BTreeMap<&str, &Area> =
        view.territory.places.iter().filter_map(|p| p.epci.as_ref()).map(|e| (e.code.as_str(), e)).collect();
    let mut lines: Vec<(String, EpciLine)> = Vec::new();
    for (zone, figures) in zones(view.record) {
        let Zone::Area(AreaKind::Epci, code) = zone else { continue };
        let rows = rows(w, &figures);
        let lists = figures.contains_key(&PeopleAttached);
        let main = if lists { PeopleAttached } else { PeopleWithin15Min };
        let Some(row) = rows.iter().find(|r| r.name == main) else { continue };
        let value = |name, s: usize| figures.get(&name).and_then(|v: &[_; 2]| v[s]);
        let share = |s: usize| {
            let (part, whole) = (value(main, s)?.0, value(PeopleCounted, s)?.0);
            u32::try_from((part * 100).checked_div(whole)?).ok()
        };
        let name = known.get(code.as_str()).map_or(code.clone(), |e| e.name.clone());
        let minutes =
            rows.iter().find(|r| r.name == if lists { MinutesAttachedMean } else { MinutesNearestMean });
        let planned = has_plan(view.record);
        let line = EpciLine {
            people: value(PeopleCounted, 0)
                .or(value(PeopleCounted, 1))
                .map_or(NOTHING.to_owned(), |p| w.decimal(p)),
            before: row.before.clone(),
            after: row.after.clone(),
            change: row.change.clone(),
            trend: row.trend.as_str(),
            minutes: minutes
                .map_or(NOTHING.to_owned(), |r| if planned { &r.after } else { &r.before }.clone()),
            bars: share(0).zip(share(1)).map(|(a, b)| (a.min(b), a.max(b))),
            lost: share(0) > share(1),
            name: name.clone(),
        };
        lines.push((name, line));
    }
    lines.sort_by_cached_key(|(name, _)| sort_key(name));
    lines.into_iter().map(|(_, line)| line).collect()
}

fn commune_lines(w: Words, view: &View<'_>, figures: &Figures) -> Vec<CommuneLine> {
    let minutes =
        |t: Option<Minutes>| t.map_or(NOTHING.to_owned(), |t| w.tenths(i64::from(t.hundredths() + 5) / 10));
    let core = view.territory.iter().filter(|(ix, p)| p.core && figures.at(*ix).people > 0);
    let mut lines: Vec<CommuneLine> = core
        .map(|(ix, place)| {
            let f = figures.at(ix);
            CommuneLine {
                name: place.name.clone(),
                code: place.id.to_string(),
                people: w.int(f.people),
                attached: f.attached.map(|n| w.int(n)),
                minutes: f.nearest.map(minutes),
                apl: f.apl.map(|apl| apl.map_or(NOTHING.to_owned(), |apl| w.number(apl.to_f64(), 2))),
            }
        })
        .collect();
    lines.sort_by_cached_key(|line| (sort_key(&line.name), line.code.clone()));
    lines
}

impl Page<'_> {
    /// Heading of a column or a line of the figures.
    fn states(&self) -> [String; 3] {
        [self.w.t("Avant", "Before"), self.w.t("Après", "After"), self.w.t("Écart", "Change")]
    }

    fn estimated(&self) -> bool {
        self.record.supply == SupplyQuality::Estimated
    }

    fn proxy(&self) -> bool {
        self.record.travel.kind == "proxy"
    }

    /// The label of travel times, as a sentence begins.
    fn travel(&self) -> String {
        let mut label = self.w.title(&self.record.travel.label).chars();
        label.next().map_or(String::new(), |c| c.to_uppercase().chain(label).collect())
    }

    /// The rule that clashes, in two or three words.
    fn rule(&self, rule: &str) -> String {
        match rule {
            "budget" => self.w.t("Budget", "Budget"),
            "max-new-sites" => self.w.t("Nombre d'ouvertures", "Number of openings"),
            "gp-pool" => self.w.t("Médecins à recruter", "GPs to recruit"),
            "team" => self.w.t("Équipe minimale", "Smallest team"),
            "forced-site" => self.w.t("Site imposé", "Forced site"),
            "owner" => self.w.t("Argent du porteur", "Money of the owner"),
            "pool" => self.w.t("Professionnels à recruter", "Professionals to recruit"),
            "committed" => self.w.t("Ouverture décidée", "Settled opening"),
            "lead" => self.w.t("Structure de rattachement", "Lead structure"),
            "lever" => self.w.t("Levier", "Lever"),
            "rule" => self.w.t("Règle", "Rule"),
            "reach" => self.w.t("Lieux hors de portée", "Places out of reach"),
            "number-of-sites" => self.w.t("Nombre de sites", "Number of sites"),
            other => other.to_owned(),
        }
    }

    /// The share of the money used, in words.
    fn used(&self, percent: &u32) -> String {
        self.w.percent(&percent.to_string())
    }

    /// The command that solves the scenario again in the same way.
    fn command(&self) -> String {
        let record = self.record;
        let file = record.scenario_file.rsplit('/').next().unwrap_or_default();
        let limit = record.solver.time_limit_s.map(|s| format!(" --time-limit {s}")).unwrap_or_default();
        let gap =
            if record.solver.gap > 0.0 { format!(" --gap {}", record.solver.gap) } else { String::new() };
        let (threads, seed) = (record.solver.threads, record.seed);
        format!("maillage solve {file}{limit}{gap} --threads {threads} --seed {seed}")
    }

    /// Where the figures of page one come from, in one line.
    fn origin(&self) -> String {
        let w = self.w;
        let year = last_year(self.record)
            .map(|y| w.t(&format!("Chiffres de {y}. "), &format!("Figures of {y}. ")))
            .unwrap_or_default();
        let (travel, supply) = (self.travel(), w.title(&self.record.supply_source));
        let geography = self.territory.geography_year;
        year + &w.t(
            &format!("Médecins : {supply}. {travel}. Communes au 1er janvier {geography}. Toutes les sources sont en bas de page."),
            &format!("GPs: {supply}. {travel}. Communes on 1 January {geography}. All sources stand at the end of the page."),
        )
    }

    fn gap_asked(&self) -> String {
        // Shown as it was asked, with at most four decimals of a per cent.
        let text = format!("{:.4}", self.record.solver.gap * 100.0);
        let text = text.trim_end_matches('0').trim_end_matches('.');
        match self.w.0 {
            Lang::Fr => self.w.percent(&text.replace('.', ",")),
            Lang::En => self.w.percent(text),
        }
    }
}
