//! Who wins and who loses between two states of a territory.

use maillage_access::equity::Threshold;
use maillage_access::movement::{Changes, Movement};
use maillage_access::{Access, AccessSettings, Catchment, Count, Figure, Zone};
use maillage_input::Text;
use maillage_territory::{Persons, PlaceId, PlaceIx, Territory};
use serde::Serialize;

/// Most places named as losers of one measure.
const MOST_LOSERS: usize = 10;
/// Changes below this are of rounding.
const NOISE: f64 = 1e-6;

/// A place that loses.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Loser {
    measure: String,
    code_commune: PlaceId,
    name: String,
    population: Persons,
    before: f64,
    after: f64,
}

/// What changes from a first state to a second, over the zones of the first.
pub(crate) struct Between {
    /// For each place of the first, its index in the second.
    pub places: Vec<Option<usize>>,
    /// Winners and losers, measure by measure and zone by zone.
    pub figures: Vec<Figure>,
    /// Places of the territory itself that lose most, largest losses first, measure by measure.
    pub losers: Vec<Loser>,
    /// What the second state adds to what must be said.
    pub notes: Vec<Text>,
}

impl Between {
    pub fn new(
        territory: &Territory,
        before: &Access,
        second: &Territory,
        after: &Access,
        settings: &AccessSettings,
    ) -> Between {
        let places = territory.places.iter().map(|p| second.ix(&p.id).map(|ix| ix.0 as usize)).collect();
        let mut between =
            Between { places, figures: Vec::new(), losers: Vec::new(), notes: notes(before, after) };
        for first in &before.catchments {
            if let Some(then) = after.catchments.iter().find(|c| c.id == first.id) {
                between.compare(territory, before, first, then, settings);
            }
        }
        between
    }

    fn compare(
        &mut self,
        territory: &Territory,
        before: &Access,
        first: &Catchment,
        then: &Catchment,
        settings: &AccessSettings,
    ) {
        let people: Vec<Persons> = territory.places.iter().map(|p| p.population).collect();
        let known = |c: &Catchment, i: usize| (!c.uncertain[i]).then_some(c.by_place[i]);
        let one: Vec<Option<f64>> = (0..people.len()).map(|i| known(first, i)).collect();
        let two: Vec<Option<f64>> = self.places.iter().map(|i| known(then, (*i)?)).collect();
        // Thresholds and the least change are in acts: of posts every change counts.
        let (thresholds, least): (Vec<Threshold>, _) = match first.settings.counted() {
            Count::Acts(_) => {
                let usable = settings.thresholds.iter().filter_map(|&t| Threshold::new(t).ok());
                (usable.collect(), settings.least_change.max(NOISE))
            }
            Count::Posts {} => (Vec::new(), NOISE),
        };
        // Lists of equal length, values that were measured: nothing to refuse.
        let Ok(changes) = Changes::new(&one, &two, &people, least) else { return };
        for (zone, members) in &before.zones {
            self.figures.extend(figures(first, zone, &changes.over(members, &thresholds)));
        }
        let core: Vec<PlaceIx> = territory.iter().filter(|(_, p)| p.core).map(|(ix, _)| ix).collect();
        let losses = changes.largest_losses_first(&core).into_iter().take(MOST_LOSERS);
        self.losers.extend(losses.filter(|c| c.change() < 0.0 && -c.change() >= least).map(|c| Loser {
            measure: first.id.to_string(),
            code_commune: territory.place(c.place).id.clone(),
            name: territory.place(c.place).name.clone(),
            population: c.people,
            before: thousandths(c.before),
            after: thousandths(c.after),
        }));
    }
}

fn figures(catchment: &Catchment, zone: &Zone, moved: &Movement) -> Vec<Figure> {
    let mut out = Vec::new();
    let mut put = |indicator, limit, value: Option<f64>, unit| {
        let measure = format!("{}:change", catchment.id);
        out.extend(Figure::new(measure, indicator, limit, zone.clone(), value, unit));
    };
    let count = |people: Persons| Some(people.0 as f64);
    put("people_gaining", None, count(moved.people_gaining), "people");
    put("people_losing", None, count(moved.people_losing), "people");
    put("people_unchanged", None, count(moved.people_unchanged), "people");
    put("people_unknown", None, count(moved.people_unknown), "people");
    put("mean_gain", None, moved.mean_gain, catchment.unit);
    put("mean_loss", None, moved.mean_loss, catchment.unit);
    for band in &moved.bands {
        let limit = Some(band.threshold.value());
        put("people_leaving_band", limit, count(band.people_leaving), "people");
        put("people_entering_band", limit, count(band.people_entering), "people");
    }
    out
}

fn notes(before: &Access, after: &Access) -> Vec<Text> {
    let new = after.notes.iter().filter(|n| !before.notes.contains(n));
    let said = new.map(|n| Text::new(format!("après : {}", n.fr), format!("after: {}", n.en)));
    let mut notes: Vec<Text> = said.collect();
    let missing = |one: &Access, two: &Access| -> Vec<String> {
        let absent = one.catchments.iter().filter(|c| two.catchments.iter().all(|o| o.id != c.id));
        absent.map(|c| c.id.to_string()).collect()
    };
    let one_side = [missing(before, after), missing(after, before)].concat().join(", ");
    if !one_side.is_empty() {
        notes.push(Text::new(
            format!("mesures d'un seul des deux états, non comparées : {one_side}"),
            format!("measures of one state only, not compared: {one_side}"),
        ));
    }
    notes
}

/// What is told of a place.
fn thousandths(x: f64) -> f64 {
    (x * 1e3).round() / 1e3
}
