//! Whether so few columns meet every row: branching of its own, every bound counted in whole numbers.
//!
//! Rows pay columns that meet them; `k` columns get at most what the `k` best paid ones get, so when rows
//! pay more in all, no `k` columns meet every row. A column with which that is so is dropped. Payments
//! are inherited from node to node and improved by subgradient steps.

use super::csr::Csr;

/// What is known of a matrix and a number of columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Decision {
    /// These meet every row.
    Columns(Vec<u32>),
    /// No so many columns do.
    No,
    /// Stopped before the end.
    Unknown,
}

/// One unit of payment.
const UNIT: i64 = 1 << 30;
/// Rows times columns are at most 64 times [`LARGE`], 2^25, so that sums of payments stay below 2^60.
const MOST_PAID: f64 = 16.0 * UNIT as f64;
/// Subgradient steps at a new node and after a column was dropped.
const STEPS: usize = 30;
const STEPS_AGAIN: usize = 6;
/// Larger matrices, in words, and deeper trees take too much memory.
const LARGE: usize = 1 << 19;
const DEEP: usize = 500;

struct Branch<'a> {
    work: u64,
    most: u64,
    nodes: u64,
    stop: &'a dyn Fn() -> bool,
    chosen: Vec<u32>,
}

/// A part of the matrix: rows not met yet and columns that may be taken.
#[derive(Clone)]
struct Node {
    rows: Vec<u64>,
    /// Columns and the rows that they meet.
    name: Vec<u32>,
    mask: Vec<u64>,
    pays: Vec<i64>,
    k: usize,
    /// Whether rows went since columns were compared.
    fresh: bool,
}

/// Decides within about `most` steps, beginning at payments of rows of any scale.
pub(crate) fn decide(
    rows: &Csr,
    columns: &Csr,
    k: usize,
    pays: &[u64],
    most: u64,
    stop: &dyn Fn() -> bool,
) -> Decision {
    let words = rows.len().div_ceil(64).max(1);
    if k > DEEP || words * columns.len() > LARGE {
        return Decision::Unknown;
    }
    let mut alive = vec![0u64; words];
    (0..rows.len()).for_each(|i| alive[i / 64] |= 1 << (i % 64));
    let mut mask = vec![0u64; words * columns.len()];
    for (j, column) in columns.rows().enumerate() {
        column.iter().for_each(|&i| mask[j * words + i as usize / 64] |= 1 << (i % 64));
    }
    let most_paid = pays.iter().copied().max().unwrap_or(0).max(1);
    let scaled = |p: &u64| (u128::from(*p) * UNIT as u128 / u128::from(most_paid)) as i64;
    let mut pays: Vec<i64> = pays.iter().map(scaled).collect();
    pays.resize(words * 64, 0);
    let root = Node { rows: alive, name: (0..columns.len() as u32).collect(), mask, pays, k, fresh: true };
    let mut branch = Branch { work: 0, most, nodes: 0, stop, chosen: Vec::new() };
    let end = branch.explore(root);
    match end {
        Some(true) => Decision::Columns(branch.chosen),
        Some(false) => Decision::No,
        None => Decision::Unknown,
    }
}

pub(super) fn bits(set: &[u64]) -> impl Iterator<Item = usize> + '_ {
    set.iter().enumerate().flat_map(|(w, &word)| {
        let mut left = word;
        std::iter::from_fn(move || {
            (left != 0).then(|| {
                let bit = left.trailing_zeros() as usize;
                left &= left - 1;
                w * 64 + bit
            })
        })
    })
}

