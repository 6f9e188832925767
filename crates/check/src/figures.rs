//! The indicators, computed again place by place.
//!
//! The definitions are those of [`maillage_programme::IndicatorName`]; nothing else is shared with the
//! code that wrote them.

use crate::access::{access_figures, accessibility};
use crate::violation::{Findings, Rule, decimal};
use maillage_programme::{AccessBasis, Indicator, IndicatorName, State, Zone};
use maillage_territory::{AreaKind, Persons, Place, PlaceIx, Territory};
use std::collections::{BTreeMap, BTreeSet};

/// One state of the world: which places have an open site, and who is on a list.
#[derive(Debug, Clone)]
pub(crate) struct Scene {
    pub state: State,
    /// Calendar year; only in health programmes.
    pub year: Option<u16>,
    /// Acts of a year by place, in hundredths.
    pub acts: BTreeMap<PlaceIx, u128>,
    /// GPs of all open sites of a place, in hundredths.
    pub open: BTreeMap<PlaceIx, u128>,
    /// Place, people, hundredths of a minute; `None` in plain location problems.
    pub listed: Option<Vec<(PlaceIx, u128, u128)>>,
}

/// Year, state, zone, name.
pub(crate) type Key = (Option<u16>, State, Zone, IndicatorName);

/// Every figure that has a meaning in these scenes, in hundredths of its unit. The first scene is the one that gains
/// and losses of accessibility are told from.
pub(crate) fn figures(
    territory: &Territory,
    people: &[Persons],
    access: Option<&AccessBasis>,
    scenes: &[Scene],
) -> BTreeMap<Key, i128> {
    let lives = |ix: PlaceIx| people.get(ix.0 as usize).map_or(0, |p| u128::from(p.0));
    let inhabited: Vec<(PlaceIx, &Place)> = territory.iter().filter(|(ix, _)| lives(*ix) > 0).collect();
    let mut zones = BTreeSet::new();
    for (_, place) in &inhabited {
        zones.insert(Zone::All);
        zones.insert(if place.core { Zone::Core } else { Zone::Around });
        if place.core {
            let areas = AreaKind::ALL.into_iter().filter_map(|kind| Some((kind, place.area(kind)?)));
            zones.extend(areas.map(|(kind, area)| Zone::Area(kind, area.code.clone())));
        }
    }
    let mut all = BTreeMap::new();
    let accessible: Vec<_> = access
        .map(|basis| scenes.iter().map(|scene| accessibility(territory, basis, &scene.acts)).collect())
        .unwrap_or_default();
    for (s, scene) in scenes.iter().enumerate() {
        let nearest: BTreeMap<PlaceIx, u128> = inhabited
            .iter()
            .filter_map(|&(ix, _)| {
                let reached = territory.travel.from(ix).iter().filter(|(to, _)| scene.open.contains_key(to));
                reached.map(|(_, t)| u128::from(t.hundredths())).min().map(|t| (ix, t))
            })
            .collect();
        for zone in &zones {
            let inside = |place: &Place| match zone {
                Zone::All => true,
                Zone::Core => place.core,
                Zone::Around => !place.core,
                Zone::Area(kind, code) => place.core && place.area(*kind).is_some_and(|a| a.code == *code),
            };
            let mut put = |name: IndicatorName, hundredths: u128| {
                let value = i128::try_from(hundredths).unwrap_or(i128::MAX);
                all.insert((scene.year, scene.state, zone.clone(), name), value);
            };
            let (mut population, mut reached, mut time, mut longest) = (0u128, 0u128, 0u128, None);
            let mut within = [(10, 0u128), (15, 0), (20, 0)];
            for &(ix, _) in inhabited.iter().filter(|(_, place)| inside(place)) {
                let n = lives(ix);
                population += n;
                let Some(&t) = nearest.get(&ix) else { continue };
                reached += n;
                time += n * t;
                longest = longest.max(Some(t));
                within.iter_mut().filter(|(limit, _)| t <= limit * 100).for_each(|(_, sum)| *sum += n);
            }
            put(IndicatorName::PeopleCounted, population * 100);
            put(IndicatorName::PeopleWithin10Min, within[0].1 * 100);
            put(IndicatorName::PeopleWithin15Min, within[1].1 * 100);
            put(IndicatorName::PeopleWithin20Min, within[2].1 * 100);
            put(IndicatorName::PeopleWithoutSite, (population - reached) * 100);
            if let Some(mean) = half_up(time, reached) {
                put(IndicatorName::MinutesNearestMean, mean);
            }
            if let Some(longest) = longest {
                put(IndicatorName::MinutesNearestMax, longest);
            }
            if let Some(listed) = &scene.listed {
                let here = || {
                    let at = |ix: PlaceIx| territory.places.get(ix.0 as usize).is_some_and(inside);
                    listed.iter().filter(move |(ix, _, _)| at(*ix))
                };
                let attached: u128 = here().map(|(_, n, _)| n).sum();
                put(IndicatorName::PeopleAttached, attached.saturating_mul(100));
                put(IndicatorName::PeopleUnattached, population.saturating_sub(attached) * 100);
                let time = here().fold(0u128, |sum, (_, n, t)| sum.saturating_add(n.saturating_mul(*t)));
                if let Some(mean) = half_up(time, attached) {
                    put(IndicatorName::MinutesAttachedMean, mean);
                }
                let gps = territory.iter().filter(|(_, place)| inside(place));
                put(IndicatorName::Gps, gps.filter_map(|(ix, _)| scene.open.get(&ix)).sum());
            }
            if let Some((basis, now)) = access.zip(accessible.get(s)) {
                let before = accessible.first().filter(|_| s > 0);
                let here: Vec<PlaceIx> =
                    territory.iter().filter(|(_, place)| inside(place)).map(|(ix, _)| ix).collect();
                for (name, value) in access_figures(basis, &here, now, before) {
                    put(name, value);
                }
            }
        }
    }
    all
}

