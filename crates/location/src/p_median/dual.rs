//! The Lagrangian bound, in exact integers, and what it proves about sites.
//!
//! For any multipliers `u` no plan costs less than
//! ```text
//! L(u) = Σ_i u_i + the p smallest of ρ_k,   ρ_k = Σ_i min(0, w_i c_ik - u_i)
//! ```
//! sites that must stand among the `p`. Multipliers are raised by a deflected subgradient. A site without which, or with
//! which, the bound would reach the plan at hand is decided (reduced-cost fixing).
//!
//! Cornuéjols, Fisher and Nemhauser 1977; Beasley 1993.

use super::groups::Group;
use super::inst::{Inst, Scaled};
use std::rc::Rc;

/// Parts of a client that its own multiplier and groups share.
pub(crate) const WHOLE: i64 = 1 << 30;
const BITS: u32 = 30;

/// Multipliers: of clients, of plans to differ from, of groups in parts of [`WHOLE`].
#[derive(Debug, Clone, Default)]
pub(crate) struct Multipliers {
    pub u: Vec<Scaled>,
    pub mu: Vec<Scaled>,
    pub groups: Vec<(Rc<Group>, i64)>,
}

/// A bound with what it rests on.
#[derive(Debug, Clone)]
pub(crate) struct Dual {
    pub u: Vec<Scaled>,
    pub bound: i128,
    pub rho: Vec<Scaled>,
    /// The `p` sites of the bound.
    pub chosen: Vec<u32>,
    /// Largest of theirs among the free ones, and smallest among the others.
    inside: Scaled,
    outside: Scaled,
}

impl Dual {
    /// The bound of these multipliers.
    pub fn new(inst: &Inst, u: Vec<Scaled>) -> Self {
        let multipliers = Multipliers { u, ..Multipliers::default() };
        Dual::within(inst, multipliers, &vec![true; inst.sites()], &inst.one)
    }

    /// The bound for plans without the sites that are not `keep`, and with those of `one`. A plan to differ from counts at each
    /// of its sites that stands, less what all may count. What a group takes of its clients is left out of their own terms;
    /// all is rounded down.
    pub fn within(inst: &Inst, multipliers: Multipliers, keep: &[bool], one: &[bool]) -> Self {
        let Multipliers { u, mu, groups } = multipliers;
        let mut rho = vec![0; inst.sites()];
        for (r, mu) in inst.unlike.iter().zip(&mu) {
            rho.iter_mut().zip(&r.sites).filter(|(_, s)| **s).for_each(|(rho, _)| *rho += mu);
        }
        let mut sum =
            -inst.unlike.iter().zip(&mu).map(|(r, mu)| r.most as i128 * i128::from(*mu)).sum::<i128>();
        let part = |value: Scaled, share: i64| (i128::from(value) * i128::from(share)) >> BITS;
        let mut rest = vec![WHOLE; u.len()];
        for (group, share) in &groups {
            // No client is shared out more than once over.
            let share = group.clients.iter().map(|i| rest[*i as usize]).fold(*share, i64::min).max(0);
            group.clients.iter().for_each(|i| rest[*i as usize] -= share);
            sum += part(group.least, share);
            group.sites.iter().for_each(|(k, price)| rho[*k as usize] += part(-price, share) as Scaled);
        }
        for (i, &u) in u.iter().enumerate() {
            let w = inst.weight[i];
            sum += part(u, rest[i]);
            for e in inst.start[i]..inst.start[i + 1] {
                let less = w * Scaled::from(inst.cost[e]) - u;
                if less >= 0 {
                    break;
                }
                rho[inst.site[e] as usize] +=
                    if rest[i] == WHOLE { less } else { part(less, rest[i]) as Scaled };
            }
        }
        let (mut chosen, mut free) = (Vec::new(), Vec::new());
        for k in (0..inst.sites()).filter(|k| keep[*k]) {
            if one[k] { chosen.push(k as u32) } else { free.push(k as u32) }
        }
        let more = inst.p.saturating_sub(chosen.len()).min(free.len());
        if more > 0 && more < free.len() {
            free.select_nth_unstable_by_key(more - 1, |k| (rho[*k as usize], *k));
        }
        let outside = free[more..].iter().map(|k| rho[*k as usize]).min().unwrap_or(Scaled::MAX / 4);
        let inside = free[..more].iter().map(|k| rho[*k as usize]).max().unwrap_or(Scaled::MIN / 4);
        chosen.extend(&free[..more]);
        let bound = sum + chosen.iter().map(|k| i128::from(rho[*k as usize])).sum::<i128>();
        Dual { u, bound, rho, chosen, inside, outside }
    }

