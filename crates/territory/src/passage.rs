//! Former commune codes.

use crate::file::PassageFile;
use crate::insee::{lost_zeros, with_zero};
use crate::join::bad_code;
use crate::reader::Reader;
use crate::table::{Column, Want};
use crate::{PlaceId, PlaceIx};
use maillage_input::{Code, Place as At, Problem, Text, is_identifier};
use std::collections::{BTreeMap, BTreeSet};

/// Most places that one former code may have become.
const MOST: usize = 100;

/// From a former code to the codes it became in the end, in order.
pub(crate) type Passage = BTreeMap<String, BTreeSet<String>>;

pub(crate) fn read(file: &PassageFile, index: &BTreeMap<PlaceId, PlaceIx>, reader: &mut Reader) -> Passage {
    let columns = vec![Column::required("former").digits(5), Column::required("current").digits(5)];
    let Some(table) = reader.table(&Want::new(&file.table, "/passage", columns)) else {
        return Passage::new();
    };
    let mut steps: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let is_place = |code: &str| PlaceId::new(code).is_ok_and(|id| index.contains_key(&id));
    let written = table.rows().flat_map(|row| [row.get("former"), row.get("current")]);
    let lost = lost_zeros(written.chain(index.keys().map(PlaceId::as_str)));
    for row in table.rows() {
        let (former, current) = (row.get("former"), row.get("current"));
        for column in ["former", "current"] {
            let code = row.get(column);
            let no_zero = lost && !is_place(code) && with_zero(code).is_some();
            if no_zero || !is_identifier(code) {
                reader.problems.push(bad_code(&row, column, no_zero));
            }
        }
        // A place keeps its own rows, whatever became of its code elsewhere.
        let stays = former == current || is_place(former);
        if !stays {
            steps.entry(former).or_default().insert(current);
        }
    }
    follow(&steps).unwrap_or_else(|code| {
        reader.problems.push(
            Problem::error(
                Code::PassageCycle,
                Text::new(
                    "code qui mène à lui-même, ou à plus de cent autres",
                    "code that leads back to itself, or to more than a hundred others",
                ),
            )
            .at(At::file(table.file()))
            .value(code)
            .remedy(Text::new("ôter les lignes en trop", "drop the rows too many")),
        );
        Passage::new()
    })
}

/// Follows every code to its end. A code is done once all that it leads to are done.
///
/// # Errors
/// A code on a cycle, or one that becomes too many.
fn follow(steps: &BTreeMap<&str, BTreeSet<&str>>) -> Result<Passage, String> {
    let mut before: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut waits: BTreeMap<&str, usize> = BTreeMap::new();
    let mut ready: Vec<&str> = Vec::new();
    for (&former, currents) in steps {
        let open = currents.iter().filter(|c| steps.contains_key(*c));
        open.clone().for_each(|c| before.entry(c).or_default().push(former));
        match open.count() {
            0 => ready.push(former),
            n => drop(waits.insert(former, n)),
        }
    }
    let mut done = Passage::new();
    while let Some(code) = ready.pop() {
        let mut ends = BTreeSet::new();
        for &current in &steps[code] {
            match done.get(current) {
                Some(further) => ends.extend(further.iter().cloned()),
                None => drop(ends.insert(current.to_owned())),
            }
        }
        if ends.len() > MOST {
            return Err(code.to_owned());
        }
        done.insert(code.to_owned(), ends);
        for &former in before.get(code).into_iter().flatten() {
            if let Some(n) = waits.get_mut(former) {
                *n -= 1;
                if *n == 0 {
                    ready.push(former);
                }
            }
        }
    }
    // What still waits is on a cycle or leads to one: walking on ends on the cycle.
    match steps.keys().find(|c| !done.contains_key(**c)) {
        None => Ok(done),
        Some(&first) => {
            let (mut seen, mut code) = (BTreeSet::new(), first);
            while seen.insert(code) {
                let next = steps.get(code).into_iter().flatten();
                code =
                    next.copied().find(|c| steps.contains_key(c) && !done.contains_key(*c)).unwrap_or(code);
            }
            Err(code.to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn passage(rows: &[(&'static str, &'static str)]) -> Result<Passage, String> {
        let mut steps: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (former, current) in rows {
            steps.entry(former).or_default().insert(current);
        }
        follow(&steps)
    }

    #[test]
    fn chains_splits_and_cycles() {
        let done = passage(&[("a", "b"), ("b", "c"), ("d", "b"), ("d", "e")]).unwrap();
        let ends = |c: &str| done[c].iter().map(String::as_str).collect::<Vec<_>>();
        assert_eq!((ends("a"), ends("b"), ends("d")), (vec!["c"], vec!["c"], vec!["c", "e"]));
        assert_eq!(passage(&[("x", "a"), ("a", "b"), ("b", "a")]), Err("a".to_owned()));
    }

    proptest! {
        /// Against walking step by step.
        #[test]
        fn ends_are_those_of_a_walk(rows in prop::collection::vec((0usize..8, 0usize..8), 0..14)) {
            const NAMES: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];
            let mut steps: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
            for &(former, current) in rows.iter().filter(|(f, c)| f != c) {
                steps.entry(NAMES[former]).or_default().insert(NAMES[current]);
            }
            let walk = |start: &'static str| {
                let (mut ends, mut cycle) = (BTreeSet::new(), false);
                let mut open = vec![(start, 0)];
                while let Some((code, depth)) = open.pop() {
                    match steps.get(code) {
                        _ if depth > 8 => { cycle = true; break }
                        Some(next) => open.extend(next.iter().map(|c| (*c, depth + 1))),
                        None => drop(ends.insert(code.to_owned())),
                    }
                }
                (ends, cycle)
            };
            let cycle = steps.keys().any(|c| walk(c).1);
            match follow(&steps) {
                Err(_) => prop_assert!(cycle),
                Ok(done) => {
                    prop_assert!(!cycle);
                    for code in steps.keys() {
                        prop_assert_eq!(&done[*code], &walk(code).0);
                    }
                }
            }
        }
    }
}
