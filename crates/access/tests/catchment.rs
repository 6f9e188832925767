//! Floating catchments: the worked example, edges, invariants, and brute force on a dense matrix.
#![allow(clippy::unwrap_used, reason = "a test that panics fails")]

use maillage_access::{Accessibility, Catchments, Decay};
use maillage_territory::{Minutes, PlaceIx, TravelSource, TravelTimes};
use proptest::prelude::*;

/// `(from, to, hundredths of a minute)`.
type Trip = (u32, u32, u32);

const MAX: u32 = 3000;

fn lists(n: usize, trips: &[Trip]) -> TravelTimes {
    let source = TravelSource::Table { source: "hand".into(), date: "2026".into() };
    let triples = trips.iter().map(|&(i, j, t)| (PlaceIx(i), PlaceIx(j), Minutes::from_hundredths(t)));
    TravelTimes::new(n, Minutes::from_hundredths(MAX), source, triples)
}

fn access(trips: &[Trip], decay: &Decay, people: &[f64], supply: &[f64]) -> Accessibility {
    Catchments::new(&lists(people.len(), trips), decay, people).accessibility(supply)
}

fn both_ways(t: u32) -> [Trip; 2] {
    [(0, 1, t), (1, 0, t)]
}

fn close(a: f64, b: f64, relative: f64) -> bool {
    (a - b).abs() <= relative * a.abs().max(b.abs())
}

// ---- By hand.

#[test]
fn worked_example() {
    let decay = Decay::drees_2015();
    let people = [1000.0, 500.0];
    // R_A = 4,500 / (1,000 + 2/3 · 500) = 4,500 / 1,333.33 = 3.375; APL_B = 2/3 · 3.375 = 2.25.
    let a = access(&both_ways(1200), &decay, &people, &[4500.0, 0.0]);
    assert!(close(a.by_place[0], 3.375, 1e-15) && close(a.by_place[1], 2.25, 1e-15), "{a:?}");
    assert_eq!(a.unused, 0.0);
    // (1,000 · 3.375 + 500 · 2.25) / 1,500 = 4,500 / 1,500.
    let mean = (people[0] * a.by_place[0] + people[1] * a.by_place[1]) / 1500.0;
    assert!(close(mean, 3.0, 1e-15), "{mean}");
    // 17 minutes: R_A = 4,500 / (1,000 + 500/3) = 3.857; APL_B = 3.857 / 3 = 1.286.
    let a = access(&both_ways(1700), &decay, &people, &[4500.0, 0.0]);
    assert_eq!([format!("{:.3}", a.by_place[0]), format!("{:.3}", a.by_place[1])], ["3.857", "1.286"]);
    // Twice 6,000 acts in place of 4,500: in proportion.
    let a = access(&both_ways(1200), &decay, &people, &[6000.0, 0.0]);
    assert!(close(a.by_place[0], 4.5, 1e-15) && close(a.by_place[1], 3.0, 1e-15), "{a:?}");
}

#[test]
fn demand_counts_people_who_can_come_not_people_who_can_be_reached() {
    let (people, decay) = ([100.0, 30.0], Decay::drees_2015());
    // One way only: people of 0 reach 1 in 12 minutes.
    let lists = lists(2, &[(0, 1, 1200)]);
    let c = Catchments::new(&lists, &decay, &people);
    assert_eq!(c.demand(PlaceIx(0)), 100.0);
    assert!(close(c.demand(PlaceIx(1)), 30.0 + 200.0 / 3.0, 1e-15));
}

#[test]
fn the_last_step_is_closed() {
    let decay = Decay::within(Minutes::whole(12)).unwrap();
    let at = |t| access(&both_ways(t), &decay, &[1.0, 1.0], &[8.0, 0.0]).by_place;
    assert_eq!(at(1200), [4.0, 4.0]);
    assert_eq!(at(1201), [8.0, 0.0]);
}

#[test]
fn supply_with_no_one_around_is_unused() {
    let decay = Decay::drees_2015();
    // Nobody at 1 nor near it; 0 is too far away.
    let a = access(&both_ways(2001), &decay, &[10.0, 0.0], &[5.0, 7.0]);
    assert_eq!(a, Accessibility { by_place: vec![0.5, 0.0], unused: 7.0 });
    // Nobody anywhere.
    let a = access(&both_ways(500), &decay, &[0.0, 0.0], &[5.0, 7.0]);
    assert_eq!(a, Accessibility { by_place: vec![0.0, 0.0], unused: 12.0 });
}

#[test]
fn a_place_without_people_has_the_accessibility_that_someone_there_would_have() {
    let a = access(&both_ways(1200), &Decay::drees_2015(), &[10.0, 0.0], &[30.0, 0.0]);
    assert_eq!(a.by_place, [3.0, 2.0]);
}

#[test]
fn an_island_keeps_to_itself() {
    // Place 2 has no trip; the other two share their supply.
    let people = [10.0, 20.0, 5.0];
    let a = access(&both_ways(100), &Decay::drees_2015(), &people, &[60.0, 0.0, 15.0]);
    assert_eq!(a, Accessibility { by_place: vec![2.0, 2.0, 3.0], unused: 0.0 });
}

