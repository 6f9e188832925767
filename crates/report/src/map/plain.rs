//! A map that stands still: borders and circles.

use super::frame::{self, Frame, path};
use super::{all_rings, draw_borders};
use maillage_territory::{PlaceId, Territory};
use std::fmt::Write as _;

/// Content of an `<svg>` element with its view and scale.
#[derive(Debug)]
pub(crate) struct Plain {
    pub inside: String,
    pub view: String,
    pub scale_text: String,
    pub scale_percent: String,
}

impl Plain {
    /// The territory with circles: the code of a commune, a radius, and the rest of the element with its title, escaped.
    /// `None` when no place has a position.
    pub fn draw(territory: &Territory, circles: &[(String, f64, String)]) -> Option<Plain> {
        let frame = Frame::new(territory)?;
        let rings = all_rings(territory, &frame);
        let mut inside = String::new();
        for (place, rings) in territory.places.iter().zip(&rings).filter(|(p, r)| p.core && !r.is_empty()) {
            let title = super::escape(&place.name);
            // Writing to a string does not fail.
            let _ =
                write!(inside, "<path class=\"c\" d=\"{}\"><title>{title}</title></path>", path(rings, true));
        }
        draw_borders(territory, &rings, &mut inside);
        for (code, radius, rest) in circles {
            let place = PlaceId::new(code).ok().and_then(|id| territory.ix(&id));
            let Some(point) = place.and_then(|ix| territory.place(ix).point) else { continue };
            let (x, y) = frame.dot(point);
            let _ = write!(inside, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius:.0}\" {rest}</circle>");
        }
        let (km, hundredths) = frame.scale_bar();
        Some(Plain {
            inside,
            view: format!("0 0 {} {}", frame::WIDTH, frame.height),
            scale_text: format!("{km}\u{a0}km"),
            scale_percent: format!("{}.{:02}", hundredths / 100, hundredths % 100),
        })
    }
}
