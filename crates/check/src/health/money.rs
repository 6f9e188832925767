//! Every euro, again: costs, income, grants, envelopes, and what is left to owners.

use super::ledger::Ledger;
use super::plan::in_future;
use crate::violation::{Findings, Rule, or_dash};
use maillage_programme::Euros;
use maillage_programme::health::{Envelope, FundingRule, HealthRecord};
use std::collections::BTreeMap;

/// What money is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Use {
    Capital(usize),
    Equipment(usize),
    Running(usize),
    Lever(usize),
}

/// Who pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Payer {
    Income,
    Funder(usize),
    Owner,
}

/// Euros by year, use and payer.
pub(super) type Payments = BTreeMap<(usize, Use, Payer), i128>;

/// The payments of every future that follow from the decisions and from what each funder pays a year; and whether
/// the result says them.
pub(super) fn check(ledger: &Ledger<'_>, record: &HealthRecord, found: &mut Findings) -> Vec<Payments> {
    ledger.world.futures().map(|future| check_future(ledger, record, future, found)).collect()
}

fn check_future(ledger: &Ledger<'_>, record: &HealthRecord, future: usize, found: &mut Findings) -> Payments {
    let world = ledger.world;
    let listed = ledger.plan.courses[future].listed;
    let claimed = listed.map(|_| read(ledger, record, future, found)).unwrap_or_default();
    // What each funder pays a year is a decision; who gets it is not.
    let mut paid: BTreeMap<(usize, usize), i128> = BTreeMap::new();
    for ((year, _, payer), euros) in &claimed {
        if let Payer::Funder(f) = payer {
            *paid.entry((*f, *year)).or_default() += euros;
        }
    }
    let mut right = Payments::new();
    for year in world.planned() {
        let of_year: Vec<i128> =
            (0..world.health.funders.len()).map(|f| paid.get(&(f, year)).copied().unwrap_or(0)).collect();
        check_paid(ledger, future, year, &of_year, found);
        share_out(ledger, future, year, of_year, &mut right);
        check_covered(ledger, future, year, &claimed, found);
    }
    for (f, funder) in world.health.funders.iter().enumerate() {
        let all: i128 = world.planned().filter_map(|y| paid.get(&(f, y))).sum();
        let who = format!("{}: {all}", funder.id);
        over(Rule::Envelope, in_future(listed, "money"), who, all, funder.envelope.total, found);
    }
    if listed.is_some() {
        compare(ledger, future, &claimed, &right, found);
    }
    check_owner(ledger, future, &right, found);
    right
}

/// The payments of the result; unknown and repeated ones are recorded and left out.
fn read(ledger: &Ledger<'_>, record: &HealthRecord, future: usize, found: &mut Findings) -> Payments {
    let world = ledger.world;
    let Some(listed) = ledger.plan.courses[future].listed else { return Payments::new() };
    let mut payments = Payments::new();
    for (i, row) in record.futures[listed].money.iter().enumerate() {
        let at = |field: &str| in_future(Some(listed), format!("money/{i}/{field}"));
        let site = world.health.sites.iter().position(|s| s.id.as_str() == row.of);
        let what = match row.what.as_str() {
            "capital" => site.map(Use::Capital),
            "equipment" => site.map(Use::Equipment),
            "running" => site.map(Use::Running),
            "lever" => world.health.levers.iter().position(|l| l.id == row.of).map(Use::Lever),
            _ => None,
        };
        let payer = match row.payer.as_str() {
            "income" => Some(Payer::Income),
            "owner" => Some(Payer::Owner),
            id => world.health.funders.iter().position(|f| f.id == id).map(Payer::Funder),
        };
        let year = world.planned_year(row.year);
        if year.is_none() {
            found.add(Rule::Years, at("year"), row.year, world.years_in_words());
        }
        if what.is_none() {
            found.add(Rule::MoneyName, at("of"), format!("{} {}", row.what, row.of), "—");
        }
        if payer.is_none() {
            found.add(Rule::MoneyName, at("payer"), &row.payer, "—");
        }
        let (Some(year), Some(what), Some(payer)) = (year, what, payer) else { continue };
        if let Some(first) = payments.insert((year, what, payer), i128::from(row.euros.0)) {
            found.add(Rule::MoneyTwice, at("payer"), format!("{} {} {}", row.what, row.of, row.payer), "1 ×");
            payments.insert((year, what, payer), first);
        }
    }
    payments
}

/// A funder pays no more than projects are entitled to, nor than its envelope of the year.
fn check_paid(ledger: &Ledger<'_>, future: usize, year: usize, paid: &[i128], found: &mut Findings) {
    let world = ledger.world;
    let at = || in_future(ledger.plan.courses[future].listed, "money");
    for (f, (funder, paid)) in world.health.funders.iter().zip(paid).enumerate() {
        let entitled: i128 = claims(ledger, future, year, f).iter().map(|(_, euros)| euros).sum();
        let who = || format!("{} {}: {paid}", funder.id, world.calendar(year));
        if *paid < 0 || *paid > entitled {
            found.add(Rule::Entitled, at(), who(), format!("0 … {entitled}"));
        }
        over(Rule::Envelope, at(), who(), *paid, of_year(&funder.envelope, year), found);
    }
}

