//! Simple plant location against enumeration of all site sets.
#![allow(clippy::unwrap_used, reason = "a helper of a test may fail it")]

use maillage_location::fixed_charge::{MULTIPLIER_PARTS, Problem, certified_bound, solve};
use maillage_location::{Charges, Impossible, Limits, Status};
use proptest::prelude::*;
use std::time::Duration;

type Rows = Vec<Vec<Option<u64>>>;

fn case() -> impl Strategy<Value = (Vec<u64>, Rows)> {
    (1usize..=9, 1usize..=9, prop_oneof![Just(6u64), Just(60), Just(10_000_000_000)]).prop_flat_map(
        |(n, m, most)| {
            // Small costs make ties; large ones are divided before the solver sees them.
            let cell = prop_oneof![7 => (0..=most).prop_map(Some), 1 => Just(None)];
            let opening = prop_oneof![1 => Just(0), 5 => 0..=3 * most];
            (prop::collection::vec(opening, m), prop::collection::vec(prop::collection::vec(cell, m), n))
        },
    )
}

/// Cheapest of all sets of sites.
fn truth(opening: &[u64], rows: &Rows) -> Option<u64> {
    (1u32..1 << opening.len())
        .filter_map(|set| {
            let open = |j: &usize| set >> j & 1 == 1;
            let fixed: u64 = (0..opening.len()).filter(open).map(|j| opening[j]).sum();
            let served = |row: &Vec<Option<u64>>| (0..row.len()).filter(open).filter_map(|j| row[j]).min();
            Some(fixed + rows.iter().map(served).sum::<Option<u64>>()?)
        })
        .min()
}

fn charges(opening: &[u64], rows: &Rows) -> Charges {
    Charges::new(opening.to_vec(), rows.len(), |i, j| rows[i][j]).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn optimal((opening, rows) in case()) {
        let charges = charges(&opening, &rows);
        let mut told = Vec::new();
        let out = solve(&Problem::new(&charges).unwrap(), &Limits::default(), &mut |p| told.push(p.clone())).unwrap();
        let Some(truth) = truth(&opening, &rows) else {
            prop_assert!(matches!(&out.status, Status::Infeasible(Impossible::Unreachable(c)) if !c.is_empty()));
            return Ok(());
        };
        prop_assert_eq!((&out.status, out.objective, out.bound), (&Status::Optimal, Some(truth), Some(truth)));
        // The plan shown costs what is said.
        let mut cost: u64 = out.open.iter().map(|s| opening[s.0 as usize]).sum();
        for (row, site) in rows.iter().zip(&out.assignment) {
            prop_assert!(out.open.contains(site));
            cost += row[site.0 as usize].unwrap();
        }
        prop_assert_eq!(cost, truth);
        let proof = out.certificate.unwrap();
        prop_assert_eq!(certified_bound(&charges, &proof.values), Some(proof.bound));
        prop_assert!(proof.bound <= truth);
        for p in told {
            prop_assert!(p.incumbent.unwrap() >= truth as f64 && p.bound.unwrap() <= truth as f64);
        }
    }

    #[test]
    fn any_multipliers_prove_no_more_than_is_true(
        (opening, rows) in case(),
        seeds in prop::collection::vec(0u64..=1 << 40, 9),
        shift in 0u32..40,
    ) {
        let values: Vec<u64> = seeds[..rows.len()].iter().map(|s| s >> shift).collect();
        let bound = certified_bound(&charges(&opening, &rows), &values).unwrap();
        prop_assert!(truth(&opening, &rows).is_none_or(|t| bound <= t));
    }

    #[test]
    fn limits_keep_bounds_true((opening, rows) in case(), micros in 0u64..300) {
        let charges = charges(&opening, &rows);
        let limits = Limits { time: Some(Duration::from_micros(micros)), ..Limits::default() };
        let out = solve(&Problem::new(&charges).unwrap(), &limits, &mut |_| ()).unwrap();
        let truth = truth(&opening, &rows);
        prop_assert!(out.objective.is_none_or(|o| truth.is_some_and(|t| t <= o)));
        prop_assert!(out.bound.is_none_or(|b| truth.is_some_and(|t| b <= t)));
    }
}

#[test]
fn counted_by_hand() {
    // Two sites at 4 and 6; clients at 1 and 5, 3 and 2. Site 0 alone 4 + 1 + 3 = 8; site 1 alone 6 + 5 + 2 = 13; both
    // 10 + 1 + 2 = 13. Multipliers 4 and 4 pay 3 + 1 = 4 to site 0 and 0 + 2 to site 1: 8.
    let charges = charges(&[4, 6], &vec![vec![Some(1), Some(5)], vec![Some(3), Some(2)]]);
    let p = MULTIPLIER_PARTS;
    assert_eq!(certified_bound(&charges, &[4 * p, 4 * p]), Some(8));
    // 5 and 5 overpay site 0 by 2: 10 - 2.
    assert_eq!(certified_bound(&charges, &[5 * p, 5 * p]), Some(8));
    // 10 and 10 overpay site 0 by 12, site 1 by 7: 20 - 19.
    assert_eq!(certified_bound(&charges, &[10 * p, 10 * p]), Some(1));
    // A part more than 7 is rounded up.
    assert_eq!(certified_bound(&charges, &[4 * p, 3 * p + 1]), Some(8));
    assert_eq!(certified_bound(&charges, &[4 * p, 3 * p]), Some(7));
    assert_eq!(certified_bound(&charges, &[u64::MAX, u64::MAX]), Some(0));
    assert_eq!(certified_bound(&charges, &[1]), None);
}
