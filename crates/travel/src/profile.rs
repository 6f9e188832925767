//! How fast one travels: a speed profile is a data file.

use maillage_input::{
    Code, Document, InputFile, InputRecord, MAX_JSON_BYTES, Problem, Problems, Text, sha256_hex,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// Profiles that come with the program: name and file.
pub const SHIPPED: [(&str, &str); 3] = [
    ("car", include_str!("../profiles/car.json")),
    ("foot", include_str!("../profiles/foot.json")),
    ("bicycle", include_str!("../profiles/bicycle.json")),
];

/// Which ways of OpenStreetMap may be used, and how fast. Keys and values of tags are those of OpenStreetMap.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Name, printed in outputs.
    pub name: String,
    /// Where the figures come from.
    pub basis: Text,
    /// Keys that allow or refuse access, the most precise first: the first that stands on a way decides.
    pub access_keys: Vec<String>,
    /// Values of those keys that allow access, even to a road that needs permission.
    pub access_granted: Vec<String>,
    /// Values of those keys that refuse access. Any other value leaves the road as it is.
    pub access_refused: Vec<String>,
    /// Tags that refuse a way, by key: values.
    #[serde(default)]
    pub refused_tags: BTreeMap<String, Vec<String>>,
    /// Values of `barrier` on a node that stop one, unless an access key grants passage.
    #[serde(default)]
    pub blocking_barriers: Vec<String>,
    /// Whether one-way streets bind.
    pub oneway_binds: bool,
    /// Tags that lift a one-way street, by key: values.
    #[serde(default)]
    pub oneway_lifted_by: BTreeMap<String, Vec<String>>,
    /// Speed limits; absent, they do not bind.
    pub limits: Option<Limits>,
    /// Roads by value of `highway`; others are not used.
    pub roads: BTreeMap<String, Road>,
    /// Greatest speeds by tag, such as the surface: key, value, km/h.
    #[serde(default)]
    pub most_kmh_by_tag: BTreeMap<String, BTreeMap<String, f64>>,
    /// Seconds for passing a junction of at least three roads that are not minor, half on either side of it.
    #[schemars(range(min = 0, max = 300))]
    pub junction_s: f64,
    /// Seconds for passing traffic lights; at a junction they stand in for `junction_s`.
    #[schemars(range(min = 0, max = 300))]
    pub traffic_signals_s: f64,
    /// Ferries; absent, they are not used.
    pub ferry: Option<Ferry>,
    /// Speed in km/h from a place to the nearest road, as the crow flies.
    #[schemars(range(min = 0.1, max = 200))]
    pub off_road_kmh: f64,
}

/// What speed limits do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Speed of travel over the limit where there is one.
    #[schemars(range(min = 0.1, max = 1))]
    pub share: f64,
    /// A limit up to this one, in km/h, marks a built-up area.
    #[schemars(range(min = 0, max = 200))]
    pub urban_up_to_kmh: f64,
    /// What a built-up area makes of the speed, on top of `share`.
    #[schemars(range(min = 0.1, max = 1))]
    pub urban_factor: f64,
    /// Limits in km/h that words stand for, such as `FR:rural`; `*:rural` is that of any other country.
    pub words_kmh: BTreeMap<String, f64>,
}

/// A kind of road.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Road {
    /// Speed in km/h where no limit is known, or none binds.
    #[schemars(range(min = 0.1, max = 200))]
    pub default_kmh: f64,
    /// Speed in km/h that is not exceeded, whatever the limit; absent, that is `default_kmh`.
    #[schemars(range(min = 0.1, max = 200))]
    pub most_kmh: Option<f64>,
    /// Seconds for passing a junction on this kind of road, where they differ.
    #[schemars(range(min = 0, max = 300))]
    pub junction_s: Option<f64>,
    /// Whether it is too small to make a junction of the place where it meets a larger one.
    #[serde(default)]
    pub minor: bool,
    /// Whether no place lies on it, as on a motorway.
    #[serde(default)]
    pub no_stopping: bool,
    /// Whether it is used only where an access key grants it.
    #[serde(default)]
    pub needs_permission: bool,
}

/// Ferries (`route=ferry`).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ferry {
    /// Speed in km/h where the crossing has no `duration`.
    #[schemars(range(min = 0.1, max = 100))]
    pub default_kmh: f64,
    /// Seconds for boarding and landing, half at either end.
    #[schemars(range(min = 0, max = 86400))]
    pub boarding_s: f64,
}

