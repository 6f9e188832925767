//! Writes small extracts.
#![allow(dead_code, reason = "each test uses a part of it")]

use maillage_travel::places::PlacePoint;
use maillage_travel::profile::Profile;
use std::path::{Path, PathBuf};

/// Degrees that a car of [`PROFILE`] travels in a minute on the equator: 1,111.95 m at 66.717 km/h.
pub const MINUTE: f64 = 0.01;

/// One minute for 0.01° on the equator, no delays, and 36 km/h (10 m/s) off the road.
pub const PROFILE: &str = r#"{
  "name": "test", "basis": { "fr": "essai", "en": "test" },
  "access_keys": ["motor_vehicle", "access"], "access_granted": ["yes"], "access_refused": ["no", "private"],
  "blocking_barriers": ["bollard"], "oneway_binds": true,
  "roads": {
    "primary": { "default_kmh": 66.717 },
    "service": { "default_kmh": 66.717, "minor": true },
    "motorway": { "default_kmh": 66.717, "no_stopping": true }
  },
  "junction_s": 0, "traffic_signals_s": 0,
  "ferry": { "default_kmh": 66.717, "boarding_s": 600 }, "off_road_kmh": 36
}"#;

/// Reads a profile from its text.
pub fn profile(text: &str) -> Profile {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("p.json");
    std::fs::write(&path, text).unwrap();
    Profile::load(path.to_str().unwrap()).unwrap_or_else(|p| panic!("{}", p.render(Default::default()))).0
}

/// A place by its position in minutes east and north.
pub fn place(id: &str, east: f64, north: f64) -> PlacePoint {
    PlacePoint { id: id.to_owned(), lat: north * MINUTE, lon: east * MINUTE }
}

pub fn varint(mut v: u64, out: &mut Vec<u8>) {
    while v > 127 {
        out.push(v as u8 | 128);
        v >>= 7;
    }
    out.push(v as u8);
}

/// A field that holds bytes.
pub fn field(number: u64, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    varint(number << 3 | 2, &mut out);
    varint(bytes.len() as u64, &mut out);
    out.extend_from_slice(bytes);
    out
}

/// A field that holds a number.
pub fn number(number: u64, value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    varint(number << 3, &mut out);
    varint(value, &mut out);
    out
}

/// A blob whose content stands as it is.
pub fn blob(kind: &str, content: &[u8]) -> Vec<u8> {
    framed(kind, &field(1, content))
}

/// A blob around a message.
pub fn framed(kind: &str, message: &[u8]) -> Vec<u8> {
    let header = [field(1, kind.as_bytes()), number(3, message.len() as u64)].concat();
    [&(header.len() as u32).to_be_bytes()[..], &header, message].concat()
}

pub fn header() -> Vec<u8> {
    blob("OSMHeader", &[field(4, b"OsmSchema-V0.6"), field(4, b"DenseNodes")].concat())
}

type Tags = Vec<(String, String)>;

/// An extract to be.
#[derive(Default)]
pub struct Small {
    nodes: Vec<(i64, f64, f64, Tags)>,
    ways: Vec<(Vec<i64>, Tags)>,
}

fn tags(text: &str) -> Tags {
    text.split_whitespace().map(|t| t.split_once('=').unwrap()).map(|(k, v)| (k.into(), v.into())).collect()
}

impl Small {
    /// A node, in minutes east and north, and its tags, such as `barrier=bollard`.
    pub fn node(mut self, id: i64, east: f64, north: f64, text: &str) -> Self {
        self.nodes.push((id, north * MINUTE, east * MINUTE, tags(text)));
        self
    }

    /// Nodes 0, 1, 2... one minute apart on the equator.
    pub fn line(mut self, count: i64) -> Self {
        for id in 0..count {
            self = self.node(id, id as f64, 0.0, "");
        }
        self
    }

    pub fn way(mut self, nodes: &[i64], text: &str) -> Self {
        self.ways.push((nodes.to_vec(), tags(text)));
        self
    }

    /// The bytes of the extract: nodes in one blob, ways in another.
    pub fn bytes(&self) -> Vec<u8> {
        let mut strings: Vec<&str> = vec![""];
        let mut index = |text: &'_ str, all: &[(String, String)]| -> u64 {
            let text = all.iter().flat_map(|(k, v)| [k, v]).find(|t| *t == text).unwrap();
            let text: &'static str = Box::leak(text.clone().into_boxed_str());
            strings.push(text);
            strings.len() as u64 - 1
        };
        let (mut ids, mut lats, mut lons, mut texts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut last = [0i64; 3];
        let zigzag = |v: i64| ((v << 1) ^ (v >> 63)) as u64;
        for (id, lat, lon, tags) in &self.nodes {
            let now = [*id, (lat * 1e7).round() as i64, (lon * 1e7).round() as i64];
            for ((out, now), last) in [&mut ids, &mut lats, &mut lons].into_iter().zip(now).zip(last) {
                varint(zigzag(now - last), out);
            }
            last = now;
            for (key, value) in tags {
                varint(index(key, tags), &mut texts);
                varint(index(value, tags), &mut texts);
            }
            texts.push(0);
        }
        let dense = [field(1, &ids), field(8, &lats), field(9, &lons), field(10, &texts)].concat();
        let mut ways = Vec::new();
        for (nodes, tags) in &self.ways {
            let (mut keys, mut values, mut refs) = (Vec::new(), Vec::new(), Vec::new());
            for (key, value) in tags {
                varint(index(key, tags), &mut keys);
                varint(index(value, tags), &mut values);
            }
            let mut last = 0;
            for &id in nodes {
                varint(zigzag(id - last), &mut refs);
                last = id;
            }
            let way = [number(1, 1), field(2, &keys), field(3, &values), field(8, &refs)].concat();
            ways.extend(field(3, &way));
        }
        let strings: Vec<u8> = strings.iter().flat_map(|s| field(1, s.as_bytes())).collect();
        let data = |group: &[u8]| blob("OSMData", &[field(1, &strings), field(2, group)].concat());
        [header(), data(&field(2, &dense)), data(&ways)].concat()
    }

    pub fn write(&self, dir: &Path) -> PathBuf {
        let path = dir.join("small.osm.pbf");
        std::fs::write(&path, self.bytes()).unwrap();
        path
    }
}
