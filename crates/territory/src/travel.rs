//! Times to travel between places: sparse, sorted, bounded.

pub(crate) mod table;

use crate::{LonLat, Minutes, Place, PlaceIx};
use geo::{Distance, Haversine, Point};
use maillage_input::{Code, Problem, Problems, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where times come from: printed in every output.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum TravelSource {
    /// Estimated, not measured on roads.
    Proxy {
        /// The speeds used.
        speed: ProxySpeed,
    },
    /// Read from a table.
    Table {
        /// Who made it; empty where nothing says so.
        source: String,
        /// When; empty where nothing says so.
        date: String,
    },
}

/// Speeds of the proxy: `t = 60 · detour · d / v`, with d the great-circle distance in km and v the mean of
/// the speeds at both ends. The speed of a place slides from `rural_kmh` where density is at most 50 people
/// per km² to `urban_kmh` at 3,000 and more, linearly in the logarithm of the density. Inside a place the
/// time is 0, as in INSEE's METRIC. Defaults are the middle of the ranges that rank communes best against
/// the official accessibility of 2018 (45-50 and 25-30 km/h; detour 1.3): fitted, not measured on roads.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProxySpeed {
    /// Speed in km/h where density is at most 50 people per km².
    #[schemars(range(min = 1, max = 200))]
    pub rural_kmh: f64,
    /// Speed in km/h where density is 3,000 people per km² or more.
    #[schemars(range(min = 1, max = 200))]
    pub urban_kmh: f64,
    /// Road distance over great-circle distance.
    #[schemars(range(min = 1, max = 5))]
    pub detour: f64,
}

impl Default for ProxySpeed {
    fn default() -> Self {
        ProxySpeed { rural_kmh: 47.5, urban_kmh: 27.5, detour: 1.3 }
    }
}

impl ProxySpeed {
    /// How far a place of this density lies from `rural_kmh` (0) to `urban_kmh` (1).
    #[must_use]
    pub fn urban_share(per_km2: f64) -> f64 {
        let (low, high) = (50f64, 3000f64);
        ((per_km2.clamp(low, high) / low).ln() / (high / low).ln()).clamp(0.0, 1.0)
    }

    /// The speed of a place by its [`ProxySpeed::urban_share`], in km/h.
    #[must_use]
    pub fn kmh(&self, urban_share: f64) -> f64 {
        self.rural_kmh + urban_share * (self.urban_kmh - self.rural_kmh)
    }

    /// The minutes between two places from the kilometres as the crow flies and the speed of each.
    #[must_use]
    pub fn minutes(&self, km: f64, kmh: [f64; 2]) -> f64 {
        60.0 * self.detour * km / ((kmh[0] + kmh[1]) / 2.0)
    }

    fn at_density(&self, per_km2: f64) -> f64 {
        self.kmh(Self::urban_share(per_km2))
    }
}

/// Kilometres between two points as the crow flies.
#[must_use]
pub fn crow_km(a: LonLat, b: LonLat) -> f64 {
    Haversine.distance(Point::new(a.lon, a.lat), Point::new(b.lon, b.lat)) / 1000.0
}

/// For each place, the places within the largest useful time, nearest first. Absent pairs are unreachable.
#[derive(Debug, Clone)]
pub struct TravelTimes {
    max: Minutes,
    source: TravelSource,
    /// What [`TravelTimes::at_percent`] made of the source's times.
    percent: u16,
    start: Vec<usize>,
    to: Vec<(PlaceIx, Minutes)>,
}

impl TravelTimes {
    /// From triples `(from, to, minutes)` over `n` places, kept up to `max`. A place reaches itself in 0 min
    /// unless a triple says otherwise; of a repeated pair the shortest time is kept.
    pub fn new(
        n: usize,
        max: Minutes,
        source: TravelSource,
        triples: impl IntoIterator<Item = (PlaceIx, PlaceIx, Minutes)>,
    ) -> TravelTimes {
        let mut lists: Vec<Vec<(PlaceIx, Minutes)>> = vec![Vec::new(); n];
        for (from, to, minutes) in triples {
            lists[from.0 as usize].push((to, minutes));
        }
        let (mut start, mut flat) = (vec![0], Vec::new());
        for (mut near, ix) in lists.into_iter().zip(0..) {
            let own = PlaceIx(ix);
            if !near.iter().any(|&(to, _)| to == own) {
                near.push((own, Minutes::ZERO));
            }
            // Of a repeated pair the shortest comes first and stays.
            near.sort_unstable();
            near.dedup_by_key(|&mut (to, _)| to);
            near.retain(|&(_, t)| t <= max);
            near.sort_unstable_by_key(|&(to, t)| (t, to));
            flat.append(&mut near);
            start.push(flat.len());
        }
        TravelTimes { max, source, percent: 100, start, to: flat }
    }

