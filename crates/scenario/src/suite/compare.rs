//! All scenarios of a suite side by side.

use super::run::Names;
use super::units::write_file;
use super::{End, Row};
use crate::folder::unwritable;
use maillage_access::Zone;
use maillage_input::{Lang, Problem};
use maillage_programme::{Euros, Hundredths};
use maillage_report::SUITE_EXPORT_FILES;
use maillage_territory::Territory;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

/// How often a commune is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteCount {
    /// Code of the commune.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Plans in which a site opens there.
    pub plans: usize,
    /// `everywhere`: in every plan that opens a site; `often`: in half of them or more; `sometimes`: in fewer; `never`.
    pub how: &'static str,
}

/// The rows of a suite and what they have in common. Nothing in it depends on how long it took.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The scenarios; the first is what the others are compared with.
    pub rows: Vec<Row>,
    /// Communes where a site opens in a plan, or could: most often chosen first, then by code.
    pub sites: Vec<SiteCount>,
    /// Plans that open a site somewhere: of these the counts are.
    pub plans: usize,
    /// Names of zones, by zone.
    pub zones: BTreeMap<Zone, String>,
    /// The territory, if all have the same.
    pub territory: Option<Arc<Territory>>,
}

impl Comparison {
    /// The comparison of rows, with what their scenarios name.
    pub fn new(rows: Vec<Row>, names: Names) -> Self {
        let plans = rows.iter().filter(|r| r.opened.as_ref().is_some_and(|o| !o.is_empty())).count();
        let mut counts: BTreeMap<String, (String, usize)> =
            names.candidates.into_iter().map(|(code, name)| (code, (name, 0))).collect();
        for (code, name) in rows.iter().filter_map(|r| r.opened.as_ref()).flatten() {
            counts.entry(code.clone()).or_insert_with(|| (name.clone(), 0)).1 += 1;
        }
        let count = |(code, (name, n)): (String, (String, usize))| SiteCount {
            code,
            name,
            plans: n,
            how: match n {
                0 => "never",
                n if n == plans => "everywhere",
                n if 2 * n >= plans => "often",
                _ => "sometimes",
            },
        };
        let mut sites: Vec<SiteCount> = counts.into_iter().map(count).collect();
        // Stable: equal counts stay in the order of codes.
        sites.sort_by_key(|s| std::cmp::Reverse(s.plans));
        Comparison { rows, sites, plans, zones: names.zones, territory: names.territory }
    }

