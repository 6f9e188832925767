//! Plans found by search: sites are taken out around a place, the gap is filled greedily, and the
//! change is kept when it harms little (record-to-record travel, Dueck 1993).

use super::instance::Instance;
use super::rng::Rng;

/// What is wanted of the sites of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Aim {
    /// Most weight within the budget.
    Most,
    /// Least cost with at least this weight, base included.
    Cheapest(u64),
}

/// A set of open sites and what each is worth beside the others.
pub(crate) struct Search<'a> {
    it: &'a Instance,
    aim: Aim,
    open: Vec<bool>,
    /// Open sites of each class, and their numbers combined by exclusive or: the number, if it is one.
    count: Vec<u32>,
    owner: Vec<u32>,
    /// Weight that a closed site would add, or that only this open site covers.
    worth: Vec<u64>,
    covered: u64,
    spent: u64,
    budget: u64,
    /// Steps of the loops so far: a measure of time that is the same everywhere.
    work: u64,
}

impl<'a> Search<'a> {
    pub fn new(it: &'a Instance, aim: Aim) -> Self {
        let worth = it.by_site.rows().map(|row| row.iter().map(|&i| it.weight[i as usize]).sum()).collect();
        Search {
            it,
            aim,
            open: vec![false; it.num_sites()],
            count: vec![0; it.num_classes()],
            owner: vec![0; it.num_classes()],
            worth,
            covered: it.base,
            spent: 0,
            budget: if aim == Aim::Most { it.budget } else { u64::MAX },
            work: 0,
        }
    }

    pub fn chosen(&self) -> Vec<u32> {
        (0u32..).zip(&self.open).filter(|(_, o)| **o).map(|(j, _)| j).collect()
    }

    pub fn value(&self) -> u64 {
        match self.aim {
            Aim::Most => self.covered,
            Aim::Cheapest(_) => self.spent,
        }
    }

    fn toggle(&mut self, j: u32) {
        if self.open[j as usize] { self.close(j) } else { self.add(j) }
    }

    pub fn add(&mut self, j: u32) {
        let it = self.it;
        self.covered += self.worth[j as usize];
        self.spent += it.cost[j as usize];
        self.open[j as usize] = true;
        for &i in it.by_site.row(j as usize) {
            let (class, weight) = (i as usize, it.weight[i as usize]);
            match self.count[class] {
                0 => {
                    let row = it.by_class.row(class);
                    self.work += row.len() as u64;
                    row.iter().filter(|k| **k != j).for_each(|k| self.worth[*k as usize] -= weight);
                }
                1 => self.worth[self.owner[class] as usize] -= weight,
                _ => {}
            }
            self.count[class] += 1;
            self.owner[class] ^= j;
        }
        self.work += it.by_site.row(j as usize).len() as u64;
    }

    fn close(&mut self, j: u32) {
        let it = self.it;
        self.covered -= self.worth[j as usize];
        self.spent -= it.cost[j as usize];
        self.open[j as usize] = false;
        for &i in it.by_site.row(j as usize) {
            let (class, weight) = (i as usize, it.weight[i as usize]);
            self.count[class] -= 1;
            self.owner[class] ^= j;
            match self.count[class] {
                0 => {
                    let row = it.by_class.row(class);
                    self.work += row.len() as u64;
                    row.iter().filter(|k| **k != j).for_each(|k| self.worth[*k as usize] += weight);
                }
                1 => self.worth[self.owner[class] as usize] += weight,
                _ => {}
            }
        }
        self.work += it.by_site.row(j as usize).len() as u64;
    }

    /// Adds the best sites for their cost until nothing is gained or enough is covered; then takes out
    /// what is of no use. `banned` is not added; everything done is written to `log`.
    pub fn fill(&mut self, banned: Option<u32>, log: &mut Vec<u32>) {
        loop {
            let missing = match self.aim {
                Aim::Most => u64::MAX,
                Aim::Cheapest(least) if self.covered < least => least - self.covered,
                Aim::Cheapest(_) => break,
            };
            let left = self.budget.saturating_sub(self.spent);
            let mut best: Option<(u64, u64, u32)> = None;
            self.work += self.open.len() as u64;
            for (j, (&open, (&worth, &cost))) in
                (0u32..).zip(self.open.iter().zip(self.worth.iter().zip(&self.it.cost)))
            {
                if open || worth == 0 || cost > left || Some(j) == banned {
                    continue;
                }
                let gain = worth.min(missing);
                let better = |(g, c, _): (u64, u64, u32)| {
                    u128::from(gain) * u128::from(c) > u128::from(g) * u128::from(cost)
                };
                if best.is_none_or(better) {
                    best = Some((gain, cost, j));
                }
            }
            let Some((_, _, j)) = best else { break };
            self.add(j);
            log.push(j);
        }
        let Aim::Cheapest(least) = self.aim else { return };
        let spare = |s: &Self| s.covered.checked_sub(least);
        while let Some(spare) = spare(self) {
            let idle = (0u32..).zip(&self.open).filter(|&(j, o)| *o && self.worth[j as usize] <= spare);
            let Some((j, _)) = idle.max_by_key(|&(j, _)| self.it.cost[j as usize]) else { break };
            self.close(j);
            log.push(j);
        }
    }

