//! Times to practitioners, nearest and with room.

use super::{Coverage, Work};
use crate::attach;
use crate::coverage::{PeopleTimes, PlaceTimes, available, nearest};
use maillage_input::{Lang, Text, grouped};
use maillage_territory::{Minutes, Persons, PlaceIx, Profession};

impl Work<'_> {
    pub(super) fn coverage(&mut self) -> Option<Coverage> {
        let settings = &self.settings.coverage;
        let territory = self.territory;
        let mut limits = Vec::new();
        for (i, &minutes) in settings.within_min.iter().enumerate() {
            match Minutes::round(minutes) {
                Some(limit) => limits.push(limit),
                None => self.refuse(
                    format!("/coverage/within_min/{i}"),
                    Text::new("durée inutilisable", "unusable time"),
                    minutes,
                    Text::new("des minutes, de 0 à 600", "minutes, from 0 to 600"),
                ),
            }
        }
        let Some(source) = territory.professions.get(&settings.profession) else {
            if settings.profession == Profession::gp() {
                self.note(
                    "trajets non mesurés : aucun nombre de médecins dans le territoire",
                    "times not measured: no number of GPs in the territory",
                );
            } else {
                self.refuse(
                    "/coverage/profession".to_owned(),
                    Text::new("profession absente du territoire", "profession absent from the territory"),
                    &settings.profession,
                    Text::new(
                        "nommer une profession de « professionals »",
                        "name a profession of `professionals`",
                    ),
                );
            }
            return None;
        };
        let mut posts = vec![0u64; territory.places.len()];
        for group in territory.practitioners.iter().filter(|g| g.profession == settings.profession) {
            posts[group.place.0 as usize] += u64::from(group.number.hundredths());
        }
        let open: Vec<bool> = posts.iter().map(|&h| h > 0).collect();
        let nearest = nearest(&territory.travel, &open);
        // A place of unknown supply within reach may hold the nearest practitioner, or room: both times are then
        // unknown. Reach is that of the table, not that of what is found: else only the best served would count.
        let unknown: Vec<bool> = (0..)
            .map(PlaceIx)
            .take(open.len())
            .map(|from| {
                let mut reached = territory.travel.from(from).iter();
                self.territory.has_no_times(from) || reached.any(|(to, _)| !source.known[to.0 as usize])
            })
            .collect();
        let room: Vec<Persons> =
            posts.iter().map(|h| Persons(h * u64::from(settings.patients_per_post) / 100)).collect();
        let percent = u64::from(settings.attachable_percent);
        let seeking = self.seeking();
        let until =
            Minutes::round(settings.available_within_min).unwrap_or_default().min(territory.travel.max());
        let attachment = attach(&territory.travel, &seeking, &room, until);
        let trips = available(&attachment);
        let table = territory.travel.max();
        for (zone, places) in &self.zones {
            let here = || places.iter().map(|p| p.0 as usize).filter(|&i| !unknown[i]);
            let near = here().map(|i| (nearest[i], self.inhabitants[i]));
            self.figures.of("nearest", zone).people_times(&PeopleTimes::new(near, &limits, table));
            let each = here().map(|i| nearest[i]);
            self.figures.of("nearest", zone).place_times(&PlaceTimes::new(each, &limits, table));
            let lost =
                places.iter().filter(|p| unknown[p.0 as usize]).map(|p| self.inhabitants[p.0 as usize]);
            let lost: Persons = lost.sum();
            self.figures.of("nearest", zone).maybe("people_of_unknown_time", "people", Some(lost.0 as f64));
            let lists = here().flat_map(|i| trips[i].iter().copied());
            self.figures.of("available", zone).people_times(&PeopleTimes::new(lists, &limits, until));
        }
        let per_post = |lang| grouped(lang, settings.patients_per_post);
        self.note(
            format!("praticien disponible : listes de {} personnes, {percent} % des habitants à inscrire, au plus {until} min, les plus proches d'abord (hypothèses)", per_post(Lang::Fr)),
            format!("practitioner with room: lists of {} people, {percent} % of inhabitants to list, {until} min at most, nearest first (assumptions)", per_post(Lang::En)),
        );
        Some(Coverage { nearest, unknown, attachment })
    }
}
