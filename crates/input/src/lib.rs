//! Files as they come, and problems that say what to do.
//!
//! * [`InputFile`]: bytes read once, with their size and SHA-256; gzip transparent; size bounded.
//! * [`Document`]: a JSON file with the position of every value; [`Document::decode`] reports every
//!   unknown key, missing key and wrong type at once.
//! * [`Problem`], [`Problems`]: code, cause, place, remedy, in French and English.
//! * [`write_whole`], [`tidy`], [`turn`]: files written whole or not at all, and what killed runs left put right.
//! * [`Document::current`]: files of older versions of a format brought up to date, later ones refused.
//! * [`Lang`], [`Text`]: the two languages that users read.
//!
//! This crate knows neither health nor optimisation: it is the floor on which every reader stands.

mod beside;
mod code;
mod file;
mod index;
mod json;
mod lang;
mod problem;
mod shape;
mod version;

pub use beside::{folder_of, tidy, tidy_all, turn, unfinished, write_whole};
pub use code::Code;
pub use file::{InputFile, InputRecord, MAX_JSON_BYTES, MAX_TABLE_BYTES, relative, sha256_hex};
pub use json::Document;
pub use lang::{Lang, Text, comma, grouped, plural};
pub use problem::{Place, Problem, Problems, Severity};
pub use shape::{ID_PATTERN, is_identifier};
pub use version::{Step, later};
