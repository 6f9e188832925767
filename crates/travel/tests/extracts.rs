//! The extracts of Monaco, Liechtenstein and Andorra, where they are beside the project.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use maillage_travel::hierarchy::Hierarchy;
use maillage_travel::pbf::Extract;
use maillage_travel::places::PlacePoint;
use maillage_travel::profile::Profile;
use maillage_travel::roads::Roads;
use maillage_travel::snap::{SnapLimits, SnapReport};
use maillage_travel::table::{Coverage, RoadTable, TableOptions, travel_table};
use std::path::{Path, PathBuf};

fn file(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    if !path.is_file() {
        println!("skipped: {} is absent", path.display());
    }
    path.is_file().then_some(path)
}

fn roads(name: &str, profile: &str) -> Option<(Roads, Profile)> {
    let extract = Extract::open(&file(&format!("osm/{name}.osm.pbf"))?).unwrap();
    let profile = Profile::load(profile).unwrap().0;
    Some((Roads::read(&extract, &profile).unwrap().0, profile))
}

fn table(roads: &Roads, profile: &Profile, places: &[PlacePoint]) -> RoadTable {
    let options = TableOptions { max_minutes: 120, limits: SnapLimits::default(), threads: 1 };
    travel_table(roads, &Hierarchy::prepare(&roads.graph), profile, places, places, options)
}

fn communes() -> Option<Vec<PlacePoint>> {
    let bytes = maillage_input::InputFile::read(&file("national/communes.csv.gz")?, 1 << 30).unwrap();
    let mut reader = csv::Reader::from_reader(&bytes.content[..]);
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|h| h == name).unwrap();
    let [id, lat, lon] = ["code_insee", "lat", "lon"].map(column);
    let six = ["06012", "06032", "06059", "06092", "06104", "06150"];
    let rows = reader.records().map(Result::unwrap).filter(|r| six.contains(&&r[id]));
    Some(
        rows.map(|r| PlacePoint {
            id: r[id].to_owned(),
            lat: r[lat].parse().unwrap(),
            lon: r[lon].parse().unwrap(),
        })
        .collect(),
    )
}

fn at(id: &str, lat: f64, lon: f64) -> PlacePoint {
    PlacePoint { id: id.to_owned(), lat, lon }
}

#[test]
fn three_streets_by_hand() {
    let Some((roads, car)) = roads("monaco", "car") else { return };
    // Lengths are sums of great circles between the nodes of OpenStreetMap.
    let streets = [
        // Boulevard des Moulins: primary, limit 50, 160.35 m at 50 · 0.92 · 0.8 = 36.8 km/h are 15.69 s, and 1 s at each
        // of two junctions: 17.69 s are 0.295 min.
        (at("a", 43.7435366, 7.4285271), at("b", 43.7448921, 7.4292073), 30),
        // Avenue du Président Kennedy: primary, no limit known, 175.61 m at 60 km/h are 10.54 s, and 1 s at one junction;
        // the other end is where its tags change.
        (at("c", 43.7545594, 7.4437738), at("d", 43.7545809, 7.4459593), 19),
        // Avenue de la Madone, one-way: the same speed, 225.25 m are 13.52 s, with two junctions and one set of lights 27.52 s.
        (at("e", 43.7659393, 7.4877034), at("f", 43.7674706, 7.4895278), 46),
    ];
    for (from, to, expected) in streets {
        let made = table(&roads, &car, &[from.clone(), to.clone()]).table;
        let (there, back) = (made.hundredths(&from.id, &to.id), made.hundredths(&to.id, &from.id));
        assert_eq!(there, Some(expected), "{} → {}", from.id, to.id);
        assert!(if from.id == "e" { back > Some(expected) } else { back == there }, "{back:?}");
    }
}

#[test]
fn six_communes_around_monaco() {
    let (Some(communes), Some((roads, car))) = (communes(), roads("monaco", "car")) else { return };
    assert_eq!(communes.len(), 6);
    let made = table(&roads, &car, &communes);
    let coverage = Coverage::of(&made.table, Some((&communes, &communes)));
    assert_eq!((coverage.pairs, coverage.possible_pairs), (30, 30));
    // Peillon lies on a road that leads elsewhere only outside the extract; the others on streets.
    let limits = SnapLimits::default();
    let report = SnapReport::of(&communes, &made.from, limits);
    assert_eq!((report.cut_off, report.nowhere.len()), (vec!["06092".to_owned()], 0));
    for (place, snap) in communes.iter().zip(&made.from).filter(|(p, _)| p.id != "06092") {
        assert!(snap.unwrap().metres < 30.0, "{}", place.id);
    }
    for (place, row) in communes.iter().zip(&made.table.rows) {
        for &(to, time) in row.iter().filter(|&&(to, _)| communes[to as usize].id != place.id) {
            let to = &communes[to as usize];
            let (north, east) = (
                (to.lat - place.lat) * 111.195,
                (to.lon - place.lon) * 111.195 * 43.74f64.to_radians().cos(),
            );
            let kmh = north.hypot(east) * 6000.0 / f64::from(time);
            assert!((10.0..60.0).contains(&kmh), "{} → {}: {kmh:.0} km/h as the crow flies", place.id, to.id);
        }
    }
    // The sea road and the middle corniche are one-way in places.
    let [there, back] = [("06012", "06032"), ("06032", "06012")].map(|(a, b)| made.table.hundredths(a, b));
    assert_ne!(there, back);
}

#[test]
fn on_foot_the_way_back_is_as_long() {
    for name in ["monaco", "liechtenstein", "andorra"] {
        let Some((roads, foot)) = roads(name, "foot") else { return };
        let step = roads.graph.num_nodes() / 40;
        let degrees = |v: &[i32], k: usize| f64::from(v[k * step]) / 1e7;
        let places: Vec<PlacePoint> = (0..40)
            .map(|k| at(&k.to_string(), degrees(&roads.graph.lat, k) + 0.001, degrees(&roads.graph.lon, k)))
            .collect();
        let made = table(&roads, &foot, &places).table;
        assert!(made.pairs() > 300, "{name}: {}", made.pairs());
        for (from, row) in made.rows.iter().enumerate() {
            for &(to, time) in row {
                let back = &made.rows[to as usize];
                assert!(
                    back.contains(&(from as u32, time)),
                    "{name}: {from} → {to} in {time}, back {back:?}"
                );
            }
        }
    }
}

#[test]
fn threads_change_nothing() {
    let (Some(communes), Some((roads, car))) = (communes(), roads("monaco", "car")) else { return };
    let hierarchy = Hierarchy::prepare(&roads.graph);
    let tables = [1, 2, 7].map(|threads| {
        let options = TableOptions { max_minutes: 20, limits: SnapLimits::default(), threads };
        travel_table(&roads, &hierarchy, &car, &communes, &communes, options).table
    });
    assert_eq!(tables[0], tables[1]);
    assert_eq!(tables[0], tables[2]);
}
