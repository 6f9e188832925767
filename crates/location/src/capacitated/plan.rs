//! Plans, recomputed in integers.

use super::Problem;
use crate::lists::SiteIx;

/// Open sites, how much of each client's demand each serves, and the cost.
#[derive(Clone)]
pub(super) struct Plan {
    pub open: Vec<bool>,
    pub served: Vec<Vec<(SiteIx, u64)>>,
    pub value: u64,
}

/// The plan in which each client has one site, if it keeps all capacities. Sites without clients are closed.
pub(super) fn single(problem: &Problem<'_>, site: &[usize]) -> Option<Plan> {
    let m = problem.capacity.len();
    let (mut used, mut open, mut value) = (vec![0u64; m], vec![false; m], 0u64);
    for (i, &j) in site.iter().enumerate() {
        used[j] += problem.demand[i];
        open[j] = true;
        value += problem.charges.cost(i, j)?;
    }
    if used.iter().zip(&problem.capacity).any(|(u, s)| u > s) {
        return None;
    }
    value += openings(problem, &open);
    let served = site.iter().zip(&problem.demand).map(|(&j, &d)| vec![(SiteIx(j as u32), d)]).collect();
    Some(Plan { open, served, value })
}

fn openings(problem: &Problem<'_>, open: &[bool]) -> u64 {
    problem.charges.opening().iter().zip(open).filter(|(_, o)| **o).map(|(f, _)| f).sum()
}

/// Counts a plan again, in integers; `None` if it is none. Sites without clients are closed.
pub(super) fn counted(problem: &Problem<'_>, served: Vec<Vec<(SiteIx, u64)>>) -> Option<Plan> {
    let m = problem.capacity.len();
    let (mut used, mut open) = (vec![0u64; m], vec![false; m]);
    let mut value = Fraction { whole: 0, over: 0, under: 1 };
    for (i, (parts, &demand)) in served.iter().zip(&problem.demand).enumerate() {
        if parts.is_empty() || parts.iter().map(|p| p.1).sum::<u64>() != demand {
            return None;
        }
        let mut weighted = 0u128;
        for &(site, amount) in parts {
            let j = site.0 as usize;
            used[j] += amount;
            open[j] = true;
            // Of no demand, all of the cost is that of the one site.
            weighted +=
                u128::from(problem.charges.cost(i, j)?) * u128::from(amount.max(u64::from(demand == 0)));
        }
        value.add(weighted, u128::from(demand.max(1)));
    }
    if used.iter().zip(&problem.capacity).any(|(u, s)| u > s) {
        return None;
    }
    let value = value.up() + openings(problem, &open);
    Some(Plan { open, served, value })
}

/// A sum of fractions, `whole + over / under`.
struct Fraction {
    whole: u128,
    over: u128,
    under: u128,
}

impl Fraction {
    /// Adds `a / b`. Where denominators grow beyond 128 bits, the fraction is rounded up.
    fn add(&mut self, a: u128, b: u128) {
        self.whole += a / b;
        let (a, b) = reduced(a % b, b);
        if a == 0 {
            return;
        }
        let product = |x: u128, y: u128| x.checked_mul(y);
        let common = product(self.under / gcd(self.under, b), b);
        let sum = common.and_then(|c| product(self.over, c / self.under)?.checked_add(product(a, c / b)?));
        match (sum, common) {
            (Some(sum), Some(common)) => {
                self.whole += sum / common;
                (self.over, self.under) = reduced(sum % common, common);
            }
            _ => self.whole += 1,
        }
    }

    fn up(&self) -> u64 {
        u64::try_from(self.whole + u128::from(self.over > 0)).unwrap_or(u64::MAX)
    }
}

fn reduced(a: u128, b: u128) -> (u128, u128) {
    let g = gcd(a, b).max(1);
    (a / g, b / g)
}

fn gcd(a: u128, b: u128) -> u128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_exact() {
        let sum = |all: &[(u128, u128)]| {
            let mut f = Fraction { whole: 0, over: 0, under: 1 };
            all.iter().for_each(|&(a, b)| f.add(a, b));
            f.up()
        };
        assert_eq!(sum(&[(1, 3), (2, 3)]), 1);
        assert_eq!(sum(&[(1, 3), (2, 3), (1, 1000)]), 2);
        // 7/2 + 1/6 + 1/3 = 4.
        assert_eq!(sum(&[(7, 2), (1, 6), (1, 3)]), 4);
        // Denominators of 2^100 and 3^60 have no common one in 128 bits: rounded up.
        assert_eq!(sum(&[(1, 1 << 100), (1, 3u128.pow(60))]), 2);
    }
}
