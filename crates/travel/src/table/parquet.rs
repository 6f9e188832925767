//! Tables as Parquet, for R, Python and DuckDB.

use super::Table;
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType};
use parquet::errors::Result;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use std::io::{self, Write};
use std::sync::Arc;

/// Pairs written at once: what is in memory besides the table.
const GROUP: usize = 1 << 18;

const SCHEMA: &str = "message times {
    REQUIRED BYTE_ARRAY from_id (UTF8);
    REQUIRED BYTE_ARRAY to_id (UTF8);
    REQUIRED DOUBLE minutes;
}";

impl Table {
    /// The table as Parquet: `from_id` and `to_id` as text, `minutes` as doubles; dictionaries, no compression.
    ///
    /// # Errors
    /// Where `out` cannot be written to.
    pub fn write_parquet(&self, out: impl Write + Send) -> io::Result<()> {
        self.groups(out).map_err(io::Error::other)
    }

    fn groups(&self, out: impl Write + Send) -> Result<()> {
        let codes = |codes: &[String]| codes.iter().map(|c| ByteArray::from(c.as_str())).collect::<Vec<_>>();
        let (from, to) = (codes(&self.from), codes(&self.to));
        let schema = Arc::new(parse_message_type(SCHEMA)?);
        let mut writer = SerializedFileWriter::new(out, schema, Arc::new(WriterProperties::default()))?;
        let rows = from.iter().zip(&self.rows);
        let mut pairs =
            rows.flat_map(|(from, row)| row.iter().map(move |&(to, time)| (from, to as usize, time)));
        loop {
            let group: Vec<_> = pairs.by_ref().take(GROUP).collect();
            if group.is_empty() {
                break;
            }
            let mut columns = writer.next_row_group()?;
            put::<ByteArrayType, _>(&mut columns, group.iter().map(|g| g.0.clone()))?;
            put::<ByteArrayType, _>(&mut columns, group.iter().map(|g| to[g.1].clone()))?;
            put::<DoubleType, _>(&mut columns, group.iter().map(|g| f64::from(g.2) / 100.0))?;
            columns.close()?;
        }
        writer.close().map(drop)
    }
}

/// Writes the next column of a group.
fn put<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: impl Iterator<Item = T::T>,
) -> Result<()> {
    if let Some(mut column) = group.next_column()? {
        column.typed::<T>().write_batch(&values.collect::<Vec<_>>(), None, None)?;
        column.close()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::RowAccessor;

    fn read(bytes: Vec<u8>) -> Vec<(String, String, f64)> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.parquet");
        std::fs::write(&path, bytes).unwrap();
        let reader = SerializedFileReader::new(std::fs::File::open(&path).unwrap()).unwrap();
        let row = |row: parquet::record::Row| {
            let text = |k| row.get_string(k).unwrap().clone();
            (text(0), text(1), row.get_double(2).unwrap())
        };
        reader.get_row_iter(None).unwrap().map(|r| row(r.unwrap())).collect()
    }

    #[test]
    fn what_is_written_is_read() {
        let codes = |n: u32| (0..n).map(|k| format!("é{k:05}")).collect::<Vec<_>>();
        // Two groups and a part of a third; the first place reaches nothing.
        let row: Vec<(u32, u32)> = (0..300_000).map(|to| (to, to % 6_001)).collect();
        let table = Table { from: codes(3), to: codes(300_000), rows: vec![vec![], row.clone(), row] };
        let mut bytes = Vec::new();
        table.write_parquet(&mut bytes).unwrap();
        let found = read(bytes);
        assert_eq!(found.len(), 600_000);
        assert_eq!(found[0], ("é00001".to_owned(), "é00000".to_owned(), 0.0));
        // The 362,144th pair is the 62,144th of the last place: 62,144 - 10 · 6,001 = 2,134 hundredths.
        assert_eq!(found[362_144], ("é00002".to_owned(), "é62144".to_owned(), 21.34));
        let none = Table { from: codes(1), to: codes(1), rows: vec![vec![]] };
        let mut bytes = Vec::new();
        none.write_parquet(&mut bytes).unwrap();
        assert!(read(bytes).is_empty());
    }
}
