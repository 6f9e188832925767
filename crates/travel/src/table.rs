//! Tables of travel times: sparse, by pairs of codes.

mod coverage;
mod parquet;
mod record;

pub use coverage::{Coverage, Pair};
pub(crate) use record::{MADE_BY, unwritable, whole};
pub use record::{Made, write};

use crate::hierarchy::Hierarchy;
use crate::many::Targets;
use crate::places::PlacePoint;
use crate::profile::Profile;
use crate::roads::Roads;
use crate::snap::{Snap, SnapLimits, snap};
use std::collections::BTreeMap;
use std::io::Write;

/// Places that are searched from at once: what a search finds is then made smaller.
const BATCH: usize = 4096;

/// Times between places. A pair that is not there is unreachable, or beyond what was looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Codes of the places one leaves.
    pub from: Vec<String>,
    /// Codes of the places one reaches.
    pub to: Vec<String>,
    /// For each place one leaves: the position of the place reached and the time in hundredths of a minute, in the order
    /// of positions.
    pub rows: Vec<Vec<(u32, u32)>>,
}

/// A table made from roads, and how its places lie on them.
#[derive(Debug, Clone)]
pub struct RoadTable {
    /// The times.
    pub table: Table,
    /// Of each place one leaves, where it lies on the roads.
    pub from: Vec<Option<Snap>>,
    /// Of each place one reaches.
    pub to: Vec<Option<Snap>>,
}

/// What a table of road times is asked to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TableOptions {
    /// Longest time that is kept, in minutes, that from a place to its road and from the road to a place included.
    pub max_minutes: u16,
    /// How far from a road a place may be.
    pub limits: SnapLimits,
    /// Threads to use.
    pub threads: usize,
}

/// The times from places to places by road, up to a longest one. A place reaches itself in no time, as in INSEE's METRIC.
#[must_use]
pub fn travel_table(
    roads: &Roads,
    hierarchy: &Hierarchy,
    profile: &Profile,
    from: &[PlacePoint],
    to: &[PlacePoint],
    options: TableOptions,
) -> RoadTable {
    let lie = |places| snap(roads, places, profile.off_road_kmh, options.limits);
    let (leave, reach) = (lie(from), lie(to));
    let max = u32::from(options.max_minutes) * 600;
    // Places reached by stretch of road: those on the stretch of a place are reached along it.
    let mut on_stretch: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (ix, snap) in (0..).zip(&reach) {
        if let Some(snap) = snap {
            on_stretch.entry(snap.edge()).or_default().push(ix);
        }
    }
    // A place has an entry for each end of its stretch, as far as that is open.
    let entries: Vec<Vec<(u32, u32)>> =
        reach.iter().map(|s| s.iter().flat_map(|s| s.arriving(roads)).collect()).collect();
    let targets = Targets::new(hierarchy, &entries, max, options.threads);
    let own: BTreeMap<&str, u32> = (0..).zip(to).map(|(ix, place)| (place.id.as_str(), ix)).collect();
    let mut rows = Vec::with_capacity(from.len());
    for (places, snaps) in from.chunks(BATCH).zip(leave.chunks(BATCH)) {
        let sources: Vec<Vec<(u32, u32)>> =
            snaps.iter().map(|s| s.iter().flat_map(|s| s.leaving(roads)).collect()).collect();
        let found = targets.times_from(&sources, options.threads);
        for ((place, snap), mut row) in places.iter().zip(snaps).zip(found) {
            if let Some(snap) = snap {
                let beside = on_stretch.get(&snap.edge()).into_iter().flatten();
                row.extend(beside.filter_map(|&ix| {
                    let time = snap.along(reach[ix as usize].as_ref()?, roads)?;
                    (time <= max).then_some((ix, time))
                }));
            }
            row.extend(own.get(place.id.as_str()).map(|&ix| (ix, 0)));
            row.sort_unstable();
            row.dedup_by_key(|&mut (ix, _)| ix);
            row.iter_mut().for_each(|(_, time)| *time = hundredths(*time));
            row.shrink_to_fit();
            rows.push(row);
        }
    }
    let codes = |places: &[PlacePoint]| places.iter().map(|p| p.id.clone()).collect();
    RoadTable { table: Table { from: codes(from), to: codes(to), rows }, from: leave, to: reach }
}

/// Tenths of a second in hundredths of a minute, rounded.
fn hundredths(tenths: u32) -> u32 {
    (tenths + 3) / 6
}

impl Table {
    /// The number of pairs.
    #[must_use]
    pub fn pairs(&self) -> usize {
        self.rows.iter().map(Vec::len).sum()
    }

    /// The time between two codes, in hundredths of a minute.
    #[must_use]
    pub fn hundredths(&self, from: &str, to: &str) -> Option<u32> {
        let row = self.from.iter().position(|id| id == from)?;
        let column = self.to.iter().position(|id| id == to)? as u32;
        let at = self.rows[row].binary_search_by_key(&column, |&(ix, _)| ix).ok()?;
        Some(self.rows[row][at].1)
    }

    /// The table as CSV: `from_id,to_id,minutes`, minutes with two decimals.
    ///
    /// # Errors
    /// Where `out` cannot be written to.
    pub fn write_csv(&self, out: impl Write) -> std::io::Result<()> {
        let mut csv = csv::Writer::from_writer(out);
        csv.write_record(["from_id", "to_id", "minutes"])?;
        for (from, row) in self.from.iter().zip(&self.rows) {
            for &(to, time) in row {
                let minutes = format!("{}.{:02}", time / 100, time % 100);
                csv.write_record([from, &self.to[to as usize], &minutes])?;
            }
        }
        csv.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_have_two_decimals() {
        // 605 tenths of a second are 1.008 minutes; 597 are 0.995, rounded up; 3 are 0.005, rounded up.
        assert_eq!([605, 597, 3, 2, 0].map(hundredths), [101, 100, 1, 0, 0]);
        let codes = |all: &[&str]| all.iter().map(|s| (*s).to_owned()).collect();
        let rows = vec![vec![(0, 0), (1, 101)], vec![]];
        let table = Table { from: codes(&["a", "b"]), to: codes(&["a", "c,d"]), rows };
        let mut out = Vec::new();
        table.write_csv(&mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "from_id,to_id,minutes\na,a,0.00\na,\"c,d\",1.01\n");
        assert_eq!(
            (table.pairs(), table.hundredths("a", "c,d"), table.hundredths("b", "a")),
            (2, Some(101), None)
        );
    }
}
