//! GPs by place, age and time since they came, in hundredths.

use super::Exits;
use super::share::{apportion, round_parts};
use std::collections::BTreeMap;

/// GPs of one place who are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cohort {
    pub place: usize,
    /// Age in years; `None` is unknown.
    pub age: Option<u8>,
    /// Years since they came; `None` for those who were there at the start.
    pub since: Option<u8>,
}

/// All GPs, in hundredths.
#[derive(Debug, Clone, Default)]
pub(super) struct Stock(BTreeMap<Cohort, u64>);

impl Stock {
    pub fn add(&mut self, cohort: Cohort, gps: u64) {
        *self.0.entry(cohort).or_insert(0) += gps;
    }

    pub fn total(&self) -> u64 {
        self.0.values().sum()
    }

    pub fn iter(&self) -> impl Iterator<Item = (Cohort, u64)> {
        self.0.iter().map(|(&c, &n)| (c, n))
    }

    pub fn by_place(&self, places: usize) -> Vec<u64> {
        let mut by_place = vec![0; places];
        self.iter().for_each(|(c, n)| by_place[c.place] += n);
        by_place
    }

    /// Takes those who leave for good: of each cohort its chance times its number, rounded so that the sum over
    /// all places is right. Gives departures by place.
    pub fn retire(&mut self, exits: &Exits, places: usize) -> Vec<u64> {
        let parts: Vec<u128> =
            self.0.iter().map(|(c, &n)| u128::from(n) * u128::from(chance(exits, c.age))).collect();
        let gone = round_parts(&parts, 10_000);
        let mut by_place = vec![0; places];
        for ((c, n), gone) in self.0.iter_mut().zip(gone) {
            *n -= gone;
            by_place[c.place] += gone;
        }
        by_place
    }

    /// Takes `gone` more, at most all: known and unknown ages in proportion to their numbers, then the oldest
    /// first among the known, those of one age and the unknown pro rata. Gives departures by place.
    pub fn lose(&mut self, gone: u64, places: usize) -> Vec<u64> {
        let mut by_age: BTreeMap<Option<u8>, Vec<Cohort>> = BTreeMap::new();
        self.0.keys().for_each(|c| by_age.entry(c.age).or_default().push(*c));
        let unknown = by_age.remove(&None).unwrap_or_default();
        let number = |of: &[Cohort]| of.iter().map(|c| self.0[c]).sum::<u64>();
        let (of_unknown, all) = (number(&unknown), self.total());
        let gone = apportion(gone.min(all), &[all - of_unknown, of_unknown]);
        let mut by_place = vec![0; places];
        let mut left = gone[0];
        for group in by_age.values().rev() {
            left -= self.lose_from(group, left, &mut by_place);
        }
        self.lose_from(&unknown, gone[1], &mut by_place);
        by_place
    }

    /// Takes up to `gone` from some cohorts, pro rata, and says how many.
    fn lose_from(&mut self, group: &[Cohort], gone: u64, by_place: &mut [u64]) -> u64 {
        let numbers: Vec<u64> = group.iter().map(|c| self.0[c]).collect();
        let gone = gone.min(numbers.iter().sum());
        for (cohort, gone) in group.iter().zip(apportion(gone, &numbers)) {
            self.0.entry(*cohort).and_modify(|n| *n -= gone);
            by_place[cohort.place] += gone;
        }
        gone
    }

    /// A year passes; cohorts that are empty go.
    pub fn grow_older(&mut self) {
        let mut older = Stock::default();
        for (c, n) in self.iter().filter(|&(_, n)| n > 0) {
            let year = |x: Option<u8>| x.map(|x| x.saturating_add(1));
            older.add(Cohort { age: year(c.age), since: year(c.since), ..c }, n);
        }
        *self = older;
    }
}

/// Chance to leave within the year, in basis points.
fn chance(exits: &Exits, age: Option<u8>) -> u32 {
    match age {
        None => exits.unknown_age_basis_points_per_year,
        Some(age) => {
            let step = exits.by_age.iter().rev().find(|s| s.from_age_years <= age);
            step.map_or(0, |s| s.basis_points_per_year)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stock(list: &[(usize, Option<u8>, u64)]) -> Stock {
        let mut stock = Stock::default();
        list.iter().for_each(|&(place, age, n)| stock.add(Cohort { place, age, since: None }, n));
        stock
    }

    #[test]
    fn chances_are_steps() {
        let exits = Exits::default();
        let ages = [None, Some(59), Some(60), Some(64), Some(65), Some(74), Some(75), Some(200)];
        let chances: Vec<u32> = ages.iter().map(|&a| chance(&exits, a)).collect();
        assert_eq!(chances, [300, 0, 500, 500, 2_000, 3_500, 10_000, 10_000]);
    }

    /// 1 GP of 60, 3 of 65, 1 of 76: 5 + 60 + 100 hundredths leave.
    #[test]
    fn retirement_by_age() {
        let mut s = stock(&[(0, Some(60), 100), (1, Some(65), 300), (1, Some(76), 100), (0, Some(40), 100)]);
        assert_eq!(s.retire(&Exits::default(), 2), [5, 160]);
        assert_eq!(s.by_place(2), [195, 240]);
        s.grow_older();
        let ages: Vec<_> = s.iter().map(|(c, n)| (c.age, n)).collect();
        assert_eq!(ages, [(Some(41), 100), (Some(61), 95), (Some(66), 240)]);
    }

    /// Half of 8 GPs whose ages are known for 6 and unknown for 2: 3 known, 1 unknown. Of the known the one of 70,
    /// then 2 of the 4 of 60, who are 3 at place 0 and 1 at place 1: 1.5 and 0.5.
    #[test]
    fn a_loss_takes_the_oldest() {
        let known = [(0, Some(60), 300), (1, Some(60), 100), (1, Some(70), 100), (0, Some(40), 100)];
        let mut s = stock(&[known.as_slice(), &[(0, None, 150), (2, None, 50)]].concat());
        assert_eq!(s.lose(400, 3), [150 + 75, 100 + 50, 25]);
        assert_eq!(s.total(), 400);
        assert_eq!(s.lose(1_000, 3).iter().sum::<u64>(), 400);
        assert_eq!(s.total(), 0);
    }
}
