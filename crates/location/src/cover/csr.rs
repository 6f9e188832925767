//! Rows of numbers, stored one after another.

/// Rows of numbers.
#[derive(Debug, Clone)]
pub(crate) struct Csr {
    start: Vec<usize>,
    item: Vec<u32>,
}

impl Csr {
    pub fn new() -> Self {
        Csr { start: vec![0], item: Vec::new() }
    }

    pub fn push(&mut self, row: impl IntoIterator<Item = u32>) {
        self.item.extend(row);
        self.start.push(self.item.len());
    }

    pub fn len(&self) -> usize {
        self.start.len() - 1
    }

    pub fn num_items(&self) -> usize {
        self.item.len()
    }

    pub fn row(&self, i: usize) -> &[u32] {
        &self.item[self.start[i]..self.start[i + 1]]
    }

    pub fn rows(&self) -> impl Iterator<Item = &[u32]> {
        (0..self.len()).map(|i| self.row(i))
    }

    /// For every item below `width`, the rows that hold it, in increasing order.
    pub fn transposed(&self, width: usize) -> Csr {
        let mut start = vec![0usize; width + 1];
        for &j in &self.item {
            start[j as usize + 1] += 1;
        }
        for j in 0..width {
            start[j + 1] += start[j];
        }
        let mut next = start.clone();
        let mut item = vec![0u32; self.item.len()];
        for (i, row) in (0u32..).zip(self.rows()) {
            for &j in row {
                item[next[j as usize]] = i;
                next[j as usize] += 1;
            }
        }
        Csr { start, item }
    }
}

/// Whether one increasing row holds only items of another.
pub(crate) fn is_subset(inner: &[u32], outer: &[u32]) -> bool {
    if inner.len() > outer.len() {
        return false;
    }
    let mut rest = outer.iter();
    inner.iter().all(|a| rest.by_ref().find(|b| *b >= a) == Some(a))
}

/// Rows to be compared with each other: as bits where these take little room.
pub(crate) struct Subsets<'a> {
    rows: &'a Csr,
    words: usize,
    bits: Vec<u64>,
}

impl<'a> Subsets<'a> {
    const ROOM: usize = 1 << 23;

    /// Items of the rows are below `width`.
    pub fn new(rows: &'a Csr, width: usize) -> Self {
        let words = width.div_ceil(64);
        let mut bits = Vec::new();
        if words.saturating_mul(rows.len()) <= Self::ROOM {
            bits = vec![0u64; words * rows.len()];
            for (i, row) in rows.rows().enumerate() {
                row.iter().for_each(|&j| bits[i * words + j as usize / 64] |= 1 << (j % 64));
            }
        }
        Subsets { rows, words, bits }
    }

    /// Whether one row holds only items of another.
    pub fn within(&self, inner: usize, outer: usize) -> bool {
        if self.bits.is_empty() {
            return is_subset(self.rows.row(inner), self.rows.row(outer));
        }
        let set = |i: usize| &self.bits[i * self.words..][..self.words];
        set(inner).iter().zip(set(outer)).all(|(a, b)| a & !b == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transposed_and_subsets() {
        let mut rows = Csr::new();
        rows.push([0, 2]);
        rows.push([]);
        rows.push([2]);
        let columns = rows.transposed(3);
        assert_eq!(columns.rows().collect::<Vec<_>>(), [&[0u32][..], &[], &[0, 2]]);
        assert!(is_subset(&[], &[1]) && is_subset(&[1, 4], &[0, 1, 3, 4]) && is_subset(&[2], &[2]));
        assert!(!is_subset(&[1, 2], &[1, 3, 4]) && !is_subset(&[5], &[1]) && !is_subset(&[1], &[]));
        // By bits, and by items where bits would take too much room.
        for width in [3, usize::MAX] {
            let sets = Subsets::new(&rows, width);
            assert!(sets.within(2, 0) && sets.within(1, 2) && !sets.within(0, 2) && !sets.within(2, 1));
        }
    }
}
