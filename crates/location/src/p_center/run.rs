//! The search for the radius: representatives, and bounds on both sides.

use super::Metric;
use super::certificate::{Certificate, proves, strongest};
use crate::cover::{Ask, Csr, FEW, SHARE, fewest};
use crate::outcome::Checked;
use maillage_milp::{LimitReached, Limits, Progress, SolverFailure};
use std::time::Instant;

/// A solve.
pub(super) struct Run<'a, M> {
    metric: &'a M,
    rules: &'a Checked,
    /// Sites to open beside the fixed ones.
    choose: u64,
    limits: &'a Limits,
    started: Instant,
    watch: &'a mut dyn FnMut(&Progress),
    /// Representatives, each once.
    some: Vec<u32>,
    is_some: Vec<bool>,
    /// How many of them came first, by spreading; the radius for which the others joined.
    spread: usize,
    joined: u64,
    low: u64,
    best: Option<(u64, Vec<u32>)>,
    /// The largest radius that payments of clients exclude.
    proof: Option<(u64, Vec<(u32, u64)>)>,
}

/// Its end; keys of plan and bound.
pub(super) struct End {
    pub certificate: Option<Certificate>,
    pub open: Option<Vec<u32>>,
    pub high: u64,
    pub low: u64,
    pub limit: Option<LimitReached>,
}

enum Answer {
    Yes,
    No,
    Unknown(Option<LimitReached>),
}

/// How near to the least radius in doubt the bound is brought before the solver is asked.
const NEAR: f64 = 0.03;
/// Where few sites may open, the solver is asked just below the plan only once it is so near to the bound.
const CLOSE: f64 = 0.001;
/// Radii so near each other keep their representatives; so do all where more sites than these may open.
const ALIKE: f64 = 0.02;

impl<'a, M: Metric> Run<'a, M> {
    pub fn new(
        metric: &'a M,
        rules: &'a Checked,
        p: u32,
        limits: &'a Limits,
        started: Instant,
        watch: &'a mut dyn FnMut(&Progress),
    ) -> Self {
        let (some, is_some) = (Vec::new(), vec![false; metric.num_clients()]);
        let choose = u64::from(p - rules.num_fixed.min(p));
        let (spread, joined, low) = (usize::MAX, 0, 0);
        Run {
            metric,
            rules,
            choose,
            limits,
            started,
            watch,
            some,
            is_some,
            spread,
            joined,
            low,
            best: None,
            proof: None,
        }
    }

    /// A bound that these clients prove: below it no site reaches any of them, or none reaches two and they are more than sites.
    pub fn floor(&mut self, low: u64, clients: &[u32]) {
        let pays: Vec<(u32, u64)> = clients.iter().map(|&i| (i, SHARE)).collect();
        self.low = self.low.max(low);
        if let Some(radius) = low.checked_sub(1) {
            self.excluded(radius, pays);
        }
    }

    /// Keeps payments if they exclude a radius, and no larger one was excluded so.
    fn excluded(&mut self, radius: u64, pays: Vec<(u32, u64)>) {
        let more = self.proof.as_ref().is_none_or(|(known, _)| *known < radius);
        if more && proves(self.metric, self.rules, self.choose, &pays, radius) {
            self.proof = Some((radius, pays));
        }
    }

    fn certificate(&self) -> Option<Certificate> {
        let ((radius, pays), high) = (self.proof.as_ref()?, self.high()?);
        let bound = strongest(self.metric, self.rules, self.choose, pays, (*radius, high));
        let mut payments = vec![0; self.metric.num_clients()];
        pays.iter().for_each(|&(i, paid)| payments[i as usize] = paid);
        Some(Certificate { payments, bound })
    }

