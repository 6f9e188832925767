//! Files that are no extracts, or mean harm: a problem that says what to do, and never a panic.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

mod small;

use maillage_input::{Code, Lang};
use maillage_travel::pbf::Extract;
use maillage_travel::roads::Roads;
use proptest::prelude::*;
use small::{PROFILE, Small, blob, field, framed, header, number, profile, varint};
use std::io::Write;
use std::sync::OnceLock;

static TEST: OnceLock<maillage_travel::profile::Profile> = OnceLock::new();

/// What reading these bytes ends with: the first code, or nothing when they are read.
fn code(bytes: &[u8]) -> Option<Code> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("h.osm.pbf");
    std::fs::write(&path, bytes).unwrap();
    let read = Extract::open(&path)
        .map_err(Into::into)
        .and_then(|e| Roads::read(&e, TEST.get_or_init(|| profile(PROFILE))));
    let problems = read.err()?;
    for problem in problems.iter() {
        assert!(!problem.remedy.fr.is_empty() && !problem.remedy.en.is_empty());
        assert!(problem.render(Lang::Fr).contains("h.osm.pbf"), "{}", problem.render(Lang::Fr));
    }
    problems.iter().next().map(|p| p.code)
}

fn sound() -> Vec<u8> {
    Small::default()
        .line(3)
        .node(3, 3.0, 0.0, "highway=traffic_signals")
        .way(&[0, 1, 2, 3], "highway=primary maxspeed=50")
        .bytes()
}

#[test]
fn what_is_no_extract() {
    assert_eq!(code(&sound()), None);
    assert_eq!(code(b""), Some(Code::FileEmpty));
    for bytes in
        [&b"<?xml version='1.0'?><osm/>"[..], b"\x00", b"\x00\x00\x00\x05hello", &[0xff; 100], &[0; 100]]
    {
        assert_eq!(code(bytes), Some(Code::RoadExtract), "{bytes:?}");
    }
    let dir = tempfile::tempdir().unwrap();
    let open = |path: &std::path::Path| Extract::open(path).unwrap_err().code;
    assert_eq!(open(dir.path()), Code::FileUnreadable);
    assert_eq!(open(&dir.path().join("x")), Code::FileNotFound);
    #[cfg(unix)]
    assert_eq!(open(std::path::Path::new("/dev/zero")), Code::FileUnreadable);
}

#[test]
fn truncated_anywhere() {
    let sound = sound();
    // Where the nodes end and the ways begin a file may end: it has no road. After the header too.
    let whole: Vec<usize> = (1..sound.len()).filter(|&n| code(&sound[..n]) == Some(Code::NoRoads)).collect();
    assert_eq!((whole.len(), whole[0]), (2, header().len()));
    for n in (1..sound.len()).filter(|n| !whole.contains(n)) {
        assert_eq!(code(&sound[..n]), Some(Code::RoadExtract), "{n} of {} bytes", sound.len());
    }
}

#[test]
fn of_a_kind_that_is_not_read() {
    let data = &sound()[header().len()..];
    let history = blob("OSMHeader", &field(4, b"HistoricalInformation"));
    assert_eq!(code(&[&history, data].concat()), Some(Code::RoadExtract));
    let lz4 = framed("OSMData", &field(6, b"whatever"));
    assert_eq!(code(&[header(), lz4].concat()), Some(Code::RoadExtract));
    // Blobs of other kinds are passed over.
    assert_eq!(code(&[&header(), &blob("Elsewhere", b"\xff\xff")[..], data].concat()), None);
}

fn with_data(content: &[u8]) -> Option<Code> {
    code(&[header(), blob("OSMData", content)].concat())
}

#[test]
fn numbers_that_overflow() {
    let mut far = Vec::new();
    for _ in 0..3 {
        varint(u64::MAX - 1, &mut far);
    }
    let dense = [field(1, &far), field(8, &far), field(9, &far)].concat();
    let tag = [field(1, b""), field(1, b"highway"), field(1, b"primary")].concat();
    let way = [field(2, &[1]), field(3, &[2]), field(8, &far)].concat();
    let group = [field(2, &dense), field(3, &way)].concat();
    for granularity in [0, 1, u64::MAX >> 1, u64::MAX] {
        let content =
            [field(1, &tag), field(2, &group), number(17, granularity), number(19, u64::MAX >> 1)].concat();
        assert_eq!(with_data(&content), Some(Code::NoRoads));
    }
}

#[test]
fn indices_and_lengths_that_lead_nowhere() {
    let tag = [field(1, b""), field(1, b"highway")].concat();
    let way = |keys: &[u8], values: &[u8]| {
        let way = [field(2, keys), field(3, values), field(8, &[2, 2])].concat();
        with_data(&[field(1, &tag), field(2, &field(3, &way))].concat())
    };
    assert_eq!(way(&[1], &[1]), Some(Code::NoRoads));
    assert_eq!(way(&[1], &[9]), Some(Code::RoadExtract));
    assert_eq!(way(&[1, 1], &[1]), Some(Code::RoadExtract));
    assert_eq!(way(&[0x80], &[1]), Some(Code::RoadExtract));
    assert_eq!(way(&[1; 5000], &[1; 5000]), Some(Code::NoRoads));
    assert_eq!(way(&[1; 5001], &[1; 5001]), Some(Code::RoadExtract));
    let dense = [field(1, &[2, 2]), field(8, &[2]), field(9, &[2, 2])].concat();
    assert_eq!(with_data(&field(2, &field(2, &dense))), Some(Code::RoadExtract));
}

#[test]
fn blobs_that_swell() {
    let zlib = |content: &[u8], said: u64| {
        let mut z = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        z.write_all(content).unwrap();
        let message = [number(2, said), field(3, &z.finish().unwrap())].concat();
        code(&[header(), framed("OSMData", &message)].concat())
    };
    // Seven million empty ways, read one by one; in 30 KB they are refused.
    let mut ways = Vec::new();
    while ways.len() < 30_000_000 {
        ways.extend([0x1a, 0x02, 0x08, 0x00]);
    }
    let content = field(2, &ways);
    assert_eq!(with_data(&content), Some(Code::NoRoads));
    assert_eq!(zlib(&content, content.len() as u64), Some(Code::RoadExtract));
    assert_eq!(zlib(&content[..0], 0), Some(Code::NoRoads));
    // More than is said, less than is said, more than a blob may hold.
    assert_eq!(zlib(&[0; 100], 99), Some(Code::RoadExtract));
    assert_eq!(zlib(&[0; 100], 101), Some(Code::RoadExtract));
    assert_eq!(zlib(&vec![0; 40 << 20], 40 << 20), Some(Code::RoadExtract));
    let large = [&[0, 0, 0, 20][..], &field(1, b"OSMData"), &number(3, u64::MAX)].concat();
    assert_eq!(code(&[header(), large].concat()), Some(Code::RoadExtract));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn altered_anywhere(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)) {
        let mut bytes = sound();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        // Whatever comes of it, it comes as a problem or as roads.
        let _ = code(&bytes);
    }
}
