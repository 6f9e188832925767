//! Shapes of GeoPackage layers.

use crate::LonLat;
use geo::{Geometry, MultiPolygon};
use geo_traits::to_geo::ToGeoGeometry;

/// The shape of one row of a layer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Form {
    /// A point.
    Point(LonLat),
    /// A polygon or several.
    Polygons(MultiPolygon<f64>),
    /// Something else, or unreadable.
    Unusable,
}

impl Form {
    /// From a GeoPackage binary: `GP`, version, flags, reference system, envelope, then WKB.
    pub(super) fn of(blob: &[u8]) -> Form {
        Form::read(blob).unwrap_or(Form::Unusable)
    }

    fn read(blob: &[u8]) -> Option<Form> {
        let (header, _) = blob.split_at_checked(8)?;
        if &header[..2] != b"GP" {
            return None;
        }
        let envelope = [0, 32, 48, 48, 64].get(usize::from(header[3] >> 1 & 0b111)).copied()?;
        let wkb = blob.get(8 + envelope..)?;
        // Only these have no parts of any kind, which could be nested without end.
        let (order, code) = (*wkb.first()?, wkb.get(1..5)?.try_into().ok()?);
        let code = if order == 0 { u32::from_be_bytes(code) } else { u32::from_le_bytes(code) };
        if order > 1 || !matches!((code & 0x0fff_ffff) % 1000, 1 | 3 | 6) {
            return None;
        }
        match wkb::reader::read_wkb(wkb).ok()?.try_to_geometry()? {
            Geometry::Point(p) => {
                let on_earth = p.x().abs() <= 180.0 && p.y().abs() <= 90.0;
                on_earth.then_some(Form::Point(LonLat { lon: p.x(), lat: p.y() }))
            }
            Geometry::Polygon(p) => usable(MultiPolygon(vec![p])),
            Geometry::MultiPolygon(m) => usable(m),
            _ => None,
        }
    }
}

fn usable(shape: MultiPolygon<f64>) -> Option<Form> {
    crate::contours::usable(&shape).then_some(Form::Polygons(shape))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A GeoPackage binary around a WKB, little-endian, with an envelope of one kind.
    fn binary(envelope: u8, wkb: &[u8]) -> Vec<u8> {
        let mut blob = b"GP\0".to_vec();
        blob.push(1 | envelope << 1);
        blob.extend(4326i32.to_le_bytes());
        blob.resize(8 + [0, 32, 48, 48, 64][usize::from(envelope)], 0);
        blob.extend(wkb);
        blob
    }

    fn point(lon: f64, lat: f64) -> Vec<u8> {
        let mut wkb = vec![1, 1, 0, 0, 0];
        wkb.extend(lon.to_le_bytes());
        wkb.extend(lat.to_le_bytes());
        wkb
    }

    /// A ring around a point, in WKB with heights.
    fn polygon(rings: u32, points: u32) -> Vec<u8> {
        let mut wkb = vec![1];
        wkb.extend(1003u32.to_le_bytes());
        wkb.extend(rings.to_le_bytes());
        wkb.extend(points.to_le_bytes());
        for (x, y) in [(4.0, 46.0), (4.1, 46.0), (4.1, 46.1), (4.0, 46.0)] {
            for v in [x, y, 300.0f64] {
                wkb.extend(v.to_le_bytes());
            }
        }
        wkb
    }

    #[test]
    fn points_and_polygons_are_read() {
        for envelope in [0, 1, 4] {
            let form = Form::of(&binary(envelope, &point(4.07, 46.03)));
            assert_eq!(form, Form::Point(LonLat { lon: 4.07, lat: 46.03 }));
        }
        match Form::of(&binary(2, &polygon(1, 4))) {
            Form::Polygons(m) => assert_eq!(m.0[0].exterior().0.len(), 4),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn hostile_shapes_are_unusable() {
        let nested = [1u8, 7, 0, 0, 0, 1, 0, 0, 0].repeat(100_000);
        for wkb in [
            point(f64::NAN, 46.0),
            point(651_000.0, 6_862_000.0),
            polygon(u32::MAX, 4),
            polygon(1, u32::MAX),
            nested,
            vec![1, 1, 0],
        ] {
            assert_eq!(Form::of(&binary(0, &wkb)), Form::Unusable);
        }
        assert_eq!(Form::of(b"GP"), Form::Unusable);
        assert_eq!(Form::of(&[]), Form::Unusable);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(cut in 0usize..130, at in 0usize..130, byte: u8) {
            let mut blob = binary(0, &polygon(1, 4));
            let ix = at % blob.len();
            blob[ix] = byte;
            blob.truncate(cut);
            let _ = Form::of(&blob);
        }
    }
}
