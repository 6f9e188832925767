//! Decisions as variables: what opens, who is hired, who goes where.

use super::clash::HealthClash;
use super::world::World;
use good_lp::{Expression, IntoAffineExpression, Variable, variable};
use maillage_milp::Model;
use maillage_programme::SiteIx;
use maillage_programme::health::{
    Existing, FutureIx, HealthType, HealthTypeIx, LeverIx, PostIx, Rank, Standing,
};
use maillage_territory::{Minutes, PlaceIx};
use std::collections::BTreeMap;

/// A structure that stands or may open.
pub(crate) struct Choice {
    pub(crate) site: SiteIx,
    pub(crate) kind: HealthTypeIx,
    /// Posts of today, in hundredths; empty for a candidate.
    pub(crate) today: Vec<u32>,
    /// Open in each planned year.
    pub(crate) open: Vec<Open>,
    pub(crate) may_close: bool,
}

/// Whether something holds in a year.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Open {
    Always,
    Never,
    If(Variable),
}

impl Open {
    pub(crate) fn expr(self) -> Expression {
        match self {
            Open::Always => Expression::from(1.0),
            Open::Never => Expression::default(),
            Open::If(v) => v.into(),
        }
    }
}

impl Choice {
    pub(crate) fn stands(&self) -> bool {
        !self.today.is_empty()
    }

    /// Open in a year; year 0 is today.
    pub(crate) fn in_year(&self, year: u8) -> Open {
        match year {
            0 if self.stands() => Open::Always,
            0 => Open::Never,
            y => self.open[usize::from(y) - 1],
        }
    }
}

/// Steps of a post hired in each planned year.
pub(crate) struct Hires {
    pub(crate) choice: usize,
    pub(crate) post: PostIx,
    pub(crate) by_year: Vec<Option<Variable>>,
}

/// Weekly sessions of a lead at a choice in a year.
pub(crate) struct Sessions {
    pub(crate) choice: usize,
    pub(crate) lead: SiteIx,
    pub(crate) away: Minutes,
    pub(crate) year: u8,
    pub(crate) weekly: Variable,
}

/// Decisions of one future.
pub(crate) struct Block {
    pub(crate) future: FutureIx,
    /// By choice, then post.
    pub(crate) hires: Vec<Vec<Hires>>,
    pub(crate) sessions: Vec<Sessions>,
    /// What each funder pays in each year; `None` where nothing limits it.
    pub(crate) paid: Vec<Option<Vec<Variable>>>,
}

/// A site that may hold a duty point, whether it does, and its volunteers by home site.
pub(crate) type DutyPoint = (SiteIx, Variable, Vec<(SiteIx, Variable)>);

/// All decisions of a programme.
pub(crate) struct Decisions<'w> {
    pub(crate) world: &'w World<'w>,
    pub(crate) choices: Vec<Choice>,
    /// Choices of each site.
    pub(crate) of_site: BTreeMap<SiteIx, Vec<usize>>,
    /// Started by each planned year.
    pub(crate) levers: Vec<(LeverIx, Vec<Open>)>,
    pub(crate) duty: Vec<DutyPoint>,
    pub(crate) blocks: Vec<Block>,
}

/// Whether a rule is to be kept.
pub(crate) type Keep<'k> = &'k dyn Fn(HealthClash) -> bool;

impl<'w> Decisions<'w> {
    pub(crate) fn new(world: &'w World<'w>, model: &mut Model) -> Self {
        let health = world.health;
        let mut d = Decisions {
            world,
            choices: Vec::new(),
            of_site: BTreeMap::new(),
            levers: Vec::new(),
            duty: Vec::new(),
            blocks: Vec::new(),
        };
        for (site, s) in health.sites() {
            match &s.standing {
                Standing::Practice => {}
                Standing::Existing(Existing { kind, posts, may_close }) => {
                    let open =
                        |_| if *may_close { Open::If(model.add(variable().binary())) } else { Open::Always };
                    let open = health.planned().map(open).collect();
                    let today = posts.iter().map(|f| f.hundredths()).collect();
                    d.add(Choice { site, kind: *kind, today, open, may_close: *may_close });
                }
                Standing::Candidate { types, from, .. } => {
                    for &kind in types {
                        let open = |y| {
                            if y < *from { Open::Never } else { Open::If(model.add(variable().binary())) }
                        };
                        let open = health.planned().map(open).collect();
                        d.add(Choice { site, kind, today: Vec::new(), open, may_close: false });
                    }
                }
            }
        }
        for (lever, l) in (0..).map(LeverIx).zip(&health.levers) {
            let started = |y| if y < l.from { Open::Never } else { Open::If(model.add(variable().binary())) };
            d.levers.push((lever, health.planned().map(started).collect()));
        }
        d.blocks = health.futures().map(|(f, _)| d.block(f, model)).collect();
        d.add_duty(model);
        d
    }

    fn add(&mut self, choice: Choice) {
        self.of_site.entry(choice.site).or_default().push(self.choices.len());
        self.choices.push(choice);
    }

