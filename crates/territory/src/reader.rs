//! Files named by a `territory.json`, each read once and recorded once.

use maillage_input::{
    Document, InputFile, InputRecord, MAX_JSON_BYTES, MAX_TABLE_BYTES, Place as At, Problems,
};
use serde::de::DeserializeOwned;
use std::path::Path;
use std::rc::Rc;

/// Reads files by paths relative to a `territory.json`, and gathers problems.
pub(crate) struct Reader<'a> {
    document: &'a Document,
    folder: &'a Path,
    pub(crate) inputs: Vec<InputRecord>,
    pub(crate) problems: Problems,
    /// The last file read, with its name: registers serve several sections in a row.
    last: Option<(String, Rc<InputFile>)>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(document: &'a Document, folder: &'a Path, first: InputRecord) -> Reader<'a> {
        Reader { document, folder, inputs: vec![first], problems: Problems::new(), last: None }
    }

    /// Reads a file, or records why not.
    pub(crate) fn file(&mut self, name: &str) -> Option<Rc<InputFile>> {
        if let Some((last, file)) = &self.last
            && last == name
        {
            return Some(Rc::clone(file));
        }
        self.last = None;
        match InputFile::read(&self.folder.join(name), MAX_TABLE_BYTES) {
            Ok(file) => {
                if self.inputs.iter().all(|known| known.path != file.record.path) {
                    self.inputs.push(file.record.clone());
                }
                let file = Rc::new(file);
                self.last = Some((name.to_owned(), Rc::clone(&file)));
                Some(file)
            }
            Err(problem) => crate::refuse(&mut self.problems, problem),
        }
    }

    /// Reads a JSON file that may be there or not; what cannot be read as JSON is as if it were not there.
    pub(crate) fn optional_json<T: DeserializeOwned>(&mut self, name: &str) -> Option<(String, T)> {
        let file = InputFile::read(&self.folder.join(name), MAX_JSON_BYTES).ok()?;
        let value = serde_json::from_slice(&file.content).ok()?;
        let shown = file.record.path.clone();
        self.inputs.push(file.record);
        Some((shown, value))
    }

    /// Where a value of `territory.json` stands.
    pub(crate) fn at(&self, pointer: &str) -> At {
        self.document.place(pointer)
    }
}

/// A JSON pointer one key deeper.
pub(crate) fn step(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}
