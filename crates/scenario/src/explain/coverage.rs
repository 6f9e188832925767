//! Who stays farther from care than a rule of coverage asks, once the rule is loosened.

use super::compare::MOST_PLACES;
use super::record::{Beyond, Moves, PlaceMove};
use crate::Loaded;
use crate::health::calendar;
use maillage_programme::health::{Health, HealthRule, Standing};
use maillage_programme::{Hundredths, ResultRecord};
use maillage_territory::PlaceIx;
use std::collections::BTreeSet;

/// People of the rule's places who are farther than the rule's own time from an open address, in its last year; `None` for
/// other rules.
pub(super) fn beyond(
    loaded: &Loaded,
    health: &Health,
    rule: &HealthRule,
    record: &ResultRecord,
) -> Option<Beyond> {
    let HealthRule::Coverage { places, types, practices, within, years, .. } = rule else { return None };
    let year = years.1.min(health.years);
    let now = calendar(health, year);
    let mut open: BTreeSet<PlaceIx> = BTreeSet::new();
    for s in &record.programme.as_ref()?.structures {
        let counts = types.is_empty() || types.iter().any(|k| health.kind(*k).id == s.structure_type);
        let stands = s.opens.is_none_or(|y| y <= now) && s.closes.is_none_or(|y| y > now);
        if counts && stands {
            open.extend(s.addresses.iter().filter_map(|code| loaded.territory.ix(code)));
        }
    }
    for (ix, site) in health.sites().filter(|(_, s)| *practices && s.standing == Standing::Practice) {
        if health.futures[0].practices[&ix][usize::from(year)].gps.hundredths() > 0 {
            open.extend(site.addresses.iter().copied());
        }
    }
    let travel = &loaded.territory.travel;
    let near = |ix| open.iter().any(|to| travel.minutes(ix, *to).is_some_and(|t| t <= *within));
    let mut far = Moves::default();
    for ((ix, place), people) in loaded.territory.iter().zip(&health.people[usize::from(year)]) {
        if people.0 > 0 && places.contains(ix) && !near(ix) {
            far.people += people.0;
            let (code_commune, name) = (place.id.clone(), place.name.clone());
            far.places.push(PlaceMove { code_commune, name, people: people.0 });
        }
    }
    let all = far.places.len() as u64;
    far.places.sort_by(|a, b| b.people.cmp(&a.people).then(a.code_commune.cmp(&b.code_commune)));
    far.places.truncate(MOST_PLACES);
    Some(Beyond { minutes: Hundredths(i64::from(within.hundredths())), year: now, communes: all, far })
}
