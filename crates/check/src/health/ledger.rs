//! What stands and works in every year: structures, posts, lists. Counted forward, year after year.

use super::plan::Decisions;
use super::world::World;
use maillage_programme::health::{PostKind, Rank, Standing};
use std::collections::BTreeMap;

/// One kind of post at a site in a year: hundredths of posts, people, acts, euros.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Stock {
    pub opened: i128,
    pub filled: i128,
    pub list: i128,
    pub acts: i128,
    pub cost: i128,
    pub income: i128,
}

/// Weekly sessions of a site in a year.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Exchange {
    /// People added to and taken from its list.
    pub list_in: i128,
    pub list_out: i128,
    /// Acts brought to and taken from it.
    pub acts_in: i128,
    pub acts_out: i128,
}

/// Decisions and everything that stands by them.
pub(super) struct Ledger<'a> {
    pub world: &'a World<'a>,
    pub plan: Decisions,
    open: Vec<Vec<Option<usize>>>,
    /// By future, year and site: one per kind of post, none where nothing works.
    stocks: Vec<Vec<Vec<Vec<Stock>>>>,
    today: Vec<Vec<Stock>>,
    /// By future, year and site, where there are any.
    exchanges: Vec<Vec<BTreeMap<usize, Exchange>>>,
}

/// The type of the structure that is open at each site in each year, today first: what stands today, then openings
/// and closings as they come.
pub(super) fn timeline(world: &World<'_>, plan: &Decisions) -> Vec<Vec<Option<usize>>> {
    let mut now: Vec<Option<usize>> = world.sites().map(|s| world.existing(s)).collect();
    let mut years = vec![now.clone()];
    for year in world.planned() {
        for (site, _) in plan.closings.iter().filter(|(_, y)| **y == year) {
            now[*site] = None;
        }
        for (site, (kind, _)) in plan.openings.iter().filter(|(_, (_, y))| *y == year) {
            now[*site] = Some(*kind);
        }
        years.push(now.clone());
    }
    years
}

impl<'a> Ledger<'a> {
    pub fn new(world: &'a World<'a>, plan: Decisions) -> Ledger<'a> {
        let open = timeline(world, &plan);
        let today = world.sites().map(|s| today(world, s)).collect();
        let mut ledger = Ledger { world, plan, open, stocks: Vec::new(), today, exchanges: Vec::new() };
        ledger.stocks = world.futures().map(|f| ledger.stocks_of(f)).collect();
        ledger.exchanges = world.futures().map(|f| ledger.exchanges_of(f)).collect();
        ledger
    }

    /// The type of the structure that is open at a site, refused or not.
    pub fn open(&self, year: usize, site: usize) -> Option<usize> {
        self.open[year][site]
    }

    /// The type of the structure that works at a site in a future.
    pub fn works(&self, future: usize, year: usize, site: usize) -> Option<usize> {
        let refused = || self.world.future(future).refused.iter().any(|s| s.0 as usize == site);
        self.open(year, site).filter(|_| !refused())
    }

    /// Every kind of post of a structure that works, in the order of its type.
    pub fn stocks(&self, future: usize, year: usize, site: usize) -> &[Stock] {
        &self.stocks[future][year][site]
    }

    /// Sessions of a site.
    pub fn exchange(&self, future: usize, year: usize, site: usize) -> Exchange {
        self.exchanges[future][year].get(&site).copied().unwrap_or_default()
    }

    /// People a site can hold, sessions left out.
    pub fn own_list(&self, future: usize, year: usize, site: usize) -> i128 {
        match self.world.practice(future, year, site) {
            Some(practice) => i128::from(practice.list.0),
            None => self.stocks(future, year, site).iter().map(|s| s.list).sum(),
        }
    }

    /// People a site can hold.
    pub fn list(&self, future: usize, year: usize, site: usize) -> i128 {
        let sessions = self.exchange(future, year, site);
        self.own_list(future, year, site) + sessions.list_in - sessions.list_out
    }

    /// People a site can hold when nothing is decided.
    pub fn list_undecided(&self, future: usize, year: usize, site: usize) -> i128 {
        match self.world.practice(future, year, site) {
            Some(practice) => i128::from(practice.list.0),
            None => self.today[site].iter().map(|s| s.list).sum(),
        }
    }

    /// Acts of a year of a site's own people.
    pub fn acts(&self, future: usize, year: usize, site: usize) -> i128 {
        match self.world.practice(future, year, site) {
            Some(practice) => i128::from(practice.acts),
            None => self.stocks(future, year, site).iter().map(|s| s.acts).sum(),
        }
    }

    /// Posts of today of a structure that stands.
    pub fn today(&self, site: usize) -> &[Stock] {
        &self.today[site]
    }

    /// Filled posts of GPs, in hundredths: today's numbers of a practice, or a structure's.
    pub fn gps(&self, future: usize, year: usize, site: usize) -> i128 {
        if let Some(practice) = self.world.practice(future, year, site) {
            return i128::from(practice.gps.hundredths());
        }
        self.works(future, year, site)
            .map_or(0, |kind| gps_among(self.world, kind, self.stocks(future, year, site)))
    }

    /// Cohorts of recruits walk through the years from the one in which they are hired.
    fn stocks_of(&self, future: usize) -> Vec<Vec<Vec<Stock>>> {
        let world = self.world;
        let mut stocks: Vec<Vec<Vec<Stock>>> = Vec::new();
        for year in 0..=world.last() {
            let at = |site: usize| {
                let Some(kind) = self.works(future, year, site) else { return Vec::new() };
                let none = || vec![Stock::default(); world.kind(kind).posts.len()];
                if world.existing(site).is_some() { self.today[site].clone() } else { none() }
            };
            stocks.push(world.sites().map(at).collect());
        }
        let ramp = i128::from(world.future(future).ramp_percent);
        for (&(site, post, hired), &steps) in &self.plan.courses[future].hires {
            let Some(kind) = self.works(future, hired, site) else { continue };
            let spec = &world.kind(kind).posts[post];
            let mut stay = 10_000;
            for (age, sites) in stocks.iter_mut().skip(hired).enumerate() {
                if let Some(stock) = sites[site].get_mut(post) {
                    stock.add(&step(spec, stay, age, ramp), steps);
                }
                stay = stay * (100 - i128::from(spec.attrition_percent.min(100))) / 100;
            }
        }
        stocks
    }

    fn exchanges_of(&self, future: usize) -> Vec<BTreeMap<usize, Exchange>> {
        let mut years = vec![BTreeMap::<usize, Exchange>::new(); self.world.last() + 1];
        for (&(site, lead, year), &n) in &self.plan.courses[future].sessions {
            let kind = self.works(future, year, site);
            let Some(rule) = kind.and_then(|k| self.world.kind(k).sessions) else { continue };
            let received = years[year].entry(site).or_default();
            received.list_in += n * i128::from(rule.list);
            received.acts_in += n * i128::from(rule.acts);
            let given = years[year].entry(lead).or_default();
            given.list_out += n * i128::from(rule.lead_list);
            given.acts_out += n * i128::from(rule.lead_acts);
        }
        years
    }
}

