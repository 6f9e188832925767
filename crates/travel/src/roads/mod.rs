//! From an extract and a profile to a graph.
//!
//! Only junctions and dead ends are nodes of the graph; what lies between them is kept as a shape, on which places are
//! snapped. Times are those of the profile; turns are not modelled beyond its delays at junctions, nor are turn
//! restrictions and limits by hour.

mod chains;
mod collect;
mod edges;
mod parts;
mod way;

pub use parts::Parts;

pub(crate) use edges::{CLOSED, Edges, Point, metres, offset};

use crate::graph::{GraphError, RoadGraph};
use crate::pbf::{Extract, ExtractRecord};
use crate::profile::Profile;
use collect::{Nodes, Tally};
use maillage_input::{Code, Place, Problem, Problems, Text};
use serde::Serialize;

/// Longest time of a stretch, in tenths of a second: a day.
const MAX_TIME: u32 = 864_000;

/// Roads that one may use, as a graph, and their shapes.
#[derive(Debug, Clone)]
pub struct Roads {
    /// Junctions and the times between them.
    pub graph: RoadGraph,
    /// Where one gets from anywhere to anywhere.
    pub parts: Parts,
    /// What the extract says of itself.
    pub extract: ExtractRecord,
    /// How much was read.
    pub counts: RoadCounts,
    pub(crate) edges: Edges,
}

/// How much of an extract was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RoadCounts {
    /// Ways that one may travel along.
    pub ways: u64,
    /// Those that lack nodes, as at the border of an extract: cut there.
    pub incomplete_ways: u64,
    /// Those with a speed limit or duration that makes no sense: ignored.
    pub absurd_ways: u64,
    /// Nodes of the graph.
    pub nodes: u64,
    /// Arcs of the graph.
    pub arcs: u64,
    /// Nodes of the largest part.
    pub main_nodes: u64,
    /// Number of parts.
    pub parts: u64,
}

impl Roads {
    /// Reads the roads of an extract (`.osm.pbf`), in three passes over the file.
    ///
    /// # Errors
    /// E1xx and E601 for the file; E602 when no road may be used. Warnings: W601.
    pub fn read(extract: &Extract, profile: &Profile) -> Result<(Roads, Problems), Problems> {
        let (nodes, edges, tally) = collect::collect(extract, profile)?;
        let mut edges = chains::join(edges, &nodes, profile);
        chains::delay(&mut edges, &nodes, profile);
        let file = Place::file(extract.record.file.path.clone());
        let graph = graph(&mut edges, &nodes).map_err(|e| {
            let cause = Text::new(format!("réseau trop grand ({e})"), format!("network too large ({e})"));
            Problem::error(Code::FileTooLarge, cause)
                .at(file.clone())
                .remedy(Text::new("découper l'extrait", "cut the extract"))
        })?;
        if graph.num_arcs() == 0 {
            let name = &profile.name;
            return Err(Problem::error(
                Code::NoRoads,
                Text::new(
                    format!("aucune route utilisable par le profil « {name} »"),
                    format!("no road that the profile `{name}` may use"),
                ),
            )
            .at(file)
            .remedy(Text::new("choisir un autre extrait ou profil", "choose another extract or profile"))
            .into());
        }
        let parts = Parts::of(&graph);
        let counts = RoadCounts {
            ways: tally.ways,
            incomplete_ways: tally.incomplete,
            absurd_ways: tally.absurd,
            nodes: graph.num_nodes() as u64,
            arcs: graph.num_arcs() as u64,
            main_nodes: parts.main_nodes as u64,
            parts: parts.count as u64,
        };
        let warnings = warnings(&tally, &extract.record.file.path);
        Ok((Roads { graph, parts, extract: extract.record.clone(), counts, edges }, warnings))
    }

    /// The places of the nodes of a stretch.
    pub(crate) fn ends(&self, ix: usize) -> (Point, Point) {
        let edge = self.edges.list()[ix];
        let point = |v: u32| (self.graph.lat[v as usize], self.graph.lon[v as usize]);
        (point(edge.from), point(edge.to))
    }
}

/// The graph of these stretches, whose ends are numbered anew, near places near each other.
fn graph(edges: &mut Edges, nodes: &Nodes) -> Result<RoadGraph, GraphError> {
    let mut order: Vec<u32> = edges.list().iter().flat_map(|e| [e.from, e.to]).collect();
    order.sort_unstable();
    order.dedup();
    order.sort_by_key(|&v| (interleaved(nodes.points[v as usize]), v));
    let mut number = vec![0; nodes.points.len()];
    for (new, &old) in (0..).zip(&order) {
        number[old as usize] = new;
    }
    let mut arcs = Vec::new();
    for e in edges.list_mut() {
        (e.from, e.to) = (number[e.from as usize], number[e.to as usize]);
        for (from, to, time) in [(e.from, e.to, &mut e.forward), (e.to, e.from, &mut e.backward)] {
            if *time != CLOSED {
                let tenths = (time.saturating_add(50) / 100).max(1);
                if tenths <= MAX_TIME { arcs.push((from, to, tenths)) } else { *time = CLOSED }
            }
        }
    }
    let points = order.iter().map(|&v| nodes.points[v as usize]).collect();
    RoadGraph::from_arcs(points, arcs)
}

/// Bits of latitude and longitude in turn.
fn interleaved((lat, lon): Point) -> u64 {
    let spread = |x: i32| {
        let mut x = u64::from((x ^ i32::MIN) as u32);
        for (shift, mask) in [
            (16, 0x0000_ffff_0000_ffff),
            (8, 0x00ff_00ff_00ff_00ff),
            (4, 0x0f0f_0f0f_0f0f_0f0f),
            (2, 0x3333_3333_3333_3333),
            (1, 0x5555_5555_5555_5555u64),
        ] {
            x = (x | x << shift) & mask;
        }
        x
    };
    spread(lat) << 1 | spread(lon)
}

fn warnings(tally: &Tally, file: &str) -> Problems {
    let mut problems = Problems::new();
    let found = [
        (
            tally.incomplete,
            "routes dont des nœuds manquent, coupées là",
            "roads that lack nodes, cut there",
            "rien à faire au bord d'un extrait ; ailleurs, le télécharger à nouveau",
            "nothing to do at the border of an extract; elsewhere, download it again",
        ),
        (
            tally.absurd,
            "routes dont la vitesse ou la durée n'a pas de sens, ignorée",
            "roads whose speed or duration makes no sense, ignored",
            "rien à faire, ou corriger OpenStreetMap",
            "nothing to do, or mend OpenStreetMap",
        ),
    ];
    for (count, fr, en, remedy_fr, remedy_en) in found {
        if count > 0 {
            let ways = tally.ways;
            let cause = Text::new(format!("{fr} : {count} sur {ways}"), format!("{en}: {count} of {ways}"));
            problems.push(
                Problem::warning(Code::RoadsLeftOut, cause)
                    .at(Place::file(file))
                    .remedy(Text::new(remedy_fr, remedy_en)),
            );
        }
    }
    problems
}
