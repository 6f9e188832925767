//! p-medians of small random planes against enumeration: points at one place, weights of 0, `p` from 1 to all.
#![allow(clippy::unwrap_used, reason = "a helper of a test may fail it")]

use maillage_location::*;
use proptest::prelude::*;

fn case() -> impl Strategy<Value = (Points, Vec<u64>, u32)> {
    (1usize..=10).prop_flat_map(|n| {
        let at = || prop::collection::vec(prop_oneof![Just(0i64), -30i64..30, -3000i64..3000], n);
        let weights = prop::collection::vec(prop_oneof![Just(0u64), 1u64..5, Just(100_000)], n);
        (at(), at(), weights, 1..=n as u32, prop_oneof![Just(1u32), Just(7)])
            .prop_map(|(x, y, weights, p, scale)| (Points { x, y, scale }, weights, p))
    })
}

fn best(points: &Points, weights: &[u64], p: u32) -> u64 {
    let n = points.len();
    let cost = |open: u32| -> u64 {
        let near = |i| {
            let open = (0..n).filter(|j| open >> j & 1 == 1);
            open.map(|j| points.floor_distance(i, j).unwrap()).min().unwrap()
        };
        (0..n).map(|i| weights[i] * near(i)).sum()
    };
    (0..1u32 << n).filter(|open| open.count_ones() == p).map(cost).min().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn medians_are_exact((points, weights, p) in case(), seed in 0u64..100) {
        let (outcome, certificate) =
            p_median::solve_plane_with_certificate(&points, weights.clone(), p, &Limits::default(), &mut |_| ()).unwrap();
        let optimum = best(&points, &weights, p);
        prop_assert_eq!(
            (outcome.status, outcome.objective, outcome.bound), (Status::Optimal, Some(optimum), Some(optimum))
        );
        prop_assert_eq!(outcome.open.len() as u32, p);
        // Counted again from the points; whatever the multipliers, nothing false is proven.
        let mut certificate = certificate.unwrap();
        let bound = p_median::certified_bound_plane(&points, &weights, p, &certificate).unwrap();
        prop_assert!(certificate.bound == bound && bound <= optimum);
        for (i, u) in certificate.values.iter_mut().enumerate() {
            *u = u.saturating_mul(1 + (i as u64 * 7 + seed) % 3);
        }
        let bound = p_median::certified_bound_plane(&points, &weights, p, &certificate);
        prop_assert!(bound.is_none_or(|b| b <= optimum));
    }

    /// Lists that end early: the bound holds and the plan is worth its true distances.
    #[test]
    fn short_lists_prove_nothing_false((points, weights, p) in case(), k in 1usize..4) {
        let near = NearLists::new(&points, weights.clone(), k).unwrap();
        let problem = p_median::Problem::on_plane(&near, p, Rules::default()).unwrap();
        let (outcome, certificate) =
            p_median::solve_with_certificate(&problem, &Limits::default(), &mut |_| ()).unwrap();
        let optimum = best(&points, &weights, p);
        prop_assert!(outcome.bound.unwrap() <= optimum && outcome.objective.unwrap() >= optimum);
        prop_assert!(certificate.unwrap().bound <= optimum);
    }
}

#[test]
fn the_bound_of_a_plane_refuses_what_does_not_fit() {
    // 30 points of a fixed scatter.
    let x = (0..30i64).map(|i| i * 7919 % 1000).collect();
    let y = (0..30i64).map(|i| i * 104_729 % 1000).collect();
    let points = Points { x, y, scale: 10 };
    let bound = |p, scale, values: &[u64]| {
        let certificate = p_median::Certificate { scale, values: values.to_vec(), bound: 0 };
        p_median::certified_bound_plane(&points, &[1; 30], p, &certificate)
    };
    // No two points are nearer than 1: 30 clients pay 1 each, and 4 sites give theirs back.
    assert_eq!(bound(4, 1, &[1; 30]), Some(26));
    // Multipliers of 2^64 - 1 on 30 points give 4 sites 120 of them back: nothing is proven.
    assert_eq!(bound(4, 1, &[u64::MAX; 30]), Some(0));
    assert_eq!(bound(4, 0, &[1; 30]), None);
    assert_eq!(bound(4, 1, &[1; 29]), None);
    assert_eq!(bound(31, 1, &[1; 30]), None);
}
