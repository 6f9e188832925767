//! Whether a programme speaks of its territory and of itself: every later index relies on it.

use crate::violation::{Findings, Rule};
use maillage_programme::SiteIx;
use maillage_programme::health::{
    Future, Health, HealthRule, HealthType, HealthTypeIx, PoolIx, ProfessionIx, Standing,
};
use maillage_territory::{PlaceIx, Territory};
use std::collections::BTreeSet;
use std::fmt::Display;

/// Longest programme, in years.
const MOST_YEARS: u8 = 10;

/// Records what does not fit; whether all does.
pub(crate) fn fits(territory: &Territory, health: &Health, found: &mut Findings) -> bool {
    let size = Size {
        places: territory.places.len(),
        sites: health.sites.len(),
        types: health.types.len(),
        professions: health.professions.len(),
        pools: health.pools.len(),
        years: usize::from(health.years),
    };
    let parts = [
        ("years", size.years_fit(health)),
        ("people", size.people_fit(health)),
        ("types", health.types.iter().all(|t| size.type_fits(t))),
        ("sites", size.sites_fit(health)),
        ("pools", size.pools_fit(health)),
        ("rules", health.rules.iter().all(|r| size.rule_fits(r))),
        ("goals", !health.goals.is_empty() && health.goals.iter().all(|g| !g.terms.is_empty())),
        ("futures", size.futures_fit(health)),
        ("duty", size.duty_fits(health)),
        ("names", names_fit(health)),
    ];
    for (part, _) in parts.iter().filter(|(_, fits)| !fits) {
        found.add(Rule::TaskMismatch, "result.json /territory", part, size.places);
    }
    parts.iter().all(|(_, fits)| *fits)
}

struct Size {
    places: usize,
    sites: usize,
    types: usize,
    professions: usize,
    pools: usize,
    years: usize,
}

impl Size {
    fn place(&self, ix: &PlaceIx) -> bool {
        (ix.0 as usize) < self.places
    }

    fn site(&self, ix: &SiteIx) -> bool {
        (ix.0 as usize) < self.sites
    }

    fn kind(&self, ix: &HealthTypeIx) -> bool {
        usize::from(ix.0) < self.types
    }

    fn profession(&self, ix: &ProfessionIx) -> bool {
        usize::from(ix.0) < self.professions
    }

    fn pool(&self, ix: &PoolIx) -> bool {
        usize::from(ix.0) < self.pools
    }

    /// Years that have a number, today's included.
    fn years_fit(&self, health: &Health) -> bool {
        let last = health.first_year.checked_add(u16::from(health.years));
        (1..=MOST_YEARS).contains(&health.years) && health.first_year > 0 && last.is_some()
    }

    fn people_fit(&self, health: &Health) -> bool {
        let access = health.access.iter().all(|a| {
            [a.inhabitants.len(), a.standard_people.len(), a.known.len()].iter().all(|n| *n == self.places)
        });
        access
            && health.people.len() == self.years + 1
            && health.people.iter().all(|year| year.len() == self.places)
    }

    /// Posts with a step and a profession that are told apart by profession and mode.
    fn type_fits(&self, t: &HealthType) -> bool {
        let kinds: BTreeSet<_> = t.posts.iter().map(|p| (p.profession, p.mode)).collect();
        kinds.len() == t.posts.len()
            && t.posts.iter().all(|p| self.profession(&p.profession) && p.step.hundredths() > 0)
            && t.lead.iter().all(|l| l.types.iter().all(|k| self.kind(k)))
            && t.attracts.iter().all(|(pool, _)| self.pool(pool))
    }

    fn sites_fit(&self, health: &Health) -> bool {
        health.sites.iter().all(|site| {
            let stands = match &site.standing {
                Standing::Practice => true,
                Standing::Existing(e) => {
                    self.kind(&e.kind) && health.types[usize::from(e.kind.0)].posts.len() == e.posts.len()
                }
                Standing::Candidate { types, committed, .. } => {
                    let settled = committed.and_then(|c| c.kind);
                    types.iter().chain(&settled).all(|k| self.kind(k))
                }
            };
            stands && !site.addresses.is_empty() && site.addresses.iter().all(|a| self.place(a))
        })
    }

    fn pools_fit(&self, health: &Health) -> bool {
        health.pools.iter().all(|p| self.profession(&p.profession))
            && health.levers.iter().all(|l| l.adds.iter().all(|(pool, _)| self.pool(pool)))
            && health.funders.iter().flat_map(|f| &f.rules).all(|r| r.types.iter().all(|k| self.kind(k)))
    }

    fn rule_fits(&self, rule: &HealthRule) -> bool {
        let types = |types: &[HealthTypeIx]| types.iter().all(|k| self.kind(k));
        let professions = |list: &[ProfessionIx]| list.iter().all(|p| self.profession(p));
        match rule {
            HealthRule::Count { types: t, .. }
            | HealthRule::Spacing { types: t, .. }
            | HealthRule::Coverage { types: t, .. } => types(t),
            HealthRule::Exclusive { sites, .. } => sites.iter().all(|s| self.site(s)),
            HealthRule::Posts { types: t, professions: p, .. } => types(t) && professions(p),
            HealthRule::Ratio { types: t, of, per, .. } => types(t) && professions(of) && professions(per),
            HealthRule::Attached { .. } => true,
        }
    }

    /// Every practice has numbers in every year of every future.
    fn futures_fit(&self, health: &Health) -> bool {
        let practices = |f: &Future| {
            health
                .sites()
                .filter(|(_, s)| matches!(s.standing, Standing::Practice))
                .all(|(ix, _)| f.practices.get(&ix).is_some_and(|years| years.len() == self.years + 1))
        };
        !health.futures.is_empty() && health.futures.iter().all(practices)
    }

    fn duty_fits(&self, health: &Health) -> bool {
        health
            .duty
            .iter()
            .all(|d| d.types.iter().all(|k| self.kind(k)) && d.fixed.iter().all(|p| self.place(p)))
    }
}

/// Every name stands once.
fn names_fit(health: &Health) -> bool {
    fn once(names: impl Iterator<Item = impl Display>) -> bool {
        let mut seen = BTreeSet::new();
        names.map(|n| n.to_string()).all(|n| seen.insert(n))
    }
    once(health.sites.iter().map(|s| &s.id))
        && once(health.types.iter().map(|t| &t.id))
        && once(health.professions.iter().map(|p| &p.id))
        && once(health.pools.iter().map(|p| &p.id))
        && once(health.levers.iter().map(|l| &l.id))
        && once(health.funders.iter().map(|f| &f.id))
        && once(health.futures.iter().map(|f| &f.id))
}
