//! Readers: what they accept, what they refuse and where.
#![allow(clippy::unwrap_used, reason = "a helper of a test may fail it")]

use maillage_input::{Code, InputFile, Problems};
use maillage_location::read::{csv_lists, grid, holmberg, orlib_cap, orlib_pmed, tbed1, tsplib, ufl_simple};
use maillage_location::*;
use std::path::Path;
use std::time::{Duration, Instant};

fn file(text: &str) -> InputFile {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("t");
    std::fs::write(&path, text).unwrap();
    InputFile::read(&path, 1 << 30).unwrap()
}

fn places(problems: &Problems) -> Vec<(Code, Option<u64>)> {
    problems.iter().map(|p| (p.code, p.place.line)).collect()
}

#[test]
fn orlib_small() {
    // The second edge between 1 and 2 wins although it is larger; 4 stands alone.
    let read = orlib_pmed(&file(" 4 4 2 \n 1 2 5\n 2 3 1\n 2 1 7\n 3 3 9\n\n")).unwrap();
    assert_eq!(read.p, 2);
    let all: Vec<_> = read.lists.clients().map(|c| read.lists.list(c).collect::<Vec<_>>()).collect();
    let s = SiteIx;
    assert_eq!(all[0], [(s(0), 0), (s(1), 7), (s(2), 8)]);
    assert_eq!(all[2], [(s(2), 0), (s(1), 1), (s(0), 8)]);
    assert_eq!(all[3], [(s(3), 0)]);
}

#[test]
fn orlib_refused() {
    let at = |text: &str| places(&orlib_pmed(&file(text)).unwrap_err());
    let e = Code::Instance;
    assert_eq!(at("4 4"), [(e, Some(1))]);
    assert_eq!(at("4 4 2 9"), [(e, Some(1))]);
    assert_eq!(at("x"), [(e, Some(1))]);
    assert_eq!(at("0 0 0"), [(e, Some(1))]);
    assert_eq!(at("3 0 4"), [(e, Some(1))]);
    assert_eq!(at("4000000000 1 1\n1 2 3"), [(e, Some(1))]);
    assert_eq!(at("18446744073709551615 18446744073709551615 1"), [(e, Some(1))]);
    assert_eq!(at("3 2 1\n1 2 3"), [(e, Some(2))]);
    assert_eq!(at("3 1 1\n1 2 3\n1 3 3"), [(e, Some(3))]);
    assert_eq!(at("3 4 1\n0 2 3\n1 4 3\n1 2 -3\n1 2 4294967296"), [2, 3, 4, 5].map(|l| (e, Some(l))));
    assert_eq!(at("3 2 1\n1 2 4294967295\n2 3 4294967295"), [(e, Some(1))]);
}

#[test]
fn csv_small() {
    let costs = file("cost;to_id;from_id;note\n3;B;z;\n1; A;z;\n9;B;é;x\n");
    let read = csv_lists(&costs, None).unwrap();
    assert_eq!((read.clients, read.sites), (vec!["z".into(), "é".into()], vec!["A".into(), "B".into()]));
    assert_eq!(read.lists.list(ClientIx(0)).collect::<Vec<_>>(), [(SiteIx(0), 1), (SiteIx(1), 3)]);
    assert_eq!(read.lists.list(ClientIx(1)).collect::<Vec<_>>(), [(SiteIx(1), 9)]);
    assert_eq!(read.lists.total_weight(), 2);
    // With weights: a client that nothing reaches is kept.
    let read = csv_lists(&costs, Some(&file("id,weight\né,4\nz,0\na,7\n"))).unwrap();
    assert_eq!(read.clients, ["a", "z", "é"]);
    assert_eq!(read.lists.clients().map(|c| read.lists.weight(c)).collect::<Vec<_>>(), [7, 0, 4]);
    assert_eq!(read.lists.list(ClientIx(0)).count(), 0);
    assert_eq!(read.lists.list(ClientIx(2)).collect::<Vec<_>>(), [(SiteIx(1), 9)]);
}

#[test]
fn csv_refused() {
    let at = |costs: &str, weights: Option<&str>| {
        places(&csv_lists(&file(costs), weights.map(file).as_ref()).unwrap_err())
    };
    let e = Code::Instance;
    assert_eq!(at("from_id,to_id\na,b\n", None), [(Code::MissingColumn, Some(1))]);
    assert_eq!(at("from_id,to_id,cost,cost\na,b,1,1\n", None), [(e, Some(1))]);
    assert_eq!(at("from_id,to_id,cost\n", None), [(e, Some(1))]);
    let bad = "from_id,to_id,cost\na,b,1.5\na,c,-1\na,d,4294967296\na,e\n,f,1\na,,1\na,g,\na,h,1\n";
    assert_eq!(at(bad, None), [2, 3, 4, 5, 6, 7, 8].map(|l| (e, Some(l))));
    assert_eq!(at("from_id,to_id,cost\na,b,1\nc,b,1\na,b,2\n", None), [(e, Some(4))]);
    let good = "from_id,to_id,cost\na,b,4000000000\n";
    assert_eq!(at(good, Some("id,weight\nb,1\n")), [(e, Some(2))]);
    assert_eq!(at(good, Some("id,weight\na,1\na,1\n")), [(e, Some(3))]);
    assert_eq!(at(good, Some("id,weight\na,\n")), [(e, Some(2))]);
    assert_eq!(at(good, Some("id,weight\na,18446744073709551615\n")), [(e, None)]);
}

