//! From files to a table, as the command does it.

use crate::cache::{self, Refusal};
use crate::graph::RoadGraph;
use crate::hierarchy::Hierarchy;
use crate::import::{self, ImportOptions};
use crate::pbf::Extract;
use crate::places::{PlacePoint, read_places};
use crate::problem::warning;
use crate::profile::Profile;
use crate::roads::{RoadCounts, Roads};
use crate::snap::{SnapReport, warnings};
use crate::table::{Coverage, Made, Table, TableOptions, travel_table};
use maillage_input::{Code, Place, Problems, Text};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// A table with all that is known of it.
#[derive(Debug, Clone)]
pub struct Built {
    /// The times.
    pub table: Table,
    /// Where they come from.
    pub made: Made,
    /// What they cover.
    pub coverage: Coverage,
}

/// What makes a table from roads.
#[derive(Debug, Clone)]
pub struct RoadJob {
    /// The extract (`.osm.pbf`).
    pub extract: PathBuf,
    /// The table of the places one leaves, and reaches too unless `to` is there.
    pub places: PathBuf,
    /// The table of the places one reaches.
    pub to: Option<PathBuf>,
    /// Name of a shipped profile, or a file.
    pub profile: String,
    /// Where the prepared graph is kept from one run to the next.
    pub prepared: Option<PathBuf>,
    /// Longest time and distances.
    pub options: TableOptions,
}

/// Makes a table from roads.
///
/// # Errors
/// Those of the places, the profile and the extract. Warnings: W301, W601, W602, W603; W404 for a prepared graph that
/// cannot be used or kept.
pub fn from_roads(job: &RoadJob) -> Result<(Built, Problems), Problems> {
    let (from, mut problems) = read_places(&job.places)?;
    let to = match &job.to {
        Some(path) => {
            let (to, said) = read_places(path)?;
            problems.extend(said);
            Some(to)
        }
        None => None,
    };
    let (profile, profile_file) = Profile::load(&job.profile)?;
    let (roads, said) = Roads::read(&Extract::open(&job.extract)?, &profile)?;
    problems.extend(said);
    let hierarchy = prepared(&roads.graph, job.prepared.as_deref(), &mut problems);
    let reached = to.as_ref().unwrap_or(&from);
    let made = travel_table(&roads, &hierarchy, &profile, &from, reached, job.options);
    let limits = job.options.limits;
    problems.extend(warnings(&from, &made.from, limits, &job.places.display().to_string()));
    let (mut places, mut snaps) = (from.clone(), made.from);
    if let (Some(to), Some(path)) = (&to, &job.to) {
        problems.extend(warnings(to, &made.to, limits, &path.display().to_string()));
        places.extend(to.iter().cloned());
        snaps.extend(&made.to);
    }
    let report = SnapReport::of(&places, &snaps, limits);
    let coverage = Coverage::of(&made.table, Some((&from, reached)));
    let made_of = Made::roads(roads.extract, (profile, profile_file), roads.counts, job.options, report);
    problems.or_value(Built { table: made.table, made: made_of, coverage })
}

/// The graph prepared, from a file where one was kept.
fn prepared(graph: &RoadGraph, kept: Option<&Path>, problems: &mut Problems) -> Hierarchy {
    let Some(path) = kept else { return Hierarchy::prepare(graph) };
    let inputs = fingerprint(graph);
    let mut say = |cause: Text| {
        let problem = warning(Code::Unusual, cause.fr, cause.en).at(Place::file(path.display().to_string()));
        problems.push(problem.remedy(Text::new(
            "rien à faire : il est préparé à nouveau",
            "nothing to do: it is prepared again",
        )));
    };
    match cache::load(path, &inputs) {
        Ok(hierarchy) => return hierarchy,
        Err(Refusal::Absent) => {}
        // Something else's file is left as it is.
        Err(Refusal::Foreign) => {
            say(Refusal::Foreign.text());
            return Hierarchy::prepare(graph);
        }
        Err(refusal) => say(refusal.text()),
    }
    let hierarchy = Hierarchy::prepare(graph);
    if let Err(e) = cache::save(path, &hierarchy, &inputs) {
        say(Text::new(
            format!("le graphe préparé ne peut pas être gardé ({e})"),
            format!("the prepared graph cannot be kept ({e})"),
        ));
    }
    hierarchy
}

