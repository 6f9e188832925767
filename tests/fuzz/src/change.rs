//! Random changes of inputs.

/// SplitMix64 (Steele, Lea and Flood 2014).
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`; 0 where there is none.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % (n.max(1) as u64)) as usize
    }
}

/// What readers may stumble over when it stands where a number or a word did.
const WORDS: [&str; 36] = [
    "0",
    "-1",
    "1e999",
    "-1e999",
    "1e-999",
    "NaN",
    "inf",
    "Infinity",
    "4294967296",
    "2147483648",
    "9007199254740993",
    "9223372036854775808",
    "18446744073709551616",
    "999999999999999999999999",
    "0.1",
    "1,5",
    "1e9",
    "65536",
    "null",
    "true",
    "\"\"",
    "[]",
    "{}",
    ",",
    ";",
    "\"",
    "\n",
    "\r\n",
    "\t",
    "\0",
    "\u{feff}",
    "é",
    "..",
    "/",
    "&#x0;",
    "=1+1",
];
/// Larger inputs say no more, and take longer.
const MOST: usize = 1 << 16;

/// An input with one to eight changes; `other` gives parts of itself.
pub fn changed(input: &[u8], other: &[u8], random: &mut Random) -> Vec<u8> {
    let mut out = input.to_vec();
    for _ in 0..1 << random.below(4) {
        change(&mut out, other, random);
    }
    out.truncate(MOST);
    out
}

fn change(out: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    let at = random.below(out.len());
    match random.below(10) {
        0 => on(out, at, |byte| *byte ^= 1 << random.below(8)),
        1 => on(out, at, |byte| *byte = random.next() as u8),
        2 => {
            let end = part(at, out.len(), random);
            out.drain(at..end);
        }
        3 => {
            let end = part(at, out.len(), random);
            let copy = out[at..end].to_vec();
            let to = random.below(out.len());
            out.splice(to..to, copy);
        }
        4 => out.truncate(at),
        5 => word(out, at, WORDS[random.below(WORDS.len())].as_bytes()),
        6 => {
            let word = WORDS[random.below(WORDS.len())].bytes();
            out.splice(at..at, word);
        }
        7 => {
            let from = random.below(other.len());
            let copy = other[from..part(from, other.len(), random)].to_vec();
            out.splice(at..at, copy);
        }
        8 => {
            let from = random.below(other.len());
            out.truncate(at);
            out.extend_from_slice(&other[from.min(other.len())..]);
        }
        _ => number(out, at, random),
    }
}

fn on(out: &mut [u8], at: usize, change: impl FnOnce(&mut u8)) {
    if let Some(byte) = out.get_mut(at) {
        change(byte);
    }
}

/// The end of a part that begins at `at`: mostly short.
fn part(at: usize, len: usize, random: &mut Random) -> usize {
    let most = 1 << random.below(10);
    (at + 1 + random.below(most)).min(len)
}

/// Another word where letters and digits stand.
fn word(out: &mut Vec<u8>, at: usize, word: &[u8]) {
    let part = |b: &u8| b.is_ascii_alphanumeric() || b".-+".contains(b);
    let before = out[..at].iter().rev().take_while(|b| part(b)).count();
    let after = out[at..].iter().take_while(|b| part(b)).count();
    out.splice(at - before..at + after, word.iter().copied());
}

/// A binary number at one of its limits.
fn number(out: &mut [u8], at: usize, random: &mut Random) {
    let n = [0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0xffff_ffff, i64::MAX as u64, u64::MAX]
        [random.below(10)];
    let len = 1 << random.below(4);
    let bytes = if random.below(2) == 0 { n.to_le_bytes() } else { n.swap_bytes().to_le_bytes() };
    for (byte, new) in out[at..].iter_mut().zip(&bytes[..len]) {
        *byte = *new;
    }
}
