//! People attached under many limits at once: programmes that differ in nothing else.
//!
//! A plan that keeps tighter limits keeps wider ones, and a bound under wider limits holds under tighter ones. Every plan
//! gives a cut (see [`crate::cut`]) that no plan under any limits passes:
//!
//! ```text
//! attached ≤ Σ n[i] outside the set + Σ_p min(C[p] + Σ L·g at p, people of the set near p)   over p within its reach
//! ```
//!
//! A model of decisions alone under all cuts so far (Benders 1962) is solved in milliseconds: its value is a bound, its
//! decisions a plan to try, whose cut is the next one. Cuts serve all limits. What they leave open after a few rounds
//! is solved as usual, from the best plan known and below the best bound known.

use crate::aside::{Aside, opened};
use crate::assign::assign;
use crate::cut::cut;
use crate::formulation::{Decisions, keeps_every_rule};
use crate::solve::{GoalOutcome, GoalStatus, Options, Solved, Watch, failure, outcome_of, solve_aside};
use good_lp::{Expression, Solution as _, variable};
use maillage_milp::{
    LimitReached, Limits as SolverLimits, Model, Outcome, Reason, Sense, SolverFailure, whole_bound,
};
use maillage_programme::{Goal, Limits, Plan, Programme, Role, Site, SiteIx, Staffed, TypeIx};
use maillage_territory::{PlaceIx, Territory};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// Rounds of cuts at one point before it is solved as usual.
const ROUNDS: usize = 12;
/// Tries to keep open at one point what is open at the one before.
const NESTED: usize = 3;

/// What is known at one point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrontierPoint {
    /// The best plan.
    pub plan: Plan,
    /// People attached and their bound.
    pub people: GoalOutcome,
}

/// Points in the order of the programmes; `None` where no plan keeps every rule, or none was found in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frontier {
    /// The points.
    pub points: Vec<Option<FrontierPoint>>,
    /// Proven: no plan keeps the limits of this point.
    pub infeasible: Vec<bool>,
    /// Whole models solved.
    pub solves: usize,
    /// Small models of decisions solved.
    pub rounds: usize,
    /// What stopped the search, if anything did.
    pub limit: Option<LimitReached>,
}

/// Whether two programmes differ in nothing but their limits.
pub fn differ_in_limits_only(a: &Programme, b: &Programme) -> bool {
    (&a.types, &a.sites, &a.people, a.max_time) == (&b.types, &b.sites, &b.people, b.max_time)
}

/// Most people attached under the limits of each programme, to the gap of `options`; goals after the first are not sought.
///
/// # Errors
/// When programmes differ in more than limits; when the solver fails or returns what exact arithmetic refuses.
pub fn frontier(
    territory: &Territory,
    programmes: &[Programme],
    options: &Options,
    watch: &mut Watch<'_>,
) -> Result<Frontier, SolverFailure> {
    if programmes.windows(2).any(|w| !differ_in_limits_only(&w[0], &w[1])) {
        return Err(failure("the programmes of a frontier differ in more than their limits"));
    }
    let everyone = programmes.first().map_or(0, |p| p.people.iter().map(|n| n.0).sum::<u64>()) as i64;
    let mut search = Search {
        territory,
        programmes,
        options,
        started: Instant::now(),
        plans: Vec::new(),
        tried: BTreeSet::new(),
        cuts: Vec::new(),
        known: programmes.iter().map(|_| Known { bound: everyone, ..Known::default() }).collect(),
        solves: 0,
        rounds: 0,
        limit: None,
    };
    while let Some(k) = search.next() {
        if let Some(limit) = search.stopped() {
            search.limit = Some(limit);
            break;
        }
        search.visit(k, watch)?;
    }
    search.nest()?;
    search.end()
}

#[derive(Default)]
struct Known {
    bound: i64,
    /// Index of the best plan.
    best: Option<usize>,
    infeasible: bool,
    /// Worked on already: what is left open stays open.
    visited: bool,
}

