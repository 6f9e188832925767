//! Continuity of care of a territory.

use super::Work;
use crate::continuity::{BadContinuity, ContinuitySettings, RotaLoad, continuity};
use maillage_input::Text;
use maillage_territory::{DutyKind, DutyPoint, StructureKind};

impl Work<'_> {
    /// Duty points of the territory, and the emergency units among its structures.
    fn points(&self) -> Vec<DutyPoint> {
        let mut points = self.territory.duty_points.clone();
        let units = self.territory.structures.iter().filter(|s| s.emergency == Some(true));
        for unit in units {
            if points.iter().any(|p| p.id == unit.site_id) {
                continue;
            }
            let Some(place) = unit.place else { continue };
            let (id, name) = (unit.site_id.clone(), unit.name.clone());
            points.push(DutyPoint {
                id,
                name,
                kind: DutyKind::Emergency,
                place,
                periods: Vec::new(),
                rota: None,
            });
        }
        points
    }

    fn duty_notes(&mut self) {
        if self.territory.duty_points.is_empty() {
            self.note(
                "continuité : aucun point de garde connu, seuls les services d'urgences comptent",
                "continuity: no duty point known, only emergency units count",
            );
        }
        let hospitals = self.territory.structures.iter().filter(|s| s.kind == StructureKind::Hospital);
        let unknown = hospitals.filter(|s| s.emergency.is_none()).count();
        if unknown > 0 {
            self.note(
                format!(
                    "continuité : hôpitaux dont on ne sait s'ils ont des urgences, comptés sans : {unknown}"
                ),
                format!(
                    "continuity: hospitals not known to have an emergency unit, counted without: {unknown}"
                ),
            );
        }
    }

    pub(super) fn continuity(&mut self) -> Vec<RotaLoad> {
        let (territory, settings) = (self.territory, &self.settings.continuity);
        let points = self.points();
        if points.is_empty() {
            self.note(
                "continuité des soins non mesurée : aucun point de garde ni service d'urgences connu",
                "continuity of care not measured: no duty point or emergency unit known",
            );
            return Vec::new();
        }
        let found = continuity(settings, &territory.travel, &self.inhabitants, &points, &territory.rotas);
        let found = match found {
            Ok(found) => found,
            // What only defaults ask for must not stop the rest.
            Err(wrong)
                if *settings == ContinuitySettings::default()
                    && wrong.iter().all(|w| matches!(w, BadContinuity::BeyondTravel { .. })) =>
            {
                for text in wrong.iter().map(|w| w.text()) {
                    self.note(
                        format!("continuité des soins non mesurée : {}", text.fr),
                        format!("continuity of care not measured: {}", text.en),
                    );
                }
                return Vec::new();
            }
            Err(wrong) => {
                for bad in wrong {
                    let remedy = Text::new(
                        "corriger « continuity » ou les tables de garde du territoire",
                        "mend `continuity` or the duty tables of the territory",
                    );
                    self.refuse("/continuity".to_owned(), bad.text(), "", remedy);
                }
                return Vec::new();
            }
        };
        self.duty_notes();
        for period in &found.periods {
            let measure = format!("continuity:{}", period.id);
            let name = &period.name;
            let title = Text::new(format!("Continuité, {}", name.fr), format!("Continuity, {}", name.en));
            self.titles.insert(measure.clone(), title);
            for (zone, places) in &self.zones {
                let reached = period.over(&self.inhabitants, places.iter().copied());
                let share = |part: u64| (reached.people.0 > 0).then(|| part as f64 / reached.people.0 as f64);
                let mut put = self.figures.of(&measure, zone);
                let within = settings.within_min;
                put.limited("share_within_of_open_point", within, "ratio", share(reached.people_within.0));
                put.limited(
                    "share_on_emergency_only",
                    within,
                    "ratio",
                    share(reached.people_emergency_only.0),
                );
                for (indicator, people) in [
                    ("people_within_of_open_point", reached.people_within),
                    ("people_within_of_open_care", reached.people_within_care),
                    ("people_on_emergency_only", reached.people_emergency_only),
                    ("people_beyond", reached.people_beyond),
                ] {
                    put.limited(indicator, within, "people", Some(people.0 as f64));
                }
            }
            let minutes =
                |p: &crate::continuity::PlaceAccess| p.nearest.map(|t| t.to_string()).unwrap_or_default();
            let cells = period.places.iter().map(minutes).collect();
            self.by_place.push((format!("minutes_open_point:{}", period.id), cells));
        }
        let basis = &settings.source;
        self.note(format!("continuité : {}", basis.fr), format!("continuity: {}", basis.en));
        for rota in &found.rotas {
            if let Some(why) = &rota.refused {
                self.note(why.fr.clone(), why.en.clone());
            }
        }
        found.rotas
    }
}
