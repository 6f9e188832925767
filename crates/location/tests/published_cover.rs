//! Published optima of covering problems, where the checkout has the files. Those of more than a few
//! seconds are `#[ignore]`d; `cargo test --release --test published_cover -- --ignored` runs them:
//! `max_cover_of_large_pmed`, `max_cover_of_hard_grids`, `twenty_million_clients`,
//! `a_hundred_million_clients`, `a_million_cells_and_a_thousand_sites`, `set_cover_of_rat783`,
//! `center_of_pr2392_with_10`, `center_of_u1060_with_50`, `center_of_usa13509_with_10` and `_25`.
#![allow(clippy::unwrap_used, reason = "a helper of a test may fail it")]

use maillage_input::InputFile;
use maillage_location::cover::Signatures;
use maillage_location::read::orlib_pmed;
use maillage_location::*;
use std::path::Path;
use std::time::Instant;

fn file(name: &str) -> Option<InputFile> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/bench").join(name);
    if !path.exists() {
        println!("skipped: no public instance {name}");
        return None;
    }
    Some(InputFile::read(&path, 1 << 30).unwrap())
}

fn pmed(n: u32) -> Option<read::OrlibPmed> {
    Some(orlib_pmed(&file(&format!("pmed/pmed{n}.txt.gz"))?).unwrap())
}

/// Numbers of a line, words skipped.
fn numbers(line: &str) -> Vec<f64> {
    line.split_whitespace().filter_map(|w| w.parse().ok()).collect()
}

/// Coordinates in millionths, as whole numbers.
type At = (i64, i64);

fn millionths(x: f64) -> i64 {
    (x * 1e6).round() as i64
}

fn tsp(name: &str) -> Option<Vec<At>> {
    let file = file(&format!("tsp/{name}.tsp.gz"))?;
    let lines = file.utf8().unwrap().lines();
    let rows = lines.skip_while(|l| !l.starts_with("NODE_COORD")).skip(1).map(numbers);
    Some(rows.take_while(|r| r.len() == 3).map(|r| (millionths(r[1]), millionths(r[2]))).collect())
}

/// Sites with costs, clients with weights.
struct Grid {
    sites: Vec<At>,
    costs: Vec<u64>,
    clients: Vec<At>,
    weights: Vec<u64>,
}

fn grid(name: &str) -> Option<Grid> {
    let file = file(&format!("grid/GRID_{name}.dat.gz"))?;
    let mut grid = Grid { sites: vec![], costs: vec![], clients: vec![], weights: vec![] };
    for line in file.utf8().unwrap().lines().skip(1) {
        let row = numbers(line);
        let [_, x, y, last] = row[..] else { continue };
        let at = (millionths(x), millionths(y));
        if line.starts_with('F') {
            grid.sites.push(at);
            grid.costs.push(last as u64);
        } else {
            grid.clients.push(at);
            grid.weights.push(last as u64);
        }
    }
    Some(grid)
}

fn square(a: At, b: At) -> i128 {
    let (x, y) = (i128::from(a.0 - b.0), i128::from(a.1 - b.1));
    x * x + y * y
}

/// The lists of what is within a distance, at cost 0.
fn within(clients: &[At], sites: &[At], weights: Vec<u64>, distance: f64) -> CostLists {
    let most = i128::from(millionths(distance)).pow(2);
    let pairs = (0u32..).zip(clients).flat_map(|(i, a)| {
        let near = (0u32..).zip(sites).filter(move |(_, b)| square(*a, **b) <= most);
        near.map(move |(j, _)| (ClientIx(i), SiteIx(j), 0))
    });
    CostLists::from_pairs(sites.len() as u32, weights, pairs).unwrap()
}

fn proven(out: &Outcome, optimum: u64, what: &str, begun: Instant) {
    println!("{what}: {:?} in {:.2} s", out.objective, begun.elapsed().as_secs_f64());
    assert_eq!((&out.status, out.objective, out.bound), (&Status::Optimal, Some(optimum), Some(optimum)));
}

fn max_cover_of(lists: &CostLists, p: u32, radius: u32, optimum: u64, what: &str) {
    let begun = Instant::now();
    let problem = max_cover::Problem::new(lists, p, radius, Rules::default()).unwrap();
    let (out, shares) = max_cover::solve_with_shares(&problem, &Limits::default(), &mut |_| ()).unwrap();
    proven(&out, optimum, what, begun);
    let certified = max_cover::certified_bound(&problem, &shares);
    println!("  certified {certified}");
    // The relaxation of these is within a few percent of the optimum.
    assert!(certified >= optimum && certified <= optimum + optimum / 20);
}