    /// Writes `comparison.csv`, `comparison-sites.csv`, `comparison-zones.csv`, `comparison.html` and `comparison.json` to `dir`, each
    /// whole or not at all; files made on demand from an earlier comparison go. Returns what was written.
    ///
    /// # Errors
    /// E107.
    pub fn write(&self, dir: &Path, title: &str, lang: Lang) -> Result<Vec<PathBuf>, Problem> {
        for file in SUITE_EXPORT_FILES.map(|file| dir.join(file)) {
            match fs::remove_file(&file) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(unwritable(&file, &e)),
                _ => {}
            }
        }
        let mut value = self.value();
        value["suite"] = title.into();
        let files = [
            ("comparison.csv", self.rows_csv()),
            ("comparison-sites.csv", self.sites_csv()),
            ("comparison-zones.csv", self.zones_csv()),
            ("comparison.html", self.html(title, lang)),
            ("comparison.json", format!("{value:#}\n")),
        ];
        let put = |(name, text): &(&str, String)| {
            let path = dir.join(name);
            write_file(&path, text).map(|()| path)
        };
        files.iter().map(put).collect()
    }

    /// One row a scenario; objective, bound and gap of each goal under its name; differences from the first scenario.
    pub fn rows_csv(&self) -> String {
        let goals = self.goals();
        let mut header: Vec<String> = ["scenario", "status", "limit", "gap"].map(str::to_owned).into();
        for goal in &goals {
            let columns = ["objective", "bound", "gap", "objective_difference"];
            header.extend(columns.map(|column| format!("{column}:{goal}")));
        }
        let payers = self.payers();
        let paid = payers.iter().map(|payer| format!("eur:{payer}"));
        for figure in FIGURES.iter().map(|f| (*f).to_owned()).chain(paid) {
            header.extend([figure.clone(), format!("{figure}_difference")]);
        }
        let mut out = line(header);
        for row in &self.rows {
            let mut cells = vec![row.scenario.clone(), row.end.as_str().to_owned()];
            cells.extend([shown(row.limit.as_ref()), shown(row.gap.as_ref())]);
            for goal in &goals {
                let found = row.goals.iter().find(|g| g.goal == *goal);
                let of = |pick: fn(&maillage_programme::GoalRecord) -> Option<Hundredths>| {
                    shown(found.and_then(pick).as_ref())
                };
                cells.extend([
                    of(|g| g.objective),
                    of(|g| g.bound),
                    shown(found.and_then(|g| g.gap).as_ref()),
                ]);
                cells.push(shown(self.goal_difference(row, goal).as_ref()));
            }
            for (i, value) in figures(row).into_iter().enumerate() {
                cells.extend([shown(value.as_ref()), shown(self.difference(row, i).as_ref())]);
            }
            for payer in &payers {
                cells.extend([shown(row.paid.get(*payer)), shown(self.paid_difference(row, payer).as_ref())]);
            }
            out.push_str(&line(cells));
        }
        out
    }

    /// One row a commune: in how many plans a site opens there.
    pub fn sites_csv(&self) -> String {
        let mut out = line(["code_commune", "name", "plans", "of", "chosen"].map(str::to_owned).into());
        for s in &self.sites {
            let cells = [&s.code, &s.name, &s.plans.to_string(), &self.plans.to_string(), s.how];
            out.push_str(&line(cells.map(str::to_owned).into()));
        }
        out
    }

    /// The same as JSON.
    pub fn json(&self) -> String {
        format!("{:#}\n", self.value())
    }

    fn value(&self) -> Value {
        let rows: Vec<Value> = self.rows.iter().map(|row| self.row_json(row)).collect();
        let site = |s: &SiteCount| json!({"code_commune": s.code, "name": s.name, "plans": s.plans, "chosen": s.how});
        let sites: Vec<Value> = self.sites.iter().map(site).collect();
        json!({
            "schema_version": 1,
            "maillage_version": env!("CARGO_PKG_VERSION"),
            "compared_with": self.rows.first().map(|row| &row.scenario),
            "scenarios": rows,
            "plans": self.plans,
            "sites": sites,
            "zones": self.zones_json(),
        })
    }

    fn row_json(&self, row: &Row) -> Value {
        let goals: Vec<Value> = row
            .goals
            .iter()
            .map(|goal| {
                let mut value = json!(goal);
                value["objective_difference"] = json!(self.goal_difference(row, &goal.goal));
                value
            })
            .collect();
        let mut value = json!({
            "scenario": row.scenario,
            "status": row.end.as_str(),
            "limit": row.limit,
            "gap": row.gap,
            "goals": goals,
        });
        for (i, (name, figure)) in FIGURES.iter().zip(figures(row)).enumerate() {
            value[*name] = json!(figure);
            value[format!("{name}_difference")] = json!(self.difference(row, i));
        }
        if !row.paid.is_empty() {
            let paid = |(payer, eur): (&String, &Euros)| json!({"payer": payer, "eur": eur, "eur_difference": self.paid_difference(row, payer)});
            value["paid"] = row.paid.iter().map(paid).collect();
        }
        match &row.end {
            End::BadInput(problems) => value["problems"] = json!(problems),
            End::Failed(why) => value["failure"] = json!(why),
            End::Solved(_) | End::Kept(_) | End::NotRun => {}
        }
        value
    }

    /// Names of goals, in the order of their first appearance.
    fn goals(&self) -> Vec<&str> {
        let mut out: Vec<&str> = Vec::new();
        for goal in self.rows.iter().flat_map(|r| &r.goals) {
            if !out.contains(&goal.goal.as_str()) {
                out.push(&goal.goal);
            }
        }
        out
    }

    /// Who pays in any scenario.
    fn payers(&self) -> Vec<&str> {
        let all: BTreeSet<&str> = self.rows.iter().flat_map(|r| r.paid.keys()).map(String::as_str).collect();
        all.into_iter().collect()
    }

    /// How much more a payer gives than in the first scenario; there one who is not named gives nothing, if it is a programme.
    fn paid_difference(&self, row: &Row, payer: &str) -> Option<Euros> {
        let of = |row: &Row| (!row.paid.is_empty()).then(|| row.paid.get(payer).map_or(0, |e| e.0));
        Some(Euros(of(row)? - of(self.rows.first()?)?))
    }

    fn goal_difference(&self, row: &Row, goal: &str) -> Option<Hundredths> {
        let of = |row: &Row| row.goals.iter().find(|g| g.goal == goal)?.objective;
        Some(Hundredths(of(row)?.0 - of(self.rows.first()?)?.0))
    }

    /// How far a figure is from that of the first scenario.
    pub(super) fn difference(&self, row: &Row, figure: usize) -> Option<Hundredths> {
        Some(Hundredths(figures(row)[figure]?.0 - figures(self.rows.first()?)[figure]?.0))
    }
}

