//! Where care stands in a year of the first future: for the map alone.

use crate::View;
use maillage_programme::health::{Health, HealthRecord, HealthSiteRecord, Practice, Standing};
use maillage_programme::{SiteIx, SiteStatus, State};
use maillage_territory::{Fte, PlaceId, PlaceIx, SiteId};
use std::collections::{BTreeMap, BTreeSet};

/// The number of a calendar year among the planned ones, from 1; `None` when it is not planned.
pub(crate) fn index(health: &Health, year: u16) -> Option<usize> {
    let index = usize::from(year.checked_sub(health.first_year)?) + 1;
    (index <= usize::from(health.years)).then_some(index)
}

/// A practice of the first future in a year, the last one where none is given.
fn practice(health: &Health, site: SiteIx, year: Option<u16>) -> Option<&Practice> {
    let last = usize::from(health.years);
    let at = year.map_or(Some(last), |y| index(health, y))?;
    health.futures.first()?.practices.get(&site)?.get(at)
}

/// Places with an open address: practices that still have a GP, and structures. Before: those of today, which all
/// stay; after: those that work.
pub(crate) fn open(
    view: &View<'_>,
    programme: &HealthRecord,
    state: State,
    year: Option<u16>,
) -> BTreeSet<PlaceIx> {
    let structures = by_id(programme);
    let mut out: BTreeSet<PlaceIx> = match view.health {
        Some(health) => {
            let sites = health.sites().filter(|(_, site)| matches!(site.standing, Standing::Practice));
            let staffed =
                sites.filter(|(ix, _)| practice(health, *ix, year).is_some_and(|p| p.gps > Fte::default()));
            staffed.flat_map(|(_, site)| site.addresses.iter().copied()).collect()
        }
        None => {
            let sites = view.record.sites.iter();
            let sites = sites.filter(|s| !structures.contains_key(&s.site_id) && s.gps.0 > 0);
            sites.filter_map(|s| view.territory.ix(&s.code_commune)).collect()
        }
    };
    let working: BTreeSet<&SiteId> = view.record.sites.iter().map(|s| &s.site_id).collect();
    let year = year.or(programme.years.last().copied());
    let stands = |s: &&HealthSiteRecord| match (state, year) {
        (State::Before, _) => s.status != SiteStatus::Opened,
        (State::After, Some(year)) => {
            // One whose opening is refused never works.
            let works = s.closes.is_some() || working.contains(&s.site_id);
            works && s.opens.is_none_or(|y| y <= year) && s.closes.is_none_or(|y| y > year)
        }
        (State::After, None) => working.contains(&s.site_id),
    };
    let addresses = programme.structures.iter().filter(stands).flat_map(|s| &s.addresses);
    out.extend(addresses.filter_map(|code| view.territory.ix(code)));
    out
}

fn by_id(programme: &HealthRecord) -> BTreeMap<&SiteId, &HealthSiteRecord> {
    programme.structures.iter().map(|s| (&s.site_id, s)).collect()
}

/// Acts of a year, the last one where none is given, by place, in hundredths. Those of a structure are split evenly over its addresses, what is
/// left going one by one to the first; sessions bring acts to the main address of who receives and take some from
/// the main address of who gives.
pub(crate) fn acts(
    view: &View<'_>,
    programme: &HealthRecord,
    health: &Health,
    state: State,
    year: Option<u16>,
) -> BTreeMap<PlaceIx, u64> {
    let mut acts: BTreeMap<PlaceIx, i128> = BTreeMap::new();
    let mut add = |at: Option<PlaceIx>, n: i128| {
        if let Some(at) = at {
            *acts.entry(at).or_default() += n;
        }
    };
    for (ix, site) in health.sites() {
        let split = match &site.standing {
            Standing::Practice => practice(health, ix, year).map_or(0, |p| u128::from(p.acts)),
            Standing::Existing(e) if state == State::Before => {
                let posts = e.posts.iter().zip(&health.kind(e.kind).posts);
                posts.map(|(n, p)| u128::from(n.hundredths()) * u128::from(p.acts) / 100).sum()
            }
            _ => 0,
        };
        for (n, at) in shares(split, site.addresses.len()).into_iter().zip(&site.addresses) {
            add(Some(*at), n);
        }
    }
    if state == State::After {
        let (structures, territory) = (by_id(programme), view.territory);
        let last = year.or(programme.years.last().copied());
        let place = |code: &PlaceId| territory.ix(code);
        let first = programme.futures.first();
        let mut of_site: BTreeMap<&SiteId, u128> = BTreeMap::new();
        for post in first.iter().flat_map(|f| &f.posts).filter(|p| Some(p.year) == last) {
            *of_site.entry(&post.site_id).or_default() += u128::from(post.acts);
        }
        for (site, sum) in of_site {
            let addresses = structures.get(site).map_or(&[][..], |s| &s.addresses);
            for (n, at) in shares(sum, addresses.len()).into_iter().zip(addresses) {
                add(place(at), n);
            }
        }
        let main = |id: &SiteId| health.sites.iter().find(|s| s.id == *id).map(|s| s.main());
        for s in first.iter().flat_map(|f| &f.sessions).filter(|s| Some(s.year) == last) {
            let kind = structures.get(&s.site_id).map(|x| &x.structure_type);
            let rule = kind.and_then(|k| health.types.iter().find(|t| t.id == *k)).and_then(|t| t.sessions);
            if let Some(rule) = rule {
                add(main(&s.site_id), i128::from(s.sessions) * i128::from(rule.acts));
                add(main(&s.lead), -i128::from(s.sessions) * i128::from(rule.lead_acts));
            }
        }
    }
    let hundredths = |n: i128| u64::try_from(n.max(0).saturating_mul(100)).unwrap_or(u64::MAX);
    acts.into_iter().map(|(at, n)| (at, hundredths(n))).collect()
}

/// A whole in so many whole parts that differ by one at most, the larger first.
fn shares(whole: u128, parts: usize) -> Vec<i128> {
    let n = parts as u128;
    (0..n).map(|i| (whole / n + u128::from(i < whole % n)) as i128).collect()
}

#[cfg(test)]
mod tests {
    use super::shares;

    #[test]
    fn shares_add_up() {
        // 11 = 4 + 4 + 3.
        assert_eq!(shares(11, 3), [4, 4, 3]);
        assert_eq!(shares(2, 3), [1, 1, 0]);
        assert!(shares(5, 0).is_empty());
    }
}
