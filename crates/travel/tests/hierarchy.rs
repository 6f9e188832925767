//! Tables from hierarchies against Dijkstra's algorithm, and hierarchies through files.

use maillage_travel::cache::{self, Refusal};
use maillage_travel::dijkstra;
use maillage_travel::graph::RoadGraph;
use maillage_travel::hierarchy::Hierarchy;
use maillage_travel::many::{self, Targets};
use maillage_travel::pbf::Extract;
use maillage_travel::profile::Profile;
use maillage_travel::roads::Roads;
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use std::path::Path;

const NO: u32 = u32::MAX;
const INPUTS: [u8; 32] = [7; 32];

/// A graph with all the arcs given, parallel ones and loops too, and nodes on few distinct places.
fn graph(nodes: u32, arcs: &[(u32, u32, u32)]) -> RoadGraph {
    let mut first_out = vec![0];
    let (mut head, mut time) = (Vec::new(), Vec::new());
    for v in 0..nodes {
        for &(_, to, t) in arcs.iter().filter(|a| a.0 == v) {
            head.push(to);
            time.push(t);
        }
        first_out.push(head.len() as u32);
    }
    let place = |v: u32| (v.wrapping_mul(2_654_435_761) >> 29) as i32 - 4;
    RoadGraph {
        first_out,
        head,
        time,
        lat: (0..nodes).map(place).collect(),
        lon: (0..nodes).map(|v| place(v + 99)).collect(),
    }
}

/// What [`many::bounded`] has to give.
fn expected(
    graph: &RoadGraph,
    sources: &[(u32, u32)],
    targets: &[(u32, u32)],
    max: u32,
) -> Vec<Vec<(u32, u32)>> {
    let row = |&(source, extra): &(u32, u32)| {
        let times = dijkstra::one_to_many(graph, source, NO);
        let time = |&(target, more): &(u32, u32)| {
            let between = times.get(target as usize).filter(|&&t| t != NO)?;
            let total = u32::try_from(u64::from(*between) + u64::from(extra) + u64::from(more)).ok()?;
            (total <= max && total != NO).then_some(total)
        };
        (0..).zip(targets).filter_map(|(i, t)| Some((i, time(t)?))).collect()
    };
    sources.iter().map(row).collect()
}

fn every_node(nodes: u32) -> Vec<(u32, u32)> {
    (0..nodes).map(|v| (v, 0)).collect()
}

/// Times with many ties and zeros, times of roads, times near the largest.
fn times() -> impl Strategy<Value = u32> {
    prop_oneof![6 => 0..4u32, 3 => 10..400u32, 1 => NO - 3..=NO, 1 => Just(NO / 2)]
}

/// From isolated nodes to dense graphs; arcs in one direction, in both, in parallel, loops.
fn graphs() -> impl Strategy<Value = (u32, Vec<(u32, u32, u32)>)> {
    (1..24u32, 0..3usize).prop_flat_map(|(nodes, density)| {
        let arc = (0..nodes, 0..nodes, times(), any::<bool>());
        let arcs = prop::collection::vec(arc, 0..=(nodes as usize) << density);
        let arcs = arcs.prop_map(|arcs| {
            let both = |(from, to, time, both): (u32, u32, u32, bool)| {
                [Some((from, to, time)), both.then_some((to, from, time))]
            };
            arcs.into_iter().flat_map(both).flatten().collect()
        });
        (Just(nodes), arcs)
    })
}

