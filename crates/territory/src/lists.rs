//! Lists of travel times as a binary file (`.mtt`): read as they stand, with no text to parse.
//!
//! All numbers are little-endian:
//!
//! | bytes | |
//! | --- | --- |
//! | 8 | `MAILLTT` and a line feed |
//! | 4 | version of the format |
//! | 8 × 4 | number of places left `n`, of places reached `m`, of pairs `p`, of bytes of codes `c` |
//! | 8 (`n` + 1) | first pairs of the places left |
//! | 4 `p` | of each pair, the position of the place reached, rising for each place left |
//! | 4 `p` | of each pair, the time in hundredths of a minute |
//! | 4 (`n` + `m`) | where the code of each place ends, those left first |
//! | `c` | codes in UTF-8 |
//! | 32 | SHA-256 of all bytes before |

use crate::units::MAX_HUNDREDTHS;
use maillage_input::{Code, Text};
use sha2::{Digest, Sha256};
use std::io::{self, Write};

/// How such a file begins.
pub const MAGIC: [u8; 8] = *b"MAILLTT\n";
const VERSION: u32 = 1;
const SEAL: usize = 32;

/// Why bytes are not lists of travel times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListsFault {
    /// They are something else.
    Foreign,
    /// They were written by another version of this format.
    Version(u32),
    /// Their size or content is not what was written.
    Torn,
    /// They are whole, but do not say what such a file says.
    Unsound,
}

impl ListsFault {
    /// The code of the problem.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            ListsFault::Version(version) if *version > VERSION => Code::LaterVersion,
            _ => Code::TableFormat,
        }
    }

    /// The cause for users.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            ListsFault::Foreign => {
                Text::new("ce n'est pas une table binaire de temps", "not a binary table of times")
            }
            ListsFault::Version(version) => Text::new(
                format!("table au format {version}, cette version lit le format {VERSION}"),
                format!("the table has format {version}, this version reads format {VERSION}"),
            ),
            ListsFault::Torn => {
                Text::new("table incomplète ou altérée", "the table is incomplete or damaged")
            }
            ListsFault::Unsound => Text::new("table incohérente", "the table contradicts itself"),
        }
    }
}

/// Lists of travel times, as they stand in the bytes of a file.
#[derive(Debug, Clone)]
pub struct Lists<'a> {
    /// Codes of the places one leaves.
    pub from: Vec<&'a str>,
    /// Codes of the places one reaches.
    pub to: Vec<&'a str>,
    first: &'a [[u8; 8]],
    reached: &'a [[u8; 4]],
    times: &'a [[u8; 4]],
}

impl<'a> Lists<'a> {
    /// Reads the bytes of a file.
    ///
    /// # Errors
    /// When they are not what [`write()`] writes.
    pub fn read(bytes: &'a [u8]) -> Result<Lists<'a>, ListsFault> {
        if !bytes.starts_with(&MAGIC) {
            return Err(ListsFault::Foreign);
        }
        let (content, seal) = bytes.split_last_chunk::<SEAL>().ok_or(ListsFault::Torn)?;
        let mut rest = Rest(content.get(MAGIC.len()..).ok_or(ListsFault::Torn)?);
        let version = u32::from_le_bytes(rest.take::<4>(1)?[0]);
        if version != VERSION {
            return Err(ListsFault::Version(version));
        }
        if Sha256::digest(content)[..] != seal[..] {
            return Err(ListsFault::Torn);
        }
        let counts = rest.take::<8>(4)?;
        let count = |k: usize| usize::try_from(u64::from_le_bytes(counts[k])).map_err(|_| ListsFault::Torn);
        let (n, m, p, c) = (count(0)?, count(1)?, count(2)?, count(3)?);
        let first = rest.take::<8>(n.checked_add(1).ok_or(ListsFault::Torn)?)?;
        let (reached, times) = (rest.take::<4>(p)?, rest.take::<4>(p)?);
        let ends = rest.take::<4>(n.checked_add(m).ok_or(ListsFault::Torn)?)?;
        if rest.0.len() != c {
            return Err(ListsFault::Torn);
        }
        let codes = std::str::from_utf8(rest.0).map_err(|_| ListsFault::Unsound)?;
        let mut from = cut(codes, ends)?;
        let to = from.split_off(n);
        let lists = Lists { from, to, first, reached, times };
        if lists.is_sound() { Ok(lists) } else { Err(ListsFault::Unsound) }
    }

    /// The pairs from the place at this position of [`Lists::from`]: the position in [`Lists::to`] of the place reached,
    /// rising, and the time in hundredths of a minute. None where there is no such place.
    pub fn row(&self, from: usize) -> impl Iterator<Item = (usize, u32)> + '_ {
        let pairs = if from < self.from.len() { self.start(from)..self.start(from + 1) } else { 0..0 };
        let number = |bytes: &[u8; 4]| u32::from_le_bytes(*bytes);
        let reached = self.reached[pairs.clone()].iter().map(move |b| number(b) as usize);
        reached.zip(self.times[pairs].iter().map(number))
    }

