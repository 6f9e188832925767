//! What a frontier says, in files and on screen.

use super::points::Points;
use crate::suite::{line, shown, write_file};
use crate::{Loaded, Status};
use maillage_input::{InputRecord, Lang, Problem, Text, grouped};
use maillage_programme::{Euros, GoalRecord, Hundredths};
use maillage_report::{FrontierPoint, FrontierSite, FrontierView, frontier_html};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// One value and what it buys.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FrontierPointRecord {
    /// The value.
    pub value: Value,
    /// What is claimed of the goal.
    pub status: Status,
    /// Value of the plan.
    pub objective: Option<Hundredths>,
    /// What no plan can beat.
    pub bound: Option<Hundredths>,
    /// Relative distance of the two.
    pub gap: Option<f64>,
    /// What the plan costs.
    pub cost_eur: Option<Euros>,
    /// How much more of the value, since the last point with a smaller objective, for each unit of the goal gained.
    pub marginal: Option<Hundredths>,
    /// Codes of the communes where a site opens.
    pub opened: Vec<String>,
}

/// A commune where a site opens at some value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DeployedSite {
    /// Code.
    pub code_commune: String,
    /// Name.
    pub name: String,
    /// First value at which it opens.
    pub first: Value,
    /// Value from which it opens at every later one; `null` if it does not at the last.
    pub stays_from: Option<Value>,
    /// Points at which it opens.
    pub points: usize,
}

/// A frontier.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FrontierRecord {
    /// Version of this format.
    pub schema_version: u32,
    /// Version of the program.
    pub maillage_version: String,
    /// Name of the scenario.
    pub scenario: String,
    /// Its title.
    pub title: Text,
    /// Its territory.
    pub territory: String,
    /// Where the value stands.
    pub pointer: String,
    /// The goal: the first of the scenario.
    pub goal: String,
    /// `max` or `min`.
    pub sense: String,
    /// Its unit.
    pub unit: String,
    /// The limit that stopped the search, if one did.
    pub limit: Option<String>,
    /// Points in the order of the values.
    pub points: Vec<FrontierPointRecord>,
    /// Order of deployment: those that stay from the smallest value first, then by code.
    pub sites: Vec<DeployedSite>,
    /// Whole models that were solved.
    pub solves: usize,
    /// Small models of decisions that were solved.
    pub rounds: usize,
    /// Files that were read.
    pub inputs: Vec<InputRecord>,
}

impl FrontierRecord {
    pub(super) fn new(loaded: &[Loaded], pointer: String, values: &[Value], found: Points) -> Self {
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        let mut points = Vec::new();
        for (value, point) in values.iter().zip(found.points) {
            let marginal = marginal(&points, value, point.objective);
            let opened = point.opened.keys().cloned().collect();
            names.extend(point.opened);
            points.push(FrontierPointRecord {
                value: value.clone(),
                status: point.status.unwrap_or(Status::NoPlan),
                objective: point.objective,
                bound: point.bound.filter(|_| point.objective.is_some()),
                gap: point.objective.zip(point.bound).map(|(o, b)| GoalRecord::gap_of(o, b)),
                cost_eur: point.cost,
                marginal,
                opened,
            });
        }
        let first = loaded.first();
        FrontierRecord {
            schema_version: 1,
            maillage_version: env!("CARGO_PKG_VERSION").to_owned(),
            scenario: first.map(|l| l.file.name.to_string()).unwrap_or_default(),
            title: first.map(|l| l.file.title.clone()).unwrap_or_default(),
            territory: first.map(|l| l.territory.name.clone()).unwrap_or_default(),
            pointer,
            goal: found.goal,
            sense: found.sense,
            unit: found.unit,
            limit: found.limit,
            sites: deployed(&points, &names),
            points,
            solves: found.solves,
            rounds: found.rounds,
            inputs: first.map(|l| l.inputs.clone()).unwrap_or_default(),
        }
    }

    /// One row a point.
    pub fn csv(&self) -> String {
        let header = [
            "scenario",
            "value",
            "status",
            "objective",
            "bound",
            "gap",
            "cost_eur",
            "marginal",
            "sites",
            "opened",
        ];
        let mut out = line(header.map(str::to_owned).into());
        for p in &self.points {
            let cells = [
                self.scenario.clone(),
                word(&p.value),
                p.status.as_str().to_owned(),
                shown(p.objective.as_ref()),
                shown(p.bound.as_ref()),
                shown(p.gap.as_ref()),
                shown(p.cost_eur.as_ref()),
                shown(p.marginal.as_ref()),
                p.opened.len().to_string(),
                p.opened.join(" "),
            ];
            out.push_str(&line(cells.into()));
        }
        out
    }

