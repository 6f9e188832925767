//! Whether so few columns meet every row, by a sweep over the rows from one end of the matrix to the other.
//!
//! Columns are chosen so that each meets the first row not met yet. Of two choices as long, the one that
//! leaves unmet all that the other does needs no further thought. In a long matrix, whose columns meet
//! only rows near each other, few choices are left beside those: what they leave unmet differs by the few
//! columns that lie across the front. Held against them are payments of rows: what columns may still get.

use super::branch::{Decision, bits};
use super::csr::Csr;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Choices kept at one time take at most so many words, and no more are followed.
const ROOM: usize = 1 << 25;
/// No choice before.
const NONE: u32 = u32::MAX;

/// Choices with the same first unmet row: what each leaves unmet, one after another.
#[derive(Default)]
struct Front {
    unmet: Vec<u64>,
    made: Vec<Made>,
}

/// How many columns a choice has, the last of them and the choice before it.
#[derive(Clone, Copy)]
struct Made {
    taken: u32,
    column: u32,
    before: u32,
}

impl Front {
    fn unmet(&self, at: u32, words: usize) -> &[u64] {
        &self.unmet[at as usize * words..][..words]
    }

    /// The choices that no other makes needless, and the steps that took.
    fn best(&self, words: usize, word: usize) -> (Vec<u32>, u64) {
        let size: Vec<u32> =
            self.unmet.chunks_exact(words).map(|u| u.iter().map(|w| w.count_ones()).sum()).collect();
        let mut order: Vec<u32> = (0..self.made.len() as u32).collect();
        order.sort_unstable_by_key(|&a| (self.made[a as usize].taken, size[a as usize], a));
        let (mut best, mut work) = (Vec::<u32>::new(), size.len() as u64);
        for a in order {
            let mine = &self.unmet(a, words)[word..];
            let by = best.iter().position(|&b| within(&self.unmet(b, words)[word..], mine));
            work += by.unwrap_or(best.len()) as u64;
            if by.is_none() {
                best.push(a);
            }
        }
        (best, work)
    }
}

fn within(inner: &[u64], outer: &[u64]) -> bool {
    inner.iter().zip(outer).all(|(a, b)| a & !b == 0)
}

