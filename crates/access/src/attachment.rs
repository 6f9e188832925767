//! People on lists with room, nearest first.

use maillage_territory::{Minutes, Persons, PlaceIx, TravelTimes};

/// People of one place on the lists of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flow {
    /// Where they live.
    pub from: PlaceIx,
    /// Where their list is.
    pub to: PlaceIx,
    /// How many.
    pub people: Persons,
    /// Time of travel.
    pub minutes: Minutes,
}

/// Who is on which list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// In the order in which lists fill.
    pub flows: Vec<Flow>,
    /// People of each place on no list.
    pub left: Vec<Persons>,
    /// Room left on the lists of each place.
    pub room: Vec<Persons>,
}

/// Fills lists nearest first: of all pairs within `most` minutes the shortest trip takes as many people as
/// there are and as there is room for, then the next; equal times go by order of the place where people live,
/// then of the list. Nobody can then find a nearer list with room, nor a list someone who lives farther (a
/// stable matching where both sides rank by time, Gale and Shapley 1962). It is one behaviour, not an
/// optimum: it may leave more people without a list than the best plan would. More room anywhere leaves
/// nobody worse off (Gale and Sotomayor 1985), and longer trips only add to those made. `people` and `room`
/// have one entry per place.
pub fn attach(travel: &TravelTimes, people: &[Persons], room: &[Persons], most: Minutes) -> Attachment {
    let mut pairs = Vec::new();
    for (i, _) in people.iter().enumerate().filter(|(_, p)| p.0 > 0) {
        let from = PlaceIx(i as u32);
        let near = travel.from(from).iter().take_while(|&&(_, t)| t <= most);
        pairs.extend(near.filter(|(to, _)| room[to.0 as usize].0 > 0).map(|&(to, t)| (t, from, to)));
    }
    pairs.sort_unstable();
    let (mut left, mut room) = (people.to_vec(), room.to_vec());
    let mut flows = Vec::new();
    for (minutes, from, to) in pairs {
        let (l, r) = (&mut left[from.0 as usize], &mut room[to.0 as usize]);
        let people = Persons(l.0.min(r.0));
        if people.0 > 0 {
            (*l, *r) = (*l - people, *r - people);
            flows.push(Flow { from, to, people, minutes });
        }
    }
    Attachment { flows, left, room }
}

#[cfg(test)]
mod tests {
    use super::*;
    use maillage_territory::TravelSource;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    const N: usize = 5;

    fn m(minutes: u16) -> Minutes {
        Minutes::whole(minutes)
    }

    fn table(n: usize, triples: &[(u32, u32, u16)]) -> TravelTimes {
        let source = TravelSource::Table { source: "test".to_owned(), date: "2026".to_owned() };
        TravelTimes::new(n, m(60), source, triples.iter().map(|&(i, j, t)| (PlaceIx(i), PlaceIx(j), m(t))))
    }

    fn persons<const K: usize>(list: [u64; K]) -> [Persons; K] {
        list.map(Persons)
    }

    fn flow(from: u32, to: u32, people: u64, minutes: u16) -> Flow {
        Flow { from: PlaceIx(from), to: PlaceIx(to), people: Persons(people), minutes: m(minutes) }
    }

    #[test]
    fn lists_fill_nearest_first() {
        // 0 has a list for 100 and 60 people; 1 is at 5 min with 30, 2 at 9 min with 50. Room for 10 of place 2
        // at 0; its other list, at 3, is at 15 min and has room for 20; 20 stay without.
        let travel = table(4, &[(1, 0, 5), (2, 0, 9), (2, 3, 15)]);
        let got = attach(&travel, &persons([60, 30, 50, 0]), &persons([100, 0, 0, 20]), m(20));
        assert_eq!(got.flows, [flow(0, 0, 60, 0), flow(1, 0, 30, 5), flow(2, 0, 10, 9), flow(2, 3, 20, 15)]);
        assert_eq!(got.left, persons([0, 0, 20, 0]));
        assert_eq!(got.room, persons([0, 0, 0, 0]));
    }

    #[test]
    fn the_longest_trip_is_included() {
        let travel = table(2, &[(0, 1, 15)]);
        let left = |most| attach(&travel, &persons([7, 0]), &persons([0, 9]), most).left[0].0;
        assert_eq!((left(m(15)), left(Minutes::from_hundredths(1499))), (0, 7));
    }

    #[test]
    fn equal_times_go_by_order() {
        // Places 0 and 1 both at 10 min from the lists 2 and 3, with room for 5 each.
        let travel = table(4, &[(0, 2, 10), (0, 3, 10), (1, 2, 10), (1, 3, 10)]);
        let got = attach(&travel, &persons([6, 6, 0, 0]), &persons([0, 0, 5, 5]), m(20));
        assert_eq!(got.flows, [flow(0, 2, 5, 10), flow(0, 3, 1, 10), flow(1, 3, 4, 10)]);
        assert_eq!(got.left, persons([0, 2, 0, 0]));
    }

    #[test]
    fn it_is_not_the_best_plan() {
        // 0 could go to 2 (10 min) or 3 (12 min), 1 only to 2 (11 min). One seat each: 0 takes 2, 1 has none,
        // although 0 → 3 and 1 → 2 would seat both.
        let travel = table(4, &[(0, 2, 10), (0, 3, 12), (1, 2, 11)]);
        let got = attach(&travel, &persons([1, 1, 0, 0]), &persons([0, 0, 1, 1]), m(20));
        assert_eq!(got.flows, [flow(0, 2, 1, 10)]);
        assert_eq!((got.left[1], got.room[3]), (Persons(1), Persons(1)));
    }

