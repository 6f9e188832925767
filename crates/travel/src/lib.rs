//! Travel times from real roads.
//!
//! An OpenStreetMap extract and a speed profile make a [`graph::RoadGraph`]; places are snapped to it; times between
//! many places at once come from contraction hierarchies, held against Dijkstra's algorithm. Tables that other engines
//! made are imported. A table of any of these says how far off a territory's proxy is.

#![warn(missing_docs)]

pub mod cache;
pub mod calibrate;
pub mod dijkstra;
pub mod graph;
pub mod hierarchy;
pub mod import;
pub mod many;
pub mod pbf;
pub mod places;
mod problem;
pub mod profile;
pub mod roads;
mod rows;
pub mod run;
pub mod snap;
pub mod table;
