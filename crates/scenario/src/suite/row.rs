//! What came of one scenario, in one row.

use maillage_access::Zone;
use maillage_input::Problems;
use maillage_programme::{
    Euros, GoalRecord, Hundredths, Indicator, IndicatorName, ResultRecord, SiteStatus, State, Status,
};
use std::collections::BTreeMap;

/// How a scenario of a suite ended.
#[derive(Debug, Clone, PartialEq)]
pub enum End {
    /// It was solved, or proven infeasible, or stopped by a limit: its status says which.
    Solved(Status),
    /// It was solved by an earlier run, or elsewhere, from the same inputs.
    Kept(Status),
    /// Its inputs cannot be used, or its folder cannot be written.
    BadInput(Problems),
    /// A fault of the program or of the solver.
    Failed(String),
    /// The suite was stopped before it, or nobody has solved it yet.
    NotRun,
}

impl End {
    /// The status of the plan, if there is a result.
    pub fn status(&self) -> Option<Status> {
        match self {
            End::Solved(status) | End::Kept(status) => Some(*status),
            End::BadInput(_) | End::Failed(_) | End::NotRun => None,
        }
    }

    /// The word in files: a [`Status`], `bad_input`, `internal_error` or `not_run`.
    pub fn as_str(&self) -> &'static str {
        match self {
            End::Solved(status) | End::Kept(status) => status.as_str(),
            End::BadInput(_) => "bad_input",
            End::Failed(_) => "internal_error",
            End::NotRun => "not_run",
        }
    }
}

/// People of a zone who are served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Served {
    /// In which way: attached, or in plain problems within 15 minutes.
    pub figure: IndicatorName,
    /// How many.
    pub people: Hundredths,
}

/// One scenario of a suite. The whole record stays in its folder: thousands would not fit into memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Name of the scenario.
    pub scenario: String,
    /// How it ended.
    pub end: End,
    /// The limit that stopped it, if one did.
    pub limit: Option<String>,
    /// Objective and bound of each goal.
    pub goals: Vec<GoalRecord>,
    /// The largest gap of all goals.
    pub gap: Option<f64>,
    /// What the plan costs.
    pub cost_eur: Option<Euros>,
    /// People attached with the plan, in the last year of a programme.
    pub people_attached: Option<Hundredths>,
    /// Communes where a site opens: names by code. `None` without a plan.
    pub opened: Option<BTreeMap<String, String>>,
    /// Sites that open.
    pub sites_opened: Option<u64>,
    /// Accessibility with the plan, in the last year of a programme: mean, mean of the worst tenth, Gini coefficient.
    pub equity: [Option<Hundredths>; 3],
    /// What each payer of a programme gives over all years of the first future; `income` is what structures earn.
    pub paid: BTreeMap<String, Euros>,
    /// People served by zone with the plan, in the last year of a programme.
    pub zones: BTreeMap<Zone, Served>,
    /// What the maps of the page of the suite say of its plan; only of the first scenarios.
    pub map: Option<String>,
    /// Elapsed time of the solve, seconds.
    pub wall_seconds: Option<f64>,
}

impl Row {
    /// A scenario without a result.
    pub(super) fn without(scenario: &str, end: End) -> Self {
        Row {
            scenario: scenario.to_owned(),
            end,
            limit: None,
            goals: Vec::new(),
            gap: None,
            cost_eur: None,
            people_attached: None,
            opened: None,
            sites_opened: None,
            equity: [None; 3],
            paid: BTreeMap::new(),
            zones: BTreeMap::new(),
            map: None,
            wall_seconds: None,
        }
    }

    /// A scenario with its result.
    pub(super) fn new(record: &ResultRecord, end: End) -> Self {
        let planned = matches!(record.status, Status::Optimal | Status::WithinGap | Status::Feasible);
        let opened: Vec<_> = record.sites.iter().filter(|s| s.status == SiteStatus::Opened).collect();
        let after = || record.indicators.iter().filter(|i| planned && i.state == State::After);
        let last = after().map(|i| i.year).max().flatten();
        let all = |name| {
            let mut found = after().filter(|i| i.indicator == name && i.zone == Zone::All && i.year == last);
            found.next().map(|i| i.value)
        };
        let attached = all(IndicatorName::PeopleAttached);
        let served = match attached {
            Some(_) => IndicatorName::PeopleAttached,
            None => IndicatorName::PeopleWithin15Min,
        };
        let zone = |i: &&Indicator| i.indicator == served && i.year == last;
        let zones =
            after().filter(zone).map(|i| (i.zone.clone(), Served { figure: served, people: i.value }));
        let mut paid: BTreeMap<String, Euros> = BTreeMap::new();
        for row in record.programme.iter().filter_map(|p| p.futures.first()).flat_map(|f| &f.money) {
            let sum = paid.entry(row.payer.clone()).or_default();
            *sum = *sum + row.euros;
        }
        let names = || opened.iter().map(|s| (s.code_commune.to_string(), s.name.clone())).collect();
        Row {
            scenario: record.scenario.clone(),
            end,
            limit: record.limit.clone(),
            goals: record.goals.clone(),
            gap: record.gap,
            cost_eur: record.cost_eur,
            people_attached: attached,
            opened: planned.then(names),
            sites_opened: planned.then_some(opened.len() as u64),
            equity: [IndicatorName::AplMean, IndicatorName::AplWorstTenth, IndicatorName::AplGini].map(all),
            paid,
            zones: zones.collect(),
            map: None,
            wall_seconds: Some(record.wall_seconds),
        }
    }
}
