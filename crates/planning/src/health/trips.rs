//! People on lists, as flows: places that reach the same lists are one place, lists at the same addresses one list.

use super::formulation::{Block, Decisions, Open, is_nothing};
use super::people::willing;
use good_lp::{Constraint, Expression, Variable, variable};
use maillage_milp::Model;
use maillage_programme::SiteIx;
use maillage_programme::health::{Attached, Behaviour, HealthRule};
use maillage_territory::{Minutes, PlaceIx};
use std::collections::{BTreeMap, BTreeSet};

/// Lists at the same addresses.
struct Spot {
    /// What is fixed and not kept, in people.
    free: f64,
    /// What decisions add.
    added: Expression,
    /// The most that decisions may add.
    possible: bool,
}

/// People who are alike to the solver.
struct Group {
    places: Vec<PlaceIx>,
    people: u64,
    /// Spots, nearest first, with the band of willingness each lies in.
    spots: Vec<(usize, Minutes)>,
    /// Willing to go beyond each step.
    willing: Vec<u64>,
}

/// The flows of one year of one future.
pub(crate) struct Trips {
    pub(crate) year: u8,
    /// People who stay on their list.
    pub(crate) kept: Vec<Attached>,
    groups: Vec<Group>,
    /// By group, then spot of the group.
    x: Vec<Vec<Variable>>,
    /// Spot of every site.
    spot_of: Vec<usize>,
}

/// What tells places apart besides the lists they reach.
pub(crate) struct Detail<'d> {
    /// Times count: no two places are alike.
    pub(crate) times: bool,
    /// Sets of places whose people are counted apart.
    pub(crate) sets: &'d [Vec<PlaceIx>],
}

impl Trips {
    pub(crate) fn new(
        d: &Decisions<'_>,
        block: &Block,
        base: &[Attached],
        year: u8,
        detail: &Detail<'_>,
        model: &mut Model,
        rows: &mut Vec<Constraint>,
    ) -> Self {
        let world = d.world;
        let kept = world.kept(base, block.future, year);
        let nearest = world.health.behaviour == Behaviour::Nearest;
        let (spots, spot_of) = spots(d, block, &kept, year, !nearest);
        let groups = groups(d, block, &kept, year, &spots, &spot_of, detail);
        let mut used = vec![Expression::default(); spots.len()];
        let mut x = Vec::with_capacity(groups.len());
        for g in &groups {
            let mut sum = Expression::default();
            let mut mine = Vec::with_capacity(g.spots.len());
            for (spot, _) in &g.spots {
                let v = model.add(variable().min(0).max(g.people as f64));
                sum += v;
                used[*spot] += v;
                mine.push(v);
            }
            rows.push(sum.leq(g.people as f64));
            if let Behaviour::Decay(steps) = &world.health.behaviour {
                for ((beyond, _), most) in steps.iter().zip(&g.willing) {
                    let far = g.spots.iter().zip(&mine).filter(|((_, t), _)| t > beyond);
                    let far: Expression = far.map(|(_, v)| Expression::from(*v)).sum();
                    rows.push(far.leq(*most as f64));
                }
            }
            x.push(mine);
        }
        for (spot, used) in spots.iter().zip(used) {
            if spot.free != 0.0 || spot.possible {
                rows.push((used - spot.added.clone()).leq(spot.free));
            }
        }
        let trips = Trips { year, kept, groups, x, spot_of };
        if detail.times {
            trips.linking_rows(d, block, &spots, rows);
        }
        if nearest {
            trips.nearest_rows(d, block, rows);
        }
        trips
    }

    /// Nobody goes to a list that is not there: what follows from the lists, but tighter where posts are in part.
    fn linking_rows(&self, d: &Decisions<'_>, block: &Block, spots: &[Spot], rows: &mut Vec<Constraint>) {
        let mut at: BTreeMap<usize, Expression> = BTreeMap::new();
        for (&site, choices) in &d.of_site {
            let open: Expression = choices.iter().map(|c| d.works(block.future, *c, self.year).expr()).sum();
            *at.entry(self.spot_of[site.0 as usize]).or_default() += open;
        }
        for (g, x) in self.groups.iter().zip(&self.x) {
            for ((spot, _), v) in g.spots.iter().zip(x) {
                let Some(open) = at.get(spot).filter(|_| spots[*spot].free <= 0.0) else { continue };
                if is_nothing(open) {
                    continue;
                }
                rows.push((Expression::from(*v) - open.clone() * g.people as f64).leq(0));
            }
        }
    }

