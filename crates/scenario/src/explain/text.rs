//! The explanation as a reader gets it.

use super::prices::is_free;
use super::record::{
    Change, Decision, Difference, Explanation, Moves, Outcome, PlaceMove, Price, Relaxation, SiteExplanation,
    WayOut,
};
use super::words::amount;
use maillage_input::{Lang, Text, grouped, plural};
use maillage_programme::{Clash, GoalRecord, Hundredths, SiteStatus, Status};
use maillage_report::{goal_figure, goal_text};

/// Most structures that are listed one by one.
const MOST: usize = 12;

impl Explanation {
    /// What a user reads.
    pub fn summary(&self, lang: Lang) -> String {
        let mut page = Page { lang, out: String::new() };
        page.line(0, &format!("{} · {}", self.title.get(lang), self.scenario));
        page.line(0, &page.claim(self.status, &self.goals));
        for site in &self.explained {
            page.site(site);
        }
        for price in &self.prices {
            page.price(price);
        }
        if let Some(way) = &self.infeasible {
            page.way_out(way);
        }
        let has_plan = !self.goals.is_empty();
        if has_plan && self.explained.is_empty() && self.prices.is_empty() && !self.interrupted {
            page.line(0, "");
            page.decided(0, &self.sites);
            page.say(
                0,
                "un plan respecte toutes les règles : --site CODE explique un site, --prices le prix des règles",
                "a plan keeps every rule: --site CODE explains a site, --prices the price of rules",
            );
        }
        if self.interrupted {
            page.say(0, "interrompu : le reste n'est pas expliqué", "interrupted: the rest is not explained");
        }
        let n = u64::from(self.solves);
        let solved = plural(lang, n, "scénario résolu", "scénarios résolus");
        page.line(0, "");
        page.say(
            0,
            &format!("{n} {solved}"),
            &format!("{n} {} solved", plural(lang, n, "scenario", "scenarios")),
        );
        page.out
    }
}

struct Page {
    lang: Lang,
    out: String,
}

impl Page {
    fn line(&mut self, indent: usize, text: &str) {
        let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        self.out.push_str(&" ".repeat(if clean.is_empty() { 0 } else { indent }));
        self.out.push_str(&clean);
        self.out.push('\n');
    }

    fn t(&self, fr: &str, en: &str) -> String {
        match self.lang {
            Lang::Fr => fr.to_owned(),
            Lang::En => en.to_owned(),
        }
    }

    fn say(&mut self, indent: usize, fr: &str, en: &str) {
        let text = self.t(fr, en);
        self.line(indent, &text);
    }

    fn status(&self, status: Status) -> String {
        match status {
            Status::Optimal => self.t("optimal, prouvé", "optimal, proven"),
            Status::WithinGap => self.t("à l'écart demandé près", "within the asked gap"),
            Status::Feasible => {
                self.t("le meilleur trouvé avant la limite", "the best found before the limit")
            }
            Status::Infeasible => {
                self.t("aucun plan ne respecte toutes les règles, prouvé", "no plan keeps every rule, proven")
            }
            Status::NoPlan => {
                self.t("aucun plan trouvé avant la limite", "no plan was found before the limit")
            }
        }
    }

    /// A status with the values of the goals.
    fn claim(&self, status: Status, goals: &[GoalRecord]) -> String {
        let one = |g: &GoalRecord| {
            let value = goal_figure(g, g.objective?, self.lang);
            let colon = self.t(" :", ":");
            let bound = g.bound.filter(|b| Some(*b) != g.objective).map(|b| goal_figure(g, b, self.lang));
            let bound = bound.map_or(String::new(), |b| {
                self.t(&format!(" (aucun plan ne fait mieux que {b})"), &format!(" (no plan beats {b})"))
            });
            Some(format!("{}{colon} {value}{bound}", goal_text(g, self.lang)))
        };
        let goals: Vec<String> = goals.iter().filter_map(one).collect();
        let status = self.status(status);
        let semicolon = self.t(" ; ", "; ");
        if goals.is_empty() { status } else { format!("{status}{semicolon}{}", goals.join(&semicolon)) }
    }

    fn site(&mut self, site: &SiteExplanation) {
        let stands = match (&site.now, &site.outcome) {
            (Some(d), _) => self.decision(d),
            (None, Some(_)) => self.t("fermé dans le plan", "closed in the plan"),
            (None, None) => self.t("existant", "existing"),
        };
        let colon = self.t(" :", ":");
        self.line(0, "");
        self.line(0, &format!("{} ({}, {}){colon} {stands}", site.name, site.code_commune, site.site_id));
        for fact in &site.facts {
            self.line(2, &format!("- {}", fact.get(self.lang)));
        }
        let what = match site.instead {
            "forbidden" => self.t("sans ce site", "without this site"),
            _ => self.t("avec ce site imposé", "with this site forced"),
        };
        match &site.outcome {
            Some(outcome) => self.outcome(&what, outcome),
            None => self.say(
                2,
                "un scénario ne peut rien imposer à ce qui existe : rien de plus à résoudre",
                "a scenario cannot force anything on what stands: nothing more to solve",
            ),
        }
    }

