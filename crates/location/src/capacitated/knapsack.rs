//! Knapsacks of whole items and of items that may be cut.

use std::cmp::Ordering;
use std::ops::{Add, Sub};

/// Cells of a table for searching.
pub(super) const ROUGH: usize = 1 << 18;
/// Cells of a table for proofs.
pub(super) const FINE: usize = 1 << 20;

/// Numbers in which gains are counted: floats to search, integers to prove.
pub(super) trait Gain: Copy + PartialOrd + Default + Add<Output = Self> + Sub<Output = Self> {
    /// `self × room / size`, not below it.
    fn part(self, room: u64, size: u64) -> Self;
    /// Orders by gain for size, the most first.
    fn denser(a: Item<Self>, b: Item<Self>) -> Ordering;
}

impl Gain for f64 {
    fn part(self, room: u64, size: u64) -> f64 {
        self * room as f64 / size as f64
    }
    fn denser(a: Item<f64>, b: Item<f64>) -> Ordering {
        (b.0 / b.1 as f64).total_cmp(&(a.0 / a.1 as f64))
    }
}

impl Gain for i128 {
    fn part(self, room: u64, size: u64) -> i128 {
        let (room, size) = (i128::from(room), i128::from(size));
        (self * room + size - 1).div_euclid(size)
    }
    fn denser(a: Item<i128>, b: Item<i128>) -> Ordering {
        (b.0 * i128::from(a.1)).cmp(&(a.0 * i128::from(b.1)))
    }
}

/// An item: a gain above 0 and a size.
pub(super) type Item<T> = (T, u64);

/// Most that items which may be cut gain in `room`, and the share of each.
pub(super) fn cut<T: Gain>(items: &[Item<T>], room: u64) -> (T, Vec<f64>) {
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_unstable_by(|&a, &b| T::denser(items[a], items[b]).then(a.cmp(&b)));
    let (mut value, mut left, mut share) = (T::default(), room, vec![0.0; items.len()]);
    for k in order {
        let (gain, size) = items[k];
        if size > left {
            share[k] = left as f64 / size as f64;
            return (value + gain.part(left, size), share);
        }
        left -= size;
        value = value + gain;
        share[k] = 1.0;
    }
    (value, share)
}

/// Most that whole items gain in `room`, and which do, in floats: an exact table only over those items that are neither so
/// dense nor so thin that the best choice is clear (Dembo, Hammer, Methods Oper. Res. 36 (1980) 49–60).
pub(super) fn pick(items: &[Item<f64>], room: u64) -> (f64, Vec<bool>) {
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_unstable_by(|&a, &b| f64::denser(items[a], items[b]).then(a.cmp(&b)));
    // The first item that does not fit prices room; filling on with whatever fits is a choice to beat.
    let (mut value, mut left, mut found, mut rest) = (0.0, room, 0.0, room);
    let mut price = None;
    let mut dense = vec![false; items.len()];
    for &k in &order {
        let (gain, size) = items[k];
        if price.is_none() && size <= left {
            (value, left, dense[k]) = (value + gain, left - size, true);
        } else if price.is_none() {
            price = Some(gain / size as f64);
        }
        if size <= rest {
            (found, rest) = (found + gain, rest - size);
        }
    }
    let Some(price) = price else { return (value, dense) };
    let most = value + price * left as f64;
    let clear = |k: usize| most - (items[k].0 - price * items[k].1 as f64).abs() < found * (1.0 - 1e-12);
    let (clear, open): (Vec<usize>, Vec<usize>) = order.into_iter().partition(|k| clear(*k));
    let mut picked = vec![false; items.len()];
    let (mut total, mut room) = (0.0, room);
    for k in clear.into_iter().filter(|k| dense[*k]) {
        (total, room, picked[k]) = (total + items[k].0, room - items[k].1, true);
    }
    let core: Vec<Item<f64>> = open.iter().map(|k| items[*k]).collect();
    let table = Table::new(&core, room, ROUGH);
    for (k, p) in open.into_iter().zip(table.picked()) {
        picked[k] = p;
    }
    (total + table.most(), picked)
}

