//! How a step is searched: the relaxation first, then plans near it, then plans near the best one, then the whole model.

use super::formulation::Open;
use super::goals::unit_of;
use super::solve::{Search, Stage, failure, granularity, whole};
use good_lp::{Constraint, Expression, Solution as _, Variable};
use maillage_milp::{LimitReached, Limits, Outcome, Progress, Reason, SolverFailure};
use maillage_programme::SiteIx;
use maillage_programme::health::Seek;
use std::collections::{BTreeSet, HashMap};
use std::time::{Duration, Instant};

/// Models with fewer choices by year go to the solver as they are.
const SMALL: usize = 400;
/// Sites that are free in a neighbourhood.
const NEIGHBOURS: usize = 40;
/// Where only a better plan is sought.
const EFFORT: Option<f64> = Some(0.4);
/// Seconds for the plans near the relaxation and for one neighbourhood, where no limit is set.
const PATIENCE: Duration = Duration::from_secs(60);

impl<'s> Search<'s> {
    /// Improves the best plan for a step; returns a bound in hundredths.
    pub(crate) fn search(
        &mut self,
        seek: &Seek,
        stage: &Stage<'s>,
        left: Option<Duration>,
        tell: &mut dyn FnMut(&Progress),
    ) -> Result<i128, SolverFailure> {
        let started = Instant::now();
        let until = |share: f64| left.map(|t| t.mul_f64(share).saturating_sub(started.elapsed()));
        let free =
            stage.decisions.choices.iter().flat_map(|c| &c.open).filter(|o| matches!(o, Open::If(_))).count();
        let mut bound = None;
        if free >= SMALL {
            let relaxed = maillage_milp::solve(
                stage.model.relaxed(),
                &self.limits(seek, left, 0.0),
                None,
                &mut |_| {},
            )?;
            if let (Reason::Optimal, Some(values)) = (relaxed.reason, &relaxed.values) {
                bound = relaxed
                    .bound
                    .or(relaxed.objective)
                    .map(|b| whole(self.world.health, seek, b, stage.used));
                self.near_relaxation(
                    seek,
                    stage,
                    &|v| values.value(v),
                    until(0.12).unwrap_or(PATIENCE),
                    tell,
                )?;
                let late = started.elapsed();
                let end = left.map_or(late + PATIENCE, |t| t.mul_f64(0.92));
                self.near_best(seek, stage, bound, &|| end.saturating_sub(started.elapsed()), tell)?;
            }
        }
        if bound.is_some_and(|b| self.is_near(seek, b)) {
            return Ok(bound.unwrap_or_default());
        }
        let limits = self.limits(seek, until(1.0), self.options.gap);
        let mut outcome = match self.solve_with(seek, stage, None, limits.clone(), tell) {
            // The solver gives up on some models that it solves otherwise.
            Err(SolverFailure::Solver(_)) => {
                let again = Limits { cautious: true, time: until(1.0), ..limits.clone() };
                self.solve_with(seek, stage, None, again, tell)?
            }
            done => done?,
        };
        let bounded = |o: &Outcome| o.bound.map(|b| whole(self.world.health, seek, b, stage.used));
        let mut last = bounded(&outcome);
        if outcome.reason == Reason::Infeasible || last.is_some_and(|b| self.beats(seek, b)) {
            // The solver contradicts a plan that is at hand: its presolve is known to, so it is asked again with less of it.
            let again = Limits { cautious: true, time: until(1.0), ..limits };
            outcome = self.solve_with(seek, stage, None, again, tell)?;
            last = outcome.bound.map(|b| whole(self.world.health, seek, b, stage.used));
        }
        if outcome.reason == Reason::Infeasible {
            return Err(failure("the solver calls infeasible what a plan keeps"));
        }
        self.limit = self.limit.take().or(outcome.limit);
        let best = bound.into_iter().chain(last);
        let trivial = if seek.is_max() { i128::MAX } else { i128::MIN };
        Ok(if seek.is_max() { best.min() } else { best.max() }.unwrap_or(trivial))
    }

    /// Whether the best plan beats a bound, which no plan can.
    fn beats(&self, seek: &Seek, bound: i128) -> bool {
        let value = self.world.seek(&self.best, seek);
        if seek.is_max() { value > bound } else { value < bound }
    }

    fn limits(&self, seek: &Seek, time: Option<Duration>, gap: f64) -> Limits {
        Limits {
            time,
            rel_gap: gap,
            abs_gap: granularity(self.world.health) as f64 / 200.0 / unit_of(seek),
            threads: self.options.threads,
            seed: self.options.seed,
            heuristics: None,
            cautious: false,
            stop: self.options.stop.clone(),
        }
    }

    /// Whether the best plan is within the asked gap of a bound.
    fn is_near(&self, seek: &Seek, bound: i128) -> bool {
        let value = self.world.seek(&self.best, seek);
        let gap = self.options.gap * (value.unsigned_abs() as f64).max(100.0);
        (value - bound).unsigned_abs() as f64 <= gap
    }

    /// Solves a part of the model, from the best plan, or the whole of it, and keeps the plan if it is better. The whole is
    /// solved without a start: a start's value has led HiGHS 1.15 to cut off better solutions, and its bound is a claim.
    fn solve_with(
        &mut self,
        seek: &Seek,
        stage: &Stage<'s>,
        rows: Option<Vec<Constraint>>,
        limits: Limits,
        tell: &mut dyn FnMut(&Progress),
    ) -> Result<Outcome, SolverFailure> {
        let mut model = stage.model.clone();
        let mut start = Vec::new();
        if let Some(rows) = rows {
            for row in rows {
                model.subject_to(row);
            }
            start = stage.decisions.start(&self.best);
            start.extend(self.flows(stage, &BTreeSet::new()).map(|(v, n, _)| (v, n)));
        }
        let outcome = maillage_milp::solve(model, &limits, Some(&start), tell)?;
        if let Some(plan) = self.read(seek, &stage.decisions, &stage.rules, &outcome)
            && self.better(&plan, seek)
        {
            self.best = plan;
        }
        Ok(outcome)
    }

