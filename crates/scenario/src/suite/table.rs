//! The comparison as one screen of terminal.

use super::compare::Comparison;
use super::{End, Row};
use maillage_input::{Lang, grouped};
use maillage_programme::{Hundredths, Status};

impl Comparison {
    /// What a user reads: one line a scenario, then where sites open.
    pub fn summary(&self, lang: Lang) -> String {
        let header = match lang {
            Lang::Fr => {
                ["scénario", "statut", "objectif", "borne", "ouverts", "inscrits", "écart", "coût (EUR)"]
            }
            Lang::En => {
                ["scenario", "status", "objective", "bound", "opened", "attached", "difference", "cost (EUR)"]
            }
        };
        let mut lines = vec![header.map(str::to_owned)];
        lines.extend(self.rows.iter().map(|row| self.cells(row, lang)));
        let width = |i: usize| lines.iter().map(|l| l[i].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..header.len()).map(width).collect();
        let mut out = String::new();
        for line in &lines {
            let cells = line.iter().zip(&widths).enumerate().map(|(i, (cell, &width))| {
                // Words to the left, numbers to the right.
                if i < 2 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
            });
            out.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
            out.push('\n');
        }
        out + &self.chosen(lang)
    }

    fn cells(&self, row: &Row, lang: Lang) -> [String; 8] {
        let number = |h: Option<Hundredths>| h.map_or_else(|| "–".to_owned(), |h| h.said(lang));
        let first = row.goals.first();
        [
            row.scenario.clone(),
            word(&row.end, lang).to_owned(),
            number(first.and_then(|g| g.objective)),
            number(first.and_then(|g| g.bound)),
            row.sites_opened.map_or_else(|| "–".to_owned(), |n| n.to_string()),
            number(row.people_attached),
            number(self.difference(row, 1)),
            row.cost_eur.map_or_else(|| "–".to_owned(), |e| grouped(lang, e.0)),
        ]
    }

    fn chosen(&self, lang: Lang) -> String {
        let mut out = String::new();
        let kinds = match lang {
            Lang::Fr => [("everywhere", "partout"), ("often", "souvent"), ("sometimes", "parfois")],
            Lang::En => [("everywhere", "everywhere"), ("often", "often"), ("sometimes", "sometimes")],
        };
        let colon = if lang == Lang::Fr { " :" } else { ":" };
        for (how, word) in kinds {
            let names: Vec<String> = self
                .sites
                .iter()
                .filter(|s| s.how == how)
                .map(|s| format!("{} ({}/{})", s.name, s.plans, self.plans))
                .collect();
            if !names.is_empty() {
                out.push_str(&format!("{word}{colon} {}\n", names.join(", ")));
            }
        }
        out
    }
}

fn word(end: &End, lang: Lang) -> &'static str {
    let (fr, en) = match end {
        End::Solved(status) | End::Kept(status) => match status {
            Status::Optimal => ("optimal", "optimal"),
            Status::WithinGap => ("à l'écart près", "within gap"),
            Status::Feasible => ("limite", "limit"),
            Status::Infeasible => ("infaisable", "infeasible"),
            Status::NoPlan => ("sans plan", "no plan"),
        },
        End::BadInput(_) => ("données refusées", "bad input"),
        End::Failed(_) => ("erreur interne", "internal error"),
        End::NotRun => ("non résolu", "not run"),
    };
    if lang == Lang::Fr { fr } else { en }
}

impl Row {
    /// How it ended, in words.
    pub fn word(&self, lang: Lang) -> &'static str {
        word(&self.end, lang)
    }
}
