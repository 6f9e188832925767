//! Hand-made roads with times computed by hand: one minute for each 0.01° of the equator.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

mod small;

use maillage_input::{Code, Problems};
use maillage_travel::hierarchy::Hierarchy;
use maillage_travel::pbf::Extract;
use maillage_travel::places::PlacePoint;
use maillage_travel::profile::Profile;
use maillage_travel::roads::Roads;
use maillage_travel::snap::{SnapLimits, SnapReport, warnings};
use maillage_travel::table::{RoadTable, TableOptions, travel_table};
use proptest::prelude::*;
use small::{PROFILE, Small, place, profile};

fn read(small: &Small, profile: &Profile) -> Result<(Roads, Problems), Problems> {
    let dir = tempfile::tempdir().unwrap();
    Roads::read(&Extract::open(&small.write(dir.path()))?, profile)
}

const OPTIONS: TableOptions =
    TableOptions { max_minutes: 60, limits: SnapLimits { far_m: 1_000.0, most_m: 10_000.0 }, threads: 1 };

fn table(small: &Small, profile: &Profile, places: &[PlacePoint]) -> RoadTable {
    let (roads, _) = read(small, profile).unwrap_or_else(|p| panic!("{}", p.render(Default::default())));
    travel_table(&roads, &Hierarchy::prepare(&roads.graph), profile, places, places, OPTIONS)
}

/// Hundredths of minutes from the first place to the last, and back.
fn there_and_back(small: &Small, text: &str, places: &[PlacePoint]) -> [Option<u32>; 2] {
    let t = table(small, &profile(text), places).table;
    let (a, b) = (&places[0].id, &places[places.len() - 1].id);
    [t.hundredths(a, b), t.hundredths(b, a)]
}

fn ends(from: f64, to: f64) -> [PlacePoint; 2] {
    [place("a", from, 0.0), place("b", to, 0.0)]
}

#[test]
fn a_straight_road_in_two_ways() {
    let small =
        Small::default().line(5).way(&[0, 1, 2], "highway=primary").way(&[2, 3, 4], "highway=primary");
    assert_eq!(there_and_back(&small, PROFILE, &ends(0.0, 4.0)), [Some(400); 2]);
    // Both on one stretch, between nodes.
    assert_eq!(there_and_back(&small, PROFILE, &ends(0.5, 3.25)), [Some(275); 2]);
    assert_eq!(there_and_back(&small, PROFILE, &ends(3.25, 0.5)), [Some(275); 2]);
    // The four stretches are one, with two nodes.
    let (roads, _) = read(&small, &profile(PROFILE)).unwrap();
    assert_eq!((roads.counts.nodes, roads.counts.arcs, roads.counts.ways), (2, 2, 2));
}

#[test]
fn the_way_off_the_road_is_added_at_both_ends() {
    let small = Small::default().line(3).way(&[0, 1, 2], "highway=primary");
    // 0.1 · 1,111.95 m at 10 m/s are 11.1 s, twice, and a minute: 1.37 min. A place reaches itself at once.
    let places = [place("a", 0.5, 0.1), place("b", 1.5, -0.1)];
    assert_eq!(there_and_back(&small, PROFILE, &places), [Some(137); 2]);
    let made = table(&small, &profile(PROFILE), &places);
    assert_eq!(made.table.hundredths("a", "a"), Some(0));
    let snap = made.from[0].unwrap();
    assert_eq!((snap.metres.round(), snap.added, snap.island_m), (111.0, 111, None));
}

/// A square of one-way streets, 0 → 1 → 2 → 3 → 0, with two-way spurs out of each corner.
fn one_way_square(tags: &str) -> Small {
    let corners = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)];
    let spurs = [(-1.0, 0.0), (2.0, 0.0), (2.0, 1.0), (-1.0, 1.0)];
    let mut small = Small::default();
    for (id, (east, north)) in (0..).zip(corners.into_iter().chain(spurs)) {
        small = small.node(id, east, north, "");
    }
    for id in 0..4 {
        small = small.way(&[id, id + 4], "highway=primary");
    }
    small.way(&[0, 1, 2, 3, 0], tags)
}

#[test]
fn one_way_streets_go_round() {
    for (tags, there, back) in [
        ("highway=primary oneway=yes", 300, 500),
        ("highway=primary oneway=-1", 500, 300),
        ("highway=primary junction=roundabout", 300, 500),
        ("highway=primary", 300, 300),
    ] {
        let small = one_way_square(tags);
        // Spur to spur: one side there, three back, and two spurs.
        assert_eq!(there_and_back(&small, PROFILE, &ends(-1.0, 2.0)), [Some(there), Some(back)], "{tags}");
        // Halfway along the side to its end; back through three and a half sides.
        let half = there_and_back(&small, PROFILE, &[place("a", 0.5, 0.0), place("b", 1.5, 0.0)]);
        let expected = if there == back {
            [100, 100]
        } else if there < back {
            [100, 400]
        } else {
            [400, 100]
        };
        assert_eq!(half, expected.map(Some), "{tags}");
        // Two places on the one street, one behind the other: all the way round.
        let both = there_and_back(&small, PROFILE, &[place("a", 0.25, 0.0), place("b", 0.75, 0.0)]);
        let expected = if there == back {
            [50, 50]
        } else if there < back {
            [50, 350]
        } else {
            [350, 50]
        };
        assert_eq!(both, expected.map(Some), "{tags}");
    }
}

