//! What a plan is worth, from the instance alone.

use super::instance::{Data, Instance};
use super::{LocateProblem, Located, Served};
use maillage_check::{Report, Rule};
use maillage_location::read::ChargeFile;
use maillage_location::{Charges, ClientIx, CostLists, Points, SiteIx};
use std::collections::{BTreeMap, BTreeSet};

/// The worth of open sites that serve the nearest clients, without capacities; `None` when the plan is none.
pub(super) fn worth(instance: &Instance, claimed: &Located, open: &BTreeSet<SiteIx>) -> Option<u64> {
    match &instance.data {
        Data::Lists { lists, reach, costs } => on_lists(lists, *reach, costs, claimed, open),
        Data::Plane(points) => on_plane(points, claimed.problem, open),
        Data::Charges(file) => uncapacitated(&file.charges, open),
    }
}

/// Openings, and every client at its cheapest open site.
fn uncapacitated(charges: &Charges, open: &BTreeSet<SiteIx>) -> Option<u64> {
    let opening = open.iter().map(|s| charges.opening()[s.0 as usize]).sum::<u64>();
    let cheapest = |i: usize| open.iter().filter_map(|s| charges.cost(i, s.0 as usize)).min();
    (0..charges.num_clients()).try_fold(opening, |sum, i| sum.checked_add(cheapest(i)?))
}

fn on_lists(
    lists: &CostLists,
    reach: u32,
    costs: &[u64],
    claimed: &Located,
    open: &BTreeSet<SiteIx>,
) -> Option<u64> {
    let mut is_open = vec![false; lists.num_sites() as usize];
    open.iter().for_each(|s| is_open[s.0 as usize] = true);
    let is_open = |s: SiteIx| is_open[s.0 as usize];
    let nearest = |c: ClientIx| lists.list(c).find(|(s, _)| is_open(*s)).map(|(_, d)| u64::from(d));
    let times =
        |c: ClientIx| lists.list(c).take_while(|(_, d)| *d <= reach).filter(|(s, _)| is_open(*s)).count();
    let covered = |often: usize| -> u64 {
        lists.clients().filter(|c| times(*c) >= often).map(|c| lists.weight(c)).sum()
    };
    let all = |often: usize| lists.clients().all(|c| times(c) >= often);
    let sites = open.len() as u64;
    match claimed.problem {
        LocateProblem::PMedian => lists
            .clients()
            .try_fold(0u64, |sum, c| sum.checked_add(nearest(c)?.checked_mul(lists.weight(c))?)),
        LocateProblem::PCenter => lists.clients().map(nearest).try_fold(0, |worst, d| Some(worst.max(d?))),
        LocateProblem::MaxCover => Some(covered(1)),
        LocateProblem::SetCover => all(1).then_some(sites),
        LocateProblem::PartialCover => {
            let cost = open.iter().try_fold(0u64, |sum, s| sum.checked_add(costs[s.0 as usize]));
            cost.filter(|_| claimed.demand.is_some_and(|least| covered(1) >= least))
        }
        LocateProblem::BackupCover => match claimed.times {
            Some(times) => all(times as usize).then_some(sites),
            None => all(1).then(|| covered(2)),
        },
        LocateProblem::FixedCharge | LocateProblem::Capacitated | LocateProblem::SingleSource => None,
    }
}

fn on_plane(points: &Points, problem: LocateProblem, open: &BTreeSet<SiteIx>) -> Option<u64> {
    let square = |i: usize| open.iter().filter_map(|s| points.squared(i, points, s.0 as usize)).min();
    let mut nearest = (0..points.len()).map(square);
    match problem {
        // ⌊√s / k⌋ = ⌊⌊√s⌋ / k⌋.
        LocateProblem::PMedian => nearest.try_fold(0u64, |sum, s| {
            sum.checked_add(u64::try_from(s?.isqrt() / u128::from(points.scale.max(1))).ok()?)
        }),
        LocateProblem::PCenter => nearest.try_fold(0u64, |worst, s| Some(worst.max(u64::try_from(s?).ok()?))),
        _ => None,
    }
}

/// Whether there is any plan, as far as counting with every site open tells.
pub(super) fn has_plan(instance: &Instance, claimed: &Located) -> Option<bool> {
    let all = || (0..instance.sites.len() as u32).map(SiteIx).collect::<BTreeSet<_>>();
    match &instance.data {
        Data::Plane(_) => Some(true),
        Data::Lists { .. } if claimed.problem == LocateProblem::MaxCover => Some(true),
        Data::Lists { .. } => match worth(instance, claimed, &all()) {
            None => Some(false),
            // More sites than may open prove nothing.
            Some(_) => claimed.p.is_none_or(|p| p as usize >= instance.sites.len()).then_some(true),
        },
        Data::Charges(file) => {
            let ChargeFile { charges, amounts, .. } = file;
            let amounts = amounts.as_ref().filter(|_| claimed.problem.has_capacities());
            let single = claimed.problem == LocateProblem::SingleSource;
            let fits = |i: usize, j: usize| amounts.is_none_or(|a| !single || a.demand[i] <= a.capacity[j]);
            let served =
                |i: usize| (0..charges.num_sites()).any(|j| charges.cost(i, j).is_some() && fits(i, j));
            let total = |all: &[u64]| all.iter().map(|v| u128::from(*v)).sum::<u128>();
            let short = amounts.is_some_and(|a| total(&a.capacity) < total(&a.demand));
            if short || !(0..charges.num_clients()).all(served) {
                return Some(false);
            }
            amounts.is_none().then_some(true)
        }
    }
}

