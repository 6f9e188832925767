//! Instances from their files.

use crate::Fallible;
use crate::made;
use crate::rows::Row;
use maillage_input::{InputFile, Problems};
use maillage_location::read::{ChargeFile, grid, holmberg, orlib_cap, orlib_pmed, tbed1, tsplib, ufl_simple};
use maillage_location::{ClientIx, CostLists, Points, SiteIx};
use std::path::{Path, PathBuf};

pub fn shared() -> PathBuf {
    maillage_benches::root().join("../shared")
}

/// The first problem in words.
fn in_words(problems: Problems) -> Box<dyn std::error::Error> {
    format!("{problems:?}").into()
}

pub fn open(path: &Path) -> Fallible<InputFile> {
    InputFile::read(path, 1 << 30).map_err(|problem| in_words(problem.into()))
}

pub fn is_pmed(row: &Row) -> bool {
    row.name.starts_with("pmed")
}

pub fn pmed(row: &Row) -> Fallible<CostLists> {
    Ok(orlib_pmed(&open(&row.file)?).map_err(in_words)?.lists)
}

/// Points that are clients and sites, and the weights of the clients.
pub fn plane(row: &Row) -> Fallible<(Points, Vec<u64>)> {
    if row.name.starts_with("random-") {
        return Ok(made::random(row.clients));
    }
    if row.name == "france" {
        return made::france();
    }
    let points = tsplib(&open(&row.file)?).map_err(in_words)?;
    let weights = vec![1; points.len()];
    Ok((points, weights))
}

/// Who is covered by what: by sites at cost `radius` or less.
pub struct Cover {
    pub lists: CostLists,
    pub radius: u32,
    pub cost: Vec<u64>,
}

pub fn cover(row: &Row) -> Fallible<Cover> {
    let radius = row.parameter("S")?;
    if is_pmed(row) {
        let lists = pmed(row)?;
        let cost = vec![1; lists.num_sites() as usize];
        return Ok(Cover { lists, radius: radius.parse()?, cost });
    }
    let radius = radius.parse()?;
    if row.name.starts_with("GRID") {
        let grid = grid(&open(&row.file)?).map_err(in_words)?;
        let lists = within(&grid.clients, &grid.sites, grid.demand, radius)?;
        return Ok(Cover { lists, radius: 0, cost: grid.cost });
    }
    let (points, weights) = plane(row)?;
    let lists = within(&points, &points, weights, radius)?;
    Ok(Cover { lists, radius: 0, cost: vec![1; points.len()] })
}

/// The lists of what is within a distance, not rounded, at cost 0.
fn within(clients: &Points, sites: &Points, weights: Vec<u64>, distance: f64) -> Fallible<CostLists> {
    let most = (distance * f64::from(sites.scale)).powi(2) as u128;
    let near = |i: usize, j: usize| clients.squared(i, sites, j).is_some_and(|square| square <= most);
    let pairs = (0..clients.len()).flat_map(|i| {
        let covers = (0..sites.len()).filter(move |j| near(i, *j));
        covers.map(move |j| (ClientIx(i as u32), SiteIx(j as u32), 0))
    });
    Ok(CostLists::from_pairs(sites.len() as u32, weights, pairs)?)
}

/// An instance with fixed charges, by the folder of its file.
pub fn charges(row: &Row) -> Fallible<ChargeFile> {
    let file = open(&row.file)?;
    let folder = row.file.parent().and_then(Path::file_name).and_then(|f| f.to_str()).unwrap_or_default();
    let capacity = row.parameter("capacity").ok().map(str::parse).transpose()?;
    let read = match folder {
        "orlib" | "m" => orlib_cap(&file, capacity),
        "kg" | "euclid" => ufl_simple(&file),
        "tbed1" => tbed1(&file),
        _ => holmberg(&file),
    };
    read.map_err(in_words)
}

/// Costs of a p-median, client by client, without the weights; and the weights.
pub fn dense(row: &Row) -> Fallible<(Vec<Vec<f64>>, Vec<u64>)> {
    if is_pmed(row) {
        let lists = pmed(row)?;
        let all = lists.num_sites() as usize;
        let of = |i: ClientIx| {
            let mut costs = vec![f64::NAN; all];
            lists.list(i).for_each(|(j, c)| costs[j.0 as usize] = f64::from(c));
            costs
        };
        let costs: Vec<Vec<f64>> = lists.clients().map(of).collect();
        if costs.iter().flatten().any(|c| c.is_nan()) {
            return Err("the graph is not connected".into());
        }
        return Ok((costs, lists.clients().map(|i| lists.weight(i)).collect()));
    }
    let (points, weights) = plane(row)?;
    let cost = |i, j| points.floor_distance(i, j).map_or(f64::NAN, |d| d as f64);
    Ok(((0..points.len()).map(|i| (0..points.len()).map(|j| cost(i, j)).collect()).collect(), weights))
}
