//! Holds a JSON text against the JSON Schema of a Rust type and reports all that differs.
//!
//! Only what `schemars` writes for our types is understood: `$ref`, `type`, `properties`, `required`,
//! `additionalProperties`, `enum`, `const`, `oneOf`/`anyOf`, `items`, `minimum`, `maximum`, `format`
//! of integers, `minItems`, `minLength`, the `pattern` of identifiers. What is not understood here is left to
//! the decoder, which refuses it all the same, only one problem at a time.

use crate::{Code, Document, Problem, Problems, Text};
use jsonc_parser::ast::{Object, Value as Ast};
use jsonc_parser::common::Ranged;
use serde_json::Value;
use std::collections::BTreeSet;

/// The pattern of identifiers in schemas; [`is_identifier`] is the same rule in code.
pub const ID_PATTERN: &str = "^[0-9A-Za-z][0-9A-Za-z._:-]{0,63}$";

/// Letters without accents, digits and `-_.:`, the first a letter or digit, 64 at most: safe as a file name, in a
/// table and in a page.
///
/// ```
/// use maillage_input::is_identifier;
/// assert!(is_identifier("2A004"));
/// assert!(!is_identifier("../etc") && !is_identifier(""));
/// ```
pub fn is_identifier(text: &str) -> bool {
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
    let starts = text.chars().next().is_some_and(|c| c.is_ascii_alphanumeric());
    starts && text.chars().count() <= 64 && text.chars().all(good)
}

pub(crate) struct Shape<'a> {
    doc: &'a Document,
    root: &'a Value,
    problems: &'a mut Problems,
}

impl<'a> Shape<'a> {
    pub(crate) fn new(doc: &'a Document, root: &'a Value, problems: &'a mut Problems) -> Self {
        Shape { doc, root, problems }
    }

    pub(crate) fn check(&mut self, ast: &Ast) {
        self.repeated_keys(ast, "");
        self.value(ast, self.root, "");
    }

    /// Keys that stand twice in one object, at any depth, whatever the schema says.
    pub(crate) fn repeated_keys(&mut self, ast: &Ast, pointer: &str) {
        match ast {
            Ast::Object(object) => {
                let mut seen = BTreeSet::new();
                for property in &object.properties {
                    let key = property.name.as_str();
                    let below = step(pointer, key);
                    if !seen.insert(key) {
                        let problem = Problem::error(
                            Code::DuplicateKey,
                            Text::new(format!("clé « {key} » répétée"), format!("key `{key}` stands twice")),
                        )
                        .at(self.doc.place_of(property.range.start, &below))
                        .remedy(Text::new("n'en garder qu'une", "keep only one"));
                        self.problems.push(problem);
                    }
                    self.repeated_keys(&property.value, &below);
                }
            }
            Ast::Array(array) => {
                for (i, element) in array.elements.iter().enumerate() {
                    self.repeated_keys(element, &format!("{pointer}/{i}"));
                }
            }
            _ => {}
        }
    }

