//! The comparison of a suite as tables of a workbook, from its CSV files.

use super::table::{Cell, Column, Kind, Table};
use maillage_input::Text;
use maillage_programme::Hundredths;

/// A CSV text as a table: numbers under headings of numbers, texts elsewhere.
pub(super) fn table(name: &'static str, title: Text, text: &str) -> Table {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let columns: Vec<Column> =
        reader.headers().map(|head| head.iter().map(column).collect()).unwrap_or_default();
    let row = |record: csv::StringRecord| {
        let cells = columns.iter().enumerate();
        cells.map(|(i, c)| cell(c.kind, record.get(i).unwrap_or_default())).collect()
    };
    let rows = reader.records().filter_map(Result::ok).map(row).collect();
    Table { name, title, columns, rows }
}

fn cell(kind: Kind, text: &str) -> Cell {
    if kind == Kind::Text {
        return Cell::text(text);
    }
    exact(text).map_or_else(|| Cell::text(text), Cell::Exact)
}

/// A number of at most two decimals; longer ones (gaps) are rounded.
fn exact(text: &str) -> Option<Hundredths> {
    let value = text.parse::<f64>().ok().filter(|v| v.is_finite() && v.abs() < 9e13)?;
    Some(Hundredths((value * 100.0).round() as i64))
}

/// What a column of the comparison holds, by its name in the CSV file.
fn column(name: &str) -> Column {
    let (what, of) = name.split_once(':').unwrap_or((name, ""));
    let (what, difference) = match what.strip_suffix("_difference") {
        Some(start) => (start, true),
        None => (what, false),
    };
    let (kind, label, doc) = match what {
        "scenario" => (Kind::Text, ["Scénario", "Scenario"], ["nom du scénario", "name of the scenario"]),
        "status" => {
            (Kind::Text, ["Statut", "Status"], ["ce qui est affirmé du plan", "what is claimed of the plan"])
        }
        "limit" => (
            Kind::Text,
            ["Limite", "Limit"],
            ["limite qui a arrêté le calcul", "limit that stopped the solve"],
        ),
        "gap" => (
            Kind::Text,
            ["Écart à la borne", "Gap"],
            ["écart relatif entre objectif et borne", "relative gap between objective and bound"],
        ),
        "objective" => (
            Kind::Ratio,
            ["Objectif", "Objective"],
            ["valeur du plan pour ce but", "value of the plan for this goal"],
        ),
        "bound" => {
            (Kind::Ratio, ["Borne", "Bound"], ["ce qu'aucun plan ne dépasse", "what no plan can beat"])
        }
        "sites_opened" => (
            Kind::Count,
            ["Sites ouverts", "Sites opened"],
            ["sites que le plan ouvre", "sites that the plan opens"],
        ),
        "people_attached" => (
            Kind::Count,
            ["Rattachés", "Attached"],
            ["personnes rattachées avec le plan", "people attached with the plan"],
        ),
        "cost_eur" => (
            Kind::Euros,
            ["Coût HT (EUR)", "Cost excl. tax (EUR)"],
            ["coût du plan, hors taxes", "cost of the plan, excluding tax"],
        ),
        "eur" => (
            Kind::Euros,
            ["Payé, HT (EUR)", "Paid, excl. tax (EUR)"],
            ["ce que donne un financeur", "what a payer gives"],
        ),
        "apl_mean" => {
            (Kind::Ratio, ["APL moyenne", "Mean APL"], ["accessibilité moyenne", "mean accessibility"])
        }
        "apl_worst_tenth" => (
            Kind::Ratio,
            ["APL du dixième le moins bien desservi", "APL of the worst-served tenth"],
            ["accessibilité du dixième le moins bien desservi", "accessibility of the worst-served tenth"],
        ),
        "apl_gini" => (
            Kind::Ratio,
            ["Gini de l'APL", "Gini of APL"],
            ["inégalité d'accessibilité", "inequality of accessibility"],
        ),
        "code_commune" => (Kind::Text, ["Code commune", "Commune code"], ["code officiel", "official code"]),
        "name" => (Kind::Text, ["Nom", "Name"], ["nom", "name"]),
        "plans" => {
            (Kind::Count, ["Plans", "Plans"], ["plans qui y ouvrent un site", "plans that open a site there"])
        }
        "of" => (
            Kind::Count,
            ["Sur", "Of"],
            ["plans qui ouvrent un site quelque part", "plans that open a site somewhere"],
        ),
        "chosen" => (
            Kind::Text,
            ["Choisi", "Chosen"],
            [
                "everywhere, often, sometimes, never : partout, souvent, parfois, jamais",
                "everywhere, often, sometimes or never",
            ],
        ),
        "zone" => (Kind::Text, ["Zone", "Zone"], ["zone", "zone"]),
        "indicator" => (Kind::Text, ["Indicateur", "Indicator"], ["ce qui est compté", "what is counted"]),
        "people" => (Kind::Count, ["Personnes", "People"], ["personnes de la zone", "people of the zone"]),
        "gained" => (
            Kind::Count,
            ["Gagnés", "Gained"],
            ["de plus que dans le premier scénario", "more than in the first scenario"],
        ),
        "lost" => (
            Kind::Count,
            ["Perdus", "Lost"],
            ["de moins que dans le premier scénario", "fewer than in the first scenario"],
        ),
        other => (Kind::Text, [other, other], ["voir docs/suite.md", "see docs/suite.md"]),
    };
    let suffix = |base: &str, words: [&str; 2]| {
        let of = if of.is_empty() { String::new() } else { format!(", {of}") };
        format!("{base}{of}{}", if difference { words[0] } else { words[1] })
    };
    let label =
        Text::new(suffix(label[0], [", écart au premier", ""]), suffix(label[1], [", difference", ""]));
    let doc = Text::new(
        suffix(doc[0], [" (moins celui du premier scénario)", ""]),
        suffix(doc[1], [" (less that of the first scenario)", ""]),
    );
    Column { name: name.to_owned(), kind, label, doc }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stay_texts_and_numbers_become_numbers() {
        let csv = "scenario,objective:people-attached,objective_difference:people-attached,code_commune\n=a,12.5,-3,01002\n";
        let t = table("comparison", Text::new("c", "c"), csv);
        assert_eq!(
            t.rows,
            [vec![
                Cell::Text("=a".into()),
                Cell::Exact(Hundredths(1250)),
                Cell::Exact(Hundredths(-300)),
                Cell::Text("01002".into())
            ]]
        );
    }
}
