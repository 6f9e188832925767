//! What a plan's parts are worth, in person-years attached in the first future: lists change, people are assigned anew.

use super::world::World;
use maillage_programme::SiteIx;
use maillage_programme::health::{Attached, FutureIx, HealthPlan, PoolIx, PostIx, Rank, Standing, stocks};
use std::cmp::Ordering;

/// What one more full post of a pool in a year would bring, openings unchanged, at the best site with room for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worth {
    /// Pool.
    pub pool: PoolIx,
    /// Year.
    pub year: u8,
    /// The best site; `None` when none has room.
    pub site: Option<SiteIx>,
    /// Person-years more.
    pub person_years: u64,
}

/// What an opening brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Where.
    pub site: SiteIx,
    /// Person-years lost without it.
    pub person_years: u64,
    /// Filled GP-years it takes, in hundredths.
    pub gp_years: u64,
}

/// What a year's delay loses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delay {
    /// Where.
    pub site: SiteIx,
    /// Person-years lost.
    pub person_years: u64,
}

const FIRST: FutureIx = FutureIx(0);

/// Lists of every planned year.
type Lists = Vec<Vec<(u64, bool)>>;

pub(crate) fn worth(
    world: &World<'_>,
    plan: &HealthPlan,
    base: &[Attached],
) -> (Vec<Worth>, Vec<Order>, Vec<Delay>) {
    let health = world.health;
    let lists: Option<Lists> = health.planned().map(|y| world.lists_with_sessions(plan, FIRST, y)).collect();
    let Some(lists) = lists else { return Default::default() };
    let kept: Vec<Vec<Attached>> = health.planned().map(|y| world.kept(base, FIRST, y)).collect();
    let attached = |year: usize, lists: &[(u64, bool)]| -> u64 {
        world.attach(year as u8 + 1, lists, &kept[year], &[]).iter().map(|a| a.people.0).sum()
    };
    let now: Vec<u64> = lists.iter().enumerate().map(|(y, l)| attached(y, l)).collect();
    let all: u64 = now.iter().sum();
    let changed = |new: &Lists| -> u64 {
        let years = new.iter().zip(&lists).enumerate();
        years.map(|(y, (new, old))| if new == old { now[y] } else { attached(y, new) }).sum()
    };
    let mut order = Vec::new();
    let mut delay = Vec::new();
    for o in &plan.openings {
        let at = o.site.0 as usize;
        let (mut without, mut late) = (lists.clone(), lists.clone());
        for y in 0..lists.len() {
            without[y][at] = (0, false);
            late[y][at] = if y == 0 { (0, false) } else { lists[y - 1][at] };
        }
        order.push(Order {
            site: o.site,
            person_years: all.saturating_sub(changed(&without)),
            gp_years: gp_years(world, plan, o.site),
        });
        delay.push(Delay { site: o.site, person_years: all.saturating_sub(changed(&late)) });
    }
    order.sort_by(by_gain_per_gp);
    let mut worths = Vec::new();
    for (pool, _) in (0..).map(PoolIx).zip(&health.pools) {
        for year in health.planned() {
            let mut best = Worth { pool, year, site: None, person_years: 0 };
            for (site, post) in with_room(world, plan, pool, year) {
                let more = with_one_more(world, plan, &lists, site, post, year);
                let gain = changed(&more).saturating_sub(all);
                if best.site.is_none() || gain > best.person_years {
                    best = Worth { site: Some(site), person_years: gain, ..best };
                }
            }
            worths.push(best);
        }
    }
    (worths, order, delay)
}

/// Most person-years for each GP-year first; what has no GP of its own comes last.
fn by_gain_per_gp(a: &Order, b: &Order) -> Ordering {
    // a/b > c/d as a·d > c·b.
    let gain = |o: &Order, other: &Order| u128::from(o.person_years) * u128::from(other.gp_years);
    let without = |o: &Order| o.gp_years == 0;
    let by_gain = || {
        if without(a) { b.person_years.cmp(&a.person_years) } else { gain(b, a).cmp(&gain(a, b)) }
    };
    without(a).cmp(&without(b)).then_with(by_gain).then(a.site.cmp(&b.site))
}

/// Filled GP-years of a site, in hundredths.
fn gp_years(world: &World<'_>, plan: &HealthPlan, site: SiteIx) -> u64 {
    let health = world.health;
    let mut sum = 0;
    for year in health.planned() {
        let Some(kind) = plan.works(health, &health.futures[0], site, year) else { continue };
        let posts = health.kind(kind).posts.iter().zip(stocks(health, &world.tables[0], plan, 0, site, year));
        for (p, stock) in posts {
            if health.professions[usize::from(p.profession.0)].rank == Rank::Gp {
                sum += stock.filled;
            }
        }
    }
    sum
}

/// Working sites of the pool that could fill one more full post hired in a year, to the end.
fn with_room(world: &World<'_>, plan: &HealthPlan, pool: PoolIx, year: u8) -> Vec<(SiteIx, PostIx)> {
    let health = world.health;
    let p = &health.pools[usize::from(pool.0)];
    let mut out = Vec::new();
    for (site, s) in health.sites().filter(|(_, s)| p.places.contains(s.main())) {
        let Some(kind) = plan.works(health, &health.futures[0], site, year) else { continue };
        if matches!(&s.standing, Standing::Existing(e) if e.may_close) {
            continue;
        }
        let t = health.kind(kind);
        for (post, k) in (0..).map(PostIx).zip(&t.posts) {
            let fits = k.profession == p.profession && p.mode.is_none_or(|m| m == k.mode) && k.list > 0;
            let room = (year..=health.years).all(|y| {
                let stocks = stocks(health, &world.tables[0], plan, 0, site, y);
                let rooms: u64 =
                    stocks.iter().zip(&t.posts).map(|(s, k)| s.filled * u64::from(k.rooms)).sum();
                stocks[usize::from(post.0)].filled + 100 <= u64::from(k.most.hundredths())
                    && rooms + 100 * u64::from(k.rooms) <= u64::from(t.rooms) * 100
            });
            if fits && room {
                out.push((site, post));
            }
        }
    }
    out
}

/// Lists with one full post more at a site from a year on.
fn with_one_more(
    world: &World<'_>,
    plan: &HealthPlan,
    lists: &Lists,
    site: SiteIx,
    post: PostIx,
    year: u8,
) -> Lists {
    let health = world.health;
    let mut out = lists.clone();
    let Some(kind) = plan.works(health, &health.futures[0], site, year) else { return out };
    let table = &world.tables[0].of[usize::from(kind.0)][usize::from(post.0)];
    let step = u64::from(health.kind(kind).posts[usize::from(post.0)].step.hundredths()).max(1);
    for (age, y) in (usize::from(year) - 1..out.len()).enumerate() {
        out[y][site.0 as usize].0 += table.list[age] * 100 / step;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_total() {
        let order = |site, person_years, gp_years| Order { site: SiteIx(site), person_years, gp_years };
        // 5 for one GP-year, 3 for one, 4 for two; then those without a GP, most first.
        let right =
            [order(3, 5, 1), order(1, 3, 1), order(4, 4, 2), order(5, 7, 0), order(0, 0, 0), order(2, 0, 0)];
        for shift in 0..right.len() {
            let mut shuffled = right.to_vec();
            shuffled.rotate_left(shift);
            shuffled.sort_by(by_gain_per_gp);
            assert_eq!(shuffled, right);
        }
    }
}
