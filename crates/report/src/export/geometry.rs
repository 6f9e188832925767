//! Shapes as a GeoPackage holds them: a head with the bounds, then WKB.

use super::Unmade;
use geo::{LineString, MultiPolygon, Point};
use maillage_territory::LonLat;
use wkb::Endianness;
use wkb::writer::{WriteOptions, write_line_string, write_multi_polygon, write_point};

/// A shape in degrees.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape<'a> {
    /// Nobody knows where.
    None,
    Point(LonLat),
    Line(LonLat, LonLat),
    Areas(&'a MultiPolygon<f64>),
}

impl Shape<'_> {
    /// A point, if it is known.
    pub(super) fn point(at: Option<LonLat>) -> Shape<'static> {
        at.map_or(Shape::None, Shape::Point)
    }

    /// A line between two points; none where they are the same, as a line of no length is not valid.
    pub(super) fn line(from: Option<LonLat>, to: Option<LonLat>) -> Shape<'static> {
        match from.zip(to) {
            Some((from, to)) if from != to => Shape::Line(from, to),
            _ => Shape::None,
        }
    }

    /// West, south, east, north.
    pub(super) fn bounds(&self) -> Option<[f64; 4]> {
        let one = |p: LonLat| Some([p.lon, p.lat, p.lon, p.lat]);
        match self {
            Shape::None => None,
            Shape::Point(p) => one(*p),
            Shape::Line(a, b) => joined(one(*a), one(*b)),
            Shape::Areas(areas) => {
                let points = areas.0.iter().flat_map(|p| p.exterior().coords());
                points.fold(None, |all, c| joined(all, one(LonLat { lon: c.x, lat: c.y })))
            }
        }
    }
}

/// The bounds of two things.
pub(super) fn joined(a: Option<[f64; 4]>, b: Option<[f64; 4]>) -> Option<[f64; 4]> {
    match (a, b) {
        (Some(a), Some(b)) => Some([a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]),
        (one, None) | (None, one) => one,
    }
}

/// The bytes of a shape; none of nothing.
pub(super) fn blob(shape: &Shape<'_>, system: i64) -> Result<Option<Vec<u8>>, Unmade> {
    let Some([west, south, east, north]) = shape.bounds() else { return Ok(None) };
    // Little-endian, with an envelope of four numbers but for points.
    let envelope = !matches!(shape, Shape::Point(_));
    let mut out = vec![b'G', b'P', 0, if envelope { 0b11 } else { 0b01 }];
    out.extend(i32::try_from(system).unwrap_or_default().to_le_bytes());
    if envelope {
        out.extend([west, east, south, north].into_iter().flat_map(f64::to_le_bytes));
    }
    let options = WriteOptions { endianness: Endianness::LittleEndian };
    let written = match shape {
        Shape::None => Ok(()),
        Shape::Point(p) => write_point(&mut out, &Point::new(p.lon, p.lat), &options),
        Shape::Line(a, b) => {
            write_line_string(&mut out, &LineString::from(vec![(a.lon, a.lat), (b.lon, b.lat)]), &options)
        }
        Shape::Areas(areas) => write_multi_polygon(&mut out, *areas, &options),
    };
    written.map_err(|e| Unmade(e.to_string()))?;
    Ok(Some(out))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_and_lines_as_the_standard_has_them() {
        let (a, b) = (LonLat { lon: 1.0, lat: 2.0 }, LonLat { lon: 3.0, lat: 0.5 });
        let point = blob(&Shape::Point(a), 4326).unwrap().unwrap();
        // Head of 8 bytes, then WKB: order, type 1, two doubles.
        assert_eq!(&point[..13], [b'G', b'P', 0, 1, 0xE6, 0x10, 0, 0, 1, 1, 0, 0, 0]);
        assert_eq!(point.len(), 8 + 5 + 16);
        let line = blob(&Shape::line(Some(a), Some(b)), 4326).unwrap().unwrap();
        // West, east, south, north.
        let envelope: Vec<f64> =
            line[8..40].chunks(8).map(|c| f64::from_le_bytes(c.try_into().unwrap())).collect();
        assert_eq!(envelope, [1.0, 3.0, 0.5, 2.0]);
        assert!(blob(&Shape::line(Some(a), Some(a)), 4326).unwrap().is_none());
        assert!(blob(&Shape::line(Some(a), None), 4326).unwrap().is_none());
    }
}