/// One cut: holds for every plan under every limits.
struct Cut {
    /// People who live outside the set and can reach a site.
    outside: i64,
    /// Places within reach of the set, with the people of the set near each.
    near: BTreeMap<PlaceIx, i64>,
}

struct Search<'a> {
    territory: &'a Territory,
    programmes: &'a [Programme],
    options: &'a Options,
    started: Instant,
    plans: Vec<Plan>,
    /// Decisions that were assigned already.
    tried: BTreeSet<Vec<Staffed>>,
    cuts: Vec<Cut>,
    known: Vec<Known>,
    solves: usize,
    rounds: usize,
    limit: Option<LimitReached>,
}

impl Search<'_> {
    /// The point to work on: the ends, then the middle of the longest run of open points.
    fn next(&self) -> Option<usize> {
        let open: Vec<bool> = (0..self.known.len()).map(|k| self.is_open(k)).collect();
        let ends = [self.known.len().wrapping_sub(1), 0];
        if let Some(end) = ends.into_iter().find(|&k| open.get(k) == Some(&true)) {
            return Some(end);
        }
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for k in (0..open.len()).filter(|&k| open[k]) {
            match runs.last_mut() {
                Some((start, len)) if *start + *len == k => *len += 1,
                _ => runs.push((k, 1)),
            }
        }
        runs.into_iter().rev().max_by_key(|(_, len)| *len).map(|(start, len)| start + len / 2)
    }

    fn is_open(&self, k: usize) -> bool {
        let known = &self.known[k];
        !known.visited && !known.infeasible && !self.proven(k)
    }

    fn proven(&self, k: usize) -> bool {
        let known = &self.known[k];
        known.best.is_some_and(|i| self.within_gap(self.plans[i].attached().0 as i64, known.bound))
    }

    fn within_gap(&self, objective: i64, bound: i64) -> bool {
        (bound - objective) as f64 <= self.options.gap * (objective as f64).max(1.0)
    }

    fn left(&self) -> Option<Duration> {
        self.options.time.map(|t| t.saturating_sub(self.started.elapsed()))
    }

    fn stopped(&self) -> Option<LimitReached> {
        let stop = self.options.stop.as_ref().is_some_and(|stop| stop.load(Ordering::Relaxed));
        match (stop, self.left()) {
            (true, _) => Some(LimitReached::Interrupted),
            (_, Some(Duration::ZERO)) => Some(LimitReached::Time),
            _ => None,
        }
    }

    /// Rounds of cuts, then the whole model where they leave the point open.
    fn visit(&mut self, k: usize, watch: &mut Watch<'_>) -> Result<(), SolverFailure> {
        for _ in 0..ROUNDS {
            if !self.round(k)? || !self.is_open(k) || self.stopped().is_some() {
                break;
            }
        }
        if self.is_open(k) && self.stopped().is_none() {
            self.solve(k, watch)?;
        }
        self.known[k].visited = true;
        Ok(())
    }

    /// One model of decisions under all cuts. `false` when it teaches nothing new.
    fn round(&mut self, k: usize) -> Result<bool, SolverFailure> {
        let (outcome, staffed) = self.decisions(k, &BTreeSet::new())?;
        if outcome.reason == Reason::Infeasible {
            self.infeasible(k);
            return Ok(false);
        }
        let before = self.known[k].bound;
        if let Some(bound) = outcome.bound {
            let used = before as f64 * (1 + self.cuts.len()) as f64;
            self.bounded(k, whole_bound(Sense::Maximise, bound, used));
        }
        let fresh = match staffed {
            Some(staffed) => self.attempt(k, staffed)?,
            None => false,
        };
        Ok(fresh || self.known[k].bound < before)
    }

    /// The model of decisions under all cuts, with some sites open: what came of it, and decisions that keep every rule.
    fn decisions(
        &mut self,
        k: usize,
        open: &BTreeSet<SiteIx>,
    ) -> Result<(Outcome, Option<Vec<Staffed>>), SolverFailure> {
        let programme = &self.programmes[k];
        self.rounds += 1;
        let limits = SolverLimits {
            time: self.left(),
            abs_gap: 0.5,
            stop: self.options.stop.clone(),
            ..self.options.exact()
        };
        let mut model = Model::new(Sense::Maximise);
        let decisions = Decisions::new(programme, &mut model);
        let people = model.add(variable().min(0).max(self.known[k].bound as f64));
        model.set_objective(people);
        for row in decisions.rules(programme, &|_| true) {
            model.subject_to(row);
        }
        for cut in &self.cuts {
            let row = cut.row(programme, &decisions, &mut model);
            model.subject_to((Expression::from(people) - row).leq(0));
        }
        // What money, posts and sites buy in lists wherever they are: sites alike hide it from a solver.
        if let Some(most) = most_lists(programme, &limits)? {
            let mut lists = Expression::default();
            for c in &decisions.choices {
                lists.add_mul(f64::from(programme.kind(c.kind).patients_per_gp), c.posts);
            }
            model.subject_to(lists.leq(most));
        }
        for site in open {
            let here = decisions.choices.iter().filter(|c| c.site == *site).filter_map(|c| c.open);
            let any = here.fold(Expression::default(), |sum, open| sum + open);
            model.subject_to(any.geq(1));
        }
        let outcome = maillage_milp::solve(model, &limits, None, &mut |_| {})?;
        let staffed = outcome.values.as_ref().map(|values| decisions.read(&|v| values.value(v)));
        Ok((outcome, staffed.filter(|staffed| keeps_every_rule(programme, staffed))))
    }

    /// Plans that keep open what the point before opens, where that loses nobody: an order in which to open.
    fn nest(&mut self) -> Result<(), SolverFailure> {
        for k in 1..self.known.len() {
            let programme = &self.programmes[k];
            let (Some(before), Some(here)) = (self.known[k - 1].best, self.known[k].best) else { continue };
            let target = self.plans[here].attached();
            let kept = opened(programme, &self.plans[before].staffed);
            if self.plans[before].attached() == target
                && keeps_every_rule(programme, &self.plans[before].staffed)
            {
                self.known[k].best = Some(before);
                continue;
            }
            for _ in 0..NESTED {
                if self.stopped().is_some() || kept.is_subset(&opened(programme, &self.plans[here].staffed)) {
                    break;
                }
                let (_, Some(staffed)) = self.decisions(k, &kept)? else { break };
                let fresh = self.plans.len();
                if !self.attempt(k, staffed)? {
                    break;
                }
                if self.plans[fresh].attached() == target {
                    self.known[k].best = Some(fresh);
                    break;
                }
            }
        }
        Ok(())
    }

    /// A plan for decisions, and its cut. `false` when they were tried before.
    fn attempt(&mut self, k: usize, staffed: Vec<Staffed>) -> Result<bool, SolverFailure> {
        if !self.tried.insert(staffed.clone()) {
            return Ok(false);
        }
        let plan = assign(self.territory, &self.programmes[k], staffed, None, self.options)?;
        self.planned(k, plan);
        Ok(true)
    }

    fn planned(&mut self, k: usize, plan: Plan) {
        let set = cut(self.territory, &self.programmes[k], &plan);
        self.cuts.push(Cut::new(self.territory, &self.programmes[k], &set));
        self.tried.insert(plan.staffed.clone());
        let new = self.plans.len();
        let value = |plan: &Plan, programme| (plan.attached(), std::cmp::Reverse(plan.cost(programme)));
        for (programme, known) in self.programmes.iter().zip(&mut self.known) {
            let better =
                known.best.is_none_or(|i| value(&plan, programme) > value(&self.plans[i], programme));
            if better && keeps_every_rule(programme, &plan.staffed) {
                known.best = Some(new);
            }
        }
        self.plans.push(plan);
    }

    /// A bound at a point holds wherever limits are as tight or tighter.
    fn bounded(&mut self, k: usize, bound: i64) {
        let limits = self.programmes[k].limits;
        for (programme, known) in self.programmes.iter().zip(&mut self.known) {
            if within(programme.limits, limits) {
                known.bound = known.bound.min(bound);
            }
        }
    }

    fn infeasible(&mut self, k: usize) {
        let limits = self.programmes[k].limits;
        for (programme, known) in self.programmes.iter().zip(&mut self.known) {
            known.infeasible |= within(programme.limits, limits);
        }
    }

    /// The whole model, from what is known.
    fn solve(&mut self, k: usize, watch: &mut Watch<'_>) -> Result<(), SolverFailure> {
        let mut programme = self.programmes[k].clone();
        programme.goals = vec![Goal::PeopleAttached];
        let best = self.known[k].best.map(|i| self.plans[i].staffed.clone());
        let aside =
            Aside { starts: best.into_iter().collect(), bound: Some(self.known[k].bound), apart: Vec::new() };
        let options = Options { time: self.left(), ..self.options.clone() };
        self.solves += 1;
        match solve_aside(self.territory, &programme, &aside, &options, watch)? {
            Solved::Infeasible(_) => self.infeasible(k),
            Solved::Plan(solved) => {
                self.bounded(k, solved.goals.first().map_or(i64::MAX, |g| g.bound));
                if !self.tried.contains(&solved.plan.staffed) {
                    self.planned(k, solved.plan);
                }
            }
        }
        Ok(())
    }

    fn end(self) -> Result<Frontier, SolverFailure> {
        let gap = self.options.gap;
        let infeasible = self.known.iter().map(|known| known.infeasible).collect();
        let point = |known: &Known| {
            let Some(plan) = known.best.map(|i| self.plans[i].clone()) else { return Ok(None) };
            let people = outcome_of(Goal::PeopleAttached, &plan, known.bound, gap)?;
            Ok(Some(FrontierPoint { plan, people }))
        };
        let points = self.known.iter().map(point).collect::<Result<Vec<_>, SolverFailure>>()?;
        let all = points.iter().flatten().all(|p| p.people.status != GoalStatus::Feasible);
        let limit = self.limit.filter(|_| !all || points.iter().any(Option::is_none));
        Ok(Frontier { points, infeasible, solves: self.solves, rounds: self.rounds, limit })
    }
}

