//! Plans by local search: open one, close one, swap two, from plans that are shaken again and again.
//!
//! The worth of a swap for all sites to close at once is found in one pass over the clients (Whitaker, INFOR 21 (1983)
//! 95–108; Resende, Werneck, EJOR 174 (2006) 54–68).

use super::instance::Instance;

/// A small generator of repeatable numbers (Marsaglia, xorshift64*).
pub(super) struct Random(u64);

impl Random {
    pub fn new(seed: u32) -> Self {
        Random(0x9e37_79b9_7f4a_7c15 ^ (u64::from(seed) << 17))
    }

    /// A number below `most`, which is at least 1.
    pub fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        ((self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize) % most.max(1)
    }
}

/// A plan with the first and second nearest open site of every client.
#[derive(Clone)]
pub(super) struct Search<'a> {
    instance: &'a Instance,
    pub open: Vec<bool>,
    list: Vec<u32>,
    first: Vec<(u32, i64)>,
    second: Vec<i64>,
    /// Cost, where [`Instance::never`] stands for a client without a site.
    pub value: i64,
}

const NONE: u32 = u32::MAX;

impl<'a> Search<'a> {
    pub fn new(instance: &'a Instance, open: Vec<bool>) -> Self {
        let n = instance.clients;
        let mut search = Search {
            instance,
            open,
            list: Vec::new(),
            first: vec![(NONE, instance.never); n],
            second: vec![instance.never; n],
            value: 0,
        };
        search.refresh();
        search
    }

    fn refresh(&mut self) {
        self.list = (0..self.open.len() as u32).filter(|&j| self.open[j as usize]).collect();
        self.value = self.list.iter().map(|&j| self.instance.opening[j as usize]).sum();
        for i in 0..self.instance.clients {
            self.nearest_two(i);
            self.value += self.first[i].1;
        }
    }

    fn nearest_two(&mut self, i: usize) {
        let row = self.instance.client(i);
        let (mut first, mut second) = ((NONE, self.instance.never), self.instance.never);
        for &j in &self.list {
            let c = row[j as usize];
            if c < first.1 {
                second = first.1;
                first = (j, c);
            } else if c < second {
                second = c;
            }
        }
        (self.first[i], self.second[i]) = (first, second);
    }

    fn flip(&mut self, j: usize) {
        let opens = !self.open[j];
        self.open[j] = opens;
        if opens {
            self.list.push(j as u32);
            self.value += self.instance.opening[j];
        } else {
            self.list.retain(|&k| k as usize != j);
            self.value -= self.instance.opening[j];
        }
        for i in 0..self.instance.clients {
            let (c, before) = (self.instance.site(j)[i], self.first[i].1);
            if opens {
                if c < before {
                    self.second[i] = before;
                    self.first[i] = (j as u32, c);
                } else {
                    self.second[i] = self.second[i].min(c);
                }
            } else if self.first[i].0 == j as u32 || c <= self.second[i] {
                self.nearest_two(i);
            }
            self.value += self.first[i].1 - before;
        }
    }

    /// Descends to a plan that no single move betters.
    pub fn descend(&mut self, random: &mut Random) {
        let m = self.instance.sites;
        let mut loss = vec![0i64; m];
        // What closing each open site loses, its own opening cost counted.
        let mut idle = 0;
        let mut j = random.below(m);
        while idle <= m {
            j = (j + 1) % m;
            idle += 1;
            if self.open[j] {
                continue;
            }
            // What opening j gains, and what closing a site beside it then loses.
            let mut gain = -self.instance.opening[j];
            self.list.iter().for_each(|&r| loss[r as usize] = -self.instance.opening[r as usize]);
            let others = self.first.iter().zip(&self.second);
            for (&c, (&(site, first), &second)) in self.instance.site(j).iter().zip(others) {
                if c < first {
                    gain += first - c;
                } else if site != NONE {
                    loss[site as usize] += second.min(c) - first;
                }
            }
            let out = self.list.iter().copied().min_by_key(|&r| (loss[r as usize], r));
            let swap = out.map_or(i64::MIN, |r| gain - loss[r as usize]);
            if gain.max(swap) > 0 {
                self.flip(j);
                if let Some(r) = out.filter(|_| swap > gain) {
                    self.flip(r as usize);
                }
                idle = 0;
            } else if idle > m {
                break;
            }
        }
        self.close_idle();
    }

    /// Closes sites that cost more than they save.
    fn close_idle(&mut self) {
        loop {
            let mut loss: Vec<i64> = self.instance.opening.iter().map(|f| -f).collect();
            for (&(site, first), &second) in self.first.iter().zip(&self.second) {
                if site != NONE {
                    loss[site as usize] += second - first;
                }
            }
            let worst = self.list.iter().copied().min_by_key(|&r| (loss[r as usize], r));
            match worst.filter(|&r| loss[r as usize] < 0) {
                Some(r) => self.flip(r as usize),
                None => return,
            }
        }
    }

    /// Flips a few sites at random.
    pub fn shake(&mut self, random: &mut Random, moves: usize) {
        for _ in 0..moves {
            let j = random.below(self.instance.sites);
            self.flip(j);
            if !self.list.is_empty() {
                let r = self.list[random.below(self.list.len())];
                self.flip(r as usize);
            }
        }
    }
}

/// Shakes and descends from `best` for `rounds` or until `stop`; returns the best plan met.
pub(super) fn wander<'a>(
    best: Search<'a>,
    rounds: usize,
    random: &mut Random,
    mut stop: impl FnMut() -> bool,
) -> Search<'a> {
    let (mut best, mut now) = (best.clone(), best);
    if now.instance.sites < 2 {
        return best;
    }
    for round in 0..rounds {
        if stop() {
            break;
        }
        let mut next = now.clone();
        next.shake(random, 1 + round % 4);
        next.descend(random);
        // A plan a little worse is taken too, or the walk would stay around one plan.
        if next.value <= now.value || next.value - best.value < best.value / 1000 {
            now = next;
        } else if random.below(20) == 0 {
            now = best.clone();
        }
        if now.value < best.value {
            best = now.clone();
        }
    }
    best
}
