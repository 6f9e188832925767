//! Posts at every site in every year: figures, team, rooms, pools, sessions.

use super::ledger::{Ledger, Stock};
use super::plan::{at, in_future};
use crate::violation::{Findings, Rule, decimal};
use maillage_programme::health::{FutureRecord, HealthRecord, Mode, Pool, Standing};
use std::collections::{BTreeMap, BTreeSet};

/// Posts, pools and sessions in every future.
pub(super) fn check(ledger: &Ledger<'_>, record: &HealthRecord, found: &mut Findings) {
    for future in ledger.world.futures() {
        let claim = ledger.plan.courses[future].listed.map(|i| &record.futures[i]);
        for year in ledger.world.planned() {
            for site in ledger.world.sites() {
                check_site(ledger, future, year, site, claim, found);
            }
        }
        check_pools(ledger, future, claim, found);
    }
}

/// The posts of a structure that works.
fn check_site(
    ledger: &Ledger<'_>,
    future: usize,
    year: usize,
    site: usize,
    claim: Option<&FutureRecord>,
    found: &mut Findings,
) {
    let world = ledger.world;
    let Some(kind) = ledger.works(future, year, site) else { return };
    let kind = world.kind(kind);
    let course = &ledger.plan.courses[future];
    let at = |field: String| in_future(course.listed, field);
    let mut rooms = 0;
    for (post, (spec, stock)) in kind.posts.iter().zip(ledger.stocks(future, year, site)).enumerate() {
        let profession = &world.health.professions[usize::from(spec.profession.0)].id;
        let named = |n: i128| {
            format!(
                "{} {} {profession} {}: {}",
                world.id(site),
                world.calendar(year),
                word(spec.mode),
                decimal(n)
            )
        };
        // What stands today has its team already.
        let new = matches!(world.health.sites[site].standing, Standing::Candidate { .. });
        if new && stock.opened < i128::from(spec.least.hundredths()) {
            found.add(Rule::Team, at("posts".into()), named(stock.opened), format!("≥ {}", spec.least));
        }
        if stock.filled > i128::from(spec.most.hundredths()) {
            found.add(Rule::MostPosts, at("posts".into()), named(stock.filled), format!("≤ {}", spec.most));
        }
        rooms += i128::from(spec.rooms) * stock.filled;
        let hired = course.hires.get(&(site, post, year)).copied().unwrap_or(0);
        let hired = hired * i128::from(spec.step.hundredths());
        match course.rows.get(&(site, post, year)) {
            Some(row) => {
                if let Some(claim) = claim.and_then(|c| c.posts.get(*row)) {
                    let at = |field: &str| at(format!("posts/{row}/{field}"));
                    let claimed =
                        [claim.opened.0.into(), claim.filled.0.into(), claim.list.into(), claim.acts.into()];
                    check_figures(at, claimed, stock, found);
                }
            }
            None if claim.is_some() && stock.opened > 0 => {
                found.add(Rule::Missing, at("posts".into()), "—", named(hired));
            }
            None => {}
        }
    }
    if rooms > i128::from(kind.rooms) * 100 {
        let who = format!("{} ({}): {}", world.id(site), world.calendar(year), decimal(rooms / 100));
        found.add(Rule::Rooms, at("posts".into()), who, format!("≤ {}", decimal(kind.rooms.into())));
    }
}

/// The word of a mode in files.
fn word(mode: Mode) -> &'static str {
    match mode {
        Mode::SelfEmployed => "self-employed",
        Mode::Salaried => "salaried",
    }
}

/// A row of posts says what the years make of them; a row with none opened has no place.
fn check_figures(at: impl Fn(&str) -> String, claimed: [i128; 4], stock: &Stock, found: &mut Findings) {
    if stock.opened == 0 {
        found.add(Rule::PostFigures, at("opened"), decimal(claimed[0]), "—");
    }
    let recomputed = [stock.opened, stock.filled, stock.list, stock.acts];
    for (i, field) in ["opened", "filled", "list", "acts"].into_iter().enumerate() {
        let words = |n: i128| if i < 2 { decimal(n) } else { n.to_string() };
        found.equal(Rule::PostFigures, at(field), words(claimed[i]), words(recomputed[i]));
    }
}

/// What each pool offers and gives in each year, in hundredths of a post: its own, levers', structures'.
fn check_pools(ledger: &Ledger<'_>, future: usize, claim: Option<&FutureRecord>, found: &mut Findings) {
    let world = ledger.world;
    let listed = ledger.plan.courses[future].listed;
    let mut figures = BTreeMap::new();
    for (p, pool) in world.health.pools.iter().enumerate() {
        let mut carried = 0;
        for year in world.planned() {
            let offered = offered(ledger, future, p, year) + carried;
            let taken = taken(ledger, future, pool, year);
            if taken > offered {
                let who = format!("{} {}: {}", pool.id, world.calendar(year), decimal(taken));
                found.add(
                    Rule::PoolExceeded,
                    in_future(listed, "posts"),
                    who,
                    format!("≤ {}", decimal(offered)),
                );
            }
            figures.insert((p, year), (offered, taken));
            carried = if pool.carry_over { offered - taken } else { 0 };
        }
    }
    let Some(claim) = claim else { return };
    let mut seen = BTreeSet::new();
    for (i, row) in claim.pools.iter().enumerate() {
        let at = |field: &str| in_future(listed, format!("pools/{i}/{field}"));
        let Some(pool) = world.health.pools.iter().position(|p| p.id == row.pool) else {
            found.add(Rule::UnknownName, at("pool"), &row.pool, "—");
            continue;
        };
        let Some(year) = world.planned_year(row.year) else {
            found.add(Rule::Years, at("year"), row.year, world.years_in_words());
            continue;
        };
        if !seen.insert((pool, year)) {
            found.add(Rule::Twice, at("pool"), format!("{} {}", row.pool, row.year), "1 ×");
        }
        let (offered, taken) = figures[&(pool, year)];
        found.equal(Rule::PoolFigures, at("offered"), decimal(row.offered.0.into()), decimal(offered));
        found.equal(Rule::PoolFigures, at("taken"), decimal(row.taken.0.into()), decimal(taken));
    }
    for (pool, year) in figures.keys().filter(|key| !seen.contains(*key)) {
        let wanted = format!("{} {}", world.health.pools[*pool].id, world.calendar(*year));
        found.add(Rule::Missing, in_future(listed, "pools"), "—", wanted);
    }
}

