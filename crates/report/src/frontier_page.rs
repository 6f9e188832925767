//! The page of a frontier: what each value of a limit buys, in plain words, as a curve and as tables.

use crate::charts::enumerated;
use crate::curve::{At, Curve, Reach};
use crate::health::{Block, Cell, Line, Table, goal_number, goal_text, goal_value};
use crate::page::STYLE;
use crate::progress::PROGRESS;
use crate::rows::NOTHING;
use crate::verdict::gap;
use crate::words::Words;
use askama::Template;
use maillage_input::{Lang, Text};
use maillage_programme::{Euros, GoalRecord, Hundredths, Status};

/// A frontier, ready to be shown.
#[derive(Debug, Clone, Copy)]
pub struct FrontierView<'a> {
    /// Title of the scenario.
    pub title: &'a Text,
    /// Its name.
    pub scenario: &'a str,
    /// Its territory.
    pub territory: &'a str,
    /// Where the value stands in the scenario, a JSON pointer.
    pub pointer: &'a str,
    /// The goal, its sense and its unit; what it says of one plan is not looked at.
    pub goal: &'a GoalRecord,
    /// Whether a limit stopped the search.
    pub stopped: bool,
    /// In the order of the values.
    pub points: &'a [FrontierPoint],
    /// In the order of deployment.
    pub sites: &'a [FrontierSite],
}

/// One value and what it buys.
#[derive(Debug, Clone)]
pub struct FrontierPoint {
    /// The value as a whole number, if it is one.
    pub number: Option<i64>,
    /// The value as it is written.
    pub word: String,
    /// What is claimed of the plan.
    pub status: Status,
    /// Value of the plan, in hundredths of the unit of the goal; `None` without a plan.
    pub objective: Option<Hundredths>,
    /// What no plan can beat.
    pub bound: Option<Hundredths>,
    /// What the plan costs.
    pub cost: Option<Euros>,
    /// Codes of the communes where a site opens, sorted.
    pub opened: Vec<String>,
}

/// A commune where a site opens at some value.
#[derive(Debug, Clone)]
pub struct FrontierSite {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Position of the first point at which it opens.
    pub first: usize,
    /// Position of the point from which it opens at every later one; `None` if it does not at the last.
    pub stays: Option<usize>,
    /// Points at which it opens.
    pub points: usize,
}

#[derive(Template)]
#[template(path = "frontier.html")]
struct Page<'a> {
    w: Words,
    view: &'a FrontierView<'a>,
    style: &'static str,
    script: &'static str,
    class: &'static str,
    verdict: Vec<String>,
    blocks: Vec<Block>,
}

/// `frontier.html`: self-contained and readable offline. Equal frontiers give equal bytes.
pub fn frontier_html(view: &FrontierView<'_>, lang: Lang) -> String {
    let w = Words(lang);
    let told = Told { w, view, kind: Kind::of(view.pointer) };
    let page = Page {
        w,
        view,
        style: STYLE,
        script: concat!(
            "\"use strict\";\n(() => {\n",
            include_str!("../templates/base.js"),
            include_str!("../templates/tables.js"),
            "})();"
        ),
        class: told.class(),
        verdict: told.verdict(),
        blocks: [Some(told.curve()), told.steps(), told.sites()].into_iter().flatten().collect(),
    };
    // Writing to a string fails only if a template does, and this does not.
    page.render().unwrap_or_default()
}

/// What varies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Euros,
    Gps,
    Sites,
    Other,
}

impl Kind {
    fn of(pointer: &str) -> Kind {
        match pointer.rsplit(['/', '.']).next() {
            Some("budget_eur" | "total_eur") => Kind::Euros,
            Some("gp_pool") => Kind::Gps,
            Some("max_new_sites") => Kind::Sites,
            _ => Kind::Other,
        }
    }

    /// Of what a gain is told by: a hundred thousand euros, one GP, one site, one.
    fn each(self) -> i128 {
        if self == Kind::Euros { 100_000 } else { 1 }
    }
}