fn of_year(envelope: &Envelope, year: usize) -> Option<Euros> {
    envelope.by_year.get(year - 1).copied().flatten()
}

fn over(rule: Rule, at: String, who: String, euros: i128, most: Option<Euros>, found: &mut Findings) {
    if let Some(most) = most.filter(|m| euros > i128::from(m.0)) {
        found.add(rule, at, who, format!("≤ {most}"));
    }
}

/// What a funder's rules give in a year, in the order in which it is served: yearly sums of what works, then grants
/// of what opens, each in the order of sites.
fn claims(ledger: &Ledger<'_>, future: usize, year: usize, funder: usize) -> Vec<(Use, i128)> {
    let works = |site: &usize| ledger.works(future, year, *site).is_some();
    let yearly = ledger.world.sites().filter(works).map(|site| {
        let rule = rule(ledger, year, site, funder);
        (Use::Running(site), rule.map_or(0, |r| i128::from(r.yearly.0)))
    });
    let new = ledger.plan.openings.iter().filter(|(_, (_, y))| *y == year).map(|(site, _)| *site);
    let grants = new.filter(works).map(|site| (Use::Capital(site), grant(ledger, year, site, funder)));
    yearly.chain(grants).collect()
}

/// The first rule of a funder that fits a structure.
fn rule<'a>(ledger: &Ledger<'a>, year: usize, site: usize, funder: usize) -> Option<&'a FundingRule> {
    let kind = ledger.open(year, site)?;
    let team: u64 = ledger.world.kind(kind).posts.iter().map(|p| u64::from(p.least.hundredths())).sum();
    let of_type = |r: &FundingRule| r.types.is_empty() || r.types.iter().any(|t| usize::from(t.0) == kind);
    let main = ledger.world.main(site);
    let mut rules = ledger.world.health.funders[funder].rules.iter();
    rules.find(|r| of_type(r) && r.places.contains(main) && team >= u64::from(r.least_posts))
}

/// What a funder gives for the capital of a structure that opens: what its rule gives, less what is cut because all
/// grants together pass the ceiling, from the last funder back.
fn grant(ledger: &Ledger<'_>, year: usize, site: usize, funder: usize) -> i128 {
    let world = ledger.world;
    let Some(kind) = ledger.open(year, site) else { return 0 };
    let capital = i128::from(world.kind(kind).capital.0).max(0);
    let rooms = i128::from(world.kind(kind).rooms / 100);
    let wanted = |f: usize| {
        let Some(rule) = rule(ledger, year, site, f) else { return 0 };
        let more = (rooms - i128::from(rule.rooms_from)).max(0) * i128::from(rule.rate_more_bp);
        let rate = i128::from(rule.rate_bp) + more.min(i128::from(rule.rate_more_most_bp));
        let base = rule.base_cap.map_or(capital, |cap| capital.min(cap.0.into()));
        let share = base * rate / 10_000;
        let capped = rule.cap.map_or(share, |cap| share.min(cap.0.into()));
        (capped + i128::from(rule.fixed.0)).max(0)
    };
    let all: i128 = (0..world.health.funders.len()).map(wanted).sum();
    let ceiling = capital * i128::from(world.health.grants_ceiling_percent.min(100)) / 100;
    let mut excess = (all - ceiling).max(0);
    for f in (funder..world.health.funders.len()).rev() {
        let cut = wanted(f).min(excess);
        if f == funder {
            return wanted(f) - cut;
        }
        excess -= cut;
    }
    0
}

/// The costs of a year by use, and what of them fees, insurance and rents pay.
fn costs(ledger: &Ledger<'_>, future: usize, year: usize) -> BTreeMap<Use, (i128, i128)> {
    let world = ledger.world;
    let mut costs = BTreeMap::new();
    for site in world.sites() {
        let Some(kind) = ledger.works(future, year, site) else { continue };
        let stocks = ledger.stocks(future, year, site);
        let (cost, income) = stocks.iter().fold((0, 0), |(c, i), s| (c + s.cost, i + s.income));
        let kind = world.kind(kind);
        let running = (i128::from(kind.yearly.0) + cost, i128::from(kind.income.0) + income);
        costs.insert(Use::Running(site), running);
        if ledger.plan.openings.get(&site).is_some_and(|(_, y)| *y == year) {
            costs.insert(Use::Capital(site), (kind.capital.0.into(), 0));
        }
        for (post, spec) in kind.posts.iter().enumerate() {
            let steps = ledger.plan.courses[future].hires.get(&(site, post, year)).copied().unwrap_or(0);
            let one = (i128::from(spec.capital.0) * i128::from(spec.step.hundredths())).div_euclid(100);
            costs.entry(Use::Equipment(site)).or_insert((0, 0)).0 += one * steps;
        }
    }
    for (lever, start) in ledger.plan.levers.iter().filter(|(_, start)| **start <= year) {
        let spec = &world.health.levers[*lever];
        let capital = if *start == year { spec.capital.0 } else { 0 };
        costs.insert(Use::Lever(*lever), (i128::from(capital) + i128::from(spec.yearly.0), 0));
    }
    costs
}