    /// What a changed scenario gives.
    fn outcome(&mut self, what: &str, outcome: &Outcome) {
        let colon = self.t(" :", ":");
        self.line(2, &format!("{what}{colon} {}", self.status(outcome.status)));
        if !outcome.clash.is_empty() {
            self.say(4, "ces règles s'opposent :", "these rules clash:");
            self.rules(4, &outcome.clash);
        }
        for d in &outcome.goals {
            let text = self.difference(d);
            self.line(4, &text);
        }
        if let Some(euros) = outcome.cost_difference_eur.filter(|e| e.0 != 0) {
            let e = signed(self.lang, Hundredths::whole(euros.0));
            self.say(4, &format!("dépense : {e} EUR"), &format!("money: {e} EUR"));
        }
        for change in outcome.changes.iter().take(MOST) {
            let text = self.change(change);
            self.line(4, &text);
        }
        let more = outcome.changes.len().saturating_sub(MOST);
        if more > 0 {
            self.say(
                4,
                &format!("… et {more} autres changements (--json)"),
                &format!("… and {more} more changes (--json)"),
            );
        }
        self.moves(&outcome.losing, ("perdent leur liste", "lose their list"));
        self.moves(&outcome.gaining, ("gagnent une liste", "gain a list"));
    }

    /// One goal: the difference between the plans, and what is proven of it.
    fn difference(&self, d: &Difference) -> String {
        let figure = |h: Hundredths| goal_figure(&d.goal, h, self.lang);
        let plus = |h: Hundredths| format!("{}{}", if h.0 > 0 { "+" } else { "" }, figure(h));
        let colon = self.t(" :", ":");
        let name = goal_text(&d.goal, self.lang);
        let both = match d.difference.0 {
            0 => self
                .t(&format!("inchangé ({})", figure(d.after)), &format!("unchanged ({})", figure(d.after))),
            _ => format!("{} ({} → {})", plus(d.difference), figure(d.before), figure(d.after)),
        };
        let proof = match (d.low, d.high) {
            _ if d.is_exact() => self.t("exact", "exact"),
            (Some(low), Some(high)) => {
                let between = self.t(
                    &format!("entre {} et {} pour les meilleurs plans", plus(low), plus(high)),
                    &format!("between {} and {} for the best plans", plus(low), plus(high)),
                );
                // Two searches that stopped early may end in any order.
                let odd = d.difference < low || d.difference > high;
                let order = self.t(
                    " : l'un des deux plans n'est pas le meilleur, réduire l'écart demandé (--gap)",
                    ": one of the two plans is not the best, ask for a smaller gap (--gap)",
                );
                if odd { between + &order } else { between }
            }
            _ => self.t("de ces deux plans, sans preuve", "of these two plans, without proof"),
        };
        format!("{name}{colon} {both}, {proof}")
    }

    fn change(&self, change: &Change) -> String {
        match (&change.before, &change.after) {
            (None, Some(d)) => {
                self.t("ouvre : ", "opens: ") + &format!("{} ({}), {}", d.name, d.site_id, self.decision(d))
            }
            (Some(d), None) => {
                self.t("n'ouvre plus : ", "no longer: ")
                    + &format!("{} ({}), {}", d.name, d.site_id, self.decision(d))
            }
            (Some(a), Some(b)) => {
                self.t("change : ", "changes: ")
                    + &format!("{} ({}), {} → {}", b.name, b.site_id, self.decision(a), self.decision(b))
            }
            (None, None) => String::new(),
        }
    }

    fn decision(&self, d: &Decision) -> String {
        let status = match d.status {
            SiteStatus::Existing => self.t("existant", "existing"),
            SiteStatus::Extended => self.t("agrandi", "extended"),
            SiteStatus::Opened => self.t("ouvert", "opened"),
        };
        let kind = d.structure_type.as_ref().map(|k| format!(" {k}")).unwrap_or_default();
        let gps = d.gps.said(self.lang);
        let n = d.gps.0.unsigned_abs().div_ceil(100);
        let gps = self.t(
            &format!("{gps} {}", plural(self.lang, n, "médecin", "médecins")),
            &format!("{gps} {}", plural(self.lang, n, "GP", "GPs")),
        );
        let opens = d.opens.map(|y| format!(", {y}")).unwrap_or_default();
        format!("{status}{kind}, {gps}{opens}")
    }

