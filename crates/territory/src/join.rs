//! Joins the rows of a table to places by commune code.

use crate::passage::Passage;
use crate::reader::Reader;
use crate::table::{Row, Table};
use crate::{Place, PlaceId, PlaceIx};
use maillage_input::{Code, Place as At, Problem, Text};
use std::collections::{BTreeMap, BTreeSet};

/// The codes of a territory: those of its places, and former ones that lead to them.
pub(crate) struct Codes<'a> {
    pub(crate) places: &'a [Place],
    pub(crate) index: &'a BTreeMap<PlaceId, PlaceIx>,
    pub(crate) passage: &'a Passage,
}

/// What a code stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found {
    /// A place of the territory.
    Place(PlaceIx),
    /// Several communes, of which these are places of the territory.
    Split(Vec<PlaceIx>),
    /// A commune elsewhere.
    Elsewhere,
    /// A commune code that lost its leading zero.
    LostZero,
    /// No commune code.
    NoCode,
}

/// What a table allows.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Rule {
    /// A code stands on one row only.
    pub(crate) once: bool,
    /// The file is as its producer made it: rows without a usable code are counted, not refused.
    pub(crate) official: bool,
    /// Rows with an empty code are no data: units, notes.
    pub(crate) blank: bool,
}

/// The rows of a table by place.
#[derive(Debug, Default)]
pub(crate) struct Joined {
    /// Rows of each place, in the order of the file.
    pub(crate) rows: BTreeMap<PlaceIx, Vec<usize>>,
    /// Rows of communes elsewhere.
    pub(crate) elsewhere: Vec<usize>,
    /// Places that a former commune was split into: what the table says of them cannot be told.
    pub(crate) unknown: BTreeSet<PlaceIx>,
}

impl Codes<'_> {
    /// What a code stands for.
    pub(crate) fn find(&self, code: &str) -> Found {
        let place = |code: &str| PlaceId::new(code).ok().and_then(|id| self.index.get(&id).copied());
        if let Some(ix) = place(code) {
            return Found::Place(ix);
        }
        match self.passage.get(code) {
            Some(ends) => {
                let here: Vec<PlaceIx> = ends.iter().filter_map(|c| place(c)).collect();
                match here[..] {
                    [] => Found::Elsewhere,
                    [only] if ends.len() == 1 => Found::Place(only),
                    _ => Found::Split(here),
                }
            }
            None if is_commune(code) => Found::Elsewhere,
            None if code.len() == 4 && is_commune(&format!("0{code}")) => Found::LostZero,
            None => Found::NoCode,
        }
    }

    /// The place that a cell names, where it must be one of the territory.
    pub(crate) fn place(&self, row: &Row, column: &str, reader: &mut Reader) -> Option<PlaceIx> {
        let code = row.get(column);
        match self.find(code) {
            Found::Place(ix) => Some(ix),
            Found::Split(_) => crate::refuse(&mut reader.problems, split(row, column)),
            Found::Elsewhere | Found::LostZero | Found::NoCode => crate::refuse(
                &mut reader.problems,
                Problem::error(
                    Code::UnknownPlace,
                    Text::new("lieu absent de la table des lieux", "place absent from the table of places"),
                )
                .at(row.at(column))
                .value(code)
                .remedy(Text::new(
                    "corriger le code (texte : « 01001 », pas 1001), ou ajouter le lieu",
                    "mend the code (text: `01001`, not 1001), or add the place",
                )),
            ),
        }
    }

    /// Joins a table by its column `code_commune`. Communes elsewhere are no problem: national files have them all.
    pub(crate) fn join(&self, table: &Table, rule: Rule, reader: &mut Reader) -> Joined {
        let mut joined = Joined::default();
        let mut seen: BTreeMap<&str, u64> = BTreeMap::new();
        let (mut left_out, mut refused) = (Vec::new(), false);
        for row in table.rows() {
            let code = row.get("code_commune");
            if code.is_empty() && rule.blank {
                continue;
            }
            match self.find(code) {
                Found::Place(ix) => {
                    let first = if rule.once { seen.insert(code, row.line()) } else { None };
                    match first {
                        None => joined.rows.entry(ix).or_default().push(row.ix()),
                        Some(first) => reader.problems.push(twice(&row, first)),
                    }
                }
                Found::Elsewhere => joined.elsewhere.push(row.ix()),
                Found::Split(places) => {
                    joined.unknown.extend(places);
                    reader.problems.push(split(&row, "code_commune"));
                }
                Found::NoCode if rule.official => left_out.push(row.ix()),
                lost @ (Found::LostZero | Found::NoCode) => {
                    refused = true;
                    reader.problems.push(bad_code(&row, lost == Found::LostZero));
                }
            }
        }
        if let Some(&first) = left_out.first() {
            reader.problems.push(without_code(&table.row(first), left_out.len()));
        }
        if joined.rows.is_empty() && joined.unknown.is_empty() && !refused && !self.places.is_empty() {
            reader.problems.push(no_match(table.file()));
        }
        joined.rows.retain(|ix, _| !joined.unknown.contains(ix));
        joined
    }
}

