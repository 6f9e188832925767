//! Classes of zones under a set of thresholds.

use super::set::millionths;
use super::{BadSet, Ceiling, ThresholdSet, ZoneClass};
use maillage_input::{Text, comma};
use maillage_territory::Persons;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A zone to class, with its accessibility.
#[derive(Debug, Clone, PartialEq)]
pub struct ZoneApl {
    /// Code.
    pub code: String,
    /// Its accessibility, in the variant of the set; `None`, or no number from 0 to a million, is unknown.
    pub apl: Option<f64>,
    /// People by INSEE code of region: a zone may lie over several.
    pub people: BTreeMap<String, Persons>,
    /// People whose region is not known: under no ceiling.
    pub elsewhere: Persons,
}

/// Why a zone has its class.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Why {
    /// Its accessibility is unknown, and so is its class.
    AplUnknown,
    /// Its accessibility is at most a threshold.
    AtMost {
        /// The threshold.
        apl_max: f64,
    },
    /// Its accessibility is above every threshold.
    AboveAll {
        /// The last threshold.
        apl_max: f64,
    },
    /// In the vivier, and taken before the ceilings were reached, lowest accessibility first: our rule, an
    /// assumption, as the agency chooses.
    WithinCeiling {
        /// The region that decides.
        region: String,
        /// Its ceiling, in hundredths of a percent of its population.
        basis_points: u32,
    },
    /// In the vivier, and the ceilings of ZIP and ZAC were reached before.
    BeyondCeilings {
        /// The region that decides.
        region: String,
    },
    /// In the vivier, and a ceiling that would divide it is not known.
    NoCeiling {
        /// The region that decides; `None` when nobody lives in any.
        region: Option<String>,
    },
    /// In the vivier of a region of which only some zones are given: its ceilings cannot be shared out.
    RegionNotWhole {
        /// The region that decides.
        region: String,
    },
}

impl Why {
    /// The reason, for users.
    pub fn text(&self) -> Text {
        match self {
            Why::AplUnknown => Text::new("APL inconnue : pas de classe", "unknown APL: no class"),
            Why::AtMost { apl_max } => {
                Text::new(format!("APL au plus {}", comma(*apl_max)), format!("APL at most {apl_max}"))
            }
            Why::AboveAll { apl_max } => {
                Text::new(format!("APL au-dessus de {}", comma(*apl_max)), format!("APL above {apl_max}"))
            }
            Why::WithinCeiling { region, basis_points } => {
                let percent = f64::from(*basis_points) / 100.0;
                let shown = comma(percent);
                Text::new(
                    format!(
                        "vivier, sous le plafond de {shown} % de la région {region}, APL la plus basse d'abord (règle supposée : l'agence choisit)"
                    ),
                    format!(
                        "vivier, under the ceiling of {percent} % of region {region}, lowest APL first (assumed rule: the agency chooses)"
                    ),
                )
            }
            Why::BeyondCeilings { region } => Text::new(
                format!(
                    "vivier, plafonds de la région {region} atteints, APL la plus basse d'abord (règle supposée : l'agence choisit)"
                ),
                format!(
                    "vivier, ceilings of region {region} reached, lowest APL first (assumed rule: the agency chooses)"
                ),
            ),
            Why::NoCeiling { region: Some(region) } => Text::new(
                format!("vivier, plafond de la région {region} inconnu"),
                format!("vivier, ceiling of region {region} unknown"),
            ),
            Why::NoCeiling { region: None } => Text::new("vivier, région inconnue", "vivier, region unknown"),
            Why::RegionNotWhole { region } => Text::new(
                format!("vivier, région {region} incomplète : plafonds non répartis"),
                format!("vivier, region {region} not whole: ceilings not shared out"),
            ),
        }
    }
}

/// A zone with its class.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Classified {
    /// Code of the zone.
    pub code: String,
    /// Its class; `None` is unknown.
    pub class: Option<ZoneClass>,
    /// Why.
    pub why: Why,
    /// People in all its regions.
    pub people: Persons,
    /// The region that decides: the one with most of its people, of equals the lowest code.
    pub region: Option<String>,
}

