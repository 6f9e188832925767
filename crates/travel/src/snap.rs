//! Places on the roads nearest to them.

mod grid;

use crate::places::PlacePoint;
use crate::roads::{CLOSED, Point, Roads};
use grid::{Grid, Nearest};
use maillage_input::{Code, Place as At, Problem, Problems, Text};
use rayon::prelude::*;
use serde::Serialize;

/// How far from a road a place may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SnapLimits {
    /// Metres beyond which a place is far, and said to be so.
    pub far_m: f64,
    /// Metres beyond which a place is not put on any road.
    pub most_m: f64,
}

impl Default for SnapLimits {
    /// Far beyond one kilometre; on no road beyond ten.
    fn default() -> Self {
        SnapLimits { far_m: 1_000.0, most_m: 10_000.0 }
    }
}

/// A place on a road of the largest part of the network.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Snap {
    /// Metres from the place, as the crow flies.
    pub metres: f64,
    /// Tenths of a second added for that way, at the profile's speed off the road.
    pub added: u32,
    /// Metres to the nearest road of all, where that one does not lead to the largest part and is nearer by 10 m or more.
    pub island_m: Option<f64>,
    edge: u32,
    /// How far along the stretch, by length.
    share: f64,
}

/// Puts places on the largest part of the network: each at the nearest point of a road where one may stop, or nowhere if
/// that is farther than [`SnapLimits::most_m`]. `off_road_kmh` is the speed from the place to the road.
#[must_use]
pub fn snap(
    roads: &Roads,
    places: &[PlacePoint],
    off_road_kmh: f64,
    limits: SnapLimits,
) -> Vec<Option<Snap>> {
    let grid = Grid::new(roads);
    places
        .par_iter()
        .map(|place| {
            let (main, any) = grid.nearest(roads, point(place)?, limits.most_m);
            let main: Nearest = main?;
            let added = (main.metres * 36.0 / off_road_kmh).round();
            Some(Snap {
                metres: main.metres,
                added: added as u32,
                island_m: any.map(|a| a.metres).filter(|&m| m + 10.0 <= main.metres),
                edge: main.edge,
                share: main.share,
            })
        })
        .collect()
}

/// The place in 1e-7 degrees; `None` off the Earth.
pub(crate) fn point(place: &PlacePoint) -> Option<Point> {
    let fits = place.lat.abs() <= 90.0 && place.lon.abs() <= 180.0;
    fits.then(|| ((place.lat * 1e7).round() as i32, (place.lon * 1e7).round() as i32))
}

impl Snap {
    /// The stretch of road it lies on.
    pub(crate) fn edge(&self) -> u32 {
        self.edge
    }

    /// Where one gets to the network from here: nodes and tenths of a second.
    pub(crate) fn leaving(&self, roads: &Roads) -> impl Iterator<Item = (u32, u32)> {
        let edge = roads.edges.list()[self.edge as usize];
        self.ways([(edge.to, edge.forward, 1.0 - self.share), (edge.from, edge.backward, self.share)])
    }

    /// Where one gets here from the network: nodes and tenths of a second.
    pub(crate) fn arriving(&self, roads: &Roads) -> impl Iterator<Item = (u32, u32)> {
        let edge = roads.edges.list()[self.edge as usize];
        self.ways([(edge.from, edge.forward, self.share), (edge.to, edge.backward, 1.0 - self.share)])
    }

    fn ways(&self, ways: [(u32, u32, f64); 2]) -> impl Iterator<Item = (u32, u32)> {
        let added = self.added;
        ways.into_iter()
            // At an end of the stretch one is at the node, whatever the direction of the stretch.
            .filter(|&(_, time, share)| time != CLOSED || share == 0.0)
            .map(move |(node, time, share)| (node, tenths(time, share).saturating_add(added)))
    }

    /// The time to another place on the same stretch, without leaving it.
    pub(crate) fn along(&self, to: &Snap, roads: &Roads) -> Option<u32> {
        if self.edge != to.edge {
            return None;
        }
        let edge = roads.edges.list()[self.edge as usize];
        let share = to.share - self.share;
        let time = if share >= 0.0 { edge.forward } else { edge.backward };
        let both = self.added.saturating_add(to.added);
        (time != CLOSED || share == 0.0).then(|| tenths(time, share.abs()).saturating_add(both))
    }
}

