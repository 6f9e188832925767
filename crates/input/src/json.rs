//! A JSON file with the position of every value.

use crate::shape::Shape;
use crate::{Code, InputFile, Place, Problem, Problems, Text};
use jsonc_parser::ast::Value as Ast;
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

/// A well-formed JSON text that remembers where things stand.
///
/// ```
/// use maillage_input::Document;
/// #[derive(serde::Deserialize, schemars::JsonSchema, Debug)]
/// #[serde(deny_unknown_fields)]
/// struct Limits { budget_eur: u64 }
/// let doc = Document::parse("s.json", r#"{"budjet_eur": 5}"#).unwrap();
/// let problems = doc.decode::<Limits>().unwrap_err();
/// let shown = problems.render(maillage_input::Lang::En);
/// assert!(shown.contains("write `budget_eur`"), "{shown}");
/// ```
#[derive(Debug, Clone)]
pub struct Document {
    file: String,
    text: String,
}

impl Document {
    /// From a file that was read.
    ///
    /// # Errors
    /// E104 when it is not UTF-8, E201 when it is not JSON.
    pub fn new(file: &InputFile) -> Result<Self, Problem> {
        Document::parse(&file.record.path, file.utf8()?)
    }

    /// From a text; `file` is the name shown in messages.
    ///
    /// # Errors
    /// E201 when it is not JSON; nesting is limited to 128 levels.
    pub fn parse(file: &str, text: &str) -> Result<Self, Problem> {
        // serde_json refuses deep nesting, on which the parser with positions would overflow the stack.
        match serde_json::from_str::<serde_json::Value>(text) {
            Ok(_) => Ok(Document { file: file.to_owned(), text: text.to_owned() }),
            Err(e) => {
                let place = Place { column: Some(e.column() as u64), ..Place::line(file, e.line() as u64) };
                let full = e.to_string();
                let detail = full.split(" at line ").next().unwrap_or_default();
                Err(Problem::error(
                    Code::JsonSyntax,
                    Text::new(format!("JSON mal formé ({detail})"), format!("malformed JSON ({detail})")),
                )
                .at(place)
                .remedy(Text::new(
                    "corriger à cet endroit ; ni commentaires ni virgules finales en JSON",
                    "mend it there; JSON has no comments and no trailing commas",
                )))
            }
        }
    }

    /// The name shown in messages.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The value as `T`, after checking its shape against the schema of `T`.
    ///
    /// # Errors
    /// Every unknown, missing or repeated key, wrong type, unknown word and number out of range, in
    /// the order of the file.
    pub fn decode<T: DeserializeOwned + JsonSchema>(&self) -> Result<T, Problems> {
        let schema = schemars::schema_for!(T);
        let mut problems = Problems::new();
        if let Some(ast) = self.ast() {
            Shape::new(self, schema.as_value(), &mut problems).check(&ast);
        }
        if problems.has_errors() {
            return Err(problems.sorted());
        }
        serde_json::from_str(&self.text).map_err(|e| {
            // The schema let through what the type refuses: still an error of the file, never a panic.
            Problem::error(Code::WrongType, Text::new(e.to_string(), e.to_string()))
                .at(Place { column: Some(e.column() as u64), ..Place::line(&self.file, e.line() as u64) })
                .into()
        })
    }

    /// That no object, at any depth, has a key twice: a reader would see one of the values, a person the other.
    ///
    /// # Errors
    /// E206 for each.
    pub fn unique_keys(&self) -> Result<(), Problems> {
        let mut problems = Problems::new();
        if let Some(ast) = self.ast() {
            Shape::new(self, &serde_json::Value::Null, &mut problems).repeated_keys(&ast, "");
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// Where the value at a JSON pointer stands; the closest existing ancestor when it is absent.
    pub fn place(&self, pointer: &str) -> Place {
        let ast = self.ast();
        let mut at = ast.as_ref();
        let mut start = at.map_or(0, |v| v.range().start);
        for step in pointer.split('/').skip(1) {
            let step = step.replace("~1", "/").replace("~0", "~");
            at = match at {
                Some(Ast::Object(o)) => {
                    o.properties.iter().find(|p| p.name.as_str() == step).map(|p| &p.value)
                }
                Some(Ast::Array(a)) => step.parse().ok().and_then(|i: usize| a.elements.get(i)),
                _ => None,
            };
            match at {
                Some(v) => start = v.range().start,
                None => break,
            }
        }
        self.place_of(start, pointer)
    }

    pub(crate) fn place_of(&self, byte: usize, pointer: &str) -> Place {
        let before = &self.text[..byte];
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        Place {
            file: Some(self.file.clone()),
            line: Some(1 + before.bytes().filter(|&b| b == b'\n').count() as u64),
            column: Some(1 + before[line_start..].chars().count() as u64),
            pointer: (!pointer.is_empty()).then(|| pointer.to_owned()),
        }
    }

    fn ast(&self) -> Option<Ast<'_>> {
        let strict = ParseOptions {
            allow_comments: false,
            allow_loose_object_property_names: false,
            allow_trailing_commas: false,
            allow_missing_commas: false,
            allow_single_quoted_strings: false,
            allow_hexadecimal_numbers: false,
            allow_unary_plus_numbers: false,
            ..ParseOptions::default()
        };
        parse_to_ast(&self.text, &CollectOptions::default(), &strict).ok()?.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Lang;
    use serde::Deserialize;

    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Toy {
        schema_version: u32,
        kind: Kind,
        #[serde(default)]
        names: Vec<String>,
        inner: Option<Inner>,
        what: What,
        places: Option<Select>,
    }

    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(untagged)]
    #[allow(dead_code)]
    enum Select {
        Word(Kind),
        List(Vec<String>),
    }

    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(rename_all = "kebab-case")]
    enum Kind {
        /// One.
        Msp,
        /// Two.
        Centre,
    }

    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Inner {
        budget_eur: u32,
    }

    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
    #[allow(dead_code)]
    enum What {
        PMedian { p: u32 },
        Cover { radius_min: f64 },
    }

