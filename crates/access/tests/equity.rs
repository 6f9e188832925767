//! Equity: cases by hand, invariants, and the population written out person by person.
#![allow(clippy::unwrap_used, reason = "a helper of a test may fail it")]

use maillage_access::equity::{BadValue, Distribution, Threshold};
use proptest::prelude::*;

fn of(pairs: &[(f64, f64)]) -> Distribution {
    Distribution::new(pairs.iter().copied()).unwrap()
}

fn at(t: f64) -> Threshold {
    Threshold::new(t).unwrap()
}

fn close(a: Option<f64>, b: f64) -> bool {
    a.is_some_and(|a| (a - b).abs() <= 1e-12 * b.abs().max(1.0))
}

#[test]
fn one_to_four() {
    let d = of(&[(4.0, 1.0), (2.0, 1.0), (1.0, 1.0), (3.0, 1.0)]);
    assert_eq!((d.people(), d.mean()), (4.0, Some(2.5)));
    // Differences of the 6 pairs: 1+2+3+1+2+1 = 10; twice that, over 2·4²·2.5 = 80: 0.25.
    assert_eq!(d.gini(), Some(0.25));
    // A tenth is 0.4 people: all of them at 1, or at 4.
    assert_eq!((d.worst_tenth(), d.best_tenth(), d.best_over_worst()), (Some(1.0), Some(4.0), Some(4.0)));
    // Best tenth 0.4·4 = 1.6; four tenths are 1.6 people: 1·1 + 0.6·2 = 2.2; 1.6 / 2.2 = 8/11.
    assert!(close(d.palma(), 8.0 / 11.0));
    assert_eq!([0.0, 0.25, 0.26, 0.5, 0.75, 1.0].map(|q| d.quantile(q)), [1., 1., 2., 2., 3., 4.].map(Some));
    assert_eq!((d.people_at_most(at(2.0)), d.people_at_most(at(1.9))), (2.0, 1.0));
}

#[test]
fn theil_by_hand() {
    // 1 and 3, mean 2: (0.5·ln 0.5 + 1.5·ln 1.5) / 2 = (−0.346574 + 0.608198) / 2 = 0.130812
    assert!((of(&[(1.0, 7.0), (3.0, 7.0)]).theil().unwrap() - 0.130812).abs() < 1e-6);
    // One of n has all: ln n. With 0·ln 0 = 0.
    assert!(close(of(&[(0.0, 9.0), (5.0, 1.0)]).theil(), 10f64.ln()));
}

#[test]
fn the_edge_of_a_tenth_is_split() {
    // 100 people: 5 at 1, 15 at 2, 76 at 3, 4 at 8. Worst ten: (5·1 + 5·2)/10 = 1.5; best ten: (4·8 + 6·3)/10 = 5.
    let d = of(&[(1.0, 5.0), (2.0, 15.0), (3.0, 76.0), (8.0, 4.0)]);
    assert_eq!((d.worst_tenth(), d.best_tenth()), (Some(1.5), Some(5.0)));
    assert!(close(d.best_over_worst(), 10.0 / 3.0));
    // Worst forty: 5 + 30 + 20·3 = 95; best ten: 50; 50/95.
    assert!(close(d.palma(), 50.0 / 95.0));
}

#[test]
fn two_places_of_the_apl_example() {
    // APL 3.375 for 1,000 and 2.25 for 500: 1000·500·1.125 / (1500·4500) = 562,500 / 6,750,000 = 1/12.
    let d = of(&[(3.375, 1000.0), (2.25, 500.0)]);
    assert_eq!(d.mean(), Some(3.0));
    assert!(close(d.gini(), 1.0 / 12.0));
    assert_eq!(d.best_over_worst(), Some(1.5));
    assert_eq!(d.people_at_most(at(2.5)), 500.0);
}

