//! Zones classed by hand, under ceilings, against a count from scratch; aids by class and day.
#![allow(clippy::unwrap_used, reason = "a test stops where its own data are wrong")]

use maillage_access::Basis;
use maillage_access::zoning::{
    Aid, BadSet, Ceiling, Date, Threshold, ThresholdSet, Why, ZoneApl, ZoneClass, Zoning, ZoningFile,
    eligible, in_force, shipped,
};
use maillage_input::{Document, Lang, Text};
use maillage_territory::{AreaKind, Persons};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// The thresholds of 2017.
fn set(ceilings: &[(&str, Option<u32>, Option<u32>)]) -> ThresholdSet {
    let ceiling = |&(region, zip_basis_points, zac_basis_points): &(&str, _, _)| Ceiling {
        region: region.to_owned(),
        zip_basis_points,
        zac_basis_points,
    };
    ThresholdSet {
        id: "test".to_owned(),
        from: day("2017-11-16"),
        apl_age_max_years: Some(65),
        unit: Text::new("bassins de vie", "living areas"),
        stand_in: AreaKind::LivingArea,
        thresholds: vec![
            Threshold { apl_max: 2.5, class: ZoneClass::ZipA },
            Threshold { apl_max: 4.0, class: ZoneClass::Vivier },
        ],
        ceilings: ceilings.iter().map(ceiling).collect(),
        source: Text::new("essai", "test"),
        basis: Basis::Assumed,
    }
}

fn zone(code: &str, apl: impl Into<Option<f64>>, people: &[(&str, u64)]) -> ZoneApl {
    let people: BTreeMap<_, _> = people.iter().map(|&(r, p)| (r.to_owned(), Persons(p))).collect();
    ZoneApl { code: code.to_owned(), apl: apl.into(), people, elsewhere: Persons(0) }
}

fn whole(regions: &[&str]) -> BTreeSet<String> {
    regions.iter().map(|r| (*r).to_owned()).collect()
}

fn classes(zoning: &Zoning) -> Vec<Option<ZoneClass>> {
    zoning.zones.iter().map(|z| z.class).collect()
}

#[test]
fn thresholds_hold_their_own_value() {
    let zones = [
        zone("a", 0.0, &[("84", 1)]),
        zone("b", 2.5, &[("84", 1)]),
        // A sum of tenths that should be 2.5 and is a little more.
        zone("c", 2.5 + f64::EPSILON * 4.0, &[("84", 1)]),
        zone("d", 2.500_001, &[("84", 1)]),
        zone("e", 4.0, &[("84", 1)]),
        zone("f", 4.000_001, &[("84", 1)]),
        zone("g", None, &[("84", 1)]),
        zone("h", f64::NAN, &[("84", 1)]),
        zone("i", -0.1, &[("84", 1)]),
        zone("j", f64::INFINITY, &[("84", 1)]),
    ];
    let zoning = set(&[]).classify(&zones, &whole(&["84"])).unwrap();
    use ZoneClass::{HorsVivier, Vivier, ZipA};
    let expected = [
        Some(ZipA),
        Some(ZipA),
        Some(ZipA),
        Some(Vivier),
        Some(Vivier),
        Some(HorsVivier),
        None,
        None,
        None,
        None,
    ];
    assert_eq!(classes(&zoning), expected);
    assert_eq!(zoning.set, "test");
    assert_eq!(zoning.zones[1].why, Why::AtMost { apl_max: 2.5 });
    assert_eq!(zoning.zones[3].why, Why::NoCeiling { region: Some("84".to_owned()) });
    assert_eq!(zoning.zones[5].why, Why::AboveAll { apl_max: 4.0 });
    assert_eq!(zoning.zones[6].why, Why::AplUnknown);
    assert_eq!(zoning.zones[1].why.text().get(Lang::Fr), "APL au plus 2,5");
}

