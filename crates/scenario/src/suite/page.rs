//! The comparison as a page.

use super::{Comparison, Row};
use maillage_access::Zone;
use maillage_input::{Lang, Text, grouped};
use maillage_programme::{Hundredths, IndicatorName};
use maillage_report::{SuiteScenario, SuiteSite, SuiteTable, SuiteView, suite_html};
use std::collections::BTreeSet;

/// Most scenarios beside the first in the table of zones: more do not fit on a page, and stand in `comparison-zones.csv`.
const WIDEST: usize = 8;

impl Comparison {
    /// `comparison.html`: what a council reads, self-contained; links lead to the page of each plan.
    pub fn html(&self, title: &str, lang: Lang) -> String {
        let scenario = |row: &Row| SuiteScenario {
            name: row.scenario.clone(),
            end: row.word(lang).to_owned(),
            status: row.end.status(),
            goals: row.goals.clone(),
            sites_opened: row.sites_opened,
            people_attached: row.people_attached,
            cost_eur: row.cost_eur,
            // Names of scenarios are safe names of files.
            page: row.end.status().map(|_| format!("{}/report.html", row.scenario)),
            data: row.map.clone(),
        };
        let scenarios: Vec<SuiteScenario> = self.rows.iter().map(scenario).collect();
        let site = |s: &super::SiteCount| SuiteSite {
            code: s.code.clone(),
            name: s.name.clone(),
            plans: s.plans,
            how: s.how,
        };
        let sites: Vec<SuiteSite> = self.sites.iter().map(site).collect();
        let tables: Vec<SuiteTable> =
            [self.zone_table(lang), self.equity_table(lang), self.money_table(lang)]
                .into_iter()
                .flatten()
                .collect();
        let view = SuiteView {
            title,
            territory: self.territory.as_deref(),
            scenarios: &scenarios,
            sites: &sites,
            plans: self.plans,
            tables: &tables,
        };
        suite_html(&view, lang)
    }

    /// People served zone by zone in the first scenario, and how many more or fewer in the others.
    fn zone_table(&self, lang: Lang) -> Option<SuiteTable> {
        let first = self.rows.first().filter(|r| !r.zones.is_empty())?;
        let figure = first.zones.values().next()?.figure;
        let others: Vec<&Row> = self.rows[1..].iter().filter(|r| !r.zones.is_empty()).take(WIDEST).collect();
        let served = match figure {
            IndicatorName::PeopleAttached => {
                Text::new("Personnes rattachées par zone", "People attached, by zone")
            }
            _ => Text::new(
                "Personnes à 15 min ou moins d'un site, par zone",
                "People within 15 min of a site, by zone",
            ),
        };
        let mut head = vec![Text::new("Zone", "Zone")];
        head.extend(
            std::iter::once(first).chain(others.iter().copied()).map(|r| Text::new(&r.scenario, &r.scenario)),
        );
        let line = |(zone, here): (&Zone, &super::Served)| {
            let mut cells = vec![self.zone_name(zone, lang), here.people.said(lang)];
            cells.extend(others.iter().map(|other| {
                let there = other.zones.get(zone).filter(|s| s.figure == here.figure);
                there.map_or_else(String::new, |s| signed(lang, Hundredths(s.people.0 - here.people.0)))
            }));
            cells
        };
        Some(SuiteTable { caption: served, head, lines: first.zones.iter().map(line).collect() })
    }

    fn zone_name(&self, zone: &Zone, lang: Lang) -> String {
        let text = match zone {
            Zone::All => Text::new("territoire et alentours", "territory and surroundings"),
            Zone::Core => Text::new("territoire", "territory"),
            Zone::Around => Text::new("alentours", "surroundings"),
            Zone::Area(_, code) => return self.zones.get(zone).unwrap_or(code).clone(),
        };
        text.get(lang).to_owned()
    }

    /// Accessibility: how much, and how unequal.
    fn equity_table(&self, lang: Lang) -> Option<SuiteTable> {
        let known = |row: &&Row| row.equity.iter().any(Option::is_some);
        let line = |row: &Row| {
            let mut cells = vec![row.scenario.clone()];
            cells.extend(row.equity.map(|value| value.map_or_else(String::new, |v| v.said(lang))));
            cells
        };
        let lines: Vec<Vec<String>> = self.rows.iter().filter(known).map(line).collect();
        let head = vec![
            Text::new("Scénario", "Scenario"),
            Text::new("APL moyenne", "mean APL"),
            Text::new("APL du dixième le moins bien desservi", "APL of the worst-served tenth"),
            Text::new("indice de Gini", "Gini index"),
        ];
        let caption =
            Text::new("Équité : accessibilité aux médecins (APL)", "Equity: accessibility of GPs (APL)");
        (!lines.is_empty()).then_some(SuiteTable { caption, head, lines })
    }

    /// Who pays how much.
    fn money_table(&self, lang: Lang) -> Option<SuiteTable> {
        let payers: BTreeSet<&String> = self.rows.iter().flat_map(|r| r.paid.keys()).collect();
        let mut head = vec![Text::new("Scénario", "Scenario")];
        head.extend(payers.iter().map(|payer| match payer.as_str() {
            "income" => Text::new("recettes", "income"),
            payer => Text::new(payer, payer),
        }));
        let line = |row: &Row| {
            let mut cells = vec![row.scenario.clone()];
            cells.extend(
                payers.iter().map(|p| row.paid.get(*p).map_or_else(String::new, |e| grouped(lang, e.0))),
            );
            cells
        };
        let lines: Vec<Vec<String>> = self.rows.iter().filter(|r| !r.paid.is_empty()).map(line).collect();
        let caption = Text::new("Qui paie (EUR, toutes les années)", "Who pays (EUR, all years)");
        (!lines.is_empty()).then_some(SuiteTable { caption, head, lines })
    }
}

/// A difference with its sign.
fn signed(lang: Lang, h: Hundredths) -> String {
    match h.0 {
        0 => "=".to_owned(),
        n if n > 0 => format!("+{}", h.said(lang)),
        _ => h.said(lang),
    }
}