/// Places on nodes, some of them unknown, with time to reach them.
fn places() -> impl Strategy<Value = Vec<(u32, u32)>> {
    prop::collection::vec((0..26u32, prop_oneof![Just(0), 0..50u32, Just(NO - 5)]), 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn every_pair_as_by_dijkstra((nodes, arcs) in graphs()) {
        let graph = graph(nodes, &arcs);
        let all = every_node(nodes);
        let table = many::bounded(&Hierarchy::prepare(&graph), &all, &all, NO, 1);
        prop_assert_eq!(table, expected(&graph, &all, &all, NO));
    }

    #[test]
    fn bounds_and_extra_times(
        (nodes, arcs) in graphs(),
        sources in places(),
        targets in places(),
        max in prop_oneof![0..20u32, 20..600u32, NO - 4..=NO],
        threads in 0..4usize,
    ) {
        let graph = graph(nodes, &arcs);
        let table = many::bounded(&Hierarchy::prepare(&graph), &sources, &targets, max, threads);
        prop_assert_eq!(table, expected(&graph, &sources, &targets, max));
    }

    #[test]
    fn the_fastest_entries_count(
        (nodes, arcs) in graphs(),
        sources in prop::collection::vec(places(), 0..5),
        targets in prop::collection::vec(places(), 0..5),
        max in prop_oneof![0..600u32, Just(NO)],
    ) {
        let graph = graph(nodes, &arcs);
        let hierarchy = Hierarchy::prepare(&graph);
        let times = Targets::new(&hierarchy, &targets, max, 2).times_from(&sources, 1);
        let fastest = |source: &Vec<_>, target: &Vec<_>| {
            expected(&graph, source, target, max).into_iter().flatten().map(|p| p.1).min()
        };
        let row = |source| (0..).zip(&targets).filter_map(|(i, t)| Some((i, fastest(source, t)?))).collect();
        prop_assert_eq!(times, sources.iter().map(row).collect::<Vec<Vec<_>>>());
    }

    #[test]
    fn symmetric_graphs_have_symmetric_tables((nodes, arcs) in graphs()) {
        let both: Vec<_> = arcs.iter().flat_map(|&(a, b, t)| [(a, b, t), (b, a, t)]).collect();
        let all = every_node(nodes);
        let table = many::bounded(&Hierarchy::prepare(&graph(nodes, &both)), &all, &all, NO, 1);
        for (from, row) in (0..).zip(&table) {
            for &(to, time) in row {
                prop_assert!(table[to as usize].contains(&(from, time)));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn a_file_gives_back_what_was_written((nodes, arcs) in graphs()) {
        let hierarchy = Hierarchy::prepare(&graph(nodes, &arcs));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("roads");
        cache::save(&path, &hierarchy, &INPUTS).unwrap();
        prop_assert_eq!(cache::load(&path, &INPUTS).unwrap(), hierarchy);
    }
}

/// Streets of a town, `side` by `side`: few distinct times, every seventh street one-way, a bridge to a second town.
fn towns(side: u32) -> RoadGraph {
    let mut arcs = Vec::new();
    for v in 0..2 * side * side {
        let time = 1 + v.wrapping_mul(2_654_435_761) % 5;
        let mut road = |to: u32, k: u32| {
            arcs.push((v, to, time));
            if !k.is_multiple_of(7) {
                arcs.push((to, v, time));
            }
        };
        if v % side != side - 1 {
            road(v + 1, v);
        }
        if v % (side * side) < side * side - side {
            road(v + side, v + 1);
        }
    }
    arcs.push((0, 2 * side * side - 1, 3));
    let nodes = (0..2 * side * side).map(|v| ((v / side) as i32, (v % side) as i32)).collect();
    RoadGraph::from_arcs(nodes, arcs).expect("every node is there")
}

#[test]
fn two_towns_joined_one_way() {
    let graph = towns(30);
    let all = every_node(graph.num_nodes() as u32);
    let hierarchy = Hierarchy::prepare(&graph);
    let table = many::bounded(&hierarchy, &all, &all, 40, 2);
    assert_eq!(table, expected(&graph, &all, &all, 40));
    assert_eq!(table, many::bounded(&hierarchy, &all, &all, 40, 1));
    // From the first town both are reached, from the second only itself.
    let whole = many::bounded(&hierarchy, &[(5, 0), (1_000, 0)], &all, NO, 1);
    assert_eq!(whole, expected(&graph, &[(5, 0), (1_000, 0)], &all, NO));
    assert_eq!((whole[0].len(), whole[1].len()), (1_800, 900));
}

/// From every fifth node of the extracts to every node.
#[test]
fn extracts_as_by_dijkstra() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/osm");
    for (name, profile) in ["monaco", "liechtenstein", "andorra"].into_iter().zip(["foot", "car", "car"]) {
        let path = folder.join(name).with_extension("osm.pbf");
        if !path.is_file() {
            println!("skipped: {} is absent", path.display());
            continue;
        }
        let profile = Profile::load(profile).unwrap().0;
        let graph = Roads::read(&Extract::open(&path).unwrap(), &profile).unwrap().0.graph;
        let hierarchy = Hierarchy::prepare(&graph);
        let all = every_node(graph.num_nodes() as u32);
        let some: Vec<_> = all.iter().copied().step_by(5).collect();
        for from in some.chunks(100) {
            let table = many::bounded(&hierarchy, from, &all, NO, 1);
            assert!(table == expected(&graph, from, &all, NO), "{name}");
        }
    }
}

#[test]
fn the_same_graph_gives_the_same_hierarchy() {
    assert_eq!(Hierarchy::prepare(&towns(20)), Hierarchy::prepare(&towns(20)));
}

#[test]
fn nothing_to_prepare_and_nothing_asked() {
    let empty = Hierarchy::prepare(&graph(0, &[]));
    assert_eq!(many::bounded(&empty, &[(0, 0)], &[(0, 0)], NO, 1), [vec![]]);
    let one = Hierarchy::prepare(&graph(1, &[(0, 0, 3)]));
    assert_eq!(many::bounded(&one, &[(0, 4)], &[(0, 5), (0, 6)], 9, 1), [vec![(0, 9)]]);
    assert!(many::bounded(&one, &[], &[(0, 0)], NO, 2).is_empty());
}

/// A file of the towns, its bytes and their hierarchy.
fn written(path: &Path) -> (Vec<u8>, Hierarchy) {
    let hierarchy = Hierarchy::prepare(&towns(4));
    cache::save(path, &hierarchy, &INPUTS).expect("the folder is there");
    (std::fs::read(path).expect("it was written"), hierarchy)
}

/// Makes the seal right again after a change.
fn seal(bytes: &mut [u8]) {
    let (content, seal) = bytes.split_at_mut(bytes.len() - 32);
    seal.copy_from_slice(&Sha256::digest(content));
}

#[test]
fn a_cut_or_lengthened_file_is_torn() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("roads");
    let (bytes, _) = written(&path);
    for length in 0..bytes.len() {
        std::fs::write(&path, &bytes[..length]).unwrap();
        let refusal = cache::load(&path, &INPUTS).unwrap_err();
        assert!(matches!(refusal, Refusal::Torn), "{length}: {refusal:?}");
    }
    std::fs::write(&path, [&bytes[..], &[0]].concat()).unwrap();
    assert!(matches!(cache::load(&path, &INPUTS), Err(Refusal::Torn)));
}

#[test]
fn a_changed_byte_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("roads");
    let (bytes, _) = written(&path);
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 0x10;
        std::fs::write(&path, changed).unwrap();
        let refusal = cache::load(&path, &INPUTS).unwrap_err();
        let right = match at {
            0..8 => matches!(refusal, Refusal::Foreign),
            8..12 => matches!(refusal, Refusal::Version(_)),
            12..44 => matches!(refusal, Refusal::Stale),
            _ => matches!(refusal, Refusal::Torn),
        };
        assert!(right, "{at}: {refusal:?}");
        assert!(!refusal.text().fr.is_empty() && !refusal.text().en.is_empty());
    }
}

