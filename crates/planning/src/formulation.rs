//! The decisions of a programme as a good_lp model: variables and rules, with or without people.

use crate::clash::Rule;
use good_lp::{Constraint, Expression, Variable, constraint, variable};
use maillage_milp::Model;
use maillage_programme::{Programme, Role, SiteIx, Staffed, TypeIx};
use maillage_territory::{Minutes, PlaceIx, Territory};
use std::collections::BTreeMap;

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
        let mut money = Expression::default();
        let mut by_site: BTreeMap<SiteIx, Expression> = BTreeMap::new();
        for c in &self.choices {
            let kind = programme.kind(c.kind);
            posts += c.posts;
            money.add_mul(kind.per_gp_eur.0 as f64, c.posts);
            if let Some(open) = c.open {
                rows.push(constraint!(c.posts <= f64::from(kind.max_gps) * open));
                if keep(Rule::Team(c.kind)) && kind.min_gps > 0 {
                    rows.push(constraint!(c.posts >= f64::from(kind.min_gps) * open));
                }
                opened += open;
                money.add_mul(kind.opening_eur.0 as f64, open);
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
            rows.push(money.leq(e.0 as f64));
        }
        rows
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
}