    /// One row a commune, in the order of deployment.
    pub fn sites_csv(&self) -> String {
        let header = ["scenario", "code_commune", "name", "first", "stays_from", "points", "of"];
        let mut out = line(header.map(str::to_owned).into());
        for s in &self.sites {
            let cells = [
                self.scenario.clone(),
                s.code_commune.clone(),
                s.name.clone(),
                word(&s.first),
                s.stays_from.as_ref().map(word).unwrap_or_default(),
                s.points.to_string(),
                self.points.len().to_string(),
            ];
            out.push_str(&line(cells.into()));
        }
        out
    }

    /// The whole as JSON.
    pub fn json(&self) -> String {
        let value = serde_json::to_value(self).unwrap_or_default();
        format!("{value:#}\n")
    }

    /// The page: self-contained and readable offline.
    pub fn html(&self, lang: Lang) -> String {
        let goal = GoalRecord {
            goal: self.goal.clone(),
            sense: self.sense.clone(),
            unit: self.unit.clone(),
            status: Status::NoPlan,
            objective: None,
            bound: None,
            gap: None,
        };
        let point = |p: &FrontierPointRecord| FrontierPoint {
            number: p.value.as_i64(),
            word: word(&p.value),
            status: p.status,
            objective: p.objective,
            bound: p.bound,
            cost: p.cost_eur,
            opened: p.opened.clone(),
        };
        let points: Vec<FrontierPoint> = self.points.iter().map(point).collect();
        let at = |value: &Value| self.points.iter().position(|p| p.value == *value);
        let site = |s: &DeployedSite| {
            Some(FrontierSite {
                code: s.code_commune.clone(),
                name: s.name.clone(),
                first: at(&s.first)?,
                stays: s.stays_from.as_ref().and_then(at),
                points: s.points,
            })
        };
        let view = FrontierView {
            title: &self.title,
            scenario: &self.scenario,
            territory: &self.territory,
            pointer: &self.pointer,
            goal: &goal,
            stopped: self.limit.is_some(),
            points: &points,
            sites: &self.sites.iter().filter_map(site).collect::<Vec<_>>(),
        };
        frontier_html(&view, lang)
    }

    /// What a user reads.
    pub fn summary(&self, lang: Lang) -> String {
        let number = |h: Option<Hundredths>| match h {
            None => "–".to_owned(),
            Some(h) if h.0 % 100 == 0 => grouped(lang, h.0 / 100),
            Some(h) if lang == Lang::Fr => h.to_string().replace('.', ","),
            Some(h) => h.to_string(),
        };
        let value = |v: &Value| v.as_i64().map_or_else(|| word(v), |n| grouped(lang, n));
        let header = match lang {
            Lang::Fr => ["valeur", "statut", "objectif", "borne", "coût (EUR)", "par unité", "sites"],
            Lang::En => ["value", "status", "objective", "bound", "cost (EUR)", "per unit", "sites"],
        };
        let mut lines = vec![header.map(str::to_owned)];
        lines.extend(self.points.iter().map(|p| {
            let cost = p.cost_eur.map_or_else(|| "–".to_owned(), |e| grouped(lang, e.0));
            [
                value(&p.value),
                p.status.as_str().to_owned(),
                number(p.objective),
                number(p.bound),
                cost,
                number(p.marginal),
                p.opened.len().to_string(),
            ]
        }));
        let width = |i: usize| lines.iter().map(|l| l[i].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..header.len()).map(width).collect();
        let mut out = format!("{} · {} · {} ({})\n", self.scenario, self.pointer, self.goal, self.unit);
        for cells in &lines {
            let cells: Vec<String> = cells.iter().zip(&widths).map(|(c, &w)| format!("{c:>w$}")).collect();
            out.push_str(&(cells.join("  ") + "\n"));
        }
        let staying: Vec<String> = self
            .sites
            .iter()
            .filter_map(|s| Some(format!("{} ({})", s.name, value(s.stays_from.as_ref()?))))
            .collect();
        if !staying.is_empty() {
            let words = if lang == Lang::Fr { "ordre d'ouverture :" } else { "order of opening:" };
            out.push_str(&format!("{words} {}\n", staying.join(", ")));
        }
        let (whole, small) = (self.solves, self.rounds);
        out + &match lang {
            Lang::Fr => format!("modèles résolus : {whole} entiers, {small} de décisions seules\n"),
            Lang::En => format!("models solved: {whole} whole, {small} of decisions alone\n"),
        }
    }
}

