//! From files to files, as the command does it.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

mod small;

use maillage_input::{Code, sha256_hex};
use maillage_territory::lists::Lists;
use maillage_travel::import::{Format, ImportOptions, Unit};
use maillage_travel::run::{ImportJob, RoadJob, from_import, from_roads};
use maillage_travel::snap::SnapLimits;
use maillage_travel::table::{TableOptions, write};
use small::{PROFILE, Small};
use std::fs;
use std::path::Path;

fn job(dir: &Path) -> RoadJob {
    Small::default().line(3).way(&[0, 1, 2], "highway=primary").write(dir);
    fs::write(dir.join("places.csv"), "id,lat,lon\na,0,0\nb,0,0.01\nc,0,0.02\nd,,\n").unwrap();
    fs::write(dir.join("sites.csv"), "id,lat,lon\ns,0,0.015\n").unwrap();
    fs::write(dir.join("test.json"), PROFILE).unwrap();
    RoadJob {
        extract: dir.join("small.osm.pbf"),
        places: dir.join("places.csv"),
        to: Some(dir.join("sites.csv")),
        profile: dir.join("test.json").display().to_string(),
        prepared: Some(dir.join("graph")),
        options: TableOptions { max_minutes: 1, limits: SnapLimits::default(), threads: 1 },
    }
}

#[test]
fn a_table_and_what_is_known_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let job = job(dir.path());
    let (built, problems) = from_roads(&job).unwrap();
    assert_eq!(problems.iter().map(|p| p.code).collect::<Vec<_>>(), [Code::NoCoordinates]);
    let out = dir.path().join("out.csv");
    let beside = write(&out, &built.table, &built.made, &built.coverage).unwrap();
    // a is a minute and a half away, beyond the longest time.
    assert_eq!(fs::read_to_string(&out).unwrap(), "from_id,to_id,minutes\nb,s,0.50\nc,s,0.50\n");
    let record: serde_json::Value = serde_json::from_str(&fs::read_to_string(beside).unwrap()).unwrap();
    assert_eq!(record["coverage"]["reach_none"], serde_json::json!(["a"]));
    assert_eq!(record["profile"]["roads"]["primary"]["default_kmh"], 66.717);
    assert_eq!(record["extract"]["sha256"].as_str().unwrap().len(), 64);
    assert_eq!(record["snapping"]["places"], 4);
    assert_eq!(record["sha256"], sha256_hex(&fs::read(&out).unwrap()));
    let credit = record["credit"].as_str().unwrap();
    assert!(credit.contains("small.osm.pbf (test), ©"), "{credit}");
    // Under another name, the same in binary.
    write(&dir.path().join("out.mtt"), &built.table, &built.made, &built.coverage).unwrap();
    let bytes = fs::read(dir.path().join("out.mtt")).unwrap();
    let lists = Lists::read(&bytes).unwrap();
    assert_eq!((lists.from.clone(), lists.to.clone()), (vec!["a", "b", "c"], vec!["s"]));
    assert_eq!([0, 1, 2].map(|i| lists.row(i).collect::<Vec<_>>()), [vec![], vec![(0, 50)], vec![(0, 50)]]);
    assert!(built.text().fr.contains("trajets : 2 sur 3"), "{}", built.text().fr);
    assert!(built.text().en.contains("trips: 2 of 3"), "{}", built.text().en);
    // Nothing is left of writing, and a folder that is not there is an error.
    let files = fs::read_dir(dir.path())
        .unwrap()
        .filter(|f| f.as_ref().unwrap().file_name().to_string_lossy().contains("new"));
    assert_eq!(files.count(), 0);
    let nowhere = dir.path().join("none/out.csv");
    let problem = write(&nowhere, &built.table, &built.made, &built.coverage).unwrap_err();
    assert_eq!(problem.code, Code::OutputUnwritable);
}

#[test]
fn a_prepared_graph_is_used_again_or_made_again() {
    let dir = tempfile::tempdir().unwrap();
    let job = job(dir.path());
    let kept = dir.path().join("graph");
    let run = || {
        let (built, problems) = from_roads(&job).unwrap();
        (built.table, problems.iter().filter(|p| p.code == Code::Unusual).count())
    };
    let (table, said) = run();
    let bytes = fs::read(&kept).unwrap();
    assert_eq!((run(), said), ((table.clone(), 0), 0));
    // Torn: said, and written again.
    fs::write(&kept, &bytes[..bytes.len() / 2]).unwrap();
    assert_eq!(run(), (table.clone(), 1));
    assert_eq!(fs::read(&kept).unwrap(), bytes);
    // Of another network: said, and written again.
    Small::default()
        .line(3)
        .way(&[0, 1], "highway=primary")
        .way(&[1, 2], "highway=primary oneway=yes")
        .write(dir.path());
    let (other, said) = run();
    assert_eq!(said, 1);
    assert_ne!(other, table);
    assert_ne!(fs::read(&kept).unwrap(), bytes);
    // Something else is not written over.
    fs::write(&kept, "my notes").unwrap();
    assert_eq!(run(), (other, 1));
    assert_eq!(fs::read_to_string(&kept).unwrap(), "my notes");
}

#[test]
fn a_matrix_takes_its_codes_from_tables_of_places() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("m.json");
    fs::write(&file, r#"{"code":"Ok","durations":[[0,60],[null,0]]}"#).unwrap();
    let places = dir.path().join("p.csv");
    fs::write(&places, "id,lat,lon\na,0,0\nb,0,0.02\n").unwrap();
    let options =
        ImportOptions { format: Format::Osrm, unit: None, codes: None, columns: None, max_minutes: None };
    let mut job = ImportJob { file, places: Some(places.clone()), to: None, options };
    let (built, _) = from_import(&job).unwrap();
    assert_eq!((built.table.hundredths("a", "b"), built.table.hundredths("b", "a")), (Some(100), None));
    assert_eq!(built.coverage.slowest[0].crow_km, Some(2.22));
    job.options.unit = Some(Unit::Minutes);
    assert_eq!(from_import(&job).unwrap().0.table.hundredths("a", "b"), Some(6000));
    // A place without coordinates has no row: the matrix does not fit, and that is said.
    fs::write(&places, "id,lat,lon\na,0,0\nb,,\n").unwrap();
    let codes: Vec<_> = from_import(&job).unwrap_err().iter().map(|p| p.code).collect();
    assert_eq!(codes, [Code::MatrixFormat]);
}