#[test]
fn delays_at_junctions_and_lights() {
    let delayed = PROFILE
        .replace("\"junction_s\": 0", "\"junction_s\": 6")
        .replace("signals_s\": 0", "signals_s\": 12");
    let cross = |tags, node| {
        Small::default()
            .line(3)
            .node(9, 1.0, 1.0, "")
            .node(1, 1.0, 0.0, node)
            .way(&[0, 1, 2], "highway=primary")
            .way(&[1, 9], tags)
    };
    // 6 s are a tenth of a minute; passed, or turned at.
    assert_eq!(there_and_back(&cross("highway=primary", ""), &delayed, &ends(0.0, 2.0)), [Some(210); 2]);
    let turn = [place("a", 0.0, 0.0), place("b", 1.0, 1.0)];
    assert_eq!(there_and_back(&cross("highway=primary", ""), &delayed, &turn), [Some(210); 2]);
    // A minor road makes no junction; lights stand in for the junction.
    assert_eq!(there_and_back(&cross("highway=service", ""), &delayed, &ends(0.0, 2.0)), [Some(200); 2]);
    let lights = "highway=traffic_signals";
    assert_eq!(there_and_back(&cross("highway=primary", lights), &delayed, &ends(0.0, 2.0)), [Some(220); 2]);
    // Lights on the way, in both directions or in one.
    let road = |tags| {
        let small = Small::default().line(3).node(1, 1.0, 0.0, tags).way(&[0, 1, 2], "highway=primary");
        there_and_back(&small, &delayed, &ends(0.0, 2.0))
    };
    assert_eq!(road("highway=traffic_signals"), [Some(220); 2]);
    assert_eq!(road("highway=traffic_signals traffic_signals:direction=backward"), [Some(200), Some(220)]);
}

#[test]
fn what_cuts_a_road() {
    let line = || Small::default().line(5);
    let whole = line().way(&[0, 1, 2, 3, 4], "highway=primary");
    assert_eq!(there_and_back(&whole, PROFILE, &ends(0.0, 4.0)), [Some(400); 2]);
    let private = line().way(&[0, 1, 2], "highway=primary").way(&[2, 3, 4], "highway=primary access=private");
    let bollard = line().node(3, 3.0, 0.0, "barrier=bollard").way(&[0, 1, 2, 3, 4], "highway=primary");
    let missing = line().way(&[0, 1, 2, 77, 4], "highway=primary");
    let mut seen = Vec::new();
    for small in [private, bollard, missing] {
        let (roads, problems) = read(&small, &profile(PROFILE)).unwrap();
        seen.push((roads.counts.incomplete_ways, problems.iter().map(|p| p.code).collect::<Vec<_>>()));
        // The road ends at 2 min; from there it is two minutes' way, 2,224 m, off the road: 3.71 min.
        assert_eq!(there_and_back(&small, PROFILE, &ends(0.0, 4.0)), [Some(571); 2]);
    }
    assert_eq!(seen, [(0, vec![]), (0, vec![]), (1, vec![Code::RoadsLeftOut])]);
}

#[test]
fn places_far_away_and_on_islands() {
    // A long road, and a short one that does not meet it; 12 is 13 km from any road.
    let small = Small::default()
        .line(4)
        .node(10, 0.0, 2.0, "")
        .node(11, 0.5, 2.0, "")
        .way(&[0, 1], "highway=primary")
        .way(&[1, 2], "highway=primary")
        .way(&[1, 3], "highway=primary")
        .way(&[10, 11], "highway=primary");
    let places = [
        place("near", 0.0, 0.0),
        place("island", 0.0, 1.5),
        place("off", 0.0, -1.0),
        place("gone", 0.0, -12.0),
    ];
    let made = table(&small, &profile(PROFILE), &places);
    let island = made.from[1].unwrap();
    assert_eq!((island.metres.round(), island.island_m.map(f64::round)), (1668.0, Some(556.0)));
    assert_eq!(made.from[3], None);
    assert_eq!((made.table.rows[3].len(), made.table.hundredths("near", "gone")), (1, None));
    let said = warnings(&places, &made.from, OPTIONS.limits, "p.csv");
    let codes = [Code::OnIsland, Code::FarFromRoads, Code::FarFromRoads];
    assert_eq!(said.iter().map(|p| p.code).collect::<Vec<_>>(), codes);
    let report = SnapReport::of(&places, &made.from, OPTIONS.limits);
    assert_eq!(
        (report.nowhere, report.far, report.cut_off),
        (vec!["gone".to_owned()], vec!["island".to_owned(), "off".to_owned()], vec!["island".to_owned()])
    );
    // Of 0, 1,112 and 1,668 m; 166.8 s are 2.78 min.
    assert_eq!(
        (report.median_m, report.most_m, report.most_added_min),
        (Some(1112.0), Some(1667.9), Some(2.78))
    );
}