/// Best gains of whole items by room, `0..=room` in steps. Sizes in steps are rounded down and so is the room: whatever fits, fits
/// in steps.
pub(super) struct Table<T> {
    step: u64,
    room: usize,
    sizes: Vec<usize>,
    /// Row `k`: with the first `k` items.
    best: Vec<T>,
}

impl<T: Gain> Table<T> {
    /// With at most about `cells` cells.
    pub fn new(items: &[Item<T>], room: u64, cells: usize) -> Self {
        let all: u64 = items.iter().map(|i| i.1).fold(0, u64::saturating_add);
        let room = room.min(all);
        let steps = (cells / (items.len() + 1)).max(1) as u64;
        let step = items.iter().map(|i| i.1).fold(0, gcd).max(room.div_ceil(steps)).max(1);
        let room = (room / step) as usize;
        let sizes: Vec<usize> = items.iter().map(|i| (i.1 / step) as usize).collect();
        let width = room + 1;
        let mut best = vec![T::default(); width * (items.len() + 1)];
        for (k, (&size, &(gain, _))) in sizes.iter().zip(items).enumerate() {
            let (before, after) = best.split_at_mut(width * (k + 1));
            let (before, after) = (&before[width * k..], &mut after[..width]);
            let head = size.min(width);
            after[..head].copy_from_slice(&before[..head]);
            let with = before[..width - head].iter().map(|b| *b + gain);
            for ((after, before), with) in after[head..].iter_mut().zip(&before[head..width]).zip(with) {
                *after = if with > *before { with } else { *before };
            }
        }
        Table { step, room, sizes, best }
    }

    /// Most that the first `k` items gain in `steps`.
    fn at(&self, k: usize, steps: usize) -> T {
        self.best[k * (self.room + 1) + steps.min(self.room)]
    }

    /// Most that all items gain.
    pub fn most(&self) -> T {
        self.at(self.sizes.len(), self.room)
    }

    /// Most that all items gain in less room.
    pub fn within(&self, room: u64) -> T {
        self.at(self.sizes.len(), usize::try_from(room / self.step).unwrap_or(usize::MAX))
    }

    /// Which items gain most.
    pub fn picked(&self) -> Vec<bool> {
        let (mut picked, mut left) = (vec![false; self.sizes.len()], self.room);
        for k in (0..self.sizes.len()).rev() {
            if self.at(k + 1, left) > self.at(k, left) {
                picked[k] = true;
                left -= self.sizes[k];
            }
        }
        picked
    }

    /// For each item, the most that the others gain: beside it, and alone.
    pub fn others(&self, items: &[Item<T>]) -> Vec<(T, T)> {
        let (n, width) = (self.sizes.len(), self.room + 1);
        let mut later = vec![T::default(); width];
        let mut out = vec![(T::default(), T::default()); n];
        for k in (0..n).rev() {
            let size = self.sizes[k];
            let most = |rest: usize| {
                let values = (0..=rest).map(|w| self.at(k, w) + later[rest - w]);
                values.fold(T::default(), |a, b| if b > a { b } else { a })
            };
            out[k] = (most(self.room.saturating_sub(size)), most(self.room));
            for w in (size..width).rev() {
                let with = later[w - size] + items[k].0;
                if with > later[w] {
                    later[w] = with;
                }
            }
        }
        out
    }
}

pub(super) fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn picked_items_are_the_best(
            items in prop::collection::vec((1u32..50, 0u64..20), 0..12),
            room in 0u64..80,
        ) {
            let items: Vec<Item<f64>> = items.into_iter().map(|(g, s)| (f64::from(g), s)).collect();
            let sums = (0u32..1 << items.len()).map(|set| {
                let chosen = items.iter().enumerate().filter(|(k, _)| set >> k & 1 == 1);
                chosen.fold((0.0, 0), |a, (_, item)| (a.0 + item.0, a.1 + item.1))
            });
            let most = sums.filter(|s| s.1 <= room).map(|s| s.0).fold(0.0, f64::max);
            let (value, picked) = pick(&items, room);
            let chosen = items.iter().zip(&picked).filter(|(_, p)| **p);
            let (gain, size) = chosen.fold((0.0, 0), |a, (item, _)| (a.0 + item.0, a.1 + item.1));
            prop_assert_eq!((value, gain), (most, most));
            prop_assert!(size <= room);
        }
    }
}
