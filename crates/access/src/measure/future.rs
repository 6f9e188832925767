//! GPs of a territory year by year.

use super::Work;
use crate::trajectory::{Model, Year};
use maillage_input::Text;
use maillage_territory::Profession;

impl Work<'_> {
    pub(super) fn trajectory(&mut self) -> Vec<Year> {
        let territory = self.territory;
        let Some(settings) = &self.settings.trajectory else { return Vec::new() };
        let Some(source) = territory.professions.get(&Profession::gp()) else {
            self.note(
                "trajectoire non calculée : aucun nombre de médecins dans le territoire",
                "trajectory not computed: no number of GPs in the territory",
            );
            return Vec::new();
        };
        let unknown = source.known.iter().filter(|k| !**k).count();
        if unknown > 0 {
            self.note(
                format!("trajectoire : nombre de médecins inconnu dans {unknown} lieux, compté nul : personnes sans médecin surestimées"),
                format!("trajectory: number of GPs unknown in {unknown} places, counted as none: people without a GP are overestimated"),
            );
        }
        let unit = if source.heads { "heads" } else { "fte" };
        let model = match Model::new(settings, &territory.travel, |id| territory.ix(id)) {
            Ok(model) => model,
            Err(wrong) => {
                for bad in wrong {
                    let remedy = Text::new("corriger « trajectory »", "mend `trajectory`");
                    self.refuse("/trajectory".to_owned(), bad.text(), "", remedy);
                }
                return Vec::new();
            }
        };
        let years = model.run(&self.seeking(), &territory.practitioners);
        for year in &years {
            for (zone, places) in &self.zones {
                let here = || places.iter().map(|p| &year.places[p.0 as usize]);
                let gps = |pick: fn(&crate::trajectory::GpFigures) -> u64| {
                    Some(here().map(pick).sum::<u64>() as f64 / 100.0)
                };
                let mut put = self.figures.of("trajectory", zone).in_year(year.year);
                put.maybe("gps", unit, gps(|f| f.gps_hundredths));
                put.maybe("gps_leaving", unit, gps(|f| f.exits_hundredths + f.stress_hundredths));
                put.maybe("gps_arriving", unit, gps(|f| f.inflow_hundredths + f.installed_hundredths));
                put.maybe("people_without_gp", "people", Some(here().map(|f| f.people_left.0 as f64).sum()));
                let more: i64 = here().map(|f| f.people_left_more).sum();
                put.maybe("people_without_gp_more", "people", Some(more as f64));
            }
        }
        let assumed = [&settings.source, &settings.exits.source];
        for source in assumed {
            self.note(format!("trajectoire : {}", source.fr), format!("trajectory: {}", source.en));
        }
        years
    }
}