#[test]
fn a_place_that_reaches_nothing_has_zero() {
    // Even its own supply is beyond the lists: a place of 40 minutes across.
    let a = access(&[(0, 0, 4000)], &Decay::drees_2015(), &[10.0], &[5.0]);
    assert_eq!(a, Accessibility { by_place: vec![0.0], unused: 5.0 });
    assert!(a.by_place[0].is_sign_positive(), "-0 would be printed");
}

#[test]
fn no_place_at_all() {
    let a = access(&[], &Decay::drees_2015(), &[], &[]);
    assert_eq!(a, Accessibility { by_place: vec![], unused: 0.0 });
}

#[test]
fn quantities_are_bounded() {
    let decay = Decay::drees_2015();
    let one = |people, supply| access(&[], &decay, &[people], &[supply]);
    // Less than a millionth is nobody, or nothing.
    assert_eq!(one(9e-7, 3.0), Accessibility { by_place: vec![0.0], unused: 3.0 });
    assert_eq!(one(3.0, 9e-7), Accessibility { by_place: vec![0.0], unused: 0.0 });
    assert_eq!(one(1e-6, 3.0).by_place, [3.0 / 1e-6]);
    assert_eq!(one(f64::MAX, f64::MAX).by_place, [1.0]);
    assert_eq!(one(f64::MAX, 1e15).by_place, [1.0]);
    assert_eq!(one(f64::NAN, f64::INFINITY), Accessibility { by_place: vec![0.0], unused: 1e15 });
}

// ---- By brute force, and what holds of any territory.

#[derive(Debug, Clone)]
struct Case {
    trips: Vec<Trip>,
    people: Vec<f64>,
    supply: Vec<f64>,
    /// Rising ends of steps in hundredths, each with its weight.
    steps: Vec<(u32, f64)>,
}

impl Case {
    fn decay(&self) -> Decay {
        let steps = self.steps.iter().map(|&(t, w)| (Minutes::from_hundredths(t), w)).collect::<Vec<_>>();
        Decay::steps(&steps).unwrap()
    }

    fn run(&self) -> Accessibility {
        access(&self.trips, &self.decay(), &self.people, &self.supply)
    }

    /// The weight between every two places, straight from the trips: the shortest of a pair counts, and a place
    /// reaches itself at once unless a trip says otherwise.
    fn weights(&self) -> Vec<Vec<f64>> {
        let all = 0..self.people.len() as u32;
        let weight = |i: u32, j: u32| {
            let stated = self.trips.iter().filter(|trip| (trip.0, trip.1) == (i, j)).map(|trip| trip.2).min();
            let time = stated.or((i == j).then_some(0)).filter(|&t| t <= MAX);
            let step = time.and_then(|t| self.steps.iter().find(|&&(until, _)| t <= until));
            step.map_or(0.0, |&(_, w)| w)
        };
        all.clone().map(|i| all.clone().map(|j| weight(i, j)).collect()).collect()
    }

    /// The formulas of the method on the dense matrix: demand, accessibility, unused supply.
    fn oracle(&self) -> (Vec<f64>, Vec<f64>, f64) {
        let (w, n) = (self.weights(), self.people.len());
        let demand: Vec<f64> = (0..n).map(|j| (0..n).map(|i| w[i][j] * self.people[i]).sum()).collect();
        let rate = |j: usize| if demand[j] > 0.0 { self.supply[j] / demand[j] } else { 0.0 };
        let by_place = w.iter().map(|row| row.iter().enumerate().map(|(j, w)| w * rate(j)).sum()).collect();
        let unused = (0..n).filter(|&j| demand[j] == 0.0).map(|j| self.supply[j]).sum();
        (demand, by_place, unused)
    }
}

/// Steps of one to four ends; weights go up as well as down, and some are 0.
fn steps() -> impl Strategy<Value = Vec<(u32, f64)>> {
    let weight = prop_oneof![1 => Just(0.0), 1 => Just(1.0), 1 => Just(1e-6), 3 => 0.01..1.0];
    let ends = prop::collection::btree_map(0..2500u32, weight, 1..5);
    ends.prop_map(|steps| steps.into_iter().collect::<Vec<_>>())
        .prop_filter("something counts", |steps| steps.iter().any(|&(_, w)| w > 0.0))
}

/// People or supply: none, whole, or fractional as standardised people are.
fn quantity() -> impl Strategy<Value = f64> {
    prop_oneof![1 => Just(0.0), 1 => (1..3000u32).prop_map(f64::from), 1 => 0.01..3000.0]
}

