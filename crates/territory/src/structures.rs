//! Existing structures.

use crate::table::Table;
use crate::{LonLat, PlaceId, PlaceIx, SiteId, read_or_push};
use maillage_input::{Code, InputRecord, MAX_TABLE_BYTES, Problem, Problems, Text};
use std::collections::BTreeMap;
use std::path::Path;

/// What an existing structure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StructureKind {
    /// Multi-site team without common premises.
    Pole,
    /// Multi-professional health house.
    Msp,
    /// Salaried health centre.
    Centre,
    /// Hospital.
    Hospital,
}

impl StructureKind {
    /// The word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            StructureKind::Pole => "pole",
            StructureKind::Msp => "msp",
            StructureKind::Centre => "centre",
            StructureKind::Hospital => "hospital",
        }
    }
}

/// One address of an existing structure; a pôle has several with one `structure_id`.
#[derive(Debug, Clone, PartialEq)]
pub struct Structure {
    /// Identifier of the address.
    pub site_id: SiteId,
    /// Identifier of the structure.
    pub structure_id: SiteId,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: StructureKind,
    /// The place it stands in, when that belongs to the territory.
    pub place: Option<PlaceIx>,
    /// Position.
    pub point: Option<LonLat>,
    /// Whether it has an emergency unit; `None` is unknown.
    pub emergency: Option<bool>,
}

pub(crate) fn read(
    path: &Path,
    index: &BTreeMap<PlaceId, PlaceIx>,
    inputs: &mut Vec<InputRecord>,
    problems: &mut Problems,
) -> Vec<Structure> {
    let mut by_id: BTreeMap<SiteId, Structure> = BTreeMap::new();
    let Some(table) = read_or_push(path, MAX_TABLE_BYTES, inputs, problems).and_then(|f| {
        Table::read(
            &f,
            &["site_id", "structure_id", "name", "kind", "code_commune"],
            &["lon", "lat", "emergency"],
            problems,
        )
    }) else {
        return Vec::new();
    };
    for row in table.rows() {
        let (Ok(site_id), Ok(structure_id)) =
            (SiteId::new(row.get("site_id")), SiteId::new(row.get("structure_id")))
        else {
            problems.push(
                Problem::error(
                    Code::BadCode,
                    Text::new("identifiant vide ou mal formé", "empty or malformed identifier"),
                )
                .at(row.at("site_id"))
                .value(format!("{}, {}", row.get("site_id"), row.get("structure_id")))
                .remedy(Text::new("lettres, chiffres et tirets", "letters, digits and hyphens")),
            );
            continue;
        };
        let kind = match row.get("kind") {
            "pole" => StructureKind::Pole,
            "msp" => StructureKind::Msp,
            "centre" => StructureKind::Centre,
            "hospital" => StructureKind::Hospital,
            other => {
                problems.push(
                    Problem::error(
                        Code::UnknownVariant,
                        Text::new("type de structure inconnu", "unknown kind of structure"),
                    )
                    .at(row.at("kind"))
                    .value(other)
                    .remedy(Text::new(
                        "choisir parmi pole, msp, centre, hospital",
                        "choose among pole, msp, centre, hospital",
                    )),
                );
                continue;
            }
        };
        let place = if row.get("code_commune").is_empty() {
            None
        } else {
            match row.place("code_commune", index, problems) {
                Some(ix) => Some(ix),
                None => continue,
            }
        };
        let point = match (row.degrees("lon", 180.0, problems), row.degrees("lat", 90.0, problems)) {
            (Some(lon), Some(lat)) => Some(LonLat { lon, lat }),
            _ => None,
        };
        let emergency = match row.get("emergency") {
            "1" => Some(true),
            "0" => Some(false),
            _ => None,
        };
        let structure = Structure {
            site_id: site_id.clone(),
            structure_id,
            name: row.get("name").to_owned(),
            kind,
            place,
            point,
            emergency,
        };
        if by_id.insert(site_id.clone(), structure).is_some() {
            problems.push(
                Problem::error(
                    Code::DuplicateCode,
                    Text::new("identifiant en double", "identifier stands twice"),
                )
                .at(row.at("site_id"))
                .value(site_id.as_str())
                .remedy(Text::new("n'en garder qu'un", "keep one of them")),
            );
        }
    }
    by_id.into_values().collect()
}
