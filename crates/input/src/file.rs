//! Reading a file once: bounded, hashed, gunzipped, decoded.

use crate::{Code, Place, Problem, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::Read;
use std::path::Path;

/// Largest JSON file that is read, after decompression: 64 MiB.
pub const MAX_JSON_BYTES: u64 = 64 << 20;
/// Largest table that is read, after decompression: 1 GiB.
pub const MAX_TABLE_BYTES: u64 = 1 << 30;

/// What a result says of one input file, so that a run can be replayed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InputRecord {
    /// Path as the user named it, or relative to the file that names it.
    pub path: String,
    /// Size on disk, in bytes.
    pub bytes: u64,
    /// SHA-256 of the bytes on disk, lower-case hexadecimal.
    pub sha256: String,
}

/// A file that was read once: its record and its content.
#[derive(Debug, Clone)]
pub struct InputFile {
    /// Path, size and hash.
    pub record: InputRecord,
    /// Content after gzip, if it was gzip.
    pub content: Vec<u8>,
}

impl InputFile {
    /// Reads `path`, at most `max_bytes` (before and after decompression); gzip is recognised by its
    /// first two bytes, whatever the name.
    ///
    /// # Errors
    /// E101 not found, E102 unreadable, E103 empty, E105 too large, E106 broken gzip.
    pub fn read(path: &Path, max_bytes: u64) -> Result<Self, Problem> {
        let shown = path.display().to_string();
        let place = Place::file(shown.clone());
        let too_large = || {
            Problem::error(
                Code::FileTooLarge,
                Text::new(
                    format!("fichier de plus de {} Mo", max_bytes >> 20),
                    format!("file larger than {} MB", max_bytes >> 20),
                ),
            )
            .at(place.clone())
            .remedy(Text::new("découper ou filtrer le fichier", "split or filter the file"))
        };
        let unreadable = |e: std::io::Error| {
            let missing = e.kind() == std::io::ErrorKind::NotFound;
            let (code, cause) = if missing {
                (Code::FileNotFound, Text::new("fichier introuvable", "file not found"))
            } else {
                (
                    Code::FileUnreadable,
                    Text::new(format!("lecture impossible ({e})"), format!("cannot be read ({e})")),
                )
            };
            Problem::error(code, cause).at(place.clone()).remedy(Text::new(
                "vérifier le chemin et les droits de lecture",
                "check the path and the read permission",
            ))
        };
        // Looked at before it is opened: opening a pipe waits for its writer.
        if !std::fs::metadata(path).map_err(unreadable)?.is_file() {
            return Err(unreadable(std::io::Error::other("not a regular file")));
        }
        let file = std::fs::File::open(path).map_err(unreadable)?;
        let mut raw = Vec::new();
        file.take(max_bytes + 1).read_to_end(&mut raw).map_err(unreadable)?;
        if raw.len() as u64 > max_bytes {
            return Err(too_large());
        }
        let record = InputRecord { path: shown, bytes: raw.len() as u64, sha256: sha256_hex(&raw) };
        let content = if raw.starts_with(&[0x1f, 0x8b]) {
            let mut out = Vec::new();
            flate2::read::MultiGzDecoder::new(raw.as_slice())
                .take(max_bytes + 1)
                .read_to_end(&mut out)
                .map_err(|e| {
                    Problem::error(
                        Code::Gzip,
                        Text::new(format!("archive gzip illisible ({e})"), format!("broken gzip ({e})")),
                    )
                    .at(place.clone())
                    .remedy(Text::new("télécharger ou compresser à nouveau", "download or compress it again"))
                })?;
            if out.len() as u64 > max_bytes {
                return Err(too_large());
            }
            out
        } else {
            raw
        };
        if content.iter().all(u8::is_ascii_whitespace) {
            return Err(Problem::error(Code::FileEmpty, Text::new("fichier vide", "empty file"))
                .at(place)
                .remedy(Text::new("fournir un fichier non vide", "give a file that is not empty")));
        }
        Ok(InputFile { record, content })
    }

