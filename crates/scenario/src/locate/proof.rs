//! Certificates: multipliers from which anyone counts a bound again without a solver.

use super::LocateProblem;
use super::instance::{Data, Instance};
use maillage_location::capacitated::{self, Sharing};
use maillage_location::fixed_charge::{self, MULTIPLIER_PARTS};
use maillage_location::read::ChargeFile;
use maillage_location::{
    CostLists, Multipliers, Rules, backup_cover, cover, max_cover, p_center, p_median, partial_cover,
    set_cover,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which bound multipliers prove: see `certified_bound` of the module of that name in `maillage-location`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProofKind {
    /// What each client pays, less what the `p` best sites give back.
    PMedian,
    /// The share of its weight that each client (or class of clients) charges to sites.
    MaxCover,
    /// What each client pays towards the sites that cover it.
    SetCover,
    /// What each client pays to the sites within a radius just below the bound.
    PCenter,
    /// The price that each client (or class of clients) pays for a unit of weight; the last is that of the demand.
    PartialCover,
    /// A multiplier for the row of each client (or class of clients).
    BackupCover,
    /// What each client pays towards service and openings.
    FixedCharge,
    /// The same under capacities.
    Capacitated,
}

/// Multipliers and the bound that they prove.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LocateCertificate {
    pub(super) kind: ProofKind,
    /// Multipliers are in parts of `1 / scale`.
    pub(super) scale: u64,
    /// What they prove, in the unit of the objective. It is that of a relaxation: branching may have proven more.
    pub(super) bound: u64,
    /// One a client, in order; one a class of clients where a plane is covered. In partial covering one more, of the demand.
    pub(super) multipliers: Vec<u64>,
}

impl LocateCertificate {
    /// Of a p-median.
    pub fn of_median(certificate: p_median::Certificate) -> Self {
        let p_median::Certificate { scale, values, bound } = certificate;
        LocateCertificate { kind: ProofKind::PMedian, scale, bound, multipliers: values }
    }

    /// Of a covering problem: the bound is still to be counted.
    pub fn of_cover(kind: ProofKind, multipliers: Vec<u64>) -> Self {
        LocateCertificate { kind, scale: cover::SHARE, bound: 0, multipliers }
    }

    /// Of a p-center.
    pub fn of_center(certificate: p_center::Certificate) -> Self {
        let p_center::Certificate { payments, bound } = certificate;
        LocateCertificate { kind: ProofKind::PCenter, scale: cover::SHARE, bound, multipliers: payments }
    }

    /// Of backup covering: the bound is still to be counted.
    pub fn of_backup(certificate: backup_cover::Certificate) -> Self {
        let backup_cover::Certificate { scale, values } = certificate;
        LocateCertificate { kind: ProofKind::BackupCover, scale, bound: 0, multipliers: values }
    }

    /// Of fixed charges.
    pub fn of_charges(kind: ProofKind, multipliers: Multipliers) -> Self {
        let Multipliers { values, bound } = multipliers;
        LocateCertificate { kind, scale: MULTIPLIER_PARTS, bound, multipliers: values }
    }
}

/// What was asked of an instance, beside the problem.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms {
    pub p: Option<u32>,
    pub budget: Option<u64>,
    pub demand: Option<u64>,
    pub times: Option<u32>,
}

