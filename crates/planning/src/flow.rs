//! Least-cost flow in whole numbers: a network simplex on a strongly feasible spanning tree (Cunningham 1976),
//! entering arcs found by block search. Exact: only integers are added and compared.
//!
//! Every node but the sink has its own way straight to the sink, wide enough for what it offers: there is always a
//! flow, and the first tree is made of these ways.

/// An arc.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FlowArc {
    pub(crate) from: u32,
    pub(crate) to: u32,
    /// Most that may pass.
    pub(crate) most: i64,
    /// What one unit costs.
    pub(crate) cost: i64,
}

const NONE: u32 = u32::MAX;
/// More than any flow.
const UNBOUNDED: i64 = i64::MAX / 4;

/// A network whose node 0 is the sink.
#[derive(Debug, Clone)]
pub(crate) struct Network {
    /// What each node offers, how much may go straight to the sink and at which cost.
    nodes: Vec<(i64, i64, i64)>,
    arcs: Vec<FlowArc>,
}

impl Network {
    /// Only the sink.
    pub(crate) fn new() -> Self {
        Network { nodes: vec![(0, 0, 0)], arcs: Vec::new() }
    }

    /// Adds a node that offers so much, and sends any part of it straight to the sink at a cost for each unit.
    pub(crate) fn source(&mut self, offer: u64, cost: i64) -> u32 {
        self.nodes.push((offer as i64, UNBOUNDED, cost));
        (self.nodes.len() - 1) as u32
    }

    /// Adds a node that offers nothing and takes at most so much, more than nothing, to the sink.
    pub(crate) fn drain(&mut self, most: u64) -> u32 {
        self.nodes.push((0, most.min(UNBOUNDED as u64) as i64, 0));
        (self.nodes.len() - 1) as u32
    }

    /// Adds an arc; returns its index.
    pub(crate) fn arc(&mut self, from: u32, to: u32, most: u64, cost: i64) -> usize {
        self.arcs.push(FlowArc { from, to, most: (most.min(UNBOUNDED as u64)) as i64, cost });
        self.arcs.len() - 1
    }

    /// The flow of least cost on every arc.
    pub(crate) fn solve(self) -> Vec<u64> {
        Simplex::new(self).run()
    }
}

struct Simplex {
    arcs: Vec<FlowArc>,
    flow: Vec<i64>,
    /// 0 in the tree, 1 at nothing, -1 at its most: the sign of a reduced cost that cannot improve.
    state: Vec<i8>,
    parent: Vec<u32>,
    parent_arc: Vec<u32>,
    depth: Vec<u32>,
    potential: Vec<i64>,
    child: Vec<u32>,
    next: Vec<u32>,
    previous: Vec<u32>,
    real: usize,
    scan: usize,
}

impl Simplex {
    fn new(network: Network) -> Self {
        let Network { nodes, mut arcs } = network;
        let (n, real) = (nodes.len(), arcs.len());
        let mut flow = vec![0; real];
        let mut state = vec![1; real];
        let mut s = Simplex {
            parent: vec![NONE; n],
            parent_arc: vec![NONE; n],
            depth: vec![0; n],
            potential: vec![0; n],
            child: vec![NONE; n],
            next: vec![NONE; n],
            previous: vec![NONE; n],
            real,
            scan: 0,
            arcs: Vec::new(),
            flow: Vec::new(),
            state: Vec::new(),
        };
        // The first tree: each node straight to the sink. Every node can send more there: strongly feasible.
        for (v, &(offer, most, cost)) in nodes.iter().enumerate().skip(1) {
            s.parent_arc[v] = arcs.len() as u32;
            arcs.push(FlowArc { from: v as u32, to: 0, most, cost });
            flow.push(offer);
            state.push(0);
            s.depth[v] = 1;
            s.potential[v] = -cost;
            s.attach(v as u32, 0);
        }
        (s.arcs, s.flow, s.state) = (arcs, flow, state);
        s
    }