/// Most people that lists may be added for, by numbers of structures and posts of each type alone; `None` when a limit
/// came first.
fn most_lists(programme: &Programme, limits: &SolverLimits) -> Result<Option<f64>, SolverFailure> {
    let mut model = Model::new(Sense::Maximise);
    let (mut lists, mut money) = (Expression::default(), Expression::default());
    let (mut opened, mut posts) = (Expression::default(), Expression::default());
    for (kind, t) in (0..).map(TypeIx).zip(&programme.types) {
        let may_open = |s: &&Site| matches!(&s.role, Role::Candidate { types, .. } if types.contains(&kind));
        let rooms = programme.sites.iter().map(|s| match s.role {
            Role::Extension { kind: k, free_rooms } if k == kind => f64::from(free_rooms),
            _ => 0.0,
        });
        let sites = programme.sites.iter().filter(may_open).count() as f64;
        let open = model.add(variable().integer().min(0).max(sites));
        let new = model.add(variable().integer().min(0).max(sites * f64::from(t.max_gps)));
        let more = model.add(variable().integer().min(0).max(rooms.sum::<f64>()));
        model.subject_to((Expression::from(new) - f64::from(t.max_gps) * open).leq(0));
        model.subject_to((Expression::from(new) - f64::from(t.min_gps) * open).geq(0));
        lists += f64::from(t.patients_per_gp) * (new + more);
        money += t.per_gp_eur.0 as f64 * (new + more) + t.opening_eur.0 as f64 * open;
        opened += open;
        posts += new + more;
    }
    if let Some(n) = programme.limits.max_new_sites {
        model.subject_to(opened.leq(n));
    }
    if let Some(n) = programme.limits.gp_pool {
        model.subject_to(posts.leq(n));
    }
    if let Some(e) = programme.limits.budget {
        // A relaxation all the same: a tolerance of the solver may only let more through.
        model.subject_to(money.leq(e.0 as f64));
    }
    model.set_objective(lists);
    let outcome = maillage_milp::solve(model, limits, None, &mut |_| {})?;
    let everyone: u64 = programme.people.iter().map(|n| n.0).sum();
    Ok(outcome
        .bound
        .filter(|_| outcome.reason == Reason::Optimal)
        .map(|b| whole_bound(Sense::Maximise, b, everyone as f64) as f64))
}

