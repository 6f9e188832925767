//! The figures of a plan, before and after, by zone: exact integers throughout.
//!
//! "Before" is the same scenario with nothing decided: same people, same supply after departures, no
//! opening and no post. Weighted figures count people; none counts places.

use crate::access::Apl;
use crate::{AccessBasis, Assignment, Hundredths};
use maillage_access::Zone;
use maillage_territory::{Fte, Minutes, Persons, PlaceIx, Territory};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IndicatorName {
    /// People of the zone whom the scenario counts: in its scope, and of the share that needs a GP of record.
    PeopleCounted,
    /// People on the list of a GP. Absent in plain location problems.
    PeopleAttached,
    /// People on no list. Absent in plain location problems.
    PeopleUnattached,
    /// Mean time from attached people to their site, weighted by people.
    MinutesAttachedMean,
    /// People within 10 minutes of an open site.
    #[serde(rename = "people_within_10_min")]
    PeopleWithin10Min,
    /// People within 15 minutes of an open site.
    #[serde(rename = "people_within_15_min")]
    PeopleWithin15Min,
    /// People within 20 minutes of an open site.
    #[serde(rename = "people_within_20_min")]
    PeopleWithin20Min,
    /// People who reach no open site within the largest useful time of the travel table.
    PeopleWithoutSite,
    /// Mean time to the nearest open site, weighted by people, over those who reach one.
    MinutesNearestMean,
    /// Longest time to the nearest open site over places where people live and reach one.
    MinutesNearestMax,
    /// GPs who practise in the zone, in full-time equivalents (heads where the source counts heads).
    Gps,
    /// Mean accessibility (APL), weighted by standardised people. This and what follows is over all inhabitants in
    /// scope, from the accessibility of each place rounded to hundredths, and absent in plain location problems.
    AplMean,
    /// Mean accessibility of the tenth of inhabitants who have least.
    AplWorstTenth,
    /// Mean accessibility of the tenth of inhabitants who have most.
    AplBestTenth,
    /// Gini coefficient of accessibility over inhabitants.
    AplGini,
    /// Inhabitants of places whose accessibility is at most 2.5.
    #[serde(rename = "people_apl_at_most_2_5")]
    PeopleAplAtMost25,
    /// Inhabitants of places whose accessibility is at most 4.
    #[serde(rename = "people_apl_at_most_4")]
    PeopleAplAtMost4,
    /// Inhabitants of places whose accessibility is at least 0.01 higher than before.
    PeopleAplGain,
    /// Inhabitants of places whose accessibility is at least 0.01 lower than before.
    PeopleAplLoss,
}

impl IndicatorName {
    /// The name in files.
    pub fn as_str(self) -> &'static str {
        use IndicatorName::*;
        match self {
            PeopleCounted => "people_counted",
            PeopleAttached => "people_attached",
            PeopleUnattached => "people_unattached",
            MinutesAttachedMean => "minutes_attached_mean",
            PeopleWithin10Min => "people_within_10_min",
            PeopleWithin15Min => "people_within_15_min",
            PeopleWithin20Min => "people_within_20_min",
            PeopleWithoutSite => "people_without_site",
            MinutesNearestMean => "minutes_nearest_mean",
            MinutesNearestMax => "minutes_nearest_max",
            Gps => "gps",
            AplMean => "apl_mean",
            AplWorstTenth => "apl_worst_tenth",
            AplBestTenth => "apl_best_tenth",
            AplGini => "apl_gini",
            PeopleAplAtMost25 => "people_apl_at_most_2_5",
            PeopleAplAtMost4 => "people_apl_at_most_4",
            PeopleAplGain => "people_apl_gain",
            PeopleAplLoss => "people_apl_loss",
        }
    }

    /// Its unit.
    pub fn unit(self) -> &'static str {
        use IndicatorName::*;
        match self {
            MinutesAttachedMean | MinutesNearestMean | MinutesNearestMax => "min",
            Gps => "fte",
            AplMean | AplWorstTenth | AplBestTenth => "acts_per_standard_person",
            AplGini => "ratio",
            _ => "people",
        }
    }
}

/// Before or after the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// With nothing decided.
    Before,
    /// With the plan.
    After,
}

impl State {
    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Before => "before",
            State::After => "after",
        }
    }
}

/// One figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// Which.
    pub indicator: IndicatorName,
    /// Where.
    #[schemars(with = "String")]
    pub zone: Zone,
    /// Before or after.
    pub state: State,
    /// Calendar year; only in health programmes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<u16>,
    /// How much.
    pub value: Hundredths,
    /// Unit, as [`IndicatorName::unit`].
    pub unit: String,
}

