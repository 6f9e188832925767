//! What the tags of a way mean to a profile.

use crate::pbf::{Tags, tag};
use crate::profile::{Limits, Profile, Road};
use std::collections::BTreeMap;

/// Limits in km/h that are believed.
const BELIEVED_KMH: std::ops::RangeInclusive<f64> = 3.0..=160.0;
/// Longest crossing that is believed, in seconds: three days.
const BELIEVED_CROSSING_S: f64 = 259_200.0;

/// How one may travel along a way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Passage {
    /// Kind of road: its position in [`Profile::roads`], or their number for a ferry.
    pub(super) kind: u8,
    pub(super) forward: Option<Pace>,
    pub(super) backward: Option<Pace>,
    /// Whether one may stop there.
    pub(super) stops: bool,
    /// Whether a speed or duration on it makes no sense, and was ignored.
    pub(super) absurd: bool,
}

/// How fast.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Pace {
    /// Kilometres per hour.
    Kmh(f64),
    /// Seconds for the whole way.
    Seconds(f64),
}

/// How one may travel along a way with these tags; `None`: not at all.
pub(super) fn passage(profile: &Profile, tags: &Tags) -> Option<Passage> {
    if listed(&profile.refused_tags, tags) {
        return None;
    }
    let Some((kind, road)) = road(profile, tags) else { return ferry(profile, tags) };
    match access(profile, tags) {
        Some(false) => return None,
        Some(true) => {}
        None if road.needs_permission => return None,
        None => {}
    }
    let (forward, backward) = directions(profile, tags)?;
    let mut absurd = false;
    let mut pace = |open: bool, direction: &str| {
        open.then(|| Pace::Kmh(speed(profile, road, tags, direction, &mut absurd)))
    };
    let (forward, backward) = (pace(forward, "maxspeed:forward"), pace(backward, "maxspeed:backward"));
    let tunnel = tag(tags, "tunnel").is_some_and(|v| v != "no" && v != "building_passage");
    Some(Passage { kind, forward, backward, stops: !road.no_stopping && !tunnel, absurd })
}

/// Whether a barrier on a node stops one.
pub(super) fn blocks(profile: &Profile, tags: &Tags) -> bool {
    let Some(barrier) = tag(tags, "barrier") else { return false };
    match access(profile, tags) {
        Some(granted) => !granted,
        None => profile.blocking_barriers.iter().any(|b| b == barrier),
    }
}

/// Whether one of these tags is there.
fn listed(list: &BTreeMap<String, Vec<String>>, tags: &Tags) -> bool {
    !list.is_empty()
        && tags
            .iter()
            .any(|(key, value)| list.get(key.as_ref()).is_some_and(|v| v.iter().any(|v| v == value)))
}

fn road<'p>(profile: &'p Profile, tags: &Tags) -> Option<(u8, &'p Road)> {
    let highway = tag(tags, "highway")?;
    let (kind, (_, road)) = (0..).zip(&profile.roads).find(|(_, (name, _))| *name == highway)?;
    Some((kind, road))
}

/// What the most precise access key says: allowed, refused, or nothing.
fn access(profile: &Profile, tags: &Tags) -> Option<bool> {
    let value = profile.access_keys.iter().find_map(|key| tag(tags, key))?;
    if profile.access_refused.iter().any(|v| v == value) {
        return Some(false);
    }
    profile.access_granted.iter().any(|v| v == value).then_some(true)
}

/// Whether one may travel in the direction of the way, and against it.
fn directions(profile: &Profile, tags: &Tags) -> Option<(bool, bool)> {
    if !profile.oneway_binds || listed(&profile.oneway_lifted_by, tags) {
        return Some((true, true));
    }
    match tag(tags, "oneway") {
        Some("yes" | "true" | "1") => Some((true, false)),
        Some("-1" | "reverse") => Some((false, true)),
        Some("no" | "false" | "0" | "alternating") => Some((true, true)),
        // Which way it is open depends on the hour.
        Some("reversible") => None,
        _ => {
            let round = matches!(tag(tags, "junction"), Some("roundabout" | "circular"));
            Some((true, !round && tag(tags, "highway") != Some("motorway")))
        }
    }
}