    fn run(mut self) -> Vec<u64> {
        while let Some(entering) = self.entering() {
            self.pivot(entering);
        }
        self.flow.truncate(self.real);
        self.flow.into_iter().map(|f| f as u64).collect()
    }

    fn reduced(&self, arc: usize) -> i64 {
        let a = &self.arcs[arc];
        i64::from(self.state[arc])
            * (a.cost + self.potential[a.from as usize] - self.potential[a.to as usize])
    }

    /// The worst arc of the first block that has one.
    fn entering(&mut self) -> Option<usize> {
        let m = self.arcs.len();
        let block = ((m as f64).sqrt() as usize).max(64);
        let (mut best, mut found, mut in_block) = (0, None, 0);
        for _ in 0..m {
            let arc = self.scan;
            self.scan = if arc + 1 == m { 0 } else { arc + 1 };
            let reduced = self.reduced(arc);
            if reduced < best {
                (best, found) = (reduced, Some(arc));
            }
            in_block += 1;
            if in_block == block {
                if found.is_some() {
                    return found;
                }
                in_block = 0;
            }
        }
        found
    }

    fn pivot(&mut self, entering: usize) {
        let a = self.arcs[entering];
        // Flow is pushed along the cycle from `first` over the entering arc to `second`.
        let (first, second) = if self.state[entering] > 0 { (a.from, a.to) } else { (a.to, a.from) };
        let join = self.join(first, second);
        let mut delta = a.most;
        let mut leaving = (NONE, first);
        let mut u = first;
        while u != join {
            // The cycle comes down from the join to `first`.
            let arc = self.parent_arc[u as usize] as usize;
            let room =
                if self.arcs[arc].from == u { self.flow[arc] } else { self.arcs[arc].most - self.flow[arc] };
            if room < delta {
                (delta, leaving) = (room, (u, first));
            }
            u = self.parent[u as usize];
        }
        let mut u = second;
        while u != join {
            let arc = self.parent_arc[u as usize] as usize;
            let room =
                if self.arcs[arc].from == u { self.arcs[arc].most - self.flow[arc] } else { self.flow[arc] };
            if room <= delta {
                (delta, leaving) = (room, (u, second));
            }
            u = self.parent[u as usize];
        }
        self.push(entering, first, second, join, delta);
        let (out, inside) = leaving;
        if out == NONE {
            self.state[entering] = -self.state[entering];
            return;
        }
        let gone = self.parent_arc[out as usize] as usize;
        self.state[gone] = if self.flow[gone] == 0 { 1 } else { -1 };
        self.state[entering] = 0;
        let outside = if inside == first { second } else { first };
        self.rehang(out, inside, outside, entering as u32);
    }

    fn push(&mut self, entering: usize, first: u32, second: u32, join: u32, delta: i64) {
        if delta == 0 {
            return;
        }
        self.flow[entering] += i64::from(self.state[entering]) * delta;
        for (start, up) in [(first, -1), (second, 1)] {
            let mut u = start;
            while u != join {
                let arc = self.parent_arc[u as usize] as usize;
                let sign = if self.arcs[arc].from == u { up } else { -up };
                self.flow[arc] += sign * delta;
                u = self.parent[u as usize];
            }
        }
    }

    fn join(&self, mut u: u32, mut v: u32) -> u32 {
        while u != v {
            if self.depth[u as usize] >= self.depth[v as usize] {
                u = self.parent[u as usize];
            } else {
                v = self.parent[v as usize];
            }
        }
        u
    }