#[test]
fn equal_values_have_no_inequality_at_all() {
    for value in [0.1, 1.0 / 3.0, 2.7, 1e-30, 1e30] {
        let d = of(&[(value, 3.0), (value, 0.7), (value, 11.1)]);
        assert_eq!((d.gini(), d.theil(), d.best_over_worst()), (Some(0.0), Some(0.0), Some(1.0)), "{value}");
        assert_eq!((d.mean(), d.worst_tenth(), d.best_tenth()), (Some(value), Some(value), Some(value)));
        assert!(close(d.palma(), 0.25));
    }
}

#[test]
fn values_an_ulp_apart_are_never_less_than_equal() {
    for i in 1..200 {
        let value = f64::from(i) / 7.0;
        let d = of(&[(value, 3.0), (value.next_up(), f64::from(i) / 3.0)]);
        assert!((0.0..1e-15).contains(&d.theil().unwrap()), "{d:?}");
        assert!((0.0..1e-15).contains(&d.gini().unwrap()), "{d:?}");
    }
}

#[test]
fn what_has_no_answer_has_none() {
    let nobody = [of(&[]), of(&[(3.0, 0.0), (0.0, 0.0)])];
    for d in nobody {
        assert_eq!((d.people(), d.people_at_most(at(9.0))), (0.0, 0.0));
        let e = d.equity(&[]);
        assert_eq!((e.mean, e.median, e.worst_tenth, e.best_tenth), (None, None, None, None));
        assert_eq!((e.best_over_worst, e.gini, e.palma, e.theil), (None, None, None, None));
    }
    let nothing = of(&[(0.0, 10.0)]).equity(&[at(0.0)]);
    assert_eq!((nothing.mean, nothing.worst_tenth, nothing.best_tenth), (Some(0.0), Some(0.0), Some(0.0)));
    assert_eq!((nothing.best_over_worst, nothing.gini), (None, None));
    assert_eq!((nothing.palma, nothing.theil), (None, None));
    assert_eq!(nothing.at_most[0].people, 10.0);
    // Four tenths have nothing, the others something: no Palma, but a Gini of 0.5·0.5·2/1 = 0.5.
    let half = of(&[(0.0, 5.0), (2.0, 5.0)]);
    assert_eq!((half.palma(), half.gini(), half.best_over_worst()), (None, Some(0.5), None));
    for share in [-0.1, 1.1, f64::NAN] {
        assert_eq!(half.quantile(share), None);
    }
}

#[test]
fn what_is_no_figure_is_refused() {
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, -1e-320, 1e-31, 1e31] {
        assert_eq!(Distribution::new([(1.0, 1.0), (bad, 1.0)]), Err(BadValue::Value), "{bad}");
        assert_eq!(Distribution::new([(1.0, bad)]), Err(BadValue::Weight), "{bad}");
        assert_eq!(Threshold::new(bad), Err(BadValue::Threshold), "{bad}");
    }
    assert_eq!(of(&[(-0.0, 1.0), (0.0, 1.0)]), of(&[(0.0, 2.0)]));
}

#[test]
fn extremes_stay_finite() {
    let all = [0.0, 1e-30, 1.0, 1e30];
    for v in all {
        for w in all {
            for x in all {
                let e = of(&[(v, w), (1e30, 1e-30), (x, 1e30), (1e-30, 1.0)]).equity(&[at(1e30)]);
                let figures = [
                    e.mean,
                    e.median,
                    e.worst_tenth,
                    e.best_tenth,
                    e.best_over_worst,
                    e.gini,
                    e.palma,
                    e.theil,
                ];
                assert!(figures.iter().flatten().all(|f| f.is_finite()), "{e:?}");
                assert!(e.at_most[0].people.is_finite());
            }
        }
    }
}

#[test]
fn an_ulp_does_not_move_a_town() {
    let noisy = 0.1 + 0.2;
    assert!(noisy > 0.3);
    assert_eq!(of(&[(noisy, 5000.0)]).people_at_most(at(0.3)), 5000.0);
    assert_eq!(of(&[(0.300001, 5000.0)]).people_at_most(at(0.3)), 0.0);
    assert_eq!(of(&[(1e-30, 5000.0)]).people_at_most(at(0.0)), 0.0);
    // 0.1 + 0.2 of 0.6 people is half of them, though the doubles say a little more than half is needed.
    let d = of(&[(1.0, 0.3), (2.0, noisy)]);
    assert!(0.5 * d.people() > 0.3);
    assert_eq!(d.quantile(0.5), Some(1.0));
}

