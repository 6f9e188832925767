//! A bound on the weight that a budget covers, by counting alone.
//!
//! The formula is in [`crate::cover`]. It holds since a covered client counts `(1 − f_i) w_i` and `f_i w_i`
//! times the number of its open sites, at least `w_i`. Shares are whole numbers out of [`SHARE`], so
//! everything is exact in 128 bits.

use super::instance::Instance;

/// The share of a client that charges its whole weight to sites: 2^32.
pub const SHARE: u64 = 1 << 32;

/// The largest fractional knapsack of values within a budget, rounded up; items dearer than the budget
/// count nothing. Values are at most 2^86, costs total at most 2^40.
pub(crate) fn largest(items: impl Iterator<Item = (u128, u64)>, budget: u64) -> u128 {
    let (mut sum, mut left) = (0, budget);
    let mut paid = Vec::new();
    for (value, cost) in items.filter(|&(_, cost)| cost <= budget) {
        if cost == 0 { sum += value } else { paid.push((value, cost)) }
    }
    paid.sort_unstable_by(|a, b| (b.0 * u128::from(a.1)).cmp(&(a.0 * u128::from(b.1))));
    for (value, cost) in paid {
        if cost > left {
            return sum + (value * u128::from(left)).div_ceil(u128::from(cost));
        }
        sum += value;
        left -= cost;
    }
    sum
}

/// A bound on an instance and what follows for each site.
pub(crate) struct Bound {
    /// Weight, base included, that no plan exceeds.
    pub weight: u64,
    /// Of each site: a bound when it is open if `picked` is false, when it is closed if true.
    pub otherwise: Vec<u64>,
    pub picked: Vec<bool>,
}

/// The bound that shares give. With `λ` the worth of a unit of cost, a plan covers at most
/// `Σ (1 − f) w + Σ_j max(0, v_j − λ c_j) + λ B`; a site against its sign loses `|v_j − λ c_j|`.
pub(crate) fn bound(instance: &Instance, share: &[u64]) -> Bound {
    let whole = u128::from(SHARE);
    let charged = |i: usize| u128::from(instance.weight[i]) * u128::from(share[i]);
    let value: Vec<u128> =
        instance.by_site.rows().map(|row| row.iter().map(|&i| charged(i as usize)).sum()).collect();
    let kept: u128 = (0..share.len()).map(|i| u128::from(instance.weight[i]) * whole - charged(i)).sum();
    let base = u128::from(instance.base) * whole + kept;
    let items = || value.iter().copied().zip(instance.cost.iter().copied());
    let best = base + largest(items(), instance.budget);
    // The worth of a unit where the knapsack stops, rounded down: any whole number will do.
    let mut order: Vec<(u128, u64)> = items().collect();
    order.sort_unstable_by(|a, b| (b.0 * u128::from(a.1)).cmp(&(a.0 * u128::from(b.1))));
    let mut left = instance.budget;
    let stop = order.iter().find(|(_, cost)| {
        let full = *cost > left;
        left = left.saturating_sub(*cost);
        full
    });
    let lambda = stop.map_or(0, |(v, c)| v / u128::from(*c));
    let price = |c: u64| lambda * u128::from(c);
    let gain: u128 = items().map(|(v, c)| v.saturating_sub(price(c))).sum();
    let priced = base + gain + stop.map_or(0, |_| price(instance.budget));
    let down = |x: u128| u64::try_from(x / whole).unwrap_or(u64::MAX);
    let otherwise = items().map(|(v, c)| down(priced.saturating_sub(v.abs_diff(price(c))))).collect();
    let picked = items().map(|(v, c)| v > price(c)).collect();
    Bound { weight: down(best.min(priced)), otherwise, picked }
}

/// A bound on the cost of covering a weight, and what follows for each site.
pub(crate) struct Priced {
    /// Cost, of sites of the instance alone, that every plan has at least.
    pub cost: u64,
    /// As in [`Bound`].
    pub otherwise: Vec<u64>,
    pub picked: Vec<bool>,
}

/// The bound that shares give when a unit of weight is worth `price`: with `v_j` as above, a plan costs
/// at least `price · (D − Σ (1 − f) w) + Σ_j min(0, c_j − price · v_j)`. Floats, with a margin of
/// 1e-9 of the sum of all terms' sizes, a million times what the sums lose.
pub(crate) fn priced(instance: &Instance, share: &[u64], price: f64, least: u64) -> Priced {
    let charged = |i: usize| instance.weight[i] as f64 * (share[i] as f64 / SHARE as f64);
    let value = |row: &[u32]| row.iter().map(|&i| charged(i as usize)).sum::<f64>();
    let kept: f64 = (0..share.len()).map(|i| instance.weight[i] as f64 - charged(i)).sum();
    let missing = least.saturating_sub(instance.base) as f64;
    let net: Vec<f64> =
        instance.by_site.rows().zip(&instance.cost).map(|(row, &c)| c as f64 - price * value(row)).collect();
    let size: f64 = net.iter().map(|n| n.abs()).sum::<f64>()
        + price * (missing + kept)
        + instance.cost.iter().map(|&c| c as f64).sum::<f64>();
    let bound = price * (missing - kept) + net.iter().map(|n| n.min(0.0)).sum::<f64>() - 1e-9 * size - 1e-6;
    // A float to integer cast saturates, and takes what is no number for 0.
    let up = |x: f64| x.ceil() as u64;
    Priced {
        cost: up(bound),
        otherwise: net.iter().map(|n| up(bound + n.abs())).collect(),
        picked: net.iter().map(|n| *n < 0.0).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractional_knapsack() {
        // By worth a unit: 10/2, 9/3, 4/4. Budget 6 takes the first two and a quarter of the third.
        let items = [(4, 4), (10, 2), (9, 3)];
        assert_eq!(largest(items.into_iter(), 6), 20);
        assert_eq!(largest(items.into_iter(), 7), 21);
        assert_eq!(largest(items.into_iter(), 100), 23);
        // Two thirds of 9 is 6; 10 costs 2, so with 1 left 3 more; what costs too much counts nothing.
        assert_eq!(largest([(10, 2), (9, 3)].into_iter(), 3), 13);
        assert_eq!(largest([(10, 4), (9, 3)].into_iter(), 3), 9);
        assert_eq!(largest([(10, 4), (7, 0)].into_iter(), 3), 7);
        // Rounded up: half of 5 is 3.
        assert_eq!(largest([(5, 2), (9, 1)].into_iter(), 2), 12);
    }
}
