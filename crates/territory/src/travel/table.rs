//! Tables of travel times, as text or as binary lists, and what stands beside them.

use super::{TravelSource, TravelTimes};
use crate::file::TableFile;
use crate::join::{Codes, Found, no_match, several, unknown};
use crate::lists::{self, Lists};
use crate::reader::Reader;
use crate::table::{Column, Want};
use crate::{Minutes, PlaceIx};
use maillage_input::{Code, InputFile, Place as At, Problem, Text};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The trips of a table between places of the territory, and those from or to elsewhere.
struct Trips {
    /// The file, as shown in problems.
    file: String,
    here: Vec<(PlaceIx, PlaceIx, Minutes)>,
    /// Where the first trip from or to elsewhere stands, and the code.
    first_elsewhere: Option<(At, String)>,
    elsewhere: usize,
    all: usize,
}

/// Reads a table; `said` is its source and date in `territory.json`.
pub(crate) fn read(
    spec: &TableFile,
    max_min: u16,
    said: (Option<&str>, Option<&str>),
    codes: &Codes,
    reader: &mut Reader,
) -> TravelTimes {
    let max = Minutes::whole(max_min);
    let Some(file) = reader.file(&spec.file) else {
        let source = TravelSource::Table { source: String::new(), date: String::new() };
        return TravelTimes::new(codes.places.len(), max, source, []);
    };
    let source = source(&file, spec, max_min, said, reader);
    let trips = if file.content.starts_with(&lists::MAGIC) {
        binary(&file, spec, codes, reader)
    } else {
        drop(file);
        rows(spec, codes, reader)
    };
    let here = trips.map_or_else(Vec::new, |trips| {
        trips.judge(codes, reader);
        trips.here
    });
    TravelTimes::new(codes.places.len(), max, source, here)
}

/// What `maillage travel` writes beside a table, as far as it is of use here.
#[derive(Deserialize)]
struct Beside {
    /// SHA-256 of the table.
    sha256: String,
    credit: String,
    date: Option<String>,
    max_minutes: Option<u16>,
}

/// Where the times come from: what `territory.json` says, else what stands beside the table.
fn source(
    file: &InputFile,
    spec: &TableFile,
    max_min: u16,
    said: (Option<&str>, Option<&str>),
    reader: &mut Reader,
) -> TravelSource {
    let beside: Option<(String, Beside)> = reader.optional_json(&format!("{}.json", spec.file));
    let beside = beside.and_then(|(shown, beside)| {
        let same = beside.sha256 == file.record.sha256;
        if !same {
            warn(reader, At::file(shown), ABOUT_ANOTHER);
        }
        same.then_some(beside)
    });
    if let Some(most) = beside.as_ref().and_then(|b| b.max_minutes).filter(|&most| most < max_min) {
        let fr = format!("la table s'arrête à {most} min : au-delà, aucun trajet");
        let en = format!("the table stops at {most} min: no trip beyond");
        let fix = ("baisser max_min, ou refaire la table", "lower max_min, or make the table again");
        warn(reader, reader.at("/travel/max_min"), (&fr, &en, fix.0, fix.1));
    }
    let (credit, day) = beside.map_or((None, None), |b| (Some(b.credit), b.date));
    let source = said.0.map(str::to_owned).or(credit).unwrap_or_default();
    if source.is_empty() {
        warn(reader, reader.at("/travel"), UNSOURCED);
    }
    TravelSource::Table { source, date: said.1.map(str::to_owned).or(day).unwrap_or_default() }
}

/// Cause and remedy, each in both languages.
type Words<'a> = (&'a str, &'a str, &'a str, &'a str);

const ABOUT_ANOTHER: Words = (
    "ce fichier décrit une autre table : il n'est pas suivi",
    "this file describes another table: it is not followed",
    "refaire la table, ou ôter ce fichier",
    "make the table again, or remove this file",
);
const UNSOURCED: Words = (
    "rien ne dit d'où vient la table de temps",
    "nothing says where the table of times comes from",
    "dire « source » et « date »",
    "say `source` and `date`",
);

fn warn(reader: &mut Reader, at: At, (fr, en, mend_fr, mend_en): Words) {
    let problem = Problem::warning(Code::Unusual, Text::new(fr, en)).at(at);
    reader.problems.push(problem.remedy(Text::new(mend_fr, mend_en)));
}

/// The trips of a table of text.
fn rows(spec: &TableFile, codes: &Codes, reader: &mut Reader) -> Option<Trips> {
    let columns = vec![
        Column::required("from_id").digits(5),
        Column::required("to_id").digits(5),
        Column::required("minutes"),
    ];
    let table = reader.table(&Want::new(spec, "/travel", columns))?;
    let mut trips = Trips::new(table.file(), table.rows().count());
    for row in table.rows() {
        let ends = ["from_id", "to_id"];
        let found = ends.map(|end| codes.find(row.get(end)));
        if let Some(end) = found.iter().position(|found| *found == Found::Elsewhere)
            && !found.iter().any(|found| matches!(found, Found::LostZero | Found::NoCode))
        {
            trips.elsewhere(|| (row.at(ends[end]), row.get(ends[end]).to_owned()));
            continue;
        }
        let [from, to] = ends.map(|end| codes.place(&row, end, reader));
        let minutes = row.need("minutes", Minutes::parse, &mut reader.problems);
        if let (Some(from), Some(to), Some(minutes)) = (from, to, minutes) {
            trips.add((from, to, minutes), row.get("from_id") == row.get("to_id"));
        }
    }
    Some(trips)
}

