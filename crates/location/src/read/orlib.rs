//! The OR-Library p-median files (Beasley 1985).

use super::wrong;
use crate::lists::{ClientIx, CostLists, SiteIx};
use maillage_input::{InputFile, Problems};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

/// Most nodes that are read: all pairs are kept, 12 bytes each.
pub const MAX_NODES: u32 = 5_000;
/// Most edges that are read.
pub const MAX_EDGES: u64 = 10_000_000;

/// A p-median file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrlibPmed {
    /// Every node is a client of weight 1 and a site; costs are lengths of shortest paths, and nodes
    /// that no path joins cannot serve each other.
    pub lists: CostLists,
    /// Number of sites to open, as the file says.
    pub p: u32,
}

/// Reads `n edges p`, then `i j cost` for each edge (from 1, undirected). A repeated edge overwrites the
/// earlier one, even with a larger cost; an edge from a node to itself is of no use and is ignored.
///
/// # Errors
/// E309 with the line and the cause; E104 if it is no text.
pub fn orlib_pmed(file: &InputFile) -> Result<OrlibPmed, Problems> {
    let text = file.utf8()?;
    let mut lines = (1u64..).zip(text.lines()).filter(|(_, l)| !l.trim().is_empty());
    let (line, header) = lines.next().unwrap_or((1, ""));
    let [n, edges, p] = numbers(file, line, header)?;
    let header_problem =
        |french: &str, english: &str| Problems::from(wrong(file, line, french, english).value(header));
    if n == 0 || n > u64::from(MAX_NODES) {
        return Err(header_problem(
            "le nombre de nœuds n'est pas entre 1 et 5 000",
            "the number of nodes is not in 1..=5000",
        ));
    }
    if edges > MAX_EDGES {
        return Err(header_problem("plus de dix millions d'arêtes", "more than ten million edges"));
    }
    if p == 0 || p > n {
        return Err(header_problem(
            "p n'est pas entre 1 et le nombre de nœuds",
            "p is not between 1 and the number of nodes",
        ));
    }
    let n = n as u32;
    let (mut problems, mut read, mut last_line) = (Problems::new(), 0u64, line);
    let mut cost: HashMap<(u32, u32), u32> = HashMap::new();
    for (line, row) in lines {
        read += 1;
        last_line = line;
        if read > edges {
            continue;
        }
        match edge(file, line, row, n) {
            Ok((i, j, c)) if i != j => drop(cost.insert((i.min(j), i.max(j)), c)),
            Ok(_) => {}
            Err(p) => problems.extend(p),
        }
    }
    if read != edges {
        problems.push(wrong(
            file,
            last_line,
            format!("{edges} arêtes annoncées, {read} lues"),
            format!("{edges} edges announced, {read} found"),
        ));
    }
    if problems.has_errors() {
        return Err(problems.sorted());
    }
    let lists = all_pairs(n, &cost).ok_or_else(|| {
        header_problem("un plus court chemin dépasse 2^32 - 1", "a shortest path is longer than 2^32 - 1")
    })?;
    Ok(OrlibPmed { lists, p: p as u32 })
}

fn edge(file: &InputFile, line: u64, row: &str, n: u32) -> Result<(u32, u32, u32), Problems> {
    let [i, j, c] = numbers(file, line, row)?;
    let node = |v: u64| u32::try_from(v).ok().filter(|v| (1..=n).contains(v)).map(|v| v - 1);
    let (Some(i), Some(j)) = (node(i), node(j)) else {
        return Err(wrong(
            file,
            line,
            format!("un nœud n'est pas entre 1 et {n}"),
            format!("a node is not in 1..={n}"),
        )
        .value(row)
        .into());
    };
    match u32::try_from(c) {
        Ok(c) => Ok((i, j, c)),
        Err(_) => Err(wrong(file, line, "coût trop grand", "the cost is too large").value(row).into()),
    }
}

/// Exactly three whole numbers on a line.
fn numbers(file: &InputFile, line: u64, row: &str) -> Result<[u64; 3], Problems> {
    let found: Option<Vec<u64>> = row.split_whitespace().take(4).map(|t| t.parse().ok()).collect();
    found.and_then(|f| f.try_into().ok()).ok_or_else(|| {
        wrong(
            file,
            line,
            "la ligne n'est pas faite de trois nombres entiers positifs",
            "the line is not three whole numbers",
        )
        .value(row)
        .into()
    })
}

/// Shortest paths between all pairs; `None` when one does not fit.
fn all_pairs(n: u32, cost: &HashMap<(u32, u32), u32>) -> Option<CostLists> {
    let mut next: Vec<Vec<(u32, u32)>> = vec![Vec::new(); n as usize];
    for (&(i, j), &c) in cost {
        next[i as usize].push((j, c));
        next[j as usize].push((i, c));
    }
    let mut pairs = Vec::new();
    let mut far = vec![u64::MAX; n as usize];
    let mut heap = BinaryHeap::new();
    for from in 0..n {
        far.fill(u64::MAX);
        far[from as usize] = 0;
        heap.push(Reverse((0u64, from)));
        while let Some(Reverse((d, i))) = heap.pop() {
            if d > far[i as usize] {
                continue;
            }
            for &(j, c) in &next[i as usize] {
                let through = d + u64::from(c);
                if through < far[j as usize] {
                    far[j as usize] = through;
                    heap.push(Reverse((through, j)));
                }
            }
        }
        for (to, &d) in (0u32..).zip(&far).filter(|(_, d)| **d < u64::MAX) {
            pairs.push((ClientIx(from), SiteIx(to), u32::try_from(d).ok()?));
        }
    }
    // Totals stay below 5,000 times 2^32, so the lists cannot be refused.
    CostLists::from_pairs(n, vec![1; n as usize], pairs).ok()
}
