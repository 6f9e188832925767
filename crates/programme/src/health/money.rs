//! Every euro of a plan: what it is for, who pays.

use super::{Health, HealthPlan, LeverIx, Tables, grants, stocks};
use crate::{Euros, SiteIx};

/// What money is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MoneyUse {
    /// Capital of a structure in the year it opens.
    Capital(SiteIx),
    /// Equipment of posts opened in the year.
    Equipment(SiteIx),
    /// A year of a structure: its own cost and its filled posts'.
    Running(SiteIx),
    /// A lever: capital in the year it starts, then every year.
    Lever(LeverIx),
}

/// Who pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Payer {
    /// Fees, insurance and rents of the structure.
    Income,
    /// A funder, by its place in the list.
    Funder(u16),
    /// The owner: what is left. Negative when a structure earns more than it costs.
    Owner,
}

/// One payment. Payments of one use in one year add up to its cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MoneyRow {
    /// When.
    pub year: u8,
    /// What for.
    pub what: MoneyUse,
    /// Who.
    pub payer: Payer,
    /// How much; never 0.
    pub euros: Euros,
}

/// What each funder could pay in a year of a future by its rules alone: yearly sums of working structures, then grants
/// of those that open in the year, each in the order of sites. `(use, by funder)`.
fn claims(health: &Health, plan: &HealthPlan, future: usize, year: u8) -> Vec<(MoneyUse, Vec<i64>)> {
    let mut out = Vec::new();
    for (site, s) in health.sites() {
        if let Some(kind) = plan.works(health, &health.futures[future], site, year) {
            let yearly = |f: &super::Funder| f.rule(health, kind, s.main()).map_or(0, |r| r.yearly.0);
            out.push((MoneyUse::Running(site), health.funders.iter().map(yearly).collect()));
        }
    }
    for o in plan.openings.iter().filter(|o| o.year == year) {
        if plan.works(health, &health.futures[future], o.site, year).is_some() {
            let given = grants(health, o.kind, health.site(o.site).main());
            out.push((MoneyUse::Capital(o.site), given.iter().map(|e| e.0).collect()));
        }
    }
    out
}

/// What projects are entitled to from each funder in a year of a future, envelopes aside.
pub fn entitled(health: &Health, plan: &HealthPlan, future: usize, year: u8) -> Vec<Euros> {
    let mut out = vec![Euros(0); health.funders.len()];
    for (_, by_funder) in claims(health, plan, future, year) {
        for (sum, euros) in out.iter_mut().zip(by_funder) {
            *sum = *sum + Euros(euros);
        }
    }
    out
}

/// Every payment of a plan in a future, sorted. Each funder's payments of a year are shared out first come, first
/// served: yearly sums, then grants, each in the order of sites; owners pay what is left.
pub fn money(health: &Health, tables: &Tables, plan: &HealthPlan, future: usize) -> Vec<MoneyRow> {
    let mut rows = Vec::new();
    for year in health.planned() {
        let mut left: Vec<i64> =
            plan.futures[future].paid.iter().map(|by_year| by_year[usize::from(year) - 1].0).collect();
        let mut owner = costs(health, tables, plan, future, year, &mut rows);
        for (what, by_funder) in claims(health, plan, future, year) {
            for (f, (claim, left)) in by_funder.into_iter().zip(&mut left).enumerate() {
                let euros = claim.min(*left);
                *left -= euros;
                push(&mut rows, year, what, Payer::Funder(f as u16), euros);
                if let Some((_, cost)) = owner.iter_mut().find(|(w, _)| *w == what) {
                    *cost -= euros;
                }
            }
        }
        for (what, euros) in owner {
            push(&mut rows, year, what, Payer::Owner, euros);
        }
    }
    rows.sort_unstable();
    rows
}

/// What each use costs beyond its income in a year; the income goes to `rows`.
fn costs(
    health: &Health,
    tables: &Tables,
    plan: &HealthPlan,
    future: usize,
    year: u8,
    rows: &mut Vec<MoneyRow>,
) -> Vec<(MoneyUse, i64)> {
    let mut out = Vec::new();
    for (site, _) in health.sites() {
        let Some(kind) = plan.works(health, &health.futures[future], site, year) else { continue };
        let t = health.kind(kind);
        if plan.openings.iter().any(|o| o.site == site && o.year == year) {
            out.push((MoneyUse::Capital(site), t.capital.0));
        }
        let hired = plan.futures[future].hires.iter().filter(|h| h.site == site && h.year == year);
        let equipment = hired.map(|h| {
            let p = &t.posts[usize::from(h.post.0)];
            // Rounded down by step, so that steps add up.
            (p.capital.0 * i64::from(p.step.hundredths())).div_euclid(100) * i64::from(h.steps)
        });
        out.push((MoneyUse::Equipment(site), equipment.sum()));
        let stocks = stocks(health, tables, plan, future, site, year);
        let income = t.income.0 + stocks.iter().map(|s| s.income).sum::<i64>();
        push(rows, year, MoneyUse::Running(site), Payer::Income, income);
        out.push((MoneyUse::Running(site), t.yearly.0 + stocks.iter().map(|s| s.cost).sum::<i64>() - income));
    }
    for (lever, start) in &plan.levers {
        let l = &health.levers[usize::from(lever.0)];
        let capital = if *start == year { l.capital.0 } else { 0 };
        let yearly = if *start <= year { l.yearly.0 } else { 0 };
        out.push((MoneyUse::Lever(*lever), capital + yearly));
    }
    out
}

fn push(rows: &mut Vec<MoneyRow>, year: u8, what: MoneyUse, payer: Payer, euros: i64) {
    if euros != 0 {
        rows.push(MoneyRow { year, what, payer, euros: Euros(euros) });
    }
}