/// The trips of binary lists.
fn binary(file: &InputFile, spec: &TableFile, codes: &Codes, reader: &mut Reader) -> Option<Trips> {
    let shown = &file.record.path;
    let text_only = [
        ("sheet", spec.sheet.is_some()),
        ("layer", spec.layer.is_some()),
        ("header_row", spec.header_row.is_some()),
        ("columns", !spec.columns.is_empty()),
        ("where", !spec.rows.is_empty()),
    ];
    if let Some((key, _)) = text_only.iter().find(|(_, there)| *there) {
        let cause = Text::new(
            format!("« {key} » ne convient pas à une table binaire"),
            format!("`{key}` does not suit a binary table"),
        );
        let problem = Problem::error(Code::TableFormat, cause).at(reader.at(&format!("/travel/{key}")));
        let problem = problem.value(&spec.file).remedy(Text::new("ôter cette clé", "drop that key"));
        return crate::refuse(&mut reader.problems, problem);
    }
    let lists = match Lists::read(&file.content) {
        Ok(lists) => lists,
        Err(fault) => {
            let problem = Problem::error(fault.code(), fault.text()).at(At::file(shown));
            let remedy = Text::new("refaire la table", "make the table again");
            return crate::refuse(&mut reader.problems, problem.remedy(remedy));
        }
    };
    let mut ends: Vec<Found> = Vec::with_capacity(lists.from.len() + lists.to.len());
    let mut seen: BTreeMap<&str, Found> = BTreeMap::new();
    for &code in lists.from.iter().chain(&lists.to) {
        let found = seen.entry(code).or_insert_with(|| {
            let found = codes.find(code);
            match found {
                Found::Place(_) | Found::Elsewhere => {}
                Found::Split(_) => reader.problems.push(several(At::file(shown), code)),
                Found::LostZero | Found::NoCode => reader.problems.push(unknown(At::file(shown), code)),
            }
            found
        });
        ends.push(found.clone());
    }
    let (from, to) = ends.split_at(lists.from.len());
    let mut trips = Trips::new(shown, (0..from.len()).map(|i| lists.row(i).count()).sum());
    for (i, leave) in from.iter().enumerate() {
        for (k, time) in lists.row(i) {
            match (leave, &to[k]) {
                (Found::Place(a), Found::Place(b)) => {
                    trips.add((*a, *b, Minutes::from_hundredths(time)), lists.from[i] == lists.to[k]);
                }
                (Found::Elsewhere, _) => trips.elsewhere(|| (At::file(shown), lists.from[i].to_owned())),
                (_, Found::Elsewhere) => trips.elsewhere(|| (At::file(shown), lists.to[k].to_owned())),
                _ => {}
            }
        }
    }
    Some(trips)
}

impl Trips {
    fn new(file: &str, all: usize) -> Trips {
        Trips { file: file.to_owned(), here: Vec::new(), first_elsewhere: None, elsewhere: 0, all }
    }

    /// A trip between two parts of what is one place now is not the trip from the place to itself.
    fn add(&mut self, trip: (PlaceIx, PlaceIx, Minutes), same_code: bool) {
        if trip.0 != trip.1 || same_code {
            self.here.push(trip);
        }
    }

    fn elsewhere(&mut self, shown: impl FnOnce() -> (At, String)) {
        self.elsewhere += 1;
        self.first_elsewhere.get_or_insert_with(shown);
    }

    /// What is to be said of the whole.
    fn judge(&self, codes: &Codes, reader: &mut Reader) {
        let none = || self.here.is_empty();
        if let Some((at, code)) = &self.first_elsewhere
            && !codes.places.is_empty()
        {
            reader.problems.push(if none() && !reader.problems.has_errors() {
                no_match(&self.file)
            } else {
                self.not_here(at.clone(), code)
            });
        }
        if none() && !reader.problems.has_errors() {
            let cause = Text::new("aucun trajet dans la table", "no trip in the table");
            let problem = Problem::error(Code::NoPlaces, cause).at(At::file(&self.file));
            reader.problems.push(problem.remedy(Text::new(
                "ajouter des lignes from_id,to_id,minutes",
                "add rows from_id,to_id,minutes",
            )));
        }
    }

    /// Rows about communes elsewhere: counted, the first shown.
    fn not_here(&self, at: At, code: &str) -> Problem {
        let (elsewhere, all) = (self.elsewhere, self.all);
        Problem::warning(
            Code::ElsewhereRows,
            Text::new(
                format!("trajets de ou vers des lieux absents de la table des lieux, non lus : {elsewhere} lignes sur {all}, la première ici"),
                format!("trips from or to places absent from the table of places, not read: {elsewhere} rows of {all}, the first one here"),
            ),
        )
        .at(at)
        .value(code)
        .remedy(Text::new(
            "rien à faire si la table est plus large que le territoire",
            "nothing to do if the table is wider than the territory",
        ))
    }
}
