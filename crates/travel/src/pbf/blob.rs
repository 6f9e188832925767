//! A `.osm.pbf` file as a sequence of compressed blobs.

use super::wire::{Fields, Malformed};
use std::fs::File;
use std::io::{self, BufReader, Read};

/// Largest header of a blob, as the format has it.
const MAX_HEADER: u64 = 64 << 10;
/// Largest blob, compressed or not, as the format has it.
const MAX_BLOB: u64 = 32 << 20;

/// What a blob may hold by byte of its compressed size, beyond a first [`FREE`]: real ones hold two to ten times as much,
/// and what swells further would fill the memory.
const MOST_SWELL: u64 = 50;
const FREE: u64 = 64 << 10;

/// Why an extract cannot be read on.
#[derive(Debug)]
pub(crate) enum Fault {
    Io(io::Error),
    /// The file ends within a blob.
    Truncated,
    /// Not the format.
    Malformed(&'static str),
    /// A compression that is not read.
    Compression(&'static str),
}

impl From<Malformed> for Fault {
    fn from(_: Malformed) -> Fault {
        Fault::Malformed("message")
    }
}

/// A blob as it stands in the file.
#[derive(Debug, Clone)]
pub(crate) struct Blob {
    /// `OSMHeader`, `OSMData` or something to pass over.
    pub(crate) kind: Vec<u8>,
    bytes: Vec<u8>,
}

/// The blobs of a file, one after the other.
pub(crate) struct Blobs {
    file: BufReader<File>,
    left: u64,
}

impl Blobs {
    pub(crate) fn new(file: File) -> io::Result<Blobs> {
        let left = file.metadata()?.len();
        Ok(Blobs { file: BufReader::new(file), left })
    }

    /// The next blob; `None` at the end of the file.
    pub(crate) fn read(&mut self) -> Result<Option<Blob>, Fault> {
        if self.left == 0 {
            return Ok(None);
        }
        let length = self.bytes(4)?;
        let length = length.iter().fold(0, |n, &b| n << 8 | u64::from(b));
        if length == 0 || length > MAX_HEADER {
            return Err(Fault::Malformed("blob header"));
        }
        let header = self.bytes(length)?;
        let (mut kind, mut size) = (Vec::new(), None);
        for field in Fields(&header) {
            match field? {
                (1, value) => kind = value.bytes()?.to_vec(),
                (3, value) => size = Some(value.varint()?),
                _ => {}
            }
        }
        match size {
            Some(size) if size <= MAX_BLOB => Ok(Some(Blob { kind, bytes: self.bytes(size)? })),
            _ => Err(Fault::Malformed("blob size")),
        }
    }

    /// The next bytes. The size of the file bounds them before anything is allocated.
    fn bytes(&mut self, length: u64) -> Result<Vec<u8>, Fault> {
        if length > self.left {
            return Err(Fault::Truncated);
        }
        self.left -= length;
        let mut bytes = vec![0; length as usize];
        self.file.read_exact(&mut bytes).map_err(|e| match e.kind() {
            io::ErrorKind::UnexpectedEof => Fault::Truncated,
            _ => Fault::Io(e),
        })?;
        Ok(bytes)
    }
}

impl Blob {
    /// The content of the blob.
    pub(crate) fn content(&self) -> Result<Vec<u8>, Fault> {
        let (mut size, mut content) = (None, None);
        for field in Fields(&self.bytes) {
            match field? {
                (2, value) => size = Some(value.varint()?),
                (1, value) => content = Some((false, value.bytes()?)),
                (3, value) => content = Some((true, value.bytes()?)),
                (4, _) => return Err(Fault::Compression("LZMA")),
                (5, _) => return Err(Fault::Compression("bzip2")),
                (6, _) => return Err(Fault::Compression("LZ4")),
                (7, _) => return Err(Fault::Compression("Zstandard")),
                _ => {}
            }
        }
        match (content, size) {
            (Some((false, raw)), _) => Ok(raw.to_vec()),
            (Some((true, zlib)), Some(size)) if size <= MAX_BLOB => inflate(zlib, size),
            _ => Err(Fault::Malformed("blob content")),
        }
    }
}

/// What a zlib stream holds, which must be `size` bytes.
fn inflate(zlib: &[u8], size: u64) -> Result<Vec<u8>, Fault> {
    if size > FREE + MOST_SWELL * zlib.len() as u64 {
        return Err(Fault::Malformed("zlib"));
    }
    let mut content = Vec::new();
    flate2::read::ZlibDecoder::new(zlib)
        .take(size + 1)
        .read_to_end(&mut content)
        .map_err(|_| Fault::Malformed("zlib"))?;
    if content.len() as u64 == size { Ok(content) } else { Err(Fault::Malformed("blob size")) }
}