/// The lines of the only problem of each file.
fn lines<T: std::fmt::Debug>(
    read: impl Fn(&InputFile) -> Result<T, Problems>,
    texts: &[&str],
) -> Vec<Option<u64>> {
    let problems = texts.iter().map(|t| read(&file(t)).unwrap_err());
    problems
        .map(|p| {
            let [(Code::Instance, line)] = places(&p)[..] else { panic!("{p:?}") };
            assert!(p.iter().all(|p| p.cause.fr != p.cause.en), "{p:?}");
            line
        })
        .collect()
}

#[test]
fn tsplib_points() {
    let text = "NAME : x\nDIMENSION: 3\nEDGE_WEIGHT_TYPE : CEIL_2D\nNODE_COORD_SECTION\n1 0 0\n 2 3.5e0 -4\n3 1.25 1e1\nEOF\n";
    let points = tsplib(&file(text)).unwrap();
    assert_eq!(points, Points { x: vec![0, 350, 125], y: vec![0, -400, 1000], scale: 100 });
    // sqrt(3.5² + 4²) = 5.3.
    assert_eq!(points.floor_distance(0, 1), Some(5));
    let refused = [
        "DIMENSION: 1\n",
        "DIMENSION: 99999999999\nNODE_COORD_SECTION\n",
        "NAME: x\nNODE_COORD_SECTION\n1 1 1\n",
        "DIMENSION: 1\nEDGE_WEIGHT_TYPE: GEO\nNODE_COORD_SECTION\n1 1 1\n",
        "DIMENSION: 2\nNODE_COORD_SECTION\n1 1 1\n3 1 1\n",
        "DIMENSION: 2\nNODE_COORD_SECTION\n1 1 1\n2 x 1\n",
        "DIMENSION: 2\nNODE_COORD_SECTION\n1 1 1\n2 1 0.0000001\n",
        "DIMENSION: 2\nNODE_COORD_SECTION\n1 1 1\n2 1\n",
        "DIMENSION: 1\nNODE_COORD_SECTION\n1 1 1\n2 1 1\n",
        "DIMENSION: 1\nNODE_COORD_SECTION\n1 99999999999999999 0.5\n",
    ];
    let at = [2, 1, 2, 2, 4, 4, 4, 4, 4, 3].map(Some);
    assert_eq!(lines(tsplib, &refused), at);
}

#[test]
fn grid_points() {
    let read = grid(&file("1\t2\t\nF\t0\t0.5\t1\t7\nC\t0\t1\t1\t9\nC\t1\t2.25\t1\t0\n")).unwrap();
    assert_eq!((read.cost, read.demand), (vec![7], vec![9, 0]));
    assert_eq!(read.sites, Points { x: vec![50], y: vec![100], scale: 100 });
    assert_eq!(read.clients, Points { x: vec![100, 225], y: vec![100, 100], scale: 100 });
    let refused = [
        "0 1\n",
        "1 20000001\n",
        "1 1\nC 0 1 1 1\nC 0 1 1 1\n",
        "1 1\nF 0 1 1 -1\nC 0 1 1 1\n",
        "1 1\nF 0 1 1 1\nC 1 1 1 1\n",
        "1 1\nF 0 1 1 1\nC 0 1 1 1\nC 1 1 1 1\n",
        "1 1\nF 0 1 1 1\nC 0 1 1 1.5\n",
    ];
    assert_eq!(lines(grid, &refused), [1, 1, 2, 2, 3, 4, 3].map(Some));
}

