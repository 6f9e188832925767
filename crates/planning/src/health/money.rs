//! Money as rows, in units of 1,024 euros: whole euros stay exact, and the solver's tolerance of 1e-9 is one that doubles
//! can hold. With coefficients of tens of millions HiGHS cut off better plans (test `half_posts_among_millions`).

use super::clash::HealthClash;
use super::formulation::{Block, Decisions, Keep, Open};
use good_lp::{Constraint, Expression};
use maillage_programme::Euros;
use maillage_programme::health::grants;

/// So many euros are 1 in the model.
pub(crate) const EUROS: f64 = 1024.0;

/// Euros in the unit of the model.
pub(crate) fn euros(n: i64) -> f64 {
    n as f64 / EUROS
}

impl Decisions<'_> {
    /// Opens in the year, 0 or 1.
    fn opens(&self, block: &Block, choice: usize, year: u8) -> Expression {
        if self.choices[choice].stands() {
            return Expression::default();
        }
        self.works(block.future, choice, year).expr() - self.works(block.future, choice, year - 1).expr()
    }

    /// What projects are entitled to from a funder in a year.
    fn entitled(&self, block: &Block, funder: usize, year: u8) -> Expression {
        let health = self.world.health;
        let f = &health.funders[funder];
        let mut sum = Expression::default();
        for (c, choice) in self.choices.iter().enumerate() {
            let place = health.site(choice.site).main();
            let yearly = f.rule(health, choice.kind, place).map_or(0, |r| r.yearly.0);
            if yearly != 0 {
                sum += self.works(block.future, c, year).expr() * euros(yearly);
            }
            let grant = if choice.stands() { Euros(0) } else { grants(health, choice.kind, place)[funder] };
            if grant.0 != 0 {
                sum += self.opens(block, c, year) * euros(grant.0);
            }
        }
        sum
    }

    /// What everything costs in a year, and what of it is paid by fees and rents.
    fn costs(&self, block: &Block, year: u8) -> (Expression, Expression) {
        let (mut cost, mut income) = (Expression::default(), Expression::default());
        for (c, choice) in self.choices.iter().enumerate() {
            let kind = self.kind(c);
            let tables = &self.world.tables[usize::from(block.future.0)].of[usize::from(choice.kind.0)];
            let works = self.works(block.future, c, year);
            if works == Open::Never {
                continue;
            }
            cost += self.opens(block, c, year) * euros(kind.capital.0);
            cost += works.expr() * euros(kind.yearly.0);
            income += works.expr() * euros(kind.income.0);
            let posts = |today: &dyn Fn(usize) -> i64, table: &dyn Fn(usize, usize) -> i64| {
                self.of_posts(block, c, year, today, &|p, age| table(p, age) as f64) / EUROS
            };
            cost += posts(&|p| kind.posts[p].yearly.0, &|p, age| tables[p].cost[age]);
            income += posts(&|p| kind.posts[p].income.0, &|p, age| tables[p].income[age]);
            for (hires, p) in block.hires[c].iter().zip(&kind.posts) {
                let each = (p.capital.0 * i64::from(p.step.hundredths())).div_euclid(100);
                if let Some(v) = hires.by_year[usize::from(year) - 1].filter(|_| each != 0) {
                    cost.add_mul(euros(each), v);
                }
            }
        }
        for (lever, started) in &self.levers {
            let l = &self.world.health.levers[usize::from(lever.0)];
            let now = started[usize::from(year) - 1].expr();
            let then = if year > 1 { started[usize::from(year) - 2].expr() } else { Expression::default() };
            cost += now.clone() * euros(l.yearly.0) + (now - then) * euros(l.capital.0);
        }
        (cost, income)
    }

    /// What a funder pays in a year.
    fn paid(&self, block: &Block, funder: usize, year: u8) -> Expression {
        match &block.paid[funder] {
            Some(by_year) => by_year[usize::from(year) - 1].into(),
            None => self.entitled(block, funder, year),
        }
    }

    /// What all but fees and rents pay, in a future.
    pub(crate) fn cost(&self, block: &Block) -> Expression {
        let each = |year| {
            let (cost, income) = self.costs(block, year);
            cost - income
        };
        self.world.health.planned().map(each).sum()
    }

    pub(crate) fn money_rows(&self, keep: Keep<'_>, rows: &mut Vec<Constraint>) {
        let health = self.world.health;
        for block in &self.blocks {
            for (i, funder) in health.funders.iter().enumerate() {
                let Some(paid) = &block.paid[i] else { continue };
                let mut total = Expression::default();
                for (year, &v) in health.planned().zip(paid) {
                    rows.push((Expression::from(v) - self.entitled(block, i, year)).leq(0));
                    rows.extend(funder.envelope.of(year).map(|e| Expression::from(v).leq(euros(e.0))));
                    total += v;
                }
                rows.extend(funder.envelope.total.map(|e| total.leq(euros(e.0))));
            }
            let limited = health.owner.total.is_some() || health.owner.by_year.iter().any(|e| e.is_some());
            if !limited || !keep(HealthClash::Owner) {
                continue;
            }
            let mut total = Expression::default();
            for year in health.planned() {
                let (cost, income) = self.costs(block, year);
                let paid: Expression = (0..health.funders.len()).map(|f| self.paid(block, f, year)).sum();
                let owner = cost - income - paid;
                rows.extend(health.owner.of(year).map(|e| owner.clone().leq(euros(e.0))));
                total += owner;
            }
            rows.extend(health.owner.total.map(|e| total.leq(euros(e.0))));
        }
    }
}
