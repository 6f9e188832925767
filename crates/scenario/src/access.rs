//! Measures of access of a territory, or of two states of it, from files to a folder.

use crate::{folder, machine};
use maillage_access::continuity::RotaLoad;
use maillage_access::equity::Threshold;
use maillage_access::movement::Changes;
use maillage_access::zoning::Zoning;
use maillage_access::{Access, AccessSettings, BadSetting, Catchment, Figure, measure};
use maillage_input::{
    Code, Document, InputFile, InputRecord, Lang, MAX_JSON_BYTES, Problem, Problems, Text, relative,
};
use maillage_report::Against;
use maillage_territory::{Persons, Territory};
use serde::Serialize;
use std::path::Path;
use std::time::Instant;

/// The file that makes a folder one of measures.
const RECORD: &str = "access.json";
const ZONES: &str = "zones.csv";
const PLACES: &str = "places.csv";
const TRAJECTORY: &str = "trajectory.csv";
const COMPARISON: &str = "comparison.svg";

/// What was measured, with what it was measured from.
#[derive(Debug, Clone)]
pub struct Measured {
    territory: Territory,
    access: Access,
    /// The second state, and where each place of the first is in it.
    after: Option<(Access, Vec<Option<usize>>)>,
    record: Record,
}

/// `access.json`.
#[derive(Debug, Clone, Serialize)]
struct Record {
    schema_version: u32,
    maillage_version: String,
    territory: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
    geography_year: u16,
    settings: AccessSettings,
    inputs: Vec<InputRecord>,
    notes: Vec<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    zoning: Option<Zoning>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rotas: Vec<RotaLoad>,
    figures: Vec<Figure>,
    wall_seconds: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    cpu_seconds: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    peak_memory_mb: Option<f64>,
}

/// Measures access over a territory. `settings` names a file of settings; `against` a second state of the same
/// territory, whose winners and losers are then counted too. Returns the warnings beside.
///
/// # Errors
/// All problems of all files together.
pub fn access(
    path: &Path,
    settings: Option<&Path>,
    against: Option<&Path>,
) -> Result<(Measured, Problems), Problems> {
    let started = Instant::now();
    let mut problems = Problems::new();
    let territory = keep(Territory::read(path), &mut problems);
    let second = against.map(|path| keep(Territory::read(path), &mut problems));
    let wanted = match settings.map(read_settings).transpose() {
        Ok(wanted) => wanted,
        Err(bad) => {
            problems.extend(bad);
            return Err(problems);
        }
    };
    let (Some(territory), true) = (territory, second.as_ref().is_none_or(Option::is_some)) else {
        return Err(problems);
    };
    let second = second.flatten();
    let (doc, wanted, read) = match wanted {
        Some((doc, wanted, record)) => (Some(doc), wanted, Some(record)),
        None => (None, AccessSettings::default(), None),
    };
    let bad = |list: Vec<BadSetting>| refused(&list, doc.as_ref());
    let mut access = measure(&territory, &wanted).map_err(bad)?;
    let after = match &second {
        Some(second) => {
            let after = measure(second, &wanted).map_err(bad)?;
            let places: Vec<Option<usize>> =
                territory.places.iter().map(|p| second.ix(&p.id).map(|ix| ix.0 as usize)).collect();
            let moved = movements(&territory, &access, &after, &places, &wanted);
            access.figures.extend(moved);
            Some((after, places))
        }
        None => None,
    };
    let folder = path.parent().unwrap_or(Path::new(""));
    let inputs = territory.inputs.iter().chain(second.iter().flat_map(|t| &t.inputs)).cloned().chain(read);
    let inputs = inputs.map(|r| InputRecord { path: relative(Path::new(&r.path), folder), ..r });
    let record = Record {
        schema_version: 1,
        maillage_version: env!("CARGO_PKG_VERSION").to_owned(),
        territory: territory.name.clone(),
        after: second.as_ref().map(|t| t.name.clone()),
        geography_year: territory.geography_year,
        settings: wanted,
        inputs: inputs.collect(),
        notes: access.notes.clone(),
        zoning: access.zoning.clone(),
        rotas: access.rotas.clone(),
        figures: access.figures.clone(),
        wall_seconds: (started.elapsed().as_secs_f64() * 1000.0).round() / 1000.0,
        cpu_seconds: machine::cpu_seconds(),
        peak_memory_mb: machine::peak_memory_mb(),
    };
    Ok((Measured { territory, access, after, record }, problems.sorted()))
}

