//! A search for so many columns that meet every row: rows that stay unmet grow heavier.
//!
//! Each step opens a column of an unmet row and closes the open one that is missed least; then every
//! unmet row weighs one more. Zhang, Lü, Su, Li and Xu, Vertex weighting-based tabu search for p-center
//! problem, IJCAI 2020, 1481–1487.

use super::csr::Csr;
use super::rng::Rng;

struct State<'a> {
    rows: &'a Csr,
    columns: &'a Csr,
    weight: Vec<u64>,
    open: Vec<bool>,
    count: Vec<u32>,
    /// Numbers of the open columns of a row, combined by exclusive or.
    owner: Vec<u32>,
    /// Weight that a closed column would meet, or that only this open column meets.
    worth: Vec<u64>,
    work: u64,
}

impl State<'_> {
    fn toggle(&mut self, j: u32) {
        let opens = !self.open[j as usize];
        self.open[j as usize] = opens;
        for &i in self.columns.row(j as usize) {
            let (i, weight) = (i as usize, self.weight[i as usize]);
            let others = if opens { self.count[i] } else { self.count[i] - 1 };
            self.owner[i] ^= j;
            self.count[i] = if opens { others + 1 } else { others };
            if others == 0 {
                self.work += self.rows.row(i).len() as u64;
                for &k in self.rows.row(i).iter().filter(|k| **k != j) {
                    let worth = &mut self.worth[k as usize];
                    *worth = if opens { *worth - weight } else { *worth + weight };
                }
            } else if others == 1 {
                let owner = if opens { self.owner[i] ^ j } else { self.owner[i] };
                let worth = &mut self.worth[owner as usize];
                *worth = if opens { *worth - weight } else { *worth + weight };
            }
        }
        self.work += self.columns.row(j as usize).len() as u64;
    }
}

/// Columns, at most `p`, that meet every row, found within about `work` steps.
pub(crate) fn meet_all(
    rows: &Csr,
    columns: &Csr,
    p: usize,
    start: &[u32],
    work: u64,
    seed: u32,
    stop: &dyn Fn() -> bool,
) -> Option<Vec<u32>> {
    let mut rng = Rng::new(seed);
    let mut s = State {
        rows,
        columns,
        weight: vec![1; rows.len()],
        open: vec![false; columns.len()],
        count: vec![0; rows.len()],
        owner: vec![0; rows.len()],
        worth: columns.rows().map(|c| c.len() as u64).collect(),
        work: 0,
    };
    let mut open: Vec<u32> = start.iter().copied().take(p).collect();
    open.iter().for_each(|&j| s.toggle(j));
    // The step from which a column may move again.
    let mut free_at = vec![0u64; columns.len()];
    for step in 1.. {
        let unmet: Vec<u32> = (0..rows.len() as u32).filter(|&i| s.count[i as usize] == 0).collect();
        if unmet.is_empty() {
            return Some(open);
        }
        s.work += rows.len() as u64;
        if p == 0 || s.work > work || (step % 64 == 0 && stop()) {
            return None;
        }
        let row = rows.row(unmet[rng.below(unmet.len())] as usize);
        let turn = rng.below(row.len());
        let candidates = row[turn..].iter().chain(&row[..turn]).copied();
        let best = candidates.max_by_key(|&j| (free_at[j as usize] <= step, s.worth[j as usize]))?;
        s.toggle(best);
        if open.len() == p {
            let turn = rng.below(p);
            let order = open[turn..].iter().chain(&open[..turn]).copied();
            let out = order.min_by_key(|&j| (free_at[j as usize] > step, s.worth[j as usize]))?;
            s.toggle(out);
            free_at[out as usize] = step + 2 + rng.below(3) as u64;
            open.retain(|&j| j != out);
        }
        open.push(best);
        free_at[best as usize] = step + 2;
        for i in (0..rows.len()).filter(|&i| s.count[i] == 0) {
            s.weight[i] += 1;
            rows.row(i).iter().for_each(|&j| s.worth[j as usize] += 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cycle_needs_every_third_column() {
        // Column j meets rows j - 1, j, j + 1 of nine: three columns do, two cannot.
        let mut rows = Csr::new();
        for i in 0..9u32 {
            let mut row = [(i + 8) % 9, i, (i + 1) % 9];
            row.sort_unstable();
            rows.push(row);
        }
        let columns = rows.transposed(9);
        let meet = |p| meet_all(&rows, &columns, p, &[0, 1, 2, 3], 100_000, 1, &|| false);
        let found = meet(3).unwrap();
        assert_eq!(found.len(), 3);
        assert!((0..9).all(|i| rows.row(i).iter().any(|j| found.contains(j))));
        assert_eq!((meet(2), meet(0)), (None, None));
    }
}