#[test]
fn one_does_not_stop_on_motorways() {
    let small = Small::default()
        .line(3)
        .node(8, 0.0, 1.0, "")
        .node(9, 2.0, 1.0, "")
        .way(&[0, 1, 2], "highway=motorway oneway=no")
        .way(&[0, 8], "highway=primary")
        .way(&[2, 9], "highway=primary");
    // From the middle of the motorway the nearest road begins a minute's way off: 1,112 m at 10 m/s are 1.85 min.
    let made = table(&small, &profile(PROFILE), &[place("a", 1.0, 0.0)]);
    assert_eq!(made.from[0].unwrap().metres.round(), 1112.0);
    let both = [place("a", 0.0, 1.0), place("b", 2.0, 1.0)];
    assert_eq!(there_and_back(&small, PROFILE, &both), [Some(400); 2]);
}

#[test]
fn ferries_take_their_duration_and_boarding() {
    let ferry = |tags| {
        Small::default()
            .line(4)
            .way(&[0, 1], "highway=primary")
            .way(&[1, 2], tags)
            .way(&[2, 3], "highway=primary")
    };
    let time = |tags| there_and_back(&ferry(tags), PROFILE, &ends(0.0, 3.0));
    // 20 min, 10 for boarding, a minute of road at either end.
    assert_eq!(time("route=ferry duration=00:20"), [Some(3200); 2]);
    assert_eq!(time("route=ferry"), [Some(1300); 2]);
}

#[test]
fn no_roads_is_an_error() {
    let codes = |small: &Small| {
        read(small, &profile(PROFILE)).unwrap_err().iter().map(|p| p.code).collect::<Vec<_>>()
    };
    assert_eq!(codes(&Small::default().line(2).way(&[0, 1], "highway=footway")), [Code::NoRoads]);
    assert_eq!(codes(&Small::default()), [Code::NoRoads]);
    assert_eq!(codes(&Small::default().way(&[5, 6], "highway=primary")), [Code::NoRoads]);
    assert_eq!(codes(&Small::default().line(2).way(&[0], "highway=primary")), [Code::NoRoads]);
}

/// Shortest times in minutes between nodes, by Floyd and Warshall over every step of every way.
fn shortest(ways: &[(Vec<i64>, u8)], at: impl Fn(i64) -> (f64, f64)) -> Vec<Vec<f64>> {
    let mut d = vec![vec![f64::INFINITY; 16]; 16];
    for (nodes, oneway) in ways {
        for w in nodes.windows(2) {
            let ((x0, y0), (x1, y1)) = (at(w[0]), at(w[1]));
            let time = (x1 - x0).hypot(y1 - y0);
            let [a, b] = [w[0] as usize, w[1] as usize];
            if *oneway != 2 {
                d[a][b] = d[a][b].min(time);
            }
            if *oneway != 1 {
                d[b][a] = d[b][a].min(time);
            }
        }
    }
    for k in 0..16 {
        d[k][k] = 0.0;
        for i in 0..16 {
            for j in 0..16 {
                d[i][j] = d[i][j].min(d[i][k] + d[k][j]);
            }
        }
    }
    d
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn times_between_nodes_are_the_shortest(
        ways in prop::collection::vec((prop::collection::vec(0i64..16, 2..7), 0u8..3), 1..12)
    ) {
        // Nodes on a bent grid: no road runs over a node that is not its own.
        let at = |id: i64| {
            let (x, y) = ((id % 4) as f64, (id / 4) as f64);
            (x * 0.3 + y * y * 0.017, y * 0.3 + x * x * 0.013)
        };
        let mut small = Small::default();
        for id in 0..16 {
            let (x, y) = at(id);
            small = small.node(id, x, y, "");
        }
        for (nodes, oneway) in &ways {
            small = small.way(nodes, ["highway=primary", "highway=primary oneway=yes", "highway=primary oneway=-1"][usize::from(*oneway)]);
        }
        let places: Vec<PlacePoint> = (0..16).map(|id| { let (x, y) = at(id); place(&id.to_string(), x, y) }).collect();
        let p = profile(PROFILE);
        if let Ok((roads, _)) = read(&small, &p) {
            let made = travel_table(&roads, &Hierarchy::prepare(&roads.graph), &p, &places, &places, OPTIONS);
            let d = shortest(&ways, at);
            let on = |i: usize| made.from[i].is_some_and(|s| s.metres < 0.5);
            for i in (0..16).filter(|&i| on(i)) {
                for j in (0..16).filter(|&j| on(j)) {
                    let found = made.table.hundredths(&i.to_string(), &j.to_string());
                    // Within the rounding of ten stretches and a centimetre for each node.
                    let found = found.map_or(f64::INFINITY, |t| f64::from(t) / 100.0);
                    prop_assert!((found - d[i][j]).abs() < 0.02, "{i} → {j}: {found} for {}", d[i][j]);
                }
            }
        }
    }
}
