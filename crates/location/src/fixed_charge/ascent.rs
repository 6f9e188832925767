//! Dual ascent: multipliers and a plan in no time (Erlenkotter, A dual-based procedure for uncapacitated facility
//! location, Operations Research 26 (1978) 992–1009).

use super::instance::Instance;

/// Multipliers in units such that no site is paid more than its opening cost, and what each site still lacks.
pub(super) struct Ascent {
    pub multipliers: Vec<i64>,
    slack: Vec<i64>,
}

impl Ascent {
    /// Every client pays its least cost, then all raise what they pay in turn, then the adjustment.
    pub fn new(instance: &Instance) -> Self {
        let least = |i| instance.nearest(i).next().map_or(0, |(_, c)| c);
        let mut ascent = Ascent {
            multipliers: (0..instance.clients).map(least).collect(),
            slack: instance.opening.clone(),
        };
        let all: Vec<usize> = (0..instance.clients).collect();
        ascent.climb(instance, &all);
        ascent.adjust(instance, &all);
        ascent
    }

    fn total(&self) -> i64 {
        self.multipliers.iter().sum()
    }

    /// Raises the multipliers of these clients in turn, each to the next cost level or as far as the sites below allow,
    /// until none can rise.
    fn climb(&mut self, instance: &Instance, clients: &[usize]) {
        let mut rising: Vec<usize> = clients.to_vec();
        while !rising.is_empty() {
            rising.retain(|&i| {
                let v = self.multipliers[i];
                let (mut room, mut level) = (i64::MAX, instance.never);
                for (j, c) in instance.nearest(i) {
                    if c > v {
                        level = c;
                        break;
                    }
                    room = room.min(self.slack[j]);
                }
                let step = room.min(level - v);
                if step <= 0 || room == i64::MAX {
                    return false;
                }
                self.raise(instance, i, step);
                // Only a client that met the next level may rise again at once.
                step < room
            });
        }
    }

    fn raise(&mut self, instance: &Instance, i: usize, step: i64) {
        let (old, new) = (self.multipliers[i], self.multipliers[i] + step);
        for (j, c) in instance.nearest(i).take_while(|&(_, c)| c < old.max(new)) {
            self.slack[j] -= (new - c).max(0) - (old - c).max(0);
        }
        self.multipliers[i] = new;
    }

    /// Lowers a client that pays two full sites and lets others rise into the room, as long as that gains.
    fn adjust(&mut self, instance: &Instance, all: &[usize]) {
        for _ in 0..20 {
            let before = self.total();
            for i in 0..instance.clients {
                let v = self.multipliers[i];
                let paid: Vec<(usize, i64)> = instance.nearest(i).take_while(|&(_, c)| c < v).collect();
                let full: Vec<usize> = paid.iter().map(|p| p.0).filter(|&j| self.slack[j] == 0).collect();
                let Some(&(_, below)) = paid.last().filter(|_| full.len() > 1) else { continue };
                let kept = (self.multipliers.clone(), self.slack.clone(), self.total());
                self.raise(instance, i, below - v);
                // Clients that pay nothing but one of the sites that now have room.
                let only = |k: &usize| {
                    let mut own = instance.nearest(*k).take_while(|&(_, c)| c < self.multipliers[*k]);
                    *k != i && matches!((own.next(), own.next()), (Some((j, _)), None) if full.contains(&j))
                };
                let first: Vec<usize> = all.iter().copied().filter(only).collect();
                self.climb(instance, &first);
                self.climb(instance, &[i]);
                self.climb(instance, all);
                if self.total() <= kept.2 {
                    (self.multipliers, self.slack) = (kept.0, kept.1);
                }
            }
            if self.total() <= before {
                break;
            }
        }
    }

    /// A plan of sites that are fully paid.
    pub fn open(&self, instance: &Instance) -> Vec<bool> {
        let full: Vec<bool> = self.slack.iter().map(|s| *s == 0).collect();
        let mut open = vec![false; instance.sites];
        // A client served by none of those opened so far at what it pays opens the nearest full site.
        for i in 0..instance.clients {
            let pays = self.multipliers[i];
            let served = instance.nearest(i).take_while(|&(_, c)| c <= pays).any(|(j, _)| open[j]);
            if !served && let Some((j, _)) = instance.serve(i, &full).or_else(|| instance.nearest(i).next()) {
                open[j] = true;
            }
        }
        open
    }
}
