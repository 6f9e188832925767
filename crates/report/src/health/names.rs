//! What identifiers stand for.

use crate::View;
use crate::figures::decided;
use crate::words::Words;
use maillage_programme::health::{FutureRecord, HealthRecord, HealthSiteRecord, HealthType, Rank};
use maillage_programme::{SiteRecord, SiteStatus};
use maillage_territory::{SiteId, TypeId};

/// A record with what its identifiers stand for; those without a name stand for themselves.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a> {
    pub w: Words,
    pub view: &'a View<'a>,
    pub programme: &'a HealthRecord,
}

impl<'a> Names<'a> {
    /// The future that figures by year are of.
    pub fn first(self) -> Option<&'a FutureRecord> {
        self.programme.futures.first()
    }

    /// The last planned year.
    pub fn last(self) -> Option<u16> {
        self.programme.years.last().copied()
    }

    /// A site that works in the last year of the first future.
    pub fn site_record(self, id: &SiteId) -> Option<&'a SiteRecord> {
        self.view.record.sites.iter().find(|s| s.site_id == *id)
    }

    /// A structure.
    pub fn structure(self, id: &SiteId) -> Option<&'a HealthSiteRecord> {
        self.programme.structures.iter().find(|s| s.site_id == *id)
    }

    /// The commune of a site.
    pub fn site(self, id: &SiteId) -> String {
        let listed = self.site_record(id).map(|s| s.name.clone());
        let territory = self.view.territory;
        let main = || self.structure(id)?.addresses.first().and_then(|code| territory.ix(code));
        listed.or_else(|| main().map(|ix| territory.place(ix).name.clone())).unwrap_or_else(|| id.to_string())
    }

    /// Its number and class on the map.
    pub fn pin(self, id: &SiteId) -> Option<(usize, &'static str)> {
        let at = decided(self.view.record).into_iter().zip(1..).find(|(s, _)| s.site_id == *id);
        at.map(|(s, number)| (number, if s.status == SiteStatus::Extended { "extended" } else { "opened" }))
    }

    /// A type of structure, where it is known.
    pub fn kind_of(self, id: &TypeId) -> Option<&'a HealthType> {
        self.view.health.and_then(|h| h.types.iter().find(|t| t.id == *id))
    }

    pub fn kind(self, id: &TypeId) -> String {
        self.kind_of(id).map_or(id.to_string(), |t| self.w.title(&t.name).to_owned())
    }

    /// A profession.
    pub fn profession(self, id: &str) -> String {
        let known = self.view.health.and_then(|h| h.professions.iter().find(|p| p.id == id));
        known.map_or(id.to_owned(), |p| self.w.title(&p.name).to_owned())
    }

    /// Whether a profession is that of GPs.
    pub fn is_gp(self, id: &str) -> bool {
        let known = self.view.health.and_then(|h| h.professions.iter().find(|p| p.id == id));
        known.map_or(id == "gp", |p| p.rank == Rank::Gp)
    }

    /// A lever.
    pub fn lever(self, id: &str) -> String {
        let known = self.view.health.and_then(|h| h.levers.iter().find(|l| l.id == id));
        known.map_or(id.to_owned(), |l| self.w.title(&l.name).to_owned())
    }

    /// Who pays.
    pub fn payer(self, id: &str) -> String {
        let known = self.view.health.and_then(|h| h.funders.iter().find(|f| f.id == id));
        match known {
            Some(funder) => self.w.title(&funder.name).to_owned(),
            None => payer(self.w, id),
        }
    }

    /// Payers in the order they are read: income, funders in their order, the owner.
    pub fn payer_order(self, id: &str) -> (u8, usize) {
        let at = |h: &maillage_programme::health::Health| h.funders.iter().position(|f| f.id == id);
        match id {
            "income" => (0, 0),
            "owner" => (2, 0),
            _ => (1, self.view.health.and_then(at).unwrap_or(usize::MAX)),
        }
    }

    /// Professions in the order of the programme.
    pub fn profession_order(self, id: &str) -> usize {
        let at = |h: &maillage_programme::health::Health| h.professions.iter().position(|p| p.id == id);
        self.view.health.and_then(at).unwrap_or(usize::MAX)
    }
}

/// A payer that is no funder.
pub(crate) fn payer(w: Words, id: &str) -> String {
    match id {
        "income" => w.t("Recettes d'activité", "Income"),
        "owner" => w.t("Porteur du projet", "Owner"),
        other => other.to_owned(),
    }
}

/// What money is for.
pub(crate) fn what(w: Words, id: &str) -> String {
    match id {
        "capital" => w.t("Investissement des ouvertures", "Capital of openings"),
        "equipment" => w.t("Équipement des postes", "Equipment of posts"),
        "running" => w.t("Fonctionnement", "Running costs"),
        "lever" => w.t("Leviers", "Levers"),
        other => other.to_owned(),
    }
}