#[test]
fn sealed_nonsense_is_torn() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("roads");
    let (bytes, hierarchy) = written(&path);
    let (nodes, ranks) = (hierarchy.num_nodes(), 60);
    let (firsts, links) = (ranks + 4 * nodes, ranks + 4 * nodes + 8 * (nodes + 1));
    let second_rank = bytes[ranks + 4..ranks + 8].to_vec();
    let count = |n: usize| (n as u64).to_le_bytes().to_vec();
    let rank = |r: u32| r.to_le_bytes().to_vec();
    let nonsense = [
        ("so many nodes", vec![(44, count(usize::MAX))]),
        ("so many links", vec![(52, count(usize::MAX / 12))]),
        // 3 * (4 + 8) bytes of nodes are as long as 3 * 12 bytes of links.
        ("nodes taken for links", vec![(44, count(nodes - 3)), (52, count(hierarchy.num_links() + 3))]),
        ("a rank twice", vec![(ranks, second_rank)]),
        ("a rank too high", vec![(ranks, rank(nodes as u32))]),
        ("links before the first", vec![(firsts, count(1))]),
        ("links past the end", vec![(firsts + 8, count(usize::MAX))]),
        ("more links than there are", vec![(links - 8, count(hierarchy.num_links() + 1))]),
        ("a link that does not climb", vec![(links, rank(0))]),
        ("a link to no node", vec![(links, rank(nodes as u32))]),
    ];
    for (what, patches) in nonsense {
        let mut changed = bytes.clone();
        for (at, new) in patches {
            changed[at..at + new.len()].copy_from_slice(&new);
        }
        assert_ne!(changed, bytes, "{what}");
        seal(&mut changed);
        std::fs::write(&path, changed).unwrap();
        assert!(matches!(cache::load(&path, &INPUTS), Err(Refusal::Torn)), "{what}");
    }
}

#[test]
fn other_inputs_versions_and_files() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("roads");
    assert!(matches!(cache::load(&path, &INPUTS), Err(Refusal::Absent)));
    assert!(matches!(cache::load(folder.path(), &INPUTS), Err(Refusal::Foreign)));
    assert!(
        cache::save(&folder.path().join("absent/roads"), &Hierarchy::prepare(&towns(2)), &INPUTS).is_err()
    );
    let (mut bytes, hierarchy) = written(&path);
    assert!(matches!(cache::load(&path, &[8; 32]), Err(Refusal::Stale)));
    bytes[8..12].copy_from_slice(&2u32.to_le_bytes());
    seal(&mut bytes);
    std::fs::write(&path, &bytes).unwrap();
    assert!(matches!(cache::load(&path, &INPUTS), Err(Refusal::Version(2))));
    for foreign in ["from_id,to_id,minutes\n", "id\n"] {
        std::fs::write(&path, foreign).unwrap();
        assert!(matches!(cache::load(&path, &INPUTS), Err(Refusal::Foreign)));
    }
    // Made again over the file that was refused, and nothing else is left in the folder.
    cache::save(&path, &hierarchy, &INPUTS).unwrap();
    assert_eq!(cache::load(&path, &INPUTS).unwrap(), hierarchy);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}
