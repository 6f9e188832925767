//! Words and numbers as a reader of French or English expects them.

use maillage_input::{Lang, Text, grouped, plural};
use maillage_programme::{Euros, Hundredths};

/// Narrow no-break space: groups digits in French and stands before `;`, `!`, `?` and `%`.
const THIN: char = '\u{202f}';
/// No-break space: before `:` and inside « ».
const FIXED: char = '\u{a0}';
/// Minus sign.
const MINUS: char = '\u{2212}';

/// Writes in one language. Both texts of a pair stand side by side wherever it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Words(pub Lang);

impl Words {
    /// One of two texts; the French one gets its no-break spaces.
    pub fn t(self, fr: &str, en: &str) -> String {
        match self.0 {
            Lang::Fr => spaced(fr),
            Lang::En => en.to_owned(),
        }
    }

    /// A text that came with the data, as it stands.
    pub fn title(self, titles: &Text) -> &str {
        match self.0 {
            Lang::Fr => &titles.fr,
            Lang::En => &titles.en,
        }
    }

    /// `fr` or `en`.
    pub fn code(self) -> &'static str {
        match self.0 {
            Lang::Fr => "fr",
            Lang::En => "en",
        }
    }

    /// A counted noun with its number: `1 cabinet`, `2 practices`.
    pub fn count(self, n: u64, fr: (&str, &str), en: (&str, &str)) -> String {
        let (one, many) = match self.0 {
            Lang::Fr => fr,
            Lang::En => en,
        };
        format!("{}{FIXED}{}", self.int(n), plural(self.0, n, one, many))
    }

    /// A whole number, digits in groups of three.
    pub fn int(self, n: impl Into<i128>) -> String {
        grouped(self.0, n)
    }

    /// A figure with exactly one decimal, halves away from zero.
    pub fn tenths(self, tenths: i64) -> String {
        let sign = if tenths < 0 { MINUS.to_string() } else { String::new() };
        let n = tenths.unsigned_abs();
        format!("{sign}{}{}{}", self.int(n / 10), self.mark(), n % 10)
    }

    /// A figure with the decimals it has, at most two.
    pub fn decimal(self, h: Hundredths) -> String {
        h.said(self.0)
    }

    /// A measured number, rounded.
    pub fn number(self, value: f64, digits: usize) -> String {
        let text = format!("{:.digits$}", value.abs());
        let sign = if value < 0.0 && text.bytes().any(|b| b.is_ascii_digit() && b != b'0') {
            MINUS.to_string()
        } else {
            String::new()
        };
        format!("{sign}{}", text.replace('.', &self.mark().to_string()))
    }

    /// A figure as a sentence gives it: whole from a thousand on.
    pub fn figure(self, h: Hundredths) -> String {
        if h.0.abs() < 100_000 { self.decimal(h) } else { self.int((h.0 + 50).div_euclid(100)) }
    }

    /// Money.
    pub fn euros(self, euros: Euros) -> String {
        match self.0 {
            Lang::Fr => format!("{}{FIXED}€", self.int(euros.0)),
            Lang::En if euros.0 < 0 => format!("{MINUS}€{}", self.int(euros.0.unsigned_abs())),
            Lang::En => format!("€{}", self.int(euros.0)),
        }
    }

    /// A share of a whole in per cent, rounded to a whole number but never to 100 or 0 when it is not.
    pub fn share(self, part: u64, whole: u64) -> Option<String> {
        let rounded = (u128::from(part) * 200 + u128::from(whole)).checked_div(2 * u128::from(whole))?;
        let honest = match rounded {
            100 if part < whole => 99,
            0 if part > 0 => 1,
            r => r,
        };
        Some(self.percent(&honest.to_string()))
    }

    /// A relative gap given in hundredths of a per cent, as short as honesty allows: rounded upwards.
    pub fn gap(self, hundredths_of_percent: u128) -> String {
        let h = hundredths_of_percent;
        let text = match h {
            0 => "0".to_owned(),
            1..10 => format!("0{}{h:02}", self.mark()),
            10..1000 => {
                let tenths = h.div_ceil(10);
                format!("{}{}{}", tenths / 10, self.mark(), tenths % 10)
            }
            _ => self.int(i128::try_from(h.div_ceil(100)).unwrap_or(i128::MAX)),
        };
        self.percent(&text)
    }

    /// A number followed by the per cent sign.
    pub fn percent(self, number: &str) -> String {
        match self.0 {
            Lang::Fr => format!("{number}{THIN}%"),
            Lang::En => format!("{number}%"),
        }
    }

    /// The same number with its sign always shown; nothing is written as `=`.
    pub fn signed(self, value: i64, text: String) -> String {
        match value {
            0 => "=".to_owned(),
            v if v > 0 => format!("+{text}"),
            _ => text,
        }
    }

    fn mark(self) -> char {
        match self.0 {
            Lang::Fr => ',',
            Lang::En => '.',
        }
    }
}

