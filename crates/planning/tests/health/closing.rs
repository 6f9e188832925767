//! Money closes: in any plan, whatever the funders, every euro that is spent is paid, once.

use crate::brute::step_worth;
use crate::support::*;
use maillage_programme::health::*;
use maillage_programme::{Euros, SiteIx};
use maillage_territory::{Fte, PlaceIx};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Numbers drawn in advance; small ones when they run out.
struct Dice(std::vec::IntoIter<u32>);

impl Dice {
    fn below(&mut self, n: u32) -> u32 {
        self.0.next().unwrap_or(0) % n.max(1)
    }

    fn euros(&mut self, most: u32) -> Euros {
        Euros(i64::from(self.below(most)))
    }

    fn once_in<T>(&mut self, n: u32, of: impl FnOnce(&mut Dice) -> T) -> Option<T> {
        if self.below(n) == 1 { Some(of(self)) } else { None }
    }

    fn some<T>(&mut self, from: u32, to: u32, of: impl Fn(&mut Dice) -> T) -> Vec<T> {
        let n = from + self.below(to - from + 1);
        (0..n).map(|_| of(self)).collect()
    }
}

fn a_post(d: &mut Dice) -> PostKind {
    PostKind {
        step: Fte::from_hundredths([100, 50, 30][d.below(3) as usize]),
        least: Fte::from_hundredths(d.below(3) * 50),
        attrition_percent: d.below(60) as u8,
        capital: d.euros(50_000),
        yearly: d.euros(120_000),
        income: d.euros(150_000),
        ..post(ProfessionIx(d.below(3) as u16), 1000)
    }
}

fn a_type(d: &mut Dice) -> HealthType {
    HealthType {
        capital: d.euros(3_000_000),
        yearly: d.euros(100_000),
        income: d.euros(100_000),
        rooms: d.below(1500),
        ..kind("t", d.some(1, 2, a_post))
    }
}

fn a_rule(d: &mut Dice) -> FundingRule {
    FundingRule {
        types: d.once_in(3, |d| vec![HealthTypeIx(d.below(2) as u16)]).unwrap_or_default(),
        places: d.once_in(3, |d| Places::Some(vec![PlaceIx(d.below(3))])).unwrap_or(Places::All),
        least_posts: d.below(4) * 50,
        rate_more_bp: d.below(500),
        rooms_from: d.below(10),
        rate_more_most_bp: d.below(2000),
        base_cap: d.once_in(3, |d| d.euros(2_000_000)),
        cap: d.once_in(3, |d| d.euros(400_000)),
        fixed: d.once_in(3, |d| d.euros(900_000)).unwrap_or(Euros(0)),
        yearly: d.once_in(2, |d| d.euros(80_000)).unwrap_or(Euros(0)),
        ..share(d.below(7000))
    }
}

fn a_funder(d: &mut Dice) -> Funder {
    let by_year = d.some(0, 3, |d| d.once_in(2, |d| d.euros(600_000)));
    let envelope = Envelope { by_year, total: d.once_in(3, |d| d.euros(1_200_000)) };
    Funder { rules: d.some(1, 2, a_rule), envelope, ..funder("f", share(0)) }
}

fn a_programme(d: &mut Dice) -> Health {
    let mut h = programme(1 + d.below(4) as u8, &[0, 0, 0]);
    h.types = vec![a_type(d), a_type(d)];
    h.funders = d.some(0, 4, a_funder);
    h.grants_ceiling_percent = d.below(101) as u8;
    h.levers = d.some(0, 2, |d| Lever { capital: d.euros(200_000), yearly: d.euros(20_000), ..lever(0, 1) });
    let sites = d.some(1, 5, |d| (d.below(3), d.below(4), d.below(2) as u16));
    for ((at, what, k), id) in sites.into_iter().zip(["a", "b", "c", "d", "e"]) {
        let k = HealthTypeIx(k);
        let s = match what {
            0 => {
                let posts =
                    h.types[k.0 as usize].posts.iter().map(|_| Fte::from_hundredths(d.below(300))).collect();
                site(id, &[at], Standing::Existing(Existing { kind: k, posts, may_close: d.below(2) == 1 }))
            }
            _ => candidate(id, at, &[FIRST, SECOND]),
        };
        h.sites.push(s);
    }
    h.futures[0].refused = (0..h.sites.len() as u32).map(SiteIx).filter(|_| d.below(5) == 1).collect();
    h
}

