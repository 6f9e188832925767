//! Which parts of the program an input went through, where they were compiled to be counted (`./dev fuzz` does).
//!
//! LLVM's `sancov-module` puts a counter of one byte on every edge and tells where they stand by calling
//! `__sanitizer_cov_8bit_counters_init` (<https://clang.llvm.org/docs/SanitizerCoverage.html>).
#![allow(unsafe_code, reason = "the compiler tells of its counters by a C call with two addresses")]

use std::sync::Mutex;

/// Where counters stand: first and past the last, as addresses.
static COUNTERS: Mutex<Vec<(usize, usize)>> = Mutex::new(Vec::new());

#[unsafe(no_mangle)]
extern "C" fn __sanitizer_cov_8bit_counters_init(start: *mut u8, stop: *mut u8) {
    let (start, stop) = (start as usize, stop as usize);
    let mut known = COUNTERS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    // Every object file tells of the section of all.
    if start < stop && !known.iter().any(|&(a, b)| a <= start && stop <= b) {
        known.push((start, stop));
    }
}

/// What inputs have gone through so far.
#[derive(Default)]
pub struct Coverage {
    /// For each counter, the orders of magnitude that were seen: a bit each.
    seen: Vec<u8>,
    edges: usize,
}

impl Coverage {
    /// Reads all counters and sets them to zero. Whether any shows something new.
    pub fn is_new(&mut self) -> bool {
        let (mut new, mut at) = (false, 0);
        counters(|counters| {
            self.seen.resize(self.seen.len().max(at + counters.len()), 0);
            let seen = self.seen[at..].chunks_mut(BLOCK);
            for (counters, seen) in counters.chunks_mut(BLOCK).zip(seen).filter(|(c, _)| any(c)) {
                for (counter, seen) in counters.iter_mut().zip(seen).filter(|(c, _)| **c > 0) {
                    let bit = order(std::mem::take(counter));
                    if *seen & bit == 0 {
                        self.edges += usize::from(*seen == 0);
                        *seen |= bit;
                        new = true;
                    }
                }
            }
            at += counters.len();
        });
        new
    }

    /// Sets all counters to zero: what went before does not count.
    pub fn forget() {
        counters(|counters| counters.fill(0));
    }

    /// Edges that were gone through; 0 where nothing is counted.
    pub fn edges(&self) -> usize {
        self.edges
    }
}

/// Counters looked at together: most are zero.
const BLOCK: usize = 64;

fn any(counters: &[u8]) -> bool {
    counters.iter().fold(0, |all, c| all | c) > 0
}

/// Does something with each range of counters.
fn counters(mut with: impl FnMut(&mut [u8])) {
    for &(start, stop) in COUNTERS.lock().unwrap_or_else(std::sync::PoisonError::into_inner).iter() {
        // SAFETY: the compiler says that these bytes are counters, which live as long as the program; nothing else refers to
        // them. Threads that still run may count meanwhile: a count is lost, no more.
        with(unsafe { std::slice::from_raw_parts_mut(start as *mut u8, stop - start) });
    }
}

/// 1, 2, 3, 4 to 7, 8 to 15, 16 to 31, 32 to 127, more: a bit each, as in libFuzzer.
fn order(count: u8) -> u8 {
    1 << match count {
        0..=3 => count.max(1) - 1,
        4..=7 => 3,
        8..=15 => 4,
        16..=31 => 5,
        32..=127 => 6,
        128.. => 7,
    }
}
