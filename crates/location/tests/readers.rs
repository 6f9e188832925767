//! Readers: what they accept, what they refuse and where.
#![allow(clippy::unwrap_used, reason = "a helper of a test may fail it")]

use maillage_input::{Code, InputFile, Problems};
use maillage_location::read::{csv_lists, orlib_pmed};
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
