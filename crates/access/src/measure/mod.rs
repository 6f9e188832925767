//! All measures of a territory at once.

mod catchments;
mod duty;
mod future;
mod times;
mod zones;

use crate::compare::{Comparison, compare};
use crate::continuity::RotaLoad;
use crate::figures::{Figure, Figures};
use crate::trajectory::Year;
use crate::zoning::Zoning;
use crate::{AccessSettings, Attachment, CatchmentSettings, StandardPeople, Supply, Zone, zones};
use maillage_input::{Text, comma};
use maillage_territory::{Minutes, Persons, PlaceIx, Published, Territory, TravelSource, TypeId};
use std::collections::BTreeMap;

/// A note on some measures, or on all where it names none.
struct Note {
    of: Vec<String>,
    text: Text,
}

impl Note {
    fn text(self) -> Text {
        if self.of.is_empty() {
            return self.text;
        }
        let of = self.of.join(", ");
        Text::new(format!("{of} : {}", self.text.fr), format!("{of}: {}", self.text.en))
    }
}

/// A setting that cannot be used, by its place in the settings file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadSetting {
    /// JSON pointer.
    pub pointer: String,
    /// What is wrong.
    pub cause: Text,
    /// The value.
    pub value: String,
    /// What to do.
    pub remedy: Text,
}

/// One floating catchment area, measured.
#[derive(Debug, Clone)]
pub struct Catchment {
    /// Name of the measure.
    pub id: TypeId,
    /// How it was measured.
    pub settings: CatchmentSettings,
    /// Unit of its values.
    pub unit: &'static str,
    /// Accessibility of every place.
    pub by_place: Vec<f64>,
    /// Supply that nobody is around to use, in acts or posts.
    pub unused: f64,
    /// People standardised by need, by place.
    pub standard: StandardPeople,
    /// The supply.
    pub supply: Supply,
    /// Whether its value is a lower bound only: a place of unknown supply lies within its catchment, or it has no
    /// position to be reached from.
    pub uncertain: Vec<bool>,
}

/// Times to practitioners.
#[derive(Debug, Clone)]
pub struct Coverage {
    /// Time to the nearest that is known, by place.
    pub nearest: Vec<Option<Minutes>>,
    /// Whether times are unknown: a place of unknown supply is within reach, or the place has no position.
    pub unknown: Vec<bool>,
    /// Who is on which list, lists filled nearest first.
    pub attachment: Attachment,
}

/// What was measured.
#[derive(Debug, Clone)]
pub struct Access {
    /// Zones with their places.
    pub zones: BTreeMap<Zone, Vec<PlaceIx>>,
    /// Floating catchments, in the order of the settings.
    pub catchments: Vec<Catchment>,
    /// Times; `None` where the profession has no table.
    pub coverage: Option<Coverage>,
    /// Published figures held against computed ones.
    pub comparisons: Vec<Comparison>,
    /// Classes of zones; `None` where not asked for.
    pub zoning: Option<Zoning>,
    /// Rotas, those refused among them.
    pub rotas: Vec<RotaLoad>,
    /// GPs year by year; empty where not asked for.
    pub trajectory: Vec<Year>,
    /// More figures by place, ready for a table: name of the column and one cell per place.
    pub by_place: Vec<(String, Vec<String>)>,
    /// Every figure, measure by measure and zone by zone.
    pub figures: Vec<Figure>,
    /// Names of measures that their identifier does not tell.
    pub titles: BTreeMap<String, Text>,
    /// Defaults and assumptions that were used, and what could not be measured.
    pub notes: Vec<Text>,
}

/// Measures a territory.
///
/// # Errors
/// Every setting that cannot be used.
pub fn measure(territory: &Territory, settings: &AccessSettings) -> Result<Access, Vec<BadSetting>> {
    let mut work = Work {
        territory,
        settings,
        inhabitants: territory.places.iter().map(|p| p.population).collect(),
        zones: zones(territory),
        bad: Vec::new(),
        notes: Vec::new(),
        titles: BTreeMap::new(),
        figures: Figures::default(),
        by_place: Vec::new(),
    };
    work.travel_note();
    let catchments = work.catchments();
    let coverage = work.coverage();
    let comparisons = work.comparisons(&catchments);
    let zoning = work.zoning(&catchments);
    let rotas = work.continuity();
    let trajectory = work.trajectory();
    if work.bad.is_empty() {
        let Work { zones, notes, titles, figures, by_place, .. } = work;
        Ok(Access {
            zones,
            catchments,
            coverage,
            comparisons,
            zoning,
            rotas,
            trajectory,
            by_place,
            figures: figures.list,
            titles,
            notes: notes.into_iter().map(Note::text).collect(),
        })
    } else {
        Err(work.bad)
    }
}

