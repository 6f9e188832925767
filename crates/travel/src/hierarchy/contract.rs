//! In which order nodes go, and what stands for them.

use super::core::{Core, Link};
use super::witness::{Shortcut, Witness};
use super::{ABSENT, Climb, Hierarchy};
use crate::graph::RoadGraph;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// How many nodes a search for another path sees: more find few more.
const SETTLED: usize = 60;

/// What a share of arcs or hops added weighs against a level of the hierarchy, both in the unit of priorities.
const SHARE: u64 = 4_000;
const LEVEL: u64 = 1_000;

pub(super) fn contract(graph: &RoadGraph) -> Hierarchy {
    let order = spatial_order(graph);
    let mut place = vec![0; order.len()];
    for (&v, i) in order.iter().zip(0..) {
        place[v as usize] = i;
    }
    let core = Core::new(graph, &order, &place);
    drop(order);
    let mut hierarchy = Contraction::new(core).run();
    for i in &mut place {
        *i = hierarchy.rank[*i as usize];
    }
    hierarchy.rank = place;
    hierarchy
}

/// Nodes such that those near each other in space are near in memory: along a Z-curve.
fn spatial_order(graph: &RoadGraph) -> Vec<u32> {
    let places = graph.lat.iter().zip(&graph.lon);
    let mut keyed: Vec<(u64, u32)> =
        places.zip(0..).map(|((&lat, &lon), v)| (spread(lat) << 1 | spread(lon), v)).collect();
    keyed.sort_unstable();
    keyed.into_iter().map(|k| k.1).collect()
}

/// The bits of a coordinate, in the order of coordinates, at the even places of 64.
fn spread(coordinate: i32) -> u64 {
    let bits = u64::from(coordinate.cast_unsigned() ^ 0x8000_0000);
    [
        (16, 0x0000_FFFF_0000_FFFF),
        (8, 0x00FF_00FF_00FF_00FF),
        (4, 0x0F0F_0F0F_0F0F_0F0F),
        (2, 0x3333_3333_3333_3333),
        (1, 0x5555_5555_5555_5555),
    ]
    .into_iter()
    .fold(bits, |x, (shift, mask)| (x | x << shift) & mask)
}

struct Contraction {
    core: Core,
    witness: Witness,
    /// Of each node, the longest chain of nodes that went one for the other up to it.
    level: Vec<u32>,
    /// Of each node left, its priority when last looked at in the upper half, the node in the lower half; least first.
    queue: BinaryHeap<Reverse<u64>>,
    /// What must stand for the node looked at.
    shortcuts: Vec<Shortcut>,
}

impl Contraction {
    fn new(core: Core) -> Contraction {
        let nodes = core.num_nodes();
        Contraction {
            core,
            witness: Witness::new(nodes),
            level: vec![0; nodes],
            queue: BinaryHeap::with_capacity(nodes),
            shortcuts: Vec::new(),
        }
    }

    /// The hierarchy, its nodes numbered as those of the core.
    fn run(mut self) -> Hierarchy {
        let nodes = self.core.num_nodes();
        for v in 0..nodes as u32 {
            let entry = self.look_at(v);
            self.queue.push(entry);
        }
        let (mut rank, mut first, mut climbs) = (vec![0; nodes], vec![0], Vec::with_capacity(4 * nodes));
        let mut ranked = 0;
        while let Some(Reverse(entry)) = self.queue.pop() {
            let v = entry as u32;
            // Nodes around it went since: it may have to wait.
            let entry = self.look_at(v);
            if self.queue.peek().is_some_and(|least| entry.0 > least.0) {
                self.queue.push(entry);
                continue;
            }
            rank[v as usize] = ranked;
            ranked += 1;
            climbs.extend(self.take(v).iter().map(|l| Climb { head: l.to, up: l.out, down: l.back }));
            first.push(climbs.len() as u64);
        }
        for climb in &mut climbs {
            climb.head = rank[climb.head as usize];
        }
        climbs.shrink_to_fit();
        Hierarchy { rank, first, climbs }
    }

    /// Its entry in the queue; leaves its shortcuts.
    fn look_at(&mut self, v: u32) -> Reverse<u64> {
        self.shortcuts.clear();
        self.witness.shortcuts(&self.core, v, SETTLED, &mut self.shortcuts);
        let added_hops = self.shortcuts.iter().map(|s| u64::from(s.hops)).sum();
        let ways = |l: &Link| u64::from(l.out != ABSENT) + u64::from(l.back != ABSENT);
        let removed: u64 = self.core.links(v).iter().map(ways).sum();
        let removed_hops = self.core.links(v).iter().map(|l| ways(l) * u64::from(l.hops)).sum();
        let share = |added: u64, removed: u64| (SHARE * added).checked_div(removed).unwrap_or(0);
        let priority = LEVEL * u64::from(self.level[v as usize])
            + share(self.shortcuts.len() as u64, removed)
            + share(added_hops, removed_hops);
        Reverse(priority.min(u64::from(u32::MAX)) << 32 | u64::from(v))
    }

    /// Takes a node just looked at out of the core; gives its links.
    fn take(&mut self, v: u32) -> Vec<Link> {
        let links = self.core.remove(v);
        for s in &self.shortcuts {
            self.core.add(s);
        }
        let above = self.level[v as usize] + 1;
        for link in &links {
            let level = &mut self.level[link.to as usize];
            *level = above.max(*level);
        }
        links
    }
}
