//! A suite held against stored results.

use super::{Comparison, Row};
use crate::folder::RESULT;
use maillage_input::{Code, Place, Problem, Problems, Text, comma};
use maillage_programme::{GoalRecord, ResultRecord};
use std::path::Path;

/// A scenario that is worse than its stored result allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worse {
    /// Name of the scenario.
    pub scenario: String,
    /// In which way.
    pub what: Text,
}

/// What a suite is when held against stored results.
#[derive(Debug, Clone, Default)]
pub struct Baseline {
    /// What got worse.
    pub worse: Vec<Worse>,
    /// Scenarios that have no stored result.
    pub absent: Vec<String>,
    /// Elapsed seconds stored over elapsed seconds now, of the scenarios that have both: above 1 is faster.
    pub speed: Option<f64>,
}

impl Baseline {
    /// Holds a suite against the results of an earlier one in `dir`.
    ///
    /// A plan may be worse than the stored one by as much as that one was from its bound, and no more: none where it was
    /// optimal. A later goal is only compared where the earlier ones are equal.
    ///
    /// # Errors
    /// E501 for a stored result that cannot be read; E101 where `dir` holds none of the scenarios.
    pub fn new(compared: &Comparison, dir: &Path) -> Result<Self, Problems> {
        let mut out = Baseline::default();
        let mut problems = Problems::new();
        let (mut then, mut now) = (0.0, 0.0);
        for row in &compared.rows {
            let folder = dir.join(&row.scenario);
            if !folder.join(RESULT).exists() {
                out.absent.push(row.scenario.clone());
                continue;
            }
            let Some(stored) = stored(&folder) else {
                problems.push(unreadable(&folder));
                continue;
            };
            if let Some(what) = worse(&stored, row) {
                out.worse.push(Worse { scenario: row.scenario.clone(), what });
            }
            if let Some(seconds) = row.wall_seconds {
                then += stored.wall_seconds;
                now += seconds;
            }
        }
        if out.absent.len() == compared.rows.len() {
            problems.push(
                Problem::error(
                    Code::FileNotFound,
                    Text::new(
                        "aucun résultat de ces scénarios dans ce dossier",
                        "no result of these scenarios in this folder",
                    ),
                )
                .at(Place::file(dir.display().to_string()))
                .remedy(Text::new("donner le dossier d'une suite", "give the folder of a suite")),
            );
        }
        out.speed = (then > 0.0 && now > 0.0).then(|| then / now);
        problems.or_value(out).map(|(out, _)| out)
    }

    /// What a user reads.
    pub fn text(&self) -> Text {
        let mut out = Text::default();
        let mut push = |fr: String, en: String| {
            out.fr.push_str(&(fr + "\n"));
            out.en.push_str(&(en + "\n"));
        };
        for w in &self.worse {
            push(format!("{} : {}", w.scenario, w.what.fr), format!("{}: {}", w.scenario, w.what.en));
        }
        if !self.absent.is_empty() {
            let names = self.absent.join(", ");
            push(format!("sans résultat enregistré : {names}"), format!("without a stored result: {names}"));
        }
        if self.worse.is_empty() {
            push(
                "aucun scénario n'est moins bon que le résultat enregistré".to_owned(),
                "no scenario is worse than its stored result".to_owned(),
            );
        }
        if let Some(speed) = self.speed {
            let ratio = (speed * 100.0).round() / 100.0;
            push(
                format!("vitesse : {} fois celle des résultats enregistrés", comma(ratio)),
                format!("speed: {ratio} times that of the stored results"),
            );
        }
        out
    }
}

/// A stored result. `result.json` alone will do, and its seal is not asked for: stored results are trusted.
fn stored(folder: &Path) -> Option<ResultRecord> {
    let text = std::fs::read_to_string(folder.join(RESULT)).ok()?;
    serde_json::from_str(&text).ok()
}

fn unreadable(folder: &Path) -> Problem {
    Problem::error(
        Code::ResultUnreadable,
        Text::new("ce n'est pas un résultat de maillage", "this is not a maillage result"),
    )
    .at(Place::file(folder.join(RESULT).display().to_string()))
    .remedy(Text::new("refaire les résultats enregistrés", "make the stored results again"))
}

/// How a row is worse than a stored result, if it is.
fn worse(stored: &ResultRecord, row: &Row) -> Option<Text> {
    if row.goals.iter().all(|g| g.objective.is_none()) && stored.goals.iter().any(|g| g.objective.is_some()) {
        return Some(Text::new(
            "il y avait un plan, il n'y en a plus",
            "there was a plan, there is none now",
        ));
    }
    for old in &stored.goals {
        let new = row.goals.iter().find(|g| g.goal == old.goal)?;
        if let Some(text) = goal_worse(old, new) {
            return Some(text);
        }
        if old.objective != new.objective {
            return None;
        }
    }
    None
}

fn goal_worse(old: &GoalRecord, new: &GoalRecord) -> Option<Text> {
    let (before, after) = (old.objective?.0, new.objective?.0);
    let sign = if old.sense == "max" { 1 } else { -1 };
    // A bound on the wrong side of its objective allows nothing.
    let allowed = old.bound.map_or(0, |bound| (sign * (bound.0 - before)).max(0));
    (sign * (before - after) > allowed).then(|| {
        let (goal, then) = (&old.goal, old.objective.map(|h| h.to_string()).unwrap_or_default());
        let now = new.objective.map(|h| h.to_string()).unwrap_or_default();
        Text::new(
            format!("« {goal} » vaut {now}, contre {then} dans le résultat enregistré"),
            format!("`{goal}` is {now}, against {then} in the stored result"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Status;
    use maillage_programme::Hundredths;

    fn goal(sense: &str, objective: i64, bound: i64) -> GoalRecord {
        GoalRecord {
            goal: "g".into(),
            sense: sense.into(),
            unit: "u".into(),
            status: Status::Feasible,
            objective: Some(Hundredths(objective)),
            bound: Some(Hundredths(bound)),
            gap: None,
        }
    }

    #[test]
    fn worse_by_more_than_the_stored_gap() {
        let is_worse = |sense, old: (i64, i64), new| {
            goal_worse(&goal(sense, old.0, old.1), &goal(sense, new, new)).is_some()
        };
        assert!(is_worse("max", (100, 100), 99) && !is_worse("max", (100, 100), 101));
        assert!(is_worse("min", (100, 100), 101) && !is_worse("min", (100, 100), 99));
        // 5 from its bound: 95 is allowed, 94 is not.
        assert!(is_worse("max", (100, 105), 94) && !is_worse("max", (100, 105), 95));
        assert!(is_worse("min", (100, 95), 106) && !is_worse("min", (100, 95), 105));
        assert!(is_worse("max", (101, 100), 100), "a bound on the wrong side allows nothing");
    }
}
