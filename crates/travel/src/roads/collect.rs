//! The three passes over an extract: which nodes roads use, where these are, and the stretches between junctions.

use super::edges::{CLOSED, Edges, Point, metres, milliseconds, sum};
use super::way::{Pace, Passage, blocks, passage};
use crate::pbf::{Block, Extract, Malformed, Node, Tags, tag};
use crate::profile::Profile;
use maillage_input::{Code, Place, Problem, Text};
use rayon::prelude::*;

/// What a node is.
pub(super) mod flag {
    /// Roads meet or end here.
    pub(in crate::roads) const JUNCTION: u8 = 1;
    /// Traffic lights for those who follow the direction of the way.
    pub(in crate::roads) const LIGHTS_FORWARD: u8 = 2;
    /// Traffic lights for those who go against it.
    pub(in crate::roads) const LIGHTS_BACKWARD: u8 = 4;
    /// A barrier that stops one.
    pub(in crate::roads) const BLOCKED: u8 = 8;
}

/// The nodes that roads use, by id.
#[derive(Default)]
pub(super) struct Nodes {
    ids: Vec<i64>,
    pub(super) flags: Vec<u8>,
    /// Latitude [`NOWHERE`] marks a node that the extract does not have.
    pub(super) points: Vec<Point>,
}

const NOWHERE: Point = (i32::MIN, i32::MIN);

/// What was found, and what could not be used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) ways: u64,
    pub(super) absurd: u64,
    pub(super) incomplete: u64,
}

pub(super) fn collect(extract: &Extract, profile: &Profile) -> Result<(Nodes, Edges, Tally), Problem> {
    let (mut refs, mut tally) = (Vec::new(), Tally::default());
    // By blob: whether it holds nodes, and whether it holds roads, so that later passes unpack only those.
    let mut holds: Vec<(bool, bool)> = Vec::new();
    extract.scan(
        |_| true,
        |block| first_pass(block, profile),
        |_, (mut found, nodes, of_block)| {
            holds.push((nodes, !found.is_empty()));
            refs.append(&mut found);
            tally.ways += of_block.ways;
            tally.absurd += of_block.absurd;
        },
    )?;
    if refs.len() >= u32::MAX as usize {
        return Err(Problem::error(
            Code::FileTooLarge,
            Text::new("plus de 4 milliards de nœuds", "more than 4 billion nodes"),
        )
        .at(Place::file(extract.record.file.path.clone()))
        .remedy(Text::new("découper l'extrait", "cut the extract")));
    }
    let mut nodes = Nodes::new(refs);
    let (ids, points, flags) = (&nodes.ids, &mut nodes.points, &mut nodes.flags);
    extract.scan(
        |ix| holds[ix].0,
        |block| second_pass(block, ids, profile),
        |_, located| {
            for (ix, point, flag) in located {
                points[ix as usize] = point;
                flags[ix as usize] |= flag;
            }
        },
    )?;
    let mut edges = Edges::default();
    extract.scan(
        |ix| holds[ix].1,
        |block| third_pass(block, &nodes, profile),
        |_, (of_block, incomplete)| {
            edges.append(of_block);
            tally.incomplete += incomplete;
        },
    )?;
    // From here on nodes go by their position.
    nodes.ids = Vec::new();
    Ok((nodes, edges, tally))
}

type First = (Vec<i64>, bool, Tally);

/// The nodes of roads, the ends of each road twice; whether there are nodes; the number of roads.
fn first_pass(block: &Block, profile: &Profile) -> Result<First, Malformed> {
    let (has_nodes, has_ways) = block.holds()?;
    let (mut refs, mut tally, mut fault) = (Vec::new(), Tally::default(), Ok(()));
    if has_ways {
        block.ways(|way, tags| {
            let Some(passage) = passage(profile, tags) else { return };
            let start = refs.len();
            for id in way.nodes {
                match id {
                    Ok(id) => refs.push(id),
                    Err(e) => fault = Err(e),
                }
            }
            if refs.len() < start + 2 {
                refs.truncate(start);
                return;
            }
            refs.extend([refs[start], refs[refs.len() - 1]]);
            tally.ways += 1;
            tally.absurd += u64::from(passage.absurd);
        })?;
    }
    fault.map(|()| (refs, has_nodes, tally))
}

impl Nodes {
    /// From ids with repeats: a node that stands twice is a junction.
    fn new(mut ids: Vec<i64>) -> Nodes {
        ids.par_sort_unstable();
        let mut flags = Vec::new();
        let mut kept = 0;
        for ix in 0..ids.len() {
            if kept > 0 && ids[kept - 1] == ids[ix] {
                flags[kept - 1] = flag::JUNCTION;
            } else {
                ids[kept] = ids[ix];
                flags.push(0);
                kept += 1;
            }
        }
        ids.truncate(kept);
        ids.shrink_to_fit();
        let points = vec![NOWHERE; kept];
        Nodes { ids, flags, points }
    }

