//! Whole numbers out of fractions, so that totals balance.

/// Rounds every `parts[i] / unit` down or up, so that the sum is the sum of all parts rounded half up: the largest
/// remainders go up, of equals the first (Hamilton's method). Nothing where `unit` is 0.
pub(super) fn round_parts(parts: &[u128], unit: u128) -> Vec<u64> {
    if unit == 0 {
        return vec![0; parts.len()];
    }
    let mut whole: Vec<u64> = parts.iter().map(|p| (p / unit) as u64).collect();
    let left: u128 = parts.iter().map(|p| p % unit).sum();
    let up = (2 * left + unit) / (2 * unit);
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|&i| std::cmp::Reverse(parts[i] % unit));
    // `up` is at most the number of remainders above 0, which stand first.
    for &i in order.iter().take(up as usize) {
        whole[i] += 1;
    }
    whole
}

/// Shares a total out in proportion to weights; nothing where all weights are 0.
pub(super) fn apportion(total: u64, weights: &[u64]) -> Vec<u64> {
    let parts: Vec<u128> = weights.iter().map(|&w| u128::from(total) * u128::from(w)).collect();
    round_parts(&parts, weights.iter().map(|&w| u128::from(w)).sum())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn largest_remainders_go_up() {
        // 10 × 1/6, 2/6, 3/6 = 1.67, 3.33, 5: 1 + 3 + 5 and one more for the first.
        assert_eq!(apportion(10, &[1, 2, 3]), [2, 3, 5]);
        assert_eq!(apportion(1, &[1, 1, 1]), [1, 0, 0]);
        assert_eq!(apportion(7, &[0, 0]), [0, 0]);
        assert_eq!(apportion(7, &[]), Vec::<u64>::new());
        // 0.5 + 0.5 + 0.4 = 1.4: one goes up.
        assert_eq!(round_parts(&[5, 5, 4], 10), [1, 0, 0]);
        // 0.5 rounds up.
        assert_eq!(round_parts(&[5], 10), [1]);
    }

    proptest! {
        #[test]
        fn shares_are_within_one_and_balance(total in 0u64..1_000_000, weights in prop::collection::vec(0u64..1_000, 1..9)) {
            let shares = apportion(total, &weights);
            let sum: u64 = weights.iter().sum();
            prop_assume!(sum > 0);
            prop_assert_eq!(shares.iter().sum::<u64>(), total);
            for (s, w) in shares.iter().zip(&weights) {
                let down = total * w / sum;
                prop_assert!(*s == down || (*s == down + 1 && total * w % sum > 0));
            }
        }

        #[test]
        fn parts_round_to_their_sum(parts in prop::collection::vec(0u128..100_000, 0..9), unit in 1u128..1_000) {
            let whole = round_parts(&parts, unit);
            let sum: u128 = parts.iter().sum();
            prop_assert_eq!(u128::from(whole.iter().sum::<u64>()), (2 * sum + unit) / (2 * unit));
            for (w, p) in whole.iter().zip(&parts) {
                prop_assert!(u128::from(*w) == p / unit || (u128::from(*w) == p / unit + 1 && p % unit > 0));
            }
        }
    }
}
