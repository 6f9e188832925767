//! How far people are from care: within given minutes, mean, median, 95th percentile and longest time.
//!
//! Two behaviours: [`nearest`], the time to the nearest open place whatever its room; [`available`], the time to
//! the list that people are on once lists fill ([`attach()`](crate::attach())). Two ways to count, under two
//! names: [`PeopleTimes`] counts people, [`PlaceTimes`] counts places, each once.
//!
//! Everything is counted in whole people and hundredths of a minute. Means, percentiles and longest times are
//! taken **over those who reach one**: a table of times stops at a largest time, beyond which nobody knows how
//! far people are, so a percentile of all could fall where there is no time to give, and would move with the
//! table instead of the care. The price: whoever drops out of reach also drops out of the mean, which can then
//! fall. Read these figures beside the number who reach none, which stands in the same summary.

use crate::Attachment;
use maillage_territory::{Minutes, Persons, PlaceIx, TravelTimes};
use serde::{Serialize, Serializer};

/// Time from every place to the nearest open one, by place; `None` is beyond the largest time of the table.
/// `open` has one entry per place.
pub fn nearest(travel: &TravelTimes, open: &[bool]) -> Vec<Option<Minutes>> {
    let from = |i: usize| travel.from(PlaceIx(i as u32)).iter();
    (0..open.len()).map(|i| from(i).find(|(to, _)| open[to.0 as usize]).map(|&(_, t)| t)).collect()
}

/// The people of every place by the time to the list they are on, nearest first; those on no list come last,
/// with `None`. One entry per place, which may be empty.
pub fn available(attachment: &Attachment) -> Vec<Vec<(Option<Minutes>, Persons)>> {
    let mut by_place = vec![Vec::new(); attachment.left.len()];
    for flow in &attachment.flows {
        by_place[flow.from.0 as usize].push((Some(flow.minutes), flow.people));
    }
    for (place, &left) in by_place.iter_mut().zip(&attachment.left) {
        if left.0 > 0 {
            place.push((None, left));
        }
    }
    by_place
}

/// Times weighted by people. JSON gives minutes, with up to two decimals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PeopleTimes {
    /// People in all.
    pub people: Persons,
    /// People within each limit, in the order of the limits.
    pub people_within: Vec<PeopleWithin>,
    /// People who reach none.
    pub people_reaching_none: Persons,
    /// Mean time of those who reach one, rounded half up to hundredths; `None` when nobody does.
    #[serde(rename = "people_mean_min", serialize_with = "minutes_or_none")]
    pub people_mean: Option<Minutes>,
    /// Smallest time within which at least half of those who reach one are.
    #[serde(rename = "people_median_min", serialize_with = "minutes_or_none")]
    pub people_median: Option<Minutes>,
    /// Smallest time within which at least 95 % of those who reach one are.
    #[serde(rename = "people_p95_min", serialize_with = "minutes_or_none")]
    pub people_p95: Option<Minutes>,
    /// Longest time of anybody who reaches one: places where nobody lives do not count.
    #[serde(rename = "people_longest_min", serialize_with = "minutes_or_none")]
    pub people_longest: Option<Minutes>,
}

/// People within a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PeopleWithin {
    /// The time, itself included.
    #[serde(rename = "limit_min", serialize_with = "minutes")]
    pub limit: Minutes,
    /// How many; `None` when the limit lies beyond the times that are known and some people with it.
    pub people: Option<Persons>,
}

/// Times where every place counts once, however many people live there. JSON gives minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlaceTimes {
    /// Places in all.
    pub places: u64,
    /// Places within each limit, in the order of the limits.
    pub places_within: Vec<PlacesWithin>,
    /// Places that reach none.
    pub places_reaching_none: u64,
    /// Mean time of the places that reach one, rounded half up to hundredths; `None` when none does.
    #[serde(rename = "place_mean_min", serialize_with = "minutes_or_none")]
    pub place_mean: Option<Minutes>,
    /// Smallest time within which at least half of the places that reach one are.
    #[serde(rename = "place_median_min", serialize_with = "minutes_or_none")]
    pub place_median: Option<Minutes>,
    /// Smallest time within which at least 95 % of the places that reach one are.
    #[serde(rename = "place_p95_min", serialize_with = "minutes_or_none")]
    pub place_p95: Option<Minutes>,
    /// Longest time of a place that reaches one.
    #[serde(rename = "place_longest_min", serialize_with = "minutes_or_none")]
    pub place_longest: Option<Minutes>,
}

/// Places within a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PlacesWithin {
    /// The time, itself included.
    #[serde(rename = "limit_min", serialize_with = "minutes")]
    pub limit: Minutes,
    /// How many; `None` when the limit lies beyond the times that are known and some places with it.
    pub places: Option<u64>,
}