#[test]
fn a_summary_as_json() {
    let e = of(&[(1.0, 1.0), (3.0, 1.0)]).equity(&[at(2.5)]);
    let json = serde_json::to_value(&e).unwrap();
    assert_eq!(json["at_most"], serde_json::json!([{ "threshold": 2.5, "people": 1.0 }]));
    assert_eq!((json["gini"].as_f64(), json["median"].as_f64()), (Some(0.25), Some(1.0)));
}

/// Values of a few places in halves, with whole people.
fn pairs() -> impl Strategy<Value = Vec<(f64, f64)>> {
    prop::collection::vec((0u32..20, 0u32..8), 1..10)
        .prop_map(|v| v.into_iter().map(|(x, w)| (f64::from(x) / 2.0, f64::from(w))).collect())
}

/// Every figure, for comparison.
/// Four tenths of the people have nothing; weighted so that rounding leaves a crumb of one who has.
#[test]
fn a_crumb_of_rounding_is_nobody() {
    let w = 882_684.517595395;
    let d = of(&[(0.5, 5.0 * w), (0.5, w), (0.0, 4.0 * w)]);
    assert_eq!(d.palma(), None);
}

fn figures(d: &Distribution) -> Vec<Option<f64>> {
    let e = d.equity(&[at(2.5)]);
    vec![e.mean, e.median, e.worst_tenth, e.best_tenth, e.best_over_worst, e.gini, e.palma, e.theil]
}

