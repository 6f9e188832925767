//! What is sought.

use maillage_access::Zone;
use maillage_territory::{AreaKind, Minutes};

/// One figure to make large or small. Sums over years run over all planned years.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HealthGoal {
    /// Most person-years on a list.
    PeopleAttached,
    /// Most person-years within a time of an open address (structures, and practices that still have a GP).
    PeopleWithin(Minutes),
    /// Least travel of attached people: person-years × hundredths of a minute. As many people attach as the lists hold,
    /// whatever the goals: this one comes after people attached, without tolerance, or its bound stays open.
    TravelTime,
    /// Highest accessibility of the tenth of inhabitants who have least, last year: sum over ⌈inhabitants / 10⌉
    /// people of millionths of an act. Linear, and exact for the acts that posts bring: the denominator of each
    /// catchment does not depend on the plan.
    AplWorstTenth,
    /// Fewest inhabitants of places whose accessibility is under a floor, last year, in hundredths of an act.
    PeopleUnderApl(u32),
    /// Least money, all payers, net of income: euros over all years.
    Cost,
    /// Fewest new structures.
    Sites,
    /// Smallest worst share of people on no list among areas of a kind, last year: unattached people per 10,000 of
    /// the area, rounded up.
    Balance(AreaKind),
    /// Most people within reach of a duty point with enough volunteers, last year.
    PeopleNearDuty,
}

impl HealthGoal {
    /// Whether more is better.
    pub fn is_max(self) -> bool {
        use HealthGoal::*;
        matches!(self, PeopleAttached | PeopleWithin(_) | AplWorstTenth | PeopleNearDuty)
    }

    /// Its name in files.
    pub fn name(self) -> String {
        match self {
            HealthGoal::PeopleAttached => "people-attached".into(),
            HealthGoal::PeopleWithin(t) => format!("people-within-{t}"),
            HealthGoal::TravelTime => "travel-time".into(),
            HealthGoal::AplWorstTenth => "apl-worst-tenth".into(),
            HealthGoal::PeopleUnderApl(h) => format!("people-under-apl-{}", crate::Hundredths(i64::from(h))),
            HealthGoal::Cost => "cost".into(),
            HealthGoal::Sites => "sites".into(),
            HealthGoal::Balance(kind) => {
                format!("balance-{}", Zone::Area(kind, String::new()).to_string().trim_end_matches(':'))
            }
            HealthGoal::PeopleNearDuty => "people-near-duty".into(),
        }
    }
}

/// A goal with a weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GoalTerm {
    /// How much one unit counts: at least 1. More of a goal that is to be small counts against.
    pub weight: u32,
    /// What.
    pub goal: HealthGoal,
}

/// One step of the search: a goal, or a weighted sum of goals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seek {
    /// At least one. One alone keeps its own sense and weight 1; a sum of several is made large.
    pub terms: Vec<GoalTerm>,
    /// How much of the value found may be given up for later steps, in hundredths of a percent.
    pub tolerance_bp: u32,
}

impl Seek {
    /// Whether the value is made large.
    pub fn is_max(&self) -> bool {
        self.terms.len() > 1 || self.terms[0].goal.is_max()
    }

    /// Its name in files: the goals joined by `+`.
    pub fn name(&self) -> String {
        self.terms
            .iter()
            .map(|t| if t.weight == 1 { t.goal.name() } else { format!("{}*{}", t.weight, t.goal.name()) })
            .collect::<Vec<_>>()
            .join("+")
    }

    /// The value of the step from the values of its goals, in the order of `terms`.
    pub fn value(&self, values: &[i128]) -> i128 {
        let signed = |t: &GoalTerm, v: i128| {
            i128::from(t.weight) * if self.terms.len() == 1 || t.goal.is_max() { v } else { -v }
        };
        self.terms.iter().zip(values).map(|(t, v)| signed(t, *v)).sum()
    }
}

/// How the values in several futures make one. With one future both are its value times 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outlook {
    /// `Σ probability_percent · value`.
    Expected,
    /// `100 ·` the worst value.
    Worst,
}

impl Outlook {
    /// One value, in hundredths, from the value of a step in each future and its probability in percent.
    pub fn combine(self, is_max: bool, values: &[(u8, i128)]) -> i128 {
        match self {
            Outlook::Expected => values.iter().map(|(p, v)| i128::from(*p) * v).sum(),
            Outlook::Worst => {
                let all = values.iter().map(|(_, v)| *v);
                100 * if is_max { all.min() } else { all.max() }.unwrap_or(0)
            }
        }
    }
}
