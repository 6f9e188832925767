//! People standardised by their need for care.

use crate::catchment::bounded;
use maillage_territory::{Need, Place, Territory};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much more or less care a person of each band of age uses than the mean of the country: 0-14, 15-29, 30-44,
/// 45-59, 60-74, 75 and more.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct AgeWeights(pub [f64; 6]);

impl AgeWeights {
    /// For GPs: recovered by non-negative least squares from the standardised populations of DREES (2016) on 436
    /// communes with ages (R² 0.94). Estimates, not the table of DREES.
    pub const GP: AgeWeights = AgeWeights([0.92, 0.69, 0.90, 0.94, 1.03, 1.95]);
    /// Everyone counts for one.
    pub const EVEN: AgeWeights = AgeWeights([1.0; 6]);
}

/// People standardised by their need for care. Not a population: it is never printed as inhabitants.
#[derive(Debug, Clone, PartialEq)]
pub struct StandardPeople {
    /// One entry per place.
    pub by_place: Vec<f64>,
    /// Inhabitants whose need is as published, standardised people or factor.
    pub published: u64,
    /// Inhabitants whose need is computed from their ages.
    pub from_ages: u64,
    /// Inhabitants whose need is unknown: each counts for one.
    pub unknown: u64,
}

impl StandardPeople {
    /// Standardised people of every place: as published, else from ages, else one for each inhabitant. The weights
    /// are relative to the country's mean and are not scaled again to the territory.
    pub fn new(territory: &Territory, weights: &AgeWeights) -> StandardPeople {
        let mut people = StandardPeople { by_place: Vec::new(), published: 0, from_ages: 0, unknown: 0 };
        for place in &territory.places {
            let source = match place.need {
                Need::Standard(_) | Need::Factor(_) => &mut people.published,
                Need::Ages(_) => &mut people.from_ages,
                Need::Unknown => &mut people.unknown,
            };
            *source += place.population.0;
            people.by_place.push(bounded(of(place, weights)));
        }
        people
    }
}

fn of(place: &Place, weights: &AgeWeights) -> f64 {
    match place.need {
        Need::Standard(people) => people,
        Need::Factor(factor) => factor * place.population.0 as f64,
        Need::Ages(bands) => bands.iter().zip(&weights.0).map(|(people, w)| people.0 as f64 * w).sum(),
        Need::Unknown => place.population.0 as f64,
    }
}
