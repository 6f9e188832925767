//! Money and figures, exact.

use maillage_input::{Lang, grouped};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::borrow::Cow;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Mul, Sub};

/// Whole euros excluding tax; negative is money that comes in.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct Euros(pub i64);

impl Add for Euros {
    type Output = Euros;
    fn add(self, other: Euros) -> Euros {
        Euros(self.0 + other.0)
    }
}

impl Sub for Euros {
    type Output = Euros;
    fn sub(self, other: Euros) -> Euros {
        Euros(self.0 - other.0)
    }
}

/// A price times a count.
impl Mul<u32> for Euros {
    type Output = Euros;
    fn mul(self, count: u32) -> Euros {
        Euros(self.0 * i64::from(count))
    }
}

impl Sum for Euros {
    fn sum<I: Iterator<Item = Euros>>(iter: I) -> Euros {
        Euros(iter.map(|e| e.0).sum())
    }
}

impl fmt::Display for Euros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A figure with two decimals, kept as an integer; a JSON number in files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Hundredths(pub i64);

impl Hundredths {
    /// A whole number.
    pub fn whole(n: i64) -> Self {
        Hundredths(n * 100)
    }

    /// `numerator / denominator` rounded half up; `None` when the denominator is 0. Both non-negative.
    ///
    /// ```
    /// use maillage_programme::Hundredths;
    /// assert_eq!(Hundredths::ratio(10, 3), Some(Hundredths(333)));
    /// assert_eq!(Hundredths::ratio(1, 0), None);
    /// ```
    pub fn ratio(numerator: u128, denominator: u128) -> Option<Self> {
        let rounded = (numerator * 200 + denominator).checked_div(2 * denominator)?;
        i64::try_from(rounded).ok().map(Hundredths)
    }

    /// For printing and charts only.
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / 100.0
    }

    /// As a reader of the language expects it: digits in groups of three, the decimals that there are.
    ///
    /// ```
    /// use maillage_input::Lang;
    /// use maillage_programme::Hundredths;
    /// assert_eq!(Hundredths(123_450).said(Lang::Fr), "1\u{202f}234,5");
    /// assert_eq!(Hundredths(-7).said(Lang::En), "\u{2212}0.07");
    /// ```
    pub fn said(self, lang: Lang) -> String {
        let (whole, rest) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        let sign = if self.0 < 0 { "\u{2212}" } else { "" };
        let head = format!("{sign}{}", grouped(lang, whole));
        let mark = if lang == Lang::Fr { ',' } else { '.' };
        match rest {
            0 => head,
            r if r % 10 == 0 => format!("{head}{mark}{}", r / 10),
            r => format!("{head}{mark}{r:02}"),
        }
    }
}

impl fmt::Display for Hundredths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, rest) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        match rest {
            0 => write!(f, "{sign}{whole}"),
            r if r % 10 == 0 => write!(f, "{sign}{whole}.{}", r / 10),
            r => write!(f, "{sign}{whole}.{r:02}"),
        }
    }
}

impl JsonSchema for Hundredths {
    fn schema_name() -> Cow<'static, str> {
        "Hundredths".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number", "description": "A figure with at most two decimals." })
    }
}

impl Serialize for Hundredths {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        if self.0 % 100 == 0 { s.serialize_i64(self.0 / 100) } else { s.serialize_f64(self.to_f64()) }
    }
}

impl<'de> Deserialize<'de> for Hundredths {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let x = f64::deserialize(d)?;
        let h = (x * 100.0).round();
        // Beyond 2^53 a double no longer holds every integer; and a third decimal is not a hundredth.
        if !h.is_finite() || h.abs() >= 9e15 || (h / 100.0 - x).abs() > 1e-9 * x.abs().max(1.0) {
            return Err(D::Error::custom("expected a number with at most two decimals"));
        }
        Ok(Hundredths(h as i64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hundredths_survive_json() {
        for (h, text) in [(0, "0"), (1250, "12.5"), (-7, "-0.07"), (123_456_789_012, "1234567890.12")] {
            assert_eq!(serde_json::to_string(&Hundredths(h)).unwrap(), text);
            assert_eq!(serde_json::from_str::<Hundredths>(text).unwrap(), Hundredths(h));
            assert_eq!(Hundredths(h).to_string(), text);
        }
        assert!(serde_json::from_str::<Hundredths>("0.123").is_err());
    }

    #[test]
    fn prices_times_counts() {
        assert_eq!(Euros(33_333) * 3, Euros(99_999));
        assert_eq!([Euros(1), Euros(-3)].into_iter().sum::<Euros>(), Euros(-2));
    }
}