    #[derive(Debug, Clone)]
    struct Case {
        travel: TravelTimes,
        people: Vec<Persons>,
        room: Vec<Persons>,
        most: Minutes,
    }

    impl Case {
        fn attach(&self) -> Attachment {
            attach(&self.travel, &self.people, &self.room, self.most)
        }

        /// People of a place within a time on their list.
        fn within(got: &Attachment, place: usize, limit: Minutes) -> u64 {
            let near = got.flows.iter().filter(|f| f.from.0 as usize == place && f.minutes <= limit);
            near.map(|f| f.people.0).sum()
        }
    }

    prop_compose! {
        fn cases()(
            triples in prop::collection::vec((0..N as u32, 0..N as u32, 0u16..12), 0..30),
            people in prop::collection::vec((0u64..5).prop_map(Persons), N),
            room in prop::collection::vec((0u64..6).prop_map(Persons), N),
            most in 0u16..12,
        ) -> Case {
            Case { travel: table(N, &triples), people, room, most: m(most) }
        }
    }

    /// Deferred acceptance (Gale and Shapley 1962), person by person: each asks the nearest list not yet asked,
    /// a list keeps the nearest and sends the others on. By place of living and of list.
    fn deferred_acceptance(case: &Case) -> BTreeMap<(u32, u32), u64> {
        let mut free: Vec<(u32, usize)> = Vec::new();
        for (i, people) in (0..).zip(&case.people) {
            free.extend((0..people.0).map(|_| (i, 0)));
        }
        let mut lists: Vec<Vec<(Minutes, u32, usize)>> = vec![Vec::new(); N];
        while let Some((i, asked)) = free.pop() {
            let Some(&(to, t)) = case.travel.from(PlaceIx(i)).get(asked).filter(|&&(_, t)| t <= case.most)
            else {
                continue;
            };
            let list = &mut lists[to.0 as usize];
            list.push((t, i, asked + 1));
            list.sort_unstable();
            if list.len() as u64 > case.room[to.0 as usize].0 {
                free.extend(list.pop().map(|(_, i, asked)| (i, asked)));
            }
        }
        let mut flows = BTreeMap::new();
        for (to, list) in (0..).zip(&lists) {
            for &(_, from, _) in list {
                *flows.entry((from, to)).or_default() += 1;
            }
        }
        flows
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn nobody_is_lost_and_no_seat_is_sold_twice(case in cases()) {
            let got = case.attach();
            for i in 0..N {
                let leaving = |f: &&Flow| f.from.0 as usize == i;
                let arriving = |f: &&Flow| f.to.0 as usize == i;
                let on_lists: Persons = got.flows.iter().filter(leaving).map(|f| f.people).sum();
                let taken: Persons = got.flows.iter().filter(arriving).map(|f| f.people).sum();
                prop_assert_eq!(on_lists + got.left[i], case.people[i]);
                prop_assert_eq!(taken + got.room[i], case.room[i]);
            }
            for f in &got.flows {
                prop_assert!(f.people.0 > 0 && f.minutes <= case.most);
                prop_assert_eq!(case.travel.minutes(f.from, f.to), Some(f.minutes));
            }
            prop_assert!(got.flows.is_sorted_by_key(|f| (f.minutes, f.from, f.to)));
        }

        #[test]
        fn nobody_and_no_list_would_both_rather_change(case in cases()) {
            let got = case.attach();
            for i in 0..N {
                for &(to, t) in case.travel.from(PlaceIx(i as u32)).iter().filter(|&&(_, t)| t <= case.most) {
                    // Someone of i is farther than t, or on no list: then this list is full of people as near.
                    if Case::within(&got, i, t) < case.people[i].0 {
                        prop_assert_eq!(got.room[to.0 as usize], Persons(0));
                        prop_assert!(got.flows.iter().filter(|f| f.to == to).all(|f| f.minutes <= t));
                    }
                }
            }
        }

        #[test]
        fn agrees_with_deferred_acceptance(case in cases()) {
            let mut flows = BTreeMap::new();
            for f in case.attach().flows {
                prop_assert_eq!(flows.insert((f.from.0, f.to.0), f.people.0), None);
            }
            prop_assert_eq!(flows, deferred_acceptance(&case));
        }

        #[test]
        fn more_room_harms_nobody(case in cases(), place in 0..N, more in 1u64..4) {
            let before = case.attach();
            let mut wider = case.clone();
            wider.room[place] = wider.room[place] + Persons(more);
            let after = wider.attach();
            for i in 0..N {
                prop_assert!(after.left[i] <= before.left[i]);
                for t in 0..12 {
                    prop_assert!(Case::within(&after, i, m(t)) >= Case::within(&before, i, m(t)));
                }
            }
        }

        #[test]
        fn more_people_help_nobody_else(case in cases(), place in 0..N, more in 1u64..4) {
            let before = case.attach();
            let mut fuller = case.clone();
            fuller.people[place] = fuller.people[place] + Persons(more);
            let after = fuller.attach();
            for i in (0..N).filter(|&i| i != place) {
                prop_assert!(after.left[i] >= before.left[i]);
                for t in 0..12 {
                    prop_assert!(Case::within(&after, i, m(t)) <= Case::within(&before, i, m(t)));
                }
            }
            prop_assert!((0..N).all(|j| after.room[j] <= before.room[j]));
        }

        #[test]
        fn longer_trips_only_add(case in cases(), longer in 0u16..12) {
            let mut wider = case.clone();
            wider.most = wider.most.max(m(longer));
            let (before, after) = (case.attach(), wider.attach());
            prop_assert!(after.flows.starts_with(&before.flows));
        }
    }
}
