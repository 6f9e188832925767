//! What every step of a solve looks up: trips, lists, leads, tables.

use maillage_programme::SiteIx;
use maillage_programme::health::{
    Attached, Existing, Future, FutureIx, Health, HealthPlan, HealthTypeIx, LeadRule, Practice, Standing,
    Tables, stocks,
};
use maillage_territory::{Minutes, Persons, PlaceIx, Territory};
use std::collections::BTreeMap;

pub(crate) struct World<'a> {
    pub(crate) territory: &'a Territory,
    pub(crate) health: &'a Health,
    /// One per future.
    pub(crate) tables: Vec<Tables>,
    /// Sites that each place reaches, nearest first, ties by index.
    pub(crate) reach: Vec<Vec<(SiteIx, Minutes)>>,
    /// Sites that may lead each site under some type, with the time from them, by index.
    pub(crate) leads: Vec<Vec<(SiteIx, Minutes)>>,
}

impl<'a> World<'a> {
    pub(crate) fn new(territory: &'a Territory, health: &'a Health) -> Self {
        let mut at: BTreeMap<PlaceIx, Vec<SiteIx>> = BTreeMap::new();
        for (ix, site) in health.sites() {
            for &place in &site.addresses {
                at.entry(place).or_default().push(ix);
            }
        }
        let reach = territory
            .iter()
            .map(|(from, _)| {
                let mut out: Vec<(SiteIx, Minutes)> = Vec::new();
                if health.people.iter().all(|people| people[from.0 as usize].0 == 0) {
                    return out;
                }
                let mut seen = std::collections::BTreeSet::new();
                for &(to, t) in territory.travel.from(from).iter().take_while(|(_, t)| *t <= health.max_time)
                {
                    out.extend(
                        at.get(&to).into_iter().flatten().filter(|s| seen.insert(**s)).map(|s| (*s, t)),
                    );
                }
                out.sort_by_key(|&(s, t)| (t, s));
                out
            })
            .collect();
        let mut world = World {
            territory,
            health,
            tables: health.futures.iter().map(|f| Tables::new(health, f)).collect(),
            reach,
            leads: Vec::new(),
        };
        world.leads = health.sites().map(|(ix, _)| world.leads_of(ix, &at)).collect();
        world
    }

    /// Every site that may lead this one under some of its types.
    fn leads_of(&self, site: SiteIx, at: &BTreeMap<PlaceIx, Vec<SiteIx>>) -> Vec<(SiteIx, Minutes)> {
        let rules: Vec<&LeadRule> = self
            .health
            .site(site)
            .types()
            .iter()
            .filter_map(|t| self.health.kind(*t).lead.as_ref())
            .collect();
        let Some(within) = rules.iter().map(|r| r.within).max() else { return Vec::new() };
        let here = &self.health.site(site).addresses;
        // Times run from the lead: the table is walked from every place of a site that could lead.
        let mut out = Vec::new();
        for (&place, sites) in at {
            let near = self.territory.travel.from(place).iter().take_while(|(_, t)| *t <= within);
            if near.into_iter().any(|(to, _)| here.contains(to)) {
                out.extend(sites.iter().copied().filter(|s| *s != site));
            }
        }
        out.sort_unstable();
        out.dedup();
        let fits = |(lead, t): &(SiteIx, Minutes)| {
            let s = self.health.site(*lead);
            rules.iter().any(|r| {
                let practice = r.practices && s.standing == Standing::Practice;
                *t <= r.within && (practice || s.types().iter().any(|k| r.types.contains(k)))
            })
        };
        out.into_iter().filter_map(|lead| Some((lead, self.time(lead, site)?))).filter(fits).collect()
    }

    /// Time between the nearest addresses of two sites, from the first to the second.
    pub(crate) fn time(&self, from: SiteIx, to: SiteIx) -> Option<Minutes> {
        let to = &self.health.site(to).addresses;
        let trips = self.health.site(from).addresses.iter().flat_map(|a| self.territory.travel.from(*a));
        trips.filter(|(p, _)| to.contains(p)).map(|(_, t)| *t).min()
    }

