//! From degrees to the whole numbers of the drawing.

use geo::MultiPolygon;
use maillage_territory::{LonLat, Place, Territory};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Width of the first view, in units of the drawing.
pub(crate) const WIDTH: f64 = 4000.0;
/// Kilometres in a degree of latitude.
pub(crate) const KM_PER_DEGREE: f64 = 111.2;

/// A point of the drawing.
pub(crate) type Dot = (i32, i32);

/// Degrees that part an overseas territory from the rest, at least.
const FAR: f64 = 5.0;

/// From degrees to units: which corner lies where, and how many units a degree takes.
#[derive(Debug, Clone, Copy)]
struct Corner {
    west: f64,
    north: f64,
    left: f64,
    top: f64,
    per_lon: f64,
    per_lat: f64,
}

impl Corner {
    fn dot(&self, p: LonLat) -> Dot {
        (
            (self.left + (p.lon - self.west) * self.per_lon).round() as i32,
            (self.top + (self.north - p.lat) * self.per_lat).round() as i32,
        )
    }
}

/// An overseas territory, drawn in a square of its own at a scale of its own.
#[derive(Debug, Clone)]
pub(crate) struct Inset {
    /// Its name.
    pub name: String,
    bounds: Bounds,
    corner: Corner,
    /// Where its square begins, and how wide that is.
    pub left: i32,
    /// Down.
    pub top: i32,
    /// Across and down.
    pub side: i32,
}

/// A local equirectangular projection: true to scale at the middle of the territory. The first view starts
/// at 0, 0 and is [`WIDTH`] wide.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    corner: Corner,
    /// What lies overseas, in a column on the left.
    pub insets: Vec<Inset>,
    /// Height of the first view.
    pub height: f64,
    /// Units in a kilometre.
    pub per_km: f64,
    /// Left, top, width, height of everything there is.
    pub all: [i32; 4],
}

/// Least and greatest of longitudes and latitudes.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    west: f64,
    east: f64,
    south: f64,
    north: f64,
}

impl Bounds {
    fn of(points: impl Iterator<Item = LonLat>) -> Option<Bounds> {
        points.fold(None, |bounds, p| {
            let b = bounds.unwrap_or(Bounds { west: p.lon, east: p.lon, south: p.lat, north: p.lat });
            Some(Bounds {
                west: b.west.min(p.lon),
                east: b.east.max(p.lon),
                south: b.south.min(p.lat),
                north: b.north.max(p.lat),
            })
        })
    }

    /// Wider by a share of itself, at least `least` degrees.
    fn padded(self, share: f64, least: f64) -> Bounds {
        let (x, y) = ((self.east - self.west) * share, (self.north - self.south) * share);
        let (x, y) = (x.max(least), y.max(least));
        self.wider(x, y)
    }

    fn wider(self, x: f64, y: f64) -> Bounds {
        Bounds { west: self.west - x, east: self.east + x, south: self.south - y, north: self.north + y }
    }

    fn holds(&self, p: LonLat) -> bool {
        (self.west..=self.east).contains(&p.lon) && (self.south..=self.north).contains(&p.lat)
    }

    fn meets(&self, other: &Bounds) -> bool {
        self.west <= other.east
            && other.west <= self.east
            && self.south <= other.north
            && other.south <= self.north
    }

    /// How much narrower a degree of longitude is than one of latitude, in the middle.
    fn squeeze(&self) -> f64 {
        ((self.south + self.north) / 2.0).to_radians().cos().max(0.05)
    }
}

/// Every point that some places are drawn with.
fn points(territory: &Territory, wanted: impl Fn(&Place) -> bool) -> Vec<LonLat> {
    let mut all = Vec::new();
    for (place, shape) in territory.places.iter().zip(&territory.contours).filter(|(p, _)| wanted(p)) {
        all.extend(place.point);
        for polygon in shape.iter().flat_map(|s| &s.0) {
            all.extend(polygon.exterior().coords().map(|c| LonLat { lon: c.x, lat: c.y }));
        }
    }
    all
}

/// The first three figures of a French overseas code.
fn overseas(place: &Place) -> Option<&str> {
    place.id.as_str().get(..3).filter(|code| code.starts_with("97") || code.starts_with("98"))
}