impl PeopleTimes {
    /// Sums up people by time; `None` is none reached up to `known_to`: the largest time of the table, or the
    /// longest trip that lists were filled with. Beyond it a limit has no answer unless everybody reaches one.
    ///
    /// ```
    /// use maillage_access::coverage::PeopleTimes;
    /// use maillage_territory::{Minutes, Persons};
    /// let m = Minutes::whole;
    /// let times = [(Some(m(0)), Persons(300)), (Some(m(12)), Persons(100)), (None, Persons(50))];
    /// let zone = PeopleTimes::new(times, &[m(10), m(15)], m(30));
    /// assert_eq!(zone.people_within[0].people, Some(Persons(300)));
    /// assert_eq!(zone.people_mean, Some(m(3)));
    /// ```
    pub fn new(
        times: impl IntoIterator<Item = (Option<Minutes>, Persons)>,
        limits: &[Minutes],
        known_to: Minutes,
    ) -> PeopleTimes {
        let tally = Tally::new(times.into_iter().map(|(t, p)| (t, p.0)));
        let within =
            |&limit: &Minutes| PeopleWithin { limit, people: tally.within(limit, known_to).map(Persons) };
        PeopleTimes {
            people: Persons(tally.reached() + tally.none),
            people_within: limits.iter().map(within).collect(),
            people_reaching_none: Persons(tally.none),
            people_mean: tally.mean(),
            people_median: tally.percentile(50),
            people_p95: tally.percentile(95),
            people_longest: tally.percentile(100),
        }
    }
}

impl PlaceTimes {
    /// Sums up one time per place, as [`PeopleTimes::new`]. Pass only the places that should count.
    pub fn new(
        times: impl IntoIterator<Item = Option<Minutes>>,
        limits: &[Minutes],
        known_to: Minutes,
    ) -> PlaceTimes {
        let tally = Tally::new(times.into_iter().map(|t| (t, 1)));
        let within = |&limit: &Minutes| PlacesWithin { limit, places: tally.within(limit, known_to) };
        PlaceTimes {
            places: tally.reached() + tally.none,
            places_within: limits.iter().map(within).collect(),
            places_reaching_none: tally.none,
            place_mean: tally.mean(),
            place_median: tally.percentile(50),
            place_p95: tally.percentile(95),
            place_longest: tally.percentile(100),
        }
    }
}

/// How many at each time.
struct Tally {
    /// Rising times, each with how many are at it or before; nothing counted at it is left out.
    upto: Vec<(Minutes, u64)>,
    /// How many reach none.
    none: u64,
    /// Sum of all times, in hundredths.
    time: u128,
}

impl Tally {
    fn new(times: impl Iterator<Item = (Option<Minutes>, u64)>) -> Tally {
        let (mut upto, mut none, mut time) = (Vec::new(), 0, 0);
        for (t, count) in times.filter(|&(_, count)| count > 0) {
            match t {
                Some(t) => {
                    time += u128::from(count) * u128::from(t.hundredths());
                    upto.push((t, count));
                }
                None => none += count,
            }
        }
        upto.sort_unstable();
        let mut sum = 0;
        for (_, count) in &mut upto {
            sum += *count;
            *count = sum;
        }
        Tally { upto, none, time }
    }

    fn reached(&self) -> u64 {
        self.upto.last().map_or(0, |&(_, sum)| sum)
    }

    fn within(&self, limit: Minutes, known_to: Minutes) -> Option<u64> {
        if limit > known_to && self.none > 0 {
            return None;
        }
        let beyond = self.upto.partition_point(|&(t, _)| t <= limit);
        Some(beyond.checked_sub(1).map_or(0, |last| self.upto[last].1))
    }

    fn mean(&self) -> Option<Minutes> {
        let n = u128::from(self.reached());
        let rounded = (2 * self.time + n).checked_div(2 * n)?;
        u32::try_from(rounded).ok().map(Minutes::from_hundredths)
    }

    /// Smallest time within which at least this share of those who reach one are.
    fn percentile(&self, percent: u8) -> Option<Minutes> {
        let needed = u128::from(self.reached()) * u128::from(percent);
        let before = self.upto.partition_point(|&(_, sum)| u128::from(sum) * 100 < needed);
        self.upto.get(before).map(|&(t, _)| t)
    }
}

fn minutes<S: Serializer>(time: &Minutes, s: S) -> Result<S::Ok, S::Error> {
    match time.hundredths() {
        h if h % 100 == 0 => s.serialize_u32(h / 100),
        h => s.serialize_f64(f64::from(h) / 100.0),
    }
}

fn minutes_or_none<S: Serializer>(time: &Option<Minutes>, s: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => minutes(time, s),
        None => s.serialize_none(),
    }
}
