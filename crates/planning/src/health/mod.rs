//! The health programme: formulation, plan, bound.
//!
//! ```text
//! sets      i places, s sites (lists), o = (s, type), p posts of a type, y years, f futures
//! decisions open[o,y] whole, rising (falling where an existing structure may close)     levers, duty points whole
//!           hire[f,o,p,y] whole steps of a post     sessions[f,lead,s,y] whole     paid[f,funder,y]
//!           x[f,y,i,s] people beyond those who stay on their list
//! posts     Σ_c filled[y-c]·hire[c] ≤ most·open[y]; Σ_c step·hire[c] ≥ least·open[y]; Σ rooms·filled ≤ rooms
//! pools     Σ step·hire[y] ≤ pool[y] + what levers and open structures add
//! lists     Σ_i x[i,s] + kept[s] + given ≤ today + Σ_c list[y-c]·hire[c] + received     Σ_s x[i,s] ≤ people[i,y]-kept[i]
//! leads     open[o,y] ≤ Σ open leads within the time
//! money     owner[y] = costs - income - paid ≤ envelope; paid ≤ what open projects are entitled to, ≤ envelope
//! goals     one after the other, each kept within its tolerance; over futures the expected or the worst value
//! ```
//!
//! Tables of `filled`, `list` and euros by years since hiring are whole numbers ([`maillage_programme::health::Tables`]),
//! so every rule is. The solver decides; people are then assigned anew by an exact least-cost flow, every rule is
//! verified in integers and every goal recomputed before a plan is believed.
//!
//! Places that reach the same lists are one place to the solver where a goal counts people and not their time, and
//! lists at the same addresses are one list.

mod clash;
mod formulation;
mod goals;
mod money;
mod people;
mod read;
mod rules;
mod search;
mod solve;
mod trips;
mod values;
mod verify;
mod world;
mod worth;

pub use clash::{HealthClash, health_clash, health_decisions, health_rules};
pub use solve::{HealthSolved, SeekOutcome, SolvedHealth, plain_model, solve_health};
pub use worth::{Delay, Order, Worth};
