//! Existing structures.

use crate::file::{StructuresFile, StructuresFiles, StructuresFormat};
use crate::join::{Codes, Found, no_match, split, without_code};
use crate::reader::Reader;
use crate::table::{Column, Row, Want};
use crate::{LonLat, PlaceIx, SiteId, finess, refuse};
use maillage_input::{Code, Problem, Text};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What an existing structure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
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
    /// Every kind.
    pub const ALL: [StructureKind; 4] =
        [StructureKind::Pole, StructureKind::Msp, StructureKind::Centre, StructureKind::Hospital];

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

/// Reads every table of structures; identifiers are unique over all.
pub(crate) fn read(files: &StructuresFiles, codes: &Codes, reader: &mut Reader) -> Vec<Structure> {
    let mut by_id: BTreeMap<SiteId, Structure> = BTreeMap::new();
    match files {
        StructuresFiles::One(file) => read_one(file, "/structures", &mut by_id, codes, reader),
        StructuresFiles::Several(files) => {
            for (i, file) in files.iter().enumerate() {
                read_one(file, &format!("/structures/{i}"), &mut by_id, codes, reader);
            }
        }
    }
    by_id.into_values().collect()
}

fn read_one(
    file: &StructuresFile,
    pointer: &str,
    by_id: &mut BTreeMap<SiteId, Structure>,
    codes: &Codes,
    reader: &mut Reader,
) {
    let finess = file.format == StructuresFormat::Finess;
    let want = match file.format {
        StructuresFormat::Csv => Want::new(&file.table, pointer, columns()),
        StructuresFormat::Finess => finess::want(&file.table, pointer),
    };
    let Some(table) = reader.table(&want) else { return };
    let (mut left_out, mut elsewhere, before, mut rows) = (Vec::new(), false, by_id.len(), 0);
    for row in table.rows() {
        let Some(kind) = kind(&row, file, reader) else { continue };
        rows += 1;
        let code = finess::commune(&row);
        let place = match codes.find(&code) {
            Found::Place(ix) => Some(ix),
            Found::Elsewhere if finess => {
                elsewhere = true;
                continue;
            }
            Found::NoCode if finess => {
                left_out.push(row.ix());
                continue;
            }
            Found::Split(_) => {
                reader.problems.push(split(&row, "code_commune", &code));
                continue;
            }
            // Outside the territory, known by its position.
            _ if row.get("code_commune").is_empty() && !finess => None,
            _ => match codes.place(&row, "code_commune", reader) {
                Some(ix) => Some(ix),
                None => continue,
            },
        };
        if let Some(structure) = structure(&row, kind, place, reader)
            && let Some(twice) = by_id.insert(structure.site_id.clone(), structure)
        {
            reader.problems.push(
                Problem::error(
                    Code::DuplicateCode,
                    Text::new("identifiant en double", "identifier stands twice"),
                )
                .at(row.at("site_id"))
                .value(twice.site_id.as_str())
                .remedy(Text::new("n'en garder qu'un", "keep one of them")),
            );
        }
    }
    if let Some(&first) = left_out.first() {
        reader.problems.push(without_code(&table.row(first), left_out.len(), rows));
    }
    if elsewhere && by_id.len() == before {
        reader.problems.push(no_match(table.file()));
    }
}

fn columns() -> Vec<Column> {
    let required = ["site_id", "structure_id", "name", "kind"].map(Column::required);
    let optional = ["lon", "lat", "emergency"].map(Column::optional);
    required.into_iter().chain([Column::commune()]).chain(optional).collect()
}

/// What a row stands for; `None` when it is not to be read, or not known.
fn kind(row: &Row, file: &StructuresFile, reader: &mut Reader) -> Option<StructureKind> {
    let word = row.get("kind");
    if !file.kinds.is_empty() {
        return file.kinds.get(word).copied();
    }
    if file.format == StructuresFormat::Finess {
        return finess::kind(word);
    }
    let known = StructureKind::ALL.into_iter().find(|k| k.as_str() == word);
    if known.is_none() {
        let words = StructureKind::ALL.map(StructureKind::as_str).join(", ");
        reader.problems.push(row.bad_word("kind", &words));
    }
    known
}

fn structure(
    row: &Row,
    kind: StructureKind,
    place: Option<PlaceIx>,
    reader: &mut Reader,
) -> Option<Structure> {
    // In FINESS every establishment is a structure.
    let structure_id = match row.get("structure_id") {
        "" => row.get("site_id"),
        id => id,
    };
    let (Ok(site_id), Ok(structure_id)) = (SiteId::new(row.get("site_id")), SiteId::new(structure_id)) else {
        let problem = Problem::error(
            Code::BadCode,
            Text::new("identifiant vide ou mal formé", "empty or malformed identifier"),
        );
        let value = format!("{}, {}", row.get("site_id"), row.get("structure_id"));
        let remedy = Text::new("lettres, chiffres et tirets", "letters, digits and hyphens");
        return refuse(&mut reader.problems, problem.at(row.at("site_id")).value(value).remedy(remedy));
    };
    Some(Structure {
        site_id,
        structure_id,
        name: row.get("name").to_owned(),
        kind,
        place,
        point: row.point(&mut reader.problems),
        emergency: match row.get("emergency") {
            "1" => Some(true),
            "0" => Some(false),
            _ => None,
        },
    })
}
