//! The largest part of a graph where one gets from anywhere to anywhere.

use crate::graph::RoadGraph;

/// Strongly connected parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// Of each node, whether it belongs to the largest part.
    pub main: Vec<bool>,
    /// Nodes of the largest part.
    pub main_nodes: usize,
    /// Number of parts, those of a single node among them.
    pub count: usize,
}

const NEW: u32 = u32::MAX;

impl Parts {
    /// By Tarjan's algorithm, without recursion. Of parts of one size the largest is the one that holds the node of
    /// the smallest number.
    #[must_use]
    pub fn of(graph: &RoadGraph) -> Parts {
        let n = graph.num_nodes();
        let mut part = vec![NEW; n];
        let (mut order, mut low) = (vec![NEW; n], vec![NEW; n]);
        let (mut open, mut path) = (Vec::new(), Vec::new());
        let (mut seen, mut sizes) = (0, Vec::new());
        for root in 0..n as u32 {
            if order[root as usize] != NEW {
                continue;
            }
            path.push((root, graph.first_out[root as usize]));
            while let Some((v, arc)) = path.pop() {
                let at = v as usize;
                if arc == graph.first_out[at] && order[at] == NEW {
                    (order[at], low[at]) = (seen, seen);
                    seen += 1;
                    open.push(v);
                }
                if arc < graph.first_out[at + 1] {
                    path.push((v, arc + 1));
                    let to = graph.head[arc as usize];
                    if order[to as usize] == NEW {
                        path.push((to, graph.first_out[to as usize]));
                    } else if part[to as usize] == NEW {
                        low[at] = low[at].min(order[to as usize]);
                    }
                    continue;
                }
                if low[at] == order[at] {
                    let number = sizes.len() as u32;
                    let from = open.iter().rposition(|&u| u == v).unwrap_or(0);
                    sizes.push(open.len() - from);
                    for u in open.drain(from..) {
                        part[u as usize] = number;
                    }
                }
                if let Some(&(parent, _)) = path.last() {
                    low[parent as usize] = low[parent as usize].min(low[at]);
                }
            }
        }
        let main_nodes = sizes.iter().copied().max().unwrap_or(0);
        let largest = part.iter().copied().find(|&p| sizes[p as usize] == main_nodes);
        let main = part.iter().map(|&p| Some(p) == largest).collect();
        Parts { main, main_nodes, count: sizes.len() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn graph(nodes: usize, arcs: Vec<(u32, u32, u32)>) -> RoadGraph {
        RoadGraph::from_arcs(vec![(0, 0); nodes], arcs).unwrap()
    }

    #[test]
    fn a_ring_with_a_dead_end() {
        // 0 → 1 → 2 → 0 is a part; 3 is reached but does not lead back; 4 stands alone.
        let parts = Parts::of(&graph(5, vec![(0, 1, 1), (1, 2, 1), (2, 0, 1), (2, 3, 1)]));
        assert_eq!(parts, Parts { main: vec![true, true, true, false, false], main_nodes: 3, count: 3 });
        assert_eq!(Parts::of(&graph(0, vec![])), Parts { main: vec![], main_nodes: 0, count: 0 });
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn as_reachability_has_it(arcs in prop::collection::vec((0u32..9, 0u32..9, 1u32..2), 0..25)) {
            let g = graph(9, arcs);
            let mut reach = [[false; 9]; 9];
            for (v, row) in reach.iter_mut().enumerate() {
                row[v] = true;
                for (to, _) in g.out(v as u32) { row[to as usize] = true; }
            }
            for k in 0..9 { for i in 0..9 { for j in 0..9 { reach[i][j] |= reach[i][k] && reach[k][j]; } } }
            let part = |v: usize| (0..9).filter(|&u| reach[u][v] && reach[v][u]).collect::<Vec<_>>();
            let parts = Parts::of(&g);
            let all: std::collections::BTreeSet<_> = (0..9).map(part).collect();
            let largest = (0..9).map(part).rev().max_by_key(Vec::len).unwrap();
            prop_assert_eq!(parts.count, all.len());
            prop_assert_eq!(parts.main_nodes, largest.len());
            let main: Vec<usize> = (0..9).filter(|&v| parts.main[v]).collect();
            prop_assert_eq!(main, largest);
        }
    }
}
