//! A solver's solution as a plan, and a plan as where a solver may start.

use super::formulation::{Decisions, Open};
use super::money::{EUROS, euros};
use super::people::LeftOut;
use crate::flow::Network;
use good_lp::Variable;
use maillage_programme::health::{
    Attached, FuturePlan, HealthPlan, Hire, Opening, Rank, Session, Standing, entitled, stocks,
};
use maillage_programme::health::{FutureIx, PostIx};
use maillage_programme::{Euros, SiteIx};
use std::collections::BTreeMap;

type Value<'v> = &'v dyn Fn(Variable) -> f64;

fn holds(open: Open, value: Value<'_>) -> bool {
    match open {
        Open::Always => true,
        Open::Never => false,
        Open::If(v) => value(v) > 0.5,
    }
}

impl Decisions<'_> {
    /// The plan of a solution, people assigned anew. `None` when people cannot be assigned.
    pub(crate) fn read(
        &self,
        value: Value<'_>,
        base: &[Attached],
        left_out: &[LeftOut],
    ) -> Option<HealthPlan> {
        let health = self.world.health;
        let mut plan = HealthPlan::default();
        for choice in &self.choices {
            let first = |open: bool| health.planned().find(|y| holds(choice.in_year(*y), value) == open);
            if !choice.stands() {
                let opening = first(true).map(|year| Opening { site: choice.site, kind: choice.kind, year });
                plan.openings.extend(opening);
            } else if choice.may_close {
                plan.closings.extend(first(false).map(|year| (choice.site, year)));
            }
        }
        for (lever, started) in &self.levers {
            let start = health.planned().find(|y| holds(started[usize::from(*y) - 1], value));
            plan.levers.extend(start.map(|year| (*lever, year)));
        }
        plan.duty = self.duty.iter().filter(|(_, on, _)| value(*on) > 0.5).map(|(s, ..)| *s).collect();
        plan.openings.sort_unstable();
        plan.closings.sort_unstable();
        plan.duty.sort_unstable();
        for block in &self.blocks {
            let mut future = FuturePlan::default();
            for hires in block.hires.iter().flatten() {
                for (year, var) in health.planned().zip(&hires.by_year) {
                    let steps = var.map_or(0.0, value).round().max(0.0) as u32;
                    if steps > 0 {
                        future.hires.push(Hire {
                            site: self.choices[hires.choice].site,
                            post: hires.post,
                            year,
                            steps,
                        });
                    }
                }
            }
            for s in &block.sessions {
                let sessions = value(s.weekly).round().max(0.0) as u32;
                if sessions > 0 {
                    let site = self.choices[s.choice].site;
                    future.sessions.push(Session { site, lead: s.lead, year: s.year, sessions });
                }
            }
            future.hires.sort_unstable();
            future.sessions.sort_unstable();
            plan.futures.push(future);
        }
        for block in &self.blocks {
            let paid = block
                .paid
                .iter()
                .map(|p| p.as_ref().map(|p| p.iter().map(|v| EUROS * value(*v)).collect::<Vec<_>>()));
            let paid = pay(self, &plan, block.future, paid.collect());
            plan.futures[usize::from(block.future.0)].paid = paid;
        }
        self.world.finish(&mut plan, base, left_out)?;
        Some(plan)
    }

    /// Values of all whole decisions of a plan.
    pub(crate) fn start(&self, plan: &HealthPlan) -> Vec<(Variable, f64)> {
        let health = self.world.health;
        let mut out = Vec::new();
        let mut put = |open: Open, on: bool| {
            if let Open::If(v) = open {
                out.push((v, f64::from(u8::from(on))));
            }
        };
        for choice in &self.choices {
            for year in health.planned() {
                put(choice.in_year(year), plan.open(health, choice.site, year) == Some(choice.kind));
            }
        }
        for (lever, started) in &self.levers {
            let start = plan.levers.iter().find(|(l, _)| l == lever).map(|(_, y)| *y);
            for (year, open) in health.planned().zip(started) {
                put(*open, start.is_some_and(|y| y <= year));
            }
        }
        for (site, on, homes) in &self.duty {
            out.push((*on, f64::from(u8::from(plan.duty.contains(site)))));
            for (home, v) in homes {
                let here = plan.volunteers.iter().find(|(s, h, _)| s == site && h == home);
                out.push((*v, here.map_or(0.0, |(.., n)| f64::from(*n))));
            }
        }
        for block in &self.blocks {
            let future = &plan.futures[usize::from(block.future.0)];
            let mut hired: BTreeMap<(SiteIx, PostIx, u8), u32> = BTreeMap::new();
            for h in &future.hires {
                *hired.entry((h.site, h.post, h.year)).or_default() += h.steps;
            }
            for hires in block.hires.iter().flatten() {
                let c = &self.choices[hires.choice];
                for (year, var) in health.planned().zip(&hires.by_year) {
                    let mine = plan.open(health, c.site, year) == Some(c.kind);
                    let steps = hired.get(&(c.site, hires.post, year)).filter(|_| mine);
                    out.extend(var.map(|v| (v, steps.map_or(0.0, |n| f64::from(*n)))));
                }
            }
            let given: BTreeMap<(SiteIx, SiteIx, u8), u32> =
                future.sessions.iter().map(|s| ((s.site, s.lead, s.year), s.sessions)).collect();
            for s in &block.sessions {
                let c = &self.choices[s.choice];
                let mine = plan.open(health, c.site, s.year) == Some(c.kind);
                let n = given.get(&(c.site, s.lead, s.year)).filter(|_| mine);
                out.push((s.weekly, n.map_or(0.0, |n| f64::from(*n))));
            }
            for (vars, paid) in block.paid.iter().zip(&future.paid) {
                let vars = vars.iter().flatten().zip(paid);
                out.extend(vars.map(|(v, e)| (*v, euros(e.0))));
            }
        }
        out
    }
}

