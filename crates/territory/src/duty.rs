//! Out-of-hours points and the rotas that staff them.

use crate::file::DutyFile;
use crate::join::Codes;
use crate::reader::Reader;
use crate::table::{Column, Row, Table, Want};
use crate::{BadQuantity, DutyKind, DutyPoint, PeriodId, Persons, Rota, SiteId, refuse};
use maillage_input::{Code, Problem, Text};
use std::collections::BTreeMap;

/// The word for every period.
const ALL: &str = "all";
const MOST_DOCTORS: u64 = 100_000;

pub(crate) fn read(file: &DutyFile, codes: &Codes, reader: &mut Reader) -> (Vec<DutyPoint>, Vec<Rota>) {
    let mut rotas: BTreeMap<SiteId, Rota> = BTreeMap::new();
    // With rows refused, a rota that is not found may well be one of them.
    let mut whole = true;
    if let Some(section) = &file.rotas {
        let columns = vec![
            Column::required("rota_id"),
            Column::required("name"),
            Column::required("volunteers"),
            Column::optional("lines"),
            Column::required("periods"),
        ];
        if let Some(table) = reader.table(&Want::new(&section.table, "/duty/rotas", columns)) {
            for row in table.rows() {
                match rota(&row, reader) {
                    Some(rota) => keep(rota.id.clone(), rota, &mut rotas, &row, "rota_id", reader),
                    None => whole = false,
                }
            }
        } else {
            whole = false;
        }
    }
    let columns = vec![
        Column::required("point_id"),
        Column::required("name"),
        Column::required("kind"),
        Column::commune(),
        Column::required("periods"),
        Column::optional("rota"),
    ];
    let mut points: BTreeMap<SiteId, DutyPoint> = BTreeMap::new();
    if let Some(table) = reader.table(&Want::new(&file.points.table, "/duty/points", columns)) {
        read_points(&table, &rotas, whole, &mut points, codes, reader);
    }
    (points.into_values().collect(), rotas.into_values().collect())
}

fn read_points(
    table: &Table,
    rotas: &BTreeMap<SiteId, Rota>,
    whole: bool,
    points: &mut BTreeMap<SiteId, DutyPoint>,
    codes: &Codes,
    reader: &mut Reader,
) {
    for row in table.rows() {
        if let Some(point) = point(&row, codes, reader) {
            match point.rota.as_ref().map(|id| rotas.get(id)) {
                Some(None) if whole => reader.problems.push(unknown_rota(&row)),
                Some(Some(rota)) => compare(&point, rota, &row, reader),
                _ => {}
            }
            keep(point.id.clone(), point, points, &row, "point_id", reader);
        }
    }
}

fn rota(row: &Row, reader: &mut Reader) -> Option<Rota> {
    let id = identifier(row, "rota_id", reader);
    let volunteers = doctors(row, "volunteers", 0, reader);
    let lines = if row.get("lines").is_empty() { Some(1) } else { doctors(row, "lines", 1, reader) };
    let periods = periods(row, reader);
    let periods = match periods {
        Some(list) if list.is_empty() || row.get("periods") == ALL => {
            let problem = row.bad_code("periods", Text::new("nommer chaque période", "name every period"));
            refuse(&mut reader.problems, problem)
        }
        list => list,
    };
    Some(Rota {
        id: id?,
        name: row.get("name").to_owned(),
        volunteers: volunteers?,
        lines: lines?,
        periods: periods?,
    })
}

