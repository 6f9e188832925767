//! Shortest paths by Dijkstra's algorithm: the oracle of the faster methods.

use crate::graph::RoadGraph;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The times (tenths of a second) from `source` to every node, as far as `max`; `u32::MAX` where there is no path
/// or none within `max`, and everywhere if there is no such source.
#[must_use]
pub fn one_to_many(graph: &RoadGraph, source: u32, max: u32) -> Vec<u32> {
    let mut times = vec![u32::MAX; graph.num_nodes()];
    let mut queue = BinaryHeap::new();
    if let Some(time) = times.get_mut(source as usize) {
        *time = 0;
        queue.push(Reverse((0, source)));
    }
    while let Some(Reverse((time, node))) = queue.pop() {
        if time > times[node as usize] {
            continue;
        }
        for (head, along) in graph.out(node) {
            let reached = time.saturating_add(along);
            if reached <= max && reached < times[head as usize] {
                times[head as usize] = reached;
                queue.push(Reverse((reached, head)));
            }
        }
    }
    times
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_ways_bounds_and_unknown_sources() {
        // 0 -5-> 1 -7-> 2, and 0 -20-> 2; nothing back, 3 alone.
        let arcs = vec![(0, 1, 5), (1, 2, 7), (0, 2, 20)];
        let graph = RoadGraph::from_arcs(vec![(0, 0); 4], arcs).unwrap();
        const NO: u32 = u32::MAX;
        assert_eq!(one_to_many(&graph, 0, NO), [0, 5, 12, NO]);
        assert_eq!(one_to_many(&graph, 0, 12), [0, 5, 12, NO]);
        assert_eq!(one_to_many(&graph, 0, 11), [0, 5, NO, NO]);
        assert_eq!(one_to_many(&graph, 2, NO), [NO, NO, 0, NO]);
        assert_eq!(one_to_many(&graph, 4, NO), [NO; 4]);
    }
}
