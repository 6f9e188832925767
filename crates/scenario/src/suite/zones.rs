//! Who gains and who loses, zone by zone.

use super::compare::{line, shown};
use super::{Comparison, Row};
use maillage_access::Zone;
use maillage_programme::Hundredths;
use serde_json::{Value, json};

/// People of one zone in one scenario, held against the first.
struct Change<'a> {
    scenario: &'a str,
    zone: &'a Zone,
    name: &'a str,
    figure: &'static str,
    people: Hundredths,
    /// Against the first scenario, where that one counts the same.
    difference: Option<Hundredths>,
}

impl Comparison {
    /// One row a scenario and zone: people served, and how many more (`gained`) or fewer (`lost`) than in the first.
    pub fn zones_csv(&self) -> String {
        let header = ["scenario", "zone", "name", "indicator", "people", "gained", "lost"];
        let mut out = line(header.map(str::to_owned).into());
        for c in self.changes() {
            let gained = c.difference.map(|d| Hundredths(d.0.max(0)));
            let lost = c.difference.map(|d| Hundredths((-d.0).max(0)));
            let cells = [
                c.scenario.to_owned(),
                c.zone.to_string(),
                c.name.to_owned(),
                c.figure.to_owned(),
                c.people.to_string(),
                shown(gained.as_ref()),
                shown(lost.as_ref()),
            ];
            out.push_str(&line(cells.into()));
        }
        out
    }

    /// The same as JSON.
    pub(super) fn zones_json(&self) -> Vec<Value> {
        let one = |c: Change| {
            json!({
                "scenario": c.scenario, "zone": c.zone, "name": c.name, "indicator": c.figure,
                "people": c.people, "difference": c.difference,
            })
        };
        self.changes().map(one).collect()
    }

    fn changes(&self) -> impl Iterator<Item = Change<'_>> {
        self.rows.iter().flat_map(|row| row.zones.keys().filter_map(|zone| self.change(row, zone)))
    }

    fn change<'a>(&'a self, row: &'a Row, zone: &'a Zone) -> Option<Change<'a>> {
        let here = row.zones.get(zone)?;
        let first = self.rows.first().and_then(|r| r.zones.get(zone)).filter(|f| f.figure == here.figure);
        Some(Change {
            scenario: &row.scenario,
            zone,
            name: self.zones.get(zone).map_or("", String::as_str),
            figure: here.figure.as_str(),
            people: here.people,
            difference: first.map(|f| Hundredths(here.people.0 - f.people.0)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{End, Served};
    use super::*;
    use crate::Status;
    use maillage_programme::IndicatorName;

    #[test]
    fn zones_gain_or_lose_or_cannot_be_compared() {
        let row = |name: &str, figure, people: &[(Zone, i64)]| Row {
            zones: people
                .iter()
                .map(|(z, n)| (z.clone(), Served { figure, people: Hundredths::whole(*n) }))
                .collect(),
            ..Row::without(name, End::Solved(Status::Optimal))
        };
        let (listed, near) = (IndicatorName::PeopleAttached, IndicatorName::PeopleWithin15Min);
        let rows = vec![
            row("a", listed, &[(Zone::All, 10), (Zone::Core, 7)]),
            row("b", listed, &[(Zone::All, 12), (Zone::Core, 4), (Zone::Around, 8)]),
            row("c", near, &[(Zone::All, 15)]),
        ];
        let csv = Comparison::new(rows, Default::default()).zones_csv();
        let lines: Vec<&str> = csv.lines().skip(3).collect();
        assert_eq!(
            lines,
            [
                "b,all,,people_attached,12,2,0",
                "b,core,,people_attached,4,0,3",
                "b,around,,people_attached,8,,",
                "c,all,,people_within_15_min,15,,",
            ]
        );
    }
}
