//! Times between many places at once (Knopp, Sanders, Schultes, Schulz, Wagner 2007).
//!
//! From each target a search climbs the hierarchy backwards and leaves target and time at every node it sees; a search
//! from each source climbs forwards and joins what lies there. Only what is within the bound is ever seen.

use crate::hierarchy::{ABSENT, Climb, Hierarchy};
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::iter::StepBy;
use std::ops::Range;

/// Targets in a block of a [`Row`].
const BLOCK: usize = 256;

/// Times from each source to the targets within `max` of it: [`Targets`] of one entry each, and what they are from sources
/// of one entry each.
#[must_use]
pub fn bounded(
    hierarchy: &Hierarchy,
    sources: &[(u32, u32)],
    targets: &[(u32, u32)],
    max: u32,
    threads: usize,
) -> Vec<Vec<(u32, u32)>> {
    let one_each = |places: &[(u32, u32)]| places.iter().map(|&p| [p]).collect::<Vec<_>>();
    Targets::new(hierarchy, &one_each(targets), max, threads).times_from(&one_each(sources), threads)
}

/// Places to which times are asked, with what searches from them found.
///
/// A place, source or target, has entries: nodes, each with the time between it and the place, which counts in the total and
/// towards the bound. The fastest entries of both ends give the time of a pair. An entry on an unknown node is none; a place
/// without entries reaches none. Times are in tenths of a second.
///
/// The number of threads (0 as 1) does not change results. Memory: some 2 kB for each target within half an hour.
pub struct Targets<'a> {
    hierarchy: &'a Hierarchy,
    count: usize,
    buckets: Buckets,
    max: u32,
}

impl<'a> Targets<'a> {
    /// Searches from all targets, as far as `max`; `u32::MAX` is no bound.
    #[must_use]
    pub fn new<P>(hierarchy: &'a Hierarchy, targets: &[P], max: u32, threads: usize) -> Targets<'a>
    where
        P: AsRef<[(u32, u32)]> + Sync,
    {
        let buckets = Buckets::fill(hierarchy, targets, max, threads);
        Targets { hierarchy, count: targets.len(), buckets, max }
    }

    /// Of each source, in their order, the targets within the bound as indices, ascending, with the time.
    #[must_use]
    pub fn times_from<P>(&self, sources: &[P], threads: usize) -> Vec<Vec<(u32, u32)>>
    where
        P: AsRef<[(u32, u32)]> + Sync,
    {
        striped(sources.len(), threads, |stripe| {
            let mut search = Search::new(self.hierarchy);
            let mut row = Row::new(self.count);
            stripe
                .map(|i| {
                    search.run::<true>(sources[i].as_ref(), self.max, |rank, time| {
                        row.join(self.buckets.at(rank), time, self.max);
                    });
                    row.take()
                })
                .collect()
        })
    }
}

/// `count` results in order, made by `threads` workers of which each takes every `threads`-th.
fn striped<T: Send>(
    count: usize,
    threads: usize,
    work: impl Fn(StepBy<Range<usize>>) -> Vec<T> + Sync,
) -> Vec<T> {
    let threads = threads.clamp(1, count.max(1));
    let pool = (threads > 1).then(|| ThreadPoolBuilder::new().num_threads(threads).build());
    let Some(Ok(pool)) = pool else {
        return work((0..count).step_by(1));
    };
    let stripe = |t: usize| work((t..count).step_by(threads)).into_iter();
    let mut stripes: Vec<_> = pool.install(|| (0..threads).into_par_iter().map(stripe).collect());
    (0..count).filter_map(|i| stripes[i % threads].next()).collect()
}

/// Of each rank, the targets that are reached down from it and how long that takes.
struct Buckets {
    first: Vec<u64>,
    /// Time in the upper, target in the lower half; fastest first.
    entries: Vec<u64>,
}

impl Buckets {
    fn fill<P>(hierarchy: &Hierarchy, targets: &[P], max: u32, threads: usize) -> Buckets
    where
        P: AsRef<[(u32, u32)]> + Sync,
    {
        let reached: Vec<Vec<(u32, u32)>> = striped(targets.len(), threads, |stripe| {
            let mut search = Search::new(hierarchy);
            stripe
                .map(|i| {
                    let mut reached = Vec::new();
                    search.run::<false>(targets[i].as_ref(), max, |rank, time| reached.push((rank, time)));
                    reached.shrink_to_fit();
                    reached
                })
                .collect()
        });
        let mut first = vec![0u64; hierarchy.num_nodes() + 1];
        for (rank, _) in reached.iter().flatten() {
            first[*rank as usize + 1] += 1;
        }
        for r in 0..hierarchy.num_nodes() {
            first[r + 1] += first[r];
        }
        let mut next = first.clone();
        let mut entries = vec![0; first.last().map_or(0, |&n| n as usize)];
        for (target, reached) in reached.into_iter().enumerate() {
            for (rank, time) in reached {
                let at = &mut next[rank as usize];
                entries[*at as usize] = u64::from(time) << 32 | target as u64;
                *at += 1;
            }
        }
        for bounds in first.windows(2) {
            entries[bounds[0] as usize..bounds[1] as usize].sort_unstable();
        }
        Buckets { first, entries }
    }

