//! How far off the proxy is.

use super::Trip;
use crate::table::{MADE_BY, unwritable, whole};
use maillage_input::{InputRecord, Problem, Text};
use maillage_territory::ProxySpeed;
use serde::Serialize;
use std::path::Path;

/// Ends of the bands of distance, in kilometres.
const BANDS_KM: [u32; 4] = [5, 10, 20, 40];

/// Speeds fitted on a table, and how far off they are.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Calibration {
    /// The table.
    pub table: InputRecord,
    /// Its places.
    pub places: InputRecord,
    /// The fitted speeds, as `speed` of the proxy takes them in `territory.json`.
    pub speed: ProxySpeed,
    /// Those used unless others are given.
    pub default: ProxySpeed,
    /// Whether both speeds were fitted in their default ratio, densities being too much alike.
    pub together: bool,
    /// On all trips of the table, on which the speeds were fitted.
    pub all: Comparison,
    /// Of speeds fitted on the trips within one half of the places, on those within the other; absent where there are few.
    pub held_out: Option<Comparison>,
}

/// Fitted and default speeds on the same trips.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// Number of trips.
    pub trips: u64,
    /// Misses of the fitted speeds.
    pub fitted: Misses,
    /// Misses of the default speeds.
    pub default: Misses,
    /// The same by distance, bands without a trip left out.
    pub bands: Vec<Band>,
}

/// Trips of about the same length.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Band {
    /// Kilometres as the crow flies from which a trip belongs here.
    pub from_km: u32,
    /// Those below which it does; absent for the last band.
    pub to_km: Option<u32>,
    /// Number of trips.
    pub trips: u64,
    /// Median time of the table, in minutes.
    pub median_min: f64,
    /// Misses of the fitted speeds.
    pub fitted: Misses,
    /// Misses of the default speeds.
    pub default: Misses,
}

/// How far off times are, in minutes, rounded to hundredths.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Misses {
    /// Half of the trips are off by no more.
    pub median_min: f64,
    /// Nine in ten are off by no more.
    pub p90_min: f64,
    /// Mean of proxy less table: above zero, the proxy is too slow.
    pub bias_min: f64,
}

impl Comparison {
    pub(super) fn of(trips: &[Trip], fitted: &ProxySpeed) -> Comparison {
        let ends = BANDS_KM.map(Some).into_iter().chain([None]);
        let starts = [0].into_iter().chain(BANDS_KM);
        let bands = starts.zip(ends).filter_map(|(from_km, to_km)| {
            let within =
                |t: &&Trip| t.km >= f64::from(from_km) && to_km.is_none_or(|to| t.km < f64::from(to));
            let trips: Vec<Trip> = trips.iter().filter(within).copied().collect();
            let median_min = quantile(trips.iter().map(|t| t.minutes).collect(), 50)?;
            let (fitted, default) = misses(&trips, fitted);
            Some(Band { from_km, to_km, trips: trips.len() as u64, median_min, fitted, default })
        });
        let bands = bands.collect();
        let (fitted, default) = misses(trips, fitted);
        Comparison { trips: trips.len() as u64, fitted, default, bands }
    }
}

fn misses(trips: &[Trip], fitted: &ProxySpeed) -> (Misses, Misses) {
    (Misses::of(trips, fitted), Misses::of(trips, &ProxySpeed::default()))
}

impl Misses {
    fn of(trips: &[Trip], speed: &ProxySpeed) -> Misses {
        let off: Vec<f64> = trips.iter().map(|t| t.proxy(speed) - t.minutes).collect();
        let mean = off.iter().sum::<f64>() / (off.len().max(1) as f64);
        let within = |percent| quantile(off.iter().map(|x| x.abs()).collect(), percent).unwrap_or_default();
        Misses { median_min: within(50), p90_min: within(90), bias_min: rounded(mean) }
    }

    fn text(self) -> String {
        format!("{:.1} / {:.1} / {:+.1}", self.median_min, self.p90_min, self.bias_min)
    }
}

/// The figure that this share of all does not exceed.
fn quantile(mut all: Vec<f64>, percent: usize) -> Option<f64> {
    all.sort_by(f64::total_cmp);
    let last = all.len().checked_sub(1)?;
    Some(rounded(all[(last * percent).div_ceil(100)]))
}

/// To hundredths, never minus zero.
fn rounded(x: f64) -> f64 {
    (x * 100.0).round() / 100.0 + 0.0
}

#[derive(Serialize)]
struct Record<'a> {
    made_by: &'static str,
    #[serde(flatten)]
    calibration: &'a Calibration,
}

impl Calibration {
    /// Writes it as JSON, whole or not at all.
    ///
    /// # Errors
    /// E107 where the file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), Problem> {
        let record = Record { made_by: MADE_BY, calibration: self };
        let text = serde_json::to_string_pretty(&record).map_err(|e| unwritable(path, &e.into()))?;
        whole(path, |out| out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"\n"))).map(drop)
    }

    /// The summary in words.
    #[must_use]
    pub fn text(&self) -> Text {
        let line = |said: &str, c: &Comparison, trips: &str| {
            format!("{said} ({} {trips}) : {} | {}", c.trips, c.fitted.text(), c.default.text())
        };
        let block = |words: [&str; 5]| {
            let [on_all, on_half, trips, none, band] = words;
            let mut lines = vec![line(on_all, &self.all, trips)];
            for b in &self.all.bands {
                let to = b.to_km.map_or_else(|| "∞".to_owned(), |km| km.to_string());
                let (fitted, default) = (b.fitted.text(), b.default.text());
                lines.push(format!(
                    "  {}-{to} km ({} {trips}, {band} {:.1}) : {fitted} | {default}",
                    b.from_km, b.trips, b.median_min
                ));
            }
            lines.push(self.held_out.as_ref().map_or_else(|| none.to_owned(), |c| line(on_half, c, trips)));
            lines.join("\n")
        };
        let (s, d) = (self.speed, self.default);
        let fr = block([
            "toute la table",
            "moitié des lieux tenue à l'écart",
            "trajets",
            "trop peu de trajets pour en tenir à l'écart",
            "médiane",
        ]);
        let en = block([
            "whole table",
            "half of the places held out",
            "trips",
            "too few trips to hold any out",
            "median",
        ]);
        Text::new(
            format!(
                "vitesses calées : {} km/h en zone rurale, {} en ville, détour {} (d'usage : {} et {})\nécart en minutes, médian / 90 % / biais, calé | d'usage\n{fr}",
                s.rural_kmh, s.urban_kmh, s.detour, d.rural_kmh, d.urban_kmh
            )
            .replace('.', ","),
            format!(
                "fitted speeds: {} km/h rural, {} urban, detour {} (default: {} and {})\nmisses in minutes, median / 90 % / bias, fitted | default\n{}",
                s.rural_kmh, s.urban_kmh, s.detour, d.rural_kmh, d.urban_kmh,
                en.replace(" :", ":")
            ),
        )
    }
}