    pub fn solve(mut self) -> Result<End, SolverFailure> {
        self.spread();
        self.spread = self.some.len();
        let (mut limit, mut hoped, mut doubt) = (None, self.low, u64::MAX);
        if self.best.is_none() {
            // Nothing is known to reach everyone: perhaps nothing does.
            match self.reach(u64::MAX, false)? {
                Answer::No => return Ok(self.no_plan(None)),
                Answer::Unknown(l) => {
                    let limit = l.or_else(|| Some(LimitReached::Other("undecided".into())));
                    return Ok(self.no_plan(limit));
                }
                Answer::Yes => {}
            }
        }
        while let Some(high) = self.high().filter(|&high| self.low < high) {
            self.tell(high);
            if self.metric.near(self.low, high, self.limits.rel_gap) {
                break;
            }
            // First what search and relaxation can tell of plans, then of bounds, then the solver just below the plan; or, where
            // few sites may open, half-way: it then ends, and search finds less than it does.
            let few = self.choose <= FEW;
            let below = hoped >= high || few && doubt < high;
            doubt = doubt.min(high);
            let quick = !below || self.low < doubt && !self.metric.near(self.low, doubt, NEAR);
            let radius = match (below, quick) {
                (false, _) => self.middle(hoped, high),
                (true, true) => self.middle(self.low, doubt),
                (true, false) if few && !self.metric.near(self.low, high, CLOSE) => {
                    self.middle(self.low, high)
                }
                (true, false) => self.last(high),
            };
            match self.reach(radius, quick)? {
                Answer::Yes => {}
                Answer::No => {
                    self.low = self.next(radius, self.high().unwrap_or(high));
                    hoped = hoped.max(self.low);
                }
                Answer::Unknown(None) if quick => {
                    hoped = hoped.max(self.next(radius, self.high().unwrap_or(high)));
                    doubt = doubt.min(radius);
                }
                Answer::Unknown(l) => {
                    limit = l;
                    break;
                }
            }
        }
        self.high().into_iter().for_each(|high| self.tell(high));
        let certificate = self.certificate();
        let low = certificate.as_ref().map_or(self.low, |c| c.bound.max(self.low));
        let high = self.high().unwrap_or(0);
        Ok(End { certificate, open: self.best.map(|b| b.1), high, low: low.min(high), limit })
    }

    fn no_plan(self, limit: Option<LimitReached>) -> End {
        End { certificate: None, open: None, high: 0, low: self.low, limit }
    }

    fn high(&self) -> Option<u64> {
        self.best.as_ref().map(|b| b.0)
    }

    fn tell(&mut self, high: u64) {
        let (incumbent, bound) = (self.metric.length(high), self.metric.length(self.low.min(high)));
        (self.watch)(&Progress {
            elapsed: self.started.elapsed().as_secs_f64(),
            incumbent: Some(incumbent),
            bound: Some(bound),
            gap: Some(if incumbent > bound { (incumbent - bound) / incumbent } else { 0.0 }),
            nodes: 0,
        });
    }

    /// The plan at hand, if it is better; who it does not reach within the radius, farthest of each site.
    fn judge(&mut self, open: Vec<u32>, radius: u64) -> Vec<u32> {
        let nearest = self.metric.nearest(&open);
        let mut farthest: Vec<Option<(u64, u32)>> = vec![None; self.metric.num_sites() + 1];
        for (i, near) in (0u32..).zip(&nearest) {
            let (site, key) = near.map_or((self.metric.num_sites(), u64::MAX), |(j, k)| (j as usize, k));
            if (near.is_none() || key > radius) && farthest[site].is_none_or(|(k, _)| k < key) {
                farthest[site] = Some((key, i));
            }
        }
        let dearest = nearest.iter().map(|n| n.map(|(_, k)| k)).collect::<Option<Vec<u64>>>();
        let value = dearest.and_then(|keys| keys.into_iter().max());
        if let Some(value) = value.filter(|v| self.high().is_none_or(|h| *v < h)) {
            self.best = Some((value, open));
        }
        farthest.into_iter().flatten().map(|(_, i)| i).collect()
    }

    fn join(&mut self, clients: &[u32]) {
        for &i in clients {
            if !std::mem::replace(&mut self.is_some[i as usize], true) {
                self.some.push(i);
            }
        }
    }