    /// Nobody passes by an open list.
    fn nearest_rows(&self, d: &Decisions<'_>, block: &Block, rows: &mut Vec<Constraint>) {
        for (g, x) in self.groups.iter().zip(&self.x) {
            for (k, (spot, _)) in g.spots.iter().enumerate() {
                let site = SiteIx(*spot as u32);
                let open: Expression = d
                    .of_site
                    .get(&site)
                    .into_iter()
                    .flatten()
                    .map(|c| d.works(block.future, *c, self.year).expr())
                    .sum();
                let beyond: Expression = x[k + 1..].iter().map(|v| Expression::from(*v)).sum();
                let n = g.people as f64;
                rows.push((beyond + open * n).leq(n));
            }
        }
    }

    /// People attached, those who stayed included.
    pub(crate) fn attached(&self) -> Expression {
        self.attached_of(None)
    }

    /// People attached of a set of places: one of those told apart.
    pub(crate) fn attached_of(&self, set: Option<&[PlaceIx]>) -> Expression {
        let inside = |p: &PlaceIx| set.is_none_or(|set| set.binary_search(p).is_ok());
        let stayed: u64 = self.kept.iter().filter(|k| inside(&k.from)).map(|k| k.people.0).sum();
        let mut sum = Expression::from(stayed as f64);
        for (g, x) in self.groups.iter().zip(&self.x) {
            if g.places.first().is_some_and(inside) {
                x.iter().for_each(|v| sum += *v);
            }
        }
        sum
    }

    /// People × hundredths of a minute.
    pub(crate) fn travel(&self) -> Expression {
        let stayed: f64 =
            self.kept.iter().map(|k| k.people.0 as f64 * f64::from(k.minutes.hundredths())).sum();
        let mut sum = Expression::from(stayed);
        for (g, x) in self.groups.iter().zip(&self.x) {
            for ((_, t), v) in g.spots.iter().zip(x) {
                sum.add_mul(f64::from(t.hundredths()), *v);
            }
        }
        sum
    }

    /// Every flow as a plan has it, with whether it goes to a list near some of these sites or could.
    pub(crate) fn values(
        &self,
        attached: &[Attached],
        near: &BTreeSet<SiteIx>,
    ) -> Vec<(Variable, f64, bool)> {
        let mut moved: BTreeMap<(PlaceIx, usize), i64> = BTreeMap::new();
        for a in attached.iter().filter(|a| a.year == self.year) {
            *moved.entry((a.from, self.spot_of[a.site.0 as usize])).or_default() += a.people.0 as i64;
        }
        for k in &self.kept {
            *moved.entry((k.from, self.spot_of[k.site.0 as usize])).or_default() -= k.people.0 as i64;
        }
        let near: BTreeSet<usize> = near.iter().map(|s| self.spot_of[s.0 as usize]).collect();
        let mut out = Vec::new();
        for (g, x) in self.groups.iter().zip(&self.x) {
            let free = g.spots.iter().any(|(s, _)| near.contains(s));
            for ((spot, _), v) in g.spots.iter().zip(x) {
                let people: i64 = g.places.iter().filter_map(|p| moved.get(&(*p, *spot))).sum();
                out.push((*v, people.max(0) as f64, free));
            }
        }
        out
    }

    /// Most that flows can move, for the margin of a bound.
    pub(crate) fn people(&self) -> f64 {
        self.groups.iter().map(|g| g.people as f64).sum()
    }
}

fn spots(
    d: &Decisions<'_>,
    block: &Block,
    kept: &[Attached],
    year: u8,
    merge: bool,
) -> (Vec<Spot>, Vec<usize>) {
    let health = d.world.health;
    let mut spots: Vec<Spot> = Vec::new();
    let mut known: BTreeMap<Vec<PlaceIx>, usize> = BTreeMap::new();
    let mut spot_of = Vec::with_capacity(health.sites.len());
    for (site, s) in health.sites() {
        let mut addresses = s.addresses.clone();
        addresses.sort_unstable();
        let new = spots.len();
        let at = if merge { *known.entry(addresses).or_insert(new) } else { new };
        if at == new {
            spots.push(Spot { free: 0.0, added: Expression::default(), possible: false });
        }
        spot_of.push(at);
        let spot = &mut spots[at];
        spot.free += d.world.practice(block.future, site, year).list.0 as f64;
        for &c in d.of_site.get(&site).into_iter().flatten() {
            if d.works(block.future, c, year) != Open::Never {
                spot.added += d.list(block, c, year);
                spot.possible = true;
            }
        }
    }
    for k in kept {
        spots[spot_of[k.site.0 as usize]].free -= k.people.0 as f64;
    }
    for s in block.sessions.iter().filter(|s| s.year == year) {
        if let Some(rule) = d.kind(s.choice).sessions {
            spots[spot_of[d.choices[s.choice].site.0 as usize]].added.add_mul(f64::from(rule.list), s.weekly);
            spots[spot_of[s.lead.0 as usize]].added.add_mul(-f64::from(rule.lead_list), s.weekly);
        }
    }
    (spots, spot_of)
}

