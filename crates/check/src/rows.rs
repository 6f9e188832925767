//! The table of assignments: read strictly, then put beside the territory.

use crate::violation::{Findings, Rule, Violation, or_dash};
use maillage_input::Text;
use maillage_programme::{AssignmentRow, Site, State};
use maillage_territory::{Minutes, Persons, PlaceId, PlaceIx, SiteId, Territory};
use std::collections::{BTreeMap, BTreeSet};

/// The header of `assignments.csv`.
pub const COLUMNS: [&str; 6] = ["scenario", "state", "from_id", "site_id", "people", "minutes"];

/// The header of `assignments.csv` in a health programme.
pub const YEAR_COLUMNS: [&str; 8] =
    ["scenario", "state", "from_id", "site_id", "people", "minutes", "year", "future"];

/// One row as read, with its line and scenario.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub line: u64,
    pub scenario: String,
    pub row: AssignmentRow,
}

impl Row {
    /// A cell of this row, as shown in a violation.
    pub fn at(&self, column: &str) -> String {
        cell(self.line, column)
    }
}

/// A row whose place and site are known.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trip {
    pub line: u64,
    pub state: State,
    pub from: PlaceIx,
    /// Index among the sites of the task.
    pub site: usize,
    pub people: u128,
    /// The territory's time; the row's own where the territory has none.
    pub minutes: Minutes,
}

fn cell(line: u64, column: &str) -> String {
    format!("assignments.csv:{line} {column}")
}

/// Reads the text of `assignments.csv`, with [`COLUMNS`] or [`YEAR_COLUMNS`]: each row with its line, and what
/// cannot be read. An empty text has no row and no violation. The `scenario` column is not kept.
///
/// ```
/// let (rows, wrong) = maillage_check::parse_assignments(
///     "scenario,state,from_id,site_id,people,minutes\ndemo,after,01001,msp-1,12,7.5\n",
/// );
/// assert_eq!((rows.len(), wrong.len()), (1, 0));
/// assert_eq!(rows[0].0, 2);
/// ```
pub fn parse_assignments(text: &str) -> (Vec<(u64, AssignmentRow)>, Vec<Violation>) {
    let mut found = Findings::default();
    let years = text.lines().next().is_some_and(|header| header.split(',').eq(YEAR_COLUMNS));
    let rows = parse(text, columns(years), &mut found);
    (rows.into_iter().map(|r| (r.line, r.row)).collect(), found.list)
}

/// The columns of a table, by year or not.
pub(crate) fn columns(years: bool) -> &'static [&'static str] {
    if years { &YEAR_COLUMNS } else { &COLUMNS }
}

pub(crate) fn parse(text: &str, columns: &[&str], found: &mut Findings) -> Vec<Row> {
    if text.is_empty() {
        return Vec::new();
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut records = reader.records();
    let header = records.next().and_then(Result::ok).unwrap_or_default();
    if header.iter().ne(columns.iter().copied()) {
        let claimed = header.iter().collect::<Vec<_>>().join(",");
        found.add(Rule::TableSyntax, "assignments.csv:1", claimed, columns.join(","));
        return Vec::new();
    }
    let mut rows = Vec::new();
    for record in records {
        match record {
            Ok(record) => rows.extend(read_row(&record, columns, found)),
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                found.add(Rule::TableSyntax, format!("assignments.csv:{line}"), error, "—");
            }
        }
    }
    rows
}

fn read_row(record: &csv::StringRecord, columns: &[&str], found: &mut Findings) -> Option<Row> {
    let line = record.position().map_or(0, csv::Position::line);
    if record.len() != columns.len() {
        let (has, wants) = (format!("{} ×", record.len()), format!("{} ×", columns.len()));
        found.because(
            Rule::TableSyntax,
            format!("assignments.csv:{line}"),
            has,
            wants,
            Text::new("la ligne n'a pas le bon nombre de cellules", "the row has the wrong number of cells"),
        );
        return None;
    }
    let state = match &record[1] {
        "before" => Some(State::Before),
        "after" => Some(State::After),
        _ => None,
    };
    let (from, site) = (PlaceId::new(&record[2]).ok(), SiteId::new(&record[3]).ok());
    let (people, minutes) = (whole(&record[4]), minutes(&record[5]));
    let year = record.get(6).map(|text| whole(text).and_then(|y| u16::try_from(y).ok()));
    let future = record.get(7).filter(|text| !text.is_empty()).map(str::to_owned);
    let readable = [
        (1, state.is_some(), "before | after"),
        (2, from.is_some(), "INSEE"),
        (3, site.is_some(), "site_id"),
        (4, people.is_some_and(|p| p > 0), "≥ 1"),
        (5, minutes.is_some(), "0.00"),
        (6, year != Some(None), "0000"),
    ];
    for (column, readable, wants) in readable {
        if !readable {
            found.add(Rule::Cell, cell(line, columns[column]), &record[column], wants);
        }
    }
    let row = AssignmentRow {
        state: state?,
        from_id: from?,
        site_id: site?,
        people: Persons(people?),
        minutes: minutes?,
        year: year.flatten(),
        future,
    };
    Some(Row { line, scenario: record[0].to_owned(), row })
}