impl Branch<'_> {
    /// Whether the node has a solution, which is then in `chosen`; `None` when stopped.
    fn explore(&mut self, mut node: Node) -> Option<bool> {
        self.nodes += 1;
        let mark = self.chosen.len();
        let mut steps = STEPS;
        loop {
            if self.work > self.most || (self.nodes.is_multiple_of(16) && (self.stop)()) {
                return None;
            }
            match self.reduce(&mut node) {
                Some(true) => return Some(true),
                Some(false) => break,
                None => {}
            }
            match self.bound(&mut node, steps) {
                None => break,
                Some(true) => {
                    steps = STEPS_AGAIN;
                    continue;
                }
                Some(false) => {}
            }
            let at = self.pick(&node);
            let child = node.with(at);
            self.chosen.push(node.name[at]);
            if self.explore(child)? {
                return Some(true);
            }
            self.chosen.pop();
            node.drop_columns(|j| j == at);
            steps = STEPS_AGAIN;
        }
        self.chosen.truncate(mark);
        Some(false)
    }

    /// Takes forced columns and drops what another implies; `None` where a choice is left.
    fn reduce(&mut self, node: &mut Node) -> Option<bool> {
        loop {
            if node.rows.iter().all(|r| *r == 0) {
                return Some(true);
            }
            if node.k == 0 {
                return Some(false);
            }
            node.compress();
            if node.k == 1 {
                let all = (0..node.name.len()).find(|&j| node.mask(j) == node.rows);
                self.chosen.extend(all.map(|j| node.name[j]));
                return Some(all.is_some());
            }
            let sets = Sets::of(node);
            self.work += sets.pairs;
            if node.fresh {
                node.fresh = false;
                let within = self.within(node, &sets);
                if within.contains(&true) {
                    node.drop_columns(|j| within[j]);
                    continue;
                }
            }
            if bits(&node.rows).any(|i| sets.count[i] == 0) {
                return Some(false);
            }
            let alone = bits(&node.rows).find(|&i| sets.count[i] == 1);
            if let Some(i) = alone {
                let j = bits(sets.row(i)).next().unwrap_or(0);
                self.chosen.push(node.name[j]);
                *node = node.with(j);
                continue;
            }
            if !self.drop_rows(node, &sets) {
                return None;
            }
        }
    }

    /// Columns that meet only what another meets; of equals the first is none.
    fn within(&mut self, node: &Node, sets: &Sets) -> Vec<bool> {
        let mut common = vec![0u64; sets.words];
        let mut is_within = |j: usize| {
            let mine = node.mask(j);
            common.fill(u64::MAX);
            for i in bits(mine) {
                common.iter_mut().zip(sets.row(i)).for_each(|(c, s)| *c &= s);
            }
            self.work += (sets.words * mine.len()) as u64;
            mine.iter().all(|m| *m == 0) || bits(&common).any(|k| k != j && (k < j || node.mask(k) != mine))
        };
        (0..node.name.len()).map(&mut is_within).collect()
    }

    /// Drops rows that are met whenever another is; what they pay goes there.
    fn drop_rows(&mut self, node: &mut Node, sets: &Sets) -> bool {
        let w = node.rows.len();
        let live: Vec<usize> = bits(&node.rows).collect();
        let mut common = vec![0u64; w];
        let mut dropped = false;
        for &a in &live {
            if node.rows[a / 64] >> (a % 64) & 1 == 0 {
                continue;
            }
            common.copy_from_slice(&node.rows);
            for j in bits(sets.row(a)) {
                common.iter_mut().zip(node.mask(j)).for_each(|(c, m)| *c &= m);
            }
            self.work += (w * sets.count[a] as usize) as u64;
            // Of equals the first stays: the others come later.
            for b in bits(&common).filter(|&b| b != a) {
                node.rows[b / 64] &= !(1 << (b % 64));
                let paid = std::mem::take(&mut node.pays[b]);
                node.pays[a] += paid;
                dropped = true;
            }
        }
        if dropped {
            node.meet_only_rows();
        }
        dropped
    }

    /// Improves the payments: `None` if they prove that there is no solution, else whether columns were dropped.
    fn bound(&mut self, node: &mut Node, steps: usize) -> Option<bool> {
        let n = node.name.len();
        let live: Vec<usize> = bits(&node.rows).collect();
        let members: Vec<Vec<u32>> = (0..n).map(|j| bits(node.mask(j)).map(|i| i as u32).collect()).collect();
        let pairs: usize = members.iter().map(Vec::len).sum();
        for &i in &live {
            // A row that pays nothing would be slow to begin.
            node.pays[i] = node.pays[i].max(UNIT / 4096);
        }
        let k = node.k;
        let mut best: Option<(f64, Vec<i64>)> = None;
        let mut drop = vec![false; n];
        let mut pace = 1.0;
        let mut order: Vec<usize> = (0..n).collect();
        let mut load = vec![0i64; n];
        for step in 0..steps {
            let paid: i64 = live.iter().map(|&i| node.pays[i]).sum();
            for (load, rows) in load.iter_mut().zip(&members) {
                *load = rows.iter().map(|&i| node.pays[i as usize]).sum();
            }
            self.work += pairs as u64 + n as u64;
            if k < n {
                order.select_nth_unstable_by_key(k - 1, |&j| (std::cmp::Reverse(load[j]), j));
            }
            let top = &order[..k.min(n)];
            let got: i64 = top.iter().map(|&j| load[j]).sum();
            if paid > got {
                return None;
            }
            // Beside the `k - 1` best.
            let least = top.iter().map(|&j| load[j]).min().unwrap_or(0);
            if k < n {
                let alone = drop.iter_mut().zip(&load);
                alone.filter(|(_, load)| got - least + **load < paid).for_each(|(drop, _)| *drop = true);
            }
            let value = (paid - got) as f64 / paid as f64;
            if best.as_ref().is_none_or(|b| value > b.0 + 1e-4) {
                best = Some((value, live.iter().map(|&i| node.pays[i]).collect()));
            } else {
                pace *= 0.8;
            }
            if step + 1 == steps {
                break;
            }
            let mut met = vec![0i64; node.pays.len()];
            top.iter().for_each(|&j| members[j].iter().for_each(|&i| met[i as usize] += 1));
            let norm: i64 = live.iter().map(|&i| (1 - met[i]).pow(2)).sum();
            if norm == 0 {
                break;
            }
            let size = pace * ((got - paid) as f64 + 0.01 * paid as f64) / norm as f64;
            for &i in &live {
                let moved = node.pays[i] as f64 + size * (1 - met[i]) as f64;
                node.pays[i] = moved.clamp(0.0, MOST_PAID) as i64;
            }
        }
        if let Some((_, pays)) = best {
            live.iter().zip(pays).for_each(|(&i, paid)| node.pays[i] = paid);
        }
        // Payments stay of one size.
        let most = live.iter().map(|&i| node.pays[i]).max().unwrap_or(1).max(1);
        live.iter().for_each(|&i| node.pays[i] = (node.pays[i] as f64 / most as f64 * UNIT as f64) as i64);
        let any = drop.contains(&true);
        if any {
            node.drop_columns(|j| drop[j]);
        }
        Some(any)
    }

    /// The column to take: of the row that fewest meet, the best paid.
    fn pick(&self, node: &Node) -> usize {
        let mut count = vec![0u32; node.pays.len()];
        for j in 0..node.name.len() {
            bits(node.mask(j)).for_each(|i| count[i] += 1);
        }
        let row = bits(&node.rows).min_by_key(|&i| (count[i], std::cmp::Reverse(node.pays[i]))).unwrap_or(0);
        let load = |j: usize| -> i64 { bits(node.mask(j)).map(|i| node.pays[i]).sum() };
        let meets = (0..node.name.len()).filter(|&j| node.mask(j)[row / 64] >> (row % 64) & 1 == 1);
        meets.max_by_key(|&j| load(j)).unwrap_or(0)
    }
}

