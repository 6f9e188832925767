//! The table of places.

use crate::table::Table;
use crate::units::square_km;
use crate::{Epci, Fte, LonLat, Persons, Place, PlaceId, PlaceIx, read_or_push, refuse};
use maillage_input::{Code, InputRecord, MAX_TABLE_BYTES, Place as At, Problem, Problems, Text};
use std::collections::BTreeMap;
use std::path::Path;

const OPTIONAL: [&str; 7] = ["code_epci", "epci", "lon", "lat", "area_km2", "core", "gps"];
/// More people than live on Earth: beyond it sums of people × time could leave the whole numbers of a double.
const MOST_PEOPLE: u64 = 10_000_000_000;

pub(crate) fn read(
    path: &Path,
    inputs: &mut Vec<InputRecord>,
    problems: &mut Problems,
) -> (Vec<Place>, BTreeMap<PlaceId, PlaceIx>) {
    let mut by_id: BTreeMap<PlaceId, (Place, String)> = BTreeMap::new();
    let table = read_or_push(path, MAX_TABLE_BYTES, inputs, problems)
        .and_then(|f| Table::read(&f, &["code_commune", "name", "population"], &OPTIONAL, problems));
    if let Some(table) = &table {
        for row in table.rows() {
            let Ok(id) = PlaceId::new(row.get("code_commune")) else {
                problems.push(
                    Problem::error(
                        Code::BadCode,
                        Text::new("code vide ou mal formé", "empty or malformed code"),
                    )
                    .at(row.at("code_commune"))
                    .value(row.get("code_commune"))
                    .remedy(Text::new("donner le code INSEE, en texte", "give the INSEE code, as text")),
                );
                continue;
            };
            let point = match (row.degrees("lon", 180.0, problems), row.degrees("lat", 90.0, problems)) {
                (Some(lon), Some(lat)) => Some(LonLat { lon, lat }),
                _ => None,
            };
            let population = if row.get("population").is_empty() {
                problems.push(unknown_population(&row.at("population"), id.as_str()));
                Persons(0)
            } else {
                match row.need("population", Persons::parse, problems) {
                    Some(people) => people,
                    None => continue,
                }
            };
            let epci = (!row.get("code_epci").is_empty())
                .then(|| Epci { code: row.get("code_epci").to_owned(), name: row.get("epci").to_owned() });
            let place = Place {
                name: row.get("name").to_owned(),
                population,
                epci,
                point,
                area_km2: row.maybe("area_km2", square_km, problems).filter(|&a| a > 0.0),
                core: match row.get("core") {
                    "" | "1" => true,
                    "0" => false,
                    _ => refuse(problems, bad_core(&row.at("core"), row.get("core"))).unwrap_or_default(),
                },
                gps: row.maybe("gps", Fte::parse, problems),
                id: id.clone(),
            };
            let here = row.at("code_commune");
            if let Some((_, first)) = by_id.get(&id) {
                problems.push(
                    Problem::error(
                        Code::DuplicateCode,
                        Text::new(
                            format!("code en double, déjà ligne {first}"),
                            format!("code stands twice, first on line {first}"),
                        ),
                    )
                    .at(here)
                    .value(id.as_str())
                    .remedy(Text::new("n'en garder qu'un", "keep one of them")),
                );
                continue;
            }
            let line = here.line.unwrap_or_default().to_string();
            by_id.insert(id, (place, line));
        }
        if by_id.values().map(|(p, _)| p.population.0).sum::<u64>() > MOST_PEOPLE {
            problems.push(
                Problem::error(
                    Code::BadNumber,
                    Text::new(
                        "plus de dix milliards d'habitants en tout",
                        "more than ten billion people in all",
                    ),
                )
                .at(At { pointer: Some("population".to_owned()), ..At::file(table.file()) })
                .remedy(Text::new("vérifier les populations", "check the populations")),
            );
        }
        if by_id.is_empty() && !problems.has_errors() {
            problems.push(
                Problem::error(
                    Code::NoPlaces,
                    Text::new("aucun lieu dans la table", "no place in the table"),
                )
                .at(At::file(table.file()))
                .remedy(Text::new("ajouter des lieux", "add places")),
            );
        }
    }
    let places: Vec<Place> = by_id.into_values().map(|(place, _)| place).collect();
    let index = places.iter().zip(0..).map(|(p, i)| (p.id.clone(), PlaceIx(i))).collect();
    (places, index)
}

fn unknown_population(at: &At, code: &str) -> Problem {
    Problem::warning(
        Code::UnknownPopulation,
        Text::new(
            "population inconnue : personne n'y est compté",
            "population unknown: nobody is counted there",
        ),
    )
    .at(at.clone())
    .value(code)
    .remedy(Text::new("compléter la cellule", "fill in the cell"))
}

fn bad_core(at: &At, value: &str) -> Problem {
    Problem::error(Code::BadNumber, Text::new("« core » vaut 1 ou 0", "`core` is 1 or 0"))
        .at(at.clone())
        .value(value)
        .remedy(Text::new("1 : dans le territoire ; 0 : autour", "1: in the territory; 0: around it"))
}
