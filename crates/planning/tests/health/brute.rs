//! Every plan of a tiny programme, and what each is worth: by enumeration, sharing no code with the planning nor with
//! the tables, stocks and money of programmes.

use maillage_programme::health::*;
use maillage_territory::{Minutes, PlaceIx, Territory};

/// Opening (type and year; 0 has always been open) and hires by post and year.
pub type Decision = (Option<(HealthTypeIx, u8)>, Vec<Vec<u32>>);

/// What one site does under a decision, by year.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Doing {
    open: Vec<bool>,
    list: Vec<u64>,
    /// Hundredths of GPs taken from the pool.
    taken: Vec<u64>,
    /// Cost minus income.
    net: Vec<i64>,
    /// What the first funder may be asked for.
    claim: Vec<i64>,
    new: bool,
    /// Hundredths of GPs that it brings to the pool the year after one in which it is open.
    attracts: i64,
}

/// People attached and what it costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Worth {
    pub people: u64,
    pub cost: i64,
}

impl Worth {
    /// More people, then less cost.
    fn beats(self, other: Worth) -> bool {
        (self.people, -self.cost) > (other.people, -other.cost)
    }
}

/// Filled hundredths, list, cost and income of one step after some years: from the words of the format.
pub fn step_worth(p: &PostKind, ramp_percent: u8, age: usize) -> (u64, u64, i64, i64) {
    let mut stay: u64 = 10_000;
    for _ in 0..age {
        stay = stay * (100 - u64::from(p.attrition_percent)) / 100;
    }
    let ramp = match p.ramp.len() {
        0 => 100,
        n => u64::from(p.ramp[age.min(n - 1)]),
    };
    let step = u64::from(p.step.hundredths());
    let filled = step * stay / 10_000;
    let list = step * stay * ramp * u64::from(ramp_percent) * u64::from(p.list) / 10_000_000_000;
    (filled, list, p.yearly.0 * filled as i64 / 100, p.income.0 * filled as i64 / 100)
}

/// What the first funder gives for the capital of a type at a place.
fn grant(h: &Health, kind: HealthTypeIx, place: PlaceIx) -> i64 {
    let (Some(r), t) = (rule(h, kind, place), &h.types[kind.0 as usize]) else { return 0 };
    let base = r.base_cap.map_or(t.capital.0, |c| t.capital.0.min(c.0));
    let share = base * i64::from(r.rate_bp) / 10_000;
    let sum = r.cap.map_or(share, |c| share.min(c.0)) + r.fixed.0;
    sum.min(t.capital.0 * i64::from(h.grants_ceiling_percent) / 100)
}

fn rule(h: &Health, kind: HealthTypeIx, place: PlaceIx) -> Option<&FundingRule> {
    let r = &h.funders.first()?.rules[0];
    let fits = (r.types.is_empty() || r.types.contains(&kind))
        && match &r.places {
            Places::All => true,
            Places::Some(places) => places.contains(&place),
        };
    fits.then_some(r)
}

