//! Accessibility (APL) before and after a plan. Each place's is rounded to hundredths, as it is shown; every figure
//! over a zone is then exact.

use crate::{Hundredths, IndicatorName, Snapshot};
use maillage_access::{Catchments, Decay};
use maillage_territory::{Fte, Persons, PlaceIx, Territory};
use std::collections::BTreeMap;

/// On what accessibility is measured, by the steps of the method since 2015.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessBasis {
    /// Inhabitants in scope, one entry per place.
    pub inhabitants: Vec<Persons>,
    /// People standardised by their need for care, in hundredths; one entry per place, 0 out of scope.
    pub standard_people: Vec<u64>,
    /// Whether the supply within reach of a place is known: the others stay out of every figure.
    pub known: Vec<bool>,
    /// Acts of one GP in a year.
    pub acts_per_gp: u32,
}

impl AccessBasis {
    /// Acts of a year in hundredths at each place, from the GPs there.
    pub fn acts(&self, gps: &BTreeMap<PlaceIx, Fte>) -> BTreeMap<PlaceIx, u64> {
        gps.iter().map(|(p, g)| (*p, u64::from(g.hundredths()) * u64::from(self.acts_per_gp))).collect()
    }
}

/// Accessibility of every place in every state.
pub(crate) struct Apl<'a> {
    basis: &'a AccessBasis,
    /// One list per state, in hundredths.
    states: Vec<Vec<u64>>,
}

/// Accessibility of every place under the acts that are offered at each.
///
/// `acts` are the acts of a year at each place, in hundredths.
pub fn apl(territory: &Territory, basis: &AccessBasis, acts: &BTreeMap<PlaceIx, u64>) -> Vec<Hundredths> {
    let people: Vec<f64> = basis.standard_people.iter().map(|&h| h as f64 / 100.0).collect();
    let mut supply = vec![0.0; people.len()];
    for (place, acts) in acts {
        supply[place.0 as usize] = *acts as f64 / 100.0;
    }
    let decay = Decay::drees_2015();
    let reached = Catchments::new(&territory.travel, &decay, &people).accessibility(&supply);
    reached.by_place.iter().map(|apl| Hundredths((apl * 100.0).round() as i64)).collect()
}

impl<'a> Apl<'a> {
    pub fn of(territory: &Territory, basis: &'a AccessBasis, states: &[Snapshot<'_>]) -> Apl<'a> {
        let hundredths = |h: Hundredths| h.0.unsigned_abs();
        let state = |s: &Snapshot<'_>| apl(territory, basis, s.acts).into_iter().map(hundredths).collect();
        Apl { basis, states: states.iter().map(state).collect() }
    }

    /// The figures of a state over some places; those of a change only where there is a state before.
    pub fn figures(&self, state: usize, places: &[PlaceIx]) -> Vec<(IndicatorName, Option<Hundredths>)> {
        use IndicatorName::*;
        let known: Vec<PlaceIx> = places.iter().copied().filter(|p| self.basis.known[p.0 as usize]).collect();
        let places = &known;
        let apl = |p: &PlaceIx| self.states[state][p.0 as usize];
        let standard = |p: &PlaceIx| u128::from(self.basis.standard_people[p.0 as usize]);
        let people = |p: &PlaceIx| self.basis.inhabitants[p.0 as usize].0;
        let mut lots: Vec<(u64, u64)> = places.iter().map(|p| (apl(p), people(p))).collect();
        lots.sort_unstable();
        let sum: u128 = places.iter().map(|p| standard(p) * u128::from(apl(p))).sum();
        let count = |keep: &dyn Fn(&PlaceIx) -> bool| {
            Some(Hundredths::whole(places.iter().filter(|p| keep(p)).map(people).sum::<u64>() as i64))
        };
        let mut out = vec![
            (AplMean, Hundredths::ratio(sum, places.iter().map(standard).sum::<u128>() * 100)),
            (AplWorstTenth, tenth(lots.iter())),
            (AplBestTenth, tenth(lots.iter().rev())),
            (AplGini, gini(&lots)),
            (PeopleAplAtMost25, count(&|p| apl(p) <= 250)),
            (PeopleAplAtMost4, count(&|p| apl(p) <= 400)),
        ];
        if state > 0 {
            let before = |p: &PlaceIx| self.states[0][p.0 as usize];
            out.push((PeopleAplGain, count(&|p| apl(p) > before(p))));
            out.push((PeopleAplLoss, count(&|p| apl(p) < before(p))));
        }
        out
    }
}

/// Mean of the first tenth of the people; a place on the edge counts for the part inside.
fn tenth<'l>(lots: impl Iterator<Item = &'l (u64, u64)> + Clone) -> Option<Hundredths> {
    let all: u128 = lots.clone().map(|l| u128::from(l.1)).sum();
    // In tenths of a person, so that a tenth of all is whole.
    let (mut room, mut sum) = (all, 0u128);
    for &(value, people) in lots {
        let taken = room.min(u128::from(people) * 10);
        sum += taken * u128::from(value);
        room -= taken;
    }
    Hundredths::ratio(sum, all * 100)
}

/// Gini coefficient of lots sorted by value: mean difference between two people over twice the mean.
fn gini(lots: &[(u64, u64)]) -> Option<Hundredths> {
    let (mut people, mut sum, mut differences) = (0u128, 0u128, 0u128);
    for &(value, n) in lots {
        let (value, n) = (u128::from(value), u128::from(n));
        differences += n * (value * people - sum);
        people += n;
        sum += n * value;
    }
    Hundredths::ratio(differences, people * sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenths_split_the_place_on_their_edge() {
        // 100 people: the worst ten are 4 at 0.00 and 6 of 50 at 2.00, so 1.20; the best ten are at 5.00.
        let lots = [(0, 4), (200, 50), (500, 46)];
        assert_eq!(tenth(lots.iter()), Some(Hundredths(120)));
        assert_eq!(tenth(lots.iter().rev()), Some(Hundredths(500)));
        assert_eq!(tenth([(3, 0)].iter()), None);
    }

    #[test]
    fn gini_of_one_to_four() {
        // Differences of 1, 2, 3, 4: 1+2+3+1+2+1 = 10; 4 people × sum 10 = 40.
        assert_eq!(gini(&[(100, 1), (200, 1), (300, 1), (400, 1)]), Some(Hundredths(25)));
        assert_eq!(gini(&[(300, 7)]), Some(Hundredths(0)));
        assert_eq!(gini(&[(0, 7)]), None);
    }
}
