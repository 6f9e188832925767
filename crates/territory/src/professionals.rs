//! Practitioners by place.

use crate::file::{ProfessionalsFile, ProfessionalsFormat};
use crate::join::{Codes, Joined, Rule};
use crate::need::missing_key;
use crate::official::{bpe_rows, drop_nobody, not_students, persons, rpps_rows};
use crate::reader::Reader;
use crate::table::{Column, Preset, Row, Table, Want};
use crate::{BadQuantity, Fte, Persons, PlaceIx, Practitioners, Profession, ProfessionSource, refuse};
use maillage_input::{Code, Place as At, Problem, Text};
use std::collections::{BTreeMap, BTreeSet};

/// Most practitioners of one table: far above a country's.
const MOST: u64 = 10_000_000;
/// Ages of practitioners; 0 often stands for unknown.
const YOUNGEST: u64 = 18;
const OLDEST: u64 = 120;
const MOST_ACTS: u64 = 1_000_000;

/// Practitioners who share place, age and acts, in hundredths.
pub(crate) type Groups = BTreeMap<(PlaceIx, Option<u8>, Option<u32>), u64>;

/// Everything that tables of practitioners say.
#[derive(Default)]
pub(crate) struct Supply {
    pub(crate) practitioners: Vec<Practitioners>,
    pub(crate) professions: BTreeMap<Profession, ProfessionSource>,
}

impl Supply {
    /// Adds a profession whose number by place is known or not.
    pub(crate) fn of_places(
        &mut self,
        profession: Profession,
        numbers: &[Option<Fte>],
        source: ProfessionSource,
    ) {
        for (number, ix) in numbers.iter().zip(0..) {
            if let Some(number) = number.filter(|n| *n > Fte::default()) {
                let (profession, place) = (profession.clone(), PlaceIx(ix));
                self.practitioners.push(Practitioners { profession, place, number, age: None, acts: None });
            }
        }
        self.professions.insert(profession, source);
    }

    /// Reads the section `professionals`.
    pub(crate) fn read(&mut self, files: &[ProfessionalsFile], codes: &Codes, reader: &mut Reader) {
        for (i, file) in files.iter().enumerate() {
            let pointer = format!("/professionals/{i}");
            if files[..i].iter().any(|before| before.profession == file.profession) {
                reader.problems.push(
                    Problem::error(
                        Code::DuplicateId,
                        Text::new("profession lue deux fois", "profession read twice"),
                    )
                    .at(reader.at(&format!("{pointer}/profession")))
                    .value(file.profession.as_str())
                    .remedy(Text::new("réunir les deux tables en une", "make one table of the two")),
                );
                continue;
            }
            self.read_one(file, &pointer, codes, reader);
        }
        self.practitioners.sort_by(|a, b| {
            let key = |p: &Practitioners| (p.place, p.age, p.acts);
            a.profession.cmp(&b.profession).then(key(a).cmp(&key(b)))
        });
    }

    fn read_one(&mut self, file: &ProfessionalsFile, pointer: &str, codes: &Codes, reader: &mut Reader) {
        let Some(want) = want(file, pointer, reader) else { return };
        let Some(table) = reader.table(&want) else { return };
        if table.has("birth_year") && file.year.is_none() {
            let problem = missing_key(reader, pointer, "year");
            reader.problems.push(problem);
            return;
        }
        let official = file.format != ProfessionalsFormat::Csv;
        let mut joined = codes.join(&table, Rule { official, ..Rule::default() }, reader);
        let groups = match file.format {
            ProfessionalsFormat::Rpps => {
                drop_nobody(&table, &mut joined, reader);
                persons(&table, &joined, codes)
            }
            _ => rows(&table, &mut joined, file.year, reader),
        };
        if groups.values().sum::<u64>() > MOST * 100 {
            let problem = Problem::error(
                Code::BadNumber,
                Text::new("plus de dix millions de praticiens", "more than ten million practitioners"),
            );
            let remedy = Text::new("vérifier la colonne « number »", "check the column `number`");
            reader.problems.push(problem.at(At::file(table.file())).remedy(remedy));
            return;
        }
        let known = (0..).map(PlaceIx).take(codes.places.len());
        let known =
            known.map(|ix| !joined.unknown.contains(&ix) && (file.complete || joined.rows.contains_key(&ix)));
        let source = ProfessionSource {
            source: file.source.clone(),
            quality: file.supply,
            heads: file.heads,
            known: known.collect(),
        };
        for ((place, age, acts), hundredths) in groups {
            if hundredths > 0 && !joined.unknown.contains(&place) {
                self.practitioners.push(Practitioners {
                    profession: file.profession.clone(),
                    place,
                    number: Fte::from_hundredths(u32::try_from(hundredths).unwrap_or(u32::MAX)),
                    age,
                    acts,
                });
            }
        }
        self.professions.insert(file.profession.clone(), source);
    }