/// Rows as sets of columns.
struct Sets {
    words: usize,
    set: Vec<u64>,
    count: Vec<u32>,
    pairs: u64,
}

impl Sets {
    fn of(node: &Node) -> Self {
        let words = node.name.len().div_ceil(64).max(1);
        let rows = node.rows.len() * 64;
        let mut sets = Sets { words, set: vec![0; words * rows], count: vec![0; rows], pairs: 0 };
        for j in 0..node.name.len() {
            for i in bits(node.mask(j)) {
                sets.set[i * words + j / 64] |= 1 << (j % 64);
                sets.count[i] += 1;
                sets.pairs += 1;
            }
        }
        sets
    }

    fn row(&self, i: usize) -> &[u64] {
        &self.set[i * self.words..(i + 1) * self.words]
    }
}

impl Node {
    fn mask(&self, j: usize) -> &[u64] {
        let w = self.rows.len();
        &self.mask[j * w..(j + 1) * w]
    }

    fn drop_columns(&mut self, gone: impl Fn(usize) -> bool) {
        let (w, mut to) = (self.rows.len(), 0);
        for j in 0..self.name.len() {
            if !gone(j) {
                self.name[to] = self.name[j];
                self.mask.copy_within(j * w..(j + 1) * w, to * w);
                to += 1;
            }
        }
        self.name.truncate(to);
        self.mask.truncate(to * w);
    }

