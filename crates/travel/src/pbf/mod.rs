//! OpenStreetMap extracts (`.osm.pbf`), read as a stream, blob by blob.
//!
//! The format is read here and not by a library, because its readers build every element of a blob before they show
//! the first (a file of a few kilobytes then takes gigabytes) and add differences without a check for overflow.

mod blob;
mod block;
mod wire;

pub(crate) use block::{Block, Node, Tags, tag};
pub(crate) use wire::Malformed;

use blob::{Blob, Blobs, Fault};
use maillage_input::{Code, InputRecord, Place, Problem, Text};
use rayon::prelude::*;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use wire::Fields;

/// Blobs that are unpacked at once, by thread.
const BATCH: usize = 4;

/// What an extract says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExtractRecord {
    /// Path, size and hash.
    #[serde(flatten)]
    pub file: InputRecord,
    /// Date of the data (UTC), where the file says it.
    pub date: Option<String>,
    /// The program that wrote it.
    pub written_by: Option<String>,
}

/// An extract whose header was read.
#[derive(Debug, Clone)]
pub struct Extract {
    path: PathBuf,
    /// What it says of itself.
    pub record: ExtractRecord,
}

impl Extract {
    /// Opens an extract: reads its header and hashes it.
    ///
    /// # Errors
    /// E101, E102, E103 as any file; E601 when it is no extract, or one of a kind that is not read.
    pub fn open(path: &Path) -> Result<Extract, Problem> {
        let mut blobs = open(path)?;
        let header = blobs
            .read()
            .and_then(|blob| match blob {
                Some(blob) if blob.kind == b"OSMHeader" => header(&blob),
                _ => Err(Fault::Malformed("header")),
            })
            .map_err(|fault| problem(path, fault))?;
        let known = ["OsmSchema-V0.6", "DenseNodes"];
        if let Some(feature) = header.needs.iter().find(|f| !known.contains(&f.as_str())) {
            return Err(refuse(
                path,
                format!("extrait d'un genre qui n'est pas lu ({feature})"),
                format!("extract of a kind that is not read ({feature})"),
            )
            .remedy(Text::new(
                "fournir un extrait simple, sans historique",
                "give a plain extract, without history",
            )));
        }
        let (bytes, sha256) = hash(path).map_err(|e| problem(path, Fault::Io(e)))?;
        let file = InputRecord { path: path.display().to_string(), bytes, sha256 };
        let record = ExtractRecord { file, date: header.date, written_by: header.written_by };
        Ok(Extract { path: path.to_owned(), record })
    }

    /// Reads the blobs of data that `wanted` names by their position: `map` in parallel, then `fold` in the order of
    /// the file.
    pub(crate) fn scan<T: Send>(
        &self,
        wanted: impl Fn(usize) -> bool,
        map: impl Fn(&Block) -> Result<T, Malformed> + Sync,
        mut fold: impl FnMut(usize, T),
    ) -> Result<(), Problem> {
        let mut blobs = open(&self.path)?;
        let most = BATCH * rayon::current_num_threads();
        let mut batch: Vec<(usize, Blob)> = Vec::new();
        let mut ix = 0;
        loop {
            let blob = blobs.read().map_err(|fault| problem(&self.path, fault))?;
            let ended = blob.is_none();
            if let Some(blob) = blob.filter(|blob| blob.kind == b"OSMData") {
                if wanted(ix) {
                    batch.push((ix, blob));
                }
                ix += 1;
            }
            if ended || batch.len() >= most {
                let mapped: Result<Vec<(usize, T)>, Fault> = batch
                    .par_iter()
                    .map(|(ix, blob)| {
                        let content = blob.content()?;
                        Ok((*ix, map(&Block::new(&content)?)?))
                    })
                    .collect();
                for (ix, value) in mapped.map_err(|fault| problem(&self.path, fault))? {
                    fold(ix, value);
                }
                batch.clear();
            }
            if ended {
                return Ok(());
            }
        }
    }
}

struct Header {
    needs: Vec<String>,
    date: Option<String>,
    written_by: Option<String>,
}

fn header(blob: &Blob) -> Result<Header, Fault> {
    let content = blob.content()?;
    let mut header = Header { needs: Vec::new(), date: None, written_by: None };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).chars().filter(|c| !c.is_control()).collect();
    for field in Fields(&content) {
        match field? {
            (4, value) => header.needs.push(text(value.bytes()?)),
            (16, value) => header.written_by = Some(text(value.bytes()?)),
            (32, value) => header.date = date(value.varint()? as i64),
            _ => {}
        }
    }
    Ok(header)
}

