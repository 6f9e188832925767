//! Models whose answers are known by hand.
#![allow(clippy::unwrap_used, reason = "a helper of a test may fail it")]

use good_lp::Solution as _;
use maillage_milp::*;

fn quiet(model: Model) -> Outcome {
    solve(model, &Limits::default(), None, &mut |_| ()).unwrap()
}

fn near(a: Option<f64>, b: f64) -> bool {
    a.is_some_and(|a| (a - b).abs() < 1e-7)
}

/// HiGHS 1.14.0 answers 15, silently.
#[test]
fn highs_1_14_wrong_optimum() {
    let mut m = Model::new(Sense::Minimise);
    let x = m.add(variable().clamp(0, 10));
    let z = m.add(variable().clamp(0, 10).integer());
    m.set_objective(2 * x + 3 * z);
    m.subject_to(constraint!(x + z >= 4.5));
    let o = quiet(m);
    assert_eq!(o.reason, Reason::Optimal);
    assert!(near(o.objective, 9.0) && near(o.bound, 9.0), "{o:?}");
}

#[test]
fn infeasible_lp_and_mip() {
    for integer in [false, true] {
        let mut m = Model::new(Sense::Minimise);
        let d = variable().clamp(0, 10);
        let x = m.add(if integer { d.integer() } else { d });
        m.set_objective(x);
        m.subject_to(constraint!(2 * x >= 5));
        m.subject_to(constraint!(2 * x <= 4));
        let o = quiet(m);
        assert_eq!((o.reason, o.limit, o.objective, o.bound), (Reason::Infeasible, None, None, None));
        assert!(o.values.is_none());
    }
}

/// Infeasible only because of integrality: 2x + 4y = 5.
#[test]
fn infeasible_by_parity() {
    let mut m = Model::new(Sense::Minimise);
    let x = m.add(variable().clamp(0, 9).integer());
    let y = m.add(variable().clamp(0, 9).integer());
    m.subject_to(constraint!(2 * x + 4 * y == 5));
    assert_eq!(quiet(m).reason, Reason::Infeasible);
}

#[test]
fn crossed_bounds_are_infeasible() {
    for integer in [false, true] {
        let mut m = Model::new(Sense::Minimise);
        let d = variable().min(3).max(2);
        let x = m.add(if integer { d.integer() } else { d });
        let y = m.add(variable().clamp(0, 1));
        m.set_objective(x + y);
        m.subject_to(constraint!(x + y >= 1));
        assert_eq!(quiet(m).reason, Reason::Infeasible);
    }
    // No integer between 0.3 and 0.7.
    let mut m = Model::new(Sense::Minimise);
    let x = m.add(variable().clamp(0.3, 0.7).integer());
    m.set_objective(x);
    assert_eq!(quiet(m).reason, Reason::Infeasible);
}

#[test]
fn unbounded_lp() {
    let mut m = Model::new(Sense::Maximise);
    let x = m.add(variable().min(0));
    let y = m.add(variable().min(0));
    m.set_objective(x + y);
    m.subject_to(constraint!(x - y <= 1));
    let o = quiet(m);
    assert_eq!((o.reason, o.objective, o.bound), (Reason::Unbounded, None, None));
}

#[test]
fn unbounded_mip_is_not_called_infeasible() {
    let mut m = Model::new(Sense::Maximise);
    let x = m.add(variable().min(0).integer());
    let y = m.add(variable().min(0).integer());
    m.set_objective(x + y);
    m.subject_to(constraint!(x - y <= 1));
    let o = quiet(m);
    assert!(matches!(o.reason, Reason::Unbounded | Reason::InfeasibleOrUnbounded), "{o:?}");
    assert!(o.values.is_none());
}

/// The relaxation is unbounded and there is no integer solution: unbounded would be a lie.
#[test]
fn infeasible_mip_with_unbounded_relaxation_is_not_called_unbounded() {
    let mut m = Model::new(Sense::Maximise);
    let x = m.add(variable().min(0).integer());
    let y = m.add(variable().clamp(0, 9).integer());
    let z = m.add(variable().clamp(0, 9).integer());
    m.set_objective(x);
    m.subject_to(constraint!(2 * y + 4 * z == 5));
    let o = quiet(m);
    assert!(matches!(o.reason, Reason::Infeasible | Reason::InfeasibleOrUnbounded), "{o:?}");
}

#[test]
fn constant_counts_in_objective_bound_and_gap() {
    for sense in [Sense::Minimise, Sense::Maximise] {
        for integer in [false, true] {
            let mut m = Model::new(sense);
            let d = variable().clamp(0, 4);
            let x = m.add(if integer { d.integer() } else { d });
            let y = m.add(variable().clamp(0, 4).integer());
            m.set_objective(x + 2 * y - 100);
            m.subject_to(constraint!(x + y <= 6));
            m.subject_to(constraint!(2 * x + 3 * y >= 7));
            let o = quiet(m);
            let expected = if sense == Sense::Minimise { 3.5 } else { 10.0 };
            let expected = if integer && sense == Sense::Minimise { 4.0 } else { expected } - 100.0;
            assert_eq!(o.reason, Reason::Optimal);
            assert!(near(o.objective, expected) && near(o.bound, expected), "{sense:?} {integer} {o:?}");
            assert!(o.gap().unwrap() < 1e-9);
        }
    }
}

