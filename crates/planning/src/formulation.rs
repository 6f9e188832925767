//! The decisions of a programme as a good_lp model: variables and rules, with or without people.

use crate::clash::Rule;
use good_lp::{Constraint, Expression, Variable, constraint, variable};
use maillage_milp::Model;
use maillage_programme::{Euros, Plan, Programme, Role, SiteIx, Staffed, TypeIx};
use maillage_territory::{Minutes, PlaceIx, Territory};
use std::collections::{BTreeMap, BTreeSet};

/// `y` and `g` of one site and type.
pub(crate) struct Choice {
    pub(crate) site: SiteIx,
    pub(crate) kind: TypeIx,
    /// Opens; absent for an existing structure that may grow.
    pub(crate) open: Option<Variable>,
    pub(crate) posts: Variable,
}

/// The decision variables `y` and `g` of a programme.
pub(crate) struct Decisions {
    pub(crate) choices: Vec<Choice>,
}

impl Decisions {
    pub(crate) fn new(programme: &Programme, model: &mut Model) -> Self {
        let mut choices = Vec::new();
        for (site, s) in programme.sites() {
            match &s.role {
                Role::Practice { .. } => {}
                Role::Extension { kind, free_rooms } => {
                    let posts = model.add(variable().integer().min(0).max(*free_rooms));
                    choices.push(Choice { site, kind: *kind, open: None, posts });
                }
                Role::Candidate { types, .. } => {
                    for &kind in types {
                        let open = model.add(variable().binary());
                        let posts = model.add(variable().integer().min(0).max(programme.kind(kind).max_gps));
                        choices.push(Choice { site, kind, open: Some(open), posts });
                    }
                }
            }
        }
        Decisions { choices }
    }

    /// The rules on decisions that `keep` lets through, plus those that define the variables.
    pub(crate) fn rules(&self, programme: &Programme, keep: &dyn Fn(Rule) -> bool) -> Vec<Constraint> {
        let mut rows = Vec::new();
        let mut opened = Expression::default();
        let mut posts = Expression::default();
        // Prices share a large divisor: without it the row is small numbers, and a tolerance stays below a euro.
        let unit = self.prices(programme).fold(0, gcd).max(1);
        let euros = |e: Euros| (e.0 / unit) as f64;
        let mut money = Expression::default();
        let mut by_site: BTreeMap<SiteIx, Expression> = BTreeMap::new();
        for c in &self.choices {
            let kind = programme.kind(c.kind);
            posts += c.posts;
            money.add_mul(euros(kind.per_gp_eur), c.posts);
            if let Some(open) = c.open {
                rows.push(constraint!(c.posts <= f64::from(kind.max_gps) * open));
                if keep(Rule::Team(c.kind)) && kind.min_gps > 0 {
                    rows.push(constraint!(c.posts >= f64::from(kind.min_gps) * open));
                }
                opened += open;
                money.add_mul(euros(kind.opening_eur), open);
                *by_site.entry(c.site).or_default() += open;
            }
        }
        for (site, open) in by_site {
            let forced = matches!(programme.site(site).role, Role::Candidate { forced: true, .. });
            if forced && keep(Rule::Forced(site)) {
                rows.push(open.clone().geq(1));
            }
            rows.push(open.leq(1));
        }
        if let Some(n) = programme.limits.max_new_sites.filter(|_| keep(Rule::MaxNewSites)) {
            rows.push(opened.leq(n));
        }
        if let Some(n) = programme.limits.gp_pool.filter(|_| keep(Rule::GpPool)) {
            rows.push(posts.leq(n));
        }
        if let Some(e) = programme.limits.budget.filter(|_| keep(Rule::Budget)) {
            rows.push(money.leq(e.0.div_euclid(unit) as f64));
        }
        rows
    }

    /// Every price a decision may cost.
    fn prices(&self, programme: &Programme) -> impl Iterator<Item = i64> {
        self.choices.iter().flat_map(|c| {
            let kind = programme.kind(c.kind);
            [kind.per_gp_eur.0, if c.open.is_some() { kind.opening_eur.0 } else { 0 }]
        })
    }

    /// The decisions taken by a solution.
    pub(crate) fn read(&self, value: &dyn Fn(Variable) -> f64) -> Vec<Staffed> {
        let mut staffed: Vec<Staffed> = self
            .choices
            .iter()
            .map(|c| (c, value(c.posts).round() as u32))
            .filter(|(c, gps)| match c.open {
                Some(open) => value(open) > 0.5,
                None => *gps > 0,
            })
            .map(|(c, gps)| Staffed { site: c.site, kind: c.kind, gps })
            .collect();
        staffed.sort_unstable();
        staffed
    }
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a.abs() } else { gcd(b, a % b) }
}

/// Whether decisions keep every rule, in whole numbers: a solver's word is not enough.
pub(crate) fn keeps_every_rule(programme: &Programme, staffed: &[Staffed]) -> bool {
    let mut opened: BTreeSet<SiteIx> = BTreeSet::new();
    let mut posts = 0;
    let each = staffed.iter().all(|s| {
        let kind = programme.kind(s.kind);
        posts += u64::from(s.gps);
        match &programme.site(s.site).role {
            Role::Practice { .. } => false,
            Role::Extension { kind, free_rooms } => *kind == s.kind && s.gps <= *free_rooms,
            Role::Candidate { types, .. } => {
                opened.insert(s.site)
                    && types.contains(&s.kind)
                    && (kind.min_gps..=kind.max_gps).contains(&s.gps)
            }
        }
    });
    let forced = programme
        .sites()
        .all(|(ix, s)| !matches!(s.role, Role::Candidate { forced: true, .. }) || opened.contains(&ix));
    let cost = Plan { staffed: staffed.to_vec(), assignments: Vec::new() }.cost(programme);
    let limits = programme.limits;
    each && forced
        && limits.max_new_sites.is_none_or(|n| opened.len() as u64 <= u64::from(n))
        && limits.gp_pool.is_none_or(|n| posts <= u64::from(n))
        && limits.budget.is_none_or(|e| cost <= e)
}

