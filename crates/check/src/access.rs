//! Accessibility, computed again: pair by pair, with no code of the measures.

use crate::figures::half_up;
use maillage_programme::{AccessBasis, IndicatorName};
use maillage_territory::{PlaceIx, Territory};
use std::collections::BTreeMap;

/// Accessibility of every place in hundredths, under acts of a year (in hundredths) by place. Sums go in the order of places
/// and of their lists, so that rounding falls as in the definition.
pub(crate) fn accessibility(
    territory: &Territory,
    basis: &AccessBasis,
    acts: &BTreeMap<PlaceIx, u128>,
) -> Vec<u128> {
    // In thirds, up to 10, 15 and 20 minutes.
    let weight = |hundredths: u32| match hundredths {
        0..=1000 => 1.0,
        1001..=1500 => 2.0 / 3.0,
        1501..=2000 => 1.0 / 3.0,
        _ => 0.0,
    };
    let need = |ix: PlaceIx| basis.standard_people.get(ix.0 as usize).map_or(0.0, |&h| h as f64 / 100.0);
    let mut around: BTreeMap<PlaceIx, f64> = BTreeMap::new();
    for (from, _) in territory.iter() {
        for (to, minutes) in territory.travel.from(from).iter().filter(|(to, _)| acts.contains_key(to)) {
            *around.entry(*to).or_insert(0.0) += weight(minutes.hundredths()) * need(from);
        }
    }
    let rate = |site: &PlaceIx| {
        let acts = acts.get(site).copied().unwrap_or(0) as f64 / 100.0;
        around.get(site).filter(|&&people| people > 0.0).map_or(0.0, |people| acts / people)
    };
    let apl = |from: PlaceIx| -> f64 {
        let near = territory.travel.from(from).iter();
        near.map(|(to, minutes)| weight(minutes.hundredths()) * rate(to)).sum()
    };
    territory.iter().map(|(from, _)| (apl(from) * 100.0).round() as u128).collect()
}

/// The figures over some places, in hundredths of their units.
pub(crate) fn access_figures(
    basis: &AccessBasis,
    here: &[PlaceIx],
    now: &[u128],
    before: Option<&Vec<u128>>,
) -> Vec<(IndicatorName, u128)> {
    use IndicatorName::*;
    let known = |ix: &&PlaceIx| basis.known.get(ix.0 as usize).copied().unwrap_or_default();
    let here: Vec<PlaceIx> = here.iter().filter(known).copied().collect();
    let at = |list: &[u128], ix: PlaceIx| list.get(ix.0 as usize).copied().unwrap_or_default();
    let people = |ix: PlaceIx| basis.inhabitants.get(ix.0 as usize).map_or(0, |p| u128::from(p.0));
    let count = |keep: &dyn Fn(PlaceIx) -> bool| -> u128 {
        here.iter().filter(|ix| keep(**ix)).map(|ix| people(*ix)).sum::<u128>() * 100
    };
    let mut out = vec![
        (PeopleAplAtMost25, count(&|ix| at(now, ix) <= 250)),
        (PeopleAplAtMost4, count(&|ix| at(now, ix) <= 400)),
    ];
    if let Some(before) = before {
        out.push((PeopleAplGain, count(&|ix| at(now, ix) > at(before, ix))));
        out.push((PeopleAplLoss, count(&|ix| at(now, ix) < at(before, ix))));
    }
    let need = |ix: &PlaceIx| basis.standard_people.get(ix.0 as usize).map_or(0, |&h| u128::from(h));
    let weighted: u128 = here.iter().map(|ix| need(ix) * at(now, *ix)).sum();
    let mean = half_up(weighted, here.iter().map(need).sum());

    // People by accessibility: how many have at most each value.
    let mut levels: BTreeMap<u128, u128> = BTreeMap::new();
    for &ix in here.iter().filter(|ix| people(**ix) > 0) {
        *levels.entry(at(now, ix)).or_default() += people(ix);
    }
    let all: u128 = levels.values().sum();
    // Ten times the value summed over a tenth of the people: each level holds those between two ranks.
    let worst = slice(levels.iter().map(|(v, n)| (*v, *n)), all);
    let best = slice(levels.iter().rev().map(|(v, n)| (*v, *n)), all);
    // Lorenz: twice the area under the curve of cumulated acts, over all people and acts.
    let total: u128 = levels.iter().map(|(v, n)| v * n).sum();
    let (mut below, mut area) = (0, 0);
    for (v, n) in &levels {
        area += n * (2 * below + v * n);
        below += v * n;
    }
    let gini = half_up((all * total - area) * 100, all * total);
    for (name, value) in [(AplMean, mean), (AplWorstTenth, worst), (AplBestTenth, best), (AplGini, gini)] {
        out.extend(value.map(|value| (name, value)));
    }
    out
}

/// Mean over the first tenth of `all` people, level by level.
fn slice(levels: impl Iterator<Item = (u128, u128)>, all: u128) -> Option<u128> {
    let (mut rank, mut sum) = (0, 0);
    for (value, people) in levels {
        // Ranks in tenths of a person: this level holds rank .. rank + 10 · people, of which those below `all` count.
        let until = rank + 10 * people;
        sum += value * (until.min(all) - rank.min(all));
        rank = until;
    }
    half_up(sum, all)
}
