//! What is left of the graph while its nodes go one by one.

use super::ABSENT;
use super::witness::Shortcut;
use crate::graph::RoadGraph;

/// What joins a node of the core to another one, in both directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Link {
    /// The other node.
    pub to: u32,
    /// Time to the other node, or [`ABSENT`].
    pub out: u32,
    /// Time from the other node, or [`ABSENT`].
    pub back: u32,
    /// How many arcs of the graph the longer of the two stands for.
    pub hops: u32,
}

/// The core: links of each node, at both of their ends.
pub(super) struct Core {
    links: Vec<Vec<Link>>,
}

impl Core {
    /// The whole graph, its node `order[i]` being node `i`.
    pub(super) fn new(graph: &RoadGraph, order: &[u32], place: &[u32]) -> Core {
        let reversed = graph.reversed();
        let mut all = Vec::new();
        let links = order.iter().map(|&v| {
            all.clear();
            let link = |to: u32, out, back| Link { to: place[to as usize], out, back, hops: 1 };
            all.extend(graph.out(v).map(|(to, time)| link(to, time, ABSENT)));
            all.extend(reversed.out(v).map(|(to, time)| link(to, ABSENT, time)));
            all.retain(|l| l.to != place[v as usize] && l.out.min(l.back) != ABSENT);
            all.sort_unstable_by_key(|l| (l.to, l.out, l.back));
            all.dedup_by(|next, kept| {
                let same = next.to == kept.to;
                if same {
                    kept.out = kept.out.min(next.out);
                    kept.back = kept.back.min(next.back);
                }
                same
            });
            all.clone()
        });
        Core { links: links.collect() }
    }

    pub(super) fn num_nodes(&self) -> usize {
        self.links.len()
    }

    pub(super) fn links(&self, v: u32) -> &[Link] {
        &self.links[v as usize]
    }

    /// Takes a node out with its links, which are given back.
    pub(super) fn remove(&mut self, v: u32) -> Vec<Link> {
        let links = std::mem::take(&mut self.links[v as usize]);
        for link in &links {
            let other = &mut self.links[link.to as usize];
            if let Some(at) = other.iter().position(|l| l.to == v) {
                other.swap_remove(at);
            }
        }
        links
    }

    /// Adds an arc, or makes the one there is faster.
    pub(super) fn add(&mut self, arc: &Shortcut) {
        let &Shortcut { from, to, time, hops } = arc;
        self.improve(from, Link { to, out: time, back: ABSENT, hops });
        self.improve(to, Link { to: from, out: ABSENT, back: time, hops });
    }

    fn improve(&mut self, at: u32, new: Link) {
        let links = &mut self.links[at as usize];
        match links.iter_mut().find(|l| l.to == new.to) {
            None => links.push(new),
            Some(link) => {
                if new.out < link.out || new.back < link.back {
                    link.hops = link.hops.max(new.hops);
                }
                link.out = link.out.min(new.out);
                link.back = link.back.min(new.back);
            }
        }
    }
}