/// What names are sorted by: without case or accents, as in a French index.
pub(crate) fn sort_key(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    for c in name.chars().flat_map(char::to_lowercase) {
        match c {
            'à' | 'â' | 'ä' | 'á' => key.push('a'),
            'ç' => key.push('c'),
            'é' | 'è' | 'ê' | 'ë' => key.push('e'),
            'î' | 'ï' | 'í' => key.push('i'),
            'ñ' => key.push('n'),
            'ô' | 'ö' | 'ó' => key.push('o'),
            'ù' | 'û' | 'ü' | 'ú' => key.push('u'),
            'ÿ' => key.push('y'),
            'œ' => key.push_str("oe"),
            'æ' => key.push_str("ae"),
            '\'' | '’' | '-' => key.push(' '),
            c => key.push(c),
        }
    }
    key
}

/// Rounds hundredths to tenths, halves away from zero.
pub(crate) fn to_tenths(h: Hundredths) -> i64 {
    (h.0.abs() + 5) / 10 * h.0.signum()
}

/// French spacing: no-break spaces before high punctuation and inside quotation marks.
fn spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut chars = text.chars().peekable();
    let mut last = ' ';
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        out.push(match (c, next) {
            (' ', Some(':' | '»')) => FIXED,
            (' ', Some(';' | '!' | '?' | '%')) => THIN,
            (' ', _) if last == '«' => FIXED,
            _ => c,
        });
        last = c;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const FR: Words = Words(Lang::Fr);
    const EN: Words = Words(Lang::En);

    #[test]
    fn numbers_in_french_and_english() {
        assert_eq!(FR.int(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(EN.int(1_234_567), "1,234,567");
        assert_eq!((FR.int(999), FR.int(-1000)), ("999".into(), "\u{2212}1\u{202f}000".into()));
        assert_eq!(FR.decimal(Hundredths(123_450)), "1\u{202f}234,5");
        assert_eq!(EN.decimal(Hundredths(123_450)), "1,234.5");
        assert_eq!(EN.decimal(Hundredths(-7)), "\u{2212}0.07");
        assert_eq!(FR.tenths(123), "12,3");
        assert_eq!(FR.euros(Euros(1_500_000)), "1\u{202f}500\u{202f}000\u{a0}€");
        assert_eq!(EN.euros(Euros(-1_500)), "\u{2212}€1,500");
        assert_eq!((to_tenths(Hundredths(1235)), to_tenths(Hundredths(-1235))), (124, -124));
    }

    #[test]
    fn plural_rules() {
        let c = |w: Words, n| w.count(n, ("site", "sites"), ("site", "sites")).replace('\u{a0}', " ");
        assert_eq!((c(FR, 0), c(FR, 1), c(FR, 2)), ("0 site".into(), "1 site".into(), "2 sites".into()));
        assert_eq!((c(EN, 0), c(EN, 1), c(EN, 2)), ("0 sites".into(), "1 site".into(), "2 sites".into()));
    }

    #[test]
    fn gaps_are_rounded_upwards_and_shares_stay_honest() {
        assert_eq!(EN.gap(0), "0%");
        assert_eq!(FR.gap(1), "0,01\u{202f}%");
        assert_eq!(EN.gap(21), "0.3%");
        assert_eq!(EN.gap(1_001), "11%");
        assert_eq!(EN.share(999, 1000), Some("99%".into()));
        assert_eq!(EN.share(1, 1000), Some("1%".into()));
        assert_eq!(EN.share(1000, 1000), Some("100%".into()));
        assert_eq!(EN.share(0, 0), None);
    }

    #[test]
    fn accents_do_not_change_the_order() {
        let mut names = ["Fourneaux", "Écoche", "Œuilly", "Ouches", "Le Coteau", "Ambierle"];
        names.sort_by_key(|n| sort_key(n));
        assert_eq!(names, ["Ambierle", "Écoche", "Fourneaux", "Le Coteau", "Œuilly", "Ouches"]);
    }

    #[test]
    fn french_spaces_do_not_break() {
        assert_eq!(FR.t("a : « b » ; 3 % ?", ""), "a\u{a0}: «\u{a0}b\u{a0}»\u{202f}; 3\u{202f}%\u{202f}?");
    }
}
