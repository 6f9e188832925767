//! CSV as French offices write it: `;` or `,` or tabulation, UTF-8 or Windows-1252, decimal comma.

use crate::{BadQuantity, PlaceId, PlaceIx};
use maillage_input::{Code, InputFile, Place as At, Problem, Problems, Text};
use std::collections::BTreeMap;

/// A table whose columns are found by name.
pub(crate) struct Table {
    file: String,
    columns: BTreeMap<String, usize>,
    rows: Vec<(u64, csv::StringRecord)>,
}

/// A row that remembers its line.
pub(crate) struct Row<'a> {
    table: &'a Table,
    line: u64,
    record: &'a csv::StringRecord,
}

impl Table {
    /// Reads a table; rows of another length than the header are problems. A column that is none of those
    /// read, but close to one that is absent, is a warning.
    pub(crate) fn read(
        input: &InputFile,
        required: &[&str],
        optional: &[&str],
        problems: &mut Problems,
    ) -> Option<Table> {
        let file = input.record.path.clone();
        let (text, latin1) = match input.french_text() {
            Ok(read) => read,
            Err(problem) => return crate::refuse(problems, problem),
        };
        if latin1 {
            problems.push(
                Problem::warning(
                    Code::Latin1,
                    Text::new(
                        "table lue comme Latin-1 (Windows-1252)",
                        "table read as Latin-1 (Windows-1252)",
                    ),
                )
                .at(At::file(&file))
                .remedy(Text::new(
                    "vérifier les accents, ou enregistrer en UTF-8",
                    "check the accents, or save as UTF-8",
                )),
            );
        }
        let header = text.lines().next().unwrap_or_default();
        let delimiter = [b';', b'\t', b',']
            .into_iter()
            .max_by_key(|d| header.bytes().filter(|b| b == d).count())
            .unwrap_or(b',');
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let headers = match reader.headers() {
            Ok(h) => h.clone(),
            Err(e) => return crate::refuse(problems, broken(&file, 1, &e.to_string())),
        };
        let mut columns = BTreeMap::new();
        for (i, name) in headers.iter().enumerate() {
            if columns.insert(name.to_owned(), i).is_some() && !name.is_empty() {
                problems.push(
                    Problem::error(
                        Code::TableSyntax,
                        Text::new(
                            format!("colonne « {name} » répétée"),
                            format!("column `{name}` stands twice"),
                        ),
                    )
                    .at(At::line(&file, 1))
                    .remedy(Text::new("n'en garder qu'une", "keep only one")),
                );
            }
        }
        let missing: Vec<&&str> = required.iter().filter(|c| !columns.contains_key(**c)).collect();
        for column in &missing {
            problems.push(
                Problem::error(
                    Code::MissingColumn,
                    Text::new(
                        format!("il manque la colonne « {column} »"),
                        format!("column `{column}` is missing"),
                    ),
                )
                .at(At::line(&file, 1))
                .value(header)
                .remedy(Text::new(
                    format!("colonnes attendues : {}", required.join(", ")),
                    format!("expected columns: {}", required.join(", ")),
                )),
            );
        }
        if !missing.is_empty() {
            return None;
        }
        let read = || required.iter().chain(optional);
        for name in columns.keys().filter(|name| !read().any(|r| r == name)) {
            let close = |r: &&&str| {
                let distance = strsim::damerau_levenshtein(&name.to_lowercase(), r);
                distance <= 2 && distance < r.len() && !columns.contains_key(**r)
            };
            if let Some(meant) = read().find(close) {
                problems.push(
                    Problem::warning(
                        Code::UnknownColumn,
                        Text::new(
                            format!("colonne « {name} » non lue"),
                            format!("column `{name}` is not read"),
                        ),
                    )
                    .at(At::line(&file, 1))
                    .remedy(Text::new(format!("écrire « {meant} » ?"), format!("write `{meant}`?"))),
                );
            }
        }
        let mut rows = Vec::new();
        for record in reader.records() {
            match record {
                Ok(r) => {
                    let line = r.position().map_or(0, csv::Position::line);
                    if r.len() == headers.len() {
                        rows.push((line, r));
                    } else if !r.iter().all(str::is_empty) {
                        let detail = format!("{} / {}", r.len(), headers.len());
                        problems.push(broken(&file, line, &detail));
                    }
                }
                Err(e) => {
                    problems.push(broken(&file, e.position().map_or(0, csv::Position::line), &e.to_string()))
                }
            }
        }
        Some(Table { file, columns, rows })
    }

