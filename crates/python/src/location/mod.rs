//! Location problems on arrays: costs as matrices or points, plans and certificates as arrays.
//!
//! The engine counts in integers. `whole` says how numbers become integers, and whether anything is lost; what Python is told
//! is in units of the caller again (`costs`, `plane`), with the certificate and what counts it again (`solved`).

mod costs;
mod plane;
mod solved;
mod whole;

pub(crate) use costs::Costs;
pub(crate) use plane::Plane;
pub(crate) use solved::Solved;

use crate::background::Teller;
use crate::limits::Limits as Asked;
use maillage_location::{Limits, Progress};
use maillage_scenario::Event;
use std::time::Duration;

/// Limits as the engine takes them.
fn limits(asked: &Asked, teller: &Teller) -> Limits {
    let run = asked.options(teller);
    Limits {
        time: run.time_limit_s.and_then(|s| Duration::try_from_secs_f64(s).ok()),
        rel_gap: run.gap.unwrap_or(0.0),
        threads: run.threads.unwrap_or(1),
        seed: run.seed.unwrap_or(0),
        stop: run.stop,
        ..Limits::default()
    }
}

/// Tells how a search goes, in units of the caller: `units` turns whole numbers into them.
fn watch<'a>(
    goal: &'a str,
    teller: &'a Teller,
    units: impl Fn(f64) -> f64 + 'a,
) -> impl FnMut(&Progress) + 'a {
    move |p: &Progress| {
        teller.progress(&Event {
            goal: goal.to_owned(),
            elapsed: p.elapsed,
            incumbent: p.incumbent.map(&units),
            bound: p.bound.map(&units),
            gap: p.gap,
        });
    }
}