/// Whether a text has the form of a commune code: `42187`, `2A004`.
fn is_commune(code: &str) -> bool {
    let bytes = code.as_bytes();
    bytes.len() == 5
        && bytes.iter().enumerate().all(|(i, b)| b.is_ascii_digit() || (i == 1 && matches!(b, b'A' | b'B')))
        && (bytes[1].is_ascii_digit() || bytes[0] == b'2')
}

fn bad_code(row: &Row, lost_zero: bool) -> Problem {
    row.bad_code(
        "code_commune",
        if lost_zero {
            Text::new(
                "rétablir le zéro initial : « 01001 », en texte",
                "put the leading zero back: `01001`, as text",
            )
        } else {
            Text::new("donner le code INSEE, en texte", "give the INSEE code, as text")
        },
    )
}

fn twice(row: &Row, first: u64) -> Problem {
    Problem::error(
        Code::DuplicateCode,
        Text::new(
            format!("code en double, déjà ligne {first}"),
            format!("code stands twice, first on line {first}"),
        ),
    )
    .at(row.at("code_commune"))
    .value(row.get("code_commune"))
    .remedy(Text::new(
        "n'en garder qu'un, ou choisir les lignes avec « where »",
        "keep one of them, or choose rows with `where`",
    ))
}

fn split(row: &Row, column: &str) -> Problem {
    Problem::warning(
        Code::SplitCode,
        Text::new(
            "ancien code de plusieurs lieux : ligne non lue, ces lieux sont inconnus ici",
            "former code of several places: row not read, those places are unknown here",
        ),
    )
    .at(row.at(column))
    .value(row.get(column))
    .remedy(Text::new("donner une ligne à chaque lieu", "give each place its row"))
}

/// Rows of an official file that have no usable code: counted, the first shown.
pub(crate) fn without_code(row: &Row, rows: usize) -> Problem {
    Problem::warning(
        Code::RowsLeftOut,
        Text::new(
            format!("lignes sans code commune utilisable, non lues : {rows}, la première ici"),
            format!("rows without a usable commune code, not read: {rows}, the first one here"),
        ),
    )
    .at(row.at("code_commune"))
    .value(row.get("code_commune"))
    .remedy(Text::new("rien à faire si elles sont peu nombreuses", "nothing to do if they are few"))
}

/// A table of which nothing is about the territory.
pub(crate) fn no_match(shown: &str) -> Problem {
    Problem::error(
        Code::NoMatch,
        Text::new(
            "aucune ligne ne porte sur un lieu du territoire",
            "no row stands for a place of the territory",
        ),
    )
    .at(At::file(shown))
    .remedy(Text::new(
        "vérifier le filtre « where », les zéros initiaux des codes, l'année des communes (« passage »)",
        "check the filter `where`, the leading zeros of codes, the year of the communes (`passage`)",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Persons;

    #[test]
    fn codes_are_told_apart() {
        let id = |c: &str| PlaceId::new(c).unwrap();
        let places: Vec<Place> = ["12218", "2A004", "P1"].map(|c| Place::new(id(c), c, Persons(1))).into();
        let index = places.iter().zip(0..).map(|(p, i)| (p.id.clone(), PlaceIx(i))).collect();
        let ends = |codes: &[&str]| codes.iter().map(|c| (*c).to_owned()).collect::<BTreeSet<_>>();
        let passage = Passage::from([
            ("12076".to_owned(), ends(&["12218"])),
            ("99001".to_owned(), ends(&["12218", "99002"])),
            ("99003".to_owned(), ends(&["99002"])),
        ]);
        let codes = Codes { places: &places, index: &index, passage: &passage };
        assert_eq!(codes.find("12218"), Found::Place(PlaceIx(0)));
        assert_eq!(codes.find("12076"), Found::Place(PlaceIx(0)));
        assert_eq!(codes.find("P1"), Found::Place(PlaceIx(2)));
        assert_eq!(codes.find("99001"), Found::Split(vec![PlaceIx(0)]));
        assert_eq!((codes.find("99003"), codes.find("2B033")), (Found::Elsewhere, Found::Elsewhere));
        assert_eq!((codes.find("1001"), codes.find("A004")), (Found::LostZero, Found::NoCode));
        for none in ["", "P2", "123456", "1A001", "4218é", "é2187"] {
            assert_eq!(codes.find(none), Found::NoCode, "{none}");
        }
    }
}
