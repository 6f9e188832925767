//! What a solve will take of memory, and who may start when there is little.

use crate::Loaded;
use maillage_programme::{Role, Task};
use maillage_territory::{Minutes, Persons, PlaceIx};
use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex, PoisonError};

/// Megabytes of a solve however small, and bytes for each trip in the model and in the solver: of problems of one year, and
/// of programmes, whose search keeps several models. Rough: measured on the shipped scenarios.
const ONE_YEAR: (u64, u64) = (8, 3000);
const PROGRAMME: (u64, u64) = (100, 5000);

/// About how many megabytes a scenario takes while it is solved, its territory aside: by the trips that people could make.
pub(super) fn megabytes(loaded: &Loaded) -> u64 {
    let (least, each) = if matches!(loaded.task, Task::Health(_)) { PROGRAMME } else { ONE_YEAR };
    let trips = match &loaded.task {
        Task::Siting(programme) => {
            let open = |role: &Role| !matches!(role, Role::Practice { capacity, .. } if capacity.0 == 0);
            let sites = programme.sites.iter().filter(|s| open(&s.role)).map(|s| s.place).collect();
            trips(loaded, &programme.people, &sites, programme.max_time)
        }
        Task::Location(task) => {
            let sites = task.sites.iter().map(|(s, _)| s.place).collect();
            trips(loaded, &task.people, &sites, loaded.territory.travel.max())
        }
        Task::Health(health) => {
            let sites = health.sites.iter().flat_map(|s| s.addresses.iter().copied()).collect();
            let year = trips(loaded, &health.people[0], &sites, health.max_time);
            year * u64::from(health.years) * health.futures.len() as u64
        }
    };
    least + trips * each / 1_000_000
}

fn trips(loaded: &Loaded, people: &[Persons], sites: &BTreeSet<PlaceIx>, max: Minutes) -> u64 {
    let inhabited = (0..).map(PlaceIx).zip(people).filter(|(_, n)| n.0 > 0);
    let near = |from| loaded.territory.travel.from(from).iter().take_while(|(_, t)| *t <= max);
    inhabited.map(|(from, _)| near(from).filter(|(to, _)| sites.contains(to)).count() as u64).sum()
}

/// Memory for several solves.
pub(super) struct Room {
    total: Option<u64>,
    taken: Mutex<u64>,
    left: Condvar,
}

/// A share of it, given back when dropped.
pub(super) struct Held<'a> {
    room: &'a Room,
    megabytes: u64,
}

impl Room {
    pub(super) fn new(total: Option<u64>) -> Self {
        Room { total, taken: Mutex::new(0), left: Condvar::new() }
    }

    /// Waits until there is room, or until nobody else has any: what does not fit is solved alone.
    pub(super) fn enter(&self, megabytes: u64) -> Held<'_> {
        let full = |taken: &mut u64| *taken > 0 && self.total.is_some_and(|total| *taken + megabytes > total);
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        *self.left.wait_while(taken, full).unwrap_or_else(PoisonError::into_inner) += megabytes;
        Held { room: self, megabytes }
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        *self.room.taken.lock().unwrap_or_else(PoisonError::into_inner) -= self.megabytes;
        self.room.left.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};

    #[test]
    fn no_more_at_once_than_fit() {
        // Of 10 MB: three of 3 at once, one of 12 alone.
        for (total, each, most) in [(Some(10), 3, 3), (Some(10), 12, 1), (None, 12, 6)] {
            let (room, now, seen) = (Room::new(total), AtomicU64::new(0), AtomicU64::new(0));
            std::thread::scope(|scope| {
                for _ in 0..6 {
                    scope.spawn(|| {
                        let _held = room.enter(each);
                        seen.fetch_max(1 + now.fetch_add(1, Ordering::SeqCst), Ordering::SeqCst);
                        std::thread::sleep(std::time::Duration::from_millis(5));
                        now.fetch_sub(1, Ordering::SeqCst);
                    });
                }
            });
            assert!(seen.into_inner() <= most);
            assert_eq!(*room.taken.lock().unwrap(), 0);
        }
    }
}
