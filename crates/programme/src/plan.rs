//! What was decided.

use crate::{Euros, Programme, Role, SiteIx, TypeIx};
use maillage_territory::{Minutes, Persons, PlaceIx};

/// Posts at one site: a structure that opens, or an existing one that grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Staffed {
    /// Where.
    pub site: SiteIx,
    /// As which type.
    pub kind: TypeIx,
    /// Whole posts of GPs added.
    pub gps: u32,
}

/// People of one place on the lists of one site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Assignment {
    /// Where they live.
    pub from: PlaceIx,
    /// Where they are listed.
    pub site: SiteIx,
    /// How many.
    pub people: Persons,
    /// Time of travel.
    pub minutes: Minutes,
}

/// A plan of a plain location problem.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LocationPlan {
    /// Sites that open, sorted, kept ones left out.
    pub opened: Vec<SiteIx>,
    /// Everyone in scope who is served, at the nearest open site; by place.
    pub assignments: Vec<Assignment>,
}

/// A plan of a programme: openings and posts, and who is attached where. Both lists are sorted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// Structures that open or grow, by site.
    pub staffed: Vec<Staffed>,
    /// Who is attached where, by place then site.
    pub assignments: Vec<Assignment>,
}

impl Plan {
    /// People attached.
    pub fn attached(&self) -> Persons {
        self.assignments.iter().map(|a| a.people).sum()
    }

    /// People × hundredths of a minute.
    pub fn travel(&self) -> u128 {
        self.assignments.iter().map(|a| u128::from(a.people.0) * u128::from(a.minutes.hundredths())).sum()
    }

    /// What the plan costs the budget: openings and posts.
    pub fn cost(&self, programme: &Programme) -> Euros {
        self.staffed
            .iter()
            .map(|s| {
                let kind = programme.kind(s.kind);
                let opening = match programme.site(s.site).role {
                    Role::Candidate { .. } => kind.opening_eur,
                    Role::Extension { .. } | Role::Practice { .. } => Euros(0),
                };
                opening + kind.per_gp_eur * s.gps
            })
            .sum()
    }
}
