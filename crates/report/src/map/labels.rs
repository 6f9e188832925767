//! Names beside marks, placed so that they cover neither each other nor a mark.

/// A box on the screen: left, top, right, bottom, in pixels of the first view.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Area(pub f64, pub f64, pub f64, pub f64);

impl Area {
    fn meets(self, other: Area) -> bool {
        self.0 < other.2 && other.0 < self.2 && self.1 < other.3 && other.1 < self.3
    }
}

/// Where a name stands relative to its mark, in pixels, and which end of it is there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spot {
    /// Across.
    pub x: f64,
    /// Down, of the base line.
    pub y: f64,
    /// `start`, `middle` or `end`.
    pub anchor: &'static str,
}

/// What is taken already.
#[derive(Debug)]
pub(crate) struct Board {
    width: f64,
    height: f64,
    taken: Vec<Area>,
}

impl Board {
    /// An empty board of this size in pixels.
    pub fn new(width: f64, height: f64) -> Board {
        Board { width, height, taken: Vec::new() }
    }

    /// Keeps names off a disc.
    pub fn block(&mut self, x: f64, y: f64, radius: f64) {
        self.taken.push(Area(x - radius, y - radius, x + radius, y + radius));
    }

    /// The first free spot around a mark of this radius; `None` when there is none.
    pub fn place(&mut self, x: f64, y: f64, radius: f64, text: &str, font: f64) -> Option<Spot> {
        let wide = text.chars().count() as f64 * font * 0.56;
        let (gap, middle) = (radius + 4.0, font * 0.35);
        let spots = [
            Spot { x: gap, y: middle, anchor: "start" },
            Spot { x: -gap, y: middle, anchor: "end" },
            Spot { x: 0.0, y: -radius - 4.0, anchor: "middle" },
            Spot { x: 0.0, y: radius + font, anchor: "middle" },
            Spot { x: radius, y: -radius - 4.0, anchor: "start" },
            Spot { x: radius, y: radius + font, anchor: "start" },
            Spot { x: -radius, y: -radius - 4.0, anchor: "end" },
            Spot { x: -radius, y: radius + font, anchor: "end" },
        ];
        for spot in spots {
            let left = x + spot.x
                - match spot.anchor {
                    "start" => 0.0,
                    "end" => wide,
                    _ => wide / 2.0,
                };
            let base = y + spot.y;
            let area = Area(left, base - font * 0.85, left + wide, base + font * 0.25);
            let inside =
                area.0 > 2.0 && area.1 > 2.0 && area.2 < self.width - 2.0 && area.3 < self.height - 2.0;
            if inside && !self.taken.iter().any(|t| t.meets(area)) {
                self.taken.push(area);
                return Some(spot);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_step_aside() {
        let mut board = Board::new(400.0, 200.0);
        board.block(100.0, 100.0, 10.0);
        let first = board.place(100.0, 100.0, 10.0, "Renaison", 13.0).unwrap();
        assert_eq!(first.anchor, "start");
        // A second mark just to the right of the first finds its right side free, not its left.
        board.block(180.0, 100.0, 10.0);
        let second = board.place(180.0, 100.0, 10.0, "Ambierle", 13.0).unwrap();
        assert_eq!(second.anchor, "start");
        let third = board.place(180.0, 100.0, 10.0, "Pouilly", 13.0).unwrap();
        assert_ne!(third.anchor, "start");
        assert_eq!(Board::new(10.0, 10.0).place(5.0, 5.0, 2.0, "Roanne", 13.0), None);
    }
}