    fn codes(text: &str) -> Vec<(String, String)> {
        match Document::parse("t.json", text).map_err(Problems::from).and_then(|d| d.decode::<Toy>()) {
            Ok(_) => vec![],
            Err(all) => all
                .iter()
                .map(|p| (p.code.as_str().to_owned(), p.place.pointer.clone().unwrap_or_default()))
                .collect(),
        }
    }

    #[test]
    fn accepts_what_fits() {
        let ok = r#"{"schema_version":1,"kind":"msp","inner":{"budget_eur":3},"what":{"kind":"p-median","p":2},"places":["a"]}"#;
        assert_eq!(codes(ok), vec![]);
        assert_eq!(codes(&ok.replace(r#"["a"]"#, r#""msp""#)), vec![]);
        assert_eq!(codes(&ok.replace(r#"{"budget_eur":3}"#, "null")), vec![]);
    }

    #[test]
    fn reports_everything_at_once() {
        let bad = r#"{"schema_version":-1,"kind":"mps","names":[1],
            "inner":{"budjet_eur":3,"budjet_eur":4},"what":{"kind":"p-meidan","p":2},"places":7}"#;
        let got = codes(bad);
        let has = |code: &str, pointer: &str| got.iter().any(|g| g.0 == code && g.1 == pointer);
        assert!(has("E205", "/schema_version"), "{got:?}");
        assert!(has("E207", "/kind"), "{got:?}");
        assert!(has("E204", "/names/0"), "{got:?}");
        assert!(has("E202", "/inner/budjet_eur"), "{got:?}");
        assert!(has("E206", "/inner/budjet_eur"), "{got:?}");
        assert!(has("E203", "/inner"), "{got:?}");
        assert!(has("E207", "/what/kind"), "{got:?}");
        assert!(has("E204", "/places"), "{got:?}");
    }

    #[test]
    fn tagged_variants_are_told_apart() {
        let got = codes(r#"{"schema_version":1,"kind":"msp","what":{"kind":"cover","p":2}}"#);
        assert_eq!(got, vec![("E203".into(), "/what".into()), ("E202".into(), "/what/p".into())]);
        assert_eq!(
            codes(r#"{"schema_version":1,"kind":"msp","what":{}}"#),
            vec![("E203".into(), "/what".into())]
        );
        assert_eq!(
            codes(r#"{"schema_version":1,"kind":"msp","what":3}"#),
            vec![("E204".into(), "/what".into())]
        );
    }

    #[test]
    fn numbers_that_do_not_fit() {
        let with = |v: &str| {
            codes(&format!(r#"{{"schema_version":{v},"kind":"msp","what":{{"kind":"p-median","p":2}}}}"#))
        };
        assert_eq!(with("99999999999"), vec![("E205".into(), "/schema_version".into())]);
        assert_eq!(with(&"9".repeat(500)).len(), 1);
        assert_eq!(with("1.5"), vec![("E204".into(), "/schema_version".into())]);
        assert_eq!(with("1.0").len(), 1);
        assert_eq!(with("NaN")[0].0, "E201");
    }

    #[test]
    fn hostile_texts_are_refused() {
        assert_eq!(codes(&"[".repeat(200_000))[0].0, "E201");
        assert_eq!(codes("")[0].0, "E201");
        assert_eq!(codes("3")[0].0, "E204");
        assert_eq!(codes("{} x")[0].0, "E201");
    }

    #[test]
    fn positions_count_characters() {
        let doc = Document::parse("t.json", "{\"é\": 1,\n \"b\": [1, 2]}").unwrap();
        assert_eq!(doc.place("/b/1").to_string(), "t.json:2:11 [/b/1]");
        assert_eq!(doc.place("/b/9").line, Some(2));
        let p = Document::parse("t.json", r#"{"schema_version":1,"kindd":"msp"}"#)
            .unwrap()
            .decode::<Toy>()
            .unwrap_err();
        assert!(p.render(Lang::Fr).contains("écrire « kind »"), "{}", p.render(Lang::Fr));
    }
}