/// A trip that people may make: from a place to a place with a site, within the time.
pub(crate) struct Arc {
    pub(crate) from: PlaceIx,
    pub(crate) to: PlaceIx,
    pub(crate) minutes: Minutes,
}

/// Every trip from people to a place in `sites`, by origin then time.
pub(crate) fn arcs<T>(
    territory: &Territory,
    programme: &Programme,
    sites: &BTreeMap<PlaceIx, T>,
) -> Vec<Arc> {
    let mut arcs = Vec::new();
    for (from, _) in territory.iter().filter(|(ix, _)| programme.people[ix.0 as usize].0 > 0) {
        for &(to, minutes) in territory.travel.from(from).iter().take_while(|(_, t)| *t <= programme.max_time)
        {
            if sites.contains_key(&to) {
                arcs.push(Arc { from, to, minutes });
            }
        }
    }
    arcs
}

/// People and lists added to the decisions.
pub(crate) struct People {
    pub(crate) arcs: Vec<Arc>,
    pub(crate) x: Vec<Variable>,
    pub(crate) rows: Vec<Constraint>,
}

impl People {
    pub(crate) fn new(
        territory: &Territory,
        programme: &Programme,
        decisions: &Decisions,
        model: &mut Model,
    ) -> Self {
        struct Lists {
            fixed: u64,
            added: Expression,
            opens: Expression,
            /// Whether lists can exist here without an opening.
            always: bool,
        }
        let mut lists: BTreeMap<PlaceIx, Lists> = BTreeMap::new();
        let blank = || Lists { fixed: 0, added: 0.into(), opens: 0.into(), always: false };
        for (_, s) in programme.sites() {
            if let Role::Practice { capacity, .. } = s.role {
                let l = lists.entry(s.place).or_insert_with(blank);
                l.fixed += capacity.0;
                l.always = l.always || capacity.0 > 0;
            }
        }
        for c in &decisions.choices {
            let l = lists.entry(programme.site(c.site).place).or_insert_with(blank);
            l.added.add_mul(f64::from(programme.kind(c.kind).patients_per_gp), c.posts);
            match c.open {
                Some(open) => l.opens += open,
                None => l.always = true,
            }
        }
        let arcs = arcs(territory, programme, &lists);
        let people = |from: PlaceIx| programme.people[from.0 as usize].0 as f64;
        let x: Vec<Variable> =
            arcs.iter().map(|a| model.add(variable().min(0).max(people(a.from)))).collect();
        let mut rows = Vec::new();
        let mut by_from: BTreeMap<PlaceIx, Expression> = BTreeMap::new();
        let mut by_to: BTreeMap<PlaceIx, Expression> = BTreeMap::new();
        for (a, &x) in arcs.iter().zip(&x) {
            *by_from.entry(a.from).or_default() += x;
            *by_to.entry(a.to).or_default() += x;
            let l = &lists[&a.to];
            if !l.always {
                rows.push((Expression::from(x) - people(a.from) * l.opens.clone()).leq(0));
            }
        }
        rows.extend(by_from.into_iter().map(|(from, sum)| sum.leq(people(from))));
        rows.extend(by_to.into_iter().map(|(to, sum)| {
            let l = &lists[&to];
            (sum - l.added.clone()).leq(l.fixed as f64)
        }));
        People { arcs, x, rows }
    }

    /// Σ x.
    pub(crate) fn attached(&self) -> Expression {
        self.x.iter().fold(Expression::with_capacity(self.x.len()), |mut sum, &x| {
            sum += x;
            sum
        })
    }

    /// Σ time·x, in people × hundredths of a minute: whole numbers.
    pub(crate) fn travel(&self) -> Expression {
        let mut sum = Expression::with_capacity(self.x.len());
        for (a, &x) in self.arcs.iter().zip(&self.x) {
            sum.add_mul(f64::from(a.minutes.hundredths()), x);
        }
        sum
    }

    /// Values of all variables that say a plan: where a solver may start.
    pub(crate) fn start(
        &self,
        programme: &Programme,
        decisions: &Decisions,
        plan: &Plan,
    ) -> Vec<(Variable, f64)> {
        let mut flows: BTreeMap<(PlaceIx, PlaceIx), u64> = BTreeMap::new();
        for a in &plan.assignments {
            *flows.entry((a.from, programme.site(a.site).place)).or_default() += a.people.0;
        }
        let flow = |a: &Arc| flows.get(&(a.from, a.to)).map_or(0.0, |n| *n as f64);
        let mut values: Vec<(Variable, f64)> =
            self.arcs.iter().map(flow).zip(&self.x).map(|(v, &x)| (x, v)).collect();
        for c in &decisions.choices {
            let here = plan.staffed.iter().find(|s| s.site == c.site && s.kind == c.kind);
            values.push((c.posts, here.map_or(0.0, |s| f64::from(s.gps))));
            values.extend(c.open.map(|open| (open, if here.is_some() { 1.0 } else { 0.0 })));
        }
        values
    }
}