impl Stock {
    fn add(&mut self, one: &Stock, times: i128) {
        self.opened += one.opened * times;
        self.filled += one.filled * times;
        self.list += one.list * times;
        self.acts += one.acts * times;
        self.cost += one.cost * times;
        self.income += one.income * times;
    }
}

/// Filled posts of GPs among the posts of a structure.
pub(super) fn gps_among(world: &World<'_>, kind: usize, stocks: &[Stock]) -> i128 {
    let gp = |p: &PostKind| world.health.professions[usize::from(p.profession.0)].rank == Rank::Gp;
    let posts = world.kind(kind).posts.iter().zip(stocks);
    posts.filter(|(p, _)| gp(p)).map(|(_, s)| s.filled).sum()
}

/// One step of a post some years after it was hired, with so many hundredths of a percent left.
pub(super) fn step(spec: &PostKind, stay: i128, age: usize, future_ramp: i128) -> Stock {
    let size = i128::from(spec.step.hundredths());
    let ramp = match spec.ramp.as_slice() {
        [] => 100,
        [.., last] => i128::from(*spec.ramp.get(age).unwrap_or(last)),
    };
    let filled = size * stay / 10_000;
    // Of a full post: size / 100, stay / 10⁴, both ramps / 100.
    let of = |full: u32| size * stay * ramp * future_ramp * i128::from(full) / (100 * 10_000 * 100 * 100);
    Stock {
        opened: size,
        filled,
        list: of(spec.list),
        acts: of(spec.acts),
        cost: (i128::from(spec.yearly.0) * filled).div_euclid(100),
        income: (i128::from(spec.income.0) * filled).div_euclid(100),
    }
}

/// The posts of a structure that stands today, mature.
fn today(world: &World<'_>, site: usize) -> Vec<Stock> {
    let Standing::Existing(existing) = &world.spec(site).standing else { return Vec::new() };
    let posts = world.kind(usize::from(existing.kind.0)).posts.iter();
    let stock = |(spec, now): (&PostKind, &maillage_territory::Fte)| {
        let now = i128::from(now.hundredths());
        Stock {
            opened: now,
            filled: now,
            list: now * i128::from(spec.list) / 100,
            acts: now * i128::from(spec.acts) / 100,
            cost: (i128::from(spec.yearly.0) * now).div_euclid(100),
            income: (i128::from(spec.income.0) * now).div_euclid(100),
        }
    };
    posts.zip(&existing.posts).map(stock).collect()
}
