//! Small random MIPs: HiGHS, microlp (pure Rust, through good_lp) and enumeration must agree.
#![allow(clippy::unwrap_used, reason = "a helper of a test may fail it")]

use good_lp::{ResolutionError, SolverModel as _};
use maillage_milp::*;
use proptest::prelude::*;

/// Small integers everywhere, so that enumeration is exact.
#[derive(Debug, Clone)]
struct Small {
    maximise: bool,
    offset: i32,
    cost: Vec<i32>,
    bounds: Vec<(i32, i32)>,
    /// Coefficients, relation (<=, >=, =), right-hand side.
    rows: Vec<(Vec<i32>, u8, i32)>,
}

fn small() -> impl Strategy<Value = Small> {
    (1usize..=6, 0usize..=4).prop_flat_map(|(n, m)| {
        let row = (prop::collection::vec(-4i32..=4, n), 0u8..3, -8i32..=12);
        (
            any::<bool>(),
            -50i32..=50,
            prop::collection::vec(-5i32..=5, n),
            prop::collection::vec((-2i32..=1, 0i32..=3).prop_map(|(l, w)| (l, l + w)), n),
            prop::collection::vec(row, m),
        )
            .prop_map(|(maximise, offset, cost, bounds, rows)| Small {
                maximise,
                offset,
                cost,
                bounds,
                rows,
            })
    })
}

impl Small {
    fn model(&self) -> (Model, Vec<Variable>) {
        let mut m = Model::new(if self.maximise { Sense::Maximise } else { Sense::Minimise });
        let x: Vec<Variable> =
            self.bounds.iter().map(|&(l, u)| m.add(variable().clamp(l, u).integer())).collect();
        let dot = |c: &[i32]| c.iter().zip(&x).map(|(&c, &x)| f64::from(c) * x).sum::<Expression>();
        m.set_objective(dot(&self.cost) + f64::from(self.offset));
        for (a, kind, b) in &self.rows {
            let b = f64::from(*b);
            m.subject_to(match kind {
                0 => dot(a).leq(b),
                1 => dot(a).geq(b),
                _ => dot(a).eq(b),
            });
        }
        (m, x)
    }

    fn enumerate(&self) -> Option<i32> {
        let mut x: Vec<i32> = self.bounds.iter().map(|b| b.0).collect();
        let mut best: Option<i32> = None;
        loop {
            let dot = |c: &[i32]| c.iter().zip(&x).map(|(c, x)| c * x).sum::<i32>();
            let feasible = self.rows.iter().all(|(a, kind, b)| match kind {
                0 => dot(a) <= *b,
                1 => dot(a) >= *b,
                _ => dot(a) == *b,
            });
            if feasible {
                let v = self.offset + dot(&self.cost);
                best = Some(best.map_or(v, |o| if self.maximise { o.max(v) } else { o.min(v) }));
            }
            let Some(j) = (0..x.len()).find(|&j| x[j] < self.bounds[j].1) else { return best };
            x[j] += 1;
            x.iter_mut().zip(&self.bounds).take(j).for_each(|(x, b)| *x = b.0);
        }
    }
}

/// Objective by another solver, `None` when it finds the model infeasible.
fn second_opinion(model: Model) -> Result<Option<f64>, String> {
    let objective = model.objective().clone();
    match model.into_good_lp(good_lp::microlp).map_err(|e| e.to_string())?.solve() {
        Ok(solution) => Ok(Some(objective.eval_with(&solution))),
        Err(ResolutionError::Infeasible) => Ok(None),
        Err(e) => Err(e.to_string()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn highs_microlp_and_enumeration_agree(small in small()) {
        let truth = small.enumerate();
        let outcome = solve(small.model().0, &Limits::default(), None, &mut |_| ()).unwrap();
        match truth {
            None => prop_assert_eq!(outcome.reason, Reason::Infeasible),
            Some(v) => {
                prop_assert_eq!(outcome.reason, Reason::Optimal);
                prop_assert_eq!(outcome.objective, Some(f64::from(v)));
                prop_assert!((outcome.bound.unwrap() - f64::from(v)).abs() < 1e-6);
            }
        }
        let second = second_opinion(small.model().0);
        match (truth, second) {
            (None, Ok(None)) => {}
            (Some(v), Ok(Some(w))) => prop_assert!((f64::from(v) - w).abs() < 1e-6, "{v} against {w}"),
            other => prop_assert!(false, "{:?}", other),
        }
    }

    /// Any start, good or bad, partial or whole, leaves the optimum alone.
    #[test]
    fn starts_change_nothing(small in small(), hints in prop::collection::vec((any::<bool>(), -3i32..=5), 6)) {
        let (model, x) = small.model();
        let start: Vec<(Variable, f64)> =
            x.iter().zip(&hints).filter(|(_, h)| h.0).map(|(&x, h)| (x, f64::from(h.1))).collect();
        let outcome = solve(model, &Limits::default(), Some(&start), &mut |_| ()).unwrap();
        prop_assert_eq!(outcome.objective, small.enumerate().map(f64::from));
    }
}
