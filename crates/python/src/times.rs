//! Lists of travel times (`.mtt`) from and to arrays.

use crate::errors::Fault;
use maillage_input::{Code, InputFile, MAX_TABLE_BYTES, Place, Problem, Text, write_whole};
use maillage_territory::lists::{self, Lists};
use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::io::BufWriter;
use std::path::PathBuf;

/// Codes of the places left and reached, and of each pair the positions of both and the time in hundredths of a minute.
type Times<'py> = (
    Vec<String>,
    Vec<String>,
    Bound<'py, PyArray1<u32>>,
    Bound<'py, PyArray1<u32>>,
    Bound<'py, PyArray1<u32>>,
);

/// Writes lists: of each pair the positions of both places and the minutes, rounded to the hundredth. Pairs that stand twice
/// take the shorter time.
#[pyfunction]
pub(crate) fn write_times(
    file: PathBuf,
    from_codes: Vec<String>,
    to_codes: Vec<String>,
    from: PyReadonlyArray1<'_, i64>,
    to: PyReadonlyArray1<'_, i64>,
    minutes: PyReadonlyArray1<'_, f64>,
) -> PyResult<()> {
    let (from, to, minutes) = (from.as_array(), to.as_array(), minutes.as_array());
    if from.len() != to.len() || from.len() != minutes.len() {
        return Err(PyValueError::new_err("arrays of different lengths"));
    }
    let mut rows: Vec<Vec<(u32, u32)>> = vec![Vec::new(); from_codes.len()];
    for ((&from, &to), &time) in from.iter().zip(&to).zip(&minutes) {
        let row = usize::try_from(from).ok().and_then(|i| rows.get_mut(i));
        let to = u32::try_from(to).ok().filter(|to| (*to as usize) < to_codes.len());
        let hundredths = (time * 100.0).round();
        let fits = (0.0..=f64::from(u32::MAX)).contains(&hundredths);
        let (Some(row), Some(to), true) = (row, to, fits) else {
            return Err(PyValueError::new_err(format!("pair out of range: {from}, {to:?}, {time} min")));
        };
        row.push((to, hundredths as u32));
    }
    for row in &mut rows {
        row.sort_unstable();
        row.dedup_by_key(|pair| pair.0);
    }
    let written = write_whole(&file, |out| lists::write(BufWriter::new(out), &from_codes, &to_codes, &rows));
    Ok(written.map_err(|e| {
        Fault::from(
            Problem::error(
                Code::OutputUnwritable,
                Text::new(format!("écriture impossible ({e})"), format!("cannot be written ({e})")),
            )
            .at(Place::file(file.display().to_string()))
            .remedy(Text::new("vérifier les droits et la place libre", "check permissions and free space")),
        )
    })?)
}

/// Reads lists.
#[pyfunction]
pub(crate) fn read_times<'py>(py: Python<'py>, file: PathBuf) -> PyResult<Times<'py>> {
    let input = InputFile::read(&file, MAX_TABLE_BYTES).map_err(Fault::from)?;
    let read = Lists::read(&input.content).map_err(|fault| {
        Fault::from(
            Problem::error(fault.code(), fault.text())
                .at(Place::file(file.display().to_string()))
                .remedy(Text::new("refaire la table", "make the table again")),
        )
    })?;
    let (mut from, mut to, mut times) = (Vec::new(), Vec::new(), Vec::new());
    for i in 0..read.from.len() {
        for (j, time) in read.row(i) {
            from.push(i as u32);
            to.push(j as u32);
            times.push(time);
        }
    }
    let owned = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect();
    let arrays = (from.into_pyarray(py), to.into_pyarray(py), times.into_pyarray(py));
    Ok((owned(&read.from), owned(&read.to), arrays.0, arrays.1, arrays.2))
}
