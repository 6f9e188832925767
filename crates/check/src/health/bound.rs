//! How many people can be on a list at most, counted without a solver: everyone who reaches a site, and no more than
//! all lists hold when every pool is emptied into the longest lists there are.

use super::ledger::step;
use super::world::World;
use maillage_programme::health::{PoolIx, PostKind, Standing};
use maillage_territory::{Fte, PlaceIx};

/// Person-years on a list that no plan exceeds in a future.
pub(super) fn most_attached(world: &World<'_>, future: usize) -> i128 {
    let near =
        |place: &PlaceIx| world.nearest(*place, |_| true).is_some_and(|(t, _)| t <= world.health.max_time);
    let reach: Vec<PlaceIx> = world.places().filter(near).collect();
    let people = |year| reach.iter().map(|place| world.people(year, *place)).sum::<i128>();
    world.planned().map(|year| people(year).min(lists(world, future, year))).sum()
}

/// What all lists hold at most in a year.
fn lists(world: &World<'_>, future: usize, year: usize) -> i128 {
    let (mut today, mut sessions, mut outside, mut inside) = (0i128, 0i128, 0i128, 0i128);
    let pools = 0..world.health.pools.len();
    let offered: Vec<i128> = pools.map(|p| offered(world, future, year, p)).collect();
    // What comes of each pool when all it can ever offer goes to the posts with the longest lists.
    let mut emptied = vec![0i128; offered.len()];
    for site in world.sites() {
        if let Some(practice) = world.practice(future, year, site) {
            today += i128::from(practice.list.0);
        }
        if let Standing::Existing(e) = &world.spec(site).standing {
            let posts = world.kind(usize::from(e.kind.0)).posts.iter().zip(&e.posts);
            let list = |(p, n): (&PostKind, &Fte)| i128::from(n.hundredths()) * i128::from(p.list) / 100;
            today += posts.map(list).sum::<i128>();
        }
        // Of the types a site may take, the one that holds most of each.
        let kinds = world.spec(site).types().iter().map(|t| world.kind(usize::from(t.0)));
        let (mut most_sessions, mut most_outside, mut most_inside) = (0, 0, 0);
        for kind in kinds {
            let gain = kind.sessions.map_or(0, |rule| {
                (i128::from(rule.list) - i128::from(rule.lead_list)).max(0) * i128::from(rule.most)
            });
            let (mut free, mut pooled) = (0i128, 0i128);
            for post in &kind.posts {
                let ages = ages(world, future, year, post);
                let list = filled_up(post, &ages);
                let Some(pool) = pool_of(world, site, post) else {
                    free += list;
                    continue;
                };
                pooled += list;
                let longest = ages.into_iter().max().unwrap_or(0);
                let all = offered[pool].saturating_mul(longest) / i128::from(post.step.hundredths());
                emptied[pool] = emptied[pool].max(all);
            }
            most_sessions = most_sessions.max(gain);
            most_outside = most_outside.max(free);
            most_inside = most_inside.max(pooled);
        }
        sessions += most_sessions;
        outside += most_outside;
        inside += most_inside;
    }
    let from_pools = emptied.into_iter().fold(0, i128::saturating_add);
    today.saturating_add(sessions).saturating_add(outside).saturating_add(inside.min(from_pools))
}

/// The first pool that a post at a site is taken from.
fn pool_of(world: &World<'_>, site: usize, post: &PostKind) -> Option<usize> {
    world.health.pools.iter().position(|pool| {
        pool.profession == post.profession
            && pool.mode.is_none_or(|m| m == post.mode)
            && pool.places.contains(world.main(site))
    })
}

/// Lists of one step of a post, by years since it was hired, up to a year of the plan.
fn ages(world: &World<'_>, future: usize, year: usize, post: &PostKind) -> Vec<i128> {
    let ramp = i128::from(world.future(future).ramp_percent);
    let mut stay = 10_000;
    let mut lists = Vec::new();
    for age in 0..year {
        lists.push(step(post, stay, age, ramp).list);
        stay = stay * (100 - i128::from(post.attrition_percent.min(100))) / 100;
    }
    lists
}

/// The list of a post when as many as may be filled are hired every year.
fn filled_up(post: &PostKind, ages: &[i128]) -> i128 {
    let steps = i128::from(post.most.hundredths()) / i128::from(post.step.hundredths());
    ages.iter().map(|list| steps.saturating_mul(*list)).fold(0, i128::saturating_add)
}

/// All that a pool can have offered up to a year, with every lever started at once and every structure open.
fn offered(world: &World<'_>, future: usize, year: usize, pool: usize) -> i128 {
    let own = world.health.pools[pool].by_year.iter().take(year);
    let percent = i128::from(world.future(future).pool_percent);
    let mut sum: i128 = own.map(|n| i128::from(n.hundredths()) * percent / 100).sum();
    let adds = |list: &[(PoolIx, Fte)]| -> i128 {
        let here = list.iter().filter(|(p, _)| usize::from(p.0) == pool);
        here.map(|(_, n)| i128::from(n.hundredths())).sum()
    };
    for lever in &world.health.levers {
        let from = usize::from(lever.from).max(1) + usize::from(lever.delay);
        sum += adds(&lever.adds) * (year + 1).saturating_sub(from) as i128;
    }
    for site in world.sites() {
        let kinds = world.spec(site).types().iter().map(|t| adds(&world.kind(usize::from(t.0)).attracts));
        sum += kinds.max().unwrap_or(0) * year as i128;
    }
    sum
}
