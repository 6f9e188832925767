//! What was decided.

use super::{Existing, Future, Health, HealthTypeIx, LeverIx, PostIx, Standing, Tables};
use crate::{Euros, SiteIx};
use maillage_territory::{Minutes, Persons, PlaceIx};

/// A structure that opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Opening {
    /// Where.
    pub site: SiteIx,
    /// As what.
    pub kind: HealthTypeIx,
    /// In which year: open from it on.
    pub year: u8,
}

/// Posts opened and filled at a site in a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hire {
    /// Where.
    pub site: SiteIx,
    /// Which post of its type.
    pub post: PostIx,
    /// When.
    pub year: u8,
    /// How many steps of the post.
    pub steps: u32,
}

/// Weekly sessions that a lead gives to a site in a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Session {
    /// Who receives.
    pub site: SiteIx,
    /// Who gives.
    pub lead: SiteIx,
    /// When.
    pub year: u8,
    /// How many a week.
    pub sessions: u32,
}

/// People of a place on a list in a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attached {
    /// When: 0 is today.
    pub year: u8,
    /// Where they live.
    pub from: PlaceIx,
    /// On whose list.
    pub site: SiteIx,
    /// How many.
    pub people: Persons,
    /// Time to its nearest address.
    pub minutes: Minutes,
}

/// What a plan does in one future. Every list is sorted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FuturePlan {
    /// Recruitments.
    pub hires: Vec<Hire>,
    /// Sessions.
    pub sessions: Vec<Session>,
    /// People attached in each planned year.
    pub attached: Vec<Attached>,
    /// What each funder pays in all in each planned year: `paid[funder][year - 1]`, at most what projects are entitled
    /// to and its envelope. Within a year projects are served in order (see [`super::money`]).
    pub paid: Vec<Vec<Euros>>,
}

/// A plan. Every list is sorted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HealthPlan {
    /// Openings, one per site.
    pub openings: Vec<Opening>,
    /// Existing structures that close: from the year on.
    pub closings: Vec<(SiteIx, u8)>,
    /// Levers and the year they start.
    pub levers: Vec<(LeverIx, u8)>,
    /// Duty points of the last year.
    pub duty: Vec<SiteIx>,
    /// Volunteers by duty point and site where they practise, in hundredths of a GP, in the first future's last year.
    pub volunteers: Vec<(SiteIx, SiteIx, u32)>,
    /// One per future.
    pub futures: Vec<FuturePlan>,
}

impl HealthPlan {
    /// The structure that is open at a site in a year, refused or not.
    pub fn open(&self, health: &Health, site: SiteIx, year: u8) -> Option<HealthTypeIx> {
        match &health.site(site).standing {
            Standing::Practice => None,
            Standing::Existing(e) => {
                let closed = self.closings.iter().any(|(s, y)| *s == site && *y <= year);
                (!closed).then_some(e.kind)
            }
            Standing::Candidate { .. } => {
                self.openings.iter().find(|o| o.site == site && o.year <= year).map(|o| o.kind)
            }
        }
    }

    /// The structure that works at a site in a year of a future: open and not refused.
    pub fn works(&self, health: &Health, future: &Future, site: SiteIx, year: u8) -> Option<HealthTypeIx> {
        self.open(health, site, year).filter(|_| !future.refused.contains(&site))
    }
}

impl FuturePlan {
    /// Steps of a post hired at a site in each planned year, the first first.
    pub fn steps(&self, site: SiteIx, post: PostIx, years: u8) -> Vec<u32> {
        let mut out = vec![0; usize::from(years)];
        let from = self.hires.partition_point(|h| (h.site, h.post) < (site, post));
        for h in self.hires[from..].iter().take_while(|h| (h.site, h.post) == (site, post)) {
            out[usize::from(h.year) - 1] += h.steps;
        }
        out
    }
}

/// The posts of one kind at a site in one year: hundredths of full-time equivalents, people, acts, euros.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PostStock {
    /// Opened up to now.
    pub opened: u64,
    /// Filled now.
    pub filled: u64,
    /// People on the list.
    pub list: u64,
    /// Acts of the year.
    pub acts: u64,
    /// Cost of the year.
    pub cost: i64,
    /// Income of the year.
    pub income: i64,
}

impl PostStock {
    /// Existing posts, mature, and recruits by years since they were hired.
    pub fn new(
        health: &Health,
        tables: &Tables,
        kind: HealthTypeIx,
        post: PostIx,
        today: u32,
        steps: &[u32],
        year: u8,
    ) -> Self {
        let p = &health.kind(kind).posts[usize::from(post.0)];
        let table = &tables.of[usize::from(kind.0)][usize::from(post.0)];
        let today = u64::from(today);
        let euros = |e: Euros| (i128::from(e.0) * i128::from(today)).div_euclid(100) as i64;
        let mut out = PostStock {
            opened: today,
            filled: today,
            list: today * u64::from(p.list) / 100,
            acts: today * u64::from(p.acts) / 100,
            cost: euros(p.yearly),
            income: euros(p.income),
        };
        for (&n, age) in steps[..usize::from(year)].iter().zip((0..usize::from(year)).rev()) {
            out.opened += u64::from(n) * u64::from(p.step.hundredths());
            out.filled += u64::from(n) * u64::from(table.filled[age]);
            out.list += u64::from(n) * table.list[age];
            out.acts += u64::from(n) * table.acts[age];
            out.cost += i64::from(n) * table.cost[age];
            out.income += i64::from(n) * table.income[age];
        }
        out
    }
}

/// Every kind of post of the structure that works at a site in a year, in the order of its type.
pub fn stocks(
    health: &Health,
    tables: &Tables,
    plan: &HealthPlan,
    future: usize,
    site: SiteIx,
    year: u8,
) -> Vec<PostStock> {
    let Some(kind) = plan.works(health, &health.futures[future], site, year) else { return Vec::new() };
    let today = |post: usize| match &health.site(site).standing {
        Standing::Existing(Existing { posts, .. }) => posts[post].hundredths(),
        _ => 0,
    };
    (0..health.kind(kind).posts.len())
        .map(|i| {
            let post = PostIx(i as u16);
            let steps = plan.futures[future].steps(site, post, health.years);
            PostStock::new(health, tables, kind, post, today(i), &steps, year)
        })
        .collect()
}