/// What is open, hired and paid as the dice fall.
fn a_plan(h: &Health, d: &mut Dice) -> HealthPlan {
    let mut plan = HealthPlan { futures: vec![FuturePlan::default()], ..HealthPlan::default() };
    let year = |d: &mut Dice| 1 + d.below(u32::from(h.years)) as u8;
    for (site, s) in h.sites() {
        match &s.standing {
            Standing::Existing(e) if e.may_close => plan.closings.extend(d.once_in(2, |d| (site, year(d)))),
            Standing::Candidate { .. } => plan.openings.extend(d.once_in(2, |d| {
                let kind = HealthTypeIx(d.below(2) as u16);
                Opening { site, kind, year: year(d) }
            })),
            _ => {}
        }
    }
    for l in 0..h.levers.len() as u16 {
        plan.levers.extend(d.once_in(2, |d| (LeverIx(l), year(d))));
    }
    for (site, _) in h.sites() {
        let Some(kind) = plan.works(h, &h.futures[0], site, h.years) else { continue };
        for post in 0..h.kind(kind).posts.len() as u16 {
            let open: Vec<u8> = h.planned().filter(|y| plan.open(h, site, *y).is_some()).collect();
            for year in open {
                let hire = |steps| Hire { site, post: PostIx(post), year, steps };
                plan.futures[0].hires.extend(d.once_in(2, |d| hire(1 + d.below(4))));
            }
        }
    }
    plan
}

/// What funders are asked for in a year, in the order in which they pay: running costs, then new structures.
fn asked(h: &Health, plan: &HealthPlan, year: u8) -> Vec<(MoneyUse, Vec<i64>)> {
    let works = |site| plan.works(h, &h.futures[0], site, year);
    let mut out = Vec::new();
    for (site, s) in h.sites() {
        if let Some(k) = works(site) {
            let yearly = |f: &Funder| first_fit(h, f, k, s.main()).map_or(0, |r| r.yearly.0);
            out.push((MoneyUse::Running(site), h.funders.iter().map(yearly).collect()));
        }
    }
    for (site, s) in h.sites() {
        let opens = plan.openings.iter().find(|o| o.site == site && o.year == year);
        if let Some(o) = opens.filter(|_| works(site).is_some()) {
            out.push((MoneyUse::Capital(site), stacked(h, o.kind, s.main())));
        }
    }
    out
}

fn first_fit<'h>(h: &Health, f: &'h Funder, kind: HealthTypeIx, place: PlaceIx) -> Option<&'h FundingRule> {
    let team: u32 = h.types[kind.0 as usize].posts.iter().map(|p| p.least.hundredths()).sum();
    f.rules.iter().find(|r| {
        let here = match &r.places {
            Places::All => true,
            Places::Some(places) => places.contains(&place),
        };
        here && (r.types.is_empty() || r.types.contains(&kind)) && team >= r.least_posts
    })
}

/// Grants of one project: each by its rule, then the excess over the ceiling cut from the last.
fn stacked(h: &Health, kind: HealthTypeIx, place: PlaceIx) -> Vec<i64> {
    let t = &h.types[kind.0 as usize];
    let one = |f: &Funder| {
        let Some(r) = first_fit(h, f, kind, place) else { return 0 };
        let more = (i64::from(t.rooms) / 100 - i64::from(r.rooms_from)).max(0) * i64::from(r.rate_more_bp);
        let rate = i64::from(r.rate_bp) + more.min(i64::from(r.rate_more_most_bp));
        let share = t.capital.0.min(r.base_cap.map_or(i64::MAX, |c| c.0)) * rate / 10_000;
        share.min(r.cap.map_or(i64::MAX, |c| c.0)) + r.fixed.0
    };
    let mut out: Vec<i64> = h.funders.iter().map(one).collect();
    let mut excess = out.iter().sum::<i64>() - t.capital.0 * i64::from(h.grants_ceiling_percent) / 100;
    for given in out.iter_mut().rev() {
        let cut = excess.clamp(0, *given);
        *given -= cut;
        excess -= cut;
    }
    out
}

/// What every use costs in a year, and the income of what runs.
fn spent(h: &Health, plan: &HealthPlan, year: u8) -> (BTreeMap<MoneyUse, i64>, BTreeMap<MoneyUse, i64>) {
    let (mut cost, mut income) = (BTreeMap::new(), BTreeMap::new());
    for (site, s) in h.sites() {
        let Some(k) = plan.works(h, &h.futures[0], site, year) else { continue };
        let t = h.kind(k);
        if plan.openings.iter().any(|o| o.site == site && o.year == year) {
            cost.insert(MoneyUse::Capital(site), t.capital.0);
        }
        let (mut running, mut earned, mut equipment) = (t.yearly.0, t.income.0, 0);
        for (i, p) in t.posts.iter().enumerate() {
            if let Standing::Existing(e) = &s.standing {
                running += p.yearly.0 * i64::from(e.posts[i].hundredths()) / 100;
                earned += p.income.0 * i64::from(e.posts[i].hundredths()) / 100;
            }
            let mine = |x: &&Hire| x.site == site && usize::from(x.post.0) == i && x.year <= year;
            for hire in plan.futures[0].hires.iter().filter(mine) {
                let (_, _, yearly, income) = step_worth(p, 100, usize::from(year - hire.year));
                running += yearly * i64::from(hire.steps);
                earned += income * i64::from(hire.steps);
                if hire.year == year {
                    equipment += p.capital.0 * i64::from(p.step.hundredths()) / 100 * i64::from(hire.steps);
                }
            }
        }
        cost.insert(MoneyUse::Running(site), running);
        income.insert(MoneyUse::Running(site), earned);
        cost.insert(MoneyUse::Equipment(site), equipment);
    }
    for (l, start) in plan.levers.iter().filter(|(_, start)| *start <= year) {
        let l_cost = &h.levers[usize::from(l.0)];
        let capital = if *start == year { l_cost.capital.0 } else { 0 };
        cost.insert(MoneyUse::Lever(*l), capital + l_cost.yearly.0);
    }
    (cost, income)
}

