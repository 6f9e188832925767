//! What the map and the tables say of each place, and of each zone.

use crate::View;
use crate::health::supply;
use crate::words::sort_key;
use maillage_programme::health::{Health, HealthSiteRecord};
use maillage_programme::{
    AccessBasis, AssignmentRow, Hundredths, IndicatorName, ResultRecord, SiteRecord, SiteStatus, State, Zone,
    apl,
};
use maillage_territory::{Fte, Minutes, Persons, PlaceIx};
use std::collections::{BTreeMap, BTreeSet};

/// One place, before (0) and after (1) the plan.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct PlaceFigures {
    /// Whether it belongs to the territory itself.
    pub core: bool,
    /// People in scope.
    pub people: u64,
    /// People on a list; in plain location problems people served.
    pub attached: [u64; 2],
    /// Time to the nearest open site.
    pub nearest: [Option<Minutes>; 2],
    /// Accessibility (APL).
    pub apl: [Option<Hundredths>; 2],
}

/// All places, in the order of the territory.
#[derive(Debug)]
pub(crate) struct Figures {
    /// By place.
    pub places: Vec<PlaceFigures>,
    /// Whether people are attached to lists: not in plain location problems.
    pub lists: bool,
    /// Whether any site was open before.
    pub before: bool,
    /// Whether there is a plan.
    pub after: bool,
}

impl Figures {
    /// Those of the last year, where there are years.
    pub fn of(view: &View<'_>) -> Figures {
        Figures::of_year(view, years(view).last().copied().flatten())
    }

    /// Those of one of [`years`].
    pub fn of_year(view: &View<'_>, year: Option<u16>) -> Figures {
        let record = view.record;
        let people = people(view, year);
        let mut places: Vec<PlaceFigures> = view
            .territory
            .iter()
            .map(|(ix, place)| PlaceFigures {
                core: place.core,
                people: people.get(ix.0 as usize).map_or(0, |p| p.0),
                ..PlaceFigures::default()
            })
            .collect();
        for row in listed(view, year) {
            if let Some(ix) = view.territory.ix(&row.from_id) {
                places[ix.0 as usize].attached[state(row.state)] += row.people.0;
            }
        }
        for (s, open) in [State::Before, State::After].map(|s| open(view, s, year)).iter().enumerate() {
            for (ix, _) in view.territory.iter() {
                let near = view.territory.travel.from(ix).iter().find(|(to, _)| open.contains(to));
                places[ix.0 as usize].nearest[s] = near.map(|&(_, t)| t);
            }
        }
        for (s, state) in [State::Before, State::After].into_iter().enumerate() {
            let Some((basis, acts)) = view.access.and_then(|b| Some((b, acts(view, b, state, year)?))) else {
                continue;
            };
            let apl = apl(view.territory, basis, &acts);
            for ((place, apl), known) in places.iter_mut().zip(apl).zip(&basis.known) {
                place.apl[s] = known.then_some(apl);
            }
        }
        let lists = record.indicators.iter().any(|i| i.indicator == IndicatorName::PeopleAttached);
        let before = !open(view, State::Before, year).is_empty();
        Figures { places, lists, before, after: has_plan(record) }
    }

    pub fn at(&self, ix: PlaceIx) -> &PlaceFigures {
        &self.places[ix.0 as usize]
    }
}

/// Whether the record holds a plan.
pub(crate) fn has_plan(record: &ResultRecord) -> bool {
    use maillage_programme::Status::*;
    match record.status {
        Optimal | WithinGap | Feasible => true,
        Infeasible | NoPlan => false,
    }
}

/// 0 before, 1 after.
pub(crate) fn state(state: State) -> usize {
    match state {
        State::Before => 0,
        State::After => 1,
    }
}

/// Calendar years that the map can show; one `None` where there are no years.
pub(crate) fn years(view: &View<'_>) -> Vec<Option<u16>> {
    match &view.record.programme {
        Some(programme) if !programme.years.is_empty() => programme.years.iter().copied().map(Some).collect(),
        _ => vec![None],
    }
}

/// People in scope in a year.
fn people<'a>(view: &View<'a>, year: Option<u16>) -> &'a [Persons] {
    let of = |health: &'a Health| health.people.get(supply::index(health, year?)?).map(Vec::as_slice);
    view.health.and_then(of).unwrap_or(view.people)
}

