//! From degrees to the whole numbers of the drawing.

use geo::MultiPolygon;
use maillage_territory::{LonLat, Territory};
use std::fmt::Write as _;

/// Width of the first view, in units of the drawing.
pub(crate) const WIDTH: f64 = 4000.0;
/// Kilometres in a degree of latitude.
const KM_PER_DEGREE: f64 = 111.2;

/// A point of the drawing.
pub(crate) type Dot = (i32, i32);

/// A local equirectangular projection: true to scale at the middle of the territory. The first view starts
/// at 0, 0 and is [`WIDTH`] wide.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    west: f64,
    north: f64,
    per_lon: f64,
    per_lat: f64,
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
        Bounds { west: self.west - x, east: self.east + x, south: self.south - y, north: self.north + y }
    }
}

/// Every point that a place is drawn with.
fn points(territory: &Territory, core: bool) -> Vec<LonLat> {
    let mut all = Vec::new();
    for (place, shape) in territory.places.iter().zip(&territory.contours) {
        if core && !place.core {
            continue;
        }
        all.extend(place.point);
        for polygon in shape.iter().flat_map(|s| &s.0) {
            all.extend(polygon.exterior().coords().map(|c| LonLat { lon: c.x, lat: c.y }));
        }
    }
    all
}

impl Frame {
    /// The first view shows the territory itself with some surroundings; `None` when nothing has a position.
    pub fn new(territory: &Territory) -> Option<Frame> {
        let all = Bounds::of(points(territory, false).into_iter())?.padded(0.01, 0.01);
        let core = Bounds::of(points(territory, true).into_iter()).unwrap_or(all).padded(0.06, 0.02);
        let squeeze = ((core.south + core.north) / 2.0).to_radians().cos().max(0.05);
        let (mut width, mut height) = ((core.east - core.west) * squeeze, core.north - core.south);
        let (mut west, mut north) = (core.west, core.north);
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
            west,
            north,
            per_lon: per_lat * squeeze,
            per_lat,
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
        (
            ((p.lon - self.west) * self.per_lon).round() as i32,
            ((self.north - p.lat) * self.per_lat).round() as i32,
        )
    }

    /// The rings of a shape in whole units, closed, without repeated points; rings that shrink to nothing
    /// are left out.
    pub fn rings(&self, shape: &MultiPolygon<f64>) -> Vec<Vec<Dot>> {
        let all = shape.0.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
        all.map(|ring| {
            let mut dots: Vec<Dot> = ring.coords().map(|c| self.dot(LonLat { lon: c.x, lat: c.y })).collect();
            dots.dedup();
            dots
        })
        .filter(|dots| dots.len() > 3)
        .collect()
    }

    /// A length of 1, 2 or 5 times a power of ten km, near a quarter of the first view; with its share of
    /// the width, in hundredths of a per cent.
    pub fn scale_bar(&self) -> (f64, u32) {
        let target = WIDTH / 4.0 / self.per_km;
        let power = 10f64.powf(target.log10().floor());
        let km = [5.0, 2.0, 1.0].into_iter().map(|m| m * power).find(|&km| km <= target).unwrap_or(power);
        (km, (km * self.per_km / WIDTH * 10_000.0).round() as u32)
    }
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
