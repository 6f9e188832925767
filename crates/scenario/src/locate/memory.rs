//! Whether a request fits into memory: told before it is tried.

use super::{LocateFormat, LocateOptions, LocateProblem};
use crate::machine;
use maillage_input::{Code, InputRecord, Place, Problem, Text};
use maillage_location::read::{MAX_GRID_CLIENTS, MAX_NODES, MAX_POINTS};

// Bytes, as peaks of runs show them, rounded up.
/// A pair of a client and a site of a list.
const PAIR_BYTES: u64 = 40;
/// A pair of a class of clients on a plane and a site that covers it.
pub(super) const COVER_BYTES: u64 = 100;
/// A row of a CSV table: its pair, and its cells until all rows are read.
const ROW_BYTES: u64 = 90;
/// A point of a plane.
const POINT_BYTES: u64 = 400;
/// A pair with a service cost: three times a decimal while reading, then the matrix of the search.
const CHARGE_BYTES: u64 = 100;
/// The same in a model of the solver, under capacities.
const MODEL_BYTES: u64 = 1000;
/// A pair in a model of the solver for further plans: an entry of a row, and with charges a variable and a row.
pub(super) const FURTHER_BYTES: u64 = 1000;
pub(super) const FURTHER_CHARGE_BYTES: u64 = 7000;
/// The program and a small solve.
pub(super) const BASE_BYTES: u64 = 15_000_000;

/// Bytes that may be used; `None` where nothing is said and the system does not tell.
pub(super) fn limit(options: &LocateOptions) -> Option<u64> {
    let said = options.memory_mb.map(|mb| mb.saturating_mul(1_000_000));
    said.or_else(|| machine::available_bytes().map(|b| b / 10 * 9))
}

/// Refuses what needs more than `most` bytes.
pub(super) fn fits(needed: u64, most: Option<u64>, file: &InputRecord) -> Result<(), Problem> {
    let Some(most) = most.filter(|most| needed > *most) else { return Ok(()) };
    let (needed, most) = (needed.div_ceil(1_000_000), most / 1_000_000);
    Err(Problem::error(
        Code::Memory,
        Text::new(
            format!("la demande exige environ {needed} Mo de mémoire ; la limite est de {most} Mo"),
            format!("the request needs about {needed} MB of memory; the limit is {most} MB"),
        ),
    )
    .at(Place::file(file.path.clone()))
    .remedy(Text::new(
        "relever --memory-mb, ou prendre une instance ou un rayon plus petits",
        "raise --memory-mb, or take a smaller instance or radius",
    )))
}

/// Bytes that reading and solving need, told from the options and the sizes that the file announces. Sizes that its reader
/// will refuse count for nothing: the reader says it better.
pub(super) fn needed(options: &LocateOptions, content: &[u8]) -> u64 {
    let bytes = content.len() as u64;
    let own = match options.format {
        LocateFormat::OrlibPmed => {
            let [n, _] = numbers(content);
            n.filter(|n| *n <= u64::from(MAX_NODES)).map_or(0, |n| n * n * PAIR_BYTES)
        }
        LocateFormat::Csv => content.iter().filter(|b| **b == b'\n').count() as u64 * ROW_BYTES,
        LocateFormat::Tsplib => on_plane(options, content),
        LocateFormat::Grid => {
            let [m, n] = numbers(content).map(|n| n.filter(|n| *n <= MAX_GRID_CLIENTS).unwrap_or(0));
            (m + n).min(bytes / 10) * POINT_BYTES
        }
        LocateFormat::Uflib => {
            let first = content.iter().position(|b| *b == b'\n').unwrap_or(0);
            pairs(&content[first..]) * CHARGE_BYTES
        }
        _ if options.problem.has_capacities() => pairs(content) * MODEL_BYTES,
        _ => pairs(content) * CHARGE_BYTES,
    };
    own + bytes + BASE_BYTES
}

/// Lists of a p-median reach the third site of a plan: some three times `n / p` points, twice that where they are dense.
fn on_plane(options: &LocateOptions, content: &[u8]) -> u64 {
    let head = String::from_utf8_lossy(&content[..content.len().min(4096)]);
    let dimension = head.lines().find_map(|line| line.trim().strip_prefix("DIMENSION"));
    let n = dimension.and_then(|d| d.trim_start_matches([' ', ':']).trim().parse::<u64>().ok());
    // A point takes 6 bytes at least.
    let Some(n) = n.filter(|n| *n <= MAX_POINTS && n * 6 <= content.len() as u64) else { return 0 };
    let listed = match options.problem {
        LocateProblem::PMedian => (6 * n / u64::from(options.p.unwrap_or(1).max(1)) + 24).min(n),
        _ => 0,
    };
    n * (POINT_BYTES + listed * PAIR_BYTES)
}

/// Sites times clients, of which each takes at least two bytes of the file.
fn pairs(content: &[u8]) -> u64 {
    let [m, n] = numbers(content).map(Option::unwrap_or_default);
    m.saturating_mul(n).min(content.len() as u64 / 2)
}

/// The first two words, where they are numbers.
fn numbers(content: &[u8]) -> [Option<u64>; 2] {
    let head = String::from_utf8_lossy(&content[..content.len().min(256)]);
    let mut words = head.split_whitespace().map(|w| w.parse().ok());
    [words.next().flatten(), words.next().flatten()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn estimates_follow_announced_sizes() {
        // Beyond the program and the file itself.
        let of = |format, problem, p, text: &str| {
            let options = LocateOptions { p, ..LocateOptions::new(format, problem) };
            needed(&options, text.as_bytes()) - BASE_BYTES - text.len() as u64
        };
        use LocateFormat::*;
        use LocateProblem::*;
        assert_eq!(of(OrlibPmed, PMedian, None, "100 200 5\n"), 100 * 100 * 40);
        // More nodes than are read, and no number at all.
        assert_eq!(of(OrlibPmed, PMedian, None, "900000 1 5\n"), 0);
        assert_eq!(of(OrlibPmed, PMedian, None, "x"), 0);
        assert_eq!(of(Csv, PMedian, None, "a\nb\n"), 2 * 90);
        // 36 points in 216 bytes: 6 * 36 / 54 + 24 = 28 pairs each, and no more than 36 with p = 12.
        let header = "DIMENSION : 36\nNODE_COORD_SECTION\n";
        let text = format!("{header:<216}");
        assert_eq!(of(Tsplib, PMedian, Some(54), &text), 36 * (400 + 28 * 40));
        assert_eq!(of(Tsplib, PMedian, Some(12), &text), 36 * (400 + 36 * 40));
        assert_eq!(of(Tsplib, PCenter, Some(12), &text), 36 * 400);
        assert_eq!(of(Tsplib, PCenter, Some(12), header), 0);
        // 2 sites and 3 clients, no more than the file can hold.
        assert_eq!(of(Holmberg, FixedCharge, None, "2 3 1 1 1 1 1 1"), 6 * 100);
        assert_eq!(of(Holmberg, Capacitated, None, "2 3 1 1 1 1 1 1"), 6 * 1000);
        assert_eq!(of(Uflib, FixedCharge, None, "FILE: a\n2 3 1"), 3 * 100);
        assert_eq!(of(Holmberg, FixedCharge, None, "20000 20000"), 5 * 100);
        assert_eq!(of(Grid, MaxCover, None, "1 2 F 0 0 0 1 C 0 0 0 1 C 1 0 0 1"), 3 * 400);
    }
}
