//! The nearest sites of every client on a plane, found by a grid: never a full matrix.

use crate::lists::{ClientIx, CostLists, ListError, SiteIx};
use crate::points::Points;

/// Points that are clients and sites, each client with its nearest sites; those beyond are not out of reach, but cost at least
/// as much as the last of the list. Costs are Euclidean distances rounded down to whole numbers.
#[derive(Debug, Clone)]
pub struct NearLists<'a> {
    points: &'a Points,
    pub(crate) lists: CostLists,
}

impl<'a> NearLists<'a> {
    /// The `k` nearest sites of every point (all if there are fewer), itself the first.
    ///
    /// # Errors
    /// [`ListError`]: weights that do not fit, coordinates beyond [`Points::LARGEST`] or totals that are too large.
    ///
    /// ```
    /// use maillage_location::{ClientIx, NearLists, Points, SiteIx};
    /// let points = Points { x: vec![0, 3, 10], y: vec![0, 4, 0], scale: 1 };
    /// let near = NearLists::new(&points, vec![1; 3], 2)?;
    /// assert_eq!(near.lists().list(ClientIx(0)).collect::<Vec<_>>(), [(SiteIx(0), 0), (SiteIx(1), 5)]);
    /// # Ok::<(), maillage_location::ListError>(())
    /// ```
    pub fn new(points: &'a Points, weights: Vec<u64>, k: usize) -> Result<Self, ListError> {
        let n = points.len();
        if weights.len() != n || points.y.len() != n {
            return Err(ListError::WeightCount);
        }
        let sites = u32::try_from(n).map_err(|_| ListError::TooMany)?;
        let fits = |v: &i64| v.unsigned_abs() <= Points::LARGEST as u64;
        if !points.x.iter().chain(&points.y).all(fits) {
            return Err(ListError::TotalTooLarge);
        }
        let k = k.clamp(1, n.max(1));
        let grid = Grid::new(points, (k / 8).max(2));
        let (mut start, mut site, mut cost) = (vec![0], Vec::with_capacity(n * k), Vec::with_capacity(n * k));
        let mut found: Vec<(u128, u32)> = Vec::new();
        for i in 0..n {
            grid.nearest(points, i, k, &mut found);
            for &(squared, j) in &found {
                let far = u128::isqrt(squared) / u128::from(points.scale.max(1));
                site.push(SiteIx(j));
                cost.push(u32::try_from(far).map_err(|_| ListError::TotalTooLarge)?);
            }
            start.push(site.len());
        }
        Ok(NearLists { points, lists: CostLists::from_sorted(sites, start, site, cost, weights)? })
    }

    /// All sites within a distance of each point.
    ///
    /// # Errors
    /// As for [`NearLists::new`].
    pub fn within(points: &'a Points, weights: Vec<u64>, radius: &[u32]) -> Result<Self, ListError> {
        let n = points.len();
        if weights.len() != n || radius.len() != n || points.y.len() != n {
            return Err(ListError::WeightCount);
        }
        let sites = u32::try_from(n).map_err(|_| ListError::TooMany)?;
        let grid = Grid::new(points, 16);
        let (mut start, mut site, mut cost) = (vec![0], Vec::new(), Vec::new());
        let mut found: Vec<(u128, u32)> = Vec::new();
        for (i, r) in radius.iter().enumerate() {
            let below = (u128::from(*r) + 1) * u128::from(points.scale.max(1));
            grid.within(points, i, below * below, &mut found);
            for &(squared, j) in &found {
                let far = u128::isqrt(squared) / u128::from(points.scale.max(1));
                site.push(SiteIx(j));
                cost.push(u32::try_from(far).map_err(|_| ListError::TotalTooLarge)?);
            }
            start.push(site.len());
        }
        Ok(NearLists { points, lists: CostLists::from_sorted(sites, start, site, cost, weights)? })
    }

    /// The lists.
    pub fn lists(&self) -> &CostLists {
        &self.lists
    }

    /// For every client the cost of the site that comes `rank`-th among those open.
    pub(crate) fn ranks(&self, open: &[bool], ids: &[u32], rank: usize) -> Vec<u32> {
        let mut far: Vec<u32> = Vec::new();
        let of = |client: ClientIx, far: &mut Vec<u32>| {
            far.clear();
            far.extend(
                self.lists.list(client).filter(|(s, _)| open[s.0 as usize]).map(|(_, c)| c).take(rank),
            );
            if far.len() < rank {
                far.clear();
                far.extend(ids.iter().filter_map(|s| self.cost(client.0 as usize, *s as usize)));
                far.sort_unstable();
                far.truncate(rank);
            }
            far.last().copied().unwrap_or(u32::MAX)
        };
        self.lists.clients().map(|c| of(c, &mut far)).collect()
    }

    /// The true cost from a client to a site, in its list or not.
    pub(crate) fn cost(&self, client: usize, site: usize) -> Option<u32> {
        u32::try_from(self.points.floor_distance(client, site)?).ok()
    }
}