    fn start(&self, from: usize) -> usize {
        u64::from_le_bytes(self.first[from]) as usize
    }

    /// Whether positions are in their ranges and rise, and times are such as a table may have.
    fn is_sound(&self) -> bool {
        let starts = || (0..self.first.len()).map(|i| self.start(i));
        let bounds = starts().next() == Some(0) && starts().next_back() == Some(self.times.len());
        let times = self.times.iter().all(|t| u64::from(u32::from_le_bytes(*t)) <= MAX_HUNDREDTHS);
        bounds
            && starts().is_sorted()
            && times
            && (0..self.from.len()).all(|i| {
                self.row(i).is_sorted_by(|a, b| a.0 < b.0)
                    && self.row(i).last().is_none_or(|(to, _)| to < self.to.len())
            })
    }
}

/// Codes between their ends.
fn cut<'a>(codes: &'a str, ends: &[[u8; 4]]) -> Result<Vec<&'a str>, ListsFault> {
    let mut start = 0;
    let mut list = Vec::with_capacity(ends.len());
    for end in ends {
        let end = u32::from_le_bytes(*end) as usize;
        list.push(codes.get(start..end).ok_or(ListsFault::Unsound)?);
        start = end;
    }
    if start == codes.len() { Ok(list) } else { Err(ListsFault::Unsound) }
}

/// What is left to read.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    /// The next `count` elements of `N` bytes each.
    fn take<const N: usize>(&mut self, count: usize) -> Result<&'a [[u8; N]], ListsFault> {
        let size = count.checked_mul(N).ok_or(ListsFault::Torn)?;
        let (taken, rest) = self.0.split_at_checked(size).ok_or(ListsFault::Torn)?;
        self.0 = rest;
        Ok(taken.as_chunks::<N>().0)
    }
}

/// Writes lists: for each place left, the positions of the places reached, rising, and the times in hundredths of a minute.
///
/// # Errors
/// Where `out` cannot be written to; codes of more than 4 GiB.
pub fn write(out: impl Write, from: &[String], to: &[String], rows: &[Vec<(u32, u32)>]) -> io::Result<()> {
    let mut sealed = Sealed { out, hash: Sha256::new() };
    let codes: usize = from.iter().chain(to).map(String::len).sum();
    if u32::try_from(codes).is_err() || rows.len() != from.len() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let pairs: usize = rows.iter().map(Vec::len).sum();
    sealed.put(&MAGIC)?;
    sealed.put(&VERSION.to_le_bytes())?;
    for count in [from.len(), to.len(), pairs, codes] {
        sealed.put(&(count as u64).to_le_bytes())?;
    }
    let mut start = 0u64;
    sealed.put(&start.to_le_bytes())?;
    for row in rows {
        start += row.len() as u64;
        sealed.put(&start.to_le_bytes())?;
    }
    for part in [|pair: &(u32, u32)| pair.0, |pair: &(u32, u32)| pair.1] {
        for row in rows {
            let bytes: Vec<u8> = row.iter().flat_map(|pair| part(pair).to_le_bytes()).collect();
            sealed.put(&bytes)?;
        }
    }
    let mut end = 0;
    for code in from.iter().chain(to) {
        end += code.len() as u32;
        sealed.put(&end.to_le_bytes())?;
    }
    for code in from.iter().chain(to) {
        sealed.put(code.as_bytes())?;
    }
    let Sealed { mut out, hash } = sealed;
    out.write_all(&hash.finalize())?;
    out.flush()
}

/// A writer with the hash of what went through.
struct Sealed<W> {
    out: W,
    hash: Sha256,
}

impl<W: Write> Sealed<W> {
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hash.update(bytes);
        self.out.write_all(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Rows = Vec<Vec<(u32, u32)>>;

    fn written(from: &[String], to: &[String], rows: &Rows) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(&mut bytes, from, to, rows).unwrap();
        bytes
    }

