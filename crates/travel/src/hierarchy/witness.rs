//! Paths that make a shortcut needless.

use super::ABSENT;
use super::core::{Core, Link};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// An arc that stands for a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shortcut {
    pub from: u32,
    pub to: u32,
    pub time: u32,
    /// How many arcs of the graph it stands for.
    pub hops: u32,
}

#[derive(Clone, Copy)]
struct Label {
    time: u32,
    /// One more than the time of the shortcut to this node that is still in question; 0 where none is.
    wanted: u32,
}

const BLANK: Label = Label { time: ABSENT, wanted: 0 };

/// A search that forgets only what it touched.
pub(super) struct Witness {
    labels: Vec<Label>,
    touched: Vec<u32>,
    /// Time in the upper, node in the lower half.
    queue: BinaryHeap<Reverse<u64>>,
}

impl Witness {
    pub(super) fn new(nodes: usize) -> Witness {
        Witness { labels: vec![BLANK; nodes], touched: Vec::new(), queue: BinaryHeap::new() }
    }

    /// Finds the shortcuts that must stand for the paths through `v` if it goes: those for which no other path as fast is
    /// found before `settled` nodes are seen.
    pub(super) fn shortcuts(&mut self, core: &Core, v: u32, settled: usize, found: &mut Vec<Shortcut>) {
        let links = core.links(v);
        for first in links.iter().filter(|l| l.back != ABSENT) {
            let wanted = self.want(links, first);
            if wanted > 0 {
                self.search(core, first.to, v, wanted, settled);
                for last in links {
                    let asked = self.labels[last.to as usize].wanted;
                    if asked > 0 {
                        let hops = first.hops.saturating_add(last.hops);
                        found.push(Shortcut { from: first.to, to: last.to, time: asked - 1, hops });
                    }
                }
            }
            self.forget(links);
        }
    }

    /// Marks where the paths of `first` through the node lead; how many they are.
    fn want(&mut self, links: &[Link], first: &Link) -> usize {
        let mut wanted = 0;
        for last in links.iter().filter(|l| l.to != first.to) {
            let time = first.back.saturating_add(last.out);
            if time != ABSENT {
                self.labels[last.to as usize].wanted = time + 1;
                wanted += 1;
            }
        }
        wanted
    }

    /// Dijkstra's algorithm from `from`, around `avoid`; takes back the mark of every node reached as fast as wanted.
    fn search(&mut self, core: &Core, from: u32, avoid: u32, mut wanted: usize, mut settled: usize) {
        self.labels[from as usize].time = 0;
        self.touched.push(from);
        self.queue.push(Reverse(u64::from(from)));
        let furthest = core.links(avoid).iter().map(|l| self.labels[l.to as usize].wanted).max().unwrap_or(0);
        while let Some(Reverse(next)) = self.queue.pop() {
            let (time, node) = ((next >> 32) as u32, next as u32);
            if time > self.labels[node as usize].time {
                continue;
            }
            if settled == 0 {
                return;
            }
            settled -= 1;
            for link in core.links(node) {
                let reached = time.saturating_add(link.out);
                let label = &mut self.labels[link.to as usize];
                if reached >= furthest || reached >= label.time || link.to == avoid {
                    continue;
                }
                if label.time == ABSENT {
                    self.touched.push(link.to);
                }
                label.time = reached;
                if reached < label.wanted {
                    label.wanted = 0;
                    wanted -= 1;
                    if wanted == 0 {
                        return;
                    }
                }
                self.queue.push(Reverse(u64::from(reached) << 32 | u64::from(link.to)));
            }
        }
    }

    fn forget(&mut self, links: &[Link]) {
        for link in links {
            self.labels[link.to as usize] = BLANK;
        }
        for &node in &self.touched {
            self.labels[node as usize] = BLANK;
        }
        self.touched.clear();
        self.queue.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::RoadGraph;

    /// 0 -2- 1 -2- 2 and, the other way round, 0 -1- 3 -`last`- 2.
    fn square(last: u32) -> Core {
        let arcs = [(0, 1, 2), (1, 2, 2), (0, 3, 1), (3, 2, last)];
        let arcs = arcs.iter().flat_map(|&(a, b, t)| [(a, b, t), (b, a, t)]).collect();
        let graph = RoadGraph::from_arcs(vec![(0, 0); 4], arcs).unwrap();
        Core::new(&graph, &[0, 1, 2, 3], &[0, 1, 2, 3])
    }

    fn for_node_1(witness: &mut Witness, core: &Core, settled: usize) -> Vec<(u32, u32, u32, u32)> {
        let mut found = Vec::new();
        witness.shortcuts(core, 1, settled, &mut found);
        found.iter().map(|s| (s.from, s.to, s.time, s.hops)).collect()
    }

    #[test]
    fn a_path_as_fast_makes_shortcuts_needless() {
        let mut witness = Witness::new(4);
        // By 1: 2 + 2 = 4. By 3: 1 + 3 = 4, as fast; 1 + 4 = 5, slower.
        let both = [(0, 2, 4, 2), (2, 0, 4, 2)];
        assert_eq!(for_node_1(&mut witness, &square(3), 9), []);
        assert_eq!(for_node_1(&mut witness, &square(4), 9), both);
        // What was touched is forgotten.
        assert_eq!(for_node_1(&mut witness, &square(3), 9), []);
        // The path by 3 is found from 3, the second node seen.
        assert_eq!(for_node_1(&mut witness, &square(3), 2), []);
        assert_eq!(for_node_1(&mut witness, &square(3), 1), both);
    }
}