    /// The content as UTF-8, without byte-order mark.
    ///
    /// # Errors
    /// E104 when it is anything else.
    pub fn utf8(&self) -> Result<&str, Problem> {
        let bytes = self.content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.content);
        match std::str::from_utf8(bytes) {
            Ok(text) if !text.contains('\0') => Ok(text),
            Ok(_) => Err(self.encoding_problem(None)),
            Err(e) => {
                let line = 1 + bytes[..e.valid_up_to()].iter().filter(|&&b| b == b'\n').count() as u64;
                Err(self.encoding_problem(Some(line)))
            }
        }
    }

    /// The content as text the way French offices write it: UTF-8 with or without mark, else
    /// Windows-1252 (a superset of Latin-1). The flag says that Windows-1252 was assumed.
    ///
    /// # Errors
    /// E104 for UTF-16 and for bytes that are no text.
    pub fn french_text(&self) -> Result<(String, bool), Problem> {
        if let Ok(text) = self.utf8() {
            return Ok((text.to_owned(), false));
        }
        let utf16 = self.content.starts_with(b"\xff\xfe") || self.content.starts_with(b"\xfe\xff");
        if utf16 || self.content.contains(&0) {
            return Err(self.encoding_problem(None));
        }
        let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&self.content);
        Ok((text.into_owned(), true))
    }

    fn encoding_problem(&self, line: Option<u64>) -> Problem {
        Problem::error(
            Code::Encoding,
            Text::new("le fichier n'est pas du texte en UTF-8", "the file is not UTF-8 text"),
        )
        .at(Place { line, ..Place::file(self.record.path.clone()) })
        .remedy(Text::new("l'enregistrer en UTF-8", "save it as UTF-8"))
    }
}

/// A path as seen from a folder, with `/`; unchanged when it is not below.
pub fn relative(path: &Path, folder: &Path) -> String {
    path.strip_prefix(folder).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// SHA-256 as lower-case hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut s, b| {
        let _ = write!(s, "{b:02x}");
        s
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn file(bytes: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        std::fs::write(&path, bytes).unwrap();
        (dir, path)
    }

    #[test]
    fn hash_is_the_published_one() {
        assert_eq!(sha256_hex(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn gzip_is_transparent_and_bounded() {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gz.write_all(&[b'a'; 100_000]).unwrap();
        let (_d, path) = file(&gz.finish().unwrap());
        assert_eq!(InputFile::read(&path, 1 << 20).unwrap().content.len(), 100_000);
        assert_eq!(InputFile::read(&path, 50_000).unwrap_err().code, Code::FileTooLarge);
        let (_d, path) = file(b"\x1f\x8b\x08\x00");
        assert_eq!(InputFile::read(&path, 1 << 20).unwrap_err().code, Code::Gzip);
    }

    #[test]
    fn french_encodings() {
        for (bytes, latin1) in
            [(&b"\xef\xbb\xbfR\xc3\xa9gny"[..], false), (b"R\xc3\xa9gny", false), (b"R\xe9gny", true)]
        {
            let (_d, path) = file(bytes);
            let f = InputFile::read(&path, 100).unwrap();
            assert_eq!(f.french_text().unwrap(), ("Régny".to_owned(), latin1));
        }
        let (_d, path) = file(b"\xff\xfeR\x00");
        assert_eq!(InputFile::read(&path, 100).unwrap().french_text().unwrap_err().code, Code::Encoding);
    }

    #[test]
    fn missing_empty_directory() {
        let (d, path) = file(b" \n");
        assert_eq!(InputFile::read(&path, 100).unwrap_err().code, Code::FileEmpty);
        assert_eq!(InputFile::read(&d.path().join("x"), 100).unwrap_err().code, Code::FileNotFound);
        assert_eq!(InputFile::read(d.path(), 100).unwrap_err().code, Code::FileUnreadable);
    }

    #[cfg(unix)]
    #[test]
    fn pipes_and_devices_are_not_opened() {
        let dir = tempfile::tempdir().unwrap();
        let pipe = dir.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        for path in [pipe.as_path(), Path::new("/dev/zero")] {
            assert_eq!(InputFile::read(path, 100).unwrap_err().code, Code::FileUnreadable, "{path:?}");
        }
    }
}
