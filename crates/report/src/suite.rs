//! The page of a suite: every scenario beside the first, and where sites open.

use crate::View;
use crate::frontier::frontier;
use crate::health::{goal_label, goal_number};
use crate::map::{Plain, escape, plan_json, suite_measures};
use crate::page::{STYLE, data, script};
use crate::verdict;
use crate::words::Words;
use askama::Template;
use maillage_input::{Lang, Text};
use maillage_programme::{Euros, GoalRecord, Hundredths, Status};
use maillage_territory::Territory;
use serde_json::Value;
use std::fmt::Write as _;

/// A suite, ready to be shown.
#[derive(Debug, Clone, Copy)]
pub struct SuiteView<'a> {
    /// Its name.
    pub title: &'a str,
    /// The territory of all scenarios; `None` where they differ or none could be read: then there is no map.
    pub territory: Option<&'a Territory>,
    /// The scenarios; the first is what the others are compared with.
    pub scenarios: &'a [SuiteScenario],
    /// Communes where a site opens in a plan, or could.
    pub sites: &'a [SuiteSite],
    /// Plans that open a site somewhere.
    pub plans: usize,
    /// Further tables, in order.
    pub tables: &'a [SuiteTable],
}

/// One scenario.
#[derive(Debug, Clone)]
pub struct SuiteScenario {
    /// Name.
    pub name: String,
    /// How it ended, in words.
    pub end: String,
    /// The status of its result, if it has one.
    pub status: Option<Status>,
    /// Objective and bound of each goal.
    pub goals: Vec<GoalRecord>,
    /// Sites that open.
    pub sites_opened: Option<u64>,
    /// People on the list of a GP with the plan.
    pub people_attached: Option<Hundredths>,
    /// What the plan costs.
    pub cost_eur: Option<Euros>,
    /// Its own page, as seen from this one.
    pub page: Option<String>,
    /// What [`plan_data`] says of it; `None` keeps it off the maps.
    pub data: Option<String>,
}

/// What the maps of a suite show of one plan, in all its years: JSON text.
pub fn plan_data(view: &View<'_>) -> String {
    plan_json(view, None).to_string()
}

/// One commune.
#[derive(Debug, Clone)]
pub struct SuiteSite {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Plans in which a site opens there.
    pub plans: usize,
    /// `everywhere`, `often`, `sometimes` or `never`.
    pub how: &'static str,
}

/// A table of texts and figures that are written already.
#[derive(Debug, Clone)]
pub struct SuiteTable {
    /// What it shows.
    pub caption: Text,
    /// Headings; the first column names the lines, the others hold figures.
    pub head: Vec<Text>,
    /// Lines as long as the heading.
    pub lines: Vec<Vec<String>>,
}

#[derive(Template)]
#[template(path = "suite.html")]
struct Page<'a> {
    w: Words,
    view: &'a SuiteView<'a>,
    style: &'static str,
    script: &'static str,
    /// What the script compares; empty where fewer than two plans have places in common.
    data: String,
    verdict: Vec<String>,
    lines: Vec<Line<'a>>,
    chart: Option<String>,
    /// What money buys.
    frontier: Option<String>,
    map: Option<Plain>,
    /// Of how many plans the counts are.
    opening: String,
    chosen: Vec<Chosen<'a>>,
}

/// One goal of one scenario.
struct Line<'a> {
    /// The scenario, on the first of its lines.
    first: Option<&'a SuiteScenario>,
    /// Sites, people and money of the scenario; goal, plan, bound, gap and difference.
    cells: [String; 8],
}

/// Communes chosen equally often.
struct Chosen<'a> {
    class: &'static str,
    label: String,
    sites: Vec<&'a SuiteSite>,
}

/// `comparison.html`: all scenarios of a suite, self-contained and readable offline.
pub fn suite_html(view: &SuiteView<'_>, lang: Lang) -> String {
    let w = Words(lang);
    let map = view.territory.and_then(|t| Plain::draw(w, t, &circles(w, view)));
    let page = Page {
        w,
        view,
        style: STYLE,
        script: script!("duel.js"),
        data: map.as_ref().and_then(|m| compared(w, view, m)).unwrap_or_default(),
        verdict: said(w, view),
        lines: lines(w, view),
        chart: bars(w, view),
        frontier: frontier(w, view.scenarios),
        map,
        opening: w.count(
            view.plans as u64,
            ("plan qui ouvre un site", "plans qui ouvrent un site"),
            ("plan that opens a site", "plans that open a site"),
        ),
        chosen: chosen(w, view),
    };
    // Writing to a string fails only if a template does, and this does not.
    page.render().unwrap_or_default()
}