/// Digits and nothing else.
fn whole(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

/// Digits, then at most two decimals after a point.
fn minutes(text: &str) -> Option<Minutes> {
    let (minutes, rest) = match text.split_once('.') {
        None => (text, 0),
        Some((minutes, decimals)) => match decimals.len() {
            1 => (minutes, whole(decimals)? * 10),
            2 => (minutes, whole(decimals)?),
            _ => return None,
        },
    };
    let hundredths = whole(minutes)?.checked_mul(100)?.checked_add(rest)?;
    u32::try_from(hundredths).ok().map(Minutes::from_hundredths)
}

/// Every row is of this scenario, stands once, and stands in order where the table is not by year.
pub(crate) fn check_form(rows: &[Row], scenario: &str, found: &mut Findings) {
    type Key = (State, PlaceId, SiteId, Option<u16>, Option<String>);
    let key = |r: &Row| -> Key {
        let row = r.row.clone();
        (row.state, row.from_id, row.site_id, row.year, row.future)
    };
    let mut seen = BTreeSet::new();
    let mut last = None;
    for row in rows {
        // A name that a spreadsheet would take for a formula is written after an apostrophe.
        if row.scenario != scenario && row.scenario.strip_prefix('\'') != Some(scenario) {
            found.add(Rule::RowScenario, row.at("scenario"), &row.scenario, scenario);
        }
        let now = key(row);
        let words = |k: &Key| format!("{} {} {}", k.0.as_str(), k.1, k.2);
        if let Some(last) = last.as_ref().filter(|last| now.3.is_none() && **last > now) {
            let at = format!("assignments.csv:{}", row.line);
            found.add(Rule::RowOrder, at, words(&now), format!("> {}", words(last)));
        }
        if !seen.insert(now.clone()) {
            found.add(Rule::RowTwice, format!("assignments.csv:{}", row.line), words(&now), "1 ×");
        }
        last = Some(now);
    }
}

/// Puts rows beside the territory and the sites of the task: known place, known site, open in that state,
/// the territory's time, within the limit. Rows whose place or site is unknown are left out of what follows.
pub(crate) fn locate(
    rows: &[Row],
    territory: &Territory,
    sites: &[&Site],
    open: impl Fn(State, usize) -> bool,
    limit: Option<Minutes>,
    found: &mut Findings,
) -> Vec<Trip> {
    let by_id: BTreeMap<&SiteId, usize> = sites.iter().zip(0..).map(|(s, i)| (&s.id, i)).collect();
    let mut trips = Vec::new();
    for row in rows {
        let AssignmentRow { state, from_id, site_id, people, minutes, .. } = &row.row;
        let from = territory.ix(from_id);
        let site = by_id.get(site_id).copied();
        if from.is_none() {
            found.add(Rule::RowPlace, row.at("from_id"), from_id, "—");
        }
        if !site.is_some_and(|site| open(*state, site)) {
            found.add(Rule::RowSite, row.at("site_id"), format!("{site_id} ({})", state.as_str()), "—");
        }
        let (Some(from), Some(site)) = (from, site) else { continue };
        let time = territory.travel.minutes(from, sites[site].place);
        if time != Some(*minutes) {
            found.add(Rule::RowMinutes, row.at("minutes"), minutes, or_dash(time));
        }
        let time = time.unwrap_or(*minutes);
        if let Some(limit) = limit.filter(|&limit| time > limit) {
            found.add(Rule::TooFar, row.at("minutes"), time, format!("≤ {limit}"));
        }
        trips.push(Trip {
            line: row.line,
            state: *state,
            from,
            site,
            people: u128::from(people.0),
            minutes: time,
        });
    }
    trips
}

/// No place sends more people than are in scope, in either state.
pub(crate) fn check_people(trips: &[Trip], people: &[Persons], found: &mut Findings) {
    let mut sent: BTreeMap<(State, PlaceIx), (u128, u64)> = BTreeMap::new();
    for trip in trips {
        let at = sent.entry((trip.state, trip.from)).or_default();
        *at = (at.0 + trip.people, trip.line);
    }
    for ((_, from), (total, line)) in sent {
        let live = people.get(from.0 as usize).map_or(0, |p| u128::from(p.0));
        if total > live {
            found.add(Rule::Overdrawn, cell(line, "people"), total, format!("≤ {live}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "scenario,state,from_id,site_id,people,minutes\n";

    #[test]
    fn cells_are_read_strictly() {
        for (people, time) in
            [("0", "1"), ("-1", "1"), ("1.0", "1"), ("+1", "1"), ("1", "1.234"), ("1", "-1")]
                .into_iter()
                .chain([
                    ("1", "1,5"),
                    ("1", ""),
                    ("1", "1."),
                    ("1", "99999999999"),
                    ("99999999999999999999", "1"),
                ])
        {
            let (rows, wrong) = parse_assignments(&format!("{HEADER}s,after,a,b,{people},\"{time}\"\n"));
            assert_eq!(wrong.len(), 1, "{people} {time}");
            assert_eq!(wrong[0].rule, Rule::Cell, "{people} {time}");
            assert!(rows.is_empty() || people == "0");
        }
        let (rows, wrong) = parse_assignments(&format!("{HEADER}s,before,a,b,18446744073709551615,0.05\n"));
        assert!(wrong.is_empty());
        assert_eq!(rows[0].1.people, Persons(u64::MAX));
        assert_eq!(rows[0].1.minutes, Minutes::from_hundredths(5));
    }

    #[test]
    fn broken_tables_say_where() {
        let (_, wrong) = parse_assignments("a,b\n");
        assert_eq!((wrong[0].rule, wrong[0].at.as_str()), (Rule::TableSyntax, "assignments.csv:1"));
        let (_, wrong) = parse_assignments(&format!("{HEADER}s,after,a,b,1,2,3\ns,later,a b,,1,2\n"));
        let at: Vec<&str> = wrong.iter().map(|v| v.at.as_str()).collect();
        let want = ["2", "3 state", "3 from_id", "3 site_id"].map(|p| format!("assignments.csv:{p}"));
        assert_eq!(at, want);
        assert!(parse_assignments("").1.is_empty());
    }
}
