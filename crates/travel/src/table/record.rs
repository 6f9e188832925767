//! Writing a table and what is known of it.

use super::{Coverage, Table};
use crate::pbf::ExtractRecord;
use crate::problem::error;
use crate::profile::Profile;
use crate::roads::RoadCounts;
use crate::snap::SnapReport;
use crate::table::TableOptions;
use maillage_input::{Code, InputRecord, Place, Problem, Text, folder_of, tidy, write_whole};
use maillage_territory::lists;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// The program that writes.
pub(crate) const MADE_BY: &str = concat!("maillage ", env!("CARGO_PKG_VERSION"));

/// Where the times of a table come from.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "source", rename_all = "snake_case")]
pub enum Made {
    /// From roads.
    Roads {
        /// The extract: file, hash, date.
        extract: ExtractRecord,
        /// The file of the profile.
        profile_file: InputRecord,
        /// The profile.
        profile: Box<Profile>,
        /// How much was read.
        roads: RoadCounts,
        /// Longest time kept, in minutes.
        max_minutes: u16,
        /// Metres beyond which a place is said to be far from roads.
        far_m: f64,
        /// Metres beyond which a place is on no road.
        most_m: f64,
        /// How the places lie on the roads.
        snapping: Box<SnapReport>,
        /// What is owed to those who made the data.
        licence: &'static str,
    },
    /// From a table of another engine.
    Import {
        /// The file.
        file: InputRecord,
        /// Its format.
        format: &'static str,
        /// The unit its times were read in.
        unit: &'static str,
        /// Pairs of the file without a time that can be used.
        absent: u64,
        /// Longest time kept, in minutes, where one was asked.
        max_minutes: Option<u16>,
    },
}

impl Made {
    /// From roads, with these options.
    #[must_use]
    pub fn roads(
        extract: ExtractRecord,
        profile: (Profile, InputRecord),
        roads: RoadCounts,
        options: TableOptions,
        snapping: SnapReport,
    ) -> Made {
        Made::Roads {
            extract,
            profile_file: profile.1,
            profile: Box::new(profile.0),
            roads,
            max_minutes: options.max_minutes,
            far_m: options.limits.far_m,
            most_m: options.limits.most_m,
            snapping: Box::new(snapping),
            licence: "© OpenStreetMap contributors, ODbL 1.0",
        }
    }

    /// Who made the times, from what.
    fn credit(&self) -> String {
        let name = |file: &InputRecord| {
            Path::new(&file.path)
                .file_name()
                .map_or_else(|| file.path.clone(), |n| n.to_string_lossy().into_owned())
        };
        match self {
            Made::Roads { extract, profile, licence, .. } => {
                format!("{MADE_BY}, {} ({}), {licence}", name(&extract.file), profile.name)
            }
            Made::Import { file, format, .. } => format!("{format}, {}", name(file)),
        }
    }

    /// The day of the roads, where it is known.
    fn date(&self) -> Option<&str> {
        match self {
            Made::Roads { extract, .. } => extract.date.as_deref(),
            Made::Import { .. } => None,
        }
    }
}

#[derive(Serialize)]
struct Record<'a> {
    made_by: &'static str,
    table: String,
    /// Of the table, so that nobody takes this for another's.
    sha256: String,
    /// What a territory that reads the table says of it, with the date.
    credit: String,
    date: Option<&'a str>,
    #[serde(flatten)]
    made: &'a Made,
    coverage: &'a Coverage,
}

/// Writes a table, whole or not at all, and what is known of it beside it as JSON (`OUT.csv` and `OUT.csv.json`). Under a
/// name that ends in `.mtt` it is binary ([`maillage_territory::lists`]), in `.parquet` Parquet, else CSV. Returns the path of
/// the latter.
///
/// # Errors
/// E107 where either cannot be written.
pub fn write(path: &Path, table: &Table, made: &Made, coverage: &Coverage) -> Result<PathBuf, Problem> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let beside = path.with_file_name(format!("{name}.json"));
    let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
    let sha256 = whole(path, |out| match extension.to_str() {
        Some("mtt") => lists::write(out, &table.from, &table.to, &table.rows),
        Some("parquet") => table.write_parquet(out),
        _ => table.write_csv(out),
    })?;
    let (credit, date) = (made.credit(), made.date());
    let record = Record { made_by: MADE_BY, table: name, sha256, credit, date, made, coverage };
    let text = serde_json::to_string_pretty(&record).map_err(|e| unwritable(&beside, &e.into()))?;
    whole(&beside, |out| out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"\n")))?;
    Ok(beside)
}

/// Writes a file under another name first; returns its SHA-256.
pub(crate) fn whole(
    path: &Path,
    fill: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
) -> Result<String, Problem> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    tidy(folder_of(path), &name).map_err(|e| unwritable(path, &e))?;
    let written = write_whole(path, |file| {
        let mut out = BufWriter::new(Hashed { file, hash: Sha256::new() });
        fill(&mut out)?;
        let Hashed { hash, .. } = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    });
    written.map_err(|e| unwritable(path, &e))
}

/// A file with the hash of what was written to it.
struct Hashed<'a> {
    file: &'a mut File,
    hash: Sha256,
}

impl Write for Hashed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

pub(crate) fn unwritable(path: &Path, e: &io::Error) -> Problem {
    error(Code::OutputUnwritable, format!("écriture impossible ({e})"), format!("cannot be written ({e})"))
        .at(Place::file(path.display().to_string()))
        .remedy(Text::new(
            "vérifier le dossier, ses droits et la place sur le disque",
            "check the folder, its permissions and the space on the disk",
        ))
}