/// A share of milliseconds, in tenths of a second.
fn tenths(time: u32, share: f64) -> u32 {
    (f64::from(time) * share / 100.0).round() as u32
}

/// What is to be said of places that are far, nowhere, or nearer to a road that leads nowhere. `file` is the table of
/// the places.
#[must_use]
pub fn warnings(places: &[PlacePoint], snaps: &[Option<Snap>], limits: SnapLimits, file: &str) -> Problems {
    let mut problems = Problems::new();
    for (place, snap) in places.iter().zip(snaps) {
        let id = &place.id;
        let km = |metres: f64| format!("{:.1}", metres / 1000.0);
        let problem = match snap {
            None => Problem::warning(
                Code::FarFromRoads,
                Text::new(
                    format!("{id} : aucune route à moins de {} km, aucun trajet", km(limits.most_m).replace('.', ",")),
                    format!("{id}: no road within {} km, no trip", km(limits.most_m)),
                ),
            )
            .remedy(Text::new("vérifier lat et lon, ou prendre un extrait plus large", "check lat and lon, or take a wider extract")),
            Some(Snap { island_m: Some(nearer), metres, .. }) => Problem::warning(
                Code::OnIsland,
                Text::new(
                    format!("{id} : la route la plus proche, à {nearer:.0} m, ne mène pas au reste du réseau ; prise à {metres:.0} m"),
                    format!("{id}: the nearest road, {nearer:.0} m away, does not lead to the rest of the network; taken {metres:.0} m away"),
                ),
            )
            .remedy(Text::new("rien à faire si l'écart est petit", "nothing to do if the difference is small")),
            Some(snap) if snap.metres > limits.far_m => Problem::warning(
                Code::FarFromRoads,
                Text::new(
                    format!("{id} : route la plus proche à {} km, {:.0} min ajoutées", km(snap.metres).replace('.', ","), f64::from(snap.added) / 600.0),
                    format!("{id}: nearest road {} km away, {:.0} min added", km(snap.metres), f64::from(snap.added) / 600.0),
                ),
            )
            .remedy(Text::new("vérifier lat et lon", "check lat and lon")),
            Some(_) => continue,
        };
        problems.push(problem.at(At::file(file)));
    }
    problems
}

/// How places lie on the roads.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SnapReport {
    /// Number of places.
    pub places: u64,
    /// Places on no road.
    pub nowhere: Vec<String>,
    /// Places far from any road.
    pub far: Vec<String>,
    /// Places whose nearest road leads nowhere.
    pub cut_off: Vec<String>,
    /// Metres to the road: half of places have no more, and the most.
    pub median_m: Option<f64>,
    /// The most.
    pub most_m: Option<f64>,
    /// Most time added, in minutes.
    pub most_added_min: Option<f64>,
}

impl SnapReport {
    /// Of places and where they lie.
    #[must_use]
    pub fn of(places: &[PlacePoint], snaps: &[Option<Snap>], limits: SnapLimits) -> SnapReport {
        let those = |which: &dyn Fn(&Option<Snap>) -> bool| -> Vec<String> {
            places.iter().zip(snaps).filter(|(_, s)| which(s)).map(|(p, _)| p.id.clone()).collect()
        };
        let mut metres: Vec<f64> = snaps.iter().flatten().map(|s| (s.metres * 10.0).round() / 10.0).collect();
        metres.sort_by(f64::total_cmp);
        let added = snaps.iter().flatten().map(|s| s.added).max();
        SnapReport {
            places: places.len() as u64,
            nowhere: those(&|s| s.is_none()),
            far: those(&|s| s.is_some_and(|s| s.metres > limits.far_m)),
            cut_off: those(&|s| s.is_some_and(|s| s.island_m.is_some())),
            median_m: metres.get(metres.len().saturating_sub(1) / 2).copied(),
            most_m: metres.last().copied(),
            most_added_min: added.map(|a| f64::from(a / 6) / 100.0),
        }
    }
}