/// Overseas territories far from all else, by code, with their names and bounds. None where all else is nothing.
fn away(territory: &Territory) -> Vec<(String, Bounds)> {
    let Some(rest) = Bounds::of(points(territory, |p| p.core && overseas(p).is_none()).into_iter()) else {
        return Vec::new();
    };
    let rest = rest.wider(FAR, FAR);
    let mut names: BTreeMap<&str, &str> = BTreeMap::new();
    for place in territory.places.iter().filter(|p| p.core) {
        let Some(code) = overseas(place) else { continue };
        names.insert(code, place.department.as_ref().map_or(code, |d| d.name.as_str()));
    }
    let parts = names.into_iter().filter_map(|(code, name)| {
        let bounds = Bounds::of(points(territory, |p| overseas(p) == Some(code)).into_iter())?;
        Some((name.to_owned(), bounds.padded(0.04, 0.01)))
    });
    parts.filter(|(_, bounds)| !bounds.meets(&rest)).collect()
}

/// Squares one below the other from the upper left corner.
fn insets(parts: Vec<(String, Bounds)>, side: f64) -> Vec<Inset> {
    let place = |(i, (name, bounds)): (usize, (String, Bounds))| {
        let (top, inner) = (side * i as f64 + side * 0.06, side * 0.88);
        let squeeze = bounds.squeeze();
        let (wide, high) = ((bounds.east - bounds.west) * squeeze, bounds.north - bounds.south);
        let per_lat = inner / wide.max(high);
        let corner = Corner {
            west: bounds.west,
            north: bounds.north,
            left: side * 0.06 + (inner - wide * per_lat) / 2.0,
            top: top + (inner - high * per_lat) / 2.0,
            per_lon: per_lat * squeeze,
            per_lat,
        };
        let [left, top, side] = [side * 0.06, top, inner].map(|v| v.round() as i32);
        Inset { name, bounds, corner, left, top, side }
    };
    parts.into_iter().enumerate().map(place).collect()
}

impl Frame {
    /// The first view shows the territory itself with some surroundings; `None` when nothing has a position.
    pub fn new(territory: &Territory) -> Option<Frame> {
        let far = away(territory);
        let bounds = |core: bool| {
            let all = points(territory, |p| p.core || !core).into_iter();
            Bounds::of(all.filter(|p| !far.iter().any(|(_, b)| b.holds(*p))))
        };
        let all = bounds(false)?.padded(0.01, 0.01);
        let core = bounds(true).unwrap_or(all).padded(0.06, 0.02);
        let squeeze = core.squeeze();
        let (mut width, mut height) = ((core.east - core.west) * squeeze, core.north - core.south);
        let (mut west, mut north) = (core.west, core.north);
        // Room on the left for what lies overseas, above the scale.
        let side = if far.is_empty() { 0.0 } else { height / (far.len().max(5) as f64 + 0.6) };
        west -= side / squeeze;
        width += side;
        // A page holds neither a ribbon nor a tower.
        if width < height * 1.02 {
            west -= (height * 1.02 - width) / 2.0 / squeeze;
            width = height * 1.02;
        } else if width > height * 1.6 {
            north += (width / 1.6 - height) / 2.0;
            height = width / 1.6;
        }
        let per_lat = WIDTH / width;
        let mut frame = Frame {
            corner: Corner { west, north, left: 0.0, top: 0.0, per_lon: per_lat * squeeze, per_lat },
            insets: insets(far, side * per_lat),
            height: (height * per_lat).round(),
            per_km: per_lat / KM_PER_DEGREE,
            all: [0; 4],
        };
        let (left, top) = frame.dot(LonLat { lon: all.west, lat: all.north });
        let (right, bottom) = frame.dot(LonLat { lon: all.east, lat: all.south });
        let (left, top) = (left.min(0), top.min(0));
        frame.all = [left, top, right.max(WIDTH as i32) - left, bottom.max(frame.height as i32) - top];
        Some(frame)
    }

    /// Where a point is drawn.
    pub fn dot(&self, p: LonLat) -> Dot {
        self.insets.iter().find(|i| i.bounds.holds(p)).map_or(self.corner, |i| i.corner).dot(p)
    }

    /// The rings of a shape.
    pub fn rings(&self, shape: &MultiPolygon<f64>) -> Vec<Vec<Dot>> {
        rings(shape, |p| self.dot(p))
    }

    /// A length of 1, 2 or 5 times a power of ten km, near a quarter of the first view; with its share of
    /// the width, in hundredths of a per cent.
    pub fn scale_bar(&self) -> (f64, u32) {
        let km = round_km(WIDTH / 4.0 / self.per_km);
        (km, (km * self.per_km / WIDTH * 10_000.0).round() as u32)
    }
}