/// Whether what keeps `tight` keeps `wide`.
fn within(tight: Limits, wide: Limits) -> bool {
    fn one<T: PartialOrd>(tight: Option<T>, wide: Option<T>) -> bool {
        wide.is_none_or(|wide| tight.is_some_and(|tight| tight <= wide))
    }
    one(tight.budget, wide.budget)
        && one(tight.max_new_sites, wide.max_new_sites)
        && one(tight.gp_pool, wide.gp_pool)
}

impl Cut {
    fn new(territory: &Territory, programme: &Programme, set: &[PlaceIx]) -> Self {
        let set: BTreeSet<PlaceIx> = set.iter().copied().collect();
        let sites: BTreeSet<PlaceIx> = programme.sites.iter().map(|s| s.place).collect();
        let mut out = Cut { outside: 0, near: BTreeMap::new() };
        for ((from, _), people) in territory.iter().zip(&programme.people).filter(|(_, n)| n.0 > 0) {
            let trips = territory.travel.from(from).iter().take_while(|(_, t)| *t <= programme.max_time);
            let reached: Vec<PlaceIx> = trips.map(|(to, _)| *to).filter(|to| sites.contains(to)).collect();
            if !set.contains(&from) {
                out.outside += if reached.is_empty() { 0 } else { people.0 as i64 };
                continue;
            }
            for to in reached {
                *out.near.entry(to).or_default() += people.0 as i64;
            }
        }
        out
    }