/// What a site does; `None` when its own rules are broken.
pub fn doing(h: &Health, site: usize, (open, hires): &Decision) -> Option<Doing> {
    let years = usize::from(h.years);
    let zeros = || vec![0i64; years];
    let mut d = Doing {
        open: vec![false; years],
        list: vec![0; years],
        taken: vec![0; years],
        net: zeros(),
        claim: zeros(),
        ..Doing::default()
    };
    let s = &h.sites[site];
    let (kind, from, today): (HealthTypeIx, u8, Vec<u64>) = match (&s.standing, open) {
        (Standing::Practice, _) => {
            for y in 0..years {
                d.list[y] = h.futures[0].practices[&maillage_programme::SiteIx(site as u32)][y + 1].list.0;
                d.open[y] = d.list[y] > 0;
            }
            return Some(d);
        }
        (Standing::Existing(e), _) => {
            (e.kind, 0, e.posts.iter().map(|f| u64::from(f.hundredths())).collect())
        }
        (Standing::Candidate { committed, .. }, None) => return committed.is_none().then_some(d),
        (Standing::Candidate { types, from, committed }, Some((kind, year))) => {
            let late = committed.is_some_and(|c| *year > c.by || c.kind.is_some_and(|k| k != *kind));
            if *year < *from || !types.contains(kind) || late {
                return None;
            }
            (*kind, *year, vec![0; h.types[kind.0 as usize].posts.len()])
        }
    };
    let t = &h.types[kind.0 as usize];
    d.new = from > 0;
    d.attracts = t.attracts.iter().map(|(_, f)| i64::from(f.hundredths())).sum();
    for y in 0..years {
        let year = y as u8 + 1;
        if year < from {
            if hires.iter().any(|by_year| by_year[y] > 0) {
                return None;
            }
            continue;
        }
        d.open[y] = true;
        d.net[y] += t.yearly.0 - t.income.0;
        d.claim[y] += rule(h, kind, s.main()).map_or(0, |r| r.yearly.0);
        if year == from {
            d.net[y] += t.capital.0;
            d.claim[y] += grant(h, kind, s.main());
        }
        let mut rooms = 0;
        for ((p, by_year), today) in t.posts.iter().zip(hires).zip(&today) {
            let (mut opened, mut filled) = (*today, *today);
            let step = u64::from(p.step.hundredths());
            d.list[y] += today * u64::from(p.list) / 100;
            d.net[y] += p.yearly.0 * *today as i64 / 100 - p.income.0 * *today as i64 / 100;
            for (age, n) in by_year[..=y].iter().rev().enumerate() {
                let (one, list, cost, income) = step_worth(p, h.futures[0].ramp_percent, age);
                opened += u64::from(*n) * step;
                filled += u64::from(*n) * one;
                d.list[y] += u64::from(*n) * list;
                d.net[y] += i64::from(*n) * (cost - income);
            }
            d.net[y] += i64::from(by_year[y]) * (p.capital.0 * step as i64 / 100);
            if h.pools.first().is_some_and(|q| q.profession == p.profession) {
                d.taken[y] += u64::from(by_year[y]) * step;
            }
            // What stands today has its team.
            let team = from == 0 || opened >= u64::from(p.least.hundredths());
            if !team || filled > u64::from(p.most.hundredths()) {
                return None;
            }
            rooms += filled * u64::from(p.rooms);
        }
        if rooms > 100 * u64::from(t.rooms) {
            return None;
        }
    }
    Some(d)
}

/// Every decision at a site that keeps its own rules.
pub fn decisions(h: &Health, site: usize) -> Vec<Decision> {
    let years = usize::from(h.years);
    let mut openings = vec![None];
    match &h.sites[site].standing {
        Standing::Practice => {}
        Standing::Existing(e) => openings = vec![Some((e.kind, 0))],
        Standing::Candidate { types, .. } => {
            openings.extend(types.iter().flat_map(|k| (1..=h.years).map(|y| Some((*k, y)))));
        }
    }
    let mut out = Vec::new();
    for open in openings {
        let posts: &[PostKind] = open.map_or(&[], |(k, _)| &h.types[k.0 as usize].posts);
        let mut hires: Vec<Vec<Vec<u32>>> = vec![Vec::new()];
        for p in posts {
            let most = p.most.hundredths() / p.step.hundredths();
            let mut one: Vec<Vec<u32>> = vec![Vec::new()];
            for _ in 0..years {
                one = one
                    .iter()
                    .flat_map(|by_year| (0..=most).map(|n| [&by_year[..], &[n]].concat()))
                    .collect();
            }
            hires = hires
                .iter()
                .flat_map(|all| one.iter().map(|p| [&all[..], std::slice::from_ref(p)].concat()))
                .collect();
        }
        out.extend(hires.into_iter().map(|by_post| (open, by_post)));
    }
    out.retain(|d| doing(h, site, d).is_some());
    out
}

