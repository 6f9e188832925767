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
    fn best(&self, words: usize) -> (Vec<u32>, u64) {
        // Only where the choices differ is there something to compare.
        let Some(first) = self.unmet.get(..words) else { return (Vec::new(), 0) };
        let mut differs = vec![false; words];
        for unmet in self.unmet.chunks_exact(words) {
            differs.iter_mut().zip(unmet.iter().zip(first)).for_each(|(d, (a, b))| *d |= a != b);
        }
        let at: Vec<usize> = (0..words).filter(|&w| differs[w]).collect();
        let short = |a: u32| at.iter().map(move |&w| self.unmet[a as usize * words + w]);
        let size = |a: u32| short(a).map(u64::count_ones).sum::<u32>();
        let mut order: Vec<(u32, u32, u32)> =
            (0u32..).zip(&self.made).map(|(a, made)| (made.taken, size(a), a)).collect();
        order.sort_unstable();
        let (mut best, mut kept, mut mine) = (Vec::new(), Vec::<u64>::new(), Vec::new());
        let mut work = order.len() as u64;
        for (_, _, a) in order {
            mine.clear();
            mine.extend(short(a));
            // No choice differs from another: the first is as good as any.
            let by = match at.len() {
                0 => (!best.is_empty()).then_some(0),
                d => kept.chunks_exact(d).position(|b| within(b, &mine)),
            };
            work += by.unwrap_or(best.len()) as u64;
            if by.is_none() {
                best.push(a);
                kept.extend(&mine);
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
    let mut met = Vec::new();
    for at in 0..fronts.len() {
        let (word, front) = (at / 64, std::mem::take(&mut fronts[at]));
        room -= front.unmet.len();
        let (best, steps) = front.best(words);
        work += steps;
        let tail = |j: u32| &mask[j as usize * words + word..(j as usize + 1) * words];
        let useful = useful(rows.row(order[at] as usize), tail, at % 64);
        let mut ways = Ways::new(&useful, tail);
        for choice in best {
            let (unmet, made) = (front.unmet(choice, words), front.made[choice as usize]);
            let paid: u128 = bits(unmet).map(|i| u128::from(pays[i])).sum();
            work += 1;
            let full = room.max(history.len()) > ROOM;
            if full || work > most || (history.len().is_multiple_of(256) && stop()) {
                return Decision::Unknown;
            }
            let rest = k.saturating_sub(made.taken as usize) as u128;
            if rest == 0 || paid > each * rest {
                continue;
            }
            let before = history.len() as u32;
            history.push(made);
            work += ways.try_all(&unmet[word..], tail);
            for &n in &ways.best {
                let (column, left) = (useful[n as usize], ways.left(n));
                met.clear();
                met.extend(unmet[word..].iter().zip(left).map(|(u, l)| u & !l));
                let gets: u128 = bits(&met).map(|i| u128::from(pays[word * 64 + i])).sum();
                if paid - gets > each * (rest - 1) {
                    continue;
                }
                let (same, beyond) = (&unmet[..word], &unmet[word + ways.wide..]);
                let next = bits(left).next().or_else(|| bits(beyond).next().map(|i| ways.wide * 64 + i));
                let Some(next) = next else {
                    return Decision::Columns(columns_of(&history, before, column));
                };
                room += words;
                let front = &mut fronts[word * 64 + next];
                [same, left, beyond].iter().for_each(|part| front.unmet.extend_from_slice(part));
                front.made.push(Made { taken: made.taken + 1, column, before });
            }
        }
    }
    Decision::No
}

/// Columns of a row, none of which meets all that another does from there on: from bit `from` of what `tail` tells.
fn useful<'a>(here: &[u32], tail: impl Fn(u32) -> &'a [u64], from: usize) -> Vec<u32> {
    let ahead = |j: u32| tail(j).iter().map(|w| w.count_ones()).sum::<u32>();
    let mut wide: Vec<(Reverse<u32>, u32)> = here.iter().map(|&j| (Reverse(ahead(j)), j)).collect();
    wide.sort_unstable();
    let mut useful: Vec<u32> = Vec::new();
    for (_, j) in wide {
        let mut mine = tail(j).to_vec();
        mine[0] &= u64::MAX << from;
        if !useful.iter().any(|&u| within(&mine, tail(u))) {
            useful.push(j);
        }
    }
    useful
}

/// Ways to go on from a choice: by each of some columns.
struct Ways<'a> {
    useful: &'a [u32],
    /// How many words from the first hold rows that these columns meet, and what each leaves unmet of them.
    wide: usize,
    left: Vec<u64>,
    order: Vec<(u32, u32, u32)>,
    /// Numbers of the columns that no other makes needless.
    best: Vec<u32>,
}

impl<'a> Ways<'a> {
    fn new<'m>(useful: &'a [u32], tail: impl Fn(u32) -> &'m [u64]) -> Self {
        let last = |j: &u32| tail(*j).iter().rposition(|m| *m != 0).map_or(1, |w| w + 1);
        let wide = useful.iter().map(last).max().unwrap_or(1);
        Ways { useful, wide, left: vec![0; wide * useful.len()], order: Vec::new(), best: Vec::new() }
    }

    fn left(&self, n: u32) -> &[u64] {
        &self.left[n as usize * self.wide..][..self.wide]
    }

    /// Tries them on what a choice leaves unmet; the steps that took.
    fn try_all<'m>(&mut self, unmet: &[u64], tail: impl Fn(u32) -> &'m [u64]) -> u64 {
        self.order.clear();
        let all = (0u32..).zip(self.useful.iter().zip(self.left.chunks_exact_mut(self.wide)));
        for (n, (&j, left)) in all {
            let mut size = 0;
            for (left, (u, m)) in left.iter_mut().zip(unmet.iter().zip(tail(j))) {
                *left = u & !m;
                size += left.count_ones();
            }
            self.order.push((size, j, n));
        }
        self.order.sort_unstable();
        self.best.clear();
        let mut work = 0;
        for at in 0..self.order.len() {
            let n = self.order[at].2;
            let by = self.best.iter().position(|&other| within(self.left(other), self.left(n)));
            work += by.unwrap_or(self.best.len()) as u64;
            if by.is_none() {
                self.best.push(n);
            }
        }
        work
    }
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
    use super::super::branch::tests::agrees_with_enumeration;
    use super::*;

    #[test]
    fn decides_as_enumeration_does() {
        agrees_with_enumeration(5, |rows, columns, k, pays| {
            sweep(rows, columns, k, pays, u64::MAX, &|| false)
        });
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
