//! Finds the columns that a section asks for among those of a file.

use super::columns::{Column, MAX_COMPARED, Want, brief, closest, same, tidy};
use crate::reader::{Reader, step};
use maillage_input::{Code, Place as At, Problem, Text};

/// Where the columns asked for stand in a file.
pub(super) struct Layout {
    pub(super) columns: Vec<Placed>,
    /// Columns of the file whose cells must be among some texts.
    pub(super) keep: Vec<(usize, Vec<String>)>,
}

/// A column asked for, and where it stands.
pub(super) struct Placed {
    pub(super) name: &'static str,
    pub(super) digits: usize,
    pub(super) ix: Option<usize>,
    /// Its name in the file, where it is there.
    pub(super) shown: Option<String>,
}

impl Layout {
    /// Finds columns by name; every one that is missing is a problem.
    pub(super) fn find(
        headers: &[String],
        shown: &str,
        header_line: Option<u64>,
        want: &Want,
        reader: &mut Reader,
    ) -> Option<Layout> {
        let headers: Vec<String> = headers.iter().map(|h| tidy(h)).collect();
        let at = At { line: header_line, ..At::file(shown) };
        let find = Finder { headers: &headers, at, want };
        let mut good = find.known_keys(reader);
        let mut columns = Vec::new();
        for column in &want.columns {
            match find.column(column, reader) {
                Ok(ix) => columns.push(Placed {
                    name: column.name,
                    digits: column.digits,
                    ix,
                    shown: ix.map(|ix| headers[ix].clone()),
                }),
                Err(()) => good = false,
            }
        }
        let mut keep = Vec::new();
        for (name, allowed) in want.keep() {
            match find.by_name(name) {
                Some(ix) => keep.push((ix, allowed.iter().map(|a| a.trim().to_owned()).collect())),
                None if want.may_lack(name) => {}
                None => {
                    reader.problems.push(find.absent(
                        "where",
                        name,
                        want.spec.rows.contains_key(name),
                        reader,
                    ));
                    good = false;
                }
            }
        }
        if good && !want.preset.official {
            find.near_misses(reader);
        }
        good.then_some(Layout { columns, keep })
    }

    /// The columns of the file whose cells are needed, each once, in order.
    pub(super) fn needed(&self) -> Vec<usize> {
        let mut all: Vec<usize> =
            self.columns.iter().filter_map(|c| c.ix).chain(self.keep.iter().map(|k| k.0)).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

struct Finder<'a> {
    headers: &'a [String],
    at: At,
    want: &'a Want<'a>,
}

impl Finder<'_> {
    fn by_name(&self, name: &str) -> Option<usize> {
        self.headers.iter().position(|h| same(h, name))
    }

    /// Whether every key of `columns` is one that this section reads.
    fn known_keys(&self, reader: &mut Reader) -> bool {
        let known = || self.want.columns.iter().map(|c| c.name);
        let unknown = self.want.spec.columns.keys().filter(|key| !known().any(|k| k == *key));
        let mut good = true;
        for key in unknown {
            good = false;
            let list = known().collect::<Vec<_>>().join(", ");
            let remedy = match closest(key, known()) {
                Some(name) => Text::new(format!("écrire « {name} »"), format!("write `{name}`")),
                None => Text::new(format!("choisir parmi {list}"), format!("choose among {list}")),
            };
            reader.problems.push(
                Problem::error(
                    Code::UnknownKey,
                    Text::new(format!("colonne inconnue « {key} »"), format!("unknown column `{key}`")),
                )
                .at(reader.at(&step(&format!("{}/columns", self.want.pointer), key)))
                .remedy(remedy),
            );
        }
        good
    }

