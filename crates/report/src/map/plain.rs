//! A map that stands still: borders and circles. The script of a suite copies its places to compare plans.

use super::frame::{self, Frame};
use super::{crowd, draw_places, sheet_json};
use crate::words::Words;
use maillage_territory::{PlaceId, Territory};
use serde_json::Value;
use std::fmt::Write as _;

/// Content of an `<svg>` element with its view and scale.
#[derive(Debug)]
pub(crate) struct Plain {
    pub inside: String,
    pub view: String,
    /// Width over height of the first view.
    pub ratio: String,
    pub scale_text: String,
    pub scale_percent: String,
    /// Whether what lies overseas stands in boxes.
    pub insets: bool,
    /// Its classes, by how many places there are.
    pub crowd: &'static str,
    /// What the script needs of the drawing.
    pub data: Value,
}

impl Plain {
    /// The territory with circles: the code of a commune, a radius, and the rest of the element with its title, escaped.
    /// `None` when no place has a position.
    pub fn draw(w: Words, territory: &Territory, circles: &[(String, f64, String)]) -> Option<Plain> {
        let frame = Frame::new(territory)?;
        let mut inside = String::new();
        let drawn = draw_places(territory, &frame, &mut inside, &|_| 'p');
        inside.push_str("<g class=\"chosen\">");
        for (code, radius, rest) in circles {
            let place = PlaceId::new(code).ok().and_then(|id| territory.ix(&id));
            let Some(point) = place.and_then(|ix| territory.place(ix).point) else { continue };
            let (x, y) = frame.dot(point);
            // Writing to a string does not fail.
            let _ = write!(inside, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius:.0}\" {rest}</circle>");
        }
        inside.push_str("</g>");
        let (km, hundredths) = frame.scale_bar();
        Some(Plain {
            inside,
            view: format!("0 0 {} {}", frame::WIDTH, frame.height),
            ratio: format!("{} / {}", frame::WIDTH, frame.height),
            scale_text: format!("{km}\u{a0}km"),
            scale_percent: format!("{}.{:02}", hundredths / 100, hundredths % 100),
            insets: !frame.insets.is_empty(),
            crowd: crowd(drawn.len()),
            data: sheet_json(territory, &frame, &drawn, w),
        })
    }
}