#[test]
fn fixed_charge_files() {
    // Two sites, three clients, the same costs in each format: tenths.
    let costs = |charges: &Charges| -> Vec<Vec<Option<u64>>> {
        (0..3).map(|i| (0..2).map(|j| charges.cost(i, j)).collect()).collect()
    };
    let expected = [[Some(10), Some(45)], [Some(20), Some(50)], [Some(30), Some(60)]];
    let cap = "2 3\n9 7.\ncapacity 8.5\n4\n1 4.5\n1\n2\n5 1\n3 6\n";
    let read = orlib_cap(&file(cap), None).unwrap();
    assert_eq!((read.scale, read.charges.opening(), read.amounts), (10, &[70, 85][..], None));
    assert_eq!(costs(&read.charges), expected);
    let amounts = orlib_cap(&file(cap), Some(6)).unwrap().amounts.unwrap();
    assert_eq!((amounts.capacity, amounts.demand), (vec![6, 6], vec![4, 1, 1]));
    let read = ufl_simple(&file("FILE: x\n2 3 0\n1 7 1 2 3\n2 8.5 4.5 5 6\n")).unwrap();
    assert_eq!((read.scale, read.charges.opening(), read.amounts), (10, &[70, 85][..], None));
    assert_eq!(costs(&read.charges), expected);
    let read = holmberg(&file("2\n3\n9 7\n6 8.5\n4 1 1\n1 2 3\n4.5 5 6\n\0\0 7 8")).unwrap();
    assert_eq!((read.scale, costs(&read.charges)), (10, expected.map(Vec::from).to_vec()));
    let amounts = read.amounts.unwrap();
    assert_eq!((amounts.capacity, amounts.demand), (vec![9, 6], vec![4, 1, 1]));
    // Unit costs: the first client asks for 4 units.
    let read = tbed1(&file("3 2\n4 1 1\n9 6\n7 8.5\n1 2 3\n4.5 5 6\n")).unwrap();
    assert_eq!(costs(&read.charges), [[Some(40), Some(180)], [Some(20), Some(50)], [Some(30), Some(60)]]);

    let refused = [
        "x",
        "2 30000",
        "1 1\n-1 2\n1\n1\n",
        "1 1\nc 2\n1\n1\n",
        "1 1\n1 2\n1\n",
        "1 1\n1 2\n1\n1 1\n",
        "1 1\n1 2\n1\n-1\n",
    ];
    assert_eq!(lines(|f| orlib_cap(f, None), &refused), [1, 1, 2, 2, 3, 4, 4].map(Some));
    let refused = [
        "1 1 0\n1 1 1\n",
        "FILE: x\n1 1 1\n1 1 1\n",
        "FILE: x\n1 1 0\n2 1 1\n",
        "FILE: x\n1 1 0\n1 1 1 1\n",
        "FILE: x",
    ];
    assert_eq!(lines(ufl_simple, &refused), [1, 2, 3, 3, 2].map(Some));
    let refused =
        ["1 1\n1.5 1\n1\n1\n", "1 1\n1 1\n-1\n1\n", "1 1\n1 1\n1\n1 2\n", "1 1\n1 1\n1\n0.1234567\n"];
    assert_eq!(lines(holmberg, &refused), [2, 3, 4, 4].map(Some));
    assert_eq!(lines(tbed1, &["1 1\n1\n1\n1\n", "1 1\n1\n1\n1\n1\n1\n"]), [4, 6].map(Some));
    let zero = holmberg(&file("1 1\n1 1\n1\0\n1\n")).unwrap_err();
    assert_eq!(places(&zero), [(Code::Instance, Some(3))]);
    // Too large a total has no line.
    assert_eq!(lines(holmberg, &["1 1\n1 9007199254740993\n1\n1\n"]), [None]);
    assert_eq!(lines(tbed1, &["1 1\n9999999999\n1\n1\n9999999999\n"]), [None]);
}

/// The public instances, where the checkout has them.
fn public(name: &str) -> Option<InputFile> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/bench/pmed").join(name);
    if !path.exists() {
        println!("skipped: no public instance {name}");
        return None;
    }
    Some(InputFile::read(&path, 1 << 26).unwrap())
}

fn published(name: &str, median: u64, center: u64) {
    let Some(file) = public(name) else { return };
    let read = orlib_pmed(&file).unwrap();
    let begun = Instant::now();
    let problem = p_median::Problem::new(&read.lists, read.p, Rules::default()).unwrap();
    let out = p_median::solve(&problem, &Limits::default(), &mut |_| ()).unwrap();
    println!("{name} p-median {:?}", begun.elapsed());
    assert_eq!((out.status, out.objective, out.bound), (Status::Optimal, Some(median), Some(median)));
    assert_eq!(out.open.len(), read.p as usize);
    let begun = Instant::now();
    let problem = p_center::Problem::new(&read.lists, read.p, Rules::default()).unwrap();
    let out = p_center::solve(&problem, &Limits::default(), &mut |_| ()).unwrap();
    println!("{name} p-center {:?}", begun.elapsed());
    assert_eq!((out.status, out.objective), (Status::Optimal, Some(center)));
}

#[test]
fn pmed1() {
    published("pmed1.txt.gz", 5819, 127);
}

#[test]
fn pmed5() {
    published("pmed5.txt.gz", 1355, 48);
}

#[test]
fn pmed7() {
    published("pmed7.txt.gz", 5631, 64);
}

#[test]
fn pmed1_cut_short_is_honest() {
    let Some(file) = public("pmed1.txt.gz") else { return };
    let read = orlib_pmed(&file).unwrap();
    let problem = p_median::Problem::new(&read.lists, read.p, Rules::default()).unwrap();
    let limits = Limits { time: Some(Duration::from_millis(1)), ..Limits::default() };
    let out = p_median::solve(&problem, &limits, &mut |_| ()).unwrap();
    assert_eq!((out.status, out.limit), (Status::Feasible, Some(LimitReached::Time)));
    assert!(out.objective.unwrap() >= 5819 && out.bound.unwrap() <= 5819);
}
