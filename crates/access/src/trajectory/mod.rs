//! Trajectory: the stock of GPs by year under retirements, newcomers, installations and stress, and the people left
//! without a GP in each place and year.
//!
//! A model of cohorts by year of age, with expected values instead of chance: fractions of GPs are rounded to
//! hundredths so that totals are right (largest remainders), and in every place and in all
//!
//! ```text
//! stock of a year = stock of the year before − exits − stress + inflow + installed
//! ```
//!
//! The order within a year: exits by the age on 1 January, then what a stress takes beyond them, then everyone is a
//! year older, then newcomers. People attach to lists nearest first ([`attach()`]).
//!
//! For scale, the national projection of DREES (2021, constant behaviour): 100,621 GPs in 2021, 92,427 in 2028, the
//! low point, 129,152 in 2050. No figure of it is in the code: a territory has its own ages and inflow.

mod settings;
mod share;
mod stock;

pub use settings::{
    BadTrajectory, ExitStep, Exits, Inflow, Installation, Lists, MOST_YEARS, PlaceWeight, Stress,
    TrajectorySettings,
};

use crate::attach;
use maillage_territory::{Minutes, Persons, PlaceId, PlaceIx, Practitioners, Profession, TravelTimes};
use serde::Serialize;
use share::apportion;
use stock::{Cohort, Stock};

/// One place, or all together, on 1 January of a year. GPs in hundredths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct GpFigures {
    /// GPs.
    pub gps_hundredths: u64,
    /// Left for good since the year before, by age or attrition.
    pub exits_hundredths: u64,
    /// Left beyond these, by stress.
    pub stress_hundredths: u64,
    /// Came by inflow.
    pub inflow_hundredths: u64,
    /// Came by installations.
    pub installed_hundredths: u64,
    /// People the lists of the GPs there hold, newcomers' lists as far as they have filled; rounded down.
    pub list_room: Persons,
    /// People who live there and are left without a GP.
    pub people_left: Persons,
    /// How many more than in the first year; fewer below 0.
    pub people_left_more: i64,
}

/// One year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Year {
    /// The year.
    pub year: u16,
    /// All places.
    pub total: GpFigures,
    /// One entry per place.
    pub places: Vec<GpFigures>,
}

/// Settings that were checked, for one territory.
#[derive(Debug, Clone)]
pub struct Model<'a> {
    settings: &'a TrajectorySettings,
    travel: &'a TravelTimes,
    within: Minutes,
    inflow: Vec<Newcomers<'a>>,
    installations: Vec<(&'a Installation, PlaceIx)>,
}

/// An inflow with the places it names.
#[derive(Debug, Clone)]
struct Newcomers<'a> {
    entry: &'a Inflow,
    /// Those who stay, in hundredths.
    gps: u64,
    weights: Option<Vec<(PlaceIx, u32)>>,
}