/// Writes `frontier.csv`, `frontier-sites.csv`, `frontier.json` and the page `frontier.html` to a folder, each whole or not
/// at all.
///
/// # Errors
/// E107.
pub fn write_frontier(dir: &Path, record: &FrontierRecord, lang: Lang) -> Result<(), Problem> {
    std::fs::create_dir_all(dir).map_err(|e| crate::folder::unwritable(dir, &e))?;
    write_file(&dir.join("frontier.csv"), &record.csv())?;
    write_file(&dir.join("frontier-sites.csv"), &record.sites_csv())?;
    write_file(&dir.join("frontier.html"), &record.html(lang))?;
    write_file(&dir.join("frontier.json"), &record.json())
}

/// What one more unit of the goal took, since the last point with another objective.
fn marginal(
    before: &[FrontierPointRecord],
    value: &Value,
    objective: Option<Hundredths>,
) -> Option<Hundredths> {
    let last = before.last()?;
    let gained = objective?.0.checked_sub(last.objective?.0).filter(|g| *g != 0)?;
    // Points at which nothing was gained were paid for all the same.
    let same = before.iter().rev().take_while(|p| p.objective == last.objective).last()?;
    let spent = value.as_i64()?.checked_sub(same.value.as_i64()?)?;
    let hundredths = i128::from(spent) * 10_000 / i128::from(gained.abs());
    i64::try_from(hundredths).ok().map(Hundredths)
}

fn deployed(points: &[FrontierPointRecord], names: &BTreeMap<String, String>) -> Vec<DeployedSite> {
    let with_plan: Vec<&FrontierPointRecord> = points.iter().filter(|p| p.objective.is_some()).collect();
    let one = |(code, name): (&String, &String)| {
        let opens = |p: &&&FrontierPointRecord| p.opened.contains(code);
        let first = with_plan.iter().position(|p| opens(&p))?;
        let stays = with_plan.iter().rev().take_while(opens).count();
        let from = with_plan.len() - stays;
        let site = DeployedSite {
            code_commune: code.clone(),
            name: name.clone(),
            first: with_plan[first].value.clone(),
            stays_from: with_plan.get(from).map(|p| p.value.clone()),
            points: with_plan.iter().filter(opens).count(),
        };
        Some((from, first, site))
    };
    let mut out: Vec<_> = names.iter().filter_map(one).collect();
    // Stable: equals stay in the order of codes.
    out.sort_by_key(|(from, first, _)| (*from, *first));
    out.into_iter().map(|(.., site)| site).collect()
}

fn word(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(value: i64, people: i64, opened: &[&str]) -> FrontierPointRecord {
        FrontierPointRecord {
            value: value.into(),
            status: Status::Optimal,
            objective: Some(Hundredths::whole(people)),
            bound: Some(Hundredths::whole(people)),
            gap: Some(0.0),
            cost_eur: None,
            marginal: None,
            opened: opened.iter().map(|c| (*c).to_owned()).collect(),
        }
    }

    #[test]
    fn the_order_of_deployment_and_what_a_person_costs() {
        let points = [
            point(0, 100, &[]),
            point(50, 100, &["b"]),
            point(100, 120, &["a", "c"]),
            point(150, 120, &["a", "b"]),
        ];
        let names = ["a", "b", "c"].map(|c| (c.to_owned(), c.to_uppercase())).into();
        let got: Vec<_> = deployed(&points, &names)
            .into_iter()
            .map(|s| (s.code_commune, s.first, s.stays_from, s.points))
            .collect();
        assert_eq!(got[0], ("a".into(), 100.into(), Some(100.into()), 2));
        assert_eq!(got[1], ("b".into(), 50.into(), Some(150.into()), 2));
        assert_eq!(got[2], ("c".into(), 100.into(), None, 1));
        // 100 spent from the first point on for 20 people.
        assert_eq!(marginal(&points[..2], &100.into(), Some(Hundredths::whole(120))), Some(Hundredths(500)));
        assert_eq!(marginal(&points[..1], &50.into(), Some(Hundredths::whole(100))), None);
    }
}