    /// What it decides about plans below `best`: sites that none of them holds leave `keep`, those that all hold join `one`.
    pub fn decide(&self, inst: &Inst, best: i128, keep: &mut [bool], one: &mut [bool]) {
        let mut chosen = vec![false; inst.sites()];
        self.chosen.iter().for_each(|k| chosen[*k as usize] = true);
        let below = best - i128::from(inst.scale);
        for k in 0..inst.sites() {
            if !keep[k] || one[k] {
                continue;
            }
            let rho = i128::from(self.rho[k]);
            if chosen[k] {
                one[k] = self.bound - rho + i128::from(self.outside) > below;
            } else {
                keep[k] = self.bound + rho - i128::from(self.inside) <= below;
            }
        }
    }
}

/// A subgradient ascent.
pub(crate) struct Ascent {
    pub best: Dual,
    now: Vec<Scaled>,
    direction: Vec<f64>,
    lambda: f64,
    stalls: u32,
    /// How often each site was chosen lately.
    pub share: Vec<f64>,
}

/// Stalls before the step is shortened, and by how much.
const PATIENCE: u32 = 20;
const SHORTER: f64 = 0.6;

impl Ascent {
    pub fn new(inst: &Inst, u: Vec<Scaled>, lambda: f64) -> Self {
        let u: Vec<Scaled> = u.iter().enumerate().map(|(i, u)| (*u).clamp(0, inst.most(i))).collect();
        Ascent {
            best: Dual::new(inst, u.clone()),
            direction: vec![0.0; u.len()],
            now: u,
            lambda,
            stalls: 0,
            share: vec![0.5; inst.sites()],
        }
    }

    /// Whether steps still matter.
    pub fn is_alive(&self) -> bool {
        self.lambda > 5e-4
    }

    /// One step towards a plan worth `target`; the bound of where it stands.
    pub fn step(&mut self, inst: &Inst, target: i128) -> Dual {
        let here = Dual::new(inst, std::mem::take(&mut self.now));
        let mut served = vec![0i32; inst.clients()];
        for &k in &here.chosen {
            for (i, c) in inst.reach(k as usize) {
                served[i] += i32::from(c < here.u[i]);
            }
        }
        self.share.iter_mut().for_each(|s| *s *= 0.95);
        here.chosen.iter().for_each(|k| self.share[*k as usize] += 0.05);
        let unit = inst.scale as f64;
        let mut norm = 0.0;
        for ((d, n), u) in self.direction.iter_mut().zip(&served).zip(&here.u) {
            *d = 0.3 * f64::from(1 - n) + 0.7 * *d;
            norm += (*u as f64 + unit) * *d * *d;
        }
        if here.bound > self.best.bound {
            let gain = (here.bound - self.best.bound) as f64;
            if gain > 1e-5 * (target - self.best.bound) as f64 {
                self.stalls = 0;
            }
            self.best = here.clone();
        } else {
            self.stalls += 1;
            if self.stalls >= PATIENCE {
                self.stalls = 0;
                self.lambda *= SHORTER;
            }
        }
        let step = self.lambda * (target - here.bound) as f64 / norm.max(1e-30);
        self.now = here
            .u
            .iter()
            .zip(&self.direction)
            .enumerate()
            .map(|(i, (u, d))| {
                let next = *u as f64 + step * (*u as f64 + unit) * d;
                (next.max(0.0) as Scaled).min(inst.most(i))
            })
            .collect();
        here
    }

    /// The same ascent where some sites are gone.
    pub fn moved(&mut self, inst: &Inst, keep: &[bool]) {
        let mut k = 0;
        self.share.retain(|_| {
            k += 1;
            keep[k - 1]
        });
        let clip = |u: &mut Vec<Scaled>| u.iter_mut().zip(&inst.cap).for_each(|(u, cap)| *u = (*u).min(*cap));
        clip(&mut self.now);
        let mut u = std::mem::take(&mut self.best.u);
        clip(&mut u);
        self.best = Dual::new(inst, u);
    }
}
