//! What `result.json` says of a health plan under `programme`.

use super::state::calendar;
use crate::Loaded;
use maillage_planning::SolvedHealth;
use maillage_programme::health::{
    DelayRecord, FutureRecord, Health, HealthPlan, HealthRecord, HealthSiteRecord, LeverRecord, MoneyRecord,
    MoneyUse, OrderRecord, Payer, PoolIx, PoolRecord, PostIx, PostRecord, SessionRecord, Standing, Tables,
    WorthRecord, money, stocks,
};
use maillage_programme::{Hundredths, SiteIx, SiteStatus};
use maillage_territory::{Fte, Minutes, SiteId, Territory};

pub(super) fn record(loaded: &Loaded, health: &Health, solved: &SolvedHealth) -> HealthRecord {
    let plan = &solved.plan;
    let id = |site: SiteIx| health.site(site).id.clone();
    HealthRecord {
        years: health.planned().map(|y| calendar(health, y)).collect(),
        structures: structures(&loaded.territory, health, plan),
        levers: plan
            .levers
            .iter()
            .map(|(l, y)| LeverRecord {
                lever: health.levers[usize::from(l.0)].id.clone(),
                starts: calendar(health, *y),
            })
            .collect(),
        duty: plan.duty.iter().map(|s| id(*s)).collect(),
        futures: (0..health.futures.len()).map(|f| future(health, plan, f)).collect(),
        worth: solved
            .worth
            .iter()
            .map(|w| WorthRecord {
                pool: health.pools[usize::from(w.pool.0)].id.clone(),
                year: calendar(health, w.year),
                site_id: w.site.map(id),
                person_years: w.person_years,
            })
            .collect(),
        order: solved
            .order
            .iter()
            .map(|o| OrderRecord {
                site_id: id(o.site),
                person_years: o.person_years,
                gp_years: Hundredths(o.gp_years as i64),
                per_gp_year: Hundredths::ratio(u128::from(o.person_years) * 100, u128::from(o.gp_years)),
            })
            .collect(),
        delay: solved
            .delay
            .iter()
            .map(|d| DelayRecord { site_id: id(d.site), person_years: d.person_years })
            .collect(),
    }
}

fn structures(territory: &Territory, health: &Health, plan: &HealthPlan) -> Vec<HealthSiteRecord> {
    let mut out = Vec::new();
    for (ix, site) in health.sites() {
        let opening = plan.openings.iter().find(|o| o.site == ix);
        let (kind, status, first) = match (&site.standing, opening) {
            (Standing::Existing(e), _) => {
                let hired = plan.futures.iter().any(|f| f.hires.iter().any(|h| h.site == ix));
                (e.kind, if hired { SiteStatus::Extended } else { SiteStatus::Existing }, 1)
            }
            (Standing::Candidate { .. }, Some(o)) => (o.kind, SiteStatus::Opened, o.year),
            _ => continue,
        };
        let closes = plan.closings.iter().find(|(s, _)| *s == ix).map(|(_, y)| calendar(health, *y));
        out.push(HealthSiteRecord {
            site_id: site.id.clone(),
            structure_type: health.kind(kind).id.clone(),
            status,
            addresses: site.addresses.iter().map(|p| territory.place(*p).id.clone()).collect(),
            opens: opening.map(|o| calendar(health, o.year)),
            closes,
            lead: lead(territory, health, plan, ix, first),
        });
    }
    out
}

/// The nearest site that may lead another in a year, if its type needs one; refusals are left aside.
fn lead(territory: &Territory, health: &Health, plan: &HealthPlan, site: SiteIx, year: u8) -> Option<SiteId> {
    let rule = health.kind(plan.open(health, site, year)?).lead.as_ref()?;
    let may = |lead: SiteIx| match health.futures[0].practices.get(&lead) {
        Some(years) => rule.practices && years[usize::from(year)].gps > Fte::default(),
        None => plan.open(health, lead, year).is_some_and(|kind| rule.types.contains(&kind)),
    };
    let near = |lead: SiteIx| -> Option<Minutes> {
        let pairs = health.site(lead).addresses.iter();
        let to = &health.site(site).addresses;
        pairs.flat_map(|a| to.iter().filter_map(|b| territory.travel.minutes(*a, *b))).min()
    };
    let leads = health.sites().map(|(ix, _)| ix).filter(|ix| *ix != site && may(*ix));
    let timed = leads.filter_map(|ix| Some((near(ix).filter(|t| *t <= rule.within)?, ix)));
    timed.min().map(|(_, ix)| health.site(ix).id.clone())
}

fn future(health: &Health, plan: &HealthPlan, f: usize) -> FutureRecord {
    let future = &health.futures[f];
    let tables = Tables::new(health, future);
    FutureRecord {
        future: future.id.clone(),
        probability_percent: future.probability_percent,
        posts: posts(health, plan, &tables, f),
        sessions: plan.futures[f]
            .sessions
            .iter()
            .map(|s| SessionRecord {
                year: calendar(health, s.year),
                site_id: health.site(s.site).id.clone(),
                lead: health.site(s.lead).id.clone(),
                sessions: s.sessions,
            })
            .collect(),
        money: payments(health, plan, &tables, f),
        pools: pools(health, plan, f),
    }
}

