//! The smallest changes that make a scenario feasible, found by exact search on whole numbers.

use super::compare::decisions;
use super::knob::{AnyRule, Kept, Knob, clashing, in_words, kept, knobs, needed};
use super::record::{NumberChange, Relaxation, WayOut};
use super::{Halt, Session, coverage};
use maillage_planning::HealthClash;
use maillage_programme::Task;

/// Up to so many values are tried one by one; more are halved.
const FEW: i64 = 16;

/// A rule with the number that it is to have.
type Turned = (Knob, Option<i64>);

/// The rules that clash, and the smallest changes by which they no longer do.
pub(super) fn way_out(session: &mut Session<'_>) -> Result<WayOut, Halt> {
    let task = session.loaded.task.clone();
    let clash = clashing(&session.loaded.territory, &task, &session.planning)?;
    let mut out = WayOut {
        clash: clash.iter().map(|rule| in_words(session.loaded, *rule)).collect(),
        relaxations: Vec::new(),
        not_enough: Vec::new(),
        together: None,
        probes: 0,
    };
    for &rule in &clash {
        let mut found = Vec::new();
        for knob in knobs(session.loaded, rule) {
            if let Some(value) = smallest(session, &task, &knob, &mut out.probes)? {
                found.push(solved(session, vec![(knob, value)])?);
            }
        }
        if found.is_empty() {
            out.not_enough.push(in_words(session.loaded, rule));
        }
        out.relaxations.extend(found);
    }
    if out.relaxations.is_empty() {
        let changes = together(session, &task, clash, &mut out.probes)?;
        if !changes.is_empty() {
            out.together = Some(solved(session, changes)?);
        }
    }
    Ok(out)
}

/// The scenario with these changes, solved.
fn solved(session: &mut Session<'_>, changes: Vec<Turned>) -> Result<Relaxation, Halt> {
    let mut task = session.loaded.task.clone();
    changes.iter().for_each(|(knob, value)| (knob.turn)(&mut task, *value));
    let record = session.solve_task(task)?.record;
    let mut beyond = Vec::new();
    for (knob, _) in &changes {
        if let (Task::Health(health), AnyRule::Health(HealthClash::Rule(i))) =
            (&session.loaded.task, knob.rule)
        {
            beyond.extend(coverage::beyond(session.loaded, health, &health.rules[i], &record));
        }
    }
    let changes: Vec<NumberChange> = changes.iter().map(|(knob, value)| knob.change(*value)).collect();
    Ok(Relaxation {
        changes,
        status: record.status,
        cost_eur: record.cost_eur,
        sites: decisions(&record),
        goals: record.goals,
        beyond,
    })
}

/// The smallest change of one rule that makes a task feasible: `Some(None)` where it is dropped, `None` where no change
/// of it is enough.
fn smallest(
    session: &Session<'_>,
    task: &Task,
    knob: &Knob,
    probes: &mut u32,
) -> Result<Option<Option<i64>>, Halt> {
    let mut probe = |value: Option<i64>| -> Result<Option<Kept>, Halt> {
        session.go_on()?;
        *probes += 1;
        Ok(kept(&session.loaded.territory, &knob.turned(task, value), &session.planning)?)
    };
    let Some(number) = knob.number else {
        return Ok(probe(None)?.map(|_| None));
    };
    let steps = fewest(number.steps(), &mut |steps| {
        let kept = probe(Some(number.after(steps)))?;
        Ok(kept.map(|kept| match needed(task, knob, &kept) {
            Some(need) => ((need - number.from).abs() + number.step - 1) / number.step,
            None => steps,
        }))
    })?;
    Ok(steps.map(|steps| Some(number.after(steps))))
}

/// The fewest steps, from 1 to `most`, that are enough; `None` where `most` are not. `probe` says whether so many are
/// enough, and how many of them were of use. Few are tried one by one, many halved: for these more must be no worse.
fn fewest(most: i64, probe: &mut dyn FnMut(i64) -> Result<Option<i64>, Halt>) -> Result<Option<i64>, Halt> {
    if most <= FEW {
        for steps in 1..=most {
            if probe(steps)?.is_some() {
                return Ok(Some(steps));
            }
        }
        return Ok(None);
    }
    // `low` steps are known to be too few, `high` to be enough.
    let Some(used) = probe(most)? else { return Ok(None) };
    let (mut low, mut high) = (0, used.clamp(1, most));
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        match probe(middle)? {
            Some(used) => high = used.clamp(low + 1, middle),
            None => low = middle,
        }
    }
    Ok(Some(high))
}

/// Several rules turned at once where no single one is enough: rules are dropped, one of each clash, until none is left;
/// then each is turned back as far as the others allow.
fn together(
    session: &Session<'_>,
    task: &Task,
    mut clash: Vec<AnyRule>,
    probes: &mut u32,
) -> Result<Vec<Turned>, Halt> {
    let mut dropped: Vec<Turned> = Vec::new();
    let mut now = task.clone();
    while !clash.is_empty() {
        session.go_on()?;
        let free = clash.iter().flat_map(|rule| knobs(session.loaded, *rule));
        let Some((knob, value)) =
            free.filter_map(|k| Some((most_generous(&k)?, k))).map(|(v, k)| (k, v)).next()
        else {
            return Ok(Vec::new());
        };
        if dropped.iter().any(|(k, _)| k.pointer == knob.pointer) {
            // Even the most generous number is in the clash.
            return Ok(Vec::new());
        }
        (knob.turn)(&mut now, value);
        dropped.push((knob, value));
        *probes += 1;
        clash = clashing(&session.loaded.territory, &now, &session.planning)?;
    }
    let mut out: Vec<Turned> = Vec::new();
    let mut rest = dropped.into_iter();
    while let Some((knob, _)) = rest.next() {
        // Others settled already, or as generous as can be.
        let mut others = task.clone();
        out.iter().chain(rest.as_slice()).for_each(|(k, v)| (k.turn)(&mut others, *v));
        session.go_on()?;
        *probes += 1;
        if kept(&session.loaded.territory, &others, &session.planning)?.is_some() {
            continue;
        }
        match smallest(session, &others, &knob, probes)? {
            Some(value) => out.push((knob, value)),
            None => return Ok(Vec::new()),
        }
    }
    Ok(out)
}

/// The most generous number of a rule; `Some(None)` where it is dropped.
fn most_generous(knob: &Knob) -> Option<Option<i64>> {
    match knob.number {
        None => Some(None),
        Some(number) => (number.steps() > 0).then_some(Some(number.to)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fewest_steps_are_found_whatever_is_told_of_use() {
        // What is of use lies between what is needed and what is offered.
        let uses: [fn(i64, i64) -> i64; 3] =
            [|need, _| need, |_, steps| steps, |need, steps| (need + steps) / 2];
        for most in [1, 2, FEW, FEW + 1, 100, 1_000_000_000_000] {
            for need in [1, 2, 3, FEW, FEW + 1, 57, 99, 100, 412_000] {
                for used in uses {
                    let mut probes = 0;
                    let mut probe = |steps: i64| {
                        probes += 1;
                        Ok((steps >= need).then(|| used(need, steps)))
                    };
                    let found = fewest(most, &mut probe).ok().flatten();
                    assert_eq!(found, (need <= most).then_some(need), "{need} of {most}");
                    assert!(probes <= 45, "{probes} probes for {need} of {most}");
                }
            }
        }
        assert!(matches!(fewest(0, &mut |_| Ok(Some(0))), Ok(None)), "nothing to loosen");
    }
}