    /// The right-hand side, with a variable for what a place adds where fewer people are near than its lists may hold.
    fn row(&self, programme: &Programme, decisions: &Decisions, model: &mut Model) -> Expression {
        let mut today: BTreeMap<PlaceIx, i64> = BTreeMap::new();
        for site in &programme.sites {
            if let Role::Practice { capacity, .. } = site.role {
                *today.entry(site.place).or_default() += capacity.0 as i64;
            }
        }
        let kept: i64 = today.iter().map(|(p, c)| self.near.get(p).map_or(0, |near| *c.min(near))).sum();
        let mut sum = Expression::from((self.outside + kept) as f64);
        let mut added: BTreeMap<PlaceIx, (Expression, Expression, i64)> = BTreeMap::new();
        for c in &decisions.choices {
            let kind = programme.kind(c.kind);
            let place = programme.site(c.site).place;
            if !self.near.contains_key(&place) {
                continue;
            }
            let (lists, opens, most) = added.entry(place).or_default();
            lists.add_mul(f64::from(kind.patients_per_gp), c.posts);
            match c.open {
                Some(open) => *opens += open,
                // Grows without an opening: its lists alone limit it.
                None => *most = i64::MAX,
            }
            let rooms = i64::from(kind.max_gps) * i64::from(kind.patients_per_gp);
            *most = if *most == i64::MAX { i64::MAX } else { rooms.max(*most) };
        }
        for (place, (lists, opens, most)) in added {
            let near = self.near[&place];
            if most == i64::MAX || most <= near {
                sum += lists;
                continue;
            }
            let served = model.add(variable().min(0).max(near as f64));
            model.subject_to((Expression::from(served) - lists).leq(0));
            model.subject_to((Expression::from(served) - near as f64 * opens).leq(0));
            sum += served;
        }
        sum
    }
}