fn point(row: &Row, codes: &Codes, reader: &mut Reader) -> Option<DutyPoint> {
    let id = identifier(row, "point_id", reader);
    let kinds = [DutyKind::Practice, DutyKind::DutyHouse, DutyKind::Emergency];
    let kind = kinds.into_iter().find(|k| k.as_str() == row.get("kind"));
    if kind.is_none() {
        reader.problems.push(row.bad_word("kind", "practice, duty-house, emergency"));
    }
    let place = codes.place(row, "code_commune", reader);
    let periods = periods(row, reader);
    let rota = match row.get("rota") {
        "" => Some(None),
        _ => identifier(row, "rota", reader).map(Some),
    };
    let kind = kind?;
    if row.get("periods").is_empty() && kind != DutyKind::Emergency {
        let remedy = Text::new("nommer les périodes, ou « all »", "name the periods, or `all`");
        return refuse(&mut reader.problems, row.bad_code("periods", remedy));
    }
    Some(DutyPoint {
        id: id?,
        name: row.get("name").to_owned(),
        kind,
        place: place?,
        periods: periods?,
        rota: rota?,
    })
}

/// The periods named, each once, in order; none for all of them.
fn periods(row: &Row, reader: &mut Reader) -> Option<Vec<PeriodId>> {
    let words = row.get("periods");
    let words = if words == ALL { "" } else { words };
    let read: Result<Vec<PeriodId>, _> = words
        .split_whitespace()
        // Beside other words, `all` would be a period of that name.
        .map(|word| PeriodId::new(if word == ALL { "" } else { word }))
        .collect();
    match read {
        Ok(mut list) => {
            list.sort();
            list.dedup();
            Some(list)
        }
        Err(_) => {
            let remedy = Text::new(
                "mots de lettres, chiffres et tirets, séparés par des espaces",
                "words of letters, digits and hyphens, separated by spaces",
            );
            refuse(&mut reader.problems, row.bad_code("periods", remedy))
        }
    }
}

fn identifier(row: &Row, column: &str, reader: &mut Reader) -> Option<SiteId> {
    SiteId::new(row.get(column)).ok().or_else(|| {
        let remedy = Text::new("lettres, chiffres et tirets", "letters, digits and hyphens");
        refuse(&mut reader.problems, row.bad_code(column, remedy))
    })
}

/// A number of doctors.
fn doctors(row: &Row, column: &str, least: u64, reader: &mut Reader) -> Option<u32> {
    let Persons(number) = row.need(column, Persons::parse, &mut reader.problems)?;
    if (least..=MOST_DOCTORS).contains(&number) {
        return u32::try_from(number).ok();
    }
    let why = if number < least { BadQuantity::TooSmall } else { BadQuantity::TooLarge };
    refuse(&mut reader.problems, row.bad_number(column, why))
}

fn keep<T>(
    id: SiteId,
    value: T,
    all: &mut BTreeMap<SiteId, T>,
    row: &Row,
    column: &str,
    reader: &mut Reader,
) {
    if all.insert(id, value).is_some() {
        reader.problems.push(
            Problem::error(
                Code::DuplicateCode,
                Text::new("identifiant en double", "identifier stands twice"),
            )
            .at(row.at(column))
            .value(row.get(column))
            .remedy(Text::new("n'en garder qu'un", "keep one of them")),
        );
    }
}

fn unknown_rota(row: &Row) -> Problem {
    Problem::error(Code::UnknownId, Text::new("tour de garde inconnu", "unknown rota"))
        .at(row.at("rota"))
        .value(row.get("rota"))
        .remedy(Text::new(
            "l'ajouter à la table des tours, ou laisser vide",
            "add it to the table of rotas, or leave empty",
        ))
}

/// Warns of periods that the rota serves while its point is closed.
fn compare(point: &DutyPoint, rota: &Rota, row: &Row, reader: &mut Reader) {
    let closed: Vec<&str> =
        rota.periods.iter().filter(|p| !point.periods.contains(p)).map(PeriodId::as_str).collect();
    if !point.periods.is_empty() && !closed.is_empty() {
        let list = closed.join(", ");
        reader.problems.push(
            Problem::warning(
                Code::RotaPeriods,
                Text::new(
                    format!("tour de garde pendant des périodes où le point est fermé : {list}"),
                    format!("rota during periods when the point is closed: {list}"),
                ),
            )
            .at(row.at("periods"))
            .value(rota.id.as_str())
            .remedy(Text::new("accorder les périodes du point et du tour", "make the periods of both agree")),
        );
    }
}