/// What was read; its problems join the others.
fn keep(read: Result<(Territory, Problems), Problems>, problems: &mut Problems) -> Option<Territory> {
    let (territory, more) = match read {
        Ok((territory, warnings)) => (Some(territory), warnings),
        Err(bad) => (None, bad),
    };
    problems.extend(more);
    territory
}

pub(crate) fn read_settings(path: &Path) -> Result<(Document, AccessSettings, InputRecord), Problems> {
    let file = InputFile::read(path, MAX_JSON_BYTES)?;
    let doc = Document::new(&file)?;
    let settings = doc.decode()?;
    Ok((doc, settings, file.record))
}

fn refused(list: &[BadSetting], doc: Option<&Document>) -> Problems {
    let mut problems = Problems::new();
    for bad in list {
        let mut problem = Problem::error(Code::BadSetting, bad.cause.clone()).remedy(bad.remedy.clone());
        if let Some(doc) = doc {
            problem = problem.at(doc.place(&bad.pointer));
        }
        problems.push(if bad.value.is_empty() { problem } else { problem.value(&bad.value) });
    }
    problems
}

/// Winners and losers, measure by measure and zone by zone of the first state.
fn movements(
    territory: &Territory,
    before: &Access,
    after: &Access,
    places: &[Option<usize>],
    settings: &AccessSettings,
) -> Vec<Figure> {
    let people: Vec<Persons> = territory.places.iter().map(|p| p.population).collect();
    let thresholds: Vec<Threshold> =
        settings.thresholds.iter().filter_map(|&t| Threshold::new(t).ok()).collect();
    let mut out = Vec::new();
    for first in &before.catchments {
        let Some(second) = after.catchments.iter().find(|c| c.id == first.id) else { continue };
        let known = |c: &Catchment, i: usize| (!c.uncertain[i]).then_some(c.by_place[i]);
        let one: Vec<Option<f64>> = (0..people.len()).map(|i| known(first, i)).collect();
        let two: Vec<Option<f64>> = places.iter().map(|i| known(second, (*i)?)).collect();
        // Lists of equal length, values that were measured: nothing to refuse.
        let Ok(changes) = Changes::new(&one, &two, &people, settings.least_change) else { continue };
        for (zone, members) in &before.zones {
            let moved = changes.over(members, &thresholds);
            let mut put = |indicator, limit, value: Option<f64>, unit| {
                let measure = format!("{}:change", first.id);
                out.extend(Figure::new(measure, indicator, limit, zone.clone(), value, unit));
            };
            let count = |people: Persons| Some(people.0 as f64);
            put("people_gaining", None, count(moved.people_gaining), "people");
            put("people_losing", None, count(moved.people_losing), "people");
            put("people_unchanged", None, count(moved.people_unchanged), "people");
            put("people_unknown", None, count(moved.people_unknown), "people");
            put("mean_gain", None, moved.mean_gain, first.unit);
            put("mean_loss", None, moved.mean_loss, first.unit);
            for band in moved.bands {
                let limit = Some(band.threshold.value());
                put("people_leaving_band", limit, count(band.people_leaving), "people");
                put("people_entering_band", limit, count(band.people_entering), "people");
            }
        }
    }
    out
}

impl Measured {
    /// `access.json` as text.
    pub fn json(&self) -> String {
        let mut text = serde_json::to_string_pretty(&self.record).unwrap_or_default();
        text.push('\n');
        text
    }

    /// One screen of terminal.
    pub fn summary(&self, lang: Lang) -> String {
        maillage_report::access_summary(&self.territory, &self.access, lang)
    }
}

/// Writes measures to a folder, in place of earlier ones, all of it or nothing.
///
/// # Errors
/// E107 when the folder cannot be written, E108 when it holds anything else.
pub fn write_access(dir: &Path, measured: &Measured, lang: Lang) -> Result<(), Problem> {
    let against = measured.after.as_ref().map(|(access, places)| Against { access, places });
    let (territory, access) = (&measured.territory, &measured.access);
    let mut files = vec![
        (RECORD, measured.json()),
        (ZONES, maillage_report::access_zones_csv(territory, &access.figures)),
        (PLACES, maillage_report::access_places_csv(territory, access, against)),
    ];
    if !access.trajectory.is_empty() {
        files.push((TRAJECTORY, maillage_report::trajectory_csv(territory, &access.trajectory)));
    }
    if !access.comparisons.is_empty() {
        files.push((COMPARISON, maillage_report::comparison_svg(&access.comparisons, lang)));
    }
    folder::write_files(dir, RECORD, &[RECORD, ZONES, PLACES, TRAJECTORY, COMPARISON], &files)
}
