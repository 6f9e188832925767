use super::*;
use std::fmt::Write as _;

fn trip(km: f64, shares: [f64; 2], minutes: f64) -> Trip {
    Trip { km, shares, minutes, half: None }
}

#[test]
fn speeds_that_made_the_times_are_found_again() {
    let truth = ProxySpeed { rural_kmh: 62.0, urban_kmh: 20.0, detour: 1.3 };
    let mut trips = Vec::new();
    for k in 1..=60u32 {
        let shares = [f64::from(k % 5) / 4.0, f64::from(k % 3) / 2.0];
        let km = f64::from(k) * 0.7;
        let blank = trip(km, shares, 0.0);
        trips.push(trip(km, shares, blank.proxy(&truth)));
    }
    assert!(tell_apart(&trips));
    let found = fit(&trips, false);
    assert_eq!((found.rural_kmh, found.urban_kmh, found.detour), (62.0, 20.0, 1.3));
    // A tenth of absurd times moves nothing: absolute differences, not squares.
    for t in trips.iter_mut().step_by(10) {
        t.minutes *= 50.0;
    }
    let found = fit(&trips, false);
    assert!((found.rural_kmh - 62.0).abs() <= 1.0 && (found.urban_kmh - 20.0).abs() <= 1.0, "{found:?}");
}

#[test]
fn speeds_that_cannot_be_told_apart_are_scaled_together() {
    // All urban: 10 km at 27.5 km/h take 60 · 1.3 · 10 / 27.5 = 28.36 min; in half of that, the speed is 55 km/h, and the
    // rural one 95.
    let trips: Vec<Trip> = (1..30).map(|_| trip(10.0, [1.0, 1.0], 28.363_636 / 2.0)).collect();
    assert!(!tell_apart(&trips));
    let found = fit(&trips, true);
    assert_eq!((found.rural_kmh, found.urban_kmh), (95.0, 55.0));
}

#[test]
fn misses_are_counted_by_hand() {
    // At 60 km/h and a detour of 1 a kilometre takes a minute. Proxy less table: -1, 0, +2, +5.
    let speed = ProxySpeed { rural_kmh: 60.0, urban_kmh: 60.0, detour: 1.0 };
    let trips = [(4.0, 5.0), (6.0, 6.0), (8.0, 6.0), (50.0, 45.0)].map(|(km, t)| trip(km, [0.0, 0.0], t));
    let c = Comparison::of(&trips, &speed);
    // Absolute, sorted: 0, 1, 2, 5; the median is the upper one of the two in the middle; mean 6/4.
    assert_eq!(c.fitted, Misses { median_min: 2.0, p90_min: 5.0, bias_min: 1.5 });
    let bands: Vec<_> = c.bands.iter().map(|b| (b.from_km, b.to_km, b.trips, b.fitted.bias_min)).collect();
    assert_eq!(bands, [(0, Some(5), 1, -1.0), (5, Some(10), 2, 1.0), (40, None, 1, 5.0)]);
}

/// Places along a meridian, 2 km apart, town and country by turns, and the proxy's own times between them.
fn files(dir: &Path, areas: bool) -> (std::path::PathBuf, std::path::PathBuf) {
    let truth = ProxySpeed { rural_kmh: 70.0, urban_kmh: 30.0, detour: 1.3 };
    let at = |k: u32| LonLat { lon: 2.0, lat: 46.0 + f64::from(k) * 0.018 };
    let share = |k: u32| if k.is_multiple_of(3) { 1.0 } else { 0.0 };
    let mut places = format!("id,lat,lon,population{}\n", if areas { ",area_km2" } else { "" });
    let mut table = "from_id,to_id,minutes\n".to_owned();
    for a in 0..12 {
        let area = if share(a) == 1.0 { ",1" } else { ",1000" };
        writeln!(places, "{a},{},{},5000{}", at(a).lat, at(a).lon, if areas { area } else { "" }).unwrap();
        for b in 0..12 {
            let t = trip(crow_km(at(a), at(b)), [share(a), share(b)], 0.0);
            writeln!(table, "{a},{b},{:.2}", t.proxy(&truth)).unwrap();
        }
    }
    let (table_path, places_path) = (dir.join("t.csv"), dir.join("p.csv"));
    std::fs::write(&table_path, table).unwrap();
    std::fs::write(&places_path, places).unwrap();
    (table_path, places_path)
}

#[test]
fn from_files_with_a_half_held_out() {
    let dir = tempfile::tempdir().unwrap();
    let (table, places) = files(dir.path(), true);
    let (found, problems) = calibrate(&table, &places).unwrap();
    assert_eq!((problems.len(), found.together), (0, false));
    assert!(
        (found.speed.rural_kmh - 70.0).abs() < 0.2 && (found.speed.urban_kmh - 30.0).abs() < 0.2,
        "{found:?}"
    );
    // 12 · 11 trips; within the other half of the places, 6 · 5.
    let held_out = found.held_out.as_ref().unwrap();
    assert_eq!((found.all.trips, held_out.trips), (132, 30));
    assert!(held_out.fitted.p90_min < 0.2 && held_out.default.p90_min > 1.0, "{held_out:?}");
    assert!(found.text().en.contains("held out (30 trips):"), "{}", found.text().en);
    // Binary lists say the same.
    let (imported, _, _) = read_table(&table).unwrap();
    let binary = dir.path().join("t.mtt");
    let mut bytes = Vec::new();
    maillage_territory::lists::write(&mut bytes, &imported.from, &imported.to, &imported.rows).unwrap();
    std::fs::write(&binary, bytes).unwrap();
    assert_eq!(calibrate(&binary, &places).unwrap().0.all, found.all);
}

#[test]
fn what_is_unknown_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let (table, places) = files(dir.path(), false);
    let (found, problems) = calibrate(&table, &places).unwrap();
    assert_eq!((problems.len(), found.together), (2, true));
    std::fs::write(&places, "id,lat,lon\n0,46,2\n1,46.1,2\n").unwrap();
    let refused = calibrate(&table, &places).unwrap_err();
    assert!(refused.iter().any(|p| p.code == Code::NoMatch));
}