    /// The same trips with every time, and the largest useful one, at so many percent, rounded to hundredths of a minute: 120 is
    /// a fifth longer. What was absent stays so.
    ///
    /// ```
    /// use maillage_territory::{Minutes, PlaceIx, TravelSource, TravelTimes};
    /// let source = TravelSource::Table { source: "s".into(), date: "d".into() };
    /// let trip = [(PlaceIx(0), PlaceIx(1), Minutes::whole(25))];
    /// let slow = TravelTimes::new(2, Minutes::whole(30), source, trip).at_percent(120);
    /// assert_eq!((slow.minutes(PlaceIx(0), PlaceIx(1)), slow.max()), (Some(Minutes::whole(30)), Minutes::whole(36)));
    /// ```
    #[must_use]
    pub fn at_percent(&self, percent: u16) -> TravelTimes {
        let at = |t: Minutes| {
            let hundredths = (u64::from(t.hundredths()) * u64::from(percent) + 50) / 100;
            Minutes::from_hundredths(u32::try_from(hundredths).unwrap_or(u32::MAX))
        };
        let mut scaled = self.clone();
        scaled.max = at(self.max);
        scaled.percent = percent;
        scaled.to.iter_mut().for_each(|(_, t)| *t = at(*t));
        // Times that were apart may have become equal.
        for list in self.start.windows(2) {
            scaled.to[list[0]..list[1]].sort_unstable_by_key(|&(to, t)| (t, to));
        }
        scaled
    }

    /// Places reached from `from`, nearest first, with times up to [`TravelTimes::max`].
    pub fn from(&self, from: PlaceIx) -> &[(PlaceIx, Minutes)] {
        let i = from.0 as usize;
        &self.to[self.start[i]..self.start[i + 1]]
    }

    /// Time from one place to another; `None` is unreachable within [`TravelTimes::max`].
    pub fn minutes(&self, from: PlaceIx, to: PlaceIx) -> Option<Minutes> {
        self.from(from).iter().find(|&&(t, _)| t == to).map(|&(_, m)| m)
    }

    /// The largest useful time.
    pub fn max(&self) -> Minutes {
        self.max
    }

    /// Where the times come from.
    pub fn source(&self) -> &TravelSource {
        &self.source
    }

    /// At how many percent the times of the source are taken: 100, but for [`TravelTimes::at_percent`].
    pub fn percent(&self) -> u16 {
        self.percent
    }

    /// Number of pairs kept.
    pub fn pairs(&self) -> usize {
        self.to.len()
    }
}

pub(crate) fn proxy(
    places: &[Place],
    max_min: u16,
    speed: ProxySpeed,
    problems: &mut Problems,
) -> TravelTimes {
    let max = Minutes::whole(max_min);
    struct End {
        ix: PlaceIx,
        at: LonLat,
        kmh: f64,
    }
    let mut ends: Vec<End> = Vec::new();
    for (place, ix) in places.iter().zip(0..) {
        match place.point {
            Some(at) => {
                let density = place.area_km2.map_or(0.0, |a| place.population.0 as f64 / a);
                ends.push(End { ix: PlaceIx(ix), at, kmh: speed.at_density(density) });
            }
            None => problems.push(
                Problem::warning(
                    Code::NoCoordinates,
                    Text::new(
                        format!("{} ({}) n'a pas de coordonnées : aucun trajet", place.name, place.id),
                        format!("{} ({}) has no coordinates: no trip", place.name, place.id),
                    ),
                )
                .remedy(Text::new("compléter lon et lat", "fill in lon and lat")),
            ),
        }
    }
    // A degree of latitude is at least 110.5 km: places further apart than that never meet in time, at the
    // fastest speed. Sorting by latitude keeps the whole of France in seconds.
    let fastest = speed.rural_kmh.max(speed.urban_kmh);
    let reach_km = f64::from(max_min) * fastest / (60.0 * speed.detour);
    let window = reach_km / 110.5;
    ends.sort_by(|a, b| a.at.lat.total_cmp(&b.at.lat));
    let mut triples = Vec::new();
    for (k, a) in ends.iter().enumerate() {
        for b in ends[k + 1..].iter().take_while(|b| b.at.lat - a.at.lat <= window) {
            let minutes = speed.minutes(crow_km(a.at, b.at), [a.kmh, b.kmh]);
            if let Some(t) = Minutes::round(minutes).filter(|&t| t <= max) {
                triples.push((a.ix, b.ix, t));
                triples.push((b.ix, a.ix, t));
            }
        }
    }
    TravelTimes::new(places.len(), max, TravelSource::Proxy { speed }, triples)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speed_slides_with_density() {
        let s = ProxySpeed::default();
        assert_eq!(s.at_density(0.0), 47.5);
        assert_eq!(s.at_density(50.0), 47.5);
        assert_eq!(s.at_density(9000.0), 27.5);
        // Half-way in the logarithm: sqrt(50 · 3000) people per km².
        assert!((s.at_density((50f64 * 3000.0).sqrt()) - 37.5).abs() < 1e-9);
    }

    #[test]
    fn lists_are_sorted_bounded_and_reflexive() {
        let t = |m| Minutes::whole(m);
        let source = TravelSource::Table { source: "s".into(), date: "d".into() };
        let times = TravelTimes::new(
            3,
            t(30),
            source,
            [
                (PlaceIx(0), PlaceIx(1), t(20)),
                (PlaceIx(0), PlaceIx(1), t(10)),
                (PlaceIx(0), PlaceIx(2), t(31)),
                (PlaceIx(2), PlaceIx(0), t(30)),
            ],
        );
        assert_eq!(times.from(PlaceIx(0)), &[(PlaceIx(0), t(0)), (PlaceIx(1), t(10))]);
        assert_eq!(times.minutes(PlaceIx(2), PlaceIx(0)), Some(t(30)));
        assert_eq!(times.minutes(PlaceIx(1), PlaceIx(0)), None);
    }
}