/// What a pool offers anew in a year.
pub(super) fn offered(ledger: &Ledger<'_>, future: usize, pool: usize, year: usize) -> i128 {
    let world = ledger.world;
    let spec = &world.health.pools[pool];
    let own = spec.by_year.get(year - 1).map_or(0, |n| i128::from(n.hundredths()));
    let mut sum = own * i128::from(world.future(future).pool_percent) / 100;
    for (lever, start) in &ledger.plan.levers {
        let lever = &world.health.levers[*lever];
        if start + usize::from(lever.delay) <= year {
            let adds = lever.adds.iter().filter(|(p, _)| usize::from(p.0) == pool);
            sum += adds.map(|(_, n)| i128::from(n.hundredths())).sum::<i128>();
        }
    }
    for kind in world.sites().filter_map(|s| ledger.works(future, year - 1, s)) {
        let attracts = world.kind(kind).attracts.iter().filter(|(p, _)| usize::from(p.0) == pool);
        sum += attracts.map(|(_, n)| i128::from(n.hundredths())).sum::<i128>();
    }
    sum
}

/// What is taken from a pool in a year.
fn taken(ledger: &Ledger<'_>, future: usize, pool: &Pool, year: usize) -> i128 {
    let world = ledger.world;
    let mut sum = 0;
    for (&(site, post, _), steps) in
        ledger.plan.courses[future].hires.iter().filter(|((_, _, y), _)| *y == year)
    {
        let Some(kind) = ledger.open(year, site) else { continue };
        let spec = &world.kind(kind).posts[post];
        let mode = pool.mode.is_none_or(|m| m == spec.mode);
        if mode && spec.profession == pool.profession && pool.places.contains(world.main(site)) {
            sum += steps * i128::from(spec.step.hundredths());
        }
    }
    sum
}

/// Side figures: known sites and pools, planned years.
pub(super) fn check_side(ledger: &Ledger<'_>, record: &HealthRecord, found: &mut Findings) {
    let world = ledger.world;
    for (i, worth) in record.worth.iter().enumerate() {
        let at = |field: &str| at(format!("worth/{i}/{field}"));
        if !world.health.pools.iter().any(|p| p.id == worth.pool) {
            found.add(Rule::UnknownName, at("pool"), &worth.pool, "—");
        }
        let Some(year) = world.planned_year(worth.year) else {
            found.add(Rule::Years, at("year"), worth.year, world.years_in_words());
            continue;
        };
        let Some(id) = &worth.site_id else { continue };
        // In the first future more recruits can only go where something works.
        if world.site(id).is_none_or(|s| ledger.works(0, year, s).is_none()) {
            found.add(Rule::SideFigure, at("site_id"), id, "—");
        }
    }
    let mut seen = BTreeSet::new();
    let opened = |id| world.site(id).is_some_and(|s| ledger.plan.openings.contains_key(&s));
    for (i, order) in record.order.iter().enumerate() {
        let at = |field: &str| at(format!("order/{i}/{field}"));
        if !opened(&order.site_id) {
            found.add(Rule::SideFigure, at("site_id"), &order.site_id, "—");
        }
        if !seen.insert(&order.site_id) {
            found.add(Rule::Twice, at("site_id"), &order.site_id, "1 ×");
        }
        for (field, value) in [("gp_years", Some(order.gp_years)), ("per_gp_year", order.per_gp_year)] {
            if let Some(wrong) = value.filter(|v| v.0 < 0) {
                found.add(Rule::SideFigure, at(field), wrong, "≥ 0");
            }
        }
        if order.per_gp_year.is_some() != (order.gp_years.0 > 0) {
            let claimed = crate::violation::or_dash(order.per_gp_year);
            found.add(Rule::SideFigure, at("per_gp_year"), claimed, format!("gp_years = {}", order.gp_years));
        }
    }
    let mut seen = BTreeSet::new();
    for (i, delay) in record.delay.iter().enumerate() {
        if !opened(&delay.site_id) {
            found.add(Rule::SideFigure, at(format!("delay/{i}/site_id")), &delay.site_id, "—");
        }
        if !seen.insert(&delay.site_id) {
            found.add(Rule::Twice, at(format!("delay/{i}/site_id")), &delay.site_id, "1 ×");
        }
    }
}