    /// First representatives: the farthest client from the sites so far, again and again, each time with
    /// the site nearest to it opened. Gonzalez, Theoretical Computer Science 38 (1985) 293–306.
    fn spread(&mut self) {
        let mut open: Vec<u32> =
            (0u32..).zip(&self.rules.fixed).filter(|(_, f)| **f).map(|(j, _)| j).collect();
        for _ in 0..=self.choose {
            let near = self.metric.nearest(&open);
            let far = |i: &u32| near[*i as usize].map_or(u64::MAX, |(_, k)| k);
            let Some(i) = (0..near.len() as u32).rev().max_by_key(far) else { break };
            self.join(&[i]);
            let mut best: Option<(u64, u32)> = None;
            self.metric.each(i, &mut |j, key| best = Some(best.map_or((key, j), |b| b.min((key, j)))));
            let Some((_, j)) =
                best.filter(|_| open.len() as u64 <= self.choose + u64::from(self.rules.num_fixed))
            else {
                break;
            };
            if open.len() as u64 == self.choose + u64::from(self.rules.num_fixed) || self.limits.stopped() {
                // One more client than sites, each so far from all others: two share a site.
                let low = near[i as usize].map_or(0, |(_, far)| self.metric.half(far));
                self.floor(low, &self.some.clone());
                break;
            }
            open.push(j);
        }
        open.sort_unstable();
        open.dedup();
        self.judge(open, u64::MAX);
    }

    /// The last key of a representative from `low` to below `high`; `low` if there is none.
    fn last(&self, high: u64) -> u64 {
        let mut last = self.low;
        for &i in &self.some {
            self.metric.each(i, &mut |_, key| {
                if key < high {
                    last = last.max(key);
                }
            });
        }
        last
    }

    /// The middle of the keys of representatives from `low` to below `high`; `low` if there is none.
    fn middle(&self, low: u64, high: u64) -> u64 {
        let mut keys = Vec::new();
        for &i in &self.some {
            self.metric.each(i, &mut |_, key| {
                if key >= low && key < high {
                    keys.push(key);
                }
            });
        }
        keys.sort_unstable();
        keys.dedup();
        keys.get(keys.len() / 2).copied().unwrap_or(low)
    }

    /// The least key of a representative beyond a radius that is too small, at most `high`.
    fn next(&self, radius: u64, high: u64) -> u64 {
        let mut least = high;
        for &i in &self.some {
            self.metric.each(i, &mut |_, key| {
                if key > radius {
                    least = least.min(key);
                }
            });
        }
        least
    }

    /// Whether the sites reach every client within a radius; `quick`: unless that takes the MILP solver.
    fn reach(&mut self, radius: u64, quick: bool) -> Result<Answer, SolverFailure> {
        if self.choose <= FEW && !self.metric.near(self.joined.min(radius), self.joined.max(radius), ALIKE) {
            // Clients that decide another radius would only burden this one.
            self.some.drain(self.spread..).for_each(|i| self.is_some[i as usize] = false);
            self.joined = radius;
        }
        let (mut rows, mut who, mut told) = (Csr::new(), Vec::new(), 0);
        let mut plan = self.best.as_ref().map_or(Vec::new(), |(_, open)| open.clone());
        loop {
            if self.limits.stopped() {
                return Ok(Answer::Unknown(Some(LimitReached::Interrupted)));
            }
            if self.limits.time.is_some_and(|t| self.started.elapsed() >= t) {
                return Ok(Answer::Unknown(Some(LimitReached::Time)));
            }
            let new = self.some[told..].to_vec();
            told = self.some.len();
            for i in new {
                let mut near = Vec::new();
                self.metric.each(i, &mut |j, key| {
                    if key <= radius {
                        near.push(j);
                    }
                });
                if near.is_empty() {
                    self.excluded(radius, vec![(i, SHARE)]);
                    return Ok(Answer::No);
                }
                if near.iter().any(|&j| self.rules.fixed[j as usize]) {
                    continue;
                }
                near.sort_unstable();
                rows.push(near);
                who.push(i);
            }
            let ask = if quick { Ask::Perhaps(self.choose) } else { Ask::Whether(self.choose) };
            let found = fewest(&rows, self.metric.num_sites(), ask, &plan, self.limits, self.started)?;
            if found.chosen.len() as u64 > self.choose {
                let no = found.bound > self.choose;
                if no {
                    let pays = who.iter().copied().zip(found.pays).filter(|(_, paid)| *paid > 0);
                    self.excluded(radius, pays.collect());
                }
                return Ok(if no { Answer::No } else { Answer::Unknown(found.limit) });
            }
            let fixed = (0u32..).zip(&self.rules.fixed).filter(|(_, f)| **f).map(|(j, _)| j);
            let mut open: Vec<u32> = fixed.chain(found.chosen).collect();
            open.sort_unstable();
            plan.clone_from(&open);
            let missed = self.judge(open, radius);
            if missed.is_empty() {
                return Ok(Answer::Yes);
            }
            self.join(&missed);
        }
    }
}
