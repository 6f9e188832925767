//! What each funder is entitled to give to a project, before envelopes.

use super::{Health, HealthTypeIx, Places};
use crate::Euros;
use maillage_input::Text;
use maillage_territory::PlaceIx;

/// Limits on money; `None` is no limit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Envelope {
    /// By planned year; years beyond the end of the list have no limit.
    pub by_year: Vec<Option<Euros>>,
    /// All years together.
    pub total: Option<Euros>,
}

impl Envelope {
    /// The limit of a year (1 is the first).
    pub fn of(&self, year: u8) -> Option<Euros> {
        self.by_year.get(usize::from(year) - 1).copied().flatten()
    }
}

/// One rule of a funder. The first of its rules that fits a project applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FundingRule {
    /// Projects of these types; all when empty.
    pub types: Vec<HealthTypeIx>,
    /// Projects whose main address is here.
    pub places: Places,
    /// Only for types whose team minimum has at least this many hundredths of posts, all professions.
    pub least_posts: u32,
    /// Share of the capital, in hundredths of a percent.
    pub rate_bp: u32,
    /// Raised by this much for every whole room of the type beyond `rooms_from`, up to `rate_more_most_bp` in all.
    pub rate_more_bp: u32,
    /// Rooms from which the rate is raised.
    pub rooms_from: u32,
    /// Most the rate is raised by.
    pub rate_more_most_bp: u32,
    /// The rate applies to at most this much capital.
    pub base_cap: Option<Euros>,
    /// The share is at most this.
    pub cap: Option<Euros>,
    /// A fixed sum besides, within the same ceiling of public grants.
    pub fixed: Euros,
    /// Paid every year in which the structure is open, towards its running cost; outside the ceiling.
    pub yearly: Euros,
}

/// A funder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Funder {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: Text,
    /// Rules: the first that fits a project applies, none gives nothing.
    pub rules: Vec<FundingRule>,
    /// What it can pay, capital and yearly together. Where it does not suffice, projects are served in the order of
    /// their sites, yearly payments first; owners pay the rest.
    pub envelope: Envelope,
}

impl Funder {
    /// The rule that applies to a structure of a type at a place.
    pub fn rule(&self, health: &Health, kind: HealthTypeIx, place: PlaceIx) -> Option<&FundingRule> {
        let t = health.kind(kind);
        self.rules.iter().find(|r| {
            (r.types.is_empty() || r.types.contains(&kind))
                && r.places.contains(place)
                && t.least_posts() >= r.least_posts
        })
    }
}

/// Grants for the capital of a new structure, one sum per funder, in euros rounded down. Rates apply to the whole
/// capital (or its capped base), each is capped, and what exceeds the ceiling is cut from the last funder first.
pub fn grants(health: &Health, kind: HealthTypeIx, place: PlaceIx) -> Vec<Euros> {
    let t = health.kind(kind);
    let capital = i128::from(t.capital.0.max(0));
    let mut room = capital * i128::from(health.grants_ceiling_percent.min(100)) / 100;
    let each = |funder: &Funder| {
        let Some(rule) = funder.rule(health, kind, place) else { return 0 };
        let more = (t.rooms / 100).saturating_sub(rule.rooms_from).saturating_mul(rule.rate_more_bp);
        let rate = i128::from(rule.rate_bp) + i128::from(more.min(rule.rate_more_most_bp));
        let base = rule.base_cap.map_or(capital, |c| capital.min(i128::from(c.0)));
        let share = base * rate / 10_000;
        rule.cap.map_or(share, |c| share.min(i128::from(c.0))) + i128::from(rule.fixed.0)
    };
    // First funders first: what is left of the ceiling is what later ones can still give.
    let mut out = Vec::with_capacity(health.funders.len());
    for funder in &health.funders {
        let given = each(funder).clamp(0, room);
        room -= given;
        out.push(Euros(given as i64));
    }
    out
}