#[test]
fn no_variable_or_no_row() {
    let mut m = Model::new(Sense::Minimise);
    m.set_objective(7.0);
    let o = quiet(m);
    assert_eq!((o.reason, o.objective, o.bound), (Reason::Optimal, Some(7.0), Some(7.0)));
    let mut m = Model::new(Sense::Minimise);
    m.subject_to(Expression::from(1.0).leq(0.0));
    assert_eq!(quiet(m).reason, Reason::Infeasible);
    for integer in [false, true] {
        let mut m = Model::new(Sense::Maximise);
        let d = variable().clamp(-1, 2.5);
        let x = m.add(if integer { d.integer() } else { d });
        m.set_objective(2 * x + 1);
        let o = quiet(m);
        let expected = if integer { 5.0 } else { 6.0 };
        assert_eq!(o.reason, Reason::Optimal);
        assert!(near(o.objective, expected) && near(o.bound, expected), "{o:?}");
    }
    // A variable that appears nowhere, an empty row, a zero objective.
    let mut m = Model::new(Sense::Minimise);
    let x = m.add(variable().clamp(1, 2).integer());
    m.subject_to((0.0 * x).leq(0.0));
    let o = quiet(m);
    assert_eq!((o.reason, o.objective), (Reason::Optimal, Some(0.0)));
    // An empty row that is false.
    let mut m = Model::new(Sense::Minimise);
    m.add(variable().clamp(1, 2).integer());
    m.subject_to(Expression::from(1.0).leq(0.0));
    assert_eq!(quiet(m).reason, Reason::Infeasible);
}

#[test]
fn duals_have_the_sign_of_the_row_as_written() {
    // Smallest 2x + 3y, x + y >= 4, x <= 3 as a row: x = 3, y = 1, worth 9.
    let mut m = Model::new(Sense::Minimise);
    let x = m.add(variable().min(0));
    let y = m.add(variable().min(0));
    let w = m.add(variable().min(0));
    m.set_objective(2 * x + 3 * y + 5 * w);
    let need = m.subject_to(constraint!(x + y + w >= 4));
    let cap = m.subject_to(constraint!(x <= 3));
    let o = quiet(m);
    assert!(near(o.objective, 9.0));
    let duals = o.duals.unwrap();
    assert!(near(duals.row(need), 3.0) && near(duals.row(cap), -1.0), "{duals:?}");
    assert!(near(duals.reduced_cost(w), 2.0) && near(duals.reduced_cost(x), 0.0));
    // Largest 5x, x <= 3: one more unit is worth 5.
    let mut m = Model::new(Sense::Maximise);
    let x = m.add(variable().min(0));
    m.set_objective(5 * x);
    let cap = m.subject_to(constraint!(x <= 3));
    assert!(near(quiet(m).duals.unwrap().row(cap), 5.0));
}

#[test]
fn unfit_models_are_refused() {
    let refused = |m: Model| match solve(m, &Limits::default(), None, &mut |_| ()) {
        Err(SolverFailure::Model(e)) => e,
        other => panic!("{other:?}"),
    };
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e16] {
        let mut m = Model::new(Sense::Minimise);
        let x = m.add(variable().clamp(0, 1));
        m.subject_to((bad * x).leq(1.0));
        assert!(matches!(refused(m), ModelError::Coefficient { row: RowIx(0), .. }));
    }
    for bad in [f64::NAN, f64::INFINITY] {
        let mut m = Model::new(Sense::Minimise);
        let x = m.add(variable().clamp(0, 1));
        m.subject_to((1.0 * x).leq(bad));
        assert!(matches!(refused(m), ModelError::RightHandSide { .. }));
        for objective in [1.0 * Expression::from(bad), Expression::from_other_affine(0.0)] {
            let mut m = Model::new(Sense::Minimise);
            let x = m.add(variable().clamp(0, 1));
            m.set_objective(objective);
            m.add_to_objective(bad, x);
            assert!(matches!(refused(m), ModelError::Objective(_)));
        }
    }
    for d in [variable().min(f64::NAN), variable().min(f64::INFINITY), variable().max(f64::NEG_INFINITY)] {
        let mut m = Model::new(Sense::Minimise);
        m.add(d);
        assert!(matches!(refused(m), ModelError::Bound { variable: 0, .. }));
    }
    let mut other = Model::new(Sense::Minimise);
    let foreign: Vec<Variable> = (0..5).map(|_| other.add(variable())).collect();
    for place in 0..3 {
        let mut m = Model::new(Sense::Minimise);
        let x = m.add(variable().clamp(0, 1));
        m.set_objective(x);
        let mut start = None;
        match place {
            0 => m.set_objective(foreign[4]),
            1 => drop(m.subject_to(constraint!(x + foreign[4] <= 1))),
            _ => start = Some([(foreign[4], 1.0)]),
        }
        let e = solve(m, &Limits::default(), start.as_ref().map(|s| &s[..]), &mut |_| ()).unwrap_err();
        assert_eq!(e, SolverFailure::Model(ModelError::ForeignVariable));
    }
    let bad = Limits { rel_gap: f64::NAN, ..Limits::default() };
    let e = solve(Model::new(Sense::Minimise), &bad, None, &mut |_| ()).unwrap_err();
    assert!(matches!(e, SolverFailure::BadLimit(_)));
}

#[test]
fn solution_speaks_good_lp() {
    let mut m = Model::new(Sense::Maximise);
    let x = m.add(variable().clamp(0, 3).integer());
    let y = m.add(variable().clamp(0, 3));
    m.set_objective(x + y);
    m.subject_to(constraint!(2 * x + 2 * y <= 7));
    let o = quiet(m);
    let values = o.values.unwrap();
    assert!((values.eval(x + 2 * y) - (values.value(x) + 2.0 * values.value(y))).abs() < 1e-12);
    assert_eq!(values.value(x).fract(), 0.0);
    assert_eq!(values.values().len(), 2);
}
