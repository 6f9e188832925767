//! Programme → formulation → plan, with its bound; and why a programme cannot be met.
//!
//! ```text
//! sets      i places where people live, p places with a site, s sites, t structure types
//! data      n[i] people, time[i,p], C[p] lists of the practices of p, L[t] list of a GP in a type
//! decisions y[s,t] 1 if candidate s opens as t      g[s,t] GP posts at s (whole)
//!           x[i,p] people of i on lists at p
//! team      min[t]·y[s,t] ≤ g[s,t] ≤ max[t]·y[s,t]       one structure per site: Σ_t y[s,t] ≤ 1
//! limits    Σ y ≤ sites; Σ g ≤ pool; Σ opening·y + post·g ≤ budget; y = 1 where forced
//! lists     Σ_i x[i,p] ≤ C[p] + Σ_{s at p} L[t]·g[s,t]    Σ_p x[i,p] ≤ n[i]
//! strong    x[i,p] ≤ n[i]·Σ_t y[s,t] where p has no other list (tightens the relaxation)
//! goals     first Σ x, then Σ time·x with Σ x at its best
//! ```
//!
//! Among plans that are equal on every goal any may be returned, the same one for the same seed: money and posts
//! that gain nothing are not a goal yet.
//!
//! Sites of one place are one address for travel, so people are shared among them only once the plan is
//! known. Once `y` and `g` are whole, what is left is a transportation problem, whose vertices are whole:
//! the assignment is solved again with the decisions fixed, rounded, and verified in integers before it is
//! believed ([`solve`]).

mod aside;
mod assign;
mod clash;
mod cut;
mod flow;
mod formulation;
mod frontier;
mod health;
mod solve;

pub use aside::{Apart, Aside};
pub use clash::{Rule, decide, decisions, rules};
pub use frontier::{Frontier, FrontierPoint, differ_in_limits_only, frontier};
pub use health::{
    Delay, HealthClash, HealthSolved, Order, SeekOutcome, SolvedHealth, Worth, health_clash,
    health_decisions, health_rules, plain_model, solve_health,
};
pub use solve::{
    GoalOutcome, GoalStatus, Options, Solved, SolvedPlan, Watch, siting_model, solve, solve_aside,
};
