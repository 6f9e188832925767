use super::*;
use std::borrow::Cow;

fn tags(text: &'static str) -> Vec<(Cow<'static, str>, Cow<'static, str>)> {
    text.split_whitespace()
        .map(|pair| pair.split_once('=').unwrap())
        .map(|(k, v)| (Cow::Borrowed(k), Cow::Owned(v.replace('+', " "))))
        .collect()
}

fn profile(name: &str) -> Profile {
    Profile::load(name).unwrap().0
}

fn car(text: &'static str) -> Option<Passage> {
    passage(&profile("car"), &tags(text))
}

/// Forward and backward speed by car, in tenths of km/h.
fn kmh(text: &'static str) -> [Option<i64>; 2] {
    let p = car(text).unwrap();
    [p.forward, p.backward].map(|pace| match pace? {
        Pace::Kmh(kmh) => Some((kmh * 10.0).round() as i64),
        Pace::Seconds(_) => panic!("a duration"),
    })
}

#[test]
fn directions_of_streets() {
    let open = |text| car(text).map(|p| (p.forward.is_some(), p.backward.is_some()));
    assert_eq!(open("highway=primary"), Some((true, true)));
    assert_eq!(open("highway=primary oneway=yes"), Some((true, false)));
    assert_eq!(open("highway=primary oneway=-1"), Some((false, true)));
    assert_eq!(open("highway=primary junction=roundabout"), Some((true, false)));
    assert_eq!(open("highway=motorway"), Some((true, false)));
    assert_eq!(open("highway=motorway oneway=no"), Some((true, true)));
    assert_eq!(open("highway=motorway_link"), Some((true, true)));
    assert_eq!(open("highway=primary oneway=reversible"), None);
    let bicycle =
        passage(&profile("bicycle"), &tags("highway=residential oneway=yes oneway:bicycle=no")).unwrap();
    assert!(bicycle.backward.is_some());
    let foot = passage(&profile("foot"), &tags("highway=residential oneway=yes")).unwrap();
    assert!(foot.backward.is_some());
}

#[test]
fn the_most_precise_access_decides() {
    assert!(car("highway=residential access=private").is_none());
    assert!(car("highway=residential access=no motor_vehicle=yes").is_some());
    assert!(car("highway=residential motor_vehicle=no motorcar=yes").is_some());
    assert!(car("highway=residential vehicle=no").is_none());
    assert!(car("highway=residential access=destination").is_some());
    assert!(car("highway=pedestrian").is_none());
    assert!(car("highway=pedestrian motorcar=yes").is_some());
    assert!(car("highway=footway").is_none());
    assert!(car("highway=proposed").is_none());
    assert!(car("highway=service service=driveway").is_none());
    assert!(car("building=yes").is_none());
    assert!(passage(&profile("foot"), &tags("highway=footway")).is_some());
}

#[test]
fn speeds_follow_limits() {
    // 80 · 0.92 = 73.6; 50 · 0.92 · 0.8 = 36.8 in a built-up area; at most 70 on a tertiary road.
    assert_eq!(kmh("highway=secondary maxspeed=80"), [Some(736); 2]);
    assert_eq!(kmh("highway=secondary maxspeed=50"), [Some(368); 2]);
    assert_eq!(kmh("highway=tertiary maxspeed=80"), [Some(700); 2]);
    assert_eq!(kmh("highway=secondary"), [Some(550); 2]);
    assert_eq!(kmh("highway=secondary maxspeed=FR:rural"), [Some(736); 2]);
    assert_eq!(kmh("highway=secondary source:maxspeed=FR:urban"), [Some(368); 2]);
    assert_eq!(kmh("highway=secondary zone:maxspeed=FR:30"), [Some(221); 2]);
    assert_eq!(kmh("highway=secondary maxspeed=LI:rural"), [Some(736); 2]);
    // 130 · 0.92 = 119.6.
    assert_eq!(kmh("highway=motorway maxspeed=FR:motorway"), [Some(1196), None]);
    assert_eq!(kmh("highway=motorway maxspeed=none"), [Some(1200), None]);
    // 30 mph = 48.28 km/h: built-up.
    assert_eq!(kmh("highway=secondary maxspeed=30+mph"), [Some(355); 2]);
    assert_eq!(kmh("highway=secondary maxspeed=80;50"), [Some(368); 2]);
    assert_eq!(kmh("highway=secondary maxspeed=80 maxspeed:backward=50"), [Some(736), Some(368)]);
    assert_eq!(kmh("highway=secondary maxspeed=80 surface=gravel"), [Some(350); 2]);
    assert_eq!(kmh("highway=secondary maxspeed=signals"), [Some(550); 2]);
}

#[test]
fn absurd_speeds_are_counted_and_ignored() {
    for text in [
        "highway=secondary maxspeed=0",
        "highway=secondary maxspeed=5000",
        "highway=secondary maxspeed=50+furlongs",
        "highway=secondary maxspeed=-50",
        "highway=secondary maxspeed=99999999999999999999999999999999999",
    ] {
        assert!(car(text).unwrap().absurd, "{text}");
        assert_eq!(kmh(text), [Some(550); 2], "{text}");
    }
    assert!(!car("highway=secondary maxspeed=signals").unwrap().absurd);
}

#[test]
fn ferries() {
    let pace = |text| car(text).map(|p| (p.forward, p.absurd));
    assert_eq!(pace("route=ferry duration=00:20"), Some((Some(Pace::Seconds(1200.0)), false)));
    assert_eq!(pace("route=ferry duration=20"), Some((Some(Pace::Seconds(1200.0)), false)));
    assert_eq!(pace("route=ferry duration=PT1H30M"), Some((Some(Pace::Seconds(5400.0)), false)));
    assert_eq!(pace("route=ferry"), Some((Some(Pace::Kmh(20.0)), false)));
    assert_eq!(pace("route=ferry duration=soon"), Some((Some(Pace::Kmh(20.0)), true)));
    assert_eq!(pace("route=ferry duration=99999:00"), Some((Some(Pace::Kmh(20.0)), true)));
    assert_eq!(pace("route=ferry motorcar=no"), None);
}

#[test]
fn barriers() {
    let car = profile("car");
    assert!(blocks(&car, &tags("barrier=bollard")));
    assert!(!blocks(&car, &tags("barrier=bollard motorcar=yes")));
    assert!(!blocks(&car, &tags("barrier=gate")));
    assert!(blocks(&car, &tags("barrier=gate access=private")));
    assert!(!blocks(&car, &tags("highway=crossing access=private")));
    assert!(!blocks(&profile("foot"), &tags("barrier=bollard")));
}
