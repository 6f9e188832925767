//! What an explanation says: the content of the JSON that `maillage explain` writes.

use maillage_input::Text;
use maillage_programme::{Clash, Euros, GoalRecord, Hundredths, SiteStatus, Status};
use maillage_territory::{PlaceId, SiteId, TypeId};
use serde::Serialize;

/// Why a plan is as it is, or why there is none. Every difference is between two solved plans.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// Version of this format.
    pub schema_version: u32,
    /// Version of the program.
    pub maillage_version: String,
    /// Name of the scenario.
    pub scenario: String,
    /// Its title.
    pub title: Text,
    /// `siting` or `programme`.
    pub problem: String,
    /// What is claimed of the plan that is explained.
    pub status: Status,
    /// Its goals.
    pub goals: Vec<GoalRecord>,
    /// What opens or stands in it.
    pub sites: Vec<Decision>,
    /// One for each site that was asked about.
    pub explained: Vec<SiteExplanation>,
    /// One for each rule, when prices were asked for.
    pub prices: Vec<Price>,
    /// Rules that clash and how to get out of it, when no plan keeps every rule.
    pub infeasible: Option<WayOut>,
    /// Scenarios that were solved, the explained one included unless its result was given.
    pub solves: u32,
    /// Whether it was interrupted before everything was explained.
    pub interrupted: bool,
}

/// A structure in a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// Identifier of the site.
    pub site_id: SiteId,
    /// Code of its place.
    pub code_commune: PlaceId,
    /// Name of its place.
    pub name: String,
    /// Opened, extended or existing.
    pub status: SiteStatus,
    /// Its type.
    pub structure_type: Option<TypeId>,
    /// GPs; in a programme those of the last year of the first future.
    pub gps: Hundredths,
    /// Calendar year of its opening; only in programmes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opens: Option<u16>,
}

/// Why one site is in or out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SiteExplanation {
    /// Identifier.
    pub site_id: SiteId,
    /// Code of its place.
    pub code_commune: PlaceId,
    /// Name of its place.
    pub name: String,
    /// What stands there in the plan; `null` where it is closed.
    pub now: Option<Decision>,
    /// What was computed of it.
    pub facts: Vec<Text>,
    /// What was solved besides: the site `forbidden` where it is open, `forced` where it is closed, or `nothing`.
    pub instead: &'static str,
    /// What came of it; `null` where what stands today would have to grow, which a scenario cannot ask for.
    pub outcome: Option<Outcome>,
}

/// What a changed scenario gives, against the plan that is explained.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outcome {
    /// What is claimed of its plan.
    pub status: Status,
    /// Goal by goal.
    pub goals: Vec<Difference>,
    /// Money of the changed plan minus money of the plan.
    pub cost_difference_eur: Option<Euros>,
    /// Structures that are not the same in both.
    pub changes: Vec<Change>,
    /// People who lose their list, in all and by place, most first. In a programme: in the last year of the first future.
    pub losing: Moves,
    /// People who gain one.
    pub gaining: Moves,
    /// Rules that clash, where the changed scenario has no plan.
    pub clash: Vec<Clash>,
}

/// People of places who gain or lose a list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Moves {
    /// In all places.
    pub people: u64,
    /// The places with most of them.
    pub places: Vec<PlaceMove>,
}

/// People of one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlaceMove {
    /// Code.
    pub code_commune: PlaceId,
    /// Name.
    pub name: String,
    /// How many.
    pub people: u64,
}

/// A structure that is not the same in two plans.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// In the plan; `null` where it is not open.
    pub before: Option<Decision>,
    /// In the plan of the changed scenario.
    pub after: Option<Decision>,
}

/// One goal in two plans: the changed one minus the one explained.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// The goal of the changed plan, with its own bound.
    pub goal: GoalRecord,
    /// Value in the plan that is explained.
    pub before: Hundredths,
    /// Value in the plan of the changed scenario.
    pub after: Hundredths,
    /// `after − before`.
    pub difference: Hundredths,
    /// Proven: the difference between the best plans of both is at least this. `null` where an earlier goal is not
    /// proven, as then nothing is.
    pub low: Option<Hundredths>,
    /// Proven: and at most this.
    pub high: Option<Hundredths>,
}

impl Difference {
    /// Whether the difference is proven to be what the two plans say.
    pub fn is_exact(&self) -> bool {
        self.low.is_some() && self.low == self.high
    }
}

/// What one rule costs: the scenario solved without it, and with one more unit of what it limits.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Price {
    /// The rule.
    pub rule: Clash,
    /// What the plan leaves of it, in its unit; `null` where it is no limit on a quantity.
    pub left: Option<Figure>,
    /// The scenario without it; `null` for rooms, which nothing can be without.
    pub without: Option<Outcome>,
    /// The scenario with one more step; `null` where the rule is proven to cost nothing, or has no number.
    pub one_more: Option<OneMore>,
}

/// A number of a rule with its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// How much.
    pub value: Hundredths,
    /// In what.
    pub unit: Unit,
}

/// What the number of a rule counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Euros.
    Eur,
    /// GPs.
    Gps,
    /// Posts in full-time equivalents.
    Fte,
    /// Sites or structures.
    Sites,
    /// Rooms.
    Rooms,
    /// Minutes.
    Minutes,
    /// Percent.
    Percent,
    /// Posts of some professions for each of others.
    PerPost,
}

/// One more step of something scarce.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OneMore {
    /// The number that changes.
    pub change: NumberChange,
    /// What it brings.
    pub outcome: Outcome,
}

/// A change to the scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NumberChange {
    /// JSON pointer of the number, or of what is dropped, in the scenario file.
    pub pointer: String,
    /// The number now; `null` where something is dropped.
    pub from: Option<Figure>,
    /// The number then; `null` where something is dropped.
    pub to: Option<Figure>,
    /// In words.
    pub text: Text,
}

/// Why there is no plan, and what would make one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WayOut {
    /// A smallest set of rules that clash: drop any one and the others can be kept.
    pub clash: Vec<Clash>,
    /// Changes of one rule, each of which is enough.
    pub relaxations: Vec<Relaxation>,
    /// Rules of the clash whose change alone is not enough, as other rules clash too or a law forbids to go further.
    pub not_enough: Vec<Clash>,
    /// Changes of several rules that are enough together, where none is enough alone.
    pub together: Option<Relaxation>,
    /// Feasibility problems that were solved to find these.
    pub probes: u32,
}

/// A way out: each change is the smallest that will do, the others being made.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Relaxation {
    /// What to change.
    pub changes: Vec<NumberChange>,
    /// The relaxed scenario, solved.
    pub status: Status,
    /// Its goals.
    pub goals: Vec<GoalRecord>,
    /// What it costs.
    pub cost_eur: Option<Euros>,
    /// What opens or stands.
    pub sites: Vec<Decision>,
    /// For each rule of coverage among the changes: who stays farther than the rule asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub beyond: Vec<Beyond>,
}

/// People farther than a time from any open address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Beyond {
    /// The time, in minutes.
    pub minutes: Hundredths,
    /// Calendar year.
    pub year: u16,
    /// Places, all of them.
    pub communes: u64,
    /// Their people, and the places with most.
    pub far: Moves,
}

impl Explanation {
    /// The explanation as JSON.
    pub fn json(&self) -> String {
        // Plain structures with text keys: nothing can fail.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}
