//! Accessibility published by place.

use crate::Published;
use crate::file::{PublishedFile, PublishedFormat};
use crate::join::{Codes, Rule};
use crate::need::mean;
use crate::reader::Reader;
use crate::table::{Column, Preset, Row, Want};
use crate::units::decimal;
use maillage_input::{Code, Problem, Text};

pub(crate) fn read(files: &[PublishedFile], codes: &Codes, reader: &mut Reader) -> Vec<Published> {
    let mut all: Vec<Published> = Vec::new();
    for (i, file) in files.iter().enumerate() {
        let pointer = format!("/published/{i}");
        if files[..i].iter().any(|before| before.name == file.name && before.year == file.year) {
            reader.problems.push(
                Problem::error(Code::DuplicateId, Text::new("figures lues deux fois", "figures read twice"))
                    .at(reader.at(&format!("{pointer}/name")))
                    .value(format!("{} {}", file.name, file.year))
                    .remedy(Text::new(
                        "n'en garder qu'une table, ou changer son nom",
                        "keep one table, or rename it",
                    )),
            );
            continue;
        }
        all.extend(read_one(file, &pointer, codes, reader));
    }
    all
}

fn read_one(file: &PublishedFile, pointer: &str, codes: &Codes, reader: &mut Reader) -> Option<Published> {
    let drees = file.format == PublishedFormat::DreesApl;
    let (commune, value) = (Column::commune(), Column::required("value"));
    let weight = Column::optional("weight");
    let want = match file.format {
        PublishedFormat::Csv => Want::new(&file.table, pointer, vec![commune, value, weight]),
        PublishedFormat::DreesApl => {
            let columns = vec![
                commune.called(["Code commune INSEE"]),
                value.called(["APL aux médecins généralistes"]),
                weight.beginning("Population standardisée"),
            ];
            Want::new(&file.table, pointer, columns).preset(Preset {
                official: true,
                header_row: Some(9),
                sheet: Some(format!("APL {}", file.year)),
                ..Preset::default()
            })
        }
    };
    let table = reader.table(&want)?;
    let joined = codes.join(&table, Rule { once: true, official: drees, blank: drees }, reader);
    let mut values = vec![None; codes.places.len()];
    for (&ix, rows) in &joined.rows {
        values[ix.0 as usize] = mean(&table, rows, "value", value_of, reader);
    }
    Some(Published { name: file.name.clone(), year: file.year, values })
}

fn value_of(row: &Row, column: &str, reader: &mut Reader) -> Option<f64> {
    row.maybe(column, decimal, &mut reader.problems)
}