    fn value(&mut self, ast: &Ast, schema: &'a Value, pointer: &str) {
        if let (true, Ast::NumberLit(number)) = (schema.get("$ref").is_some(), ast) {
            // A range beside a reference narrows it.
            self.number(ast, number.value, schema, pointer);
        }
        let schema = self.resolve(schema);
        if let Some(variants) = schema.get("oneOf").or_else(|| schema.get("anyOf")).and_then(Value::as_array)
        {
            return self.union(ast, variants, pointer);
        }
        let words = words_of(schema);
        if !words.is_empty() {
            return self.word(ast, &words, pointer);
        }
        let types = types_of(schema);
        if !types.is_empty() && !types.iter().any(|t| fits(ast, t)) {
            return self.wrong_type(ast, &types, pointer);
        }
        match ast {
            Ast::Object(object) => self.object(object, schema, pointer),
            Ast::Array(array) => {
                if let Some(min) = schema.get("minItems").and_then(Value::as_u64)
                    && (array.elements.len() as u64) < min
                {
                    self.out_of_range(
                        ast,
                        pointer,
                        &format!("≥ {min}"),
                        "liste trop courte",
                        "list too short",
                    );
                }
                if let Some(items) = schema.get("items") {
                    for (i, element) in array.elements.iter().enumerate() {
                        self.value(element, items, &format!("{pointer}/{i}"));
                    }
                }
            }
            Ast::NumberLit(number) => self.number(ast, number.value, schema, pointer),
            Ast::StringLit(s) => {
                let min = schema.get("minLength").and_then(Value::as_u64).unwrap_or(0);
                let short = (s.value.chars().count() as u64) < min;
                short.then(|| self.out_of_range(ast, pointer, "≠ \"\"", "texte vide", "empty text"));
                if schema.get("pattern").and_then(Value::as_str) == Some(ID_PATTERN)
                    && !is_identifier(&s.value)
                {
                    self.identifier(ast, pointer);
                }
            }
            _ => {}
        }
    }

    fn object(&mut self, object: &Object, schema: &'a Value, pointer: &str) {
        let known = schema.get("properties").and_then(Value::as_object);
        let closed = schema.get("additionalProperties") == Some(&Value::Bool(false));
        let mut seen = BTreeSet::new();
        for property in &object.properties {
            let key = property.name.as_str();
            if !seen.insert(key) {
                continue;
            }
            let below = step(pointer, key);
            if let Some(inner) = known.and_then(|k| k.get(key)) {
                self.value(&property.value, inner, &below);
            } else if let Some(values) = schema.get("additionalProperties").filter(|v| v.is_object()) {
                self.value(&property.value, values, &below);
            } else if closed {
                let names: Vec<&str> =
                    known.map(|k| k.keys().map(String::as_str).collect()).unwrap_or_default();
                self.problems.push(
                    Problem::error(
                        Code::UnknownKey,
                        Text::new(format!("clé inconnue « {key} »"), format!("unknown key `{key}`")),
                    )
                    .at(self.doc.place_of(property.range.start, &below))
                    .remedy(suggest(key, &names)),
                );
            }
        }
        for required in
            schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
        {
            if !seen.contains(required) {
                let place = self.doc.place_of(object.range.start, pointer);
                self.problems.push(
                    Problem::error(
                        Code::MissingKey,
                        Text::new(
                            format!("il manque la clé « {required} »"),
                            format!("key `{required}` is missing"),
                        ),
                    )
                    .at(place)
                    .remedy(Text::new(format!("ajouter « {required} »"), format!("add `{required}`"))),
                );
            }
        }
    }

    /// A union: of constants, of objects told apart by a constant key, or of different JSON types.
    fn union(&mut self, ast: &Ast, variants: &'a [Value], pointer: &str) {
        let variants: Vec<&'a Value> = variants.iter().flat_map(|v| self.flat(v)).collect();
        if matches!(ast, Ast::NullKeyword(_)) && variants.iter().any(|v| types_of(v).contains(&"null")) {
            return;
        }
        if let Some(tag) = variants.iter().find_map(|v| tag_of(v)).map(|(key, _)| key) {
            let Ast::Object(object) = ast else {
                return self.wrong_type(ast, &["object"], pointer);
            };
            let names: Vec<&str> = variants.iter().filter_map(|v| tag_of(v)).map(|(_, name)| name).collect();
            return match object.get(tag).map(|p| (p, p.value.as_string_lit())) {
                None => {
                    let place = self.doc.place_of(object.range.start, pointer);
                    self.problems.push(
                        Problem::error(
                            Code::MissingKey,
                            Text::new(
                                format!("il manque la clé « {tag} »"),
                                format!("key `{tag}` is missing"),
                            ),
                        )
                        .at(place)
                        .remedy(one_of(&names)),
                    );
                }
                Some((p, None)) => self.wrong_type(&p.value, &["string"], &format!("{pointer}/{tag}")),
                Some((p, Some(word))) => {
                    match variants.iter().find(|v| tag_of(v).is_some_and(|(_, name)| name == word.value)) {
                        Some(variant) => self.object(object, variant, pointer),
                        None => self.word(&p.value, &names, &format!("{pointer}/{tag}")),
                    }
                }
            };
        }
        let words: Vec<&str> = variants.iter().flat_map(|v| words_of(v)).collect();
        if matches!(ast, Ast::StringLit(_)) && !words.is_empty() {
            return self.word(ast, &words, pointer);
        }
        let alike = variants.iter().find(|v| types_of(v).iter().any(|t| fits(ast, t)));
        match alike {
            Some(variant) => self.value(ast, variant, pointer),
            None => {
                let mut types: Vec<&str> = variants.iter().flat_map(|v| types_of(v)).collect();
                if !words.is_empty() && !types.contains(&"string") {
                    types.push("string");
                }
                self.wrong_type(ast, &types, pointer);
            }
        }
    }