/// The rings of a shape in whole units, closed, without repeated points; rings that shrink to nothing are left out.
pub(crate) fn rings(shape: &MultiPolygon<f64>, dot: impl Fn(LonLat) -> Dot) -> Vec<Vec<Dot>> {
    let all = shape.0.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
    all.map(|ring| {
        let mut dots: Vec<Dot> = ring.coords().map(|c| dot(LonLat { lon: c.x, lat: c.y })).collect();
        dots.dedup();
        dots
    })
    .filter(|dots| dots.len() > 3)
    .collect()
}

/// The largest of 1, 2 or 5 times a power of ten that is no more than `most`.
pub(crate) fn round_km(most: f64) -> f64 {
    let power = 10f64.powf(most.log10().floor());
    [5.0, 2.0, 1.0].into_iter().map(|m| m * power).find(|&km| km <= most).unwrap_or(power)
}

/// Writes lines as a path: absolute starts, relative steps, no more characters than needed.
pub(crate) fn path(lines: &[Vec<Dot>], closed: bool) -> String {
    let mut d = String::new();
    for line in lines {
        let Some((&first, rest)) = line.split_first() else { continue };
        let _ = write!(d, "M{} {}l", first.0, first.1);
        let rest = if closed { &rest[..rest.len().saturating_sub(1)] } else { rest };
        let mut last = first;
        for (i, &(x, y)) in rest.iter().enumerate() {
            for (k, step) in [x - last.0, y - last.1].into_iter().enumerate() {
                if step >= 0 && (i > 0 || k > 0) {
                    d.push(' ');
                }
                let _ = write!(d, "{step}");
            }
            last = (x, y);
        }
        if closed {
            d.push('z');
        }
    }
    d
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::sample;
    use maillage_territory::{Persons, PlaceId};

    /// A place of the territory itself at a point, without a contour.
    fn add(territory: &mut Territory, code: &str, lon: f64, lat: f64) {
        let point = Some(LonLat { lon, lat });
        let place = Place { point, core: true, ..Place::new(PlaceId::new(code).unwrap(), code, Persons(1)) };
        territory.places.push(place);
        territory.contours.push(None);
    }

    #[test]
    fn overseas_is_drawn_in_boxes_and_the_rest_at_its_own_scale() {
        let mut s = sample();
        let near = Frame::new(&s.territory).unwrap();
        add(&mut s.territory, "97101", -61.5, 16.2);
        add(&mut s.territory, "97102", -61.3, 16.0);
        add(&mut s.territory, "97401", 55.5, -21.1);
        let frame = Frame::new(&s.territory).unwrap();
        let names: Vec<&str> = frame.insets.iter().map(|i| i.name.as_str()).collect();
        assert_eq!(names, ["971", "974"]);
        // The rest gives way by a fifth of its height at most: not to the Atlantic.
        assert!(frame.per_km > near.per_km * 0.8, "{} {}", frame.per_km, near.per_km);
        let inside = |i: &Inset, d: Dot| {
            (i.left..=i.left + i.side).contains(&d.0) && (i.top..=i.top + i.side).contains(&d.1)
        };
        let (a, b) = (LonLat { lon: -61.5, lat: 16.2 }, LonLat { lon: -61.3, lat: 16.0 });
        assert!([a, b].into_iter().all(|p| inside(&frame.insets[0], frame.dot(p))));
        assert!(
            frame.dot(a).0 < frame.dot(b).0 && frame.dot(a).1 < frame.dot(b).1,
            "east is right, south is down"
        );
        assert!(inside(&frame.insets[1], frame.dot(LonLat { lon: 55.5, lat: -21.1 })));
        assert!(frame.insets[0].top + frame.insets[0].side < frame.insets[1].top);
        assert!(frame.all[0] >= -400 && frame.all[2] < 6000, "{:?}", frame.all);
    }

    #[test]
    fn codes_that_look_overseas_stay_where_they_are() {
        let mut s = sample();
        add(&mut s.territory, "97101", 4.5, 46.1);
        assert!(Frame::new(&s.territory).unwrap().insets.is_empty());
        // Overseas alone is the territory itself.
        s.territory.places.retain(|p| overseas(p).is_some());
        s.territory.contours.truncate(1);
        s.territory.contours[0] = None;
        assert!(Frame::new(&s.territory).unwrap().insets.is_empty());
    }
}
