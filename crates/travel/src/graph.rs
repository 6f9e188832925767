//! The directed graph that everything else works on.

use std::fmt;

/// Why arcs make no graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GraphError {
    /// An arc names a node that does not exist.
    Node {
        /// The arc, from 0.
        arc: usize,
        /// The node it names.
        node: u32,
        /// The number of nodes there are.
        nodes: usize,
    },
    /// More nodes or arcs than 32-bit numbers count.
    TooLarge,
}

impl fmt::Display for GraphError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GraphError::Node { arc, node, nodes } => {
                write!(f, "arc {arc} names node {node} of {nodes}")
            }
            GraphError::TooLarge => f.write_str("more than 2^32 - 2 nodes or arcs"),
        }
    }
}

impl std::error::Error for GraphError {}

/// A directed graph: the arcs of node `v` are `first_out[v]..first_out[v + 1]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoadGraph {
    /// Of each node, its first arc; one more entry than nodes.
    pub first_out: Vec<u32>,
    /// Of each arc, the node it leads to.
    pub head: Vec<u32>,
    /// Of each arc, its time in tenths of a second.
    pub time: Vec<u32>,
    /// Latitudes of nodes, 1e-7 degrees.
    pub lat: Vec<i32>,
    /// Longitudes of nodes, 1e-7 degrees.
    pub lon: Vec<i32>,
}

impl RoadGraph {
    /// The graph of these nodes (latitude, longitude in 1e-7 degrees) and arcs (from, to, time in tenths of a second).
    /// Of parallel arcs the fastest stays; loops go. Arcs of a node are sorted by head.
    ///
    /// # Errors
    /// An arc of an unknown node; more nodes or arcs than `u32` counts.
    pub fn from_arcs(
        nodes: Vec<(i32, i32)>,
        mut arcs: Vec<(u32, u32, u32)>,
    ) -> Result<RoadGraph, GraphError> {
        if nodes.len() >= u32::MAX as usize || arcs.len() >= u32::MAX as usize {
            return Err(GraphError::TooLarge);
        }
        for (arc, &(from, to, _)) in arcs.iter().enumerate() {
            let node = from.max(to);
            if node as usize >= nodes.len() {
                return Err(GraphError::Node { arc, node, nodes: nodes.len() });
            }
        }
        arcs.sort_unstable();
        arcs.dedup_by_key(|&mut (from, to, _)| (from, to));
        arcs.retain(|&(from, to, _)| from != to);
        let (lat, lon) = nodes.into_iter().unzip();
        Ok(Self::from_sorted(&arcs, lat, lon))
    }

    fn from_sorted(arcs: &[(u32, u32, u32)], lat: Vec<i32>, lon: Vec<i32>) -> RoadGraph {
        let mut first_out = vec![0u32; lat.len() + 1];
        for &(from, _, _) in arcs {
            first_out[from as usize + 1] += 1;
        }
        for v in 0..lat.len() {
            first_out[v + 1] += first_out[v];
        }
        RoadGraph {
            first_out,
            head: arcs.iter().map(|a| a.1).collect(),
            time: arcs.iter().map(|a| a.2).collect(),
            lat,
            lon,
        }
    }

    /// The number of nodes.
    #[must_use]
    pub fn num_nodes(&self) -> usize {
        self.lat.len()
    }

    /// The number of arcs.
    #[must_use]
    pub fn num_arcs(&self) -> usize {
        self.head.len()
    }

    /// The arcs out of node `v`: where they lead and their time in tenths of a second.
    ///
    /// # Panics
    /// If `v` is not a node.
    pub fn out(&self, v: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
        let arcs = self.first_out[v as usize] as usize..self.first_out[v as usize + 1] as usize;
        self.head[arcs.clone()].iter().copied().zip(self.time[arcs].iter().copied())
    }

    /// The same nodes with every arc turned round.
    #[must_use]
    pub fn reversed(&self) -> RoadGraph {
        let nodes = self.num_nodes();
        let mut first_out = vec![0u32; nodes + 1];
        for &h in &self.head {
            first_out[h as usize + 1] += 1;
        }
        for v in 0..nodes {
            first_out[v + 1] += first_out[v];
        }
        let mut next = first_out.clone();
        let (mut head, mut time) = (vec![0; self.num_arcs()], vec![0; self.num_arcs()]);
        for v in 0..nodes as u32 {
            for (to, t) in self.out(v) {
                let at = next[to as usize] as usize;
                next[to as usize] += 1;
                (head[at], time[at]) = (v, t);
            }
        }
        RoadGraph { first_out, head, time, lat: self.lat.clone(), lon: self.lon.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(nodes: usize, arcs: &[(u32, u32, u32)]) -> RoadGraph {
        RoadGraph::from_arcs(vec![(0, 0); nodes], arcs.to_vec()).unwrap()
    }

    #[test]
    fn keeps_the_fastest_of_parallel_arcs_and_drops_loops() {
        let g = graph(3, &[(2, 0, 5), (0, 1, 9), (0, 1, 4), (1, 1, 1), (0, 2, 7)]);
        assert_eq!(g.first_out, [0, 2, 2, 3]);
        assert_eq!(g.out(0).collect::<Vec<_>>(), [(1, 4), (2, 7)]);
        assert_eq!(g.out(1).count(), 0);
        assert_eq!(g.out(2).collect::<Vec<_>>(), [(0, 5)]);
    }

    #[test]
    fn reversed_twice_is_the_same() {
        let g = graph(4, &[(0, 1, 1), (1, 2, 2), (2, 0, 3), (3, 0, 4), (0, 3, 5)]);
        let r = g.reversed();
        assert_eq!(r.out(0).collect::<Vec<_>>(), [(2, 3), (3, 4)]);
        assert_eq!(r.reversed(), g);
    }

    #[test]
    fn an_unknown_node_is_an_error() {
        let e = RoadGraph::from_arcs(vec![(0, 0); 2], vec![(0, 1, 1), (2, 0, 1)]).unwrap_err();
        assert_eq!(e, GraphError::Node { arc: 1, node: 2, nodes: 2 });
    }
}
