//! What every column means: a table of its own in each file.

use super::table::{Cell, Column, Kind, Table};
use crate::words::Words;
use maillage_input::Text;

/// One row per column of the tables that a file holds.
pub(super) fn table(w: Words, held: &[(String, Vec<Column>)]) -> Table {
    let column = |name, label, doc| Column::new(name, Kind::Text, label, doc);
    let columns = vec![
        column("table_name", ["Table", "Table"], ["table ou feuille", "table or sheet"]),
        column(
            "column_name",
            ["Colonne", "Column"],
            ["nom de la colonne dans les fichiers", "name of the column in files"],
        ),
        column(
            "label",
            ["Intitulé", "Heading"],
            ["nom de la colonne en clair", "name of the column in words"],
        ),
        column("unit", ["Unité", "Unit"], ["unité", "unit"]),
        column("meaning", ["Sens", "Meaning"], ["ce que contient la colonne", "what the column holds"]),
    ];
    let rows = held.iter().flat_map(|(table, columns)| {
        columns.iter().map(move |c| {
            let said = |t: &Text| Cell::text(w.t(&t.fr, &t.en));
            vec![
                Cell::text(table),
                Cell::text(&c.name),
                said(&c.label),
                Cell::text(c.kind.unit()),
                said(&c.doc),
            ]
        })
    });
    Table {
        name: "dictionary",
        title: Text::new("Dictionnaire", "Dictionary"),
        columns,
        rows: rows.collect(),
    }
}
