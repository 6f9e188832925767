//! Cases known by hand, and problems that cannot be built wrong.
#![allow(clippy::unwrap_used, reason = "a helper of a test may fail it")]

use maillage_location::*;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Villages on a road at these kilometres; each is a client and a site.
fn road(at: &[u32], weights: &[u64]) -> CostLists {
    let rows: Vec<Vec<Option<u32>>> =
        at.iter().map(|a| at.iter().map(|b| Some(a.abs_diff(*b))).collect()).collect();
    CostLists::from_dense(&rows, weights.to_vec()).unwrap()
}

fn sites(list: &[u32]) -> Vec<SiteIx> {
    list.iter().copied().map(SiteIx).collect()
}

#[test]
fn weighted_median_of_a_road() {
    let lists = road(&[0, 10, 11, 30], &[1, 1, 1, 10]);
    let median = |p, fixed: &[SiteIx], forbidden: &[SiteIx]| {
        let rules = Rules { fixed_open: fixed, forbidden };
        let problem = p_median::Problem::new(&lists, p, rules).unwrap();
        let out = p_median::solve(&problem, &Limits::default(), &mut |_| ()).unwrap();
        assert_eq!(out.status, Status::Optimal);
        (out.objective.unwrap(), out.open)
    };
    assert_eq!(median(1, &[], &[]), (30 + 20 + 19, sites(&[3])));
    assert_eq!(median(2, &[], &[]), (11, sites(&[1, 3])));
    assert_eq!(median(4, &[], &[]), (0, sites(&[0, 1, 2, 3])));
    assert_eq!(median(2, &sites(&[0]), &[]), (10 + 11, sites(&[0, 3])));
    assert_eq!(median(1, &[], &sites(&[3])), (11 + 1 + 190, sites(&[2])));
}

#[test]
fn center_of_a_road() {
    let lists = road(&[0, 4, 5, 20, 24], &[1; 5]);
    let center = |p| {
        let problem = p_center::Problem::new(&lists, p, Rules::default()).unwrap();
        p_center::solve(&problem, &Limits::default(), &mut |_| ()).unwrap().objective
    };
    assert_eq!([1, 2, 3, 4, 5].map(center), [Some(19), Some(4), Some(4), Some(1), Some(0)]);
}

#[test]
fn problems_that_cannot_be_built() {
    let lists = road(&[0, 1, 2], &[1; 3]);
    let rules = |fixed_open, forbidden| Rules { fixed_open, forbidden };
    let (s0, s01, s9) = (sites(&[0]), sites(&[0, 1]), sites(&[9]));
    let median = |p, r| p_median::Problem::new(&lists, p, r).unwrap_err();
    assert_eq!(median(0, Rules::default()), ProblemError::NoSiteToOpen);
    assert_eq!(median(4, Rules::default()), ProblemError::TooFewAllowed { allowed: 3, p: 4 });
    assert_eq!(median(2, rules(&[], &s01)), ProblemError::TooFewAllowed { allowed: 1, p: 2 });
    assert_eq!(median(1, rules(&s01, &[])), ProblemError::TooManyFixed { fixed: 2, p: 1 });
    assert_eq!(median(1, rules(&s0, &s01)), ProblemError::FixedAndForbidden(SiteIx(0)));
    assert_eq!(median(1, rules(&s9, &[])), ProblemError::NoSuchSite(SiteIx(9)));
    assert_eq!(median(1, rules(&[], &s9)), ProblemError::NoSuchSite(SiteIx(9)));
    let empty = CostLists::from_pairs(3, vec![], vec![]).unwrap();
    assert_eq!(set_cover::Problem::new(&empty, 1, Rules::default()).unwrap_err(), ProblemError::NoClient);
    assert_eq!(
        max_cover::Problem::new(&lists, 0, 1, Rules::default()).unwrap_err(),
        ProblemError::NoSiteToOpen
    );
    assert!(max_cover::Problem::new(&lists, 9, 1, Rules::default()).is_ok());
}

#[test]
fn who_cannot_be_reached_is_named() {
    let rows = [vec![Some(1), None], vec![None, None], vec![None, Some(1)]];
    let lists = CostLists::from_dense(&rows, vec![1, 0, 1]).unwrap();
    let median = p_median::Problem::new(&lists, 2, Rules::default()).unwrap();
    let out = p_median::solve(&median, &Limits::default(), &mut |_| ()).unwrap();
    assert_eq!(out.status, Status::Infeasible(Impossible::Unreachable(vec![ClientIx(1)])));
    let cover = max_cover::Problem::new(&lists, 2, 1, Rules::default()).unwrap();
    assert_eq!(max_cover::solve(&cover, &Limits::default(), &mut |_| ()).unwrap().objective, Some(2));
    // Each client has a site, but one site cannot serve both.
    let lists = CostLists::from_dense(&[vec![Some(1), None], vec![None, Some(1)]], vec![1, 1]).unwrap();
    let median = p_median::Problem::new(&lists, 1, Rules::default()).unwrap();
    let not_with_one = Status::Infeasible(Impossible::NotWith { p: 1 });
    assert_eq!(p_median::solve(&median, &Limits::default(), &mut |_| ()).unwrap().status, not_with_one);
    let center = p_center::Problem::new(&lists, 1, Rules::default()).unwrap();
    assert_eq!(p_center::solve(&center, &Limits::default(), &mut |_| ()).unwrap().status, not_with_one);
}

#[test]
fn stopped_before_the_start_there_is_still_a_plan() {
    let limits = Limits { stop: Some(Arc::new(AtomicBool::new(true))), ..Limits::default() };
    // Costs without any geometry: no relaxation is near the optimum.
    let cost = |i: u32, j: u32| Some(1 + (i * 7919 + j * 104_729 + i * j * 31) % 997);
    let rows: Vec<Vec<Option<u32>>> = (0..60).map(|i| (0..60).map(|j| cost(i, j)).collect()).collect();
    let lists = CostLists::from_dense(&rows, vec![3; 60]).unwrap();
    let problem = p_median::Problem::new(&lists, 6, Rules::default()).unwrap();
    let out = p_median::solve(&problem, &limits, &mut |_| ()).unwrap();
    assert_eq!((out.status.clone(), out.limit.clone()), (Status::Feasible, Some(LimitReached::Interrupted)));
    assert!(out.objective.unwrap() > out.bound.unwrap() && out.open.len() == 6);
    let problem = max_cover::Problem::new(&lists, 1, 5, Rules::default()).unwrap();
    let out = max_cover::solve(&problem, &limits, &mut |_| ()).unwrap();
    assert!(out.objective.unwrap() <= out.bound.unwrap());
}

#[test]
fn gap_that_was_asked_is_enough() {
    let lists = road(&[0, 3, 7, 20, 29, 31], &[3; 6]);
    let problem = p_center::Problem::new(&lists, 2, Rules::default()).unwrap();
    let exact = p_center::solve(&problem, &Limits::default(), &mut |_| ()).unwrap();
    let loose = Limits { rel_gap: 0.9, ..Limits::default() };
    let near = p_center::solve(&problem, &loose, &mut |_| ()).unwrap();
    assert_eq!(exact.status, Status::Optimal);
    assert!(matches!(near.status, Status::WithinGap | Status::Optimal));
    assert!(near.bound <= exact.objective && near.objective >= exact.objective);
}
