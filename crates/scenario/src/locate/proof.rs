//! Certificates: multipliers from which anyone counts a bound again without a solver.

use super::LocateProblem;
use super::instance::{Data, Instance};
use maillage_location::capacitated::{self, Sharing};
use maillage_location::fixed_charge::{self, MULTIPLIER_PARTS};
use maillage_location::read::ChargeFile;
use maillage_location::{CostLists, Multipliers, Points, Rules, cover, max_cover, p_median, set_cover};
use serde::{Deserialize, Serialize};

/// Which bound multipliers prove: see `certified_bound` of the module of that name in `maillage-location`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProofKind {
    /// What each client pays, less what the `p` best sites give back.
    PMedian,
    /// The share of its weight that each client (or class of clients) charges to sites.
    MaxCover,
    /// What each client pays towards the sites that cover it.
    SetCover,
    /// What each client pays towards service and openings.
    FixedCharge,
    /// The same under capacities.
    Capacitated,
}

/// Multipliers and the bound that they prove.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocateCertificate {
    pub(super) kind: ProofKind,
    /// Multipliers are in parts of `1 / scale`.
    pub(super) scale: u64,
    /// What they prove, in the unit of the objective. It is that of a relaxation: branching may have proven more.
    pub(super) bound: u64,
    /// One a client, in order; one a class of clients where a plane is covered.
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

    /// Of fixed charges.
    pub fn of_charges(kind: ProofKind, multipliers: Multipliers) -> Self {
        let Multipliers { values, bound } = multipliers;
        LocateCertificate { kind, scale: MULTIPLIER_PARTS, bound, multipliers: values }
    }
}

/// What the multipliers prove, counted from the instance. `None` when they do not go with it, or are not as many as clients.
pub(super) fn recount(
    instance: &Instance,
    problem: LocateProblem,
    (p, budget): (Option<u32>, Option<u64>),
    certificate: &LocateCertificate,
) -> Option<u64> {
    let LocateCertificate { kind, scale, bound, multipliers } = certificate;
    let shares = |clients: u32| *scale == cover::SHARE && multipliers.len() == clients as usize;
    let median = || p_median::Certificate { scale: *scale, values: multipliers.clone(), bound: *bound };
    let none = Rules::default();
    match (kind, problem, &instance.data) {
        (ProofKind::PMedian, LocateProblem::PMedian, Data::Lists { lists, .. }) => {
            p_median::certified_bound(&p_median::Problem::new(lists, p?, none).ok()?, &median())
        }
        (ProofKind::PMedian, LocateProblem::PMedian, Data::Plane(points)) => {
            on_plane(points, p?, *scale, multipliers)
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

/// `⌈(Σ_i u_i + the p smallest of Σ_i min(0, scale d_ij - u_i)) / scale⌉` with distances rounded down, as
/// [`p_median::certified_bound_plane`] counts, but without lists: whatever multipliers claim takes time, not memory.
fn on_plane(points: &Points, p: u32, scale: u64, multipliers: &[u64]) -> Option<u64> {
    let (n, p) = (points.len(), p as usize);
    if multipliers.len() != n || p == 0 || p > n || scale == 0 {
        return None;
    }
    let mut by_x: Vec<(i64, usize)> = points.x.iter().copied().zip(0..).collect();
    by_x.sort_unstable();
    let unit = u128::from(points.scale.max(1));
    let mut saved = vec![0i128; n];
    for (client, &u) in multipliers.iter().enumerate() {
        // Beyond so many parts a distance costs more than the multiplier.
        let far = (u128::from(u / scale) + 1) * unit;
        let (below, reach) = (far.saturating_mul(far), i64::try_from(far).unwrap_or(i64::MAX));
        let (low, high) = (points.x[client].saturating_sub(reach), points.x[client].saturating_add(reach));
        let strip = by_x.partition_point(|s| s.0 < low)..by_x.partition_point(|s| s.0 <= high);
        for &(_, site) in &by_x[strip] {
            let squared = points.squared(client, points, site)?;
            if squared < below {
                let distance = i128::try_from(root(squared) / unit).ok()?;
                saved[site] += (i128::from(scale).checked_mul(distance)? - i128::from(u)).min(0);
            }
        }
    }
    saved.sort_unstable();
    let bound = multipliers.iter().map(|u| i128::from(*u)).sum::<i128>() + saved[..p].iter().sum::<i128>();
    u64::try_from(bound.max(0).unsigned_abs().div_ceil(u128::from(scale))).ok()
}

/// The root rounded down; in 64 bits where they do, which is much faster.
fn root(squared: u128) -> u128 {
    u64::try_from(squared).map_or_else(|_| squared.isqrt(), |s| u128::from(s.isqrt()))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_of_a_plane_is_that_of_the_engine() {
        // 30 points of a fixed scatter; multipliers of every size, the largest included.
        let (mut x, mut y) = (Vec::new(), Vec::new());
        for i in 0..30i64 {
            x.push(i * 7919 % 1000);
            y.push(i * 104_729 % 1000);
        }
        let points = Points { x, y, scale: 10 };
        for scale in [1, 7, 1 << 20] {
            for size in [0, 5, 30, 90] {
                let values: Vec<u64> = (0..30).map(|i| scale * size + i % 5).collect();
                let certificate = p_median::Certificate { scale, values: values.clone(), bound: 0 };
                let engine = p_median::certified_bound_plane(&points, &[1; 30], 4, &certificate);
                assert!(engine.is_some());
                assert_eq!(on_plane(&points, 4, scale, &values), engine, "{scale} {size}");
            }
        }
        // Multipliers of 2^64 - 1 on 30 points give 4 sites 120 of them back: nothing is proven.
        assert_eq!(on_plane(&points, 4, 1, &[u64::MAX; 30]), Some(0));
        assert_eq!(on_plane(&points, 4, 0, &[1; 30]), None);
        assert_eq!(on_plane(&points, 4, 1, &[1; 29]), None);
        assert_eq!(on_plane(&points, 31, 1, &[1; 30]), None);
    }
}
