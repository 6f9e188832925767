//! Prepared graphs on disk, so that they are prepared once.
//!
//! A file is what [`save`] wrote for the same inputs or it is refused with a [`Refusal`], and the graph is prepared again.
//! All numbers are little-endian:
//!
//! | bytes | |
//! | --- | --- |
//! | 8 | `MAILLCH` and a line feed |
//! | 4 | version of the format |
//! | 32 | SHA-256 of what it was prepared from, as the caller defines |
//! | 8, 8 | number of nodes `n`, number of links `m` |
//! | 4 `n` | ranks of nodes |
//! | 8 (`n` + 1) | first links of ranks |
//! | 12 `m` | links: rank, time up, time down |
//! | 32 | SHA-256 of all bytes before |

use crate::hierarchy::{Climb, Hierarchy};
use maillage_input::Text;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

const MAGIC: [u8; 8] = *b"MAILLCH\n";
const VERSION: u32 = 1;
const HEAD: u64 = 8 + 4 + 32 + 8 + 8;
const SEAL: u64 = 32;
/// Bytes written or read at once; a multiple of the size of every element.
const CHUNK: usize = 12 << 13;

/// Why a file is not used.
#[derive(Debug)]
pub enum Refusal {
    /// It is not there.
    Absent,
    /// It cannot be read.
    Unreadable(io::Error),
    /// It is something else.
    Foreign,
    /// It was written by another version of this format.
    Version(u32),
    /// It was prepared from other inputs.
    Stale,
    /// Its size or content is not what was written.
    Torn,
}

impl Refusal {
    /// The reason for users, to be followed by what is done about it.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Refusal::Absent => Text::new("il n'existe pas de graphe préparé", "there is no prepared graph"),
            Refusal::Unreadable(e) => Text::new(
                format!("le graphe préparé ne peut pas être lu ({e})"),
                format!("the prepared graph cannot be read ({e})"),
            ),
            Refusal::Foreign => {
                Text::new("le fichier n'est pas un graphe préparé", "the file is not a prepared graph")
            }
            Refusal::Version(version) => Text::new(
                format!("le graphe préparé est au format {version}, cette version lit le format {VERSION}"),
                format!("the prepared graph has format {version}, this version reads format {VERSION}"),
            ),
            Refusal::Stale => Text::new(
                "le graphe préparé vient d'autres données",
                "the prepared graph was made from other inputs",
            ),
            Refusal::Torn => Text::new(
                "le graphe préparé est incomplet ou altéré",
                "the prepared graph is incomplete or damaged",
            ),
        }
    }
}

/// Writes a prepared graph in whole or not at all, over what was there. `inputs` is the SHA-256 of what it was made from.
///
/// # Errors
/// When the folder is absent or cannot be written to, or the disk is full.
pub fn save(path: &Path, hierarchy: &Hierarchy, inputs: &[u8; 32]) -> io::Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    let mut sealed = Sealed { inner: file.as_file_mut(), hash: Sha256::new() };
    sealed.put(&MAGIC)?;
    sealed.put(&VERSION.to_le_bytes())?;
    sealed.put(inputs)?;
    sealed.put(&(hierarchy.rank.len() as u64).to_le_bytes())?;
    sealed.put(&(hierarchy.climbs.len() as u64).to_le_bytes())?;
    sealed.put_all(&hierarchy.rank, |r| r.to_le_bytes())?;
    sealed.put_all(&hierarchy.first, |f| f.to_le_bytes())?;
    sealed.put_all(&hierarchy.climbs, climb_bytes)?;
    let seal = sealed.hash.finalize();
    file.write_all(&seal)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// Reads a prepared graph made from `inputs`.
///
/// # Errors
/// When there is none, or the file is not one that [`save`] wrote for these inputs.
pub fn load(path: &Path, inputs: &[u8; 32]) -> Result<Hierarchy, Refusal> {
    let refused = |e: io::Error| match e.kind() {
        io::ErrorKind::NotFound => Refusal::Absent,
        _ => Refusal::Unreadable(e),
    };
    // Looked at before it is opened: opening a pipe waits for its writer.
    if !std::fs::metadata(path).map_err(refused)?.is_file() {
        return Err(Refusal::Foreign);
    }
    let mut file = File::open(path).map_err(refused)?;
    let size = file.metadata().map_err(Refusal::Unreadable)?.len();
    let mut sealed = Sealed { inner: &mut file, hash: Sha256::new() };
    let head = Head::read(&mut sealed)?;
    if head.version != VERSION {
        return Err(Refusal::Version(head.version));
    }
    if head.size() != Some(size) {
        return Err(Refusal::Torn);
    }
    if head.inputs != *inputs {
        return Err(Refusal::Stale);
    }
    let rank = sealed.get_all(head.nodes, u32::from_le_bytes)?;
    let first = sealed.get_all(head.nodes + 1, u64::from_le_bytes)?;
    let climbs = sealed.get_all(head.links, climb)?;
    let found = sealed.hash.finalize();
    let mut seal = [0; SEAL as usize];
    file.read_exact(&mut seal).map_err(torn)?;
    if found[..] != seal {
        return Err(Refusal::Torn);
    }
    let hierarchy = Hierarchy { rank, first, climbs };
    // The seal says that nothing changed since, not that it was written by us.
    if hierarchy.is_sound() { Ok(hierarchy) } else { Err(Refusal::Torn) }
}