/// Region of 10,000: ZIP at most 30 % = 3,000, ZAC at most 20 % = 2,000.
/// ZIP-A takes 1,500; at 2.6 another 1,500 reaches 3,000 exactly; 2.7 with 100 is too many and closes ZIP, goes to
/// ZAC; 2.8 with 1,900 reaches 2,000 exactly; 3.0 with 1 is ZV, and so is 3.5 with nobody: the class is closed.
#[test]
fn ceilings_are_met_exactly_and_then_close() {
    let zones = [
        zone("p", 3.0, &[("84", 1)]),
        zone("q", 2.7, &[("84", 100)]),
        zone("r", 2.6, &[("84", 1_500)]),
        zone("s", 2.0, &[("84", 1_500)]),
        zone("t", 2.8, &[("84", 1_900)]),
        zone("u", 5.0, &[("84", 4_999)]),
        zone("v", 3.5, &[("84", 0)]),
    ];
    let set = set(&[("84", Some(3_000), Some(2_000))]);
    let zoning = set.classify(&zones, &whole(&["84"])).unwrap();
    use ZoneClass::{HorsVivier, Zac, ZipA, ZipB, Zv};
    assert_eq!(
        classes(&zoning),
        [Some(Zv), Some(Zac), Some(ZipB), Some(ZipA), Some(Zac), Some(HorsVivier), Some(Zv)]
    );
    assert_eq!(zoning.zones[2].why, Why::WithinCeiling { region: "84".to_owned(), basis_points: 3_000 });
    assert_eq!(zoning.zones[0].why, Why::BeyondCeilings { region: "84".to_owned() });
    let region = &zoning.regions[0];
    assert_eq!(
        (region.people, region.zip.people, region.zip.most),
        (Persons(10_000), Persons(3_000), Some(Persons(3_000)))
    );
    assert_eq!((region.zac.people, region.zac.most), (Persons(2_000), Some(Persons(2_000))));

    // Where not all zones of the region are given, its ceilings say nothing.
    let part = set.classify(&zones, &whole(&[])).unwrap();
    assert_eq!(part.zones[2].why, Why::RegionNotWhole { region: "84".to_owned() });
    assert_eq!(part.regions[0].zip.most, None);
}

#[test]
fn an_unknown_ceiling_leaves_the_vivier_undivided() {
    let zones = [zone("a", 2.6, &[("84", 40)]), zone("b", 2.7, &[("84", 60)])];
    let of = |zip, zac| classes(&set(&[("84", zip, zac)]).classify(&zones, &whole(&["84"])).unwrap());
    use ZoneClass::{Vivier, Zac, ZipB, Zv};
    assert_eq!(of(None, Some(10_000)), [Some(Vivier), Some(Vivier)]);
    assert_eq!(of(Some(4_000), None), [Some(ZipB), Some(Vivier)]);
    assert_eq!(of(Some(4_000), Some(6_000)), [Some(ZipB), Some(Zac)]);
    assert_eq!(of(Some(4_000), Some(0)), [Some(ZipB), Some(Zv)]);
    // An accessibility that is unknown takes no room and gets no class.
    let unknown = [zone("a", None, &[("84", 40)]), zone("b", 2.7, &[("84", 60)])];
    let zoning = set(&[("84", Some(6_000), Some(0))]).classify(&unknown, &whole(&["84"])).unwrap();
    assert_eq!(classes(&zoning), [None, Some(ZipB)]);
}

/// Regions 84 and 27 of 1,000 people each; ZIP at most 10 % = 100 in 84 and 5 % = 50 in 27.
/// `a` (60 in 84, 30 in 27) is decided by 84 and counts 60 there, 30 in 27. `b` (40 in 27, 10 in 84) is decided by
/// 27, where 30 + 40 > 50: no. `c` (30 in 84, 25 in 27) is decided by 84, where 60 + 30 fits, but 27 has room for 20
/// only: passed over alone. `d` (40 in 84) then fits exactly.
#[test]
fn over_two_regions_each_counts_its_part() {
    let zones = [
        zone("a", 2.6, &[("84", 60), ("27", 30)]),
        zone("b", 2.7, &[("84", 10), ("27", 40)]),
        zone("c", 2.8, &[("84", 30), ("27", 25)]),
        zone("d", 2.9, &[("84", 40)]),
        zone("e", 9.0, &[("84", 860), ("27", 905)]),
    ];
    let set = set(&[("84", Some(1_000), Some(0)), ("27", Some(500), Some(0))]);
    let zoning = set.classify(&zones, &whole(&["27", "84"])).unwrap();
    use ZoneClass::{HorsVivier, ZipB, Zv};
    assert_eq!(classes(&zoning), [Some(ZipB), Some(Zv), Some(Zv), Some(ZipB), Some(HorsVivier)]);
    let decides: Vec<_> = zoning.zones.iter().map(|z| z.region.as_deref().unwrap()).collect();
    assert_eq!(decides, ["84", "27", "84", "84", "27"]);
    assert_eq!(zoning.zones[0].people, Persons(90));
    let zip: Vec<_> = zoning.regions.iter().map(|r| (r.region.as_str(), r.zip.people.0)).collect();
    assert_eq!(zip, [("27", 30), ("84", 100)]);
    // Equal parts: the lowest code decides.
    let tie = set.classify(&[zone("a", 2.6, &[("84", 5), ("27", 5)])], &whole(&[])).unwrap();
    assert_eq!(tie.zones[0].region.as_deref(), Some("27"));
}