/// People of a region in zones of a class, under its ceiling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Share {
    /// People in zones of the class, only those of this region.
    pub people: Persons,
    /// Most people allowed, rounded down; `None` is not known.
    pub most: Option<Persons>,
}

/// How a region uses its ceilings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RegionUse {
    /// INSEE code of the region.
    pub region: String,
    /// Whether all its zones were given.
    pub whole: bool,
    /// Its people in the zones given.
    pub people: Persons,
    /// ZIP, A and B together. ZIP-A alone may be above the ceiling, for it is mandatory.
    pub zip: Share,
    /// ZAC.
    pub zac: Share,
}

/// Every zone classed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Zoning {
    /// Identifier of the set of thresholds.
    pub set: String,
    /// One entry per zone, in the order given.
    pub zones: Vec<Classified>,
    /// Regions in the order of their codes.
    pub regions: Vec<RegionUse>,
}

impl ThresholdSet {
    /// Classes zones. `whole` names the regions all of whose zones are given: only there can ceilings, which are
    /// shares of the population of a region, be shared out, and only where they are known; elsewhere the vivier
    /// stays undivided.
    ///
    /// The vivier is divided lowest accessibility first, of equals by code of the zone: first ZIP-B, then ZAC,
    /// the rest ZV. This order is ours, an assumption: the agency chooses. The first zone that does not fit
    /// under the ceiling of the region that decides closes the class there, so that no zone passes one that is
    /// worse served. A zone over two regions is decided by the region with the larger part, counts in each with
    /// its part only, and is passed over alone where the other region's ceiling has no room for that part.
    /// Accessibility is compared in millionths.
    ///
    /// # Errors
    /// As [`ThresholdSet::check`].
    pub fn classify(&self, zones: &[ZoneApl], whole: &BTreeSet<String>) -> Result<Zoning, BadSet> {
        self.check()?;
        let mut regions = Regions::new(&self.ceilings, zones, whole);
        let mut classified: Vec<Classified> = zones.iter().map(|z| self.by_threshold(z)).collect();
        for (zone, result) in zones.iter().zip(&classified) {
            if result.class.is_some_and(|c| c.is(ZoneClass::Zip)) {
                regions.take(zone, Divided::Zip);
            } else if result.class == Some(ZoneClass::Zac) {
                regions.take(zone, Divided::Zac);
            }
        }
        let mut vivier: Vec<usize> =
            (0..zones.len()).filter(|&i| classified[i].class == Some(ZoneClass::Vivier)).collect();
        vivier.sort_by_key(|&i| (zones[i].apl.and_then(millionths), &zones[i].code, i));
        for i in vivier {
            let (class, why) = regions.divide(&zones[i], classified[i].region.as_deref());
            (classified[i].class, classified[i].why) = (Some(class), why);
        }
        Ok(Zoning { set: self.id.clone(), zones: classified, regions: regions.uses() })
    }

    fn by_threshold(&self, zone: &ZoneApl) -> Classified {
        let met = |apl| self.thresholds.iter().find(|t| millionths(t.apl_max).is_some_and(|m| apl <= m));
        let last = self.thresholds.last().map_or(0.0, |t| t.apl_max);
        let (class, why) = match zone.apl.and_then(millionths) {
            None => (None, Why::AplUnknown),
            Some(apl) => match met(apl) {
                Some(t) => (Some(t.class), Why::AtMost { apl_max: t.apl_max }),
                None => (Some(ZoneClass::HorsVivier), Why::AboveAll { apl_max: last }),
            },
        };
        // Of equal parts `rev` leaves the lowest code last, and `max_by_key` gives the last.
        let region = zone.people.iter().rev().max_by_key(|(_, p)| **p).map(|(r, _)| r.clone());
        Classified {
            code: zone.code.clone(),
            class,
            why,
            people: zone.people.values().copied().sum::<Persons>() + zone.elsewhere,
            region,
        }
    }
}