/// A point with a plan that gains something on the last one with a plan.
struct Step<'a> {
    from: &'a FrontierPoint,
    to: &'a FrontierPoint,
    /// Better by so much; nothing where the plan is not better.
    gain: Hundredths,
    /// For each unit of [`Kind::each`].
    per: Option<Hundredths>,
}

struct Told<'a> {
    w: Words,
    view: &'a FrontierView<'a>,
    kind: Kind,
}

impl<'a> Told<'a> {
    fn planned(&self) -> impl DoubleEndedIterator<Item = &'a FrontierPoint> + use<'a> {
        self.view.points.iter().filter(|p| p.objective.is_some())
    }

    /// A value with its unit.
    fn value(&self, p: &FrontierPoint) -> String {
        let w = self.w;
        let count = |n: i64, one, many| match u64::try_from(n) {
            Ok(n) => w.count(n, one, many),
            Err(_) => w.int(n),
        };
        match (p.number, self.kind) {
            (None, _) => p.word.clone(),
            (Some(n), Kind::Euros) => w.euros(Euros(n)),
            (Some(n), Kind::Gps) => count(n, ("médecin", "médecins"), ("GP", "GPs")),
            (Some(n), Kind::Sites) => count(n, ("ouverture", "ouvertures"), ("opening", "openings")),
            (Some(n), Kind::Other) => w.int(n),
        }
    }

    fn goal(&self, value: Hundredths) -> String {
        goal_value(self.w, self.view.goal, value)
    }

    fn proven(p: &FrontierPoint) -> bool {
        p.objective.is_some() && p.objective == p.bound
    }

