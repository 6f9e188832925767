//! Joins the rows of a table to places by commune code.

use crate::insee::{arrondissements, commune_of, is_commune, with_zero};
use crate::passage::Passage;
use crate::reader::Reader;
use crate::table::{Row, Table};
use crate::{Place, PlaceId, PlaceIx};
use maillage_input::{Code, Place as At, Problem, Text};
use std::collections::{BTreeMap, BTreeSet};

/// Rows of an official file, in percent, that may be without a usable code.
const MOST_LEFT_OUT: usize = 5;

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
        if let Some(ix) = self.own(code) {
            return Found::Place(ix);
        }
        match self.passage.get(code) {
            Some(ends) => {
                let whole = |c: &String| self.own(c).or_else(|| commune_of(c).and_then(|c| self.own(c)));
                let here: BTreeSet<PlaceIx> = ends.iter().filter_map(whole).collect();
                let all_here = ends.iter().all(|c| whole(c).is_some());
                match here.first() {
                    None => Found::Elsewhere,
                    Some(&only) if here.len() == 1 && all_here => Found::Place(only),
                    Some(_) => Found::Split(here.into_iter().collect()),
                }
            }
            None => self.part_or_whole(code).unwrap_or_else(|| self.form(code)),
        }
    }

    /// The place that has a code.
    fn own(&self, code: &str) -> Option<PlaceIx> {
        PlaceId::new(code).ok().and_then(|id| self.index.get(&id).copied())
    }

    /// The city of an arrondissement, or the arrondissements of a city, that are places.
    fn part_or_whole(&self, code: &str) -> Option<Found> {
        if let Some(city) = commune_of(code).and_then(|city| self.own(city)) {
            return Some(Found::Place(city));
        }
        let parts: Vec<PlaceIx> = arrondissements(code).filter_map(|part| self.own(&part)).collect();
        (!parts.is_empty()).then_some(Found::Split(parts))
    }

    /// What a code that leads to no place looks like.
    fn form(&self, code: &str) -> Found {
        if is_commune(code) {
            Found::Elsewhere
        } else if with_zero(code).is_some() {
            Found::LostZero
        } else {
            Found::NoCode
        }
    }

    /// The place that a cell names, where it must be one of the territory.
    pub(crate) fn place(&self, row: &Row, column: &str, reader: &mut Reader) -> Option<PlaceIx> {
        let code = row.get(column);
        match self.find(code) {
            Found::Place(ix) => Some(ix),
            Found::Split(_) => crate::refuse(&mut reader.problems, split(row, column, code)),
            Found::Elsewhere | Found::LostZero | Found::NoCode => {
                crate::refuse(&mut reader.problems, unknown(row.at(column), code))
            }
        }
    }

    /// Joins a table by its column `code_commune`. Communes elsewhere are no problem: national files have them all.
    pub(crate) fn join(&self, table: &Table, rule: Rule, reader: &mut Reader) -> Joined {
        let mut joined = Joined::default();
        let mut seen: BTreeMap<&str, u64> = BTreeMap::new();
        let (mut left_out, mut refused, mut rows) = (Vec::new(), false, 0);
        for row in table.rows() {
            let code = row.get("code_commune");
            if code.is_empty() && rule.blank {
                continue;
            }
            rows += 1;
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
                    reader.problems.push(split(&row, "code_commune", code));
                }
                Found::NoCode if rule.official => left_out.push(row.ix()),
                lost @ (Found::LostZero | Found::NoCode) => {
                    refused = true;
                    reader.problems.push(bad_code(&row, "code_commune", lost == Found::LostZero));
                }
            }
        }
        if let Some(&first) = left_out.first() {
            reader.problems.push(without_code(&table.row(first), left_out.len(), rows));
        }
        if joined.rows.is_empty() && joined.unknown.is_empty() && !refused && !self.places.is_empty() {
            reader.problems.push(no_match(table.file()));
        }
        joined.rows.retain(|ix, _| !joined.unknown.contains(ix));
        if rule.once {
            self.drop_parts(table, &mut joined);
        }
        joined
    }

    /// Where a table has a figure for a city, those of its arrondissements say the same again.
    fn drop_parts(&self, table: &Table, joined: &mut Joined) {
        for (&ix, rows) in &mut joined.rows {
            let own = self.places[ix.0 as usize].id.as_str();
            let code = |row: &usize| table.row(*row).get("code_commune");
            if rows.iter().any(|row| code(row) == own) {
                rows.retain(|row| commune_of(code(row)) != Some(own));
            }
        }
    }
}

/// A code that is no commune code, or one that lost its leading zero.
pub(crate) fn bad_code(row: &Row, column: &str, lost_zero: bool) -> Problem {
    let whole = with_zero(row.get(column)).filter(|_| lost_zero);
    let remedy = match whole {
        Some(code) => Text::new(
            format!("rétablir le zéro initial : « {code} », en texte"),
            format!("put the leading zero back: `{code}`, as text"),
        ),
        None => Text::new("donner le code INSEE, en texte", "give the INSEE code, as text"),
    };
    row.bad_code(column, remedy)
}

/// A code that is no place of the territory, where it must be one.
pub(crate) fn unknown(at: At, code: &str) -> Problem {
    let cause = Text::new("lieu absent de la table des lieux", "place absent from the table of places");
    Problem::error(Code::UnknownPlace, cause).at(at).value(code).remedy(Text::new(
        "corriger le code (texte : « 01001 », pas 1001), ou ajouter le lieu",
        "mend the code (text: `01001`, not 1001), or add the place",
    ))
}

/// A code that stands on an earlier line already.
pub(crate) fn twice(row: &Row, first: u64) -> Problem {
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

/// A former code of several places, as written or as made of its parts.
pub(crate) fn split(row: &Row, column: &str, code: &str) -> Problem {
    several(row.at(column), code)
}

/// A code of several places, wherever it stands.
pub(crate) fn several(at: At, code: &str) -> Problem {
    Problem::warning(
        Code::SplitCode,
        Text::new(
            "code de plusieurs lieux : ligne non lue, ces lieux sont inconnus ici",
            "code of several places: row not read, those places are unknown here",
        ),
    )
    .at(at)
    .value(code)
    .remedy(Text::new("donner une ligne à chaque lieu", "give each place its row"))
}

/// Rows of an official file that have no usable code: counted, the first shown; too many of them are an error.
pub(crate) fn without_code(row: &Row, left_out: usize, rows: usize) -> Problem {
    let cause = Text::new(
        format!("lignes sans code commune utilisable, non lues : {left_out} sur {rows}, la première ici"),
        format!("rows without a usable commune code, not read: {left_out} of {rows}, the first one here"),
    );
    let problem = if left_out * 100 > rows * MOST_LEFT_OUT {
        Problem::error(Code::TooManyLeftOut, cause).remedy(Text::new(
            "compléter les codes, ou vérifier que le fichier est entier et que la colonne est la bonne (« columns »)",
            "fill in the codes, or check that the file is whole and the column the right one (`columns`)",
        ))
    } else {
        Problem::warning(Code::RowsLeftOut, cause)
            .remedy(Text::new("rien à faire si elles sont peu nombreuses", "nothing to do if they are few"))
    };
    problem.at(row.at("code_commune")).value(row.get("code_commune"))
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