#[test]
fn sets_that_class_nothing_say_why() {
    let check = |change: fn(&mut ThresholdSet)| {
        let mut s = set(&[("84", Some(1), Some(1))]);
        change(&mut s);
        s.check()
    };
    assert_eq!(check(|_| ()), Ok(()));
    assert_eq!(check(|s| s.id = "a b".to_owned()), Err(BadSet::Id("a b".to_owned())));
    assert_eq!(check(|s| s.thresholds.clear()), Err(BadSet::NoThreshold));
    assert_eq!(check(|s| s.thresholds[1].apl_max = 2.5), Err(BadSet::Order));
    assert_eq!(check(|s| s.thresholds[0].apl_max = f64::NAN), Err(BadSet::Order));
    assert_eq!(check(|s| s.thresholds[1].apl_max = 101.0), Err(BadSet::Order));
    assert_eq!(check(|s| s.thresholds[1].class = ZoneClass::ZipA), Err(BadSet::Classes));
    assert_eq!(check(|s| s.thresholds[1].class = ZoneClass::HorsVivier), Err(BadSet::Classes));
    assert_eq!(check(|s| s.ceilings.push(s.ceilings[0].clone())), Err(BadSet::Twice("84".to_owned())));
    assert_eq!(check(|s| s.ceilings[0].zac_basis_points = Some(10_001)), Err(BadSet::Share("84".to_owned())));
}

#[test]
fn what_is_shipped_is_known_and_dated() {
    let parsed: ZoningFile =
        Document::parse("zoning.json", include_str!("../data/zoning.json")).unwrap().decode().unwrap();
    assert_eq!(&parsed, shipped());
    let ids: Vec<_> = shipped().sets.iter().map(|s| s.id.as_str()).collect();
    assert_eq!(ids, ["fr-2017", "fr-2021", "fr-2025"]);
    let on = |d| in_force(&shipped().sets, day(d)).map(|s| s.id.as_str());
    assert_eq!(on("2017-11-15"), None);
    assert_eq!(on("2017-11-16"), Some("fr-2017"));
    assert_eq!(on("2025-05-15"), Some("fr-2021"));
    assert_eq!(on("2026-01-01"), Some("fr-2025"));
    assert_eq!(shipped().sets[0].check(), Ok(()));
    // Not known here: a user completes them.
    assert_eq!(shipped().sets[1].check(), Err(BadSet::NoThreshold));
    assert_eq!(shipped().sets[2].check(), Err(BadSet::NoThreshold));
    // The ceilings of 2021 that are known: 62.4 % and 96.3 % for both in Île-de-France.
    let paris = &shipped().sets[1].ceilings[0];
    assert_eq!(paris.zip_basis_points.unwrap() + paris.zac_basis_points.unwrap(), 9_630);
}

fn ids(class: ZoneClass, on: &str) -> Vec<&'static str> {
    eligible(&shipped().aids, class, day(on)).into_iter().map(|a| a.id.as_str()).collect()
}

#[test]
fn aids_follow_class_and_day() {
    use ZoneClass::{HorsVivier, Vivier, Zac, Zip, ZipA, ZipB, Zv};
    let contract = ["installation-contract", "national-contracts", "duty-tax-relief"];
    assert_eq!(ids(ZipA, "2025-12-31"), contract);
    let since_2026 = [
        "first-installation-zip",
        "secondary-practice-zip",
        "list-payment-newcomer",
        "list-payment-established",
        "duty-tax-relief",
    ];
    for zip in [Zip, ZipA, ZipB] {
        assert_eq!(ids(zip, "2026-01-01"), since_2026);
    }
    assert_eq!(ids(Zac, "2026-01-01"), ["first-installation-zac"]);
    assert!(ids(Zac, "2025-12-31").is_empty() && ids(ZipA, "2017-11-15").is_empty());
    for none in [Zv, Vivier, HorsVivier] {
        assert!(ids(none, "2026-06-01").is_empty(), "{none:?}");
    }
    let amount = |id: &str| shipped().aids.iter().find(|a| a.id == id).and_then(|a| a.amount_eur);
    assert_eq!(amount("first-installation-zip"), Some(10_000));
    assert_eq!(amount("first-installation-zac"), Some(5_000));
    assert_eq!(amount("secondary-practice-zip"), Some(3_000));
    assert_eq!(amount("installation-contract"), Some(50_000));
    assert_eq!(amount("duty-tax-relief"), None);
}

