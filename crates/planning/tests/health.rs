//! Health programmes: one small case for each rule and feature, whose answer by hand changes when the rule goes; and
//! plans and money against brute force by code that shares nothing with the planning.
#![allow(clippy::unwrap_used, reason = "a test that panics fails")]

#[path = "health/brute.rs"]
mod brute;
#[path = "health/clashes.rs"]
mod clashes;
#[path = "health/closing.rs"]
mod closing;
#[path = "health/futures.rs"]
mod futures;
#[path = "health/goals.rs"]
mod goals;
#[path = "health/money.rs"]
mod money;
#[path = "health/oracle.rs"]
mod oracle;
#[path = "health/people.rs"]
mod people;
#[path = "health/posts.rs"]
mod posts;
#[path = "health/rules.rs"]
mod rules;
#[path = "support/second.rs"]
mod second;
#[path = "health/sites.rs"]
mod sites;
#[path = "health/support.rs"]
mod support;
#[path = "health/tiny.rs"]
mod tiny;