impl<'a> Model<'a> {
    /// Checks settings against a territory: `ix` gives the index of a place by its code.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn new(
        settings: &'a TrajectorySettings,
        travel: &'a TravelTimes,
        ix: impl Fn(&PlaceId) -> Option<PlaceIx>,
    ) -> Result<Model<'a>, Vec<BadTrajectory>> {
        let mut wrong = settings.problems(travel.max());
        let place = |id: &PlaceId, wrong: &mut Vec<BadTrajectory>| {
            ix(id).unwrap_or_else(|| {
                wrong.push(BadTrajectory::UnknownPlace(id.clone()));
                PlaceIx(0)
            })
        };
        let mut inflow = Vec::new();
        for entry in &settings.inflow {
            let weights = entry
                .weights
                .as_ref()
                .map(|list| list.iter().map(|w| (place(&w.place, &mut wrong), w.weight)).collect::<Vec<_>>());
            // Half a hundredth rounds up.
            // A number out of range is among what is wrong: it must not overflow here.
            let staying = hundredths(entry.gps_per_year).saturating_mul(u64::from(entry.stay_percent));
            let gps = staying.saturating_add(50) / 100;
            inflow.push(Newcomers { entry, gps, weights });
        }
        let installations = settings.installations.iter().map(|i| (i, place(&i.place, &mut wrong))).collect();
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let within = Minutes::round(settings.lists.within_min).unwrap_or_default();
        Ok(Model { settings, travel, within, inflow, installations })
    }

    /// Every year from the first to the horizon. `people` are those to attach, one entry per place. Of `gps` those of
    /// the profession `gp` count; a place that has none there has none: whether its number is unknown is for the
    /// caller to say.
    pub fn run(&self, people: &[Persons], gps: &[Practitioners]) -> Vec<Year> {
        let n = people.len();
        let mut stock = Stock::default();
        let known = gps.iter().filter(|g| g.profession == Profession::gp() && (g.place.0 as usize) < n);
        for g in known {
            let cohort = Cohort { place: g.place.0 as usize, age: g.age, since: None };
            stock.add(cohort, g.number.hundredths().into());
        }
        let first = self.settings.first_year;
        let mut years = vec![self.year(first, &stock, people, vec![GpFigures::default(); n], None)];
        let mut losses = Losses::default();
        for year in (1..=u16::from(self.settings.horizon_years)).map(|k| first.saturating_add(k)) {
            let flows = self.pass(year, &mut stock, &mut losses, n);
            let state = self.year(year, &stock, people, flows, years.first());
            years.push(state);
        }
        years
    }

    /// Brings the stock from the year before to `year`; gives what came and went.
    fn pass(&self, year: u16, stock: &mut Stock, losses: &mut Losses, n: usize) -> Vec<GpFigures> {
        let before = stock.total();
        let exits = stock.retire(&self.settings.exits, n);
        let least = self.settings.stress.map_or(0, |s| losses.least(s, self.settings, year, before));
        let stress = stock.lose(least.saturating_sub(exits.iter().sum()), n);
        losses.gone += before - stock.total();
        stock.grow_older();
        let (mut inflow, mut installed) = (vec![0; n], vec![0; n]);
        let there = stock.by_place(n);
        for new in self.inflow.iter().filter(|new| new.entry.comes_in(year)) {
            let pull = new.weights.as_ref().map(|w| by_index(w, n));
            let came = apportion(new.gps, pull.as_ref().unwrap_or(&there));
            for (place, came) in came.into_iter().enumerate() {
                stock.add(Cohort { place, age: new.entry.age_years, since: Some(0) }, came);
                inflow[place] += came;
            }
        }
        for (entry, ix) in self.installations.iter().filter(|(i, _)| i.year == year) {
            let (place, came) = (ix.0 as usize, hundredths(entry.gps));
            if place < n {
                stock.add(Cohort { place, age: entry.age_years, since: Some(0) }, came);
                installed[place] += came;
            }
        }
        (0..n)
            .map(|i| GpFigures {
                exits_hundredths: exits[i],
                stress_hundredths: stress[i],
                inflow_hundredths: inflow[i],
                installed_hundredths: installed[i],
                ..GpFigures::default()
            })
            .collect()
    }

    /// The figures of a year: flows are given, the rest is counted from the stock.
    fn year(
        &self,
        year: u16,
        stock: &Stock,
        people: &[Persons],
        flows: Vec<GpFigures>,
        first: Option<&Year>,
    ) -> Year {
        let mut room = vec![0u64; people.len()];
        for (c, n) in stock.iter() {
            room[c.place] += n * u64::from(self.settings.lists.ramp_percent(c.since));
        }
        let per_gp = u64::from(self.settings.lists.people_per_gp);
        // Hundredths of a GP times percent of a list.
        let room: Vec<Persons> = room.iter().map(|r| Persons(r * per_gp / 10_000)).collect();
        let left = attach(self.travel, people, &room, self.within).left;
        let gps = stock.by_place(people.len());
        let mut places = flows;
        let mut total = GpFigures::default();
        for (i, p) in places.iter_mut().enumerate() {
            (p.gps_hundredths, p.list_room, p.people_left) = (gps[i], room[i], left[i]);
            let then = first.map_or(left[i], |y| y.places[i].people_left);
            p.people_left_more = left[i].0 as i64 - then.0 as i64;
            total.add(p);
        }
        Year { year, total, places }
    }
}

impl GpFigures {
    fn add(&mut self, other: &GpFigures) {
        self.gps_hundredths += other.gps_hundredths;
        self.exits_hundredths += other.exits_hundredths;
        self.stress_hundredths += other.stress_hundredths;
        self.inflow_hundredths += other.inflow_hundredths;
        self.installed_hundredths += other.installed_hundredths;
        self.list_room = self.list_room + other.list_room;
        self.people_left = self.people_left + other.people_left;
        self.people_left_more += other.people_left_more;
    }
}

/// What a stress in all remembers.
#[derive(Debug, Clone, Copy, Default)]
struct Losses {
    /// GPs who left since the stress began, in hundredths.
    gone: u64,
    /// The stock when it began.
    base: u64,
}

impl Losses {
    /// Fewest departures of a year under the stress, in hundredths, of the stock before it.
    fn least(&mut self, stress: Stress, settings: &TrajectorySettings, year: u16, before: u64) -> u64 {
        let (from, years) = stress.span(settings.years().0);
        if !(from..from.saturating_add(years.into())).contains(&year) {
            return 0;
        }
        if year == from {
            *self = Losses { gone: 0, base: before };
        }
        match stress {
            Stress::Yearly { basis_points_per_year, .. } => rounded(before, basis_points_per_year, 1, 1),
            Stress::Total { basis_points_in_all, .. } => {
                let passed = u64::from(year - from) + 1;
                rounded(self.base, basis_points_in_all, passed, years.into()).saturating_sub(self.gone)
            }
        }
    }
}

impl Lists {
    /// Share of a full list, in percent.
    fn ramp_percent(&self, since: Option<u8>) -> u8 {
        since.and_then(|s| self.ramp_up_percent.get(usize::from(s))).copied().unwrap_or(100)
    }
}

/// A share of a number, times `part / parts`, rounded half up.
fn rounded(number: u64, basis_points: u32, part: u64, parts: u64) -> u64 {
    let (over, under) =
        (u128::from(number) * u128::from(basis_points) * u128::from(part), 10_000 * u128::from(parts));
    ((2 * over + under) / (2 * under)) as u64
}

/// Weights by place.
fn by_index(weights: &[(PlaceIx, u32)], n: usize) -> Vec<u64> {
    let mut all = vec![0; n];
    let known = weights.iter().filter(|(ix, _)| (ix.0 as usize) < n);
    known.for_each(|(ix, w)| all[ix.0 as usize] += u64::from(*w));
    all
}

/// GPs in hundredths; a number that is none was refused before.
fn hundredths(gps: f64) -> u64 {
    (gps * 100.0).round() as u64
}
