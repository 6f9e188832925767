//! Rules as things that can be turned: set to another number, or dropped.

use super::record::{Figure, NumberChange, Unit};
use super::words::{amount, clash_of, difference};
use super::{knob_health, knob_siting};
use crate::Loaded;
use maillage_input::{Lang, Text};
use maillage_milp::SolverFailure;
use maillage_planning::{HealthClash, Options, Rule, health_clash, health_decisions, health_rules};
use maillage_programme::health::HealthPlan;
use maillage_programme::{Clash, Hundredths, Staffed, Task};
use maillage_territory::Territory;

/// A rule of either kind of scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AnyRule {
    Siting(Rule),
    Health(HealthClash),
}

/// A number of a rule, counted in whole steps of which `per_unit` make one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number {
    pub(super) from: i64,
    /// The most generous value that a scenario may have.
    pub(super) to: i64,
    /// Values differ by whole multiples of this.
    pub(super) step: i64,
    pub(super) unit: Unit,
    pub(super) per_unit: i64,
}

/// Changes a task: the number of the rule, or, with `None`, the rule dropped.
pub(super) type Turn = Box<dyn Fn(&mut Task, Option<i64>)>;

/// One way to loosen one rule.
pub(super) struct Knob {
    pub(super) rule: AnyRule,
    /// JSON pointer of what changes.
    pub(super) pointer: String,
    /// What the number is, after a verb: "the budget"; or, without a number, what is done: "drop …".
    pub(super) label: Text,
    /// `None` where the rule can only be dropped.
    pub(super) number: Option<Number>,
    pub(super) turn: Turn,
}

impl Number {
    fn figure(&self, value: i64) -> Figure {
        Figure { value: Hundredths(value * 100 / self.per_unit), unit: self.unit }
    }

    /// Steps between the number and the most generous one.
    pub(super) fn steps(&self) -> i64 {
        (self.to - self.from).abs() / self.step
    }

    /// The number after so many steps.
    pub(super) fn after(&self, steps: i64) -> i64 {
        self.from + (self.to - self.from).signum() * steps * self.step
    }
}

impl Knob {
    /// A copy of the task, changed.
    pub(super) fn turned(&self, task: &Task, value: Option<i64>) -> Task {
        let mut task = task.clone();
        (self.turn)(&mut task, value);
        task
    }

    /// The change in words and numbers.
    pub(super) fn change(&self, value: Option<i64>) -> NumberChange {
        let Some((number, value)) = self.number.zip(value) else {
            return NumberChange {
                pointer: self.pointer.clone(),
                from: None,
                to: None,
                text: self.label.clone(),
            };
        };
        let (from, to) = (number.figure(number.from), number.figure(value));
        let more = to.value > from.value;
        let by = Figure { value: Hundredths(to.value.0 - from.value.0), unit: from.unit };
        let say = |lang: Lang| {
            let (label, from, to, by) =
                (self.label.get(lang), amount(lang, from), amount(lang, to), difference(lang, by));
            match (lang, more) {
                (Lang::Fr, true) => format!("porter {label} de {from} à {to} ({by})"),
                (Lang::Fr, false) => format!("abaisser {label} de {from} à {to} ({by})"),
                (Lang::En, true) => format!("raise {label} from {from} to {to} ({by})"),
                (Lang::En, false) => format!("lower {label} from {from} to {to} ({by})"),
            }
        };
        NumberChange {
            pointer: self.pointer.clone(),
            from: Some(from),
            to: Some(to),
            text: Text::new(say(Lang::Fr), say(Lang::En)),
        }
    }
}

/// Every rule of a task that may clash with others.
pub(super) fn rules(task: &Task) -> Vec<AnyRule> {
    match task {
        Task::Siting(programme) => {
            maillage_planning::rules(programme).into_iter().map(AnyRule::Siting).collect()
        }
        Task::Health(health) => health_rules(health).into_iter().map(AnyRule::Health).collect(),
        Task::Location(_) => Vec::new(),
    }
}

/// The ways to loosen a rule: at least one.
pub(super) fn knobs(loaded: &Loaded, rule: AnyRule) -> Vec<Knob> {
    match (&loaded.task, rule) {
        (Task::Siting(programme), AnyRule::Siting(rule)) => {
            vec![knob_siting::knob(loaded, programme, rule)]
        }
        (Task::Health(health), AnyRule::Health(rule)) => knob_health::knobs(loaded, health, rule),
        _ => Vec::new(),
    }
}

/// Decisions that keep every rule of a task.
pub(super) enum Kept {
    Siting(Vec<Staffed>),
    Health(Box<HealthPlan>),
}

/// Decisions that keep every rule; `None` when it is proven that there are none.
pub(super) fn kept(
    territory: &Territory,
    task: &Task,
    options: &Options,
) -> Result<Option<Kept>, SolverFailure> {
    Ok(match task {
        Task::Siting(programme) => maillage_planning::decisions(programme, options)?.map(Kept::Siting),
        Task::Health(health) => {
            health_decisions(territory, health, options)?.map(|plan| Kept::Health(Box::new(plan)))
        }
        Task::Location(_) => None,
    })
}

/// A smallest set of rules that clash; empty when they can all be kept.
pub(super) fn clashing(
    territory: &Territory,
    task: &Task,
    options: &Options,
) -> Result<Vec<AnyRule>, SolverFailure> {
    Ok(match task {
        Task::Siting(programme) => {
            let rules = maillage_planning::decide(programme, options)?.err().unwrap_or_default();
            rules.into_iter().map(AnyRule::Siting).collect()
        }
        Task::Health(health) => {
            health_clash(territory, health, options)?.into_iter().map(AnyRule::Health).collect()
        }
        Task::Location(_) => Vec::new(),
    })
}

/// The number that decisions make do with, where that is easily told: a start for the search of the least.
pub(super) fn needed(task: &Task, knob: &Knob, kept: &Kept) -> Option<i64> {
    let number = knob.number?;
    let need = match (task, knob.rule, kept) {
        (Task::Siting(programme), AnyRule::Siting(rule), Kept::Siting(staffed)) => {
            knob_siting::needed(programme, rule, staffed)?
        }
        (Task::Health(health), AnyRule::Health(HealthClash::Owner), Kept::Health(plan)) => {
            knob_health::owner_needs(health, plan)
        }
        _ => return None,
    };
    // Never less generous than the rule is.
    Some(if number.to >= number.from { need.max(number.from) } else { need.min(number.from) })
}

/// A rule in words.
pub(super) fn in_words(loaded: &Loaded, rule: AnyRule) -> Clash {
    clash_of(loaded, rule)
}
