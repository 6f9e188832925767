//! Capacitated location against enumeration: all site sets with least-cost flows, all assignments.
#![allow(clippy::unwrap_used, reason = "a helper of a test may fail it")]

use maillage_location::capacitated::{Outcome, Problem, Sharing, certified_bound, solve};
use maillage_location::{Charges, Limits, Status};
use proptest::prelude::*;
use std::time::Duration;

#[derive(Debug, Clone)]
struct Case {
    opening: Vec<u64>,
    rows: Vec<Vec<Option<u64>>>,
    capacity: Vec<u64>,
    demand: Vec<u64>,
}

fn case() -> impl Strategy<Value = Case> {
    sized(5, 4)
}

fn sized(clients: usize, sites: usize) -> impl Strategy<Value = Case> {
    (1..=clients, 1..=sites, prop_oneof![Just(6u64), Just(60), Just(1_000_000_000)]).prop_flat_map(
        |(n, m, most)| {
            let cell = prop_oneof![9 => (0..=most).prop_map(Some), 1 => Just(None)];
            (
                prop::collection::vec(0..=2 * most, m),
                prop::collection::vec(prop::collection::vec(cell, m), n),
                prop::collection::vec(0u64..=9, m),
                prop::collection::vec(0u64..=4, n),
            )
                .prop_map(|(opening, rows, capacity, demand)| Case {
                    opening,
                    rows,
                    capacity,
                    demand,
                })
        },
    )
}

/// Twelve times a share of a cost is whole for demands up to 4.
const TWELVE: u64 = 12;

impl Case {
    fn charges(&self) -> Charges {
        Charges::new(self.opening.clone(), self.rows.len(), |i, j| self.rows[i][j]).unwrap()
    }

    /// Cheapest assignment of whole clients.
    fn single(&self) -> Option<u64> {
        let (n, m) = (self.rows.len(), self.opening.len());
        (0..m.pow(n as u32))
            .filter_map(|code| {
                let mut used = vec![0; m];
                let mut open = vec![false; m];
                let mut cost = 0;
                let mut rest = code;
                for (row, d) in self.rows.iter().zip(&self.demand) {
                    let j = rest % m;
                    rest /= m;
                    used[j] += d;
                    open[j] = true;
                    cost += row[j]?;
                }
                let held = used.iter().zip(&self.capacity).all(|(u, s)| u <= s);
                let fixed: u64 = open.iter().zip(&self.opening).filter(|(o, _)| **o).map(|(_, f)| f).sum();
                held.then_some(cost + fixed)
            })
            .min()
    }

    /// Cheapest of all sets of sites, demand sent unit by unit along cheapest paths; rounded up.
    fn split(&self) -> Option<u64> {
        let m = self.opening.len();
        (0u32..1 << m)
            .filter_map(|set| {
                let open: Vec<bool> = (0..m).map(|j| set >> j & 1 == 1).collect();
                let fixed: u64 = (0..m).filter(|j| open[*j]).map(|j| self.opening[j]).sum();
                Some(fixed + self.flow(&open)?.div_ceil(TWELVE))
            })
            .min()
    }

    /// Twelve times the cost of the cheapest service from these sites.
    fn flow(&self, open: &[bool]) -> Option<u64> {
        let (n, m) = (self.rows.len(), open.len());
        let unit = |i: usize, j: usize| -> Option<i64> {
            if !open[j] {
                return None;
            }
            Some((self.rows[i][j]? * (TWELVE / self.demand[i])) as i64)
        };
        let mut total = 0i64;
        let mut sent = vec![vec![0u64; m]; n];
        let mut used = vec![0u64; m];
        for i in 0..n {
            if self.demand[i] == 0 {
                let least = (0..m).filter(|j| open[*j]).filter_map(|j| self.rows[i][j]).min()?;
                total += (least * TWELVE) as i64;
            }
            for _ in 0..self.demand[i] {
                // Bellman and Ford over sites: reach a site by taking it, or by moving another client on.
                let mut far: Vec<Option<i64>> = (0..m).map(|j| unit(i, j)).collect();
                let mut from: Vec<Option<(usize, usize)>> = vec![None; m];
                for _ in 0..m {
                    for (k, own) in sent.iter().enumerate() {
                        for a in (0..m).filter(|a| own[*a] > 0) {
                            for b in (0..m).filter(|b| *b != a) {
                                let (Some(to_a), Some(ka), Some(kb)) = (far[a], unit(k, a), unit(k, b))
                                else {
                                    continue;
                                };
                                if far[b].is_none_or(|f| to_a - ka + kb < f) {
                                    far[b] = Some(to_a - ka + kb);
                                    from[b] = Some((k, a));
                                }
                            }
                        }
                    }
                }
                let end = (0..m)
                    .filter(|j| used[*j] < self.capacity[*j] && far[*j].is_some())
                    .min_by_key(|j| far[*j])?;
                total += far[end]?;
                used[end] += 1;
                let mut at = end;
                while let Some((k, before)) = from[at] {
                    sent[k][at] += 1;
                    sent[k][before] -= 1;
                    at = before;
                }
                sent[i][at] += 1;
            }
        }
        Some(total as u64)
    }