fn speed(profile: &Profile, road: &Road, tags: &Tags, direction: &str, absurd: &mut bool) -> f64 {
    let most = road.most_kmh.unwrap_or(road.default_kmh);
    let limit = profile.limits.as_ref().and_then(|l| Some((l, limit(l, tags, direction, absurd)?)));
    let mut kmh = match limit {
        None => road.default_kmh,
        Some((_, Limit::Unlimited)) => most,
        Some((limits, Limit::Kmh(limit))) => {
            let urban = if limit <= limits.urban_up_to_kmh { limits.urban_factor } else { 1.0 };
            (limit * limits.share * urban).min(most)
        }
    };
    for (key, by_value) in &profile.most_kmh_by_tag {
        if let Some(&cap) = tag(tags, key).and_then(|value| by_value.get(value)) {
            kmh = kmh.min(cap);
        }
    }
    kmh
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Limit {
    Kmh(f64),
    Unlimited,
}

/// The limit on a way: as signed, or else as its kind of zone has it.
fn limit(limits: &Limits, tags: &Tags, direction: &str, absurd: &mut bool) -> Option<Limit> {
    let signed = [direction, "maxspeed"];
    let implied = ["maxspeed:type", "source:maxspeed", "zone:maxspeed", "zone:traffic"];
    for key in signed.iter().chain(&implied) {
        let Some(value) = tag(tags, key) else { continue };
        let read: Option<Limit> =
            value.split([';', '|']).filter_map(|v| parse(limits, v)).reduce(|a, b| match (a, b) {
                (Limit::Kmh(a), Limit::Kmh(b)) => Limit::Kmh(a.min(b)),
                (Limit::Kmh(a), _) | (_, Limit::Kmh(a)) => Limit::Kmh(a),
                _ => Limit::Unlimited,
            });
        match read {
            Some(Limit::Kmh(kmh)) if !BELIEVED_KMH.contains(&kmh) => *absurd = true,
            Some(limit) => return Some(limit),
            // Words such as `signals` or, for an implied limit, `sign` say nothing of the speed.
            None => *absurd |= value.starts_with(|c: char| c.is_ascii_digit() || c == '-'),
        }
    }
    None
}

fn parse(limits: &Limits, value: &str) -> Option<Limit> {
    let value = value.trim();
    if value == "none" {
        return Some(Limit::Unlimited);
    }
    if let Some(&kmh) = limits.words_kmh.get(value) {
        return Some(Limit::Kmh(kmh));
    }
    // `FR:30`, or a word for any country.
    if let Some((_, word)) = value.split_once(':') {
        let named = limits.words_kmh.get(&format!("*:{word}")).copied();
        return named.or_else(|| word.strip_prefix("zone").unwrap_or(word).parse().ok()).map(Limit::Kmh);
    }
    let digits = value.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(value.len());
    let (number, unit) = value.split_at(digits);
    let factor = match unit.trim() {
        "" | "km/h" | "kmh" | "kph" => 1.0,
        "mph" => 1.609_344,
        "knots" => 1.852,
        _ => return None,
    };
    number.parse::<f64>().ok().map(|n| Limit::Kmh(n * factor))
}

fn ferry(profile: &Profile, tags: &Tags) -> Option<Passage> {
    let ferry = profile.ferry.filter(|_| tag(tags, "route") == Some("ferry"))?;
    if access(profile, tags) == Some(false) {
        return None;
    }
    let (forward, backward) = directions(profile, tags)?;
    let said = tag(tags, "duration").map(duration);
    let seconds = said.flatten().filter(|s| (1.0..=BELIEVED_CROSSING_S).contains(s));
    let pace = seconds.map_or(Pace::Kmh(ferry.default_kmh), Pace::Seconds);
    Some(Passage {
        kind: profile.roads.len() as u8,
        forward: forward.then_some(pace),
        backward: backward.then_some(pace),
        stops: false,
        absurd: said.is_some() && seconds.is_none(),
    })
}

/// `MM`, `HH:MM`, `HH:MM:SS` or `PT1H30M`, in seconds.
fn duration(text: &str) -> Option<f64> {
    let number = |s: &str| s.parse::<u32>().ok().map(f64::from);
    if let Some(mut rest) = text.strip_prefix("PT") {
        let mut seconds = 0.0;
        while let Some(at) = rest.find(|c: char| !c.is_ascii_digit()) {
            let unit = match rest.as_bytes()[at] {
                b'H' => 3600.0,
                b'M' => 60.0,
                b'S' => 1.0,
                _ => return None,
            };
            seconds += unit * number(&rest[..at])?;
            rest = &rest[at + 1..];
        }
        return rest.is_empty().then_some(seconds);
    }
    let parts: Option<Vec<f64>> = text.split(':').map(number).collect();
    match parts?[..] {
        [m] => Some(60.0 * m),
        [h, m] => Some(3600.0 * h + 60.0 * m),
        [h, m, s] => Some(3600.0 * h + 60.0 * m + s),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
