//! Roads by square of a grid, to find those near a place.

use crate::roads::{Point, Roads, offset};

/// Side of a square, in 1e-7 degrees: about 550 m to the north.
const SIDE: i32 = 50_000;
/// Longest straight piece of road that is looked at, in 1e-7 degrees: longer ones are mistakes.
const LONGEST: u32 = 10_000_000;
/// Squares that are looked at around a place, in each direction, near the poles too.
const MOST_RINGS: i32 = 400;

/// For each square, the stretches of road in it.
pub(super) struct Grid {
    /// Square and stretch, sorted.
    cells: Vec<(u32, u32)>,
}

/// The nearest point of a stretch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Nearest {
    pub(super) metres: f64,
    pub(super) edge: u32,
    /// How far along the stretch, by length.
    pub(super) share: f64,
}

fn square(point: Point) -> (i32, i32) {
    (point.0.div_euclid(SIDE), point.1.div_euclid(SIDE))
}

/// Fits 32 bits: there are 36,000 rows of 72,000 squares.
fn key((row, column): (i32, i32)) -> u32 {
    (row + 18_000) as u32 * 72_001 + (column + 36_000) as u32
}

impl Grid {
    /// Of the roads where one may stop.
    pub(super) fn new(roads: &Roads) -> Grid {
        let mut cells = Vec::new();
        for (ix, edge) in roads.edges.list().iter().enumerate() {
            if edge.stops {
                let start = cells.len();
                pieces(roads, ix, |a, b| mark(a, b, |square| cells.push((key(square), ix as u32))));
                cells[start..].sort_unstable();
                let mut last = None;
                let mut kept = start;
                for at in start..cells.len() {
                    if last != Some(cells[at]) {
                        last = Some(cells[at]);
                        cells[kept] = cells[at];
                        kept += 1;
                    }
                }
                cells.truncate(kept);
            }
        }
        cells.sort_unstable();
        Grid { cells }
    }

    /// The nearest stretch of the largest part, and of all, within `most` metres.
    pub(super) fn nearest(
        &self,
        roads: &Roads,
        place: Point,
        most: f64,
    ) -> (Option<Nearest>, Option<Nearest>) {
        let (row, column) = square(place);
        let (north, _) = offset(place, (place.0 + SIDE, place.1));
        let (_, east) = offset(place, (place.0, place.1 + SIDE));
        // A little less than a square, as those to the north are narrower.
        let ring_m = north.abs().min(east.abs()) * 0.9;
        let (mut main, mut any): (Option<Nearest>, Option<Nearest>) = (None, None);
        for ring in 0..=MOST_RINGS {
            let beyond = f64::from(ring - 1) * ring_m;
            if beyond > most || main.is_some_and(|n| n.metres <= beyond) {
                break;
            }
            for (r, c) in squares((row, column), ring) {
                for &(_, edge) in self.at(key((r, c))) {
                    let Some(found) = on_stretch(roads, edge, place) else { continue };
                    if found.metres > most {
                        continue;
                    }
                    better(&mut any, found);
                    let ends = roads.edges.list()[edge as usize];
                    if roads.parts.main[ends.from as usize] && roads.parts.main[ends.to as usize] {
                        better(&mut main, found);
                    }
                }
            }
        }
        (main, any)
    }

    fn at(&self, key: u32) -> &[(u32, u32)] {
        let start = self.cells.partition_point(|c| c.0 < key);
        let length = self.cells[start..].iter().take_while(|c| c.0 == key).count();
        &self.cells[start..start + length]
    }
}

/// Keeps the nearer; of equals the first stretch.
fn better(best: &mut Option<Nearest>, found: Nearest) {
    let nearer = |b: Nearest| (found.metres, found.edge) < (b.metres, b.edge);
    if best.is_none_or(nearer) {
        *best = Some(found);
    }
}

/// The squares at this distance around one, on Earth.
fn squares((row, column): (i32, i32), ring: i32) -> impl Iterator<Item = (i32, i32)> {
    (-ring..=ring)
        .flat_map(move |r| {
            let step = if r.abs() == ring { 1 } else { (2 * ring).max(1) };
            (-ring..=ring).step_by(step as usize).map(move |c| (row + r, column + c))
        })
        .filter(|&(r, c)| (-18_000..=18_000).contains(&r) && (-36_000..=36_000).contains(&c))
}

/// The straight pieces of a stretch, but those too long to be true.
fn pieces(roads: &Roads, ix: usize, mut see: impl FnMut(Point, Point)) {
    let (start, end) = roads.ends(ix);
    let mut last = start;
    for &next in roads.edges.points(ix).iter().chain([&end]) {
        if last.0.abs_diff(next.0).max(last.1.abs_diff(next.1)) <= LONGEST {
            see(last, next);
        }
        last = next;
    }
}

/// Every square that a straight piece touches, and some beside it.
fn mark(a: Point, b: Point, mut see: impl FnMut((i32, i32))) {
    let steps = 1 + (a.0.abs_diff(b.0).max(a.1.abs_diff(b.1)) / SIDE as u32) as i32;
    let at = |k: i32| {
        let part =
            |a: i32, b: i32| (i64::from(a) + i64::from(b - a) * i64::from(k) / i64::from(steps)) as i32;
        square((part(a.0, b.0), part(a.1, b.1)))
    };
    for k in 0..steps {
        let ((r0, c0), (r1, c1)) = (at(k), at(k + 1));
        for r in r0.min(r1)..=r0.max(r1) {
            for c in c0.min(c1)..=c0.max(c1) {
                see((r, c));
            }
        }
    }
}

/// The nearest point of a stretch.
fn on_stretch(roads: &Roads, edge: u32, place: Point) -> Option<Nearest> {
    let mut best: Option<(f64, f64)> = None;
    let mut length = 0.0;
    pieces(roads, edge as usize, |a, b| {
        let ((ay, ax), (by, bx)) = (offset(place, a), offset(place, b));
        let (dy, dx) = (by - ay, bx - ax);
        let square = dy * dy + dx * dx;
        let share = if square > 0.0 { (-(ay * dy + ax * dx) / square).clamp(0.0, 1.0) } else { 0.0 };
        let metres = (ay + share * dy).hypot(ax + share * dx);
        if best.is_none_or(|(m, _)| metres < m) {
            best = Some((metres, length + share * square.sqrt()));
        }
        length += square.sqrt();
    });
    let (metres, along) = best?;
    Some(Nearest { metres, edge, share: if length > 0.0 { (along / length).clamp(0.0, 1.0) } else { 0.0 } })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rings_cover_the_square_once() {
        let mut all: Vec<_> = (0..=3).flat_map(|ring| squares((5, 7), ring)).collect();
        assert_eq!(all.len(), 49);
        all.sort_unstable();
        all.dedup();
        assert_eq!((all.len(), all[0], all[48]), (49, (2, 4), (8, 10)));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn pieces_are_in_every_square_they_touch(
            a in (-400_000i32..400_000, -400_000i32..400_000),
            b in (-400_000i32..400_000, -400_000i32..400_000),
            at in 0.0f64..1.0,
        ) {
            let mut marked = Vec::new();
            mark(a, b, |s| marked.push(s));
            let part = |a: i32, b: i32| (f64::from(a) + f64::from(b - a) * at).round() as i32;
            let on = (part(a.0, b.0), part(a.1, b.1));
            // Rounding may put a point one unit over the border of a square.
            let near = [-1, 0, 1].into_iter().flat_map(|d| [square((on.0 + d, on.1)), square((on.0, on.1 + d))]);
            prop_assert!(near.into_iter().any(|s| marked.contains(&s)));
        }
    }
}
