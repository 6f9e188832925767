//! Bounds that multipliers of the rows prove, in integers.

use super::{Problem, Wanted, redundant};
use crate::cover::Csr;
use crate::lists::ClientIx;
use maillage_milp::{Limits, Lp, LpRow, Reason, Sense, SolverFailure};
use std::time::Instant;

/// A multiplier for the row of each client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Multipliers are in parts of `1 / scale` of a site ([`super::fewest`]) or of a unit of weight ([`super::most`]).
    pub scale: u64,
    /// One a client.
    pub values: Vec<u64>,
}

/// What multipliers `u` prove that every plan with everyone covered `times` times has at least, rounded up:
///
/// ```text
/// times Σ_i u_i + Σ_j min(0, 1 − Σ_{i: c_ij ≤ R} u_i)
/// ```
///
/// where a fixed site counts whole and a forbidden one not at all. `None` if there are not as many multipliers as clients, if
/// the scale is 0, or if sums leave 128 bits. It says nothing of an infeasible problem.
pub fn certified_bound_fewest(problem: &Problem<'_>, times: u32, certificate: &Certificate) -> Option<u64> {
    let (paid, load) = loads(problem, certificate)?;
    let scale = i128::from(certificate.scale);
    let mut sum = paid.checked_mul(i128::from(times))?;
    for (j, load) in load.into_iter().enumerate().filter(|&(j, _)| problem.rules.allowed[j]) {
        let left = scale - load;
        sum = sum.checked_add(if problem.rules.fixed[j] { left } else { left.min(0) })?;
    }
    u64::try_from(sum.max(0).unsigned_abs().div_ceil(scale.unsigned_abs())).ok()
}

/// What multipliers `u` prove that no plan with at most `p` sites exceeds, rounded down:
///
/// ```text
/// Σ_i max(0, w_i − u_i) − Σ_i u_i + the p largest of Σ_{i: c_ij ≤ R} u_i
/// ```
///
/// the first sum over clients that two allowed sites or more cover, those of the fixed sites first. `None` as in [`certified_bound_fewest`], or when more than `p` sites are fixed.
pub fn certified_bound_most(problem: &Problem<'_>, p: u32, certificate: &Certificate) -> Option<u64> {
    let (paid, load) = loads(problem, certificate)?;
    let scale = i128::from(certificate.scale);
    let rules = &problem.rules;
    let mut sum = -paid;
    let clients = problem.lists.clients().zip(&certificate.values);
    for (i, &u) in clients.filter(|(c, _)| problem.times(*c, &rules.allowed) > 1).map(|(c, u)| (c.0, u)) {
        let weight = scale * i128::from(problem.lists.weight(ClientIx(i)));
        sum = sum.checked_add((weight - i128::from(u)).max(0))?;
    }
    let choose = p.checked_sub(rules.num_fixed)? as usize;
    let mut free: Vec<i128> = Vec::new();
    for (j, load) in load.into_iter().enumerate().filter(|&(j, _)| rules.allowed[j]) {
        if rules.fixed[j] { sum = sum.checked_add(load)? } else { free.push(load) }
    }
    free.sort_unstable_by(|a, b| b.cmp(a));
    for load in free.into_iter().take(choose) {
        sum = sum.checked_add(load)?;
    }
    u64::try_from(sum.max(0).unsigned_abs() / scale.unsigned_abs()).ok()
}

/// The sum of the multipliers, and what the clients of each site have.
fn loads(problem: &Problem<'_>, certificate: &Certificate) -> Option<(i128, Vec<i128>)> {
    let Certificate { scale, values } = certificate;
    if *scale == 0 || values.len() != problem.lists.num_clients() as usize {
        return None;
    }
    // Fewer than 2^32 numbers below 2^64.
    let mut load = vec![0i128; problem.lists.num_sites() as usize];
    for (i, &u) in (0u32..).zip(values).filter(|(_, u)| **u > 0) {
        let near = problem.lists.list(ClientIx(i)).take_while(|&(_, cost)| cost <= problem.radius);
        near.for_each(|(site, _)| load[site.0 as usize] += i128::from(u));
    }
    Some((values.iter().map(|u| i128::from(*u)).sum(), load))
}