    /// The number of a profession by place, where it is known.
    pub(crate) fn totals(&self, profession: &Profession) -> Option<Vec<Option<Fte>>> {
        let source = self.professions.get(profession)?;
        let mut totals: Vec<Option<Fte>> = source.known.iter().map(|k| k.then(Fte::default)).collect();
        for p in self.practitioners.iter().filter(|p| p.profession == *profession) {
            let total = &mut totals[p.place.0 as usize];
            *total =
                total.map(|t| Fte::from_hundredths(t.hundredths().saturating_add(p.number.hundredths())));
        }
        Some(totals)
    }
}

/// The columns and rows that a format reads.
fn want<'a>(file: &'a ProfessionalsFile, pointer: &str, reader: &mut Reader) -> Option<Want<'a>> {
    let commune = Column::commune();
    let mut preset = Preset { official: true, ..Preset::default() };
    let (columns, keep) = match file.format {
        ProfessionalsFormat::Csv => {
            let more = ["number", "age", "birth_year", "acts"].map(Column::optional);
            return Some(Want::new(&file.table, pointer, std::iter::once(commune).chain(more).collect()));
        }
        ProfessionalsFormat::Bpe => {
            let number = Column::optional("number").called(["NB_EQUIP"]);
            (vec![commune.called(["DEPCOM"]), number], bpe_rows(file.profession.as_str()))
        }
        ProfessionalsFormat::Rpps => {
            let person = Column::required("person").called(["Identification nationale PP", "Identifiant PP"]);
            let commune = commune.called(["Code commune (coord. structure)"]);
            preset.keep_if_there = not_students();
            (vec![commune, person], rpps_rows(file.profession.as_str()))
        }
    };
    // A profession without rows of its own needs `where`.
    match keep {
        None if file.table.rows.is_empty() => {
            let problem = missing_key(reader, pointer, "where").value(file.profession.as_str());
            let remedy = Text::new(
                "dire dans « where » quelles lignes sont celles de cette profession",
                "say in `where` which rows are those of this profession",
            );
            refuse(&mut reader.problems, problem.remedy(remedy))
        }
        keep => {
            let preset = Preset { keep: keep.unwrap_or_default(), ..preset };
            Some(Want::new(&file.table, pointer, columns).preset(preset))
        }
    }
}

/// Practitioners row by row; a place with a row whose number is unknown is unknown.
fn rows(table: &Table, joined: &mut Joined, year: Option<u16>, reader: &mut Reader) -> Groups {
    let mut groups = Groups::new();
    let mut unknown = BTreeSet::new();
    for (&place, rows) in &joined.rows {
        for row in rows.iter().map(|&r| table.row(r)) {
            let number = match table.has("number") {
                false => Some(Fte::whole(1)),
                true => row.maybe("number", Fte::parse, &mut reader.problems),
            };
            let acts = at_most(&row, "acts", MOST_ACTS, reader);
            let group = (place, age(&row, year, reader), acts.and_then(|a| u32::try_from(a).ok()));
            match number {
                Some(number) => *groups.entry(group).or_default() += u64::from(number.hundredths()),
                None => drop(unknown.insert(place)),
            }
        }
    }
    joined.unknown.append(&mut unknown);
    groups
}

/// The age that a row gives, else that of the year of birth.
fn age(row: &Row, year: Option<u16>, reader: &mut Reader) -> Option<u8> {
    let (column, age) = match at_most(row, "age", OLDEST, reader) {
        Some(age) => ("age", age),
        None => {
            let year = u64::from(year?);
            let born = at_most(row, "birth_year", year, reader)?;
            ("birth_year", year - born)
        }
    };
    let why = match age {
        0..YOUNGEST => BadQuantity::TooSmall,
        YOUNGEST..=OLDEST => return u8::try_from(age).ok(),
        _ => BadQuantity::TooLarge,
    };
    let remedy = Text::new(
        format!("de {YOUNGEST} à {OLDEST} ans ; laisser vide si inconnu"),
        format!("{YOUNGEST} to {OLDEST} years; leave it empty if unknown"),
    );
    refuse(&mut reader.problems, row.bad_number(column, why).remedy(remedy))
}

/// A whole number up to a limit; empty is unknown.
fn at_most(row: &Row, column: &str, limit: u64, reader: &mut Reader) -> Option<u64> {
    let Persons(number) = row.maybe(column, Persons::parse, &mut reader.problems)?;
    if number <= limit {
        return Some(number);
    }
    refuse(&mut reader.problems, row.bad_number(column, BadQuantity::TooLarge))
}
