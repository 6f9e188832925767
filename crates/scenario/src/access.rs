//! Measures of access of a territory, or of two states of it, from files to a folder.

use crate::between::{Between, Loser};
use crate::versions::ACCESS;
use crate::{folder, machine};
use maillage_access::continuity::RotaLoad;
use maillage_access::zoning::Zoning;
use maillage_access::{Access, AccessSettings, BadSetting, Figure, Zone, measure};
use maillage_input::{
    Code, Document, InputFile, InputRecord, Lang, MAX_JSON_BYTES, Place as At, Problem, Problems, Text,
    relative,
};
use maillage_report::Against;
use maillage_territory::Territory;
use serde::Serialize;
use std::path::Path;
use std::time::Instant;

/// The file that makes a folder one of measures.
const RECORD: &str = "access.json";
const ZONES: &str = "zones.csv";
const PLACES: &str = "places.csv";
const ZONING: &str = "zoning.csv";
const TRAJECTORY: &str = "trajectory.csv";
const COMPARISON: &str = "comparison.svg";

fn by_area(figure: &Figure) -> bool {
    matches!(figure.zone, Zone::Area(..))
}

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
    /// Places of the territory that lose most.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    losers: Vec<Loser>,
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
    let bad = |list: Vec<BadSetting>| refused(&list, doc.as_ref(), path);
    let mut access = measure(&territory, &wanted).map_err(bad)?;
    let mut losers = Vec::new();
    let after = match &second {
        Some(second) => {
            let after = measure(second, &wanted.compared()).map_err(bad)?;
            let between = Between::new(&territory, &access, second, &after, &wanted);
            access.figures.extend(between.figures);
            access.notes.extend(between.notes);
            losers = between.losers;
            Some((after, between.places))
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
        losers,
        // Years by area are many: they stand in zones.csv alone.
        figures: access.figures.iter().filter(|f| f.year.is_none() || !by_area(f)).cloned().collect(),
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
    let doc = Document::new(&file)?.current(&ACCESS)?;
    let settings = doc.decode()?;
    Ok((doc, settings, file.record))
}

/// Settings refused, in the file that states them, or in the territory where defaults do not suit it.
fn refused(list: &[BadSetting], doc: Option<&Document>, territory: &Path) -> Problems {
    let mut problems = Problems::new();
    for bad in list {
        let mut problem = Problem::error(Code::BadSetting, bad.cause.clone()).remedy(bad.remedy.clone());
        problem = problem.at(match doc {
            Some(doc) => doc.place(&bad.pointer),
            None => At::file(territory.display().to_string()),
        });
        problems.push(if bad.value.is_empty() { problem } else { problem.value(&bad.value) });
    }
    problems
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
    if let Some(zoning) = &access.zoning {
        files.push((ZONING, maillage_report::zoning_csv(territory, zoning, lang)));
    }
    if !access.trajectory.is_empty() {
        files.push((TRAJECTORY, maillage_report::trajectory_csv(territory, &access.trajectory)));
    }
    if !access.comparisons.is_empty() {
        files.push((COMPARISON, maillage_report::comparison_svg(&access.comparisons, lang)));
    }
    folder::write_files(dir, RECORD, &[RECORD, ZONES, PLACES, ZONING, TRAJECTORY, COMPARISON], &files)
}
