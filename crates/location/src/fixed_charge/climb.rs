//! Multipliers of a part of the search without a solver: steps along deflected subgradients of the bound that they prove.
//! A step costs a pass over the sites that clients pay, a thousandth of what the relaxation costs.

use super::certificate::Role;
use super::instance::Instance;

/// Where a climb ends.
pub(super) struct Top {
    /// What clients pay, in units.
    pub pays: Vec<f64>,
    pub bound: f64,
    /// Sites that are open there.
    pub open: Vec<bool>,
    /// How often each site was open of late.
    pub share: Vec<f64>,
}

/// The first pace, as a share of the way to the target, and how many steps.
pub(super) type Pace = (f64, usize);

/// Climbs from what clients pay towards `target`.
pub(super) fn climb(
    instance: &Instance,
    roles: &[Role],
    pays: &[f64],
    target: f64,
    (mut pace, steps): Pace,
) -> Top {
    let (n, m) = (instance.clients, instance.sites);
    let near = Near::new(instance, roles, pays);
    let mut v = pays.to_vec();
    let mut top =
        Top { pays: v.clone(), bound: f64::NEG_INFINITY, open: vec![false; m], share: vec![0.5; m] };
    let (mut direction, mut open) = (vec![0.0; n], vec![false; m]);
    let mut left = vec![0.0; m];
    let mut stalled = 0;
    for step in 0..steps {
        left.iter_mut().zip(&instance.opening).for_each(|(l, f)| *l = *f as f64);
        for (i, pays) in v.iter().enumerate() {
            for &(cost, j) in near.of(i).iter().take_while(|s| s.0 < *pays) {
                left[j as usize] -= pays - cost;
            }
        }
        let mut bound: f64 = v.iter().sum();
        for j in 0..m {
            open[j] = roles[j] == Role::Open || (roles[j] == Role::Free && left[j] < 0.0);
            if open[j] {
                bound += left[j];
            }
        }
        let keep = if step == 0 { 0.0 } else { 0.9 };
        for (share, open) in top.share.iter_mut().zip(&open) {
            *share = keep * *share + (1.0 - keep) * f64::from(u8::from(*open));
        }
        stalled = if bound > top.bound + 1e-6 * top.bound.abs() { 0 } else { stalled + 1 };
        if bound > top.bound {
            top.bound = bound;
            top.pays.clone_from(&v);
            top.open.clone_from(&open);
        }
        if bound >= target {
            break;
        }
        if stalled >= 5 {
            (pace, stalled) = (pace * 0.5, 0);
            if pace < 2e-3 {
                break;
            }
            v.clone_from(&top.pays);
            direction.fill(0.0);
            continue;
        }
        let keep = if step == 0 { 0.0 } else { 0.7 };
        let mut length = 0.0;
        for (i, d) in direction.iter_mut().enumerate() {
            let served = near.of(i).iter().take_while(|s| s.0 < v[i]);
            let served = served.filter(|s| open[s.1 as usize]).count();
            *d = (1.0 - keep) * (1.0 - served as f64) + keep * *d;
            length += *d * *d;
        }
        if length < 1e-9 {
            break;
        }
        let step = pace * (target - bound) / length;
        let moved = v.iter_mut().zip(&direction).zip(&near.most);
        moved.for_each(|((v, d), most)| *v = (*v + step * d).clamp(0.0, *most));
    }
    top
}

/// Sites that clients may come to pay, nearest first, and the most that each may pay.
struct Near {
    sites: Vec<(f64, u32)>,
    ends: Vec<usize>,
    most: Vec<f64>,
}

impl Near {
    fn new(instance: &Instance, roles: &[Role], pays: &[f64]) -> Self {
        let mean = pays.iter().sum::<f64>() / pays.len().max(1) as f64;
        let mut near = Near { sites: Vec::new(), ends: vec![0], most: Vec::new() };
        for (i, pays) in pays.iter().enumerate() {
            let allowed = || instance.nearest(i).filter(|(j, _)| roles[*j] != Role::Closed);
            // At least as much as the second nearest costs, or the client could not pay any site.
            let second = allowed().nth(1).map_or(instance.never, |s| s.1) as f64;
            let most = (1.25 * pays + 0.25 * mean).max(second);
            let own = allowed().map(|(j, c)| (c as f64, j as u32)).take_while(|s| s.0 < most);
            near.sites.extend(own);
            near.ends.push(near.sites.len());
            near.most.push(most);
        }
        near
    }

    fn of(&self, i: usize) -> &[(f64, u32)] {
        &self.sites[self.ends[i]..self.ends[i + 1]]
    }
}
