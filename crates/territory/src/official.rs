//! Official registers of practitioners: which rows are those of a profession, and persons with several practices.

use crate::PlaceIx;
use crate::join::{Codes, Joined, no_match};
use crate::professionals::Groups;
use crate::reader::Reader;
use crate::table::Table;
use maillage_input::{Code, Problem, Text};
use std::collections::{BTreeMap, BTreeSet};

/// Texts allowed, by column.
type Keep = BTreeMap<String, Vec<String>>;

/// Types of equipment of a profession in the Base permanente des équipements: the list up to 2023, then the one
/// since 2024. No code stands for one thing in one and another in the other.
pub(crate) fn bpe_rows(profession: &str) -> Option<Keep> {
    let types = match profession {
        "gp" => ["D201", "D265"],
        "nurse" => ["D232", "D281"],
        "physio" => ["D233", "D279"],
        "midwife" => ["D231", "D278"],
        "dentist" => ["D221", "D277"],
        _ => return None,
    };
    Some(keep(&[("TYPEQU", &types)]))
}

/// Self-employed persons of a profession in the Annuaire santé.
pub(crate) fn rpps_rows(profession: &str) -> Option<Keep> {
    let code = match profession {
        "gp" => "10",
        "nurse" => "60",
        "physio" => "70",
        "midwife" => "50",
        "dentist" => "40",
        _ => return None,
    };
    let mut keep = keep(&[("Code profession", &[code]), ("Code mode exercice", &["L"])]);
    if profession == "gp" {
        // Qualified in, specialised in, and the diploma of general practice.
        keep.insert("Code savoir-faire".to_owned(), ["SM26", "SM53", "SM54"].map(str::to_owned).into());
    }
    Some(keep)
}

/// Civilian and military practitioners, not students, in the Annuaire santé.
pub(crate) fn not_students() -> Keep {
    keep(&[("Code catégorie professionnelle", &["C", "M"])])
}

fn keep(columns: &[(&str, &[&str])]) -> Keep {
    let owned = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect();
    columns.iter().map(|(column, words)| ((*column).to_owned(), owned(words))).collect()
}

/// Leaves out rows that name no person: together they would be one person. A place with no other row stays without.
pub(crate) fn drop_nobody(table: &Table, joined: &mut Joined, reader: &mut Reader) {
    let named = |row: &usize| !table.row(*row).get("person").is_empty();
    let rows = || joined.rows.values().flatten().chain(&joined.elsewhere);
    let (all, nobody) = (rows().count(), rows().filter(|row| !named(row)).count());
    let Some(&first) = rows().filter(|row| !named(row)).min() else { return };
    let row = table.row(first);
    reader.problems.push(
        Problem::warning(
            Code::NoPerson,
            Text::new(
                format!(
                    "lignes sans identifiant de personne, non lues : {nobody} sur {all}, la première ici"
                ),
                format!(
                    "rows without the identifier of a person, not read: {nobody} of {all}, the first one here"
                ),
            ),
        )
        .at(row.at("person"))
        .value(row.get("code_commune"))
        .remedy(Text::new("compléter l'identifiant de la personne", "fill in the identifier of the person")),
    );
    joined.elsewhere.retain(named);
    joined.rows.values_mut().for_each(|rows| rows.retain(named));
    joined.rows.retain(|_, rows| !rows.is_empty());
    if nobody == all {
        reader.problems.push(no_match(table.file()));
    }
}

/// Persons who practise at several places count for one in all, shared equally: the hundredths that are left over
/// go to the first places in the order of codes. Practices elsewhere take their share too.
pub(crate) fn persons(table: &Table, joined: &Joined, codes: &Codes) -> Groups {
    let mut practices: BTreeMap<&str, BTreeSet<(&str, Option<PlaceIx>)>> = BTreeMap::new();
    let mut add = |row: usize, place: Option<PlaceIx>| {
        let row = table.row(row);
        let code = place.map_or(row.get("code_commune"), |ix| codes.places[ix.0 as usize].id.as_str());
        practices.entry(row.get("person")).or_default().insert((code, place));
    };
    for (&place, rows) in &joined.rows {
        rows.iter().for_each(|&row| add(row, Some(place)));
    }
    joined.elsewhere.iter().for_each(|&row| add(row, None));
    let mut groups = Groups::new();
    for places in practices.values() {
        for ((_, place), share) in places.iter().zip(shares(places.len())) {
            if let Some(place) = place {
                *groups.entry((*place, None, None)).or_default() += share;
            }
        }
    }
    groups
}

/// One whole in hundredths, shared equally in `n`: the largest first.
fn shares(n: usize) -> impl Iterator<Item = u64> {
    let n = n.max(1) as u64;
    (0..n).map(move |i| 100 / n + u64::from(i < 100 % n))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn thirds_make_a_whole() {
        assert_eq!(shares(3).collect::<Vec<_>>(), [34, 33, 33]);
        assert_eq!(shares(1).collect::<Vec<_>>(), [100]);
    }

    proptest! {
        #[test]
        fn shares_add_up(n in 1usize..500) {
            let all: Vec<u64> = shares(n).collect();
            prop_assert_eq!(all.iter().sum::<u64>(), 100);
            prop_assert!(all.len() == n && all[0] - all[n - 1] <= 1);
        }
    }
}