fn posts(health: &Health, plan: &HealthPlan, tables: &Tables, f: usize) -> Vec<PostRecord> {
    let mut out = Vec::new();
    for (ix, site) in health.sites() {
        let by_year: Vec<_> = health.planned().map(|y| (y, stocks(health, tables, plan, f, ix, y))).collect();
        let kinds = by_year.iter().map(|(_, s)| s.len()).max().unwrap_or(0);
        for post in 0..kinds {
            let steps = plan.futures[f].steps(ix, PostIx(post as u16), health.years);
            for (year, stocks) in &by_year {
                let Some(stock) = stocks.get(post).filter(|s| s.opened > 0) else { continue };
                let Some(kind) = plan.open(health, ix, *year) else { continue };
                let of = &health.kind(kind).posts[post];
                let hired = u64::from(steps[usize::from(*year) - 1]) * u64::from(of.step.hundredths());
                out.push(PostRecord {
                    year: calendar(health, *year),
                    site_id: site.id.clone(),
                    profession: health.professions[usize::from(of.profession.0)].id.clone(),
                    mode: of.mode,
                    hired: Hundredths(hired as i64),
                    opened: Hundredths(stock.opened as i64),
                    filled: Hundredths(stock.filled as i64),
                    list: stock.list,
                    acts: stock.acts,
                });
            }
        }
    }
    out
}

fn payments(health: &Health, plan: &HealthPlan, tables: &Tables, f: usize) -> Vec<MoneyRecord> {
    let site = |ix: SiteIx| health.site(ix).id.to_string();
    let rows = money(health, tables, plan, f).into_iter();
    rows.map(|row| {
        let (what, of) = match row.what {
            MoneyUse::Capital(ix) => ("capital", site(ix)),
            MoneyUse::Equipment(ix) => ("equipment", site(ix)),
            MoneyUse::Running(ix) => ("running", site(ix)),
            MoneyUse::Lever(l) => ("lever", health.levers[usize::from(l.0)].id.clone()),
        };
        let payer = match row.payer {
            Payer::Income => "income".to_owned(),
            Payer::Funder(i) => health.funders[usize::from(i)].id.clone(),
            Payer::Owner => "owner".to_owned(),
        };
        MoneyRecord { year: calendar(health, row.year), what: what.to_owned(), of, payer, euros: row.euros }
    })
    .collect()
}

/// What every pool offers and gives, by pool and year.
fn pools(health: &Health, plan: &HealthPlan, f: usize) -> Vec<PoolRecord> {
    let mut out = Vec::new();
    for (pool, p) in (0..).map(PoolIx).zip(&health.pools) {
        let mut left = 0;
        for year in health.planned() {
            let offered = left + offered(health, plan, f, pool, year);
            let taken = taken(health, plan, f, pool, year);
            left = if p.carry_over { offered.saturating_sub(taken) } else { 0 };
            out.push(PoolRecord {
                year: calendar(health, year),
                pool: p.id.clone(),
                offered: Hundredths(offered as i64),
                taken: Hundredths(taken as i64),
            });
        }
    }
    out
}

/// Hundredths of posts that a year adds to a pool: its own, those of levers at work, and those of structures that
/// worked the year before.
fn offered(health: &Health, plan: &HealthPlan, f: usize, pool: PoolIx, year: u8) -> u64 {
    let future = &health.futures[f];
    let sum = |adds: &[(PoolIx, Fte)]| -> u64 {
        adds.iter().filter(|(p, _)| *p == pool).map(|(_, fte)| u64::from(fte.hundredths())).sum()
    };
    let own = health.pool_of(&health.pools[usize::from(pool.0)], future, year);
    let levers = plan.levers.iter().map(|(l, start)| (&health.levers[usize::from(l.0)], *start));
    let levers: u64 = levers.filter(|(l, start)| start + l.delay <= year).map(|(l, _)| sum(&l.adds)).sum();
    let worked = |ix: SiteIx| match &health.site(ix).standing {
        Standing::Existing(e) if year == 1 => Some(e.kind),
        _ => plan.works(health, future, ix, year - 1),
    };
    let attracted =
        health.sites().filter_map(|(ix, _)| worked(ix)).map(|kind| sum(&health.kind(kind).attracts));
    u64::from(own.hundredths()) + levers + attracted.sum::<u64>()
}

/// Hundredths of posts that recruits of a year take from a pool.
fn taken(health: &Health, plan: &HealthPlan, f: usize, pool: PoolIx, year: u8) -> u64 {
    let pool = &health.pools[usize::from(pool.0)];
    let hires = plan.futures[f].hires.iter().filter(|h| h.year == year);
    let of = hires.filter_map(|h| {
        let kind = plan.open(health, h.site, year)?;
        let post = &health.kind(kind).posts[usize::from(h.post.0)];
        let fits = post.profession == pool.profession
            && pool.mode.is_none_or(|m| m == post.mode)
            && pool.places.contains(health.site(h.site).main());
        fits.then(|| u64::from(h.steps) * u64::from(post.step.hundredths()))
    });
    of.sum()
}
