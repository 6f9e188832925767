//! Over which places a figure is taken.

use maillage_territory::{AreaKind, PlaceIx, Territory};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// A set of places with a name. In files `all`, `core`, `around`, or the kind and code of an area: `epci:200035731`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Zone {
    /// Every place.
    All,
    /// Places of the territory itself.
    Core,
    /// Places around it.
    Around,
    /// Places of the territory itself in one area, by its code.
    Area(AreaKind, String),
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Zone::All => f.write_str("all"),
            Zone::Core => f.write_str("core"),
            Zone::Around => f.write_str("around"),
            Zone::Area(kind, code) => write!(f, "{}:{code}", kind.as_str()),
        }
    }
}

impl Serialize for Zone {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        match text.as_str() {
            "all" => return Ok(Zone::All),
            "core" => return Ok(Zone::Core),
            "around" => return Ok(Zone::Around),
            _ => {}
        }
        let area = text.split_once(':').and_then(|(word, code)| {
            let kind = AreaKind::ALL.into_iter().find(|k| k.as_str() == word)?;
            Some(Zone::Area(kind, code.to_owned()))
        });
        area.ok_or_else(|| serde::de::Error::custom("expected all, core, around or KIND:CODE"))
    }
}

/// Every zone of a territory with its places, in the order of [`Zone`]. Areas hold only places of the territory
/// itself: of an area that straddles the border the part inside is counted.
pub fn zones(territory: &Territory) -> BTreeMap<Zone, Vec<PlaceIx>> {
    let mut zones: BTreeMap<Zone, Vec<PlaceIx>> = BTreeMap::new();
    for (ix, place) in territory.iter() {
        let mut add = |zone| zones.entry(zone).or_default().push(ix);
        add(Zone::All);
        add(if place.core { Zone::Core } else { Zone::Around });
        for kind in AreaKind::ALL.into_iter().filter(|_| place.core) {
            if let Some(area) = place.area(kind) {
                add(Zone::Area(kind, area.code.clone()));
            }
        }
    }
    zones
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_read_as_written() {
        for zone in [Zone::All, Zone::Core, Zone::Around, Zone::Area(AreaKind::LivingArea, "a:b".into())] {
            let text = serde_json::to_string(&zone).unwrap();
            assert_eq!(serde_json::from_str::<Zone>(&text).unwrap(), zone, "{text}");
        }
        for bad in ["\"epci\"", "\"Epci:1\"", "\"everywhere\"", "3"] {
            assert!(serde_json::from_str::<Zone>(bad).is_err(), "{bad}");
        }
    }
}
