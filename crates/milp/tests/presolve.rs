//! A model whose presolve goes wrong in HiGHS 1.15: the rule for parallel rows and columns is switched off.

use good_lp::{Expression, Solution as _};
use maillage_milp::{Limits, Model, Reason, Sense, solve, variable};

/// Found by a random test of money in thousands of euros. Everything at 0 keeps every row.
#[test]
fn parallel_rows_are_left_alone() {
    let mut model = Model::new(Sense::Maximise);
    let c: Vec<_> = (0..6).map(|_| model.add(variable().binary())).collect();
    let (c6, c7) = (model.add(variable().min(0)), model.add(variable().min(0)));
    let c8 = model.add(variable().min(0).max(1));
    model.set_objective(Expression::from(c8));
    let rows = [
        (Expression::from(c[0]) - c[1]).leq(0),
        (-100.0 * c[0] + 100.0 * c[2]).leq(0),
        (100.0 * c[0] - 100.0 * c[2]).leq(0),
        (-100.0 * c[0] + 100.0 * c[4]).leq(0),
        (-100.0 * c[1] + 100.0 * c[2] + 100.0 * c[3]).leq(0),
        (100.0 * c[1] - 100.0 * c[2] - 100.0 * c[3]).leq(0),
        (-0.001 * c[0] + c6).leq(0),
        (-0.001 * c[1] + c7).leq(0),
        (0.01 * c[0] + 0.001 * c[4] - c6).leq(0.001),
        (0.001 * c[0] + 0.01 * c[1] + 0.002 * c[4] + 0.001 * c[5] - c6 - c7).leq(0.001),
        (-3.0 * c[4] - 3.0 * c[5] + c8).leq(0),
    ];
    for row in rows {
        model.subject_to(row);
    }
    for cautious in [false, true] {
        let limits = Limits { cautious, ..Limits::default() };
        let outcome = solve(model.clone(), &limits, None, &mut |_| {}).unwrap();
        assert_eq!(outcome.reason, Reason::Optimal, "cautious {cautious}");
        let values = outcome.values.unwrap();
        // c5 = 1 costs a thousandth, which row 10 allows: c8 = 1.
        assert_eq!((values.value(c8), values.value(c[0])), (1.0, 0.0));
    }
}
