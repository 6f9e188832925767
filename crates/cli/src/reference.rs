//! The reference pages of the book, made from what the program itself knows: command line, schemas, codes. A test holds
//! `docs/reference` against them; `./dev docs` writes them anew.

use crate::args::Args;
use clap::{Arg, Command, CommandFactory};
use maillage_check::Rule;
use maillage_input::Code;
use serde_json::Value;
use std::fmt::Write as _;
use std::path::Path;

const MADE: &str = "<!-- Made by `./dev docs` from the program: do not edit. -->\n\n";

/// A text within a cell of a table, without the examples in code that follow it.
fn cell(text: &str) -> String {
    let told = text.split("```").next().unwrap_or_default();
    let line = told.split_whitespace().collect::<Vec<_>>().join(" ");
    line.replace('|', "\\|").replace("[`", "`").replace("`]", "`")
}

// ---- The command line.

const ABOUT_COMMANDS: &str = "# Command line

`maillage --help` and `maillage COMMAND --help` say the same, French first.

| exit code | meaning |
| --- | --- |
| 0 | solved to the asked gap; or what was asked is in order |
| 1 | a fault of the program |
| 2 | usage |
| 3 | invalid input: each problem has a [code](codes.md), a place and a remedy |
| 4 | proven infeasible |
| 5 | a limit was reached, with a plan |
| 6 | a limit was reached, without one |
| 7 | the check found a violation |
";

fn command_line() -> String {
    let mut root = Args::command().disable_help_subcommand(true).disable_help_flag(true);
    root.build();
    let mut page = format!("{MADE}{ABOUT_COMMANDS}");
    one_command(&root, &mut page);
    page
}

fn one_command(command: &Command, page: &mut String) {
    let name = command.get_bin_name().unwrap_or("maillage");
    let about = command.get_long_about().or(command.get_about()).map(ToString::to_string).unwrap_or_default();
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").split_whitespace().collect::<Vec<_>>().join(" ");
    let _ = writeln!(page, "\n## {name}\n\n{}\n\n```text\n{usage}\n```\n", about.replace('\n', "  \n"));
    let root = command.get_name() == "maillage";
    let here = |arg: &&Arg| !arg.is_hide_set() && (root || !arg.is_global_set());
    let rows: Vec<String> = command.get_arguments().filter(here).map(argument).collect();
    if !rows.is_empty() {
        let _ = writeln!(page, "| argument | what |\n| --- | --- |\n{}", rows.join("\n"));
    }
    for below in command.get_subcommands().filter(|c| !c.is_hide_set()) {
        one_command(below, page);
    }
}

fn argument(arg: &Arg) -> String {
    let value = arg.get_value_names().unwrap_or_default();
    let value = value.iter().map(|v| v.as_str()).collect::<Vec<_>>().join(" ");
    let names = [arg.get_short().map(|s| format!("-{s}")), arg.get_long().map(|l| format!("--{l}"))];
    let names: Vec<String> = names.into_iter().flatten().collect();
    let takes = arg.get_action().takes_values();
    let shown = match (names.is_empty(), takes) {
        (true, _) => value,
        (false, true) => format!("{} {value}", names.join(", ")),
        (false, false) => names.join(", "),
    };
    let mut what = cell(&arg.get_help().map(ToString::to_string).unwrap_or_default());
    let words: Vec<String> = match takes {
        true => arg.get_possible_values().iter().map(|v| format!("`{}`", v.get_name())).collect(),
        false => Vec::new(),
    };
    if !words.is_empty() {
        let _ = write!(what, " ({})", words.join(", "));
    }
    let defaults: Vec<String> = match takes {
        true => arg.get_default_values().iter().map(|v| v.to_string_lossy().into_owned()).collect(),
        false => Vec::new(),
    };
    if !defaults.is_empty() {
        let _ = write!(what, " [`{}`]", defaults.join(" "));
    }
    format!("| `{shown}` | {what} |")
}

// ---- Keys of files.

fn keys(kind: &str, title: &str) -> String {
    let schema = maillage_scenario::schema(kind).unwrap_or_default();
    let mut page = format!(
        "{MADE}# {title}\n\nFrom `maillage schema {kind}`, which editors read too. Keys in **bold** must be there. Other keys are refused.\n\n"
    );
    object_or_words(&schema, &mut page);
    for (name, inner) in schema["$defs"].as_object().into_iter().flatten() {
        let _ = writeln!(page, "\n## {name}\n");
        object_or_words(inner, &mut page);
    }
    page
}

fn object_or_words(schema: &Value, page: &mut String) {
    if let Some(text) = schema["description"].as_str() {
        let _ = writeln!(page, "{}\n", cell(text));
    }
    let variants = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
    if let Some(variants) = variants {
        variants.iter().for_each(|v| variant(v, page));
    } else if schema["properties"].is_object() {
        table(schema, page);
    } else {
        let _ = writeln!(page, "{}", type_of(schema));
    }
}