    /// Whether the plan keeps the rules of its aim.
    pub fn is_plan(&self) -> bool {
        match self.aim {
            Aim::Most => self.spent <= self.budget,
            Aim::Cheapest(least) => self.covered >= least,
        }
    }

    /// Opens exactly these sites.
    pub fn reset(&mut self, chosen: &[u32]) {
        let mut wanted = vec![false; self.open.len()];
        chosen.iter().for_each(|&j| wanted[j as usize] = true);
        for (j, wanted) in (0u32..).zip(wanted) {
            if self.open[j as usize] != wanted {
                self.toggle(j);
            }
        }
    }

    /// Improves the plan for about `work` steps, fewer when nothing better comes for long; ends on the best
    /// plan found. `stop` is asked now and then.
    pub fn improve(&mut self, work: u64, rng: &mut Rng, stop: &dyn Fn() -> bool) {
        let (begun, end) = (self.work, self.work + work);
        let (mut best, mut best_value) = (self.chosen(), self.value());
        let mut log = Vec::new();
        let (mut turn, mut idle) = (0u64, 0);
        let patience = 50 + 20 * self.open.len();
        while self.work < end && idle < patience {
            turn += 1;
            idle += 1;
            if turn.is_multiple_of(64) && stop() {
                break;
            }
            log.clear();
            let (before, tie) = (self.value(), self.covered);
            self.shake(rng, &mut log);
            let now = self.value();
            // What may be lost against the best, falling to nothing.
            let left = (end.saturating_sub(self.work)) as f64 / (end - begun) as f64;
            let slack = (best_value as f64 * 0.002 * left * left) as u64;
            let (keeps, improves) = match self.aim {
                Aim::Most => (now >= before || now + slack >= best_value, now > best_value),
                Aim::Cheapest(_) => (
                    now < before || (now == before && self.covered >= tie) || now <= best_value + slack,
                    now < best_value,
                ),
            };
            let sound = self.is_plan();
            if sound && improves {
                best_value = now;
                best = self.chosen();
                idle = 0;
            }
            if !(sound && keeps) {
                for &j in log.iter().rev() {
                    self.toggle(j);
                }
            }
        }
        self.reset(&best);
    }

    /// Takes out a few sites, near each other or not, sometimes puts one in, and fills up.
    fn shake(&mut self, rng: &mut Rng, log: &mut Vec<u32>) {
        let centre = rng.below(self.open.len()) as u32;
        let mut near = Vec::new();
        if rng.below(4) == 0 {
            near = self.chosen();
        } else {
            for &i in self.it.by_site.row(centre as usize) {
                let row = self.it.by_class.row(i as usize);
                match self.count[i as usize] {
                    0 => {}
                    1 => near.push(self.owner[i as usize]),
                    _ => near.extend(row.iter().filter(|k| self.open[**k as usize])),
                }
            }
            near.sort_unstable();
            near.dedup();
            self.work += self.it.by_site.row(centre as usize).len() as u64;
        }
        let enter = !self.open[centre as usize] && rng.below(2) == 0;
        let most = 1 + rng.below(3);
        let mut left = None;
        for _ in 0..most.min(near.len()) {
            let j = near.swap_remove(rng.below(near.len()));
            self.close(j);
            log.push(j);
            left = Some(j);
        }
        if enter && self.it.cost[centre as usize] <= self.budget {
            self.add(centre);
            log.push(centre);
            while self.spent > self.budget {
                // The open site that is worth least for its cost makes room.
                let rest = (0u32..).zip(&self.open).filter(|&(j, o)| *o && j != centre).map(|(j, _)| j);
                let least = rest.min_by(|&a, &b| {
                    let part = |j: u32, k: u32| {
                        u128::from(self.worth[j as usize]) * u128::from(self.it.cost[k as usize])
                    };
                    part(a, b).cmp(&part(b, a))
                });
                let Some(j) = least else { break };
                self.close(j);
                log.push(j);
                left = Some(j);
            }
        }
        // Now and then what was taken out may not come straight back.
        let banned = left.filter(|_| rng.below(2) == 0);
        self.fill(banned, log);
        if banned.is_some() && rng.below(2) == 0 {
            self.fill(None, log);
        }
    }
}

/// Closes sites that are neither fixed nor of use: all they cover is covered without them.
pub(crate) fn tidy(classes: &super::Signatures, fixed: &[bool], open: &mut [bool]) {
    let mut count = vec![0u32; classes.num_classes()];
    let mut of_site: Vec<Vec<u32>> = vec![Vec::new(); open.len()];
    for class in (0..classes.num_classes()).filter(|&c| classes.weight(c) > 0) {
        for &j in classes.row(class).iter().filter(|j| open[**j as usize]) {
            count[class] += 1;
            of_site[j as usize].push(class as u32);
        }
    }
    for j in (0..open.len()).rev().filter(|&j| !fixed[j]) {
        if open[j] && of_site[j].iter().all(|&c| count[c as usize] > 1) {
            open[j] = false;
            of_site[j].iter().for_each(|&c| count[c as usize] -= 1);
        }
    }
}
