//! What a table covers.

use super::Table;
use crate::places::PlacePoint;
use crate::roads::metres;
use maillage_input::Text;
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Pairs that are shown.
const SHOWN: usize = 10;
/// Least distance, in metres, of a pair whose speed says something.
const SOME_WAY_M: f64 = 1_000.0;

/// A pair of a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pair {
    /// Code of the place one leaves.
    pub from_id: String,
    /// Code of the place one reaches.
    pub to_id: String,
    /// Time.
    pub minutes: f64,
    /// Kilometres as the crow flies, where both places are known.
    pub crow_km: Option<f64>,
}

/// What a table covers; a pair of a place with itself counts nowhere.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Coverage {
    /// Pairs with a time.
    pub pairs: u64,
    /// Pairs there could be.
    pub possible_pairs: u64,
    /// The former over the latter; absent where there could be none.
    pub reachable_share: Option<f64>,
    /// Places that reach no other place.
    pub reach_none: Vec<String>,
    /// Places that no other place reaches.
    pub reached_by_none: Vec<String>,
    /// Shortest time, and those that 10, 50 and 90 % of pairs do not exceed, and the longest, in minutes.
    pub minutes: Option<[f64; 5]>,
    /// Time to the nearest other place: the same figures over places that reach any.
    pub nearest_minutes: Option<[f64; 5]>,
    /// The pairs slowest as the crow flies, of those at least a kilometre apart: where a road is missing, a place
    /// misplaced or a detour long. Without coordinates, the longest.
    pub slowest: Vec<Pair>,
}

impl Coverage {
    /// Of a table; `points` are the places one leaves and those one reaches, in its order, where they are known.
    #[must_use]
    pub fn of(table: &Table, points: Option<(&[PlacePoint], &[PlacePoint])>) -> Coverage {
        let mut reached = vec![false; table.to.len()];
        let (mut times, mut nearest, mut reach_none) = (Vec::new(), Vec::new(), Vec::new());
        let mut slowest = BinaryHeap::new();
        for (ix, (from, row)) in table.from.iter().zip(&table.rows).enumerate() {
            let others = row.iter().filter(|&&(to, _)| table.to[to as usize] != *from);
            let mut least: Option<u32> = None;
            for &(to, time) in others {
                reached[to as usize] = true;
                times.push(time);
                least = Some(least.map_or(time, |l| l.min(time)));
                let crow = points.and_then(|(from, to_)| crow(from.get(ix)?, to_.get(to as usize)?));
                // Slowness in whole numbers, so that ties fall the same way everywhere.
                let slowness = match (points, crow) {
                    (None, _) => u64::from(time),
                    (_, Some(m)) if m >= SOME_WAY_M => (f64::from(time) * 1e9 / m) as u64,
                    _ => continue,
                };
                slowest.push(Reverse((slowness, Reverse((ix, to, time)))));
                if slowest.len() > SHOWN {
                    slowest.pop();
                }
            }
            match least {
                Some(time) => nearest.push(time),
                None => reach_none.push(from.clone()),
            }
        }
        let mut own = table.to.clone();
        own.sort_unstable();
        let same = table.from.iter().filter(|id| own.binary_search(id).is_ok()).count();
        let possible = table.from.len() as u64 * table.to.len() as u64 - same as u64;
        let mut slowest: Vec<_> = slowest.into_iter().map(|Reverse(found)| found).collect();
        slowest.sort_unstable_by(|a, b| b.cmp(a));
        let pair = |(_, Reverse((ix, to, time))): (u64, Reverse<(usize, u32, u32)>)| Pair {
            from_id: table.from[ix].clone(),
            to_id: table.to[to as usize].clone(),
            minutes: minutes(time),
            crow_km: points
                .and_then(|(from, all)| crow(from.get(ix)?, all.get(to as usize)?))
                .map(|m| (m / 10.0).round() / 100.0),
        };
        Coverage {
            pairs: times.len() as u64,
            possible_pairs: possible,
            reachable_share: (possible > 0).then(|| times.len() as f64 / possible as f64),
            reach_none,
            reached_by_none: table.to.iter().zip(&reached).filter(|r| !r.1).map(|r| r.0.clone()).collect(),
            minutes: quantiles(times),
            nearest_minutes: quantiles(nearest),
            slowest: slowest.into_iter().map(pair).collect(),
        }
    }

