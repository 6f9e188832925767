//! Where care stands in the last year of the first future: for the map alone.

use crate::View;
use maillage_programme::health::{Health, HealthRecord, HealthSiteRecord, Standing};
use maillage_programme::{SiteStatus, State};
use maillage_territory::{PlaceId, PlaceIx, SiteId};
use std::collections::{BTreeMap, BTreeSet};

/// Places with an open address: practices that still have a GP, and structures. Before: those of today, which all
/// stay; after: those that work.
pub(crate) fn open(view: &View<'_>, programme: &HealthRecord, state: State) -> BTreeSet<PlaceIx> {
    let structures = by_id(programme);
    let practices = view.record.sites.iter().filter(|s| !structures.contains_key(&s.site_id) && s.gps.0 > 0);
    let working: BTreeSet<&SiteId> = view.record.sites.iter().map(|s| &s.site_id).collect();
    let stands = |s: &&HealthSiteRecord| match state {
        State::Before => s.status != SiteStatus::Opened,
        State::After => working.contains(&s.site_id),
    };
    let addresses = programme.structures.iter().filter(stands).flat_map(|s| &s.addresses);
    practices.map(|s| &s.code_commune).chain(addresses).filter_map(|code| view.territory.ix(code)).collect()
}

fn by_id(programme: &HealthRecord) -> BTreeMap<&SiteId, &HealthSiteRecord> {
    programme.structures.iter().map(|s| (&s.site_id, s)).collect()
}

/// Acts of the last year by place, in hundredths. Those of a structure are split evenly over its addresses, what is
/// left going one by one to the first; sessions bring acts to the main address of who receives and take some from
/// the main address of who gives.
pub(crate) fn acts(
    view: &View<'_>,
    programme: &HealthRecord,
    health: &Health,
    state: State,
) -> BTreeMap<PlaceIx, u64> {
    let mut acts: BTreeMap<PlaceIx, i128> = BTreeMap::new();
    let mut add = |at: Option<PlaceIx>, n: i128| {
        if let Some(at) = at {
            *acts.entry(at).or_default() += n;
        }
    };
    let today = health.futures.first();
    for (ix, site) in health.sites() {
        let split = match &site.standing {
            Standing::Practice => {
                let years = today.and_then(|f| f.practices.get(&ix));
                years.and_then(|y| y.get(usize::from(health.years))).map_or(0, |p| u128::from(p.acts))
            }
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
        let last = programme.years.last().copied();
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