    /// Cuts the subtree of `out` and hangs it by its node `inside` below `outside`.
    fn rehang(&mut self, out: u32, inside: u32, outside: u32, by: u32) {
        let (mut node, mut above, mut arc) = (inside, outside, by);
        loop {
            let (old_parent, old_arc) = (self.parent[node as usize], self.parent_arc[node as usize]);
            self.detach(node);
            self.attach(node, above);
            self.parent_arc[node as usize] = arc;
            if node == out {
                break;
            }
            (above, arc, node) = (node, old_arc, old_parent);
        }
        let mut stack = vec![inside];
        while let Some(v) = stack.pop() {
            let (p, a) = (self.parent[v as usize] as usize, self.arcs[self.parent_arc[v as usize] as usize]);
            self.depth[v as usize] = self.depth[p] + 1;
            // The reduced cost of tree arcs is nothing.
            self.potential[v as usize] =
                if a.from == v { self.potential[p] - a.cost } else { self.potential[p] + a.cost };
            let mut c = self.child[v as usize];
            while c != NONE {
                stack.push(c);
                c = self.next[c as usize];
            }
        }
    }

    fn attach(&mut self, node: u32, parent: u32) {
        let first = self.child[parent as usize];
        self.parent[node as usize] = parent;
        self.next[node as usize] = first;
        self.previous[node as usize] = NONE;
        if first != NONE {
            self.previous[first as usize] = node;
        }
        self.child[parent as usize] = node;
    }

    fn detach(&mut self, node: u32) {
        let (next, previous) = (self.next[node as usize], self.previous[node as usize]);
        if previous == NONE {
            let parent = self.parent[node as usize];
            self.child[parent as usize] = next;
        } else {
            self.next[previous as usize] = next;
        }
        if next != NONE {
            self.previous[next as usize] = previous;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use good_lp::{Expression, variable};
    use maillage_milp::{Limits, Model, Sense};
    use proptest::prelude::*;

    #[test]
    fn two_places_and_two_lists() {
        // 10 and 5 people; lists of 8 and 4. Trips: a-x 1, a-y 5, b-y 2; being attached is worth 100.
        let mut net = Network::new();
        let (a, b, x, y) = (net.source(10, 0), net.source(5, 0), net.drain(8), net.drain(4));
        let trips = [net.arc(a, x, 99, 1 - 100), net.arc(a, y, 99, 5 - 100), net.arc(b, y, 99, 2 - 100)];
        let flow = net.solve();
        assert_eq!(trips.map(|t| flow[t]), [8, 0, 4]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn agrees_with_a_linear_programme(
            people in prop::collection::vec(0u64..30, 1..6),
            lists in prop::collection::vec(1u64..40, 1..5),
            times in prop::collection::vec(prop::option::of(0i64..20), 30),
        ) {
            let gain = 1000;
            let mut net = Network::new();
            let from: Vec<u32> = people.iter().map(|&n| net.source(n, 0)).collect();
            let to: Vec<u32> = lists.iter().map(|&room| net.drain(room)).collect();
            let mut model = Model::new(Sense::Minimise);
            let (mut cost, mut arcs) = (Expression::default(), Vec::new());
            let mut used = vec![Expression::default(); lists.len()];
            for (i, &n) in people.iter().enumerate() {
                let mut sum = Expression::default();
                for j in 0..lists.len() {
                    if let Some(t) = times[i * 5 + j] {
                        let x = model.add(variable().min(0));
                        sum += x;
                        used[j] += x;
                        cost.add_mul((t - gain) as f64, x);
                        arcs.push((net.arc(from[i], to[j], n, t - gain), t - gain, j));
                    }
                }
                model.subject_to(sum.leq(n as f64));
            }
            let mut on = vec![0; lists.len()];
            for (j, &room) in lists.iter().enumerate() {
                model.subject_to(used[j].clone().leq(room as f64));
            }
            model.set_objective(cost);
            let best = maillage_milp::solve(model, &Limits::default(), None, &mut |_| {}).unwrap().objective.unwrap();
            let flow = net.solve();
            let found: i64 = arcs.iter().map(|(a, c, _)| flow[*a] as i64 * c).sum();
            prop_assert!((best - found as f64).abs() < 1e-6, "{best} {found}");
            for (a, _, j) in &arcs {
                on[*j] += flow[*a];
            }
            prop_assert!(on.iter().zip(&lists).all(|(n, room)| n <= room));
        }
    }
}
