//! The bound that multipliers prove, in integers.

use super::instance::Instance;
use crate::charges::Charges;

/// Multipliers count in units of a cost divided by this, so that rounding them loses next to nothing.
pub const MULTIPLIER_PARTS: u64 = 256;

/// What `multipliers`, one a client in units of `1 / MULTIPLIER_PARTS` of a cost, prove that every plan costs at least:
///
/// ```text
/// Σ_i v_i + Σ_j min(0, f_j − Σ_i max(0, v_i − c_ij))
/// ```
///
/// For any plan, a client `i` served from `j` costs `c_ij ≥ v_i − max(0, v_i − c_ij)`; summed by open sites with their
/// opening costs, no site gives less than its term. The sum is rounded up, plans being whole. Multipliers may be
/// anything: bad ones prove little. `None` if there are not as many as clients.
///
/// ```
/// use maillage_location::{Charges, fixed_charge::{MULTIPLIER_PARTS, certified_bound}};
/// // One site at 10, two clients at 1 and 2: 13. Multipliers 6 and 7 pay for the site exactly.
/// let charges = Charges::new(vec![10], 2, |client, _| Some([1, 2][client]))?;
/// let v = [6, 7].map(|v| v * MULTIPLIER_PARTS);
/// assert_eq!(certified_bound(&charges, &v), Some(13));
/// # Ok::<(), maillage_location::ChargeError>(())
/// ```
pub fn certified_bound(charges: &Charges, multipliers: &[u64]) -> Option<u64> {
    let (n, parts) = (charges.num_clients(), u128::from(MULTIPLIER_PARTS));
    if multipliers.len() != n {
        return None;
    }
    let mut total: i128 = multipliers.iter().map(|v| i128::from(*v)).sum();
    for (j, f) in charges.opening().iter().enumerate() {
        let pay = |i: usize| {
            charges.cost(i, j).map_or(0, |c| u128::from(multipliers[i]).saturating_sub(u128::from(c) * parts))
        };
        let paid: u128 = (0..n).map(pay).sum();
        total -= paid.saturating_sub(u128::from(*f) * parts) as i128;
    }
    Some(u64::try_from(total.max(0).unsigned_abs().div_ceil(parts)).unwrap_or(u64::MAX))
}

/// What sites may still do in a part of the search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Free,
    Open,
    Closed,
}

/// The same bound where some sites are decided, with what each undecided site leaves of its opening cost.
pub(super) struct Proof {
    /// In parts.
    total: i128,
    /// For every site, opening cost less what clients pay towards it, in parts.
    slack: Vec<i128>,
}

const PARTS: i64 = MULTIPLIER_PARTS as i64;

impl Proof {
    /// `multipliers` in parts, each at least 0 and at most `never` parts.
    pub fn new(instance: &Instance, multipliers: &[i64], roles: &[Role]) -> Self {
        let mut total: i128 = multipliers.iter().map(|v| i128::from(*v)).sum();
        let mut slack = Vec::with_capacity(instance.sites);
        for (j, role) in roles.iter().enumerate() {
            let costs = instance.site(j).iter().zip(multipliers);
            let paid: i128 = costs.map(|(c, v)| i128::from((v - c.saturating_mul(PARTS)).max(0))).sum();
            let left = i128::from(instance.opening[j]) * i128::from(PARTS) - paid;
            total += match role {
                Role::Free => left.min(0),
                Role::Open => left,
                Role::Closed => 0,
            };
            slack.push(left);
        }
        Proof { total, slack }
    }

    /// The bound, rounded up.
    pub fn bound(&self) -> i64 {
        whole(self.total)
    }

    /// Decides the sites whose other choice costs at least `worth`; says whether there was one.
    pub fn decide(&self, roles: &mut [Role], worth: i64) -> bool {
        let mut any = false;
        for (role, &slack) in roles.iter_mut().zip(&self.slack).filter(|(r, _)| **r == Role::Free) {
            // With the site open, `total + max(0, slack)`; closed, `total − min(0, slack)`.
            if whole(self.total + slack.max(0)) >= worth {
                (*role, any) = (Role::Closed, true);
            } else if whole(self.total - slack.min(0)) >= worth {
                (*role, any) = (Role::Open, true);
            }
        }
        any
    }
}

/// Parts rounded up to units.
fn whole(parts: i128) -> i64 {
    let unit = i128::from(PARTS);
    let up = parts.div_euclid(unit) + i128::from(parts.rem_euclid(unit) > 0);
    i64::try_from(up).unwrap_or(if up > 0 { i64::MAX } else { i64::MIN })
}

/// Multipliers in parts from floats in units, held within what [`Proof`] takes.
pub(super) fn in_parts(instance: &Instance, units: impl IntoIterator<Item = f64>) -> Vec<i64> {
    let most = instance.never.saturating_mul(PARTS);
    units.into_iter().map(|v| ((v * PARTS as f64).round() as i64).clamp(0, most)).collect()
}