/// A word of a list, or an object told by its first constant.
fn variant(schema: &Value, page: &mut String) {
    let said = schema["description"].as_str().map(|d| format!(": {}", cell(d))).unwrap_or_default();
    if !schema["properties"].is_object() {
        let _ = writeln!(page, "- {}{said}", type_of(schema));
        return;
    }
    let properties = schema["properties"].as_object().into_iter().flatten();
    let tag = properties.filter_map(|(key, p)| Some(format!("`{key}`: `{}`", p["const"].as_str()?))).next();
    let _ = writeln!(page, "\n{}{said}\n", tag.unwrap_or_else(|| "An object".to_owned()));
    table(schema, page);
}

fn table(schema: &Value, page: &mut String) {
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let _ = writeln!(page, "| key | type | what |\n| --- | --- | --- |");
    for (key, inner) in schema["properties"].as_object().into_iter().flatten() {
        let name = if required.contains(&key.as_str()) { format!("**`{key}`**") } else { format!("`{key}`") };
        let mut what = cell(inner["description"].as_str().unwrap_or_default());
        match &inner["default"] {
            Value::Null | Value::Object(_) => {}
            default => {
                let _ = write!(what, " By default `{default}`.");
            }
        }
        let _ = writeln!(page, "| {name} | {} | {what} |", type_of(inner));
    }
}

fn type_of(schema: &Value) -> String {
    if let Some(path) = schema["$ref"].as_str() {
        let name = path.rsplit('/').next().unwrap_or_default();
        return format!("[{name}](#{})", name.to_lowercase());
    }
    if let Some(word) = schema.get("const") {
        return format!("`{}`", word.as_str().map_or_else(|| word.to_string(), str::to_owned));
    }
    if let Some(words) = schema["enum"].as_array() {
        let words = words.iter().filter_map(Value::as_str).map(|w| format!("`{w}`"));
        return words.collect::<Vec<_>>().join(", ");
    }
    if let Some(any) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
        let kinds = any.iter().filter(|v| v["type"] != "null").map(type_of);
        return kinds.collect::<Vec<_>>().join(" or ");
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).filter(|k| *k != "null").collect(),
        _ => return "anything".to_owned(),
    };
    let named = kinds.into_iter().map(|kind| match kind {
        "array" => format!("list of {}", type_of(&schema["items"])),
        "object" if schema["additionalProperties"].is_object() => {
            format!("object of {}", type_of(&schema["additionalProperties"]))
        }
        "integer" => format!("whole number{}", range(schema)),
        "number" => format!("number{}", range(schema)),
        "string" => "text".to_owned(),
        "boolean" => "true or false".to_owned(),
        other => other.to_owned(),
    });
    named.collect::<Vec<_>>().join(" or ")
}

fn range(schema: &Value) -> String {
    match (&schema["minimum"], &schema["maximum"]) {
        (Value::Null, Value::Null) => String::new(),
        (low, Value::Null) => format!(", {low} or more"),
        (Value::Null, high) => format!(", at most {high}"),
        (low, high) => format!(", {low} to {high}"),
    }
}

// ---- Codes.

fn codes() -> String {
    let mut page = format!(
        "{MADE}# Codes\n\nEvery problem of an input has a code, a cause, a place and a remedy; the program says the remedy for the case at hand. \
         Codes keep their meaning.\n\n## Problems of inputs\n\nE: errors; W: warnings.\n\n| code | cause | remedy |\n| --- | --- | --- |\n"
    );
    for (code, english) in Code::ALL {
        let (french, remedy) = code.told();
        let _ = writeln!(
            page,
            "| {} | {} <br> {} | {} <br> {} |",
            code.as_str(),
            cell(english),
            cell(french),
            cell(&remedy.en),
            cell(&remedy.fr)
        );
    }
    page += "\n## What a check finds\n\nViolations named by `maillage check`.\n\n| code | violation |\n| --- | --- |\n";
    for rule in Rule::ALL {
        let meaning = rule.meaning();
        let _ = writeln!(page, "| {} | {} <br> {} |", rule.as_str(), cell(&meaning.en), cell(&meaning.fr));
    }
    page
}

fn pages() -> Vec<(String, String)> {
    let files = [
        ("scenario", "Scenario files"),
        ("suite", "Suite files"),
        ("territory", "Territory files"),
        ("access", "Settings of measures of access"),
        ("profile", "Speed profiles"),
        ("result", "Results of scenarios"),
        ("locate-result", "Results of `maillage locate`"),
    ];
    assert_eq!(files.len(), maillage_scenario::SCHEMAS.len(), "every kind of file has a page");
    let files = files.iter().map(|(kind, title)| (format!("{kind}.md"), keys(kind, title)));
    files.chain([("cli.md".to_owned(), command_line()), ("codes.md".to_owned(), codes())]).collect()
}

#[test]
fn the_reference_is_what_the_program_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference");
    for (name, text) in pages() {
        let path = folder.join(&name);
        if std::env::var_os("MAILLAGE_UPDATE_DOCS").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, &text).unwrap();
        }
        let stands = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(stands == text, "docs/reference/{name} is stale: run ./dev docs");
    }
}