/// What the two maps side by side need; `None` where there are no two plans to compare.
fn compared(w: Words, view: &SuiteView<'_>, map: &Plain) -> Option<String> {
    let plan = |s: &SuiteScenario| -> Option<Value> {
        let mut plan: Value = serde_json::from_str(s.data.as_ref()?).ok()?;
        plan["name"] = s.name.clone().into();
        Some(plan)
    };
    let plans: Vec<Value> = view.scenarios.iter().filter_map(plan).collect();
    if plans.len() < 2 {
        return None;
    }
    let any = |name: &str| plans.iter().any(|p| p.get(name).is_some());
    let mut out = map.data.clone();
    out["measures"] = suite_measures(w, any("attached"), any("apl"));
    out["plans"] = plans.into();
    Some(data(w, out))
}

/// How sure the comparison is.
fn said(w: Words, view: &SuiteView<'_>) -> Vec<String> {
    let count = |wanted: fn(Status) -> bool| {
        view.scenarios.iter().filter(|s| s.status.is_some_and(wanted)).count() as u64
    };
    let mut out = vec![w.t(
        &format!("{} comparés.", w.count(view.scenarios.len() as u64, ("scénario", "scénarios"), ("", ""))),
        &format!("{} compared.", w.count(view.scenarios.len() as u64, ("", ""), ("scenario", "scenarios"))),
    )];
    let kinds: [(u64, &str, &str); 5] = [
        (
            count(|s| s == Status::Optimal),
            "plan optimal, prouvé : aucun autre ne fait mieux",
            "optimal plan, proven: no other does better",
        ),
        (
            count(|s| s == Status::WithinGap),
            "plan prouvé à l'écart demandé près",
            "plan proven within the gap asked for",
        ),
        (
            count(|s| s == Status::Feasible),
            "plan valable, arrêté avant la preuve : sa borne dit ce qui reste possible",
            "valid plan, stopped before proof: its bound says what may still be gained",
        ),
        (count(|s| s == Status::Infeasible), "impossible, prouvé", "impossible, proven"),
        (
            view.scenarios.iter().filter(|s| s.status.is_none_or(|s| s == Status::NoPlan)).count() as u64,
            "sans résultat",
            "without a result",
        ),
    ];
    for (n, fr, en) in kinds.into_iter().filter(|k| k.0 > 0) {
        out.push(w.t(&format!("{n} : {fr}."), &format!("{n}: {en}.")));
    }
    out.extend(against_first(w, view));
    out
}

/// Most scenarios that are told in a sentence.
const TOLD: usize = 6;

/// How many people each scenario attaches beyond the first, and what it costs.
fn against_first(w: Words, view: &SuiteView<'_>) -> Vec<String> {
    let Some((first, rest)) = view.scenarios.split_first() else { return Vec::new() };
    let Some(before) = first.people_attached else { return Vec::new() };
    let told = rest.iter().filter_map(|s| {
        let by = Hundredths(s.people_attached?.0.saturating_sub(before.0));
        let n = w.figure(Hundredths(by.0.saturating_abs()));
        let (fr, en) = match by.0 {
            0 => ("autant de personnes".to_owned(), "as many people".to_owned()),
            1.. => (format!("{n} personnes de plus"), format!("{n} people more")),
            _ => (format!("{n} personnes de moins"), format!("{n} people fewer")),
        };
        let cost = s
            .cost_eur
            .map(|c| w.euros(c))
            .map_or((String::new(), String::new()), |c| (format!(", pour {c}"), format!(", for {c}")));
        let (name, base) = (&s.name, &first.name);
        Some(
            w.t(
                &format!("« {name} » rattache {fr} que « {base} »{}.", cost.0),
                &format!("“{name}” attaches {en} than “{base}”{}.", cost.1)
                    .replace("many people than", "many people as"),
            ),
        )
    });
    told.take(TOLD).collect()
}

fn lines<'a>(w: Words, view: &SuiteView<'a>) -> Vec<Line<'a>> {
    let mut out = Vec::new();
    let base = view.scenarios.first();
    for scenario in view.scenarios {
        let [sites, people, cost] = [
            scenario.sites_opened.map(|n| w.int(n)),
            scenario.people_attached.map(|n| w.figure(n)),
            scenario.cost_eur.map(|n| w.euros(n)),
        ]
        .map(Option::unwrap_or_default);
        if scenario.goals.is_empty() {
            let none = String::new;
            let cells = [sites.clone(), people.clone(), cost.clone(), none(), none(), none(), none(), none()];
            out.push(Line { first: Some(scenario), cells });
        }
        for (k, goal) in scenario.goals.iter().enumerate() {
            let value = |v: Option<Hundredths>| v.map_or("–".to_owned(), |v| goal_number(w, goal, v).0);
            let gap = goal.objective.zip(goal.bound).map(|(o, b)| w.gap(verdict::gap(o, b)));
            let before = base
                .filter(|b| b.name != scenario.name)
                .and_then(|b| b.goals.iter().find(|g| g.goal == goal.goal && g.unit == goal.unit))
                .and_then(|g| g.objective);
            let difference = goal.objective.zip(before).map(|(now, before)| {
                let by = now.0.saturating_sub(before.0);
                let sign = if by > 0 { "+" } else { "" };
                format!("{sign}{}", goal_number(w, goal, Hundredths(by)).0)
            });
            let first = (k == 0).then_some(scenario);
            let once = |text: &String| if k == 0 { text.clone() } else { String::new() };
            out.push(Line {
                first,
                cells: [
                    once(&sites),
                    once(&people),
                    once(&cost),
                    label(w, goal),
                    value(goal.objective),
                    value(goal.bound),
                    gap.unwrap_or_default(),
                    difference.unwrap_or_default(),
                ],
            });
        }
    }
    out
}

