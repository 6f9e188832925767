//! Where care is offered in a year: GPs and acts by place, and accessibility in whole numbers.

use super::ledger::{Ledger, gps_among};
use maillage_programme::{AccessBasis, State};
use maillage_territory::{Minutes, PlaceIx, Territory};
use std::collections::BTreeMap;

/// A number by place.
pub(super) type ByPlace = BTreeMap<PlaceIx, i128>;

/// GPs of the open sites of each place, in hundredths; a place that is here has one, even without GPs.
pub(super) fn open(ledger: &Ledger<'_>, state: State, future: usize, year: usize) -> ByPlace {
    let world = ledger.world;
    let mut open = ByPlace::new();
    for site in world.sites() {
        let structure = match state {
            State::Before => world.existing(site).map(|k| gps_among(world, k, ledger.today(site))),
            State::After => ledger.works(future, year, site).map(|_| ledger.gps(future, year, site)),
        };
        let practice = world.practises(future, year, site).then(|| ledger.gps(future, year, site));
        if let Some(gps) = structure.or(practice) {
            spread(&mut open, &world.spec(site).addresses, gps);
        }
    }
    open
}

/// Acts of a year offered at each place.
pub(super) fn acts(ledger: &Ledger<'_>, state: State, future: usize, year: usize) -> ByPlace {
    let world = ledger.world;
    let mut acts = ByPlace::new();
    for site in world.sites() {
        let own = match state {
            State::Before if !world.is_practice(site) => ledger.today(site).iter().map(|s| s.acts).sum(),
            _ => ledger.acts(future, year, site),
        };
        spread(&mut acts, &world.spec(site).addresses, own);
        if state == State::After {
            let exchange = ledger.exchange(future, year, site);
            *acts.entry(world.main(site)).or_default() += exchange.acts_in - exchange.acts_out;
        }
    }
    acts.retain(|_, n| *n > 0);
    acts
}

/// Splits a number evenly over addresses; what is left over goes one by one to the first.
fn spread(sums: &mut ByPlace, addresses: &[PlaceIx], number: i128) {
    let n = addresses.len() as i128;
    for (i, address) in (0..).zip(addresses) {
        *sums.entry(*address).or_default() += number / n + i128::from(i < number % n);
    }
}

/// Sixths of a person who counts for a supply some minutes away.
fn sixths(minutes: Minutes) -> i128 {
    match minutes.hundredths() {
        0..=1000 => 6,
        1001..=1500 => 4,
        1501..=2000 => 2,
        _ => 0,
    }
}

/// Accessibility of every place in millionths of an act, under acts of a year by place.
pub(super) fn accessibility(territory: &Territory, basis: &AccessBasis, acts: &ByPlace) -> Vec<i128> {
    let standard = |i: usize| basis.standard_people.get(i).map_or(0, |n| i128::from(*n));
    // People around each supply, in hundredths of a person and sixths.
    let mut around = ByPlace::new();
    for (from, _) in territory.iter() {
        for (to, minutes) in territory.travel.from(from) {
            if acts.contains_key(to) {
                *around.entry(*to).or_default() += sixths(*minutes) * standard(from.0 as usize);
            }
        }
    }
    // Acts for each of them, in billionths.
    let rate = |to: &PlaceIx| {
        let people = around.get(to).copied().unwrap_or(0);
        let acts = acts.get(to).copied().unwrap_or(0);
        if people > 0 { acts.saturating_mul(600_000_000_000) / people } else { 0 }
    };
    let rates: ByPlace = acts.keys().map(|to| (*to, rate(to))).collect();
    let of = |from: PlaceIx| -> i128 {
        let near = territory.travel.from(from).iter();
        near.filter_map(|(to, t)| Some(sixths(*t).saturating_mul(*rates.get(to)?)))
            .fold(0, i128::saturating_add)
    };
    territory.iter().map(|(from, _)| of(from) / 6000).collect()
}