/// The rows of a plan with charges, held against the instance; and what openings and service cost, `None` where that cannot
/// be told.
pub(super) fn charged(
    instance: &Instance,
    file: &ChargeFile,
    claimed: &Located,
    open: &BTreeSet<SiteIx>,
    report: &mut Report,
) -> Option<u64> {
    let capacitated = claimed.problem.has_capacities();
    let single = claimed.problem != LocateProblem::Capacitated;
    let sites = numbers(&instance.sites);
    let clients = numbers(&instance.clients);
    let mut by_client: Vec<Vec<(usize, u64)>> = vec![Vec::new(); instance.clients.len()];
    for (i, Served { client, site, amount }) in claimed.assignment.iter().enumerate() {
        let at = |field: &str| format!("/assignment/{i}/{field}");
        let Some(&c) = clients.get(client.as_str()) else {
            report.violation(Rule::RowPlace, at("client"), client, "—");
            continue;
        };
        let Some(&s) = sites.get(site.as_str()).filter(|s| open.contains(&SiteIx(**s as u32))) else {
            report.violation(Rule::RowSite, at("site"), site, "—");
            continue;
        };
        if amount.is_some() != capacitated {
            report.violation(Rule::Cell, at("amount"), format!("{amount:?}"), "—");
        }
        by_client[c].push((s, amount.unwrap_or(0)));
    }
    let amounts = file.amounts.as_ref().filter(|_| capacitated);
    let mut used = vec![0u128; instance.sites.len()];
    let mut service = Some(Fraction { whole: 0, over: 0, under: 1 });
    for (c, parts) in by_client.iter().enumerate() {
        let at = || format!("/assignment client {}", instance.clients[c]);
        let demand = amounts.map_or(0, |a| a.demand[c]);
        let served: u128 = parts.iter().map(|p| u128::from(p.1)).sum();
        if parts.is_empty() || served != u128::from(demand) {
            report.violation(Rule::NotServed, at(), served, demand);
            service = None;
        }
        let again = parts.iter().enumerate().any(|(k, p)| parts[..k].iter().any(|q| q.0 == p.0));
        if again || (single && parts.len() > 1) {
            report.violation(Rule::RowTwice, at(), parts.len(), 1);
        }
        parts.iter().for_each(|p| used[p.0] += u128::from(p.1));
        service = service.and_then(|sum| sum.with(parts, demand, |s| file.charges.cost(c, s)));
    }
    for (s, used) in used.iter().enumerate() {
        if let Some(capacity) = amounts.map(|a| a.capacity[s]).filter(|most| *used > u128::from(*most)) {
            report.violation(Rule::Overfull, format!("/open site {}", instance.sites[s]), used, capacity);
        }
    }
    let opening: u128 = open.iter().map(|s| u128::from(file.charges.opening()[s.0 as usize])).sum();
    u64::try_from(service?.up().checked_add(opening)?).ok()
}

fn numbers(names: &[String]) -> BTreeMap<&str, usize> {
    names.iter().map(String::as_str).zip(0..).collect()
}

/// A sum of costs, `whole + over / under`. A client of demand `d` of which a site serves `a` pays `a / d` of the cost of
/// the pair. Where denominators have no common one in 128 bits, the sum is rounded up: that is how objectives are defined.
struct Fraction {
    whole: u128,
    over: u128,
    under: u128,
}

impl Fraction {
    fn with(
        mut self,
        parts: &[(usize, u64)],
        demand: u64,
        cost: impl Fn(usize) -> Option<u64>,
    ) -> Option<Self> {
        let mut sum = 0u128;
        for &(site, amount) in parts {
            // Of no demand, all of the cost is that of its site.
            let amount = if demand == 0 { 1 } else { amount };
            sum = sum.checked_add(u128::from(cost(site)?).checked_mul(u128::from(amount))?)?;
        }
        let demand = u128::from(demand.max(1));
        self.whole = self.whole.checked_add(sum / demand)?;
        let (over, under) = reduced(sum % demand, demand);
        if over == 0 {
            return Some(self);
        }
        let common = (self.under / gcd(self.under, under)).checked_mul(under);
        let joined = common.and_then(|c| {
            let mine = self.over.checked_mul(c / self.under)?;
            Some((mine.checked_add(over.checked_mul(c / under)?)?, c))
        });
        match joined {
            Some((over, under)) => {
                self.whole += over / under;
                (self.over, self.under) = reduced(over % under, under);
            }
            None => self.whole += 1,
        }
        Some(self)
    }

    fn up(&self) -> u128 {
        self.whole + u128::from(self.over > 0)
    }
}

fn reduced(over: u128, under: u128) -> (u128, u128) {
    let common = gcd(over, under).max(1);
    (over / common, under / common)
}

fn gcd(a: u128, b: u128) -> u128 {
    if b == 0 { a } else { gcd(b, a % b) }
}