    /// What is left once a column is taken.
    fn with(&self, at: usize) -> Node {
        let mut node = self.clone();
        node.rows.iter_mut().zip(self.mask(at)).for_each(|(r, m)| *r &= !m);
        node.meet_only_rows();
        node.k -= 1;
        node
    }

    fn meet_only_rows(&mut self) {
        for mask in self.mask.chunks_exact_mut(self.rows.len()) {
            mask.iter_mut().zip(&self.rows).for_each(|(m, r)| *m &= r);
        }
        self.fresh = true;
    }

    /// Numbers rows anew where far fewer are left.
    fn compress(&mut self) {
        let live: Vec<usize> = bits(&self.rows).collect();
        let w = live.len().div_ceil(64).max(1);
        if w * 4 > self.rows.len() * 3 {
            return;
        }
        let mut at = vec![0; self.rows.len() * 64];
        live.iter().enumerate().for_each(|(new, &old)| at[old] = new);
        let mut mask = vec![0u64; w * self.name.len()];
        for j in 0..self.name.len() {
            bits(self.mask(j)).for_each(|i| mask[j * w + at[i] / 64] |= 1 << (at[i] % 64));
        }
        let mut pays = vec![0; w * 64];
        live.iter().enumerate().for_each(|(new, &old)| pays[new] = self.pays[old]);
        let mut rows = vec![0u64; w];
        (0..live.len()).for_each(|i| rows[i / 64] |= 1 << (i % 64));
        (self.rows, self.mask, self.pays) = (rows, mask, pays);
    }
}

#[cfg(test)]
pub(in crate::cover) mod tests {
    use super::super::rng::Rng;
    use super::*;

    /// What is decided, against all sets of columns of small matrices; payments are of any size.
    pub(in crate::cover) fn agrees_with_enumeration(
        seed: u32,
        decide: impl Fn(&Csr, &Csr, usize, &[u64]) -> Decision,
    ) {
        let mut rng = Rng::new(seed);
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
                let end = decide(&rows, &columns, k, &pays);
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
    fn decides_as_enumeration_does() {
        agrees_with_enumeration(3, |rows, columns, k, pays| {
            decide(rows, columns, k, pays, u64::MAX, &|| false)
        });
    }

    #[test]
    fn stops_when_told() {
        // Two cycles of five rows, column j in rows j and j + 1: three columns for each, five halves in the relaxation.
        let mut rows = Csr::new();
        for i in 0..10u32 {
            let before = i / 5 * 5 + (i + 4) % 5;
            rows.push([i.min(before), i.max(before)]);
        }
        let columns = rows.transposed(10);
        let end = |k, most| decide(&rows, &columns, k, &[1; 10], most, &|| false);
        assert_eq!((end(4, 0), end(5, u64::MAX), end(5, 0)), (Decision::No, Decision::No, Decision::Unknown));
        assert!(matches!(end(6, u64::MAX), Decision::Columns(c) if c.len() == 6));
    }
}