    fn codes(n: usize) -> impl Strategy<Value = Vec<String>> {
        prop::collection::vec("[0-9A-Zé,\n]{0,6}", n)
    }

    fn table() -> impl Strategy<Value = (Vec<String>, Vec<String>, Rows)> {
        (0usize..6, 1usize..6).prop_flat_map(|(n, m)| {
            let row = prop::collection::btree_map(0..m as u32, 0u32..=1_008_000, 0..=m);
            let rows = prop::collection::vec(row.prop_map(|row| row.into_iter().collect()), n);
            (codes(n), codes(m), rows)
        })
    }

    fn sample() -> Vec<u8> {
        let codes = ["01001", "2A004"].map(str::to_owned);
        written(&codes, &codes, &vec![vec![(0, 0), (1, 1234)], vec![(1, 0)]])
    }

    /// The same bytes with their seal made anew.
    fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
        bytes.truncate(bytes.len() - SEAL);
        let seal = Sha256::digest(&bytes);
        bytes.extend_from_slice(&seal);
        bytes
    }

    proptest! {
        #[test]
        fn what_is_written_is_read((from, to, rows) in table()) {
            let bytes = written(&from, &to, &rows);
            let lists = Lists::read(&bytes).unwrap();
            prop_assert_eq!(&lists.from, &from);
            prop_assert_eq!(&lists.to, &to);
            for (i, row) in rows.iter().enumerate() {
                let row: Vec<(usize, u32)> = row.iter().map(|&(to, t)| (to as usize, t)).collect();
                prop_assert_eq!(lists.row(i).collect::<Vec<_>>(), row);
            }
            prop_assert_eq!(lists.row(from.len()).count(), 0);
        }

        /// Whatever the bytes, sealed or not: lists that hold together, or a fault.
        #[test]
        fn no_bytes_panic(at in 8usize..140, with in any::<[u8; 8]>(), cut in 0usize..140) {
            let mut bytes = sample();
            let at = at.min(bytes.len() - 8);
            bytes[at..at + 8].copy_from_slice(&with);
            bytes.truncate(bytes.len() - cut.min(bytes.len() - SEAL));
            for bytes in [bytes.clone(), sealed(bytes)] {
                if let Ok(lists) = Lists::read(&bytes) {
                    for i in 0..lists.from.len() {
                        prop_assert!(lists.row(i).all(|(to, _)| to < lists.to.len()));
                    }
                }
            }
        }
    }

    #[test]
    fn the_bytes_are_those_of_the_format() {
        let bytes = sample();
        // 8 + 4 + 32, 8 · 3 starts, 4 · 3 positions, 4 · 3 times, 4 · 4 ends, 20 bytes of codes, 32.
        assert_eq!(bytes.len(), 44 + 24 + 12 + 12 + 16 + 20 + 32);
        assert_eq!(bytes[44..68], *[[0u64, 2, 3].map(u64::to_le_bytes)].as_flattened().as_flattened());
        assert_eq!(bytes[80..92], *[0u32, 1234, 0].map(u32::to_le_bytes).as_flattened());
        assert_eq!(&bytes[108..128], b"010012A004010012A004");
    }

    #[test]
    fn torn_and_altered_files_are_refused() {
        let bytes = sample();
        for length in 0..bytes.len() {
            assert!(Lists::read(&bytes[..length]).is_err(), "{length} bytes");
        }
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut flipped = bytes.clone();
                flipped[at] ^= 1 << bit;
                assert!(Lists::read(&flipped).is_err(), "byte {at}, bit {bit}");
            }
        }
        let fault = |at: usize, byte: u8| {
            let mut bytes = bytes.clone();
            bytes[at] = byte;
            Lists::read(&sealed(bytes)).unwrap_err()
        };
        assert_eq!((fault(0, b'm'), fault(8, 2)), (ListsFault::Foreign, ListsFault::Version(2)));
        // Counts that no file is as long as: 2^62 pairs. A start beyond the end; a place that is not there; positions that
        // do not rise; a time of 200 years; an end of a code beyond the next.
        assert_eq!((fault(67, 64), fault(35, 64)), (ListsFault::Unsound, ListsFault::Torn));
        assert_eq!([fault(72, 2), fault(72, 0), fault(87, 99), fault(92, 11)], [ListsFault::Unsound; 4]);
    }
}