/// The hash of a graph: what a prepared one was prepared from.
fn fingerprint(graph: &RoadGraph) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in [&graph.first_out, &graph.head, &graph.time] {
        hasher.update((part.len() as u64).to_le_bytes());
        for chunk in part.chunks(4096) {
            let bytes: Vec<u8> = chunk.iter().flat_map(|n| n.to_le_bytes()).collect();
            hasher.update(&bytes);
        }
    }
    hasher.finalize().into()
}

/// What reads a table of another engine.
#[derive(Debug, Clone)]
pub struct ImportJob {
    /// The file.
    pub file: PathBuf,
    /// For a matrix, the table of its places, in its order.
    pub places: Option<PathBuf>,
    /// For a matrix that is not square, the table of the places one reaches.
    pub to: Option<PathBuf>,
    /// How to read it; its codes are those of the tables of places, where there are any.
    pub options: ImportOptions,
}

/// Reads a table of another engine.
///
/// # Errors
/// Those of [`import::read`], and of the tables of places.
pub fn from_import(job: &ImportJob) -> Result<(Built, Problems), Problems> {
    let mut options = job.options.clone();
    let mut problems = Problems::new();
    let mut points = None;
    if let Some(path) = &job.places {
        let (from, said) = read_places(path)?;
        problems.extend(said);
        let to = match &job.to {
            Some(path) => read_places(path).map(|(to, said)| {
                problems.extend(said);
                to
            })?,
            None => from.clone(),
        };
        let codes = |places: &[PlacePoint]| places.iter().map(|p| p.id.clone()).collect::<Vec<_>>();
        options.codes = Some((codes(&from), codes(&to)));
        points = Some((from, to));
    }
    let (imported, said) = import::read(&job.file, &options)?;
    problems.extend(said);
    // The places of a list come in its own order.
    let of_matrix = |(from, to): &(Vec<PlacePoint>, Vec<PlacePoint>)| {
        let same = |codes: &[String], places: &[PlacePoint]| codes.iter().eq(places.iter().map(|p| &p.id));
        same(&imported.table.from, from) && same(&imported.table.to, to)
    };
    let points = points.as_ref().filter(|p| of_matrix(p)).map(|(from, to)| (&from[..], &to[..]));
    let coverage = Coverage::of(&imported.table, points);
    problems.or_value(Built { table: imported.table, made: imported.made, coverage })
}

impl Built {
    /// The summary: how much was read, how places lie on the roads, what is covered.
    #[must_use]
    pub fn text(&self) -> Text {
        let covered = self.coverage.text();
        let Made::Roads { roads, snapping, extract, profile, .. } = &self.made else { return covered };
        let RoadCounts { ways, nodes, arcs, main_nodes, .. } = roads;
        let metres = |m: Option<f64>| m.map_or_else(|| "–".to_owned(), |m| format!("{m:.0}"));
        let [median, most] = [snapping.median_m, snapping.most_m].map(metres);
        let (far, cut_off) = (snapping.far.len(), snapping.cut_off.len());
        let (nowhere, places, name) = (snapping.nowhere.len(), snapping.places, &profile.name);
        let date = extract.date.as_deref().unwrap_or("–");
        Text::new(
            format!(
                "profil {name}, extrait du {date} : {ways} routes, {nodes} nœuds ({main_nodes} reliés entre eux), {arcs} arcs\nlieux : {places} ; à la route la plus proche : médiane {median} m, maximum {most} m ; loin : {far} ; sans route : {nowhere} ; au bord d'une route coupée du reste : {cut_off}\n{}",
                covered.fr
            ),
            format!(
                "profile {name}, extract of {date}: {ways} roads, {nodes} nodes ({main_nodes} joined to each other), {arcs} arcs\nplaces: {places}; to the nearest road: median {median} m, most {most} m; far: {far}; without a road: {nowhere}; by a road cut off from the rest: {cut_off}\n{}",
                covered.en
            ),
        )
    }
}
