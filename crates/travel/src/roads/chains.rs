//! Stretches that merely continue one another become one.

use super::collect::{Nodes, flag};
use super::edges::{CLOSED, Edge, Edges, milliseconds, sum};
use crate::profile::Profile;

/// The stretches at each node: `of[start[v]..start[v + 1]]`, as the stretch and whether the node is its end.
struct Ends {
    start: Vec<u32>,
    of: Vec<(u32, bool)>,
}

impl Ends {
    fn new(nodes: usize, edges: &Edges) -> Ends {
        let mut start = vec![0u32; nodes + 1];
        for e in edges.list() {
            start[e.from as usize + 1] += 1;
            start[e.to as usize + 1] += 1;
        }
        for v in 0..nodes {
            start[v + 1] += start[v];
        }
        let mut next = start.clone();
        let mut of = vec![(0, false); edges.list().len() * 2];
        for (ix, e) in (0..).zip(edges.list()) {
            for (node, end) in [(e.from, false), (e.to, true)] {
                of[next[node as usize] as usize] = (ix, end);
                next[node as usize] += 1;
            }
        }
        Ends { start, of }
    }

    fn at(&self, node: u32) -> &[(u32, bool)] {
        &self.of[self.start[node as usize] as usize..self.start[node as usize + 1] as usize]
    }

    /// At a node where one stretch continues the other and nothing else happens: the two.
    fn continuation(&self, node: u32, edges: &Edges) -> Option<[(u32, bool); 2]> {
        let &[a, b] = self.at(node) else { return None };
        let through = |(ix, end): (u32, bool)| {
            let (into, out) = edges.list()[ix as usize].in_and_out(end);
            (into != CLOSED, out != CLOSED)
        };
        let ((into_a, out_a), (into_b, out_b)) = (through(a), through(b));
        let alike = edges.list()[a.0 as usize].stops == edges.list()[b.0 as usize].stops;
        (a.0 != b.0 && alike && into_a == out_b && into_b == out_a).then_some([a, b])
    }
}

/// Joins the stretches that continue one another; traffic lights on the way are counted, junctions are not. Takes the
/// stretches, as two sets of them are the most memory that reading needs.
pub(super) fn join(edges: Edges, nodes: &Nodes, profile: &Profile) -> Edges {
    let edges = &edges;
    let ends = Ends::new(nodes.points.len(), edges);
    let mut done = vec![false; edges.list().len()];
    let mut joined = Edges::default();
    // From nodes where chains end; then what is left are rings, cut anywhere.
    for rings in [false, true] {
        for (ix, e) in (0..).zip(edges.list()) {
            for (start, at_end) in [(e.from, false), (e.to, true)] {
                let begins = rings || ends.continuation(start, edges).is_none();
                if begins && !done[ix as usize] {
                    follow((ix, at_end), edges, &ends, nodes, profile, &mut done, &mut joined);
                }
            }
        }
    }
    joined
}

/// Follows a chain from one end of a stretch, as far as it goes.
fn follow(
    (mut ix, mut backwards): (u32, bool),
    edges: &Edges,
    ends: &Ends,
    nodes: &Nodes,
    profile: &Profile,
    done: &mut [bool],
    joined: &mut Edges,
) {
    let lights = milliseconds(profile.traffic_signals_s);
    let first = edges.list()[ix as usize];
    let start = if backwards { first.to } else { first.from };
    let kind = first.kinds[usize::from(backwards)];
    let (mut forward, mut backward, mut points) = (0, 0, Vec::new());
    loop {
        done[ix as usize] = true;
        let edge = edges.list()[ix as usize];
        // Going backwards, the time along the chain is the one against the stretch.
        let (along, against) = edge.in_and_out(!backwards);
        (forward, backward) = (sum(forward, along), sum(backward, against));
        let shape = edges.points(ix as usize);
        if backwards {
            points.extend(shape.iter().rev())
        } else {
            points.extend(shape)
        }
        let (node, kind_here) = if backwards { (edge.from, edge.kinds[0]) } else { (edge.to, edge.kinds[1]) };
        let next = ends
            .continuation(node, edges)
            .and_then(|both| both.into_iter().find(|&(other, _)| other != ix && !done[other as usize]));
        let Some((other, at_end)) = next else {
            let kinds = ([kind, kind_here], first.stops);
            joined.push((start, node), (forward, backward), kinds, points);
            return;
        };
        if nodes.flags[node as usize] & (flag::LIGHTS_FORWARD | flag::LIGHTS_BACKWARD) != 0 {
            (forward, backward) = (sum(forward, lights), sum(backward, lights));
        }
        points.push(nodes.points[node as usize]);
        (ix, backwards) = (other, at_end);
    }
}

/// Adds what passing junctions and traffic lights takes, half on either side.
pub(super) fn delay(edges: &mut Edges, nodes: &Nodes, profile: &Profile) {
    let kinds: Vec<(bool, f64)> = profile
        .roads
        .values()
        .map(|road| (road.minor, road.junction_s.unwrap_or(profile.junction_s)))
        // Ferries.
        .chain([(true, 0.0)])
        .collect();
    let mut larger = vec![0u8; nodes.points.len()];
    for e in edges.list() {
        for (node, kind) in e.ends() {
            if !kinds[usize::from(kind)].0 {
                larger[node as usize] = larger[node as usize].saturating_add(1);
            }
        }
    }
    let half = |(node, kind): (u32, u8)| {
        let lights = nodes.flags[node as usize] & (flag::LIGHTS_FORWARD | flag::LIGHTS_BACKWARD) != 0;
        let seconds = match (lights, larger[node as usize] >= 3) {
            (true, _) => profile.traffic_signals_s,
            (false, true) => kinds[usize::from(kind)].1,
            (false, false) => 0.0,
        };
        milliseconds(seconds / 2.0)
    };
    for e in edges.list_mut() {
        let added = e.ends().map(half).into_iter().fold(0, sum);
        (e.forward, e.backward) = (sum(e.forward, added), sum(e.backward, added));
    }
}

impl Edge {
    fn ends(&self) -> [(u32, u8); 2] {
        [(self.from, self.kinds[0]), (self.to, self.kinds[1])]
    }
}
