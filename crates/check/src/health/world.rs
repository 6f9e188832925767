//! The programme put beside its territory: names, times, people.

use maillage_programme::SiteIx;
use maillage_programme::health::{Future, Health, HealthSite, HealthType, Practice, Standing};
use maillage_territory::{Minutes, PlaceIx, SiteId, Territory};
use std::collections::BTreeMap;

/// A programme on its territory. Years count from 0, today; sites, types and futures by their place in the lists.
pub(super) struct World<'a> {
    pub territory: &'a Territory,
    pub health: &'a Health,
    by_id: BTreeMap<&'a SiteId, usize>,
    /// Sites with an address at each place, in their order.
    at: Vec<Vec<usize>>,
}

impl<'a> World<'a> {
    pub fn new(territory: &'a Territory, health: &'a Health) -> World<'a> {
        let by_id = health.sites.iter().zip(0..).map(|(s, i)| (&s.id, i)).collect();
        let mut at = vec![Vec::new(); territory.places.len()];
        for (i, site) in health.sites.iter().enumerate() {
            for address in &site.addresses {
                at[address.0 as usize].push(i);
            }
        }
        World { territory, health, by_id, at }
    }

    /// The last planned year.
    pub fn last(&self) -> usize {
        usize::from(self.health.years)
    }

    /// Planned years.
    pub fn planned(&self) -> std::ops::RangeInclusive<usize> {
        1..=self.last()
    }

    /// Of a first and a last year, those that are planned.
    pub fn within(&self, years: (u8, u8)) -> impl Iterator<Item = usize> + use<> {
        let (first, last) = (usize::from(years.0), usize::from(years.1));
        self.planned().filter(move |y| (first..=last).contains(y))
    }

    /// The year of the plan that a calendar year is, today's included.
    pub fn year(&self, calendar: u16) -> Option<usize> {
        (0..=self.last()).find(|y| self.calendar(*y) == calendar)
    }

    /// The planned year that a calendar year is.
    pub fn planned_year(&self, calendar: u16) -> Option<usize> {
        self.year(calendar).filter(|y| *y > 0)
    }

    /// The calendar year of a year of the plan.
    pub fn calendar(&self, year: usize) -> u16 {
        u16::try_from(usize::from(self.health.first_year) + year - 1).unwrap_or(u16::MAX)
    }

    /// The calendar years planned, in words.
    pub fn years_in_words(&self) -> String {
        format!("{}…{}", self.calendar(1), self.calendar(self.last()))
    }

    pub fn sites(&self) -> std::ops::Range<usize> {
        0..self.health.sites.len()
    }

    pub fn futures(&self) -> std::ops::Range<usize> {
        0..self.health.futures.len()
    }

    pub fn places(&self) -> impl Iterator<Item = PlaceIx> + use<> {
        (0..self.territory.places.len() as u32).map(PlaceIx)
    }

    pub fn site(&self, id: &SiteId) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    pub fn spec(&self, site: usize) -> &'a HealthSite {
        &self.health.sites[site]
    }

    pub fn id(&self, site: usize) -> &'a SiteId {
        &self.spec(site).id
    }

    pub fn kind(&self, kind: usize) -> &'a HealthType {
        &self.health.types[kind]
    }

    pub fn future(&self, future: usize) -> &'a Future {
        &self.health.futures[future]
    }

    pub fn main(&self, site: usize) -> PlaceIx {
        self.spec(site).addresses[0]
    }

    /// The type of a structure that stands today.
    pub fn existing(&self, site: usize) -> Option<usize> {
        match &self.spec(site).standing {
            Standing::Existing(e) => Some(usize::from(e.kind.0)),
            _ => None,
        }
    }

    pub fn is_practice(&self, site: usize) -> bool {
        matches!(self.spec(site).standing, Standing::Practice)
    }

    pub fn is_candidate(&self, site: usize) -> bool {
        matches!(self.spec(site).standing, Standing::Candidate { .. })
    }

    /// The practices of a site in a year of a future; `None` where it has none.
    pub fn practice(&self, future: usize, year: usize, site: usize) -> Option<Practice> {
        if !self.is_practice(site) {
            return None;
        }
        let years = self.future(future).practices.get(&SiteIx(u32::try_from(site).ok()?))?;
        years.get(year).copied()
    }

    /// Whether practices have a GP in a year of a future.
    pub fn practises(&self, future: usize, year: usize, site: usize) -> bool {
        self.practice(future, year, site).is_some_and(|p| p.gps.hundredths() > 0)
    }

    /// People of a place in a year.
    pub fn people(&self, year: usize, place: PlaceIx) -> i128 {
        i128::from(self.health.people[year][place.0 as usize].0)
    }

    /// Time from a place to the nearest address of a site.
    pub fn minutes(&self, from: PlaceIx, site: usize) -> Option<Minutes> {
        let addresses = self.spec(site).addresses.iter();
        addresses.filter_map(|to| self.territory.travel.minutes(from, *to)).min()
    }

    /// Time between the nearest addresses of two sites.
    pub fn between(&self, from: usize, to: usize) -> Option<Minutes> {
        self.spec(from).addresses.iter().filter_map(|address| self.minutes(*address, to)).min()
    }

    /// The nearest of some sites from a place: smallest time, then first site.
    pub fn nearest(&self, from: PlaceIx, open: impl Fn(usize) -> bool) -> Option<(Minutes, usize)> {
        let mut best: Option<(Minutes, usize)> = None;
        for (to, t) in self.territory.travel.from(from) {
            if best.is_some_and(|(nearest, _)| *t > nearest) {
                break;
            }
            let here = self.at[to.0 as usize].iter().filter(|site| open(**site));
            best = here.map(|site| (*t, *site)).chain(best).min();
        }
        best
    }
}
