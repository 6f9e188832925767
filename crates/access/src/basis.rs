//! What parameters rest on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a set of parameters rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// A source that is named states it.
    Sourced,
    /// An assumption: results that use it say so.
    Assumed,
}