    /// The variants of a union, those of inner unions among them.
    fn flat(&self, schema: &'a Value) -> Vec<&'a Value> {
        let schema = self.resolve(schema);
        match schema.get("oneOf").or_else(|| schema.get("anyOf")).and_then(Value::as_array) {
            Some(inner) => inner.iter().flat_map(|v| self.flat(v)).collect(),
            None => vec![schema],
        }
    }

    fn word(&mut self, ast: &Ast, words: &[&str], pointer: &str) {
        let Ast::StringLit(got) = ast else {
            return self.wrong_type(ast, &["string"], pointer);
        };
        if words.contains(&got.value.as_ref()) {
            return;
        }
        let place = self.doc.place_of(ast.range().start, pointer);
        self.problems.push(
            Problem::error(
                Code::UnknownVariant,
                Text::new(format!("mot inconnu « {} »", got.value), format!("unknown word `{}`", got.value)),
            )
            .at(place)
            .remedy(suggest(&got.value, words)),
        );
    }

    fn number(&mut self, ast: &Ast, text: &str, schema: &Value, pointer: &str) {
        let Ok(x) = text.parse::<f64>() else { return };
        let format_max = match schema.get("format").and_then(Value::as_str) {
            Some("uint8") => Some(f64::from(u8::MAX)),
            Some("uint16") => Some(f64::from(u16::MAX)),
            Some("uint32") => Some(f64::from(u32::MAX)),
            // The last values below 2^63 that a double holds; enough for any amount in euros.
            Some("uint64" | "int64") => Some(9.0e18),
            _ => None,
        };
        let min = schema.get("minimum").and_then(Value::as_f64);
        let above = schema.get("exclusiveMinimum").and_then(Value::as_f64);
        let max = schema.get("maximum").and_then(Value::as_f64).or(format_max);
        let low = min.is_some_and(|m| x < m) || above.is_some_and(|m| x <= m);
        if low || max.is_some_and(|m| x > m) || !x.is_finite() {
            let lo = min.map(|m| format!("≥ {m}")).or_else(|| above.map(|m| format!("> {m}")));
            let hi = max.map(|m| format!("≤ {m}"));
            let allowed = [lo, hi].into_iter().flatten().collect::<Vec<_>>().join(", ");
            self.out_of_range(ast, pointer, &allowed, "nombre hors limites", "number out of range");
        }
    }

    fn out_of_range(&mut self, ast: &Ast, pointer: &str, allowed: &str, fr: &str, en: &str) {
        let place = self.doc.place_of(ast.range().start, pointer);
        let problem = Problem::error(Code::OutOfRange, Text::new(fr, en))
            .at(place)
            .value(&self.doc.text()[ast.range().start..ast.range().end])
            .remedy(Text::new(format!("attendu : {allowed}"), format!("expected: {allowed}")));
        self.problems.push(problem);
    }

    fn identifier(&mut self, ast: &Ast, pointer: &str) {
        let problem = Problem::error(
            Code::BadCode,
            Text::new("identifiant mal formé", "malformed identifier"),
        )
        .at(self.doc.place_of(ast.range().start, pointer))
        .value(&self.doc.text()[ast.range().start..ast.range().end])
        .remedy(Text::new(
            "1 à 64 lettres sans accent, chiffres, « - », « _ », « . » ou « : », d'abord une lettre ou un chiffre",
            "1 to 64 letters without accents, digits, `-`, `_`, `.` or `:`, first a letter or a digit",
        ));
        self.problems.push(problem);
    }

    fn wrong_type(&mut self, ast: &Ast, types: &[&str], pointer: &str) {
        let place = self.doc.place_of(ast.range().start, pointer);
        let list =
            |name: fn(&str) -> &str, or: &str| types.iter().map(|t| name(t)).collect::<Vec<_>>().join(or);
        let problem =
            Problem::error(Code::WrongType, Text::new("valeur du mauvais type", "value of the wrong type"))
                .at(place)
                .value(&self.doc.text()[ast.range().start..ast.range().end])
                .remedy(Text::new(
                    format!("attendu : {}", list(type_fr, " ou ")),
                    format!("expected: {}", list(type_en, " or ")),
                ));
        self.problems.push(problem);
    }

    fn resolve(&self, schema: &'a Value) -> &'a Value {
        match schema.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix('#')) {
            Some(pointer) => self.root.pointer(pointer).unwrap_or(&Value::Null),
            None => schema,
        }
    }
}

/// A JSON pointer one key deeper.
fn step(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

fn words_of(schema: &Value) -> Vec<&str> {
    if let Some(word) = schema.get("const").and_then(Value::as_str) {
        return vec![word];
    }
    schema.get("enum").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

fn types_of(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => vec![],
    }
}

/// The key that holds a constant in a variant of a tagged enum, with that constant.
fn tag_of(schema: &Value) -> Option<(&str, &str)> {
    schema
        .get("properties")?
        .as_object()?
        .iter()
        .find_map(|(key, v)| v.get("const").and_then(Value::as_str).map(|name| (key.as_str(), name)))
}

fn fits(ast: &Ast, kind: &str) -> bool {
    match (ast, kind) {
        (Ast::Object(_), "object")
        | (Ast::Array(_), "array")
        | (Ast::StringLit(_), "string")
        | (Ast::BooleanLit(_), "boolean")
        | (Ast::NullKeyword(_), "null")
        | (Ast::NumberLit(_), "number") => true,
        (Ast::NumberLit(n), "integer") => !n.value.contains(['.', 'e', 'E']),
        _ => false,
    }
}

fn type_fr(kind: &str) -> &str {
    match kind {
        "object" => "objet { }",
        "array" => "liste [ ]",
        "string" => "texte",
        "boolean" => "true ou false",
        "integer" => "nombre entier",
        "number" => "nombre",
        other => other,
    }
}

fn type_en(kind: &str) -> &str {
    match kind {
        "object" => "object { }",
        "array" => "list [ ]",
        "string" => "text",
        "boolean" => "true or false",
        "integer" => "whole number",
        other => other,
    }
}

/// "Did you mean": the closest name when one is close, else the list.
fn suggest(got: &str, names: &[&str]) -> Text {
    let close = names
        .iter()
        .map(|name| (strsim::damerau_levenshtein(got, name), name))
        .min_by_key(|(distance, name)| (*distance, **name))
        .filter(|(distance, name)| *distance <= 1 + name.chars().count() / 4);
    match close {
        Some((_, name)) => Text::new(format!("écrire « {name} »"), format!("write `{name}`")),
        None => one_of(names),
    }
}

fn one_of(names: &[&str]) -> Text {
    let fr = names.iter().map(|n| format!("« {n} »")).collect::<Vec<_>>().join(", ");
    let en = names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
    Text::new(format!("choisir parmi {fr}"), format!("choose among {en}"))
}