    /// Plans made of the choices that the relaxation opens, even in part, and those of the best plan.
    fn near_relaxation(
        &mut self,
        seek: &Seek,
        stage: &Stage<'s>,
        value: &dyn Fn(Variable) -> f64,
        time: Duration,
        tell: &mut dyn FnMut(&Progress),
    ) -> Result<(), SolverFailure> {
        let d = &stage.decisions;
        let mut rows = Vec::new();
        for choice in &d.choices {
            let last = self.world.health.years;
            let mine = self.best.open(self.world.health, choice.site, last) == Some(choice.kind);
            if let Open::If(v) = choice.in_year(last)
                && !mine
                && !choice.stands()
                && value(v) < 1e-6
            {
                rows.push(Expression::from(v).leq(0));
            }
        }
        let limits = self.limits(seek, Some(time), self.options.gap.max(1e-4));
        self.solve_with(seek, stage, Some(rows), Limits { heuristics: EFFORT, ..limits }, &mut |p| {
            partial(p, tell)
        })?;
        Ok(())
    }

    /// Around one site after the other, everything near is decided anew and the rest stays.
    fn near_best(
        &mut self,
        seek: &Seek,
        stage: &Stage<'s>,
        bound: Option<i128>,
        left: &dyn Fn() -> Duration,
        tell: &mut dyn FnMut(&Progress),
    ) -> Result<(), SolverFailure> {
        let d = &stage.decisions;
        let sites: Vec<SiteIx> = d.of_site.keys().copied().collect();
        let mut fruitless = 0;
        let mut k = 0;
        while fruitless < sites.len().div_ceil(NEIGHBOURS / 2)
            && !left().is_zero()
            && !bound.is_some_and(|b| self.is_near(seek, b))
        {
            if self.options.stop.as_ref().is_some_and(|s| s.load(std::sync::atomic::Ordering::Relaxed)) {
                self.limit = Some(LimitReached::Interrupted);
                break;
            }
            // Every fifth time what is open stays and all posts are decided anew. Else around a place, spread over the
            // list, the same for the same programme; or around two at once, since pools and money join what lies apart.
            let posts_only = k % 5 == 0;
            let centre = |k: usize| sites[(k * 7919) % sites.len()];
            let near: BTreeSet<SiteIx> = match k % 2 {
                _ if posts_only => BTreeSet::new(),
                0 => self.near(&sites, centre(k), NEIGHBOURS).collect(),
                _ => {
                    let both = [centre(k), centre(k + sites.len() / 2)];
                    both.iter().flat_map(|c| self.near(&sites, *c, NEIGHBOURS / 2)).collect()
                }
            };
            k += 1;
            let start: Vec<(Variable, f64)> = d.start(&self.best);
            let fixed: HashMap<Variable, f64> = start.into_iter().collect();
            let mut rows = Vec::new();
            for (c, choice) in d.choices.iter().enumerate().filter(|(_, c)| !near.contains(&c.site)) {
                let mut fix =
                    |v: Variable| rows.push(Expression::from(v).eq(fixed.get(&v).copied().unwrap_or(0.0)));
                for open in &choice.open {
                    if let Open::If(v) = open {
                        fix(*v);
                    }
                }
                for block in d.blocks.iter().filter(|_| !posts_only) {
                    block.hires[c].iter().flat_map(|h| &h.by_year).flatten().for_each(|v| fix(*v));
                }
            }
            if !posts_only {
                // Who reaches nothing near stays where they are.
                let far = self.flows(stage, &near).filter(|(.., free)| !free);
                rows.extend(far.map(|(v, n, _)| Expression::from(v).eq(n)));
            }
            let before = self.world.seek(&self.best, seek);
            let time = left().min(Duration::from_secs(5));
            let limits = self.limits(seek, Some(time), 1e-5);
            self.solve_with(seek, stage, Some(rows), Limits { heuristics: EFFORT, ..limits }, &mut |p| {
                partial(p, tell)
            })?;
            fruitless = if self.world.seek(&self.best, seek) == before { fruitless + 1 } else { 0 };
        }
        Ok(())
    }

    /// Flows of the best plan, with whether they could go to one of these sites.
    fn flows<'a>(
        &'a self,
        stage: &'a Stage<'s>,
        near: &'a BTreeSet<SiteIx>,
    ) -> impl Iterator<Item = (Variable, f64, bool)> + 'a {
        let blocks = stage.flows.iter().zip(&self.best.futures);
        blocks
            .flat_map(move |(by_year, plan)| by_year.iter().flat_map(move |t| t.values(&plan.attached, near)))
    }

    /// The sites nearest to one.
    fn near(&self, sites: &[SiteIx], centre: SiteIx, how_many: usize) -> impl Iterator<Item = SiteIx> {
        let from = self.world.health.site(centre).main();
        let mut by_time: Vec<_> = sites
            .iter()
            .filter_map(|s| {
                Some((self.world.territory.travel.minutes(from, self.world.health.site(*s).main())?, *s))
            })
            .collect();
        by_time.sort_unstable();
        by_time.into_iter().take(how_many).map(|(_, s)| s)
    }
}

/// Progress on a part of the plans: its bound bounds nothing else.
fn partial(p: &Progress, tell: &mut dyn FnMut(&Progress)) {
    if p.incumbent.is_some() {
        tell(&Progress { bound: None, gap: None, ..p.clone() });
    }
}