/// Shares out what each funder pays in a year; owners pay the rest. Payments of nothing are none.
fn share_out(ledger: &Ledger<'_>, future: usize, year: usize, paid: Vec<i128>, right: &mut Payments) {
    let mut rest = BTreeMap::new();
    let mut put = |what: Use, payer: Payer, euros: i128| {
        if euros != 0 {
            right.insert((year, what, payer), euros);
        }
    };
    for (what, (cost, income)) in costs(ledger, future, year) {
        put(what, Payer::Income, income);
        rest.insert(what, cost - income);
    }
    for (funder, paid) in paid.into_iter().enumerate() {
        let mut left = paid.max(0);
        for (what, claim) in claims(ledger, future, year, funder) {
            let euros = claim.min(left);
            left -= euros;
            put(what, Payer::Funder(funder), euros);
            *rest.entry(what).or_insert(0) -= euros;
        }
    }
    for (what, euros) in rest {
        put(what, Payer::Owner, euros);
    }
}

/// The payments that are claimed for a use in a year add up to its cost.
fn check_covered(ledger: &Ledger<'_>, future: usize, year: usize, claimed: &Payments, found: &mut Findings) {
    let costs = costs(ledger, future, year);
    let mut sums: BTreeMap<Use, i128> = costs.keys().map(|what| (*what, 0)).collect();
    for ((_, what, _), euros) in claimed.iter().filter(|((y, _, _), _)| *y == year) {
        *sums.entry(*what).or_default() += euros;
    }
    for (what, sum) in sums {
        let cost = costs.get(&what).map_or(0, |(cost, _)| *cost);
        if sum != cost {
            let who = format!("{} {}: {sum}", ledger.world.calendar(year), words(ledger, what));
            found.add(Rule::NotCovered, in_future(ledger.plan.courses[future].listed, "money"), who, cost);
        }
    }
}

fn words(ledger: &Ledger<'_>, what: Use) -> String {
    let site = |word: &str, site: usize| format!("{word} {}", ledger.world.id(site));
    match what {
        Use::Capital(s) => site("capital", s),
        Use::Equipment(s) => site("equipment", s),
        Use::Running(s) => site("running", s),
        Use::Lever(l) => format!("lever {}", ledger.world.health.levers[l].id),
    }
}

fn compare(ledger: &Ledger<'_>, future: usize, claimed: &Payments, right: &Payments, found: &mut Findings) {
    let at = || in_future(ledger.plan.courses[future].listed, "money");
    let row = |(year, what, payer): &(usize, Use, Payer), euros: i128| {
        let payer = match payer {
            Payer::Income => "income",
            Payer::Funder(f) => ledger.world.health.funders[*f].id.as_str(),
            Payer::Owner => "owner",
        };
        format!("{} {} {payer}: {euros}", ledger.world.calendar(*year), words(ledger, *what))
    };
    for (key, euros) in claimed {
        let wanted = right.get(key).copied();
        if wanted != Some(*euros) {
            found.add(Rule::Payment, at(), row(key, *euros), or_dash(wanted));
        }
    }
    for (key, euros) in right.iter().filter(|(key, _)| !claimed.contains_key(key)) {
        found.add(Rule::PaymentMissing, at(), "—", row(key, *euros));
    }
}

/// Owners pay no more than they can, each year and in all.
fn check_owner(ledger: &Ledger<'_>, future: usize, right: &Payments, found: &mut Findings) {
    let world = ledger.world;
    let at = || in_future(ledger.plan.courses[future].listed, "money");
    let owner = |year: usize| -> i128 {
        right.iter().filter(|((y, _, p), _)| *y == year && *p == Payer::Owner).map(|(_, e)| e).sum()
    };
    let mut all = 0;
    for year in world.planned() {
        let euros = owner(year);
        all += euros;
        let who = format!("owner {}: {euros}", world.calendar(year));
        over(Rule::Owner, at(), who, euros, of_year(&world.health.owner, year), found);
    }
    over(Rule::Owner, at(), format!("owner: {all}"), all, world.health.owner.total, found);
}

/// What owners and funders pay, for some uses.
pub(super) fn net(payments: &Payments, counts: impl Fn(Use) -> bool) -> i128 {
    let paid = payments.iter().filter(|((_, what, payer), _)| *payer != Payer::Income && counts(*what));
    paid.map(|(_, euros)| euros).sum()
}