/// What sites come to together; `None` when they break a rule. `kept[year - 1][place][site]` people stay.
pub fn together(t: &Territory, h: &Health, sites: &[&Doing], kept: &[Vec<Vec<u64>>]) -> Option<Worth> {
    let years = usize::from(h.years);
    let sum = |of: &dyn Fn(&Doing) -> i64| sites.iter().map(|d| of(d)).sum::<i64>();
    let mut saved: i64 = 0;
    for y in 0..years {
        if let Some(p) = h.pools.first() {
            saved = if p.carry_over { saved } else { 0 };
            saved += p.by_year.get(y).map_or(0, |f| i64::from(f.hundredths()));
            for (s, d) in h.sites.iter().zip(sites) {
                let worked = if y == 0 { matches!(s.standing, Standing::Existing(_)) } else { d.open[y - 1] };
                saved += if worked { d.attracts } else { 0 };
            }
            saved -= sum(&|d| d.taken[y] as i64);
            if saved < 0 {
                return None;
            }
        }
    }
    for r in &h.rules {
        if let HealthRule::Count { most: Some(most), .. } = r
            && sites.iter().filter(|d| d.new).count() > *most as usize
        {
            return None;
        }
    }
    pay(h, years, &|y| sum(&|d| d.net[y]), &|y| sum(&|d| d.claim[y]))?;
    let people = (0..years).map(|y| attach(t, h, y, sites, &kept[y])).sum();
    Some(Worth { people, cost: (0..years).map(|y| sum(&|d| d.net[y])).sum() })
}

/// Whether the funder can pay so that owners can pay the rest.
fn pay(h: &Health, years: usize, net: &dyn Fn(usize) -> i64, claim: &dyn Fn(usize) -> i64) -> Option<()> {
    let (mut needed, mut possible, mut cost) = (0, 0, 0);
    let limit = |e: &Envelope, y: usize| e.by_year.get(y).copied().flatten().map_or(i64::MAX, |e| e.0);
    for y in 0..years {
        let most = h.funders.first().map_or(0, |f| claim(y).min(limit(&f.envelope, y)));
        let owner = limit(&h.owner, y);
        let need = if owner == i64::MAX { 0 } else { (net(y) - owner).max(0) };
        if need > most {
            return None;
        }
        needed += need;
        possible += most;
        cost += net(y);
    }
    let total = h.funders.first().and_then(|f| f.envelope.total).map_or(i64::MAX, |e| e.0);
    let left = cost - possible.min(total);
    (needed <= total && h.owner.total.is_none_or(|o| left <= o.0)).then_some(())
}

/// Shortest trip from a place to a site within the longest time.
pub fn trip(t: &Territory, h: &Health, place: usize, site: usize) -> Option<Minutes> {
    let times = h.sites[site].addresses.iter().filter_map(|a| t.travel.minutes(PlaceIx(place as u32), *a));
    times.filter(|m| *m <= h.max_time).min()
}

/// Most people on lists in a year, counted from 0.
fn attach(t: &Territory, h: &Health, y: usize, sites: &[&Doing], kept: &[Vec<u64>]) -> u64 {
    let people: Vec<u64> = h.people[y + 1].iter().map(|n| n.0).collect();
    let (n, m) = (people.len(), sites.len());
    let stay: u64 = kept.iter().flatten().sum();
    let mut net = Flow::new(2 + n * 2 + m);
    for (i, here) in people.iter().enumerate() {
        let mine: u64 = kept[i].iter().sum();
        net.arc(0, 2 + i, here - mine);
        let mut near: Vec<(Minutes, usize)> =
            (0..m).filter(|s| sites[*s].open[y]).filter_map(|s| trip(t, h, i, s).map(|t| (t, s))).collect();
        near.sort_unstable();
        if h.behaviour == Behaviour::Nearest {
            near.truncate(1);
        }
        let mut beyond = None;
        if let Behaviour::Decay(steps) = &h.behaviour {
            let (limit, percent) = steps[0];
            let far: u64 =
                (0..m).filter(|s| trip(t, h, i, *s).is_some_and(|t| t > limit)).map(|s| kept[i][s]).sum();
            net.arc(2 + i, 2 + n + m + i, (here * u64::from(percent) / 100).saturating_sub(far));
            beyond = Some(limit);
        }
        for (time, s) in near {
            let tail = if beyond.is_some_and(|b| time > b) { 2 + n + m + i } else { 2 + i };
            net.arc(tail, 2 + n + s, u64::MAX / 4);
        }
    }
    for (s, d) in sites.iter().enumerate() {
        let on: u64 = kept.iter().map(|by_site| by_site[s]).sum();
        net.arc(2 + n + s, 1, d.list[y] - on);
    }
    stay + net.most()
}