/// Multipliers from the dual of the relaxation; `None` where it was not solved.
pub(super) fn relaxed(
    problem: &Problem<'_>,
    wanted: Wanted,
    rows: &Csr,
    weight: &[u64],
    class_of: &[u32],
    limits: &Limits,
    started: Instant,
) -> Result<Option<Certificate>, SolverFailure> {
    let rules = &problem.rules;
    let time = limits.time.map(|t| t.saturating_sub(started.elapsed()));
    if limits.stopped() || time.is_some_and(|t| t.is_zero()) {
        return Ok(None);
    }
    let (sense, once) = match wanted {
        Wanted::Most(_) => (Sense::Maximise, 0.0),
        Wanted::Times(_) => (Sense::Minimise, 1.0),
    };
    let mut lp = Lp::new(sense, limits.seed)?;
    let side = |j: usize| (once, f64::from(u8::from(rules.fixed[j])), f64::from(u8::from(rules.allowed[j])));
    let sites = rules.fixed.len();
    let mut columns: Vec<(f64, f64, f64)> = (0..sites).map(side).collect();
    let gone = redundant(rows, sites);
    // Weights are told as shares of the largest.
    let unit = weight.iter().copied().max().unwrap_or(1).max(1) as f64;
    let (mut told, mut row_of) = (Vec::new(), vec![None; rows.len()]);
    for (i, row) in rows.rows().enumerate() {
        let mut terms: Vec<(usize, f64)> = row.iter().map(|&j| (j as usize, 1.0)).collect();
        let mut lower = 1.0;
        match wanted {
            Wanted::Most(_) if weight[i] > 0 && row.len() > 1 => {
                terms.push((columns.len(), -1.0));
                columns.push((weight[i] as f64 / unit, 0.0, 1.0));
            }
            _ if gone[i] => continue,
            Wanted::Most(_) => {}
            Wanted::Times(times) => lower = f64::from(times),
        }
        row_of[i] = Some(told.len());
        told.push(LpRow { lower, upper: f64::INFINITY, terms });
    }
    if let Wanted::Most(p) = wanted {
        let all = (0..sites).map(|j| (j, 1.0)).collect();
        told.push(LpRow { lower: f64::NEG_INFINITY, upper: f64::from(p), terms: all });
    }
    lp.add_columns(&columns)?;
    lp.add_rows(&told)?;
    let out = lp.solve(&Limits { time, ..limits.clone() })?;
    if out.reason != Reason::Optimal {
        return Ok(None);
    }
    let dual = |class: usize| row_of[class].map_or(0.0, |r| out.row_duals[r].abs());
    Ok(Some(whole(problem, wanted, (weight, class_of), unit, dual)))
}

/// Duals of classes as whole multipliers of clients: each has as much as its weight, and the last what is left.
fn whole(
    problem: &Problem<'_>,
    wanted: Wanted,
    (weight, class_of): (&[u64], &[u32]),
    unit: f64,
    dual: impl Fn(usize) -> f64,
) -> Certificate {
    let largest = (0..weight.len()).map(&dual).fold(1.0, f64::max);
    let unit = if matches!(wanted, Wanted::Most(_)) { unit } else { 1.0 };
    // So many parts that no multiplier is beyond 2^52.
    let scale = f64::powi(2.0, (52 - (largest * unit).log2().ceil() as i32).clamp(0, 40));
    let mut left: Vec<u64> = (0..weight.len()).map(|class| (dual(class) * unit * scale) as u64).collect();
    let mut clients = vec![0u64; weight.len()];
    class_of.iter().for_each(|&class| clients[class as usize] += 1);
    let mut values = Vec::with_capacity(class_of.len());
    for (i, &class) in (0u32..).zip(class_of) {
        let class = class as usize;
        clients[class] -= 1;
        let own = problem.lists.weight(ClientIx(i)).saturating_mul(scale as u64);
        let value = if clients[class] == 0 { left[class] } else { left[class].min(own) };
        left[class] -= value;
        values.push(value);
    }
    Certificate { scale: scale as u64, values }
}