/// Figures that every row may have.
const FIGURES: [&str; 6] =
    ["sites_opened", "people_attached", "cost_eur", "apl_mean", "apl_worst_tenth", "apl_gini"];

fn figures(row: &Row) -> [Option<Hundredths>; 6] {
    let whole = |n: i64| n.checked_mul(100).map(Hundredths);
    let sites = row.sites_opened.and_then(|n| i64::try_from(n).ok()).and_then(whole);
    let [mean, worst, gini] = row.equity;
    [sites, row.people_attached, row.cost_eur.and_then(|Euros(n)| whole(n)), mean, worst, gini]
}

pub(crate) fn shown<T: ToString>(value: Option<&T>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

pub(crate) fn line(cells: Vec<String>) -> String {
    // What a spreadsheet would take for a formula stands after an apostrophe, as in all our tables.
    let formula = |text: &str| text.starts_with(['=', '+', '-', '@', '\t']) && text.parse::<f64>().is_err();
    let plain = |text: String| if formula(&text) { format!("'{text}") } else { text };
    let cell = |text: String| match text.contains(['"', ',', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    };
    cells.into_iter().map(plain).map(cell).collect::<Vec<_>>().join(",") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Status;

    fn row(name: &str, opened: Option<&[&str]>, cost: Option<i64>) -> Row {
        let opened: Option<BTreeMap<String, String>> =
            opened.map(|codes| codes.iter().map(|c| ((*c).to_owned(), format!("Lieu, {c}"))).collect());
        Row {
            sites_opened: opened.as_ref().map(|o| o.len() as u64),
            opened,
            cost_eur: cost.map(Euros),
            ..Row::without(name, End::Solved(Status::Optimal))
        }
    }

    #[test]
    fn counts_and_differences() {
        let rows = vec![
            row("a", Some(&["1", "2"]), Some(500)),
            row("b", Some(&["1", "2"]), Some(200)),
            row("c", Some(&["1"]), None),
            row("d", Some(&["1", "3"]), Some(500)),
            row("e", None, None),
            row("present", Some(&[]), Some(0)),
        ];
        let candidates = [("2", "Lieu, 2"), ("9", "Neuf")].map(|(c, n)| (c.to_owned(), n.to_owned()));
        let names = Names { candidates: candidates.into(), ..Names::default() };
        let compared = Comparison::new(rows, names);
        let got: Vec<_> = compared.sites.iter().map(|s| (s.code.as_str(), s.plans, s.how)).collect();
        // Of the four plans that open anything: 1 in all, 2 in half of them, 3 in one.
        assert_eq!(
            got,
            [("1", 4, "everywhere"), ("2", 2, "often"), ("3", 1, "sometimes"), ("9", 0, "never")]
        );
        assert!(compared.sites_csv().contains("\n2,\"Lieu, 2\",2,4,often\n"));
        let csv = compared.rows_csv();
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(lines[2], "b,optimal,,,2,0,,,200,-300,,,,,,");
        assert_eq!(lines[3], "c,optimal,,,1,-1,,,,,,,,,,");
        assert_eq!(lines[5], "e,optimal,,,,,,,,,,,,,,");
    }
}
