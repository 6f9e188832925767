//! Need for care by place: standardised people, ages, factors.

use crate::file::{AgesFile, AgesFormat, NeedFile};
use crate::join::{Codes, Joined, Rule};
use crate::reader::Reader;
use crate::table::{Column, Preset, Row, Table, Want};
use crate::units::{decimal, millionths};
use crate::{BadQuantity, Need, Persons, Place, refuse};
use maillage_input::{Code, Place as At, Problem, Text};
use std::ops::RangeInclusive;

/// What is known of the need of each place, from every table that says something of it.
pub(crate) struct Needs {
    pub(crate) standard: Vec<Option<f64>>,
    pub(crate) ages: Vec<Option<[Persons; 6]>>,
    pub(crate) factor: Vec<Option<f64>>,
}

const BANDS: [&str; 6] = ["age_0_14", "age_15_29", "age_30_44", "age_45_59", "age_60_74", "age_75p"];

/// Least need that is not none: below it quotients by need leave the numbers of use.
const LEAST: f64 = 0.01;
const MOST_FACTOR: f64 = 100.0;
/// As many as people of one place at most.
const MOST_STANDARD: f64 = 2e9;
/// Where fewer live, standardised people may be far from them.
const FEW: u64 = 50;
/// Codes shown in a message that counts places.
const SHOWN: usize = 5;

impl Needs {
    pub(crate) fn unknown(places: usize) -> Needs {
        Needs { standard: vec![None; places], ages: vec![None; places], factor: vec![None; places] }
    }

    /// The need of a place: standardised people, else ages, else the factor.
    pub(crate) fn of(&self, ix: usize) -> Need {
        match (self.standard[ix], self.ages[ix], self.factor[ix]) {
            (Some(people), ..) => Need::Standard(people),
            (None, Some(ages), _) => Need::Ages(ages),
            (None, None, Some(factor)) => Need::Factor(factor),
            (None, None, None) => Need::Unknown,
        }
    }

    /// Reads the section `need`.
    pub(crate) fn read(&mut self, file: &NeedFile, codes: &Codes, reader: &mut Reader) {
        let columns = vec![
            Column::commune(),
            Column::optional("standard_population"),
            Column::optional("need_factor"),
            Column::optional("weight"),
        ];
        let Some(table) = reader.table(&Want::new(&file.table, "/need", columns)) else { return };
        if !table.has("standard_population") && !table.has("need_factor") {
            reader.problems.push(
                Problem::error(
                    Code::MissingColumn,
                    Text::new(
                        "il manque la colonne « standard_population » ou « need_factor »",
                        "column `standard_population` or `need_factor` is missing",
                    ),
                )
                .at(At::file(table.file()))
                .remedy(Text::new("la nommer dans « columns »", "name it in `columns`")),
            );
            return;
        }
        let joined = codes.join(&table, Rule { once: true, ..Rule::default() }, reader);
        for (&ix, rows) in &joined.rows {
            let place = ix.0 as usize;
            let people: Option<Vec<f64>> =
                rows.iter().map(|&r| standard_population(&table.row(r), reader)).collect();
            self.standard[place] = people.map(|all| all.iter().sum());
            if self.standard[place] == Some(0.0) && codes.places[place].population > Persons(0) {
                let row = table.row(rows[0]);
                reader.problems.push(row.bad_number("standard_population", BadQuantity::TooSmall));
            }
            self.factor[place] = mean(&table, rows, "need_factor", need_factor, reader);
        }
        self.hold_standard(codes.places, table.file(), reader);
    }

    /// Standardised people that are far from those who live there become unknown, but where few live.
    pub(crate) fn hold_standard(&mut self, places: &[Place], shown: &str, reader: &mut Reader) {
        hold(&mut self.standard, |people| *people, FEW, places, shown, reader);
    }

    /// Reads the section `population_by_age`.
    pub(crate) fn read_ages(&mut self, file: &AgesFile, codes: &Codes, reader: &mut Reader) {
        let insee = file.format == AgesFormat::Insee;
        let Some(columns) = age_columns(file, reader) else { return };
        let preset = Preset { official: insee, ..Preset::default() };
        let want = Want::new(&file.table, "/population_by_age", columns).preset(preset);
        let Some(table) = reader.table(&want) else { return };
        let rule = Rule { once: true, official: insee, ..Rule::default() };
        let Joined { rows, .. } = codes.join(&table, rule, reader);
        for (&ix, rows) in &rows {
            let ages = sum_of_bands(&table, rows, insee, reader);
            // Nobody of any age where people live says nothing.
            let none = ages == Some([Persons(0); 6]) && codes.places[ix.0 as usize].population > Persons(0);
            self.ages[ix.0 as usize] = ages.filter(|_| !none);
        }
        let sum = |ages: &[Persons; 6]| ages.iter().map(|p| p.0 as f64).sum();
        hold(&mut self.ages, sum, 1, codes.places, table.file(), reader);
    }
}