    fn moves(&mut self, moves: &Moves, words: (&str, &str)) {
        if moves.people == 0 {
            return;
        }
        let n = grouped(self.lang, moves.people);
        let names = names(self.lang, &moves.places);
        self.say(
            4,
            &format!("{n} personnes {} d'un plan à l'autre : {names}", words.0),
            &format!("{n} people {} from one plan to the other: {names}", words.1),
        );
    }

    fn price(&mut self, price: &Price) {
        self.line(0, "");
        self.line(0, price.rule.text.get(self.lang));
        if let Some(left) = price.left {
            let left = amount(self.lang, left);
            self.say(2, &format!("le plan en laisse {left}"), &format!("the plan leaves {left} of it"));
        }
        if let Some(without) = &price.without {
            if is_free(without) {
                self.say(
                    2,
                    "ne coûte rien, prouvé : sans elle aucun plan n'est meilleur",
                    "costs nothing, proven: without it no plan is better",
                );
            } else {
                let what = self.t("sans cette règle", "without this rule");
                self.outcome(&what, without);
            }
        }
        if let Some(more) = &price.one_more {
            let what = more.change.text.get(self.lang).to_owned();
            self.outcome(&what, &more.outcome);
        }
    }

    fn rules(&mut self, indent: usize, rules: &[Clash]) {
        for clash in rules {
            let text = format!("- {} ({})", clash.text.get(self.lang), clash.pointer);
            self.line(indent, &text);
        }
    }

    fn way_out(&mut self, way: &WayOut) {
        self.line(0, "");
        self.say(
            0,
            "ces règles s'opposent, et aucune n'est de trop :",
            "these rules clash, and none is too many:",
        );
        self.rules(2, &way.clash);
        self.line(0, "");
        if !way.relaxations.is_empty() {
            self.say(
                0,
                "un seul de ces changements suffit ; aucun moindre de la même règle ne suffit :",
                "any one of these changes is enough; no smaller one of the same rule is:",
            );
            way.relaxations.iter().for_each(|r| self.relaxation(r));
        }
        if let Some(together) = &way.together {
            self.say(
                0,
                "aucun changement d'une seule de ces règles ne suffit ; ceux-ci suffisent ensemble :",
                "no change of one of these rules is enough; together these are:",
            );
            self.relaxation(together);
        }
        if way.together.is_none() && !way.not_enough.is_empty() {
            self.say(
                0,
                "seules, ces règles ne peuvent être assez desserrées :",
                "alone, these rules cannot be loosened enough:",
            );
            self.rules(2, &way.not_enough);
        }
    }

    fn relaxation(&mut self, r: &Relaxation) {
        let text = |t: &Text| t.get(self.lang).to_owned();
        let changes: Vec<String> = r.changes.iter().map(|c| text(&c.text)).collect();
        self.line(2, &format!("- {}", changes.join(" + ")));
        let claim = self.claim(r.status, &r.goals);
        self.line(4, &claim);
        for b in &r.beyond {
            let (minutes, year, n) = (b.minutes.said(self.lang), b.year, b.communes);
            let people = grouped(self.lang, b.far.people);
            let names = names(self.lang, &b.far.places);
            self.say(
                4,
                &format!(
                    "à plus de {minutes} min en {year} : {people} personnes dans {n} {} : {names}",
                    plural(Lang::Fr, n, "commune", "communes")
                ),
                &format!(
                    "beyond {minutes} min in {year}: {people} people in {n} {}: {names}",
                    plural(Lang::En, n, "commune", "communes")
                ),
            );
        }
        self.decided(4, &r.sites);
    }

    /// What opens or grows.
    fn decided(&mut self, indent: usize, sites: &[Decision]) {
        let decided: Vec<&Decision> = sites.iter().filter(|d| d.status != SiteStatus::Existing).collect();
        for d in decided.iter().take(MOST) {
            let text = format!("{} ({}) {}", d.name, d.site_id, self.decision(d));
            self.line(indent, &text);
        }
        if decided.len() > MOST {
            let more = decided.len() - MOST;
            self.say(indent, &format!("… et {more} de plus"), &format!("… and {more} more"));
        }
    }
}

/// Places with their people.
fn names(lang: Lang, places: &[PlaceMove]) -> String {
    places.iter().map(|p| format!("{} {}", p.name, grouped(lang, p.people))).collect::<Vec<_>>().join(", ")
}

fn signed(lang: Lang, h: Hundredths) -> String {
    format!("{}{}", if h.0 > 0 { "+" } else { "" }, h.said(lang))
}
