//! Times between many places at once on generated roads, as a table for `benches/README.md`.
//!
//! `./dev bench --bench travel` prepares a graph of 1 million nodes, writes and reads the prepared one, and makes the table of
//! 35,000 places within 30 minutes; Dijkstra's algorithm and the crate `fast_paths` stand beside it on fewer pairs, and every
//! time of theirs is compared with ours. `-- --side N` takes N by N nodes instead of 1,000 by 1,000, `-- --large` adds the
//! preparation of 10 million nodes. Every row is a process of its own: CPU seconds without making the graph, peak memory with it.

use maillage_benches::{cpu, next, peak_mb};
use maillage_travel::graph::RoadGraph;
use maillage_travel::hierarchy::Hierarchy;
use maillage_travel::{cache, dijkstra, many};
use std::path::Path;
use std::process::Command;

const PLACES: usize = 35_000;
const HALF_HOUR: u32 = 18_000;
const INPUTS: [u8; 32] = [0; 32];

/// What runs along a line of the grid.
#[derive(Clone, Copy, PartialEq)]
enum Road {
    Street,
    Main,
    Motorway,
}

/// Lines of the grid: main roads every 4 to 12 streets, motorways every 30 to 90.
fn lines(side: usize, state: &mut u64) -> Vec<Road> {
    let mut lines = vec![Road::Street; side];
    for (road, least, spread) in [(Road::Main, 4, 9), (Road::Motorway, 30, 61)] {
        let mut at = next(state, least + spread) as usize;
        while at < side {
            lines[at] = road;
            at += (least + next(state, spread)) as usize;
        }
    }
    lines
}

/// A country of `side` by `side` crossings 200 m apart: streets at 20 to 50 km/h of which some are missing and some one-way,
/// main roads at 60 to 90, motorways at 110 to 130 that only main roads and motorways join.
fn country(side: usize) -> RoadGraph {
    let mut state = 2_026;
    let (rows, columns) = (lines(side, &mut state), lines(side, &mut state));
    let mut arcs = Vec::with_capacity(side * side * 4);
    let mut road = |from: usize, to: usize, along: Road, from_crossing: Road, to_crossing: Road| {
        let (least, spread) = match along {
            Road::Street => (20, 31),
            Road::Main => (60, 31),
            Road::Motorway => (110, 21),
        };
        let speed = least + next(&mut state, spread);
        // 200 to 300 m; tenths of a second.
        let time = (200 + next(&mut state, 101)) * 36 / speed;
        let kind = next(&mut state, 100);
        let street = along == Road::Street;
        let barred = street && (from_crossing == Road::Motorway || to_crossing == Road::Motorway);
        if barred || street && kind < 6 {
            return;
        }
        let (from, to, time) = (from as u32, to as u32, time as u32);
        if !street || kind != 6 && kind != 7 && kind != 8 {
            arcs.push((from, to, time));
        }
        if !street || kind != 9 && kind != 10 && kind != 11 {
            arcs.push((to, from, time));
        }
    };
    for y in 0..side {
        for x in 0..side {
            let v = y * side + x;
            if x + 1 < side {
                road(v, v + 1, rows[y], columns[x], columns[x + 1]);
            }
            if y + 1 < side {
                road(v, v + side, columns[x], rows[y], rows[y + 1]);
            }
        }
    }
    let at = |v: usize| (420_000_000 + (v / side * 18_000) as i32, (v % side * 26_000) as i32);
    RoadGraph::from_arcs((0..side * side).map(at).collect(), arcs).expect("a grid is a graph")
}

/// Crossings drawn at random, with 0 to 60 s to reach the road.
fn places(nodes: usize, count: usize) -> Vec<(u32, u32)> {
    let mut state = 35_000;
    (0..count).map(|_| (next(&mut state, nodes as u64) as u32, next(&mut state, 600) as u32)).collect()
}

fn row(what: &str, size: &str, cpu: f64) {
    println!("| {what} | {size} | {cpu:.2} | {} |", peak_mb());
}

/// Bytes at the peak for each node and each arc.
fn bytes_each(graph: &RoadGraph) -> u64 {
    (peak_mb() << 20) / (graph.num_nodes() + graph.num_arcs()) as u64
}

fn prepare(side: usize, file: &Path) {
    let graph = country(side);
    let size = format!("{} nodes, {} arcs", graph.num_nodes(), graph.num_arcs());
    let start = cpu();
    let hierarchy = Hierarchy::prepare(&graph);
    row("prepare", &format!("{size}; {} bytes each", bytes_each(&graph)), cpu() - start);
    let start = cpu();
    cache::save(file, &hierarchy, &INPUTS).expect("it is written");
    row("write", &size, cpu() - start);
}