struct Work<'a> {
    territory: &'a Territory,
    settings: &'a AccessSettings,
    inhabitants: Vec<Persons>,
    zones: BTreeMap<Zone, Vec<PlaceIx>>,
    bad: Vec<BadSetting>,
    notes: Vec<Note>,
    titles: BTreeMap<String, Text>,
    figures: Figures,
    by_place: Vec<(String, Vec<String>)>,
}

impl Work<'_> {
    /// People who need a place on a list, rounded to whole people by place.
    fn seeking(&self) -> Vec<Persons> {
        let percent = u64::from(self.settings.coverage.attachable_percent);
        self.inhabitants.iter().map(|p| Persons((p.0 * percent + 50) / 100)).collect()
    }

    fn refuse(&mut self, pointer: String, cause: Text, value: impl ToString, remedy: Text) {
        self.bad.push(BadSetting { pointer, cause, value: value.to_string(), remedy });
    }

    fn note(&mut self, fr: impl Into<String>, en: impl Into<String>) {
        self.notes.push(Note { of: Vec::new(), text: Text::new(fr, en) });
    }

    /// A note on one measure; said once of all that it holds for.
    fn note_of(&mut self, id: &TypeId, fr: impl Into<String>, en: impl Into<String>) {
        let text = Text::new(fr, en);
        match self.notes.iter_mut().find(|n| n.text == text && !n.of.is_empty()) {
            Some(note) => note.of.push(id.to_string()),
            None => self.notes.push(Note { of: vec![id.to_string()], text }),
        }
    }

    fn comparisons(&mut self, catchments: &[Catchment]) -> Vec<Comparison> {
        let mut out = Vec::new();
        for (i, wanted) in self.settings.compare.iter().enumerate() {
            let fits = |p: &&Published| p.name == wanted.published && wanted.year.is_none_or(|y| y == p.year);
            let mut series = self.territory.published.iter().filter(fits);
            let published = series.next();
            if series.next().is_some() {
                self.refuse(
                    format!("/compare/{i}"),
                    Text::new("plusieurs séries publiées de ce nom", "several published series of this name"),
                    &wanted.published,
                    Text::new("donner l'année (year)", "give the year (year)"),
                );
                continue;
            }
            let catchment = catchments.iter().find(|c| c.id == wanted.catchment);
            let (Some(published), Some(catchment)) = (published, catchment) else {
                let (field, value) = match published {
                    None => ("published", wanted.published.clone()),
                    Some(_) => ("catchment", wanted.catchment.to_string()),
                };
                self.refuse(
                    format!("/compare/{i}/{field}"),
                    Text::new("nom inconnu", "unknown name"),
                    value,
                    Text::new(
                        "un nom de « published » du territoire et un de « catchments »",
                        "a name of the territory's `published` and one of `catchments`",
                    ),
                );
                continue;
            };
            let comparison = compare(self.territory, published, catchment);
            for level in &comparison.levels {
                let measure = format!("{}:by-{}", catchment.id, level.name);
                let (fr, en) = match level.name {
                    "living-area" => ("bassin de vie", "living area"),
                    "department" => ("département", "department"),
                    _ => ("commune", "commune"),
                };
                let title = Text::new(
                    format!("{} et {}, par {fr}", catchment.id, comparison.published),
                    format!("{} and {}, by {en}", catchment.id, comparison.published),
                );
                self.titles.insert(measure.clone(), title);
                let mut put = self.figures.of(&measure, &Zone::Core);
                put.maybe("correlation", "ratio", level.correlation);
                put.maybe("compared", "count", Some(level.points.len() as f64));
                put.maybe("mean_absolute_difference", catchment.unit, level.mean_absolute_difference);
            }
            out.push(comparison);
        }
        out
    }

    fn travel_note(&mut self) {
        if let TravelSource::Proxy { speed } = self.territory.travel.source() {
            let (by, from, to) = (speed.detour, speed.rural_kmh, speed.urban_kmh);
            self.note(
                format!(
                    "temps de trajet estimés (proxy : vol d'oiseau × {}, {} à {} km/h), non mesurés sur route",
                    comma(by), comma(from), comma(to)
                ),
                format!("travel times estimated (proxy: straight line × {by}, {from} to {to} km/h), not measured on roads"),
            );
        }
    }
}
