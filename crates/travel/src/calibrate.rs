//! The proxy's speeds fitted on a table of travel times.
//!
//! The territory's proxy says `t = 60 · detour · d / v`: only the ratio of speed and detour shows in times, so that the
//! detour stays and the two speeds are fitted, to the least sum of absolute differences in minutes. For a given ratio of the
//! two speeds the best scale is a weighted median (Laplace, 1799), so the ratio alone is searched.

mod report;

pub use report::{Band, Calibration, Comparison, Misses};

use crate::import::{self, Format, ImportOptions};
use crate::places::read_places;
use crate::problem::{error, warning};
use crate::rows::{Rows, number};
use crate::table::Table;
use maillage_input::{Code, InputFile, InputRecord, MAX_TABLE_BYTES, Place, Problem, Problems, Text};
use maillage_territory::lists::{Lists, MAGIC};
use maillage_territory::{LonLat, ProxySpeed, crow_km};
use std::collections::BTreeMap;
use std::path::Path;

/// Trips a fit is made on; of more, every second, third, ... is taken.
const MOST_TRIPS: usize = 100_000;
/// Trips without which speeds say nothing.
const LEAST_TRIPS: usize = 20;
/// Standard deviation of the density of trips (0 rural, 1 urban) below which the two speeds cannot be told apart.
const LEAST_SPREAD: f64 = 0.1;
/// Rural over urban speed, in hundredths, as far as it is looked for.
const RATIOS: std::ops::RangeInclusive<u32> = 50..=500;

/// A trip of a table, with what the proxy knows of it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Trip {
    /// Kilometres as the crow flies.
    km: f64,
    /// Densities at both ends, from 0 (rural) to 1 (urban).
    shares: [f64; 2],
    minutes: f64,
    /// Which half of the places both ends belong to, if one.
    half: Option<bool>,
}

impl Trip {
    fn proxy(&self, speed: &ProxySpeed) -> f64 {
        speed.minutes(self.km, self.shares.map(|share| speed.kmh(share)))
    }
}

/// What is known of a place.
struct Known {
    at: LonLat,
    share: f64,
    half: bool,
}

/// Fits the proxy on a table: CSV `from_id,to_id,minutes` (or METRIC's names, or `from,to,minutes`) or binary lists.
/// `places` is a table of its places, with `lat`, `lon` and, where known, `population` and `area_km2`. Trips from a place to
/// itself, of no time or no distance, and of unknown places do not count.
///
/// # Errors
/// E1xx and E3xx of both files; E310 for binary lists that cannot be read; E312 when fewer than 20 trips can be used.
/// Warnings: those of both, and W404 where no density is known or the speeds cannot be told apart.
pub fn calibrate(table: &Path, places: &Path) -> Result<(Calibration, Problems), Problems> {
    let (times, table_record, mut problems) = read_table(table)?;
    let (known, places_record, said) = read_known(places)?;
    problems.extend(said);
    let trips = trips(&times, &known);
    if trips.len() < LEAST_TRIPS {
        problems.push(too_few(trips.len(), table));
        return Err(problems);
    }
    let together = !tell_apart(&trips);
    if together {
        let problem = warning(
            Code::Unusual,
            "densités trop semblables : les deux vitesses sont calées ensemble, dans le rapport d'usage",
            "densities too much alike: both speeds are fitted together, in their default ratio",
        );
        problems.push(problem.at(Place::file(places.display().to_string())).remedy(Text::new(
            "donner population et area_km2, ou une table qui couvre ville et campagne",
            "give population and area_km2, or a table that covers town and country",
        )));
    }
    let speed = fit(&trips, together);
    let all = Comparison::of(&trips, &speed);
    let of_half = |half| trips.iter().filter(|t| t.half == Some(half)).copied().collect::<Vec<_>>();
    let (seen, unseen) = (of_half(true), of_half(false));
    let held_out = (seen.len().min(unseen.len()) >= LEAST_TRIPS)
        .then(|| Comparison::of(&unseen, &fit(&seen, together || !tell_apart(&seen))));
    problems.or_value(Calibration {
        table: table_record,
        places: places_record,
        speed,
        default: ProxySpeed::default(),
        together,
        all,
        held_out,
    })
}

/// The speeds that miss least.
fn fit(trips: &[Trip], together: bool) -> ProxySpeed {
    let default = ProxySpeed::default();
    let best = |ratios: &mut dyn Iterator<Item = f64>| {
        let tried = ratios.map(|ratio| scaled(trips, ratio));
        let missed =
            tried.map(|speed| (speed, trips.iter().map(|t| (t.proxy(&speed) - t.minutes).abs()).sum()));
        missed.min_by(|a: &(_, f64), b| a.1.total_cmp(&b.1)).map_or(default, |found| found.0)
    };
    if together {
        return best(&mut std::iter::once(default.rural_kmh / default.urban_kmh));
    }
    let rough = best(&mut RATIOS.step_by(10).map(|r| f64::from(r) / 100.0));
    let near = (rough.rural_kmh / rough.urban_kmh * 100.0).round() as u32;
    let window = near.saturating_sub(10).max(*RATIOS.start())..=(near + 10).min(*RATIOS.end());
    best(&mut window.map(|r| f64::from(r) / 100.0))
}

