//! Figures in one long list: every measure and zone alike, ready for a table.

use crate::Zone;
use crate::coverage::{PeopleTimes, PlaceTimes};
use maillage_territory::Minutes;
use serde::Serialize;

/// One figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// What is measured: the name of a catchment, `nearest`, `available`...
    pub measure: String,
    /// Which figure of it.
    pub indicator: &'static str,
    /// The threshold or the minutes that it depends on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<f64>,
    /// Over which places.
    pub zone: Zone,
    /// Year, in a trajectory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<u16>,
    /// How much, to a millionth.
    pub value: f64,
    /// Unit.
    pub unit: &'static str,
}

impl Figure {
    /// A figure to a millionth; `None` for what has no value.
    pub fn new(
        measure: String,
        indicator: &'static str,
        limit: Option<f64>,
        zone: Zone,
        value: Option<f64>,
        unit: &'static str,
    ) -> Option<Figure> {
        let value = (value.filter(|v| v.is_finite())? * 1e6).round() / 1e6;
        Some(Figure { measure, indicator, limit, zone, year: None, value, unit })
    }
}

/// The list as it grows.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    pub list: Vec<Figure>,
}

impl Figures {
    /// Adds figures of one measure over one zone.
    pub fn of<'f>(&'f mut self, measure: &'f str, zone: &'f Zone) -> Put<'f> {
        Put { list: &mut self.list, measure, zone, year: None }
    }
}

/// Where the next figures go. What has no value is left out, never 0.
pub(crate) struct Put<'f> {
    list: &'f mut Vec<Figure>,
    measure: &'f str,
    zone: &'f Zone,
    year: Option<u16>,
}

impl Put<'_> {
    pub fn in_year(self, year: u16) -> Self {
        Put { year: Some(year), ..self }
    }

    pub fn maybe(&mut self, indicator: &'static str, unit: &'static str, value: Option<f64>) {
        self.push(indicator, None, unit, value);
    }

    pub fn limited(&mut self, indicator: &'static str, limit: f64, unit: &'static str, value: Option<f64>) {
        self.push(indicator, Some(limit), unit, value);
    }

    fn push(&mut self, indicator: &'static str, limit: Option<f64>, unit: &'static str, value: Option<f64>) {
        let figure = Figure::new(self.measure.to_owned(), indicator, limit, self.zone.clone(), value, unit);
        self.list.extend(figure.map(|f| Figure { year: self.year, ..f }));
    }

    pub fn people_times(&mut self, times: &PeopleTimes) {
        for within in &times.people_within {
            let people = within.people.map(|p| p.0 as f64);
            self.limited("people_within", minutes(within.limit), "people", people);
        }
        self.maybe("people_reaching_none", "people", Some(times.people_reaching_none.0 as f64));
        self.maybe("people_mean_min", "min", times.people_mean.map(minutes));
        self.maybe("people_median_min", "min", times.people_median.map(minutes));
        self.maybe("people_p95_min", "min", times.people_p95.map(minutes));
        self.maybe("people_longest_min", "min", times.people_longest.map(minutes));
    }

    pub fn place_times(&mut self, times: &PlaceTimes) {
        for within in &times.places_within {
            self.limited("places_within", minutes(within.limit), "places", within.places.map(|n| n as f64));
        }
        self.maybe("places_reaching_none", "places", Some(times.places_reaching_none as f64));
        self.maybe("place_mean_min", "min", times.place_mean.map(minutes));
        self.maybe("place_median_min", "min", times.place_median.map(minutes));
        self.maybe("place_p95_min", "min", times.place_p95.map(minutes));
        self.maybe("place_longest_min", "min", times.place_longest.map(minutes));
    }
}

fn minutes(time: Minutes) -> f64 {
    f64::from(time.hundredths()) / 100.0
}