    pub(crate) fn kind(&self, choice: usize) -> &'w HealthType {
        self.world.health.kind(self.choices[choice].kind)
    }

    pub(crate) fn refused(&self, f: FutureIx, choice: usize) -> bool {
        self.world.future(f).refused.contains(&self.choices[choice].site)
    }

    /// Works in a year of a future: open and not refused.
    pub(crate) fn works(&self, f: FutureIx, choice: usize, year: u8) -> Open {
        if self.refused(f, choice) { Open::Never } else { self.choices[choice].in_year(year) }
    }

    fn block(&self, future: FutureIx, model: &mut Model) -> Block {
        let health = self.world.health;
        let mut hires = Vec::new();
        let mut sessions = Vec::new();
        for (c, choice) in self.choices.iter().enumerate() {
            let kind = health.kind(choice.kind);
            let barred = choice.may_close || self.refused(future, c);
            let mut by_post = Vec::new();
            for (post, p) in (0..).map(PostIx).zip(&kind.posts) {
                let most = p.most.hundredths() / p.step.hundredths().max(1);
                let mut hire = |y: u8| {
                    let can = !barred && most > 0 && choice.in_year(y) != Open::Never;
                    can.then(|| model.add(variable().integer().min(0).max(most)))
                };
                by_post.push(Hires { choice: c, post, by_year: health.planned().map(&mut hire).collect() });
            }
            hires.push(by_post);
            let Some(rule) = kind.sessions.filter(|_| !self.refused(future, c)) else { continue };
            for &(lead, away) in &self.world.leads[choice.site.0 as usize] {
                for year in health.planned().filter(|y| choice.in_year(*y) != Open::Never) {
                    if !is_nothing(&self.lead_open(future, (lead, away), c, year)) {
                        let weekly = model.add(variable().integer().min(0).max(rule.most));
                        sessions.push(Sessions { choice: c, lead, away, year, weekly });
                    }
                }
            }
        }
        let limited = |f: &maillage_programme::health::Funder| {
            f.envelope.total.is_some() || f.envelope.by_year.iter().any(|e| e.is_some())
        };
        let mut pays =
            |f| limited(f).then(|| health.planned().map(|_| model.add(variable().min(0))).collect());
        let paid = health.funders.iter().map(&mut pays).collect();
        Block { future, hires, sessions, paid }
    }

    /// Whether a site leads a choice in a year of a future: 1 or more when it does.
    pub(crate) fn lead_open(
        &self,
        f: FutureIx,
        (lead, away): (SiteIx, Minutes),
        choice: usize,
        year: u8,
    ) -> Expression {
        let c = &self.choices[choice];
        let mut sum = Expression::default();
        if self.world.health.site(lead).standing == Standing::Practice {
            let gps = self.world.practice(f, lead, year).gps.hundredths() > 0;
            if gps && self.world.may_lead(away, None, c.kind) {
                sum += 1.0;
            }
        }
        for &l in self.of_site.get(&lead).into_iter().flatten() {
            if self.world.may_lead(away, Some(self.choices[l].kind), c.kind) {
                sum += self.works(f, l, year).expr();
            }
        }
        sum
    }

    fn add_duty(&mut self, model: &mut Model) {
        let health = self.world.health;
        let Some(duty) = &health.duty else { return };
        for (site, s) in health.sites() {
            if !s.types().iter().any(|t| duty.types.contains(t)) {
                continue;
            }
            let on = model.add(variable().binary());
            let near = |home: &SiteIx| {
                let from = health.site(*home).main();
                self.world
                    .territory
                    .travel
                    .minutes(from, s.main())
                    .is_some_and(|t| t <= duty.volunteers_within)
            };
            let homes = health.sites().map(|(ix, _)| ix).filter(near);
            let volunteers = homes.map(|h| (h, model.add(variable().min(0)))).collect();
            self.duty.push((site, on, volunteers));
        }
    }

    /// Σ over recruits of a kind of post of a value by years since hiring, in a year.
    pub(crate) fn sum(&self, hires: &Hires, year: u8, value: &dyn Fn(usize) -> f64) -> Expression {
        let mut sum = Expression::default();
        for (age, var) in hires.by_year[..usize::from(year)].iter().rev().enumerate() {
            if let Some(v) = var {
                sum.add_mul(value(age), *v);
            }
        }
        sum
    }

    /// Posts filled of a kind, today's included, in hundredths.
    pub(crate) fn filled(&self, block: &Block, hires: &Hires, year: u8) -> Expression {
        let c = &self.choices[hires.choice];
        let table = &self.world.tables[usize::from(block.future.0)].of[usize::from(c.kind.0)]
            [usize::from(hires.post.0)];
        let today = self.today(block, hires, year);
        self.sum(hires, year, &|age| f64::from(table.filled[age])) + today
    }

    /// Posts opened of a kind, today's included, in hundredths.
    pub(crate) fn opened(&self, block: &Block, hires: &Hires, year: u8) -> Expression {
        let step = self.kind(hires.choice).posts[usize::from(hires.post.0)].step.hundredths();
        self.sum(hires, year, &|_| f64::from(step)) + self.today(block, hires, year)
    }

    /// Posts of today that are still there, in hundredths.
    pub(crate) fn today(&self, block: &Block, hires: &Hires, year: u8) -> Expression {
        let c = &self.choices[hires.choice];
        let today = c.today.get(usize::from(hires.post.0)).copied().unwrap_or(0);
        if today == 0 {
            Expression::default()
        } else {
            self.works(block.future, hires.choice, year).expr() * f64::from(today)
        }
    }

    /// A quantity of a site's posts in a year: `today` of one full post of today, `table` of one step by age.
    pub(crate) fn of_posts(
        &self,
        block: &Block,
        choice: usize,
        year: u8,
        today: &dyn Fn(usize) -> i64,
        table: &dyn Fn(usize, usize) -> f64,
    ) -> Expression {
        let c = &self.choices[choice];
        let mut sum = Expression::default();
        for (p, hires) in block.hires[choice].iter().enumerate() {
            sum += self.sum(hires, year, &|age| table(p, age));
            let fte = i128::from(c.today.get(p).copied().unwrap_or(0));
            let mine = (i128::from(today(p)) * fte).div_euclid(100) as f64;
            if mine != 0.0 {
                sum += self.works(block.future, choice, year).expr() * mine;
            }
        }
        sum
    }

    /// People on the list of a choice's posts, sessions aside.
    pub(crate) fn list(&self, block: &Block, choice: usize, year: u8) -> Expression {
        let kind = self.kind(choice);
        let tables =
            &self.world.tables[usize::from(block.future.0)].of[usize::from(self.choices[choice].kind.0)];
        self.of_posts(block, choice, year, &|p| i64::from(kind.posts[p].list), &|p, age| {
            tables[p].list[age] as f64
        })
    }

    /// Acts of a choice's posts, sessions aside.
    pub(crate) fn acts(&self, block: &Block, choice: usize, year: u8) -> Expression {
        let kind = self.kind(choice);
        let tables =
            &self.world.tables[usize::from(block.future.0)].of[usize::from(self.choices[choice].kind.0)];
        self.of_posts(block, choice, year, &|p| i64::from(kind.posts[p].acts), &|p, age| {
            tables[p].acts[age] as f64
        })
    }

    /// GPs filled at a site in the last year of the first future, in hundredths.
    pub(crate) fn gps(&self, site: SiteIx) -> Expression {
        let health = self.world.health;
        let mut sum = Expression::default();
        if health.site(site).standing == Standing::Practice {
            sum += f64::from(self.world.practice(FutureIx(0), site, health.years).gps.hundredths());
        }
        for &c in self.of_site.get(&site).into_iter().flatten() {
            for hires in &self.blocks[0].hires[c] {
                let profession = self.kind(c).posts[usize::from(hires.post.0)].profession;
                if health.professions[usize::from(profession.0)].rank == Rank::Gp {
                    sum += self.filled(&self.blocks[0], hires, health.years);
                }
            }
        }
        sum
    }
}