impl Profile {
    /// A shipped profile by its name, or else the profile in a file.
    ///
    /// # Errors
    /// E1xx and E2xx, with the position in the file; E207 names what is shipped when there is no such file.
    pub fn load(name_or_file: &str) -> Result<(Profile, InputRecord), Problems> {
        if let Some((name, text)) = SHIPPED.iter().find(|(name, _)| *name == name_or_file) {
            let (bytes, sha256) = (text.len() as u64, sha256_hex(text.as_bytes()));
            let record = InputRecord { path: (*name).to_owned(), bytes, sha256 };
            return Ok((Profile::decode(&Document::parse(name, text)?)?, record));
        }
        let file = InputFile::read(Path::new(name_or_file), MAX_JSON_BYTES).map_err(|p| {
            let remedy =
                Text::new("donner car, foot, bicycle, ou un fichier", "give car, foot, bicycle, or a file");
            if p.code == Code::FileNotFound { p.remedy(remedy) } else { p }
        })?;
        Ok((Profile::decode(&Document::new(&file)?)?, file.record))
    }

    /// The profile in a file that was read.
    ///
    /// # Errors
    /// E2xx, with the position in the file.
    pub fn decode(document: &Document) -> Result<Profile, Problems> {
        let profile: Profile = document.decode()?;
        profile.check(document)?;
        Ok(profile)
    }

    /// What the schema cannot say.
    fn check(&self, document: &Document) -> Result<(), Problems> {
        let mut problems = Problems::new();
        let mut wrong = |pointer: &str, value: f64, fr: &str, en: &str| {
            problems.push(
                Problem::error(Code::OutOfRange, Text::new(fr, en))
                    .at(document.place(pointer))
                    .value(value.to_string())
                    .remedy(Text::new("corriger la vitesse", "mend the speed")),
            );
        };
        if self.roads.len() > MAX_ROADS {
            wrong(
                "/roads",
                self.roads.len() as f64,
                "plus de 200 genres de route",
                "more than 200 kinds of road",
            );
        }
        for (name, road) in &self.roads {
            if let Some(most) = road.most_kmh.filter(|&most| most < road.default_kmh) {
                let pointer = format!("/roads/{name}/most_kmh");
                wrong(&pointer, most, "plus petit que default_kmh", "less than default_kmh");
            }
        }
        let limits = self.limits.iter().flat_map(|l| &l.words_kmh).map(|(word, &kmh)| {
            (format!("/limits/words_kmh/{}", word.replace('~', "~0").replace('/', "~1")), kmh)
        });
        let tags = self.most_kmh_by_tag.iter().flat_map(|(key, values)| {
            values.iter().map(move |(value, &kmh)| (format!("/most_kmh_by_tag/{key}/{value}"), kmh))
        });
        for (pointer, kmh) in limits.chain(tags) {
            if !(0.1..=200.0).contains(&kmh) {
                wrong(&pointer, kmh, "entre 0,1 et 200 km/h attendus", "between 0.1 and 200 km/h expected");
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

/// Kinds of road are counted in a byte.
const MAX_ROADS: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_profiles_are_in_order() {
        for (name, _) in SHIPPED {
            let (profile, record) = Profile::load(name).unwrap();
            assert_eq!((profile.name.as_str(), record.sha256.len()), (name, 64));
        }
    }

    #[test]
    fn faults_are_said_with_their_place() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("mine.json");
        let text = SHIPPED[0].1;
        let load = |text: &str| {
            std::fs::write(&path, text).unwrap();
            Profile::load(path.to_str().unwrap()).unwrap_err().iter().map(|p| p.code).collect::<Vec<_>>()
        };
        assert_eq!(load(&text.replace("\"junction_s\": 2,", "\"junction_s\": -2,")), [Code::OutOfRange]);
        assert_eq!(load(&text.replace("\"FR:rural\": 80", "\"FR:rural\": 8000")), [Code::OutOfRange]);
        assert_eq!(load(&text.replace("\"name\"", "\"nom\"")), [Code::MissingKey, Code::UnknownKey]);
        assert_eq!(load(""), [Code::FileEmpty]);
        assert_eq!(Profile::load("horse").unwrap_err().iter().next().unwrap().code, Code::FileNotFound);
    }
}