fn max_cover_of_pmed(n: u32, p: u32, radius: u32, optimum: u64) {
    let Some(file) = pmed(n) else { return };
    max_cover_of(&file.lists, p, radius, optimum, &format!("pmed{n} p={p} S={radius}"));
}

#[test]
fn max_cover_of_small_pmed() {
    max_cover_of_pmed(11, 5, 40, 264);
    max_cover_of_pmed(15, 30, 20, 243);
    max_cover_of_pmed(23, 20, 20, 431);
}

#[test]
#[ignore = "about a minute"]
fn max_cover_of_large_pmed() {
    max_cover_of_pmed(33, 30, 14, 601);
    max_cover_of_pmed(39, 10, 15, 784);
}

#[test]
fn max_cover_of_tsp() {
    for (name, p, distance, optimum) in
        [("rat783", 20, 60.0, 783), ("u1060", 20, 1000.0, 794), ("rl1304", 30, 1000.0, 937)]
    {
        let Some(at) = tsp(name) else { return };
        let lists = within(&at, &at, vec![1; at.len()], distance);
        max_cover_of(&lists, p, 0, optimum, &format!("{name} p={p} S={distance}"));
    }
}

fn max_cover_of_grid(name: &str, p: u32, distance: f64, optimum: u64) {
    let Some(grid) = grid(&format!("MCLP_n100_{name}")) else { return };
    let lists = within(&grid.clients, &grid.sites, grid.weights, distance);
    max_cover_of(&lists, p, 0, optimum, &format!("{name} p={p} S={distance}"));
}

#[test]
fn max_cover_of_small_grids() {
    for (name, ten, fifteen) in [
        ("m1000_d1_100_f1_1_s1", 44731, 41513),
        ("m1000_d1_100_f1_1_s3", 42900, 38663),
        ("m1000_d1_100_f1_1_s5", 45144, 38711),
        ("m1000_d1_100_f1_1_s7", 45176, 40469),
    ] {
        max_cover_of_grid(name, 10, 5.5, ten);
        max_cover_of_grid(name, 15, 4.0, fifteen);
    }
    max_cover_of_grid("m10000_d1_100_f1_1_s1", 15, 4.0, 395780);
    max_cover_of_grid("m10000_d1_100_f1_1_s3", 15, 4.0, 406919);
    max_cover_of_grid("m100000_d1_100_f1_1_s1", 15, 4.0, 3939218);
}

#[test]
#[ignore = "some 20 s"]
fn max_cover_of_hard_grids() {
    max_cover_of_grid("m1000_d1_100_f1_1_s9", 10, 5.5, 45316);
    max_cover_of_grid("m1000_d1_100_f1_1_s9", 15, 4.0, 40841);
    max_cover_of_grid("m10000_d1_100_f1_1_s1", 10, 5.5, 441545);
    max_cover_of_grid("m10000_d1_100_f1_1_s3", 10, 5.5, 451830);
    max_cover_of_grid("m100000_d1_100_f1_1_s1", 10, 5.5, 4431761);
}

#[test]
fn partial_cover_of_grids() {
    for (seed, distance, least, optimum) in
        [(1, 5.5, 24958, 73), (1, 6.25, 34942, 93), (3, 5.5, 24046, 87), (3, 6.25, 33665, 108)]
    {
        let Some(grid) = grid(&format!("INST_n100_m1000_d1_100_f10_100_s{seed}")) else { return };
        let lists = within(&grid.clients, &grid.sites, grid.weights, distance);
        let begun = Instant::now();
        let problem = partial_cover::Problem::with_costs(&lists, grid.costs, least, 0, Rules::default());
        let out = partial_cover::solve(&problem.unwrap(), &Limits::default(), &mut |_| ()).unwrap();
        proven(&out, optimum, &format!("s={seed} S={distance} D={least}"), begun);
    }
}

fn set_cover_of(lists: &CostLists, radius: u32, optimum: u64, what: &str) {
    let begun = Instant::now();
    let problem = set_cover::Problem::new(lists, radius, Rules::default()).unwrap();
    let (out, pays) = set_cover::solve_with_payments(&problem, &Limits::default(), &mut |_| ()).unwrap();
    proven(&out, optimum, what, begun);
    let certified = set_cover::certified_bound(&problem, &pays);
    assert!(certified <= optimum && certified + 2 >= optimum, "{certified}");
}

fn set_cover_of_tsp(name: &str, distance: f64, optimum: u64) {
    let Some(at) = tsp(name) else { return };
    set_cover_of(&within(&at, &at, vec![1; at.len()], distance), 0, optimum, &format!("{name} S={distance}"));
}

