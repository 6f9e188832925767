//! Limits, starts, watchers, threads.
#![allow(clippy::unwrap_used, reason = "a helper of a test may fail it")]

use maillage_milp::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// A market-split model (Cornuéjols and Dawande 1998): tiny, and out of reach of branch and bound.
/// Slacks make every point feasible; the smallest total slack is asked.
fn hard(rows: usize, seed: u64) -> (Model, Vec<Variable>) {
    let mut state = seed;
    let mut next = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % 100
    };
    let n = 10 * (rows - 1);
    let mut m = Model::new(Sense::Minimise);
    let x: Vec<Variable> = (0..n).map(|_| m.add(variable().binary())).collect();
    for _ in 0..rows {
        let a: Vec<u64> = (0..n).map(|_| next()).collect();
        let half = (a.iter().sum::<u64>() / 2) as f64;
        let (over, under) = (m.add(variable().min(0)), m.add(variable().min(0)));
        let mut row: Expression = over - under;
        for (a, x) in a.iter().zip(&x) {
            row.add_mul(*a as f64, *x);
        }
        m.subject_to(constraint!(row == half));
        m.add_to_objective(1.0, over + under);
    }
    (m, x)
}

#[test]
fn tiny_time_limits_never_prove_anything() {
    for micros in [0, 1, 1_000, 10_000, 100_000] {
        let limits = Limits { time: Some(Duration::from_micros(micros)), ..Limits::default() };
        let (m, _) = hard(5, 1);
        let begun = Instant::now();
        let o = solve(m, &limits, None, &mut |_| ()).unwrap();
        assert!(matches!(o.reason, Reason::NoSolution | Reason::Feasible), "{micros} µs: {o:?}");
        assert_eq!(o.limit, Some(LimitReached::Time));
        assert_eq!(o.reason == Reason::Feasible, o.values.is_some());
        if let (Some(objective), Some(bound)) = (o.objective, o.bound) {
            assert!(bound <= objective + 1e-6);
        }
        assert!(begun.elapsed() < Duration::from_secs(20));
    }
}

#[test]
fn tiny_time_limit_on_an_lp() {
    let mut m = Model::new(Sense::Minimise);
    let x: Vec<Variable> = (0..300).map(|_| m.add(variable().min(0))).collect();
    for i in 0..300usize {
        let row: Expression = (0..300usize).map(|j| ((i * 7 + j * 13) % 11 + 1) as f64 * x[j]).sum();
        m.subject_to(row.geq((i % 17 + 1) as f64));
        m.add_to_objective((i % 5 + 1) as f64, x[i]);
    }
    let limits = Limits { time: Some(Duration::from_micros(1)), ..Limits::default() };
    let o = solve(m, &limits, None, &mut |_| ()).unwrap();
    assert_eq!(o.limit, Some(LimitReached::Time));
    assert_ne!(o.reason, Reason::Optimal);
    assert!(o.bound.is_none() && o.duals.is_none());
}

#[test]
fn stop_flag_stops_and_keeps_the_best() {
    let stop = Arc::new(AtomicBool::new(false));
    let limits = Limits { stop: Some(Arc::clone(&stop)), ..Limits::default() };
    let (m, _) = hard(6, 2);
    let handle = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(1500));
        stop.store(true, Ordering::Relaxed);
    });
    let begun = Instant::now();
    let o = solve(m, &limits, None, &mut |_| ()).unwrap();
    handle.join().unwrap();
    assert_eq!((o.reason, &o.limit), (Reason::Feasible, &Some(LimitReached::Interrupted)));
    assert!(o.objective.unwrap() >= o.bound.unwrap());
    assert!(begun.elapsed() < Duration::from_secs(20));
}

#[test]
fn stop_flag_raised_before() {
    let limits = Limits { stop: Some(Arc::new(AtomicBool::new(true))), ..Limits::default() };
    let (m, _) = hard(5, 3);
    let o = solve(m, &limits, None, &mut |_| ()).unwrap();
    assert_eq!((o.reason, o.limit), (Reason::NoSolution, Some(LimitReached::Interrupted)));
}

#[test]
fn progress_is_told_and_is_sound() {
    let (m, _) = hard(5, 4);
    let limits = Limits { time: Some(Duration::from_millis(1500)), ..Limits::default() };
    let mut seen: Vec<Progress> = Vec::new();
    let o = solve(m, &limits, None, &mut |p| seen.push(p.clone())).unwrap();
    assert!(seen.len() >= 2, "{}", seen.len());
    assert!(seen.windows(2).all(|w| w[0].elapsed <= w[1].elapsed));
    let incumbents: Vec<f64> = seen.iter().filter_map(|p| p.incumbent).collect();
    assert!(!incumbents.is_empty() && incumbents.windows(2).all(|w| w[1] <= w[0] + 1e-9));
    for p in &seen {
        if let (Some(i), Some(b)) = (p.incumbent, p.bound) {
            assert!(b <= i + 1e-6 && p.gap.is_some());
        }
        assert!(p.bound.is_none_or(|b| b <= o.objective.unwrap() + 1e-6));
    }
}

