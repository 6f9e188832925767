//! Goals as expressions, one for each future, and futures as one.

use super::formulation::{Block, Decisions, Open};
use super::money::EUROS;
use super::rules::covered;
use super::trips::Trips;
use super::values::trips;
use good_lp::{Constraint, Expression, variable};
use maillage_milp::Model;
use maillage_programme::health::{HealthGoal, Outlook, Seek, Standing};
use maillage_territory::PlaceIx;
use std::collections::{BTreeMap, BTreeSet};

/// Unit of a goal in the model: so many of its whole units make one of the model's.
fn unit(goal: HealthGoal) -> f64 {
    match goal {
        HealthGoal::AplWorstTenth => 1e6,
        _ => 1.0,
    }
}

/// Unit of a step in the model.
pub(crate) fn unit_of(seek: &Seek) -> f64 {
    seek.terms.iter().map(|t| unit(t.goal) * f64::from(t.weight)).fold(0.0, f64::max)
}

/// A row that keeps what a step reached is divided by this: with euros in it, it is in the unit of the other rows of money.
pub(crate) fn row_unit(seek: &Seek) -> f64 {
    if seek.terms.iter().any(|t| t.goal == HealthGoal::Cost) { EUROS } else { 1.0 }
}

/// Whether trips have to be told apart by place and time.
pub(crate) fn needs_times(seek: &Seek) -> bool {
    seek.terms.iter().any(|t| t.goal == HealthGoal::TravelTime)
}

/// A step over all futures, in its unit: rows are added for what it needs.
pub(crate) fn seek_expression(
    d: &Decisions<'_>,
    flows: &[Vec<Trips>],
    seek: &Seek,
    model: &mut Model,
    rows: &mut Vec<Constraint>,
) -> Expression {
    let scale = unit_of(seek);
    let mut in_futures = Vec::new();
    for (block, trips) in d.blocks.iter().zip(flows) {
        let mut sum = Expression::default();
        for t in &seek.terms {
            let value = goal_expression(d, block, trips, t.goal, model, rows);
            let sign = if seek.terms.len() == 1 || t.goal.is_max() { 1.0 } else { -1.0 };
            sum += value * (sign * f64::from(t.weight) * unit(t.goal) / scale);
        }
        in_futures.push((d.world.future(block.future).probability_percent, sum));
    }
    if in_futures.len() == 1 {
        return in_futures.remove(0).1;
    }
    match d.world.health.outlook {
        Outlook::Expected => in_futures.into_iter().map(|(p, e)| e * (f64::from(p) / 100.0)).sum(),
        Outlook::Worst => {
            let worst = model.add(variable());
            for (_, value) in in_futures {
                let above = value - worst;
                rows.push(if seek.is_max() { above.geq(0) } else { above.leq(0) });
            }
            worst.into()
        }
    }
}

fn goal_expression(
    d: &Decisions<'_>,
    block: &Block,
    flows: &[Trips],
    goal: HealthGoal,
    model: &mut Model,
    rows: &mut Vec<Constraint>,
) -> Expression {
    let health = d.world.health;
    let last = health.years;
    match goal {
        HealthGoal::PeopleAttached => flows.iter().map(Trips::attached).sum(),
        HealthGoal::TravelTime => flows.iter().map(Trips::travel).sum(),
        HealthGoal::PeopleWithin(time) => {
            let mut sum = Expression::default();
            for year in health.planned() {
                let covers = d.covers(&[], true, time, block.future, year);
                let people = health.people[usize::from(year)].iter().map(|n| n.0);
                let open = |c: usize| d.works(block.future, c, year).expr();
                // A structure that always stands may be refused: it then covers nobody.
                sum += covered(covers.into_iter().zip(people), &open, model, rows);
            }
            sum
        }
        HealthGoal::Cost => d.cost(block) * EUROS,
        HealthGoal::Sites => {
            let new = d.choices.iter().filter(|c| !c.stands());
            new.map(|c| c.in_year(last).expr()).sum()
        }
        HealthGoal::Balance(kind) => {
            let worst = model.add(variable().min(0).max(10_000));
            let Some(trips) = flows.last() else { return worst.into() };
            for (places, n) in d.world.areas(kind) {
                let left = trips.attached_of(Some(&places)) * (10_000.0 / n as f64) + worst;
                rows.push(left.geq(10_000));
            }
            worst.into()
        }
        HealthGoal::PeopleNearDuty => duty(d, block, model, rows),
        HealthGoal::AplWorstTenth => {
            let places = accessibility(d, block, model, rows);
            let all: u64 = places.iter().map(|(_, n)| n).sum();
            // The mean of the worst tenth is the greatest of η - Σ n·max(0, η - apl) / tenth (Rockafellar and Uryasev 2000).
            let level = model.add(variable().min(0));
            let mut sum = Expression::from(level) * (all.div_ceil(10) as f64);
            for (apl, n) in places {
                let below = model.add(variable().min(0));
                rows.push((apl + below - level).geq(0));
                sum.add_mul(-(n as f64), below);
            }
            sum
        }
        HealthGoal::PeopleUnderApl(floor) => {
            let floor = f64::from(floor) / 100.0;
            let mut sum = Expression::default();
            for (apl, n) in accessibility(d, block, model, rows) {
                let under = model.add(variable().binary());
                rows.push((apl + floor * under).geq(floor));
                sum.add_mul(n as f64, under);
            }
            sum
        }
    }
}