/// A goal in words: in a scenario of one year people attached are people, not person-years.
fn label(w: Words, goal: &GoalRecord) -> String {
    match (goal.goal.as_str(), goal.unit.as_str()) {
        ("people-attached", "people") => w.t("personnes rattachées", "people attached"),
        (name, _) => match goal_number(w, goal, Hundredths(0)).1 {
            Some(unit) => format!("{} ({unit})", goal_label(w, name)),
            None => goal_label(w, name),
        },
    }
}

/// Height of a bar with the space around it, and where bars begin and end, in pixels.
const BAR: f64 = 26.0;
const LEFT: f64 = 230.0;
const RIGHT: f64 = 590.0;
/// Most scenarios that a chart can hold.
const MOST: usize = 60;

/// A bar a scenario: people attached. The axis begins at 0.
fn bars(w: Words, view: &SuiteView<'_>) -> Option<String> {
    let base = view.scenarios.first().and_then(|s| s.people_attached);
    let all: Vec<(&str, Hundredths)> =
        view.scenarios.iter().filter_map(|s| Some((s.name.as_str(), s.people_attached?))).collect();
    let most = all.iter().map(|(_, n)| n.0).max().filter(|&most| most > 0)?;
    if all.len() < 2 || all.len() > MOST {
        return None;
    }
    let height = BAR * all.len() as f64 + 8.0;
    let title = w.t("Personnes rattachées par scénario", "People attached, by scenario");
    let mut out =
        format!("<svg class=\"chart\" viewBox=\"0 0 760 {height}\" role=\"img\" aria-label=\"{title}\">");
    for (i, (name, people)) in all.iter().enumerate() {
        let (y, wide) = (BAR * i as f64 + 6.0, (RIGHT - LEFT) * people.0.max(0) as f64 / most as f64);
        let short: String = name.chars().take(32).collect();
        let class = if i == 0 { "p0" } else { "p1" };
        let by = Hundredths(people.0.saturating_sub(base.map_or(people.0, |b| b.0)));
        let change = match by.0 {
            0 => String::new(),
            n => format!(" ({})", w.signed(n, w.figure(by))),
        };
        // Writing to a string does not fail.
        let _ = write!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text><rect class=\"{class}\" x=\"{LEFT}\" y=\"{y:.1}\" width=\"{wide:.1}\" height=\"16\"/><text x=\"{:.1}\" y=\"{:.1}\">{}{change}</text>",
            LEFT - 8.0,
            y + 12.5,
            escape(&short),
            LEFT + wide + 8.0,
            y + 12.5,
            w.figure(*people)
        );
    }
    out.push_str("</svg>");
    Some(out)
}

/// The circles of the map: communes that some plan chooses, with radius and class.
fn circles(w: Words, view: &SuiteView<'_>) -> Vec<(String, f64, String)> {
    let one = |site: &SuiteSite| {
        let class = match site.how {
            "everywhere" => "p0",
            "often" => "p1",
            "sometimes" => "p2",
            _ => return None,
        };
        let share = site.plans as f64 / view.plans.max(1) as f64;
        let plans = w.t(
            &format!("{} plans sur {}", site.plans, view.plans),
            &format!("{} plans of {}", site.plans, view.plans),
        );
        let svg = format!("class=\"{class}\"><title>{}\n{plans}</title>", escape(&site.name));
        Some((site.code.clone(), 34.0 + 60.0 * share.sqrt(), svg))
    };
    // Large ones first, so that they hide none.
    let mut out: Vec<_> = view.sites.iter().filter_map(one).collect();
    out.sort_by(|a, b| b.1.total_cmp(&a.1));
    out
}

fn chosen<'a>(w: Words, view: &SuiteView<'a>) -> Vec<Chosen<'a>> {
    let kinds = [
        ("everywhere", "p0", w.t("dans tous les plans", "in every plan")),
        (
            "often",
            "p1",
            w.t("souvent : dans la moitié des plans ou plus", "often: in half of the plans or more"),
        ),
        ("sometimes", "p2", w.t("parfois : dans moins de la moitié", "sometimes: in fewer than half")),
        ("never", "", w.t("jamais", "never")),
    ];
    let of = |how: &str| -> Vec<&SuiteSite> { view.sites.iter().filter(|s| s.how == how).collect() };
    let all = kinds.into_iter().map(|(how, class, label)| Chosen { class, label, sites: of(how) });
    all.filter(|k| !k.sites.is_empty()).collect()
}