    fn known(&self, ix: u32) -> bool {
        self.points[ix as usize] != NOWHERE && self.flags[ix as usize] & flag::BLOCKED == 0
    }
}

/// The nodes of this block that roads use.
fn second_pass(block: &Block, ids: &[i64], profile: &Profile) -> Result<Vec<(u32, Point, u8)>, Malformed> {
    let mut located = Vec::new();
    let (mut last, mut at) = (i64::MIN, 0);
    block.nodes(|Node { id, point }, tags| {
        // Ids mostly rise: the search goes on from the node before, and most nodes end it at once.
        if id < last {
            at = 0;
        }
        last = id;
        if ids.get(at).is_none_or(|&next| next > id) {
            return;
        }
        let found = ids[at..].binary_search(&id);
        let (Ok(ix) | Err(ix)) = found;
        at += ix;
        if let (Ok(_), Some(point)) = (found, point) {
            located.push((at as u32, point, flags(profile, tags)));
        }
    })?;
    Ok(located)
}

fn flags(profile: &Profile, tags: &Tags) -> u8 {
    let mut flags = 0;
    if tag(tags, "highway") == Some("traffic_signals") {
        let direction = tag(tags, "traffic_signals:direction").or_else(|| tag(tags, "direction"));
        flags |= match direction {
            Some("forward") => flag::LIGHTS_FORWARD,
            Some("backward") => flag::LIGHTS_BACKWARD,
            _ => flag::LIGHTS_FORWARD | flag::LIGHTS_BACKWARD,
        };
    }
    if blocks(profile, tags) { flags | flag::BLOCKED } else { flags }
}

/// The stretches of roads of this block, and how many roads lack nodes.
fn third_pass(block: &Block, nodes: &Nodes, profile: &Profile) -> Result<(Edges, u64), Malformed> {
    let (mut edges, mut incomplete, mut fault) = (Edges::default(), 0, Ok(()));
    block.ways(|way, tags| {
        let Some(passage) = passage(profile, tags) else { return };
        let mut along: Vec<u32> = Vec::new();
        for id in way.nodes {
            match id.map(|id| nodes.ids.binary_search(&id)) {
                Ok(Ok(ix)) if along.last() == Some(&(ix as u32)) => {}
                Ok(Ok(ix)) => along.push(ix as u32),
                Ok(Err(_)) => {}
                Err(e) => fault = Err(e),
            }
        }
        let lacking = along.iter().any(|&ix| nodes.points[ix as usize] == NOWHERE);
        incomplete += u64::from(lacking);
        stretches(&along, &passage, nodes, profile, &mut edges);
    })?;
    fault.map(|()| (edges, incomplete))
}

/// Cuts a road at junctions, at missing nodes and at barriers.
fn stretches(along: &[u32], passage: &Passage, nodes: &Nodes, profile: &Profile, edges: &mut Edges) {
    let point = |ix: u32| nodes.points[ix as usize];
    let whole = along.iter().all(|&ix| nodes.known(ix));
    let length: f64 =
        if whole { along.windows(2).map(|w| metres(point(w[0]), point(w[1]))).sum() } else { 0.0 };
    let ferry = profile.ferry.filter(|_| usize::from(passage.kind) == profile.roads.len());
    let pace = |pace: Option<Pace>, metres: f64| match pace {
        None => CLOSED,
        Some(Pace::Kmh(kmh)) => milliseconds(metres * 3.6 / kmh),
        Some(Pace::Seconds(s)) if length > 0.0 => milliseconds(s * metres / length),
        // Of a crossing whose length is unknown the duration says nothing.
        Some(Pace::Seconds(_)) => ferry.map_or(CLOSED, |f| milliseconds(metres * 3.6 / f.default_kmh)),
    };
    let boarding = milliseconds(ferry.map_or(0.0, |f| f.boarding_s / 2.0));
    let lights = milliseconds(profile.traffic_signals_s);
    for run in along.split(|&ix| !nodes.known(ix)) {
        let mut first = 0;
        let (mut forward, mut backward) = (0, 0);
        for k in 1..run.len() {
            let metres = metres(point(run[k - 1]), point(run[k]));
            forward = sum(forward, pace(passage.forward, metres));
            backward = sum(backward, pace(passage.backward, metres));
            let flags = nodes.flags[run[k] as usize];
            if flags & flag::JUNCTION == 0 && k + 1 < run.len() {
                forward = sum(forward, if flags & flag::LIGHTS_FORWARD == 0 { 0 } else { lights });
                backward = sum(backward, if flags & flag::LIGHTS_BACKWARD == 0 { 0 } else { lights });
                continue;
            }
            for end in [run[first] == along[0], run.get(k) == along.last()] {
                if end {
                    (forward, backward) = (sum(forward, boarding), sum(backward, boarding));
                }
            }
            let shape = run[first + 1..k].iter().map(|&ix| point(ix));
            let kinds = ([passage.kind; 2], passage.stops);
            edges.push((run[first], run[k]), (forward, backward), kinds, shape);
            (first, forward, backward) = (k, 0, 0);
        }
    }
}
