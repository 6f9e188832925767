//! How plan and bound came closer in a solve, as a result keeps it.

use crate::Event;
use maillage_programme::{GoalRecord, Hundredths, ProgressRecord};

/// Most moments that are kept.
const MOST: usize = 50;

/// Moments at which something new was known, in order.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    moments: Vec<(String, ProgressRecord)>,
}

impl Progress {
    /// Adds what is known now, if it is new.
    pub(crate) fn note(&mut self, seconds: f64, event: &Event) {
        let [objective, bound] = [event.incumbent, event.bound].map(|v| v.and_then(hundredths));
        let last = self.moments.last().filter(|(goal, _)| *goal == event.goal);
        // What was known of a goal stays known, though a later part of its search may not tell it.
        let objective = objective.or(last.and_then(|(_, m)| m.objective));
        let bound = bound.or(last.and_then(|(_, m)| m.bound));
        if last.is_some_and(|(_, m)| (m.objective, m.bound) == (objective, bound)) {
            return;
        }
        let moment = ProgressRecord { seconds: milliseconds(seconds), goal: 0, objective, bound };
        self.moments.push((event.goal.clone(), moment));
        self.thin();
    }

    /// Where there are too many moments, the one that stands closest between its neighbours goes; the first and the last
    /// of a goal stay.
    fn thin(&mut self) {
        if self.moments.len() <= MOST {
            return;
        }
        let same = |a: usize, b: usize| self.moments[a].0 == self.moments[b].0;
        let span = |i: usize| self.moments[i + 1].1.seconds - self.moments[i - 1].1.seconds;
        let inner = (1..self.moments.len() - 1).filter(|&i| same(i - 1, i) && same(i, i + 1));
        if let Some(i) = inner.min_by(|&a, &b| span(a).total_cmp(&span(b))) {
            self.moments.remove(i);
        }
    }

    /// The moments by the positions of goals, each goal ending with what its result says: when the next one began, or at the
    /// `end`. Goals that are not in the result are left out.
    pub(crate) fn finish(self, end: f64, goals: &[GoalRecord]) -> Vec<ProgressRecord> {
        let mut out: Vec<ProgressRecord> = Vec::new();
        for (position, goal) in goals.iter().enumerate() {
            let own = |m: &&(String, ProgressRecord)| m.0 == goal.goal;
            out.extend(
                self.moments.iter().filter(own).map(|(_, m)| ProgressRecord { goal: position, ..m.clone() }),
            );
            // A goal may tell nothing of itself: then the one after it says when it was over.
            let later = &goals[position + 1..];
            let after = self.moments.iter().find(|m| later.iter().any(|next| next.goal == m.0));
            // A clock is read after the last moment, and rounded.
            let least = out.last().map_or(0.0, |m| m.seconds);
            let seconds = after.map_or(end, |(_, m)| m.seconds).max(least);
            out.push(ProgressRecord {
                seconds,
                goal: position,
                objective: goal.objective,
                bound: goal.bound,
            });
        }
        out
    }
}

/// A value that a solver tells, to the hundredth; `None` for what is no number of the size of a result.
fn hundredths(value: f64) -> Option<Hundredths> {
    // A result holds what a double holds.
    let scaled = (value * 100.0).round();
    (scaled.abs() < 9e15).then_some(Hundredths(scaled as i64))
}

fn milliseconds(seconds: f64) -> f64 {
    (seconds * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use maillage_programme::Status;

    fn event(goal: &str, incumbent: Option<f64>, bound: Option<f64>) -> Event {
        Event { goal: goal.to_owned(), elapsed: 0.0, incumbent, bound, gap: None }
    }

    fn goal(name: &str, value: i64) -> GoalRecord {
        GoalRecord {
            goal: name.to_owned(),
            sense: "max".to_owned(),
            unit: "people".to_owned(),
            status: Status::Optimal,
            objective: Some(Hundredths::whole(value)),
            bound: Some(Hundredths::whole(value)),
            gap: Some(0.0),
        }
    }

    #[test]
    fn what_is_new_is_kept_and_each_goal_ends_with_its_result() {
        let mut p = Progress::default();
        p.note(0.1, &event("a", None, Some(20.0)));
        p.note(0.2, &event("a", Some(10.0), None));
        p.note(0.3, &event("a", Some(10.0), Some(20.0)));
        p.note(0.4, &event("a", Some(f64::INFINITY), Some(f64::NAN)));
        p.note(0.5004, &event("b", Some(1.0), None));
        let all = p.finish(0.9, &[goal("a", 12), goal("b", 1)]);
        let told: Vec<_> =
            all.iter().map(|m| (m.seconds, m.goal, m.objective.map(|h| h.0), m.bound.map(|h| h.0))).collect();
        let expected = [
            (0.1, 0, None, Some(2000)),
            (0.2, 0, Some(1000), Some(2000)),
            // The second goal began.
            (0.5, 0, Some(1200), Some(1200)),
            (0.5, 1, Some(100), None),
            (0.9, 1, Some(100), Some(100)),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_long_solve_keeps_few_moments_spread_over_its_time() {
        let mut p = Progress::default();
        for i in 0..5000_u32 {
            p.note(f64::from(i), &event("a", Some(f64::from(i)), Some(1e6 - f64::from(i))));
        }
        let all = p.finish(5000.0, &[goal("a", 1)]);
        assert_eq!(all.len(), MOST + 1);
        assert_eq!((all[0].seconds, all[MOST - 1].seconds), (0.0, 4999.0));
        // Evenly spread they stand 102 s apart; none stands further from the next than thrice as much.
        assert!(all.windows(2).all(|w| w[0].seconds <= w[1].seconds && w[1].seconds - w[0].seconds < 306.0));
    }

    #[test]
    fn times_go_on_past_a_goal_that_told_nothing() {
        let mut p = Progress::default();
        p.note(0.1, &event("a", Some(1.0), None));
        p.note(0.4, &event("c", Some(3.0), None));
        let all = p.finish(0.9, &[goal("a", 1), goal("b", 2), goal("c", 3)]);
        let told: Vec<_> = all.iter().map(|m| (m.seconds, m.goal)).collect();
        assert_eq!(told, [(0.1, 0), (0.4, 0), (0.4, 1), (0.4, 2), (0.9, 2)]);
    }

    #[test]
    fn a_goal_that_told_nothing_has_its_end() {
        let all = Progress::default().finish(2.0, &[goal("a", 3)]);
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].seconds, all[0].objective), (2.0, Some(Hundredths(300))));
        assert!(Progress::default().finish(2.0, &[]).is_empty());
    }
}