/// What the multipliers prove, counted from the instance. `None` when they do not go with it, or are not as many as clients.
pub(super) fn recount(
    instance: &Instance,
    problem: LocateProblem,
    Terms { p, budget, demand, times }: Terms,
    certificate: &LocateCertificate,
) -> Option<u64> {
    let LocateCertificate { kind, scale, bound, multipliers } = certificate;
    let shares = |clients: u32| *scale == cover::SHARE && multipliers.len() == clients as usize;
    let median = || p_median::Certificate { scale: *scale, values: multipliers.clone(), bound: *bound };
    let center = || p_center::Certificate { payments: multipliers.clone(), bound: *bound };
    let none = Rules::default();
    match (kind, problem, &instance.data) {
        (ProofKind::PCenter, LocateProblem::PCenter, _) if *scale != cover::SHARE => None,
        (ProofKind::PCenter, LocateProblem::PCenter, Data::Lists { lists, .. }) => {
            p_center::certified_bound(&p_center::Problem::new(lists, p?, none).ok()?, &center())
        }
        (ProofKind::PCenter, LocateProblem::PCenter, Data::Plane(points)) => {
            p_center::certified_bound_points(&p_center::PointsProblem::new(points, p?).ok()?, &center())
        }
        (ProofKind::PartialCover, LocateProblem::PartialCover, Data::Lists { lists, reach, costs }) => {
            let problem = partial_cover::Problem::with_costs(lists, costs.clone(), demand?, *reach, none);
            let sound = problem.ok().filter(|_| *scale == cover::SHARE)?;
            partial_cover::certified_bound(&sound, multipliers)
        }
        (ProofKind::BackupCover, LocateProblem::BackupCover, Data::Lists { lists, reach, .. }) => {
            let problem = backup_cover::Problem::new(lists, *reach, none).ok()?;
            let values = backup_cover::Certificate { scale: *scale, values: multipliers.clone() };
            match times {
                Some(times) => backup_cover::certified_bound_fewest(&problem, times, &values),
                None => backup_cover::certified_bound_most(&problem, p?, &values),
            }
        }
        (ProofKind::PMedian, LocateProblem::PMedian, Data::Lists { lists, .. }) => {
            p_median::certified_bound(&p_median::Problem::new(lists, p?, none).ok()?, &median())
        }
        (ProofKind::PMedian, LocateProblem::PMedian, Data::Plane(points)) => {
            p_median::certified_bound_plane(points, &vec![1; points.len()], p?, &median())
        }
        (ProofKind::MaxCover, LocateProblem::MaxCover, Data::Lists { lists, reach, costs }) => {
            let problem = maximal(lists, *reach, costs, p, budget).ok()?;
            shares(lists.num_clients()).then(|| max_cover::certified_bound(&problem, multipliers))
        }
        (ProofKind::SetCover, LocateProblem::SetCover, Data::Lists { lists, reach, .. }) => {
            let problem = set_cover::Problem::new(lists, *reach, none).ok()?;
            shares(lists.num_clients()).then(|| set_cover::certified_bound(&problem, multipliers))
        }
        _ if *scale != MULTIPLIER_PARTS => None,
        (ProofKind::FixedCharge, LocateProblem::FixedCharge, Data::Charges(file)) => {
            fixed_charge::certified_bound(&file.charges, multipliers)
        }
        (ProofKind::Capacitated, _, Data::Charges(file)) => {
            capacitated::certified_bound(&capacitated_problem(file, problem)?, multipliers)
        }
        _ => None,
    }
}

/// Maximal covering within a budget, or with at most `p` sites.
pub(super) fn maximal<'a>(
    lists: &'a CostLists,
    reach: u32,
    costs: &[u64],
    p: Option<u32>,
    budget: Option<u64>,
) -> Result<max_cover::Problem<'a>, cover::CostError> {
    let none = Rules::default();
    match budget {
        Some(budget) => max_cover::Problem::with_budget(lists, costs.to_vec(), budget, reach, none),
        None => Ok(max_cover::Problem::new(lists, p.unwrap_or_default(), reach, none)?),
    }
}

/// The capacitated problem of a file; `None` if it has no capacities, they do not fit, or another is asked.
pub(super) fn capacitated_problem(
    file: &ChargeFile,
    problem: LocateProblem,
) -> Option<capacitated::Problem<'_>> {
    let sharing = match problem {
        LocateProblem::Capacitated => Sharing::Split,
        LocateProblem::SingleSource => Sharing::Single,
        _ => return None,
    };
    let amounts = file.amounts.as_ref()?;
    capacitated::Problem::new(&file.charges, &amounts.capacity, &amounts.demand, sharing).ok()
}
