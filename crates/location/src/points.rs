//! Points of the plane with exact coordinates.

/// Points whose coordinates are `x / scale`, `y / scale`: decimals of a file, kept as integers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Points {
    /// Abscissas, in units of `1 / scale`.
    pub x: Vec<i64>,
    /// Ordinates, in units of `1 / scale`; as many as abscissas.
    pub y: Vec<i64>,
    /// Units in 1, at least 1.
    pub scale: u32,
}

impl Points {
    /// Largest absolute value of a coordinate: squares of differences stay far within `i128`.
    pub const LARGEST: i64 = 1 << 53;

    /// Number of points.
    pub fn len(&self) -> usize {
        self.x.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.x.is_empty()
    }

    /// Square of the distance between a point of these and one of `others`, in units of `1 / scale²`;
    /// `None` if there is no such point or the scales differ.
    pub fn squared(&self, a: usize, others: &Points, b: usize) -> Option<u128> {
        if self.scale != others.scale {
            return None;
        }
        let dx = i128::from(*self.x.get(a)?) - i128::from(*others.x.get(b)?);
        let dy = i128::from(*self.y.get(a)?) - i128::from(*others.y.get(b)?);
        dx.unsigned_abs().checked_pow(2)?.checked_add(dy.unsigned_abs().checked_pow(2)?)
    }

    /// Euclidean distance between two of these points, rounded down to a whole number, exactly.
    pub fn floor_distance(&self, a: usize, b: usize) -> Option<u64> {
        // floor(sqrt(s) / k) = floor(floor(sqrt(s)) / k).
        let root = self.squared(a, self, b)?.isqrt();
        u64::try_from(root / u128::from(self.scale.max(1))).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_rounded_down_exactly() {
        // (0,0), (3,4), (1,1) and a point a hair nearer than 5 to the first.
        let points = Points { x: vec![0, 3000, 1000, 3000], y: vec![0, 4000, 1000, 3999], scale: 1000 };
        assert_eq!(points.floor_distance(0, 1), Some(5));
        assert_eq!(points.floor_distance(0, 2), Some(1)); // 1.414
        assert_eq!(points.floor_distance(0, 3), Some(4)); // 4.9992
        assert_eq!(points.floor_distance(0, 4), None);
        let far = Points { x: vec![-Points::LARGEST, Points::LARGEST], y: vec![0, 0], scale: 1 };
        assert_eq!(far.floor_distance(0, 1), Some(1 << 54));
    }
}
