//! Floating catchments as another program computes them: `access` of PySAL, which `./dev peers` installs.
//! Skipped, and said so, where it is not installed.
//!
//! Where both mean the same, figures agree to 1e-9. They differ, and are told apart below, where
//!
//! * a place reaches nothing: `access` gives no figure, or 0 where weights do the cutting, maillage always 0;
//! * a place without people reaches a supply with nobody around: `access` divides by 0 and says infinity,
//!   maillage counts that supply as unused.
//!
//! `access` knows no trip within a place unless the table has it, and adds up repeated pairs, where maillage
//! keeps the shortest; the tables here state every self trip, and each pair once.

#![allow(clippy::unwrap_used, reason = "a test that panics fails")]

use maillage_access::{Catchments, Decay, DecayFile};
use maillage_territory::{Minutes, PlaceIx, TravelSource, TravelTimes};
use maillage_tests::{peers, root};
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// The longest time in the lists, as in a territory; tables have longer ones.
const MAX: Minutes = Minutes::whole(45);

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % u64::from(n)) as u32
    }

    fn one_in(&mut self, n: u32) -> bool {
        self.below(n) == 0
    }
}

struct Case {
    people: Vec<f64>,
    supply: Vec<f64>,
    triples: Vec<(PlaceIx, PlaceIx, Minutes)>,
}

/// A sparse table, times back drawn apart from times there, whole minutes common so that many equal a
/// threshold. One place in eight is out of reach even of itself, one in three has no people, half have no supply.
fn case(seed: u64) -> Case {
    let mut random = Random(seed);
    let n = 1 + random.below(300);
    let mut case = Case { people: Vec::new(), supply: Vec::new(), triples: Vec::new() };
    for i in 0..n {
        case.people.push(if random.one_in(3) { 0.0 } else { f64::from(1 + random.below(500_000)) / 64.0 });
        case.supply.push(if random.one_in(2) { 0.0 } else { f64::from(1 + random.below(1_000_000)) / 64.0 });
        let island = random.one_in(8);
        let own = if island { 10_000 } else { 100 * random.below(4) };
        case.triples.push((PlaceIx(i), PlaceIx(i), Minutes::from_hundredths(own)));
        for j in (0..n).filter(|&j| j != i) {
            if !island && random.one_in(1 + n / 12) {
                let whole = random.one_in(2);
                let t = if whole { 100 * random.below(51) } else { random.below(5001) };
                case.triples.push((PlaceIx(i), PlaceIx(j), Minutes::from_hundredths(t)));
            }
        }
    }
    case
}

impl Case {
    fn write(&self, folder: &Path) {
        let mut people = String::from("id,people\n");
        let mut supply = String::from("id,supply\n");
        let mut cost = String::from("origin,dest,minutes\n");
        for (i, (p, s)) in self.people.iter().zip(&self.supply).enumerate() {
            writeln!(people, "{i},{p}").unwrap();
            // To `access` a place without a row has no supply: half of those go without.
            if *s > 0.0 || i % 2 == 0 {
                writeln!(supply, "{i},{s}").unwrap();
            }
        }
        for (from, to, t) in &self.triples {
            writeln!(cost, "{},{},{t}", from.0, to.0).unwrap();
        }
        fs::create_dir(folder).unwrap();
        fs::write(folder.join("people.csv"), people).unwrap();
        fs::write(folder.join("supply.csv"), supply).unwrap();
        fs::write(folder.join("cost.csv"), cost).unwrap();
    }

    fn ours(&self, decay: &Decay) -> Vec<f64> {
        let source = TravelSource::Table { source: "random".into(), date: "2026".into() };
        let travel = TravelTimes::new(self.people.len(), MAX, source, self.triples.iter().copied());
        Catchments::new(&travel, decay, &self.people).accessibility(&self.supply).by_place
    }
}

/// One column of the figures of `access`; `None` where it gives none.
fn theirs(folder: &Path, method: &str) -> Vec<Option<f64>> {
    let text = fs::read_to_string(folder.join("result.csv")).unwrap();
    let mut rows = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let column = rows.next().unwrap().iter().position(|name| *name == method).unwrap();
    let mut figures = Vec::new();
    for row in rows {
        assert_eq!(row[0], figures.len().to_string(), "one row for each place, in order");
        figures.push((!row[column].is_empty()).then(|| row[column].parse().unwrap()));
    }
    figures
}

#[test]
fn access_of_pysal_gives_the_same_figures() {
    let Some(python) = peers() else { return };
    let dir = tempfile::tempdir().unwrap();
    let cases: Vec<_> = (0..12).map(|seed| (case(seed), dir.path().join(seed.to_string()))).collect();
    cases.iter().for_each(|(case, folder)| case.write(folder));
    let ran = Command::new(python)
        .arg(root().join("tests/peers/fca.py"))
        .args(cases.iter().map(|(_, folder)| folder))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));

    let m = Minutes::whole;
    let deviation = 10.0; // of the Gaussian of `access`, exp(-t²/2σ²)
    let gaussian = DecayFile::Gaussian { bandwidth_min: deviation * 2f64.sqrt(), until_min: 30.0 };
    let methods = [
        ("two", Decay::within(m(20))),
        ("steps", Ok(Decay::drees_2015())),
        ("default", Decay::steps(&[(m(10), 1.0), (m(20), 0.68), (m(30), 0.22)])),
        ("gaussian", gaussian.decay()),
    ];
    for (method, decay) in methods {
        let decay = decay.unwrap();
        let (mut same, mut nothing, mut infinite) = (0, 0, 0);
        for (seed, (case, folder)) in cases.iter().enumerate() {
            let (ours, theirs) = (case.ours(&decay), theirs(folder, method));
            assert_eq!(ours.len(), theirs.len());
            for (i, (&a, &b)) in ours.iter().zip(&theirs).enumerate() {
                let what = format!("{method}, seed {seed}, place {i}: maillage {a}, access {b:?}");
                match b {
                    None => assert_eq!(a, 0.0, "{what}"),
                    Some(b) if b.is_infinite() => {
                        assert_eq!(case.people[i], 0.0, "{what}");
                        assert!(a.is_finite(), "{what}");
                    }
                    Some(b) => assert!((a - b).abs() <= 1e-9 * b.abs(), "{what}"),
                }
                nothing += usize::from(b.is_none_or(|b| b == 0.0));
                infinite += usize::from(b == Some(f64::INFINITY));
                same += usize::from(b.is_some_and(|b| b.is_finite() && b > 0.0));
            }
        }
        assert!(same > 500 && nothing > 10 && infinite > 0, "{method}: {same} {nothing} {infinite}");
    }
    // Whole minutes are common enough to meet every threshold.
    let times = || cases.iter().flat_map(|(case, _)| case.triples.iter().map(|&(_, _, t)| t));
    assert!([10, 15, 20, 30].iter().all(|&edge| times().filter(|&t| t == m(edge)).count() > 20));
}