/// Decides within about `most` steps; payments of rows of any scale.
pub(crate) fn sweep(
    rows: &Csr,
    columns: &Csr,
    k: usize,
    pays: &[u64],
    most: u64,
    stop: &dyn Fn() -> bool,
) -> Decision {
    let order = along(rows, columns);
    let words = rows.len().div_ceil(64).max(1);
    let mut place = vec![0u32; rows.len()];
    (0u32..).zip(&order).for_each(|(at, &i)| place[i as usize] = at);
    let mut mask = vec![0u64; words * columns.len()];
    for (j, column) in columns.rows().enumerate() {
        column
            .iter()
            .map(|&i| place[i as usize] as usize)
            .for_each(|i| mask[j * words + i / 64] |= 1 << (i % 64));
    }
    let pays: Vec<u64> = order.iter().map(|&i| pays[i as usize]).collect();
    // No column gets more.
    let load = |j: usize| bits(&mask[j * words..][..words]).map(|i| u128::from(pays[i])).sum::<u128>();
    let each = (0..columns.len()).map(load).max().unwrap_or(0);
    let mut fronts: Vec<Front> = order.iter().map(|_| Front::default()).collect();
    let mut all = vec![0u64; words];
    (0..rows.len()).for_each(|i| all[i / 64] |= 1 << (i % 64));
    let Some(first) = fronts.first_mut() else { return Decision::Columns(Vec::new()) };
    first.unmet = all;
    first.made.push(Made { taken: 0, column: NONE, before: NONE });
    let (mut history, mut work, mut room) = (Vec::<Made>::new(), 0u64, words);
    for at in 0..fronts.len() {
        let (word, front) = (at / 64, std::mem::take(&mut fronts[at]));
        room -= front.unmet.len();
        let (best, steps) = front.best(words, word);
        work += steps;
        // Columns that meet this row, none of which meets all that another does from here on.
        let tail = |j: u32| &mask[j as usize * words + word..(j as usize + 1) * words];
        let mut wide: Vec<(Reverse<u32>, u32)> = Vec::new();
        for &j in rows.row(order[at] as usize) {
            let ahead = tail(j).iter().map(|w| w.count_ones()).sum();
            wide.push((Reverse(ahead), j));
        }
        wide.sort_unstable();
        let mut useful: Vec<u32> = Vec::new();
        let from_here = |j: u32| {
            let mut ahead = tail(j).to_vec();
            ahead[0] &= u64::MAX << (at % 64);
            ahead
        };
        for (_, j) in wide {
            let mine = from_here(j);
            if !useful.iter().any(|&u| within(&mine, tail(u))) {
                useful.push(j);
            }
        }
        let mut left: Vec<(u32, Vec<u64>, u32)> = Vec::new();
        for choice in best {
            let (unmet, made) = (front.unmet(choice, words), front.made[choice as usize]);
            let paid: u128 = bits(unmet).map(|i| u128::from(pays[i])).sum();
            work += 1;
            let full = room.max(history.len()) > ROOM;
            if full || work > most || (history.len().is_multiple_of(256) && stop()) {
                return Decision::Unknown;
            }
            if made.taken as usize >= k || paid > each * (k - made.taken as usize) as u128 {
                continue;
            }
            let before = history.len() as u32;
            history.push(made);
            left.clear();
            for &j in &useful {
                let mut rest = unmet.to_vec();
                rest[word..].iter_mut().zip(tail(j)).for_each(|(r, m)| *r &= !m);
                left.push((rest.iter().map(|w| w.count_ones()).sum(), rest, j));
            }
            left.sort_unstable_by_key(|(size, _, j)| (*size, *j));
            for n in 0..left.len() {
                let (_, rest, column) = &left[n];
                work += n as u64;
                if left[..n].iter().any(|(_, other, _)| within(&other[word..], &rest[word..])) {
                    continue;
                }
                let Some(next) = bits(rest).next() else {
                    return Decision::Columns(columns_of(&history, before, *column));
                };
                room += words;
                fronts[next].unmet.extend(rest);
                fronts[next].made.push(Made { taken: made.taken + 1, column: *column, before });
            }
        }
    }
    Decision::No
}

fn columns_of(history: &[Made], mut choice: u32, last: u32) -> Vec<u32> {
    let mut columns = vec![last];
    while let Some(made) = history.get(choice as usize).filter(|m| m.column != NONE) {
        columns.push(made.column);
        choice = made.before;
    }
    columns
}

/// Rows from one end to the other, each part that hangs together by itself: by how much nearer they are to one end than to
/// the other, where rows are the nearer the more columns they share.
fn along(rows: &Csr, columns: &Csr) -> Vec<u32> {
    let (mut order, mut placed) = (Vec::with_capacity(rows.len()), vec![false; rows.len()]);
    let far = |from: &[u64]| {
        (0u32..)
            .zip(from)
            .filter(|(_, d)| **d < u64::MAX)
            .max_by_key(|(i, d)| (**d, Reverse(*i)))
            .map_or(0, |(i, _)| i)
    };
    for i in 0..rows.len() as u32 {
        if placed[i as usize] {
            continue;
        }
        let one = distances(rows, columns, far(&distances(rows, columns, i)));
        let other = distances(rows, columns, far(&one));
        let mut part: Vec<u32> = (0..rows.len() as u32).filter(|&i| one[i as usize] < u64::MAX).collect();
        part.sort_by_key(|&i| (one[i as usize] as i64 - other[i as usize] as i64, i));
        part.iter().for_each(|&i| placed[i as usize] = true);
        order.extend(part);
    }
    order
}

