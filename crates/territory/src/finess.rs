//! FINESS, the register of establishments.

use crate::StructureKind;
use crate::file::TableFile;
use crate::table::{Column, Preset, Row, Unnamed, Want};
use std::borrow::Cow;

/// Columns of a record `structureet` of the extract `etalab-cs1100502`, after the type of record.
const NAMES: [&str; 31] = [
    "nofinesset",
    "nofinessej",
    "rs",
    "rslongue",
    "complrs",
    "compldistrib",
    "numvoie",
    "typvoie",
    "voie",
    "compvoie",
    "lieuditbp",
    "commune",
    "departement",
    "libdepartement",
    "ligneacheminement",
    "telephone",
    "telecopie",
    "categetab",
    "libcategetab",
    "categagretab",
    "libcategagretab",
    "siret",
    "codeape",
    "codemft",
    "libmft",
    "codesph",
    "libsph",
    "dateouv",
    "dateautor",
    "datemaj",
    "numuai",
];

/// The table of establishments.
pub(crate) fn want<'a>(spec: &'a TableFile, pointer: &str) -> Want<'a> {
    let columns = vec![
        Column::required("site_id").called(["nofinesset"]).digits(9),
        Column::optional("structure_id"),
        Column::required("name").called(["rs"]),
        Column::required("kind").called(["categetab"]),
        Column { required: false, ..Column::commune() },
        Column::optional("commune"),
        Column::optional("department").called(["departement"]),
        Column::optional("lon"),
        Column::optional("lat"),
        Column::optional("emergency"),
    ];
    let unnamed = Some(Unnamed { mark: "structureet", names: &NAMES });
    Want::new(spec, pointer, columns).preset(Preset { official: true, unnamed, ..Preset::default() })
}

/// Categories of establishments that are structures of care: multi-professional health houses, health centres,
/// hospitals.
pub(crate) fn kind(category: &str) -> Option<StructureKind> {
    match category {
        "603" => Some(StructureKind::Msp),
        "124" => Some(StructureKind::Centre),
        "101" | "106" | "355" => Some(StructureKind::Hospital),
        _ => None,
    }
}

/// The commune code of a structure, else that made of department and commune; empty where there is neither.
pub(crate) fn commune<'a>(row: &Row<'a>) -> Cow<'a, str> {
    match row.get("code_commune") {
        "" if row.get("department").is_empty() => Cow::Borrowed(""),
        "" => Cow::Owned(code(row.get("department"), row.get("commune"))),
        code => Cow::Borrowed(code),
    }
}

/// The commune code made of the department and the three digits of the commune in it; overseas departments are 9A
/// to 9F, and the digits of their communes begin with the last of the department: 9A and 105 is 97105.
fn code(department: &str, commune: &str) -> String {
    let overseas =
        department.strip_prefix('9').is_some_and(|d| matches!(d, "A" | "B" | "C" | "D" | "E" | "F"));
    let department = if overseas { "97" } else { department };
    format!("{department:0>2}{commune:0>3}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_made_of_their_parts() {
        assert_eq!(code("01", "451"), "01451");
        assert_eq!(code("1", "53"), "01053");
        assert_eq!(code("2A", "004"), "2A004");
        assert_eq!(code("9A", "105"), "97105");
        assert_eq!(code("93", "001"), "93001");
    }
}