/// Who is listed where: all rows, or those of a year in the first future.
pub(crate) fn listed<'a>(view: &View<'a>, year: Option<u16>) -> impl Iterator<Item = &'a AssignmentRow> {
    let named = view.record.programme.as_ref().and_then(|p| p.futures.first()).map(|f| f.future.as_str());
    let of_year = view.assignments.iter().filter(move |r| year.is_none() || r.year == year);
    of_year.filter(move |r| named.is_none() || r.future.as_deref() == named)
}

/// The same of the last year.
pub(crate) fn drawn<'a>(view: &View<'a>) -> impl Iterator<Item = &'a AssignmentRow> {
    listed(view, last_year(view.record))
}

/// Places with an open site: where GPs practise, or any site in plain location problems. A structure that
/// the plan extends had no post of its own before: the GPs who practised there are sites of their own.
fn open(view: &View<'_>, state: State, year: Option<u16>) -> BTreeSet<PlaceIx> {
    if let Some(programme) = &view.record.programme {
        return supply::open(view, programme, state, year);
    }
    let siting = view.record.problem == "siting";
    let sites = view.record.sites.iter();
    let sites = sites.filter(|s| state == State::After || s.status == SiteStatus::Existing);
    let sites = sites.filter(|s| !siting || s.gps.0 > 0);
    sites.filter_map(|s| view.territory.ix(&s.code_commune)).collect()
}

/// Acts of a year by place, in hundredths; `None` where they cannot be told.
fn acts(
    view: &View<'_>,
    basis: &AccessBasis,
    state: State,
    year: Option<u16>,
) -> Option<BTreeMap<PlaceIx, u64>> {
    match &view.record.programme {
        Some(programme) => view.health.map(|health| supply::acts(view, programme, health, state, year)),
        None => Some(basis.acts(&gps(view, state))),
    }
}

/// GPs by place: today's, and those that the plan adds.
fn gps(view: &View<'_>, state: State) -> BTreeMap<PlaceIx, Fte> {
    let sites = view.record.sites.iter();
    let sites = sites.filter(|s| state == State::After || s.status == SiteStatus::Existing);
    let mut hundredths: BTreeMap<PlaceIx, u32> = BTreeMap::new();
    for site in sites {
        if let (Some(ix), Ok(gps)) = (view.territory.ix(&site.code_commune), u32::try_from(site.gps.0)) {
            let sum = hundredths.entry(ix).or_default();
            *sum = sum.saturating_add(gps);
        }
    }
    hundredths.into_iter().map(|(ix, h)| (ix, Fte::from_hundredths(h))).collect()
}

/// The indicators of one zone: name → value before and after.
pub(crate) type ZoneFigures = BTreeMap<IndicatorName, [Option<Hundredths>; 2]>;

/// The year that figures are of: the last one, in a health programme.
pub(crate) fn last_year(record: &ResultRecord) -> Option<u16> {
    record.indicators.iter().filter_map(|i| i.year).max()
}

/// Structures of a programme that have closed by its last year: they are not among the sites of a result.
pub(crate) fn closed(record: &ResultRecord) -> impl Iterator<Item = &HealthSiteRecord> {
    let gone =
        |s: &&HealthSiteRecord| s.closes.is_some() && !record.sites.iter().any(|r| r.site_id == s.site_id);
    record.programme.iter().flat_map(|p| &p.structures).filter(gone)
}

/// Whether there are lists and posts: not in plain location problems.
pub(crate) fn staffed(record: &ResultRecord) -> bool {
    record.problem == "siting" || record.programme.is_some() || record.problem == "programme"
}

/// Every zone of the record with its indicators, of the last year where there are years.
pub(crate) fn zones(record: &ResultRecord) -> BTreeMap<Zone, ZoneFigures> {
    let mut zones: BTreeMap<Zone, ZoneFigures> = BTreeMap::new();
    let year = last_year(record);
    for i in record.indicators.iter().filter(|i| i.year == year) {
        let at = zones.entry(i.zone.clone()).or_default().entry(i.indicator).or_default();
        at[state(i.state)] = Some(i.value);
    }
    zones
}

/// The sites that open or grow, in the order they are numbered on the map and in the table: openings
/// first, then by name.
pub(crate) fn decided(record: &ResultRecord) -> Vec<&SiteRecord> {
    let mut sites: Vec<_> = record.sites.iter().filter(|s| s.status != SiteStatus::Existing).collect();
    sites.sort_by_cached_key(|s| (s.status != SiteStatus::Opened, sort_key(&s.name), s.site_id.clone()));
    sites
}
