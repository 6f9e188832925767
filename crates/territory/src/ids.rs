//! Identifiers: text at the border, dense indices inside.

use maillage_input::{ID_PATTERN, is_identifier};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a text is not an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadId;

impl fmt::Display for BadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "an identifier has 1 to 64 letters without accents, digits, `-`, `_`, `.` or `:`, the first a letter or digit",
        )
    }
}

impl std::error::Error for BadId {}

macro_rules! id {
    ($name:ident, $doc:literal) => {
        #[doc = $doc]
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(try_from = "String", into = "String")]
        #[schemars(extend("pattern" = ID_PATTERN))]
        pub struct $name(String);

        impl $name {
            /// A checked identifier.
            ///
            /// # Errors
            /// When the text is empty, too long, or holds anything but letters, digits and `-_.:`.
            pub fn new(text: &str) -> Result<Self, BadId> {
                if is_identifier(text) { Ok($name(text.to_owned())) } else { Err(BadId) }
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadId;
            fn try_from(text: String) -> Result<Self, BadId> {
                $name::new(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(PlaceId, "Code of a place: INSEE commune code (`42187`, `2A004`), never a number.");
id!(SiteId, "Identifier of a site: an address where care is or could be given.");
id!(TypeId, "Identifier of a structure type within a scenario.");
id!(Profession, "A profession: `gp`, `nurse`, `physio`, `midwife`, `dentist` or any other word.");
id!(PeriodId, "A duty period: `evening`, `deep-night` or any other word.");
id!(ScenarioId, "Short name of a scenario: stands in file names and in every row.");

impl Profession {
    /// General practitioners.
    pub fn gp() -> Profession {
        Profession("gp".to_owned())
    }
}

/// Dense index of a place within one territory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceIx(pub u32);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_text() {
        assert_eq!(PlaceId::new("01001").unwrap().as_str(), "01001");
        for bad in ["", " ", "a b", "=cmd", "a,b", "<x>", "../a", "a/b", ".", &"9".repeat(65), "a\n"] {
            assert_eq!(PlaceId::new(bad), Err(BadId), "{bad:?}");
        }
    }
}
