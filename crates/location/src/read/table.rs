//! Cost lists as tables.

use super::wrong;
use crate::lists::{ClientIx, CostLists, ListError, SiteIx};
use maillage_input::{Code, InputFile, Place, Problem, Problems, Text};
use std::collections::BTreeMap;

/// Most rows of a cost table that are read.
pub const MAX_ROWS: usize = 20_000_000;
/// Most clients, and most sites.
pub const MAX_IDS: usize = 1_000_000;

/// Cost lists with the names that the tables use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsvLists {
    /// The lists.
    pub lists: CostLists,
    /// Name of each client, in order of [`ClientIx`]: alphabetical.
    pub clients: Vec<String>,
    /// Name of each site, in order of [`SiteIx`]: alphabetical.
    pub sites: Vec<String>,
}

/// Reads a table with the columns `from_id` (client), `to_id` (site) and `cost` (a whole number), and if
/// given a table with the columns `id` (client) and `weight` (a whole number). Columns come in any order
/// and others are ignored; the separator is `,` or `;`. A pair that is absent cannot be used.
///
/// With weights, the clients are those of the weights table, and a cost of any other is an error;
/// without, they are those of the cost table, of weight 1 each. Sites are those of the cost table.
///
/// # Errors
/// E309 with the line and the cause, E301 for a missing column, E104 if it is no text.
pub fn csv_lists(costs: &InputFile, weights: Option<&InputFile>) -> Result<CsvLists, Problems> {
    let mut problems = Problems::new();
    let known = match weights {
        None => None,
        Some(file) => {
            let mut known: BTreeMap<String, u64> = BTreeMap::new();
            rows(file, ["id", "weight"], &mut problems, |line, [id, weight], problems| {
                let Some(weight) = whole(file, line, "weight", weight, u64::MAX, problems) else { return };
                if known.insert(id.to_owned(), weight).is_some() {
                    let p = wrong(file, line, "ce client figure deux fois", "this client stands twice");
                    problems.push(p.value(id));
                }
            })?;
            Some(known)
        }
    };
    // A weight that could not be read is reported once, not once more per pair.
    let weights_known = !problems.has_errors();
    let mut seen_clients: BTreeMap<String, u32> = BTreeMap::new();
    let mut seen_sites: BTreeMap<String, u32> = BTreeMap::new();
    let mut found: Vec<(u32, u32, u32, u64)> = Vec::new();
    rows(costs, ["from_id", "to_id", "cost"], &mut problems, |line, [from, to, cost], problems| {
        let Some(cost) = whole(costs, line, "cost", cost, u64::from(u32::MAX), problems) else { return };
        if weights_known && known.as_ref().is_some_and(|k| !k.contains_key(from)) {
            let p = wrong(costs, line, "ce client n'a pas de poids", "this client has no weight");
            problems.push(p.value(from));
            return;
        }
        found.push((number(&mut seen_clients, from), number(&mut seen_sites, to), cost as u32, line));
    })?;
    let known = known.unwrap_or_else(|| seen_clients.keys().map(|k| (k.clone(), 1)).collect());
    if known.len() > MAX_IDS || seen_sites.len() > MAX_IDS {
        problems.push(wrong(
            costs,
            1,
            "plus d'un million de clients ou de sites",
            "more than a million clients or sites",
        ));
    }
    if problems.has_errors() {
        return Err(problems.sorted());
    }
    // From order of appearance to alphabetical order.
    let rank: BTreeMap<&String, u32> = known.keys().zip(0u32..).collect();
    let mut client_of = vec![0u32; seen_clients.len()];
    seen_clients.iter().for_each(|(name, &i)| client_of[i as usize] = rank[name]);
    let mut site_of = vec![0u32; seen_sites.len()];
    seen_sites.values().zip(0u32..).for_each(|(&i, r)| site_of[i as usize] = r);
    for f in &mut found {
        (f.0, f.1) = (client_of[f.0 as usize], site_of[f.1 as usize]);
    }
    found.sort_unstable_by_key(|f| (f.0, f.1, f.3));
    for pair in found.windows(2).filter(|w| (w[0].0, w[0].1) == (w[1].0, w[1].1)) {
        let first = pair[0].3;
        problems.push(wrong(
            costs,
            pair[1].3,
            format!("cette paire figure déjà ligne {first}"),
            format!("this pair already stands on line {first}"),
        ));
    }
    if problems.has_errors() {
        return Err(problems.sorted());
    }
    let pairs = found.into_iter().map(|(c, s, cost, _)| (ClientIx(c), SiteIx(s), cost));
    let lists = CostLists::from_pairs(seen_sites.len() as u32, known.values().copied().collect(), pairs)
        .map_err(|e| refused(weights.unwrap_or(costs), e))?;
    Ok(CsvLists { lists, clients: known.into_keys().collect(), sites: seen_sites.into_keys().collect() })
}

