//! The two languages users read, side by side so that neither can be forgotten.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Language of what a user reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// French, the default: the users are French councils and agencies.
    #[default]
    Fr,
    /// English.
    En,
}

/// One text in French and English.
///
/// ```
/// use maillage_input::{Lang, Text};
/// let t = Text::new("fichier vide", "empty file");
/// assert_eq!(t.get(Lang::En), "empty file");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// French.
    pub fr: String,
    /// English.
    pub en: String,
}

impl Text {
    /// Both languages at once.
    pub fn new(fr: impl Into<String>, en: impl Into<String>) -> Self {
        Text { fr: fr.into(), en: en.into() }
    }

    /// The text in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Fr => &self.fr,
            Lang::En => &self.en,
        }
    }
}

/// Both languages, for where one text must do.
impl std::fmt::Display for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} · {}", self.fr, self.en)
    }
}

/// Chooses the singular or plural form: French counts 0 and 1 as singular, English only 1.
///
/// ```
/// use maillage_input::{plural, Lang};
/// assert_eq!(plural(Lang::Fr, 0, "cabinet", "cabinets"), "cabinet");
/// assert_eq!(plural(Lang::En, 0, "practice", "practices"), "practices");
/// ```
pub fn plural<'a>(lang: Lang, n: u64, one: &'a str, many: &'a str) -> &'a str {
    let singular = match lang {
        Lang::Fr => n <= 1,
        Lang::En => n == 1,
    };
    if singular { one } else { many }
}

/// A whole number with its digits in groups of three: narrow no-break spaces in French, commas in English.
///
/// ```
/// use maillage_input::{Lang, grouped};
/// assert_eq!(grouped(Lang::En, -1234567), "−1,234,567");
/// assert_eq!(grouped(Lang::Fr, 1000), "1\u{202f}000");
/// ```
pub fn grouped(lang: Lang, n: impl Into<i128>) -> String {
    let n = n.into();
    let digits = n.unsigned_abs().to_string();
    let mut out = String::new();
    if n < 0 {
        out.push('\u{2212}');
    }
    for (i, d) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(match lang {
                Lang::Fr => '\u{202f}',
                Lang::En => ',',
            });
        }
        out.push(d);
    }
    out
}

/// A number as French writes it, with a decimal comma.
///
/// ```
/// assert_eq!(maillage_input::comma(47.5), "47,5");
/// ```
pub fn comma(x: f64) -> String {
    x.to_string().replace('.', ",")
}
