//! Who wins and who loses between two states of a territory, by zone and by place.
//!
//! [`Changes`] holds a measure before and after, by place; [`Changes::over`] sums up any set of places: a
//! commune, an inter-municipal body, a canton, a living area, a department, a class of zones. The mean of a
//! territory can rise while some lose: [`Changes::largest_losses_first`] names them.

use crate::equity::{BadValue, SLACK, Threshold, usable};
use maillage_territory::{Persons, PlaceIx};
use serde::Serialize;

/// A measure before and after, by place.
#[derive(Debug, Clone)]
pub struct Changes<'a> {
    before: &'a [Option<f64>],
    after: &'a [Option<f64>],
    people: &'a [Persons],
    least: f64,
}

/// What a set of places gains and loses.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Movement {
    /// People in all: those who gain, lose, stay, and those of whom it is unknown.
    pub people: Persons,
    /// People who gain at least the least change.
    pub people_gaining: Persons,
    /// People who lose at least the least change.
    pub people_losing: Persons,
    /// People whose change is smaller.
    pub people_unchanged: Persons,
    /// People of places where the measure is unknown before, after or both.
    pub people_unknown: Persons,
    /// Mean gain of a person who gains; `None` when nobody does.
    pub mean_gain: Option<f64>,
    /// Mean loss of a person who loses, above 0; `None` when nobody does.
    pub mean_loss: Option<f64>,
    /// Moves across each threshold, in their order.
    pub bands: Vec<Crossing>,
}

/// People who cross a threshold, whatever the size of their change, among those known before and after:
/// `before − leaving + entering = after`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Crossing {
    /// The threshold.
    pub threshold: Threshold,
    /// People at or below it before.
    pub people_before: Persons,
    /// People at or below it after.
    pub people_after: Persons,
    /// People at or below it before and above it after.
    pub people_leaving: Persons,
    /// People above it before and at or below it after.
    pub people_entering: Persons,
}

/// How a place changes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlaceChange {
    /// Which.
    pub place: PlaceIx,
    /// People who live there.
    pub people: Persons,
    /// The measure before.
    pub before: f64,
    /// The measure after.
    pub after: f64,
}

impl PlaceChange {
    /// After less before: below 0 is a loss.
    pub fn change(&self) -> f64 {
        self.after - self.before
    }
}

impl<'a> Changes<'a> {
    /// Sets two states side by side: one entry per place in each list, `None` is unknown. `least` is the
    /// least change that counts as a gain or a loss, itself included: a tenth of a consultation, say. With 0
    /// every difference counts, those of rounding too.
    ///
    /// # Errors
    /// When lists differ in length, or a value or `least` is neither 0 nor from 1e-30 to 1e30.
    pub fn new(
        before: &'a [Option<f64>],
        after: &'a [Option<f64>],
        people: &'a [Persons],
        least: f64,
    ) -> Result<Changes<'a>, BadValue> {
        if before.len() != people.len() || after.len() != people.len() {
            return Err(BadValue::Lengths);
        }
        for &value in before.iter().chain(after).flatten() {
            usable(value, BadValue::Value)?;
        }
        Ok(Changes { before, after, people, least: usable(least, BadValue::Least)? })
    }

    /// Sums up a set of places, none of them twice.
    pub fn over(&self, zone: &[PlaceIx], thresholds: &[Threshold]) -> Movement {
        let people: Persons = zone.iter().map(|p| self.people[p.0 as usize]).sum();
        let known: Vec<PlaceChange> = self.known(zone).collect();
        let those = |keep: &dyn Fn(&PlaceChange) -> bool| -> Vec<PlaceChange> {
            known.iter().copied().filter(keep).collect()
        };
        let gaining = those(&|c| self.counts(c.change()));
        let losing = those(&|c| self.counts(-c.change()));
        let crossing = |&threshold: &Threshold| {
            let low = |v: f64| threshold.covers(v);
            Crossing {
                threshold,
                people_before: living_in(&those(&|c| low(c.before))),
                people_after: living_in(&those(&|c| low(c.after))),
                people_leaving: living_in(&those(&|c| low(c.before) && !low(c.after))),
                people_entering: living_in(&those(&|c| !low(c.before) && low(c.after))),
            }
        };
        Movement {
            people,
            people_gaining: living_in(&gaining),
            people_losing: living_in(&losing),
            people_unchanged: living_in(&known) - living_in(&gaining) - living_in(&losing),
            people_unknown: people - living_in(&known),
            mean_gain: mean_change(&gaining),
            mean_loss: mean_change(&losing).map(f64::abs),
            bands: thresholds.iter().map(crossing).collect(),
        }
    }

    /// The places of a set that are known before and after, largest losses first, largest gains last; equal
    /// changes go by place.
    pub fn largest_losses_first(&self, zone: &[PlaceIx]) -> Vec<PlaceChange> {
        let mut known: Vec<PlaceChange> = self.known(zone).collect();
        known.sort_by(|a, b| a.change().total_cmp(&b.change()).then(a.place.cmp(&b.place)));
        known
    }

    fn known(&self, zone: &[PlaceIx]) -> impl Iterator<Item = PlaceChange> {
        zone.iter().filter_map(|&place| {
            let i = place.0 as usize;
            let (before, after) = (self.before[i]?, self.after[i]?);
            Some(PlaceChange { place, people: self.people[i], before, after })
        })
    }

    /// Whether a gain is one, up to rounding.
    fn counts(&self, gain: f64) -> bool {
        gain > 0.0 && gain >= self.least * (1.0 - SLACK)
    }
}