    fn check(&self, out: &Outcome, sharing: Sharing, truth: Option<u64>) {
        let Some(truth) = truth else {
            assert!(matches!(out.status, Status::Infeasible(_)), "{out:?}");
            return;
        };
        assert_eq!(
            (&out.status, out.objective, out.bound),
            (&Status::Optimal, Some(truth), Some(truth)),
            "{out:?}"
        );
        let mut used = vec![0u64; self.capacity.len()];
        let mut twelfths = 0;
        for (i, parts) in out.assignment.iter().enumerate() {
            assert_eq!(parts.iter().map(|p| p.1).sum::<u64>(), self.demand[i]);
            assert!(parts.len() == 1 || sharing == Sharing::Split && self.demand[i] > 0);
            for (site, amount) in parts {
                assert!(out.open.contains(site));
                used[site.0 as usize] += amount;
                let cost = self.rows[i][site.0 as usize].unwrap() * TWELVE;
                // Of no demand, all of the cost.
                twelfths += cost / self.demand[i].max(1) * (*amount).max(u64::from(self.demand[i] == 0));
            }
        }
        assert!(used.iter().zip(&self.capacity).all(|(u, s)| u <= s));
        let fixed: u64 = out.open.iter().map(|s| self.opening[s.0 as usize]).sum();
        assert_eq!(fixed + twelfths.div_ceil(TWELVE), truth);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn optimal(case in case()) {
        let charges = case.charges();
        for (sharing, truth) in [(Sharing::Split, case.split()), (Sharing::Single, case.single())] {
            let problem = Problem::new(&charges, &case.capacity, &case.demand, sharing).unwrap();
            let mut told = Vec::new();
            let out = solve(&problem, &Limits::default(), &mut |p| told.push(p.clone())).unwrap();
            case.check(&out, sharing, truth);
            if let Some(proof) = &out.certificate {
                prop_assert_eq!(certified_bound(&problem, &proof.values), Some(proof.bound));
                prop_assert!(truth.is_none_or(|t| proof.bound <= t));
            }
            if let Some(truth) = truth {
                let half = truth as f64 + 0.5;
                prop_assert!(told.iter().all(|p| p.bound.is_none_or(|b| b < half)));
            }
        }
    }

    #[test]
    fn optimal_over_more_sites(case in sized(7, 5)) {
        let charges = case.charges();
        for (sharing, truth) in [(Sharing::Split, case.split()), (Sharing::Single, case.single())] {
            let problem = Problem::new(&charges, &case.capacity, &case.demand, sharing).unwrap();
            let out = solve(&problem, &Limits::default(), &mut |_| ()).unwrap();
            case.check(&out, sharing, truth);
        }
    }

    #[test]
    fn any_multipliers_prove_no_more_than_is_true(
        case in case(),
        seeds in prop::collection::vec(0u64..=1 << 40, 5),
        shift in 0u32..40,
    ) {
        let charges = case.charges();
        let values: Vec<u64> = seeds[..case.rows.len()].iter().map(|s| s >> shift).collect();
        for (sharing, truth) in [(Sharing::Split, case.split()), (Sharing::Single, case.single())] {
            let problem = Problem::new(&charges, &case.capacity, &case.demand, sharing).unwrap();
            // No bound: capacities cannot hold all demand.
            let bound = certified_bound(&problem, &values).unwrap_or(u64::MAX);
            prop_assert!(truth.is_none_or(|t| bound <= t));
        }
    }

    #[test]
    fn limits_keep_bounds_true(case in case(), micros in 0u64..3000) {
        let charges = case.charges();
        let limits = Limits { time: Some(Duration::from_micros(micros)), ..Limits::default() };
        for (sharing, truth) in [(Sharing::Split, case.split()), (Sharing::Single, case.single())] {
            let problem = Problem::new(&charges, &case.capacity, &case.demand, sharing).unwrap();
            let out = solve(&problem, &limits, &mut |_| ()).unwrap();
            prop_assert!(out.objective.is_none_or(|o| truth.is_some_and(|t| t <= o)));
            prop_assert!(truth.is_none_or(|t| out.bound.is_none_or(|b| b <= t)));
            prop_assert!(truth.is_none() || !matches!(out.status, Status::Infeasible(_)));
        }
    }
}

#[test]
fn counted_by_hand() {
    // One site of capacity 3 at 10; clients of 2 and 2 units at 4 and 2; a second site of capacity 4 at 30, free.
    let charges = Charges::new(vec![10, 30], 2, |i, j| Some([[4, 0], [2, 0]][i][j])).unwrap();
    let problem = Problem::new(&charges, &[3, 4], &[2, 2], Sharing::Split).unwrap();
    let p = maillage_location::fixed_charge::MULTIPLIER_PARTS;
    // Multipliers 10 and 10: site 0 gains 8 (client 1) and half of 6, less 10: 1 over. Site 1 gains 20 of 30 and cannot stay
    // closed, the other holding 3 of 4: 20 - 1 + 10.
    assert_eq!(certified_bound(&problem, &[10 * p, 10 * p]), Some(29));
    // Multipliers 20 and 16: site 0 gains 16 + 14 / 2 - 10 = 13 over, site 1 36 - 30 = 6 over: 36 - 19.
    assert_eq!(certified_bound(&problem, &[20 * p, 16 * p]), Some(17));
    assert_eq!(certified_bound(&problem, &[1]), None);
    // Whole clients: with 10 and 10, site 0 gains 8 and loses 2: it may stay closed. Site 1 must open: 20 + 10.
    let problem = Problem::new(&charges, &[3, 4], &[2, 2], Sharing::Single).unwrap();
    assert_eq!(certified_bound(&problem, &[10 * p, 10 * p]), Some(30));
    // Both sites hold less than all demand.
    let problem = Problem::new(&charges, &[1, 2], &[2, 2], Sharing::Split).unwrap();
    assert_eq!(certified_bound(&problem, &[p, p]), None);
}