/// The best plan; `None` when no plan keeps every rule.
pub fn brute(t: &Territory, h: &Health, kept: &[Vec<Vec<u64>>]) -> Option<Worth> {
    let of = |s| {
        let mut doings: Vec<Doing> = decisions(h, s).iter().filter_map(|d| doing(h, s, d)).collect();
        doings.sort();
        doings.dedup();
        doings
    };
    let all: Vec<Vec<Doing>> = (0..h.sites.len()).map(of).collect();
    let mut best: Option<Worth> = None;
    let mut at = vec![0; all.len()];
    if all.iter().any(Vec::is_empty) {
        return None;
    }
    loop {
        let sites: Vec<&Doing> = at.iter().zip(&all).map(|(i, of)| &of[*i]).collect();
        if let Some(worth) = together(t, h, &sites, kept)
            && best.is_none_or(|b| worth.beats(b))
        {
            best = Some(worth);
        }
        let Some(next) = (0..all.len()).find(|s| at[*s] + 1 < all[*s].len()) else { return best };
        at[..next].fill(0);
        at[next] += 1;
    }
}

/// Decisions of a plan by site.
pub fn decisions_of(h: &Health, plan: &HealthPlan) -> Vec<Decision> {
    let years = usize::from(h.years);
    let of = |(ix, s): (maillage_programme::SiteIx, &HealthSite)| {
        let opening = plan.openings.iter().find(|o| o.site == ix).map(|o| (o.kind, o.year));
        let open = if let Standing::Existing(e) = &s.standing { Some((e.kind, 0)) } else { opening };
        let posts = open.map_or(0, |(k, _)| h.types[k.0 as usize].posts.len());
        let mut hires = vec![vec![0; years]; posts];
        for hire in plan.futures[0].hires.iter().filter(|hire| hire.site == ix) {
            hires[usize::from(hire.post.0)][usize::from(hire.year) - 1] += hire.steps;
        }
        (open, hires)
    };
    h.sites().map(of).collect()
}

/// Most flow from node 0 to node 1 by shortest paths.
struct Flow {
    arcs: Vec<(usize, usize, u64)>,
    nodes: usize,
}

impl Flow {
    fn new(nodes: usize) -> Flow {
        Flow { arcs: Vec::new(), nodes }
    }

    fn arc(&mut self, from: usize, to: usize, most: u64) {
        self.arcs.push((from, to, most));
        self.arcs.push((to, from, 0));
    }

    fn most(mut self) -> u64 {
        let mut sum = 0;
        loop {
            let mut via = vec![None; self.nodes];
            let mut queue = std::collections::VecDeque::from([0]);
            while let Some(at) = queue.pop_front() {
                for (a, &(from, to, left)) in self.arcs.iter().enumerate() {
                    if from == at && left > 0 && to != 0 && via[to].is_none() {
                        via[to] = Some(a);
                        queue.push_back(to);
                    }
                }
            }
            let (mut path, mut at) = (Vec::new(), 1);
            while let Some(a) = via[at] {
                path.push(a);
                at = self.arcs[a].0;
            }
            let Some(push) = path.iter().map(|a| self.arcs[*a].2).min() else { return sum };
            for a in path {
                self.arcs[a].2 -= push;
                self.arcs[a ^ 1].2 += push;
            }
            sum += push;
        }
    }
}