    pub(crate) fn file(&self) -> &str {
        &self.file
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(line, record)| Row { table: self, line: *line, record })
    }
}

fn broken(file: &str, line: u64, detail: &str) -> Problem {
    Problem::error(
        Code::TableSyntax,
        Text::new(
            "ligne dont le nombre de cellules n'est pas celui de l'en-tête, ou illisible",
            "row whose number of cells differs from the header's, or unreadable",
        ),
    )
    .at(At::line(file, line))
    .value(detail)
    .remedy(Text::new("vérifier guillemets et séparateurs", "check quotes and separators"))
}

impl Row<'_> {
    pub(crate) fn at(&self, column: &str) -> At {
        At::cell(&self.table.file, self.line, column)
    }

    /// The cell; empty when the column is absent.
    pub(crate) fn get(&self, column: &str) -> &str {
        self.table.columns.get(column).and_then(|&i| self.record.get(i)).unwrap_or_default()
    }

    /// The cell as a quantity that must be there.
    pub(crate) fn need<T>(
        &self,
        column: &str,
        parse: fn(&str) -> Result<T, BadQuantity>,
        problems: &mut Problems,
    ) -> Option<T> {
        match parse(self.get(column)) {
            Ok(v) => Some(v),
            Err(why) => crate::refuse(problems, self.bad_number(column, why)),
        }
    }

    /// The cell as a quantity; empty is unknown.
    pub(crate) fn maybe<T>(
        &self,
        column: &str,
        parse: fn(&str) -> Result<T, BadQuantity>,
        problems: &mut Problems,
    ) -> Option<T> {
        if self.get(column).is_empty() { None } else { self.need(column, parse, problems) }
    }

    fn bad_number(&self, column: &str, why: BadQuantity) -> Problem {
        let (fr, en) = match why {
            BadQuantity::NotANumber => ("ce n'est pas un nombre", "not a number"),
            BadQuantity::Negative => ("nombre négatif", "negative number"),
            BadQuantity::TooLarge => ("nombre trop grand", "number too large"),
            BadQuantity::NotWhole => ("nombre non entier", "not a whole number"),
        };
        Problem::error(Code::BadNumber, Text::new(fr, en)).at(self.at(column)).value(self.get(column)).remedy(
            Text::new("corriger la cellule ; vide si inconnu", "mend the cell; leave it empty if unknown"),
        )
    }

    /// The cell as a degree within ±`limit`; empty is unknown.
    pub(crate) fn degrees(&self, column: &str, limit: f64, problems: &mut Problems) -> Option<f64> {
        let text = self.get(column);
        if text.is_empty() {
            return None;
        }
        match text.replace(',', ".").parse::<f64>() {
            Ok(x) if x.abs() <= limit => Some(x),
            _ => crate::refuse(
                problems,
                Problem::error(
                    Code::BadNumber,
                    Text::new("coordonnée hors limites", "coordinate out of range"),
                )
                .at(self.at(column))
                .value(text)
                .remedy(Text::new("degrés WGS84 attendus", "WGS84 degrees expected")),
            ),
        }
    }

    /// The cell as the code of a known place.
    pub(crate) fn place(
        &self,
        column: &str,
        index: &BTreeMap<PlaceId, PlaceIx>,
        problems: &mut Problems,
    ) -> Option<PlaceIx> {
        let text = self.get(column);
        let found = PlaceId::new(text).ok().and_then(|id| index.get(&id).copied());
        if found.is_none() {
            problems.push(
                Problem::error(
                    Code::UnknownPlace,
                    Text::new("lieu absent de la table des lieux", "place absent from the table of places"),
                )
                .at(self.at(column))
                .value(text)
                .remedy(Text::new(
                    "corriger le code (texte : « 01001 », pas 1001), ou ajouter le lieu",
                    "mend the code (text: `01001`, not 1001), or add the place",
                )),
            );
        }
        found
    }
}