/// The classes that ceilings limit.
#[derive(Clone, Copy)]
enum Divided {
    Zip,
    Zac,
}

/// What is left under one ceiling.
#[derive(Default)]
struct Room {
    used: u64,
    basis_points: Option<u32>,
    closed: bool,
}

struct Region {
    whole: bool,
    people: u64,
    rooms: [Room; 2],
}

impl Region {
    /// Most people under a ceiling, rounded down: whole people are at most a share of a number exactly when they
    /// are at most its whole part.
    fn most(&self, class: Divided) -> Option<u64> {
        let share = self.rooms[class as usize].basis_points.filter(|_| self.whole)?;
        Some((u128::from(self.people) * u128::from(share) / 10_000) as u64)
    }
}

/// Ceilings of all regions, by code.
struct Regions(BTreeMap<String, Region>);

impl Regions {
    fn new(ceilings: &[Ceiling], zones: &[ZoneApl], whole: &BTreeSet<String>) -> Regions {
        let mut regions: BTreeMap<String, Region> = BTreeMap::new();
        for (code, people) in zones.iter().flat_map(|z| &z.people) {
            let known = ceilings.iter().find(|c| c.region == *code);
            let room = |basis_points| Room { basis_points, ..Room::default() };
            let region = regions.entry(code.clone()).or_insert_with(|| Region {
                whole: whole.contains(code),
                people: 0,
                rooms: [
                    room(known.and_then(|c| c.zip_basis_points)),
                    room(known.and_then(|c| c.zac_basis_points)),
                ],
            });
            region.people += people.0;
        }
        Regions(regions)
    }

    fn take(&mut self, zone: &ZoneApl, class: Divided) {
        for (code, people) in &zone.people {
            if let Some(region) = self.0.get_mut(code) {
                region.rooms[class as usize].used += people.0;
            }
        }
    }

    /// Whether the zone keeps a region within its ceiling, where one is known.
    fn fits(&self, zone: &ZoneApl, code: &str, class: Divided) -> bool {
        let (Some(region), Some(people)) = (self.0.get(code), zone.people.get(code)) else { return true };
        region.most(class).is_none_or(|most| region.rooms[class as usize].used + people.0 <= most)
    }

    /// The class of a zone of the vivier, once all zones that are worse served have theirs.
    fn divide(&mut self, zone: &ZoneApl, decides: Option<&str>) -> (ZoneClass, Why) {
        let Some(code) = decides else { return (ZoneClass::Vivier, Why::NoCeiling { region: None }) };
        for (divided, class) in [(Divided::Zip, ZoneClass::ZipB), (Divided::Zac, ZoneClass::Zac)] {
            let fits_here = self.fits(zone, code, divided);
            let fits_all = zone.people.keys().all(|r| self.fits(zone, r, divided));
            let Some(region) = self.0.get_mut(code) else { continue };
            if !region.whole {
                return (ZoneClass::Vivier, Why::RegionNotWhole { region: code.to_owned() });
            }
            let room = &mut region.rooms[divided as usize];
            let Some(basis_points) = room.basis_points else {
                return (ZoneClass::Vivier, Why::NoCeiling { region: Some(code.to_owned()) });
            };
            room.closed |= !fits_here;
            if fits_all && !room.closed {
                self.take(zone, divided);
                return (class, Why::WithinCeiling { region: code.to_owned(), basis_points });
            }
        }
        (ZoneClass::Zv, Why::BeyondCeilings { region: code.to_owned() })
    }

    fn uses(self) -> Vec<RegionUse> {
        let share = |r: &Region, class: Divided| Share {
            people: Persons(r.rooms[class as usize].used),
            most: r.most(class).map(Persons),
        };
        self.0
            .into_iter()
            .map(|(region, r)| RegionUse {
                whole: r.whole,
                people: Persons(r.people),
                zip: share(&r, Divided::Zip),
                zac: share(&r, Divided::Zac),
                region,
            })
            .collect()
    }
}
