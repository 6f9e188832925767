//! A covering problem stripped of what needs no decision.

use super::csr::{Csr, Subsets};
use super::signatures::Signatures;
use crate::lists::{CostLists, SiteIx};
use crate::outcome::{Checked, ProblemError, Rules};
use std::fmt;

/// Largest sum of the costs of all sites, so that bounds are exact in 128 bits.
pub const LARGEST_COST: u64 = 1 << 40;

/// Why a problem with costs could not be built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CostError {
    /// The problem is unsound whatever the costs.
    Problem(ProblemError),
    /// There are not as many costs as sites.
    Count,
    /// The costs total more than [`LARGEST_COST`].
    TooLarge,
    /// The sites fixed open cost more than the budget.
    FixedOverBudget {
        /// Their cost.
        cost: u64,
        /// The budget.
        budget: u64,
    },
}

impl fmt::Display for CostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CostError::Problem(e) => e.fmt(f),
            CostError::Count => f.write_str("there are not as many costs as sites"),
            CostError::TooLarge => f.write_str("the costs total more than 2^40"),
            CostError::FixedOverBudget { cost, budget } => {
                write!(f, "the sites fixed open cost {cost}, more than the budget of {budget}")
            }
        }
    }
}

impl std::error::Error for CostError {}

impl From<ProblemError> for CostError {
    fn from(e: ProblemError) -> Self {
        CostError::Problem(e)
    }
}

/// That there is one cost a site, and that they total at most [`LARGEST_COST`].
pub(crate) fn check_costs(costs: &[u64], num_sites: u32) -> Result<(), CostError> {
    if costs.len() != num_sites as usize {
        return Err(CostError::Count);
    }
    let total: u128 = costs.iter().map(|&c| u128::from(c)).sum();
    if total > u128::from(LARGEST_COST) { Err(CostError::TooLarge) } else { Ok(()) }
}

/// Checks rules on sites without lists.
pub(crate) fn check_rules(num_sites: u32, rules: Rules<'_>) -> Result<Checked, ProblemError> {
    // One client that nothing reaches: the check asks for a client, and for no more.
    let lists = CostLists::from_pairs(num_sites, vec![0], []).map_err(|_| ProblemError::NoClient)?;
    Checked::new(&lists, rules)
}

/// What became of a class of clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// A site that is open anyway covers it.
    Covered,
    /// No site that may open covers it, or it has no weight.
    Hopeless,
    /// It is part of this class of the instance.
    In(u32),
}

/// Classes and sites among which to choose. Sites that are open anyway are gone with what they cover,
/// and so are sites that another covers whole at no more cost.
#[derive(Debug, Clone)]
pub(crate) struct Instance {
    /// Sites by class and classes by site, both increasing.
    pub by_class: Csr,
    pub by_site: Csr,
    pub weight: Vec<u64>,
    pub cost: Vec<u64>,
    /// Number of each site in the problem.
    pub name: Vec<u32>,
    /// Weight that is covered anyway.
    pub base: u64,
    /// What the sites that are open anyway cost.
    pub spent: u64,
    /// What is left of the budget.
    pub budget: u64,
    /// Sites of the problem that are open anyway: fixed ones, and those that cost nothing.
    pub anyway: Vec<bool>,
    /// Of each class of the problem.
    pub fate: Vec<Fate>,
}

impl Instance {
    /// `None` when the fixed sites cost more than the budget.
    pub fn new(classes: &Signatures, cost: &[u64], rules: &Checked, budget: u64) -> Option<Self> {
        let open = |j: usize| rules.fixed[j] || (rules.allowed[j] && cost[j] == 0);
        let anyway: Vec<bool> = (0..cost.len()).map(open).collect();
        let spent = cost.iter().zip(&anyway).filter(|(_, a)| **a).map(|(c, _)| c).sum();
        let budget = budget.checked_sub(spent)?;
        let mut fate = vec![Fate::Hopeless; classes.num_classes()];
        let mut base = 0;
        for (class, fate) in fate.iter_mut().enumerate() {
            if classes.sites(class).any(|SiteIx(j)| anyway[j as usize]) {
                *fate = Fate::Covered;
                base += classes.weight(class);
            }
        }
        let mut candidate: Vec<bool> =
            (0..cost.len()).map(|j| rules.allowed[j] && !anyway[j] && cost[j] <= budget).collect();
        loop {
            let it = gather(classes, cost, &candidate, &fate);
            let dominated = dominated(&it.by_class, &it.by_site, &it.cost);
            if !dominated.contains(&true) {
                return Some(Instance { base, spent, budget, anyway, ..it });
            }
            for (&name, _) in it.name.iter().zip(&dominated).filter(|(_, d)| **d) {
                candidate[name as usize] = false;
            }
        }
    }

    pub fn num_sites(&self) -> usize {
        self.name.len()
    }

    pub fn num_classes(&self) -> usize {
        self.weight.len()
    }