/// The best speeds of this ratio, to tenths of km/h.
fn scaled(trips: &[Trip], ratio: f64) -> ProxySpeed {
    let detour = ProxySpeed::default().detour;
    let unit = ProxySpeed { rural_kmh: ratio, urban_kmh: 1.0, detour };
    // With speeds s times as large a trip takes 1/s of its unit time: the sum of |unit/s - t| is least where 1/s is the
    // median of t/unit weighted by unit.
    let mut weighted: Vec<(f64, f64)> =
        trips.iter().map(|t| (t.proxy(&unit), t.minutes)).map(|(u, t)| (t / u, u)).collect();
    weighted.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let half = weighted.iter().map(|w| w.1).sum::<f64>() / 2.0;
    let mut below = 0.0;
    let median = weighted.iter().find(|w| {
        below += w.1;
        below >= half
    });
    let urban = median.map_or(ProxySpeed::default().urban_kmh, |m| 1.0 / m.0);
    let tenths = |kmh: f64| ((kmh * 10.0).round() / 10.0).clamp(1.0, 200.0);
    ProxySpeed { rural_kmh: tenths(ratio * urban), urban_kmh: tenths(urban), detour }
}

/// Whether trips differ enough in density.
fn tell_apart(trips: &[Trip]) -> bool {
    let shares = || trips.iter().map(|t| (t.shares[0] + t.shares[1]) / 2.0);
    let n = trips.len() as f64;
    let mean = shares().sum::<f64>() / n;
    let variance = shares().map(|s| (s - mean).powi(2)).sum::<f64>() / n;
    variance.sqrt() >= LEAST_SPREAD
}

fn trips(table: &Table, known: &BTreeMap<String, Known>) -> Vec<Trip> {
    let to: Vec<Option<&Known>> = table.to.iter().map(|id| known.get(id)).collect();
    let mut trips = Vec::new();
    for (from, row) in table.from.iter().zip(&table.rows) {
        let Some(a) = known.get(from) else { continue };
        for &(ix, hundredths) in row {
            let Some(b) = to[ix as usize] else { continue };
            let (km, minutes) = (crow_km(a.at, b.at), f64::from(hundredths) / 100.0);
            if km > 0.0 && hundredths > 0 && table.to[ix as usize] != *from {
                let half = (a.half == b.half).then_some(a.half);
                trips.push(Trip { km, shares: [a.share, b.share], minutes, half });
            }
        }
    }
    let step = trips.len().div_ceil(MOST_TRIPS).max(1);
    trips.into_iter().step_by(step).collect()
}

/// Places by code: where they are, how dense, and every other one in the half that is held out.
fn read_known(path: &Path) -> Result<(BTreeMap<String, Known>, InputRecord, Problems), Problems> {
    let (points, mut problems) = read_places(path)?;
    let record = InputFile::read(path, MAX_TABLE_BYTES)?.record;
    let rows = Rows::open(path)?;
    let id = rows.column(&["id", "code", "code_insee", "code_commune"])?;
    let density = [&["population", "pop_mun_2023"][..], &["area_km2"]].map(|names| rows.column(names).ok());
    let mut shares: BTreeMap<String, f64> = BTreeMap::new();
    if let [Some(people), Some(area)] = density {
        rows.each(|_, row| {
            let cell = |column: usize| row.get(column).and_then(number).filter(|&x| x >= 0.0);
            if let (Some(people), Some(area)) = (cell(people), cell(area).filter(|&a| a > 0.0)) {
                let code = row.get(id).unwrap_or_default().to_owned();
                shares.insert(code, ProxySpeed::urban_share(people / area));
            }
        })?;
    }
    if shares.is_empty() {
        let problem = warning(
            Code::Unusual,
            "densités inconnues : tous les lieux comptent comme ruraux",
            "densities unknown: every place counts as rural",
        );
        problems.push(problem.at(Place::file(&rows.file)).remedy(Text::new(
            "ajouter les colonnes population et area_km2",
            "add the columns population and area_km2",
        )));
    }
    let mut known: BTreeMap<String, Known> = BTreeMap::new();
    for point in points {
        let at = LonLat { lon: point.lon, lat: point.lat };
        // The proxy takes a place without an area for rural.
        let share = shares.get(&point.id).copied().unwrap_or(0.0);
        known.insert(point.id, Known { at, share, half: false });
    }
    known.values_mut().step_by(2).for_each(|place| place.half = true);
    Ok((known, record, problems))
}

/// A table of any of the two kinds.
fn read_table(path: &Path) -> Result<(Table, InputRecord, Problems), Problems> {
    let file = InputFile::read(path, MAX_TABLE_BYTES)?;
    if !file.content.starts_with(&MAGIC) {
        let options = ImportOptions {
            format: Format::Metric,
            unit: None,
            codes: None,
            columns: None,
            max_minutes: None,
        };
        let (imported, problems) = import::read(path, &options)?;
        return Ok((imported.table, file.record, problems));
    }
    let lists = Lists::read(&file.content).map_err(|fault| {
        let said = fault.text();
        error(Code::TableFormat, said.fr, said.en)
            .at(Place::file(&file.record.path))
            .remedy(Text::new("refaire la table", "make the table again"))
    })?;
    let codes = |codes: &[&str]| codes.iter().map(|&code| code.to_owned()).collect();
    let row = |i| lists.row(i).map(|(to, time)| (to as u32, time)).collect();
    let rows = (0..lists.from.len()).map(row).collect();
    let table = Table { from: codes(&lists.from), to: codes(&lists.to), rows };
    Ok((table, file.record, Problems::new()))
}

fn too_few(trips: usize, table: &Path) -> Problem {
    error(
        Code::NoMatch,
        format!("{trips} trajets utilisables entre des lieux connus, {LEAST_TRIPS} attendus"),
        format!("{trips} usable trips between known places, {LEAST_TRIPS} expected"),
    )
    .at(Place::file(table.display().to_string()))
    .remedy(Text::new(
        "vérifier que les codes de la table sont ceux des lieux",
        "check that the codes of the table are those of the places",
    ))
}

#[cfg(test)]
mod tests;