fn table(side: usize, file: &Path) {
    let start = cpu();
    let hierarchy = cache::load(file, &INPUTS).expect("it was written");
    row("read", &format!("{} links", hierarchy.num_links()), cpu() - start);
    let places = places(side * side, PLACES);
    for threads in [1, 2] {
        let start = cpu();
        let table = many::bounded(&hierarchy, &places, &places, HALF_HOUR, threads);
        let pairs: usize = table.iter().map(Vec::len).sum();
        row("table", &format!("{PLACES} places, {pairs} pairs, threads: {threads}"), cpu() - start);
    }
}

fn plain(side: usize, file: &Path) {
    let hierarchy = cache::load(file, &INPUTS).expect("it was written");
    let graph = country(side);
    let places = places(side * side, PLACES);
    let some = &places[..50];
    let table = many::bounded(&hierarchy, some, &places, HALF_HOUR, 1);
    let (mut spent, mut reached) = (0.0, 0);
    for (&(source, extra), row) in some.iter().zip(&table) {
        let start = cpu();
        let times = dijkstra::one_to_many(&graph, source, HALF_HOUR);
        spent += cpu() - start;
        reached += times.iter().filter(|&&t| t != u32::MAX).count();
        let total = |&(target, more): &(u32, u32)| times[target as usize].saturating_add(extra + more);
        let expected = (0..).zip(places.iter().map(total)).filter(|p| p.1 <= HALF_HOUR);
        assert!(expected.eq(row.iter().copied()), "Dijkstra's algorithm finds other times");
    }
    let size = format!("{} sources, {} nodes reached by each", some.len(), reached / some.len());
    row("Dijkstra", &size, spent);
}

fn fast_paths(side: usize, file: &Path) {
    let hierarchy = cache::load(file, &INPUTS).expect("it was written");
    let graph = country(side);
    let places = places(side * side, 200);
    let mut input = fast_paths::InputGraph::new();
    for v in 0..graph.num_nodes() as u32 {
        graph.out(v).for_each(|(to, time)| _ = input.add_edge(v as usize, to as usize, time as usize));
    }
    input.freeze();
    let start = cpu();
    let prepared = fast_paths::prepare(&input);
    row("`fast_paths`: prepare", &format!("{} nodes", graph.num_nodes()), cpu() - start);
    let table = many::bounded(&hierarchy, &places, &places, u32::MAX, 1);
    let mut calculator = fast_paths::create_calculator(&prepared);
    let start = cpu();
    for (&(source, extra), row) in places.iter().zip(&table) {
        let mut row = row.iter();
        for (target, &(to, more)) in (0..).zip(&places) {
            let path = calculator.calc_path(&prepared, source as usize, to as usize);
            let expected = path.map(|p| (target, p.get_weight() as u32 + extra + more));
            assert_eq!(expected.as_ref(), expected.and_then(|_| row.next()), "fast_paths finds other times");
        }
        assert_eq!(row.next(), None, "fast_paths finds fewer paths");
    }
    row("`fast_paths`: pairs", &format!("{}, any time", places.len().pow(2)), cpu() - start);
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let after = |name: &str| args.iter().position(|a| a == name).and_then(|i| args.get(i + 1));
    let side = after("--side").map_or(1_000, |s| s.parse().expect("a number of nodes"));
    if let (Some(part), Some(file)) = (after("--row"), after("--file")) {
        let file = Path::new(file);
        match part.as_str() {
            "prepare" => prepare(side, file),
            "table" => table(side, file),
            "plain" => plain(side, file),
            _ => fast_paths(side, file),
        }
        return;
    }
    println!("| what | size | CPU s | MB |");
    println!("| --- | --- | ---: | ---: |");
    let program = std::env::current_exe().unwrap_or_else(|_| Path::new(&args[0]).to_owned());
    let folder = tempfile::tempdir().expect("a folder for the prepared graph");
    let run = |side: usize, part: &str| {
        let mut child = Command::new(&program);
        child.args(["--side", &side.to_string(), "--row", part, "--file"]).arg(folder.path().join("roads"));
        assert!(child.status().expect("a row runs").success(), "{part} fails");
    };
    for part in ["prepare", "table", "plain", "fast_paths"] {
        run(side, part);
    }
    if args.iter().any(|a| a == "--large") {
        run(3_163, "prepare");
        run(3_163, "table");
    }
}