/// Accessibility of every known inhabited place in the last year, in acts, with its inhabitants.
fn accessibility(
    d: &Decisions<'_>,
    block: &Block,
    model: &mut Model,
    rows: &mut Vec<Constraint>,
) -> Vec<(Expression, u64)> {
    let health = d.world.health;
    let (Some(basis), Some(reach)) = (&health.access, d.world.catchments()) else { return Vec::new() };
    let mut acts: BTreeMap<PlaceIx, Expression> = BTreeMap::new();
    for (site, s) in health.sites() {
        let mut here = Expression::default();
        if s.standing == Standing::Practice {
            here += d.world.practice(block.future, site, health.years).acts as f64;
        }
        for &c in d.of_site.get(&site).into_iter().flatten() {
            if d.works(block.future, c, health.years) != Open::Never {
                here += d.acts(block, c, health.years);
            }
        }
        // Whole acts are shared out, the remainder to the first addresses: here each of them but the last has what a
        // remainder could bring at most, so that no plan has more than the model gives it.
        let k = s.addresses.len() as f64;
        for (i, place) in s.addresses.iter().enumerate() {
            let most = if i + 1 < s.addresses.len() { 1.0 - 1.0 / k } else { 0.0 };
            *acts.entry(*place).or_default() += here.clone() * (1.0 / k) + most;
        }
    }
    for s in block.sessions.iter().filter(|s| s.year == health.years) {
        if let Some(rule) = d.kind(s.choice).sessions {
            let (to, from) = (health.site(d.choices[s.choice].site).main(), health.site(s.lead).main());
            acts.entry(to).or_default().add_mul(f64::from(rule.acts), s.weekly);
            acts.entry(from).or_default().add_mul(-f64::from(rule.lead_acts), s.weekly);
        }
    }
    // One variable for each place whose supply can change, in thousands of acts.
    let mut supply: BTreeMap<PlaceIx, Expression> = BTreeMap::new();
    for (place, e) in acts {
        let changes = good_lp::IntoAffineExpression::linear_coefficients(&e).next().is_some();
        if changes {
            let v = model.add(variable().min(0));
            rows.push((e * 0.001 - v).eq(0));
            supply.insert(place, Expression::from(v));
        } else {
            supply.insert(place, e * 0.001);
        }
    }
    let inhabited = |ix: &PlaceIx| basis.known[ix.0 as usize] && basis.inhabitants[ix.0 as usize].0 > 0;
    let mut out = Vec::new();
    for (ix, _) in d.world.territory.iter().filter(|(ix, _)| inhabited(ix)) {
        let mut apl = Expression::default();
        for (to, w) in trips(d.world.territory.travel.from(ix)) {
            let demand = reach.demand[to.0 as usize];
            if let Some(s) = supply.get(&to).filter(|_| demand > 0) {
                // demand is in sixths of hundredths of a person
                apl += s.clone() * (1000.0 * 100.0 * w as f64 / demand as f64);
            }
        }
        out.push((apl, basis.inhabitants[ix.0 as usize].0));
    }
    out
}

/// People near a duty point in the last year.
fn duty(d: &Decisions<'_>, block: &Block, model: &mut Model, rows: &mut Vec<Constraint>) -> Expression {
    let health = d.world.health;
    let Some(duty) = &health.duty else { return Expression::default() };
    let refused = |site| d.world.future(block.future).refused.contains(site);
    let fixed: BTreeSet<PlaceIx> = duty.fixed.iter().copied().collect();
    let mut at: BTreeMap<PlaceIx, Vec<usize>> = BTreeMap::new();
    for (i, (site, ..)) in d.duty.iter().enumerate().filter(|(_, (site, ..))| !refused(site)) {
        for place in &health.site(*site).addresses {
            at.entry(*place).or_default().push(i);
        }
    }
    let lots = d.world.territory.iter().map(|(ix, _)| {
        let near = d.world.territory.travel.from(ix).iter().take_while(|(_, t)| *t <= duty.people_within);
        let near: Vec<PlaceIx> = near.map(|(to, _)| *to).collect();
        let by = (!near.iter().any(|p| fixed.contains(p))).then(|| {
            let mut by: Vec<usize> = near.iter().filter_map(|p| at.get(p)).flatten().copied().collect();
            by.sort_unstable();
            by.dedup();
            by
        });
        (by, health.people[usize::from(health.years)][ix.0 as usize].0)
    });
    let lots: Vec<_> = lots.collect();
    covered(lots, &|i| d.duty[i].1.into(), model, rows)
}
