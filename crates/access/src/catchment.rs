//! Two-step floating catchment areas.
//!
//! ```text
//! demand around a supply   D_j = Σ_i w(t_ij) · P_i
//! first step               R_j = S_j / D_j
//! second step              A_i = Σ_j w(t_ij) · R_j
//! ```
//!
//! With the steps of DREES, people standardised by age and consultations within bounds this is the APL; with
//! one step it is 2SFCA (Luo and Wang 2003), with several E2SFCA (Luo and Qi 2009). What is supplied is what is
//! received: `Σ_i P_i · A_i = Σ_j S_j` over every supply with someone around. As D does not depend on S, A is
//! linear in the supply: an optimiser prepares the catchments once.
//!
//! People and supplies are 0, or from a millionth to 10¹⁵. Anything else counts as the nearest of these, and what
//! is no number as 0: with weights from a millionth to 1 no figure can then overflow.

use crate::Decay;
use maillage_territory::{PlaceIx, TravelTimes};

/// Least people or supply that is not 0.
const LEAST: f64 = 1e-6;
/// Most people or supply of one place.
const MOST: f64 = 1e15;

/// Catchments prepared for one table of times, one decay and the people of each place.
#[derive(Debug, Clone)]
pub struct Catchments<'a> {
    travel: &'a TravelTimes,
    decay: &'a Decay,
    demand: Vec<f64>,
}

/// Accessibility of every place.
#[derive(Debug, Clone, PartialEq)]
pub struct Accessibility {
    /// One entry per place: supply in a year for each (standardised) inhabitant; 0 where no supply is reached that
    /// has someone around.
    pub by_place: Vec<f64>,
    /// Supply that nobody is around to use: in no place's accessibility.
    pub unused: f64,
}

impl<'a> Catchments<'a> {
    /// Sums the people around every place; times are from people to supply.
    ///
    /// # Panics
    /// When `people` has not one entry for each place of `travel`.
    pub fn new(travel: &'a TravelTimes, decay: &'a Decay, people: &[f64]) -> Self {
        let mut demand = vec![0.0; people.len()];
        for (i, people) in people.iter().map(|&p| bounded(p)).enumerate() {
            reached(travel, decay, i).for_each(|(j, weight)| demand[j] += weight * people);
        }
        Catchments { travel, decay, demand }
    }

    /// People around a place, weighted: the demand that a supply there would meet.
    pub fn demand(&self, place: PlaceIx) -> f64 {
        self.demand[place.0 as usize]
    }

    /// Accessibility under a supply.
    ///
    /// # Panics
    /// When `supply` has not one entry for each place.
    pub fn accessibility(&self, supply: &[f64]) -> Accessibility {
        assert_eq!(supply.len(), self.demand.len(), "one supply for each place");
        let mut unused = 0.0;
        let rates: Vec<f64> = (supply.iter().zip(&self.demand))
            .map(|(&supply, &demand)| {
                if demand > 0.0 {
                    return bounded(supply) / demand;
                }
                unused += bounded(supply);
                0.0
            })
            .collect();
        // Not `sum`, which gives -0 where nothing is reached.
        let place = |i| reached(self.travel, self.decay, i).fold(0.0, |a, (j, weight)| a + weight * rates[j]);
        Accessibility { by_place: (0..supply.len()).map(place).collect(), unused }
    }
}

/// Places reached from a place while supply counts, with their weights, nearest first.
fn reached<'a>(
    travel: &'a TravelTimes,
    decay: &'a Decay,
    from: usize,
) -> impl Iterator<Item = (usize, f64)> + 'a {
    let near = travel.from(PlaceIx(from as u32)).iter().take_while(|&&(_, t)| t <= decay.until());
    near.map(|&(to, t)| (to.0 as usize, decay.weight(t)))
}

/// A quantity of people or supply as it counts.
pub(crate) fn bounded(quantity: f64) -> f64 {
    if quantity >= LEAST { quantity.min(MOST) } else { 0.0 }
}