#[test]
fn whole_start_is_never_lost() {
    // Ten sites of which at least three must open: the start opens five.
    let build = || {
        let mut m = Model::new(Sense::Minimise);
        let y: Vec<Variable> = (0..10).map(|_| m.add(variable().binary())).collect();
        m.set_objective(y.iter().sum::<Expression>() + 1.0);
        m.subject_to(y.iter().sum::<Expression>().geq(3.0));
        (m, y)
    };
    let (_, y) = build();
    let start: Vec<(Variable, f64)> = y.iter().zip(0..).map(|(&v, i)| (v, f64::from(i < 5))).collect();
    for stopped in [true, false] {
        let limits = Limits { stop: Some(Arc::new(AtomicBool::new(stopped))), ..Limits::default() };
        let (m, _) = build();
        let o = solve(m, &limits, Some(&start), &mut |_| ()).unwrap();
        let (reason, objective) = if stopped { (Reason::Feasible, 6.0) } else { (Reason::Optimal, 4.0) };
        assert_eq!((o.reason, o.objective), (reason, Some(objective)));
    }
}

/// The solver's first incumbent is the start, which is far better than what it would find at once.
#[test]
fn start_is_used_by_the_solver() {
    let (m, x) = hard(5, 5);
    let limits = Limits { time: Some(Duration::from_secs(3)), ..Limits::default() };
    let first = solve(m, &limits, None, &mut |_| ()).unwrap();
    let (values, good) = (first.values.unwrap(), first.objective.unwrap());
    // Partial: the binaries only; the slacks are to be completed.
    let partial: Vec<(Variable, f64)> = x.iter().map(|&v| (v, values.get(v).unwrap())).collect();
    let (m, _) = hard(5, 5);
    let limits = Limits { time: Some(Duration::from_secs(1)), ..Limits::default() };
    let mut told = Vec::new();
    let second = solve(m, &limits, Some(&partial), &mut |p| told.push((p.incumbent, p.bound))).unwrap();
    assert!(second.objective.unwrap() <= good + 1e-6);
    let first_told = told.iter().find_map(|(i, _)| *i).unwrap();
    assert!(first_told <= good + 1e-6, "{first_told} against {good}");
    assert!(told.iter().all(|(_, b)| b.is_none()));
}

/// A missing value is completed, not taken as 0: y = 0 would break the row.
#[test]
fn partial_start_is_completed() {
    let mut m = Model::new(Sense::Minimise);
    let x = m.add(variable().binary());
    let y = m.add(variable().clamp(0, 5).integer());
    let z = m.add(variable().clamp(0, 5));
    m.set_objective(x + y + z);
    m.subject_to(constraint!(x + y + z >= 4));
    let o = solve(m, &Limits::default(), Some(&[(x, 1.0)]), &mut |_| ()).unwrap();
    assert_eq!((o.reason, o.objective), (Reason::Optimal, Some(4.0)));
    // Nonsense in a start is ignored.
    let mut m = Model::new(Sense::Minimise);
    let x = m.add(variable().binary());
    let y = m.add(variable().clamp(0, 5).integer());
    m.set_objective(x + y);
    m.subject_to(constraint!(x + y >= 2));
    let o = solve(m, &Limits::default(), Some(&[(x, 7.0), (y, f64::NAN)]), &mut |_| ()).unwrap();
    assert_eq!(o.objective, Some(2.0));
}

#[test]
fn asked_gap_is_met_and_told() {
    let (m, _) = hard(3, 6);
    let limits = Limits { rel_gap: 0.5, ..Limits::default() };
    let o = solve(m, &limits, None, &mut |_| ()).unwrap();
    assert_eq!(o.reason, Reason::Optimal);
    assert!((o.objective.unwrap() - o.bound.unwrap()).abs() <= 0.5 * o.objective.unwrap() + 1e-5);
}

#[test]
fn nested_solve_is_refused_and_panics_travel() {
    let limits = Limits { time: Some(Duration::from_secs(5)), ..Limits::default() };
    let mut nested = None;
    let stop = Arc::new(AtomicBool::new(false));
    let with_stop = Limits { stop: Some(Arc::clone(&stop)), ..limits.clone() };
    solve(hard(5, 7).0, &with_stop, None, &mut |_| {
        stop.store(true, Ordering::Relaxed);
        nested = Some(solve(hard(5, 7).0, &limits, None, &mut |_| ()));
    })
    .unwrap();
    assert_eq!(nested.unwrap().unwrap_err(), SolverFailure::Nested);
    let caught = std::panic::catch_unwind(|| {
        let _ = solve(hard(5, 8).0, &Limits::default(), None, &mut |_| panic!("in the watcher"));
    });
    assert_eq!(caught.unwrap_err().downcast_ref::<&str>(), Some(&"in the watcher"));
    // The thread is still good for another solve.
    let mut m = Model::new(Sense::Minimise);
    let x = m.add(variable().clamp(1.5, 9).integer());
    m.set_objective(x);
    assert_eq!(solve(m, &limits, None, &mut |_| ()).unwrap().objective, Some(2.0));
}

#[test]
fn many_models_in_parallel_threads_and_mixed_thread_counts() {
    let answer = |seed: u64, threads: u32| {
        let limits = Limits { threads, ..Limits::default() };
        let o = solve(hard(2, seed).0, &limits, None, &mut |_| ()).unwrap();
        assert_eq!(o.reason, Reason::Optimal);
        o.objective.unwrap()
    };
    let alone: Vec<f64> = (0..12).map(|s| answer(s, 1)).collect();
    let alone = Arc::new(alone);
    let workers: Vec<_> = (0..4u32)
        .map(|w| {
            let alone = Arc::clone(&alone);
            std::thread::spawn(move || {
                for seed in 0..12u64 {
                    let threads = 1 + (u64::from(w) + seed) as u32 % 2;
                    assert!((answer(seed, threads) - alone[seed as usize]).abs() < 1e-6);
                }
            })
        })
        .collect();
    for w in workers {
        w.join().unwrap();
    }
}
