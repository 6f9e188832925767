//! Versions of file formats: a later one is refused, an older one is brought up to date. The rule for users is in
//! `docs/formats.md`.

use crate::{Code, Document, Problem, Problems, Text};
use serde_json::Value;

/// Brings a file from one version of its format to the next.
pub type Step = fn(&mut Value);

impl Document {
    /// The document in the version that this program reads, which is one more than there are steps: step `i` leads from version
    /// `i + 1` to the next. What has no `schema_version`, or none that can be, stays as it is: [`Document::decode`] says so. Once
    /// brought up to date, a document has the positions of its new text.
    ///
    /// # Errors
    /// E208 when the file is of a later version; E206 when an older one has a key twice.
    pub fn current(self, steps: &[Step]) -> Result<Self, Problems> {
        let mut value: Value = serde_json::from_str(self.text()).unwrap_or_default();
        if let Some(problem) = later(&value, steps.len() as u64 + 1) {
            return Err(problem.at(self.place("/schema_version")).into());
        }
        let missing = version(&value).and_then(|v| steps.get(usize::try_from(v.checked_sub(1)?).ok()?..));
        let Some(missing) = missing.filter(|m| !m.is_empty()) else { return Ok(self) };
        self.unique_keys()?;
        missing.iter().for_each(|step| step(&mut value));
        value["schema_version"] = (steps.len() + 1).into();
        Ok(Document::parse(self.file(), &format!("{value:#}"))?)
    }
}

/// That a value is of a later version of its format than `newest`, if it is: E208, without a place.
pub fn later(value: &Value, newest: u64) -> Option<Problem> {
    let version = version(value).filter(|v| *v > newest)?;
    let problem = Problem::error(
        Code::LaterVersion,
        Text::new(
            format!("fichier au format {version} ; ce programme lit les formats 1 à {newest}"),
            format!("the file has format {version}; this program reads formats 1 to {newest}"),
        ),
    );
    Some(problem.value(version.to_string()).remedy(Text::new(
        "mettre maillage à jour, ou refaire le fichier avec cette version",
        "update maillage, or make the file again with this version",
    )))
}

fn version(value: &Value) -> Option<u64> {
    value.get("schema_version")?.as_u64()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Lang;

    /// A format that had `price` in version 1, `euros` in 2, and `euros` in a list in 3.
    const STEPS: [Step; 2] = [
        |file| {
            let price = file.as_object_mut().and_then(|o| o.remove("price")).unwrap_or_default();
            file["euros"] = price;
        },
        |file| file["euros"] = Value::from(vec![file["euros"].clone()]),
    ];

    fn current(text: &str, steps: &[Step]) -> Result<Value, Problems> {
        let document = Document::parse("f.json", text).unwrap().current(steps)?;
        Ok(serde_json::from_str(document.text()).unwrap())
    }

    #[test]
    fn older_files_are_brought_up_to_date() {
        let now = serde_json::json!({"schema_version": 3, "euros": [7]});
        for older in [
            r#"{"schema_version": 1, "price": 7}"#,
            r#"{"schema_version": 2, "euros": 7}"#,
            r#"{"schema_version": 3, "euros": [7]}"#,
        ] {
            assert_eq!(current(older, &STEPS).unwrap(), now, "{older}");
        }
    }

    #[test]
    fn later_files_are_refused() {
        let said = current("{\n \"schema_version\": 4}", &STEPS).unwrap_err().render(Lang::En);
        for part in ["E208", "f.json:2:", "formats 1 to 3", "update maillage"] {
            assert!(said.contains(part), "{part} is missing from {said}");
        }
        assert!(current(r#"{"schema_version": 2}"#, &[]).unwrap_err().render(Lang::Fr).contains("E208"));
    }

    #[test]
    fn an_older_file_with_a_key_twice_is_refused() {
        let twice = current(r#"{"schema_version": 1, "price": 1, "price": 2}"#, &STEPS).unwrap_err();
        assert!(twice.render(Lang::En).contains("E206"));
    }

    #[test]
    fn what_is_no_version_is_left_to_the_decoder() {
        for text in [
            "{}",
            "[1]",
            r#"{"schema_version": 0}"#,
            r#"{"schema_version": -1}"#,
            r#"{"schema_version": "1"}"#,
        ] {
            let read: Value = serde_json::from_str(text).unwrap();
            assert_eq!(current(text, &STEPS).unwrap(), read, "{text}");
        }
    }
}