/// Makes figures unknown that are less than half or more than twice the population of their place, where at least
/// some people live: a part of a merged commune is missing, or a code stands for another place.
fn hold<T>(
    figures: &mut [Option<T>],
    people: impl Fn(&T) -> f64,
    least: u64,
    places: &[Place],
    shown: &str,
    reader: &mut Reader,
) {
    let mut far = Vec::new();
    for (figure, place) in figures.iter_mut().zip(places) {
        let lives = place.population.0 as f64;
        let apart = |figure: &T| !(0.5 * lives..=2.0 * lives).contains(&people(figure));
        if place.population.0 >= least && figure.as_ref().is_some_and(apart) {
            *figure = None;
            far.push(place.id.as_str());
        }
    }
    if far.is_empty() {
        return;
    }
    let n = far.len();
    reader.problems.push(
        Problem::warning(
            Code::OutOfScale,
            Text::new(
                format!("moins de la moitié ou plus du double de la population : besoin inconnu ({n} lieux)"),
                format!("less than half or more than twice the population: need unknown ({n} places)"),
            ),
        )
        .at(At::file(shown))
        .value(far[..n.min(SHOWN)].join(", "))
        .remedy(Text::new(
            "vérifier qu'aucune partie de ces communes ne manque, et l'année des communes (« passage »)",
            "check that no part of these communes is missing, and the year of the communes (`passage`)",
        )),
    );
}

fn age_columns(file: &AgesFile, reader: &mut Reader) -> Option<Vec<Column>> {
    let bands = BANDS.map(Column::required);
    let commune = Column::commune();
    if file.format == AgesFormat::Csv {
        return Some(std::iter::once(commune).chain(bands).collect());
    }
    let Some(year) = file.year else {
        let problem = missing_key(reader, "/population_by_age", "year");
        return refuse(&mut reader.problems, problem);
    };
    let called = |ages: &str| [format!("P{:02}_POP{ages}", year % 100)];
    let names = ["0014", "1529", "3044", "4559", "6074", "7589"];
    let bands = bands.into_iter().zip(names).map(|(band, ages)| band.called(called(ages)));
    let oldest = Column::required("age_90p").called(called("90P"));
    Some(std::iter::once(commune.called(["CODGEO"])).chain(bands).chain([oldest]).collect())
}

/// Each band added up over the rows, then rounded; `None` as soon as one cell is unknown.
fn sum_of_bands(table: &Table, rows: &[usize], insee: bool, reader: &mut Reader) -> Option<[Persons; 6]> {
    let mut sums = [Some(0u64); 6];
    let mut add = |band: usize, column: &str| {
        for &row in rows {
            let cell = table.row(row).maybe(column, millionths, &mut reader.problems);
            sums[band] = sums[band].zip(cell).and_then(|(sum, more)| sum.checked_add(more));
        }
    };
    for (band, column) in BANDS.into_iter().enumerate() {
        add(band, column);
    }
    if insee {
        add(5, "age_90p");
    }
    let whole = |sum: u64| Persons((sum + 500_000) / 1_000_000);
    let all: Vec<Persons> = sums.into_iter().map(|sum| sum.map(whole)).collect::<Option<_>>()?;
    all.try_into().ok()
}

/// Standardised people, none or at least a hundredth; empty is unknown.
pub(crate) fn standard_population(row: &Row, reader: &mut Reader) -> Option<f64> {
    let column = "standard_population";
    match row.maybe(column, decimal, &mut reader.problems)? {
        0.0 => Some(0.0),
        people => within(people, LEAST..=MOST_STANDARD, row, column, reader),
    }
}

/// A factor from a hundredth to a hundred; empty is unknown.
pub(crate) fn need_factor(row: &Row, column: &str, reader: &mut Reader) -> Option<f64> {
    let factor = row.maybe(column, decimal, &mut reader.problems)?;
    within(factor, LEAST..=MOST_FACTOR, row, column, reader)
}

fn within(x: f64, range: RangeInclusive<f64>, row: &Row, column: &str, reader: &mut Reader) -> Option<f64> {
    if range.contains(&x) {
        return Some(x);
    }
    let why = if x < *range.start() { BadQuantity::TooSmall } else { BadQuantity::TooLarge };
    refuse(&mut reader.problems, row.bad_number(column, why))
}

/// The value of a place; over several rows, of communes merged since, their mean by the column `weight`, and
/// unknown where a value or a weight is.
pub(crate) fn mean(
    table: &Table,
    rows: &[usize],
    column: &str,
    read: fn(&Row, &str, &mut Reader) -> Option<f64>,
    reader: &mut Reader,
) -> Option<f64> {
    if let [row] = rows {
        return read(&table.row(*row), column, reader);
    }
    let (mut sum, mut weights, mut known) = (0.0, 0.0, true);
    for &row in rows {
        let row = table.row(row);
        let value = read(&row, column, reader);
        let weight = row.maybe("weight", decimal, &mut reader.problems);
        match value.zip(weight) {
            Some((value, weight)) => {
                sum += value * weight;
                weights += weight;
            }
            None => known = false,
        }
    }
    if known && weights > 0.0 {
        return Some(sum / weights);
    }
    if table.has(column) {
        let row = table.row(rows[0]);
        reader.problems.push(
            Problem::warning(
                Code::NotMerged,
                Text::new(
                    format!("communes fusionnées ({} lignes) sans valeur ou poids : inconnu", rows.len()),
                    format!("merged communes ({} rows) without value or weight: unknown", rows.len()),
                ),
            )
            .at(row.at(column))
            .value(row.get("code_commune"))
            .remedy(Text::new("ajouter une colonne « weight »", "add a column `weight`")),
        );
    }
    None
}

/// A key of `territory.json` that its other keys make necessary.
pub(crate) fn missing_key(reader: &Reader, pointer: &str, key: &str) -> Problem {
    Problem::error(
        Code::MissingKey,
        Text::new(format!("il manque la clé « {key} »"), format!("key `{key}` is missing")),
    )
    .at(reader.at(pointer))
    .remedy(Text::new(format!("ajouter « {key} »"), format!("add `{key}`")))
}
