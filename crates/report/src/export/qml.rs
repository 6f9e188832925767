//! Styles of QGIS, as a GeoPackage carries them.

use super::measure::Measure;
use crate::map::escape;
use crate::words::Words;
use std::fmt::Write as _;

/// What a layer is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Areas,
    Points,
}

/// One symbol of a renderer: its class, and properties of its layer.
struct Symbol {
    kind: &'static str,
    class: &'static str,
    alpha: &'static str,
    properties: Vec<(&'static str, String)>,
}

/// `r,g,b,a` of a `#rrggbb`.
fn rgba(colour: &str) -> String {
    let part = |at: usize| colour.get(at..at + 2).and_then(|h| u8::from_str_radix(h, 16).ok()).unwrap_or(0);
    format!("{},{},{},255", part(1), part(3), part(5))
}

fn symbol(out: &mut String, name: usize, s: &Symbol) {
    // Writing to a string does not fail.
    let _ = write!(
        out,
        "<symbol type=\"{}\" name=\"{name}\" alpha=\"{}\" clip_to_extent=\"1\" force_rhr=\"0\"><layer class=\"{}\" enabled=\"1\" locked=\"0\" pass=\"0\">",
        s.kind, s.alpha, s.class
    );
    for (key, value) in &s.properties {
        let _ = write!(out, "<prop k=\"{key}\" v=\"{value}\"/>");
    }
    out.push_str("</layer></symbol>");
}

/// A column, shown for one scenario where a layer holds several.
fn attribute(column: &str, scenario: Option<&str>) -> String {
    let name = format!("\"{column}\"");
    escape(&match scenario {
        // Names of scenarios hold no quote; doubled all the same.
        Some(one) => format!("CASE WHEN \"scenario\" = '{}' THEN {name} END", one.replace('\'', "''")),
        None => name,
    })
}

fn document(renderer: &str) -> String {
    format!(
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n<qgis version=\"3.22.0\" styleCategories=\"Symbology\">{renderer}</qgis>\n"
    )
}

/// Places coloured by a measure.
pub(super) fn graduated(w: Words, measure: &Measure, form: Form, scenario: Option<&str>) -> String {
    let (mut ranges, mut symbols) = (String::new(), String::new());
    for (i, class) in measure.classes.iter().enumerate() {
        let (low, high) = (class.low as f64 / 100.0, class.high as f64 / 100.0);
        let label = escape(&w.t(&class.label.fr, &class.label.en));
        let _ = write!(
            ranges,
            "<range lower=\"{low:.2}\" upper=\"{high:.2}\" symbol=\"{i}\" label=\"{label}\" render=\"true\"/>"
        );
        symbol(&mut symbols, i, &area(form, class.colour));
    }
    document(&format!(
        "<renderer-v2 type=\"graduatedSymbol\" attr=\"{}\" graduatedMethod=\"GraduatedColor\" symbollevels=\"0\" enableorderby=\"0\" forceraster=\"0\"><ranges>{ranges}</ranges><symbols>{symbols}</symbols></renderer-v2>",
        attribute(measure.column, scenario)
    ))
}

fn area(form: Form, colour: &str) -> Symbol {
    let fill = ("color", rgba(colour));
    match form {
        Form::Areas => Symbol {
            kind: "fill",
            class: "SimpleFill",
            alpha: "1",
            properties: vec![
                fill,
                ("style", "solid".into()),
                ("outline_color", rgba("#ffffff")),
                ("outline_style", "solid".into()),
                ("outline_width", "0.1".into()),
                ("outline_width_unit", "MM".into()),
            ],
        },
        Form::Points => marker("circle", colour, "3"),
    }
}

/// The shape of what closes.
const CROSS: &str = "cross2";

fn marker(shape: &str, colour: &str, size: &str) -> Symbol {
    // A cross is made of outlines alone.
    let (edge, width) = if shape == CROSS { (colour, "0.8") } else { ("#ffffff", "0.3") };
    Symbol {
        kind: "marker",
        class: "SimpleMarker",
        alpha: "1",
        properties: vec![
            ("name", shape.into()),
            ("color", rgba(colour)),
            ("outline_color", rgba(edge)),
            ("outline_style", "solid".into()),
            ("outline_width", width.into()),
            ("outline_width_unit", "MM".into()),
            ("size", size.into()),
            ("size_unit", "MM".into()),
        ],
    }
}

/// One value of a categorised renderer.
struct Category {
    value: &'static str,
    label: String,
    shown: bool,
    symbol: Symbol,
}

fn categorised(column: &str, scenario: Option<&str>, categories: &[Category]) -> String {
    let (mut list, mut symbols) = (String::new(), String::new());
    for (i, c) in categories.iter().enumerate() {
        let _ = write!(
            list,
            "<category value=\"{}\" symbol=\"{i}\" label=\"{}\" type=\"string\" render=\"{}\"/>",
            c.value,
            escape(&c.label),
            c.shown
        );
        symbol(&mut symbols, i, &c.symbol);
    }
    document(&format!(
        "<renderer-v2 type=\"categorizedSymbol\" attr=\"{}\" symbollevels=\"0\" enableorderby=\"0\" forceraster=\"0\"><categories>{list}</categories><symbols>{symbols}</symbols></renderer-v2>",
        attribute(column, scenario)
    ))
}

/// Sites by what the plan does with them: told apart by shape as well as by colour.
pub(super) fn sites(w: Words, scenario: Option<&str>) -> String {
    let one = |value, label, shape, colour, size| Category {
        value,
        label,
        shown: true,
        symbol: marker(shape, colour, size),
    };
    categorised(
        "state",
        scenario,
        &[
            one("kept", w.t("maintenu", "kept"), "circle", "#515866", "1.8"),
            one("extended", w.t("agrandi", "extended"), "square", "#123a6b", "4"),
            one("opened", w.t("ouvert", "opened"), "circle", "#c4370b", "4.4"),
            one("closed", w.t("fermé", "closed"), CROSS, "#000000", "3.4"),
        ],
    )
}

/// Lines from communes to sites: those of the plan are shown, those of today are there to be switched on.
pub(super) fn assignments(w: Words, scenario: Option<&str>) -> String {
    let one = |value, label, shown, colour: &str| Category {
        value,
        label,
        shown,
        symbol: Symbol {
            kind: "line",
            class: "SimpleLine",
            alpha: "0.8",
            properties: vec![
                ("line_color", rgba(colour)),
                ("line_style", "solid".into()),
                ("line_width", "0.3".into()),
                ("line_width_unit", "MM".into()),
                ("capstyle", "round".into()),
            ],
        },
    };
    let all = [
        // Seen on the palest and on the darkest of the communes' colours.
        one("after", w.t("après", "after"), true, "#e08a00"),
        one("before", w.t("avant", "before"), false, "#8a5a00"),
    ];
    categorised("state", scenario, &all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use maillage_input::Lang;

    #[test]
    fn styles_are_xml_that_names_its_column() {
        let w = Words(Lang::Fr);
        let mut all = vec![sites(w, Some("l'un")), assignments(w, None)];
        all.extend(super::super::measure::every().iter().map(|m| graduated(w, m, Form::Areas, None)));
        for qml in &all {
            assert_eq!(qml.matches("<symbol ").count(), qml.matches("</symbol>").count());
        }
        assert!(
            all[0].contains("CASE WHEN &quot;scenario&quot; = &#39;l&#39;&#39;un&#39; THEN"),
            "{}",
            all[0]
        );
        // A cross with a white outline would not be seen.
        let cross = all[0].split("<symbol ").find(|s| s.contains("v=\"cross2\"")).unwrap();
        assert!(cross.contains("k=\"outline_color\" v=\"0,0,0,255\""), "{cross}");
        assert!(all[2].contains("attr=\"&quot;attached_percent_after&quot;\""));
        assert_eq!(rgba("#0b4083"), "11,64,131,255");
    }
}
