//! Figures before and after, one row each, ready to be printed.

use crate::figures::ZoneFigures;
use crate::words::{Words, to_tenths};
use maillage_programme::{Hundredths, IndicatorName};

/// Whether a change is welcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trend {
    /// Better, as the reader sees it.
    Better,
    /// Worse.
    Worse,
    /// Neither.
    Same,
}

impl Trend {
    /// Class of a cell.
    pub fn as_str(&self) -> &'static str {
        match self {
            Trend::Better => "better",
            Trend::Worse => "worse",
            Trend::Same => "same",
        }
    }
}

/// A figure before and after.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// Which.
    pub name: IndicatorName,
    /// In words.
    pub label: String,
    /// Before, with its share of the population where it counts people.
    pub before: String,
    /// After.
    pub after: String,
    /// After less before.
    pub change: String,
    /// Whether that is welcome.
    pub trend: Trend,
}

/// What cannot be told.
pub(crate) const NOTHING: &str = "–";

/// Figures that are told of every zone, in the order they are read.
pub(crate) const FIGURES: [IndicatorName; 19] = {
    use IndicatorName::*;
    [
        PeopleCounted,
        PeopleAttached,
        PeopleUnattached,
        MinutesAttachedMean,
        PeopleWithin10Min,
        PeopleWithin15Min,
        PeopleWithin20Min,
        PeopleWithoutSite,
        MinutesNearestMean,
        MinutesNearestMax,
        Gps,
        AplMean,
        AplWorstTenth,
        AplBestTenth,
        AplGini,
        PeopleAplAtMost25,
        PeopleAplAtMost4,
        PeopleAplGain,
        PeopleAplLoss,
    ]
};

/// The figures of one zone.
pub(crate) fn rows(w: Words, zone: &ZoneFigures) -> Vec<Row> {
    let known = |name| zone.get(&name).map(|values| row(w, name, *values, zone));
    FIGURES.into_iter().filter_map(known).collect()
}

fn row(w: Words, name: IndicatorName, values: [Option<Hundredths>; 2], zone: &ZoneFigures) -> Row {
    use IndicatorName::*;
    let people = |s: usize| {
        let population = zone.get(&PeopleCounted).and_then(|p| p[s]).map(|p| p.0);
        let share = |v: Hundredths| {
            let (part, whole) = (u64::try_from(v.0).ok()?, u64::try_from(population?).ok()?);
            // Accessibility is over all inhabitants, not over those who are counted.
            w.share(part, whole).filter(|_| name != PeopleCounted && !over_inhabitants(name))
        };
        values[s].map_or(NOTHING.to_owned(), |v| match share(v) {
            Some(share) => format!("{} ({share})", w.decimal(v)),
            None => w.decimal(v),
        })
    };
    let minutes =
        |s: usize| values[s].map_or(NOTHING.to_owned(), |v| format!("{}\u{a0}min", w.tenths(to_tenths(v))));
    let is_time = matches!(name, MinutesAttachedMean | MinutesNearestMean | MinutesNearestMax);
    let (before, after) = match name {
        _ if is_time => (minutes(0), minutes(1)),
        Gps | AplMean | AplWorstTenth | AplBestTenth | AplGini => {
            let plain = |s: usize| values[s].map_or(NOTHING.to_owned(), |v| w.decimal(v));
            (plain(0), plain(1))
        }
        _ => (people(0), people(1)),
    };
    // The difference of what is shown, so that the line adds up.
    let (change, up) = match values {
        [Some(b), Some(a)] if is_time => {
            let d = to_tenths(a) - to_tenths(b);
            let text = w.signed(d, w.tenths(d));
            (if d == 0 { text } else { format!("{text}\u{a0}min") }, d.signum())
        }
        [Some(b), Some(a)] => {
            let d = Hundredths(a.0 - b.0);
            (w.signed(d.0, w.decimal(d)), d.0.signum())
        }
        _ => (NOTHING.to_owned(), 0),
    };
    let good = match name {
        // The mean time of attached people is over other people after than before: neither better nor worse.
        PeopleCounted | MinutesAttachedMean | AplBestTenth => 0,
        PeopleAttached | PeopleWithin10Min | PeopleWithin15Min | PeopleWithin20Min | Gps | AplMean
        | AplWorstTenth | PeopleAplGain => 1,
        _ => -1,
    };
    let trend = match up * good {
        1 => Trend::Better,
        -1 => Trend::Worse,
        _ => Trend::Same,
    };
    Row { name, label: label(w, name), before, after, change, trend }
}

/// Whether a figure counts all inhabitants in scope.
fn over_inhabitants(name: IndicatorName) -> bool {
    use IndicatorName::*;
    matches!(name, PeopleAplAtMost25 | PeopleAplAtMost4 | PeopleAplGain | PeopleAplLoss)
}

/// The name of a figure in words.
pub(crate) fn label(w: Words, name: IndicatorName) -> String {
    use IndicatorName::*;
    match name {
        PeopleCounted => w.t("Personnes comptées", "People counted"),
        PeopleAttached => w.t("Personnes rattachées à un médecin traitant", "People on the list of a GP"),
        PeopleUnattached => w.t("Personnes sans médecin traitant", "People without a GP"),
        MinutesAttachedMean => w.t("Trajet moyen jusqu'au médecin traitant", "Mean travel time to one's GP"),
        PeopleWithin10Min => w.t("À 10 min ou moins d'un site", "Within 10 min of a site"),
        PeopleWithin15Min => w.t("À 15 min ou moins d'un site", "Within 15 min of a site"),
        PeopleWithin20Min => w.t("À 20 min ou moins d'un site", "Within 20 min of a site"),
        PeopleWithoutSite => w.t("Hors de portée de tout site", "Out of reach of any site"),
        MinutesNearestMean => {
            w.t("Trajet moyen jusqu'au site le plus proche", "Mean travel time to the nearest site")
        }
        MinutesNearestMax => {
            w.t("Trajet le plus long jusqu'au site le plus proche", "Longest travel time to the nearest site")
        }
        Gps => w.t("Médecins généralistes", "GPs"),
        AplMean => w.t("Accessibilité moyenne (APL)", "Mean accessibility (APL)"),
        AplWorstTenth => w.t("APL du dixième le moins bien desservi", "APL of the worst-served tenth"),
        AplBestTenth => w.t("APL du dixième le mieux desservi", "APL of the best-served tenth"),
        AplGini => w.t("Inégalité d'APL (Gini)", "Inequality of APL (Gini)"),
        PeopleAplAtMost25 => w.t("Habitants à 2,5 d'APL ou moins", "Inhabitants at an APL of 2.5 or less"),
        PeopleAplAtMost4 => w.t("Habitants à 4 d'APL ou moins", "Inhabitants at an APL of 4 or less"),
        PeopleAplGain => w.t("Habitants dont l'APL monte", "Inhabitants whose APL rises"),
        PeopleAplLoss => w.t("Habitants dont l'APL baisse", "Inhabitants whose APL falls"),
    }
}