fn agree(a: &[Option<f64>], b: &[Option<f64>]) -> bool {
    a.iter().zip(b).all(|pair| match pair {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-11 * a.abs().max(1e-3),
        (a, b) => a.is_none() && b.is_none(),
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_people_one_by_one(pairs in pairs(), twentieths in 0usize..=20, t in 0u32..20) {
        let d = of(&pairs);
        let mut people: Vec<f64> = pairs.iter().flat_map(|&(v, w)| vec![v; w as usize]).collect();
        people.sort_by(f64::total_cmp);
        let n = people.len();
        prop_assert_eq!(d.people(), n as f64);
        let t = f64::from(t) / 2.0;
        prop_assert_eq!(d.people_at_most(at(t)), people.iter().filter(|&&v| v <= t).count() as f64);
        if n == 0 {
            return Ok(());
        }
        // The k-th person, k = ⌈share · n⌉, the first for a share of 0.
        let k = (twentieths * n).div_ceil(20).max(1);
        prop_assert_eq!(d.quantile(twentieths as f64 / 20.0), Some(people[k - 1]));
        // Each person cut in ten: a tenth of the people is then n parts, four tenths 4n.
        let parts: Vec<f64> = people.iter().flat_map(|&v| [v; 10]).collect();
        let (worst, best): (f64, f64) = (parts[..n].iter().sum(), parts[9 * n..].iter().sum());
        let low: f64 = parts[..4 * n].iter().sum();
        prop_assert!(close(d.worst_tenth(), worst / n as f64));
        prop_assert!(close(d.best_tenth(), best / n as f64));
        prop_assert_eq!(d.best_over_worst().is_some(), worst > 0.0);
        match d.palma() {
            Some(palma) => prop_assert!(close(Some(palma), best / low)),
            None => prop_assert_eq!(low, 0.0),
        }
        let mean = people.iter().sum::<f64>() / n as f64;
        prop_assert!(close(d.mean(), mean));
        if mean == 0.0 {
            prop_assert_eq!((d.gini(), d.theil()), (None, None));
            return Ok(());
        }
        let differences: f64 = people.iter().flat_map(|a| people.iter().map(move |b| (a - b).abs())).sum();
        prop_assert!(close(d.gini(), differences / (2.0 * (n * n) as f64 * mean)));
        let entropy: f64 = people.iter().filter(|&&v| v > 0.0).map(|v| v / mean * (v / mean).ln()).sum();
        prop_assert!(close(d.theil(), entropy / n as f64));
    }

    #[test]
    fn bounds_hold(pairs in pairs()) {
        let d = of(&pairs);
        if let (Some(gini), Some(theil)) = (d.gini(), d.theil()) {
            // One person has all at most: 1 − 1/P and ln P.
            prop_assert!((0.0..=1.0 - 1.0 / d.people() + 1e-12).contains(&gini));
            prop_assert!((0.0..=d.people().ln() + 1e-12).contains(&theil));
        }
        if let (Some(worst), Some(mean), Some(best)) = (d.worst_tenth(), d.mean(), d.best_tenth()) {
            prop_assert!(worst <= mean + 1e-12 && mean <= best + 1e-12);
            prop_assert!(d.palma().is_none_or(|p| p >= 0.25 - 1e-12));
        }
    }

    #[test]
    fn order_changes_nothing(pairs in pairs().prop_flat_map(|p| (Just(p.clone()), Just(p).prop_shuffle()))) {
        // Weights that no double holds exactly: sums would differ by order.
        let odd = |p: &[(f64, f64)]| of(&p.iter().map(|&(v, w)| (v / 3.0, w / 7.0)).collect::<Vec<_>>());
        prop_assert_eq!(odd(&pairs.0), odd(&pairs.1));
    }

    #[test]
    fn scale_changes_no_ratio(pairs in pairs(), v in 1e-6..1e6f64, w in 1e-6..1e6f64) {
        let ratios = |d: &Distribution| vec![d.best_over_worst(), d.gini(), d.palma(), d.theil()];
        let levels = |d: &Distribution, by: f64| {
            [d.mean(), d.quantile(0.3), d.worst_tenth(), d.best_tenth()].map(|x| x.map(|x| x * by)).to_vec()
        };
        let d = of(&pairs);
        let scaled = of(&pairs.iter().map(|&(x, p)| (x * v, p * w)).collect::<Vec<_>>());
        prop_assert!(agree(&ratios(&d), &ratios(&scaled)));
        prop_assert!(agree(&levels(&d, 1.0), &levels(&scaled, 1.0 / v)));
    }

    #[test]
    fn splitting_a_place_changes_nothing(pairs in pairs(), which in any::<prop::sample::Index>(), part in 0.0..=1.0f64) {
        let which = which.index(pairs.len());
        let mut split = pairs.clone();
        let (value, people) = split[which];
        let first = (people * part).floor();
        split[which].1 = first;
        split.push((value, people - first));
        prop_assert!(agree(&figures(&of(&pairs)), &figures(&of(&split))));
    }

    #[test]
    fn a_transfer_to_the_worse_served_lessens_inequality(
        others in pairs(),
        (low, more) in (0u32..20, 1u32..20),
        (p, q) in (1u32..8, 1u32..8),
        share in 0.1..=1.0f64,
    ) {
        let (low, high) = (f64::from(low) / 2.0, f64::from(low + more) / 2.0);
        let (p, q) = (f64::from(p), f64::from(q));
        // With a share of 1 both end at their mean.
        let amount = share * (high - low) * p * q / (p + q);
        let with = |low: f64, high: f64| of(&[others.as_slice(), &[(low, p), (high, q)]].concat());
        let (before, after) = (with(low, high), with(low + amount / p, high - amount / q));
        prop_assert!(close(after.mean(), before.mean().unwrap()));
        prop_assert!(after.gini().unwrap() < before.gini().unwrap());
        prop_assert!(after.theil().unwrap() < before.theil().unwrap());
        prop_assert!(after.worst_tenth().unwrap() >= before.worst_tenth().unwrap() - 1e-12);
        prop_assert!(after.best_tenth().unwrap() <= before.best_tenth().unwrap() + 1e-12);
        if let Some(palma) = before.palma() {
            prop_assert!(after.palma().unwrap() <= palma + 1e-12);
        }
    }
}
