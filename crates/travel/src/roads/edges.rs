//! Stretches of road with their shape.

/// No way through in this direction.
pub(crate) const CLOSED: u32 = u32::MAX;

/// A point: latitude, longitude in 1e-7 degrees.
pub(crate) type Point = (i32, i32);

/// Stretches of road, one after the other, each between two nodes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Edges {
    list: Vec<Edge>,
    points: Vec<Point>,
}

/// A stretch of road: its shape stands in [`Edges`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Edge {
    pub(crate) from: u32,
    pub(crate) to: u32,
    /// Milliseconds, or [`CLOSED`].
    pub(crate) forward: u32,
    /// Milliseconds, or [`CLOSED`].
    pub(crate) backward: u32,
    /// Kind of road at the start and at the end.
    pub(crate) kinds: [u8; 2],
    /// Whether one may stop there: no motorway, tunnel or ferry.
    pub(crate) stops: bool,
    /// The end of its points; they begin where those of the one before end.
    end: u32,
}

impl Edges {
    /// Adds a stretch; `points` are those between its ends.
    pub(crate) fn push(
        &mut self,
        (from, to): (u32, u32),
        (forward, backward): (u32, u32),
        (kinds, stops): ([u8; 2], bool),
        points: impl IntoIterator<Item = Point>,
    ) {
        self.points.extend(points);
        // Nodes of all ways together are fewer than 2^32: see `collect`.
        let end = self.points.len() as u32;
        self.list.push(Edge { from, to, forward, backward, kinds, stops, end });
    }

    /// Adds those of `other`.
    pub(crate) fn append(&mut self, mut other: Edges) {
        let shift = self.points.len() as u32;
        self.list.extend(other.list.drain(..).map(|e| Edge { end: e.end + shift, ..e }));
        self.points.append(&mut other.points);
    }

    /// The stretches.
    pub(crate) fn list(&self) -> &[Edge] {
        &self.list
    }

    /// The same, to change times and nodes.
    pub(crate) fn list_mut(&mut self) -> &mut [Edge] {
        &mut self.list
    }

    /// The points between the ends of a stretch.
    pub(crate) fn points(&self, ix: usize) -> &[Point] {
        let start = if ix == 0 { 0 } else { self.list[ix - 1].end };
        &self.points[start as usize..self.list[ix].end as usize]
    }
}

impl Edge {
    /// The time into a node that this stretch ends at, and out of it, if `at_end` says that this is its end.
    pub(crate) fn in_and_out(&self, at_end: bool) -> (u32, u32) {
        if at_end { (self.forward, self.backward) } else { (self.backward, self.forward) }
    }
}

/// Times one after the other.
pub(crate) fn sum(a: u32, b: u32) -> u32 {
    if a == CLOSED || b == CLOSED { CLOSED } else { a.saturating_add(b).min(CLOSED - 1) }
}

/// Seconds as milliseconds, short of [`CLOSED`].
pub(crate) fn milliseconds(seconds: f64) -> u32 {
    // A float that does not fit becomes the nearest number that does.
    ((seconds * 1000.0).round() as u32).min(CLOSED - 1)
}

/// Metres between two points that are near each other.
pub(crate) fn metres(a: Point, b: Point) -> f64 {
    let (north, east) = offset(a, b);
    north.hypot(east)
}

/// Metres to the north and to the east from one point to another that is near.
pub(crate) fn offset(a: Point, b: Point) -> (f64, f64) {
    const METRES: f64 = 6_371_008.8 * std::f64::consts::PI / 180e7;
    let wide = f64::from(b.1) - f64::from(a.1);
    // The shorter way round the Earth.
    let wide = if wide.abs() > 1.8e9 { wide - 3.6e9 * wide.signum() } else { wide };
    let middle = (f64::from(a.0) + f64::from(b.0)) / 2.0;
    ((f64::from(b.0) - f64::from(a.0)) * METRES, wide * METRES * (middle * 1e-7).to_radians().cos())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        // A degree of latitude is 111,195 m on a sphere of 6,371,008.8 m; of longitude at 60°, half of it.
        assert_eq!(metres((0, 0), (10_000_000, 0)).round(), 111_195.0);
        assert_eq!(metres((600_000_000, 0), (600_000_000, 10_000_000)).round(), 55_598.0);
        assert_eq!(metres((0, 1_799_999_999), (0, -1_799_999_999)).round(), 0.0);
    }

    #[test]
    fn shapes_stay_with_their_stretches() {
        let mut a = Edges::default();
        a.push((0, 1), (5, CLOSED), ([0; 2], true), [(1, 1), (2, 2)]);
        let mut b = Edges::default();
        b.push((1, 2), (5, 6), ([0; 2], true), []);
        b.push((2, 3), (5, 6), ([0; 2], true), [(3, 3)]);
        a.append(b);
        assert_eq!(a.points(0), [(1, 1), (2, 2)]);
        assert_eq!(a.points(1), []);
        assert_eq!(a.points(2), [(3, 3)]);
        assert_eq!((sum(5, CLOSED), sum(5, 6), sum(CLOSED - 1, 9)), (CLOSED, 11, CLOSED - 1));
    }
}
