//! Cells around points, for places without a contour: what lies nearer to a place than to any other.

use super::frame::Dot;

/// Corners of the first shape of a cell, before its neighbours cut it.
const CORNERS: usize = 16;

/// The cell of each wanted dot among all dots, at most `reach` wide on each side; rings are closed.
pub(crate) fn cells(dots: &[Option<Dot>], wanted: &[bool], reach: f64) -> Vec<Vec<Dot>> {
    // A grid as wide as two cells: whoever cuts a cell lies in the squares around its own.
    let side = 2.0 * reach.max(1.0);
    let square = |d: Dot| ((f64::from(d.0) / side).floor() as i64, (f64::from(d.1) / side).floor() as i64);
    let mut grid: std::collections::BTreeMap<(i64, i64), Vec<Dot>> = Default::default();
    for dot in dots.iter().flatten() {
        grid.entry(square(*dot)).or_default().push(*dot);
    }
    let cell = |at: Dot| {
        let (x, y) = square(at);
        let around = (-1..=1).flat_map(|i| (-1..=1).map(move |j| (x + i, y + j)));
        let near = around.filter_map(|key| grid.get(&key)).flatten().filter(|other| **other != at);
        let mut ring: Vec<(f64, f64)> = (0..CORNERS)
            .map(|i| {
                let angle = std::f64::consts::TAU * i as f64 / CORNERS as f64;
                (f64::from(at.0) + reach * angle.cos(), f64::from(at.1) + reach * angle.sin())
            })
            .collect();
        for other in near {
            ring = cut(&ring, at, *other);
        }
        let mut dots: Vec<Dot> = ring.iter().map(|p| (p.0.round() as i32, p.1.round() as i32)).collect();
        dots.extend(dots.first().copied());
        dots.dedup();
        dots
    };
    dots.iter().zip(wanted).map(|(d, w)| d.filter(|_| *w).map(cell).unwrap_or_default()).collect()
}

/// What of a ring lies nearer to one dot than to another.
fn cut(ring: &[(f64, f64)], near: Dot, far: Dot) -> Vec<(f64, f64)> {
    let (dx, dy) = (f64::from(far.0 - near.0), f64::from(far.1 - near.1));
    let (mx, my) = (f64::from(far.0 + near.0) / 2.0, f64::from(far.1 + near.1) / 2.0);
    let beyond = |p: (f64, f64)| (p.0 - mx) * dx + (p.1 - my) * dy;
    let mut out = Vec::with_capacity(ring.len() + 1);
    for (i, &a) in ring.iter().enumerate() {
        let b = ring[(i + 1) % ring.len()];
        let (at_a, at_b) = (beyond(a), beyond(b));
        if at_a <= 0.0 {
            out.push(a);
        }
        if (at_a < 0.0 && at_b > 0.0) || (at_a > 0.0 && at_b < 0.0) {
            let part = at_a / (at_a - at_b);
            out.push((a.0 + part * (b.0 - a.0), a.1 + part * (b.1 - a.1)));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_meet_half_way() {
        let dots = [Some((0, 0)), Some((100, 0)), None, Some((0, 300))];
        let all = cells(&dots, &[true, true, true, false], 80.0);
        // Neither crosses the middle at x = 50, both reach it; nothing else cuts them.
        assert_eq!(all[0].iter().map(|d| d.0).max(), Some(50));
        assert_eq!(all[1].iter().map(|d| d.0).min(), Some(50));
        assert_eq!(all[0].iter().map(|d| d.0).min(), Some(-80));
        assert_eq!(all[0].first(), all[0].last());
        assert!(all[2].is_empty() && all[3].is_empty());
    }

    #[test]
    fn places_at_one_dot_share_a_cell() {
        let all = cells(&[Some((5, 5)), Some((5, 5))], &[true, true], 10.0);
        assert_eq!(all[0], all[1]);
        assert!(all[0].len() > 3);
    }
}