/// The nearest whole number to a ratio, halves upwards; `None` over nothing.
pub(crate) fn half_up(numerator: u128, denominator: u128) -> Option<u128> {
    let whole = numerator.checked_div(denominator)?;
    let rest = numerator % denominator;
    Some(if rest >= denominator - rest { whole + 1 } else { whole })
}

/// The claimed indicators against the recomputed ones, as sets.
pub(crate) fn compare(claimed: &[Indicator], recomputed: &BTreeMap<Key, i128>, found: &mut Findings) {
    let mut seen = BTreeSet::new();
    let words = |(year, state, zone, name): &Key| {
        let year = year.map_or_else(String::new, |y| format!("{y} "));
        format!("{year}{} {zone} {}", state.as_str(), name.as_str())
    };
    for (i, indicator) in claimed.iter().enumerate() {
        let at = |field: &str| format!("result.json /indicators/{i}{field}");
        let key = (indicator.year, indicator.state, indicator.zone.clone(), indicator.indicator);
        let value = i128::from(indicator.value.0);
        let unit = unit(indicator.indicator);
        found.equal(Rule::IndicatorUnit, at("/unit"), indicator.unit.as_str(), unit);
        match recomputed.get(&key) {
            None => found.add(Rule::IndicatorExtra, at(""), words(&key), "—"),
            Some(&right) if right != value => {
                found.add(Rule::IndicatorValue, at("/value"), decimal(value), decimal(right));
            }
            Some(_) => {}
        }
        if !seen.insert(key.clone()) {
            found.add(Rule::IndicatorTwice, at(""), words(&key), "1 ×");
        }
    }
    for (key, value) in recomputed.iter().filter(|(key, _)| !seen.contains(*key)) {
        let right = format!("{}: {}", words(key), decimal(*value));
        found.add(Rule::IndicatorMissing, "result.json /indicators", "—", right);
    }
}

/// The unit of an indicator.
fn unit(name: IndicatorName) -> &'static str {
    use IndicatorName::*;
    match name {
        PeopleCounted | PeopleAttached | PeopleUnattached | PeopleWithin10Min | PeopleWithin15Min
        | PeopleWithin20Min | PeopleWithoutSite | PeopleAplAtMost25 | PeopleAplAtMost4 | PeopleAplGain
        | PeopleAplLoss => "people",
        MinutesAttachedMean | MinutesNearestMean | MinutesNearestMax => "min",
        Gps => "fte",
        AplMean | AplWorstTenth | AplBestTenth => "acts_per_standard_person",
        AplGini => "ratio",
    }
}

#[cfg(test)]
mod tests {
    use super::half_up;

    #[test]
    fn halves_go_up() {
        let cases =
            [((10, 4), Some(3)), ((9, 4), Some(2)), ((11, 4), Some(3)), ((0, 3), Some(0)), ((1, 0), None)];
        for ((n, d), want) in cases {
            assert_eq!(half_up(n, d), want, "{n}/{d}");
        }
        assert_eq!(half_up(u128::MAX, 2), Some(1 << 127));
    }
}