#[test]
fn settings_refuse_unknown_keys_and_wild_numbers() {
    let decode = |text: &str| Document::parse("z.json", text).unwrap().decode::<ZoningFile>();
    let aid = r#"{"aids": [{"id": "x", "name": {"fr": "a", "en": "a"}, "from": "2026-01-01", "classes": ["zip"],
        "condition": {"fr": "a", "en": "a"}, "source": {"fr": "a", "en": "a"}, "basis": "assumed"}]}"#;
    let read: Vec<Aid> = decode(aid).unwrap().aids;
    assert_eq!(read[0].until, None);
    assert!(decode(&aid.replace("\"basis\"", "\"bases\"")).is_err());
    assert!(decode(&aid.replace("2026-01-01", "2026-02-30")).is_err());
    assert!(decode(&aid.replace("\"zip\"", "\"zipp\"")).is_err());
    assert!(decode(r#"{"sets": [{"apl_max": 101}]}"#).is_err());
}

/// The same rule from scratch: for every zone of the vivier in turn, who is classed before is counted anew.
fn oracle(zones: &[ZoneApl], zip: u64, zac: u64) -> Vec<ZoneClass> {
    let total: u64 = zones.iter().map(|z| z.people["r"].0).sum();
    let mut order: Vec<usize> = (0..zones.len()).collect();
    order.sort_by(|&a, &b| {
        zones[a].apl.unwrap().total_cmp(&zones[b].apl.unwrap()).then(zones[a].code.cmp(&zones[b].code))
    });
    let mut class = vec![ZoneClass::HorsVivier; zones.len()];
    let held = |class: &[ZoneClass], of: &[ZoneClass]| -> u64 {
        (0..zones.len()).filter(|&i| of.contains(&class[i])).map(|i| zones[i].people["r"].0).sum()
    };
    for &i in &order {
        if zones[i].apl.unwrap() <= 2.5 {
            class[i] = ZoneClass::ZipA;
        }
    }
    for &i in &order {
        let (apl, people) = (zones[i].apl.unwrap(), zones[i].people["r"].0);
        if apl <= 2.5 || apl > 4.0 {
            continue;
        }
        let seen = |c: ZoneClass| class.contains(&c);
        let zips = held(&class, &[ZoneClass::ZipA, ZoneClass::ZipB]) + people;
        let zacs = held(&class, &[ZoneClass::Zac]) + people;
        class[i] = if !seen(ZoneClass::Zac) && !seen(ZoneClass::Zv) && zips * 10_000 <= total * zip {
            ZoneClass::ZipB
        } else if !seen(ZoneClass::Zv) && zacs * 10_000 <= total * zac {
            ZoneClass::Zac
        } else {
            ZoneClass::Zv
        };
    }
    class
}

proptest! {
    #[test]
    fn one_region_as_counted_from_scratch(
        raw in prop::collection::vec((0u32..50, 0u64..20), 1..9), zip in 0u32..10_000, zac in 0u32..10_000,
    ) {
        let zones: Vec<ZoneApl> = raw
            .iter()
            .enumerate()
            .map(|(i, &(apl, p))| zone(&format!("z{i}"), f64::from(apl) / 10.0, &[("r", p)]))
            .collect();
        let zoning = set(&[("r", Some(zip), Some(zac))]).classify(&zones, &whole(&["r"])).unwrap();
        let expected: Vec<_> = oracle(&zones, zip.into(), zac.into()).into_iter().map(Some).collect();
        prop_assert_eq!(classes(&zoning), expected);
    }

    #[test]
    fn no_choice_of_the_agency_breaks_a_ceiling(
        raw in prop::collection::vec((0u32..50, 0u64..20, 0u64..20), 0..9),
        caps in prop::array::uniform4(0u32..10_000),
    ) {
        let zones: Vec<ZoneApl> = raw
            .iter()
            .enumerate()
            .map(|(i, &(apl, p, q))| zone(&format!("z{i}"), f64::from(apl) / 10.0, &[("r", p), ("s", q)]))
            .collect();
        let set = set(&[("r", Some(caps[0]), Some(caps[1])), ("s", Some(caps[2]), Some(caps[3]))]);
        let zoning = set.classify(&zones, &whole(&["r", "s"])).unwrap();
        for region in &zoning.regions {
            let mandatory: u64 = zones
                .iter()
                .zip(&zoning.zones)
                .filter(|(_, c)| c.class == Some(ZoneClass::ZipA))
                .map(|(z, _)| z.people[&region.region].0)
                .sum();
            // Mandatory zones may go beyond the ceiling; nothing is then chosen on top but zones where nobody of
            // the region lives.
            prop_assert!(region.zip.people.0 <= region.zip.most.unwrap().0.max(mandatory));
            prop_assert!(region.zac.people <= region.zac.most.unwrap());
        }
        // The class of a zone is one of the method, and it follows from its accessibility.
        for (zone, c) in zones.iter().zip(&zoning.zones) {
            let apl = zone.apl.unwrap();
            prop_assert_eq!(c.class == Some(ZoneClass::ZipA), apl <= 2.5);
            prop_assert_eq!(c.class == Some(ZoneClass::HorsVivier), apl > 4.0);
        }
    }
}