    fn at(&self, rank: u32) -> &[u64] {
        let rank = rank as usize;
        &self.entries[self.first[rank] as usize..self.first[rank + 1] as usize]
    }
}

/// A search upwards that forgets only what it touched.
struct Search<'a> {
    hierarchy: &'a Hierarchy,
    times: Vec<u32>,
    touched: Vec<u32>,
    /// Time in the upper, rank in the lower half.
    queue: BinaryHeap<Reverse<u64>>,
}

impl<'a> Search<'a> {
    fn new(hierarchy: &'a Hierarchy) -> Search<'a> {
        let times = vec![ABSENT; hierarchy.num_nodes()];
        Search { hierarchy, times, touched: Vec::new(), queue: BinaryHeap::new() }
    }

    /// Tells every rank at which shortest paths may turn down, with its time from the place (`UP`) or to the place.
    fn run<const UP: bool>(&mut self, place: &[(u32, u32)], max: u32, mut settled: impl FnMut(u32, u32)) {
        let along = |c: &Climb| if UP { c.up } else { c.down };
        let against = |c: &Climb| if UP { c.down } else { c.up };
        for &(node, time) in place {
            if let Some(&rank) = self.hierarchy.rank.get(node as usize) {
                self.reach(rank, time, max);
            }
        }
        while let Some(Reverse(next)) = self.queue.pop() {
            let (time, rank) = ((next >> 32) as u32, next as u32);
            if time > self.times[rank as usize] {
                continue;
            }
            let climbs = self.hierarchy.climbs(rank);
            // A faster way here comes down from a higher node: no shortest path goes on from here.
            if climbs.iter().any(|c| self.times[c.head as usize].saturating_add(against(c)) < time) {
                continue;
            }
            settled(rank, time);
            for c in climbs {
                self.reach(c.head, time.saturating_add(along(c)), max);
            }
        }
        for rank in self.touched.drain(..) {
            self.times[rank as usize] = ABSENT;
        }
    }

    fn reach(&mut self, rank: u32, time: u32, max: u32) {
        let known = &mut self.times[rank as usize];
        if time < *known && time <= max {
            if *known == ABSENT {
                self.touched.push(rank);
            }
            *known = time;
            self.queue.push(Reverse(u64::from(time) << 32 | u64::from(rank)));
        }
    }
}

/// The times of one source, emptied for the next one.
struct Row {
    times: Vec<u32>,
    /// Of each block of targets, whether some have a time.
    blocks: Vec<bool>,
    found: Vec<(u32, u32)>,
}

impl Row {
    fn new(targets: usize) -> Row {
        Row { times: vec![ABSENT; targets], blocks: vec![false; targets.div_ceil(BLOCK)], found: Vec::new() }
    }

    /// What the targets of a bucket become by way of its rank, `time` from the source.
    fn join(&mut self, bucket: &[u64], time: u32, max: u32) {
        let rest = max - time;
        for &entry in bucket {
            let (down, target) = ((entry >> 32) as u32, entry as u32 as usize);
            if down > rest {
                break;
            }
            let known = &mut self.times[target];
            *known = (*known).min(time + down);
            self.blocks[target / BLOCK] = true;
        }
    }

    /// The targets with a time, in order.
    fn take(&mut self) -> Vec<(u32, u32)> {
        self.found.clear();
        for (b, block) in self.blocks.iter_mut().enumerate().filter(|b| *b.1) {
            *block = false;
            let start = b * BLOCK;
            let end = self.times.len().min(start + BLOCK);
            for (target, time) in (start as u32..).zip(&mut self.times[start..end]) {
                if *time != ABSENT {
                    self.found.push((target, *time));
                    *time = ABSENT;
                }
            }
        }
        self.found.clone()
    }
}