/// Seconds since 1970 as a date and time of UTC, between the years 1970 and 9999.
fn date(seconds: i64) -> Option<String> {
    let mut days = seconds.div_euclid(86_400);
    let time = seconds.rem_euclid(86_400);
    if !(0..=2_932_896).contains(&days) {
        return None;
    }
    let leap = |y: i64| y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
    let mut year = 1970;
    while days >= 365 + i64::from(leap(year)) {
        days -= 365 + i64::from(leap(year));
        year += 1;
    }
    let lengths = [31, 28 + i64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 1;
    for length in lengths {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    let (h, m, s) = (time / 3600, time / 60 % 60, time % 60);
    Some(format!("{year:04}-{month:02}-{:02}T{h:02}:{m:02}:{s:02}Z", days + 1))
}

fn open(path: &Path) -> Result<Blobs, Problem> {
    let look = || {
        // Looked at before it is opened: opening a pipe waits for its writer.
        if !std::fs::metadata(path)?.is_file() {
            return Err(std::io::Error::other("not a regular file"));
        }
        let file = File::open(path)?;
        Ok((file.metadata()?.len(), Blobs::new(file)?))
    };
    let (size, blobs) = look().map_err(|e| problem(path, Fault::Io(e)))?;
    if size == 0 {
        return Err(Problem::error(Code::FileEmpty, Text::new("fichier vide", "empty file"))
            .at(Place::file(path.display().to_string()))
            .remedy(Text::new("télécharger à nouveau l'extrait", "download the extract again")));
    }
    Ok(blobs)
}

fn hash(path: &Path) -> std::io::Result<(u64, String)> {
    let (mut file, mut hasher, mut bytes) = (File::open(path)?, Sha256::new(), 0);
    let mut buffer = vec![0; 1 << 16];
    loop {
        let n = file.read(&mut buffer)?;
        if n == 0 {
            break;
        }
        hasher.update(&buffer[..n]);
        bytes += n as u64;
    }
    let hex = hasher.finalize().iter().fold(String::with_capacity(64), |mut s, b| {
        let _ = write!(s, "{b:02x}");
        s
    });
    Ok((bytes, hex))
}

fn refuse(path: &Path, fr: String, en: String) -> Problem {
    Problem::error(Code::RoadExtract, Text::new(fr, en)).at(Place::file(path.display().to_string()))
}

fn problem(path: &Path, fault: Fault) -> Problem {
    let again = Text::new("télécharger à nouveau l'extrait", "download the extract again");
    match fault {
        Fault::Io(e) if e.kind() == std::io::ErrorKind::NotFound => {
            Problem::error(Code::FileNotFound, Text::new("fichier introuvable", "file not found"))
                .at(Place::file(path.display().to_string()))
                .remedy(Text::new("vérifier le chemin", "check the path"))
        }
        Fault::Io(e) => Problem::error(
            Code::FileUnreadable,
            Text::new(format!("lecture impossible ({e})"), format!("cannot be read ({e})")),
        )
        .at(Place::file(path.display().to_string()))
        .remedy(Text::new(
            "vérifier le chemin et les droits de lecture",
            "check the path and the read permission",
        )),
        Fault::Truncated => refuse(path, "extrait tronqué".into(), "truncated extract".into()).remedy(again),
        Fault::Malformed(what) => refuse(
            path,
            format!("ce n'est pas un extrait .osm.pbf, ou il est abîmé ({what})"),
            format!("not an .osm.pbf extract, or a damaged one ({what})"),
        )
        .remedy(Text::new(
            "fournir un fichier .osm.pbf entier ; convertir un fichier .osm avec « osmium cat »",
            "give a whole .osm.pbf file; convert an .osm file with `osmium cat`",
        )),
        Fault::Compression(name) => refuse(
            path,
            format!("compression {name}, qui n'est pas lue"),
            format!("{name} compression, which is not read"),
        )
        .remedy(Text::new(
            "réécrire l'extrait en zlib : « osmium cat -f pbf,pbf_compression=zlib »",
            "write the extract again in zlib: `osmium cat -f pbf,pbf_compression=zlib`",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nodes, their latitudes added up, ways, those with `highway`, and the nodes of ways.
    type Count = [i64; 5];

    #[test]
    fn what_extracts_hold() {
        // As the crate osmpbf 0.3.8 counts them; the highways are those that came with the extracts.
        let expected: [(&str, Count, &str); 3] = [
            ("monaco", [180_118, 78_794_191_533_739, 27_377, 2927, 238_855], "2016-03-05T00:26:02Z"),
            ("liechtenstein", [142_832, 67_336_255_478_469, 15_247, 4660, 159_076], "2015-07-27T21:14:01Z"),
            ("andorra", [69_644, 29_630_403_205_769, 2725, 1615, 72_968], "2013-05-28T18:59:04Z"),
        ];
        for (name, counts, date) in expected {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/osm");
            let path = path.join(format!("{name}.osm.pbf"));
            if !path.is_file() {
                println!("skipped: {} is absent", path.display());
                continue;
            }
            let extract = Extract::open(&path).unwrap();
            assert_eq!(extract.record.date.as_deref(), Some(date));
            let count = |block: &Block| {
                let mut n: Count = [0; 5];
                block.nodes(|node, _| {
                    n[0] += 1;
                    n[1] += i64::from(node.point.unwrap().0);
                })?;
                block.ways(|way, tags| {
                    n[2] += 1;
                    n[3] += i64::from(tag(tags, "highway").is_some());
                    n[4] += way.nodes.count() as i64;
                })?;
                Ok(n)
            };
            let mut all: Count = [0; 5];
            extract.scan(|_| true, count, |_, n| (0..5).for_each(|k| all[k] += n[k])).unwrap();
            assert_eq!(all, counts, "{name}");
        }
    }

    #[test]
    fn dates() {
        // As GNU date prints them; the first is that of an extract which also states it as a text.
        assert_eq!(date(1_457_137_562).as_deref(), Some("2016-03-05T00:26:02Z"));
        assert_eq!(date(951_782_400).as_deref(), Some("2000-02-29T00:00:00Z"));
        assert_eq!(date(0).as_deref(), Some("1970-01-01T00:00:00Z"));
        assert_eq!(date(253_402_300_799).as_deref(), Some("9999-12-31T23:59:59Z"));
        assert_eq!(date(253_402_300_800), None);
        assert_eq!(date(-1), None);
    }
}