    fn class(&self) -> &'static str {
        let worst = self.planned().map(|p| p.status).max_by_key(|s| *s as u8);
        worst.unwrap_or(Status::Infeasible).as_str()
    }

    fn better(&self, to: Hundredths, from: Hundredths) -> Hundredths {
        let more = to.0.saturating_sub(from.0);
        Hundredths(if self.view.goal.sense == "min" { more.saturating_neg() } else { more })
    }

    fn gains(&self) -> Vec<Step<'a>> {
        let planned: Vec<&FrontierPoint> = self.planned().collect();
        let pairs = planned.windows(2).filter_map(|pair| {
            let (from, to) = (pair[0], pair[1]);
            let gain = self.better(to.objective?, from.objective?);
            let spent = to.number.zip(from.number).map(|(to, from)| i128::from(to) - i128::from(from));
            let each = |spent: i128| {
                let per = i128::from(gain.0) * self.kind.each() / spent;
                i64::try_from(per).ok().map(Hundredths)
            };
            Some(Step { from, to, gain, per: spent.filter(|s| *s > 0).and_then(each) })
        });
        pairs.collect()
    }

    /// A gain for each unit, with the unit.
    fn each(&self, per: Hundredths) -> String {
        let x = self.goal(per);
        match self.kind {
            Kind::Euros => self.w.t(&format!("{x} par 100\u{202f}000\u{a0}€"), &format!("{x} per €100,000")),
            Kind::Gps => self.w.t(&format!("{x} par médecin"), &format!("{x} per GP")),
            Kind::Sites => self.w.t(&format!("{x} par ouverture"), &format!("{x} per opening")),
            Kind::Other => self.w.t(&format!("{x} par unité"), &format!("{x} per unit")),
        }
    }

    fn verdict(&self) -> Vec<String> {
        let w = self.w;
        let (Some(first), Some(last)) = (self.planned().next(), self.planned().next_back()) else {
            return vec![w.t(
                "Aucune de ces valeurs ne donne de plan qui respecte toutes les règles.",
                "No value gives a plan that keeps all rules.",
            )];
        };
        let goal = goal_text(self.view.goal, w.0);
        let said = |p: &FrontierPoint| p.objective.map_or(NOTHING.to_owned(), |o| self.goal(o));
        let (low, high, from, to) = (self.value(first), self.value(last), said(first), said(last));
        let mut out = vec![w.t(
            &format!("De {low} à {high} : {goal}, de {from} à {to}."),
            &format!("From {low} to {high}: {goal}, from {from} to {to}."),
        )];
        out.extend(self.infeasible());
        out.extend(self.most());
        out.extend(self.enough());
        out.push(self.proof());
        out.extend(self.dropped());
        out
    }

    /// Values under which no plan keeps the rules.
    fn infeasible(&self) -> Option<String> {
        let none = self.view.points.iter().filter(|p| p.status == Status::Infeasible);
        let values: Vec<String> = none.map(|p| self.value(p)).collect();
        let (first, last) = (values.first()?, values.last()?);
        let which = if values.len() > 3 {
            self.w.t(&format!("de {first} à {last}"), &format!("from {first} to {last}"))
        } else {
            enumerated(self.w, &values)
        };
        Some(self.w.t(
            &format!("Aucun plan ne respecte toutes les règles avec {which} : c'est prouvé."),
            &format!("No plan keeps all rules with {which}: this is proven."),
        ))
    }

    /// The step that buys most.
    fn most(&self) -> Option<String> {
        let gains = self.gains();
        let (step, per) = gains
            .iter()
            .filter_map(|s| Some((s, s.per.filter(|per| per.0 > 0)?)))
            .rev()
            .max_by_key(|(_, per)| *per)?;
        let (from, to, each) = (self.value(step.from), self.value(step.to), self.each(per));
        Some(self.w.t(
            &format!("Le pas qui achète le plus va de {from} à {to} : {each}."),
            &format!("The step that buys most goes from {from} to {to}: {each}."),
        ))
    }

    /// From which value on nothing more is gained.
    fn enough(&self) -> Option<String> {
        let last = self.planned().next_back()?;
        let same: Vec<&FrontierPoint> =
            self.planned().rev().take_while(|p| p.objective == last.objective).collect();
        let from = same.last().filter(|_| same.len() > 1 && self.kind != Kind::Other)?;
        let value = self.value(from);
        Some(if same.iter().all(|p| Told::proven(p)) {
            self.w.t(
                &format!(
                    "À partir de {value}, davantage n'apporte rien de plus à cet objectif : c'est prouvé."
                ),
                &format!("From {value} on, more brings nothing more to this goal: this is proven."),
            )
        } else {
            self.w.t(
                &format!("À partir de {value}, aucun meilleur plan n'a été trouvé, sans preuve qu'il n'y en ait pas."),
                &format!("From {value} on no better plan was found, without proof that there is none."),
            )
        })
    }

    fn proof(&self) -> String {
        let w = self.w;
        let (n, proven) = (self.planned().count(), self.planned().filter(|p| Told::proven(p)).count());
        let gaps = self.planned().filter_map(|p| Some(gap(p.objective?, p.bound?)));
        let bounded = self.planned().all(|p| p.bound.is_some());
        let points = w.count(n as u64, ("point", "points"), ("point", "points"));
        if proven == n {
            return w.t(
                &format!("Pour chacun des {points}, aucun plan ne fait mieux : c'est prouvé."),
                &format!("At each of the {points} no plan does better: this is proven."),
            );
        }
        let widest = w.gap(gaps.max().unwrap_or(0));
        let stop = match self.view.stopped {
            true => w.t(" Le calcul a été arrêté avant la fin.", " The search was stopped before its end."),
            false => String::new(),
        };
        let text = if bounded {
            w.t(
                &format!("Optimum prouvé pour {proven} des {points} ; ailleurs aucun plan ne peut faire mieux de plus de {widest}."),
                &format!("Proven optimal at {proven} of {points}; elsewhere no plan can be better by more than {widest}."),
            )
        } else {
            w.t(
                &format!("Optimum prouvé pour {proven} des {points}."),
                &format!("Proven optimal at {proven} of {points}."),
            )
        };
        text + &stop
    }

    /// Sites that a larger value drops again: plans are not nested.
    fn dropped(&self) -> Option<String> {
        let dropped = self.view.sites.iter().filter(|s| s.stays != Some(s.first));
        let names: Vec<String> = dropped.map(|s| s.name.clone()).collect();
        let few = enumerated(self.w, names.get(..names.len().min(6))?);
        let rest = if names.len() > 6 { "…" } else { "" };
        (!names.is_empty()).then(|| {
            self.w.t(
                &format!("Les plans ne s'emboîtent pas tous : {few}{rest} ouvrent à une valeur et plus à une autre, plus grande."),
                &format!("Plans are not all nested: {few}{rest} open at one value and no longer at a larger one."),
            )
        })
    }

    fn varied(&self) -> String {
        match self.kind {
            Kind::Euros => self.w.t("Budget", "Budget"),
            Kind::Gps => self.w.t("Médecins à recruter", "GPs to recruit"),
            Kind::Sites => self.w.t("Ouvertures au plus", "Openings at most"),
            Kind::Other => self.w.t("Valeur", "Value"),
        }
    }

    fn curve(&self) -> Block {
        let w = self.w;
        let numbers = self.view.points.iter().map(|p| p.number).collect::<Option<Vec<i64>>>();
        let rising = numbers.filter(|all| all.is_sorted_by(|a, b| a < b));
        // What cannot be put on an axis of numbers stands at equal distances.
        let place = |i: usize| rising.as_ref().map_or(i as f64, |all| all[i] as f64);
        let at = |(i, p): (usize, &FrontierPoint)| At {
            x: place(i),
            plan: p.objective.map(|h| h.0 as f64),
            bound: p.bound.map(|h| h.0 as f64),
        };
        let points = self.view.points;
        let marks = match points.len() {
            0 => Vec::new(),
            1..=4 => (0..points.len()).collect(),
            n => vec![0, n / 2, n - 1],
        };
        let title = w.t("Ce qu'achète chaque valeur", "What each value buys");
        let chart = Curve {
            w,
            title: &title,
            points: points.iter().enumerate().map(at).collect(),
            reach: if self.kind == Kind::Other || rising.is_none() { Reach::Point } else { Reach::Between },
            below: marks.into_iter().map(|i| (place(i), self.value(&points[i]))).collect(),
            say: &|v| goal_number(w, self.view.goal, Hundredths(v as i64)).0,
        };
        let unit = goal_text(self.view.goal, w.0);
        let caption = w.t(&format!("Plan et borne : {unit}"), &format!("Plan and bound: {unit}"));
        Block {
            id: "curve",
            chart: chart.draw(),
            said: vec![format!("{caption}.")],
            tables: vec![Table {
                caption,
                head: vec![
                    Cell::number(self.varied()),
                    Cell::text(w.t("Ce qui est affirmé", "What is claimed")),
                    Cell::number(w.t("Plan", "Plan")),
                    Cell::number(w.t("Borne", "Bound")),
                    Cell::number(w.t("Écart", "Gap")),
                    Cell::number(w.t("Coût", "Cost")),
                    Cell::number(w.t("Sites ouverts", "Sites opened")),
                ],
                lines: points.iter().map(|p| self.line(p)).collect(),
            }],
            title,
            notes: vec![w.t(
                "La borne est ce qu'aucun plan ne peut battre avec cette valeur ; entre le plan et la borne se trouve ce qui n'est pas prouvé. L'axe des plans ne part pas de zéro.",
                "The bound is what no plan can beat with that value; between plan and bound lies what is not proven. The axis of plans does not begin at zero.",
            )],
            ..Block::default()
        }
    }

    fn line(&self, p: &FrontierPoint) -> Line {
        let w = self.w;
        let said =
            |h: Option<Hundredths>| h.map_or(NOTHING.to_owned(), |h| goal_number(w, self.view.goal, h).0);
        let claim = match p.status {
            Status::Optimal => w.t("optimal, prouvé", "optimal, proven"),
            Status::WithinGap => w.t("proche de l'optimum, prouvé", "near-optimal, proven"),
            Status::Feasible => w.t("valable, sans preuve", "valid, without proof"),
            Status::Infeasible => w.t("impossible, prouvé", "impossible, proven"),
            Status::NoPlan => w.t("aucun plan trouvé", "no plan found"),
        };
        let share = p.objective.zip(p.bound).map_or(NOTHING.to_owned(), |(o, b)| w.gap(gap(o, b)));
        Line::new(vec![
            Cell::number(self.value(p)),
            Cell::text(claim),
            Cell::number(said(p.objective)),
            Cell::number(said(p.bound)),
            Cell::number(share),
            Cell::number(p.cost.map_or(NOTHING.to_owned(), |c| w.euros(c))),
            Cell::number(if p.objective.is_some() {
                w.int(p.opened.len() as u64)
            } else {
                NOTHING.to_owned()
            }),
        ])
    }

    /// What each step buys, and which sites come and go.
    fn steps(&self) -> Option<Block> {
        let w = self.w;
        let name = |code: &String| {
            self.view.sites.iter().find(|s| s.code == *code).map_or(code.clone(), |s| s.name.clone())
        };
        let names = |of: &FrontierPoint, without: &FrontierPoint| {
            let new = of.opened.iter().filter(|code| !without.opened.contains(code));
            let names: Vec<String> = new.map(name).collect();
            if names.is_empty() { NOTHING.to_owned() } else { names.join(", ") }
        };
        let gains = self.gains();
        let signed = |h: Hundredths| w.signed(h.0, goal_number(w, self.view.goal, h).0);
        let changes = |s: &&Step<'_>| s.gain.0 != 0 || s.from.opened != s.to.opened;
        let lines: Vec<Line> = gains
            .iter()
            .filter(changes)
            .map(|s| {
                Line::new(vec![
                    Cell::number(self.value(s.from)),
                    Cell::number(self.value(s.to)),
                    Cell::number(signed(s.gain)),
                    Cell::number(s.per.map_or(NOTHING.to_owned(), signed)),
                    Cell::text(names(s.to, s.from)),
                    Cell::text(names(s.from, s.to)),
                ])
            })
            .collect();
        let each = match self.kind {
            Kind::Euros => w.t("Par 100\u{202f}000\u{a0}€", "Per €100,000"),
            Kind::Gps => w.t("Par médecin", "Per GP"),
            Kind::Sites => w.t("Par ouverture", "Per opening"),
            Kind::Other => w.t("Par unité", "Per unit"),
        };
        let unit = goal_text(self.view.goal, w.0);
        let head = vec![
            Cell::number(w.t("De", "From")),
            Cell::number(w.t("À", "To")),
            Cell::number(w.t("Gagné", "Gained")),
            Cell::number(each),
            Cell::text(w.t("Ouvrent", "Open")),
            Cell::text(w.t("N'ouvrent plus", "No longer open")),
        ];
        let caption = w.t(&format!("Gain de chaque pas : {unit}"), &format!("Gain of each step: {unit}"));
        (!lines.is_empty()).then(|| Block {
            id: "steps",
            title: w.t("Ce qu'apporte chaque pas", "What each step buys"),
            tables: vec![Table { caption, head, lines }],
            notes: vec![w.t(
                "Les pas qui ne changent rien ne sont pas montrés.",
                "Steps that change nothing are not shown.",
            )],
            ..Block::default()
        })
    }

    fn sites(&self) -> Option<Block> {
        let (w, points) = (self.w, self.view.points);
        let at = |i: usize| points.get(i).map_or(NOTHING.to_owned(), |p| self.value(p));
        let n = self.planned().count();
        let line = |s: &FrontierSite| {
            Line::new(vec![
                Cell::text(&s.name).small(&s.code),
                Cell::number(at(s.first)),
                Cell::number(s.stays.map_or(NOTHING.to_owned(), at)),
                Cell::number(w.t(&format!("{} sur {n}", s.points), &format!("{} of {n}", s.points))),
            ])
        };
        let head = vec![
            Cell::text(w.t("Commune", "Commune")),
            Cell::number(w.t("Ouvre la première fois à", "First opens at")),
            Cell::number(w.t("Ouvre toujours à partir de", "Always opens from")),
            Cell::number(w.t("Points où elle ouvre", "Points at which it opens")),
        ];
        (!self.view.sites.is_empty()).then(|| Block {
            id: "sites",
            title: w.t("Dans quel ordre ouvrir", "In which order to open"),
            said: vec![w.t(
                "Les communes qui restent dès la plus petite valeur viennent d'abord.",
                "Communes that stay from the smallest value on come first.",
            )],
            tables: vec![Table {
                caption: w.t("Ordre des ouvertures", "Order of openings"),
                head,
                lines: self.view.sites.iter().map(line).collect(),
            }],
            ..Block::default()
        })
    }
}