    /// Weight that can be covered at most.
    pub fn ceiling(&self) -> u64 {
        self.base + self.weight.iter().sum::<u64>()
    }

    /// The open sites of the problem when these of the instance open.
    pub fn open(&self, chosen: &[u32]) -> Vec<bool> {
        let mut open = self.anyway.clone();
        chosen.iter().for_each(|&j| open[self.name[j as usize] as usize] = true);
        open
    }
}

/// Classes over the candidates alone, those that became equal merged; candidates that cover one.
fn gather(classes: &Signatures, cost: &[u64], candidate: &[bool], fate: &[Fate]) -> Instance {
    let mut useful = vec![false; cost.len()];
    let matters = |c: usize| fate[c] != Fate::Covered && classes.weight(c) > 0;
    for class in (0..classes.num_classes()).filter(|&c| matters(c)) {
        classes.row(class).iter().for_each(|&j| useful[j as usize] |= candidate[j as usize]);
    }
    let name: Vec<u32> = (0u32..).zip(&useful).filter(|(_, u)| **u).map(|(j, _)| j).collect();
    let mut short = vec![0u32; cost.len()];
    (0u32..).zip(&name).for_each(|(new, &old)| short[old as usize] = new);
    let mut merged = Signatures::new(name.len() as u32);
    let mut row = Vec::new();
    let mut fate = fate.to_vec();
    for (class, fate) in fate.iter_mut().enumerate().filter(|(c, _)| matters(*c)) {
        row.clear();
        row.extend(classes.row(class).iter().filter(|j| useful[**j as usize]).map(|j| short[*j as usize]));
        *fate =
            if row.is_empty() { Fate::Hopeless } else { Fate::In(merged.take(classes.weight(class), &row)) };
    }
    let (by_class, weight) = merged.into_parts();
    Instance {
        by_site: by_class.transposed(name.len()),
        by_class,
        weight,
        cost: name.iter().map(|&j| cost[j as usize]).collect(),
        name,
        base: 0,
        spent: 0,
        budget: 0,
        anyway: Vec::new(),
        fate,
    }
}

/// Sites whose classes another site covers too, at no more cost; of equals the first stays.
pub(crate) fn dominated(by_class: &Csr, by_site: &Csr, cost: &[u64]) -> Vec<bool> {
    let sites = Subsets::new(by_site, by_class.len());
    let worse = |j: u32| {
        let mine = by_site.row(j as usize);
        // A site that covers all of mine covers the class of mine that fewest sites cover.
        let rarest = mine.iter().map(|&i| by_class.row(i as usize)).min_by_key(|row| row.len());
        rarest.unwrap_or_default().iter().any(|&k| {
            let theirs = by_site.row(k as usize);
            let (a, b) = (cost[j as usize], cost[k as usize]);
            let better = (b, usize::MAX - theirs.len(), k) < (a, usize::MAX - mine.len(), j);
            k != j && b <= a && better && sites.within(j as usize, k as usize)
        })
    };
    (0..by_site.len() as u32).map(worse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows are clients, columns sites: which covers which.
    fn instance(rows: &[&[u32]], cost: &[u64], fixed: &[u32], budget: u64) -> Option<Instance> {
        let mut classes = Signatures::new(cost.len() as u32);
        for row in rows {
            let sites: Vec<SiteIx> = row.iter().copied().map(SiteIx).collect();
            classes.add(1, &sites).unwrap();
        }
        let fixed: Vec<SiteIx> = fixed.iter().copied().map(SiteIx).collect();
        let rules = check_rules(cost.len() as u32, Rules { fixed_open: &fixed, forbidden: &[] }).unwrap();
        Instance::new(&classes, cost, &rules, budget)
    }

    #[test]
    fn what_needs_no_decision_is_gone() {
        // Site 0 is fixed and covers client 0. Site 1 covers a part of what site 2 covers, at the same
        // cost; site 3 equals site 2 and is dearer; site 4 is cheaper than both and covers less.
        let it = instance(&[&[0, 1], &[1, 2, 3], &[2, 3, 4], &[]], &[5, 2, 2, 3, 1], &[0], 9).unwrap();
        assert_eq!((it.base, it.spent, it.budget), (1, 5, 4));
        assert_eq!(it.name, [2, 4]);
        assert_eq!(it.fate, [Fate::Covered, Fate::In(0), Fate::In(1), Fate::Hopeless]);
        assert_eq!(it.open(&[1]), [true, false, false, false, true]);
        assert!(instance(&[&[0]], &[5], &[0], 4).is_none());
        // Of equal sites the first stays; a site over the budget is no candidate; a free one is open.
        let it = instance(&[&[0, 1, 2], &[3]], &[2, 2, 9, 0], &[], 4).unwrap();
        assert_eq!((it.name.as_slice(), it.base), (&[0][..], 1));
        assert_eq!(it.anyway, [false, false, false, true]);
    }
}
