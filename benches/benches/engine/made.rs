//! Instances that are made, the same on every machine, and all of France.

use crate::Fallible;
use crate::files::{open, shared};
use maillage_benches::next;
use maillage_location::cover::Signatures;
use maillage_location::{Points, SiteIx};

/// Places like communes: anywhere on a square of 1,000 km (metres), few large, many small.
pub fn random(n: usize) -> (Points, Vec<u64>) {
    let mut state = 12_345;
    let mut at = || (0..n).map(|_| next(&mut state, 1_000_000) as i64).collect();
    let points = Points { x: at(), y: at(), scale: 1 };
    let people = |_| {
        let u = next(&mut state, 1_000_000) as f64 / 1e6;
        (100.0 * (1.0 - u).powf(-0.8)).min(200_000.0) as u64
    };
    (points, (0..n).map(people).collect())
}

/// Communes of metropolitan France on a plane in metres (sinusoidal at 46.5° N), with their inhabitants.
pub fn france() -> Fallible<(Points, Vec<u64>)> {
    let file = open(&shared().join("data/national/communes.csv.gz"))?;
    let text = file.utf8().map_err(|p| format!("{p:?}"))?;
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let column = |name: &str| head.iter().position(|c| *c == name).ok_or(format!("no column {name}"));
    let (lon, lat, people) = (column("lon")?, column("lat")?, column("pop_mun_2023")?);
    let (mut points, mut weights) = (Points { x: Vec::new(), y: Vec::new(), scale: 1 }, Vec::new());
    for line in lines {
        let f: Vec<&str> = line.split(',').collect();
        let number = |k: usize| f.get(k).and_then(|v| v.parse::<f64>().ok());
        if let (Some(x), Some(y)) = (number(lon), number(lat))
            && (41.0..52.0).contains(&y)
        {
            points.x.push((x * 111_320.0 * 46.5f64.to_radians().cos()) as i64);
            points.y.push((y * 110_574.0) as i64);
            weights.push(number(people).unwrap_or(0.0) as u64);
        }
    }
    Ok((points, weights))
}

/// `rand()` of glibc, which made the published grids.
struct GlibcRand {
    state: [u32; 34],
    at: usize,
}

impl GlibcRand {
    fn new(seed: u32) -> Self {
        let mut state = [seed; 34];
        for i in 1..31 {
            state[i] = (16_807 * u64::from(state[i - 1]) % 2_147_483_647) as u32;
        }
        for i in 31..34 {
            state[i] = state[i - 31];
        }
        let mut rand = GlibcRand { state, at: 34 };
        (34..344).for_each(|_| rand.step());
        rand
    }

    fn step(&mut self) {
        self.state[self.at % 34] =
            self.state[(self.at + 3) % 34].wrapping_add(self.state[(self.at + 31) % 34]);
        self.at += 1;
    }

    fn next(&mut self) -> u64 {
        self.step();
        u64::from(self.state[(self.at - 1) % 34] >> 1)
    }

    /// A coordinate between 0 and 30, in millionths.
    fn coordinate(&mut self) -> i64 {
        (self.next() as f64 / 2_147_483_647.0 * 30.0 * 1e6).round() as i64
    }

    fn place(&mut self) -> (i64, i64) {
        (self.coordinate(), self.coordinate())
    }
}

fn square(a: (i64, i64), b: (i64, i64)) -> i64 {
    (a.0 - b.0).pow(2) + (a.1 - b.1).pow(2)
}

/// A grid of Cordeau, Furini and Ljubić, seed 1, told client by client. All coordinates come before all weights, so two
/// generators run side by side.
pub fn clients(clients: usize, sites: usize, millionths: i64) -> Fallible<Signatures> {
    let mut rand = GlibcRand::new(1);
    let places: Vec<_> = (0..sites).map(|_| rand.place()).collect();
    let mut weights = GlibcRand::new(1);
    (0..3 * sites + 2 * clients).for_each(|_| weights.step());
    let mut classes = Signatures::new(sites as u32);
    let mut near = Vec::new();
    for _ in 0..clients {
        let at = rand.place();
        near.clear();
        let covers = |(_, s): &(u32, &(i64, i64))| square(**s, at) <= millionths.pow(2);
        near.extend((0u32..).zip(&places).filter(covers).map(|(j, _)| SiteIx(j)));
        classes.add(weights.next() % 100 + 1, &near)?;
    }
    Ok(classes)
}

/// A million cells of 0.03 that fill the square, and sites at random with costs from 1 to 5.
pub fn cells(sites: usize, millionths: i64) -> Fallible<(Signatures, Vec<u64>)> {
    let mut rand = GlibcRand::new(7);
    let places: Vec<_> = (0..sites).map(|_| rand.place()).collect();
    let costs = (0..sites).map(|_| rand.next() % 5 + 1).collect();
    let mut classes = Signatures::new(sites as u32);
    let middle = |k: i64| k * 30_000 + 15_000;
    let mut near = Vec::new();
    for x in (0..1000).map(middle) {
        // Only sites near this column are looked at again.
        let strip: Vec<_> = (0u32..).zip(&places).filter(|(_, s)| (s.0 - x).abs() <= millionths).collect();
        for y in (0..1000).map(middle) {
            near.clear();
            let covers = strip.iter().filter(|(_, s)| square(**s, (x, y)) <= millionths.pow(2));
            near.extend(covers.map(|(j, _)| SiteIx(*j)));
            classes.add(rand.next() % 100 + 1, &near)?;
        }
    }
    Ok((classes, costs))
}
