//! What stands in one year of the first future, without and with a plan.

use maillage_programme::SiteIx;
use maillage_programme::health::{
    Existing, Health, HealthPlan, PostIx, PostStock, Rank, Session, Standing, Tables, stocks,
};
use maillage_territory::{Fte, PlaceIx};
use std::collections::BTreeMap;

/// One site that is open: its GPs in hundredths, list and acts before sessions.
#[derive(Debug, Clone, Copy, Default)]
struct Here {
    gps: u64,
    list: u64,
    acts: u64,
}

/// Sites that are open in a year, and the sessions they give each other.
pub(super) struct State<'a> {
    sites: BTreeMap<SiteIx, Here>,
    sessions: Vec<(&'a Session, maillage_programme::health::SessionRule)>,
}

/// What indicators are made of, by place: GPs, and acts in hundredths.
pub(super) struct Open {
    pub(super) gps: BTreeMap<PlaceIx, Fte>,
    pub(super) acts: BTreeMap<PlaceIx, u64>,
}

impl<'a> State<'a> {
    /// Practices of the year, existing structures as they are today.
    pub(super) fn before(health: &Health, year: u8) -> State<'a> {
        let tables = Tables::new(health, &health.futures[0]);
        let mut sites = practices(health, year);
        for (ix, site) in health.sites() {
            if let Standing::Existing(Existing { kind, posts, .. }) = &site.standing {
                let none = vec![0; usize::from(health.years)];
                let stock = |(i, fte): (u16, &Fte)| {
                    PostStock::new(health, &tables, *kind, PostIx(i), fte.hundredths(), &none, year)
                };
                let stocks: Vec<PostStock> = (0..).zip(posts).map(stock).collect();
                sites.insert(ix, here(health, *kind, &stocks));
            }
        }
        State { sites, sessions: Vec::new() }
    }

    /// What the plan makes of it.
    pub(super) fn after(health: &Health, plan: &'a HealthPlan, tables: &Tables, year: u8) -> State<'a> {
        let mut sites = practices(health, year);
        for (ix, _) in health.sites() {
            if let Some(kind) = plan.works(health, &health.futures[0], ix, year) {
                sites.insert(ix, here(health, kind, &stocks(health, tables, plan, 0, ix, year)));
            }
        }
        let given = plan.futures[0].sessions.iter().filter(|s| s.year == year);
        let rule = |s: &'a Session| {
            let kind = plan.works(health, &health.futures[0], s.site, year)?;
            Some((s, health.kind(kind).sessions?))
        };
        State { sites, sessions: given.filter_map(rule).collect() }
    }

    /// People the list of a site holds.
    pub(super) fn list(&self, site: SiteIx) -> u64 {
        let own = self.sites.get(&site).map_or(0, |h| h.list);
        let of = |n: u32, each: u32| u64::from(n) * u64::from(each);
        let received = self.sessions.iter().filter(|(s, _)| s.site == site);
        let given = self.sessions.iter().filter(|(s, _)| s.lead == site);
        let more: u64 = received.map(|(s, rule)| of(s.sessions, rule.list)).sum();
        let less: u64 = given.map(|(s, rule)| of(s.sessions, rule.lead_list)).sum();
        (own + more).saturating_sub(less)
    }
}

/// The calendar year of a planned year; 0 is today.
pub(crate) fn calendar(health: &Health, year: u8) -> u16 {
    health.first_year + u16::from(year) - 1
}

fn practices(health: &Health, year: u8) -> BTreeMap<SiteIx, Here> {
    let all = health.futures[0].practices.iter();
    all.map(|(ix, years)| (*ix, years[usize::from(year)]))
        .filter(|(_, p)| p.gps > Fte::default())
        .map(|(ix, p)| (ix, Here { gps: u64::from(p.gps.hundredths()), list: p.list.0, acts: p.acts }))
        .collect()
}

fn here(health: &Health, kind: maillage_programme::health::HealthTypeIx, stocks: &[PostStock]) -> Here {
    let mut out = Here::default();
    for (post, stock) in health.kind(kind).posts.iter().zip(stocks) {
        if health.professions[usize::from(post.profession.0)].rank == Rank::Gp {
            out.gps += stock.filled;
        }
        out.list += stock.list;
        out.acts += stock.acts;
    }
    out
}

/// GPs and acts by place: those of a site are split evenly over its addresses, the first ones taking what is left
/// over; sessions move acts between main addresses.
pub(super) fn open(health: &Health, state: &State<'_>) -> Open {
    let (mut gps, mut acts): (BTreeMap<PlaceIx, u64>, BTreeMap<PlaceIx, u64>) = Default::default();
    for (ix, here) in &state.sites {
        let addresses = &health.site(*ix).addresses;
        for (i, place) in addresses.iter().enumerate() {
            let part = |all: u64| {
                all / addresses.len() as u64 + u64::from((i as u64) < all % addresses.len() as u64)
            };
            *gps.entry(*place).or_default() += part(here.gps);
            *acts.entry(*place).or_default() += part(here.acts);
        }
    }
    for (session, rule) in &state.sessions {
        let of = |each: u32| u64::from(session.sessions) * u64::from(each);
        *acts.entry(health.site(session.site).main()).or_default() += of(rule.acts);
        let lead = acts.entry(health.site(session.lead).main()).or_default();
        *lead = lead.saturating_sub(of(rule.lead_acts));
    }
    let fte = |h: u64| Fte::from_hundredths(u32::try_from(h).unwrap_or(u32::MAX));
    Open {
        gps: gps.into_iter().map(|(p, h)| (p, fte(h))).collect(),
        acts: acts.into_iter().map(|(p, a)| (p, a * 100)).collect(),
    }
}