    /// Where a column stands; `None` where it may be absent and is.
    fn column(&self, column: &Column, reader: &mut Reader) -> Result<Option<usize>, ()> {
        let found = match self.want.spec.columns.get(column.name) {
            Some(name) if !name.trim().is_empty() => match self.by_name(name) {
                None => {
                    reader.problems.push(self.absent("columns", column.name, true, reader));
                    return Err(());
                }
                found => found,
            },
            Some(_) => None,
            None if column.begins => self.headers.iter().position(|h| h.starts_with(&column.called[0])),
            None => column.called.iter().find_map(|name| self.by_name(name)),
        };
        match found {
            None if column.required => {
                reader.problems.push(self.missing(column));
                Err(())
            }
            Some(ix)
                if !column.begins && self.headers.iter().filter(|h| *h == &self.headers[ix]).count() > 1 =>
            {
                let name = &self.headers[ix];
                reader.problems.push(
                    Problem::error(
                        Code::TableSyntax,
                        Text::new(
                            format!("colonne « {name} » répétée"),
                            format!("column `{name}` stands twice"),
                        ),
                    )
                    .at(self.at.clone())
                    .remedy(Text::new("n'en garder qu'une", "keep only one")),
                );
                Err(())
            }
            found => Ok(found),
        }
    }

    /// A column that must be there and is not, under its usual name.
    fn missing(&self, column: &Column) -> Problem {
        let name = &column.called.first().map_or(column.name, String::as_str);
        let expected: Vec<&str> = self
            .want
            .columns
            .iter()
            .filter(|c| c.required)
            .flat_map(|c| c.called.first())
            .map(String::as_str)
            .collect();
        let (expected, key) = (expected.join(", "), column.name);
        Problem::error(
            Code::MissingColumn,
            Text::new(format!("il manque la colonne « {name} »"), format!("column `{name}` is missing")),
        )
        .at(self.at.clone())
        .value(self.headers.join(", "))
        .remedy(Text::new(
            format!("colonnes attendues : {expected} ; ou donner le nom de « {key} » dans « columns »"),
            format!("expected columns: {expected}; or name `{key}` in `columns`"),
        ))
    }

    /// A column that `columns` or `where` names and that the file does not have.
    fn absent(&self, map: &str, key: &str, written: bool, reader: &Reader) -> Problem {
        let name = self.want.spec.columns.get(key).filter(|_| map == "columns").map_or(key, String::as_str);
        let file = self.at.file.as_deref().unwrap_or_default();
        let list = self.headers.iter().filter(|h| !h.is_empty()).take(60);
        let list = list.map(|h| brief(h)).collect::<Vec<_>>().join(", ");
        let (fr, en) = match closest(name, self.headers.iter().map(String::as_str).filter(|h| !h.is_empty()))
        {
            Some(meant) => (format!("écrire « {meant} » ? "), format!("write `{meant}`? ")),
            None => (String::new(), String::new()),
        };
        let pointer = step(&format!("{}/{map}", self.want.pointer), key);
        Problem::error(
            Code::MissingColumn,
            Text::new(
                format!("colonne « {name} » absente de {file}"),
                format!("column `{name}` is absent from {file}"),
            ),
        )
        .at(if written { reader.at(&pointer) } else { self.at.clone() })
        .value(name)
        .remedy(Text::new(
            format!("{fr}colonnes du fichier : {list}"),
            format!("{en}columns of the file: {list}"),
        ))
    }

    /// Warns of a column that is not read, but close to one that is absent.
    fn near_misses(&self, reader: &mut Reader) {
        let absent: Vec<&str> = self
            .want
            .columns
            .iter()
            .map(|c| c.name)
            .filter(|name| !self.want.spec.columns.contains_key(*name) && self.by_name(name).is_none())
            .collect();
        let read = |name: &str| {
            self.want.columns.iter().any(|c| c.called.iter().any(|n| same(n, name)))
                || self.want.spec.columns.values().any(|n| same(n, name))
        };
        let short = |name: &str| !name.is_empty() && name.len() <= MAX_COMPARED;
        for name in self.headers.iter().filter(|name| short(name) && !read(name)) {
            let close = |known: &&&str| {
                let distance = strsim::damerau_levenshtein(&name.to_lowercase(), known);
                distance <= 2 && distance < known.len()
            };
            if let Some(meant) = absent.iter().find(close) {
                reader.problems.push(
                    Problem::warning(
                        Code::UnknownColumn,
                        Text::new(
                            format!("colonne « {name} » non lue"),
                            format!("column `{name}` is not read"),
                        ),
                    )
                    .at(self.at.clone())
                    .remedy(Text::new(format!("écrire « {meant} » ?"), format!("write `{meant}`?"))),
                );
            }
        }
    }
}