/// Points by square cell.
struct Grid {
    side: i64,
    low: (i64, i64),
    cells: (i64, i64),
    start: Vec<usize>,
    points: Vec<u32>,
}

impl Grid {
    fn new(points: &Points, per_cell: usize) -> Self {
        let least = |v: &[i64]| v.iter().copied().min().unwrap_or(0);
        let most = |v: &[i64]| v.iter().copied().max().unwrap_or(0);
        let low = (least(&points.x), least(&points.y));
        let (w, h) = ((most(&points.x) - low.0).max(1), (most(&points.y) - low.1).max(1));
        let cells = (points.len() / per_cell).max(1) as f64;
        // Points on a line make one row of cells.
        let side = ((w as f64 * h as f64 / cells).sqrt()).max(w.max(h) as f64 / cells).ceil().max(1.0) as i64;
        let cells = (w / side + 1, h / side + 1);
        let mut grid = Grid {
            side,
            low,
            cells,
            start: vec![0; (cells.0 * cells.1) as usize + 1],
            points: vec![0; points.len()],
        };
        let at: Vec<usize> = (0..points.len()).map(|i| grid.cell(points, i)).collect();
        at.iter().for_each(|c| grid.start[c + 1] += 1);
        (1..grid.start.len()).for_each(|c| grid.start[c] += grid.start[c - 1]);
        let mut next = grid.start.clone();
        for (i, c) in at.into_iter().enumerate() {
            grid.points[next[c]] = i as u32;
            next[c] += 1;
        }
        grid
    }

    fn column(&self, points: &Points, i: usize) -> (i64, i64) {
        ((points.x[i] - self.low.0) / self.side, (points.y[i] - self.low.1) / self.side)
    }

    fn cell(&self, points: &Points, i: usize) -> usize {
        let (a, b) = self.column(points, i);
        (b * self.cells.0 + a) as usize
    }

    /// The points nearer than the root of `below`, by squared distance then number.
    fn within(&self, points: &Points, i: usize, below: u128, found: &mut Vec<(u128, u32)>) {
        found.clear();
        let far = i64::try_from(below.isqrt() + 1).unwrap_or(i64::MAX / 4);
        let range = |at: i64, low: i64, cells: i64| {
            let from = (at - far - low).div_euclid(self.side).clamp(0, cells - 1);
            from..=(at + far - low).div_euclid(self.side).clamp(0, cells - 1)
        };
        for y in range(points.y[i], self.low.1, self.cells.1) {
            for x in range(points.x[i], self.low.0, self.cells.0) {
                let c = (y * self.cells.0 + x) as usize;
                for &j in &self.points[self.start[c]..self.start[c + 1]] {
                    let squared = points.squared(i, points, j as usize).unwrap_or(u128::MAX);
                    if squared < below {
                        found.push((squared, j));
                    }
                }
            }
        }
        found.sort_unstable();
    }

    /// The `k` points nearest to a point, by squared distance then number.
    fn nearest(&self, points: &Points, i: usize, k: usize, found: &mut Vec<(u128, u32)>) {
        found.clear();
        let (a, b) = self.column(points, i);
        let reach = self.cells.0.max(self.cells.1);
        for ring in 0..=reach {
            for y in (b - ring).max(0)..=(b + ring).min(self.cells.1 - 1) {
                let edge = (y - b).abs() == ring;
                let mut x = a - ring;
                while x <= a + ring {
                    if (0..self.cells.0).contains(&x) {
                        let c = (y * self.cells.0 + x) as usize;
                        for &j in &self.points[self.start[c]..self.start[c + 1]] {
                            found.push((points.squared(i, points, j as usize).unwrap_or(u128::MAX), j));
                        }
                    }
                    // Inside rows only the two ends are new.
                    x += if edge || ring == 0 { 1 } else { 2 * ring };
                }
            }
            // What is not seen yet is at least so far.
            let sure = (u128::from(ring.unsigned_abs()) * u128::from(self.side.unsigned_abs())).pow(2);
            if found.len() >= k && (ring == reach || found.iter().filter(|(d, _)| *d <= sure).count() >= k) {
                break;
            }
        }
        if found.len() > k {
            found.select_nth_unstable(k - 1);
            found.truncate(k);
        }
        found.sort_unstable();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_nearer_is_left_out(
            at in prop::collection::vec((-40i64..40, prop_oneof![Just(0i64), -300i64..300]), 1..60), k in 1usize..20,
        ) {
            let points = Points { x: at.iter().map(|p| p.0).collect(), y: at.iter().map(|p| p.1).collect(), scale: 3 };
            let near = NearLists::new(&points, vec![1; at.len()], k).unwrap();
            for i in 0..at.len() {
                let mut all: Vec<u64> = (0..at.len()).map(|j| points.floor_distance(i, j).unwrap()).collect();
                all.sort_unstable();
                all.truncate(k);
                let list: Vec<u64> =
                    near.lists().list(ClientIx(i as u32)).map(|(_, c)| u64::from(c)).collect();
                prop_assert_eq!(list, all);
            }
        }
    }
}
