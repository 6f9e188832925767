//! What a scenario takes for granted: on what accessibility is measured, and the assumptions that a result repeats.

use crate::file::{ScenarioFile, Scope};
use maillage_access::{AgeWeights, Decay, StandardPeople};
use maillage_input::{Lang, Text, grouped};
use maillage_programme::{AccessBasis, Task};
use maillage_territory::{Persons, Place, PlaceIx, Territory, TravelSource};

/// Whether a place counts in a scenario.
pub(crate) fn in_scope(file: &ScenarioFile, place: &Place) -> bool {
    file.scope == Scope::All || place.core
}

/// On what accessibility is measured: everyone in scope. Times must reach as far as the decay does.
pub(crate) fn accessibility(file: &ScenarioFile, territory: &Territory) -> Option<AccessBasis> {
    let acts_per_gp = file.supply?.acts_per_gp;
    if !measures_access(territory) {
        return None;
    }
    let standard = StandardPeople::new(territory, &AgeWeights::GP);
    let counted = |place: &Place| if in_scope(file, place) { place.population } else { Persons(0) };
    let hundredths = |(&people, place): (&f64, &Place)| {
        if in_scope(file, place) { (people * 100.0).round() as u64 } else { 0 }
    };
    // What is out of scope is as if it were not; what is in scope and unknown is not nothing.
    let until = Decay::drees_2015().until();
    let known = |(ix, _): (PlaceIx, &Place)| {
        let near = territory.travel.from(ix).iter().take_while(|(_, t)| *t <= until);
        let unknown = |p: &Place| in_scope(file, p) && p.gps.is_none();
        !territory.has_no_times(ix) && !near.into_iter().any(|(to, _)| unknown(territory.place(*to)))
    };
    Some(AccessBasis {
        known: territory.iter().map(known).collect(),
        inhabitants: territory.places.iter().map(counted).collect(),
        standard_people: standard.by_place.iter().zip(&territory.places).map(hundredths).collect(),
        acts_per_gp,
    })
}

/// Whether the table of times reaches as far as the decay of accessibility.
fn measures_access(territory: &Territory) -> bool {
    territory.travel.max() >= Decay::drees_2015().until()
}

/// What the result must say that it took for granted.
pub(crate) fn assumptions(file: &ScenarioFile, territory: &Territory, task: &Task) -> Vec<Text> {
    let mut out = file.assumptions.clone();
    match territory.travel.source() {
        TravelSource::Proxy { .. } => out.push(Text {
            fr: "temps de trajet estimés à partir des distances et des densités, non mesurés sur route"
                .to_owned(),
            en: "travel times estimated from distances and densities, not measured on roads".to_owned(),
        }),
        TravelSource::Table { source, .. } if source.is_empty() => out.push(Text {
            fr: "temps de trajet d'une table dont la source n'est pas dite".to_owned(),
            en: "travel times from a table whose source is not said".to_owned(),
        }),
        TravelSource::Table { .. } => {}
    }
    let percent = file.travel_times_percent;
    if percent != 100 {
        out.push(Text {
            fr: format!("temps de trajet pris à {percent} % de ceux du territoire"),
            en: format!("travel times taken at {percent} % of the territory's"),
        });
    }
    if let Some(supply) = file.supply.filter(|_| measures_access(territory)) {
        let acts = i64::from(supply.acts_per_gp);
        out.push(Text {
            fr: format!(
                "APL : pas de 2015, {} actes par an et par médecin, sans limite d'âge",
                grouped(Lang::Fr, acts)
            ),
            en: format!(
                "APL: steps of 2015, {} acts a year for each GP, no age bound",
                grouped(Lang::En, acts)
            ),
        });
        let unknown = StandardPeople::new(territory, &AgeWeights::GP).unknown;
        if unknown > 0 {
            out.push(Text {
                fr: format!(
                    "besoin de soins inconnu, compté un pour un : {} habitants",
                    grouped(Lang::Fr, unknown)
                ),
                en: format!(
                    "need for care unknown, counted one for one: {} inhabitants",
                    grouped(Lang::En, unknown)
                ),
            });
        }
    }
    let unknown = territory.places.iter().filter(|p| p.gps.is_none() && p.population.0 > 0).count();
    if unknown > 0 && file.supply.is_some() {
        out.push(Text {
            fr: format!("lieux dont le nombre de médecins est inconnu, comptés sans cabinet : {unknown}"),
            en: format!("places whose number of GPs is unknown, counted without a practice: {unknown}"),
        });
    }
    if let Task::Health(health) = task {
        out.extend(crate::health::assumptions(health));
    }
    out
}
