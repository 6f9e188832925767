//! Rules on decisions, one row each.

use super::clash::HealthClash;
use super::formulation::{Block, CoveredBy, Decisions, Keep, Open, is_nothing};
use good_lp::{Constraint, Expression, variable};
use maillage_milp::Model;
use maillage_programme::SiteIx;
use maillage_programme::health::{
    Attached, CountWhat, FutureIx, HealthRule, HealthTypeIx, Lever, PoolIx, Standing,
};
use maillage_territory::PlaceIx;
use std::collections::{BTreeMap, BTreeSet};

impl Decisions<'_> {
    /// Rows that `keep` lets through, plus those that define the variables. People and money have their own.
    pub(crate) fn rules(&self, model: &mut Model, keep: Keep<'_>) -> Vec<Constraint> {
        let mut rows = Vec::new();
        self.opening_rows(keep, &mut rows);
        for block in &self.blocks {
            self.post_rows(block, keep, &mut rows);
            self.pool_rows(block, keep, &mut rows);
            self.session_rows(block, &mut rows);
        }
        self.duty_rows(&mut rows);
        for (i, rule) in self.world.health.rules.iter().enumerate() {
            if keep(HealthClash::Rule(i)) {
                self.rule_rows(rule, model, &mut rows);
            }
        }
        rows
    }

    fn opening_rows(&self, keep: Keep<'_>, rows: &mut Vec<Constraint>) {
        let health = self.world.health;
        for (c, choice) in self.choices.iter().enumerate() {
            for year in 2..=health.years {
                if let (Open::If(now), then) = (choice.in_year(year), choice.in_year(year - 1)) {
                    let change = Expression::from(now) - then.expr();
                    if choice.may_close {
                        rows.push(change.leq(0));
                    } else if then != Open::Never {
                        rows.push(change.geq(0));
                    }
                }
            }
            let Some(rule) = self.kind(c).lead.as_ref().filter(|_| keep(HealthClash::Lead(choice.kind)))
            else {
                continue;
            };
            let by_practice = |year| {
                let leads = &self.world.leads[choice.site.0 as usize];
                leads.iter().any(|(lead, away)| {
                    rule.practices
                        && health.site(*lead).standing == Standing::Practice
                        && self.world.practice(FutureIx(0), *lead, year).gps.hundredths() > 0
                        && self.world.may_lead(*away, None, choice.kind)
                })
            };
            for year in health.planned().filter(|y| choice.in_year(*y) != Open::Never) {
                if by_practice(year) {
                    continue;
                }
                // Decisions alone: a lead that is refused in some future is still a lead.
                let mut leads = Expression::default();
                for (lead, away) in &self.world.leads[choice.site.0 as usize] {
                    for &l in self.of_site.get(lead).into_iter().flatten() {
                        if self.world.may_lead(*away, Some(self.choices[l].kind), choice.kind) {
                            leads += self.choices[l].in_year(year).expr();
                        }
                    }
                }
                rows.push((choice.in_year(year).expr() - leads).leq(0));
            }
        }
        for (&site, choices) in &self.of_site {
            let open =
                |year: u8| choices.iter().map(|c| self.choices[*c].in_year(year).expr()).sum::<Expression>();
            if choices.len() > 1 {
                rows.push(open(health.years).leq(1));
            }
            if let Standing::Candidate { committed: Some(settled), .. } = &health.site(site).standing
                && keep(HealthClash::Committed(site))
            {
                let fits = |c: &&usize| settled.kind.is_none_or(|k| self.choices[**c].kind == k);
                let open: Expression =
                    choices.iter().filter(fits).map(|c| self.choices[*c].in_year(settled.by).expr()).sum();
                rows.push(open.geq(1));
            }
        }
        for (lever, started) in &self.levers {
            for pair in started.windows(2) {
                if pair[0] != Open::Never {
                    rows.push((pair[1].expr() - pair[0].expr()).geq(0));
                }
            }
            let l = &health.levers[usize::from(lever.0)];
            if let Some(by) = l.by.filter(|_| keep(HealthClash::Lever(*lever))) {
                rows.push(started[usize::from(by) - 1].expr().geq(1));
            }
        }
    }

    fn post_rows(&self, block: &Block, keep: Keep<'_>, rows: &mut Vec<Constraint>) {
        for (c, by_post) in block.hires.iter().enumerate() {
            let kind = self.kind(c);
            for year in self.world.health.planned() {
                let open = self.works(block.future, c, year);
                if open == Open::Never {
                    continue;
                }
                let mut rooms = Expression::default();
                for (hires, p) in by_post.iter().zip(&kind.posts) {
                    let filled = self.filled(block, hires, year);
                    if p.rooms > 0 {
                        rooms.add_mul(f64::from(p.rooms), filled.clone());
                    }
                    let has = hires.by_year[..usize::from(year)].iter().any(Option::is_some);
                    if has {
                        rows.push((filled - open.expr() * f64::from(p.most.hundredths())).leq(0));
                    }
                    if p.least.hundredths() > 0
                        && !self.choices[c].stands()
                        && keep(HealthClash::Team(self.choices[c].kind))
                    {
                        let least = open.expr() * f64::from(p.least.hundredths());
                        rows.push((self.opened(block, hires, year) - least).geq(0));
                    }
                }
                if !is_nothing(&rooms) {
                    rows.push(((rooms - open.expr() * (f64::from(kind.rooms) * 100.0)) * 0.0001).leq(0));
                }
            }
        }
    }

    /// What a pool takes in a year.
    pub(crate) fn taken(&self, block: &Block, pool: PoolIx, year: u8) -> Expression {
        let p = &self.world.health.pools[usize::from(pool.0)];
        let mut sum = Expression::default();
        for (c, by_post) in block.hires.iter().enumerate() {
            if !p.places.contains(self.world.health.site(self.choices[c].site).main()) {
                continue;
            }
            for (hires, post) in by_post.iter().zip(&self.kind(c).posts) {
                let fits = post.profession == p.profession && p.mode.is_none_or(|m| m == post.mode);
                if let Some(v) = hires.by_year[usize::from(year) - 1].filter(|_| fits) {
                    sum.add_mul(f64::from(post.step.hundredths()), v);
                }
            }
        }
        sum
    }

    /// What a pool offers in a year, without what was carried over.
    pub(crate) fn offered(&self, block: &Block, pool: PoolIx, year: u8) -> Expression {
        let health = self.world.health;
        let p = &health.pools[usize::from(pool.0)];
        let mut sum = Expression::from(f64::from(
            health.pool_of(p, self.world.future(block.future), year).hundredths(),
        ));
        let adds =
            |l: &Lever| l.adds.iter().filter(|(to, _)| *to == pool).map(|(_, f)| f.hundredths()).sum::<u32>();
        for (lever, started) in &self.levers {
            let l = &health.levers[usize::from(lever.0)];
            if year > l.delay && adds(l) > 0 {
                sum += started[usize::from(year - l.delay) - 1].expr() * f64::from(adds(l));
            }
        }
        for (c, _) in self.choices.iter().enumerate() {
            let adds: u32 =
                self.kind(c).attracts.iter().filter(|(to, _)| *to == pool).map(|(_, f)| f.hundredths()).sum();
            if adds > 0 {
                sum += self.works(block.future, c, year - 1).expr() * f64::from(adds);
            }
        }
        sum
    }

    fn pool_rows(&self, block: &Block, keep: Keep<'_>, rows: &mut Vec<Constraint>) {
        for (pool, p) in (0..).map(PoolIx).zip(&self.world.health.pools) {
            if !keep(HealthClash::Pool(pool)) {
                continue;
            }
            let mut balance = Expression::default();
            for year in self.world.health.planned() {
                if !p.carry_over {
                    balance = Expression::default();
                }
                balance += self.taken(block, pool, year) - self.offered(block, pool, year);
                rows.push((balance.clone() * 0.01).leq(0));
            }
        }
    }

    /// People and acts that a lead gives in a year.
    pub(crate) fn given(&self, block: &Block, lead: SiteIx, year: u8) -> (Expression, Expression) {
        let (mut people, mut acts) = (Expression::default(), Expression::default());
        for s in block.sessions.iter().filter(|s| s.lead == lead && s.year == year) {
            if let Some(rule) = self.kind(s.choice).sessions {
                people.add_mul(f64::from(rule.lead_list), s.weekly);
                acts.add_mul(f64::from(rule.lead_acts), s.weekly);
            }
        }
        (people, acts)
    }

    fn session_rows(&self, block: &Block, rows: &mut Vec<Constraint>) {
        let mut received: BTreeMap<(usize, u8), Expression> = BTreeMap::new();
        let mut by_type: BTreeMap<(SiteIx, u8, HealthTypeIx), Expression> = BTreeMap::new();
        for s in &block.sessions {
            let Some(rule) = self.kind(s.choice).sessions else { continue };
            *received.entry((s.choice, s.year)).or_default() += s.weekly;
            let kind = self.choices[s.choice].kind;
            by_type.entry((s.lead, s.year, kind)).or_default().add_mul(f64::from(rule.lead_list), s.weekly);
            let open = self.lead_open(block.future, (s.lead, s.away), s.choice, s.year);
            rows.push((Expression::from(s.weekly) - open * f64::from(rule.most)).leq(0));
        }
        for ((choice, year), sum) in received {
            if let Some(rule) = self.kind(choice).sessions {
                rows.push(
                    (sum - self.works(block.future, choice, year).expr() * f64::from(rule.most)).leq(0),
                );
            }
        }
        let mut leads = BTreeSet::new();
        for ((lead, year, kind), sum) in by_type {
            let percent = self.world.health.kind(kind).sessions.map_or(0, |s| s.most_percent);
            let list = self.list_of_site(block, lead, year);
            rows.push((sum - list * (f64::from(percent) / 100.0)).leq(0));
            leads.insert((lead, year));
        }
        for (lead, year) in leads {
            let (_, acts) = self.given(block, lead, year);
            rows.push((acts - self.acts_of_site(block, lead, year)).leq(0));
        }
    }

    /// Leads give only what nobody keeps, each site for itself.
    pub(crate) fn giving_rows(&self, base: &[Attached], rows: &mut Vec<Constraint>) {
        for block in &self.blocks {
            let leads: BTreeSet<(u8, SiteIx)> = block.sessions.iter().map(|s| (s.year, s.lead)).collect();
            for year in self.world.health.planned() {
                let kept = self.world.kept(base, block.future, year);
                for (_, lead) in leads.iter().filter(|(y, _)| *y == year) {
                    let stay: u64 = kept.iter().filter(|k| k.site == *lead).map(|k| k.people.0).sum();
                    let (people, _) = self.given(block, *lead, year);
                    rows.push((people + stay as f64 - self.list_of_site(block, *lead, year)).leq(0));
                }
            }
        }
    }

    /// List of a site in a year before sessions are given or received.
    pub(crate) fn list_of_site(&self, block: &Block, site: SiteIx, year: u8) -> Expression {
        let practice = self.world.practice(block.future, site, year).list.0 as f64;
        let choices = self.of_site.get(&site).into_iter().flatten();
        choices.map(|c| self.list(block, *c, year)).sum::<Expression>() + practice
    }

    fn acts_of_site(&self, block: &Block, site: SiteIx, year: u8) -> Expression {
        let practice = self.world.practice(block.future, site, year).acts as f64;
        let choices = self.of_site.get(&site).into_iter().flatten();
        choices.map(|c| self.acts(block, *c, year)).sum::<Expression>() + practice
    }

    fn duty_rows(&self, rows: &mut Vec<Constraint>) {
        let Some(duty) = &self.world.health.duty else { return };
        let mut points = Expression::default();
        let mut by_home: BTreeMap<SiteIx, Expression> = BTreeMap::new();
        for (site, on, homes) in &self.duty {
            points += *on;
            let hosts = self
                .of_site
                .get(site)
                .into_iter()
                .flatten()
                .filter(|c| duty.types.contains(&self.choices[**c].kind));
            let open: Expression =
                hosts.map(|c| self.choices[*c].in_year(self.world.health.years).expr()).sum();
            rows.push((Expression::from(*on) - open).leq(0));
            let mut here = Expression::default();
            for (home, v) in homes {
                here += *v;
                *by_home.entry(*home).or_default() += *v;
            }
            rows.push((here - f64::from(duty.least_volunteers.hundredths()) * *on).geq(0));
        }
        for (home, sum) in by_home {
            rows.push((sum - self.gps(home) * (f64::from(duty.participation_percent) / 100.0)).leq(0));
        }
        rows.push(points.leq(duty.max_points));
    }

    /// Choices of these types (all when empty) at these places.
    fn chosen<'c>(
        &'c self,
        types: &'c [HealthTypeIx],
        inside: &'c dyn Fn(PlaceIx) -> bool,
    ) -> impl Iterator<Item = usize> + 'c {
        let fits = move |c: &usize| {
            let choice = &self.choices[*c];
            (types.is_empty() || types.contains(&choice.kind))
                && inside(self.world.health.site(choice.site).main())
        };
        (0..self.choices.len()).filter(fits)
    }

    pub(crate) fn rule_rows(&self, rule: &HealthRule, model: &mut Model, rows: &mut Vec<Constraint>) {
        let health = self.world.health;
        match rule {
            HealthRule::Count { places, types, what, least, most, years } => {
                for year in years.0.max(1)..=years.1.min(health.years) {
                    let inside = |p| places.contains(p);
                    let mut sum = Expression::default();
                    for c in self.chosen(types, &inside) {
                        let (choice, takes) = (&self.choices[c], self.kind(c).interns);
                        sum += match what {
                            CountWhat::Open => choice.in_year(year).expr(),
                            CountWhat::Interns if takes => choice.in_year(year).expr(),
                            CountWhat::New if !choice.stands() => choice.in_year(year).expr(),
                            CountWhat::Opening if !choice.stands() => {
                                choice.in_year(year).expr() - choice.in_year(year - 1).expr()
                            }
                            _ => Expression::default(),
                        };
                    }
                    rows.extend(least.map(|n| sum.clone().geq(f64::from(n))));
                    rows.extend(most.map(|n| sum.leq(f64::from(n))));
                }
            }
            HealthRule::Exclusive { sites, most } => {
                let ever = |c: &usize| {
                    let choice = &self.choices[*c];
                    // What may close counts when it stays to the end.
                    choice.in_year(health.years).expr()
                };
                let choices = sites.iter().filter_map(|s| self.of_site.get(s)).flatten();
                rows.push(choices.map(ever).sum::<Expression>().leq(*most));
            }
            HealthRule::Spacing { types, least } => self.spacing_rows(types, *least, rows),
            HealthRule::Coverage { places, types, practices, within, percent, years } => {
                for year in years.0.max(1)..=years.1.min(health.years) {
                    let people = &health.people[usize::from(year)];
                    let covers = self.covers(types, *practices, *within, FutureIx(0), year);
                    let inside = |ix: &PlaceIx| places.contains(*ix);
                    let lots = (0..).map(PlaceIx).zip(people).filter(|(ix, _)| inside(ix));
                    let lots: Vec<_> = lots.map(|(ix, n)| (covers[ix.0 as usize].clone(), n.0)).collect();
                    let all = lots.iter().map(|(_, n)| n).sum::<u64>() as f64;
                    let open = |c: usize| self.choices[c].in_year(year).expr();
                    let covered = covered(lots, &open, model, rows);
                    if all > 0.0 {
                        rows.push((covered * (1.0 / all)).geq(f64::from(*percent) / 100.0));
                    }
                }
            }
            HealthRule::Posts { places, types, professions, least, most, years } => {
                let inside = |p| places.contains(p);
                for block in &self.blocks {
                    for year in years.0.max(1)..=years.1.min(health.years) {
                        let (mut opened, mut filled) = (Expression::default(), Expression::default());
                        for c in self.chosen(types, &inside) {
                            for (hires, p) in block.hires[c].iter().zip(&self.kind(c).posts) {
                                if professions.is_empty() || professions.contains(&p.profession) {
                                    opened += self.opened(block, hires, year);
                                    filled += self.filled(block, hires, year);
                                }
                            }
                        }
                        rows.extend(least.map(|n| (opened * 0.01).geq(f64::from(n) * 0.01)));
                        rows.extend(most.map(|n| (filled * 0.01).leq(f64::from(n) * 0.01)));
                    }
                }
            }
            HealthRule::Ratio { types, of, per, least, most } => {
                for block in &self.blocks {
                    for c in self.chosen(types, &|_| true) {
                        for year in
                            health.planned().filter(|y| self.works(block.future, c, *y) != Open::Never)
                        {
                            let sum = |who: &[_], filled: bool| -> Expression {
                                let posts = block.hires[c].iter().zip(&self.kind(c).posts);
                                let posts = posts.filter(|(_, p)| who.contains(&p.profession));
                                posts
                                    .map(|(h, _)| {
                                        if filled {
                                            self.filled(block, h, year)
                                        } else {
                                            self.opened(block, h, year)
                                        }
                                    })
                                    .sum()
                            };
                            if let Some(n) = least {
                                rows.push((sum(of, false) - sum(per, true) * (f64::from(*n) / 100.0)).geq(0));
                            }
                            if let Some(n) = most {
                                rows.push((sum(of, true) - sum(per, false) * (f64::from(*n) / 100.0)).leq(0));
                            }
                        }
                    }
                }
            }
            // People have their own rows.
            HealthRule::Attached { .. } => {}
        }
    }

    fn spacing_rows(
        &self,
        types: &[HealthTypeIx],
        least: maillage_territory::Minutes,
        rows: &mut Vec<Constraint>,
    ) {
        let health = self.world.health;
        let choices: Vec<usize> = self.chosen(types, &|_| true).collect();
        let mut by_site: BTreeMap<SiteIx, Vec<usize>> = BTreeMap::new();
        for c in choices {
            by_site.entry(self.choices[c].site).or_default().push(c);
        }
        let sites: Vec<SiteIx> = by_site.keys().copied().collect();
        for (i, a) in sites.iter().enumerate() {
            for b in &sites[i + 1..] {
                let standing = |s: &SiteIx| by_site[s].iter().all(|c| self.choices[*c].stands());
                if standing(a) && standing(b) {
                    continue;
                }
                let (from, to) = (health.site(*a).main(), health.site(*b).main());
                let times = [
                    self.world.territory.travel.minutes(from, to),
                    self.world.territory.travel.minutes(to, from),
                ];
                if times.into_iter().flatten().min().is_none_or(|t| t >= least) {
                    continue;
                }
                let open = |year: u8| {
                    [a, b]
                        .into_iter()
                        .flat_map(|s| &by_site[s])
                        .map(|c| self.choices[*c].in_year(year).expr())
                        .sum::<Expression>()
                };
                // New structures stay: the last year says all, unless one that stands may close.
                let closes = [a, b].iter().any(|s| by_site[s].iter().any(|c| self.choices[*c].may_close));
                for year in if closes { 1 } else { health.years }..=health.years {
                    rows.push(open(year).leq(1));
                }
            }
        }
    }
}

/// People covered: one variable for each set of choices that cover some.
pub(crate) fn covered(
    lots: impl IntoIterator<Item = (CoveredBy, u64)>,
    open: &dyn Fn(usize) -> Expression,
    model: &mut Model,
    rows: &mut Vec<Constraint>,
) -> Expression {
    let mut groups: BTreeMap<Vec<usize>, u64> = BTreeMap::new();
    let mut sum = Expression::default();
    for (by, n) in lots.into_iter().filter(|(_, n)| *n > 0) {
        match by {
            None => sum += n as f64,
            Some(by) if by.is_empty() => {}
            Some(by) => *groups.entry(by).or_default() += n,
        }
    }
    for (by, n) in groups {
        let v = model.add(variable().min(0).max(1));
        rows.push((Expression::from(v) - by.into_iter().map(open).sum::<Expression>()).leq(0));
        sum.add_mul(n as f64, v);
    }
    sum
}