fn refused(file: &InputFile, error: ListError) -> Problem {
    let french = match error {
        ListError::TotalTooLarge => "la somme des poids fois coûts dépasse 2^53".to_owned(),
        other => other.to_string(),
    };
    Problem::error(Code::Instance, Text::new(french, error.to_string()))
        .at(Place::file(file.record.path.clone()))
        .remedy(Text::new(
            "compter les coûts ou les poids dans une unité plus grande",
            "use a larger unit of cost or weight",
        ))
}

fn number(seen: &mut BTreeMap<String, u32>, name: &str) -> u32 {
    if let Some(&i) = seen.get(name) {
        return i;
    }
    let i = seen.len() as u32;
    seen.insert(name.to_owned(), i);
    i
}

fn whole(
    file: &InputFile,
    line: u64,
    column: &str,
    cell: &str,
    most: u64,
    problems: &mut Problems,
) -> Option<u64> {
    let value = cell.parse::<u64>().ok().filter(|v| *v <= most);
    if value.is_none() {
        problems.push(
            wrong(
                file,
                line,
                format!("la cellule n'est pas un nombre entier entre 0 et {most}"),
                format!("the cell is not a whole number in 0..={most}"),
            )
            .at(Place::cell(file.record.path.clone(), line, column))
            .value(cell),
        );
    }
    value
}

/// Calls `take` with the line and the trimmed cells of the wanted columns of every row; rows that
/// cannot be read or whose first cells are empty become problems.
fn rows<const N: usize>(
    file: &InputFile,
    columns: [&str; N],
    problems: &mut Problems,
    mut take: impl FnMut(u64, [&str; N], &mut Problems),
) -> Result<(), Problems> {
    let (text, _) = file.french_text()?;
    let header = text.lines().next().unwrap_or_default();
    let delimiter = if header.contains(';') { b';' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).from_reader(text.as_bytes());
    let names = reader.headers().map_err(|e| unreadable(file, &e))?.clone();
    let mut at = [0usize; N];
    for (at, column) in at.iter_mut().zip(columns) {
        let mut places = names.iter().enumerate().filter(|(_, name)| *name == column).map(|(i, _)| i);
        *at = places.next().ok_or_else(|| {
            Problem::error(
                Code::MissingColumn,
                Text::new(
                    format!("la colonne `{column}` manque"),
                    format!("the column `{column}` is missing"),
                ),
            )
            .at(Place::line(file.record.path.clone(), 1))
            .value(header)
            .remedy(Text::new("ajouter ou renommer la colonne", "add or rename the column"))
        })?;
        if places.next().is_some() {
            return Err(wrong(
                file,
                1,
                format!("la colonne `{column}` figure deux fois"),
                format!("the column `{column}` stands twice"),
            )
            .into());
        }
    }
    let mut record = csv::StringRecord::new();
    let mut count = 0usize;
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {}
            Err(e) => {
                problems.push(unreadable(file, &e));
                continue;
            }
        }
        let line = record.position().map_or(0, csv::Position::line);
        count += 1;
        if count > MAX_ROWS {
            return Err(wrong(
                file,
                line,
                "plus de vingt millions de lignes",
                "more than twenty million rows",
            )
            .into());
        }
        let cells = at.map(|i| record.get(i).unwrap_or_default());
        match (0..N - 1).find(|&i| cells[i].is_empty()) {
            Some(i) => problems.push(
                wrong(file, line, "identifiant vide", "the identifier is empty").at(Place::cell(
                    file.record.path.clone(),
                    line,
                    columns[i],
                )),
            ),
            None => take(line, cells, problems),
        }
    }
    if count == 0 {
        problems.push(wrong(file, 1, "le tableau n'a aucune ligne", "the table has no row"));
    }
    Ok(())
}

fn unreadable(file: &InputFile, e: &csv::Error) -> Problem {
    let line = e.position().map_or(1, csv::Position::line);
    let (french, english) = match e.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => (
            format!("{len} cellules au lieu de {expected_len}"),
            format!("{len} cells instead of {expected_len}"),
        ),
        _ => (format!("ligne illisible ({e})"), format!("the row cannot be read ({e})")),
    };
    wrong(file, line, french, english)
}