/// What each funder pays by year: all that is claimed and its envelope of the year allows; where a total is to be
/// shared among years, what the solution says first, then the rest in the order of years.
fn pay(d: &Decisions<'_>, plan: &HealthPlan, f: FutureIx, said: Vec<Option<Vec<f64>>>) -> Vec<Vec<Euros>> {
    let health = d.world.health;
    let claims: Vec<Vec<Euros>> =
        health.planned().map(|y| entitled(health, plan, usize::from(f.0), y)).collect();
    let each = |(i, said): (usize, Option<Vec<f64>>)| {
        let envelope = &health.funders[i].envelope;
        let most: Vec<i64> = health
            .planned()
            .map(|y| envelope.of(y).map_or(i64::MAX, |e| e.0).min(claims[usize::from(y) - 1][i].0).max(0))
            .collect();
        let mut left = envelope.total.map_or(i64::MAX, |e| e.0.max(0));
        let mut paid: Vec<i64> = Vec::new();
        for (y, most) in most.iter().enumerate() {
            let first = said
                .as_ref()
                .filter(|_| envelope.total.is_some())
                .map_or(*most, |s| (s[y] + 1e-2).floor() as i64);
            let now = first.clamp(0, *most).min(left);
            left -= now;
            paid.push(now);
        }
        for (now, most) in paid.iter_mut().zip(most) {
            let more = (most - *now).min(left);
            left -= more;
            *now += more;
        }
        paid.into_iter().map(Euros).collect()
    };
    said.into_iter().enumerate().map(each).collect()
}

impl super::world::World<'_> {
    /// Volunteers and people of a plan whose decisions are known. `None` when there is no way.
    pub(crate) fn finish(
        &self,
        plan: &mut HealthPlan,
        base: &[Attached],
        left_out: &[LeftOut],
    ) -> Option<()> {
        plan.volunteers = self.volunteers(plan)?;
        for (f, _) in self.health.futures() {
            let attached = self.after(plan, base, f, left_out)?;
            plan.futures[usize::from(f.0)].attached = attached;
        }
        Some(())
    }

    /// GPs of a site in the last year of the first future, in hundredths.
    pub(crate) fn gps(&self, plan: &HealthPlan, site: SiteIx) -> u64 {
        let (health, last) = (self.health, self.health.years);
        if health.site(site).standing == Standing::Practice {
            return u64::from(self.practice(FutureIx(0), site, last).gps.hundredths());
        }
        let Some(kind) = plan.works(health, &health.futures[0], site, last) else { return 0 };
        let posts = health.kind(kind).posts.iter().zip(stocks(health, &self.tables[0], plan, 0, site, last));
        let gp = |rank: &Rank| *rank == Rank::Gp;
        posts
            .filter(|(p, _)| gp(&health.professions[usize::from(p.profession.0)].rank))
            .map(|(_, s)| s.filled)
            .sum()
    }

    /// Volunteers of every duty point; `None` when some point has too few.
    fn volunteers(&self, plan: &HealthPlan) -> Option<Vec<(SiteIx, SiteIx, u32)>> {
        let Some(duty) = &self.health.duty else { return Some(Vec::new()) };
        let mut net = Network::new();
        let least = u64::from(duty.least_volunteers.hundredths());
        if plan.duty.is_empty() || least == 0 {
            return Some(Vec::new());
        }
        let points: Vec<(SiteIx, u32)> = plan.duty.iter().map(|s| (*s, net.drain(least))).collect();
        let mut arcs = Vec::new();
        for (home, s) in self.health.sites() {
            let n = self.gps(plan, home) * u64::from(duty.participation_percent) / 100;
            if n == 0 {
                continue;
            }
            let node = net.source(n, 0);
            for &(point, drain) in &points {
                let away = self.territory.travel.minutes(s.main(), self.health.site(point).main());
                if away.is_some_and(|t| t <= duty.volunteers_within) {
                    arcs.push((point, home, net.arc(node, drain, n, -1)));
                }
            }
        }
        let flow = net.solve();
        let mut out: Vec<_> =
            arcs.into_iter().filter(|(.., a)| flow[*a] > 0).map(|(p, h, a)| (p, h, flow[a] as u32)).collect();
        out.sort_unstable();
        let sum = |point: &SiteIx| {
            out.iter().filter(|(p, ..)| p == point).map(|(.., n)| u64::from(*n)).sum::<u64>()
        };
        plan.duty.iter().all(|p| sum(p) >= least).then_some(out)
    }
}