fn living_in(places: &[PlaceChange]) -> Persons {
    places.iter().map(|c| c.people).sum()
}

/// Mean change of a person of these places.
fn mean_change(places: &[PlaceChange]) -> Option<f64> {
    let people = living_in(places).0;
    let sum: f64 = places.iter().map(|c| c.people.0 as f64 * c.change()).sum();
    (people > 0).then(|| sum / people as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::equity::Distribution;
    use proptest::prelude::*;

    fn all(n: usize) -> Vec<PlaceIx> {
        (0..n as u32).map(PlaceIx).collect()
    }

    fn at(t: f64) -> Threshold {
        Threshold::new(t).unwrap()
    }

    // Six places: a gain of 1.5, a loss of 0.5, a change of 0.1 below the least of 0.2, one unknown before,
    // one unknown after, a loss of 2.
    const BEFORE: [Option<f64>; 6] = [Some(2.0), Some(3.0), Some(2.5), None, Some(1.0), Some(4.0)];
    const AFTER: [Option<f64>; 6] = [Some(3.5), Some(2.5), Some(2.6), Some(9.0), None, Some(2.0)];
    const PEOPLE: [Persons; 6] =
        [Persons(10), Persons(20), Persons(30), Persons(40), Persons(50), Persons(60)];

    #[test]
    fn six_places_by_hand() {
        let changes = Changes::new(&BEFORE, &AFTER, &PEOPLE, 0.2).unwrap();
        let moved = changes.over(&all(6), &[at(2.5)]);
        assert_eq!(moved.people, Persons(210));
        assert_eq!((moved.people_gaining, moved.people_losing), (Persons(10), Persons(20 + 60)));
        assert_eq!((moved.people_unchanged, moved.people_unknown), (Persons(30), Persons(40 + 50)));
        // Losses: (20·0.5 + 60·2) / 80 = 130 / 80 = 1.625
        assert_eq!((moved.mean_gain, moved.mean_loss), (Some(1.5), Some(1.625)));
        // At 2.5 or below before: places 0 and 2, 40 people; after: 1 and 5, 80. Place 2 leaves by a change of
        // 0.1: too small to be a gain, but it crosses.
        let expected = Crossing {
            threshold: at(2.5),
            people_before: Persons(40),
            people_after: Persons(80),
            people_leaving: Persons(40),
            people_entering: Persons(80),
        };
        assert_eq!(moved.bands, [expected]);
    }

    #[test]
    fn a_zone_is_any_set_of_places() {
        let changes = Changes::new(&BEFORE, &AFTER, &PEOPLE, 0.2).unwrap();
        let moved = changes.over(&[PlaceIx(2), PlaceIx(4)], &[]);
        assert_eq!((moved.people, moved.people_unchanged), (Persons(80), Persons(30)));
        assert_eq!((moved.people_unknown, moved.mean_gain, moved.mean_loss), (Persons(50), None, None));
        let nowhere = changes.over(&[], &[at(1.0)]);
        assert_eq!((nowhere.people, nowhere.mean_gain), (Persons(0), None));
        assert_eq!(nowhere.bands[0].people_before, Persons(0));
    }

    #[test]
    fn largest_losses_come_first() {
        let changes = Changes::new(&BEFORE, &AFTER, &PEOPLE, 0.2).unwrap();
        let order = |zone: &[PlaceIx]| -> Vec<u32> {
            changes.largest_losses_first(zone).iter().map(|c| c.place.0).collect()
        };
        assert_eq!(order(&all(6)), [5, 1, 2, 0]);
        assert_eq!(order(&[PlaceIx(0), PlaceIx(3), PlaceIx(1)]), [1, 0]);
        let same = [Some(1.0), Some(2.0)];
        let equal = Changes::new(&same, &same, &PEOPLE[..2], 0.0).unwrap();
        let places: Vec<_> =
            equal.largest_losses_first(&[PlaceIx(1), PlaceIx(0)]).iter().map(|c| c.place.0).collect();
        assert_eq!(places, [0, 1]);
    }

    #[test]
    fn the_least_change_counts_itself_up_to_rounding() {
        let gaining = |before: f64, after: f64, least: f64| {
            let (b, a) = ([Some(before)], [Some(after)]);
            Changes::new(&b, &a, &[Persons(1)], least).unwrap().over(&[PlaceIx(0)], &[]).people_gaining.0
        };
        // 0.3 − 0.2 is a little less than 0.1 in doubles.
        assert_eq!((gaining(0.2, 0.3, 0.1), gaining(0.2, 0.29, 0.1)), (1, 0));
        assert_eq!((gaining(1.0, 1.0, 0.0), gaining(1.0, 1.0 + f64::EPSILON, 0.0)), (0, 1));
        assert_eq!(gaining(1.0, 0.0, 0.0), 0);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let refused = |before: &[Option<f64>], after: &[Option<f64>], least: f64| {
            Changes::new(before, after, &[Persons(1), Persons(2)], least).unwrap_err()
        };
        let fine = [Some(1.0), None];
        assert_eq!(refused(&fine[..1], &fine, 0.0), BadValue::Lengths);
        assert_eq!(refused(&fine, &fine[..1], 0.0), BadValue::Lengths);
        assert_eq!(refused(&fine, &[Some(f64::NAN), None], 0.0), BadValue::Value);
        assert_eq!(refused(&[None, Some(-1.0)], &fine, 0.0), BadValue::Value);
        assert_eq!(refused(&fine, &fine, -0.1), BadValue::Least);
    }

    type State = Vec<Option<f64>>;

    fn states() -> impl Strategy<Value = (State, State, Vec<Persons>)> {
        let value = || prop::option::weighted(0.8, (0u32..60).prop_map(|v| f64::from(v) / 10.0));
        prop::collection::vec((value(), value(), (0u64..100).prop_map(Persons)), 0..12).prop_map(|rows| {
            (
                rows.iter().map(|r| r.0).collect(),
                rows.iter().map(|r| r.1).collect(),
                rows.iter().map(|r| r.2).collect(),
            )
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn everybody_is_counted_once((before, after, people) in states(), least in 0u32..20, t in 0u32..60) {
            let (least, threshold) = (f64::from(least) / 10.0, at(f64::from(t) / 10.0));
            let zone = all(people.len());
            let m = Changes::new(&before, &after, &people, least).unwrap().over(&zone, &[threshold]);
            prop_assert_eq!(m.people, people.iter().copied().sum());
            prop_assert_eq!(m.people_gaining + m.people_losing + m.people_unchanged + m.people_unknown, m.people);
            for mean in [m.mean_gain, m.mean_loss].into_iter().flatten() {
                prop_assert!(mean > 0.0 && mean >= least - 1e-9);
            }

            // Against the distributions of the two states, over those known in both.
            let at_most = |state: &State| {
                let known = (0..people.len()).filter(|&i| before[i].is_some() && after[i].is_some());
                let pairs = known.map(|i| (state[i].unwrap(), people[i].0 as f64));
                Distribution::new(pairs).unwrap().people_at_most(threshold)
            };
            let band = m.bands[0];
            prop_assert_eq!(band.people_before.0 as f64, at_most(&before));
            prop_assert_eq!(band.people_after.0 as f64, at_most(&after));
            prop_assert_eq!(
                band.people_leaving.0 as f64 - band.people_entering.0 as f64,
                at_most(&before) - at_most(&after)
            );
        }

        #[test]
        fn the_way_back_mirrors((before, after, people) in states(), least in 0u32..20) {
            let least = f64::from(least) / 10.0;
            let zone = all(people.len());
            let there = Changes::new(&before, &after, &people, least).unwrap().over(&zone, &[at(2.5)]);
            let back = Changes::new(&after, &before, &people, least).unwrap().over(&zone, &[at(2.5)]);
            prop_assert_eq!(
                (there.people_gaining, there.people_losing, there.mean_gain),
                (back.people_losing, back.people_gaining, back.mean_loss)
            );
            prop_assert_eq!(there.bands[0].people_leaving, back.bands[0].people_entering);
        }

        #[test]
        fn zones_add_up((before, after, people) in states(), cut in 0usize..12) {
            let changes = Changes::new(&before, &after, &people, 0.3).unwrap();
            let zone = all(people.len());
            let (a, b) = zone.split_at(cut.min(zone.len()));
            let sum = |f: &dyn Fn(&Movement) -> Persons| {
                f(&changes.over(a, &[at(2.5)])) + f(&changes.over(b, &[at(2.5)]))
            };
            let whole = changes.over(&zone, &[at(2.5)]);
            prop_assert_eq!(whole.people_losing, sum(&|m| m.people_losing));
            prop_assert_eq!(whole.people_unknown, sum(&|m| m.people_unknown));
            prop_assert_eq!(whole.bands[0].people_leaving, sum(&|m| m.bands[0].people_leaving));
            let listed = changes.largest_losses_first(&zone);
            prop_assert!(listed.is_sorted_by(|x, y| x.change() <= y.change()));
            prop_assert_eq!(listed.iter().map(|c| c.people).sum::<Persons>(), whole.people - whole.people_unknown);
        }
    }
}