    /// Whether a lead so far away, of the given type (none: a practice), may lead a site of a type.
    pub(crate) fn may_lead(&self, away: Minutes, as_kind: Option<HealthTypeIx>, kind: HealthTypeIx) -> bool {
        let Some(rule) = &self.health.kind(kind).lead else { return false };
        away <= rule.within && as_kind.map_or(rule.practices, |k| rule.types.contains(&k))
    }

    pub(crate) fn future(&self, f: FutureIx) -> &'a Future {
        &self.health.futures[usize::from(f.0)]
    }

    /// A practice in a year of a future; nothing for other sites.
    pub(crate) fn practice(&self, f: FutureIx, site: SiteIx, year: u8) -> Practice {
        let years = self.future(f).practices.get(&site);
        years.and_then(|y| y.get(usize::from(year))).copied().unwrap_or_default()
    }

    /// List of every site in a year, sessions given not taken off yet, and whether it is open. Without a plan: what
    /// stands today.
    pub(crate) fn lists(&self, plan: Option<&HealthPlan>, f: FutureIx, year: u8) -> Vec<(u64, bool)> {
        let today = |e: &Existing| {
            let kind = self.health.kind(e.kind);
            let each = kind.posts.iter().zip(&e.posts);
            each.map(|(p, fte)| u64::from(p.list) * u64::from(fte.hundredths()) / 100).sum()
        };
        let each =
            |(ix, site): (SiteIx, &maillage_programme::health::HealthSite)| match (&site.standing, plan) {
                (Standing::Practice, _) => {
                    let list = self.practice(f, ix, year).list.0;
                    (list, list > 0)
                }
                (Standing::Existing(e), None) => (today(e), true),
                (Standing::Candidate { .. }, None) => (0, false),
                (_, Some(plan)) => {
                    let works = plan.works(self.health, self.future(f), ix, year).is_some();
                    let of =
                        stocks(self.health, &self.tables[usize::from(f.0)], plan, usize::from(f.0), ix, year);
                    (of.iter().map(|s| s.list).sum(), works)
                }
            };
        self.health.sites().map(each).collect()
    }

    /// Lists with sessions moved; `None` when a lead gives more than it has.
    pub(crate) fn lists_with_sessions(
        &self,
        plan: &HealthPlan,
        f: FutureIx,
        year: u8,
    ) -> Option<Vec<(u64, bool)>> {
        let mut lists = self.lists(Some(plan), f, year);
        for s in plan.futures[usize::from(f.0)].sessions.iter().filter(|s| s.year == year) {
            let kind = plan.works(self.health, self.future(f), s.site, year)?;
            let rule = self.health.kind(kind).sessions?;
            lists[s.site.0 as usize].0 += u64::from(s.sessions) * u64::from(rule.list);
            let given = u64::from(s.sessions) * u64::from(rule.lead_list);
            let lead = &mut lists[s.lead.0 as usize].0;
            *lead = lead.checked_sub(given)?;
        }
        Some(lists)
    }

    /// People of today's lists who stay in a year of a future.
    pub(crate) fn kept(&self, base: &[Attached], f: FutureIx, year: u8) -> Vec<Attached> {
        if !self.health.attachments_kept {
            return Vec::new();
        }
        let mut left: Vec<u64> = self.health.people[usize::from(year)].iter().map(|n| n.0).collect();
        let mut stay = |a: &Attached| {
            let people = match &self.health.site(a.site).standing {
                Standing::Practice => {
                    let now = u128::from(self.practice(f, a.site, year).list.0);
                    let then = u128::from(self.practice(FutureIx(0), a.site, 0).list.0);
                    // A list that grows keeps everyone.
                    (u128::from(a.people.0) * now.min(then)).checked_div(then).unwrap_or(0) as u64
                }
                Standing::Existing(e) if !e.may_close => a.people.0,
                _ => 0,
            };
            let here = &mut left[a.from.0 as usize];
            let people = people.min(*here);
            *here -= people;
            (people > 0).then_some(Attached { year, people: Persons(people), ..*a })
        };
        base.iter().filter_map(&mut stay).collect()
    }
}