#[test]
fn set_cover_of_pmed() {
    for (n, radius, optimum) in [(11, 40, 19), (21, 30, 16), (31, 20, 29), (33, 15, 70)] {
        let Some(file) = pmed(n) else { return };
        set_cover_of(&file.lists, radius, optimum, &format!("pmed{n} S={radius}"));
    }
}

#[test]
fn set_cover_of_points() {
    set_cover_of_tsp("u1060", 1000.0, 43);
    set_cover_of_tsp("rl1304", 1500.0, 33);
}

#[test]
#[ignore = "some 15 s"]
fn set_cover_of_rat783() {
    set_cover_of_tsp("rat783", 50.0, 27);
}

#[test]
fn center_of_pmed() {
    let radii = [127, 93, 48, 64, 37, 59, 36, 18, 39, 18, 40, 22, 11, 32, 13, 30, 15, 30, 15, 23];
    for (n, optimum) in (1..).step_by(2).zip(radii) {
        let Some(file) = pmed(n) else { return };
        let begun = Instant::now();
        let problem = p_center::Problem::new(&file.lists, file.p, Rules::default()).unwrap();
        let out = p_center::solve(&problem, &Limits::default(), &mut |_| ()).unwrap();
        proven(&out, optimum, &format!("pmed{n} p={}", file.p), begun);
    }
}

fn center_of_tsp(name: &str, p: u32, optimum: f64) {
    let Some(file) = file(&format!("tsp/{name}.tsp.gz")) else { return };
    let points = read::tsplib(&file).unwrap();
    let begun = Instant::now();
    let problem = p_center::PointsProblem::new(&points, p).unwrap();
    let mut told = |p: &Progress| println!("  {:.2} s: {:?} {:?}", p.elapsed, p.bound, p.incumbent);
    let out = p_center::solve_points(&problem, &Limits::default(), &mut told).unwrap();
    let distance = out.distance.unwrap();
    println!("{name} p={p}: {distance} in {:.2} s", begun.elapsed().as_secs_f64());
    assert_eq!((&out.status, out.squared), (&Status::Optimal, Some(out.squared_bound)));
    if optimum > 0.0 {
        assert!((distance - optimum).abs() < 1e-4, "{distance}");
    }
}

#[test]
fn center_of_points() {
    center_of_tsp("u1060", 10, 2273.083802);
    center_of_tsp("u1060", 100, 570.008920);
    center_of_tsp("u1060", 150, 447.007929);
    center_of_tsp("rat783", 10, 83.4865);

    center_of_tsp("rl1304", 10, 3001.9327);
}

#[test]
#[ignore = "some 25 s"]
fn center_of_pr2392_with_10() {
    center_of_tsp("pr2392", 10, 2581.1819);
}

#[test]
#[ignore = "some 10 s"]
fn center_of_u1060_with_50() {
    center_of_tsp("u1060", 50, 904.923426);
}

#[test]
#[ignore = "some 5 s"]
fn center_of_usa13509_with_10() {
    // Proven here; no published value at hand.
    center_of_tsp("usa13509", 10, 67075.14063897498);
}

#[test]
#[ignore = "more than two minutes; never seen to end"]
fn center_of_usa13509_with_25() {
    center_of_tsp("usa13509", 25, 0.0);
}

/// `rand()` of glibc, which made the published grids.
struct GlibcRand {
    state: [u32; 34],
    at: usize,
}

impl GlibcRand {
    fn new(seed: u32) -> Self {
        let mut r = vec![i64::from(seed)];
        for i in 1..31 {
            let next = (16807 * r[i - 1]) % 2_147_483_647;
            r.push(next);
        }
        for i in 31..34 {
            r.push(r[i - 31]);
        }
        let mut state = [0u32; 34];
        state.iter_mut().zip(&r).for_each(|(s, r)| *s = *r as u32);
        let mut rand = GlibcRand { state, at: 34 };
        for _ in 34..344 {
            rand.step();
        }
        rand
    }

    fn step(&mut self) -> u32 {
        let value = self.state[(self.at + 34 - 31) % 34].wrapping_add(self.state[(self.at + 34 - 3) % 34]);
        self.state[self.at % 34] = value;
        self.at = (self.at + 1) % 34;
        value
    }

    fn next(&mut self) -> i64 {
        i64::from(self.step() >> 1)
    }

    /// A coordinate between 0 and 30, in millionths.
    fn coordinate(&mut self) -> i64 {
        millionths(self.next() as f64 / 2_147_483_647.0 * 30.0)
    }
}