fn groups(
    d: &Decisions<'_>,
    block: &Block,
    kept: &[Attached],
    year: u8,
    spots: &[Spot],
    spot_of: &[usize],
    detail: &Detail<'_>,
) -> Vec<Group> {
    let health = d.world.health;
    let people = &health.people[usize::from(year)];
    let mut left: Vec<u64> = people.iter().map(|n| n.0).collect();
    let mut far: BTreeMap<PlaceIx, Vec<(Minutes, u64)>> = BTreeMap::new();
    for k in kept {
        left[k.from.0 as usize] -= k.people.0;
        far.entry(k.from).or_default().push((k.minutes, k.people.0));
    }
    let steps: &[_] = if let Behaviour::Decay(steps) = &health.behaviour { steps } else { &[] };
    let band = |t: Minutes| steps.iter().filter(|(beyond, _)| t > *beyond).count();
    let ordered = health.behaviour == Behaviour::Nearest;
    // Lists reached with their band, the sets told apart, and the place itself where times count.
    type Key = (Vec<(usize, usize)>, Vec<bool>, Option<PlaceIx>);
    let mut groups: BTreeMap<Key, Group> = BTreeMap::new();
    for (ix, reach) in (0..).map(PlaceIx).zip(&d.world.reach) {
        let n = left[ix.0 as usize];
        if n == 0 {
            continue;
        }
        let mut reached: Vec<(usize, Minutes)> = Vec::new();
        for &(site, t) in reach {
            let at = spot_of[site.0 as usize];
            let holds = spots[at].possible || spots[at].free > 0.0;
            if holds && (ordered || !reached.iter().any(|(s, _)| *s == at)) {
                reached.push((at, t));
            }
            // Nobody passes by a practice that has a list, full or not.
            if ordered && d.world.practice(block.future, site, year).list.0 > 0 {
                break;
            }
        }
        if reached.is_empty() {
            continue;
        }
        let mut lists: Vec<(usize, usize)> = reached.iter().map(|(s, t)| (*s, band(*t))).collect();
        if !ordered {
            lists.sort_unstable();
        }
        let sets = detail.sets.iter().map(|set| set.binary_search(&ix).is_ok()).collect();
        let stayed = far.get(&ix).map_or(&[][..], |k| k.as_slice());
        // Falling, so that places alike can be taken together.
        let accept = steps.iter().scan(n, |most, (t, w)| {
            *most = willing(people[ix.0 as usize].0, *w, *t, stayed).min(*most);
            Some(*most)
        });
        let key = (lists, sets, detail.times.then_some(ix));
        let group = groups.entry(key).or_insert_with(|| Group {
            places: Vec::new(),
            people: 0,
            spots: reached,
            willing: vec![0; steps.len()],
        });
        group.places.push(ix);
        group.people += n;
        group.willing.iter_mut().zip(accept).for_each(|(sum, n)| *sum += n);
    }
    groups.into_values().collect()
}

/// Rows for people that must be attached.
pub(crate) fn attached_rows(rule: &HealthRule, d: &Decisions<'_>, trips: &Trips, rows: &mut Vec<Constraint>) {
    if let HealthRule::Attached { places, percent, years } = rule
        && (years.0..=years.1).contains(&trips.year)
    {
        let people = &d.world.health.people[usize::from(trips.year)];
        let inside: Vec<PlaceIx> =
            (0..people.len() as u32).map(PlaceIx).filter(|p| places.contains(*p)).collect();
        let all: u64 = inside.iter().map(|p| people[p.0 as usize].0).sum();
        let least = (u128::from(all) * u128::from(*percent)).div_ceil(100) as f64;
        rows.push(trips.attached_of(Some(&inside)).geq(least));
    }
}