/// Pays as the dice fall, within claims and envelopes.
fn pay(h: &Health, plan: &mut HealthPlan, d: &mut Dice) {
    let mut paid = vec![Vec::new(); h.funders.len()];
    for (f, funder) in h.funders.iter().enumerate() {
        let mut left = funder.envelope.total.map_or(i64::MAX, |e| e.0);
        for year in h.planned() {
            let claim: i64 = asked(h, plan, year).iter().map(|(_, by)| by[f]).sum();
            let most = claim.min(left).min(funder.envelope.of(year).map_or(i64::MAX, |e| e.0));
            let now = if d.below(2) == 0 { most } else { i64::from(d.below(most as u32 + 1)) };
            left -= now;
            paid[f].push(Euros(now));
        }
    }
    plan.futures[0].paid = paid;
}

fn closes(h: &Health, plan: &HealthPlan) -> Result<(), TestCaseError> {
    let rows = money(h, &Tables::new(h, &h.futures[0]), plan, 0);
    prop_assert!(
        rows.windows(2).all(|w| (w[0].year, w[0].what, w[0].payer) < (w[1].year, w[1].what, w[1].payer))
    );
    prop_assert!(rows.iter().all(|r| r.euros != Euros(0)));
    let of = |year, what: Option<MoneyUse>, payer: Option<Payer>| -> i64 {
        let mine = |r: &&MoneyRow| {
            r.year == year && what.is_none_or(|w| w == r.what) && payer.is_none_or(|p| p == r.payer)
        };
        rows.iter().filter(mine).map(|r| r.euros.0).sum()
    };
    for year in h.planned() {
        let (cost, income) = spent(h, plan, year);
        for (what, euros) in &cost {
            prop_assert_eq!(of(year, Some(*what), None), *euros, "{:?}", what);
            prop_assert_eq!(
                of(year, Some(*what), Some(Payer::Income)),
                income.get(what).copied().unwrap_or(0)
            );
        }
        prop_assert_eq!(of(year, None, None), cost.values().sum::<i64>(), "nothing else is paid");
        let asked = asked(h, plan, year);
        let entitled = entitled(h, plan, 0, year);
        for (f, paid) in plan.futures[0].paid.iter().enumerate() {
            let (payer, paid) = (Payer::Funder(f as u16), paid[usize::from(year) - 1].0);
            prop_assert_eq!(of(year, None, Some(payer)), paid);
            prop_assert_eq!(entitled[f].0, asked.iter().map(|(_, by)| by[f]).sum::<i64>());
            let mut left = paid;
            for (what, by) in &asked {
                let given = by[f].min(left);
                left -= given;
                prop_assert_eq!(of(year, Some(*what), Some(payer)), given, "first come, first served");
            }
        }
        for o in plan.openings.iter().filter(|o| o.year == year) {
            let what = MoneyUse::Capital(o.site);
            let public: i64 =
                (0..h.funders.len()).map(|f| of(year, Some(what), Some(Payer::Funder(f as u16)))).sum();
            prop_assert!(100 * public <= h.kind(o.kind).capital.0 * i64::from(h.grants_ceiling_percent));
            prop_assert!(of(year, Some(what), Some(Payer::Owner)) >= 0);
        }
    }
    for (f, funder) in h.funders.iter().enumerate() {
        let by_year: Vec<i64> = h.planned().map(|y| of(y, None, Some(Payer::Funder(f as u16)))).collect();
        prop_assert!(funder.envelope.total.is_none_or(|e| by_year.iter().sum::<i64>() <= e.0));
        prop_assert!(h.planned().zip(&by_year).all(|(y, n)| funder.envelope.of(y).is_none_or(|e| *n <= e.0)));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_euro_is_paid_once(dice in proptest::collection::vec(any::<u32>(), 400)) {
        let mut d = Dice(dice.into_iter());
        let h = a_programme(&mut d);
        let mut plan = a_plan(&h, &mut d);
        pay(&h, &mut plan, &mut d);
        closes(&h, &plan)?;
        for (_, s) in h.sites() {
            for kind in s.types() {
                let given: Vec<i64> = grants(&h, *kind, s.main()).iter().map(|e| e.0).collect();
                prop_assert_eq!(given, stacked(&h, *kind, s.main()));
            }
        }
    }
}