/// A grid of the paper, told client by client. All coordinates come before all weights, so two copies
/// of the generator run side by side.
fn streamed(clients: u64, num_sites: usize, distance: f64, seed: u32) -> Signatures {
    let mut rand = GlibcRand::new(seed);
    let sites: Vec<At> = (0..num_sites).map(|_| (rand.coordinate(), rand.coordinate())).collect();
    let mut weights = GlibcRand::new(seed);
    for _ in 0..2 * num_sites as u64 + 2 * clients + num_sites as u64 {
        weights.step();
    }
    let most = millionths(distance).pow(2);
    let mut classes = Signatures::new(num_sites as u32);
    let mut near = Vec::new();
    for _ in 0..clients {
        let (x, y) = (rand.coordinate(), rand.coordinate());
        near.clear();
        let covers = |s: &At| (s.0 - x).pow(2) + (s.1 - y).pow(2) <= most;
        near.extend((0u32..).zip(&sites).filter(|(_, s)| covers(s)).map(|(j, _)| SiteIx(j)));
        classes.add(weights.next() as u64 % 100 + 1, &near).unwrap();
    }
    classes
}

fn max_cover_streamed(clients: u64, total: u64, optimum: Option<u64>) {
    let begun = Instant::now();
    let classes = streamed(clients, 100, 5.5, 1);
    println!("{} classes in {:.2} s", classes.num_classes(), begun.elapsed().as_secs_f64());
    if total > 0 {
        assert_eq!(classes.total_weight(), total);
    }
    let problem = max_cover::Problem::of_classes(&classes, vec![1; 100], 10, Rules::default()).unwrap();
    let out = max_cover::solve(&problem, &Limits::default(), &mut |_| ()).unwrap();
    proven(&out, optimum.or(out.objective).unwrap(), &format!("{clients} clients"), begun);
}

#[test]
fn a_million_clients() {
    max_cover_streamed(1_000_000, 50_532_547, Some(44_433_492));
}

/// A thousand sites at random with costs of 1 to 5, a million cells of a square.
#[test]
#[ignore = "a second"]
fn a_million_cells_and_a_thousand_sites() {
    let begun = Instant::now();
    let mut rand = GlibcRand::new(7);
    let sites: Vec<At> = (0..1000).map(|_| (rand.coordinate(), rand.coordinate())).collect();
    let costs: Vec<u64> = (0..1000).map(|_| rand.next() as u64 % 5 + 1).collect();
    let most = millionths(1.24).pow(2);
    let mut classes = Signatures::new(1000);
    // Sites by square of 1.24, so that a cell looks at nine.
    let side = millionths(1.24);
    let square = |v: i64| (v / side) as usize;
    let mut near_by = vec![Vec::new(); 27 * 27];
    for (j, s) in (0u32..).zip(&sites) {
        near_by[(square(s.0) + 1) * 27 + square(s.1) + 1].push((j, *s));
    }
    let mut near = Vec::new();
    for (x, y) in
        (0..1000i64).flat_map(|a| (0..1000i64).map(move |b| (a * 30_000 + 15_000, b * 30_000 + 15_000)))
    {
        near.clear();
        for (dx, dy) in (0..3).flat_map(|dx| (0..3).map(move |dy| (dx, dy))) {
            let there = &near_by[(square(x) + dx) * 27 + square(y) + dy];
            let covers = |s: &At| (s.0 - x).pow(2) + (s.1 - y).pow(2) <= most;
            near.extend(there.iter().filter(|(_, s)| covers(s)).map(|(j, _)| SiteIx(*j)));
        }
        near.sort_unstable();
        classes.add(rand.next() as u64 % 100 + 1, &near).unwrap();
    }
    println!("{} classes in {:.2} s", classes.num_classes(), begun.elapsed().as_secs_f64());
    let problem = max_cover::Problem::of_classes(&classes, costs, 201, Rules::default()).unwrap();
    let limits = Limits { rel_gap: 0.001, ..Limits::default() };
    let mut told =
        |p: &Progress| println!("  {:.2} s: {:?} {:?} {:?}", p.elapsed, p.incumbent, p.bound, p.gap);
    let (out, shares) = max_cover::solve_with_shares(&problem, &limits, &mut told).unwrap();
    println!("{:?} {:?} {:?} in {:.2} s", out.objective, out.bound, out.gap(), begun.elapsed().as_secs_f64());
    assert!(out.gap().unwrap() <= 0.001);
    assert!(max_cover::certified_bound(&problem, &shares) >= out.objective.unwrap());
}

#[test]
#[ignore = "some 10 s"]
fn twenty_million_clients() {
    max_cover_streamed(20_000_000, 1_010_054_741, Some(888_211_777));
}

#[test]
#[ignore = "some 25 s"]
fn a_hundred_million_clients() {
    max_cover_streamed(100_000_000, 0, None);
}