struct Head {
    version: u32,
    inputs: [u8; 32],
    nodes: u64,
    links: u64,
}

impl Head {
    fn read(from: &mut Sealed<&mut File>) -> Result<Head, Refusal> {
        let mut magic = Vec::new();
        let mut start = Read::by_ref(from.inner).take(MAGIC.len() as u64);
        start.read_to_end(&mut magic).map_err(Refusal::Unreadable)?;
        if !MAGIC.starts_with(&magic) {
            return Err(Refusal::Foreign);
        }
        from.hash.update(&magic);
        Ok(Head {
            version: u32::from_le_bytes(from.get()?),
            inputs: from.get()?,
            nodes: u64::from_le_bytes(from.get()?),
            links: u64::from_le_bytes(from.get()?),
        })
    }

    /// The size of the file that it begins; nothing where no file is as large.
    fn size(&self) -> Option<u64> {
        let ranks = self.nodes.checked_mul(4)?;
        let firsts = self.nodes.checked_add(1)?.checked_mul(8)?;
        let links = self.links.checked_mul(12)?;
        (HEAD + SEAL).checked_add(ranks)?.checked_add(firsts)?.checked_add(links)
    }
}

/// A file with the hash of what went through.
struct Sealed<F> {
    inner: F,
    hash: Sha256,
}

impl Sealed<&mut File> {
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hash.update(bytes);
        self.inner.write_all(bytes)
    }

    fn put_all<T, const N: usize>(&mut self, all: &[T], bytes: impl Fn(&T) -> [u8; N]) -> io::Result<()> {
        let mut buffer = Vec::with_capacity(CHUNK);
        for part in all.chunks(CHUNK / N) {
            buffer.clear();
            part.iter().for_each(|one| buffer.extend_from_slice(&bytes(one)));
            self.put(&buffer)?;
        }
        Ok(())
    }

    fn get<const N: usize>(&mut self) -> Result<[u8; N], Refusal> {
        let mut bytes = [0; N];
        self.inner.read_exact(&mut bytes).map_err(torn)?;
        self.hash.update(bytes);
        Ok(bytes)
    }

    /// `count` elements of `N` bytes each; the caller knows that the file is as long.
    fn get_all<T, const N: usize>(
        &mut self,
        count: u64,
        of: impl Fn([u8; N]) -> T,
    ) -> Result<Vec<T>, Refusal> {
        let count = usize::try_from(count).map_err(|_| Refusal::Torn)?;
        let mut all = Vec::with_capacity(count);
        let mut buffer = vec![0; CHUNK];
        while all.len() < count {
            let part = &mut buffer[..N * (count - all.len()).min(CHUNK / N)];
            self.inner.read_exact(part).map_err(torn)?;
            self.hash.update(&*part);
            let (elements, _) = part.as_chunks::<N>();
            all.extend(elements.iter().map(|&e| of(e)));
        }
        Ok(all)
    }
}

fn torn(e: io::Error) -> Refusal {
    match e.kind() {
        io::ErrorKind::UnexpectedEof => Refusal::Torn,
        _ => Refusal::Unreadable(e),
    }
}

fn climb_bytes(climb: &Climb) -> [u8; 12] {
    let mut bytes = [0; 12];
    bytes[..4].copy_from_slice(&climb.head.to_le_bytes());
    bytes[4..8].copy_from_slice(&climb.up.to_le_bytes());
    bytes[8..].copy_from_slice(&climb.down.to_le_bytes());
    bytes
}

fn climb(bytes: [u8; 12]) -> Climb {
    let [a, b, c, d, e, f, g, h, i, j, k, l] = bytes;
    Climb {
        head: u32::from_le_bytes([a, b, c, d]),
        up: u32::from_le_bytes([e, f, g, h]),
        down: u32::from_le_bytes([i, j, k, l]),
    }
}