/// A place within reach of every open one of these choices; always when `None`.
pub(crate) type CoveredBy = Option<Vec<usize>>;

impl Decisions<'_> {
    /// By which choices each place is within a time of an address in a year.
    pub(crate) fn covers(
        &self,
        types: &[HealthTypeIx],
        practices: bool,
        within: Minutes,
        f: FutureIx,
        year: u8,
    ) -> Vec<CoveredBy> {
        let health = self.world.health;
        let mut at: BTreeMap<PlaceIx, CoveredBy> = BTreeMap::new();
        for (ix, site) in health.sites() {
            let always = practices
                && site.standing == Standing::Practice
                && self.world.practice(f, ix, year).gps.hundredths() > 0;
            for &place in &site.addresses {
                let here = at.entry(place).or_insert_with(|| Some(Vec::new()));
                if always {
                    *here = None;
                }
                for &c in self.of_site.get(&ix).into_iter().flatten() {
                    if types.is_empty() || types.contains(&self.choices[c].kind) {
                        match self.choices[c].in_year(year) {
                            Open::Always => *here = None,
                            Open::If(_) => here.iter_mut().for_each(|list| list.push(c)),
                            Open::Never => {}
                        }
                    }
                }
            }
        }
        let of = |(ix, _)| {
            let near = self.world.territory.travel.from(ix).iter().take_while(|(_, t)| *t <= within);
            let mut by = Vec::new();
            for here in near.filter_map(|(to, _)| at.get(to)) {
                by.extend(here.as_ref()?.iter().copied());
            }
            by.sort_unstable();
            by.dedup();
            Some(by)
        };
        self.world.territory.iter().map(of).collect()
    }
}

/// Whether an expression is nothing at all.
pub(crate) fn is_nothing(e: &Expression) -> bool {
    *e == Expression::default() || e.linear_coefficients().all(|(_, c)| c == 0.0) && e.constant() == 0.0
}