/// How far rows are from one: the share of columns that two do not have in common, in thousandths, summed
/// along the shortest path.
fn distances(rows: &Csr, columns: &Csr, from: u32) -> Vec<u64> {
    let mut distance = vec![u64::MAX; rows.len()];
    let mut done = vec![false; rows.len()];
    let mut shared = vec![0u32; rows.len()];
    let mut heap = BinaryHeap::from([(Reverse(0u64), from)]);
    distance[from as usize] = 0;
    let mut near = Vec::new();
    while let Some((Reverse(d), i)) = heap.pop() {
        if std::mem::replace(&mut done[i as usize], true) {
            continue;
        }
        near.clear();
        for &j in rows.row(i as usize) {
            for &other in columns.row(j as usize) {
                if shared[other as usize] == 0 {
                    near.push(other);
                }
                shared[other as usize] += 1;
            }
        }
        for &other in &near {
            let common = u64::from(std::mem::take(&mut shared[other as usize]));
            let union = (rows.row(i as usize).len() + rows.row(other as usize).len()) as u64 - common;
            let beyond = d + 1 + 1000 * (union - common) / union;
            if beyond < distance[other as usize] {
                distance[other as usize] = beyond;
                heap.push((Reverse(beyond), other));
            }
        }
    }
    distance
}

#[cfg(test)]
mod tests {
    use super::super::rng::Rng;
    use super::*;

    /// Against all sets of columns; payments are of any size.
    #[test]
    fn decides_as_enumeration_does() {
        let mut rng = Rng::new(5);
        let (mut yes, mut no) = (0, 0);
        for seed in 0..4000 {
            let (n, m) = (1 + rng.below(14), 2 + rng.below(9));
            let sparse = 2 + rng.below(3);
            let mut rows = Csr::new();
            for _ in 0..n {
                let row: Vec<u32> = (0..m as u32).filter(|_| rng.below(sparse) == 0).collect();
                rows.push(row);
            }
            let columns = rows.transposed(m);
            let pays: Vec<u64> = (0..n).map(|_| rng.next() >> (rng.below(64))).collect();
            let meets = |set: u32| (0..n).all(|i| rows.row(i).iter().any(|j| set >> j & 1 == 1));
            let fewest = (0..1u32 << m).filter(|s| meets(*s)).map(u32::count_ones).min();
            for k in 0..=m {
                let end = sweep(&rows, &columns, k, &pays, u64::MAX, &|| false);
                if fewest.is_some_and(|f| f as usize <= k) {
                    yes += 1;
                    let Decision::Columns(found) = end else { panic!("seed {seed}: {end:?}") };
                    let set = found.iter().fold(0, |s, j| s | 1 << j);
                    assert!(meets(set) && found.len() <= k, "seed {seed}");
                } else {
                    no += 1;
                    assert_eq!(end, Decision::No, "seed {seed}");
                }
            }
        }
        assert!(yes > 1000 && no > 1000);
    }

    #[test]
    fn goes_from_end_to_end() {
        // A chain whose rows come in any order: row i of the chain has columns i and i + 1.
        let mut rows = Csr::new();
        let chain = [4u32, 1, 7, 0, 3, 6, 2, 5];
        chain.iter().for_each(|&i| rows.push([i, i + 1]));
        let columns = rows.transposed(9);
        let order: Vec<u32> = along(&rows, &columns).iter().map(|&i| chain[i as usize]).collect();
        assert!(order == [0, 1, 2, 3, 4, 5, 6, 7] || order == [7, 6, 5, 4, 3, 2, 1, 0], "{order:?}");
        // Every second column is needed: four; payments of one a row show that three get six at most.
        let end = |k, most| sweep(&rows, &columns, k, &[1; 8], most, &|| false);
        assert_eq!((end(3, 2), end(4, 0)), (Decision::No, Decision::Unknown));
        assert!(matches!(end(4, u64::MAX), Decision::Columns(c) if c.len() == 4));
    }
}