fn case_of(quantity: impl Strategy<Value = f64> + Clone) -> impl Strategy<Value = Case> {
    (0..9usize, steps()).prop_flat_map(move |(n, steps)| {
        let place = 0..(n.max(1) as u32);
        // A few ends, their neighbours, and times beyond the lists.
        let edge = prop::sample::select(steps.iter().map(|s| s.0).collect::<Vec<_>>());
        let time = prop_oneof![0..4000u32, edge.clone(), edge.prop_map(|t| t + 1)];
        let most = if n == 0 { 0 } else { 4 * n };
        (
            prop::collection::vec((place.clone(), place, time), 0..=most),
            prop::collection::vec(quantity.clone(), n),
            prop::collection::vec(quantity.clone(), n),
            Just(steps),
        )
            .prop_map(|(trips, people, supply, steps)| Case { trips, people, supply, steps })
    })
}

fn case() -> impl Strategy<Value = Case> {
    case_of(quantity().boxed())
}

/// Any number of 64 bits, the awkward ones often.
fn any_number() -> BoxedStrategy<f64> {
    let awkward =
        [0.0, -0.0, 5e-324, 1e-308, 1e-7, 1e-6, 1e15, f64::MAX, f64::INFINITY, f64::NAN, -1.0, -f64::MAX];
    prop_oneof![prop::sample::select(awkward.to_vec()), any::<f64>(), 0.0..3000.0].boxed()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn equals_the_formulas_on_a_dense_matrix(case in case()) {
        let (decay, lists) = (case.decay(), lists(case.people.len(), &case.trips));
        let catchments = Catchments::new(&lists, &decay, &case.people);
        let a = catchments.accessibility(&case.supply);
        let (demand, by_place, unused) = case.oracle();
        for (i, d) in demand.iter().enumerate() {
            prop_assert!(close(catchments.demand(PlaceIx(i as u32)), *d, 1e-12));
            prop_assert!(close(a.by_place[i], by_place[i], 1e-12), "{} {}", a.by_place[i], by_place[i]);
        }
        prop_assert!(close(a.unused, unused, 1e-12));
    }

    #[test]
    fn what_is_supplied_is_received_or_unused(case in case()) {
        let a = case.run();
        let received: f64 = case.people.iter().zip(&a.by_place).map(|(p, a)| p * a).sum();
        let supplied: f64 = case.supply.iter().sum();
        prop_assert!(close(received + a.unused, supplied, 1e-12 * case.people.len() as f64));
    }

    #[test]
    fn linear_in_the_supply(case in case(), other in prop::collection::vec(quantity(), 8), k in 0.01..100.0) {
        let with = |supply: &dyn Fn(usize) -> f64| {
            let supply = (0..case.supply.len()).map(supply).collect();
            Case { supply, ..case.clone() }.run()
        };
        let (a, b) = (case.run(), with(&|j| other[j]));
        let both = with(&|j| k * case.supply[j] + other[j]);
        for (i, &both) in both.by_place.iter().enumerate() {
            prop_assert!(close(both, k * a.by_place[i] + b.by_place[i], 1e-12));
        }
        prop_assert!(close(both.unused, k * a.unused + b.unused, 1e-12));
    }

    /// Exactly, not nearly: rounding never turns an order round, and sums keep theirs.
    #[test]
    fn more_supply_is_never_less_access(case in case(), at in any::<prop::sample::Index>(), more in quantity()) {
        prop_assume!(!case.people.is_empty());
        let mut richer = case.clone();
        richer.supply[at.index(case.people.len())] += more;
        let (a, b) = (case.run(), richer.run());
        prop_assert!(a.by_place.iter().zip(&b.by_place).all(|(a, b)| a <= b));
        prop_assert!(a.unused <= b.unused);
    }

    /// Of what is in use: people who come where nobody was make use of what was unused.
    #[test]
    fn more_people_is_never_more_access(case in case(), at in any::<prop::sample::Index>(), more in quantity()) {
        prop_assume!(!case.people.is_empty());
        let mut case = case;
        let demand = case.oracle().0;
        case.supply.iter_mut().zip(demand).filter(|(_, d)| *d == 0.0).for_each(|(s, _)| *s = 0.0);
        let mut fuller = case.clone();
        fuller.people[at.index(case.people.len())] += more;
        let (a, b) = (case.run(), fuller.run());
        prop_assert!(a.by_place.iter().zip(&b.by_place).all(|(a, b)| a >= b));
    }

    #[test]
    fn the_order_of_trips_changes_no_bit(case in case(), seed in any::<prop::sample::Index>()) {
        let mut other = case.clone();
        other.trips.reverse();
        other.trips.rotate_left(seed.index(case.trips.len().max(1)));
        prop_assert_eq!(case.run(), other.run());
    }

    #[test]
    fn any_number_gives_finite_figures(case in case_of(any_number())) {
        let (decay, lists) = (case.decay(), lists(case.people.len(), &case.trips));
        let catchments = Catchments::new(&lists, &decay, &case.people);
        let a = catchments.accessibility(&case.supply);
        let good = |x: f64| x.is_finite() && x.is_sign_positive();
        for (i, people) in case.people.iter().enumerate() {
            prop_assert!(good(catchments.demand(PlaceIx(i as u32))) && good(a.by_place[i]));
            let people = people.clamp(0.0, 1e15);
            prop_assert!(people.is_nan() || (people * a.by_place[i]).is_finite());
        }
        prop_assert!(good(a.unused));
    }
}