    /// The summary in words.
    #[must_use]
    pub fn text(&self) -> Text {
        let share = self.reachable_share.map_or_else(|| "–".to_owned(), |s| format!("{:.1} %", s * 100.0));
        let five = |q: Option<[f64; 5]>| {
            q.map_or_else(|| "–".to_owned(), |q| q.map(|m| format!("{m:.1}")).join(" / "))
        };
        let slowest: Vec<String> = self.slowest.iter().take(3).map(Pair::text).collect();
        let [all, near, slow] = [five(self.minutes), five(self.nearest_minutes), slowest.join(" ; ")];
        let (none, by_none) = (self.reach_none.len(), self.reached_by_none.len());
        Text::new(
            format!(
                "trajets : {} sur {} possibles ({})\nlieux qui n'atteignent aucun autre lieu : {none} ; qu'aucun autre n'atteint : {by_none}\nminutes, minimum / 10 % / médiane / 90 % / maximum : {}\nminutes au lieu le plus proche : {}\ntrajets les plus lents : {}",
                self.pairs,
                self.possible_pairs,
                share.replace('.', ","),
                all.replace('.', ","),
                near.replace('.', ","),
                slow.replace('.', ",")
            ),
            format!(
                "trips: {} of {} possible ({share})\nplaces that reach no other place: {none}; that no other reaches: {by_none}\nminutes, least / 10 % / median / 90 % / most: {all}\nminutes to the nearest place: {near}\nslowest trips: {slow}",
                self.pairs, self.possible_pairs
            ),
        )
    }
}

impl Pair {
    fn text(&self) -> String {
        let crow = self.crow_km.map_or_else(String::new, |km| format!(" ({km:.1} km)"));
        format!("{} → {} {:.1} min{crow}", self.from_id, self.to_id, self.minutes)
    }
}

/// Metres as the crow flies.
fn crow(a: &PlacePoint, b: &PlacePoint) -> Option<f64> {
    Some(metres(crate::snap::point(a)?, crate::snap::point(b)?))
}

fn minutes(hundredths: u32) -> f64 {
    f64::from(hundredths) / 100.0
}

/// The least, those at 10, 50 and 90 %, and the greatest.
fn quantiles(mut times: Vec<u32>) -> Option<[f64; 5]> {
    times.sort_unstable();
    let last = times.len().checked_sub(1)?;
    Some([0, 10, 50, 90, 100].map(|percent| minutes(times[last * percent / 100])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_leave_out_the_place_itself() {
        let codes = |all: &[&str]| all.iter().map(|s| (*s).to_owned()).collect();
        // a reaches itself, b in 10 min and x in 4; b reaches nothing but itself; nothing reaches y.
        let rows = vec![vec![(0, 0), (1, 1000), (2, 400)], vec![(1, 0)]];
        let table = Table { from: codes(&["a", "b"]), to: codes(&["a", "b", "x", "y"]), rows };
        let c = Coverage::of(&table, None);
        assert_eq!((c.pairs, c.possible_pairs, c.reachable_share), (2, 6, Some(2.0 / 6.0)));
        assert_eq!((c.reach_none, c.reached_by_none), (codes(&["b"]), codes(&["a", "y"])));
        assert_eq!(c.minutes, Some([4.0, 4.0, 4.0, 4.0, 10.0]));
        assert_eq!(c.nearest_minutes, Some([4.0; 5]));
        assert_eq!(c.slowest.iter().map(|p| p.minutes).collect::<Vec<_>>(), [10.0, 4.0]);
        // 0.1° of latitude are 11.12 km, 0.02° 2.22 km: b in 10 min is faster than x in 4.
        let at = |id: &str, lat| PlacePoint { id: id.to_owned(), lat, lon: 0.0 };
        let to = [at("a", 0.0), at("b", 0.1), at("x", 0.02), at("y", 5.0)];
        let c = Coverage::of(&table, Some((&to[..2], &to)));
        assert_eq!(c.slowest.iter().map(|p| p.crow_km.unwrap()).collect::<Vec<_>>(), [2.22, 11.12]);
    }

    #[test]
    fn an_empty_table_has_no_figures() {
        let c = Coverage::of(&Table { from: vec![], to: vec![], rows: vec![] }, None);
        assert_eq!((c.reachable_share, c.minutes, c.slowest.len()), (None, None, 0));
    }
}