/// What the indicators of one state are made of.
#[derive(Debug, Clone, Copy)]
pub struct Snapshot<'a> {
    /// Before or after.
    pub state: State,
    /// Calendar year; only in health programmes.
    pub year: Option<u16>,
    /// Acts of a year by place, in hundredths, for accessibility.
    pub acts: &'a BTreeMap<PlaceIx, u64>,
    /// GPs at each open site, by place of the site. A place listed here has an open site, even with 0 GPs.
    pub open: &'a BTreeMap<PlaceIx, Fte>,
    /// Who is attached where; `None` in plain location problems.
    pub attached: Option<&'a [Assignment]>,
}

/// All indicators of the given states, in the order of state, zone, name; `access` adds accessibility. Figures that have no meaning (the
/// mean of nobody) are left out, never 0. `people` gives the people in scope by place; zones without any
/// place in scope are left out.
pub fn indicators(
    territory: &Territory,
    people: &[Persons],
    access: Option<&AccessBasis>,
    states: &[Snapshot<'_>],
) -> Vec<Indicator> {
    let mut zones = maillage_access::zones(territory);
    zones.retain(|_, places| places.iter().any(|p| people[p.0 as usize] > Persons(0)));

    let mut out = Vec::new();
    let accessible = access.map(|basis| Apl::of(territory, basis, states));
    for (s, snapshot) in states.iter().enumerate() {
        let nearest: Vec<Option<Minutes>> = territory
            .iter()
            .map(|(ix, _)| {
                territory
                    .travel
                    .from(ix)
                    .iter()
                    .find(|(to, _)| snapshot.open.contains_key(to))
                    .map(|&(_, t)| t)
            })
            .collect();
        let mut listed = vec![(0u128, 0u128); people.len()];
        for a in snapshot.attached.unwrap_or_default() {
            let at = &mut listed[a.from.0 as usize];
            at.0 += u128::from(a.people.0);
            at.1 += u128::from(a.people.0) * u128::from(a.minutes.hundredths());
        }
        for (zone, places) in &zones {
            let mut push = |indicator: IndicatorName, value: Option<Hundredths>| {
                if let Some(value) = value {
                    let unit = indicator.unit().to_owned();
                    out.push(Indicator {
                        indicator,
                        zone: zone.clone(),
                        state: snapshot.state,
                        year: snapshot.year,
                        value,
                        unit,
                    });
                }
            };
            let whole = |n: u128| Some(Hundredths::whole(n as i64));
            let here = || places.iter().map(|p| p.0 as usize);
            let count = |i: usize| u128::from(people[i].0);
            let within = |limit: u16| {
                let limit = Minutes::whole(limit);
                whole(here().filter(|&i| nearest[i].is_some_and(|t| t <= limit)).map(count).sum())
            };
            let population: u128 = here().map(count).sum();
            push(IndicatorName::PeopleCounted, whole(population));
            if snapshot.attached.is_some() {
                let attached: u128 = here().map(|i| listed[i].0).sum();
                let time: u128 = here().map(|i| listed[i].1).sum();
                push(IndicatorName::PeopleAttached, whole(attached));
                push(IndicatorName::PeopleUnattached, whole(population - attached));
                push(IndicatorName::MinutesAttachedMean, Hundredths::ratio(time, attached * 100));
            }
            push(IndicatorName::PeopleWithin10Min, within(10));
            push(IndicatorName::PeopleWithin15Min, within(15));
            push(IndicatorName::PeopleWithin20Min, within(20));
            let reached: u128 = here().filter(|&i| nearest[i].is_some()).map(count).sum();
            push(IndicatorName::PeopleWithoutSite, whole(population - reached));
            let time: u128 =
                here().filter_map(|i| nearest[i].map(|t| count(i) * u128::from(t.hundredths()))).sum();
            push(IndicatorName::MinutesNearestMean, Hundredths::ratio(time, reached * 100));
            let longest = here().filter(|&i| count(i) > 0).filter_map(|i| nearest[i]).max();
            push(IndicatorName::MinutesNearestMax, longest.map(|t| Hundredths(i64::from(t.hundredths()))));
            if snapshot.attached.is_some() {
                let gps: u64 = places
                    .iter()
                    .filter_map(|p| snapshot.open.get(p))
                    .map(|g| u64::from(g.hundredths()))
                    .sum();
                push(IndicatorName::Gps, Some(Hundredths(gps as i64)));
            }
            for (name, value) in accessible.iter().flat_map(|apl| apl.figures(s, places)) {
                push(name, value);
            }
        }
    }
    out
}
