//! Borders between groups of places: edges of contours that two groups share, or that one group has alone.

use super::frame::Dot;
use std::collections::BTreeMap;

/// One ring of contours per place, with what decides of borders.
#[derive(Debug)]
pub(crate) struct Member<'a> {
    /// Whether it belongs to the territory itself.
    pub core: bool,
    /// Its inter-municipal body.
    pub epci: Option<&'a str>,
    /// Its rings, closed.
    pub rings: &'a [Vec<Dot>],
}

/// Border of the territory itself, and borders between its inter-municipal bodies, as polylines. Empty
/// where neighbours do not share their points: there would be as many borders as communes.
pub(crate) fn borders(members: &[Member<'_>]) -> (Vec<Vec<Dot>>, Vec<Vec<Dot>>) {
    let mut edges: BTreeMap<(Dot, Dot), Vec<usize>> = BTreeMap::new();
    for (i, member) in members.iter().enumerate().filter(|(_, m)| m.core) {
        for pair in member.rings.iter().flat_map(|r| r.windows(2)) {
            edges.entry((pair[0].min(pair[1]), pair[0].max(pair[1]))).or_default().push(i);
        }
    }
    let alone: Vec<_> = edges.iter().filter(|(_, m)| m.len() == 1).map(|(e, _)| *e).collect();
    let shared = edges.values().filter(|m| m.len() > 1).count();
    if alone.len() > shared && members.iter().filter(|m| m.core).count() > 3 {
        return (Vec::new(), Vec::new());
    }
    let between = edges
        .iter()
        .filter(|(_, m)| m.windows(2).any(|w| members[w[0]].epci != members[w[1]].epci))
        .map(|(e, _)| *e);
    (chains(alone), chains(between.collect()))
}

/// Joins edges end to end.
fn chains(edges: Vec<(Dot, Dot)>) -> Vec<Vec<Dot>> {
    let mut ends: BTreeMap<Dot, Vec<usize>> = BTreeMap::new();
    for (i, &(a, b)) in edges.iter().enumerate() {
        ends.entry(a).or_default().push(i);
        ends.entry(b).or_default().push(i);
    }
    let mut used = vec![false; edges.len()];
    let mut lines = Vec::new();
    // Open lines first, from their ends; then rings.
    let starts = ends.iter().filter(|(_, e)| e.len() != 2).chain(ends.iter());
    for (&start, _) in starts {
        loop {
            let mut line = vec![start];
            let mut at = start;
            while let Some(&edge) = ends[&at].iter().find(|&&e| !used[e]) {
                used[edge] = true;
                let (a, b) = edges[edge];
                at = if a == at { b } else { a };
                line.push(at);
            }
            if line.len() < 2 {
                break;
            }
            lines.push(line);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_squares_have_one_border_between_and_one_around() {
        let square = |x: i32| vec![vec![(x, 0), (x + 1, 0), (x + 1, 1), (x, 1), (x, 0)]];
        let (left, right) = (square(0), square(1));
        let members = [
            Member { core: true, epci: Some("a"), rings: &left },
            Member { core: true, epci: Some("b"), rings: &right },
        ];
        let (around, between) = borders(&members);
        assert_eq!(between, [vec![(1, 0), (1, 1)]]);
        assert_eq!(around.len(), 1);
        assert_eq!((around[0].len(), around[0].first()), (7, around[0].last()));
    }
}
